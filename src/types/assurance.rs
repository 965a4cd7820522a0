//! Evidence for quality assurance: what the data show of a micro-credential, criterion by criterion.

use crate::types::tables::{Table, maybe, maybe_text, text};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// Whose criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Framework {
    /// Principles for micro-credentials of the Higher Education Quality Council of Ontario.
    Heqco,
    /// Indicators of how mature an offer is.
    Maturity,
    /// Outcomes that a checklist of quality asks for, where the user supplies them.
    Outcomes,
    /// Minimum information set of Council Recommendation 2022/C 243/02.
    EuMinimum,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Relevant: demand seen in postings.
    RelevantDemand,
    /// Relevant: industry consulted.
    RelevantIndustry,
    /// Learning is assessed.
    Assessed,
    /// Quality assured by somebody.
    Accredited,
    /// Described as others are.
    Standardised,
    /// Form of participation.
    Flexible,
    /// Counts towards a larger credential.
    Stackable,
    /// Compared with demand.
    SkillGapAnalysis,
    /// What learners said or asked for.
    LearnerInput,
    /// Who the learners are.
    LearnerContext,
    /// What came back from learners, or of recommendations.
    Feedback,
    /// Part of a way to an occupation.
    Pathways,
    /// Figures that are followed.
    Kpis,
    /// Satisfaction of learners.
    Satisfaction,
    /// Completion.
    Completion,
    /// Employment of those who completed.
    Employment,
    /// Any other supplied figure.
    Other,
    /// Mandatory elements of the EU minimum information set.
    MinimumInformation,
}

impl Criterion {
    /// Every criterion that each micro-credential has a row for, with whose it is, in the order of the table.
    pub const ALL: [(Framework, Criterion); 17] = [
        (Framework::Heqco, Criterion::RelevantDemand),
        (Framework::Heqco, Criterion::RelevantIndustry),
        (Framework::Heqco, Criterion::Assessed),
        (Framework::Heqco, Criterion::Accredited),
        (Framework::Heqco, Criterion::Standardised),
        (Framework::Heqco, Criterion::Flexible),
        (Framework::Heqco, Criterion::Stackable),
        (Framework::Maturity, Criterion::SkillGapAnalysis),
        (Framework::Maturity, Criterion::LearnerInput),
        (Framework::Maturity, Criterion::LearnerContext),
        (Framework::Maturity, Criterion::Feedback),
        (Framework::Maturity, Criterion::Pathways),
        (Framework::Maturity, Criterion::Kpis),
        (Framework::Outcomes, Criterion::Satisfaction),
        (Framework::Outcomes, Criterion::Completion),
        (Framework::Outcomes, Criterion::Employment),
        (Framework::EuMinimum, Criterion::MinimumInformation),
    ];
}

/// How far the data show it. There is no score: a criterion that the data do not speak of is neither met nor failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssuranceState {
    /// The data show it.
    Shown,
    /// A part of it, or only that the provider says so.
    Partly,
    /// The data that could show it do not.
    NotShown,
    /// Nothing in the data is about it.
    NotInTheData,
}

