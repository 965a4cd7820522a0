//! Candidate terms of a posting: runs of one to five words between stop words, punctuation and clause ends, in the
//! passages that yield skills.

use super::words::{
    BREAKS, COMMON, DEFINITE, DETERMINER, GERUND, INNER, JOINED, KNOWN, NOT_FIRST, NOT_LAST, NUMBERED, PREPOSITION,
    Spellings, VERB, Words,
};
use crate::lexicon::labels::lang_index;
use crate::lexicon::tokens::{self, Gap, Token};
use crate::types::{Lang, TermPosting};
use rustc_hash::FxHashSet;

/// Words of a term, without those that only join them.
pub const MOST_WORDS: usize = 5;
/// Words looked at from the first one on, joining ones included.
const MOST_TOKENS: usize = 9;

/// How a candidate is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// In small letters.
    Plain,
    /// As names are: a capital, a digit.
    Name,
    /// At the start of a sentence or in a text of capitals, where a capital says nothing.
    Untold,
}

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
    /// How its first word is written.
    pub writing: Writing,
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
    writing: Writing,
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
    let shouted = is_shouted(text);
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
        let particle = if word.flags & JOINED != 0 { particle(token.raw) } else { 0 };
        let (start, end) = (offset + token.start as u32 + particle, offset + token.end as u32);
        last = Some(token);
        if word.flags & BREAKS != 0 {
            flush(&run, before, lang, &mut scratch.found);
            run.clear();
            before = opens(word.flags);
            continue;
        }
        let at = spans.partition_point(|s| s.1 <= start);
        let mentioned = spans.get(at).is_some_and(|s| s.0 < end);
        run.push(Part {
            key: word.key,
            flags: word.flags,
            start,
            end,
            spoken_for: mentioned || scratch.employer.contains(&word.key),
            writing: writing(&token, shouted),
        });
    }
    flush(&run, before, lang, &mut scratch.found);
    scratch.run = run;
}

/// Whether capitals prevail, so that they tell nothing.
fn is_shouted(text: &str) -> bool {
    let (upper, lower) = text.chars().fold((0usize, 0usize), |(upper, lower), c| {
        (upper + usize::from(c.is_uppercase()), lower + usize::from(c.is_lowercase()))
    });
    upper > lower
}

fn writing(token: &Token<'_>, shouted: bool) -> Writing {
    let mut marks = token.raw.chars().enumerate().filter(|(_, c)| c.is_uppercase() || c.is_ascii_digit());
    match (marks.next(), marks.next()) {
        (None, _) => Writing::Plain,
        _ if shouted => Writing::Untold,
        (Some((0, _)), None) if token.gap == Gap::Closed => Writing::Untold,
        _ => Writing::Name,
    }
}

/// Bytes of the conjunction or preposition that is written together with an Arabic word. What is fused with the article
/// (لل, بال) stays.
fn particle(raw: &str) -> u32 {
    let bare = raw.starts_with(['ف', 'ب', 'ل', 'ك']) && !["فال", "بال", "كال", "لل"].iter().any(|p| raw.starts_with(p));
    if raw.starts_with('و') || bare { 2 } else { 0 }
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
                let (start, end, writing) = (head.start, part.end, head.writing);
                found.push(Candidate { phrase, left, right, length, language, start, end, writing });
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

/// One word may be a term when no label holds it; that it is written as a name is seen over all postings.
fn may_stand_alone(part: &Part) -> bool {
    part.flags & (KNOWN | VERB | GERUND | NUMBERED) == 0 && part.end - part.start > 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::labels::LabelTable;
    use crate::types::{PostingId, Section, SectionKind};

    fn found(body: &str, language: Lang) -> Vec<String> {
        let section = Section { kind: SectionKind::Duties, start: 0, end: body.len() as u32, language };
        let posting =
            TermPosting { id: PostingId("p".into()), body: body.to_owned(), employer: None, sections: vec![section] };
        let table = LabelTable::default();
        let (found, _) = candidates(&posting, &[], &Words::new(&table), &mut Scratch::default());
        found.iter().map(|c| body[c.start as usize..c.end as usize].to_owned()).collect()
    }

    /// Whether the first is among the terms of a text and none of the others is.
    fn holds(body: &str, language: Lang, term: &str, others: &[&str]) {
        let found = found(body, language);
        assert!(found.iter().any(|t| t == term), "{term}: {found:?}");
        for other in others {
            assert!(!found.iter().any(|t| t == other), "{other}: {found:?}");
        }
    }

    #[test]
    fn a_term_ends_at_stop_words_and_clauses_and_begins_with_no_verb() {
        let body = "Design telemetry dashboards for our zygomatic clinics, swiftly calibrating gyrostats.";
        let others = ["Design telemetry dashboards", "zygomatic clinics", "calibrating gyrostats"];
        holds(body, Lang::En, "telemetry dashboards", &others);
        holds(
            "Montaje de paneles fotovoltaicos y soldadura",
            Lang::Es,
            "Montaje de paneles fotovoltaicos",
            &["de paneles", "Montaje de", "paneles fotovoltaicos y soldadura"],
        );
        holds(
            "Manteniment d'aerogeneradors marins.",
            Lang::Ca,
            "Manteniment d'aerogeneradors marins",
            &["d'aerogeneradors"],
        );
        holds(
            "إدارة الألواح الشمسية وتركيب العدادات",
            Lang::Ar,
            "إدارة الألواح الشمسية",
            &["الشمسية وتركيب", "وتركيب العدادات"],
        );
        holds("إدارة الألواح الشمسية وتركيب العدادات", Lang::Ar, "تركيب العدادات", &[]);
    }

    #[test]
    fn any_text_and_spans_give_candidates_inside_the_text() {
        for body in ["", "…", "ووووووو", "a/b/c d'", "R&D 3D 14h É", "ال ال", "\u{301}\u{200f}ب"] {
            for language in Lang::ALL {
                drop(found(body, language));
            }
        }
    }
}
