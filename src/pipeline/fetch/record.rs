//! What is known of a source that is asked over the network: complete sets of answers, and how the last try ended.

use crate::acquire::services::{Request, Role};
use crate::pipeline::drift::Census;
use crate::pipeline::{Run, RunError};
use crate::store::{DataDir, StoreError, VerifyProblem};
use crate::types::{AcceptedDrift, Date, SnapshotId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `snapshots/answers/<plan>/<source>.json`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::pipeline) struct SourceRecord {
    /// Complete answers that were believed, oldest first.
    pub editions: Vec<Edition>,
    /// Answers of a walk that was interrupted. They have a file of their own, which is written after every answer.
    #[serde(skip)]
    pub begun: Option<Begun>,
    /// Why the last try gave nothing new.
    #[serde(default)]
    pub failed: Option<Failure>,
}

/// One complete set of answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::pipeline) struct Edition {
    /// What was asked, by hash.
    pub asked: String,
    /// When the last answer came.
    pub completed_at: Timestamp,
    /// In the order asked.
    pub answers: Vec<KeptAnswer>,
    /// Answers that could be missed and were.
    pub missed: Vec<Missed>,
    /// What was read of it.
    pub census: Census,
    /// The change that somebody accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<AcceptedDrift>,
    /// Day its texts were removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purged_on: Option<Date>,
}

/// Answers so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::pipeline) struct Begun {
    /// What is asked, by hash.
    pub asked: String,
    /// When the walk began.
    pub started_at: Timestamp,
    /// In the order asked.
    pub answers: Vec<KeptAnswer>,
    /// Answers that could be missed and were.
    #[serde(default)]
    pub missed: Vec<Missed>,
}

/// An answer whose bytes are a snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::pipeline) struct KeptAnswer {
    /// The question.
    pub request: Request,
    /// Where the answer came from.
    pub url: String,
    /// Its status.
    pub status: u16,
    /// Headers that say which vintage it is.
    pub headers: BTreeMap<String, String>,
    /// Its bytes; `None` when the service said that there is nothing.
    pub snapshot: Option<SnapshotId>,
    /// Day it was given, or last confirmed.
    pub retrieved_on: Date,
}

/// An answer that could be missed and was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::pipeline) struct Missed {
    /// What tells its question from others.
    pub key: String,
    /// Where it would have come from.
    pub url: String,
    /// Why it did not.
    pub problem: String,
}

/// Why the last try gave nothing new.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::pipeline) struct Failure {
    /// Day of the try.
    pub on: Date,
    /// What was met, and what to do.
    pub problem: String,
}

impl SourceRecord {
    /// Of a source of a run's plan; an empty one where it was never asked.
    ///
    /// # Errors
    /// When there is a record that cannot be read: boards forget, so the sets it lists cannot be asked for again.
    pub(in crate::pipeline) fn of(plan: &str, data: &DataDir, source: &str) -> Result<Self, RunError> {
        let mut record = match data.source_record(plan, source)? {
            None => Self::default(),
            Some(bytes) => parsed(&bytes).map_err(|problem| {
                let path = data.source_record_path(plan, source);
                let advice = "restore it from a copy, or remove it to begin anew: the sets it lists are then lost";
                let detail = format!("the record of its answers {} {problem}; {advice}", path.display());
                RunError::Source { source_id: source.to_owned(), detail }
            })?,
        };
        // Of a walk that was interrupted nothing is lost: its questions are asked again.
        let begun = data.source_record(plan, &begun_name(source))?;
        record.begun = begun.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(record)
    }

    /// Keeps the answers of a walk so far.
    pub(in crate::pipeline) fn keep_begun(&self, run: &Run<'_>, source: &str) -> Result<(), RunError> {
        let (plan, name) = (run.plan.name.as_str(), begun_name(source));
        match &self.begun {
            Some(begun) => run.data.keep_source_record(plan, &name, &bytes_of(begun, source)?)?,
            None => run.data.remove_source_record(plan, &name)?,
        }
        Ok(())
    }

    /// Forgets a walk that was interrupted.
    pub(in crate::pipeline) fn drop_begun(&mut self, data: &DataDir, plan: &str, source: &str) -> Result<(), RunError> {
        self.begun = None;
        Ok(data.remove_source_record(plan, &begun_name(source))?)
    }

