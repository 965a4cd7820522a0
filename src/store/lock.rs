//! The kernel's lock on a data directory: it goes with the process, however the process ends.

use super::{StoreError, io_error};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Held while a command writes; released by the kernel when the process ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

/// The lock was not to be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process writes to this data directory.
    #[error(
        "the data directory is in use by another run ({holder}); wait for it to end, or give this run another --data-dir"
    )]
    Held {
        /// Process id, command and start time as the holder wrote them: advice, not proof.
        holder: String,
    },
    /// The lock file cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DataLock {
    /// Who holds the lock, as the holder wrote it; nobody when it is free. Nothing is written.
    pub fn holder(data_dir: &Path) -> Option<String> {
        let mut file = File::open(data_dir.join(".lock")).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = (&mut file).take(400).read_to_string(&mut holder);
                Some(holder.trim().to_owned())
            }
            _ => None,
        }
    }

    /// Takes the lock or says who holds it. `advice` is written into the file for the next to read.
    ///
    /// # Errors
    /// When held by another process, or the file cannot be opened.
    pub fn take(data_dir: &Path, advice: &str) -> Result<Self, LockError> {
        let path = data_dir.join(".lock");
        std::fs::create_dir_all(data_dir).map_err(io_error("create", data_dir))?;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(io_error("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = (&mut file).take(400).read_to_string(&mut holder);
                return Err(LockError::Held { holder: holder.trim().to_owned() });
            }
            Err(TryLockError::Error(e)) => return Err(io_error("lock", &path)(e).into()),
        }
        file.set_len(0).map_err(io_error("write", &path))?;
        file.seek(SeekFrom::Start(0)).map_err(io_error("write", &path))?;
        file.write_all(advice.as_bytes()).map_err(io_error("write", &path))?;
        Ok(Self { _file: file })
    }
}
