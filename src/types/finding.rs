//! What is published: every number with its n, sources and interval.

use crate::types::{
    AssuranceRow, Caveat, Coverage, Credential, CredentialCheck, CredentialCheckCount, Demand, Detectable,
    EditionInputs, Expectation, Gap, GapVariant, Lane, Lang, LearnerIndicator, LearnerInterest, LedgerRow, Mark,
    NewSkill, NovelTerms, Observation, OccupationFinding, OutcomeId, PathwayMissing, PathwayStep, PostedPay, PostingId,
    Proposals, Provision, Representation, SectorDemand, SeriesBreak, Specialisation, Stack, StockFlow, SurveyReject,
    Transition, Trend, TrendVariant, Verdict, Weighting, Workshop, edition_name,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A learning outcome with its best links and the demand behind them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OutcomeFinding {
    /// The outcome.
    pub outcome: OutcomeId,
    /// Its micro-credential.
    pub credential: String,
    /// The statement.
    pub text: String,
    /// Its language.
    pub language: Lang,
    /// Verdict as a whole.
    pub verdict: Verdict,
    /// Best links: (skill id, name, score, verdict, demand share in all postings).
    pub links: Vec<(String, String, f32, Verdict, Option<f64>)>,
}

/// One programme on page 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProgrammeFinding {
    /// Id, or `portfolio`.
    pub programme: String,
    /// Title.
    pub title: String,
    /// ECTS of its credentials together, when all are known.
    pub ects: Option<f64>,
    /// Number of learning outcomes.
    pub outcome_count: u64,
    /// Outcomes with an accepted link.
    pub outcome_linked_count: u64,
    /// Postings in its target occupations.
    pub base_count: u64,
    /// Employers among them.
    pub employer_count: u64,
    /// Boards among them.
    pub source_count: u64,
    /// `sum share x coverage / sum share` over published skills, 0..=1.
    pub coverage: Option<f64>,
    /// Lower end of its 95 % interval.
    pub coverage_low: Option<f64>,
    /// Upper end.
    pub coverage_high: Option<f64>,
    /// Target occupations by name; empty = all.
    pub target_occupations: Vec<String>,
    /// Skills to add, at most five, largest unmet demand first.
    pub add: Vec<String>,
    /// Skills to strengthen, at most five.
    pub strengthen: Vec<String>,
    /// Skills to review, at most five.
    pub review: Vec<String>,
    /// `[c]` when the base is too small to publish.
    pub mark: Option<Mark>,
}

/// A sentence that shows a skill in a posting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Evidence {
    /// Skill id.
    pub skill: String,
    /// The posting.
    pub posting: PostingId,
    /// Board.
    pub board: String,
    /// Link to the posting.
    pub url: Option<String>,
    /// Job title.
    pub title: String,
    /// Day it was posted.
    pub posted_on: Option<String>,
    /// Language of the posting.
    pub language: Lang,
    /// The sentence, at most 200 characters, cut marked with an ellipsis.
    pub sentence: String,
    /// Byte offsets of the words within `sentence`.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Label met.
    pub label: String,
    /// Way it was found.
    pub lane: Lane,
    /// How sure.
    pub score: f32,
}

/// What went in and what became of it, for one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StageCount {
    /// Stage and kind of record, e.g. `clean postings`.
    pub step: String,
    /// Records read.
    pub read: u64,
    /// Records kept.
    pub kept: u64,
    /// Records merged into another.
    pub duplicate: u64,
    /// Records rejected.
    pub rejected: u64,
}

/// Postings of one board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SourceCount {
    /// Board.
    pub board: String,
    /// Postings whose earliest origin is there.
    pub posting_count: u64,
}

/// Postings in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LanguageCount {
    /// Language.
    pub language: Lang,
    /// Postings.
    pub posting_count: u64,
    /// Of these without any accepted skill.
    pub without_skill_count: u64,
    /// Accepted skills per posting, mean.
    pub skills_per_posting: f64,
}

/// Online postings beside official employment, by ISCO major group or area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AreaShare {
    /// Area code.
    pub area: String,
    /// Postings.
    pub posting_count: u64,
}

