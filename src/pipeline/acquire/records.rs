//! Records on their way: counted, kept or rejected, and why reading a source ended early.

use super::PUSH_ROWS;
use crate::acquire::{AcquireError, Record, Shelf};
use crate::pipeline::RunError;
use crate::store::{StoreError, TableWriter, TextSpill};
use crate::types::{RawPosting, Reject, StageCount};
use std::path::Path;

/// Postings on their way to the table.
pub(super) struct Rows {
    pub(super) table: TableWriter<RawPosting>,
    pub(super) waiting: Vec<RawPosting>,
    /// The first refusal of the disk; a reader's sink cannot stop the reader.
    pub(super) disk: Option<StoreError>,
}

impl Rows {
    pub(super) fn push(&mut self, posting: Option<RawPosting>, advance: &mut dyn FnMut(u64)) {
        self.waiting.extend(posting);
        if self.waiting.len() >= PUSH_ROWS && self.disk.is_none() {
            self.disk = self.table.push(&self.waiting).err();
            advance(self.waiting.len() as u64);
            self.waiting.clear();
        }
    }

    pub(super) fn finish(mut self) -> Result<(), StoreError> {
        if let Some(error) = self.disk {
            return Err(error);
        }
        self.table.push(&self.waiting)?;
        self.table.finish().map(|_| ())
    }
}

/// Texts of a file joined, on disk until their record comes.
pub(in crate::pipeline) struct Texts(pub(in crate::pipeline) TextSpill);

impl Shelf for Texts {
    fn put(&mut self, bytes: &[u8]) -> std::io::Result<(u64, u32)> {
        self.0.append(bytes)
    }

    fn get(&mut self, place: (u64, u32)) -> std::io::Result<Vec<u8>> {
        self.0.read(place)
    }
}

/// Why reading a source ended early.
pub(super) enum Stop {
    /// The source is refused; others go on.
    Refused(AcquireError),
    /// The run cannot go on.
    Run(RunError),
}

impl From<AcquireError> for Stop {
    fn from(error: AcquireError) -> Self {
        Stop::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Run(error.into())
    }
}

impl From<RunError> for Stop {
    fn from(error: RunError) -> Self {
        Stop::Run(error)
    }
}

/// Counts what a connector gives.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) kept: u64,
    pub(super) rejected: u64,
}

impl Tally {
    pub(super) fn take<T>(&mut self, record: Record<T>, rejects: &mut Vec<Reject>) -> Option<T> {
        match record {
            Record::Kept(value) => {
                self.kept += 1;
                Some(value)
            }
            Record::Rejected(reject) => {
                self.rejected += 1;
                rejects.push(reject);
                None
            }
        }
    }
}

impl From<Tally> for StageCount {
    fn from(tally: Tally) -> Self {
        let read = tally.kept + tally.rejected;
        StageCount { step: String::new(), read, kept: tally.kept, duplicate: 0, rejected: tally.rejected }
    }
}

pub(super) fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase().as_str() {
        "csv" => "text/csv",
        "json" => "application/json",
        "jsonl" => "application/x-ndjson",
        "gz" => "application/gzip",
        "zip" => "application/zip",
        "parquet" => "application/vnd.apache.parquet",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "html" | "htm" => "text/html",
        "tar" => "application/x-tar",
        _ => "application/octet-stream",
    }
}
