//! `skillgap train`: vectors from a taxonomy and postings, weights from gold.

mod fitted;
mod vectors;
mod weights;

pub use vectors::vectors;
pub use weights::weights;

use super::progress::printable;
use std::io::Write;

/// A line about what is being done, on standard error.
fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{}", printable(line)));
}
