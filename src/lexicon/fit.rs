//! Fits the weights that rank concepts: run by hand when a lane changes, copied by hand into
//! `data/reference/rank_weights.toml`.
//!
//! ```sh
//! export SKILLGAP_ESCO=<folder> SKILLGAP_GOLD=<folder>
//! cargo test --release --lib fit_skill_weights -- --ignored --nocapture
//! cargo test --release --lib fit_occupation_weights -- --ignored --nocapture
//! ```
//!
//! `SKILLGAP_ESCO`: the English package of ESCO v1.1.0 with its relations, as published. `SKILLGAP_GOLD`: gold sets in
//! the form `skillgap evaluate` reads. `[skill]` is fitted on the validation sentences of Decorte et al. (2022), TECH
//! and HOUSE; `[occupation]` is chosen by hand between a fit on English job titles and one on Spanish national titles
//! (MELO). A list is what the ranker proposes under the compiled weights, so fit again after copying. Nothing is drawn
//! at random: descent starts at 0, and the fold of a query is its number modulo 5.

use crate::acquire::Limits;
use crate::acquire::connectors::taxonomies::esco;
use crate::clean::taxonomy::merge;
use crate::evaluate::read_gold;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::lanes::{LANES, LaneValues, PRIORS};
use crate::lexicon::ranker::{RankWeights, Ranker};
use crate::lexicon::vectors::Vectors;
use crate::lexicon::titles::clean_title;
use crate::types::{Label, LabelKind, Lang, Occupation, Taxonomy};
use std::path::PathBuf;

/// Folds of the held-out figures.
pub(crate) const FOLDS: usize = 5;
/// Steps of the descent.
const STEPS: usize = 400;
/// L2 on standardised lanes.
const SHRINKAGE: f32 = 0.02;
/// Concepts of a list: all that a sentence's costly lanes are worked out for, and the better part of a title's.
const SKILL_LIST: usize = 200;
const TITLE_LIST: usize = 60;
/// Every so many English titles one is fitted on.
const TITLE_STEP: usize = 4;

/// A text with its right concepts.
pub(crate) type Query = (String, Vec<usize>);

/// What a fit needs.
pub(crate) struct FitData {
    pub(crate) taxonomy: Taxonomy,
    gold: PathBuf,
}

impl FitData {
    /// From the folders the environment names; says so where it names none.
    pub(crate) fn named() -> Option<Self> {
        let folder = |variable: &str| {
            let path = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
            if path.is_none() {
                println!("skipped: {variable} is not set, see the head of src/lexicon/fit.rs");
            }
            path
        };
        let (package, gold) = (folder("SKILLGAP_ESCO")?, folder("SKILLGAP_GOLD")?);
        let layer = esco::read(&[package.as_path()], &Limits::default()).unwrap();
        Some(Self { taxonomy: merge(&[layer]).taxonomy, gold })
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.gold.join(file)).unwrap_or_else(|e| panic!("SKILLGAP_GOLD: {file}: {e}"))
    }

    fn queries(&self, file: &str, find: impl Fn(&str) -> Option<usize>) -> Vec<Query> {
        let set = read_gold(&self.text(file), |id| find(id).is_some()).unwrap();
        set.queries.into_iter().map(|q| (q.text, q.gold.iter().filter_map(|id| find(id)).collect())).collect()
    }

    /// Validation sentences with their skills.
    pub(crate) fn sentences(&self) -> Vec<Query> {
        let files = ["skills_en_tech_validation.jsonl", "skills_en_house_validation.jsonl"];
        files.iter().flat_map(|file| self.queries(file, |uri| self.taxonomy.skill_index(uri))).collect()
    }

    /// Spanish national titles and the occupations they are to be found among.
    fn national_titles(&self) -> (Taxonomy, Vec<Query>) {
        let corpus = self.text("occupations_es_melo_corpus.tsv");
        let occupation = |(id, text): (&str, &str)| Occupation {
            id: id.to_owned(),
            isco: None,
            labels: vec![Label { text: text.to_owned(), lang: Lang::Es, kind: LabelKind::Preferred }],
            description: None,
            sectors: Vec::new(),
        };
        let mut occupations: Vec<Occupation> =
            corpus.lines().filter_map(|line| line.split_once('\t')).map(occupation).collect();
        occupations.sort_by(|a, b| a.id.cmp(&b.id));
        let corpus = Taxonomy { occupations, ..Taxonomy::default() };
        let queries = self.queries("occupations_es_melo_dev.jsonl", |id| corpus.occupation_index(id));
        (corpus, queries)
    }
}

/// What the ranker proposes for a query, and how many right concepts there are.
struct Case {
    list: Vec<(LaneValues, bool)>,
    right: usize,
}

fn cases(ranker: &Ranker<'_>, queries: &[Query], lang: Lang, top: usize) -> Vec<Case> {
    let case = |(text, right): &Query| Case {
        list: ranker.rank(text, Some(lang), top).iter().map(|r| (r.lanes, right.contains(&r.concept))).collect(),
        right: right.len(),
    };
    queries.iter().map(case).collect()
}

/// Means and standard deviations by column; no deviation is 0.
pub(crate) fn moments<const N: usize>(rows: &[&[f32; N]]) -> ([f32; N], [f32; N]) {
    let count = rows.len() as f32;
    let (mut means, mut variances) = ([0f32; N], [0f32; N]);
    rows.iter().for_each(|row| (0..N).for_each(|k| means[k] += row[k] / count));
    rows.iter().for_each(|row| (0..N).for_each(|k| variances[k] += (row[k] - means[k]).powi(2) / count));
    (means, variances.map(|x| x.sqrt().max(1e-6)))
}

