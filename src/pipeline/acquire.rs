//! Wires `acquire`: every file becomes a snapshot, every record a row, every refusal a sentence.

use super::drift::{Census, Countries, drifts, refusal};
use super::inputs::{SourceFile, files, join_files};
use super::plan::{Source, SourceKind};
use super::{RefusedSource, Run, RunError, Stage, failed};
use crate::acquire::{
    AcquireError, Input, Notes, PostingReader, Record, Shelf, connectors, encoding_named, read_credentials,
    read_statistics,
};
use crate::store::{StageDraft, StoreError, TableWriter, TextSpill, hash_file};
use crate::types::{
    AcceptedDrift, Origin, RawCredential, RawObservation, RawPosting, Reject, Snapshot, SnapshotId, StageCount,
    TaxonomyLayer,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rows collected before they are written.
const PUSH_ROWS: usize = 1024;

/// Postings of a country from which its absence next time is no chance.
const COUNTRY_POSTINGS: u64 = 20;

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
        let found = drifts(&last.census, now, rules);
        let unchanged = |d: &AcceptedDrift| {
            last.census.get(&d.source).zip(now.get(&d.source)).is_some_and(|(a, b)| a.snapshots == b.snapshots)
        };
        let mut accepted: Vec<AcceptedDrift> = last.accepted_drifts.iter().filter(|d| unchanged(d)).cloned().collect();
        match self.run.accept_drift {
            _ if found.is_empty() => {}
            Some(reason) => accepted.extend(found.into_iter().map(|d| d.accepted(reason))),
            None => return Err(RunError::Drift { detail: refusal(&found, rules) }),
        }
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
        let census = Census { countries: countries.counts, fewest_of_country, ..Census::default() };
        self.found.census.insert(source.id.to_string(), census);
    }

    fn source(&mut self, source: &Source) -> Result<(), RunError> {
        let paths = files(self.run.plan, source)?;
        let before = (self.rejects.len(), self.credentials.len(), self.observations.len());
        let mut ids = Vec::new();
        for file in &paths {
            ids.push(self.snapshot(source, file)?);
        }
        let result = match source.kind {
            SourceKind::Taxonomy => self.taxonomy(source),
            SourceKind::Postings => self.postings(source, &paths, &ids),
            SourceKind::Credentials => {
                self.each(source, &paths, &ids, &mut |all, path, input| all.credentials(source, path, input))
            }
            SourceKind::Statistics => {
                let read =
                    self.each(source, &paths, &ids, &mut |all, path, input| all.observations(source, path, input));
                let mut countries = Countries::new(source.area.as_deref());
                self.observations.iter().skip(before.2).for_each(|o| countries.observation(o));
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
        paths: &[SourceFile],
        ids: &[SnapshotId],
        read: &mut dyn FnMut(&mut Self, &Path, &Input) -> Result<StageCount, Stop>,
    ) -> Result<(), Stop> {
        let mut total =
            StageCount { step: format!("acquire {}", source.id), read: 0, kept: 0, duplicate: 0, rejected: 0 };
        for (file, id) in paths.iter().zip(ids) {
            let input = self.input(source, file, id);
            let count = read(self, &file.path, &input)?;
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
                posting.iter().for_each(|p| countries.posting(p));
                rows.push(posting, &mut |n| run.progress.advance(n));
            })?;
        }
        let rejects = &mut self.rejects;
        let notes = reader.finish(source.id.as_str(), &mut |record| drop(count.take(record, rejects)))?;
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
        self.found.posting_tables.push(name);
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

    fn taxonomy(&mut self, source: &Source) -> Result<(), Stop> {
        let paths = self.run.plan.paths(source);
        let mut layer = read_taxonomy(&paths, &self.run.plan.limits)?;
        if let Some(version) = &source.version {
            layer.version.clone_from(version);
        }
        let name = format!("taxonomy-{}.json", source.id);
        let count = (layer.skills.len() + layer.occupations.len()) as u64;
        write_json(self.draft, &name, &layer)?;
        self.found.layers.push(name);
        let step = format!("acquire {}", source.id);
        self.counts.push(StageCount { step, read: count, kept: count, duplicate: 0, rejected: 0 });
        Ok(())
    }
}

