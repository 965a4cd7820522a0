//! Rankings and accepted matches against published gold, ESCO v1.1.0, and against our own where it is at hand.

use crate::common::{inputs, root, run, shared, skillgap, thousands};
use crate::table::table;
use anyhow::{Context, Result, ensure};
use skillgap::evaluate::{Estimate, Report, Scores, SetReport, SetScores};
use std::path::{Path, PathBuf};

/// What is shown of a ranking.
const METRICS: [(&str, &str); 5] =
    [("RP@1", "rp@1"), ("RP@5", "rp@5"), ("RP@10", "rp@10"), ("MRR", "mrr"), ("MAP", "map")];
/// Our own sets, and what they are for.
const OWN: [(&str, &str); 2] = [("tune", "for choosing"), ("held_out", "held out")];
/// Set whose errors may be looked at.
const TUNE: &str = "tune";
/// Errors of each kind that are measured, and of these every so many is shown.
const ERRORS: (usize, usize) = (40, 8);

/// Sets by name, file, kind and corpus.
const SETS: [(&str, &str, &str, Option<&str>); 4] = [
    ("TECH: sentence to skill, en", "skills_en_tech_validation.jsonl", "skill", None),
    ("HOUSE: sentence to skill, en", "skills_en_house_validation.jsonl", "skill", None),
    ("title to occupation, en", "occupations_en_titles_dev.jsonl", "occupation", None),
    (
        "MELO: national title to occupation, es",
        "occupations_es_melo_dev.jsonl",
        "occupation",
        Some("occupations_es_melo_corpus.tsv"),
    ),
];

fn shown(e: &Estimate) -> String {
    format!("{:.1} [{:.1}, {:.1}]", e.value, e.low, e.high)
}

fn dash() -> String {
    "–".to_owned()
}

fn ranked(scores: &Scores) -> impl Iterator<Item = String> + '_ {
    METRICS.iter().map(|(_, key)| scores.ranking.get(*key).map_or_else(dash, shown))
}

/// Precision and recall.
fn decided(sets: Option<&SetScores>) -> [String; 2] {
    sets.map_or_else(|| [dash(), dash()], |sets| [shown(&sets.precision), shown(&sets.recall)])
}

fn english() -> Result<String> {
    let zips = inputs::esco("v1.1.0_en")?;
    ensure!(!zips.is_empty(), "no package of ESCO v1.1.0");
    Ok(zips.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(","))
}

fn published(gold: PathBuf, kind: &str, corpus: Option<PathBuf>) -> Result<Report> {
    let mut command = skillgap();
    command.args(["evaluate", "--json", "--kind", kind, "--gold"]).arg(gold);
    if let Some(corpus) = corpus {
        command.arg("--corpus").arg(corpus);
    } else {
        command.arg("--taxonomy").arg(english()?);
    }
    Ok(serde_json::from_str(&run(&mut command)?.stdout)?)
}

/// Our gold against ESCO in three languages with the names of our own layer in four, every lane left out and alone.
fn own(shared: &Path) -> Result<Option<Report>> {
    let sets = OWN.map(|(set, _)| root().join("data/gold").join(set)).into_iter().filter(|set| set.is_dir());
    let sets: Vec<PathBuf> = sets.collect();
    if sets.is_empty() {
        return Ok(None);
    }
    let mut command = skillgap();
    command.args(["evaluate", "--json", "--ablation", "--baseline", "gazetteer", "--baseline", "preferred"]);
    for set in &sets {
        command.arg("--gold").arg(set);
    }
    command.arg("--taxonomy").arg(english()?);
    for layer in ["v1.0_es", "v1.2.1_ar"] {
        command.arg("--taxonomy").arg(shared.join("data/esco").join(layer));
    }
    command.arg("--taxonomy").arg(root().join("data/reference")).args(["--top-errors", &ERRORS.0.to_string()]);
    Ok(Some(serde_json::from_str(&run(&mut command)?.stdout)?))
}

