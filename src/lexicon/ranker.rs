//! Ranks all concepts of a taxonomy for a sentence, a learning outcome or a job title: propose by cover, then fuse lanes.

use crate::lexicon::demand::counts;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::lanes::{FOREIGN, LANES, LEARNED, LaneHit, LaneIndex, LaneQuery, LaneScratch, LaneValues, PRIORS};
use crate::lexicon::learned::{LearnedIndex, LearnedScratch};
use crate::lexicon::vectors::Vectors;
pub use crate::lexicon::weights::{Priors, RankWeights};
use crate::lexicon::weights::{WeightFile, minor_group};
use crate::types::{IscoCode, Lang, Reuse, Taxonomy};
use std::sync::Mutex;

/// Concepts whose costly lanes are worked out.
const CANDIDATES: usize = 200;
/// Labels most like a title that are looked at beside as many of the best covered.
const ALIKE: usize = 20;
/// The same where thousands of short texts are linked.
const QUICK_CANDIDATES: usize = 20;

/// How many candidates are looked at closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Two hundred: ranking for evaluation and review.
    Full,
    /// A few dozen: linking thousands of outcomes.
    Quick,
}

/// A concept with its score for a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Index into the list the label table was built from.
    pub concept: usize,
    /// Label that fits best, as an index into the label table.
    pub label: usize,
    /// Weighted sum of the lanes; comparable within a text, not a probability.
    pub score: f32,
    /// Lane values in the order of [`LANES`].
    pub lanes: LaneValues,
    /// Share of the label's stem idf that the text has, 0..=1.
    pub covered: f32,
    /// Idf of the label's stems that the text has.
    pub found_idf: f32,
    /// Bytes of the words that fit best.
    pub span: Option<(u32, u32)>,
    /// How many words they are.
    pub span_words: usize,
}

/// What is known of a concept before any text is read.
#[derive(Debug, Clone, Default)]
pub struct ConceptFacts<'a> {
    /// Description with its language.
    pub description: Option<(&'a str, Lang)>,
    /// Its id.
    pub uri: &'a str,
    /// What speaks for it before any text.
    pub priors: Priors,
}

/// Ranks concepts; shared by threads.
#[derive(Debug)]
pub struct Ranker<'a> {
    indexes: Vec<(Lang, LaneIndex<'a>)>,
    priors: Vec<Priors>,
    learned: Option<LearnedIndex<'a>>,
    weights: RankWeights,
    /// Labels proposed by 3-grams of the whole text, which short texts such as titles allow.
    alike: usize,
    pool: Mutex<Vec<(LaneScratch, LearnedScratch)>>,
}

