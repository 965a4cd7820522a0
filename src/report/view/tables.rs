//! Tables that several reports show: occupations, transitions, postings over time, proposals, places.

mod places;

pub use places::Place;

use super::{Cell, Context, TableView};
use crate::report::checks::key_text;
use crate::report::messages::mark_text;
use crate::report::phrase::{Phrase, Piece, joined, plain};
use crate::report::share::Share;
use crate::types::{
    BreakKind, Gap, LearnerInterest, NewSkill, OccupationFinding, Proposal, Provision, Representation, Transition,
    TransitionKind, Trend, TrendCall, Variant,
};

/// Skills of a proposal that a micro-credential has to teach already before it is named: one in common says nothing.
const LEAST_OVERLAP: f64 = 2.0;

/// A table under `documents.<key>_caption`.
pub fn table(context: &Context, key: &str, heads: &[&str], rows: Vec<Vec<Cell>>, note: Phrase) -> TableView {
    let caption = context.messages.own(&format!("documents.{key}_caption"));
    TableView { id: format!("{}-table", key.replace('_', "-")), caption, head: context.heads(heads), rows, note }
}

/// Leaves out the columns in which no row has an entry, and names them once in the note.
pub fn without_silent_columns(context: &Context, table: &mut TableView) {
    let (m, none) = (context.messages, context.messages.text("number.none"));
    let is_silent = |cell: &Cell| {
        let text = plain(&cell.text);
        text == "[x]" || text == none || (text.is_empty() && cell.small.is_empty())
    };
    let speaks = |column: usize| table.rows.iter().filter_map(|row| row.get(column)).any(|cell| !is_silent(cell));
    let silent: Vec<usize> = (1..table.head.len()).filter(|column| !speaks(*column)).collect();
    if silent.is_empty() || table.rows.is_empty() {
        return;
    }
    let named = table.head.iter().enumerate().filter(|(column, _)| silent.contains(column));
    let columns = m.list(named.map(|(_, head)| head.text.clone()).collect());
    table.head = without(std::mem::take(&mut table.head), &silent);
    for row in &mut table.rows {
        *row = without(std::mem::take(row), &silent);
    }
    let said = m.phrase("table.silent", &[("columns", columns)]);
    let parts = [std::mem::take(&mut table.note), said].into_iter().filter(|part| !part.is_empty());
    table.note = joined(parts.collect(), " ");
}

/// The others of these cells.
fn without<T>(cells: Vec<T>, columns: &[usize]) -> Vec<T> {
    let kept = cells.into_iter().enumerate().filter(|(column, _)| !columns.contains(column));
    kept.map(|(_, cell)| cell).collect()
}

/// A change with what it allows to say.
pub fn changed(context: &Context, growth: [Option<f64>; 3], call: Option<TrendCall>) -> Cell {
    let [growth, low, high] = growth;
    Cell { text: context.change(growth, low, high), small: context.call_words(call), kind: "num" }
}

/// Occupations of all areas together, most postings first.
pub fn most_occupations<'a>(context: &Context<'a>, most: usize) -> Vec<&'a OccupationFinding> {
    let all = context.index.findings.occupations.iter();
    let mut whole: Vec<&OccupationFinding> = all.filter(|o| o.area == "all" && o.share.is_some()).collect();
    whole.sort_by_key(|o| (o.rank, o.occupation.as_str()));
    whole.truncate(most);
    whole
}

/// Occupations whose share of the postings clearly changes, largest growth first.
pub fn changing_occupations<'a>(context: &Context<'a>) -> Vec<&'a OccupationFinding> {
    let called = |o: &&OccupationFinding| context.is_changing(o.call) && o.area == "all";
    let mut all: Vec<&OccupationFinding> = context.index.findings.occupations.iter().filter(called).collect();
    let size = |o: &OccupationFinding| o.growth.unwrap_or_default();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.occupation.cmp(&b.occupation)));
    all
}

