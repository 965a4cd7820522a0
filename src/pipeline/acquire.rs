//! Wires `acquire`: every file becomes a snapshot, every record a row, every refusal a sentence.

mod answers;
mod records;

use super::contract::Contract;
use super::drift::{Census, Countries, drifts, refusal};
use super::fetch::{AnswerFile, unreadable};
use super::inputs::{SourceFile, files, join_files};
use super::plan::{Source, SourceKind};
use super::{RefusedSource, Run, RunError, Stage, failed};
use crate::acquire::connectors::taxonomies::esco::Answered;
use crate::acquire::services;
use crate::acquire::{
    AcquireError, Input, Notes, PostingReader, connectors, encoding_named, read_credentials, read_statistics,
};
use crate::store::{StageDraft, StoreError, TextSpill, hash_file};
use crate::types::{
    AcceptedDrift, Origin, RawCredential, RawObservation, Reject, RejectReason, Snapshot, SnapshotId, StageCount,
    TaxonomyLayer,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rows collected before they are written.
const PUSH_ROWS: usize = 1024;

/// Postings of a country from which its absence next time is no chance.
pub(super) const COUNTRY_POSTINGS: u64 = 20;

/// What the stage found, for the stages after it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Acquired {
    /// Birth certificates, in reading order.
    pub snapshots: Vec<Snapshot>,
    /// Posting tables, in the plan's order.
    pub posting_tables: Vec<String>,
    /// Taxonomy layers, in the plan's order.
    pub layers: Vec<String>,
    /// Sources that were refused.
    pub refused: Vec<RefusedSource>,
    /// What was mended or left out in postings.
    #[serde(default)]
    pub notes: Notes,
    /// What was read of each source, for the next run to be compared with.
    #[serde(default)]
    pub(super) census: BTreeMap<String, Census>,
    /// Changes of sources that an analyst accepted.
    #[serde(default)]
    pub accepted_drifts: Vec<AcceptedDrift>,
}

use answers::Answers;
pub(super) use records::Texts;
use records::{Rows, Stop, Tally, media_type};

/// Reads back what the stage found.
pub(super) fn acquired(run: &Run<'_>) -> Result<Acquired, RunError> {
    read_json(&run.artefact(Stage::Acquire, "acquired.json"))
}

/// Sources refused by the last run of the stage.
pub(super) fn refused(run: &Run<'_>) -> Result<Vec<RefusedSource>, RunError> {
    Ok(acquired(run)?.refused)
}

struct Collector<'a> {
    run: &'a Run<'a>,
    draft: &'a StageDraft,
    found: Acquired,
    rejects: Vec<Reject>,
    credentials: Vec<(Origin, RawCredential)>,
    observations: Vec<RawObservation>,
    counts: Vec<StageCount>,
}

pub(super) fn run(run: &Run<'_>, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
    run.progress.start(Stage::Acquire, None);
    let mut all = Collector {
        run,
        draft,
        found: Acquired::default(),
        rejects: Vec::new(),
        credentials: Vec::new(),
        observations: Vec::new(),
        counts: Vec::new(),
    };
    for source in &run.plan.sources {
        all.source(source)?;
    }
    for (kind, present) in [
        ("postings", !all.found.posting_tables.is_empty()),
        ("taxonomy", !all.found.layers.is_empty()),
        ("credentials", !all.credentials.is_empty()),
    ] {
        if !present {
            let first = all.found.refused.first();
            return Err(RunError::Source {
                source_id: first.map_or(kind.to_owned(), |r| r.source.clone()),
                detail: first.map_or(format!("no {kind} were found"), |r| r.detail.clone()),
            });
        }
    }
    all.compare()?;
    write_json(draft, "acquired.json", &all.found)?;
    write_json(draft, "credentials.json", &all.credentials)?;
    write_json(draft, "observations.json", &all.observations)?;
    crate::store::write_table(&draft.path("rejects.parquet"), &all.rejects)?;
    Ok(all.counts)
}

