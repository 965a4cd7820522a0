//! What stands beside the gaps: growth, areas, official statistics.

use super::{Cell, Context, Head, Section, TableView, span, tables};
use crate::report::phrase::{Phrase, Piece, joined, plain};
use crate::types::{Demand, Observation, ObservationQuality, Trend, TrendCall};
use std::collections::BTreeMap;

const MOST_TRENDS: usize = 10;
const MOST_AREAS: usize = 8;
const MOST_AREA_SKILLS: usize = 10;
const MOST_OFFICIAL: usize = 30;

/// Emerging, growing and declining skills, each with both halves.
pub fn trends(context: &Context) -> Section {
    let m = context.messages;
    let whole: Vec<&Trend> = context.index.findings.trends.iter().filter(|t| t.area == "all").collect();
    let Some(any) = whole.first() else { return Section::default() };
    let halves = [("first", span(context, &any.first)), ("last", span(context, &any.last))];
    let tables =
        [(TrendCall::Emerging, "emerging"), (TrendCall::Growing, "growing"), (TrendCall::Declining, "declining")];
    let tables = tables.into_iter().filter_map(|(call, key)| trend_table(context, call, key));
    let count = |call: TrendCall| m.count(whole.iter().filter(|t| t.call == call).count() as u64);
    let values = [
        ("all", m.count(whole.len() as u64)),
        ("emerging", count(TrendCall::Emerging)),
        ("growing", count(TrendCall::Growing)),
        ("declining", count(TrendCall::Declining)),
        ("unclear", count(TrendCall::NoClearChange)),
        ("few", count(TrendCall::TooFew)),
    ];
    Section {
        id: "trends",
        heading: m.text("trend.heading"),
        lead: m.phrase("trend.lead", &halves),
        tables: tables.collect(),
        lines: vec![m.fill("trend.counts", &values)],
    }
}

fn trend_table(context: &Context, call: TrendCall, key: &str) -> Option<TableView> {
    let m = context.messages;
    let trends = tables::called(context, call);
    let shown = trends.len().min(MOST_TRENDS);
    let row = |t: &&Trend| {
        vec![
            context.cell(context.index.skill(&t.skill, &t.label)),
            half(context, t.first_count, t.first_base),
            half(context, t.last_count, t.last_base),
            tables::changed(context, [t.growth, t.low, t.high], Some(t.call)),
        ]
    };
    let table = TableView {
        id: format!("trend-{key}"),
        caption: m.own(&format!("trend.{key}_caption")),
        head: context.heads(&["skill", "earlier#", "later#", "change#"]),
        rows: trends.iter().take(shown).map(row).collect(),
        note: context.cut_note(shown, trends.len(), "trends.csv"),
    };
    (shown > 0).then_some(table)
}

fn half(context: &Context, count: u64, base: u64) -> Cell {
    let share = if base == 0 { f64::NAN } else { count as f64 / base as f64 };
    Cell { small: context.n(base), ..context.figure(context.messages.per_100(share)) }
}

/// The areas with most postings, and the demand for each skill there.
pub struct Areas<'a> {
    /// Their codes, most postings first.
    pub shown: Vec<&'a str>,
    /// How many there are.
    pub count: usize,
    cells: BTreeMap<(&'a str, &'a str), &'a Demand>,
}

impl<'a> Areas<'a> {
    /// So many of them; postings without a place are none.
    pub fn of(context: &Context<'a>, most: usize) -> Self {
        let rows = context.index.findings.demand.iter();
        let by_area: Vec<&Demand> =
            rows.filter(|d| d.area != "all" && d.period == "all" && d.occupation_group == "all").collect();
        let mut bases: BTreeMap<&str, u64> = BTreeMap::new();
        for demand in &by_area {
            bases.entry(&demand.area).or_insert(demand.base_count);
        }
        let mut areas: Vec<(&str, u64)> = bases.into_iter().filter(|(area, _)| *area != "unknown").collect();
        areas.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        Self {
            shown: areas.iter().take(most).map(|(area, _)| *area).collect(),
            count: areas.len(),
            cells: by_area.iter().map(|d| ((d.skill.as_str(), d.area.as_str()), *d)).collect(),
        }
    }

    /// Demand for a skill in an area. A withheld area has one row that stands for all skills; a skill without a row was
    /// asked for by nobody there.
    pub fn demand(&self, skill: &str, area: &str) -> Option<&'a Demand> {
        self.cells.get(&(skill, area)).or_else(|| self.cells.get(&("all", area))).copied()
    }
}

