//! Where an area has few postings: the essential skills that the taxonomy lists for the largest occupations of official
//! employment, beside what was seen and never pooled with it.

use crate::measure::count::cells::Scope;
use crate::measure::count::demand::Shares;
use crate::measure::count::mentions::Asked;
use crate::measure::count::suppression::Publication;
use crate::measure::count::window::Window;
use crate::measure::learners::recognition::{EMPLOYMENT, Recognition, Topics};
use crate::measure::{MeasureInputs, MeasureSpec, NamedSkill};
use crate::types::{Basis, Expectation, NoExpectation, Observation, Period, RelationKind, Taxonomy};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Occupation groups listed per area: enough to look at, few enough to be large.
const GROUPS: usize = 5;

/// Skills listed per group.
const SKILLS_PER_GROUP: usize = 10;

/// Groups with their skills, by area, then size.
pub fn expectations(
    inputs: &MeasureInputs,
    (recognition, topics): (&Recognition, &Topics),
    window: &Window,
    (shares, asked): (&Shares, &Asked),
    spec: &MeasureSpec,
) -> Vec<Expectation> {
    let essential = Essential::new(inputs.taxonomy);
    let counts_employed = |o: &&Observation| {
        topics.of(&o.indicator).is_some_and(|t| recognition.name(t) == EMPLOYMENT) && is_plain_count(o)
    };
    let mut by_area: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for observation in inputs.observations.iter().filter(counts_employed) {
        by_area.entry(observation.area.0.as_str()).or_default().push(observation);
    }
    let mut rows = Vec::new();
    for (code, area) in (1..).zip(&window.areas) {
        let scope = Scope::Cube { area: code, period: 0, group: 0 };
        let Some(figures) = by_area.remove(area.as_str()).filter(|_| is_thin(shares, scope, spec)) else { continue };
        for observation in largest_groups(figures) {
            let bare = bare(observation, shares.get(scope, u32::MAX).base);
            rows.extend(group_rows(&bare, &essential, |skill| {
                let id = skill_id(inputs.taxonomy, skill);
                let name = NamedSkill::new(id, inputs.taxonomy, spec.language);
                let share = shares.get(scope, asked.code(id).unwrap_or(u32::MAX));
                let shown = share.value.is_some();
                Expectation {
                    skill: Some(name.id),
                    label: Some(name.label),
                    posting_count: shown.then_some(share.asking),
                    employer_count: shown.then_some(share.employers),
                    source_count: shown.then_some(share.sources),
                    share: share.value.map(|v| v.0),
                    share_low: share.value.map(|v| v.1),
                    share_high: share.value.map(|v| v.2),
                    mark: share.mark,
                    ..bare.clone()
                }
            }));
        }
    }
    rows
}

/// Whether postings of an area are withheld or fewer than `thin_postings`.
fn is_thin(shares: &Shares, scope: Scope, spec: &MeasureSpec) -> bool {
    let cell = shares.cells.code(scope).and_then(|code| shares.cells.get(code));
    cell.is_none_or(|c| c.publication == Publication::Withheld || c.clusters.base < spec.thin_postings)
}

/// A number of persons by occupation and nothing else.
fn is_plain_count(o: &Observation) -> bool {
    let unit = o.unit.to_lowercase();
    let is_share = ["%", "percent", "per cent", "porcent", "percentatge", "rate", "hour", "pc_"];
    o.occupation.is_some()
        && (o.sector.is_none() && o.sex.is_none() && o.breakdown.is_empty())
        && o.value.is_some_and(|v| v.is_finite() && v > 0.0)
        && unit != "pc"
        && !is_share.iter().any(|word| unit.contains(word))
}

