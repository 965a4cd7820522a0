//! Words of a text with their numbers, looked up once per spelling.

use crate::extract::found::Found;
use crate::extract::reader::{Case, Known, Reader};
use crate::extract::spellings::{Spellings, short_key};
use crate::extract::weigh::WordMemory;
use crate::lexicon::labels::LabelTable;
use crate::lexicon::tokens::{self, Gap};

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
    pub memory: WordMemory,
    known: [Spellings<Known>; 4],
    form: String,
}

/// Spellings remembered per language before the memory starts afresh; about 20 MB.
const MOST_KNOWN: usize = 200_000;

impl Scratch {
    /// Cuts a text into `self.words`.
    pub(super) fn cut(&mut self, text: &str, table: &LabelTable, reader: &Reader) {
        self.words.clear();
        let Some(cache) = self.known.get_mut(reader.lang_index) else { return };
        if cache.len() > MOST_KNOWN {
            *cache = Spellings::default();
        }
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
    fn case_tells_names_from_words() {
        assert_eq!(
            ["it", "It", "LEDs", "iOS", "3", "R"].map(case),
            [Case::Lower, Case::Capital, Case::Upper, Case::Capital, Case::Upper, Case::Upper]
        );
    }
}
