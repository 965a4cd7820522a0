//! `[review]`: what people decided of earlier reports, kept in one register, and what it changes in the next run.
//!
//! Matches change `link`, terms the taxonomy of `clean`, judged mentions the correction of `measure`; priorities, drafted
//! outcomes and notes stand in the report beside the data and change no figure.

mod check;
mod exports;
mod judged;
mod read;
mod sample;
mod sheet;
mod terms;
mod topics;
mod workshop;

pub use check::Known;
pub(super) use check::current;
pub use exports::{EscoTerm, Exported, esco, gold};
pub(super) use judged::{add as add_judged, judged};
pub use read::{Rows, file_bytes, read_rows};
pub use sheet::sheet;
pub(super) use terms::Terms;
pub use topics::{Topic, topics};
pub(super) use workshop::tell;

use super::inputs::file_name;
use super::{Plan, RunError, Stage};
use crate::lexicon::ambiguity::surface_key;
use crate::report::csv_bytes;
use crate::store::{DataDir, hash_bytes, write_atomic};
use crate::types::{
    Choice, Decision, DecisionKind, Lang, Link, LinkEvidence, Linked, Score, SkillId, Taxonomy, Verdict, edition_name,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// `[review]` of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewTable {
    /// The one register of decisions (CSV, columns of `review.csv`); a file that is not there yet holds none.
    pub register: Option<PathBuf>,
}

/// What is wrong with a row, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Its row, the header being row 1.
    pub row: u64,
    /// The column, or `row`, `header`, `file`.
    pub column: &'static str,
    /// What stands there.
    pub value: String,
    /// What is expected, or what to do.
    pub expected: String,
}

/// Characters of a value that a message shows.
const SHOWN: usize = 80;

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value: String = self.value.chars().take(SHOWN).collect();
        let more = if value.len() < self.value.len() { "…" } else { "" };
        let Self { file, row, column, expected, .. } = self;
        write!(f, "{file}, row {row}, {column}: '{value}{more}'; expected {expected}")
    }
}

/// Faults of the register that a message of the run shows.
const FAULTS: usize = 10;

/// Every decision so far, in the order of the register.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// Its file.
    pub path: PathBuf,
    /// Decisions with their row, the header being row 1.
    pub rows: Vec<(u64, Decision)>,
}

impl Register {
    /// The plan's register; none where the plan names none.
    ///
    /// # Errors
    /// When it cannot be read or a row is wrong.
    pub fn of(plan: &Plan) -> Result<Option<Self>, RunError> {
        plan.review.register.as_ref().map(|path| Self::at(plan.folder.join(path))).transpose()
    }

