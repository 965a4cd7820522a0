//! Whether a text asks for anything: a logistic regression on its words, alone and in pairs, fitted on sentences that ask
//! for a skill and on those that do not (praise, benefits, pay, how to apply, homonyms).

use crate::lexicon::regression::logistic;
use crate::lexicon::vectors::words::{forms, key};
use crate::types::Lang;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/idle_weights.toml");
/// Stands before the first word of a text.
const START: &str = "^";
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

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WeightFile {
    bias: f32,
    words: BTreeMap<String, f32>,
}

impl IdleWeights {
    /// The weights compiled in, read once; a test reads the file, so a broken one never ships.
    pub fn compiled() -> &'static Self {
        static COMPILED: LazyLock<IdleWeights> = LazyLock::new(|| {
            let file: WeightFile = toml::from_str(WEIGHTS).unwrap_or_default();
            IdleWeights { bias: file.bias, words: file.words.into_iter().collect() }
        });
        &COMPILED
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

    /// As the file holds them.
    pub fn to_toml(&self) -> String {
        let rounded = |x: f32| (x * 1e3).round() / 1e3;
        let words = self.words.iter().map(|(gram, w)| (gram.clone(), rounded(*w)));
        let file = WeightFile { bias: rounded(self.bias), words: words.collect() };
        toml::to_string(&file).unwrap_or_default()
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
    fn words_are_seen_alone_and_in_pairs_from_the_start_on() {
        let mut seen = Vec::new();
        each_gram("Offers, pay", Lang::En, |gram| seen.push(gram.to_owned()));
        assert_eq!(seen, ["offers", "^ offers", "~offer", "~^ ~offer", "pay", "offers pay", "~pay", "~offer ~pay"]);
    }
}
