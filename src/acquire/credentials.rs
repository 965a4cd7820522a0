//! Files of micro-credentials: which format a document has, by its content, and the records it gives.

use super::connectors::credentials::credentials_json::Keys;
use super::connectors::credentials::{
    credentials_table, elm, europass_xml, loq, module_guide, ooapi, open_badges, schema_course,
};
use super::container::each_document;
use super::draft::Draft;
use super::error::AcquireError;
use super::mapping::CREDENTIAL;
use super::multilingual::Voice;
use super::open::Document;
use super::table::with_rows;
use super::text::Markup;
use super::{Columns, Input, Record, Sink, json, signed, xml_value};
use crate::types::{Lang, Origin, RawCredential, RejectReason};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// A format that micro-credentials come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CredentialFormat {
    /// Delimited text under a header.
    Csv,
    /// A worksheet under a header.
    Workbook,
    /// Objects with keys of any names.
    Json,
    /// European Learning Model 3 as JSON-LD, signed or not.
    Elm,
    /// Learning opportunities and qualifications as XML.
    Loq,
    /// The first European Digital Credentials, in XML.
    EuropassXml,
    /// Open Education API v5.
    Ooapi,
    /// Open Badges 2 or 3, signed or not.
    OpenBadge,
    /// schema.org Course, as JSON-LD or inside a page.
    SchemaCourse,
    /// A module guide in Markdown.
    ModuleGuide,
}

/// What a plan says about a source of micro-credentials.
#[derive(Debug, Clone, Copy)]
pub struct CredentialAsk<'a> {
    /// Columns or keys by our names, and constants.
    pub columns: &'a Columns,
    /// Language to read where a file has several.
    pub language: Option<Lang>,
}

/// Where micro-credentials go.
type Credentials<'s> = Sink<'s, (Origin, RawCredential)>;

/// Reads a file of micro-credentials of any format; says which it was.
///
/// # Errors
/// When the file as a whole cannot be believed; what the sink was given before that is not to be used.
pub fn read_credentials(
    path: &Path,
    input: &Input,
    ask: CredentialAsk<'_>,
    sink: Credentials<'_>,
) -> Result<CredentialFormat, AcquireError> {
    let mut format = CredentialFormat::Csv;
    let mut read = 0;
    each_document(path, &input.file, &input.limits, &mut |document| {
        let within = input.within(&document.name, read);
        let mut counted = |record: Record<_>| {
            read += 1;
            sink(record);
        };
        format = read_document(&within, document, ask, &mut counted)?;
        Ok(())
    })?;
    Ok(format)
}

/// Keys of records about people, which are no catalogue.
const PERSONAL: [&str; 5] = ["fullName", "familyName", "givenName", "dateOfBirth", "nationalId"];

/// How the text of a document begins.
enum Looks {
    Table,
    Json,
    Markup,
    Token,
    Markdown,
    Turtle,
}

fn looks(document: &Document<'_>) -> Looks {
    // A document that is no text is refused in words by whoever reads it as a table.
    let text = document.head_text().unwrap_or_else(|_| String::from_utf8_lossy(document.head()).into_owned());
    let head = text.trim_start();
    let name = document.name.to_ascii_lowercase();
    match head.chars().next() {
        Some('{' | '[') => Looks::Json,
        Some('<') => Looks::Markup,
        _ if signed::is_compact(head) => Looks::Token,
        _ if head.lines().any(|line| line.starts_with("@prefix ")) => Looks::Turtle,
        _ if name.ends_with(".md") || name.ends_with(".markdown") || module_guide::is_markdown(head) => Looks::Markdown,
        _ => Looks::Table,
    }
}

