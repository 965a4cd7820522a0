//! Growth between the earlier and the later half of the window, on boards that are present in both.

use super::NamedSkill;
use super::cells::Scope;
use super::cube::name_of;
use super::demand::{Share, Shares};
use super::intervals::log_ratio;
use super::panel::Panel;
use super::window::Window;
use crate::types::{Trend, TrendCall};
use std::collections::BTreeSet;

/// Fewest asking postings, both halves together, for a skill to be listed, and fewest effective ones for a figure.
const LEAST_ASKING: u64 = 10;

/// Periods of a half, e.g. `2024-Q3..2025-Q2`.
fn half_name(panel: &Panel, window: &Window, later: bool) -> String {
    let (from, to) = panel.half(later);
    let (first, last) = (name_of(&window.periods, from + 1), name_of(&window.periods, to));
    if first == last { first.to_owned() } else { format!("{first}..{last}") }
}

/// Trends by area, largest growth first; areas whose halves are withheld have none.
pub fn trends(panel: &Panel, shares: &Shares, window: &Window, names: &[NamedSkill]) -> Vec<Trend> {
    let mut trends = Vec::new();
    for area in 0..=window.areas.len() as u32 {
        let half = |later: bool| shares.cells.code(Scope::Half { area, later }).map(|c| shares.of_cell(c));
        let (Some(earlier), Some(later)) = (half(false), half(true)) else { continue };
        if earlier.is_empty() || later.is_empty() {
            continue;
        }
        let skills: BTreeSet<u32> = earlier.iter().chain(later).map(|(skill, _)| *skill).collect();
        let pair = |skill| [false, true].map(|later| shares.get(Scope::Half { area, later }, skill));
        for (skill, [earlier, later]) in skills.into_iter().map(|skill| (skill, pair(skill))) {
            let Some(name) = names.get(skill as usize) else { continue };
            if earlier.asking + later.asking >= LEAST_ASKING {
                let series = series(panel, shares, window, area, skill);
                let halves = [false, true].map(|later| half_name(panel, window, later));
                trends.push(trend(name, name_of(&window.areas, area), halves, &earlier, &later, series));
            }
        }
    }
    let growth = |t: &Trend| t.growth.unwrap_or(f64::NEG_INFINITY);
    trends.sort_by(|a, b| growth(b).total_cmp(&growth(a)).then_with(|| (&a.skill, &a.area).cmp(&(&b.skill, &b.area))));
    trends
}

fn trend(
    name: &NamedSkill,
    area: &str,
    [first, last]: [String; 2],
    earlier: &Share,
    later: &Share,
    series: Vec<(String, u64, u64)>,
) -> Trend {
    let figures = figures(earlier, later);
    let call = match figures {
        None => TrendCall::TooFew,
        Some((_, low, _)) if low > 0.0 => TrendCall::Growing,
        Some((_, _, high)) if high < 0.0 => TrendCall::Declining,
        Some(_) => TrendCall::NoClearChange,
    };
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
        series,
        call,
    }
}

/// Growth with its interval, unless clustering leaves too few postings that ask.
fn figures(earlier: &Share, later: &Share) -> Option<(f64, f64, f64)> {
    let asking = |s: &Share| Some(s.value?.0 * s.effective_n);
    if asking(earlier)? + asking(later)? < LEAST_ASKING as f64 {
        return None;
    }
    let part = |s: &Share| (s.asking, s.base, s.effective_n);
    Some(log_ratio(part(later), part(earlier)))
}

/// (period, postings asking, postings) for each period whose base may be shown.
fn series(panel: &Panel, shares: &Shares, window: &Window, area: u32, skill: u32) -> Vec<(String, u64, u64)> {
    let shown = (0..).zip(&window.periods).filter_map(|(code, period)| {
        let share = shares.get(Scope::of_series(panel, area, code), skill);
        share.value.map(|_| (period.clone(), share.asking, share.base))
    });
    shown.collect()
}
