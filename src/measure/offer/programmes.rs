//! The verdict on each programme: how much of the demand it covers, what to add, strengthen, review.

use crate::measure::count::cells::Scope;
use crate::measure::count::suppression::Publication;
use crate::measure::offer::coverage::{Best, MILLION, Taught, millionths};
use crate::measure::offer::gaps::{Bench, gaps};
use crate::measure::offer::joint::joint;
use crate::measure::offer::plans::{Offer, ProgrammePlan};

use crate::types::{Gap, GapStatus, LearningOutcome, Linked, ProgrammeFinding, Verdict};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Longest list of skills to add, strengthen or review.
const LIST_LENGTH: usize = 5;

/// Judges the portfolio, then each programme.
pub fn judge(offer: &Offer, taught: &Taught, links: &[Linked], bench: &Bench) -> (Vec<ProgrammeFinding>, Vec<Gap>) {
    let linked = linked_outcomes(links);
    let joints = joint(offer, taught, bench);
    let (mut findings, mut all_gaps) = (Vec::new(), Vec::new());
    let none = BTreeMap::new();
    for ((place, programme), joint) in offer.programmes.iter().enumerate().zip(&joints) {
        let own = taught.of(place).unwrap_or(&none);
        let gaps = gaps(programme, own, joint, bench);
        let is_linked = |o: &&&LearningOutcome| linked.contains(o.id.0.as_str());
        let outcome_linked_count = programme.outcomes.iter().filter(is_linked).count() as u64;
        findings
            .push(ProgrammeFinding { outcome_linked_count, ..bench.finding(programme, own, &gaps, joint.coverage) });
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
            coverage_low: coverage.zip(interval).map(|(c, i)| i.0.min(c)),
            coverage_high: coverage.zip(interval).map(|(c, i)| i.1.max(c)),
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
