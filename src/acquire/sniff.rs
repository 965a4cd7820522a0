//! Which format a file of postings has, by its content; names lie.

use super::connectors::{jobposting, postings_csv, postings_json, postings_parquet};
use super::error::AcquireError;
use super::open::{file_name, open_as};
use super::{Columns, Input, Limits, Sink};
use crate::types::RawPosting;
use std::fs::File;
use std::io::{BufRead, Read};
use std::path::Path;

/// A format that postings come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        }
    }
}

/// Recognises the format of a file of postings.
///
/// # Errors
/// When it cannot be read or is none of the formats.
pub fn sniff(path: &Path, limits: &Limits) -> Result<PostingFormat, AcquireError> {
    recognise(path, &file_name(path), limits)
}

fn recognise(path: &Path, file: &str, limits: &Limits) -> Result<PostingFormat, AcquireError> {
    let mut magic = [0; 4];
    let count = File::open(path).and_then(|mut f| f.read(&mut magic)).map_err(|e| AcquireError::io(file, e))?;
    if count == 4 && magic == *b"PAR1" {
        return Ok(PostingFormat::Parquet);
    }
    let mut opened = open_as(path, file, limits)?;
    let head = opened.fill_buf().map_err(|e| AcquireError::io(file, e))?.trim_ascii_start();
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
    let format = recognise(path, &input.file, &input.limits)?;
    if format == PostingFormat::Parquet {
        let file = File::open(path).map_err(|e| AcquireError::io(&input.file, e))?;
        postings_parquet::read(input, file, columns, sink)?;
        return Ok((format, "binary"));
    }
    let mut body = open_as(path, &input.file, &input.limits)?;
    match format {
        PostingFormat::JobPosting => jobposting::read(input, &mut body, columns, sink)?,
        PostingFormat::Json | PostingFormat::JsonLines => postings_json::read(input, &mut body, columns, sink)?,
        PostingFormat::Csv | PostingFormat::Parquet => postings_csv::read(input, &mut body, columns, sink)?,
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
