//! Micro-credentials as rows under a header: delimited text or a worksheet.

use crate::acquire::mapping::CREDENTIAL;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Columns, Input, Record, Sink};
use crate::types::{Origin, RawCredential, RejectReason};

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
    let fields: Vec<&str> = bound.fields().filter(|field| *field != "credential_id").collect();
    while let Some((number, row)) = rows.next()? {
        sink(match row {
            Row::Bad(reason, detail) => input.reject(number, reason, detail),
            Row::Cells(cells) => credential(input, number, &fields, &|field| bound.value(field, &|at| cell(cells, at))),
        });
    }
    Ok(())
}

fn credential(
    input: &Input,
    number: u64,
    fields: &[&str],
    value: &dyn Fn(&str) -> Option<String>,
) -> Record<(Origin, RawCredential)> {
    let id = value("credential_id").unwrap_or_else(|| number.to_string());
    let present = fields.iter().filter_map(|field| value(field).map(|text| ((*field).to_owned(), text)));
    let credential = RawCredential { id, fields: present.collect() };
    if !credential.fields.contains_key("title") {
        return input.reject(number, RejectReason::MissingField, "`title` is empty".to_owned());
    }
    Record::Kept((input.origin(number), credential))
}
