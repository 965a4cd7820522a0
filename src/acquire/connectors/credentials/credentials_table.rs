//! Micro-credentials as rows under a header: delimited text or a worksheet.

use crate::acquire::draft::Draft;
use crate::acquire::mapping::CREDENTIAL;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Columns, Input, Sink};
use crate::types::{Origin, RawCredential};

/// Reads credentials from rows, with the plan's columns or our own names. Fields stay as spelt; several
/// columns joined into `outcomes` or `target_occupations` are separated by line breaks.
///
/// # Errors
/// When the header is not usable, a mapped column is absent, a quote never closes or a limit is passed.
pub(in crate::acquire) fn read(
    input: &Input,
    rows: &mut dyn Rows,
    columns: &Columns,
    sink: Sink<'_, (Origin, RawCredential)>,
) -> Result<(), AcquireError> {
    let bound = CREDENTIAL.bind(columns, rows.header(), &input.file)?;
    let fields: Vec<&str> = bound.fields().collect();
    while let Some((number, row)) = rows.next()? {
        sink(match row {
            Row::Bad(reason, detail) => input.reject(number, reason, detail),
            Row::Cells(cells) => {
                let mut draft = Draft::default();
                for field in &fields {
                    draft.set(field, bound.value(field, &|at| cell(cells, at)));
                }
                draft.finish(input, number)
            }
        });
    }
    Ok(())
}
