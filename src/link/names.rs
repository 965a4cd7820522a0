//! Proper names of technologies, standards and the like, which are written alike in every language: a label with a
//! capital, digit or sign that stands in the text with one too.

use crate::lexicon::ambiguity::{Ambiguity, is_proper_name};
use crate::lexicon::labels::LabelTable;
use crate::lexicon::tokens::{self, Gap, Token};
use crate::types::LabelKind;
use rustc_hash::FxHashMap;

/// Words of a name at most.
const NAME_WORDS: usize = 4;

/// Names by their folded words.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_words: FxHashMap<String, (u32, u32)>,
}

/// Concept, label and bytes of a name found.
pub(crate) type Found = (u32, u32, (u32, u32));

/// Whether it is written as names are: a digit, a sign, or a capital not only because a sentence starts.
fn looks_like_name(raw: &str, first_in_sentence: bool) -> bool {
    let sign = raw.chars().any(|c| c.is_ascii_digit() || matches!(c, '+' | '#'));
    let inner = raw.chars().skip(1).any(char::is_uppercase);
    let capital = raw.chars().next().is_some_and(char::is_uppercase);
    let letter = raw.chars().any(char::is_alphabetic);
    letter && (sign || inner || (capital && !first_in_sentence))
}

fn key(words: &[Token<'_>]) -> String {
    words.iter().map(|t| tokens::form(t.raw)).collect::<Vec<_>>().join(" ")
}

impl Names {
    /// Names among the labels of a table; of several concepts with one name the one that prefers it stays.
    pub(crate) fn new(table: &LabelTable, english: &Ambiguity) -> Self {
        let mut ranks: FxHashMap<String, (LabelKind, bool, u32, u32)> = FxHashMap::default();
        for (at, entry) in (0u32..).zip(&table.entries) {
            let text = table.text(at as usize);
            if is_proper_name(text, english) {
                let words: Vec<Token<'_>> = tokens::tokens(text).collect();
                let rank = (entry.kind, entry.trimmed, entry.concept, at);
                let best = ranks.entry(key(&words)).or_insert(rank);
                *best = rank.min(*best);
            }
        }
        // Another name of one word that its own concept does not lead with ("Google") says too little.
        ranks.retain(|key, (kind, ..)| *kind == LabelKind::Preferred || key.contains(' '));
        Self { by_words: ranks.into_iter().map(|(key, (_, _, concept, at))| (key, (concept, at))).collect() }
    }

    /// Names in a text, longest first from the left, not overlapping.
    pub(crate) fn found_in(&self, text: &str) -> Vec<Found> {
        let words: Vec<Token<'_>> = tokens::tokens(text).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let hit = (1..=NAME_WORDS.min(words.len() - at)).rev().find_map(|n| self.name_at(words.get(at..at + n)?));
            at += hit.map_or(1, |(n, _)| n);
            found.extend(hit.map(|(_, found)| found));
        }
        found
    }

    fn name_at(&self, words: &[Token<'_>]) -> Option<(usize, Found)> {
        let (first, last) = (words.first()?, words.last()?);
        let shouted = words.len() == 1 && first.gap == Gap::Closed;
        let joined = words.iter().skip(1).all(|t| t.gap == Gap::Open);
        if !joined || !looks_like_name(first.raw, shouted) {
            return None;
        }
        let &(concept, label) = self.by_words.get(&key(words))?;
        let span = (u32::try_from(first.start).ok()?, u32::try_from(last.end).ok()?);
        Some((words.len(), (concept, label, span)))
    }
}
