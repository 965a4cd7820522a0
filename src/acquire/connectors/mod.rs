//! One file per format. Each reads records from a reader and gives them to a sink.

pub mod barcelona;
pub(in crate::acquire) mod cedefop;
pub(in crate::acquire) mod cedefop_forecast;
pub(super) mod credentials_json;
pub mod credentials_table;
pub(super) mod elm;
pub mod esco;
pub(super) mod europass_xml;
pub mod eurostat_csv;
pub mod eurostat_tsv;
pub mod idescat_csv;
pub mod ilostat;
pub mod ine_csv;
pub mod ine_json;
pub mod jobposting;
pub mod json_stat;
pub(in crate::acquire) mod kiese;
pub(in crate::acquire) mod labour_ministry;
mod learning_model;
pub(super) mod loq;
pub(super) mod module_guide;
pub(super) mod ooapi;
pub(super) mod open_badges;
pub mod page;
mod page_text;
pub mod pc_axis;
pub(in crate::acquire) mod pcbs;
pub(in crate::acquire) mod pcbs_labels;
pub mod postings_json;
pub mod postings_parquet;
pub mod postings_table;
pub(super) mod schema_course;
pub mod sdmx_csv;
pub mod sdmx_ml;
pub(in crate::acquire) mod sepe_municipal;
pub(in crate::acquire) mod sepe_occupation;
pub mod starter;
pub(in crate::acquire) mod statistics_table;
pub mod worldbank;
pub mod worldbank_json;
pub mod worldbank_long;

use super::text::DAMAGE;
use super::{AcquireError, Input, Record};
use crate::types::{RawPosting, RejectReason};

/// A posting out of its fields, or why it is none. `get` gives a field's value, absent when blank.
pub(super) fn assemble(input: &Input, record: u64, get: &mut dyn FnMut(&str) -> Option<String>) -> Record<RawPosting> {
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

/// What a table of figures does not say itself and the plan must.
fn need<'a>(input: &Input, said: Option<&'a str>, key: &str) -> Result<&'a str, AcquireError> {
    let problem = format!("does not say its {key}");
    said.ok_or_else(|| AcquireError::content(&input.file, problem, "name `indicator` and `unit` in the plan"))
}

/// `% of labour force` of `Unemployment (% of labour force)`.
fn last_bracket(label: &str) -> &str {
    label.strip_suffix(')').and_then(|label| label.rsplit_once('(')).map_or("", |(_, bracket)| bracket)
}