/// Share per area for the most asked skills.
pub fn areas(context: &Context) -> Section {
    let m = context.messages;
    let areas = Areas::of(context, MOST_AREAS);
    let skills = context.most_asked(MOST_AREA_SKILLS);
    if areas.shown.is_empty() || skills.is_empty() {
        return Section::default();
    }
    let cell = |skill: &str, area: &str| match areas.demand(skill, area) {
        Some(demand) => context.demand_cell(demand),
        None => context.figure(m.per_100(0.0)),
    };
    let row = |demand: &&Demand| {
        let name = context.cell(context.index.skill(&demand.skill, &demand.label));
        std::iter::once(name).chain(areas.shown.iter().map(|area| cell(&demand.skill, area))).collect()
    };
    let mut head = context.heads(&["skill"]);
    head.extend(areas.shown.iter().map(|area| area_head(context, area)));
    let table = TableView {
        id: "areas-table".to_owned(),
        caption: m.own("areas.caption"),
        head,
        rows: skills.iter().map(row).collect(),
        note: context.cut_note(areas.shown.len(), areas.count, "demand.csv"),
    };
    let lead = m.own("areas.lead");
    Section { id: "areas", heading: m.text("areas.heading"), lead, tables: vec![table], ..Section::default() }
}

fn area_head(context: &Context, area: &str) -> Head {
    let text = vec![Piece::outside(context.names.area(area))];
    Head { label: plain(&text), text, kind: "num" }
}

/// Official statistics: of each series without break-downs by sex and age, the last period.
pub fn official(context: &Context) -> Section {
    let m = context.messages;
    let series = |o: &Observation| {
        let occupation = o.occupation.as_ref().map(|c| c.as_str().to_owned());
        (o.indicator.clone(), o.area.0.clone(), occupation, o.sector.clone(), o.breakdown.clone(), o.unit.clone())
    };
    let totals = context.index.findings.official.iter().filter(|o| o.sex.is_none() && o.age.is_none());
    let mut last = BTreeMap::new();
    for observation in totals.filter(|o| o.quality != ObservationQuality::Missing) {
        let held = last.entry(series(observation)).or_insert(observation);
        if held.period < observation.period {
            *held = observation;
        }
    }
    if last.is_empty() {
        return Section::default();
    }
    // Totals before break-downs, so that the cut keeps what can be read on its own.
    let mut figures: Vec<&Observation> = last.into_values().collect();
    figures.sort_by_key(|o| o.occupation.is_some() || o.sector.is_some() || !o.breakdown.is_empty());
    let shown = figures.len().min(MOST_OFFICIAL);
    let table = TableView {
        id: "official-table".to_owned(),
        caption: m.own("official.caption"),
        head: context.heads(&["indicator", "area", "item", "year", "value#", "unit", "source"]),
        rows: figures.iter().take(shown).map(|o| official_row(context, o)).collect(),
        note: context.cut_note(shown, figures.len(), "findings.json"),
    };
    let lead = m.own("official.lead");
    Section { id: "official", heading: m.text("official.heading"), lead, tables: vec![table], ..Section::default() }
}

fn official_row(context: &Context, o: &Observation) -> Vec<Cell> {
    let m = context.messages;
    let group = o.occupation.as_ref().map(|code| Piece::outside(context.names.group(code.as_str())));
    let sector = o.sector.as_deref().map(Piece::outside);
    let further = o.breakdown.iter().map(|b| Piece::outside(&b.item));
    let items = group.into_iter().chain(sector).chain(further).map(|piece| vec![piece]).collect();
    let mut item: Phrase = joined(items, ", ");
    if item.is_empty() {
        item = m.own("official.total");
    }
    let mark = match o.quality {
        ObservationQuality::Normal => "",
        ObservationQuality::LowReliability => " [u]",
        ObservationQuality::BreakInSeries => " [b]",
        ObservationQuality::Suppressed => " [c]",
        ObservationQuality::Missing => " [x]",
    };
    let value = o.value.map(|v| m.decimal(v, if v.abs() < 1000.0 { 1 } else { 0 })).unwrap_or_default();
    let note = o.note.as_deref().map(|n| vec![Piece::outside(n)]).unwrap_or_default();
    vec![
        context.cell(vec![Piece::outside(&o.indicator)]),
        context.cell(vec![Piece::outside(context.names.area(&o.area.0))]),
        context.cell(item),
        context.cell(m.period(&o.period.to_string())),
        context.figure(format!("{value}{mark}").trim()),
        context.cell(vec![Piece::outside(&o.unit)]),
        Cell { text: vec![Piece::outside(o.origin.source.as_str())], small: note, kind: "" },
    ]
}
