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
mod jobs;
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
use jobs::Job;
use sha2::{Digest, Sha256};

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

/// What the list of files says of one that is kept.
struct Kept {
    name: String,
    size_bytes: usize,
    sha256: String,
}

impl Kept {
    fn of((name, bytes): &File) -> Self {
        let sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        Self { name: name.clone(), size_bytes: bytes.len(), sha256 }
    }
}

/// Renders every file of the report but Parquet and gives each to `keep` (file name, bytes) as soon as it is made, so that
/// none waits in memory for the others; in what order is open. The gap report comes as HTML and XLSX in the plan's language
/// and once more for each further edition.
///
/// The Parquet twins of the tables are written by the pipeline, which visits the same list ([`visit_tables`]);
/// `datapackage.json` lists both.
///
/// # Errors
/// What `keep` says; else only on a mistake of ours, see [`ReportError`].
pub fn render<E, K>(findings: &Findings, keep: &K) -> Result<(), E>
where
    E: From<ReportError> + Send,
    K: Fn(&str, &[u8]) -> Result<(), E> + Sync,
{
    let own: Vec<Job> = std::iter::once(Job::Data(findings)).chain(jobs::edition(findings)?).collect();
    let mut kept = jobs::work_off(&own, keep)?;
    drop(own);
    // One language after another: all at once would hold their documents at the same time.
    for other in editions::others(findings) {
        kept.extend(jobs::work_off(&jobs::edition(&other)?, keep)?);
    }
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    keep("datapackage.json", &datapackage::bytes(findings, &kept)?)
}
