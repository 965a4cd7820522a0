//! Fits the weights that rank occupations for a title, and how sure the best of them is.

use super::logistic::{self, Cuts, Example};
use super::ranking::{self, Case, FOLDS, GoldText, Row};
use crate::lexicon::labels::LabelTable;
use crate::lexicon::occupations::{EVIDENCE, OccupationCoder, TitleDecision};
use crate::lexicon::ranker::Ranked;
use crate::lexicon::titles::title_parts;
use crate::lexicon::vectors::Vectors;
use crate::lexicon::weights::{GROUP, RankWeights, WeightFile, minor_group};
use crate::types::{IscoCode, Taxonomy};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Occupations of a list.
const LIST: usize = 200;
/// Rounds of scaling; few, so that a group goes part of the way only.
const ROUNDS: usize = 3;
/// Titles that each group is taken to have had as expected.
const SMOOTHING: f32 = 20.0;

/// Fitted on titles with known occupations.
#[derive(Debug, Clone, Default)]
pub struct TitleFit {
    /// `[occupation]` of `rank_weights.toml`.
    pub weights: BTreeMap<String, f32>,
    /// `[occupation_groups]` of it.
    pub groups: BTreeMap<String, f32>,
    /// `[occupation_decision]` of it.
    pub decision: TitleDecision,
    /// By set RP@5, MRR (percent) and titles, held out in folds.
    pub held_out: BTreeMap<String, [f64; 3]>,
    /// Titles whose unit group of ISCO-08 is right, by the cut of the probability; held out in folds.
    pub cuts: Cuts,
}

/// What is proposed for a title, with the minor group of each.
struct TitleCase {
    case: Case,
    groups: Vec<Option<String>>,
}

/// Weights of lanes, and what each minor group scores.
struct Weighed {
    weights: Row,
    groups: BTreeMap<String, f32>,
}

/// Fits on titles whose right occupations are given by position in the taxonomy.
pub fn fit_titles(taxonomy: &Taxonomy, vectors: &Vectors, titles: &[GoldText]) -> TitleFit {
    let table = LabelTable::of_occupations(taxonomy);
    let coder = OccupationCoder::new(taxonomy, &table, vectors);
    let cases: Vec<TitleCase> = titles.par_iter().map(|title| case(&coder, taxonomy, title)).collect();
    let Weighed { weights, groups } = weigh(&cases.iter().collect::<Vec<_>>());
    let held_out = held_out(&cases);
    let weights = ranking::named(&weights, 0);
    let coder = coder.with_weights(RankWeights::of_occupations(&weights));
    let examples: Vec<Example<{ EVIDENCE.len() }>> =
        titles.par_iter().enumerate().filter_map(|(at, title)| guess(&coder, taxonomy, at, title)).collect();
    let decision = logistic::fit(&examples.iter().collect::<Vec<_>>());
    TitleFit { weights, groups, decision, held_out, cuts: logistic::cuts(&examples, titles, 0.0) }
}

/// Puts fitted weights into the file as it is otherwise.
pub(super) fn into_file(fit: &TitleFit, file: WeightFile) -> WeightFile {
    let rounded = fit.groups.iter().map(|(group, score)| (group.clone(), (score * 1e3).round() / 1e3));
    WeightFile {
        occupation: fit.weights.clone(),
        occupation_decision: fit.decision.table(&EVIDENCE),
        occupation_groups: rounded.collect(),
        ..file
    }
}

fn case(coder: &OccupationCoder<'_>, taxonomy: &Taxonomy, title: &GoldText) -> TitleCase {
    let ranked = coder.rank(&title.text, title.lang, LIST);
    let row = |r: &Ranked| {
        let mut lanes = r.lanes;
        lanes[GROUP] = 0.0;
        (ranking::wide(&lanes, false), title.right.contains(&r.concept))
    };
    let group = |r: &Ranked| {
        let isco = taxonomy.occupations.get(r.concept)?.isco.as_ref()?;
        Some(minor_group(isco).to_owned())
    };
    TitleCase {
        case: Case {
            rows: ranked.iter().map(row).collect(),
            right: title.right.len(),
            set: title.set.clone(),
            weight: 1.0,
            is_english: false,
            fold: title.fold(),
        },
        groups: ranked.iter().map(group).collect(),
    }
}

