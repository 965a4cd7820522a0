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

    /// Texts and writings of the candidates, postings of an employer and with mentions included.
    fn written(body: &str, spans: &[(u32, u32)], language: Lang) -> Vec<(String, Writing)> {
        let section = Section { kind: SectionKind::Duties, start: 0, end: body.len() as u32, language };
        let posting =
            TermPosting { id: PostingId("p".into()), body: body.to_owned(), employer: None, sections: vec![section] };
        let table = LabelTable::default();
        let (found, _) = candidates(&posting, spans, &Words::new(&table), &mut Scratch::default());
        found.iter().map(|c| (body[c.start as usize..c.end as usize].to_owned(), c.writing)).collect()
    }

    #[test]
    fn punctuation_slashes_and_an_indefinite_word_behind_a_definite_one_part_terms() {
        holds("zeolite gyrostats, quokka telemetry", Lang::En, "zeolite gyrostats", &["gyrostats, quokka"]);
        holds("zeolite/gyrostats quokka", Lang::En, "gyrostats quokka", &["zeolite/gyrostats"]);
        holds("CI/CD gyrostats", Lang::En, "CI/CD gyrostats", &[]);
        holds("zeolite/CI gyrostats", Lang::En, "CI gyrostats", &["zeolite/CI"]);
        // What stands behind the slash is an ending and no word.
        holds("Operari/ària de zeolites marines", Lang::Ca, "zeolites marines", &["ària de zeolites"]);
        holds("Aprendre de pressa quokka telemetria", Lang::Ca, "quokka telemetria", &["pressa quokka"]);
        holds("الألواح عدادات", Lang::Ar, "الألواح", &["الألواح عدادات"]);
        holds("برمجة الألواح الشمسية", Lang::Ar, "برمجة الألواح الشمسية", &[]);
    }

    #[test]
    fn a_mention_speaks_for_the_words_it_touches_and_a_term_needs_one_more() {
        let terms = |spans: &[(u32, u32)]| -> Vec<String> {
            written("quokka telemetry", spans, Lang::En).into_iter().map(|t| t.0).collect()
        };
        assert!(terms(&[]).contains(&"quokka telemetry".to_owned()));
        assert!(terms(&[(0, 16)]).is_empty());
        // From the end of the first word on: the first word is free.
        assert!(terms(&[(6, 16)]).contains(&"quokka telemetry".to_owned()));
        assert!(terms(&[(5, 16)]).is_empty());
    }

    #[test]
    fn how_a_term_is_written_is_told_where_a_capital_means_something() {
        let of = |body: &str, term: &str| written(body, &[], Lang::En).into_iter().find(|t| t.0 == term).unwrap().1;
        assert_eq!(of("we align zeolite gyrostats", "zeolite gyrostats"), Writing::Plain);
        assert_eq!(of("we align Zeolite gyrostats", "Zeolite gyrostats"), Writing::Name);
        assert_eq!(of("Zeolite gyrostats", "Zeolite gyrostats"), Writing::Untold);
        assert_eq!(of("GaN gyrostats", "GaN gyrostats"), Writing::Name);
        assert_eq!(of("WE ALIGN ZEOLITE GYROSTATS", "ZEOLITE GYROSTATS"), Writing::Untold);
        assert_eq!(["ABc", "AB cd", "Abc", "12"].map(is_shouted), [true, false, false, false]);
    }

    #[test]
    fn nothing_is_read_of_empty_sections_and_of_languages_that_are_not_told() {
        let read = |body: &str, language: Lang| {
            let section = Section { kind: SectionKind::Duties, start: 0, end: body.len() as u32, language };
            let posting = TermPosting {
                id: PostingId("p".into()),
                body: body.to_owned(),
                employer: None,
                sections: vec![section],
            };
            let table = LabelTable::default();
            let (found, read) = candidates(&posting, &[], &Words::new(&table), &mut Scratch::default());
            (found.len(), read.into_iter().filter(|r| *r).count())
        };
        assert_eq!(read("zeolite gyrostats", Lang::Und), (0, 0));
        assert_eq!(read("  ", Lang::En), (0, 0));
        assert_eq!(read("of the", Lang::En), (0, 1));
    }

    #[test]
    fn verbs_begin_terms_behind_determiners_and_prepositions_and_gerunds_behind_determiners_alone() {
        assert_eq!([DETERMINER, PREPOSITION, 0].map(opens), [Before::Determiner, Before::Preposition, Before::Open]);
        let start = |flags| [Before::Open, Before::Preposition, Before::Determiner].map(|b| may_start(flags, true, b));
        assert_eq!(start(0), [true; 3]);
        assert_eq!(start(VERB), [false, true, true]);
        assert_eq!(start(GERUND), [false, false, true]);
        assert_eq!(start(NOT_FIRST | KNOWN), [false; 3]);
        // Inside a run what stands before it says nothing.
        assert!(may_start(VERB | GERUND, false, Before::Open) && !may_start(NOT_FIRST, false, Before::Open));
        // A particle is two bytes; the article stays with what is fused with it.
        let particles = ["بمستمر", "وتركيب", "بالألواح", "للعمل", "تركيب"].map(particle);
        assert_eq!(particles, [2, 2, 0, 0, 0]);
    }

    #[test]
    fn a_single_word_is_a_term_when_it_is_long_and_no_label_verb_or_number() {
        let part = |flags: u16, length: u32| Part {
            key: 1,
            flags,
            start: 10,
            end: 10 + length,
            spoken_for: false,
            writing: Writing::Plain,
        };
        assert!(may_stand_alone(&part(0, 3)) && !may_stand_alone(&part(0, 2)));
        assert!([KNOWN, VERB, GERUND, NUMBERED].iter().all(|flag| !may_stand_alone(&part(*flag, 9))));
    }

    #[test]
    fn a_term_has_five_words_at_most_and_one_that_is_not_ordinary() {
        let five = "zeolite gyrostat quokka telemetry bearings";
        holds(&format!("{five} zygomatic"), Lang::En, five, &[&format!("{five} zygomatic")]);
        assert!(found("bank balance", Lang::En).is_empty());
        holds("bank gyrostats", Lang::En, "bank gyrostats", &["bank"]);
    }

    #[test]
    fn a_phrase_knows_itself_without_its_first_and_without_its_last_word() {
        let body = "zeolite gyrostat quokka";
        let section = Section { kind: SectionKind::Duties, start: 0, end: body.len() as u32, language: Lang::En };
        let posting =
            TermPosting { id: PostingId("p".into()), body: body.to_owned(), employer: None, sections: vec![section] };
        let table = LabelTable::default();
        let (found, _) = candidates(&posting, &[], &Words::new(&table), &mut Scratch::default());
        let of = |text: &str| *found.iter().find(|c| &body[c.start as usize..c.end as usize] == text).unwrap();
        let (whole, first, last) = (of("zeolite gyrostat quokka"), of("zeolite gyrostat"), of("gyrostat quokka"));
        assert_eq!((whole.left, whole.right, whole.length), (first.phrase, last.phrase, 3));
        assert_eq!((first.left, first.right), (of("zeolite").phrase, of("gyrostat").phrase));
        assert_eq!((last.left, of("zeolite").left, of("zeolite").right), (of("gyrostat").phrase, 0, 0));
    }
}
