//! Where a record came from, and what became of it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name of a source as the plan spells it: `^[a-z0-9][a-z0-9_-]{0,63}$`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct SourceId(String);

/// A source id with characters that must not reach a path.
#[derive(Debug, thiserror::Error)]
#[error("source id '{0}' must be 1 to 64 characters of a-z, 0-9, '_' or '-', starting with a letter or digit")]
pub struct SourceIdError(String);

impl SourceId {
    /// Accepts ids that are safe as a file name on every system.
    ///
    /// # Errors
    /// When the id does not match `^[a-z0-9][a-z0-9_-]{0,63}$` or is a reserved device name.
    pub fn new(id: &str) -> Result<Self, SourceIdError> {
        let bytes = id.as_bytes();
        let body_ok = bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_' || *b == b'-');
        let start_ok = bytes.first().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let reserved = matches!(id, "con" | "prn" | "aux" | "nul");
        if body_ok && start_ok && bytes.len() <= 64 && !reserved {
            Ok(Self(id.to_owned()))
        } else {
            Err(SourceIdError(id.to_owned()))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SourceId {
    type Error = SourceIdError;
    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::new(&id)
    }
}

impl From<SourceId> for String {
    fn from(id: SourceId) -> Self {
        id.0
    }
}

impl std::fmt::Display for SourceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of a snapshot's bytes, as 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct SnapshotId(pub String);

/// Licence of a source, as its owner states it.
pub type Licence = String;

/// Birth certificate of bytes that came from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Snapshot {
    /// Content address.
    pub id: SnapshotId,
    /// The plan's name of the source.
    pub source: SourceId,
    /// File name (never a machine's full path) or URL the bytes came from.
    pub url: String,
    /// Day the bytes were obtained, as the plan or its operator states it.
    #[schemars(with = "Option<String>")]
    pub retrieved_on: Option<crate::types::Date>,
    /// Media type as recognised from name and content.
    pub media_type: String,
    /// Length in bytes.
    pub byte_count: u64,
    /// Licence as the plan states it.
    pub licence: Option<Licence>,
    /// Status of the answer, where a service was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers of the answer that say which vintage it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// The record of a snapshot that something was read from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Origin {
    /// The plan's name of the source.
    pub source: SourceId,
    /// Content address of the snapshot.
    pub snapshot: SnapshotId,
    /// One-based number of the record in its snapshot.
    pub record: u64,
}

/// Why a record was not kept. The text form is stable and is what users filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// Not parseable in the format declared.
    Malformed,
    /// A row with another number of fields than the header.
    RaggedRow,
    /// A field the record cannot do without is empty.
    MissingField,
    /// A value outside its domain.
    BadValue,
    /// Over a limit; the detail names the limit and its plan key.
    OverLimit,
    /// Bytes that are no text in the encoding declared.
    BadEncoding,
    /// A key seen before in the same source with other content.
    ConflictingKey,
    /// One part of a record whose other part is in no file.
    NoPartner,
    /// A page of a service that could not be had, though others could.
    NotFetched,
}

/// A record that was read and not kept, counted and explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reject {
    /// Where it was read.
    pub origin: Origin,
    /// Why it was not kept.
    pub reason: RejectReason,
    /// Names the column, the value (cut to 120 characters) and what was expected.
    pub detail: String,
}
