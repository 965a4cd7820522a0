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
    /// The weights compiled in, read once; a test reads the file, so a broken one never ships.
    pub fn compiled() -> &'static Self {
        static COMPILED: LazyLock<IdleWeights> = LazyLock::new(|| IdleWeights::from_lines(WEIGHTS));
        &COMPILED
    }

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

    /// Of a text.
    pub fn log_odds(&self, text: &str, lang: Lang) -> f32 {
        let (mut sum, mut count) = (0.0, 0f32);
        each_gram(text, lang, |gram| {
            sum += self.words.get(gram).copied().unwrap_or_default();
            count += 1.0;
        });
        self.bias + sum / count.max(1.0).sqrt()
    }

    /// Probability that a text asks for something.
    pub fn asks(&self, text: &str, lang: Lang) -> f32 {
        logistic(-self.log_odds(text, lang))
    }

    /// As the file holds them, by alphabet.
    pub fn to_lines(&self) -> String {
        let mut words: Vec<(&str, f32)> = self.words.iter().map(|(word, weight)| (word.as_str(), *weight)).collect();
        words.sort_unstable_by(|a, b| a.0.cmp(b.0));
        let all = std::iter::once((BIAS, self.bias)).chain(words);
        all.map(|(word, weight)| format!("{word}\t{weight:.3}\n")).collect()
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
        let weights = IdleWeights::compiled();
        let odds = |text: &str, lang: Lang| weights.log_odds(text, lang);
        assert!(odds("We offer 25 days of holiday, a pension and private health insurance", Lang::En) > 0.0);
        assert!(odds("Ofrecemos seguro médico privado, tickets restaurante y 23 días de vacaciones", Lang::Es) > 0.0);
        assert!(odds("Analyse customer data and build dashboards for the sales team", Lang::En) < 0.0);
        assert!(odds("Gestionar el almacén y conducir la carretilla elevadora", Lang::Es) < 0.0);
    }

    #[test]
    fn a_file_is_read_as_it_was_written_and_the_one_compiled_in_whole() {
        let weights = IdleWeights::from_lines("# made by hand\n(bias)\t-1.5\n^ we\t0.25\n~offer\tx\n");
        assert_eq!((weights.bias, weights.words.get("^ we"), weights.words.len()), (-1.5, Some(&0.25), 1));
        assert_eq!(IdleWeights::from_lines(&weights.to_lines()), weights);
        let lines = WEIGHTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert!(lines > 10_000 && IdleWeights::compiled().words.len() == lines - 1);
    }

    #[test]
    fn words_are_seen_alone_and_in_pairs_from_the_start_on() {
        let mut seen = Vec::new();
        each_gram("Offers, pay", Lang::En, |gram| seen.push(gram.to_owned()));
        assert_eq!(seen, ["offers", "^ offers", "~offer", "~^ ~offer", "pay", "offers pay", "~pay", "~offer ~pay"]);
    }
}
