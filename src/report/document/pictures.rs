//! The charts of the reports: each answers one question, its finding is its title, its figures stand in a table nearby.

use super::{Block, ChartBlock, cards};
use crate::report::charts::funnel::{self, Funnel, Stage};
use crate::report::charts::heat_table::{self, HeatRow, HeatTable};
use crate::report::charts::interval_bars::{self, Bar, IntervalBars};
use crate::report::charts::line_band::{self, LineBand, Series};
use crate::report::charts::quadrant::{self, Quadrant};
use crate::report::charts::slope::{self, End, Line, Slope};
use crate::report::charts::{Drawing, Point, standalone};
use crate::report::phrase::{Phrase, joined, plain};
use crate::report::view::Context;
use crate::report::view::tables::{Share, called, change, most_occupations, transition};
use crate::types::{Demand, Mark, Transition, TransitionKind, Trend, TrendCall};
use std::collections::BTreeMap;

/// Rows of a chart of bars.
const MOST_BARS: usize = 12;
/// Skills and areas of the heat table.
const MOST_CELLS: usize = 8;

impl Block {
    /// A drawing with its words.
    fn chart(title: Phrase, description: String, summary: Phrase, drawing: Drawing) -> Self {
        let paper = standalone(&drawing.wide);
        let chart = ChartBlock { title, wide: drawing.wide, narrow: drawing.narrow, paper, description, summary };
        Self::Chart { chart }
    }
}

fn sentences(lines: impl Iterator<Item = Phrase>) -> String {
    lines.map(|l| plain(&l)).collect::<Vec<_>>().join(" ")
}

/// Growth as a change in per cent.
fn percent(growth: f64) -> f64 {
    (growth.exp() - 1.0) * 100.0
}

/// Skills whose share changes, strongest growth first.
fn changing<'a>(context: &Context<'a>) -> Vec<&'a Trend> {
    let calls = [TrendCall::Emerging, TrendCall::Growing, TrendCall::Declining];
    let mut all: Vec<&Trend> = calls.into_iter().flat_map(|call| called(context, call)).collect();
    let size = |t: &Trend| t.growth.unwrap_or_default();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.skill.cmp(&b.skill)));
    all
}

/// How much do skills change?
pub fn changes(context: &Context) -> Option<Block> {
    let m = context.messages;
    let all = changing(context);
    if all.is_empty() {
        return None;
    }
    let title = m.counted("documents.picture_change_title", all.len() as u64);
    let row = |t: &Trend| {
        let values =
            [("skill", vec![context.index.name(&t.label)]), ("change", change(context, t.growth, t.low, t.high))];
        m.phrase("documents.picture_change_row", &values)
    };
    let bar = |t: &&Trend| Bar {
        label: t.label.clone(),
        value: t.growth.map(percent),
        interval: t.low.map(percent).zip(t.high.map(percent)),
        figures: plain(&change(context, t.growth, t.low, t.high)),
        strong: t.call == TrendCall::Emerging,
        unsure: false,
    };
    let description = sentences(all.iter().take(MOST_BARS).map(|t| row(t)));
    let drawing = interval_bars::draw(&IntervalBars {
        id: "changes".to_owned(),
        title: plain(&title),
        description: description.clone(),
        axis: m.text("documents.picture_change_axis"),
        numerals: m.numerals(),
        rtl: m.is_rtl(),
        bars: all.iter().take(MOST_BARS).map(bar).collect(),
    });
    Some(Block::chart(title, description, m.own("documents.picture_change_summary"), drawing))
}

fn share_bar(context: &Context, label: &str, share: Share, strong: bool) -> Bar {
    let per_100 = |v: Option<f64>| v.map(|v| v * 100.0);
    Bar {
        label: label.to_owned(),
        value: per_100(share.share),
        interval: per_100(share.low).zip(per_100(share.high)),
        figures: context.messages.interval(share.share, share.low, share.high, share.mark),
        strong,
        unsure: share.mark == Some(Mark::LowReliability),
    }
}

/// Which occupations have most postings?
pub fn occupations(context: &Context) -> Option<Block> {
    let m = context.messages;
    let all = most_occupations(context, MOST_BARS);
    let first = all.first()?;
    let title =
        m.phrase("documents.picture_occupations_title", &[("occupation", vec![context.index.name(&first.label)])]);
    let row = |name: &str, share: Share| {
        m.phrase(
            "documents.picture_share_row",
            &[("name", vec![context.index.name(name)]), ("share", share.phrase(context))],
        )
    };
    let description = sentences(all.iter().map(|o| row(&o.label, Share::from(*o))));
    let drawing = interval_bars::draw(&IntervalBars {
        id: "occupations-chart".to_owned(),
        title: plain(&title),
        description: description.clone(),
        axis: plain(&m.fill("documents.picture_occupations_axis", &[("n", m.count(first.base_count))])),
        numerals: m.numerals(),
        rtl: m.is_rtl(),
        bars: all.iter().map(|o| share_bar(context, &o.label, Share::from(*o), context.is_changing(o.call))).collect(),
    });
    Some(Block::chart(title, description, m.own("documents.picture_occupations_summary"), drawing))
}

