//! The label index that all text meets: used by clean, extract and link.

pub mod ambiguity;
pub mod asking;
mod demand;
mod kernel;
mod kin;
pub mod labels;
pub(crate) mod lanes;
mod learned;
pub mod ngrams;
pub mod normal;
pub mod occupations;
pub(crate) mod own_titles;
pub mod pay;
pub mod query;
pub mod ranker;
pub mod regression;
pub mod sectors;
pub(crate) mod sparse;
pub mod stem;
pub mod titles;
pub mod tokens;
pub mod trie;
pub mod vectors;
pub mod weights;

use crate::types::Taxonomy;
use labels::LabelTable;
use std::sync::Arc;
use vectors::Vectors;

/// A taxonomy with its skill labels cut and numbered.
#[derive(Debug, Clone)]
pub struct Lexicon {
    /// The concepts.
    pub taxonomy: Taxonomy,
    /// Names of `taxonomy.skills`.
    pub skills: LabelTable,
    /// What words and concepts mean.
    pub vectors: Arc<Vectors>,
}

impl Lexicon {
    /// Cuts every skill label of the taxonomy; with the vectors that come with the program.
    pub fn new(taxonomy: Taxonomy) -> Self {
        Self::with_vectors(taxonomy, Vectors::shipped())
    }

    /// With vectors of one's own.
    pub fn with_vectors(taxonomy: Taxonomy, vectors: Arc<Vectors>) -> Self {
        let skills = LabelTable::of_skills(&taxonomy);
        Self { taxonomy, skills, vectors }
    }
}
