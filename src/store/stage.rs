//! The data directory: snapshots by content, one folder per plan and stage.

use super::write::{PARTIAL, sync_folder};
use super::{AtomicFile, FileHash, Manifest, StoreError, TableWriter, hash_file, io_error, remove_file, write_atomic};
use crate::types::{Snapshot, StageCount, tables::Table};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folder of what models worked out.
const MODELS: &str = "models";

/// Root of everything the program keeps (`--data-dir`, by default `data`).
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// Names the root; nothing is created yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether something can be written here.
    ///
    /// # Errors
    /// When the system refuses, naming the folder.
    pub fn probe(&self) -> Result<(), StoreError> {
        tempfile::tempfile_in(&self.root).map(drop).map_err(io_error("write in", &self.root))
    }

    /// Removes what runs that were killed left half written beside snapshots and plans. Only the holder of the lock may
    /// call it: what another run is writing looks the same.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn sweep(&self) -> Result<(), StoreError> {
        let snapshots = self.root.join("snapshots");
        let build = self.root.join("build");
        let within = |folder: &Path| -> Result<Vec<PathBuf>, StoreError> {
            Ok(visible_folders(folder)?.into_iter().map(|name| folder.join(name)).collect())
        };
        for folder in within(&snapshots)?
            .into_iter()
            .chain(within(&build)?)
            .chain(within(&snapshots.join("answers"))?)
            .chain([self.root.clone(), self.root.join(MODELS), snapshots])
        {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                    remove_file(&entry.path())?;
                }
            }
        }
        Ok(())
    }

    /// Folder of a finished stage.
    pub fn stage(&self, plan: &str, stage: &str) -> PathBuf {
        self.root.join("build").join(plan).join(stage)
    }

    /// Manifest of a finished stage; `None` when the stage has not finished or was written by something else.
    pub fn manifest(&self, plan: &str, stage: &str) -> Option<Manifest> {
        let text = std::fs::read_to_string(self.stage(plan, stage).join("manifest.json")).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Plan and stage of every result, sorted; drafts left by a crash do not count.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn stages(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut stages = Vec::new();
        for plan in visible_folders(&self.root.join("build"))? {
            for stage in visible_folders(&self.root.join("build").join(&plan))? {
                stages.push((plan.clone(), stage));
            }
        }
        Ok(stages)
    }

    /// Path of a snapshot's bytes.
    pub fn snapshot_path(&self, id: &str) -> PathBuf {
        let (fan, _) = id.split_at_checked(2).unwrap_or((id, ""));
        self.root.join("snapshots").join(fan).join(id)
    }

    /// Whether a snapshot's bytes are there, and are those that its id names.
    pub fn is_sound(&self, id: &str) -> bool {
        hash_file(&self.snapshot_path(id)).is_ok_and(|(sha256, _)| sha256 == id)
    }

    /// Every snapshot kept, by id, sorted.
    pub fn snapshot_ids(&self) -> Vec<String> {
        let folders = std::fs::read_dir(self.root.join("snapshots")).into_iter().flatten().flatten();
        let files = folders.filter_map(|f| std::fs::read_dir(f.path()).ok()).flatten().flatten();
        let mut ids: Vec<String> = files
            .filter_map(|f| f.file_name().into_string().ok())
            .filter(|name| name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()))
            .collect();
        ids.sort();
        ids
    }

    /// Keeps a file's bytes under their hash together with their birth certificate; a damaged copy is replaced.
    ///
    /// # Errors
    /// When the file cannot be read or the snapshot not be written.
    pub fn keep_snapshot(&self, from: &Path, certificate: &Snapshot) -> Result<(), StoreError> {
        let target = self.snapshot_path(&certificate.id.0);
        if !self.is_sound(&certificate.id.0) {
            let mut source = std::fs::File::open(from).map_err(io_error("read", from))?;
            let mut file = AtomicFile::create(&target)?;
            let mut limited = Read::by_ref(&mut source);
            std::io::copy(&mut limited, &mut file).map_err(io_error("write", &target))?;
            file.commit()?;
        }
        self.certify(certificate)
    }

    /// Writes a snapshot's certificate.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn certify(&self, certificate: &Snapshot) -> Result<(), StoreError> {
        let mut text = serde_json::to_string_pretty(certificate).unwrap_or_default();
        text.push('\n');
        let target = self.snapshot_path(&certificate.id.0);
        write_atomic(&target.with_extension(format!("{}.json", certificate.source)), text.as_bytes())
    }

    /// What a model worked out earlier, kept under a name that says from what; nothing when there is none.
    pub fn kept_model(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.root.join(MODELS).join(name)).ok()
    }

    /// Keeps what a model worked out; it can be removed at any time.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep_model(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        write_atomic(&self.root.join(MODELS).join(name), bytes)
    }

    /// Starts a new result for a stage; a draft left by a crash is removed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn draft(&self, plan: &str, stage: &str) -> Result<StageDraft, StoreError> {
        let target = self.stage(plan, stage);
        let draft = target.with_file_name(format!(".{stage}.draft"));
        remove_folder(&draft)?;
        remove_folder(&target.with_file_name(format!(".{stage}.old")))?;
        std::fs::create_dir_all(&draft).map_err(io_error("create", &draft))?;
        Ok(StageDraft { stage: stage.to_owned(), draft, target })
    }
}

