//! Boards of employers at SmartRecruiters.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Role, Service, Verdict, boards, paging};
use crate::acquire::AcquireError;
use crate::acquire::error::excerpt;
use serde_json::Value;

/// `https://api.smartrecruiters.com/v1/companies/{board}/postings?limit=100&offset=0`; the texts are in one detail per
/// posting.
pub struct SmartRecruiters;

/// Postings per page, unless the plan says fewer.
const PAGE: u64 = 100;
/// Host of the pages that people read.
const PUBLIC: &str = "https://jobs.smartrecruiters.com";
/// Parts of an advertisement that speak of the work; `companyDescription` is the same in every posting of a board.
const SECTIONS: [&str; 3] = ["jobDescription", "qualifications", "additionalInformation"];
/// Member that is added to the detail of another posting than the one asked for; no service writes such a name.
const MISTAKEN: &str = "skillgap: mistaken";

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
        boards::each_board(ask, |board| page(ask, board, (0, None), &[]))
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        if answer.request.role == Role::Records {
            return Ok(Vec::new());
        }
        let list = answer.json()?;
        let Some(postings) = list.get("content").and_then(Value::as_array) else {
            return Err(answer.refuse("has no list at `content`"));
        };
        let ids: Vec<String> = postings.iter().filter_map(|posting| boards::scalar(posting.get("id"))).collect();
        if ids.len() < postings.len() {
            return Err(answer.refuse("lists postings without `id`"));
        }
        let mut lines = answer.request.note.lines();
        let board = lines.next().unwrap_or_default();
        let offset: usize = lines.next().and_then(|number| number.parse().ok()).unwrap_or_default();
        let before: Option<u64> = lines.next().and_then(|number| number.parse().ok());
        let mut seen: Vec<&str> = lines.collect();
        let total = total(&list);
        if let (Some(before), Some(now)) = (before, total)
            && now < before
        {
            // What was taken off a page before moves the others up, past the page that is asked for next.
            let problem = format!("changed during the walk: {before} postings before, and {now} at {offset}");
            return Err(answer.refuse(format!("{problem}, so that one may have been passed over; ask with --refresh")));
        }
        let Some(first) = ids.first().map(String::as_str).filter(|first| !seen.contains(first)) else {
            return match total.filter(|total| (offset as u64) < *total) {
                None => Ok(Vec::new()),
                Some(total) => {
                    let problem = "the page is empty, or one before once more";
                    Err(answer.refuse(format!("ends at {offset} of {total} postings: {problem}")))
                }
            };
        };
        seen.push(first);
        let after = offset + ids.len();
        // A total below what came is no total: then only an empty page, or one that comes again, is the end.
        let is_last = total == Some(after as u64);
        let further = (!is_last).then(|| page(ask, board, (after, before.max(total)), &seen));
        let details = ids.iter().map(|id| detail(ask, board, id));
        details.chain(further).collect::<Result<_, AskError>>().map_err(|e| answer.refuse(e.to_string()))
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        if verdict != Verdict::Data {
            return verdict;
        }
        let list = answer.json().unwrap_or_default();
        if let Some(words) = boards::error_words(&list) {
            return Verdict::Refused(format!("says in place of postings: {words}"));
        }
        if answer.request.role != Role::Listing {
            return verdict;
        }
        let is_empty = list.get("content").and_then(Value::as_array).is_some_and(Vec::is_empty);
        if is_empty && total(&list) == Some(0) {
            let board = boards::board_of(answer.request);
            let told = "lists no posting: it has none, or there is no company of this name, which looks the same";
            return Verdict::Nothing(format!("\"{board}\" {told}"));
        }
        verdict
    }

    fn reading(&self, _request: &Request) -> Reading {
        let columns = [
            ("id", "id"),
            ("title", "name"),
            ("body", "body"),
            ("url", "url"),
            ("place", "place"),
            ("posted_on", "releasedDate"),
            ("employer", "employer"),
        ];
        Reading::items("", &columns).with_const("board", "smartrecruiters")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        let said = |section: &str| boards::scalar(record.get("jobAd")?.get("sections")?.get(section)?.get("text"));
        let body = SECTIONS.into_iter().filter_map(said).collect::<Vec<_>>().join("\n");
        let (url, place) = (page_for_people(&record, request), place(&record));
        let mistaken = mistaken(&record, request);
        boards::put(&mut record, [("body", Some(body)), ("url", url), ("place", place), (MISTAKEN, mistaken)]);
        boards::plain(&mut record, &["name"]);
        boards::own(&mut record, request, "id", &["/company/name"]);
        record
    }

    fn leaves_out(&self, record: &Value) -> Option<String> {
        boards::scalar(record.get(MISTAKEN))
    }
}

