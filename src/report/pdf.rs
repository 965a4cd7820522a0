//! A document as PDF: tagged for screen readers (PDF/UA-1), fonts embedded, Arabic shaped. Texts reach the typesetter as data
//! only, never as source; the clock is the edition's as-of day, so that a rerun gives the same bytes.

use super::ReportError;
use super::charts::standalone;
use super::document::Document;
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
    // What one document leaves in the typesetter's memory is of little use to the next.
    typst::comemo::evict(0);
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| ReportError::Pdf(e.message().to_string()))?;
    let creator = Smart::Custom(Some("skillgap".to_owned()));
    let options =
        PdfOptions { standards, creator, ident: Smart::Custom(document.stem.clone()), ..PdfOptions::default() };
    typst_pdf::pdf(&paged, &options).map_err(|e| said(&e))
}

/// Letters of Hebrew and Arabic with their presentation forms.
fn is_from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
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
            Value::String(text) => self.make_printable(text),
            Value::Array(values) => values.iter_mut().for_each(|v| self.prepare(v)),
            Value::Object(fields) => {
                fields.values_mut().for_each(|v| self.prepare(v));
                if let (Some(Value::String(text)), Some(Value::Bool(_))) = (fields.get("text"), fields.get("outside")) {
                    let side = Value::from(side(text));
                    fields.insert("side".to_owned(), side);
                }
                if let (Some(Value::Array(head)), Some(Value::Array(rows))) = (fields.get("head"), fields.get("rows")) {
                    let widths = widths(head, rows);
                    fields.insert("widths".to_owned(), widths.into());
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

/// Parts of the page's width for the columns of a table, by the longest that each holds, between narrow and wide.
fn widths(head: &[Value], rows: &[Value]) -> Vec<f64> {
    let letters = |cell: &Value, part: &str| -> f64 {
        let pieces = cell.get(part).and_then(Value::as_array).into_iter().flatten();
        pieces.filter_map(|p| p.get("text")?.as_str()).map(|text| text.chars().count() as f64).sum()
    };
    let column = |(i, head): (usize, &Value)| {
        let cells = rows.iter().filter_map(|row| row.get(i));
        let longest = cells.map(|cell| letters(cell, "text").max(letters(cell, "small") / 2.0));
        longest.fold(letters(head, "text") / 2.0, f64::max).powf(0.7).clamp(4.0, 16.0)
    };
    head.iter().enumerate().map(column).collect()
}

/// The side that reading starts at, as `dir="auto"` has it: that of the first letter, and left without one, so that signs
/// stay before numbers.
fn side(text: &str) -> &'static str {
    let is_rtl = text.chars().find(|c| c.is_alphabetic()).is_some_and(is_from_the_right);
    if is_rtl { "rtl" } else { "ltr" }
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
