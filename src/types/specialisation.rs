//! Skills that an occupation group or an area asks for more than the rest.

use crate::types::tables::{Table, number, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// What is compared with the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// An ISCO-08 major group with all other postings.
    OccupationGroup,
    /// An area with all postings outside it.
    Area,
}

/// A skill that is asked for more in a group or area than elsewhere: the lower end of the interval is above zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Specialisation {
    /// What is compared.
    pub dimension: Dimension,
    /// Its code: ISCO-08 major group, or area.
    pub code: String,
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Postings asking, inside.
    pub posting_count: u64,
    /// Postings inside.
    pub base_count: u64,
    /// Postings asking, outside.
    pub rest_count: u64,
    /// Postings outside.
    pub rest_base: u64,
    /// Known employers asking, inside.
    pub employer_count: u64,
    /// Boards it was seen on, inside.
    pub source_count: u64,
    /// `ln` of the share inside over the share outside (revealed comparative advantage; by area: location quotient).
    pub log_rca: f64,
    /// Lower end of its 95 % interval.
    pub log_rca_low: f64,
    /// Upper end.
    pub log_rca_high: f64,
}

impl Table for Specialisation {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["dimension", "code", "skill", "label"].map(text).to_vec();
        let counts = ["posting_count", "base_count", "rest_count", "rest_base", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.extend(["log_rca", "log_rca_low", "log_rca_high"].map(|n| number(n, DataType::Float64)));
        columns
    }
}
