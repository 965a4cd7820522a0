//! Reads every source of a plan as a run would, and writes nothing: what is in the files, and what would be lost.

use super::RunError;
use super::acquire::{Texts, read_taxonomy};
use super::clean::source_context;
use super::inputs::{SourceFile, files, join_files};
use super::plan::{Plan, Source, SourceKind};
use crate::acquire::{
    AcquireError, Input, PostingReader, Record, encoding_named, read_credentials, read_statistics, sample,
};
use crate::clean::credentials::Catalogue;
use crate::clean::observations::ObservationContext;
use crate::clean::{self, Areas, CleanContext, RepairCounts, credential_checks};
use crate::store::TextSpill;
use crate::types::{
    CheckKind, Credential, CredentialCheck, Date, Origin, Posting, RawCredential, RawPosting, Reject, RejectReason,
    SnapshotId, SourceId, TaxonomyLayer,
};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Postings cleaned together.
const BATCH: usize = 1024;
/// Examples kept of each reason to reject.
const EXAMPLES: usize = 3;

/// What a source holds.
#[derive(Debug, Clone, Serialize)]
pub struct SourceSurvey {
    /// The plan's name of it.
    pub id: SourceId,
    /// What it holds.
    pub kind: SourceKind,
    /// Its files, by name.
    pub files: Vec<String>,
    /// Formats or layouts found.
    pub formats: Vec<String>,
    /// Encodings found.
    pub encodings: Vec<String>,
    /// Records read.
    pub read: u64,
    /// Records a run would keep.
    pub kept: u64,
    /// Records a run would reject, by reason.
    pub rejects: Vec<RejectGroup>,
    /// Records that leave a field empty, by field.
    pub empty: BTreeMap<&'static str, u64>,
    /// Records by language of their text.
    pub languages: BTreeMap<&'static str, u64>,
    /// Records that give a publication date.
    pub with_date: u64,
    /// Those of them whose date could be read.
    pub dated: u64,
    /// First and last publication day.
    pub days: Option<(Date, Date)>,
    /// What cleaning would mend.
    pub repairs: RepairCounts,
    /// What a run would warn of.
    pub warnings: Vec<String>,
    /// Why the source as a whole is refused.
    pub refused: Option<String>,
}

/// Records rejected for one reason.
#[derive(Debug, Clone, Serialize)]
pub struct RejectGroup {
    /// Why.
    pub reason: RejectReason,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<RejectExample>,
}

/// A record that is rejected.
#[derive(Debug, Clone, Serialize)]
pub struct RejectExample {
    /// File.
    pub file: String,
    /// One-based record in it.
    pub row: u64,
    /// Column, value and what was expected.
    pub detail: String,
}

/// A taxonomy layer of the plan.
#[derive(Debug, Clone)]
pub struct SurveyedLayer {
    /// The plan's name of it.
    pub source: SourceId,
    /// Whether it is in our own layout, so that its authors can correct it.
    pub own: bool,
    /// What it holds.
    pub layer: TaxonomyLayer,
}

/// What a plan's sources hold.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// In the plan's order.
    pub sources: Vec<SourceSurvey>,
    /// Taxonomy layers that could be read, in the plan's order.
    pub layers: Vec<SurveyedLayer>,
    /// Credentials that could be read.
    pub credentials: Vec<Credential>,
    /// What the checks of those credentials say.
    pub catalogue_checks: Vec<CredentialCheck>,
}

/// Reads every source; of each at most `rows` records are looked at.
///
/// # Errors
/// When a file is not there. A file that cannot be believed is told in its source's survey.
pub fn survey(plan: &Plan, rows: Option<u64>, tell: &dyn Fn(&Source)) -> Result<Survey, RunError> {
    let mut survey = Survey::default();
    let mut catalogue = Catalogue::default();
    for source in &plan.sources {
        tell(source);
        let mut found = Surveyor::new(plan, source, rows)?;
        if let Err(error) = found.read(&mut survey.layers, &mut catalogue) {
            found.survey.refused = Some(error.to_string());
        }
        survey.sources.push(found.finish());
    }
    survey.credentials = catalogue.credentials;
    survey.catalogue_checks = catalogue_checks(plan, &survey);
    Ok(survey)
}

