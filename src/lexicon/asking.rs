//! Whether a text asks for anything: a logistic regression on its words, alone and in pairs, fitted on sentences that ask
//! for a skill and on those that do not (praise, benefits, pay, how to apply, homonyms).

use crate::lexicon::regression::logistic;
use crate::lexicon::vectors::words::{forms, key};
use crate::types::Lang;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/idle_weights.tsv");
/// Stands before the first word of a text.
const START: &str = "^";
/// What the file calls the bias; no word has a bracket.
const BIAS: &str = "(bias)";
/// Stands before stems, which are told apart from words.
const STEM: char = '~';

/// Log odds that a text asks for nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IdleWeights {
    /// What is added whatever the text.
    pub bias: f32,
    /// Words and stems, alone and in pairs; of a text with n of them each counts `1 / sqrt(n)`.
    pub words: FxHashMap<String, f32>,
}

impl IdleWeights {
    /// Reads what [`IdleWeights::to_lines`] wrote: comments, and words with their weights after a TAB. What is no number
    /// is left out.
    pub fn from_lines(text: &str) -> Self {
        let mut weights = Self::default();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for (word, weight) in lines.filter_map(|line| line.split_once('\t')) {
            match weight.parse::<f32>() {
                Ok(weight) if word == BIAS => weights.bias = weight,
                Ok(weight) => drop(weights.words.insert(word.to_owned(), weight)),
                Err(_) => {}
            }
        }
        weights
    }

    /// As the file holds them, by alphabet.
    pub fn to_lines(&self) -> String {
        let mut words: Vec<(&str, f32)> = self.words.iter().map(|(word, weight)| (word.as_str(), *weight)).collect();
        words.sort_unstable_by(|a, b| a.0.cmp(b.0));
        let all = std::iter::once((BIAS, self.bias)).chain(words);
        all.map(|(word, weight)| format!("{word}\t{weight:.3}\n")).collect()
    }
}

/// What the regression knows of a word: its number and that of its stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WordNumbers([u32; 2]);

/// Number of what has no weight.
const UNWEIGHED: u32 = 0;

/// The weights by number, for reading.
#[derive(Debug)]
pub struct Asking {
    bias: f32,
    numbers: FxHashMap<Box<str>, u32>,
    /// By number.
    alone: Vec<f32>,
    /// Of two in a row.
    pairs: FxHashMap<(u32, u32), f32>,
    start: WordNumbers,
}

impl Asking {
    /// By the weights compiled in, read once; a test reads the file, so a broken one never ships.
    pub fn compiled() -> &'static Self {
        static COMPILED: LazyLock<Asking> = LazyLock::new(|| Asking::new(&IdleWeights::from_lines(WEIGHTS)));
        &COMPILED
    }

    /// By other weights.
    pub fn new(weights: &IdleWeights) -> Self {
        let mut asking = Self {
            bias: weights.bias,
            numbers: FxHashMap::default(),
            alone: vec![0.0],
            pairs: FxHashMap::default(),
            start: WordNumbers([UNWEIGHED; 2]),
        };
        for (gram, weight) in &weights.words {
            if let Some((first, second)) = gram.split_once(' ') {
                let pair = (asking.number(first), asking.number(second));
                asking.pairs.insert(pair, *weight);
            } else {
                let number = asking.number(gram) as usize;
                asking.alone[number] = *weight;
            }
        }
        asking.start = WordNumbers([START.to_owned(), format!("{STEM}{START}")].map(|mark| asking.known(&mark)));
        asking
    }

    /// The number of a word or stem, a new one where it has none.
    fn number(&mut self, gram: &str) -> u32 {
        let known = self.known(gram);
        if known != UNWEIGHED {
            return known;
        }
        let number = u32::try_from(self.alone.len()).unwrap_or(UNWEIGHED);
        self.numbers.insert(gram.into(), number);
        self.alone.push(0.0);
        number
    }

    fn known(&self, gram: &str) -> u32 {
        self.numbers.get(gram).copied().unwrap_or(UNWEIGHED)
    }

    /// What is known of a folded word.
    pub(crate) fn numbers_of(&self, form: &str, lang: Lang) -> WordNumbers {
        WordNumbers([self.known(form), self.known(&format!("{STEM}{}", key(form, lang)))])
    }

    /// Probability that words in a row ask for something.
    pub(crate) fn asks_in(&self, words: impl Iterator<Item = WordNumbers>) -> f32 {
        let (mut sum, mut count) = (0.0, 0f32);
        let mut last = self.start;
        for word in words {
            for (before, this) in last.0.into_iter().zip(word.0) {
                sum += self.alone.get(this as usize).copied().unwrap_or_default();
                if before != UNWEIGHED && this != UNWEIGHED {
                    sum += self.pairs.get(&(before, this)).copied().unwrap_or_default();
                }
                count += 2.0;
            }
            last = word;
        }
        logistic(-(self.bias + sum / count.max(1.0).sqrt()))
    }

    /// Probability that a text asks for something.
    pub fn asks(&self, text: &str, lang: Lang) -> f32 {
        self.asks_in(forms(text).map(|form| self.numbers_of(&form, lang)))
    }
}

