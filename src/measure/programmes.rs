//! The verdict on each programme: how much of the demand it covers, what to add, strengthen, review.

use super::cells::Scope;
use super::coverage::{Best, Taught};
use super::frames::unpack;
use super::gaps::{Bench, gaps};
use super::intervals::percentile_interval;
use super::mentions::Asked;
use super::offer::{Offer, ProgrammePlan};
use super::suppression::Publication;

use crate::types::{Gap, GapStatus, LearningOutcome, Linked, ProgrammeFinding, Verdict};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Replications of the bootstrap over employers.
const REPLICATIONS: usize = 200;

/// Longest list of skills to add, strengthen or review.
const LIST_LENGTH: usize = 5;

/// Coverage is added up in millionths, so that the sum does not depend on its order.
const MILLION: f64 = 1e6;

/// Judges the portfolio, then each programme.
pub fn judge(offer: &Offer, taught: &Taught, links: &[Linked], bench: &Bench) -> (Vec<ProgrammeFinding>, Vec<Gap>) {
    let linked = linked_outcomes(links);
    let intervals = intervals(offer, taught, bench);
    let (mut findings, mut all_gaps) = (Vec::new(), Vec::new());
    let none = BTreeMap::new();
    for ((place, programme), interval) in offer.programmes.iter().enumerate().zip(intervals) {
        let own = taught.of(place).unwrap_or(&none);
        let gaps = gaps(programme, own, bench);
        let is_linked = |o: &&&LearningOutcome| linked.contains(o.id.0.as_str());
        let outcome_linked_count = programme.outcomes.iter().filter(is_linked).count() as u64;
        findings.push(ProgrammeFinding { outcome_linked_count, ..bench.finding(programme, own, &gaps, interval) });
        all_gaps.extend(gaps);
    }
    (findings, all_gaps)
}

fn linked_outcomes(links: &[Linked]) -> FxHashSet<&str> {
    let accepted = links.iter().filter(|l| l.links.iter().any(|link| link.verdict == Verdict::Accepted));
    accepted.map(|l| l.outcome.0.as_str()).collect()
}

impl Bench<'_> {
    fn finding(
        &self,
        programme: &ProgrammePlan,
        taught: &BTreeMap<u32, Best>,
        gaps: &[Gap],
        interval: Option<(f64, f64)>,
    ) -> ProgrammeFinding {
        let cell = self.shares.cells.code(programme.scope).and_then(|c| self.shares.cells.get(c));
        let publication = cell.map_or(Publication::Withheld, |c| c.publication);
        let list = |status: GapStatus| {
            let skills = gaps.iter().filter(|g| g.status == status).map(|g| g.demand.skill.clone());
            skills.take(LIST_LENGTH).collect()
        };
        let coverage = self.coverage(programme.scope, taught);
        ProgrammeFinding {
            programme: programme.id.clone(),
            title: programme.title.clone(),
            ects: programme.ects,
            outcome_count: programme.outcomes.len() as u64,
            outcome_linked_count: 0,
            base_count: cell.map_or(0, |c| c.clusters.base),
            employer_count: cell.map_or(0, |c| c.employers),
            source_count: cell.map_or(0, |c| c.sources),
            coverage,
            coverage_low: coverage.and(interval).map(|i| i.0),
            coverage_high: coverage.and(interval).map(|i| i.1),
            target_occupations: programme.target_occupations.clone(),
            add: list(GapStatus::Add),
            strengthen: list(GapStatus::Strengthen),
            review: review_list(gaps),
            mark: publication.mark(0, 0, self.spec),
        }
    }

    /// `sum share x coverage / sum share`; shares of one cell have one base, so counts do.
    fn coverage(&self, scope: Scope, taught: &BTreeMap<u32, Best>) -> Option<f64> {
        let rows = self.shares.of_cell(self.shares.cells.code(scope)?);
        let weight = |skill: &u32| taught.get(skill).map_or(0, |b| millionths(b.coverage));
        let asked: u64 = rows.iter().map(|(_, share)| share.asking).sum();
        let covered: u64 = rows.iter().map(|(skill, share)| share.asking * weight(skill)).sum();
        (asked > 0).then(|| covered as f64 / MILLION / asked as f64)
    }
}