/// The quality box, computed and never typed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct QualityBox {
    /// read = kept + duplicate + rejected, per stage.
    pub stages: Vec<StageCount>,
    /// Merged and partial pairs by kind.
    pub duplicates: BTreeMap<String, u64>,
    /// Postings by board, largest first.
    pub sources: Vec<SourceCount>,
    /// Postings by language.
    pub languages: Vec<LanguageCount>,
    /// Postings by area, largest first; `unknown` last.
    pub areas: Vec<AreaShare>,
    /// Postings by ISCO-08 major group; `unknown` last.
    pub occupation_groups: Vec<AreaShare>,
    /// Postings without a date.
    pub undated_count: u64,
    /// Postings without an employer.
    pub employer_unknown_count: u64,
    /// Mentions for review, which count nowhere.
    pub review_mention_count: u64,
    /// Accepted mentions.
    pub accepted_mention_count: u64,
    /// Postings whose sector is known by a name or code that they state.
    #[serde(default)]
    pub sector_known_count: u64,
    /// Postings with a text where pay stands.
    #[serde(default)]
    pub pay_filled_count: u64,
    /// Postings whose pay was read with certainty: currency, amount and period.
    #[serde(default)]
    pub pay_read_count: u64,
    /// Postings with such a text that was not read, by reason.
    #[serde(default)]
    pub pay_unread: BTreeMap<String, u64>,
}

/// Frame of an edition, on every page foot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FindingsMeta {
    /// Plan name.
    pub plan: String,
    /// Report title.
    pub title: String,
    /// Report language.
    pub language: Lang,
    /// The plan's as-of day.
    pub as_of: String,
    /// First period with postings.
    pub period_first: Option<String>,
    /// Last period with postings.
    pub period_last: Option<String>,
    /// Postings after duplicates merged.
    pub posting_count: u64,
    /// Known employers.
    pub employer_count: u64,
    /// Boards.
    pub source_count: u64,
    /// Taxonomy name and version.
    pub taxonomy_version: String,
    /// Program version.
    pub version: String,
    /// True when the postings are synthetic; every page says so.
    pub synthetic: bool,
    /// Snapshot hashes by source.
    pub snapshots: Vec<(String, String)>,
    /// Licence and attribution lines.
    pub attributions: Vec<String>,
    /// Fewest postings for a published share.
    pub min_postings: u64,
    /// Fewest employers for a published share.
    pub min_employers: u64,
    /// Ranks that count as "among the largest".
    #[serde(default)]
    pub top_k: u32,
    /// Upper bound of demand below which a taught skill is up for review, per 100.
    pub review_below_per_100: f64,
    /// Sections that the plan lists by sector; empty = all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priority_sectors: Vec<String>,
}

impl FindingsMeta {
    /// How decisions name this edition.
    pub fn edition(&self) -> String {
        edition_name(&self.plan, &self.as_of)
    }
}

/// A name for readers of one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EditionName {
    /// The name.
    pub text: String,
    /// Its language, when the taxonomy has none in the edition's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
}

/// What an edition of the report in one language needs beside the figures, which are the same in all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Edition {
    /// Language of the edition.
    pub language: Lang,
    /// Title of the report.
    pub title: EditionName,
    /// Names of skills by id.
    pub skills: BTreeMap<String, EditionName>,
    /// Names of their groups by skill id.
    pub groups: BTreeMap<String, EditionName>,
    /// Names of target occupations by their name in the plan's language.
    pub occupations: BTreeMap<String, EditionName>,
    /// What the skills that sentences are shown of mean, by skill id, where the taxonomy says it in this language.
    #[serde(default)]
    pub definitions: BTreeMap<String, String>,
    /// Names of sectors by section.
    #[serde(default)]
    pub sectors: BTreeMap<String, String>,
}

/// A change of a source that would have stopped the run, had nobody accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AcceptedDrift {
    /// The source.
    pub source: String,
    /// Records in the complete run before.
    pub before: u64,
    /// Records since.
    pub after: u64,
    /// Countries it no longer has, by code.
    #[serde(default)]
    pub lost_countries: Vec<String>,
    /// Why it was accepted, in the analyst's words.
    pub reason: String,
}

