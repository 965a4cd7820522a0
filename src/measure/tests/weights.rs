//! Weights and corrections, worked out by hand.

use super::world::{World, origin, row};
use crate::measure::{CorrectionSpec, Measured, WeightSpec};
use crate::types::*;

const ALL3: (&str, &str, &str) = ("all", "all", "all");

pub fn figure(area: &str, group: &str, value: f64) -> Observation {
    Observation {
        indicator: "Employment by occupation".into(),
        area: AreaCode(area.into()),
        period: Period::parse("2025").unwrap(),
        occupation: Some(IscoCode::new(group).unwrap()),
        sector: None,
        sex: None,
        age: None,
        breakdown: vec![],
        value: Some(value),
        unit: "thousand persons".into(),
        quality: ObservationQuality::Normal,
        flags: None,
        note: None,
        origin: Origin { source: SourceId::new("lfs").unwrap(), ..origin(1) },
    }
}

fn spec(cap: f64) -> WeightSpec {
    WeightSpec { source: SourceId::new("lfs").unwrap(), indicator: None, period: None, cap }
}

/// 80 postings of group 2, all asking, and 20 of group 5, none; an employer each.
pub fn two_groups(cap: f64) -> World {
    let mut world = World::with_skills(&[("a", &[])]);
    world.parents = [("ES51", "ES"), ("ES30", "ES")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    for i in 0..100 {
        let posting = world.post(Some(&format!("E{i}")), Some("2025-05-05"), if i < 80 { &["a"] } else { &[] });
        posting.isco = Some(IscoCode::new(if i < 80 { "2512" } else { "5120" }).unwrap());
        posting.area = Some(AreaCode("ES51".into()));
    }
    world.spec.weights = Some(spec(cap));
    world.observations = vec![figure("ES51", "2", 50.0), figure("ES51", "5", 50.0)];
    world
}

fn weights(measured: &Measured) -> Vec<(String, Option<f64>)> {
    let rows = measured.findings.representation.iter();
    rows.map(|r| (r.occupation_group.clone(), r.weight.map(|w| (w * 1e6).round() / 1e6))).collect()
}

#[test]
fn half_of_the_employed_ask_where_four_fifths_of_the_postings_do() {
    let measured = two_groups(5.0).measure();
    let a = row(&measured, "a", ALL3).unwrap();
    assert_eq!((a.share, a.weighted_share.map(|s| (s * 1e9).round() / 1e9)), (Some(0.8), Some(0.5)));
    // 50 / 100 x 100 / 80 and 50 / 100 x 100 / 20.
    assert_eq!(weights(&measured), [("2".to_owned(), Some(0.625)), ("5".to_owned(), Some(2.5))]);
    let weighting = measured.findings.weighting.as_ref().unwrap();
    // 100 (80 x .625^2 + 20 x 2.5^2) / 100^2.
    assert!((weighting.design_effect - 1.5625).abs() < 1e-9);
    assert_eq!((weighting.placed_count, weighting.trimmed_count, weighting.missing_share), (100, 0, 0.0));
    let over = measured.findings.representation[0].representation.unwrap();
    assert!((over - 1.6).abs() < 1e-12, "{over}");
}

#[test]
fn a_cap_cuts_the_large_weight_and_the_others_make_up_for_it() {
    let measured = two_groups(2.0).measure();
    // 20 x 2 + 80 w = 100.
    assert_eq!(weights(&measured), [("2".to_owned(), Some(0.75)), ("5".to_owned(), Some(2.0))]);
    let weighted = row(&measured, "a", ALL3).unwrap().weighted_share.unwrap();
    assert!((weighted - 0.6).abs() < 1e-9, "{weighted}");
    assert_eq!(measured.findings.weighting.unwrap().trimmed_count, 20);
}

#[test]
fn an_area_with_its_own_figures_is_taken_out_of_the_one_above() {
    let mut world = two_groups(50.0);
    for i in 0..50 {
        let posting = world.post(Some(&format!("M{i}")), Some("2025-05-05"), &[]);
        posting.isco = Some(IscoCode::new("2512").unwrap());
        posting.area = Some(AreaCode("ES30".into()));
    }
    // No group, no area with figures: both keep weight 1.
    world.post(Some("X"), None, &["a"]).area = Some(AreaCode("PS".into()));
    world.observations.extend([figure("ES", "2", 150.0), figure("ES", "5", 50.0), figure("ES", "9", 60.0)]);
    let measured = world.measure();
    let place = |area: &str, group: &str| {
        let rows = measured.findings.representation.iter();
        rows.clone().find(|r| r.area == area && r.occupation_group == group).cloned().unwrap()
    };
    // 150 - 50 employed stand behind the fifty of ES30, and 50 - 50 behind nobody.
    assert_eq!((place("ES", "2").employment, place("ES", "5").employment), (Some(100.0), Some(0.0)));
    assert_eq!((place("ES", "5").employment_share, place("ES", "5").representation), (Some(0.0), None));
    let ratio = place("ES", "2").weight.unwrap() / place("ES51", "2").weight.unwrap();
    assert!((ratio - (100.0 / 50.0) / (50.0 / 80.0)).abs() < 1e-9, "{ratio}");
    let weighting = measured.findings.weighting.as_ref().unwrap();
    assert_eq!((weighting.placed_count, weighting.unplaced_count), (150, 1));
    assert!((weighting.missing_share - 60.0 / 260.0).abs() < 1e-12, "{}", weighting.missing_share);
    let whole = row(&measured, "a", ALL3).unwrap().weighted_share.unwrap();
    // 50 of 200 employed, over the placed 150 and the one that is not.
    assert!((whole - (150.0 * 0.25 + 1.0) / 151.0).abs() < 1e-9, "{whole}");
    let own = row(&measured, "a", ("ES51", "all", "all")).unwrap().weighted_share.unwrap();
    assert!((own - 0.5).abs() < 1e-9, "{own}");
}

#[test]
fn people_of_a_region_without_postings_are_missing_once_whatever_regions_lie_around_it() {
    // 50 postings of ES51 and 50 of ES30, which has no figures of its own: they stand for what is left of ES.
    let share = |more: &[(&str, &str, f64)]| {
        let mut world = two_groups(50.0);
        world.parents = [("ES51", "ES5"), ("ES5", "ES"), ("ES30", "ES"), ("ES61", "ES6"), ("ES6", "ES")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into();
        for i in 0..50 {
            let posting = world.post(Some(&format!("M{i}")), Some("2025-05-05"), &[]);
            posting.isco = Some(IscoCode::new("2512").unwrap());
            posting.area = Some(AreaCode("ES30".into()));
        }
        world.observations.extend([figure("ES", "2", 150.0), figure("ES", "5", 50.0), figure("ES", "9", 60.0)]);
        world.observations.extend(more.iter().map(|(area, group, value)| figure(area, group, *value)));
        world.measure().findings.weighting.unwrap().missing_share
    };
    // 60 employed of group 9 stand behind nobody, of 260 in Spain.
    let alone = share(&[]);
    assert!((alone - 60.0 / 260.0).abs() < 1e-12, "{alone}");
    // A region between the two, and one beside them that Spain holds as well, add no people.
    let between = share(&[("ES5", "2", 60.0), ("ES5", "9", 15.0), ("ES61", "2", 30.0), ("ES61", "9", 20.0)]);
    assert!((between - alone).abs() < 1e-12, "{between}");
    // Another country does.
    let beside = share(&[("PT", "2", 40.0)]);
    assert!((beside - 100.0 / 300.0).abs() < 1e-12, "{beside}");
}

#[test]
fn a_small_country_beside_a_large_one_keeps_its_own_weights() {
    let mut world = two_groups(5.0);
    for i in 0..100 {
        let posting = world.post(Some(&format!("P{i}")), Some("2025-05-05"), if i < 80 { &["a"] } else { &[] });
        posting.isco = Some(IscoCode::new(if i < 80 { "2512" } else { "5120" }).unwrap());
        posting.area = Some(AreaCode("PS".into()));
    }
    world.observations.extend([figure("PS", "2", 0.5), figure("PS", "5", 0.5)]);
    let measured = world.measure();
    for area in ["ES51", "PS", "all"] {
        let weighted = row(&measured, "a", (area, "all", "all")).unwrap().weighted_share.unwrap();
        assert!((weighted - 0.5).abs() < 1e-9, "{area}: {weighted}");
    }
    // 1 of 101 employed: 200 / 101 weights over 100 postings, of which the two groups have half each.
    let of = |group: &str| {
        let rows = measured.findings.representation.iter();
        rows.clone().find(|r| r.area == "PS" && r.occupation_group == group).unwrap().weight.unwrap()
    };
    assert!((of("2") - 2.0 / 101.0 * 0.625).abs() < 1e-9 && (of("5") - 2.0 / 101.0 * 2.5).abs() < 1e-9);
    assert_eq!(measured.findings.weighting.unwrap().trimmed_count, 0);
}

#[test]
fn marks_of_official_figures_stand_beside_what_is_made_of_them() {
    let mut world = two_groups(5.0);
    world.observations[0].quality = ObservationQuality::LowReliability;
    world.observations[1].quality = ObservationQuality::BreakInSeries;
    world.observations.push(figure("ES51", "9", 10.0));
    // No posting of group 7 has a figure.
    let posting = world.post(Some("X"), Some("2025-05-05"), &[]);
    (posting.isco, posting.area) = (Some(IscoCode::new("7").unwrap()), Some(AreaCode("ES51".into())));
    let findings = world.measure().findings;
    let marks: Vec<_> = findings.representation.iter().map(|r| (r.occupation_group.as_str(), r.mark)).collect();
    let told =
        [("2", Some(Mark::LowReliability)), ("5", Some(Mark::Break)), ("7", Some(Mark::NotAvailable)), ("9", None)];
    assert_eq!(marks, told);
}

#[test]
fn a_table_that_says_no_more_than_it_must_has_the_values_of_the_manual() {
    let weights: WeightSpec = toml::from_str("source = 'lfs'").unwrap();
    assert_eq!((weights.cap, weights.indicator, weights.period), (5.0, None, None));
    let correction: CorrectionSpec = toml::from_str("").unwrap();
    assert_eq!((correction.min_reviewed, correction.reviewed), (30, None));
}

#[test]
fn figures_that_cannot_carry_weights_are_refused_in_words() {
    let refused = |change: fn(&mut World)| {
        let mut world = two_groups(5.0);
        change(&mut world);
        world.try_measure().unwrap_err().to_string()
    };
    let said = refused(|w| w.observations.clear());
    assert!(said.contains("source 'lfs' has no figure by ISCO-08 major group"), "{said}");
    let said = refused(|w| w.observations.iter_mut().for_each(|o| o.value = Some(0.0)));
    assert!(said.contains("is 0"), "{said}");
    let said = refused(|w| w.observations[1].indicator = "Hours worked".into());
    assert!(said.contains("'Employment by occupation'") && said.contains("'Hours worked'"), "{said}");
    let said = refused(|w| w.observations.push(figure("ES51", "2", 51.0)));
    assert!(said.contains("two figures for ES51, group 2, 2025: 50 and 51"), "{said}");
    let said = refused(|w| w.observations.iter_mut().for_each(|o| o.area = AreaCode("FR".into())));
    assert!(said.contains("no posting has both") && said.contains("FR"), "{said}");
    let said = refused(|w| w.spec.weights.as_mut().unwrap().period = Some(Period::parse("1999").unwrap()));
    assert!(said.contains("no posting has both") || said.contains("1999"), "{said}");
}

#[test]
fn hostile_tables_leave_weighted_shares_between_0_and_1() {
    let shapes: [fn(&mut World); 5] = [
        |w| w.postings.iter_mut().for_each(|p| p.employer = Some("One".into())),
        |w| w.postings.iter_mut().for_each(|p| p.employer = None),
        |w| w.postings.iter_mut().for_each(|p| p.isco = Some(IscoCode::new("2").unwrap())),
        |w| w.mentions.truncate(1),
        |w| w.observations[0].value = Some(1e-9),
    ];
    for (at, shape) in shapes.iter().enumerate() {
        let mut world = two_groups(5.0);
        shape(&mut world);
        for demand in super::world::cube(&world.measure()) {
            let (Some(share), Some(low), Some(high)) =
                (demand.weighted_share, demand.weighted_low, demand.weighted_high)
            else {
                continue;
            };
            assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{at}: {low} {share} {high}");
        }
    }
}

/// 500 postings of an employer each, a hundred of which ask; judgements of English, plain labels.
fn judged(counts: ErrorCounts) -> Demand {
    let mut world = World::with_skills(&[("a", &[])]);
    (0..500)
        .for_each(|i| drop(world.post(Some(&format!("E{i}")), None, if i < 100 { &["a"] } else { &[] }).url.take()));
    let class = ErrorClass { language: Lang::En, ambiguous: false };
    world.reviews = Some(Reviews { counts: [(class, counts)].into(), ..Reviews::default() });
    row(&world.measure(), "a", ALL3).unwrap()
}

#[test]
fn a_share_is_corrected_by_precision_over_recall_and_carries_the_error_of_the_review() {
    let a = judged(ErrorCounts { counted: 100, right: 90, asked: 100, found: 80 });
    assert_eq!((a.share, a.correction), (Some(0.2), Some(CorrectionStatus::Corrected)));
    // .2 x .9 / .8; variance .2 x .8 / 500 x (.225 / .2)^2 + .225^2 (9.5 ... of 90.5 + 20.5 of 80.5 over 101 each), by hand.
    let value = a.corrected_share.unwrap();
    assert!((value - 0.225).abs() < 1e-12, "{value}");
    let model = (1.0 - 90.5 / 101.0) / 90.5 + (1.0 - 80.5 / 101.0) / 80.5;
    let error = (0.2 * 0.8 / 500.0 * 1.265_625 + 0.225_f64.powi(2) * model).sqrt();
    let (low, high) = (a.corrected_low.unwrap(), a.corrected_high.unwrap());
    assert!(((high - low) / (2.0 * 1.96 * error) - 1.0).abs() < 0.03, "{low} {high} {error}");
    assert!(high - low > a.share_high.unwrap() - a.share_low.unwrap());
}

#[test]
fn a_correction_that_the_judgements_do_not_carry_is_refused() {
    let few = judged(ErrorCounts { counted: 29, right: 29, asked: 400, found: 300 });
    let none_found = judged(ErrorCounts { counted: 400, right: 300, asked: 400, found: 0 });
    let too_much = judged(ErrorCounts { counted: 400, right: 400, asked: 400, found: 40 });
    for (demand, status) in [
        (few, CorrectionStatus::TooFewReviewed),
        (none_found, CorrectionStatus::TooFewReviewed),
        (too_much, CorrectionStatus::OutOfRange),
    ] {
        assert_eq!((demand.correction, demand.corrected_share), (Some(status), None));
    }
}

/// 300 postings of 13 employers, 3 of them large; three in five of group 2, one of group 5, one without an occupation.
fn clustered() -> World {
    let mut world = World::with_skills(&[("a", &[]), ("all", &[])]);
    for i in 0..300_usize {
        let employer = if i < 260 { i % 13 } else { i % 3 };
        let group = [Some("2"), Some("2"), Some("2"), Some("5"), None][i % 5];
        let bound = [7, 7, 7, 2, 4][i % 5];
        let asks = (i * 7 % 11 < bound && employer != 6) || (matches!(employer, 0 | 4) && i % 2 == 0);
        let skills: &[&str] = if asks { &["a", "all"] } else { &["all"] };
        let posting = world.post(Some(&format!("E{employer}")), Some("2025-05-05"), skills);
        posting.isco = group.map(|g| IscoCode::new(g).unwrap());
        posting.area = Some(AreaCode(if group.is_some() { "ES51" } else { "PS" }.into()));
    }
    world.spec.weights = Some(spec(5.0));
    world.observations = vec![figure("ES51", "2", 50.0), figure("ES51", "5", 50.0)];
    world
}

#[test]
fn the_interval_of_a_weighted_share_is_that_of_a_post_stratified_ratio_clustered_by_employer() {
    // numpy, posting by posting: e_i = w_i (x_i - p_h) + m (R_placed - R) for a placed one, x_i - R for another,
    // var = 13/12 sum_g (sum e_i)^2 / 300^2, degrees of freedom and t (scipy) as for plain shares.
    let measured = clustered().measure();
    let of = |skill: &str, place: (&str, &str, &str)| {
        let demand = row(&measured, skill, place).unwrap();
        [demand.weighted_share, demand.weighted_low, demand.weighted_high].map(Option::unwrap)
    };
    let near = |found: [f64; 3], expected: [f64; 3]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} for {expected:?}");
    };
    // 92.66 postings by its variance, 60.07 with 5.112 degrees of freedom.
    near(of("a", ALL3), [0.428_888_888_889, 0.311_753_322_174, 0.554_572_557_436]);
    // A quarter is no whole stratum: e_i = w_i (x_i - R); 90.48 postings, 45.68 with 3.381 degrees of freedom.
    near(of("a", ("all", "2025-Q2", "all")), [0.428_888_888_889, 0.296_456_060_094, 0.572_354_312_303]);
    let mut above = clustered();
    above.parents = [("ES51".to_owned(), "ES".to_owned())].into();
    above.observations.iter_mut().for_each(|o| o.area = AreaCode("ES".into()));
    let above = above.measure();
    let of_region = |area: &str| {
        let demand = row(&above, "a", (area, "all", "all")).unwrap();
        [demand.weighted_share, demand.weighted_low, demand.weighted_high].map(Option::unwrap)
    };
    // The 240 placed ones alone, 51.10 with 5.077 degrees of freedom; a region that takes the figures of the country is not
    // whole, 41.96 with 3.750.
    near(of_region("ES"), [0.444_444_444_444, 0.316_880_844_390, 0.579_776_600_142]);
    near(of_region("ES51"), [0.444_444_444_444, 0.305_115_714_453, 0.593_093_139_702]);
    // No posting of PS has a weight: a plain ratio of 22 to 60; 115.9 postings, 97.73 with 4.696 degrees of freedom.
    near(of("a", ("PS", "all", "all")), [0.366_666_666_667, 0.277_857_187_582, 0.465_561_673_874]);
    // All ask: no variance to see, 300 postings as if those of an employer were one, 12.27, then 9.62.
    near(of("all", ALL3), [1.0, 0.714_690_505_358, 1.0]);
}

