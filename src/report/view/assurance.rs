//! Evidence for quality assurance: how many micro-credentials the data show each criterion of, and a word for each of them.

use super::{Cell, Context, Head, Section, TableView};
use crate::report::phrase::{Phrase, Piece, joined, web_address};
use crate::types::{AssuranceBasis, AssuranceRow, AssuranceState, Criterion, Framework};
use serde::Serialize;
use std::collections::BTreeMap;

const MOST_CREDENTIALS: usize = 40;
const FILE: &str = "assurance.csv";
/// Columns of the tables by credential: (anchor, key of the caption, frameworks).
const TABLES: [(&str, &str, &[Framework]); 3] = [
    ("assurance-principles", "assurance.principles", &[Framework::Heqco]),
    ("assurance-maturity", "assurance.maturity", &[Framework::Maturity]),
    ("assurance-outcomes", "assurance.outcomes", &[Framework::Outcomes, Framework::EuMinimum]),
];
const STATES: [AssuranceState; 4] =
    [AssuranceState::Shown, AssuranceState::Partly, AssuranceState::NotShown, AssuranceState::NotInTheData];

/// One sentence, a count by criterion, then a table for each group of criteria; nothing without a catalogue.
pub fn section(context: &Context) -> Section {
    let (m, rows) = (context.messages, &context.index.findings.assurance);
    let credentials = credentials(rows);
    if credentials.is_empty() {
        return Section::default();
    }
    let mut tables = vec![summary(context)];
    tables.extend(TABLES.into_iter().filter_map(|(id, caption, frameworks)| {
        by_credential(context, &credentials, id, caption, &spoken_of(rows, frameworks))
    }));
    let lead = m.fill("assurance.lead", &[("n", m.count(credentials.len() as u64))]);
    let others = rows.iter().filter(|row| row.criterion == Criterion::Other).count() as u64;
    let other = (others > 0).then(|| m.fill("assurance.others", &[("n", m.count(others)), ("file", FILE.to_owned())]));
    let lines = silent(context, rows).into_iter().chain(other).collect();
    Section { id: "assurance", heading: m.text("assurance.heading"), lead, tables, lines }
}

/// Criteria of these frameworks that the data speak of for at least one micro-credential.
fn spoken_of(rows: &[AssuranceRow], frameworks: &[Framework]) -> Vec<Criterion> {
    let speaks = |criterion: Criterion| {
        rows.iter().any(|row| row.criterion == criterion && row.extent != AssuranceState::NotInTheData)
    };
    let own = Criterion::ALL.into_iter().filter(|(framework, _)| frameworks.contains(framework));
    own.map(|(_, criterion)| criterion).filter(|criterion| speaks(*criterion)).collect()
}

/// The criteria without a column, in one line.
fn silent(context: &Context, rows: &[AssuranceRow]) -> Option<Phrase> {
    let m = context.messages;
    let all = Criterion::ALL
        .into_iter()
        .filter(|(framework, criterion)| !spoken_of(rows, std::slice::from_ref(framework)).contains(criterion));
    let names: Vec<Phrase> = all.map(|(_, criterion)| word(context, "criterion", criterion)).collect();
    (!names.is_empty()).then(|| m.phrase("assurance.silent", &[("criteria", joined(names, &m.text("join.clause")))]))
}

/// Rows of each micro-credential, in the order of the catalogue; rows of one stand together.
fn credentials(rows: &[AssuranceRow]) -> Vec<&[AssuranceRow]> {
    rows.chunk_by(|a, b| a.credential == b.credential && a.criterion < b.criterion || b.criterion == Criterion::Other)
        .collect()
}

