//! The other part of a record, in another file, found by a key both have.

use super::desk::{Desk, Found, Seen};
use super::error::AcquireError;
use super::mapping::{ColumnRule, Columns, JOIN_KEY};
use super::notes::Notes;
use super::{Input, Record};
use crate::types::{Reject, RejectReason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;

/// Which column of a record names its other part, and which column there: `"id"` for both, or
/// `{ job_posting = "file" }` for one here and another there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum JoinOn {
    /// The same name in both.
    Same(String),
    /// The column here = the column there.
    Pair(BTreeMap<String, String>),
}

impl JoinOn {
    /// The column here and the column there.
    ///
    /// # Errors
    /// When it is not exactly one pair.
    pub fn pair(&self) -> Result<(&str, &str), AcquireError> {
        match self {
            JoinOn::Same(column) => Ok((column, column)),
            JoinOn::Pair(pairs) => match pairs.iter().next() {
                Some((here, there)) if pairs.len() == 1 => Ok((here, there)),
                _ => Err(AcquireError::content(
                    "[source.join]",
                    "`on` names more or fewer columns than one here and one there",
                    "write on = \"id\" or on = { id_here = \"id_there\" }",
                )),
            },
        }
    }
}

/// Where texts wait until their record comes; on disk, so that memory stays small.
pub trait Shelf {
    /// Puts bytes away and says where.
    ///
    /// # Errors
    /// On a full disk.
    fn put(&mut self, bytes: &[u8]) -> io::Result<(u64, u32)>;

    /// Gets them back.
    ///
    /// # Errors
    /// When the disk refuses.
    fn get(&mut self, place: (u64, u32)) -> io::Result<Vec<u8>>;
}

/// One other part.
struct Part {
    place: (u64, u32),
    origin: crate::types::Origin,
    used: bool,
}

/// The other parts of the records of a source, by key.
pub(super) struct Partners<'s> {
    shelf: &'s mut dyn Shelf,
    parts: BTreeMap<String, Part>,
    /// Keys that came again; the first stays.
    repeated: u64,
    fault: Option<io::Error>,
    name: String,
    fields: Vec<String>,
}

impl<'s> Partners<'s> {
    /// Starts with none. `columns` are those of the other file.
    pub(super) fn new(shelf: &'s mut dyn Shelf, columns: &Columns) -> Self {
        let fields = columns.keys().cloned().collect();
        Self { shelf, parts: BTreeMap::new(), repeated: 0, fault: None, name: String::new(), fields }
    }

    /// Takes what a reader finds in the other file; gives back what is no part of anything.
    fn take(&mut self, found: Found<'_>) -> Option<Reject> {
        match found {
            Found::Rejected(reject) => Some(reject),
            Found::Record(input, number, get) => {
                self.name.clone_from(&input.file);
                let missing =
                    |detail| Some(Reject { origin: input.origin(number), reason: RejectReason::MissingField, detail });
                let Some(key) = get(JOIN_KEY) else { return missing("the key it is joined by is empty".to_owned()) };
                let values: BTreeMap<&str, String> =
                    self.fields.iter().filter_map(|f| Some((f.as_str(), get(f)?))).collect();
                if self.parts.contains_key(key.trim()) {
                    self.repeated += 1;
                    return None;
                }
                let bytes = serde_json::to_vec(&values).unwrap_or_default();
                match self.shelf.put(&bytes) {
                    Ok(place) => {
                        let part = Part { place, origin: input.origin(number), used: false };
                        self.parts.insert(key.trim().to_owned(), part);
                    }
                    Err(error) => self.fault = self.fault.take().or(Some(error)),
                }
                None
            }
        }
    }

    /// The fields another file gives for a key; absent when it has no such key.
    pub(super) fn part(&mut self, key: &str) -> Option<BTreeMap<String, String>> {
        let part = self.parts.get_mut(key.trim())?;
        part.used = true;
        match self.shelf.get(part.place) {
            Ok(bytes) => serde_json::from_slice(&bytes).ok(),
            Err(error) => {
                self.fault = self.fault.take().or(Some(error));
                None
            }
        }
    }

    /// Whether some field comes from the other file.
    pub(super) fn gives(&self, field: &str) -> bool {
        self.fields.iter().any(|f| f == field)
    }

    /// Counts the parts whose record never came, and says what was odd.
    ///
    /// # Errors
    /// When the disk refused.
    pub(super) fn finish(self, notes: &mut Notes, reject: &mut dyn FnMut(Reject)) -> Result<(), AcquireError> {
        if let Some(error) = self.fault {
            return Err(AcquireError::Io { file: self.name, source: error });
        }
        if self.repeated > 0 {
            let sentence = format!("{}: {} keys come again; the first of each is used", self.name, self.repeated);
            notes.warnings.push(sentence);
        }
        for (key, part) in self.parts.into_iter().filter(|(_, part)| !part.used) {
            let detail = format!("'{}' has no record to be joined to", super::error::excerpt(&key));
            reject(Reject { origin: part.origin, reason: RejectReason::NoPartner, detail });
        }
        Ok(())
    }
}

/// The plan's columns with the key beside them.
pub(super) fn with_key(columns: &Columns, key: &str) -> Columns {
    let mut all = columns.clone();
    all.insert(JOIN_KEY.to_owned(), ColumnRule::Column(key.to_owned()));
    all
}

/// Lets a reader fill the partners; what is no part is handed to `reject`.
///
/// # Errors
/// What the reader says.
pub(super) fn fill(
    partners: &mut Partners<'_>,
    columns: &Columns,
    notes: &mut Notes,
    reject: &mut dyn FnMut(Reject),
    read: &mut dyn FnMut(&mut Desk<'_>) -> Result<(), AcquireError>,
) -> Result<(), AcquireError> {
    let mut seen = Seen::default();
    let mut take = |found: Found<'_>| {
        if let Some(lost) = partners.take(found) {
            reject(lost);
        }
    };
    let mut desk = Desk { columns, required: &[JOIN_KEY], several: true, seen: &mut seen, notes, take: &mut take };
    read(&mut desk)?;
    let mut unsaid = Notes::default();
    seen.finish("the file joined", &mut unsaid)
}

/// A record that has no other part.
pub(super) fn alone<T>(input: &Input, number: u64, key: Option<&str>) -> Record<T> {
    match key {
        None => input.reject(number, RejectReason::MissingField, "the key it is joined by is empty".to_owned()),
        Some(key) => {
            let detail = format!("'{}' is not in the file it is joined to", super::error::excerpt(key));
            input.reject(number, RejectReason::NoPartner, detail)
        }
    }
}
