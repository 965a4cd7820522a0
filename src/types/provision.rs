//! Demand for a skill beside how much of the offer goes to it.

use crate::types::Mark;
use crate::types::tables::{Table, maybe, maybe_text, number, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// A taught skill: its part of the demand for taught skills over its part of what is offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Provision {
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Postings that ask.
    pub posting_count: u64,
    /// All postings.
    pub base_count: u64,
    /// Known employers that ask.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Of the requests for all taught skills, 0..=1.
    pub demand_part: Option<f64>,
    /// Micro-credentials that teach it.
    pub credential_count: u64,
    /// Lowest EQF level of these.
    pub eqf_low: Option<u32>,
    /// Highest.
    pub eqf_high: Option<u32>,
    /// Of the places offered, each micro-credential's shared out evenly over the skills it teaches.
    pub places_part: Option<f64>,
    /// Of the credits offered, likewise.
    pub ects_part: Option<f64>,
    /// `demand_part / places_part`: under 1 more is offered than asked for, beside the other skills.
    pub places_ratio: Option<f64>,
    /// Lower end, from the interval of the demand share.
    pub places_ratio_low: Option<f64>,
    /// Upper end.
    pub places_ratio_high: Option<f64>,
    /// `demand_part / ects_part`.
    pub ects_ratio: Option<f64>,
    /// Lower end.
    pub ects_ratio_low: Option<f64>,
    /// Upper end.
    pub ects_ratio_high: Option<f64>,
    /// Whether even the upper end of the ratio, by places where they are known, else by credits, is under 1.
    pub surplus: bool,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

impl Table for Provision {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("skill"), text("label")];
        let counts = ["posting_count", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.push(maybe("demand_part", DataType::Float64));
        columns.push(number("credential_count", DataType::UInt64));
        columns.extend(["eqf_low", "eqf_high"].map(|n| maybe(n, DataType::UInt32)));
        let figures = ["places_part", "ects_part", "places_ratio", "places_ratio_low", "places_ratio_high"];
        columns.extend(figures.map(|n| maybe(n, DataType::Float64)));
        columns.extend(["ects_ratio", "ects_ratio_low", "ects_ratio_high"].map(|n| maybe(n, DataType::Float64)));
        columns.push(number("surplus", DataType::Boolean));
        columns.push(maybe_text("mark"));
        columns
    }
}
