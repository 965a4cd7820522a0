//! A document as PDF: tagged for screen readers (PDF/UA-1), fonts embedded, Arabic shaped. Texts reach the typesetter as data
//! only, never as source; the clock is the edition's as-of day, so that a rerun gives the same bytes.

use super::ReportError;
use super::charts::standalone;
use super::document::Document;
use super::phrase::first_side;
use rustc_hash::FxHashSet;
use serde_json::Value;
use std::sync::OnceLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

const TEMPLATE: &str = include_str!("templates/document.typ");
/// The last one lends its signs to the others.
const FONTS: [&[u8]; 5] = [
    include_bytes!("../../data/fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../data/fonts/NotoSans-Bold.ttf"),
    include_bytes!("../../data/fonts/NotoNaskhArabic-Regular.ttf"),
    include_bytes!("../../data/fonts/NotoNaskhArabic-Bold.ttf"),
    include_bytes!("../../data/fonts/DejaVuSans.ttf"),
];

/// The document as PDF.
///
/// # Errors
/// When our template cannot be set; a text from outside cannot cause it.
pub fn document_pdf(document: &Document) -> Result<Vec<u8>, ReportError> {
    let press = press()?;
    let mut content = serde_json::to_value(document).map_err(|e| ReportError::Pdf(e.to_string()))?;
    press.prepare(&mut content);
    let json = serde_json::to_vec(&content).map_err(|e| ReportError::Pdf(e.to_string()))?;
    let world = Setting { press, data: Bytes::new(json) };
    let paged: PagedDocument = typst::compile(&world).output.map_err(|e| said(&e))?;
    // What one document leaves in the typesetter's memory is of little use to the next; the one that another thread is setting
    // right now has one more turn.
    typst::comemo::evict(1);
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| ReportError::Pdf(e.message().to_string()))?;
    let creator = Smart::Custom(Some("skillgap".to_owned()));
    let options =
        PdfOptions { standards, creator, ident: Smart::Custom(document.stem.clone()), ..PdfOptions::default() };
    typst_pdf::pdf(&paged, &options).map_err(|e| said(&e))
}

fn said(errors: &[SourceDiagnostic]) -> ReportError {
    ReportError::Pdf(errors.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join("; "))
}

/// What every document is set with: fonts, library, template.
struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// What any of the fonts can show.
    signs: FxHashSet<u32>,
    template: Source,
    data: FileId,
}

fn press() -> Result<&'static Press, ReportError> {
    static PRESS: OnceLock<Result<Press, String>> = OnceLock::new();
    PRESS.get_or_init(set_up).as_ref().map_err(|e| ReportError::Pdf(e.clone()))
}

fn set_up() -> Result<Press, String> {
    let file = |name: &str| -> Result<FileId, String> {
        let path = VirtualPath::new(name).map_err(|e| e.to_string())?;
        Ok(RootedPath::new(VirtualRoot::Project, path).intern())
    };
    let fonts: Vec<Font> = FONTS.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect();
    Ok(Press {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        signs: fonts.iter().flat_map(|font| font.info().coverage.iter()).collect(),
        fonts,
        template: Source::new(file("document.typ")?, TEMPLATE.to_owned()),
        data: file("document.json")?,
    })
}

