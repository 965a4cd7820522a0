//! Job title -> occupation and ISCO-08 code: clean the title, look for it as a label, else rank and decide.

use crate::lexicon::kin::Kin;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::lanes::LEARNED;
use crate::lexicon::query::{self, Word};
use crate::lexicon::ranker::{Depth, RankWeights, Ranked, Ranker};
use crate::lexicon::regression::{Regression, logistic};
use crate::lexicon::titles::{title_parts, words};
use crate::lexicon::vectors::Vectors;
use crate::lexicon::weights::WeightFile;
use crate::types::{IscoCode, LabelKind, Lang, Taxonomy};
use rustc_hash::FxHashMap;

/// Score from which a code is given.
const LEAST_SCORE: f32 = 0.45;
/// Score of a part from which the parts after it are not looked at.
const PLAIN_SCORE: f32 = 0.6;
/// Occupations that share a word of a label at most, for the word alone to tell one of them.
const COMMON_WORD: u32 = 12;
/// What the first part of a title is ahead of the others.
const FIRST_PART: f32 = 0.5;
/// What an exact label is ahead.
const EXACT: f32 = 2.0;
/// Entries of a list of names that are ranked before kin are lifted.
const LISTED: usize = 300;
/// Words of a title that are looked at.
const TITLE_WORDS: usize = 24;
/// Ranked occupations that are decided upon.
const CANDIDATES: usize = 8;
/// Probability of a hint and of a title that is a label.
const SURE: (f32, f32) = (0.9, 0.97);

/// What a guess goes by: log odds of the best among the ranked, `sense`, likeness of the letters of title and label
/// (Damerau-Levenshtein).
pub const EVIDENCE: [&str; 3] = ["lead", "sense", "letters"];

/// Values of [`EVIDENCE`].
pub type Evidence = [f32; EVIDENCE.len()];

/// Whether the best has the ISCO-08 unit group of the gold, by [`EVIDENCE`].
pub type TitleDecision = Regression<{ EVIDENCE.len() }>;

/// Log odds beyond the fitted ones: of the guesses that are wrong by the gold every third reads right.
const BENEFIT_OF_DOUBT: f32 = 0.5;
/// Likeness from which a title is a label, misspelt.
const MISSPELT_ALIKE: f32 = 0.8;
/// A guess that shares no word with the title needs at least this `sense`.
const LEAST_SENSE: f32 = 0.35;

/// An occupation given to a title.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// Index into `Taxonomy::occupations`.
    pub occupation: usize,
    /// Its ISCO-08 code.
    pub isco: Option<IscoCode>,
    /// How sure, 0..=1.
    pub score: f32,
    /// Label that fitted.
    pub label: String,
}

/// Codes titles; shared by threads. Repeated titles are the caller's to remember.
#[derive(Debug)]
pub struct OccupationCoder<'a> {
    taxonomy: &'a Taxonomy,
    table: &'a LabelTable,
    ranker: Ranker<'a>,
    exact: FxHashMap<(Lang, String), (u32, u32)>,
    /// Where no concept is known.
    kin: Option<Kin>,
    decision: TitleDecision,
}

impl<'a> OccupationCoder<'a> {
    /// Indexes the occupations; `table` is [`LabelTable::of_occupations`] of the same taxonomy.
    pub fn new(taxonomy: &'a Taxonomy, table: &'a LabelTable, vectors: &'a Vectors) -> Self {
        let mut exact: FxHashMap<(Lang, String), (u32, u32)> = FxHashMap::default();
        for (at, entry) in (0u32..).zip(&table.entries) {
            for form in forms(table.text(at as usize)) {
                // The preferred label of one occupation goes before another name of a second.
                let best = exact.entry((entry.lang, form)).or_insert((entry.concept, at));
                let kind = |label: u32| table.entries.get(label as usize).map(|e| (e.kind, e.concept));
                if kind(at) < kind(best.1) {
                    *best = (entry.concept, at);
                }
            }
        }
        let count = taxonomy.occupations.len();
        let unknown = count > 0 && !taxonomy.occupations.iter().any(|o| vectors.knows(&o.id));
        let kin = unknown.then(|| Kin::new(table, count, vectors));
        let ranker = Ranker::occupations(table, taxonomy, vectors);
        let decision = TitleDecision::of_table(&WeightFile::compiled().occupation_decision, &EVIDENCE);
        Self { taxonomy, table, ranker, exact, kin, decision }
    }

