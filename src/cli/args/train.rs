//! Arguments of `skillgap train`.

use super::{TaxonomyArguments, VectorsArguments};
use crate::train::TrainSpec;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `skillgap train`
#[derive(Debug, Args)]
pub struct TrainArguments {
    /// What is wanted.
    #[command(subcommand)]
    pub command: TrainCommand,
}

/// The commands of `skillgap train`.
#[derive(Debug, Subcommand)]
pub enum TrainCommand {
    /// Learns what words and concepts mean from a taxonomy and, where given, your postings.
    Vectors(TrainVectorsArguments),
    /// Fits what each lane weighs, and how sure a link is, on gold.
    Weights(TrainWeightsArguments),
    /// Fits how much another model counts beside our own lanes, and writes the lines for a plan.
    Model(TrainModelArguments),
}

/// Passes that end.
fn passes(text: &str) -> Result<f32, String> {
    let passes = text.parse::<f32>().ok().filter(|passes| (0.01..=100.0).contains(passes));
    passes.ok_or_else(|| "expected a number from 0.01 to 100".to_owned())
}

/// `skillgap train vectors`
#[derive(Debug, Args)]
#[command(after_help = "\
Learns from the names, descriptions and occupations of the taxonomy, from the texts that come with
the program (data/training), and from the words around the skills that your postings name. Postings
need no annotation: they are cleaned and read word for word. The file also keeps how many of them
name each skill, which `skillgap train weights` may weigh.

All of ESCO takes several minutes. The same input, --seed and kind of processor give the same file,
whatever --threads says. Use it with --vectors of rank, evaluate, link and extract, or in a plan:

    [taxonomy]
    vectors = \"vectors.bin\"")]
pub struct TrainVectorsArguments {
    /// Taxonomy.
    #[command(flatten)]
    pub taxonomy: TaxonomyArguments,
    /// Postings to learn from as well (.csv, .json, .jsonl, .parquet, plain or gzip); may be given again.
    #[arg(long, value_name = "FILE")]
    pub postings: Vec<PathBuf>,
    /// Passes over all texts.
    #[arg(long, value_name = "N", default_value_t = TrainSpec::default().epochs, value_parser = passes)]
    pub epochs: f32,
    /// Numbers of a vector; the file grows with it.
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u16).range(4..=1024))]
    pub dim: u16,
    /// Start of what is drawn at random.
    #[arg(long, value_name = "N", default_value_t = TrainSpec::default().seed)]
    pub seed: u64,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

/// `skillgap train weights`
#[derive(Debug, Args)]
#[command(after_help = "\
Ranks every gold text against the taxonomy, fits the weights of the lanes by a listwise softmax and
the decision by a logistic regression, and prints what both are worth on texts that were held out
(five folds): RP@5 and MRR of the ranking; precision, recall and false alarms of every cut of the
decision. Texts without a right skill are negatives.

FOLDER gets rank_weights.toml, link_weights.toml, mention_weights.toml and idle_weights.tsv. A
version of skillgap has its weights compiled in: put the files into data/reference and build it anew.
Part of the decision belongs to the vectors it was fitted with.
For the form of gold see `skillgap evaluate --help`.")]
pub struct TrainWeightsArguments {
    /// Gold, a file of lines or a folder of such files (.jsonl); may be given again. Never give held-out gold.
    #[arg(long, value_name = "PATH", required = true)]
    pub gold: Vec<PathBuf>,
    /// Taxonomy.
    #[command(flatten)]
    pub taxonomy: TaxonomyArguments,
    /// Gold of job titles with their occupations, for `[occupation]` and `[occupation_decision]`; left out, they stay as
    /// this version has them.
    #[arg(long, value_name = "PATH")]
    pub titles: Vec<PathBuf>,
    /// A second taxonomy, in which the same gold is decided upon as well, so that the decision does not depend on the
    /// size of the first; given again, it adds labels as --taxonomy does.
    #[arg(long, value_name = "PATH[,PATH]")]
    pub also_taxonomy: Vec<String>,
    /// Vectors.
    #[command(flatten)]
    pub vectors: VectorsArguments,
    /// Folder to write into.
    #[arg(long, value_name = "FOLDER")]
    pub output: PathBuf,
}

impl TrainWeightsArguments {
    /// The command line that says the same.
    pub fn command_line(&self) -> String {
        let paths = |name: &str, paths: &[PathBuf]| paths.iter().map(|p| format!(" {name} {}", p.display())).collect();
        let texts = |name: &str, texts: &[String]| texts.iter().map(|t| format!(" {name} {t}")).collect();
        let parts: [String; 6] = [
            paths("--gold", &self.gold),
            paths("--titles", &self.titles),
            texts("--taxonomy", &self.taxonomy.taxonomy),
            texts("--also-taxonomy", &self.also_taxonomy),
            paths("--vectors", self.vectors.vectors.as_slice()),
            paths("--output", std::slice::from_ref(&self.output)),
        ];
        format!("skillgap train weights{}", parts.concat())
    }
}

/// `skillgap train model`
#[derive(Debug, Args)]
#[command(after_help = "\
Prints the [[link.model]] lines to paste into a plan, with the scores before and after as comments.
The four numbers are those of a logistic regression over everything that is decided upon in the gold
texts; the scores shown are held out in five folds. Gold that the program's own weights were not
fitted on gives the fairest numbers.")]
pub struct TrainModelArguments {
    /// Taxonomy.
    #[command(flatten)]
    pub taxonomy: TaxonomyArguments,
    /// Gold, a file of lines or a folder of such files (.jsonl).
    #[arg(long, value_name = "PATH", required = true)]
    pub gold: Vec<PathBuf>,
    /// The model's ranking of the gold texts, by their id or their words: JSON lines `{id, ranked: [{uri, score}]}` or
    /// Parquet of id, uri, score.
    #[arg(long, value_name = "FILE", required_unless_present = "folder", conflicts_with = "folder")]
    pub ranked: Option<PathBuf>,
    /// Folder of a sentence-transformers model (a build with the feature `embedding`).
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Vectors.
    #[command(flatten)]
    pub vectors: VectorsArguments,
    /// Name of the model in the plan and in evidence.
    #[arg(long, default_value = "model", value_parser = super::name)]
    pub name: crate::types::SourceId,
}
