//! Flat rows of what the workbook shows beside the published tables: official statistics and the quality box.

use crate::report::checks::{key_text, sentence};
use crate::report::phrase::plain;
use crate::report::view::{Context, quality_step};
use crate::types::tables::{Table, maybe, maybe_text, number, text};
use crate::types::{CheckVerdict, CredentialCheck, CredentialId, Findings, Mark, Observation, SourceId};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A published figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficialRow {
    indicator: String,
    area: String,
    occupation: Option<String>,
    sector: Option<String>,
    sex: Option<String>,
    age: Option<String>,
    period: String,
    value: Option<f64>,
    unit: String,
    mark: Option<Mark>,
    source: String,
    note: Option<String>,
}

/// A figure of the quality box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityRow {
    part: String,
    item: String,
    measure: String,
    value: f64,
}

/// A check of the catalogue, in the reader's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckRow {
    id: String,
    title: String,
    element: String,
    kind: String,
    verdict: String,
    message: String,
}

impl Table for CheckRow {
    fn columns() -> Vec<FieldRef> {
        ["id", "title", "element", "kind", "verdict", "message"].map(text).to_vec()
    }
}

impl Table for OfficialRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["indicator", "area"].map(text).to_vec();
        columns.extend(["occupation", "sector", "sex", "age"].map(maybe_text));
        columns.extend([text("period"), maybe("value", DataType::Float64), text("unit"), maybe_text("mark")]);
        columns.extend([text("source"), maybe_text("note")]);
        columns
    }
}

impl Table for QualityRow {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["part", "item", "measure"].map(text).to_vec();
        columns.push(number("value", DataType::Float64));
        columns
    }
}

/// Every published figure.
pub fn official(findings: &Findings) -> Vec<OfficialRow> {
    let row = |o: &Observation| OfficialRow {
        indicator: o.indicator.clone(),
        area: o.area.0.clone(),
        occupation: o.occupation.as_ref().map(|c| c.as_str().to_owned()),
        sector: o.sector.clone(),
        sex: o.sex.clone(),
        age: o.age.clone(),
        period: o.period.to_string(),
        value: o.value,
        unit: o.unit.clone(),
        mark: o.quality.mark(),
        source: o.origin.source.as_str().to_owned(),
        note: o.note.clone(),
    };
    findings.official.iter().map(row).collect()
}

/// Check rows up to which a sheet lists them all; a longer list leaves out what is as it should be.
const MOST_CHECKS: usize = 20_000;

/// Every check of every micro-credential; of a large catalogue those that found something. `credential_checks.csv` has all.
pub fn checks(context: &Context) -> Vec<CheckRow> {
    let (m, findings) = (context.messages, context.index.findings);
    let titles: BTreeMap<(&SourceId, &CredentialId), &str> =
        findings.catalogue_checks.iter().map(|c| ((&c.source, &c.credential), c.title.as_str())).collect();
    let row = |check: &CredentialCheck| CheckRow {
        id: check.credential.0.clone(),
        title: titles.get(&(&check.source, &check.credential)).copied().unwrap_or_default().to_owned(),
        element: plain(&m.word("check_field", &check.field)),
        kind: plain(&m.word("check_kind", &key_text(&check.kind))),
        verdict: plain(&m.word("check_verdict", &key_text(&check.verdict))),
        message: plain(&sentence(m, check)),
    };
    let all = findings.credential_checks.len() <= MOST_CHECKS;
    let calls = |verdict| !matches!(verdict, CheckVerdict::Present | CheckVerdict::NotApplicable);
    findings.credential_checks.iter().filter(|check| all || calls(check.verdict)).map(row).collect()
}

/// The quality box, one figure a row.
pub fn quality(context: &Context) -> Vec<QualityRow> {
    let (m, quality) = (context.messages, &context.index.findings.quality);
    let mut rows = Vec::new();
    let mut add = |part: &str, item: &str, measure: &str, value: f64| {
        let (part, measure) = (m.text(&format!("quality.{part}_caption")), m.text(&format!("table.{measure}")));
        rows.push(QualityRow { part, item: item.to_owned(), measure, value });
    };
    for s in &quality.stages {
        let counts = [("read", s.read), ("kept", s.kept), ("duplicate", s.duplicate), ("rejected", s.rejected)];
        let step = plain(&quality_step(context, &s.step));
        counts.iter().for_each(|(measure, n)| add("stages", &step, measure, *n as f64));
    }
    quality.sources.iter().for_each(|s| add("boards", &s.board, "postings", s.posting_count as f64));
    for l in &quality.languages {
        let name = m.text(&format!("languages.{}", l.language.code()));
        add("languages", &name, "postings", l.posting_count as f64);
        add("languages", &name, "skills_per_posting", l.skills_per_posting);
        add("languages", &name, "without_skill", l.without_skill_count as f64);
    }
    quality
        .duplicates
        .iter()
        .for_each(|(kind, n)| add("duplicates", &plain(&m.word("duplicates", kind)), "pairs", *n as f64));
    let named = |code: &str, name: &str| if code == "unknown" { m.text("quality.unknown") } else { name.to_owned() };
    for g in &quality.occupation_groups {
        add("groups", &named(&g.area, context.names.group(&g.area)), "postings", g.posting_count as f64);
    }
    for a in &quality.areas {
        add("areas", &named(&a.area, context.names.area(&a.area)), "postings", a.posting_count as f64);
    }
    rows
}
