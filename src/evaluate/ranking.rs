//! Ranking metrics: `RP@k = |top k and gold| / min(k, |gold|)`, R-precision at `R = |gold|`, MRR 0 when nothing relevant
//! is returned, MAP divided by `|gold|`; macro means over queries.

use super::estimate::{Estimate, means};
use std::collections::{BTreeMap, BTreeSet};

/// The ranking metrics in the order they are printed.
pub const METRICS: [&str; 11] =
    ["rp@1", "rp@5", "rp@10", "r_precision", "recall@5", "recall@10", "recall@50", "hit@1", "hit@10", "mrr", "map"];
/// RP@5 in [`METRICS`].
const RP5: usize = 1;
/// MRR in [`METRICS`].
const MRR: usize = 9;

/// Metrics of one query, each 0..=1, in the order of [`METRICS`].
pub(super) type MetricRow = [f64; METRICS.len()];

/// RP@5 and reciprocal rank of one query, 0..=1: what ablations are told by.
pub type Headline = [f64; 2];

/// The headline of a row of metrics.
pub(super) fn headline_of(row: &MetricRow) -> Headline {
    [row[RP5], row[MRR]]
}

/// RP@5 and reciprocal rank of a ranking, best first; repeats after the first are ignored.
pub fn headline<'a>(gold: &[String], ranked: impl Iterator<Item = &'a str>) -> Headline {
    headline_of(&rank_metrics(gold, ranked))
}

/// The metrics of one query.
pub(super) fn rank_metrics<'a>(gold: &[String], ranked: impl Iterator<Item = &'a str>) -> MetricRow {
    let gold: BTreeSet<&str> = gold.iter().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let hits: Vec<bool> = ranked.filter(|uri| seen.insert(*uri)).map(|uri| gold.contains(uri)).collect();
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

/// Every metric's mean by name; empty without queries.
pub(super) fn summary(rows: &[MetricRow]) -> BTreeMap<String, Estimate> {
    if rows.is_empty() {
        return BTreeMap::new();
    }
    METRICS.iter().zip(means(rows)).map(|(name, estimate)| ((*name).to_owned(), estimate)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranking_metrics_agree_with_the_reference_script() {
        // Figures printed by the reference scorer for these four queries.
        let queries: [(&[&str], &[&str]); 4] = [
            (&["u1", "u2", "u3"], &["u2", "u7", "u2", "u1", "u8", "n1", "u3"]),
            (&["u9"], &["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "u9"]),
            (&["u4", "u5", "u4"], &["u4", "u5"]),
            (&["u6"], &[]),
        ];
        let rows: Vec<MetricRow> = queries
            .iter()
            .map(|(gold, ranked)| {
                let gold: Vec<String> = gold.iter().map(|u| (*u).to_owned()).collect();
                rank_metrics(&gold, ranked.iter().copied())
            })
            .collect();
        let summary = summary(&rows);
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
        for (name, value) in expected {
            assert_eq!(summary[name].value, value, "{name}");
        }
        assert_eq!(headline_of(&rows[1]), [0.0, 1.0 / 11.0]);
    }
}
