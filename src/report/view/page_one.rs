//! Page 1: the verdict, what to add, strengthen and review, the chart, the decisions asked for.

use super::tables::Place;
use super::{ChartView, Context, coverage_band, home, workshop};
use crate::report::charts::About;
use crate::report::charts::dumbbell::{Dumbbell, Row, draw};
use crate::report::index::PORTFOLIO;
use crate::report::messages::{Messages, mark_text};
use crate::report::phrase::{Phrase, Piece, joined, plain};
use crate::types::{Demand, Gap, GapStatus, Mark, ProgrammeFinding, Verdict};
use serde::Serialize;

/// Skills in a list of page 1.
const MOST_ITEMS: usize = 5;
/// Postings below which a skill to review is told by its postings, since its share would read 0.0.
const FEW_POSTINGS: u64 = 10;
/// Skills in the chart.
const MOST_CHART_ROWS: usize = 8;
/// Hours of learner work behind one credit (ECTS Users' Guide 2015).
const HOURS_PER_ECTS: (f64, f64) = (25.0, 30.0);

/// One skill in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// The skill.
    pub skill: Phrase,
    /// Its demand in words.
    pub demand: Phrase,
    href: Option<String>,
    /// Its change, where it is called.
    pub trend: Phrase,
    /// Where it is taught, what is suggested.
    pub lines: Vec<Phrase>,
}

/// Add, strengthen or review.
#[derive(Debug, Clone, Serialize)]
pub struct List {
    /// `add`, `strengthen` or `review`.
    pub kind: &'static str,
    /// Heading.
    pub heading: String,
    /// What to read from it.
    pub lead: String,
    /// Its skills.
    pub items: Vec<Item>,
    /// What is said when there is none.
    pub empty: String,
    /// Ties, and other remarks.
    pub note: Phrase,
}

/// The first page.
#[derive(Debug, Clone, Serialize)]
pub struct PageOne {
    /// The sentence.
    pub verdict: Phrase,
    /// What it rests on.
    pub grounds: Phrase,
    /// Add, strengthen, review.
    pub lists: Vec<List>,
    /// The one chart.
    pub chart: Option<ChartView>,
    /// What is asked of the readers.
    pub decisions: Vec<Phrase>,
    /// What it would take.
    pub effort: Phrase,
}

/// Builds it.
pub fn page_one(context: &Context) -> PageOne {
    let portfolio = context.index.portfolio();
    let kinds = [GapStatus::Add, GapStatus::Strengthen, GapStatus::Review];
    PageOne {
        verdict: portfolio.map_or_else(|| context.messages.own("verdict.none"), |p| verdict(context, p)),
        grounds: portfolio.map(|p| grounds(context, p)).unwrap_or_default(),
        lists: kinds.into_iter().map(|kind| list(context, kind)).collect(),
        chart: chart(context),
        decisions: decisions(context),
        effort: effort(context),
    }
}

/// The verdict in words; `about half` within 5 points of one half, no figure under one in a hundred.
pub fn verdict(context: &Context, programme: &ProgrammeFinding) -> Phrase {
    let subject = if programme.programme == PORTFOLIO { "portfolio" } else { "programme" };
    let key = match programme.coverage {
        Some(c) if c < 0.01 => "least",
        Some(c) if (0.45..=0.55).contains(&c) => "half",
        Some(c) if c >= 0.75 => "most",
        Some(c) if c > 0.5 => "more",
        Some(c) if c >= 0.25 => "less",
        Some(_) => "little",
        None => return context.messages.own(&format!("verdict.{subject}_withheld")),
    };
    let share = context.messages.decimal(programme.coverage.unwrap_or_default() * 100.0, 0);
    context.messages.fill(&format!("verdict.{subject}_{key}"), &[("share", share)])
}

/// Interval, confidence word, n, employers, boards; without an accepted match there is nothing to be confident of.
pub fn grounds(context: &Context, programme: &ProgrammeFinding) -> Phrase {
    let m = context.messages;
    let counts = [
        ("n", m.counted("count.postings", programme.base_count)),
        ("employers", m.counted("count.employers", programme.employer_count)),
        ("boards", m.counted("count.boards", programme.source_count)),
    ];
    let (Some(_), Some(low), Some(high)) = (programme.coverage, programme.coverage_low, programme.coverage_high) else {
        return m.phrase("verdict.grounds_withheld", &counts);
    };
    if programme.outcome_linked_count == 0 {
        return m.phrase("verdict.grounds_unread", &counts);
    }
    let word = confidence(context, low, high, programme);
    let ends = || m.span(&m.decimal(low * 100.0, 0), &m.decimal(high * 100.0, 0));
    let range = if high <= 0.005 { m.text("verdict.below_1") } else { ends() };
    let mut values = counts.to_vec();
    values.push(("range", vec![m.figure(range)]));
    values.push(("confidence", vec![Piece::own(word)]));
    m.phrase("verdict.grounds", &values)
}

