//! Arguments of `skillgap review`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `skillgap review`
#[derive(Debug, Args)]
#[command(after_help = "\
A plan names its register: [review] register = \"decisions/demo.csv\". It is one CSV file with the columns of review.csv, kept
by `import` and `retire` and worth committing: it says who decided what, when and why.

Exit codes: 0 done; 3 rows are refused or outdated, and nothing was changed.")]
pub struct ReviewArguments {
    /// What is wanted.
    #[command(subcommand)]
    pub command: ReviewCommand,
}

/// The commands of `skillgap review`.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// Takes files of decisions into the register of a plan; all rows of all files, or none.
    Import(ReviewImportArguments),
    /// Writes the sheet of what is to be decided; decisions as gold; new terms as a proposal for ESCO.
    Export(ReviewExportArguments),
    /// Counts decisions by kind and lists conflicts and outdated rows.
    Status(ReviewStatusArguments),
    /// Moves outdated rows, or named ones, out of the register into a file beside it.
    Retire(ReviewRetireArguments),
}

/// `skillgap review import`
#[derive(Debug, Args)]
pub struct ReviewImportArguments {
    /// The plan (TOML).
    pub plan: PathBuf,
    /// Files as the workshop page, the sign-off form or a spreadsheet wrote them (CSV, UTF-8).
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// `skillgap review export`
#[derive(Debug, Args)]
pub struct ReviewExportArguments {
    /// The plan (TOML); it has been run.
    pub plan: PathBuf,
    /// Sheet to write: the one of the last report, without what was decided since [default: review.csv, unless --gold or
    /// --esco is given].
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Writes accepted matches, and right or overlooked mentions, as gold for `skillgap evaluate` (.jsonl).
    #[arg(long, value_name = "FILE")]
    pub gold: Option<PathBuf>,
    /// Writes new names and new skills as a proposal for ESCO (.csv).
    #[arg(long, value_name = "FILE")]
    pub esco: Option<PathBuf>,
}

/// `skillgap review status`
#[derive(Debug, Args)]
pub struct ReviewStatusArguments {
    /// The plan (TOML).
    pub plan: PathBuf,
}

/// `skillgap review retire`
#[derive(Debug, Args)]
pub struct ReviewRetireArguments {
    /// The plan (TOML).
    pub plan: PathBuf,
    /// This row of the register instead of the outdated ones, for instance the side of a conflict that does not hold; may
    /// be given again. The header is row 1.
    #[arg(long = "row", value_name = "N")]
    pub rows: Vec<u64>,
}
