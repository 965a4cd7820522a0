//! What the data of an edition show of each micro-credential, criterion by criterion. Nothing is summed to a score.

use crate::types::{
    AssuranceBasis as Basis, AssuranceRow, AssuranceState as State, Consulted, Credential, CredentialCheckCount,
    CredentialId, Criterion, DecisionKind, Fate, Findings, Framework, LearnerInterest, LedgerRow, Mark, OutcomeFinding,
    PathwayStep, SourceId, Stack, SuppliedFigure, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest people of whom a supplied figure is shown: of fewer it may tell what one of them said.
pub const LEAST_PEOPLE: u64 = 5;
/// Longest text of the catalogue that is quoted, in characters.
const QUOTED: usize = 120;
const INDICATORS: [Criterion; 3] = [Criterion::Satisfaction, Criterion::Completion, Criterion::Employment];

/// A row for each micro-credential of the catalogue and criterion, in that order; `supplied` are the user's own figures.
pub fn assurance(findings: &Findings, supplied: &[SuppliedFigure]) -> Vec<AssuranceRow> {
    rows(findings, supplied, &consulted(findings))
}

fn rows(
    findings: &Findings,
    supplied: &[SuppliedFigure],
    consulted: &BTreeMap<String, Consulted>,
) -> Vec<AssuranceRow> {
    let shelf = Shelf::of(findings, supplied, consulted);
    findings.credentials.iter().flat_map(|credential| shelf.rows(credential)).collect()
}

/// Decisions of workshops by micro-credential: judged matches, priorities and drafted outcomes.
fn consulted(findings: &Findings) -> BTreeMap<String, Consulted> {
    let of_outcome: BTreeMap<&str, &str> =
        findings.outcomes.iter().map(|o| (o.outcome.0.as_str(), o.credential.as_str())).collect();
    let mut all: BTreeMap<String, Consulted> = BTreeMap::new();
    for decision in &findings.workshop.decisions {
        let credential = match decision.kind {
            DecisionKind::Match => of_outcome.get(decision.subject.as_str()).copied(),
            DecisionKind::Priority => Some(decision.target.as_str()),
            DecisionKind::Outcome => Some(decision.subject.as_str()),
            _ => None,
        };
        let Some(credential) = credential.filter(|c| !c.is_empty()) else { continue };
        let sat = |group: &str| u64::from(decision.groups.split_whitespace().any(|g| g == group));
        let entry = all.entry(credential.to_owned()).or_default();
        entry.companies += sat("companies");
        entry.learners += sat("learners");
        entry.last_decided_on = entry.last_decided_on.clone().max(decision.last_decided_on.clone());
    }
    all
}

/// The findings by the micro-credential they are about.
struct Shelf<'a> {
    findings: &'a Findings,
    outcomes: BTreeMap<&'a str, Vec<&'a OutcomeFinding>>,
    checks: BTreeMap<(&'a SourceId, &'a CredentialId), &'a CredentialCheckCount>,
    stacks: BTreeMap<&'a str, &'a Stack>,
    steps: BTreeMap<&'a str, Vec<&'a PathwayStep>>,
    pathway_count: u64,
    interest: BTreeMap<&'a str, &'a LearnerInterest>,
    ledger: BTreeMap<&'a str, Vec<&'a LedgerRow>>,
    supplied: BTreeMap<&'a str, Vec<&'a SuppliedFigure>>,
    consulted: &'a BTreeMap<String, Consulted>,
}

fn by<'a, T>(rows: impl Iterator<Item = (&'a str, &'a T)>) -> BTreeMap<&'a str, Vec<&'a T>> {
    let mut groups: BTreeMap<&str, Vec<&T>> = BTreeMap::new();
    for (key, row) in rows {
        groups.entry(key).or_default().push(row);
    }
    groups
}

