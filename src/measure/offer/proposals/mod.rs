//! Proposed micro-credentials: little-taught skills that postings ask for together, and what offering them would close.

mod communities;
mod edits;
mod profile;
mod together;
mod whatif;

use crate::measure::count::cells::Scope;
use crate::measure::count::demand::Share;
use crate::measure::count::discovery::q_values;
use crate::measure::count::frames::unpack;
use crate::measure::count::intervals::{Ends, last_tied};
use crate::measure::count::suppression::Publication;
use crate::measure::count::window::name_of;
use crate::measure::offer::coverage::{Best, Hierarchy, Taught};
use crate::measure::offer::gaps::Bench;
use crate::measure::offer::plans::{Offer, ProgrammePlan};
use crate::measure::{MeasureInputs, MeasureSpec};
use crate::store::hash_bytes;
use crate::types::{Proposal, ProposalOccupation, ProposalSkill, Proposals};
use communities::{cohesion, communities};
use edits::{Desk, edits};
use profile::{Base, levels, occupations, rows_asking};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use together::{Crowd, LEAST_SHARED, Together, pair_count, place_of};
use whatif::{Change, WhatIf};

/// Coverage from which a skill is not proposed.
const TAUGHT: f64 = 0.5;
/// Coverage under which a skill counts as untaught.
const UNTAUGHT: f64 = 0.25;
/// Skills looked at, the largest unmet demand first.
const MOST_CANDIDATES: usize = 400;
/// Share of the pairs taken to belong together that may do so by chance.
const FALSE_DISCOVERY: f64 = 0.05;
/// Postings that ask for two or more of a proposal's skills, per posting that asks for its most asked one.
const LEAST_TOGETHER: f64 = 0.1;
/// Occupations listed per proposal.
const MOST_OCCUPATIONS: usize = 5;
/// ECTS of a proposal where no ceiling is given.
const DEFAULT_CAP: f64 = 6.0;
/// Rounding allowed in credits, so that 0.1 x 60 is 6.
const TOLERANCE: f64 = 1e-9;

/// The `[proposals]` table of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProposalSpec {
    /// Most ECTS of a proposal; absent = `[credentials].ects_cap_unit`, else below `ects_cap_legal`, else 6.
    pub ects_cap: Option<f64>,
    /// ECTS a skill takes: a planning assumption.
    pub ects_per_skill: f64,
    /// Most proposals.
    pub most: usize,
    /// Fewest skills of a proposal.
    pub least_skills: usize,
    /// Credits it must stay below, from `[credentials].ects_cap_legal`.
    #[serde(skip)]
    pub ects_below: Option<f64>,
}

impl Default for ProposalSpec {
    fn default() -> Self {
        Self { ects_cap: None, ects_per_skill: 1.0, most: 10, least_skills: 2, ects_below: None }
    }
}

impl ProposalSpec {
    /// The spec with the ceilings of the catalogue's rules where it has none of its own; none may reach the legal one.
    #[must_use]
    pub fn under(self, cap_unit: Option<f64>, cap_legal: Option<f64>) -> Self {
        Self { ects_cap: self.ects_cap.or(cap_unit), ects_below: cap_legal, ..self }
    }

    /// The first key whose value cannot be meant.
    ///
    /// # Errors
    /// Key, value and what is expected.
    pub fn validate(&self) -> Result<(), String> {
        let credits = [("ects_cap", self.ects_cap), ("ects_per_skill", Some(self.ects_per_skill))];
        for (key, value) in credits.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            if !(value > 0.0 && value.is_finite()) {
                return Err(format!("proposals.{key} = {value} must be a number of ECTS above 0"));
            }
        }
        let least = self.least_skills;
        if least < 2 {
            return Err(format!("proposals.least_skills = {least} must be 2 or more: skills are proposed together"));
        }
        match self.ects_cap.filter(|_| self.most_skills() < least) {
            Some(cap) => Err(format!(
                "proposals.ects_cap = {cap} has no room for proposals.least_skills = {least} of ects_per_skill = {}; raise the first or lower one of the others",
                self.ects_per_skill
            )),
            None => Ok(()),
        }
    }

    /// Skills that fit.
    fn most_skills(&self) -> usize {
        let none = self.ects_cap.is_none() && self.ects_below.is_none();
        let cap = self.ects_cap.or(none.then_some(DEFAULT_CAP));
        let fitting = cap.map(|cap| (cap / self.ects_per_skill + TOLERANCE).floor());
        let below = self.ects_below.map(|below| (below / self.ects_per_skill - TOLERANCE).ceil() - 1.0);
        let least = fitting.into_iter().chain(below).fold(f64::MAX, f64::min);
        // A cast from a float saturates.
        least as usize
    }
}

