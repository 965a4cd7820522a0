//! Demand beside what is taught of it: unmet demand, its rank and what it suggests.

use crate::measure::adjust::adjusted::Adjusted;
use crate::measure::adjust::cube::demand;
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::intervals::last_tied;
use crate::measure::count::mentions::Asked;
use crate::measure::count::suppression::Publication;
use crate::measure::count::window::Window;
use crate::measure::offer::coverage::Best;
use crate::measure::offer::joint::Joint;
use crate::measure::offer::plans::ProgrammePlan;
use crate::measure::{ALL, MeasureSpec, NamedSkill, PORTFOLIO};
use crate::types::{Gap, GapStatus};
use std::collections::BTreeMap;

/// Coverage under which a skill counts as untaught.
const UNTAUGHT: f64 = 0.25;
/// Coverage from which a skill counts as taught.
const TAUGHT: f64 = 0.5;
/// Coverage above which there is nothing left to strengthen.
const WELL_TAUGHT: f64 = 0.75;

/// The demand a verdict is drawn from.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// Shares by cell.
    pub shares: &'a Shares<'a>,
    /// Weighted and corrected shares beside them.
    pub adjusted: &'a Adjusted,
    /// Which posting asks for what.
    pub asked: &'a Asked,
    /// The postings.
    pub window: &'a Window,
    /// Names by skill code.
    pub names: &'a [NamedSkill],
    /// Rules of the plan.
    pub spec: &'a MeasureSpec,
}

/// A skill before it is spelt out.
struct Candidate<'a> {
    skill: u32,
    share: Share,
    best: Option<&'a Best>,
    /// Unmet demand per 100 with its interval; absent when withheld.
    unmet: Option<(f64, f64, f64)>,
}

impl<'a> Candidate<'a> {
    fn new(skill: u32, share: Share, best: Option<&'a Best>) -> Self {
        let rest = 100.0 * (1.0 - best.map_or(0.0, |b| b.coverage));
        let unmet = share.value.map(|(share, low, high)| (share * rest, low * rest, high * rest));
        Self { skill, share, best, unmet }
    }

    /// Takes the interval that holds the error of matching too; the point is never outside.
    fn widen(&mut self, ends: Option<(f64, f64)>) {
        if let (Some(unmet), Some((low, high))) = (&mut self.unmet, ends) {
            (unmet.1, unmet.2) = (low.min(unmet.0), high.max(unmet.0));
        }
    }

    fn coverage(&self) -> f64 {
        self.best.map_or(0.0, |b| b.coverage)
    }
}

/// Gaps of a programme by rank. The portfolio lists every skill, a programme the first `gap_rows` and what it teaches.
pub fn gaps(programme: &ProgrammePlan, taught: &BTreeMap<u32, Best>, joint: &Joint, bench: &Bench) -> Vec<Gap> {
    let Bench { shares, asked, names, spec, .. } = *bench;
    let cell = shares.cells.code(programme.scope);
    let publication = cell.and_then(|c| shares.cells.get(c)).map_or(Publication::Withheld, |c| c.publication);
    let candidates = candidates(programme, taught, joint, shares, asked);
    let ties = last_tied(candidates.iter().map(|c| c.unmet.map(|u| c.share.ends(u.1, u.2, publication, spec))));
    let mut partly_taught = 0;
    let mut gaps = Vec::new();
    for ((position, candidate), tied_to) in (1..).zip(&candidates).zip(ties) {
        let rank = candidate.unmet.map(|_| position);
        if (UNTAUGHT..=WELL_TAUGHT).contains(&candidate.coverage()) {
            partly_taught += 1;
        }
        let place = if candidate.coverage() < UNTAUGHT { position } else { partly_taught };
        let status = status(candidate, place, publication, spec);
        let kept = programme.id == PORTFOLIO || position as usize <= spec.gap_rows || candidate.best.is_some();
        if let Some(name) = names.get(candidate.skill as usize).filter(|_| kept) {
            let mut gap = gap(&programme.id, candidate, name, rank, tied_to, status);
            bench.adjusted.apply(cell, candidate.skill, &mut gap.demand);
            let published = rank.is_some() && joint.is_told;
            gap.top_probability = published.then(|| joint.top.get(&candidate.skill).copied().unwrap_or_default());
            gaps.push(gap);
        }
    }
    gaps
}