/// High: half-width at most 3 points on 1,000 postings and two boards; moderate: 8 points on 200; else low, and low too where
/// the half-width exceeds half of the figure or most requests carry a mark.
fn confidence(context: &Context, low: f64, high: f64, programme: &ProgrammeFinding) -> String {
    let half = (high - low) / 2.0;
    let is_wide = programme.coverage.is_some_and(|coverage| half > coverage / 2.0);
    let is_shaky = is_wide || is_mostly_marked(context, programme);
    let key = match programme.base_count {
        n if !is_shaky && half <= 0.03 && n >= 1000 && programme.source_count >= 2 => "verdict.confidence_high",
        n if !is_shaky && half <= 0.08 && n >= 200 => "verdict.confidence_moderate",
        _ => "verdict.confidence_low",
    };
    context.messages.text(key)
}

/// Whether most requests for skills stand in figures of low reliability.
fn is_mostly_marked(context: &Context, programme: &ProgrammeFinding) -> bool {
    let own = context.index.findings.gaps.iter().filter(|g| g.programme == programme.programme);
    let (mut marked, mut all) = (0_u64, 0_u64);
    for demand in own.map(|g| &g.demand) {
        all += demand.posting_count;
        marked += if demand.mark == Some(Mark::LowReliability) { demand.posting_count } else { 0 };
    }
    programme.mark == Some(Mark::LowReliability) || marked > all / 2
}

fn skills_of(portfolio: &ProgrammeFinding, kind: GapStatus) -> &[String] {
    match kind {
        GapStatus::Add => &portfolio.add,
        GapStatus::Strengthen => &portfolio.strengthen,
        _ => &portfolio.review,
    }
}

fn key_of(kind: GapStatus) -> &'static str {
    match kind {
        GapStatus::Add => "add",
        GapStatus::Strengthen => "strengthen",
        _ => "review",
    }
}

/// The skills of a list.
pub fn listed<'a>(context: &Context<'a>, kind: GapStatus) -> Vec<&'a Gap> {
    let Some(portfolio) = context.index.portfolio() else { return Vec::new() };
    let skills = skills_of(portfolio, kind).iter().take(MOST_ITEMS);
    skills.filter_map(|skill| context.index.gap(PORTFOLIO, skill)).collect()
}

fn list(context: &Context, kind: GapStatus) -> List {
    let (m, key) = (context.messages, key_of(kind));
    let gaps = listed(context, kind);
    List {
        kind: key,
        heading: m.text(&format!("lists.{key}")),
        lead: m.text(&format!("lists.{key}_lead")),
        items: gaps.iter().map(|gap| item(context, kind, gap)).collect(),
        empty: m.text(&format!("lists.{key}_empty")),
        note: match kind {
            GapStatus::Add | GapStatus::Strengthen => tie(context, &gaps),
            _ => m.own("lists.review_suggestion"),
        },
    }
}

fn item(context: &Context, kind: GapStatus, gap: &Gap) -> Item {
    let skill = gap.demand.skill.as_str();
    let mut lines = vec![home::taught(context, skill)];
    if kind != GapStatus::Review {
        lines.push(home::suggested(context, kind, gap));
    }
    lines.extend(Some(workshop::wanted(context, skill)).filter(|said| !said.is_empty()));
    Item {
        skill: vec![context.index.name(&gap.demand.label)],
        demand: asked(context, kind, gap),
        href: context.index.evidence_href(skill),
        trend: context.trend_words(context.index.trend(skill)),
        lines,
    }
}

/// The demand, and what the list is sorted by where that is another figure.
fn asked(context: &Context, kind: GapStatus, gap: &Gap) -> Phrase {
    let m = context.messages;
    if kind == GapStatus::Review {
        return seen(context, &gap.demand);
    }
    let demand = m.demand(&gap.demand);
    match gap.unmet_per_100.filter(|_| gap.coverage > 0.0) {
        Some(unmet) => {
            let uncovered = m.fill("demand.uncovered", &[("unmet", m.per_100(unmet / 100.0))]);
            joined(vec![demand, uncovered], " · ")
        }
        None => demand,
    }
}

