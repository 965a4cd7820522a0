//! Where the bytes of an answer go, decoded, under the ceilings on their number and on their ratio to what came.

use super::FetchRules;
use super::error::FetchError;
use crate::acquire::services::Expects;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, Read, Write};

/// Keeps the bytes of one answer.
pub trait Body {
    /// Forgets what was written: another try begins.
    ///
    /// # Errors
    /// When the disk refuses.
    fn restart(&mut self) -> io::Result<()>;
    /// Takes bytes.
    ///
    /// # Errors
    /// When the disk refuses.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// All that was written, from its beginning.
    ///
    /// # Errors
    /// When the disk refuses.
    fn reader(&mut self) -> io::Result<Box<dyn Read + '_>>;
}

/// Counts decoded bytes and passes them on.
struct Counted<'b> {
    body: &'b mut dyn Body,
    decoded: u64,
    limit: (u64, &'static str),
}

/// Marks an error of the disk, so that it is not taken for one of the answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct DiskError(io::Error);

#[derive(Debug, thiserror::Error)]
#[error("decodes to more than {0} bytes")]
struct TooLong(u64, &'static str);

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.decoded += bytes.len() as u64;
        let (most, key) = self.limit;
        if self.decoded > most {
            return Err(io::Error::other(TooLong(most, key)));
        }
        self.body.write(bytes).map_err(|e| io::Error::other(DiskError(e)))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Ratios are looked at from this many decoded bytes on: below it, text may simply repeat itself.
const RATIO_FROM_BYTES: u64 = 8 << 20;

enum Decoder<'b> {
    Plain(Counted<'b>),
    Gzip(Box<MultiGzDecoder<Counted<'b>>>),
    Zlib(Box<ZlibDecoder<Counted<'b>>>),
    Deflate(Box<DeflateDecoder<Counted<'b>>>),
    /// `deflate` means zlib, and some servers send it bare: the first bytes tell.
    Undecided(Option<Counted<'b>>),
}

/// Decodes an answer as it comes.
pub(super) struct Decoding<'b> {
    decoder: Decoder<'b>,
    url: String,
    rules: FetchRules,
    /// Bytes on the wire.
    pub(super) wire: u64,
}

impl<'b> Decoding<'b> {
    /// For the value of Content-Encoding.
    ///
    /// # Errors
    /// When the answer is packed in a way nobody asked for.
    pub(super) fn new(
        encoding: &str,
        url: &str,
        expects: Expects,
        rules: &FetchRules,
        body: &'b mut dyn Body,
    ) -> Result<Self, FetchError> {
        let is_document = matches!(expects, Expects::Json | Expects::Xml | Expects::Page);
        let limit = if is_document && rules.document_bytes < rules.decoded_bytes {
            (rules.document_bytes, "document_bytes")
        } else {
            (rules.decoded_bytes, "decoded_bytes")
        };
        let counted = Counted { body, decoded: 0, limit };
        let decoder = match encoding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Decoder::Plain(counted),
            "gzip" | "x-gzip" => Decoder::Gzip(Box::new(MultiGzDecoder::new(counted))),
            "deflate" => Decoder::Undecided(Some(counted)),
            other => {
                let problem =
                    format!("is packed as '{}', which was not asked for", crate::acquire::error::excerpt(other));
                return Err(FetchError::lasting(url, problem));
            }
        };
        Ok(Self { decoder, url: url.to_owned(), rules: rules.clone(), wire: 0 })
    }

    /// Takes a piece from the wire.
    ///
    /// # Errors
    /// When a limit is passed, the piece does not decode, or the disk refuses.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<(), FetchError> {
        self.wire += piece.len() as u64;
        if self.wire > self.rules.wire_bytes {
            let found = format!("is longer than {} bytes", self.rules.wire_bytes);
            return Err(FetchError::over(&self.url, "wire_bytes", found));
        }
        if let Decoder::Undecided(counted) = &mut self.decoder
            && let (Some(first), Some(counted)) = (piece.first(), counted.take())
        {
            let is_zlib = first & 0x0F == 8;
            self.decoder = if is_zlib {
                Decoder::Zlib(Box::new(ZlibDecoder::new(counted)))
            } else {
                Decoder::Deflate(Box::new(DeflateDecoder::new(counted)))
            };
        }
        let written = match &mut self.decoder {
            Decoder::Plain(to) => to.write_all(piece),
            Decoder::Gzip(to) => to.write_all(piece),
            Decoder::Zlib(to) => to.write_all(piece),
            Decoder::Deflate(to) => to.write_all(piece),
            Decoder::Undecided(_) => Ok(()),
        };
        written.map_err(|e| self.failed(e))?;
        let decoded = self.decoded();
        if decoded > RATIO_FROM_BYTES && decoded / self.wire.max(1) > self.rules.ratio {
            let found = format!("{} bytes on the wire give {decoded}", self.wire);
            return Err(FetchError::over(&self.url, "ratio", found));
        }
        Ok(())
    }

    /// The answer has ended; gives its length.
    ///
    /// # Errors
    /// When what was packed is not whole.
    pub(super) fn finish(mut self) -> Result<u64, FetchError> {
        let ended = match &mut self.decoder {
            Decoder::Gzip(to) if self.wire > 0 => to.try_finish(),
            Decoder::Zlib(to) => to.try_finish(),
            Decoder::Deflate(to) => to.try_finish(),
            _ => Ok(()),
        };
        ended.map_err(|e| self.failed(e))?;
        Ok(self.decoded())
    }

    fn decoded(&self) -> u64 {
        match &self.decoder {
            Decoder::Plain(to) => to.decoded,
            Decoder::Gzip(to) => to.get_ref().decoded,
            Decoder::Zlib(to) => to.get_ref().decoded,
            Decoder::Deflate(to) => to.get_ref().decoded,
            Decoder::Undecided(_) => 0,
        }
    }

    fn failed(&self, error: io::Error) -> FetchError {
        let inner = error.get_ref();
        if let Some(long) = inner.and_then(|inner| inner.downcast_ref::<TooLong>()) {
            return FetchError::over(&self.url, long.1, long);
        }
        match inner {
            Some(inner) if inner.is::<DiskError>() => {
                FetchError::lasting(&self.url, format!("its answer cannot be kept: {inner}"))
            }
            _ => FetchError::passing(&self.url, format!("its packed answer is cut short or damaged ({error})")),
        }
    }
}
