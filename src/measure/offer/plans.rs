//! The offer as programmes: what each teaches and by which postings it is judged.

use crate::measure::count::cells::Scope;
use crate::measure::{MeasureInputs, PORTFOLIO};
use crate::types::{Credential, Lang, LearningOutcome, Programme, Taxonomy};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A programme with what belongs to it.
pub struct ProgrammePlan<'a> {
    /// Id, or `portfolio`.
    pub id: String,
    /// Outcomes of its credentials.
    pub outcomes: Vec<&'a LearningOutcome>,
    /// Postings it is judged by.
    pub scope: Scope,
    /// Title.
    pub title: String,
    /// ECTS of its credentials together, when all are known.
    pub ects: Option<f64>,
    /// Names of the occupations it prepares for.
    pub target_occupations: Vec<String>,
}

/// Portfolio and programmes.
pub struct Offer<'a> {
    /// Portfolio first.
    pub programmes: Vec<ProgrammePlan<'a>>,
    /// Sets of target occupations, each once.
    pub audiences: Vec<BTreeSet<String>>,
}

impl<'a> Offer<'a> {
    /// Gathers outcomes and target occupations.
    pub fn new(inputs: &MeasureInputs<'a>, language: Lang) -> Self {
        let targets = |p: &Programme| p.target_occupations.iter().cloned().collect::<BTreeSet<_>>();
        let sets: BTreeSet<_> = inputs.programmes.iter().map(targets).filter(|t| !t.is_empty()).collect();
        let audiences: Vec<_> = sets.into_iter().collect();
        let scope_of = |p: &Programme| match audiences.binary_search(&targets(p)) {
            Ok(audience) => Scope::Audience(audience as u32),
            Err(_) => Scope::WHOLE,
        };
        let by_id: FxHashMap<&str, &Credential> = inputs.credentials.iter().map(|c| (c.id.0.as_str(), c)).collect();
        let all: Vec<&Credential> = inputs.credentials.iter().collect();
        let mut programmes = vec![plan(PORTFOLIO, PORTFOLIO, &all, Scope::WHOLE)];
        for programme in inputs.programmes {
            let own: Vec<_> = programme.credentials.iter().filter_map(|c| by_id.get(c.0.as_str()).copied()).collect();
            programmes.push(ProgrammePlan {
                target_occupations: occupation_names(&programme.target_occupations, inputs.taxonomy, language),
                ..plan(&programme.id, &programme.title, &own, scope_of(programme))
            });
        }
        Self { programmes, audiences }
    }

    /// Every credential of the catalogue as a programme of its own, in the catalogue's order.
    pub fn of_credentials(inputs: &MeasureInputs<'a>) -> Self {
        let alone = |c: &'a Credential| plan(&c.id.0, &c.title, &[c], Scope::WHOLE);
        Self { programmes: inputs.credentials.iter().map(alone).collect(), audiences: Vec::new() }
    }
}

fn plan<'a>(id: &str, title: &str, credentials: &[&'a Credential], scope: Scope) -> ProgrammePlan<'a> {
    ProgrammePlan {
        id: id.to_owned(),
        title: title.to_owned(),
        outcomes: credentials.iter().flat_map(|c| &c.outcomes).collect(),
        ects: if credentials.is_empty() { None } else { credentials.iter().map(|c| c.ects).sum() },
        target_occupations: Vec::new(),
        scope,
    }
}

fn occupation_names(ids: &[String], taxonomy: &Taxonomy, language: Lang) -> Vec<String> {
    let occupation = |id: &String| taxonomy.occupation_index(id).and_then(|i| taxonomy.occupations.get(i));
    ids.iter().map(|id| occupation(id).map_or(id.as_str(), |o| o.name(language)).to_owned()).collect()
}
