//! What a report hands out to decide upon: matches in doubt, mentions drawn at random, terms, and the first page's list.

use super::sample::draw;
use super::{Register, artefact, edition_of, term_key};
use crate::pipeline::{Plan, RunError, Stage};
use crate::store::DataDir;
use crate::types::{Decision, DecisionKind, Findings, Lang, SheetRow, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Mentions of a report that are to be judged.
const MENTIONS: usize = 20;
/// Terms of a language, as many as the page shows.
const TERMS: usize = 15;

/// Rows without a decision, for the findings of the plan's last run.
///
/// # Errors
/// When a table of the run cannot be read.
pub fn sheet(
    plan: &Plan,
    data: &DataDir,
    findings: &Findings,
    register: Option<&Register>,
) -> Result<Vec<SheetRow>, RunError> {
    let decided: Vec<&Decision> = register.into_iter().flat_map(|r| &r.rows).map(|(_, decision)| decision).collect();
    let names: BTreeMap<&str, &str> = findings.demand.iter().map(|d| (d.skill.as_str(), d.label.as_str())).collect();
    let open = Open { decided: &decided, names: &names, edition: edition_of(plan) };
    let files = (
        artefact(plan, data, Stage::Clean, "postings.parquet"),
        artefact(plan, data, Stage::Extract, "mentions.parquet"),
    );
    let mut rows = open.matches(findings);
    let drawn = draw((&files.0, &files.1), &open.edition, MENTIONS, &open.pairs(DecisionKind::Mention))?;
    rows.extend(drawn.into_iter().map(|m| SheetRow {
        kind: DecisionKind::Mention,
        shown: open.name(&m.skill, &m.label),
        subject: m.posting,
        target: m.skill,
        value: m.words,
        text: m.sentence,
        language: Some(m.language),
        edition: open.edition.clone(),
    }));
    rows.extend(open.terms(findings));
    rows.extend(open.priorities(findings));
    Ok(rows)
}

/// What has been decided and how skills are called.
struct Open<'a> {
    decided: &'a [&'a Decision],
    names: &'a BTreeMap<&'a str, &'a str>,
    edition: String,
}

impl Open<'_> {
    fn of_kind(&self, kind: DecisionKind) -> impl Iterator<Item = &Decision> {
        self.decided.iter().copied().filter(move |d| d.kind == kind)
    }

    fn pairs(&self, kind: DecisionKind) -> BTreeSet<(String, String)> {
        self.of_kind(kind).map(|d| (d.subject.clone(), d.target.clone())).collect()
    }

    fn name(&self, skill: &str, otherwise: &str) -> String {
        self.names.get(skill).copied().unwrap_or(otherwise).to_owned()
    }

    fn row(&self, kind: DecisionKind, subject: &str, target: &str, shown: String) -> SheetRow {
        let (subject, target, edition) = (subject.to_owned(), target.to_owned(), self.edition.clone());
        SheetRow { kind, subject, target, value: String::new(), text: String::new(), language: None, edition, shown }
    }

    /// Matches that wait for a person, in the order of the catalogue.
    fn matches(&self, findings: &Findings) -> Vec<SheetRow> {
        let decided = self.pairs(DecisionKind::Match);
        let mut rows = Vec::new();
        for outcome in &findings.outcomes {
            for (skill, name, _, verdict, _) in &outcome.links {
                let is_decided = || decided.contains(&(outcome.outcome.0.clone(), skill.clone()));
                if *verdict == Verdict::Review && !is_decided() {
                    let row = self.row(DecisionKind::Match, &outcome.outcome.0, skill, name.clone());
                    rows.push(SheetRow { text: outcome.text.clone(), language: Some(outcome.language), ..row });
                }
            }
        }
        rows
    }

    /// The first novel terms of each language that nobody has decided upon.
    fn terms(&self, findings: &Findings) -> Vec<SheetRow> {
        let of_language = |d: &Decision| (d.language, term_key(&d.text));
        let decided: BTreeSet<(Option<Lang>, String)> = self.of_kind(DecisionKind::Term).map(of_language).collect();
        let mut counts: BTreeMap<Lang, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        for term in &findings.novel.terms {
            let language = Some(term.language);
            let count = counts.entry(term.language).or_default();
            if *count == TERMS || decided.contains(&(language, term_key(&term.term))) {
                continue;
            }
            *count += 1;
            let row = self.row(DecisionKind::Term, "", "", format!("{} / {}", term.posting_count, term.base_count));
            rows.push(SheetRow { text: term.term.clone(), language, ..row });
        }
        rows
    }

    /// The skills of the first page, for the whole offer.
    fn priorities(&self, findings: &Findings) -> Vec<SheetRow> {
        let own = self.of_kind(DecisionKind::Priority).filter(|d| d.edition == self.edition);
        let decided: BTreeSet<(&str, &str)> = own.map(|d| (d.subject.as_str(), d.target.as_str())).collect();
        let Some(portfolio) = findings.programmes.first() else { return Vec::new() };
        let listed = portfolio.add.iter().chain(&portfolio.strengthen);
        let open = listed.filter(|skill| !decided.contains(&(skill.as_str(), portfolio.programme.as_str())));
        open.map(|skill| {
            let shown = format!("{} · {}", self.name(skill, skill), portfolio.title);
            self.row(DecisionKind::Priority, skill, &portfolio.programme, shown)
        })
        .collect()
    }
}
