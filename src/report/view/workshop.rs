//! What workshops said, beside the data: priorities with their votes, drafts, remarks, and what changed this run.

use super::{Cell, Context, Head, Section, TableView};
use crate::report::index::PORTFOLIO;
use crate::report::phrase::{Phrase, Piece, joined};
use crate::types::{Choice, DecisionKind, DecisionState, JudgedMentions, Lang, WorkshopDecision};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of a table that repeats what other tables show the effect of; the file has all.
const MOST_ROWS: usize = 20;

/// Builds the section; nothing where nobody decided anything.
pub fn section(context: &Context) -> Section {
    let (m, workshop) = (context.messages, &context.index.findings.workshop);
    if workshop.decisions.is_empty() {
        return Section::default();
    }
    let tables = [
        priorities(context),
        table(context, "outcomes", DecisionKind::Outcome, &["draft", "about", "ects#", "skills", "who"], draft),
        table(context, "notes", DecisionKind::Note, &["about", "note", "who"], note),
        table(context, "matches", DecisionKind::Match, &["outcome", "skill", "decision", "who", "reason"], matched),
        table(context, "terms", DecisionKind::Term, &["term", "decision", "skill", "who", "reason"], term),
        judged(context),
        conflicts(context),
    ];
    let counts = [("matches", DecisionKind::Match), ("terms", DecisionKind::Term), ("mentions", DecisionKind::Mention)];
    let counts = counts.map(|(place, kind)| (place, m.count(applied(context, kind))));
    let named = [("table", "workshop_decisions.csv"), ("sheet", "review.csv"), ("column", "decision")];
    let named = named.map(|(place, name)| (place, vec![Piece::outside(name)]));
    Section {
        id: "workshop",
        heading: m.text("agreed.heading"),
        lead: m.phrase("agreed.lead", &[("days", days(context)), ("groups", groups(context, &all_groups(context)))]),
        tables: tables.into_iter().filter(|t| !t.rows.is_empty()).collect(),
        lines: vec![m.fill("agreed.applied", &counts), m.phrase("agreed.files", &named)],
    }
}

/// Decisions of a kind that changed this run.
fn applied(context: &Context, kind: DecisionKind) -> u64 {
    let decisions = context.index.findings.workshop.decisions.iter();
    decisions.filter(|d| d.kind == kind && d.state == DecisionState::Applied).count() as u64
}

/// How many matches people decided that count in the verdict, and how; nothing where there is none.
pub fn decided(context: &Context) -> Phrase {
    let m = context.messages;
    let all = context.index.findings.workshop.decisions.iter();
    let matches = all.filter(|d| d.kind == DecisionKind::Match && d.state == DecisionState::Applied);
    let choices: Vec<Choice> = matches.map(|d| d.decision).collect();
    let of = |choice: Choice| vec![m.figure(m.count(choices.iter().filter(|c| **c == choice).count() as u64))];
    match choices.len() as u64 {
        0 => Phrase::new(),
        n => {
            let parts = [("accepted", of(Choice::Accept)), ("rejected", of(Choice::Reject))];
            m.counted_with("agreed.decided", n, &parts)
        }
    }
}

/// What workshops want done about a skill of the whole offer; nothing where none spoke of it.
pub fn wanted(context: &Context, skill: &str) -> Phrase {
    let m = context.messages;
    let of_skill = of_kind(context, DecisionKind::Priority).into_iter();
    let of_skill = of_skill.filter(|d| d.subject == skill && d.target == PORTFOLIO).collect();
    let Some(wanted) = Wanted::of(of_skill) else { return Phrase::new() };
    let mut days = vec![m.day(&wanted.whole.first_decided_on), m.day(&wanted.whole.last_decided_on)];
    days.dedup();
    let values = [("days", together(context, days)), ("actions", wanted.action(context).text)];
    m.counted_with("agreed.wanted", wanted.whole.votes.unwrap_or_default(), &values)
}

