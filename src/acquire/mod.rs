//! acquire: files of postings, credentials, statistics and taxonomies, opened within limits and read record by record.
//!
//! A connector never opens a file it was handed as a reader and never keeps the whole body: it gives each record to the
//! caller's sink, kept or rejected with a reason. An [`AcquireError`] means that the file as a whole cannot be believed.

mod answers;
mod cells;
pub mod connectors;
mod container;
mod credentials;
mod csv_file;
mod csv_guard;
mod cube;
mod decode;
mod desk;
mod dimensions;
mod draft;
mod error;
pub mod fetch;
mod figures;
pub mod guess;
mod html_tables;
mod isco_titles;
mod join;
mod json;
mod json_scan;
mod kinds;
mod labelled;
mod layout;
mod limits;
mod looks;
mod mapping;
mod mend;
mod multilingual;
mod notes;
mod open;
mod package;
mod periods;
mod postings;
mod px_text;
mod ranked;
mod rows;
mod sample;
mod sdmx;
pub mod services;
mod signed;
mod sniff;
mod statistics;
mod statistics_tables;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod workbook;
mod xml_value;
mod zip_guard;

pub use answers::{RawSurvey, read_answers};
pub use credentials::{CredentialAsk, CredentialFormat, read_credentials};
pub use error::AcquireError;
pub use join::{JoinOn, Shelf};
pub use kinds::is_dropping;
pub use layout::{DecimalSign, PeriodColumns, StatisticsAsk, StatisticsLayout};
pub use limits::Limits;
pub use mapping::{ColumnRule, Columns};
pub use notes::{Mend, Notes};
pub use open::{Opened, open};
pub use postings::{PostingReader, encoding_named, read_postings, sniff};
pub use ranked::read_ranked;
pub use sample::{Sample, SampledColumn, Shape, TaxonomyPackage, sample, taxonomy_package};
pub use sniff::PostingFormat;
pub use statistics::{read_statistics, sniff_statistics};

use crate::types::{Origin, Reject, RejectReason, SnapshotId, SourceId};

/// What became of one record of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Record<T> {
    /// It goes on.
    Kept(T),
    /// It does not, and why.
    Rejected(Reject),
}

/// Where records go, one at a time; the caller counts them.
pub type Sink<'a, T> = &'a mut dyn FnMut(Record<T>);

/// What a connector must know about the bytes it reads.
#[derive(Debug, Clone)]
pub struct Input {
    /// The plan's name of the source.
    pub source: SourceId,
    /// Content address of the snapshot.
    pub snapshot: SnapshotId,
    /// File name for messages, never a machine's full path.
    pub file: String,
    /// What the file may ask of us.
    pub limits: Limits,
    /// Records of the snapshot before this document, when it lies in an archive.
    pub before: u64,
}

impl Input {
    /// Where the one-based `record` was read.
    pub fn origin(&self, record: u64) -> Origin {
        Origin { source: self.source.clone(), snapshot: self.snapshot.clone(), record: self.before + record }
    }

    /// The same for a document of the file, after `before` records of others.
    fn within(&self, document: &str, before: u64) -> Self {
        Self { file: document.to_owned(), before: self.before + before, ..self.clone() }
    }

    pub(crate) fn reject<T>(&self, record: u64, reason: RejectReason, detail: String) -> Record<T> {
        Record::Rejected(Reject { origin: self.origin(record), reason, detail })
    }
}
