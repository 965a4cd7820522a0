//! Growth of a share.

use serde::{Deserialize, Serialize};

/// What a growth figure allows to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrendCall {
    /// Growing by a half and more, seen with enough postings, employers and boards.
    Emerging,
    /// Above zero, false discoveries controlled.
    Growing,
    /// Below zero, false discoveries controlled.
    Declining,
    /// Not told from zero.
    NoClearChange,
    /// Too few postings to say.
    TooFew,
}

/// How many times the smaller half of the window goes into the larger one for the two to be compared: beside ten thousand
/// postings, two hundred of some earlier months are of other boards, seasons and employers.
const MOST_TIMES: u64 = 5;

/// Whether halves of so many postings can be compared at all.
pub fn halves_compare(first: u64, last: u64) -> bool {
    first.min(last).saturating_mul(MOST_TIMES) >= first.max(last)
}

/// Growth of a skill's share between the earlier and the later half of the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Trend {
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Area code or `all`.
    pub area: String,
    /// Periods of the earlier half, e.g. `2024-Q3..2025-Q2`.
    pub first: String,
    /// Periods of the later half.
    pub last: String,
    /// Postings asking, earlier half.
    pub first_count: u64,
    /// Postings, earlier half.
    pub first_base: u64,
    /// Postings asking, later half.
    pub last_count: u64,
    /// Postings, later half.
    pub last_base: u64,
    /// `ln(p1 / p0)` with 0.5 added to each count.
    pub growth: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Least rate of false discoveries at which the change is called: Benjamini and Hochberg (1995) over all skills of the
    /// area that have a growth figure.
    pub q: Option<f64>,
    /// Known employers asking, later half.
    pub last_employers: u64,
    /// Boards it was seen on, later half.
    pub last_sources: u64,
    /// Share per period: (period, postings asking, postings).
    pub series: Vec<(String, u64, u64)>,
    /// What it allows to say.
    pub call: TrendCall,
}

impl Trend {
    /// Whether its halves are large enough beside each other to be compared.
    pub fn has_comparable_halves(&self) -> bool {
        halves_compare(self.first_base, self.last_base)
    }
}
