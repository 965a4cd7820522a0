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
    tables
        .extend(TABLES.map(|(id, caption, frameworks)| by_credential(context, &credentials, id, caption, frameworks)));
    let lead = m.fill("assurance.lead", &[("n", m.count(credentials.len() as u64))]);
    let others = rows.iter().filter(|row| row.criterion == Criterion::Other).count() as u64;
    let other = (others > 0).then(|| m.fill("assurance.others", &[("n", m.count(others)), ("file", FILE.to_owned())]));
    Section { id: "assurance", heading: m.text("assurance.heading"), lead, tables, lines: other.into_iter().collect() }
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

/// A word per micro-credential and criterion, with the figure behind it.
fn by_credential(
    context: &Context,
    credentials: &[&[AssuranceRow]],
    id: &str,
    caption: &str,
    frameworks: &[Framework],
) -> TableView {
    let m = context.messages;
    let criteria = || Criterion::ALL.into_iter().filter(|(framework, _)| frameworks.contains(framework));
    let shown = credentials.len().min(MOST_CREDENTIALS).min(context.most_rows);
    let row = |rows: &&[AssuranceRow]| {
        let first = rows.first();
        let name = first.map(|row| Cell {
            text: vec![context.index.titled(&row.credential, &row.title)],
            small: vec![Piece::outside(&row.credential)],
            kind: "",
        });
        let cells = criteria().map(|(_, criterion)| {
            rows.iter().find(|row| row.criterion == criterion).map_or_else(Cell::default, |row| cell(context, row))
        });
        name.into_iter().chain(cells).collect()
    };
    let mut heads = vec![head(m.text("table.micro_credential"), "")];
    heads.extend(criteria().map(|(_, criterion)| head(plain_word(context, "criterion", criterion), "")));
    TableView {
        id: id.to_owned(),
        caption: m.own(caption),
        head: heads,
        rows: credentials.iter().take(shown).map(row).collect(),
        note: note(context, shown, credentials.len()),
    }
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
