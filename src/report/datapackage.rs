//! `datapackage.json`: the data dictionary of the published tables (Frictionless Data Package v2).

use super::ReportError;
use super::index::ascii_slug;
use super::tables::layouts;
use crate::types::Findings;
use arrow::datatypes::{DataType, FieldRef};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const FILE: &str = "columns_en.toml";
const COLUMNS: &str = include_str!("../../data/reference/columns_en.toml");
const TITLES: [(&str, &str); 6] = [
    ("demand", "Demand for each skill by area, period and occupation group"),
    ("gaps", "Demand beside what is taught, per programme and for the portfolio"),
    ("coverage", "How much of each skill each programme teaches, and by which outcome"),
    ("trends", "Growth of each skill between the earlier and the later half of the window"),
    ("outcomes", "Learning outcomes and the skills they are linked to"),
    ("evidence", "Sentences of postings that show the skills"),
];

#[derive(Debug, Deserialize)]
struct Column {
    description: String,
    unit: Option<String>,
}

/// The descriptor of the package; `files` are the CSV files already rendered, listed with their hashes.
///
/// # Errors
/// When the column descriptions compiled in do not parse.
pub fn bytes(findings: &Findings, files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ReportError> {
    let described: BTreeMap<String, Column> =
        toml::from_str(COLUMNS).map_err(|e| ReportError::Catalogue { file: FILE, detail: e.to_string() })?;
    let mut resources = Vec::new();
    for (table, columns) in layouts() {
        let schema = schema(table, &columns, &described);
        let file = files.iter().find(|(name, _)| name.strip_suffix(".csv") == Some(table));
        resources.push(csv_resource(table, &schema, file.map(|(_, bytes)| bytes.as_slice())));
        resources.push(parquet_resource(table, &schema));
    }
    let meta = &findings.meta;
    let sources: Vec<Value> =
        meta.snapshots.iter().map(|(source, hash)| json!({"title": source, "version": hash})).collect();
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": package_name(&meta.plan),
        "title": meta.title,
        "description": description(findings),
        "version": meta.as_of,
        "licenses": [{
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0 International, unless a source says otherwise",
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

fn description(findings: &Findings) -> String {
    let meta = &findings.meta;
    let period = match (&meta.period_first, &meta.period_last) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "undated".to_owned(),
    };
    let warning = if meta.synthetic { "SYNTHETIC postings: the figures describe no labour market. " } else { "" };
    format!(
        "{warning}{} postings ({period}), as of {}; {}; skillgap {}. Tables as CSV and Parquet with the same columns.",
        meta.posting_count, meta.as_of, meta.taxonomy_version, meta.version
    )
}

/// A package name may hold lower-case letters, digits, `-`, `_` and `.`.
fn package_name(plan: &str) -> String {
    let slug = ascii_slug(plan);
    if slug.is_empty() { "skillgap".to_owned() } else { format!("skillgap-{slug}") }
}

fn title(table: &str) -> &'static str {
    TITLES.iter().find(|(name, _)| *name == table).map_or("", |(_, title)| title)
}

fn csv_resource(table: &str, schema: &Value, bytes: Option<&[u8]>) -> Value {
    let mut resource = json!({
        "name": table,
        "type": "table",
        "title": title(table),
        "path": format!("{table}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": true},
    });
    if let (Some(bytes), Some(fields)) = (bytes, resource.as_object_mut()) {
        let hash: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        fields.insert("bytes".to_owned(), json!(bytes.len()));
        fields.insert("hash".to_owned(), json!(format!("sha256:{hash}")));
        fields.insert("schema".to_owned(), schema.clone());
    }
    resource
}

fn parquet_resource(table: &str, schema: &Value) -> Value {
    json!({
        "name": format!("{table}-parquet"),
        "type": "table",
        "title": title(table),
        "path": format!("{table}.parquet"),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    })
}

fn schema(table: &str, columns: &[FieldRef], described: &BTreeMap<String, Column>) -> Value {
    let fields: Vec<Value> = columns.iter().map(|c| field(table, c, described)).collect();
    json!({"fields": fields, "missingValues": [""]})
}

fn field(table: &str, column: &FieldRef, described: &BTreeMap<String, Column>) -> Value {
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
    if let Some(column) = described.get(&format!("{table}.{name}")).or_else(|| described.get(name)) {
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

    fn package() -> Value {
        let findings = fixture::realistic();
        let files = crate::report::tables::csv_files(&findings).unwrap();
        serde_json::from_slice(&bytes(&findings, &files).unwrap()).unwrap()
    }

    #[test]
    fn every_column_of_every_table_is_described_and_every_description_used() {
        let mut used = std::collections::BTreeSet::new();
        for resource in package()["resources"].as_array().unwrap() {
            let table = resource["name"].as_str().unwrap().trim_end_matches("-parquet").to_owned();
            for field in resource["schema"]["fields"].as_array().unwrap() {
                let name = field["name"].as_str().unwrap();
                assert!(field["description"].is_string(), "{table}.{name}");
                used.insert(name.to_owned());
                used.insert(format!("{table}.{name}"));
            }
        }
        let described: BTreeMap<String, Column> = toml::from_str(COLUMNS).unwrap();
        assert_eq!(described.keys().filter(|k| !used.contains(*k)).collect::<Vec<_>>(), Vec::<&String>::new());
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
            let names = resource["schema"]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap());
            assert!(header.iter().eq(names), "{path}");
            assert_eq!(resource["bytes"], bytes.len());
        }
    }
}
