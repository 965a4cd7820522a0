//! CSV within limits: delimiter, header contract, ragged rows, quotes that never close.

use super::csv_guard::{Guard, RecordTooLong, SENTINEL, holds_sentinel, is_sentinel};
use super::error::{AcquireError, excerpt};
use super::limits::Limits;
use super::rows::{Row, Rows};
use super::text::DAMAGE;
use crate::types::RejectReason;
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};

/// How much of the beginning decides about the delimiter and the usual width.
const SAMPLE_BYTES: u64 = 64 * 1024;

/// Rows of a CSV file under one header.
pub(super) struct CsvFile<'a> {
    file: String,
    limits: Limits,
    delimiter: u8,
    reader: Reader<Guard<'a>>,
    header: Vec<String>,
    record: ByteRecord,
    skipped_lines: u64,
    row: u64,
    ragged: u64,
}

impl<'a> CsvFile<'a> {
    /// Reads the header and checks it against the first rows.
    pub(super) fn open(file: &str, body: &'a mut dyn BufRead, limits: &Limits) -> Result<Self, AcquireError> {
        Self::open_at(file, body, limits, None)
    }

    /// The same for files whose delimiter the format fixes.
    pub(super) fn open_delimited(
        file: &str,
        body: &'a mut dyn BufRead,
        limits: &Limits,
        delimiter: u8,
    ) -> Result<Self, AcquireError> {
        Self::with(file, body, limits, (None, Some(delimiter)))
    }

    /// What parts the fields.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Cells of the row given last, whatever is wrong with it.
    pub(super) fn cells(&self) -> &ByteRecord {
        &self.record
    }

    /// The same for files with lines of metadata above the header, of which one cell is known.
    pub(super) fn open_at(
        file: &str,
        body: &'a mut dyn BufRead,
        limits: &Limits,
        known_cell: Option<&str>,
    ) -> Result<Self, AcquireError> {
        Self::with(file, body, limits, (known_cell, None))
    }

    fn with(
        file: &str,
        body: &'a mut dyn BufRead,
        limits: &Limits,
        (known_cell, fixed): (Option<&str>, Option<u8>),
    ) -> Result<Self, AcquireError> {
        let mut head = Vec::new();
        body.take(SAMPLE_BYTES).read_to_end(&mut head).map_err(|e| AcquireError::io(file, e))?;
        let skipped = known_cell.map_or(0, |cell| header_offset(&head, cell));
        let skipped_lines = lines(head.get(..skipped).unwrap_or_default());
        head.drain(..skipped);
        let whole = (head.len() + skipped) < SAMPLE_BYTES as usize;
        let (delimiter, widths) = match fixed {
            Some(delimiter) => (delimiter, sample_widths(&head, delimiter, whole)),
            None => sniff_delimiter(&head, whole),
        };
        let guard = Guard::new(head, body, delimiter, limits.record_bytes);
        let reader = builder(delimiter).from_reader(guard);
        let (header, record) = (Vec::new(), ByteRecord::new());
        let (file, limits) = (file.to_owned(), limits.clone());
        let mut csv = Self { file, limits, delimiter, reader, header, record, skipped_lines, row: 0, ragged: 0 };
        csv.read_header(&widths)?;
        Ok(csv)
    }

