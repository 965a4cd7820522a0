//! Postings of the Palestinian board jobs.ps, by its feeds.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Role, Service, Verdict, sitemap};
use crate::acquire::error::excerpt;
use crate::acquire::multilingual::many;
use crate::acquire::{AcquireError, xml_value};
use crate::types::RawPosting;
use serde_json::Value;
use url::Url;

/// `https://www.jobs.ps/rss/jobs/{feed}`: the newest postings of a place or a field, with the beginning of their text;
/// the whole text is on the page of each.
pub struct JobsPs;

impl Service for JobsPs {
    fn about(&self) -> About {
        About {
            id: "jobs_ps",
            holds: Holds::Postings,
            publisher: "jobs.ps",
            base: "https://www.jobs.ps",
            parameters: const {
                &[
                    required("feed", "feeds of places or fields, one or several: [\"gaza-jobs\", \"it-jobs\"]"),
                    optional(
                        "details",
                        "true reads the page of each posting; by default the feed's beginnings of texts",
                    ),
                ]
            },
            pause_seconds: 5.0,
            terms: "none published for programs: read the site's terms first; store facts and the link",
            credential: None,
            vintage: "the newest 15 or so of each feed, so ask at least hourly; hash",
            records: (0, 5_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let details = match ask.one("details") {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => return Err(AskError::new("details", format!("\"{other}\" is neither true nor false"))),
        };
        let request = |feed: &String| {
            if !is_slug(feed) {
                let problem = format!("\"{feed}\" is no name of a feed: letters, digits and -, then -jobs");
                return Err(AskError::new("feed", problem));
            }
            let request = Request::get(ask.url(&["rss", "jobs", feed], &[])?, Expects::Xml).noting(feed);
            Ok(if details { request.listing() } else { request })
        };
        ask.many("feed").iter().map(request).collect()
    }

    /// The pages of a feed's postings.
    fn next(&self, _ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        if answer.request.role != Role::Listing {
            return Ok(Vec::new());
        }
        let home = Url::parse(answer.url).map_err(|e| answer.refuse(format!("has no address: {e}")))?;
        let (_, feed) = xml_value::parse(answer.url, &answer.text())?;
        let items = feed.pointer("/channel/item").map_or(&[][..], many);
        let pages = items.iter().filter_map(|item| posting_page(&home, item.get("link")?.as_str()?));
        Ok(pages.map(|page| Request::get(page, Expects::Page).optional()).collect())
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        match Verdict::by_status(answer) {
            Verdict::Data if is_feed(answer.request) => feed(answer),
            other => other,
        }
    }

    fn reading(&self, request: &Request) -> Reading {
        if !is_feed(request) {
            return Reading::ByContent;
        }
        let columns = [("title", "title"), ("body", "description"), ("url", "link"), ("posted_on", "pubDate")];
        Reading::items("channel.item", &columns).with_any("id", &["id", "link", "guid"]).with_const("board", BOARD)
    }

    /// Adds the number at the end of the link, which stays when the title changes; a guid may stand for the link.
    fn reshape(&self, _request: &Request, mut record: Value) -> Value {
        let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::trim);
        let guid = text("guid").filter(|guid| guid.starts_with("http"));
        let link = text("link").or(guid).map(str::to_owned);
        let id = link.as_deref().and_then(number).map(str::to_owned);
        if let Value::Object(map) = &mut record {
            map.extend(link.map(|link| ("link".to_owned(), Value::String(link))));
            map.extend(id.map(|id| ("id".to_owned(), Value::String(id))));
        }
        record
    }

    /// Tenders stand in the same feeds.
    fn leaves_out(&self, record: &Value) -> Option<String> {
        let link = record.get("link").and_then(Value::as_str)?;
        is_tender(link).then(|| format!("a tender is no posting: {}", excerpt(link)))
    }

    /// About fifteen.
    fn shows_newest_only(&self) -> bool {
        true
    }

    /// A page is known by the number of its address, as an item of a feed is.
    fn located(&self, url: &str, posting: &mut RawPosting) {
        BOARD.clone_into(&mut posting.board);
        if let Some(id) = number(url) {
            id.clone_into(&mut posting.source_key);
        }
    }
}

/// The board of every posting, by whichever way it was read.
const BOARD: &str = "jobs.ps";

/// A feed with postings, one without, or none at all.
fn feed(answer: &Answer<'_>) -> Verdict {
    match xml_value::parse(answer.url, &answer.text()) {
        Ok((root, _)) if root != "rss" => {
            Verdict::Refused(format!("is no RSS feed: its root is <{}>, and <rss> was expected", excerpt(&root)))
        }
        Ok((_, feed)) if feed.pointer("/channel/item").is_none() => {
            Verdict::Nothing(format!("the feed {} has no posting", answer.request.note))
        }
        // What is damaged is told by the checks of every answer.
        _ => Verdict::Data,
    }
}

fn is_tender(link: &str) -> bool {
    link.split(['/', '?']).any(|segment| segment.eq_ignore_ascii_case("tenders"))
}

fn is_feed(request: &Request) -> bool {
    request.expects == Expects::Xml
}

fn is_slug(feed: &str) -> bool {
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    feed.strip_suffix("-jobs").is_some_and(plain)
}

/// The number at the end of a posting's address.
fn number(link: &str) -> Option<&str> {
    let (_, number) = link.trim_end_matches('/').rsplit_once('-')?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

/// The address of a posting's page; tenders and other sites are none.
fn posting_page(home: &Url, link: &str) -> Option<String> {
    let page = home.join(link.trim()).ok()?;
    let has = |name: &str| page.path().split('/').any(|segment| segment.eq_ignore_ascii_case(name));
    let is_posting = sitemap::is_same_host(home, &page) && has("jobs") && !is_tender(page.path());
    (is_posting && number(page.path()).is_some()).then(|| page.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_is_asked_for_only_where_it_is_of_a_posting_of_the_board() {
        let home = Url::parse("https://www.jobs.ps/rss/jobs/gaza-jobs").unwrap();
        let page = |link: &str| posting_page(&home, link);
        let good = "https://www.jobs.ps/en/jobs/social-worker-67158";
        assert_eq!(page(&format!(" {good}\n")).as_deref(), Some(good));
        assert_eq!(page("/ar/jobs/x-1").as_deref(), Some("https://www.jobs.ps/ar/jobs/x-1"));
        let bad = ["/en/tenders/supply-9", "/en/jobs/latest", "https://elsewhere.example/en/jobs/a-1", "/en/news/a-2"];
        assert_eq!(bad.map(page), [None, None, None, None]);
    }

    #[test]
    fn names_of_feeds_follow_the_rule_and_stray_ones_do_not() {
        let fits = ["gaza-jobs", "IT-jobs", "north-gaza-jobs", "gaza strip-jobs", "gaza", "-jobs", "../x-jobs"];
        assert_eq!(fits.map(is_slug), [true, true, true, false, false, false, false]);
    }

    #[test]
    fn the_number_of_a_link_is_the_id_of_its_posting() {
        let request = Request::get("https://www.jobs.ps/rss/jobs/gaza-jobs", Expects::Xml);
        let shaped = |item| JobsPs.reshape(&request, item);
        assert_eq!(shaped(json!({"link": "https://www.jobs.ps/en/jobs/social-worker-67158"}))["id"], "67158");
        assert_eq!(shaped(json!({"link": "x"})), json!({"link": "x"}));
        let guid = shaped(json!({"guid": "https://www.jobs.ps/en/jobs/social-worker-67158"}));
        assert_eq!((&guid["id"], &guid["link"]), (&json!("67158"), &guid["guid"]));
        assert_eq!(shaped(json!({"guid": "67103"})), json!({"guid": "67103"}));
    }

    #[test]
    fn a_tender_is_no_posting_and_a_feed_of_another_kind_no_feed() {
        let left = |link: &str| JobsPs.leaves_out(&json!({"link": link}));
        assert!(left("https://www.jobs.ps/en/tenders/supply-of-generators-5120").unwrap().contains("tender"));
        assert_eq!(left("https://www.jobs.ps/en/jobs/tenders-officer-67158"), None);
        let request = Request::get("https://www.jobs.ps/rss/jobs/gaza-jobs", Expects::Xml).noting("gaza-jobs");
        let headers = std::collections::BTreeMap::new();
        let said = |body: &str| {
            let (url, body) = (request.url.as_str(), body.as_bytes());
            JobsPs.verdict(&Answer { request: &request, url, status: 200, headers: &headers, body })
        };
        let atom = said("<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>");
        assert_eq!(atom, Verdict::Refused("is no RSS feed: its root is <feed>, and <rss> was expected".to_owned()));
        assert_eq!(said("<rss><channel/></rss>"), Verdict::Nothing("the feed gaza-jobs has no posting".to_owned()));
        assert_eq!(said("<rss><channel><item><title>a</title></item></channel></rss>"), Verdict::Data);
    }

    #[test]
    fn a_posting_has_one_board_and_one_key_whether_it_is_read_by_feed_or_by_page() {
        let mut posting = RawPosting {
            board: "source".to_owned(),
            source_key: "www.jobs.ps/en/jobs/social-worker-67158#1".to_owned(),
            ..blank()
        };
        JobsPs.located("https://www.jobs.ps/en/jobs/social-worker-67158", &mut posting);
        assert_eq!((posting.board.as_str(), posting.source_key.as_str()), ("jobs.ps", "67158"));
    }

    fn blank() -> RawPosting {
        let (source, snapshot) = (crate::types::SourceId::new("s").unwrap(), crate::types::SnapshotId(String::new()));
        RawPosting {
            origin: crate::types::Origin { source, snapshot, record: 1 },
            board: String::new(),
            source_key: String::new(),
            url: None,
            title: String::new(),
            body: String::new(),
            employer: None,
            place: None,
            occupation: None,
            sector: None,
            posted_on: None,
            closes_on: None,
            salary: None,
            language: None,
        }
    }
}
