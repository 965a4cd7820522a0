//! What the two halves of the panel have in common: an employer that posts in both is alike in both, so that the error of
//! a growth figure is smaller than that of two independent shares.

use crate::measure::count::cells::{Cells, Scope};
use crate::measure::count::frames::unpack;
use crate::measure::count::mentions::Asked;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Half of the panel, by area, whose part has no twin.
const NONE: u32 = u32::MAX;

/// Both halves of an area.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    /// Postings, earlier and later.
    bases: [f64; 2],
    /// Employers of either half.
    employers: f64,
    /// `sum_g n0 n1`.
    sizes: f64,
}

/// Covariance of the shares of the two halves, by area (one more than its code; 0 = all) and skill:
/// `G / (G - 1) sum_g (x0 - p0 n0) (x1 - p1 n1) / (N0 N1)` over employers g.
pub fn covariances(asked: &Asked, cells: &Cells) -> FxHashMap<(u32, u32), f64> {
    let twins = Twins::new(cells);
    let runs: Vec<Vec<((u32, u32), f64)>> =
        asked.runs().into_par_iter().map(|skills| twins.covariances(skills, asked, cells)).collect();
    runs.into_iter().flatten().collect()
}

/// Sums of a skill in an area.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    asking: [f64; 2],
    /// `sum_g x0 x1`, `sum_g x0 n1`, `sum_g n0 x1`.
    both: f64,
    earlier_size: f64,
    later_size: f64,
}

struct Twins {
    /// (area, later) by part.
    halves: Vec<Option<(u32, bool)>>,
    /// The part of the same employer in the other half.
    twin: Vec<u32>,
    sizes: Vec<u32>,
    pairs: FxHashMap<u32, Pair>,
}

impl Twins {
    fn new(cells: &Cells) -> Self {
        let members = &cells.by_employer;
        let half_of = |cell: &u32| match cells.get(*cell)?.scope {
            Scope::Half { area, later } => Some((area, later)),
            _ => None,
        };
        let halves: Vec<_> = members.cells.iter().map(half_of).collect();
        let mut place: FxHashMap<(u32, bool, u32), u32> = FxHashMap::default();
        for ((part, half), owner) in (0..).zip(&halves).zip(&members.owners) {
            if let Some((area, later)) = half {
                place.insert((*area, *later, *owner), part);
            }
        }
        let twin_of = |(half, owner): (&Option<(u32, bool)>, &u32)| {
            half.and_then(|(area, later)| place.get(&(area, !later, *owner)).copied()).unwrap_or(NONE)
        };
        let twin: Vec<u32> = halves.iter().zip(&members.owners).map(twin_of).collect();
        let sizes = members.sizes.clone();
        let mut twins = Self { halves, twin, sizes, pairs: FxHashMap::default() };
        twins.add_pairs();
        twins
    }

    /// Covariances of a run of skills.
    fn covariances(&self, skills: Range<u32>, asked: &Asked, cells: &Cells) -> Vec<((u32, u32), f64)> {
        let mut covariances = Vec::new();
        let mut asking = vec![0_u32; cells.by_employer.cells.len()];
        let mut touched: Vec<u32> = Vec::new();
        for skill in skills {
            for row in asked.pairs_of(skill).iter().map(|pair| unpack(*pair).1) {
                for part in cells.by_employer.parts_of(row).iter().filter(|p| self.half(**p).is_some()) {
                    let Some(count) = asking.get_mut(*part as usize) else { continue };
                    if *count == 0 {
                        touched.push(*part);
                    }
                    *count += 1;
                }
            }
            self.add_up(&touched, &asking, |area, covariance| covariances.push(((area, skill), covariance)));
            touched.drain(..).for_each(|part| asking.iter_mut().skip(part as usize).take(1).for_each(|c| *c = 0));
        }
        covariances
    }

    fn add_pairs(&mut self) {
        for part in 0..self.halves.len() as u32 {
            let Some((area, later)) = self.half(part) else { continue };
            let (size, twin) = (self.size(part), self.twin_of(part));
            let other = twin.map_or(0.0, |t| self.size(t));
            let pair = self.pairs.entry(area).or_default();
            let [earlier_base, later_base] = &mut pair.bases;
            *(if later { later_base } else { earlier_base }) += size;
            // Each twin is met twice, each employer counts once.
            if later || twin.is_none() {
                pair.employers += 1.0;
            }
            if later {
                pair.sizes += size * other;
            }
        }
    }

    fn half(&self, part: u32) -> Option<(u32, bool)> {
        self.halves.get(part as usize).copied().flatten()
    }

    fn twin_of(&self, part: u32) -> Option<u32> {
        self.twin.get(part as usize).copied().filter(|t| *t != NONE)
    }

    fn size(&self, part: u32) -> f64 {
        self.sizes.get(part as usize).map_or(0.0, |s| f64::from(*s))
    }

    /// Gives the covariance of each area in which the skill is seen in both halves.
    fn add_up(&self, touched: &[u32], asking: &[u32], mut give: impl FnMut(u32, f64)) {
        let mut by_area: FxHashMap<u32, Sums> = FxHashMap::default();
        let count = |part: u32| asking.get(part as usize).map_or(0.0, |c| f64::from(*c));
        for part in touched {
            let Some((area, later)) = self.half(*part) else { continue };
            let sums = by_area.entry(area).or_default();
            let (own, twin) = (count(*part), self.twin_of(*part));
            let [earlier_sum, later_sum] = &mut sums.asking;
            let twin_size = twin.map_or(0.0, |t| self.size(t));
            if later {
                *later_sum += own;
                sums.both += own * twin.map_or(0.0, count);
                sums.earlier_size += own * twin_size;
            } else {
                *earlier_sum += own;
                sums.later_size += own * twin_size;
            }
        }
        for (area, sums) in by_area {
            let Some(pair) = self.pairs.get(&area).filter(|p| p.employers > 1.0 && p.bases.iter().all(|b| *b > 0.0))
            else {
                continue;
            };
            let ([earlier_base, later_base], [earlier, later]) = (pair.bases, sums.asking);
            let (p0, p1) = (earlier / earlier_base, later / later_base);
            let crossed = sums.both - p1 * sums.later_size - p0 * sums.earlier_size + p0 * p1 * pair.sizes;
            give(area, crossed * pair.employers / (pair.employers - 1.0) / (earlier_base * later_base));
        }
    }
}
