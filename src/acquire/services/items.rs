//! Postings as items of a JSON or XML answer, found by a path.

use super::{Request, Service};
use crate::acquire::connectors::postings::{assemble, key_of_text, postings_json::Paths};
use crate::acquire::decode::declared_beside_utf8;
use crate::acquire::json_scan::too_deep;
use crate::acquire::mend::escaped;
use crate::acquire::open::Document;
use crate::acquire::text::Markup;
use crate::acquire::{AcquireError, Columns, Input, Sink, xml_value};
use crate::types::{RawPosting, RejectReason};
use serde_json::Value;
use std::path::Path;

/// Reads the postings of an answer; gives the number of items.
///
/// # Errors
/// When the answer is no JSON or XML, or has no list where the service promises one.
pub fn read_items(
    service: &dyn Service,
    path: &Path,
    input: &Input,
    (request, records, columns): (&Request, &'static str, &Columns),
    sink: Sink<'_, RawPosting>,
) -> Result<u64, AcquireError> {
    let document = Document::of_path(path, &input.file, &input.limits)?;
    let declared = declared_beside_utf8(document.head());
    let (text, _) = document.with_encoding(declared).whole_text(Markup::Expected)?;
    let whole = parsed(&text, input)?;
    let mut items = items_at(&whole, records, input)?;
    if is_markup(&text) {
        items.iter_mut().for_each(first_of_each);
    }
    let employer = service.employer(&whole);
    let mut paths = Paths::new(columns)?;
    let count = items.len() as u64;
    for (item, number) in items.into_iter().zip(1..) {
        if !item.is_object() {
            let detail = format!("expected an object, found {}", crate::acquire::error::excerpt(&item.to_string()));
            sink(input.reject(number, RejectReason::Malformed, detail));
            continue;
        }
        let item = service.reshape(request, employed(item, employer.as_deref()));
        // A record without a title is given up before its text is looked at; a column is only absent when no item has it.
        ["title", "body"].iter().for_each(|field| drop(paths.value(field, &item)));
        if let Some(detail) = service.leaves_out(&item) {
            sink(input.reject(number, RejectReason::Malformed, detail));
            continue;
        }
        // The place on a list is no key: it is another one's tomorrow.
        sink(assemble(input, number, &mut |field| match paths.value(field, &item) {
            None if field == "id" && paths.value("url", &item).is_none() => {
                Some(key_of_text(&["title", "body"].map(|part| paths.value(part, &item).unwrap_or_default())))
            }
            found => found,
        }));
    }
    // Of an answer that can be missed every record is counted for itself.
    if count > 0 && !request.optional {
        required(&paths, input)?;
    }
    Ok(count)
}

/// The items of a list, or the one that stands in its place; null is no list.
fn items_at(whole: &Value, records: &str, input: &Input) -> Result<Vec<Value>, AcquireError> {
    match at(whole, records) {
        Some(Value::Array(list)) => Ok(list.clone()),
        Some(Value::Null) | None => {
            let problem = format!("has no list at `{records}`; it has {}", keys(whole));
            let advice = "the service may have changed: see its documentation";
            Err(AcquireError::content(&input.file, problem, advice))
        }
        Some(one) => Ok(vec![one.clone()]),
    }
}

/// A record with the employer that its answer names for all of them, unless it names one itself.
fn employed(mut record: Value, employer: Option<&str>) -> Value {
    if let (Value::Object(map), Some(employer)) = (&mut record, employer) {
        map.entry("employer").or_insert_with(|| employer.into());
    }
    record
}

/// A required column that no item has means another layout, not a thousand bad postings.
fn required(paths: &Paths<'_>, input: &Input) -> Result<(), AcquireError> {
    let absent = paths.absent(&input.file).into_iter();
    absent.filter(|a| matches!(a.field, "title" | "body")).map(|a| Err(a.error)).next().unwrap_or(Ok(()))
}

/// Elements that an item of a feed has once; of a second one nobody says what it is for.
const ONCE: [&str; 5] = ["title", "link", "guid", "pubDate", "description"];

fn first_of_each(item: &mut Value) {
    for key in ONCE {
        let first = item.get(key).and_then(Value::as_array).and_then(|list| list.first()).cloned();
        if let (Some(first), Some(slot)) = (first, item.get_mut(key)) {
            *slot = first;
        }
    }
}

fn is_markup(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}

fn parsed(text: &str, input: &Input) -> Result<Value, AcquireError> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if is_markup(text) {
        return xml_value::parse(&input.file, text).map(|(_, value)| value);
    }
    if too_deep(text.as_bytes(), input.limits.json_depth) {
        let found = format!("nests deeper than {}", input.limits.json_depth);
        return Err(AcquireError::over(&input.file, "json_depth", found, input.limits.json_depth.to_string()));
    }
    serde_json::from_str(text)
        .or_else(|e| escaped(text).ok_or(e))
        .map_err(|e| AcquireError::content(&input.file, format!("is not JSON: {e}"), "it may have been cut short"))
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get(key))
}

