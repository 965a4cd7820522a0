//! Postings as items of a JSON or XML answer, found by a path.

use super::{Request, Service};
use crate::acquire::connectors::postings::{assemble, postings_json::Paths};
use crate::acquire::json_scan::too_deep;
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
    let (text, _) = document.whole_text(Markup::Expected)?;
    let whole = parsed(&text, input)?;
    let Some(items) = at(&whole, records) else {
        let problem = format!("has no list at `{records}`; it has {}", keys(&whole));
        return Err(AcquireError::content(&input.file, problem, "the service may have changed: see its documentation"));
    };
    let items: Vec<Value> = match items {
        Value::Array(list) => list.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let mut paths = Paths::new(columns)?;
    let count = items.len() as u64;
    for (item, number) in items.into_iter().zip(1..) {
        if !item.is_object() {
            let detail = format!("expected an object, found {}", crate::acquire::error::excerpt(&item.to_string()));
            sink(input.reject(number, RejectReason::Malformed, detail));
            continue;
        }
        let item = service.reshape(request, item);
        // A record without a title is given up before its text is looked at; a column is only absent when no item has it.
        drop(paths.value("body", &item));
        sink(assemble(input, number, &mut |field| paths.value(field, &item)));
    }
    if count > 0 { required(&paths, input).map(|()| count) } else { Ok(count) }
}

/// A required column that no item has means another layout, not a thousand bad postings.
fn required(paths: &Paths<'_>, input: &Input) -> Result<(), AcquireError> {
    let absent = paths.absent(&input.file).into_iter();
    absent.filter(|a| matches!(a.field, "title" | "body")).map(|a| Err(a.error)).next().unwrap_or(Ok(()))
}

fn parsed(text: &str, input: &Input) -> Result<Value, AcquireError> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        return xml_value::parse(&input.file, text).map(|(_, value)| value);
    }
    if too_deep(text.as_bytes(), input.limits.json_depth) {
        let found = format!("nests deeper than {}", input.limits.json_depth);
        return Err(AcquireError::over(&input.file, "json_depth", found, input.limits.json_depth.to_string()));
    }
    serde_json::from_str(text)
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
