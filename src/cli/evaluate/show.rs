//! Scores as tables for a terminal.

use crate::cli::table::aligned;
use crate::evaluate::{Calibration, Estimate, Examples, Report, Scores, SetReport, SetScores, TextKind};

/// A group of texts with its name.
type Group<'r> = (String, &'r Scores);
/// Ranking metrics of the first and of the second table.
const RANKED: [[(&str, &str); 5]; 2] = [
    [("RP@1", "rp@1"), ("RP@5", "rp@5"), ("RP@10", "rp@10"), ("MRR", "mrr"), ("MAP", "map")],
    [
        ("R-precision", "r_precision"),
        ("recall@5", "recall@5"),
        ("recall@10", "recall@10"),
        ("recall@50", "recall@50"),
        ("hit@10", "hit@10"),
    ],
];

/// Every set of a report.
pub fn lines(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("against {}; percent, with 95 % intervals", report.taxonomy)];
    report.sets.iter().for_each(|set| of_set(set, &mut lines));
    lines
}

fn of_set(set: &SetReport, lines: &mut Vec<String>) {
    let all = &set.all;
    lines.push(String::new());
    lines.push(format!(
        "{}: {} queries ({} without a known answer dropped, {} answers unknown to the taxonomy), {} negatives",
        set.name, all.n, all.dropped_query_count, all.unknown_answer_count, all.negative_count
    ));
    let groups = groups(set);
    for (heading, metrics) in ["ranking", "ranking, further metrics"].into_iter().zip(RANKED) {
        table(lines, heading, &rankings(&groups, &metrics));
    }
    table(lines, "accepted sets", &accepted(&groups));
    table(lines, "spans of accepted mentions", &spans(&groups));
    table(lines, "negatives with an accepted skill", &false_alarms(&groups));
    table(lines, "calibration of link scores", &calibrations(&groups));
    if let Some(calibration) = &all.calibration {
        table(lines, "scores of links in bins", &bins(calibration));
    }
    table(lines, "ablation: RP@5 and MRR, and their change", &ablation(all));
    examples(lines, &set.examples);
}

/// All texts, then languages and kinds where there are several.
fn groups(set: &SetReport) -> Vec<Group<'_>> {
    let mut groups = vec![("all".to_owned(), &set.all)];
    for parts in [&set.languages, &set.kinds] {
        if parts.len() > 1 {
            groups.extend(parts.iter().map(|(name, scores)| (name.clone(), scores)));
        }
    }
    groups
}

