//! Boards of employers at Lever.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service};
use crate::acquire::AcquireError;
use jiff::Timestamp;
use serde_json::Value;

/// `https://api.lever.co/v0/postings/{board}?mode=json&skip=0&limit=100`; requirements stand in `lists`, beside the
/// description.
pub struct Lever;

const GLOBAL: &str = "https://api.lever.co";
const EUROPEAN: &str = "https://api.eu.lever.co";
/// Postings per page, unless the plan says fewer.
const PAGE: u64 = 100;

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
        ask.many("board").iter().map(|board| page(ask, board, 0, &[])).collect()
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let Value::Array(postings) = answer.json()? else { return Err(answer.refuse("is no list of postings")) };
        let Some(first) = postings.first() else { return Ok(Vec::new()) };
        let first = text(first, "id");
        let mut lines = answer.request.note.lines();
        let board = lines.next().unwrap_or_default();
        let skip: usize = lines.next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let mut seen: Vec<&str> = lines.collect();
        if seen.contains(&first) {
            return Ok(Vec::new());
        }
        seen.push(first);
        // No total is told, and a page may be shorter than asked for: only an empty one is the end.
        let next = page(ask, board, skip + postings.len(), &seen).map_err(|e| answer.refuse(e.to_string()))?;
        Ok(vec![next])
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items(
            "",
            &[("id", "id"), ("title", "text"), ("body", "body"), ("url", "hostedUrl"), ("posted_on", "createdAt")],
        )
        .with_join("place", &["categories.location", "country"])
        .with_join("salary", &["salaryRange.currency", "salaryRange.min", "salaryRange.max", "salaryRange.interval"])
        .with_const("employer", request.note.lines().next().unwrap_or_default())
        .with_const("board", "lever")
    }

    fn reshape(&self, _request: &Request, mut record: Value) -> Value {
        let lists = record.get("lists").and_then(Value::as_array).into_iter().flatten();
        let lists = lists.map(|list| format!("<h3>{}</h3><ul>{}</ul>", text(list, "text"), text(list, "content")));
        let body = [text(&record, "description"), &lists.collect::<String>(), text(&record, "additional")].concat();
        let created = record.get("createdAt").and_then(Value::as_i64);
        let created = created.and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
        if let Value::Object(map) = &mut record {
            map.insert("body".to_owned(), body.into());
            map.extend(created.map(|at| ("createdAt".to_owned(), at.to_string().into())));
        }
        record
    }
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

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
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
}
