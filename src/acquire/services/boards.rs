//! What services of employers' boards have in common: a question per board, and what names a posting, its employer and
//! its places.

use super::{Answer, Ask, AskError, Request, Verdict, paging};
use crate::acquire::error::excerpt;
use crate::acquire::multilingual::{is_language_map, many};
use crate::acquire::xml_value;
use crate::types::Lang;
use serde_json::{Map, Value};

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
                None if items.is_empty() => none_open(answer.request),
                None => verdict,
            }
        }
        Some(other) => Verdict::Refused(format!("has no list at `{list}`: it is {}", excerpt(&other.to_string()))),
    }
}

/// That a board was asked and has nothing, which is no fault.
pub(super) fn none_open(request: &Request) -> Verdict {
    Verdict::Nothing(format!("\"{}\" has no position open", board_of(request)))
}

/// What a board in XML means: a document of this root with something at the pointer `inside`, perhaps without an
/// `item`. Any other one, such as an error with status 200, is no board without postings.
pub(super) fn listed_in_xml(answer: &Answer<'_>, (root, inside): (&str, &str), item: &str) -> Verdict {
    let verdict = Verdict::by_status(answer);
    if verdict != Verdict::Data {
        return verdict;
    }
    // What is no XML is told by the checks of every answer.
    let Ok((found, whole)) = xml_value::parse(answer.url, &answer.text()) else { return verdict };
    if found != root || whole.pointer(inside).is_none() {
        let words = scalar(Some(&whole)).map(|words| excerpt(&words)).or_else(|| error_words(&whole));
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        return Verdict::Refused(format!("is no list of positions but <{found}>{words}"));
    }
    if let Some(words) = whole.pointer(inside).and_then(error_words) {
        return Verdict::Refused(format!("says in place of positions: {words}"));
    }
    // Where they do not stand where they should, the reader says so.
    if has_member(&whole, item) { verdict } else { none_open(answer.request) }
}

/// Whether a member of this name is anywhere in a document; XML is never deep.
fn has_member(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(map) => map.contains_key(name) || map.values().any(|inner| has_member(inner, name)),
        Value::Array(list) => list.iter().any(|inner| has_member(inner, name)),
        _ => false,
    }
}

/// The words of an error that an answer holds, whatever its status.
pub(super) fn error_words(whole: &Value) -> Option<String> {
    let error = ["error", "errors"].iter().filter_map(|key| whole.get(*key)).find(|error| says_something(error));
    let message = scalar(whole.get("message"));
    if let Some(error) = error {
        let words = scalar(error.get("message")).or_else(|| scalar(Some(error))).or(message);
        return Some(excerpt(&words.unwrap_or_else(|| error.to_string())));
    }
    if let Some(failed) = ["success", "ok"].iter().find(|key| whole.get(**key) == Some(&Value::Bool(false))) {
        return Some(message.map_or_else(|| format!("`{failed}` is false"), |words| excerpt(&words)));
    }
    let codes = ["status", "statusCode", "code"].iter().filter_map(|key| paging::number(whole.get(*key)?));
    let code = codes.max().filter(|code| *code >= 400)?;
    message.map(|words| format!("{} ({code})", excerpt(&words)))
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

/// A text or a number as text, where there is one: bare, alone in a list, beside an id, under a name, or in a language.
pub(super) fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Array(list) => match list.as_slice() {
            [one] => scalar(Some(one)),
            _ => None,
        },
        Value::Object(map) => scalar(worded(map)),
        bare => paging::id(bare),
    }
}

/// What an object says that stands in place of a text.
fn worded(map: &Map<String, Value>) -> Option<&Value> {
    let in_a_language = || {
        let ours = Lang::ALL.iter().find_map(|lang| map.get(lang.code()));
        let only = || map.values().next().filter(|_| map.len() == 1);
        ours.or_else(only).filter(|_| is_language_map(map))
    };
    map.get("#text").or_else(|| map.get("name")).or_else(in_a_language)
}

