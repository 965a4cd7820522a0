//! `skillgap train model`, and gold answered with another model's help: weights held out in folds.

use super::answers::language;
use super::blend::Rankings;
use super::{gold_sets, report, texts_of};
use crate::acquire::Limits;
use crate::cli::args::{Common, Kind, TrainModelArguments};
use crate::cli::ranking::Ranking;
use crate::cli::table::aligned;
use crate::cli::{Exit, print, taxonomies};
use crate::embed::Text;
use crate::evaluate::{Answer, Estimate, Hit, Query, RankedConcept, Scores};
use crate::link::{Fusion, FusionExample, LinkSpec, Linker, ModelCount, ModelLane, fit_fusion};
use crate::pipeline::{ModelSource, RANKS, model_lists};
use crate::store::DataDir;
use crate::types::{Lang, Link, RankedFile, Verdict};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;

/// Parts of the gold; each is answered with weights fitted on the others.
const FOLDS: usize = 5;

/// Gold texts answered without and with a model.
pub struct Fused<'a> {
    /// Our own lanes.
    pub before: Vec<Answer<'a>>,
    /// The model's own order.
    pub alone: Vec<Answer<'a>>,
    /// Both, held out.
    pub after: Vec<Answer<'a>>,
    /// Fitted on everything.
    pub fusion: Fusion,
    /// What became of the model's rows.
    pub count: ModelCount,
}

/// Answers gold texts with a model beside our own lanes.
pub fn fused<'a>(
    ranking: &'a Ranking,
    texts: &[&Query],
    file: &'a RankedFile,
    name: &str,
) -> anyhow::Result<Fused<'a>> {
    let asked = texts.iter().map(|query| (query.id.as_str(), query.text.as_str()));
    let (lane, count) = ModelLane::new(name, None, file, &ranking.lexicon.taxonomy, asked);
    let linker = Linker::new(&ranking.lexicon, &LinkSpec::default());
    let links_before = links(ranking, &linker, texts);
    let mut linker = linker.with_models(vec![lane]);
    // Whether a text asks for anything is decided apart.
    let asking = |query: &Query| !query.gold.is_empty();
    let examples: Vec<Vec<(FusionExample, bool)>> = texts
        .par_iter()
        .map(|query| if asking(query) { examples(ranking, &linker, query) } else { Vec::new() })
        .collect();
    let right = examples.iter().flatten().filter(|(_, is_right)| *is_right).count();
    anyhow::ensure!(
        right > 0,
        "the model lists no right skill for any gold text: lists must have the ids or the words of the gold's lines, and \
         URIs of the taxonomy"
    );
    let fit = |left_out: Option<usize>| {
        let others = examples.iter().enumerate().filter(|(at, _)| left_out != Some(at % FOLDS));
        fit_fusion(others.flat_map(|(_, own)| own))
    };
    let folds: Vec<Fusion> = (0..FOLDS).map(|fold| fit(Some(fold))).collect();
    let mut fold_of = BTreeMap::new();
    for (at, query) in texts.iter().enumerate() {
        fold_of.extend([(query.id.as_str(), at % FOLDS), (query.text.as_str(), at % FOLDS)]);
    }
    linker.fuse_by(|key| folds.get(*fold_of.get(key)?).copied());
    let rankings = Rankings::of(ranking, texts, file);
    let [before, alone, after] = rankings.in_order(FOLDS);
    let answer = |ranked: Vec<RankedConcept<'a>>, links| Answer { ranked, links, ..Answer::default() };
    let with_links = |ranked: Vec<Vec<RankedConcept<'a>>>, links: Vec<Vec<Hit<'a>>>| -> Vec<Answer<'a>> {
        ranked.into_iter().zip(links).map(|(ranked, links)| answer(ranked, Some(links))).collect()
    };
    Ok(Fused {
        before: with_links(before, links_before),
        alone: alone.into_iter().map(|ranked| answer(ranked, None)).collect(),
        after: with_links(after, links(ranking, &linker, texts)),
        fusion: fit(None),
        count,
    })
}

fn examples(ranking: &Ranking, linker: &Linker<'_>, query: &Query) -> Vec<(FusionExample, bool)> {
    let examples = linker.fusion_examples(&query.id, &query.text, language(query));
    let is_right = |e: &FusionExample| query.gold.iter().any(|uri| uri == ranking.uri(e.concept));
    examples.into_iter().map(|e| (e, is_right(&e))).collect()
}

