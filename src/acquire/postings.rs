//! Files of postings: which format a document has, by its content (names lie), and the records it gives.

use super::connectors::postings::{assemble, jobposting, page, postings_json, postings_parquet, postings_table};
use super::container::{Member, each_member};
use super::desk::{Desk, Found, Seen};
use super::error::AcquireError;
use super::join::{JoinOn, Partners, Shelf, alone, fill, with_key};
use super::kinds::no_data;
use super::mapping::{JOIN_KEY, POSTING};
use super::notes::Notes;
use super::open::{Document, file_name};
use super::sniff::{is_page, recognise};
use super::table::with_sheets;
use super::text::Markup;
use super::{Columns, Input, Limits, PostingFormat, Record, Sink};
use crate::types::{RawPosting, Reject, RejectReason};
use encoding_rs::Encoding;
use std::collections::BTreeMap;
use std::path::Path;

/// Recognises the format of a file of postings.
///
/// # Errors
/// When it cannot be read or is none of the formats.
pub fn sniff(path: &Path, limits: &Limits) -> Result<PostingFormat, AcquireError> {
    recognise(&Document::of_path(path, &file_name(path), limits)?)
}

/// Reads a file of postings of any format; says which it was and, for text, in which encoding.
///
/// # Errors
/// When the file as a whole cannot be believed; what the sink was given before that is not to be used.
pub fn read_postings(
    path: &Path,
    input: &Input,
    columns: &Columns,
    sink: Sink<'_, RawPosting>,
) -> Result<(PostingFormat, &'static str), AcquireError> {
    let mut reader = PostingReader::new(columns, None, false)?;
    let found = reader.read(path, input, sink)?;
    reader.finish(&input.file, sink)?;
    Ok(found)
}

/// Looks up the encoding a plan names.
///
/// # Errors
/// When there is none of that name.
pub fn encoding_named(name: &str) -> Result<&'static Encoding, AcquireError> {
    Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| {
        let problem = format!("`encoding` = \"{}\" is no encoding that is known", super::error::excerpt(name));
        AcquireError::content(
            "the plan",
            problem,
            "use a name such as windows-1252, iso-8859-15, windows-1256, utf-16le",
        )
    })
}

/// Reads the files of one source of postings, one after the other.
pub struct PostingReader<'a> {
    columns: Columns,
    encoding: Option<&'static Encoding>,
    /// Several files, or an archive: optional columns may be absent from some of them.
    several: bool,
    seen: Seen,
    notes: Notes,
    partners: Option<Partners<'a>>,
    required: Vec<&'static str>,
}

impl<'a> PostingReader<'a> {
    /// For a source with these columns; `several` when it has more than one file.
    ///
    /// # Errors
    /// When the plan maps a field there is not.
    pub fn new(columns: &Columns, encoding: Option<&'static Encoding>, several: bool) -> Result<Self, AcquireError> {
        POSTING.rules(columns)?;
        let (seen, notes, partners) = (Seen::default(), Notes::default(), None);
        let required = POSTING.required.to_vec();
        Ok(Self { columns: columns.clone(), encoding, several, seen, notes, partners, required })
    }

    /// The same for the answers of a service: a page among them that holds no posting is a reject.
    #[must_use]
    pub fn of_service(mut self) -> Self {
        self.seen.of_service = true;
        self
    }

    /// Reads the file that holds the other parts of the records; it comes before them.
    ///
    /// # Errors
    /// When it cannot be believed, or lacks the column of the key.
    pub fn join(
        &mut self,
        files: &[(&Path, Input)],
        on: &JoinOn,
        columns: &Columns,
        shelf: &'a mut dyn Shelf,
        sink: Sink<'_, RawPosting>,
    ) -> Result<(), AcquireError> {
        POSTING.rules(columns)?;
        let (here, there) = on.pair()?;
        self.columns = with_key(&self.columns, here);
        let theirs = with_key(columns, there);
        let mut partners = Partners::new(shelf, columns);
        let encoding = self.encoding;
        let mut reject = |lost| sink(Record::Rejected(lost));
        fill(&mut partners, &theirs, &mut self.notes, &mut reject, &mut |desk| {
            for (path, input) in files {
                members(path, input, encoding, desk)?;
            }
            Ok(())
        })?;
        self.required.retain(|field| !partners.gives(field));
        self.required.push(JOIN_KEY);
        self.partners = Some(partners);
        Ok(())
    }