/// The largest groups of the one series that says most: the most detailed codes, then the latest period, then the most
/// employed persons, so that of several age groups the one that holds the others counts.
fn largest_groups(figures: Vec<&Observation>) -> Vec<&Observation> {
    type Key<'a> = (usize, Period, Reverse<[&'a str; 4]>);
    let mut series: BTreeMap<Key, BTreeMap<&str, &Observation>> = BTreeMap::new();
    for o in figures {
        let Some(code) = o.occupation.as_ref().map(|c| c.as_str()) else { continue };
        let names = [o.indicator.as_str(), o.unit.as_str(), o.origin.source.as_str(), o.age.as_deref().unwrap_or("")];
        let group = series.entry((code.len(), o.period, Reverse(names))).or_default();
        // Of two figures for one group the first of the file stands.
        let first = group.entry(code).or_insert(o);
        if o.origin < first.origin {
            *first = o;
        }
    }
    let employed = |groups: &BTreeMap<&str, &Observation>| groups.values().filter_map(|o| o.value).sum::<f64>();
    let most = series.into_iter().max_by(|(a, x), (b, y)| {
        let level_and_time = (a.0, a.1).cmp(&(b.0, b.1));
        level_and_time.then_with(|| employed(x).total_cmp(&employed(y))).then_with(|| a.2.cmp(&b.2))
    });
    let mut groups: Vec<&Observation> = most.into_iter().flat_map(|(_, groups)| groups.into_values()).collect();
    // By code already; the sort is stable.
    groups.sort_by(|a, b| b.value.unwrap_or_default().total_cmp(&a.value.unwrap_or_default()));
    groups.truncate(GROUPS);
    groups
}

/// Essential skills of the occupations that have any, by ISCO-08 code.
struct Essential<'a>(Vec<(&'a str, Vec<u32>)>);

impl<'a> Essential<'a> {
    fn new(taxonomy: &'a Taxonomy) -> Self {
        let mut skills: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for relation in taxonomy.relations.iter().filter(|r| r.kind == RelationKind::Essential) {
            skills.entry(relation.occupation).or_default().push(relation.skill);
        }
        let code = |at: u32| taxonomy.occupations.get(at as usize)?.isco.as_ref().map(|c| c.as_str());
        Self(skills.into_iter().filter_map(|(occupation, skills)| Some((code(occupation)?, skills))).collect())
    }

    /// Occupations of a group, and the skills essential for at least half of them with how many, most first.
    fn of_group(&self, group: &str) -> (u64, Vec<(u32, u64)>) {
        let (mut count, mut by_skill): (u64, BTreeMap<u32, u64>) = (0, BTreeMap::new());
        for (_, skills) in self.0.iter().filter(|(code, _)| code.starts_with(group)) {
            count += 1;
            let mut once = skills.clone();
            once.sort_unstable();
            once.dedup();
            for skill in once {
                *by_skill.entry(skill).or_default() += 1;
            }
        }
        let mut most: Vec<(u32, u64)> = by_skill.into_iter().filter(|(_, n)| *n * 2 >= count).collect();
        most.sort_by_key(|(skill, n)| (Reverse(*n), *skill));
        most.truncate(SKILLS_PER_GROUP);
        (count, most)
    }
}

/// Rows of a group: its skills, or why there is none.
fn group_rows(bare: &Expectation, essential: &Essential, row: impl Fn(u32) -> Expectation) -> Vec<Expectation> {
    let (occupation_count, skills) = essential.of_group(&bare.occupation);
    if skills.is_empty() {
        let none = if occupation_count == 0 { NoExpectation::NoOccupation } else { NoExpectation::TooVaried };
        return vec![Expectation { occupation_count, reason: Some(none), ..bare.clone() }];
    }
    let listed = skills.into_iter().map(|(skill, n)| {
        let share_of_occupations = Some(n as f64 / occupation_count as f64);
        Expectation { occupation_count, share_of_occupations, ..row(skill) }
    });
    listed.collect()
}

fn skill_id(taxonomy: &Taxonomy, skill: u32) -> &str {
    taxonomy.skills.get(skill as usize).map_or("", |s| s.id.0.as_str())
}

/// A group of employed persons without a skill.
fn bare(o: &Observation, base_count: u64) -> Expectation {
    Expectation {
        area: o.area.0.clone(),
        occupation: o.occupation.as_ref().map(|c| c.as_str().to_owned()).unwrap_or_default(),
        employed: o.value.unwrap_or_default(),
        unit: o.unit.clone(),
        employed_period: o.period.to_string(),
        employed_mark: o.quality.mark(),
        indicator: o.indicator.clone(),
        source: o.origin.source.as_str().to_owned(),
        occupation_count: 0,
        skill: None,
        label: None,
        share_of_occupations: None,
        reason: None,
        basis: Basis::TaxonomyExpectation,
        posting_count: None,
        base_count,
        employer_count: None,
        source_count: None,
        share: None,
        share_low: None,
        share_high: None,
        mark: None,
    }
}
