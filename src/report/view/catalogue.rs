//! What the checks of the catalogue found: what is missing, what does not fit, and hints by kind.

use super::{Cell, Context, Section, TableView};
use crate::report::checks::{key_text, sentence};
use crate::report::phrase::{Phrase, Piece, joined};
use crate::types::{CheckKey, CheckVerdict, CredentialCheck, CredentialCheckCount, CredentialId, SourceId};
use std::collections::{BTreeMap, BTreeSet};

const MOST_CREDENTIALS: usize = 40;
/// Number of the Council Recommendation whose Annex I is the minimum information set.
const REFERENCE: &str = "2022/C 243/02";
const FILE: &str = "credential_checks.csv";

type Id<'a> = (&'a SourceId, &'a CredentialId);

/// One sentence, then a row per micro-credential with something missing or a warning; nothing without a catalogue.
pub fn section(context: &Context) -> Section {
    let m = context.messages;
    let counts = &context.index.findings.catalogue_checks;
    if counts.is_empty() {
        return Section::default();
    }
    let complete = counts.iter().filter(|c| c.missing.is_empty()).count();
    let warned = counts.iter().filter(|c| c.warning_count > 0).count();
    let count = |n: usize| m.count(n as u64);
    let values = [
        ("reference", REFERENCE.to_owned()),
        ("complete", count(complete)),
        ("warned", count(warned)),
        ("n", count(counts.len())),
    ];
    let (id, heading) = ("catalogue", m.text("catalogue.heading"));
    let common = lacked_by_all(counts);
    let tables: Vec<TableView> = [faults(context, &common), hints(context)].into_iter().flatten().collect();
    if complete == counts.len() && warned == 0 {
        let said = m.fill("catalogue.flawless", &values);
        // Sections without tables keep their sentence as a line.
        return match tables.is_empty() {
            true => Section { id, heading, lines: vec![said], ..Section::default() },
            false => Section { id, heading, lead: said, tables, ..Section::default() },
        };
    }
    let lead = m.fill("catalogue.lead", &values);
    if common.is_empty() {
        return Section { id, heading, lead, tables, ..Section::default() };
    }
    let elements = m.list(common.iter().map(|field| m.word("check_field", field)).collect());
    let values = [("n", vec![m.figure(count(counts.len()))]), ("elements", elements)];
    Section { id, heading, lead, tables, lines: vec![m.phrase("catalogue.all_lack", &values)] }
}

/// Elements that every one of several micro-credentials lacks, which a row each would say over and over.
fn lacked_by_all(counts: &[CredentialCheckCount]) -> Vec<String> {
    let Some((first, others)) = counts.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Vec::new();
    };
    first.missing.iter().filter(|field| others.iter().all(|c| c.missing.contains(field))).cloned().collect()
}

fn title(context: &Context, count: &CredentialCheckCount) -> Piece {
    context.index.titled(&count.credential.0, &count.title)
}

/// Micro-credentials that lack more than all do or have a warning, in the order of the catalogue.
fn faults(context: &Context, common: &[String]) -> Option<TableView> {
    let m = context.messages;
    let mut warnings: BTreeMap<Id<'_>, Vec<Phrase>> = BTreeMap::new();
    for check in context.index.findings.credential_checks.iter().filter(|c| c.verdict == CheckVerdict::Warning) {
        warnings.entry((&check.source, &check.credential)).or_default().push(sentence(m, check));
    }
    let at_fault = |c: &&CredentialCheckCount| c.missing.len() > common.len() || c.warning_count > 0;
    let all: Vec<&CredentialCheckCount> = context.index.findings.catalogue_checks.iter().filter(at_fault).collect();
    let shown = all.len().min(MOST_CREDENTIALS).min(context.most_rows);
    let row = |count: &&CredentialCheckCount| {
        let warned = warnings.get(&(&count.source, &count.credential)).cloned().unwrap_or_default();
        fault(context, count, common, warned)
    };
    let table = TableView {
        id: "catalogue-table".to_owned(),
        caption: m.own("catalogue.caption"),
        head: context.heads(&["micro_credential", "mandatory#", "missing", "warnings"]),
        rows: all.iter().take(shown).map(row).collect(),
        note: context.cut_note(shown, all.len(), FILE),
    };
    (shown > 0).then_some(table)
}

