//! The learners' side: official indicators about them, what they ask for, and what a survey of them says.

use crate::types::tables::{Table, maybe, maybe_text, number, text};
use crate::types::{Mark, SkillId};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// An official indicator about learners: the latest figure of a series, and the one five years before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LearnerIndicator {
    /// Topic of `data/reference/learner_indicators.csv`, e.g. `neet`.
    pub topic: String,
    /// Area code.
    pub area: String,
    /// What is counted, in its publisher's words.
    pub indicator: String,
    /// ISCO-08 code; absent = all.
    pub occupation: Option<String>,
    /// Sector as published; absent = all.
    pub sector: Option<String>,
    /// Sex as published; absent = all.
    pub sex: Option<String>,
    /// Age group as published; absent = all.
    pub age: Option<String>,
    /// Items of further dimensions: `dimension: item; ...`.
    pub breakdown: Option<String>,
    /// Latest period that is not missing.
    pub period: String,
    /// Its figure; absent when withheld or missing.
    pub value: Option<f64>,
    /// Unit as published.
    pub unit: String,
    /// The publisher's mark on it.
    pub mark: Option<Mark>,
    /// The period five years before, when the series has it.
    pub earlier_period: Option<String>,
    /// Its figure.
    pub earlier_value: Option<f64>,
    /// The publisher's mark on that.
    pub earlier_mark: Option<Mark>,
    /// Whether the publisher marks a break after the earlier period and up to the latest; absent without an earlier one.
    pub break_between: Option<bool>,
    /// The plan's name of the source.
    pub source: String,
    /// The publisher's notes.
    pub note: Option<String>,
}

/// What can be said of an amount against its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Above it, beyond what chance allows where there is chance.
    High,
    /// Not above it.
    Low,
    /// The interval does not tell.
    Unclear,
    /// There is no figure.
    Unknown,
}

/// Demand for a skill beside the interest of learners in it; the two are never joined in one figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LearnerInterest {
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Postings that ask for it, whole window.
    pub posting_count: u64,
    /// All postings.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Demand share, 0..=1; absent when withheld.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Mark of the demand, if any.
    pub mark: Option<Mark>,
    /// Whether demand is among the `top_k` largest of all skills.
    pub demand_level: Level,
    /// Micro-credentials with an accepted link to it.
    pub credential_count: u64,
    /// Their requests together; absent when none says.
    pub requests: Option<u64>,
    /// Their enrolments together; absent when none says.
    pub enrolments: Option<u64>,
    /// Their places together; absent when none says.
    pub places: Option<u64>,
    /// Micro-credentials that state requests as well as places.
    pub ratio_credential_count: u64,
    /// Requests for each place, over those that state both.
    pub requests_per_place: Option<f64>,
    /// Whether those have more requests than places.
    pub request_level: Level,
    /// Answers of the survey about it.
    pub answer_count: u64,
    /// Answers that say yes; absent when withheld.
    pub wants_count: Option<u64>,
    /// Answers the interval rests on: `(sum w)^2 / sum w^2`.
    pub wants_effective_n: Option<f64>,
    /// Weighted share that wants to learn it, 0..=1.
    pub wants_share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub wants_low: Option<f64>,
    /// Upper end.
    pub wants_high: Option<f64>,
    /// Mark of the survey's share, if any.
    pub wants_mark: Option<Mark>,
    /// Whether more than half want to learn it.
    pub survey_level: Level,
}

/// A row of a survey of learners as its file spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawAnswer {
    /// One-based number of the row below the header.
    pub row: u64,
    /// Respondent as spelt; used to tell people apart and written nowhere.
    pub respondent: Option<String>,
    /// Skill as spelt; empty = blank.
    pub skill: String,
    /// Answer as spelt; empty = blank.
    pub wants: String,
    /// Weight as spelt; absent when the file has no such column.
    pub weight: Option<String>,
}

/// One answer of one person about one skill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LearnerAnswer {
    /// The skill.
    pub skill: SkillId,
    /// Wants to learn it.
    pub wants: bool,
    /// Weight, finite and above 0; 1 when the file has none.
    pub weight: f64,
}

/// Why a row of a survey was not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SurveyFault {
    /// The row cannot be read: other number of fields, damaged, over a limit.
    UnreadableRow,
    /// No skill is named.
    NoSkill,
    /// No skill of the taxonomy has this id or name.
    UnknownSkill,
    /// Several skills have this name.
    AmbiguousSkill,
    /// No answer is given.
    NoAnswer,
    /// An answer that is neither yes nor no.
    BadAnswer,
    /// A weight that is not a number above 0.
    BadWeight,
    /// The respondent gave another answer or weight for this skill before.
    ConflictingAnswer,
}

/// A row of a survey that was not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SurveyReject {
    /// File name.
    pub file: String,
    /// One-based number of the row below the header.
    pub row: u64,
    /// Column that is at fault; empty = the row.
    pub column: String,
    /// Its value, cut; contacts are masked.
    pub value: String,
    /// Why.
    pub reason: SurveyFault,
}

/// A survey of learners, typed: read = answers + duplicates + rejects.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LearnerSurvey {
    /// Answers that count; respondents are left behind.
    pub answers: Vec<LearnerAnswer>,
    /// Rows read.
    pub read: u64,
    /// Rows that say what the respondent said before.
    pub duplicates: u64,
    /// Rows not counted, in the order of the file.
    pub rejects: Vec<SurveyReject>,
}

impl Table for LearnerIndicator {
    fn columns() -> Vec<FieldRef> {
        let figure = |name: &str| maybe(name, DataType::Float64);
        let mut columns = ["topic", "area", "indicator"].map(text).to_vec();
        columns.extend(["occupation", "sector", "sex", "age", "breakdown"].map(maybe_text));
        columns.extend([text("period"), figure("value"), text("unit"), maybe_text("mark")]);
        columns.extend([maybe_text("earlier_period"), figure("earlier_value"), maybe_text("earlier_mark")]);
        columns.extend([maybe("break_between", DataType::Boolean), text("source"), maybe_text("note")]);
        columns
    }
}

impl Table for LearnerInterest {
    fn columns() -> Vec<FieldRef> {
        let count = |name: &str| number(name, DataType::UInt64);
        let maybe_count = |name: &str| maybe(name, DataType::UInt64);
        let figure = |name: &str| maybe(name, DataType::Float64);
        let mut columns = ["skill", "label"].map(text).to_vec();
        columns.extend(["posting_count", "base_count", "employer_count", "source_count"].map(count));
        columns.extend(["share", "share_low", "share_high"].map(figure));
        columns.extend([maybe_text("mark"), text("demand_level"), count("credential_count")]);
        columns.extend(["requests", "enrolments", "places"].map(maybe_count));
        columns.extend([count("ratio_credential_count"), figure("requests_per_place"), text("request_level")]);
        columns.extend([count("answer_count"), maybe_count("wants_count")]);
        columns.extend(["wants_effective_n", "wants_share", "wants_low", "wants_high"].map(figure));
        columns.extend([maybe_text("wants_mark"), text("survey_level")]);
        columns
    }
}

impl Table for SurveyReject {
    fn columns() -> Vec<FieldRef> {
        vec![text("file"), number("row", DataType::UInt64), text("column"), text("value"), text("reason")]
    }
}