/// Occupations with share, change and the official forward look of their group.
pub fn occupations(context: &Context, rows: &[&OccupationFinding], note: Phrase) -> TableView {
    let with_outlook = rows.iter().any(|o| o.outlook_last_value.is_some());
    let row = |o: &&OccupationFinding| {
        let isco = o
            .isco
            .as_deref()
            .map(|code| context.messages.phrase("documents.isco", &[("code", vec![Piece::outside(code)])]));
        let mut cells = vec![
            Cell { text: vec![context.index.name(&o.label)], small: isco.unwrap_or_default(), kind: "" },
            context.share_cell(*o),
            Cell { text: place(context, o), kind: "num", ..Cell::default() },
            context.figure(context.messages.employers(o.employer_count, o.posting_count)),
            changed(context, [o.growth, o.growth_low, o.growth_high], o.call),
        ];
        if with_outlook {
            cells.push(outlook(context, o));
        }
        cells
    };
    let mut heads = vec!["occupation", "postings_share#", "rank#", "employers_with#", "change#"];
    if with_outlook {
        heads.push("outlook#");
    }
    table(context, "occupations", &heads, rows.iter().map(row).collect(), note)
}

/// Its rank among the occupations of its area.
fn place(context: &Context, o: &OccupationFinding) -> Phrase {
    let same_area = context.index.findings.occupations.iter().filter(|other| other.area == o.area);
    match Place::of_occupation(o) {
        Some(own) => own.words(context, same_area.filter_map(Place::of_occupation)),
        None => vec![context.messages.figure(context.messages.count(u64::from(o.rank)))],
    }
}

fn outlook(context: &Context, o: &OccupationFinding) -> Cell {
    let m = context.messages;
    let figure = |v: f64| m.decimal(v, usize::from(v.abs() < 1000.0));
    let (Some(first), Some(last)) = (o.outlook_first_value, o.outlook_last_value) else { return Cell::default() };
    let span = |text: &Option<String>| text.clone().unwrap_or_default();
    let small = m.fill(
        "documents.outlook_from",
        &[
            ("first", span(&o.outlook_first)),
            ("last", span(&o.outlook_last)),
            ("group", context.names.group(o.outlook_group.as_deref().unwrap_or_default()).to_owned()),
        ],
    );
    let text = m.fill(
        "documents.outlook",
        &[("first", figure(first)), ("last", figure(last)), ("unit", span(&o.outlook_unit))],
    );
    Cell { text, small, kind: "num" }
}

/// `green` or `digital`.
pub fn transition_word(kind: TransitionKind) -> &'static str {
    match kind {
        TransitionKind::Digital => "table.digital",
        TransitionKind::Green => "table.green",
    }
}

/// A cell of the twin transition.
pub fn transition<'a>(
    context: &Context<'a>,
    kind: TransitionKind,
    area: &str,
    period: &str,
    group: &str,
) -> Option<&'a Transition> {
    context
        .index
        .findings
        .transitions
        .iter()
        .find(|t| t.transition == kind && t.area == area && t.period == period && t.occupation_group == group)
}

/// Green and digital shares side by side, one row for each of `keys`.
fn twin_rows<'a>(
    context: &Context<'a>,
    keys: &[String],
    name: impl Fn(&str) -> Phrase,
    find: impl Fn(TransitionKind, &str) -> Option<&'a Transition>,
) -> Vec<Vec<Cell>> {
    let shares = |key: &str| {
        [TransitionKind::Digital, TransitionKind::Green]
            .map(|kind| find(kind, key).map_or_else(|| context.figure("[x]"), |t| context.share_cell(t)))
    };
    keys.iter()
        .map(|key| {
            let [digital, green] = shares(key);
            vec![context.cell(name(key)), digital, green]
        })
        .collect()
}

fn keys(context: &Context, of: impl Fn(&Transition) -> Option<&str>) -> Vec<String> {
    let mut keys: Vec<String> =
        context.index.findings.transitions.iter().filter_map(|t| of(t).map(str::to_owned)).collect();
    keys.sort();
    keys.dedup();
    keys.retain(|k| k != "unknown");
    keys
}

