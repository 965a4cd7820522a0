//! Where the pages of a site are, by its sitemaps (sitemaps.org 0.9), for services that read pages.

use super::about::{Parameter, optional};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Verdict};
use crate::acquire::multilingual::many;
use crate::acquire::{AcquireError, xml_value};
use crate::types::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Reverse;
use url::Url;

/// Most sitemaps of a site; above, the plan names those it wants.
const MOST_SITEMAPS: usize = 200;
/// Pages nobody wants who reads what a site publishes.
const CLOSED: [&str; 2] = ["login", "apply"];

/// What a plan says to a service that reads a site.
const PARAMETERS: &[Parameter] = &[
    optional(
        "sitemap",
        "sitemaps, as addresses or paths below base_url, by default those that robots.txt names, else \"sitemap.xml\"",
    ),
    optional("under", "how the paths of wanted pages begin, one or several: [\"/en/jobs/\", \"/ar/jobs/\"]"),
    optional("most", "most pages to read, the newest of each sitemap first, by default 500"),
    optional("since", "leaves out pages that were changed before this day: \"2026-01-01\""),
];

/// The card of a service that reads any site.
pub(super) fn about(id: &'static str, holds: Holds) -> About {
    About {
        id,
        holds,
        publisher: "the site that `base_url` names",
        base: "",
        parameters: PARAMETERS,
        pause_seconds: 1.0,
        terms: "those of the site: read them before it is asked",
        credential: None,
        vintage: "lastmod of the sitemap, hash of each page",
        records: (0, 100_000),
    }
}

/// The question for the first sitemap, or for the robots.txt that names it.
///
/// # Errors
/// When the plan's parameters make no question.
pub(super) fn first(ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
    Wanted::of(ask)?;
    if ask.many("sitemap").is_empty() {
        return Ok(vec![Request::get(absolute(ask, "base_url", "/robots.txt")?, Expects::Any).listing()]);
    }
    let mut trail = Trail::default();
    for given in ask.many("sitemap") {
        trail.add(absolute(ask, "sitemap", given)?);
    }
    Ok(trail.request().into_iter().collect())
}

/// What an answer means: a robots.txt that is not there names nothing (RFC 9309).
pub(super) fn verdict(answer: &Answer<'_>) -> Verdict {
    match answer.status {
        400..=499 if is_robots(answer.request) => Verdict::Data,
        _ => Verdict::by_status(answer),
    }
}

fn is_robots(request: &Request) -> bool {
    request.role == Role::Listing && request.expects == Expects::Any
}

/// The sitemaps that a robots.txt names on its own host, else the usual one.
fn named(ask: &Ask<'_>, answer: &Answer<'_>, home: &Url) -> Result<Trail, AskError> {
    let text = if (200..300).contains(&answer.status) { answer.text() } else { String::new() };
    let mut trail = Trail::default();
    for (key, value) in text.split(['\n', '\r']).filter_map(|line| line.split_once(':')) {
        let address = value.split('#').next().unwrap_or_default().trim();
        let sitemap = home.join(address).ok().filter(|url| is_same_host(home, url));
        if let Some(sitemap) = sitemap.filter(|_| key.trim().eq_ignore_ascii_case("sitemap")) {
            trail.add(sitemap.into());
        }
    }
    if trail.sitemaps.is_empty() {
        trail.add(ask.url(&["sitemap.xml"], &[])?);
    }
    Ok(trail)
}

