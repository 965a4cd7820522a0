//! Excel workbooks, cell by cell: what a cell far off asks of memory is what it holds, not the rectangle it spans.

use super::error::AcquireError;
use super::limits::Limits;
use super::rows::{Row, Rows};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use csv::ByteRecord;
use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many rows from the top may stand above a header.
const HEADER_WITHIN_ROWS: usize = 30;

/// Bytes a workbook can be read from.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// An open workbook.
pub(super) struct Workbook<'a> {
    file: String,
    limits: Limits,
    book: Xlsx<Box<dyn ReadSeek + 'a>>,
}

/// The cells of a sheet that hold something, by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Grid {
    /// Name of the sheet.
    pub(super) sheet: String,
    rows: Vec<GridRow>,
    merged: Vec<Merged>,
}

#[derive(Debug, Clone, PartialEq)]
struct GridRow {
    /// Zero-based.
    at: u32,
    /// Zero-based column and text, by column.
    cells: Vec<(u32, String)>,
    /// Columns of the cells that are numbers by type.
    numbers: Vec<u32>,
}

/// A merged rectangle, zero-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Merged {
    first: (u32, u32),
    last: (u32, u32),
}

impl<'a> Workbook<'a> {
    /// Opens an `.xlsx` workbook.
    ///
    /// # Errors
    /// When it is damaged or encrypted.
    pub(super) fn open(file: &str, body: Box<dyn ReadSeek + 'a>, limits: &Limits) -> Result<Self, AcquireError> {
        let book = calmly(file, || Xlsx::new(body))?;
        Ok(Self { file: file.to_owned(), limits: limits.clone(), book })
    }

    /// Names of the worksheets a reader sees, in order; hidden ones and charts are left out.
    pub(super) fn sheets(&self) -> Vec<String> {
        let visible = |s: &&calamine::Sheet| s.visible == SheetVisible::Visible && s.typ == SheetType::WorkSheet;
        self.book.sheets_metadata().iter().filter(visible).map(|s| s.name.clone()).collect()
    }

    /// Names of hidden worksheets, for messages.
    pub(super) fn hidden(&self) -> Vec<String> {
        let sheets = self.book.sheets_metadata().iter();
        sheets.filter(|s| s.visible != SheetVisible::Visible).map(|s| s.name.clone()).collect()
    }

    /// The cells of a sheet: numbers as decimal text with a point, dates as ISO 8601, error cells as Excel shows them.
    ///
    /// # Errors
    /// When the sheet is damaged or holds more cells than `limits.workbook_cells`.
    pub(super) fn grid(&mut self, sheet: &str) -> Result<Grid, AcquireError> {
        let (file, most) = (self.file.clone(), self.limits.workbook_cells);
        let field_bytes = self.limits.field_bytes;
        let mut grid = Grid { sheet: sheet.to_owned(), ..Grid::default() };
        let mut count = 0_u64;
        let mut cells = calmly(&file, || self.book.worksheet_cells_reader(sheet))?;
        while let Some(cell) = calmly(&file, || cells.next_cell())? {
            let text = text_of(cell.get_value());
            if text.is_empty() {
                continue;
            }
            count += 1;
            if count > most {
                let found = format!("sheet '{sheet}' holds more than {most} cells");
                return Err(AcquireError::over(&file, "workbook_cells", found, format!("{most} cells")));
            }
            let (row, column) = cell.get_position();
            if text.len() as u64 > field_bytes {
                let found = format!("cell {} of sheet '{sheet}' holds {} bytes", address(row, column), text.len());
                return Err(AcquireError::over(&file, "field_bytes", found, format!("{field_bytes} bytes")));
            }
            let is_number = matches!(cell.get_value(), DataRef::Int(_) | DataRef::Float(_));
            grid.push(row, column, text, is_number);
        }
        drop(cells);
        let merged = calmly(&file, || self.book.merge_cells_by_sheet_name(sheet)).unwrap_or_default();
        grid.merged = merged.iter().map(|d| Merged { first: d.start, last: d.end }).collect();
        Ok(grid)
    }
}

impl Grid {
    fn push(&mut self, row: u32, column: u32, text: String, is_number: bool) {
        let at = self.rows.partition_point(|r| r.at < row);
        if self.rows.get(at).is_none_or(|r| r.at != row) {
            self.rows.insert(at, GridRow { at: row, cells: Vec::new(), numbers: Vec::new() });
        }
        if let Some(found) = self.rows.get_mut(at) {
            let place = found.cells.partition_point(|(c, _)| *c < column);
            found.cells.insert(place, (column, text));
            if is_number {
                let place = found.numbers.partition_point(|c| *c < column);
                found.numbers.insert(place, column);
            }
        }
    }

    /// A grid out of rows of text, as a table of a page or a CSV without a header gives them.
    pub(super) fn of_rows(sheet: &str, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let mut grid = Grid { sheet: sheet.to_owned(), ..Grid::default() };
        for (row, cells) in (0_u32..).zip(rows) {
            let cells = (0_u32..).zip(cells).filter(|(_, text)| !text.trim().is_empty()).collect::<Vec<_>>();
            if !cells.is_empty() {
                grid.rows.push(GridRow { at: row, cells, numbers: Vec::new() });
            }
        }
        grid
    }

