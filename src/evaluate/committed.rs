//! Scores kept beside the gold, so that a change that lowers one is seen.

use super::{EvaluateError, Report, Scores, SetScores};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Points a score may fall without being a failure.
pub const TOLERANCE: f64 = 1.0;
/// Ranking metrics that are kept.
const KEPT: [&str; 4] = ["rp@1", "rp@5", "rp@10", "mrr"];
/// Score that says how much gold there was; it must not change unseen.
const TEXTS: &str = "texts";

/// Score by name, percent; `texts` is a count.
pub type Row = BTreeMap<String, f64>;

/// Rows by taxonomy, gold set, and language (`all` is every language).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommittedScores(pub BTreeMap<String, BTreeMap<String, BTreeMap<String, Row>>>);

/// A score that fell, vanished, or was never written.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreDrop {
    /// Taxonomy, set, language and score.
    pub score: String,
    /// As committed.
    pub old: Option<f64>,
    /// As measured.
    pub new: Option<f64>,
}

impl std::fmt::Display for ScoreDrop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |value: Option<f64>| value.map_or("none".to_owned(), |value| value.to_string());
        write!(f, "{}: committed {}, now {}", self.score, shown(self.old), shown(self.new))
    }
}

/// Whether less is better.
fn is_cost(score: &str) -> bool {
    score.starts_with("false_alarms") || score == "calibration_error"
}

impl CommittedScores {
    /// What a report says, under the name of its taxonomy.
    pub fn of(report: &Report) -> Self {
        let mut sets = BTreeMap::new();
        for set in &report.sets {
            let languages = set.languages.iter().map(|(lang, scores)| (lang.clone(), row(scores)));
            let all = std::iter::once(("all".to_owned(), row(&set.all)));
            sets.insert(set.name.clone(), languages.chain(all).collect());
        }
        Self(BTreeMap::from([(section(&report.taxonomy), sets)]))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it is not TOML of this shape.
    pub fn parse(text: &str) -> Result<Self, EvaluateError> {
        toml::from_str(text).map_err(|source| EvaluateError::Committed { source: Box::new(source) })
    }

    /// These scores with those of `newer` in their place, taxonomy by taxonomy.
    pub fn replaced_by(mut self, newer: Self) -> Self {
        self.0.extend(newer.0);
        self
    }

    /// The file, with a comment that says where it comes from.
    pub fn to_toml(&self) -> String {
        let mut text = "# Scores of the gold in this folder, percent; `texts` is a count. A test fails when one gets worse by more\n\
            # than a point. Written by `skillgap evaluate --write-scores`, or all at once by\n\
            # BLESS=1 cargo test --test it committed_gold\n"
            .to_owned();
        for (taxonomy, sets) in &self.0 {
            for (set, rows) in sets {
                for (lang, row) in rows {
                    let key = |name: &str| toml::Value::from(name).to_string();
                    text.push_str(&format!("\n[{}.{}.{}]\n", key(taxonomy), key(set), key(lang)));
                    row.iter().for_each(|(score, value)| text.push_str(&format!("{} = {value:?}\n", key(score))));
                }
            }
        }
        text
    }

    /// Scores worse than these by more than [`TOLERANCE`], counts that changed, and what only one side has, for every
    /// taxonomy of `now`.
    pub fn drops(&self, now: &Self) -> Vec<ScoreDrop> {
        let mut drops = Vec::new();
        let (old, new) = (self.flat(now), now.flat(now));
        let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let (old, new) = (old.get(name).copied(), new.get(name).copied());
            let worse = match (old, new) {
                (Some(old), Some(new)) => is_worse(name, old, new),
                _ => true,
            };
            if worse {
                drops.push(ScoreDrop { score: name.clone(), old, new });
            }
        }
        drops
    }

