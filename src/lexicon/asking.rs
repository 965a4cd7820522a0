//! Whether a text asks for anything: a logistic regression on its vector, fitted on sentences that ask for a skill and
//! on those that do not (praise, benefits, pay, how to apply, homonyms).

use crate::lexicon::vectors::Vectors;
use crate::types::Lang;
use serde::{Deserialize, Serialize};

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/idle_weights.toml");

/// Log odds that a text asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdleWeights {
    /// What is added whatever the text.
    pub bias: f32,
    /// One per number of the vector.
    pub vector: Vec<f32>,
}

impl IdleWeights {
    /// The weights compiled in; a test reads the file, so a broken one never ships.
    pub fn compiled() -> Self {
        toml::from_str(WEIGHTS).unwrap_or_default()
    }

    /// Of the vector of a text.
    pub fn log_odds(&self, text: &[f32]) -> f32 {
        self.bias + self.vector.iter().zip(text).map(|(w, x)| w * x).sum::<f32>()
    }

    /// Of a text.
    pub fn of(&self, text: &str, lang: Lang, vectors: &Vectors) -> f32 {
        self.log_odds(&vectors.text(text, lang))
    }

    /// As the file holds them.
    pub fn to_toml(&self) -> String {
        let rounded = |x: f32| (x * 1e3).round() / 1e3;
        let file = Self { bias: rounded(self.bias), vector: self.vector.iter().map(|w| rounded(*w)).collect() };
        toml::to_string(&file).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benefits_and_praise_ask_for_nothing_and_duties_do() {
        let (weights, vectors) = (IdleWeights::compiled(), Vectors::shipped());
        let odds = |text: &str, lang: Lang| weights.of(text, lang, &vectors);
        assert!(odds("We offer 25 days of holiday, a pension and private health insurance", Lang::En) > 0.0);
        assert!(odds("Ofrecemos seguro médico privado, tickets restaurante y 23 días de vacaciones", Lang::Es) > 0.0);
        assert!(odds("Analyse customer data and build dashboards for the sales team", Lang::En) < 0.0);
        assert!(odds("Gestionar el almacén y conducir la carretilla elevadora", Lang::Es) < 0.0);
    }
}