impl<'a> Shelf<'a> {
    fn of(f: &'a Findings, supplied: &'a [SuppliedFigure], consulted: &'a BTreeMap<String, Consulted>) -> Self {
        let steps = f.pathways.iter().filter(|p| p.step > 0 && p.mark != Some(Mark::Suppressed));
        let parts = f.stacks.iter().flat_map(|stack| stack.credentials.iter().map(move |c| (c.as_str(), stack)));
        let occupations: BTreeSet<&str> = steps.clone().map(|p| p.occupation.as_str()).collect();
        Self {
            findings: f,
            outcomes: by(f.outcomes.iter().map(|o| (o.credential.as_str(), o))),
            checks: f.catalogue_checks.iter().map(|c| ((&c.source, &c.credential), c)).collect(),
            stacks: parts.collect(),
            steps: by(steps.filter_map(|p| Some((p.credential.as_deref()?, p)))),
            pathway_count: occupations.len() as u64,
            interest: f.learner_interest.iter().map(|i| (i.skill.as_str(), i)).collect(),
            ledger: by(f.ledger.iter().map(|row| (row.programme.as_str(), row))),
            supplied: by(supplied.iter().map(|s| (s.credential.as_str(), s))),
            consulted,
        }
    }

    fn rows(&self, credential: &'a Credential) -> Vec<AssuranceRow> {
        let about = About { shelf: self, credential, outcomes: self.outcomes.get(credential.id.0.as_str()) };
        let mut rows: Vec<AssuranceRow> =
            Criterion::ALL.into_iter().map(|(framework, criterion)| about.row(framework, criterion)).collect();
        let others = about.supplied().filter(|s| s.indicator == Criterion::Other);
        rows.extend(others.map(|s| about.finish(Framework::Outcomes, Criterion::Other, figure(s))));
        rows
    }
}

/// A finding that is not yet a row.
#[derive(Debug, Clone, Default)]
struct Said {
    state: Option<State>,
    basis: Option<Basis>,
    count: Option<u64>,
    of_count: Option<u64>,
    value: Option<f64>,
    unit: Option<String>,
    period: Option<String>,
    n: Option<u64>,
    skill: Option<String>,
    detail: Option<String>,
    source: Option<String>,
    link: Option<String>,
}

fn said(state: State, basis: Basis) -> Said {
    Said { state: Some(state), basis: Some(basis), ..Said::default() }
}

/// One micro-credential with what is known of it.
struct About<'s, 'a> {
    shelf: &'s Shelf<'a>,
    credential: &'a Credential,
    outcomes: Option<&'s Vec<&'a OutcomeFinding>>,
}

