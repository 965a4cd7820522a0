//! The joint bootstrap: in each replication employers are drawn anew and each match is true or not with its probability,
//! so that an interval holds both errors, and ranks can be asked how sure they are.

use crate::measure::count::bootstrap::{REPLICATIONS, happens, interval, mix, replicate};
use crate::measure::count::cells::Scope;
use crate::measure::count::frames::unpack;
use crate::measure::count::mentions::Asked;
use crate::measure::offer::coverage::{Reach, Taught};
use crate::measure::offer::gaps::Bench;
use crate::measure::offer::plans::Offer;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Skills of a scope that can be among the largest, by share: one that far behind never is.
const CONTENDERS: usize = 400;

/// What the replications say of a programme.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Joint {
    /// 95 % interval of coverage.
    pub coverage: Option<(f64, f64)>,
    /// 95 % interval of unmet demand per 100, by skill that is taught to some extent.
    pub unmet: BTreeMap<u32, (f64, f64)>,
    /// Share of the replications in which a skill is among the largest `top_k` by unmet demand; 0 where it is not listed.
    pub top: BTreeMap<u32, f64>,
}

/// One per programme of the offer, in its order.
pub fn joint(offer: &Offer, taught: &Taught, bench: &Bench) -> Vec<Joint> {
    let mut by_scope: BTreeMap<Scope, Vec<usize>> = BTreeMap::new();
    for (place, programme) in offer.programmes.iter().enumerate() {
        by_scope.entry(programme.scope).or_default().push(place);
    }
    let mut found = vec![Joint::default(); offer.programmes.len()];
    for (scope, members) in by_scope {
        let Some(shares) = bench.shares.cells.code(scope).map(|c| bench.shares.of_cell(c)).filter(|s| !s.is_empty())
        else {
            continue;
        };
        let mut largest: Vec<(u64, u32)> = shares.iter().map(|(skill, share)| (share.asking, *skill)).collect();
        largest.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let contenders = largest.into_iter().take(CONTENDERS).map(|(_, skill)| skill);
        let own = members.iter().filter_map(|m| taught.reach_of(*m)).flat_map(BTreeMap::keys).copied();
        let skills: BTreeSet<u32> = contenders.chain(own).collect();
        let replicated = Replicated::new(scope, &skills, offer, bench);
        let judged: Vec<Joint> = members
            .par_iter()
            .map(|m| taught.reach_of(*m).map(|reach| replicated.judge(reach, bench.spec.top_k)).unwrap_or_default())
            .collect();
        for (member, joint) in members.into_iter().zip(judged) {
            found.iter_mut().skip(member).take(1).for_each(|slot| *slot = joint.clone());
        }
    }
    found
}

/// Sums of a scope in each replication.
struct Replicated {
    /// Postings.
    base: Vec<u32>,
    /// Asked-for skills: the denominator of coverage.
    asked: Vec<u32>,
    /// Postings that ask, by skill.
    by_skill: BTreeMap<u32, Vec<u32>>,
}

impl Replicated {
    fn new(scope: Scope, skills: &BTreeSet<u32>, offer: &Offer, bench: &Bench) -> Self {
        let audience = Audience::new(scope, offer, bench);
        let mut columns = vec![audience.column(audience.places.iter().flatten().copied())];
        columns.push(audience.column(bench.asked.pairs.iter().filter_map(|pair| audience.place_of(*pair))));
        columns.extend(skills.iter().map(|skill| audience.asking(*skill, bench.asked)));
        let mut sums = replicate(&audience.employers, &columns).into_iter();
        let (base, asked) = (sums.next().unwrap_or_default(), sums.next().unwrap_or_default());
        Self { base, asked, by_skill: skills.iter().copied().zip(sums).collect() }
    }

    fn judge(&self, reach: &BTreeMap<u32, Vec<Reach>>, top_k: u32) -> Joint {
        let coverage: BTreeMap<u32, Vec<f64>> = reach.iter().map(|(skill, reach)| (*skill, drawn(reach))).collect();
        let none = Vec::new();
        let covered = |replication: usize| -> f64 {
            let sum = |(skill, coverage): (&u32, &Vec<f64>)| {
                let asking = self.by_skill.get(skill).unwrap_or(&none);
                asking.get(replication).map_or(0.0, |x| f64::from(*x)) * at(coverage, replication)
            };
            coverage.iter().map(sum).sum()
        };
        let share_covered = |replication: usize| {
            let asked = self.asked.get(replication).copied().filter(|a| *a > 0)?;
            Some(covered(replication) / f64::from(asked))
        };
        let unmet_of = |skill: &u32| -> Vec<Option<f64>> {
            let (asking, taught) = (self.by_skill.get(skill).unwrap_or(&none), coverage.get(skill));
            let unmet = |(replication, base): (usize, &u32)| {
                let asking = asking.get(replication).map_or(0.0, |x| f64::from(*x));
                let left = taught.map_or(1.0, |t| 1.0 - at(t, replication));
                (*base > 0).then(|| 100.0 * asking / f64::from(*base) * left)
            };
            self.base.iter().enumerate().map(unmet).collect()
        };
        let unmet: BTreeMap<u32, Vec<Option<f64>>> = self.by_skill.keys().map(|s| (*s, unmet_of(s))).collect();
        let ends = |skill: &u32| Some((*skill, interval(unmet.get(skill)?.iter().copied())?));
        Joint {
            coverage: interval((0..REPLICATIONS).map(share_covered)),
            unmet: reach.keys().filter_map(ends).collect(),
            top: top(&unmet, top_k as usize),
        }
    }
}

