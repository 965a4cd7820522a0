//! Rows out to the file a user names: JSON lines or Parquet, by its extension.

use crate::store::{AtomicFile, TableWriter};
use crate::types::tables::Table;
use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// A file of rows in the making; it appears when `finish` succeeds.
pub enum Rows<T: Table> {
    /// One JSON object a line.
    Lines(PathBuf, AtomicFile),
    /// Parquet.
    Table(Box<TableWriter<T>>),
}

impl<T: Table> Rows<T> {
    /// Starts the file.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        match extension(path).as_str() {
            "jsonl" | "ndjson" => Ok(Rows::Lines(path.to_owned(), AtomicFile::create(path)?)),
            "parquet" => Ok(Rows::Table(Box::new(TableWriter::create(path)?))),
            other => anyhow::bail!("cannot write '.{other}' ({}): name the output .jsonl or .parquet", path.display()),
        }
    }

    /// Appends rows.
    pub fn push(&mut self, rows: &[T]) -> anyhow::Result<()> {
        match self {
            Rows::Table(table) => Ok(table.push(rows)?),
            Rows::Lines(path, file) => rows
                .iter()
                .try_for_each(|row| json_line(file, row))
                .with_context(|| format!("cannot write {}", path.display())),
        }
    }

    /// Commits the file.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Rows::Table(table) => table.finish().map(drop)?,
            Rows::Lines(_, file) => file.commit()?,
        }
        Ok(())
    }
}

/// Writes one value as a line of JSON.
pub fn json_line<T: Serialize>(file: &mut AtomicFile, value: &T) -> std::io::Result<()> {
    serde_json::to_writer(&mut *file, value)?;
    file.write_all(b"\n")
}

/// Longest line of a JSON lines file.
const LINE_BYTES: usize = 4 << 20;

/// Reads a file of JSON lines; the error names the line.
pub fn read_lines<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let body = crate::acquire::open(path, &crate::acquire::Limits::default())?;
    let mut rows = Vec::new();
    for (number, line) in body.lines().enumerate() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        anyhow::ensure!(line.len() <= LINE_BYTES, "{} line {}: over {LINE_BYTES} bytes", path.display(), number + 1);
        let row = serde_json::from_str(&line)
            .with_context(|| format!("{} line {} is not what was expected", path.display(), number + 1))?;
        rows.push(row);
    }
    Ok(rows)
}

fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}
