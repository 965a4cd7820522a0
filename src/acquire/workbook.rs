//! Excel workbooks, cell by cell: what a cell far off asks of memory is what it holds, not the rectangle it spans.

use super::cells::NOT_CALCULATED;
use super::error::AcquireError;
use super::limits::Limits;
use super::rows::{Row, Rows};
use super::zip_guard::open_zip;
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
    /// When it is damaged, encrypted, or asks for more than the limits allow.
    pub(super) fn open(file: &str, mut body: Box<dyn ReadSeek + 'a>, limits: &Limits) -> Result<Self, AcquireError> {
        prove(file, &mut body, limits)?;
        body.rewind().map_err(|e| AcquireError::io(file, e))?;
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
        let (mut count, mut bytes) = (0_u64, 0_u64);
        let most_bytes = self.limits.document_bytes;
        let mut cells = calmly(&file, || self.book.worksheet_cells_reader(sheet))?;
        while let Some(cell) = calmly(&file, || cells.next_cell_with_formula_metadata())? {
            let mut text = text_of(&cell.value);
            if text.is_empty() && cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
                NOT_CALCULATED.clone_into(&mut text);
            }
            if text.is_empty() {
                continue;
            }
            count += 1;
            if count > most {
                let found = format!("sheet '{sheet}' holds more than {most} cells");
                return Err(AcquireError::over(&file, "workbook_cells", found, format!("{most} cells")));
            }
            let (row, column) = cell.pos;
            bytes += text.len() as u64;
            if bytes > most_bytes {
                let found = format!("the cells of sheet '{sheet}' hold more than {most_bytes} bytes of text");
                return Err(AcquireError::over(&file, "document_bytes", found, format!("{most_bytes} bytes")));
            }
            if text.len() as u64 > field_bytes {
                let found = format!("cell {} of sheet '{sheet}' holds {} bytes", address(row, column), text.len());
                return Err(AcquireError::over(&file, "field_bytes", found, format!("{field_bytes} bytes")));
            }
            let is_number = matches!(cell.value, DataRef::Int(_) | DataRef::Float(_));
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

    /// Names out of a header of two rows that `is_header` accepts: what stands below, or above where nothing does; else
    /// both together, the upper one spread over the columns it is merged across.
    pub(super) fn double_header(&self, is_header: &dyn Fn(&[String]) -> bool) -> Option<(u32, Vec<String>)> {
        let rows: Vec<u32> = self.rows.iter().take(HEADER_WITHIN_ROWS).map(|r| r.at).collect();
        rows.windows(2).find_map(|pair| {
            let [upper, lower] = *pair else { return None };
            let width = self.names(upper).len().max(self.names(lower).len());
            let columns = 0..u32::try_from(width).unwrap_or_default();
            let text = |row, column| self.spread(row, column).unwrap_or_default();
            let below = |column| if text(lower, column).is_empty() { text(upper, column) } else { text(lower, column) };
            let single: Vec<String> = columns.clone().map(|c| below(c).to_owned()).collect();
            let both = columns.map(|c| match (text(upper, c), text(lower, c)) {
                (above, below) if above == below || below.is_empty() => above.to_owned(),
                ("", below) => below.to_owned(),
                (above, below) => format!("{above} {below}"),
            });
            [single, both.collect()].into_iter().find(|names| is_header(names)).map(|names| (lower, names))
        })
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
        self.under_names(file, header_row, header)
    }

    /// The rows under a row, for columns whose names are known.
    ///
    /// # Errors
    /// When a column is named twice.
    pub(super) fn under_names(
        self,
        file: &str,
        header_row: u32,
        header: Vec<String>,
    ) -> Result<SheetRows, AcquireError> {
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = header.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            let (line, name) = (u64::from(header_row) + 1, super::error::excerpt(twice));
            return Err(AcquireError::DuplicateColumn { file: file.to_owned(), line, name });
        }
        let next = self.rows.partition_point(|r| r.at <= header_row);
        let record = ByteRecord::new();
        Ok(SheetRows { file: file.to_owned(), header, grid: self, next, record, row: 0, at: 0 })
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
    /// Zero-based row of the sheet that was given last.
    at: u32,
}

impl SheetRows {
    /// Numbers its rows on from those of the sheets before it.
    pub(super) fn after(mut self, rows: u64) -> Self {
        self.row = rows;
        self
    }

    /// Number of the last row given.
    pub(super) fn number(&self) -> u64 {
        self.row
    }
}

impl Rows for SheetRows {
    fn place(&self, column: usize) -> String {
        let cell = address(self.at, u32::try_from(column).unwrap_or(u32::MAX - 1));
        format!("cell {cell} of sheet '{}'", self.grid.sheet)
    }

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
        self.at = row.at;
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

/// Reads the container through before its parts are believed: what is held as a whole must be small enough for that.
fn prove(file: &str, body: &mut dyn ReadSeek, limits: &Limits) -> Result<(), AcquireError> {
    let mut zipped = open_zip(file, body, limits)?;
    let (mut part, mut size, mut strings, mut run) = (String::new(), 0_u64, 0_u64, 0_u64);
    zipped.prove(file, limits, &mut |name, bytes| {
        if part != name {
            (size, run) = (0, 0);
            name.clone_into(&mut part);
        }
        size += bytes.len() as u64;
        let is_sheet = name.starts_with("xl/worksheets/");
        if !is_sheet && size > limits.document_bytes {
            let found = format!("its part {name} holds more than {} bytes", limits.document_bytes);
            let limit = format!("{} bytes", limits.document_bytes);
            return Err(AcquireError::over(file, "document_bytes", found, limit));
        }
        if name.ends_with(".xml") {
            // Chunks are shorter than the limit, so only a run over several of them can pass it.
            for (at, piece) in bytes.split(|b| *b == b'<').enumerate() {
                run = if at == 0 { run + piece.len() as u64 } else { piece.len() as u64 };
                strings += u64::from(at > 0 && piece.starts_with(b"si") && name.ends_with("sharedStrings.xml"));
            }
        }
        if run > limits.record_bytes {
            let found = format!("one text of its part {name} holds more than {} bytes", limits.record_bytes);
            return Err(AcquireError::over(file, "record_bytes", found, format!("{} bytes", limits.record_bytes)));
        }
        if strings > limits.workbook_cells {
            let found = format!("holds more than {} texts", limits.workbook_cells);
            return Err(AcquireError::over(file, "workbook_cells", found, format!("{} cells", limits.workbook_cells)));
        }
        Ok(())
    })
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
