//! Postings as delimited text.

use super::assemble;
use crate::acquire::csv_file::{CsvFile, Row};
use crate::acquire::mapping::POSTING;
use crate::acquire::{AcquireError, Columns, Input, Sink};
use crate::types::RawPosting;
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
            Row::Cells(cells) => assemble(input, number, &mut |field| bound.value(field, &|at| cell(cells, at))),
        });
    }
    Ok(())
}

/// A cell as text; absent when there is none.
pub(super) fn cell(cells: &ByteRecord, at: usize) -> Option<&str> {
    cells.get(at).and_then(|bytes| std::str::from_utf8(bytes).ok())
}
