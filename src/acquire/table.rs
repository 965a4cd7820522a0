//! A document as rows under a header: delimited text, or the sheet of a workbook that has the header asked for.

use super::csv_file::CsvFile;
use super::error::{AcquireError, excerpt};
use super::limits::Limits;
use super::open::Document;
use super::rows::Rows;
use super::text::Markup;
use super::workbook::{SheetRows, Workbook};

/// Reads the rows of a document. `is_header` tells the header of a workbook, which may stand under a title or on a
/// later sheet; the header of a text is its first line. Gives the encoding of a text.
///
/// # Errors
/// When the document is no table, or no sheet has the header.
pub(super) fn with_rows(
    document: Document<'_>,
    limits: &Limits,
    is_header: &dyn Fn(&[String]) -> bool,
    read: &mut dyn FnMut(&mut dyn Rows) -> Result<(), AcquireError>,
) -> Result<&'static str, AcquireError> {
    let file = document.name.clone();
    if document.is_workbook() {
        read(&mut sheet_rows(document, &file, limits, is_header)?)?;
        return Ok("binary");
    }
    let mut body = document.text(Markup::Refused)?;
    let mut rows = CsvFile::open(&file, &mut body, limits)?;
    read(&mut rows)?;
    drop(rows);
    Ok(body.encoding())
}

fn sheet_rows(
    document: Document<'_>,
    file: &str,
    limits: &Limits,
    is_header: &dyn Fn(&[String]) -> bool,
) -> Result<SheetRows, AcquireError> {
    let mut book = Workbook::open(file, document.seekable()?, limits)?;
    let mut first: Option<Vec<String>> = None;
    for sheet in book.sheets() {
        let grid = book.grid(&sheet)?;
        if let Some(row) = grid.header_row(is_header) {
            return grid.under(file, row);
        }
        first = first.or_else(|| grid.row_numbers().next().map(|row| grid.names(row)));
    }
    let hidden = book.hidden();
    let found = first.unwrap_or_default().join("', '");
    let mut problem = format!("has no sheet with a header that fits; its first row is '{}'", excerpt(&found));
    if !hidden.is_empty() {
        problem.push_str(&format!("; hidden sheets are not read: '{}'", hidden.join("', '")));
    }
    Err(AcquireError::content(file, problem, "map its columns in the plan under [source.columns]"))
}
