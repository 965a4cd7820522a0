//! The records of answers, read by the readers of files or by the paths a service promises.

use super::record::{Edition, KeptAnswer, SourceRecord};
use crate::acquire::services::{Expects, Reading, Service, read_items};
use crate::acquire::{AcquireError, Columns, Input, Notes, PostingReader, Record, read_credentials, read_statistics};
use crate::pipeline::contract::Contract;
use crate::pipeline::drift::Countries;
use crate::pipeline::inputs::SourceFile;
use crate::pipeline::plan::{Plan, Source, SourceKind};
use crate::pipeline::{Run, acquire::read_named_taxonomy};
use crate::types::{Origin, RawCredential, RawPosting, Reject, RejectReason, SnapshotId};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// An answer with records, as a file.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct AnswerFile {
    /// The answer.
    pub answer: KeptAnswer,
    /// Its bytes.
    pub path: PathBuf,
    /// What readers must know.
    pub input: Input,
}

impl AnswerFile {
    /// As files of a plan are.
    pub(in crate::pipeline) fn as_file(&self) -> SourceFile {
        SourceFile { path: self.path.clone(), name: self.input.file.clone(), optional: self.answer.request.optional }
    }

    /// One page of many that cannot be read costs a reject; any other answer costs the source.
    pub(in crate::pipeline) fn or_reject(
        &self,
        result: Result<(), AcquireError>,
    ) -> Result<Option<Reject>, AcquireError> {
        match result {
            Err(error) if self.answer.request.optional => Ok(Some(unreadable(&self.input, &error))),
            other => other.map(|()| None),
        }
    }
}

/// A page that holds no record.
pub(in crate::pipeline) fn unreadable(input: &Input, error: &AcquireError) -> Reject {
    Reject { origin: input.origin(1), reason: RejectReason::Malformed, detail: error.to_string() }
}

/// Answers of a source that a run reads: every set of postings, else the newest set for what is asked now.
pub(in crate::pipeline) fn answer_files(run: &Run<'_>, source: &Source, record: &SourceRecord) -> Vec<AnswerFile> {
    let asked = super::walk::asked(source);
    let mut usable = record.editions.iter().filter(|e| e.purged_on.is_none());
    if source.kind == SourceKind::Postings {
        let mut seen = std::collections::BTreeSet::new();
        let mut files: Vec<AnswerFile> = usable.flat_map(|edition| files_of(run, source, edition)).collect();
        // The same bytes of the same question in two sets are one answer.
        files.retain(|f| seen.insert((f.input.snapshot.0.clone(), f.answer.request.key())));
        return files;
    }
    let newest = usable.rfind(|e| e.asked == asked);
    newest.map_or_else(Vec::new, |edition| files_of(run, source, edition))
}

/// The first of the answers whose bytes are not what was fetched, in words; a stage must not read it.
pub(in crate::pipeline) fn damaged(run: &Run<'_>, files: &[AnswerFile]) -> Option<String> {
    let file = files.iter().find(|file| !run.data.is_sound(&file.input.snapshot.0))?;
    let problem = if file.path.exists() { "is not what was fetched (its hash differs)" } else { "is gone" };
    let advice = "restore it from a copy, or run again with --refresh: what cannot be had again is then left out";
    Some(format!("snapshot {} of {} {problem}; {advice}", file.path.display(), file.input.file))
}

/// The answers of one set.
pub(super) fn files_of(run: &Run<'_>, source: &Source, edition: &Edition) -> Vec<AnswerFile> {
    let file = |(answer, id): (&KeptAnswer, &SnapshotId)| {
        let limits = run.plan.limits.clone();
        let input = Input { source: source.id.clone(), snapshot: id.clone(), file: name_of(answer), limits, before: 0 };
        AnswerFile { answer: answer.clone(), path: run.data.snapshot_path(&id.0), input }
    };
    edition.records().map(file).collect()
}

/// What messages call an answer: its address without the scheme, and what told it from others.
fn name_of(answer: &KeptAnswer) -> String {
    let address = answer.url.split_once("://").map_or(answer.url.as_str(), |(_, rest)| rest);
    match (&answer.request.post, answer.request.note.as_str()) {
        (Some(_), note) if !note.is_empty() => format!("{address} ({note})"),
        _ => address.to_owned(),
    }
}

