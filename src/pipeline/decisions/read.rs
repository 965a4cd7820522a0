//! Rows of `review.csv` as people bring them back: every row is right, or every fault is said.

use super::Fault;
use crate::clean::contacts::redact;
use crate::pipeline::hand_table::{MOST_BYTES, delimiter, utf8};
use crate::types::{Choice, DECISION_COLUMNS, Date, Decision, DecisionKind, Group, Lang, SHOWN_COLUMN, SourceId};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use unicode_normalization::UnicodeNormalization;

/// Longest cell, in characters.
const MOST_CHARACTERS: usize = 5_000;
/// Longest term.
const MOST_TERM: usize = 100;
/// Most votes in one row.
const MOST_VOTES: u64 = 100_000;
/// Years between an edition and a decision about it that are believed.
const MOST_YEARS: i16 = 3;
/// What a spreadsheet would run as a formula starts so, and gets an apostrophe in front when it is written.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What a file says.
#[derive(Debug, Default, PartialEq)]
pub struct Rows {
    /// Rows with a decision, by their place in the file: the header is row 1.
    pub decided: Vec<(u64, Decision)>,
    /// Rows without one.
    pub open: u64,
}

/// Bytes of a file of decisions; of one that is far too large, enough to refuse it.
///
/// # Errors
/// When it cannot be read.
pub fn file_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file as its bytes came; `file` is what messages call it.
///
/// # Errors
/// Every fault of every row.
pub fn read_rows(file: &str, bytes: &[u8]) -> Result<Rows, Vec<Fault>> {
    let whole = |value: &str, expected: String| {
        vec![Fault { file: file.to_owned(), row: 1, column: "file", value: value.to_owned(), expected }]
    };
    if bytes.len() as u64 > MOST_BYTES {
        return Err(whole("too long", format!("at most {MOST_BYTES} bytes: it is no file of decisions")));
    }
    let text = utf8(bytes).map_err(|row| {
        let expected = "UTF-8; in a spreadsheet, save it as \"CSV UTF-8\"".to_owned();
        vec![Fault { row, ..whole("bytes that are not UTF-8", expected).remove(0) }]
    })?;
    let delimiter = delimiter(text);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|e| whole("", format!("a table: {e}")))?.clone();
    let places = places(file, &heads)?;
    let (mut rows, mut faults) = (Rows::default(), Vec::new());
    for (number, record) in (2..).zip(reader.records()) {
        let row = Row { file, number, places: &places };
        match record.map_err(|e| vec![row.fault("row", "", &format!("a row of the table: {e}"))]) {
            Err(more) => faults.extend(more),
            Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(record) => match row.read(&record, heads.len()) {
                Ok(Some(decision)) => rows.decided.push((number, decision)),
                Ok(None) => rows.open += 1,
                Err(more) => faults.extend(more),
            },
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// Where each column stands.
fn places(file: &str, heads: &csv::StringRecord) -> Result<BTreeMap<&'static str, usize>, Vec<Fault>> {
    let known = || DECISION_COLUMNS.iter().chain(&[SHOWN_COLUMN]).copied();
    let mut places = BTreeMap::new();
    let mut faults = Vec::new();
    let mut fault = |value: &str, expected: String| {
        faults.push(Fault { file: file.to_owned(), row: 1, column: "header", value: value.to_owned(), expected });
    };
    for (place, head) in heads.iter().map(str::trim).enumerate() {
        match known().find(|name| *name == head) {
            None => fault(head, format!("the columns {}", DECISION_COLUMNS.join(","))),
            Some(name) if places.insert(name, place).is_some() => fault(head, "every column once".to_owned()),
            Some(_) => {}
        }
    }
    for absent in DECISION_COLUMNS.iter().filter(|name| !places.contains_key(*name)) {
        fault("", format!("a column '{absent}'; the columns are {}", DECISION_COLUMNS.join(",")));
    }
    if faults.is_empty() { Ok(places) } else { Err(faults) }
}

/// A row that is being read.
struct Row<'a> {
    file: &'a str,
    number: u64,
    places: &'a BTreeMap<&'static str, usize>,
}

type Cells = BTreeMap<&'static str, String>;

