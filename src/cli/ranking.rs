//! What texts are ranked against: skills, occupations or a list, with the texts as files hold them.

use super::args::{Common, Kind, TaxonomyArguments};
use super::taxonomies;
use crate::clean;
use crate::lexicon::Lexicon;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::occupations::OccupationCoder;
use crate::lexicon::ranker::{RankWeights, Ranked, Ranker};
use crate::lexicon::vectors::Vectors;
use crate::types::Lang;
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

/// A sentence, outcome or title to work on.
#[derive(Debug, Deserialize)]
pub struct Query {
    /// Id.
    pub id: String,
    /// The words.
    pub text: String,
    #[serde(default, alias = "language")]
    lang: Option<String>,
}

impl Query {
    /// The language said, else the one the text speaks.
    pub fn language(&self) -> Lang {
        language_of(self.lang.as_deref(), &self.text)
    }
}

/// The language said, else the one the text speaks.
pub fn language_of(said: Option<&str>, text: &str) -> Lang {
    let said = said.map(Lang::from_code).filter(|l| *l != Lang::Und);
    said.unwrap_or_else(|| clean::language::detect(text, None))
}

/// Concepts to rank, with their names.
pub struct Ranking {
    /// The taxonomy and its skills.
    pub lexicon: Lexicon,
    /// What is ranked.
    pub kind: Kind,
    labels: LabelTable,
}

/// A ranker over a [`Ranking`].
pub enum Engine<'a> {
    /// Of skills.
    Skills(Box<Ranker<'a>>),
    /// Of occupations, for titles.
    Titles(Box<OccupationCoder<'a>>),
}

impl Ranking {
    /// Reads the taxonomy, or the list at `corpus`, whose names are in `language`.
    pub fn read(
        common: &Common,
        taxonomy: &TaxonomyArguments,
        corpus: Option<&Path>,
        kind: Kind,
        language: Lang,
        vectors: Arc<Vectors>,
    ) -> anyhow::Result<Self> {
        let (taxonomy, kind) = match corpus {
            Some(path) => (taxonomies::read_corpus(path, language)?, Kind::Occupation),
            None => (taxonomies::read(common, taxonomy)?, kind),
        };
        let labels = match kind {
            Kind::Skill => LabelTable::of_skills(&taxonomy),
            Kind::Occupation => LabelTable::of_occupations(&taxonomy),
        };
        Ok(Self { lexicon: Lexicon::with_vectors(taxonomy, vectors), kind, labels })
    }

    /// Whether a URI can be ranked.
    pub fn knows(&self, uri: &str) -> bool {
        self.position(uri).is_some()
    }

    fn position(&self, uri: &str) -> Option<usize> {
        match self.kind {
            Kind::Skill => self.lexicon.taxonomy.skill_index(uri),
            Kind::Occupation => self.lexicon.taxonomy.occupation_index(uri),
        }
    }

    /// URI of a ranked concept.
    pub fn uri(&self, concept: usize) -> &str {
        let taxonomy = &self.lexicon.taxonomy;
        match self.kind {
            Kind::Skill => taxonomy.skills.get(concept).map_or("", |s| s.id.0.as_str()),
            Kind::Occupation => taxonomy.occupations.get(concept).map_or("", |o| o.id.as_str()),
        }
    }

    /// Name of a concept for a reader of `lang`; the URI when it is not known.
    pub fn name(&self, uri: &str, lang: Lang) -> String {
        let taxonomy = &self.lexicon.taxonomy;
        let name = self.position(uri).and_then(|at| match self.kind {
            Kind::Skill => taxonomy.skills.get(at).map(|s| s.name(lang)),
            Kind::Occupation => taxonomy.occupations.get(at).map(|o| o.name(lang)),
        });
        name.unwrap_or(uri).to_owned()
    }

    /// The label of a table position.
    pub fn label(&self, at: usize) -> &str {
        self.labels.text(at)
    }

    /// Indexes the concepts.
    pub fn engine(&self) -> Engine<'_> {
        let taxonomy = &self.lexicon.taxonomy;
        match self.kind {
            Kind::Skill => Engine::Skills(Box::new(Ranker::skills(&self.labels, taxonomy, &self.lexicon.vectors))),
            Kind::Occupation => {
                Engine::Titles(Box::new(OccupationCoder::new(taxonomy, &self.labels, &self.lexicon.vectors)))
            }
        }
    }
}

impl Engine<'_> {
    /// The `top` concepts of a text, best first.
    pub fn rank(&self, text: &str, lang: Lang, top: usize) -> Vec<Ranked> {
        match self {
            Engine::Skills(ranker) => ranker.rank(text, Some(lang), top),
            Engine::Titles(coder) => coder.rank(text, lang, top),
        }
    }

    /// The weights it ranks by.
    pub fn weights(&self) -> RankWeights {
        match self {
            Engine::Skills(ranker) => ranker.weights(),
            Engine::Titles(coder) => coder.weights(),
        }
    }

    /// The same index under other weights.
    pub fn with_weights(self, weights: RankWeights) -> Self {
        match self {
            Engine::Skills(ranker) => Engine::Skills(Box::new(ranker.with_weights(weights))),
            Engine::Titles(coder) => Engine::Titles(Box::new(coder.with_weights(weights))),
        }
    }
}