fn links<'a>(ranking: &'a Ranking, linker: &Linker<'_>, texts: &[&Query]) -> Vec<Vec<Hit<'a>>> {
    let hit = |link: &Link| {
        let at = ranking.lexicon.taxonomy.skill_index(&link.skill.0)?;
        let (score, accepted) = (f64::from(link.score.get()), link.verdict == Verdict::Accepted);
        Some(Hit { uri: ranking.uri(at), score, accepted, span: None })
    };
    let hits =
        |query: &&Query| linker.links_with(&query.id, &query.text, language(query)).iter().filter_map(hit).collect();
    texts.par_iter().map(hits).collect()
}

/// Fits a model's weight and prints the lines for a plan.
pub fn fuse(common: &Common, arguments: &TrainModelArguments) -> anyhow::Result<Exit> {
    let sets = gold_sets(&arguments.gold)?;
    let vectors = taxonomies::vectors(&arguments.vectors)?;
    let ranking = Ranking::read(common, &arguments.taxonomy, None, Kind::Skill, Lang::En, vectors)?;
    let sets = texts_of(sets, &ranking)?;
    let texts: Vec<&Query> = sets.iter().flat_map(|(_, texts)| texts).collect();
    let source = match (&arguments.ranked, &arguments.folder) {
        (Some(path), _) => ModelSource::Ranked(path),
        (None, Some(folder)) => ModelSource::Folder(folder),
        (None, None) => anyhow::bail!("give --ranked or --folder"),
    };
    let asked: Vec<Text<'_>> = texts.iter().map(|q| Text { id: &q.id, text: &q.text, lang: language(q) }).collect();
    let data = DataDir::new(&common.data_dir);
    let told = |line: &str| drop(writeln!(std::io::stderr(), "{line}"));
    let file = model_lists(source, &ranking.lexicon.taxonomy, &asked, RANKS, (&data, &Limits::default()), &told)
        .map_err(anyhow::Error::msg)?;
    let name = arguments.name.as_str();
    let fused = fused(&ranking, &texts, &file, name)?;
    fused.count.warnings(name).iter().for_each(|line| told(line));
    let of = |answers: &[Answer<'_>]| report(&ranking, &sets, &[], 0, answers).pooled;
    let scores = [("without", of(&fused.before)), (name, of(&fused.alone)), ("fused, held out", of(&fused.after))];
    if common.json {
        let scores: BTreeMap<&str, &Scores> = scores.iter().map(|(name, scores)| (*name, scores)).collect();
        let Fusion { weight, bias, own, unproposed } = fused.fusion;
        let fitted = serde_json::json!({ "weight": weight, "bias": bias, "own": own, "unproposed": unproposed });
        print(&serde_json::json!({ "name": name, "fitted": fitted, "scores": scores }).to_string())?;
        return Ok(Exit::Done);
    }
    lines(&scores, fused.fusion, arguments).iter().try_for_each(|line| print(line))?;
    Ok(Exit::Done)
}

/// The lines for a plan, with the scores as comments.
fn lines(scores: &[(&str, Scores)], fusion: Fusion, arguments: &TrainModelArguments) -> Vec<String> {
    let shown = |e: &Estimate| format!("{:.1} [{:.1}, {:.1}]", e.value, e.low, e.high);
    let header = ["", "RP@5", "MRR", "precision", "recall", "calibration error", "Brier x 100"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for (name, scores) in scores {
        let ranked = ["rp@5", "mrr"].map(|metric| scores.ranking.get(metric));
        let accepted = scores.accepted.as_ref();
        let sets = [accepted.map(|sets| &sets.precision), accepted.map(|sets| &sets.recall)];
        let calibration = scores.calibration.as_ref();
        let errors = [calibration.map(|c| &c.expected_error), calibration.map(|c| &c.brier)];
        let cells = ranked.into_iter().chain(sets).chain(errors).map(|e| e.map(shown).unwrap_or_default());
        rows.push(std::iter::once((*name).to_owned()).chain(cells).collect());
    }
    let queries = scores.first().map_or(0, |(_, scores)| scores.n);
    let mut lines = vec![format!("# {queries} gold texts, percent with 95 % intervals")];
    lines.extend(aligned(&rows).into_iter().map(|line| format!("# {line}").trim_end().to_owned()));
    let (key, path) = match (&arguments.ranked, &arguments.folder) {
        (Some(path), _) => ("ranked", path.display().to_string()),
        (None, folder) => ("folder", folder.as_ref().map_or_else(String::new, |f| f.display().to_string())),
    };
    lines.push("[[link.model]]".to_owned());
    lines.push(format!("name = {}", toml::Value::from(arguments.name.as_str())));
    lines.push(format!("{key} = {}", toml::Value::from(path)));
    let Fusion { weight, bias, own, unproposed } = fusion;
    for (key, value) in [("weight", weight), ("bias", bias), ("own", own), ("unproposed", unproposed)] {
        lines.push(format!("{key} = {value:.3}"));
    }
    lines
}
