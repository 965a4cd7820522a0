//! Key and emerging occupations: counted, compared and called like skills, with the official forward look beside them.

use crate::measure::count::cells::{Cells, Scope};
use crate::measure::count::demand::{Share, Shares, count};
use crate::measure::count::frames::pack;
use crate::measure::count::intervals::last_tied;
use crate::measure::count::mentions::Asked;
use crate::measure::count::panel::Panel;
use crate::measure::count::suppression::Publication;
use crate::measure::count::window::Window;
use crate::measure::count::window::name_of;
use crate::measure::growth::trends::trends;
use crate::measure::{MeasureInputs, MeasureSpec, NamedSkill};
use crate::types::{Observation, OccupationFinding, Period, SourceId, Trend};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The `[outlook]` table of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlookSpec {
    /// Source of a forecast by ISCO-08 group.
    pub source: SourceId,
    /// Indicator as published, where the source has several.
    #[serde(default)]
    pub indicator: Option<String>,
}

/// Occupations of every published area, by area and rank.
pub fn occupations(
    inputs: &MeasureInputs,
    cells: &Cells,
    window: &Window,
    panel: &Panel,
    spec: &MeasureSpec,
) -> Vec<OccupationFinding> {
    let rows = (0..).zip(&window.rows);
    let pairs = rows.filter_map(|(row, posting)| Some(pack(posting.occupation?, row))).collect();
    let held = Asked::of(window.occupations.clone(), pairs);
    let names: Vec<NamedSkill> = window.occupations.iter().map(|id| named(id, inputs, spec)).collect();
    let shares = Shares::new(cells, count(&held, cells, window), spec);
    let trends = trends(panel, &held, &shares, window, &names, &spec.trends);
    let trends: FxHashMap<(&str, &str), &Trend> =
        trends.iter().map(|t| ((t.area.as_str(), t.skill.as_str()), t)).collect();
    let outlook = Outlook::new(inputs.observations, spec.outlook.as_ref());
    let mut findings = Vec::new();
    for area in 0..=window.areas.len() as u32 {
        let Some(code) = cells.code(Scope::Cube { area, period: 0, group: 0 }) else { continue };
        let name = name_of(&window.areas, area);
        let mut ranked: Vec<&(u32, Share)> = shares.of_cell(code).iter().filter(|(_, s)| s.value.is_some()).collect();
        ranked.sort_by(|a, b| b.1.asking.cmp(&a.1.asking).then(a.0.cmp(&b.0)));
        let publication = cells.get(code).map_or(Publication::Withheld, |c| c.publication);
        let ties = last_tied(ranked.iter().map(|r| r.1.value.map(|v| r.1.ends(v.1, v.2, publication, spec))));
        for ((rank, (occupation, share)), tied_to) in (1..).zip(ranked).zip(ties) {
            let Some(held) = names.get(*occupation as usize) else { continue };
            let isco = inputs.taxonomy.occupation_index(&held.id).and_then(|i| inputs.taxonomy.occupations.get(i));
            let isco = isco.and_then(|o| o.isco.as_ref()).map(|c| c.as_str().to_owned());
            let chain = area.checked_sub(1).and_then(|a| window.area_chain.get(a as usize));
            let chain: Vec<&str> = chain.into_iter().flatten().map(|a| name_of(&window.areas, a + 1)).collect();
            let seen = OccupationFinding { rank, tied_to: tied_to.unwrap_or(rank), isco, ..seen(held, name, share) };
            let called = with_trend(seen, trends.get(&(name, held.id.as_str())).copied());
            findings.push(outlook.beside(called, &chain));
        }
    }
    findings
}

fn named(id: &str, inputs: &MeasureInputs, spec: &MeasureSpec) -> NamedSkill {
    let known = inputs.taxonomy.occupation_index(id).and_then(|i| inputs.taxonomy.occupations.get(i));
    let label = known.map_or(id, |o| o.name(spec.language)).to_owned();
    NamedSkill::plain(id, label)
}

