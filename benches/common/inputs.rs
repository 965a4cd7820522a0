//! Postings and taxonomy that are measured on: other people's files where they are at hand, else the demo's.

use super::{root, shared};
use anyhow::{Result, ensure};
use skillgap::acquire::{Columns, Input, Limits, Record, connectors, read_postings};
use skillgap::clean::occupation::TitleCoder;
use skillgap::clean::{self, Areas, CleanContext, SourceContext, TextLimits};
use skillgap::lexicon::labels::LabelTable;
use skillgap::lexicon::vectors::Vectors;
use skillgap::types::{Lang, Posting, RawPosting, SnapshotId, SourceId, Taxonomy};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The packages of an ESCO version in `shared/data/esco`: classification and relations.
pub fn esco(version: &str) -> Result<Vec<PathBuf>> {
    let Some(shared) = shared() else { return Ok(Vec::new()) };
    let folder = shared.join("data/esco").join(version);
    let mut zips: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    zips.retain(|path| path.extension().is_some_and(|e| e == "zip"));
    zips.sort();
    Ok(zips)
}

/// ESCO v1.1.1 in English, else the starter taxonomy.
pub fn taxonomy() -> Result<Taxonomy> {
    let zips = esco("v1.1.1_en")?;
    let paths: Vec<_> = zips.iter().map(PathBuf::as_path).collect();
    let layer = if paths.is_empty() {
        connectors::taxonomies::starter::read(&root().join("data/reference"), "skillgap starter", &Limits::default())?
    } else {
        connectors::taxonomies::esco::read(&paths, &Limits::default())?
    };
    let taxonomy = clean::taxonomy::merge(&[layer]).taxonomy;
    ensure!(!taxonomy.skills.is_empty(), "the taxonomy holds no skill");
    Ok(taxonomy)
}

/// At most `most` English postings, cleaned and coded as the pipeline does it.
pub fn postings(taxonomy: &Taxonomy, most: usize) -> Result<Vec<Posting>> {
    let file = match shared() {
        Some(shared) => shared.join("data/postings/en_nhs_jsonld/nhs_jobpostings.jsonl.gz"),
        None => root().join("data/samples/postings.jsonl.gz"),
    };
    let source = SourceId::new("bench")?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let snapshot = SnapshotId(String::new());
    let input = Input { source: source.clone(), snapshot, file: name, limits: Limits::default(), before: 0 };
    let mut raw: Vec<RawPosting> = Vec::new();
    read_postings(&file, &input, &Columns::new(), &mut |record| {
        if let (Record::Kept(posting), true) = (record, raw.len() < most) {
            raw.push(posting);
        }
    })?;
    let context = CleanContext {
        as_of: jiff::civil::date(2100, 1, 1),
        sources: BTreeMap::from([(source, SourceContext::default())]),
        areas: Areas::built_in(),
        limits: TextLimits::default(),
    };
    let labels = LabelTable::of_occupations(taxonomy);
    let vectors = Vectors::shipped();
    let coder = TitleCoder::new(taxonomy, &labels, &vectors);
    let mut postings = Vec::with_capacity(raw.len());
    for raw in &raw {
        let Ok(cleaned) = clean::posting(raw, &context) else { continue };
        let mut posting = cleaned.posting;
        if posting.language == Lang::En {
            let coded = coder.occupation(&posting.title, posting.language, raw.occupation.as_deref());
            posting.occupation = coded.map(|c| c.id);
            postings.push(posting);
        }
    }
    ensure!(!postings.is_empty(), "{} gave no English posting", input.file);
    Ok(postings)
}