impl Row<'_> {
    fn fault(&self, column: &'static str, value: &str, expected: &str) -> Fault {
        let (file, expected) = (self.file.to_owned(), expected.to_owned());
        Fault { file, row: self.number, column, value: value.to_owned(), expected }
    }

    /// The decision; none where the row was left open.
    fn read(&self, record: &csv::StringRecord, width: usize) -> Result<Option<Decision>, Vec<Fault>> {
        if record.len() != width {
            let expected = format!("{width} cells as in the header; quote a text that holds the delimiter");
            return Err(vec![self.fault("row", &format!("{} cells", record.len()), &expected)]);
        }
        let cells = self.cells(record)?;
        let cell = |name: &str| cells.get(name).map(String::as_str).unwrap_or_default();
        let Some(kind) = DecisionKind::ALL.into_iter().find(|k| k.name() == cell("kind")) else {
            let expected = DecisionKind::ALL.map(DecisionKind::name).join(", ");
            return Err(vec![self.fault("kind", cell("kind"), &format!("one of {expected}"))]);
        };
        if cell("decision").is_empty() {
            return if kind == DecisionKind::Priority && !cell("value").is_empty() {
                let expected = format!("{}: votes are given without what they are for", words(kind));
                Err(vec![self.fault("decision", "", &expected)])
            } else {
                Ok(None)
            };
        }
        let mut faults = Vec::new();
        let decision = self.decision(kind, &cells, &mut faults);
        match decision.filter(|_| faults.is_empty()) {
            Some(decision) => Ok(Some(decision)),
            None => Err(faults),
        }
    }

    fn cells(&self, record: &csv::StringRecord) -> Result<Cells, Vec<Fault>> {
        let mut cells = Cells::new();
        for (name, place) in self.places {
            let raw = record.get(*place).unwrap_or_default();
            if raw.len() > MOST_CHARACTERS && raw.chars().count() > MOST_CHARACTERS {
                let value: String = raw.chars().take(40).collect();
                let length = raw.chars().count();
                let expected = format!("at most {MOST_CHARACTERS} characters, there are {length}; is a quote missing?");
                return Err(vec![self.fault(name, &value, &expected)]);
            }
            cells.insert(name, plain(raw));
        }
        Ok(cells)
    }

    fn decision(&self, kind: DecisionKind, cells: &Cells, faults: &mut Vec<Fault>) -> Option<Decision> {
        let cell = |name: &str| cells.get(name).map(String::as_str).unwrap_or_default();
        let mut wrong = |column: &'static str, expected: &str| faults.push(self.fault(column, cell(column), expected));
        let choice = kind.choices().iter().copied().find(|c| c.name() == cell("decision"));
        if choice.is_none() {
            wrong("decision", &format!("{} for kind {}", words(kind), kind.name()));
        }
        let group = Group::ALL.into_iter().find(|g| g.name() == cell("group"));
        if group.is_none() {
            wrong("group", &format!("one of {}", Group::ALL.map(Group::name).join(", ")));
        }
        for (column, why) in needed(kind, choice) {
            if cell(column).is_empty() {
                wrong(column, why);
            }
        }
        let language = language(cell("language"));
        // The language of a statement or posting may be none of the four.
        let may_be_none = matches!(kind, DecisionKind::Match | DecisionKind::Mention | DecisionKind::Priority);
        if language.is_none() && !(may_be_none && cell("language").is_empty()) {
            wrong("language", "en, es, ca or ar, the language of text");
        }
        if let Err(expected) = value(kind, cell("value")) {
            wrong("value", &expected);
        }
        if choice == Some(Choice::Novel) && !cell("target").is_empty() {
            wrong("target", "nothing: a novel term is a skill that the taxonomy has not; 'alias' names a skill");
        }
        if kind == DecisionKind::Term && cell("text").chars().count() > MOST_TERM {
            wrong("text", &format!("a term of at most {MOST_TERM} characters"));
        }
        let decided_on = cell("decided_on").parse::<Date>().ok();
        if decided_on.is_none() {
            wrong("decided_on", "a day written as 2026-06-30");
        }
        match edition(cell("edition")) {
            None => wrong("edition", "PLAN@AS_OF of the report, such as demo@2026-06-30"),
            Some((_, as_of)) if decided_on.is_some_and(|day| !is_near(day, as_of)) => {
                let expected = format!("a day within {MOST_YEARS} years of {as_of}, the edition's");
                wrong("decided_on", &expected);
            }
            Some(_) => {}
        }
        let [subject, target, value, text] = kept(kind, choice?, cells);
        // Who decided is published, how to reach them is not.
        let public = |name: &str| redact(cell(name)).0.into_owned();
        let text = if matches!(kind, DecisionKind::Outcome | DecisionKind::Note) { public("text") } else { text };
        let language = language.filter(|_| !text.is_empty());
        Some(Decision {
            kind,
            subject,
            target,
            decision: choice?,
            value,
            text,
            language,
            group: group?,
            decided_by: public("decided_by"),
            decided_on: decided_on?,
            reason: public("reason"),
            edition: cell("edition").to_owned(),
        })
    }
}

