//! The gap report as a document, for paper: the same sentences as its page.

use super::{Block, Document, Frame, Part, pictures};
use crate::report::phrase::{Phrase, Piece, joined};
use crate::report::view::page_one::{self, Item, List, PageOne};
use crate::report::view::{
    Cell, Context, Fact, TableView, beside, catalogue, gaps, ledger, limits, method, novel, outcomes, quality,
    sensitivity, tables, workshop,
};

/// Builds it.
pub fn document(context: &Context) -> Document {
    let stem = "gap";
    let title = vec![context.index.name(&context.index.findings.meta.title)];
    let one = page_one::page_one(context);
    let decisions = decisions(context, &one);
    let mut parts = vec![first(context, one), decisions];
    parts.extend(Part::titled(
        context,
        "proposals",
        "proposals",
        Block::table(tables::proposals(context)).into_iter().collect(),
    ));
    let sections = vec![
        gaps::chart_data(context),
        outcomes::matches(context),
        gaps::uncovered(context),
        sensitivity::section(context),
        workshop::section(context),
        ledger::section(context),
        outcomes::silent(context),
        catalogue::section(context),
        beside::trends(context),
        novel::section(context),
        beside::areas(context),
        beside::official(context),
        quality::section(context),
    ];
    let since = ledger::section(context).id;
    parts.extend(sections.into_iter().filter_map(Part::of).map(|part| match part.id == since {
        true => part.led_by([pictures::editions(context)]),
        false => part,
    }));
    parts.extend(Part::titled(
        context,
        "method",
        "method",
        vec![Block::List { ordered: true, lines: method(context) }],
    ));
    parts.extend(Part::titled(
        context,
        "limits",
        "limits",
        vec![Block::List { ordered: false, lines: limits(context) }],
    ));
    Document {
        stem: stem.to_owned(),
        frame: Frame::of(context, stem, title),
        programme: None,
        tables: Vec::new(),
        kicker: context.messages.text("page.kicker"),
        is_print_set: false,
        parts,
    }
}

/// Verdict, three lists, chart.
fn first(context: &Context, one: PageOne) -> Part {
    let mut blocks = vec![Block::Verdict { text: one.verdict, grounds: one.grounds }];
    let decided = workshop::decided(context);
    blocks.extend((!decided.is_empty()).then(|| Block::Prose { lines: vec![decided] }));
    blocks.extend(one.lists.into_iter().map(|list| list_block(context, list)));
    blocks.extend(one.chart.map(|chart| Block::Chart { chart }));
    Part { id: "verdict".to_owned(), heading: context.messages.own("verdict.heading"), lead: Vec::new(), blocks }
}

/// What is asked of the reader, and what it would take.
fn decisions(context: &Context, one: &PageOne) -> Part {
    let m = context.messages;
    let effort = Fact { label: m.text("documents.effort"), value: one.effort.clone() };
    let blocks =
        vec![Block::List { ordered: true, lines: one.decisions.clone() }, Block::Facts { facts: vec![effort] }];
    Part { id: "decisions".to_owned(), heading: m.own("decisions.heading"), lead: Vec::new(), blocks }
}

/// A list of page 1 as a table.
fn list_block(context: &Context, list: List) -> Block {
    let caption = |words: &str| vec![Piece::own(format!("{}. {words}", list.heading))];
    if list.items.is_empty() {
        return Block::Prose { lines: vec![caption(&list.empty)] };
    }
    let row = |item: &Item| {
        let cell = |text: Phrase, small: Phrase| Cell { text, small, kind: "" };
        vec![
            cell(item.skill.clone(), item.trend.clone()),
            cell(item.demand.clone(), Phrase::new()),
            cell(joined(item.lines.clone(), " · "), Phrase::new()),
        ]
    };
    let rows = list.items.iter().map(row).collect();
    let head = context.heads(&["skill", "demand", "hint"]);
    let id = format!("list-{}", list.kind);
    Block::Table { table: TableView { id, caption: caption(&list.lead), head, rows, note: list.note } }
}
