//! The trend report: headlines, official figures first, then what postings show, with breaks and agreement.

use super::{Block, Document, Frame, Part, pictures};
use crate::report::phrase::{Phrase, Piece, joined};
use crate::report::view::courses::Courses;
use crate::report::view::tables::{
    agreement, breaks, called, changing, changing_occupations, is_steady, most_occupations, new_skills, occupations,
    stock_and_flow, transition, transition_word, transitions_by_area, transitions_by_group, transitions_by_period,
    variants,
};
use crate::report::view::{Context, TableView, beside, leaps, ledger, limits, method, novel, quality};
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
        changes(context),
        Part::titled(context, "courses", "courses", course_blocks(context)),
        Part::of(ledger::section(context)).map(|part| part.led_by([pictures::editions(context)])),
        Part::titled(context, "variants", "variants", tables(vec![variants(context)])),
        Part::titled(context, "new-skills", "new_skills", tables(vec![new_skills(context)])),
        Part::titled(context, "occupations", "occupations", occupation_blocks(context)),
        Part::of(beside::areas(context)).map(|part| part.led_by([pictures::areas(context)])),
        Part::titled(context, "twin", "twin", twin_blocks(context)),
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

/// Skills that change; nothing where no periods can be compared, which the headlines say.
fn changes(context: &Context) -> Option<Part> {
    let part = Part::of(beside::trends(context)).filter(|_| beside::no_comparison(context).is_none())?;
    let mut part = part.led_by([pictures::changes(context), pictures::halves(context)]);
    part.blocks.extend(Block::list(unsteady_line(context).into_iter().collect()));
    Some(part)
}

/// Whether there is a time to look along.
fn has_periods(context: &Context) -> bool {
    let meta = &context.index.findings.meta;
    meta.period_first != meta.period_last
}

/// What changed, in sentences that carry their figures, or why nothing can be said of it.
pub fn headlines(context: &Context) -> Vec<Phrase> {
    let mut lines: Vec<Phrase> = beside::no_comparison(context).into_iter().collect();
    if lines.is_empty() {
        let calls =
            [(TrendCall::Emerging, "emerging"), (TrendCall::Growing, "growing"), (TrendCall::Declining, "declining")];
        lines.extend(calls.into_iter().filter_map(|(call, key)| called_line(context, call, key)));
        lines.extend(unsteady_line(context));
    }
    if lines.is_empty() {
        lines.push(context.messages.own("documents.headline_no_change"));
    }
    lines.extend(occupation_line(context));
    lines.extend([TransitionKind::Digital, TransitionKind::Green].into_iter().filter_map(|k| twin_line(context, k)));
    lines
}

/// How many called changes are no headline since another reading does not bear them out.
fn unsteady_line(context: &Context) -> Option<Phrase> {
    let m = context.messages;
    let count = changing(context).into_iter().filter(|t| !is_steady(context, t)).count() as u64;
    let part = [("part", m.own("documents.variants_heading"))];
    (count > 0).then(|| m.counted_with("documents.headline_unsteady", count, &part))
}

