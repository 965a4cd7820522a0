//! What services of employers' boards have in common: a question per board, and what names a posting, its employer and
//! its places.

use super::{Answer, Ask, AskError, Request, Verdict, paging};
use crate::acquire::error::excerpt;
use crate::acquire::multilingual::many;
use crate::acquire::xml_value;
use serde_json::Value;

/// The first question of every board. One that is gone can be missed where others are asked beside it.
pub(super) fn each_board(
    ask: &Ask<'_>,
    question: impl Fn(&str) -> Result<Request, AskError>,
) -> Result<Vec<Request>, AskError> {
    let boards = ask.many("board");
    let first = |board: &String| {
        let request = question(board)?;
        Ok(if boards.len() > 1 { request.optional() } else { request })
    };
    boards.iter().map(first).collect()
}

/// The board a question is about; further lines of the note are the service's own.
pub(super) fn board_of(request: &Request) -> &str {
    request.note.lines().next().unwrap_or_default()
}

/// What an answer in JSON means that promises a list at `list`, and perhaps its length at the pointer `total`: an error
/// with status 200, a null or a part of the list are no board without postings.
pub(super) fn listed(answer: &Answer<'_>, list: &str, total: Option<&str>) -> Verdict {
    let verdict = Verdict::by_status(answer);
    if verdict != Verdict::Data {
        return verdict;
    }
    // What is no JSON is told by the checks of every answer, what has no such member by the reader.
    let Ok(whole) = answer.json() else { return verdict };
    if let Some(words) = error_words(&whole) {
        return Verdict::Refused(format!("says in place of postings: {words}"));
    }
    match whole.get(list) {
        None => verdict,
        Some(Value::Array(items)) => {
            let total = total.and_then(|at| paging::number(whole.pointer(at)?));
            match total.filter(|total| *total > items.len() as u64) {
                Some(total) => Verdict::Refused(format!("holds {} of its {total} postings", items.len())),
                None => verdict,
            }
        }
        Some(other) => Verdict::Refused(format!("has no list at `{list}`: it is {}", excerpt(&other.to_string()))),
    }
}

/// What a board in XML means: a document of this root with `inside`, perhaps without an `item`. Any other one, such as
/// an error with status 200, is no board without postings.
pub(super) fn listed_in_xml(answer: &Answer<'_>, (root, inside): (&str, &str), item: &str) -> Verdict {
    let verdict = Verdict::by_status(answer);
    if verdict != Verdict::Data {
        return verdict;
    }
    let text = answer.text();
    // What is no XML is told by the checks of every answer.
    let Ok((found, whole)) = xml_value::parse(answer.url, &text) else { return verdict };
    if found != root || !text.contains(inside) {
        let words = scalar(Some(&whole)).map(|words| excerpt(&words)).or_else(|| error_words(&whole));
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        return Verdict::Refused(format!("is no list of positions but <{found}>{words}"));
    }
    match text.contains(item) {
        true => verdict,
        false => Verdict::Nothing(format!("\"{}\" has no position open", board_of(answer.request))),
    }
}

/// The words of an error that an answer holds, whatever its status.
pub(super) fn error_words(whole: &Value) -> Option<String> {
    let error = whole.get("error").or_else(|| whole.get("errors")).filter(|error| says_something(error))?;
    let words = scalar(error.get("message")).or_else(|| scalar(Some(error))).or_else(|| scalar(whole.get("message")));
    Some(excerpt(&words.unwrap_or_else(|| error.to_string())))
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A text or a number as text, where there is one.
pub(super) fn scalar(value: Option<&Value>) -> Option<String> {
    paging::id(value?)
}

/// Every text of a member that is one value or many.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    value.map_or(&[][..], many).iter().filter_map(|one| scalar(Some(one))).collect()
}

