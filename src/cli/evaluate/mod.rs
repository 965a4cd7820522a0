//! `skillgap evaluate`: gold files in, scores of ranking, linking and extraction out.

mod answers;
pub use answers::body_of;
mod gazetteer;
pub(super) mod gold_files;
mod show;

use super::args::{Common, EvaluateArguments, Kind};
use super::ranking::{Ranking, language_of};
use super::{Exit, print, taxonomies};
use crate::evaluate::{Case, CommittedScores, Query, Report, SetReport, SetSpec, score, score_set};
use crate::lexicon::ranker::Ranker;
use crate::store::write_atomic;
use crate::types::Lang;
use answers::{Wanted, answers};
use anyhow::Context;
use gold_files::GoldFiles;
use std::path::Path;

/// Scores rankings, and where skills are ranked also links, mentions and baselines, against gold.
pub fn evaluate(common: &Common, arguments: &EvaluateArguments) -> anyhow::Result<Exit> {
    let decides = arguments.kind == Kind::Skill && arguments.corpus.is_none();
    anyhow::ensure!(decides || arguments.baseline.is_empty(), "--baseline is for skills; leave it out");
    let mut sets = arguments.gold.iter().map(|path| GoldFiles::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    gold_files::name_apart(&mut sets);
    let first = sets.iter().find_map(GoldFiles::first_text);
    let language = first.map_or(Lang::En, |text| language_of(text.lang.as_deref(), &text.text));
    let corpus = arguments.corpus.as_deref();
    let vectors = taxonomies::vectors(&arguments.vectors)?;
    let ranking = Ranking::read(common, &arguments.taxonomy, corpus, arguments.kind, language, vectors)?;
    let sets = sets
        .into_iter()
        .map(|set| Ok((set.name.clone(), set.texts(&|uri| ranking.knows(uri))?)))
        .collect::<anyhow::Result<Vec<(String, Vec<Query>)>>>()?;
    let report = report(&ranking, &sets, arguments, decides);
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

fn report(ranking: &Ranking, sets: &[(String, Vec<Query>)], arguments: &EvaluateArguments, decides: bool) -> Report {
    let texts: Vec<&Query> = sets.iter().flat_map(|(_, texts)| texts).collect();
    let wanted = Wanted { decisions: decides, baselines: &arguments.baseline, ablation: arguments.ablation };
    let answers = answers(ranking, &texts, &wanted);
    let cases: Vec<Case<'_>> = texts.iter().zip(&answers).map(|(query, answer)| Case { query, answer }).collect();
    let lanes = if arguments.ablation { Ranker::lanes() } else { &[] };
    let concept_name = |uri: &str, lang: &str| ranking.name(uri, Lang::from_code(lang));
    let mut rest = cases.as_slice();
    let mut reports: Vec<SetReport> = Vec::new();
    for (name, texts) in sets {
        let (own, after) = rest.split_at_checked(texts.len()).unwrap_or((rest, &[]));
        let spec = SetSpec { name, lanes, example_count: arguments.top_errors, concept_name: &concept_name };
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
