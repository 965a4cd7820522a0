//! Growth and what is new, at the edges of what is told.

use super::world::World;
use crate::measure::Measured;
use crate::measure::count::cells::Cells;
use crate::measure::count::mentions::Asked;
use crate::measure::count::panel::Panel;
use crate::measure::count::window::Window;
use crate::measure::growth::paired::covariances;
use crate::store::write_table;
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
    assert_eq!(found.series, [("2025-Q1".to_owned(), 60, 200), ("2025-Q3".to_owned(), 84, 200)]);
}

#[test]
fn a_skill_is_listed_from_ten_postings_of_both_halves_together() {
    let asked = |first: usize, last: usize| {
        let world =
            halves(100, move |later, i| if i < if later { last } else { first } { vec!["a"] } else { vec!["b"] });
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
fn a_half_under_a_fifth_of_the_other_is_compared_with_nothing() {
    // Of 400 postings a half, the earlier half keeps so many; a third of them asked before and all but a third do now.
    let told = |kept: usize| {
        let mut world = halves(400, |later, i| if i % 3 < 1 + usize::from(later) { vec!["a"] } else { vec!["b"] });
        world.postings.drain(kept..400);
        let measured = world.measure();
        let found = trend(&measured, "a", "all").unwrap();
        (found.first_base, found.last_base, found.growth.is_some(), found.call)
    };
    assert_eq!(told(80), (80, 400, true, TrendCall::Emerging));
    assert_eq!(told(79), (79, 400, false, TrendCall::TooFew));
}

#[test]
fn a_later_half_under_a_fifth_of_the_earlier_one_is_compared_with_nothing_either() {
    let told = |kept: usize| {
        let mut world = halves(400, |later, i| if i % 3 < 1 + usize::from(later) { vec!["a"] } else { vec!["b"] });
        world.postings.truncate(400 + kept);
        let measured = world.measure();
        let found = trend(&measured, "a", "all").unwrap();
        (found.first_base, found.last_base, found.growth.is_some(), found.call)
    };
    assert_eq!(told(80), (400, 80, true, TrendCall::Emerging));
    assert_eq!(told(79), (400, 79, false, TrendCall::TooFew));
}

#[test]
fn nothing_is_new_where_one_half_is_under_a_fifth_of_the_other() {
    // Every third posting of the later half asks for a skill that none of the earlier half asks for.
    let found = |kept: std::ops::Range<usize>| {
        let mut world = halves(400, |later, i| if later && i % 3 == 0 { vec!["a", "b"] } else { vec!["a"] });
        world.postings = world.postings[kept].to_vec();
        world.measure().findings.new_skills.iter().map(|n| n.skill.clone()).collect::<Vec<_>>()
    };
    assert_eq!([found(320..800), found(0..480)], [["b"]; 2]);
    assert_eq!([found(321..800), found(0..479)], [[] as [&str; 0]; 2]);
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

#[test]
fn a_decline_holds_where_the_largest_board_is_left_out_only_if_the_others_decline_too() {
    // Board two has two thirds of the postings; employers post three times on it.
    let fallen = |on_one_too: bool| {
        let mut world = halves(300, |later, i| {
            let falls = i % 3 != 0 || on_one_too;
            if i / 3 % 10 < if later && falls { 2 } else { 6 } { vec!["a", "b"] } else { vec!["b"] }
        });
        for (i, posting) in world.postings.iter_mut().enumerate() {
            let (later, at) = (i >= 300, i % 300);
            posting.board = if at % 3 == 0 { "one" } else { "two" }.into();
            posting.boards = vec![posting.board.clone()];
            posting.employer = Some(format!("E{} {later}", at / 9));
        }
        let findings = world.measure().findings;
        let call = findings.trends.iter().find(|t| t.skill == "a" && t.area == "all").unwrap().call;
        // Nothing was merged.
        assert!(findings.trend_variants.iter().all(|v| v.variant == Variant::WithoutLargestSource));
        let variants = findings.trend_variants.iter();
        let without = variants.clone().find(|v| v.skill == "a" && v.variant == Variant::WithoutLargestSource).unwrap();
        (call, without.first_count, without.last_count, without.holds)
    };
    // 60 of the 100 postings of board one ask early; late 20, or 60 still.
    assert_eq!(fallen(true), (TrendCall::Declining, 60, 20, true));
    assert_eq!(fallen(false), (TrendCall::Declining, 60, 60, false));
}

#[test]
fn without_the_largest_board_nothing_is_told_of_few_postings_or_where_it_is_the_only_one() {
    // Of 40 postings a half that are not on the largest board four ask.
    let grown = |small: usize| {
        let mut world = halves(440, |later, i| {
            let asks = if i < 40 { i < 4 } else { i % 10 < if later { 6 } else { 2 } };
            if asks { vec!["a", "b"] } else { vec!["b"] }
        });
        for (i, posting) in world.postings.iter_mut().enumerate() {
            posting.board = if i % 440 < small { "small" } else { "large" }.into();
            posting.boards = vec![posting.board.clone()];
        }
        world.measure().findings.trend_variants
    };
    let found = grown(40);
    let a = found.iter().find(|v| v.skill == "a").unwrap();
    assert_eq!((a.first_count, a.first_base, a.last_count, a.last_base), (4, 40, 4, 40));
    assert_eq!((a.growth, a.holds), (None, false));
    assert!(grown(0).is_empty());
}

/// Name, area, (postings, asking ones) of the earlier and of the later half.
type Employer<'a> = (&'a str, &'a str, (u32, u32), (u32, u32));

/// Covariance of a skill in an area (0 = all); postings that do not ask for `a` ask for `b`.
fn covariance(employers: &[Employer]) -> impl Fn(u32, &str) -> Option<f64> + use<> {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    (world.spec.min_postings, world.spec.min_employers) = (1, 1);
    for (employer, area, earlier, later) in employers {
        for ((postings, asking), day) in [(*earlier, "2025-02-01"), (*later, "2025-08-01")] {
            for i in 0..postings {
                let skills: &[&str] = if i < asking { &["a"] } else { &["b"] };
                world.post(Some(employer), Some(day), skills).area = Some(AreaCode((*area).into()));
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (postings, mentions) = (folder.path().join("p.parquet"), folder.path().join("m.parquet"));
    write_table(&postings, &world.postings).unwrap();
    write_table(&mentions, &world.mentions).unwrap();
    let window = Window::read(&postings, &world.spec, &world.parents).unwrap();
    let asked = Asked::read(&mentions, &window, &[]).unwrap();
    let cells = Cells::build(&window, &[], &Panel::new(&window), &world.spec).unwrap();
    let found = covariances(&asked, &cells);
    move |area, skill| found.get(&(area, asked.code(skill)?)).copied()
}

#[test]
fn employers_that_post_in_both_halves_give_the_covariance_that_a_hand_gets() {
    let of = covariance(&[
        ("A", "PS", (4, 3), (2, 2)),
        ("B", "PS", (2, 0), (4, 1)),
        ("C", "ES", (4, 1), (0, 0)),
        ("D", "ES", (0, 0), (2, 1)),
    ]);
    let near = |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?}");
    // All: shares 4/10 and 4/8; A (3 - 1.6)(2 - 1), B (0 - .8)(1 - 2), C and D nothing in common: 4/3 x 2.2 / 80.
    near(of(0, "a"), 4.0 / 3.0 * 2.2 / 80.0);
    // ES, then PS with shares 3/6 and 3/6: 2/1 x ((3 - 2)(2 - 1) + (0 - 1)(1 - 2)) / 36.
    near(of(1, "a"), 0.0);
    near(of(2, "a"), 4.0 / 36.0);
    // What does not ask for one asks for the other: the residuals change their signs together.
    near(of(2, "b"), 4.0 / 36.0);
}

#[test]
fn one_employer_or_one_half_shows_no_covariance() {
    let one = covariance(&[("A", "PS", (4, 3), (2, 2))]);
    assert_eq!((one(0, "a"), one(1, "a"), one(0, "b")), (None, None, None));
    // ES has no posting of the later half, and PS none of the earlier one.
    let apart = covariance(&[
        ("A", "ES", (4, 3), (0, 0)),
        ("B", "ES", (4, 1), (0, 0)),
        ("C", "PS", (0, 0), (4, 1)),
        ("D", "PS", (0, 0), (4, 2)),
    ]);
    assert_eq!((apart(1, "a"), apart(2, "a"), apart(0, "a")), (None, None, Some(0.0)));
}

#[test]
fn what_employers_have_in_common_in_both_halves_narrows_the_interval_of_growth() {
    // Half of the employers ask in all of their postings, half in none of them; then some of the others begin to.
    let told = |own: bool| {
        let mut world =
            halves(200, |later, i| if i % 40 < if later { 28 } else { 20 } { vec!["a"] } else { vec!["b"] });
        for (i, posting) in world.postings.iter_mut().enumerate() {
            let half = if own { "both" } else { ["earlier", "later"][usize::from(i >= 200)] };
            posting.employer = Some(format!("E{} {half}", i % 40));
        }
        let measured = world.measure();
        let found = trend(&measured, "a", "all").unwrap();
        (found.growth.unwrap(), found.high.unwrap() - found.low.unwrap())
    };
    let ((growth, paired), (same, apart)) = (told(true), told(false));
    assert_eq!(growth, same);
    assert!(paired < 0.75 * apart, "{paired} {apart}");
}
