//! Sources that were asked over the network: their answers as files, and what the last try left undone.

use super::{Collector, PUSH_ROWS, Rows, Stop, Tally};
use crate::acquire::Record;
use crate::acquire::services::Service;
use crate::pipeline::drift::Countries;
use crate::pipeline::fetch::{AnswerFile, SourceRecord, answer_files, read_postings};
use crate::pipeline::plan::Source;
use crate::pipeline::{RefusedSource, RunError};
use crate::types::{Origin, RawPosting, Reject, RejectReason, SnapshotId};

/// What a service gave, and the pages that could be missed and were.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) files: Vec<AnswerFile>,
    pub(super) missed: Vec<Reject>,
}

impl Collector<'_> {
    /// Answers of a source that can be read; says what the last try did not give.
    pub(super) fn answers(&mut self, source: &Source) -> Result<Answers, RunError> {
        let record = SourceRecord::of(self.run.plan.name.as_str(), self.run.data, source.id.as_str());
        let files = answer_files(self.run, source, &record);
        let newest = files.iter().map(|f| f.answer.retrieved_on).max();
        let refused = match (&record.failed, newest) {
            (Some(failed), Some(day)) => Some(format!("{}; its answers of {day} are used", failed.problem)),
            (Some(failed), None) => Some(failed.problem.clone()),
            (None, Some(_)) => None,
            (None, None) => {
                let purged = record.editions.iter().filter_map(|e| e.purged_on).max();
                let purged = purged.map(|day| format!("its answers were removed on {day}")).unwrap_or_default();
                let never = if purged.is_empty() { "it was never asked".to_owned() } else { purged };
                Some(format!("{never}; run again without --offline"))
            }
        };
        if let Some(detail) = refused {
            self.run.progress.warn(&format!("source '{}': {detail}", source.id));
            self.found.refused.push(RefusedSource { source: source.id.to_string(), detail });
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
