//! Pathways: which credentials of the catalogue together cover what is asked for in an occupation, what is missing at the
//! end of the way, and the stacks that providers state.

mod choose;
mod profile;
mod stacks;

use crate::measure::count::mentions::Asked;
use crate::measure::count::suppression::{Publication, publication};
use crate::measure::count::window::Window;
use crate::measure::offer::coverage::{MILLION, Taught, millionths};
use crate::measure::offer::plans::Offer;
use crate::measure::{MeasureInputs, MeasureSpec};
use crate::types::{Credential, IscoCode, Mark, PathwayMissing, PathwayStep, RelationKind, Stack, Taxonomy};
use choose::{Cover, Covered, choose, order};
use profile::{Members, Profile, ends, profiles};
use stacks::Ladder;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

/// Largest published occupations that get a pathway.
const LARGEST: usize = 30;
/// Most target occupations that get one, largest first.
const MOST_TARGETS: usize = 100;
/// Skills listed as missing, per occupation.
const MISSING: usize = 10;
/// Millionths of coverage from which a skill counts as covered.
const HALF: u64 = 500_000;

/// What there is to say about ways through the catalogue.
pub struct Pathways {
    /// Steps, occupations by size.
    pub steps: Vec<PathwayStep>,
    /// What is missing after the last one.
    pub missing: Vec<PathwayMissing>,
    /// Stacks as stated.
    pub stacks: Vec<Stack>,
}

/// An occupation that gets a pathway.
struct Wanted<'a> {
    id: &'a str,
    targeted: bool,
    base: u64,
}

/// Finds the pathways of the occupations that programmes target and of the largest ones.
pub fn pathways(inputs: &MeasureInputs, asked: &Asked, window: &Window, spec: &MeasureSpec) -> Pathways {
    let wanted = wanted(inputs, window, spec);
    let essential: Vec<BTreeSet<&str>> = wanted.iter().map(|w| essential(inputs.taxonomy, w.id)).collect();
    let ids = asked.skills.iter().map(String::as_str).chain(essential.iter().flatten().copied());
    let known = Asked::of_skills(ids.map(str::to_owned).collect());
    let desk =
        Desk { inputs, spec, ladder: Ladder::new(inputs.credentials), covers: covers(inputs, &known), known: &known };
    let stated = desk.ladder.stated(inputs.credentials);
    let members = members(&wanted, window, !stated.is_empty());
    let code_of: Vec<u32> = asked.skills.iter().filter_map(|id| known.code(id)).collect();
    let profiles = profiles(&members, window, asked, &code_of, spec);
    let (mut steps, mut missing) = (Vec::new(), Vec::new());
    for ((wanted, essential), profile) in wanted.iter().zip(&essential).zip(&profiles) {
        let essential: BTreeSet<u32> = essential.iter().filter_map(|id| known.code(id)).collect();
        let way = Way { desk: &desk, wanted, profile, essential: &essential };
        way.walk(&mut steps, &mut missing);
    }
    let whole = members.whole.and_then(|at| profiles.get(at as usize));
    let stacks = whole.map(|whole| stacks::stacks(&desk, &stated, whole)).unwrap_or_default();
    Pathways { steps, missing, stacks }
}

