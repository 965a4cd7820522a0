//! What the taxonomy lists for the largest occupations of an area with few postings.

use crate::types::Mark;
use crate::types::tables::{Table, maybe, maybe_text, number, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// Where the skills of a row come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Taxonomy expectation, not demand.
    TaxonomyExpectation,
}

/// Why a group of occupations has no skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoExpectation {
    /// The taxonomy has no occupation with essential skills in the group.
    NoOccupation,
    /// No skill is essential for most of the group's occupations: the group is too wide to expect anything.
    TooVaried,
}

/// A skill that the taxonomy calls essential for most occupations of a large group of an area's employed persons,
/// beside the postings of that area. A group without such a skill has one row that says why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Expectation {
    /// Area code.
    pub area: String,
    /// ISCO-08 code of the group, as detailed as the official figures are.
    pub occupation: String,
    /// Employed persons of the group, as published.
    pub employed: f64,
    /// Unit as published.
    pub unit: String,
    /// Period of that figure.
    pub employed_period: String,
    /// The publisher's mark on it.
    pub employed_mark: Option<Mark>,
    /// What is counted, in its publisher's words.
    pub indicator: String,
    /// The plan's name of the source.
    pub source: String,
    /// Occupations of the taxonomy in the group that have essential skills.
    pub occupation_count: u64,
    /// Skill id; absent = none, see `reason`.
    pub skill: Option<String>,
    /// Name in the report's language.
    pub label: Option<String>,
    /// Occupations the skill is essential for / `occupation_count`, 0.5..=1.
    pub share_of_occupations: Option<f64>,
    /// Why there is no skill.
    pub reason: Option<NoExpectation>,
    /// Where the skill comes from.
    pub basis: Basis,
    /// Postings of the area that ask for the skill; absent when withheld.
    pub posting_count: Option<u64>,
    /// All postings of the area.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: Option<u64>,
    /// Boards it was seen on.
    pub source_count: Option<u64>,
    /// Share of the area's postings, 0..=1.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Mark of the postings' figures, if any.
    pub mark: Option<Mark>,
}

impl Table for Expectation {
    fn columns() -> Vec<FieldRef> {
        let maybe_count = |name: &str| maybe(name, DataType::UInt64);
        let figure = |name: &str| maybe(name, DataType::Float64);
        let mut columns = vec![text("area"), text("occupation"), number("employed", DataType::Float64)];
        columns.extend(["unit", "employed_period"].map(text));
        columns.extend([maybe_text("employed_mark"), text("indicator"), text("source")]);
        columns.push(number("occupation_count", DataType::UInt64));
        columns.extend([maybe_text("skill"), maybe_text("label"), figure("share_of_occupations")]);
        columns.extend([maybe_text("reason"), text("basis"), maybe_count("posting_count")]);
        columns.push(number("base_count", DataType::UInt64));
        columns.extend([maybe_count("employer_count"), maybe_count("source_count")]);
        columns.extend(["share", "share_low", "share_high"].map(figure));
        columns.push(maybe_text("mark"));
        columns
    }
}
