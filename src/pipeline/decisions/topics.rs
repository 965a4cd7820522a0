//! What decisions are about, and whether those who decided agree.

use super::term_key;
use crate::types::{Choice, Decision, DecisionKind};
use std::collections::{BTreeMap, BTreeSet};

/// Decisions about one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic<'a> {
    /// With their rows, oldest first.
    pub rows: Vec<(u64, &'a Decision)>,
}

/// Sorts decisions by what they are about.
pub fn topics<'a>(rows: impl IntoIterator<Item = (u64, &'a Decision)>) -> Vec<Topic<'a>> {
    let mut topics: BTreeMap<_, Vec<(u64, &Decision)>> = BTreeMap::new();
    for (row, decision) in rows {
        topics.entry(key(decision)).or_default().push((row, decision));
    }
    let oldest_first = |mut rows: Vec<(u64, &'a Decision)>| {
        rows.sort_by_key(|(row, d)| (d.decided_on, *row));
        Topic { rows }
    };
    topics.into_values().map(oldest_first).collect()
}

/// A term is told by its words: whoever calls it an alias of one skill disagrees with whoever names another.
fn key(decision: &Decision) -> (DecisionKind, &str, &str, String) {
    let Decision { kind, subject, target, text, .. } = decision;
    match kind {
        DecisionKind::Match => (*kind, subject, target, String::new()),
        // Votes of another edition were cast on other figures.
        DecisionKind::Priority => (*kind, subject, target, decision.edition.clone()),
        DecisionKind::Mention | DecisionKind::Outcome | DecisionKind::Note => (*kind, subject, target, text.clone()),
        DecisionKind::Term => (*kind, decision.language.map_or("", crate::types::Lang::code), "", term_key(text)),
    }
}

impl Topic<'_> {
    /// What kind of thing it is.
    pub fn kind(&self) -> Option<DecisionKind> {
        self.rows.first().map(|(_, decision)| decision.kind)
    }

    /// Whether all say the same. Priorities are votes: groups may differ, and each choice keeps its own sum; but one voice
    /// has one vote.
    pub fn is_agreed(&self) -> bool {
        if self.rows.iter().any(|(_, d)| d.kind == DecisionKind::Priority) {
            let mut voices = BTreeSet::new();
            let named = self.rows.iter().filter(|(_, d)| !d.decided_by.is_empty());
            return named.map(|(_, d)| (d.group, &d.decided_by)).all(|voice| voices.insert(voice));
        }
        let said = |d: &Decision| -> (Choice, String) {
            let target = if d.kind == DecisionKind::Term { d.target.clone() } else { String::new() };
            (d.decision, target)
        };
        let mut all = self.rows.iter().map(|(_, d)| said(d));
        let first = all.next();
        all.all(|other| Some(other) == first)
    }

    /// Who sat at the table, each once.
    pub fn groups(&self) -> String {
        let mut groups: Vec<_> = self.rows.iter().map(|(_, d)| d.group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups.into_iter().map(crate::types::Group::name).collect::<Vec<_>>().join(" ")
    }
}
