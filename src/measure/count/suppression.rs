//! What is withheld, and what is shown with a warning.

use crate::measure::MeasureSpec;
use crate::measure::count::intervals::Estimate;
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

    /// Mark of a share: also of low reliability where its interval rests on too little or is too wide.
    pub fn mark_of_share(self, asking: u64, employers: u64, of: &Estimate, spec: &MeasureSpec) -> Option<Mark> {
        let is_loose = !is_precise(of.effective_n, (of.share, of.low, of.high), spec);
        self.mark(asking, employers, spec).or(is_loose.then_some(Mark::LowReliability))
    }
}

/// Width of an interval from which a share says too little, whatever it is.
const TOO_WIDE: f64 = 0.3;
/// Width up to which it always says enough.
const NARROW: f64 = 0.05;
/// Between the two, the most that the interval may be of the share itself.
const MOST_OF_THE_SHARE: f64 = 1.3;

/// Whether a share (value, lower, upper end) is told well enough to stand without a warning: the rules of the National
/// Center for Health Statistics for proportions (Parker et al. 2017, Vital and Health Statistics 2:175), with the
/// plan's `min_postings` as the least effective n (30 there).
pub fn is_precise(effective_n: f64, (share, low, high): (f64, f64, f64), spec: &MeasureSpec) -> bool {
    let width = high - low;
    effective_n >= spec.min_postings as f64
        && width < TOO_WIDE
        && (width <= NARROW || width <= MOST_OF_THE_SHARE * share)
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
        let of = |effective_n| Estimate { share: 0.5, low: 0.4, high: 0.6, effective_n };
        let mark = |cell: Publication, effective_n| cell.mark_of_share(400, 9, &of(effective_n), &spec);
        assert_eq!(
            [mark(Publication::Published, 29.9), mark(Publication::Published, 30.0)],
            [Some(Mark::LowReliability), None]
        );
        assert_eq!(mark(Publication::Withheld, 9.0), Some(Mark::Suppressed));
        assert_eq!(Publication::Published.mark_of_share(9, 4, &of(100.0), &spec), Some(Mark::LowReliability));
    }

    #[test]
    fn a_share_whose_interval_is_wide_for_what_it_is_is_marked() {
        let spec = MeasureSpec { min_postings: 30, min_employers: 5, ..MeasureSpec::default() };
        let is_marked = |share: f64, low: f64, high: f64| {
            let of = Estimate { share, low, high, effective_n: 50.0 };
            Publication::Published.mark_of_share(400, 9, &of, &spec).is_some()
        };
        // 20 of 13,253 postings in a few employers: 0.2 (0.0 to 7.9) of 100.
        assert!(is_marked(0.0015, 0.0, 0.079));
        // Up to 5 points wide a small share stands, however small it is; 30 points are too wide for any.
        assert!(!is_marked(0.002, 0.0, 0.05) && !is_marked(0.5, 0.36, 0.655) && is_marked(0.5, 0.35, 0.65));
        assert!(is_marked(0.25, 0.0, 0.3));
        // Between them the interval may be 1.3 times the share: 13 points at 10 of 100.
        assert!(!is_marked(0.1, 0.05, 0.179) && is_marked(0.1, 0.05, 0.181));
    }
}