impl<'a> Ranker<'a> {
    /// Indexes the labels of every language the table has.
    pub fn new(table: &'a LabelTable, facts: &[ConceptFacts<'_>], weights: RankWeights) -> Self {
        let indexes = Lang::ALL
            .into_iter()
            .filter(|lang| table.entries.iter().any(|entry| entry.lang == *lang))
            .map(|lang| {
                let texts: Vec<&str> =
                    facts.iter().map(|f| f.description.filter(|d| d.1 == lang).map_or("", |d| d.0)).collect();
                (lang, LaneIndex::new(table, lang, &texts))
            })
            .collect();
        let priors = facts.iter().map(|f| f.priors).collect();
        Self { indexes, priors, learned: None, weights, alike: 0, pool: Mutex::default() }
    }

    /// Over the skills of a taxonomy, with the lanes of learned vectors.
    pub fn skills(table: &'a LabelTable, taxonomy: &Taxonomy, vectors: &'a Vectors) -> Self {
        let facts = skill_facts(taxonomy, vectors);
        Self::new(table, &facts, RankWeights::skill()).with_vectors(vectors, table, &facts)
    }

    fn with_vectors(mut self, vectors: &'a Vectors, table: &LabelTable, facts: &[ConceptFacts<'_>]) -> Self {
        let uris: Vec<&str> = facts.iter().map(|f| f.uri).collect();
        let descriptions: Vec<Option<(&str, Lang)>> = facts.iter().map(|f| f.description).collect();
        self.learned = (vectors.dim() > 0).then(|| LearnedIndex::new(vectors, table, &uris, &descriptions));
        self
    }

    /// Over the occupations of a taxonomy, with the lanes of learned vectors.
    pub fn occupations(table: &'a LabelTable, taxonomy: &Taxonomy, vectors: &'a Vectors) -> Self {
        let facts = occupation_facts(taxonomy);
        let known = facts.iter().any(|f| vectors.knows(f.uri));
        let weights = if known { RankWeights::occupation() } else { RankWeights::occupation_list() };
        let ranker = Self::new(table, &facts, weights).with_vectors(vectors, table, &facts);
        Self { alike: ALIKE, ..ranker }
    }

    /// Names of the lanes, in the order of [`RankWeights`] and [`Ranked::lanes`].
    pub fn lanes() -> &'static [&'static str] {
        &LANES
    }

    /// The weights it ranks by.
    pub fn weights(&self) -> RankWeights {
        self.weights
    }

    /// The same index under other weights.
    pub fn with_weights(self, weights: RankWeights) -> Self {
        Self { weights, ..self }
    }

    /// The `top` concepts for a text, best first; ties by concept. Text in a language without labels is read against
    /// the first language that has some.
    pub fn rank(&self, text: &str, lang: Option<Lang>, top: usize) -> Vec<Ranked> {
        self.rank_at(text, lang, top, Depth::Full)
    }

    /// [`Ranker::rank`] with a choice of depth.
    pub fn rank_at(&self, text: &str, lang: Option<Lang>, top: usize, depth: Depth) -> Vec<Ranked> {
        let limit = match depth {
            Depth::Full => CANDIDATES.max(top),
            Depth::Quick if self.alike > 0 => ALIKE.max(top),
            Depth::Quick => QUICK_CANDIDATES.max(top),
        };
        let mut ranked = self.proposed(text, lang, limit);
        ranked.truncate(top);
        ranked
    }

    /// All that [`Ranker::rank`] weighs for a text, best first: other weights may put any of it first.
    pub fn candidates(&self, text: &str, lang: Option<Lang>) -> Vec<Ranked> {
        self.proposed(text, lang, CANDIDATES)
    }

    fn proposed(&self, text: &str, lang: Option<Lang>, limit: usize) -> Vec<Ranked> {
        let Some(index) = self.index(lang) else { return Vec::new() };
        let mut scratch = self.pool.lock().ok().and_then(|mut pool| pool.pop()).unwrap_or_default();
        let mut query = index.query(text);
        let hits = self.hits(index, &mut query, lang.unwrap_or(Lang::Und), limit, &mut scratch);
        if let Ok(mut pool) = self.pool.lock() {
            pool.push(scratch);
        }
        let mut ranked: Vec<Ranked> =
            hits.iter().map(|hit| self.ranked(hit, &query, lang.unwrap_or(Lang::Und))).collect();
        ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        ranked
    }

    /// The index of a language, else the first there is.
    pub(crate) fn index(&self, lang: Option<Lang>) -> Option<&LaneIndex<'a>> {
        let wanted = self.indexes.iter().find(|(l, _)| Some(*l) == lang);
        wanted.or_else(|| self.indexes.first()).map(|(_, index)| index)
    }

    /// Whether a language has labels.
    pub fn has(&self, lang: Lang) -> bool {
        self.indexes.iter().any(|(l, _)| *l == lang)
    }

    fn hits(
        &self,
        index: &LaneIndex<'_>,
        query: &mut LaneQuery,
        lang: Lang,
        limit: usize,
        (scratch, learned_scratch): &mut (LaneScratch, LearnedScratch),
    ) -> Vec<LaneHit> {
        let no_prior = Priors::default();
        let prior_of = |concept: u32| self.priors.get(concept as usize).unwrap_or(&no_prior);
        let learned = self.learned.as_ref().map(|learned| {
            let mut sense = learned.query(&query.words, lang, learned_scratch);
            let quick = self.alike > 0 && limit < CANDIDATES;
            if quick {
                sense.hurry();
            }
            let mut more = learned.propose(&sense, limit / 2, learned_scratch);
            if self.alike > 0 {
                let prior = |c: u32| self.weights.prior(prior_of(c));
                let weight = self.weights.own[LEARNED];
                let nearest = if quick { limit / 2 } else { limit };
                more.extend(LearnedIndex::propose_likely(nearest, weight, &prior, learned_scratch));
            }
            (learned, sense, more)
        });
        let more = learned.as_ref().map_or(&[] as &[u32], |(_, _, more)| more);
        let mut hits = index.hits(query, (limit, self.alike), more, &|c| self.weights.prior(prior_of(c)), scratch);
        for hit in &mut hits {
            hit.values[PRIORS..].copy_from_slice(prior_of(hit.concept));
            if let Some((learned, sense, _)) = &learned {
                let found = learned.value(hit.concept, sense, learned_scratch);
                hit.values[LEARNED..FOREIGN].copy_from_slice(&found.values);
                if hit.found_idf == 0.0
                    && let Some(label) = found.label
                {
                    (hit.label, hit.window) = (label, found.window);
                }
            }
        }
        LearnedIndex::close(learned_scratch);
        hits
    }

    fn ranked(&self, hit: &LaneHit, query: &LaneQuery, lang: Lang) -> Ranked {
        let (from, to) = (hit.window.0 as usize, hit.window.1 as usize);
        let span = query.words.get(from..to).and_then(|w| Some((w.first()?.start, w.last()?.end)));
        Ranked {
            concept: hit.concept as usize,
            label: hit.label as usize,
            score: self.weights.score(&hit.values, lang),
            lanes: hit.values,
            covered: (hit.found_idf / hit.label_idf.max(f32::MIN_POSITIVE)).min(1.0),
            found_idf: hit.found_idf,
            span,
            span_words: to.saturating_sub(from),
        }
    }
}

