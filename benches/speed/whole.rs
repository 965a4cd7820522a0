//! The whole run beside the script a data scientist writes today, on the same files, each from nothing.

use crate::common::{Figure, median, run, shared, skillgap, whole_run};
use anyhow::{Context, Result};
use skillgap::store::write_atomic;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const ROUNDS: usize = 3;
/// One thread for every library that would take more.
const ONE_THREAD: [&str; 5] =
    ["POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];
/// The script's input files as a plan.
pub const PLAN: &str = r#"name = "peer"
title = "The script's input"
as_of = "2021-01-01"
[[source]]
id = "nhs"
kind = "postings"
path = "postings.csv"
language = "en"
[[source]]
id = "esco"
kind = "taxonomy"
path = "esco"
[[source]]
id = "outcomes"
kind = "credentials"
path = "outcomes.csv"
[source.columns]
credential_id = { const = "catalogue" }
title = { const = "One catalogue" }
outcomes = "outcome"
"#;

fn python() -> Command {
    let name = std::env::var_os("SKILLGAP_PYTHON").unwrap_or_else(|| "python3".into());
    let mut command = Command::new(name);
    command.envs(ONE_THREAD.map(|name| (name, "1")));
    command
}

/// Makes the script's input files and our plan over them; `None` where the files or Python are not at hand.
pub fn prepare(folder: &Path) -> Result<Option<std::path::PathBuf>> {
    let Some(bench) = shared().map(|s| s.join("bench")).filter(|b| b.is_dir()) else { return Ok(None) };
    if python().arg("--version").output().is_err() {
        return Ok(None);
    }
    run(python().arg(bench.join("prepare.py")).arg(folder))?;
    let skills = std::fs::read(folder.join("skills_en.csv")).context("prepare.py left no skills_en.csv")?;
    std::fs::create_dir_all(folder.join("esco"))?;
    write_atomic(&folder.join("esco/skills_en.csv"), &skills)?;
    write_atomic(&folder.join("plan.toml"), PLAN.as_bytes())?;
    Ok(Some(bench))
}

/// Whether Python has what the script needs.
fn has_packages() -> bool {
    let needed = "import pandas, ahocorasick, rapidfuzz, datasketch, sklearn, sparse_dot_topn";
    python().args(["-c", needed]).output().is_ok_and(|o| o.status.success())
}

/// CPU seconds of both, in turns.
pub fn measure() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let Some(bench) = prepare(folder.path())? else { return Ok(vec![]) };
    let beside = has_packages();
    let missing =
        if beside { "" } else { "; the script did not run: set SKILLGAP_PYTHON to a Python with its packages" };
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut stages: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let data = tempfile::tempdir_in(folder.path())?;
        let mut command = skillgap();
        command.envs(ONE_THREAD.map(|name| (name, "1")));
        command.arg("run").arg(folder.path().join("plan.toml")).args(["--threads", "1", "--data-dir"]).arg(data.path());
        let cpu = run(&mut command)?.cpu_seconds;
        let costs = whole_run(data.path(), "peer")?.stages;
        costs.into_iter().for_each(|(stage, cost)| stages.entry(stage).or_default().push(cost.cpu_seconds));
        ours.push(cpu);
        if beside {
            let peer = run(&mut script(&bench, folder.path()))?;
            theirs.push(peer.cpu_seconds);
            ratios.push(cpu / peer.cpu_seconds.max(0.01));
        }
    }
    let costs: Vec<String> = stages.into_iter().map(|(stage, s)| format!("{stage} {:.2}", median(s))).collect();
    Ok(vec![Figure {
        item: "the whole run".to_owned(),
        value: median(ours),
        unit: "CPU seconds".to_owned(),
        beside: beside.then(|| ("pandas, datasketch, pyahocorasick, scikit-learn".to_owned(), median(theirs))),
        ratio: beside.then(|| median(ratios)),
        target: "at most a third of the script's".to_owned(),
        note: format!("all six stages from an empty folder: {}{missing}", costs.join(", ")),
    }])
}

fn script(bench: &Path, folder: &Path) -> Command {
    let mut command = python();
    command.arg(bench.join("peer_end_to_end.py"));
    for (option, file) in [
        ("--postings", "postings.csv"),
        ("--skills", "skills_en.csv"),
        ("--outcomes", "outcomes.csv"),
        ("--outdir", "peer"),
    ] {
        command.arg(option).arg(folder.join(file));
    }
    command.args(["--match", "tfidf"]);
    command
}
