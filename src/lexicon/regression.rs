//! A fitted logistic regression: how sure links, mentions and titles are.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bias and weights on raw features.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regression<const N: usize> {
    /// What is added whatever is found.
    pub bias: f32,
    /// In the order of the features.
    pub weights: [f32; N],
}

/// As files hold it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RegressionTable {
    bias: f32,
    weights: BTreeMap<String, f32>,
}

impl<const N: usize> Default for Regression<N> {
    fn default() -> Self {
        Self::NOTHING
    }
}

impl<const N: usize> Regression<N> {
    /// Sure of nothing: what a file that cannot be read stands for.
    pub const NOTHING: Self = Self { bias: f32::MIN, weights: [0.0; N] };

    /// Log odds of features.
    pub fn log_odds(&self, features: &[f32; N]) -> f32 {
        self.bias + self.weights.iter().zip(features).map(|(w, x)| w * x).sum::<f32>()
    }

    /// 0..=1.
    pub fn probability(&self, features: &[f32; N]) -> f32 {
        logistic(self.log_odds(features))
    }

    /// Reads what [`Regression::to_toml`] wrote; features that are not named weigh nothing.
    ///
    /// # Errors
    /// When it is other TOML, or none.
    pub fn from_toml(text: &str, names: &[&str; N]) -> Result<Self, toml::de::Error> {
        Ok(Self::of_table(&toml::from_str(text)?, names))
    }

    /// As a file holds it.
    pub fn to_toml(&self, names: &[&str; N]) -> String {
        toml::to_string(&self.table(names)).unwrap_or_default()
    }

    /// As part of a file.
    pub(crate) fn of_table(table: &RegressionTable, names: &[&str; N]) -> Self {
        Self { bias: table.bias, weights: names.map(|name| table.weights.get(name).copied().unwrap_or_default()) }
    }

    /// For a part of a file.
    pub(crate) fn table(&self, names: &[&str; N]) -> RegressionTable {
        let rounded = |x: f32| (x * 1e3).round() / 1e3;
        let weights = names.iter().zip(self.weights).map(|(name, w)| ((*name).to_owned(), rounded(w)));
        RegressionTable { bias: rounded(self.bias), weights: weights.collect() }
    }
}

/// Probability of log odds.
pub(crate) fn logistic(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Log odds of a probability, kept finite.
pub(crate) fn logit(probability: f32) -> f32 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
impl RegressionTable {
    /// Names of its features.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.weights.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written_and_says_nothing_of_features_it_does_not_name() {
        let names = ["covered", "sense"];
        let fitted = Regression { bias: -1.5, weights: [2.0, 0.25] };
        assert_eq!(Regression::from_toml(&fitted.to_toml(&names), &names).ok(), Some(fitted));
        let more = Regression::from_toml(&fitted.to_toml(&names), &["sense", "new"]).ok();
        assert_eq!(more, Some(Regression { bias: -1.5, weights: [0.25, 0.0] }));
        // -1.5 + 2 x .5 + .25 x 2 = 0.
        assert!((fitted.probability(&[0.5, 2.0]) - 0.5).abs() < 1e-6);
        assert!(Regression::<2>::NOTHING.probability(&[9.0, 9.0]) == 0.0);
    }
}