/// A heading and its rows, of which the first names the columns; nothing without further rows.
fn table(lines: &mut Vec<String>, heading: &str, rows: &[Vec<String>]) {
    if rows.len() > 1 {
        lines.push(format!("\n  {heading}"));
        lines.extend(aligned(rows).into_iter().map(|line| format!("  {line}")));
    }
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn shown(e: &Estimate) -> String {
    format!("{:.1} [{:.1}, {:.1}]", e.value, e.low, e.high)
}

fn changed(e: &Estimate) -> String {
    format!("{:+.1} [{:+.1}, {:+.1}]", e.value, e.low, e.high)
}

fn rankings(groups: &[Group<'_>], metrics: &[(&str, &str)]) -> Vec<Vec<String>> {
    let header = ["", "n"].into_iter().chain(metrics.iter().map(|(shown, _)| *shown));
    let mut rows = vec![header.map(str::to_owned).collect::<Vec<_>>()];
    for (name, scores) in groups.iter().filter(|(_, scores)| scores.n > 0) {
        let mut cells = vec![name.clone(), scores.n.to_string()];
        cells.extend(metrics.iter().map(|(_, key)| scores.ranking.get(*key).map(shown).unwrap_or_default()));
        rows.push(cells);
    }
    rows
}

fn set_cells(name: &str, by: &str, sets: &SetScores) -> Vec<String> {
    let counts = format!("{} / {} / {}", sets.right_count, sets.accepted_count, sets.gold_count);
    vec![name.to_owned(), by.to_owned(), shown(&sets.precision), shown(&sets.recall), shown(&sets.f1), counts]
}

fn accepted(groups: &[Group<'_>]) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["", "by", "precision", "recall", "F1", "right / accepted / gold"])];
    for (name, scores) in groups {
        let own = [("link", scores.accepted.as_ref()), ("extract", scores.extracted.as_ref())];
        let baselines = scores.baselines.iter().map(|(by, sets)| (by.as_str(), Some(sets)));
        let all = own.into_iter().chain(baselines);
        rows.extend(all.filter_map(|(by, sets)| Some(set_cells(name, by, sets?))));
    }
    rows
}

fn spans(groups: &[Group<'_>]) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["", "match", "precision", "recall", "F1", "right / found / marked"])];
    for (name, spans) in groups.iter().filter_map(|(name, scores)| Some((name, scores.spans.as_ref()?))) {
        rows.push(set_cells(name, "exact", &spans.exact));
        rows.push(set_cells(name, "overlap", &spans.overlap));
    }
    rows
}

fn false_alarms(groups: &[Group<'_>]) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["", "by", "share", "texts"])];
    // The kind of negatives says what all says.
    for (name, scores) in groups.iter().filter(|(name, _)| name != TextKind::Negative.name()) {
        for (by, alarms) in &scores.false_alarms {
            let texts = format!("{} of {}", alarms.alarm_count, alarms.negative_count);
            rows.push(vec![name.clone(), by.clone(), shown(&alarms.share), texts]);
        }
    }
    rows
}

fn calibrations(groups: &[Group<'_>]) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["", "links", "expected error", "Brier x 100"])];
    for (name, found) in groups.iter().filter_map(|(name, scores)| Some((name, scores.calibration.as_ref()?))) {
        rows.push(vec![name.clone(), found.n.to_string(), shown(&found.expected_error), shown(&found.brier)]);
    }
    rows
}

fn bins(calibration: &Calibration) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["from", "links", "mean score", "share right"])];
    let cell = |x: f64| format!("{x:.1}");
    rows.extend(
        calibration.bins.iter().map(|bin| {
            vec![format!("{:.0}", bin.from), bin.n.to_string(), cell(bin.mean_score), cell(bin.right_share)]
        }),
    );
    rows
}

fn ablation(scores: &Scores) -> Vec<Vec<String>> {
    let mut rows = vec![row(&["lane", "without: RP@5", "change", "MRR", "change", "alone: RP@5", "MRR"])];
    for lane in &scores.ablation {
        let value = |e: &Estimate| format!("{:.1}", e.value);
        rows.push(vec![
            lane.lane.clone(),
            value(&lane.without.rp5),
            changed(&lane.without.rp5_change),
            value(&lane.without.mrr),
            changed(&lane.without.mrr_change),
            shown(&lane.alone.rp5),
            shown(&lane.alone.mrr),
        ]);
    }
    rows
}

fn examples(lines: &mut Vec<String>, examples: &Examples) {
    if !examples.wrong.is_empty() {
        lines.push("\n  accepted and wrong, surest first".to_owned());
    }
    for wrong in &examples.wrong {
        lines.push(format!("  {:.2} by {}: {} in {} \"{}\"", wrong.score, wrong.by, wrong.name, wrong.id, wrong.text));
    }
    if !examples.missed.is_empty() {
        lines.push("\n  right and missed, deepest first".to_owned());
    }
    for missed in &examples.missed {
        let rank = missed.rank.map_or("not ranked".to_owned(), |rank| format!("rank {rank}"));
        let lane = missed.lane.as_ref().map(|lane| format!(", most by {lane}")).unwrap_or_default();
        lines.push(format!("  {rank}{lane}: {} in {} \"{}\"", missed.name, missed.id, missed.text));
    }
}
