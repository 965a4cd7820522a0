//! The joint bootstrap: in each replication employers are drawn anew and each match is true or not with its probability,
//! so that an interval holds both errors, and ranks can be asked how sure they are.

use crate::measure::count::bootstrap::{REPLICATIONS, happens, interval, replicate};
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
    /// Whether there were replications at all.
    pub is_told: bool,
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
        let most_taught =
            members.iter().filter_map(|m| taught.reach_of(*m)).map(BTreeMap::len).max().unwrap_or_default();
        let replicated = Replicated::new(scope, &skills, most_taught, offer, bench);
        let judged: Vec<Joint> = members
            .par_iter()
            .map(|m| {
                taught.reach_of(*m).map(|reach| replicated.judge(reach, bench.spec.top_k as usize)).unwrap_or_default()
            })
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
    /// (postings that ask, skill) in each replication, the most first: as many as can matter.
    largest: Vec<Vec<(u32, u32)>>,
}

/// A skill that a programme teaches to some extent, in each replication.
struct Drawn<'a> {
    skill: u32,
    asking: &'a [u32],
    coverage: Vec<f64>,
}

impl Drawn<'_> {
    /// Postings that ask and find it untaught.
    fn unmet(&self, replication: usize) -> f64 {
        self.asking(replication) * (1.0 - self.coverage(replication))
    }

    fn asking(&self, replication: usize) -> f64 {
        self.asking.get(replication).map_or(0.0, |x| f64::from(*x))
    }

    fn coverage(&self, replication: usize) -> f64 {
        self.coverage.get(replication).copied().unwrap_or_default()
    }
}

impl Replicated {
    /// `most_taught` is the largest number of skills that a programme of the scope teaches.
    fn new(scope: Scope, skills: &BTreeSet<u32>, most_taught: usize, offer: &Offer, bench: &Bench) -> Self {
        let audience = Audience::new(scope, offer, bench);
        let mut columns = vec![audience.column(audience.places.iter().flatten().copied())];
        columns.push(audience.column(bench.asked.pairs.iter().filter_map(|pair| audience.place_of(*pair))));
        columns.extend(skills.iter().map(|skill| audience.asking(*skill, bench.asked)));
        let mut sums = replicate(&audience.employers, &columns).into_iter();
        let (base, asked) = (sums.next().unwrap_or_default(), sums.next().unwrap_or_default());
        let by_skill: BTreeMap<u32, Vec<u32>> = skills.iter().copied().zip(sums).collect();
        let kept = (bench.spec.top_k as usize).saturating_add(most_taught);
        let largest = (0..REPLICATIONS).into_par_iter().map(|r| largest(&by_skill, r, kept)).collect();
        Self { base, asked, by_skill, largest }
    }

    fn judge(&self, reach: &BTreeMap<u32, Vec<Reach>>, top_k: usize) -> Joint {
        let asking = |skill: &u32| self.by_skill.get(skill).map(Vec::as_slice).unwrap_or_default();
        let drawn = |(skill, reach): (&u32, &Vec<Reach>)| Drawn {
            skill: *skill,
            asking: asking(skill),
            coverage: drawn(reach),
        };
        let taught: Vec<Drawn> = reach.iter().map(drawn).collect();
        let covered = |r: usize| -> f64 { taught.iter().map(|t| t.asking(r) * t.coverage(r)).sum() };
        let of = |counts: &[u32], r: usize| counts.get(r).copied().filter(|n| *n > 0).map(f64::from);
        let per_100 = |t: &Drawn| interval((0..REPLICATIONS).map(|r| Some(100.0 * t.unmet(r) / of(&self.base, r)?)));
        let (top, valid) = self.top(&taught, top_k);
        Joint {
            coverage: interval((0..REPLICATIONS).map(|r| Some(covered(r) / of(&self.asked, r)?))),
            unmet: taught.iter().filter_map(|t| Some((t.skill, per_100(t)?))).collect(),
            top: top.into_iter().map(|(skill, times)| (skill, f64::from(times) / f64::from(valid.max(1)))).collect(),
            is_told: valid > 0,
        }
    }

