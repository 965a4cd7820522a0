//! Every name of every concept, cut into tokens and stems once, with the vocabulary they share.

use crate::lexicon::{own_titles, stem, tokens};
use crate::types::{Label, LabelKind, Lang, Occupation, Taxonomy};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Index of a token or stem that no label holds.
pub const UNKNOWN: u32 = u32::MAX;

/// Strings numbered in order of first sight.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    ids: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Interner {
    /// The number of a text, a new one when unseen.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(UNKNOWN);
        self.ids.insert(text.into(), id);
        self.texts.push(text.into());
        id
    }

    /// The number of a text seen before.
    pub fn get(&self, text: &str) -> Option<u32> {
        self.ids.get(text).copied()
    }

    /// The text of a number; empty when out of range.
    pub fn text(&self, id: u32) -> &str {
        self.texts.get(id as usize).map_or("", |t| t)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// Tokens and stems of all labels, and how telling each stem is.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Folded tokens.
    pub tokens: Interner,
    /// Stems; one space for all languages.
    pub stems: Interner,
    /// Per language of [`Lang::ALL`]: stem of each token, empty when no label is in that language.
    stem_of: [Vec<u32>; 4],
    /// Per stem: concepts with a label that holds it.
    concept_counts: Vec<u32>,
    concept_count: u32,
}

/// Position in [`Lang::ALL`]; text of unknown language is read as English.
pub fn lang_index(lang: Lang) -> usize {
    match lang {
        Lang::En | Lang::Und => 0,
        Lang::Es => 1,
        Lang::Ca => 2,
        Lang::Ar => 3,
    }
}

impl Vocabulary {
    /// Stem of a token of the vocabulary, by the rules of `lang`; `UNKNOWN` when no label is in that language.
    pub fn stem_of(&self, token: u32, lang: Lang) -> u32 {
        self.stem_of[lang_index(lang)].get(token as usize).copied().unwrap_or(UNKNOWN)
    }

    /// Stem of any folded word, by the rules of `lang`, when some label holds it.
    pub fn stem_of_word(&self, form: &str, lang: Lang) -> Option<u32> {
        match self.tokens.get(form).map(|t| self.stem_of(t, lang)) {
            Some(stem) if stem != UNKNOWN => Some(stem),
            _ => self.stems.get(&stem::stem(form, lang)),
        }
    }

    /// ln(1 + concepts / concepts with the stem): 0.7 for a stem of every concept, more for rarer ones.
    pub fn idf(&self, stem: u32) -> f32 {
        let count = self.concept_counts.get(stem as usize).copied().unwrap_or(0).max(1);
        (1.0 + self.concept_count.max(1) as f32 / count as f32).ln()
    }

    /// Concepts with a label that holds the stem.
    pub fn concept_count(&self, stem: u32) -> u32 {
        self.concept_counts.get(stem as usize).copied().unwrap_or(0)
    }

    fn stem_tokens(&mut self, langs: [bool; 4]) {
        let mut buffer = String::new();
        for (index, lang) in Lang::ALL.into_iter().enumerate().filter(|(i, _)| langs[*i]) {
            let mut row = Vec::with_capacity(self.tokens.len());
            for token in &self.tokens.texts {
                buffer.clear();
                stem::stem_into(token, lang, &mut buffer);
                row.push(self.stems.intern(&buffer));
            }
            self.stem_of[index] = row;
        }
    }
}

/// One name of one concept.
#[derive(Debug, Clone)]
pub struct LabelEntry {
    /// Index into the list the table was built from.
    pub concept: u32,
    /// Language.
    pub lang: Lang,
    /// Standing.
    pub kind: LabelKind,
    /// A copy without its trailing "(...)".
    pub trimmed: bool,
    text: Range<u32>,
    words: Range<u32>,
}

/// All names of a list of concepts.
#[derive(Debug, Clone, Default)]
pub struct LabelTable {
    /// In the order of the concepts, then of their labels; a trimmed copy follows its original.
    pub entries: Vec<LabelEntry>,
    /// What the labels are made of.
    pub vocabulary: Vocabulary,
    texts: String,
    tokens: Vec<u32>,
    stems: Vec<u32>,
}

