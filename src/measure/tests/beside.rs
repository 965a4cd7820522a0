//! What stands beside demand and trends, with planted truth.

use super::world::{World, varied};
use crate::measure::OutlookSpec;
use crate::types::*;

/// Two boards, eight quarters, forty employers; `skills` by (half, number).
fn panel(count: usize, skills: impl Fn(bool, usize) -> Vec<&'static str>) -> World {
    let known: Vec<(&str, &[&str])> = vec![("a", &[]), ("b", &[]), ("new", &[])];
    let mut world = World::with_skills(&known);
    for later in [false, true] {
        for i in 0..count {
            let day = format!("202{}-{:02}-15", 4 + usize::from(later), 1 + i % 12);
            let posting = world.post(Some(&format!("E{}", i % 40)), Some(&day), &skills(later, i));
            posting.occupation = Some(if i % 2 == 0 { "nurse" } else { "cook" }.into());
            posting.board = ["board-a", "board-b"][usize::from(i % 3 == 0)].into();
            posting.boards = vec![posting.board.clone()];
        }
    }
    world.taxonomy.occupations = ["cook", "nurse"].map(occupation).to_vec();
    world
}

fn occupation(id: &str) -> Occupation {
    Occupation {
        id: id.into(),
        isco: Some(IscoCode::new(if id == "nurse" { "2221" } else { "5120" }).unwrap()),
        labels: vec![],
        description: None,
        sectors: vec![],
    }
}

#[test]
fn a_skill_is_new_to_the_occupation_whose_postings_begin_to_ask_for_it() {
    let world = panel(400, |later, i| match (later, i % 2) {
        (true, 0) if i % 4 == 0 => vec!["a", "new"],
        // One posting of the earlier half is enough for a skill not to be new.
        (false, 1) if i == 1 => vec!["a", "b"],
        (true, 1) if i % 4 == 1 => vec!["a", "b"],
        _ => vec!["a"],
    });
    let found = world.measure().findings.new_skills;
    let named: Vec<(&str, &str)> = found.iter().map(|n| (n.occupation.as_str(), n.skill.as_str())).collect();
    assert_eq!(named, [("nurse", "new")]);
    assert_eq!((found[0].first_base, found[0].last_count, found[0].last_base), (200, 100, 200));
    assert!(found[0].first_high < found[0].share_low && found[0].first_high >= 3.0 / 200.0);
}

#[test]
fn a_change_that_one_board_makes_does_not_hold_without_it_and_duplicates_count_where_they_were_merged() {
    // Board a, two thirds of the postings, doubles; board b does not move.
    let asks = |later: bool, i: usize| {
        let on_b = i.is_multiple_of(3);
        let asks = if on_b { i.is_multiple_of(5) } else { i % 5 < 1 + 2 * usize::from(later) };
        if asks { vec!["a", "b"] } else { vec!["a"] }
    };
    let mut world = panel(600, asks);
    world.postings.iter_mut().skip(600).filter(|p| p.board == "board-a").for_each(|p| {
        let first = p.origins[0].clone();
        p.origins = vec![first.clone(), first];
    });
    let findings = world.measure().findings;
    let trend = findings.trends.iter().find(|t| t.skill == "b" && t.area == "all").unwrap();
    assert_eq!(trend.call, TrendCall::Emerging);
    let variant = |kind| findings.trend_variants.iter().find(|v| v.skill == "b" && v.variant == kind).unwrap();
    let without = variant(Variant::WithoutLargestSource);
    assert_eq!((without.first_base, without.last_base, without.holds), (200, 200, false));
    let doubled = variant(Variant::DuplicatesCounted);
    // 200 of board b and twice 400 of board a.
    assert_eq!((doubled.first_base, doubled.last_base, doubled.holds), (600, 1_000, true));
}