impl Press {
    /// The document's content as the template takes it: printable, pieces with the side they start at, tables with the widths
    /// of their columns, drawings on their own.
    fn prepare(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                self.make_printable(text);
                make_findable(text);
                text.retain(|c| !is_isolate(c));
            }
            Value::Array(values) => values.iter_mut().for_each(|v| self.prepare(v)),
            Value::Object(fields) => {
                let is_piece = fields.get("outside").is_some_and(Value::is_boolean);
                for (name, field) in fields.iter_mut() {
                    match field {
                        Value::String(address) if name == "href" => self.make_printable(address),
                        // What steers a line of a piece is for the template; a drawing is laid out from the left without it.
                        Value::String(text) if name == "wide" || (is_piece && name == "text") => {
                            self.make_printable(text);
                            make_findable(text);
                        }
                        field => self.prepare(field),
                    }
                }
                if let (Some(Value::String(text)), Some(Value::Bool(_))) = (fields.get("text"), fields.get("outside")) {
                    // Of a piece that is a sign alone, only its sentence tells.
                    let told = fields.get("dir").and_then(Value::as_str);
                    let side = Value::from(told.unwrap_or_else(|| side(text)));
                    let is_steered = Value::from(text.contains(is_isolate));
                    fields.insert("side".to_owned(), side);
                    fields.insert("steered".to_owned(), is_steered);
                }
                if let (Some(Value::Array(head)), Some(Value::Array(rows))) = (fields.get("head"), fields.get("rows")) {
                    let widths = widths(head, rows);
                    let whole: Vec<bool> = rows.iter().map(|row| stays_whole(row, &widths)).collect();
                    fields.insert("widths".to_owned(), widths.into());
                    fields.insert("whole".to_owned(), whole.into());
                }
                // A picture has no style sheet around it; the one for phones is not printed.
                if fields.remove("narrow").is_some()
                    && let Some(Value::String(wide)) = fields.get_mut("wide")
                {
                    *wide = standalone(wide);
                }
            }
            _ => {}
        }
    }

    /// Signs that no font has become boxes: a screen reader must not meet a sign without meaning, and a title in an
    /// unforeseen script must not keep a report from being printed. The page and the files carry the text as it is.
    fn make_printable(&self, text: &mut String) {
        if !text.chars().all(|c| self.has(c)) {
            *text = text.chars().map(|c| if self.has(c) { c } else { '□' }).collect();
        }
    }

    fn has(&self, c: char) -> bool {
        let is_invisible =
            c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}');
        is_invisible || self.signs.contains(&u32::from(c))
    }
}

/// Letters of a table's font that stand side by side on a page.
const PAGE_LETTERS: f64 = 112.0;
/// Space of a column around its text, in letters.
const AROUND: f64 = 2.2;
/// A bold letter of a head, in letters.
const HEAD_LETTER: f64 = 1.1;
/// Longest word of a cell that a column is kept wide enough for; longer ones are addresses, which may break.
const LONGEST_WORD: f64 = 12.0;
/// Lines of a row that is not parted by the end of a page.
const MOST_LINES: f64 = 30.0;

/// Texts of one part of a cell or head.
fn texts<'a>(cell: &'a Value, part: &str) -> impl Iterator<Item = &'a str> {
    let pieces = cell.get(part).and_then(Value::as_array).into_iter().flatten();
    pieces.filter_map(|piece| piece.get("text")?.as_str())
}

fn letters(cell: &Value, part: &str) -> f64 {
    texts(cell, part).map(|text| text.chars().count() as f64).sum()
}

fn longest_word(cell: &Value) -> f64 {
    let words = texts(cell, "text").flat_map(|text| text.split([' ', '\n', '\t']));
    words.map(|word| word.chars().count() as f64).fold(0.0, f64::max)
}

/// Widths of the columns of a table in letters, all together the page's: by the longest that each holds, between narrow and
/// wide, and none too narrow for the longest word of its head while others have room to give.
fn widths(head: &[Value], rows: &[Value]) -> Vec<f64> {
    let column = |(i, head): (usize, &Value)| {
        let cells = || rows.iter().filter_map(move |row| row.get(i));
        let longest = cells().map(|cell| letters(cell, "text").max(letters(cell, "small") / 2.0));
        let wanted = longest.fold(letters(head, "text") / 2.0, f64::max).powf(0.7).clamp(4.0, 16.0);
        let words = cells().map(longest_word).fold(0.0, f64::max).min(LONGEST_WORD);
        (wanted, words.max(HEAD_LETTER * longest_word(head)) + AROUND)
    };
    let columns: Vec<(f64, f64)> = head.iter().enumerate().map(column).collect();
    let all: f64 = columns.iter().map(|(wanted, _)| wanted).sum();
    let columns: Vec<(f64, f64)> =
        columns.into_iter().map(|(wanted, least)| (PAGE_LETTERS * wanted / all.max(1.0), least)).collect();
    let lacking: f64 = columns.iter().map(|(width, least)| (least - width).max(0.0)).sum();
    let spare: f64 = columns.iter().map(|(width, least)| (width - least).max(0.0)).sum();
    let (given, taken) = if lacking <= spare { (1.0, lacking / spare.max(1.0)) } else { (spare / lacking, 1.0) };
    let fitted = |(width, least): (f64, f64)| {
        if width < least { width + given * (least - width) } else { width - taken * (width - least) }
    };
    columns.into_iter().map(fitted).collect()
}