/// Lanes by a listwise softmax; then groups by how often they are right beside what the softmax expects, smoothed, a few
/// times over (iterative scaling, Darroch and Ratcliff 1972).
fn weigh(cases: &[&TitleCase]) -> Weighed {
    let weights = ranking::weigh(&cases.iter().map(|title| &title.case).collect::<Vec<_>>());
    let mut groups: BTreeMap<String, f32> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut seen: BTreeMap<&str, [f32; 2]> = BTreeMap::new();
        for title in cases.iter().filter(|title| title.case.rows.iter().any(|x| x.1)) {
            let score = |(row, group): (&(Row, bool), &Option<String>)| {
                ranking::dot(&row.0, &weights) + group.as_ref().and_then(|g| groups.get(g)).unwrap_or(&0.0)
            };
            let scores: Vec<f32> = title.case.rows.iter().zip(&title.groups).map(score).collect();
            let most = scores.iter().copied().fold(f32::MIN, f32::max);
            let total: f32 = scores.iter().map(|s| (s - most).exp()).sum();
            for ((group, row), score) in title.groups.iter().zip(&title.case.rows).zip(scores) {
                if let Some(group) = group {
                    let [right, expected] = seen.entry(group).or_default();
                    *right += f32::from(u8::from(row.1));
                    *expected += (score - most).exp() / total;
                }
            }
        }
        let changes: Vec<(String, f32)> = seen
            .into_iter()
            .map(|(group, [right, expected])| (group.to_owned(), ((right + SMOOTHING) / (expected + SMOOTHING)).ln()))
            .collect();
        changes.into_iter().for_each(|(group, change)| *groups.entry(group).or_default() += change);
    }
    Weighed { weights, groups }
}

/// By set RP@5, MRR (percent) and titles, each ranked by what was fitted on the other folds.
fn held_out(cases: &[TitleCase]) -> BTreeMap<String, [f64; 3]> {
    let mut sums: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for fold in 0..FOLDS {
        let (own, rest): (Vec<&TitleCase>, Vec<&TitleCase>) = cases.iter().partition(|title| title.case.fold == fold);
        let Weighed { mut weights, groups } = weigh(&rest);
        weights[GROUP] = 1.0;
        for title in own {
            let mut case = title.case.clone();
            for ((row, _), group) in case.rows.iter_mut().zip(&title.groups) {
                row[GROUP] = group.as_ref().and_then(|g| groups.get(g)).copied().unwrap_or_default();
            }
            let [rp5, mrr] = ranking::quality(&case, &weights);
            let sum = sums.entry(case.set).or_default();
            *sum = [sum[0] + rp5, sum[1] + mrr, sum[2] + 1.0];
        }
    }
    sums.into_iter().map(|(set, [rp5, mrr, n])| (set, [100.0 * rp5 / n, 100.0 * mrr / n, n])).collect()
}

/// The first part of a title that gets a guess, right when its unit group is.
fn guess(
    coder: &OccupationCoder<'_>,
    taxonomy: &Taxonomy,
    at: usize,
    title: &GoldText,
) -> Option<Example<{ EVIDENCE.len() }>> {
    let parts = title_parts(&title.text, title.lang);
    let (coded, row) = parts.iter().find_map(|part| coder.guess(part, title.lang))?;
    let group = |isco: &Option<IscoCode>| isco.as_ref().map(|code| code.as_str().chars().take(4).collect::<String>());
    let mut right = title.right.iter().filter_map(|right| taxonomy.occupations.get(*right)).map(|o| group(&o.isco));
    let is_right = right.any(|right| right.is_some() && right == group(&coded.isco));
    Some(Example { row, skill: coded.occupation, is_right, text: at, asks: 1.0 })
}