fn read_document(
    input: &Input,
    document: Document<'_>,
    ask: CredentialAsk<'_>,
    sink: Credentials<'_>,
) -> Result<CredentialFormat, AcquireError> {
    if document.is_workbook() {
        return table(input, document, ask.columns, sink).map(|()| CredentialFormat::Workbook);
    }
    let looks = looks(&document);
    if matches!(looks, Looks::Table) {
        return table(input, document, ask.columns, sink).map(|()| CredentialFormat::Csv);
    }
    let mut keys = Keys::new(ask.columns)?;
    if keys.maps() && !matches!(looks, Looks::Json) {
        let problem = "is no table and has no columns to map";
        let advice = "take the columns out of [source.columns]; constants may stay";
        return Err(AcquireError::content(&input.file, problem, advice));
    }
    let (text, _) = document.whole_text(Markup::Expected)?;
    let mut reading =
        Reading { input, voice: Voice::new(ask.language), keys: &mut keys, number: 0, format: None, sink };
    match looks {
        Looks::Json => reading.json(&text)?,
        Looks::Markup => reading.markup(&text)?,
        Looks::Token => {
            let fault = |problem| AcquireError::content(&input.file, problem, "obtain it again");
            reading.item(Ok(signed::compact_payload(&text).map_err(fault)?));
        }
        Looks::Markdown => reading.take(CredentialFormat::ModuleGuide, module_guide::read(&text)),
        Looks::Turtle | Looks::Table => {
            let problem = "is RDF in Turtle, which is not read";
            return Err(AcquireError::content(&input.file, problem, "export it as JSON-LD or CSV"));
        }
    }
    let (number, format) = (reading.number, reading.format);
    if number > 0 && format == Some(CredentialFormat::Json) {
        keys.check(&input.file)?;
    }
    Ok(format.unwrap_or(CredentialFormat::Json))
}

fn table(input: &Input, document: Document<'_>, columns: &Columns, sink: Credentials<'_>) -> Result<(), AcquireError> {
    let is_header = |names: &[String]| CREDENTIAL.bind(columns, names, &input.file).is_ok();
    with_rows(document, &input.limits, &is_header, &mut |rows| credentials_table::read(input, rows, columns, sink))?;
    Ok(())
}

/// A document read into records.
struct Reading<'a, 'c> {
    input: &'a Input,
    voice: Voice,
    keys: &'a mut Keys<'c>,
    number: u64,
    format: Option<CredentialFormat>,
    sink: Credentials<'a>,
}

