//! Sheets with one real table each: header row frozen, numbers as numbers, texts as strings, too many rows split.

use crate::report::messages::Messages;
use crate::report::phrase::plain;
use rust_xlsxwriter::{Format, FormatAlign, Table, TableColumn, TableStyle, Worksheet, XlsxError};

/// Rows of a sheet, its header included (Excel specifications and limits).
const MOST_ROWS: usize = 1_048_576;
/// Most UTF-16 units of a cell are 32,767; what is cut leaves room for its mark.
const MOST_UNITS: usize = 32_700;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A string, whatever it starts with.
    Text(String),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Nothing.
    Empty,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    /// Text this many characters wide.
    Text(f64),
    /// Numbers in a format.
    Number(&'static str),
    /// Yes or no.
    Flag,
}

/// A column head.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// As shown.
    pub text: String,
    /// What stands under it.
    pub width: Width,
}

/// Sheets made so far.
pub struct Book<'a> {
    /// Fixed strings.
    pub messages: &'a Messages,
    most_rows: usize,
    sheets: Vec<Worksheet>,
    counts: Vec<(String, u64)>,
}

impl<'a> Book<'a> {
    /// An empty book.
    pub fn new(messages: &'a Messages) -> Self {
        Self { messages, most_rows: MOST_ROWS, sheets: Vec::new(), counts: Vec::new() }
    }

    /// The same with another limit.
    #[cfg(test)]
    pub fn with_most_rows(self, most_rows: usize) -> Self {
        Self { most_rows, ..self }
    }

    /// Adds a table; past the limit of rows it goes on in a sheet `name (2)`.
    ///
    /// # Errors
    /// When a name or cell of ours is not allowed in a workbook.
    pub fn table(
        &mut self,
        key: &str,
        heads: &[Head],
        rows: impl ExactSizeIterator<Item = Vec<Cell>>,
    ) -> Result<(), XlsxError> {
        let place = self.sheets.len();
        self.table_at(place, key, heads, rows)
    }

    /// Adds the notes in front of the tables they describe.
    ///
    /// # Errors
    /// As [`Book::table`].
    pub fn notes(&mut self, heads: &[Head], rows: impl ExactSizeIterator<Item = Vec<Cell>>) -> Result<(), XlsxError> {
        self.table_at(0, "notes", heads, rows)
    }

    fn table_at(
        &mut self,
        mut place: usize,
        key: &str,
        heads: &[Head],
        mut rows: impl ExactSizeIterator<Item = Vec<Cell>>,
    ) -> Result<(), XlsxError> {
        let name = self.messages.text(&format!("sheets.{key}"));
        let most = self.most_rows.saturating_sub(1).max(1);
        let parts = rows.len().div_ceil(most).max(1);
        for part in 1..=parts {
            let suffix =
                if part == 1 { (String::new(), String::new()) } else { (format!(" ({part})"), format!("_{part}")) };
            let left = rows.len().min(most);
            let name = format!("{name}{}", suffix.0);
            let sheet = self.sheet(&name, &format!("{key}{}", suffix.1), heads, rows.by_ref().take(left), left)?;
            self.sheets.insert(place, sheet);
            self.counts.insert(place, (name, left as u64));
            place += 1;
        }
        Ok(())
    }

    fn sheet(
        &self,
        name: &str,
        table: &str,
        heads: &[Head],
        rows: impl Iterator<Item = Vec<Cell>>,
        row_count: usize,
    ) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_right_to_left(self.messages.is_rtl()).set_freeze_panes(1, 1)?;
        let wrapped = Format::new().set_text_wrap().set_bold().set_align(FormatAlign::Top);
        let columns: Vec<TableColumn> =
            heads.iter().map(|h| TableColumn::new().set_header(&h.text).set_header_format(wrapped.clone())).collect();
        // A table has at least one row under its head, filled or not.
        let last_row = u32::try_from(row_count.max(1)).unwrap_or(u32::MAX);
        let last_column = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let style = Table::new().set_name(table).set_style(TableStyle::Light1).set_columns(&columns);
        sheet.add_table(0, 0, last_row, last_column, &style)?;
        sheet.set_row_height(0, 48)?;
        for (column, head) in (0u16..).zip(heads) {
            // Cells without a format of their own take their column's.
            sheet.set_column_width(column, width(head.width))?.set_column_format(column, &format(head.width))?;
        }
        for (row, cells) in (1u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(cells) {
                self.write(&mut sheet, row, column, cell)?;
            }
        }
        Ok(sheet)
    }

    fn write(&self, sheet: &mut Worksheet, row: u32, column: u16, cell: Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Text(text) if text.is_empty() => {}
            Cell::Text(text) => {
                sheet.write_string(row, column, clean(&text, self.messages))?;
            }
            Cell::Number(number) if number.is_finite() => {
                sheet.write_number(row, column, number)?;
            }
            Cell::Flag(flag) => {
                sheet.write_boolean(row, column, flag)?;
            }
            Cell::Number(_) | Cell::Empty => {}
        }
        Ok(())
    }

    /// Names of the sheets and their rows.
    pub fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(name, rows)| (name.as_str(), *rows))
    }

    /// The sheets in order.
    pub fn into_sheets(self) -> Vec<Worksheet> {
        self.sheets
    }
}

fn format(width: Width) -> Format {
    match width {
        Width::Number(pattern) => Format::new().set_num_format(pattern).set_align(FormatAlign::Top),
        Width::Text(width) if width > 40.0 => Format::new().set_text_wrap().set_align(FormatAlign::Top),
        Width::Text(_) | Width::Flag => Format::new().set_align(FormatAlign::Top),
    }
}

fn width(width: Width) -> f64 {
    match width {
        Width::Text(width) => width,
        Width::Number(_) | Width::Flag => 14.0,
    }
}

/// What a cell can carry: control characters become U+FFFD, since Excel would escape them visibly; a text over the limit is
/// cut and says so.
pub fn clean(text: &str, m: &Messages) -> String {
    let readable = |c: char| matches!(c, '\t' | '\n') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
    let text: String = text.chars().map(|c| if readable(c) { c } else { '\u{fffd}' }).collect();
    let mut units = 0;
    let cut = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MOST_UNITS
    });
    let Some((at, _)) = cut else { return text };
    let count = m.count(text.chars().count() as u64);
    format!("{}{}", text.get(..at).unwrap_or_default(), plain(&m.fill("book.cut", &[("n", count)])))
}

/// The first characters.
pub fn short(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}
