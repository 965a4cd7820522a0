//! Changes that were called, measured once more with other choices: without the largest board, with duplicates counted.

use crate::measure::count::frames::{collect, count_error, list_lengths, scan, unpack};
use crate::measure::count::intervals::{Asking, Clusters, Part, estimate, log_ratio};
use crate::measure::count::mentions::Asked;
use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::measure::{ALL, MeasureError};
use crate::types::{Trend, TrendCall, TrendVariant, Variant};
use polars::prelude::{Engine, col};
use rustc_hash::FxHashMap;
use std::path::Path;

/// Fewest effective postings that ask for a figure, as for trends.
const LEAST_ASKING: f64 = 10.0;

/// How often each posting of the panel counts in a variant; 0 = left out.
struct Choice {
    variant: Variant,
    times: Vec<u64>,
}

/// Variants of the changes called in all areas together, by skill.
///
/// # Errors
/// When the table of postings cannot be read.
pub fn variants(
    postings: &Path,
    asked: &Asked,
    window: &Window,
    panel: &Panel,
    trends: &[Trend],
) -> Result<Vec<TrendVariant>, MeasureError> {
    let called = |t: &&Trend| matches!(t.call, TrendCall::Emerging | TrendCall::Growing | TrendCall::Declining);
    let called: Vec<&Trend> = trends.iter().filter(|t| t.area == ALL).filter(called).collect();
    if called.is_empty() {
        return Ok(Vec::new());
    }
    let choices = [without_largest(window, panel), duplicates_counted(postings, window, panel)?];
    let mut rows = Vec::new();
    for choice in choices.into_iter().flatten() {
        let halves = [false, true].map(|later| Half::new(&choice, window, panel, later));
        for (trend, skill) in called.iter().filter_map(|t| Some((t, asked.code(&t.skill)?))) {
            let [earlier, later] = halves.each_ref().map(|h| h.part(asked.pairs_of(skill), &choice, window));
            rows.push(row(trend, choice.variant, earlier, later));
        }
    }
    rows.sort_by(|a, b| (&a.skill, a.variant).cmp(&(&b.skill, b.variant)));
    Ok(rows)
}

/// Absent where there is no other board; a posting that is on another board of the panel too stays.
fn without_largest(window: &Window, panel: &Panel) -> Option<Choice> {
    let kept = window.beside_the_largest_board(|row| panel.holds(row), |board| panel.has_board(board))?;
    Some(Choice { variant: Variant::WithoutLargestSource, times: kept.into_iter().map(u64::from).collect() })
}

/// A merged advertisement has the date of the one it was merged into.
fn duplicates_counted(path: &Path, window: &Window, panel: &Panel) -> Result<Option<Choice>, MeasureError> {
    let table = scan(path)?.select(["id", "origins"].map(col));
    let table = collect(table, Engine::Streaming).map_err(count_error(path))?;
    let lengths = list_lengths(&table, "origins").map_err(count_error(path))?;
    let ids = table.column("id").and_then(|c| c.str()).map_err(count_error(path))?;
    let mut times = vec![0; window.rows.len()];
    for (i, length) in lengths.into_iter().enumerate() {
        let row = ids.get(i).and_then(|id| window.row_of(id)).filter(|row| panel.holds(*row));
        let time = row.and_then(|row| times.get_mut(row as usize));
        time.into_iter().for_each(|t| *t = (length as u64).max(1));
    }
    let merged = times.iter().any(|t| *t > 1);
    Ok(merged.then_some(Choice { variant: Variant::DuplicatesCounted, times }))
}

/// Postings of one half by employer.
struct Half {
    sizes: FxHashMap<u32, u64>,
    clusters: Clusters,
    panel_rows: Vec<bool>,
}

impl Half {
    fn new(choice: &Choice, window: &Window, panel: &Panel, later: bool) -> Self {
        let inside = |row: &crate::measure::count::window::Row| row.period.is_some_and(|p| panel.is_later(p) == later);
        let panel_rows: Vec<bool> = window.rows.iter().map(inside).collect();
        let mut sizes: FxHashMap<u32, u64> = FxHashMap::default();
        for ((row, times), _) in
            window.rows.iter().zip(&choice.times).zip(&panel_rows).filter(|((_, t), i)| **t > 0 && **i)
        {
            *sizes.entry(row.employer).or_default() += times;
        }
        let clusters = Clusters::of(sorted(&sizes).into_iter().map(|(_, n)| n));
        Self { sizes, clusters, panel_rows }
    }

    fn part(&self, pairs: &[u64], choice: &Choice, window: &Window) -> Part {
        let mut own: FxHashMap<u32, u64> = FxHashMap::default();
        for row in pairs.iter().map(|pair| unpack(*pair).1 as usize) {
            let times = choice.times.get(row).copied().unwrap_or_default();
            if times > 0 && self.panel_rows.get(row) == Some(&true) {
                own.entry(window.rows.get(row).map_or(0, |r| r.employer)).and_modify(|x| *x += times).or_insert(times);
            }
        }
        let size = |employer: &u32| self.sizes.get(employer).copied().unwrap_or_default();
        let asking = Asking::of(sorted(&own).iter().map(|(employer, x)| (*x, size(employer))));
        (asking.count, self.clusters.base, estimate(asking, self.clusters, None).effective_n)
    }
}

fn row(trend: &Trend, variant: Variant, earlier: Part, later: Part) -> TrendVariant {
    let asking = |(x, n, effective): Part| if n == 0 { 0.0 } else { x as f64 / n as f64 * effective };
    let enough = asking(earlier) + asking(later) >= LEAST_ASKING && earlier.1 > 0 && later.1 > 0;
    let figures = enough.then(|| log_ratio(later, earlier, 0.0));
    let up = trend.growth.unwrap_or_default() > 0.0;
    TrendVariant {
        skill: trend.skill.clone(),
        label: trend.label.clone(),
        variant,
        first_count: earlier.0,
        first_base: earlier.1,
        last_count: later.0,
        last_base: later.1,
        growth: figures.map(|f| f.0),
        growth_low: figures.map(|f| f.1),
        growth_high: figures.map(|f| f.2),
        holds: figures.is_some_and(|(_, low, high)| if up { low > 0.0 } else { high < 0.0 }),
    }
}

/// In the order of employers, so that sums do not depend on a hash.
fn sorted(counts: &FxHashMap<u32, u64>) -> Vec<(u32, u64)> {
    let mut counts: Vec<(u32, u64)> = counts.iter().map(|(employer, count)| (*employer, *count)).collect();
    counts.sort_unstable();
    counts
}
