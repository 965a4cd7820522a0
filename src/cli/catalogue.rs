//! The catalogue's part of `skillgap check`: what the checks of the micro-credentials found, by kind, with examples.

use super::table::{counted, thousands};
use crate::pipeline::Survey;
use crate::types::{CheckKind, CheckVerdict, CredentialCheck, CredentialId, SourceId};
use std::collections::{BTreeMap, BTreeSet};

/// Examples told of each kind.
const EXAMPLES: usize = 3;
/// Longest sentence told, in characters.
const LONGEST: usize = 160;

/// The kinds after the mandatory elements, as users read them.
const KINDS: [(CheckKind, &str); 5] = [
    (CheckKind::Consistency, "consistency"),
    (CheckKind::Cap, "caps"),
    (CheckKind::Wording, "wording"),
    (CheckKind::Overlap, "overlap"),
    (CheckKind::Esco, "esco"),
];

/// Lines about the catalogue; none without micro-credentials.
pub fn lines(survey: &Survey) -> Vec<String> {
    let checks = survey.catalogue_checks.as_slice();
    if survey.credentials.is_empty() {
        return Vec::new();
    }
    let missing: Vec<&CredentialCheck> =
        checks.iter().filter(|c| c.kind == CheckKind::Mandatory && c.verdict == CheckVerdict::Missing).collect();
    let incomplete: BTreeSet<(&SourceId, &CredentialId)> = missing.iter().map(|c| (&c.source, &c.credential)).collect();
    let all = survey.credentials.len();
    let mut lines = vec![format!(
        "catalogue: {}; EU minimum information set (Council Recommendation 2022/C 243/02, Annex I): {} of {} have every mandatory element that applies",
        counted(all as u64, "micro-credential"),
        thousands((all - incomplete.len().min(all)) as u64),
        thousands(all as u64)
    )];
    lines.extend(missing_lines(&missing));
    for (kind, name) in KINDS {
        lines.extend(kind_lines(kind, name, checks));
    }
    lines
}

/// Mandatory elements that are missing, by element.
fn missing_lines(missing: &[&CredentialCheck]) -> Vec<String> {
    let mut by_field: BTreeMap<&str, Vec<&CredentialCheck>> = BTreeMap::new();
    for check in missing {
        by_field.entry(&check.field).or_default().push(check);
    }
    let mut lines = Vec::new();
    for (field, checks) in by_field {
        let ids = checks.iter().take(EXAMPLES).map(|c| c.credential.0.as_str()).collect::<Vec<_>>().join(", ");
        let more = if checks.len() > EXAMPLES { ", ..." } else { "" };
        let count = counted(checks.len() as u64, "micro-credential");
        lines.push(format!("  missing {field}: {count} ({ids}{more}); next: {}", missing_step(field)));
    }
    lines
}

/// Warnings and hints of a kind, warnings first.
fn kind_lines(kind: CheckKind, name: &str, checks: &[CredentialCheck]) -> Vec<String> {
    let of = |verdict| checks.iter().filter(move |c| c.kind == kind && c.verdict == verdict);
    let (warnings, hints) = (of(CheckVerdict::Warning).count(), of(CheckVerdict::Hint).count());
    if warnings + hints == 0 {
        return Vec::new();
    }
    let (warned, hinted) = (counted(warnings as u64, "warning"), counted(hints as u64, "hint"));
    let mut lines = vec![format!("  {name}: {warned}, {hinted}; next: {}", kind_step(kind))];
    let told = of(CheckVerdict::Warning).chain(of(CheckVerdict::Hint)).take(EXAMPLES);
    lines.extend(told.map(|c| format!("    {}: {}", c.credential.0, short(&c.message))));
    lines
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// Columns of a source that hold an element under another name.
fn missing_step(field: &str) -> String {
    match field {
        "workload" => "fill `ects` (or `workload_hours`), or map its column under [source.columns]".to_owned(),
        "level" => "fill `eqf_level`, `cycle` or `nqf_level`, or map its column under [source.columns]".to_owned(),
        "learner_identified" => "nothing in a catalogue; an issued credential has to name its learner".to_owned(),
        other => format!("fill `{other}` in the catalogue, or map its column under [source.columns]"),
    }
}

fn kind_step(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Mandatory | CheckKind::Optional => "fill the element in the catalogue",
        CheckKind::Consistency => "correct one of the two fields, or the range in [credentials]",
        CheckKind::Cap => "reduce the credits, or correct ects_cap_legal and ects_cap_unit in [credentials]",
        CheckKind::Wording => "say what learners can do, with a verb that can be observed",
        CheckKind::Overlap => "ask whether the qualification is taught already, and by whom",
        CheckKind::Esco => "take the concept's URI from the taxonomy of the run, or add that taxonomy as a source",
    }
}
