//! Cards to lay on the table: skills and occupations, in two languages, with an empty place for the group's own view.

use super::Card;
use crate::report::phrase::{Phrase, Piece};
use crate::report::view::evidence::Quote;
use crate::report::view::tables::most_occupations;
use crate::report::view::{Context, Fact, coverage_band, evidence_parts};
use crate::types::{Edition, EditionName, Evidence, Gap, Lane, Lang, OccupationFinding};
use std::collections::BTreeSet;

pub use crate::report::view::evidence::skill_gaps;

/// Occupation cards.
const MOST_OCCUPATIONS: usize = 8;
/// Words of a quotation beside the skill's name; fewer say nothing of the work.
const LEAST_WORDS: usize = 4;

/// A card per skill.
pub fn skills(context: &Context) -> Vec<Card> {
    let m = context.messages;
    let second = second_edition(context);
    let misspelt = misspelt(context);
    let mut quoted = BTreeSet::new();
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
            quote: quote(context, skill, &misspelt, &mut quoted),
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

/// Sentences in which some word was read in spite of a slip in it.
fn misspelt<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let evidence = context.index.findings.evidence.iter();
    evidence.filter(|e| e.lane == Lane::Fuzzy).map(|e| e.sentence.as_str()).collect()
}

/// A sentence of a posting worth printing, its words marked: without slips, saying more than the skill's name, no job
/// title, and on no other card. In the language of the page where there is one, and with the name as the taxonomy has it.
fn quote<'a>(
    context: &Context<'a>,
    skill: &str,
    misspelt: &BTreeSet<&str>,
    quoted: &mut BTreeSet<&'a str>,
) -> Option<Quote> {
    let language = context.index.findings.meta.language;
    let speaks = |e: &Evidence| {
        let (before, _, after) = evidence_parts(e);
        before.split_whitespace().chain(after.split_whitespace()).count() >= LEAST_WORDS
    };
    let is_title = |e: &Evidence| e.sentence.trim().to_lowercase() == e.title.trim().to_lowercase();
    let all = context.index.evidence(skill).iter().copied();
    let worth = all.filter(|e| !misspelt.contains(e.sentence.as_str()) && speaks(e) && !is_title(e));
    let free = worth.filter(|e| !quoted.contains(e.sentence.as_str()));
    let row = free.min_by_key(|e| (e.language != language, e.lane != Lane::Exact))?;
    quoted.insert(&row.sentence);
    Some(Quote::of(&row.sentence, (row.start, row.end), row.language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;

    #[test]
    fn a_card_quotes_a_sentence_that_says_something_in_right_spelling_or_none() {
        let findings = fixture::realistic();
        let skill = findings.gaps[0].demand.skill.clone();
        let row = |sentence: &str, words: &str, lane| {
            let start = sentence.find(words).unwrap();
            let [start, end] = [start, start + words.len()].map(|at| u32::try_from(at).unwrap());
            let (skill, sentence) = (skill.clone(), sentence.to_owned());
            Evidence { skill, sentence, start, end, lane, language: Lang::En, ..findings.evidence[0].clone() }
        };
        let said = |rows: &[Evidence]| {
            let mut findings = findings.clone();
            findings.evidence = rows.to_vec();
            let messages = Messages::of(Lang::En).unwrap();
            let context = Context::of(&findings, &messages, 10);
            quote(&context, &skill, &misspelt(&context), &mut BTreeSet::new()).map(|q| q.before + &q.words + &q.after)
        };
        let name = row("driving licence", "driving licence", Lane::Exact);
        let slip = row("You need a drivng licence and two years at work.", "drivng licence", Lane::Fuzzy);
        let beside = row("You need a drivng licence and two years at work.", "work", Lane::Exact);
        let stem = row("We ask for driving licences of all who join us.", "driving licences", Lane::Stem);
        let good = row("We ask for a driving licence and a calm hand.", "driving licence", Lane::Exact);
        assert_eq!(said(&[name.clone(), slip.clone(), beside.clone()]), None);
        assert_eq!(said(&[name.clone(), slip, beside, stem.clone()]), Some(stem.sentence.clone()));
        assert_eq!(said(&[stem, good.clone(), name.clone()]), Some(good.sentence.clone()));
        let title = Evidence { title: good.sentence.to_uppercase(), ..good };
        assert_eq!(said(&[title, name]), None);
    }

    #[test]
    fn no_sentence_stands_on_two_cards() {
        let mut findings = fixture::realistic();
        // Every skill is seen in the same two sentences.
        for (i, row) in findings.evidence.iter_mut().enumerate() {
            row.sentence = format!("We ask number {} for a driving licence and a calm hand.", i % 2);
            (row.start, row.end, row.lane) = (0, 2, Lane::Exact);
        }
        let messages = Messages::of(Lang::En).unwrap();
        let cards = skills(&Context::of(&findings, &messages, 10));
        let quotes = cards.into_iter().filter_map(|card| card.quote).count();
        assert_eq!(quotes, 2);
    }
}
