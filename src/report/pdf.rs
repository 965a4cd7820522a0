//! A document as PDF: tagged for screen readers (PDF/UA-1), fonts embedded, Arabic shaped. Texts reach the typesetter as data
//! only, never as source; the clock is the edition's as-of day, so that a rerun gives the same bytes.

use super::ReportError;
use super::document::Document;
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
const FONTS: [&[u8]; 4] = [
    include_bytes!("../../data/fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../data/fonts/NotoSans-Bold.ttf"),
    include_bytes!("../../data/fonts/NotoNaskhArabic-Regular.ttf"),
    include_bytes!("../../data/fonts/NotoNaskhArabic-Bold.ttf"),
];

/// The document as PDF.
///
/// # Errors
/// When our template cannot be set; a text from outside cannot cause it.
pub fn document_pdf(document: &Document) -> Result<Vec<u8>, ReportError> {
    let json = serde_json::to_vec(document).map_err(|e| ReportError::Pdf(e.to_string()))?;
    let press = press()?;
    let world = Setting { press, data: Bytes::new(json) };
    let paged: PagedDocument = typst::compile(&world).output.map_err(|e| said(&e))?;
    // What one document leaves in the typesetter's memory is of little use to the next.
    typst::comemo::evict(2);
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| ReportError::Pdf(e.message().to_string()))?;
    let creator = Smart::Custom(Some("skillgap".to_owned()));
    let options = PdfOptions { standards, creator, ident: Smart::Custom(document.stem.clone()), ..PdfOptions::default() };
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
        fonts,
        template: Source::new(file("document.typ")?, TEMPLATE.to_owned()),
        data: file("document.json")?,
    })
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
