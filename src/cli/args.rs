//! Arguments of every command.

mod review;
mod train;

pub use review::{
    ReviewArguments, ReviewCommand, ReviewExportArguments, ReviewImportArguments, ReviewRetireArguments,
    ReviewStatusArguments,
};
pub use train::{TrainArguments, TrainCommand, TrainModelArguments, TrainVectorsArguments, TrainWeightsArguments};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// Which skills do job postings ask for, and which of them do micro-credentials teach?
#[derive(Debug, Parser)]
#[command(
    name = "skillgap",
    version,
    max_term_width = 100,
    after_help = "\
Exit codes: 0 done, 1 a check on our own results failed, 2 usage or plan error, 3 a source was refused and the rest is
complete, 4 data directory locked, 5 environment (disk, permission, limit), 70 bug, 130 interrupted."
)]
pub struct Arguments {
    /// What is wanted.
    #[command(subcommand)]
    pub command: Command,
    /// For every command.
    #[command(flatten)]
    pub common: Common,
}

/// Options that work everywhere.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Where snapshots and results are kept.
    #[arg(long, global = true, default_value = "data", value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Worker threads; results do not depend on it [default: one per core].
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Results as JSON on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Reads files and snapshots only; no service is asked.
    #[arg(long, global = true)]
    pub offline: bool,
    /// Day the report speaks for, instead of the plan's.
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Looks at files and writes a commented plan for them.
    Init(InitArguments),
    /// Reads all that a plan names, writes nothing, and says what a run would find.
    Check(CheckArguments),
    /// Runs a plan through all six stages and says where the report is.
    Run(PlanArguments),
    /// Says which stages would run and why.
    Plan(PlanArguments),
    /// Runs a plan's first stage: files to snapshots and raw records.
    Acquire(PlanArguments),
    /// Runs a plan through `clean`, or cleans one file of postings.
    Clean(CleanArguments),
    /// Runs a plan through `extract`, or finds the skills of one file of postings.
    Extract(ExtractArguments),
    /// Runs a plan through `link`, or links one file of learning outcomes.
    Link(LinkArguments),
    /// Runs a plan through `measure`: demand, coverage, gaps, trends.
    Measure(PlanArguments),
    /// Runs a plan through `report`; the same as `run`.
    Report(PlanArguments),
    /// Ranks a taxonomy's skills or occupations for each text of a file.
    Rank(RankArguments),
    /// Scores rankings and accepted matches against gold.
    Evaluate(EvaluateArguments),
    /// Learns vectors of words and concepts, or fits weights on gold.
    Train(TrainArguments),
    /// Shows where a published number comes from.
    Explain(ExplainArguments),
    /// Says what changed between two runs, and which changed inputs can be the reason.
    Diff(DiffArguments),
    /// Takes people's decisions in, hands out what is to be decided, says where decisions stand.
    Review(ReviewArguments),
    /// Compares every snapshot and result with its recorded hash.
    Verify,
    /// Says whether this machine, the data directory and a plan are fit for a run.
    Doctor(DoctorArguments),
    /// Lists what can be read and asked, what a plan reads, and how old its answers are.
    Sources(SourcesArguments),
    /// Removes stored texts of postings that are older than the plan keeps them.
    Purge(PurgeArguments),
    /// Writes a completion script for a shell to standard output.
    Completions(CompletionsArguments),
    /// Writes the manual page to standard output, or all pages into a folder.
    Man(ManArguments),
}

/// `skillgap init`
#[derive(Debug, Args)]
#[command(after_help = "\
Files are recognised by what is in them: postings, micro-credentials, statistics or a taxonomy. Columns are guessed by
their names (English, Spanish, Catalan, Arabic, Portuguese, French) and confirmed by their values; whatever is not sure
is said and marked in the plan.

