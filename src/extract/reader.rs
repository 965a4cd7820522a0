//! What is needed to read one language: its trie, what each label needs to be believed, its misspellings.

use crate::extract::Lanes;
use crate::extract::misspelling::Misspellings;
use crate::lexicon::Lexicon;
use crate::lexicon::ambiguity::{Ambiguity, Trust, is_proper_name, surface_key};
use crate::lexicon::labels::{LabelTable, UNKNOWN, lang_index};
use crate::lexicon::tokens;
use crate::lexicon::trie::{At, Trie};
use crate::types::{LabelKind, Lang};

/// Symbol of a determiner, which a match may run across.
pub(super) const SKIP: u32 = UNKNOWN - 1;

/// What is known of a spelling.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// What the trie is walked by: token in the exact lane, stem otherwise; `UNKNOWN` or [`SKIP`].
    pub symbol: u32,
    /// Where the trie stands behind it, when a label begins with it.
    pub start: Option<At>,
    /// Token of the vocabulary, or `UNKNOWN`.
    pub token: u32,
    /// How it is written.
    pub case: Case,
    /// Reached through a corrected spelling.
    pub corrected: bool,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// No capital first.
    Lower,
    /// First letter a capital, or capitals inside.
    Capital,
    /// Two letters or more, all capitals; or one capital alone.
    Upper,
}

/// A label as the matcher sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Index in the label table.
    pub label: u32,
    /// Concept.
    pub concept: u32,
    /// Standing.
    pub kind: LabelKind,
    /// Without its qualifier.
    pub trimmed: bool,
    /// What it needs.
    pub trust: Trust,
    /// Holds a comma, so that a match may run across one.
    pub comma: bool,
    /// Part of the score that does not depend on the posting.
    pub base: f32,
    /// How telling its words are: sum of their idf.
    pub weight: f32,
}

/// Reads one language.
pub(super) struct Reader {
    pub lang: Lang,
    pub lang_index: usize,
    pub lanes: Lanes,
    pub trie: Trie,
    pub ambiguity: Ambiguity,
    facts: Vec<Facts>,
    determiners: &'static [&'static str],
    misspellings: Option<Misspellings>,
}

fn determiners(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Es => &[
            "el", "la", "los", "las", "un", "una", "unos", "unas", "su", "sus", "nuestro", "nuestra", "nuestros",
            "nuestras",
        ],
        Lang::Ca => &["el", "la", "els", "les", "l", "un", "una", "uns", "unes", "seu", "seva", "seus", "seves"],
        Lang::Ar => &[],
        Lang::En | Lang::Und => &["the", "a", "an", "our", "your", "their", "its", "any", "all", "this", "these"],
    }
}

impl Reader {
    /// None when there is no label to look for. Names of technologies are taken from English into every language.
    pub(super) fn new(lexicon: &Lexicon, lang: Lang, lanes: Lanes) -> Option<Self> {
        let table = &lexicon.skills;
        let english = Ambiguity::of(Lang::En);
        let ambiguity = Ambiguity::of(lang);
        let facts = facts(lexicon, lang, &ambiguity, &english);
        if facts.is_empty() {
            return None;
        }
        let mut reader = Self {
            lang,
            lang_index: lang_index(lang),
            lanes,
            trie: Trie::default(),
            ambiguity,
            facts,
            determiners: determiners(lang),
            misspellings: None,
        };
        reader.build_trie(table);
        if lanes != Lanes::Exact {
            reader.misspellings = Some(Misspellings::new(lexicon, lang));
        }
        Some(reader)
    }

    fn build_trie(&mut self, table: &LabelTable) {
        let mut symbols: Vec<u32> = Vec::new();
        let mut ends: Vec<usize> = Vec::with_capacity(self.facts.len());
        let determiners: Vec<u32> = self.determiners.iter().filter_map(|d| table.vocabulary.tokens.get(d)).collect();
        for facts in &self.facts {
            let words = table.tokens(facts.label as usize);
            let kept = words.iter().filter(|t| !determiners.contains(t)).count();
            for token in words {
                match self.lanes {
                    Lanes::Exact => symbols.push(*token),
                    Lanes::All | Lanes::Deep if kept >= 2 && determiners.contains(token) => {}
                    Lanes::All | Lanes::Deep => symbols.push(table.vocabulary.stem_of(*token, self.lang)),
                }
            }
            ends.push(symbols.len());
        }
        let mut start = 0;
        let mut sequences = Vec::with_capacity(ends.len());
        for (end, label) in ends.into_iter().zip(0..) {
            sequences.push((symbols.get(start..end).unwrap_or_default(), label));
            start = end;
        }
        self.trie = Trie::build(sequences);
    }