/// The demand for a skill that hardly any posting asks for, by its postings.
fn seen(context: &Context, demand: &Demand) -> Phrase {
    let m = context.messages;
    if demand.share.is_none() || demand.posting_count >= FEW_POSTINGS {
        return m.demand(demand);
    }
    let mark = demand.mark.map(|mark| format!(" {}", mark_text(mark))).unwrap_or_default();
    let values = [("n", m.count(demand.posting_count)), ("all", m.count(demand.base_count)), ("mark", mark)];
    m.fill(if demand.posting_count == 0 { "demand.unseen" } else { "demand.seen" }, &values)
}

/// How many skills further down, covered as little, could stand in the list: their intervals reach up to its last one.
fn tie(context: &Context, gaps: &[&Gap]) -> Phrase {
    let Some(last) = gaps.iter().rev().find(|g| g.rank.is_some()) else { return Phrase::new() };
    let is_alike = |g: &Gap| coverage_band(g.coverage) == coverage_band(last.coverage);
    let alike = context.index.portfolio_gaps.iter().filter(|g| is_alike(g)).filter_map(|g| Place::of_gap(g));
    match Place::of_gap(last).map_or(0, |place| place.reached_by(alike)) {
        0 => Phrase::new(),
        n => context.messages.counted("lists.tie", n),
    }
}

/// Skills of the chart: most asked first.
pub fn chart_gaps<'a>(context: &Context<'a>) -> Vec<&'a Gap> {
    let mut gaps: Vec<&Gap> =
        context.index.portfolio_gaps.iter().copied().filter(|g| g.demand.share.is_some()).collect();
    let share = |g: &Gap| g.demand.share.unwrap_or_default();
    gaps.sort_by(|a, b| share(b).total_cmp(&share(a)).then(a.demand.skill.cmp(&b.demand.skill)));
    gaps.truncate(MOST_CHART_ROWS);
    gaps
}

fn chart(context: &Context) -> Option<ChartView> {
    let m = context.messages;
    let gaps = chart_gaps(context);
    if gaps.is_empty() {
        return None;
    }
    let untaught = gaps.iter().filter(|g| g.coverage < 0.25).count() as u64;
    let skills = [("skills", vec![m.figure(m.count(gaps.len() as u64))])];
    let title = match untaught {
        0 => m.phrase("chart.title_none", &skills),
        n => m.counted_with("chart.title", n, &skills),
    };
    let base = gaps.first().map_or(0, |g| g.demand.base_count);
    let description = gaps.iter().map(|g| described(m, g)).collect::<Vec<_>>().join(" ");
    let drawing = draw(&Dumbbell {
        about: About {
            id: "chart".to_owned(),
            title: plain(&title),
            description: description.clone(),
            rtl: m.is_rtl(),
        },
        axis: plain(&m.fill("chart.axis", &[("n", m.count(base))])),
        numerals: m.numerals(),
        covered_word: m.text("chart.covered"),
        demand_word: m.text("chart.demand"),
        rows: gaps.iter().map(|g| row(m, g)).collect(),
    });
    Some(ChartView { title, drawing, description, summary: summary(context, &gaps) })
}

fn row(m: &Messages, gap: &Gap) -> Row {
    let demand = &gap.demand;
    let share = demand.share.unwrap_or_default();
    Row {
        label: demand.label.clone(),
        demand: share * 100.0,
        interval: (demand.share_low.unwrap_or(share) * 100.0, demand.share_high.unwrap_or(share) * 100.0),
        covered: share * gap.coverage * 100.0,
        figures: m.share(demand),
        to_add: gap.status == GapStatus::Add,
    }
}

fn described(m: &Messages, gap: &Gap) -> String {
    let share = gap.demand.share.unwrap_or_default();
    let values = [
        ("skill", gap.demand.label.clone()),
        ("share", m.per_100(share)),
        ("covered", m.decimal(share * gap.coverage * 100.0, 1)),
        ("n", m.count(gap.demand.base_count)),
    ];
    plain(&m.fill("chart.row", &values))
}

fn summary(context: &Context, gaps: &[&Gap]) -> Phrase {
    let m = context.messages;
    let mut by_unmet: Vec<&&Gap> = gaps.iter().filter(|g| g.unmet_per_100.is_some()).collect();
    by_unmet.sort_by(|a, b| {
        let unmet = |g: &Gap| g.unmet_per_100.unwrap_or_default();
        unmet(b).total_cmp(&unmet(a)).then(a.demand.skill.cmp(&b.demand.skill))
    });
    let parts = by_unmet.iter().take(3).map(|g| {
        let unmet = m.per_100(g.unmet_per_100.unwrap_or_default() / 100.0);
        m.phrase(
            "chart.summary_part",
            &[("skill", vec![context.index.name(&g.demand.label)]), ("unmet", vec![Piece::own(unmet)])],
        )
    });
    m.phrase("chart.summary", &[("parts", joined(parts.collect(), &m.text("join.clause")))])
}

