//! The charts of the reports: each answers one question, its finding is its title, its figures stand in a table nearby.

use super::last_period::{Incomplete, incomplete, last_complete};
use super::{Block, cards};
use crate::report::charts::funnel::{self, Funnel, Stage};
use crate::report::charts::heat_table::{self, HeatRow, HeatTable};
use crate::report::charts::interval_bars::{self, Bar, IntervalBars};
use crate::report::charts::line_band::{self, LineBand, Series};
use crate::report::charts::quadrant::{self, Quadrant};
use crate::report::charts::slope::{self, End, Line, Slope};
use crate::report::charts::{About, Drawing, Point};
use crate::report::phrase::{Phrase, Piece, joined, plain};
use crate::report::share::Share;
use crate::report::view::beside::Areas;
use crate::report::view::courses::{Course, Courses};
use crate::report::view::tables::{changing, is_steady, most_occupations, transition};
use crate::report::view::{ChartView, Context, coverage_band, ledger};
use crate::types::{
    BreakKind, Demand, Gap, GapStatus, LedgerRow, Mark, StockFlow, Transition, TransitionKind, Trend, TrendCall,
};

/// Rows of a chart of bars.
const MOST_BARS: usize = 12;
/// Lines of the chart of both halves.
const MOST_LINES: usize = 10;
/// Skills and areas of the heat table.
const MOST_CELLS: usize = 8;

/// A drawing with its words; `rows` say in sentences what it shows.
fn picture(
    context: &Context,
    (id, summary): (&str, &str),
    title: Phrase,
    rows: impl Iterator<Item = Phrase>,
    draw: impl FnOnce(About) -> Drawing,
) -> Block {
    let description = rows.map(|row| plain(&row)).collect::<Vec<_>>().join(" ");
    let about = About {
        id: id.to_owned(),
        title: plain(&title),
        description: description.clone(),
        rtl: context.messages.is_rtl(),
    };
    let drawing = draw(about);
    let summary = context.messages.own(&format!("documents.picture_{summary}_summary"));
    Block::Chart { chart: ChartView { title, drawing, description, summary } }
}

/// The same, and under it that its last period is not over in the data.
fn noting(mut block: Block, open: Option<Incomplete>) -> Block {
    if let (Block::Chart { chart }, Some(open)) = (&mut block, open) {
        chart.summary.push(Piece::own(" "));
        chart.summary.extend(open.said);
    }
    block
}

/// Changes that hold in every reading: the others deserve no chart.
fn steady<'a>(context: &Context<'a>) -> Vec<&'a Trend> {
    changing(context).into_iter().filter(|t| is_steady(context, t)).collect()
}

/// `name: what is said of it.`
fn row(context: &Context, name: Phrase, said: Phrase) -> Phrase {
    context.messages.phrase("documents.picture_share_row", &[("name", name), ("share", said)])
}

/// What one of several lines says of a period.
fn named(context: &Context, key: &str, said: Phrase) -> Phrase {
    let m = context.messages;
    m.phrase("documents.picture_named", &[("name", m.own(key)), ("figures", said)])
}

/// Growth as a change in per cent.
fn percent(growth: f64) -> f64 {
    (growth.exp() - 1.0) * 100.0
}

/// How much do skills change?
pub fn changes(context: &Context) -> Option<Block> {
    let m = context.messages;
    let all = steady(context);
    let shown = all.get(..all.len().min(MOST_BARS)).filter(|shown| !shown.is_empty())?;
    let title = m.counted("documents.picture_change_title", all.len() as u64);
    let change = |t: &Trend| context.change(t.growth, t.low, t.high);
    let rows = shown.iter().map(|t| row(context, vec![context.index.name(&t.label)], change(t)));
    let bar = |t: &&Trend| Bar {
        label: t.label.clone(),
        value: t.growth.map(percent),
        interval: t.low.map(percent).zip(t.high.map(percent)),
        figures: plain(&change(t)),
        strong: t.call == TrendCall::Emerging,
        unsure: false,
    };
    Some(picture(context, ("changes", "change"), title, rows, |about| {
        let (axis, numerals) = (m.text("documents.picture_change_axis"), m.numerals());
        // Nothing falls by more than all of it.
        let bars = shown.iter().map(bar).collect();
        interval_bars::draw(&IntervalBars { about, axis, numerals, least: Some(-100.0), bars })
    }))
}

