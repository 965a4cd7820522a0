//! Which postings are the same advertisement. Two texts are near when their sets of word 3-grams have a Jaccard
//! similarity of at least the threshold; candidates come from a sketch and every pair is verified on the sets.
//!
//! Postings are added one by one; their sets go to scratch space on disk, so some hundred bytes per posting stay in memory.

mod decide;
mod pairs;
mod sketch;

pub use decide::{DuplicateOutcome, TextPair};

use crate::store::{Spill, SpillRange, StoreError};
use crate::types::{AreaCode, Date, Posting, PostingId, PostingShare};
use rustc_hash::FxHashMap;
use sketch::{Sketch, Sketcher};

/// Word-3-gram Jaccard similarity from which two texts are one advertisement.
pub const THRESHOLD: f64 = 0.8;

/// What de-duplication sees of a posting.
#[derive(Debug, Clone, Copy)]
pub struct PostingView<'a> {
    /// Stable id: equal ids mean the same source and key.
    pub id: &'a PostingId,
    /// Place of the source in the plan; smaller wins between equal dates.
    pub source_order: u32,
    /// Number of the record in its snapshot.
    pub record: u64,
    /// Board.
    pub board: &'a str,
    /// Title; part of the text only where the body is too short to stand for the vacancy.
    pub title: &'a str,
    /// Cleaned body.
    pub body: &'a str,
    /// Employer when known.
    pub employer: Option<&'a str>,
    /// Area when known.
    pub area: Option<&'a AreaCode>,
    /// Publication day when known.
    pub posted_on: Option<Date>,
}

impl<'a> PostingView<'a> {
    /// The view of a cleaned posting.
    pub fn of(posting: &'a Posting, source_order: u32) -> Self {
        Self {
            id: &posting.id,
            source_order,
            record: posting.origins.first().map_or(0, |o| o.record),
            board: &posting.board,
            title: &posting.title,
            body: &posting.body,
            employer: posting.employer.as_deref(),
            area: posting.area.as_ref(),
            posted_on: posting.posted_on,
        }
    }
}

/// What stays in memory of a posting.
#[derive(Debug)]
struct Entry {
    id: PostingId,
    posted_on: Option<Date>,
    source_order: u32,
    record: u64,
    text: u32,
    board: u32,
    area: u32,
    /// Hash of the folded employer; 0 = unknown.
    employer: u64,
}

/// What stays in memory of a distinct text.
#[derive(Debug)]
struct Text {
    set: SpillRange,
    sketch: Sketch,
}

/// Collects postings, then says which are duplicates.
pub struct Deduplicator {
    threshold: f64,
    spill: Spill,
    sketcher: Sketcher,
    entries: Vec<Entry>,
    texts: Vec<Text>,
    by_text: FxHashMap<u128, u32>,
    boards: FxHashMap<String, u32>,
    areas: FxHashMap<String, u32>,
    /// Per area number: hashes of its code and of the codes it lies in, narrowest first; number 0 is "unknown".
    area_chains: Vec<Vec<u64>>,
}

impl Deduplicator {
    /// `threshold` is a Jaccard similarity, usually [`THRESHOLD`]; `spill` is empty scratch space.
    pub fn new(threshold: f64, spill: Spill) -> Self {
        Self {
            threshold: threshold.clamp(0.5, 1.0),
            spill,
            sketcher: Sketcher::default(),
            entries: Vec::new(),
            texts: Vec::new(),
            by_text: FxHashMap::default(),
            boards: FxHashMap::default(),
            areas: FxHashMap::default(),
            area_chains: vec![Vec::new()],
        }
    }