/// The pages a sitemap lists, and the next sitemap.
///
/// # Errors
/// When the answer is no sitemap.
pub(super) fn next(ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
    if answer.request.role != Role::Listing {
        return Ok(Vec::new());
    }
    let refuse = |e: &dyn std::fmt::Display| answer.refuse(e.to_string());
    let wanted = Wanted::of(ask).map_err(|e| refuse(&e))?;
    let home = Url::parse(answer.url).map_err(|e| refuse(&e))?;
    if is_robots(answer.request) {
        let trail = named(ask, answer, &home).map_err(|e| refuse(&e))?;
        return Ok(trail.request().into_iter().collect());
    }
    let mut trail: Trail = serde_json::from_str(&answer.request.note).map_err(|e| refuse(&e))?;
    let (root, document) = xml_value::parse(answer.url, &answer.text())?;
    let mut requests = Vec::new();
    match root.as_str() {
        "sitemapindex" => {
            let listed = entries(&document, "sitemap", &home).filter(|entry| wanted.is_recent(entry));
            listed.for_each(|entry| trail.add(entry.url.into()));
        }
        "urlset" => {
            trail.listed += document.get("url").map_or(0, |all| many(all).len());
            trail.own += entries(&document, "url", &home).count();
            let room = wanted.most.saturating_sub(trail.pages);
            let pages = wanted.pages(&document, &home).into_iter().take(room);
            requests.extend(pages.map(|page| Request::get(page, Expects::Page).optional()));
        }
        other => return Err(answer.refuse(format!("is no sitemap: its root is <{other}>"))),
    }
    if trail.sitemaps.len() > MOST_SITEMAPS {
        let problem = format!("leads to more than {MOST_SITEMAPS} sitemaps; name those to read in `ask.sitemap`");
        return Err(answer.refuse(problem));
    }
    trail.read += 1;
    trail.pages += requests.len();
    if trail.pages < wanted.most {
        requests.extend(trail.request());
    }
    if requests.is_empty() && trail.listed > 0 && trail.own == 0 {
        let host = home.host_str().unwrap_or_default();
        let problem = format!("lists {} pages, none of them of its own host {host}: correct `base_url`", trail.listed);
        return Err(answer.refuse(problem));
    }
    Ok(requests)
}

/// An address as given, or as a path below `base_url`.
///
/// # Errors
/// When it is none of the web.
pub(super) fn absolute(ask: &Ask<'_>, key: &str, given: &str) -> Result<String, AskError> {
    let wrong = || AskError::new(key, format!("\"{given}\" is no address of the web"));
    let url = match Url::parse(given) {
        Ok(url) => url,
        Err(_) => {
            let home = ask.url(&[], &[])?;
            let home = if home.ends_with('/') { home } else { format!("{home}/") };
            Url::parse(&home).and_then(|home| home.join(given)).map_err(|_| wrong())?
        }
    };
    if matches!(url.scheme(), "http" | "https") { Ok(url.into()) } else { Err(wrong()) }
}

/// Whether an address is of the same server.
pub(super) fn is_same_host(home: &Url, other: &Url) -> bool {
    let is_web = matches!(other.scheme(), "http" | "https");
    is_web && other.host_str() == home.host_str() && other.port() == home.port()
}

/// The sitemaps met and how far they are read. It travels from one question to the next, so that `most` holds over all.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Trail {
    sitemaps: Vec<String>,
    read: usize,
    pages: usize,
    /// Pages met in all, and those of the host.
    listed: usize,
    own: usize,
}

impl Trail {
    /// Adds a sitemap, once: one that lists itself ends there.
    fn add(&mut self, address: String) {
        if self.sitemaps.len() <= MOST_SITEMAPS && !self.sitemaps.contains(&address) {
            self.sitemaps.push(address);
        }
    }

    fn request(&self) -> Option<Request> {
        let address = self.sitemaps.get(self.read)?;
        let note = serde_json::to_string(self).unwrap_or_default();
        Some(Request::get(address, Expects::Xml).listing().noting(note))
    }
}

/// A page or a sitemap, as a sitemap lists it.
struct Entry<'v> {
    url: Url,
    changed: Option<&'v str>,
}

/// The entries of a sitemap that are on its own host; it can speak for no other.
fn entries<'v>(document: &'v Value, name: &str, home: &Url) -> impl Iterator<Item = Entry<'v>> {
    let listed = document.get(name).map_or(&[][..], many).iter();
    listed.filter_map(move |entry| {
        let mut url = home.join(entry.get("loc")?.as_str()?.trim()).ok()?;
        url.set_fragment(None);
        let changed = entry.get("lastmod").and_then(Value::as_str).map(str::trim).filter(|text| day(text).is_some());
        is_same_host(home, &url).then_some(Entry { url, changed })
    })
}

/// The year, month or day of a date as the protocol has it; nothing where it is written in another way (`10/09/2026`).
fn day(text: &str) -> Option<&str> {
    let date = text.split(['T', 't', ' ']).next()?;
    let fits = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    (matches!(date.len(), 4 | 7 | 10) && date.bytes().enumerate().all(fits)).then_some(date)
}

