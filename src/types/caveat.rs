//! Limits that hold for an edition, as data: each report says them in its reader's language.

use crate::types::Lang;
use serde::{Deserialize, Serialize};

/// A limit, with what it is about. Shares are of the postings, 0..=1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Caveat {
    /// The postings are made up.
    Synthetic,
    /// Too few postings to publish any share.
    Withheld,
    /// One board has most of the postings.
    OneBoard {
        /// Share of the postings there.
        share: f64,
        /// The board.
        board: String,
    },
    /// Postings that name no employer.
    EmployerUnknown {
        /// Their share.
        share: f64,
    },
    /// Postings without a date.
    Undated {
        /// Their share.
        share: f64,
    },
    /// Postings in which no skill was recognised.
    WithoutSkill {
        /// Their share.
        share: f64,
    },
    /// Postings without a place.
    AreaUnknown {
        /// Their share.
        share: f64,
    },
    /// Postings without an occupation.
    OccupationUnknown {
        /// Their share.
        share: f64,
    },
    /// Languages in which recognition finds unlike numbers of skills.
    UnevenLanguages {
        /// Skills per posting in the language with most.
        most: f64,
        /// That language.
        most_language: Lang,
        /// Skills per posting in the language with fewest.
        least: f64,
        /// That language.
        least_language: Lang,
    },
    /// Less than two years: growth may be seasonal.
    ShortWindow,
    /// A board whose number of postings leaps from one period to the next.
    UnevenBoard {
        /// The board.
        board: String,
        /// The earlier period.
        first: String,
        /// Its postings then.
        first_count: u64,
        /// The period after it.
        next: String,
        /// Its postings then.
        next_count: u64,
    },
    /// Match scores are calibrated on sentences of this project.
    CalibratedOnOwn,
    /// Shares are not weighted.
    Unweighted,
    /// Weighted shares stand beside.
    WeightedBeside,
    /// What the intervals hold and what not.
    SamplingOnly,
}