/// Calls `each` with every folded word of a text and every two in a row, the start of the text being one; then with
/// the same of their stems.
pub(crate) fn each_gram(text: &str, lang: Lang, mut each: impl FnMut(&str)) {
    let mut pairs = [START.to_owned(), format!("{STEM}{START}")];
    for form in forms(text) {
        let stem = format!("{STEM}{}", key(&form, lang));
        for (pair, word) in pairs.iter_mut().zip([form, stem]) {
            each(&word);
            pair.push(' ');
            pair.push_str(&word);
            each(pair);
            *pair = word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benefits_and_praise_ask_for_nothing_and_duties_do() {
        let asks = |text: &str, lang: Lang| Asking::compiled().asks(text, lang);
        assert!(asks("We offer 25 days of holiday, a pension and private health insurance", Lang::En) < 0.5);
        assert!(asks("Ofrecemos seguro médico privado, tickets restaurante y 23 días de vacaciones", Lang::Es) < 0.5);
        assert!(asks("Analyse customer data and build dashboards for the sales team", Lang::En) > 0.5);
        assert!(asks("Gestionar el almacén y conducir la carretilla elevadora", Lang::Es) > 0.5);
    }

    #[test]
    fn a_file_is_read_as_it_was_written_and_the_one_compiled_in_whole() {
        let weights = IdleWeights::from_lines("# made by hand\n(bias)\t-1.5\n^ we\t0.25\n~offer\tx\n");
        assert_eq!((weights.bias, weights.words.get("^ we"), weights.words.len()), (-1.5, Some(&0.25), 1));
        assert_eq!(IdleWeights::from_lines(&weights.to_lines()), weights);
        let lines = WEIGHTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert!(lines > 10_000 && IdleWeights::from_lines(WEIGHTS).words.len() == lines - 1);
    }

    #[test]
    fn weights_of_words_and_pairs_are_summed_over_the_root_of_their_count() {
        let weights = IdleWeights::from_lines("(bias)\t-1\nfree\t2\n^ free\t0.5\nfree fruit\t1.5\n~fruit\t-1\n");
        // Two words: eight grams, of which four have a weight.
        let odds: f32 = -1.0 + (2.0 + 0.5 + 1.5 - 1.0) / 8f32.sqrt();
        let asks = Asking::new(&weights).asks("Free fruit", Lang::En);
        assert!((asks - 1.0 / (1.0 + odds.exp())).abs() < 1e-6, "{asks}");
    }

    #[test]
    fn words_are_seen_alone_and_in_pairs_from_the_start_on() {
        let mut seen = Vec::new();
        each_gram("Offers, pay", Lang::En, |gram| seen.push(gram.to_owned()));
        assert_eq!(seen, ["offers", "^ offers", "~offer", "~^ ~offer", "pay", "offers pay", "~pay", "~offer ~pay"]);
    }
}