/// The checks that a run would make; without a taxonomy nothing is said of declared skills.
fn catalogue_checks(plan: &Plan, survey: &Survey) -> Vec<CredentialCheck> {
    if survey.credentials.is_empty() {
        return Vec::new();
    }
    let layers: Vec<TaxonomyLayer> = survey.layers.iter().map(|l| l.layer.clone()).collect();
    let taxonomy = clean::taxonomy::merge(&layers).taxonomy;
    let programmes: Vec<String> = plan.programmes.iter().map(|p| p.title.clone()).collect();
    let mut checks = credential_checks::checks(&survey.credentials, &programmes, &taxonomy, &plan.credentials);
    checks.retain(|c| c.kind != CheckKind::Esco || !layers.is_empty());
    checks
}

/// Postings read and not yet cleaned.
struct Batch<'a> {
    context: &'a CleanContext<'a>,
    rows: Vec<RawPosting>,
}

/// Reads one source.
struct Surveyor<'a> {
    plan: &'a Plan,
    source: &'a Source,
    rows: u64,
    paths: Vec<(std::path::PathBuf, Input)>,
    /// Files with the other part of each record.
    joined: Vec<(std::path::PathBuf, Input)>,
    survey: SourceSurvey,
    rejects: BTreeMap<RejectReason, RejectGroup>,
    repairs: RepairCounts,
}

impl<'a> Surveyor<'a> {
    fn new(plan: &'a Plan, source: &'a Source, rows: Option<u64>) -> Result<Self, RunError> {
        let place = |file: SourceFile| {
            let (source, snapshot) = (source.id.clone(), SnapshotId(String::new()));
            let input = Input { source, snapshot, file: file.name, limits: plan.limits.clone(), before: 0 };
            (file.path, input)
        };
        let paths: Vec<_> = files(plan, source)?.into_iter().map(place).collect();
        let joined = join_files(plan, source)?.into_iter().map(place).collect();
        let survey = SourceSurvey {
            id: source.id.clone(),
            kind: source.kind,
            files: paths.iter().map(|(_, input)| input.file.clone()).collect(),
            formats: Vec::new(),
            encodings: Vec::new(),
            read: 0,
            kept: 0,
            rejects: Vec::new(),
            empty: BTreeMap::new(),
            languages: BTreeMap::new(),
            with_date: 0,
            dated: 0,
            days: None,
            repairs: RepairCounts::default(),
            warnings: Vec::from_iter(source.service.as_ref().map(|service| {
                format!("service \"{service}\" was not asked: `skillgap sources check` asks, `skillgap acquire` keeps its answers")
            })),
            refused: None,
        };
        let (rejects, repairs) = (BTreeMap::new(), RepairCounts::default());
        Ok(Self { plan, source, rows: rows.unwrap_or(u64::MAX), paths, joined, survey, rejects, repairs })
    }

    fn read(&mut self, layers: &mut Vec<SurveyedLayer>, catalogue: &mut Catalogue) -> Result<(), AcquireError> {
        if self.source.service.is_some() {
            return Ok(());
        }
        if self.source.kind == SourceKind::Taxonomy {
            return self.taxonomy(layers);
        }
        if self.source.kind == SourceKind::Postings {
            return self.postings();
        }
        for (path, input) in self.paths.clone() {
            match self.source.kind {
                SourceKind::Credentials => self.credentials(&path, &input, catalogue)?,
                SourceKind::Statistics => self.statistics(&path, &input)?,
                SourceKind::Postings | SourceKind::Taxonomy => {}
            }
        }
        Ok(())
    }

    fn finish(mut self) -> SourceSurvey {
        self.survey.rejects = self.rejects.into_values().collect();
        self.survey.repairs = self.repairs;
        self.survey
    }

