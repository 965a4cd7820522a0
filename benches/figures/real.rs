//! The plans of `tests/real`, run from nothing on files that other people published.

use crate::common::{read_json, root, run, shared, skillgap, thousands, whole_run};
use crate::table::{percent, table};
use anyhow::{Context, Result, ensure};
use skillgap::pipeline::{Plan, SourceKind};
use skillgap::types::{Findings, StageCount};
use std::path::{Path, PathBuf};

fn plans() -> Result<Vec<PathBuf>> {
    let mut plans: Vec<PathBuf> = std::fs::read_dir(root().join("tests/real"))?.flatten().map(|e| e.path()).collect();
    plans.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    plans.sort();
    ensure!(!plans.is_empty(), "tests/real holds no plan");
    Ok(plans)
}

/// A table with one row per plan.
pub fn measure() -> Result<String> {
    shared().context("../shared/data is not at hand")?;
    let mut rows = Vec::new();
    for plan in plans()? {
        rows.push(row(&plan)?);
    }
    let header = [
        "plan",
        "read",
        "kept",
        "merged",
        "rejected",
        "skills per posting",
        "postings without skill",
        "CPU seconds",
        "peak MB",
    ];
    Ok(table(&header, &rows))
}

fn row(path: &Path) -> Result<Vec<String>> {
    let plan = Plan::read(path)?;
    let data = tempfile::tempdir()?;
    run(skillgap().arg("run").arg(path).arg("--data-dir").arg(data.path()))?;
    let ran = whole_run(data.path(), plan.name.as_str())?;
    let findings: Findings =
        read_json(&data.path().join("build").join(plan.name.as_str()).join("report/findings.json"))?;
    let quality = &findings.quality;
    let step = |name: &str| quality.stages.iter().find(|s| s.step == name).with_context(|| format!("no step {name}"));
    let cleaned: &StageCount = step("clean postings")?;
    let (mut read, mut rejected) = (0, cleaned.rejected);
    for source in plan.of_kind(SourceKind::Postings) {
        let acquired = step(&format!("acquire {}", source.id))?;
        read += acquired.read;
        rejected += acquired.rejected;
    }
    ensure!(
        read == cleaned.kept + cleaned.duplicate + rejected,
        "{}: {read} read, but {} kept + {} merged + {rejected} rejected",
        plan.name,
        cleaned.kept,
        cleaned.duplicate
    );
    let kinds = quality.duplicates.iter().map(|(kind, count)| format!("{} {kind}", thousands(*count)));
    let kinds = kinds.collect::<Vec<_>>().join(", ").replace('_', " ");
    let without = quality.languages.iter().map(|l| l.without_skill_count).sum();
    let skills: f64 = quality.languages.iter().map(|l| l.skills_per_posting * l.posting_count as f64).sum();
    Ok(vec![
        format!("`{}`", plan.name),
        thousands(read),
        thousands(cleaned.kept),
        format!("{} ({kinds})", thousands(cleaned.duplicate)),
        thousands(rejected),
        format!("{:.1}", skills / (cleaned.kept as f64).max(1.0)),
        percent(without, cleaned.kept),
        format!("{:.1}", ran.usage.cpu_seconds),
        format!("{:.0}", ran.usage.peak_mb()),
    ])
}