/// What a state rests on; where there is a figure, its text form is the key of the phrase under `assurance_basis` of the
/// messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssuranceBasis {
    /// `count` of `of_count` outcomes match a skill seen in postings; `value` per 100 of `n` ask for `detail`.
    OutcomesInDemand,
    /// None of `of_count` outcomes does.
    OutcomesUnmatched,
    /// It has no outcomes.
    NoOutcomes,
    /// `count` decisions of companies, the last on `period`.
    CompaniesDecided,
    /// The edition has no decision of companies about it.
    NobodyConsulted,
    /// The catalogue states `detail`.
    Stated,
    /// The catalogue does not say.
    NotStated,
    /// `count` of `of_count` mandatory elements; `detail` are missing.
    ElementsMissing,
    /// All `of_count` mandatory elements.
    ElementsComplete,
    /// `count` of `of_count` common terms are used; `detail` are missing.
    TermsMissing,
    /// Credits, level and skills are all in common terms.
    TermsComplete,
    /// It counts towards `detail`, which is in the catalogue.
    StackInCatalogue,
    /// It counts towards `detail`, which is not.
    StackStated,
    /// `count` of `of_count` outcomes were compared with `n` postings.
    Compared,
    /// `value` per 100 of `n` answers want to learn `detail`.
    SurveyAnswers,
    /// `count` decisions of learners, the last on `period`.
    LearnersDecided,
    /// `count` requests for `of_count` places.
    Requests,
    /// `count` enrolments.
    Enrolments,
    /// No learner said anything of it.
    NoLearners,
    /// `count` official figures about learners.
    Indicators,
    /// The edition has none.
    NoIndicators,
    /// `count` of `of_count` recommendations of earlier editions were decided upon.
    Decided,
    /// Nothing came back.
    NoFeedback,
    /// A step to `count` occupations, `detail` the first.
    OnPathways,
    /// A step to none of `of_count`.
    OnNoPathway,
    /// The edition has no pathway.
    NoPathways,
    /// `count` of `of_count` figures were supplied.
    FiguresSupplied,
    /// Only places, requests or enrolments.
    CatalogueFigures,
    /// `value` `unit`, of `n` people, in `period`.
    Supplied,
    /// The same, and of how many people is not said.
    SuppliedWithoutN,
    /// Of fewer than `of_count` people, so it is not shown.
    TooFew,
    /// Nobody supplied it.
    NotSupplied,
}

/// A criterion of a micro-credential and what the data show of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AssuranceRow {
    /// The micro-credential.
    pub credential: String,
    /// Its title.
    pub title: String,
    /// Whose criterion.
    pub framework: Framework,
    /// The criterion.
    pub criterion: Criterion,
    /// How far the data show it.
    pub extent: AssuranceState,
    /// What that rests on.
    pub basis: AssuranceBasis,
    /// See [`AssuranceBasis`].
    pub count: Option<u64>,
    /// See [`AssuranceBasis`].
    pub of_count: Option<u64>,
    /// Figure: per 100, or as supplied.
    pub value: Option<f64>,
    /// Unit of a supplied figure.
    pub unit: Option<String>,
    /// Period of a supplied figure; last day of a decision.
    pub period: Option<String>,
    /// Postings, answers or people that the figure rests on.
    pub n: Option<u64>,
    /// Skill that `detail` names.
    pub skill: Option<String>,
    /// Name of a skill or an occupation, what the catalogue states, or the fields that are missing.
    pub detail: Option<String>,
    /// Source of a supplied figure.
    pub source: Option<String>,
    /// Page of a supplied figure, or the table beside the report with the rows behind it.
    pub link: Option<String>,
}

impl Table for AssuranceRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["credential", "title", "framework", "criterion", "extent", "basis"].map(text).to_vec();
        columns.extend(["count", "of_count"].map(|n| maybe(n, DataType::UInt64)));
        columns.push(maybe("value", DataType::Float64));
        columns.extend(["unit", "period"].map(maybe_text));
        columns.push(maybe("n", DataType::UInt64));
        columns.extend(["skill", "detail", "source", "link"].map(maybe_text));
        columns
    }
}

/// A figure about a micro-credential that the user supplies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SuppliedFigure {
    /// The micro-credential.
    pub credential: String,
    /// Satisfaction, completion, employment or other.
    pub indicator: Criterion,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// When it was.
    pub period: String,
    /// Of how many people.
    pub n: Option<u64>,
    /// Who says so.
    pub source: Option<String>,
    /// Page with more.
    pub link: Option<String>,
}

/// Decisions of a workshop about a micro-credential, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consulted {
    /// Decisions of companies.
    pub companies: u64,
    /// Decisions of learners.
    pub learners: u64,
    /// Day of the last of them.
    pub last_decided_on: String,
}
