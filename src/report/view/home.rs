//! Where a skill is taught, and which programme could take it up.

use super::{Context, coverage_band};
use crate::report::index::{PORTFOLIO, Taught};
use crate::report::phrase::{Phrase, Piece};
use crate::types::{Gap, GapStatus, Verdict};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Where ESCO keeps its concepts.
const ESCO: &str = "http://data.europa.eu/esco/skill/";
/// Natural languages among them: Arabic, Basque, Catalan, Chinese, Dutch, English, French, Galician, German, Hebrew,
/// Italian, Polish, Portuguese, Romanian, Russian, Spanish, Turkish, Ukrainian.
const LANGUAGES: [&str; 18] = [
    "33859d93-987c-4caa-a0a9-6159ea7bbc2a",
    "a28fa5f1-be5b-4608-8376-acea8c2f8cb1",
    "8ee2b6f2-7017-4b9a-9de2-4dedf0711394",
    "1fe42b38-cd42-4fc7-ae77-14e4c9e96295",
    "cad4f44b-28a8-4448-86e5-7389e5ebf3eb",
    "6d3edede-8951-4621-a835-e04323300fa0",
    "e747e77e-0ea1-4001-8b07-1d11946b5f1b",
    "66212ff2-34b9-4812-be58-f53a0b751863",
    "4812a4ea-dc55-4dc6-b9b0-4a59bba2c647",
    "8a45f04a-cd28-4ac1-8e8b-ecfd21be0b18",
    "87219dfe-a21c-4160-8cc8-1eabf9b16b44",
    "f3e9b964-0c2d-46c4-a895-8b3583054d69",
    "584c13e8-fd06-4ca3-a45b-cca5b2f147a7",
    "4b9f1ae5-0ee6-4738-8999-9b8191fba808",
    "6891bbce-20bf-4afc-bd5e-75bdf54c0165",
    "14ee9f76-3524-43d5-8a1a-5ba8283f8bd7",
    "aa66a033-8522-40e9-a5c0-ff2593e2669c",
    "354b948c-7eef-4ebc-bfd6-f60d7d5acb62",
];
/// The driving licence.
const LICENCE: &str = "2a82241a-216e-44d8-bb50-6b9a0ef82084";

/// A programme whose outcomes are matched to a skill, whatever the strength.
struct Matched<'a> {
    programme: &'a str,
    /// Matches that nobody has refused.
    count: u64,
    /// Those among them that wait for a reader.
    waiting: u64,
}

/// Programmes with matches to the skill, most matches first.
fn matched<'a>(context: &Context<'a>, skill: &str) -> Vec<Matched<'a>> {
    let findings = context.index.findings;
    let mut counts: BTreeMap<&'a str, (u64, u64)> = BTreeMap::new();
    for outcome in &findings.outcomes {
        let links = outcome.links.iter().filter(|link| link.0 == skill);
        for verdict in links.map(|link| link.3).filter(|v| matches!(v, Verdict::Accepted | Verdict::Review)) {
            let (count, waiting) = counts.entry(outcome.credential.as_str()).or_default();
            *count += 1;
            *waiting += u64::from(verdict == Verdict::Review);
        }
    }
    let mut all: Vec<Matched> =
        counts.into_iter().map(|(programme, (count, waiting))| Matched { programme, count, waiting }).collect();
    all.sort_by_key(|m| (Reverse(m.count), m.programme));
    all
}

/// Whether a match that nobody has read yet says that the programme teaches the skill.
pub fn is_perhaps_taught(context: &Context, programme: &str, skill: &str) -> bool {
    matched(context, skill).iter().any(|m| m.programme == programme && m.waiting > 0)
}

/// Where a skill is taught best, with how much of it, and in how many more programmes.
pub fn taught(context: &Context, skill: &str) -> Phrase {
    let m = context.messages;
    let all = context.index.taught(skill);
    let Some(Taught { programme, coverage }) = all.first() else { return perhaps_taught(context, skill) };
    let band = format!("lists.taught_{}", coverage_band(*coverage));
    let mut place = m.phrase(&band, &[("programme", vec![context.index.programme(programme)])]);
    if all.len() > 1 {
        place = m.counted_with("lists.taught_more", all.len() as u64 - 1, &[("where", place)]);
    }
    m.phrase("lists.taught", &[("where", place)])
}

/// Where a match that nobody has read yet says that it is taught.
fn perhaps_taught(context: &Context, skill: &str) -> Phrase {
    let m = context.messages;
    let waiting: Vec<Matched> = matched(context, skill).into_iter().filter(|m| m.waiting > 0).collect();
    let Some(first) = waiting.first() else { return m.own("lists.taught_nowhere") };
    let mut place = vec![context.index.programme(first.programme)];
    if waiting.len() > 1 {
        place = m.counted_with("lists.taught_more", waiting.len() as u64 - 1, &[("where", place)]);
    }
    m.phrase("lists.taught_perhaps", &[("programme", place)])
}

