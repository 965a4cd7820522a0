//! Stages as filters: plain files in, plain files out, for analysts, benchmarks and other engines.

use super::args::{
    CleanArguments, Common, EvaluateArguments, ExtractArguments, Files, Kind, LinkArguments, RankArguments,
};
use super::rows::{Rows, json_line, read_lines};
use super::{Exit, print, taxonomies};
use crate::acquire::{Columns, Input, Limits, Record, read_postings};
use crate::clean::{self, Areas, CleanContext, Repair, TextLimits};
use crate::evaluate;
use crate::extract::{ExtractSpec, Extractor};
use crate::lexicon::Lexicon;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::ranker::Ranker;
use crate::link::{LinkSpec, Linker};
use crate::pipeline::Merger;
use crate::store::{AtomicFile, hash_file};
use crate::types::{
    CredentialId, Date, Lang, LearningOutcome, Linked, Mention, OutcomeId, Posting, PostingId, RawPosting, SnapshotId,
    SourceId, StageCount, Taxonomy, Verdict,
};
use anyhow::Context;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

/// Postings worked on together.
const BATCH: usize = 1024;
/// Day that files without a plan are cleaned as of, unless `--as-of` says otherwise: far enough to keep every date.
const NO_PLAN_AS_OF: Date = jiff::civil::date(2100, 1, 1);

/// A sentence, outcome or title to work on.
#[derive(Debug, Deserialize)]
struct Query {
    id: String,
    text: String,
    #[serde(default, alias = "language")]
    lang: Option<String>,
}

impl Query {
    fn lang(&self) -> Option<Lang> {
        self.lang.as_deref().map(Lang::from_code).filter(|l| *l != Lang::Und)
    }

    /// The language said, else the one the text speaks.
    fn language(&self) -> Lang {
        clean::language::detect(&self.text, self.lang())
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    ranked: Vec<AnswerItem<'a>>,
}

#[derive(Serialize)]
struct AnswerItem<'a> {
    uri: &'a str,
    label: &'a str,
    score: f32,
}

/// Cleans one file of postings.
pub fn clean(common: &Common, arguments: &CleanArguments) -> anyhow::Result<Exit> {
    let (input, output) = both(&arguments.files)?;
    let mut merger = Merger::new(clean::duplicates::DEFAULT_THRESHOLD)?;
    let mut all: Vec<Posting> = Vec::new();
    let count = each_posting(common, input, &mut |batch| {
        for posting in batch {
            merger.add(&posting)?;
            all.push(posting);
        }
        Ok(())
    })?;
    let merged = merger.finish()?;
    let mut rows = Rows::create(output)?;
    let mut kept_count = 0;
    for chunk in all.chunks(BATCH) {
        let kept: Vec<Posting> = merged.winners(chunk.to_vec(), kept_count.1);
        rows.push(&kept)?;
    }
    rows.finish()?;
    if let Some(path) = &arguments.duplicates {
        let mut file = AtomicFile::create(path)?;
        writeln!(file, "kept\tduplicate\tkind\tsimilarity")?;
        for pair in &merged.duplicates {
            let kind = serde_json::to_value(pair.kind)?;
            let kind = kind.as_str().unwrap_or_default();
            writeln!(file, "{}\t{}\t{kind}\t{:.4}", pair.kept.0, pair.duplicate.0, pair.similarity)?;
        }
        file.commit()?;
    }
    tell(common, &count)
}
