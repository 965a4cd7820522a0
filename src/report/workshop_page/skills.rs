//! Key and emerging skills: demand beside what is taught, one row per skill to vote on.

use super::parts::{Cell, Quotes, Row, Section, Sourced, Table, heads, shared};
use super::picks::Picks;
use crate::report::checks::key_text;
use crate::report::phrase::{Phrase, Piece, joined};
use crate::report::view::evidence::Quote;
use crate::report::view::{Context, coverage_band, taught};
use crate::types::{Demand, Gap, GapStatus};

/// Sentences shown per skill.
const MOST_SENTENCES: usize = 3;
/// Width of the demand bar in its own units.
const BAR: f64 = 120.0;

/// The section with its table.
pub fn section(context: &Context, picks: &Picks) -> Section {
    let m = context.messages;
    let widest = picks.gaps.iter().filter_map(|g| g.demand.share_high).fold(0.0, f64::max);
    let rows = picks.gaps.iter().enumerate().map(|(at, gap)| row(context, at, gap, widest));
    let table = Table {
        id: "skills-table",
        caption: m.own("workshop_page.skills_caption"),
        head: heads(context, &["table.skill", "table.demand#", "workshop_page.taught#", "workshop_page.data_say"]),
        rows: rows.collect(),
        note: context.cut_note(picks.gaps.len(), picks.all_gaps, "gaps.csv"),
        decide: true,
    };
    let tables = if picks.gaps.is_empty() { Vec::new() } else { vec![table] };
    Section { tables, lines: vec![m.own("workshop_page.bar_legend")], ..Section::named(context, "skills") }
}

fn row(context: &Context, at: usize, gap: &Gap, widest: f64) -> Row {
    let skill = gap.demand.skill.as_str();
    let trend = context.index.trend(skill).map(|t| key_text(&t.call)).unwrap_or_default();
    let transition = [(gap.green, "green"), (gap.digital, "digital")].into_iter().filter(|(on, _)| *on);
    let transition = transition.map(|(_, word)| word).collect::<Vec<_>>().join(" ");
    let data = vec![
        ("kind", "skill".to_owned()),
        ("at", at.to_string()),
        ("status", key_text(&gap.status)),
        ("trend", trend),
        ("transition", transition),
    ];
    let named = Cell { quotes: quotes(context, skill), ..name(context, gap).and(taught(context, skill)) };
    Row { data, cells: vec![named, asked(context, gap, widest), covered(context, gap), suggestion(context, gap)] }
}

/// The skill with its group and whether it is green or digital.
pub fn name(context: &Context, gap: &Gap) -> Cell {
    let m = context.messages;
    let mut about = vec![vec![context.index.name(&gap.group)]];
    about.extend(gap.green.then(|| m.own("table.green")));
    about.extend(gap.digital.then(|| m.own("table.digital")));
    Cell::of(vec![context.index.name(&gap.demand.label)]).and(joined(about, " · "))
}

fn asked(context: &Context, gap: &Gap, widest: f64) -> Cell {
    Cell { bar: bar(&gap.demand, gap.coverage, widest), ..shared(context, &gap.demand) }
}

/// Part of the demand that the offer covers, as a word of five and as a figure.
pub fn covered(context: &Context, gap: &Gap) -> Cell {
    let m = context.messages;
    let word = if gap.coverage <= 0.0 { "none" } else { coverage_band(gap.coverage) };
    let figure = m.fill("workshop_page.coverage", &[("coverage", m.decimal(gap.coverage, 2))]);
    Cell { kind: "num", ..Cell::of(m.own(&format!("workshop_page.taught_{word}"))).and(figure) }
}

/// What the figures suggest, and the change when it is called.
pub fn suggestion(context: &Context, gap: &Gap) -> Cell {
    let m = context.messages;
    let said = match gap.status {
        GapStatus::Add => "lists.add",
        GapStatus::Strengthen => "lists.strengthen",
        GapStatus::Review => "lists.review",
        GapStatus::Covered => "values.status_covered",
        GapStatus::Watch => "values.status_watch",
    };
    Cell::word(m.own(said)).and(context.trend_words(context.index.trend(&gap.demand.skill)))
}

fn quotes(context: &Context, skill: &str) -> Option<Quotes> {
    let m = context.messages;
    let rows = context.index.evidence(skill);
    let shown = rows.len().min(MOST_SENTENCES);
    let quotes = rows.iter().take(shown).map(|e| {
        let source = vec![vec![Piece::spoken(&e.title, e.language)], vec![Piece::outside(&e.board)]];
        Sourced { quote: Quote::of(&e.sentence, (e.start, e.end), e.language), source: joined(source, " · ") }
    });
    let summary = m.counted("workshop_page.sentences", shown as u64);
    (shown > 0).then(|| Quotes { summary, quotes: quotes.collect() })
}

/// Demand as a bar with its interval as a line, the covered part filled. Numbers only, and the cell says them in words.
fn bar(demand: &Demand, coverage: f64, widest: f64) -> String {
    let (Some(share), Some(low), Some(high)) = (demand.share, demand.share_low, demand.share_high) else {
        return String::new();
    };
    if widest <= 0.0 {
        return String::new();
    }
    let x = |share: f64| (share / widest).clamp(0.0, 1.0) * BAR;
    let (asked, covered) = (x(share), x(share * coverage.clamp(0.0, 1.0)));
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 {BAR} 12\" width=\"{BAR}\" height=\"12\" aria-hidden=\"true\" focusable=\"false\">\
         <rect class=\"asked\" x=\"0\" y=\"2\" width=\"{asked:.1}\" height=\"8\"/>\
         <rect class=\"covered\" x=\"0\" y=\"2\" width=\"{covered:.1}\" height=\"8\"/>\
         <line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"6\" y2=\"6\"/></svg>",
        x(low),
        x(high)
    )
}

/// The skills of the twin transition, those asked for most first.
pub fn flagged(context: &Context, picks: &Picks, id: &'static str, most: usize, is: fn(&Gap) -> bool) -> Option<Table> {
    let m = context.messages;
    let mut gaps: Vec<&Gap> = picks.gaps.iter().copied().filter(|g| is(g)).collect();
    gaps.sort_by(|a, b| {
        let share = |g: &Gap| g.demand.share.unwrap_or_default();
        share(b).total_cmp(&share(a)).then(a.demand.skill.cmp(&b.demand.skill))
    });
    let row = |gap: &&Gap| {
        let cells =
            vec![name(context, gap), shared(context, &gap.demand), covered(context, gap), suggestion(context, gap)];
        Row { data: Vec::new(), cells }
    };
    let shown = gaps.len().min(most);
    let note: Phrase = context.cut_note(shown, gaps.len(), "gaps.csv");
    let table = Table {
        id,
        caption: m.own(&format!("workshop_page.{}_caption", id.trim_end_matches("-table"))),
        head: heads(context, &["table.skill", "table.demand#", "workshop_page.taught#", "workshop_page.data_say"]),
        rows: gaps.iter().take(shown).map(row).collect(),
        note,
        decide: false,
    };
    (shown > 0).then_some(table)
}
