//! What earlier editions recommended for the whole offer, and what became of it.

use super::{Cell, Context, Section, TableView};
use crate::report::checks::key_text;
use crate::report::index::PORTFOLIO;
use crate::report::phrase::{Phrase, Piece, joined};
use crate::report::share::Share;
use crate::types::{Fate, GapStatus, LedgerRow};

/// Recommendations that are shown; `ledger.csv` holds all, those of each programme among them.
const MOST_ROWS: usize = 25;

/// One sentence with the counts, then a row per recommendation; nothing without an earlier edition.
pub fn section(context: &Context) -> Section {
    let m = context.messages;
    let mut all = of_the_offer(context);
    if all.is_empty() {
        return Section::default();
    }
    // What is still to be decided stands first, what asks for more before what asks to look again.
    all.sort_by_key(|row| (row.fate != Fate::Open, row.recommendation == GapStatus::Review));
    let count = |fate: Fate| vec![m.figure(m.count(all.iter().filter(|row| row.fate == fate).count() as u64))];
    let values = [("open", count(Fate::Open)), ("adopted", count(Fate::Adopted)), ("declined", count(Fate::Declined))];
    let shown = all.len().min(MOST_ROWS).min(context.most_rows);
    let table = TableView {
        id: "ledger-table".to_owned(),
        caption: m.own("ledger.caption"),
        head: context.heads(&["skill", "recommended", "became", "unmet_before#", "unmet_now#"]),
        rows: all.iter().take(shown).map(|row| cells(context, row)).collect(),
        note: context.cut_note(shown, all.len(), "ledger.csv"),
    };
    Section {
        id: "since-last-edition",
        heading: m.text("ledger.heading"),
        lead: m.counted_with("ledger.lead", all.len() as u64, &values),
        tables: vec![table],
        lines: Vec::new(),
    }
}

/// Recommendations for the whole offer.
pub fn of_the_offer<'a>(context: &Context<'a>) -> Vec<&'a LedgerRow> {
    context.index.findings.ledger.iter().filter(|r| r.programme == PORTFOLIO).collect()
}

fn cells(context: &Context, row: &LedgerRow) -> Vec<Cell> {
    let m = context.messages;
    let day = m.phrase("ledger.first", &[("day", m.day(&row.first_recommended))]);
    let now = Share {
        share: row.unmet_now.map(|v| v / 100.0),
        low: row.unmet_now_low.map(|v| v / 100.0),
        high: row.unmet_now_high.map(|v| v / 100.0),
        mark: row.mark,
        base: row.base_count,
    };
    let before = row.unmet_before.map_or_else(|| "[x]".to_owned(), |v| m.per_100(v / 100.0));
    vec![
        context.cell(context.index.skill(&row.skill, &row.label)),
        Cell { small: day, ..context.cell(m.word("values", &format!("status_{}", key_text(&row.recommendation)))) },
        Cell { small: told(context, row), ..context.cell(m.word("values", &format!("fate_{}", key_text(&row.fate)))) },
        context.figure(before),
        context.share_cell(now),
    ]
}

/// Why it was decided so and when, and what a reader must know of the row.
fn told(context: &Context, row: &LedgerRow) -> Phrase {
    let m = context.messages;
    let reason = row.reason.as_deref().map(|reason| vec![Piece::outside(reason)]);
    let remark = row.remark.map(|remark| m.word("values", &format!("remark_{}", key_text(&remark))));
    let day = row.decided_on.as_deref().map(|day| m.day(day));
    joined([reason, day, remark].into_iter().flatten().collect(), " · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::{Findings, Lang};

    #[test]
    fn what_was_recommended_for_the_whole_offer_is_told_with_its_fate() {
        let mut findings = fixture::realistic();
        let open = findings.ledger.iter().find(|r| r.programme == PORTFOLIO).unwrap().clone();
        let declined = LedgerRow {
            fate: Fate::Declined,
            reason: Some("no room".into()),
            remark: None,
            decided_on: Some("2026-02-01".into()),
            ..open.clone()
        };
        let elsewhere = LedgerRow { programme: "mc-01".into(), ..open.clone() };
        findings.ledger = vec![declined, open, elsewhere];
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 60);
        let shown = section(&context);
        let lead = plain(&shown.lead);
        assert!(lead.contains("2 recommendations") && lead.contains("1 open") && lead.contains("1 declined"), "{lead}");
        let rows = &shown.tables.first().unwrap().rows;
        let fates: Vec<String> = rows.iter().map(|row| plain(&row.get(2).unwrap().text)).collect();
        assert_eq!(fates, ["open", "declined"]);
        let told = plain(&rows.last().unwrap().get(2).unwrap().small);
        assert_eq!(told, "no room · 1 February 2026");
        let first = Findings { ledger: Vec::new(), ..fixture::realistic() };
        assert!(section(&Context::of(&first, &messages, 60)).tables.is_empty());
    }
}