Exit codes: 0 the plan runs; 2 the plan was written but lacks something a run needs, which is said and marked TODO in it,
or it was there already (see --force); 3 a file is none of these kinds and was left out.")]
pub struct InitArguments {
    /// Files or folders of any kind.
    #[arg(value_name = "FILES OR FOLDERS")]
    pub files: Vec<PathBuf>,
    /// File or folder of postings.
    #[arg(long, value_name = "PATH")]
    pub postings: Vec<PathBuf>,
    /// File or folder of micro-credentials.
    #[arg(long, value_name = "PATH")]
    pub catalogue: Vec<PathBuf>,
    /// File or folder of official statistics.
    #[arg(long, value_name = "PATH")]
    pub statistics: Vec<PathBuf>,
    /// Taxonomy, folder or zip [default: the starter taxonomy, DATA-DIR/reference].
    #[arg(long, value_name = "PATH")]
    pub taxonomy: Vec<PathBuf>,
    /// Plan to write.
    #[arg(long, default_value = "plan.toml", value_name = "FILE")]
    pub output: PathBuf,
    /// Name of the plan and of its folder of results [default: the file name of the plan].
    #[arg(long)]
    pub name: Option<String>,
    /// Writes over a plan that is there.
    #[arg(long)]
    pub force: bool,
}

/// `skillgap check`
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 all is in order, 1 a named check failed, 2 the plan cannot be read, 3 a source is refused.")]
pub struct CheckArguments {
    /// The plan (TOML).
    pub plan: PathBuf,
    /// Looks at this many records of each source instead of all.
    #[arg(long, value_name = "N")]
    pub rows: Option<u64>,
    /// Leaves a named check out; may be given again.
    #[arg(long, value_name = "NAME")]
    pub skip: Vec<String>,
}

/// `skillgap doctor`
#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// Also looks at what this plan names.
    pub plan: Option<PathBuf>,
    /// Compares the hash of every snapshot and result.
    #[arg(long)]
    pub full: bool,
}

/// `skillgap sources`
#[derive(Debug, Args)]
pub struct SourcesArguments {
    /// What is wanted.
    #[command(subcommand)]
    pub command: SourcesCommand,
}

/// The commands of `skillgap sources`.
#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// Lists every format this version reads, or the sources of a plan.
    Ls(SourcesLsArguments),
    /// Lists the services that can be asked over the network, with their keys and terms.
    Services,
    /// Asks each service of a plan its first question, and keeps nothing.
    Check(SourcesPlanArguments),
    /// Says how old the answers of a plan's services are, without asking.
    Freshness(SourcesPlanArguments),
}

/// `skillgap sources check` and `freshness`
#[derive(Debug, Args)]
pub struct SourcesPlanArguments {
    /// The plan (TOML).
    pub plan: PathBuf,
}

/// `skillgap purge`
#[derive(Debug, Args)]
#[command(after_help = "\
What was derived from the texts stays in the results of the last run: skills, links to the postings, quotations of at most
200 characters. A later run no longer counts postings whose texts are gone.")]
pub struct PurgeArguments {
    /// The plan (TOML); `[retention] text_days` says how long texts are kept.
    pub plan: PathBuf,
    /// Removes texts of any age.
    #[arg(long)]
    pub all: bool,
}

/// `skillgap sources ls`
#[derive(Debug, Args)]
pub struct SourcesLsArguments {
    /// Lists the sources of this plan instead.
    pub plan: Option<PathBuf>,
}

/// `skillgap completions`
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `skillgap man`
#[derive(Debug, Args)]
pub struct ManArguments {
    /// Writes one page a command into this folder.
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// A reason says something.
fn reason(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("say why the change is real; the report prints it".to_owned()),
        said => Ok(said.chars().take(500).collect()),
    }
}

/// A name as plans have it.
fn name(text: &str) -> Result<crate::types::SourceId, String> {
    crate::types::SourceId::new(text).map_err(|e| e.to_string())
}

/// A plan.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// The plan (TOML).
    pub plan: PathBuf,
    /// Asks services for everything, whatever is kept.
    #[arg(long, conflicts_with = "offline")]
    pub refresh: bool,
    /// Runs every stage anew, whatever is unchanged.
    #[arg(long)]
    pub rebuild: bool,
    /// Lets a source that changed a lot since the last complete run ([drift] in the plan) replace its results; the reason
    /// is printed in the report.
    #[arg(long, value_name = "REASON", value_parser = reason)]
    pub accept_drift: Option<String>,
}

