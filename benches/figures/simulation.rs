//! Coverage of the intervals, false discoveries and power over a thousand simulated replications.

use crate::common;
use crate::common::simulation::{Simulation, Tally};
use crate::table::table;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

const REPLICATIONS: &str = "1000";
const SEED: &str = "20261126";

/// The block `simulation`.
///
/// # Errors
/// When there is no Python with numpy and scipy, or a replication cannot be measured.
pub fn measure() -> Result<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulation");
    let python = std::env::var("SKILLGAP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = common::root().join("tests/simulation/generate.py");
    let mut command = Command::new(&python);
    command.arg(&script).args(["--replications", REPLICATIONS, "--seed", SEED, "--out"]).arg(&folder);
    let done = command.output().with_context(|| format!("cannot start {python}; SKILLGAP_PYTHON names one"))?;
    ensure!(done.status.success(), "generate.py: {}", String::from_utf8_lossy(&done.stderr));
    let simulation = Simulation::read(&folder)?;
    let outcome = simulation.run()?;
    let mut rows = Vec::new();
    for ((estimand, note), (tally, least, most)) in outcome.pooled() {
        rows.push(row(&estimand, &note, &tally, (least, most)));
    }
    let heads =
        ["estimand", "skills", "intervals", "hold the truth, %", "single skills, %", "mean width", "error, mean / sd"];
    let calls = &outcome.calls;
    let rate = |sum: f64| 100.0 * sum / calls.replications as f64;
    let mut text = table(&heads, &rows);
    text.push_str(&format!(
        "\nFalse discoveries over {} replications of 84 skills, 62 of which do not change: {:.1} % of the calls \"emerging\", \
         {:.1} % of all changes called (asked for at most 5 %). Skills called in the right direction, by their true ratio: ",
        calls.replications,
        rate(calls.false_emerging),
        rate(calls.false_any)
    ));
    let power = calls.by_ratio.iter().filter(|(ratio, _)| **ratio != 100).map(|(ratio, (tested, called, emerging))| {
        let of = |n: &u64| 100.0 * *n as f64 / *tested as f64;
        format!("x{:.2} {:.0} % (emerging {:.0} %)", *ratio as f64 / 100.0, of(called), of(emerging))
    });
    text.push_str(&power.collect::<Vec<_>>().join(", "));
    text.push_str(".\n");
    Ok(text)
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
