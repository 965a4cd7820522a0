//! Records out of JSON: a line each, the elements of an array, or the array an object holds.
//!
//! Elements are cut apart before they are parsed, so one bad element costs one record and memory stays that of a record.

use super::error::AcquireError;
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
    let is_line = ended && (parsed.is_ok() || first.trim_ascii_end().ends_with(b"}"));
    match (is_line, next) {
        (true, Some(b'{')) => {
            each(parsed);
            lines(input, body, each)
        }
        _ => document(input, first, body, each),
    }
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
        let value = parse(&head, &input.limits).map_err(|(_, detail)| {
            AcquireError::content(&input.file, format!("is not JSON: {detail}"), "obtain it again or correct it")
        })?;
        records_of(value, 0).into_iter().for_each(|record| each(Ok(record)));
        return Ok(());
    }
    let mut all = io::BufReader::new(io::Cursor::new(head).chain(body));
    if !skip_to_array_of_objects(&mut all).map_err(fail)? {
        return Err(AcquireError::content(&input.file, "holds no array of objects", "JSON with records was expected"));
    }
    elements(input, &mut all, each)
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
            each(cutter.take(&input.limits));
        }
        if step == Step::End {
            return Ok(());
        }
    }
}

#[derive(Default)]
struct Cutter {
    element: Vec<u8>,
    started: bool,
    too_long: bool,
    depth: u64,
    in_string: bool,
    escaped: bool,
}

#[derive(PartialEq)]
enum Step {
    More,
    Element,
    End,
}

impl Cutter {
    /// Reads on until the element under way ends; says how many bytes it took and why it stopped.
    fn advance(&mut self, chunk: &[u8], limits: &Limits) -> (usize, Step) {
        let mut from = 0;
        for (at, byte) in chunk.iter().enumerate() {
            if !self.started {
                match byte {
                    b',' | b' ' | b'\t' | b'\r' | b'\n' => {
                        from = at + 1;
                        continue;
                    }
                    b']' => return (at + 1, Step::End),
                    _ => self.started = true,
                }
            }
            if self.in_string {
                self.in_string = self.escaped || *byte != b'"';
                self.escaped = *byte == b'\\' && !self.escaped;
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b',' | b']' if self.depth == 0 => {
                    self.push(chunk.get(from..at).unwrap_or_default(), limits);
                    return (at + 1, if *byte == b',' { Step::Element } else { Step::End });
                }
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        if self.started {
            self.push(chunk.get(from..).unwrap_or_default(), limits);
        }
        (chunk.len(), Step::More)
    }

    fn push(&mut self, bytes: &[u8], limits: &Limits) {
        self.too_long |= (self.element.len() + bytes.len()) as u64 > limits.record_bytes;
        if self.too_long {
            self.element = Vec::new();
        } else {
            self.element.extend_from_slice(bytes);
        }
    }

    fn take(&mut self, limits: &Limits) -> Item {
        let item = if self.too_long { Err(too_long(limits.record_bytes)) } else { parse(&self.element, limits) };
        self.element.clear();
        (self.started, self.too_long) = (false, false);
        item
    }
}

fn parse(bytes: &[u8], limits: &Limits) -> Item {
    if too_deep(bytes, limits.json_depth) {
        let detail = format!("nested deeper than {} (`limits.json_depth`)", limits.json_depth);
        return Err((RejectReason::OverLimit, detail));
    }
    serde_json::from_slice(bytes).map_err(|e| (RejectReason::Malformed, e.to_string()))
}

/// Whether brackets nest deeper than the limit; quotes are only looked at when there are enough brackets.
fn too_deep(bytes: &[u8], limit: u64) -> bool {
    let limit = limit.min(127);
    if bytes.iter().filter(|b| matches!(b, b'{' | b'[')).count() as u64 <= limit {
        return false;
    }
    let (mut depth, mut in_string, mut escaped) = (0u64, false, false);
    for byte in bytes {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = *byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
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

/// Moves to after the first `[` that an object follows, outside strings.
fn skip_to_array_of_objects(body: &mut dyn BufRead) -> io::Result<bool> {
    let (mut in_string, mut escaped, mut after_bracket) = (false, false, false);
    loop {
        let chunk = body.fill_buf()?;
        if chunk.is_empty() {
            return Ok(false);
        }
        let length = chunk.len();
        let mut found = None;
        for (at, byte) in chunk.iter().enumerate() {
            if in_string {
                in_string = escaped || *byte != b'"';
                escaped = *byte == b'\\' && !escaped;
                continue;
            }
            match byte {
                b'{' if after_bracket => {
                    found = Some(at);
                    break;
                }
                b'[' => after_bracket = true,
                b'"' => (in_string, after_bracket) = (true, false),
                b' ' | b'\n' | b'\r' | b'\t' => {}
                _ => after_bracket = false,
            }
        }
        body.consume(found.unwrap_or(length));
        if found.is_some() {
            return Ok(true);
        }
    }
}