/// Green and digital shares by occupation group.
pub fn transitions_by_group(context: &Context) -> TableView {
    let all = keys(context, |t| (t.area == "all" && t.period == "all").then_some(t.occupation_group.as_str()));
    let name = |key: &str| match key {
        "all" => context.messages.own("documents.all_postings"),
        code => vec![Piece::outside(context.names.group(code))],
    };
    let rows = twin_rows(context, &all, name, |kind, key| transition(context, kind, "all", "all", key));
    table(context, "twin_groups", &["occupation_group", "digital_share#", "green_share#"], rows, Phrase::new())
}

/// Green and digital shares by period.
pub fn transitions_by_period(context: &Context) -> TableView {
    let all = keys(context, |t| {
        (t.area == "all" && t.occupation_group == "all" && t.period != "all").then_some(t.period.as_str())
    });
    let name = |key: &str| context.messages.period(key);
    let rows = twin_rows(context, &all, name, |kind, key| transition(context, kind, "all", key, "all"));
    table(context, "twin_periods", &["period", "digital_share#", "green_share#"], rows, Phrase::new())
}

/// Green and digital shares by area.
pub fn transitions_by_area(context: &Context) -> TableView {
    let mut all = keys(context, |t| {
        (t.period == "all" && t.occupation_group == "all" && t.area != "all").then_some(t.area.as_str())
    });
    let count = all.len();
    all.truncate(12);
    let name = |key: &str| vec![Piece::outside(context.names.area(key))];
    let rows = twin_rows(context, &all, name, |kind, key| transition(context, kind, key, "all", "all"));
    let note = context.cut_note(all.len(), count, "transitions.csv");
    table(context, "twin_areas", &["area", "digital_share#", "green_share#"], rows, note)
}

/// Postings that came and postings open, by period.
pub fn stock_and_flow(context: &Context) -> TableView {
    let m = context.messages;
    let mut all: Vec<_> = context.index.findings.stock_flow.iter().filter(|s| s.area == "all").collect();
    all.sort_by(|a, b| a.period.cmp(&b.period));
    let rows = all.iter().map(|s| {
        let counts = [s.flow_count, s.stock_count, s.undetermined_count].map(|n| context.figure(m.count(n)));
        [vec![context.cell(m.period(&s.period))], counts.to_vec()].concat()
    });
    table(context, "stock_flow", &["period", "flow#", "stock#", "undetermined#"], rows.collect(), Phrase::new())
}

/// Boards that come or go.
pub fn breaks(context: &Context) -> TableView {
    let m = context.messages;
    let rows = context.index.findings.breaks.iter().take(context.most_rows).map(|b| {
        let key = match (b.change, b.in_panel) {
            (BreakKind::Begins, true) => "documents.break_begins_in_panel",
            (BreakKind::Begins, false) => "documents.break_begins",
            (BreakKind::Ends, true) => "documents.break_ends_in_panel",
            (BreakKind::Ends, false) => "documents.break_ends",
        };
        vec![
            context.cell(vec![Piece::outside(&b.board)]),
            context.cell(m.phrase(key, &[("period", m.period_in_words(&b.period))])),
            context.figure(m.count(b.posting_count)),
            context.figure(m.per_100(b.posting_share)),
        ]
    });
    table(context, "breaks", &["board", "what_happened", "postings#", "per_100#"], rows.collect(), Phrase::new())
}

/// What a variant is called.
pub fn variant_key(variant: Variant) -> String {
    format!("documents.variant_{}", key_text(&variant))
}

/// Called changes measured with other choices.
pub fn variants(context: &Context) -> TableView {
    let m = context.messages;
    let all = &context.index.findings.trend_variants;
    let rows = all.iter().take(20).map(|v| {
        let holds = if v.holds { "documents.holds" } else { "documents.holds_not" };
        vec![
            context.cell(context.index.skill(&v.skill, &v.label)),
            context.cell(m.own(&variant_key(v.variant))),
            Cell {
                small: context.n(v.first_base + v.last_base),
                ..changed(context, [v.growth, v.growth_low, v.growth_high], None)
            },
            context.cell(m.own(holds)),
        ]
    });
    let note = context.cut_note(all.len().min(20), all.len(), "trend_variants.csv");
    table(context, "variants", &["skill", "measured", "change#", "result"], rows.collect(), note)
}

