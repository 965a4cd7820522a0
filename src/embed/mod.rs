//! Sentences and skill names as vectors of a sentence-transformers model that the user has as a folder.
//!
//! Only with the feature `embedding`; without it opening a folder says so. Nothing is ever downloaded.

#[cfg(not(feature = "embedding"))]
mod absent;
#[cfg(feature = "embedding")]
mod bert;
#[cfg(feature = "embedding")]
mod folder;
mod vectors;

#[cfg(not(feature = "embedding"))]
use absent::Model;
#[cfg(feature = "embedding")]
use bert::Model;
pub use vectors::{SkillVectors, Text};

use crate::store::{StoreError, hash_bytes, hash_file};
use std::path::{Path, PathBuf};

/// Files of a folder beside those of its modules; the first three must be there.
const FILES: [&str; 5] =
    ["config.json", "tokenizer.json", "model.safetensors", "modules.json", "sentence_bert_config.json"];

/// A folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// This build has no embedding lane.
    #[error(
        "{folder}: this skillgap was built without the feature `embedding` (cargo build --features embedding); without \
         it, rank with any program and name the result: ranked = \"ranked.jsonl\", lines {{\"id\", \"ranked\": [{{\"uri\", \
         \"score\"}}]}}"
    )]
    Absent {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the folder cannot be used.
    #[error("{path}: {problem}; {advice}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What was met.
        problem: String,
        /// What to do.
        advice: &'static str,
    },
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl EmbedError {
    /// A file that is not what a folder of this kind holds.
    #[cfg(feature = "embedding")]
    fn content(path: &Path, problem: impl Into<String>, advice: &'static str) -> Self {
        Self::Content { path: path.to_owned(), problem: problem.into(), advice }
    }
}

/// A model ready to read texts.
pub struct Embedder {
    model: Model,
    /// Hash of all its files.
    id: String,
}

impl Embedder {
    /// Reads a folder: `config.json` (BERT or XLM-RoBERTa), `tokenizer.json`, `model.safetensors`, `modules.json` and the
    /// pooling it names.
    ///
    /// # Errors
    /// When a file is absent, damaged, or of a kind that is not read; always without the feature `embedding`.
    pub fn open(folder: &Path) -> Result<Self, EmbedError> {
        let model = Model::open(folder)?;
        let mut hashes = String::new();
        for file in files(folder) {
            hashes.push_str(&hash_file(&file)?.0);
        }
        Ok(Self { model, id: hash_bytes(hashes.as_bytes()) })
    }

    /// A vector a text, as the folder's own modules would give it.
    ///
    /// # Errors
    /// When the model's parts do not fit each other.
    pub fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.model.encode(texts)
    }

    /// Hash of all files.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Every file of a folder that its vectors depend on, as far as they are there.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let modules = module_folders(folder).into_iter().map(|module| folder.join(module).join("config.json"));
    FILES.map(|name| folder.join(name)).into_iter().chain(modules).filter(|path| path.is_file()).collect()
}

/// Folders of the modules, plain names only.
fn module_folders(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("modules.json")).unwrap_or_default();
    let modules: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    let names = modules.iter().filter_map(|m| m.get("path")?.as_str());
    let is_plain = |name: &&str| !name.is_empty() && !name.contains(['/', '\\', '.', ':']);
    names.filter(is_plain).map(str::to_owned).collect()
}
