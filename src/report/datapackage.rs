//! `datapackage.json`: the data dictionary of the published tables (Frictionless Data Package v2).

use super::columns::Columns;
use super::elm;
use super::index::ascii_slug;
use super::messages::Messages;
use super::phrase::{Phrase, Piece, plain};
use super::tables::{Layout, layouts};
use super::view::REPORTS;
use super::{Kept, ReportError};
use crate::types::Findings;
use arrow::datatypes::{DataType, FieldRef};
use serde_json::{Map, Value, json};

/// The descriptor of the package in the plan's language; `files` are those already kept, listed with their hashes.
///
/// # Errors
/// When a catalogue compiled in does not parse.
pub fn bytes(findings: &Findings, files: &[Kept]) -> Result<Vec<u8>, ReportError> {
    let messages = Messages::of(findings.meta.language)?;
    let described = Columns::of(messages.language)?;
    let mut resources = Vec::new();
    for Layout { name: table, columns } in layouts() {
        let schema = schema(table, &columns, described);
        let file = files.iter().find(|file| file.name.strip_suffix(".csv") == Some(table));
        let title = messages.text(&format!("files.{table}"));
        resources.push(csv_resource(table, &title, &schema, file));
        resources.push(parquet_resource(table, &title, &schema));
    }
    resources.extend(files.iter().filter_map(|file| reader_resource(&messages, file)));
    resources.extend(files.iter().filter_map(|file| credential_resource(&messages, file)));
    let meta = &findings.meta;
    let sources: Vec<Value> =
        meta.snapshots.iter().map(|(source, hash)| json!({"title": source, "version": hash})).collect();
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": package_name(&meta.plan),
        "title": meta.title,
        "description": description(&messages, findings),
        "version": meta.as_of,
        "licenses": [{
            "name": "CC-BY-4.0",
            "title": messages.text("package.licence"),
            "path": "https://creativecommons.org/licenses/by/4.0/"
        }],
        "sources": sources,
        "attributions": meta.attributions,
        "synthetic": meta.synthetic,
        "resources": resources,
    });
    let mut out = serde_json::to_vec_pretty(&package)
        .map_err(|e| ReportError::Row { table: "datapackage", detail: e.to_string() })?;
    out.push(b'\n');
    Ok(out)
}

fn description(m: &Messages, findings: &Findings) -> String {
    let meta = &findings.meta;
    let period = match (&meta.period_first, &meta.period_last) {
        (Some(first), Some(last)) => m.phrase("page.period", &[("first", m.period(first)), ("last", m.period(last))]),
        _ => m.own("page.undated"),
    };
    let values = [
        ("synthetic", if meta.synthetic { m.own("package.synthetic") } else { Phrase::new() }),
        ("postings", m.counted("count.postings", meta.posting_count)),
        ("period", period),
        ("as_of", vec![Piece::own(&meta.as_of)]),
        ("taxonomy", vec![Piece::own(&meta.taxonomy_version)]),
        ("version", vec![Piece::own(&meta.version)]),
    ];
    plain(&m.phrase("package.description", &values))
}