/// A stage's result in the making.
#[derive(Debug)]
pub struct StageDraft {
    stage: String,
    draft: PathBuf,
    target: PathBuf,
}

impl StageDraft {
    /// Path of a file in the draft; `name` may hold one folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.draft.join(name)
    }

    /// Starts a Parquet table `<name>.parquet`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn table<T: Table>(&self, name: &str) -> Result<TableWriter<T>, StoreError> {
        TableWriter::create(&self.path(&format!("{name}.parquet")))
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn file(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        write_atomic(&self.path(name), bytes)
    }

    /// Hashes every file, writes the manifest and puts the draft in the place of the last result.
    ///
    /// # Errors
    /// When a file cannot be read or a rename is refused.
    pub fn commit(self, inputs: BTreeMap<String, String>, counts: Vec<StageCount>) -> Result<Manifest, StoreError> {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let outputs = list_files(&self.draft)?;
        let manifest = Manifest { stage: self.stage.clone(), version, inputs, outputs, counts };
        write_atomic(&self.draft.join("manifest.json"), manifest.to_json().as_bytes())?;
        let old = self.target.with_file_name(format!(".{}.old", self.stage));
        if self.target.exists() {
            std::fs::rename(&self.target, &old).map_err(io_error("rename", &self.target))?;
        }
        std::fs::rename(&self.draft, &self.target).map_err(io_error("rename", &self.draft))?;
        if let Some(parent) = self.target.parent() {
            sync_folder(parent)?;
        }
        remove_folder(&old)?;
        Ok(manifest)
    }
}

/// Names of the sub-folders that do not start with a dot, sorted; none when the folder is absent.
fn visible_folders(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(io_error("read", folder))?,
    };
    let folders = entries.flatten().filter(|e| e.path().is_dir());
    let mut names: Vec<String> = folders.filter_map(|e| e.file_name().into_string().ok()).collect();
    names.retain(|n| !n.starts_with('.'));
    names.sort();
    Ok(names)
}

pub(super) fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io_error("remove", folder)(error)),
        _ => Ok(()),
    }
}

/// Files of a folder and its sub-folders, sorted by path.
fn list_files(root: &Path) -> Result<Vec<FileHash>, StoreError> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(io_error("read", &folder))? {
            let path = entry.map_err(io_error("read", &folder))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let (sha256, byte_count) = hash_file(&path)?;
            let relative = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = relative.components().map(|c| c.as_os_str().to_string_lossy()).collect();
            files.push(FileHash { path: parts.join("/"), sha256, byte_count });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
