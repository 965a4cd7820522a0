//! Occupations and the twin transition, as seen in postings.

use crate::types::tables::{Table, maybe, maybe_text, number, text};
use crate::types::{Mark, TrendCall};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// An occupation in an area: its share of the postings, how it changes, and what official forecasts say of its group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OccupationFinding {
    /// Occupation id.
    pub occupation: String,
    /// Name in the report's language.
    pub label: String,
    /// ISCO-08 code, where the taxonomy has one.
    pub isco: Option<String>,
    /// Area code or `all`.
    pub area: String,
    /// Rank by postings in the area, 1 = most.
    pub rank: u32,
    /// Last rank whose interval reaches this one's.
    pub tied_to: u32,
    /// Postings for it.
    pub posting_count: u64,
    /// All postings of the area.
    pub base_count: u64,
    /// Known employers.
    pub employer_count: u64,
    /// Boards.
    pub source_count: u64,
    /// Postings the interval rests on.
    pub effective_n: f64,
    /// `posting_count / base_count`, 0..=1.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Mark, if any.
    pub mark: Option<Mark>,
    /// `ln` of the later share over the earlier one, on the panel; absent with too few postings.
    pub growth: Option<f64>,
    /// Lower end of its 95 % interval.
    pub growth_low: Option<f64>,
    /// Upper end.
    pub growth_high: Option<f64>,
    /// Least false discovery rate at which the change is called, among the occupations of the area.
    pub q: Option<f64>,
    /// What the change allows to say.
    pub call: Option<TrendCall>,
    /// ISCO-08 group that the official forward look speaks of; it holds the occupation and others.
    pub outlook_group: Option<String>,
    /// Area it speaks of.
    pub outlook_area: Option<String>,
    /// Its first period.
    pub outlook_first: Option<String>,
    /// Its last period.
    pub outlook_last: Option<String>,
    /// Figure of the first period.
    pub outlook_first_value: Option<f64>,
    /// Figure of the last period.
    pub outlook_last_value: Option<f64>,
    /// Unit as published.
    pub outlook_unit: Option<String>,
}

impl Table for OccupationFinding {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("occupation"), text("label"), maybe_text("isco"), text("area")];
        columns.extend(["rank", "tied_to"].map(|n| number(n, DataType::UInt32)));
        let counts = ["posting_count", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.push(number("effective_n", DataType::Float64));
        columns.extend(["share", "share_low", "share_high"].map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe_text("mark"));
        columns.extend(["growth", "growth_low", "growth_high", "q"].map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe_text("call"));
        columns.extend(["outlook_group", "outlook_area", "outlook_first", "outlook_last"].map(maybe_text));
        columns.extend(["outlook_first_value", "outlook_last_value"].map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe_text("outlook_unit"));
        columns
    }
}

/// Kinds of the twin transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransitionKind {
    /// The posting asks for a skill with the ESCO digital label.
    #[default]
    Digital,
    /// The posting asks for a skill with the ESCO green label.
    Green,
}

/// Share of a cell's postings that ask for at least one skill of the green or the digital transition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Transition {
    /// Green or digital.
    pub transition: TransitionKind,
    /// Area code or `all`.
    pub area: String,
    /// Period or `all`.
    pub period: String,
    /// ISCO-08 major group, `unknown`, or `all`.
    pub occupation_group: String,
    /// Postings that ask for such a skill.
    pub posting_count: u64,
    /// All postings of the cell.
    pub base_count: u64,
    /// Known employers that ask.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Postings the interval rests on.
    pub effective_n: f64,
    /// `posting_count / base_count`, 0..=1; absent when withheld.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Mark, if any.
    pub mark: Option<Mark>,
    /// Share weighted to official employment, where there are weights.
    pub weighted_share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub weighted_low: Option<f64>,
    /// Upper end.
    pub weighted_high: Option<f64>,
    /// `ln` of the later share over the earlier one, on the panel, in the row of the whole window.
    pub growth: Option<f64>,
    /// Lower end of its 95 % interval.
    pub growth_low: Option<f64>,
    /// Upper end.
    pub growth_high: Option<f64>,
}

impl Table for Transition {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["transition", "area", "period", "occupation_group"].map(text).to_vec();
        let counts = ["posting_count", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.push(number("effective_n", DataType::Float64));
        columns.extend(["share", "share_low", "share_high"].map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe_text("mark"));
        let rest = ["weighted_share", "weighted_low", "weighted_high", "growth", "growth_low", "growth_high"];
        columns.extend(rest.map(|n| maybe(n, DataType::Float64)));
        columns
    }
}
