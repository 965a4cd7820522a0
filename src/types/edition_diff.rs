//! What two editions were made from, and what changed from one to the other.

use crate::types::tables::{Table, maybe, maybe_text, text};
use crate::types::{GapStatus, Mark, TrendCall};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the figures of an edition depend on beside the bytes of its snapshots; empty in findings that do not say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct EditionInputs {
    /// Program version and layout of its results.
    pub program: String,
    /// Kind of each source by its id: `postings`, `taxonomy`, `credentials`, `statistics`.
    pub sources: BTreeMap<String, String>,
    /// Settings of the plan by key (`measure.top_k`); lists, tables, long texts and files by the start of their hash.
    pub plan: BTreeMap<String, String>,
}

/// An input that changed: a reason why figures may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Files of postings.
    Data,
    /// Day the report speaks for.
    AsOf,
    /// Taxonomy files or version.
    Taxonomy,
    /// Files of micro-credentials, or the learning outcomes read from them.
    Catalogue,
    /// Official statistics.
    OfficialFigures,
    /// Settings of the plan.
    Plan,
    /// The program.
    Program,
    /// A source whose kind the findings do not say.
    UnknownSource,
}

impl Cause {
    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Data => "data",
            Cause::AsOf => "as-of day",
            Cause::Taxonomy => "taxonomy",
            Cause::Catalogue => "catalogue",
            Cause::OfficialFigures => "official figures",
            Cause::Plan => "plan",
            Cause::Program => "program",
            Cause::UnknownSource => "source of unknown kind",
        }
    }
}

/// Which edition.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EditionFrame {
    /// Plan name.
    pub plan: String,
    /// Day it speaks for.
    pub as_of: String,
    /// Program version.
    pub version: String,
    /// Postings after duplicates merged.
    pub posting_count: u64,
    /// Known employers.
    pub employer_count: u64,
    /// Boards.
    pub source_count: u64,
}

/// Something about an edition as a whole that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FrameChange {
    /// What it is: a key of the plan, a file of a source, a count.
    pub name: String,
    /// In the first edition; absent = there was none.
    pub before: Option<String>,
    /// In the second.
    pub after: Option<String>,
    /// The cause it is evidence of; absent = it follows from the inputs and is no cause itself.
    pub cause: Option<Cause>,
}

/// Learning outcomes of a micro-credential that were added or removed; an edited one is both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OutcomeChange {
    /// The micro-credential.
    pub credential: String,
    /// Statements that are gone.
    pub removed: Vec<String>,
    /// Statements that are new.
    pub added: Vec<String>,
}

/// A figure that can have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Demand share of a skill in all postings.
    Share,
    /// How much the portfolio teaches of a skill.
    Coverage,
    /// What the figures of a skill suggest.
    Status,
    /// Coverage of a programme.
    Programme,
    /// Call of a trend.
    Trend,
}

/// What may be said of two demand shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeCall {
    /// Told apart, false discoveries controlled over all skills compared.
    Changed,
    /// The same postings, counted differently: no sampling error is in the difference.
    Recounted,
    /// Not told apart, or the same.
    NotToldApart,
    /// Seen in too few postings of both editions together to compare.
    TooFew,
    /// Withheld in one of them at least: never compared.
    Withheld,
}

/// A skill of the whole portfolio in one edition.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SkillFigures {
    /// Postings that ask for it.
    pub posting_count: u64,
    /// All postings.
    pub base_count: u64,
    /// Known employers that ask for it.
    pub employer_count: u64,
    /// Boards it was seen on.
    pub source_count: u64,
    /// Postings the interval rests on.
    pub effective_n: f64,
    /// Demand share, 0..=1; absent when withheld.
    pub share: Option<f64>,
    /// Lower end of its 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end.
    pub share_high: Option<f64>,
    /// Mark, if any.
    pub mark: Option<Mark>,
    /// Best coverage, 0..=1.
    pub coverage: f64,
    /// Rank by unmet demand; shown, never called.
    pub rank: Option<u32>,
    /// Last rank tied with it.
    pub tied_to: Option<u32>,
    /// What it suggests; absent when the edition does not list the skill: neither asked for nor taught.
    pub status: Option<GapStatus>,
}

/// A skill whose figures are not the same in both editions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SkillChange {
    /// Skill id.
    pub skill: String,
    /// Name, as the second edition has it.
    pub label: String,
    /// In the first edition.
    pub before: SkillFigures,
    /// In the second.
    pub after: SkillFigures,
    /// Share after less share before; absent when either is withheld.
    pub difference: Option<f64>,
    /// Lower end of its 95 % interval (Newcombe 1998, method 10); absent when recounted on the same postings.
    pub difference_low: Option<f64>,
    /// Upper end.
    pub difference_high: Option<f64>,
    /// Least rate of false discoveries at which the change is called, over all skills compared.
    pub q: Option<f64>,
    /// What may be said of the two shares.
    pub call: ChangeCall,
    /// Why the share may have changed, when it is called.
    pub share_causes: Vec<Cause>,
    /// Why the coverage may have changed, when it is another.
    pub coverage_causes: Vec<Cause>,
    /// Why the status may have changed, when it is another.
    pub status_causes: Vec<Cause>,
}

impl SkillChange {
    /// Whether the shares are called different.
    pub fn share_changed(&self) -> bool {
        matches!(self.call, ChangeCall::Changed | ChangeCall::Recounted)
    }

