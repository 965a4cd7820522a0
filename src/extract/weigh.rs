//! The probability that a match means its skill here: a logistic regression on its points and on what the sentence
//! around it says. "Python" among requirements is the language; in a sentence about a zoo, or among benefits, it is not.

use crate::extract::found::Found;
use crate::lexicon::Lexicon;
use crate::lexicon::asking::IdleWeights;
use crate::lexicon::query::is_stop;
use crate::lexicon::regression::Regression;
use crate::lexicon::vectors::words::forms;
use crate::lexicon::vectors::{Vectors, normalise};
use crate::types::{Field, Lane, Lang};
use rustc_hash::FxHashMap;

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/mention_weights.toml");
/// Bytes of a sentence that are looked at on each side of a match.
const REACH: usize = 240;
/// `sense` of a match with no words around it, such as an item of a list: about the mean of right matches.
const ALONE: f32 = 0.3;
/// Words remembered by a thread at most; about 20 MB.
const WORD_MEMORY: usize = 40_000;

/// Features in the order of their values: `points` of the match; `sense` cosine of the sentence without the match and the
/// skill; `several` words; `stem` match; `fuzzy` match of one word or of several; `held` ordinary words without support;
/// `title` match in a title.
pub const FEATURES: [&str; 8] = ["points", "sense", "several", "stem", "fuzzy", "fuzzy_several", "held", "title"];

/// Values of the features of one match.
pub type FeatureValues = [f32; FEATURES.len()];

/// Weights of the regression, by [`FEATURES`].
pub type MentionWeights = Regression<{ FEATURES.len() }>;

/// Words of one thread as vectors.
#[derive(Default)]
pub(super) struct WordVectors {
    words: FxHashMap<Box<str>, Box<[f32]>>,
    lang: Option<Lang>,
    /// Last sentence of the body, and whether it asks.
    last_asked: Option<((usize, usize), f32)>,
}

impl WordVectors {
    /// Forgets the posting, not its words.
    pub(super) fn next_posting(&mut self) {
        self.last_asked = None;
    }

    /// Adds the words of a text.
    fn add(&mut self, text: &str, lang: Lang, vectors: &Vectors, sum: &mut [f32]) {
        if self.lang != Some(lang) || self.words.len() > WORD_MEMORY {
            self.words.clear();
            self.lang = Some(lang);
        }
        for form in forms(text).filter(|form| !is_stop(form, lang)) {
            if let Some(word) = self.words.get(form.as_str()) {
                sum.iter_mut().zip(word.iter()).for_each(|(s, x)| *s += x);
                continue;
            }
            let mut word = vec![0.0; sum.len()];
            vectors.add_word(&form, lang, &mut word);
            sum.iter_mut().zip(&word).for_each(|(s, x)| *s += x);
            self.words.insert(form.into_boxed_str(), word.into_boxed_slice());
        }
    }
}

/// Weighs matches.
pub(super) struct Weigher {
    weights: MentionWeights,
    idle: &'static IdleWeights,
    /// Vectors of the skills, one after the other.
    skills: Vec<f32>,
    /// Whether each was learned; of one that was not the words around can say more, not less.
    is_learned: Vec<bool>,
}