/// The word of a closed list, as the files spell it.
fn code(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn head(label: String, kind: &'static str) -> Head {
    Head { text: vec![Piece::own(&label)], label, kind }
}

fn word(context: &Context, prefix: &str, value: impl Serialize) -> Phrase {
    context.messages.word("values", &format!("{prefix}_{}", code(value)))
}

fn plain_word(context: &Context, prefix: &str, value: impl Serialize) -> String {
    crate::report::phrase::plain(&word(context, prefix, value))
}

/// Micro-credentials by criterion and state, with what counts as shown.
fn summary(context: &Context) -> TableView {
    let m = context.messages;
    let mut counts: BTreeMap<(Criterion, AssuranceState), u64> = BTreeMap::new();
    for row in &context.index.findings.assurance {
        *counts.entry((row.criterion, row.extent)).or_default() += 1;
    }
    let row = |(framework, criterion): (Framework, Criterion)| {
        let rule = match criterion {
            Criterion::Satisfaction | Criterion::Completion | Criterion::Employment => "supplied".to_owned(),
            other => code(other),
        };
        let first = Cell {
            text: word(context, "criterion", criterion),
            small: if framework == Framework::EuMinimum {
                Phrase::new()
            } else {
                word(context, "framework", framework)
            },
            kind: "",
        };
        let figures = STATES.map(|state| {
            let count = counts.get(&(criterion, state)).copied().unwrap_or_default();
            context.figure(m.count(count))
        });
        let rule = context.cell(m.own(&format!("assurance_rule.{rule}")));
        std::iter::once(first).chain(figures).chain([rule]).collect()
    };
    let mut heads = vec![head(m.text("assurance.criterion"), "")];
    heads.extend(STATES.map(|state| head(plain_word(context, "extent", state), "num")));
    heads.push(head(m.text("assurance.counts_as"), ""));
    TableView {
        id: "assurance-summary".to_owned(),
        caption: m.own("assurance.summary"),
        head: heads,
        rows: Criterion::ALL.into_iter().map(row).collect(),
        note: Phrase::new(),
    }
}

/// A word per micro-credential and criterion, with the figure behind it; nothing without criteria.
fn by_credential(
    context: &Context,
    credentials: &[&[AssuranceRow]],
    id: &str,
    caption: &str,
    criteria: &[Criterion],
) -> Option<TableView> {
    let m = context.messages;
    let shown = credentials.len().min(MOST_CREDENTIALS).min(context.most_rows);
    let row = |rows: &&[AssuranceRow]| {
        let first = rows.first();
        let name = first.map(|row| Cell {
            text: vec![context.index.titled(&row.credential, &row.title)],
            small: vec![Piece::outside(&row.credential)],
            kind: "",
        });
        let cells = criteria.iter().map(|criterion| {
            rows.iter().find(|row| row.criterion == *criterion).map_or_else(Cell::default, |row| cell(context, row))
        });
        name.into_iter().chain(cells).collect()
    };
    let mut heads = vec![head(m.text("table.micro_credential"), "")];
    heads.extend(criteria.iter().map(|criterion| head(plain_word(context, "criterion", criterion), "")));
    let table = TableView {
        id: id.to_owned(),
        caption: m.own(caption),
        head: heads,
        rows: credentials.iter().take(shown).map(row).collect(),
        note: note(context, shown, credentials.len()),
    };
    (!criteria.is_empty()).then_some(table)
}

/// The postings that shares and matches rest on, and which rows are not shown.
fn note(context: &Context, shown: usize, all: usize) -> Phrase {
    let n = context.n(context.index.findings.meta.posting_count);
    let parts = vec![n, context.cut_note(shown, all, FILE)];
    joined(parts.into_iter().filter(|part| !part.is_empty()).collect(), " · ")
}

/// The state in a word; under it the figures it rests on, where there are some.
fn cell(context: &Context, row: &AssuranceRow) -> Cell {
    let silent = row.extent == AssuranceState::NotInTheData;
    let has_figure = row.count.or(row.of_count).is_some() || row.value.is_some();
    let small = if silent || !has_figure { Phrase::new() } else { evidence(context, row) };
    Cell { text: word(context, "extent", row.extent), small, kind: "" }
}

fn evidence(context: &Context, row: &AssuranceRow) -> Phrase {
    let m = context.messages;
    let count = |n: Option<u64>| vec![m.figure(n.map(|n| m.count(n)).unwrap_or_default())];
    let value = row.value.map(|value| m.decimal(value, places(value)));
    let values = [
        ("count", count(row.count)),
        ("of_count", count(row.of_count)),
        ("n", count(row.n)),
        ("value", vec![m.figure(value.unwrap_or_default()).linked(web_address(row.link.as_deref()))]),
        ("unit", unit(context, row.unit.as_deref().unwrap_or_default())),
        ("period", vec![Piece::outside(row.period.as_deref().unwrap_or_default())]),
        ("detail", detail(context, row)),
    ];
    let key = match row.basis {
        AssuranceBasis::Requests if row.of_count.is_none() => "requests_alone".to_owned(),
        basis => code(basis),
    };
    m.phrase(&format!("assurance_basis.{key}"), &values)
}

/// One decimal, none of a whole number, two of a small one that would read as nothing.
fn places(value: f64) -> usize {
    match value.abs() {
        value if value.fract() == 0.0 => 0,
        value if value < 0.1 => 2,
        _ => 1,
    }
}

/// A skill is linked to its sentences, fields that are missing are named, anything else is quoted.
fn detail(context: &Context, row: &AssuranceRow) -> Phrase {
    let m = context.messages;
    let text = row.detail.as_deref().unwrap_or_default();
    match (&row.skill, row.basis) {
        (Some(skill), _) => context.index.skill(skill, text),
        (None, AssuranceBasis::ElementsMissing | AssuranceBasis::TermsMissing) => {
            m.list(text.split(' ').map(|field| m.word("check_field", field)).collect())
        }
        (None, AssuranceBasis::OnPathways) => vec![context.index.name(text)],
        (None, _) => vec![Piece::outside(text)],
    }
}

/// A unit of ours in the reader's words, any other as supplied.
fn unit(context: &Context, unit: &str) -> Phrase {
    let m = context.messages;
    match (unit, unit.strip_prefix("of ")) {
        ("share", _) => m.own("assurance.unit_share"),
        ("%", _) => vec![m.figure("%")],
        (_, Some(top)) => m.phrase("assurance.unit_of", &[("top", vec![Piece::outside(top)])]),
        (other, None) => vec![Piece::outside(other)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Lang;

    #[test]
    fn a_criterion_that_nothing_is_known_of_has_no_column_and_is_named_once() {
        let mut findings = fixture::realistic();
        let flexible = findings.assurance.iter_mut().filter(|row| row.criterion == Criterion::Flexible);
        flexible.for_each(|row| row.extent = AssuranceState::NotInTheData);
        let messages = Messages::of(Lang::En).unwrap();
        let section = section(&Context::of(&findings, &messages, 60));
        let principles = section.tables.iter().find(|t| t.id == "assurance-principles").unwrap();
        let heads: Vec<&str> = principles.head.iter().map(|head| head.label.as_str()).collect();
        assert!(!heads.contains(&"Flexible") && heads.contains(&"Relevant: demand seen"), "{heads:?}");
        assert!(principles.rows.iter().all(|row| row.len() == heads.len()));
        let said: Vec<String> = section.lines.iter().map(|line| plain(line)).collect();
        assert!(said.iter().any(|line| line.contains("Flexible")), "{said:?}");
    }
}
