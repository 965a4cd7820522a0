//! `skillgap diff`: finds two runs and says what changed.

mod show;

use super::args::{Common, DiffArguments, Format};
use super::plans::read_plan;
use super::progress::printable;
use super::{Exit, print};
use crate::pipeline::{Stage, edition_diff};
use crate::report::{csv_bytes, diff_rows};
use crate::store::{DataDir, Manifest, hash_bytes};
use crate::types::{Findings, SourceId};
use anyhow::Context;
use std::io::Write;
use std::path::{Path, PathBuf};

const FINDINGS: &str = "findings.json";

/// Compares two runs.
pub fn diff(common: &Common, arguments: &DiffArguments) -> anyhow::Result<Exit> {
    let before = read(&find(common, &arguments.before)?)?;
    let after = read(&find(common, &arguments.after)?)?;
    let diff = edition_diff(&before, &after);
    match if common.json { Format::Json } else { arguments.format } {
        Format::Json => print(&serde_json::to_string_pretty(&diff)?)?,
        Format::Csv => std::io::stdout().write_all(&csv_bytes("diff", &diff_rows(&diff))?)?,
        Format::Text => show::lines(&diff, arguments.top).iter().try_for_each(|line| print(&printable(line)))?,
    }
    Ok(Exit::Done)
}

/// The findings that a user means by a path or a name.
fn find(common: &Common, run: &Path) -> anyhow::Result<PathBuf> {
    let data = DataDir::new(&common.data_dir);
    let last = |plan: &str| data.stage(plan, Stage::Report.name()).join(FINDINGS);
    let shown = printable(&run.display().to_string());
    if run.is_dir() {
        return in_folder(run, &shown);
    }
    if run.is_file() && run.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        let plan = read_plan(common, run)?;
        let path = last(plan.name.as_str());
        anyhow::ensure!(
            path.is_file(),
            "plan '{}' has no report in {}; run `skillgap run {shown}` first, or name a data directory",
            plan.name,
            data.root().display()
        );
        return Ok(path);
    }
    if run.is_file() {
        return Ok(run.to_owned());
    }
    let named = run.to_str().and_then(|name| SourceId::new(name).ok()).map(|plan| last(plan.as_str()));
    named.filter(|path| path.is_file()).with_context(|| {
        format!(
            "'{shown}' is no report folder, {FINDINGS}, data directory or plan file, nor a plan with a report in {}",
            data.root().display()
        )
    })
}

/// A report folder, the folder of a plan's results, or a data directory with one plan.
fn in_folder(folder: &Path, shown: &str) -> anyhow::Result<PathBuf> {
    let report = Stage::Report.name();
    for path in [folder.join(FINDINGS), folder.join(report).join(FINDINGS)] {
        if path.is_file() {
            return Ok(path);
        }
    }
    let data = DataDir::new(folder);
    let mut plans: Vec<String> =
        data.stages()?.into_iter().filter(|(_, s)| s == report).map(|(plan, _)| plan).collect();
    plans.retain(|plan| data.stage(plan, report).join(FINDINGS).is_file());
    match plans.as_slice() {
        [plan] => Ok(data.stage(plan, report).join(FINDINGS)),
        [] => anyhow::bail!("{shown} holds no {FINDINGS}; name a report folder, DATA-DIR/build/PLAN/report"),
        several => anyhow::bail!(
            "{shown} holds reports of {}; name one of them: {}",
            printable(&several.join(", ")),
            printable(&several.first().map(|plan| data.stage(plan, report).display().to_string()).unwrap_or_default())
        ),
    }
}

/// Findings of this version, or of another as far as they can be read.
fn read(path: &Path) -> anyhow::Result<Findings> {
    let shown = printable(&path.display().to_string());
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {shown}"))?;
    let value: serde_json::Value = serde_json::from_slice(&bytes)
        .map_err(|e| anyhow::anyhow!("{shown} is no {FINDINGS}: {e}; name a report folder or the {FINDINGS} in it"))?;
    let version = value.pointer("/meta/version").and_then(serde_json::Value::as_str).map(str::to_owned);
    let Some(version) = version else {
        anyhow::bail!("{shown} is JSON, but no {FINDINGS}: it does not say which version wrote it (meta.version)");
    };
    let findings: Findings = serde_json::from_value(value).map_err(|e| {
        let ours = env!("CARGO_PKG_VERSION");
        anyhow::anyhow!("{shown} was written by skillgap {version} and {ours} cannot read it ({e}); run its plan anew")
    })?;
    anyhow::ensure!(
        !findings.meta.plan.is_empty(),
        "{shown} holds findings without their frame, as the stage measure leaves them; name the report folder beside it"
    );
    warn_of_edits(path, &bytes);
    Ok(findings)
}

/// Says when findings are not what the manifest beside them promises.
fn warn_of_edits(path: &Path, bytes: &[u8]) {
    let manifest = std::fs::read(path.with_file_name("manifest.json")).ok();
    let manifest: Option<Manifest> = manifest.and_then(|text| serde_json::from_slice(&text).ok());
    let recorded = manifest.and_then(|m| m.outputs.into_iter().find(|o| o.path == FINDINGS));
    if recorded.is_some_and(|o| o.sha256 != hash_bytes(bytes)) {
        let shown = printable(&path.display().to_string());
        drop(writeln!(std::io::stderr(), "warning: {shown} was changed after its run: the manifest has another hash"));
    }
}
