//! A share with its interval, its mark and what it is a share of: what tables, sentences and charts take of a finding.

use crate::types::{Demand, Gap, Mark, OccupationFinding, Transition};

/// The figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// 0..=1; absent when withheld.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Mark, if any.
    pub mark: Option<Mark>,
    /// All postings of the cell.
    pub base: u64,
}

impl From<&Demand> for Share {
    fn from(d: &Demand) -> Self {
        Self { share: d.share, low: d.share_low, high: d.share_high, mark: d.mark, base: d.base_count }
    }
}

impl From<&OccupationFinding> for Share {
    fn from(o: &OccupationFinding) -> Self {
        Self { share: o.share, low: o.share_low, high: o.share_high, mark: o.mark, base: o.base_count }
    }
}

impl From<&Transition> for Share {
    fn from(t: &Transition) -> Self {
        Self { share: t.share, low: t.share_low, high: t.share_high, mark: t.mark, base: t.base_count }
    }
}

impl Share {
    /// The part of the postings that ask for a skill in vain.
    pub fn unmet(gap: &Gap) -> Self {
        let part = |per_100: Option<f64>| per_100.map(|v| v / 100.0);
        Self {
            share: part(gap.unmet_per_100),
            low: part(gap.unmet_low),
            high: part(gap.unmet_high),
            ..Self::from(&gap.demand)
        }
    }

    /// Share and interval per 100, for axes.
    pub fn per_100(self) -> (Option<f64>, Option<(f64, f64)>) {
        let per_100 = |part: Option<f64>| part.map(|v| v * 100.0);
        (per_100(self.share), per_100(self.low).zip(per_100(self.high)))
    }
}