fn decisions(context: &Context) -> Vec<Phrase> {
    let m = context.messages;
    let mut out = Vec::new();
    for kind in [GapStatus::Add, GapStatus::Strengthen, GapStatus::Review] {
        let count = listed(context, kind).len() as u64;
        if count > 0 {
            out.push(m.counted(&format!("decisions.{}", key_of(kind)), count));
        }
    }
    let outcomes = &context.index.findings.outcomes;
    let open = outcomes.iter().filter(|o| o.verdict != Verdict::Accepted).count() as u64;
    if open > 0 {
        out.push(m.fill("decisions.matches", &[("n", m.count(open)), ("all", m.count(outcomes.len() as u64))]));
    }
    out
}

/// Typical size of a programme of the offer, in credits and hours.
fn effort(context: &Context) -> Phrase {
    let m = context.messages;
    let programmes = context.index.findings.programmes.iter().filter(|p| p.programme != PORTFOLIO);
    let mut sizes: Vec<f64> = programmes.filter_map(|p| p.ects).filter(|e| e.is_finite() && *e > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let Some(median) = sizes.get(sizes.len() / 2) else { return m.own("decisions.effort_unknown") };
    let hours = |per: f64| m.decimal(median * per, 0);
    let values = [
        ("ects", m.decimal(*median, if median.fract() == 0.0 { 0 } else { 1 })),
        ("low", hours(HOURS_PER_ECTS.0)),
        ("high", hours(HOURS_PER_ECTS.1)),
        ("n", m.count(sizes.len() as u64)),
    ];
    m.fill("decisions.effort", &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::types::{Findings, Lang};

    fn with<T>(findings: &Findings, ask: impl Fn(&Context) -> T) -> T {
        let messages = Messages::of(Lang::En).unwrap();
        ask(&Context::of(findings, &messages, 60))
    }

    /// The portfolio with a coverage and its ends.
    fn portfolio(coverage: f64, low: f64, high: f64) -> ProgrammeFinding {
        let ends = [coverage, low, high].map(Some);
        let mut programme = fixture::realistic().programmes.into_iter().find(|p| p.programme == PORTFOLIO).unwrap();
        [programme.coverage, programme.coverage_low, programme.coverage_high] = ends;
        programme
    }

    #[test]
    fn under_one_request_in_a_hundred_the_verdict_says_almost_none_and_no_nought() {
        let findings = fixture::realistic();
        let said = |coverage| with(&findings, |c| plain(&verdict(c, &portfolio(coverage, 0.0, 0.02))));
        let least = said(0.0099);
        assert!(least.contains("almost none") && least.contains(": fewer than 1 of every 100 requests"), "{least}");
        assert!(said(0.01).contains("a small part") && said(0.01).contains("about 1 of every 100"));
        let brief = ProgrammeFinding { programme: "mc".into(), ..portfolio(0.0, 0.0, 0.0) };
        let told = with(&findings, |c| plain(&verdict(c, &brief)));
        assert_eq!(told, "Covers almost none of the demand seen: fewer than 1 of every 100 requests.");
    }

    #[test]
    fn confidence_is_low_where_most_requests_are_marked_or_the_interval_is_as_wide_as_the_figure() {
        let mut findings = fixture::realistic();
        let word = |findings: &Findings, coverage, low, high| {
            let grounds = with(findings, |c| plain(&grounds(c, &portfolio(coverage, low, high))));
            grounds.split(' ').next().map(str::to_owned).unwrap()
        };
        assert_eq!(word(&findings, 0.4, 0.38, 0.42), "High");
        assert_eq!(word(&findings, 0.4, 0.33, 0.47), "Moderate");
        // Half of an interval of 5 points is more than half of 4.
        assert_eq!([word(&findings, 0.04, 0.02, 0.06), word(&findings, 0.04, 0.015, 0.065)], ["High", "Low"]);
        let mut own: Vec<&mut Gap> = findings.gaps.iter_mut().filter(|g| g.programme == PORTFOLIO).collect();
        own.iter_mut().for_each(|g| (g.demand.posting_count, g.demand.mark) = (0, None));
        (own[0].demand.posting_count, own[0].demand.mark) = (60, Some(Mark::LowReliability));
        own[1].demand.posting_count = 40;
        assert_eq!(word(&findings, 0.4, 0.38, 0.42), "Low");
        findings.gaps.iter_mut().for_each(|g| g.demand.mark = None);
        assert_eq!(word(&findings, 0.4, 0.38, 0.42), "High");
    }

    /// A gap of the offer, changed.
    fn changed(change: impl Fn(&mut Gap)) -> Gap {
        let gaps = fixture::realistic().gaps;
        let mut gap = gaps.into_iter().find(|g| g.programme == PORTFOLIO && g.demand.share.is_some()).unwrap();
        gap.demand.mark = None;
        change(&mut gap);
        gap
    }

    #[test]
    fn about_half_is_said_of_figures_near_one_half_only() {
        let findings = fixture::realistic();
        let said = |coverage| with(&findings, |c| plain(&verdict(c, &portfolio(coverage, 0.34, 0.53))));
        assert!(said(0.39).contains("covers less than half") && said(0.39).contains("about 39 of every 100"));
        assert!(said(0.45).contains("about half") && said(0.55).contains("about half"));
        assert!(said(0.56).contains("more than half"));
    }

    #[test]
    fn without_an_accepted_match_there_is_no_confidence_word_and_no_interval_reads_nought_to_nought() {
        let findings = fixture::realistic();
        let said = |programme: &ProgrammeFinding| with(&findings, |c| plain(&grounds(c, programme)));
        let unread = ProgrammeFinding { outcome_linked_count: 0, ..portfolio(0.0, 0.0, 0.0) };
        let none = "No confidence word: none of its outcomes has an accepted match yet. From ";
        assert!(said(&unread).starts_with(none), "{}", said(&unread));
        let tiny = said(&portfolio(0.00002, 0.0, 0.00007));
        assert!(tiny.starts_with("Low confidence (95% interval below 1), from "), "{tiny}");
    }

    #[test]
    fn what_a_list_is_sorted_by_stands_beside_the_demand_and_few_postings_are_told_as_postings() {
        let findings = fixture::realistic();
        let said = |kind, gap: &Gap| with(&findings, |c| plain(&asked(c, kind, gap)));
        let partly = changed(|g| (g.coverage, g.unmet_per_100) = (0.5, Some(1.23)));
        assert!(said(GapStatus::Strengthen, &partly).ends_with(" · not covered: 1.2 of 100"));
        let of = |asking| changed(|g| (g.demand.posting_count, g.demand.base_count) = (asking, 13_253));
        assert_eq!(said(GapStatus::Review, &of(0)), "in none of 13,253 postings");
        assert_eq!(said(GapStatus::Review, &of(3)), "in 3 of 13,253 postings");
    }

    #[test]
    fn the_note_on_order_counts_the_skills_that_reach_up_and_names_no_range_of_places() {
        let mut findings = fixture::realistic();
        let mut own: Vec<&mut Gap> = findings.gaps.iter_mut().filter(|g| g.programme == PORTFOLIO).collect();
        own.sort_by_key(|g| g.rank.unwrap_or(u32::MAX));
        let lower = own.split_off(4);
        lower.into_iter().for_each(|g| (g.unmet_low, g.unmet_high) = (None, None));
        // The second overlaps neither; the fourth is marked and ties no figure without a mark.
        for (gap, (low, high)) in own.iter_mut().zip([(5.0, 7.0), (1.0, 2.0), (3.0, 6.0), (0.0, 9.0)]) {
            (gap.unmet_low, gap.unmet_high, gap.coverage) = (Some(low), Some(high), 0.0);
            gap.demand.mark = None;
        }
        own[3].demand.mark = Some(Mark::LowReliability);
        let note = with(&findings, |c| plain(&tie(c, &c.index.portfolio_gaps[..1])));
        let told = "The order is not certain: the interval of 1 skill further down reaches up to those listed; \
                    it could belong here.";
        assert_eq!(note, told);
    }

    #[test]
    fn a_workshop_that_spoke_of_a_skill_is_told_beside_it() {
        let findings = fixture::realistic();
        let gap = findings.gaps.iter().find(|g| g.programme == PORTFOLIO && g.rank == Some(1)).unwrap();
        let lines =
            with(&findings, |c| item(c, GapStatus::Add, gap).lines.iter().map(|l| plain(l)).collect::<Vec<_>>());
        let told = "Workshop of 15 September 2026 and 16 September 2026: add 12 · do nothing 4 (16 votes)";
        assert_eq!(lines.last().map(String::as_str), Some(told));
    }
}
