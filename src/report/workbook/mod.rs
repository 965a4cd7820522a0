//! A report as a workbook: cover, notes and one table per sheet, in the language of the findings; `gap.xlsx` has all tables. Texts are always written as strings,
//! so that no cell is ever a formula; the creation date is the as-of day, so that a rerun gives the same bytes.

mod flat;
mod rows;
mod sheet;

use super::ReportError;
use super::columns::Columns;
use super::document::Document;
use super::messages::Messages;
use super::phrase::plain;
use super::tables::{TableVisitor, visit_tables};
use super::view::{Context, Cover, cover, notes};
use crate::types::tables::Table;
use crate::types::{Date, Findings};
use flat::{checks, official, quality};
use rows::{Layout, Lookup};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use sheet::{Book, Cell, Head, Width};

/// More rows than the notes of any edition have.
const MOST_NOTES: usize = 10_000;

/// Level of compression, 1 to 9.
const FAST: u8 = 2;

/// All tables of an edition.
///
/// # Errors
/// When a catalogue of ours is wrong or the workbook cannot be put together.
pub fn bytes(findings: &Findings) -> Result<Vec<u8>, ReportError> {
    book(findings, None)
}

/// The tables of one report under its title.
///
/// # Errors
/// See [`bytes`].
pub fn of_document(findings: &Findings, document: &Document) -> Result<Vec<u8>, ReportError> {
    book(findings, Some(document))
}

fn book(findings: &Findings, document: Option<&Document>) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::of(findings.meta.language)?;
    let context = Context::of(findings, &messages, MOST_NOTES);
    let columns = Columns::of(messages.language)?;
    let mut draft = Draft {
        book: Book::new(&messages),
        columns,
        lookup: Lookup::of(&context),
        described: Vec::new(),
        chosen: document.map(|d| d.tables.as_slice()),
    };
    visit_tables(findings, &mut draft)?;
    if document.is_none() {
        draft.table("checks", &checks(&context))?;
    }
    if draft.wants("official") {
        draft.table("official", &official(findings))?;
    }
    draft.table("quality", &quality(&context))?;
    let Draft { mut book, described, .. } = draft;
    book.notes(&note_heads(&messages), note_rows(&context, described).into_iter())?;
    let mut cover = cover(&context, document.map(Document::opening));
    if let Some(document) = document {
        cover.kicker.clone_from(&document.kicker);
        cover.title.clone_from(&document.frame.title_plain);
    }
    let sheet = cover_sheet(&cover, &book)?;
    let mut workbook = Workbook::new();
    // Larger than at the usual level, in a fraction of the time.
    workbook.set_zip_compression_level(FAST);
    workbook.set_properties(&properties(&cover, findings)?);
    workbook.push_worksheet(sheet);
    for sheet in book.into_sheets() {
        workbook.push_worksheet(sheet);
    }
    Ok(workbook.save_to_buffer()?)
}

/// A workbook in the making.
struct Draft<'a> {
    book: Book<'a>,
    columns: &'a Columns,
    lookup: Lookup<'a>,
    /// Topic, name, meaning and unit of the columns so far.
    described: Vec<[String; 4]>,
    /// Tables of the report; none = all.
    chosen: Option<&'a [&'static str]>,
}

impl Draft<'_> {
    fn wants(&self, table: &str) -> bool {
        self.chosen.is_none_or(|chosen| chosen.contains(&table))
    }

    fn table<T: Table>(&mut self, key: &'static str, rows: &[T]) -> Result<(), ReportError> {
        let layout = Layout::of::<T>(key, self.columns);
        let name = self.book.messages.text(&format!("sheets.{key}"));
        let topic = self.book.messages.fill("book.column", &[("sheet", name)]);
        self.described.extend(layout.described(&plain(&topic), self.book.messages));
        let cells = rows.iter().map(|row| layout.cells(row, &self.lookup)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.book.table(key, &layout.heads(), cells.into_iter())?)
    }
}

/// Tables that stay out of the workbook: sentences are on the page, checks have a sheet that people read.
const NOT_IN_BOOK: [&str; 2] = ["evidence", "credential_checks"];

/// Tables that have a sheet even without rows; the others would only be in the way.
const ALWAYS: [&str; 6] = ["gaps", "demand", "coverage", "trends", "outcomes", "novel_terms"];

