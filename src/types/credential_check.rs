//! What the checks of a catalogue say, one row per thing checked.

use crate::types::{CredentialId, SourceId};
use serde::{Deserialize, Serialize};

/// What a check belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Mandatory element of the EU minimum information set (Council Recommendation 2022/C 243/02, Annex I).
    Mandatory,
    /// Optional element of the same set.
    Optional,
    /// Fields that must fit each other.
    Consistency,
    /// A ceiling on credits.
    Cap,
    /// How learning outcomes are written.
    Wording,
    /// Overlap with a vocational qualification.
    Overlap,
    /// Declared taxonomy concepts.
    Esco,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    /// The element is there, or the fields fit.
    Present,
    /// The element is not there.
    Missing,
    /// The element belongs to issued credentials only.
    NotApplicable,
    /// Something does not fit; somebody should look.
    Warning,
    /// Worth a thought, perhaps as intended.
    Hint,
}

/// The message of a check; its text form is the key of the sentence in `data/reference/checks_*.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckKey {
    /// The element is there.
    ElementPresent,
    /// The element is not there.
    ElementMissing,
    /// The element belongs to issued credentials; this is a catalogue entry.
    IssuedOnly,
    /// An issued credential names its learner; nothing of it was read.
    LearnerNotRead,
    /// Workload in hours, not in ECTS.
    WorkloadInHours,
    /// A national level without EQF or QF-EHEA.
    LevelNationalOnly,
    /// No national level, though nearly all of the source state one.
    NationalLevelAbsent,
    /// Hours per ECTS outside the plan's range.
    HoursPerEcts,
    /// Zero or negative credits or hours.
    NothingToLearn,
    /// EQF and national level name different levels.
    LevelsDiffer,
    /// EQF level and QF-EHEA cycle do not belong together.
    CycleDiffers,
    /// More enrolments than places.
    EnrolmentsOverPlaces,
    /// More enrolments than requests.
    EnrolmentsOverRequests,
    /// The larger credential is not in the catalogue.
    StackUnknown,
    /// It stacks into itself.
    StackItself,
    /// Outcomes in another language than the source declares.
    OutcomeLanguage,
    /// At or over the plan's legal ceiling.
    EctsCapLegal,
    /// Over the plan's own ceiling.
    EctsCapUnit,
    /// Outcomes that name a topic and no action.
    OutcomesAreTopics,
    /// Outcomes whose only verbs cannot be observed.
    OutcomesAreVague,
    /// Fewer outcomes than the plan asks for.
    FewOutcomes,
    /// A vocational qualification or unit is named.
    QualificationNamed,
    /// All declared concepts are in the run's taxonomy.
    SkillsKnown,
    /// A declared concept is not in the run's taxonomy.
    SkillUnknown,
    /// A declared concept's URI is none of ESCO's form.
    SkillMalformed,
}

/// One row: a credential, a field, and what came of looking at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CredentialCheck {
    /// Source of the credential.
    pub source: SourceId,
    /// The credential.
    pub credential: CredentialId,
    /// The field looked at, by our name.
    pub field: String,
    /// What the check belongs to.
    pub kind: CheckKind,
    /// What came of it.
    pub verdict: CheckVerdict,
    /// Key of the sentence.
    pub key: CheckKey,
    /// What was found: the `{value}` of the sentence; a count of several reads `2 of 5`.
    pub value: Option<String>,
    /// What was expected or is near: the `{detail}` of the sentence; a range reads `25 to 30`.
    pub detail: Option<String>,
    /// The sentence in English.
    pub message: String,
}

/// The checks of one credential, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CredentialCheckCount {
    /// Source of the credential.
    pub source: SourceId,
    /// The credential.
    pub credential: CredentialId,
    /// Its title.
    pub title: String,
    /// Mandatory elements that are there.
    pub mandatory_present: u32,
    /// Mandatory elements that apply to it.
    pub mandatory_applicable: u32,
    /// Mandatory elements that are missing, by field.
    pub missing: Vec<String>,
    /// Optional elements that are there.
    pub optional_present: u32,
    /// Warnings.
    pub warning_count: u32,
    /// Hints.
    pub hint_count: u32,
}
