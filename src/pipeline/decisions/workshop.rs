//! Decisions as the report tells them: rows that say the same together, with the names of what they are about.

use super::judged::{judged, precision};
use super::terms::skill_of;
use super::{Register, Topic, sheet};
use crate::pipeline::acquire::read_json;
use crate::pipeline::{Run, RunError, Stage};
use crate::types::{
    Decision, DecisionKind, DecisionState, EditionName, Findings, Lang, SheetRow, Taxonomy, Workshop, WorkshopDecision,
};
use std::collections::{BTreeMap, BTreeSet};

/// Puts what people decided into the findings, and what they are asked next.
///
/// # Errors
/// When the register or a table of the run cannot be read.
pub(in crate::pipeline) fn tell(run: &Run<'_>, findings: &mut Findings) -> Result<(), RunError> {
    let register = Register::of(run.plan)?;
    let sheet: Vec<SheetRow> = sheet(run.plan, run.data, findings, register.as_ref())?;
    findings.workshop = match register.filter(|r| !r.rows.is_empty()) {
        None => Workshop { sheet, ..Workshop::default() },
        Some(register) => {
            let taxonomy: Taxonomy = read_json(&run.artefact(Stage::Clean, "taxonomy.json"))?;
            let names = Names { taxonomy: &taxonomy, language: run.plan.language, titles: titles(findings) };
            let decisions = decisions(&register, &names);
            let judged = precision(&judged(run, &register)?);
            name_in_editions(findings, &decisions, &taxonomy);
            Workshop { decisions, judged, sheet }
        }
    };
    Ok(())
}

fn titles(findings: &Findings) -> BTreeMap<String, String> {
    findings.programmes.iter().map(|p| (p.programme.clone(), p.title.clone())).collect()
}

/// Names of what decisions are about.
struct Names<'a> {
    taxonomy: &'a Taxonomy,
    language: Lang,
    titles: BTreeMap<String, String>,
}

impl Names<'_> {
    fn skill(&self, id: &str) -> Option<&str> {
        let taxonomy = self.taxonomy;
        let skill = taxonomy.skill_index(id).and_then(|i| taxonomy.skills.get(i)).map(|s| s.name(self.language));
        skill.or_else(|| {
            let occupation = taxonomy.occupation_index(id).and_then(|i| taxonomy.occupations.get(i));
            occupation.map(|o| o.name(self.language))
        })
    }

    /// Names of one or several ids; an id without a name is its own.
    fn all(&self, ids: &str) -> String {
        let name = |id: &str| self.skill(id).map(str::to_owned).or_else(|| self.titles.get(id).cloned());
        let names = ids.split(' ').filter(|id| !id.is_empty()).map(|id| name(id).unwrap_or_else(|| id.to_owned()));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// Decisions of the register, those that say the same in one row.
fn decisions(register: &Register, names: &Names) -> Vec<WorkshopDecision> {
    let mut rows = Vec::new();
    for topic in register.topics() {
        let is_agreed = topic.is_agreed();
        let mut by_choice: BTreeMap<_, Vec<(u64, &Decision)>> = BTreeMap::new();
        for (row, decision) in &topic.rows {
            by_choice.entry((decision.decision, &decision.target)).or_default().push((*row, *decision));
        }
        rows.extend(by_choice.into_values().filter_map(|rows| together(&Topic { rows }, is_agreed, names)));
    }
    rows
}

fn together(topic: &Topic, is_agreed: bool, names: &Names) -> Option<WorkshopDecision> {
    let own = || topic.rows.iter().map(|(_, decision)| *decision);
    let first = own().next()?;
    let state = match first.kind {
        _ if !is_agreed => DecisionState::Conflict,
        DecisionKind::Match | DecisionKind::Mention | DecisionKind::Term => DecisionState::Applied,
        DecisionKind::Priority | DecisionKind::Outcome | DecisionKind::Note => DecisionState::Beside,
    };
    let several = |values: Vec<&str>, between: &str| {
        let all: BTreeSet<&str> = values.into_iter().filter(|v| !v.is_empty()).collect();
        Some(all.into_iter().collect::<Vec<_>>().join(between)).filter(|text| !text.is_empty())
    };
    let target = if first.kind == DecisionKind::Term { skill_of(first) } else { first.target.clone() };
    // A rejected term names nothing.
    let subject_label = match first.kind {
        DecisionKind::Match => first.text.clone(),
        DecisionKind::Mention | DecisionKind::Term => String::new(),
        DecisionKind::Outcome | DecisionKind::Priority | DecisionKind::Note => names.all(&first.subject),
    };
    Some(WorkshopDecision {
        kind: first.kind,
        subject: first.subject.clone(),
        subject_label,
        target_label: names.all(&target),
        target,
        decision: first.decision,
        state,
        votes: (first.kind == DecisionKind::Priority).then(|| own().map(Decision::votes).sum()),
        ects: (first.kind == DecisionKind::Outcome).then(|| first.value.parse().ok()).flatten(),
        text: first.text.clone(),
        language: first.language,
        groups: topic.groups(),
        decided_by: several(own().map(|d| d.decided_by.as_str()).collect(), "; "),
        first_decided_on: own().map(|d| d.decided_on).min()?.to_string(),
        last_decided_on: own().map(|d| d.decided_on).max()?.to_string(),
        reason: several(own().map(|d| d.reason.as_str()).collect(), " | "),
        editions: several(own().map(|d| d.edition.as_str()).collect(), " ").unwrap_or_default(),
    })
}

/// Skills that people named and no posting asks for have no name in the editions yet.
fn name_in_editions(findings: &mut Findings, decisions: &[WorkshopDecision], taxonomy: &Taxonomy) {
    let ids: BTreeSet<&str> =
        decisions.iter().flat_map(|d| [d.subject.as_str()].into_iter().chain(d.target.split(' '))).collect();
    for edition in &mut findings.editions {
        for id in &ids {
            let skill = taxonomy.skill_index(id).and_then(|i| taxonomy.skills.get(i));
            let Some(label) = skill.and_then(|s| s.label(edition.language)) else { continue };
            let language = (label.lang != edition.language).then_some(label.lang);
            let name = || EditionName { text: label.text.clone(), language };
            edition.skills.entry((*id).to_owned()).or_insert_with(name);
        }
    }
}
