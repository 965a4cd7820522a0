//! Fits the decision on proposed skills: run by hand when a feature or the ranking changes, copied by hand into
//! `data/reference/link_weights.toml`.
//!
//! ```sh
//! export SKILLGAP_ESCO=<folder> SKILLGAP_GOLD=<folder>
//! cargo test --release --lib fit_link_weights -- --ignored --nocapture
//! ```
//!
//! The data are those of `src/lexicon/fit.rs`: each of the skills the linker's ranker proposes for a validation
//! sentence is one example, right or wrong. The ranking weights come first, since they choose the examples. Nothing is
//! drawn at random: descent starts from a fixed point, and the fold of a sentence is its number modulo 5.

use super::decide::{FEATURES, Features, LinkWeights};
use super::{CANDIDATES, LinkSpec, Linker};
use crate::lexicon::Lexicon;
use crate::lexicon::fit::{FOLDS, FitData, Query, moments};
use crate::lexicon::ranker::Depth;
use crate::types::Lang;

/// Steps of the descent.
const STEPS: usize = 1500;
/// Length of a step.
const RATE: f32 = 2.0;
/// L2 on standardised features.
const SHRINKAGE: f32 = 0.002;
/// Bias at the start, near the log odds of a candidate.
const FIRST_BIAS: f32 = -2.0;
/// Cuts whose precision and recall are shown.
const CUTS: [f32; 9] = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.6];

type FeatureValues = [f32; FEATURES.len()];

/// A skill proposed for a sentence.
struct Example {
    features: FeatureValues,
    is_right: bool,
    sentence: usize,
}

fn examples(linker: &Linker<'_>, sentences: &[Query]) -> Vec<Example> {
    let mut examples = Vec::new();
    for (sentence, (text, right)) in sentences.iter().enumerate() {
        for ranked in linker.ranker.rank_at(text, Some(Lang::En), CANDIDATES, Depth::Quick) {
            let Features(features) = Features::of(&ranked, &linker.lexicon.skills);
            examples.push(Example { features, is_right: right.contains(&ranked.concept), sentence });
        }
    }
    examples
}

/// Logistic regression with L2 on standardised features, by gradient descent.
fn fit(examples: &[&Example]) -> LinkWeights {
    let (means, deviations) = moments(&examples.iter().map(|e| &e.features).collect::<Vec<_>>());
    let standardised =
        |e: &Example| -> FeatureValues { std::array::from_fn(|k| (e.features[k] - means[k]) / deviations[k]) };
    let rows: Vec<(FeatureValues, f32)> =
        examples.iter().map(|e| (standardised(e), f32::from(u8::from(e.is_right)))).collect();
    let mut fitted = LinkWeights { bias: FIRST_BIAS, weights: [0.0; FEATURES.len()] };
    for _ in 0..STEPS {
        let (mut bias, mut gradient) = (0.0, [0f32; FEATURES.len()]);
        for (row, right) in &rows {
            let excess = (fitted.probability(&Features(*row)) - right) / rows.len() as f32;
            bias += excess;
            (0..FEATURES.len()).for_each(|k| gradient[k] += excess * row[k]);
        }
        fitted.bias -= RATE * bias;
        (0..FEATURES.len()).for_each(|k| fitted.weights[k] -= RATE * (gradient[k] + SHRINKAGE * fitted.weights[k]));
    }
    let weights: FeatureValues = std::array::from_fn(|k| fitted.weights[k] / deviations[k]);
    let shift: f32 = weights.iter().zip(means).map(|(weight, mean)| weight * mean).sum();
    LinkWeights { bias: fitted.bias - shift, weights }
}

/// Probability of every example under weights fitted on the other folds, and whether it is right.
fn held_out(examples: &[Example]) -> Vec<(f32, bool)> {
    let mut held = Vec::new();
    for fold in 0..FOLDS {
        let (rest, own): (Vec<&Example>, Vec<&Example>) = examples.iter().partition(|e| e.sentence % FOLDS != fold);
        let weights = fit(&rest);
        held.extend(own.iter().map(|e| (weights.probability(&Features(e.features)), e.is_right)));
    }
    held
}

#[test]
#[ignore = "fits weights on data that is not part of the repository"]
fn fit_link_weights() {
    let Some(data) = FitData::named() else { return };
    let sentences = data.sentences();
    let lexicon = Lexicon::new(data.taxonomy);
    let linker = Linker::new(&lexicon, &LinkSpec::default());
    let examples = examples(&linker, &sentences);
    let (fitted, compiled) = (fit(&examples.iter().collect::<Vec<_>>()), LinkWeights::compiled());
    println!("# {} sentences, {} examples", sentences.len(), examples.len());
    println!("bias = {:.3} # compiled: {}", fitted.bias, compiled.bias);
    for ((feature, fitted), compiled) in FEATURES.iter().zip(fitted.weights).zip(compiled.weights) {
        println!("{feature} = {fitted:.3} # compiled: {compiled}");
    }
    let right_count: usize = sentences.iter().map(|(_, right)| right.len()).sum();
    let held = held_out(&examples);
    for cut in CUTS {
        let kept: Vec<bool> = held.iter().filter(|x| x.0 >= cut).map(|x| x.1).collect();
        let right = 100.0 * kept.iter().filter(|right| **right).count() as f32;
        let (precision, recall) = (right / kept.len() as f32, right / right_count as f32);
        println!("# held out in {FOLDS} folds, from {cut}: precision {precision:.1}, recall {recall:.1}");
    }
}
