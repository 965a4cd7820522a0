//! `skillgap doctor`: whether this machine, this data directory and this plan are fit for a run.

use super::args::{Common, DoctorArguments};
use super::plans::read_plan;
use super::progress::printable;
use super::table::{aligned, counted, thousands};
use super::{Exit, print};
use crate::acquire::{Limits, TaxonomyPackage, taxonomy_package};
use crate::pipeline::{self, Plan, SourceKind};
use crate::store::{DataDir, DataLock};
use serde::Serialize;
use std::path::Path;

/// Free space below which a run of a year of postings may not end.
const SPACE_BYTES: u64 = 2 << 30;
/// The same of memory.
const MEMORY_BYTES: u64 = 1 << 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warn,
    Fail,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Line {
    state: State,
    what: &'static str,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_step: Option<String>,
}

impl Line {
    fn ok(what: &'static str, found: impl Into<String>) -> Self {
        Self { state: State::Ok, what, found: found.into(), next_step: None }
    }

    fn bad(state: State, what: &'static str, found: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self { state, what, found: found.into(), next_step: Some(next_step.into()) }
    }
}

/// Looks at everything a run leans on.
pub fn doctor(common: &Common, arguments: &DoctorArguments) -> anyhow::Result<Exit> {
    let data = DataDir::new(&common.data_dir);
    let mut lines = vec![Line::ok("version", concat!("skillgap ", env!("CARGO_PKG_VERSION")))];
    lines.extend([cores(common), memory(), terminal()]);
    lines.extend([folder(&data), space(&common.data_dir), lock(&data), results(&data, arguments.full)]);
    lines.push(starter(&common.data_dir));
    if let Some(path) = &arguments.plan {
        match read_plan(common, path) {
            Ok(plan) => lines.extend(plan_lines(&plan)),
            Err(error) => lines.push(Line::bad(
                State::Fail,
                "plan",
                format!("{error:#}"),
                "correct the plan, or write one with `skillgap init`",
            )),
        }
    }
    let failed = lines.iter().any(|l| l.state == State::Fail);
    if common.json {
        print(&serde_json::to_string_pretty(&lines)?)?;
    } else {
        tell(&lines)?;
    }
    Ok(if failed { Exit::Environment } else { Exit::Done })
}

fn tell(lines: &[Line]) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for line in lines {
        let state = match line.state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "FAIL",
        };
        rows.push(vec![state.to_owned(), line.what.to_owned(), line.found.clone()]);
        if let Some(next) = &line.next_step {
            rows.push(vec![String::new(), String::new(), format!("next: {next}")]);
        }
    }
    aligned(&rows).iter().try_for_each(|line| print(&printable(line)))
}

fn cores(common: &Common) -> Line {
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let used = common.threads.map_or(count, usize::from);
    Line::ok("cores", format!("{count}, of which a run uses {used} (--threads)"))
}

fn memory() -> Line {
    let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib =
        meminfo.lines().find_map(|l| l.strip_prefix("MemAvailable:")?.split_whitespace().next()?.parse::<u64>().ok());
    match kib.map(|k| k * 1024) {
        None => Line::ok("memory", "unknown on this system; a run needs about 1 GB"),
        Some(bytes) if bytes < MEMORY_BYTES => Line::bad(
            State::Warn,
            "memory",
            format!("{} free", size(bytes)),
            "close other programs: a run with all of ESCO needs about 1 GB",
        ),
        Some(bytes) => Line::ok("memory", format!("{} free", size(bytes))),
    }
}

fn terminal() -> Line {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|key| std::env::var(key).ok().filter(|v| !v.is_empty()));
    let locale = set.unwrap_or_default();
    let upper = locale.to_uppercase();
    if upper.contains("UTF-8") || upper.contains("UTF8") || cfg!(windows) {
        return Line::ok("terminal", format!("UTF-8 ({})", if locale.is_empty() { "system" } else { &locale }));
    }
    let found = if locale.is_empty() { "no locale set".to_owned() } else { format!("locale {locale}") };
    Line::bad(
        State::Warn,
        "terminal",
        found,
        "accents and Arabic may not show here: set LANG=C.UTF-8; files and reports are not affected",
    )
}

fn folder(data: &DataDir) -> Line {
    let shown = data.root().display().to_string();
    if !data.root().exists() {
        let next = "nothing: the first run makes it; or give another with --data-dir";
        return Line::bad(State::Warn, "data directory", format!("{shown} is not there yet"), next);
    }
    match data.probe() {
        Ok(()) => Line::ok("data directory", format!("{shown} can be written")),
        Err(error) => {
            Line::bad(State::Fail, "data directory", error.to_string(), "give one you may write with --data-dir")
        }
    }
}

