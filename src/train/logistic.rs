//! Logistic regression with L2 on standardised features, and what cuts of its probability give on texts it was not fitted
//! on. Nothing is drawn at random; the folds are those of the texts.

use super::descent;
use super::ranking::{FOLDS, GoldText};
use super::standard::Standard;
use crate::lexicon::regression::Regression;

/// L2 on standardised features.
const SHRINKAGE: f64 = 0.002;
/// Cuts whose precision and recall are shown.
const CUTS: [f32; 11] = [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8];

/// Something proposed for a text.
#[derive(Debug, Clone)]
pub(super) struct Example<const N: usize> {
    pub(super) row: [f32; N],
    pub(super) skill: usize,
    pub(super) is_right: bool,
    pub(super) text: usize,
    /// Probability that the text asks for anything, which the fitted one is multiplied by.
    pub(super) asks: f32,
}

/// What accepting from a probability on would give, on texts the weights were not fitted on.
#[derive(Debug, Clone)]
pub struct CutScore {
    /// The probability.
    pub cut: f32,
    /// Of the texts that ask for something, percent.
    pub precision: f32,
    /// Percent.
    pub recall: f32,
    /// Texts that ask for nothing for which something is accepted, percent.
    pub false_alarms: f32,
}

/// By set, and over all under an empty name.
pub type Cuts = Vec<(String, Vec<CutScore>)>;

/// Weights of all examples; those of texts that ask for nothing should be left out.
pub(super) fn fit<const N: usize>(examples: &[&Example<N>]) -> Regression<N> {
    let standard = Standard::of(examples.iter().map(|e| &e.row));
    let rows: Vec<([f32; N], f32)> = examples
        .iter()
        .map(|e| {
            let row = std::array::from_fn(|k| (e.row[k] - standard.means[k]) / standard.deviations[k]);
            (row, f32::from(u8::from(e.is_right)))
        })
        .collect();
    // The bias first, then the weights, by column.
    let found = descent::least(vec![0.0; N + 1], |_| false, |numbers| slope(&rows, &regression(numbers)));
    let fitted: Regression<N> = regression(&found);
    let weights = standard.raw(&fitted.weights);
    let shift: f32 = weights.iter().zip(standard.means).map(|(weight, mean)| weight * mean).sum();
    Regression { bias: fitted.bias - shift, weights }
}

/// Bias and weights from numbers in a row.
fn regression<const N: usize>(numbers: &[f64]) -> Regression<N> {
    let number = |k: usize| numbers.get(k).map_or(0.0, |x| *x as f32);
    Regression { bias: number(0), weights: std::array::from_fn(|k| number(k + 1)) }
}

/// Mean loss with L2 on the weights, and its gradient.
fn slope<const N: usize>(rows: &[([f32; N], f32)], at: &Regression<N>) -> descent::Slope {
    let mut gradient = vec![0.0; N + 1];
    let mut loss = 0.0;
    for (row, right) in rows {
        let odds = f64::from(at.log_odds(row));
        // `ln(1 + e^z) - y z`, without overflow.
        loss += odds.max(0.0) + (-odds.abs()).exp().ln_1p() - f64::from(*right) * odds;
        let excess = 1.0 / (1.0 + (-odds).exp()) - f64::from(*right);
        let columns = std::iter::once(1.0).chain(row.iter().copied());
        gradient.iter_mut().zip(columns).for_each(|(g, x)| *g += excess * f64::from(x));
    }
    let count = rows.len().max(1) as f64;
    gradient.iter_mut().for_each(|g| *g /= count);
    let weights = at.weights.map(f64::from);
    gradient.iter_mut().skip(1).zip(weights).for_each(|(g, w)| *g += SHRINKAGE * w);
    (loss / count + SHRINKAGE / 2.0 * weights.iter().map(|w| w * w).sum::<f64>(), gradient)
}

/// Cuts on folds, by set; fitted on texts that ask for something. Nothing is accepted of texts that ask for anything with
/// a probability under `least_asking`.
pub(super) fn cuts<const N: usize>(examples: &[Example<N>], texts: &[GoldText], least_asking: f32) -> Cuts {
    let mut held: Vec<(f32, &Example<N>)> = Vec::new();
    for fold in 0..FOLDS {
        let (rest, own): (Vec<&Example<N>>, Vec<&Example<N>>) =
            examples.iter().partition(|e| texts.get(e.text).map(GoldText::fold) != Some(fold));
        let fitted = fit(&of_asking(&rest, texts));
        let believed = own.into_iter().filter(|e| e.asks >= least_asking);
        held.extend(believed.map(|e| (fitted.probability(&e.row) * e.asks, e)));
    }
    let mut sets: Vec<&str> = texts.iter().map(|t| t.set.as_str()).chain([""]).collect();
    sets.sort_unstable();
    sets.dedup();
    sets.into_iter().map(|set| (set.to_owned(), CUTS.map(|cut| score(&held, texts, set, cut)).to_vec())).collect()
}

/// Examples of texts that ask for something.
pub(super) fn of_asking<'e, const N: usize>(examples: &[&'e Example<N>], texts: &[GoldText]) -> Vec<&'e Example<N>> {
    examples.iter().copied().filter(|e| texts.get(e.text).is_some_and(GoldText::asks)).collect()
}

fn score<const N: usize>(held: &[(f32, &Example<N>)], texts: &[GoldText], set: &str, cut: f32) -> CutScore {
    let own = |at: usize| texts.get(at).is_some_and(|t| set.is_empty() || t.set == set);
    let asks = |at: usize| texts.get(at).is_some_and(GoldText::asks);
    let accepted = held.iter().filter(|(p, e)| *p >= cut && own(e.text)).map(|x| x.1);
    // A skill seen twice in a text is accepted once.
    let mut pairs: Vec<(usize, usize, bool)> = accepted.map(|e| (e.text, e.skill, e.is_right)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let right = pairs.iter().filter(|x| x.2).count() as f32;
    let gold: usize = texts.iter().enumerate().filter(|(at, _)| own(*at)).map(|(_, t)| t.right.len()).sum();
    let from_asking = pairs.iter().filter(|x| asks(x.0)).count() as f32;
    let mut alarmed: Vec<usize> = pairs.iter().map(|x| x.0).filter(|at| !asks(*at)).collect();
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