/// Precision where people have judged sentences, by language, since the sample is drawn from each.
pub fn precision(context: &Context) -> Option<Phrase> {
    let m = context.messages;
    let part = |j: &JudgedMentions| {
        let values = [
            ("language", m.word("languages", j.language.code())),
            ("share", vec![m.figure(m.per_100(j.precision))]),
            ("range", vec![m.figure(m.range(j.precision, j.precision_low, j.precision_high))]),
            ("n", vec![m.figure(m.count(j.judged))]),
        ];
        m.phrase("agreed.precision_part", &values)
    };
    let judged = context.index.findings.workshop.judged.iter().filter(|j| j.judged > 0);
    let parts: Vec<Phrase> = judged.map(part).collect();
    let all = || m.phrase("agreed.precision", &[("parts", joined(parts.clone(), &m.text("join.clause")))]);
    (!parts.is_empty()).then(all)
}

fn days(context: &Context) -> Phrase {
    let decisions = &context.index.findings.workshop.decisions;
    let days: BTreeSet<&str> =
        decisions.iter().flat_map(|d| [d.first_decided_on.as_str(), d.last_decided_on.as_str()]).collect();
    let shown = days.into_iter().take(context.most_rows).map(|day| context.messages.day(day));
    together(context, shown.collect())
}

fn all_groups(context: &Context) -> String {
    united(context.index.findings.workshop.decisions.iter().map(|d| d.groups.as_str()), " ")
}

/// What stands in any of the lists, once.
fn united<'t>(lists: impl Iterator<Item = &'t str>, between: &str) -> String {
    let parts: BTreeSet<&str> = lists.flat_map(|list| list.split(between)).filter(|part| !part.is_empty()).collect();
    parts.into_iter().collect::<Vec<_>>().join(between)
}

/// Parts as a sentence names them, the last after `and`.
fn together(context: &Context, mut parts: Vec<Phrase>) -> Phrase {
    let m = context.messages;
    match parts.pop() {
        Some(last) if !parts.is_empty() => joined(vec![m.list(parts), last], &m.text("agreed.and")),
        last => last.unwrap_or_default(),
    }
}

/// `companies professors` in the reader's words.
fn groups(context: &Context, names: &str) -> Phrase {
    let word = |name: &str| context.messages.word("agreed", &format!("group_{name}"));
    together(context, names.split(' ').filter(|n| !n.is_empty()).map(word).collect())
}

fn of_kind<'a>(context: &'a Context, kind: DecisionKind) -> Vec<&'a WorkshopDecision> {
    let all = context.index.findings.workshop.decisions.iter();
    all.filter(|d| d.kind == kind && d.state != DecisionState::Conflict).collect()
}

fn heads(context: &Context, keys: &[&str]) -> Vec<Head> {
    let m = context.messages;
    let head = |key: &&str| {
        let (key, kind) = key.strip_suffix('#').map_or((*key, ""), |k| (k, "num"));
        let label = m.text(&format!("agreed.head_{key}"));
        Head { text: vec![Piece::own(&label)], label, kind }
    };
    keys.iter().map(head).collect()
}

fn table(
    context: &Context,
    key: &str,
    kind: DecisionKind,
    columns: &[&str],
    row: fn(&Context, &WorkshopDecision) -> Vec<Cell>,
) -> TableView {
    view(context, key, columns, &of_kind(context, kind), row)
}

fn view(
    context: &Context,
    key: &str,
    columns: &[&str],
    all: &[&WorkshopDecision],
    row: impl Fn(&Context, &WorkshopDecision) -> Vec<Cell>,
) -> TableView {
    let is_long = matches!(key, "matches" | "terms");
    let shown = all.len().min(context.most_rows).min(if is_long { MOST_ROWS } else { usize::MAX });
    TableView {
        id: format!("workshop-{key}"),
        caption: context.messages.own(&format!("agreed.{key}_caption")),
        head: heads(context, columns),
        rows: all.iter().take(shown).map(|d| row(context, d)).collect(),
        note: context.cut_note(shown, all.len(), "workshop_decisions.csv"),
    }
}

/// What groups want of one skill in one programme.
struct Wanted<'a> {
    /// What is to be done, by votes.
    actions: Vec<&'a WorkshopDecision>,
    /// All of them as one, with all votes.
    whole: WorkshopDecision,
}

