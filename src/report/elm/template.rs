//! Micro-credentials in the columns of the catalogue's template, so that the program reads them like any catalogue.

use super::described::Described;
use crate::report::ReportError;
use crate::report::tables::guarded;

const TEMPLATE: &str = include_str!("../../../data/templates/credentials.csv");

/// Columns of the template, in order.
pub fn columns() -> impl Iterator<Item = &'static str> {
    TEMPLATE.lines().next().unwrap_or_default().trim_start_matches('\u{feff}').trim().split(',')
}

/// Rows under the template's header.
///
/// # Errors
/// When a row does not serialise.
pub fn bytes(all: &[Described]) -> Result<Vec<u8>, ReportError> {
    let fail = |e: csv::Error| ReportError::Row { table: "proposed_credentials", detail: e.to_string() };
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns()).map_err(fail)?;
    for credential in all {
        let cell = |name| guarded(credential.row.get(name).map_or("", String::as_str));
        writer.write_record(columns().map(cell)).map_err(fail)?;
    }
    writer.into_inner().map_err(|e| ReportError::Row { table: "proposed_credentials", detail: e.to_string() })
}

/// Items of a list in one cell.
pub fn list(items: impl Iterator<Item = String>) -> String {
    items.filter(|item| !item.is_empty()).collect::<Vec<_>>().join("|")
}

/// An item without what parts items.
pub fn item(text: &str) -> String {
    super::described::line(text).replace(['|', ';'], ",")
}

/// A declared skill: its URI with its name.
pub fn skill(uri: &str, name: Option<&str>) -> String {
    [item(uri), item(name.unwrap_or_default())].join(" ").trim().to_owned()
}
