//! Commands that work on a plan and its data directory.

use super::args::{Common, ExplainArguments, PlanArguments};
use super::progress::Terminal;
use super::usage::Usage;
use super::{Exit, print};
use crate::pipeline::{self, Network, Plan, PlanError, Run, RunSummary, Stage};
use crate::store::{DataDir, DataLock, write_atomic};
use std::path::Path;
use std::time::Instant;

/// Runs a plan through a stage.
pub fn run(common: &Common, arguments: &PlanArguments, last: Stage) -> anyhow::Result<Exit> {
    let wish =
        Wish { rebuild: arguments.rebuild, refresh: arguments.refresh, accept: arguments.accept_drift.as_deref() };
    run_plan(common, &arguments.plan, wish, last)
}

/// Runs a plan through a stage, reusing what is unchanged.
pub fn run_path(common: &Common, plan: &Path, last: Stage) -> anyhow::Result<Exit> {
    run_plan(common, plan, Wish::default(), last)
}

/// How a plan is run.
#[derive(Clone, Copy, Default)]
struct Wish<'a> {
    rebuild: bool,
    refresh: bool,
    accept: Option<&'a str>,
}

/// That the network may be used now; not with `--offline`.
pub fn network(common: &Common, refresh: bool) -> Option<Network> {
    if common.offline { None } else { Network::at(jiff::Timestamp::now(), refresh) }
}

fn run_plan(common: &Common, path: &Path, wish: Wish<'_>, last: Stage) -> anyhow::Result<Exit> {
    let plan = read_plan(common, path)?;
    let data = DataDir::new(&common.data_dir);
    let advice = format!("process {}, skillgap {} {}", std::process::id(), last.name(), plan.name);
    let _lock = DataLock::take(data.root(), &advice)?;
    let progress = Terminal::new();
    let started = Instant::now();
    data.sweep()?;
    let mut run = Run::new(&plan, &data, &progress, wish.rebuild);
    run.accept_drift = wish.accept;
    run.network = network(common, wish.refresh);
    let summary = run.through(last)?;
    let stats = serde_json::json!({
        "wall_seconds": round(started.elapsed().as_secs_f64()),
        "stages": progress.costs(),
        "usage": Usage::now(),
        "ran": summary.ran,
    });
    let run_file = data.root().join("build").join(plan.name.as_str()).join("run.json");
    write_atomic(&run_file, format!("{stats:#}\n").as_bytes())?;
    tell(common, &data, &summary)?;
    Ok(if summary.refused.is_empty() { Exit::Done } else { Exit::SourceRefused })
}

fn tell(common: &Common, data: &DataDir, summary: &RunSummary) -> anyhow::Result<()> {
    if common.json {
        return print(&serde_json::to_string_pretty(summary)?);
    }
    for refused in &summary.refused {
        print(&super::progress::printable(&format!("refused {}: {}", refused.source, refused.detail)))?;
    }
    match &summary.report {
        Some(report) => {
            print(&format!("report: {}", data.root().join(report).display()))?;
            print(&format!("data:   {}", data.root().join(report).with_file_name("datapackage.json").display()))
        }
        None => print(&format!("results: {}", data.root().join("build").join(&summary.plan).display())),
    }
}

fn round(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// Reads a plan; `--as-of` goes before its own day.
pub fn read_plan(common: &Common, path: &Path) -> anyhow::Result<Plan> {
    let mut plan = Plan::read(path)?;
    if let Some(as_of) = common.as_of {
        plan.as_of = as_of;
    }
    if plan.taxonomy.vectors.is_some() {
        // Said before the first stage runs rather than before the third.
        plan.taxonomy.read_vectors(&plan.folder).map_err(PlanError::from)?;
    }
    Ok(plan)
}

/// Says which stages would run and why.
pub fn preview(common: &Common, arguments: &PlanArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let data = DataDir::new(&common.data_dir);
    let progress = Terminal::new();
    let run = Run::new(&plan, &data, &progress, arguments.rebuild);
    let reasons = pipeline::preview(&run)?;
    if common.json {
        let rows: Vec<_> =
            reasons.iter().map(|(stage, reason)| serde_json::json!({ "stage": stage, "reason": reason })).collect();
        print(&serde_json::to_string_pretty(&rows)?)?;
    } else {
        let due = network(common, arguments.refresh).map(|now| pipeline::freshness(&run, &now));
        let due = due.transpose()?.unwrap_or_default();
        let due: Vec<String> = due.into_iter().filter(|f| f.due).map(|f| f.source).collect();
        if !due.is_empty() {
            print(&format!("{:8} would ask {}", "network", due.join(", ")))?;
        }
        for (stage, reason) in reasons {
            print(&format!("{:8} {reason}", stage.name()))?;
        }
    }
    Ok(Exit::Done)
}

/// Shows where a published number comes from.
pub fn explain(common: &Common, arguments: &ExplainArguments) -> anyhow::Result<Exit> {
    let plan = read_plan(common, &arguments.plan)?;
    let data = DataDir::new(&common.data_dir);
    let path = data.stage(plan.name.as_str(), Stage::Report.name()).join("findings.json");
    let text = std::fs::read(&path).map_err(|_| {
        anyhow::anyhow!("nothing to explain yet; run `skillgap run {}` first", arguments.plan.display())
    })?;
    let findings: crate::types::Findings = serde_json::from_slice(&text)?;
    let Some(explanation) = crate::report::explain(&findings, &arguments.id) else {
        anyhow::bail!("no finding '{}': give a skill's name, slug or URI, a programme, or an outcome id", arguments.id);
    };
    if common.json {
        print(&serde_json::to_string_pretty(&explanation)?)?;
    } else {
        print(&super::progress::printable(&explanation.to_string()))?;
    }
    Ok(Exit::Done)
}

/// Compares every snapshot and result with its recorded hash.
pub fn verify(common: &Common) -> anyhow::Result<Exit> {
    let data = DataDir::new(&common.data_dir);
    let (file_count, problems) = pipeline::verify(&data)?;
    if common.json {
        print(&serde_json::to_string_pretty(&serde_json::json!({ "files": file_count, "problems": problems }))?)?;
    } else {
        for problem in &problems {
            print(&format!("{}: {}", problem.path, problem.problem))?;
        }
        print(&format!("{file_count} files checked, {} problems", problems.len()))?;
    }
    Ok(if problems.is_empty() { Exit::Done } else { Exit::CheckFailed })
}