/// Skills asked for or taught, largest unmet demand first.
fn candidates<'a>(
    programme: &ProgrammePlan,
    taught: &'a BTreeMap<u32, Best>,
    joint: &Joint,
    shares: &Shares,
    asked: &Asked,
) -> Vec<Candidate<'a>> {
    let asked_for = shares.cells.code(programme.scope).map(|c| shares.of_cell(c)).unwrap_or_default();
    let mut candidates: Vec<_> =
        asked_for.iter().map(|(skill, share)| Candidate::new(*skill, *share, taught.get(skill))).collect();
    let is_asked = |skill: &u32| asked_for.binary_search_by_key(skill, |a| a.0).is_ok();
    let unseen = taught.iter().filter(|(skill, _)| !is_asked(skill));
    let unseen = unseen.map(|(skill, best)| Candidate::new(*skill, shares.get(programme.scope, *skill), Some(best)));
    candidates.extend(unseen);
    if asked_for.is_empty() && programme.id == PORTFOLIO {
        // Everything is withheld: name what was seen, without figures.
        let seen = (0..asked.skills.len() as u32).filter(|s| !taught.contains_key(s) && !asked.pairs_of(*s).is_empty());
        candidates.extend(seen.map(|skill| Candidate::new(skill, shares.get(programme.scope, skill), None)));
    }
    for candidate in &mut candidates {
        candidate.widen(joint.unmet.get(&candidate.skill).copied());
    }
    let size = |c: &Candidate| (c.unmet.map_or(-1.0, |u| u.0), c.share.value.map_or(-1.0, |v| v.0));
    candidates.sort_by(|a, b| {
        let ((a_unmet, a_share), (b_unmet, b_share)) = (size(a), size(b));
        b_unmet.total_cmp(&a_unmet).then(b_share.total_cmp(&a_share)).then(a.skill.cmp(&b.skill))
    });
    candidates
}

/// `place` is the rank among all skills for an untaught one, among those partly taught for the others: half of a skill
/// being taught must not hide that the other half is asked for.
fn status(candidate: &Candidate, place: u32, publication: Publication, spec: &MeasureSpec) -> GapStatus {
    let Some((_, _, high)) = candidate.share.value else { return GapStatus::Watch };
    let coverage = candidate.coverage();
    let is_rare = high * 100.0 < spec.review_below_per_100;
    let is_large = place <= spec.top_k && candidate.share.asking > 0 && !is_rare;
    let is_large = is_large && !candidate.share.is_thin(publication, spec);
    if coverage >= TAUGHT && is_rare {
        GapStatus::Review
    } else if coverage < UNTAUGHT && is_large {
        GapStatus::Add
    } else if (UNTAUGHT..=WELL_TAUGHT).contains(&coverage) && is_large {
        GapStatus::Strengthen
    } else if coverage >= TAUGHT && candidate.share.asking > 0 {
        GapStatus::Covered
    } else {
        GapStatus::Watch
    }
}

