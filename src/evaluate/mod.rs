//! Gold x answers -> scores: ranking metrics, accepted sets, spans, calibration, ablation and examples, with intervals.
//!
//! Definitions follow the published tables (Decorte et al. 2022, 2023; IReRa; MELO). Values are percent. No file is read
//! here and nothing is ranked: the command line hands in gold lines and what each part of the program answers.

mod ablation;
mod calibration;
mod committed;
mod estimate;
mod examples;
mod gold;
mod ranking;
mod sets;
mod spans;

pub use ablation::{LaneAblation, Variant};
pub use calibration::{Bin, Calibration};
pub use committed::{CommittedScores, ScoreDrop, TOLERANCE};
pub use estimate::Estimate;
pub use examples::{Examples, Missed, Wrong};
pub use gold::{GoldSet, Query, Span, TextKind, read_gold, read_gold_as};
pub use ranking::{Headline, METRICS, headline};
pub use sets::{FalseAlarms, SetScores};
pub use spans::SpanScores;

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// Not the JSON expected.
    #[error(
        "gold line {line}: {source}; each line is {{\"id\", \"text\", \"lang\", \"gold\": [uri, ...], \"kind\"?, \"spans\"?}}"
    )]
    Gold {
        /// Line number from 1.
        line: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// Two queries with one id.
    #[error("gold line {line}: id '{id}' was used before; give every query its own id")]
    SameId {
        /// Line number from 1.
        line: usize,
        /// The id.
        id: String,
    },
    /// A negative that names skills.
    #[error("gold line {line}: '{id}' is of kind negative and has gold; make it a sentence or take its gold out")]
    NegativeWithGold {
        /// Line number from 1.
        line: usize,
        /// The id.
        id: String,
    },
    /// A span that is no part of the text.
    #[error(
        "gold line {line}: '{id}' marks {start}..{end}, which is no part of its text of {bytes} bytes; count bytes of \
         UTF-8 from 0, the end not included"
    )]
    Span {
        /// Line number from 1.
        line: usize,
        /// The id.
        id: String,
        /// First byte.
        start: usize,
        /// One past the last.
        end: usize,
        /// Length of the text.
        bytes: usize,
    },
    /// A span whose skill is no answer.
    #[error("gold line {line}: '{id}' marks a span of '{uri}', which is not in its gold; add it there")]
    SpanWithoutGold {
        /// Line number from 1.
        line: usize,
        /// The id.
        id: String,
        /// The skill.
        uri: String,
    },
    /// Committed scores of another shape.
    #[error("not committed scores: {source}; they are written by skillgap evaluate --write-scores")]
    Committed {
        /// What the TOML reader says.
        source: Box<toml::de::Error>,
    },
}

/// A concept of a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedConcept<'a> {
    /// Its URI.
    pub uri: &'a str,
    /// The lane that spoke loudest for it.
    pub lane: &'a str,
}

/// A skill that was found, accepted or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<'a> {
    /// Its URI.
    pub uri: &'a str,
    /// How sure, 0..=1.
    pub score: f64,
    /// Whether it counts.
    pub accepted: bool,
    /// Bytes of the words that show it, where they are known.
    pub span: Option<(usize, usize)>,
}

/// What the program says of one text. What was not asked for is absent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer<'a> {
    /// Best first.
    pub ranked: Vec<RankedConcept<'a>>,
    /// The linker's links.
    pub links: Option<Vec<Hit<'a>>>,
    /// The extractor's mentions when the text is read as a posting's requirement.
    pub mentions: Option<Vec<Hit<'a>>>,
    /// Skills that a baseline accepts, by its name.
    pub baselines: BTreeMap<&'static str, BTreeSet<&'a str>>,
    /// Per lane: headline without it and with it alone.
    pub ablated: Vec<[Headline; 2]>,
}

/// A text with its answer.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The text.
    pub query: &'a Query,
    /// What is said of it.
    pub answer: &'a Answer<'a>,
}

