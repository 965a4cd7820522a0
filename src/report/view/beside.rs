//! What stands beside the gaps: growth, areas, official statistics.

use super::{Cell, Context, Head, Section, TableView, span, tables};
use crate::report::phrase::{Phrase, Piece, joined, plain};
use crate::types::{Demand, Observation, ObservationQuality, Trend, TrendCall};
use std::collections::BTreeMap;

const MOST_TRENDS: usize = 10;
const MOST_AREAS: usize = 8;
const MOST_AREA_SKILLS: usize = 10;
const MOST_OFFICIAL: usize = 30;
/// Postings below which an area is not compared with others: its intervals would be wider than any difference.
const LEAST_AREA_POSTINGS: u64 = 30;

/// Why nothing is said of change; nothing where something is.
pub fn no_comparison(context: &Context) -> Option<Phrase> {
    let (m, findings) = (context.messages, context.index.findings);
    let Some(first) = &findings.meta.period_first else { return Some(m.own("trend.undated")) };
    if findings.meta.period_last.as_ref() == Some(first) {
        return Some(m.own("trend.one_period"));
    }
    let Some(any) = findings.trends.iter().find(|t| t.area == "all") else { return Some(m.own("trend.too_few")) };
    if any.has_comparable_halves() {
        return None;
    }
    let later = any.last.split("..").next().unwrap_or_default();
    let is_early = any.first_base < any.last_base;
    let (key, n) = if is_early { ("few_before", any.first_base) } else { ("few_since", any.last_base) };
    let key = format!("trend.{key}");
    Some(m.phrase(&key, &[("period", m.period_in_words(later)), ("n", vec![m.figure(m.count(n))])]))
}

/// Emerging, growing and declining skills, each with both halves; where these cannot be compared, the reason alone.
pub fn trends(context: &Context) -> Section {
    let m = context.messages;
    let whole: Vec<&Trend> = context.index.findings.trends.iter().filter(|t| t.area == "all").collect();
    let Some(any) = whole.first() else { return Section::default() };
    if let Some(reason) = no_comparison(context) {
        return Section { id: "trends", heading: m.text("trend.heading"), lines: vec![reason], ..Section::default() };
    }
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
    let tested = whole.iter().filter(|t| t.call != TrendCall::TooFew).count() as u64;
    let counts = if tested == 0 || whole.iter().any(|t| context.is_changing(Some(t.call))) {
        m.fill("trend.counts", &values)
    } else {
        m.fill("trend.counts_none", &[("all", m.count(tested))])
    };
    Section {
        id: "trends",
        heading: m.text("trend.heading"),
        lead: m.phrase("trend.lead", &halves),
        tables: tables.collect(),
        lines: vec![counts],
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

/// The areas with most postings, all of one level, and the demand for each skill there.
pub struct Areas<'a> {
    /// Their codes, most postings first.
    pub shown: Vec<&'a str>,
    /// How many there are.
    pub count: usize,
    bases: BTreeMap<&'a str, u64>,
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
        let mut areas = of_one_level(context, &bases);
        areas.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        Self {
            shown: areas.iter().take(most).map(|(area, _)| *area).collect(),
            count: areas.len(),
            bases,
            cells: by_area.iter().map(|d| ((d.skill.as_str(), d.area.as_str()), *d)).collect(),
        }
    }

    /// Demand for a skill in an area. A withheld area has one row that stands for all skills; a skill without a row was
    /// asked for by nobody there.
    pub fn demand(&self, skill: &str, area: &str) -> Option<&'a Demand> {
        self.cells.get(&(skill, area)).or_else(|| self.cells.get(&("all", area))).copied()
    }

    /// Postings of an area.
    pub fn base(&self, area: &str) -> u64 {
        self.bases.get(area).copied().unwrap_or_default()
    }
}