impl TableVisitor for Draft<'_> {
    type Error = ReportError;

    fn visit<T: Table>(&mut self, name: &'static str, rows: &[T]) -> Result<(), ReportError> {
        let is_idle = !self.wants(name) || (rows.is_empty() && (self.chosen.is_some() || !ALWAYS.contains(&name)));
        if is_idle || NOT_IN_BOOK.contains(&name) { Ok(()) } else { self.table(name, rows) }
    }
}

/// The clock is read nowhere: the workbook was made on the day it speaks for.
fn properties(cover: &Cover, findings: &Findings) -> Result<DocProperties, XlsxError> {
    let day: Date = findings.meta.as_of.parse().unwrap_or(Date::constant(2000, 1, 1));
    let created = ExcelDateTime::from_ymd(
        day.year().max(1900).unsigned_abs(),
        day.month().unsigned_abs(),
        day.day().unsigned_abs(),
    )?;
    let properties = DocProperties::new().set_title(sheet::short(&cover.title, 255)).set_author("skillgap");
    Ok(properties.set_comment("CC BY 4.0").set_creation_datetime(&created))
}

fn note_heads(m: &Messages) -> Vec<Head> {
    let head = |key: &str, width: f64| Head { text: m.text(key), width: Width::Text(width) };
    vec![head("book.topic", 30.0), head("book.name", 32.0), head("book.meaning", 100.0), head("book.unit", 26.0)]
}

/// Method, limits, marks, then every column of every sheet.
fn note_rows(context: &Context, described: Vec<[String; 4]>) -> Vec<Vec<Cell>> {
    let m = context.messages;
    let sentence = |(topic, text): (String, String)| [topic, String::new(), text, String::new()];
    let mut rows: Vec<[String; 4]> = notes(context).into_iter().map(sentence).collect();
    for mark in ["c", "u", "x", "b"] {
        rows.push([m.text("book.marks"), format!("[{mark}]"), m.text(&format!("book.mark_{mark}")), String::new()]);
    }
    rows.extend(described);
    rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect()
}

/// Title, warning, verdict and the frame of the edition, in two columns.
fn cover_sheet(cover: &Cover, book: &Book) -> Result<Worksheet, XlsxError> {
    let (m, wrap) = (book.messages, Format::new().set_text_wrap());
    // Beside texts a number stands where they begin.
    let side = if m.is_rtl() { FormatAlign::Right } else { FormatAlign::Left };
    let count = Format::new().set_num_format("#,##0").set_align(side);
    let bold = Format::new().set_bold();
    let mut sheet = Worksheet::new();
    sheet.set_name(m.text("sheets.cover"))?.set_right_to_left(m.is_rtl());
    sheet.set_column_width(0, 34)?.set_column_width(1, 110)?;
    sheet.write_string_with_format(0, 0, &cover.kicker, &bold)?;
    let title = Format::new().set_bold().set_font_size(16).set_text_wrap();
    sheet.write_string_with_format(0, 1, sheet::clean(&cover.title, m), &title)?;
    let said = cover.warning.iter().chain(&cover.sentences).map(|text| (String::new(), text.clone()));
    let sheets = book.counts().map(|(name, rows)| (name, plain(&m.fill("book.rows", &[("n", m.count(rows))]))));
    let sheets = sheets.enumerate().map(|(i, (name, rows))| {
        let label = if i == 0 { m.text("book.contents") } else { String::new() };
        (label, format!("{name} – {rows}"))
    });
    for (row, (label, value)) in (1..).zip(said.chain(cover.facts.iter().cloned()).chain(sheets)) {
        sheet.write_string_with_format(row, 0, sheet::clean(&label, m), &bold)?;
        match whole_number(&value, m) {
            Some(number) => sheet.write_number_with_format(row, 1, number, &count)?,
            None => sheet.write_string_with_format(row, 1, sheet::clean(&value, m), &wrap)?,
        };
    }
    Ok(sheet)
}

/// A value that is a count and nothing else, as the reader's language writes counts.
fn whole_number(value: &str, m: &Messages) -> Option<f64> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    (m.count(u64::from(number)) == value).then(|| f64::from(number))
}

#[cfg(test)]
mod tests;
