//! Micro-credentials that the postings suggest, and skills that an existing one could take up.

use crate::types::tables::{Table, maybe, maybe_text, number, text};
use crate::types::{Mark, OutcomeId};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// Skills little taught that postings ask for together: a proposal for people to read, never a finding by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Proposal {
    /// First 16 hex digits of SHA-256 of its skill ids, sorted, joined by NUL: other skills, other id.
    pub proposal: String,
    /// Working title: names of its skills of the largest unmet demand, three at most.
    pub title: String,
    /// Rank by unmet demand, 1 = largest.
    pub rank: u32,
    /// Last rank of the list whose interval overlaps this one's.
    pub tied_to: u32,
    /// Skills.
    pub skill_count: u32,
    /// `skill_count x [proposals].ects_per_skill`: an assumption of the plan, not a finding.
    pub ects: f64,
    /// Postings that ask for at least one of its skills.
    pub posting_count: u64,
    /// All postings of the window.
    pub base_count: u64,
    /// Known employers that ask for at least one.
    pub employer_count: u64,
    /// Boards on which at least one was seen.
    pub source_count: u64,
    /// `posting_count / base_count`, 0..=1.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub share_low: f64,
    /// Upper end.
    pub share_high: f64,
    /// Postings that ask for at least two of its skills.
    pub together_count: u64,
    /// Known employers that do.
    pub together_employers: u64,
    /// Boards on which two were seen in one posting.
    pub together_sources: u64,
    /// `together_count / base_count`, 0..=1.
    pub together_share: f64,
    /// Lower end of its 95 % interval.
    pub together_low: f64,
    /// Upper end.
    pub together_high: f64,
    /// Mean association of its pairs of skills, 0..=1.
    pub association: f64,
    /// Lowest EQF level suggested, 1..=8; absent when too few postings have an occupation.
    pub eqf_low: Option<u32>,
    /// Highest EQF level suggested.
    pub eqf_high: Option<u32>,
    /// Postings that ask for two of its skills and have an occupation with a level: what the levels rest on.
    pub eqf_count: u64,
    /// Existing micro-credential that covers most of its skills at .25 or more; absent when none covers any.
    pub overlap_credential: Option<String>,
    /// Its title.
    pub overlap_title: Option<String>,
    /// Share of the proposal's skills that it covers so, 0..=1.
    pub overlap_share: f64,
    /// Sum of `unmet_per_100` over its skills: requests per 100 postings that find the skill untaught.
    pub unmet_per_100: f64,
    /// Lower end of its 95 % interval (bootstrap over employers).
    pub unmet_low: f64,
    /// Upper end.
    pub unmet_high: f64,
    /// Coverage of the portfolio now, 0..=1.
    pub coverage_before: f64,
    /// Coverage of the portfolio if one outcome taught each of these skills, matched with certainty, 0..=1.
    pub coverage_after: f64,
    /// `100 x (coverage_after - coverage_before)`, percentage points.
    pub closed_points: f64,
    /// Lower end of its 95 % interval (bootstrap over employers).
    pub closed_low: f64,
    /// Upper end.
    pub closed_high: f64,
    /// `[u]` when fewer known employers ask for two of its skills than a cell needs, or employers cannot be counted.
    pub mark: Option<Mark>,
}

/// A skill of a proposal with its demand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProposalSkill {
    /// The proposal.
    pub proposal: String,
    /// Position by unmet demand within the proposal, 1 = largest.
    pub rank: u32,
    /// Skill id.
    pub skill: String,
    /// Name in the report's language.
    pub label: String,
    /// Postings that ask for it.
    pub posting_count: u64,
    /// All postings of the window.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Demand share, 0..=1.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub share_low: f64,
    /// Upper end.
    pub share_high: f64,
    /// How much of it the portfolio teaches, 0..=1.
    pub coverage: f64,
    /// `share x (1 - coverage) x 100`.
    pub unmet_per_100: f64,
    /// Lower end, from the demand interval.
    pub unmet_low: f64,
    /// Upper end.
    pub unmet_high: f64,
    /// Mean association with the other skills of the proposal, 0..=1.
    pub association: f64,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

/// An occupation of the postings that ask for at least two skills of a proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProposalOccupation {
    /// The proposal.
    pub proposal: String,
    /// Position by postings, 1 = most.
    pub rank: u32,
    /// Occupation id.
    pub occupation: String,
    /// Name in the report's language.
    pub occupation_name: String,
    /// Postings of the occupation that ask for at least two of the skills.
    pub posting_count: u64,
    /// Postings of any or no occupation that do.
    pub base_count: u64,
    /// Known employers of the first.
    pub employer_count: u64,
    /// Boards of the first.
    pub source_count: u64,
    /// `posting_count / base_count`, 0..=1.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub share_low: f64,
    /// Upper end.
    pub share_high: f64,
    /// `[u]` when it rests on fewer known employers than a cell needs.
    pub mark: Option<Mark>,
}

