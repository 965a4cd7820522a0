//! Postings as rows under a header: delimited text or a worksheet.

use crate::acquire::desk::Desk;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input};
use crate::types::RejectReason;

/// Reads postings from rows, with the plan's columns or our own names.
///
/// # Errors
/// When the header is not usable, a mapped column is absent, a quote never closes or a limit is passed.
pub(in crate::acquire) fn read(input: &Input, rows: &mut dyn Rows, desk: &mut Desk<'_>) -> Result<(), AcquireError> {
    let bound = desk.bind(rows.header(), &input.file)?;
    while let Some((number, row)) = rows.next()? {
        let fault = match row {
            Row::Bad(reason, detail) => {
                desk.reject(input, number, reason, detail);
                continue;
            }
            Row::Cells(cells) => match desk.error_cell(&bound, cells) {
                Some(fault) => fault,
                None => {
                    desk.record(input, number, &mut |field| bound.value(field, &|at| cell(cells, at)));
                    continue;
                }
            },
        };
        let (column, field, problem) = fault;
        let detail = format!("`{field}`: {} holds {problem}", rows.place(column));
        desk.reject(input, number, RejectReason::BadValue, detail);
    }
    Ok(())
}
