//! One file on disk to bounded, decoded text.

use super::error::AcquireError;
use super::limits::Limits;
use super::text::Text;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Below this much output a high ratio means repetitive text, not a bomb.
const RATIO_FROM_BYTES: u64 = 8 << 20;

/// UTF-8 text of a file, read as a stream; the byte-order mark is gone.
pub struct Opened {
    text: Text<Bounded>,
    /// Whether the file was gzip.
    pub compressed: bool,
}

impl Opened {
    /// The encoding found so far: final once everything is read, and worth a note when it is not UTF-8.
    pub fn encoding(&self) -> &'static str {
        self.text.encoding().name()
    }
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.text.read(into)
    }
}

impl BufRead for Opened {
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
pub fn open(path: &Path, limits: &Limits) -> Result<Opened, AcquireError> {
    open_as(path, &file_name(path), limits)
}

/// The same for a file kept under another name, such as a snapshot; messages say `file`.
///
/// # Errors
/// As for [`open`].
pub fn open_as(path: &Path, file: &str, limits: &Limits) -> Result<Opened, AcquireError> {
    let fail = |e| AcquireError::io(file, e);
    let mut bytes = BufReader::with_capacity(64 * 1024, Counted { inner: File::open(path).map_err(fail)?, count: 0 });
    let compressed = bytes.fill_buf().map_err(fail)?.starts_with(&[0x1F, 0x8B]);
    let source = if compressed { Source::Gzip(Box::new(MultiGzDecoder::new(bytes))) } else { Source::Plain(bytes) };
    let mut text = Text::new(file, Bounded { file: file.to_owned(), source, limits: limits.clone(), decoded: 0 });
    text.prime()?;
    if text.fill_buf().map_err(fail)?.is_empty() {
        return Err(AcquireError::content(file, "is empty", "look at where it was obtained"));
    }
    Ok(Opened { text, compressed })
}

/// Text out of an archive's entry, whose size the archive has already bounded.
pub(super) fn text_of<'a>(file: &str, bytes: Box<dyn Read + 'a>) -> Result<impl BufRead + 'a, AcquireError> {
    let mut text = Text::new(file, bytes);
    text.prime()?;
    Ok(text)
}

/// The last part of a path: machine paths reach no message and no artefact.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.count += read as u64;
        Ok(read)
    }
}

enum Source {
    Plain(BufReader<Counted<File>>),
    Gzip(Box<MultiGzDecoder<BufReader<Counted<File>>>>),
}

/// Decoded bytes under the limits on their number and on their ratio to what was compressed.
struct Bounded {
    file: String,
    source: Source,
    limits: Limits,
    decoded: u64,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let (read, packed) = match &mut self.source {
            Source::Plain(bytes) => (bytes.read(into)?, None),
            Source::Gzip(gzip) => (gzip.read(into)?, Some(gzip.get_ref().get_ref().count)),
        };
        self.decoded += read as u64;
        check(&self.file, &self.limits, self.decoded, packed).map_err(io::Error::other)?;
        Ok(read)
    }
}

/// Refuses what decodes to more than the limits allow.
pub(super) fn check(file: &str, limits: &Limits, decoded: u64, packed: Option<u64>) -> Result<(), AcquireError> {
    if decoded > limits.decoded_bytes {
        let found = format!("more than {} bytes after decompression", limits.decoded_bytes);
        return Err(AcquireError::over(file, "decoded_bytes", found, format!("{} bytes", limits.decoded_bytes)));
    }
    match packed {
        Some(packed) if decoded > RATIO_FROM_BYTES && decoded / packed.max(1) > limits.ratio => {
            let found = format!("{packed} compressed bytes give {decoded}");
            Err(AcquireError::over(file, "ratio", found, format!("{} to 1", limits.ratio)))
        }
        _ => Ok(()),
    }
}