/// Occupations that programmes target, and the largest with a published cell; largest first, then by id.
fn wanted<'a>(inputs: &MeasureInputs<'a>, window: &'a Window, spec: &MeasureSpec) -> Vec<Wanted<'a>> {
    let mut owned: Vec<(u32, u32)> = window.rows.iter().filter_map(|r| Some((r.occupation?, r.employer))).collect();
    owned.sort_unstable();
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    let mut published: Vec<(Reverse<u64>, &str)> = Vec::new();
    for postings in owned.chunk_by(|a, b| a.0 == b.0) {
        let Some(id) = postings.first().and_then(|p| window.occupations.get(p.0 as usize)) else { continue };
        let (base, clusters) = (postings.len() as u64, postings.chunk_by(|a, b| a == b));
        let (known, unknown): (Vec<u32>, Vec<u32>) =
            clusters.filter_map(|c| c.first()).map(|p| p.1).partition(|employer| window.is_known(*employer));
        if publication(base, known.len() as u64, unknown.len() as u64, spec) != Publication::Withheld {
            published.push((Reverse(base), id));
        }
        sizes.insert(id, base);
    }
    published.sort_unstable();
    let size = |id: &str| sizes.get(id).copied().unwrap_or_default();
    let targets: BTreeSet<&str> =
        inputs.programmes.iter().flat_map(|p| &p.target_occupations).map(String::as_str).collect();
    let mut ranked: Vec<(Reverse<u64>, &str)> = targets.iter().map(|id| (Reverse(size(id)), *id)).collect();
    ranked.sort_unstable();
    let both = ranked.into_iter().take(MOST_TARGETS).chain(published.into_iter().take(LARGEST));
    let both: BTreeSet<(Reverse<u64>, &str)> = both.collect();
    both.into_iter().map(|(Reverse(base), id)| Wanted { id, targeted: targets.contains(id), base }).collect()
}

fn members(wanted: &[Wanted], window: &Window, with_whole: bool) -> Members {
    let mut by_occupation = vec![None; window.occupations.len()];
    for (profile, wanted) in (0..).zip(wanted) {
        let code = window.occupations.binary_search_by(|o| o.as_str().cmp(wanted.id)).ok();
        if let Some(slot) = code.and_then(|c| by_occupation.get_mut(c)) {
            *slot = Some(profile);
        }
    }
    let count = wanted.len() as u32;
    Members { by_occupation, whole: with_whole.then_some(count), count: count + u32::from(with_whole) }
}

/// Ids of the skills that the taxonomy lists as essential for an occupation.
fn essential<'a>(taxonomy: &'a Taxonomy, occupation: &str) -> BTreeSet<&'a str> {
    let Some(occupation) = taxonomy.occupation_index(occupation).map(|i| i as u32) else { return BTreeSet::new() };
    let from = taxonomy.relations.partition_point(|r| r.occupation < occupation);
    let own = taxonomy.relations.iter().skip(from).take_while(|r| r.occupation == occupation);
    let own = own.filter(|r| r.kind == RelationKind::Essential);
    own.filter_map(|r| taxonomy.skills.get(r.skill as usize)).map(|s| s.id.0.as_str()).collect()
}

/// What each credential covers by itself, graded as for programmes.
fn covers(inputs: &MeasureInputs, known: &Asked) -> Vec<Covered> {
    let taught = Taught::new(inputs, &Offer::of_credentials(inputs), known);
    let covered = |place: usize| -> Covered {
        let best = taught.of(place).into_iter().flatten();
        best.map(|(skill, best)| (*skill, millionths(best.coverage))).collect()
    };
    (0..inputs.credentials.len()).map(covered).collect()
}

/// What every pathway is worked out from.
struct Desk<'a> {
    inputs: &'a MeasureInputs<'a>,
    spec: &'a MeasureSpec,
    ladder: Ladder,
    /// By place in the catalogue.
    covers: Vec<Covered>,
    /// Numbers of skills.
    known: &'a Asked,
}

impl Desk<'_> {
    fn credential(&self, place: usize) -> Option<&Credential> {
        self.inputs.credentials.get(place)
    }

    fn skill(&self, code: u32) -> (String, String) {
        let id = self.known.skills.get(code as usize).cloned().unwrap_or_default();
        let taxonomy = self.inputs.taxonomy;
        let skill = taxonomy.skill_index(&id).and_then(|i| taxonomy.skills.get(i));
        let label = skill.map_or(id.as_str(), |s| s.name(self.spec.language)).to_owned();
        (id, label)
    }

    /// Between credentials of equal gain: fewer credits, known before unknown, then by id.
    fn prefer(&self, a: usize, b: usize) -> Ordering {
        let key = |place: usize| self.credential(place).map(|c| (c.ects.unwrap_or(f64::INFINITY), c.id.0.as_str()));
        match (key(a), key(b)) {
            (Some(a), Some(b)) => a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)),
            _ => a.cmp(&b),
        }
    }
}

