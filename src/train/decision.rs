//! Fits the decision: logistic regression with L2 on standardised features, an example per proposed skill.

use super::ranking::{FOLDS, GoldText};
use super::standard::Standard;
use super::texts::OwnTexts;
use crate::lexicon::Lexicon;
use crate::link::{FEATURES, IdleWeights, LinkSpec, LinkWeights, Linker};
use crate::types::Lang;
use rayon::prelude::*;

type Row = [f32; FEATURES.len()];

const STEPS: usize = 1500;
const RATE: f32 = 2.0;
/// L2 on standardised features.
const SHRINKAGE: f32 = 0.002;
/// Bias at the start, near the log odds of a candidate.
const FIRST_BIAS: f32 = -2.0;
const IDLE_STEPS: usize = 600;
const IDLE_RATE: f32 = 8.0;
const IDLE_SHRINKAGE: f32 = 0.001;
/// Cuts whose precision and recall are shown.
const CUTS: [f32; 9] = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6];

/// Position of the feature that the idle regression gives.
fn idle_at() -> Option<usize> {
    FEATURES.iter().position(|name| *name == "idle")
}

/// A skill proposed for a text.
#[derive(Clone)]
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
#[derive(Debug, Clone, Default)]
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

/// Vectors of texts, and whether each asks for something.
pub(super) struct Asking {
    rows: Vec<(Vec<f32>, bool)>,
    /// Fold of each row that belongs to a gold text, in their order; sentences of our own follow and have none.
    folds: Vec<usize>,
}

impl Asking {
    pub(super) fn new(lexicon: &Lexicon, texts: &[GoldText], folds: Vec<usize>, own: &OwnTexts) -> Self {
        let vector = |text: &str, lang: Lang| lexicon.vectors.text(text, lang);
        let mut rows: Vec<(Vec<f32>, bool)> =
            texts.par_iter().map(|t| (vector(&t.text, t.lang), !t.right.is_empty() || t.unknown)).collect();
        rows.extend(own.idle.iter().map(|(lang, _, text)| (vector(text, *lang), false)));
        Self { rows, folds }
    }

    /// Fits on all rows but the gold texts of a fold; both kinds weigh the same.
    fn fit(&self, without: Option<usize>) -> IdleWeights {
        let kept = |at: usize| without.is_none_or(|fold| self.folds.get(at) != Some(&fold));
        let rows: Vec<&(Vec<f32>, bool)> =
            self.rows.iter().enumerate().filter(|(at, _)| kept(*at)).map(|x| x.1).collect();
        let asking = rows.iter().filter(|r| r.1).count().max(1) as f32;
        let idle = (rows.len() as f32 - asking).max(1.0);
        let dim = rows.first().map_or(0, |r| r.0.len());
        let mut fitted = IdleWeights { bias: 0.0, vector: vec![0.0; dim] };
        for step in 0..IDLE_STEPS {
            let (mut bias, mut gradient) = (0.0, vec![0f32; dim]);
            for (vector, asks) in &rows {
                let p = 1.0 / (1.0 + (-fitted.log_odds(vector)).exp());
                let excess = if *asks { p / asking } else { (p - 1.0) / idle };
                bias += excess;
                gradient.iter_mut().zip(vector).for_each(|(g, x)| *g += excess * x);
            }
            let rate = IDLE_RATE / (1.0 + step as f32 / 200.0);
            fitted.bias -= rate * bias;
            fitted.vector.iter_mut().zip(gradient).for_each(|(w, g)| *w -= rate * (g + IDLE_SHRINKAGE * *w));
        }
        fitted
    }
}

/// Fits on all examples, and on four fifths of the texts at a time for the held-out figures.
pub(super) fn fit(examples: &[Example], texts: &[GoldText], asking: &Asking) -> DecisionFit {
    let mut held: Vec<(f32, Example)> = Vec::new();
    for fold in 0..FOLDS {
        let idle = asking.fit(Some(fold));
        let (rest, own): (Vec<Example>, Vec<Example>) =
            with_idle(examples, asking, &idle).into_iter().partition(|e| asking.folds.get(e.text) != Some(&fold));
        let weights = descend(&rest, idle);
        held.extend(own.into_iter().map(|e| (weights.probability(&e.row), e)));
    }
    let mut sets: Vec<String> = texts.iter().map(|t| t.set.clone()).collect();
    sets.push(String::new());
    sets.sort();
    sets.dedup();
    let cuts = sets.into_iter().map(|set| (set.clone(), CUTS.map(|cut| score(&held, texts, &set, cut)).to_vec()));
    let idle = asking.fit(None);
    DecisionFit { weights: descend(&with_idle(examples, asking, &idle), idle), cuts: cuts.collect() }
}

fn with_idle(examples: &[Example], asking: &Asking, idle: &IdleWeights) -> Vec<Example> {
    let mut examples = examples.to_vec();
    let Some(at) = idle_at() else { return examples };
    for example in &mut examples {
        example.row[at] = asking.rows.get(example.text).map_or(0.0, |(vector, _)| idle.log_odds(vector));
    }
    examples
}

fn score(held: &[(f32, Example)], texts: &[GoldText], set: &str, cut: f32) -> CutScore {
    let own = |at: usize| texts.get(at).is_some_and(|t| set.is_empty() || t.set == set);
    let asks = |at: usize| texts.get(at).is_some_and(|t| !t.right.is_empty() || t.unknown);
    let accepted: Vec<&Example> = held.iter().filter(|(p, e)| *p >= cut && own(e.text)).map(|x| &x.1).collect();
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

fn descend(examples: &[Example], idle: IdleWeights) -> LinkWeights {
    let standard = Standard::of(examples.iter().map(|e| &e.row));
    let rows: Vec<(Row, f32)> = examples
        .iter()
        .map(|e| {
            let row = std::array::from_fn(|k| (e.row[k] - standard.means[k]) / standard.deviations[k]);
            (row, f32::from(u8::from(e.is_right)))
        })
        .collect();
    let mut fitted = LinkWeights { bias: FIRST_BIAS, weights: [0.0; FEATURES.len()], idle };
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
    LinkWeights { bias: fitted.bias - shift, weights, ..fitted }
}