/// Skills new to an occupation.
pub fn new_skills(context: &Context) -> TableView {
    let m = context.messages;
    let all = &context.index.findings.new_skills;
    let row = |n: &NewSkill| {
        let share = Share {
            share: Some(n.share),
            low: Some(n.share_low),
            high: Some(n.share_high),
            mark: None,
            base: n.last_base,
        };
        vec![
            context.cell(vec![context.index.name(&n.occupation_label)]),
            context.cell(context.index.skill(&n.skill, &n.label)),
            Cell { small: context.n(n.first_base), ..context.figure(m.count(0)) },
            context.share_cell(share),
            context.figure(m.employers(n.last_employers, n.last_count)),
        ]
    };
    let note = context.cut_note(all.len().min(20), all.len(), "new_skills.csv");
    let heads = ["occupation", "skill", "earlier_postings#", "later#", "employers#"];
    table(context, "new_skills", &heads, all.iter().take(20).map(row).collect(), note)
}

/// Postings beside official employment, by occupation group.
pub fn agreement(context: &Context) -> TableView {
    let m = context.messages;
    let all: Vec<&Representation> =
        context.index.findings.representation.iter().filter(|r| r.employment_share.is_some()).collect();
    let row = |r: &&Representation| {
        let share = |v: Option<f64>| v.map_or_else(|| "[x]".to_owned(), |v| m.per_100(v));
        let mark = r.mark.map(|mark| format!(" {}", mark_text(mark))).unwrap_or_default();
        let official = vec![Piece::outside(r.official_period.as_deref().unwrap_or_default())];
        vec![
            Cell {
                text: vec![Piece::outside(context.names.group(&r.occupation_group))],
                small: vec![Piece::outside(context.names.area(&r.area))],
                kind: "",
            },
            Cell { small: m.counted("count.postings", r.posting_count), ..context.figure(m.per_100(r.posting_share)) },
            Cell { small: official, ..context.figure(format!("{}{mark}", share(r.employment_share))) },
            context.figure(r.representation.map_or_else(|| "[x]".to_owned(), |v| m.decimal(v, 2))),
        ]
    };
    let note = context.cut_note(all.len().min(30), all.len(), "representation.csv");
    let heads = ["occupation_group", "postings_part#", "employment_part#", "over_under#"];
    table(context, "agreement", &heads, all.iter().take(30).map(row).collect(), note)
}

/// Gaps of a programme or the portfolio: demand, coverage, what is not covered.
pub fn gaps(context: &Context, key: &str, gaps: &[&Gap], note: Phrase) -> TableView {
    let m = context.messages;
    let row = |gap: &&Gap| {
        let unmet = m.share(Share::unmet(gap));
        vec![
            context.cell(context.index.skill(&gap.demand.skill, &gap.demand.label)),
            context.share_cell(&gap.demand),
            context.figure(m.decimal(gap.coverage, 2)),
            context.figure(unmet),
            context.word(context.trend_words(context.index.trend(&gap.demand.skill))),
        ]
    };
    table(context, key, &["skill", "demand#", "coverage#", "unmet#", "trend"], gaps.iter().map(row).collect(), note)
}

