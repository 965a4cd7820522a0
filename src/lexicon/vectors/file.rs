//! The file of vectors: `SGV1`, then little-endian numbers. Texts are sorted and front-coded: bytes shared with the text
//! before, bytes that follow, and those. Words: count, then per word its text and its loudness; rows of the words; rows of the buckets; concepts: count, then of each
//! its URI, its judged demand (`u8`) and the postings that named it (`u32`); rows of the concepts.
//! Rows: count, scales (`f32`), values (`i8`). The width of a row follows the mark.

use super::{Rows, Vectors};
use rustc_hash::FxHashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const MARK: &[u8; 4] = b"SGV1";
/// Bytes of a word or URI at most; longer ones are not learned.
pub(crate) const MOST_BYTES: usize = 255;
/// Numbers of a vector at most; a file that claims more was not made by us.
const DIM_LIMIT: usize = 4096;
/// Longest file read: vectors of all of ESCO take 10 MB.
const FILE_BYTES: u64 = 1 << 28;

/// Bytes that are no file of vectors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a file of vectors, or damaged at byte {at}; make one with `skillgap train vectors --output FILE`")]
pub struct VectorsError {
    /// Where reading stopped.
    pub at: usize,
}

/// A file that gives no vectors.
#[derive(Debug, thiserror::Error)]
pub enum VectorsFileError {
    /// The system refuses it.
    #[error("cannot read the vectors {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It holds something else.
    #[error("{}: {source}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: VectorsError,
    },
}

impl Vectors {
    /// The file's bytes; the same vectors give the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MARK.to_vec();
        put(&mut out, self.dim);
        let words = by_row(&self.stems);
        put(&mut out, words.len());
        let mut before = "";
        for (word, row) in words {
            put_text(&mut out, before, word);
            before = word;
            out.extend(self.loudness.get(row as usize).copied().unwrap_or_default().to_le_bytes());
        }
        put_rows(&mut out, &self.stem_rows);
        put_rows(&mut out, &self.bucket_rows);
        let concepts = by_row(&self.concepts);
        put(&mut out, concepts.len());
        before = "";
        for (uri, row) in concepts {
            put_text(&mut out, before, uri);
            before = uri;
            out.push(self.demand.get(row as usize).copied().unwrap_or_default());
            put(&mut out, self.posting_counts.get(row as usize).copied().unwrap_or_default() as usize);
        }
        put_rows(&mut out, &self.concept_rows);
        out
    }

    /// Reads a file that `skillgap train vectors` wrote.
    ///
    /// # Errors
    /// When it cannot be read, or holds something else.
    pub fn open(path: &Path) -> Result<Self, VectorsFileError> {
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(FILE_BYTES).read_to_end(&mut bytes));
        read.map_err(|source| VectorsFileError::Read { path: path.to_owned(), source })?;
        Self::from_bytes(&bytes).map_err(|source| VectorsFileError::Content { path: path.to_owned(), source })
    }

    /// Reads what [`Vectors::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the mark, a length, a number or a text does not fit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VectorsError> {
        let mut reader = Reader { bytes, at: 0 };
        if reader.take(MARK.len())? != MARK {
            return Err(VectorsError { at: 0 });
        }
        let dim = reader.count()?;
        if !(1..=DIM_LIMIT).contains(&dim) {
            return Err(VectorsError { at: MARK.len() });
        }
        let mut vectors = Self { dim, ..Self::default() };
        let mut text = Vec::new();
        for row in 0..reader.count()? as u32 {
            vectors.stems.insert(reader.text(&mut text)?.into(), row);
            vectors.loudness.push(reader.float()?);
        }
        vectors.stem_rows = reader.rows(dim)?;
        vectors.bucket_rows = reader.rows(dim)?;
        text.clear();
        for row in 0..reader.count()? as u32 {
            vectors.concepts.insert(reader.text(&mut text)?.into(), row);
            let [demand] = reader.array()?;
            vectors.demand.push(demand);
            vectors.posting_counts.push(u32::from_le_bytes(reader.array()?));
        }
        vectors.concept_rows = reader.rows(dim)?;
        let whole = reader.at == bytes.len()
            && vectors.stems.len() == vectors.stem_rows.len()
            && vectors.concepts.len() == vectors.concept_rows.len();
        if whole { Ok(vectors) } else { Err(VectorsError { at: reader.at }) }
    }
}