/// Free space as `df` tells it: the standard library does not.
fn space(root: &Path) -> Line {
    let folder = if root.exists() { root } else { Path::new(".") };
    let output = std::process::Command::new("df").arg("-Pk").arg(folder).output();
    let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    let free = text.lines().nth(1).and_then(|l| l.split_whitespace().nth(3)).and_then(|k| k.parse::<u64>().ok());
    match free.map(|k| k.saturating_mul(1024)) {
        None => Line::ok("disk", "free space unknown on this system"),
        Some(bytes) if bytes < SPACE_BYTES => Line::bad(
            State::Warn,
            "disk",
            format!("{} free", size(bytes)),
            "make room, or give another --data-dir: snapshots and results of a year of postings take about 2 GB",
        ),
        Some(bytes) => Line::ok("disk", format!("{} free", size(bytes))),
    }
}

fn lock(data: &DataDir) -> Line {
    match DataLock::holder(data.root()) {
        None => Line::ok("lock", "free"),
        Some(holder) => Line::bad(
            State::Warn,
            "lock",
            format!("held by {holder}"),
            "wait for that run to end, or give another --data-dir",
        ),
    }
}

fn results(data: &DataDir, full: bool) -> Line {
    let stages = match data.stages() {
        Ok(stages) => stages,
        Err(error) => {
            return Line::bad(
                State::Fail,
                "results",
                error.to_string(),
                "look at the permissions of the data directory",
            );
        }
    };
    let unreadable = stages.iter().filter(|(plan, stage)| data.manifest(plan, stage).is_none()).count();
    let found = format!(
        "{} of stages, {}",
        counted(stages.len() as u64, "result"),
        counted(data.snapshot_ids().len() as u64, "snapshot")
    );
    if unreadable > 0 {
        let next = "run the plan again with --rebuild";
        return Line::bad(State::Fail, "results", format!("{found}; {unreadable} without a readable manifest"), next);
    }
    if !full {
        return Line::ok("results", format!("{found} (hashes not compared; --full does)"));
    }
    match pipeline::verify(data) {
        Ok((count, problems)) if problems.is_empty() => {
            Line::ok("results", format!("{found}; {} as recorded", counted(count, "file")))
        }
        Ok((_, problems)) => {
            let first = problems.first().map(|p| format!("{}: {}", p.path, p.problem)).unwrap_or_default();
            Line::bad(
                State::Fail,
                "results",
                format!("{found}; {} changed, first {first}", problems.len()),
                "see `skillgap verify`; run again with --rebuild",
            )
        }
        Err(error) => Line::bad(State::Fail, "results", error.to_string(), "see `skillgap verify`"),
    }
}

fn starter(root: &Path) -> Line {
    let folder = root.join("reference");
    match pipeline::read_taxonomy(std::slice::from_ref(&folder), &Limits::default()) {
        Ok(layer) => {
            let found = format!(
                "{}: {}, {}",
                layer.version,
                counted(layer.skills.len() as u64, "skill"),
                counted(layer.occupations.len() as u64, "occupation")
            );
            Line::ok("starter taxonomy", found)
        }
        Err(error) => {
            let next =
                "give --data-dir the folder that holds `reference`, or name a taxonomy in every plan and command";
            Line::bad(State::Warn, "starter taxonomy", format!("none in {}: {error}", folder.display()), next)
        }
    }
}

fn plan_lines(plan: &Plan) -> Vec<Line> {
    let mut lines = vec![Line::ok(
        "plan",
        format!("{}: {}, as of {}", plan.name, counted(plan.sources.len() as u64, "source"), plan.as_of),
    )];
    for source in &plan.sources {
        if let Some(service) = &source.service {
            let said = format!("{}: service {service}; `skillgap sources check` asks whether it answers", source.id);
            lines.push(Line::ok("source", said));
            continue;
        }
        lines.push(match pipeline::files(plan, source) {
            Err(error) => Line::bad(State::Fail, "source", error.to_string(), "correct `path` in the plan"),
            Ok(files) => {
                let bytes: u64 = files.iter().filter_map(|f| f.path.metadata().ok()).map(|m| m.len()).sum();
                let unread = files.iter().find_map(|f| std::fs::File::open(&f.path).err().map(|e| (f, e)));
                match unread {
                    Some((file, error)) => Line::bad(
                        State::Fail,
                        "source",
                        format!("{}: {}: {error}", source.id, file.name),
                        "look at its permissions",
                    ),
                    None => Line::ok(
                        "source",
                        format!(
                            "{}: {}, {}{}",
                            source.id,
                            counted(files.len() as u64, "file"),
                            size(bytes),
                            esco(plan, source)
                        ),
                    ),
                }
            }
        });
    }
    lines
}

fn esco(plan: &Plan, source: &pipeline::Source) -> String {
    if source.kind != SourceKind::Taxonomy {
        return String::new();
    }
    let mut languages = Vec::new();
    for path in plan.paths(source) {
        match taxonomy_package(&path, &plan.limits) {
            Some(TaxonomyPackage::Starter) => return ", our own layout".to_owned(),
            Some(TaxonomyPackage::Esco(found)) => languages.extend(found),
            None => {}
        }
    }
    languages.sort();
    languages.dedup();
    if languages.is_empty() { String::new() } else { format!(", ESCO in {}", languages.join(", ")) }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", thousands(bytes.div_ceil(1000))),
        1_000_000..1_000_000_000 => format!("{} MB", thousands(bytes / 1_000_000)),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