    /// The weights it ranks by.
    pub fn weights(&self) -> RankWeights {
        self.ranker.weights()
    }

    /// The same index under other weights.
    pub fn with_weights(self, weights: RankWeights) -> Self {
        Self { ranker: self.ranker.with_weights(weights), ..self }
    }

    /// The occupation of a title; none when nothing is likely. `hint` is the occupation as the source names it: used
    /// first where it is a label.
    pub fn code(&self, title: &str, lang: Lang, hint: Option<&str>) -> Option<Coded> {
        if let Some(hinted) = hint.and_then(|hint| self.exact_label(hint, lang, SURE.0)) {
            return Some(hinted);
        }
        let parts = title_parts(title, lang);
        if let Some(exact) = parts.iter().find_map(|part| self.exact_label(part, lang, SURE.1)) {
            return Some(exact);
        }
        let read_as = |as_lang: Lang| {
            let mut best: Option<Coded> = None;
            for (coded, _) in parts.iter().take(3).filter_map(|part| self.guess(part, as_lang)) {
                let plain = coded.score >= PLAIN_SCORE;
                if best.as_ref().is_none_or(|known| coded.score > known.score) {
                    best = Some(coded);
                }
                if plain {
                    break;
                }
            }
            best.filter(|coded| coded.score >= LEAST_SCORE)
        };
        // Titles are often English, and Catalan ones Spanish, whatever the text below them speaks.
        let others: &[Lang] = match lang {
            Lang::En | Lang::Und => &[],
            Lang::Ca => &[Lang::Es, Lang::En],
            Lang::Es => &[Lang::Ca, Lang::En],
            // English words, not Arabic ones by the letters they share with some English label.
            Lang::Ar if parts.iter().any(|part| part.is_ascii()) => &[Lang::En],
            Lang::Ar => &[],
        };
        std::iter::once(&lang).chain(others.iter().filter(|other| self.ranker.has(**other))).find_map(|l| read_as(*l))
    }

    /// Ranked occupations for a title: of its parts the one that fits an occupation best decides, the first by half a
    /// point more.
    pub fn rank(&self, title: &str, lang: Lang, top: usize) -> Vec<Ranked> {
        let mut best: FxHashMap<usize, Ranked> = FxHashMap::default();
        let listed = if self.kin.is_some() { LISTED.max(top) } else { top };
        for (at, part) in title_parts(title, lang).iter().enumerate() {
            let exact = self.exact_label(part, lang, 1.0).map(|coded| coded.occupation);
            for mut ranked in self.ranker.rank_at(part, Some(lang), listed, Depth::Full) {
                ranked.score += if at == 0 { FIRST_PART } else { 0.0 };
                ranked.score += if exact == Some(ranked.concept) { EXACT } else { 0.0 };
                let known = best.entry(ranked.concept).or_insert_with(|| ranked.clone());
                if ranked.score > known.score {
                    *known = ranked;
                }
            }
        }
        let mut all: Vec<Ranked> = best.into_values().collect();
        all.sort_unstable_by_key(|r| r.concept);
        all = self.kin.iter().fold(all, |all, kin| kin.lift(all));
        all.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        all.truncate(top);
        all
    }

    fn exact_label(&self, text: &str, lang: Lang, score: f32) -> Option<Coded> {
        let form = words(text);
        if form.is_empty() {
            return None;
        }
        let langs = std::iter::once(lang).chain(Lang::ALL);
        let &(concept, label) = langs.into_iter().find_map(|l| self.exact.get(&(l, form.clone())))?;
        if !self.says_enough(label) {
            return None;
        }
        self.coded(concept as usize, label as usize, score)
    }

    /// Whether a label alone tells the occupation: "supervisor" and "clerk" are other names of one occupation but name
    /// many.
    fn says_enough(&self, label: u32) -> bool {
        let at = label as usize;
        let preferred = self.table.entries.get(at).is_some_and(|e| e.kind == LabelKind::Preferred);
        match self.table.stems(at) {
            [stem] => preferred || self.table.vocabulary.concept_count(*stem) <= COMMON_WORD,
            _ => true,
        }
    }