fn by_row(map: &FxHashMap<Box<str>, u32>) -> Vec<(&str, u32)> {
    let mut all: Vec<(&str, u32)> = map.iter().map(|(text, row)| (&**text, *row)).collect();
    all.sort_unstable_by_key(|x| x.1);
    all
}

fn put(out: &mut Vec<u8>, count: usize) {
    out.extend((count as u32).to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, before: &str, text: &str) {
    let (before, text) = (before.as_bytes(), text.get(..MOST_BYTES).unwrap_or(text).as_bytes());
    let shared = before.iter().zip(text).take(usize::from(u8::MAX)).take_while(|(a, b)| a == b).count();
    let rest = text.get(shared..).unwrap_or_default();
    out.extend([shared as u8, rest.len() as u8]);
    out.extend(rest);
}

fn put_rows(out: &mut Vec<u8>, rows: &Rows) {
    put(out, rows.len());
    rows.scales.iter().for_each(|s| out.extend(s.to_le_bytes()));
    out.extend(rows.values.iter().map(|v| v.to_le_bytes()[0]));
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], VectorsError> {
        let end = self.at.checked_add(count).ok_or(VectorsError { at: self.at })?;
        let part = self.bytes.get(self.at..end).ok_or(VectorsError { at: self.at })?;
        self.at = end;
        Ok(part)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], VectorsError> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| VectorsError { at })
    }

    fn count(&mut self) -> Result<usize, VectorsError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn float(&mut self) -> Result<f32, VectorsError> {
        let at = self.at;
        let value = f32::from_le_bytes(self.array()?);
        if value.is_finite() { Ok(value) } else { Err(VectorsError { at }) }
    }

    /// The next text, given the one before, which it replaces.
    fn text<'t>(&mut self, before: &'t mut Vec<u8>) -> Result<&'t str, VectorsError> {
        let at = self.at;
        let [shared, rest] = self.array()?;
        before.truncate(usize::from(shared));
        before.extend(self.take(usize::from(rest))?);
        std::str::from_utf8(before).map_err(|_| VectorsError { at })
    }

    fn rows(&mut self, dim: usize) -> Result<Rows, VectorsError> {
        let at = self.at;
        let count = self.count()?;
        let size = |width: usize| count.checked_mul(width).ok_or(VectorsError { at });
        let scales: Vec<f32> =
            self.take(size(4)?)?.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if !scales.iter().all(|scale| scale.is_finite()) {
            return Err(VectorsError { at });
        }
        let values = self.take(size(dim)?)?.iter().map(|b| i8::from_le_bytes([*b])).collect();
        Ok(Rows { dim, scales, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_read_and_written_back_byte_for_byte() {
        let shipped = Vectors::shipped();
        assert!(shipped.concepts.len() > 10_000 && shipped.dim() > 0);
        assert_eq!(Vectors::from_bytes(&shipped.to_bytes()).unwrap().to_bytes(), shipped.to_bytes());
    }

    #[test]
    fn a_file_cut_off_anywhere_or_of_another_kind_is_refused() {
        let rows = Rows::round(2, &[0.5, -1.0, 0.25, 0.75]);
        let named = |names: [&str; 2]| names.into_iter().zip(0..).map(|(n, at)| (n.into(), at)).collect();
        let vectors = Vectors {
            dim: 2,
            stems: named(["analys", "analytic"]),
            stem_rows: rows.clone(),
            loudness: vec![1.0, 2.0],
            bucket_rows: rows.clone(),
            concepts: named(["urn:a", "urn:b"]),
            concept_rows: rows,
            demand: vec![0, 3],
            posting_counts: vec![7, 0],
        };
        let bytes = vectors.to_bytes();
        let read = Vectors::from_bytes(&bytes).unwrap();
        assert_eq!((read.demand("urn:b"), read.posting_count("urn:a"), read.stems.len()), (3.0, 7.0, 2));
        (0..bytes.len()).for_each(|at| assert!(Vectors::from_bytes(&bytes[..at]).is_err(), "{at}"));
        assert!(Vectors::from_bytes(&[bytes.as_slice(), b"x"].concat()).is_err());
        assert!(Vectors::from_bytes(b"PAR1").is_err());
    }
}
