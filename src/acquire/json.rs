//! Records out of JSON: a line each, the elements of an array, or the array an object holds.
//!
//! Elements are cut apart before they are parsed, so one bad element costs one record and memory stays that of a record.

use super::error::AcquireError;
use super::json_scan::{Cutter, Step, skip_to_array_of_objects, too_deep};
use super::{Input, Limits};
use crate::types::RejectReason;
use serde_json::Value;
use std::io::{self, BufRead, Read};

/// One record, or why it is none.
pub(super) type Item = Result<Value, (RejectReason, String)>;

/// Where items go.
pub(super) type Each<'a> = &'a mut dyn FnMut(Item);

/// Calls `each` for every record of the file, in order.
///
/// # Errors
/// When the file is no JSON at all or ends inside a record.
pub(super) fn for_each(input: &Input, body: &mut dyn BufRead, each: Each<'_>) -> Result<(), AcquireError> {
    let fail = |e| AcquireError::io(&input.file, e);
    match skip_space(body).map_err(fail)? {
        Some(b'[') => {
            body.consume(1);
            elements(input, body, each)
        }
        Some(b'{') => object_or_lines(input, body, each),
        _ => Err(AcquireError::content(
            &input.file,
            "begins with neither '{' nor '['",
            "JSON or JSON lines were expected",
        )),
    }
}

fn object_or_lines(input: &Input, body: &mut dyn BufRead, each: Each<'_>) -> Result<(), AcquireError> {
    let fail = |e| AcquireError::io(&input.file, e);
    let mut first = Vec::new();
    let ended = read_line(body, &mut first, input.limits.record_bytes).map_err(fail)?;
    let parsed = parse(&first, &input.limits);
    let next = if ended { skip_space(body).map_err(fail)? } else { None };
    // A first record that is damaged still shows by its end and the next line that these are lines.
    let closed = first.trim_ascii_end().ends_with(b"}");
    let are_lines = matches!((&parsed, next), (Ok(_), Some(_))) || (closed && next == Some(b'{'));
    if !are_lines {
        return document(input, first, body, each);
    }
    each(parsed);
    lines(input, body, each)
}

fn lines(input: &Input, body: &mut dyn BufRead, each: Each<'_>) -> Result<(), AcquireError> {
    let limit = input.limits.record_bytes;
    let mut line = Vec::new();
    loop {
        line.clear();
        let ended = read_line(body, &mut line, limit).map_err(|e| AcquireError::io(&input.file, e))?;
        if line.is_empty() && !ended {
            return Ok(());
        }
        if !ended && line.len() as u64 > limit {
            skip_line(body).map_err(|e| AcquireError::io(&input.file, e))?;
            each(Err(too_long(limit)));
        } else if !line.trim_ascii().is_empty() {
            each(parse(&line, &input.limits));
        }
    }
}

/// One object: small enough to look at as a whole, or streamed from its first array of objects.
fn document(input: &Input, mut head: Vec<u8>, body: &mut dyn BufRead, each: Each<'_>) -> Result<(), AcquireError> {
    let fail = |e| AcquireError::io(&input.file, e);
    let limit = input.limits.record_bytes;
    body.take(limit.saturating_sub(head.len() as u64) + 1).read_to_end(&mut head).map_err(fail)?;
    if head.len() as u64 <= limit {
        match parse(&head, &input.limits) {
            Ok(value) => {
                records_of(value, 0).into_iter().for_each(|record| each(Ok(record)));
                return Ok(());
            }
            Err((_, detail)) if !wraps_records(&head) => {
                let problem = format!("is not JSON: {detail}");
                return Err(AcquireError::content(&input.file, problem, "obtain it again or correct it"));
            }
            Err(_) => {}
        }
    }
    let mut all = io::BufReader::new(io::Cursor::new(head).chain(body));
    if !skip_to_array_of_objects(&mut all).map_err(fail)? {
        return Err(AcquireError::content(&input.file, "holds no array of objects", "JSON with records was expected"));
    }
    elements(input, &mut all, each)
}

/// Whether an object that does not parse as a whole has an array of objects, and is no record itself.
fn wraps_records(head: &[u8]) -> bool {
    let mut rest = head;
    let found = skip_to_array_of_objects(&mut rest).unwrap_or(false);
    let before = head.get(..head.len() - rest.len()).unwrap_or_default();
    let is_record = |key: &[u8]| before.windows(key.len()).any(|window| window == key);
    found && !is_record(b"\"title\"") && !is_record(b"\"@type\"")
}

