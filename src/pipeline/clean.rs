//! Wires `clean`: raw tables in, typed tables out; postings pass twice, first to be cleaned, then to be merged.

mod versions;

use super::acquire::{acquired, read_json, write_json};
use super::{Run, RunError, Source, SourceKind, Stage};
use crate::acquire::{Mend, Notes};
use crate::clean::credentials::Catalogue;
use crate::clean::duplicates::{Deduplicator, DuplicateOutcome, PostingView, merge};
use crate::clean::observations::{Given, ObservationContext};
use crate::clean::occupation::TitleCoder;
use crate::clean::{self, Areas, CleanContext, Repair, RepairCounts, SourceContext, credential_checks};
use crate::lexicon::labels::LabelTable;
use crate::lexicon::vectors::Vectors;
use crate::store::{Spill, StageDraft, StoreError, TableWriter, read_table, write_table};
use crate::types::{
    Duplicate, DuplicateKind, Origin, Posting, PostingId, PostingShare, RawCredential, RawObservation, RawPosting,
    Reject, RejectReason, SourceId, StageCount, Taxonomy, TaxonomyLayer,
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use versions::Versions;

/// Name of the step that counts postings.
pub(super) const POSTINGS: &str = "clean postings";
/// In groups of more postings with one text, only pairs with the first are listed.
const PAIRS_PER_TEXT: usize = 200;

pub(super) fn run(run: &Run<'_>, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
    let found = acquired(run)?;
    let total = run.manifest(Stage::Acquire).map(|m| {
        let postings = run.plan.of_kind(SourceKind::Postings);
        let steps: Vec<String> = postings.map(|s| format!("acquire {}", s.id)).collect();
        m.counts.iter().filter(|c| steps.contains(&c.step)).map(|c| c.kept).sum()
    });
    run.progress.start(Stage::Clean, total);
    let (taxonomy, layer_count) = taxonomy(run, draft, &found.layers)?;
    let mut counts = vec![layer_count];
    let context = context(run);
    let labels = LabelTable::of_occupations(&taxonomy);
    let vectors = Vectors::shipped();
    let coder = TitleCoder::new(&taxonomy, &labels, &vectors);
    let sources: Vec<SourceId> = run.plan.sources.iter().map(|s| s.id.clone()).collect();
    let threshold = run.plan.clean.near_duplicate_similarity;
    let cleaner = PostingCleaner::new(&context, &coder, &sources, threshold, draft.path("spool.parquet"))?;
    let mut cleaner = cleaner.with_versions(Versions::of(run)?);
    for name in &found.posting_tables {
        for batch in read_table::<RawPosting>(&run.artefact(Stage::Acquire, &format!("{name}.parquet")))? {
            let batch = batch?;
            run.progress.advance(batch.len() as u64);
            cleaner.push(&batch)?;
        }
    }
    let mut table: TableWriter<Posting> = draft.table("postings")?;
    warn_of_dates(run, &cleaner.dates);
    for source in cleaner.versions.torn() {
        run.progress.warn(&format!(
            "source '{source}': none of its newest postings was among those of the time before; a feed shows only the newest, so \
             some may have come and gone unseen: run the plan more often"
        ));
    }
    let mut cleaned = cleaner.finish(&mut |kept| table.push(kept))?;
    table.finish()?;
    counts.push(cleaned.count.clone());
    write_table(&draft.path("duplicates.parquet"), &cleaned.duplicates)?;
    counts.push(credentials(run, draft, &taxonomy, &mut cleaned.rejects, &mut cleaned.repairs)?);
    cleaned.repairs.merge(&mended(&found.notes));
    write_json(draft, "repairs.json", &cleaned.repairs)?;
    counts.push(observations(run, draft, &mut cleaned.rejects)?);
    write_table(&draft.path("rejects.parquet"), &cleaned.rejects)?;
    Ok(counts)
}

/// What the plan says about a source beside its records.
pub(super) fn source_context(source: &Source) -> SourceContext {
    SourceContext {
        retrieved_on: source.retrieved_on,
        country: source.area.clone(),
        language: source.language,
        date_order: source.date_order,
    }
}

/// What was mended while files were read, among the repairs.
fn mended(notes: &Notes) -> RepairCounts {
    let repair = |mend: &Mend| match mend {
        Mend::JsonLdEscaped => Repair::JsonLdEscaped,
        Mend::JsonLdUnwrapped => Repair::JsonLdUnwrapped,
        Mend::PageText => Repair::PageTextUsed,
        Mend::ColumnAbsent => Repair::ColumnAbsent,
    };
    RepairCounts(notes.mended.iter().map(|(mend, count)| (repair(mend), *count)).collect())
}

/// Says of every source whether most of its dates could not be read: then the column is the wrong one, or garbage.
fn warn_of_dates(run: &Run<'_>, dates: &BTreeMap<SourceId, DateTally>) {
    for (source, tally) in dates.iter().filter(|(_, tally)| tally.unread * 2 > tally.given) {
        run.progress.warn(&format!(
            "source '{source}': {} of {} values of `posted_on` are no day (the first: '{}') and were left out, not \
             guessed; map another column, or say `retrieved_on` where they are relative",
            tally.unread, tally.given, tally.first
        ));
    }
}

fn context(run: &Run<'_>) -> CleanContext<'static> {
    let sources = run.plan.sources.iter().map(|s| (s.id.clone(), source_context(s)));
    CleanContext {
        as_of: run.plan.as_of,
        sources: sources.collect(),
        areas: Areas::built_in(),
        limits: run.plan.clean.limits,
    }
}

fn taxonomy(run: &Run<'_>, draft: &StageDraft, layers: &[String]) -> Result<(Taxonomy, StageCount), RunError> {
    let mut read: Vec<TaxonomyLayer> = Vec::new();
    for name in layers {
        read.push(read_json(&run.artefact(Stage::Acquire, name))?);
    }
    read.extend(super::decisions::Terms::of_plan(run.plan)?.layer());
    let merged = clean::taxonomy::merge(&read);
    for layer in merged.layers.iter().skip(1).filter(|l| l.unknown_count > 0) {
        run.progress.warn(&format!(
            "{}: {} of its concepts are not in the first taxonomy layer and were left out",
            layer.version, layer.unknown_count
        ));
    }
    write_json(draft, "taxonomy.json", &merged.taxonomy)?;
    let kept = (merged.taxonomy.skills.len() + merged.taxonomy.occupations.len()) as u64;
    let step = "clean taxonomy".to_owned();
    Ok((merged.taxonomy, StageCount { step, read: kept, kept, duplicate: 0, rejected: 0 }))
}

fn credentials(
    run: &Run<'_>,
    draft: &StageDraft,
    taxonomy: &Taxonomy,
    rejects: &mut Vec<Reject>,
    repairs: &mut RepairCounts,
) -> Result<StageCount, RunError> {
    let raw: Vec<(Origin, RawCredential)> = read_json(&run.artefact(Stage::Acquire, "credentials.json"))?;
    let before = rejects.len();
    let mut catalogue = Catalogue::default();
    for (origin, record) in &raw {
        let declared = run.plan.source(&origin.source).and_then(|s| s.language);
        let cleaned = clean::credentials::credential(record, origin, declared, &run.plan.clean.limits);
        match cleaned.and_then(|c| catalogue.add(c.credential).map(|()| c.repairs)) {
            Ok(mended) => repairs.add(&mended),
            Err(reject) => rejects.push(reject),
        }
    }
    write_json(draft, "credentials.json", &catalogue.credentials)?;
    let programmes: Vec<String> = run.plan.programmes.iter().map(|p| p.title.clone()).collect();
    let checks = credential_checks::checks(&catalogue.credentials, &programmes, taxonomy, &run.plan.credentials);
    write_table(&draft.path("credential_checks.parquet"), &checks)?;
    let counts = credential_checks::counts(&catalogue.credentials, &checks);
    write_json(draft, "credential_check_counts.json", &counts)?;
    let (read, kept) = (raw.len() as u64, catalogue.credentials.len() as u64);
    let rejected = (rejects.len() - before) as u64;
    let step = "clean credentials".to_owned();
    Ok(StageCount { step, read, kept, duplicate: read - kept - rejected, rejected })
}

fn observations(run: &Run<'_>, draft: &StageDraft, rejects: &mut Vec<Reject>) -> Result<StageCount, RunError> {
    let raw: Vec<RawObservation> = read_json(&run.artefact(Stage::Acquire, "observations.json"))?;
    let before = rejects.len();
    let (mut kept, mut duplicate, mut given) = (Vec::new(), 0, Given::default());
    for record in &raw {
        let home = run.plan.source(&record.origin.source).and_then(|s| s.area.as_deref());
        let context = ObservationContext { areas: Areas::built_in(), home };
        let cleaned = clean::observations::observation(record, &context);
        match cleaned.and_then(|cleaned| Ok((given.repeats(record)?, cleaned))) {
            Ok((true, _)) => duplicate += 1,
            Ok((false, cleaned)) => kept.push(cleaned),
            Err(reject) => rejects.push(reject),
        }
    }
    write_table(&draft.path("observations.parquet"), &kept)?;
    let rejected = (rejects.len() - before) as u64;
    let step = "clean observations".to_owned();
    Ok(StageCount { step, read: raw.len() as u64, kept: kept.len() as u64, duplicate, rejected })
}

/// Cleans postings batch by batch and merges what is one advertisement, in bounded memory.
pub(crate) struct PostingCleaner<'a> {
    context: &'a CleanContext<'a>,
    coder: &'a TitleCoder<'a>,
    source_order: BTreeMap<SourceId, u32>,
    deduplicator: Deduplicator,
    spool: TableWriter<Posting>,
    spool_path: PathBuf,
    rejects: Vec<Reject>,
    repairs: RepairCounts,
    read: u64,
    /// Publication dates by source.
    dates: BTreeMap<SourceId, DateTally>,
    /// With files that have no plan, postings keep the ids their file gives them, and these are remembered.
    own_ids: Option<Vec<PostingId>>,
    /// Which set of a service's answers a posting is of.
    versions: Versions,
}

/// Publication dates of a source.
#[derive(Debug, Default)]
struct DateTally {
    given: u64,
    unread: u64,
    /// The first value that was no day.
    first: String,
}

/// What became of the postings.
pub(crate) struct CleanedPostings {
    /// read = kept + duplicate + rejected.
    pub count: StageCount,
    /// Pairs merged, and pairs alike but kept.
    pub duplicates: Vec<Duplicate>,
    /// Every pair of like texts, for those who want more than the winners.
    pub outcome: DuplicateOutcome,
    /// Postings not kept.
    pub rejects: Vec<Reject>,
    /// What was mended.
    pub repairs: RepairCounts,
    /// Ids by posting number, when the file's own are kept.
    pub ids: Vec<PostingId>,
}

impl CleanedPostings {
    /// Every pair of like postings by id, the earlier first, with kind and similarity; needs the file's own ids.
    pub fn pairs(&self) -> Vec<Duplicate> {
        let known: BTreeMap<_, _> = self.duplicates.iter().map(|d| ((&d.kept, &d.duplicate), d.kind)).collect();
        let mut place = vec![0; self.ids.len()];
        for (at, number) in self.outcome.order.iter().enumerate() {
            if let Some(slot) = place.get_mut(*number) {
                *slot = at;
            }
        }
        let mut pairs = Vec::new();
        for (a, b, similarity) in self.outcome.posting_pairs(PAIRS_PER_TEXT) {
            let (first, second) = if place.get(a) <= place.get(b) { (a, b) } else { (b, a) };
            let (Some(kept), Some(duplicate)) = (self.ids.get(first), self.ids.get(second)) else { continue };
            let otherwise = if similarity >= 1.0 { DuplicateKind::Exact } else { DuplicateKind::Near };
            let kind = known.get(&(kept, duplicate)).copied().unwrap_or(otherwise);
            pairs.push(Duplicate { kept: kept.clone(), duplicate: duplicate.clone(), kind, similarity });
        }
        pairs
    }
}

impl<'a> PostingCleaner<'a> {
    /// Starts; `spool` is a file to write to and remove. Sources come in the plan's order.
    pub fn new(
        context: &'a CleanContext<'a>,
        coder: &'a TitleCoder<'a>,
        sources: &[SourceId],
        threshold: f64,
        spool: PathBuf,
    ) -> Result<Self, RunError> {
        Ok(Self {
            context,
            coder,
            source_order: sources.iter().cloned().zip(0..).collect(),
            deduplicator: Deduplicator::new(threshold, Spill::create()?),
            spool: TableWriter::scratch(&spool)?,
            spool_path: spool,
            rejects: Vec::new(),
            repairs: RepairCounts::default(),
            read: 0,
            dates: BTreeMap::new(),
            own_ids: None,
            versions: Versions::default(),
        })
    }

    /// Lets the newest set of a service's answers decide between two texts of one posting.
    fn with_versions(mut self, versions: Versions) -> Self {
        self.versions = versions;
        self
    }

    /// Keeps the ids a file gives its postings.
    pub fn with_own_ids(mut self) -> Self {
        self.own_ids = Some(Vec::new());
        self
    }

    /// Cleans a batch on all cores.
    pub fn push(&mut self, batch: &[RawPosting]) -> Result<(), RunError> {
        self.read += batch.len() as u64;
        let (context, coder, own_ids) = (self.context, self.coder, self.own_ids.is_some());
        let results: Vec<_> = batch
            .par_iter()
            .map(|raw| {
                let mut cleaned = clean::posting(raw, context)?;
                let posting = &mut cleaned.posting;
                if let Some(coded) = coder.occupation(&posting.title, posting.language, raw.occupation.as_deref()) {
                    (posting.occupation, posting.isco) = (Some(coded.id), coded.isco);
                    posting.occupation_score = Some(coded.score);
                }
                if own_ids {
                    cleaned.posting.id = PostingId(raw.source_key.clone());
                }
                Ok(cleaned)
            })
            .collect();
        let mut kept = Vec::with_capacity(results.len());
        for (raw, result) in batch.iter().zip(results) {
            match result {
                Ok(cleaned) => {
                    self.tally_date(raw, &cleaned);
                    self.repairs.add(&cleaned.repairs);
                    let order = self.source_order.get(&cleaned.posting.source).copied().unwrap_or(u32::MAX);
                    let number = self.deduplicator.add(PostingView::of(&cleaned.posting, order))?;
                    self.versions.add(&raw.origin, &cleaned.posting.id, number);
                    if let Some(ids) = &mut self.own_ids {
                        ids.push(cleaned.posting.id.clone());
                    }
                    kept.push(cleaned.posting);
                }
                Err(reject) => self.rejects.push(reject),
            }
        }
        Ok(self.spool.push(&kept)?)
    }

    fn tally_date(&mut self, raw: &RawPosting, cleaned: &clean::Cleaned) {
        let Some(text) = raw.posted_on.as_deref() else { return };
        let tally = self.dates.entry(raw.origin.source.clone()).or_default();
        tally.given += 1;
        let no_day = [Repair::DateUnreadable, Repair::DateOnlyBounded, Repair::RelativeDateWithoutSnapshotDay];
        if cleaned.posting.posted_on.is_none() && cleaned.repairs.iter().any(|r| no_day.contains(r)) {
            tally.unread += 1;
            if tally.first.is_empty() {
                // The value is quoted in a warning, and columns may be mixed up.
                tally.first = clean::contacts::redact(text).0.chars().take(40).collect();
            }
        }
    }

    /// Merges duplicates and hands the winners on, in the order they were read.
    pub fn finish(
        mut self,
        keep: &mut dyn FnMut(&[Posting]) -> Result<(), StoreError>,
    ) -> Result<CleanedPostings, RunError> {
        let spooled = self.spool.finish()?;
        let mut outcome = self.deduplicator.finish()?;
        self.versions.settle(&mut outcome);
        let conflicts: BTreeSet<usize> = outcome.conflicts.iter().copied().collect();
        let mut losers = losers(&self.spool_path, &outcome)?;
        let (mut number, mut kept_count) = (0, 0);
        for batch in read_table::<Posting>(&self.spool_path)? {
            let mut kept = Vec::new();
            for mut posting in batch? {
                if conflicts.contains(&number) {
                    self.rejects.push(conflicting(&posting));
                } else if outcome.winner.get(number) == Some(&number) {
                    for other in losers.remove(&number).unwrap_or_default() {
                        merge(&mut posting, &other);
                    }
                    kept.push(posting);
                }
                number += 1;
            }
            kept_count += kept.len() as u64;
            keep(&kept)?;
        }
        crate::store::remove_file(&self.spool_path)?;
        let count = StageCount {
            step: POSTINGS.to_owned(),
            read: self.read,
            kept: kept_count,
            duplicate: spooled - kept_count - conflicts.len() as u64,
            rejected: self.rejects.len() as u64,
        };
        let duplicates = std::mem::take(&mut outcome.duplicates);
        let ids = self.own_ids.unwrap_or_default();
        Ok(CleanedPostings { count, duplicates, outcome, rejects: self.rejects, repairs: self.repairs, ids })
    }
}

fn conflicting(posting: &Posting) -> Reject {
    let origin = posting.origins.first().cloned().unwrap_or_else(|| Origin {
        source: posting.source.clone(),
        snapshot: crate::types::SnapshotId(String::new()),
        record: 0,
    });
    let detail =
        format!("key of posting '{}' was used before with another text; the earlier one is kept", posting.title);
    Reject { origin, reason: RejectReason::ConflictingKey, detail }
}

/// What postings that merge into another pass on, by the winner's number and in merging order.
fn losers(spool: &Path, outcome: &DuplicateOutcome) -> Result<BTreeMap<usize, Vec<PostingShare>>, RunError> {
    let mut rank = vec![0_usize; outcome.winner.len()];
    for (place, number) in outcome.order.iter().enumerate() {
        if let Some(slot) = rank.get_mut(*number) {
            *slot = place;
        }
    }
    let mut losers: BTreeMap<usize, Vec<(usize, PostingShare)>> = BTreeMap::new();
    let mut number = 0_usize;
    for batch in read_table::<PostingShare>(spool)? {
        for share in batch? {
            let winner = outcome.winner.get(number).copied().unwrap_or(number);
            if winner != number {
                losers.entry(winner).or_default().push((rank.get(number).copied().unwrap_or(number), share));
            }
            number += 1;
        }
    }
    let sorted = losers.into_iter().map(|(winner, mut group)| {
        group.sort_by_key(|(place, _)| *place);
        (winner, group.into_iter().map(|(_, share)| share).collect())
    });
    Ok(sorted.collect())
}
