//! Wires `report`: findings and the counts of every stage to what people read and programs load.

use super::acquire::{acquired, read_json};
use super::{Run, RunError, Stage, failed};
use crate::clean::contacts::redact;
use crate::report::{ReportError, TableVisitor, assurance, render, visit_tables};
use crate::store::{StageDraft, StoreError, read_table, write_table};
use crate::types::tables::Table;
use crate::types::{Credential, CredentialCheck, Duplicate, Findings, StageCount};

pub(super) fn run(run: &Run<'_>, draft: &StageDraft) -> Result<Vec<StageCount>, RunError> {
    run.progress.start(Stage::Report, None);
    let mut findings: Findings = read_json(&run.artefact(Stage::Measure, "findings.json"))?;
    frame(run, &mut findings)?;
    super::decisions::tell(run, &mut findings)?;
    let supplied = super::assurance::figures(run.plan, &findings)?;
    let figures = supplied.as_ref().map_or([].as_slice(), |s| &s.figures);
    findings.assurance = assurance(&findings, figures);
    render(&findings, &|name, bytes| draft.file(name, bytes).map_err(Unmade::from))?;
    visit_tables(&findings, &mut ParquetFiles(draft))?;
    let gap_count = findings.gaps.len() as u64;
    let step = "report gaps".to_owned();
    let gaps = StageCount { step, read: gap_count, kept: gap_count, duplicate: 0, rejected: 0 };
    Ok(std::iter::once(gaps).chain(supplied.map(|s| s.count)).collect())
}

/// Why a file is not there: it could not be rendered, or not be written.
#[derive(Debug, thiserror::Error)]
enum Unmade {
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unmade> for RunError {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Report(error) => failed(Stage::Report)(error),
            Unmade::Store(error) => error.into(),
        }
    }
}

/// Every published table as a Parquet file.
struct ParquetFiles<'a>(&'a StageDraft);

impl TableVisitor for ParquetFiles<'_> {
    type Error = StoreError;

    fn visit<T: Table>(&mut self, name: &'static str, rows: &[T]) -> Result<(), StoreError> {
        write_table(&self.0.path(&format!("{name}.parquet")), rows).map(drop)
    }
}

/// What only the run as a whole knows: the plan's frame, every stage's counts, duplicates by kind, refused sources.
fn frame(run: &Run<'_>, findings: &mut Findings) -> Result<(), RunError> {
    let acquired = acquired(run)?;
    let meta = &mut findings.meta;
    meta.plan = run.plan.name.to_string();
    meta.title.clone_from(&run.plan.title);
    meta.language = run.plan.language;
    meta.as_of = run.plan.as_of.to_string();
    env!("CARGO_PKG_VERSION").clone_into(&mut meta.version);
    meta.attributions.clone_from(&run.plan.attributions);
    meta.snapshots = acquired.snapshots.iter().map(|s| (format!("{}: {}", s.source, s.url), s.id.0.clone())).collect();
    let earlier = Stage::ALL.into_iter().filter(|s| *s < Stage::Report).filter_map(|s| run.manifest(s));
    findings.catalogue_checks = read_json(&run.artefact(Stage::Clean, "credential_check_counts.json"))?;
    for batch in read_table::<CredentialCheck>(&run.artefact(Stage::Clean, "credential_checks.parquet"))? {
        findings.credential_checks.extend(batch?);
    }
    findings.credentials = credentials(run)?;
    findings.quality.stages = earlier.flat_map(|m| m.counts).collect();
    for batch in read_table::<Duplicate>(&run.artefact(Stage::Clean, "duplicates.parquet"))? {
        for pair in batch? {
            let kind = serde_json::to_value(pair.kind).map_err(failed(Stage::Report))?;
            *findings.quality.duplicates.entry(kind.as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
    }
    // A refusal quotes the file, and a reason may name whom to ask.
    let public = |text: &str| redact(text).0.into_owned();
    findings.refused = acquired.refused.into_iter().map(|r| (r.source, public(&r.detail))).collect();
    findings.accepted_drifts = acquired.accepted_drifts;
    findings.accepted_drifts.iter_mut().for_each(|d| d.reason = public(&d.reason));
    findings.inputs = super::edition::inputs(run);
    for edition in &mut findings.editions {
        let own = run.plan.titles.get(&edition.language);
        let other = own.is_none() && edition.language != run.plan.language;
        edition.title.text.clone_from(own.unwrap_or(&run.plan.title));
        edition.title.language = other.then_some(run.plan.language);
    }
    Ok(())
}

/// The catalogue without anybody's contact; `clean` leaves those in lists that it only compares.
fn credentials(run: &Run<'_>) -> Result<Vec<Credential>, RunError> {
    let mut credentials: Vec<Credential> = read_json(&run.artefact(Stage::Clean, "credentials.json"))?;
    for credential in &mut credentials {
        let Credential { delivery_languages, qualifications, target_occupations, .. } = credential;
        for text in delivery_languages.iter_mut().chain(qualifications).chain(target_occupations) {
            *text = redact(text).0.into_owned();
        }
    }
    Ok(credentials)
}