impl Reading<'_, '_> {
    /// An object is looked at as a whole where it is one; else its records are cut apart.
    fn json(&mut self, text: &str) -> Result<(), AcquireError> {
        if text.trim_start().starts_with('{')
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            members(value).into_iter().for_each(|value| self.item(Ok(value)));
            return Ok(());
        }
        json::for_each(self.input, &mut text.as_bytes(), &mut |item| self.item(item))
    }

    fn markup(&mut self, text: &str) -> Result<(), AcquireError> {
        let start = text.trim_start().get(..200.min(text.trim_start().len())).unwrap_or(text).to_lowercase();
        if start.starts_with("<!doctype html")
            || start.contains("<html")
            || !start.starts_with("<?xml") && text.contains("ld+json")
        {
            return self.page(text);
        }
        let (root, document) = xml_value::parse(&self.input.file, text)?;
        if text.contains("loq-constraints") {
            let drafts = loq::read(&document, &self.voice);
            drafts.into_iter().for_each(|draft| self.take(CredentialFormat::Loq, draft));
        } else if text.contains("data.europa.eu/snb") || text.contains("europass") {
            let drafts = europass_xml::read(&root, document, &self.voice);
            drafts.into_iter().for_each(|draft| self.take(CredentialFormat::EuropassXml, draft));
        }
        if self.number == 0 {
            let problem = format!("is XML with the root <{root}>, in which no micro-credential was found");
            let advice = "LOQ and Europass credentials are read; export it as one of those, or as CSV";
            return Err(AcquireError::content(&self.input.file, problem, advice));
        }
        Ok(())
    }

    fn page(&mut self, text: &str) -> Result<(), AcquireError> {
        let (blocks, damaged) = schema_course::blocks(text, &self.input.limits);
        for block in &blocks {
            for course in schema_course::courses(block) {
                self.take(CredentialFormat::SchemaCourse, schema_course::read(&course, &self.voice));
            }
        }
        for _ in 0..damaged {
            self.reject(RejectReason::Malformed, "a JSON-LD block of the page is no JSON".to_owned());
        }
        if self.number == 0 {
            let problem = "is an HTML page without a schema.org Course";
            return Err(AcquireError::content(&self.input.file, problem, "look whether it is a login or error page"));
        }
        Ok(())
    }

    /// One JSON record of whatever format.
    fn item(&mut self, item: json::Item) {
        let value = match item {
            Ok(value) => signed::json_payload(&value).unwrap_or(value),
            Err((reason, detail)) => return self.reject(reason, detail),
        };
        if !value.is_object() {
            let found = if value.is_array() { "a list" } else { "a bare value" };
            return self.reject(RejectReason::Malformed, format!("expected an object, found {found}"));
        }
        if self.keys.maps() {
            let draft = self.keys.read(&value, &self.voice);
            return self.take(CredentialFormat::Json, draft);
        }
        if open_badges::is_badge(&value) {
            return self.all(CredentialFormat::OpenBadge, open_badges::read(&value, &self.voice));
        }
        if elm::is_elm(&value) {
            return self.all(CredentialFormat::Elm, elm::read(&value, &self.voice));
        }
        if ooapi::is_ooapi(&value) {
            return match ooapi::read(&value, &self.voice) {
                Ok(draft) => self.take(CredentialFormat::Ooapi, draft),
                Err(detail) => {
                    self.format = Some(CredentialFormat::Ooapi);
                    self.reject(RejectReason::MissingField, detail);
                }
            };
        }
        let courses = schema_course::courses(&value);
        if courses.is_empty() {
            if let Some(key) = PERSONAL.iter().find(|key| value.get(**key).is_some()) {
                let detail = format!("names a person (`{key}`) and is no credential of a format that is read");
                return self.reject(RejectReason::Malformed, detail);
            }
            let draft = self.keys.read(&value, &self.voice);
            return self.take(CredentialFormat::Json, draft);
        }
        let drafts = courses.iter().map(|course| schema_course::read(course, &self.voice)).collect();
        self.all(CredentialFormat::SchemaCourse, drafts);
    }

    /// The records of one document; none is a rejected one.
    fn all(&mut self, format: CredentialFormat, drafts: Vec<Draft>) {
        if drafts.is_empty() {
            self.format = Some(format);
            return self.reject(RejectReason::MissingField, "holds no achievement or specification".to_owned());
        }
        drafts.into_iter().for_each(|draft| self.take(format, draft));
    }

    fn take(&mut self, format: CredentialFormat, mut draft: Draft) {
        self.number += 1;
        self.format = Some(format);
        self.keys.constants(&mut draft);
        (self.sink)(draft.finish(self.input, self.number));
    }

    fn reject(&mut self, reason: RejectReason, detail: String) {
        self.number += 1;
        (self.sink)(self.input.reject(self.number, reason, detail));
    }
}

/// The records of an object: of a page of results its items, of a map of records each under its key, or itself.
fn members(mut value: Value) -> Vec<Value> {
    for key in
        ["items", "courses", "programs", "offerings", "educationSpecifications", "credentials", "results", "data"]
    {
        let is_list = |list: &Vec<Value>| list.is_empty() || list.iter().any(Value::is_object);
        let wraps = value.get(key).and_then(Value::as_array).is_some_and(is_list);
        let is_record =
            ["title", "name", "type", "@type", "@context", "@graph"].iter().any(|k| value.get(*k).is_some());
        if wraps && !is_record {
            return match value.get_mut(key).map(Value::take) {
                Some(Value::Array(list)) => list,
                _ => Vec::new(),
            };
        }
    }
    match value {
        Value::Object(map)
            if map.len() > 1 && map.values().all(|v| v.get("title").or_else(|| v.get("name")).is_some()) =>
        {
            let with_key = |(key, mut record): (String, Value)| {
                if let Some(members) = record.as_object_mut() {
                    members.entry("credential_id").or_insert(Value::String(key));
                }
                record
            };
            map.into_iter().map(with_key).collect()
        }
        other => vec![other],
    }
}

#[cfg(test)]
mod tests;