/// What page 1 suggests for a skill to add or to strengthen.
pub fn suggested(context: &Context, kind: GapStatus, gap: &Gap) -> Phrase {
    let m = context.messages;
    if let Some(key) = entry_condition(&gap.demand.skill) {
        return m.own(key);
    }
    if let Some(home) = home_to_read(context, gap) {
        let programme = vec![context.index.programme(home.programme)];
        return m.counted_with("lists.home_matched", home.waiting, &[("programme", programme)]);
    }
    if kind == GapStatus::Add { suggested_home(context, &gap.demand.skill) } else { suggested_outcome(context, gap) }
}

/// A language or a licence is no topic of a micro-credential; what to say instead.
fn entry_condition(skill: &str) -> Option<&'static str> {
    let concept = skill.strip_prefix(ESCO)?;
    if concept == LICENCE {
        return Some("lists.as_licence");
    }
    LANGUAGES.contains(&concept).then_some("lists.as_language")
}

/// The programme with more matches to the skill than the one that counts as teaching it, when some wait for a reader.
fn home_to_read<'a>(context: &Context<'a>, gap: &Gap) -> Option<Matched<'a>> {
    let outcome = gap.outcome.as_ref().and_then(|id| context.index.outcome(&id.0));
    let teaches = outcome.map(|o| o.credential.as_str());
    let all = matched(context, &gap.demand.skill);
    let own = all.iter().find(|m| Some(m.programme) == teaches).map_or(0, |m| m.count);
    all.into_iter().find(|m| m.waiting > 0).filter(|m| m.count > own)
}

/// Programmes that teach a skill of the group, or the group itself, by a match that counts.
fn at_home<'a>(context: &Context<'a>, group: &str) -> BTreeSet<&'a str> {
    if group.is_empty() {
        return BTreeSet::new();
    }
    let is_of_group = |g: &Gap| g.group == group || g.demand.label == group;
    let taught = context.index.findings.coverage.iter().filter(|c| c.coverage > 0.0);
    let own = taught.filter(|c| context.index.gap(PORTFOLIO, &c.linked_skill).is_some_and(is_of_group));
    own.map(|c| c.programme.as_str()).collect()
}

/// The programme that teaches something of the same group and whose own occupations ask for the skill most.
fn suggested_home(context: &Context, skill: &str) -> Phrase {
    let m = context.messages;
    // A programme without occupations of its own is measured on all postings and would fit everything.
    let programmes = context.index.findings.programmes.iter().filter(|p| p.programme != PORTFOLIO);
    let at_home = at_home(context, context.index.gap(PORTFOLIO, skill).map_or("", |g| g.group.as_str()));
    let fitting = programmes.filter(|p| !p.target_occupations.is_empty() && at_home.contains(p.programme.as_str()));
    let gaps = fitting.filter_map(|p| context.index.gap(&p.programme, skill));
    let best = gaps.filter(|g| g.status == GapStatus::Add && g.demand.share.is_some()).max_by(|a, b| {
        a.demand
            .share
            .unwrap_or_default()
            .total_cmp(&b.demand.share.unwrap_or_default())
            .then(b.programme.cmp(&a.programme))
    });
    let Some(gap) = best else { return m.own("lists.add_new") };
    let values = [
        ("programme", vec![context.index.programme(&gap.programme)]),
        ("share", vec![Piece::own(m.per_100(gap.demand.share.unwrap_or_default()))]),
        ("n", vec![Piece::own(m.count(gap.demand.base_count))]),
    ];
    m.phrase("lists.add_to", &values)
}

fn suggested_outcome(context: &Context, gap: &Gap) -> Phrase {
    let outcome = gap.outcome.as_ref().and_then(|id| context.index.outcome(&id.0));
    let Some(outcome) = outcome else { return context.messages.own("lists.strengthen_any") };
    let text = shortened(&outcome.text, 70);
    context.messages.phrase("lists.strengthen_outcome", &[("outcome", vec![Piece::spoken(&text, outcome.language)])])
}

