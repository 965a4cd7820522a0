//! Growth and what is new, at the edges of what is told.

use super::world::World;
use crate::measure::Measured;
use crate::types::*;

/// So many postings in each half, each of an employer of its own, on two boards.
fn halves(count: usize, skills: impl Fn(bool, usize) -> Vec<&'static str>) -> World {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    for later in [false, true] {
        for i in 0..count {
            let day = if later { "2025-08-01" } else { "2025-02-01" };
            let posting = world.post(Some(&format!("E{i} {later}")), Some(day), &skills(later, i));
            posting.board = ["one", "two"][i % 2].into();
            posting.boards = vec![posting.board.clone()];
            posting.occupation = Some("nurse".into());
        }
    }
    world
}

fn trend<'a>(measured: &'a Measured, skill: &str, area: &str) -> Option<&'a Trend> {
    measured.findings.trends.iter().find(|t| t.skill == skill && t.area == area)
}

#[test]
fn a_change_alone_in_its_area_has_the_p_that_its_interval_stands_for() {
    let measured = halves(200, |later, i| if i < 60 + 24 * usize::from(later) { vec!["a"] } else { vec![] }).measure();
    let found = trend(&measured, "a", "all").unwrap();
    let (growth, low, high) = (found.growth.unwrap(), found.low.unwrap(), found.high.unwrap());
    // scipy: log(84.5 / 60.5); 1.96 standard errors on 199 effective postings of the variance 1/x - 1/n of both; 2 * norm.sf(z).
    assert!((growth - 0.334_108_169_326).abs() < 1e-9, "{growth}");
    assert!(((high - low) / 2.0 - 0.266_44).abs() < 1e-3, "{low} {high}");
    let p = libm::erfc(growth / ((high - low) / 2.0 / 1.959_963_984_540_054) / std::f64::consts::SQRT_2);
    assert!((found.q.unwrap() - p).abs() < 1e-9 && (p - 0.013_98).abs() < 5e-4, "{p} {:?}", found.q);
    assert_eq!(found.call, TrendCall::Growing);
}

#[test]
fn a_skill_is_listed_from_ten_postings_of_both_halves_together() {
    let asked = |first: usize, last: usize| {
        let world = halves(100, move |later, i| if i < if later { last } else { first } { vec!["a"] } else { vec!["b"] });
        trend(&world.measure(), "a", "all").map(|t| (t.first_count, t.last_count))
    };
    assert_eq!([asked(4, 5), asked(0, 9)], [None, None]);
    assert_eq!([asked(0, 10), asked(9, 1)], [Some((0, 10)), Some((9, 1))]);
}

#[test]
fn a_skill_of_too_few_effective_postings_is_listed_without_a_figure() {
    // 7 postings a half ask, of 5 employers, two of which advertise twice: fewer than 5 effective ones a half.
    let mut world = halves(200, |_, i| if i < 7 { vec!["a"] } else { vec!["b"] });
    for (i, posting) in world.postings.iter_mut().enumerate() {
        let twin = i % 200;
        if twin == 1 || twin == 3 {
            posting.employer = Some(format!("E{} {}", twin - 1, i >= 200));
        }
    }
    let measured = world.measure();
    let found = trend(&measured, "a", "all").unwrap();
    assert_eq!((found.first_count, found.last_count, found.growth, found.q), (7, 7, None, None));
    assert_eq!(found.call, TrendCall::TooFew);
    assert!(trend(&measured, "b", "all").unwrap().growth.is_some());
}

#[test]
fn an_area_with_a_half_that_is_withheld_has_no_trends() {
    let mut world = halves(100, |_, _| vec!["a"]);
    for (i, posting) in world.postings.iter_mut().enumerate() {
        let area = if i < 90 { "ES1" } else { "ES2" };
        posting.area = Some(AreaCode(area.into()));
    }
    // ES1 has all but ten postings of the earlier half, ES2 all of the later one.
    let measured = world.measure();
    assert_eq!(trend(&measured, "a", "all").unwrap().first_base, 100);
    assert!(measured.findings.trends.iter().all(|t| t.area == "all"));
}

#[test]
fn emerging_takes_as_many_postings_employers_and_boards_as_the_plan_says() {
    let mut world = halves(200, |later, i| if i % 5 < 1 + 2 * usize::from(later) { vec!["a"] } else { vec!["b"] });
    let call = |world: &World| trend(&world.measure(), "a", "all").unwrap().call;
    let usual = world.spec.trends;
    (world.spec.trends.emerging_postings, world.spec.trends.emerging_employers) = (120, 120);
    world.spec.trends.emerging_sources = 2;
    assert_eq!(call(&world), TrendCall::Emerging);
    for set in [
        |t: &mut crate::measure::TrendSpec| t.emerging_postings = 121,
        |t: &mut crate::measure::TrendSpec| t.emerging_employers = 121,
        |t: &mut crate::measure::TrendSpec| t.emerging_sources = 3,
    ] {
        world.spec.trends = usual;
        set(&mut world.spec.trends);
        assert_eq!(call(&world), TrendCall::Growing);
    }
}

#[test]
fn a_skill_is_new_where_as_many_postings_employers_and_boards_ask_as_emerging_wants() {
    let mut world = halves(200, |later, i| if later && i < 40 { vec!["a", "b"] } else { vec!["a"] });
    let usual = world.spec.trends;
    let found = |world: &World| world.measure().findings.new_skills.iter().map(|n| n.skill.clone()).collect::<Vec<_>>();
    (world.spec.trends.emerging_postings, world.spec.trends.emerging_employers) = (40, 40);
    world.spec.trends.emerging_sources = 2;
    assert_eq!(found(&world), ["b"]);
    for set in [
        |t: &mut crate::measure::TrendSpec| t.emerging_postings = 41,
        |t: &mut crate::measure::TrendSpec| t.emerging_employers = 41,
        |t: &mut crate::measure::TrendSpec| t.emerging_sources = 3,
    ] {
        world.spec.trends = usual;
        set(&mut world.spec.trends);
        assert_eq!(found(&world), [] as [&str; 0]);
    }
}