/// Skills to review, the least asked for first: they come last by unmet demand.
fn review_list(gaps: &[Gap]) -> Vec<String> {
    let mut review: Vec<&Gap> = gaps.iter().filter(|g| g.status == GapStatus::Review).collect();
    let upper = |g: &Gap| g.demand.share_high.unwrap_or(1.0);
    review.sort_by(|a, b| {
        let asked = a.demand.posting_count.cmp(&b.demand.posting_count);
        asked.then(upper(a).total_cmp(&upper(b))).then_with(|| a.demand.skill.cmp(&b.demand.skill))
    });
    review.into_iter().take(LIST_LENGTH).map(|g| g.demand.skill.clone()).collect()
}

fn millionths(coverage: f64) -> u64 {
    (coverage.clamp(0.0, 1.0) * MILLION).round() as u64
}

/// Postings of a scope by employer.
struct Audience {
    /// Employer's place by posting row.
    places: Vec<Option<u32>>,
    /// Asked-for skills by employer: the denominator.
    asked: Vec<u64>,
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
        let mut place = |row: &super::window::Row| {
            let inside = targets.is_none() || row.occupation.is_some_and(|o| is_target.get(o as usize) == Some(&true));
            let next = codes.len() as u32;
            inside.then(|| *codes.entry(row.employer).or_insert(next))
        };
        let places: Vec<_> = window.rows.iter().map(&mut place).collect();
        let mut asked = vec![0; codes.len()];
        for pair in &bench.asked.pairs {
            if let Some(count) = place_of(&places, *pair).and_then(|p| asked.get_mut(p as usize)) {
                *count += 1;
            }
        }
        Self { places, asked }
    }

    /// Covered skills, in millionths, by employer; only employers with some.
    fn covered(&self, taught: &BTreeMap<u32, Best>, asked: &Asked) -> Vec<(u32, u64)> {
        let mut covered: BTreeMap<u32, u64> = BTreeMap::new();
        for (skill, best) in taught {
            let weight = millionths(best.coverage);
            for place in asked.pairs_of(*skill).iter().filter_map(|pair| place_of(&self.places, *pair)) {
                *covered.entry(place).or_default() += weight;
            }
        }
        covered.into_iter().collect()
    }
}

fn place_of(places: &[Option<u32>], pair: u64) -> Option<u32> {
    places.get(unpack(pair).1 as usize).copied().flatten()
}

/// 95 % intervals of coverage: employers are drawn with replacement, since postings of one employer are alike.
fn intervals(offer: &Offer, taught: &Taught, bench: &Bench) -> Vec<Option<(f64, f64)>> {
    let mut by_scope: BTreeMap<Scope, Vec<usize>> = BTreeMap::new();
    for (place, programme) in offer.programmes.iter().enumerate() {
        by_scope.entry(programme.scope).or_default().push(place);
    }
    let mut intervals = vec![None; offer.programmes.len()];
    for (scope, members) in by_scope {
        let audience = Audience::new(scope, offer, bench);
        let covered: Vec<_> = members
            .iter()
            .map(|m| taught.of(*m).map(|t| audience.covered(t, bench.asked)).unwrap_or_default())
            .collect();
        let replicated = replicate(&audience.asked, &covered);
        for (member, shares) in members.into_iter().zip(replicated) {
            if let Some(slot) = intervals.get_mut(member) {
                *slot = percentile_interval(shares);
            }
        }
    }
    intervals
}

/// Coverage of each programme in each replication.
fn replicate(asked: &[u64], covered: &[Vec<(u32, u64)>]) -> Vec<Vec<f64>> {
    let mut shares = vec![Vec::with_capacity(REPLICATIONS); covered.len()];
    if asked.is_empty() {
        return shares;
    }
    // One seed for all: the draws differ by the number of employers only, and a rerun repeats them.
    let mut random = Random(0x5EED);
    let mut times = vec![0_u32; asked.len()];
    for _ in 0..REPLICATIONS {
        times.fill(0);
        for _ in 0..asked.len() {
            if let Some(count) = times.get_mut(random.below(asked.len())) {
                *count += 1;
            }
        }
        let drawn = |place: u32| times.get(place as usize).copied().map_or(0, u64::from);
        let base: u64 = (0..).zip(asked).map(|(place, count)| drawn(place) * count).sum();
        for (shares, covered) in shares.iter_mut().zip(covered).filter(|_| base > 0) {
            let sum: u64 = covered.iter().map(|(place, weight)| drawn(*place) * weight).sum();
            shares.push(sum as f64 / MILLION / base as f64);
        }
    }
    shares
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number under `limit`, by multiplication: the bias is under 2^-32 for any number of employers.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}
