//! Walks the trie over a text and keeps the longest credible label at each place.

use crate::extract::cues;
use crate::extract::found::Found;
use crate::extract::reader::{Case, Facts, Reader, SKIP};
use crate::extract::score;
use crate::extract::words::{Scratch, Word};
use crate::lexicon::ambiguity::{Trust, surface_key};
use crate::lexicon::labels::{LabelTable, UNKNOWN};
use crate::lexicon::stem;
use crate::lexicon::tokens::{self, Gap};
use crate::types::{Field, LabelKind, Lane, Lang, SectionKind};

/// A label over a run of words.
#[derive(Debug, Clone, Copy)]
struct Hit {
    first: usize,
    last: usize,
    choice: Choice,
}

/// How credible a label is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credit {
    Plain,
    SpokenFor,
    Held,
}

/// One label out of those that end at a node.
#[derive(Debug, Clone, Copy)]
struct Choice {
    label: u32,
    lane: Lane,
    shared: bool,
    derived: bool,
    credit: Credit,
}

/// The label of highest standing so far: (word for word, standing of its kind).
struct Best {
    rank: (bool, u8),
    label: u32,
    concept: u32,
    /// Another concept has a label of the same rank.
    shared: bool,
}

/// Reads texts with one reader.
pub(super) struct Matcher<'a> {
    pub table: &'a LabelTable,
    pub reader: &'a Reader,
}

/// A text cut into words.
struct Cut<'a> {
    text: &'a str,
    words: &'a [Word],
}