/// Is the demand for green and digital skills moving?
pub fn twin(context: &Context) -> Option<Block> {
    let m = context.messages;
    let all = context.index.findings.transitions.iter();
    let mut periods: Vec<&str> = all
        .filter(|t| t.area == "all" && t.occupation_group == "all" && t.period != "all" && t.period != "unknown")
        .map(|t| t.period.as_str())
        .collect();
    periods.sort_unstable();
    periods.dedup();
    let find = |kind, period: &str| transition(context, kind, "all", period, "all");
    let last = periods.last()?;
    let share = |kind| find(kind, last).and_then(|t| t.share).map(|s| m.per_100(s));
    let (digital, green) = (share(TransitionKind::Digital)?, share(TransitionKind::Green)?);
    let values = [("digital", vec![m.figure(&digital)]), ("green", vec![m.figure(&green)]), ("period", m.period(last))];
    let title = m.phrase("documents.picture_twin_title", &values);
    let point = |t: Option<&Transition>| Point {
        value: t.and_then(|t| t.share).map(|s| s * 100.0),
        interval: t.and_then(|t| Some((t.share_low? * 100.0, t.share_high? * 100.0))),
    };
    let series = |kind, key: &str, figures: &str| Series {
        label: m.text(key),
        figures: figures.to_owned(),
        points: periods.iter().map(|p| point(find(kind, p))).collect(),
    };
    let row = |p: &&str| {
        let shares = [TransitionKind::Digital, TransitionKind::Green]
            .map(|kind| find(kind, p).map(|t| Share::from(t).phrase(context)).unwrap_or_default());
        m.phrase("documents.picture_share_row", &[("name", m.period(p)), ("share", joined(shares.to_vec(), " · "))])
    };
    let description = sentences(periods.iter().map(row));
    let drawing = line_band::draw(&LineBand {
        id: "twin-chart".to_owned(),
        title: plain(&title),
        description: description.clone(),
        axis: m.text("documents.picture_twin_axis"),
        numerals: m.numerals(),
        rtl: m.is_rtl(),
        periods: periods.iter().map(|p| plain(&m.period(p))).collect(),
        series: vec![
            series(TransitionKind::Digital, "table.digital", &digital),
            series(TransitionKind::Green, "table.green", &green),
        ],
        breaks: break_positions(context, &periods),
    });
    Some(Block::chart(title, description, m.own("documents.picture_twin_summary"), drawing))
}

/// Periods in which a board begins, as positions in the list.
fn break_positions(context: &Context, periods: &[&str]) -> Vec<usize> {
    let begin = context.index.findings.breaks.iter().map(|b| b.period.as_str());
    let mut at: Vec<usize> = begin.filter_map(|b| periods.iter().position(|p| *p == b)).collect();
    at.sort_unstable();
    at.dedup();
    at
}

/// How many postings come, and how many are open?
pub fn stock_and_flow(context: &Context) -> Option<Block> {
    let m = context.messages;
    let mut all: Vec<_> = context.index.findings.stock_flow.iter().filter(|s| s.area == "all").collect();
    all.sort_by(|a, b| a.period.cmp(&b.period));
    let last = all.last().filter(|_| all.len() > 1)?;
    let values = [("n", vec![m.figure(m.count(last.flow_count))]), ("period", m.period(&last.period))];
    let title = m.phrase("documents.picture_flow_title", &values);
    let series = |key: &str, count: &dyn Fn(usize) -> u64| Series {
        label: m.text(key),
        figures: m.count(count(all.len() - 1)),
        points: (0..all.len()).map(|i| Point { value: Some(count(i) as f64), interval: None }).collect(),
    };
    let flow = |i: usize| all.get(i).map_or(0, |s| s.flow_count);
    let stock = |i: usize| all.get(i).map_or(0, |s| s.stock_count);
    let mut lines = vec![series("documents.picture_flow_new", &flow)];
    if all.iter().any(|s| s.stock_count > 0) {
        lines.push(series("documents.picture_flow_open", &stock));
    }
    let periods: Vec<&str> = all.iter().map(|s| s.period.as_str()).collect();
    let row = |s: &&&crate::types::StockFlow| {
        let counts = format!("{} / {}", m.count(s.flow_count), m.count(s.stock_count));
        m.phrase("documents.picture_share_row", &[("name", m.period(&s.period)), ("share", vec![m.figure(counts)])])
    };
    let description = sentences(all.iter().map(|s| row(&s)));
    let drawing = line_band::draw(&LineBand {
        id: "flow-chart".to_owned(),
        title: plain(&title),
        description: description.clone(),
        axis: m.text("documents.picture_flow_axis"),
        numerals: m.numerals(),
        rtl: m.is_rtl(),
        periods: periods.iter().map(|p| plain(&m.period(p))).collect(),
        series: lines,
        breaks: break_positions(context, &periods),
    });
    Some(Block::chart(title, description, m.own("documents.picture_flow_summary"), drawing))
}

