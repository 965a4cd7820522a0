//! Proposed and revised micro-credentials as the European Learning Model 3 describes them (JSON-LD), and as CSV in the
//! columns of the catalogue's template. Described, never signed.

mod country;
mod described;
mod graph;
mod proposal;
mod revision;
mod speech;
mod template;

use super::ReportError;
use crate::types::Findings;
use speech::Speech;

/// Both kinds, in the European Learning Model.
pub const GRAPH: &str = "credentials.jsonld";
/// Proposals in the columns of the template.
pub const PROPOSED: &str = "proposed_credentials.csv";
/// Revisions in the columns of the template.
pub const REVISED: &str = "revised_credentials.csv";
/// The files with the key of what they hold.
pub const FILES: [(&str, &str); 3] =
    [(GRAPH, "files.elm"), (PROPOSED, "files.proposed_credentials"), (REVISED, "files.revised_credentials")];

/// The three files: (file name, bytes).
///
/// # Errors
/// Only on a mistake of ours, see [`ReportError`].
pub fn files(findings: &Findings) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let speech = Speech::of(findings)?;
    let proposed = proposal::all(findings, &speech);
    let revised = revision::all(findings, &speech)?;
    let all: Vec<_> = proposed.iter().chain(&revised).collect();
    Ok(vec![
        (GRAPH.to_owned(), graph::bytes(&all)?),
        (PROPOSED.to_owned(), template::bytes(&proposed)?),
        (REVISED.to_owned(), template::bytes(&revised)?),
    ])
}

#[cfg(test)]
mod tests;
