//! A page: the JobPosting objects it carries for search engines, else labels and values, else its title and main text.
//! A page that a service leads to must carry a posting: nobody looked at it before.

use super::jobposting::{all_postings, field_of, resolved};
use super::page_labels::labelled;
use super::page_text::{PageText, page_text};
use super::postings_json::Paths;
use crate::acquire::decode::{declared, is_utf8};
use crate::acquire::desk::Desk;
use crate::acquire::mend::{Rung, parse};
use crate::acquire::multilingual::Graph;
use crate::acquire::notes::Mend;
use crate::acquire::open::Document;
use crate::acquire::text::Markup;
use crate::acquire::{AcquireError, Input};
use crate::types::RejectReason;
use serde_json::Value;
use std::io::{Cursor, Read};

/// Reads a page; gives its encoding. A page without a posting is a reject.
///
/// # Errors
/// When its bytes are no text.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    desk: &mut Desk<'_>,
) -> Result<&'static str, AcquireError> {
    let document = if document.has_encoding() { document } else { in_its_encoding(document, input)? };
    let most = input.limits.record_bytes;
    let mut opened = document.text(Markup::Expected)?;
    let mut text = String::new();
    (&mut opened).take(most + 1).read_to_string(&mut text).map_err(|e| AcquireError::io(&input.file, e))?;
    let encoding = opened.encoding();
    if text.len() as u64 > most {
        let detail = format!("the page is over {most} bytes (`limits.record_bytes`)");
        desk.reject(input, 1, RejectReason::OverLimit, detail);
        return Ok(encoding);
    }
    let file = input.file.rsplit('/').next().unwrap_or_default();
    match carried(&text, input) {
        Carried::Postings(postings) => from_json(input, file, &postings, desk)?,
        Carried::List => {
            let detail = "the page lists postings and is none: save the pages of the postings".to_owned();
            desk.reject(input, 1, RejectReason::Malformed, detail);
        }
        carried => match labelled(&text, &input.limits) {
            Err((reason, detail)) => desk.reject(input, 1, reason, detail),
            Ok(Some(labelled)) => from_labels(input, file, labelled, desk)?,
            Ok(None) if desk.seen.of_service && matches!(carried, Carried::Nothing) => {
                let detail = "no JobPosting on the page".to_owned();
                desk.reject(input, 1, RejectReason::Malformed, detail);
            }
            Ok(None) => match page_text(&text, &input.limits) {
                Err((reason, detail)) => desk.reject(input, 1, reason, detail),
                Ok(page) => from_text(input, file, &page, desk)?,
            },
        },
    }
    Ok(encoding)
}

/// The page in the code page that it declares, unless it is UTF-8 all the same: templates outlive their editors.
fn in_its_encoding<'d>(document: Document<'d>, input: &Input) -> Result<Document<'d>, AcquireError> {
    let Some(declared) = declared(document.head()) else { return Ok(document) };
    let (name, mut bytes) = (document.name.clone(), Vec::new());
    let most = input.limits.record_bytes;
    document.bytes().take(most + 1).read_to_end(&mut bytes).map_err(|e| AcquireError::io(&name, e))?;
    let encoding = (!is_utf8(&bytes)).then_some(declared);
    Ok(Document::new(name, Box::new(Cursor::new(bytes)), &input.limits)?.with_encoding(encoding))
}

/// What the JSON-LD of a page holds.
enum Carried {
    Postings(Vec<(Value, Rung)>),
    /// A list of links to postings.
    List,
    /// A posting beyond repair.
    Damaged,
    Nothing,
}

fn carried(text: &str, input: &Input) -> Carried {
    let (mut postings, mut list, mut damaged) = (Vec::new(), false, false);
    for script in linked_data(text) {
        let Some((value, rung)) = parse(script, &input.limits) else {
            damaged |= script.contains("JobPosting");
            continue;
        };
        let mut found = Vec::new();
        all_postings(&value, &mut found);
        list |= is_list(&value);
        let graph = Graph::of(&value);
        postings.extend(found.into_iter().map(|posting| (resolved(posting, &graph), rung)));
    }
    match (postings.is_empty(), list, damaged) {
        (false, _, _) => Carried::Postings(postings),
        (true, true, _) => Carried::List,
        (true, false, true) => Carried::Damaged,
        (true, false, false) => Carried::Nothing,
    }
}

