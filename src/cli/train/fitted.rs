//! What a fit found: tables for a terminal, JSON, and the heads of the files of weights.

use crate::cli::progress::printable;
use crate::cli::table::aligned;
use crate::train::{CutScore, Cuts, DecisionFit, FOLDS, RankingFit, TitleFit};
use std::collections::BTreeMap;

/// A fit with what it was made from.
pub struct Fitted {
    /// What was typed.
    pub command: String,
    /// Taxonomies; the first was ranked.
    pub versions: Vec<String>,
    /// Sets and their texts.
    pub gold: Vec<(String, usize)>,
    /// Weights of the lanes.
    pub ranking: RankingFit,
    /// Weights for titles, where some were given.
    pub titles: Option<TitleFit>,
    /// Weights of the decision.
    pub decision: DecisionFit,
}

/// All sets together.
const ALL: &str = "all";

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn shown(name: &str) -> &str {
    if name.is_empty() { ALL } else { name }
}

impl Fitted {
    /// Held-out figures of both fits.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("ranking, held out in {FOLDS} folds, percent")];
        lines.extend(indented(&ranking_rows(&self.ranking.held_out)));
        lines.push(String::new());
        lines.extend(self.titles.iter().flat_map(title_lines));
        let decisions = [("links", &self.decision.link_cuts), ("mentions", &self.decision.mention_cuts)];
        for (what, cuts) in decisions {
            lines.push(format!("{what}, held out in {FOLDS} folds, percent; false alarms: texts that ask for nothing"));
            lines.extend(indented(&cut_rows(cuts, |_| true)));
        }
        lines.iter().map(|line| printable(line)).collect()
    }

    /// The same for other programs.
    pub fn to_json(&self) -> serde_json::Value {
        let held_out = self
            .ranking
            .held_out
            .iter()
            .map(|(set, [rp5, mrr, n])| serde_json::json!({ "set": set, "rp@5": rp5, "mrr": mrr, "n": n }));
        let cut = |c: &CutScore| {
            let (precision, recall, false_alarms) = (c.precision, c.recall, c.false_alarms);
            serde_json::json!({ "cut": c.cut, "precision": precision, "recall": recall, "false_alarms": false_alarms })
        };
        let all = |cuts: &Cuts| -> Vec<serde_json::Value> {
            let set = |(set, cuts): &(String, Vec<CutScore>)| serde_json::json!({ "set": shown(set), "cuts": cuts.iter().map(cut).collect::<Vec<_>>() });
            cuts.iter().map(set).collect()
        };
        serde_json::json!({
            "folds": FOLDS,
            "taxonomies": self.versions,
            "ranking": held_out.collect::<Vec<_>>(),
            "links": all(&self.decision.link_cuts),
            "mentions": all(&self.decision.mention_cuts),
        })
    }

    /// Comment that stands before the weights of the lanes.
    pub fn ranking_head(&self) -> String {
        let mut lines = self.origin("rank skills");
        lines.push(format!("Held out in {FOLDS} folds, percent:"));
        lines.extend(indented(&ranking_rows(&self.ranking.held_out)));
        lines.extend(self.titles.iter().flat_map(title_lines));
        let kept = if self.titles.is_some() { "[occupation_list] is" } else { "The tables of occupations are" };
        lines.push(format!("{kept} not fitted here but as this version has it."));
        commented(&lines)
    }

    /// Comment that stands before the weights of the decision: all cuts together, then each set at the one in use.
    pub fn decision_head(&self, cuts: &Cuts, accept: f32) -> String {
        let mut lines = self.origin("decide which of the proposed skills are right");
        lines.push(format!("Held out in {FOLDS} folds, percent; false alarms: texts that ask for nothing."));
        let in_use = |(set, cut): (&str, f32)| set.is_empty() || (cut - accept).abs() < 1e-6;
        lines.extend(indented(&cut_rows(cuts, in_use)));
        commented(&lines)
    }

    /// Comment that stands before the weights that tell idle texts.
    pub fn idle_head(&self) -> String {
        let lines = self.origin("tell texts that ask for nothing, with the idle sentences of data/training");
        commented(&lines)
    }

    fn origin(&self, what: &str) -> Vec<String> {
        let sets = self.gold.iter().map(|(set, count)| format!("{set} ({count} texts)"));
        vec![
            format!("Weights that {what}, made by skillgap {} with", env!("CARGO_PKG_VERSION")),
            format!("  {}", self.command),
            format!("Taxonomies: {}.", numbered(&self.versions)),
            format!("Gold: {}.", sets.collect::<Vec<_>>().join(", ")),
        ]
    }
}

fn ranking_rows(held: &BTreeMap<String, [f64; 3]>) -> Vec<Vec<String>> {
    let mut rows = vec![row(["set", "texts", "RP@5", "MRR"])];
    let figures = |set: &str, [rp5, mrr, n]: [f64; 3]| {
        vec![set.to_owned(), format!("{n:.0}"), format!("{rp5:.1}"), format!("{mrr:.1}")]
    };
    let total: f64 = held.values().map(|x| x[2]).sum();
    let mean = |k: usize| held.values().map(|x| x[k] * x[2]).sum::<f64>() / total.max(1.0);
    rows.push(figures(ALL, [mean(0), mean(1), total]));
    rows.extend(held.iter().map(|(set, values)| figures(set, *values)));
    rows
}

/// Held-out figures of titles.
fn title_lines(fit: &TitleFit) -> Vec<String> {
    let mut lines = vec![format!("titles, held out in {FOLDS} folds, percent")];
    lines.extend(indented(&ranking_rows(&fit.held_out)));
    lines.push(
        "right unit group of ISCO-08 among titles coded from a probability on; share of all titles so coded".to_owned(),
    );
    lines.extend(indented(&cut_rows(&fit.cuts, |(set, _)| set.is_empty())));
    lines
}

fn cut_rows(cuts: &Cuts, wanted: impl Fn((&str, f32)) -> bool) -> Vec<Vec<String>> {
    let mut rows = vec![row(["set", "cut", "precision", "recall", "false alarms"])];
    for (set, cuts) in cuts {
        for score in cuts.iter().filter(|score| wanted((set.as_str(), score.cut))) {
            let figures = [score.precision, score.recall, score.false_alarms].map(|x| format!("{x:.1}"));
            rows.push([vec![shown(set).to_owned(), score.cut.to_string()], figures.to_vec()].concat());
        }
    }
    rows
}

/// `(1) a; (2) b`
fn numbered(versions: &[String]) -> String {
    versions.iter().zip(1..).map(|(version, n)| format!("({n}) {version}")).collect::<Vec<_>>().join("; ")
}

fn indented(rows: &[Vec<String>]) -> Vec<String> {
    aligned(rows).into_iter().map(|line| format!("  {line}")).collect()
}

/// Lines as a comment of TOML, in which no control character may stand.
fn commented(lines: &[String]) -> String {
    let clean = |line: &String| line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>();
    lines.iter().map(|line| format!("# {}\n", clean(line))).collect()
}
