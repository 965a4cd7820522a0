//! One sentence ranked against all skills, one learning outcome linked, whole postings read deeply, the index made ready.

use crate::World;
use crate::common::{Figure, median, root, shared, thousands};
use crate::rounds::timed;
use anyhow::{Context, Result};
use skillgap::clean::language::detect;
use skillgap::extract::{ExtractSpec, Lanes};
use skillgap::lexicon::Lexicon;
use skillgap::lexicon::ranker::Ranker;
use skillgap::lexicon::vectors::Vectors;
use skillgap::link::{LinkSpec, Linker};
use skillgap::pipeline::Reader;
use skillgap::types::{Lang, Posting};
use std::path::Path;
use std::sync::Arc;

const ROUNDS: usize = 3;
const SENTENCES: usize = 300;
const OUTCOMES: usize = 1_000;
const DEEP_POSTINGS: usize = 200;

/// Every `step`-th English learning outcome: of an open catalogue where it is at hand, else the demo's.
fn outcomes() -> Result<Vec<String>> {
    let (path, column, separator) = match shared() {
        Some(shared) => (shared.join("data/courses/coursera_matchkey/courses.csv"), "what_you_learn", '\n'),
        None => (root().join("data/samples/credentials.csv"), "outcomes", '|'),
    };
    let cells = column_of(&path, column)?;
    let lines = cells.iter().flat_map(|cell| cell.split(separator)).map(str::trim).filter(|l| l.len() > 10);
    let all: Vec<String> = lines.filter(|l| detect(l, None) == Lang::En).map(str::to_owned).collect();
    let step = (all.len() / OUTCOMES).max(1);
    Ok(all.into_iter().step_by(step).take(OUTCOMES).collect())
}

fn column_of(path: &Path, column: &str) -> Result<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let at = reader.headers()?.iter().position(|h| h.trim_start_matches('\u{feff}') == column);
    let at = at.with_context(|| format!("{} has no column {column}", path.display()))?;
    let mut cells = Vec::new();
    for row in reader.records() {
        cells.push(row?.get(at).unwrap_or_default().to_owned());
    }
    Ok(cells)
}

/// Sentences of eight to thirty words from the postings.
fn sentences(world: &World) -> Vec<&str> {
    let step = (world.postings.len() / SENTENCES).max(1);
    let of = |body: &'_ str| -> Option<(usize, usize)> {
        skillgap::clean::sentences::sentences(body).find(|(from, to)| {
            let words = body.get(*from..*to).unwrap_or_default().split_whitespace().count();
            (8..=30).contains(&words)
        })
    };
    let postings = world.postings.iter().step_by(step);
    postings.filter_map(|p| of(&p.body).and_then(|(from, to)| p.body.get(from..to))).take(SENTENCES).collect()
}

/// Milliseconds of CPU for one text.
fn each(item: &str, target: &str, texts: usize, work: &mut dyn FnMut() -> Result<usize>) -> Result<Figure> {
    let (mut seconds, mut found) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (took, count) = timed(work)?;
        seconds.push(took);
        found = count;
    }
    Ok(Figure {
        item: item.to_owned(),
        value: 1000.0 * median(seconds) / texts.max(1) as f64,
        unit: "ms of CPU each".to_owned(),
        beside: None,
        ratio: None,
        target: target.to_owned(),
        note: format!("{} texts, {} answers", thousands(texts as u64), thousands(found as u64)),
    })
}

/// Postings read deeply per CPU second.
fn deep(world: &World) -> Result<Figure> {
    let spec = ExtractSpec { lanes: Lanes::Deep, ..ExtractSpec::default() };
    let reader = Reader::new(&world.lexicon, &spec, &LinkSpec::default());
    let step = (world.postings.len() / DEEP_POSTINGS).max(1);
    let postings: Vec<&Posting> = world.postings.iter().step_by(step).take(DEEP_POSTINGS).collect();
    let (seconds, mentions) = timed(&mut || Ok(postings.iter().map(|p| reader.mentions(p).len()).sum()))?;
    Ok(Figure {
        item: "deep extraction".to_owned(),
        value: postings.len() as f64 / seconds,
        unit: "postings per CPU second".to_owned(),
        beside: None,
        ratio: None,
        target: "at least 30".to_owned(),
        note: format!("{} postings, {} mentions", postings.len(), thousands(mentions as u64)),
    })
}

/// CPU seconds from a cleaned taxonomy in memory to the first ranking.
fn ready(world: &World) -> Result<Figure> {
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        let taxonomy = world.lexicon.taxonomy.clone();
        let (took, _) = timed(&mut || {
            let vectors = Vectors::from_bytes(&std::fs::read(root().join("data/reference/vectors.bin"))?)?;
            let lexicon = Lexicon::with_vectors(taxonomy.clone(), Arc::new(vectors));
            let ranker = Ranker::skills(&lexicon.skills, &lexicon.taxonomy, &lexicon.vectors);
            Ok(ranker.rank("manage a team", Some(Lang::En), 10).len())
        })?;
        seconds.push(took);
    }
    Ok(Figure {
        item: "vectors read, index of all skills made".to_owned(),
        value: median(seconds),
        unit: "CPU seconds".to_owned(),
        beside: None,
        ratio: None,
        target: "at most 0.5".to_owned(),
        note: format!(
            "{} skills; made anew in every run, not kept",
            thousands(world.lexicon.taxonomy.skills.len() as u64)
        ),
    })
}

/// All of them.
pub fn measure(world: &World) -> Result<Vec<Figure>> {
    let ranker = Ranker::skills(&world.lexicon.skills, &world.lexicon.taxonomy, &world.lexicon.vectors);
    let sentences = sentences(world);
    let ranked = each("ranking all skills for a sentence", "at most 3", sentences.len(), &mut || {
        Ok(sentences.iter().map(|text| ranker.rank(text, Some(Lang::En), 10).len()).sum())
    })?;
    let no_vectors = Vectors::default();
    let ranker = Ranker::skills(&world.lexicon.skills, &world.lexicon.taxonomy, &no_vectors);
    let lexical = each("the same by lanes of letters only", "at most 0.5", sentences.len(), &mut || {
        Ok(sentences.iter().map(|text| ranker.rank(text, Some(Lang::En), 10).len()).sum())
    })?;
    let linker = Linker::new(&world.lexicon, &LinkSpec::default());
    let outcomes = outcomes()?;
    let linked = each("linking a learning outcome", "", outcomes.len(), &mut || {
        Ok(outcomes.iter().map(|text| linker.links_of(text, Lang::En).len()).sum())
    })?;
    Ok(vec![ranked, lexical, linked, deep(world)?, ready(world)?])
}
