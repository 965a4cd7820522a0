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
        let covered = match p.coverage {
            Some(_) if p.outcome_linked_count == 0 => context.cell(m.own("table.no_accepted_match")),
            _ => context.figure(m.interval(p.coverage, p.coverage_low, p.coverage_high, p.mark)),
        };
        vec![
            context.cell(vec![context.index.programme(&p.programme)]),
            context.figure(ects),
            Cell { small: context.n(p.base_count), ..covered },
            context.figure(m.employers(p.employer_count, p.base_count)),
        ]
    };
    let rows = all.iter().take(shown).map(row).collect();
    let note = context.cut_note(shown, all.len(), "gaps.csv");
    table(context, "portfolio", &["programme", "ects#", "covered_requests#", "employers_with#"], rows, note)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Lang;

    #[test]
    fn a_programme_without_an_accepted_match_has_words_and_no_certain_nought() {
        let mut findings = fixture::realistic();
        let changed = findings.programmes.iter_mut().find(|p| p.programme != PORTFOLIO).unwrap();
        (changed.outcome_linked_count, changed.mark) = (0, None);
        (changed.coverage, changed.coverage_low, changed.coverage_high) = (Some(0.0), Some(0.0), Some(0.0));
        let messages = Messages::of(Lang::En).unwrap();
        let table = programmes(&Context::of(&findings, &messages, 60));
        let covered: Vec<String> = table.rows.iter().map(|row| plain(&row[2].text)).collect();
        assert!(covered.iter().any(|text| text == "no accepted match yet"), "{covered:?}");
        assert!(covered.iter().all(|text| !text.contains("0.0–0.0")), "{covered:?}");
    }
}
