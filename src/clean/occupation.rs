//! Title -> occupation and ISCO-08 code, each different title once.

use crate::lexicon::labels::LabelTable;
use crate::lexicon::occupations::OccupationCoder;
use crate::lexicon::vectors::Vectors;
use crate::types::{IscoCode, Lang, Taxonomy};
use rustc_hash::FxHashMap;
use std::sync::RwLock;

/// What a posting gets of its title.
#[derive(Debug, Clone, PartialEq)]
pub struct PostingOccupation {
    /// Taxonomy id.
    pub id: String,
    /// ISCO-08 code of the occupation.
    pub isco: Option<IscoCode>,
    /// How sure, 0..=1.
    pub score: f32,
}

type TitleKey = (Lang, String, Option<String>);

/// Codes titles and remembers them; shared by threads, the answer never depends on their order.
#[derive(Debug)]
pub struct TitleCoder<'a> {
    taxonomy: &'a Taxonomy,
    coder: OccupationCoder<'a>,
    seen: RwLock<FxHashMap<TitleKey, Option<PostingOccupation>>>,
}

/// Titles remembered at most, so that memory stays flat.
const REMEMBERED: usize = 100_000;

impl<'a> TitleCoder<'a> {
    /// `table` is [`LabelTable::of_occupations`] of the same taxonomy.
    pub fn new(taxonomy: &'a Taxonomy, table: &'a LabelTable, vectors: &'a Vectors) -> Self {
        Self { taxonomy, coder: OccupationCoder::new(taxonomy, table, vectors), seen: RwLock::default() }
    }

    /// The occupation of a title; `hint` is the occupation as the source names it.
    pub fn occupation(&self, title: &str, lang: Lang, hint: Option<&str>) -> Option<PostingOccupation> {
        let key = (lang, title.trim().to_owned(), hint.map(str::to_owned));
        if let Some(known) = self.seen.read().ok().and_then(|seen| seen.get(&key).cloned()) {
            return known;
        }
        let coded = self.coder.code(title, lang, hint).and_then(|coded| {
            let id = self.taxonomy.occupations.get(coded.occupation)?.id.clone();
            Some(PostingOccupation { id, isco: coded.isco, score: coded.score })
        });
        if let Ok(mut seen) = self.seen.write()
            && seen.len() < REMEMBERED
        {
            seen.insert(key, coded.clone());
        }
        coded
    }
}
