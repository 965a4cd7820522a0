//! The first rows of a file as columns of text: what a person looks at before saying what the columns are.

use super::container::each_document;
use super::error::AcquireError;
use super::guess;
use super::limits::Limits;
use super::open::{Document, file_name};
use super::rows::{Row, Rows, cell};
use super::table::with_rows;
use super::text::Markup;
use super::{Input, json};
use crate::types::{SnapshotId, SourceId};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::Serialize;
use serde_json::Value;
use std::io::{BufReader, Read};
use std::path::Path;

/// How much of a JSON document is read for a sample; more than one record may be long.
const JSON_BYTES: u64 = 8 << 20;
/// Characters of a value that are kept.
const VALUE_CHARS: usize = 2_000;
/// Objects inside objects that become dotted columns.
const JSON_LEVELS: usize = 3;
/// Columns of a sample; a file with more is no table anybody maps by hand.
const MOST_COLUMNS: usize = 1_000;

/// How the records of a file are written, as far as guessing its columns needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Delimited text under a header.
    Delimited,
    /// A worksheet under a header.
    Workbook,
    /// JSON or JSON lines.
    Json,
    /// schema.org JobPosting: its vocabulary is known and needs no mapping.
    JobPosting,
    /// Parquet.
    Parquet,
}

/// A column with the values of the sampled rows, blank ones included.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SampledColumn {
    /// Its name; a dotted path in JSON.
    pub name: String,
    /// One value a row, cut to 2,000 characters.
    pub values: Vec<String>,
}

/// The first rows of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// How records are written.
    pub shape: Shape,
    /// The encoding found so far; `binary` where there is none.
    pub encoding: &'static str,
    /// What parts the cells of delimited text.
    pub delimiter: Option<char>,
    /// The columns, in the order of the file.
    pub columns: Vec<SampledColumn>,
    /// Rows sampled.
    pub row_count: usize,
}

/// Reads at most `most` rows of a file's first document that has rows.
///
/// # Errors
/// When it cannot be read, or holds no table and no JSON.
pub fn sample(path: &Path, limits: &Limits, most: usize) -> Result<Sample, AcquireError> {
    let name = file_name(path);
    let by_names = sample_where(path, &name, limits, most, &|names| guess::known_names(names) >= 2);
    // A workbook without any name we know: its first row with two cells is the header, as far as anyone can tell.
    by_names.or_else(|error| {
        let wide = |names: &[String]| names.iter().filter(|n| !n.trim().is_empty()).count() >= 2;
        sample_where(path, &name, limits, most, &wide).map_err(|_| error)
    })
}

fn sample_where(
    path: &Path,
    name: &str,
    limits: &Limits,
    most: usize,
    is_header: &dyn Fn(&[String]) -> bool,
) -> Result<Sample, AcquireError> {
    let mut found: Option<Sample> = None;
    each_document(path, name, limits, &mut |document| {
        if found.as_ref().is_none_or(|s| s.row_count == 0) {
            found = Some(of_document(document, limits, most, is_header)?);
        }
        Ok(())
    })?;
    found.ok_or_else(|| AcquireError::content(name, "holds no document", "look at where it was obtained"))
}

fn of_document(
    document: Document<'_>,
    limits: &Limits,
    most: usize,
    is_header: &dyn Fn(&[String]) -> bool,
) -> Result<Sample, AcquireError> {
    if document.head().starts_with(b"PAR1") {
        return of_parquet(document, most);
    }
    if document.is_workbook() {
        return of_table(document, limits, most, Shape::Workbook, is_header);
    }
    let head = document.head_text()?;
    match head.trim_start().chars().next() {
        Some('{' | '[') => of_json(document, limits, most, &head),
        _ => {
            let mut sample = of_table(document, limits, most, Shape::Delimited, is_header)?;
            sample.delimiter = sample.columns.first().and_then(|c| delimiter_after(&head, &c.name));
            Ok(sample)
        }
    }
}

/// What stands behind the first name of the header.
fn delimiter_after(head: &str, first_name: &str) -> Option<char> {
    let behind = head.trim_start().trim_start_matches('"').strip_prefix(first_name)?;
    behind.trim_start_matches([' ', '"']).chars().next().filter(|c| matches!(c, ',' | ';' | '\t' | '|'))
}

fn of_table(
    document: Document<'_>,
    limits: &Limits,
    most: usize,
    shape: Shape,
    is_header: &dyn Fn(&[String]) -> bool,
) -> Result<Sample, AcquireError> {
    let mut sample = empty(shape);
    let encoding = with_rows(document, limits, is_header, &mut |rows| take_rows(rows, most, &mut sample))?;
    sample.encoding = encoding;
    Ok(sample)
}

fn take_rows(rows: &mut dyn Rows, most: usize, sample: &mut Sample) -> Result<(), AcquireError> {
    let header = rows.header().iter().take(MOST_COLUMNS);
    sample.columns = header.map(|name| SampledColumn { name: name.clone(), values: Vec::new() }).collect();
    while sample.row_count < most {
        let Some((_, row)) = rows.next()? else { break };
        let Row::Cells(cells) = row else { continue };
        sample.row_count += 1;
        for (at, column) in sample.columns.iter_mut().enumerate() {
            column.values.push(cut(cell(cells, at).unwrap_or_default()));
        }
    }
    Ok(())
}

