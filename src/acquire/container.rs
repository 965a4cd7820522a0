//! The documents a file holds: one, or the members of an archive.

use super::error::AcquireError;
use super::limits::Limits;
use super::open::Document;
use std::path::Path;

/// Calls `visit` for every document of the file, in the order of their names.
///
/// # Errors
/// When the file cannot be read or believed, or `visit` says so.
pub(super) fn each_document(
    path: &Path,
    name: &str,
    limits: &Limits,
    visit: &mut dyn FnMut(Document<'_>) -> Result<(), AcquireError>,
) -> Result<(), AcquireError> {
    visit(Document::of_path(path, name, limits)?)
}
