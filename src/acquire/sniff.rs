//! Which format a document of postings has.

use super::error::AcquireError;
use super::open::Document;

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
    /// A saved page, with JSON-LD or without.
    Page,
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
            PostingFormat::Page => "text/html",
        }
    }
}

/// By the first bytes.
pub(super) fn recognise(document: &Document<'_>) -> Result<PostingFormat, AcquireError> {
    let head = document.head();
    if head.starts_with(b"PAR1") {
        return Ok(PostingFormat::Parquet);
    }
    if document.is_workbook() {
        return Ok(PostingFormat::Workbook);
    }
    let text = document.head_text()?;
    if is_page(document) {
        return Ok(PostingFormat::Page);
    }
    let head = text.trim_start().as_bytes();
    if head.starts_with(b"MIME-Version:") || head.starts_with(b"From: <Saved by") {
        let problem = "is a page saved as a web archive (.mhtml)";
        return Err(AcquireError::content(&document.name, problem, "save it as a web page, HTML only"));
    }
    Ok(match head.first() {
        Some(b'{' | b'[') if names_job_posting(head) => PostingFormat::JobPosting,
        Some(b'[') => PostingFormat::Json,
        Some(b'{') if first_line_is_whole(head) => PostingFormat::JsonLines,
        Some(b'{') => PostingFormat::Json,
        _ => PostingFormat::Csv,
    })
}

/// Whether a document is a saved page. Markup under the name of a table is a login or error page, and no page here.
pub(super) fn is_page(document: &Document<'_>) -> bool {
    let name = document.name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let extension = name.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or("", |(_, e)| e);
    let data = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "jsonld", "parquet", "xlsx", "xls", "xml", "tab"];
    if data.contains(&extension) {
        return false;
    }
    let Ok(head) = document.head_text() else { return false };
    let head: String = head.trim_start().chars().take(2048).collect::<String>().to_lowercase();
    if !head.starts_with('<') {
        return matches!(extension, "html" | "htm" | "xhtml") && head.contains('<');
    }
    matches!(extension, "html" | "htm" | "xhtml")
        || ["<html", "<!doctype html", "<head", "<body"].iter().any(|tag| head.contains(tag))
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
