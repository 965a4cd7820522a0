//! Demand by the sector that postings state.

use super::tables::{Table, text};
use super::{Demand, Mark};
use arrow::datatypes::FieldRef;
use serde::{Deserialize, Serialize};

/// Share of the postings of a sector and area that ask for a skill, for the whole window; the same counts as [`Demand`].
/// Of a withheld sector only `base_count` is shown, in one row for the skill `all`; its other counts are 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SectorDemand {
    /// Section of NACE Rev. 2 or ISIC Rev. 4, one letter.
    pub sector: String,
    /// Its name in the report's language.
    pub sector_label: String,
    /// Skill id.
    pub skill: String,
    /// Its name in the report's language.
    pub label: String,
    /// Area code or `all`.
    pub area: String,
    /// Always `all`: the whole window.
    pub period: String,
    /// Always `all`: not split.
    pub occupation_group: String,
    /// Postings of the sector that ask for the skill.
    pub posting_count: u64,
    /// All postings of the sector and area.
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
}

impl SectorDemand {
    /// Demand within a sector.
    pub fn new(sector: &str, sector_label: &str, demand: Demand) -> Self {
        Self {
            sector: sector.to_owned(),
            sector_label: sector_label.to_owned(),
            skill: demand.skill,
            label: demand.label,
            area: demand.area,
            period: demand.period,
            occupation_group: demand.occupation_group,
            posting_count: demand.posting_count,
            base_count: demand.base_count,
            employer_count: demand.employer_count,
            source_count: demand.source_count,
            effective_n: demand.effective_n,
            share: demand.share,
            share_low: demand.share_low,
            share_high: demand.share_high,
            mark: demand.mark,
        }
    }
}

impl Table for SectorDemand {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["sector", "sector_label"].map(text).to_vec();
        columns.extend(Demand::columns());
        columns
    }
}
