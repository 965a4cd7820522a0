//! Boards of employers at Lever.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, boards};
use crate::acquire::AcquireError;
use crate::acquire::multilingual::many;
use jiff::Timestamp;
use serde_json::Value;

/// `https://api.lever.co/v0/postings/{board}?mode=json&skip=0&limit=100`; requirements stand in `lists`, beside the
/// description.
pub struct Lever;

const GLOBAL: &str = "https://api.lever.co";
const EUROPEAN: &str = "https://api.eu.lever.co";
/// Postings per page, unless the plan says fewer.
const PAGE: u64 = 100;
const SALARY: [&str; 4] = ["salaryRange.currency", "salaryRange.min", "salaryRange.max", "salaryRange.interval"];

impl Service for Lever {
    fn about(&self) -> About {
        About {
            id: "lever",
            holds: Holds::Postings,
            publisher: "employers, by Lever",
            base: GLOBAL,
            parameters: const {
                &[
                    required("board", "the name of a site in its address, one or several: [\"acme\"]"),
                    optional("region", "\"eu\" for sites on the European host"),
                    optional("limit", "postings per page, at most 100: 50"),
                ]
            },
            pause_seconds: 1.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "createdAt of each posting, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        boards::each_board(ask, |board| page(ask, board, 0, &[]))
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let whole = answer.json()?;
        let Value::Array(postings) = &whole else {
            let words = boards::error_words(&whole).map(|words| format!(": {words}")).unwrap_or_default();
            return Err(answer.refuse(format!("is no list of postings{words}")));
        };
        let Some(first) = postings.first() else { return Ok(Vec::new()) };
        // Without one a page that comes again could not be told from a new one.
        let Some(first) = boards::scalar(first.get("id")) else {
            return Err(answer.refuse("lists postings without `id`"));
        };
        let (board, skip) = (boards::board_of(answer.request), skipped(answer.request));
        let mut seen: Vec<&str> = answer.request.note.lines().skip(2).collect();
        if seen.contains(&first.as_str()) {
            return Ok(Vec::new());
        }
        seen.push(&first);
        // No total is told, and a page may be shorter than asked for: only an empty one is the end.
        let next = page(ask, board, skip + postings.len(), &seen).map_err(|e| answer.refuse(e.to_string()))?;
        Ok(vec![next])
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        let is_empty = || answer.json().is_ok_and(|whole| whole.as_array().is_some_and(Vec::is_empty));
        // An empty page after others is the end of the board.
        let is_first = skipped(answer.request) == 0;
        if verdict == Verdict::Data && is_first && is_empty() { boards::none_open(answer.request) } else { verdict }
    }

    fn reading(&self, _request: &Request) -> Reading {
        let columns = [
            ("id", "id"),
            ("title", "text"),
            ("body", "body"),
            ("url", "hostedUrl"),
            ("place", "place"),
            ("posted_on", "createdAt"),
            ("employer", "employer"),
        ];
        Reading::items("", &columns).with_join("salary", &SALARY).with_const("board", "lever")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        let lists = record.get("lists").map_or(&[][..], many).iter();
        let lists = lists.map(|list| format!("<h3>{}</h3><ul>{}</ul>", text(list, "text"), text(list, "content")));
        let lists: String = lists.collect();
        let pieces = |names: &[&str]| names.iter().map(|name| text(&record, name)).collect::<String>();
        let description = html_or_plain(
            &[pieces(&["description"]), pieces(&["opening", "descriptionBody"])],
            &[pieces(&["descriptionPlain"]), pieces(&["openingPlain", "descriptionBodyPlain"])],
        );
        let addition = html_or_plain(&[pieces(&["additional"])], &[pieces(&["additionalPlain"])]);
        let body = [description, lists, addition].concat();
        let (place, created) = (place(&record), created(&record));
        boards::put(&mut record, [("body", Some(body)), ("place", place), ("createdAt", created)]);
        boards::plain(&mut record, &["text"]);
        boards::own(&mut record, request, "id", &[]);
        record
    }
}

/// The first way to say a part in HTML that says something, else the first in plain text.
fn html_or_plain(html: &[String], plain: &[String]) -> String {
    let said = |ways: &[String]| ways.iter().find(|way| !way.trim().is_empty()).cloned();
    said(html).or_else(|| said(plain).map(|text| as_html(&text))).unwrap_or_default()
}

/// Plain text as HTML says it, since the parts beside it are HTML.
fn as_html(plain: &str) -> String {
    format!("<p>{}</p>", plain.trim().replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>"))
}

/// The place of a posting, or all of them where none is the first; the country belongs to the first.
fn place(record: &Value) -> Option<String> {
    let mut named = boards::texts(record.pointer("/categories/location"));
    if named.is_empty() {
        named = boards::texts(record.pointer("/categories/allLocations"));
    }
    if let Some(country) = boards::scalar(record.get("country")) {
        match named.first_mut() {
            Some(first) => *first = format!("{first}, {country}"),
            None => named.push(country),
        }
    }
    boards::places(named)
}

/// The moment of creation, which is a number of milliseconds in one form or another.
fn created(record: &Value) -> Option<String> {
    let told = boards::scalar(record.get("createdAt"))?;
    let rounded = |number: f64| format!("{number:.0}").parse().ok();
    let milliseconds: i64 = told.parse().ok().or_else(|| told.parse::<f64>().ok().and_then(rounded))?;
    Some(Timestamp::from_millisecond(milliseconds).ok()?.to_string())
}

/// A page of a board; the note carries the board, how many postings were skipped, and the first ids of pages before.
fn page(ask: &Ask<'_>, board: &str, skip: usize, seen: &[&str]) -> Result<Request, AskError> {
    let limit = ask.number("limit")?.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(AskError::new("limit", format!("{limit} postings per page: 1 to {PAGE} can be asked for")));
    }
    let (skip, limit) = (skip.to_string(), limit.to_string());
    let url = ask.url(&["v0", "postings", board], &[("mode", "json"), ("skip", &skip), ("limit", &limit)])?;
    let url = match ask.one("region") {
        None => url,
        Some("eu") => url.replacen(GLOBAL, EUROPEAN, 1),
        Some(other) => {
            return Err(AskError::new("region", format!("\"{other}\" is no region: \"eu\", or leave it out")));
        }
    };
    let note: Vec<&str> = [board, &skip].into_iter().chain(seen.iter().copied()).collect();
    Ok(Request::get(url, Expects::Json).noting(note.join("\n")))
}

/// How many postings the pages before a page hold.
fn skipped(request: &Request) -> usize {
    request.note.lines().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// A text that is one or many.
fn text(value: &Value, key: &str) -> String {
    boards::texts(value.get(key)).join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::Given;
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, Given> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), Given::Text((*value).to_owned()))).collect()
    }

    fn ask(given: &BTreeMap<String, Given>) -> Ask<'_> {
        Ask::new(&Lever.about(), given, "2026-09-10".parse().unwrap()).unwrap()
    }

    fn next(ask: &Ask<'_>, request: &Request, body: &Value) -> Vec<Request> {
        let (headers, body) = (BTreeMap::new(), body.to_string());
        let answer = Answer { request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
        Lever.next(ask, &answer).unwrap()
    }

    #[test]
    fn pages_go_on_by_what_came_until_one_is_empty_or_comes_again() {
        let given = given(&[("board", "acme"), ("limit", "3")]);
        let ask = ask(&given);
        let first = Lever.first(&ask).unwrap().remove(0);
        assert_eq!(first.url, "https://api.lever.co/v0/postings/acme?mode=json&skip=0&limit=3");
        let second = next(&ask, &first, &json!([{"id": "a"}, {"id": "b"}])).remove(0);
        assert_eq!(second.url, "https://api.lever.co/v0/postings/acme?mode=json&skip=2&limit=3");
        let third = next(&ask, &second, &json!([{"id": "c"}])).remove(0);
        assert!(next(&ask, &third, &json!([])).is_empty());
        assert!(next(&ask, &third, &json!([{"id": "a"}, {"id": "b"}])).is_empty());
        // Ids may be numbers: a host that ignores `skip` sends the first page again.
        let second = next(&ask, &first, &json!([{"id": 1}, {"id": 2}])).remove(0);
        assert!(next(&ask, &second, &json!([{"id": 1}, {"id": 2}])).is_empty());
    }

    #[test]
    fn postings_without_id_and_an_error_with_status_200_are_refused_in_words() {
        let given = given(&[("board", "acme")]);
        let ask = ask(&given);
        let first = Lever.first(&ask).unwrap().remove(0);
        for (body, words) in [
            (json!([{"text": "Engineer"}]), "without `id`"),
            (json!({"ok": false, "error": "Document not found"}), "no list of postings: Document not found"),
        ] {
            let (headers, body) = (BTreeMap::new(), body.to_string());
            let answer =
                Answer { request: &first, url: &first.url, status: 200, headers: &headers, body: body.as_bytes() };
            let said = Lever.next(&ask, &answer).unwrap_err().to_string();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn the_region_chooses_the_host_unless_the_plan_names_one() {
        let european = given(&[("board", "acme"), ("region", "eu")]);
        let urls = Lever.first(&ask(&european)).unwrap();
        assert!(urls[0].url.starts_with("https://api.eu.lever.co/v0/postings/acme?"));
        let own = given(&[("board", "acme"), ("region", "eu"), ("base_url", "http://127.0.0.1:9")]);
        assert!(Lever.first(&ask(&own)).unwrap()[0].url.starts_with("http://127.0.0.1:9/v0/"));
        for (key, value) in [("region", "us"), ("limit", "0"), ("limit", "500")] {
            let wrong = given(&[("board", "acme"), (key, value)]);
            assert_eq!(Lever.first(&ask(&wrong)).unwrap_err().key, key);
        }
    }

    #[test]
    fn lists_stand_between_description_and_addition_and_milliseconds_become_a_day() {
        let posting = json!({"description": "<p>d</p>", "createdAt": 1_788_250_500_000_u64, "additional": "<p>z</p>",
            "lists": [{"text": "Requirements", "content": "<li>SQL</li>"}]});
        let posting = Lever.reshape(&Request::get("https://x.org", Expects::Json), posting);
        assert_eq!(posting["body"], "<p>d</p><h3>Requirements</h3><ul><li>SQL</li></ul><p>z</p>");
        assert_eq!(posting["createdAt"], "2026-09-01T08:15:00Z");
    }

    #[test]
    fn an_empty_page_is_an_empty_board_only_where_it_is_the_first() {
        let verdict = |note: &str, body: &str| {
            let (request, headers) = (Request::get("https://x.org", Expects::Json).noting(note), BTreeMap::new());
            let (url, body) = (request.url.as_str(), body.as_bytes());
            Lever.verdict(&Answer { request: &request, url, status: 200, headers: &headers, body })
        };
        assert_eq!(verdict("acme\n0", "[]"), Verdict::Nothing("\"acme\" has no position open".to_owned()));
        assert_eq!(verdict("acme\n100\na", "[]"), Verdict::Data);
        assert_eq!(verdict("acme\n0", "[{\"id\": 1}]"), Verdict::Data);
    }

    fn shaped(record: Value) -> Value {
        Lever.reshape(&Request::get("https://x.org", Expects::Json).noting("acme\n0"), record)
    }

    #[test]
    fn parts_in_html_go_before_pieces_of_them_and_those_before_plain_text() {
        let body = |record: Value| shaped(record)["body"].clone();
        let list = json!({"text": "Requirements", "content": "<li>SQL</li>"});
        assert_eq!(body(json!({"lists": list})), "<h3>Requirements</h3><ul><li>SQL</li></ul>");
        let pieces = json!([{"text": "Requirements", "content": ["<li>A</li>", "<li>B</li>"]}]);
        assert_eq!(body(json!({"lists": pieces})), "<h3>Requirements</h3><ul><li>A</li> <li>B</li></ul>");
        let pieces = json!({"description": "", "opening": "<p>o</p>", "descriptionBody": "<p>b</p>",
            "descriptionPlain": "o b", "additional": "<p>z</p>", "additionalPlain": "z"});
        assert_eq!(body(pieces), "<p>o</p><p>b</p><p>z</p>");
        let plain =
            json!({"descriptionPlain": "R & D\nC < D", "additional": " ", "additionalPlain": "Flexible hours\n"});
        assert_eq!(body(plain), "<p>R &amp; D<br>C &lt; D</p><p>Flexible hours</p>");
    }

    #[test]
    fn all_locations_stand_in_where_none_is_the_first() {
        let place = |record: Value| shaped(record)["place"].clone();
        let all = json!(["Barcelona", "Madrid"]);
        let one = json!({"categories": {"location": "Girona", "allLocations": all}, "country": "ES"});
        assert_eq!(place(one), "Girona, ES");
        assert_eq!(place(json!({"categories": {"allLocations": all}})), "Barcelona; Madrid");
        assert_eq!(place(json!({"categories": {}, "country": "PS"})), "PS");
        assert_eq!(place(json!({"categories": {"location": ["Vic", "Nablus"]}})), "Vic; Nablus");
    }

    #[test]
    fn milliseconds_may_be_a_text_or_a_fraction_and_other_words_stay() {
        let created = |value: Value| shaped(json!({"createdAt": value}))["createdAt"].clone();
        for value in [json!(1_788_250_500_000_u64), json!("1788250500000"), json!(1_788_250_500_000.0)] {
            assert_eq!(created(value), "2026-09-01T08:15:00Z");
        }
        assert_eq!(created(json!("yesterday")), "yesterday");
    }
}
