//! Postings as rows under a header: delimited text or a worksheet.

use super::assemble;
use crate::acquire::mapping::POSTING;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Columns, Input, Sink};
use crate::types::RawPosting;

/// Reads postings from rows, with the plan's columns or our own names.
///
/// # Errors
/// When the header is not usable, a mapped column is absent, a quote never closes or a limit is passed.
pub(in crate::acquire) fn read(
    input: &Input,
    rows: &mut dyn Rows,
    columns: &Columns,
    sink: Sink<'_, RawPosting>,
) -> Result<(), AcquireError> {
    let bound = POSTING.bind(columns, rows.header(), &input.file)?;
    while let Some((number, row)) = rows.next()? {
        sink(match row {
            Row::Bad(reason, detail) => input.reject(number, reason, detail),
            Row::Cells(cells) => assemble(input, number, &mut |field| bound.value(field, &|at| cell(cells, at))),
        });
    }
    Ok(())
}
