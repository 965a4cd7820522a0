//! Gold x answers -> scores: ranking metrics and set precision / recall, with bootstrap intervals over queries.
//!
//! Definitions follow the published tables (Decorte et al. 2022, 2023; IReRa; MELO): macro mean over queries,
//! `RP@k = |top k and gold| / min(k, |gold|)`, R-precision at `R = |gold|`, MRR 0 when nothing relevant is returned,
//! MAP divided by `|gold|`. Values are percent. No file is read here; the command line hands in lines.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Bootstrap resamples behind every interval.
const RESAMPLES: usize = 1_000;
/// Start of the deterministic generator.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
/// The ranking metrics in the order they are printed.
const METRICS: [&str; 11] =
    ["rp@1", "rp@5", "rp@10", "r_precision", "recall@5", "recall@10", "recall@50", "hit@1", "hit@10", "mrr", "map"];

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// Not the JSON expected.
    #[error("gold line {line}: {source}; each line is {{\"id\", \"text\", \"lang\", \"gold\": [uri, ...]}}")]
    Gold {
        /// Line number from 1.
        line: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// Not the JSON expected.
    #[error("answer line {line}: {source}; each line is {{\"id\", \"ranked\": [{{\"uri\", \"score\"}}, ...]}}")]
    Answer {
        /// Line number from 1.
        line: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// Two queries with one id.
    #[error("gold line {line}: id '{id}' was used before; give every query its own id")]
    SameId {
        /// Line number from 1.
        line: usize,
        /// The id.
        id: String,
    },
}

/// One query of a gold file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Query {
    /// Id, unique in the file.
    pub id: String,
    /// The sentence or title.
    pub text: String,
    /// ISO 639-1 code, when the file says.
    #[serde(default)]
    pub lang: Option<String>,
    /// Right answers by URI.
    pub gold: Vec<String>,
}

/// A gold file, with what was dropped from it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GoldSet {
    /// Queries that have an answer in the taxonomy, in file order; answers without repeats.
    pub queries: Vec<Query>,
    /// Answers the taxonomy does not have.
    pub unknown_answer_count: usize,
    /// Queries left without an answer.
    pub dropped_query_count: usize,
}

/// A value with its 95 % interval, percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Micro precision, recall and F1 of accepted matches against gold, with the counts behind them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SetScores {
    /// Precision, percent.
    pub precision: Estimate,
    /// Recall, percent.
    pub recall: Estimate,
    /// Harmonic mean, percent.
    pub f1: Estimate,
    /// Accepted and right.
    pub right_count: u64,
    /// Accepted.
    pub accepted_count: u64,
    /// Right answers in gold.
    pub gold_count: u64,
}

/// Everything measured of one gold set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Queries scored.
    pub n: usize,
    /// Answers the taxonomy does not have, dropped from gold.
    pub unknown_answer_count: usize,
    /// Queries dropped because no answer was left.
    pub dropped_query_count: usize,
    /// Ranking metrics by name, percent.
    pub ranking: BTreeMap<String, Estimate>,
    /// Accepted matches, where verdicts were handed in.
    pub accepted: Option<SetScores>,
}

/// Reads gold lines; answers for which `known` is false are dropped and counted, then queries without any.
///
/// # Errors
/// On a line that is not a query, or an id that comes twice.
pub fn read_gold(lines: &str, known: impl Fn(&str) -> bool) -> Result<GoldSet, EvaluateError> {
    let mut set = GoldSet::default();
    let mut ids = BTreeSet::new();
    for (at, line) in lines.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let mut query: Query =
            serde_json::from_str(line).map_err(|source| EvaluateError::Gold { line: at + 1, source })?;
        if !ids.insert(query.id.clone()) {
            return Err(EvaluateError::SameId { line: at + 1, id: query.id });
        }
        let mut seen = BTreeSet::new();
        query.gold.retain(|uri| seen.insert(uri.clone()));
        let all = query.gold.len();
        query.gold.retain(|uri| known(uri));
        set.unknown_answer_count += all - query.gold.len();
        if query.gold.is_empty() {
            set.dropped_query_count += 1;
        } else {
            set.queries.push(query);
        }
    }
    Ok(set)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AnswerItem {
    Uri(String),
    Scored { uri: String },
}

#[derive(Deserialize)]
struct AnswerLine {
    id: String,
    ranked: Vec<AnswerItem>,
}

/// Reads `{id, ranked: [{uri, score}]}` lines, as `skillgap rank` writes them; of one id the last line counts.
///
/// # Errors
/// On a line of another shape.
pub fn read_ranked(lines: &str) -> Result<BTreeMap<String, Vec<String>>, EvaluateError> {
    let mut answers = BTreeMap::new();
    for (at, line) in lines.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let answer: AnswerLine =
            serde_json::from_str(line).map_err(|source| EvaluateError::Answer { line: at + 1, source })?;
        let uris = answer.ranked.into_iter().map(|item| match item {
            AnswerItem::Uri(uri) | AnswerItem::Scored { uri } => uri,
        });
        answers.insert(answer.id, uris.collect());
    }
    Ok(answers)
}

