//! Bytes of unknown encoding to UTF-8, a chunk at a time.
//!
//! A byte-order mark decides; else strict UTF-8; else, at the first byte that is not UTF-8, a single-byte code page for
//! the rest. Up to there everything was ASCII, so the switch gives what decoding from the start would have given.

use super::error::AcquireError;
use super::kinds::foreign;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};
use std::io::{self, BufRead, Read};

const CHUNK: usize = 64 * 1024;

/// Stands for bytes that are not UTF-8 in a file that otherwise is; a noncharacter, so that no real text holds it.
/// Records that carry it are rejected as `bad_encoding`.
pub(crate) const DAMAGE: char = '\u{FDD0}';

/// Whether a text may begin like HTML or XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    Expected,
    Refused,
}

/// A reader of UTF-8 text over bytes in whatever encoding.
pub(super) struct Text<R> {
    file: String,
    inner: R,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    encoding: &'static Encoding,
    decoder: Option<Decoder>,
    multibyte_seen: bool,
    offset: u64,
    at_end: bool,
    /// The plan names the encoding.
    named: bool,
    /// A byte was met that is a letter in windows-1252 and a control in iso-8859-15.
    is_windows: bool,
}

impl<R: Read> Text<R> {
    pub(super) fn new(file: &str, inner: R) -> Self {
        Self {
            file: file.to_owned(),
            inner,
            raw: Vec::with_capacity(CHUNK + 8),
            out: Vec::with_capacity(CHUNK * 2),
            at: 0,
            encoding: UTF_8,
            decoder: None,
            multibyte_seen: false,
            offset: 0,
            at_end: false,
            named: false,
            is_windows: false,
        }
    }

    /// Takes the bytes to be in this encoding, whatever they look like.
    pub(super) fn in_encoding(mut self, encoding: Option<&'static Encoding>) -> Self {
        if let Some(encoding) = encoding {
            self.encoding = encoding;
            self.named = true;
            self.decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        }
        self
    }

    /// Reads the first chunk and refuses what is plainly no text, or markup where none is expected.
    pub(super) fn prime(&mut self, markup: Markup) -> Result<(), AcquireError> {
        let file = self.file.clone();
        self.pull().map_err(|e| AcquireError::io(&file, e))?;
        if let Some(found) = foreign(&self.raw) {
            return Err(AcquireError::content(&file, format!("is {}, not text", found.what), found.advice));
        }
        if self.named
            && let Some((_, length)) = Encoding::for_bom(&self.raw).filter(|(found, _)| *found == self.encoding)
        {
            self.raw.drain(..length);
        } else if !self.named
            && let Some((encoding, length)) = Encoding::for_bom(&self.raw).or_else(|| wide_without_mark(&self.raw))
        {
            self.raw.drain(..length);
            self.encoding = encoding;
            if encoding == UTF_16LE || encoding == UTF_16BE {
                self.decoder = Some(encoding.new_decoder_without_bom_handling());
            }
        }
        self.decode().map_err(|e| AcquireError::io(&file, e))?;
        let start = self.out.trim_ascii_start();
        if markup == Markup::Refused && start.starts_with(b"<") {
            let shown: String = String::from_utf8_lossy(start).chars().take(40).collect();
            let problem = format!("is an HTML or XML page (it begins with '{}')", shown.escape_debug());
            return Err(AcquireError::content(
                &file,
                problem,
                "CSV or JSON was expected: look whether the address answers with a login or error page",
            ));
        }
        Ok(())
    }