    /// How often each skill is among the largest by unmet demand, and replications that have any posting; ties at the edge
    /// all count.
    fn top(&self, taught: &[Drawn], top_k: usize) -> (BTreeMap<u32, u32>, u32) {
        let (mut times, mut valid): (BTreeMap<u32, u32>, u32) = (BTreeMap::new(), 0);
        let is_taught = |skill: u32| taught.binary_search_by_key(&skill, |t| t.skill).is_ok();
        let mut values: Vec<(f64, u32)> = Vec::new();
        for (replication, largest) in self.largest.iter().enumerate() {
            if self.base.get(replication).is_none_or(|base| *base == 0) || top_k == 0 {
                continue;
            }
            valid += 1;
            values.clear();
            values.extend(taught.iter().map(|t| (t.unmet(replication), t.skill)));
            let mut edge = 0;
            for (place, (asking, skill)) in largest.iter().filter(|(_, skill)| !is_taught(*skill)).enumerate() {
                if place >= top_k && *asking < edge {
                    break;
                }
                edge = *asking;
                values.push((f64::from(*asking), *skill));
            }
            values.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let edge = values.get(top_k.min(values.len()).saturating_sub(1)).map_or(f64::INFINITY, |v| v.0);
            for (_, skill) in values.iter().take_while(|v| v.0 >= edge && v.0 > 0.0) {
                *times.entry(*skill).or_default() += 1;
            }
        }
        (times, valid)
    }
}

/// The most asked for in a replication, by count, then code.
fn largest(by_skill: &BTreeMap<u32, Vec<u32>>, replication: usize, kept: usize) -> Vec<(u32, u32)> {
    let asking = |(skill, sums): (&u32, &Vec<u32>)| Some((*sums.get(replication)?, *skill));
    let mut all: Vec<(u32, u32)> = by_skill.iter().filter_map(asking).collect();
    all.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    all.truncate(kept);
    all
}

/// Coverage in each replication: the largest grade among the matches that are true in it.
fn drawn(reach: &[Reach]) -> Vec<f64> {
    let largest = |replication: usize| {
        let true_ones = reach.iter().filter(|r| happens(r.key, replication, r.score));
        true_ones.map(|r| r.grade).fold(0.0, f64::max)
    };
    (0..REPLICATIONS).map(largest).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Four replications of three skills, the second without any posting.
    fn replicated() -> Replicated {
        let by_skill = BTreeMap::from([(1, vec![4, 0, 10, 20]), (2, vec![4, 0, 20, 20]), (3, vec![4, 0, 5, 3])]);
        let largest = (0..4).map(|r| largest(&by_skill, r, 3)).collect();
        Replicated { base: vec![10, 0, 20, 40], asked: vec![10, 0, 30, 40], by_skill, largest }
    }

    /// A match of half a skill that is right in every replication.
    fn half() -> BTreeMap<u32, Vec<Reach>> {
        BTreeMap::from([(1, vec![Reach { grade: 0.5, score: 1.0, key: 9 }])])
    }

    fn near((low, high): (f64, f64), expected: (f64, f64)) {
        assert!((low - expected.0).abs() < 1e-9 && (high - expected.1).abs() < 1e-9, "{low} {high}");
    }

    #[test]
    fn intervals_are_quantiles_of_the_replications_that_have_postings() {
        let joint = replicated().judge(&half(), 1);
        // numpy: quantile([20, 25, 25], [.025, .975]) and quantile([2 / 10, 5 / 30, 10 / 40], [.025, .975]).
        near(joint.unmet[&1], (20.25, 25.0));
        near(joint.coverage.unwrap(), (0.168_333_333_333, 0.247_5));
        assert_eq!(joint.unmet.keys().collect::<Vec<_>>(), [&1]);
        let nothing = Replicated { base: vec![0; 4], asked: vec![0; 4], ..replicated() }.judge(&half(), 1);
        assert_eq!((nothing.coverage, nothing.unmet.len(), nothing.top.len(), nothing.is_told), (None, 0, 0, false));
    }

    #[test]
    fn a_skill_is_among_the_largest_in_the_replications_that_put_it_there_and_ties_at_the_edge_all_count() {
        let top = |k: usize| replicated().judge(&half(), k).top.into_iter().collect::<Vec<_>>();
        // Unmet 2, 4, 4; then 5, 20, 5; then 10, 20, 3.
        assert_eq!(top(1), [(2, 1.0), (3, 1.0 / 3.0)]);
        assert_eq!(top(2), [(1, 2.0 / 3.0), (2, 1.0), (3, 2.0 / 3.0)]);
        assert_eq!(top(3), [(1, 1.0), (2, 1.0), (3, 1.0)]);
        assert!(top(0).is_empty());
    }

    #[test]
    fn the_largest_come_by_count_then_code() {
        let by_skill = replicated().by_skill;
        assert_eq!(largest(&by_skill, 3, 2), [(20, 1), (20, 2)]);
        assert_eq!(largest(&by_skill, 2, 9), [(20, 2), (10, 1), (5, 3)]);
        assert!(largest(&by_skill, 4, 9).is_empty());
    }
}
