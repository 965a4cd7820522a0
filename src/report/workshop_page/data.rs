//! What the script of the page works with, as one JSON block that nothing can break out of.

use super::judged::handed_out_name;
use super::picks::Picks;
use crate::report::ReportError;
use crate::report::checks::key_text;
use crate::report::index::PORTFOLIO;
use crate::report::phrase::{Piece, readable};
use crate::report::view::Context;
use crate::types::{Findings, GapStatus, Lang};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Votes that a group spreads over skills.
const VOTES: u32 = 10;
/// Skills of a programme that have a status of their own.
const PROGRAMME_SKILLS: usize = 60;
/// Skills that can be searched, as a multiple of the rows of a table.
const SEARCHED: usize = 10;

/// The block.
#[derive(Serialize)]
struct Data {
    edition: String,
    lang: &'static str,
    votes: u32,
    /// Words of the script.
    t: BTreeMap<String, String>,
    /// Skills: those of the rows first, in their order.
    skills: Vec<Skill>,
    skill_count: usize,
    programmes: Vec<Programme>,
    /// Learning outcomes, also those without a match.
    outcomes: Vec<Text>,
    /// Outcome and skill of each row of matches, by position.
    matches: Vec<(usize, usize)>,
    mentions: Vec<Mention>,
    terms: Vec<Text>,
    occupations: Vec<Name>,
    proposals: Vec<Proposal>,
}

/// A name or text and its language, when it is not the page's.
#[derive(Serialize)]
struct Text {
    id: String,
    text: String,
    lang: &'static str,
}

#[derive(Serialize)]
struct Name {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'static str>,
}

#[derive(Serialize)]
struct Skill {
    #[serde(flatten)]
    name: Name,
    /// Names in the other languages, to be found by.
    also: Vec<String>,
}

#[derive(Serialize)]
struct Programme {
    #[serde(flatten)]
    name: Name,
    /// Position of the skill, status, demand with interval, coverage.
    gaps: Vec<(usize, String, String, String)>,
}

#[derive(Serialize)]
struct Mention {
    posting: String,
    skill: usize,
    words: String,
    sentence: String,
    lang: &'static str,
}

#[derive(Serialize)]
struct Proposal {
    skills: Vec<usize>,
    ects: f64,
}

/// Skills by position, added when first met.
struct Positions<'a> {
    of: BTreeMap<&'a str, usize>,
    skills: Vec<(&'a str, &'a str)>,
}

impl<'a> Positions<'a> {
    fn at(&mut self, skill: &'a str, label: &'a str) -> usize {
        let next = self.skills.len();
        let at = *self.of.entry(skill).or_insert(next);
        if at == next {
            self.skills.push((skill, label));
        }
        at
    }
}

/// The block as text that can stand in an HTML element: no `<`, `>` or `&`, and no line separators of old JavaScript.
pub fn json(context: &Context, picks: &Picks) -> Result<String, ReportError> {
    let text = serde_json::to_string(&data(context, picks))
        .map_err(|e| ReportError::Row { table: "workshop-page", detail: e.to_string() })?;
    Ok(embedded(&text))
}

