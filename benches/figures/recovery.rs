//! Names taken away before training, and how often the ranking still finds their skill.

use crate::common::{inputs, root, shared, thousands};
use crate::table::table;
use anyhow::{Context, Result};
use skillgap::acquire::{Limits, connectors};
use skillgap::clean;
use skillgap::lexicon::labels::LabelTable;
use skillgap::lexicon::ranker::Ranker;
use skillgap::train::{OwnTexts, TrainInput, TrainSpec, train};
use skillgap::types::{Label, LabelKind, Lang, Taxonomy};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Of so many English alternatives one is taken away, and of so many skills one loses its names in a language.
const ONE_IN: usize = 5;
/// Names asked for at most in a group.
const MOST: usize = 1_500;

/// Names taken away, with the position of their skill.
type Taken = Vec<(usize, Label)>;

fn full() -> Result<Taxonomy> {
    let limits = Limits::default();
    let esco = |paths: &[PathBuf]| {
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        connectors::taxonomies::esco::read(&paths, &limits)
    };
    let folder = |name: &str| Ok::<_, anyhow::Error>(shared().context("no ../shared")?.join("data/esco").join(name));
    let layers = [esco(&inputs::esco("v1.1.0_en")?)?, esco(&[folder("v1.0_es")?])?, esco(&[folder("v1.2.1_ar")?])?];
    Ok(clean::taxonomy::merge(&layers).taxonomy)
}

/// Takes every fifth English alternative, and all names in Spanish and in Arabic of a fifth of the skills each.
fn take_away(taxonomy: &mut Taxonomy) -> [(&'static str, Taken); 3] {
    let (mut english, mut spanish, mut arabic) = (Taken::new(), Taken::new(), Taken::new());
    let mut alternative = 0;
    for (at, skill) in taxonomy.skills.iter_mut().enumerate() {
        // Numbers in a fixed order would take neighbours by alphabet: URIs are as good as random.
        let lost = match at % ONE_IN {
            1 => Some((Lang::Es, &mut spanish)),
            2 => Some((Lang::Ar, &mut arabic)),
            _ => None,
        };
        if let Some((lang, taken)) = lost {
            let own = skill.labels.iter().filter(|l| l.lang == lang && l.kind == LabelKind::Preferred);
            taken.extend(own.map(|label| (at, label.clone())));
            skill.labels.retain(|label| label.lang != lang);
        }
        skill.labels.retain(|label| {
            let is_alternative = label.lang == Lang::En && label.kind == LabelKind::Alternative;
            alternative += usize::from(is_alternative);
            let goes = is_alternative && alternative % ONE_IN == 0;
            if goes {
                english.push((at, label.clone()));
            }
            !goes
        });
    }
    [
        ("English alternative, its skill keeps its other names", english),
        ("Spanish name, its skill has lost them all", spanish),
        ("Arabic name, its skill has lost them all", arabic),
    ]
}

/// Share of names whose skill is among the first, percent.
fn hits(ranks: &[Option<usize>], first: usize) -> String {
    let found = ranks.iter().filter(|rank| rank.is_some_and(|rank| rank < first)).count();
    format!("{:.1}", 100.0 * found as f64 / ranks.len().max(1) as f64)
}

/// A table of what is found again, after training without the names.
pub fn measure() -> Result<String> {
    let mut taxonomy = full()?;
    let taken = take_away(&mut taxonomy);
    let texts = OwnTexts::compiled()?;
    let before = Instant::now();
    let input = TrainInput { taxonomy: &taxonomy, texts: &texts, contexts: &[], posting_counts: &[] };
    let vectors = train(&input, &TrainSpec::default(), |_, _| {});
    let minutes = before.elapsed().as_secs_f64() / 60.0;
    let bytes = vectors.to_bytes().len();
    let labels = LabelTable::of_skills(&taxonomy);
    let ranker = Ranker::skills(&labels, &taxonomy, &vectors);
    let mut rows = Vec::new();
    for (name, taken) in &taken {
        let step = (taken.len() / MOST).max(1);
        let rank = |(skill, label): &(usize, Label)| {
            let ranked = ranker.rank(&label.text, Some(label.lang), 10);
            ranked.iter().position(|r| r.concept == *skill)
        };
        let ranks: Vec<Option<usize>> = taken.iter().step_by(step).take(MOST).map(rank).collect();
        rows.push(vec![
            (*name).to_owned(),
            thousands(taken.len() as u64),
            thousands(ranks.len() as u64),
            hits(&ranks, 1),
            hits(&ranks, 10),
        ]);
    }
    let header = ["name asked for", "taken away", "asked for", "its skill first, %", "among the first ten, %"];
    let folder = root().join("data/training");
    let own = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(format!(
        "{}\nTrained without them on ESCO v1.1.0 (en), v1.0 (es), v1.2.1 (ar) and the texts of `data/{own}` in {minutes:.1} \
         minutes of two cores; {:.2} MB.",
        table(&header, &rows),
        bytes as f64 / 1e6
    ))
}
