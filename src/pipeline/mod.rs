//! Plan in, report out: the six stages in order, each reused when nothing it depends on has changed.

mod acquire;
mod assurance;
mod clean;
mod contract;
pub mod decisions;
mod deep;
mod drift;
mod edition;
mod extract;
mod fetch;
mod hand_table;
mod inputs;
mod learners;
mod ledger;
mod link;
mod measure;
mod models;
pub mod plan;
mod report;
mod reviews;
mod survey;
mod vectors;

pub use crate::measure::{NovelSpec, ProposalSpec, TrendSpec, edition_diff};
pub(crate) use acquire::read_taxonomy;
pub use assurance::AssuranceTable;
pub(crate) use assurance::figures_line;
pub(crate) use clean::PostingCleaner;
pub use contract::ContractTable;
pub use decisions::ReviewTable;
pub use deep::Reader;
pub use drift::DriftTable;
pub use fetch::{Freshness, Network, Probe, Purged, ask, freshness, probe, purge};
pub(crate) use inputs::files;
pub use inputs::{Decision, Reason, file_name};
pub use learners::LearnersTable;
pub(crate) use learners::survey_line;
pub use ledger::{Ledger, LedgerTable, ledger};
pub(crate) use models::{ModelSource, RANKS, lists as model_lists};
pub use plan::{Paths, Plan, PlanError, Source, SourceKind};
pub use survey::{RejectExample, RejectGroup, SourceSurvey, Survey, SurveyedLayer, name_of, survey};
pub use vectors::TaxonomyTable;

use crate::lexicon::Lexicon;
use crate::store::{DataDir, Manifest, StageDraft, StoreError, VerifyProblem};
use crate::types::StageCount;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The six stages; their alphabetical order is the order of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Files to snapshots and raw records.
    Acquire,
    /// Raw records to typed ones.
    Clean,
    /// Postings to skill mentions.
    Extract,
    /// Learning outcomes to skills.
    Link,
    /// Demand, coverage, gaps, trends.
    Measure,
    /// What people read.
    Report,
}

impl Stage {
    /// All, in order.
    pub const ALL: [Stage; 6] =
        [Stage::Acquire, Stage::Clean, Stage::Extract, Stage::Link, Stage::Measure, Stage::Report];

    /// Name of its module, subcommand, plan table and artefact folder.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Acquire => "acquire",
            Stage::Clean => "clean",
            Stage::Extract => "extract",
            Stage::Link => "link",
            Stage::Measure => "measure",
            Stage::Report => "report",
        }
    }

    /// Stages whose results it reads.
    fn needs(self) -> &'static [Stage] {
        match self {
            Stage::Acquire => &[],
            Stage::Clean => &[Stage::Acquire],
            Stage::Extract | Stage::Link => &[Stage::Clean],
            Stage::Measure => &[Stage::Clean, Stage::Extract, Stage::Link],
            Stage::Report => &[Stage::Acquire, Stage::Clean, Stage::Extract, Stage::Link, Stage::Measure],
        }
    }
}

/// Told how far a run is; the command line draws it.
pub trait Progress: Sync {
    /// A stage starts; `total` is the number of records when known.
    fn start(&self, stage: Stage, total: Option<u64>);
    /// So many more records are done.
    fn advance(&self, count: u64);
    /// A stage ended.
    fn finish(&self, stage: Stage, counts: &[StageCount]);
    /// A stage's earlier result stands.
    fn reused(&self, stage: Stage);
    /// Something the user should know now.
    fn warn(&self, message: &str);
    /// So many questions of a source are answered, and so many wait.
    fn asked(&self, _source: &str, _done: u64, _waiting: u64, _since: std::time::Duration) {}
}

