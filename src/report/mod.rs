//! Findings to what people read and programs load: one file per format, all pure functions of [`Findings`].

mod charts;
mod checks;
mod diff;

mod editions;
mod explain;
mod html;
mod index;
mod messages;
mod names;
mod phrase;
mod plurals;
mod policy;
mod rows;
mod view;
mod workbook;
mod workshop_page;

mod columns;
mod datapackage;
mod json;
mod tables;

#[cfg(test)]
mod fixture;

pub use diff::diff_rows;
pub use explain::{Explanation, explain};
pub use html::gap_html;
pub use tables::{TableVisitor, csv_bytes, visit_tables};
pub use workshop_page::workshop_page;

use crate::types::Findings;

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
    /// A row cannot be written.
    #[error("report table {table}: {detail}")]
    Row {
        /// Name of the table.
        table: &'static str,
        /// What went wrong.
        detail: String,
    },
}

/// Renders every file of the report but Parquet: (file name, bytes), in the order of the names. The gap report comes as
/// HTML and XLSX in the plan's language and once more for each further edition.
///
/// The Parquet twins of the tables are written by the pipeline, which visits the same list ([`visit_tables`]);
/// `datapackage.json` lists both.
///
/// # Errors
/// Only on a mistake of ours, see [`ReportError`].
pub fn render(findings: &Findings) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = tables::csv_files(findings)?;
    files.push(("findings.json".to_owned(), json::bytes(findings)?));
    let mut edition = |findings: &Findings| -> Result<(), ReportError> {
        let name = |extension| editions::file_name(findings, findings.meta.language, extension);
        files.push((name("html"), gap_html(findings)?.into_bytes()));
        files.push((name("xlsx"), workbook::bytes(findings)?));
        files.push((workshop_page::file_name(findings), workshop_page(findings)?.into_bytes()));
        Ok(())
    };
    edition(findings)?;
    editions::others(findings).try_for_each(|other| edition(&other))?;
    files.push(("datapackage.json".to_owned(), datapackage::bytes(findings, &files)?));
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(files)
}