/// Which occupations have most postings?
pub fn occupations(context: &Context) -> Option<Block> {
    let m = context.messages;
    let all = most_occupations(context, MOST_BARS);
    let first = all.first()?;
    let named = [("occupation", vec![context.index.name(&first.label)])];
    let title = m.phrase("documents.picture_occupations_title", &named);
    let rows = all.iter().map(|o| row(context, vec![context.index.name(&o.label)], m.demand(*o)));
    let bars = all.iter().map(|o| {
        let (value, interval) = Share::from(*o).per_100();
        let unsure = o.mark == Some(Mark::LowReliability);
        let strong = context.is_changing(o.call);
        Bar { label: o.label.clone(), value, interval, figures: m.share(*o), strong, unsure }
    });
    Some(picture(context, ("occupations-chart", "occupations"), title, rows, |about| {
        let axis = plain(&m.fill("documents.picture_occupations_axis", &[("n", m.count(first.base_count))]));
        interval_bars::draw(&IntervalBars { about, axis, numerals: m.numerals(), least: None, bars: bars.collect() })
    }))
}

/// Is the demand for green and digital skills moving?
pub fn twin(context: &Context) -> Option<Block> {
    let m = context.messages;
    let kinds = [(TransitionKind::Digital, "table.digital"), (TransitionKind::Green, "table.green")];
    let mut periods: Vec<&str> = context
        .index
        .findings
        .transitions
        .iter()
        .filter(|t| t.area == "all" && t.occupation_group == "all" && !["all", "unknown"].contains(&t.period.as_str()))
        .map(|t| t.period.as_str())
        .collect();
    periods.sort_unstable();
    periods.dedup();
    let find = |kind, period: &str| transition(context, kind, "all", period, "all");
    let open = incomplete(context);
    let (told, last) = (last_complete(&periods, open.as_ref())?, periods.last().copied()?);
    let figure = |kind, period: &str| find(kind, period).and_then(|t| t.share).map(|s| m.per_100(s));
    let (digital, green) = (figure(TransitionKind::Digital, told)?, figure(TransitionKind::Green, told)?);
    let values =
        [("digital", vec![m.figure(digital)]), ("green", vec![m.figure(green)]), ("period", m.period_in_words(told))];
    let title = m.phrase("documents.picture_twin_title", &values);
    let rows = periods.iter().map(|p| {
        let shares =
            kinds.map(|(kind, key)| named(context, key, find(kind, p).map(|t| m.demand(t)).unwrap_or_default()));
        row(context, m.period(p), joined(shares.to_vec(), " · "))
    });
    let shown: Vec<&Transition> = periods.iter().flat_map(|p| kinds.map(|(kind, _)| find(kind, p))).flatten().collect();
    let most = scale_end(&shown);
    let point = |kind, period: &&str| {
        let (value, interval) = find(kind, period).map(|t| Share::from(t).per_100()).unwrap_or_default();
        Point { value, interval: interval.map(|(low, high)| (low, high.min(most))) }
    };
    let series = kinds.iter().map(|(kind, key)| Series {
        label: m.text(key),
        figures: figure(*kind, last).unwrap_or_default(),
        points: periods.iter().map(|p| point(*kind, p)).collect(),
    });
    let block = picture(context, ("twin-chart", "twin"), title, rows, |about| {
        let axis = m.text("documents.picture_twin_axis");
        line_band::draw(&over_time(context, about, axis, &periods, series.collect()))
    });
    Some(noting(block, open))
}

/// Where intervals are cut off, per 100: that of an unreliable share must not set the scale for all others.
fn scale_end(shown: &[&Transition]) -> f64 {
    let per_100 = shown.iter().map(|t| (t.mark.is_none(), Share::from(*t).per_100()));
    let ends = per_100.map(|(is_firm, (value, interval))| {
        let high = interval.filter(|_| is_firm).map(|(_, high)| high);
        high.or(value).unwrap_or_default()
    });
    ends.fold(0.0, f64::max)
}

