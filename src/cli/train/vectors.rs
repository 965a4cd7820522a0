//! `skillgap train vectors`: a taxonomy, texts of our own and postings in, a file of vectors out.

use super::say;
use crate::clean;
use crate::cli::args::{Common, TrainVectorsArguments};
use crate::cli::files::{context, each_batch};
use crate::cli::progress::Passes;
use crate::cli::table::{counted, thousands};
use crate::cli::{Exit, print, taxonomies};
use crate::extract::{ExtractSpec, Extractor, Lanes};
use crate::lexicon::Lexicon;
use crate::store::AtomicFile;
use crate::train::{Context, ContextFinder, OwnTexts, TrainInput, TrainSpec, train};
use crate::types::{Mention, Posting, Taxonomy};
use anyhow::Context as _;
use rayon::prelude::*;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// Probability from which a mention is learned from: a word for word hit needs little more to teach.
const LEAST_CREDIBLE: f32 = 0.2;

/// What postings gave.
#[derive(Debug, Default, Serialize)]
struct PostingNumbers {
    read: u64,
    rejected: u64,
    /// Skills that a posting names.
    skills: u64,
    contexts: u64,
}

#[derive(Debug, Serialize)]
struct Told<'a> {
    output: String,
    bytes: u64,
    dim: usize,
    words: u64,
    concepts: u64,
    taxonomy: &'a str,
    postings: PostingNumbers,
}

/// Learns vectors and writes them.
pub fn vectors(common: &Common, arguments: &TrainVectorsArguments) -> anyhow::Result<Exit> {
    let output = &arguments.output;
    anyhow::ensure!(!output.is_dir(), "{} is a folder: name the file to write", output.display());
    let taxonomy = taxonomies::read(common, &arguments.taxonomy)?;
    // Opened before minutes of work, so that a folder that cannot be written is said at once.
    let mut file = AtomicFile::create(output)?;
    let texts = OwnTexts::compiled()?;
    let (contexts, posting_counts, postings) = of_postings(common, &taxonomy, &arguments.postings)?;
    let spec = TrainSpec {
        epochs: arguments.epochs,
        dim: usize::from(arguments.dim),
        seed: arguments.seed,
        ..TrainSpec::default()
    };
    let (skills, occupations) = (taxonomy.skills.len() as u64, taxonomy.occupations.len() as u64);
    let of = [counted(skills, "skill"), counted(occupations, "occupation"), counted(postings.contexts, "context")];
    say(&format!("learning vectors of {} numbers from {}", spec.dim, of.join(", ")));
    let input = TrainInput { taxonomy: &taxonomy, texts: &texts, contexts: &contexts, posting_counts: &posting_counts };
    let mut passes = Passes::new(spec.epochs);
    let learned = train(&input, &spec, |done, loss| passes.advance(done, loss));
    passes.finish();
    let bytes = learned.to_bytes();
    file.write_all(&bytes).with_context(|| format!("cannot write {}", output.display()))?;
    file.commit()?;
    tell(
        common,
        &Told {
            output: output.display().to_string(),
            bytes: bytes.len() as u64,
            dim: learned.dim(),
            words: learned.word_count() as u64,
            concepts: learned.concept_count() as u64,
            taxonomy: &taxonomy.version,
            postings,
        },
    )
}

/// Contexts, postings by skill, and what was read.
type FromPostings = (Vec<Context>, Vec<u32>, PostingNumbers);

/// Reads postings for the words around the skills they name word for word.
fn of_postings(common: &Common, taxonomy: &Taxonomy, files: &[PathBuf]) -> anyhow::Result<FromPostings> {
    let mut finder = ContextFinder::new(taxonomy);
    let mut numbers = PostingNumbers::default();
    if files.is_empty() {
        return Ok((Vec::new(), Vec::new(), numbers));
    }
    let lexicon = Lexicon::new(taxonomy.clone());
    let extractor = Extractor::new(
        &lexicon,
        &ExtractSpec { lanes: Lanes::Exact, accept: LEAST_CREDIBLE, ..ExtractSpec::default() },
    );
    let context = context(common);
    for path in files {
        let read = each_batch(path, &mut |batch| {
            let found: Vec<Option<(Posting, Vec<Mention>)>> = batch
                .par_iter()
                .map(|raw| {
                    let posting = clean::posting(raw, &context).ok()?.posting;
                    let mentions = extractor.mentions(&posting);
                    Some((posting, mentions))
                })
                .collect();
            numbers.rejected += found.iter().filter(|f| f.is_none()).count() as u64;
            found.iter().flatten().for_each(|(posting, mentions)| finder.add(posting, mentions));
            Ok(())
        })?;
        numbers.read += read.read;
        numbers.rejected += read.rejected;
        say(&format!("{}: {}, {} rejected", path.display(), counted(read.read, "posting"), read.rejected));
    }
    let (contexts, counts) = finder.into_parts();
    numbers.skills = counts.iter().filter(|count| **count > 0).count() as u64;
    numbers.contexts = contexts.len() as u64;
    Ok((contexts, counts, numbers))
}

fn tell(common: &Common, told: &Told<'_>) -> anyhow::Result<Exit> {
    if common.json {
        print(&serde_json::to_string_pretty(told)?)?;
        return Ok(Exit::Done);
    }
    let (read, rejected) = (told.postings.read, told.postings.rejected);
    if read > 0 {
        let (skills, contexts) = (counted(told.postings.skills, "skill"), thousands(told.postings.contexts));
        print(&format!(
            "postings: read {read} = used {} + rejected {rejected}; {skills} named, {contexts} contexts kept",
            read - rejected
        ))?;
    }
    print(&format!(
        "{}: {} bytes, {} and {} with {} numbers each, learned from {}",
        told.output,
        thousands(told.bytes),
        counted(told.words, "word"),
        counted(told.concepts, "concept"),
        told.dim,
        told.taxonomy
    ))?;
    Ok(Exit::Done)
}