impl Matcher<'_> {
    /// Appends the matches of a text that starts at byte `offset` of its field.
    pub(super) fn read(&self, text: &str, offset: usize, field: Field, section: SectionKind, scratch: &mut Scratch) {
        scratch.cut(text, self.table, self.reader);
        let words = std::mem::take(&mut scratch.words);
        let cut = Cut { text, words: &words };
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        let mut last: Option<Hit> = None;
        let mut first = 0;
        while first < words.len() {
            if let Some(hit) = self.longest(&cut, first) {
                match last {
                    Some(l) if l.last >= hit.first => {
                        if self.outweighs(hit, l) {
                            last = Some(hit);
                        }
                    }
                    _ => {
                        self.keep(&cut, last, offset, field, section, &mut scratch.found);
                        last = Some(hit);
                    }
                }
            }
            first += 1;
        }
        self.keep(&cut, last, offset, field, section, &mut scratch.found);
        scratch.words = words;
    }

    /// Of two matches that overlap, one inside the other gives way. Else what is believed stays before what is held
    /// back, then the more telling words ("capacity for [intercultural communication]"), then the earlier ones.
    fn outweighs(&self, later: Hit, earlier: Hit) -> bool {
        let weight = |hit: Hit| self.reader.facts(hit.choice.label).map_or(0.0, |f| f.weight);
        let held = |hit: Hit| hit.choice.credit == Credit::Held;
        let better = (!held(later), weight(later)) > (!held(earlier), weight(earlier));
        later.last > earlier.last && better
    }

    /// The longest credible label that starts at a word.
    #[inline]
    fn longest(&self, cut: &Cut, first: usize) -> Option<Hit> {
        let word = cut.words.get(first)?;
        let mut at = word.known.start?;
        if is_name(word) {
            return None;
        }
        let mut last = first;
        let mut comma = false;
        let mut best = None;
        loop {
            let labels = self.reader.trie.labels(at);
            if !labels.is_empty()
                && let Some(choice) = self.choose(cut, first, last, comma, labels)
            {
                best = Some(Hit { first, last, choice });
            }
            let Some((next, crossed)) = next_word(cut.words, last) else { break };
            comma |= crossed;
            let Some(word) = cut.words.get(next) else { break };
            let Some(deeper) = self.reader.trie.next(at, word.known.symbol) else { break };
            at = deeper;
            last = next;
        }
        best
    }

    /// The best standing of the labels that end here; none when nothing makes them credible.
    fn choose(&self, cut: &Cut, first: usize, last: usize, comma: bool, labels: &[u32]) -> Option<Choice> {
        let words = cut.words.get(first..=last)?;
        let corrected = words.iter().any(|w| w.known.corrected);
        let mut best: Option<Best> = None;
        for &label in labels {
            let Some(facts) = self.reader.facts(label) else { continue };
            if comma && !facts.comma {
                continue;
            }
            let exact = self.is_exact(words, facts);
            let rank = (exact, standing(facts));
            match &mut best {
                Some(best) if rank == best.rank => best.shared |= facts.concept != best.concept,
                Some(best) if rank < best.rank => {}
                _ => best = Some(Best { rank, label, concept: facts.concept, shared: false }),
            }
        }
        let Best { rank: (exact, _), label, shared, .. } = best?;
        let lane = match (corrected, exact) {
            (true, _) => Lane::Fuzzy,
            (false, true) => Lane::Exact,
            (false, false) => Lane::Stem,
        };
        let derived = lane == Lane::Stem && self.is_derived(cut, words, label);
        if words.len() == 1 && lane == Lane::Stem && (derived || !self.may_stand_in(cut, words, label)) {
            return None;
        }
        if lane == Lane::Stem && self.is_ruled_out(cut, words) {
            return None;
        }
        let credit = match self.credit(cut, first, last, label)? {
            Credit::SpokenFor if derived => Credit::Plain,
            credit => credit,
        };
        Some(Choice { label, lane, shared, derived, credit })
    }

    /// Word for word the label, determiners apart.
    fn is_exact(&self, words: &[Word], facts: &Facts) -> bool {
        let tokens = self.table.tokens(facts.label as usize);
        tokens.len() == words.len() && tokens.iter().zip(words).all(|(t, w)| *t == w.known.token)
    }

    /// Whether a word of a stem match is no inflection of the label's word in its place.
    fn is_derived(&self, cut: &Cut, words: &[Word], label: u32) -> bool {
        let tokens = self.table.tokens(self.reader.table_label(label));
        let spoken = words.iter().filter(|w| w.known.symbol != SKIP);
        let written = tokens.iter().filter(|t| !self.reader.is_determiner(self.table.vocabulary.tokens.text(**t)));
        let pairs = written.zip(spoken);
        // A noun is met in its plural at most: "electronic" is not electronics, "safety engineer" not safety
        // engineering. English labels end in a noun; a label of one word is one.
        let lang = self.reader.lang;
        let ends_in_noun = matches!(lang, Lang::En | Lang::Und) || words.len() == 1;
        let end = words.last().map_or(0, |w| w.end);
        pairs.filter(|(t, w)| **t != w.known.token).any(|(token, word)| {
            let raw = cut.text.get(word.start as usize..word.end as usize).unwrap_or_default();
            let (written, spoken) = (self.table.vocabulary.tokens.text(*token), tokens::form(raw));
            let is_noun = ends_in_noun && word.end == end;
            if is_noun {
                !stem::is_plural(written, &spoken, lang)
            } else {
                !stem::is_inflection(written, &spoken, lang)
            }
        })
    }

    /// Whether the table drops the words as they stand, whatever label their stems meet ("team works").
    fn is_ruled_out(&self, cut: &Cut, words: &[Word]) -> bool {
        let (Some(from), Some(to)) = (words.first(), words.last()) else { return true };
        let surface = cut.text.get(from.start as usize..to.end as usize).unwrap_or_default();
        words.len() <= 3
            && self.reader.ambiguity.rule(&surface_key(surface)).is_some_and(|rule| rule.trust == Trust::Drop)
    }

    /// Whether a plural may stand for a label of one word: not for an acronym, nor when it is an ordinary word itself.
    fn may_stand_in(&self, cut: &Cut, words: &[Word], label: u32) -> bool {
        let strict = self.reader.facts(label).is_none_or(|f| matches!(f.trust, Trust::Upper | Trust::Capital));
        let raw = words.first().and_then(|w| cut.text.get(w.start as usize..w.end as usize)).unwrap_or_default();
        !strict && !self.reader.ambiguity.is_common(&tokens::form(raw))
    }

    /// Whether a label is believed or must wait for support; none when it is not credible at all here.
    fn credit(&self, cut: &Cut, first: usize, last: usize, label: u32) -> Option<Credit> {
        let facts = self.reader.facts(label)?;
        let words = cut.words.get(first..=last)?;
        match facts.trust {
            Trust::Plain => Some(Credit::Plain),
            Trust::Named => Some(Credit::SpokenFor),
            Trust::Drop => None,
            Trust::Review => Some(Credit::Held),
            Trust::Upper => (!is_shouted(cut.words, first, last) && words.iter().all(|w| w.known.case == Case::Upper))
                .then_some(Credit::SpokenFor),
            Trust::Capital => {
                let capital = !is_shouted(cut.words, first, last) && words.iter().all(|w| w.known.case != Case::Lower);
                let inside = words.first().is_some_and(|w| w.gap != Gap::Closed);
                let asks = !self.reader.context(self.table, label).is_empty();
                let spoken_for = if asks { self.has_context(cut, first, last, label) } else { inside };
                (capital && spoken_for).then_some(Credit::SpokenFor)
            }
            Trust::Context if self.has_context(cut, first, last, label) => Some(Credit::SpokenFor),
            // A letter or two without context may be anything.
            Trust::Context => words.first().is_some_and(|w| w.end - w.start > 2).then_some(Credit::Held),
        }
    }

    /// Whether one of the label's context words stands within six words.
    fn has_context(&self, cut: &Cut, first: usize, last: usize, label: u32) -> bool {
        const REACH: usize = 6;
        let context = self.reader.context(self.table, label);
        let before = cut.words.get(first.saturating_sub(REACH)..first).unwrap_or_default();
        let after = cut.words.get(last + 1..cut.words.len().min(last + 1 + REACH)).unwrap_or_default();
        before.iter().chain(after).any(|w| {
            let raw = cut.text.get(w.start as usize..w.end as usize).unwrap_or_default();
            context.contains(&tokens::form(raw))
        })
    }

    /// Scores a match and keeps it unless the text denies it.
    fn keep(
        &self,
        cut: &Cut,
        hit: Option<Hit>,
        offset: u32,
        field: Field,
        section: SectionKind,
        found: &mut Vec<Found>,
    ) {
        let Some(Hit { first, last, choice }) = hit else { return };
        let (Some(from), Some(to)) = (cut.words.get(first), cut.words.get(last)) else { return };
        let Some(facts) = self.reader.facts(choice.label) else { return };
        if cues::is_denied(cut.text, cut.words, first, self.reader.lang) {
            return;
        }
        let mut score = facts.base + score::place(choice.lane, last > first, section);
        let listed = section == SectionKind::Requirements && is_listed(cut.words, first, last);
        let credit = if listed && choice.credit == Credit::Held { Credit::Plain } else { choice.credit };
        score += match credit {
            Credit::Plain => 0.0,
            Credit::SpokenFor => score::SPOKEN_FOR,
            Credit::Held => score::held(last > first),
        };
        // "Civil engineer" in a title is the job, not civil engineering.
        let derived = choice.derived || (field == Field::Title && choice.lane == Lane::Stem);
        score += if derived { score::DERIVED } else { 0.0 };
        score += if choice.shared { score::SHARED } else { 0.0 };
        let (start, end) = (from.start.saturating_add(offset), to.end.saturating_add(offset));
        let held = credit == Credit::Held;
        found.push(Found { label: choice.label, field, start, end, lane: choice.lane, section, score, held });
    }
}

