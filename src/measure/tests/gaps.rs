//! Which gaps are listed, in which place.

use super::world::World;
use crate::measure::{Measured, PORTFOLIO};
use crate::types::*;

/// 400 postings by as many employers that ask for five skills the less the later in the alphabet; c, d and e are partly taught.
fn ranked() -> World {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[]), ("e", &[])]);
    for i in 0..400 {
        let asked = [("a", 320), ("b", 280), ("c", 240), ("d", 200), ("e", 160)];
        let own: Vec<&str> = asked.iter().filter(|s| i < s.1).map(|s| s.0).collect();
        world.post(Some(&format!("E{i}")), None, &own);
    }
    world.teach("mc", &[], &[("c", "c", 0.25, Verdict::Accepted), ("d", "d", 0.4, Verdict::Accepted)]);
    world.teach("other", &[], &[("e", "e", 0.4, Verdict::Accepted)]);
    world
}

fn listed(measured: &Measured, programme: &str) -> Vec<(String, Option<u32>, GapStatus)> {
    let gaps = measured.findings.gaps.iter().filter(|g| g.programme == programme);
    gaps.map(|g| (g.demand.skill.clone(), g.rank, g.status)).collect()
}

fn rows(expected: &[(&str, u32, GapStatus)]) -> Vec<(String, Option<u32>, GapStatus)> {
    expected.iter().map(|(skill, rank, status)| ((*skill).to_owned(), Some(*rank), *status)).collect()
}

#[test]
fn a_skill_half_taught_has_its_place_among_those_half_taught() {
    let mut world = ranked();
    world.spec.top_k = 2;
    use GapStatus::{Add, Strengthen, Watch};
    let expected = rows(&[("a", 1, Add), ("b", 2, Add), ("c", 3, Strengthen), ("d", 4, Strengthen), ("e", 5, Watch)]);
    assert_eq!(listed(&world.measure(), PORTFOLIO), expected);
    world.spec.top_k = 1;
    let expected = rows(&[("a", 1, Add), ("b", 2, Watch), ("c", 3, Strengthen), ("d", 4, Watch), ("e", 5, Watch)]);
    assert_eq!(listed(&world.measure(), PORTFOLIO), expected);
    world.spec.top_k = 0;
    let measured = world.measure();
    assert!(measured.findings.gaps.iter().all(|g| g.status == Watch && g.top_probability.is_none()));
}

#[test]
fn a_programme_lists_the_first_gaps_and_what_it_teaches_and_the_portfolio_lists_all() {
    let mut world = ranked();
    world.spec.gap_rows = 2;
    let measured = world.measure();
    let skills = |programme: &str| listed(&measured, programme).into_iter().map(|g| g.0).collect::<Vec<_>>();
    assert_eq!(skills(PORTFOLIO), ["a", "b", "c", "d", "e"]);
    assert_eq!(skills("mc"), ["a", "b", "c", "d"]);
    // To it c and d are as untaught as a and b.
    assert_eq!(skills("other"), ["a", "b", "e"]);
}

#[test]
fn where_all_is_withheld_the_portfolio_names_each_skill_once_without_a_figure() {
    let mut world = ranked();
    world.spec.min_postings = 401;
    let measured = world.measure();
    let bare = |programme: &str| -> Vec<String> {
        let gaps = measured.findings.gaps.iter().filter(|g| g.programme == programme);
        let told = |g: &Gap| (g.rank, g.unmet_per_100, g.top_probability, g.demand.share, g.status);
        gaps.inspect(|g| assert_eq!(told(g), (None, None, None, None, GapStatus::Watch)))
            .map(|g| g.demand.skill.clone())
            .collect()
    };
    // How many postings and employers are too few is told.
    let whole = &measured.findings.programmes[0];
    assert_eq!((whole.base_count, whole.employer_count, whole.mark), (400, 400, Some(Mark::Suppressed)));
    assert_eq!(bare(PORTFOLIO), ["a", "b", "c", "d", "e"]);
    assert_eq!((bare("mc"), bare("other")), (vec!["c".to_owned(), "d".to_owned()], vec!["e".to_owned()]));
}