    fn is_full(&self) -> bool {
        self.survey.read >= self.rows
    }

    fn note(&mut self, format: String, encoding: &str) {
        for (list, item) in [(&mut self.survey.formats, format), (&mut self.survey.encodings, encoding.to_owned())] {
            if !list.contains(&item) {
                list.push(item);
            }
        }
    }

    fn reject(&mut self, file: &str, reject: &Reject) {
        let group = self.rejects.entry(reject.reason).or_insert_with(|| RejectGroup {
            reason: reject.reason,
            count: 0,
            examples: Vec::new(),
        });
        group.count += 1;
        if group.examples.len() < EXAMPLES {
            let (file, row, detail) = (file.to_owned(), reject.origin.record, reject.detail.clone());
            group.examples.push(RejectExample { file, row, detail });
        }
    }

    fn taxonomy(&mut self, layers: &mut Vec<SurveyedLayer>) -> Result<(), AcquireError> {
        let paths = self.plan.paths(self.source);
        let layer = read_taxonomy(&paths, &self.plan.limits)?;
        let own = matches!(paths.as_slice(), [folder] if folder.join("skill_labels.csv").is_file());
        let count = (layer.skills.len() + layer.occupations.len()) as u64;
        (self.survey.read, self.survey.kept) = (count, count);
        self.note(if own { "starter layout".to_owned() } else { layer.version.clone() }, "UTF-8");
        let concepts = layer.skills.iter().map(|s| &s.labels).chain(layer.occupations.iter().map(|o| &o.labels));
        for label in concepts.flatten() {
            *self.survey.languages.entry(label.lang.code()).or_default() += 1;
        }
        layers.push(SurveyedLayer { source: self.source.id.clone(), own, layer });
        Ok(())
    }

    /// All files of the source are read by one reader, as in a run.
    fn postings(&mut self) -> Result<(), AcquireError> {
        let context = CleanContext {
            as_of: self.plan.as_of,
            sources: BTreeMap::from([(self.source.id.clone(), source_context(self.source))]),
            areas: Areas::built_in(),
            limits: self.plan.clean.limits,
        };
        let id = self.source.id.to_string();
        let spill = TextSpill::create().map_err(|e| AcquireError::io(&id, std::io::Error::other(e)))?;
        let (mut shelf, joined) = (Texts(spill), self.joined.clone());
        let encoding = self.source.encoding.as_deref().map(encoding_named).transpose()?;
        let mut reader = PostingReader::new(&self.source.columns, encoding, self.paths.len() > 1)?;
        let mut batch = Batch { context: &context, rows: Vec::with_capacity(BATCH) };
        if let Some(join) = &self.source.join {
            let parts: Vec<(&Path, Input)> =
                joined.iter().map(|(path, input)| (path.as_path(), input.clone())).collect();
            reader
                .join(&parts, &join.on, &join.columns, &mut shelf, &mut |record| self.take(&id, record, &mut batch))?;
        }
        for (path, input) in self.paths.clone() {
            let (format, encoding) =
                reader.read(&path, &input, &mut |record| self.take(&input.file, record, &mut batch))?;
            self.clean(&mut batch, &input.file);
            self.note(name_of(&format), encoding);
        }
        let notes = reader.finish(&id, &mut |record| self.take(&id, record, &mut batch))?;
        self.survey.warnings.extend(notes.warnings);
        self.clean(&mut batch, &id);
        Ok(())
    }

    fn take(&mut self, file: &str, record: Record<RawPosting>, batch: &mut Batch<'_>) {
        if self.is_full() {
            return;
        }
        self.survey.read += 1;
        match record {
            Record::Rejected(reject) => self.reject(file, &reject),
            Record::Kept(raw) => batch.rows.push(raw),
        }
        if batch.rows.len() == BATCH {
            self.clean(batch, file);
        }
    }