impl Collector<'_> {
    /// Holds what was read against the last complete run; a change that nobody accepted ends this one.
    fn compare(&mut self) -> Result<(), RunError> {
        let counts = self.counts.iter().filter_map(|c| Some((c.step.strip_prefix("acquire ")?, c.kept)));
        for (source, kept) in counts {
            let census = self.found.census.entry(source.to_owned()).or_default();
            census.records = kept;
            let of_source = self.found.snapshots.iter().filter(|s| s.source.as_str() == source);
            census.snapshots = of_source.map(|s| s.id.0.clone()).collect();
            census.snapshots.sort();
        }
        // A result of an earlier version, or none, is nothing to compare with.
        let Ok(last) = acquired(self.run) else { return Ok(()) };
        let (rules, now) = (&self.run.plan.drift, &self.found.census);
        let of = |id: &str| self.run.plan.sources.iter().find(|s| s.id.as_str() == id);
        let own = |id: &str| of(id).map_or_else(|| rules.clone(), |source| source.contract.drift(rules));
        let mut found = drifts(&last.census, now, &own);
        // Answers of services were held against their last set before they were promoted.
        found.retain(|d| of(&d.source).is_some_and(|s| s.service.is_none()));
        let unchanged = |d: &AcceptedDrift| {
            last.census.get(&d.source).zip(now.get(&d.source)).is_some_and(|(a, b)| a.snapshots == b.snapshots)
        };
        let mut accepted: Vec<AcceptedDrift> = last.accepted_drifts.iter().filter(|d| unchanged(d)).cloned().collect();
        match self.run.accept_drift {
            _ if found.is_empty() => {}
            Some(reason) => accepted.extend(found.into_iter().map(|d| d.accepted(reason))),
            None => return Err(RunError::Drift { detail: refusal(&found, rules) }),
        }
        accepted.extend(std::mem::take(&mut self.found.accepted_drifts));
        self.found.accepted_drifts = accepted;
        // A source that was refused this time is compared with its last good state next time.
        let in_plan = |id: &String| self.run.plan.sources.iter().any(|s| s.id.as_str() == id);
        for (source, census) in last.census.into_iter().filter(|(id, _)| in_plan(id)) {
            self.found.census.entry(source).or_insert(census);
        }
        Ok(())
    }

    /// Records by country of what was read.
    fn take_census(&mut self, source: &Source, countries: Countries<'_>, fewest_of_country: u64) {
        let (valued, countries) = (countries.valued, countries.counts);
        let census = Census { valued, countries, fewest_of_country, ..Census::default() };
        self.found.census.insert(source.id.to_string(), census);
    }

    fn source(&mut self, source: &Source) -> Result<(), RunError> {
        let before = (self.rejects.len(), self.credentials.len(), self.observations.len());
        let service = source.service.as_deref().and_then(services::named);
        let mut answers = Answers::default();
        let (mut paths, mut ids) = (Vec::new(), Vec::new());
        if service.is_some() {
            answers = self.answers(source)?;
            if answers.files.is_empty() {
                return Ok(());
            }
            paths.extend(answers.files.iter().map(AnswerFile::as_file));
            ids.extend(answers.files.iter().map(|a| a.input.snapshot.clone()));
        } else {
            paths.extend(files(self.run.plan, source)?);
            for file in &paths {
                ids.push(self.snapshot(source, file)?);
            }
        }
        let files = (paths.as_slice(), ids.as_slice());
        let result = match (source.kind, service) {
            (SourceKind::Taxonomy, _) => self.taxonomy(source, &paths, &ids),
            (SourceKind::Postings, Some(service)) => self.answered_postings(source, service, answers),
            (SourceKind::Postings, None) => self.postings(source, &paths, &ids),
            (SourceKind::Credentials, _) => {
                self.each(source, files, answers.missed, &mut |all, path, input| all.credentials(source, path, input))
            }
            (SourceKind::Statistics, _) => {
                let read = self
                    .each(source, files, answers.missed, &mut |all, path, input| all.observations(source, path, input));
                let mut countries = Countries::new(source.area.as_deref());
                self.observations.iter().skip(before.2).for_each(|o| countries.observation(o));
                let read = read.and_then(|()| {
                    let mut contract = Contract::new(&source.contract);
                    let read = self.observations.get(before.2..).unwrap_or_default();
                    read.iter().for_each(|o| contract.take("its figures", &o.origin, o));
                    Ok(contract.finish(source.id.as_str(), read.len() as u64)?)
                });
                read.map(|()| self.take_census(source, countries, 1))
            }
        };
        match result {
            Ok(()) => Ok(()),
            Err(Stop::Run(error)) => Err(error),
            Err(Stop::Refused(error)) => {
                self.rejects.truncate(before.0);
                self.credentials.truncate(before.1);
                self.observations.truncate(before.2);
                let detail = error.to_string();
                self.run.progress.warn(&format!("source '{}' refused: {detail}", source.id));
                self.found.refused.push(RefusedSource { source: source.id.to_string(), detail });
                Ok(())
            }
        }
    }

    fn each(
        &mut self,
        source: &Source,
        (paths, ids): (&[SourceFile], &[SnapshotId]),
        missed: Vec<Reject>,
        read: &mut dyn FnMut(&mut Self, &Path, &Input) -> Result<StageCount, Stop>,
    ) -> Result<(), Stop> {
        let mut total =
            StageCount { step: format!("acquire {}", source.id), read: 0, kept: 0, duplicate: 0, rejected: 0 };
        total.read += missed.len() as u64;
        total.rejected += missed.len() as u64;
        self.rejects.extend(missed);
        for (file, id) in paths.iter().zip(ids) {
            let input = self.input(source, file, id);
            let count = match read(self, &file.path, &input) {
                Err(Stop::Refused(error)) if file.optional => {
                    self.rejects.push(unreadable(&input, &error));
                    StageCount { step: String::new(), read: 1, kept: 0, duplicate: 0, rejected: 1 }
                }
                other => other?,
            };
            total.read += count.read;
            total.kept += count.kept;
            total.rejected += count.rejected;
        }
        if total.read == 0 {
            return Err(empty(source).into());
        }
        self.counts.push(total);
        Ok(())
    }

    fn input(&self, source: &Source, file: &SourceFile, id: &SnapshotId) -> Input {
        let limits = self.run.plan.limits.clone();
        Input { source: source.id.clone(), snapshot: id.clone(), file: file.name.clone(), limits, before: 0 }
    }

    /// Keeps the bytes and their certificate.
    fn snapshot(&mut self, source: &Source, file: &SourceFile) -> Result<SnapshotId, RunError> {
        let path = file.path.as_path();
        let (sha256, byte_count) = hash_file(path)?;
        let id = SnapshotId(sha256);
        let certificate = Snapshot {
            id: id.clone(),
            source: source.id.clone(),
            url: file.name.clone(),
            retrieved_on: source.retrieved_on,
            media_type: media_type(path).to_owned(),
            byte_count,
            licence: source.licence.clone(),
            status: None,
            headers: BTreeMap::new(),
        };
        self.run.data.keep_snapshot(path, &certificate)?;
        self.found.snapshots.push(certificate);
        Ok(id)
    }

    /// All files of a source go to one table.
    fn postings(&mut self, source: &Source, paths: &[SourceFile], ids: &[SnapshotId]) -> Result<(), Stop> {
        let name = format!("postings-{}", source.id);
        let encoding = source.encoding.as_deref().map(encoding_named).transpose()?;
        let mut shelf = Texts(TextSpill::create()?);
        let mut reader = PostingReader::new(&source.columns, encoding, paths.len() > 1)?;
        let mut rows = Rows { table: self.draft.table(&name)?, waiting: Vec::new(), disk: None };
        let mut count = Tally::default();
        let mut countries = Countries::new(source.area.as_deref());
        let mut contract = Contract::new(&source.contract);
        let before = self.rejects.len();
        if let Some(join) = &source.join {
            let files = join_files(self.run.plan, source)?;
            let mut parts: Vec<(&Path, Input)> = Vec::new();
            for file in &files {
                let id = self.snapshot(source, file)?;
                parts.push((&file.path, self.input(source, file, &id)));
            }
            let rejects = &mut self.rejects;
            reader.join(&parts, &join.on, &join.columns, &mut shelf, &mut |r| drop(count.take(r, rejects)))?;
        }
        for (file, id) in paths.iter().zip(ids) {
            let input = self.input(source, file, id);
            let (run, rejects) = (self.run, &mut self.rejects);
            reader.read(&file.path, &input, &mut |record| {
                let posting = count.take(record, rejects);
                if let Some(posting) = &posting {
                    countries.posting(posting);
                    contract.take(&input.file, &posting.origin, posting);
                }
                rows.push(posting, &mut |n| run.progress.advance(n));
            })?;
        }
        let rejects = &mut self.rejects;
        let notes = reader.finish(source.id.as_str(), &mut |record| drop(count.take(record, rejects)))?;
        contract.finish(source.id.as_str(), count.kept)?;
        self.took_postings(source, (rows, count, countries), notes, before)?;
        self.found.posting_tables.push(name);
        Ok(())
    }

    /// What every source of postings ends with.
    fn took_postings(
        &mut self,
        source: &Source,
        (rows, count, countries): (Rows, Tally, Countries<'_>),
        notes: Notes,
        before: usize,
    ) -> Result<(), Stop> {
        if count.kept + count.rejected == 0 {
            return Err(empty(source).into());
        }
        if count.kept == 0
            && let Some(first) = self.rejects.get(before)
        {
            let problem = format!("none of its {} records is a posting (the first: {})", count.rejected, first.detail);
            let advice = "look at the file, and at [source.columns] in the plan";
            return Err(AcquireError::content(source.id.as_str(), problem, advice).into());
        }
        rows.finish()?;
        notes.warnings.iter().for_each(|sentence| self.run.progress.warn(sentence));
        self.found.notes.merge(notes);
        self.take_census(source, countries, COUNTRY_POSTINGS);
        self.counts.push(StageCount { step: format!("acquire {}", source.id), ..count.into() });
        Ok(())
    }

    fn credentials(&mut self, source: &Source, path: &Path, input: &Input) -> Result<StageCount, Stop> {
        let mut count = Tally::default();
        let (rejects, credentials) = (&mut self.rejects, &mut self.credentials);
        read_credentials(path, input, source.credential_ask(), &mut |record| {
            credentials.extend(count.take(record, rejects));
        })?;
        Ok(count.into())
    }

    fn observations(&mut self, source: &Source, path: &Path, input: &Input) -> Result<StageCount, Stop> {
        let mut count = Tally::default();
        let (rejects, observations) = (&mut self.rejects, &mut self.observations);
        read_statistics(path, input, source.statistics_ask(), &mut |record| {
            observations.extend(count.take(record, rejects))
        })?;
        Ok(count.into())
    }

    fn taxonomy(&mut self, source: &Source, files: &[SourceFile], ids: &[SnapshotId]) -> Result<(), Stop> {
        let answers = || files.iter().map(|file| (file.name.clone(), file.path.clone())).collect::<Vec<_>>();
        let named = if source.service.is_some() { answers() } else { named(&self.run.plan.paths(source)) };
        let read = read_named_taxonomy(&named, &self.run.plan.limits)?;
        let (mut layer, left_out) = (read.layer, read.left_out);
        if let Some(version) = &source.version {
            layer.version.clone_from(version);
        }
        let name = format!("taxonomy-{}.json", source.id);
        let (kept, rejected) = ((layer.skills.len() + layer.occupations.len()) as u64, left_out.len() as u64);
        write_json(self.draft, &name, &layer)?;
        self.found.layers.push(name);
        for row in left_out {
            let Some(snapshot) = ids.get(row.answer).or(ids.first()).cloned() else { continue };
            let origin = Origin { source: source.id.clone(), snapshot, record: row.row };
            self.rejects.push(Reject { origin, reason: RejectReason::BadValue, detail: row.detail });
        }
        let step = format!("acquire {}", source.id);
        self.counts.push(StageCount { step, read: kept + rejected, kept, duplicate: 0, rejected });
        Ok(())
    }
}