/// Proposed micro-credentials with what they would close.
pub fn proposals(context: &Context) -> TableView {
    let m = context.messages;
    let all = &context.index.findings.proposals.proposals;
    let row = |p: &Proposal| {
        let points = |v: f64| m.decimal(v, 1);
        let low_high = m.span(&points(p.closed_low), &points(p.closed_high));
        let mark = p.mark.map(|mark| format!(" {}", mark_text(mark))).unwrap_or_default();
        let share = Share {
            share: Some(p.together_share),
            low: Some(p.together_low),
            high: Some(p.together_high),
            mark: None,
            base: p.base_count,
        };
        let level = match (p.eqf_low, p.eqf_high) {
            (Some(low), Some(high)) if low == high => low.to_string(),
            (Some(low), Some(high)) => m.span(&low.to_string(), &high.to_string()),
            _ => "[x]".to_owned(),
        };
        let names = context.index.findings.proposals.skills.iter().filter(|s| s.proposal == p.proposal);
        let names: Vec<Phrase> = names.map(|s| context.index.skill(&s.skill, &s.label)).collect();
        vec![
            Cell { text: m.list(names), small: overlap(context, p), kind: "" },
            context.figure(m.decimal(p.ects, usize::from(p.ects.fract() != 0.0))),
            context.figure(level),
            context.share_cell(share),
            Cell {
                small: context.n(p.base_count),
                ..context.figure(format!("{} ({low_high}){mark}", points(p.closed_points)))
            },
        ]
    };
    let note = context.cut_note(all.len().min(10), all.len(), "proposals.csv");
    let heads = ["skills_together", "ects#", "eqf#", "together#", "would_close#"];
    table(context, "proposals", &heads, all.iter().take(10).map(row).collect(), note)
}

/// Skills of a proposal that a micro-credential teaches already, where they are enough to name it.
fn in_common(skill_count: u32, share: f64) -> Option<f64> {
    Some((share * f64::from(skill_count)).round()).filter(|covered| *covered >= LEAST_OVERLAP)
}

fn overlap(context: &Context, p: &Proposal) -> Phrase {
    let (Some(id), Some(title)) = (&p.overlap_credential, &p.overlap_title) else { return Phrase::new() };
    let m = context.messages;
    let Some(covered) = in_common(p.skill_count, p.overlap_share) else { return Phrase::new() };
    let values = [
        ("title", vec![context.index.titled(id, title)]),
        ("k", vec![m.figure(m.decimal(covered, 0))]),
        ("n", vec![m.figure(m.count(u64::from(p.skill_count)))]),
    ];
    m.phrase("documents.overlap", &values)
}

/// Demand for taught skills beside places and credits, largest demand part first.
pub fn provisions(context: &Context) -> TableView {
    let m = context.messages;
    let mut all: Vec<&Provision> =
        context.index.findings.provisions.iter().filter(|p| p.demand_part.is_some()).collect();
    let part = |p: &Provision| p.demand_part.unwrap_or_default();
    all.sort_by(|a, b| part(b).total_cmp(&part(a)).then(a.skill.cmp(&b.skill)));
    let row = |p: &&Provision| {
        let share = |v: Option<f64>| v.map_or_else(|| "[x]".to_owned(), |v| m.per_100(v));
        let ratio = match (p.places_ratio, p.places_ratio_low, p.places_ratio_high) {
            (Some(r), Some(low), Some(high)) => {
                format!("{} ({})", m.decimal(r, 1), m.span(&m.decimal(low, 1), &m.decimal(high, 1)))
            }
            _ => "[x]".to_owned(),
        };
        let surplus = if p.surplus { m.own("documents.surplus") } else { Phrase::new() };
        vec![
            context.cell(context.index.skill(&p.skill, &p.label)),
            Cell { small: context.n(p.base_count), ..context.figure(share(p.demand_part)) },
            context.figure(share(p.places_part)),
            context.figure(share(p.ects_part)),
            Cell { small: surplus, ..context.figure(ratio) },
        ]
    };
    let note = context.cut_note(all.len().min(25), all.len(), "provisions.csv");
    let heads = ["skill", "demand_part#", "places_part#", "ects_part#", "places_ratio#"];
    table(context, "provisions", &heads, all.iter().take(25).map(row).collect(), note)
}

