//! Formats that job postings come in.

pub mod jobposting;
pub mod page;
mod page_labels;
mod page_text;
pub mod postings_json;
pub mod postings_parquet;
pub mod postings_table;

use crate::acquire::text::DAMAGE;
use crate::acquire::{Input, Record};
use crate::types::{RawPosting, RejectReason};
use sha2::{Digest, Sha256};

/// A key for what has none, by what it says: the same wherever it stands next time.
pub(in crate::acquire) fn key_of_text(parts: &[String]) -> String {
    let digest = Sha256::digest(parts.join("\0"));
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("text-{hex}")
}

/// A posting out of its fields, or why it is none. `get` gives a field's value, absent when blank.
pub(in crate::acquire) fn assemble(
    input: &Input,
    record: u64,
    get: &mut dyn FnMut(&str) -> Option<String>,
) -> Record<RawPosting> {
    let empty = |field| input.reject(record, RejectReason::MissingField, format!("`{field}` is empty"));
    let Some(title) = get("title") else { return empty("title") };
    let Some(body) = get("body") else { return empty("body") };
    let fields = ["employer", "place", "occupation", "sector", "posted_on", "closes_on", "salary", "language"];
    let [employer, place, occupation, sector, posted_on, closes_on, salary, language] = fields.map(&mut *get);
    let (board, id, url) = (get("board"), get("id"), get("url"));
    let posting = RawPosting {
        origin: input.origin(record),
        board: board.unwrap_or_else(|| input.source.to_string()),
        source_key: id.or_else(|| url.clone()).unwrap_or_else(|| record.to_string()),
        url,
        title,
        body,
        employer,
        place,
        occupation,
        sector,
        posted_on,
        closes_on,
        salary,
        language,
    };
    check(input, record, posting)
}

/// Rejects a posting with a text that is damaged or too long.
fn check(input: &Input, record: u64, posting: RawPosting) -> Record<RawPosting> {
    let required = [("title", Some(&posting.title)), ("body", Some(&posting.body))];
    let optional = [
        ("employer", &posting.employer),
        ("place", &posting.place),
        ("occupation", &posting.occupation),
        ("sector", &posting.sector),
        ("salary", &posting.salary),
        ("url", &posting.url),
    ];
    for (name, text) in required.into_iter().chain(optional.map(|(name, text)| (name, text.as_ref()))) {
        let text = text.map_or("", String::as_str);
        if text.len() as u64 > input.limits.field_bytes {
            let detail = format!("`{name}` is over {} bytes (`limits.field_bytes`)", input.limits.field_bytes);
            return input.reject(record, RejectReason::OverLimit, detail);
        }
        if text.contains(DAMAGE) {
            let detail = format!("`{name}` holds bytes that are not UTF-8, in a file that otherwise is");
            return input.reject(record, RejectReason::BadEncoding, detail);
        }
    }
    Record::Kept(posting)
}
