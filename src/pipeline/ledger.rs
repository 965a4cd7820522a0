//! `[ledger]`: the last edition's findings and what was decided about its recommendations.

use super::hand_table::HandTable;
use super::inputs::file_name;
use super::{Plan, RunError};
use crate::clean::contacts::redact;
use crate::measure::check_decisions;
use crate::store::hash_file;
use crate::types::{Date, Fate, GapStatus, LastEdition, LedgerDecision};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// `[ledger]` of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LedgerTable {
    /// `findings.json` of the last edition's report, or the folder it lies in.
    pub previous: Option<PathBuf>,
    /// Table of what was decided since.
    pub decisions: Option<PathBuf>,
}

impl LedgerTable {
    /// Decisions need what they are about.
    pub(super) fn check(&self) -> Result<(), String> {
        match (&self.previous, &self.decisions) {
            (None, Some(path)) => Err(format!(
                "ledger.decisions = \"{}\" is given without ledger.previous, the findings.json that the decisions are about",
                path.display()
            )),
            _ => Ok(()),
        }
    }
}

/// Decisions about the last edition's recommendations.
const TABLE: HandTable = HandTable {
    key: "ledger.decisions",
    holds: "decisions",
    columns: &["programme", "skill", "decision", "decided_on", "reason", "decided_by"],
    needed: 4,
};

/// The last edition and the decisions about it, checked.
#[derive(Debug)]
pub struct Ledger {
    /// The last edition.
    pub last: LastEdition,
    /// In the order of the file.
    pub decisions: Vec<LedgerDecision>,
}

impl Ledger {
    /// What it holds, in a line.
    pub fn summary(&self) -> String {
        let is_named = |s: GapStatus| matches!(s, GapStatus::Add | GapStatus::Strengthen | GapStatus::Review);
        let named = self.last.gaps.iter().filter(|gap| is_named(gap.status)).count();
        let open = self.last.ledger.iter().filter(|row| row.fate == Fate::Open).count();
        let (as_of, decided) = (&self.last.meta.as_of, self.decisions.len());
        format!(
            "ledger: recommendations of the edition as of {as_of}: {named}; open in its own ledger: {open}; decisions: {decided}"
        )
    }
}

fn refused(path: &Path) -> impl Fn(String) -> RunError + '_ {
    move |detail| RunError::Given { key: "ledger", detail: format!("{}: {detail}", path.display()) }
}

fn previous(plan: &Plan) -> Option<PathBuf> {
    let path = plan.folder.join(plan.ledger.previous.as_ref()?);
    Some(if path.is_dir() { path.join("findings.json") } else { path })
}

fn decisions(plan: &Plan) -> Option<PathBuf> {
    plan.ledger.decisions.as_ref().map(|path| plan.folder.join(path))
}

/// Hashes of both files, where the plan names them.
pub(super) fn hashes(plan: &Plan) -> Result<BTreeMap<String, String>, RunError> {
    let mut hashes = BTreeMap::new();
    for (name, path) in [("ledger previous", previous(plan)), ("ledger decisions", decisions(plan))] {
        let Some(path) = path else { continue };
        let (hash, _) =
            hash_file(&path).map_err(|e| refused(&path)(format!("{e}; paths are relative to the plan's file")))?;
        hashes.insert(name.to_owned(), hash);
    }
    Ok(hashes)
}

/// The plan's `[ledger]` with file names in the place of paths, so that a moved folder changes nothing.
pub(super) fn ledger_part(plan: &Plan) -> serde_json::Value {
    let name = |path: &Option<PathBuf>| path.as_deref().map(file_name);
    serde_json::json!({ "previous": name(&plan.ledger.previous), "decisions": name(&plan.ledger.decisions) })
}

/// Reads both files and checks them against each other and the plan; none where the plan names none.
///
/// # Errors
/// When a file cannot be read or believed: with file, row, value and what to do.
pub fn ledger(plan: &Plan) -> Result<Option<Ledger>, RunError> {
    let Some(path) = previous(plan) else { return Ok(None) };
    let last = last_edition(&path, plan.as_of).map_err(refused(&path))?;
    let mut read = Vec::new();
    if let Some(path) = decisions(plan) {
        read = TABLE.text(&path).and_then(|text| parse(&text)).map_err(refused(&path))?;
        check_decisions(&last, &read).map_err(refused(&path))?;
    }
    Ok(Some(Ledger { last, decisions: read }))
}

fn last_edition(path: &Path, as_of: Date) -> Result<LastEdition, String> {
    let file = std::fs::File::open(path)
        .map_err(|e| format!("cannot be read: {e}; ledger.previous names the last edition's findings.json"))?;
    let last: LastEdition = serde_json::from_reader(std::io::BufReader::with_capacity(1 << 16, file))
        .map_err(|e| format!("is not the findings.json of a report: {e}"))?;
    let day: Date = last.meta.as_of.parse().map_err(|_| {
        let said = &last.meta.as_of;
        format!(
            "meta.as_of = \"{said}\" is no day; name the findings.json of the report, not that of the measure stage"
        )
    })?;
    if day >= as_of {
        return Err(format!(
            "its edition is as of {day}, which is not before this one ({as_of}): it is this edition or a later one; keep a \
             copy of the last edition's report elsewhere and name that"
        ));
    }
    if let Some(row) = last.ledger.iter().find(|row| row.first_recommended.parse::<Date>().is_err()) {
        return Err(format!("ledger: first_recommended = \"{}\" is no day", row.first_recommended));
    }
    Ok(last)
}

/// Decisions in the order of their rows.
fn parse(text: &str) -> Result<Vec<LedgerDecision>, String> {
    TABLE.rows(text, decision)
}

fn decision(row: u64, cell: &dyn Fn(&str) -> String) -> Result<LedgerDecision, String> {
    if let Some(empty) = TABLE.columns.iter().take(TABLE.needed).find(|name| cell(name).is_empty()) {
        return Err(format!("row {row}: {empty} is empty; every row says programme, skill, decision and day"));
    }
    let said = cell("decision");
    let fate = match said.to_lowercase().as_str() {
        "adopted" => Fate::Adopted,
        "declined" => Fate::Declined,
        _ => {
            return Err(format!(
                "row {row}: decision '{said}' is neither 'adopted' nor 'declined'; without a decision leave the row out"
            ));
        }
    };
    let day = cell("decided_on");
    let decided_on =
        day.parse::<Date>().map_err(|_| format!("row {row}: decided_on '{day}' is no day; write it as 2026-06-30"))?;
    // Free text may name people by their addresses; who decided is published, how to reach them is not.
    let public = |name: &str| Some(redact(&cell(name)).0.into_owned()).filter(|text| !text.is_empty());
    let (reason, decided_by) = (public("reason"), public("decided_by"));
    Ok(LedgerDecision { row, programme: cell("programme"), skill: cell("skill"), fate, reason, decided_on, decided_by })
}

#[cfg(test)]
mod tests;