    /// Every record there is, of all plans.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(in crate::pipeline) fn all(data: &DataDir) -> Result<Vec<Self>, RunError> {
        let mut names = data.source_records();
        for (_, name) in &mut names {
            if let Some(source) = name.strip_suffix(BEGUN) {
                *name = source.to_owned();
            }
        }
        names.sort();
        names.dedup();
        names.iter().map(|(plan, source)| Self::of(plan, data, source)).collect()
    }

    /// Snapshots of sets that were not purged, and of a walk that was interrupted.
    pub(in crate::pipeline) fn snapshots(&self) -> impl Iterator<Item = &SnapshotId> {
        let kept = self.editions.iter().filter(|e| e.purged_on.is_none()).flat_map(|e| &e.answers);
        kept.chain(self.begun.iter().flat_map(|b| &b.answers)).filter_map(|a| a.snapshot.as_ref())
    }

    /// Keeps it.
    pub(in crate::pipeline) fn keep(&self, run: &Run<'_>, source: &str) -> Result<(), RunError> {
        self.keep_in(run.data, run.plan.name.as_str(), source)
    }

    /// Keeps it in a data directory.
    pub(in crate::pipeline) fn keep_in(&self, data: &DataDir, plan: &str, source: &str) -> Result<(), RunError> {
        Ok(data.keep_source_record(plan, source, &bytes_of(self, source)?)?)
    }

    /// The newest complete set.
    pub(in crate::pipeline) fn newest(&self) -> Option<&Edition> {
        self.editions.last()
    }

    /// What a stage that reads the source depends on.
    pub(in crate::pipeline) fn fingerprint(&self) -> String {
        let ids = |edition: &Edition| -> Vec<String> {
            edition.records().map(|(_, id)| id.0.clone()).chain(edition.purged_on.map(|d| d.to_string())).collect()
        };
        let editions: Vec<Vec<String>> = self.editions.iter().map(ids).collect();
        let accepted: Vec<_> = self.editions.iter().map(|e| e.accepted.as_ref()).collect();
        let missed: Vec<_> = self.newest().into_iter().flat_map(|e| &e.missed).map(|m| (&m.url, &m.problem)).collect();
        let failed = self.failed.as_ref().map(|f| f.problem.as_str());
        serde_json::json!([editions, accepted, missed, failed]).to_string()
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|e| format!("does not parse ({e})"))
}

/// How many records of answers there are, those that do not parse, and snapshots they name that are gone.
pub(in crate::pipeline) fn verify(data: &DataDir) -> Result<(u64, Vec<VerifyProblem>), StoreError> {
    let (mut count, mut problems) = (0, Vec::new());
    for (plan, name) in data.source_records() {
        count += 1;
        let shown = format!("snapshots/answers/{plan}/{name}.json");
        let bytes = data.source_record(&plan, &name)?.unwrap_or_default();
        let record: Result<SourceRecord, String> = if name.ends_with(BEGUN) {
            parsed(&bytes).map(|begun| SourceRecord { begun: Some(begun), ..SourceRecord::default() })
        } else {
            parsed(&bytes)
        };
        match record {
            Ok(record) => problems.extend(gone(data, &record, &shown)),
            Err(problem) => problems.push(VerifyProblem { path: shown, problem }),
        }
    }
    Ok((count, problems))
}

/// Snapshots that a record names and that are not there.
fn gone(data: &DataDir, record: &SourceRecord, shown: &str) -> Vec<VerifyProblem> {
    let named: BTreeSet<&str> = record.snapshots().map(|id| id.0.as_str()).collect();
    let lost = named.into_iter().filter(|id| !data.snapshot_path(id).exists());
    lost.map(|id| VerifyProblem { path: shown.to_owned(), problem: format!("names the snapshot {id}, which is gone") })
        .collect()
}

/// No source can have a name that ends so: a dot is none of its characters.
const BEGUN: &str = ".begun";

fn begun_name(source: &str) -> String {
    format!("{source}{BEGUN}")
}

fn bytes_of<T: Serialize>(value: &T, source: &str) -> Result<Vec<u8>, StoreError> {
    let json = |e: serde_json::Error| StoreError::Json { path: source.into(), detail: e.to_string() };
    let mut bytes = serde_json::to_vec_pretty(value).map_err(json)?;
    bytes.push(b'\n');
    Ok(bytes)
}

impl Edition {
    /// The answers that hold records, with their bytes.
    pub(in crate::pipeline) fn records(&self) -> impl Iterator<Item = (&KeptAnswer, &SnapshotId)> {
        let holding = self.answers.iter().filter(|a| a.request.role == Role::Records);
        holding.filter_map(|answer| Some((answer, answer.snapshot.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_does_not_parse_is_refused_by_name_and_one_that_was_never_written_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::new(folder.path());
        assert!(SourceRecord::of("kit", &data, "gh").unwrap().editions.is_empty());
        let whole = bytes_of(&SourceRecord::default(), "gh").unwrap();
        data.keep_source_record("kit", "gh", &whole).unwrap();
        assert!(SourceRecord::of("kit", &data, "gh").is_ok());
        assert_eq!(verify(&data).unwrap(), (1, Vec::new()));
        let cut = whole.get(..whole.len() - 3).unwrap();
        for damaged in [cut, b"".as_slice(), b"{\"sets\":5}".as_slice(), b"{}".as_slice()] {
            data.keep_source_record("kit", "gh", damaged).unwrap();
            let said = SourceRecord::of("kit", &data, "gh").unwrap_err().to_string();
            assert!(said.contains("gh.json does not parse") && said.contains("restore it"), "{said}");
            assert!(SourceRecord::all(&data).is_err());
            let (_, problems) = verify(&data).unwrap();
            assert!(problems.iter().any(|p| p.path == "snapshots/answers/kit/gh.json"), "{problems:?}");
        }
    }

    #[test]
    fn a_damaged_note_of_an_interrupted_walk_costs_no_set_and_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::new(folder.path());
        data.keep_source_record("kit", "gh", &bytes_of(&SourceRecord::default(), "gh").unwrap()).unwrap();
        data.keep_source_record("kit", "gh.begun", b"{\"asked\":").unwrap();
        assert!(SourceRecord::of("kit", &data, "gh").unwrap().begun.is_none());
        let (count, problems) = verify(&data).unwrap();
        assert_eq!((count, problems.len()), (2, 1), "{problems:?}");
    }
}
