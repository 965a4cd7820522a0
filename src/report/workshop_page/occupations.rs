//! Key and emerging occupations, and the twin transition.

use super::parts::{Cell, Row, Section, Table, area, heads, shared};
use super::picks::Picks;
use super::skills::flagged;
use crate::report::checks::key_text;
use crate::report::phrase::{Phrase, Piece};
use crate::report::view::Context;
use crate::types::{OccupationFinding, Transition, TransitionKind, TrendCall};
use std::collections::BTreeMap;

/// Green, and digital, skills listed for the transition.
const MOST_FLAGGED: usize = 12;

/// Occupations, all areas together first.
pub fn occupations(context: &Context, picks: &Picks) -> Section {
    let m = context.messages;
    // A column in which every cell says that there is nothing is left out, and said once.
    let forecast = picks.occupations.iter().any(|o| o.outlook_last_value.is_some());
    let keys = ["workshop_page.occupation", "table.area", "table.demand#", "table.trend", "workshop_page.outlook"];
    let keys = keys.get(..if forecast { 5 } else { 4 }).unwrap_or(&keys);
    let caption =
        if forecast { "workshop_page.occupations_caption" } else { "workshop_page.occupations_plain_caption" };
    let shown = picks.occupations.iter().filter(|o| o.area == "all").count();
    let table = Table {
        id: "occupations-table",
        caption: m.own(caption),
        head: heads(context, keys),
        rows: picks.occupations.iter().enumerate().map(|(at, o)| occupation(context, at, o, forecast)).collect(),
        note: context.cut_note(shown, picks.all_occupations, "occupations.csv"),
        decide: true,
    };
    let missing = match (picks.occupations.is_empty(), forecast) {
        (true, _) => Some("workshop_page.occupations_none"),
        (false, false) => Some("workshop_page.outlook_absent"),
        (false, true) => None,
    };
    let lines = missing.into_iter().map(|key| m.own(key)).collect();
    let tables = if picks.occupations.is_empty() { Vec::new() } else { vec![table] };
    Section { tables, lines, ..Section::named(context, "occupations") }
}

fn occupation(context: &Context, at: usize, o: &OccupationFinding, forecast: bool) -> Row {
    let m = context.messages;
    let code = o.isco.as_deref().map(|code| m.fill("workshop_page.isco", &[("code", code.to_owned())]));
    let mut cells = vec![
        Cell::of(vec![context.index.name(&o.label)]).and(code.unwrap_or_default()),
        Cell::of(area(context, &o.area)),
        shared(context, o),
        change(context, o),
    ];
    cells.extend(forecast.then(|| Cell::of(outlook(context, o))));
    let call = o.call.map(|c| key_text(&c)).unwrap_or_default();
    let data =
        vec![("kind", "occupation".to_owned()), ("at", at.to_string()), ("area", o.area.clone()), ("trend", call)];
    Row { data, cells }
}

/// The called change in words and figures; that none is clear, in words.
fn change(context: &Context, o: &OccupationFinding) -> Cell {
    let words = Cell::of(context.call_words(o.call.or(Some(TrendCall::TooFew))));
    if context.is_changing(o.call) { words.and(context.change(o.growth, o.growth_low, o.growth_high)) } else { words }
}

/// What an official forecast says of the occupation's group.
fn outlook(context: &Context, o: &OccupationFinding) -> Phrase {
    let m = context.messages;
    let (Some(group), Some(place), Some(first), Some(last)) =
        (&o.outlook_group, &o.outlook_area, o.outlook_first_value, o.outlook_last_value)
    else {
        return m.own("workshop_page.outlook_none");
    };
    let value = |v: f64| vec![m.figure(m.decimal(v, if v.abs() < 1000.0 { 1 } else { 0 }))];
    let when = |period: &Option<String>| period.as_deref().map(|p| m.period(p)).unwrap_or_default();
    let values = [
        ("group", vec![Piece::outside(context.names.group(group))]),
        ("area", area(context, place)),
        ("first", value(first)),
        ("last", value(last)),
        ("from", when(&o.outlook_first)),
        ("to", when(&o.outlook_last)),
        ("unit", vec![Piece::outside(o.outlook_unit.as_deref().unwrap_or_default())]),
    ];
    m.phrase("workshop_page.outlook_line", &values)
}

/// Green and digital: shares of postings by area, group and period, and the skills behind them.
pub fn transition(context: &Context, picks: &Picks) -> Section {
    let rows = &context.index.findings.transitions;
    let whole = |t: &&Transition| t.period == "all" && t.occupation_group == "all";
    let by_area = rows.iter().filter(whole);
    let by_group = rows
        .iter()
        .filter(|t| t.area == "all" && t.period == "all" && !["all", "unknown"].contains(&&*t.occupation_group));
    let by_period = rows.iter().filter(|t| t.area == "all" && t.period != "all" && t.occupation_group == "all");
    let m = context.messages;
    let group = |t: &Transition| vec![Piece::outside(context.names.group(&t.occupation_group))];
    let tables = [
        shares(context, "transition-areas", "table.area", by_area, |t| (t.area.clone(), area(context, &t.area))),
        shares(context, "transition-groups", "table.occupation_group", by_group, |t| {
            (t.occupation_group.clone(), group(t))
        }),
        shares(context, "transition-periods", "table.year", by_period, |t| (t.period.clone(), m.period(&t.period))),
        flagged(context, picks, "green-table", MOST_FLAGGED, |g| g.green),
        flagged(context, picks, "digital-table", MOST_FLAGGED, |g| g.digital),
    ];
    let tables: Vec<Table> = tables.into_iter().flatten().collect();
    let lines = vec![m.own("workshop_page.transition_note")];
    Section { tables, lines, ..Section::named(context, "transition") }
}

/// The green and the digital row of a place.
type Pair<'t> = [Option<&'t Transition>; 2];

/// A row per place, group or period: the green share, then the digital one; all together first, then as they come.
fn shares<'t>(
    context: &Context,
    id: &'static str,
    head: &str,
    rows: impl Iterator<Item = &'t Transition>,
    name: impl Fn(&Transition) -> (String, Phrase),
) -> Option<Table> {
    let mut places: BTreeMap<(bool, String), (Phrase, Pair)> = BTreeMap::new();
    for row in rows {
        let (key, phrase) = name(row);
        let [green, digital] = &mut places.entry((key != "all", key)).or_insert((phrase, [None, None])).1;
        *(if row.transition == TransitionKind::Green { green } else { digital }) = Some(row);
    }
    let shown = places.len().min(context.most_rows);
    let all = places.len();
    let rows = places.into_values().take(shown).map(|(phrase, [green, digital])| Row {
        data: Vec::new(),
        cells: vec![Cell::of(phrase), share(context, green), share(context, digital)],
    });
    let table = Table {
        id,
        caption: context.messages.own(&format!("workshop_page.{}_caption", id.replace('-', "_"))),
        head: heads(context, &[head, "workshop_page.green_share#", "workshop_page.digital_share#"]),
        rows: rows.collect(),
        note: context.cut_note(shown, all, "transitions.csv"),
        decide: false,
    };
    (shown > 0).then_some(table)
}

fn share(context: &Context, row: Option<&Transition>) -> Cell {
    row.map_or_else(|| Cell::figures(context.messages.own("number.none")), |row| shared(context, row))
}
