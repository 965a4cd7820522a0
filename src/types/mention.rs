//! Skills seen in postings.

use crate::types::{PostingId, Score, SectionKind, SkillId};
use serde::{Deserialize, Serialize};

/// Part of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The job title.
    Title,
    /// The body.
    Body,
}

/// Way a mention or link was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// A label, word for word in its normal form.
    Exact,
    /// A label, stem for stem.
    Stem,
    /// A label up to misspelling, found by n-grams and confirmed by similarity.
    Fuzzy,
    /// Ranked by the fused lanes against a whole sentence.
    Ranked,
}

/// What is decided about a match. Only a reviewer rejects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Counts in demand and coverage.
    Accepted,
    /// Shown to a person, counts nowhere.
    Review,
    /// Nothing likely.
    Unmatched,
    /// A reviewer said no; counts nowhere and is not asked again.
    Rejected,
}

/// A skill seen in a posting, with the words that show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Mention {
    /// The posting.
    pub posting: PostingId,
    /// The skill.
    pub skill: SkillId,
    /// Title or body.
    pub field: Field,
    /// First byte of the span in that field's text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// The words of the span.
    pub surface: String,
    /// Label it met.
    pub label: String,
    /// Way it was found.
    pub lane: Lane,
    /// Kind of section it stands in (`Other` for the title).
    pub section: SectionKind,
    /// How sure, 0..=1.
    pub score: Score,
    /// Accepted or review.
    pub verdict: Verdict,
}
