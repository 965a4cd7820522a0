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

    /// Mark of a share: also of low reliability where its interval rests on fewer postings than a cell needs.
    pub fn mark_of_share(self, asking: u64, employers: u64, effective_n: f64, spec: &MeasureSpec) -> Option<Mark> {
        let rests_on_few = effective_n < spec.min_postings as f64;
        self.mark(asking, employers, spec).or(rests_on_few.then_some(Mark::LowReliability))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_published_by_its_postings_and_its_employers_where_these_are_known() {
        use Publication::{EmployersUnknown, Published, Withheld};
        let spec = MeasureSpec { min_postings: 30, min_employers: 5, ..MeasureSpec::default() };
        let of = |base, employers, unknown| publication(base, employers, unknown, &spec);
        assert_eq!([of(29, 29, 0), of(30, 5, 0), of(30, 4, 0)], [Withheld, Published, Withheld]);
        // Half of the employers may be unknown.
        assert_eq!(
            [of(30, 5, 15), of(30, 5, 16), of(30, 4, 15), of(30, 0, 30)],
            [Published, EmployersUnknown, Withheld, EmployersUnknown]
        );
        assert_eq!(publication(0, 0, 0, &MeasureSpec { min_postings: 0, ..spec.clone() }), Withheld);
    }

    #[test]
    fn a_skill_of_fewer_employers_than_a_cell_needs_is_marked() {
        let spec = MeasureSpec { min_employers: 5, ..MeasureSpec::default() };
        let mark = |asking, employers| Publication::Published.mark(asking, employers, &spec);
        assert_eq!(
            [mark(9, 4), mark(9, 5), mark(1, 0), mark(0, 0)],
            [Some(Mark::LowReliability), None, Some(Mark::LowReliability), None]
        );
        assert_eq!(Publication::Withheld.mark(9, 9, &spec), Some(Mark::Suppressed));
        assert_eq!(Publication::EmployersUnknown.mark(0, 9, &spec), Some(Mark::LowReliability));
    }

    #[test]
    fn a_share_that_rests_on_fewer_effective_postings_than_a_cell_needs_is_marked() {
        let spec = MeasureSpec { min_postings: 30, min_employers: 5, ..MeasureSpec::default() };
        let mark = |cell: Publication, effective_n| cell.mark_of_share(400, 9, effective_n, &spec);
        assert_eq!(
            [mark(Publication::Published, 29.9), mark(Publication::Published, 30.0)],
            [Some(Mark::LowReliability), None]
        );
        assert_eq!(mark(Publication::Withheld, 9.0), Some(Mark::Suppressed));
        assert_eq!(Publication::Published.mark_of_share(9, 4, 100.0, &spec), Some(Mark::LowReliability));
    }
}
