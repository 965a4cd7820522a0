//! Pathways: which micro-credentials together cover an occupation, what is missing then, and the stacks a catalogue states.

use crate::types::Mark;
use crate::types::tables::{Table, maybe, maybe_text, number, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// One step on the way to an occupation. An occupation without a step has one row with `step` 0: nothing covers a point
/// of its demand, or its cell is withheld (`[c]`: only `base_count` is shown).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PathwayStep {
    /// Occupation id.
    pub occupation: String,
    /// Its name in the report's language.
    pub occupation_label: String,
    /// ISCO-08 code.
    pub isco: Option<String>,
    /// Whether a programme names it as a target.
    pub targeted: bool,
    /// Position in the order of taking, 1 = first; 0 = no step.
    pub step: u32,
    /// Position in the order of gain, 1 = the largest.
    pub picked: u32,
    /// The micro-credential.
    pub credential: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its credits.
    pub ects: Option<f64>,
    /// Credits up to this step; absent when those of one step are not known.
    pub ects_total: Option<f64>,
    /// EQF level, 1..=8.
    pub eqf_level: Option<u32>,
    /// What a learner needs before, as the provider says it.
    pub prerequisites: Option<String>,
    /// Larger credential it counts towards, as the provider says it.
    pub stacks_into: Option<String>,
    /// `sum count x coverage / sum count` over the skills asked for, before the step, 0..=1.
    pub coverage_before: Option<f64>,
    /// The same after the step.
    pub coverage_after: Option<f64>,
    /// Lower end of the 95 % interval of `coverage_after`, employers drawn anew.
    pub coverage_low: Option<f64>,
    /// Upper end.
    pub coverage_high: Option<f64>,
    /// `coverage_after - coverage_before`.
    pub gain: Option<f64>,
    /// Lower end of its 95 % interval.
    pub gain_low: Option<f64>,
    /// Upper end.
    pub gain_high: Option<f64>,
    /// Skills that the taxonomy lists as essential for the occupation.
    pub essential_count: u64,
    /// Of these covered by a half or more after the step.
    pub essential_covered: u64,
    /// Postings of the occupation.
    pub base_count: u64,
    /// Known employers among them.
    pub employer_count: u64,
    /// Boards among them.
    pub source_count: u64,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

/// A skill that is asked for in an occupation and not covered when its pathway ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PathwayMissing {
    /// Occupation id.
    pub occupation: String,
    /// Its name in the report's language.
    pub occupation_label: String,
    /// Position by unmet demand, 1 = largest.
    pub rank: u32,
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Postings of the occupation that ask for it.
    pub posting_count: u64,
    /// Postings of the occupation.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// `posting_count / base_count`, 0..=1.
    pub share: f64,
    /// Lower end of the 95 % interval.
    pub share_low: f64,
    /// Upper end.
    pub share_high: f64,
    /// Coverage by the pathway, 0..=1.
    pub coverage: f64,
    /// `share x (1 - coverage) x 100`.
    pub unmet_per_100: f64,
    /// Lower end, from the interval of the share.
    pub unmet_low: f64,
    /// Upper end.
    pub unmet_high: f64,
    /// Whether the taxonomy lists it as essential for the occupation.
    pub essential: bool,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

/// Micro-credentials that count towards the same larger one, as their providers state it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Stack {
    /// The larger credential as stated, in the first spelling by id of its parts.
    pub stack: String,
    /// Its id, when the catalogue holds it.
    pub stack_credential: Option<String>,
    /// Its own credits, when the catalogue says them.
    pub stack_ects: Option<f64>,
    /// Its EQF level.
    pub stack_eqf_level: Option<u32>,
    /// Ids of its parts, sorted.
    pub credentials: Vec<String>,
    /// Credits of the parts together, when all are known.
    pub ects: Option<f64>,
    /// Lowest EQF level of a part.
    pub eqf_low: Option<u32>,
    /// Highest.
    pub eqf_high: Option<u32>,
    /// Skills asked for that the parts cover by a half or more; 0 when withheld.
    pub skill_count: u64,
    /// The ten most asked for among them: (id, name).
    pub skills: Vec<(String, String)>,
    /// Coverage of the demand in all postings by the parts together, 0..=1.
    pub coverage: Option<f64>,
    /// Lower end of its 95 % interval, employers drawn anew.
    pub coverage_low: Option<f64>,
    /// Upper end.
    pub coverage_high: Option<f64>,
    /// All postings.
    pub base_count: u64,
    /// Known employers among them.
    pub employer_count: u64,
    /// Boards among them.
    pub source_count: u64,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

/// A stack, flat: its lists are joined by ` | `.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StackRow {
    /// See [`Stack`].
    pub stack: String,
    /// See [`Stack`].
    pub stack_credential: Option<String>,
    /// See [`Stack`].
    pub stack_ects: Option<f64>,
    /// See [`Stack`].
    pub stack_eqf_level: Option<u32>,
    /// Number of parts.
    pub credential_count: u64,
    /// Ids of the parts.
    pub credentials: String,
    /// See [`Stack`].
    pub ects: Option<f64>,
    /// See [`Stack`].
    pub eqf_low: Option<u32>,
    /// See [`Stack`].
    pub eqf_high: Option<u32>,
    /// See [`Stack`].
    pub skill_count: u64,
    /// Names of the skills.
    pub skills: String,
    /// See [`Stack`].
    pub coverage: Option<f64>,
    /// See [`Stack`].
    pub coverage_low: Option<f64>,
    /// See [`Stack`].
    pub coverage_high: Option<f64>,
    /// See [`Stack`].
    pub base_count: u64,
    /// See [`Stack`].
    pub employer_count: u64,
    /// See [`Stack`].
    pub source_count: u64,
    /// See [`Stack`].
    pub mark: Option<Mark>,
}

