//! Which postings count.

use super::world::{World, row};
use crate::types::*;
use std::collections::BTreeMap;

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

#[test]
fn a_posting_counts_in_the_areas_above_its_own_up_to_the_depth_of_the_plan_and_a_circle_ends() {
    let areas = |parents: &[(&str, &str)], depth: usize| {
        let mut world = World::with_skills(&[("a", &[])]);
        world.parents = parents.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        world.spec.area_depth = depth;
        for i in 0..30 {
            world.post(Some(&format!("E{i}")), None, &["a"]).area = Some(AreaCode("ES511".into()));
        }
        let rows = super::world::cube(&world.measure());
        rows.into_iter()
            .filter(|d| d.occupation_group == "all" && d.skill == "a")
            .map(|d| d.area)
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    };
    let chain = [("ES511", "ES51"), ("ES51", "ES5"), ("ES5", "ES")];
    assert_eq!(areas(&chain, 3), ["ES", "ES5", "ES51", "ES511", "all"]);
    assert_eq!(areas(&chain, 1), ["ES51", "ES511", "all"]);
    assert_eq!(areas(&chain, 0), ["ES511", "all"]);
    assert_eq!(areas(&[("ES511", "ES51"), ("ES51", "ES511")], 9), ["ES51", "ES511", "all"]);
    assert_eq!(areas(&[("ES511", "")], 9), ["ES511", "all"]);
}

#[test]
fn an_unknown_employer_is_none_of_the_known_ones() {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    for i in 0..40 {
        let known = i % 4 == 0;
        // Capitals and spaces around do not make another employer, and nothing but spaces is none.
        let name = ["One", " ONE ", "two", "Two", "three"][i / 4 % 5];
        world.post(Some(if known { name } else { "  " }), None, if known { &["a"] } else { &["b"] });
    }
    let measured = world.measure();
    let row = |skill: &str| row(&measured, skill, ("all", "all", "all")).unwrap();
    assert_eq!((row("a").employer_count, row("b").employer_count), (3, 0));
    assert_eq!((row("a").posting_count, row("b").posting_count, row("b").mark), (10, 30, Some(Mark::LowReliability)));
    assert_eq!(measured.findings.meta.employer_count, 3);
    assert_eq!(measured.findings.quality.employer_unknown_count, 30);
}

#[test]
fn the_frame_says_what_was_counted_by_which_rules() {
    let mut world = World::with_skills(&[("a", &["wide"]), ("b", &[]), ("wide", &[])]);
    for (i, day) in ["2024-05-05", "2025-02-02"].into_iter().cycle().take(60).enumerate() {
        let posting = world.post(Some(&format!("E{}", i % 12)), Some(day), &["a", "b"]);
        posting.boards = vec![["one", "two", "three"][i % 3].into()];
        posting.board = posting.boards[0].clone();
    }
    world.taxonomy.version = "v 1.2".into();
    let spec = &mut world.spec;
    (spec.language, spec.min_postings, spec.min_employers, spec.review_below_per_100) = (Lang::Ca, 20, 4, 2.5);
    spec.top_k = 7;
    spec.priority_sectors = vec!["J".into()];
    assert!(!world.measure().findings.meta.synthetic);
    world.synthetic = true;
    let findings = world.measure().findings;
    let meta = &findings.meta;
    assert_eq!((meta.posting_count, meta.employer_count, meta.source_count), (60, 12, 3));
    assert_eq!((meta.period_first.as_deref(), meta.period_last.as_deref()), (Some("2024-Q2"), Some("2025-Q1")));
    assert_eq!((meta.taxonomy_version.as_str(), meta.version.as_str()), ("v 1.2", env!("CARGO_PKG_VERSION")));
    assert_eq!((meta.language, meta.min_postings, meta.min_employers), (Lang::Ca, 20, 4));
    assert!(meta.synthetic && meta.top_k == 7);
    assert_eq!((meta.review_below_per_100, meta.priority_sectors.clone()), (2.5, vec!["J".to_owned()]));
    // What is listed as demand is of the whole window and of each period, and of all groups.
    let listed: Vec<_> = findings
        .demand
        .iter()
        .map(|d| (d.skill.as_str(), d.area.as_str(), d.period.as_str(), d.occupation_group.as_str()))
        .collect();
    let of = |period| [("a", "all", period, "all"), ("b", "all", period, "all")];
    assert_eq!(listed, [of("all"), of("2024-Q2"), of("2025-Q1")].concat());
    let groups: Vec<(&str, &str)> = findings.gaps.iter().map(|g| (g.demand.skill.as_str(), g.group.as_str())).collect();
    assert_eq!(groups, [("a", "name of wide"), ("b", "")]);
}

#[test]
fn the_quality_box_counts_postings_by_area_group_and_board_the_largest_first_and_unknown_last() {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..60_usize {
        let posting = world.post(Some("E"), None, &["a"]);
        posting.area = [None, Some("ES"), Some("PS"), Some("PS")][i % 4].map(|a| AreaCode(a.into()));
        posting.isco = [Some("5"), None, Some("2"), Some("2")][i % 4].map(|c| IscoCode::new(c).unwrap());
        posting.board = if i < 45 { "large" } else { "a small one" }.into();
        posting.sector = (i < 7).then(|| "J".into());
    }
    let quality = world.measure().findings.quality;
    let told = |list: &[AreaShare]| list.iter().map(|a| (a.area.clone(), a.posting_count)).collect::<Vec<_>>();
    let rows = |list: [(&str, u64); 3]| list.map(|(name, count)| (name.to_owned(), count)).to_vec();
    assert_eq!(told(&quality.areas), rows([("PS", 30), ("ES", 15), ("unknown", 15)]));
    assert_eq!(told(&quality.occupation_groups), rows([("2", 30), ("5", 15), ("unknown", 15)]));
    let boards: Vec<_> = quality.sources.iter().map(|s| (s.board.as_str(), s.posting_count)).collect();
    assert_eq!(boards, [("large", 45), ("a small one", 15)]);
    assert_eq!((quality.sector_known_count, quality.undated_count, quality.employer_unknown_count), (7, 60, 0));
}

#[test]
fn demand_is_listed_by_area_and_by_period_and_never_by_both_nor_by_occupation() {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..400 {
        let day = ["2025-02-15", "2025-05-15"][i % 2];
        let posting = world.post(Some(&format!("E{}", i / 4)), Some(day), &["a"]);
        posting.area = Some(AreaCode(["ES", "PS"][i / 2 % 2].into()));
        posting.isco = Some(IscoCode::new("2512").unwrap());
    }
    let measured = world.measure();
    let counted = |rows: Vec<Demand>| -> BTreeMap<[String; 3], u64> {
        rows.into_iter().map(|d| ([d.area, d.period, d.occupation_group], d.posting_count)).collect()
    };
    let expected =
        [("all", "all", 400), ("all", "2025-Q1", 200), ("all", "2025-Q2", 200), ("ES", "all", 200), ("PS", "all", 200)];
    let expected =
        expected.map(|(area, period, count)| ([area.to_owned(), period.to_owned(), "all".to_owned()], count));
    assert_eq!(counted(measured.findings.demand.clone()), BTreeMap::from(expected));
    // The table of all cells has the others too.
    let all = counted(measured.demand.rows().collect());
    let at = |area: &str, period: &str, group: &str| all.get(&[area, period, group].map(str::to_owned)).copied();
    assert_eq!([at("ES", "2025-Q1", "all"), at("ES", "all", "2")], [Some(100), Some(200)]);
}
