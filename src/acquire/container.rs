//! The documents a file holds: one, or the members of an archive.

use super::error::AcquireError;
use super::kinds::{foreign, is_dropping, no_data};
use super::limits::Limits;
use super::open::Document;
use super::workbook::ReadSeek;
use super::zip_guard::{Entry, ZipKind, open_zip, safe_name, too_many};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;
use tar::{Archive, EntryType};

/// One file of a file.
pub(super) enum Member<'a> {
    /// It may hold records.
    Document(Document<'a>),
    /// Its name, and what it is instead: an image, a PDF, a note.
    NoData(String, &'static str),
}

/// What [`each_member`] calls.
pub(super) type Visit<'v> = &'v mut dyn FnMut(Member<'_>) -> Result<(), AcquireError>;

/// Calls `visit` for every document of the file; members of an archive that hold no data are passed over.
///
/// # Errors
/// When the file cannot be read or believed, or `visit` says so.
pub(super) fn each_document(
    path: &Path,
    name: &str,
    limits: &Limits,
    visit: &mut dyn FnMut(Document<'_>) -> Result<(), AcquireError>,
) -> Result<(), AcquireError> {
    each_member(path, name, limits, &mut |member| match member {
        Member::Document(document) => visit(document),
        Member::NoData(..) => Ok(()),
    })
    .map(|_| ())
}

/// Calls `visit` for every member of the file: of a ZIP in the order of names, of a tar in its own. Nothing is written
/// anywhere. Gives whether the file is an archive.
///
/// # Errors
/// When the file cannot be read or believed, or `visit` says so.
pub(super) fn each_member(path: &Path, name: &str, limits: &Limits, visit: Visit<'_>) -> Result<bool, AcquireError> {
    let document = Document::of_path(path, name, limits)?;
    match document.zip_kind() {
        Some(ZipKind::Files) => zip_members(name, document.seekable()?, limits, visit).map(|()| true),
        Some(ZipKind::Foreign(what, advice)) => Err(AcquireError::content(name, format!("is {what}"), advice)),
        Some(ZipKind::Workbook) => visit(Member::Document(document)).map(|()| false),
        None if document.head().starts_with(b"PK\x03\x04") || document.head().starts_with(b"PK\x05\x06") => {
            open_zip(name, document.seekable()?, limits)?;
            Err(AcquireError::content(name, "is an archive or a workbook inside a gzip", "unpack the gzip first"))
        }
        None if is_tar(document.head()) => tar_members(name, document.bytes(), limits, visit).map(|()| true),
        None => {
            refuse_foreign(&document)?;
            visit(Member::Document(document)).map(|()| false)
        }
    }
}

fn refuse_foreign(document: &Document<'_>) -> Result<(), AcquireError> {
    match foreign(document.head()) {
        // Parquet is read by its own reader, and text refuses it where text is expected.
        Some(found) if !document.head().starts_with(b"PAR1") => {
            Err(AcquireError::content(&document.name, format!("is {}", found.what), found.advice))
        }
        _ => Ok(()),
    }
}

fn zip_members(
    name: &str,
    body: Box<dyn ReadSeek + '_>,
    limits: &Limits,
    visit: Visit<'_>,
) -> Result<(), AcquireError> {
    let mut zipped = open_zip(name, body, limits)?;
    zipped.prove(name, limits, &mut |_, _| Ok(()))?;
    for Entry { name: inner, index } in std::mem::take(&mut zipped.entries) {
        let shown = format!("{name}/{inner}");
        let entry = zipped.archive.by_index(index).map_err(|e| AcquireError::damaged(&shown, &e))?;
        member(&inner, shown, Box::new(entry), limits, visit)?;
    }
    Ok(())
}

fn tar_members(name: &str, bytes: Box<dyn Read + '_>, limits: &Limits, visit: Visit<'_>) -> Result<(), AcquireError> {
    let fail = |e: io::Error| AcquireError::io(name, e);
    let mut archive = Archive::new(bytes);
    let mut seen = BTreeSet::new();
    let mut count = 0;
    for entry in archive.entries().map_err(fail)? {
        let mut entry = entry.map_err(fail)?;
        count += 1;
        too_many(name, count, limits)?;
        let inner = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let inner = inner.trim_start_matches("./").to_owned();
        let shown = format!("{name}/{}", super::error::excerpt(&inner));
        match entry.header().entry_type() {
            EntryType::Directory | EntryType::XGlobalHeader => {
                if !inner.is_empty() {
                    safe_name(&shown, &inner)?;
                }
                continue;
            }
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Symlink | EntryType::Link => {
                return Err(AcquireError::content(&shown, "is a link, not a file", "pack the files themselves"));
            }
            _ => return Err(AcquireError::content(&shown, "is no ordinary file", "pack the files themselves")),
        }
        safe_name(&shown, &inner)?;
        if !seen.insert(inner.clone()) {
            return Err(AcquireError::content(&shown, "is in the archive twice", "obtain it again or pack it anew"));
        }
        member(&inner, format!("{name}/{inner}"), Box::new(&mut entry), limits, visit)?;
    }
    // The checksum of a gzip stands at its very end.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(fail)?;
    Ok(())
}

/// Hands a member on, unless it is a dropping, an archive again, or a format that is not read.
fn member(
    inner: &str,
    shown: String,
    bytes: Box<dyn Read + '_>,
    limits: &Limits,
    visit: Visit<'_>,
) -> Result<(), AcquireError> {
    if is_dropping(inner) {
        return Ok(());
    }
    if let Some(what) = no_data(inner) {
        return visit(Member::NoData(shown, what));
    }
    let mut document = Document::new(shown, bytes, limits)?;
    if document.head().is_empty() {
        return visit(Member::NoData(document.name, "empty"));
    }
    if document.head().starts_with(b"PK\x03\x04") {
        document = document.kept_in_memory(limits)?;
    }
    let nested = "is an archive inside an archive";
    match document.zip_kind() {
        Some(ZipKind::Foreign(what, advice)) => {
            return Err(AcquireError::content(&document.name, format!("is {what}"), advice));
        }
        Some(ZipKind::Files) => return Err(AcquireError::content(&document.name, nested, "unpack it first")),
        Some(ZipKind::Workbook) => {}
        None if is_tar(document.head()) => {
            return Err(AcquireError::content(&document.name, nested, "unpack it first"));
        }
        None => refuse_foreign(&document)?,
    }
    visit(Member::Document(document))
}

/// A tar archive, by the checksum of its first header (POSIX ustar: the bytes of the header with its checksum field
/// taken as spaces).
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    let Some(field) = header.get(148..156) else { return false };
    let text = String::from_utf8_lossy(field);
    let Ok(stated) = u32::from_str_radix(text.trim_matches([' ', '\0']), 8) else { return false };
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    let spaces = 8 * u32::from(b' ');
    let own: u32 = field.iter().map(|b| u32::from(*b)).sum();
    stated > spaces && sum - own + spaces == stated
}
