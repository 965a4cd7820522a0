//! How much of a file is believed before it is refused.

use super::error::AcquireError;
use serde::{Deserialize, Serialize};

/// Ceilings on what one file may ask of us. Every field is a plan key under `[limits]`, and errors name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one file, or of one archive in all, after decompression.
    pub decoded_bytes: u64,
    /// Decoded bytes per compressed byte.
    pub ratio: u64,
    /// Bytes of one record: a CSV row, a JSON object, a line.
    pub record_bytes: u64,
    /// Physical lines of one CSV row.
    pub record_lines: u64,
    /// Bytes of one field.
    pub field_bytes: u64,
    /// Nesting of one JSON record, at most 128.
    pub json_depth: u64,
    /// Entries of one archive.
    pub archive_entries: u64,
    /// Cells of one worksheet that hold something.
    pub workbook_cells: u64,
    /// Bytes of one document that is read as a whole: a JSON answer, an XML file, a page, a workbook in an archive.
    pub document_bytes: u64,
    /// Nested elements of a page, before its main text is looked for.
    pub html_depth: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            decoded_bytes: 2 << 30,
            ratio: 200,
            record_bytes: 4 << 20,
            record_lines: 5_000,
            field_bytes: 1 << 20,
            json_depth: 128,
            archive_entries: 10_000,
            workbook_cells: 5_000_000,
            document_bytes: 256 << 20,
            html_depth: 512,
        }
    }
}

/// Below this much output a high ratio means repetitive text, not a bomb.
const RATIO_FROM_BYTES: u64 = 8 << 20;

/// Refuses what decodes to more than the limits allow.
pub(super) fn check(file: &str, limits: &Limits, decoded: u64, packed: Option<u64>) -> Result<(), AcquireError> {
    if decoded > limits.decoded_bytes {
        let found = format!("more than {} bytes after decompression", limits.decoded_bytes);
        return Err(AcquireError::over(file, "decoded_bytes", found, format!("{} bytes", limits.decoded_bytes)));
    }
    match packed {
        Some(packed) if decoded > RATIO_FROM_BYTES && decoded / packed.max(1) > limits.ratio => {
            let found = format!("{packed} compressed bytes give {decoded}");
            Err(AcquireError::over(file, "ratio", found, format!("{} to 1", limits.ratio)))
        }
        _ => Ok(()),
    }
}