/// Lines over periods, with the breaks that boards make in them.
fn over_time(context: &Context, about: About, axis: String, periods: &[&str], series: Vec<Series>) -> LineBand {
    let m = context.messages;
    let names = periods.iter().map(|p| plain(&m.period(p))).collect();
    LineBand { about, axis, numerals: m.numerals(), periods: names, series, breaks: breaks(context, periods) }
}

/// Periods that are not of the same boards as the one before: the first of a board, and the one after a board's last.
fn breaks(context: &Context, periods: &[&str]) -> Vec<usize> {
    let place = |period: &str| periods.iter().position(|p| *p == period);
    let all = context.index.findings.breaks.iter().filter_map(|b| match b.change {
        BreakKind::Begins => place(&b.period),
        BreakKind::Ends => place(&b.period).map(|at| at + 1).filter(|at| *at < periods.len()),
    });
    let mut at: Vec<usize> = all.collect();
    at.sort_unstable();
    at.dedup();
    at
}

/// How many postings come, and how many are open?
pub fn stock_and_flow(context: &Context) -> Option<Block> {
    let m = context.messages;
    let mut all: Vec<&StockFlow> = context.index.findings.stock_flow.iter().filter(|s| s.area == "all").collect();
    all.sort_by(|a, b| a.period.cmp(&b.period));
    let last = *all.last().filter(|_| all.len() > 1)?;
    let open = incomplete(context);
    let is_over = |s: &&&StockFlow| open.as_ref().is_none_or(|open| open.period != s.period.as_str());
    let told = all.iter().rev().find(is_over).copied().unwrap_or(last);
    let values = [("n", vec![m.figure(m.count(told.flow_count))]), ("period", m.period_in_words(&told.period))];
    let title = m.phrase("documents.picture_flow_title", &values);
    let rows = all.iter().map(|s| {
        let counts = [("documents.picture_flow_new", s.flow_count), ("documents.picture_flow_open", s.stock_count)];
        let counts = counts.map(|(key, n)| named(context, key, vec![m.figure(m.count(n))]));
        row(context, m.period(&s.period), joined(counts.to_vec(), " · "))
    });
    let series = |key: &str, count: fn(&StockFlow) -> u64| Series {
        label: m.text(key),
        figures: m.count(count(last)),
        points: all.iter().map(|s| Point { value: Some(count(s) as f64), interval: None }).collect(),
    };
    let mut lines = vec![series("documents.picture_flow_new", |s| s.flow_count)];
    if all.iter().any(|s| s.stock_count > 0) {
        lines.push(series("documents.picture_flow_open", |s| s.stock_count));
    }
    let periods: Vec<&str> = all.iter().map(|s| s.period.as_str()).collect();
    let block = picture(context, ("flow-chart", "flow"), title, rows, |about| {
        let axis = m.text("documents.picture_flow_axis");
        line_band::draw(&over_time(context, about, axis, &periods, lines))
    });
    Some(noting(block, open))
}

/// Where did the changing skills stand, and where do they stand?
pub fn halves(context: &Context) -> Option<Block> {
    let m = context.messages;
    let all = steady(context);
    let first = *all.first()?;
    let end = |count: u64, base: u64| {
        let share = (base > 0).then(|| count as f64 / base as f64);
        let figures = share.map_or_else(|| "[x]".to_owned(), |s| m.per_100(s));
        End { value: share.map(|s| s * 100.0), interval: None, figures }
    };
    let ends = |t: &Trend| (end(t.first_count, t.first_base), end(t.last_count, t.last_base));
    let shown = || all.iter().take(MOST_LINES);
    let rows = shown().map(|t| {
        let (from, to) = ends(t);
        let shares = m.fill("documents.picture_slope_row", &[("from", from.figures), ("to", to.figures)]);
        row(context, vec![context.index.name(&t.label)], shares)
    });
    let line = |t: &&Trend| {
        let (from, to) = ends(t);
        Line { label: t.label.clone(), from, to, strong: t.call == TrendCall::Emerging }
    };
    // Beside lines there is room for the short form alone.
    let half = |periods: &str| plain(&m.span_of_periods(periods));
    Some(picture(context, ("halves", "slope"), m.own("documents.picture_slope_title"), rows, |about| {
        let lines = shown().map(line).collect();
        slope::draw(&Slope { about, from: half(&first.first), to: half(&first.last), lines })
    }))
}

