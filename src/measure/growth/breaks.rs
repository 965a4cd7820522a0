//! Boards that come or go within the window: there the series by period breaks.

use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::types::{BreakKind, SeriesBreak};
use std::collections::BTreeMap;

/// Breaks by board, a beginning before an end.
pub fn breaks(window: &Window, panel: &Panel) -> Vec<SeriesBreak> {
    let period_of = |row: u32| window.rows.get(row as usize).and_then(|r| r.period);
    let mut by_board: BTreeMap<u32, BTreeMap<u32, u64>> = BTreeMap::new();
    for (row, board) in &window.seen_on {
        if let Some(period) = period_of(*row) {
            *by_board.entry(*board).or_default().entry(period).or_default() += 1;
        }
    }
    let mut by_period: BTreeMap<u32, u64> = BTreeMap::new();
    window.rows.iter().filter_map(|r| r.period).for_each(|p| *by_period.entry(p).or_default() += 1);
    let last = (window.periods.len() as u32).saturating_sub(1);
    let mut breaks = Vec::new();
    for (board, own) in by_board {
        let (Some((first, _)), Some((end, _))) = (own.first_key_value(), own.last_key_value()) else { continue };
        let all: u64 = own.keys().filter_map(|p| by_period.get(p)).sum();
        let posting_count: u64 = own.values().sum();
        let row = |change, period: u32| SeriesBreak {
            board: window.boards.get(board as usize).cloned().unwrap_or_default(),
            change,
            period: window.periods.get(period as usize).cloned().unwrap_or_default(),
            posting_count,
            posting_share: posting_count as f64 / all.max(1) as f64,
            in_panel: panel.has_board(board),
        };
        breaks.extend((*first > 0).then(|| row(BreakKind::Begins, *first)));
        breaks.extend((*end < last).then(|| row(BreakKind::Ends, *end)));
    }
    breaks
}
