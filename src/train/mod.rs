//! Learns vectors of words and concepts from a taxonomy and from texts.

pub(crate) mod corpus;
pub(crate) mod learn;
pub(crate) mod table;

use crate::lexicon::vectors::{Rows, Vectors};
use corpus::Corpus;
use learn::Learner;
pub use learn::TrainSpec;

/// Texts a stem must stand in to be kept.
const LEAST_TEXTS: u32 = 2;

/// The learned vectors, rounded: stems seen often enough, and classes that `name` gives a URI.
pub(crate) fn vectors(learner: &Learner<'_>, corpus: &Corpus, dim: usize, name: impl Fn(u32) -> Option<String>) -> Vectors {
    let mut kept: Vec<usize> = (0..corpus.stems.len()).filter(|s| corpus.stem_counts[*s] >= LEAST_TEXTS).collect();
    kept.sort_by(|a, b| corpus.stems[*a].cmp(&corpus.stems[*b]));
    let stems = kept.iter().enumerate().map(|(at, s)| (corpus.stems[*s].as_str().into(), at as u32)).collect();
    let stem_values: Vec<f32> = kept.iter().flat_map(|s| learner.stems.row(*s).iter().copied()).collect();
    let mut named: Vec<(String, u32)> = (0..corpus.class_count).filter_map(|c| Some((name(c)?, c))).collect();
    named.sort();
    let mut concept_values: Vec<f32> = named.iter().flat_map(|(_, c)| learner.classes.row(*c as usize).iter().copied()).collect();
    concept_values.chunks_mut(dim).for_each(crate::lexicon::vectors::normalise);
    Vectors {
        dim,
        stems,
        stem_rows: Rows::round(dim, &stem_values),
        loudness: kept.iter().map(|s| learner.loudness.values[*s].exp()).collect(),
        bucket_rows: Rows::round(dim, &learner.buckets.values),
        concepts: named.iter().enumerate().map(|(at, (uri, _))| (uri.as_str().into(), at as u32)).collect(),
        concept_rows: Rows::round(dim, &concept_values),
    }
}