/// How do the shares of skills run from period to period?
pub fn courses(context: &Context, courses: &Courses) -> Option<Block> {
    let m = context.messages;
    let point = |skill: &str, period: &str| match courses.at(skill, period) {
        Course::Told(demand) => {
            let (value, interval) = Share::from(demand).per_100();
            // The interval of an unreliable share would set the scale of all panels; its figures stand in the table.
            Point { value, interval: interval.filter(|_| demand.mark.is_none()) }
        }
        Course::Nobody => Point { value: Some(0.0), interval: None },
    };
    let figure = |value: f64| m.per_100(value / 100.0);
    let series = courses.skills.iter().map(|(skill, label)| {
        let points: Vec<Point> = courses.periods.iter().map(|p| point(skill, p)).collect();
        let last = points.last().and_then(|p| p.value).map(figure);
        Series { label: (*label).to_owned(), figures: last.unwrap_or_else(|| "[c]".to_owned()), points }
    });
    let series: Vec<Series> = series.collect();
    let told = |one: &Series| -> Vec<(&str, String)> {
        let periods = courses.periods.iter().zip(&one.points);
        periods.filter_map(|(period, point)| Some((*period, figure(point.value?)))).collect()
    };
    let first = series.first()?;
    let open = incomplete(context);
    // A title stands on figures without a mark, where there are two.
    let skill = courses.skills.first().map(|(skill, _)| *skill).unwrap_or_default();
    let is_firm = |period: &str| !matches!(courses.at(skill, period), Course::Told(d) if d.mark.is_some());
    let mut ends = told(first);
    if let Some(open) = open.as_ref().filter(|_| ends.len() > 2) {
        ends.retain(|(period, _)| *period != open.period);
    }
    if ends.iter().filter(|(period, _)| is_firm(period)).count() > 1 {
        ends.retain(|(period, _)| is_firm(period));
    }
    let [(first_period, before), .., (last_period, after)] = ends.as_slice() else { return None };
    let values = [
        ("skill", vec![context.index.name(&first.label)]),
        ("before", vec![m.figure(before)]),
        ("first", m.period_in_words(first_period)),
        ("after", vec![m.figure(after)]),
        ("last", m.period_in_words(last_period)),
    ];
    let title = m.phrase("documents.picture_course_title", &values);
    let rows = series.iter().map(|one| {
        let shares = told(one).into_iter().map(|(period, share)| {
            let values = [("name", m.period(period)), ("figures", vec![m.figure(share)])];
            m.phrase("documents.picture_named", &values)
        });
        row(context, vec![context.index.name(&one.label)], joined(shares.collect(), " · "))
    });
    let block = picture(context, ("courses-chart", "course"), title, rows, |about| {
        line_band::draw(&over_time(
            context,
            about,
            m.text("documents.picture_twin_axis"),
            &courses.periods,
            series.clone(),
        ))
    });
    Some(noting(block, open))
}

