//! Accepted sets: precision, recall and F1 pooled over texts (micro), and the share of negatives with an accepted skill.

use super::estimate::{Estimate, share_estimate, sums};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Micro precision, recall and F1 of accepted matches against gold, with the counts behind them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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

/// How many negatives yield an accepted skill.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FalseAlarms {
    /// Share of the negatives with at least one accepted skill, percent, with Wilson's interval.
    pub share: Estimate,
    /// Negatives with an accepted skill.
    pub alarm_count: u64,
    /// All negatives.
    pub negative_count: u64,
}

impl FalseAlarms {
    /// Of negatives, by whether each yields an accepted skill.
    pub(super) fn of(alarms: &[bool]) -> Self {
        let (alarm_count, negative_count) = (alarms.iter().filter(|a| **a).count() as u64, alarms.len() as u64);
        Self { share: share_estimate(alarm_count, negative_count), alarm_count, negative_count }
    }
}

/// Right, accepted and gold counts of one text.
pub(super) type Counts = [u64; 3];

/// Counts of a set of answers against gold without repeats.
pub(super) fn counts(gold: &[String], accepted: &BTreeSet<&str>) -> Counts {
    let right = gold.iter().filter(|uri| accepted.contains(uri.as_str())).count();
    [right as u64, accepted.len() as u64, gold.len() as u64]
}

/// Scores of the texts' counts.
pub(super) fn set_scores(rows: &[Counts]) -> SetScores {
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let floats: Vec<[f64; 3]> = rows.iter().map(|row| row.map(|count| count as f64)).collect();
    let [precision, recall, f1] = sums(&floats, |[right, accepted, gold]| {
        [share(right, accepted), share(right, gold), share(2.0 * right, accepted + gold)]
    });
    let total = |column: usize| rows.iter().filter_map(|row| row.get(column)).sum();
    SetScores { precision, recall, f1, right_count: total(0), accepted_count: total(1), gold_count: total(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_sets_are_pooled_over_texts() {
        let gold = |uris: &[&str]| uris.iter().map(|u| (*u).to_owned()).collect::<Vec<_>>();
        let rows = [
            counts(&gold(&["u1", "u2", "u3"]), &BTreeSet::from(["u1", "n1"])),
            counts(&gold(&["u9"]), &BTreeSet::new()),
            counts(&gold(&["u4", "u5"]), &BTreeSet::from(["u4", "u5"])),
            counts(&gold(&["u6"]), &BTreeSet::new()),
        ];
        // 3 right of 4 accepted; 3 of 7 gold answers found; F1 = 6 / 11.
        let scores = set_scores(&rows);
        assert_eq!((scores.precision.value, scores.recall.value, scores.f1.value), (75.0, 42.86, 54.55));
        assert_eq!((scores.right_count, scores.accepted_count, scores.gold_count), (3, 4, 7));
        assert!(scores.recall.low < 42.86 && scores.recall.high > 42.86);
    }
}