impl<'a> Wanted<'a> {
    fn of(mut actions: Vec<&'a WorkshopDecision>) -> Option<Self> {
        actions.sort_by_key(|d| (Reverse(d.votes), d.decision));
        let first = *actions.first()?;
        let whole = WorkshopDecision {
            votes: Some(actions.iter().filter_map(|d| d.votes).sum()),
            groups: united(actions.iter().map(|d| d.groups.as_str()), " "),
            decided_by: Some(united(actions.iter().filter_map(|d| d.decided_by.as_deref()), "; "))
                .filter(|by| !by.is_empty()),
            first_decided_on: actions.iter().map(|d| &d.first_decided_on).min()?.clone(),
            last_decided_on: actions.iter().map(|d| &d.last_decided_on).max()?.clone(),
            ..first.clone()
        };
        Some(Self { actions, whole })
    }

    /// The action that all chose; where they differ, each with its votes.
    fn action(&self, context: &Context) -> Cell {
        let m = context.messages;
        if let [only] = self.actions.as_slice() {
            return Cell { small: m.own("agreed.agreed"), ..choice(context, only.decision) };
        }
        let said = |d: &&WorkshopDecision| {
            let votes = vec![m.figure(m.count(d.votes.unwrap_or_default()))];
            joined(vec![choice(context, d.decision).text, votes], " ")
        };
        let text = joined(self.actions.iter().map(said).collect(), " · ");
        Cell { text, small: m.own("agreed.differ"), kind: "" }
    }
}

/// A row per skill and programme, most votes first, with what postings and catalogue show of the skill.
fn priorities(context: &Context) -> TableView {
    let mut by_skill: BTreeMap<(&str, &str), Vec<&WorkshopDecision>> = BTreeMap::new();
    for decision in of_kind(context, DecisionKind::Priority) {
        by_skill.entry((&decision.subject, &decision.target)).or_default().push(decision);
    }
    let mut all: Vec<Wanted> = by_skill.into_values().filter_map(Wanted::of).collect();
    all.sort_by(|a, b| {
        let key = |w: &Wanted| (w.whole.subject_label.clone(), w.whole.target.clone());
        b.whole.votes.cmp(&a.whole.votes).then_with(|| key(a).cmp(&key(b)))
    });
    let shown = all.len().min(context.most_rows);
    let columns = ["skill", "for", "decision", "votes#", "who", "demand#", "coverage#"];
    TableView {
        id: "workshop-priorities".to_owned(),
        caption: context.messages.phrase("agreed.priorities_caption", &[("days", days(context))]),
        head: heads(context, &columns),
        rows: all.iter().take(shown).map(|wanted| priority(context, wanted)).collect(),
        note: context.cut_note(shown, all.len(), "workshop_decisions.csv"),
    }
}

fn priority(context: &Context, wanted: &Wanted) -> Vec<Cell> {
    let (m, d) = (context.messages, &wanted.whole);
    let gap = context.index.gap(&d.target, &d.subject);
    let demand = gap.map(|g| &g.demand).or_else(|| context.index.demand(&d.subject));
    let not_seen = || Cell { text: m.own("agreed.not_seen"), kind: "num", ..Cell::default() };
    let name = named(context, &d.subject, &d.subject_label);
    vec![
        context.cell(vec![name.linked(context.index.evidence_href(&d.subject))]),
        context.cell(programme(context, &d.target)),
        wanted.action(context),
        context.figure(m.count(d.votes.unwrap_or_default())),
        who(context, d),
        demand.map_or_else(not_seen, |demand| context.demand_cell(demand)),
        context.figure(gap.map_or_else(|| m.text("number.none"), |g| m.decimal(g.coverage, 2))),
    ]
}

fn programme(context: &Context, id: &str) -> Phrase {
    if id == PORTFOLIO { context.messages.own("values.portfolio") } else { vec![context.index.programme(id)] }
}

fn choice(context: &Context, choice: Choice) -> Cell {
    context.word(context.messages.word("agreed", &format!("choice_{}", choice.name())))
}

/// Groups; below them when, and who wrote it down.
fn who(context: &Context, d: &WorkshopDecision) -> Cell {
    let m = context.messages;
    let mut days = vec![m.day(&d.first_decided_on), m.day(&d.last_decided_on)];
    days.dedup();
    let days = together(context, days);
    let by = d.decided_by.iter().map(|by| vec![Piece::outside(by)]);
    Cell { text: groups(context, &d.groups), small: m.list(std::iter::once(days).chain(by).collect()), kind: "" }
}

