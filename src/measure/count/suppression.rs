//! What is withheld, and what is shown with a warning.

use crate::measure::MeasureSpec;
use crate::types::Mark;

/// Whether the shares of a cell may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// Too few postings or employers: `[c]`.
    Withheld,
    /// Published by both rules.
    Published,
    /// More than half of the employers are unknown, so their number says nothing: published as `[u]`.
    EmployersUnknown,
}

/// The rule for a cell of `base` postings, `unknown` of them without an employer.
pub fn publication(base: u64, employers: u64, unknown: u64, spec: &MeasureSpec) -> Publication {
    if base == 0 || base < spec.min_postings {
        Publication::Withheld
    } else if unknown.saturating_mul(2) > base {
        Publication::EmployersUnknown
    } else if employers < spec.min_employers {
        Publication::Withheld
    } else {
        Publication::Published
    }
}

impl Publication {
    /// Mark of a skill that `asking` of the cell's postings and `employers` of its known employers ask for: a skill
    /// that hangs on fewer employers than a cell needs is of low reliability.
    pub fn mark(self, asking: u64, employers: u64, spec: &MeasureSpec) -> Option<Mark> {
        match self {
            Publication::Withheld => Some(Mark::Suppressed),
            Publication::EmployersUnknown => Some(Mark::LowReliability),
            Publication::Published if asking > 0 && employers < spec.min_employers => Some(Mark::LowReliability),
            Publication::Published => None,
        }
    }
}
