//! Skills that a micro-credential could take up: little taught anywhere, asked for together with what it teaches.

use super::together::{Crowd, Tally, Tie, Together};
use super::whatif::{Change, WhatIf};
use super::{Candidate, FALSE_DISCOVERY, Kin, TAUGHT, UNTAUGHT, is_supported};
use crate::measure::count::discovery::q_values;
use crate::measure::count::frames::unpack;
use crate::measure::count::suppression::Publication;
use crate::measure::offer::coverage::{Best, Taught};
use crate::measure::offer::gaps::Bench;
use crate::types::{OutcomeEdit, OutcomeId};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Skills listed per micro-credential.
const MOST: usize = 5;

/// What edits are drawn from.
pub struct Desk<'a> {
    /// Demand and rules.
    pub bench: &'a Bench<'a>,
    /// Whether and how the postings may be shown.
    pub publication: Publication,
    /// Employers.
    pub crowd: &'a Crowd<'a>,
    /// Skills little taught.
    pub candidates: &'a [Candidate],
    /// Which of them are broader than which.
    pub kin: &'a Kin,
    /// What each micro-credential teaches, in the order of `credentials`.
    pub lessons: &'a Taught,
    /// Ids of the micro-credentials.
    pub credentials: &'a [String],
}

/// A skill beside a micro-credential.
struct Edit<'a> {
    credential: &'a str,
    rank: u32,
    candidate: &'a Candidate,
    together: Together,
    tie: Tie,
    /// Outcome to edit and the skill it is linked to.
    beside: Option<(OutcomeId, String)>,
}

/// Edits by micro-credential and rank.
pub fn edits(desk: &Desk, what_if: &WhatIf) -> Vec<OutcomeEdit> {
    let mut order: Vec<(usize, &str)> = desk.credentials.iter().map(String::as_str).enumerate().collect();
    order.sort_by(|a, b| a.1.cmp(b.1).then(a.0.cmp(&b.0)));
    let found: Vec<Vec<Edit>> = order
        .par_iter()
        .map_init(|| desk.crowd.tally(), |tally, &(place, id)| desk.of_credential(place, id, tally))
        .collect();
    let found: Vec<Edit> = found.into_iter().flatten().collect();
    let skills: BTreeSet<u32> = found.iter().map(|edit| edit.candidate.skill).collect();
    let sets: Vec<Vec<u32>> = skills.iter().map(|skill| vec![*skill]).collect();
    let changes: BTreeMap<u32, Change> = skills.into_iter().zip(what_if.changes(&sets)).collect();
    found.iter().filter_map(|edit| Some(desk.row(edit, changes.get(&edit.candidate.skill)?))).collect()
}

impl<'a> Desk<'a> {
    fn of_credential(&self, place: usize, id: &'a str, tally: &mut Tally) -> Vec<Edit<'a>> {
        let asked = self.bench.asked;
        let taught = self.lessons.of(place).into_iter().flatten();
        let taught: Vec<(u32, &Best)> = taught.filter(|(_, b)| b.coverage >= TAUGHT).map(|(s, b)| (*s, b)).collect();
        let rows = taught.iter().flat_map(|(skill, _)| asked.pairs_of(*skill)).map(|pair| unpack(*pair).1);
        let mut teaches = vec![false; self.bench.window.rows.len()];
        for row in rows {
            if let Some(flag) = teaches.get_mut(row as usize) {
                *flag = true;
            }
        }
        let own = self.crowd.mean_share((0..).zip(&teaches).filter(|(_, flag)| **flag).map(|(row, _)| row));
        if own <= 0.0 {
            return Vec::new();
        }
        let is_kin = |c: &Candidate| taught.iter().any(|(skill, _)| self.kin.are(c.skill, *skill));
        let tried = self.candidates.len();
        let open = self.candidates.iter().filter(|c| c.coverage < UNTAUGHT && !is_kin(c));
        let mut found = Vec::new();
        for candidate in open {
            let rows = asked.pairs_of(candidate.skill).iter().map(|pair| unpack(*pair).1);
            let both = rows.filter(|row| teaches.get(*row as usize) == Some(&true));
            let together = self.crowd.together(both, tally);
            let tie = self.crowd.tie(&together, own, candidate.mean_share);
            if let Some(tie) = tie.filter(|_| is_supported(&together, self.publication, self.bench.spec)) {
                found.push(Edit { credential: id, rank: 0, candidate, together, tie, beside: None });
            }
        }
        let mut found = told_from_chance(found, tried);
        found.sort_by(|a, b| b.tie.strength.total_cmp(&a.tie.strength).then(a.candidate.skill.cmp(&b.candidate.skill)));
        found.truncate(MOST);
        for (rank, edit) in (1..).zip(&mut found) {
            (edit.rank, edit.beside) = (rank, self.nearest(edit.candidate, &taught, tally));
        }
        found
    }

    /// The outcome whose skill is asked for together with the candidate most strongly.
    fn nearest(
        &self,
        candidate: &Candidate,
        taught: &[(u32, &Best)],
        tally: &mut Tally,
    ) -> Option<(OutcomeId, String)> {
        let asked = self.bench.asked;
        let rows = |skill: u32| asked.pairs_of(skill).iter().map(|pair| unpack(*pair).1);
        let own: BTreeSet<u32> = rows(candidate.skill).collect();
        let mut best: Option<(f64, &Best)> = None;
        for (skill, lesson) in taught {
            let together = self.crowd.together(rows(*skill).filter(|row| own.contains(row)), tally);
            let mean_share = self.crowd.mean_share(rows(*skill));
            let Some(tie) = self.crowd.tie(&together, mean_share, candidate.mean_share) else { continue };
            if best.is_none_or(|(strength, _)| tie.strength > strength) {
                best = Some((tie.strength, lesson));
            }
        }
        best.map(|(_, lesson)| (lesson.outcome.clone(), lesson.linked_skill.clone()))
    }

    fn row(&self, edit: &Edit, change: &Change) -> OutcomeEdit {
        let Candidate { share, coverage, unmet, .. } = *edit.candidate;
        let name = self.bench.names.get(edit.candidate.skill as usize);
        let (value, low, high) = share.value.unwrap_or_default();
        let (outcome, linked_skill) = edit.beside.clone().unzip();
        OutcomeEdit {
            credential: edit.credential.to_owned(),
            rank: edit.rank,
            skill: name.map(|n| n.id.clone()).unwrap_or_default(),
            label: name.map(|n| n.label.clone()).unwrap_or_default(),
            outcome,
            linked_skill,
            shared_count: edit.together.postings,
            shared_employers: edit.together.employers,
            association: edit.tie.strength,
            posting_count: share.asking,
            base_count: share.base,
            employer_count: share.employers,
            source_count: share.sources,
            share: value,
            share_low: low,
            share_high: high,
            coverage,
            unmet_per_100: unmet.0,
            unmet_low: unmet.1,
            unmet_high: unmet.2,
            closed_points: change.closed.value,
            closed_low: change.closed.low,
            closed_high: change.closed.high,
            mark: share.mark,
        }
    }
}

/// Those that chance does not explain, all candidates beside one micro-credential being tested together.
fn told_from_chance(edits: Vec<Edit>, tried: usize) -> Vec<Edit> {
    let mut p: Vec<f64> = edits.iter().map(|edit| edit.tie.p).collect();
    p.resize(tried.max(p.len()), 1.0);
    edits.into_iter().zip(q_values(&p)).filter(|(_, q)| *q <= FALSE_DISCOVERY).map(|(edit, _)| edit).collect()
}
