//! JSON without parsing it: where elements end, how deep they nest, where an array of objects begins.

use super::Limits;
use std::io::{self, BufRead};

/// Whether the next byte of JSON text is inside a string.
#[derive(Default)]
struct Strings {
    inside: bool,
    escaped: bool,
}

impl Strings {
    /// Takes the next byte; true when it belongs to a string that had begun before it.
    fn hold(&mut self, byte: u8) -> bool {
        if self.inside {
            self.inside = self.escaped || byte != b'"';
            self.escaped = byte == b'\\' && !self.escaped;
            return true;
        }
        self.inside = byte == b'"';
        false
    }
}

/// Cuts the elements of an array apart.
#[derive(Default)]
pub(super) struct Cutter {
    element: Vec<u8>,
    /// Whether an element is under way.
    pub(super) started: bool,
    too_long: bool,
    depth: u64,
    strings: Strings,
}

/// Why the cutter stopped.
#[derive(PartialEq)]
pub(super) enum Step {
    More,
    Element,
    End,
}

impl Cutter {
    /// Reads on until the element under way ends; says how many bytes it took and why it stopped.
    pub(super) fn advance(&mut self, chunk: &[u8], limits: &Limits) -> (usize, Step) {
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
            if self.strings.hold(*byte) {
                continue;
            }
            match byte {
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

    /// The element that ended; nothing when it was over the limit.
    pub(super) fn take(&mut self) -> Option<Vec<u8>> {
        let element = (!self.too_long).then(|| std::mem::take(&mut self.element));
        (self.started, self.too_long) = (false, false);
        element
    }
}

/// Whether brackets nest deeper than the limit; quotes are only looked at when there are enough brackets.
pub(super) fn too_deep(bytes: &[u8], limit: u64) -> bool {
    let limit = limit.min(127);
    if bytes.iter().filter(|b| matches!(b, b'{' | b'[')).count() as u64 <= limit {
        return false;
    }
    let (mut depth, mut strings) = (0u64, Strings::default());
    for byte in bytes {
        if strings.hold(*byte) {
            continue;
        }
        match byte {
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

/// Moves to after the first `[` that an object follows, outside strings.
pub(super) fn skip_to_array_of_objects(body: &mut dyn BufRead) -> io::Result<bool> {
    let (mut strings, mut after_bracket) = (Strings::default(), false);
    loop {
        let chunk = body.fill_buf()?;
        if chunk.is_empty() {
            return Ok(false);
        }
        let length = chunk.len();
        let mut found = None;
        for (at, byte) in chunk.iter().enumerate() {
            if strings.hold(*byte) {
                continue;
            }
            match byte {
                b'{' if after_bracket => {
                    found = Some(at);
                    break;
                }
                b'[' => after_bracket = true,
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