    fn read_header(&mut self, widths: &[usize]) -> Result<(), AcquireError> {
        if !self.read_record()? {
            return Err(AcquireError::content(&self.file, "holds no rows", "look at where it was obtained"));
        }
        let line = self.line();
        if std::str::from_utf8(self.record.as_slice()).map_or(true, |text| text.contains(DAMAGE)) {
            let problem = format!("line {line}: the names of its columns hold bytes that are not UTF-8");
            return Err(AcquireError::content(
                &self.file,
                problem,
                "save it as UTF-8, or name its `encoding` in the plan",
            ));
        }
        self.header = self.record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.header.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            return Err(AcquireError::DuplicateColumn { file: self.file.clone(), line, name: excerpt(twice) });
        }
        let rows = widths.get(1..).unwrap_or_default();
        if let Some((fields, count)) = usual_width(rows)
            && fields != self.header.len()
            && count * 2 > rows.len()
        {
            return Err(AcquireError::HeaderWidth { file: self.file.clone(), line, names: self.header.len(), fields });
        }
        Ok(())
    }

    /// Refuses a file most of whose rows do not fit the header: the first rows were not typical.
    fn finish(&self) -> Result<(), AcquireError> {
        if self.row > 1 && self.ragged * 2 > self.row {
            let problem = format!("{} of {} rows have another number of fields than the header", self.ragged, self.row);
            return Err(AcquireError::content(&self.file, problem, "correct the header, the delimiter or the quoting"));
        }
        Ok(())
    }

    fn fault(&mut self) -> Option<(RejectReason, String)> {
        let line = self.line();
        if self.reader.get_ref().quote_misplaced_before(self.reader.position().byte()) {
            self.ragged += u64::from(self.record.len() != self.header.len());
            let detail = format!("line {line}: a quote closes inside a field; perhaps one before it was left open");
            return Some((RejectReason::Malformed, detail));
        }
        if self.record.len() != self.header.len() {
            self.ragged += 1;
            let detail = format!("line {line} has {} fields, the header {}", self.record.len(), self.header.len());
            return Some((RejectReason::RaggedRow, detail));
        }
        if std::str::from_utf8(self.record.as_slice()).map_or(true, |text| text.contains(DAMAGE)) {
            return Some((RejectReason::BadEncoding, format!("line {line} holds bytes that are not UTF-8")));
        }
        if let Some(at) = self.record.iter().position(|cell| cell.len() as u64 > self.limits.field_bytes) {
            let name = self.header.get(at).map_or("", String::as_str);
            let limit = self.limits.field_bytes;
            return Some((RejectReason::OverLimit, format!("'{name}' is over {limit} bytes (`limits.field_bytes`)")));
        }
        let repeats_header =
            self.header.len() > 1 && self.record.iter().zip(&self.header).all(|(c, h)| c == h.as_bytes());
        repeats_header.then(|| (RejectReason::Malformed, format!("line {line} repeats the header")))
    }

    /// Line of the current record.
    fn line(&self) -> u64 {
        self.skipped_lines + self.record.position().map_or(0, csv::Position::line)
    }

    /// Reads one record; false at the end.
    fn read_record(&mut self) -> Result<bool, AcquireError> {
        let start = self.reader.position().clone();
        self.reader.get_mut().begin(start.byte());
        let more = self.reader.read_byte_record(&mut self.record).map_err(|e| self.refusal(e, start.line()))?;
        if !more || (self.record.len() == 1 && self.record.iter().all(is_sentinel)) {
            return Ok(false);
        }
        let swallowed = self.record.iter().next_back().is_some_and(holds_sentinel);
        if swallowed || self.reader.position().line() - start.line() > self.limits.record_lines {
            return Err(AcquireError::UnclosedQuote { file: self.file.clone(), line: self.line_of_longest() });
        }
        Ok(true)
    }

    /// Line on which the field with most line breaks begins: the one that swallowed the others.
    fn line_of_longest(&self) -> u64 {
        let breaks = |cell: &[u8]| cell.iter().filter(|b| **b == b'\n').count() as u64;
        let longest = self.record.iter().map(breaks).max().unwrap_or_default();
        self.line() + self.record.iter().map(breaks).take_while(|n| *n < longest).sum::<u64>()
    }

    fn refusal(&self, error: csv::Error, line: u64) -> AcquireError {
        let line = self.skipped_lines + line;
        match error.into_kind() {
            csv::ErrorKind::Io(e) if e.get_ref().is_some_and(|inner| inner.is::<RecordTooLong>()) => {
                let found = format!("the row that begins on line {line} does not end, perhaps an unclosed quote");
                let limit = format!("{} bytes a row", self.limits.record_bytes);
                AcquireError::over(&self.file, "record_bytes", found, limit)
            }
            csv::ErrorKind::Io(e) => AcquireError::io(&self.file, e),
            other => AcquireError::content(&self.file, format!("line {line}: {other:?}"), "correct the row"),
        }
    }
}

impl Rows for CsvFile<'_> {
    fn file(&self) -> &str {
        &self.file
    }

    fn header(&self) -> &[String] {
        &self.header
    }

    fn next(&mut self) -> Result<Option<(u64, Row<'_>)>, AcquireError> {
        if !self.read_record()? {
            return self.finish().map(|()| None);
        }
        self.row += 1;
        let fault = self.fault();
        Ok(Some((self.row, fault.map_or(Row::Cells(&self.record), |(reason, detail)| Row::Bad(reason, detail)))))
    }
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(SAMPLE_BYTES as usize);
    builder
}

