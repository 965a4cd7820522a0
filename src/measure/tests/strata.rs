//! Which official figures stand behind which postings, worked out by hand.

use super::weights::{figure, two_groups};
use super::world::{World, row};
use crate::measure::Measured;
use crate::types::*;

fn place(measured: &Measured, area: &str, group: &str) -> Representation {
    let mut rows = measured.findings.representation.iter();
    rows.find(|r| r.area == area && r.occupation_group == group).cloned().unwrap()
}

fn share(world: &World) -> f64 {
    row(&world.measure(), "a", ("all", "all", "all")).unwrap().weighted_share.unwrap()
}

#[test]
fn only_totals_of_the_source_and_indicator_named_are_used() {
    let mut world = two_groups(5.0);
    let mut other = figure("ES51", "5", 900.0);
    other.origin.source = SourceId::new("other").unwrap();
    let mut women = figure("ES51", "5", 900.0);
    women.sex = Some("F".into());
    let mut minor = figure("ES51", "5", 900.0);
    minor.occupation = Some(IscoCode::new("51").unwrap());
    // Neither is a number of persons.
    let (below, endless) = (figure("ES51", "7", -5.0), figure("ES51", "8", f64::INFINITY));
    world.observations.extend([other, women, minor, below, endless]);
    assert!((share(&world) - 0.5).abs() < 1e-9);
    assert_eq!(world.measure().findings.representation.len(), 2);
    let mut hours = figure("ES51", "2", 25.0);
    hours.indicator = "Hours worked".into();
    let mut hours_too = figure("ES51", "5", 75.0);
    hours_too.indicator = "Hours worked".into();
    world.observations.extend([hours, hours_too]);
    world.spec.weights.as_mut().unwrap().indicator = Some("Hours worked".into());
    assert!((share(&world) - 0.25).abs() < 1e-9);
}

#[test]
fn a_group_without_a_figure_keeps_weight_1_and_one_without_postings_has_none() {
    let mut world = two_groups(5.0);
    for i in 0..10 {
        let posting = world.post(Some(&format!("S{i}")), Some("2025-05-05"), &["a"]);
        (posting.isco, posting.area) = (Some(IscoCode::new("7").unwrap()), Some(AreaCode("ES51".into())));
    }
    world.observations.push(figure("ES51", "9", 10.0));
    world.observations.push(figure("FR", "2", 0.0));
    let measured = world.measure();
    // 50 of 100 placed (the tenth of the employed that nobody looks for is not stood for) and ten of ten.
    assert!((share(&world) - 60.0 / 110.0).abs() < 1e-9, "{}", share(&world));
    let told = |group: &str| {
        let r = place(&measured, "ES51", group);
        (r.weight, r.trimmed, r.representation.is_some(), r.employment)
    };
    assert_eq!(told("7"), (None, false, false, None));
    assert_eq!(told("9"), (None, false, true, Some(10.0)));
    let weighting = measured.findings.weighting.as_ref().unwrap();
    assert_eq!((weighting.placed_count, weighting.unplaced_count, weighting.trimmed_count), (100, 10, 0));
    // An area where nobody is employed has no shares of employment.
    let nobody = place(&measured, "FR", "2");
    assert_eq!((nobody.employment, nobody.employment_share, nobody.representation), (Some(0.0), None, None));
}

#[test]
fn a_posting_without_an_occupation_takes_no_figure_of_the_next_area() {
    let mut world = two_groups(5.0);
    world.observations.extend([figure("ES30", "2", 10.0), figure("ES51", "0", 5.0)]);
    for i in 0..40 {
        let posting = world.post(Some(&format!("M{i}")), Some("2025-05-05"), &[]);
        posting.area = Some(AreaCode("ES30".into()));
        posting.isco = (i < 10).then(|| IscoCode::new("2").unwrap());
    }
    let weighting = world.measure().findings.weighting.unwrap();
    assert_eq!((weighting.placed_count, weighting.unplaced_count), (110, 30));
}

