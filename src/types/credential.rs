//! What is taught: micro-credentials, their learning outcomes, and programmes made of them.

use crate::types::{Date, Lang, Origin};
use serde::{Deserialize, Serialize};

/// The provider's id of a micro-credential.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct CredentialId(pub String);

/// First 16 hex digits of SHA-256(credential, NUL, normalised text): an edited outcome has another id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct OutcomeId(pub String);

/// One statement of what a learner will know or be able to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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

/// A taxonomy concept that the provider itself names for a micro-credential; at least one of the two is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeclaredSkill {
    /// URI as declared, whether or not the run's taxonomy knows it.
    pub uri: Option<String>,
    /// Name as declared.
    pub label: Option<String>,
}

/// A micro-credential with the fields of the EU minimum information set that a file can carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// Language its source declares for the text, where it does.
    pub declared_language: Option<Lang>,
    /// Languages it is taught in: ISO 639-1 for ours, else as spelt.
    pub delivery_languages: Vec<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Country or region of the issuer: area code where known, else as spelt.
    pub country: Option<String>,
    /// EQF level, 1..=8.
    pub eqf_level: Option<u8>,
    /// National qualification framework level as spelt.
    pub nqf_level: Option<String>,
    /// QF-EHEA cycle: 0 short, 1 first (bachelor), 2 second (master), 3 third (doctorate).
    pub cycle: Option<u8>,
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
    /// What a learner needs before enrolling.
    pub prerequisites: Option<String>,
    /// Supervision and identity verification during assessment.
    pub supervision: Option<String>,
    /// Page with more.
    pub further_information: Option<String>,
    /// Day of issue, where it is an issued credential.
    #[schemars(with = "Option<String>")]
    pub issued_on: Option<Date>,
    /// Whether an issued credential names its learner; absent for a catalogue entry. Nothing else about learners is read.
    pub learner_identified: Option<bool>,
    /// Vocational qualifications or units it overlaps with, as declared (`IFC153_3`, `UC0493_3`).
    pub qualifications: Vec<String>,
    /// Taxonomy concepts its provider names.
    pub declared_skills: Vec<DeclaredSkill>,
    /// Occupations it is meant for, by id or slug as spelt.
    pub target_occupations: Vec<String>,
    /// Learning outcomes.
    pub outcomes: Vec<LearningOutcome>,
    /// Where it was read.
    pub origin: Origin,
}

impl Credential {
    /// A micro-credential of which nothing but its name is known.
    pub fn new(id: CredentialId, title: String, language: Lang, origin: Origin) -> Self {
        Self {
            id,
            title,
            provider: None,
            competence_group: None,
            language,
            declared_language: None,
            delivery_languages: Vec::new(),
            description: None,
            country: None,
            eqf_level: None,
            nqf_level: None,
            cycle: None,
            ects: None,
            workload_hours: None,
            places: None,
            requests: None,
            enrolments: None,
            stacks_into: None,
            assessment: None,
            participation: None,
            quality_assurance: None,
            prerequisites: None,
            supervision: None,
            further_information: None,
            issued_on: None,
            learner_identified: None,
            qualifications: Vec::new(),
            declared_skills: Vec::new(),
            target_occupations: Vec::new(),
            outcomes: Vec::new(),
            origin,
        }
    }
}

/// Credentials that are judged together; by default one programme per credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RawCredential {
    /// The provider's id; the record number when there is none.
    pub id: String,
    /// Every other field by our name (`title`, `ects`, `outcomes`, ...), untouched.
    pub fields: std::collections::BTreeMap<String, String>,
}
