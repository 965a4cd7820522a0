//! What workshops agreed, beside the data: priorities with their votes, drafts, remarks, and what changed this run.

use super::{Cell, Context, Head, Section, TableView};
use crate::report::index::PORTFOLIO;
use crate::report::phrase::{Phrase, Piece};
use crate::types::{Choice, DecisionKind, DecisionState, JudgedMentions, Lang, WorkshopDecision};
use std::collections::BTreeSet;

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
    let applied = |kind| {
        let own = workshop.decisions.iter().filter(|d| d.kind == kind && d.state == DecisionState::Applied);
        m.count(own.count() as u64)
    };
    let counts = [
        ("matches", applied(DecisionKind::Match)),
        ("terms", applied(DecisionKind::Term)),
        ("mentions", applied(DecisionKind::Mention)),
    ];
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

fn days(context: &Context) -> Phrase {
    let decisions = &context.index.findings.workshop.decisions;
    let days: BTreeSet<&str> =
        decisions.iter().flat_map(|d| [d.first_decided_on.as_str(), d.last_decided_on.as_str()]).collect();
    let shown = days.into_iter().take(context.most_rows).map(|day| vec![Piece::outside(day)]);
    context.messages.list(shown.collect())
}

fn all_groups(context: &Context) -> String {
    let decisions = &context.index.findings.workshop.decisions;
    let groups: BTreeSet<&str> = decisions.iter().flat_map(|d| d.groups.split(' ')).collect();
    groups.into_iter().collect::<Vec<_>>().join(" ")
}

/// `companies professors` in the reader's words.
fn groups(context: &Context, names: &str) -> Phrase {
    let word = |name: &str| context.messages.word("agreed", &format!("group_{name}"));
    context.messages.list(names.split(' ').filter(|n| !n.is_empty()).map(word).collect())
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

/// Most votes first, with what postings and catalogue show of the skill.
fn priorities(context: &Context) -> TableView {
    let mut all = of_kind(context, DecisionKind::Priority);
    all.sort_by_key(|d| (std::cmp::Reverse(d.votes), &d.subject_label, &d.target, d.decision));
    let columns = ["skill", "for", "decision", "votes#", "who", "demand#", "coverage#"];
    view(context, "priorities", &columns, &all, |context, d| {
        let m = context.messages;
        let gap = context.index.gap(&d.target, &d.subject);
        let demand = gap.map(|g| &g.demand).or_else(|| context.index.demand(&d.subject));
        let not_seen = || Cell { text: m.own("agreed.not_seen"), kind: "num", ..Cell::default() };
        vec![
            context.cell(context.index.skill(&d.subject, &d.subject_label)),
            context.cell(programme(context, &d.target)),
            choice(context, d.decision),
            context.figure(m.count(d.votes.unwrap_or_default())),
            who(context, d),
            demand.map_or_else(not_seen, |demand| context.demand_cell(demand)),
            context.figure(gap.map_or_else(|| m.text("number.none"), |g| m.decimal(g.coverage, 2))),
        ]
    })
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
    let days = if d.first_decided_on == d.last_decided_on {
        vec![Piece::outside(&d.last_decided_on)]
    } else {
        m.list([&d.first_decided_on, &d.last_decided_on].map(|day| vec![Piece::outside(day)]).to_vec())
    };
    let by = d.decided_by.iter().map(|by| vec![Piece::outside(by)]);
    Cell { text: groups(context, &d.groups), small: m.list(std::iter::once(days).chain(by).collect()), kind: "" }
}

fn said(text: &str, language: Option<Lang>) -> Phrase {
    vec![language.map_or_else(|| Piece::outside(text), |language| Piece::spoken(text, language))]
}

fn name(context: &Context, label: &str) -> Cell {
    context.cell(vec![context.index.name(label)])
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
        context.figure(d.ects.map_or_else(|| m.text("number.none"), |ects| m.decimal(ects, 1))),
        name(context, &d.target_label),
        who(context, d),
    ]
}

fn note(context: &Context, d: &WorkshopDecision) -> Vec<Cell> {
    vec![name(context, &d.subject_label), context.cell(said(&d.text, d.language)), who(context, d)]
}

fn matched(context: &Context, d: &WorkshopDecision) -> Vec<Cell> {
    vec![
        context.cell(said(&d.text, d.language)),
        name(context, &d.target_label),
        choice(context, d.decision),
        who(context, d),
        reason(context, d),
    ]
}

fn term(context: &Context, d: &WorkshopDecision) -> Vec<Cell> {
    vec![
        context.cell(said(&d.text, d.language)),
        choice(context, d.decision),
        Cell { small: vec![Piece::outside(&d.target)], ..name(context, &d.target_label) },
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
            name(context, &d.target_label),
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

    #[test]
    fn priorities_come_by_votes_with_the_demand_of_the_programme_beside_them() {
        let findings = fixture::realistic();
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 100);
        let section = section(&context);
        let table = section.tables.iter().find(|t| t.id == "workshop-priorities").unwrap();
        let votes: Vec<String> = table.rows.iter().map(|r| plain(&r[3].text)).collect();
        assert_eq!(votes, ["12", "4"]);
        let gap = context.index.portfolio_gaps[0];
        assert_eq!(table.rows[0][5].text, context.demand_cell(&gap.demand).text);
        assert!(
            plain(&section.lead).contains("2026-09-15") && plain(&section.lead).contains("companies, teaching staff")
        );
        let ids: Vec<&str> = section.tables.iter().map(|t| t.id.as_str()).collect();
        let expected = ["priorities", "outcomes", "notes", "matches", "terms", "judged", "conflicts"]
            .map(|k| format!("workshop-{k}"));
        assert_eq!(ids, expected);
    }

    #[test]
    fn without_decisions_there_is_no_section() {
        let mut findings = fixture::realistic();
        findings.workshop = crate::types::Workshop::default();
        let messages = Messages::of(Lang::En).unwrap();
        assert!(section(&Context::of(&findings, &messages, 100)).tables.is_empty());
    }
}
