//! What flows between the stages. No logic beyond constructors and their guards.

mod credential;
mod credential_check;
mod edition_diff;
mod finding;
mod link;
mod mention;
mod novel;
mod posting;
mod provenance;
mod ranked;
mod scale;
mod skill;
mod statistic;
pub mod tables;

pub use credential::{Credential, CredentialId, DeclaredSkill, LearningOutcome, OutcomeId, Programme, RawCredential};
pub use credential_check::{CheckKey, CheckKind, CheckVerdict, CredentialCheck, CredentialCheckCount};
pub use edition_diff::{
    Cause, ChangeCall, DiffRow, EditionDiff, EditionFrame, EditionInputs, Figure, FrameChange, OutcomeChange,
    ProgrammeChange, ProgrammeFigures, SkillChange, SkillFigures, TrendChange, TrendFigures,
};
pub use finding::{
    AcceptedDrift, AreaShare, Coverage, Demand, Edition, EditionName, Evidence, Findings, FindingsMeta, Gap, GapStatus,
    LanguageCount, Mark, OutcomeFinding, ProgrammeFinding, QualityBox, SourceCount, StageCount, Trend, TrendCall,
};
pub use link::{Link, LinkEvidence, Linked};
pub use mention::{Field, Lane, Mention, Verdict};
pub use novel::{MentionSpan, NovelTerm, NovelTerms, TermContext, TermPosting};
pub use posting::{
    Duplicate, DuplicateKind, Posting, PostingId, PostingShare, QuotablePosting, RawPosting, Section, SectionKind,
};
pub use provenance::{Licence, Origin, Reject, RejectReason, Snapshot, SnapshotId, SourceId, SourceIdError};
pub use ranked::{RankedFile, RankedList, RankedSkill};
pub use scale::{AreaCode, IscoCode, IscoCodeError, Lang, Period, PeriodError, PeriodKind, Score};
pub use skill::{
    Label, LabelKind, Occupation, Relation, RelationKind, Reuse, Skill, SkillId, SkillKind, Taxonomy, TaxonomyLayer,
};
pub use statistic::{Breakdown, NumberStyle, Observation, ObservationQuality, RawObservation};

/// A calendar day, as ISO 8601 in every file.
pub type Date = jiff::civil::Date;