/// A skill that is asked for and taught by half at most.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    skill: u32,
    share: Share,
    coverage: f64,
    /// Unmet demand per 100 with its interval.
    unmet: (f64, f64, f64),
    /// Mean over employers of the share of their postings that ask for it.
    mean_share: f64,
}

/// Which candidates are broader than which.
struct Kin(FxHashSet<(u32, u32)>);

impl Kin {
    fn new(candidates: &[Candidate], bench: &Bench, hierarchy: &Hierarchy) -> Self {
        let skills = &bench.asked.skills;
        let above = |code: u32| skills.get(code as usize).map(|id| hierarchy.above(id)).unwrap_or_default();
        let pairs = |c: &Candidate| -> Vec<(u32, u32)> { above(c.skill).into_iter().map(|b| (c.skill, b)).collect() };
        Self(candidates.iter().flat_map(pairs).collect())
    }

    /// Whether one is broader than the other, at any depth.
    fn are(&self, one: u32, other: u32) -> bool {
        self.0.contains(&(one, other)) || self.0.contains(&(other, one))
    }
}

/// Whether enough postings and employers ask for both. Where most postings name no employer, their number says nothing
/// and each stands for one.
fn is_supported(together: &Together, publication: Publication, spec: &MeasureSpec) -> bool {
    let employers = match publication {
        Publication::EmployersUnknown => together.clusters,
        _ => together.employers,
    };
    together.postings >= LEAST_SHARED && employers >= spec.min_employers
}

/// Proposals and edits; none where the postings of the whole window are withheld.
pub fn proposals(inputs: &MeasureInputs, taught: &Taught, bench: &Bench) -> Proposals {
    let none = BTreeMap::new();
    let portfolio = taught.of(0).unwrap_or(&none);
    let cell = bench.shares.cells.code(Scope::WHOLE).and_then(|c| bench.shares.cells.get(c));
    let publication = cell.map_or(Publication::Withheld, |c| c.publication);
    let crowd = Crowd::new(bench.window);
    let candidates = candidates(portfolio, publication, bench, &crowd);
    if candidates.is_empty() {
        return Proposals::default();
    }
    let hierarchy = Hierarchy::new(inputs.taxonomy, bench.asked);
    let kin = Kin::new(&candidates, bench, &hierarchy);
    let what_if = WhatIf::new(bench, &hierarchy, portfolio);
    let (lessons, credentials) = lessons(inputs, bench);
    let workshop = Workshop { inputs, bench, publication, crowd: &crowd, candidates: &candidates };
    let found = workshop.ranked(&workshop.strengths(&kin), &what_if);
    let mut proposals = workshop.rows(&found, &lessons);
    let desk = Desk {
        bench,
        publication,
        crowd: &crowd,
        candidates: &candidates,
        kin: &kin,
        lessons: &lessons,
        credentials: &credentials,
    };
    proposals.edits = edits(&desk, &what_if);
    proposals
}

