//! Postings and mentions to counts, shares and intervals.

pub mod bootstrap;
pub mod cells;
pub mod demand;
pub mod discovery;
pub mod frames;
pub mod intervals;
pub mod mentions;
pub mod panel;
pub mod suppression;
pub mod window;
