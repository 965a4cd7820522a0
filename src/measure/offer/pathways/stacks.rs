//! Stacks: credentials that count towards a larger one, as their providers state it.

use super::choose::Cover;
use super::profile::{Profile, ends};
use super::{Desk, HALF};
use crate::types::{Credential, Stack};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Skills named of a stack.
const NAMED: usize = 10;

/// Which credential of the catalogue leads to which, by place.
pub struct Ladder {
    /// The larger credential that each counts towards.
    larger: Vec<Option<usize>>,
    /// The credential that each asks for before, where that is named by id or title.
    before: Vec<Option<usize>>,
}

impl Ladder {
    /// Looks up what providers name, by id, then by title.
    pub fn new(credentials: &[Credential]) -> Self {
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        for (place, credential) in credentials.iter().enumerate() {
            places.entry(plain(&credential.id.0)).or_insert(place);
        }
        for (place, credential) in credentials.iter().enumerate() {
            places.entry(plain(&credential.title)).or_insert(place);
        }
        let find = |name: &Option<String>, own: usize| {
            name.as_ref().and_then(|name| places.get(&plain(name)).copied()).filter(|place| *place != own)
        };
        let larger = credentials.iter().enumerate().map(|(own, c)| find(&c.stacks_into, own)).collect();
        let before = credentials.iter().enumerate().map(|(own, c)| find(&c.prerequisites, own)).collect();
        Self { larger, before }
    }

    /// Whether `a` has to stand before `b`: it counts towards it, directly or by steps between, or `b` asks for it.
    pub fn leads_to(&self, a: usize, b: usize) -> bool {
        let mut seen = BTreeSet::from([a]);
        let mut at = self.larger.get(a).copied().flatten();
        while let Some(place) = at.filter(|place| seen.insert(*place)) {
            if place == b {
                return true;
            }
            at = self.larger.get(place).copied().flatten();
        }
        self.before.get(b).copied().flatten() == Some(a)
    }

    /// Parts of each stack by place, the stacks by what they are called.
    pub fn stated(&self, credentials: &[Credential]) -> Vec<Stated> {
        let mut stacks: BTreeMap<String, Stated> = BTreeMap::new();
        for (place, credential) in credentials.iter().enumerate() {
            let Some(name) = credential.stacks_into.as_deref().filter(|n| !n.trim().is_empty()) else { continue };
            let larger = self.larger.get(place).copied().flatten();
            // An id and a title of one credential are one stack.
            let key = larger.and_then(|l| credentials.get(l)).map_or_else(|| plain(name), |c| plain(&c.id.0));
            let stated = stacks.entry(key).or_insert_with(|| Stated { larger, parts: Vec::new() });
            stated.parts.push(place);
        }
        let mut stated: Vec<Stated> = stacks.into_values().collect();
        let id = |place: &usize| credentials.get(*place).map(|c| &c.id);
        stated.iter_mut().for_each(|s| s.parts.sort_by(|a, b| id(a).cmp(&id(b))));
        stated
    }
}

fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A stack by places in the catalogue.
pub struct Stated {
    /// The larger credential, when the catalogue holds it.
    larger: Option<usize>,
    /// What counts towards it, by id.
    parts: Vec<usize>,
}

/// What each stack adds up to and covers of the demand in all postings.
pub fn stacks(desk: &Desk, stated: &[Stated], whole: &Profile) -> Vec<Stack> {
    let covers: Vec<Cover> =
        stated.iter().map(|s| Cover::of_all(s.parts.iter().filter_map(|place| desk.covers.get(*place)))).collect();
    let replications = if whole.is_withheld() { vec![Vec::new(); covers.len()] } else { whole.replicate(&covers) };
    let rows = stated.iter().zip(&covers).zip(&replications);
    rows.map(|((stated, cover), replications)| stack(desk, stated, cover, whole, replications)).collect()
}

fn stack(desk: &Desk, stated: &Stated, cover: &Cover, whole: &Profile, replications: &[f64]) -> Stack {
    let parts: Vec<&Credential> = stated.parts.iter().filter_map(|place| desk.credential(*place)).collect();
    let larger = stated.larger.and_then(|place| desk.credential(place));
    let levels = || parts.iter().filter_map(|c| c.eqf_level).map(u32::from);
    let is_shown = !whole.is_withheld();
    let mut skills: Vec<(Reverse<u64>, u32)> = whole
        .skills
        .iter()
        .filter(|(skill, _)| is_shown && cover.of(**skill) >= HALF)
        .map(|(skill, tally)| (Reverse(tally.asking.count), *skill))
        .collect();
    skills.sort_unstable();
    let coverage = whole.coverage(cover).filter(|_| is_shown);
    let (coverage_low, coverage_high) = ends(replications);
    let shown = |count: u64| if is_shown { count } else { 0 };
    Stack {
        stack: parts.iter().find_map(|c| c.stacks_into.clone()).unwrap_or_default(),
        stack_credential: larger.map(|c| c.id.0.clone()),
        stack_ects: larger.and_then(|c| c.ects),
        stack_eqf_level: larger.and_then(|c| c.eqf_level).map(u32::from),
        credentials: parts.iter().map(|c| c.id.0.clone()).collect(),
        ects: parts.iter().map(|c| c.ects).sum(),
        eqf_low: levels().min(),
        eqf_high: levels().max(),
        skill_count: skills.len() as u64,
        skills: skills.iter().take(NAMED).map(|(_, skill)| desk.skill(*skill)).collect(),
        coverage,
        coverage_low: coverage.and(coverage_low),
        coverage_high: coverage.and(coverage_high),
        base_count: whole.clusters.base,
        employer_count: shown(whole.employers),
        source_count: shown(whole.sources),
        mark: whole.publication.mark(0, 0, desk.spec),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{CredentialId, Lang, Origin, SnapshotId, SourceId};

    #[test]
    fn a_credential_leads_to_what_it_counts_towards_by_steps_and_to_what_asks_for_it() {
        let origin = || Origin { source: SourceId::new("a").unwrap(), snapshot: SnapshotId("00".into()), record: 1 };
        let mut all: Vec<Credential> = ["a", "b", "c", "d"]
            .map(|id| Credential::new(CredentialId(id.into()), format!("Title {id}"), Lang::En, origin()))
            .into();
        // a counts towards b by its id, b towards c by its title, c towards b again; d asks for a.
        let larger = [(0, "B"), (1, "title c"), (2, "b")];
        larger.into_iter().for_each(|(place, name)| all[place].stacks_into = Some(name.to_owned()));
        all[3].prerequisites = Some("a".into());
        let ladder = Ladder::new(&all);
        let led: Vec<(usize, usize)> = (0..4)
            .flat_map(|a| (0..4).map(move |b| (a, b)))
            .filter(|(a, b)| a != b && ladder.leads_to(*a, *b))
            .collect();
        assert_eq!(led, [(0, 1), (0, 2), (0, 3), (1, 2), (2, 1)]);
    }
}
