//! Gold files and folders of them.

use crate::acquire::{Limits, open};
use crate::cli::ranking::language_of;
use crate::evaluate::{EvaluateError, Query, TextKind, read_gold_as};
use anyhow::Context;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What one `--gold` names: a file, or every `.jsonl` of a folder.
pub struct GoldFiles {
    /// Name of the set: of the folder, or of the file without its extension.
    pub name: String,
    path: PathBuf,
    files: Vec<(PathBuf, String)>,
}

impl GoldFiles {
    /// Reads the files.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let mut paths = vec![path.to_owned()];
        if path.is_dir() {
            let entries =
                std::fs::read_dir(path).with_context(|| format!("cannot read the gold {}", path.display()))?;
            paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
            paths.retain(|path| path.extension().is_some_and(|e| e == "jsonl"));
            paths.sort();
            anyhow::ensure!(!paths.is_empty(), "the gold folder {} holds no .jsonl file", path.display());
        }
        let mut files = Vec::new();
        for path in paths {
            let mut text = String::new();
            let mut body = open(&path, &Limits::default())?;
            body.read_to_string(&mut text).with_context(|| format!("cannot read the gold {}", path.display()))?;
            files.push((path, text));
        }
        Ok(Self { name: stem(path), path: path.to_owned(), files })
    }

    /// The first text, whose language is that of a list to rank; none when it cannot be read.
    pub fn first_text(&self) -> Option<Query> {
        let mut lines = self.files.iter().flat_map(|(_, text)| text.lines()).filter(|line| !line.trim().is_empty());
        serde_json::from_str(lines.next()?).ok()
    }

    /// Every text with its language said, answers cut down to those `known`.
    pub fn texts(self, known: &dyn Fn(&str) -> bool) -> anyhow::Result<Vec<Query>> {
        let mut texts = Vec::new();
        for (path, text) in self.files {
            let read: Result<_, EvaluateError> = read_gold_as(&text, TextKind::of_file(&stem(&path)), known);
            texts.extend(read.with_context(|| path.display().to_string())?.into_texts());
        }
        for text in &mut texts {
            text.lang = Some(language_of(text.lang.as_deref(), &text.text).code().to_owned());
        }
        Ok(texts)
    }
}

fn stem(path: &Path) -> String {
    let name = if path.is_dir() { path.file_name() } else { path.file_stem() };
    name.map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Sets that share a name go by their paths.
pub fn name_apart(sets: &mut [GoldFiles]) {
    let names: Vec<String> = sets.iter().map(|set| set.name.clone()).collect();
    for set in sets {
        if names.iter().filter(|name| **name == set.name).count() > 1 {
            set.name = set.path.display().to_string();
        }
    }
}
