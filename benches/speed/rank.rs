//! One sentence ranked against all skills, one learning outcome linked.

use crate::World;
use crate::common::{Figure, median, root, shared, thousands};
use crate::rounds::timed;
use anyhow::{Context, Result};
use skillgap::clean::language::detect;
use skillgap::lexicon::ranker::Ranker;
use skillgap::link::{LinkSpec, Linker};
use skillgap::types::Lang;
use std::path::Path;

const ROUNDS: usize = 3;
const SENTENCES: usize = 300;
const OUTCOMES: usize = 1_000;

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
fn each(item: &str, texts: usize, work: &mut dyn FnMut() -> Result<usize>) -> Result<Figure> {
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
        target: String::new(),
        note: format!("{} texts, {} answers", thousands(texts as u64), thousands(found as u64)),
    })
}

/// Both.
pub fn measure(world: &World) -> Result<Vec<Figure>> {
    let ranker = Ranker::skills(&world.lexicon.skills, &world.lexicon.taxonomy, &world.lexicon.vectors);
    let sentences = sentences(world);
    let ranked = each("ranking all skills for a sentence", sentences.len(), &mut || {
        Ok(sentences.iter().map(|text| ranker.rank(text, Some(Lang::En), 10).len()).sum())
    })?;
    let linker = Linker::new(&world.lexicon, &LinkSpec::default());
    let outcomes = outcomes()?;
    let linked = each("linking a learning outcome", outcomes.len(), &mut || {
        Ok(outcomes.iter().map(|text| linker.links_of(text, Lang::En).len()).sum())
    })?;
    Ok(vec![ranked, linked])
}
