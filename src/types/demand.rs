//! Shares of postings, and the marks beside figures.

use crate::types::CorrectionStatus;
use serde::{Deserialize, Serialize};

/// Mark beside a figure, as official statistics use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Mark {
    /// `[c]` withheld: too few postings or employers.
    #[serde(rename = "[c]")]
    Suppressed,
    /// `[u]` low reliability.
    #[serde(rename = "[u]")]
    LowReliability,
    /// `[x]` not available.
    #[serde(rename = "[x]")]
    NotAvailable,
    /// `[b]` break in the series.
    #[serde(rename = "[b]")]
    Break,
}

/// Share of the postings of a cell that ask for a skill. A cell is area x period x occupation group; `all` = not split.
/// Of a withheld cell only `base_count` is shown, in one row for the skill `all`; its other counts are 0.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Demand {
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Area code or `all`.
    pub area: String,
    /// Period or `all`.
    pub period: String,
    /// ISCO-08 major group (one digit), `unknown`, or `all`.
    pub occupation_group: String,
    /// Postings that ask for the skill.
    pub posting_count: u64,
    /// All postings of the cell.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Postings the interval rests on, after the employers' clustering.
    pub effective_n: f64,
    /// `posting_count / base_count`, 0..=1; absent when suppressed.
    pub share: Option<f64>,
    /// Lower end of the 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Mark, if any.
    pub mark: Option<Mark>,
    /// Share with the postings weighted to official employment; absent without weights and where a cell is one occupation
    /// group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted_share: Option<f64>,
    /// Lower end of its 95 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted_low: Option<f64>,
    /// Upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted_high: Option<f64>,
    /// Postings that interval rests on, after weights and the employers' clustering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted_effective_n: Option<f64>,
    /// Share corrected for errors of extraction: share x precision / recall; absent without reviewed matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_share: Option<f64>,
    /// Lower end of its 95 % interval, which holds the error of the review too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_low: Option<f64>,
    /// Upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_high: Option<f64>,
    /// What became of the correction; absent where none was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<CorrectionStatus>,
}