/// Scores ranked answers (best first) by query id; a missing id is an empty list, repeats after the first are ignored.
/// `accepted` holds the accepted URIs by query id, where the caller has verdicts.
pub fn score(
    gold: &GoldSet,
    ranked: &BTreeMap<String, Vec<String>>,
    accepted: Option<&BTreeMap<String, BTreeSet<String>>>,
) -> Scores {
    let rows: Vec<[f64; METRICS.len()]> = gold
        .queries
        .iter()
        .map(|query| rank_metrics(&query.gold, ranked.get(&query.id).map_or(&[], Vec::as_slice)))
        .collect();
    let ranking = METRICS.iter().zip(estimate_means(&rows)).map(|(name, e)| ((*name).to_owned(), e)).collect();
    Scores {
        n: gold.queries.len(),
        unknown_answer_count: gold.unknown_answer_count,
        dropped_query_count: gold.dropped_query_count,
        ranking,
        accepted: accepted.map(|sets| score_sets(gold, sets)),
    }
}

/// The eleven metrics of one query, each 0..=1, in the order of `METRICS`.
#[allow(clippy::cast_precision_loss)]
fn rank_metrics(gold: &[String], ranked: &[String]) -> [f64; METRICS.len()] {
    let gold: BTreeSet<&str> = gold.iter().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let hits: Vec<bool> =
        ranked.iter().filter(|uri| seen.insert(uri.as_str())).map(|uri| gold.contains(uri.as_str())).collect();
    let within = |k: usize| hits.iter().take(k).filter(|hit| **hit).count() as f64;
    let size = gold.len().max(1);
    let precision = |k: usize| within(k) / k.min(size) as f64;
    let recall = |k: usize| within(k) / size as f64;
    let hit = |k: usize| f64::from(u8::from(within(k) > 0.0));
    let ranks: Vec<usize> = hits.iter().enumerate().filter(|(_, hit)| **hit).map(|(at, _)| at + 1).collect();
    let reciprocal = ranks.first().map_or(0.0, |rank| 1.0 / *rank as f64);
    let average: f64 =
        ranks.iter().enumerate().map(|(at, rank)| (at + 1) as f64 / *rank as f64).sum::<f64>() / size as f64;
    let [r1, r5, r10, r50] = [recall(size), recall(5), recall(10), recall(50)];
    [precision(1), precision(5), precision(10), r1, r5, r10, r50, hit(1), hit(10), reciprocal, average]
}

fn score_sets(gold: &GoldSet, accepted: &BTreeMap<String, BTreeSet<String>>) -> SetScores {
    let none = BTreeSet::new();
    let rows: Vec<[u64; 3]> = gold
        .queries
        .iter()
        .map(|query| {
            let answer = accepted.get(&query.id).unwrap_or(&none);
            let right = query.gold.iter().filter(|uri| answer.contains(*uri)).count();
            [right as u64, answer.len() as u64, query.gold.len() as u64]
        })
        .collect();
    let sum = |rows: &mut dyn Iterator<Item = [u64; 3]>| {
        rows.fold([0; 3], |sum, row| [sum[0] + row[0], sum[1] + row[1], sum[2] + row[2]])
    };
    let total = sum(&mut rows.iter().copied());
    let values = precision_recall_f1(total);
    let mut draws = [const { Vec::new() }; 3];
    resample(rows.len(), |sample| {
        let drawn = precision_recall_f1(sum(&mut sample.iter().filter_map(|at| rows.get(*at)).copied()));
        draws.iter_mut().zip(drawn).for_each(|(list, value)| list.push(value));
    });
    let [precision, recall, f1] = draws;
    SetScores {
        precision: with_interval(values[0], precision),
        recall: with_interval(values[1], recall),
        f1: with_interval(values[2], f1),
        right_count: total[0],
        accepted_count: total[1],
        gold_count: total[2],
    }
}

#[allow(clippy::cast_precision_loss)]
fn precision_recall_f1([right, accepted, gold]: [u64; 3]) -> [f64; 3] {
    let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    [share(right, accepted), share(right, gold), share(2 * right, accepted + gold)]
}

