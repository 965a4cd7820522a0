//! Artefacts, manifests and the lock on disk. Everything the program writes goes through here.
//!
//! A stage writes into a draft folder beside its last result and replaces that result by a rename, so a reader (and a
//! rerun after a crash) sees the whole of the old stage or the whole of the new one, never a mixture.

// The one part of the program that may write: see clippy.toml.
#![allow(clippy::disallowed_methods)]

mod lock;
mod manifest;
mod scratch;
mod spill;
mod stage;
mod table;
mod write;

pub use lock::{DataLock, LockError};
pub use manifest::{FileHash, Manifest, VerifyProblem, hash_bytes, hash_file};
pub use scratch::Scratch;
pub use spill::{Spill, SpillRange, TextSpill};
pub use stage::{DataDir, StageDraft};
pub use table::{BATCH_ROWS, TableReader, TableWriter, read_table, write_table};
pub use write::{AtomicFile, remove_file, write_atomic};

use std::path::PathBuf;

/// Something went wrong on disk; the message names the path.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried: `read`, `write`, `create`, `rename`.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A table does not have the layout this version writes.
    #[error("{path} is not a table this version can read: {detail}")]
    Table {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        detail: String,
    },
    /// A JSON artefact does not parse.
    #[error("{path} is not valid JSON of this version: {detail}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        detail: String,
    },
}

impl StoreError {
    /// Whether the environment (disk, permission, limit) is to blame rather than content.
    pub fn is_environment(&self) -> bool {
        matches!(self, StoreError::Io { .. })
    }
}

/// Attaches action and path to an I/O error.
pub(crate) fn io_error(action: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { action, path, source }
}
