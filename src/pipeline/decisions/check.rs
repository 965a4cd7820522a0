//! Whether decisions still are about what a run holds: its skills, outcomes, programmes and postings.

use super::read::{edition, plain};
use super::terms::local_id;
use super::{Fault, Register, refused};
use crate::pipeline::acquire::read_json;
use crate::pipeline::inputs::file_name;
use crate::pipeline::{Plan, Run, RunError, Stage};
use crate::store::{DataDir, read_table};
use crate::types::{Choice, Credential, Date, Decision, DecisionKind, PORTFOLIO, PostingKey, Taxonomy};
use std::collections::{BTreeMap, BTreeSet};

/// What a decision can be about.
pub struct Known {
    plan: String,
    as_of: Date,
    skills: BTreeSet<String>,
    occupations: BTreeSet<String>,
    /// Statements by outcome id, as they are shown.
    outcomes: BTreeMap<String, String>,
    credentials: BTreeSet<String>,
    programmes: BTreeSet<String>,
    /// Read only where a mention is decided upon.
    postings: BTreeSet<String>,
}

impl Known {
    /// From the last `clean` of the plan.
    ///
    /// # Errors
    /// When there is none yet, or it is damaged.
    pub fn of(plan: &Plan, data: &DataDir, rows: &[(u64, Decision)]) -> Result<Self, RunError> {
        let artefact = |name: &str| super::artefact(plan, data, Stage::Clean, name);
        if !artefact("taxonomy.json").exists() {
            let detail = "there is no result yet that decisions could be about; run the plan first: skillgap run PLAN";
            return Err(refused(detail.to_owned()));
        }
        let taxonomy: Taxonomy = read_json(&artefact("taxonomy.json"))?;
        let catalogue: Vec<Credential> = read_json(&artefact("credentials.json"))?;
        let mut postings = BTreeSet::new();
        if rows.iter().any(|(_, d)| d.kind == DecisionKind::Mention) {
            let asked: BTreeSet<&str> = rows.iter().map(|(_, d)| d.subject.as_str()).collect();
            for batch in read_table::<PostingKey>(&artefact("postings.parquet"))? {
                postings.extend(batch?.into_iter().map(|p| p.id.0).filter(|id| asked.contains(id.as_str())));
            }
        }
        let outcomes = catalogue.iter().flat_map(|c| &c.outcomes).map(|o| (o.id.0.clone(), plain(&o.text)));
        let taught = catalogue.iter().filter(|c| !c.outcomes.is_empty()).map(|c| c.id.0.clone());
        let programmes: BTreeSet<String> = if plan.programmes.is_empty() {
            taught.collect()
        } else {
            plan.programmes.iter().map(|p| p.id.to_string()).collect()
        };
        let mut known = Self {
            plan: plan.name.to_string(),
            as_of: plan.as_of,
            skills: taxonomy.skills.into_iter().map(|s| s.id.0).collect(),
            occupations: taxonomy.occupations.into_iter().map(|o| o.id).collect(),
            outcomes: outcomes.collect(),
            credentials: catalogue.iter().map(|c| c.id.0.clone()).collect(),
            programmes,
            postings,
        };
        // A skill that a row of the register names may be decided upon before the run that first knows it.
        let novel = rows.iter().filter(|(_, d)| d.decision == Choice::Novel);
        known.skills.extend(novel.map(|(_, d)| local_id(&d.text, d.language)));
        Ok(known)
    }

    /// Rows that no longer are about anything.
    pub fn outdated(&self, file: &str, rows: &[(u64, Decision)]) -> Vec<Fault> {
        let faults = rows.iter().filter_map(|(row, decision)| {
            let (column, value, expected) = self.fault(decision)?;
            Some(Fault { file: file.to_owned(), row: *row, column, value, expected })
        });
        faults.collect()
    }

