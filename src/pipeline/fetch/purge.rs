//! Texts of postings that are older than the plan keeps them: their bytes go, a tombstone says when and why.

use super::record::SourceRecord;
use crate::pipeline::plan::{Plan, SourceKind};
use crate::pipeline::{RunError, Stage};
use crate::store::DataDir;
use crate::types::Date;
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

/// Removes stored texts of postings that are older than `retention.text_days`, or all of them. What was derived from them
/// (skills, links to the postings, quotations of at most 200 characters) stays in the results of the last run.
///
/// # Errors
/// When the disk refuses.
pub fn purge(plan: &Plan, data: &DataDir, today: Date, everything: bool) -> Result<Purged, RunError> {
    let mut purged = Purged::default();
    let (mut gone, mut needed) = (BTreeSet::new(), BTreeSet::new());
    let days = i64::from(plan.retention.text_days);
    for (source, _) in super::asked_sources(plan).filter(|(s, _)| s.kind == SourceKind::Postings) {
        let mut record = SourceRecord::of(plan.name.as_str(), data, source.id.as_str());
        let mut changed = false;
        for edition in &mut record.editions {
            let ids = edition.answers.iter().filter_map(|a| a.snapshot.as_ref()).map(|id| id.0.clone());
            let born = super::day_of(edition.completed_at);
            let is_old = everything || born.is_some_and(|born| i64::from((today - born).get_days()) >= days);
            if edition.purged_on.is_none() && is_old {
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