fn at(values: &[f64], replication: usize) -> f64 {
    values.get(replication).copied().unwrap_or_default()
}

/// Coverage in each replication: the largest grade among the matches that are true in it.
fn drawn(reach: &[Reach]) -> Vec<f64> {
    let largest = |replication: usize| {
        let true_ones = reach.iter().filter(|r| happens(r.key, replication, r.score));
        true_ones.map(|r| r.grade).fold(0.0, f64::max)
    };
    (0..REPLICATIONS).map(largest).collect()
}

/// How often each skill is among the largest; ties at the edge all count.
fn top(unmet: &BTreeMap<u32, Vec<Option<f64>>>, top_k: usize) -> BTreeMap<u32, f64> {
    let mut times: BTreeMap<u32, u32> = unmet.keys().map(|skill| (*skill, 0)).collect();
    let mut valid = 0_u32;
    let mut values: Vec<f64> = Vec::with_capacity(unmet.len());
    for replication in 0..REPLICATIONS {
        values.clear();
        values.extend(unmet.values().filter_map(|v| v.get(replication).copied().flatten()));
        let Some(last) = top_k.min(values.len()).checked_sub(1) else { continue };
        valid += 1;
        let (_, edge, _) = values.select_nth_unstable_by(last, |a, b| b.total_cmp(a));
        let edge = *edge;
        for (times, v) in times.values_mut().zip(unmet.values()) {
            let value = v.get(replication).copied().flatten().unwrap_or_default();
            *times += u32::from(value >= edge && value > 0.0);
        }
    }
    times.into_iter().map(|(skill, times)| (skill, f64::from(times) / f64::from(valid.max(1)))).collect()
}

/// Postings of a scope by employer.
struct Audience {
    /// Employer's place by posting row.
    places: Vec<Option<u32>>,
    /// Codes by place.
    employers: Vec<u32>,
}

impl Audience {
    fn new(scope: Scope, offer: &Offer, bench: &Bench) -> Self {
        let targets = match scope {
            Scope::Audience(i) => offer.audiences.get(i as usize),
            _ => None,
        };
        let window = bench.window;
        let is_target: Vec<bool> = window.occupations.iter().map(|o| targets.is_some_and(|t| t.contains(o))).collect();
        let mut codes: FxHashMap<u32, u32> = FxHashMap::default();
        let mut employers = Vec::new();
        let mut place = |row: &crate::measure::count::window::Row| {
            let inside = targets.is_none() || row.occupation.is_some_and(|o| is_target.get(o as usize) == Some(&true));
            inside.then(|| {
                *codes.entry(row.employer).or_insert_with(|| {
                    employers.push(row.employer);
                    employers.len() as u32 - 1
                })
            })
        };
        let places: Vec<_> = window.rows.iter().map(&mut place).collect();
        Self { places, employers }
    }

    fn place_of(&self, pair: u64) -> Option<u32> {
        self.places.get(unpack(pair).1 as usize).copied().flatten()
    }

    fn asking(&self, skill: u32, asked: &Asked) -> Vec<(u32, u32)> {
        let mut places: Vec<u32> = asked.pairs_of(skill).iter().filter_map(|pair| self.place_of(*pair)).collect();
        places.sort_unstable();
        places.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len() as u32))).collect()
    }

    /// Counts by place.
    fn column(&self, places: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
        let mut counts = vec![0_u32; self.employers.len()];
        places.for_each(|place| counts.iter_mut().skip(place as usize).take(1).for_each(|c| *c += 1));
        (0..).zip(counts).filter(|(_, count)| *count > 0).collect()
    }
}

/// Name of a match among the draws: the same in every programme that has the outcome.
pub fn key_of(outcome: &str, skill: &str) -> u64 {
    let hash = |text: &str| {
        text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3))
    };
    mix(hash(outcome) ^ hash(skill).rotate_left(32))
}
