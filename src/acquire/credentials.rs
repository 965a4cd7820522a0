//! Files of micro-credentials: which format a document has, by its content, and the records it gives.

use super::connectors::credentials_table;
use super::container::each_document;
use super::error::AcquireError;
use super::mapping::CREDENTIAL;
use super::open::Document;
use super::table::with_rows;
use super::{Columns, Input, Record, Sink};
use crate::types::{Origin, RawCredential};
use serde::Serialize;
use std::path::Path;

/// A format that micro-credentials come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CredentialFormat {
    /// Delimited text under a header.
    Csv,
    /// A worksheet under a header.
    Workbook,
}

/// Reads a file of micro-credentials of any format; says which it was.
///
/// # Errors
/// When the file as a whole cannot be believed; what the sink was given before that is not to be used.
pub fn read_credentials(
    path: &Path,
    input: &Input,
    columns: &Columns,
    sink: Sink<'_, (Origin, RawCredential)>,
) -> Result<CredentialFormat, AcquireError> {
    let mut format = CredentialFormat::Csv;
    let mut read = 0;
    each_document(path, &input.file, &input.limits, &mut |document| {
        let within = input.within(&document.name, read);
        let mut counted = |record: Record<_>| {
            read += 1;
            sink(record);
        };
        format = read_document(&within, document, columns, &mut counted)?;
        Ok(())
    })?;
    Ok(format)
}

fn read_document(
    input: &Input,
    document: Document<'_>,
    columns: &Columns,
    sink: Sink<'_, (Origin, RawCredential)>,
) -> Result<CredentialFormat, AcquireError> {
    let format = if document.is_workbook() { CredentialFormat::Workbook } else { CredentialFormat::Csv };
    let is_header = |names: &[String]| CREDENTIAL.bind(columns, names, &input.file).is_ok();
    with_rows(document, &input.limits, &is_header, &mut |rows| credentials_table::read(input, rows, columns, sink))?;
    Ok(format)
}
