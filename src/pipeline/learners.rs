//! `[learners]`: the survey of learners that a plan names.

use super::inputs::file_name;
use super::{Plan, Run, RunError};
use crate::acquire::read_answers;
use crate::clean::contacts::redact;
use crate::clean::learner_survey;
use crate::store::hash_file;
use crate::types::{LearnerSurvey, StageCount, Taxonomy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[learners]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LearnersTable {
    /// CSV file with a row per respondent and skill (`data/templates/learner_survey.csv`); absent = no survey.
    pub survey: Option<PathBuf>,
}

fn path(plan: &Plan) -> Option<PathBuf> {
    plan.learners.survey.as_ref().map(|path| plan.folder.join(path))
}

fn refused(detail: impl std::fmt::Display) -> RunError {
    RunError::Given { key: "learners.survey", detail: detail.to_string() }
}

/// Hash of the survey's file.
pub(super) fn hashes(plan: &Plan) -> Result<BTreeMap<String, String>, RunError> {
    let Some(path) = path(plan) else { return Ok(BTreeMap::new()) };
    let missing = |e| refused(format!("{e}; paths are relative to the plan's file"));
    let (hash, _) = hash_file(&path).map_err(missing)?;
    Ok([(format!("learners {}", file_name(&path)), hash)].into())
}

/// The table with the file's name in the place of its path, so that a moved folder changes nothing.
pub(super) fn plan_part(plan: &Plan) -> serde_json::Value {
    serde_json::json!({ "survey": path(plan).map(|path| file_name(&path)) })
}

/// Reads the survey of the plan, if it names one, and counts its rows.
///
/// # Errors
/// When the file cannot be read or is no survey.
pub(super) fn survey(run: &Run<'_>, taxonomy: &Taxonomy) -> Result<Option<(LearnerSurvey, StageCount)>, RunError> {
    let Some(path) = path(run.plan) else { return Ok(None) };
    let raw = read_answers(&path, &run.plan.limits).map_err(refused)?;
    let name = raw.file.clone();
    let mut survey = learner_survey(&name, raw.rows, raw.unreadable, taxonomy).map_err(refused)?;
    // A column taken for another may hold somebody's address.
    survey.rejects.iter_mut().for_each(|reject| reject.value = redact(&reject.value).0.into_owned());
    let rejected = survey.rejects.len() as u64;
    if rejected > 0 {
        let read = survey.read;
        run.progress.warn(&format!(
            "learners.survey {name}: {rejected} of {read} rows were not counted; survey_rejects.csv names each with its reason"
        ));
    }
    let count = StageCount {
        step: "measure learner survey".to_owned(),
        read: survey.read,
        kept: survey.answers.len() as u64,
        duplicate: survey.duplicates,
        rejected,
    };
    Ok(Some((survey, count)))
}

/// What `check` says of the survey: rows and unreadable ones, or why it is refused. Skills are matched by a run only.
///
/// # Errors
/// The refusal in words.
pub(crate) fn survey_line(plan: &Plan) -> Option<Result<String, String>> {
    let raw = read_answers(&path(plan)?, &plan.limits);
    Some(match raw {
        Ok(raw) => Ok(format!(
            "learners.survey: {}, {} rows, {} of them unreadable",
            raw.file,
            raw.rows.len() + raw.unreadable.len(),
            raw.unreadable.len()
        )),
        Err(error) => Err(format!("learners.survey: refused: {error}")),
    })
}