/// The records an object stands for: its longest array of objects, its numbered members, or itself.
fn records_of(value: Value, depth: usize) -> Vec<Value> {
    let Value::Object(mut map) = value else { return vec![value] };
    let is_record = ["title", "@type", "@graph", "posting"].iter().any(|key| map.contains_key(*key));
    if is_record || depth > 2 {
        return vec![Value::Object(map)];
    }
    let of_objects = |v: &Value| v.as_array().filter(|a| a.iter().any(Value::is_object)).map_or(0, Vec::len);
    let longest = map.iter().map(|(key, v)| (of_objects(v), key)).max_by_key(|(count, _)| *count);
    if let Some((1.., key)) = longest {
        let key = key.clone();
        if let Some(Value::Array(list)) = map.remove(&key) {
            return list;
        }
    }
    if !map.is_empty() && map.keys().all(|k| k.bytes().all(|b| b.is_ascii_digit())) {
        return map.into_iter().map(|(_, v)| v).collect();
    }
    match map.iter().find(|(_, v)| v.as_object().is_some_and(|o| o.values().any(|m| of_objects(m) > 0))) {
        Some((key, _)) => {
            let key = key.clone();
            map.remove(&key).map_or_else(Vec::new, |inner| records_of(inner, depth + 1))
        }
        None => vec![Value::Object(map)],
    }
}

/// Cuts the elements of an array apart, from after its `[`.
fn elements(input: &Input, body: &mut dyn BufRead, each: Each<'_>) -> Result<(), AcquireError> {
    let mut cutter = Cutter::default();
    loop {
        let chunk = body.fill_buf().map_err(|e| AcquireError::io(&input.file, e))?;
        if chunk.is_empty() {
            return Err(AcquireError::content(
                &input.file,
                "ends inside its array",
                "it was cut short: obtain it again",
            ));
        }
        let mut used = 0;
        let mut step = Step::More;
        while let Some(rest) = chunk.get(used..).filter(|rest| !rest.is_empty()) {
            let (count, next) = cutter.advance(rest, &input.limits);
            used += count;
            step = next;
            if step != Step::More {
                break;
            }
        }
        body.consume(used);
        if step == Step::Element || (step == Step::End && cutter.started) {
            each(
                cutter
                    .take()
                    .map_or_else(|| Err(too_long(input.limits.record_bytes)), |element| parse(&element, &input.limits)),
            );
        }
        if step == Step::End {
            return Ok(());
        }
    }
}

fn parse(bytes: &[u8], limits: &Limits) -> Item {
    if too_deep(bytes, limits.json_depth) {
        let detail = format!("nested deeper than {} (`limits.json_depth`)", limits.json_depth);
        return Err((RejectReason::OverLimit, detail));
    }
    serde_json::from_slice(bytes).map_err(|e| (RejectReason::Malformed, e.to_string()))
}

fn too_long(limit: u64) -> (RejectReason, String) {
    (RejectReason::OverLimit, format!("the record is over {limit} bytes (`limits.record_bytes`)"))
}

/// Skips white space; the byte that follows, left in place.
fn skip_space(body: &mut dyn BufRead) -> io::Result<Option<u8>> {
    loop {
        let chunk = body.fill_buf()?;
        let Some(last) = chunk.len().checked_sub(1) else { return Ok(None) };
        match chunk.iter().position(|b| !b.is_ascii_whitespace()) {
            Some(at) => {
                let byte = chunk.get(at).copied();
                body.consume(at);
                return Ok(byte);
            }
            None => body.consume(last + 1),
        }
    }
}

/// Reads a line of at most `limit` bytes and one more; true when its end was met.
fn read_line(body: &mut dyn BufRead, line: &mut Vec<u8>, limit: u64) -> io::Result<bool> {
    body.take(limit + 1).read_until(b'\n', line)?;
    Ok(line.ends_with(b"\n"))
}

fn skip_line(body: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let chunk = body.fill_buf()?;
        let (length, end) = (chunk.len(), chunk.iter().position(|b| *b == b'\n'));
        body.consume(end.map_or(length, |at| at + 1));
        if end.is_some() || length == 0 {
            return Ok(());
        }
    }
}