/// A run that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The plan cannot be run.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A source that the run cannot do without was refused.
    #[error("source '{source_id}': {detail}")]
    Source {
        /// The source.
        source_id: String,
        /// What is wrong with it, and what to do.
        detail: String,
    },
    /// A model of the plan that cannot be used.
    #[error("link.model '{name}': {detail}")]
    Model {
        /// The model.
        name: String,
        /// What is wrong with it, and what to do.
        detail: String,
    },
    /// A file or figure that the plan names for a measure cannot be used.
    #[error("{key}: {detail}")]
    Given {
        /// Table or key of the plan.
        key: &'static str,
        /// File, row, value and what is expected.
        detail: String,
    },
    /// A source changed too much to replace the last results unasked.
    #[error("{detail}")]
    Drift {
        /// Source, earlier and new count, and what to do.
        detail: String,
    },
    /// The disk refused, or an artefact is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Records are unaccounted for: a defect of ours.
    #[error(
        "{step}: read {read} records but kept {kept} + merged {duplicate} + rejected {rejected}; please report this"
    )]
    Unbalanced {
        /// Stage and kind of record.
        step: String,
        /// Records read.
        read: u64,
        /// Records kept.
        kept: u64,
        /// Records merged.
        duplicate: u64,
        /// Records rejected.
        rejected: u64,
    },
    /// A result on disk is not what its manifest says.
    #[error("{path} is damaged ({problem}); restore it, or run again with --rebuild")]
    Damaged {
        /// Path relative to the data directory.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// A stage failed.
    #[error("{stage}: {detail}")]
    Stage {
        /// Name of the stage.
        stage: &'static str,
        /// What went wrong.
        detail: String,
    },
}

/// What a run did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunSummary {
    /// Plan name.
    pub plan: String,
    /// Stages that ran.
    pub ran: Vec<Stage>,
    /// Stages whose earlier result stands.
    pub reused: Vec<Stage>,
    /// read = kept + duplicate + rejected, per step.
    pub counts: Vec<StageCount>,
    /// Sources that were refused, with the reason; the rest is complete.
    pub refused: Vec<RefusedSource>,
    /// Where the report is, relative to the data directory.
    pub report: Option<String>,
}

/// A source that was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefusedSource {
    /// The source.
    pub source: String,
    /// Why, and what to do.
    pub detail: String,
}

/// What the stages need to know.
pub struct Run<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Where results are kept.
    pub data: &'a DataDir,
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// Runs every stage anew.
    pub rebuild: bool,
    /// Why a source that changed a lot may replace the last results (`--accept-drift`).
    pub accept_drift: Option<&'a str>,
    /// Whether services may be asked; without it snapshots are read only (`--offline`).
    pub network: Option<Network>,
    lexicon: OnceLock<Lexicon>,
}

impl<'a> Run<'a> {
    /// A run of a plan over a data directory.
    pub fn new(plan: &'a Plan, data: &'a DataDir, progress: &'a dyn Progress, rebuild: bool) -> Self {
        Self { plan, data, progress, rebuild, accept_drift: None, network: None, lexicon: OnceLock::new() }
    }
}

impl Run<'_> {
    /// Runs the plan up to and including a stage.
    ///
    /// # Errors
    /// See [`RunError`]; finished stages keep their results.
    pub fn through(&self, last: Stage) -> Result<RunSummary, RunError> {
        let mut summary = RunSummary { plan: self.plan.name.to_string(), ..RunSummary::default() };
        if let Some(network) = &self.network {
            fetch::ask(self, network)?;
        }
        for stage in Stage::ALL.into_iter().filter(|s| *s <= last) {
            if stage == Stage::Extract {
                // By now it is known what decisions can be about.
                decisions::current(self)?;
            }
            let inputs = inputs::of(self.plan, self.data, stage)?;
            let manifest = match inputs::decide(self, stage, &inputs)? {
                Decision::Reuse(manifest) => {
                    self.progress.reused(stage);
                    summary.reused.push(stage);
                    manifest
                }
                Decision::Run(_) => {
                    let draft = self.data.draft(self.plan.name.as_str(), stage.name())?;
                    let counts = self.stage(stage, &draft)?;
                    balanced(&counts)?;
                    self.progress.finish(stage, &counts);
                    summary.ran.push(stage);
                    draft.commit(inputs, counts)?
                }
            };
            summary.counts.extend(manifest.counts);
        }
        summary.refused = acquire::refused(self)?;
        let report = format!("build/{}/report/gap.html", self.plan.name);
        summary.report = self.data.root().join(&report).exists().then_some(report);
        Ok(summary)
    }

    fn stage(&self, stage: Stage, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
        match stage {
            Stage::Acquire => acquire::run(self, draft),
            Stage::Clean => clean::run(self, draft),
            Stage::Extract => extract::run(self, draft),
            Stage::Link => link::run(self, draft),
            Stage::Measure => measure::run(self, draft),
            Stage::Report => report::run(self, draft),
        }
    }

    /// The taxonomy that `clean` merged, with its labels cut; read once for the stages that follow it.
    fn lexicon(&self) -> Result<&Lexicon, RunError> {
        if self.lexicon.get().is_none() {
            let taxonomy = acquire::read_json(&self.artefact(Stage::Clean, "taxonomy.json"))?;
            // Stages follow each other, so nobody else can have set it meanwhile.
            let vectors = self.plan.taxonomy.read_vectors(&self.plan.folder).map_err(PlanError::from)?;
            drop(self.lexicon.set(Lexicon::with_vectors(taxonomy, vectors)));
        }
        self.lexicon.get().ok_or_else(|| failed(Stage::Clean)("the taxonomy could not be kept"))
    }

    /// Path of a finished stage's file.
    fn artefact(&self, stage: Stage, name: &str) -> std::path::PathBuf {
        self.data.stage(self.plan.name.as_str(), stage.name()).join(name)
    }

    fn manifest(&self, stage: Stage) -> Option<Manifest> {
        self.data.manifest(self.plan.name.as_str(), stage.name())
    }
}

