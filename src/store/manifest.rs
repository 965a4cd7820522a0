//! What a stage read, did and wrote.

use super::{StoreError, io_error};
use crate::types::StageCount;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// A file of an artefact folder, by content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// Path relative to the folder, with `/`.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Length.
    pub byte_count: u64,
}

/// Committed with a stage's files: a stage is done when its manifest says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Stage name.
    pub stage: String,
    /// Program version that wrote it.
    pub version: String,
    /// Inputs by name: hashes of snapshots, earlier stages' manifests, plan table.
    pub inputs: BTreeMap<String, String>,
    /// Every file, sorted by path.
    pub outputs: Vec<FileHash>,
    /// read = kept + duplicate + rejected, per step.
    pub counts: Vec<StageCount>,
}

/// A file that is not what its manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyProblem {
    /// Path relative to the data directory.
    pub path: String,
    /// What is wrong.
    pub problem: String,
}

/// SHA-256 of bytes as lower-case hex.
pub fn hash_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file as lower-case hex, and its length.
///
/// # Errors
/// When it cannot be read.
pub fn hash_file(path: &Path) -> Result<(String, u64), StoreError> {
    let mut file = std::fs::File::open(path).map_err(io_error("read", path))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut byte_count = 0;
    loop {
        let read = file.read(&mut buffer).map_err(io_error("read", path))?;
        if read == 0 {
            return Ok((hex(&hasher.finalize()), byte_count));
        }
        hasher.update(&buffer[..read]);
        byte_count += read as u64;
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

impl Manifest {
    /// Hash of the whole manifest: what a later stage names as its input.
    pub fn hash(&self) -> String {
        hash_bytes(self.to_json().as_bytes())
    }

    /// Pretty JSON with a final newline.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Compares every listed file of `folder` with its hash.
    pub fn verify(&self, folder: &Path, shown_as: &str) -> Vec<VerifyProblem> {
        let mut problems = Vec::new();
        for output in &self.outputs {
            let problem = match hash_file(&folder.join(&output.path)) {
                Ok((sha256, _)) if sha256 == output.sha256 => continue,
                Ok((sha256, _)) => format!("content changed: sha256 {sha256}, manifest says {}", output.sha256),
                Err(error) => error.to_string(),
            };
            problems.push(VerifyProblem { path: format!("{shown_as}/{}", output.path), problem });
        }
        problems
    }
}