/// Demand beside learners' interest, never mixed.
pub fn interest(context: &Context) -> TableView {
    let m = context.messages;
    let all: Vec<&LearnerInterest> =
        context.index.findings.learner_interest.iter().filter(|i| i.requests.is_some() || i.answer_count > 0).collect();
    let with_survey = all.iter().any(|i| i.answer_count > 0);
    let row = |i: &&LearnerInterest| {
        let count = |v: Option<u64>| v.map_or_else(|| "[x]".to_owned(), |v| m.count(v));
        let demand = Share { share: i.share, low: i.share_low, high: i.share_high, mark: i.mark, base: i.base_count };
        let mut cells = vec![
            context.cell(context.index.skill(&i.skill, &i.label)),
            context.share_cell(demand),
            context.figure(count(i.requests)),
            context.figure(count(i.places)),
            context.figure(i.requests_per_place.map_or_else(|| "[x]".to_owned(), |v| m.decimal(v, 1))),
        ];
        if with_survey {
            let wants = Share {
                share: i.wants_share,
                low: i.wants_low,
                high: i.wants_high,
                mark: i.wants_mark,
                base: i.answer_count,
            };
            cells.push(context.share_cell(wants));
        }
        cells
    };
    let mut heads = vec!["skill", "demand#", "requests#", "places#", "requests_per_place#"];
    if with_survey {
        heads.push("wants#");
    }
    let note = context.cut_note(all.len().min(25), all.len(), "learner_interest.csv");
    table(context, "interest", &heads, all.iter().take(25).map(row).collect(), note)
}

/// Names of changes of one kind, strongest first.
pub fn called<'a>(context: &Context<'a>, call: TrendCall) -> Vec<&'a Trend> {
    let all = context.index.findings.trends.iter();
    let mut called: Vec<&Trend> = all.filter(|t| t.area == "all" && t.call == call && t.growth.is_some()).collect();
    let size = |t: &Trend| t.growth.unwrap_or_default().abs();
    called.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.skill.cmp(&b.skill)));
    called
}

/// Whether a called change holds in every other reading of it.
pub fn is_steady(context: &Context, trend: &Trend) -> bool {
    context.index.findings.trend_variants.iter().all(|v| v.skill != trend.skill || v.holds)
}

/// Skills whose share changes, strongest growth first.
pub fn changing<'a>(context: &Context<'a>) -> Vec<&'a Trend> {
    let calls = [TrendCall::Emerging, TrendCall::Growing, TrendCall::Declining];
    let mut all: Vec<&Trend> = calls.into_iter().flat_map(|call| called(context, call)).collect();
    let size = |t: &Trend| t.growth.unwrap_or_default();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.skill.cmp(&b.skill)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::types::Lang;

    #[test]
    fn a_column_without_an_entry_is_left_out_and_named_once() {
        let findings = fixture::realistic();
        let messages = Messages::of(Lang::En).unwrap();
        let context = Context::of(&findings, &messages, 10);
        let row = |trend: &str| {
            let [skill, demand, places] = ["sql", trend, "[x]"].map(|text| context.figure(text));
            vec![skill, demand, places, Cell { small: context.n(9), ..Cell::default() }]
        };
        let heads = ["skill", "trend", "places#", "change#"];
        let mut shown = table(&context, "gaps", &heads, vec![row(""), row("growing")], Phrase::new());
        without_silent_columns(&context, &mut shown);
        let labels: Vec<&str> = shown.head.iter().map(|head| head.label.as_str()).collect();
        assert_eq!(labels, ["Skill", "Trend", "Change, with 95% interval"]);
        assert!(shown.rows.iter().all(|row| row.len() == 3));
        assert_eq!(plain(&shown.note), "Columns without any entry are left out: Places.");
        let whole = shown.clone();
        without_silent_columns(&context, &mut shown);
        assert_eq!((shown.head.len(), plain(&shown.note)), (whole.head.len(), plain(&whole.note)));
    }

    #[test]
    fn what_a_proposal_shares_with_a_micro_credential_is_counted_in_skills_and_told_from_two_on() {
        let told = [(4, 0.75), (3, 2.0 / 3.0), (4, 0.25), (4, 0.0)].map(|(count, share)| in_common(count, share));
        assert_eq!(told, [Some(3.0), Some(2.0), None, None]);
        let values = [("k", "3"), ("n", "4"), ("title", "Breath of Life")];
        let values = values.map(|(place, text)| (place, text.to_owned()));
        let said = Messages::of(Lang::En).unwrap().fill("documents.overlap", &values);
        assert_eq!(plain(&said), "3 of these 4 skills already in: Breath of Life");
    }
}
