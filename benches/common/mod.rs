//! What both benches need: CPU time, programs beside ours, inputs, numbers in words.

pub mod inputs;
pub mod simulation;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Ticks per second of `/proc/self/stat`: fixed at 100 in Linux' interface to user programs.
const TICKS_PER_SECOND: f64 = 100.0;

/// Root of the repository. Cargo says it again at run time, so that a built bench can be pointed at another checkout.
pub fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into()))
}

/// Files that other people published, where they are at hand.
pub fn shared() -> Option<PathBuf> {
    let folder = root().parent()?.join("shared");
    folder.join("data").is_dir().then_some(folder)
}

/// Where `speed` leaves its figures for `figures`.
pub fn speed_file() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed.json")
}

/// The program, not yet started.
pub fn skillgap() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skillgap"));
    command.current_dir(root());
    command
}

/// CPU seconds of all children that have ended: fields 16 and 17 of `/proc/self/stat`.
fn children_cpu() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("CPU time of children is read from Linux' /proc")?;
    // The command in field 2 may hold spaces, so counting starts after its bracket.
    let fields = stat.rsplit_once(')').map_or("", |(_, after)| after).split_whitespace().skip(13).take(2);
    let ticks = fields.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / TICKS_PER_SECOND)
}

/// What a program that has ended used and said.
pub struct Ended {
    /// User and system CPU seconds, its own children included.
    pub cpu_seconds: f64,
    /// Standard output.
    pub stdout: String,
}

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be started or does not end well; the message holds what it said.
pub fn run(command: &mut Command) -> Result<Ended> {
    let name = command.get_program().to_string_lossy().into_owned();
    let before = children_cpu()?;
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    // 3: a source was refused and the rest is complete, which real files that are to be refused bring about.
    ensure!(matches!(output.status.code(), Some(0 | 3)), "{name} ended with {}:\n{said}", output.status);
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(Ended { cpu_seconds: children_cpu()? - before, stdout })
}

/// What `run.json` says of a run.
#[derive(Debug, Clone, Deserialize)]
pub struct RunFile {
    /// CPU time and memory.
    pub usage: Usage,
    /// Per stage.
    pub stages: std::collections::BTreeMap<String, StageCost>,
    /// Stages that ran, in order.
    pub ran: Vec<String>,
}

/// CPU time and memory of a run.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Usage {
    /// User and system CPU seconds of all threads.
    pub cpu_seconds: f64,
    /// Largest resident set, in bytes.
    pub peak_memory_bytes: f64,
}

impl Usage {
    /// Largest resident set, in megabytes.
    pub fn peak_mb(&self) -> f64 {
        self.peak_memory_bytes / 1e6
    }
}

/// What one stage took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct StageCost {
    /// CPU seconds.
    pub cpu_seconds: f64,
}

/// Reads `run.json` of a plan and makes sure that every stage ran and a report came out.
///
/// # Errors
/// When a stage was reused or left out, or the report is missing.
pub fn whole_run(data: &Path, plan: &str) -> Result<RunFile> {
    let build = data.join("build").join(plan);
    let run: RunFile = read_json(&build.join("run.json"))?;
    ensure!(
        run.ran == ["acquire", "clean", "extract", "link", "measure", "report"],
        "{plan}: not every stage ran: {:?}",
        run.ran
    );
    ensure!(build.join("report/gap.html").is_file(), "{plan}: no report came out");
    Ok(run)
}

/// Reads a JSON file.
///
/// # Errors
/// When it is absent or of another shape.
pub fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is of another shape", path.display()))
}

/// What was measured, beside what, and what was hoped for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figure {
    /// What was done.
    pub item: String,
    /// Our figure.
    pub value: f64,
    /// Unit of both figures.
    pub unit: String,
    /// What ran beside it, with its figure.
    pub beside: Option<(String, f64)>,
    /// Median over rounds of ours / beside.
    pub ratio: Option<f64>,
    /// What the project asks of itself.
    pub target: String,
    /// Counts that show that work was done.
    pub note: String,
}

/// What `speed` found, as `figures` reads it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SpeedFile {
    /// Inputs in words.
    pub input: String,
    /// Every figure.
    pub figures: Vec<Figure>,
}

/// A positive number for people: thousands apart, fewer decimals the larger it is.
pub fn number(value: f64) -> String {
    match value {
        x if x >= 100.0 => apart(&format!("{value:.0}")),
        x if x >= 10.0 => format!("{value:.1}"),
        x if x > 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A count for people: thousands apart.
pub fn thousands(count: u64) -> String {
    apart(&count.to_string())
}

fn apart(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Middle value; 0 of nothing.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.get(values.len().saturating_sub(1) / 2), values.get(values.len() / 2)) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => 0.0,
    }
}