/// Everything measured over some texts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scores {
    /// Queries ranked.
    pub n: usize,
    /// Answers the taxonomy does not have, dropped from gold.
    pub unknown_answer_count: usize,
    /// Sentences and outcomes not ranked because no answer was left; what is accepted in them is wrong.
    pub dropped_query_count: usize,
    /// Texts of kind negative.
    pub negative_count: usize,
    /// Ranking metrics by name, percent.
    pub ranking: BTreeMap<String, Estimate>,
    /// Accepted links.
    pub accepted: Option<SetScores>,
    /// Skills of accepted mentions, each once a text.
    pub extracted: Option<SetScores>,
    /// Baselines by name.
    pub baselines: BTreeMap<String, SetScores>,
    /// Accepted mentions against marked spans.
    pub spans: Option<SpanScores>,
    /// Scores of all links, of texts that are no negatives.
    pub calibration: Option<Calibration>,
    /// Negatives with an accepted skill, by who accepts: `link`, `extract` and the baselines.
    pub false_alarms: BTreeMap<String, FalseAlarms>,
    /// Lanes, where their ablation was asked for.
    pub ablation: Vec<LaneAblation>,
}

/// Scores of one gold set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetReport {
    /// Name of the file or folder.
    pub name: String,
    /// Every text.
    pub all: Scores,
    /// By language code.
    pub languages: BTreeMap<String, Scores>,
    /// By kind of text.
    pub kinds: BTreeMap<String, Scores>,
    /// What went wrong, worst first.
    pub examples: Examples,
}

/// Scores of every gold set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Name and version of what is ranked.
    pub taxonomy: String,
    /// Over all sets together.
    #[serde(flatten)]
    pub pooled: Scores,
    /// Set by set.
    pub sets: Vec<SetReport>,
}

/// How a set is told.
pub struct SetSpec<'s> {
    /// Name of the file or folder.
    pub name: &'s str,
    /// Lanes of [`Answer::ablated`].
    pub lanes: &'s [&'static str],
    /// Examples of each kind.
    pub example_count: usize,
    /// Name of a concept by URI and language code.
    pub concept_name: &'s dyn Fn(&str, &str) -> String,
}

/// Scores of a set: all of it, by language and by kind.
pub fn score_set(cases: &[Case<'_>], spec: &SetSpec<'_>) -> SetReport {
    let all = score(cases, spec.lanes);
    let grouped = |of: &dyn Fn(&Query) -> String| -> BTreeMap<String, Scores> {
        let mut groups: BTreeMap<String, Vec<Case<'_>>> = BTreeMap::new();
        cases.iter().for_each(|case| groups.entry(of(case.query)).or_default().push(*case));
        // Most sets are of one kind or language: the same texts have the same scores.
        let scored = |group: Vec<Case<'_>>| {
            if group.len() == cases.len() { all.clone() } else { score(&group, spec.lanes) }
        };
        groups.into_iter().map(|(name, group)| (name, scored(group))).collect()
    };
    SetReport {
        name: spec.name.to_owned(),
        languages: grouped(&|query| query.language().to_owned()),
        kinds: grouped(&|query| query.text_kind().name().to_owned()),
        examples: Examples::of(cases, spec.example_count, spec.concept_name),
        all,
    }
}