impl Weigher {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let dim = lexicon.vectors.dim();
        let mut skills = vec![0.0; lexicon.taxonomy.skills.len() * dim];
        let mut is_learned = Vec::with_capacity(lexicon.taxonomy.skills.len());
        for (skill, place) in lexicon.taxonomy.skills.iter().zip(skills.chunks_exact_mut(dim.max(1))) {
            is_learned.push(lexicon.vectors.add_concept(&skill.id.0, place));
            if is_learned.last() == Some(&false) {
                for label in &skill.labels {
                    let text = lexicon.vectors.text(&label.text, label.lang);
                    place.iter_mut().zip(text).for_each(|(p, x)| *p += x);
                }
            }
            normalise(place);
        }
        Self {
            weights: MentionWeights::from_toml(WEIGHTS, &FEATURES).unwrap_or(MentionWeights::NOTHING),
            idle: IdleWeights::compiled(),
            skills,
            is_learned,
        }
    }

    /// What the regression sees of a match of `skill` in the text of its field.
    pub(super) fn features(
        &self,
        found: &Found,
        skill: usize,
        (text, lang): (&str, Lang),
        vectors: &Vectors,
        words: &mut WordVectors,
    ) -> FeatureValues {
        let flag = |yes: bool| f32::from(u8::from(yes));
        let dim = vectors.dim();
        let (start, end) = (found.start as usize, found.end as usize);
        let (from, to) = sentence(text, start, end);
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let mut around = vec![0.0; dim];
        words.add(part(from, start), lang, vectors, &mut around);
        words.add(part(end, to), lang, vectors, &mut around);
        let several = part(start, end).contains(char::is_whitespace);
        let is_alone = around.iter().all(|x| *x == 0.0);
        normalise(&mut around);
        let place = self.skills.get(skill * dim..(skill + 1) * dim).unwrap_or_default();
        let cosine: f32 = place.iter().zip(&around).map(|(p, x)| p * x).sum();
        let sense = match self.is_learned.get(skill) {
            _ if is_alone => ALONE,
            Some(true) => cosine,
            _ => cosine.max(ALONE),
        };
        [
            found.score,
            sense,
            flag(several),
            flag(found.lane == Lane::Stem),
            flag(found.lane == Lane::Fuzzy && !several),
            flag(found.lane == Lane::Fuzzy && several),
            flag(found.held),
            flag(found.field == Field::Title),
        ]
    }

    /// That a match means its skill, should its sentence ask for anything; 0..=1.
    pub(super) fn probability(&self, features: &FeatureValues) -> f32 {
        self.weights.probability(features)
    }

    /// Probability that the sentence around a match asks for anything; a title does.
    pub(super) fn asks(&self, found: &Found, (text, lang): (&str, Lang), words: &mut WordVectors) -> f32 {
        if found.field == Field::Title {
            return 1.0;
        }
        let place = sentence(text, found.start as usize, found.end as usize);
        if let Some((known, asks)) = words.last_asked
            && known == place
        {
            return asks;
        }
        let text = text.get(place.0..place.1).unwrap_or_default();
        let asks = self.idle.asks(text, lang);
        words.last_asked = Some((place, asks));
        asks
    }
}

/// The sentence around a match: to the nearest line end, full stop or bullet, at most [`REACH`] bytes away.
fn sentence(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut from = start.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = text.len().min(end + REACH);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let before = text.get(from..start).unwrap_or_default();
    let after = text.get(end..to).unwrap_or_default();
    let begins = before.rfind(ENDS).map_or(0, |at| at + 1);
    let begins = before.rfind(". ").map_or(begins, |at| begins.max(at + 2));
    let stops = after.find(ENDS).unwrap_or(after.len());
    let stops = after.find(". ").map_or(stops, |at| stops.min(at));
    let mut from = from + begins;
    while !text.is_char_boundary(from) {
        from += 1;
    }
    (from, end + stops)
}

/// What ends a sentence beside a full stop.
const ENDS: [char; 6] = ['\n', '•', '!', '?', '؟', ';'];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::regression::RegressionTable;

    #[test]
    fn a_sentence_is_cut_at_stops_lines_and_bullets() {
        let text = "We grow fast. You know Python • and more\nPay is good";
        let at = text.find("Python").unwrap();
        let (from, to) = sentence(text, at, at + 6);
        assert_eq!(&text[from..to], "You know Python ");
        let (from, to) = sentence("مهارة؟ نعم", 0, 5);
        assert!(from == 0 && to <= "مهارة؟ نعم".len());
    }

    #[test]
    fn the_compiled_weights_name_only_features_that_exist() {
        let file: RegressionTable = toml::from_str(WEIGHTS).unwrap();
        assert!(file.names().count() > 0 && file.names().all(|name| FEATURES.contains(&name)));
    }
}
