//! The plan's own vectors of words and concepts, or those that come with the program.

use crate::lexicon::vectors::{Vectors, VectorsFileError};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `[taxonomy]`: what words and concepts mean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaxonomyTable {
    /// File of `skillgap train vectors`; absent = the vectors that come with the program.
    pub vectors: Option<PathBuf>,
}

impl TaxonomyTable {
    /// Where the plan's own vectors lie; `folder` is the plan's.
    pub fn vectors_path(&self, folder: &Path) -> Option<PathBuf> {
        self.vectors.as_ref().map(|path| folder.join(path))
    }

    /// Reads them.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else.
    pub fn read_vectors(&self, folder: &Path) -> Result<Arc<Vectors>, VectorsFileError> {
        self.vectors_path(folder).map_or_else(|| Ok(Vectors::shipped()), |path| Vectors::open(&path).map(Arc::new))
    }
}
