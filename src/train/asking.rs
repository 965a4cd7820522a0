//! Fits whether a text asks for anything: logistic regression on its words, asking and idle texts weighing the same.

use super::logistic::{self, Example};
use super::ranking::{FOLDS, GoldText};
use super::texts::OwnTexts;
use crate::lexicon::asking::{IdleWeights, each_gram};
use crate::lexicon::regression::logistic;
use crate::types::Lang;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Passes over all texts.
const PASSES: usize = 30;
/// AdaGrad (Duchi, Hazan and Singer 2011): step of a weight that has not moved yet.
const RATE: f32 = 0.4;
/// L2 on each weight.
const SHRINKAGE: f32 = 1e-5;
/// Of so many phrases of skills one is read as a text that asks, so that fragments and items of lists are known.
const PHRASES: usize = 12;
/// Texts a word or pair must stand in to be weighed.
const LEAST_TEXTS: u32 = 3;
/// Least weight of a word that is kept.
const LEAST_WEIGHT: f32 = 0.1;

/// A text as the regression sees it.
struct Row {
    /// Words and pairs, by number.
    grams: Vec<u32>,
    /// What each counts.
    share: f32,
    asks: bool,
}

/// Texts, and whether each asks for something.
pub(super) struct AskingTexts {
    rows: Vec<Row>,
    grams: Vec<String>,
    /// Fold of each row that belongs to a gold text, in their order; sentences of our own follow and have none.
    folds: Vec<usize>,
}

impl AskingTexts {
    pub(super) fn new(texts: &[GoldText], own: &OwnTexts) -> Self {
        let gold = texts.iter().map(|t| (t.text.as_str(), t.lang, t.asks()));
        let idle = own.idle.iter().map(|s| (s.text.as_str(), s.lang, false));
        let asking = own.asking.iter().map(|s| (s.text.as_str(), s.lang, true));
        let pairs =
            own.pairs.iter().flat_map(|p| [(p.idle.as_str(), p.lang, false), (p.asking.as_str(), p.lang, true)]);
        let phrases = own.phrases.iter().step_by(PHRASES).map(|p| (p.text.as_str(), p.lang, true));
        let all: Vec<(&str, Lang, bool)> = gold.chain(idle).chain(asking).chain(pairs).chain(phrases).collect();
        let grams = frequent(&all);
        let numbers: FxHashMap<&str, u32> = grams.iter().map(String::as_str).zip(0..).collect();
        let row = |(text, lang, asks): &(&str, Lang, bool)| {
            let (mut own, mut count) = (Vec::new(), 0f32);
            each_gram(text, *lang, |gram| {
                own.extend(numbers.get(gram));
                count += 1.0;
            });
            Row { grams: own, share: 1.0 / count.max(1.0).sqrt(), asks: *asks }
        };
        let rows = all.par_iter().map(row).collect();
        Self { rows, grams, folds: texts.iter().map(GoldText::fold).collect() }
    }

    /// Weights of all texts, and the probability that each gold text asks for something by weights fitted without it.
    /// Log odds are stretched and shifted (Platt 1999) so that they are right on gold texts held out.
    pub(super) fn fitted(&self) -> (IdleWeights, Vec<f32>) {
        let log_odds = self.held_out();
        let rows = log_odds.iter().zip(&self.rows).map(|(z, row)| Example {
            row: [*z],
            skill: 0,
            is_right: !row.asks,
            text: 0,
            asks: 1.0,
        });
        let rows: Vec<Example<1>> = rows.collect();
        let platt = logistic::fit(&rows.iter().collect::<Vec<_>>());
        let [stretch] = platt.weights;
        let all = self.fit(None);
        let words = self.grams.iter().cloned().zip(all.words.iter().map(|w| w * stretch));
        let weights = IdleWeights {
            bias: all.bias * stretch + platt.bias,
            words: words.filter(|(_, w)| w.abs() >= LEAST_WEIGHT).collect(),
        };
        (weights, log_odds.iter().map(|z| 1.0 - platt.probability(&[*z])).collect())
    }

    /// Log odds of every gold text, by weights that were fitted without it.
    fn held_out(&self) -> Vec<f32> {
        let by_fold: Vec<Fitted> = (0..FOLDS).into_par_iter().map(|fold| self.fit(Some(fold))).collect();
        let rows = self.rows.iter().zip(&self.folds);
        rows.map(|(row, fold)| by_fold.get(*fold).map_or(0.0, |fitted| fitted.log_odds(row))).collect()
    }

    fn fit(&self, without: Option<usize>) -> Fitted {
        let kept = |at: usize| without.is_none_or(|fold| self.folds.get(at) != Some(&fold));
        let rows: Vec<&Row> = self.rows.iter().enumerate().filter(|(at, _)| kept(*at)).map(|x| x.1).collect();
        let asking = rows.iter().filter(|r| r.asks).count().max(1) as f32;
        let idle = (rows.len() as f32 - asking).max(1.0);
        let nothing = || Fitted { bias: 0.0, words: vec![0.0; self.grams.len()] };
        let (mut fitted, mut squares) = (nothing(), nothing());
        // A stride that shares no factor with the count visits every text once, neighbours far apart.
        let stride = (rows.len() / 3..).find(|s| coprime(*s, rows.len())).unwrap_or(1);
        for at in (0..rows.len() * PASSES).map(|step| step.wrapping_mul(stride) % rows.len()) {
            let Some(row) = rows.get(at) else { break };
            let p = logistic(fitted.log_odds(row));
            let half = rows.len() as f32 / 2.0;
            fitted.step(&mut squares, row, if row.asks { p * half / asking } else { (p - 1.0) * half / idle });
        }
        fitted
    }
}

fn coprime(a: usize, b: usize) -> bool {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// Weights while they are fitted; also their squared gradients.
struct Fitted {
    bias: f32,
    words: Vec<f32>,
}

impl Fitted {
    fn log_odds(&self, row: &Row) -> f32 {
        let words: f32 = row.grams.iter().filter_map(|gram| self.words.get(*gram as usize)).sum();
        self.bias + words * row.share
    }

    fn step(&mut self, squares: &mut Self, row: &Row, excess: f32) {
        let one = |weight: &mut f32, square: &mut f32, value: f32| {
            let gradient = excess * value + SHRINKAGE * *weight;
            *square += gradient * gradient;
            *weight -= RATE * gradient / (square.sqrt() + 1e-4);
        };
        one(&mut self.bias, &mut squares.bias, 1.0);
        for gram in row.grams.iter().map(|gram| *gram as usize) {
            if let (Some(weight), Some(square)) = (self.words.get_mut(gram), squares.words.get_mut(gram)) {
                one(weight, square, row.share);
            }
        }
    }
}

/// Words and pairs of enough texts, by alphabet.
fn frequent(texts: &[(&str, Lang, bool)]) -> Vec<String> {
    let mut counts: FxHashMap<String, u32> = FxHashMap::default();
    for (text, lang, _) in texts {
        let mut own = Vec::new();
        each_gram(text, *lang, |gram| own.push(gram.to_owned()));
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|gram| *counts.entry(gram).or_default() += 1);
    }
    let mut grams: Vec<String> = counts.into_iter().filter(|(_, n)| *n >= LEAST_TEXTS).map(|(gram, _)| gram).collect();
    grams.sort_unstable();
    grams
}