/// Reads the postings of answers, in their order.
///
/// # Errors
/// When an answer as a whole cannot be believed.
pub(in crate::pipeline) fn read_postings(
    source: &Source,
    service: &dyn Service,
    files: &[AnswerFile],
    sink: &mut dyn FnMut(&AnswerFile, Record<RawPosting>),
) -> Result<Notes, AcquireError> {
    let mut reader = PostingReader::new(&source.columns, None, true)?.of_service();
    let mut by_content = 0;
    for file in files {
        let mut linked = |record: Record<RawPosting>| sink(file, with_address(service, file, record));
        match service.reading(&file.answer.request) {
            Reading::Items { records, columns } => {
                let columns = with_own(columns, &source.columns);
                let what = (&file.answer.request, records, &columns);
                let read = read_items(service, &file.path, &file.input, what, &mut linked).map(drop);
                file.or_reject(read)?.into_iter().for_each(|reject| linked(Record::Rejected(reject)));
            }
            Reading::ByContent => {
                by_content += 1;
                let read = reader.read(&file.path, &file.input, &mut linked).map(drop);
                file.or_reject(read)?.into_iter().for_each(|reject| linked(Record::Rejected(reject)));
            }
        }
    }
    if by_content == 0 {
        return Ok(Notes::default());
    }
    // A plan's columns for items are no columns of pages.
    reader.finish(source.id.as_str(), &mut |_| {})
}

/// The plan's columns go before the service's.
fn with_own(mut columns: Columns, own: &Columns) -> Columns {
    columns.extend(own.iter().map(|(field, rule)| (field.clone(), rule.clone())));
    columns
}

/// A page that names no address of its own is linked to by where it came from, and its service may know it by that.
fn with_address(service: &dyn Service, file: &AnswerFile, mut record: Record<RawPosting>) -> Record<RawPosting> {
    if let Record::Kept(posting) = &mut record
        && file.answer.request.expects == Expects::Page
    {
        posting.url.get_or_insert_with(|| file.answer.url.clone());
        service.located(&file.answer.request.url, posting);
    }
    record
}

/// What an edition holds.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) kept: u64,
    pub(super) rejected: u64,
    pub(super) first_reject: Option<String>,
    pub(super) countries: BTreeMap<String, u64>,
    /// Figures that have a value.
    pub(super) valued: u64,
    /// Figures kept that cleaning will reject, and why the first.
    pub(super) unusable: u64,
    pub(super) first_unusable: Option<String>,
}

impl Counted {
    fn take<T>(&mut self, record: Record<T>) -> Option<T> {
        match record {
            Record::Kept(kept) => {
                self.kept += 1;
                Some(kept)
            }
            Record::Rejected(reject) => {
                self.rejected += 1;
                self.first_reject.get_or_insert(reject.detail);
                None
            }
        }
    }
}

/// Reads answers and counts their records.
pub(super) fn count(
    plan: &Plan,
    source: &Source,
    service: &dyn Service,
    files: &[AnswerFile],
) -> Result<Counted, AcquireError> {
    let (mut counted, mut countries) = (Counted::default(), Countries::new(source.area.as_deref()));
    let mut contract = Contract::new(&source.contract);
    match source.kind {
        SourceKind::Postings => {
            let sink = &mut |file: &AnswerFile, record| {
                if let Some(posting) = counted.take(record) {
                    countries.posting(&posting);
                    contract.take(&file.input.file, &posting.origin, &posting);
                }
            };
            read_postings(source, service, files, sink)?;
        }
        SourceKind::Statistics => {
            for file in files {
                let before = counted.kept + counted.rejected;
                read_statistics(&file.path, &file.input, source.statistics_ask(), &mut |record| {
                    if let Some(observation) = counted.take(record) {
                        countries.observation(&observation);
                        contract.take(&file.input.file, &observation.origin, &observation);
                    }
                })?;
                // A head without rows among full tables would be missed by nobody.
                if counted.kept + counted.rejected == before {
                    let advice =
                        "it may have been cut short; leave it out of what the plan asks for if it is meant to be empty";
                    return Err(AcquireError::content(&file.input.file, "holds no figure", advice));
                }
            }
        }
        SourceKind::Credentials => {
            for file in files {
                let mut take = |record| {
                    if let Some((origin, credential)) = counted.take::<(Origin, RawCredential)>(record) {
                        contract.take(&file.input.file, &origin, &credential);
                    }
                };
                let read = read_credentials(&file.path, &file.input, source.credential_ask(), &mut take);
                file.or_reject(read.map(drop))?.into_iter().for_each(|reject| take(Record::Rejected(reject)));
            }
        }
        SourceKind::Taxonomy => {
            let answers: Vec<(String, PathBuf)> =
                files.iter().map(|f| (f.input.file.clone(), f.path.clone())).collect();
            let layer = read_named_taxonomy(&answers, &plan.limits)?.layer;
            counted.kept = (layer.skills.len() + layer.occupations.len()) as u64;
        }
    }
    contract.finish(source.id.as_str(), counted.kept)?;
    (counted.valued, counted.unusable) = (countries.valued, countries.unusable);
    (counted.first_unusable, counted.countries) = (countries.first_unusable, countries.counts);
    Ok(counted)
}
