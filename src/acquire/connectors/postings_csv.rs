//! Postings as delimited text.

use super::assemble;
use crate::acquire::csv_file::{CsvFile, Row};
use crate::acquire::mapping::POSTING;
use crate::acquire::{AcquireError, Columns, Input, Sink};
use crate::types::{RawPosting, RejectReason};
use csv::ByteRecord;
use std::io::BufRead;

/// Reads postings from CSV under a header, with the plan's columns or our own names.
///
/// # Errors
/// When the header is not usable, a mapped column is absent, a quote never closes or a limit is passed.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    columns: &Columns,
    sink: Sink<'_, RawPosting>,
) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    let bound = POSTING.bind(columns, csv.header(), &input.file)?;
    while let Some((number, row)) = csv.next()? {
        sink(match row {
            Row::Bad(reason, detail) => input.reject(number, reason, detail),
            Row::Cells(cells) => match not_utf8(cells) {
                Some(detail) => input.reject(number, RejectReason::BadEncoding, detail),
                None => assemble(input, number, &mut |field| bound.value(field, &|at| cell(cells, at))),
            },
        });
    }
    Ok(())
}

/// A cell as text; absent when there is none.
pub(super) fn cell(cells: &ByteRecord, at: usize) -> Option<&str> {
    cells.get(at).and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Why a row is no UTF-8, for readers that were not decoded by `open`.
pub(super) fn not_utf8(cells: &ByteRecord) -> Option<String> {
    let at = cells.iter().position(|bytes| std::str::from_utf8(bytes).is_err())?;
    Some(format!("field {} is not UTF-8", at + 1))
}