/// Puts the text in place of every one of these members that is a list or an object around it.
pub(super) fn plain(record: &mut Value, names: &[&str]) {
    for name in names {
        let found = record.get(*name).filter(|value| value.is_array() || value.is_object());
        let text = scalar(found);
        put(record, [(*name, text)]);
    }
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
            (json!({"jobs": [], "error": null, "errors": ["try later"]}), "try later"),
            (json!({"jobs": [], "meta": {"total": 40.0}}), "0 of its 40 postings"),
            (json!({"jobs": [], "message": "Too many requests", "status": 429}), "Too many requests (429)"),
            (json!({"jobs": [], "message": "Down", "code": "503"}), "Down (503)"),
            (json!({"success": false, "jobs": []}), "`success` is false"),
            (json!({"ok": false, "message": "no such board", "jobs": []}), "no such board"),
        ] {
            let said = verdict(&body);
            assert!(matches!(&said, Verdict::Refused(told) if told.contains(words)), "{body}: {said:?}");
        }
        for body in [
            json!({"jobs": [{}], "error": null, "errors": []}),
            json!({"jobs": [{}], "success": true, "status": 200, "message": "fine"}),
        ] {
            assert_eq!(verdict(&body), Verdict::Data, "{body}");
        }
    }

    #[test]
    fn an_empty_list_in_json_is_a_board_without_a_position_whatever_the_service() {
        for (id, empty) in [
            ("greenhouse", json!({"jobs": [], "meta": {"total": 0}})),
            ("lever", json!([])),
            ("ashby", json!({"apiVersion": "1", "jobs": []})),
            ("workable", json!({"name": "Acme", "description": null, "jobs": []})),
            ("recruitee", json!({"offers": []})),
        ] {
            let service = super::super::named(id).unwrap();
            let said = on_answer(&empty.to_string(), |answer| service.verdict(answer));
            assert_eq!(said, Verdict::Nothing("\"acme\" has no position open".to_owned()), "{id}");
        }
    }

    #[test]
    fn a_text_is_found_bare_alone_in_a_list_beside_an_id_under_a_name_and_in_a_language() {
        for value in [
            json!("Vic"),
            json!(["Vic"]),
            json!({"id": "3", "#text": "Vic"}),
            json!({"name": "Vic"}),
            json!({"de": "Vic"}),
            json!({"ar": "فيك", "en": "Vic"}),
            json!([{"es": "Vic"}]),
        ] {
            assert_eq!(scalar(Some(&value)).as_deref(), Some("Vic"), "{value}");
        }
        for value in [json!(["Vic", "Reus"]), json!([]), json!({"lat": "41.9", "lon": "2.2"}), json!({"id": "3"})] {
            assert_eq!(scalar(Some(&value)), None, "{value}");
        }
        let both = json!(["Barcelona", {"id": "3", "#text": "Ramallah"}]);
        assert_eq!(texts(Some(&both)), ["Barcelona", "Ramallah"]);
        let mut record = json!({"title": {"es": "Cuidadora"}, "other": " as it is ", "several": ["a", "b"]});
        plain(&mut record, &["title", "other", "several", "absent"]);
        assert_eq!(record, json!({"title": "Cuidadora", "other": " as it is ", "several": ["a", "b"]}));
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
        // Only an element hides or shows a position: no prefix, no wrapper, and no text that looks like one.
        for (id, xml) in [
            ("personio", "<workzag-jobs><position><id>1</id></position></workzag-jobs>"),
            ("personio", "<workzag-jobs xmlns:w='urn:x'><w:position><w:id>1</w:id></w:position></workzag-jobs>"),
            ("personio", "<workzag-jobs><positions><position><id>1</id></position></positions></workzag-jobs>"),
            ("teamtailor", "<rss xmlns:x='urn:y'><channel><x:item><x:title>a</x:title></x:item></channel></rss>"),
        ] {
            assert_eq!(of(id, xml), Verdict::Data, "{xml}");
        }
        let quoted = "<rss><channel><title>Acme</title><description><![CDATA[<item>]]></description></channel></rss>";
        assert_eq!(of("teamtailor", quoted), Verdict::Nothing("\"acme\" has no position open".to_owned()));
        let error = "<workzag-jobs><error>rate limited</error></workzag-jobs>";
        assert!(matches!(of("personio", error), Verdict::Refused(told) if told.contains("rate limited")));
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