/// The delimiter under which the rows agree best with the header, and the widths it gives.
fn sniff_delimiter(head: &[u8], whole: bool) -> (u8, Vec<usize>) {
    let mut best = (0.0, b',', Vec::new());
    for delimiter in [b',', b';', b'\t', b'|'] {
        let widths = sample_widths(head, delimiter, whole);
        let header = widths.first().copied().unwrap_or_default();
        let Some((usual, count)) = usual_width(widths.get(1..).unwrap_or_default()).or(Some((header, 1))) else {
            continue;
        };
        let agreement = count as f64 / (widths.len().max(2) - 1) as f64;
        let score = if header < 2 { 0.0 } else { agreement + usual.min(header) as f64 / 1000.0 };
        if score > best.0 || best.2.is_empty() {
            best = (score, delimiter, widths);
        }
    }
    (best.1, best.2)
}

/// Widths of the first rows; a last row that the sample cuts, or that a quote left open swallows, does not count.
fn sample_widths(head: &[u8], delimiter: u8, whole: bool) -> Vec<usize> {
    let mut reader = builder(delimiter).from_reader(head.chain(SENTINEL));
    let mut record = ByteRecord::new();
    let mut widths = Vec::new();
    while widths.len() < 500 && reader.read_byte_record(&mut record).unwrap_or(false) {
        if record.iter().next_back().is_some_and(holds_sentinel) {
            return widths;
        }
        if record.len() == 1 && record.iter().all(is_sentinel) {
            widths.truncate(if whole { widths.len() } else { widths.len().saturating_sub(1).max(1) });
            return widths;
        }
        widths.push(record.len());
    }
    widths
}

/// The most frequent width and how many rows have it.
fn usual_width(widths: &[usize]) -> Option<(usize, usize)> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for width in widths {
        *counts.entry(*width).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count)
}

/// Where the line begins whose first cell is `cell`, else the first line with such a cell; 0 when there is none.
fn header_offset(head: &[u8], cell: &str) -> usize {
    let (mut offset, mut elsewhere) = (0, None);
    for line in head.split_inclusive(|b| matches!(b, b'\n' | b'\r')) {
        if line.strip_prefix(b"\"").unwrap_or(line).starts_with(cell.as_bytes()) {
            return offset;
        }
        if elsewhere.is_none() && line.split(|b| b",;\t|".contains(b)).any(|part| bare(part) == cell.as_bytes()) {
            elsewhere = Some(offset);
        }
        offset += line.len();
    }
    elsewhere.unwrap_or_default()
}

/// A cell without the quotes and white space around it.
fn bare(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell).trim_ascii()
}

/// How many lines end in a text; some files end them in CR alone.
fn lines(text: &[u8]) -> u64 {
    let ends = |end: u8| text.iter().filter(|b| **b == end).count() as u64;
    ends(b'\n').max(ends(b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Header and number of rows under it, of a file whose header has a cell `Code`.
    fn opened(text: &str) -> (Vec<String>, u64) {
        let mut body = text.as_bytes();
        let mut csv = CsvFile::open_at("table", &mut body, &Limits::default(), Some("Code")).unwrap();
        let header = csv.header().to_vec();
        let mut rows = 0;
        while csv.next().unwrap().is_some() {
            rows += 1;
        }
        (header, rows)
    }

    #[test]
    fn a_header_under_a_title_is_found_by_any_of_its_cells_and_by_its_first_one_before_others() {
        let expected = (vec!["Name".to_owned(), "Code".to_owned()], 2);
        for header in ["Name;Code", "Name; Code ", "\"Name\";\"Code\""] {
            assert_eq!(opened(&format!("A title;\n{header}\na;1\nb;2\n")), expected, "{header}");
        }
        let first = opened("About;Code\nCode;Name\n1;a\n");
        assert_eq!(first, (vec!["Code".to_owned(), "Name".to_owned()], 1));
    }

    #[test]
    fn a_header_under_a_title_is_found_where_lines_end_in_cr_alone() {
        let (header, rows) = opened("A title;\rName;Code\ra;1\rb;2\r");
        assert_eq!((header.len(), rows), (2, 2));
    }
}
