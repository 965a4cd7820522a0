//! Which labels are too ordinary to be believed on sight, and what would make them credible.
//!
//! Two sources: the table `data/reference/ambiguous_labels.csv`, written by hand with a reason per row, and rules on
//! the shape of a label against the concept's preferred name, so that a taxonomy never seen before is guarded as well.

use crate::lexicon::labels::{LabelTable, lang_index};
use crate::lexicon::{normal, tokens};
use crate::types::{LabelKind, Lang};
use rustc_hash::{FxHashMap, FxHashSet};

const TABLE: &str = include_str!("../../data/reference/ambiguous_labels.csv");
const COMMON: &str = include_str!("../../data/reference/common_words.csv");

/// What a match of a label needs before it is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// Named by hand as a safe sign of the skill.
    Named,
    /// Believed as it stands.
    Plain,
    /// Believed when written with a capital, and near a context word where it has any, else inside a sentence;
    /// otherwise dropped.
    Capital,
    /// Believed when written all in capitals; else dropped.
    Upper,
    /// Believed near one of its context words or other support; else kept for review.
    Context,
    /// Kept for review unless the occupation asks for the skill.
    Review,
    /// Never a sign of the skill.
    Drop,
}

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it needs.
    pub trust: Trust,
    /// Folded words that support it nearby.
    pub context: Vec<String>,
}

/// Ordinary words and hand-written rules of one language.
#[derive(Debug, Clone, Default)]
pub struct Ambiguity {
    common: FxHashSet<String>,
    rules: FxHashMap<String, Rule>,
}

/// The forms of a text, joined by one space: the key of the table.
pub fn surface_key(text: &str) -> String {
    tokens::tokens(text).map(|t| tokens::form(t.raw)).collect::<Vec<_>>().join(" ")
}

/// Fields of a line of our own tables, which hold no quotes.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().skip(1).filter(|l| !l.is_empty()).map(|l| l.split(',').collect())
}

fn trust(rule: &str) -> Option<Trust> {
    Some(match rule {
        "keep" => Trust::Named,
        "capital" => Trust::Capital,
        "upper" => Trust::Upper,
        "context" => Trust::Context,
        "review" => Trust::Review,
        "drop" => Trust::Drop,
        _ => return None,
    })
}

impl Ambiguity {
    /// The compiled-in tables of a language.
    pub fn of(lang: Lang) -> Self {
        let code = Lang::ALL[lang_index(lang)].code();
        let mut ambiguity = Self::default();
        for row in rows(COMMON) {
            if let [language, words] = row.as_slice()
                && *language == code
            {
                ambiguity.common.extend(words.split(' ').map(tokens::form));
            }
        }
        for row in rows(TABLE) {
            if let [language, surface, rule, context, _reason] = row.as_slice()
                && *language == code
                && let Some(trust) = trust(rule)
            {
                let context = context.split(' ').filter(|w| !w.is_empty()).map(tokens::form).collect();
                ambiguity.rules.insert(surface_key(surface), Rule { trust, context });
            }
        }
        ambiguity
    }

    /// Whether a folded word is ordinary.
    pub fn is_common(&self, form: &str) -> bool {
        self.common.contains(form)
    }

    /// The ordinary words, in no order.
    pub fn common_words(&self) -> impl Iterator<Item = &str> {
        self.common.iter().map(String::as_str)
    }

    /// The hand-written rule for a surface key.
    pub fn rule(&self, key: &str) -> Option<&Rule> {
        self.rules.get(key)
    }

    /// What a label needs, by the table first and by its shape otherwise. `preferred` is the index of the concept's
    /// preferred label in the same language.
    pub fn trust(&self, table: &LabelTable, label: usize, preferred: Option<usize>) -> Trust {
        let text = table.text(label);
        let words = table.tokens(label);
        if words.len() <= 4
            && let Some(rule) = self.rules.get(&surface_key(text))
        {
            return rule.trust;
        }
        let Some(entry) = table.entries.get(label) else { return Trust::Drop };
        let all_common = words.iter().all(|t| self.is_common(table.vocabulary.tokens.text(*t)));
        if words.len() > 1 {
            let far = entry.kind != LabelKind::Preferred && strangeness(table, label, preferred) > 0.5;
            return if all_common && far && words.len() <= 3 { Trust::Review } else { Trust::Plain };
        }
        self.trust_of_word(table, label, preferred, all_common)
    }