/// Why a detail is none of the posting it was asked for; a note without an id is older than this question.
fn mistaken(record: &Value, request: &Request) -> Option<String> {
    let asked = request.note.lines().nth(1)?;
    let found = boards::scalar(record.get("id")).filter(|found| found != asked)?;
    Some(format!("posting {asked} was asked for, and {} came", excerpt(&found)))
}

/// Where people read a posting: as it says itself, else at its public address. Its own address is for programs.
fn page_for_people(record: &Value, request: &Request) -> Option<String> {
    let public = |id: String| format!("{PUBLIC}/{}/{id}", boards::board_of(request));
    boards::scalar(record.get("postingUrl")).or_else(|| boards::scalar(record.get("id")).map(public))
}

fn place(record: &Value) -> Option<String> {
    let location = record.get("location")?;
    // Countries are codes in small letters.
    let country = boards::scalar(location.get("country")).map(|code| match code.len() {
        2 => code.to_ascii_uppercase(),
        _ => code,
    });
    let parts = || boards::place(location, &["city", "region"]).into_iter().chain(country).collect::<Vec<_>>();
    boards::scalar(location.get("fullLocation")).or_else(|| Some(parts().join(", ")).filter(|place| !place.is_empty()))
}

/// A page of the list; the note carries the board, the offset, the total told before, and the first id of every page
/// before.
fn page(ask: &Ask<'_>, board: &str, (offset, total): (usize, Option<u64>), seen: &[&str]) -> Result<Request, AskError> {
    let limit = ask.number("limit")?.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(AskError::new("limit", format!("{limit} postings per page: 1 to {PAGE} can be asked for")));
    }
    let (limit, offset) = (limit.to_string(), offset.to_string());
    let total = total.map(|total| total.to_string()).unwrap_or_default();
    let url = ask.url(&["v1", "companies", board, "postings"], &[("limit", &limit), ("offset", &offset)])?;
    let note: Vec<&str> = [board, &offset, &total].into_iter().chain(seen.iter().copied()).collect();
    Ok(Request::get(url, Expects::Json).listing().noting(note.join("\n")))
}

/// The text of a posting; the note carries the board and the id.
fn detail(ask: &Ask<'_>, board: &str, id: &str) -> Result<Request, AskError> {
    let url = ask.url(&["v1", "companies", board, "postings", id], &[])?;
    Ok(Request::get(url, Expects::Json).optional().noting(format!("{board}\n{id}")))
}

