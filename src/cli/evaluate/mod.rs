//! `skillgap evaluate`: gold files in, scores of ranking, linking and extraction out.

mod answers;
pub use answers::body_of;
mod blend;
mod fused;
mod gazetteer;
pub(super) mod gold_files;
mod show;

use super::args::{Common, EvaluateArguments, Kind};
use super::ranking::{Ranking, language_of};
use super::{Exit, print, taxonomies};
use crate::acquire::Limits;
use crate::evaluate::{Answer, Case, CommittedScores, Query, Report, SetReport, SetSpec, score, score_set};
use crate::lexicon::ranker::Ranker;
use crate::store::write_atomic;
use crate::types::Lang;
use answers::{Wanted, answers};
use anyhow::Context;
use gold_files::GoldFiles;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use fused::fuse;

/// Scores rankings, and where skills are ranked also links, mentions and baselines, against gold.
pub fn evaluate(common: &Common, arguments: &EvaluateArguments) -> anyhow::Result<Exit> {
    let decides = arguments.kind == Kind::Skill && arguments.corpus.is_none();
    anyhow::ensure!(decides || arguments.baseline.is_empty(), "--baseline is for skills; leave it out");
    anyhow::ensure!(decides || arguments.ranked.is_none(), "--ranked is for skills; leave it out");
    let sets = gold_sets(&arguments.gold)?;
    let first = sets.iter().find_map(GoldFiles::first_text);
    let language = first.map_or(Lang::En, |text| language_of(text.lang.as_deref(), &text.text));
    let corpus = arguments.corpus.as_deref();
    let vectors = taxonomies::vectors(&arguments.vectors)?;
    let ranking = Ranking::read(common, &arguments.taxonomy, corpus, arguments.kind, language, vectors)?;
    let sets = texts_of(sets, &ranking)?;
    let texts: Vec<&Query> = sets.iter().flat_map(|(_, texts)| texts).collect();
    let wanted = Wanted { decisions: decides, baselines: &arguments.baseline, ablation: arguments.ablation };
    let lanes = if arguments.ablation { Ranker::lanes() } else { &[] };
    let report = report(&ranking, &sets, lanes, arguments.top_errors, &answers(&ranking, &texts, &wanted));
    if let Some(path) = &arguments.ranked {
        return evaluate_ranked(common, (path, arguments.top_errors), &ranking, &sets, report);
    }
    if let Some(path) = &arguments.write_scores {
        write_scores(path, &report)?;
    }
    if common.json {
        print(&serde_json::to_string_pretty(&report)?)?;
    } else {
        show::lines(&report).iter().try_for_each(|line| print(line))?;
    }
    Ok(Exit::Done)
}

/// Also scores a model's ranking, alone and fused.
fn evaluate_ranked(
    common: &Common,
    (path, top_errors): (&Path, usize),
    ranking: &Ranking,
    sets: &[(String, Vec<Query>)],
    own: Report,
) -> anyhow::Result<Exit> {
    let texts: Vec<&Query> = sets.iter().flat_map(|(_, texts)| texts).collect();
    let file = crate::acquire::read_ranked(path, &Limits::default())?;
    let fused = fused::fused(ranking, &texts, &file, "model")?;
    let report = |answers: &[Answer<'_>]| report(ranking, sets, &[], top_errors, answers);
    let reports = [("ours", own), ("model", report(&fused.alone)), ("fused", report(&fused.after))];
    if common.json {
        print(&serde_json::to_string_pretty(&BTreeMap::from(reports))?)?;
    } else {
        for (name, report) in &reports {
            print(&format!("== {name}"))?;
            show::lines(report).iter().try_for_each(|line| print(line))?;
        }
    }
    Ok(Exit::Done)
}

/// The gold files named, told apart.
fn gold_sets(paths: &[PathBuf]) -> anyhow::Result<Vec<GoldFiles>> {
    let mut sets = paths.iter().map(|path| GoldFiles::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    gold_files::name_apart(&mut sets);
    Ok(sets)
}

/// Texts of each set, answers cut down to what can be ranked.
fn texts_of(sets: Vec<GoldFiles>, ranking: &Ranking) -> anyhow::Result<Vec<(String, Vec<Query>)>> {
    sets.into_iter().map(|set| Ok((set.name.clone(), set.texts(&|uri| ranking.knows(uri))?))).collect()
}

fn report(
    ranking: &Ranking,
    sets: &[(String, Vec<Query>)],
    lanes: &[&'static str],
    example_count: usize,
    answers: &[Answer<'_>],
) -> Report {
    let texts = sets.iter().flat_map(|(_, texts)| texts);
    let cases: Vec<Case<'_>> = texts.zip(answers).map(|(query, answer)| Case { query, answer }).collect();
    let concept_name = |uri: &str, lang: &str| ranking.name(uri, Lang::from_code(lang));
    let mut rest = cases.as_slice();
    let mut reports: Vec<SetReport> = Vec::new();
    for (name, texts) in sets {
        let (own, after) = rest.split_at_checked(texts.len()).unwrap_or((rest, &[]));
        let spec = SetSpec { name, lanes, example_count, concept_name: &concept_name };
        reports.push(score_set(own, &spec));
        rest = after;
    }
    let pooled = match reports.as_slice() {
        [only] => only.all.clone(),
        _ => score(&cases, lanes),
    };
    Report { taxonomy: ranking.lexicon.taxonomy.version.clone(), pooled, sets: reports }
}

/// Puts the report's scores in the place of those that the file has of the same taxonomy.
fn write_scores(path: &Path, report: &Report) -> anyhow::Result<()> {
    let old = match std::fs::read_to_string(path) {
        Ok(text) => CommittedScores::parse(&text).with_context(|| format!("cannot use {}", path.display()))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => CommittedScores::default(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    Ok(write_atomic(path, old.replaced_by(CommittedScores::of(report)).to_toml().as_bytes())?)
}
