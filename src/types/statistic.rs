//! Official statistics.

use crate::types::{AreaCode, IscoCode, Mark, Origin, Period};
use serde::{Deserialize, Serialize};

/// Whether and how a figure was published. Suppressed, missing and zero are three different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObservationQuality {
    /// Published without remark.
    Normal,
    /// Published as unreliable.
    LowReliability,
    /// Published with a break in the series.
    BreakInSeries,
    /// Withheld by its publisher.
    Suppressed,
    /// Not available.
    Missing,
}

impl ObservationQuality {
    /// Mark of a figure so published.
    pub fn mark(self) -> Option<Mark> {
        match self {
            ObservationQuality::Normal => None,
            ObservationQuality::LowReliability => Some(Mark::LowReliability),
            ObservationQuality::BreakInSeries => Some(Mark::Break),
            ObservationQuality::Suppressed => Some(Mark::Suppressed),
            ObservationQuality::Missing => Some(Mark::NotAvailable),
        }
    }
}

/// How a source separates decimals and thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// `1,234.5`
    #[default]
    Point,
    /// `1.234,5`
    Comma,
    /// Either: the last separator is the decimal one, and a single one is decimal unless three digits follow it.
    Either,
    /// Either, and a single separator is always decimal (credits: `1.500` is one and a half).
    SmallEither,
}

/// An item of a dimension that has no column of its own: `Working time` = `Full-time`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Breakdown {
    /// The dimension as published.
    pub dimension: String,
    /// The item as published.
    pub item: String,
}

/// One published figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Observation {
    /// Indicator code or label as published.
    pub indicator: String,
    /// Area by our code.
    pub area: AreaCode,
    /// Period.
    pub period: Period,
    /// ISCO-08 code; absent = all occupations.
    pub occupation: Option<IscoCode>,
    /// Sector or other classification item as published; absent = total.
    pub sector: Option<String>,
    /// Sex as published; absent = total.
    pub sex: Option<String>,
    /// Age group as published; absent = total.
    pub age: Option<String>,
    /// Items of further dimensions, in their order; totals are left out.
    pub breakdown: Vec<Breakdown>,
    /// The figure; absent when suppressed or missing.
    pub value: Option<f64>,
    /// Unit as published, e.g. `thousand persons`, `%`.
    pub unit: String,
    /// How it was published.
    pub quality: ObservationQuality,
    /// Flag or status as published.
    pub flags: Option<String>,
    /// Publisher's own source and notes.
    pub note: Option<String>,
    /// Where it was read.
    pub origin: Origin,
}

impl Observation {
    /// Whether it is of all sectors, both sexes and all ages, and not split further; it may be of one occupation.
    pub fn is_total(&self) -> bool {
        self.sector.is_none() && self.sex.is_none() && self.age.is_none() && self.breakdown.is_empty()
    }
}

/// A figure as its file spells it, with classification items still as labels or codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RawObservation {
    /// Indicator as spelt.
    pub indicator: String,
    /// Area as spelt, by its code where the file has one; empty where the file names none.
    pub area: String,
    /// Its name, where the file has a code too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_name: Option<String>,
    /// Period as spelt.
    pub period: String,
    /// Occupation item as spelt; absent = total.
    pub occupation: Option<String>,
    /// Sector or other item as spelt; absent = total.
    pub sector: Option<String>,
    /// Sex as spelt; absent = total.
    pub sex: Option<String>,
    /// Age group as spelt; absent = total.
    pub age: Option<String>,
    /// Items of further dimensions as spelt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdown: Vec<Breakdown>,
    /// Value as spelt; empty = missing.
    pub value: String,
    /// How the value is spelt.
    pub numbers: NumberStyle,
    /// Unit as spelt or taken from the indicator's label.
    pub unit: String,
    /// Flag or status as spelt.
    pub status: Option<String>,
    /// Publisher's own source and notes.
    pub note: Option<String>,
    /// Where it was read.
    pub origin: Origin,
}

impl RawObservation {
    /// A figure of which only its place in the file is known.
    pub fn at(origin: Origin) -> Self {
        Self {
            indicator: String::new(),
            area: String::new(),
            area_name: None,
            period: String::new(),
            occupation: None,
            sector: None,
            sex: None,
            age: None,
            breakdown: Vec::new(),
            value: String::new(),
            numbers: NumberStyle::Point,
            unit: String::new(),
            status: None,
            note: None,
            origin,
        }
    }
}
