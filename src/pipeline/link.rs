//! Wires `link`: every learning outcome of the catalogue to the skills it teaches.

use super::acquire::{read_json, write_json};
use super::{Run, RunError, Stage};
use crate::link::Linker;
use crate::store::{StageDraft, write_table};
use crate::types::{Credential, LearningOutcome, Linked, StageCount};
use rayon::prelude::*;

pub(super) fn run(run: &Run<'_>, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
    let credentials: Vec<Credential> = read_json(&run.artefact(Stage::Clean, "credentials.json"))?;
    let outcomes: Vec<&LearningOutcome> = credentials.iter().flat_map(|c| &c.outcomes).collect();
    let outcome_count = outcomes.len() as u64;
    run.progress.start(Stage::Link, Some(outcome_count));
    let (models, mut counts) = super::models::lanes(run, &outcomes)?;
    let linker = Linker::new(run.lexicon()?, &run.plan.link).with_models(models);
    let rulings = super::decisions::Register::of(run.plan)?.map(|register| register.rulings()).unwrap_or_default();
    let taxonomy = &run.lexicon()?.taxonomy;
    let link = |outcome: &&LearningOutcome| {
        let mut linked = linker.links(outcome);
        rulings.apply(&mut linked, taxonomy, outcome.language);
        linked
    };
    let linked: Vec<Linked> = outcomes.par_iter().map(link).collect();
    write_table(&draft.path("links.parquet"), &linked)?;
    write_json(draft, "links.json", &linked)?;
    let step = "link outcomes".to_owned();
    counts.insert(0, StageCount { step, read: outcome_count, kept: outcome_count, duplicate: 0, rejected: 0 });
    Ok(counts)
}
