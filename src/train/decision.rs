//! Fits the decision: logistic regression with L2 on standardised features, an example per proposed skill.

use super::ranking::{FOLDS, GoldText};
use super::standard::Standard;
use crate::lexicon::Lexicon;
use crate::link::{FEATURES, LinkSpec, Linker, LinkWeights};
use rayon::prelude::*;

type Row = [f32; FEATURES.len()];

const STEPS: usize = 1500;
const RATE: f32 = 2.0;
/// L2 on standardised features.
const SHRINKAGE: f32 = 0.002;
/// Bias at the start, near the log odds of a candidate.
const FIRST_BIAS: f32 = -2.0;
/// Cuts whose precision and recall are shown.
const CUTS: [f32; 9] = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6];

/// A skill proposed for a text.
pub(super) struct Example {
    row: Row,
    is_right: bool,
    text: usize,
}

/// What accepting from a probability on would give, on texts the weights were not fitted on.
#[derive(Debug, Clone)]
pub struct CutScore {
    /// The probability.
    pub cut: f32,
    /// Percent.
    pub precision: f32,
    /// Percent.
    pub recall: f32,
    /// Texts without a right skill for which something is accepted, percent.
    pub false_alarms: f32,
}

/// Fitted weights, and what cuts give on held-out folds, by set.
#[derive(Debug, Clone)]
pub struct DecisionFit {
    /// For `link_weights.toml`.
    pub weights: LinkWeights,
    /// By set, and over all under an empty name.
    pub cuts: Vec<(String, Vec<CutScore>)>,
}

/// `first` is the number of the first text.
pub(super) fn examples(lexicon: &Lexicon, texts: &[GoldText], first: usize) -> Vec<Example> {
    let linker = Linker::new(lexicon, &LinkSpec::default());
    let of = |(at, text): (usize, &GoldText)| -> Vec<Example> {
        let proposed = linker.examples(&text.text, text.lang).into_iter();
        proposed.map(|(skill, row)| Example { row, is_right: text.right.contains(&skill), text: first + at }).collect()
    };
    texts.par_iter().enumerate().map(of).collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Fits on all examples, and on four fifths of the texts at a time for the held-out figures.
pub(super) fn fit(examples: &[Example], texts: &[GoldText]) -> DecisionFit {
    let mut held: Vec<(f32, &Example)> = Vec::new();
    for fold in 0..FOLDS {
        let (rest, own): (Vec<&Example>, Vec<&Example>) = examples.iter().partition(|e| e.text % FOLDS != fold);
        let weights = descend(&rest);
        held.extend(own.into_iter().map(|e| (weights.probability(&e.row), e)));
    }
    let mut sets: Vec<String> = texts.iter().map(|t| t.set.clone()).collect();
    sets.push(String::new());
    sets.sort();
    sets.dedup();
    let cuts = sets.into_iter().map(|set| (set.clone(), CUTS.map(|cut| score(&held, texts, &set, cut)).to_vec()));
    DecisionFit { weights: descend(&examples.iter().collect::<Vec<_>>()), cuts: cuts.collect() }
}

fn score(held: &[(f32, &Example)], texts: &[GoldText], set: &str, cut: f32) -> CutScore {
    let own = |at: usize| texts.get(at).is_some_and(|t| set.is_empty() || t.set == set);
    let asks = |at: usize| texts.get(at).is_some_and(|t| !t.right.is_empty());
    let accepted: Vec<&Example> = held.iter().filter(|(p, e)| *p >= cut && own(e.text)).map(|x| x.1).collect();
    let right = accepted.iter().filter(|e| e.is_right).count() as f32;
    let gold: usize = texts.iter().enumerate().filter(|(at, _)| own(*at)).map(|(_, t)| t.right.len()).sum();
    let from_asking = accepted.iter().filter(|e| asks(e.text)).count() as f32;
    let mut alarmed: Vec<usize> = accepted.iter().map(|e| e.text).filter(|at| !asks(*at)).collect();
    alarmed.sort_unstable();
    alarmed.dedup();
    let idle = (0..texts.len()).filter(|at| own(*at) && !asks(*at)).count();
    let percent = |part: f32, whole: f32| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    CutScore {
        cut,
        precision: percent(right, from_asking),
        recall: percent(right, gold as f32),
        false_alarms: percent(alarmed.len() as f32, idle as f32),
    }
}

fn descend(examples: &[&Example]) -> LinkWeights {
    let standard = Standard::of(examples.iter().map(|e| &e.row));
    let rows: Vec<(Row, f32)> = examples
        .iter()
        .map(|e| {
            let row = std::array::from_fn(|k| (e.row[k] - standard.means[k]) / standard.deviations[k]);
            (row, f32::from(u8::from(e.is_right)))
        })
        .collect();
    let mut fitted = LinkWeights { bias: FIRST_BIAS, weights: [0.0; FEATURES.len()] };
    for _ in 0..STEPS {
        let (mut bias, mut gradient) = (0.0, [0f32; FEATURES.len()]);
        for (row, right) in &rows {
            let excess = (fitted.probability(row) - right) / rows.len() as f32;
            bias += excess;
            (0..FEATURES.len()).for_each(|k| gradient[k] += excess * row[k]);
        }
        fitted.bias -= RATE * bias;
        (0..FEATURES.len()).for_each(|k| fitted.weights[k] -= RATE * (gradient[k] + SHRINKAGE * fitted.weights[k]));
    }
    let weights = standard.raw(&fitted.weights);
    let shift: f32 = weights.iter().zip(standard.means).map(|(weight, mean)| weight * mean).sum();
    LinkWeights { bias: fitted.bias - shift, weights }
}