/// JSON whose every character that HTML or a script could read as its own is written as an escape.
fn embedded(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

fn data(context: &Context, picks: &Picks) -> Data {
    let (findings, m) = (context.index.findings, context.messages);
    let mut positions = Positions { of: BTreeMap::new(), skills: Vec::new() };
    picks.gaps.iter().for_each(|g| {
        positions.at(&g.demand.skill, &g.demand.label);
    });
    let (outcomes, outcome_at) = outcomes(context, picks);
    let matches = picks.links.iter().filter_map(|(outcome, link)| {
        let at = *outcome_at.get(outcome.outcome.0.as_str())?;
        Some((at, positions.at(&link.0, &link.1)))
    });
    let matches = matches.collect();
    let mentions = picks.mentions.iter().map(|row| Mention {
        posting: row.subject.clone(),
        skill: positions.at(&row.target, handed_out_name(context, row)),
        words: readable(&row.value),
        sentence: readable(&row.text),
        lang: row.language.unwrap_or_default().code(),
    });
    let mentions = mentions.collect();
    let proposals =
        picks.proposals.iter().map(|p| Proposal { skills: of_proposal(findings, p, &mut positions), ects: p.ects });
    let proposals = proposals.collect();
    let programmes = programmes(context, picks.gaps.len(), &positions);
    let named = positions.skills.len();
    let rest = findings.demand.iter().filter(|d| d.skill != "all").chain(findings.gaps.iter().map(|g| &g.demand));
    rest.for_each(|d| {
        positions.at(&d.skill, &d.label);
    });
    Data {
        edition: findings.meta.edition(),
        lang: m.language.code(),
        votes: VOTES,
        t: m.texts().get("workshop_script").cloned().unwrap_or_default(),
        skill_count: positions.skills.len(),
        skills: skills(context, &positions, named),
        programmes,
        outcomes,
        matches,
        mentions,
        terms: picks.terms.iter().map(|t| text("", &t.term, t.language)).collect(),
        occupations: picks.occupations.iter().map(|o| name(&o.occupation, context.index.name(&o.label))).collect(),
        proposals,
    }
}

fn text(id: &str, text: &str, language: Lang) -> Text {
    Text { id: id.to_owned(), text: readable(text), lang: language.code() }
}

fn name(id: &str, piece: Piece) -> Name {
    Name { id: id.to_owned(), name: piece.text, lang: piece.lang }
}

/// Outcomes of the rows, then the others, and where each stands.
fn outcomes<'a>(context: &Context<'a>, picks: &Picks<'a>) -> (Vec<Text>, BTreeMap<&'a str, usize>) {
    let mut at = BTreeMap::new();
    let mut texts = Vec::new();
    let most = picks.links.len().saturating_add(context.most_rows);
    for outcome in picks.links.iter().map(|(o, _)| *o).chain(&context.index.findings.outcomes) {
        if texts.len() < most && !at.contains_key(outcome.outcome.0.as_str()) {
            at.insert(outcome.outcome.0.as_str(), texts.len());
            texts.push(text(&outcome.outcome.0, &outcome.text, outcome.language));
        }
    }
    (texts, at)
}

fn of_proposal<'a>(findings: &'a Findings, p: &crate::types::Proposal, positions: &mut Positions<'a>) -> Vec<usize> {
    let skills = findings.proposals.skills.iter().filter(|s| s.proposal == p.proposal);
    skills.map(|s| positions.at(&s.skill, &s.label)).collect()
}

/// Programmes with those of the first `rows` skills that have a status there; credentials that are no programme follow.
fn programmes(context: &Context, rows: usize, positions: &Positions) -> Vec<Programme> {
    let (findings, m) = (context.index.findings, context.messages);
    let mut own: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for gap in findings.gaps.iter().filter(|g| g.status != GapStatus::Watch) {
        let listed = own.entry(&gap.programme).or_default();
        let at = positions.of.get(gap.demand.skill.as_str()).copied().filter(|at| *at < rows);
        if let Some(at) = at.filter(|_| listed.len() < PROGRAMME_SKILLS) {
            listed.push((at, key_text(&gap.status), m.share(&gap.demand), m.decimal(gap.coverage, 2)));
        }
    }
    let mut seen = BTreeSet::from([PORTFOLIO]);
    let ids = findings.programmes.iter().map(|p| p.programme.as_str());
    let ids = ids.chain(findings.outcomes.iter().map(|o| o.credential.as_str())).filter(|id| seen.insert(*id));
    let programme =
        |id: &str| Programme { name: name(id, context.index.programme(id)), gaps: own.remove(id).unwrap_or_default() };
    ids.take(context.most_rows).map(programme).collect()
}

/// Skills with their names in the other languages: the first `named`, the rest as far as there is room.
fn skills(context: &Context, positions: &Positions, named: usize) -> Vec<Skill> {
    let findings = context.index.findings;
    let most = named.max(context.most_rows * SEARCHED);
    let skill = |(id, label): &(&str, &str)| {
        let others = findings.editions.iter().filter_map(|e| e.skills.get(*id)).map(|n| readable(&n.text));
        let mut also: Vec<String> = others.filter(|n| *n != readable(label)).collect();
        also.dedup();
        Skill { name: name(id, context.index.name(label)), also }
    };
    positions.skills.iter().take(most).map(skill).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_in_the_block_can_end_it_or_start_a_comment_and_it_is_still_the_same_json() {
        let hostile =
            ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "&lt;", "\u{2028}\u{2029}", "\\u003c"];
        let json = serde_json::to_string(&hostile).unwrap();
        let block = embedded(&json);
        assert!(!block.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{block}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&block).unwrap(), hostile);
    }
}
