//! What people judged of the program's own reading: the ground for correcting shares.

use crate::types::Lang;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Judgements of one class of errors. The unit is a posting and a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErrorCounts {
    /// Pairs the program counted that people looked at.
    pub counted: u64,
    /// Of these, pairs where the posting does ask for the skill.
    pub right: u64,
    /// Pairs that people found in postings by reading them.
    pub asked: u64,
    /// Of these, pairs that the program counted.
    pub found: u64,
}

/// Skills whose errors are alike: read in one language, by labels that are ambiguous there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErrorClass {
    /// Language of the posting.
    pub language: Lang,
    /// Whether a label of the skill is ambiguous in it.
    pub ambiguous: bool,
}

/// Judgements of an edition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reviews {
    /// By class.
    pub counts: BTreeMap<ErrorClass, ErrorCounts>,
    /// Skills with an ambiguous label, by language and id.
    pub ambiguous: BTreeSet<(Lang, String)>,
}

impl Reviews {
    /// Class of a skill's errors in a language.
    pub fn class(&self, language: Lang, skill: &str) -> ErrorClass {
        // A tuple of owned values is what the set is searched by.
        ErrorClass { language, ambiguous: self.ambiguous.contains(&(language, skill.to_owned())) }
    }
}

/// What became of the correction of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionStatus {
    /// Corrected.
    Corrected,
    /// Too few judgements in a language and class of the skill's postings.
    TooFewReviewed,
    /// Precision over recall gives more than all postings: the judgements do not fit these postings.
    OutOfRange,
}
