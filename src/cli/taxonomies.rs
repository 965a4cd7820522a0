//! Taxonomies and postings given on the command line.

use super::args::{Common, TaxonomyArguments, VectorsArguments};
use crate::acquire::Limits;
use crate::clean;
use crate::lexicon::Lexicon;
use crate::lexicon::vectors::Vectors;
use crate::pipeline;
use crate::types::{Label, LabelKind, Lang, Occupation, Taxonomy};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads and merges the layers given, or the starter taxonomy.
pub fn read(common: &Common, arguments: &TaxonomyArguments) -> anyhow::Result<Taxonomy> {
    let mut given: Vec<Vec<PathBuf>> =
        arguments.taxonomy.iter().map(|t| t.split(',').map(PathBuf::from).collect()).collect();
    if given.is_empty() {
        given.push(vec![common.data_dir.join("reference")]);
    }
    let mut layers = Vec::new();
    for paths in &given {
        let shown: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
        let layer = pipeline::read_taxonomy(paths, &Limits::default())
            .with_context(|| format!("cannot read the taxonomy {}", shown.join(", ")))?;
        layers.push(layer);
    }
    Ok(clean::taxonomy::merge(&layers).taxonomy)
}

/// The vectors given, or those that come with the program.
pub fn vectors(arguments: &VectorsArguments) -> anyhow::Result<Arc<Vectors>> {
    match &arguments.vectors {
        Some(path) => Ok(Arc::new(Vectors::open(path)?)),
        None => Ok(Vectors::shipped()),
    }
}

/// The taxonomy given with the vectors given.
pub fn lexicon(common: &Common, taxonomy: &TaxonomyArguments, vectors: &VectorsArguments) -> anyhow::Result<Lexicon> {
    let vectors = self::vectors(vectors)?;
    Ok(Lexicon::with_vectors(read(common, taxonomy)?, vectors))
}

/// A list of `uri<TAB>label` in one language as a taxonomy of occupations: the labels of one URI belong together.
pub fn read_corpus(path: &Path, language: Lang) -> anyhow::Result<Taxonomy> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the corpus {}", path.display()))?;
    let mut occupations: Vec<Occupation> = Vec::new();
    let mut seen = std::collections::BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let Some((uri, label)) = line.split_once('\t') else {
            anyhow::bail!("{} line {}: expected uri, TAB, label, found '{line}'", path.display(), number + 1);
        };
        let at = *seen.entry(uri.to_owned()).or_insert_with(|| {
            occupations.push(Occupation {
                id: uri.to_owned(),
                isco: None,
                labels: Vec::new(),
                description: None,
                sectors: Vec::new(),
            });
            occupations.len() - 1
        });
        let kind = if occupations[at].labels.is_empty() { LabelKind::Preferred } else { LabelKind::Alternative };
        occupations[at].labels.push(Label { text: label.trim().to_owned(), lang: language, kind });
    }
    occupations.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Taxonomy { version: "corpus".to_owned(), occupations, ..Taxonomy::default() })
}
