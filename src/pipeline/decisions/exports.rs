//! Decisions for others: gold that `evaluate` reads, and a proposal of new terms for the makers of ESCO.

use super::sample::{Seen, seen};
use super::terms::skill_of;
use super::{Register, artefact, term_key};
use crate::clean::hash16;
use crate::pipeline::{Plan, RunError, Stage};
use crate::store::DataDir;
use crate::types::tables::{Table, maybe_text, number, text};
use crate::types::{Choice, Decision, DecisionKind, Findings, Lang, Taxonomy};
use arrow::datatypes::{DataType, FieldRef};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Lines of gold and what they were made of.
#[derive(Debug, Default, PartialEq)]
pub struct Exported {
    /// JSON lines.
    pub lines: String,
    /// Texts in them.
    pub texts: u64,
    /// Decisions that say what a text does not show: no line of gold can say that, they are left out.
    pub left_out: u64,
}

/// A span of a gold line.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: usize,
    end: usize,
    uri: String,
}

/// A gold line, as `skillgap evaluate` reads it.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: String,
    lang: &'static str,
    kind: &'static str,
    text: &'a str,
    gold: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<Span>,
}

/// Accepted matches and right or missed mentions as gold lines: a text with the skills that people found in it. A text of
/// which people only said what it does not show is left out, since a line without skills would say that it shows none.
pub fn gold(register: &Register) -> Exported {
    let mut texts: BTreeMap<(DecisionKind, &str, Lang), Vec<&Decision>> = BTreeMap::new();
    let mut exported = Exported::default();
    let kinds = [DecisionKind::Match, DecisionKind::Mention];
    let topics: Vec<_> = kinds.into_iter().flat_map(|kind| register.agreed(kind)).collect();
    for topic in &topics {
        let Some((_, decision)) = topic.rows.first() else { continue };
        if matches!(decision.decision, Choice::Reject | Choice::Wrong) {
            exported.left_out += 1;
            continue;
        }
        let key = (decision.kind, decision.text.as_str(), decision.language.unwrap_or(Lang::Und));
        texts.entry(key).or_default().push(decision);
    }
    for ((kind, text, language), decisions) in texts {
        let is_match = kind == DecisionKind::Match;
        let gold: BTreeSet<&str> = decisions.iter().map(|d| d.target.as_str()).collect();
        let spans: BTreeSet<Span> = decisions.iter().filter_map(|d| span(d)).collect();
        let line = Line {
            id: format!("{}-{}-{}", language.code(), kind.name(), hash16(&[kind.name(), text])),
            lang: language.code(),
            kind: if is_match { "outcome" } else { "sentence" },
            text,
            gold: gold.into_iter().collect(),
            spans: spans.into_iter().collect(),
        };
        if let Ok(json) = serde_json::to_string(&line) {
            exported.lines.push_str(&json);
            exported.lines.push('\n');
            exported.texts += 1;
        }
    }
    exported
}

/// Where the matched words stand in the sentence.
fn span(decision: &Decision) -> Option<Span> {
    let words = Some(decision.value.as_str()).filter(|w| !w.is_empty() && decision.kind == DecisionKind::Mention)?;
    let start = decision.text.find(words)?;
    Some(Span { start, end: start + words.len(), uri: decision.target.clone() })
}

/// A term that a workshop proposes to ESCO.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EscoTerm {
    /// The term.
    pub term: String,
    /// Its language.
    pub language: String,
    /// `alias` of a skill, or `novel`.
    pub proposal: String,
    /// The skill it names, or the id in the local register.
    pub skill: String,
    /// Name of that skill in English or the term's language.
    pub skill_label: Option<String>,
    /// Postings of the last run in which it was seen.
    pub posting_count: u64,
    /// All postings of the last run.
    pub all_postings: u64,
    /// Sentences of postings, separated by ` | `.
    pub sentences: Option<String>,
    /// Who sat at the table.
    pub groups: String,
    /// Roles or initials.
    pub decided_by: String,
    /// When.
    pub decided_on: String,
    /// Why.
    pub reason: Option<String>,
    /// Edition it was decided on.
    pub edition: String,
}

impl Table for EscoTerm {
    fn columns() -> Vec<FieldRef> {
        let mut columns = ["term", "language", "proposal", "skill"].map(text).to_vec();
        columns.push(maybe_text("skill_label"));
        columns.extend(["posting_count", "all_postings"].map(|n| number(n, DataType::UInt64)));
        columns.extend([maybe_text("sentences"), text("groups"), text("decided_by"), text("decided_on")]);
        columns.extend([maybe_text("reason"), text("edition")]);
        columns
    }
}

/// The proposal for ESCO: aliases and novel terms that nobody contradicts, with what the last run saw of them. A term
/// decided since that run has the counts it had as a novel term.
///
/// # Errors
/// When a table of the run cannot be read.
pub fn esco(plan: &Plan, data: &DataDir, findings: &Findings, register: &Register) -> Result<Vec<EscoTerm>, RunError> {
    let topics: Vec<_> = register.agreed(DecisionKind::Term);
    let proposed: Vec<_> = topics
        .iter()
        .filter_map(|topic| Some((topic, topic.rows.first()?.1)))
        .filter(|(_, decision)| decision.decision != Choice::Reject)
        .collect();
    let key = |decision: &Decision| (skill_of(decision), term_key(&decision.text));
    let wanted = proposed.iter().map(|(_, decision)| key(decision)).collect();
    let files = (
        artefact(plan, data, Stage::Clean, "postings.parquet"),
        artefact(plan, data, Stage::Extract, "mentions.parquet"),
    );
    let found = seen((&files.0, &files.1), &wanted)?;
    let taxonomy: Taxonomy = crate::pipeline::acquire::read_json(&artefact(plan, data, Stage::Clean, "taxonomy.json"))?;
    let term = |(topic, decision): (&super::Topic, &Decision)| {
        let skill = skill_of(decision);
        let language = decision.language.unwrap_or(Lang::Und);
        let seen = found.get(&key(decision)).cloned().or_else(|| as_novel(findings, decision)).unwrap_or_default();
        let known = taxonomy.skill_index(&skill).and_then(|i| taxonomy.skills.get(i));
        EscoTerm {
            term: decision.text.clone(),
            language: language.code().to_owned(),
            proposal: decision.decision.name().to_owned(),
            skill_label: known.map(|s| s.name(Lang::En).to_owned()),
            skill,
            posting_count: seen.posting_count,
            all_postings: findings.meta.posting_count,
            sentences: Some(seen.sentences.join(" | ")).filter(|s| !s.is_empty()),
            groups: topic.groups(),
            decided_by: decision.decided_by.clone(),
            decided_on: decision.decided_on.to_string(),
            reason: Some(decision.reason.clone()).filter(|r| !r.is_empty()),
            edition: decision.edition.clone(),
        }
    };
    Ok(proposed.into_iter().map(term).collect())
}

/// What the report said of a term before it was decided upon.
fn as_novel(findings: &Findings, decision: &Decision) -> Option<Seen> {
    let is_same = |term: &str| term_key(term) == term_key(&decision.text);
    let term = findings.novel.terms.iter().find(|t| Some(t.language) == decision.language && is_same(&t.term))?;
    let sentences = term.contexts.iter().map(|c| c.sentence.clone()).collect();
    Some(Seen { posting_count: term.posting_count, sentences })
}
