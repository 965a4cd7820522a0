//! The demo against what its generator planted.

use crate::common::{root, run, skillgap, thousands, whole_run};
use crate::table::{percent, table};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use skillgap::clean::posting_id;
use skillgap::store::{hash_bytes, read_table};
use skillgap::types::{Duplicate, Mention, Posting, PostingId, SourceId, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

/// Source of the demo's postings, as its plan names it.
const SOURCE: &str = "synthetic-boards";
/// Ways of planting a mention, from the easiest on.
const FORMS: [&str; 5] = ["literal", "alias", "inflected", "misspelt", "paraphrase"];
const LANGUAGES: [&str; 4] = ["en", "es", "ca", "ar"];

#[derive(Deserialize)]
struct PlantedMention {
    id: String,
    skill: String,
    form: String,
}

#[derive(Deserialize)]
struct PlantedOccupation {
    id: String,
    lang: String,
}

#[derive(Deserialize)]
struct PlantedDuplicate {
    id: String,
    original_id: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Concept {
    id: String,
    uri: String,
}

fn rows<T: serde::de::DeserializeOwned>(file: &str) -> Result<Vec<T>> {
    let path = root().join("data").join(file);
    let mut text = Vec::new();
    let mut open = std::fs::File::open(&path).with_context(|| format!("cannot read {file}"))?;
    if file.ends_with(".gz") {
        flate2::read::MultiGzDecoder::new(open).read_to_end(&mut text)?;
    } else {
        open.read_to_end(&mut text)?;
    }
    let mut rows = Vec::new();
    for row in csv::Reader::from_reader(text.as_slice()).deserialize() {
        rows.push(row.with_context(|| format!("a row of {file} is of another shape"))?);
    }
    ensure!(!rows.is_empty(), "{file} is empty");
    Ok(rows)
}

fn table_rows<T: skillgap::types::tables::Table>(path: &Path) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for batch in read_table(path)? {
        all.extend(batch?);
    }
    Ok(all)
}

/// Counts of one language.
#[derive(Default)]
struct Score {
    planted: BTreeMap<String, u64>,
    found: BTreeMap<String, u64>,
    accepted: u64,
    right: u64,
}

impl Score {
    fn recall(&self, form: &str) -> String {
        let of = |counts: &BTreeMap<String, u64>| counts.get(form).copied().unwrap_or_default();
        percent(of(&self.found), of(&self.planted))
    }

    fn row(&self, language: &str) -> Vec<String> {
        let planted: u64 = self.planted.values().sum();
        let mut row = vec![language.to_owned(), thousands(planted)];
        row.extend(FORMS.map(|form| self.recall(form)));
        row.push(percent(self.found.values().sum(), planted));
        row.push(percent(self.right, self.accepted));
        row
    }
}

/// Accepted skills per posting that was kept.
type Accepted = BTreeMap<PostingId, BTreeSet<String>>;

fn accepted(build: &Path) -> Result<Accepted> {
    let kept: Vec<Posting> = table_rows(&build.join("clean/postings.parquet"))?;
    let mut accepted: Accepted = kept.into_iter().map(|p| (p.id, BTreeSet::new())).collect();
    let mentions: Vec<Mention> = table_rows(&build.join("extract/mentions.parquet"))?;
    for mention in mentions.into_iter().filter(|m| m.verdict == Verdict::Accepted) {
        accepted.get_mut(&mention.posting).context("a mention of a posting that was not kept")?.insert(mention.skill.0);
    }
    Ok(accepted)
}

fn scores(accepted: &Accepted, source: &SourceId) -> Result<BTreeMap<String, Score>> {
    let uris: BTreeMap<String, String> =
        rows::<Concept>("reference/skills.csv")?.into_iter().map(|c| (c.id, c.uri)).collect();
    let mut planted: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in rows::<PlantedMention>("samples/truth/mentions.csv.gz")? {
        let uri = uris.get(&row.skill).cloned().unwrap_or(row.skill);
        planted.entry(row.id).or_default().insert(uri, row.form);
    }
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for posting in rows::<PlantedOccupation>("samples/truth/occupations.csv")? {
        let Some(found) = accepted.get(&posting_id(source, &posting.id)) else { continue };
        let planted = planted.remove(&posting.id).unwrap_or_default();
        for language in [posting.lang.as_str(), "all"] {
            let score = scores.entry(language.to_owned()).or_default();
            score.accepted += found.len() as u64;
            for (uri, form) in &planted {
                *score.planted.entry(form.clone()).or_default() += 1;
                if found.contains(uri) {
                    *score.found.entry(form.clone()).or_default() += 1;
                    score.right += 1;
                }
            }
        }
    }
    Ok(scores)
}

/// Planted duplicates whose posting was merged into the group of its original, by kind, and merges nobody planted.
fn duplicates(build: &Path, source: &SourceId) -> Result<String> {
    let merged: Vec<Duplicate> = table_rows(&build.join("clean/duplicates.parquet"))?;
    let winner: BTreeMap<PostingId, PostingId> =
        merged.into_iter().filter(|d| d.kind.merges()).map(|d| (d.duplicate, d.kept)).collect();
    let stands_for = |id: PostingId| winner.get(&id).cloned().unwrap_or(id);
    let (mut planted, mut found): (BTreeMap<String, u64>, BTreeMap<String, u64>) = Default::default();
    for row in rows::<PlantedDuplicate>("samples/truth/duplicates.csv")? {
        let (copy, original) = (posting_id(source, &row.id), posting_id(source, &row.original_id));
        if stands_for(copy) == stands_for(original) {
            *found.entry(row.kind.clone()).or_default() += 1;
        }
        *planted.entry(row.kind).or_default() += 1;
    }
    let all: u64 = found.values().sum();
    let kinds = planted.iter().map(|(kind, n)| format!("{kind} {} of {n}", found.get(kind).copied().unwrap_or(0)));
    let wrong = (winner.len() as u64).saturating_sub(all);
    Ok(format!(
        "Planted duplicates found: {}; merged though not planted: {wrong}.\n",
        kinds.collect::<Vec<_>>().join(", ")
    ))
}

/// Recall by form and precision per language, and the duplicates.
pub fn measure() -> Result<String> {
    let data = tempfile::tempdir()?;
    run(skillgap().args(["run", "pipelines/demo.toml", "--data-dir"]).arg(data.path()))?;
    whole_run(data.path(), "demo")?;
    let build = data.path().join("build/demo");
    let source = SourceId::new(SOURCE)?;
    // The join below rests on how ids are made: SHA-256 of source, NUL, key.
    let expected = hash_bytes(format!("{SOURCE}\0syn-00001").as_bytes());
    ensure!(expected.starts_with(&posting_id(&source, "syn-00001").0), "posting ids are made in another way");
    let scores = scores(&accepted(&build)?, &source)?;
    let mut table_rows = Vec::new();
    for language in LANGUAGES.iter().chain(&["all"]) {
        let score = scores.get(*language).with_context(|| format!("no posting in '{language}'"))?;
        ensure!(score.accepted > 0, "no skill was accepted in '{language}'");
        table_rows.push(score.row(language));
    }
    let header = ["language", "planted"].into_iter().chain(FORMS).chain(["recall", "precision"]);
    let header: Vec<&str> = header.collect();
    Ok(format!("{}\n{}", table(&header, &table_rows), duplicates(&build, &source)?))
}