/// Which pages a plan wants.
struct Wanted<'a> {
    under: &'a [String],
    since: Option<String>,
    most: usize,
}

impl<'a> Wanted<'a> {
    fn of(ask: &'a Ask<'_>) -> Result<Self, AskError> {
        let day = |text: &str| {
            let wrong = |_| AskError::new("since", format!("\"{text}\" is no day such as 2026-01-01"));
            text.parse::<Date>().map(|day| day.to_string()).map_err(wrong)
        };
        let most = ask.number("most")?.unwrap_or(500);
        let since = ask.one("since").map(day).transpose()?;
        Ok(Self { under: ask.many("under"), since, most: usize::try_from(most).unwrap_or(usize::MAX) })
    }

    /// The addresses of wanted pages, the newest first.
    fn pages(&self, document: &Value, home: &Url) -> Vec<String> {
        let path = |prefix: &String| home.join(&format!("/{}", prefix.trim_start_matches('/'))).ok();
        let under: Vec<Url> = self.under.iter().filter_map(path).collect();
        let is_under = |url: &Url| under.is_empty() || under.iter().any(|u| url.path().starts_with(u.path()));
        let all = entries(document, "url", home);
        let mut wanted: Vec<_> = all.filter(|e| is_under(&e.url) && !is_closed(&e.url) && self.is_recent(e)).collect();
        wanted.sort_by_key(|entry| Reverse(entry.changed));
        wanted.into_iter().map(|entry| entry.url.into()).collect()
    }

    /// Whether an entry was changed since; one that does not say when, or cannot be understood, may have been.
    fn is_recent(&self, entry: &Entry<'_>) -> bool {
        let (Some(since), Some(changed)) = (self.since.as_deref(), entry.changed.and_then(day)) else { return true };
        // Dates of the protocol may be a year or a month alone.
        let length = since.len().min(changed.len());
        changed.get(..length) >= since.get(..length)
    }
}

