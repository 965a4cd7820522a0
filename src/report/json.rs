//! Findings as JSON, whole: what `explain` and other programs read.

use super::ReportError;
use crate::types::Findings;

/// `findings.json`.
///
/// # Errors
/// When a value cannot be written as JSON.
pub fn bytes(findings: &Findings) -> Result<Vec<u8>, ReportError> {
    let mut out = serde_json::to_vec_pretty(findings)
        .map_err(|e| ReportError::Row { table: "findings", detail: e.to_string() })?;
    out.push(b'\n');
    Ok(out)
}