    /// What is known of a word, by its folded form.
    pub(super) fn know(&self, form: &str, case: Case, table: &LabelTable) -> Known {
        let token = table.vocabulary.tokens.get(form);
        if self.is_determiner(form) {
            return Known { symbol: SKIP, start: None, token: token.unwrap_or(UNKNOWN), case, corrected: false };
        }
        if let Some(symbol) = self.symbol(form, table) {
            // A word that only stands inside labels (تنظيم وإدارة) may still begin another without its particle.
            let bare = || (self.lang == Lang::Ar).then(|| tokens::without_particle(form)).flatten();
            let start = self.trie.first(symbol).or_else(|| self.trie.first(self.symbol(bare()?, table)?));
            return Known { symbol, start, token: token.unwrap_or(UNKNOWN), case, corrected: false };
        }
        if self.lang == Lang::Ar
            && let Some(rest) = tokens::without_particle(form)
            && let Some(symbol) = self.symbol(rest, table)
        {
            let token = table.vocabulary.tokens.get(rest).unwrap_or(UNKNOWN);
            return Known { symbol, start: self.trie.first(symbol), token, case, corrected: false };
        }
        if let Some(token) = self.misspellings.as_ref().and_then(|m| m.correct(form, &table.vocabulary)) {
            let symbol = table.vocabulary.stem_of(token, self.lang);
            return Known { symbol, start: self.trie.first(symbol), token, case, corrected: true };
        }
        Known { symbol: UNKNOWN, start: None, token: UNKNOWN, case, corrected: false }
    }

    /// Whether a match may run across the word.
    pub(super) fn is_determiner(&self, form: &str) -> bool {
        self.lanes != Lanes::Exact && self.determiners.contains(&form)
    }

    fn symbol(&self, form: &str, table: &LabelTable) -> Option<u32> {
        match self.lanes {
            Lanes::Exact => table.vocabulary.tokens.get(form),
            Lanes::All | Lanes::Deep => table.vocabulary.stem_of_word(form, self.lang),
        }
    }

    /// What is known of a label of this reader.
    pub(super) fn facts(&self, label: u32) -> Option<&Facts> {
        self.facts.get(label as usize)
    }

    /// Its concept.
    pub(super) fn concept(&self, label: u32) -> u32 {
        self.facts(label).map_or(UNKNOWN, |f| f.concept)
    }

    /// Its index in the label table.
    pub(super) fn table_label(&self, label: u32) -> usize {
        self.facts(label).map_or(usize::MAX, |f| f.label as usize)
    }

    /// Context words of a label with a rule.
    pub(super) fn context(&self, table: &LabelTable, label: u32) -> &[String] {
        let key = surface_key(table.text(self.table_label(label)));
        self.ambiguity.rule(&key).map_or(&[], |r| &r.context)
    }
}

/// Labels to look for in a language.
fn facts(lexicon: &Lexicon, lang: Lang, ambiguity: &Ambiguity, english: &Ambiguity) -> Vec<Facts> {
    let table = &lexicon.skills;
    let preferred = preferred_labels(table, lang, lexicon.taxonomy.skills.len());
    let preferred_english = preferred_labels(table, Lang::En, lexicon.taxonomy.skills.len());
    let mut facts = Vec::new();
    for (index, entry) in table.entries.iter().enumerate() {
        let foreign = entry.lang == Lang::En && lang != Lang::En;
        if entry.lang != lang && !(foreign && is_proper_name(table.text(index), english)) {
            continue;
        }
        let preferred = if foreign { &preferred_english } else { &preferred };
        let preferred = preferred.get(entry.concept as usize).copied().flatten();
        let own = ambiguity.trust(table, index, preferred);
        let trust = if foreign { own.max(english.trust(table, index, preferred)) } else { own };
        if trust == Trust::Drop {
            continue;
        }
        let label = u32::try_from(index).unwrap_or(UNKNOWN);
        let base = super::score::base(table, index, preferred);
        let weight = table.stems(index).iter().map(|s| table.vocabulary.idf(*s)).sum();
        let comma = table.text(index).contains([',', '،']);
        facts.push(Facts {
            label,
            concept: entry.concept,
            kind: entry.kind,
            trimmed: entry.trimmed,
            trust,
            comma,
            base,
            weight,
        });
    }
    facts
}

/// Per concept: its preferred label in a language.
fn preferred_labels(table: &LabelTable, lang: Lang, concepts: usize) -> Vec<Option<usize>> {
    let mut preferred = vec![None; concepts];
    for (index, entry) in table.entries.iter().enumerate() {
        if entry.lang == lang
            && entry.kind == LabelKind::Preferred
            && !entry.trimmed
            && let Some(slot) = preferred.get_mut(entry.concept as usize)
        {
            *slot = slot.or(Some(index));
        }
    }
    preferred
}