/// `2 skills are emerging: A (+120 % (+60 to +210)), B ...`, of those that hold in every reading.
fn called_line(context: &Context, call: TrendCall, key: &str) -> Option<Phrase> {
    let m = context.messages;
    let mut all = called(context, call);
    all.retain(|t| is_steady(context, t));
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
    // A change that may as well be its opposite is no headline.
    let is_told = whole.growth_low.is_some_and(|low| low > 0.0) || whole.growth_high.is_some_and(|high| high < 0.0);
    if is_told && !grew.is_empty() {
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
    if blocks.is_empty() || beside::no_comparison(context).is_some() {
        return blocks;
    }
    blocks.extend(Block::list(if lines.is_empty() { vec![m.own("documents.occupation_no_change")] } else { lines }));
    blocks
}

/// Single skills, period by period.
fn course_blocks(context: &Context) -> Vec<Block> {
    let Some(courses) = Courses::of(context) else { return Vec::new() };
    shown(pictures::courses(context, &courses), courses.tables(context))
}

/// Green and digital skills: by period where there are several.
fn twin_blocks(context: &Context) -> Vec<Block> {
    let has_periods = has_periods(context);
    let by_period = has_periods.then(|| transitions_by_period(context));
    let figures = std::iter::once(transitions_by_group(context)).chain(by_period);
    let figures = figures.chain([transitions_by_area(context)]).collect();
    shown(pictures::twin(context).filter(|_| has_periods), figures)
}

/// Boards that come, go or leap; nothing in a single period, which has no before.
fn breaks_blocks(context: &Context) -> Vec<Block> {
    if !has_periods(context) {
        return Vec::new();
    }
    let found = Block::table(breaks(context));
    let none = || Block::Prose { lines: vec![context.messages.own("documents.breaks_none")] };
    std::iter::once(found.unwrap_or_else(none)).chain(Block::list(leaps(context))).collect()
}

/// Postings beside the labour force survey; without its figures, what to give the plan.
fn agreement_blocks(context: &Context) -> Vec<Block> {
    let found = Block::table(agreement(context));
    vec![found.unwrap_or_else(|| Block::Prose { lines: vec![context.messages.own("documents.agreement_none")] })]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::report::phrase::plain;
    use crate::types::{Caveat, Findings, Lang, Transition, Trend, TrendVariant, Variant};

    fn with<T>(findings: &Findings, ask: impl Fn(&Context) -> T) -> T {
        let messages = Messages::of(Lang::En).unwrap();
        ask(&Context::of(findings, &messages, 10))
    }

    fn said(findings: &Findings) -> Vec<String> {
        with(findings, |context| headlines(context).iter().map(|line| plain(line)).collect())
    }

    #[test]
    fn a_single_period_is_said_to_measure_no_change_and_shows_none() {
        let mut findings = fixture::realistic();
        findings.meta.period_first.clone_from(&findings.meta.period_last);
        findings.trends.clear();
        let first = said(&findings).into_iter().next();
        assert_eq!(first.as_deref(), Some("The data cover one period: this edition cannot measure change."));
        let parts: Vec<String> = with(&findings, |c| document(c).parts.into_iter().map(|part| part.id).collect());
        assert!(parts.iter().all(|id| id != "breaks" && id != "trends"), "{parts:?}");
        assert!(parts.iter().any(|id| id == "headlines"));
    }

    #[test]
    fn a_call_that_does_not_hold_in_another_reading_is_counted_apart_and_named_in_no_headline() {
        let mut findings = fixture::realistic();
        let skill = |i: usize, label: &str, findings: &Findings| {
            let (call, growth) = (TrendCall::Emerging, Some(0.9));
            Trend { skill: format!("urn:s:{i}"), label: label.into(), call, growth, ..findings.trends[0].clone() }
        };
        let two = [skill(1, "data protection", &findings), skill(2, "welding", &findings)];
        findings.trends = two.into_iter().map(|t| Trend { area: "all".into(), ..t }).collect();
        let trend = findings.trends[0].clone();
        findings.trend_variants = vec![TrendVariant {
            skill: trend.skill,
            label: trend.label,
            variant: Variant::WithoutLargestSource,
            first_count: 9,
            first_base: 90,
            last_count: 9,
            last_base: 90,
            growth: Some(0.0),
            growth_low: Some(-0.5),
            growth_high: Some(0.5),
            holds: false,
        }];
        let lines = said(&findings);
        assert!(lines[0].starts_with("1 skill is emerging: welding"), "{lines:?}");
        let apart = "1 called change does not hold in another reading and is no headline (see “How the changes hold” \
                     in the trend report).";
        assert_eq!(lines[1], apart);
        assert!(!lines.iter().any(|line| line.contains("data protection")), "{lines:?}");
    }

    /// `{share} of 100` with growth between these ends.
    fn twin(low: f64, high: f64) -> Transition {
        Transition {
            transition: TransitionKind::Digital,
            area: "all".into(),
            period: "all".into(),
            occupation_group: "all".into(),
            posting_count: 40,
            base_count: 100,
            employer_count: 40,
            source_count: 2,
            effective_n: 90.0,
            share: Some(0.4),
            share_low: Some(0.3),
            share_high: Some(0.5),
            mark: None,
            weighted_share: None,
            weighted_low: None,
            weighted_high: None,
            growth: Some((low + high) / 2.0),
            growth_low: Some(low),
            growth_high: Some(high),
        }
    }

    #[test]
    fn a_headline_tells_a_change_only_where_it_is_told_from_its_opposite() {
        let line = |low: f64, high: f64| {
            let findings = Findings { transitions: vec![twin(low, high)], ..fixture::realistic() };
            said(&findings).into_iter().find(|line| line.contains("ESCO label “digital”")).unwrap()
        };
        let tells = |line: &str| line.contains("From the earlier to the later half");
        assert!(tells(&line(0.1, 0.5)) && tells(&line(-0.5, -0.1)) && !tells(&line(-0.1, 0.5)));
    }

    #[test]
    fn a_board_that_leaps_is_called_out_beside_the_breaks() {
        let leap = Caveat::UnevenBoard {
            board: "EURES".into(),
            first: "2025".into(),
            first_count: 209,
            next: "2026".into(),
            next_count: 13_044,
        };
        let findings = Findings { caveats: vec![leap], breaks: Vec::new(), ..fixture::realistic() };
        let lines: Vec<String> = with(&findings, |context| {
            let blocks = breaks_blocks(context).into_iter();
            let lines = blocks.flat_map(|block| match block {
                Block::Prose { lines } | Block::List { lines, .. } => lines,
                _ => Vec::new(),
            });
            lines.map(|line| plain(&line)).collect()
        });
        let told = "EURES: 209 postings in 2025, 13,044 in 2026; shares before and after are hardly comparable.";
        assert_eq!(lines, ["No board begins or ends within the window.", told]);
    }
}