/// A file in and a file out.
#[derive(Debug, Args)]
pub struct Files {
    /// File to read (.csv, .json, .jsonl, .parquet, plain or gzip).
    #[arg(long, value_name = "FILE", required_unless_present = "plan")]
    pub input: Option<PathBuf>,
    /// File to write (.jsonl or .parquet).
    #[arg(long, value_name = "FILE", required_unless_present = "plan")]
    pub output: Option<PathBuf>,
}

/// `skillgap clean`
#[derive(Debug, Args)]
pub struct CleanArguments {
    /// The plan (TOML); without it, give --input and --output.
    #[arg(conflicts_with_all = ["input", "output", "duplicates"])]
    pub plan: Option<PathBuf>,
    /// Files.
    #[command(flatten)]
    pub files: Files,
    /// Also writes the pairs found alike: kept, duplicate, kind, similarity (.tsv).
    #[arg(long, value_name = "FILE")]
    pub duplicates: Option<PathBuf>,
}

/// Which taxonomy.
#[derive(Debug, Args)]
pub struct TaxonomyArguments {
    /// ESCO folder or zip as published (several files of one package joined by commas), or a folder in our own layout;
    /// given again, it adds labels to known concepts [default: the starter taxonomy, DATA-DIR/reference].
    #[arg(long, value_name = "PATH[,PATH]")]
    pub taxonomy: Vec<String>,
}

/// Which vectors.
#[derive(Debug, Args)]
pub struct VectorsArguments {
    /// Vectors of words and concepts, made by `skillgap train vectors`, instead of those that come with the program.
    #[arg(long, value_name = "FILE")]
    pub vectors: Option<PathBuf>,
}

/// Ways of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lanes {
    /// Labels word for word.
    Exact,
    /// Word for word, stem for stem, and up to misspelling.
    All,
    /// The same, and each sentence of duties and requirements linked by meaning; slow.
    Deep,
}

impl From<Lanes> for crate::extract::Lanes {
    fn from(lanes: Lanes) -> Self {
        match lanes {
            Lanes::Exact => crate::extract::Lanes::Exact,
            Lanes::All => crate::extract::Lanes::All,
            Lanes::Deep => crate::extract::Lanes::Deep,
        }
    }
}

/// `skillgap extract`
#[derive(Debug, Args)]
pub struct ExtractArguments {
    /// The plan (TOML); without it, give --input and --output.
    #[arg(conflicts_with_all = ["input", "output", "taxonomy", "vectors"])]
    pub plan: Option<PathBuf>,
    /// Files.
    #[command(flatten)]
    pub files: Files,
    /// Taxonomy.
    #[command(flatten)]
    pub taxonomy: TaxonomyArguments,
    /// Vectors.
    #[command(flatten)]
    pub vectors: VectorsArguments,
    /// Ways of finding.
    #[arg(long, value_enum, default_value = "all")]
    pub lanes: Lanes,
}

/// `skillgap link`
#[derive(Debug, Args)]
pub struct LinkArguments {
    /// The plan (TOML); without it, give --input and --output.
    #[arg(conflicts_with_all = ["input", "output", "taxonomy", "vectors"])]
    pub plan: Option<PathBuf>,
    /// Outcomes `{id, text, lang?}` in (.jsonl), links out.
    #[command(flatten)]
    pub files: Files,
    /// Taxonomy.
    #[command(flatten)]
    pub taxonomy: TaxonomyArguments,
    /// Vectors.
    #[command(flatten)]
    pub vectors: VectorsArguments,
}

/// What is ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Skills
    Skill,
    /// Occupations
    Occupation,
}

