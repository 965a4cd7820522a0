//! One card per programme.

use super::{Context, home, links, page_one};
use crate::report::editions;
use crate::report::index::PORTFOLIO;
use crate::report::phrase::{Phrase, Piece, joined};
use crate::types::ProgrammeFinding;
use serde::Serialize;

/// A programme in short.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    id: String,
    title: Piece,
    brief: Phrase,
    verdict: Phrase,
    grounds: Phrase,
    about: Phrase,
    occupations: Phrase,
    lists: Vec<CardList>,
}

/// Skills of one list of a programme.
#[derive(Debug, Clone, Serialize)]
pub struct CardList {
    heading: String,
    skills: Phrase,
}

/// Cards of the programmes, and the remark when not all are shown.
pub fn cards(context: &Context) -> (Vec<Card>, Phrase) {
    let all = context.index.programme_count();
    let most = (context.most_rows / 4).clamp(1, MOST_BRIEFS);
    let cards: Vec<Card> = chosen(context, most).into_iter().enumerate().map(|(i, p)| card(context, i, p)).collect();
    let note = context.cut_note(cards.len(), all, "gaps.csv");
    (cards, note)
}

/// Programmes with a brief of their own.
pub const MOST_BRIEFS: usize = 100;

/// So many programmes. Of a large catalogue, those that meet demand come first; otherwise the catalogue's own order reads best.
pub fn chosen<'a>(context: &Context<'a>, most: usize) -> Vec<&'a ProgrammeFinding> {
    let mut all: Vec<&ProgrammeFinding> =
        context.index.findings.programmes.iter().filter(|p| p.programme != PORTFOLIO).collect();
    if all.len() > most {
        let coverage = |p: &ProgrammeFinding| p.coverage.unwrap_or_default();
        all.sort_by(|a, b| coverage(b).total_cmp(&coverage(a)).then(a.programme.cmp(&b.programme)));
        all.truncate(most);
    }
    all
}

fn card(context: &Context, position: usize, programme: &ProgrammeFinding) -> Card {
    let m = context.messages;
    let mut about = Vec::new();
    if let Some(ects) = programme.ects {
        about.push(m.fill("programmes.ects", &[("ects", m.decimal(ects, if ects.fract() == 0.0 { 0 } else { 1 }))]));
    }
    let linked = [("n", m.count(programme.outcome_linked_count)), ("all", m.count(programme.outcome_count))];
    about.push(m.fill("programmes.linked", &linked));
    let occupations: Vec<Phrase> =
        programme.target_occupations.iter().take(6).map(|o| vec![context.index.name(o)]).collect();
    // Without occupations of its own, a programme would be told to add whatever the whole market asks for.
    let own_demand = !occupations.is_empty() || context.index.programme_count() == 1;
    let occupations = match (occupations.is_empty(), own_demand) {
        (false, _) => m.phrase("programmes.occupations", &[("occupations", m.list(occupations))]),
        (true, true) => m.own("programmes.all_occupations"),
        (true, false) => m.own("programmes.no_occupations"),
    };
    let mut lists = vec![("review", &programme.review)];
    if own_demand {
        lists = vec![("add", &programme.add), ("strengthen", &programme.strengthen), ("review", &programme.review)];
    }
    Card {
        id: format!("programme-{}", position + 1),
        title: context.index.programme(&programme.programme),
        brief: brief(context, &programme.programme),
        verdict: page_one::verdict(context, programme),
        grounds: page_one::grounds(context, programme),
        about: joined(about, " · "),
        occupations,
        lists: lists.into_iter().map(|(key, skills)| card_list(context, &programme.programme, key, skills)).collect(),
    }
}

/// Its brief as page and PDF.
fn brief(context: &Context, programme: &str) -> Phrase {
    let stem = editions::brief_stem(context.index.findings, programme);
    links(context, "documents.brief_kicker", Some(&stem), Some(&stem))
}

fn card_list(context: &Context, programme: &str, key: &str, skills: &[String]) -> CardList {
    let named = |skill: &String| {
        let name = match context.index.gap(programme, skill) {
            Some(gap) => context.index.skill(&gap.demand.skill, &gap.demand.label),
            None => vec![context.index.name(skill)],
        };
        match key == "add" && home::is_perhaps_taught(context, programme, skill) {
            true => context.messages.phrase("programmes.perhaps_here", &[("skill", name)]),
            false => name,
        }
    };
    let names: Vec<Phrase> = skills.iter().take(5).map(named).collect();
    let skills = if names.is_empty() { context.messages.own("programmes.none") } else { context.messages.list(names) };
    CardList { heading: context.messages.text(&format!("lists.{key}")), skills }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::{Lang, Verdict};

    #[test]
    fn a_programme_with_a_match_to_read_is_not_plainly_told_to_add_the_skill() {
        let mut findings = fixture::realistic();
        let told_to_add = |p: &&ProgrammeFinding| p.programme != PORTFOLIO && !p.add.is_empty();
        let own = findings.programmes.iter().find(told_to_add).unwrap().clone();
        findings.outcomes.iter_mut().for_each(|o| o.links.clear());
        let outcome = findings.outcomes.iter_mut().find(|o| o.credential == own.programme).unwrap();
        outcome.links = vec![(own.add[0].clone(), "name".into(), 0.4, Verdict::Review, None)];
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 60);
        let listed = |key| plain(&card_list(&context, &own.programme, key, &own.add[..1]).skills);
        assert!(listed("add").ends_with(" (perhaps taught here: matches not yet read)"), "{}", listed("add"));
        assert!(!listed("strengthen").contains("perhaps"));
    }
}
