//! The probability that a match means its skill here: a logistic regression on its points and on what the sentence
//! around it says. "Python" among requirements is the language; in a sentence about a zoo, or among benefits, it is not.

use crate::extract::found::Found;
use crate::extract::spellings::{Spellings, short_key};
use crate::lexicon::Lexicon;
use crate::lexicon::asking::{Asking, WordNumbers};
use crate::lexicon::labels::lang_index;
use crate::lexicon::query::is_stop;
use crate::lexicon::regression::Regression;
use crate::lexicon::tokens;
use crate::lexicon::vectors::{Vectors, dot, normalise};
use crate::types::{Field, Lane, Lang};

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/mention_weights.toml");
/// Bytes of a sentence that are looked at on each side of a match.
const REACH: usize = 240;
/// `sense` of a match with no words around it, such as an item of a list: about the mean of right matches.
const ALONE: f32 = 0.3;
/// Spellings remembered per language by a thread at most; about 20 MB.
const MOST_KNOWN: usize = 40_000;

/// Features in the order of their values: `points` of the match; `sense` cosine of the sentence without the match and the
/// skill; `several` words; `stem` match; `fuzzy` match of one word or of several; `held` ordinary words without support;
/// `title` match in a title.
pub const FEATURES: [&str; 8] = ["points", "sense", "several", "stem", "fuzzy", "fuzzy_several", "held", "title"];

/// Where `sense` stands among them.
const SENSE: usize = 1;
/// The most a cosine can be.
const MOST_SENSE: f32 = 1.0;

/// Values of the features of one match.
pub type FeatureValues = [f32; FEATURES.len()];

/// Weights of the regression, by [`FEATURES`].
pub type MentionWeights = Regression<{ FEATURES.len() }>;

/// What is known of a spelling, beside its vector.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Its vector's place in the memory; none of function words.
    vector: Option<u32>,
    asking: WordNumbers,
}

/// Spellings of one language.
#[derive(Default)]
struct Memory {
    known: Spellings<Known>,
    vectors: Vec<f32>,
}

/// The sentence of the match at hand: its words with their bytes in the field.
#[derive(Default)]
struct Sentence {
    place: Option<(Field, Lang, usize, usize)>,
    words: Vec<(usize, usize, Known)>,
    asks: Option<f32>,
}

/// Words of one thread, kept between postings.
#[derive(Default)]
pub(super) struct WordMemory {
    by_lang: [Memory; 4],
    sentence: Sentence,
}

impl WordMemory {
    /// Forgets the posting, not its words.
    pub(super) fn next_posting(&mut self) {
        self.sentence.place = None;
    }

    /// Reads the sentence around a match, unless it was read last.
    fn read(&mut self, found: &Found, (text, lang): (&str, Lang), vectors: &Vectors, asking: &Asking) {
        let (from, to) = sentence(text, found.start as usize, found.end as usize);
        let place = Some((found.field, lang, from, to));
        if self.sentence.place == place {
            return;
        }
        let Some(memory) = self.by_lang.get_mut(lang_index(lang)) else { return };
        if memory.known.len() > MOST_KNOWN {
            *memory = Memory::default();
        }
        let Sentence { words, .. } = &mut self.sentence;
        words.clear();
        for token in tokens::tokens(text.get(from..to).unwrap_or_default()) {
            let known = memory.know(token.raw, lang, vectors, asking);
            words.extend(known.map(|known| (from + token.start, from + token.end, known)));
        }
        self.sentence.place = place;
        self.sentence.asks = None;
    }

    /// Adds up the words of the sentence outside a match.
    fn add_around(&self, (start, end): (usize, usize), lang: Lang, sum: &mut [f32]) {
        let Some(memory) = self.by_lang.get(lang_index(lang)) else { return };
        let around = self.sentence.words.iter().filter(|(from, to, _)| *to <= start || *from >= end);
        for at in around.filter_map(|(.., known)| known.vector) {
            let vector = memory.vectors.get(at as usize..).unwrap_or_default();
            sum.iter_mut().zip(vector).for_each(|(s, x)| *s += x);
        }
    }
}

impl Memory {
    /// None of what folds to nothing.
    fn know(&mut self, raw: &str, lang: Lang, vectors: &Vectors, asking: &Asking) -> Option<Known> {
        let key = short_key(raw);
        if let Some(known) = self.known.get(raw, key) {
            return Some(known);
        }
        let form = tokens::form(raw);
        if form.is_empty() {
            return None;
        }
        let vector = (!is_stop(&form, lang)).then(|| {
            let at = self.vectors.len();
            self.vectors.resize(at + vectors.dim(), 0.0);
            vectors.add_word(&form, lang, self.vectors.get_mut(at..).unwrap_or_default());
            at as u32
        });
        let known = Known { vector, asking: asking.numbers_of(&form, lang) };
        self.known.insert(raw, key, known);
        Some(known)
    }
}

/// Weighs matches.
pub(super) struct Weigher {
    weights: MentionWeights,
    asking: &'static Asking,
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
            asking: Asking::compiled(),
            skills,
            is_learned,
        }
    }

    /// What the regression sees of a match of `skill` in the text of its field; none where the words around it could not
    /// raise it to a probability.
    pub(super) fn features(
        &self,
        found: &Found,
        skill: usize,
        (text, lang): (&str, Lang),
        vectors: &Vectors,
        (words, least): (&mut WordMemory, f32),
    ) -> Option<FeatureValues> {
        let (start, end) = (found.start as usize, found.end as usize);
        let several = text.get(start..end).unwrap_or_default().contains(char::is_whitespace);
        let mut features = features(found, several, MOST_SENSE);
        if least > 0.0 && self.probability(&features) < least {
            return None;
        }
        let dim = vectors.dim();
        words.read(found, (text, lang), vectors, self.asking);
        let mut around = vec![0.0; dim];
        words.add_around((start, end), lang, &mut around);
        let place = self.skills.get(skill * dim..(skill + 1) * dim).unwrap_or_default();
        let length = dot(&around, &around).sqrt();
        let cosine = dot(place, &around) / length.max(f32::MIN_POSITIVE);
        features[SENSE] = match self.is_learned.get(skill) {
            _ if length == 0.0 => ALONE,
            Some(true) => cosine,
            _ => cosine.max(ALONE),
        };
        Some(features)
    }

    /// That a match means its skill, should its sentence ask for anything; 0..=1.
    pub(super) fn probability(&self, features: &FeatureValues) -> f32 {
        self.weights.probability(features)
    }

    /// Probability that the sentence around a match asks for anything; a title does. After [`Weigher::features`] of the
    /// same match.
    pub(super) fn asks(&self, found: &Found, words: &mut WordMemory) -> f32 {
        if found.field == Field::Title {
            return 1.0;
        }
        let Sentence { words, asks, .. } = &mut words.sentence;
        *asks.get_or_insert_with(|| self.asking.asks_in(words.iter().map(|(.., known)| known.asking)))
    }
}

/// All features of a match, given its `sense`.
fn features(found: &Found, several: bool, sense: f32) -> FeatureValues {
    let flag = |yes: bool| f32::from(u8::from(yes));
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