/// Areas with enough postings, of the level that has most of them: a country beside its provinces would be compared with
/// itself.
fn of_one_level<'a>(context: &Context, bases: &BTreeMap<&'a str, u64>) -> Vec<(&'a str, u64)> {
    let mut levels: BTreeMap<u8, Vec<(&'a str, u64)>> = BTreeMap::new();
    let enough = bases.iter().filter(|(area, base)| **area != "unknown" && **base >= LEAST_AREA_POSTINGS);
    for (area, base) in enough {
        levels.entry(context.names.area_level(area)).or_default().push((*area, *base));
    }
    let postings = |level: &[(&str, u64)]| level.iter().map(|(_, base)| base).sum::<u64>();
    // Of two levels with as many areas, the one that more postings are placed on.
    levels.into_values().max_by_key(|level| (level.len(), postings(level))).unwrap_or_default()
}

/// Share per area for the most asked skills; one area alone is compared with nothing.
pub fn areas(context: &Context) -> Section {
    let m = context.messages;
    let areas = Areas::of(context, MOST_AREAS);
    let skills = context.most_asked(MOST_AREA_SKILLS);
    if areas.shown.len() < 2 || skills.is_empty() {
        return Section::default();
    }
    let cell = |skill: &str, area: &str| match areas.demand(skill, area) {
        Some(demand) => context.demand_cell(demand),
        None => Cell { small: context.n(areas.base(area)), ..context.figure(m.per_100(0.0)) },
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
    let sector = o.sector.as_deref().map(|sector| official_name(context, sector));
    let further = o.breakdown.iter().map(|b| official_name(context, &b.item));
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
        context.cell(vec![official_name(context, &o.indicator)]),
        context.cell(vec![Piece::outside(context.names.area(&o.area.0))]),
        context.cell(item),
        context.cell(m.period(&o.period.to_string())),
        context.figure(format!("{value}{mark}").trim()),
        context.cell(vec![official_name(context, &o.unit)]),
        Cell { text: vec![publisher(context, o.origin.source.as_str())], small: note, kind: "" },
    ]
}

/// An indicator, a unit or an item in the reader's language; as published where we have no words for it.
fn official_name(context: &Context, as_published: &str) -> Piece {
    Piece::outside(context.names.official(as_published).unwrap_or(as_published))
}

/// Who publishes the figures; the id of the source where that is unknown.
fn publisher(context: &Context, source: &str) -> Piece {
    Piece::outside(context.names.publisher(source).unwrap_or(source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::types::{Findings, Lang};

    /// Why nothing is said of change, and the line under the tables of changes.
    fn of_change(change: impl Fn(&mut Findings)) -> (Option<String>, String) {
        let mut findings = fixture::realistic();
        change(&mut findings);
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 10);
        let line = trends(&context).lines.first().map(|line| plain(line)).unwrap_or_default();
        (no_comparison(&context).map(|reason| plain(&reason)), line)
    }

    #[test]
    fn change_is_not_told_of_one_period_of_undated_postings_or_beside_a_handful() {
        let why = |change: fn(&mut Findings)| of_change(change).0;
        assert_eq!(why(|_| ()), None);
        let one = "The data cover one period: this edition cannot measure change.";
        assert_eq!(why(|f| f.meta.period_first.clone_from(&f.meta.period_last)).as_deref(), Some(one));
        let undated = "The postings carry no dates: this edition cannot measure change.";
        assert_eq!(why(|f| (f.meta.period_first, f.meta.period_last) = (None, None)).as_deref(), Some(undated));
        let (reason, line) = of_change(|f| {
            f.trends.iter_mut().for_each(|t| {
                (t.first_base, t.last_base, t.first, t.last) = (209, 13_044, "2025".into(), "2026".into());
            });
        });
        let few = "Too few postings before 2026 (209) to say what changes.";
        assert_eq!((reason.as_deref(), line.as_str()), (Some(few), few));
        let late = why(|f| f.trends.iter_mut().for_each(|t| (t.last_base, t.last) = (209, "2026".into())));
        assert_eq!(late.as_deref(), Some("Too few postings from 2026 on (209) to say what changes."));
    }

    #[test]
    fn that_nothing_clearly_changes_is_said_in_words_and_not_as_three_noughts() {
        let (_, line) = of_change(|f| {
            f.trends.truncate(5);
            f.trends.iter_mut().for_each(|t| t.call = TrendCall::NoClearChange);
        });
        assert_eq!(line, "Of 5 skills compared, none clearly changes.");
    }

    #[test]
    fn official_statistics_are_named_in_the_language_of_the_reader() {
        let mut findings = fixture::realistic();
        findings.meta.language = Lang::Es;
        findings.official.truncate(1);
        findings.official.iter_mut().for_each(|o| o.indicator = "NY.GDP.PCAP.CD".into());
        let messages = Messages::of(Lang::Es).unwrap();
        let section = official(&Context::of(&findings, &messages, 10));
        let row: Vec<String> = section.tables[0].rows[0].iter().map(|cell| plain(&cell.text)).collect();
        let named = [0, 5, 6].map(|at| row[at].as_str());
        assert_eq!(named, ["PIB per cápita", "miles de personas", "ILOSTAT"]);
    }

    #[test]
    fn areas_of_one_level_stand_side_by_side_each_with_its_n() {
        let mut findings = fixture::realistic();
        // Catalonia holds Barcelona, and a governorate of 29 postings has too few.
        findings.demand.iter_mut().filter(|d| d.area == "PSE-JEN").for_each(|d| d.base_count = 29);
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 60);
        assert_eq!(Areas::of(&context, 8).shown, ["PSE-RBH", "ES511", "PSE-NBS", "PSE-GZA"]);
        let nothing = |d: &Demand| d.area == "PSE-GZA" && d.skill == context.most_asked(1)[0].skill;
        let demand = findings.demand.iter().filter(|d| !nothing(d)).cloned().collect();
        let without = Findings { demand, ..findings.clone() };
        let section = areas(&Context::of(&without, &messages, 60));
        let cell = section.tables.first().and_then(|t| t.rows.first()).and_then(|row| row.last()).unwrap();
        assert_eq!((plain(&cell.text), plain(&cell.small)), ("0.0".to_owned(), "n\u{a0}=\u{a0}388".to_owned()));
    }

    #[test]
    fn one_area_alone_is_compared_with_nothing() {
        let mut findings = fixture::realistic();
        findings.demand.retain(|d| ["all", "PSE-RBH"].contains(&d.area.as_str()));
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 60);
        assert_eq!(Areas::of(&context, 8).shown, ["PSE-RBH"]);
        assert!(areas(&context).tables.is_empty());
    }
}
