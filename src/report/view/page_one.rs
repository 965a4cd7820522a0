//! Page 1: the verdict, what to add, strengthen and review, the chart, the decisions asked for.

use super::{ChartView, Context, coverage_band};
use crate::report::charts::About;
use crate::report::charts::dumbbell::{Dumbbell, Row, draw};
use crate::report::index::{PORTFOLIO, Taught};
use crate::report::messages::Messages;
use crate::report::phrase::{Phrase, Piece, joined, plain};
use crate::types::{Gap, GapStatus, Mark, OutcomeFinding, ProgrammeFinding, Verdict};
use serde::Serialize;
use std::collections::BTreeSet;

/// Skills in a list of page 1.
const MOST_ITEMS: usize = 5;
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

/// The verdict in words; `about half` whenever the interval holds one half, no figure under one in a hundred.
pub fn verdict(context: &Context, programme: &ProgrammeFinding) -> Phrase {
    let subject = if programme.programme == PORTFOLIO { "portfolio" } else { "programme" };
    let key = match (programme.coverage, programme.coverage_low, programme.coverage_high) {
        (Some(c), ..) if c < 0.01 => "least",
        (Some(_), Some(low), Some(high)) if low <= 0.5 && high >= 0.5 => "half",
        (Some(c), ..) if c >= 0.75 => "most",
        (Some(c), ..) if c > 0.5 => "more",
        (Some(c), ..) if c >= 0.25 => "less",
        (Some(_), ..) => "little",
        _ => return context.messages.own(&format!("verdict.{subject}_withheld")),
    };
    let share = context.messages.decimal(programme.coverage.unwrap_or_default() * 100.0, 0);
    context.messages.fill(&format!("verdict.{subject}_{key}"), &[("share", share)])
}

/// Interval, confidence word, n, employers, boards.
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
    let word = confidence(context, low, high, programme);
    let mut values = counts.to_vec();
    values.push(("range", vec![m.figure(m.span(&m.decimal(low * 100.0, 0), &m.decimal(high * 100.0, 0)))]));
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
    let m = context.messages;
    let skill = gap.demand.skill.as_str();
    let mut lines = vec![taught(context, skill)];
    match kind {
        GapStatus::Add => lines.push(suggested_home(context, skill)),
        GapStatus::Strengthen => lines.push(suggested_outcome(context, gap)),
        _ => {}
    }
    Item {
        skill: vec![context.index.name(&gap.demand.label)],
        demand: m.demand(&gap.demand),
        href: context.index.evidence_href(skill),
        trend: context.trend_words(context.index.trend(skill)),
        lines,
    }
}

/// Where a skill is taught best, with how much of it, and in how many more programmes.
pub fn taught(context: &Context, skill: &str) -> Phrase {
    let m = context.messages;
    let all = context.index.taught(skill);
    let Some(Taught { programme, coverage }) = all.first() else { return perhaps_taught(context, skill) };
    let band = format!("lists.taught_{}", coverage_band(*coverage));
    let mut place = m.phrase(&band, &[("programme", vec![context.index.programme(programme)])]);
    if all.len() > 1 {
        place = m.counted_with("lists.taught_more", all.len() as u64 - 1, &[("where", place)]);
    }
    m.phrase("lists.taught", &[("where", place)])
}

/// Where a match that nobody has read yet says that it is taught.
fn perhaps_taught(context: &Context, skill: &str) -> Phrase {
    let m = context.messages;
    let waits = |o: &&OutcomeFinding| o.links.iter().any(|link| link.0 == skill && link.3 == Verdict::Review);
    let waiting = context.index.findings.outcomes.iter().filter(waits);
    let programmes: BTreeSet<&str> = waiting.map(|o| o.credential.as_str()).collect();
    let Some(first) = programmes.first() else { return m.own("lists.taught_nowhere") };
    let mut place = vec![context.index.programme(first)];
    if programmes.len() > 1 {
        place = m.counted_with("lists.taught_more", programmes.len() as u64 - 1, &[("where", place)]);
    }
    m.phrase("lists.taught_perhaps", &[("programme", place)])
}

/// Programmes that teach a skill of the group, or the group itself, by a match that counts.
fn at_home<'a>(context: &Context<'a>, group: &str) -> BTreeSet<&'a str> {
    if group.is_empty() {
        return BTreeSet::new();
    }
    let is_of_group = |g: &Gap| g.group == group || g.demand.label == group;
    let taught = context.index.findings.coverage.iter().filter(|c| c.coverage > 0.0);
    let own = taught.filter(|c| context.index.gap(PORTFOLIO, &c.linked_skill).is_some_and(is_of_group));
    own.map(|c| c.programme.as_str()).collect()
}

