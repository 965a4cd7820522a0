//! Files of postings: which format a document has, by its content (names lie), and the records it gives.

use super::connectors::{jobposting, postings_json, postings_parquet, postings_table};
use super::container::each_document;
use super::error::AcquireError;
use super::mapping::POSTING;
use super::open::{Document, file_name};
use super::table::with_rows;
use super::text::Markup;
use super::{Columns, Input, Limits, Record, Sink};
use crate::types::RawPosting;
use std::path::Path;

/// A format that postings come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum PostingFormat {
    /// Delimited text under a header.
    Csv,
    /// An array of objects, or an object that holds one.
    Json,
    /// One object a line.
    JsonLines,
    /// schema.org JobPosting, as JSON or JSON lines.
    JobPosting,
    /// Parquet with columns of any names.
    Parquet,
    /// A worksheet under a header.
    Workbook,
}

impl PostingFormat {
    /// Media type for the snapshot's certificate.
    pub fn media_type(self) -> &'static str {
        match self {
            PostingFormat::Csv => "text/csv",
            PostingFormat::Json => "application/json",
            PostingFormat::JsonLines => "application/x-ndjson",
            PostingFormat::JobPosting => "application/ld+json",
            PostingFormat::Parquet => "application/vnd.apache.parquet",
            PostingFormat::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Recognises the format of a file of postings.
///
/// # Errors
/// When it cannot be read or is none of the formats.
pub fn sniff(path: &Path, limits: &Limits) -> Result<PostingFormat, AcquireError> {
    recognise(&Document::of_path(path, &file_name(path), limits)?)
}

fn recognise(document: &Document<'_>) -> Result<PostingFormat, AcquireError> {
    let head = document.head();
    if head.starts_with(b"PAR1") {
        return Ok(PostingFormat::Parquet);
    }
    if document.is_workbook() {
        return Ok(PostingFormat::Workbook);
    }
    let text = document.head_text()?;
    let head = text.trim_start().as_bytes();
    Ok(match head.first() {
        Some(b'{' | b'[') if names_job_posting(head) => PostingFormat::JobPosting,
        Some(b'[') => PostingFormat::Json,
        Some(b'{') if first_line_is_whole(head) => PostingFormat::JsonLines,
        Some(b'{') => PostingFormat::Json,
        _ => PostingFormat::Csv,
    })
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
    let mut found = (PostingFormat::Csv, "binary");
    let mut read = 0;
    each_document(path, &input.file, &input.limits, &mut |document| {
        let within = input.within(&document.name, read);
        let mut counted = |record: Record<_>| {
            read += 1;
            sink(record);
        };
        found = read_document(&within, document, columns, &mut counted)?;
        Ok(())
    })?;
    Ok(found)
}

fn read_document(
    input: &Input,
    document: Document<'_>,
    columns: &Columns,
    sink: Sink<'_, RawPosting>,
) -> Result<(PostingFormat, &'static str), AcquireError> {
    let format = recognise(&document)?;
    if format == PostingFormat::Parquet {
        match document.file_or_bytes()? {
            Ok(file) => postings_parquet::read(input, file, columns, sink)?,
            Err(bytes) => postings_parquet::read(input, bytes::Bytes::from(bytes), columns, sink)?,
        }
        return Ok((format, "binary"));
    }
    if matches!(format, PostingFormat::Csv | PostingFormat::Workbook) {
        let is_header = |names: &[String]| POSTING.bind(columns, names, &input.file).is_ok();
        let encoding = with_rows(document, &input.limits, &is_header, &mut |rows| {
            postings_table::read(input, rows, columns, sink)
        })?;
        return Ok((format, encoding));
    }
    let mut body = document.text(Markup::Refused)?;
    if format == PostingFormat::JobPosting {
        jobposting::read(input, &mut body, columns, sink)?;
    } else {
        postings_json::read(input, &mut body, columns, sink)?;
    }
    Ok((format, body.encoding()))
}

fn names_job_posting(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    text.match_indices("\"@type\"").any(|(at, key)| {
        let value =
            text.get(at + key.len()..).unwrap_or_default().trim_start_matches([' ', '\n', '\r', '\t', ':', '[']);
        [
            "\"JobPosting\"",
            "\"schema:JobPosting\"",
            "\"http://schema.org/JobPosting\"",
            "\"https://schema.org/JobPosting\"",
        ]
        .iter()
        .any(|name| value.starts_with(name))
    })
}

fn first_line_is_whole(head: &[u8]) -> bool {
    let mut lines = head.split(|b| *b == b'\n');
    let first = lines.next().unwrap_or_default().trim_ascii_end();
    let another = lines.any(|line| line.trim_ascii_start().starts_with(b"{"));
    first.ends_with(b"}") && (another || serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok())
}
