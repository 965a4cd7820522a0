//! What stands beside the trends: how they hold under other choices, skills new to an occupation, breaks, stock and flow,
//! and what the postings could have shown at all.

use crate::types::Mark;
use crate::types::tables::{Table, maybe, maybe_text, number, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// Another way to measure the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// Without the postings of the board that has most of them.
    WithoutLargestSource,
    /// Every advertisement counted, merged ones too.
    DuplicatesCounted,
    /// Matches of outcomes accepted from .05 below the plan's threshold.
    LowerThreshold,
    /// Matches of outcomes accepted from .05 above it.
    HigherThreshold,
    /// Postings weighted to employment.
    Weighted,
}

/// A change that was called, measured in another way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TrendVariant {
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// How it was measured.
    pub variant: Variant,
    /// Postings asking, earlier half.
    pub first_count: u64,
    /// Postings, earlier half.
    pub first_base: u64,
    /// Postings asking, later half.
    pub last_count: u64,
    /// Postings, later half.
    pub last_base: u64,
    /// `ln(p1 / p0)`; absent with too few postings.
    pub growth: Option<f64>,
    /// Lower end of its 95 % interval.
    pub growth_low: Option<f64>,
    /// Upper end.
    pub growth_high: Option<f64>,
    /// Whether it still goes the same way, told from zero.
    pub holds: bool,
}

impl Table for TrendVariant {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["skill", "label", "variant"].map(text).to_vec();
        let counts = ["first_count", "first_base", "last_count", "last_base"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.extend(["growth", "growth_low", "growth_high"].map(|n| maybe(n, DataType::Float64)));
        columns.push(number("holds", DataType::Boolean));
        columns
    }
}

/// A skill that an occupation's postings did not ask for in the earlier half and do in the later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NewSkill {
    /// Occupation id.
    pub occupation: String,
    /// Its name in the report's language.
    pub occupation_label: String,
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Postings for the occupation, earlier half; none of them asks.
    pub first_base: u64,
    /// Largest share that could have been missed there: 3 over the effective n (rule of three).
    pub first_high: f64,
    /// Postings asking, later half.
    pub last_count: u64,
    /// Postings for the occupation, later half.
    pub last_base: u64,
    /// Known employers asking, later half.
    pub last_employers: u64,
    /// Boards it was seen on, later half.
    pub last_sources: u64,
    /// Share in the later half.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub share_low: f64,
    /// Upper end.
    pub share_high: f64,
}

impl Table for NewSkill {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["occupation", "occupation_label", "skill", "label"].map(text).to_vec();
        columns.push(number("first_base", DataType::UInt64));
        columns.push(number("first_high", DataType::Float64));
        let counts = ["last_count", "last_base", "last_employers", "last_sources"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.extend(["share", "share_low", "share_high"].map(|n| number(n, DataType::Float64)));
        columns
    }
}

/// What happened to a board within the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakKind {
    /// Its first postings come after the first period.
    Begins,
    /// Its last postings come before the last period.
    Ends,
}

/// A board that comes or goes: figures by period before and after are not of the same boards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SeriesBreak {
    /// Board.
    pub board: String,
    /// What happened.
    pub change: BreakKind,
    /// Its first period with postings, or its last.
    pub period: String,
    /// Postings seen on it.
    pub posting_count: u64,
    /// Of the postings of the periods in which it has any.
    pub posting_share: f64,
    /// Whether it is in the panel that growth is measured on.
    pub in_panel: bool,
}

impl Table for SeriesBreak {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["board", "change", "period"].map(text).to_vec();
        columns.push(number("posting_count", DataType::UInt64));
        columns.push(number("posting_share", DataType::Float64));
        columns.push(number("in_panel", DataType::Boolean));
        columns
    }
}

/// Postings that came in a period (flow) and postings open at its end (stock).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StockFlow {
    /// Area code or `all`.
    pub area: String,
    /// Period.
    pub period: String,
    /// Postings dated in the period.
    pub flow_count: u64,
    /// Postings dated on or before its last day that close on that day or later.
    pub stock_count: u64,
    /// Postings dated on or before its last day without a closing day: in no stock.
    pub undetermined_count: u64,
}

impl Table for StockFlow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["area", "period"].map(text).to_vec();
        columns.extend(["flow_count", "stock_count", "undetermined_count"].map(|n| number(n, DataType::UInt64)));
        columns
    }
}

/// What the postings of a programme's occupations could have shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Detectable {
    /// Programme id, or `portfolio`.
    pub programme: String,
    /// Postings.
    pub base_count: u64,
    /// Known employers.
    pub employer_count: u64,
    /// Median design effect of its skills.
    pub design_effect: Option<f64>,
    /// Postings an interval of a typical skill rests on.
    pub effective_n: Option<f64>,
    /// Smallest share that is seen at least once in 95 of 100 such samples.
    pub least_share: Option<f64>,
    /// Smallest difference of two skills' shares around one in ten that is told from zero in 80 of 100 samples.
    pub least_gap: Option<f64>,
    /// Smallest ratio of later to earlier share that is told from 1 in 80 of 100 samples, for a skill asked for by one
    /// posting in twenty.
    pub least_ratio: Option<f64>,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

impl Table for Detectable {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("programme")];
        columns.extend(["base_count", "employer_count"].map(|n| number(n, DataType::UInt64)));
        let figures = ["design_effect", "effective_n", "least_share", "least_gap", "least_ratio"];
        columns.extend(figures.map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe_text("mark"));
        columns
    }
}
