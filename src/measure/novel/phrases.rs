//! Candidate terms of a posting: runs of one to five words between stop words, punctuation and clause ends, in the
//! passages that yield skills.

use super::words::{
    BREAKS, COMMON, DEFINITE, DETERMINER, GERUND, INNER, JOINED, KNOWN, NOT_FIRST, NOT_LAST, PREPOSITION, Spellings,
    VERB, Words,
};
use crate::lexicon::labels::lang_index;
use crate::lexicon::tokens::{self, Gap, Token};
use crate::types::{Lang, TermPosting};
use rustc_hash::FxHashSet;

/// Words of a term, without those that only join them.
pub const MOST_WORDS: usize = 5;
/// Words looked at from the first one on, joining ones included.
const MOST_TOKENS: usize = 9;

/// A candidate as it stands in a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The phrase: language and words, singular or plural.
    pub phrase: u64,
    /// The phrase without its last word.
    pub left: u64,
    /// The phrase without its first word.
    pub right: u64,
    /// Words.
    pub length: u8,
    /// Position in [`Lang::ALL`].
    pub language: u8,
    /// First byte in the body.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A word that may stand in a term.
#[derive(Debug, Clone, Copy)]
struct Part {
    key: u64,
    flags: u16,
    start: u32,
    end: u32,
    /// In a mention, or of the employer's name.
    spoken_for: bool,
    /// Written as names are, and not only because a sentence starts.
    name: bool,
}

/// What stands before a run of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A clause begins, or a word that a verb may follow.
    Open,
    Preposition,
    Determiner,
}

/// Memory of one thread.
#[derive(Default)]
pub struct Scratch {
    spellings: Spellings,
    run: Vec<Part>,
    found: Vec<Candidate>,
    employer: FxHashSet<u64>,
}

/// Every candidate of a posting once, where it stands first, in the order of its phrases; and the languages read.
pub fn candidates(
    posting: &TermPosting,
    spans: &[(u32, u32)],
    words: &Words,
    scratch: &mut Scratch,
) -> (Vec<Candidate>, [bool; 4]) {
    scratch.found.clear();
    let mut read = [false; 4];
    for section in posting.sections.iter().filter(|s| s.kind.yields_skills()) {
        let language = lang_index(section.language);
        let Some(text) = posting.body.get(section.start as usize..section.end as usize) else { continue };
        if section.language == Lang::Und || text.trim().is_empty() {
            continue;
        }
        if let Some(flag) = read.get_mut(language) {
            *flag = true;
        }
        name_keys(posting.employer.as_deref().unwrap_or_default(), section.language, words, scratch);
        cut(text, section.start, section.language, spans, words, scratch);
    }
    scratch.found.sort_unstable_by_key(|c| (c.phrase, c.start));
    scratch.found.dedup_by_key(|c| c.phrase);
    (scratch.found.clone(), read)
}

/// Words of the employer's name: what is made of them is no skill.
fn name_keys(name: &str, lang: Lang, words: &Words, scratch: &mut Scratch) {
    scratch.employer.clear();
    for token in tokens::tokens(name) {
        scratch.employer.insert(words.word(token.raw, lang, &mut scratch.spellings).key);
    }
}

