//! ZIP containers, looked through before anything is read from them: names, sizes, checksums, what kind they are.

use super::error::AcquireError;
use super::limits::{Limits, check};
use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use zip::{CompressionMethod, ZipArchive};

/// A comment may stand behind the end record: it begins at most this far from the end.
const END_WITHIN: u64 = 66 << 10;

/// What a ZIP container is, by its directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ZipKind {
    /// `.xlsx`
    Workbook,
    /// A zip of files.
    Files,
    /// A format that is not read, and what to save it as.
    Foreign(&'static str, &'static str),
}

const AS_XLSX: &str = "open it in Excel or LibreOffice and save it as .xlsx";

/// Tells the kind by the names in the directory.
pub(super) fn kind_of<'n>(names: impl Iterator<Item = &'n str>) -> ZipKind {
    let names: BTreeSet<&str> = names.collect();
    let has = |name: &str| names.contains(name);
    match () {
        () if has("xl/workbook.xml") => ZipKind::Workbook,
        () if has("xl/workbook.bin") => ZipKind::Foreign("a binary workbook (.xlsb)", AS_XLSX),
        () if has("word/document.xml") => {
            ZipKind::Foreign("a Word document (.docx)", "save its text as HTML, or its tables as .xlsx or CSV")
        }
        () if has("ppt/presentation.xml") => {
            ZipKind::Foreign("a presentation (.pptx)", "save its tables as .xlsx or CSV")
        }
        () if has("mimetype") && has("content.xml") => {
            ZipKind::Foreign("an OpenDocument file (.ods, .odt)", "open it in LibreOffice and save it as .xlsx or CSV")
        }
        () if has("[Content_Types].xml") && names.iter().any(|n| n.starts_with("xl/")) => ZipKind::Workbook,
        () => ZipKind::Files,
    }
}

/// An entry that can be read, in the order of names.
/// Given the name of an entry and each chunk of its bytes.
type Watch<'w> = &'w mut dyn FnMut(&str, &[u8]) -> Result<(), AcquireError>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Path inside the archive, with `/`.
    pub(super) name: String,
    /// Its number in the directory.
    pub(super) index: usize,
}

/// A container whose directory has been looked through.
pub(super) struct Zipped<R> {
    pub(super) archive: ZipArchive<R>,
    pub(super) kind: ZipKind,
    /// Files by name; folders are left out.
    pub(super) entries: Vec<Entry>,
}

/// Opens a container and refuses entries that a sound one does not have; no content is read yet.
///
/// # Errors
/// When it is damaged, encrypted, holds too many entries, or one that points outside, is a link or comes twice.
pub(super) fn open_zip<R: Read + Seek>(file: &str, mut body: R, limits: &Limits) -> Result<Zipped<R>, AcquireError> {
    let count = claimed_count(&mut body).map_err(|e| AcquireError::io(file, e))?;
    too_many(file, count, limits)?;
    let mut archive = calmly(file, || ZipArchive::new(body))?;
    too_many(file, archive.len() as u64, limits)?;
    if archive.has_duplicate_names() || (archive.len() as u64) < count && count < 0xFFFF {
        return Err(AcquireError::content(file, "holds two entries of one name", "obtain it again or pack it anew"));
    }
    if calmly(file, || archive.has_overlapping_entries())? {
        return Err(AcquireError::content(
            file,
            "has entries that overlap, as archive bombs do",
            "pack its files anew",
        ));
    }
    let mut entries = Vec::new();
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let entry = calmly(file, || archive.by_index_raw(index))?;
        let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/");
        let shown = format!("{file}/{}", super::error::excerpt(&name));
        if entry.is_symlink() {
            return Err(AcquireError::content(&shown, "is a link, not a file", "pack the files themselves"));
        }
        safe_name(&shown, &name)?;
        if entry.encrypted() {
            return Err(AcquireError::content(
                &shown,
                "is encrypted",
                "unpack it first, or pack it without a password",
            ));
        }
        let method = entry.compression();
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            let problem = format!("is packed in a way that is not read ({method})");
            return Err(AcquireError::content(&shown, problem, "pack it as an ordinary ZIP"));
        }
        if entry.is_dir() || name.ends_with('/') {
            continue;
        }
        check(&shown, limits, entry.size(), Some(entry.compressed_size()))?;
        names.push(name.clone());
        entries.push(Entry { name, index });
    }
    entries.sort();
    if let Some(twice) = entries.windows(2).find_map(|pair| match pair {
        [a, b] if a.name == b.name => Some(&a.name),
        _ => None,
    }) {
        let problem = format!("holds two entries named '{}'", super::error::excerpt(twice));
        return Err(AcquireError::content(file, problem, "obtain it again or pack it anew"));
    }
    let kind = kind_of(names.iter().map(String::as_str));
    Ok(Zipped { archive, kind, entries })
}

