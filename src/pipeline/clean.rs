//! Wires `clean`: raw tables in, typed tables out; postings pass twice, first to be cleaned, then to be merged.

use super::acquire::{acquired, read_json, write_json};
use super::{Run, RunError, Stage, failed};
use crate::clean::duplicates::{Deduplicator, merge};
use crate::clean::{self, Areas, CleanContext, RepairCounts, SourceContext, TextLimits};
use crate::lexicon::occupations::OccupationCoder;
use crate::store::{StageDraft, StoreError, TableWriter, read_table, write_table};
use crate::types::{
    Credential, Duplicate, Origin, Posting, RawCredential, RawObservation, RawPosting, Reject, SourceId, StageCount,
    Taxonomy, TaxonomyLayer,
};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of the step that counts postings.
pub(super) const POSTINGS: &str = "clean postings";

pub(super) fn run(run: &Run<'_>, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
    let found = acquired(run)?;
    let total = run.manifest(Stage::Acquire).map(|m| {
        let postings = run.plan.of_kind(super::SourceKind::Postings);
        let steps: Vec<String> = postings.map(|s| format!("acquire {}", s.id)).collect();
        m.counts.iter().filter(|c| steps.contains(&c.step)).map(|c| c.kept).sum()
    });
    run.progress.start(Stage::Clean, total);
    let (taxonomy, layer_count) = taxonomy(run, draft, &found.layers)?;
    let mut counts = vec![layer_count];
    let context = context(run);
    let coder = OccupationCoder::new(&taxonomy);
    let mut cleaner =
        PostingCleaner::new(&context, &coder, run.plan.clean.near_duplicate_similarity, draft.path("spool.parquet"))?;
    for name in &found.posting_tables {
        for batch in read_table::<RawPosting>(&run.artefact(Stage::Acquire, &format!("{name}.parquet")))? {
            let batch = batch?;
            run.progress.advance(batch.len() as u64);
            cleaner.push(&batch)?;
        }
    }
    let mut table: TableWriter<Posting> = draft.table("postings")?;
    let mut cleaned = cleaner.finish(&mut |kept| table.push(kept))?;
    table.finish()?;
    counts.push(cleaned.count.clone());
    write_table(&draft.path("duplicates.parquet"), &cleaned.duplicates)?;
    write_json(draft, "repairs.json", &cleaned.repairs)?;
    counts.push(credentials(run, draft, &mut cleaned.rejects)?);
    counts.push(observations(run, draft, &mut cleaned.rejects)?);
    write_table(&draft.path("rejects.parquet"), &cleaned.rejects)?;
    Ok(counts)
}

fn context(run: &Run<'_>) -> CleanContext<'static> {
    let sources = run.plan.sources.iter().map(|s| {
        let known = SourceContext {
            retrieved_on: s.retrieved_on,
            country: s.area.clone(),
            language: s.language,
            date_order: s.date_order,
        };
        (s.id.clone(), known)
    });
    CleanContext {
        as_of: run.plan.as_of,
        sources: sources.collect(),
        areas: Areas::built_in(),
        limits: TextLimits::default(),
    }
}

fn taxonomy(run: &Run<'_>, draft: &StageDraft, layers: &[String]) -> Result<(Taxonomy, StageCount), RunError> {
    let mut read: Vec<TaxonomyLayer> = Vec::new();
    for name in layers {
        read.push(read_json(&run.artefact(Stage::Acquire, name))?);
    }
    let merged = clean::taxonomy::merge(read);
    if merged.unknown_concept_count > 0 {
        run.progress.warn(&format!(
            "{} concepts of later taxonomy layers are not in the first and were left out",
            merged.unknown_concept_count
        ));
    }
    write_json(draft, "taxonomy.json", &merged.taxonomy)?;
    let kept = (merged.taxonomy.skills.len() + merged.taxonomy.occupations.len()) as u64;
    let step = "clean taxonomy".to_owned();
    Ok((merged.taxonomy, StageCount { step, read: kept, kept, duplicate: 0, rejected: 0 }))
}

fn credentials(run: &Run<'_>, draft: &StageDraft, rejects: &mut Vec<Reject>) -> Result<StageCount, RunError> {
    let raw: Vec<(SourceId, RawCredential, Origin)> = read_json(&run.artefact(Stage::Acquire, "credentials.json"))?;
    let before = rejects.len();
    let mut kept: Vec<Credential> = Vec::new();
    for (_, record, origin) in &raw {
        match clean::credentials::credential(record, origin) {
            Ok(cleaned) => kept.push(cleaned),
            Err(reject) => rejects.push(reject),
        }
    }
    write_json(draft, "credentials.json", &kept)?;
    let rejected = (rejects.len() - before) as u64;
    let step = "clean credentials".to_owned();
    Ok(StageCount { step, read: raw.len() as u64, kept: kept.len() as u64, duplicate: 0, rejected })
}

fn observations(run: &Run<'_>, draft: &StageDraft, rejects: &mut Vec<Reject>) -> Result<StageCount, RunError> {
    let raw: Vec<RawObservation> = read_json(&run.artefact(Stage::Acquire, "observations.json"))?;
    let before = rejects.len();
    let mut kept = Vec::new();
    for record in &raw {
        match clean::observations::observation(record, Areas::built_in()) {
            Ok(cleaned) => kept.push(cleaned),
            Err(reject) => rejects.push(reject),
        }
    }
    write_table(&draft.path("observations.parquet"), &kept)?;
    let rejected = (rejects.len() - before) as u64;
    let step = "clean observations".to_owned();
    Ok(StageCount { step, read: raw.len() as u64, kept: kept.len() as u64, duplicate: 0, rejected })
}

/// Cleans postings batch by batch and merges what is one advertisement, in bounded memory.
pub(crate) struct PostingCleaner<'a> {
    context: &'a CleanContext<'a>,
    coder: &'a OccupationCoder<'a>,
    deduplicator: Deduplicator,
    spool: TableWriter<Posting>,
    spool_path: PathBuf,
    rejects: Vec<Reject>,
    repairs: RepairCounts,
    read: u64,
}