/// `skillgap rank`
#[derive(Debug, Args)]
pub struct RankArguments {
    /// Taxonomy.
    #[command(flatten)]
    pub taxonomy: TaxonomyArguments,
    /// Vectors.
    #[command(flatten)]
    pub vectors: VectorsArguments,
    /// What is ranked.
    #[arg(long, value_enum, default_value = "skill")]
    pub kind: Kind,
    /// Queries `{id, text, lang?}`, one a line.
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    /// How many answers per query.
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub top: usize,
    /// Answers `{id, ranked: [{uri, label, score}]}`, one a line.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// Ranks these instead: a TSV file of uri, label, one a line.
    #[arg(long, value_name = "FILE", conflicts_with = "taxonomy")]
    pub corpus: Option<PathBuf>,
    /// Ranks skills by a sentence-transformers model in this folder instead of our own lanes (a build with the feature
    /// `embedding`).
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["corpus", "kind"])]
    pub model: Option<PathBuf>,
}

/// Lookups that accepted matches are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Baseline {
    /// Every label of the text's language, longest first, word for word, no filter.
    Gazetteer,
    /// The same with preferred labels only.
    Preferred,
}

impl Baseline {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Baseline::Gazetteer => "gazetteer",
            Baseline::Preferred => "preferred",
        }
    }
}

/// `skillgap evaluate`
#[derive(Debug, Args)]
#[command(after_help = "\
A gold line is {id, text, lang, gold: [uri], kind?, spans?: [{start, end, uri}]}. `kind` is sentence, outcome or negative;
without it, files called outcomes* and negatives* hold outcomes and negatives, others sentences. A negative has no gold
and is not ranked: it counts as a false alarm when a skill is accepted in it. Spans are bytes of UTF-8 from 0, the end not
included.")]
pub struct EvaluateArguments {
    /// Taxonomy.
    #[command(flatten)]
    pub taxonomy: TaxonomyArguments,
    /// Vectors.
    #[command(flatten)]
    pub vectors: VectorsArguments,
    /// What is ranked.
    #[arg(long, value_enum, default_value = "skill")]
    pub kind: Kind,
    /// Gold, a file of lines or a folder of such files (.jsonl); each is a set of its own.
    #[arg(long, value_name = "PATH", required = true)]
    pub gold: Vec<PathBuf>,
    /// Ranks these instead: a TSV file of uri, label, one a line.
    #[arg(long, value_name = "FILE", conflicts_with = "taxonomy")]
    pub corpus: Option<PathBuf>,
    /// Also ranks without each lane, and with each lane alone.
    #[arg(long)]
    pub ablation: bool,
    /// Also scores a plain lookup of labels, to tell how hard the gold is; may be given again.
    #[arg(long, value_enum, value_name = "NAME")]
    pub baseline: Vec<Baseline>,
    /// Shows this many of the worst errors of each kind. Not for held-out gold that is to stay unseen.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub top_errors: usize,
    /// Writes the scores to commit into this file (TOML), in the place of earlier ones of the same taxonomy.
    #[arg(long, value_name = "FILE")]
    pub write_scores: Option<PathBuf>,
    /// Also scores another model's ranking of the same texts, alone and fused with our own lanes: JSON lines
    /// `{id, ranked: [{uri, score}]}` or Parquet of id, uri, score. Fused scores are held out in five folds.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["corpus", "write_scores"])]
    pub ranked: Option<PathBuf>,
}

/// `skillgap explain`
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The plan whose last run is explained.
    pub plan: PathBuf,
    /// Skill (URI, slug or name), programme or outcome.
    pub id: String,
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for a terminal.
    Text,
    /// JSON; the same as --json.
    Json,
    /// One row per difference.
    Csv,
}

/// `skillgap diff`
#[derive(Debug, Args)]
#[command(after_help = "\
RUN is a folder with a findings.json (build/PLAN/report, or a copy of it), a findings.json, a data directory that holds one
plan's report, or a plan file or plan name, whose last report in --data-dir is meant. The first RUN is the earlier one.

Two shares are called different when the difference is told from chance with false discoveries controlled over all skills
compared. Editions usually share postings: the intervals take them as independent, which is cautious. A cause is named
only when an input that the figure is made of changed; of several, each may be the one.")]
pub struct DiffArguments {
    /// The earlier run.
    #[arg(value_name = "RUN")]
    pub before: PathBuf,
    /// The later run.
    #[arg(value_name = "RUN")]
    pub after: PathBuf,
    /// How the result is written.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Most rows of each table for a terminal; JSON and CSV hold all.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub top: usize,
}