fn at(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// `"Java (computer programming)"` -> `"Java"`; none when there is no trailing bracket or nothing before it.
pub fn without_qualifier(text: &str) -> Option<&str> {
    let open = text.trim_end().strip_suffix(')')?.rfind('(')?;
    let head = text[..open].trim_end();
    (!head.is_empty()).then_some(head)
}

impl LabelTable {
    /// Names of the skills.
    pub fn of_skills(taxonomy: &Taxonomy) -> Self {
        Self::build(taxonomy.skills.iter().map(|s| s.labels.as_slice()))
    }

    /// Names of the occupations: the preferred ones, then what employers call them, which a quick look may stop after,
    /// then the rest.
    pub fn of_occupations(taxonomy: &Taxonomy) -> Self {
        let names = |(occupation, own): (&Occupation, Vec<Label>)| {
            let (first, rest): (Vec<&Label>, Vec<&Label>) =
                occupation.labels.iter().partition(|label| label.kind == LabelKind::Preferred);
            first.into_iter().cloned().chain(own).chain(rest.into_iter().cloned()).collect::<Vec<Label>>()
        };
        let own = own_titles::titles_of(&taxonomy.occupations);
        let names: Vec<Vec<Label>> = taxonomy.occupations.iter().zip(own).map(names).collect();
        Self::build(names.iter().map(Vec::as_slice))
    }

    /// Names of any list of concepts; the position in the list is the concept.
    pub fn build<'a>(concepts: impl Iterator<Item = &'a [Label]>) -> Self {
        let mut table = Self::default();
        let mut form = String::new();
        let mut concept = 0;
        for labels in concepts {
            for label in labels {
                table.push(concept, label, &label.text, false, &mut form);
                if let Some(head) = without_qualifier(&label.text) {
                    table.push(concept, label, head, true, &mut form);
                }
            }
            concept += 1;
        }
        table.vocabulary.concept_count = concept;
        table.finish();
        table
    }

    fn push(&mut self, concept: u32, label: &Label, text: &str, trimmed: bool, form: &mut String) {
        let mark = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (text_start, word_start) = (mark(self.texts.len()), mark(self.tokens.len()));
        self.texts.push_str(text);
        for token in tokens::tokens(text) {
            tokens::form_into(token.raw, form);
            self.tokens.push(self.vocabulary.tokens.intern(form));
        }
        self.entries.push(LabelEntry {
            concept,
            lang: label.lang,
            kind: label.kind,
            trimmed,
            text: text_start..mark(self.texts.len()),
            words: word_start..mark(self.tokens.len()),
        });
    }

    /// Stems every token in every language seen and counts the concepts of each stem.
    fn finish(&mut self) {
        let mut langs = [false; 4];
        for entry in &self.entries {
            langs[lang_index(entry.lang)] = true;
        }
        // Names of technologies are read from English inside every language.
        if langs[0] {
            langs = [true; 4];
        }
        self.vocabulary.stem_tokens(langs);
        self.stems = Vec::with_capacity(self.tokens.len());
        for entry in &self.entries {
            let words = &self.tokens[at(&entry.words)];
            self.stems.extend(words.iter().map(|t| self.vocabulary.stem_of(*t, entry.lang)));
        }
        let mut last_seen = vec![UNKNOWN; self.vocabulary.stems.len()];
        let mut counts = vec![0; self.vocabulary.stems.len()];
        for entry in &self.entries {
            for stem in &self.stems[at(&entry.words)] {
                let stem = *stem as usize;
                if last_seen[stem] != entry.concept {
                    last_seen[stem] = entry.concept;
                    counts[stem] += 1;
                }
            }
        }
        self.vocabulary.concept_counts = counts;
    }

    /// How many names.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The name as written; empty when out of range.
    pub fn text(&self, label: usize) -> &str {
        self.entries.get(label).and_then(|e| self.texts.get(at(&e.text))).unwrap_or_default()
    }

    /// Its token numbers.
    pub fn tokens(&self, label: usize) -> &[u32] {
        self.entries.get(label).and_then(|e| self.tokens.get(at(&e.words))).unwrap_or_default()
    }

    /// Its stem numbers, by the rules of the label's own language.
    pub fn stems(&self, label: usize) -> &[u32] {
        self.entries.get(label).and_then(|e| self.stems.get(at(&e.words))).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{LabelKind, Lang};

    fn label(text: &str, lang: Lang) -> Label {
        Label { text: text.to_owned(), lang, kind: LabelKind::Preferred }
    }

    #[test]
    fn a_qualified_label_is_found_without_its_qualifier_too() {
        let concepts = [vec![label("Java (computer programming)", Lang::En)], vec![label("analyse data", Lang::En)]];
        let table = LabelTable::build(concepts.iter().map(Vec::as_slice));
        let texts: Vec<&str> = (0..table.len()).map(|i| table.text(i)).collect();
        assert_eq!(texts, ["Java (computer programming)", "Java", "analyse data"]);
        assert!(table.entries[1].trimmed && table.entries[1].concept == 0);
        assert_eq!(table.tokens(1).len(), 1);
    }

    #[test]
    fn a_rare_stem_weighs_more_than_a_common_one() {
        let concepts: Vec<Vec<Label>> = ["manage staff", "manage budgets", "manage time", "weld pipes"]
            .iter()
            .map(|t| vec![label(t, Lang::En)])
            .collect();
        let table = LabelTable::build(concepts.iter().map(Vec::as_slice));
        let idf = |word: &str| table.vocabulary.idf(table.vocabulary.stem_of_word(word, Lang::En).unwrap());
        // ln(1 + 4/3) and ln(1 + 4/1)
        assert!((idf("manage") - 0.8473).abs() < 1e-3 && (idf("weld") - 1.6094).abs() < 1e-3);
        assert_eq!(
            table.vocabulary.stem_of_word("managing", Lang::En),
            table.vocabulary.stem_of_word("manages", Lang::En)
        );
    }
}
