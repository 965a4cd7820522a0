//! Stock and flow, kept apart: postings that came in a period, and postings open on its last day.

use crate::measure::ALL;
use crate::measure::count::window::Window;
use crate::types::{Date, Period, StockFlow};
use std::collections::BTreeMap;

/// By area and period of the window, areas above a posting's own included.
pub fn stock_and_flow(window: &Window) -> Vec<StockFlow> {
    let ends: Vec<Option<Date>> =
        window.periods.iter().map(|p| Period::parse(p).ok().and_then(Period::last_day)).collect();
    let mut counts: BTreeMap<(Option<u32>, usize), [u64; 3]> = BTreeMap::new();
    for (posting, (from, until)) in window.rows.iter().zip(&window.days) {
        let Some(from) = *from else { continue };
        let chain = posting.area.and_then(|a| window.area_chain.get(a as usize));
        for (period, end) in ends.iter().enumerate().filter_map(|(p, end)| Some((p, (*end)?))) {
            let open = until.map(|until| from <= end && end <= until);
            let one = [posting.period == Some(period as u32), open == Some(true), open.is_none() && from <= end];
            if one == [false; 3] {
                continue;
            }
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
    counts.iter().map(row).collect()
}
