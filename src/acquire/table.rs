//! A document as rows under a header: delimited text, or the sheet of a workbook that has the header asked for.

use super::csv_file::CsvFile;
use super::error::{AcquireError, excerpt};
use super::limits::Limits;
use super::open::Document;
use super::rows::Rows;
use super::text::Markup;
use super::workbook::Workbook;

/// Reads the rows of a document. `is_header` tells the header of a workbook, which may stand under a title or on a
/// later sheet; the header of a text is its first line. Every visible sheet with such a header is read, one after the
/// other, and its rows are numbered on. Gives the encoding of a text.
///
/// # Errors
/// When the document is no table, or no sheet has the header.
pub(super) fn with_rows(
    document: Document<'_>,
    limits: &Limits,
    is_header: &dyn Fn(&[String]) -> bool,
    read: &mut dyn FnMut(&mut dyn Rows) -> Result<(), AcquireError>,
) -> Result<&'static str, AcquireError> {
    with_sheets(document, limits, is_header, read, &mut |_| {})
}

/// The same; `unread` is told of every sheet that holds something and is not read.
///
/// # Errors
/// As for [`with_rows`].
pub(super) fn with_sheets(
    document: Document<'_>,
    limits: &Limits,
    is_header: &dyn Fn(&[String]) -> bool,
    read: &mut dyn FnMut(&mut dyn Rows) -> Result<(), AcquireError>,
    unread: &mut dyn FnMut(String),
) -> Result<&'static str, AcquireError> {
    let file = document.name.clone();
    if document.is_workbook() {
        each_sheet(document, &file, limits, is_header, read, unread)?;
        return Ok("binary");
    }
    let mut body = document.text(Markup::Refused)?;
    let mut rows = CsvFile::open(&file, &mut body, limits)?;
    read(&mut rows)?;
    drop(rows);
    Ok(body.encoding())
}

fn each_sheet(
    document: Document<'_>,
    file: &str,
    limits: &Limits,
    is_header: &dyn Fn(&[String]) -> bool,
    read: &mut dyn FnMut(&mut dyn Rows) -> Result<(), AcquireError>,
    unread: &mut dyn FnMut(String),
) -> Result<(), AcquireError> {
    let mut book = Workbook::open(file, document.seekable()?, limits)?;
    let mut first: Option<Vec<String>> = None;
    let (mut others, mut read_rows, mut found) = (Vec::new(), 0, false);
    for sheet in book.sheets() {
        let grid = book.grid(&sheet)?;
        let Some(top) = grid.row_numbers().next() else { continue };
        let header = grid.header_row(is_header).map(|row| (row, grid.names(row)));
        let Some((row, names)) = header.or_else(|| grid.double_header(is_header)) else {
            first = first.or_else(|| Some(grid.names(top)));
            others.push(sheet);
            continue;
        };
        let mut rows = grid.under_names(file, row, names)?.after(read_rows);
        read(&mut rows)?;
        read_rows = rows.number();
        found = true;
    }
    let hidden = book.hidden();
    if !found {
        let names = first.unwrap_or_default().join("', '");
        let mut problem = format!("has no sheet with a header that fits; its first row is '{}'", excerpt(&names));
        if !hidden.is_empty() {
            problem.push_str(&format!("; hidden sheets are not read: '{}'", hidden.join("', '")));
        }
        return Err(AcquireError::content(file, problem, "map its columns in the plan under [source.columns]"));
    }
    for sheet in others {
        unread(format!("{file}: sheet '{}' has no header that fits and was not read", excerpt(&sheet)));
    }
    for sheet in hidden {
        unread(format!("{file}: sheet '{}' is hidden and was not read", excerpt(&sheet)));
    }
    Ok(())
}