    /// The one in a file; a file that is not there yet holds none.
    ///
    /// # Errors
    /// As above.
    fn at(path: PathBuf) -> Result<Self, RunError> {
        let bytes = match file_bytes(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self { path, rows: Vec::new() }),
            Err(e) => return Err(refused(format!("{}: cannot be read: {e}", path.display()))),
        };
        let read = read_rows(&file_name(&path), &bytes).map_err(|faults| refused(listed(&faults)))?;
        Ok(Self { path, rows: read.decided })
    }

    /// Adds decisions. The same row is kept once; a voice that speaks again on the same matter is heard as it spoke last,
    /// by the day it decided and else by what comes in now.
    pub fn merge(&mut self, more: impl IntoIterator<Item = Decision>) -> Merged {
        let mut kept: BTreeSet<Decision> = self.rows.drain(..).map(|(_, decision)| decision).collect();
        let before = kept.clone();
        let mut given: Vec<Decision> = more.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        given.sort_by_key(|d| d.decided_on);
        let mut merged = Merged::default();
        for decision in given {
            let same = |d: &&Decision| {
                d.kind == decision.kind && d.group == decision.group && d.decided_by == decision.decided_by
            };
            let speaking = voice(&decision);
            let is_own = |d: &&Decision| speaking.is_some() && **d != decision && voice(d) == speaking;
            let own: Vec<Decision> = kept.iter().filter(same).filter(is_own).cloned().collect();
            if before.contains(&decision) && kept.contains(&decision) {
                merged.known += 1;
            } else if own.iter().any(|d| d.decided_on > decision.decided_on) {
                merged.overruled += 1;
            } else {
                // Two sayings of one day that come in together are both kept, and told as a conflict.
                let is_past = |d: &Decision| d.decided_on < decision.decided_on || before.contains(d);
                for past in own.iter().filter(|d| is_past(d)) {
                    kept.remove(past);
                    merged.replaced += 1;
                }
                *merged.new.entry(decision.kind.name()).or_default() += 1;
                kept.insert(decision);
            }
        }
        self.rows = (2..).zip(kept).collect();
        merged
    }

    /// Takes rows out by their number.
    pub fn retire(&mut self, numbers: &BTreeSet<u64>) -> Vec<Decision> {
        let (gone, kept): (Vec<_>, Vec<_>) = self.rows.drain(..).partition(|(row, _)| numbers.contains(row));
        self.rows = (2..).zip(kept.into_iter().map(|(_, decision)| decision)).collect();
        gone.into_iter().map(|(_, decision)| decision).collect()
    }

    /// Writes it, sorted.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self) -> Result<(), RunError> {
        let rows: Vec<Decision> = self.rows.iter().map(|(_, decision)| decision.clone()).collect();
        let bytes = csv_bytes("review register", &rows).map_err(|e| refused(e.to_string()))?;
        Ok(write_atomic(&self.path, &bytes)?)
    }

    /// The rows taken out of it so far, beside it: `demo.retired.csv` of `demo.csv`.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn retired(&self) -> Result<Self, RunError> {
        Self::at(self.path.with_extension("retired.csv"))
    }

    /// What people decided upon, each with all that was said of it.
    pub fn topics(&self) -> Vec<Topic<'_>> {
        topics(self.rows.iter().map(|(row, decision)| (*row, decision)))
    }

    /// Where they differ, so that nothing is applied.
    pub fn conflicts(&self) -> Vec<Topic<'_>> {
        self.topics().into_iter().filter(|topic| !topic.is_agreed()).collect()
    }

    /// What everybody who judged it agrees on, by kind.
    fn agreed(&self, kind: DecisionKind) -> Vec<Topic<'_>> {
        self.topics().into_iter().filter(|topic| topic.kind() == Some(kind) && topic.is_agreed()).collect()
    }

    /// Rulings on matches, by outcome and skill.
    pub(super) fn rulings(&self) -> Rulings {
        let ruling = |topic: Topic<'_>| {
            let (_, last) = topic.rows.last()?;
            let key = (last.subject.clone(), last.target.clone());
            let note = format!("review {} {}", topic.groups(), last.decided_on);
            Some((key, Ruling { is_accepted: last.decision == Choice::Accept, note }))
        };
        Rulings(self.agreed(DecisionKind::Match).into_iter().filter_map(ruling).collect())
    }

    /// Judged mentions that nobody contradicts.
    pub(super) fn judged(&self) -> Vec<Decision> {
        let agreed = self.agreed(DecisionKind::Mention).into_iter();
        agreed.filter_map(|topic| topic.rows.last().map(|(_, decision)| (*decision).clone())).collect()
    }
}

/// What became of decisions that came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// New ones by kind.
    pub new: BTreeMap<&'static str, u64>,
    /// Those that were there already.
    pub known: u64,
    /// Those that took the place of an earlier saying of the same voice.
    pub replaced: u64,
    /// Those that the same voice has taken back since.
    pub overruled: u64,
}

/// Who speaks on what. Where nobody is named, nobody is known to speak again: such rows add up.
fn voice(d: &Decision) -> Option<(DecisionKind, [&str; 5], String)> {
    let edition = if matches!(d.kind, DecisionKind::Priority | DecisionKind::Note) { d.edition.as_str() } else { "" };
    let (about, text) = match d.kind {
        DecisionKind::Term => (d.language.map_or("", Lang::code), term_key(&d.text)),
        DecisionKind::Mention | DecisionKind::Outcome => (d.target.as_str(), d.text.clone()),
        DecisionKind::Match | DecisionKind::Priority | DecisionKind::Note => (d.target.as_str(), String::new()),
    };
    let said = || (d.kind, [d.group.name(), &d.decided_by, &d.subject, about, edition], text);
    (!d.decided_by.is_empty()).then(said)
}

fn refused(detail: String) -> RunError {
    RunError::Given { key: "review.register", detail }
}

/// Faults as lines, the first of many.
fn listed(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().take(FAULTS).map(ToString::to_string).collect();
    if faults.len() > FAULTS {
        lines.push(format!("and {} more", faults.len() - FAULTS));
    }
    lines.join("\n")
}

/// What a reviewer said of a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Ruling {
    is_accepted: bool,
    /// Who and when, among the evidence of the link.
    note: String,
}

/// Rulings by outcome and skill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rulings(BTreeMap<(String, String), Ruling>);

/// Evidence that keeps the score of a link before a person ruled on it.
const SCORE_BEFORE: &str = "score before review";