/// A skill that is asked for together with what a micro-credential teaches, and what taking it up would close.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OutcomeEdit {
    /// The micro-credential.
    pub credential: String,
    /// Position by association within the micro-credential, 1 = strongest.
    pub rank: u32,
    /// Skill to take up.
    pub skill: String,
    /// Its name in the report's language.
    pub label: String,
    /// Learning outcome whose skill is asked for together with it most strongly: the one to edit.
    pub outcome: Option<OutcomeId>,
    /// That skill.
    pub linked_skill: Option<String>,
    /// Postings that ask for it and for a skill that the micro-credential teaches.
    pub shared_count: u64,
    /// Known employers that do.
    pub shared_employers: u64,
    /// Association with what the micro-credential teaches, 0..=1.
    pub association: f64,
    /// Postings that ask for it.
    pub posting_count: u64,
    /// All postings of the window.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Demand share, 0..=1.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub share_low: f64,
    /// Upper end.
    pub share_high: f64,
    /// How much of it the portfolio teaches, 0..=1.
    pub coverage: f64,
    /// `share x (1 - coverage) x 100`.
    pub unmet_per_100: f64,
    /// Lower end, from the demand interval.
    pub unmet_low: f64,
    /// Upper end.
    pub unmet_high: f64,
    /// Percentage points of portfolio coverage that teaching it would add.
    pub closed_points: f64,
    /// Lower end of its 95 % interval (bootstrap over employers).
    pub closed_low: f64,
    /// Upper end.
    pub closed_high: f64,
    /// Mark, if any.
    pub mark: Option<Mark>,
}

/// What could be offered anew, and what could be added to what is offered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Proposals {
    /// By rank.
    pub proposals: Vec<Proposal>,
    /// By proposal in the order above, then rank.
    pub skills: Vec<ProposalSkill>,
    /// By proposal in the order above, then rank; five at most each.
    pub occupations: Vec<ProposalOccupation>,
    /// By micro-credential, then rank; five at most each.
    pub edits: Vec<OutcomeEdit>,
}

/// Skills that a working title names.
const TITLE_SKILLS: usize = 3;

impl Proposals {
    /// A working title out of names by rank.
    pub fn title<'a>(labels: impl Iterator<Item = &'a str>) -> String {
        labels.take(TITLE_SKILLS).collect::<Vec<_>>().join(" + ")
    }
}

fn counts(names: &[&str]) -> Vec<FieldRef> {
    names.iter().map(|n| number(n, DataType::UInt64)).collect()
}

fn figures(names: &[&str]) -> Vec<FieldRef> {
    names.iter().map(|n| number(n, DataType::Float64)).collect()
}

const COUNTS: [&str; 4] = ["posting_count", "base_count", "employer_count", "source_count"];
const SHARES: [&str; 3] = ["share", "share_low", "share_high"];
const UNMET: [&str; 3] = ["unmet_per_100", "unmet_low", "unmet_high"];
const CLOSED: [&str; 3] = ["closed_points", "closed_low", "closed_high"];

impl Table for Proposal {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("proposal"), text("title")];
        columns.extend(["rank", "tied_to", "skill_count"].map(|n| number(n, DataType::UInt32)));
        columns.push(number("ects", DataType::Float64));
        columns.extend(counts(&COUNTS));
        columns.extend(figures(&SHARES));
        columns.extend(counts(&["together_count", "together_employers", "together_sources"]));
        columns.extend(figures(&["together_share", "together_low", "together_high", "association"]));
        columns.extend(["eqf_low", "eqf_high"].map(|n| maybe(n, DataType::UInt32)));
        columns.extend(counts(&["eqf_count"]));
        columns.extend(["overlap_credential", "overlap_title"].map(maybe_text));
        columns.extend(figures(&["overlap_share"]));
        columns.extend(figures(&UNMET));
        columns.extend(figures(&["coverage_before", "coverage_after"]));
        columns.extend(figures(&CLOSED));
        columns.push(maybe_text("mark"));
        columns
    }
}

impl Table for ProposalSkill {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("proposal"), number("rank", DataType::UInt32), text("skill"), text("label")];
        columns.extend(counts(&COUNTS));
        columns.extend(figures(&SHARES));
        columns.extend(figures(&["coverage"]));
        columns.extend(figures(&UNMET));
        columns.extend([number("association", DataType::Float64), maybe_text("mark")]);
        columns
    }
}

impl Table for ProposalOccupation {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("proposal"), number("rank", DataType::UInt32)];
        columns.extend(["occupation", "occupation_name"].map(text));
        columns.extend(counts(&COUNTS));
        columns.extend(figures(&SHARES));
        columns.push(maybe_text("mark"));
        columns
    }
}

impl Table for OutcomeEdit {
    fn columns() -> Vec<FieldRef> {
        let mut columns = vec![text("credential"), number("rank", DataType::UInt32), text("skill"), text("label")];
        columns.extend(["outcome", "linked_skill"].map(maybe_text));
        columns.extend(counts(&["shared_count", "shared_employers"]));
        columns.push(number("association", DataType::Float64));
        columns.extend(counts(&COUNTS));
        columns.extend(figures(&SHARES));
        columns.extend(figures(&["coverage"]));
        columns.extend(figures(&UNMET));
        columns.extend(figures(&CLOSED));
        columns.push(maybe_text("mark"));
        columns
    }
}