    /// Adds a posting and returns its number: postings count from 0 in the order they are added.
    ///
    /// # Errors
    /// When scratch space cannot be written.
    pub fn add(&mut self, view: PostingView<'_>) -> Result<usize, StoreError> {
        let text = self.text_number(view.title, view.body)?;
        let next_board = u32::try_from(self.boards.len()).unwrap_or(u32::MAX);
        let board = match self.boards.get(view.board) {
            Some(known) => *known,
            None => *self.boards.entry(view.board.to_owned()).or_insert(next_board),
        };
        let area = view.area.map_or(0, |a| self.area_number(&a.0));
        self.entries.push(Entry {
            id: view.id.clone(),
            posted_on: view.posted_on,
            source_order: view.source_order,
            record: view.record,
            text,
            board,
            area,
            employer: view.employer.map_or(0, sketch::hash_name),
        });
        Ok(self.entries.len() - 1)
    }

    fn text_number(&mut self, title: &str, body: &str) -> Result<u32, StoreError> {
        let identity = self.sketcher.read(title, body);
        // Postings without any word are alike in nothing.
        let identity = identity.unwrap_or_else(|| u128::MAX - self.entries.len() as u128);
        if let Some(known) = self.by_text.get(&identity) {
            return Ok(*known);
        }
        let set = self.sketcher.shingles();
        let sketch = Sketch::of(set);
        let set = self.spill.append(set)?;
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(Text { set, sketch });
        self.by_text.insert(identity, number);
        Ok(number)
    }

    fn area_number(&mut self, code: &str) -> u32 {
        if let Some(known) = self.areas.get(code) {
            return *known;
        }
        let number = u32::try_from(self.area_chains.len()).unwrap_or(u32::MAX);
        self.area_chains.push(chain(code).map(sketch::hash_name).collect());
        self.areas.insert(code.to_owned(), number);
        number
    }

    /// Decides. The outcome depends on the postings and not on the order they were added in.
    ///
    /// # Errors
    /// When scratch space cannot be read.
    pub fn finish(mut self) -> Result<DuplicateOutcome, StoreError> {
        self.by_text = FxHashMap::default();
        let order = decide::total_order(&self.entries);
        let by_rank = decide::texts_by_rank(&self.entries, &order, self.texts.len());
        let near = pairs::verified(&self.texts, &by_rank, &mut self.spill, self.threshold)?;
        decide::decide(self, order, near)
    }
}

/// A code and the codes it lies in, by the shape of NUTS and governorate codes: `ES511`, `ES51`, `ES`; `PSE-RBH`, `PS`.
fn chain(code: &str) -> impl Iterator<Item = &str> {
    let shortest = 2.min(code.len());
    let hyphenated = code.contains('-');
    (shortest..=code.len())
        .rev()
        .filter(move |end| !hyphenated || *end == shortest || *end == code.len())
        .filter_map(|end| code.get(..end))
}

/// Merges a duplicate into its winner: boards and origins of both, and what the winner does not know. Call it in the
/// order of [`DuplicateOutcome::order`], so that the first to know wins.
pub fn merge(winner: &mut Posting, duplicate: &PostingShare) {
    let first = winner.origins.first().cloned();
    winner.boards.extend(duplicate.boards.iter().cloned());
    winner.boards.sort();
    winner.boards.dedup();
    winner.origins.extend(duplicate.origins.iter().cloned());
    winner.origins.sort();
    winner.origins.dedup();
    if let Some(first) = first {
        winner.origins.retain(|o| *o != first);
        winner.origins.insert(0, first);
    }
    winner.employer = winner.employer.take().or_else(|| duplicate.employer.clone());
    winner.area = winner.area.take().or_else(|| duplicate.area.clone());
    winner.sector = winner.sector.take().or_else(|| duplicate.sector.clone());
    winner.salary = winner.salary.take().or_else(|| duplicate.salary.clone());
    if winner.occupation.is_none() {
        winner.occupation.clone_from(&duplicate.occupation);
        winner.isco.clone_from(&duplicate.isco);
        winner.occupation_score = duplicate.occupation_score;
    }
    winner.url = winner.url.take().or_else(|| duplicate.url.clone());
}

#[cfg(test)]
mod tests;
