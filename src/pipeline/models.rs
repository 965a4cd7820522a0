//! Models that the plan names beside our own lanes: their files, and what they say of the learning outcomes.

use super::inputs::file_name;
use super::{Plan, Run, RunError};
use crate::acquire::{Limits, read_ranked};
use crate::embed::{self, Embedder, SkillVectors, Text};
use crate::link::{ModelLane, ModelSpec};
use crate::store::{DataDir, hash_file};
use crate::types::{LearningOutcome, RankedFile, StageCount, Taxonomy};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Skills ranked for a text by a model of a folder.
pub(crate) const RANKS: usize = 100;

/// Where a model's rankings come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ModelSource<'p> {
    /// A file of ranked skills.
    Ranked(&'p Path),
    /// A sentence-transformers folder.
    Folder(&'p Path),
}

/// What a model says of texts; `told` hears how far the vectors of names are, which are worked out once.
pub(crate) fn lists(
    source: ModelSource<'_>,
    taxonomy: &Taxonomy,
    texts: &[Text<'_>],
    top: usize,
    (data, limits): (&DataDir, &Limits),
    told: &dyn Fn(&str),
) -> Result<RankedFile, String> {
    let folder = match source {
        ModelSource::Ranked(path) => return read_ranked(path, limits).map_err(|e| e.to_string()),
        ModelSource::Folder(folder) => folder,
    };
    let embedder = Embedder::open(folder).map_err(|e| e.to_string())?;
    let name = file_name(folder);
    let progress = |done, all| told(&format!("{name}: {done} of {all} names of skills read"));
    let vectors = SkillVectors::of(&embedder, taxonomy, data, &progress).map_err(|e| e.to_string())?;
    vectors.lists(&embedder, taxonomy, texts, top).map_err(|e| e.to_string())
}

fn path_of(plan: &Plan, model: &ModelSpec) -> PathBuf {
    plan.folder.join(model.path().unwrap_or(Path::new("")))
}

fn refused(model: &ModelSpec) -> impl Fn(String) -> RunError {
    let name = model.name.to_string();
    move |detail| RunError::Model { name: name.clone(), detail }
}

/// Hashes of every model's files, by name.
pub(super) fn hashes(plan: &Plan) -> Result<BTreeMap<String, String>, RunError> {
    let mut hashes = BTreeMap::new();
    for model in &plan.link.models {
        let path = path_of(plan, model);
        let files = if model.folder.is_some() { embed::files(&path) } else { vec![path.clone()] };
        if files.is_empty() {
            let problem = "holds no config.json; name a sentence-transformers folder, relative to the plan's file";
            return Err(refused(model)(format!("{} {problem}", path.display())));
        }
        for file in files {
            let relative = file.strip_prefix(&path).ok().filter(|p| !p.as_os_str().is_empty()).map(Path::to_owned);
            let shown = relative.map_or_else(|| file_name(&file), |p| p.to_string_lossy().replace('\\', "/"));
            let (hash, _) =
                hash_file(&file).map_err(|e| refused(model)(format!("{e}; paths are relative to the plan's file")))?;
            hashes.insert(format!("model {} {shown}", model.name), hash);
        }
    }
    Ok(hashes)
}

/// The models with all they say of the outcomes, and what became of their rows.
pub(super) fn lanes(
    run: &Run<'_>,
    outcomes: &[&LearningOutcome],
) -> Result<(Vec<ModelLane>, Vec<StageCount>), RunError> {
    let taxonomy = &run.lexicon()?.taxonomy;
    let texts: Vec<Text<'_>> = outcomes.iter().map(|o| Text { id: &o.id.0, text: &o.text, lang: o.language }).collect();
    let (mut lanes, mut counts) = (Vec::new(), Vec::new());
    for model in &run.plan.link.models {
        let path = path_of(run.plan, model);
        let source = match model.folder {
            Some(_) => ModelSource::Folder(&path),
            None => ModelSource::Ranked(&path),
        };
        let told = |line: &str| run.progress.warn(line);
        let file =
            lists(source, taxonomy, &texts, RANKS, (run.data, &run.plan.limits), &told).map_err(refused(model))?;
        let asked = texts.iter().map(|t| (t.id, t.text));
        let (lane, count) = ModelLane::new(model.name.as_str(), model.fusion(), &file, taxonomy, asked);
        let name = model.name.as_str();
        count.warnings(name).iter().for_each(|line| run.progress.warn(line));
        if model.fusion().is_none() {
            run.progress.warn(&format!(
                "model '{name}' has no fitted weights in the plan: it is shown as evidence and proposes for review only; \
                 skillgap train model fits them on gold"
            ));
        }
        counts.push(count.stage_count(name));
        lanes.push(lane);
    }
    Ok((lanes, counts))
}

/// The plan's `[link]` with file names in the place of paths, so that a moved folder changes nothing.
pub(super) fn link_part(plan: &Plan) -> serde_json::Value {
    let mut spec = plan.link.clone();
    for model in &mut spec.models {
        for path in [&mut model.ranked, &mut model.folder].into_iter().flatten() {
            *path = file_name(path).into();
        }
    }
    serde_json::json!(spec)
}