    pub(super) fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    fn pull(&mut self) -> io::Result<()> {
        while self.raw.len() < CHUNK && !self.at_end {
            let before = self.raw.len();
            self.raw.resize(CHUNK + 8, 0);
            let read = self.inner.read(self.raw.get_mut(before..).unwrap_or_default());
            self.raw.truncate(before + read.as_ref().copied().unwrap_or_default());
            match read {
                Ok(0) => self.at_end = true,
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn refill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        while self.out.is_empty() && !(self.at_end && self.raw.is_empty()) {
            self.pull()?;
            self.decode()?;
        }
        Ok(())
    }

    fn decode(&mut self) -> io::Result<()> {
        let mut used = 0;
        if self.decoder.is_none() {
            used = self.decode_utf8();
        }
        self.choose_latin(used);
        if let Some(decoder) = &mut self.decoder {
            let rest = self.raw.get(used..).unwrap_or_default();
            let start = self.out.len();
            let room = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len() * 3 + 16);
            self.out.resize(start + room, 0);
            let (_, _, written, damaged) =
                decoder.decode_to_utf8(rest, self.out.get_mut(start..).unwrap_or_default(), self.at_end);
            self.out.truncate(start + written);
            if damaged {
                let decoded = self.out.split_off(start);
                self.out.extend(unreadable(&decoded));
            }
            used = self.raw.len();
        }
        self.raw.drain(..used);
        if let Some(at) = self.out.iter().position(|b| *b == 0) {
            let problem = format!("holds a NUL byte {} bytes into its text", self.offset + at as u64);
            let advice = "it is binary, or UTF-16 without a byte-order mark: save it as UTF-8";
            return Err(io::Error::other(AcquireError::content(&self.file, problem, advice)));
        }
        self.offset += self.out.len() as u64;
        Ok(())
    }

    /// windows-1252 and iso-8859-15 differ in few bytes: 0x80 to 0x9F are letters and signs in the one and controls in
    /// the other, and 0xA4 is the euro sign in the other and a sign nobody writes in the one.
    fn choose_latin(&mut self, from: usize) {
        if self.named || !matches!(self.encoding, e if e == WINDOWS_1252 || e == ISO_8859_15) {
            return;
        }
        let bytes = self.raw.get(from..).unwrap_or_default();
        self.is_windows |= bytes.iter().any(|b| (0x80..=0x9F).contains(b));
        let euro = self.encoding == ISO_8859_15 || bytes.contains(&0xA4);
        let encoding = if euro && !self.is_windows { ISO_8859_15 } else { WINDOWS_1252 };
        if encoding != self.encoding {
            self.encoding = encoding;
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
        }
    }

    /// Moves what is UTF-8 from `raw` to `out`, and says how many bytes of `raw` are done with.
    fn decode_utf8(&mut self) -> usize {
        let mut used = 0;
        loop {
            let rest = self.raw.get(used..).unwrap_or_default();
            let Err(fault) = std::str::from_utf8(rest) else {
                self.multibyte_seen |= !rest.is_ascii();
                self.out.extend_from_slice(rest);
                return self.raw.len();
            };
            let (valid, bad) = rest.split_at(fault.valid_up_to());
            self.multibyte_seen |= !valid.is_ascii();
            self.out.extend_from_slice(valid);
            used += valid.len();
            let width = match fault.error_len() {
                None if !self.at_end => return used,
                None => bad.len(),
                Some(width) => width,
            };
            self.multibyte_seen = self.multibyte_seen || mostly_utf8(bad);
            if !self.multibyte_seen && !self.named {
                self.encoding = single_byte_page(bad);
                self.decoder = Some(self.encoding.new_decoder_without_bom_handling());
                return used;
            }
            self.out.extend_from_slice(DAMAGE.encode_utf8(&mut [0; 4]).as_bytes());
            used += width;
        }
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(into.len());
        if let (Some(from), Some(to)) = (ready.get(..count), into.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.out.len() {
            self.refill()?;
        }
        Ok(self.out.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
    }
}

/// windows-1252, unless the bytes read as Arabic.
pub(super) fn single_byte_page(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == WINDOWS_1256 { WINDOWS_1256 } else { WINDOWS_1252 }
}

/// What a decoder could not read is a byte that is no UTF-8 either, so that it costs its record as in any other file.
fn unreadable(decoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(decoded.len());
    let mut rest = decoded;
    while let Some((first, tail)) = rest.split_first() {
        match rest.strip_prefix("\u{fffd}".as_bytes()) {
            Some(after) => {
                out.push(0xFF);
                rest = after;
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    out
}

/// UTF-16 without a byte-order mark: Latin letters and delimiters have a zero byte each, always on the same side.
pub(super) fn wide_without_mark(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    let sample = bytes.get(..bytes.len().min(4096) & !1)?;
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let many = sample.len() >= 8 && (first.max(second)) * 3 > sample.len() / 2;
    match (many, first, second) {
        (true, 0, _) => Some((UTF_16LE, 0)),
        (true, _, 0) => Some((UTF_16BE, 0)),
        _ => None,
    }
}

/// Whether bytes that are not all UTF-8 hold more characters of it than faults: then the faults are damage.
pub(super) fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}