/// What became of the unmet demand that the last edition recommended something for?
pub fn editions(context: &Context) -> Option<Block> {
    let m = context.messages;
    let is_told = |r: &&LedgerRow| r.unmet_before.is_some() && r.unmet_now.is_some();
    let asks_for_more = |r: &&LedgerRow| matches!(r.recommendation, GapStatus::Add | GapStatus::Strengthen);
    let rows = ledger::of_the_offer(context).into_iter();
    let mut all: Vec<&LedgerRow> = rows.filter(is_told).filter(asks_for_more).collect();
    let size = |r: &LedgerRow| r.unmet_before.unwrap_or_default();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.skill.cmp(&b.skill)));
    all.dedup_by(|a, b| a.skill == b.skill);
    let count = all.len() as u64;
    // Told from chance even where both intervals are taken at their worst.
    let is_smaller = |r: &LedgerRow| r.unmet_now_high.zip(r.unmet_before_low).is_some_and(|(now, before)| now < before);
    let smaller = all.iter().filter(|r| is_smaller(r)).count() as u64;
    let values = [("smaller", vec![m.figure(m.count(smaller))])];
    let title = (count > 0).then(|| m.counted_with("documents.picture_editions_title", count, &values))?;
    all.truncate(MOST_LINES);
    let end = |value: Option<f64>, interval| End {
        value,
        interval,
        figures: value.map(|v| m.per_100(v / 100.0)).unwrap_or_default(),
    };
    let ends = |r: &LedgerRow| {
        let before = end(r.unmet_before, r.unmet_before_low.zip(r.unmet_before_high));
        (before, end(r.unmet_now, r.unmet_now_low.zip(r.unmet_now_high)))
    };
    let rows = all.iter().map(|r| {
        let (from, to) = ends(r);
        let figures = m.fill("documents.picture_slope_row", &[("from", from.figures), ("to", to.figures)]);
        row(context, vec![context.index.name(&r.label)], figures)
    });
    let line = |r: &&LedgerRow| {
        let (from, to) = ends(r);
        Line { label: r.label.clone(), from, to, strong: is_smaller(r) }
    };
    Some(picture(context, ("editions-chart", "editions"), title, rows, |about| {
        let (from, to) = (m.text("documents.picture_editions_from"), m.text("documents.picture_editions_to"));
        slope::draw(&Slope { about, from, to, lines: all.iter().map(line).collect() })
    }))
}

/// Where are which skills asked for?
pub fn areas(context: &Context) -> Option<Block> {
    let m = context.messages;
    let areas = Areas::of(context, MOST_CELLS);
    let skills = context.most_asked(MOST_CELLS);
    if areas.shown.len() < 2 || skills.is_empty() {
        return None;
    }
    let cell = |skill: &str, area: &str| {
        let share = areas.demand(skill, area).map_or(Some(0.0), |d| d.share);
        let figure = share.map_or_else(|| "[c]".to_owned(), |s| m.per_100(s));
        heat_table::Cell { value: share.map(|s| s * 100.0), figure }
    };
    let drawn = |d: &&Demand| HeatRow {
        label: d.label.clone(),
        cells: areas.shown.iter().map(|area| cell(&d.skill, area)).collect(),
    };
    let columns: Vec<String> = areas.shown.iter().map(|area| context.names.area(area).to_owned()).collect();
    let cells: Vec<HeatRow> = skills.iter().map(drawn).collect();
    let rows = skills.iter().zip(&cells).map(|(d, cells)| {
        let figures = columns.iter().zip(&cells.cells).map(|(c, v)| vec![m.figure(format!("{c} {}", v.figure))]);
        row(context, vec![context.index.name(&d.label)], m.list(figures.collect()))
    });
    let title = m.own("documents.picture_areas_title");
    Some(picture(context, ("areas-chart", "areas"), title, rows, |about| {
        let unit = m.text("documents.picture_areas_unit");
        heat_table::draw(&HeatTable { about, unit, columns: columns.clone(), rows: cells.clone() })
    }))
}

/// What became of the postings that were read?
pub fn funnel(context: &Context) -> Option<Block> {
    let m = context.messages;
    let (quality, counted) = (&context.index.findings.quality, context.index.findings.meta.posting_count);
    let clean = quality.stages.iter().find(|s| s.step == "clean postings")?;
    let without: u64 = quality.languages.iter().map(|l| l.without_skill_count).sum();
    let values = [("read", vec![m.figure(m.count(clean.read))]), ("kept", vec![m.figure(m.count(counted))])];
    let title = m.phrase("documents.picture_funnel_title", &values);
    let stage = |key: &str, value: u64, lost: Option<(&str, u64)>| {
        let lost = lost.map(|(key, n)| m.fill(&format!("documents.picture_funnel_{key}"), &[("n", m.count(n))]));
        Stage {
            label: m.text(&format!("documents.picture_funnel_{key}")),
            value: Some(value as f64),
            figures: m.count(value),
            lost: plain(&lost.unwrap_or_default()),
        }
    };
    let stages = [
        stage("read", clean.read, None),
        stage("kept", clean.read.saturating_sub(clean.rejected), Some(("lost", clean.rejected))),
        stage("unique", clean.kept, Some(("merged", clean.duplicate))),
        stage("in_period", counted, Some(("outside", clean.kept.saturating_sub(counted)))),
        stage("skilled", counted.saturating_sub(without), Some(("unskilled", without))),
    ];
    let rows = stages.iter().map(|s| {
        let said = [s.figures.as_str(), s.lost.as_str()].into_iter().filter(|part| !part.is_empty());
        row(context, vec![m.figure(&s.label)], m.list(said.map(|part| vec![m.figure(part)]).collect()))
    });
    Some(picture(context, ("funnel", "funnel"), title, rows, |about| {
        funnel::draw(&Funnel { about, stages: stages.to_vec() })
    }))
}

