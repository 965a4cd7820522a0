//! Finding the blocks of a document and replacing what stands between their marks.

use anyhow::{Result, ensure};
use std::collections::BTreeMap;

const OPEN: &str = "<!-- figures:";
const CLOSE: &str = "<!-- /figures -->";

fn opened(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix(OPEN)?.strip_suffix("-->")?.trim())
}

/// Names of the blocks, in order.
///
/// # Errors
/// When a block is not closed before the next, or the document ends.
pub fn markers(text: &str) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        if let Some(name) = opened(line) {
            ensure!(!open, "line {}: block '{name}' begins inside another", at + 1);
            names.push(name.to_owned());
            open = true;
        } else if line.trim() == CLOSE {
            ensure!(open, "line {}: a block ends that never began", at + 1);
            open = false;
        }
    }
    ensure!(!open, "block '{}' is never closed with {CLOSE}", names.last().cloned().unwrap_or_default());
    Ok(names)
}

/// The document with the blocks given; others stay as they are.
pub fn splice(text: &str, blocks: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut skipping = false;
    for line in text.split_inclusive('\n') {
        if line.trim() == CLOSE {
            skipping = false;
        }
        if !skipping {
            out.push_str(line);
        }
        if let Some(block) = opened(line).and_then(|name| blocks.get(name)) {
            out.push('\n');
            out.push_str(block.trim_end());
            out.push_str("\n\n");
            skipping = true;
        }
    }
    out
}