/// A header and nothing under it, or a list without an entry.
fn empty(source: &Source) -> AcquireError {
    AcquireError::content(source.id.as_str(), "holds no record", "look at the file; perhaps the download was cut short")
}

/// Reads our own taxonomy folder, an ESCO package, or answers of the ESCO web service.
///
/// # Errors
/// When it is none of them, or damaged.
pub(crate) fn read_taxonomy(paths: &[PathBuf], limits: &crate::acquire::Limits) -> Result<TaxonomyLayer, AcquireError> {
    read_named_taxonomy(&named(paths), limits).map(|read| read.layer)
}

/// Files under their own names.
fn named(paths: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let name = |path: &Path| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    paths.iter().map(|path| (name(path), path.clone())).collect()
}

/// The same of files with the names that messages call them by; what was left out is said.
///
/// # Errors
/// As those of [`read_taxonomy`].
pub(super) fn read_named_taxonomy(
    files: &[(String, PathBuf)],
    limits: &crate::acquire::Limits,
) -> Result<Answered, AcquireError> {
    match files {
        [(_, folder)] if folder.join("skill_labels.csv").is_file() => {
            let version = concat!("skillgap starter ", env!("CARGO_PKG_VERSION"));
            let layer = connectors::taxonomies::starter::read(folder, version, limits)?;
            Ok(Answered { layer, left_out: Vec::new() })
        }
        _ => {
            let files: Vec<(String, &Path)> = files.iter().map(|(name, path)| (name.clone(), path.as_path())).collect();
            connectors::taxonomies::esco::read_named(&files, limits)
        }
    }
}

/// Writes a small artefact as JSON.
pub(super) fn write_json<T: Serialize>(draft: &StageDraft, name: &str, value: &T) -> Result<(), RunError> {
    let mut bytes = serde_json::to_vec(value).map_err(failed(Stage::Acquire))?;
    bytes.push(b'\n');
    Ok(draft.file(name, &bytes)?)
}

/// Reads a JSON artefact.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, RunError> {
    let file =
        std::fs::File::open(path).map_err(|source| StoreError::Io { action: "read", path: path.to_owned(), source })?;
    serde_json::from_reader(std::io::BufReader::with_capacity(1 << 16, file))
        .map_err(|e| StoreError::Json { path: path.to_owned(), detail: e.to_string() }.into())
}
