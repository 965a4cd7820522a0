//! Palestinian Central Bureau of Statistics: workbooks, found by name on the site's pages because their folders
//! change, and press releases, whose tables are read.

use super::about::optional;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Service, Verdict};
use crate::acquire::AcquireError;
use crate::acquire::error::did_you_mean;
use url::Url;

/// `https://www.pcbs.gov.ps/media/<hash>/<slug>.xlsx` and `/en/post-details/?postId=...`. For what it does not have
/// the site may send its home page, which is no data.
pub struct Pcbs;

impl Service for Pcbs {
    fn about(&self) -> About {
        About {
            id: "pcbs",
            holds: Holds::Statistics,
            publisher: "Palestinian Central Bureau of Statistics",
            base: "https://www.pcbs.gov.ps",
            parameters: const {
                &[
                    optional("slug", "names of workbooks: [\"projected-population-in-the-palestine\"]"),
                    optional("page", "paths where they are looked for after the home page: [\"/en/publications/\"]"),
                    optional(
                        "fallback",
                        "their last known addresses: [\"/media/f4np1lnh/projected-population-in-the-palestine.xlsx\"]",
                    ),
                    optional("release", "postIds of press releases: [\"23457\"]"),
                ]
            },
            pause_seconds: 2.0,
            terms: "CC BY 4.0 unless noted; attribution: Palestinian Central Bureau of Statistics",
            credential: None,
            vintage: "folder of a workbook, postId of a release, hash",
            records: (1, 500_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let plain =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let slugs: Vec<&str> = ask.many("slug").iter().map(String::as_str).collect();
        if let Some(wrong) = slugs.iter().find(|slug| !plain(slug)) {
            let problem = format!("\"{wrong}\" is no name of a workbook: what stands before .xlsx in its address");
            return Err(AskError::new("slug", problem));
        }
        let mut requests = Vec::new();
        if !slugs.is_empty() {
            requests.extend(look(ask, 0, &slugs, None)?);
        }
        for id in ask.many("release") {
            if id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()) {
                return Err(AskError::new("release", format!("\"{id}\" is no postId: a number")));
            }
            let url = ask.url(&["en", "post-details", ""], &[("postId", id.as_str())])?;
            requests.push(Request::get(url, Expects::Page).noting(id));
        }
        if requests.is_empty() {
            return Err(AskError::new("slug", "there is nothing to ask for: name a `slug`, a `release`, or both"));
        }
        Ok(requests)
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        if answer.request.role == Role::Records {
            return Ok(Vec::new());
        }
        let page = answer.text().replace("\\/", "/");
        let sought = Sought::of(&answer.request.note);
        let wrong = |e: AskError| answer.refuse(e.to_string());
        let (mut requests, mut absent) = (Vec::new(), Vec::new());
        for slug in sought.slugs {
            match linked(&page, slug) {
                Some(path) => requests.push(workbook(ask, &path, slug).map_err(wrong)?),
                None => absent.push(slug),
            }
        }
        let failed = if answer.status >= 400 { Some(answer.status) } else { sought.failed };
        let further =
            if absent.is_empty() { None } else { look(ask, sought.page + 1, &absent, failed).map_err(wrong)? };
        if let Some(further) = further {
            requests.push(further);
            return Ok(requests);
        }
        for slug in absent {
            let Some(address) = fallback(ask, slug) else {
                let hint = did_you_mean(slug, names(&page));
                let failed = failed.map(|status| format!(" (a page before it answered with status {status})"));
                let failed = failed.unwrap_or_default();
                let problem = format!(
                    "links no workbook '{slug}.xlsx'{hint}{failed}; name its `page` or a `fallback` in the plan"
                );
                return Err(answer.refuse(problem));
            };
            requests.push(workbook(ask, address, slug).map_err(wrong)?);
        }
        Ok(requests)
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let (verdict, request) = (Verdict::by_status(answer), answer.request);
        match (request.role, request.expects) {
            // Further pages or addresses make up for a page that is not there.
            (Role::Listing, _) if Sought::of(&request.note).is_made_up_for => Verdict::Data,
            (Role::Records, Expects::Page) if verdict == Verdict::Data => release(answer),
            _ => verdict,
        }
    }
}

/// What a page is searched for; the note of its question.
struct Sought<'n> {
    /// 0 is the home page, then those of the plan.
    page: usize,
    /// Whether something is left to try without this page.
    is_made_up_for: bool,
    /// Status of an earlier page that could not be had.
    failed: Option<u16>,
    slugs: Vec<&'n str>,
}

impl<'n> Sought<'n> {
    fn of(note: &'n str) -> Self {
        let mut words = note.split_whitespace();
        let page = words.next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let is_made_up_for = words.next() == Some("or");
        // No status is written as 0.
        let failed = words.next().and_then(|status| status.parse().ok()).filter(|status| *status > 0);
        Self { page, is_made_up_for, failed, slugs: words.collect() }
    }
}

/// The question for a page that may link workbooks; absent behind the last page.
fn look(ask: &Ask<'_>, page: usize, slugs: &[&str], failed: Option<u16>) -> Result<Option<Request>, AskError> {
    let pages = ask.many("page");
    let url = match page.checked_sub(1).map(|at| pages.get(at)) {
        None => ask.url(&[], &[("lang", "en")])?,
        Some(Some(path)) => place(ask, "page", path)?,
        Some(None) => return Ok(None),
    };
    let is_made_up_for = page < pages.len() || slugs.iter().all(|slug| fallback(ask, slug).is_some());
    let else_ = if is_made_up_for { "or" } else { "only" };
    let note = format!("{page} {else_} {} {}", failed.unwrap_or_default(), slugs.join(" "));
    Ok(Some(Request::get(url, Expects::Page).listing().noting(note)))
}

