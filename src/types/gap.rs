//! Demand beside what is taught.

use crate::types::tables::{Table, maybe, number, text};
use crate::types::{Demand, OutcomeId, Variant};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// Id of the whole offer among the programmes.
pub const PORTFOLIO: &str = "portfolio";

/// How much of a skill the offer teaches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Coverage {
    /// Programme id, or `portfolio`.
    pub programme: String,
    /// Skill id.
    pub skill: String,
    /// Grade x match score of the best outcome, 0..=1.
    pub coverage: f64,
    /// 1 = same or directly narrower skill, 0.5 = directly broader.
    pub grade: f64,
    /// The outcome that covers it best.
    pub outcome: OutcomeId,
    /// Skill that outcome is linked to (differs from `skill` when graded through the hierarchy).
    pub linked_skill: String,
    /// Match score, 0..=1.
    pub score: f64,
}

/// What the figures suggest doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapStatus {
    /// Coverage < .25 and unmet demand among the largest.
    Add,
    /// Coverage .25 to .75 and unmet demand among the largest.
    Strengthen,
    /// Taught (coverage >= .5), and the upper bound of demand is below the plan's threshold.
    Review,
    /// Demand seen and covered.
    Covered,
    /// None of these.
    Watch,
}

/// Demand for a skill beside what is taught of it, for a programme or the portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Gap {
    /// Programme id, or `portfolio`.
    pub programme: String,
    /// Demand in the programme's target occupations (portfolio: all postings).
    pub demand: Demand,
    /// Name of the broader skill or group, for the chart.
    pub group: String,
    /// Best coverage, 0..=1.
    pub coverage: f64,
    /// Outcome that gives it.
    pub outcome: Option<OutcomeId>,
    /// `share x (1 - coverage) x 100`: postings per 100 that ask for it and find it untaught.
    pub unmet_per_100: Option<f64>,
    /// Lower end, from the demand interval; where some of it is taught, from the joint bootstrap over employers and matches.
    pub unmet_low: Option<f64>,
    /// Upper end.
    pub unmet_high: Option<f64>,
    /// Rank by unmet demand, 1 = largest; absent when suppressed.
    pub rank: Option<u32>,
    /// Last rank whose interval overlaps this one's: `rank 2, tied_to 6` reads "ranks 2-6 are tied".
    pub tied_to: Option<u32>,
    /// Share of the replications of the joint bootstrap in which it is among the plan's `top_k` largest.
    #[serde(default)]
    pub top_probability: Option<f64>,
    /// What it suggests.
    pub status: GapStatus,
    /// Carries the ESCO green label.
    pub green: bool,
    /// Carries the ESCO digital label.
    pub digital: bool,
}

/// Unmet demand for a skill in the portfolio, measured in another way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GapVariant {
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// How it was measured.
    pub variant: Variant,
    /// Rank as published.
    pub published_rank: u32,
    /// Unmet demand per 100 postings as published.
    pub published_unmet_per_100: f64,
    /// Rank under the variant; absent where the variant has no figure for the skill.
    pub rank: Option<u32>,
    /// Unmet demand per 100 postings under the variant.
    pub unmet_per_100: Option<f64>,
    /// Whether it is among the plan's `top_k` largest either way or neither way.
    pub holds: bool,
}

impl Table for GapVariant {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["skill", "label", "variant"].map(text).to_vec();
        columns.push(number("published_rank", DataType::UInt32));
        columns.push(number("published_unmet_per_100", DataType::Float64));
        columns.push(maybe("rank", DataType::UInt32));
        columns.push(maybe("unmet_per_100", DataType::Float64));
        columns.push(number("holds", DataType::Boolean));
        columns
    }
}