/// Where did the changing skills stand, and where do they stand?
pub fn halves(context: &Context) -> Option<Block> {
    let m = context.messages;
    let all = changing(context);
    let first = all.first()?;
    let title = m.own("documents.picture_slope_title");
    let end = |count: u64, base: u64| {
        let share = (base > 0).then(|| count as f64 / base as f64);
        End {
            value: share.map(|s| s * 100.0),
            interval: None,
            figures: share.map_or_else(|| "[x]".to_owned(), |s| m.per_100(s)),
        }
    };
    let line = |t: &&Trend| Line {
        label: t.label.clone(),
        from: end(t.first_count, t.first_base),
        to: end(t.last_count, t.last_base),
        strong: t.call == TrendCall::Emerging,
    };
    let span = |s: &str| plain(&crate::report::view::span(context, s));
    let description = sentences(all.iter().take(10).map(|t| {
        let shares =
            format!("{} → {}", end(t.first_count, t.first_base).figures, end(t.last_count, t.last_base).figures);
        m.phrase(
            "documents.picture_share_row",
            &[("name", vec![context.index.name(&t.label)]), ("share", vec![m.figure(shares)])],
        )
    }));
    let drawing = slope::draw(&Slope {
        id: "halves".to_owned(),
        title: plain(&title),
        description: description.clone(),
        rtl: m.is_rtl(),
        from: span(&first.first),
        to: span(&first.last),
        lines: all.iter().take(10).map(line).collect(),
    });
    Some(Block::chart(title, description, m.own("documents.picture_slope_summary"), drawing))
}

/// Where are which skills asked for?
pub fn areas(context: &Context) -> Option<Block> {
    let m = context.messages;
    let by_area: Vec<&Demand> = context
        .index
        .findings
        .demand
        .iter()
        .filter(|d| d.area != "all" && d.area != "unknown" && d.period == "all" && d.occupation_group == "all")
        .collect();
    let mut bases: BTreeMap<&str, u64> = BTreeMap::new();
    by_area.iter().for_each(|d| {
        bases.entry(&d.area).or_insert(d.base_count);
    });
    let mut areas: Vec<(&str, u64)> = bases.into_iter().collect();
    areas.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    areas.truncate(MOST_CELLS);
    let skills = context.most_asked(MOST_CELLS);
    if areas.len() < 2 || skills.is_empty() {
        return None;
    }
    let shares: BTreeMap<(&str, &str), &Demand> =
        by_area.iter().map(|d| ((d.skill.as_str(), d.area.as_str()), *d)).collect();
    let cell = |skill: &str, area: &str| {
        let withheld = shares.contains_key(&("all", area));
        let share = match shares.get(&(skill, area)) {
            Some(d) => d.share,
            None => (!withheld).then_some(0.0),
        };
        let figure = share.map_or_else(|| "[c]".to_owned(), |s| m.per_100(s));
        heat_table::Cell { value: share.map(|s| s * 100.0), figure }
    };
    let row = |d: &&Demand| HeatRow {
        label: d.label.clone(),
        cells: areas.iter().map(|(area, _)| cell(&d.skill, area)).collect(),
    };
    let title = m.own("documents.picture_areas_title");
    let rows: Vec<HeatRow> = skills.iter().map(row).collect();
    let columns: Vec<String> = areas.iter().map(|(area, _)| context.names.area(area).to_owned()).collect();
    let description = rows
        .iter()
        .map(|r| {
            let cells: Vec<String> = columns.iter().zip(&r.cells).map(|(c, v)| format!("{c} {}", v.figure)).collect();
            format!("{}: {}.", r.label, cells.join(", "))
        })
        .collect::<Vec<_>>()
        .join(" ");
    let drawing = heat_table::draw(&HeatTable {
        id: "areas-chart".to_owned(),
        title: plain(&title),
        description: description.clone(),
        unit: m.text("documents.picture_areas_unit"),
        rtl: m.is_rtl(),
        columns,
        rows,
    });
    Some(Block::chart(title, description, m.own("documents.picture_areas_summary"), drawing))
}

