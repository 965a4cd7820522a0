//! Postings and mentions to counts, shares and intervals.

pub mod bootstrap;
pub mod cells;
pub mod cube;
pub mod demand;
pub mod discovery;
pub mod frames;
pub mod intervals;
pub mod mentions;
pub mod suppression;
pub mod window;
