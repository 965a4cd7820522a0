//! Texts of postings that are older than the plan keeps them: their bytes go, a tombstone says when and why.

use super::record::SourceRecord;
use crate::pipeline::plan::{Plan, SourceKind};
use crate::pipeline::{RunError, Stage};
use crate::store::DataDir;
use crate::types::{Date, SnapshotId};
use serde::Serialize;
use std::collections::BTreeSet;

/// What was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Purged {
    /// Sets of answers whose texts are gone.
    pub editions: u64,
    /// Snapshots whose bytes are gone.
    pub snapshots: u64,
    /// Stages whose results held the texts and are gone.
    pub stages: Vec<&'static str>,
}

/// Removes stored texts of postings that are older than `retention.text_days`, or all of them, also of walks that were
/// interrupted or refused. What was derived from them (skills, links to the postings, quotations of at most 200
/// characters) stays in the results of the last run.
///
/// # Errors
/// When the disk refuses.
pub fn purge(plan: &Plan, data: &DataDir, today: Date, everything: bool) -> Result<Purged, RunError> {
    let mut purged = Purged::default();
    let (mut gone, mut needed) = (BTreeSet::new(), BTreeSet::new());
    let days = i64::from(plan.retention.text_days);
    let is_old =
        |born: Option<Date>| everything || born.is_some_and(|born| i64::from((today - born).get_days()) >= days);
    for (source, _) in super::asked_sources(plan).filter(|(s, _)| s.kind == SourceKind::Postings) {
        let mut record = SourceRecord::of(plan.name.as_str(), data, source.id.as_str())?;
        let mut changed = false;
        for edition in &mut record.editions {
            let ids = edition.answers.iter().filter_map(|a| a.snapshot.as_ref()).map(|id| id.0.clone());
            if edition.purged_on.is_none() && is_old(super::day_of(edition.completed_at)) {
                gone.extend(ids);
                edition.purged_on = Some(today);
                (purged.editions, changed) = (purged.editions + 1, true);
            } else if edition.purged_on.is_none() {
                needed.extend(ids);
            }
        }
        if changed {
            record.keep_in(data, plan.name.as_str(), source.id.as_str())?;
        }
        if let Some(begun) = record.begun.as_ref().filter(|begun| is_old(super::day_of(begun.started_at))) {
            gone.extend(begun.answers.iter().filter_map(|a| a.snapshot.as_ref()).map(|id| id.0.clone()));
            record.drop_begun(data, plan.name.as_str(), source.id.as_str())?;
        }
        gone.extend(unnamed(data, source.id.as_str(), &is_old)?);
    }
    let reason = format!("texts of postings are kept {days} days (retention.text_days of plan '{}')", plan.name);
    for id in gone.difference(&needed).filter(|id| data.snapshot_path(id).exists()) {
        data.purge_snapshot(id, today, &reason)?;
        purged.snapshots += 1;
    }
    if purged.editions > 0 {
        for stage in [Stage::Acquire, Stage::Clean] {
            if data.manifest(plan.name.as_str(), stage.name()).is_some() {
                data.remove_stage(plan.name.as_str(), stage.name())?;
                purged.stages.push(stage.name());
            }
        }
    }
    Ok(purged)
}

/// Answers of a source that are old and that no set of any plan names: those of walks that were refused.
fn unnamed(data: &DataDir, source: &str, is_old: &dyn Fn(Option<Date>) -> bool) -> Result<Vec<String>, RunError> {
    let records = SourceRecord::all(data)?;
    let named: BTreeSet<&str> = records.iter().flat_map(SourceRecord::snapshots).map(|id| id.0.as_str()).collect();
    let mut all = data.snapshot_ids();
    all.retain(|id| {
        let certificate = data.certificate_of(&SnapshotId(id.clone()), source);
        // A status says that it was an answer: a file of a plan has none.
        let answered = certificate.ok().filter(|c| c.status.is_some());
        !named.contains(id.as_str()) && answered.is_some_and(|c| is_old(c.retrieved_on))
    });
    Ok(all)
}
