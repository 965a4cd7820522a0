//! The cues of `data/reference/section_cues.csv`, compiled for look-up: headings, words that tell boilerplate from work,
//! and the words by which an employer is known.

use super::fold::folded;
use crate::types::SectionKind;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// kind,lang,scope,cue
pub(super) const CUES: &str = include_str!("../../data/reference/section_cues.csv");
/// Words that `*` in a cue may stand for.
pub(super) const WILD_WORDS: usize = 6;
/// What a cue says of the sentence it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// One vote for a kind.
    Kind(SectionKind),
    /// Decides alone when the sentence opens with it.
    Opening(SectionKind),
    /// What only employers are said to be: `was founded`, `is known for`. Any name may be its subject.
    Predicate,
    /// What employers do but people do too: `provides`. The subject must name an organisation.
    Verb,
    /// A noun phrase that is the employer: `our company`.
    Subject,
    /// A word by which organisations are named: `hospital`, `ltd`.
    Organisation,
    /// What an employer says who wants somebody: `is looking for`. Such a sentence is about the work too.
    Seeks,
}

/// Words that stand together, with gaps of a few words where the cue has a `*`. `#` is a year.
#[derive(Debug)]
pub(super) struct Cue {
    /// With a closing space.
    pub(super) head: String,
    /// Each with a closing space.
    pub(super) tails: Vec<String>,
    pub(super) says: Vec<Says>,
}

impl Cue {
    /// Bytes of `words` that the cue covers from their start.
    pub(super) fn covers(&self, words: &str) -> Option<usize> {
        words.starts_with(self.head.as_str()).then_some(())?;
        let mut at = self.head.len();
        for tail in &self.tails {
            at += tail_end(words.get(at..)?, tail)?;
        }
        Some(at)
    }

    fn length(&self) -> usize {
        self.head.len() + self.tails.iter().map(String::len).sum::<usize>()
    }
}

/// How a year is written in a cue.
pub(super) const YEAR: &str = "#";

/// One past `tail` within the next few of `words`.
pub(super) fn tail_end(words: &str, tail: &str) -> Option<usize> {
    if tail == YEAR {
        let word = words.get(..4)?;
        let is_year = (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit());
        return (is_year && words.as_bytes().get(4) == Some(&b' ')).then_some(5);
    }
    let mut from = 0;
    for _ in 0..=WILD_WORDS {
        let rest = words.get(from..)?;
        let (word, _) = rest.split_once(' ')?;
        if rest.starts_with(tail) {
            return Some(from + tail.len());
        }
        from += word.len() + 1;
    }
    None
}

/// Cues by their folded spelling. One spelling may serve several languages.
pub(super) struct Cues {
    pub(super) headings: FxHashMap<String, SectionKind>,
    /// By first word; longest first.
    pub(super) sentences: FxHashMap<String, Vec<Cue>>,
    /// Which values of [`word_slot`] some cue's beginning has.
    pub(super) beginnings: Box<[bool; SLOTS]>,
    /// Longest heading in words.
    pub(super) heading_words: usize,
}

/// Slots of the filter over the beginnings of cues.
pub(super) const SLOTS: usize = 1 << 14;

/// A slot by the ends and the length of a word and the first letter of the next one (0 for cues of one word): most words
/// begin no cue, and this tells so without a look-up.
pub(super) fn word_slot(word: &[u8], next: u8) -> usize {
    let at = |index: usize| word.get(index).copied().map_or(0, usize::from);
    let last = word.last().copied().map_or(0, usize::from);
    let ends = at(0) * 31 + at(1) * 457 + at(2) * 1_201 + last * 2_503;
    (ends + word.len() * 5_009 + usize::from(next) * 7_919) % SLOTS
}

pub(super) static COMPILED: LazyLock<Cues> = LazyLock::new(compile);

pub(super) fn kind_of(name: &str) -> Option<SectionKind> {
    Some(match name {
        "duties" => SectionKind::Duties,
        "requirements" => SectionKind::Requirements,
        "employer" => SectionKind::Employer,
        "benefits" => SectionKind::Benefits,
        "diversity" => SectionKind::Diversity,
        "apply" => SectionKind::Apply,
        "salary" => SectionKind::Salary,
        _ => return None,
    })
}

pub(super) fn says_of(scope: &str, kind: SectionKind) -> Option<Says> {
    Some(match scope {
        "sentence" => Says::Kind(kind),
        "opening" => Says::Opening(kind),
        "predicate" => Says::Predicate,
        "verb" => Says::Verb,
        "subject" => Says::Subject,
        "organisation" => Says::Organisation,
        "seeks" => Says::Seeks,
        _ => return None,
    })
}

pub(super) fn compile() -> Cues {
    let mut cues = Cues {
        headings: FxHashMap::default(),
        sentences: FxHashMap::default(),
        beginnings: Box::new([false; SLOTS]),
        heading_words: 1,
    };
    let mut reader = csv::Reader::from_reader(CUES.as_bytes());
    for row in reader.records().flatten() {
        let (Some(kind), Some(scope), Some(cue)) = (row.get(0).and_then(kind_of), row.get(2), row.get(3)) else {
            continue;
        };
        if scope == "heading" {
            let cue = folded(cue);
            cues.heading_words = cues.heading_words.max(cue.split(' ').count());
            cues.headings.entry(cue).or_insert(kind);
        } else if let Some(says) = says_of(scope, kind) {
            add_cue(&mut cues, cue, says);
        }
    }
    for list in cues.sentences.values_mut() {
        list.sort_by(|a, b| b.length().cmp(&a.length()).then_with(|| (&a.head, &a.tails).cmp(&(&b.head, &b.tails))));
    }
    cues
}

pub(super) fn add_cue(cues: &mut Cues, cue: &str, says: Says) {
    let cue = cue.replace(YEAR, "*#");
    let mut pieces =
        cue.split('*').map(|piece| if piece == YEAR { YEAR.to_owned() } else { folded(piece.trim()) + " " });
    let head = pieces.next().unwrap_or_default();
    let tails: Vec<String> = pieces.collect();
    let first = head.split(' ').next().unwrap_or_default().to_owned();
    let next = head.as_bytes().get(first.len() + 1).copied().unwrap_or_default();
    let is_heard = !matches!(says, Says::Subject | Says::Organisation | Says::Seeks);
    if let Some(slot) = cues.beginnings.get_mut(word_slot(first.as_bytes(), next)).filter(|_| is_heard) {
        *slot = true;
    }
    let list = cues.sentences.entry(first).or_default();
    match list.iter_mut().find(|known| known.head == head && known.tails == tails) {
        Some(known) if known.says.contains(&says) => {}
        Some(known) => known.says.push(says),
        None => list.push(Cue { head, tails, says: vec![says] }),
    }
}

/// Whether a cue of `wanted` starts `words`; its length.
pub(super) fn cue_at(words: &str, wanted: Says) -> Option<usize> {
    let (first, _) = words.split_once(' ')?;
    let cues = COMPILED.sentences.get(first)?;
    cues.iter().filter(|cue| cue.says.contains(&wanted)).find_map(|cue| cue.covers(words))
}

pub(super) fn is_organisation(word: &str) -> bool {
    let Some(cues) = COMPILED.sentences.get(word) else { return false };
    cues.iter()
        .any(|cue| cue.tails.is_empty() && cue.head.len() == word.len() + 1 && cue.says.contains(&Says::Organisation))
}