fn workbook(ask: &Ask<'_>, path: &str, slug: &str) -> Result<Request, AskError> {
    Ok(Request::get(place(ask, "fallback", path)?, Expects::Workbook).noting(slug))
}

fn fallback<'a>(ask: &'a Ask<'_>, slug: &str) -> Option<&'a str> {
    let end = format!("/{slug}.xlsx");
    ask.many("fallback").iter().map(String::as_str).find(|address| address.ends_with(&end))
}

/// A path of the site, or a whole address.
fn place(ask: &Ask<'_>, key: &str, path: &str) -> Result<String, AskError> {
    let home = Url::parse(&ask.url(&[], &[])?);
    let wrong = |e: url::ParseError| AskError::new(key, format!("\"{path}\" is no address: {e}"));
    home.and_then(|home| home.join(path)).map(String::from).map_err(wrong)
}

/// `/media/<hash>/<slug>.xlsx` as it stands on a page.
fn linked(page: &str, slug: &str) -> Option<String> {
    let end = format!("/{slug}.xlsx");
    page.match_indices(&end).find_map(|(at, _)| {
        let (before, hash) = page.get(..at)?.rsplit_once('/')?;
        let is_hash = !hash.is_empty() && hash.bytes().all(|b| b.is_ascii_alphanumeric());
        (is_hash && before.ends_with("/media")).then(|| format!("/media/{hash}{end}"))
    })
}

/// Names of the workbooks that a page links.
fn names(page: &str) -> impl Iterator<Item = &str> {
    page.split("/media/").skip(1).filter_map(|rest| {
        let (_, name) = rest.split_once(".xlsx")?.0.split_once('/')?;
        (!name.contains(['/', '"', '<', ' '])).then_some(name)
    })
}

/// A press release has tables, and its number in the address it came from.
fn release(answer: &Answer<'_>) -> Verdict {
    let id = &answer.request.note;
    let is_asked = |url: Url| url.query_pairs().any(|(name, value)| name == "postId" && value == id.as_str());
    let text = answer.text().to_lowercase();
    match () {
        () if !Url::parse(answer.url).is_ok_and(is_asked) => {
            Verdict::Refused(format!("post {id} led to {}, another page of the site", answer.url))
        }
        () if !text.contains("</html>") => Verdict::Busy(format!("post {id} ends before </html>: it was cut short")),
        () if !text.contains("<table") => Verdict::Refused(format!("post {id} has no table to read")),
        () => Verdict::Data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    const HOME: &str = r#"<a href="/media/mjuiee2o/estimated-population-growth-rate-in-palestine.xlsx">x</a>
        <a href="https://www.pcbs.gov.ps/media/f4np1lnh/projected-population-in-the-palestine.xlsx">y</a>"#;

    #[test]
    fn a_workbook_is_found_by_its_whole_name() {
        let found = linked(HOME, "projected-population-in-the-palestine");
        assert_eq!(found.as_deref(), Some("/media/f4np1lnh/projected-population-in-the-palestine.xlsx"));
        assert_eq!(linked(HOME, "population-growth-rate-in-palestine"), None);
        assert_eq!(linked("/files/abc/x.xlsx", "x"), None);
        assert_eq!(names(HOME).count(), 2);
    }

    #[test]
    fn a_release_without_its_end_was_cut_and_is_asked_for_again() {
        let request = Request::get("https://www.pcbs.gov.ps/en/post-details/?postId=7", Expects::Page).noting("7");
        let verdict = |page: &str| {
            let headers = BTreeMap::new();
            let body = page.as_bytes();
            Pcbs.verdict(&Answer { request: &request, url: &request.url, status: 200, headers: &headers, body })
        };
        let whole = "<html><body><table><tr><td>Jenin<td>12.1</table></body></html>";
        assert_eq!(verdict(whole), Verdict::Data);
        assert!(matches!(verdict(&whole[..40]), Verdict::Busy(said) if said.contains("</html>")));
    }

    fn next(plan: &[(&str, &str)], note: &str) -> Result<Vec<String>, String> {
        let given: BTreeMap<String, Given> =
            plan.iter().map(|(key, value)| ((*key).to_owned(), Given::Text((*value).to_owned()))).collect();
        let ask = Ask::new(&Pcbs.about(), &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let request = Request::get("https://www.pcbs.gov.ps/?lang=en", Expects::Page).listing().noting(note);
        let headers = BTreeMap::new();
        let body = HOME.as_bytes();
        let answer = Answer { request: &request, url: &request.url, status: 200, headers: &headers, body };
        let next = Pcbs.next(&ask, &answer).map_err(|e| e.to_string())?;
        Ok(next.into_iter().map(|request| request.url).collect())
    }

    #[test]
    fn what_no_page_links_has_a_last_known_address_or_a_refusal() {
        let slug = ("slug", "labour-force");
        let page = next(&[slug, ("page", "/en/publications/")], "0 or 0 labour-force").unwrap();
        assert_eq!(page, ["https://www.pcbs.gov.ps/en/publications/"]);
        let last = next(&[slug, ("fallback", "/media/abcd1234/labour-force.xlsx")], "0 or 0 labour-force").unwrap();
        assert_eq!(last, ["https://www.pcbs.gov.ps/media/abcd1234/labour-force.xlsx"]);
        let error = next(&[("slug", "projected-population")], "0 only 0 projected-population").unwrap_err();
        assert!(error.contains("did you mean 'projected-population-in-the-palestine'"), "{error}");
    }
}
