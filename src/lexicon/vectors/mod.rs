//! Small static vectors of words, parts of words and concepts, learned from a taxonomy by `skillgap train
//! vectors`.
//!
//! A word is the vector of its stem plus the mean of those of its runs of 3 to 5 letters (Bojanowski et al. 2017); a
//! text is the sum of its words, each as loud as its learned weight, scaled to length 1. A concept has a vector of its
//! own. All languages share one space, since the labels of a concept are learned together.

mod file;
pub(crate) mod words;

pub(crate) use file::MOST_BYTES;
pub use file::{VectorsError, VectorsFileError};

use crate::types::Lang;
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// What comes with the program; see `data/training/README.md` for what it was learned from.
const SHIPPED: &[u8] = include_bytes!("../../../data/reference/vectors.bin");

/// Rows of numbers, kept in eighths of a float.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rows {
    pub(crate) dim: usize,
    pub(crate) scales: Vec<f32>,
    pub(crate) values: Vec<i8>,
}

impl Rows {
    /// Rounds each row to 127 steps of its greatest value.
    pub(crate) fn round(dim: usize, values: &[f32]) -> Self {
        let mut rows = Self { dim, ..Self::default() };
        for row in values.chunks_exact(dim.max(1)) {
            let most = row.iter().fold(0f32, |most, x| most.max(x.abs())).max(f32::MIN_POSITIVE);
            rows.scales.push(most / 127.0);
            rows.values.extend(row.iter().map(|x| (x / most * 127.0).round() as i8));
        }
        rows
    }

    pub(crate) fn len(&self) -> usize {
        self.scales.len()
    }

    /// Adds `factor` times a row.
    pub(crate) fn add_to(&self, row: usize, factor: f32, out: &mut [f32]) {
        let Some(values) = self.values.get(row * self.dim..(row + 1) * self.dim) else { return };
        let scale = factor * self.scales.get(row).copied().unwrap_or_default();
        out.iter_mut().zip(values).for_each(|(out, value)| *out += scale * f32::from(*value));
    }
}

/// Vectors of words and concepts.
#[derive(Debug, Clone, Default)]
pub struct Vectors {
    pub(crate) dim: usize,
    pub(crate) stems: FxHashMap<Box<str>, u32>,
    pub(crate) stem_rows: Rows,
    /// How loud each stem is in a text.
    pub(crate) loudness: Vec<f32>,
    pub(crate) bucket_rows: Rows,
    pub(crate) concepts: FxHashMap<Box<str>, u32>,
    pub(crate) concept_rows: Rows,
    /// Judged demand of each concept, 0 hardly ever to 3 very common.
    pub(crate) demand: Vec<u8>,
    /// Postings that named it, where the vectors were learned from some.
    pub(crate) posting_counts: Vec<u32>,
}

/// What the name of a kind of sentence that asks for nothing begins with, among the concepts.
pub(crate) const IDLE: &str = "idle:";

/// What tells the URI of an occupation.
const OCCUPATION: &str = "/occupation/";

/// Loudness of a word that was not seen in training.
const UNSEEN_LOUDNESS: f32 = 1.0;

impl Vectors {
    /// The vectors that come with the program.
    pub fn shipped() -> Arc<Self> {
        static READ: OnceLock<Arc<Vectors>> = OnceLock::new();
        // A test reads them, so broken ones never ship.
        Arc::clone(READ.get_or_init(|| Arc::new(Self::from_bytes(SHIPPED).unwrap_or_default())))
    }

    /// How often employers ask for a concept by judgement: 0 hardly ever or not known, 1 seldom, 2 often, 3 very often.
    pub fn demand(&self, uri: &str) -> f32 {
        let row = self.concepts.get(uri).and_then(|row| self.demand.get(*row as usize));
        row.copied().map_or(0.0, f32::from)
    }

    /// Places of the known occupations, one after the other, in the order of their URIs.
    pub(crate) fn occupations(&self) -> Vec<f32> {
        let mut rows: Vec<(&str, u32)> = self.concepts.iter().map(|(uri, row)| (&**uri, *row)).collect();
        rows.retain(|(uri, _)| uri.contains(OCCUPATION));
        rows.sort_unstable();
        let mut out = vec![0.0; rows.len() * self.dim];
        for ((_, row), out) in rows.iter().zip(out.chunks_exact_mut(self.dim.max(1))) {
            self.concept_rows.add_to(*row as usize, 1.0, out);
            normalise(out);
        }
        out
    }

    /// Whether a concept has a vector of its own.
    pub(crate) fn knows(&self, uri: &str) -> bool {
        self.concepts.contains_key(uri)
    }

    /// Postings that named a concept when the vectors were learned.
    pub fn posting_count(&self, uri: &str) -> f32 {
        let row = self.concepts.get(uri).and_then(|row| self.posting_counts.get(*row as usize));
        row.map_or(0.0, |n| *n as f32)
    }

    /// Numbers of a vector.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Words that have a vector of their own.
    pub fn word_count(&self) -> usize {
        self.stem_rows.len()
    }

    /// Concepts that have one.
    pub fn concept_count(&self) -> usize {
        self.concept_rows.len()
    }

    /// Adds a folded word to a text's sum, as loud as it is.
    pub(crate) fn add_word(&self, form: &str, lang: Lang, out: &mut [f32]) {
        let row = self.stems.get(words::key(form, lang).as_str()).copied();
        let loudness = row.and_then(|row| self.loudness.get(row as usize)).copied().unwrap_or(UNSEEN_LOUDNESS);
        if let Some(row) = row {
            self.stem_rows.add_to(row as usize, loudness, out);
        }
        let mut ids: Vec<u32> = Vec::with_capacity(24);
        words::buckets(form, self.bucket_rows.len() as u32, |id| ids.push(id));
        let share = loudness / ids.len().max(1) as f32;
        ids.iter().for_each(|id| self.bucket_rows.add_to(*id as usize, share, out));
    }

    /// The vector of a text, of length 1; zeros where nothing is known.
    pub fn text(&self, text: &str, lang: Lang) -> Vec<f32> {
        let mut sum = vec![0.0; self.dim];
        words::forms(text).for_each(|form| self.add_word(&form, lang, &mut sum));
        normalise(&mut sum);
        sum
    }

    /// Adds the vector a concept has of its own; whether it has one.
    pub(crate) fn add_concept(&self, uri: &str, out: &mut [f32]) -> bool {
        let row = self.concepts.get(uri);
        row.inspect(|row| self.concept_rows.add_to(**row as usize, 1.0, out)).is_some()
    }
}

/// Product of two vectors, summed in eight columns, which processors add at once.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, rest_a) = a.as_chunks::<8>();
    let (b, rest_b) = b.as_chunks::<8>();
    let mut sums = [0f32; 8];
    for (x, y) in a.iter().zip(b) {
        for at in 0..8 {
            sums[at] += x[at] * y[at];
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

/// Scales to length 1.
pub(crate) fn normalise(vector: &mut [f32]) {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > f32::MIN_POSITIVE {
        vector.iter_mut().for_each(|x| *x /= norm);
    }
}
