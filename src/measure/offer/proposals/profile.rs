//! Which postings ask for the skills of a proposal: how many, of whom, in which occupations, at which level.

use crate::measure::MeasureSpec;
use crate::measure::count::frames::unpack;
use crate::measure::count::intervals::{Asking, Clusters, Estimate, estimate};
use crate::measure::count::mentions::Asked;
use crate::measure::count::suppression::Publication;
use crate::measure::count::window::Window;
use crate::types::Mark;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Fewest postings with a level for one to be suggested.
const LEAST_LEVELS: usize = 10;

/// A set of postings as the base of shares.
pub struct Base<'a> {
    window: &'a Window,
    clusters: Clusters,
    /// Postings by employer.
    sizes: FxHashMap<u32, u64>,
}

/// Postings out of a base, with the interval of their share.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Part {
    /// Postings.
    pub postings: u64,
    /// Postings of the base.
    pub base: u64,
    /// Known employers.
    pub employers: u64,
    /// Boards.
    pub sources: u64,
    /// Share of the base, 0..=1.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Part {
    /// Mark, by the rule for the cell it is out of.
    pub fn mark(&self, publication: Publication, spec: &MeasureSpec) -> Option<Mark> {
        publication.mark(self.postings, self.employers, spec)
    }
}

impl<'a> Base<'a> {
    /// Rows without repeats.
    pub fn new(window: &'a Window, rows: impl Iterator<Item = u32>) -> Self {
        let sizes = window.by_employer(rows);
        let clusters = Clusters::of(sizes.values().copied());
        Self { window, clusters, sizes }
    }

    /// Share of `rows`, all of the base and without repeats, sorted.
    pub fn part(&self, rows: &[u32]) -> Part {
        let own = self.window.by_employer(rows.iter().copied());
        let size = |employer: &u32| self.sizes.get(employer).copied().unwrap_or_default();
        let asking = Asking::of(own.iter().map(|(employer, x)| (*x, size(employer))));
        let Estimate { share, low, high, .. } = estimate(asking, self.clusters, None);
        Part {
            postings: asking.count,
            base: self.clusters.base,
            employers: own.keys().filter(|e| self.window.is_known(**e)).count() as u64,
            sources: self.window.board_count(rows),
            share,
            low,
            high,
        }
    }
}

/// Rows that ask for at least one, and for at least two of the skills, each sorted.
pub fn rows_asking(skills: &[u32], asked: &Asked) -> (Vec<u32>, Vec<u32>) {
    let mut all: Vec<u32> = skills.iter().flat_map(|s| asked.pairs_of(*s)).map(|pair| unpack(*pair).1).collect();
    all.sort_unstable();
    let mut together: Vec<u32> =
        all.windows(2).filter(|w| w.first() == w.last()).flat_map(|w| w.first()).copied().collect();
    together.dedup();
    all.dedup();
    (all, together)
}

/// Occupation codes of the window with their rows, most rows first, then by code.
pub fn occupations(window: &Window, rows: &[u32]) -> Vec<(u32, Vec<u32>)> {
    let mut found: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in rows {
        if let Some(occupation) = window.rows.get(*row as usize).and_then(|r| r.occupation) {
            found.entry(occupation).or_default().push(*row);
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    found
}

/// EQF levels of the middle half of the postings with a level, and how many postings those are.
pub fn levels(window: &Window, rows: &[u32]) -> (Option<(u32, u32)>, u64) {
    let levels = rows.iter().filter_map(|row| eqf_of(window.rows.get(*row as usize)?.group));
    let (mut lows, mut highs): (Vec<u32>, Vec<u32>) = levels.unzip();
    lows.sort_unstable();
    highs.sort_unstable();
    let count = lows.len();
    let last = count.saturating_sub(1);
    let range = lows.get(last / 4).copied().zip(highs.get((3 * last).div_ceil(4)).copied());
    (range.filter(|_| count >= LEAST_LEVELS), count as u64)
}

/// EQF levels of the ISCO-08 skill level of a major group: 1 = EQF 1, 2 = EQF 2 to 4, 3 = EQF 5, 4 = EQF 6 to 7. Managers
/// are of level 3 or 4; the armed forces are of all levels, so that their group says nothing.
fn eqf_of(group: u32) -> Option<(u32, u32)> {
    match group {
        1 => Some((5, 7)),
        2 => Some((6, 7)),
        3 => Some((5, 5)),
        4..=8 => Some((2, 4)),
        9 => Some((1, 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::count::window::{Row, UNKNOWN_GROUP};
    use crate::types::Lang;

    fn row(group: u32, employer: u32) -> Row {
        Row { area: None, period: None, group, employer, occupation: None, board: 0, language: Lang::En, sector: None }
    }

    /// The levels of ten postings of one major group.
    fn of(group: u32) -> (Option<(u32, u32)>, u64) {
        let window = Window { rows: (0..10).map(|at| row(group, at)).collect(), ..Window::default() };
        levels(&window, &(0..10).collect::<Vec<u32>>())
    }

    #[test]
    fn levels_are_those_of_the_skill_levels_of_isco_08_and_groups_without_one_say_nothing() {
        // ILO, ISCO-08 volume 1, table 1: groups and skill levels; 1 = EQF 1, 2 = EQF 2 to 4, 3 = EQF 5, 4 = EQF 6 to 7.
        let managers = (1, (5, 7));
        let by_group = [managers, (2, (6, 7)), (3, (5, 5)), (4, (2, 4)), (6, (2, 4)), (8, (2, 4)), (9, (1, 1))];
        for (group, eqf) in by_group {
            assert_eq!(of(group), (Some(eqf), 10), "{group}");
        }
        assert_eq!([0, UNKNOWN_GROUP].map(of), [(None, 0); 2]);
    }

    #[test]
    fn the_middle_half_of_the_postings_gives_the_range_of_levels() {
        let range = |elementary: u32, all: u32| {
            let group = |at: u32| if at < elementary { 9 } else { 2 };
            let rows = (0..all).map(|at| row(group(at), at)).collect();
            levels(&Window { rows, ..Window::default() }, &(0..all).collect::<Vec<u32>>()).0
        };
        // Of twenty, the fifth from either end.
        assert_eq!(
            [range(4, 20), range(5, 20), range(15, 20), range(16, 20)],
            [Some((6, 7)), Some((1, 7)), Some((1, 7)), Some((1, 1))]
        );
        assert_eq!([range(0, 9), range(0, 10)], [None, Some((6, 7))]);
    }
}