    fn clean(&mut self, batch: &mut Batch<'_>, file: &str) {
        let context = batch.context;
        let cleaned: Vec<_> = batch.rows.par_iter().map(|raw| clean::posting(raw, context)).collect();
        for (raw, result) in batch.rows.drain(..).zip(cleaned) {
            match result {
                Err(reject) => self.reject(file, &reject),
                Ok(cleaned) => {
                    self.repairs.add(&cleaned.repairs);
                    self.count(&raw, &cleaned.posting);
                }
            }
        }
    }

    fn count(&mut self, raw: &RawPosting, posting: &Posting) {
        let survey = &mut self.survey;
        survey.kept += 1;
        *survey.languages.entry(posting.language.code()).or_default() += 1;
        let fields = [
            ("employer", posting.employer.is_none()),
            ("place", posting.area.is_none()),
            ("posted_on", posting.posted_on.is_none()),
            ("url", posting.url.is_none()),
            ("occupation", raw.occupation.as_deref().is_none_or(|o| o.trim().is_empty())),
            ("sector", posting.sector.is_none()),
            ("salary", posting.salary.is_none()),
            ("closes_on", posting.closes_on.is_none()),
        ];
        for (field, is_empty) in fields {
            *survey.empty.entry(field).or_default() += u64::from(is_empty);
        }
        survey.with_date += u64::from(raw.posted_on.as_deref().is_some_and(|t| !t.trim().is_empty()));
        let Some(day) = posting.posted_on else { return };
        survey.dated += 1;
        let (first, last) = survey.days.unwrap_or((day, day));
        survey.days = Some((first.min(day), last.max(day)));
    }

    fn credentials(&mut self, path: &Path, input: &Input, catalogue: &mut Catalogue) -> Result<(), AcquireError> {
        let mut raw: Vec<(Origin, RawCredential)> = Vec::new();
        let format = read_credentials(path, input, self.source.credential_ask(), &mut |record| {
            if self.is_full() {
                return;
            }
            self.survey.read += 1;
            match record {
                Record::Rejected(reject) => self.reject(&input.file, &reject),
                Record::Kept(kept) => raw.push(kept),
            }
        })?;
        for (origin, record) in &raw {
            let cleaned = clean::credentials::credential(record, origin, self.source.language, &self.plan.clean.limits);
            match cleaned {
                Err(reject) => self.reject(&input.file, &reject),
                Ok(cleaned) => {
                    self.repairs.add(&cleaned.repairs);
                    let language = cleaned.credential.language.code();
                    match catalogue.add(cleaned.credential) {
                        Err(reject) => self.reject(&input.file, &reject),
                        Ok(()) => {
                            self.survey.kept += 1;
                            *self.survey.languages.entry(language).or_default() += 1;
                        }
                    }
                }
            }
        }
        self.note(name_of(&format), encoding_of(path, input));
        Ok(())
    }

    fn statistics(&mut self, path: &Path, input: &Input) -> Result<(), AcquireError> {
        let context = ObservationContext { areas: Areas::built_in(), home: self.source.area.as_deref() };
        let layout = read_statistics(path, input, self.source.statistics_ask(), &mut |record| {
            if self.is_full() {
                return;
            }
            self.survey.read += 1;
            let cleaned = match record {
                Record::Rejected(reject) => Err(reject),
                Record::Kept(raw) => clean::observations::observation(&raw, &context).map(drop),
            };
            match cleaned {
                Err(reject) => self.reject(&input.file, &reject),
                Ok(()) => self.survey.kept += 1,
            }
        })?;
        self.note(layout.as_ref().map(name_of).unwrap_or_default(), encoding_of(path, input));
        Ok(())
    }
}

/// A variant as users write and read it.
pub fn name_of<T: clap::ValueEnum>(variant: &T) -> String {
    variant.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default()
}

fn encoding_of(path: &Path, input: &Input) -> &'static str {
    sample(path, &input.limits, 200).map_or("", |s| s.encoding)
}