/// Mean of every column with a percentile interval.
#[allow(clippy::cast_precision_loss)]
fn estimate_means(rows: &[[f64; METRICS.len()]]) -> Vec<Estimate> {
    let n = rows.len().max(1) as f64;
    let mean = |sum: [f64; METRICS.len()]| sum.map(|s| s / n);
    let add = |mut sum: [f64; METRICS.len()], row: &[f64; METRICS.len()]| {
        sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
        sum
    };
    let values = mean(rows.iter().fold([0.0; METRICS.len()], add));
    let mut draws = vec![Vec::with_capacity(RESAMPLES); METRICS.len()];
    resample(rows.len(), |sample| {
        let drawn = mean(sample.iter().filter_map(|at| rows.get(*at)).fold([0.0; METRICS.len()], add));
        draws.iter_mut().zip(drawn).for_each(|(list, value)| list.push(value));
    });
    values.into_iter().zip(draws).map(|(value, list)| with_interval(value, list)).collect()
}

/// Calls `each` with resamples of `0..n` with replacement, always the same ones for the same n (xorshift64).
fn resample(n: usize, mut each: impl FnMut(&[usize])) {
    if n == 0 {
        return;
    }
    let mut state = SEED;
    let mut sample = vec![0; n];
    for _ in 0..RESAMPLES {
        for slot in &mut sample {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // The high bits scaled to 0..n; the bias is below n / 2^32.
            *slot = usize::try_from(((state >> 32) * n as u64) >> 32).unwrap_or_default();
        }
        each(&sample);
    }
}

fn with_interval(value: f64, mut draws: Vec<f64>) -> Estimate {
    draws.sort_unstable_by(f64::total_cmp);
    let percentile = |p: usize| draws.get(draws.len() * p / 1000).copied().unwrap_or(value);
    Estimate { value: percent(value), low: percent(percentile(25)), high: percent(percentile(975)) }
}

/// Percent with two decimals.
fn percent(value: f64) -> f64 {
    (10_000.0 * value).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLD: &str = r#"{"id":"a","text":"x","gold":["u1","u2","u3"]}
{"id":"b","text":"y","lang":"es","gold":["u9"]}
{"id":"c","text":"z","gold":["u4","u5","u4"]}
{"id":"d","text":"w","gold":["u6"]}
{"id":"e","text":"v","gold":[]}"#;
    const ANSWERS: &str = r#"{"id":"a","ranked":[{"uri":"u2","score":1},{"uri":"u7"},{"uri":"u2"},{"uri":"u1"},{"uri":"u8"},{"uri":"n1"},{"uri":"u3"}]}
{"id":"b","ranked":["n1","n2","n3","n4","n5","n6","n7","n8","n9","n10","u9"]}
{"id":"c","ranked":[{"uri":"u4"},{"uri":"u5"}]}"#;

    #[test]
    fn ranking_metrics_agree_with_the_reference_script() {
        // Figures printed by the reference scorer for this gold and these answers.
        let gold = read_gold(GOLD, |_| true).unwrap();
        let scores = score(&gold, &read_ranked(ANSWERS).unwrap(), None);
        let expected = [
            ("rp@1", 50.0),
            ("rp@5", 41.67),
            ("rp@10", 50.0),
            ("r_precision", 41.67),
            ("recall@5", 41.67),
            ("recall@10", 50.0),
            ("recall@50", 75.0),
            ("hit@1", 50.0),
            ("hit@10", 50.0),
            ("mrr", 52.27),
            ("map", 45.33),
        ];
        assert_eq!(scores.n, 4);
        for (name, value) in expected {
            assert_eq!(scores.ranking[name].value, value, "{name}");
        }
    }

    #[test]
    fn answers_outside_the_taxonomy_are_dropped_and_counted() {
        let gold = read_gold(GOLD, |uri| uri != "u9" && uri != "u3").unwrap();
        assert_eq!((gold.queries.len(), gold.unknown_answer_count, gold.dropped_query_count), (3, 2, 2));
    }

    #[test]
    fn accepted_sets_are_pooled_over_queries() {
        let gold = read_gold(GOLD, |_| true).unwrap();
        let accepted = BTreeMap::from([
            ("a".to_owned(), BTreeSet::from(["u1".to_owned(), "n1".to_owned()])),
            ("c".to_owned(), BTreeSet::from(["u4".to_owned(), "u5".to_owned()])),
        ]);
        // 3 right of 4 accepted; 3 of 7 gold answers found; F1 = 6 / 11.
        let scores = score(&gold, &BTreeMap::new(), Some(&accepted)).accepted.unwrap();
        assert_eq!((scores.precision.value, scores.recall.value, scores.f1.value), (75.0, 42.86, 54.55));
        assert!(scores.recall.low < 42.86 && scores.recall.high > 42.86);
    }

    #[test]
    fn a_line_that_is_no_query_is_named() {
        let error = read_gold("{\"id\":\"a\",\"text\":\"x\",\"gold\":[]}\n{\"id\":1}", |_| true).unwrap_err();
        assert!(error.to_string().starts_with("gold line 2"), "{error}");
    }
}
