//! Which postings count.

use super::world::{World, row};
use crate::types::*;

#[test]
fn the_first_and_the_last_day_of_the_plan_belong_to_the_window() {
    let mut world = World::with_skills(&[("a", &[])]);
    for day in ["2024-12-31", "2025-01-01", "2025-03-31", "2025-04-01"] {
        for i in 0..30 {
            world.post(Some(&format!("E{i}")), Some(day), &["a"]);
        }
    }
    for i in 0..7 {
        world.post(Some(&format!("E{i}")), None, &["a"]);
    }
    let base = |world: &World| row(&world.measure(), "a", ("all", "all", "all")).unwrap().base_count;
    let day = |text: &str| Some(text.parse::<Date>().unwrap());
    assert_eq!(base(&world), 127);
    // Whether an undated posting is inside cannot be told: it stays.
    world.spec.first_day = day("2025-01-01");
    assert_eq!(base(&world), 97);
    world.spec.last_day = day("2025-03-31");
    assert_eq!(base(&world), 67);
    let quarters = world.measure().findings.meta;
    assert_eq!((quarters.period_first.as_deref(), quarters.period_last.as_deref()), (Some("2025-Q1"), Some("2025-Q1")));
    world.spec.first_day = None;
    assert_eq!(base(&world), 97);
}