/// What each stage would do and why, without doing it.
///
/// # Errors
/// When a source's file cannot be read, or an artefact is damaged.
pub fn preview(run: &Run<'_>) -> Result<Vec<(Stage, Reason)>, RunError> {
    let mut reasons = Vec::new();
    let mut dirty = Vec::new();
    for stage in Stage::ALL {
        let reason = match stage.needs().iter().find(|s| dirty.contains(*s)) {
            Some(earlier) => Reason::EarlierStage(*earlier),
            None => match inputs::decide(run, stage, &inputs::of(run.plan, run.data, stage)?)? {
                Decision::Reuse(_) => Reason::Unchanged,
                Decision::Run(reason) => reason,
            },
        };
        if reason != Reason::Unchanged {
            dirty.push(stage);
        }
        reasons.push((stage, reason));
    }
    Ok(reasons)
}

/// Compares every artefact and snapshot under the data directory with its recorded hash, and reads what is recorded of
/// sources that are asked.
///
/// # Errors
/// When the data directory cannot be read.
pub fn verify(data: &DataDir) -> Result<(u64, Vec<VerifyProblem>), StoreError> {
    let mut problems = Vec::new();
    let mut file_count = 0;
    for (plan, stage) in data.stages()? {
        let shown = format!("build/{plan}/{stage}");
        match data.manifest(&plan, &stage) {
            Some(manifest) => {
                file_count += manifest.outputs.len() as u64;
                problems.extend(manifest.verify(&data.stage(&plan, &stage), &shown));
            }
            None => problems.push(VerifyProblem { path: shown, problem: "has no readable manifest.json".to_owned() }),
        }
    }
    for id in data.snapshot_ids() {
        file_count += 1;
        let (sha256, _) = crate::store::hash_file(&data.snapshot_path(&id))?;
        if sha256 != id {
            problems.push(VerifyProblem {
                path: format!("snapshots/{}/{id}", &id[..2]),
                problem: "content changed".to_owned(),
            });
        }
    }
    let (record_count, damaged) = fetch::verify(data)?;
    problems.extend(damaged);
    file_count += record_count;
    Ok((file_count, problems))
}

fn balanced(counts: &[StageCount]) -> Result<(), RunError> {
    match counts.iter().find(|c| c.read != c.kept + c.duplicate + c.rejected) {
        None => Ok(()),
        Some(c) => Err(RunError::Unbalanced {
            step: c.step.clone(),
            read: c.read,
            kept: c.kept,
            duplicate: c.duplicate,
            rejected: c.rejected,
        }),
    }
}

/// An error of a stage, with the stage's name.
fn failed<E: std::fmt::Display>(stage: Stage) -> impl Fn(E) -> RunError {
    move |error| RunError::Stage { stage: stage.name(), detail: error.to_string() }
}
