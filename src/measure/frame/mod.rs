//! What every page carries: quality, limits, names, sentences.

pub mod caveats;
pub mod editions;
pub mod evidence;
pub mod quality;
