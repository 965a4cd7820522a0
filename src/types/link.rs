//! Skills that a learning outcome teaches.

use crate::types::{CredentialId, OutcomeId, Score, SkillId, Verdict};
use serde::{Deserialize, Serialize};

/// Part of a link's score that one lane gave, so that a reader sees why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LinkEvidence {
    /// Name of the lane (`cover`, `char`, `window`, `description`, `exact`, ...).
    pub lane: String,
    /// Its value, 0..=1.
    pub value: f32,
}

/// One candidate skill of an outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Link {
    /// The skill.
    pub skill: SkillId,
    /// Label that matched best.
    pub label: String,
    /// Words of the outcome that matched best, when there is a span.
    pub surface: Option<String>,
    /// How sure, 0..=1.
    pub score: Score,
    /// Accepted or review.
    pub verdict: Verdict,
    /// The lanes' parts.
    pub evidence: Vec<LinkEvidence>,
}

/// An outcome with its links, best first; `verdict` is the best link's, `Unmatched` when there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Linked {
    /// The outcome.
    pub outcome: OutcomeId,
    /// Its micro-credential.
    pub credential: CredentialId,
    /// Best first.
    pub links: Vec<Link>,
    /// Verdict for the outcome as a whole.
    pub verdict: Verdict,
}
