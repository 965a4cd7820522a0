//! Wires `extract`: batches of postings through all cores, mentions out in the postings' order.

use super::deep::Reader;
use super::{Run, RunError, Stage};
use crate::store::{StageDraft, TableWriter, read_table};
use crate::types::{Mention, Posting, StageCount};
use rayon::prelude::*;

pub(super) fn run(run: &Run<'_>, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
    let total =
        run.manifest(Stage::Clean).and_then(|m| m.counts.into_iter().find(|c| c.step == super::clean::POSTINGS));
    run.progress.start(Stage::Extract, total.map(|c| c.kept));
    let lexicon = run.lexicon()?;
    let reader = Reader::new(lexicon, &run.plan.extract, &run.plan.link);
    let mut mentions: TableWriter<Mention> = draft.table("mentions")?;
    let mut posting_count = 0;
    for batch in read_table::<Posting>(&run.artefact(Stage::Clean, "postings.parquet"))? {
        let batch = batch?;
        let found: Vec<Vec<Mention>> = batch.par_iter().map(|posting| reader.mentions(posting)).collect();
        for rows in found.chunks(64) {
            mentions.push(&rows.concat())?;
        }
        posting_count += batch.len() as u64;
        run.progress.advance(batch.len() as u64);
    }
    mentions.finish()?;
    let step = "extract postings".to_owned();
    Ok(vec![StageCount { step, read: posting_count, kept: posting_count, duplicate: 0, rejected: 0 }])
}