/// Listwise softmax with L2 on standardised lanes, by gradient descent; lanes of the text cannot speak against a
/// concept. Returns weights on the raw lanes.
fn fit(cases: &[&Case]) -> LaneValues {
    let rows: Vec<&LaneValues> = cases.iter().flat_map(|case| case.list.iter().map(|(lanes, _)| lanes)).collect();
    let (_, deviations) = moments(&rows);
    let mut weights = [0f32; LANES.len()];
    for step in 0..STEPS {
        let rate = 0.5 / (1.0 + step as f32 / 200.0);
        let gradient = gradient(cases, &weights, &deviations);
        for k in 0..LANES.len() {
            weights[k] -= rate * (gradient[k] + SHRINKAGE * weights[k]);
            if k < PRIORS {
                weights[k] = weights[k].max(0.0);
            }
        }
    }
    std::array::from_fn(|k| weights[k] / deviations[k])
}

/// Gradient of the mean loss over the lists that hold a right concept.
fn gradient(cases: &[&Case], weights: &LaneValues, deviations: &LaneValues) -> LaneValues {
    let raw: LaneValues = std::array::from_fn(|k| weights[k] / deviations[k]);
    let (mut gradient, mut count) = ([0f32; LANES.len()], 0.0);
    for case in cases {
        let right = case.list.iter().filter(|x| x.1).count() as f32;
        if right == 0.0 {
            continue;
        }
        count += 1.0;
        let scores: Vec<f32> = case.list.iter().map(|(lanes, _)| score(lanes, &raw)).collect();
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let total: f32 = scores.iter().map(|s| (s - most).exp()).sum();
        for ((lanes, is_right), score) in case.list.iter().zip(scores) {
            let excess = (score - most).exp() / total - if *is_right { 1.0 / right } else { 0.0 };
            (0..LANES.len()).for_each(|k| gradient[k] += excess * lanes[k] / deviations[k]);
        }
    }
    gradient.map(|g| g / count)
}

fn score(lanes: &LaneValues, weights: &LaneValues) -> f32 {
    lanes.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// RP@5 and MRR of one list under weights, 0..=1.
fn quality(case: &Case, weights: &LaneValues) -> [f32; 2] {
    let mut order: Vec<(f32, bool)> = case.list.iter().map(|(lanes, right)| (score(lanes, weights), *right)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let found = order.iter().take(5).filter(|x| x.1).count() as f32;
    let first = order.iter().position(|x| x.1);
    [found / case.right.min(5) as f32, first.map_or(0.0, |at| 1.0 / (at + 1) as f32)]
}

/// Mean of [`quality`] in percent.
fn shown(qualities: &[[f32; 2]]) -> String {
    let mean = |k: usize| 100.0 * qualities.iter().map(|q| q[k]).sum::<f32>() / qualities.len() as f32;
    format!("RP@5 {:.1}, MRR {:.1}", mean(0), mean(1))
}

/// Prints the fitted weights beside the compiled ones, and what both are worth.
fn report(name: &str, cases: &[Case], compiled: RankWeights) {
    let all: Vec<&Case> = cases.iter().collect();
    let found: usize = cases.iter().map(|case| case.list.iter().filter(|x| x.1).count()).sum();
    let right: usize = cases.iter().map(|case| case.right).sum();
    println!("# {name}: {} queries, {found} of {right} right answers in the lists", cases.len());
    for ((lane, fitted), compiled) in LANES.iter().zip(fit(&all)).zip(compiled.own) {
        println!("{lane} = {fitted:.3} # compiled: {compiled}");
    }
    let mut held = Vec::new();
    for fold in 0..FOLDS {
        let (rest, own): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(at, _)| at % FOLDS != fold);
        let weights = fit(&rest.into_iter().map(|(_, case)| *case).collect::<Vec<_>>());
        held.extend(own.into_iter().map(|(_, case)| quality(case, &weights)));
    }
    let compiled: Vec<[f32; 2]> = all.iter().map(|case| quality(case, &compiled.own)).collect();
    println!("# held out in {FOLDS} folds: {}; compiled: {}", shown(&held), shown(&compiled));
}

#[test]
#[ignore = "fits weights on data that is not part of the repository"]
fn fit_skill_weights() {
    let Some(data) = FitData::named() else { return };
    let vectors = Vectors::shipped();
    let table = LabelTable::of_skills(&data.taxonomy);
    let ranker = Ranker::skills(&table, &data.taxonomy, &vectors);
    report("sentences", &cases(&ranker, &data.sentences(), Lang::En, SKILL_LIST), RankWeights::skill());
}

#[test]
#[ignore = "fits weights on data that is not part of the repository"]
fn fit_occupation_weights() {
    let Some(data) = FitData::named() else { return };
    let vectors = Vectors::shipped();
    let english = data.queries("occupations_en_titles_dev.jsonl", |uri| data.taxonomy.occupation_index(uri));
    let english: Vec<Query> =
        english.into_iter().step_by(TITLE_STEP).map(|(title, right)| (clean_title(&title, Lang::En), right)).collect();
    let (corpus, spanish) = data.national_titles();
    let sets = [
        ("English titles", &data.taxonomy, english, Lang::En, TITLE_LIST),
        ("Spanish national titles", &corpus, spanish, Lang::Es, SKILL_LIST),
    ];
    for (name, taxonomy, queries, lang, top) in sets {
        let table = LabelTable::of_occupations(taxonomy);
        let ranker = Ranker::occupations(&table, taxonomy, &vectors);
        report(name, &cases(&ranker, &queries, lang, top), RankWeights::occupation());
    }
}