/// Tables, percent with 95 % intervals over queries: published gold, then our own by language and lane by lane.
pub fn measure() -> Result<String> {
    let shared = shared().context("../shared/data is not at hand")?;
    let folder = shared.join("data/gold");
    let mut rows = Vec::new();
    for (name, file, kind, corpus) in SETS {
        let scores = published(folder.join(file), kind, corpus.map(|c| folder.join(c)))?.pooled;
        ensure!(scores.n > 0, "{name}: no query could be scored");
        let mut row = vec![name.to_owned(), thousands(scores.n as u64)];
        row.extend(ranked(&scores));
        row.extend(decided(scores.accepted.as_ref()));
        row.extend(decided(scores.extracted.as_ref()));
        rows.push(row);
    }
    let mut header = vec!["gold", "queries"];
    header.extend(METRICS.map(|(name, _)| name));
    header.extend(["links: precision", "links: recall", "mentions: precision", "mentions: recall"]);
    let mut tables = vec![table(&header, &rows)];
    if let Some(report) = own(&shared)? {
        tables.push(format!("Our own gold against {}:\n\n{}", report.taxonomy, languages(&report)));
        tables.push(format!("The same, decisions beside plain lookups of labels:\n\n{}", decisions(&report)));
        tables.push(format!("What each lane is worth there, RP@5 and MRR:\n\n{}", lanes(&report)));
        let tune = report.sets.iter().find(|set| set.name == TUNE).context("no gold for choosing")?;
        tables.push(format!("What still fails, from the part for choosing:\n\n{}", errors(tune)));
    }
    Ok(tables.join("\n"))
}

/// Sets with their use, then a group's name and scores.
fn groups(report: &Report) -> impl Iterator<Item = (String, &Scores)> {
    report.sets.iter().flat_map(|set| {
        let used = OWN.iter().find(|(name, _)| *name == set.name).map_or("", |(_, used)| used);
        let all = std::iter::once(("all", &set.all));
        let languages = set.languages.iter().map(|(lang, scores)| (lang.as_str(), scores));
        all.chain(languages).map(move |(name, scores)| (format!("{used}, {name}"), scores))
    })
}

fn languages(report: &Report) -> String {
    let rows = groups(report).map(|(name, scores)| {
        let mut row = vec![name, thousands(scores.n as u64)];
        row.extend(ranked(scores));
        row.push(scores.spans.map_or_else(dash, |spans| shown(&spans.overlap.f1)));
        row.push(scores.calibration.as_ref().map_or_else(dash, |c| shown(&c.expected_error)));
        row
    });
    let mut header = vec!["set, language", "queries"];
    header.extend(METRICS.map(|(name, _)| name));
    header.extend(["spans, overlapping: F1", "calibration error"]);
    table(&header, &rows.collect::<Vec<_>>())
}

fn decisions(report: &Report) -> String {
    let mut rows = Vec::new();
    for (name, scores) in groups(report) {
        let own = [("link", scores.accepted.as_ref()), ("extract", scores.extracted.as_ref())];
        let baselines = scores.baselines.iter().map(|(by, sets)| (by.as_str(), Some(sets)));
        for (by, sets) in own.into_iter().chain(baselines).filter(|(_, sets)| sets.is_some()) {
            let mut row = vec![name.clone(), by.to_owned()];
            row.extend(decided(sets));
            row.push(scores.false_alarms.get(by).map_or_else(dash, |alarms| shown(&alarms.share)));
            rows.push(row);
        }
    }
    table(&["set, language", "by", "precision", "recall", "negatives with a skill"], &rows)
}

/// Of the surest errors and the deepest misses every so many.
fn errors(set: &SetReport) -> String {
    let cell = |text: &str| text.replace('|', "/").replace('\n', " ");
    let wrong = set
        .examples
        .wrong
        .iter()
        .step_by(ERRORS.1)
        .map(|e| vec![format!("accepted by {} at {:.2}", e.by, e.score), cell(&e.text), cell(&e.name)]);
    let missed = set.examples.missed.iter().step_by(ERRORS.1).map(|e| {
        let rank = e.rank.map_or_else(|| "not ranked".to_owned(), |rank| format!("ranked {rank}"));
        vec![format!("missed, {rank}"), cell(&e.text), cell(&e.name)]
    });
    table(&["what", "text", "skill"], &wrong.chain(missed).collect::<Vec<_>>())
}

fn lanes(report: &Report) -> String {
    let mut rows = Vec::new();
    for set in &report.sets {
        let used = OWN.iter().find(|(name, _)| *name == set.name).map_or("", |(_, used)| used);
        for lane in &set.all.ablation {
            let change = |e: &Estimate| format!("{:+.1} [{:+.1}, {:+.1}]", e.value, e.low, e.high);
            rows.push(vec![
                format!("{used}, {}", lane.lane),
                change(&lane.without.rp5_change),
                change(&lane.without.mrr_change),
                shown(&lane.alone.rp5),
                shown(&lane.alone.mrr),
            ]);
        }
    }
    table(&["set, lane", "RP@5 without it", "MRR without it", "RP@5 alone", "MRR alone"], &rows)
}