/// 95 % intervals as numpy and scipy have them, see above.
fn interval(world: &World, area: &str) -> [f64; 3] {
    let demand = row(&world.measure(), "a", (area, "all", "all")).unwrap();
    [demand.weighted_share, demand.weighted_low, demand.weighted_high].map(Option::unwrap)
}

#[test]
fn a_small_region_beside_a_large_one_has_the_interval_of_its_own_mean_weight() {
    let mut world = clustered();
    world.postings.iter_mut().for_each(|p| p.area = Some(AreaCode("ES51".into())));
    for i in 0..100_usize {
        let posting =
            world.post(Some(&format!("M{}", i % 20)), Some("2025-05-05"), if i % 4 == 0 { &["a"] } else { &[] });
        (posting.isco, posting.area) = (Some(IscoCode::new("2").unwrap()), Some(AreaCode("ES30".into())));
    }
    world.observations.push(figure("ES30", "2", 300.0));
    // Weights .2361, .7083 and 2.55, and 1 without an occupation: 107.34 and 50.62 postings by the variance.
    for (area, expected) in [
        ("ES51", [0.412_260_536_398, 0.305_333_983_962, 0.528_162_284_048]),
        ("all", [0.308_819_444_444, 0.188_059_188_248, 0.462_913_760_497]),
    ] {
        let found = interval(&world, area);
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{area}: {found:?} for {expected:?}");
    }
}

#[test]
fn employers_that_are_all_alike_show_no_variance_and_give_no_false_certainty() {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..60 {
        let posting = world.post(Some(&format!("E{}", i / 2)), None, if i % 2 == 0 { &["a"] } else { &[] });
        (posting.isco, posting.area) = (Some(IscoCode::new("2").unwrap()), Some(AreaCode("ES".into())));
    }
    world.spec.weights = Some(spec(5.0));
    world.observations = vec![figure("ES", "2", 10.0)];
    // Thirty employers of two postings each as if these were one: 30 (t(59) / t(29))^2 = 28.716 postings.
    let found = interval(&world, "ES");
    assert!((found[1] - 0.328_252_471).abs() < 1e-6 && (found[2] - 0.671_747_529).abs() < 1e-6, "{found:?}");
}
