//! Every learning outcome with its best links and the demand behind them.

use crate::measure::MeasureInputs;
use crate::measure::MeasureSpec;
use crate::measure::count::cells::Scope;
use crate::measure::count::demand::Shares;
use crate::measure::count::mentions::Asked;
use crate::types::{Linked, OutcomeFinding, Verdict};
use rustc_hash::FxHashMap;

/// Links shown per outcome.
const MOST_LINKS: usize = 5;

/// Outcomes in the order of the catalogue; one that was never linked is unmatched.
pub fn outcomes(inputs: &MeasureInputs, shares: &Shares, asked: &Asked, spec: &MeasureSpec) -> Vec<OutcomeFinding> {
    let by_id: FxHashMap<&str, &Linked> = inputs.links.iter().map(|l| (l.outcome.0.as_str(), l)).collect();
    let name = |skill: &str| {
        let known = inputs.taxonomy.skill_index(skill).and_then(|i| inputs.taxonomy.skills.get(i));
        known.map_or(skill, |s| s.name(spec.language)).to_owned()
    };
    let all_shares = shares.cells.code(Scope::WHOLE).map(|c| shares.of_cell(c)).unwrap_or_default();
    // A skill that nobody asks for has a share of 0 where anything is published, and none otherwise.
    let share = |skill: &str| match asked.code(skill) {
        Some(code) => shares.get(Scope::WHOLE, code).value.map(|v| v.0),
        None => (!all_shares.is_empty()).then_some(0.0),
    };
    let outcomes = inputs.credentials.iter().flat_map(|c| c.outcomes.iter().map(move |o| (c, o)));
    let finding = |(credential, outcome): (&crate::types::Credential, &crate::types::LearningOutcome)| {
        let linked = by_id.get(outcome.id.0.as_str());
        let links =
            linked.into_iter().flat_map(|l| &l.links).filter(|l| l.verdict != Verdict::Rejected).take(MOST_LINKS);
        OutcomeFinding {
            outcome: outcome.id.clone(),
            credential: credential.id.0.clone(),
            text: outcome.text.clone(),
            language: outcome.language,
            verdict: linked.map_or(Verdict::Unmatched, |l| l.verdict),
            links: links
                .map(|l| (l.skill.0.clone(), name(&l.skill.0), l.score.get(), l.verdict, share(&l.skill.0)))
                .collect(),
        }
    };
    outcomes.map(finding).collect()
}