    fn fault(&self, d: &Decision) -> Option<(&'static str, String, String)> {
        let (plan, as_of) = edition(&d.edition)?;
        if plan.as_str() != self.plan {
            let expected = format!("an edition of the plan '{}'; this decision is about another report", self.plan);
            return Some(("edition", d.edition.clone(), expected));
        }
        if as_of > self.as_of {
            let expected = format!("an edition up to {}, the plan's as_of", self.as_of);
            return Some(("edition", d.edition.clone(), expected));
        }
        match d.kind {
            DecisionKind::Match => self.statement(d).or_else(|| self.skill("target", &d.target)),
            DecisionKind::Mention => self.posting(d, as_of).or_else(|| self.skill("target", &d.target)),
            DecisionKind::Term if d.target.is_empty() => None,
            DecisionKind::Term => self.skill("target", &d.target),
            DecisionKind::Priority => self.skill("subject", &d.subject).or_else(|| self.programme(&d.target)),
            DecisionKind::Outcome => {
                let targets = || d.target.split(' ').filter(|id| !id.is_empty());
                self.credential(&d.subject).or_else(|| targets().find_map(|id| self.skill("target", id)))
            }
            DecisionKind::Note if self.occupations.contains(&d.subject) => None,
            DecisionKind::Note => self.skill("subject", &d.subject),
        }
    }

    fn skill(&self, column: &'static str, id: &str) -> Option<(&'static str, String, String)> {
        let expected = "the id of a skill of this run's taxonomy".to_owned();
        (!self.skills.contains(id)).then(|| (column, id.to_owned(), expected))
    }

    fn statement(&self, d: &Decision) -> Option<(&'static str, String, String)> {
        let Some(statement) = self.outcomes.get(&d.subject) else {
            let expected = "the id of a learning outcome of the catalogue; an edited outcome has another id".to_owned();
            return Some(("subject", d.subject.clone(), expected));
        };
        // A page may have cut a long statement.
        let start = d.text.strip_suffix('…');
        let is_same = d.text == *statement || start.is_some_and(|start| statement.starts_with(start));
        let expected = format!("the outcome's statement of today, '{statement}'");
        (!is_same).then(|| ("text", d.text.clone(), expected))
    }

    /// A judgement of an earlier edition outlives its posting: it is of the reading, not of the vacancy.
    fn posting(&self, d: &Decision, as_of: Date) -> Option<(&'static str, String, String)> {
        let is_known = self.postings.contains(&d.subject) || as_of < self.as_of;
        let expected = "the id of a posting of this run".to_owned();
        (!is_known).then(|| ("subject", d.subject.clone(), expected))
    }

    fn programme(&self, id: &str) -> Option<(&'static str, String, String)> {
        let expected = "the id of a programme of this plan, or 'portfolio'".to_owned();
        (id != PORTFOLIO && !self.programmes.contains(id)).then(|| ("target", id.to_owned(), expected))
    }

    fn credential(&self, id: &str) -> Option<(&'static str, String, String)> {
        let is_known = id.is_empty() || self.credentials.contains(id) || self.programmes.contains(id);
        let expected = "the id of a micro-credential or programme of this plan, or nothing for a new one".to_owned();
        (!is_known).then(|| ("subject", id.to_owned(), expected))
    }
}

/// Refuses a run whose register holds decisions about what is no longer there.
pub(in crate::pipeline) fn current(run: &Run<'_>) -> Result<(), RunError> {
    let Some(register) = Register::of(run.plan)?.filter(|r| !r.rows.is_empty()) else { return Ok(()) };
    let known = Known::of(run.plan, run.data, &register.rows)?;
    let outdated = known.outdated(&file_name(&register.path), &register.rows);
    if outdated.is_empty() {
        return Ok(());
    }
    Err(refused(format!(
        "{} of {} decisions are outdated:\n{}\n`skillgap review status PLAN` lists them, `skillgap review retire PLAN` moves \
         them out of the register",
        outdated.len(),
        register.rows.len(),
        super::listed(&outdated)
    )))
}
