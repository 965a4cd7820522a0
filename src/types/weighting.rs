//! How well the postings represent official employment, and the weights that follow.

use crate::types::Mark;
use crate::types::tables::{Table, maybe, maybe_text, number, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// What the postings were weighted to, and what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Weighting {
    /// The plan's source of the official figures.
    pub source: String,
    /// Indicator as published.
    pub indicator: String,
    /// Unit as published.
    pub unit: String,
    /// Largest weight within an area, its mean being 1; the smallest is its inverse.
    pub cap: f64,
    /// Postings in an area and occupation group with an official figure.
    pub placed_count: u64,
    /// Postings without: they keep weight 1.
    pub unplaced_count: u64,
    /// Postings whose weight was cut at the cap.
    pub trimmed_count: u64,
    /// Design effect of the weights, `n sum(w^2) / (sum w)^2` (Kish 1992).
    pub design_effect: f64,
    /// Share of official employment in groups without any posting: nothing can be said for it.
    pub missing_share: f64,
}

/// Postings beside official employment in one area and ISCO-08 major group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Representation {
    /// Area of the official figure; `all` for postings without one.
    pub area: String,
    /// ISCO-08 major group (one digit), or `unknown`.
    pub occupation_group: String,
    /// Postings.
    pub posting_count: u64,
    /// Of the placed postings of the area (of all postings where there is no official figure), 0..=1.
    pub posting_share: f64,
    /// Official employment, in `unit`; areas named on their own are taken out of those above them.
    pub employment: Option<f64>,
    /// Of the employment of the area, 0..=1.
    pub employment_share: Option<f64>,
    /// `posting_share / employment_share`: above 1 the group is over-represented.
    pub representation: Option<f64>,
    /// Weight of each posting; absent where there is none to weigh.
    pub weight: Option<f64>,
    /// Whether the weight was cut at the cap.
    pub trimmed: bool,
    /// Period of the official figure.
    pub official_period: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// `[u]`, `[b]` as published, `[x]` where there is no figure.
    pub mark: Option<Mark>,
}

impl Table for Representation {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("area"), text("occupation_group"), number("posting_count", DataType::UInt64)];
        columns.push(number("posting_share", DataType::Float64));
        let figures = ["employment", "employment_share", "representation", "weight"];
        columns.extend(figures.map(|name| maybe(name, DataType::Float64)));
        columns.push(number("trimmed", DataType::Boolean));
        columns.extend(["official_period", "unit", "mark"].map(maybe_text));
        columns
    }
}