/// Plan and day of an edition.
pub fn edition(cell: &str) -> Option<(SourceId, Date)> {
    let (plan, as_of) = cell.rsplit_once('@')?;
    Some((SourceId::new(plan).ok()?, as_of.parse().ok()?))
}

/// A plan may speak for a day to come, so a decision may be earlier; a slip in the year is none.
fn is_near(day: Date, as_of: Date) -> bool {
    (day.year() - as_of.year()).abs() <= MOST_YEARS
}

fn words(kind: DecisionKind) -> String {
    kind.choices().iter().map(|c| c.name()).collect::<Vec<_>>().join(", ")
}

fn language(code: &str) -> Option<Lang> {
    Lang::ALL.into_iter().find(|l| l.code() == code)
}

/// Columns that a row of the kind cannot go without, and what is expected there.
fn needed(kind: DecisionKind, choice: Option<Choice>) -> Vec<(&'static str, &'static str)> {
    let statement = ("text", "the statement as it was shown");
    let skill = ("target", "a skill id");
    let mut needed = match kind {
        DecisionKind::Match => vec![("subject", "the id of a learning outcome"), skill, statement],
        DecisionKind::Mention if choice == Some(Choice::Missed) => {
            vec![("subject", "the id of a posting"), skill, ("text", "the sentence as it was shown")]
        }
        DecisionKind::Mention => vec![
            ("subject", "the id of a posting"),
            skill,
            ("value", "the matched words"),
            ("text", "the sentence as it was shown"),
        ],
        DecisionKind::Term if choice == Some(Choice::Alias) => {
            vec![("target", "the id of the skill that the term names"), ("text", "the term")]
        }
        DecisionKind::Term => vec![("text", "the term")],
        DecisionKind::Priority => {
            vec![("subject", "a skill id"), ("target", "a programme id or 'portfolio'"), ("value", "a number of votes")]
        }
        DecisionKind::Outcome => vec![("text", "the drafted learning outcome")],
        DecisionKind::Note => vec![("subject", "a skill id or an occupation id"), ("text", "what the group said")],
    };
    if !matches!(kind, DecisionKind::Priority | DecisionKind::Note) {
        needed.push(("decided_by", "a role or initials"));
    }
    needed
}

/// Votes are a whole number, credits a number or nothing.
fn value(kind: DecisionKind, cell: &str) -> Result<(), String> {
    match kind {
        DecisionKind::Priority if !cell.is_empty() => match cell.parse::<u64>() {
            Ok(votes) if votes <= MOST_VOTES && cell.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
            _ => Err(format!("votes, a whole number up to {MOST_VOTES}")),
        },
        DecisionKind::Outcome if !cell.is_empty() => match cell.parse::<f64>() {
            Ok(ects) if ects > 0.0 && ects <= 60.0 => Ok(()),
            _ => Err("credits (ECTS) above 0 and at most 60, written as 1.5; or nothing".to_owned()),
        },
        _ => Ok(()),
    }
}

/// Subject, target, value and text; what the kind has no use for is left out, so that the same decision reads the same
/// wherever it was written.
fn kept(kind: DecisionKind, choice: Choice, cells: &Cells) -> [String; 4] {
    let cell = |name: &str| cells.get(name).cloned().unwrap_or_default();
    let (subject, target, value, text) = (cell("subject"), cell("target"), cell("value"), cell("text"));
    let none = String::new;
    match kind {
        DecisionKind::Match => [subject, target, none(), text],
        DecisionKind::Mention if choice == Choice::Missed => [subject, target, none(), text],
        DecisionKind::Mention | DecisionKind::Outcome => [subject, target, value, text],
        DecisionKind::Term => [none(), target, none(), text],
        DecisionKind::Priority => [subject, target, value.parse::<u64>().unwrap_or_default().to_string(), none()],
        DecisionKind::Note => [subject, none(), none(), text],
    }
}

/// A cell as it was meant: without the apostrophe that guards a formula, without controls that steer a terminal or the
/// direction of a page, composed, its white space single.
pub(super) fn plain(cell: &str) -> String {
    let guarded = cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA));
    let is_hostile = |c: &char| {
        (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let kept: String = guarded.unwrap_or(cell).chars().filter(|c| !is_hostile(c)).nfc().collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}
