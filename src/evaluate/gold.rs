//! Gold: texts with the right answers, as people annotated them.

use super::EvaluateError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a gold text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// A sentence or title of a posting.
    Sentence,
    /// A learning outcome.
    Outcome,
    /// A text that names no skill though it looks as if: counted for false alarms, never ranked.
    Negative,
}

impl TextKind {
    /// The name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            TextKind::Sentence => "sentence",
            TextKind::Outcome => "outcome",
            TextKind::Negative => "negative",
        }
    }

    /// Kind of the lines of a file that do not say theirs: `outcomes_en` and `negatives_en` by name, else sentences.
    pub fn of_file(stem: &str) -> Self {
        let names = [("outcome", TextKind::Outcome), ("negative", TextKind::Negative)];
        names.into_iter().find(|(start, _)| stem.starts_with(start)).map_or(TextKind::Sentence, |(_, kind)| kind)
    }
}

/// Words of a text that name a skill.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Span {
    /// First byte of the text, from 0.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The skill.
    pub uri: String,
}

/// One text of a gold file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Query {
    /// Id, unique in the file.
    pub id: String,
    /// The sentence, outcome or title.
    pub text: String,
    /// ISO 639-1 code, when the file says.
    #[serde(default, alias = "language")]
    pub lang: Option<String>,
    /// Right answers by URI.
    pub gold: Vec<String>,
    /// What the text is, when the file says.
    #[serde(default)]
    pub kind: Option<TextKind>,
    /// Where the answers stand, when somebody marked it.
    #[serde(default)]
    pub spans: Option<Vec<Span>>,
    /// Answers dropped because the taxonomy does not have them.
    #[serde(skip)]
    pub unknown_answer_count: usize,
}

impl Query {
    /// What the text is; a sentence when nobody said.
    pub fn text_kind(&self) -> TextKind {
        self.kind.unwrap_or(TextKind::Sentence)
    }

    /// Whether it is ranked: it has an answer and is no negative.
    pub fn is_ranked(&self) -> bool {
        self.text_kind() != TextKind::Negative && !self.gold.is_empty()
    }

    /// Language code, `und` when the file does not say.
    pub fn language(&self) -> &str {
        self.lang.as_deref().unwrap_or("und")
    }

    fn check(&self, line: usize) -> Result<(), EvaluateError> {
        let id = || self.id.clone();
        if self.text_kind() == TextKind::Negative && !self.gold.is_empty() {
            return Err(EvaluateError::NegativeWithGold { line, id: id() });
        }
        for span in self.spans.iter().flatten() {
            let Span { start, end, uri } = span;
            if self.text.get(*start..*end).is_none_or(str::is_empty) {
                return Err(EvaluateError::Span { line, id: id(), start: *start, end: *end, bytes: self.text.len() });
            }
            if !self.gold.contains(uri) {
                return Err(EvaluateError::SpanWithoutGold { line, id: id(), uri: uri.clone() });
            }
        }
        Ok(())
    }

    /// Drops repeats, then what the taxonomy does not have.
    fn keep(&mut self, known: &impl Fn(&str) -> bool) {
        let mut seen = BTreeSet::new();
        self.gold.retain(|uri| seen.insert(uri.clone()));
        let all = self.gold.len();
        self.gold.retain(|uri| known(uri));
        self.unknown_answer_count = all - self.gold.len();
        if let Some(spans) = &mut self.spans {
            spans.retain(|span| known(&span.uri));
            spans.sort();
            spans.dedup();
        }
    }
}

/// A gold file, with what was dropped from it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GoldSet {
    /// Texts that have an answer in the taxonomy, in file order; answers without repeats.
    pub queries: Vec<Query>,
    /// Sentences and outcomes without an answer: not ranked, but whatever is accepted in them is wrong.
    pub unanswered: Vec<Query>,
    /// Texts of kind negative.
    pub negatives: Vec<Query>,
    /// Answers the taxonomy does not have.
    pub unknown_answer_count: usize,
    /// Texts left without an answer, negatives not counted.
    pub dropped_query_count: usize,
}

impl GoldSet {
    /// Every text.
    pub fn into_texts(self) -> Vec<Query> {
        [self.queries, self.unanswered, self.negatives].concat()
    }
}

