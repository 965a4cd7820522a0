//! The portfolio sheet: for the marketing and continuing-education office, demand beside learners' interest and places.

use super::{Block, Document, Frame, Part};
use crate::report::index::PORTFOLIO;
use crate::report::view::tables::{interest, proposals, provisions, table};
use crate::report::view::{Cell, Context, TableView, page_one};
use crate::types::ProgrammeFinding;

/// Builds it.
pub fn document(context: &Context) -> Document {
    let m = context.messages;
    let stem = "portfolio";
    let tables = |tables: Vec<TableView>| tables.into_iter().filter_map(Block::table).collect::<Vec<_>>();
    let verdict = context
        .index
        .portfolio()
        .map(|p| Block::Verdict { text: page_one::verdict(context, p), grounds: page_one::grounds(context, p) });
    let mut first: Vec<Block> = verdict.into_iter().collect();
    first.extend(Block::table(programmes(context)));
    let parts = [
        Part::titled(context, "programmes", "portfolio_programmes", first),
        Part::titled(context, "interest", "interest", tables(vec![interest(context)])),
        Part::titled(context, "provision", "provision", tables(vec![provisions(context)])),
        Part::titled(context, "proposals", "proposals", tables(vec![proposals(context)])),
    ];
    Document {
        stem: stem.to_owned(),
        frame: Frame::of(context, stem, m.own("documents.portfolio_title")),
        programme: None,
        tables: vec![
            "provisions",
            "learner_interest",
            "learner_indicators",
            "proposals",
            "proposal_skills",
            "outcome_edits",
        ],
        kicker: m.text("documents.portfolio_kicker"),
        is_print_set: false,
        parts: parts.into_iter().flatten().collect(),
    }
}

/// Every programme with how much of the demand of its occupations it covers, most first.
fn programmes(context: &Context) -> TableView {
    let m = context.messages;
    let mut all: Vec<&ProgrammeFinding> =
        context.index.findings.programmes.iter().filter(|p| p.programme != PORTFOLIO).collect();
    all.sort_by(|a, b| {
        let covered = |p: &ProgrammeFinding| p.coverage.unwrap_or(-1.0);
        covered(b).total_cmp(&covered(a)).then(a.programme.cmp(&b.programme))
    });
    let shown = all.len().min(context.most_rows);
    let row = |p: &&ProgrammeFinding| {
        let ects = p.ects.map_or_else(|| "[x]".to_owned(), |e| m.decimal(e, usize::from(e.fract() != 0.0)));
        let covered = m.interval(p.coverage, p.coverage_low, p.coverage_high, p.mark);
        vec![
            context.cell(vec![context.index.programme(&p.programme)]),
            context.figure(ects),
            Cell { small: context.n(p.base_count), ..context.figure(covered) },
            context.figure(m.count(p.employer_count)),
        ]
    };
    let rows = all.iter().take(shown).map(row).collect();
    let note = context.cut_note(shown, all.len(), "gaps.csv");
    table(context, "portfolio", &["programme", "ects#", "covered_requests#", "employers_with#"], rows, note)
}