impl<'a> About<'_, 'a> {
    fn row(&self, framework: Framework, criterion: Criterion) -> AssuranceRow {
        let c = self.credential;
        let found = match criterion {
            Criterion::RelevantDemand => self.demand(),
            Criterion::RelevantIndustry => self.industry(),
            Criterion::Assessed => self.assessed(),
            Criterion::Accredited => stated(c.quality_assurance.as_deref()),
            Criterion::Standardised => self.common_terms(),
            Criterion::MinimumInformation => self.elements(),
            Criterion::Flexible => stated(c.participation.as_deref()),
            Criterion::Stackable => self.stackable(),
            Criterion::SkillGapAnalysis => self.compared(),
            Criterion::LearnerInput => self.learners(),
            Criterion::LearnerContext => self.context(),
            Criterion::Feedback => self.feedback(),
            Criterion::Pathways => self.pathways(),
            Criterion::Kpis => self.figures(),
            Criterion::Satisfaction | Criterion::Completion | Criterion::Employment | Criterion::Other => {
                self.latest(criterion).map_or_else(|| said(State::NotInTheData, Basis::NotSupplied), figure)
            }
        };
        self.finish(framework, criterion, found)
    }

    fn finish(&self, framework: Framework, criterion: Criterion, found: Said) -> AssuranceRow {
        AssuranceRow {
            credential: self.credential.id.0.clone(),
            title: self.credential.title.clone(),
            framework,
            criterion,
            extent: found.state.unwrap_or(State::NotInTheData),
            basis: found.basis.unwrap_or(Basis::NotSupplied),
            count: found.count,
            of_count: found.of_count,
            value: found.value,
            unit: found.unit,
            period: found.period,
            n: found.n,
            skill: found.skill,
            detail: found.detail,
            source: found.source,
            link: found.link,
        }
    }

    fn outcomes(&self) -> &[&'a OutcomeFinding] {
        self.outcomes.map_or(&[], Vec::as_slice)
    }

    /// Accepted links of an outcome to skills whose share is published and above zero.
    fn asked_for(&self) -> impl Iterator<Item = (&'a OutcomeFinding, &'a str, &'a str, f64)> + '_ {
        let links = self.outcomes().iter().flat_map(|o| o.links.iter().map(move |link| (*o, link)));
        let accepted = links.filter(|(_, link)| link.3 == Verdict::Accepted);
        accepted.filter_map(|(outcome, link)| {
            let share = link.4.filter(|share| *share > 0.0)?;
            Some((outcome, link.0.as_str(), link.1.as_str(), share))
        })
    }

    fn demand(&self) -> Said {
        let all = self.outcomes().len() as u64;
        if all == 0 {
            return said(State::NotInTheData, Basis::NoOutcomes);
        }
        let matched: BTreeSet<&str> = self.asked_for().map(|(outcome, ..)| outcome.outcome.0.as_str()).collect();
        let link = Some("outcomes.csv".to_owned());
        let most = self.asked_for().max_by(|a, b| a.3.total_cmp(&b.3).then(b.1.cmp(a.1)));
        let Some((_, skill, label, share)) = most else {
            return Said { of_count: Some(all), link, ..said(State::NotShown, Basis::OutcomesUnmatched) };
        };
        let count = matched.len() as u64;
        Said {
            count: Some(count),
            of_count: Some(all),
            value: Some(share * 100.0),
            n: Some(self.shelf.findings.meta.posting_count),
            skill: Some(skill.to_owned()),
            detail: Some(label.to_owned()),
            link,
            ..said(if count == all { State::Shown } else { State::Partly }, Basis::OutcomesInDemand)
        }
    }

    fn consulted(&self) -> Option<&Consulted> {
        self.shelf.consulted.get(&self.credential.id.0)
    }

    fn industry(&self) -> Said {
        match self.consulted().filter(|c| c.companies > 0) {
            Some(c) => decisions(c, c.companies, Basis::CompaniesDecided),
            None => said(State::NotInTheData, Basis::NobodyConsulted),
        }
    }

    /// The type of assessment with how it is supervised, both as the provider says.
    fn assessed(&self) -> Said {
        let c = self.credential;
        let parts = [c.assessment.as_deref(), c.supervision.as_deref()];
        let all: Vec<&str> = parts.into_iter().flatten().collect();
        stated(c.assessment.as_ref().map(|_| all.join("; ")).as_deref())
    }

    /// Credits, level and skills in terms that others use.
    fn common_terms(&self) -> Said {
        let c = self.credential;
        let declared = c.declared_skills.iter().any(|skill| skill.uri.is_some());
        let terms = [("ects", c.ects.is_some()), ("level", c.eqf_level.is_some()), ("declared_skills", declared)];
        let absent: Vec<&str> = terms.iter().filter(|(_, stated)| !stated).map(|(name, _)| *name).collect();
        let count = (terms.len() - absent.len()) as u64;
        let state = match (count, absent.is_empty()) {
            (_, true) => State::Shown,
            (0, false) => State::NotInTheData,
            (_, false) => State::Partly,
        };
        let basis = if absent.is_empty() { Basis::TermsComplete } else { Basis::TermsMissing };
        Said {
            count: Some(count),
            of_count: Some(terms.len() as u64),
            detail: Some(absent.join(" ")).filter(|absent| !absent.is_empty()),
            ..said(state, basis)
        }
    }

    fn elements(&self) -> Said {
        let c = self.credential;
        let Some(check) = self.shelf.checks.get(&(&c.origin.source, &c.id)) else {
            return said(State::NotInTheData, Basis::NotStated);
        };
        let missing = (!check.missing.is_empty()).then(|| check.missing.join(" "));
        let (state, basis) = match (&missing, check.mandatory_present) {
            (None, _) => (State::Shown, Basis::ElementsComplete),
            (Some(_), 0) => (State::NotShown, Basis::ElementsMissing),
            (Some(_), _) => (State::Partly, Basis::ElementsMissing),
        };
        Said {
            count: Some(u64::from(check.mandatory_present)),
            of_count: Some(u64::from(check.mandatory_applicable)),
            detail: missing,
            link: Some("credential_checks.csv".to_owned()),
            ..said(state, basis)
        }
    }

    fn stackable(&self) -> Said {
        let stack = self.shelf.stacks.get(self.credential.id.0.as_str());
        let Some(into) = stack.map(|s| s.stack.as_str()).or(self.credential.stacks_into.as_deref()) else {
            return said(State::NotInTheData, Basis::NotStated);
        };
        let found = match stack.is_some_and(|s| s.stack_credential.is_some()) {
            true => said(State::Shown, Basis::StackInCatalogue),
            false => said(State::Partly, Basis::StackStated),
        };
        Said { detail: Some(quoted(into)), link: Some("stacks.csv".to_owned()), ..found }
    }

    fn compared(&self) -> Said {
        let all = self.outcomes().len() as u64;
        if all == 0 {
            return said(State::NotInTheData, Basis::NoOutcomes);
        }
        let accepted = self.outcomes().iter().filter(|o| o.verdict == Verdict::Accepted).count() as u64;
        Said {
            count: Some(accepted),
            of_count: Some(all),
            n: Some(self.shelf.findings.meta.posting_count),
            link: Some("gaps.csv".to_owned()),
            ..said(if accepted > 0 { State::Shown } else { State::Partly }, Basis::Compared)
        }
    }

    /// What learners said comes before what they asked for.
    fn learners(&self) -> Said {
        if let Some(c) = self.consulted().filter(|c| c.learners > 0) {
            return decisions(c, c.learners, Basis::LearnersDecided);
        }
        let links = self.outcomes().iter().flat_map(|o| &o.links).filter(|link| link.3 == Verdict::Accepted);
        let answered = links.filter_map(|link| self.shelf.interest.get(link.0.as_str()));
        let answered = answered.filter_map(|interest| Some((interest, interest.wants_share?)));
        if let Some((interest, share)) = answered.max_by_key(|(i, _)| (i.answer_count, std::cmp::Reverse(&i.skill))) {
            return Said {
                value: Some(share * 100.0),
                n: Some(interest.answer_count),
                skill: Some(interest.skill.clone()),
                detail: Some(interest.label.clone()),
                link: Some("learner_interest.csv".to_owned()),
                ..said(State::Shown, Basis::SurveyAnswers)
            };
        }
        let c = self.credential;
        match (c.requests, c.enrolments) {
            (Some(requests), _) => Said {
                count: Some(u64::from(requests)),
                of_count: c.places.map(u64::from),
                ..said(State::Partly, Basis::Requests)
            },
            (None, Some(n)) => Said { count: Some(u64::from(n)), ..said(State::Partly, Basis::Enrolments) },
            (None, None) => said(State::NotInTheData, Basis::NoLearners),
        }
    }

    /// Official figures are about an area, not about this micro-credential's learners: a part at most.
    fn context(&self) -> Said {
        match self.shelf.findings.learner_indicators.len() as u64 {
            0 => said(State::NotInTheData, Basis::NoIndicators),
            count => Said {
                count: Some(count),
                link: Some("learner_indicators.csv".to_owned()),
                ..said(State::Partly, Basis::Indicators)
            },
        }
    }

    fn feedback(&self) -> Said {
        let satisfied = self.latest(Criterion::Satisfaction).map(figure);
        if let Some(found) = satisfied.filter(|s| s.basis != Some(Basis::TooFew)) {
            return found;
        }
        let rows = self.shelf.ledger.get(self.credential.id.0.as_str()).map_or(&[][..], Vec::as_slice);
        match rows.iter().filter(|row| row.fate != Fate::Open).count() as u64 {
            0 => said(State::NotInTheData, Basis::NoFeedback),
            count => Said {
                count: Some(count),
                of_count: Some(rows.len() as u64),
                link: Some("ledger.csv".to_owned()),
                ..said(State::Partly, Basis::Decided)
            },
        }
    }

    fn pathways(&self) -> Said {
        if self.shelf.pathway_count == 0 {
            return said(State::NotInTheData, Basis::NoPathways);
        }
        let link = Some("pathways.csv".to_owned());
        let steps = self.shelf.steps.get(self.credential.id.0.as_str()).map_or(&[][..], Vec::as_slice);
        let occupations: BTreeSet<&str> = steps.iter().map(|step| step.occupation.as_str()).collect();
        match steps.first() {
            Some(first) => Said {
                count: Some(occupations.len() as u64),
                of_count: Some(self.shelf.pathway_count),
                detail: Some(first.occupation_label.clone()),
                link,
                ..said(State::Shown, Basis::OnPathways)
            },
            None => {
                let of_count = Some(self.shelf.pathway_count);
                Said { of_count, link, ..said(State::NotShown, Basis::OnNoPathway) }
            }
        }
    }

    fn figures(&self) -> Said {
        let all = INDICATORS.len() as u64;
        let shown = |indicator: &&Criterion| {
            self.latest(**indicator).map(figure).is_some_and(|s| s.basis != Some(Basis::TooFew))
        };
        let c = self.credential;
        match INDICATORS.iter().filter(shown).count() as u64 {
            0 if c.places.or(c.requests).or(c.enrolments).is_some() => said(State::Partly, Basis::CatalogueFigures),
            0 => said(State::NotInTheData, Basis::NotSupplied),
            count => Said {
                count: Some(count),
                of_count: Some(all),
                ..said(if count == all { State::Shown } else { State::Partly }, Basis::FiguresSupplied)
            },
        }
    }

    fn supplied(&self) -> impl Iterator<Item = &'a SuppliedFigure> + '_ {
        self.shelf.supplied.get(self.credential.id.0.as_str()).into_iter().flatten().copied()
    }

    fn latest(&self, indicator: Criterion) -> Option<&'a SuppliedFigure> {
        self.supplied().filter(|s| s.indicator == indicator).max_by(|a, b| a.period.cmp(&b.period))
    }
}

fn decisions(consulted: &Consulted, count: u64, basis: Basis) -> Said {
    Said { count: Some(count), period: Some(consulted.last_decided_on.clone()), ..said(State::Shown, basis) }
}

/// That a provider says so is a part, never the whole.
fn stated(value: Option<&str>) -> Said {
    match value {
        Some(value) => Said { detail: Some(quoted(value)), ..said(State::Partly, Basis::Stated) },
        None => said(State::NotInTheData, Basis::NotStated),
    }
}

/// A supplied figure as it may be shown.
fn figure(s: &SuppliedFigure) -> Said {
    if s.n.is_some_and(|n| n < LEAST_PEOPLE) {
        let period = Some(s.period.clone());
        return Said { of_count: Some(LEAST_PEOPLE), period, ..said(State::NotShown, Basis::TooFew) };
    }
    let found = match s.n {
        Some(_) => said(State::Shown, Basis::Supplied),
        None => said(State::Partly, Basis::SuppliedWithoutN),
    };
    Said {
        value: Some(s.value),
        unit: Some(s.unit.clone()),
        period: Some(s.period.clone()),
        n: s.n,
        source: s.source.clone(),
        link: s.link.clone(),
        ..found
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests;
