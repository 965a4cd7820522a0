//! What a group or an area asks for more than the rest, the twin transition, and what could have been seen.

use super::world::World;
use crate::types::*;

/// 200 postings of group 2 in ES and 200 of group 5 in PS, an employer each; 120 and 40 of them ask for `a`.
fn two_groups() -> World {
    let mut world = World::with_skills(&[("a", &[]), ("few", &[]), ("own", &[]), ("dozen", &[])]);
    for i in 0..400_usize {
        let (first, at) = (i < 200, i % 200);
        let mut skills = Vec::new();
        skills.extend((at < if first { 120 } else { 40 }).then_some("a"));
        skills.extend((first && at < 9).then_some("few"));
        skills.extend((first && at < 12).then_some("dozen"));
        // Forty postings of four employers.
        skills.extend((first && at >= 160).then_some("own"));
        let employer = if first && at >= 160 { format!("O{}", at % 4) } else { format!("E{i}") };
        let posting = world.post(Some(&employer), Some("2025-02-01"), &skills);
        posting.isco = Some(IscoCode::new(if first { "2512" } else { "5120" }).unwrap());
        posting.area = Some(AreaCode(if first { "ES" } else { "PS" }.into()));
    }
    world
}

#[test]
fn a_skill_is_special_to_the_group_and_area_that_ask_for_it_more_than_the_rest() {
    let found = two_groups().measure().findings.specialisations;
    let told: Vec<_> = found.iter().map(|s| (s.dimension, s.code.as_str(), s.skill.as_str())).collect();
    let (group, area) = (Dimension::OccupationGroup, Dimension::Area);
    // `few` has nine postings, `own` four employers (ten postings would do, but of 200 they are told too loosely), and group 5 asks for nothing more than group 2 does.
    assert_eq!(told, [(group, "2", "a"), (group, "2", "dozen"), (area, "ES", "a"), (area, "ES", "dozen")]);
    for s in found.iter().filter(|s| s.skill == "a") {
        assert_eq!((s.posting_count, s.base_count, s.rest_count, s.rest_base), (120, 200, 40, 200));
        assert!((s.log_rca - (120.5_f64 / 40.5).ln()).abs() < 1e-12);
        assert!(0.0 < s.log_rca_low && s.log_rca_low < s.log_rca && s.log_rca < s.log_rca_high);
    }
}

#[test]
fn the_interval_of_a_specialisation_rests_on_the_effective_postings_of_the_cell_and_of_the_rest() {
    let mut world = two_groups();
    // Without the large employers every posting is one of its own.
    world.postings.iter_mut().enumerate().for_each(|(i, p)| p.employer = Some(format!("E{i}")));
    world.postings.truncate(363);
    let found = world.measure().findings.specialisations;
    let a = found.iter().find(|s| s.skill == "a" && s.code == "2").unwrap();
    // numpy: 1.96 sqrt(1/x - 1/n of both) on 199 of 200 and 162.55 of 163 postings.
    let half = (a.log_rca_high - a.log_rca_low) / 2.0;
    assert!((half - 0.290_401_7).abs() < 3e-4, "{half}");
    // A group that is everything has no rest.
    world.postings.iter_mut().for_each(|p| (p.isco, p.area) = (Some(IscoCode::new("2").unwrap()), None));
    assert!(world.measure().findings.specialisations.is_empty());
}

#[test]
fn a_transition_grows_by_area_over_all_groups_and_periods_together() {
    let mut world = World::with_skills(&[("d", &[]), ("g", &[])]);
    for skill in &mut world.taxonomy.skills {
        (skill.digital, skill.green) = (skill.id.0 == "d", skill.id.0 == "g");
    }
    for i in 0..800_usize {
        let (later, in_ps, at) = (i >= 400, i % 2 == 0, i / 2 % 200);
        let digital = at < if later && in_ps { 120 } else { 40 };
        let mut skills = Vec::new();
        skills.extend(digital.then_some("d"));
        skills.extend((at >= 150).then_some("g"));
        let posting =
            world.post(Some(&format!("E{i}")), Some(if later { "2025-08-01" } else { "2025-02-01" }), &skills);
        posting.area = Some(AreaCode(if in_ps { "PS" } else { "ES" }.into()));
        posting.isco = Some(IscoCode::new("2512").unwrap());
    }
    let rows = world.measure().findings.transitions;
    let growth = |kind, area: &str, period: &str, group: &str| {
        let at = |t: &&Transition| {
            (t.area.as_str(), t.period.as_str(), t.occupation_group.as_str()) == (area, period, group)
        };
        rows.iter().filter(at).find(|t| t.transition == kind).unwrap().growth
    };
    let near = |found: Option<f64>, ratio: f64| assert!((found.unwrap() - ratio.ln()).abs() < 1e-9, "{found:?}");
    near(growth(TransitionKind::Digital, "all", "all", "all"), 160.5 / 80.5);
    near(growth(TransitionKind::Digital, "PS", "all", "all"), 120.5 / 40.5);
    near(growth(TransitionKind::Digital, "ES", "all", "all"), 1.0);
    near(growth(TransitionKind::Green, "PS", "all", "all"), 1.0);
    for (period, group) in [("2025-Q1", "all"), ("all", "2"), ("2025-Q3", "2")] {
        assert_eq!(growth(TransitionKind::Digital, "PS", period, group), None);
    }
}

#[test]
fn what_a_programme_could_have_seen_follows_from_its_effective_postings() {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..400 {
        world.post(Some(&format!("E{i}")), None, if i < 100 { &["a"] } else { &[] }).occupation =
            Some(if i < 10 { "rare" } else { "dev" }.into());
    }
    world.teach("mc", &["rare"], &[("o", "a", 0.9, Verdict::Accepted)]);
    let [whole, rare] = world.measure().findings.detectable.try_into().unwrap();
    // 400 postings of an employer each: design effect 400 / 399.
    assert_eq!((whole.base_count, whole.employer_count, whole.mark), (400, 400, None));
    assert!((whole.design_effect.unwrap() - 400.0 / 399.0).abs() < 1e-9);
    let figures = [whole.effective_n, whole.least_share, whole.least_gap, whole.least_ratio].map(Option::unwrap);
    // 1 - .05^(1/399), 2.8016 sqrt(2 x .1 x .9 / 399), and scipy's root for half of 399.
    for (found, expected) in figures.into_iter().zip([399.0, 0.007_479_986, 0.059_505_025, 2.715_477_1]) {
        assert!((found / expected - 1.0).abs() < 1e-6, "{figures:?}");
    }
    assert_eq!((rare.base_count, rare.employer_count, rare.mark), (10, 0, Some(Mark::Suppressed)));
    assert_eq!((rare.design_effect, rare.effective_n, rare.least_ratio), (None, None, None));
}