#[test]
fn boards_that_come_and_go_are_breaks_and_the_others_are_none() {
    let mut world = panel(96, |_, _| vec!["a"]);
    for (day, board) in [("2024-02-01", "old"), ("2024-08-01", "old"), ("2025-11-01", "young")] {
        let posting = world.post(Some("Z"), Some(day), &["a"]);
        (posting.board, posting.boards) = (board.into(), vec![board.into()]);
    }
    let breaks = world.measure().findings.breaks;
    let told: Vec<_> = breaks.iter().map(|b| (b.board.as_str(), b.change, b.period.as_str(), b.in_panel)).collect();
    assert_eq!(told, [("old", BreakKind::Ends, "2024-Q3", false), ("young", BreakKind::Begins, "2025-Q4", false)]);
    // Two of the fifty postings of the two quarters that it posted in, one of the twenty-five of its own.
    let shares: Vec<_> = breaks.iter().map(|b| (b.posting_count, b.posting_share)).collect();
    assert_eq!(shares, [(2, 0.04), (1, 0.04)]);
}

#[test]
fn stock_and_flow_are_counted_by_the_postings_own_days() {
    let mut world = World::with_skills(&[("a", &[])]);
    for (from, until) in [
        ("2025-01-10", Some("2025-02-01")),
        ("2025-01-10", Some("2025-04-15")),
        ("2025-03-31", Some("2025-03-31")),
        ("2025-04-01", None),
        ("2025-06-30", Some("2025-01-01")),
    ] {
        let posting = world.post(Some("E"), Some(from), &["a"]);
        posting.closes_on = until.map(|d| d.parse().unwrap());
    }
    let rows = world.measure().findings.stock_flow;
    let told: Vec<_> =
        rows.iter().map(|r| (r.period.as_str(), r.flow_count, r.stock_count, r.undetermined_count)).collect();
    // On 31 March two are open; on 30 June none but the one whose end is not known (a day before its start is no stock).
    assert_eq!(told, [("2025-Q1", 3, 2, 0), ("2025-Q2", 2, 0, 1)]);
}

#[test]
fn an_occupation_emerges_and_the_forecast_of_its_narrowest_group_stands_beside_it() {
    let mut world = World::with_skills(&[("a", &[])]);
    world.parents = [("ES51".to_owned(), "ES".to_owned())].into();
    for later in [false, true] {
        for i in 0..300 {
            let day = format!("202{}-{:02}-15", 4 + usize::from(later), 1 + i % 12);
            let posting = world.post(Some(&format!("E{i}")), Some(&day), &["a"]);
            let nurse = i % 10 < if later { 4 } else { 1 };
            posting.occupation = Some(if nurse { "nurse" } else { "cook" }.into());
            posting.board = ["board-a", "board-b"][i % 2].into();
            posting.boards = vec![posting.board.clone()];
            posting.area = Some(AreaCode("ES51".into()));
        }
    }
    world.taxonomy.occupations = ["cook", "nurse"].map(occupation).to_vec();
    let figure = |group: &str, period: &str, value: f64| {
        let mut figure = super::weights::figure("ES", group, value);
        (figure.period, figure.origin.source) = (Period::parse(period).unwrap(), SourceId::new("forecast").unwrap());
        figure
    };
    world.observations = vec![
        figure("2", "2025", 90.0),
        figure("22", "2025", 10.0),
        figure("22", "2035", 14.0),
        figure("5", "2025", 7.0),
    ];
    world.spec.outlook = Some(OutlookSpec { source: SourceId::new("forecast").unwrap(), indicator: None });
    let findings = world.measure().findings;
    let nurse = findings.occupations.iter().find(|o| o.occupation == "nurse" && o.area == "all").unwrap();
    assert_eq!((nurse.posting_count, nurse.base_count, nurse.rank), (150, 600, 2));
    assert_eq!(nurse.call, Some(TrendCall::Emerging));
    assert!((nurse.growth.unwrap() - (120.5_f64 / 30.5).ln()).abs() < 1e-9);
    assert_eq!((nurse.outlook_group.as_deref(), nurse.outlook_area.as_deref()), (Some("22"), Some("ES")));
    assert_eq!((nurse.outlook_first_value, nurse.outlook_last_value), (Some(10.0), Some(14.0)));
    assert_eq!((nurse.outlook_first.as_deref(), nurse.outlook_last.as_deref()), (Some("2025"), Some("2035")));
    let cook = findings.occupations.iter().find(|o| o.occupation == "cook" && o.area == "ES51").unwrap();
    assert_eq!((cook.call, cook.outlook_group.as_deref()), (Some(TrendCall::Declining), Some("5")));
    assert_eq!((nurse.outlook_unit.as_deref(), nurse.label.as_str()), (Some("thousand persons"), "nurse"));
    // Employers whose number ends in 0 to 3.
    assert_eq!((nurse.employer_count, nurse.source_count, nurse.share, nurse.mark), (120, 2, Some(0.25), None));
    // 450 of 600 are cooks: no tie.
    assert_eq!((nurse.tied_to, findings.occupations[0].rank, findings.occupations[0].tied_to), (2, 1, 1));
    let within = |low: Option<f64>, value: Option<f64>, high: Option<f64>| low.is_some() && low < value && value < high;
    assert!(within(nurse.share_low, nurse.share, nurse.share_high) && nurse.effective_n > 100.0, "{nurse:?}");
    assert!(within(nurse.growth_low, nurse.growth, nurse.growth_high) && nurse.growth_low > Some(0.0), "{nurse:?}");
    assert!(nurse.q.unwrap() < 0.01);
    // Sixty of them by three employers are of low reliability.
    let mut few = world.clone();
    for (i, posting) in few.postings.iter_mut().enumerate().filter(|(i, _)| i % 10 == 9) {
        (posting.occupation, posting.employer) = (Some("smith".into()), Some(format!("S{}", i / 10 % 3)));
    }
    let few = few.measure().findings.occupations;
    let smith = few.iter().find(|o| o.occupation == "smith" && o.area == "all").unwrap();
    assert_eq!((smith.posting_count, smith.employer_count, smith.mark), (60, 3, Some(Mark::LowReliability)));
    let mut nearer = world.clone();
    for (period, value) in [("2025", 3.0), ("2035", 4.0)] {
        let mut own = figure("22", period, value);
        own.area = AreaCode("ES51".into());
        nearer.observations.push(own);
    }
    let nearer = nearer.measure().findings.occupations;
    let beside = |area: &str| nearer.iter().find(|o| o.occupation == "nurse" && o.area == area).unwrap();
    assert_eq!((beside("ES51").outlook_area.as_deref(), beside("ES51").outlook_last_value), (Some("ES51"), Some(4.0)));
    assert_eq!((beside("ES").outlook_area.as_deref(), beside("all").outlook_area.as_deref()), (Some("ES"), None));
    // The only area with a forecast speaks for all postings together and for no other area.
    world.postings.iter_mut().for_each(|p| p.area = Some(AreaCode("PS".into())));
    let elsewhere = world.measure().findings.occupations;
    let beside = |area: &str| {
        let nurse = elsewhere.iter().find(|o| o.occupation == "nurse" && o.area == area).unwrap();
        nurse.outlook_area.as_deref()
    };
    assert_eq!((beside("all"), beside("PS")), (Some("ES"), None));
}