    /// Zero-based numbers of the rows that hold something.
    pub(super) fn row_numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.rows.iter().map(|r| r.at)
    }

    /// Cells of a row that hold something: zero-based column and text.
    pub(super) fn cells(&self, row: u32) -> &[(u32, String)] {
        let at = self.rows.partition_point(|r| r.at < row);
        self.rows.get(at).filter(|r| r.at == row).map_or(&[], |r| r.cells.as_slice())
    }

    /// The text of a cell, trimmed; absent when it holds nothing.
    pub(super) fn cell(&self, row: u32, column: u32) -> Option<&str> {
        let cells = self.cells(row);
        let at = cells.partition_point(|(c, _)| *c < column);
        cells.get(at).filter(|(c, _)| *c == column).map(|(_, text)| text.trim())
    }

    /// Whether a cell is a number by its type, not a text that may look like one.
    pub(super) fn is_number(&self, row: u32, column: u32) -> bool {
        let at = self.rows.partition_point(|r| r.at < row);
        self.rows.get(at).is_some_and(|r| r.at == row && r.numbers.binary_search(&column).is_ok())
    }

    /// The text of a cell, or of the merged rectangle it lies in.
    pub(super) fn spread(&self, row: u32, column: u32) -> Option<&str> {
        self.cell(row, column).or_else(|| {
            let within =
                |m: &&Merged| (m.first.0..=m.last.0).contains(&row) && (m.first.1..=m.last.1).contains(&column);
            let merged = self.merged.iter().find(within)?;
            self.cell(merged.first.0, merged.first.1)
        })
    }

    /// The first row within the top that `is_header` accepts, given the texts of its cells.
    pub(super) fn header_row(&self, is_header: &dyn Fn(&[String]) -> bool) -> Option<u32> {
        let top = self.rows.iter().take(HEADER_WITHIN_ROWS);
        top.map(|r| r.at).find(|row| is_header(&self.names(*row)))
    }

    /// The texts of a row from its first column on, blank cells included; wide gaps are cut at 4,096 columns.
    pub(super) fn names(&self, row: u32) -> Vec<String> {
        let cells = self.cells(row);
        let width = cells.last().map_or(0, |(c, _)| c + 1).min(4096);
        let mut names = vec![String::new(); width as usize];
        for (column, text) in cells {
            if let Some(name) = names.get_mut(*column as usize) {
                text.trim().clone_into(name);
            }
        }
        names
    }

    /// The rows under a header row.
    ///
    /// # Errors
    /// When a column is named twice.
    pub(super) fn under(self, file: &str, header_row: u32) -> Result<SheetRows, AcquireError> {
        let header = self.names(header_row);
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = header.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            let (line, name) = (u64::from(header_row) + 1, super::error::excerpt(twice));
            return Err(AcquireError::DuplicateColumn { file: file.to_owned(), line, name });
        }
        let next = self.rows.partition_point(|r| r.at <= header_row);
        Ok(SheetRows { file: file.to_owned(), header, grid: self, next, record: ByteRecord::new(), row: 0 })
    }
}

/// Rows of a sheet under its header.
pub(super) struct SheetRows {
    file: String,
    header: Vec<String>,
    grid: Grid,
    next: usize,
    record: ByteRecord,
    row: u64,
}

impl Rows for SheetRows {
    fn file(&self) -> &str {
        &self.file
    }

    fn header(&self) -> &[String] {
        &self.header
    }

    fn is_number(&self, column: usize) -> bool {
        let last = self.next.checked_sub(1).and_then(|at| self.grid.rows.get(at));
        last.is_some_and(|row| u32::try_from(column).is_ok_and(|column| row.numbers.contains(&column)))
    }

    fn next(&mut self) -> Result<Option<(u64, Row<'_>)>, AcquireError> {
        let Some(row) = self.grid.rows.get(self.next) else { return Ok(None) };
        self.next += 1;
        self.row += 1;
        self.record.clear();
        let width = self.header.len();
        for column in 0..width {
            let found = row.cells.binary_search_by_key(&column, |(c, _)| *c as usize).ok();
            let text = found.and_then(|at| row.cells.get(at)).map_or("", |(_, text)| text.as_str());
            self.record.push_field(text.as_bytes());
        }
        let repeats =
            width > 1 && self.record.iter().zip(&self.header).all(|(cell, name)| cell.trim_ascii() == name.as_bytes());
        if repeats {
            let detail = format!("row {} of sheet '{}' repeats the header", row.at + 1, self.grid.sheet);
            return Ok(Some((self.row, Row::Bad(crate::types::RejectReason::Malformed, detail))));
        }
        Ok(Some((self.row, Row::Cells(&self.record))))
    }
}

/// `B7` for the second column of the seventh row.
pub(super) fn address(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(time) if time.is_duration() => time.as_f64().to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A reader that panics on damaged bytes is told from one that reports them only here.
fn calmly<T, E: std::fmt::Display>(file: &str, read: impl FnOnce() -> Result<T, E>) -> Result<T, AcquireError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(AcquireError::damaged(file, &error)),
        Err(_) => Err(AcquireError::damaged(file, &"the workbook's inner structure is broken")),
    }
}