fn is_closed(url: &Url) -> bool {
    let closed = |segment: &str| CLOSED.iter().any(|name| segment.eq_ignore_ascii_case(name));
    url.path().split('/').any(|segment| closed(segment.split('.').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::{About, Given, Holds};
    use std::collections::BTreeMap;

    const ABOUT: About = About {
        id: "site",
        holds: Holds::Postings,
        publisher: "",
        base: "",
        parameters: PARAMETERS,
        pause_seconds: 0.0,
        terms: "",
        credential: None,
        vintage: "",
        records: (0, 1),
    };

    /// The addresses a sitemap leads to; answers are by the order of the questions, and there is no robots.txt.
    fn walk(given: &[(&str, &str)], bodies: &[&[u8]]) -> Result<Vec<String>, AcquireError> {
        walk_from(given, (404, ""), bodies)
    }

    /// The same with a robots.txt.
    fn walk_from(
        given: &[(&str, &str)],
        (status, robots): (u16, &str),
        bodies: &[&[u8]],
    ) -> Result<Vec<String>, AcquireError> {
        let given = given.iter().map(|(key, value)| ((*key).to_owned(), Given::Text((*value).to_owned())));
        let given: BTreeMap<_, _> =
            given.chain([("base_url".to_owned(), Given::Text("https://a.example/x".to_owned()))]).collect();
        let ask = Ask::new(&ABOUT, &given, Date::new(2026, 9, 1).unwrap()).unwrap();
        let (headers, mut found, mut bodies) = (BTreeMap::new(), Vec::new(), bodies.iter());
        let mut open = first(&ask).unwrap();
        while !open.is_empty() {
            let request = open.remove(0);
            if is_robots(&request) {
                assert_eq!(request.url, "https://a.example/robots.txt");
                let (url, headers) = (request.url.as_str(), &headers);
                let answer = Answer { request: &request, url, status, headers, body: robots.as_bytes() };
                assert_eq!(verdict(&answer), Verdict::Data);
                open.extend(next(&ask, &answer)?);
                continue;
            }
            found.push(request.url.replace("https://a.example", ""));
            if request.role == Role::Listing {
                let (url, body) = (request.url.as_str(), *bodies.next().unwrap());
                let answer = Answer { request: &request, url, status: 200, headers: &headers, body };
                open.extend(next(&ask, &answer)?);
            }
        }
        Ok(found)
    }

    fn pages(list: &[(&str, &str)]) -> Vec<u8> {
        let entry = |(path, day): &(&str, &str)| match *day {
            "" => format!("<url><loc>{path}</loc></url>"),
            day => format!("<url><loc>https://a.example{path}</loc><lastmod>{day}</lastmod></url>"),
        };
        format!("<urlset>{}</urlset>", list.iter().map(entry).collect::<String>()).into_bytes()
    }

    #[test]
    fn only_open_pages_of_the_host_under_the_prefix_and_since_the_day_are_asked() {
        let list = pages(&[
            ("/jobs/old", "2026-07-31"),
            ("/jobs/month", "2026-08"),
            ("/jobs/new", "2026-08-02T10:00:00+02:00"),
            ("/jobs/new/apply", "2026-08-02"),
            ("/login.php", "2026-08-02"),
            ("/about", "2026-08-02"),
            ("https://b.example/jobs/other", ""),
            ("https://a.example/jobs/undated#top", ""),
        ]);
        let found = walk(&[("under", "jobs/"), ("since", "2026-08-01")], &[list.as_slice()]).unwrap();
        assert_eq!(found, ["/x/sitemap.xml", "/jobs/new", "/jobs/month", "/jobs/undated"]);
    }

    #[test]
    fn the_number_of_pages_holds_over_all_sitemaps_and_one_that_lists_itself_ends() {
        let index = b"<sitemapindex><sitemap><loc>https://a.example/x/sitemap.xml</loc></sitemap>\
            <sitemap><loc>/1.xml.gz</loc></sitemap><sitemap><loc>/2.xml</loc></sitemap>\
            <sitemap><loc>/3.xml</loc></sitemap></sitemapindex>";
        let one = pages(&[("/a", "2026"), ("/b", "2026")]);
        let two = pages(&[("/c", "2026-01-01"), ("/d", "2026-01-02")]);
        let found = walk(&[("most", "3")], &[index.as_slice(), one.as_slice(), two.as_slice()]).unwrap();
        assert_eq!(found, ["/x/sitemap.xml", "/1.xml.gz", "/a", "/b", "/2.xml", "/d"]);
    }

    #[test]
    fn sitemaps_that_robots_txt_names_on_its_host_go_before_the_usual_one() {
        // design/sources.md, section 0.2, rule 12.
        let robots =
            "User-agent: *\rDisallow: /x\r\nsitemap : /maps/jobs.xml # ours\nSitemap: https://b.example/s.xml\n";
        let list = pages(&[("/jobs/1", "")]);
        let found = walk_from(&[], (200, robots), &[list.as_slice()]).unwrap();
        assert_eq!(found, ["/maps/jobs.xml", "/jobs/1"]);
        let found = walk_from(&[], (200, "Sitemap: https://b.example/s.xml"), &[list.as_slice()]).unwrap();
        assert_eq!(found, ["/x/sitemap.xml", "/jobs/1"]);
    }

    #[test]
    fn a_day_that_cannot_be_read_leaves_no_page_out_and_a_list_of_another_host_is_refused() {
        let list = pages(&[("/a", "10/09/2026"), ("/b", "2026-07-31"), ("/c", "2026-08-01"), ("/d", "September")]);
        let found = walk(&[("since", "2026-08-01")], &[list.as_slice()]).unwrap();
        assert_eq!(found, ["/x/sitemap.xml", "/c", "/a", "/d"]);
        let elsewhere = pages(&[("https://www.a.example/1", ""), ("https://www.a.example/2", "")]);
        let problem = walk(&[], &[elsewhere.as_slice()]).unwrap_err().to_string();
        assert!(problem.contains("lists 2 pages, none of them of its own host a.example"), "{problem}");
    }

    #[test]
    fn what_is_no_sitemap_or_leads_to_too_many_is_refused() {
        assert!(walk(&[], &[b"<rss/>".as_slice()]).unwrap_err().to_string().contains("<rss>"));
        let many = (0..300).map(|n| format!("<sitemap><loc>/{n}.xml</loc></sitemap>")).collect::<String>();
        let many = format!("<sitemapindex>{many}</sitemapindex>");
        assert!(walk(&[], &[many.as_bytes()]).unwrap_err().to_string().contains("ask.sitemap"));
    }
}
