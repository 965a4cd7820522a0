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
