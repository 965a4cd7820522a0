//! Fits the weights that rank skills: the least listwise softmax loss with L2 on standardised lanes.
//!
//! English, which taxonomies name best, has weights of its own; in the other languages concepts with a label in the
//! language of the text and those without have, fitted together. Every set of gold weighs the same, however many texts it
//! has; names of skills that have lost theirs weigh a little, so that both kinds are weighed against each other. A
//! list is all that the ranker proposes, whatever the weights compiled in say of it. Nothing is drawn at
//! random; the fold of a text goes by a hash of it, so that it is the same over every taxonomy.

use super::descent;
use super::standard::Standard;
use crate::lexicon::Lexicon;
use crate::lexicon::lanes::{FOREIGN, LANES, LaneValues};
use crate::lexicon::ranker::Ranker;
use crate::lexicon::weights::{RankWeights, WeightFile};
use crate::types::Lang;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Folds of the held-out figures.
pub const FOLDS: usize = 5;
/// L2 on standardised lanes.
const SHRINKAGE: f64 = 0.02;
/// Lanes for concepts with a label in the text's language, then for those without.
const WIDTH: usize = 2 * LANES.len();
/// A concept's lanes in the columns that are weighed.
pub(super) type Row = [f32; WIDTH];

/// A text with the positions of its right skills.
#[derive(Debug, Clone)]
pub struct GoldText {
    /// The text.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// Right skills by position in the taxonomy; none in a text that asks for nothing.
    pub right: Vec<usize>,
    /// Whether it has right skills that the taxonomy lacks.
    pub unknown: bool,
    /// Set it belongs to.
    pub set: String,
}

impl GoldText {
    /// Whether it asks for something, known to the taxonomy or not.
    pub fn asks(&self) -> bool {
        self.unknown || !self.right.is_empty()
    }

    /// Its fold, the same over every taxonomy (FNV-1a of the text).
    pub(super) fn fold(&self) -> usize {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let hash = self.text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
        ((hash >> 17) % FOLDS as u64) as usize
    }
}

/// What is proposed for a text.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) rows: Vec<(Row, bool)>,
    pub(super) right: usize,
    pub(super) set: String,
    /// What its set weighs.
    pub(super) weight: f32,
    pub(super) is_english: bool,
    pub(super) fold: usize,
}

/// Fitted weights, and how they rank texts they were not fitted on: by set RP@5, MRR (percent) and queries.
#[derive(Debug, Clone, Default)]
pub struct RankingFit {
    /// `[skill_english]`, `[skill]` and `[skill_foreign]` of `rank_weights.toml`.
    pub weights: [BTreeMap<String, f32>; 3],
    /// Held out in five folds.
    pub held_out: BTreeMap<String, [f64; 3]>,
}

/// Lanes in the columns that are weighed for the concept.
pub(super) fn wide(lanes: &LaneValues, is_foreign: bool) -> Row {
    let mut row = [0.0; WIDTH];
    let from = if is_foreign { LANES.len() } else { 0 };
    row[from..from + LANES.len()].copy_from_slice(lanes);
    row
}

/// Ranks every text that has a right skill.
pub(super) fn cases(lexicon: &Lexicon, texts: &[GoldText]) -> Vec<Case> {
    let ranker = Ranker::skills(&lexicon.skills, &lexicon.taxonomy, &lexicon.vectors);
    let asked: Vec<&GoldText> = texts.iter().filter(|t| !t.right.is_empty()).collect();
    let case = |text: &&GoldText| Case {
        rows: ranker
            .candidates(&text.text, Some(text.lang))
            .iter()
            .map(|r| (wide(&r.lanes, r.lanes[FOREIGN] > 0.0), text.right.contains(&r.concept)))
            .collect(),
        right: text.right.len(),
        set: text.set.clone(),
        weight: 1.0,
        is_english: matches!(text.lang, Lang::En | Lang::Und),
        fold: text.fold(),
    };
    asked.par_iter().map(case).collect()
}

/// Fits on all cases, and on four fifths at a time for the held-out figures.
pub(super) fn fit(cases: &[Case]) -> RankingFit {
    let (english, others): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.is_english);
    let held_out = held_out(&[&english, &others]);
    let (english, others) = (weigh(&english), weigh(&others));
    RankingFit { weights: [named(&english, 0), named(&others, 0), named(&others, LANES.len())], held_out }
}

/// By set RP@5, MRR (percent) and queries, each ranked by weights fitted on the other folds of its group.
fn held_out(groups: &[&[&Case]]) -> BTreeMap<String, [f64; 3]> {
    let mut sums: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for (cases, fold) in groups.iter().flat_map(|cases| (0..FOLDS).map(move |fold| (cases, fold))) {
        let rest: Vec<&Case> = cases.iter().copied().filter(|case| case.fold != fold).collect();
        let weights = weigh(&rest);
        for case in cases.iter().filter(|case| case.fold == fold) {
            let [rp5, mrr] = quality(case, &weights);
            let sum = sums.entry(case.set.clone()).or_default();
            *sum = [sum[0] + rp5, sum[1] + mrr, sum[2] + 1.0];
        }
    }
    let mean = |(set, [rp5, mrr, n]): (String, [f64; 3])| (set, [100.0 * rp5 / n, 100.0 * mrr / n, n]);
    sums.into_iter().map(mean).collect()
}

