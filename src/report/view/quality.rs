//! The quality box: what was read, kept and thrown away, and what that means for the figures.

use super::{Cell, Context, Section, TableView, workshop};
use crate::report::phrase::{Phrase, Piece};
use crate::types::{AreaShare, LanguageCount};

const MOST_BOARDS: usize = 12;

/// Builds the section.
pub fn section(context: &Context) -> Section {
    let m = context.messages;
    let tables = vec![
        stages(context),
        boards(context),
        languages(context),
        duplicates(context),
        groups(context),
        places(context),
    ];
    Section {
        id: "quality",
        heading: m.text("quality.heading"),
        lead: m.own("quality.lead"),
        tables: tables.into_iter().filter(|t| !t.rows.is_empty()).collect(),
        lines: lines(context),
    }
}

fn table(context: &Context, key: &str, heads: &[&str], rows: Vec<Vec<Cell>>) -> TableView {
    TableView {
        id: format!("quality-{key}"),
        caption: context.messages.own(&format!("quality.{key}_caption")),
        head: context.heads(heads),
        rows,
        note: Phrase::new(),
    }
}

fn stages(context: &Context) -> TableView {
    let count = |n: u64| context.figure(context.messages.count(n));
    let rows = context.index.findings.quality.stages.iter().map(|s| {
        vec![context.cell(step(context, &s.step)), count(s.read), count(s.kept), count(s.duplicate), count(s.rejected)]
    });
    table(
        context,
        "stages",
        &["step", "read#", "kept#", "duplicate#", "rejected#"],
        rows.take(context.most_rows).collect(),
    )
}

/// `clean postings` as readers say it; a source keeps its id, and a step we have no words for its name.
pub fn step(context: &Context, name: &str) -> Phrase {
    let m = context.messages;
    let Some((stage, what)) = name.split_once(' ').filter(|(stage, _)| m.find(&format!("steps.{stage}")).is_some())
    else {
        return vec![Piece::outside(name)];
    };
    let what = if stage == "acquire" { vec![Piece::outside(what)] } else { m.word("steps", &what.replace(' ', "_")) };
    m.phrase(&format!("steps.{stage}"), &[("what", what)])
}

/// Count and share of all postings.
fn of_all(context: &Context, count: u64, all: u64) -> [Cell; 2] {
    let m = context.messages;
    let share = if all == 0 { f64::NAN } else { count as f64 / all as f64 };
    [context.figure(m.count(count)), Cell { small: context.n(all), ..context.figure(m.per_100(share)) }]
}

fn boards(context: &Context) -> TableView {
    let quality = &context.index.findings.quality;
    let all = quality.sources.iter().map(|s| s.posting_count).sum();
    let rows = quality.sources.iter().take(MOST_BOARDS).map(|s| {
        let [count, share] = of_all(context, s.posting_count, all);
        vec![context.cell(vec![Piece::outside(&s.board)]), count, share]
    });
    let mut table = table(context, "boards", &["board", "postings#", "per_100#"], rows.collect());
    table.note = context.cut_note(table.rows.len(), quality.sources.len(), "findings.json");
    table
}

fn languages(context: &Context) -> TableView {
    let m = context.messages;
    let row = |l: &LanguageCount| {
        let [without, share] = of_all(context, l.without_skill_count, l.posting_count);
        vec![
            context.cell(m.own(&format!("languages.{}", l.language.code()))),
            context.figure(m.count(l.posting_count)),
            context.figure(m.decimal(l.skills_per_posting, 1)),
            without,
            share,
        ]
    };
    let rows = context.index.findings.quality.languages.iter().map(row).collect();
    table(
        context,
        "languages",
        &["language", "postings#", "skills_per_posting#", "without_skill#", "without_per_100#"],
        rows,
    )
}

fn duplicates(context: &Context) -> TableView {
    let m = context.messages;
    let kinds = context.index.findings.quality.duplicates.iter();
    let rows = kinds.map(|(kind, n)| vec![context.cell(m.word("duplicates", kind)), context.figure(m.count(*n))]);
    table(context, "duplicates", &["kind", "pairs#"], rows.take(context.most_rows).collect())
}

fn shares(context: &Context, key: &str, head: &str, parts: &[AreaShare], name: impl Fn(&str) -> Phrase) -> TableView {
    let all = parts.iter().map(|p| p.posting_count).sum();
    let rows = parts.iter().take(MOST_BOARDS).map(|p| {
        let [count, share] = of_all(context, p.posting_count, all);
        vec![context.cell(name(&p.area)), count, share]
    });
    let mut table = table(context, key, &[head, "postings#", "per_100#"], rows.collect());
    table.note = context.cut_note(table.rows.len(), parts.len(), "findings.json");
    table
}

fn groups(context: &Context) -> TableView {
    let parts = &context.index.findings.quality.occupation_groups;
    shares(context, "groups", "occupation_group", parts, |code| named(context, code, context.names.group(code)))
}

fn places(context: &Context) -> TableView {
    let parts = &context.index.findings.quality.areas;
    shares(context, "areas", "area", parts, |code| named(context, code, context.names.area(code)))
}

fn named(context: &Context, code: &str, name: &str) -> Phrase {
    if code == "unknown" { context.messages.own("quality.unknown") } else { vec![Piece::outside(name)] }
}

fn lines(context: &Context) -> Vec<Phrase> {
    let (m, findings) = (context.messages, context.index.findings);
    let quality = &findings.quality;
    let all = findings.meta.posting_count;
    let mut lines = Vec::new();
    let total: u64 = quality.sources.iter().map(|s| s.posting_count).sum();
    if let Some(largest) = quality.sources.iter().max_by_key(|s| s.posting_count).filter(|_| total > 0) {
        let share = m.per_100(largest.posting_count as f64 / total as f64);
        let values = [
            ("board", vec![Piece::outside(&largest.board)]),
            ("share", vec![Piece::own(share)]),
            ("n", vec![Piece::own(m.count(total))]),
        ];
        lines.push(m.phrase("quality.largest", &values));
    }
    let counted = [("quality.undated", quality.undated_count), ("quality.no_employer", quality.employer_unknown_count)];
    for (key, count) in counted {
        lines.push(m.fill(key, &[("count", m.count(count)), ("n", m.count(all))]));
    }
    lines.push(m.fill("quality.sector_known", &[("count", m.count(quality.sector_known_count)), ("n", m.count(all))]));
    let pay = [("filled", quality.pay_filled_count), ("count", quality.pay_read_count), ("n", all)];
    lines.push(m.fill("quality.pay_read", &pay.map(|(place, count)| (place, m.count(count)))));
    let mentions = quality.accepted_mention_count + quality.review_mention_count;
    lines.push(
        m.fill("quality.mentions", &[("review", m.count(quality.review_mention_count)), ("n", m.count(mentions))]),
    );
    lines.push(workshop::precision(context).unwrap_or_else(|| m.own("quality.precision")));
    lines
}