fn of_json(document: Document<'_>, limits: &Limits, most: usize, head: &str) -> Result<Sample, AcquireError> {
    let shape = if is_job_posting(head) { Shape::JobPosting } else { Shape::Json };
    let mut sample = empty(shape);
    let input = unnamed(&document.name, limits)?;
    let opened = document.text(Markup::Refused)?;
    sample.encoding = opened.encoding();
    let mut body = BufReader::new(opened.take(JSON_BYTES));
    let read = json::for_each(&input, &mut body, &mut |item| {
        if let (true, Ok(Value::Object(record))) = (sample.row_count < most, item) {
            sample.add(&record);
        }
    });
    // Where the sample cuts a file, its last record is no record.
    if sample.row_count == 0 { read.map(|()| sample) } else { Ok(sample) }
}

fn is_job_posting(head: &str) -> bool {
    head.contains("\"@type\"") && head.contains("JobPosting\"")
}

fn of_parquet(document: Document<'_>, most: usize) -> Result<Sample, AcquireError> {
    use arrow::array::{Array, AsArray};
    let name = document.name.clone();
    let fail = |e: &dyn std::fmt::Display| AcquireError::damaged(&name, e);
    let bytes = match document.file_or_bytes()? {
        Ok(mut file) => {
            let mut bytes = Vec::new();
            use std::io::Seek;
            file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(|e| AcquireError::io(&name, e))?;
            bytes
        }
        Err(bytes) => bytes,
    };
    let built = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).map_err(|e| fail(&e))?;
    let mut reader = built.with_batch_size(most.max(1)).build().map_err(|e| fail(&e))?;
    let mut sample = empty(Shape::Parquet);
    let Some(batch) = reader.next().transpose().map_err(|e| fail(&e))? else { return Ok(sample) };
    sample.row_count = batch.num_rows();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()).take(MOST_COLUMNS) {
        let Ok(text) = arrow::compute::cast(column, &arrow::datatypes::DataType::Utf8) else { continue };
        let text = text.as_string::<i32>();
        let value = |row: usize| if text.is_valid(row) { cut(text.value(row)) } else { String::new() };
        let values = (0..text.len()).map(value).collect();
        sample.columns.push(SampledColumn { name: field.name().clone(), values });
    }
    Ok(sample)
}

fn empty(shape: Shape) -> Sample {
    Sample { shape, encoding: "binary", delimiter: None, columns: Vec::new(), row_count: 0 }
}

fn unnamed(file: &str, limits: &Limits) -> Result<Input, AcquireError> {
    let source = SourceId::new("sample").map_err(|e| AcquireError::damaged(file, &e))?;
    let snapshot = SnapshotId(String::new());
    Ok(Input { source, snapshot, file: file.to_owned(), limits: limits.clone(), before: 0 })
}

fn cut(value: &str) -> String {
    value.chars().take(VALUE_CHARS).collect()
}

impl Sample {
    fn add(&mut self, record: &serde_json::Map<String, Value>) {
        self.add_object("", record, 0);
        self.row_count += 1;
        for column in &mut self.columns {
            column.values.resize(self.row_count, String::new());
        }
    }

    fn add_object(&mut self, prefix: &str, object: &serde_json::Map<String, Value>, level: usize) {
        for (key, value) in object {
            let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match value {
                Value::Object(inner) if level + 1 < JSON_LEVELS => self.add_object(&name, inner, level + 1),
                other => {
                    if let Some(text) = text_of(other) {
                        self.set(name, &text);
                    }
                }
            }
        }
    }

    fn set(&mut self, name: String, text: &str) {
        let known = self.columns.iter().position(|c| c.name == name);
        if known.is_none() && self.columns.len() < MOST_COLUMNS {
            self.columns.push(SampledColumn { name, values: vec![String::new(); self.row_count] });
        } else if known.is_none() {
            return;
        }
        let at = known.unwrap_or(self.columns.len().saturating_sub(1));
        let Some(column) = self.columns.get_mut(at) else { return };
        column.values.push(cut(text));
    }
}

/// Scalars as text and lists of scalars joined, as the reader of mapped JSON has them.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(list) if list.iter().any(Value::is_object) => None,
        Value::Array(list) => Some(list.iter().filter_map(text_of).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => None,
    }
}

/// What a path holds, when it is a taxonomy package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxonomyPackage {
    /// Our own layout.
    Starter,
    /// ESCO as published; the languages of its label files.
    Esco(Vec<String>),
}

/// Recognises a taxonomy package, a folder or a zip, by the names of its files.
pub fn taxonomy_package(path: &Path, limits: &Limits) -> Option<TaxonomyPackage> {
    let package = super::package::Package::open(&[path], limits).ok()?;
    let files = package.files();
    let has = |name: &str| files.iter().any(|f| f == name);
    if has("skill_labels.csv") && has("skills.csv") {
        return Some(TaxonomyPackage::Starter);
    }
    let of_esco = |f: &&String| {
        let lower = f.to_lowercase();
        let stems =
            ["skills_", "occupations_", "skillskillrelations", "occupationskillrelations", "digitalskillscollection"];
        stems.iter().any(|stem| lower.starts_with(stem))
    };
    let named: Vec<&String> = files.iter().filter(of_esco).collect();
    if named.is_empty() {
        return None;
    }
    let stem = |f: &&String| f.strip_suffix(".csv").and_then(|s| s.rsplit_once('_')).map(|(_, lang)| lang.to_owned());
    let mut languages: Vec<String> = named.iter().filter_map(stem).filter(|l| l.len() == 2).collect();
    languages.sort();
    languages.dedup();
    Some(TaxonomyPackage::Esco(languages))
}