/// Which skills are asked for much and taught little?
pub fn poster(context: &Context) -> Option<Block> {
    let m = context.messages;
    let gaps = cards::skill_gaps(context);
    let mut shares: Vec<f64> = gaps.iter().filter_map(|g| g.demand.share).collect();
    shares.sort_by(f64::total_cmp);
    let middle = *shares.get(shares.len() / 2)?;
    let is_missing = |g: &Gap| g.demand.share.is_some_and(|s| s >= middle) && coverage_band(g.coverage) == "barely";
    let all = [("all", vec![m.figure(m.count(gaps.len() as u64))])];
    let title = match gaps.iter().filter(|g| is_missing(g)).count() as u64 {
        0 => m.phrase("documents.picture_quadrant_title_none", &all),
        n => m.counted_with("documents.picture_quadrant_title", n, &all),
    };
    let rows = gaps.iter().map(|g| {
        let values = [
            ("skill", vec![context.index.name(&g.demand.label)]),
            ("share", m.demand(&g.demand)),
            ("coverage", vec![m.figure(m.decimal(g.coverage, 2))]),
        ];
        m.phrase("documents.picture_point", &values)
    });
    let points = gaps.iter().map(|g| {
        let (up, up_interval) = Share::from(&g.demand).per_100();
        let (label, across) = (g.demand.label.clone(), Some(g.coverage));
        quadrant::Skill { label, across, up, across_interval: None, up_interval, strong: is_missing(g) }
    });
    Some(picture(context, ("poster", "quadrant"), title, rows, |about| {
        quadrant::draw(&Quadrant {
            about,
            across: m.text("documents.picture_quadrant_across"),
            up: format!("{} ({})", m.text("documents.picture_quadrant_up"), m.text("charts.root_scale")),
            numerals: m.numerals(),
            split: (0.5, middle * 100.0),
            up_root: true,
            // In reading order, from much asked for and little taught.
            names: [2, 1, 3, 4].map(|i| m.text(&format!("documents.picture_quadrant_{i}"))),
            points: points.collect(),
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::messages::Messages;
    use crate::types::{Findings, Lang};

    #[test]
    fn the_poster_counts_as_hardly_taught_what_is_not_taught_in_part_and_says_of_how_many() {
        let mut findings = fixture::realistic();
        let messages = Messages::of(Lang::En).unwrap();
        let title = |findings: &Findings| {
            let Some(Block::Chart { chart }) = poster(&Context::of(findings, &messages, 10)) else {
                panic!("no poster")
            };
            plain(&chart.title)
        };
        // Taught in part begins at 0.25.
        findings.gaps.iter_mut().for_each(|g| g.coverage = 0.3);
        let all = cards::skill_gaps(&Context::of(&findings, &messages, 10)).len();
        let none = format!("Of the {all} skills shown, every one that is asked for much is taught at least in part");
        assert_eq!(title(&findings), none);
        findings.gaps.iter_mut().for_each(|g| g.coverage = 0.2);
        let said = title(&findings);
        assert!(said.starts_with(&format!("Of the {all} skills shown, ")) && said.ends_with("hardly taught"), "{said}");
    }

    #[test]
    fn the_title_of_new_postings_is_of_the_last_complete_period_and_the_chart_says_which_one_is_not() {
        let mut findings = fixture::realistic();
        let row = |period: &str, flow_count: u64| StockFlow {
            area: "all".into(),
            period: period.into(),
            flow_count,
            stock_count: 0,
            undetermined_count: 0,
        };
        findings.stock_flow = vec![row("2026-Q1", 900), row("2026-Q2", 300)];
        (findings.evidence, findings.meta.as_of) = (Vec::new(), "2026-05-15".into());
        let messages = Messages::of(Lang::En).unwrap();
        let Some(Block::Chart { chart }) = stock_and_flow(&Context::of(&findings, &messages, 10)) else {
            panic!("no chart")
        };
        let first = plain(&messages.period_in_words("2026-Q1"));
        assert_eq!(plain(&chart.title), format!("900 new postings in {first}"));
        let summary = plain(&chart.summary);
        assert!(summary.ends_with("is incomplete: this edition is of 15 May 2026."), "{summary}");
    }

    #[test]
    fn the_interval_of_an_unreliable_share_does_not_set_the_scale() {
        let row = |share: f64, high: f64, mark: Option<Mark>| Transition {
            transition: TransitionKind::Green,
            area: "all".into(),
            period: "2020-07".into(),
            occupation_group: "all".into(),
            posting_count: 3,
            base_count: 82,
            employer_count: 3,
            source_count: 1,
            effective_n: 82.0,
            share: Some(share),
            share_low: Some(0.001),
            share_high: Some(high),
            mark,
            weighted_share: None,
            weighted_low: None,
            weighted_high: None,
            growth: None,
            growth_low: None,
            growth_high: None,
        };
        let (firm, wide) = (row(0.12, 0.15, None), row(0.037, 0.731, Some(Mark::LowReliability)));
        assert!((scale_end(&[&firm, &wide]) - 15.0).abs() < 1e-9);
        // Its value has its place all the same.
        assert!((scale_end(&[&wide]) - 3.7).abs() < 1e-9);
    }

    #[test]
    fn the_funnel_says_how_many_postings_count_in_the_figures() {
        let mut findings = fixture::realistic();
        // 7,412 are kept, 160 of them outside the period.
        findings.meta.posting_count = 7252;
        let messages = Messages::of(Lang::En).unwrap();
        let Some(Block::Chart { chart }) = funnel(&Context::of(&findings, &messages, 10)) else { panic!("no funnel") };
        assert_eq!(plain(&chart.title), "7,252 of 8,000 postings read count in the figures");
        assert!(chart.description.contains("in the data period: 7,252, 160 outside it."), "{}", chart.description);
    }

    #[test]
    fn against_the_last_edition_a_recommendation_counts_as_met_where_the_intervals_do_not_touch() {
        let mut findings = fixture::realistic();
        let of = |skill: &str, recommendation, before: [f64; 3], now: [f64; 3]| LedgerRow {
            programme: "portfolio".into(),
            skill: skill.into(),
            label: skill.into(),
            recommendation,
            unmet_before: Some(before[0]),
            unmet_before_low: Some(before[1]),
            unmet_before_high: Some(before[2]),
            unmet_now: Some(now[0]),
            unmet_now_low: Some(now[1]),
            unmet_now_high: Some(now[2]),
            ..fixture::realistic().ledger.remove(0)
        };
        findings.ledger = vec![
            of("met", GapStatus::Add, [5.0, 4.5, 5.5], [3.0, 2.5, 4.4]),
            of("touches", GapStatus::Strengthen, [4.0, 3.0, 5.0], [2.0, 1.0, 3.0]),
            of("is about another thing", GapStatus::Review, [0.5, 0.4, 0.6], [0.1, 0.0, 0.2]),
        ];
        let messages = Messages::of(Lang::En).unwrap();
        let Some(Block::Chart { chart }) = editions(&Context::of(&findings, &messages, 10)) else { panic!("no chart") };
        let title = "Of 2 recommendations to add or strengthen, unmet demand is clearly smaller now for 1";
        assert_eq!(plain(&chart.title), title);
        assert!(!chart.description.contains("another thing"), "{}", chart.description);
    }
}