fn seen(held: &NamedSkill, area: &str, share: &Share) -> OccupationFinding {
    OccupationFinding {
        occupation: held.id.clone(),
        label: held.label.clone(),
        area: area.to_owned(),
        posting_count: share.asking,
        base_count: share.base,
        employer_count: share.employers,
        source_count: share.sources,
        effective_n: share.effective_n,
        share: share.value.map(|v| v.0),
        share_low: share.value.map(|v| v.1),
        share_high: share.value.map(|v| v.2),
        mark: share.mark,
        ..OccupationFinding::default()
    }
}

fn with_trend(finding: OccupationFinding, trend: Option<&Trend>) -> OccupationFinding {
    let Some(trend) = trend else { return finding };
    OccupationFinding {
        growth: trend.growth,
        growth_low: trend.low,
        growth_high: trend.high,
        q: trend.q,
        call: Some(trend.call),
        ..finding
    }
}

/// First and last figure of a group.
type Ends = ((Period, f64), (Period, f64));

/// An official forecast by area and ISCO-08 group.
struct Outlook<'a> {
    unit: &'a str,
    by_group: BTreeMap<(&'a str, &'a str), Ends>,
    areas: Vec<&'a str>,
}

impl<'a> Outlook<'a> {
    /// Totals by group of the first indicator of the source, or the one named.
    fn new(observations: &'a [Observation], spec: Option<&OutlookSpec>) -> Self {
        let own = |o: &&Observation| {
            o.is_total() && o.occupation.is_some() && spec.is_some_and(|s| s.source == o.origin.source)
        };
        let named = |o: &&Observation| spec.and_then(|s| s.indicator.as_ref()).is_none_or(|i| *i == o.indicator);
        let mut own: Vec<&Observation> = observations.iter().filter(own).filter(named).collect();
        own.sort_by(|a, b| (&a.indicator, a.period).cmp(&(&b.indicator, b.period)));
        let first = own.first().map(|o| o.indicator.as_str());
        let mut by_group: BTreeMap<(&str, &str), Ends> = BTreeMap::new();
        for o in own.iter().filter(|o| Some(o.indicator.as_str()) == first) {
            let (Some(group), Some(value)) = (&o.occupation, o.value) else { continue };
            let now = (o.period, value);
            by_group.entry((o.area.0.as_str(), group.as_str())).and_modify(|ends| ends.1 = now).or_insert((now, now));
        }
        let mut areas: Vec<&str> = by_group.keys().map(|k| k.0).collect();
        areas.dedup();
        Self { unit: own.first().map_or("", |o| o.unit.as_str()), by_group, areas }
    }

    /// Writes the forecast of the narrowest group that holds the occupation, for the nearest area that has one.
    fn beside(&self, finding: OccupationFinding, chain: &[&str]) -> OccupationFinding {
        let Some(isco) = finding.isco.clone() else { return finding };
        // All areas together have the forecast of the only area there is one for.
        let only = match self.areas.as_slice() {
            [one] if chain.is_empty() => Some(*one),
            _ => None,
        };
        let groups = || (1..=isco.len()).rev().filter_map(|length| isco.get(..length));
        let areas = chain.iter().copied().chain(only);
        let mut found = areas.flat_map(|area| groups().map(move |group| (area, group)));
        let Some((key, (first, last))) = found.find_map(|key| Some((key, self.by_group.get(&key)?))) else {
            return finding;
        };
        OccupationFinding {
            outlook_area: Some(key.0.to_owned()),
            outlook_group: Some(key.1.to_owned()),
            outlook_first: Some(first.0.to_string()),
            outlook_last: Some(last.0.to_string()),
            outlook_first_value: Some(first.1),
            outlook_last_value: Some(last.1),
            outlook_unit: Some(self.unit.to_owned()),
            ..finding
        }
    }
}