/// A header and nothing under it, or a list without an entry.
fn empty(source: &Source) -> AcquireError {
    AcquireError::content(source.id.as_str(), "holds no record", "look at the file; perhaps the download was cut short")
}

/// Reads our own taxonomy folder, or an ESCO package.
///
/// # Errors
/// When it is neither, or damaged.
pub(crate) fn read_taxonomy(paths: &[PathBuf], limits: &crate::acquire::Limits) -> Result<TaxonomyLayer, AcquireError> {
    match paths {
        [folder] if folder.join("skill_labels.csv").is_file() => connectors::taxonomies::starter::read(
            folder,
            concat!("skillgap starter ", env!("CARGO_PKG_VERSION")),
            limits,
        ),
        _ => {
            let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
            connectors::taxonomies::esco::read(&paths, limits)
        }
    }
}

/// Postings on their way to the table.
struct Rows {
    table: TableWriter<RawPosting>,
    waiting: Vec<RawPosting>,
    /// The first refusal of the disk; a reader's sink cannot stop the reader.
    disk: Option<StoreError>,
}

impl Rows {
    fn push(&mut self, posting: Option<RawPosting>, advance: &mut dyn FnMut(u64)) {
        self.waiting.extend(posting);
        if self.waiting.len() >= PUSH_ROWS && self.disk.is_none() {
            self.disk = self.table.push(&self.waiting).err();
            advance(self.waiting.len() as u64);
            self.waiting.clear();
        }
    }

    fn finish(mut self) -> Result<(), StoreError> {
        if let Some(error) = self.disk {
            return Err(error);
        }
        self.table.push(&self.waiting)?;
        self.table.finish().map(|_| ())
    }
}

/// Texts of a file joined, on disk until their record comes.
pub(super) struct Texts(pub(super) TextSpill);

impl Shelf for Texts {
    fn put(&mut self, bytes: &[u8]) -> std::io::Result<(u64, u32)> {
        self.0.append(bytes)
    }

    fn get(&mut self, place: (u64, u32)) -> std::io::Result<Vec<u8>> {
        self.0.read(place)
    }
}

/// Why reading a source ended early.
enum Stop {
    /// The source is refused; others go on.
    Refused(AcquireError),
    /// The run cannot go on.
    Run(RunError),
}

impl From<AcquireError> for Stop {
    fn from(error: AcquireError) -> Self {
        Stop::Refused(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Run(error.into())
    }
}

impl From<RunError> for Stop {
    fn from(error: RunError) -> Self {
        Stop::Run(error)
    }
}

/// Counts what a connector gives.
#[derive(Default)]
struct Tally {
    kept: u64,
    rejected: u64,
}

impl Tally {
    fn take<T>(&mut self, record: Record<T>, rejects: &mut Vec<Reject>) -> Option<T> {
        match record {
            Record::Kept(value) => {
                self.kept += 1;
                Some(value)
            }
            Record::Rejected(reject) => {
                self.rejected += 1;
                rejects.push(reject);
                None
            }
        }
    }
}

impl From<Tally> for StageCount {
    fn from(tally: Tally) -> Self {
        let read = tally.kept + tally.rejected;
        StageCount { step: String::new(), read, kept: tally.kept, duplicate: 0, rejected: tally.rejected }
    }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase().as_str() {
        "csv" => "text/csv",
        "json" => "application/json",
        "jsonl" => "application/x-ndjson",
        "gz" => "application/gzip",
        "zip" => "application/zip",
        "parquet" => "application/vnd.apache.parquet",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "html" | "htm" => "text/html",
        "tar" => "application/x-tar",
        _ => "application/octet-stream",
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
