//! Growth between the earlier and the later half of the window, on boards that are present in both.

use crate::measure::NamedSkill;
use crate::measure::count::cells::Scope;
use crate::measure::count::demand::{Share, Shares};
use crate::measure::count::discovery::{q_values, two_sided_p};
use crate::measure::count::intervals::{Z, log_ratio};
use crate::measure::count::mentions::Asked;
use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::measure::count::window::name_of;
use crate::measure::growth::paired::covariances;
use crate::types::{Trend, TrendCall, halves_compare};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Fewest asking postings, both halves together, for a skill to be listed, and fewest effective ones for a figure.
const LEAST_ASKING: u64 = 10;

/// The `[trends]` table of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrendSpec {
    /// Share of the changes called that may be chance, among the skills of an area.
    pub false_discovery_rate: f64,
    /// Least ratio of the later share to the earlier one for "emerging".
    pub emerging_ratio: f64,
    /// Fewest postings that ask in the later half for it.
    pub emerging_postings: u64,
    /// Fewest known employers that ask in the later half for it.
    pub emerging_employers: u64,
    /// Fewest boards it was seen on in the later half for it.
    pub emerging_sources: u64,
}

impl Default for TrendSpec {
    fn default() -> Self {
        Self {
            false_discovery_rate: 0.05,
            emerging_ratio: 1.5,
            emerging_postings: 10,
            emerging_employers: 5,
            emerging_sources: 2,
        }
    }
}

/// Periods of a half, e.g. `2024-Q3..2025-Q2`.
fn half_name(panel: &Panel, window: &Window, later: bool) -> String {
    let (from, to) = panel.half(later);
    let (first, last) = (name_of(&window.periods, from + 1), name_of(&window.periods, to));
    if first == last { first.to_owned() } else { format!("{first}..{last}") }
}

/// Trends by area, largest growth first; areas whose halves are withheld have none, and no figure where one half is a
/// small part of the other.
pub fn trends(
    panel: &Panel,
    asked: &Asked,
    shares: &Shares,
    window: &Window,
    names: &[NamedSkill],
    spec: &TrendSpec,
) -> Vec<Trend> {
    let mut trends = Vec::new();
    let covariances = covariances(asked, shares.cells);
    for area in 0..=window.areas.len() as u32 {
        let half = |later: bool| shares.cells.code(Scope::Half { area, later }).map(|c| shares.of_cell(c));
        let (Some(earlier), Some(later)) = (half(false), half(true)) else { continue };
        if earlier.is_empty() || later.is_empty() {
            continue;
        }
        let skills: BTreeSet<u32> = earlier.iter().chain(later).map(|(skill, _)| *skill).collect();
        let first = trends.len();
        let pair = |skill| [false, true].map(|later| shares.get(Scope::Half { area, later }, skill));
        for (skill, [earlier, later]) in skills.into_iter().map(|skill| (skill, pair(skill))) {
            let Some(name) = names.get(skill as usize) else { continue };
            if earlier.asking + later.asking >= LEAST_ASKING {
                let series = series(panel, shares, window, area, skill);
                let halves = [false, true].map(|later| half_name(panel, window, later));
                let covariance = covariances.get(&(area, skill)).copied().unwrap_or_default();
                let comparable = halves_compare(earlier.base, later.base);
                let figures = comparable.then(|| figures(&earlier, &later, covariance)).flatten();
                trends.push(Trend {
                    series,
                    ..trend(name, name_of(&window.areas, area), halves, [&earlier, &later], figures)
                });
            }
        }
        trends.get_mut(first..).into_iter().for_each(|own| call(own, spec));
    }
    let growth = |t: &Trend| t.growth.unwrap_or(f64::NEG_INFINITY);
    trends.sort_by(|a, b| growth(b).total_cmp(&growth(a)).then_with(|| (&a.skill, &a.area).cmp(&(&b.skill, &b.area))));
    trends
}

fn trend(
    name: &NamedSkill,
    area: &str,
    [first, last]: [String; 2],
    [earlier, later]: [&Share; 2],
    figures: Option<(f64, f64, f64)>,
) -> Trend {
    Trend {
        skill: name.id.clone(),
        label: name.label.clone(),
        area: area.to_owned(),
        first,
        last,
        first_count: earlier.asking,
        first_base: earlier.base,
        last_count: later.asking,
        last_base: later.base,
        growth: figures.map(|f| f.0),
        low: figures.map(|f| f.1),
        high: figures.map(|f| f.2),
        q: None,
        last_employers: later.employers,
        last_sources: later.sources,
        series: Vec::new(),
        call: TrendCall::TooFew,
    }
}

/// Calls the changes of one area, all skills with a figure being tested together.
fn call(trends: &mut [Trend], spec: &TrendSpec) {
    let figures = |t: &Trend| Some((t.growth?, (t.high? - t.low?) / (2.0 * Z)));
    let p: Vec<f64> = trends.iter().filter_map(figures).map(|(growth, error)| two_sided_p(growth, error)).collect();
    let tested = trends.iter_mut().filter(|t| figures(t).is_some());
    for (trend, q) in tested.zip(q_values(&p)) {
        trend.q = Some(q);
        trend.call = match trend.growth.unwrap_or_default() {
            _ if q > spec.false_discovery_rate => TrendCall::NoClearChange,
            growth if growth < 0.0 => TrendCall::Declining,
            growth if growth >= spec.emerging_ratio.ln() && spec.is_seen(trend) => TrendCall::Emerging,
            _ => TrendCall::Growing,
        };
    }
}

impl TrendSpec {
    /// Whether enough postings, employers and boards of the later half stand behind a change.
    fn is_seen(&self, trend: &Trend) -> bool {
        trend.last_count >= self.emerging_postings
            && trend.last_employers >= self.emerging_employers
            && trend.last_sources >= self.emerging_sources
    }
}

/// Growth with its interval, unless clustering leaves too few postings that ask.
fn figures(earlier: &Share, later: &Share, covariance: f64) -> Option<(f64, f64, f64)> {
    let asking = |s: &Share| Some(s.value?.0 * s.effective_n);
    if asking(earlier)? + asking(later)? < LEAST_ASKING as f64 {
        return None;
    }
    let part = |s: &Share| (s.asking, s.base, s.effective_n);
    Some(log_ratio(part(later), part(earlier), covariance))
}

/// (period, postings asking, postings) for each period whose base may be shown.
fn series(panel: &Panel, shares: &Shares, window: &Window, area: u32, skill: u32) -> Vec<(String, u64, u64)> {
    let shown = (0..).zip(&window.periods).filter_map(|(code, period)| {
        let share = shares.get(Scope::of_series(panel, area, code), skill);
        share.value.map(|_| (period.clone(), share.asking, share.base))
    });
    shown.collect()
}
