//! `skillgap review`: decisions in, questions out, and where they stand.

use super::args::{
    Common, ReviewArguments, ReviewCommand, ReviewExportArguments, ReviewImportArguments, ReviewRetireArguments,
    ReviewStatusArguments,
};
use super::plans::read_plan;
use super::progress::printable;
use super::table::{aligned, counted};
use super::{Exit, print};
use crate::pipeline::decisions::{Fault, Known, Register, Topic, esco, file_bytes, gold, read_rows, sheet};
use crate::pipeline::{Plan, RunError, Stage, file_name};
use crate::report::{csv_bytes, sheet_csv};
use crate::store::{DataDir, write_atomic};
use crate::types::{Decision, DecisionKind, Findings};
use std::collections::{BTreeMap, BTreeSet};

/// Does what is wanted.
pub fn review(common: &Common, arguments: &ReviewArguments) -> anyhow::Result<Exit> {
    match &arguments.command {
        ReviewCommand::Import(a) => import(common, a),
        ReviewCommand::Export(a) => export(common, a),
        ReviewCommand::Status(a) => status(common, a),
        ReviewCommand::Retire(a) => retire(common, a),
    }
}

/// The register of a plan, which must name one.
fn register(plan: &Plan) -> anyhow::Result<Register> {
    Register::of(plan)?.ok_or_else(|| {
        anyhow::anyhow!(
            "the plan names no register of decisions; add to it:\n[review]\nregister = \"decisions/{}.csv\"",
            plan.name
        )
    })
}

/// Takes every row of every file into the register, or none of any.
fn import(common: &Common, arguments: &ReviewImportArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let mut register = register(&plan)?;
    let (mut faults, mut read, mut open) = (Vec::new(), Vec::new(), 0);
    for file in &arguments.files {
        let bytes = file_bytes(file).map_err(|source| crate::store::StoreError::Io {
            action: "read",
            path: file.clone(),
            source,
        })?;
        match read_rows(&file_name(file), &bytes) {
            Ok(rows) => {
                open += rows.open;
                read.push((file_name(file), rows.decided));
            }
            Err(more) => faults.extend(more),
        }
    }
    // A file may be about a skill that another one names.
    let all: Vec<(u64, Decision)> =
        register.rows.iter().chain(read.iter().flat_map(|(_, rows)| rows)).cloned().collect();
    if all.len() > register.rows.len() {
        let known = Known::of(&plan, &DataDir::new(&common.data_dir), &all)?;
        read.iter().for_each(|(name, rows)| faults.extend(known.outdated(name, rows)));
    }
    if !faults.is_empty() {
        return refuse(common, &faults, "nothing was imported");
    }
    let before = register.rows.clone();
    let merged = register.merge(read.into_iter().flat_map(|(_, rows)| rows).map(|(_, decision)| decision));
    if register.rows != before {
        register.write()?;
    }
    let conflicts = register.conflicts();
    if common.json {
        let conflicts = conflict_rows(&conflicts);
        let said = serde_json::json!({ "merged": merged, "open": open, "conflicts": conflicts, "faults": [] });
        print(&serde_json::to_string_pretty(&said)?)?;
        return Ok(Exit::Done);
    }
    merged.new.iter().try_for_each(|(kind, count)| print(&format!("{kind:8} {count} new")))?;
    print(&format!("{} known already, {} left open", counted(merged.known, "row"), counted(open, "row")))?;
    if merged.replaced + merged.overruled > 0 {
        let (replaced, overruled) = (counted(merged.replaced, "row"), counted(merged.overruled, "row"));
        print(&format!(
            "{replaced} replaced by what the same voice said since; {overruled} of the files taken back since"
        ))?;
    }
    tell_conflicts(&conflicts)?;
    print(&format!("register: {}; the next run applies it", register.path.display()))?;
    Ok(Exit::Done)
}

