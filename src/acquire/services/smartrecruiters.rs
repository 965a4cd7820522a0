//! Boards of employers at SmartRecruiters.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Role, Service, Verdict};
use crate::acquire::AcquireError;
use serde_json::Value;

/// `https://api.smartrecruiters.com/v1/companies/{board}/postings?limit=100&offset=0`; the texts are in one detail per
/// posting.
pub struct SmartRecruiters;

/// Postings per page, unless the plan says fewer.
const PAGE: u64 = 100;
/// Parts of an advertisement that speak of the work; `companyDescription` is the same in every posting of a board.
const SECTIONS: [&str; 3] = ["jobDescription", "qualifications", "additionalInformation"];

impl Service for SmartRecruiters {
    fn about(&self) -> About {
        About {
            id: "smartrecruiters",
            holds: Holds::Postings,
            publisher: "employers, by SmartRecruiters",
            base: "https://api.smartrecruiters.com",
            parameters: const {
                &[
                    required("board", "the name of a company in its address, one or several: [\"Acme\"]"),
                    optional("limit", "postings per page of the list, at most 100: 50"),
                ]
            },
            pause_seconds: 1.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "releasedDate of each posting, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        ask.many("board").iter().map(|board| page(ask, board, 0, &[])).collect()
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        if answer.request.role == Role::Records {
            return Ok(Vec::new());
        }
        let list = answer.json()?;
        let Some(postings) = list.get("content").and_then(Value::as_array) else {
            return Err(answer.refuse("has no list at `content`"));
        };
        let ids: Vec<&str> = postings.iter().filter_map(|posting| posting.get("id")?.as_str()).collect();
        if ids.len() < postings.len() {
            return Err(answer.refuse("lists postings without `id`"));
        }
        let mut lines = answer.request.note.lines();
        let board = lines.next().unwrap_or_default();
        let offset: usize = lines.next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let mut seen: Vec<&str> = lines.collect();
        let Some(first) = ids.first().filter(|first| !seen.contains(first)) else { return Ok(Vec::new()) };
        seen.push(first);
        let after = offset + ids.len();
        let is_last = total(&list).is_some_and(|total| after as u64 >= total);
        let further = (!is_last).then(|| page(ask, board, after, &seen));
        let details = ids.iter().map(|id| detail(ask, board, id));
        details.chain(further).collect::<Result<_, AskError>>().map_err(|e| answer.refuse(e.to_string()))
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        let is_list = verdict == Verdict::Data && answer.request.role == Role::Listing;
        if is_list && answer.json().ok().as_ref().and_then(total) == Some(0) {
            let board = answer.request.note.lines().next().unwrap_or_default();
            let told = "lists no posting: it has none, or there is no company of this name, which looks the same";
            return Verdict::Nothing(format!("\"{board}\" {told}"));
        }
        verdict
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items("", &[("id", "id"), ("title", "name"), ("body", "body"), ("posted_on", "releasedDate")])
            .with_any("place", &["location.fullLocation", "location.city"])
            .with_const("url", &request.url)
            .with_const("employer", &request.note)
            .with_const("board", "smartrecruiters")
    }

    fn reshape(&self, _request: &Request, mut record: Value) -> Value {
        let said = |section: &str| record.get("jobAd")?.get("sections")?.get(section)?.get("text")?.as_str();
        let body = SECTIONS.into_iter().filter_map(said).collect::<Vec<_>>().join("\n");
        if let Value::Object(map) = &mut record {
            map.insert("body".to_owned(), body.into());
        }
        record
    }
}

/// A page of the list; the note carries the board, the offset, and the first id of every page before.
fn page(ask: &Ask<'_>, board: &str, offset: usize, seen: &[&str]) -> Result<Request, AskError> {
    let limit = ask.number("limit")?.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(AskError::new("limit", format!("{limit} postings per page: 1 to {PAGE} can be asked for")));
    }
    let (limit, offset) = (limit.to_string(), offset.to_string());
    let url = ask.url(&["v1", "companies", board, "postings"], &[("limit", &limit), ("offset", &offset)])?;
    let note: Vec<&str> = [board, &offset].into_iter().chain(seen.iter().copied()).collect();
    Ok(Request::get(url, Expects::Json).listing().noting(note.join("\n")))
}

fn detail(ask: &Ask<'_>, board: &str, id: &str) -> Result<Request, AskError> {
    let url = ask.url(&["v1", "companies", board, "postings", id], &[])?;
    Ok(Request::get(url, Expects::Json).optional().noting(board))
}

fn total(list: &Value) -> Option<u64> {
    list.get("totalFound")?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::super::Given;
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn on_answer<T>(request: &Request, body: &Value, then: impl FnOnce(&Answer<'_>) -> T) -> T {
        let (headers, body) = (BTreeMap::new(), body.to_string());
        then(&Answer { request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() })
    }

    #[test]
    fn lists_lead_to_details_and_further_pages_until_the_total_or_a_page_that_comes_again() {
        let given = BTreeMap::from([("board".to_owned(), Given::Text("Acme".to_owned()))]);
        let ask = Ask::new(&SmartRecruiters.about(), &given, "2026-09-10".parse().unwrap()).unwrap();
        let next = |request: &Request, body: &Value| -> Vec<Request> {
            on_answer(request, body, |answer| SmartRecruiters.next(&ask, answer).unwrap())
        };
        let first = SmartRecruiters.first(&ask).unwrap().remove(0);
        let found = next(&first, &json!({"totalFound": 3, "content": [{"id": "1"}, {"id": "2"}]}));
        let urls: Vec<_> = found.iter().map(|r| r.url.trim_start_matches("https://api.smartrecruiters.com")).collect();
        let list = "/v1/companies/Acme/postings";
        assert_eq!(urls, [format!("{list}/1"), format!("{list}/2"), format!("{list}?limit=100&offset=2")]);
        assert!(found[0].optional && found[0].role == Role::Records && found[2].role == Role::Listing);
        assert_eq!(next(&found[2], &json!({"totalFound": 3, "content": [{"id": "3"}]})).len(), 1);
        assert!(next(&found[2], &json!({"totalFound": 9, "content": [{"id": "1"}, {"id": "2"}]})).is_empty());
        assert!(next(&found[2], &json!({"totalFound": 3, "content": []})).is_empty());
    }

    #[test]
    fn an_empty_board_and_an_unknown_one_are_told_in_words() {
        let list = Request::get("http://127.0.0.1:9/v1", Expects::Json).listing().noting("Acmee\n0");
        let verdict = |body: Value| on_answer(&list, &body, |answer| SmartRecruiters.verdict(answer));
        let nothing = verdict(json!({"offset": 0, "limit": 100, "totalFound": 0, "content": []}));
        assert!(matches!(nothing, Verdict::Nothing(told) if told.contains("\"Acmee\"")));
        assert_eq!(verdict(json!({"totalFound": 7, "content": []})), Verdict::Data);
    }
}
