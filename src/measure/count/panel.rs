//! The source-stable panel: postings of boards that are present in both halves of the window.

use crate::measure::count::window::Window;
use std::collections::BTreeSet;

/// The postings that growth is measured on: a board that comes or goes must not look like a change of demand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// First period of the later half.
    middle: u32,
    period_count: u32,
    held: Vec<bool>,
    boards: BTreeSet<u32>,
    complete: bool,
}

impl Panel {
    /// Splits the periods present (an odd one goes to the later half) and keeps the boards seen on both sides.
    pub fn new(window: &Window) -> Self {
        let period_count = window.periods.len() as u32;
        let middle = period_count / 2;
        let period_of = |row: u32| window.rows.get(row as usize).and_then(|r| r.period);
        let side = |later: bool| -> BTreeSet<u32> {
            let dated = window.seen_on.iter().filter_map(|(row, board)| Some((period_of(*row)?, *board)));
            dated.filter(|(period, _)| (*period >= middle) == later).map(|(_, board)| board).collect()
        };
        let both: BTreeSet<u32> = side(false).intersection(&side(true)).copied().collect();
        let mut held = vec![false; window.rows.len()];
        for (row, board) in &window.seen_on {
            if let Some(held) = held.get_mut(*row as usize).filter(|_| both.contains(board)) {
                *held = true;
            }
        }
        let complete = both.len() == window.boards.len();
        Self { middle, period_count, held, boards: both, complete }
    }

    /// Whether a board is in both halves.
    pub fn has_board(&self, board: u32) -> bool {
        self.boards.contains(&board)
    }

    /// Whether a posting belongs to it.
    pub fn holds(&self, row: u32) -> bool {
        self.held.get(row as usize).copied().unwrap_or_default()
    }

    /// Whether a period belongs to the later half.
    pub fn is_later(&self, period: u32) -> bool {
        period >= self.middle
    }

    /// Whether it holds every board, so that its periods are those of the cube.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// First and one past the last period of a half.
    pub fn half(&self, later: bool) -> (u32, u32) {
        if later { (self.middle, self.period_count) } else { (0, self.middle) }
    }
}