fn said(text: &str, language: Option<Lang>) -> Phrase {
    vec![language.map_or_else(|| Piece::outside(text), |language| Piece::spoken(text, language))]
}

/// A name; ids that stand in for names that the taxonomy has not are replaced, since they tell a reader nothing.
fn named(context: &Context, ids: &str, label: &str) -> Piece {
    let no_name = context.messages.text("agreed.no_name");
    let mut ids: Vec<&str> = ids.split(' ').filter(|id| id.contains(':')).collect();
    // An id may be the beginning of another.
    ids.sort_by_key(|id| Reverse(id.len()));
    let words = ids.into_iter().fold(label.to_owned(), |words, id| {
        let known = context.index.label(id);
        words.replace(id, if known == id { &no_name } else { known })
    });
    context.index.name(&words)
}

/// The skills of a decision. A new skill that is not taken up yet is called what people called it.
fn skills(context: &Context, d: &WorkshopDecision) -> Cell {
    if d.decision == Choice::Novel && d.target_label == d.target {
        return context.cell(said(&d.text, d.language));
    }
    context.cell(vec![named(context, &d.target, &d.target_label)])
}

fn reason(context: &Context, d: &WorkshopDecision) -> Cell {
    context.cell(d.reason.iter().map(|reason| Piece::outside(reason)).collect())
}

fn draft(context: &Context, d: &WorkshopDecision) -> Vec<Cell> {
    let m = context.messages;
    let about =
        if d.subject.is_empty() { m.own("agreed.new_credential") } else { vec![context.index.programme(&d.subject)] };
    vec![
        context.cell(said(&d.text, d.language)),
        context.cell(about),
        context.figure(d.ects.map_or_else(|| m.text("number.none"), |ects| m.decimal(ects, places(ects)))),
        skills(context, d),
        who(context, d),
    ]
}

/// As many decimals as credits are given with.
fn places(ects: f64) -> usize {
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-9;
    [1.0, 10.0].into_iter().position(|scale| is_whole(ects * scale)).unwrap_or(2)
}

fn note(context: &Context, d: &WorkshopDecision) -> Vec<Cell> {
    let about = named(context, &d.subject, &d.subject_label);
    vec![context.cell(vec![about]), context.cell(said(&d.text, d.language)), who(context, d)]
}

fn matched(context: &Context, d: &WorkshopDecision) -> Vec<Cell> {
    vec![
        context.cell(said(&d.text, d.language)),
        skills(context, d),
        choice(context, d.decision),
        who(context, d),
        reason(context, d),
    ]
}

fn term(context: &Context, d: &WorkshopDecision) -> Vec<Cell> {
    vec![
        context.cell(said(&d.text, d.language)),
        choice(context, d.decision),
        skills(context, d),
        who(context, d),
        reason(context, d),
    ]
}

/// Precision of what the program counted, by language, in the words of those who read it.
fn judged(context: &Context) -> TableView {
    let m = context.messages;
    let row = |j: &JudgedMentions| {
        let figures = m.interval(Some(j.precision), Some(j.precision_low), Some(j.precision_high), None);
        vec![
            context.cell(m.word("languages", j.language.code())),
            context.figure(m.count(j.judged)),
            context.figure(m.count(j.right)),
            Cell { small: context.n(j.judged), ..context.figure(figures) },
            context.figure(m.count(j.missed)),
        ]
    };
    TableView {
        id: "workshop-judged".to_owned(),
        caption: m.own("agreed.judged_caption"),
        head: heads(context, &["language", "judged#", "right#", "precision#", "missed#"]),
        rows: context.index.findings.workshop.judged.iter().map(row).collect(),
        note: Phrase::new(),
    }
}