/// Whether a row is low enough to stand on one page as a whole.
fn stays_whole(row: &Value, widths: &[f64]) -> bool {
    let cells = row.as_array().into_iter().flatten().zip(widths);
    let lines = cells.map(|(cell, width)| (letters(cell, "text") + letters(cell, "small")) / (width - AROUND).max(1.0));
    lines.fold(0.0, f64::max) <= MOST_LINES
}

/// Signs that set apart what they hold, and are no letters to be read.
fn is_isolate(c: char) -> bool {
    matches!(c, '\u{2066}'..='\u{2069}')
}

/// Short vowels and doubling are left out: the typesetter's text layer has each mark before its letter, so that no word
/// with one would be found.
fn make_findable(text: &mut String) {
    text.retain(|c| !matches!(c, '\u{64b}'..='\u{652}'));
}

/// The side that reading starts at, as `dir="auto"` has it: that of the first letter, and left without one, so that signs
/// stay before numbers.
fn side(text: &str) -> &'static str {
    first_side(text).unwrap_or("ltr")
}

/// A document on the press: the only files it sees are our template and its own data.
struct Setting<'a> {
    press: &'a Press,
    data: Bytes,
}

impl World for Setting<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.template.id() { Ok(self.press.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.press.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cell(text: &str) -> Value {
        json!({"text": [{"text": text}], "small": []})
    }

    #[test]
    fn arabic_is_printed_without_the_marks_that_would_hide_it_from_a_search_and_addresses_stay_as_they_are() {
        let mut value =
            serde_json::json!({ "text": "الشهادات المصغّرة", "outside": false, "href": "https://ok.example/ّ" });
        press().unwrap().prepare(&mut value);
        assert_eq!(value["text"], "الشهادات المصغرة");
        assert_eq!(value["href"], "https://ok.example/ّ");
        // The full stop after a quotation goes with it.
        let mut sign = serde_json::json!({ "text": ".", "outside": true, "dir": "rtl" });
        press().unwrap().prepare(&mut sign);
        assert_eq!(sign["side"], "rtl");
    }

    #[test]
    fn no_head_runs_into_the_next_while_another_column_has_room() {
        let sentence = "a sentence that goes on for more than one line of a narrow column ".repeat(3);
        let heads = ["Competencia", "Tendencia", "Evidencia", "Empresas", "Portales"].map(cell);
        let rows = [json!([cell(&sentence), cell("7"), cell("8"), cell("9"), cell("10")])];
        let widths = widths(&heads, &rows);
        for (width, head) in widths.iter().zip(&heads) {
            assert!(*width >= longest_word(head), "{widths:?}");
        }
        assert!((widths.iter().sum::<f64>() - PAGE_LETTERS).abs() < 1e-6, "{widths:?}");
        assert!(widths.first() > widths.last());
    }

    #[test]
    fn columns_that_cannot_all_have_their_heads_share_the_page_and_never_vanish() {
        let heads: Vec<Value> = (0..14).map(|_| cell("Krankenhausverwaltungen")).collect();
        let widths = widths(&heads, &[]);
        assert!(widths.iter().all(|width| *width > 1.0), "{widths:?}");
        assert!(super::widths(&[], &[]).is_empty());
    }

    #[test]
    fn a_row_breaks_over_pages_only_where_it_is_higher_than_one() {
        let widths = [50.0, 62.0];
        assert!(stays_whole(&json!([cell("sql"), cell(&"word ".repeat(100))]), &widths));
        assert!(!stays_whole(&json!([cell("sql"), cell(&"word ".repeat(1000))]), &widths));
    }
}