#[test]
fn a_link_for_review_shows_that_nobody_asks_for_its_skill_where_anything_is_published() {
    let mut world = ranked();
    world.taxonomy =
        World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[]), ("e", &[]), ("z", &[])]).taxonomy;
    world.teach("review", &[], &[("oz", "z", 0.6, Verdict::Review)]);
    let shown = |world: &World| {
        let outcomes = world.measure().findings.outcomes;
        let of = |id: &str| outcomes.iter().find(|o| o.outcome.0 == id).unwrap().links.clone();
        (of("oz")[0].4, of("c")[0].4)
    };
    assert_eq!(shown(&world), (Some(0.0), Some(0.6)));
    world.spec.min_postings = 401;
    assert_eq!(shown(&world), (None, None));
}

/// Skill, rank, last tied rank, and whether it carries a mark.
type Tie = (String, u32, u32, bool);

/// Ties of the portfolio's gaps and of the occupations; each of 800 postings asks for one skill or none and is of the
/// occupation of the skill's name.
fn ties(of: impl Fn(usize) -> (Option<&'static str>, Option<String>)) -> [Vec<Tie>; 2] {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[])]);
    for i in 0..800 {
        let (skill, employer) = of(i);
        let asked: Vec<&str> = skill.into_iter().collect();
        world.post(employer.as_deref(), None, &asked).occupation = skill.map(str::to_owned);
    }
    let findings = world.measure().findings;
    let gaps = findings.gaps.iter().filter(|g| g.programme == PORTFOLIO);
    let occupations = findings.occupations.iter().filter(|o| o.area == "all");
    [
        gaps.map(|g| (g.demand.skill.clone(), g.rank.unwrap(), g.tied_to.unwrap(), g.demand.mark.is_some())).collect(),
        occupations.map(|o| (o.occupation.clone(), o.rank, o.tied_to, o.mark.is_some())).collect(),
    ]
}

/// The same ties of gaps and of occupations.
fn both(expected: [(&str, u32, u32, bool); 3]) -> [Vec<Tie>; 2] {
    let rows = expected.map(|(skill, rank, tied_to, is_marked)| (skill.to_owned(), rank, tied_to, is_marked)).to_vec();
    [rows.clone(), rows]
}

#[test]
fn a_rank_without_a_mark_is_tied_with_ranks_without_a_mark_only_in_gaps_and_in_occupations() {
    // 45, 40 and 15 of a hundred, give or take 3.5 at most: the first two meet. Of the postings that ask for `b` all name
    // an employer of their own, or three do.
    let named = |count: usize| {
        move |i: usize| match i {
            0..360 => (Some("a"), Some(format!("A{i}"))),
            360..680 => (Some("b"), (i < 360 + count).then(|| format!("B{i}"))),
            _ => (Some("c"), Some(format!("C{i}"))),
        }
    };
    assert_eq!(ties(named(320)), both([("a", 1, 2, false), ("b", 2, 2, false), ("c", 3, 3, false)]));
    assert_eq!(ties(named(3)), both([("a", 1, 1, false), ("b", 2, 2, true), ("c", 3, 3, false)]));
}

#[test]
fn where_most_employers_are_unknown_every_rank_is_marked_and_one_on_few_effective_postings_ties_none_above_it() {
    // 33, 12 and 7.5 of a hundred. The sixty postings that ask for `c` are of the one employer that is named, so that they
    // weigh as one answer and the interval of `c` reaches up to both ranks above it.
    let of = |i: usize| match i {
        0..60 => (Some("c"), Some("one".to_owned())),
        60..324 => (Some("a"), None),
        324..420 => (Some("b"), None),
        _ => (None, None),
    };
    assert_eq!(ties(of), both([("a", 1, 1, true), ("b", 2, 2, true), ("c", 3, 3, true)]));
}
