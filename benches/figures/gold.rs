//! Rankings and accepted matches against published gold, ESCO v1.1.0.

use crate::common::{inputs, run, shared, skillgap};
use crate::table::table;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What `skillgap evaluate --json` says.
#[derive(Deserialize)]
struct Scores {
    n: usize,
    ranking: BTreeMap<String, Estimate>,
    accepted: Option<Accepted>,
}

#[derive(Deserialize)]
struct Estimate {
    value: f64,
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Accepted {
    precision: Estimate,
    recall: Estimate,
}

impl Estimate {
    fn show(&self) -> String {
        format!("{:.1} [{:.1}, {:.1}]", self.value, self.low, self.high)
    }
}

impl Scores {
    fn show(&self, metric: &str) -> Result<String> {
        self.ranking.get(metric).map(Estimate::show).with_context(|| format!("no metric {metric}"))
    }
}

/// Sets by name, file, kind and corpus.
const SETS: [(&str, &str, &str, Option<&str>); 4] = [
    ("TECH: sentence to skill, en", "skills_en_tech_validation.jsonl", "skill", None),
    ("HOUSE: sentence to skill, en", "skills_en_house_validation.jsonl", "skill", None),
    ("title to occupation, en", "occupations_en_titles_dev.jsonl", "occupation", None),
    (
        "MELO: national title to occupation, es",
        "occupations_es_melo_dev.jsonl",
        "occupation",
        Some("occupations_es_melo_corpus.tsv"),
    ),
];

fn evaluate(gold: PathBuf, kind: &str, corpus: Option<PathBuf>) -> Result<Scores> {
    let mut command = skillgap();
    command.args(["evaluate", "--json", "--kind", kind, "--gold"]).arg(gold);
    if let Some(corpus) = corpus {
        command.arg("--corpus").arg(corpus);
    } else {
        let zips = inputs::esco("v1.1.0_en")?;
        let paths: Vec<String> = zips.iter().map(|path| path.display().to_string()).collect();
        ensure!(!paths.is_empty(), "no package of ESCO v1.1.0");
        command.arg("--taxonomy").arg(paths.join(","));
    }
    Ok(serde_json::from_str(&run(&mut command)?.stdout)?)
}

/// One row per gold set, percent with 95 % intervals over queries.
pub fn measure() -> Result<String> {
    let folder = shared().context("../shared/data is not at hand")?.join("data/gold");
    let mut rows = Vec::new();
    for (name, file, kind, corpus) in SETS {
        let scores = evaluate(folder.join(file), kind, corpus.map(|c| folder.join(c)))?;
        ensure!(scores.n > 0, "{name}: no query could be scored");
        let mut row = vec![name.to_owned(), crate::common::thousands(scores.n as u64)];
        for metric in ["rp@1", "rp@5", "rp@10", "mrr", "map"] {
            row.push(scores.show(metric)?);
        }
        let accepted = scores.accepted.as_ref();
        row.push(accepted.map_or("–".to_owned(), |a| a.precision.show()));
        row.push(accepted.map_or("–".to_owned(), |a| a.recall.show()));
        rows.push(row);
    }
    let header = ["gold", "queries", "RP@1", "RP@5", "RP@10", "MRR", "MAP", "accepted: precision", "accepted: recall"];
    Ok(table(&header, &rows))
}