/// One place out of its parts, the most specific first.
pub(super) fn place(location: &Value, parts: &[&str]) -> Option<String> {
    let parts: Vec<String> = parts.iter().filter_map(|part| scalar(location.get(*part))).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Several places as one text, each once.
pub(super) fn places(all: impl IntoIterator<Item = String>) -> Option<String> {
    let mut named: Vec<String> = Vec::new();
    for place in all {
        if !named.contains(&place) {
            named.push(place);
        }
    }
    (!named.is_empty()).then(|| named.join("; "))
}

/// Adds what no path can say; what is not known stays as it was.
pub(super) fn put<const N: usize>(record: &mut Value, found: [(&str, Option<String>); N]) {
    if let Value::Object(map) = record {
        for (name, text) in found {
            map.extend(text.map(|text| (name.to_owned(), Value::String(text))));
        }
    }
}

/// Adds `id`, which tells a posting from those of other boards that count alike, and `employer`: the first of these
/// members that names one, else the board.
pub(super) fn own(record: &mut Value, request: &Request, id: &str, employer: &[&str]) {
    let board = board_of(request);
    let id = scalar(record.get(id)).map(|id| format!("{board}/{id}"));
    let employer = employer.iter().find_map(|at| scalar(record.pointer(at)));
    let employer = employer.or_else(|| Some(board.to_owned()));
    put(record, [("id", id), ("employer", employer)]);
}

#[cfg(test)]
mod tests {
    use super::super::{Expects, Given, Service, all};
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn on_answer<T>(body: &str, then: impl FnOnce(&Answer<'_>) -> T) -> T {
        let (request, headers) = (Request::get("https://x.org/jobs", Expects::Any).noting("acme"), BTreeMap::new());
        then(&Answer { request: &request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() })
    }

    fn verdict(body: &Value) -> Verdict {
        on_answer(&body.to_string(), |answer| listed(answer, "jobs", Some("/meta/total")))
    }

    fn boards() -> impl Iterator<Item = &'static dyn Service> {
        all().iter().copied().filter(|s| s.about().parameters.iter().any(|p| p.name == "board"))
    }

    fn given(boards: &[&str]) -> BTreeMap<String, Given> {
        let list = boards.iter().map(|board| Given::Text((*board).to_owned())).collect();
        BTreeMap::from([("board".to_owned(), Given::Many(list))])
    }

    #[test]
    fn a_list_that_is_null_or_a_part_or_stands_beside_an_error_is_no_empty_board() {
        for (body, words) in [
            (json!({"jobs": null}), "no list at `jobs`"),
            (json!({"jobs": [{}, {}], "meta": {"total": 3}}), "2 of its 3 postings"),
            (json!({"jobs": [], "meta": {"total": "3"}}), "0 of its 3 postings"),
            (json!({"jobs": [], "error": "rate limited"}), "rate limited"),
            (json!({"jobs": [], "error": {"message": "try later"}}), "try later"),
            (json!({"error": true, "message": "closed for repairs"}), "closed for repairs"),
        ] {
            let said = verdict(&body);
            assert!(matches!(&said, Verdict::Refused(told) if told.contains(words)), "{body}: {said:?}");
        }
        for body in [json!({"jobs": [], "meta": {"total": 0}}), json!({"jobs": [{}], "error": null, "errors": []})] {
            assert_eq!(verdict(&body), Verdict::Data, "{body}");
        }
    }

    #[test]
    fn an_error_in_xml_or_a_feed_of_another_form_is_no_empty_board() {
        let of = |id: &str, xml: &str| on_answer(xml, |answer| super::super::named(id).unwrap().verdict(answer));
        for (xml, words) in [
            ("<error>rate limited</error>", "<error>: rate limited"),
            ("<hash><error>no such company</error></hash>", "<hash>: no such company"),
            ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title></entry></feed>", "<feed>"),
            ("<rss version='2.0'/>", "<rss>"),
        ] {
            for id in ["personio", "teamtailor"] {
                let said = of(id, xml);
                assert!(matches!(&said, Verdict::Refused(told) if told.contains(words)), "{id}: {said:?}");
            }
        }
        for (id, xml) in [
            ("personio", "<?xml version='1.0'?><workzag-jobs></workzag-jobs>"),
            ("teamtailor", "<rss version='2.0'><channel><title>Acme</title></channel></rss>"),
        ] {
            assert_eq!(of(id, xml), Verdict::Nothing("\"acme\" has no position open".to_owned()));
        }
        let open = "<workzag-jobs><position><id>1</id></position></workzag-jobs>";
        assert_eq!(of("personio", open), Verdict::Data);
        // What was cut short is told elsewhere, and asked for again.
        assert_eq!(of("personio", "<workzag-jobs><position>"), Verdict::Data);
    }

    #[test]
    fn a_board_can_be_missed_only_where_others_are_asked_beside_it() {
        let today = "2026-09-10".parse().unwrap();
        let mut count = 0;
        for service in boards() {
            let (one, two) = (given(&["acme"]), given(&["acme", "initech"]));
            let ask = |given| Ask::new(&service.about(), given, today).unwrap();
            let alone = service.first(&ask(&one)).unwrap();
            assert!(alone.len() == 1 && !alone[0].optional, "{}", service.about().id);
            let both = service.first(&ask(&two)).unwrap();
            assert!(both.len() == 2 && both.iter().all(|r| r.optional), "{}", service.about().id);
            count += 1;
        }
        assert_eq!(count, 8);
    }

    #[test]
    fn postings_of_two_boards_that_count_alike_have_keys_of_their_own() {
        for service in boards() {
            let keys = ["alpha", "beta"].map(|board| {
                let request = Request::get("https://x.org/1", Expects::Json).noting(board);
                let record = json!({"id": 1, "shortcode": "1", "guid": "1"});
                service.reshape(&request, record)["id"].clone()
            });
            assert_eq!(keys, [json!("alpha/1"), json!("beta/1")], "{}", service.about().id);
        }
    }
}