    /// A label of one word: names and acronyms by their case, ordinary words and words foreign to the preferred name
    /// only with support.
    fn trust_of_word(&self, table: &LabelTable, label: usize, preferred: Option<usize>, common: bool) -> Trust {
        let text = table.text(label);
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let has_case = text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        let upper = has_case && !text.strip_suffix('s').unwrap_or(text).chars().any(char::is_lowercase);
        let signed = text.chars().any(|c| c.is_ascii_digit() || matches!(c, '+' | '#' | '.'));
        let Some(entry) = table.entries.get(label) else { return Trust::Drop };
        if letters <= 1 && !signed {
            return Trust::Drop;
        }
        if letters <= 3 && has_case && !signed {
            return Trust::Upper;
        }
        if upper && (common || letters <= 4) {
            return Trust::Upper;
        }
        let named = text.chars().next().is_some_and(char::is_uppercase);
        let head = preferred.map(|p| {
            (
                surface_key(crate::lexicon::labels::without_qualifier(table.text(p)).unwrap_or(table.text(p))),
                table.stems(p),
            )
        });
        let is_name_of_concept =
            entry.kind == LabelKind::Preferred || head.as_ref().is_some_and(|(key, _)| *key == surface_key(text));
        if common {
            return if named && is_name_of_concept { Trust::Capital } else { Trust::Review };
        }
        if is_name_of_concept || named || signed || upper {
            return Trust::Plain;
        }
        if preferred.is_some() && strangeness(table, label, preferred) == 0.0 {
            return Trust::Plain;
        }
        match head {
            Some((key, stems)) if stems.len() == 1 && akin(&key, &normal::fold(text)) => Trust::Plain,
            _ => Trust::Review,
        }
    }
}

/// Share of a label's idf that its concept's preferred label lacks: a far-fetched alternative is less credible. One half
/// when the concept has no preferred label in the language.
pub fn strangeness(table: &LabelTable, label: usize, preferred: Option<usize>) -> f32 {
    let Some(preferred) = preferred else { return 0.5 };
    let known = table.stems(preferred);
    let (mut all, mut missing) = (0.0, 0.0);
    for stem in table.stems(label) {
        let idf = table.vocabulary.idf(*stem);
        all += idf;
        missing += if known.contains(stem) { 0.0 } else { idf };
    }
    if all > 0.0 { missing / all } else { 0.0 }
}

/// Whether two folded words look like forms of one word: the first five letters agree.
fn akin(a: &str, b: &str) -> bool {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count() >= 5
}

/// Whether a label reads as the name of a technology or product, so that it is looked for inside other languages:
/// at most four words, each with a capital, digit or sign, none an ordinary English word when it stands alone.
pub fn is_proper_name(text: &str, english: &Ambiguity) -> bool {
    let mut count = 0;
    for token in tokens::tokens(text) {
        count += 1;
        let marked = token.raw.chars().any(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '+' | '#' | '.'));
        if !marked {
            return false;
        }
    }
    let form = normal::fold(text);
    (1..=4).contains(&count) && form.chars().count() > 2 && !(count == 1 && english.is_common(&form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Label;

    fn concept(labels: &[(&str, LabelKind)]) -> Vec<Label> {
        labels.iter().map(|(t, k)| Label { text: (*t).to_owned(), lang: Lang::En, kind: *k }).collect()
    }

    #[test]
    fn every_row_of_the_tables_is_read() {
        for row in rows(TABLE) {
            assert!(row.len() == 5 && trust(row[2]).is_some() && Lang::from_code(row[0]) != Lang::Und, "{row:?}");
            assert!(!row[4].is_empty(), "{row:?} gives no reason");
            assert!(trust(row[2]) != Some(Trust::Context) || !row[3].is_empty(), "{row:?} names no context");
        }
        for row in rows(COMMON) {
            assert!(row.len() == 2 && Lang::from_code(row[0]) != Lang::Und, "{row:?}");
        }
    }

    #[test]
    fn one_word_is_believed_by_its_standing_and_shape() {
        use LabelKind::{Alternative as A, Preferred as P};
        let concepts = [
            concept(&[("computer technology", P), ("IT", A)]),
            concept(&[("phlebology", P), ("phlebologies", A), ("bleeding", A)]),
            concept(&[("PHP", P)]),
            concept(&[("manage people at work", P)]),
        ];
        let table = LabelTable::build(concepts.iter().map(Vec::as_slice));
        let ambiguity = Ambiguity::of(Lang::En);
        let trust = |label, preferred| ambiguity.trust(&table, label, Some(preferred));
        assert_eq!(trust(0, 0), Trust::Plain);
        assert_ne!(trust(1, 0), Trust::Plain);
        assert_eq!((trust(2, 2), trust(3, 2), trust(4, 2)), (Trust::Plain, Trust::Plain, Trust::Review));
        assert_eq!(trust(5, 5), Trust::Upper);
        assert_eq!(trust(6, 6), Trust::Plain);
    }

    #[test]
    fn names_of_products_are_told_from_phrases() {
        let english = Ambiguity::of(Lang::En);
        for name in ["Power BI", "Python", "Node.js", "Microsoft Access", "SQL Server"] {
            assert!(is_proper_name(name, &english), "{name}");
        }
        for phrase in ["use Excel", "customer service", "R", "Access", "Excel in your career today please"] {
            assert!(!is_proper_name(phrase, &english), "{phrase}");
        }
    }
}
