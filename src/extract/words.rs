//! Words of a text with their numbers, looked up once per spelling.

use crate::extract::found::Found;
use crate::extract::reader::{Case, Known, Reader};
use crate::extract::weigh::WordVectors;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::tokens::{self, Gap};
use rustc_hash::FxHashMap;

/// A word of the text at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub known: Known,
    pub start: u32,
    pub end: u32,
    pub gap: Gap,
}

/// Memory of one thread, kept between postings.
#[derive(Default)]
pub(super) struct Scratch {
    pub words: Vec<Word>,
    pub found: Vec<Found>,
    pub vectors: WordVectors,
    known: [Spellings; 4],
    form: String,
}

/// What is known per spelling. Nearly all words fit into 15 bytes and are their own key, without a pointer to follow.
#[derive(Default)]
struct Spellings {
    short: FxHashMap<u128, Known>,
    long: FxHashMap<Box<str>, Known>,
}

/// The bytes of a short word with its length in the last one; none when it is longer.
#[inline]
fn short_key(raw: &str) -> Option<u128> {
    let bytes = raw.as_bytes();
    let mut key = [0; 16];
    key.get_mut(..15)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
    key[15] = bytes.len() as u8;
    Some(u128::from_le_bytes(key))
}

impl Spellings {
    #[inline]
    fn get(&self, raw: &str, key: Option<u128>) -> Option<Known> {
        match key {
            Some(key) => self.short.get(&key).copied(),
            None => self.long.get(raw).copied(),
        }
    }

    fn insert(&mut self, raw: &str, key: Option<u128>, known: Known) {
        match key {
            Some(key) => self.short.insert(key, known),
            None => self.long.insert(raw.into(), known),
        };
    }

    /// Starts afresh when full.
    fn make_room(&mut self) {
        if self.short.len() + self.long.len() > MOST_KNOWN {
            *self = Self::default();
        }
    }
}

/// Spellings remembered per language before the memory starts afresh; about 20 MB.
const MOST_KNOWN: usize = 200_000;

impl Scratch {
    /// Cuts a text into `self.words`.
    pub(super) fn cut(&mut self, text: &str, table: &LabelTable, reader: &Reader) {
        self.words.clear();
        let Some(cache) = self.known.get_mut(reader.lang_index) else { return };
        cache.make_room();
        for token in tokens::tokens(text) {
            let key = short_key(token.raw);
            let known = match cache.get(token.raw, key) {
                Some(known) => known,
                None => {
                    tokens::form_into(token.raw, &mut self.form);
                    let known = reader.know(&self.form, case(token.raw), table);
                    cache.insert(token.raw, key, known);
                    known
                }
            };
            let (start, end) = (token.start as u32, token.end as u32);
            self.words.push(Word { known, start, end, gap: token.gap });
        }
    }
}

fn case(raw: &str) -> Case {
    let Some(first) = raw.chars().find(|c| c.is_alphabetic()) else { return Case::Upper };
    if !raw.chars().any(char::is_uppercase) {
        return Case::Lower;
    }
    // "LEDs" is as upper as "LED".
    let body = if raw.len() > 2 { raw.strip_suffix('s').unwrap_or(raw) } else { raw };
    let upper = first.is_uppercase() && body.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    if upper { Case::Upper } else { Case::Capital }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_have_keys_of_their_own() {
        let words = ["", "a", "a\0", "aa", "fifteen-letters", "gestió"];
        let keys: Vec<u128> = words.iter().filter_map(|w| short_key(w)).collect();
        let distinct: std::collections::BTreeSet<u128> = keys.iter().copied().collect();
        assert_eq!((keys.len(), distinct.len()), (6, 6));
        assert!(short_key("sixteen--letters").is_none());
    }

    #[test]
    fn case_tells_names_from_words() {
        assert_eq!(
            ["it", "It", "LEDs", "iOS", "3", "R"].map(case),
            [Case::Lower, Case::Capital, Case::Upper, Case::Capital, Case::Upper, Case::Upper]
        );
    }
}
