//! The ledger: what the last edition recommended and what became of it.

use crate::types::tables::{Table, maybe, maybe_text, number, text};
use crate::types::{Date, GapStatus, Mark, OutcomeId};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// What became of a recommendation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Somebody decided so, or the catalogue shows it.
    Adopted,
    /// Somebody decided against it.
    Declined,
    /// Neither.
    Open,
}

/// Whether the catalogue shows that a recommendation was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedgerEvidence {
    /// An outcome that is new since then covers the skill; for a review, the outcome that taught it is gone.
    Seen,
    /// Not so, at least not yet.
    NotSeenYet,
}

/// What a reader must know of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedgerRemark {
    /// The programme is not in this edition.
    ProgrammeNoLongerOffered,
    /// The taxonomy of this edition does not hold the skill.
    SkillNoLongerInTaxonomy,
    /// The skill is covered, but by an outcome that was there before: the matching changed, or what belongs together.
    CoveredByAnEarlierOutcome,
}

/// A recommendation of an earlier edition and its fate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LedgerRow {
    /// Programme id, or `portfolio`.
    pub programme: String,
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// What was recommended: `add`, `strengthen` or `review`.
    pub recommendation: GapStatus,
    /// As-of day of the edition that recommended it first.
    pub first_recommended: String,
    /// Editions that have asked after it, this one included.
    pub editions: u32,
    /// What became of it.
    pub fate: Fate,
    /// Whether the catalogue shows it.
    pub evidence: LedgerEvidence,
    /// Remark, if any.
    pub remark: Option<LedgerRemark>,
    /// Coverage when it was first recommended, 0..=1.
    pub coverage_before: f64,
    /// Coverage now; absent when the programme is gone.
    pub coverage_now: Option<f64>,
    /// Outcome that covered the skill best when it was first recommended.
    pub outcome_before: Option<OutcomeId>,
    /// Outcome that covers it best now.
    pub outcome_now: Option<OutcomeId>,
    /// Whether that outcome came after the recommendation.
    pub outcome_is_new: bool,
    /// Postings per 100 that asked for it and found it untaught, when first recommended.
    pub unmet_before: Option<f64>,
    /// Lower end.
    pub unmet_before_low: Option<f64>,
    /// Upper end.
    pub unmet_before_high: Option<f64>,
    /// The same now; absent when withheld or the programme is gone.
    pub unmet_now: Option<f64>,
    /// Lower end.
    pub unmet_now_low: Option<f64>,
    /// Upper end.
    pub unmet_now_high: Option<f64>,
    /// Postings that ask for the skill now.
    pub posting_count: u64,
    /// Postings in the programme's target occupations now.
    pub base_count: u64,
    /// Known employers that ask for it now.
    pub employer_count: u64,
    /// Boards it is seen on now.
    pub source_count: u64,
    /// Mark of the figures of now.
    pub mark: Option<Mark>,
    /// Why it was adopted or declined, in the words of who decided.
    pub reason: Option<String>,
    /// Day of the decision.
    pub decided_on: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
}

/// What a person decided about a recommendation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerDecision {
    /// Row of the file, its header being row 1.
    pub row: u64,
    /// Programme id.
    pub programme: String,
    /// Skill id, or its name in the last edition.
    pub skill: String,
    /// `Adopted` or `Declined`.
    pub fate: Fate,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub decided_on: Date,
    /// Who.
    pub decided_by: Option<String>,
}

/// What the ledger needs of the last edition's `findings.json`; the rest is skipped.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LastEdition {
    /// Its frame.
    pub meta: LastMeta,
    /// Its gaps.
    pub gaps: Vec<LastGap>,
    /// Outcomes of its catalogue.
    pub outcomes: Vec<LastOutcome>,
    /// Its own ledger.
    #[serde(default)]
    pub ledger: Vec<LedgerRow>,
}

/// Part of [`super::FindingsMeta`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LastMeta {
    /// As-of day.
    pub as_of: String,
}

/// Part of [`super::Gap`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LastGap {
    /// Programme id.
    pub programme: String,
    /// The skill.
    pub demand: LastDemand,
    /// Best coverage, 0..=1.
    pub coverage: f64,
    /// Outcome that gave it.
    pub outcome: Option<OutcomeId>,
    /// Unmet demand per 100.
    pub unmet_per_100: Option<f64>,
    /// Lower end.
    pub unmet_low: Option<f64>,
    /// Upper end.
    pub unmet_high: Option<f64>,
    /// What it suggested.
    pub status: GapStatus,
}

/// Part of [`super::Demand`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LastDemand {
    /// Skill id.
    pub skill: String,
    /// Its name.
    pub label: String,
}

/// Part of [`super::OutcomeFinding`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LastOutcome {
    /// Outcome id.
    pub outcome: OutcomeId,
}

impl Table for LedgerRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["programme", "skill", "label", "recommendation", "first_recommended"].map(text).to_vec();
        columns.push(number("editions", DataType::UInt32));
        columns.extend([text("fate"), text("evidence"), maybe_text("remark")]);
        columns.extend([number("coverage_before", DataType::Float64), maybe("coverage_now", DataType::Float64)]);
        columns.extend(["outcome_before", "outcome_now"].map(maybe_text));
        columns.push(number("outcome_is_new", DataType::Boolean));
        let before = ["unmet_before", "unmet_before_low", "unmet_before_high"];
        let now = ["unmet_now", "unmet_now_low", "unmet_now_high"];
        columns.extend([before, now].concat().into_iter().map(|n| maybe(n, DataType::Float64)));
        let counts = ["posting_count", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.extend(["mark", "reason", "decided_on", "decided_by"].map(maybe_text));
        columns
    }
}
