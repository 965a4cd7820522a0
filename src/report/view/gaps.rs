//! The data behind the chart, and the demand that nothing covers.

use super::tables::Place;
use super::{Cell, Context, Section, TableView, page_one};
use crate::report::phrase::{Phrase, Piece};
use crate::report::share::Share;
use crate::types::Gap;

/// Table beside the chart of page 1.
pub fn chart_data(context: &Context) -> Section {
    let m = context.messages;
    let gaps = page_one::chart_gaps(context);
    if gaps.is_empty() {
        return Section::default();
    }
    let head = context.heads(&["skill", "group", "demand#", "coverage#", "covered_part#", "unmet#"]);
    let row = |gap: &&Gap| {
        let covered = gap.demand.share.map_or_else(|| "[x]".to_owned(), |s| m.decimal(s * gap.coverage * 100.0, 1));
        let sized = |text: String| Cell { small: context.n(gap.demand.base_count), ..context.figure(text) };
        vec![
            context.cell(context.index.skill(&gap.demand.skill, &gap.demand.label)),
            context.cell(vec![context.index.name(&gap.group)]),
            context.demand_cell(&gap.demand),
            context.figure(m.decimal(gap.coverage, 2)),
            sized(covered),
            context.share_cell(Share::unmet(gap)),
        ]
    };
    let table = TableView {
        id: "chart-table".to_owned(),
        caption: m.own("chart.table_caption"),
        head,
        rows: gaps.iter().map(row).collect(),
        note: Phrase::new(),
    };
    Section { id: "chart-data", heading: m.text("chart.table_heading"), tables: vec![table], ..Section::default() }
}

/// Its rank among the skills of the offer, with how many others could have it.
fn rank(context: &Context, gap: &Gap) -> Phrase {
    let all = context.index.portfolio_gaps.iter().copied();
    match Place::of_gap(gap) {
        Some(own) => own.words(context, all.filter_map(Place::of_gap)),
        None => vec![context.messages.figure(context.rank_words(gap.rank))],
    }
}

/// Skills asked for and taught to less than a quarter, by rank.
pub fn uncovered(context: &Context) -> Section {
    let m = context.messages;
    let all: Vec<&Gap> =
        context.index.portfolio_gaps.iter().copied().filter(|g| g.coverage < 0.25 && g.rank.is_some()).collect();
    if all.is_empty() {
        return Section::default();
    }
    let shown = all.len().min(context.most_rows.min(40));
    let row = |gap: &&Gap| {
        let skill = &gap.demand.skill;
        let labels: Vec<&str> = [(gap.green, "table.green"), (gap.digital, "table.digital")]
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, k)| *k)
            .collect();
        let small = labels.iter().map(|k| m.text(k)).collect::<Vec<_>>().join(" · ");
        let seen = context.index.evidence(skill).len() as u64;
        let evidence = match context.index.evidence_href(skill) {
            Some(href) => vec![Piece::own(m.text("table.see")).linked(Some(href)), Piece::own(format!(" ({seen})"))],
            None => m.own("table.no_evidence"),
        };
        vec![
            Cell { text: context.index.skill(skill, &gap.demand.label), small: vec![Piece::own(small)], kind: "" },
            context.demand_cell(&gap.demand),
            context.share_cell(Share::unmet(gap)),
            Cell { text: rank(context, gap), kind: "num", ..Cell::default() },
            context.figure(m.employers(gap.demand.employer_count, gap.demand.posting_count)),
            context.figure(m.count(gap.demand.source_count)),
            context.word(context.trend_words(context.index.trend(skill))),
            context.word(evidence),
        ]
    };
    let table = TableView {
        id: "uncovered-table".to_owned(),
        caption: m.own("uncovered.caption"),
        head: context.heads(&["skill", "demand#", "unmet#", "rank#", "employers#", "boards#", "trend", "evidence"]),
        rows: all.iter().take(shown).map(row).collect(),
        note: context.cut_note(shown, all.len(), "gaps.csv"),
    };
    let lead = m.own("uncovered.lead");
    Section { id: "uncovered", heading: m.text("uncovered.heading"), lead, tables: vec![table], ..Section::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::index::PORTFOLIO;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::Lang;

    #[test]
    fn a_rank_says_how_many_others_could_have_it_and_not_how_far_down_the_last_of_them_stands() {
        let mut findings = fixture::realistic();
        let mut own: Vec<&mut Gap> = findings.gaps.iter_mut().filter(|g| g.programme == PORTFOLIO).collect();
        own.sort_by_key(|g| g.rank.unwrap_or(u32::MAX));
        let lower = own.split_off(4);
        lower.into_iter().for_each(|g| (g.unmet_low, g.unmet_high) = (None, None));
        for (gap, (low, high)) in own.iter_mut().zip([(5.0, 7.0), (1.0, 2.0), (3.0, 6.0), (0.0, 5.5)]) {
            (gap.unmet_low, gap.unmet_high, gap.demand.mark) = (Some(low), Some(high), None);
        }
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 60);
        let said = |g: &&Gap| plain(&rank(&context, g));
        let ranks: Vec<String> = context.index.portfolio_gaps.iter().take(4).map(said).collect();
        assert_eq!(ranks, ["1 (or 2 others)", "2 (or 2 others)", "3 (or 1 other)", "4"]);
    }
}