#[test]
fn an_area_without_postings_is_not_taken_out_of_the_one_above() {
    let mut world = two_groups(50.0);
    // The area above comes last by name.
    world.parents = [("ES51", "XX"), ("ES30", "XX")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    for (i, area) in (0..40).map(|i| (i, if i < 30 { "XX" } else { "ES30" })) {
        let posting = world.post(Some(&format!("X{i}")), Some("2025-05-05"), &[]);
        (posting.isco, posting.area) = (Some(IscoCode::new("2").unwrap()), Some(AreaCode(area.into())));
    }
    world.observations.extend([figure("XX", "2", 150.0), figure("XX", "5", 90.0), figure("ES30", "2", 20.0)]);
    let employed = |world: &World, group: &str| place(&world.measure(), "XX", group).employment;
    // 150 - 50 of ES51 - 20 of ES30, 90 - 50 of ES51.
    assert_eq!(["2", "5"].map(|g| employed(&world, g)), [Some(80.0), Some(40.0)]);
    world.postings.iter_mut().skip(130).for_each(|p| p.area = Some(AreaCode("XX".into())));
    assert_eq!(["2", "5"].map(|g| employed(&world, g)), [Some(100.0), Some(40.0)]);
}

#[test]
fn per_cent_say_nothing_about_the_size_of_an_area() {
    for unit in ["%", "Per cent of the employed"] {
        let mut world = two_groups(5.0);
        for i in 0..100 {
            let posting = world.post(Some(&format!("P{i}")), Some("2025-05-05"), &[]);
            posting.isco = Some(IscoCode::new(if i < 50 { "2" } else { "5" }).unwrap());
            posting.area = Some(AreaCode("PS".into()));
        }
        // As persons PS would have a fifth of the employed, as per cent both have half of the postings.
        world.observations = vec![figure("ES51", "2", 200.0), figure("ES51", "5", 200.0), figure("PS", "2", 50.0)];
        world.observations.push(figure("PS", "5", 50.0));
        assert!((share(&world) - 0.5 * 0.8).abs() < 1e-9);
        world.observations.iter_mut().for_each(|o| o.unit = unit.into());
        assert!((share(&world) - 0.5 * 0.5).abs() < 1e-9, "{unit}");
    }
}

#[test]
fn a_cap_lifts_the_small_weight_and_the_others_make_up_for_it() {
    // Twenty postings of group 2 with one in a hundred of the employed, eighty of group 5.
    let mut world = two_groups(2.0);
    let groups = (0..100).map(|i| if i < 20 { "2" } else { "5" });
    world.postings.iter_mut().zip(groups).for_each(|(p, group)| p.isco = Some(IscoCode::new(group).unwrap()));
    world.observations = vec![figure("ES51", "2", 1.0), figure("ES51", "5", 99.0)];
    let measured = world.measure();
    // 20 x 1/2 + 80 w = 100.
    let told =
        ["2", "5"].map(|g| place(&measured, "ES51", g)).map(|r| (r.weight.map(|w| (w * 1e6).round()), r.trimmed));
    assert_eq!(told, [(Some(500_000.0), true), (Some(1_125_000.0), false)]);
    assert_eq!(measured.findings.weighting.unwrap().trimmed_count, 20);
}

#[test]
fn a_region_is_taken_out_of_the_next_one_with_postings_though_one_without_lies_between() {
    let mut world = two_groups(50.0);
    world.parents = [("ES51", "ES5"), ("ES5", "ES")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    for i in 0..30 {
        let posting = world.post(Some(&format!("X{i}")), Some("2025-05-05"), &[]);
        (posting.isco, posting.area) = (Some(IscoCode::new("2").unwrap()), Some(AreaCode("ES".into())));
    }
    world.observations.extend([figure("ES5", "2", 70.0), figure("ES", "2", 150.0)]);
    let employed = |world: &World, area: &str| place(&world.measure(), area, "2").employment;
    // 150 and 70 less 50 of ES51.
    assert_eq!(["ES51", "ES5", "ES"].map(|a| employed(&world, a)), [Some(50.0), Some(20.0), Some(100.0)]);
    // With a posting of its own ES5 stands for the rest of its 70, and ES for what is outside of ES5.
    let posting = world.post(Some("Y"), Some("2025-05-05"), &[]);
    (posting.isco, posting.area) = (Some(IscoCode::new("2").unwrap()), Some(AreaCode("ES5".into())));
    assert_eq!(["ES51", "ES5", "ES"].map(|a| employed(&world, a)), [Some(50.0), Some(20.0), Some(80.0)]);
}

#[test]
fn without_weights_the_postings_of_each_group_stand_beside_no_figure() {
    let mut world = two_groups(5.0);
    world.spec.weights = None;
    for i in 0..25 {
        world.post(Some(&format!("U{i}")), None, &[]);
    }
    let findings = world.measure().findings;
    let told: Vec<_> = findings
        .representation
        .iter()
        .map(|r| (r.area.as_str(), r.occupation_group.as_str(), r.posting_count, r.posting_share, r.weight, r.mark))
        .collect();
    let row = |group, count, share| ("all", group, count, share, None, Some(Mark::NotAvailable));
    assert_eq!(told, [row("2", 80, 0.64), row("5", 20, 0.16), row("unknown", 25, 0.2)]);
}

#[test]
fn corrections_are_of_whole_areas_and_of_no_period() {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..500 {
        let posting = world.post(Some(&format!("E{i}")), Some("2025-05-05"), if i < 100 { &["a"] } else { &[] });
        posting.area = Some(AreaCode(if i % 2 == 0 { "ES" } else { "PS" }.into()));
    }
    let class = ErrorClass { language: Lang::En, ambiguous: false };
    let counts = ErrorCounts { counted: 100, right: 90, asked: 100, found: 80 };
    world.reviews = Some(Reviews { counts: [(class, counts)].into(), ..Reviews::default() });
    let measured = world.measure();
    for area in ["all", "ES", "PS"] {
        let demand = row(&measured, "a", (area, "all", "all")).unwrap();
        assert_eq!(demand.correction, Some(CorrectionStatus::Corrected));
        assert!((demand.corrected_share.unwrap() - 0.225).abs() < 1e-12);
    }
    let quarter = row(&measured, "a", ("all", "2025-Q2", "all")).unwrap();
    assert_eq!((quarter.correction, quarter.corrected_share, quarter.share), (None, None, Some(0.2)));
}