/// What became of the postings that were read?
pub fn funnel(context: &Context) -> Option<Block> {
    let m = context.messages;
    let quality = &context.index.findings.quality;
    let read: u64 = quality.stages.iter().find(|s| s.step == "clean postings").map(|s| s.read)?;
    let clean = quality.stages.iter().find(|s| s.step == "clean postings")?;
    let unique = clean.kept;
    let without: u64 = quality.languages.iter().map(|l| l.without_skill_count).sum();
    let values = [("read", vec![m.figure(m.count(read))]), ("kept", vec![m.figure(m.count(unique))])];
    let title = m.phrase("documents.picture_funnel_title", &values);
    let stage = |key: &str, value: u64, lost: Option<(&str, u64)>| Stage {
        label: m.text(&format!("documents.picture_funnel_{key}")),
        value: Some(value as f64),
        figures: m.count(value),
        lost: lost.map_or_else(String::new, |(key, n)| {
            plain(&m.fill(&format!("documents.picture_funnel_{key}"), &[("n", m.count(n))]))
        }),
    };
    let stages = vec![
        stage("read", read, None),
        stage("kept", read.saturating_sub(clean.rejected), Some(("lost", clean.rejected))),
        stage("unique", unique, Some(("merged", clean.duplicate))),
        stage("skilled", unique.saturating_sub(without), Some(("unskilled", without))),
    ];
    let description =
        stages.iter().map(|s| format!("{}: {}. {}", s.label, s.figures, s.lost)).collect::<Vec<_>>().join(" ");
    let drawing = funnel::draw(&Funnel {
        id: "funnel".to_owned(),
        title: plain(&title),
        description: description.clone(),
        rtl: m.is_rtl(),
        stages,
    });
    Some(Block::chart(title, description, m.own("documents.picture_funnel_summary"), drawing))
}

/// Which skills are asked for much and taught little?
pub fn poster(context: &Context) -> Option<Block> {
    let m = context.messages;
    let gaps = cards::skill_gaps(context);
    let mut shares: Vec<f64> = gaps.iter().filter_map(|g| g.demand.share).collect();
    shares.sort_by(f64::total_cmp);
    let middle = *shares.get(shares.len() / 2)?;
    let point = |g: &&crate::types::Gap| {
        let d = &g.demand;
        let per_100 = |v: Option<f64>| v.map(|v| v * 100.0);
        quadrant::Skill {
            label: d.label.clone(),
            across: Some(g.coverage),
            up: per_100(d.share),
            across_interval: None,
            up_interval: per_100(d.share_low).zip(per_100(d.share_high)),
            strong: g.demand.share.is_some_and(|s| s >= middle) && g.coverage < 0.5,
        }
    };
    let points: Vec<quadrant::Skill> = gaps.iter().map(point).collect();
    let missing = points.iter().filter(|p| p.strong).count() as u64;
    let title = match missing {
        0 => m.own("documents.picture_quadrant_title_none"),
        n => m.counted("documents.picture_quadrant_title", n),
    };
    let described = |g: &&crate::types::Gap| {
        let values = [
            ("skill", vec![context.index.name(&g.demand.label)]),
            ("share", Share::from(&g.demand).phrase(context)),
            ("coverage", vec![m.figure(m.decimal(g.coverage, 2))]),
        ];
        m.phrase("documents.picture_point", &values)
    };
    let description = sentences(gaps.iter().map(described));
    let up = format!("{} ({})", m.text("documents.picture_quadrant_up"), m.text("charts.root_scale"));
    let names = [2, 1, 3, 4].map(|i| m.text(&format!("documents.picture_quadrant_{i}")));
    let drawing = quadrant::draw(&Quadrant {
        id: "poster".to_owned(),
        title: plain(&title),
        description: description.clone(),
        across: m.text("documents.picture_quadrant_across"),
        up,
        numerals: m.numerals(),
        rtl: m.is_rtl(),
        split: (0.5, middle * 100.0),
        up_root: true,
        names,
        points,
    });
    Some(Block::chart(title, description, m.own("documents.picture_quadrant_summary"), drawing))
}

/// What the chart of page 1 shows, on paper.
pub fn first_page(chart: crate::report::view::page_one::ChartView) -> Block {
    let description = plain(&chart.summary);
    Block::chart(chart.title, description, chart.summary, chart.drawing)
}
