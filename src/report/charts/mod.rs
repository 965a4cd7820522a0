//! Charts as inline SVG, one file per question: pure functions of plain values, told apart by shape and not by colour.
//!
//! A chart file has its input and one function `draw`. What they share: texts that are safe and fit (`text`), axes
//! (`axis`), the sheet that elements are put on and that mirrors for readers from the right (`canvas`), rows with a name
//! and figures (`frame`), courses over time (`course`), labels kept apart (`labels`).

mod axis;
mod canvas;
mod course;
mod frame;
mod labels;
mod standalone;
mod text;

pub mod dumbbell;
pub mod funnel;
pub mod heat_table;
pub mod interval_bars;
pub mod line_band;
pub mod quadrant;
pub mod slope;
pub mod small_multiples;

#[cfg(test)]
mod tests;

pub use axis::Numerals;
pub use canvas::About;
pub use course::Point;
pub use standalone::standalone;

/// A chart for wide pages and paper, and for phones; the style sheet shows one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Drawing {
    /// For wide pages and paper.
    pub wide: String,
    /// For phones.
    pub narrow: String,
}
