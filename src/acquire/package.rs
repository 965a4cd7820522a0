//! A taxonomy package as published: a folder of CSV files, a zip of them, or a folder of such zips.

use super::error::AcquireError;
use super::limits::{Limits, check};
use super::open::{Document, file_name};
use super::text::Markup;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// CSV files by name, wherever they lie.
pub(super) struct Package {
    /// Name of the folder or archive, and of every archive inside: where a version may be written.
    pub(super) names: Vec<String>,
    limits: Limits,
    archives: Vec<(String, ZipArchive<BufReader<File>>)>,
    members: BTreeMap<String, Place>,
}

#[derive(Clone)]
enum Place {
    Plain(PathBuf),
    Zipped { archive: usize, entry: usize },
}

impl Package {
    /// Lists what the paths hold; nothing is unpacked to disk.
    pub(super) fn open(paths: &[&Path], limits: &Limits) -> Result<Self, AcquireError> {
        let (names, archives, members) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut package = Self { names, limits: limits.clone(), archives, members };
        for path in paths {
            package.names.push(file_name(path));
            fs::metadata(path).map_err(|e| AcquireError::io(&file_name(path), e))?;
            match is_zip(path) {
                _ if path.is_dir() => package.add_folder(path)?,
                true => package.add_zip(path, &file_name(path))?,
                false => package.add_file(path)?,
            }
        }
        Ok(package)
    }

    fn add_folder(&mut self, path: &Path) -> Result<(), AcquireError> {
        let fail = |e| AcquireError::io(&file_name(path), e);
        let listed: Result<Vec<PathBuf>, io::Error> =
            fs::read_dir(path).map_err(fail)?.map(|e| e.map(|e| e.path())).collect();
        let mut listed = listed.map_err(fail)?;
        listed.sort();
        for inner in listed.iter().filter(|p| p.is_file()) {
            self.add_file(inner)?;
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path) -> Result<(), AcquireError> {
        let name = file_name(path);
        let lower = name.to_lowercase();
        if lower.ends_with(".csv") || lower.ends_with(".csv.gz") {
            let name = name.trim_end_matches(".gz").to_owned();
            return self.add(name, Place::Plain(path.to_owned()));
        }
        if lower.ends_with(".zip") { self.add_zip(path, &name) } else { Ok(()) }
    }

    fn add_zip(&mut self, path: &Path, name: &str) -> Result<(), AcquireError> {
        let file = File::open(path).map_err(|e| AcquireError::io(name, e))?;
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| AcquireError::damaged(name, &e))?;
        let count = archive.len() as u64;
        if count > self.limits.archive_entries {
            let limit = format!("{} entries", self.limits.archive_entries);
            return Err(AcquireError::over(name, "archive_entries", format!("holds {count} entries"), limit));
        }
        let mut decoded = 0u64;
        for entry in 0..archive.len() {
            let file = archive.by_index_raw(entry).map_err(|e| AcquireError::damaged(name, &e))?;
            let Some(inside) = file.enclosed_name().filter(|_| !file.is_symlink()) else {
                let problem = "has an entry that points outside the archive";
                return Err(AcquireError::content(name, problem, "obtain the package from its publisher"));
            };
            decoded = decoded.saturating_add(file.size());
            check(name, &self.limits, decoded, None)?;
            check(name, &self.limits, file.size(), Some(file.compressed_size()))?;
            let encrypted = file.encrypted();
            drop(file);
            if encrypted {
                return Err(AcquireError::content(name, "is encrypted", "unpack it first"));
            }
            if inside.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
                let archive = self.archives.len();
                self.add(file_name(&inside), Place::Zipped { archive, entry })?;
            }
        }
        self.names.push(name.to_owned());
        self.archives.push((name.to_owned(), archive));
        Ok(())
    }

    fn add(&mut self, name: String, place: Place) -> Result<(), AcquireError> {
        if name.starts_with('.') {
            return Ok(()); // what some systems leave beside the files
        }
        if self.members.contains_key(&name) {
            return Err(AcquireError::content(&name, "is in the package twice", "keep one of them"));
        }
        self.members.insert(name, place);
        Ok(())
    }

    /// Names of the CSV files, sorted.
    pub(super) fn files(&self) -> Vec<String> {
        self.members.keys().cloned().collect()
    }

    /// Opens a file of the package as text.
    pub(super) fn text(&mut self, name: &str) -> Result<Box<dyn BufRead + '_>, AcquireError> {
        match self.members.get(name).cloned() {
            None => Err(AcquireError::content(name, "is not in the package", "complete the package")),
            Some(Place::Plain(path)) => {
                Ok(Box::new(Document::of_path(&path, name, &self.limits)?.text(Markup::Refused)?))
            }
            Some(Place::Zipped { archive, entry }) => {
                let limits = self.limits.clone();
                let Some((in_archive, archive)) = self.archives.get_mut(archive) else {
                    return Err(AcquireError::content(name, "is not in the package", "complete the package"));
                };
                let shown = format!("{in_archive}/{name}");
                let file = archive.by_index(entry).map_err(|e| AcquireError::damaged(&shown, &e))?;
                let packed = file.compressed_size();
                let bounded = BoundedEntry { file: shown.clone(), inner: file, packed, decoded: 0, limits };
                Ok(Box::new(Document::new(shown, Box::new(bounded), &self.limits)?.text(Markup::Refused)?))
            }
        }
    }
}

/// By its first bytes: a snapshot has lost its extension.
fn is_zip(path: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(path).and_then(|mut file| file.read(&mut magic)).is_ok_and(|count| count == 4 && magic == *b"PK\x03\x04")
}

/// An entry whose true size is watched: the directory of an archive may lie.
struct BoundedEntry<R> {
    file: String,
    inner: R,
    packed: u64,
    decoded: u64,
    limits: Limits,
}

impl<R: Read> Read for BoundedEntry<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.decoded += read as u64;
        check(&self.file, &self.limits, self.decoded, Some(self.packed)).map_err(io::Error::other)?;
        Ok(read)
    }
}
