//! Frequent phrases that no skill explains, as proposals with a sentence each.

use super::{Cell, Context, Section, TableView, beside};
use crate::report::phrase::{Phrase, Piece};
use crate::types::{Lang, NovelTerm, TermContext};

/// Terms shown per language; `novel_terms.csv` holds all.
const MOST_TERMS: usize = 15;

/// A table per language; nothing when no term was looked for or found.
pub fn section(context: &Context) -> Section {
    let (m, novel) = (context.messages, &context.index.findings.novel);
    if novel.terms.is_empty() {
        return Section::default();
    }
    let least = [("min_postings", m.count(novel.min_postings)), ("min_employers", m.count(novel.min_employers))];
    let left_out = [
        ("explained", m.count(novel.explained_count)),
        ("nested", m.count(novel.nested_count)),
        ("few", m.count(novel.few_employers_count)),
    ];
    let mut lines = vec![m.fill("novel.left_out", &left_out)];
    if novel.dropped_below >= novel.min_postings {
        lines.push(m.fill("novel.dropped", &[("n", m.count(novel.dropped_below))]));
    }
    Section {
        id: "novel-terms",
        heading: m.text("novel.heading"),
        lead: m.fill("novel.lead", &least),
        tables: Lang::ALL.into_iter().filter_map(|language| table(context, language)).collect(),
        lines,
    }
}

fn table(context: &Context, language: Lang) -> Option<TableView> {
    let m = context.messages;
    let terms: Vec<&NovelTerm> = context.index.findings.novel.terms.iter().filter(|t| t.language == language).collect();
    let shown = terms.len().min(MOST_TERMS).min(context.most_rows);
    let with_change = beside::no_comparison(context).is_none();
    let mut heads = vec!["term", "term_postings#", "employers_with#", "c_value#"];
    heads.extend(with_change.then_some("change#"));
    heads.push("example");
    let table = TableView {
        id: format!("novel-terms-{}", language.code()),
        caption: m.phrase("novel.caption", &[("language", m.word("languages", language.code()))]),
        head: context.heads(&heads),
        rows: terms.iter().take(shown).map(|term| row(context, term, with_change)).collect(),
        note: context.cut_note(shown, terms.len(), "novel_terms.csv"),
    };
    (shown > 0).then_some(table)
}

fn row(context: &Context, term: &NovelTerm, with_change: bool) -> Vec<Cell> {
    let m = context.messages;
    let mut cells = vec![
        context.cell(vec![Piece::spoken(&term.term, term.language)]),
        Cell { small: context.n(term.base_count), ..context.figure(m.count(term.posting_count)) },
        context.figure(m.employers(term.employer_count, term.posting_count)),
        context.figure(m.decimal(term.c_value, 1)),
    ];
    cells.extend(with_change.then(|| change(context, term)));
    cells.push(term.contexts.first().map(|c| example(context, c, term.language)).unwrap_or_default());
    cells
}

/// `+42 % (+18 to +71)` over the counts of both halves.
fn change(context: &Context, term: &NovelTerm) -> Cell {
    let m = context.messages;
    let (Some(growth), Some(low), Some(high)) = (term.growth, term.growth_low, term.growth_high) else {
        return Cell { text: m.own("number.none"), kind: "num", ..Cell::default() };
    };
    let percent = |g: f64| {
        let value = (g.exp() - 1.0) * 100.0;
        format!("{}{}", if value > 0.0 { "+" } else { "" }, m.decimal(value, 0))
    };
    let figures = [("change", percent(growth)), ("low", percent(low)), ("high", percent(high))];
    let of = |count: u64, base: u64| m.fill("novel.of", &[("count", m.count(count)), ("all", m.count(base))]);
    let halves = [("first", of(term.first_count, term.first_base)), ("last", of(term.last_count, term.last_base))];
    Cell { text: m.fill("trend.change", &figures), small: m.phrase("novel.halves", &halves), kind: "num" }
}

/// The sentence with the words marked, and the id of its posting.
fn example(context: &Context, example: &TermContext, language: Lang) -> Cell {
    let (text, start, end) = (example.sentence.as_str(), example.start as usize, example.end as usize);
    let spoken = |text: &str| Piece::spoken(text, language);
    let parts: Phrase = match (text.get(..start), text.get(start..end), text.get(end..)) {
        (Some(before), Some(words), Some(after)) => {
            vec![spoken(before), Piece { mark: true, ..spoken(words) }, spoken(after)]
        }
        _ => vec![spoken(text)],
    };
    let shown = parts.into_iter().filter(|p| !p.text.is_empty()).collect();
    let small = context.messages.phrase("novel.posting", &[("id", vec![Piece::outside(&example.posting.0)])]);
    Cell { text: shown, small, kind: "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;

    #[test]
    fn terms_have_no_change_where_the_halves_cannot_be_compared() {
        let mut findings = fixture::realistic();
        let messages = Messages::of(Lang::En).unwrap();
        let heads = |findings: &crate::types::Findings| -> Vec<String> {
            let section = section(&Context::of(findings, &messages, 10));
            let table = section.tables.first().unwrap();
            assert!(table.rows.iter().all(|row| row.len() == table.head.len()));
            table.head.iter().map(|head| head.label.clone()).collect()
        };
        let change = "Change, with 95% interval".to_owned();
        assert!(heads(&findings).contains(&change));
        findings.meta.period_first.clone_from(&findings.meta.period_last);
        assert!(!heads(&findings).contains(&change));
    }
}
