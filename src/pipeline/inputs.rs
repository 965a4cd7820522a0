//! What a stage's result depends on, and whether an earlier result still stands.

use super::plan::{Source, SourceKind};
use super::{Plan, Run, RunError, Stage};
use crate::store::{DataDir, Manifest, StoreError, hash_bytes, hash_file};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Raised when a stage writes something else for the same inputs.
pub(super) const LAYOUT: &str = "6";

/// Files of a taxonomy in our own layout; others of its folder are not read.
const STARTER_FILES: [&str; 6] = [
    "skill_labels.csv",
    "skills.csv",
    "skill_definitions.csv",
    "occupations.csv",
    "occupation_labels.csv",
    "occupation_skills.csv",
];

/// Why a stage would run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It would not: nothing changed.
    Unchanged,
    /// It has never finished.
    NoResult,
    /// Asked for by `--rebuild`.
    Asked,
    /// These inputs changed, by name.
    Changed(Vec<String>),
    /// A stage it reads would run.
    EarlierStage(Stage),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Unchanged => f.write_str("unchanged, would be reused"),
            Reason::NoResult => f.write_str("would run: no result yet"),
            Reason::Asked => f.write_str("would run: --rebuild"),
            Reason::Changed(names) => write!(f, "would run: {} changed", names.join(", ")),
            Reason::EarlierStage(stage) => write!(f, "would run: {} would run", stage.name()),
        }
    }
}

/// What happens to a stage.
pub enum Decision {
    /// Its earlier result stands.
    Reuse(Manifest),
    /// It runs.
    Run(Reason),
}

/// Names and hashes of all that a stage's result depends on.
pub(super) fn of(plan: &Plan, data: &DataDir, stage: Stage) -> Result<BTreeMap<String, String>, RunError> {
    let mut inputs = BTreeMap::new();
    inputs.insert("program".to_owned(), format!("{} layout {LAYOUT}", env!("CARGO_PKG_VERSION")));
    inputs.insert("plan".to_owned(), hash_bytes(plan_part(plan, stage).as_bytes()));
    for earlier in stage.needs() {
        let hash = data.manifest(plan.name.as_str(), earlier.name()).map(|m| m.hash()).unwrap_or_default();
        inputs.insert(format!("stage {}", earlier.name()), hash);
    }
    if let Some(path) =
        plan.taxonomy.vectors_path(&plan.folder).filter(|_| matches!(stage, Stage::Extract | Stage::Link))
    {
        inputs.insert("vectors".to_owned(), hash_file(&path)?.0);
    }
    if stage == Stage::Acquire {
        for (source, _) in super::fetch::asked_sources(plan) {
            let record = super::fetch::SourceRecord::of(plan.name.as_str(), data, source.id.as_str())?;
            let hash = hash_bytes(record.fingerprint().as_bytes());
            inputs.insert(format!("source {} answers", source.id), hash);
        }
        for source in &plan.sources {
            for file in files(plan, source)?.into_iter().chain(join_files(plan, source)?) {
                let (hash, _) = hash_file(&file.path)?;
                inputs.insert(format!("source {} {}", source.id, file.name), hash);
            }
        }
    }
    if let Some(path) = plan.reviewed_path().filter(|_| stage == Stage::Measure) {
        let missing = |e: StoreError| RunError::Given { key: "correction.reviewed", detail: e.to_string() };
        inputs.insert("reviewed".to_owned(), hash_file(&path).map_err(missing)?.0);
    }
    if stage == Stage::Measure {
        inputs.extend(super::learners::hashes(plan)?);
    }
    if stage == Stage::Link {
        inputs.extend(super::models::hashes(plan)?);
    }
    if stage == Stage::Measure {
        inputs.extend(super::ledger::hashes(plan)?);
    }
    inputs.extend(super::decisions::hashes(plan, stage)?);
    if stage == Stage::Report {
        inputs.extend(super::assurance::hashes(plan)?);
    }
    Ok(inputs)
}

/// The parts of the plan that a stage reads, as JSON; paths count by file name, so that a moved folder changes nothing.
pub(super) fn plan_part(plan: &Plan, stage: Stage) -> String {
    let sources: Vec<serde_json::Value> = plan.sources.iter().map(|s| source_part(plan, s)).collect();
    let part = match stage {
        Stage::Acquire => serde_json::json!({ "sources": sources, "limits": plan.limits }),
        Stage::Clean => serde_json::json!({
            "clean": plan.clean, "sources": sources, "as_of": plan.as_of, "credentials": plan.credentials,
            "programmes": plan.programmes.iter().map(|p| &p.title).collect::<Vec<_>>(),
        }),
        Stage::Extract => serde_json::json!(plan.extract),
        Stage::Link => super::models::link_part(plan),
        Stage::Measure => serde_json::json!({
            "measure": plan.measure, "language": plan.language, "also_in": plan.also_in, "programmes": plan.programmes, "synthetic": plan.synthetic,
            "as_of": plan.as_of, "novel": plan.novel, "trends": plan.trends,
            "weights": plan.weights, "outlook": plan.outlook, "least_reviewed": plan.correction.as_ref().map(|c| c.min_reviewed),
            "learners": super::learners::plan_part(plan),
            "proposals": plan.proposals,
            "ects_caps": [plan.credentials.ects_cap_unit, plan.credentials.ects_cap_legal],
            "ledger": super::ledger::ledger_part(plan),
        }),
        Stage::Report => serde_json::json!({
            "title": plan.title, "language": plan.language, "as_of": plan.as_of,
            "attributions": plan.attributions, "name": plan.name, "titles": plan.titles,
            "assurance": super::assurance::plan_part(plan),
        }),
    };
    part.to_string()
}