/// Every fault in a line, and that nothing happened.
fn refuse(common: &Common, faults: &[Fault], outcome: &str) -> anyhow::Result<Exit> {
    if common.json {
        print(&serde_json::to_string_pretty(&serde_json::json!({ "faults": faults }))?)?;
    } else {
        for fault in faults {
            print(&printable(&fault.to_string()))?;
        }
        print(&format!("{}: {outcome}", counted(faults.len() as u64, "fault")))?;
    }
    Ok(Exit::SourceRefused)
}

fn conflict_rows(conflicts: &[Topic<'_>]) -> Vec<Vec<serde_json::Value>> {
    let row = |(row, decision): &(u64, &Decision)| serde_json::json!({ "row": row, "decision": decision });
    conflicts.iter().map(|topic| topic.rows.iter().map(row).collect()).collect()
}

fn tell_conflicts(conflicts: &[Topic<'_>]) -> anyhow::Result<()> {
    for topic in conflicts {
        let Some((_, first)) = topic.rows.first() else { continue };
        let about = [&first.subject, &first.target, &first.text].map(String::as_str);
        let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
        let about: String = about.join(" · ").chars().take(120).collect();
        print(&printable(&format!("conflict, not applied: {} {about}", first.kind.name())))?;
        for (row, d) in &topic.rows {
            let target = if d.kind == DecisionKind::Term { format!(" {}", d.target) } else { String::new() };
            let (choice, group, by) = (d.decision.name(), d.group.name(), &d.decided_by);
            let line = format!("  row {row}: {choice}{target}, {group}, {by}, {}, {}", d.decided_on, d.reason);
            print(&printable(&line))?;
        }
    }
    if !conflicts.is_empty() {
        print("keep the decision that holds: skillgap review retire PLAN --row N takes the other out")?;
    }
    Ok(())
}

/// The findings of the last report.
fn findings(plan: &Plan, data: &DataDir) -> anyhow::Result<Findings> {
    let path = data.stage(plan.name.as_str(), Stage::Report.name()).join("findings.json");
    let text = std::fs::read(&path)
        .map_err(|_| anyhow::anyhow!("there is no report yet; run the plan first: skillgap run"))?;
    Ok(serde_json::from_slice(&text)?)
}

fn export(common: &Common, arguments: &ReviewExportArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let data = DataDir::new(&common.data_dir);
    let findings = findings(&plan, &data)?;
    let is_sheet_only = arguments.gold.is_none() && arguments.esco.is_none();
    let output = arguments.output.clone().or_else(|| is_sheet_only.then(|| "review.csv".into()));
    if let Some(path) = output {
        let rows = sheet(&plan, &data, &findings, Register::of(&plan)?.as_ref())?;
        write_atomic(&path, &sheet_csv(&rows)?)?;
        print(&format!("{}: {} to decide", path.display(), counted(rows.len() as u64, "row")))?;
    }
    if let Some(path) = &arguments.gold {
        let exported = gold(&register(&plan)?);
        write_atomic(path, exported.lines.as_bytes())?;
        let (texts, left_out) = (counted(exported.texts, "text"), exported.left_out);
        print(&format!(
            "{}: {texts} with the skills people found in them; left out: {left_out} decisions that only say what a text does \
             not show",
            path.display()
        ))?;
    }
    if let Some(path) = &arguments.esco {
        let terms = esco(&plan, &data, &findings, &register(&plan)?)?;
        write_atomic(path, &csv_bytes("proposal", &terms)?)?;
        print(&format!("{}: {}", path.display(), counted(terms.len() as u64, "term")))?;
    }
    Ok(Exit::Done)
}

/// Counts of a kind.
#[derive(Debug, Default, serde::Serialize)]
struct Standing {
    /// Rows of the register.
    rows: u64,
    /// Things decided upon.
    decided: u64,
    /// Of these, decided differently.
    conflicts: u64,
    /// Rows about nothing that is there.
    outdated: u64,
    /// Questions of the last report that wait; none without a report.
    open: Option<u64>,
}

fn status(common: &Common, arguments: &ReviewStatusArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let data = DataDir::new(&common.data_dir);
    let register = register(&plan)?;
    let outdated = outdated(&plan, &data, &register)?;
    let waiting = match findings(&plan, &data) {
        Ok(findings) => Some(sheet(&plan, &data, &findings, Some(&register))?),
        Err(_) => None,
    };
    let standing = |kind: DecisionKind| {
        let own = register.rows.iter().filter(|(_, d)| d.kind == kind);
        let about: Vec<Topic> = register.topics().into_iter().filter(|topic| topic.kind() == Some(kind)).collect();
        let outdated: BTreeSet<u64> = outdated.iter().map(|fault| fault.row).collect();
        let open = waiting.as_ref().map(|rows| rows.iter().filter(|row| row.kind == kind).count() as u64);
        let standing = Standing {
            rows: own.clone().count() as u64,
            decided: about.len() as u64,
            conflicts: about.iter().filter(|topic| !topic.is_agreed()).count() as u64,
            outdated: own.filter(|(row, _)| outdated.contains(row)).count() as u64,
            open,
        };
        (kind.name(), standing)
    };
    let standings = DecisionKind::ALL.map(standing);
    let conflicts = register.conflicts();
    if common.json {
        let kinds: BTreeMap<&str, &Standing> = standings.iter().map(|(kind, standing)| (*kind, standing)).collect();
        let said = serde_json::json!({ "kinds": kinds, "conflicts": conflict_rows(&conflicts), "outdated": outdated });
        print(&serde_json::to_string_pretty(&said)?)?;
    } else {
        let mut rows = vec![["kind", "rows", "decided", "conflicts", "outdated", "open"].map(str::to_owned).to_vec()];
        rows.extend(standings.iter().map(|(kind, s)| {
            let open = s.open.map_or_else(|| "-".to_owned(), |open| open.to_string());
            let counts = [s.rows, s.decided, s.conflicts, s.outdated].map(|n| n.to_string());
            [vec![(*kind).to_owned()], counts.to_vec(), vec![open]].concat()
        }));
        aligned(&rows).iter().try_for_each(|line| print(line))?;
        tell_conflicts(&conflicts)?;
        outdated.iter().try_for_each(|fault| print(&printable(&format!("outdated: {fault}"))))?;
        if !outdated.is_empty() {
            print("outdated rows stop a run: skillgap review retire PLAN moves them out of the register")?;
        }
    }
    Ok(if outdated.is_empty() { Exit::Done } else { Exit::SourceRefused })
}

fn outdated(plan: &Plan, data: &DataDir, register: &Register) -> Result<Vec<Fault>, RunError> {
    if register.rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Known::of(plan, data, &register.rows)?.outdated(&file_name(&register.path), &register.rows))
}

/// Moves rows into the file of retired ones, which keeps who decided what.
fn retire(common: &Common, arguments: &ReviewRetireArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let mut register = register(&plan)?;
    let mut numbers: BTreeSet<u64> = arguments.rows.iter().copied().collect();
    if let Some(absent) = numbers.iter().find(|number| register.rows.iter().all(|(row, _)| row != *number)) {
        anyhow::bail!(
            "{} has no row {absent}; rows 2 to {} hold decisions",
            register.path.display(),
            register.rows.len() + 1
        );
    }
    if numbers.is_empty() {
        let data = DataDir::new(&common.data_dir);
        numbers = outdated(&plan, &data, &register)?.into_iter().map(|fault| fault.row).collect();
    }
    let gone = register.retire(&numbers);
    if gone.is_empty() {
        print("no row is outdated; nothing was changed")?;
        return Ok(Exit::Done);
    }
    let mut kept = register.retired()?;
    let count = gone.len() as u64;
    kept.merge(gone);
    // Written first: a crash in between leaves a row in both files and loses none.
    kept.write()?;
    register.write()?;
    print(&format!("{} moved to {}", counted(count, "row"), kept.path.display()))?;
    Ok(Exit::Done)
}
