//! Words no label knows that are one slip away from one that a label does.

use crate::lexicon::Lexicon;
use crate::lexicon::ambiguity::Ambiguity;
use crate::lexicon::labels::Vocabulary;
use crate::lexicon::tokens;
use crate::types::Lang;
use rapidfuzz::distance::{jaro_winkler, osa};
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::Hasher;

/// Shortest word that is corrected, in letters.
const SHORTEST: usize = 6;
/// Least Jaro-Winkler similarity of a correction.
const ALIKE: f64 = 0.9;

/// Label words by the strings that one deletion leaves of them.
pub(super) struct Misspellings {
    /// Sorted (hash of the word without one letter, or of the word; token).
    deletions: Vec<(u64, u32)>,
    /// Hashes of correct words that are in no label: descriptions, names of occupations, ordinary words.
    background: FxHashSet<u64>,
}

impl Misspellings {
    /// Indexes the long words of a language's labels.
    pub(super) fn new(lexicon: &Lexicon, lang: Lang) -> Self {
        let table = &lexicon.skills;
        let mut used = vec![false; table.vocabulary.tokens.len()];
        for (label, _) in table.entries.iter().enumerate().filter(|(_, e)| e.lang == lang) {
            for token in table.tokens(label) {
                if let Some(slot) = used.get_mut(*token as usize) {
                    *slot = true;
                }
            }
        }
        let mut deletions = Vec::new();
        for (token, _) in used.iter().enumerate().filter(|(_, used)| **used) {
            let token = u32::try_from(token).unwrap_or(u32::MAX);
            let word = table.vocabulary.tokens.text(token);
            if is_correctable(word) {
                each_deletion(word, |hash| deletions.push((hash, token)));
            }
        }
        deletions.sort_unstable();
        deletions.dedup();
        Self { deletions, background: background(lexicon) }
    }

    /// The one label word that a word is a slip of.
    pub(super) fn correct(&self, form: &str, vocabulary: &Vocabulary) -> Option<u32> {
        if !is_correctable(form) || self.background.contains(&hash(form.bytes())) {
            return None;
        }
        let mut best: Option<(f64, u32)> = None;
        let mut tied = false;
        each_deletion(form, |hash| {
            let from = self.deletions.partition_point(|(h, _)| *h < hash);
            for (_, token) in self.deletions.iter().skip(from).take_while(|(h, _)| *h == hash) {
                let word = vocabulary.tokens.text(*token);
                let Some(alike) = similarity(form, word).filter(|_| !is_risky(form, word)) else { continue };
                match best {
                    Some((_, known)) if known == *token => {}
                    Some((score, _)) if alike < score => {}
                    Some((score, _)) if alike == score => tied = true,
                    _ => (best, tied) = (Some((alike, *token)), false),
                }
            }
        });
        best.filter(|_| !tied).map(|(_, token)| token)
    }
}

/// Jaro-Winkler similarity of two words one slip apart (insertion, deletion, substitution, swap) that begin alike.
fn similarity(word: &str, label_word: &str) -> Option<f64> {
    if word.chars().next() != label_word.chars().next() {
        return None;
    }
    let args = osa::Args::default().score_cutoff(1);
    osa::distance_with_args(word.chars(), label_word.chars(), &args)?;
    let alike = jaro_winkler::similarity(word.chars(), label_word.chars());
    (alike >= ALIKE).then_some(alike)
}

/// Edits that make other words more often than slips: one letter for another unless the word is long, and in Arabic,
/// where roots lie close together, anything but a swap or a doubled letter.
fn is_risky(word: &str, label_word: &str) -> bool {
    let (long, short) = if word.len() >= label_word.len() { (word, label_word) } else { (label_word, word) };
    let at = long.chars().zip(short.chars()).take_while(|(a, b)| a == b).count();
    if long.len() == short.len() {
        let differing = word.chars().zip(label_word.chars()).filter(|(a, b)| a != b).count();
        return differing == 1 && (word.len() < 9 || !word.is_ascii());
    }
    let extra = long.chars().nth(at);
    let doubled = at.checked_sub(1).is_some_and(|i| long.chars().nth(i) == extra);
    !word.is_ascii() && !doubled
}

/// Long enough, and letters only.
fn is_correctable(word: &str) -> bool {
    let count = word.chars().count();
    let letter = |c: char| c.is_ascii_lowercase() || ('\u{0621}'..='\u{064A}').contains(&c);
    (SHORTEST..=40).contains(&count) && word.chars().all(letter)
}

fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hasher = FxHasher::default();
    bytes.for_each(|b| hasher.write_u8(b));
    hasher.finish()
}

/// The hash of a word and of what each deletion of one letter leaves.
fn each_deletion(word: &str, mut visit: impl FnMut(u64)) {
    visit(hash(word.bytes()));
    for (at, c) in word.char_indices() {
        let (head, tail) = (word.get(..at).unwrap_or_default(), word.get(at + c.len_utf8()..).unwrap_or_default());
        visit(hash(head.bytes().chain(tail.bytes())));
    }
}

/// Words that are spelt right although no label holds them.
fn background(lexicon: &Lexicon) -> FxHashSet<u64> {
    let mut known = FxHashSet::default();
    let mut form = String::new();
    let skills = lexicon.taxonomy.skills.iter().filter_map(|s| s.description.as_deref());
    let occupations = lexicon.taxonomy.occupations.iter().filter_map(|o| o.description.as_deref());
    let names = lexicon.taxonomy.occupations.iter().flat_map(|o| o.labels.iter().map(|l| l.text.as_str()));
    for text in skills.chain(occupations).chain(names) {
        for token in tokens::tokens(text).filter(|t| t.raw.len() >= SHORTEST) {
            tokens::form_into(token.raw, &mut form);
            known.insert(hash(form.bytes()));
        }
    }
    for lang in Lang::ALL {
        known.extend(Ambiguity::of(lang).common_words().map(|w| hash(w.bytes())));
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn similarity_agrees_with_strsim(a in "[a-z]{7,12}", at in 0usize..7, c in "[a-z]") {
            let mut b = a.clone();
            b.replace_range(at..=at, &c);
            let expected = (strsim::osa_distance(&a, &b) <= 1 && a.as_bytes()[0] == b.as_bytes()[0])
                .then(|| strsim::jaro_winkler(&a, &b))
                .filter(|s| *s >= ALIKE);
            prop_assert_eq!(similarity(&a, &b), expected);
        }
    }

    #[test]
    fn a_swap_and_a_lost_letter_share_a_deletion_with_the_word() {
        let hashes = |w: &str| {
            let mut all = Vec::new();
            each_deletion(w, |h| all.push(h));
            all
        };
        for slip in ["mangement", "managment", "manaegment", "managementt", "manahement"] {
            assert!(hashes(slip).iter().any(|h| hashes("management").contains(h)), "{slip}");
        }
    }
}