fn fault(context: &Context, count: &CredentialCheckCount, common: &[String], warnings: Vec<Phrase>) -> Vec<Cell> {
    let m = context.messages;
    let number = |n: u32| m.count(u64::from(n));
    let of = [("count", number(count.mandatory_present)), ("all", number(count.mandatory_applicable))];
    let missing = count.missing.iter().filter(|field| !common.contains(field));
    let missing = missing.map(|field| m.word("check_field", field)).collect();
    vec![
        Cell { text: vec![title(context, count)], small: vec![Piece::outside(&count.credential.0)], kind: "" },
        Cell { text: m.fill("catalogue.of", &of), kind: "num", ..Cell::default() },
        context.cell(m.list(missing)),
        context.cell(joined(warnings, " · ")),
    ]
}

/// Hints by kind, with the first micro-credential of each.
fn hints(context: &Context) -> Option<TableView> {
    let m = context.messages;
    let titles: BTreeMap<Id<'_>, &CredentialCheckCount> =
        context.index.findings.catalogue_checks.iter().map(|c| ((&c.source, &c.credential), c)).collect();
    let mut by_key: BTreeMap<CheckKey, (&CredentialCheck, BTreeSet<Id<'_>>)> = BTreeMap::new();
    for check in context.index.findings.credential_checks.iter().filter(|c| c.verdict == CheckVerdict::Hint) {
        let (_, whose) = by_key.entry(check.key).or_insert_with(|| (check, BTreeSet::new()));
        whose.insert((&check.source, &check.credential));
    }
    if by_key.contains_key(&CheckKey::SkillUnknown) {
        // Those rows name what this one counts.
        by_key.remove(&CheckKey::SkillsKnown);
    }
    let row = |(key, (first, whose)): (&CheckKey, &(&CredentialCheck, BTreeSet<Id<'_>>))| {
        let of = titles.get(&(&first.source, &first.credential));
        let example = of.map_or_else(|| vec![Piece::outside(&first.credential.0)], |c| vec![title(context, c)]);
        vec![
            context.cell(m.word("check_hint", &key_text(key))),
            context.figure(m.count(whose.len() as u64)),
            Cell { text: example, small: sentence(m, first), kind: "" },
        ]
    };
    let table = TableView {
        id: "catalogue-hints".to_owned(),
        caption: m.own("catalogue.hints_caption"),
        head: context.heads(&["hint", "micro_credentials#", "example"]),
        rows: by_key.iter().map(row).collect(),
        note: Phrase::new(),
    };
    (!table.rows.is_empty()).then_some(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Lang;

    #[test]
    fn elements_that_all_lack_are_named_once_and_rows_list_what_differs() {
        let mut findings = fixture::realistic();
        findings.credential_checks.clear();
        let mut extra = vec!["assessment".to_owned()];
        for count in &mut findings.catalogue_checks {
            count.missing = vec!["country".into(), "level".into()];
            count.missing.append(&mut extra);
            count.warning_count = 0;
        }
        let messages = Messages::of(Lang::En).unwrap();
        let section = section(&Context::of(&findings, &messages, 60));
        let said: Vec<String> = section.lines.iter().map(|line| plain(line)).collect();
        assert_eq!(said, ["All 3 lack: country or region of the provider, level."]);
        let rows = &section.tables.first().unwrap().rows;
        assert_eq!(rows.len(), 1);
        assert_eq!(plain(&rows.first().unwrap().get(2).unwrap().text), "type of assessment");
    }
}
