//! Findings to what people read and programs load: one file per format, all pure functions of [`Findings`].

mod dumbbell;
mod explain;
mod html;
mod index;
mod messages;
mod names;
mod phrase;
mod rows;
mod view;

mod datapackage;
mod json;
mod tables;

#[cfg(test)]
mod fixture;

pub use explain::{Explanation, explain};
pub use html::gap_html;
pub use rows::{GapRow, OutcomeRow, TrendRow, gap_rows, outcome_rows, trend_rows};
pub use tables::csv_bytes;

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
    /// A row cannot be written.
    #[error("report table {table}: {detail}")]
    Row {
        /// Name of the table.
        table: &'static str,
        /// What went wrong.
        detail: String,
    },
}

/// Renders every text file of the report: (file name, bytes), in the order of the names.
///
/// The Parquet twins of the tables (`demand`, `gaps`, `coverage`, `trends`, `outcomes`, `evidence`) are written by the
/// pipeline from the findings and from [`gap_rows`], [`trend_rows`] and [`outcome_rows`]; `datapackage.json` lists both.
///
/// # Errors
/// Only on a mistake of ours, see [`ReportError`].
pub fn render(findings: &Findings) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = tables::csv_files(findings)?;
    files.push(("datapackage.json".to_owned(), datapackage::bytes(findings, &files)?));
    files.push(("findings.json".to_owned(), json::bytes(findings)?));
    files.push(("gap.html".to_owned(), gap_html(findings)?.into_bytes()));
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(files)
}