fn cut(text: &str, offset: u32, lang: Lang, spans: &[(u32, u32)], words: &Words, scratch: &mut Scratch) {
    let mut before = Before::Open;
    let mut last: Option<Token<'_>> = None;
    let mut run = std::mem::take(&mut scratch.run);
    run.clear();
    for token in tokens::tokens(text) {
        let word = words.word(token.raw, lang, &mut scratch.spellings);
        let definite = |flags: u16| flags & DEFINITE != 0;
        // A definite noun and an indefinite word make a sentence, not a term.
        let agrees = run.last().is_none_or(|l| !definite(l.flags) || definite(word.flags));
        if token.gap != Gap::Open || word.flags & JOINED != 0 || !agrees || is_parted(text, last.as_ref(), &token) {
            flush(&run, before, lang, &mut scratch.found);
            run.clear();
            before = if word.flags & JOINED != 0 { Before::Preposition } else { Before::Open };
        }
        let (start, end) = (offset + token.start as u32, offset + token.end as u32);
        last = Some(token);
        if word.flags & BREAKS != 0 {
            flush(&run, before, lang, &mut scratch.found);
            run.clear();
            before = opens(word.flags);
            continue;
        }
        let at = spans.partition_point(|s| s.1 <= start);
        let mentioned = spans.get(at).is_some_and(|s| s.0 < end);
        let capital = token.raw.chars().any(|c| c.is_uppercase() || c.is_ascii_digit());
        run.push(Part {
            key: word.key,
            flags: word.flags,
            start,
            end,
            spoken_for: mentioned || scratch.employer.contains(&word.key),
            name: capital && token.gap == Gap::Open,
        });
    }
    flush(&run, before, lang, &mut scratch.found);
    scratch.run = run;
}

fn opens(flags: u16) -> Before {
    match flags {
        f if f & DETERMINER != 0 => Before::Determiner,
        f if f & PREPOSITION != 0 => Before::Preposition,
        _ => Before::Open,
    }
}

/// A slash, ampersand or quote parts two words unless both are short, as in CI/CD and R&D.
fn is_parted(text: &str, last: Option<&Token<'_>>, token: &Token<'_>) -> bool {
    let Some(last) = last else { return false };
    let between = text.as_bytes().get(last.end..token.start).unwrap_or_default();
    let short = last.raw.len() <= 3 && token.raw.len() <= 3;
    !short && between.iter().any(|b| matches!(b, b'/' | b'&' | b'+' | b'"' | b'\\' | b'#' | b'@'))
}

/// Adds every part of a run that has the shape of a term.
fn flush(run: &[Part], before: Before, lang: Lang, found: &mut Vec<Candidate>) {
    // Numbers of the phrases that start one word further on, by length.
    let mut next = [0u64; MOST_WORDS + 1];
    for first in (0..run.len()).rev() {
        let Some(head) = run.get(first).filter(|p| p.flags & INNER == 0) else { continue };
        let starts = may_start(head.flags, first == 0, before);
        let mut own = [0u64; MOST_WORDS + 1];
        let mut phrase = lang_index(lang) as u64 + 1;
        let (mut length, mut telling) = (0, false);
        for part in run.get(first..run.len().min(first + MOST_TOKENS)).unwrap_or_default() {
            if part.flags & INNER != 0 {
                continue;
            }
            length += 1;
            if length > MOST_WORDS {
                break;
            }
            let left = phrase;
            phrase = (phrase.rotate_left(23) ^ part.key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            own[length] = phrase;
            telling |= !part.spoken_for && part.flags & COMMON == 0;
            let alone = length == 1;
            if starts && telling && part.flags & NOT_LAST == 0 && (!alone || may_stand_alone(part)) {
                let right = if alone { 0 } else { next[length - 1] };
                let left = if alone { 0 } else { left };
                let (length, language) = (length as u8, lang_index(lang) as u8);
                found.push(Candidate { phrase, left, right, length, language, start: head.start, end: part.end });
            }
        }
        next = own;
    }
}

fn may_start(flags: u16, first: bool, before: Before) -> bool {
    if flags & NOT_FIRST != 0 {
        return false;
    }
    match before {
        _ if !first => true,
        Before::Determiner => true,
        Before::Preposition => flags & GERUND == 0,
        Before::Open => flags & (GERUND | VERB) == 0,
    }
}

/// One word is a term when it is written as a name and no label holds it.
fn may_stand_alone(part: &Part) -> bool {
    part.name && part.flags & (KNOWN | VERB | GERUND) == 0 && part.end - part.start > 1
}