/// Cut after a whole word.
fn shortened(text: &str, longest: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(longest) else { return text.to_owned() };
    let head = text.get(..end).unwrap_or(text);
    let whole = head.rsplit_once(char::is_whitespace).map_or(head, |(words, _)| words);
    format!("{}…", whole.trim_end_matches([',', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::{Coverage, Findings, Lang, OutcomeId};

    fn with<T>(findings: &Findings, ask: impl Fn(&Context) -> T) -> T {
        let messages = Messages::of(Lang::En).unwrap();
        ask(&Context::of(findings, &messages, 60))
    }

    /// A skill that no programme teaches and one programme's own occupations ask for; all skills are of other groups.
    fn untaught() -> (Findings, String, String) {
        let mut findings = fixture::realistic();
        findings.gaps.iter_mut().for_each(|g| g.group = format!("group of {}", g.demand.skill));
        let taught: BTreeSet<String> = findings.coverage.iter().map(|c| c.skill.clone()).collect();
        let is_open = |g: &Gap| g.status == GapStatus::Add && !taught.contains(&g.demand.skill);
        let mut own = findings.gaps.iter().filter(|g| g.programme != PORTFOLIO);
        let (programme, skill) =
            own.find(|g| is_open(g)).map(|g| (g.programme.clone(), g.demand.skill.clone())).unwrap();
        (findings, programme, skill)
    }

    #[test]
    fn a_programme_is_a_home_for_a_skill_only_if_it_teaches_one_of_its_group() {
        let (mut findings, programme, skill) = untaught();
        let home = |f: &Findings| with(f, |c| plain(&suggested_home(c, &skill)));
        assert_eq!(home(&findings), "Suggested: discuss a new micro-credential");
        let linked = findings.gaps.iter().map(|g| g.demand.skill.clone()).find(|s| *s != skill).unwrap();
        let is_kin = |g: &Gap| g.demand.skill == skill || g.demand.skill == linked;
        findings.gaps.iter_mut().filter(|g| is_kin(g)).for_each(|g| g.group = "kin".into());
        findings.coverage.retain(|c| c.linked_skill != linked);
        assert_eq!(home(&findings), "Suggested: discuss a new micro-credential");
        findings.coverage.push(Coverage {
            programme: programme.clone(),
            skill: linked.clone(),
            coverage: 0.8,
            grade: 1.0,
            outcome: OutcomeId("o".into()),
            linked_skill: linked,
            score: 0.8,
        });
        let title = findings.programmes.iter().find(|p| p.programme == programme).unwrap().title.clone();
        assert!(home(&findings).starts_with("Suggested home (") && home(&findings).ends_with(&title));
    }

    #[test]
    fn a_skill_whose_match_waits_for_a_reader_is_perhaps_taught_and_not_untaught() {
        let (mut findings, programme, skill) = untaught();
        let said = |f: &Findings| with(f, |c| plain(&taught(c, &skill)));
        findings.outcomes.iter_mut().for_each(|o| o.links.clear());
        assert_eq!(said(&findings), "Not taught in any programme");
        let outcome = findings.outcomes.iter_mut().find(|o| o.credential == programme).unwrap();
        outcome.links = vec![(skill.clone(), "name".into(), 0.4, Verdict::Review, None)];
        let title = findings.programmes.iter().find(|p| p.programme == programme).unwrap().title.clone();
        assert_eq!(said(&findings), format!("Perhaps taught in: {title} (match not yet read)"));
        assert!(with(&findings, |c| is_perhaps_taught(c, &programme, &skill)));
    }

    #[test]
    fn the_home_is_the_programme_with_most_matches_of_any_strength() {
        let (mut findings, programme, _) = untaught();
        let skill = "urn:skillgap:skill:data-protection".to_owned();
        findings.outcomes.iter_mut().for_each(|o| o.links.clear());
        let link = |score, verdict| vec![(skill.clone(), "data protection".to_owned(), score, verdict, None)];
        let other = findings.outcomes.iter_mut().find(|o| o.credential != programme).unwrap();
        (other.links, other.verdict) = (link(0.44_f32, Verdict::Accepted), Verdict::Accepted);
        let counted = other.outcome.clone();
        let mut own = findings.outcomes.iter_mut().filter(|o| o.credential == programme);
        for score in [0.25, 0.41] {
            own.next().unwrap().links = link(score, Verdict::Review);
        }
        let mut gap = findings.gaps.iter().find(|g| g.programme == PORTFOLIO).unwrap().clone();
        (gap.demand.skill, gap.outcome) = (skill.clone(), Some(counted));
        let title = findings.programmes.iter().find(|p| p.programme == programme).unwrap().title.clone();
        let said = with(&findings, |c| plain(&suggested(c, GapStatus::Strengthen, &gap)));
        assert_eq!(said, format!("Suggested home: {title} (2 matches to read first)"));
    }

    #[test]
    fn a_language_and_a_licence_are_entry_conditions_and_no_micro_credentials() {
        let findings = fixture::realistic();
        let mut gap = findings.gaps.iter().find(|g| g.programme == PORTFOLIO).unwrap().clone();
        let mut said = |concept: &str| {
            gap.demand.skill = format!("{ESCO}{concept}");
            with(&findings, |c| plain(&suggested(c, GapStatus::Add, &gap)))
        };
        let language = "Suggested: state it as an entry condition or point to a language centre";
        assert_eq!(said("8ee2b6f2-7017-4b9a-9de2-4dedf0711394"), language);
        assert_eq!(said(LICENCE), "Suggested: state it as an entry condition");
    }
}