fn total(list: &Value) -> Option<u64> {
    paging::number(list.get("totalFound")?)
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
    fn lists_lead_to_details_and_further_pages_until_the_total() {
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
        // Numbers may be texts, and texts numbers.
        assert_eq!(next(&first, &json!({"totalFound": "2", "content": [{"id": 1}, {"id": 2}]})).len(), 2);
        // Without a total that can be right, an empty page or one that comes again is the end.
        for total in [json!(0), Value::Null, json!(2)] {
            let further = next(&first, &json!({"totalFound": 0, "content": [{"id": 1}, {"id": 2}]})).remove(2);
            assert!(next(&further, &json!({"totalFound": total, "content": [{"id": 1}, {"id": 2}]})).is_empty());
            assert!(next(&further, &json!({"totalFound": total, "content": []})).is_empty());
        }
    }

    #[test]
    fn a_walk_that_ends_before_the_total_is_refused_with_both_numbers() {
        let given = BTreeMap::from([("board".to_owned(), Given::Text("Acme".to_owned()))]);
        let ask = Ask::new(&SmartRecruiters.about(), &given, "2026-09-10".parse().unwrap()).unwrap();
        let refusal = |request: &Request, body: &Value| {
            on_answer(request, body, |answer| SmartRecruiters.next(&ask, answer).unwrap_err().to_string())
        };
        let first = SmartRecruiters.first(&ask).unwrap().remove(0);
        assert!(refusal(&first, &json!({"totalFound": 30, "content": []})).contains("ends at 0 of 30 postings"));
        assert!(refusal(&first, &json!({"totalFound": 0, "content": null})).contains("no list at `content`"));
        let page = json!({"totalFound": 30, "content": [{"id": 7}, {"id": 8}]});
        let second = on_answer(&first, &page, |answer| SmartRecruiters.next(&ask, answer).unwrap()).remove(2);
        for body in [json!({"totalFound": "30", "content": []}), page] {
            assert!(refusal(&second, &body).contains("ends at 2 of 30 postings"), "{body}");
        }
    }

    #[test]
    fn a_list_that_shrinks_during_the_walk_is_refused_and_one_that_grows_is_not() {
        let given = BTreeMap::from([("board".to_owned(), Given::Text("Acme".to_owned()))]);
        let ask = Ask::new(&SmartRecruiters.about(), &given, "2026-09-10".parse().unwrap()).unwrap();
        let first = SmartRecruiters.first(&ask).unwrap().remove(0);
        let page = |total: u64, id: u64| json!({"totalFound": total, "content": [{"id": id}, {"id": id + 1}]});
        let next = |request: &Request, body: &Value| {
            on_answer(request, body, |answer| SmartRecruiters.next(&ask, answer).map_err(|e| e.to_string()))
        };
        let second = next(&first, &page(25, 1)).unwrap().remove(2);
        let said = next(&second, &page(24, 4)).unwrap_err();
        assert!(said.contains("changed during the walk: 25 postings before, and 24 at 2"), "{said}");
        let third = next(&second, &page(27, 3)).unwrap().remove(2);
        assert!(next(&third, &page(26, 5)).unwrap_err().contains("27 postings before, and 26 at 4"));
        assert_eq!(next(&third, &page(27, 5)).unwrap().len(), 3);
    }

    #[test]
    fn a_detail_of_another_posting_is_left_out_in_words() {
        let detail = |note: &str, id: Value| {
            let request = Request::get("https://x.org/2", Expects::Json).optional().noting(note);
            let record = SmartRecruiters.reshape(&request, json!({"id": id, "name": "Buyer"}));
            SmartRecruiters.leaves_out(&record)
        };
        assert_eq!(detail("Acme\n2", json!("0")).as_deref(), Some("posting 2 was asked for, and 0 came"));
        for id in [json!("2"), json!(2), Value::Null] {
            assert_eq!(detail("Acme\n2", id.clone()), None, "{id}");
        }
        assert_eq!(detail("Acme", json!("0")), None);
    }

    #[test]
    fn a_posting_has_the_place_and_the_page_that_people_read() {
        let detail = Request::get("https://api.smartrecruiters.com/v1/companies/Acme/postings/7", Expects::Json);
        let shaped = |record: Value| SmartRecruiters.reshape(&detail.clone().noting("Acme"), record);
        let one = shaped(json!({"id": "7", "location": {"city": "", "country": "ps", "fullLocation": ""}}));
        assert_eq!((&one["place"], &one["url"]), (&json!("PS"), &json!("https://jobs.smartrecruiters.com/Acme/7")));
        assert_eq!(one["employer"], "Acme");
        let page = "https://jobs.smartrecruiters.com/AcmeGroup/7-buyer";
        let location = json!({"city": "Nablus", "region": null, "country": "ps"});
        let one = shaped(json!({"id": 7, "postingUrl": page, "location": location, "company": {"name": "Acme Group"}}));
        assert_eq!((&one["place"], &one["url"]), (&json!("Nablus, PS"), &json!(page)));
        assert_eq!((&one["employer"], &one["id"]), (&json!("Acme Group"), &json!("Acme/7")));
        let full = json!({"city": "Lleida", "country": "es", "fullLocation": "Lleida, Catalonia, Spain"});
        assert_eq!(shaped(json!({"location": full}))["place"], "Lleida, Catalonia, Spain");
    }

    #[test]
    fn an_empty_board_and_an_unknown_one_are_told_in_words() {
        let list = Request::get("http://127.0.0.1:9/v1", Expects::Json).listing().noting("Acmee\n0");
        let verdict = |body: Value| on_answer(&list, &body, |answer| SmartRecruiters.verdict(answer));
        let nothing = verdict(json!({"offset": 0, "limit": 100, "totalFound": 0, "content": []}));
        assert!(matches!(nothing, Verdict::Nothing(told) if told.contains("\"Acmee\"")));
        let error = json!({"message": "Too many", "errors": [{"code": "RATE"}], "totalFound": 0, "content": []});
        assert!(matches!(verdict(error), Verdict::Refused(told) if told.contains("Too many")));
        for contradiction in [
            json!({"totalFound": 7, "content": []}),
            json!({"totalFound": 0, "content": [{"id": "1"}]}),
            json!({"totalFound": 0, "content": null}),
        ] {
            assert_eq!(verdict(contradiction), Verdict::Data);
        }
    }
}
