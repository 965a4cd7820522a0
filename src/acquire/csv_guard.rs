//! Watches the bytes a CSV reader is fed: records that grow without end, and quotes that close inside a field.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// A last row of our own. A quote left open swallows it, which is how that is told from a long field.
pub(super) const SENTINEL: &[u8] = b"\n\x01end of file\x01\n";

/// The record under way is over the limit.
#[derive(Debug, thiserror::Error)]
#[error("record too long")]
pub(super) struct RecordTooLong;

/// Feeds the CSV reader, and stops when the record it works on grows without end.
pub(super) struct Guard<'a> {
    head: Vec<u8>,
    at: usize,
    body: &'a mut dyn BufRead,
    tail: &'static [u8],
    given: u64,
    record_from: u64,
    limit: u64,
    quotes: Quotes,
}

impl<'a> Guard<'a> {
    /// `head` goes before `body`; a record may have `limit` bytes.
    pub(super) fn new(head: Vec<u8>, body: &'a mut dyn BufRead, delimiter: u8, limit: u64) -> Self {
        let quotes = Quotes { delimiter, state: State::Start, misplaced: VecDeque::new() };
        Self { head, at: 0, body, tail: SENTINEL, given: 0, record_from: 0, limit, quotes }
    }

    /// Says that a record begins at this byte.
    pub(super) fn begin(&mut self, at: u64) {
        self.record_from = at;
        while self.quotes.misplaced.front().is_some_and(|quote| *quote < at) {
            self.quotes.misplaced.pop_front();
        }
    }

    /// Whether a quote closes inside a field before this byte, in the record under way.
    pub(super) fn quote_misplaced_before(&self, at: u64) -> bool {
        self.quotes.misplaced.front().is_some_and(|quote| *quote < at)
    }
}

/// Whether a cell is our last row.
pub(super) fn is_sentinel(cell: &[u8]) -> bool {
    cell == SENTINEL.trim_ascii()
}

/// Whether a cell has swallowed our last row.
pub(super) fn holds_sentinel(cell: &[u8]) -> bool {
    cell.ends_with(SENTINEL)
}

impl Read for Guard<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given.saturating_sub(self.record_from) > self.limit {
            return Err(io::Error::other(RecordTooLong));
        }
        let mut head = self.head.get(self.at..).unwrap_or_default();
        let mut count = head.read(into)?;
        self.at += count;
        if count == 0 {
            count = self.body.read(into)?;
        }
        if count == 0 {
            count = self.tail.read(into)?;
        }
        self.quotes.watch(into.get(..count).unwrap_or_default(), self.given);
        self.given += count as u64;
        Ok(count)
    }
}

/// Where in a field the bytes are.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Bare,
    Quoted,
    AfterQuote,
}

/// Follows quoting, and notes quotes that are followed by more of their field: after a quote left open, the next field
/// that is quoted shows up so. The CSV reader takes them for text.
struct Quotes {
    delimiter: u8,
    state: State,
    misplaced: VecDeque<u64>,
}

impl Quotes {
    fn watch(&mut self, bytes: &[u8], offset: u64) {
        if self.state != State::Quoted && !bytes.contains(&b'"') {
            // Without quotes only the last byte matters.
            if let Some(last) = bytes.last() {
                self.state = if self.ends_field(*last) { State::Start } else { State::Bare };
            }
            return;
        }
        for (at, byte) in bytes.iter().enumerate() {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::AfterQuote,
                (State::Quoted, _) => State::Quoted,
                (State::Start | State::AfterQuote, b'"') => State::Quoted,
                (_, byte) if self.ends_field(*byte) => State::Start,
                (State::AfterQuote, b' ') => State::AfterQuote,
                (State::AfterQuote, _) => {
                    self.misplaced.push_back(offset + at as u64);
                    State::Bare
                }
                _ => State::Bare,
            };
        }
    }

    fn ends_field(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }
}
