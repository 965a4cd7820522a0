//! One document, a file or an archive's member, to bounded, decoded text.

use super::error::AcquireError;
use super::limits::{Limits, check};
use super::text::{Markup, Text};
use super::workbook::ReadSeek;
use super::zip_guard::{ZipKind, open_zip};
use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, Cursor, Read};
use std::path::Path;
use std::rc::Rc;

/// How much of a document is looked at to recognise it.
const HEAD_BYTES: u64 = 64 * 1024;

/// UTF-8 text of a document, read as a stream; the byte-order mark is gone.
pub struct Opened<'a> {
    text: Text<Box<dyn Read + 'a>>,
    /// Whether the file was gzip.
    pub compressed: bool,
}

impl Opened<'_> {
    /// The encoding found so far: final once everything is read, and worth a note when it is not UTF-8.
    pub fn encoding(&self) -> &'static str {
        self.text.encoding().name()
    }
}

impl Read for Opened<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.text.read(into)
    }
}

impl BufRead for Opened<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.text.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.text.consume(count);
    }
}

/// Opens a text file, plain or gzip by its first bytes, for reading in bounded memory.
///
/// # Errors
/// When it cannot be read, is empty, is binary or HTML. Limits and NUL bytes met later come as `io::Error`s that
/// [`AcquireError::io`] turns back.
pub fn open(path: &Path, limits: &Limits) -> Result<Opened<'static>, AcquireError> {
    Document::of_path(path, &file_name(path), limits)?.text(Markup::Refused)
}

/// Bytes of one document, whatever it lies in; gzip around it is already taken off.
pub(super) struct Document<'a> {
    /// Name for messages: `postings.csv`, or `week.zip/2024-05-01.csv`.
    pub(super) name: String,
    limits: Limits,
    head: Vec<u8>,
    rest: Box<dyn Read + 'a>,
    /// The file itself, when it is one and plain.
    file: Option<File>,
    compressed: bool,
    /// What its directory says, where it is a ZIP container that can be looked into.
    zip: Option<ZipKind>,
    encoding: Option<&'static Encoding>,
}

