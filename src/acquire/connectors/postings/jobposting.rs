//! Postings as schema.org JobPosting, the mark-up that job boards publish for search engines.
//!
//! Any property may be one value or a list, a text or an object: the readers here take what they find.

use super::postings_json::{Paths, text_of};
use crate::acquire::desk::Desk;
use crate::acquire::mapping::is_blank;
use crate::acquire::{AcquireError, Input, json};
use crate::types::RejectReason;
use serde_json::Value;
use std::io::BufRead;

/// Reads JobPosting objects: alone, in an array, in `@graph`, under a key `posting`, or one a line. The plan's columns
/// go before the vocabulary's own.
///
/// # Errors
/// When the file is no JSON, or a mapped column is in none of its records.
pub(in crate::acquire) fn read(input: &Input, body: &mut dyn BufRead, desk: &mut Desk<'_>) -> Result<(), AcquireError> {
    let mut paths = Paths::new(desk.columns)?;
    let mut number = 0;
    json::for_each(input, body, &mut |item| match item {
        Err((reason, detail)) => {
            number += 1;
            desk.reject(input, number, reason, detail);
        }
        Ok(value) => {
            for posting in postings_in(&value) {
                number += 1;
                match posting {
                    Err(other) => desk.reject(input, number, RejectReason::Malformed, other),
                    Ok(found) => desk.record(input, number, &mut |field| field_of(field, found, &mut paths)),
                }
            }
        }
    })?;
    if number > 0 { desk.absent(paths.absent(&input.file)) } else { Ok(()) }
}

/// A field by the plan's columns, else by the vocabulary's properties.
pub(super) fn field_of(field: &str, posting: &Value, paths: &mut Paths<'_>) -> Option<String> {
    let value = paths.mapped(field, posting).unwrap_or_else(|| property(posting, field));
    value.filter(|text| !is_blank(text))
}

/// Every JobPosting within a document, however deep it is wrapped: lists, `@graph`, `mainEntity`, lists of items.
pub(super) fn all_postings<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(list) => list.iter().for_each(|inner| all_postings(inner, found)),
        Value::Object(_) if is_job_posting(value) => found.push(value),
        Value::Object(map) => {
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "about", "posting"] {
                if let Some(inner) = map.get(key) {
                    all_postings(inner, found);
                }
            }
        }
        _ => {}
    }
}

/// The JobPosting objects a record holds, or what it is instead.
fn postings_in(value: &Value) -> Vec<Result<&Value, String>> {
    if let Some(wrapped) = value.get("posting").filter(|inner| inner.is_object()) {
        return postings_in(wrapped);
    }
    let nodes = value.get("@graph").and_then(Value::as_array);
    let found: Vec<_> = match nodes {
        Some(nodes) => nodes.iter().filter(|node| is_job_posting(node)).map(Ok).collect(),
        None if is_job_posting(value) || (value.get("@type").is_none() && value.get("title").is_some()) => {
            vec![Ok(value)]
        }
        None => Vec::new(),
    };
    if found.is_empty() {
        let kind = value.get("@type").and_then(text_of).unwrap_or_else(|| "untyped".to_owned());
        return vec![Err(format!("expected a JobPosting, found '{}'", crate::acquire::error::excerpt(&kind)))];
    }
    found
}

fn is_job_posting(node: &Value) -> bool {
    let named = |v: &Value| v.as_str().is_some_and(|name| name.rsplit(['/', ':']).next() == Some("JobPosting"));
    many(node.get("@type")).iter().any(named)
}

/// Our field out of the vocabulary's properties.
fn property(posting: &Value, field: &str) -> Option<String> {
    let get = |key: &str| posting.get(key);
    match field {
        "title" => first_text(get("title")).or_else(|| first_text(get("name"))),
        "body" => first_text(get("description")),
        "employer" => first_text(get("hiringOrganization")),
        "place" => place(get("jobLocation")).or_else(|| first_text(get("applicantLocationRequirements"))),
        "posted_on" => first_text(get("datePosted")),
        "closes_on" => first_text(get("validThrough")),
        "id" => identifier(get("identifier")).or_else(|| first_text(get("@id"))),
        "url" => first_text(get("url")),
        "occupation" => first_text(get("occupationalCategory")),
        "sector" => first_text(get("industry")),
        "salary" => get("baseSalary").and_then(salary),
        "language" => first_text(get("inLanguage")),
        _ => None,
    }
}

/// A property as a list, whether it is one value, many or absent.
fn many(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// The first value as text; of an object, its name, code or value.
fn first_text(value: Option<&Value>) -> Option<String> {
    many(value).iter().find_map(|v| match v {
        Value::Object(_) => ["name", "alternateName", "value", "codeValue", "@value", "@id"]
            .iter()
            .find_map(|key| v.get(key).and_then(text_of)),
        other => text_of(other),
    })
}

/// The value of an identifier: its name is that of the numbering or the employer, and the same in every posting.
fn identifier(value: Option<&Value>) -> Option<String> {
    many(value).iter().find_map(|v| v.get("value").and_then(text_of)).or_else(|| first_text(value))
}

/// Addresses, most specific part first; several places are separated by `; `.
fn place(value: Option<&Value>) -> Option<String> {
    let one = |location: &Value| -> Option<String> {
        let address = location.get("address").unwrap_or(location);
        let address = many(Some(address)).first()?;
        let parts = ["addressLocality", "postalCode", "addressRegion", "addressCountry"];
        let found: Vec<String> = parts.iter().filter_map(|part| first_text(address.get(part))).collect();
        let found: Vec<&str> = found.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        if found.is_empty() {
            first_text(Some(address)).or_else(|| first_text(Some(location)))
        } else {
            Some(found.join(", "))
        }
    };
    let places: Vec<String> = many(value).iter().filter_map(one).collect();
    (!places.is_empty()).then(|| places.join("; "))
}

/// The salary as spelt: the text itself where there is one, else `low-high currency unit`.
fn salary(value: &Value) -> Option<String> {
    let base = many(Some(value)).first()?;
    if !base.is_object() {
        return text_of(base);
    }
    let amount = base.get("value").unwrap_or(base);
    let of = |key: &str| amount.get(key).or_else(|| base.get(key)).and_then(text_of);
    let stated = if amount.is_object() { amount.get("value").and_then(text_of) } else { text_of(amount) };
    if let Some(text) = &stated
        && text.chars().any(char::is_alphabetic)
    {
        return stated;
    }
    let figure = stated.or_else(|| match (of("minValue"), of("maxValue")) {
        (Some(low), Some(high)) if low != high => Some(format!("{low}-{high}")),
        (low, high) => low.or(high),
    })?;
    let parts = [Some(figure), of("currency"), of("unitText")];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
