//! The decision: a score that a proposed skill is right (fitted, not calibrated), by a logistic regression on what the lanes found.
//!
//! `covered` share of the label's idf found; `full` all of it; `window` cosine of label and best words; `found`
//! `ln(1 + idf found)`; `joined` likeness to all labels; `single` a label of one word found; priors as in the ranker.

use crate::lexicon::labels::{LabelTable, UNKNOWN};
use crate::lexicon::ranker::Ranked;
use crate::types::LinkEvidence;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/link_weights.toml");

/// Idf of the rarest stem in the taxonomy the weights were fitted on: smaller taxonomies are scaled to it.
const FITTED_IDF: f32 = 9.54;

/// Features in the order of their values.
pub(crate) const FEATURES: [&str; 8] =
    ["covered", "full", "window", "found", "joined", "single", "occupations", "reuse"];

/// Values of the features of one candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Features(pub(crate) [f32; FEATURES.len()]);

impl Features {
    /// What the ranker found, as features.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn of(ranked: &Ranked, table: &LabelTable) -> Self {
        let full = f32::from(u8::from(ranked.covered > 0.999));
        let words = ranked.span_words.max(1) as f32;
        let window = (ranked.lanes[4] / words.powf(0.25)).min(1.0);
        let single = full * f32::from(u8::from(table.stems(ranked.label).len() <= 1));
        Self([
            ranked.covered,
            full,
            window,
            (1.0 + ranked.found_idf * FITTED_IDF / table.vocabulary.idf(UNKNOWN)).ln(),
            ranked.lanes[2],
            single,
            ranked.lanes[5],
            ranked.lanes[6],
        ])
    }

    /// Every stem of the label is in the text.
    pub(crate) fn is_full(&self) -> bool {
        self.0[1] > 0.0
    }

    /// The label stands in the text as it is written, up to endings.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.is_full() && self.0[2] > 0.9
    }

    /// The label is one word.
    pub(crate) fn is_single(&self) -> bool {
        self.0[5] > 0.0
    }

    /// What a reader is shown: the lanes between 0 and 1.
    pub(crate) fn evidence(&self) -> Vec<LinkEvidence> {
        let shown = [("cover", self.0[0]), ("window", self.0[2]), ("joined", self.0[4])];
        shown.map(|(lane, value)| LinkEvidence { lane: lane.to_owned(), value: value.clamp(0.0, 1.0) }).to_vec()
    }
}

/// Weights of the decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LinkWeights {
    pub(crate) bias: f32,
    pub(crate) weights: [f32; FEATURES.len()],
}

#[derive(Deserialize)]
struct WeightFile {
    bias: f32,
    #[serde(flatten)]
    weights: BTreeMap<String, f32>,
}

impl LinkWeights {
    /// The weights compiled in; a test reads the file, so a broken one never ships.
    pub(crate) fn compiled() -> Self {
        let Ok(file) = toml::from_str::<WeightFile>(WEIGHTS) else {
            return Self { bias: f32::MIN, weights: [0.0; FEATURES.len()] };
        };
        let weights = FEATURES.map(|name| file.weights.get(name).copied().unwrap_or_default());
        Self { bias: file.bias, weights }
    }

    /// 0..=1.
    pub(crate) fn probability(&self, features: &Features) -> f32 {
        let z: f32 = self.bias + self.weights.iter().zip(features.0).map(|(w, x)| w * x).sum::<f32>();
        1.0 / (1.0 + (-z).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_weights_name_every_feature() {
        let file: WeightFile = toml::from_str(WEIGHTS).unwrap();
        assert!(FEATURES.iter().all(|name| file.weights.contains_key(*name)));
    }
}
