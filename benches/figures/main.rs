//! Measures everything that README and METHOD quote and splices it in: `cargo bench --bench figures`.
//!
//! A block stands between `<!-- figures:NAME -->` and `<!-- /figures -->`; names are `real`, `demo`, `gold`, `recovery`,
//! `simulation` and `speed`.
//! Nothing is written unless every block that the documents ask for could be measured. Options after `--`: `--quick`
//! (only what takes seconds, `demo` and `speed`), `--only NAME` (other blocks stay as they are), `--print` (writes no
//! document).

#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;
mod demo;
mod gold;
mod real;
mod recovery;
mod simulation;
mod speed;
mod splice;
mod table;

use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::io::Write;

/// Documents that quote figures.
const DOCUMENTS: [&str; 2] = ["README.md", "METHOD.md"];
/// Blocks measured in seconds.
const QUICK: [&str; 2] = ["demo", "speed"];

fn measure(name: &str) -> Result<String> {
    match name {
        "real" => real::measure(),
        "demo" => demo::measure(),
        "gold" => gold::measure(),
        "recovery" => recovery::measure(),
        "simulation" => simulation::measure(),
        "speed" => speed::measure(),
        other => bail!("no figures are called '{other}'; known are real, demo, gold, recovery, simulation and speed"),
    }
}

fn main() -> Result<()> {
    let options: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let only = options.iter().position(|o| o == "--only").and_then(|at| options.get(at + 1));
    let known = |o: &&String| ["--quick", "--print", "--only"].contains(&o.as_str()) || Some(*o) == only;
    if let Some(unknown) = options.iter().find(|o| !known(o)) {
        bail!("unknown option '{unknown}'; known: --quick, --print, --only NAME");
    }
    let has = |option: &str| options.iter().any(|o| o == option);
    let mut documents = Vec::new();
    for name in DOCUMENTS {
        let path = common::root().join(name);
        let Ok(text) = std::fs::read_to_string(&path) else {
            say(&format!("{name}: absent"))?;
            continue;
        };
        let markers = splice::markers(&text).map_err(|error| error.context(name))?;
        say(&format!("{name}: markers {}", if markers.is_empty() { "none".to_owned() } else { markers.join(", ") }))?;
        documents.push((path, markers));
    }
    let mut wanted: Vec<&String> = documents.iter().flat_map(|(_, markers)| markers).collect();
    wanted.sort();
    wanted.dedup();
    wanted.retain(|name| !has("--quick") || QUICK.contains(&name.as_str()));
    wanted.retain(|name| only.is_none_or(|only| only == *name));
    wanted.sort_by_key(|name| !QUICK.contains(&name.as_str()));
    let mut blocks: BTreeMap<String, String> = BTreeMap::new();
    let mut failures = Vec::new();
    for name in wanted {
        match measure(name) {
            Ok(block) => {
                say(&format!("\n{name}\n\n{block}"))?;
                blocks.insert(name.clone(), block);
            }
            Err(error) => failures.push(format!("{name}: {error:#}")),
        }
    }
    if !failures.is_empty() {
        bail!("nothing was spliced, since not everything could be measured:\n{}", failures.join("\n"));
    }
    for (path, ..) in documents.iter().filter(|_| !has("--print")) {
        // Read again: somebody may have written in it while minutes of measuring went by.
        let text = std::fs::read_to_string(path)?;
        let spliced = splice::splice(&text, &blocks);
        if spliced != text {
            skillgap::store::write_atomic(path, spliced.as_bytes())?;
            say(&format!("{} written", path.file_name().unwrap_or_default().to_string_lossy()))?;
        }
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