/// A report as page, PDF or workbook, in one of its languages; and the sheet of what is to be decided.
fn reader_resource(m: &Messages, file: &Kept) -> Option<Value> {
    let name = file.name.as_str();
    if name == "review.csv" {
        let title = m.text("agreed.sheet");
        return Some(json!({
            "name": "review", "title": title, "path": name, "format": "csv", "mediatype": "text/csv", "bytes": file.size_bytes, "hash": hash(file),
        }));
    }
    let (path, extension) = name.rsplit_once('.')?;
    let (kind, mediatype) = match extension {
        "html" => ("report", "text/html"),
        "pdf" => ("pdf", "application/pdf"),
        "xlsx" => ("workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        _ => return None,
    };
    let (stem, language) = path.split_once('.').unwrap_or((path, ""));
    let known = REPORTS.iter().find(|report| report.stem == stem).map(|report| report.kicker);
    let key = match (extension, known) {
        ("xlsx", _) => "files.workbook",
        (_, Some(key)) => key,
        _ => "documents.brief_kicker",
    };
    let words: Vec<String> = [stem, kind, language].iter().map(|w| ascii_slug(w)).filter(|w| !w.is_empty()).collect();
    Some(json!({
        "name": words.join("-"),
        "title": m.text(key),
        "path": name,
        "format": extension,
        "mediatype": mediatype,
        "bytes": file.size_bytes,
        "hash": hash(file),
    }))
}

/// A file of proposed and revised micro-credentials.
fn credential_resource(m: &Messages, file: &Kept) -> Option<Value> {
    let name = file.name.as_str();
    let (_, key) = elm::FILES.into_iter().find(|(known, _)| *known == name)?;
    let (stem, extension) = name.rsplit_once('.')?;
    let mediatype = if extension == "csv" { "text/csv" } else { "application/ld+json" };
    Some(json!({
        "name": stem.replace('_', "-"),
        "title": m.text(key),
        "path": name,
        "format": extension,
        "mediatype": mediatype,
        "encoding": "utf-8",
        "bytes": file.size_bytes,
        "hash": hash(file),
    }))
}

fn hash(file: &Kept) -> String {
    format!("sha256:{}", file.sha256)
}

/// A package name may hold lower-case letters, digits, `-`, `_` and `.`.
fn package_name(plan: &str) -> String {
    let slug = ascii_slug(plan);
    if slug.is_empty() { "skillgap".to_owned() } else { format!("skillgap-{slug}") }
}

fn csv_resource(table: &str, title: &str, schema: &Value, file: Option<&Kept>) -> Value {
    let mut resource = json!({
        "name": table,
        "type": "table",
        "title": title,
        "path": format!("{table}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": true},
    });
    if let (Some(file), Some(fields)) = (file, resource.as_object_mut()) {
        fields.insert("bytes".to_owned(), json!(file.size_bytes));
        fields.insert("hash".to_owned(), json!(hash(file)));
        fields.insert("schema".to_owned(), schema.clone());
    }
    resource
}

fn parquet_resource(table: &str, title: &str, schema: &Value) -> Value {
    json!({
        "name": format!("{table}-parquet"),
        "type": "table",
        "title": title,
        "path": format!("{table}.parquet"),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    })
}

fn schema(table: &str, columns: &[FieldRef], described: &Columns) -> Value {
    let fields: Vec<Value> = columns.iter().map(|c| field(table, c, described)).collect();
    json!({"fields": fields, "missingValues": [""]})
}

fn field(table: &str, column: &FieldRef, described: &Columns) -> Value {
    let name = column.name();
    let kind = match column.data_type() {
        DataType::Boolean => "boolean",
        DataType::UInt32 | DataType::UInt64 => "integer",
        DataType::Float32 | DataType::Float64 => "number",
        _ if name == "posted_on" => "date",
        _ => "string",
    };
    let mut field = Map::new();
    field.insert("name".to_owned(), json!(name));
    field.insert("type".to_owned(), json!(kind));
    if let Some(column) = described.get(table, name) {
        field.insert("title".to_owned(), json!(column.label));
        field.insert("description".to_owned(), json!(column.description));
        if let Some(unit) = &column.unit {
            field.insert("unit".to_owned(), json!(unit));
        }
    }
    field.insert("constraints".to_owned(), json!({"required": !column.is_nullable()}));
    Value::Object(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use sha2::{Digest, Sha256};

    fn package() -> Value {
        let findings = fixture::realistic();
        let files: Vec<Kept> = crate::report::tables::csv_files(&findings).unwrap().iter().map(Kept::of).collect();
        serde_json::from_slice(&bytes(&findings, &files).unwrap()).unwrap()
    }

    #[test]
    fn every_column_of_every_table_is_described_in_the_language_of_the_plan() {
        let package = package();
        let mut seen = 0;
        for resource in package["resources"].as_array().unwrap() {
            for field in resource["schema"]["fields"].as_array().into_iter().flatten() {
                assert!(field["description"].is_string() && field["title"].is_string(), "{field}");
                seen += 1;
            }
        }
        assert!(seen > 100, "{seen}");
        let mut findings = fixture::realistic();
        findings.meta.language = crate::types::Lang::Ca;
        let catalan: Value = serde_json::from_slice(&bytes(&findings, &[]).unwrap()).unwrap();
        assert_eq!(catalan["resources"][1]["schema"]["fields"][2]["title"], "Competència");
        assert!(catalan["description"].as_str().unwrap().contains("7.412 ofertes (T3 2024 – T2 2026)"), "{catalan}");
    }

    #[test]
    fn pages_and_workbooks_of_every_edition_are_listed_with_their_hashes() {
        let findings = fixture::realistic();
        let files = fixture::rendered(&findings);
        let package: Value =
            files.iter().find(|f| f.0 == "datapackage.json").map(|f| serde_json::from_slice(&f.1).unwrap()).unwrap();
        for name in ["gap.html", "gap.xlsx", "gap.es.html", "gap.ca.xlsx", "gap.ar.html", "gap.ar.xlsx"] {
            let file = files.iter().find(|f| f.0 == name).unwrap();
            let listed = package["resources"].as_array().unwrap().iter().find(|r| r["path"] == name).unwrap();
            let sha256: String = Sha256::digest(&file.1).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(listed["hash"], format!("sha256:{sha256}"), "{name}");
        }
    }

    #[test]
    fn paths_are_relative_and_headers_agree_with_the_schema() {
        let findings = fixture::realistic();
        let files = crate::report::tables::csv_files(&findings).unwrap();
        for resource in package()["resources"].as_array().unwrap() {
            let path = resource["path"].as_str().unwrap();
            assert!(!path.starts_with('/') && !path.contains(".."), "{path}");
            let Some((_, bytes)) = files.iter().find(|(name, _)| name == path) else { continue };
            let header = csv::Reader::from_reader(bytes.as_slice()).headers().unwrap().clone();
            if !path.ends_with(".csv") {
                continue;
            }
            let names = resource["schema"]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap());
            assert!(header.iter().eq(names), "{path}");
            assert_eq!(resource["bytes"], bytes.len());
        }
    }
}
