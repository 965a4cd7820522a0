//! What people judge row by row: matches, sentences, new terms; and the proposals that drafts start from.

use super::parts::{Cell, Row, Section, Sourced, Table, heads, shared};
use super::picks::{Link, Picks};
use crate::report::phrase::{Phrase, Piece};
use crate::report::view::evidence::Quote;
use crate::report::view::{Context, band};
use crate::types::{NovelTerm, OutcomeFinding, Proposal, SheetRow};

/// Matches of learning outcomes and skills.
pub fn matches(context: &Context, picks: &Picks) -> Section {
    let m = context.messages;
    let keys = ["table.outcome", "table.skill", "table.band", "table.demand#"];
    let table = Table {
        id: "matches-table",
        caption: m.own("workshop_page.matches_caption"),
        head: heads(context, &keys),
        rows: picks.links.iter().enumerate().map(|(at, (o, l))| matched(context, at, o, l)).collect(),
        note: context.cut_note(picks.links.len(), picks.all_links, "outcomes.csv"),
        decide: true,
    };
    some(Section::named(context, "matches"), table)
}

/// The table in its section, unless it is empty.
fn some(section: Section, table: Table) -> Section {
    let tables = if table.rows.is_empty() { Vec::new() } else { vec![table] };
    Section { tables, ..section }
}

fn matched(context: &Context, at: usize, outcome: &OutcomeFinding, link: &Link) -> Row {
    let m = context.messages;
    let strength = band(Some(link));
    let share = match context.index.demand(&link.0) {
        Some(demand) => shared(context, demand),
        None => Cell::figures(m.own("outcomes.not_seen")),
    };
    let cells = vec![
        Cell::of(vec![Piece::spoken(&outcome.text, outcome.language)])
            .and(vec![context.index.programme(&outcome.credential)]),
        Cell::of(vec![context.index.name(&link.1)]),
        Cell::word(m.own(strength)),
        share,
    ];
    let data = vec![
        ("kind", "match".to_owned()),
        ("at", at.to_string()),
        ("programme", outcome.credential.clone()),
        ("strength", strength.trim_start_matches("outcomes.").to_owned()),
    ];
    Row { data, cells }
}

/// Sentences in which a skill was recognised, to be judged.
pub fn mentions(context: &Context, picks: &Picks) -> Section {
    let m = context.messages;
    let table = Table {
        id: "mentions-table",
        caption: m.own("workshop_page.mentions_caption"),
        head: heads(context, &["workshop_page.sentence", "table.skill"]),
        rows: picks.mentions.iter().enumerate().map(|(at, row)| mention(context, at, row)).collect(),
        note: Phrase::new(),
        decide: true,
    };
    some(Section::named(context, "mentions"), table)
}

fn mention(context: &Context, at: usize, row: &SheetRow) -> Row {
    let start = row.text.find(&row.value).unwrap_or_default();
    let ends = [start, start + row.value.len()].map(|end| u32::try_from(end).unwrap_or_default());
    let quote = Quote::of(&row.text, ends.into(), row.language.unwrap_or_default());
    let sentence = Cell { quote: Some(Sourced { quote, source: Phrase::new() }), ..Cell::default() };
    let name = context.index.name(handed_out_name(context, row));
    let data = vec![("kind", "mention".to_owned()), ("at", at.to_string())];
    Row { data, cells: vec![sentence, Cell::of(vec![name])] }
}

/// Name of the skill of a mention: the page's, and where the page has none the one it was handed out with.
pub fn handed_out_name<'a>(context: &Context<'a>, row: &'a SheetRow) -> &'a str {
    let known = context.index.label(&row.target);
    if known == row.target { &row.shown } else { known }
}

/// Frequent phrases that no skill explains.
pub fn terms(context: &Context, picks: &Picks) -> Section {
    let m = context.messages;
    let all = context.index.findings.novel.terms.len();
    let table = Table {
        id: "terms-table",
        caption: m.own("workshop_page.terms_caption"),
        head: heads(context, &["table.term", "table.postings#", "table.employers_with#", "table.example"]),
        rows: picks.terms.iter().enumerate().map(|(at, t)| term(context, at, t)).collect(),
        note: context.cut_note(picks.terms.len(), all, "novel_terms.csv"),
        decide: true,
    };
    some(Section::named(context, "terms"), table)
}

fn term(context: &Context, at: usize, term: &NovelTerm) -> Row {
    let m = context.messages;
    let example = term
        .contexts
        .first()
        .map(|c| Sourced { quote: Quote::of(&c.sentence, (c.start, c.end), term.language), source: Phrase::new() });
    let cells = vec![
        Cell::of(vec![Piece::spoken(&term.term, term.language)]).and(m.word("languages", term.language.code())),
        Cell::figures(vec![m.figure(m.count(term.posting_count))]).and(context.n(term.base_count)),
        Cell::figures(vec![m.figure(m.count(term.employer_count))]),
        Cell { quote: example, ..Cell::default() },
    ];
    let data = vec![("kind", "term".to_owned()), ("at", at.to_string()), ("language", term.language.code().to_owned())];
    Row { data, cells }
}

/// Proposed micro-credentials as starting points for drafts.
pub fn outcomes(context: &Context, picks: &Picks) -> Section {
    let m = context.messages;
    let all = context.index.findings.proposals.proposals.len();
    // Postings and requests: a posting that asks for two of the skills makes two requests.
    let keys =
        ["workshop_page.proposal", "workshop_page.size#", "workshop_page.any_share#", "workshop_page.unmet_requests#"];
    let table = Table {
        id: "proposals-table",
        caption: m.own("workshop_page.proposals_caption"),
        head: heads(context, &keys),
        rows: picks.proposals.iter().enumerate().map(|(at, p)| proposal(context, at, p)).collect(),
        note: context.cut_note(picks.proposals.len(), all, "proposals.csv"),
        decide: true,
    };
    some(Section::named(context, "outcomes"), table)
}

fn proposal(context: &Context, at: usize, p: &Proposal) -> Row {
    let m = context.messages;
    let skills = context.index.findings.proposals.skills.iter().filter(|s| s.proposal == p.proposal);
    let names = skills.map(|s| vec![context.index.name(&s.label)]).collect();
    let levels = match (p.eqf_low, p.eqf_high) {
        (Some(low), Some(high)) if low == high => m.fill("workshop_page.eqf_level", &[("level", low.to_string())]),
        (Some(low), Some(high)) => {
            m.fill("workshop_page.eqf_levels", &[("levels", m.span(&low.to_string(), &high.to_string()))])
        }
        _ => Phrase::new(),
    };
    let ects = m.decimal(p.ects, if p.ects.fract() == 0.0 { 0 } else { 1 });
    let part = |v: f64| Some(v / 100.0);
    let unmet = m.interval(part(p.unmet_per_100), part(p.unmet_low), part(p.unmet_high), p.mark);
    let share = m.interval(Some(p.share), Some(p.share_low), Some(p.share_high), p.mark);
    let cells = vec![
        Cell::of(m.list(names)),
        Cell::figures(m.fill("programmes.ects", &[("ects", ects)])).and(levels),
        Cell::figures(vec![m.figure(share)]).and(context.n(p.base_count)),
        Cell::figures(vec![m.figure(unmet)]).and(context.n(p.base_count)),
    ];
    Row { data: vec![("kind", "proposal".to_owned()), ("at", at.to_string())], cells }
}