fn keys(value: &Value) -> String {
    match value {
        Value::Object(map) => map.keys().take(12).cloned().collect::<Vec<_>>().join(", "),
        Value::Array(list) => format!("a list of {}", list.len()),
        other => crate::acquire::error::excerpt(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Expects, Reading, named};
    use super::*;
    use crate::acquire::{Limits, Record};
    use crate::types::{SnapshotId, SourceId};

    /// Kept postings, details of rejects, and why the answer was refused.
    fn read(service: &str, request: &Request, body: &str) -> (Vec<RawPosting>, Vec<String>, Option<String>) {
        let (service, folder) = (named(service).unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path().join("answer");
        std::fs::write(&path, body).unwrap();
        let (source, snapshot) = (SourceId::new("boards").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "x.org/jobs".to_owned(), limits: Limits::default(), before: 0 };
        let Reading::Items { records, columns } = service.reading(request) else { panic!("items are read") };
        let (mut kept, mut rejects) = (Vec::new(), Vec::new());
        let read = read_items(service, &path, &input, (request, records, &columns), &mut |record| match record {
            Record::Kept(posting) => kept.push(posting),
            Record::Rejected(reject) => rejects.push(reject.detail),
        });
        (kept, rejects, read.err().map(|error| error.to_string()))
    }

    fn board() -> Request {
        Request::get("https://x.org/jobs", Expects::Json).noting("acme")
    }

    fn feed(items: &str) -> (Vec<RawPosting>, Vec<String>, Option<String>) {
        let request = Request::get("https://www.jobs.ps/rss/jobs/gaza-jobs", Expects::Xml).noting("gaza-jobs");
        read("jobs_ps", &request, &format!("<rss><channel>{items}</channel></rss>"))
    }

    #[test]
    fn a_posting_without_an_id_is_known_by_its_text_wherever_it_stands_on_the_list() {
        let item = |title: &str| format!("<item><title>{title}</title><description>text</description></item>");
        let keys = |items: &[String]| {
            let mut keys: Vec<_> = feed(&items.concat()).0.into_iter().map(|p| (p.title, p.source_key)).collect();
            keys.sort();
            keys
        };
        let (nurse, cook) = (item("Nurse"), item("Cook"));
        let there = keys(&[nurse.clone(), cook.clone()]);
        assert_eq!(there, keys(&[cook, nurse]));
        assert_ne!(there[0].1, there[1].1);
    }

    #[test]
    fn of_two_elements_that_a_feed_has_once_the_first_counts() {
        let (kept, _, _) = feed("<item><title>a</title><title>second</title><description>b</description></item>");
        assert_eq!(kept[0].title, "a");
    }

    #[test]
    fn half_a_character_in_one_text_costs_no_posting() {
        let (kept, _, refused) =
            read("ashby", &board(), r#"{"jobs": [{"id": "1", "title": "x \ud800", "descriptionPlain": "b"}]}"#);
        assert_eq!((kept[0].title.as_str(), refused), ("x \u{fffd}", None));
    }

    #[test]
    fn null_is_no_list_of_postings() {
        let (_, _, refused) = read("ashby", &board(), r#"{"apiVersion": "1", "jobs": null}"#);
        assert!(refused.is_some_and(|words| words.contains("no list at `jobs`; it has apiVersion, jobs")));
        assert_eq!(read("ashby", &board(), r#"{"jobs": []}"#).2, None);
    }

    #[test]
    fn an_answer_that_can_be_missed_costs_a_reject_for_each_of_its_records_and_no_more() {
        let oops = r#"{"message": "oops"}"#;
        let (kept, rejects, refused) = read("smartrecruiters", &board().optional(), oops);
        assert_eq!((kept.len(), rejects, refused), (0, vec!["`title` is empty".to_owned()], None));
        let (_, _, refused) = read("smartrecruiters", &board(), oops);
        assert!(refused.is_some_and(|words| words.contains("title")));
    }

    #[test]
    fn keys_name_the_board_and_an_employer_that_is_named_once_is_that_of_every_posting() {
        let body = r#"{"name": "Acme Relief", "jobs": [{"shortcode": "4B1F", "title": "a", "description": "b"}]}"#;
        let (kept, _, _) = read("workable", &board(), body);
        assert_eq!((kept[0].source_key.as_str(), kept[0].employer.as_deref()), ("acme/4B1F", Some("Acme Relief")));
    }
}
