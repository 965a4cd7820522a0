//! Cards to lay on the table: skills and occupations, in two languages, with an empty place for the group's own view.

use super::Card;
use crate::report::phrase::{Phrase, Piece};
use crate::report::view::evidence::Quote;
use crate::report::view::tables::most_occupations;
use crate::report::view::{Context, Fact, coverage_band};
use crate::types::{Edition, EditionName, Gap, GapStatus, Lang, OccupationFinding};
use std::collections::BTreeSet;

/// Skill cards, four to a page.
const MOST_SKILLS: usize = 24;
/// Occupation cards.
const MOST_OCCUPATIONS: usize = 8;

/// Of each list of page 1, so many.
const MOST_LISTED: usize = 5;

/// Skills to talk about: those of page 1, those that change, then those asked for most.
pub fn skill_gaps<'a>(context: &Context<'a>) -> Vec<&'a Gap> {
    let ranked = || context.index.portfolio_gaps.iter().filter(|g| g.demand.share.is_some());
    let listed = [GapStatus::Add, GapStatus::Strengthen, GapStatus::Review].into_iter();
    let listed = listed.flat_map(|status| ranked().filter(move |g| g.status == status).take(MOST_LISTED));
    let mut seen = BTreeSet::new();
    let all = listed.chain(ranked().filter(|g| context.is_called(&g.demand.skill))).chain(ranked());
    all.copied().filter(|g| seen.insert(g.demand.skill.as_str())).take(MOST_SKILLS).collect()
}

/// A card per skill.
pub fn skills(context: &Context) -> Vec<Card> {
    let m = context.messages;
    let second = second_edition(context);
    let card = |gap: &&Gap| {
        let skill = gap.demand.skill.as_str();
        let mut facts = vec![
            Fact { label: m.text("documents.asked_for"), value: context.messages.demand(&gap.demand) },
            Fact {
                label: m.text("documents.taught"),
                value: m.own(&format!("documents.taught_{}", coverage_band(gap.coverage))),
            },
        ];
        let trend = context.trend_words(context.index.trend(skill));
        if !trend.is_empty() {
            facts.push(Fact { label: m.text("table.trend"), value: trend });
        }
        Card {
            title: vec![context.index.name(&gap.demand.label)],
            second: second.map(|e| named(e, e.skills.get(skill))).unwrap_or_default(),
            text: definition(context, skill),
            facts,
            quote: quote(context, skill),
            blank: m.text("documents.our_view"),
        }
    };
    skill_gaps(context).iter().map(card).collect()
}

/// A card per occupation: most postings first, then what clearly changes.
pub fn occupations(context: &Context) -> Vec<Card> {
    let m = context.messages;
    let second = second_edition(context);
    let card = |o: &&OccupationFinding| {
        let mut facts = vec![
            Fact { label: m.text("documents.seen_in"), value: context.messages.demand(*o) },
            Fact { label: m.text("table.trend"), value: context.call_words(o.call) },
        ];
        facts.extend(super::guidance::pathway(context, &o.occupation));
        facts.retain(|f| !f.value.is_empty());
        let isco = o.isco.as_deref().map(|c| m.phrase("documents.isco", &[("code", vec![Piece::outside(c)])]));
        Card {
            title: vec![context.index.name(&o.label)],
            second: second.map(|e| named(e, in_second(context, e, &o.label))).unwrap_or_default(),
            text: isco.unwrap_or_default(),
            facts,
            quote: None,
            blank: m.text("documents.our_view"),
        }
    };
    most_occupations(context, MOST_OCCUPATIONS).iter().map(card).collect()
}

/// The plan's own language, or the next one where the page is written in it.
fn second_edition<'a>(context: &Context<'a>) -> Option<&'a Edition> {
    context.index.findings.editions.iter().find(|e| e.language != context.index.findings.meta.language)
}

fn named(edition: &Edition, name: Option<&EditionName>) -> Phrase {
    let spoken = |n: &EditionName| vec![Piece::spoken(&n.text, n.language.unwrap_or(edition.language))];
    name.map(spoken).unwrap_or_default()
}

/// Occupations are named by their name in the plan's language, so the page's name is looked up first.
fn in_second<'a>(context: &Context<'a>, second: &'a Edition, label: &str) -> Option<&'a EditionName> {
    let here = context.index.findings.editions.iter().find(|e| e.language == context.index.findings.meta.language)?;
    let plan = here.occupations.iter().find(|(_, name)| name.text == label).map(|(plan, _)| plan)?;
    second.occupations.get(plan)
}

/// In the reader's language where the taxonomy has it, else as it describes the skill, which is in English where it can be.
fn definition(context: &Context, skill: &str) -> Phrase {
    let findings = context.index.findings;
    let here = findings.editions.iter().find(|e| e.language == findings.meta.language);
    if let Some(text) = here.and_then(|edition| edition.definitions.get(skill)) {
        return vec![Piece::outside(text)];
    }
    let english = findings.meta.language == Lang::En;
    let piece = |t: &String| if english { Piece::outside(t) } else { Piece::spoken(t, Lang::En) };
    findings.definitions.get(skill).map(|t| vec![piece(t)]).unwrap_or_default()
}

/// A sentence of a posting, in the language of the page where there is one, its words marked.
fn quote(context: &Context, skill: &str) -> Option<Quote> {
    let all = context.index.evidence(skill);
    let language = context.index.findings.meta.language;
    let row = all.iter().find(|e| e.language == language).or_else(|| all.first())?;
    Some(Quote::of(&row.sentence, (row.start, row.end), row.language))
}
