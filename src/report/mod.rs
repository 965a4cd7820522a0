//! Findings to what people read and programs load: one file per format, all pure functions of [`Findings`].

mod assurance;
mod charts;
mod checks;
mod columns;
mod datapackage;
mod diff;
mod document;
mod editions;
mod elm;
mod explain;
mod html;
mod index;
mod json;
mod messages;
mod names;
mod pdf;
mod per_language;
mod phrase;
mod plurals;
mod policy;
mod rows;
mod share;
mod tables;
mod view;
mod workbook;
mod workshop_page;

#[cfg(test)]
mod fixture;

pub use assurance::assurance;
pub use diff::diff_rows;
pub use explain::{Explanation, explain};
pub use html::gap_html;
pub use tables::{TableVisitor, csv_bytes, sheet_csv, visit_tables};
pub use workshop_page::workshop_page;

use crate::types::Findings;
use document::Document;
use editions::GAP;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A file of the report: name, content.
type File = (String, Vec<u8>);

/// Rendering failed; only a mistake in our own templates, catalogues or types can cause it.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A template does not render.
    #[error("report template: {0}; this is a bug, please report it with the findings.json of the run")]
    Template(#[from] minijinja::Error),
    /// A catalogue of messages or column descriptions does not parse.
    #[error("report catalogue {file}: {detail}")]
    Catalogue {
        /// File under `data/reference`.
        file: &'static str,
        /// What the parser said.
        detail: String,
    },
    /// A workbook cannot be written.
    #[error("report workbook: {0}; this is a bug, please report it with the findings.json of the run")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A document cannot be set.
    #[error("report PDF: {0}; this is a bug, please report it with the findings.json of the run")]
    Pdf(String),
    /// A row cannot be written.
    #[error("report table {table}: {detail}")]
    Row {
        /// Name of the table.
        table: &'static str,
        /// What went wrong.
        detail: String,
    },
}

/// Rows of a table in a document that is read on paper too; the files carry all.
const MOST_ROWS: usize = 60;

/// What one thread renders at a time.
enum Job<'a> {
    /// The gap report as a page.
    GapPage(&'a Findings),
    /// The gap report's tables.
    GapWorkbook(&'a Findings),
    /// The page that the workshop works on.
    WorkshopPage(&'a Findings),
    /// Everything made of one document.
    Document(&'a Findings, Document),
}

impl Job<'_> {
    fn files(&self) -> Result<Vec<File>, ReportError> {
        let gap = |findings: &Findings, extension| editions::file_name(findings, findings.meta.language, extension);
        Ok(match self {
            Self::GapPage(findings) => vec![(gap(findings, "html"), gap_html(findings)?.into_bytes())],
            Self::GapWorkbook(findings) => vec![(gap(findings, "xlsx"), workbook::bytes(findings)?)],
            Self::WorkshopPage(findings) => {
                vec![(workshop_page::file_name(findings), workshop_page(findings)?.into_bytes())]
            }
            Self::Document(findings, document) => document_files(findings, document)?,
        })
    }
}

/// Every report of an edition, in the language of the findings.
fn jobs(findings: &Findings) -> Result<Vec<Job<'_>>, ReportError> {
    let documents = document::documents(findings, MOST_ROWS)?.into_iter().map(|d| Job::Document(findings, d));
    let whole = [Job::GapPage(findings), Job::GapWorkbook(findings), Job::WorkshopPage(findings)];
    Ok(whole.into_iter().chain(documents).collect())
}

/// The files of all jobs in the order of the jobs; a thread that is done takes the next one. They are threads of their own:
/// the typesetter shares out its own work, and a thread of that pool that waits would begin another document on top of the
/// first, until its stack is full.
fn work_off(jobs: &[Job<'_>]) -> Result<Vec<File>, ReportError> {
    let next = AtomicUsize::new(0);
    let take = || -> Result<Vec<(usize, Vec<File>)>, ReportError> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return Ok(done) };
            done.push((at, job.files()?));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let started: Vec<_> = (0..rayon::current_num_threads().max(1)).map(|_| scope.spawn(take)).collect();
        let mut done = Vec::new();
        for thread in started {
            done.extend(thread.join().map_err(|_| ReportError::Pdf("a thread stopped".to_owned()))??);
        }
        Ok::<_, ReportError>(done)
    })?;
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().flat_map(|(_, files)| files).collect())
}

/// A document as page, PDF and workbook; the gap report has a page and a workbook of its own, and evidence is for a screen.
fn document_files(findings: &Findings, document: &Document) -> Result<Vec<File>, ReportError> {
    let mut files = Vec::new();
    if document.is_printed() {
        files.push((document.file_name(findings, "pdf"), pdf::document_pdf(document)?));
    }
    if document.stem != GAP {
        let own = document.own_findings(findings);
        files.push((document.file_name(findings, "xlsx"), workbook::of_document(&own, document)?));
        files.push((document.file_name(findings, "html"), html::document_html(document)?.into_bytes()));
    }
    Ok(files)
}

/// Renders every file of the report but Parquet: (file name, bytes), in the order of the names. The gap report comes as
/// HTML and XLSX in the plan's language and once more for each further edition.
///
/// The Parquet twins of the tables are written by the pipeline, which visits the same list ([`visit_tables`]);
/// `datapackage.json` lists both.
///
/// # Errors
/// Only on a mistake of ours, see [`ReportError`].
pub fn render(findings: &Findings) -> Result<Vec<File>, ReportError> {
    let mut files = tables::csv_files(findings)?;
    files.push(("findings.json".to_owned(), json::bytes(findings)?));
    files.push(("review.csv".to_owned(), sheet_csv(&findings.workshop.sheet)?));
    files.push(("findings.schema.json".to_owned(), json::schema()?));
    files.extend(elm::files(findings)?);
    let others: Vec<Findings> = editions::others(findings).collect();
    let editions = std::iter::once(findings).chain(&others);
    let jobs: Vec<Job<'_>> = editions.map(jobs).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    files.extend(work_off(&jobs)?);
    files.push(("datapackage.json".to_owned(), datapackage::bytes(findings, &files)?));
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(files)
}