impl<R: Read + Seek> Zipped<R> {
    /// Reads every entry to its end once, for nothing: sizes, ratios and checksums are then known to be true, and a
    /// container that lies is refused before a record of it is given.
    ///
    /// # Errors
    /// When an entry is damaged, over a limit, or has another size than the directory says.
    pub(super) fn prove(&mut self, file: &str, limits: &Limits, watch: Watch<'_>) -> Result<(), AcquireError> {
        let mut total = 0_u64;
        let mut chunk = vec![0; 64 << 10];
        for Entry { name, index } in &self.entries {
            let shown = format!("{file}/{}", super::error::excerpt(name));
            let mut entry = calmly(&shown, || self.archive.by_index(*index))?;
            let (claimed, packed) = (entry.size(), entry.compressed_size());
            let mut decoded = 0_u64;
            loop {
                let read = calmly_io(&shown, || entry.read(&mut chunk))?;
                if read == 0 {
                    break;
                }
                decoded += read as u64;
                total += read as u64;
                check(&shown, limits, decoded, Some(packed))?;
                check(file, limits, total, None)?;
                watch(name, chunk.get(..read).unwrap_or_default())?;
            }
            if decoded != claimed {
                let problem = format!("has {decoded} bytes where the archive's directory says {claimed}");
                return Err(AcquireError::content(&shown, problem, "its directory lies: pack its files anew"));
            }
        }
        Ok(())
    }
}

/// Refuses names that would lead out of a folder.
pub(super) fn safe_name(shown: &str, name: &str) -> Result<(), AcquireError> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let climbs = name.split('/').any(|part| part == "..");
    if name.is_empty() || name.starts_with('/') || drive || climbs || name.contains('\0') {
        let problem = "points outside the archive";
        return Err(AcquireError::content(shown, problem, "obtain the archive from its publisher, or pack it anew"));
    }
    Ok(())
}

/// Refuses archives of more entries than the limit.
pub(super) fn too_many(file: &str, count: u64, limits: &Limits) -> Result<(), AcquireError> {
    if count > limits.archive_entries {
        let limit = format!("{} entries", limits.archive_entries);
        return Err(AcquireError::over(file, "archive_entries", format!("holds {count} entries or more"), limit));
    }
    Ok(())
}

/// How many entries the end record claims, before a directory of that size is built; 65,535 stands for more.
fn claimed_count<R: Read + Seek>(body: &mut R) -> io::Result<u64> {
    let length = body.seek(SeekFrom::End(0))?;
    body.seek(SeekFrom::Start(length.saturating_sub(END_WITHIN)))?;
    let mut tail = Vec::new();
    body.take(END_WITHIN).read_to_end(&mut tail)?;
    body.rewind()?;
    let end = tail.windows(4).rposition(|bytes| bytes == b"PK\x05\x06");
    let count = end.and_then(|at| tail.get(at + 10..at + 12)).and_then(|bytes| bytes.try_into().ok());
    Ok(count.map_or(0, |bytes| u64::from(u16::from_le_bytes(bytes))))
}

fn calmly<T, E: std::fmt::Display>(file: &str, read: impl FnOnce() -> Result<T, E>) -> Result<T, AcquireError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(AcquireError::damaged(file, &error)),
        Err(_) => Err(AcquireError::damaged(file, &"its inner structure is broken")),
    }
}

fn calmly_io<T>(file: &str, read: impl FnOnce() -> io::Result<T>) -> Result<T, AcquireError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|e| AcquireError::io(file, e)),
        Err(_) => Err(AcquireError::damaged(file, &"its inner structure is broken")),
    }
}