impl<'a> Document<'a> {
    /// A file on disk; messages say `name`, which a snapshot's path does not hold.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn of_path(path: &Path, name: &str, limits: &Limits) -> Result<Document<'static>, AcquireError> {
        let fail = |e| AcquireError::io(name, e);
        let file = File::open(path).map_err(fail)?;
        let again = file.try_clone().map_err(fail)?;
        let mut document = Document::new(name.to_owned(), Box::new(file), limits)?;
        if !document.compressed {
            if document.head.starts_with(b"PK") {
                let body = io::BufReader::new(File::open(path).map_err(fail)?);
                document.zip = open_zip(name, body, limits).ok().map(|zipped| zipped.kind);
            }
            document.file = Some(again);
        }
        Ok(document)
    }

    /// Takes its text to be in this encoding, whatever its bytes look like.
    pub(super) fn with_encoding(mut self, encoding: Option<&'static Encoding>) -> Self {
        self.encoding = encoding;
        self
    }

    /// Whether the plan names its encoding.
    pub(super) fn has_encoding(&self) -> bool {
        self.encoding.is_some()
    }

    /// The same with its bytes in memory, so that a ZIP container can be looked into.
    ///
    /// # Errors
    /// When it is longer than `limits.document_bytes`, or a container that is damaged or hostile.
    pub(super) fn kept_in_memory<'b>(self, limits: &Limits) -> Result<Document<'b>, AcquireError> {
        let name = self.name.clone();
        let bytes = self.in_memory()?;
        let kind = open_zip(&name, Cursor::new(bytes.as_slice()), limits)?.kind;
        let mut document = Document::new(name, Box::new(Cursor::new(bytes)), limits)?;
        document.zip = Some(kind);
        Ok(document)
    }

    /// What its directory says, where it is a ZIP container.
    pub(super) fn zip_kind(&self) -> Option<ZipKind> {
        self.zip
    }

    /// A stream of bytes.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn new(name: String, bytes: Box<dyn Read + 'a>, limits: &Limits) -> Result<Self, AcquireError> {
        let count = Rc::new(Cell::new(0));
        let (head, rest) = peek(&name, Box::new(Counted { inner: bytes, count: Rc::clone(&count) }))?;
        let compressed = head.starts_with(&[0x1F, 0x8B]);
        let whole: Box<dyn Read + 'a> = Box::new(Cursor::new(head).chain(rest));
        let inner: Box<dyn Read + 'a> = if compressed {
            Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(64 * 1024, whole)))
        } else {
            whole
        };
        let packed = compressed.then_some(count);
        let bounded = Bounded { file: name.clone(), inner, packed, limits: limits.clone(), decoded: 0 };
        let (head, rest) = peek(&name, Box::new(bounded))?;
        let limits = limits.clone();
        Ok(Self { name, limits, head, rest, file: None, compressed, zip: None, encoding: None })
    }

    /// The first 64 KiB.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether it is an Excel workbook (`.xlsx`), by the directory of the container.
    pub(super) fn is_workbook(&self) -> bool {
        self.zip == Some(ZipKind::Workbook)
    }

    /// The beginning as text, whatever its encoding.
    ///
    /// # Errors
    /// When it is empty or binary.
    pub(super) fn head_text(&self) -> Result<String, AcquireError> {
        let mut text = Text::new(&self.name, self.head.as_slice()).in_encoding(self.encoding);
        text.prime(Markup::Expected)?;
        let mut head = Vec::new();
        (&mut text).take(HEAD_BYTES).read_to_end(&mut head).map_err(|e| AcquireError::io(&self.name, e))?;
        // The beginning may end inside a character.
        let head = String::from_utf8_lossy(&head).into_owned();
        if head.is_empty() {
            return Err(AcquireError::content(&self.name, "is empty", "look at where it was obtained"));
        }
        Ok(head)
    }

    /// The whole as a stream of bytes.
    pub(super) fn bytes(self) -> Box<dyn Read + 'a> {
        Box::new(Cursor::new(self.head).chain(self.rest))
    }

    /// The document as text.
    ///
    /// # Errors
    /// When it is empty, binary, or markup where none is expected.
    pub(super) fn text(self, markup: Markup) -> Result<Opened<'a>, AcquireError> {
        let (name, compressed, encoding) = (self.name.clone(), self.compressed, self.encoding);
        let mut text = Text::new(&name, self.bytes()).in_encoding(encoding);
        text.prime(markup)?;
        if text.fill_buf().map_err(|e| AcquireError::io(&name, e))?.is_empty() {
            return Err(AcquireError::content(&name, "is empty", "look at where it was obtained"));
        }
        Ok(Opened { text, compressed })
    }

    /// The document as one text, with the encoding it had.
    ///
    /// # Errors
    /// As for [`Document::text`], or when it is longer than `limits.document_bytes`.
    pub(super) fn whole_text(self, markup: Markup) -> Result<(String, &'static str), AcquireError> {
        let (name, most) = (self.name.clone(), self.limits.document_bytes);
        let mut opened = self.text(markup)?;
        let mut text = String::new();
        (&mut opened).take(most + 1).read_to_string(&mut text).map_err(|e| AcquireError::io(&name, e))?;
        if text.len() as u64 > most {
            return Err(too_long(&name, most));
        }
        Ok((text, opened.encoding()))
    }

    /// The document for formats that jump about in it: the file itself, or its bytes in memory.
    ///
    /// # Errors
    /// When it lies in an archive and is longer than `limits.document_bytes`.
    pub(super) fn seekable(self) -> Result<Box<dyn ReadSeek + 'a>, AcquireError> {
        use std::io::Seek;
        if let Some(mut file) = self.file {
            file.rewind().map_err(|e| AcquireError::io(&self.name, e))?;
            return Ok(Box::new(io::BufReader::new(file)));
        }
        Ok(Box::new(Cursor::new(self.in_memory()?)))
    }

    /// The file itself, if it is one and plain; else its bytes.
    ///
    /// # Errors
    /// As for [`Document::seekable`].
    pub(super) fn file_or_bytes(mut self) -> Result<Result<File, Vec<u8>>, AcquireError> {
        match self.file.take() {
            Some(file) => Ok(Ok(file)),
            None => self.in_memory().map(Err),
        }
    }

    fn in_memory(self) -> Result<Vec<u8>, AcquireError> {
        let (name, most) = (self.name.clone(), self.limits.document_bytes);
        let mut bytes = Vec::new();
        self.bytes().take(most + 1).read_to_end(&mut bytes).map_err(|e| AcquireError::io(&name, e))?;
        if bytes.len() as u64 > most { Err(too_long(&name, most)) } else { Ok(bytes) }
    }
}

fn too_long(name: &str, most: u64) -> AcquireError {
    let found = format!("must be read as a whole and has more than {most} bytes");
    AcquireError::over(name, "document_bytes", found, format!("{most} bytes"))
}

fn peek<'a>(name: &str, mut bytes: Box<dyn Read + 'a>) -> Result<(Vec<u8>, Box<dyn Read + 'a>), AcquireError> {
    let mut head = Vec::new();
    (&mut bytes).take(HEAD_BYTES).read_to_end(&mut head).map_err(|e| AcquireError::io(name, e))?;
    Ok((head, bytes))
}

/// The last part of a path: machine paths reach no message and no artefact.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Decoded bytes under the limits on their number and on their ratio to what was compressed.
struct Bounded<'a> {
    file: String,
    inner: Box<dyn Read + 'a>,
    /// Compressed bytes read so far, where there is compression.
    packed: Option<Rc<Cell<u64>>>,
    limits: Limits,
    decoded: u64,
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.decoded += read as u64;
        let packed = self.packed.as_ref().map(|count| count.get());
        check(&self.file, &self.limits, self.decoded, packed).map_err(io::Error::other)?;
        Ok(read)
    }
}