/// Everything a report is made of. Renderers are pure functions of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Findings {
    /// Frame.
    pub meta: FindingsMeta,
    /// Portfolio first, then each programme.
    pub programmes: Vec<ProgrammeFinding>,
    /// Per programme, by rank; programmes in the order of `programmes`.
    pub gaps: Vec<Gap>,
    /// Demand of the whole window, all areas and each area, and of each period over all areas.
    pub demand: Vec<Demand>,
    /// Coverage rows behind the gaps.
    pub coverage: Vec<Coverage>,
    /// All skills with enough postings, largest growth first.
    pub trends: Vec<Trend>,
    /// Every outcome of the catalogue.
    pub outcomes: Vec<OutcomeFinding>,
    /// Official statistics, beside and never pooled.
    pub official: Vec<Observation>,
    /// Sentences, at most `evidence_per_skill` each, for every skill named in the report.
    pub evidence: Vec<Evidence>,
    /// Frequent phrases that no skill explains.
    #[serde(default)]
    pub novel: NovelTerms,
    /// Quality box.
    pub quality: QualityBox,
    /// Limits that hold for this edition.
    pub caveats: Vec<Caveat>,
    /// What the checks of the catalogue found, one per micro-credential.
    #[serde(default)]
    pub catalogue_checks: Vec<CredentialCheckCount>,
    /// Every row of those checks; `findings.json` has the counts only, the rows are in `credential_checks.csv`.
    #[serde(skip)]
    pub credential_checks: Vec<CredentialCheck>,
    /// The catalogue's micro-credentials, for what is written of them; `findings.json` has none of it.
    #[serde(skip)]
    pub credentials: Vec<Credential>,
    /// Sources that were refused and why: (source, reason).
    #[serde(default)]
    pub refused: Vec<(String, String)>,
    /// Changes of sources that an analyst accepted, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted_drifts: Vec<AcceptedDrift>,
    /// Plain definitions of the skills named in the report, as the taxonomy gives them: in English where it has one.
    #[serde(default)]
    pub definitions: BTreeMap<String, String>,
    /// Names by language, the plan's first; empty = one edition with the names above.
    #[serde(default)]
    pub editions: Vec<Edition>,
    /// What the postings were weighted to; absent = not weighted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighting: Option<Weighting>,
    /// Postings beside official employment, by area and ISCO-08 major group.
    #[serde(default)]
    pub representation: Vec<Representation>,
    /// Occupations of every published area, by area and rank.
    #[serde(default)]
    pub occupations: Vec<OccupationFinding>,
    /// Green and digital shares of every published cell.
    #[serde(default)]
    pub transitions: Vec<Transition>,
    /// Called changes measured with other choices.
    #[serde(default)]
    pub trend_variants: Vec<TrendVariant>,
    /// The largest unmet demands of the portfolio, measured in other ways.
    #[serde(default)]
    pub gap_variants: Vec<GapVariant>,
    /// Skills new to an occupation.
    #[serde(default)]
    pub new_skills: Vec<NewSkill>,
    /// Boards that come or go within the window.
    #[serde(default)]
    pub breaks: Vec<SeriesBreak>,
    /// Postings that came, and postings open, by period.
    #[serde(default)]
    pub stock_flow: Vec<StockFlow>,
    /// What the postings could have shown, by programme.
    #[serde(default)]
    pub detectable: Vec<Detectable>,
    /// Skills that an occupation group or an area asks for more than the rest.
    #[serde(default)]
    pub specialisations: Vec<Specialisation>,
    /// Official indicators about learners, by topic, area and series.
    #[serde(default)]
    pub learner_indicators: Vec<LearnerIndicator>,
    /// Demand beside learners' interest, largest demand first.
    #[serde(default)]
    pub learner_interest: Vec<LearnerInterest>,
    /// Rows of the learners' survey that were not counted.
    #[serde(default)]
    pub survey_rejects: Vec<SurveyReject>,
    /// What the taxonomy expects where postings are few.
    #[serde(default)]
    pub expectations: Vec<Expectation>,
    /// Proposed micro-credentials, and edits of existing ones.
    #[serde(default)]
    pub proposals: Proposals,
    /// Which credentials together cover an occupation, occupations by id, steps in order of taking.
    #[serde(default)]
    pub pathways: Vec<PathwayStep>,
    /// What is asked for in these occupations and still missing at the end of the way.
    #[serde(default)]
    pub pathway_missing: Vec<PathwayMissing>,
    /// Credentials that their providers say build up to a larger one.
    #[serde(default)]
    pub stacks: Vec<Stack>,
    /// What the last edition recommended and what became of it; empty without `[ledger]`.
    #[serde(default)]
    pub ledger: Vec<LedgerRow>,
    /// Pay that postings state, by area, occupation group, skill, currency and period of pay.
    #[serde(default)]
    pub pay: Vec<PostedPay>,
    /// Demand by the sector that postings state.
    #[serde(default)]
    pub sectors: Vec<SectorDemand>,
    /// What the figures depend on beside the snapshots, for `skillgap diff`.
    #[serde(default)]
    pub inputs: EditionInputs,
    /// Demand beside how much of the offer goes to each taught skill.
    #[serde(default)]
    pub provisions: Vec<Provision>,
    /// What workshops decided, beside the figures and in none of them.
    #[serde(default)]
    pub workshop: Workshop,
    /// What the data show for quality assurance, by micro-credential and criterion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assurance: Vec<AssuranceRow>,
}