/// Skills asked for whose coverage is under .5 and whose figures are not thin, by code; the largest unmet demand only.
fn candidates(taught: &BTreeMap<u32, Best>, publication: Publication, bench: &Bench, crowd: &Crowd) -> Vec<Candidate> {
    let asked_for = bench.shares.cells.code(Scope::WHOLE).map(|c| bench.shares.of_cell(c)).unwrap_or_default();
    let candidate = |(skill, share): &(u32, Share)| {
        let coverage = taught.get(skill).map_or(0.0, |b| b.coverage);
        let (value, low, high) = share.value?;
        let rest = 100.0 * (1.0 - coverage);
        let unmet = (value * rest, low * rest, high * rest);
        let is_open = coverage < TAUGHT && share.asking >= LEAST_SHARED && !share.is_thin(publication, bench.spec);
        is_open.then_some(Candidate { skill: *skill, share: *share, coverage, unmet, mean_share: 0.0 })
    };
    let mut candidates: Vec<Candidate> = asked_for.iter().filter_map(candidate).collect();
    candidates.sort_by(|a, b| b.unmet.0.total_cmp(&a.unmet.0).then(a.skill.cmp(&b.skill)));
    candidates.truncate(MOST_CANDIDATES);
    candidates.sort_by_key(|c| c.skill);
    for candidate in &mut candidates {
        let rows = bench.asked.pairs_of(candidate.skill).iter().map(|pair| unpack(*pair).1);
        candidate.mean_share = crowd.mean_share(rows);
    }
    candidates
}

/// What each micro-credential teaches by itself, by the rules of coverage, and their ids.
fn lessons(inputs: &MeasureInputs, bench: &Bench) -> (Taught, Vec<String>) {
    let ids = inputs.credentials.iter().map(|credential| credential.id.0.clone()).collect();
    let programmes = inputs.credentials.iter().map(|credential| ProgrammePlan {
        id: credential.id.0.clone(),
        outcomes: credential.outcomes.iter().collect(),
        scope: Scope::WHOLE,
        title: credential.title.clone(),
        ects: None,
        target_occupations: Vec::new(),
    });
    let offer = Offer { programmes: programmes.collect(), audiences: Vec::new() };
    (Taught::new(inputs, &offer, bench.asked), ids)
}

/// A community with what it would close.
struct Found {
    /// Places among the candidates, largest unmet demand first.
    members: Vec<usize>,
    /// Mean association of each member with the others.
    cohesion: Vec<f64>,
    change: Change,
}

/// What proposals are made from.
struct Workshop<'a> {
    inputs: &'a MeasureInputs<'a>,
    bench: &'a Bench<'a>,
    publication: Publication,
    crowd: &'a Crowd<'a>,
    /// By skill code.
    candidates: &'a [Candidate],
}

