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

/// `findings.schema.json`: what may stand there, out of the same types (JSON Schema 2020-12).
///
/// # Errors
/// When a value cannot be written as JSON.
pub fn schema() -> Result<Vec<u8>, ReportError> {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<Findings>();
    let mut out = serde_json::to_vec_pretty(&schema)
        .map_err(|e| ReportError::Row { table: "findings.schema", detail: e.to_string() })?;
    out.push(b'\n');
    Ok(out)
}
