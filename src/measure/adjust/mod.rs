//! Shares beside the plain one: weighted to official employment, corrected for errors of extraction.

pub mod adjusted;
pub mod correction;
pub mod cube;
pub mod weighted;
pub mod weights;