/// Scores of texts; `lanes` names those of [`Answer::ablated`].
pub fn score(cases: &[Case<'_>], lanes: &[&str]) -> Scores {
    let ranked: Vec<&Case<'_>> = cases.iter().filter(|case| case.query.is_ranked()).collect();
    let (negatives, texts): (Vec<&Case<'_>>, Vec<&Case<'_>>) =
        cases.iter().partition(|case| case.query.text_kind() == TextKind::Negative);
    let rows: Vec<ranking::MetricRow> = ranked
        .iter()
        .map(|case| ranking::rank_metrics(&case.query.gold, case.answer.ranked.iter().map(|r| r.uri)))
        .collect();
    Scores {
        n: ranked.len(),
        unknown_answer_count: cases.iter().map(|case| case.query.unknown_answer_count).sum(),
        dropped_query_count: texts.len() - ranked.len(),
        negative_count: negatives.len(),
        ranking: ranking::summary(&rows),
        accepted: set_scores(&texts, "link"),
        extracted: set_scores(&texts, "extract"),
        baselines: baselines(cases).filter_map(|name| Some((name.to_owned(), set_scores(&texts, name)?))).collect(),
        spans: spans::span_scores(&texts.iter().filter_map(|case| span_counts(case)).collect::<Vec<_>>()),
        calibration: calibration::calibration(&texts.iter().map(|case| scored_links(case)).collect::<Vec<_>>()),
        false_alarms: false_alarms(cases, &negatives),
        ablation: lanes.iter().enumerate().map(|(at, lane)| ablation(lane, at, &ranked, &rows)).collect(),
    }
}

/// Names of the baselines that were asked for.
fn baselines<'c>(cases: &'c [Case<'_>]) -> impl Iterator<Item = &'static str> + 'c {
    cases.first().into_iter().flat_map(|case| case.answer.baselines.keys().copied())
}

/// What `system` accepts in a text: `link`, `extract` or a baseline; none when it was not asked.
fn accepted<'a>(answer: &Answer<'a>, system: &str) -> Option<BTreeSet<&'a str>> {
    let hits = match system {
        "link" => answer.links.as_ref()?,
        "extract" => answer.mentions.as_ref()?,
        baseline => return answer.baselines.get(baseline).cloned(),
    };
    Some(hits.iter().filter(|hit| hit.accepted).map(|hit| hit.uri).collect())
}

fn set_scores(texts: &[&Case<'_>], system: &str) -> Option<SetScores> {
    let rows: Option<Vec<sets::Counts>> =
        texts.iter().map(|case| Some(sets::counts(&case.query.gold, &accepted(case.answer, system)?))).collect();
    rows.filter(|rows| !rows.is_empty()).map(|rows| sets::set_scores(&rows))
}

fn false_alarms(cases: &[Case<'_>], negatives: &[&Case<'_>]) -> BTreeMap<String, FalseAlarms> {
    let mut alarms = BTreeMap::new();
    for system in ["link", "extract"].into_iter().chain(baselines(cases)) {
        let rows: Option<Vec<bool>> =
            negatives.iter().map(|case| accepted(case.answer, system).map(|set| !set.is_empty())).collect();
        if let Some(rows) = rows.filter(|rows| !rows.is_empty()) {
            alarms.insert(system.to_owned(), FalseAlarms::of(&rows));
        }
    }
    alarms
}

fn span_counts(case: &Case<'_>) -> Option<[sets::Counts; 2]> {
    let (marked, mentions) = (case.query.spans.as_ref()?, case.answer.mentions.as_ref()?);
    let found: Vec<spans::Found<'_>> = mentions
        .iter()
        .filter(|hit| hit.accepted)
        .filter_map(|hit| hit.span.map(|(start, end)| (hit.uri, start, end)))
        .collect();
    Some(spans::span_counts(marked, &found))
}

fn scored_links(case: &Case<'_>) -> Vec<calibration::Scored> {
    let right = |uri: &str| case.query.gold.iter().any(|gold| gold == uri);
    case.answer.links.iter().flatten().map(|hit| (hit.score, right(hit.uri))).collect()
}

fn ablation(lane: &str, at: usize, ranked: &[&Case<'_>], rows: &[ranking::MetricRow]) -> LaneAblation {
    let changed = |which: usize| {
        let pairs = ranked.iter().zip(rows).filter_map(|(case, row)| {
            Some((ranking::headline_of(row), case.answer.ablated.get(at)?.get(which).copied()?))
        });
        ablation::variant(&pairs.collect::<Vec<_>>())
    };
    LaneAblation { lane: lane.to_owned(), without: changed(0), alone: changed(1) }
}

#[cfg(test)]
mod tests;