impl Workshop<'_> {
    /// Association of every pair of candidates; 0 where too few ask for both, where chance explains it, and where one is
    /// broader than the other: they are alike, not complements.
    fn strengths(&self, kin: &Kin) -> Vec<f64> {
        let codes: Vec<u32> = self.candidates.iter().map(|c| c.skill).collect();
        let sums = self.crowd.pairs(&codes, self.bench.asked);
        let mut ties = Vec::new();
        for (one, a) in self.candidates.iter().enumerate() {
            for (other, b) in self.candidates.iter().enumerate().skip(one + 1) {
                let place = place_of(one, other, codes.len());
                let Some(sum) = sums.get(place) else { continue };
                if is_supported(sum, self.publication, self.bench.spec) && !kin.are(a.skill, b.skill) {
                    ties.extend(self.crowd.tie(sum, a.mean_share, b.mean_share).map(|tie| (place, tie)));
                }
            }
        }
        let mut p: Vec<f64> = ties.iter().map(|(_, tie)| tie.p).collect();
        // That many ask for both is no accident of its own: pairs that were not looked at for it count as looked at.
        p.resize(pair_count(codes.len()).max(p.len()), 1.0);
        let mut strengths = vec![0.0; pair_count(codes.len())];
        for ((place, tie), q) in ties.into_iter().zip(q_values(&p)) {
            if let Some(strength) = strengths.get_mut(place).filter(|_| q <= FALSE_DISCOVERY) {
                *strength = tie.strength;
            }
        }
        strengths
    }

    /// Communities by unmet demand, as many as the plan asks for.
    fn ranked(&self, strengths: &[f64], what_if: &WhatIf) -> Vec<Found> {
        let (spec, count) = (&self.bench.spec.proposals, self.candidates.len());
        let unmet = |place: &usize| self.candidates.get(*place).map_or(0.0, |c| c.unmet.0);
        let mut ranked: Vec<(f64, Vec<usize>)> = Vec::new();
        for mut members in communities(strengths, count, spec.least_skills, spec.most_skills()) {
            let total = members.iter().map(unmet).sum();
            members.sort_by(|a, b| unmet(b).total_cmp(&unmet(a)).then(a.cmp(b)));
            if self.are_asked_together(&members) {
                ranked.push((total, members));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        ranked.truncate(spec.most);
        let codes =
            |members: &[usize]| members.iter().filter_map(|m| self.candidates.get(*m)).map(|c| c.skill).collect();
        let sets: Vec<Vec<u32>> = ranked.iter().map(|(_, members)| codes(members)).collect();
        let found = ranked.into_iter().zip(what_if.changes(&sets));
        found
            .map(|((_, members), change)| Found { cohesion: cohesion(&members, strengths, count), members, change })
            .collect()
    }

    /// A skill that is asked for everywhere makes any company look large: enough of those who ask for the most asked one
    /// must ask for another of them.
    fn are_asked_together(&self, members: &[usize]) -> bool {
        let candidates: Vec<&Candidate> = members.iter().filter_map(|m| self.candidates.get(*m)).collect();
        let skills: Vec<u32> = candidates.iter().map(|c| c.skill).collect();
        let most = candidates.iter().map(|c| c.share.asking).max().unwrap_or_default();
        let (_, together) = rows_asking(&skills, self.bench.asked);
        together.len() as f64 >= LEAST_TOGETHER * most as f64
    }

    fn rows(&self, found: &[Found], lessons: &Taught) -> Proposals {
        let window = self.bench.window;
        let whole = Base::new(window, 0..window.rows.len() as u32);
        let mut rows = Proposals::default();
        let ends = |f: &Found| Ends { low: f.change.unmet.low, high: f.change.unmet.high, is_firm: true };
        let ties = last_tied(found.iter().map(|f| Some(ends(f))));
        for ((rank, one), tied_to) in (1..).zip(found).zip(ties) {
            let skills: Vec<u32> =
                one.members.iter().filter_map(|m| self.candidates.get(*m)).map(|c| c.skill).collect();
            let id = self.id(&skills);
            let (any, together) = rows_asking(&skills, self.bench.asked);
            let base = Base::new(window, together.iter().copied());
            let occupations = occupations(window, &together).into_iter().take(MOST_OCCUPATIONS);
            let occupations =
                (1..).zip(occupations).map(|(rank, (code, own))| self.occupation(&id, rank, code, &base.part(&own)));
            rows.occupations.extend(occupations);
            rows.skills.extend(self.skills(&id, one));
            let mut proposal = self.proposal(one, &whole.part(&any), &whole.part(&together));
            (proposal.eqf_low, proposal.eqf_high, proposal.eqf_count) = match levels(window, &together) {
                (Some((low, high)), count) => (Some(low), Some(high), count),
                (None, count) => (None, None, count),
            };
            (proposal.overlap_credential, proposal.overlap_title, proposal.overlap_share) =
                self.overlap(&skills, lessons);
            proposal.title = Proposals::title(skills.iter().map(|skill| self.name(*skill).1));
            (proposal.proposal, proposal.rank, proposal.tied_to) = (id, rank, tied_to.unwrap_or(rank));
            rows.proposals.push(proposal);
        }
        rows
    }

    /// Id and name of a skill.
    fn name(&self, skill: u32) -> (&str, &str) {
        self.bench.names.get(skill as usize).map_or(("", ""), |n| (&n.id, &n.label))
    }

    fn id(&self, skills: &[u32]) -> String {
        let mut ids: Vec<&str> = skills.iter().map(|skill| self.name(*skill).0).collect();
        ids.sort_unstable();
        hash_bytes(ids.join("\0").as_bytes()).chars().take(16).collect()
    }

    /// Figures of a proposal; its names come after.
    fn proposal(&self, found: &Found, any: &profile::Part, together: &profile::Part) -> Proposal {
        let (count, change) = (found.members.len(), &found.change);
        Proposal {
            proposal: String::new(),
            title: String::new(),
            rank: 0,
            tied_to: 0,
            skill_count: count as u32,
            ects: count as f64 * self.bench.spec.proposals.ects_per_skill,
            posting_count: any.postings,
            base_count: any.base,
            employer_count: any.employers,
            source_count: any.sources,
            share: any.share,
            share_low: any.low,
            share_high: any.high,
            together_count: together.postings,
            together_employers: together.employers,
            together_sources: together.sources,
            together_share: together.share,
            together_low: together.low,
            together_high: together.high,
            association: found.cohesion.iter().sum::<f64>() / count.max(1) as f64,
            eqf_low: None,
            eqf_high: None,
            eqf_count: 0,
            overlap_credential: None,
            overlap_title: None,
            overlap_share: 0.0,
            unmet_per_100: change.unmet.value,
            unmet_low: change.unmet.low,
            unmet_high: change.unmet.high,
            coverage_before: change.before,
            coverage_after: change.before + change.closed.value / 100.0,
            closed_points: change.closed.value,
            closed_low: change.closed.low,
            closed_high: change.closed.high,
            mark: together.mark(self.publication, self.bench.spec),
        }
    }

    fn skills(&self, id: &str, found: &Found) -> Vec<ProposalSkill> {
        let members = found.members.iter().filter_map(|m| self.candidates.get(*m)).zip(&found.cohesion);
        let row = |(rank, (candidate, association)): (u32, (&Candidate, &f64))| {
            let (skill, label) = self.name(candidate.skill);
            let share = &candidate.share;
            let (value, low, high) = share.value.unwrap_or_default();
            ProposalSkill {
                proposal: id.to_owned(),
                rank,
                skill: skill.to_owned(),
                label: label.to_owned(),
                posting_count: share.asking,
                base_count: share.base,
                employer_count: share.employers,
                source_count: share.sources,
                share: value,
                share_low: low,
                share_high: high,
                coverage: candidate.coverage,
                unmet_per_100: candidate.unmet.0,
                unmet_low: candidate.unmet.1,
                unmet_high: candidate.unmet.2,
                association: *association,
                mark: share.mark,
            }
        };
        (1..).zip(members).map(row).collect()
    }

    fn occupation(&self, id: &str, rank: u32, code: u32, part: &profile::Part) -> ProposalOccupation {
        let (taxonomy, language) = (self.inputs.taxonomy, self.bench.spec.language);
        let occupation = name_of(&self.bench.window.occupations, code + 1);
        let known = taxonomy.occupation_index(occupation).and_then(|i| taxonomy.occupations.get(i));
        ProposalOccupation {
            proposal: id.to_owned(),
            rank,
            occupation: occupation.to_owned(),
            occupation_name: known.map_or(occupation, |o| o.name(language)).to_owned(),
            posting_count: part.postings,
            base_count: part.base,
            employer_count: part.employers,
            source_count: part.sources,
            share: part.share,
            share_low: part.low,
            share_high: part.high,
            mark: part.mark(self.publication, self.bench.spec),
        }
    }

    /// Id and title of the micro-credential that covers most of the skills at .25 or more, and the share it covers; of
    /// several the one that covers them better, then the first by id.
    fn overlap(&self, skills: &[u32], lessons: &Taught) -> (Option<String>, Option<String>, f64) {
        let mut best: Option<(usize, f64, &str, &str)> = None;
        for (place, credential) in self.inputs.credentials.iter().enumerate() {
            let own = lessons.of(place);
            let covered: Vec<f64> = skills
                .iter()
                .filter_map(|skill| own?.get(skill).map(|b| b.coverage))
                .filter(|coverage| *coverage >= UNTAUGHT)
                .collect();
            let new = (covered.len(), covered.iter().sum::<f64>(), credential.id.0.as_str(), credential.title.as_str());
            let is_better = |old: &(usize, f64, &str, &str)| {
                new.0.cmp(&old.0).then(new.1.total_cmp(&old.1)).then(old.2.cmp(new.2)).is_gt()
            };
            if new.0 > 0 && best.as_ref().is_none_or(is_better) {
                best = Some(new);
            }
        }
        let share = best.map_or(0.0, |b| b.0 as f64 / skills.len().max(1) as f64);
        (best.map(|b| b.2.to_owned()), best.map(|b| b.3.to_owned()), share)
    }
}
