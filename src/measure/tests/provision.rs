//! Demand beside the places and credits that go to a skill, by hand.

use super::world::World;
use crate::types::*;

#[test]
fn a_skill_with_most_places_and_little_demand_is_a_surplus() {
    let mut world = World::with_skills(&[("rare", &[]), ("wanted", &[])]);
    for i in 0..400 {
        let skills: &[&str] = match i % 20 {
            0 => &["rare"],
            1..10 => &["wanted"],
            _ => &[],
        };
        world.post(Some(&format!("E{i}")), None, skills);
    }
    let accepted = Verdict::Accepted;
    world.teach("mc-rare", &[], &[("o1", "rare", 0.9, accepted)]);
    world.teach("mc-both", &[], &[("o2", "rare", 0.9, accepted), ("o3", "wanted", 0.9, accepted)]);
    (world.credentials[0].places, world.credentials[1].places) = (Some(60), Some(40));
    (world.credentials[0].eqf_level, world.credentials[1].eqf_level) = (Some(5), Some(6));
    let rows = world.measure().findings.provisions;
    let told: Vec<_> = rows.iter().map(|p| (p.skill.as_str(), p.credential_count, p.eqf_low, p.eqf_high)).collect();
    assert_eq!(told, [("rare", 2, Some(5), Some(6)), ("wanted", 1, Some(6), Some(6))]);
    let close = |value: Option<f64>, expected: f64| (value.unwrap() - expected).abs() < 1e-9;
    // 20 and 180 of 200 requests; 60 + 20 and 20 of 100 places; 4 + 2 and 2 of 8 credits.
    let (rare, wanted) = (&rows[0], &rows[1]);
    assert!(close(rare.demand_part, 0.1) && close(rare.places_part, 0.8) && close(rare.ects_part, 0.75), "{rare:?}");
    assert!(close(rare.places_ratio, 0.125) && close(rare.ects_ratio, 0.1 / 0.75) && rare.surplus, "{rare:?}");
    assert!(close(wanted.places_ratio, 4.5) && close(wanted.ects_ratio, 3.6) && !wanted.surplus, "{wanted:?}");
    assert!(wanted.places_ratio_low < wanted.places_ratio && wanted.places_ratio < wanted.places_ratio_high);
}

#[test]
fn without_places_credits_decide_and_without_demand_nothing_does() {
    let mut world = World::with_skills(&[("a", &[])]);
    world.teach("mc", &[], &[("o1", "a", 0.9, Verdict::Accepted)]);
    let idle = world.measure().findings.provisions;
    assert_eq!((idle[0].places_ratio, idle[0].ects_ratio, idle[0].surplus), (None, None, false));
    (0..40).for_each(|i| drop(world.post(Some(&format!("E{i}")), None, &["a"]).url.take()));
    let row = &world.measure().findings.provisions[0];
    assert_eq!((row.places_ratio, row.ects_ratio), (None, Some(1.0)));
}

#[test]
fn a_part_of_nothing_is_no_part_and_the_ends_move_with_those_of_the_share() {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[])]);
    for i in 0..200 {
        world.post(Some(&format!("E{i}")), None, if i < 60 { &["a", "b"] } else { &["b"] });
    }
    let accepted = Verdict::Accepted;
    world.teach("mc-a", &[], &[("o1", "a", 0.9, accepted)]);
    world.teach("mc-b", &[], &[("o2", "b", 0.9, accepted)]);
    world.teach("mc-c", &[], &[("o3", "c", 0.9, accepted)]);
    // Nobody asks for c; mc-b has no place, mc-c states none.
    (world.credentials[0].places, world.credentials[1].places) = (Some(30), Some(0));
    (world.credentials[1].ects, world.credentials[2].ects) = (Some(f64::INFINITY), Some(0.0));
    let rows = world.measure().findings.provisions;
    let of = |skill: &str| rows.iter().find(|p| p.skill == skill).unwrap();
    let (a, b, c) = (of("a"), of("b"), of("c"));
    assert_eq!((a.places_part, b.places_part, c.places_part), (Some(1.0), None, None));
    assert_eq!((a.ects_part, b.ects_part, c.ects_part), (Some(1.0), None, None));
    // 60 of 260 requests, and all the places; its share runs from low to high of 200.
    let share = super::world::row(&world.measure(), "a", ("all", "all", "all")).unwrap();
    for (ratio, share) in
        [(a.places_ratio, share.share), (a.places_ratio_low, share.share_low), (a.ects_ratio_high, share.share_high)]
    {
        assert!((ratio.unwrap() - share.unwrap() * 200.0 / 260.0).abs() < 1e-12, "{a:?}");
    }
    assert_eq!((c.demand_part, c.places_ratio, c.surplus), (Some(0.0), None, false));
}

#[test]
fn where_nobody_asks_for_what_is_taught_there_is_no_part_of_the_demand_and_no_coverage_of_none() {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    for i in 0..200 {
        world.post(Some(&format!("E{i}")), None, &["b"]);
    }
    world.teach("mc", &[], &[("o1", "a", 0.9, Verdict::Accepted)]);
    let row = world.measure().findings.provisions.remove(0);
    assert_eq!((row.demand_part, row.ects_part), (None, Some(1.0)));
    assert_eq!((row.ects_ratio, row.ects_ratio_low, row.surplus), (None, None, false));
    world.mentions.clear();
    assert_eq!(world.measure().findings.programmes[0].coverage, None);
}
