//! What is taught: micro-credentials, their learning outcomes, and programmes made of them.

use crate::types::{Lang, Origin};
use serde::{Deserialize, Serialize};

/// The provider's id of a micro-credential.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CredentialId(pub String);

/// First 16 hex digits of SHA-256(credential, NUL, normalised text): an edited outcome has another id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OutcomeId(pub String);

/// One statement of what a learner will know or be able to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearningOutcome {
    /// Stable id.
    pub id: OutcomeId,
    /// The micro-credential it belongs to.
    pub credential: CredentialId,
    /// The statement.
    pub text: String,
    /// Its language.
    pub language: Lang,
}

/// A micro-credential with the fields of the EU minimum information set that a file can carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credential {
    /// The provider's id.
    pub id: CredentialId,
    /// Title.
    pub title: String,
    /// Awarding body.
    pub provider: Option<String>,
    /// Competence group of the provider's catalogue.
    pub competence_group: Option<String>,
    /// Language of the text.
    pub language: Lang,
    /// EQF level, 1..=8.
    pub eqf_level: Option<u8>,
    /// National qualification framework level as spelt.
    pub nqf_level: Option<String>,
    /// Credits (ECTS).
    pub ects: Option<f64>,
    /// Notional workload in hours.
    pub workload_hours: Option<f64>,
    /// Places on offer per edition.
    pub places: Option<u32>,
    /// Requests received.
    pub requests: Option<u32>,
    /// Enrolments.
    pub enrolments: Option<u32>,
    /// Larger credential it counts towards.
    pub stacks_into: Option<String>,
    /// Type of assessment.
    pub assessment: Option<String>,
    /// Form of participation.
    pub participation: Option<String>,
    /// Type of quality assurance.
    pub quality_assurance: Option<String>,
    /// Occupations it is meant for, by id or slug as spelt.
    pub target_occupations: Vec<String>,
    /// Learning outcomes.
    pub outcomes: Vec<LearningOutcome>,
    /// Where it was read.
    pub origin: Origin,
}

/// Credentials that are judged together; by default one programme per credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// Id, unique in the plan.
    pub id: String,
    /// Title.
    pub title: String,
    /// Its micro-credentials.
    pub credentials: Vec<CredentialId>,
    /// Occupations it prepares for, by taxonomy id; empty = all postings.
    pub target_occupations: Vec<String>,
}

/// A micro-credential as its file spells it: one text per field, lists still joined.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawCredential {
    /// The provider's id; the record number when there is none.
    pub id: String,
    /// Every other field by our name (`title`, `ects`, `outcomes`, ...), untouched.
    pub fields: std::collections::BTreeMap<String, String>,
}
