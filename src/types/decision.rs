//! What people decided of an edition: rows of `review.csv`, and what the next report tells of them.

use crate::types::tables::{Table, maybe, maybe_text, text};
use crate::types::{Date, Lang, PostingId, SkillId, Verdict};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};

/// What a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// A learning outcome and a skill it may teach.
    Match,
    /// A skill recognised in a posting, or overlooked there.
    Mention,
    /// A term that no skill explains.
    Term,
    /// What to do about a skill in a programme.
    Priority,
    /// A learning outcome that a group drafted.
    Outcome,
    /// What a group said of a skill or an occupation.
    Note,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The outcome teaches the skill.
    Accept,
    /// It does not; or the term is no skill.
    Reject,
    /// The posting asks for the skill.
    Right,
    /// It does not.
    Wrong,
    /// It does, and the program did not see it.
    Missed,
    /// The term is another name of a skill.
    Alias,
    /// The term is a skill that the taxonomy has not.
    Novel,
    /// Teach the skill.
    Add,
    /// Teach more of it.
    Strengthen,
    /// Ask whether it is still to be taught.
    Review,
    /// Do nothing.
    None,
    /// A proposal.
    Draft,
    /// A remark.
    Note,
}

/// Who sat at the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Employers.
    Companies,
    /// Those who teach.
    Professors,
    /// Guidance counsellors.
    Guidance,
    /// Learners.
    Learners,
    /// The unit that runs the programmes.
    Unit,
}

impl DecisionKind {
    /// All, in the order of the register.
    pub const ALL: [DecisionKind; 6] = [
        DecisionKind::Match,
        DecisionKind::Mention,
        DecisionKind::Term,
        DecisionKind::Priority,
        DecisionKind::Outcome,
        DecisionKind::Note,
    ];

    /// The word of the file.
    pub fn name(self) -> &'static str {
        match self {
            DecisionKind::Match => "match",
            DecisionKind::Mention => "mention",
            DecisionKind::Term => "term",
            DecisionKind::Priority => "priority",
            DecisionKind::Outcome => "outcome",
            DecisionKind::Note => "note",
        }
    }

    /// What can be decided of it.
    pub fn choices(self) -> &'static [Choice] {
        match self {
            DecisionKind::Match => &[Choice::Accept, Choice::Reject],
            DecisionKind::Mention => &[Choice::Right, Choice::Wrong, Choice::Missed],
            DecisionKind::Term => &[Choice::Alias, Choice::Novel, Choice::Reject],
            DecisionKind::Priority => &[Choice::Add, Choice::Strengthen, Choice::Review, Choice::None],
            DecisionKind::Outcome => &[Choice::Draft],
            DecisionKind::Note => &[Choice::Note],
        }
    }
}

impl Choice {
    /// The word of the file.
    pub fn name(self) -> &'static str {
        match self {
            Choice::Accept => "accept",
            Choice::Reject => "reject",
            Choice::Right => "right",
            Choice::Wrong => "wrong",
            Choice::Missed => "missed",
            Choice::Alias => "alias",
            Choice::Novel => "novel",
            Choice::Add => "add",
            Choice::Strengthen => "strengthen",
            Choice::Review => "review",
            Choice::None => "none",
            Choice::Draft => "draft",
            Choice::Note => "note",
        }
    }
}

impl Group {
    /// All, in the order of the pages.
    pub const ALL: [Group; 5] = [Group::Companies, Group::Professors, Group::Guidance, Group::Learners, Group::Unit];

    /// The word of the file.
    pub fn name(self) -> &'static str {
        match self {
            Group::Companies => "companies",
            Group::Professors => "professors",
            Group::Guidance => "guidance",
            Group::Learners => "learners",
            Group::Unit => "unit",
        }
    }
}

/// A row of `review.csv` that was filled in. The order of the fields is that of its columns and of the register.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Decision {
    /// What it is about.
    pub kind: DecisionKind,
    /// Outcome, posting, skill, programme or occupation by id; see [`DecisionKind`].
    pub subject: String,
    /// Skill, programme or several skills by id.
    pub target: String,
    /// What was decided.
    pub decision: Choice,
    /// Matched words, votes or credits.
    pub value: String,
    /// Statement, sentence, term, draft or remark.
    pub text: String,
    /// Language of `text`.
    pub language: Option<Lang>,
    /// Who sat at the table.
    pub group: Group,
    /// Role or initials.
    pub decided_by: String,
    /// When.
    #[schemars(with = "String")]
    pub decided_on: Date,
    /// Why.
    pub reason: String,
    /// `PLAN@AS_OF` of the report it was made on.
    pub edition: String,
}

impl Decision {
    /// Votes of a priority.
    pub fn votes(&self) -> u64 {
        self.value.parse().unwrap_or_default()
    }
}

/// Columns of `review.csv`, in order.
pub const DECISION_COLUMNS: [&str; 12] = [
    "kind",
    "subject",
    "target",
    "decision",
    "value",
    "text",
    "language",
    "group",
    "decided_by",
    "decided_on",
    "reason",
    "edition",
];

