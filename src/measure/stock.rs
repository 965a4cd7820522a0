//! Stock and flow, kept apart: postings that came in a period, and postings open on its last day.

use super::frames::{collect, count_error, scan};
use super::window::Window;
use super::{ALL, MeasureError};
use crate::types::{Date, Period, StockFlow};
use polars::prelude::{DataFrame, Engine, PolarsError, col};
use std::collections::BTreeMap;
use std::path::Path;

/// By area and period of the window, areas above a posting's own included.
///
/// # Errors
/// When the table cannot be read.
pub fn stock_and_flow(postings: &Path, window: &Window) -> Result<Vec<StockFlow>, MeasureError> {
    let table = scan(postings)?.select(["id", "posted_on", "closes_on"].map(col));
    let table = collect(table, Engine::Streaming).map_err(count_error(postings))?;
    count(&table, window).map_err(count_error(postings))
}

fn count(table: &DataFrame, window: &Window) -> Result<Vec<StockFlow>, PolarsError> {
    let text = |name: &str| table.column(name)?.str();
    let (ids, posted, closes) = (text("id")?, text("posted_on")?, text("closes_on")?);
    let day = |text: Option<&str>| text.and_then(|d| d.parse::<Date>().ok());
    let ends: Vec<Option<Date>> =
        window.periods.iter().map(|p| Period::parse(p).ok().and_then(Period::last_day)).collect();
    let mut counts: BTreeMap<(Option<u32>, usize), [u64; 3]> = BTreeMap::new();
    let mut seen = vec![false; window.rows.len()];
    for i in 0..table.height() {
        let Some(row) = ids.get(i).and_then(|id| window.row_of(id)) else { continue };
        let first = seen.get_mut(row as usize).map(|s| std::mem::replace(s, true)) == Some(false);
        let (Some(posting), Some(from)) = (window.rows.get(row as usize).filter(|_| first), day(posted.get(i))) else {
            continue;
        };
        let chain = posting.area.and_then(|a| window.area_chain.get(a as usize));
        for (period, end) in ends.iter().enumerate().filter_map(|(p, end)| Some((p, (*end)?))) {
            let open = day(closes.get(i)).map(|until| from <= end && end <= until);
            let one = [posting.period == Some(period as u32), open == Some(true), open.is_none() && from <= end];
            for area in std::iter::once(None).chain(chain.into_iter().flatten().copied().map(Some)) {
                let own = counts.entry((area, period)).or_default();
                own.iter_mut().zip(one).for_each(|(count, holds)| *count += u64::from(holds));
            }
        }
    }
    let row = |((area, period), [flow_count, stock_count, undetermined_count]): (&(Option<u32>, usize), &[u64; 3])| {
        StockFlow {
            area: area.and_then(|a| window.areas.get(a as usize)).map_or(ALL, String::as_str).to_owned(),
            period: window.periods.get(*period).cloned().unwrap_or_default(),
            flow_count: *flow_count,
            stock_count: *stock_count,
            undetermined_count: *undetermined_count,
        }
    };
    Ok(counts.iter().map(row).collect())
}
