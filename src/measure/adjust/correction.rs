//! Shares corrected for the errors of extraction: `D* = sum_l D_l P_l / R_l` over languages l, with precision P and recall
//! R of the skill's class of errors from reviewed pairs.
//!
//! Precision and recall of what was counted need no specificity; a Rogan-Gladen correction (1978) with a specificity
//! pooled over skills would turn every rare skill into nothing. The interval adds three errors, each by its first-order
//! variance: sampling of postings, of judged counts, of judged asks.

use crate::measure::count::cells::{Cells, Scope};
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::frames::unpack;
use crate::measure::count::intervals::wilson;
use crate::measure::count::mentions::Asked;
use crate::measure::count::window::Window;
use crate::types::{CorrectionStatus, ErrorCounts, Lang, Reviews};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The `[correction]` table of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionSpec {
    /// File of judgements; absent = those of the register of `[review]` alone.
    #[serde(default)]
    pub reviewed: Option<PathBuf>,
    /// Fewest judged counts, and fewest judged asks, of a class of errors.
    #[serde(default = "default_least")]
    pub min_reviewed: u64,
}

fn default_least() -> u64 {
    30
}

/// A corrected share, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    /// Share, lower and upper end.
    pub value: Option<(f64, f64, f64)>,
    /// What became of it.
    pub status: CorrectionStatus,
}

/// Corrected shares by cell and skill code.
pub type CorrectedShares = FxHashMap<(u32, u32), Corrected>;

/// Corrects the shares of cells that split neither period nor occupation.
pub fn corrected_shares(
    asked: &Asked,
    shares: &Shares,
    window: &Window,
    reviews: &Reviews,
    least: u64,
) -> CorrectedShares {
    let mut corrected = CorrectedShares::default();
    let is_wanted = wanted(shares.cells);
    let mut by_cell: BTreeMap<u32, BTreeMap<Lang, u64>> = BTreeMap::new();
    for (skill, id) in (0..).zip(&asked.skills) {
        by_cell.clear();
        for row in asked.pairs_of(skill).iter().map(|pair| unpack(*pair).1) {
            let Some(language) = window.rows.get(row as usize).map(|r| r.language) else { continue };
            let members = &shares.cells.by_employer;
            let cells = members.parts_of(row).iter().filter_map(|part| members.cells.get(*part as usize));
            for cell in cells.filter(|c| is_wanted.get(**c as usize) == Some(&true)) {
                *by_cell.entry(*cell).or_default().entry(language).or_default() += 1;
            }
        }
        for (cell, asking) in &by_cell {
            let rows = shares.of_cell(*cell);
            let share = rows.binary_search_by_key(&skill, |r| r.0).ok().and_then(|i| rows.get(i));
            let judged = asking.iter().map(|(language, count)| {
                (*count, reviews.counts.get(&reviews.class(*language, id)).copied().unwrap_or_default())
            });
            if let Some((_, share)) = share {
                corrected.insert((*cell, skill), correct(share, &judged.collect::<Vec<_>>(), least));
            }
        }
    }
    corrected
}

fn wanted(cells: &Cells) -> Vec<bool> {
    let is_wanted = |scope| matches!(scope, Scope::Cube { period: 0, group: 0, .. } | Scope::Audience(_));
    cells.list.iter().map(|c| is_wanted(c.scope)).collect()
}

/// Corrects one share; `judged` has the postings that ask, and the judgements of their class, by language.
pub fn correct(share: &Share, judged: &[(u64, ErrorCounts)], least: u64) -> Corrected {
    let refused = |status| Corrected { value: None, status };
    let Some((raw, ..)) = share.value.filter(|_| share.asking > 0) else {
        return refused(CorrectionStatus::TooFewReviewed);
    };
    if judged.iter().any(|(_, j)| j.counted.min(j.asked) < least.max(1) || j.found == 0) {
        return refused(CorrectionStatus::TooFewReviewed);
    }
    let base = share.base as f64;
    let (mut value, mut model) = (0.0, 0.0);
    for (count, judged) in judged {
        let part = *count as f64 / base * (judged.right as f64 / judged.counted as f64)
            / (judged.found as f64 / judged.asked as f64);
        value += part;
        // Of a rate seen as 0 or 1 the error is not nothing: half a judgement each way (Jeffreys).
        model += part
            * part
            * (relative_variance(judged.right, judged.counted) + relative_variance(judged.found, judged.asked));
    }
    if value > 1.0 {
        return refused(CorrectionStatus::OutOfRange);
    }
    let sampling = raw * (1.0 - raw) / share.effective_n.max(1.0) * (value / raw).powi(2);
    let variance = sampling + model;
    let n = if variance > 0.0 { value * (1.0 - value) / variance } else { share.effective_n };
    let (low, high) = wilson(value, n.max(f64::MIN_POSITIVE));
    Corrected { value: Some((value, low, high)), status: CorrectionStatus::Corrected }
}

/// `var(p) / p^2` of a rate seen in `right` of `count`.
fn relative_variance(right: u64, count: u64) -> f64 {
    let (right, count) = (right as f64 + 0.5, count as f64 + 1.0);
    (1.0 - right / count) / right
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fifth of 500 postings, 400 effective ones.
    fn share(asking: u64, value: f64) -> Share {
        Share { asking, effective_n: 400.0, value: Some((value, 0.0, 1.0)), mark: None, ..Share::withheld(500) }
    }

    fn counts(counted: u64, right: u64, asked: u64, found: u64) -> ErrorCounts {
        ErrorCounts { counted, right, asked, found }
    }

    #[test]
    fn a_share_of_two_languages_is_corrected_by_each_ones_errors() {
        // .12 x .9 / .8 + .08 x .9 / .5; sampling .2 x .8 / 400 (.279 / .2)^2 and the relative variances of the four rates with
        // half a judgement each way: 148.066 postings; statsmodels: proportion_confint(method='wilson').
        let judged = [(60, counts(30, 27, 40, 32)), (40, counts(50, 45, 60, 30))];
        let found = correct(&share(100, 0.2), &judged, 30);
        let (value, low, high) = found.value.unwrap();
        assert_eq!(found.status, CorrectionStatus::Corrected);
        assert!((value - 0.279).abs() < 1e-12, "{value}");
        assert!(
            (low - 0.213_047_342_964_024).abs() < 1e-9 && (high - 0.356_129_995_557_970).abs() < 1e-9,
            "{low} {high}"
        );
    }

    #[test]
    fn a_correction_needs_as_many_judgements_of_either_kind_as_the_plan_says_and_ends_at_all() {
        let status = |judged: ErrorCounts, least| correct(&share(250, 0.5), &[(250, judged)], least).status;
        assert_eq!(status(counts(30, 30, 30, 24), 30), CorrectionStatus::Corrected);
        assert_eq!(status(counts(29, 29, 30, 24), 30), CorrectionStatus::TooFewReviewed);
        assert_eq!(status(counts(30, 30, 29, 24), 30), CorrectionStatus::TooFewReviewed);
        assert_eq!(status(counts(0, 0, 0, 0), 0), CorrectionStatus::TooFewReviewed);
        assert_eq!(status(counts(1, 1, 1, 1), 0), CorrectionStatus::Corrected);
        // .5 / .5 is all, .5 / .49 is more than there is.
        assert_eq!(status(counts(100, 100, 100, 50), 30), CorrectionStatus::Corrected);
        assert_eq!(status(counts(100, 100, 100, 49), 30), CorrectionStatus::OutOfRange);
    }
}
