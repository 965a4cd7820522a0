//! The workshop pack: everything a facilitator prints for a session of three areas, to be read without a screen.

use super::{Block, Document, Field, Frame, Part, cards, pictures};
use crate::report::phrase::{Phrase, Piece, joined};
use crate::report::view::tables::transitions_by_group;
use crate::report::view::{Context, Fact, limits, page_one};
use crate::types::{Gap, GapStatus};

/// Skills on the voting sheet: a page.
const MOST_VOTES: usize = 20;
/// Cards on a page.
const CARDS_PER_PAGE: usize = 4;
/// Groups that vote.
const GROUPS: [&str; 5] = ["companies", "professors", "guidance", "learners", "unit"];

/// Builds it.
pub fn document(context: &Context) -> Document {
    let m = context.messages;
    let stem = "workshop";
    let mut parts = vec![Part::titled(context, "agenda", "agenda", agenda(context)), context_page(context)];
    parts.extend(pages(context, "occupation-cards", "occupation_cards", cards::occupations(context)));
    parts.push(Part::titled(context, "poster", "poster", pictures::poster(context).into_iter().collect()));
    parts.extend(pages(context, "skill-cards", "skill_cards", cards::skills(context)));
    parts.push(Part::titled(context, "twin", "twin_page", twin(context)));
    parts.push(Part::titled(context, "vote", "vote", vec![vote(context)]));
    parts.push(Part::titled(context, "drafting", "drafting", drafting(context)));
    parts.push(Part::titled(context, "cannot", "cannot", vec![Block::List { ordered: false, lines: limits(context) }]));
    parts.push(Part::titled(context, "sign-off", "sign_off", sign_off(context)));
    Document {
        stem: stem.to_owned(),
        frame: Frame::of(context, stem, m.own("documents.workshop_title")),
        programme: None,
        tables: vec!["gaps", "occupations", "transitions", "proposals", "proposal_skills"],
        kicker: m.text("documents.workshop_kicker"),
        is_print_set: true,
        parts: parts.into_iter().flatten().collect(),
    }
}

/// Three hours and what happens in them.
fn agenda(context: &Context) -> Vec<Block> {
    let m = context.messages;
    let row = |i: usize| {
        ["time", "what", "who"].iter().map(|k| m.own(&format!("documents.agenda_{k}_{i}"))).collect::<Vec<Phrase>>()
    };
    let heads = ["table.time", "table.step", "table.who"].iter().map(|k| m.text(k)).collect();
    let sheet = Block::Sheet { caption: m.own("documents.agenda_caption"), heads, rows: (1..=8).map(row).collect() };
    let bring = (1..=4).map(|i| m.own(&format!("documents.bring_{i}"))).collect();
    vec![sheet, Block::List { ordered: false, lines: bring }]
}

/// One page of context: the verdict, what stands out, how to read the figures.
fn context_page(context: &Context) -> Option<Part> {
    let m = context.messages;
    let mut blocks = Vec::new();
    if let Some(portfolio) = context.index.portfolio() {
        let (text, grounds) = (page_one::verdict(context, portfolio), page_one::grounds(context, portfolio));
        blocks.push(Block::Verdict { text, grounds });
    }
    blocks.push(Block::List { ordered: false, lines: super::trend::headlines(context) });
    let named = |status: GapStatus| {
        let all = page_one::listed(context, status);
        let names: Vec<Phrase> = all.iter().map(|g| vec![context.index.name(&g.demand.label)]).collect();
        if names.is_empty() { m.own("programmes.none") } else { m.list(names) }
    };
    let facts = [
        ("lists.add", GapStatus::Add),
        ("lists.strengthen", GapStatus::Strengthen),
        ("lists.review", GapStatus::Review),
    ];
    blocks.push(Block::Facts {
        facts: facts.into_iter().map(|(key, status)| Fact { label: m.text(key), value: named(status) }).collect(),
    });
    blocks.push(Block::Prose { lines: (1..=3).map(|i| m.own(&format!("documents.reading_{i}"))).collect() });
    Part::titled(context, "context", "context", blocks)
}

/// Cards, so many to a page.
fn pages(context: &Context, id: &str, key: &str, cards: Vec<super::Card>) -> Vec<Option<Part>> {
    let (m, count) = (context.messages, cards.len().div_ceil(CARDS_PER_PAGE));
    let page = |(i, cards): (usize, &[super::Card])| {
        let part =
            Part::titled(context, &format!("{id}-{}", i + 1), key, vec![Block::Cards { cards: cards.to_vec() }])?;
        let position = vec![m.figure(format!("({}/{count})", i + 1))];
        Some(Part { heading: joined(vec![part.heading, position], " "), ..part })
    };
    cards.chunks(CARDS_PER_PAGE).enumerate().map(page).collect()
}

/// The green and digital transition on one page.
fn twin(context: &Context) -> Vec<Block> {
    let mut blocks: Vec<Block> = Block::table(transitions_by_group(context)).into_iter().collect();
    if !blocks.is_empty() {
        blocks.push(Block::Form {
            fields: vec![Field { label: context.messages.text("documents.twin_question"), lines: 4 }],
        });
    }
    blocks
}

/// Skills with a column of empty boxes for each group.
fn vote(context: &Context) -> Block {
    let m = context.messages;
    let mut heads = vec![m.text("table.skill"), m.text("table.demand")];
    heads.extend(GROUPS.iter().map(|g| m.text(&format!("documents.group_{g}"))));
    let row = |gap: &&Gap| {
        let d = &gap.demand;
        vec![vec![context.index.name(&d.label)], vec![m.figure(m.share(d))]]
    };
    let mut rows: Vec<Vec<Phrase>> = cards::skill_gaps(context).iter().take(MOST_VOTES).map(row).collect();
    rows.extend((0..3).map(|_| Vec::new()));
    Block::Sheet {
        caption: m.fill("documents.vote_caption", &[("n", m.count(context.index.findings.meta.posting_count))]),
        heads,
        rows,
    }
}

/// A sheet to draft a learning outcome on.
fn drafting(context: &Context) -> Vec<Block> {
    let m = context.messages;
    let rules = (1..=4).map(|i| m.own(&format!("documents.drafting_rule_{i}"))).collect();
    let fields = [("for", 1), ("statement", 3), ("skills", 1), ("assessment", 2), ("size", 1), ("partner", 1)];
    let field = |(key, lines): (&str, u32)| Field { label: m.text(&format!("documents.drafting_{key}")), lines };
    vec![Block::List { ordered: true, lines: rules }, Block::Form { fields: fields.into_iter().map(field).collect() }]
}

/// The form whose rows go into `review.csv`.
fn sign_off(context: &Context) -> Vec<Block> {
    let m = context.messages;
    let heads = ["kind", "subject", "decision", "reason", "who"]
        .iter()
        .map(|k| m.text(&format!("documents.form_{k}")))
        .collect();
    let edition = Fact {
        label: m.text("documents.edition"),
        value: vec![Piece::outside(&context.index.findings.meta.edition())],
    };
    let fields = ["date", "facilitator", "signatures"];
    let field = |key: &&str| Field { label: m.text(&format!("documents.sign_{key}")), lines: 1 };
    vec![
        Block::Facts { facts: vec![edition] },
        Block::Sheet { caption: m.own("documents.sign_off_caption"), heads, rows: vec![Vec::new(); 12] },
        Block::Form { fields: fields.iter().map(field).collect() },
        Block::Prose { lines: vec![m.own("documents.sign_off_next")] },
    ]
}
