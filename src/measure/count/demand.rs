//! How many postings of each cell ask for each skill, and the share that makes.

use crate::measure::MeasureSpec;
use crate::measure::count::cells::{Cell, Cells, Membership, Scope};
use crate::measure::count::frames::unpack;
use crate::measure::count::intervals::{Asking, Ends, design_effect, estimate, worst_design_effect};
use crate::measure::count::mentions::Asked;
use crate::measure::count::suppression::{Publication, is_precise};
use crate::measure::count::window::Window;
use crate::types::Mark;
use rayon::prelude::*;
use std::ops::Range;

/// Whole numbers about a skill in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Count {
    /// Code of the cell.
    pub cell: u32,
    /// Code of the skill.
    pub skill: u32,
    /// Postings that ask, by employer.
    pub asking: Asking,
    /// Known employers that ask.
    pub employers: u64,
    /// Boards it was seen on.
    pub sources: u64,
}

/// Counts every skill in every published cell, sorted by cell and skill.
///
/// This is the product of two sparse matrices, skill x posting and posting x part, taken a skill at a time with dense
/// accumulators (Gustavson 1978). Every pair falls in about ten cells, so a join and a group-by would first write out
/// some twenty million rows per hundred thousand postings and hash them all.
pub fn count(asked: &Asked, cells: &Cells, window: &Window) -> Vec<Count> {
    let runs: Vec<Vec<Count>> =
        asked.runs().into_par_iter().map(|skills| count_run(skills, asked, cells, window)).collect();
    let mut counts = runs.concat();
    counts.par_sort_unstable_by_key(|c| (c.cell, c.skill));
    counts
}

fn count_run(skills: Range<u32>, asked: &Asked, cells: &Cells, window: &Window) -> Vec<Count> {
    let mut counts = Vec::new();
    let mut by_employer = Accumulator::new(&cells.by_employer);
    let mut by_board = Accumulator::new(&cells.by_board);
    let mut sums = vec![Count::default(); cells.list.len()];
    for skill in skills {
        let mut touched = Vec::new();
        by_employer.count(asked.pairs_of(skill), |part, asking| {
            let members = &cells.by_employer;
            let Some(cell) = members.cells.get(part) else { return };
            let Some(sum) = sums.get_mut(*cell as usize) else { return };
            if sum.asking.count == 0 {
                touched.push(*cell);
            }
            sum.asking.add(asking, members.sizes.get(part).copied().map_or(0, u64::from));
            sum.employers += u64::from(members.owners.get(part).is_some_and(|e| window.is_known(*e)));
        });
        by_board.count(asked.pairs_of(skill), |part, _| {
            let cell = cells.by_board.cells.get(part);
            if let Some(sum) = cell.and_then(|c| sums.get_mut(*c as usize)) {
                sum.sources += 1;
            }
        });
        for cell in touched {
            if let Some(sum) = sums.get_mut(cell as usize) {
                counts.push(Count { cell, skill, ..std::mem::take(sum) });
            }
        }
    }
    counts
}

/// Counts of one skill by part; zero again after each skill.
struct Accumulator<'a> {
    members: &'a Membership,
    asking: Vec<u32>,
    touched: Vec<u32>,
}

impl<'a> Accumulator<'a> {
    fn new(members: &'a Membership) -> Self {
        Self { members, asking: vec![0; members.cells.len()], touched: Vec::new() }
    }

    /// Gives every part with asking postings to `visit`.
    fn count(&mut self, pairs: &[u64], mut visit: impl FnMut(usize, u64)) {
        for pair in pairs {
            for part in self.members.parts_of(unpack(*pair).1) {
                let Some(asking) = self.asking.get_mut(*part as usize) else { continue };
                if *asking == 0 {
                    self.touched.push(*part);
                }
                *asking += 1;
            }
        }
        for part in self.touched.drain(..) {
            let asking = self.asking.get_mut(part as usize).map(std::mem::take).unwrap_or_default();
            visit(part as usize, u64::from(asking));
        }
    }
}

/// A share with all that is shown beside it. Of a withheld cell only the base is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Postings that ask.
    pub asking: u64,
    /// Postings.
    pub base: u64,
    /// Known employers that ask.
    pub employers: u64,
    /// Boards it was seen on.
    pub sources: u64,
    /// Postings the interval rests on.
    pub effective_n: f64,
    /// Share, lower and upper end; absent when withheld.
    pub value: Option<(f64, f64, f64)>,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

impl Share {
    /// Nothing but the base.
    pub fn withheld(base: u64) -> Self {
        let mark = Some(Mark::Suppressed);
        Self { asking: 0, base, employers: 0, sources: 0, effective_n: 0.0, value: None, mark }
    }

    /// Whether it hangs on too few employers to recommend anything.
    pub fn is_thin(&self, publication: Publication, spec: &MeasureSpec) -> bool {
        let has_few = self.asking > 0 && self.employers < spec.min_employers;
        self.value.is_none() || (publication == Publication::Published && has_few)
    }