/// Reads gold lines; answers for which `known` is false are dropped and counted, then queries without any.
///
/// # Errors
/// On a line that is not a query, an id that comes twice, a span outside its text or without gold.
pub fn read_gold(lines: &str, known: impl Fn(&str) -> bool) -> Result<GoldSet, EvaluateError> {
    read_gold_as(lines, TextKind::Sentence, known)
}

/// [`read_gold`] where lines that do not say their kind are of kind `unsaid`.
///
/// # Errors
/// As [`read_gold`].
pub fn read_gold_as(lines: &str, unsaid: TextKind, known: impl Fn(&str) -> bool) -> Result<GoldSet, EvaluateError> {
    let mut set = GoldSet::default();
    let mut ids = BTreeSet::new();
    for (at, line) in lines.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let line_number = at + 1;
        let mut query: Query =
            serde_json::from_str(line).map_err(|source| EvaluateError::Gold { line: line_number, source })?;
        if !ids.insert(query.id.clone()) {
            return Err(EvaluateError::SameId { line: line_number, id: query.id });
        }
        query.kind = query.kind.or(Some(unsaid));
        query.check(line_number)?;
        query.keep(&known);
        set.unknown_answer_count += query.unknown_answer_count;
        if query.text_kind() == TextKind::Negative {
            set.negatives.push(query);
        } else if query.gold.is_empty() {
            set.dropped_query_count += 1;
            set.unanswered.push(query);
        } else {
            set.queries.push(query);
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        read_gold(&format!("{{\"id\":\"a\",\"text\":\"x\",\"gold\":[]}}\n{line}"), |_| true).unwrap_err().to_string()
    }

    #[test]
    fn answers_outside_the_taxonomy_are_dropped_and_counted() {
        let lines = r#"{"id":"a","text":"x","gold":["u1","u2","u3"]}
{"id":"b","text":"y","gold":["u9"]}
{"id":"c","text":"z","gold":["u4","u5","u4"],"spans":[{"start":0,"end":1,"uri":"u5"}]}
{"id":"e","text":"v","gold":[]}"#;
        let gold = read_gold(lines, |uri| uri != "u9" && uri != "u5").unwrap();
        assert_eq!((gold.queries.len(), gold.unknown_answer_count, gold.dropped_query_count), (2, 2, 2));
        assert_eq!((gold.queries[1].gold.len(), gold.queries[1].spans.as_deref()), (1, Some([].as_slice())));
        assert_eq!(gold.unanswered.len(), 2);
    }

    #[test]
    fn a_negative_is_no_query_and_takes_its_kind_from_the_line_or_the_file() {
        let lines = "{\"id\":\"a\",\"text\":\"x\",\"gold\":[]}\n{\"id\":\"b\",\"text\":\"y\",\"gold\":[\"u\"],\"kind\":\"outcome\"}";
        let gold = read_gold_as(lines, TextKind::of_file("negatives_ca"), |_| true).unwrap();
        assert_eq!((gold.negatives.len(), gold.queries.len(), gold.dropped_query_count), (1, 1, 0));
        assert_eq!(gold.queries[0].text_kind(), TextKind::Outcome);
    }

    #[test]
    fn a_line_that_cannot_be_right_is_named_with_what_is_wrong() {
        assert!(error("{\"id\":1}").starts_with("gold line 2"));
        assert!(error(r#"{"id":"a","text":"x","gold":[]}"#).contains("'a' was used before"));
        let negative = error(r#"{"id":"n","text":"x","gold":["u"],"kind":"negative"}"#);
        assert!(negative.contains("line 2") && negative.contains("negative"), "{negative}");
        // "é" is two bytes: 0..1 cuts it.
        let cut = error(r#"{"id":"s","text":"é","gold":["u"],"spans":[{"start":0,"end":1,"uri":"u"}]}"#);
        assert!(cut.contains("0..1") && cut.contains("2 bytes"), "{cut}");
        let other = error(r#"{"id":"s","text":"xy","gold":["u"],"spans":[{"start":0,"end":1,"uri":"w"}]}"#);
        assert!(other.contains("'w'"), "{other}");
        let kind = error(r#"{"id":"s","text":"xy","gold":["u"],"kind":"sentense"}"#);
        assert!(kind.contains("sentense") && kind.contains("outcome"), "{kind}");
    }
}
