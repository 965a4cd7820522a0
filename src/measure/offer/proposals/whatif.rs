//! What teaching further skills would close: unmet demand and coverage of the portfolio, with intervals.

use crate::measure::count::bootstrap::replicate;
use crate::measure::count::frames::unpack;
use crate::measure::count::intervals::percentile_interval;
use crate::measure::offer::coverage::{Best, Hierarchy, MILLION, millionths};
use crate::measure::offer::gaps::Bench;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What would change.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Change {
    /// Unmet requests per 100 postings for the skills themselves.
    pub unmet: Figure,
    /// Percentage points of portfolio coverage.
    pub closed: Figure,
    /// Coverage of the portfolio now, 0..=1.
    pub before: f64,
}

/// The portfolio as it is, by employer.
pub struct WhatIf<'a> {
    bench: &'a Bench<'a>,
    hierarchy: &'a Hierarchy<'a>,
    taught: &'a BTreeMap<u32, Best>,
    /// Employer's place by posting row.
    places: Vec<u32>,
    /// Employers by place.
    employers: Vec<u32>,
    /// Postings by employer.
    postings: Vec<u64>,
    /// Requests for a skill by employer.
    requests: Vec<u64>,
}

/// Sums of one change by employer, only employers with some, in millionths.
struct Sums {
    unmet: Vec<(u32, u64)>,
    closed: Vec<(u32, u64)>,
}

impl<'a> WhatIf<'a> {
    /// Adds up postings and requests by employer.
    pub fn new(bench: &'a Bench<'a>, hierarchy: &'a Hierarchy<'a>, taught: &'a BTreeMap<u32, Best>) -> Self {
        let mut codes: FxHashMap<u32, u32> = FxHashMap::default();
        let mut employers = Vec::new();
        let mut place = |employer: u32| {
            *codes.entry(employer).or_insert_with(|| {
                employers.push(employer);
                employers.len() as u32 - 1
            })
        };
        let places: Vec<u32> = bench.window.rows.iter().map(|row| place(row.employer)).collect();
        let mut postings = vec![0; employers.len()];
        places.iter().for_each(|place| add(&mut postings, *place, 1));
        let requests = vec![0; postings.len()];
        let mut what_if = Self { bench, hierarchy, taught, places, employers, requests, postings };
        for pair in &bench.asked.pairs {
            if let Some(place) = what_if.places.get(unpack(*pair).1 as usize) {
                add(&mut what_if.requests, *place, 1);
            }
        }
        what_if
    }

    /// What each set of skills, taught by an outcome each and matched with certainty, would change.
    pub fn changes(&self, sets: &[Vec<u32>]) -> Vec<Change> {
        let sums: Vec<Sums> = sets.iter().map(|skills| self.sums(skills)).collect();
        let requests: u64 = self.requests.iter().sum();
        let now = self
            .taught
            .iter()
            .map(|(skill, best)| self.bench.asked.pairs_of(*skill).len() as u64 * millionths(best.coverage));
        let before = ratio(now.sum(), requests);
        let replicated = self.replicate(&sums);
        let total = |parts: &[(u32, u64)]| parts.iter().map(|(_, sum)| sum).sum::<u64>();
        let base: u64 = self.postings.iter().sum();
        let change = |(sums, (unmet, closed)): (&Sums, (Vec<f64>, Vec<f64>))| Change {
            unmet: figure(100.0 * ratio(total(&sums.unmet), base), unmet),
            closed: figure(100.0 * ratio(total(&sums.closed), requests), closed),
            before,
        };
        sums.iter().zip(replicated).map(change).collect()
    }

    /// What the skills ask for and do not find, and what coverage gains: the same rules, hierarchy included, by which an
    /// outcome that is linked to them would be graded.
    fn sums(&self, skills: &[u32]) -> Sums {
        let now = |skill: u32| self.taught.get(&skill).map_or(0, |b| millionths(b.coverage));
        let mut after: BTreeMap<u32, u64> = BTreeMap::new();
        for id in skills.iter().filter_map(|skill| self.bench.asked.skills.get(*skill as usize)) {
            for (skill, grade) in self.hierarchy.reach(id) {
                let best = after.entry(skill).or_default();
                *best = millionths(grade).max(*best);
            }
        }
        let unmet = skills.iter().map(|skill| (*skill, millionths(1.0).saturating_sub(now(*skill))));
        let closed = after.into_iter().map(|(skill, after)| (skill, after.saturating_sub(now(skill))));
        Sums { unmet: self.by_employer(unmet), closed: self.by_employer(closed) }
    }

    /// Requests for skills, each times its weight, by employer.
    fn by_employer(&self, weights: impl Iterator<Item = (u32, u64)>) -> Vec<(u32, u64)> {
        let mut sums: FxHashMap<u32, u64> = FxHashMap::default();
        for (skill, weight) in weights.filter(|(_, weight)| *weight > 0) {
            for pair in self.bench.asked.pairs_of(skill) {
                if let Some(place) = self.places.get(unpack(*pair).1 as usize) {
                    *sums.entry(*place).or_default() += weight;
                }
            }
        }
        sums.into_iter().collect()
    }

    /// Unmet demand per 100 and points closed of each change, in each replication: all over the same draws.
    fn replicate(&self, sums: &[Sums]) -> Vec<(Vec<f64>, Vec<f64>)> {
        let whole = |values: &[u64]| -> Vec<(u32, u64)> { (0..).zip(values.iter().copied()).collect() };
        let mut columns = vec![whole(&self.postings), whole(&self.requests)];
        columns.extend(sums.iter().flat_map(|s| [s.unmet.clone(), s.closed.clone()]));
        let drawn = replicate(&self.employers, &columns);
        let [base, requests, rest @ ..] = drawn.as_slice() else { return Vec::new() };
        let shares = |sums: &[u64], base: &[u64]| -> Vec<f64> {
            let valid = sums.iter().zip(base).filter(|(_, base)| **base > 0);
            valid.map(|(sum, base)| 100.0 * ratio(*sum, *base)).collect()
        };
        let pairs = rest.chunks_exact(2).filter_map(|pair| Some((pair.first()?, pair.get(1)?)));
        pairs.map(|(unmet, closed)| (shares(unmet, base), shares(closed, requests))).collect()
    }
}

fn add(sums: &mut [u64], place: u32, count: u64) {
    if let Some(sum) = sums.get_mut(place as usize) {
        *sum += count;
    }
}

/// Millionths over a count.
fn ratio(sum: u64, count: u64) -> f64 {
    if count == 0 { 0.0 } else { sum as f64 / MILLION / count as f64 }
}

fn figure(value: f64, replications: Vec<f64>) -> Figure {
    let (low, high) = percentile_interval(replications).unwrap_or((value, value));
    Figure { value, low, high }
}