impl Rulings {
    /// Puts what people said in the place of the score: they know, so the match is certain or none at all.
    pub(super) fn apply(&self, linked: &mut Linked, taxonomy: &Taxonomy, language: Lang) {
        let outcome = linked.outcome.0.clone();
        let own = self.0.range((outcome.clone(), String::new())..).take_while(|((o, _), _)| *o == outcome);
        let own = own.map(|((_, skill), ruling)| (skill.as_str(), ruling));
        let own: BTreeMap<&str, &Ruling> = own.filter(|(skill, _)| taxonomy.skill_index(skill).is_some()).collect();
        if own.is_empty() {
            return;
        }
        for (skill, ruling) in &own {
            if !linked.links.iter().any(|l| l.skill.0 == *skill) {
                linked.links.push(unscored(skill, taxonomy, language));
            }
            linked.links.iter_mut().filter(|l| l.skill.0 == *skill).for_each(|link| ruling.apply(link));
        }
        // Accepted by a person first, then as they were, rejected ones last.
        let is_ruled_in = |l: &Link| own.get(l.skill.0.as_str()).is_some_and(|ruling| ruling.is_accepted);
        linked.links.sort_by_key(|l| (l.verdict == Verdict::Rejected, !is_ruled_in(l)));
        let best = linked.links.first().map(|l| l.verdict).filter(|v| *v != Verdict::Rejected);
        linked.verdict = best.unwrap_or(Verdict::Unmatched);
    }

    fn hash(&self) -> Option<String> {
        let rows: Vec<_> = self.0.iter().collect();
        part_hash(&rows, rows.is_empty())
    }
}

/// A link that only a person saw.
fn unscored(skill: &str, taxonomy: &Taxonomy, language: Lang) -> Link {
    let known = taxonomy.skill_index(skill).and_then(|i| taxonomy.skills.get(i));
    Link {
        skill: SkillId(skill.to_owned()),
        label: known.map_or(skill, |s| s.name(language)).to_owned(),
        surface: None,
        score: Score::default(),
        verdict: Verdict::Unmatched,
        evidence: Vec::new(),
    }
}

impl Ruling {
    fn apply(&self, link: &mut Link) {
        let before = link.score.get();
        let said = if self.is_accepted { 1.0 } else { 0.0 };
        link.score = Score::new(said);
        link.verdict = if self.is_accepted { Verdict::Accepted } else { Verdict::Rejected };
        let ours = [(self.note.clone(), said), (SCORE_BEFORE.to_owned(), before)];
        link.evidence.splice(0..0, ours.map(|(lane, value)| LinkEvidence { lane, value }));
    }
}

/// Hash of a part of the register; none when it is empty.
fn part_hash<T: Serialize>(part: &T, is_empty: bool) -> Option<String> {
    let text = serde_json::to_vec(part).ok()?;
    (!is_empty).then(|| hash_bytes(&text))
}

/// Names and hashes of the parts of the register that a stage depends on.
pub(super) fn hashes(plan: &Plan, stage: Stage) -> Result<BTreeMap<String, String>, RunError> {
    let Some(register) = Register::of(plan)? else { return Ok(BTreeMap::new()) };
    let terms = Terms::of(&register);
    let all: Vec<&Decision> = register.rows.iter().map(|(_, decision)| decision).collect();
    let part = match stage {
        Stage::Clean => ("review terms", terms.hash()),
        Stage::Link => ("review matches", register.rulings().hash()),
        Stage::Measure => {
            let judged = register.judged();
            ("review mentions", part_hash(&(&judged, &terms.rejected), judged.is_empty() && terms.rejected.is_empty()))
        }
        Stage::Report => ("review register", part_hash(&all, all.is_empty())),
        Stage::Acquire | Stage::Extract => return Ok(BTreeMap::new()),
    };
    Ok(part.1.map(|hash| (part.0.to_owned(), hash)).into_iter().collect())
}

/// What `check` says of the register: its decisions, or why it is refused. What they are about is looked at by a run only.
///
/// # Errors
/// The refusal in words.
pub(crate) fn register_line(plan: &Plan) -> Option<Result<String, String>> {
    match Register::of(plan) {
        Ok(register) => register.map(|r| {
            let name = file_name(&r.path);
            Ok(format!("review.register: {name}, decisions: {}", r.rows.len()))
        }),
        Err(refusal) => Some(Err(refusal.to_string())),
    }
}

/// A file of the last run of a stage.
fn artefact(plan: &Plan, data: &DataDir, stage: Stage, name: &str) -> PathBuf {
    data.stage(plan.name.as_str(), stage.name()).join(name)
}

/// Name of an edition in the column `edition`.
pub fn edition_of(plan: &Plan) -> String {
    edition_name(plan.name.as_str(), &plan.as_of.to_string())
}

/// A term as it is told from others: its words, folded.
fn term_key(term: &str) -> String {
    surface_key(term)
}

#[cfg(test)]
mod tests;