/// The programme that teaches something of the same group and whose own occupations ask for the skill most.
fn suggested_home(context: &Context, skill: &str) -> Phrase {
    let m = context.messages;
    // A programme without occupations of its own is measured on all postings and would fit everything.
    let programmes = context.index.findings.programmes.iter().filter(|p| p.programme != PORTFOLIO);
    let at_home = at_home(context, context.index.gap(PORTFOLIO, skill).map_or("", |g| g.group.as_str()));
    let fitting = programmes.filter(|p| !p.target_occupations.is_empty() && at_home.contains(p.programme.as_str()));
    let gaps = fitting.filter_map(|p| context.index.gap(&p.programme, skill));
    let best = gaps.filter(|g| g.status == GapStatus::Add && g.demand.share.is_some()).max_by(|a, b| {
        a.demand
            .share
            .unwrap_or_default()
            .total_cmp(&b.demand.share.unwrap_or_default())
            .then(b.programme.cmp(&a.programme))
    });
    let Some(gap) = best else { return m.own("lists.add_new") };
    let values = [
        ("programme", vec![context.index.programme(&gap.programme)]),
        ("share", vec![Piece::own(m.per_100(gap.demand.share.unwrap_or_default()))]),
        ("n", vec![Piece::own(m.count(gap.demand.base_count))]),
    ];
    m.phrase("lists.add_to", &values)
}

fn suggested_outcome(context: &Context, gap: &Gap) -> Phrase {
    let outcome = gap.outcome.as_ref().and_then(|id| context.index.outcome(&id.0));
    let Some(outcome) = outcome else { return context.messages.own("lists.strengthen_any") };
    let text = shortened(&outcome.text, 70);
    context.messages.phrase("lists.strengthen_outcome", &[("outcome", vec![Piece::spoken(&text, outcome.language)])])
}

/// Cut after a whole word.
fn shortened(text: &str, longest: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(longest) else { return text.to_owned() };
    let head = text.get(..end).unwrap_or(text);
    let whole = head.rsplit_once(char::is_whitespace).map_or(head, |(words, _)| words);
    format!("{}…", whole.trim_end_matches([',', ';', ':']))
}

/// Names the tie that reaches past the end of the list, if any: the ranks whose intervals meet that of the last one listed.
fn tie(context: &Context, gaps: &[&Gap]) -> Phrase {
    let ranked: Vec<(u32, u32)> = gaps.iter().filter_map(|g| Some((g.rank?, g.tied_to?))).collect();
    let Some((cut, last)) = ranked.last().copied().filter(|(rank, tied_to)| tied_to > rank) else {
        return Phrase::new();
    };
    let meets_cut = ranked.iter().filter(|(_, tied_to)| *tied_to >= cut);
    let first = meets_cut.map(|(rank, _)| *rank).min().unwrap_or(cut);
    let place = |rank: u32| context.messages.count(u64::from(rank));
    context.messages.fill("lists.tie", &[("first", place(first)), ("last", place(last))])
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
        let unmet = m.decimal(g.unmet_per_100.unwrap_or_default(), 0);
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
    use crate::types::{Coverage, Findings, Lang, OutcomeId};

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

    /// A skill that no programme teaches and one programme's own occupations ask for; all skills are of other groups.
    fn untaught() -> (Findings, String, String) {
        let mut findings = fixture::realistic();
        findings.gaps.iter_mut().for_each(|g| g.group = format!("group of {}", g.demand.skill));
        let taught: BTreeSet<String> = findings.coverage.iter().map(|c| c.skill.clone()).collect();
        let is_open = |g: &Gap| g.status == GapStatus::Add && !taught.contains(&g.demand.skill);
        let mut own = findings.gaps.iter().filter(|g| g.programme != PORTFOLIO);
        let (programme, skill) =
            own.find(|g| is_open(g)).map(|g| (g.programme.clone(), g.demand.skill.clone())).unwrap();
        (findings, programme, skill)
    }

    #[test]
    fn a_programme_is_a_home_for_a_skill_only_if_it_teaches_one_of_its_group() {
        let (mut findings, programme, skill) = untaught();
        let home = |f: &Findings| with(f, |c| plain(&suggested_home(c, &skill)));
        assert_eq!(home(&findings), "Suggested: discuss a new micro-credential");
        let linked = findings.gaps.iter().map(|g| g.demand.skill.clone()).find(|s| *s != skill).unwrap();
        let is_kin = |g: &Gap| g.demand.skill == skill || g.demand.skill == linked;
        findings.gaps.iter_mut().filter(|g| is_kin(g)).for_each(|g| g.group = "kin".into());
        findings.coverage.retain(|c| c.linked_skill != linked);
        assert_eq!(home(&findings), "Suggested: discuss a new micro-credential");
        findings.coverage.push(Coverage {
            programme: programme.clone(),
            skill: linked.clone(),
            coverage: 0.8,
            grade: 1.0,
            outcome: OutcomeId("o".into()),
            linked_skill: linked,
            score: 0.8,
        });
        let title = findings.programmes.iter().find(|p| p.programme == programme).unwrap().title.clone();
        assert!(home(&findings).starts_with("Suggested home (") && home(&findings).ends_with(&title));
    }

    #[test]
    fn a_skill_whose_match_waits_for_a_reader_is_perhaps_taught_and_not_untaught() {
        let (mut findings, programme, skill) = untaught();
        let said = |f: &Findings| with(f, |c| plain(&taught(c, &skill)));
        findings.outcomes.iter_mut().for_each(|o| o.links.clear());
        assert_eq!(said(&findings), "Not taught in any programme");
        let outcome = findings.outcomes.iter_mut().find(|o| o.credential == programme).unwrap();
        outcome.links = vec![(skill.clone(), "name".into(), 0.4, Verdict::Review, None)];
        let title = findings.programmes.iter().find(|p| p.programme == programme).unwrap().title.clone();
        assert_eq!(said(&findings), format!("Perhaps taught in: {title} (match not yet read)"));
    }
}