/// The next word that is no determiner, and whether a comma lies before it; none across a closed gap.
#[inline]
fn next_word(words: &[Word], last: usize) -> Option<(usize, bool)> {
    let mut comma = false;
    for next in last + 1..last + 4 {
        let word = words.get(next)?;
        match word.gap {
            Gap::Closed => return None,
            Gap::Comma => comma = true,
            Gap::Open => {}
        }
        match word.known.symbol {
            UNKNOWN => return None,
            SKIP => {}
            _ if is_name(word) => return None,
            _ => return Some((next, comma)),
        }
    }
    None
}

/// An item of a list by itself: an ordinary word among requirements is then meant.
fn is_listed(words: &[Word], first: usize, last: usize) -> bool {
    let opens = words.get(first).is_some_and(|w| w.gap != Gap::Open);
    opens && words.get(last + 1).is_none_or(|w| w.gap != Gap::Open)
}

/// A corrected word with a capital inside a sentence: a person or place, not a slip.
fn is_name(word: &Word) -> bool {
    word.known.corrected && word.known.case == Case::Capital && word.gap != Gap::Closed
}

/// Preferred before others, whole before trimmed.
fn standing(facts: &Facts) -> u8 {
    let kind = match facts.kind {
        LabelKind::Preferred => 4,
        LabelKind::Alternative => 2,
        LabelKind::Hidden => 0,
    };
    kind + u8::from(!facts.trimmed)
}

/// Whether the long words around a match are all in capitals, so that its own capitals tell nothing.
fn is_shouted(words: &[Word], first: usize, last: usize) -> bool {
    const REACH: usize = 5;
    let before = words.get(first.saturating_sub(REACH)..first).unwrap_or_default();
    let after = words.get(last + 1..words.len().min(last + 1 + REACH)).unwrap_or_default();
    let mut long = before.iter().chain(after).filter(|w| w.end - w.start > 4);
    let several = long.clone().nth(1).is_some();
    several && long.all(|w| w.known.case == Case::Upper)
}