/// What became of the postings.
pub(crate) struct CleanedPostings {
    /// read = kept + duplicate + rejected.
    pub count: StageCount,
    /// Pairs found alike.
    pub duplicates: Vec<Duplicate>,
    /// Postings not kept.
    pub rejects: Vec<Reject>,
    /// What was mended.
    pub repairs: RepairCounts,
}

impl<'a> PostingCleaner<'a> {
    /// Starts; `spool` is a file to write to and remove.
    pub fn new(
        context: &'a CleanContext<'a>,
        coder: &'a OccupationCoder<'a>,
        threshold: f64,
        spool: PathBuf,
    ) -> Result<Self, RunError> {
        Ok(Self {
            context,
            coder,
            deduplicator: Deduplicator::new(threshold)?,
            spool: TableWriter::create(&spool)?,
            spool_path: spool,
            rejects: Vec::new(),
            repairs: RepairCounts::default(),
            read: 0,
        })
    }

    /// Cleans a batch on all cores.
    pub fn push(&mut self, batch: &[RawPosting]) -> Result<(), RunError> {
        self.read += batch.len() as u64;
        let (context, coder) = (self.context, self.coder);
        let results: Vec<_> = batch
            .par_iter()
            .map(|raw| {
                let mut cleaned = clean::posting(raw, context)?;
                clean::occupation::code(&mut cleaned.posting, raw, coder);
                Ok(cleaned)
            })
            .collect();
        let mut kept = Vec::with_capacity(results.len());
        for result in results {
            match result {
                Ok(cleaned) => {
                    self.repairs.add(&cleaned.repairs);
                    self.deduplicator.add(&cleaned.posting)?;
                    kept.push(cleaned.posting);
                }
                Err(reject) => self.rejects.push(reject),
            }
        }
        Ok(self.spool.push(&kept)?)
    }

    /// Merges duplicates and hands the winners on, in the order they were read.
    pub fn finish(
        self,
        keep: &mut dyn FnMut(&[Posting]) -> Result<(), StoreError>,
    ) -> Result<CleanedPostings, RunError> {
        let spooled = self.spool.finish()?;
        let found = self.deduplicator.finish()?;
        let mut losers = losers(&self.spool_path, &found.winner_of)?;
        let mut index = 0;
        let mut kept_count = 0;
        for batch in read_table::<Posting>(&self.spool_path)? {
            let mut kept = Vec::new();
            for mut posting in batch? {
                if found.winner_of.get(index).copied() == Some(index as u32) {
                    for other in losers.remove(&(index as u32)).unwrap_or_default() {
                        merge(&mut posting, &other);
                    }
                    kept.push(posting);
                }
                index += 1;
            }
            kept_count += kept.len() as u64;
            keep(&kept)?;
        }
        crate::store::remove_file(&self.spool_path)?;
        let count = StageCount {
            step: POSTINGS.to_owned(),
            read: self.read,
            kept: kept_count,
            duplicate: spooled - kept_count,
            rejected: self.rejects.len() as u64,
        };
        Ok(CleanedPostings { count, duplicates: found.duplicates, rejects: self.rejects, repairs: self.repairs })
    }
}

/// Postings that merge into another, without their texts, by the winner's index.
fn losers(spool: &Path, winner_of: &[u32]) -> Result<BTreeMap<u32, Vec<Posting>>, RunError> {
    let mut losers: BTreeMap<u32, Vec<Posting>> = BTreeMap::new();
    let mut index = 0_usize;
    for batch in read_table::<Posting>(spool)? {
        for mut posting in batch? {
            let winner = winner_of.get(index).copied().unwrap_or(index as u32);
            if winner as usize != index {
                posting.body = String::new();
                posting.sections = Vec::new();
                losers.entry(winner).or_default().push(posting);
            }
            index += 1;
        }
    }
    Ok(losers)
}