    /// Every score of the taxonomies that `of` has, by its full name.
    fn flat(&self, of: &Self) -> BTreeMap<String, f64> {
        let mut flat = BTreeMap::new();
        for (taxonomy, sets) in self.0.iter().filter(|(taxonomy, _)| of.0.contains_key(*taxonomy)) {
            for (set, rows) in sets {
                for (lang, row) in rows {
                    let named = row.iter().map(|(score, v)| (format!("{taxonomy} / {set} / {lang} / {score}"), *v));
                    flat.extend(named);
                }
            }
        }
        flat
    }
}

fn is_worse(name: &str, old: f64, new: f64) -> bool {
    // Scores are kept with two decimals; a thousandth of a point is rounding.
    const ROUNDING: f64 = 0.001;
    let score = name.rsplit(" / ").next().unwrap_or(name);
    match score {
        TEXTS => (old - new).abs() > ROUNDING,
        _ if is_cost(score) => new > old + TOLERANCE + ROUNDING,
        _ => new < old - TOLERANCE - ROUNDING,
    }
}

/// Layers of our own carry the program's version, which is no change of theirs.
fn section(taxonomy: &str) -> String {
    taxonomy.replace(concat!(" ", env!("CARGO_PKG_VERSION")), "")
}

fn row(scores: &Scores) -> Row {
    let texts = scores.n + scores.dropped_query_count + scores.negative_count;
    let mut row = Row::from([(TEXTS.to_owned(), texts as f64)]);
    for metric in KEPT {
        row.extend(scores.ranking.get(metric).map(|estimate| (metric.to_owned(), estimate.value)));
    }
    let mut sets = |name: &str, sets: Option<&SetScores>| {
        let Some(sets) = sets else { return };
        row.insert(format!("{name}_precision"), sets.precision.value);
        row.insert(format!("{name}_recall"), sets.recall.value);
    };
    sets("accepted", scores.accepted.as_ref());
    sets("extracted", scores.extracted.as_ref());
    if let Some(spans) = &scores.spans {
        row.insert("span_exact_f1".to_owned(), spans.exact.f1.value);
        row.insert("span_overlap_f1".to_owned(), spans.overlap.f1.value);
    }
    if let Some(calibration) = &scores.calibration {
        row.insert("calibration_error".to_owned(), calibration.expected_error.value);
    }
    for system in ["link", "extract"] {
        let alarms = scores.false_alarms.get(system).map(|a| (format!("false_alarms_{system}"), a.share.value));
        row.extend(alarms);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn committed(text: &str) -> CommittedScores {
        CommittedScores::parse(text).unwrap()
    }

    #[test]
    fn a_score_that_falls_by_more_than_a_point_is_named_with_old_and_new() {
        let old =
            committed("[t.s.en]\n'rp@5' = 60.0\nmrr = 50\nfalse_alarms_link = 2.0\ntexts = 10\n[other.s.en]\nmrr = 1");
        let same = committed("[t.s.en]\n'rp@5' = 59.0\nmrr = 80\nfalse_alarms_link = 3.0\ntexts = 10");
        assert_eq!(old.drops(&same), []);
        let worse =
            committed("[t.s.en]\n'rp@5' = 58.9\nmrr = 50\nfalse_alarms_link = 3.1\ntexts = 11\n[t.s.ca]\nmrr = 3");
        let shown: Vec<String> = old.drops(&worse).iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "t / s / ca / mrr: committed none, now 3",
                "t / s / en / false_alarms_link: committed 2, now 3.1",
                "t / s / en / rp@5: committed 60, now 58.9",
                "t / s / en / texts: committed 10, now 11",
            ]
        );
    }

    #[test]
    fn what_is_written_is_read_back_and_other_taxonomies_stay() {
        let old = committed("['ESCO v1 (en)'.tune.all]\n'rp@5' = 1.5\n[starter.tune.en]\nmrr = 1.0");
        let both = old.replaced_by(committed("[starter.tune.all]\nmrr = 2.25"));
        let again = committed(&both.to_toml());
        assert_eq!(again, both);
        assert_eq!(again.0["ESCO v1 (en)"]["tune"]["all"]["rp@5"], 1.5);
        assert_eq!(again.0["starter"]["tune"].keys().collect::<Vec<_>>(), ["all"]);
    }
}