impl From<&Stack> for StackRow {
    fn from(stack: &Stack) -> Self {
        let names: Vec<&str> = stack.skills.iter().map(|(_, name)| name.as_str()).collect();
        Self {
            stack: stack.stack.clone(),
            stack_credential: stack.stack_credential.clone(),
            stack_ects: stack.stack_ects,
            stack_eqf_level: stack.stack_eqf_level,
            credential_count: stack.credentials.len() as u64,
            credentials: stack.credentials.join(" | "),
            ects: stack.ects,
            eqf_low: stack.eqf_low,
            eqf_high: stack.eqf_high,
            skill_count: stack.skill_count,
            skills: names.join(" | "),
            coverage: stack.coverage,
            coverage_low: stack.coverage_low,
            coverage_high: stack.coverage_high,
            base_count: stack.base_count,
            employer_count: stack.employer_count,
            source_count: stack.source_count,
            mark: stack.mark,
        }
    }
}

impl Table for PathwayStep {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("occupation"), text("occupation_label"), maybe_text("isco")];
        columns.push(number("targeted", DataType::Boolean));
        columns.extend(["step", "picked"].map(|n| number(n, DataType::UInt32)));
        columns.extend(["credential", "title"].map(maybe_text));
        columns.extend(["ects", "ects_total"].map(|n| maybe(n, DataType::Float64)));
        columns.push(maybe("eqf_level", DataType::UInt32));
        columns.extend(["prerequisites", "stacks_into"].map(maybe_text));
        let figures = ["coverage_before", "coverage_after", "coverage_low", "coverage_high"];
        columns.extend(figures.map(|n| maybe(n, DataType::Float64)));
        columns.extend(["gain", "gain_low", "gain_high"].map(|n| maybe(n, DataType::Float64)));
        let counts = ["essential_count", "essential_covered", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        columns.push(maybe_text("mark"));
        columns
    }
}

impl Table for PathwayMissing {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("occupation"), text("occupation_label"), number("rank", DataType::UInt32)];
        columns.extend(["skill", "label"].map(text));
        let counts = ["posting_count", "base_count", "employer_count", "source_count"];
        columns.extend(counts.map(|n| number(n, DataType::UInt64)));
        let figures = ["share", "share_low", "share_high", "coverage", "unmet_per_100", "unmet_low", "unmet_high"];
        columns.extend(figures.map(|n| number(n, DataType::Float64)));
        columns.extend([number("essential", DataType::Boolean), maybe_text("mark")]);
        columns
    }
}

impl Table for StackRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("stack"), maybe_text("stack_credential"), maybe("stack_ects", DataType::Float64)];
        columns.extend([maybe("stack_eqf_level", DataType::UInt32), number("credential_count", DataType::UInt64)]);
        columns.extend([text("credentials"), maybe("ects", DataType::Float64)]);
        columns.extend(["eqf_low", "eqf_high"].map(|n| maybe(n, DataType::UInt32)));
        columns.extend([number("skill_count", DataType::UInt64), text("skills")]);
        columns.extend(["coverage", "coverage_low", "coverage_high"].map(|n| maybe(n, DataType::Float64)));
        columns.extend(["base_count", "employer_count", "source_count"].map(|n| number(n, DataType::UInt64)));
        columns.push(maybe_text("mark"));
        columns
    }
}