fn is_list(value: &Value) -> bool {
    let named = |v: &Value| matches!(v.as_str(), Some("ItemList" | "SearchResultsPage"));
    match value {
        Value::Array(list) => list.iter().any(is_list),
        Value::Object(map) => {
            let kind = map.get("@type");
            kind.is_some_and(|k| named(k) || k.as_array().is_some_and(|list| list.iter().any(named)))
                || map.get("@graph").is_some_and(is_list)
                || map.get("mainEntity").is_some_and(is_list)
        }
        _ => false,
    }
}

fn from_json(input: &Input, file: &str, postings: &[(Value, Rung)], desk: &mut Desk<'_>) -> Result<(), AcquireError> {
    let mut paths = Paths::new(desk.columns)?;
    for ((posting, rung), number) in postings.iter().zip(1..) {
        match rung {
            Rung::Strict => {}
            Rung::Escaped => desk.notes.mended(Mend::JsonLdEscaped),
            Rung::Unwrapped => desk.notes.mended(Mend::JsonLdUnwrapped),
        }
        let mut posting = posting.clone();
        if let Value::Object(map) = &mut posting {
            map.entry("file").or_insert_with(|| Value::String(file.to_owned()));
        }
        desk.record(input, number, &mut |field| field_of(field, &posting, &mut paths));
    }
    desk.absent(paths.absent(&input.file))
}

fn from_labels(input: &Input, file: &str, mut labelled: Value, desk: &mut Desk<'_>) -> Result<(), AcquireError> {
    if let Value::Object(map) = &mut labelled {
        map.insert("file".to_owned(), Value::String(file.to_owned()));
    }
    let mut paths = Paths::new(desk.columns)?;
    desk.notes.mended(Mend::PageText);
    desk.record(input, 1, &mut |field| paths.value(field, &labelled));
    // As for pages of text, the plan's columns are made for those that carry JSON-LD.
    if desk.several { desk.absent(paths.absent(&input.file)) } else { Ok(()) }
}

/// The columns a page without JSON-LD has.
const NAMES: [&str; 6] = ["file", "title", "body", "url", "language", "posted_on"];

fn from_text(input: &Input, file: &str, page: &PageText, desk: &mut Desk<'_>) -> Result<(), AcquireError> {
    let header = NAMES.map(str::to_owned);
    // The plan's columns are made for pages of the source that carry JSON-LD; here they may be absent.
    let (bound, absent) = desk.bind_any(&header, &input.file)?;
    if desk.several {
        desk.absent(absent)?;
    }
    let values = [
        Some(file),
        page.title.as_deref(),
        Some(page.body.as_str()),
        page.url.as_deref(),
        page.language.as_deref(),
        page.posted_on.as_deref(),
    ];
    desk.notes.mended(Mend::PageText);
    let own = |field: &str| NAMES.iter().position(|n| *n == field).and_then(|at| values.get(at).copied().flatten());
    desk.record(input, 1, &mut |field| {
        let mapped = bound.value(field, &|at| values.get(at).copied().flatten());
        mapped.or_else(|| own(field).filter(|_| matches!(field, "title" | "body")).map(str::to_owned))
    });
    Ok(())
}

/// The contents of the page's scripts of type `application/ld+json`, outside comments.
pub(in crate::acquire) fn linked_data(text: &str) -> Vec<&str> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = lower.get(at..).and_then(|rest| rest.find('<')).map(|next| at + next) {
        let rest = lower.get(next..).unwrap_or_default();
        if rest.starts_with("<!--") {
            let Some(end) = rest.find("-->") else { break };
            at = next + end + 3;
        } else if rest.starts_with("<script") {
            let Some(open) = rest.find('>') else { break };
            let close = rest.get(open..).and_then(|r| r.find("</script")).map_or(rest.len(), |end| open + end);
            if rest.get(..open).is_some_and(|tag| tag.contains("ld+json")) {
                found.extend(text.get(next + open + 1..next + close));
            }
            at = next + close.max(1);
        } else {
            at = next + 1;
        }
    }
    found
}