fn source_part(plan: &Plan, source: &Source) -> serde_json::Value {
    let mut value = serde_json::json!(source);
    let names: Vec<String> = plan.paths(source).iter().map(|p| file_name(p)).collect();
    value["path"] = serde_json::json!(names);
    if source.join.is_some() {
        let names: Vec<String> = plan.join_paths(source).iter().map(|p| file_name(p)).collect();
        value["join"]["path"] = serde_json::json!(names);
    }
    value
}

/// Whether an earlier result stands. A damaged one is refused, not silently replaced.
pub(super) fn decide(run: &Run<'_>, stage: Stage, inputs: &BTreeMap<String, String>) -> Result<Decision, RunError> {
    if run.rebuild {
        return Ok(Decision::Run(Reason::Asked));
    }
    let Some(manifest) = run.manifest(stage) else { return Ok(Decision::Run(Reason::NoResult)) };
    let names = manifest.inputs.keys().chain(inputs.keys());
    let mut changed: Vec<String> = names.filter(|n| manifest.inputs.get(*n) != inputs.get(*n)).cloned().collect();
    changed.sort();
    changed.dedup();
    if !changed.is_empty() {
        return Ok(Decision::Run(Reason::Changed(changed)));
    }
    let shown = format!("build/{}/{}", run.plan.name, stage.name());
    let folder = run.data.stage(run.plan.name.as_str(), stage.name());
    match manifest.verify(&folder, &shown).into_iter().next() {
        Some(problem) => Err(RunError::Damaged { path: problem.path, problem: problem.problem }),
        None => Ok(Decision::Reuse(manifest)),
    }
}

/// A file of a source.
pub(crate) struct SourceFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What messages call it: its file name, below the folder that the plan names.
    pub name: String,
    /// It can be missed: that it cannot be read costs one counted reject.
    pub optional: bool,
}

/// Every file of a source, in the plan's order; folders by name, and the folders in them.
pub(crate) fn files(plan: &Plan, source: &Source) -> Result<Vec<SourceFile>, RunError> {
    listed(plan.paths(source), source)
}

/// Every file that a source is joined to.
pub(super) fn join_files(plan: &Plan, source: &Source) -> Result<Vec<SourceFile>, RunError> {
    listed(plan.join_paths(source), source)
}

fn listed(paths: Vec<PathBuf>, source: &Source) -> Result<Vec<SourceFile>, RunError> {
    let mut files = Vec::new();
    for path in paths {
        if !std::fs::metadata(&path).map_err(missing(source, &path))?.is_dir() {
            files.push(SourceFile { name: file_name(&path), path, optional: false });
            continue;
        }
        let (mut inside, folders) = inside(&path, source)?;
        let starter = |p: &PathBuf| STARTER_FILES.contains(&file_name(p).as_str());
        if source.kind == SourceKind::Taxonomy && inside.iter().any(|p| file_name(p) == STARTER_FILES[0]) {
            inside.retain(starter);
        }
        let mut named: Vec<(String, PathBuf)> = inside.into_iter().map(|p| (file_name(&p), p)).collect();
        if source.kind == SourceKind::Postings {
            for folder in folders {
                let within = self::inside(&folder, source)?.0;
                named.extend(within.into_iter().map(|p| (format!("{}/{}", file_name(&folder), file_name(&p)), p)));
            }
        }
        named.retain(|(name, _)| !crate::acquire::is_dropping(name));
        named.sort();
        files.extend(named.into_iter().map(|(name, path)| SourceFile { path, name, optional: false }));
    }
    Ok(files)
}

/// Files and folders of a folder.
fn inside(folder: &Path, source: &Source) -> Result<(Vec<PathBuf>, Vec<PathBuf>), RunError> {
    let entries = std::fs::read_dir(folder).map_err(missing(source, folder))?;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_file() {
            files.push(path);
        } else if path.is_dir() {
            folders.push(path);
        }
    }
    Ok((files, folders))
}

fn missing(source: &Source, path: &Path) -> impl Fn(std::io::Error) -> RunError {
    let (source_id, shown) = (source.id.to_string(), path.display().to_string());
    move |error| RunError::Source {
        source_id: source_id.clone(),
        detail: format!("cannot read {shown}: {error}; paths are relative to the plan's file"),
    }
}

/// Last part of a path, for messages and certificates.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
