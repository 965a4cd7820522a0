//! Places in an order whose figures have intervals: how many others could have the same place.

use super::Context;
use crate::report::phrase::Phrase;
use crate::types::{Gap, OccupationFinding};

/// A rank with the interval behind it.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    rank: u32,
    low: f64,
    high: f64,
    is_marked: bool,
}

impl Place {
    /// Of an occupation by its share of the postings; nothing when withheld.
    pub fn of_occupation(o: &OccupationFinding) -> Option<Self> {
        Some(Self { rank: o.rank, low: o.share_low?, high: o.share_high?, is_marked: o.mark.is_some() })
    }

    /// Of a skill by its unmet demand; nothing when withheld.
    pub fn of_gap(gap: &Gap) -> Option<Self> {
        let is_marked = gap.demand.mark.is_some();
        Some(Self { rank: gap.rank?, low: gap.unmet_low?, high: gap.unmet_high?, is_marked })
    }

    /// How many of the lower ones reach up to it. A marked figure counts beside a marked one alone: its wide interval
    /// would reach up to everything and say nothing of the order.
    pub fn reached_by(self, all: impl Iterator<Item = Self>) -> u64 {
        let reaches =
            |other: &Self| other.rank > self.rank && other.high >= self.low && (self.is_marked || !other.is_marked);
        all.filter(reaches).count() as u64
    }

    /// `1`, or `2 (or 5 others)`, which could have that place too.
    pub fn words(self, context: &Context, all: impl Iterator<Item = Self>) -> Phrase {
        let m = context.messages;
        let rank = vec![m.figure(m.count(u64::from(self.rank)))];
        match self.reached_by(all) {
            0 => rank,
            n => m.counted_with("documents.rank_others", n, &[("rank", rank)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(of: &[(f64, f64, bool)]) -> Vec<Place> {
        (1..).zip(of).map(|(rank, &(low, high, is_marked))| Place { rank, low, high, is_marked }).collect()
    }

    #[test]
    fn only_the_lower_ones_that_reach_up_are_counted_and_not_all_down_to_the_last_that_does() {
        let all = places(&[(40.0, 60.0, false), (20.0, 30.0, false), (5.0, 6.0, false), (4.0, 25.0, false)]);
        let counted: Vec<u64> = all.iter().map(|place| place.reached_by(all.iter().copied())).collect();
        assert_eq!(counted, [0, 1, 1, 0]);
    }

    #[test]
    fn a_marked_figure_counts_only_beside_another_marked_one() {
        let all = places(&[(40.0, 60.0, false), (30.0, 90.0, true), (0.5, 80.0, true), (0.4, 35.0, false)]);
        let counted: Vec<u64> = all.iter().map(|place| place.reached_by(all.iter().copied())).collect();
        assert_eq!(counted, [0, 2, 1, 0]);
    }
}