fn conflicts(context: &Context) -> TableView {
    let decisions = context.index.findings.workshop.decisions.iter();
    let all: Vec<&WorkshopDecision> = decisions.filter(|d| d.state == DecisionState::Conflict).collect();
    view(context, "conflicts", &["about", "skill", "decision", "who", "reason"], &all, |context, d| {
        vec![
            context.cell(said(&d.text, d.language)),
            skills(context, d),
            choice(context, d.decision),
            who(context, d),
            reason(context, d),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Findings;

    #[test]
    fn priorities_come_by_votes_with_the_demand_of_the_programme_beside_them() {
        let findings = fixture::realistic();
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 100);
        let section = section(&context);
        let table = section.tables.iter().find(|t| t.id == "workshop-priorities").unwrap();
        let votes: Vec<String> = table.rows.iter().map(|r| plain(&r[3].text)).collect();
        assert_eq!(votes, ["16"], "a row per skill");
        let gap = context.index.portfolio_gaps[0];
        assert_eq!(table.rows[0][5].text, context.demand_cell(&gap.demand).text);
        let lead = plain(&section.lead);
        assert!(lead.contains("15 September 2026") && lead.contains("companies and teaching staff"), "{lead}");
        let ids: Vec<&str> = section.tables.iter().map(|t| t.id.as_str()).collect();
        let expected = ["priorities", "outcomes", "notes", "matches", "terms", "judged", "conflicts"]
            .map(|k| format!("workshop-{k}"));
        assert_eq!(ids, expected);
    }

    #[test]
    fn a_skill_on_which_groups_differ_is_not_called_agreed() {
        let mut findings = fixture::realistic();
        let messages = Messages::of(Lang::En).unwrap();
        let action = |findings: &Findings| {
            let context = Context::of(findings, &messages, 100);
            let table = priorities(&context);
            (plain(&table.rows[0][2].text), plain(&table.rows[0][2].small), plain(&table.caption))
        };
        let (said, mark, caption) = action(&findings);
        assert_eq!((said.as_str(), mark.as_str()), ("add 12 · do nothing 4", "groups differ"));
        assert!(caption.starts_with("Agreed in the workshop of 15 September 2026 and 16 September 2026"), "{caption}");
        findings.workshop.decisions.retain(|d| d.kind != DecisionKind::Priority || d.decision == Choice::Add);
        let (said, mark, _) = action(&findings);
        assert_eq!((said.as_str(), mark.as_str()), ("add", "agreed"));
    }

    #[test]
    fn no_id_stands_where_a_name_is_read_and_whole_credits_have_no_decimals() {
        let mut findings = fixture::realistic();
        for d in findings.workshop.decisions.iter_mut().filter(|d| d.kind == DecisionKind::Term) {
            (d.decision, d.target) = (Choice::Novel, "urn:skillgap:local:0123".into());
            (d.target_label, d.text) = (d.target.clone(), "olive pruning".into());
        }
        let drafts = |d: &&mut WorkshopDecision| d.kind == DecisionKind::Outcome;
        for d in findings.workshop.decisions.iter_mut().filter(drafts) {
            d.target = format!("{} urn:gone", findings.gaps[0].demand.skill);
            (d.target_label, d.ects) = (d.target.clone(), Some(3.0));
        }
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 100);
        let section = section(&context);
        let row = |id: &str| &section.tables.iter().find(|t| t.id == id).unwrap().rows[0];
        let term: Vec<String> = row("workshop-terms").iter().map(|c| plain(&c.text) + &plain(&c.small)).collect();
        assert!(term[2] == "olive pruning" && !term.concat().contains("urn:"), "{term:?}");
        let draft = row("workshop-outcomes");
        let name = &findings.gaps[0].demand.label;
        assert_eq!(plain(&draft[3].text), format!("{name} no name in this edition"));
        assert_eq!(plain(&draft[2].text), "3");
        assert_eq!([places(1.5), places(1.25), places(6.0)], [1, 2, 0]);
    }

    #[test]
    fn judged_sentences_say_how_often_the_program_is_right_and_decided_matches_are_told_below_the_verdict() {
        let mut findings = fixture::realistic();
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 100);
        let said = plain(&precision(&context).unwrap());
        assert!(said.contains("Arabic: 90 of 100 (70–97), n = 20"), "{said}");
        let told = "In this figure: 1 match decided by people (1 accepted, 0 rejected).";
        assert_eq!(plain(&decided(&context)), told);
        findings.workshop = crate::types::Workshop::default();
        let context = Context::of(&findings, &messages, 100);
        assert!(precision(&context).is_none() && decided(&context).is_empty());
    }

    #[test]
    fn without_decisions_there_is_no_section() {
        let mut findings = fixture::realistic();
        findings.workshop = crate::types::Workshop::default();
        let messages = Messages::of(Lang::En).unwrap();
        assert!(section(&Context::of(&findings, &messages, 100)).tables.is_empty());
    }
}
