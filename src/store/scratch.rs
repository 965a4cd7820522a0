//! Bytes that come from the network: a scratch file beside the snapshots until they are known to be whole.

use super::write::{PARTIAL, readable, sync_folder};
use super::{DataDir, StoreError, io_error, write_atomic};
use crate::types::{Snapshot, SnapshotId};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, Write};

/// A file that becomes a snapshot, or vanishes.
pub struct Scratch {
    file: tempfile::NamedTempFile,
    hasher: Sha256,
    byte_count: u64,
}

impl Scratch {
    /// Opens one in the folder of snapshots.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub fn create(data: &DataDir) -> Result<Self, StoreError> {
        let folder = data.root().join("snapshots");
        std::fs::create_dir_all(&folder).map_err(io_error("create", &folder))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(PARTIAL);
        let file = readable(&mut builder).tempfile_in(&folder).map_err(io_error("write in", &folder))?;
        Ok(Self { file, hasher: Sha256::new(), byte_count: 0 })
    }

    /// Forgets what was written.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn restart(&mut self) -> io::Result<()> {
        self.file.as_file().set_len(0)?;
        self.file.rewind()?;
        self.hasher = Sha256::new();
        self.byte_count = 0;
        Ok(())
    }

    /// Takes bytes.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.byte_count += bytes.len() as u64;
        Ok(())
    }

    /// All that was written, from its beginning.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub fn reader(&self) -> io::Result<impl Read + use<>> {
        self.file.reopen()
    }

    /// Where it lies until it is kept or vanishes.
    pub fn path(&self) -> &std::path::Path {
        self.file.path()
    }

    /// Content address and length of what was written.
    pub fn content(&self) -> (SnapshotId, u64) {
        (SnapshotId(super::manifest::hex(&self.hasher.clone().finalize())), self.byte_count)
    }

    /// Keeps it under its content address, with its certificate; a damaged copy is replaced.
    ///
    /// # Errors
    /// On a full disk or any other refusal.
    pub fn keep(self, data: &DataDir, certificate: &Snapshot) -> Result<(), StoreError> {
        let target = data.snapshot_path(&certificate.id.0);
        let folder = target.parent().unwrap_or(data.root());
        std::fs::create_dir_all(folder).map_err(io_error("create", folder))?;
        self.file.as_file().sync_all().map_err(io_error("write", &target))?;
        if !data.is_sound(&certificate.id.0) {
            self.file.persist(&target).map_err(|e| io_error("rename", &target)(e.error))?;
            sync_folder(folder)?;
        }
        data.certify(certificate)
    }
}

impl DataDir {
    /// Bytes of a snapshot.
    ///
    /// # Errors
    /// When they are gone.
    pub fn open_snapshot(&self, id: &SnapshotId) -> Result<File, StoreError> {
        let path = self.snapshot_path(&id.0);
        File::open(&path).map_err(io_error("read", &path))
    }

    /// Certificate of a snapshot, as kept for a source.
    ///
    /// # Errors
    /// When it is gone or damaged.
    pub fn certificate_of(&self, id: &SnapshotId, source: &str) -> Result<Snapshot, StoreError> {
        let path = self.snapshot_path(&id.0).with_extension(format!("{source}.json"));
        let bytes = std::fs::read(&path).map_err(io_error("read", &path))?;
        serde_json::from_slice(&bytes).map_err(|e| StoreError::Json { path, detail: e.to_string() })
    }

    /// What is recorded of a source of a plan that is asked over the network; nothing where it never was.
    ///
    /// # Errors
    /// When there is a record that cannot be read.
    pub fn source_record(&self, plan: &str, source: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.source_record_path(plan, source);
        match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(io_error("read", &path)),
        }
    }

    /// Records it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep_source_record(&self, plan: &str, source: &str, bytes: &[u8]) -> Result<(), StoreError> {
        write_atomic(&self.source_record_path(plan, source), bytes)
    }

    /// Removes it, if there is one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_source_record(&self, plan: &str, source: &str) -> Result<(), StoreError> {
        let path = self.source_record_path(plan, source);
        if path.exists() { super::remove_file(&path) } else { Ok(()) }
    }

    /// Plans and names of everything that is recorded of sources, sorted.
    pub fn source_records(&self) -> Vec<(String, String)> {
        let folder = self.root().join("snapshots").join("answers");
        let mut all = Vec::new();
        for plan in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(plan_name) = plan.file_name().into_string() else { continue };
            let names = std::fs::read_dir(plan.path()).into_iter().flatten().flatten();
            let names = names.filter_map(|file| file.file_name().into_string().ok());
            let names = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned));
            all.extend(names.map(|name| (plan_name.clone(), name)));
        }
        all.sort();
        all
    }

    /// Where it is recorded.
    pub fn source_record_path(&self, plan: &str, source: &str) -> std::path::PathBuf {
        self.root().join("snapshots").join("answers").join(plan).join(format!("{source}.json"))
    }

    /// Removes a snapshot's bytes and leaves a tombstone that says when and why.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn purge_snapshot(&self, id: &str, day: crate::types::Date, reason: &str) -> Result<(), StoreError> {
        let path = self.snapshot_path(id);
        let tombstone = serde_json::json!({ "id": id, "purged_on": day, "reason": reason });
        write_atomic(&path.with_extension("purged.json"), format!("{tombstone:#}\n").as_bytes())?;
        super::remove_file(&path)
    }

    /// What a tombstone says, where a snapshot was purged.
    pub fn tombstone(&self, id: &str) -> Option<String> {
        std::fs::read_to_string(self.snapshot_path(id).with_extension("purged.json")).ok()
    }

    /// Removes the result of a stage.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_stage(&self, plan: &str, stage: &str) -> Result<(), StoreError> {
        super::stage::remove_folder(&self.stage(plan, stage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_was_damaged_or_lost_is_written_again_when_its_bytes_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::new(folder.path());
        let given = folder.path().join("given.json");
        std::fs::write(&given, b"[1, 2, 3]").unwrap();
        let id = crate::store::hash_bytes(b"[1, 2, 3]");
        let certificate = Snapshot {
            id: SnapshotId(id.clone()),
            source: crate::types::SourceId::new("a").unwrap(),
            url: "given.json".to_owned(),
            retrieved_on: None,
            media_type: String::new(),
            byte_count: 9,
            licence: None,
            status: None,
            headers: std::collections::BTreeMap::new(),
        };
        let fetched = || {
            let mut scratch = Scratch::create(&data).unwrap();
            scratch.write(b"[1, 2, 3]").unwrap();
            scratch.keep(&data, &certificate)
        };
        fetched().unwrap();
        assert!(data.is_sound(&id));
        // Cut, of the same length with another content, and gone: over the network and from a file.
        for damage in [Some(b"[1, 2".as_slice()), Some(b"[9, 9, 9]".as_slice()), None] {
            for over_the_network in [true, false] {
                match damage {
                    Some(bytes) => std::fs::write(data.snapshot_path(&id), bytes).unwrap(),
                    None => std::fs::remove_file(data.snapshot_path(&id)).unwrap(),
                }
                assert!(!data.is_sound(&id));
                let kept = if over_the_network { fetched() } else { data.keep_snapshot(&given, &certificate) };
                kept.unwrap();
                assert_eq!(std::fs::read(data.snapshot_path(&id)).unwrap(), b"[1, 2, 3]");
            }
        }
    }
}
