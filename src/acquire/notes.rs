//! What was mended or left out while a source was read, beside its rejects.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something mended in what a source sent, or done without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// Raw control characters, wrong escapes or half surrogates in JSON-LD were escaped.
    JsonLdEscaped,
    /// CDATA marks, comments, trailing commas or entities around JSON-LD were taken off.
    JsonLdUnwrapped,
    /// A page without usable JSON-LD: title and main text were taken from its HTML.
    PageText,
    /// An optional column was absent from one of several files.
    ColumnAbsent,
}

/// Counts of what was mended, and sentences for whoever runs the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// How often each thing was mended.
    pub mended: BTreeMap<Mend, u64>,
    /// What was left out, in words.
    pub warnings: Vec<String>,
}

impl Notes {
    /// Counts one.
    pub(super) fn mended(&mut self, mend: Mend) {
        *self.mended.entry(mend).or_default() += 1;
    }

    /// Takes the notes of another source.
    pub fn merge(&mut self, other: Notes) {
        for (mend, count) in other.mended {
            *self.mended.entry(mend).or_default() += count;
        }
        self.warnings.extend(other.warnings);
    }
}
