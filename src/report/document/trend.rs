//! The trend report: headlines, official figures first, then what postings show, with breaks and agreement.

use super::{Block, Document, Frame, Part, pictures};
use crate::report::phrase::{Phrase, Piece, joined};
use crate::report::view::tables::{
    agreement, breaks, called, changing_occupations, most_occupations, new_skills, occupations, stock_and_flow,
    transition, transition_word, transitions_by_area, transitions_by_group, transitions_by_period, variants,
};
use crate::report::view::{Context, TableView, beside, limits, method, novel, quality};
use crate::types::{TransitionKind, TrendCall};

/// Names in a headline.
const MOST_NAMES: usize = 3;
/// Occupations in the table.
const MOST_OCCUPATIONS: usize = 15;

/// Builds it.
pub fn document(context: &Context) -> Document {
    let m = context.messages;
    let stem = "trend";
    let title = m.phrase("documents.trend_title", &[("period", crate::report::view::period(context))]);
    let headlines =
        Part::titled(context, "headlines", "headlines", vec![Block::List { ordered: true, lines: headlines(context) }]);
    let parts = vec![
        headlines,
        Part::of(beside::official(context)),
        Part::titled(
            context,
            "stock-flow",
            "stock_flow",
            shown(pictures::stock_and_flow(context), vec![stock_and_flow(context)]),
        ),
        Part::of(beside::trends(context))
            .map(|part| part.led_by([pictures::changes(context), pictures::halves(context)])),
        Part::titled(context, "variants", "variants", tables(vec![variants(context)])),
        Part::titled(context, "new-skills", "new_skills", tables(vec![new_skills(context)])),
        Part::titled(context, "occupations", "occupations", occupation_blocks(context)),
        Part::of(beside::areas(context)).map(|part| part.led_by([pictures::areas(context)])),
        Part::titled(
            context,
            "twin",
            "twin",
            shown(
                pictures::twin(context),
                vec![transitions_by_group(context), transitions_by_period(context), transitions_by_area(context)],
            ),
        ),
        Part::titled(context, "breaks", "breaks", breaks_blocks(context)),
        Part::titled(context, "agreement", "agreement", agreement_blocks(context)),
        Part::of(novel::section(context)),
        Part::of(quality::section(context)).map(|part| part.led_by([pictures::funnel(context)])),
        Part::titled(context, "method", "method", vec![Block::List { ordered: true, lines: method(context) }]),
        Part::titled(context, "limits", "limits", vec![Block::List { ordered: false, lines: limits(context) }]),
    ];
    Document {
        stem: stem.to_owned(),
        frame: Frame::of(context, stem, title),
        programme: None,
        tables: vec![
            "trends",
            "trend_variants",
            "new_skills",
            "occupations",
            "transitions",
            "stock_flow",
            "breaks",
            "representation",
            "specialisations",
            "novel_terms",
            "pay",
            "sectors",
            "official",
        ],
        kicker: m.text("documents.trend_kicker"),
        is_print_set: false,
        parts: parts.into_iter().flatten().collect(),
    }
}

fn tables(tables: Vec<TableView>) -> Vec<Block> {
    tables.into_iter().filter_map(Block::table).collect()
}

/// A chart and the tables of its figures.
fn shown(chart: Option<Block>, figures: Vec<TableView>) -> Vec<Block> {
    chart.into_iter().chain(tables(figures)).collect()
}

/// What changed, in sentences that carry their figures.
pub fn headlines(context: &Context) -> Vec<Phrase> {
    let mut lines = Vec::new();
    for (call, key) in
        [(TrendCall::Emerging, "emerging"), (TrendCall::Growing, "growing"), (TrendCall::Declining, "declining")]
    {
        lines.extend(called_line(context, call, key));
    }
    if lines.is_empty() {
        lines.push(context.messages.own("documents.headline_no_change"));
    }
    lines.extend(occupation_line(context));
    lines.extend([TransitionKind::Digital, TransitionKind::Green].into_iter().filter_map(|k| twin_line(context, k)));
    lines
}

/// `2 skills are emerging: A (+120 % (+60 to +210)), B ...`
fn called_line(context: &Context, call: TrendCall, key: &str) -> Option<Phrase> {
    let m = context.messages;
    let all = called(context, call);
    let names = all.iter().take(MOST_NAMES).map(|t| {
        let values = [
            ("skill", context.index.skill(&t.skill, &t.label)),
            ("change", context.change(t.growth, t.low, t.high)),
            ("n", vec![m.figure(m.count(t.first_base + t.last_base))]),
        ];
        m.phrase("documents.headline_skill", &values)
    });
    let names = joined(names.collect(), &m.text("join.clause"));
    (!all.is_empty())
        .then(|| m.counted_with(&format!("documents.headline_{key}"), all.len() as u64, &[("skills", names)]))
}

fn occupation_line(context: &Context) -> Option<Phrase> {
    let m = context.messages;
    let first = most_occupations(context, MOST_NAMES);
    let names: Vec<Phrase> = first.iter().map(|o| vec![context.index.name(&o.label)]).collect();
    let share = context.messages.demand(*first.first()?);
    Some(m.phrase("documents.headline_occupations", &[("occupations", m.list(names)), ("share", share)]))
}

fn twin_line(context: &Context, kind: TransitionKind) -> Option<Phrase> {
    let m = context.messages;
    let whole = transition(context, kind, "all", "all", "all").filter(|t| t.share.is_some())?;
    let word = m.own(transition_word(kind));
    let values = [("kind", word), ("share", context.messages.demand(whole))];
    let mut line = m.phrase("documents.headline_twin", &values);
    let grew = context.change(whole.growth, whole.growth_low, whole.growth_high);
    if !grew.is_empty() {
        line.push(Piece::own(" "));
        line.extend(m.phrase("documents.headline_twin_change", &[("change", grew)]));
    }
    Some(line)
}

fn occupation_blocks(context: &Context) -> Vec<Block> {
    let m = context.messages;
    let all = context.index.findings.occupations.iter().filter(|o| o.area == "all").count();
    let most = most_occupations(context, MOST_OCCUPATIONS);
    let note = context.cut_note(most.len(), all, "occupations.csv");
    let mut blocks = shown(pictures::occupations(context), vec![occupations(context, &most, note)]);
    let changing = changing_occupations(context);
    let lines: Vec<Phrase> = changing
        .iter()
        .take(10)
        .map(|o| {
            let values = [
                ("occupation", vec![context.index.name(&o.label)]),
                ("call", context.call_words(o.call)),
                ("change", context.change(o.growth, o.growth_low, o.growth_high)),
                ("n", vec![m.figure(m.count(o.base_count))]),
            ];
            m.phrase("documents.occupation_change", &values)
        })
        .collect();
    if blocks.is_empty() {
        return blocks;
    }
    blocks.extend(Block::list(if lines.is_empty() { vec![m.own("documents.occupation_no_change")] } else { lines }));
    blocks
}

fn breaks_blocks(context: &Context) -> Vec<Block> {
    let found = Block::table(breaks(context));
    vec![found.unwrap_or_else(|| Block::Prose { lines: vec![context.messages.own("documents.breaks_none")] })]
}

/// Postings beside the labour force survey; without its figures, what to give the plan.
fn agreement_blocks(context: &Context) -> Vec<Block> {
    let found = Block::table(agreement(context));
    vec![found.unwrap_or_else(|| Block::Prose { lines: vec![context.messages.own("documents.agreement_none")] })]
}
