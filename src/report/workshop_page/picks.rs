//! What of the findings comes to the table: chosen and ordered once, so that rows and data of the page agree.

use crate::report::view::Context;
use crate::types::{
    DecisionKind, Findings, Gap, Lang, NovelTerm, OccupationFinding, OutcomeFinding, Proposal, SheetRow, Verdict,
};
use std::collections::{BTreeMap, VecDeque};

/// Occupations of an area beside all areas together.
const AREA_OCCUPATIONS: usize = 12;
/// Areas with occupations of their own.
const OCCUPATION_AREAS: usize = 20;

/// A link of a learning outcome: skill id, name, score, verdict, demand share.
pub type Link = (String, String, f32, Verdict, Option<f64>);

/// Rows of the page by kind, at most so many of each, with how many there are.
pub struct Picks<'a> {
    /// Demand beside coverage of the whole offer: those with something to do first.
    pub gaps: Vec<&'a Gap>,
    /// How many there are.
    pub all_gaps: usize,
    /// Links to judge, in the order of the catalogue.
    pub links: Vec<(&'a OutcomeFinding, &'a Link)>,
    /// How many there are.
    pub all_links: usize,
    /// Sentences to judge: those that the edition drew from all postings.
    pub mentions: Vec<&'a SheetRow>,
    /// Phrases that no skill explains: language by language in turn, so that a cut leaves some of each.
    pub terms: Vec<&'a NovelTerm>,
    /// Occupations of all areas together, then of the largest areas.
    pub occupations: Vec<&'a OccupationFinding>,
    /// How many there are for all areas together.
    pub all_occupations: usize,
    /// Starting points for new micro-credentials.
    pub proposals: Vec<&'a Proposal>,
}

impl<'a> Picks<'a> {
    /// Chooses from the findings, at most the context's number of rows each.
    pub fn of(context: &Context<'a>) -> Self {
        let (findings, most) = (context.index.findings, context.most_rows);
        let gaps = &context.index.portfolio_gaps;
        let links = || findings.outcomes.iter().flat_map(|o| o.links.iter().map(move |l| (o, l)));
        let links = || links().filter(|(_, l)| matches!(l.3, Verdict::Accepted | Verdict::Review));
        let whole = || findings.occupations.iter().filter(|o| o.area == "all" && o.share.is_some());
        // A decision on a term says in which language it is one.
        let terms = findings.novel.terms.iter().filter(|t| t.language != Lang::Und);
        let mut occupations: Vec<&OccupationFinding> = whole().take(most).collect();
        occupations.extend(of_areas(findings, most));
        Self {
            gaps: gaps.iter().copied().take(most).collect(),
            all_gaps: gaps.len(),
            links: links().take(most).collect(),
            all_links: links().count(),
            mentions: findings.workshop.sheet.iter().filter(|row| row.kind == DecisionKind::Mention).collect(),
            terms: in_turn(terms, |t| t.language).take(most).collect(),
            occupations,
            all_occupations: whole().count(),
            proposals: findings.proposals.proposals.iter().take(most).collect(),
        }
    }
}

/// The first occupations of each area, areas with most postings first.
fn of_areas(findings: &Findings, most: usize) -> impl Iterator<Item = &OccupationFinding> {
    let mut areas: BTreeMap<&str, Vec<&OccupationFinding>> = BTreeMap::new();
    for row in findings.occupations.iter().filter(|o| o.area != "all" && o.area != "unknown" && o.share.is_some()) {
        areas.entry(&row.area).or_default().push(row);
    }
    let mut areas: Vec<Vec<&OccupationFinding>> = areas.into_values().collect();
    areas.sort_by_key(|rows| std::cmp::Reverse(rows.first().map_or(0, |o| o.base_count)));
    areas.into_iter().take(OCCUPATION_AREAS.min(most)).flat_map(move |rows| rows.into_iter().take(AREA_OCCUPATIONS))
}

/// One of each language after another, each language in its own order.
fn in_turn<'a, T: 'a>(
    rows: impl IntoIterator<Item = &'a T>,
    language: impl Fn(&T) -> Lang,
) -> impl Iterator<Item = &'a T> {
    let mut queues: BTreeMap<Lang, VecDeque<&T>> = BTreeMap::new();
    for row in rows {
        queues.entry(language(row)).or_default().push_back(row);
    }
    let mut queues: VecDeque<VecDeque<&T>> = queues.into_values().collect();
    std::iter::from_fn(move || {
        let mut queue = queues.pop_front()?;
        let row = queue.pop_front();
        if !queue.is_empty() {
            queues.push_back(queue);
        }
        row
    })
}