#[test]
fn the_twin_transition_counts_a_posting_once_however_many_such_skills_it_asks_for() {
    let mut world = World::with_skills(&[("d1", &[]), ("d2", &[]), ("g", &[]), ("plain", &[])]);
    for skill in &mut world.taxonomy.skills {
        (skill.digital, skill.green) = (skill.id.0.starts_with('d'), skill.id.0 == "g");
    }
    for i in 0..100 {
        let skills: &[&str] = match i % 10 {
            0..3 => &["d1", "d2"],
            3 => &["d1", "g"],
            _ => &["plain"],
        };
        world.post(Some(&format!("E{i}")), None, skills);
    }
    let rows = world.measure().findings.transitions;
    let told: Vec<_> = rows
        .iter()
        .filter(|t| (t.area.as_str(), t.occupation_group.as_str()) == ("all", "all"))
        .map(|t| (t.transition, t.posting_count, t.base_count, t.share))
        .collect();
    assert_eq!(told, [(TransitionKind::Digital, 40, 100, Some(0.4)), (TransitionKind::Green, 10, 100, Some(0.1))]);
}

#[test]
fn what_is_withheld_stays_withheld_beside_demand_too() {
    let mut world = varied();
    world.spec.min_postings = 10_000;
    let findings = world.measure().findings;
    assert!(findings.occupations.is_empty() && findings.transitions.is_empty());
    assert!(
        findings.new_skills.is_empty() && findings.trend_variants.is_empty() && findings.specialisations.is_empty()
    );
    assert!(findings.detectable.iter().all(|d| d.mark == Some(Mark::Suppressed) && d.least_share.is_none()));
}