/// The way to one occupation.
struct Way<'a> {
    desk: &'a Desk<'a>,
    wanted: &'a Wanted<'a>,
    profile: &'a Profile,
    essential: &'a BTreeSet<u32>,
}

impl Way<'_> {
    fn walk(&self, steps: &mut Vec<PathwayStep>, missing: &mut Vec<PathwayMissing>) {
        if self.profile.is_withheld() {
            steps.push(self.bare());
            return;
        }
        let desk = self.desk;
        let asked: BTreeMap<u32, u64> = self.profile.skills.iter().map(|(s, t)| (*s, t.asking.count)).collect();
        let leads_to = |a: usize, b: usize| desk.ladder.leads_to(a, b);
        let is_wanted = |place: usize, picked: &[usize]| picked.iter().any(|p| *p != place && leads_to(place, *p));
        let picked = choose(&desk.covers, &asked, |a, b| desk.prefer(a, b), is_wanted);
        let taken = order(&picked, |place| desk.credential(place)?.eqf_level, leads_to);
        let mut cover = Cover::default();
        let mut covers = Vec::new();
        for covered in taken.iter().filter_map(|place| desk.covers.get(*place)) {
            cover.add(covered);
            covers.push(cover.clone());
        }
        if taken.is_empty() {
            let none = self.profile.coverage(&cover);
            steps.push(PathwayStep { coverage_after: none, coverage_low: none, coverage_high: none, ..self.bare() });
        }
        steps.extend(self.steps(&picked, &taken, &covers));
        missing.extend(self.missing(&cover));
    }

    /// What is known of the occupation before any step.
    fn bare(&self) -> PathwayStep {
        let (profile, taxonomy) = (self.profile, self.desk.inputs.taxonomy);
        let occupation = taxonomy.occupation_index(self.wanted.id).and_then(|i| taxonomy.occupations.get(i));
        let shown = |count: u64| if profile.is_withheld() { 0 } else { count };
        PathwayStep {
            occupation: self.wanted.id.to_owned(),
            occupation_label: occupation.map_or(self.wanted.id, |o| o.name(self.desk.spec.language)).to_owned(),
            isco: occupation.and_then(|o| o.isco.as_ref()).map(IscoCode::as_str).map(str::to_owned),
            targeted: self.wanted.targeted,
            step: 0,
            picked: 0,
            credential: None,
            title: None,
            ects: None,
            ects_total: None,
            eqf_level: None,
            prerequisites: None,
            stacks_into: None,
            coverage_before: None,
            coverage_after: None,
            coverage_low: None,
            coverage_high: None,
            gain: None,
            gain_low: None,
            gain_high: None,
            essential_count: self.essential.len() as u64,
            essential_covered: 0,
            base_count: self.wanted.base,
            employer_count: shown(profile.employers),
            source_count: shown(profile.sources),
            mark: profile.publication.mark(0, 0, self.desk.spec),
        }
    }

    fn steps(&self, picked: &[usize], taken: &[usize], covers: &[Cover]) -> Vec<PathwayStep> {
        let replications = self.profile.replicate(covers);
        let start = vec![0.0; replications.first().map_or(0, Vec::len)];
        let befores = std::iter::once(&start).chain(&replications);
        let (mut before, mut credits) = (0.0, Some(0.0));
        let mut steps = Vec::new();
        for ((((step, place), cover), after), earlier) in (1..).zip(taken).zip(covers).zip(&replications).zip(befores) {
            let Some(credential) = self.desk.credential(*place) else { continue };
            let coverage = self.profile.coverage(cover).unwrap_or_default();
            let gains: Vec<f64> = after.iter().zip(earlier).map(|(after, before)| after - before).collect();
            let ((coverage_low, coverage_high), (gain_low, gain_high)) = (ends(after), ends(&gains));
            credits = credits.zip(credential.ects).map(|(sum, own)| sum + own);
            steps.push(PathwayStep {
                step,
                picked: (1..).zip(picked).find(|(_, p)| *p == place).map_or(0, |(pick, _)| pick),
                credential: Some(credential.id.0.clone()),
                title: Some(credential.title.clone()),
                ects: credential.ects,
                ects_total: credits,
                eqf_level: credential.eqf_level.map(u32::from),
                prerequisites: credential.prerequisites.clone(),
                stacks_into: credential.stacks_into.clone(),
                coverage_before: Some(before),
                coverage_after: Some(coverage),
                coverage_low,
                coverage_high,
                gain: Some(coverage - before),
                gain_low,
                gain_high,
                essential_covered: self.essential.iter().filter(|skill| cover.of(**skill) >= HALF).count() as u64,
                ..self.bare()
            });
            before = coverage;
        }
        steps
    }

    /// Skills asked for and not covered, largest unmet demand first.
    fn missing(&self, cover: &Cover) -> Vec<PathwayMissing> {
        let left = |skill: u32| (MILLION as u64).saturating_sub(cover.of(skill));
        let unmet = self.profile.skills.iter().map(|(skill, tally)| (tally.asking.count * left(*skill), *skill, tally));
        let mut unmet: Vec<_> = unmet.filter(|(size, ..)| *size > 0).collect();
        unmet.sort_by_key(|(size, skill, _)| (Reverse(*size), *skill));
        let bare = self.bare();
        let row = |(rank, (_, skill, tally)): (u32, (u64, u32, &profile::Tally))| {
            let (share, share_low, share_high) = self.profile.share(tally);
            let ((id, label), rest) = (self.desk.skill(skill), left(skill) as f64 / MILLION);
            PathwayMissing {
                occupation: bare.occupation.clone(),
                occupation_label: bare.occupation_label.clone(),
                rank,
                skill: id,
                label,
                posting_count: tally.asking.count,
                base_count: bare.base_count,
                employer_count: tally.employers,
                source_count: tally.sources,
                share,
                share_low,
                share_high,
                coverage: cover.of(skill) as f64 / MILLION,
                unmet_per_100: 100.0 * share * rest,
                unmet_low: 100.0 * share_low * rest,
                unmet_high: 100.0 * share_high * rest,
                essential: self.essential.contains(&skill),
                mark: self.mark(tally),
            }
        };
        (1..).zip(unmet.into_iter().take(MISSING)).map(row).collect()
    }

    fn mark(&self, tally: &profile::Tally) -> Option<Mark> {
        self.profile.publication.mark(tally.asking.count, tally.employers, self.desk.spec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Occupation, Relation, Reuse, Skill, SkillId, SkillKind};

    #[test]
    fn the_essential_skills_are_those_of_the_occupation_asked_about() {
        let mut taxonomy = Taxonomy::default();
        let skill = |id: &str| Skill {
            id: SkillId(id.into()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: vec![],
            description: None,
            broader: vec![],
            green: false,
            digital: false,
        };
        let occupation =
            |id: &str| Occupation { id: id.into(), isco: None, labels: vec![], description: None, sectors: vec![] };
        taxonomy.skills = ["a", "b", "c"].map(skill).into();
        taxonomy.occupations = ["first", "none", "second"].map(occupation).into();
        let relation = |occupation, skill, kind| Relation { occupation, skill, kind };
        taxonomy.relations = vec![
            relation(0, 0, RelationKind::Essential),
            relation(0, 1, RelationKind::Essential),
            relation(2, 1, RelationKind::Essential),
            relation(2, 2, RelationKind::Optional),
        ];
        let of = |id: &str| essential(&taxonomy, id).into_iter().collect::<Vec<_>>();
        assert_eq!(
            [of("first"), of("none"), of("second"), of("unheard of")],
            [vec!["a", "b"], vec![], vec!["b"], vec![]]
        );
    }
}