/// Weights from a column on, by lane, as the file has them.
pub(super) fn named(weights: &Row, from: usize) -> BTreeMap<String, f32> {
    let row = LANES.iter().zip(&weights[from..from + LANES.len()]);
    row.filter(|(_, w)| w.abs() > 5e-4).map(|(lane, w)| ((*lane).to_owned(), (w * 1e3).round() / 1e3)).collect()
}

impl RankingFit {
    /// As the ranker takes them.
    pub fn rank_weights(&self) -> RankWeights {
        RankWeights::of_skills([&self.weights[0], &self.weights[1], &self.weights[2]])
    }
}

/// Puts fitted weights into the file as it is compiled in.
pub(super) fn into_file(fit: &RankingFit) -> WeightFile {
    let [skill_english, skill, skill_foreign] = fit.weights.clone();
    WeightFile { skill_english, skill, skill_foreign, ..WeightFile::compiled() }
}

/// Lanes of the text cannot speak against a concept; what is known before any text may.
fn may_be_negative(column: usize) -> bool {
    column % LANES.len() >= FOREIGN
}

/// Weights of all cases.
pub(super) fn weigh(cases: &[&Case]) -> Row {
    let standard = Standard::of(cases.iter().flat_map(|case| case.rows.iter().map(|x| &x.0)));
    let shares = shares(cases);
    let raw = |weights: &[f64]| -> Row {
        std::array::from_fn(|k| weights.get(k).map_or(0.0, |w| *w as f32) / standard.deviations[k])
    };
    let found = descent::least(
        vec![0.0; WIDTH],
        |k| !may_be_negative(k),
        |weights| {
            let row = raw(weights);
            let parts: Vec<Option<Part>> = cases.par_iter().map(|case| part(case, &row)).collect();
            let mut loss = SHRINKAGE / 2.0 * weights.iter().map(|w| w * w).sum::<f64>();
            let mut gradient: Vec<f64> = weights.iter().map(|w| SHRINKAGE * w).collect();
            for (part, share) in parts.iter().zip(&shares).filter_map(|(part, share)| Some((part.as_ref()?, share))) {
                loss += share * f64::from(part.loss);
                let columns = gradient.iter_mut().zip(part.excess.iter().zip(&standard.deviations));
                columns.for_each(|(g, (excess, deviation))| *g += share * f64::from(excess / deviation));
            }
            (loss, gradient)
        },
    );
    raw(&found)
}

/// Weight of each case that proposes a right concept; those of a set weigh together what the set weighs, all of them 1.
fn shares(cases: &[&Case]) -> Vec<f64> {
    let proposes = |case: &Case| case.rows.iter().any(|x| x.1);
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for case in cases.iter().filter(|case| proposes(case)) {
        *sizes.entry(&case.set).or_default() += 1.0;
    }
    let of = |case: &&Case| {
        let size = sizes.get(case.set.as_str()).filter(|_| proposes(case));
        size.map_or(0.0, |size| f64::from(case.weight) / size)
    };
    let shares: Vec<f64> = cases.iter().map(of).collect();
    let total: f64 = shares.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    shares.into_iter().map(|share| share / total).collect()
}

/// What a case adds to the loss, and by how much its lanes exceed those of the right concepts in the mean.
struct Part {
    loss: f32,
    excess: Row,
}

fn part(case: &Case, raw: &Row) -> Option<Part> {
    let right = case.rows.iter().filter(|x| x.1).count() as f32;
    if right == 0.0 {
        return None;
    }
    let scores: Vec<f32> = case.rows.iter().map(|(row, _)| dot(row, raw)).collect();
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let total: f32 = scores.iter().map(|s| (s - most).exp()).sum();
    let (mut loss, mut sum) = (total.ln() + most, [0f32; WIDTH]);
    for ((row, is_right), score) in case.rows.iter().zip(scores) {
        let wanted = if *is_right { 1.0 / right } else { 0.0 };
        loss -= wanted * score;
        let excess = (score - most).exp() / total - wanted;
        (0..WIDTH).for_each(|k| sum[k] += excess * row[k]);
    }
    Some(Part { loss, excess: sum })
}

pub(super) fn dot(row: &Row, weights: &Row) -> f32 {
    row.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// RP@5 and reciprocal rank of one list, 0..=1.
pub(super) fn quality(case: &Case, weights: &Row) -> [f64; 2] {
    let mut order: Vec<(f32, bool)> = case.rows.iter().map(|(row, right)| (dot(row, weights), *right)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let found = order.iter().take(5).filter(|x| x.1).count() as f64;
    let first = order.iter().position(|x| x.1);
    [found / case.right.clamp(1, 5) as f64, first.map_or(0.0, |at| 1.0 / (at + 1) as f64)]
}
