//! Confusion examples: what was accepted and is wrong, what is right and was missed, worst first.

use super::{Case, Hit};
use serde::{Deserialize, Serialize};

/// A skill accepted in a text that does not name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wrong {
    /// Who accepted it: `link` or `extract`.
    pub by: String,
    /// The text's id.
    pub id: String,
    /// The text.
    pub text: String,
    /// The skill.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// How sure it was, 0..=1.
    pub score: f64,
}

/// A right answer that was not accepted; where nothing is decided upon, one that was not ranked first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    /// The text's id.
    pub id: String,
    /// The text.
    pub text: String,
    /// The answer.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// Its rank from 1; none when it was not among those returned.
    pub rank: Option<usize>,
    /// The lane that spoke loudest for it.
    pub lane: Option<String>,
}

/// The worst of both kinds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Examples {
    /// Surest first, for each who accepts.
    pub wrong: Vec<Wrong>,
    /// Not returned at all first, then lowest rank first.
    pub missed: Vec<Missed>,
}

impl Examples {
    /// At most `top` examples of each kind; `name` names a concept by URI and language code.
    pub(super) fn of(cases: &[Case<'_>], top: usize, name: &dyn Fn(&str, &str) -> String) -> Self {
        if top == 0 {
            return Self::default();
        }
        let mut wrong = Vec::new();
        for by in ["link", "extract"] {
            let mut all: Vec<(&Case<'_>, &Hit<'_>)> = cases.iter().flat_map(|case| wrong_of(case, by)).collect();
            all.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
            wrong.extend(all.into_iter().take(top).map(|(case, hit)| Wrong {
                by: by.to_owned(),
                id: case.query.id.clone(),
                text: case.query.text.clone(),
                uri: hit.uri.to_owned(),
                name: name(hit.uri, case.query.language()),
                score: hit.score,
            }));
        }
        let mut missed: Vec<Missed> = cases.iter().flat_map(|case| missed_of(case, name)).collect();
        missed.sort_by_key(|m| std::cmp::Reverse(m.rank.unwrap_or(usize::MAX)));
        missed.truncate(top);
        Self { wrong, missed }
    }
}

fn wrong_of<'c>(case: &'c Case<'c>, by: &str) -> Vec<(&'c Case<'c>, &'c Hit<'c>)> {
    let hits = if by == "link" { &case.answer.links } else { &case.answer.mentions };
    let mut hits: Vec<&Hit<'_>> = hits.iter().flatten().filter(|hit| hit.accepted).collect();
    hits.sort_by(|a, b| a.uri.cmp(b.uri).then(b.score.total_cmp(&a.score)));
    hits.dedup_by_key(|hit| hit.uri);
    hits.retain(|hit| !case.query.gold.iter().any(|uri| uri == hit.uri));
    hits.into_iter().map(|hit| (case, hit)).collect()
}

fn missed_of(case: &Case<'_>, name: &dyn Fn(&str, &str) -> String) -> Vec<Missed> {
    let mut missed = Vec::new();
    for uri in &case.query.gold {
        let at = case.answer.ranked.iter().position(|ranked| ranked.uri == uri);
        let met = match &case.answer.links {
            Some(links) => links.iter().any(|link| link.accepted && link.uri == uri),
            None => at == Some(0),
        };
        if !met {
            missed.push(Missed {
                id: case.query.id.clone(),
                text: case.query.text.clone(),
                uri: uri.clone(),
                name: name(uri, case.query.language()),
                rank: at.map(|at| at + 1),
                lane: at.and_then(|at| case.answer.ranked.get(at)).map(|ranked| ranked.lane.to_owned()),
            });
        }
    }
    missed
}
