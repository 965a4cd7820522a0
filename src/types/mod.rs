//! What flows between the stages. No logic beyond constructors and their guards.

mod assurance;
mod caveat;
mod credential;
mod credential_check;
mod decision;
mod demand;
mod edition_diff;
mod expectation;
mod finding;
mod gap;
mod learner;
mod ledger;
mod link;
mod mention;
mod novel;
mod occupation_finding;
mod pathway;
mod pay;
mod posting;
mod proposal;
mod provenance;
mod provision;
mod ranked;
mod review;
mod scale;
mod sector;
mod skill;
mod specialisation;
mod statistic;
pub mod tables;
mod trend;
mod trend_detail;
mod weighting;

pub use assurance::{AssuranceBasis, AssuranceRow, AssuranceState, Consulted, Criterion, Framework, SuppliedFigure};
pub use caveat::Caveat;
pub use credential::{Credential, CredentialId, DeclaredSkill, LearningOutcome, OutcomeId, Programme, RawCredential};
pub use credential_check::{CheckKey, CheckKind, CheckVerdict, CredentialCheck, CredentialCheckCount};
pub use decision::{
    Choice, DECISION_COLUMNS, Decision, DecisionKind, DecisionState, Group, JudgedMentions, MentionPair, PostingKey,
    SHOWN_COLUMN, SheetRow, Workshop, WorkshopDecision, edition_name,
};
pub use demand::{Demand, Mark};
pub use edition_diff::{
    Cause, ChangeCall, DiffRow, EditionDiff, EditionFrame, EditionInputs, Figure, FrameChange, OutcomeChange,
    ProgrammeChange, ProgrammeFigures, SkillChange, SkillFigures, TrendChange, TrendFigures,
};
pub use expectation::{Basis, Expectation, NoExpectation};
pub use finding::{
    AcceptedDrift, AreaShare, Edition, EditionName, Evidence, Findings, FindingsMeta, LanguageCount, OutcomeFinding,
    ProgrammeFinding, QualityBox, SourceCount, StageCount,
};
pub use gap::{Coverage, Gap, GapStatus, GapVariant, PORTFOLIO};
pub use learner::{
    LearnerAnswer, LearnerIndicator, LearnerInterest, LearnerSurvey, Level, RawAnswer, SurveyFault, SurveyReject,
};
pub use ledger::{
    Fate, LastDemand, LastEdition, LastGap, LastMeta, LastOutcome, LedgerDecision, LedgerEvidence, LedgerRemark,
    LedgerRow,
};
pub use link::{Link, LinkEvidence, Linked};
pub use mention::{Field, Lane, Mention, Verdict};
pub use novel::{MentionSpan, NovelTerm, NovelTerms, TermContext, TermPosting};
pub use occupation_finding::{OccupationFinding, Transition, TransitionKind};
pub use pathway::{PathwayMissing, PathwayStep, Stack, StackRow};
pub use pay::{PayPeriod, PostedPay};
pub use posting::{
    Duplicate, DuplicateKind, Posting, PostingId, PostingShare, QuotablePosting, RawPosting, Section, SectionKind,
};
pub use proposal::{OutcomeEdit, Proposal, ProposalOccupation, ProposalSkill, Proposals};
pub use provenance::{Licence, Origin, Reject, RejectReason, Snapshot, SnapshotId, SourceId, SourceIdError};
pub use provision::Provision;
pub use ranked::{RankedFile, RankedList, RankedSkill};
pub use review::{CorrectionStatus, ErrorClass, ErrorCounts, Reviews};
pub use scale::{AreaCode, IscoCode, IscoCodeError, Lang, Period, PeriodError, PeriodKind, Score};
pub use sector::SectorDemand;
pub use skill::{
    Definitions, Label, LabelKind, Occupation, Relation, RelationKind, Reuse, Skill, SkillId, SkillKind, Taxonomy,
    TaxonomyLayer,
};
pub use specialisation::{Dimension, Specialisation};
pub use statistic::{Breakdown, NumberStyle, Observation, ObservationQuality, RawObservation};
pub use trend::{Trend, TrendCall, halves_compare};
pub use trend_detail::{BreakKind, Detectable, NewSkill, SeriesBreak, StockFlow, TrendVariant, Variant};
pub use weighting::{Representation, Weighting};

/// A calendar day, as ISO 8601 in every file.
pub type Date = jiff::civil::Date;
