//! The guidance sheet: for students, alumni and the public, in plain words.

use super::{Block, Card, Document, Frame, Part};
use crate::report::phrase::Phrase;
use crate::report::view::tables::most_occupations;
use crate::report::view::{Context, Fact, caveats};
use crate::types::{Demand, Mark, OccupationFinding, PathwayStep};

/// Skills named.
const MOST_SKILLS: usize = 10;
/// Occupations named.
const MOST_OCCUPATIONS: usize = 6;
/// Steps of a pathway named.
const MOST_STEPS: usize = 2;
/// Part of the requests that a way covers for certain before it is printed: as little is called hardly taught elsewhere, and
/// nobody should choose a course for it.
const LEAST_COVERED: f64 = 0.25;

/// Builds it.
pub fn document(context: &Context) -> Document {
    let m = context.messages;
    let stem = "guidance";
    let parts = [
        Part::titled(context, "skills", "guidance_skills", vec![Block::Cards { cards: skills(context) }]),
        Part::titled(
            context,
            "occupations",
            "guidance_occupations",
            vec![Block::Cards { cards: occupations(context) }],
        ),
        Part::titled(context, "care", "guidance_care", vec![Block::List { ordered: false, lines: care(context) }]),
    ];
    Document {
        stem: stem.to_owned(),
        frame: Frame::of(context, stem, m.own("documents.guidance_title")),
        programme: None,
        tables: vec!["demand", "pathways", "pathway_missing", "stacks"],
        kicker: m.text("documents.guidance_kicker"),
        is_print_set: false,
        parts: parts.into_iter().flatten().filter(|part| !is_bare(part)).collect(),
    }
}

/// Cards without a card are no part.
fn is_bare(part: &Part) -> bool {
    part.blocks.iter().all(|b| matches!(b, Block::Cards { cards } if cards.is_empty()))
}

/// Skills asked for most, and where they are taught.
fn skills(context: &Context) -> Vec<Card> {
    let m = context.messages;
    let card = |demand: &&Demand| {
        let taught: Vec<Phrase> = context
            .index
            .taught(&demand.skill)
            .iter()
            .filter(|t| t.coverage >= 0.25)
            .take(3)
            .map(|t| vec![context.index.programme(t.programme)])
            .collect();
        let place = if taught.is_empty() { m.own("documents.guidance_not_taught") } else { m.list(taught) };
        let trend = context.trend_words(context.index.trend(&demand.skill));
        let mut facts = vec![
            Fact { label: m.text("documents.asked_for"), value: context.messages.demand(*demand) },
            Fact { label: m.text("documents.where_to_learn"), value: place },
        ];
        if !trend.is_empty() {
            facts.push(Fact { label: m.text("table.trend"), value: trend });
        }
        Card { title: context.index.skill(&demand.skill, &demand.label), facts, ..Card::default() }
    };
    context.most_asked(MOST_SKILLS).iter().map(card).collect()
}

/// Occupations with most postings, and micro-credentials on the way to them.
fn occupations(context: &Context) -> Vec<Card> {
    let m = context.messages;
    let card = |o: &&OccupationFinding| {
        let mut facts = vec![Fact { label: m.text("documents.seen_in"), value: context.messages.demand(*o) }];
        let call = context.call_words(o.call);
        if !call.is_empty() {
            facts.push(Fact { label: m.text("table.trend"), value: call });
        }
        facts.extend(pathway(context, &o.occupation));
        Card { title: vec![context.index.name(&o.label)], facts, ..Card::default() }
    };
    most_occupations(context, MOST_OCCUPATIONS).iter().map(card).collect()
}

/// `A, then B: together they cover 31 of 100 requests (29–33)`, or that nothing covers a useful part; nothing where nobody
/// looked or may say.
pub fn pathway(context: &Context, occupation: &str) -> Option<Fact> {
    let m = context.messages;
    let rows = context.index.findings.pathways.iter().filter(|p| p.occupation == occupation);
    let rows: Vec<&PathwayStep> = rows.take(MOST_STEPS).collect();
    let last = rows.last().filter(|last| last.mark != Some(Mark::Suppressed))?;
    let label = m.text("documents.pathway");
    if last.coverage_low.is_none_or(|low| low < LEAST_COVERED) {
        return Some(Fact { label, value: m.own("documents.pathway_none") });
    }
    let name = |s: &&PathwayStep| Some(vec![context.index.titled(s.credential.as_deref()?, s.title.as_deref()?)]);
    let names: Vec<Phrase> = rows.iter().filter_map(name).collect();
    if names.is_empty() {
        return None;
    }
    let covered = m.interval(last.coverage_after, last.coverage_low, last.coverage_high, last.mark);
    let values = [
        ("steps", m.list(names)),
        ("covered", vec![m.figure(covered)]),
        ("n", vec![m.figure(m.count(last.base_count))]),
    ];
    Some(Fact { label, value: m.phrase("documents.pathway_covers", &values) })
}

/// What to keep in mind, plainly.
fn care(context: &Context) -> Vec<Phrase> {
    let own = (1..=3).map(|i| context.messages.own(&format!("documents.care_{i}")));
    own.chain(caveats(context, 3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Lang;

    /// What is said of the ways to an occupation whose last step covers at least so much for certain.
    fn told(occupation: &str, low: Option<f64>) -> Option<String> {
        let mut findings = fixture::realistic();
        let steps = findings.pathways.iter_mut().filter(|step| step.credential.is_some());
        steps.for_each(|step| step.coverage_low = low);
        let messages = Messages::of(Lang::En).unwrap();
        let fact = pathway(&Context::of(&findings, &messages, 10), occupation)?;
        Some(format!("{}: {}", fact.label, plain(&fact.value)))
    }

    #[test]
    fn a_way_is_named_where_it_covers_a_quarter_of_the_requests_for_certain_and_else_said_to_be_missing() {
        let analyst = "urn:skillgap:occupation:data-analyst";
        let way = told(analyst, Some(0.25)).unwrap();
        assert!(way.starts_with("Coverage: ") && way.contains("Covered of 100 requests: 41"), "{way}");
        let none =
            "Coverage: No micro-credential of this catalogue covers a useful part of what these postings ask for.";
        assert_eq!(told(analyst, Some(0.249)).as_deref(), Some(none));
        assert_eq!(told(analyst, None).as_deref(), Some(none));
        // Of a withheld occupation, and of one that nobody looked at, nothing is said.
        assert_eq!(told("urn:skillgap:occupation:nurse", Some(0.9)), None);
        assert_eq!(told("urn:skillgap:occupation:elsewhere", Some(0.9)), None);
    }
}
