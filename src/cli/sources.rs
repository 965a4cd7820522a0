//! `skillgap sources ls`: what can be read, and what a plan reads.

use super::args::{Common, SourcesLsArguments};
use super::plans::read_plan;
use super::progress::printable;
use super::table::{aligned, thousands};
use super::{Exit, print};
use crate::acquire::{CredentialFormat, PostingFormat, StatisticsLayout};
use crate::pipeline::{self, Plan, name_of};
use crate::store::{DataDir, hash_file};
use clap::ValueEnum;
use serde::Serialize;
use std::path::Path;

/// Publishers, file forms and what was tried, by kind and format.
const FORMATS: &str = include_str!("../../data/reference/formats.csv");

#[derive(Debug, Serialize)]
struct FormatRow {
    kind: &'static str,
    format: String,
    what: String,
    publisher: String,
    files: String,
    tried_on_a_real_file: bool,
}

#[derive(Debug, Serialize)]
struct SourceRow {
    id: String,
    kind: String,
    files: Vec<String>,
    licence: Option<String>,
    retrieved_on: Option<String>,
    /// First twelve hex digits of each file's SHA-256, as it is now.
    sha256: Vec<String>,
    /// Records kept at the last run.
    kept: Option<u64>,
}

/// Lists what can be read, or what a plan reads.
pub fn ls(common: &Common, arguments: &SourcesLsArguments) -> anyhow::Result<Exit> {
    match &arguments.plan {
        None => formats(common)?,
        Some(path) => of_plan(common, path)?,
    }
    Ok(Exit::Done)
}

fn formats(common: &Common) -> anyhow::Result<()> {
    let mut rows = of_kind::<PostingFormat>("postings");
    rows.extend(of_kind::<CredentialFormat>("credentials"));
    rows.extend(of_kind::<StatisticsLayout>("statistics"));
    rows.extend(["starter", "esco"].map(|format| row("taxonomy", format.to_owned(), String::new())));
    if common.json {
        return print(&serde_json::to_string_pretty(&rows)?);
    }
    let mut table = vec![
        ["kind", "format", "what it is", "publisher", "files", "tried on a real file"].map(str::to_owned).to_vec(),
    ];
    for r in rows {
        let tried = if r.tried_on_a_real_file { "yes" } else { "not yet" };
        table.push(vec![r.kind.to_owned(), r.format, r.what, r.publisher, r.files, tried.to_owned()]);
    }
    aligned(&table).iter().try_for_each(|line| print(line))
}

/// A row for every variant: the program cannot read what it does not list, nor list what it does not read.
fn of_kind<T: ValueEnum>(kind: &'static str) -> Vec<FormatRow> {
    let variants = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    variants
        .map(|v| {
            let what = v.get_help().map(ToString::to_string).unwrap_or_default();
            row(kind, v.get_name().to_owned(), what)
        })
        .collect()
}

fn row(kind: &'static str, format: String, what: String) -> FormatRow {
    let mut reader = csv::Reader::from_reader(FORMATS.as_bytes());
    let known = reader.records().flatten().find(|r| r.get(0) == Some(kind) && r.get(1) == Some(format.as_str()));
    let cell = |at: usize| known.as_ref().and_then(|r| r.get(at)).unwrap_or_default().to_owned();
    let what = if what.is_empty() { cell(5) } else { what };
    FormatRow { kind, format, what, publisher: cell(2), files: cell(3), tried_on_a_real_file: cell(4) == "yes" }
}

fn of_plan(common: &Common, path: &Path) -> anyhow::Result<()> {
    let plan = read_plan(common, path)?;
    let data = DataDir::new(&common.data_dir);
    let manifest = data.manifest(plan.name.as_str(), "acquire");
    let mut rows = Vec::new();
    for source in &plan.sources {
        let step = format!("acquire {}", source.id);
        let kept = manifest.as_ref().and_then(|m| m.counts.iter().find(|c| c.step == step)).map(|c| c.kept);
        let (files, sha256) = hashes(&plan, source)?;
        rows.push(SourceRow {
            id: source.id.to_string(),
            kind: name_of(&source.kind),
            files,
            licence: source.licence.clone().filter(|l| !l.is_empty()),
            retrieved_on: source.retrieved_on.map(|d| d.to_string()),
            sha256,
            kept,
        });
    }
    if common.json {
        return print(&serde_json::to_string_pretty(&rows)?);
    }
    tell(rows)
}

fn hashes(plan: &Plan, source: &pipeline::Source) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let (mut names, mut hashes) = (Vec::new(), Vec::new());
    names.extend(source.service.iter().map(|service| format!("service {service}")));
    for file in pipeline::files(plan, source)? {
        names.push(file.name);
        hashes.push(hash_file(&file.path)?.0.chars().take(12).collect());
    }
    Ok((names, hashes))
}

fn tell(rows: Vec<SourceRow>) -> anyhow::Result<()> {
    let heads = ["source", "kind", "kept at the last run", "retrieved on", "licence", "sha256", "files"];
    let mut table = vec![heads.map(str::to_owned).to_vec()];
    for r in rows {
        let some = |text: Option<String>, none: &str| text.unwrap_or_else(|| none.to_owned());
        let kept = some(r.kept.map(thousands), "not run yet");
        let hash = r.sha256.first().cloned().unwrap_or_default();
        let more = |count: usize| if count > 1 { format!(" +{}", count - 1) } else { String::new() };
        let file = r.files.first().cloned().unwrap_or_default();
        let (hash, file) = (format!("{hash}{}", more(r.sha256.len())), format!("{file}{}", more(r.files.len())));
        let licence = some(r.licence, "not stated");
        table.push(vec![r.id, r.kind, kept, some(r.retrieved_on, "not stated"), licence, hash, file]);
    }
    aligned(&table).iter().try_for_each(|line| print(&printable(line)))
}

/// Whether the table of formats names only formats there are.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::SourceKind;

    #[test]
    fn every_row_of_the_table_of_formats_is_of_a_format_this_version_reads() {
        let mut known: Vec<(String, String)> =
            [("taxonomy", "starter"), ("taxonomy", "esco")].map(|(k, f)| (k.to_owned(), f.to_owned())).to_vec();
        let all = [
            of_kind::<PostingFormat>("postings"),
            of_kind::<CredentialFormat>("credentials"),
            of_kind::<StatisticsLayout>("statistics"),
        ];
        known.extend(all.into_iter().flatten().map(|r| (r.kind.to_owned(), r.format)));
        let kinds: Vec<String> = SourceKind::value_variants().iter().map(name_of).collect();
        for row in csv::Reader::from_reader(FORMATS.as_bytes()).records() {
            let row = row.unwrap();
            assert!(kinds.contains(&row[0].to_owned()), "{row:?}");
            assert!(known.contains(&(row[0].to_owned(), row[1].to_owned())), "{row:?}");
            assert!(matches!(&row[4], "yes" | "not yet"), "{row:?}");
        }
    }
}