    /// The likeliest occupation of a part of a title with its probability, whatever that is, and what it goes by; none
    /// where the words are too common to tell one ("assistant").
    pub fn guess(&self, part: &str, lang: Lang) -> Option<(Coded, Evidence)> {
        let read = query::read(part, lang, &self.table.vocabulary, TITLE_WORDS);
        if !self.tells(&read) {
            return None;
        }
        let ranked = self.ranker.rank_at(part, Some(lang), CANDIDATES, Depth::Quick);
        let best = ranked.first()?;
        let misspelt = |evidence: &Evidence| evidence[2] >= MISSPELT_ALIKE;
        let evidence = self.evidence(&ranked, best, part);
        if best.found_idf == 0.0 && best.lanes[LEARNED] < LEAST_SENSE && !misspelt(&evidence) {
            return None;
        }
        let log_odds = self.decision.log_odds(&evidence) + BENEFIT_OF_DOUBT;
        let coded = self.coded(best.concept, best.label, logistic(log_odds))?;
        Some((coded, evidence))
    }

    /// Whether the words of a title are more than one common word.
    fn tells(&self, read: &[Word]) -> bool {
        let mut telling = read.iter().filter(|word| !word.stop);
        match (telling.next(), telling.next()) {
            (None, _) => false,
            (Some(only), None) => self.table.vocabulary.concept_count(only.stem) <= COMMON_WORD,
            _ => true,
        }
    }

    fn evidence(&self, ranked: &[Ranked], best: &Ranked, part: &str) -> Evidence {
        let others: f32 = ranked.iter().skip(1).map(|r| (r.score - best.score).exp()).sum();
        let letters = strsim::normalized_damerau_levenshtein(&words(part), &words(self.table.text(best.label)));
        [-others.max(1e-3).ln(), best.lanes[LEARNED], letters as f32]
    }

    fn coded(&self, occupation: usize, label: usize, score: f32) -> Option<Coded> {
        let isco = self.taxonomy.occupations.get(occupation)?.isco.clone();
        Some(Coded { occupation, isco, score, label: self.table.text(label).to_owned() })
    }
}

/// A label's words, and `"director técnico/directora técnica"` in either form.
fn forms(label: &str) -> impl Iterator<Item = String> + '_ {
    let halves = label.split('/').filter(|half| half.chars().count() > 3);
    std::iter::once(label).chain(halves).map(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Label, LabelKind, Occupation};

    fn taxonomy() -> Taxonomy {
        let occupation = |id: &str, isco: &str, labels: &[(&str, Lang)]| Occupation {
            id: id.to_owned(),
            isco: IscoCode::new(isco).ok(),
            labels: labels
                .iter()
                .map(|(text, lang)| Label { text: (*text).to_owned(), lang: *lang, kind: LabelKind::Preferred })
                .collect(),
            description: None,
            sectors: Vec::new(),
        };
        Taxonomy {
            occupations: vec![
                occupation("a", "2221", &[("staff nurse", Lang::En), ("enfermero/enfermera", Lang::Es)]),
                occupation("b", "2512", &[("software developer", Lang::En), ("desarrollador de software", Lang::Es)]),
                occupation("c", "5120", &[("cook", Lang::En), ("cocinero/cocinera", Lang::Es)]),
            ],
            ..Taxonomy::default()
        }
    }

    #[test]
    fn a_title_gets_the_occupation_it_names_in_any_gender_and_none_when_nothing_fits() {
        let taxonomy = taxonomy();
        let table = LabelTable::of_occupations(&taxonomy);
        let vectors = Vectors::shipped();
        let coder = OccupationCoder::new(&taxonomy, &table, &vectors);
        let code = |title: &str, lang: Lang| coder.code(title, lang, None).map(|c| c.occupation);
        assert_eq!(code("Staff Nurse (Band 5)", Lang::En), Some(0));
        assert_eq!(code("ENFERMERO/A", Lang::Es), Some(0));
        assert_eq!(code("Softwar develper", Lang::En), Some(1));
        assert_eq!(code("Zookeeper", Lang::En), None);
        assert_eq!(coder.code("Zookeeper", Lang::En, Some("cook")).map(|c| c.occupation), Some(2));
    }
}