    /// Whether other postings ask for it, or of other postings, or one edition withholds it.
    pub fn demand_differs(&self) -> bool {
        let demand = |f: &SkillFigures| (f.posting_count, f.base_count, f.share);
        demand(&self.before) != demand(&self.after)
    }

    /// Whether the offer teaches more or less of it.
    pub fn coverage_changed(&self) -> bool {
        self.before.coverage.total_cmp(&self.after.coverage).is_ne()
    }

    /// Whether it suggests something else; a skill that is only watched and one that is not listed suggest the same.
    pub fn status_changed(&self) -> bool {
        let suggests = |f: &SkillFigures| f.status.unwrap_or(GapStatus::Watch);
        suggests(&self.before) != suggests(&self.after)
    }
}

/// A programme's figures in one edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProgrammeFigures {
    /// Postings in its target occupations.
    pub base_count: u64,
    /// Learning outcomes.
    pub outcome_count: u64,
    /// Coverage, 0..=1; absent when withheld.
    pub coverage: Option<f64>,
    /// Lower end of its 95 % interval.
    pub coverage_low: Option<f64>,
    /// Upper end.
    pub coverage_high: Option<f64>,
}

/// A programme whose figures are not the same in both editions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProgrammeChange {
    /// Id, or `portfolio`.
    pub programme: String,
    /// Title.
    pub title: String,
    /// In the first edition; absent = it had no such programme.
    pub before: Option<ProgrammeFigures>,
    /// In the second.
    pub after: Option<ProgrammeFigures>,
    /// Why it may have changed.
    pub causes: Vec<Cause>,
}

/// A trend in one edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TrendFigures {
    /// What it allows to say.
    pub call: TrendCall,
    /// `ln(p1 / p0)`.
    pub growth: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// A trend that is called otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TrendChange {
    /// Skill id.
    pub skill: String,
    /// Name.
    pub label: String,
    /// Area code or `all`.
    pub area: String,
    /// In the first edition; absent = not listed.
    pub before: Option<TrendFigures>,
    /// In the second.
    pub after: Option<TrendFigures>,
    /// Why it may have changed.
    pub causes: Vec<Cause>,
}

/// What changed from one edition to another, and why it may have.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EditionDiff {
    /// First edition.
    pub before: EditionFrame,
    /// Second edition.
    pub after: EditionFrame,
    /// Both say what plan and sources they were made with; else causes may be missing.
    pub inputs_known: bool,
    /// Both count the same postings, so that no sampling error lies between them.
    pub same_postings: bool,
    /// Inputs, counts and quality that are not as they were.
    pub frame: Vec<FrameChange>,
    /// Learning outcomes added or removed, by micro-credential.
    pub outcomes: Vec<OutcomeChange>,
    /// Skills of the portfolio whose demand shares were tested.
    pub compared_count: u64,
    /// Skills of the portfolio whose figures differ: called changes first, then by size of the difference.
    pub skills: Vec<SkillChange>,
    /// Programmes whose figures differ.
    pub programmes: Vec<ProgrammeChange>,
    /// Trends called otherwise.
    pub trends: Vec<TrendChange>,
}

impl EditionDiff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.frame.is_empty()
            && self.outcomes.is_empty()
            && self.skills.is_empty()
            && self.programmes.is_empty()
            && self.trends.is_empty()
    }
}

/// A difference as one row, for CSV.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DiffRow {
    /// `frame`, `outcome`, `share`, `coverage`, `status`, `programme` or `trend`.
    pub figure: String,
    /// What it is of: skill, programme, micro-credential, key.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Area, where the figure is of one.
    pub area: String,
    /// In the first edition.
    pub before: Option<String>,
    /// Lower end of its 95 % interval.
    pub before_low: Option<f64>,
    /// Upper end.
    pub before_high: Option<f64>,
    /// Postings that ask.
    pub before_count: Option<u64>,
    /// Postings.
    pub before_base: Option<u64>,
    /// In the second edition.
    pub after: Option<String>,
    /// Lower end of its 95 % interval.
    pub after_low: Option<f64>,
    /// Upper end.
    pub after_high: Option<f64>,
    /// Postings that ask.
    pub after_count: Option<u64>,
    /// Postings.
    pub after_base: Option<u64>,
    /// After less before.
    pub difference: Option<f64>,
    /// Lower end of its 95 % interval.
    pub difference_low: Option<f64>,
    /// Upper end.
    pub difference_high: Option<f64>,
    /// Least rate of false discoveries at which it is called.
    pub q: Option<f64>,
    /// What may be said.
    pub call: Option<String>,
    /// Causes that apply, separated by `;`; several = each may be the one.
    pub causes: String,
}

impl Table for DiffRow {
    fn columns() -> Vec<FieldRef> {
        let float = |name: &str| maybe(name, DataType::Float64);
        let mut columns = ["figure", "id", "label", "area"].map(text).to_vec();
        for side in ["before", "after"] {
            columns.push(maybe_text(side));
            columns.extend(["low", "high"].map(|end| float(&format!("{side}_{end}"))));
            columns.extend(["count", "base"].map(|n| maybe(&format!("{side}_{n}"), DataType::UInt64)));
        }
        columns.extend(["difference", "difference_low", "difference_high", "q"].map(float));
        columns.extend([maybe_text("call"), text("causes")]);
        columns
    }
}
