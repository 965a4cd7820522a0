//! What the report stage makes, shared out to the threads of the run.

use super::document::{self, Document};
use super::editions::{self, GAP};
use super::html::{document_html, gap_html};
use super::{File, Kept, ReportError, elm, json, pdf, tables, workbook, workshop_page};
use crate::types::Findings;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows of a table in a document that is read on paper too; the files carry all.
const MOST_ROWS: usize = 60;

/// What one thread renders at a time.
pub enum Job<'a> {
    /// Tables, findings and credentials for programs, and the sheet of questions for people.
    Data(&'a Findings),
    /// The gap report as a page.
    GapPage(&'a Findings),
    /// The gap report's tables.
    GapWorkbook(&'a Findings),
    /// The page that the workshop works on.
    WorkshopPage(&'a Findings),
    /// Everything made of one document.
    Document(&'a Findings, Box<Document>),
}

impl Job<'_> {
    fn files(&self) -> Result<Vec<File>, ReportError> {
        let gap = |findings: &Findings, extension| editions::file_name(findings, findings.meta.language, extension);
        Ok(match self {
            Self::Data(findings) => data_files(findings)?,
            Self::GapPage(findings) => vec![(gap(findings, "html"), gap_html(findings)?.into_bytes())],
            Self::GapWorkbook(findings) => vec![(gap(findings, "xlsx"), workbook::bytes(findings)?)],
            Self::WorkshopPage(findings) => {
                vec![(workshop_page::file_name(findings), workshop_page::workshop_page(findings)?.into_bytes())]
            }
            Self::Document(findings, document) => document_files(findings, document)?,
        })
    }
}

/// Every report of an edition, in the language of the findings.
pub fn edition(findings: &Findings) -> Result<Vec<Job<'_>>, ReportError> {
    let documents = document::documents(findings, MOST_ROWS)?.into_iter().map(|d| Job::Document(findings, Box::new(d)));
    let whole = [Job::GapPage(findings), Job::GapWorkbook(findings), Job::WorkshopPage(findings)];
    Ok(whole.into_iter().chain(documents).collect())
}

/// Gives the files of all jobs to `keep`, and says what it gave; a thread that is done takes the next job. They are threads of
/// their own: the typesetter shares out its own work, and a thread of that pool that waits would begin another document on top
/// of the first, until its stack is full.
pub fn work_off<E, K>(jobs: &[Job<'_>], keep: &K) -> Result<Vec<Kept>, E>
where
    E: From<ReportError> + Send,
    K: Fn(&str, &[u8]) -> Result<(), E> + Sync,
{
    let next = AtomicUsize::new(0);
    let take = || -> Result<Vec<Kept>, E> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return Ok(done) };
            for file in job.files()? {
                keep(&file.0, &file.1)?;
                done.push(Kept::of(&file));
            }
        }
    };
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..rayon::current_num_threads()).map(|_| scope.spawn(take)).collect();
        let mut done = Vec::new();
        for thread in started {
            done.extend(thread.join().map_err(|_| ReportError::Pdf("a thread stopped".to_owned()))??);
        }
        Ok(done)
    })
}

fn data_files(findings: &Findings) -> Result<Vec<File>, ReportError> {
    let mut files = tables::csv_files(findings)?;
    files.push(("findings.json".to_owned(), json::bytes(findings)?));
    files.push(("review.csv".to_owned(), tables::sheet_csv(&findings.workshop.sheet)?));
    files.push(("findings.schema.json".to_owned(), json::schema()?));
    files.extend(elm::files(findings)?);
    Ok(files)
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
        files.push((document.file_name(findings, "html"), document_html(document)?.into_bytes()));
    }
    Ok(files)
}