    /// Share, or another figure of the same postings, as what a rank is given by; where most employers are unknown, the
    /// mark stands on everything and says nothing of one share.
    pub fn ends(&self, low: f64, high: f64, publication: Publication, spec: &MeasureSpec) -> Ends {
        let is_told = self.value.is_some_and(|value| is_precise(self.effective_n, value, spec));
        let is_firm = self.mark.is_none() || (publication == Publication::EmployersUnknown && is_told);
        Ends { low, high, is_firm }
    }
}

/// Shares of all skills in all published cells.
pub struct Shares<'a> {
    /// The cells.
    pub cells: &'a Cells,
    spec: &'a MeasureSpec,
    rows: Vec<(u32, Share)>,
    ranges: Vec<Range<usize>>,
    /// Median design effect of each cell's skills, for skills that nobody or everybody asks for.
    typical: Vec<f64>,
}

impl<'a> Shares<'a> {
    /// Turns sorted counts into shares.
    pub fn new(cells: &'a Cells, counts: Vec<Count>, spec: &'a MeasureSpec) -> Self {
        let mut shares = Self { cells, spec, rows: Vec::with_capacity(counts.len()), ranges: vec![], typical: vec![] };
        let mut rest = counts.as_slice();
        for (code, cell) in (0..).zip(&cells.list) {
            let (own, others) = rest.split_at(rest.partition_point(|c| c.cell <= code));
            rest = others;
            let effects = own.iter().filter_map(|c| design_effect(c.asking, cell.clusters)).collect();
            let typical = median(effects).unwrap_or_else(|| worst_design_effect(cell.clusters));
            let start = shares.rows.len();
            shares.rows.extend(own.iter().map(|c| (c.skill, share_of(c, cell, typical, spec))));
            shares.ranges.push(start..shares.rows.len());
            shares.typical.push(typical);
        }
        shares
    }

    /// Median design effect of the skills of a published cell.
    pub fn typical_design_effect(&self, code: u32) -> Option<f64> {
        self.typical.get(code as usize).copied()
    }

    /// Skills asked for in a cell with their shares, by skill code; empty when withheld.
    pub fn of_cell(&self, code: u32) -> &[(u32, Share)] {
        self.ranges.get(code as usize).and_then(|r| self.rows.get(r.clone())).unwrap_or_default()
    }

    /// The rows, and where each cell's are.
    pub fn into_rows(self) -> (Vec<(u32, Share)>, Vec<Range<usize>>) {
        (self.rows, self.ranges)
    }

    /// Share of a skill in a scope, zero included.
    pub fn get(&self, scope: Scope, skill: u32) -> Share {
        let Some((code, cell)) = self.cells.code(scope).and_then(|c| Some((c, self.cells.get(c)?))) else {
            return Share::withheld(0);
        };
        let rows = self.of_cell(code);
        if let Some((_, share)) = rows.binary_search_by_key(&skill, |r| r.0).ok().and_then(|i| rows.get(i)) {
            return *share;
        }
        let typical = self.typical.get(code as usize).copied().unwrap_or(1.0);
        let none = Count { cell: code, skill, asking: Asking::default(), employers: 0, sources: 0 };
        share_of(&none, cell, typical, self.spec)
    }
}

fn share_of(count: &Count, cell: &Cell, typical: f64, spec: &MeasureSpec) -> Share {
    let base = cell.clusters.base;
    if cell.publication == Publication::Withheld {
        return Share::withheld(base);
    }
    let of = estimate(count.asking, cell.clusters, Some(typical));
    Share {
        asking: count.asking.count,
        base,
        employers: count.employers,
        sources: count.sources,
        effective_n: of.effective_n,
        value: Some((of.share, of.low, of.high)),
        mark: cell.publication.mark_of_share(count.asking.count, count.employers, &of, spec),
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a share with such a mark and so many effective postings, in such a cell, ties ranks without a mark.
    fn is_firm(mark: Option<Mark>, effective_n: f64, publication: Publication) -> bool {
        let spec = MeasureSpec { min_postings: 30, ..MeasureSpec::default() };
        let value = Some((0.2, 0.15, 0.25));
        let share = Share { asking: 20, base: 100, employers: 9, sources: 1, effective_n, value, mark };
        let ends = share.ends(10.0, 40.0, publication, &spec);
        assert_eq!((ends.low, ends.high), (10.0, 40.0));
        ends.is_firm
    }

    #[test]
    fn a_marked_share_is_not_firm_unless_its_cell_marks_every_share_and_it_rests_on_enough_postings() {
        use Publication::{EmployersUnknown, Published};
        let low = Some(Mark::LowReliability);
        assert!(is_firm(None, 30.0, Published));
        assert!(!is_firm(low, 100.0, Published) && !is_firm(low, 29.9, Published));
        assert!(is_firm(low, 30.0, EmployersUnknown) && !is_firm(low, 29.9, EmployersUnknown));
    }
}
