//! The one way a file comes into being: temporary file in the same folder, flush, sync, rename, sync the folder.

use super::{StoreError, io_error};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Start of the names of files that are being written.
pub(super) const PARTIAL: &str = ".partial-";

/// A file that appears under its name only when `commit` succeeds.
pub struct AtomicFile {
    target: PathBuf,
    writer: BufWriter<tempfile::NamedTempFile>,
}

impl AtomicFile {
    /// Opens a temporary file beside `target`.
    ///
    /// # Errors
    /// When the folder cannot be created or written.
    pub fn create(target: &Path) -> Result<Self, StoreError> {
        let folder = folder_of(target);
        std::fs::create_dir_all(folder).map_err(io_error("create", folder))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(PARTIAL);
        let temporary = readable(&mut builder).tempfile_in(folder).map_err(io_error("write in", folder))?;
        Ok(Self { target: target.to_owned(), writer: BufWriter::with_capacity(1 << 16, temporary) })
    }

    /// Flushes, syncs and renames; the file is complete or absent.
    ///
    /// # Errors
    /// On a full disk or any other refusal; the old file then still stands.
    pub fn commit(self) -> Result<(), StoreError> {
        let target = self.target;
        let temporary = self.writer.into_inner().map_err(|e| io_error("write", &target)(e.into_error()))?;
        temporary.as_file().sync_all().map_err(io_error("write", &target))?;
        temporary.persist(&target).map_err(|e| io_error("rename", &target)(e.error))?;
        sync_folder(folder_of(&target))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// Writes `bytes` to `target` atomically.
///
/// # Errors
/// As [`AtomicFile::commit`].
pub fn write_atomic(target: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = AtomicFile::create(target)?;
    file.write_all(bytes).map_err(io_error("write", target))?;
    file.commit()
}

/// Removes a file that a stage is done with.
///
/// # Errors
/// When the system refuses.
pub fn remove_file(target: &Path) -> Result<(), StoreError> {
    std::fs::remove_file(target).map_err(io_error("remove", target))
}

/// Makes renames in `folder` durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(io_error("sync", folder))
}

/// Results are for colleagues too: the usual permissions under the user's mask, not the private ones of scratch files.
#[cfg(unix)]
pub(super) fn readable<'a, 'p, 's>(builder: &'a mut tempfile::Builder<'p, 's>) -> &'a mut tempfile::Builder<'p, 's> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
pub(super) fn readable<'a, 'p, 's>(builder: &'a mut tempfile::Builder<'p, 's>) -> &'a mut tempfile::Builder<'p, 's> {
    builder
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