/// Descriptions come from the layer that named the concept first, so they are in the language of the first label.
fn described<'t>(text: Option<&'t str>, labels: &[crate::types::Label]) -> Option<(&'t str, Lang)> {
    Some((text?, labels.first()?.lang))
}

/// Descriptions and static priors of every skill.
fn skill_facts<'t>(taxonomy: &'t Taxonomy, vectors: &Vectors) -> Vec<ConceptFacts<'t>> {
    let mut linked = vec![0f32; taxonomy.skills.len()];
    for relation in &taxonomy.relations {
        if let Some(count) = linked.get_mut(relation.skill as usize) {
            *count += 1.0;
        }
    }
    let reuse = |level: Reuse| match level {
        Reuse::OccupationSpecific => 0.0,
        Reuse::SectorSpecific => 1.0,
        Reuse::CrossSector => 2.0,
        Reuse::Transversal => 3.0,
    };
    let facts = taxonomy.skills.iter().zip(&linked).map(|(skill, linked)| ConceptFacts {
        uri: &skill.id.0,
        description: described(skill.description.as_deref(), &skill.labels),
        priors: [
            (1.0 + linked).ln(),
            reuse(skill.reuse),
            (1.0 + vectors.posting_count(&skill.id.0)).ln(),
            vectors.demand(&skill.id.0),
        ],
    });
    facts.collect()
}

/// Descriptions of every occupation, how often employers advertise it, and what its minor group scores.
fn occupation_facts(taxonomy: &Taxonomy) -> Vec<ConceptFacts<'_>> {
    let (counts, groups) = (counts(), WeightFile::compiled().occupation_groups);
    let group = |isco: &IscoCode| groups.get(minor_group(isco)).copied();
    let facts = taxonomy.occupations.iter().map(|occupation| ConceptFacts {
        uri: &occupation.id,
        description: described(occupation.description.as_deref(), &occupation.labels),
        priors: [
            0.0,
            0.0,
            (1.0 + counts.get(&occupation.id).copied().unwrap_or_default()).ln(),
            occupation.isco.as_ref().and_then(group).unwrap_or_default(),
        ],
    });
    facts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Label, LabelKind};

    fn table(labels: &[(&str, Lang)]) -> LabelTable {
        let rows: Vec<Vec<Label>> = labels
            .iter()
            .map(|(text, lang)| vec![Label { text: (*text).to_owned(), lang: *lang, kind: LabelKind::Preferred }])
            .collect();
        LabelTable::build(rows.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_sentence_ranks_the_concept_it_names_first_and_says_where() {
        let table = table(&[
            ("manage projects", Lang::En),
            ("analyse data", Lang::En),
            ("database security", Lang::En),
            ("gestionar proyectos", Lang::Es),
        ]);
        let facts = vec![ConceptFacts::default(); 4];
        let ranker = Ranker::new(&table, &facts, RankWeights::skill());
        let text = "You will be analysing the data of our customers";
        let ranked = ranker.rank(text, Some(Lang::En), 5);
        assert_eq!(ranked[0].concept, 1);
        let (from, to) = ranked[0].span.unwrap();
        assert_eq!(&text[from as usize..to as usize], "analysing the data");
        assert_eq!(ranker.rank("gestión de proyectos", Some(Lang::Es), 5)[0].concept, 3);
        assert!(ranker.rank("", None, 5).is_empty());
        assert!(ranker.rank("zzz", Some(Lang::Ar), 5).is_empty());
    }
}