fn gap(
    programme: &str,
    candidate: &Candidate,
    name: &NamedSkill,
    rank: Option<u32>,
    tied_to: Option<u32>,
    status: GapStatus,
) -> Gap {
    Gap {
        programme: programme.to_owned(),
        demand: demand(&name.id, &name.label, (ALL, ALL, ALL), &candidate.share),
        group: name.group.clone(),
        coverage: candidate.coverage(),
        outcome: candidate.best.map(|b| b.outcome.clone()),
        unmet_per_100: candidate.unmet.map(|u| u.0),
        unmet_low: candidate.unmet.map(|u| u.1),
        unmet_high: candidate.unmet.map(|u| u.2),
        rank,
        tied_to,
        top_probability: None,
        status,
        green: name.green,
        digital: name.digital,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::OutcomeId;

    /// Coverage, place, postings that ask, upper end of the share, employers that ask, publication of the cell.
    type Case = (f64, u32, u64, f64, u64, Publication);

    fn of((coverage, place, asking, high, employers, publication): Case) -> GapStatus {
        let outcome = OutcomeId("o".into());
        let best = Best { coverage, grade: 1.0, score: coverage, outcome, linked_skill: "s".into() };
        let value = Some((high / 2.0, high / 4.0, high));
        let spec = MeasureSpec { top_k: 10, review_below_per_100: 1.0, min_employers: 5, ..MeasureSpec::default() };
        let mark = publication.mark(asking, employers, &spec);
        let share = Share { asking, base: 100, employers, sources: 1, effective_n: 100.0, value, mark };
        status(&Candidate::new(0, share, Some(&best)), place, publication, &spec)
    }

    #[test]
    fn a_status_is_the_one_of_the_table_of_the_method_up_to_its_edges() {
        use GapStatus::{Add, Covered, Review, Strengthen, Watch};
        use Publication::{EmployersUnknown, Published};
        let table: [(Case, GapStatus); 21] = [
            ((0.0, 10, 50, 0.2, 9, Published), Add),
            ((0.0, 11, 50, 0.2, 9, Published), Watch),
            ((0.249, 10, 50, 0.2, 9, Published), Add),
            ((0.25, 10, 50, 0.2, 9, Published), Strengthen),
            ((0.25, 11, 50, 0.2, 9, Published), Watch),
            ((0.5, 10, 50, 0.2, 9, Published), Strengthen),
            ((0.5, 11, 50, 0.2, 9, Published), Covered),
            ((0.75, 10, 50, 0.2, 9, Published), Strengthen),
            ((0.751, 1, 50, 0.2, 9, Published), Covered),
            // Rare: the upper end is under one in a hundred, which is no longer so at one.
            ((0.5, 1, 1, 0.009_9, 9, Published), Review),
            ((0.5, 1, 1, 0.01, 9, Published), Strengthen),
            ((0.9, 20, 0, 0.009_9, 9, Published), Review),
            ((0.499, 1, 1, 0.009_9, 9, Published), Watch),
            ((0.0, 1, 1, 0.009_9, 9, Published), Watch),
            // Nobody asks.
            ((0.9, 1, 0, 0.2, 9, Published), Watch),
            ((0.3, 1, 0, 0.2, 9, Published), Watch),
            ((0.0, 1, 0, 0.2, 9, Published), Watch),
            // Few employers of its own, and all employers unknown.
            ((0.0, 1, 50, 0.2, 4, Published), Watch),
            ((0.3, 1, 50, 0.2, 4, Published), Watch),
            ((0.0, 1, 50, 0.2, 4, EmployersUnknown), Add),
            ((0.3, 1, 50, 0.2, 4, EmployersUnknown), Strengthen),
        ];
        for (case, status) in table {
            assert_eq!(of(case), status, "{case:?}");
        }
    }

    #[test]
    fn an_interval_that_holds_the_error_of_matching_never_leaves_the_point_outside() {
        let share = Share { value: Some((0.4, 0.3, 0.5)), mark: None, ..Share::withheld(100) };
        let mut candidate = Candidate::new(0, share, None);
        assert_eq!((candidate.coverage(), candidate.unmet), (0.0, Some((40.0, 30.0, 50.0))));
        candidate.widen(Some((20.0, 60.0)));
        assert_eq!(candidate.unmet, Some((40.0, 20.0, 60.0)));
        candidate.widen(Some((41.0, 42.0)));
        assert_eq!(candidate.unmet, Some((40.0, 40.0, 42.0)));
        candidate.widen(None);
        assert_eq!(candidate.unmet, Some((40.0, 40.0, 42.0)));
    }

    #[test]
    fn a_skill_is_recommended_from_as_many_employers_on_as_a_published_cell_needs() {
        let add_of = |employers| of((0.0, 1, 50, 0.2, employers, Publication::Published));
        assert_eq!([add_of(4), add_of(5)], [GapStatus::Watch, GapStatus::Add]);
    }
}