/// One more column of the sheet that is handed out: names for its readers, not kept when it comes back.
pub const SHOWN_COLUMN: &str = "shown";

impl Table for Decision {
    fn columns() -> Vec<FieldRef> {
        DECISION_COLUMNS.map(maybe_text).to_vec()
    }
}

/// A row that waits for a decision, as a report hands it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SheetRow {
    /// What it is about.
    pub kind: DecisionKind,
    /// As in [`Decision`].
    pub subject: String,
    /// As in [`Decision`].
    pub target: String,
    /// Matched words; empty for what is to be filled in.
    pub value: String,
    /// Statement, sentence or term.
    pub text: String,
    /// Its language.
    pub language: Option<Lang>,
    /// `PLAN@AS_OF`.
    pub edition: String,
    /// Names of the skill and the programme, for readers.
    pub shown: String,
}

impl Table for SheetRow {
    fn columns() -> Vec<FieldRef> {
        DECISION_COLUMNS.iter().chain(&[SHOWN_COLUMN]).map(|name| maybe_text(name)).collect()
    }
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// It changed this run: a match, a judged mention, a term.
    Applied,
    /// It stands beside the data and changes none of them: a priority, a drafted outcome, a note.
    Beside,
    /// Others decided otherwise, so neither is applied.
    Conflict,
}

/// Decisions of one kind about one thing that say the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WorkshopDecision {
    /// What it is about.
    pub kind: DecisionKind,
    /// As in [`Decision`].
    pub subject: String,
    /// Its name in the report's language, or the statement; empty when it has none.
    pub subject_label: String,
    /// As in [`Decision`].
    pub target: String,
    /// Its name; of several skills, their names.
    pub target_label: String,
    /// What was decided.
    pub decision: Choice,
    /// What became of it.
    pub state: DecisionState,
    /// Votes of a priority, all groups together.
    pub votes: Option<u64>,
    /// Credits of a drafted outcome.
    pub ects: Option<f64>,
    /// Statement, sentence, term, draft or remark.
    pub text: String,
    /// Its language.
    pub language: Option<Lang>,
    /// Who sat at the table, separated by spaces.
    pub groups: String,
    /// Roles or initials, separated by `; `.
    pub decided_by: Option<String>,
    /// First day.
    pub first_decided_on: String,
    /// Last day.
    pub last_decided_on: String,
    /// Why, separated by ` | `.
    pub reason: Option<String>,
    /// Editions it was decided on, separated by spaces.
    pub editions: String,
}

impl Table for WorkshopDecision {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["kind", "subject", "subject_label", "target", "target_label"].map(text).to_vec();
        columns.extend(["decision", "state"].map(text));
        columns.extend([maybe("votes", DataType::UInt64), maybe("ects", DataType::Float64), text("text")]);
        columns.extend([maybe_text("language"), text("groups"), maybe_text("decided_by")]);
        columns.extend(["first_decided_on", "last_decided_on"].map(text));
        columns.extend([maybe_text("reason"), text("editions")]);
        columns
    }
}

/// Mentions of one language that people judged: precision in their own words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct JudgedMentions {
    /// Language of the postings.
    pub language: Lang,
    /// Pairs of posting and skill that the program counted and people judged.
    pub judged: u64,
    /// Of these, right ones.
    pub right: u64,
    /// `right / judged`, 0..=1.
    pub precision: f64,
    /// Lower end of its 95 % interval (Wilson).
    pub precision_low: f64,
    /// Upper end.
    pub precision_high: f64,
    /// Pairs that people found and the program had not counted.
    pub missed: u64,
}

/// `PLAN@AS_OF`: how decisions name the edition they were made on.
pub fn edition_name(plan: &str, as_of: &str) -> String {
    format!("{plan}@{as_of}")
}

/// What workshops decided, for the report.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Workshop {
    /// By kind, then id.
    pub decisions: Vec<WorkshopDecision>,
    /// Precision by language, from judged mentions.
    pub judged: Vec<JudgedMentions>,
    /// What this report hands out to decide upon; a file of its own.
    #[serde(skip)]
    pub sheet: Vec<SheetRow>,
}

/// The id of a posting; a column of [`crate::types::Posting`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PostingKey {
    /// Stable id.
    pub id: PostingId,
}

impl Table for PostingKey {
    fn columns() -> Vec<FieldRef> {
        vec![text("id")]
    }
}

/// Whether a posting counts for a skill; columns of [`crate::types::Mention`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MentionPair {
    /// The posting.
    pub posting: PostingId,
    /// The skill.
    pub skill: SkillId,
    /// Accepted or review.
    pub verdict: Verdict,
}

impl Table for MentionPair {
    fn columns() -> Vec<FieldRef> {
        ["posting", "skill", "verdict"].map(text).to_vec()
    }
}
