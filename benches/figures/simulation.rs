//! Coverage of the intervals, false discoveries and power over a thousand simulated replications.

use crate::common;
use crate::common::simulation::{Calls, Outcome, Simulation, Tally};
use crate::table::table;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const REPLICATIONS: &str = "1000";
const SEED: &str = "20261126";

/// The block `simulation`.
///
/// # Errors
/// When there is no Python with numpy and scipy, or a replication cannot be measured.
pub fn measure() -> Result<String> {
    let outcome = replicate(&[])?;
    let mut rows = Vec::new();
    for ((estimand, note), (tally, least, most)) in outcome.pooled() {
        rows.push(row(&estimand, &note, &tally, (least, most)));
    }
    let mut text = table(&HEADS, &rows);
    text.push_str(&said_of_calls(&outcome.calls));
    let harsh = replicate(&["--harsh"])?;
    let mut by_estimand: BTreeMap<String, (Tally, f64, f64)> = BTreeMap::new();
    for ((estimand, note), (tally, least, most)) in harsh.pooled() {
        if note == "everybody" {
            continue;
        }
        let own = by_estimand.entry(estimand).or_insert((Tally::default(), 1.0, 0.0));
        own.0.join(&tally);
        (own.1, own.2) = (own.1.min(least), own.2.max(most));
    }
    text.push_str(
        "\nThe same in a harsher world: employers of up to sixty postings, wilder volume, and one posting in twenty that \
         loses its employer's name at random, which hides a part of the likeness from every estimator.\n\n",
    );
    let rows: Vec<_> = by_estimand
        .iter()
        .map(|(estimand, (tally, least, most))| row(estimand, "all", tally, (*least, *most)))
        .collect();
    text.push_str(&table(&HEADS, &rows));
    text.push_str(&said_of_calls(&harsh.calls));
    Ok(text)
}

const HEADS: [&str; 7] =
    ["estimand", "skills", "intervals", "hold the truth, %", "single skills, %", "mean width", "error, mean / sd"];

/// Draws the replications and measures them.
fn replicate(options: &[&str]) -> Result<Outcome> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulation");
    let python = std::env::var("SKILLGAP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = common::root().join("tests/simulation/generate.py");
    let mut command = Command::new(&python);
    command.arg(&script).args(["--replications", REPLICATIONS, "--seed", SEED, "--out"]).arg(&folder).args(options);
    let done = command.output().with_context(|| format!("cannot start {python}; SKILLGAP_PYTHON names one"))?;
    ensure!(done.status.success(), "generate.py: {}", String::from_utf8_lossy(&done.stderr));
    Simulation::read(&folder)?.run()
}

fn said_of_calls(calls: &Calls) -> String {
    let rate = |sum: f64| 100.0 * sum / calls.replications as f64;
    let power = calls.by_ratio.iter().filter(|(ratio, _)| **ratio != 100).map(|(ratio, (tested, called, emerging))| {
        let of = |n: &u64| 100.0 * *n as f64 / *tested as f64;
        format!("x{:.2} {:.0} % (emerging {:.0} %)", *ratio as f64 / 100.0, of(called), of(emerging))
    });
    format!(
        "\nFalse discoveries over {} replications of 84 skills, 62 of which do not change: {:.1} % of the calls \"emerging\", \
         {:.1} % of all changes called (asked for at most 5 %). Called in the right direction, by their true ratio: {}.\n",
        calls.replications,
        rate(calls.false_emerging),
        rate(calls.false_any),
        power.collect::<Vec<_>>().join(", ")
    )
}

fn row(estimand: &str, note: &str, tally: &Tally, (least, most): (f64, f64)) -> Vec<String> {
    let n = tally.given as f64;
    let mean = tally.errors.0 / n;
    let sd = (tally.errors.1 / n - mean * mean).max(0.0).sqrt();
    vec![
        estimand.to_owned(),
        note.to_owned(),
        tally.given.to_string(),
        format!("{:.1}", 100.0 * tally.coverage()),
        format!("{:.1} to {:.1}", 100.0 * least, 100.0 * most),
        format!("{:.4}", tally.widths / n),
        format!("{mean:+.4} / {sd:.4}"),
    ]
}
