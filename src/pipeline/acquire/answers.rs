//! Sources that were asked over the network: their answers as files, and what the last try left undone.

use super::{Collector, PUSH_ROWS, Rows, Stop, Tally};
use crate::acquire::Record;
use crate::acquire::services::Service;
use crate::pipeline::drift::Countries;
use crate::pipeline::fetch::{AnswerFile, NOTHING, SourceRecord, answer_files, damaged, read_postings};
use crate::pipeline::plan::Source;
use crate::pipeline::{RefusedSource, RunError};
use crate::types::{Origin, RawPosting, Reject, RejectReason, SnapshotId};

/// Questions that gave nothing, as messages name them one by one.
const NAMED: usize = 3;

/// What a service gave, and the pages that could be missed and were.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) files: Vec<AnswerFile>,
    pub(super) missed: Vec<Reject>,
}

/// Why a source has no answer to read; nothing where it was asked and has nothing, which is no fault.
fn without_files(record: &SourceRecord) -> Option<String> {
    if let Some(day) = record.editions.iter().filter_map(|e| e.purged_on).max() {
        return Some(format!("its answers were removed on {day}; run again without --offline"));
    }
    // A set with answers that cannot be read is one of another question, or its bytes are gone.
    let newest = record.newest().filter(|e| e.records().next().is_none());
    let Some(edition) = newest else { return Some("it was never asked; run again without --offline".to_owned()) };
    let page = edition.missed.first()?;
    let (count, first) = (edition.missed.len(), format!("{}: {}", page.url, page.problem));
    Some(format!("none of its {count} pages could be had (the first: {first}); look at what the plan asks for"))
}

/// What the newest set says of questions of the plan that gave nothing, in the service's words.
fn nothing(record: &SourceRecord, is_all: bool) -> Option<String> {
    let edition = record.newest().filter(|_| record.failed.is_none())?;
    let answers = edition.answers.iter();
    let said = answers.filter_map(|answer| Some(format!("{}: {}", answer.url, answer.headers.get(NOTHING)?)));
    let said: Vec<String> = said.collect();
    let shown = said.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = said.len().saturating_sub(NAMED);
    let words = if more > 0 { format!("{shown}; and {more} more") } else { shown };
    match (said.is_empty(), is_all) {
        (true, true) => Some("was asked, and what it lists leads to no record".to_owned()),
        (true, false) => None,
        (false, true) => Some(format!("was asked, and has nothing ({words})")),
        (false, false) => Some(format!("has nothing for a part of what was asked ({words})")),
    }
}

impl Collector<'_> {
    /// Answers of a source that can be read; says what the last try did not give.
    pub(super) fn answers(&mut self, source: &Source) -> Result<Answers, RunError> {
        let record = SourceRecord::of(self.run.plan.name.as_str(), self.run.data, source.id.as_str())?;
        let files = answer_files(self.run, source, &record);
        if let Some(detail) = damaged(self.run, &files) {
            return Err(RunError::Source { source_id: source.id.to_string(), detail });
        }
        let newest = files.iter().map(|f| f.answer.retrieved_on).max();
        let refused = match (&record.failed, newest) {
            (Some(failed), Some(day)) => Some(format!("{}; its answers of {day} are used", failed.problem)),
            (Some(failed), None) => Some(failed.problem.clone()),
            (None, Some(_)) => None,
            (None, None) => without_files(&record),
        };
        if let Some(detail) = refused {
            self.run.progress.warn(&format!("source '{}': {detail}", source.id));
            self.found.refused.push(RefusedSource { source: source.id.to_string(), detail });
        } else if let Some(words) = nothing(&record, files.is_empty()) {
            self.run.progress.warn(&format!("source '{}': {words}", source.id));
        }
        for file in &files {
            self.found.snapshots.push(self.run.data.certificate_of(&file.input.snapshot, source.id.as_str())?);
        }
        let mut missed = Vec::new();
        if let Some(edition) = record.newest() {
            self.found.accepted_drifts.extend(edition.accepted.clone());
            for (page, number) in edition.missed.iter().zip(1..) {
                let snapshot = SnapshotId(edition.asked.clone());
                let origin = Origin { source: source.id.clone(), snapshot, record: number };
                let detail = format!("{}: {}", page.url, page.problem);
                missed.push(Reject { origin, reason: RejectReason::NotFetched, detail });
            }
        }
        Ok(Answers { files, missed })
    }

    /// All answers of a source of postings go to one table.
    pub(super) fn answered_postings(
        &mut self,
        source: &Source,
        service: &dyn Service,
        Answers { files, missed }: Answers,
    ) -> Result<(), Stop> {
        let name = format!("postings-{}", source.id);
        let mut rows = Rows { table: self.draft.table(&name)?, waiting: Vec::with_capacity(PUSH_ROWS), disk: None };
        let (mut count, mut countries) = (Tally::default(), Countries::new(source.area.as_deref()));
        let before = self.rejects.len();
        for page in missed {
            drop(count.take::<RawPosting>(Record::Rejected(page), &mut self.rejects));
        }
        let (run, rejects) = (self.run, &mut self.rejects);
        let notes = read_postings(source, service, &files, &mut |_, record| {
            let posting = count.take(record, rejects);
            posting.iter().for_each(|p| countries.posting(p));
            rows.push(posting, &mut |n| run.progress.advance(n));
        })?;
        self.took_postings(source, (rows, count, countries), notes, before)?;
        self.found.posting_tables.push(name);
        Ok(())
    }
}