    /// Reads one file; says which format it was and, for text, in which encoding.
    ///
    /// # Errors
    /// When the file as a whole cannot be believed; what the sink was given before that is not to be used.
    pub fn read(
        &mut self,
        path: &Path,
        input: &Input,
        sink: Sink<'_, RawPosting>,
    ) -> Result<(PostingFormat, &'static str), AcquireError> {
        let (partners, several) = (&mut self.partners, self.several);
        let mut take = |found: Found<'_>| {
            sink(match found {
                Found::Rejected(reject) => Record::Rejected(reject),
                Found::Record(within, number, get) => {
                    // Of several files, or members, each has a first record: its number alone is no key.
                    let keyless = several || within.file != input.file;
                    let own_key = keyless.then(|| format!("{}#{number}", within.file));
                    let mut get = |field: &str| match (get(field), field) {
                        (None, "id") if get("url").is_none() => own_key.clone(),
                        (found, _) => found,
                    };
                    let record = match partners {
                        None => assemble(within, number, &mut get),
                        Some(partners) => joined(partners, within, number, &mut get),
                    };
                    match record {
                        Record::Rejected(reject) if within.file != input.file => {
                            Record::Rejected(named(reject, &within.file))
                        }
                        other => other,
                    }
                }
            });
        };
        let mut desk = Desk {
            columns: &self.columns,
            required: &self.required,
            several: self.several,
            seen: &mut self.seen,
            notes: &mut self.notes,
            take: &mut take,
        };
        members(path, input, self.encoding, &mut desk)
    }

    /// Ends the source: counts parts without a record, and refuses columns that no file had.
    ///
    /// # Errors
    /// When a mapped column was in none of the files.
    pub fn finish(mut self, source: &str, sink: Sink<'_, RawPosting>) -> Result<Notes, AcquireError> {
        self.seen.finish(source, &mut self.notes)?;
        if let Some(partners) = self.partners {
            partners.finish(&mut self.notes, &mut |lost| sink(Record::Rejected(lost)))?;
        }
        Ok(self.notes)
    }
}

/// A record with the fields of its other part before its own.
fn joined(partners: &mut Partners<'_>, input: &Input, number: u64, get: super::desk::Get<'_>) -> Record<RawPosting> {
    let key = get(JOIN_KEY);
    let Some(part) = key.as_deref().and_then(|key| partners.part(key)) else {
        return alone(input, number, key.as_deref());
    };
    let part: BTreeMap<String, String> = part;
    assemble(input, number, &mut |field| part.get(field).cloned().or_else(|| get(field)))
}

/// Every document of a file, in turn; members that hold no data are counted.
fn members(
    path: &Path,
    input: &Input,
    encoding: Option<&'static Encoding>,
    desk: &mut Desk<'_>,
) -> Result<(PostingFormat, &'static str), AcquireError> {
    let mut found = (PostingFormat::Csv, "binary");
    if let Some(what) = no_data(&input.file).filter(|_| desk.several) {
        desk.reject(input, 1, RejectReason::Malformed, format!("{}: {what}, which holds no postings", input.file));
        return Ok(found);
    }
    let several = desk.several;
    let mut read = 0;
    each_member(path, &input.file, &input.limits, &mut |member| {
        let name = match &member {
            Member::Document(document) => document.name.clone(),
            Member::NoData(name, _) => name.clone(),
        };
        let inside = name != input.file;
        let within = input.within(&name, read);
        let mut counted = |found: Found<'_>| {
            read += 1;
            (desk.take)(match found {
                Found::Rejected(reject) if inside => Found::Rejected(named(reject, &name)),
                other => other,
            });
        };
        let mut desk = Desk {
            columns: desk.columns,
            required: desk.required,
            several: several || inside,
            seen: desk.seen,
            notes: desk.notes,
            take: &mut counted,
        };
        match member {
            Member::NoData(_, what) => {
                desk.reject(&within, 1, RejectReason::Malformed, format!("{what}, which holds no postings"));
            }
            Member::Document(document) => {
                found = read_document(&within, document.with_encoding(encoding), &mut desk)?;
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// The reject of an archive's member says which it is.
fn named(mut reject: Reject, member: &str) -> Reject {
    reject.detail = format!("{member}: {}", reject.detail);
    reject
}

fn read_document(
    input: &Input,
    document: Document<'_>,
    desk: &mut Desk<'_>,
) -> Result<(PostingFormat, &'static str), AcquireError> {
    if is_page(&document) {
        return Ok((PostingFormat::Page, page::read(input, document, desk)?));
    }
    let format = recognise(&document)?;
    if format == PostingFormat::Parquet {
        match document.file_or_bytes()? {
            Ok(file) => postings_parquet::read(input, file, desk)?,
            Err(bytes) => postings_parquet::read(input, bytes::Bytes::from(bytes), desk)?,
        }
        return Ok((format, "binary"));
    }
    if matches!(format, PostingFormat::Csv | PostingFormat::Workbook) {
        let (columns, required, several) = (desk.columns, desk.required, desk.several);
        let is_header = |names: &[String]| POSTING.fits(columns, names, required, several);
        let mut unread = Vec::new();
        let encoding = with_sheets(
            document,
            &input.limits,
            &is_header,
            &mut |rows| postings_table::read(input, rows, desk),
            &mut |sentence| unread.push(sentence),
        )?;
        desk.notes.warnings.extend(unread);
        return Ok((format, encoding));
    }
    let mut body = document.text(Markup::Refused)?;
    if format == PostingFormat::JobPosting {
        jobposting::read(input, &mut body, desk)?;
    } else {
        postings_json::read(input, &mut body, desk)?;
    }
    Ok((format, body.encoding()))
}
