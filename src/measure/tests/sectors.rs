//! Planted sectors, counted by hand.

use super::world::{World, cube};
use crate::types::*;

/// 60 postings of hotels, half of which ask for `a`; 60 of hospitals in an area; 20 of schools; 40 without a sector, of an
/// occupation that is mostly found in `J`.
fn planted() -> World {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    world.parents = [("ES511".to_owned(), "ES51".to_owned())].into();
    world.taxonomy.occupations.push(Occupation {
        id: "dev".into(),
        isco: None,
        labels: vec![],
        description: None,
        sectors: vec!["J".into()],
    });
    for i in 0..180 {
        let (sector, skills): (Option<&str>, &[&str]) = match i {
            0..60 => (Some(["Hostelería", "CNAE 5510"][i % 2]), if i < 30 { &["a"] } else { &[] }),
            60..120 => (Some("Hospitals and Health Care"), &["b"]),
            120..140 => (Some("التعليم"), &["a"]),
            _ => (None, &["a"]),
        };
        let posting = world.post(Some(&format!("E{i}")), None, skills);
        posting.sector = sector.map(str::to_owned);
        posting.area = (60..120).contains(&i).then(|| AreaCode("ES511".into()));
        posting.occupation = (i >= 140).then(|| "dev".to_owned());
    }
    world
}

fn find<'a>(rows: &'a [SectorDemand], sector: &str, area: &str, skill: &str) -> Option<&'a SectorDemand> {
    rows.iter().find(|r| (r.sector.as_str(), r.area.as_str(), r.skill.as_str()) == (sector, area, skill))
}

#[test]
fn demand_within_a_sector_has_the_counts_of_a_hand_and_the_interval_of_any_share() {
    let findings = planted().measure().findings;
    let hotels = find(&findings.sectors, "I", "all", "a").unwrap();
    assert_eq!((hotels.posting_count, hotels.base_count, hotels.employer_count), (30, 60, 30));
    assert_eq!((hotels.share, hotels.sector_label.as_str()), (Some(0.5), "Accommodation and food service activities"));
    // 60 employers of one posting leave 59: Wilson's interval of .5 on 59 (scipy: z = norm.ppf(.975)).
    assert!(
        (hotels.share_low.unwrap() - 0.376_378_2).abs() < 1e-6
            && (hotels.share_high.unwrap() - 0.623_621_8).abs() < 1e-6
    );
    for area in ["all", "ES51", "ES511"] {
        let health = find(&findings.sectors, "Q", area, "b").unwrap();
        assert_eq!((health.posting_count, health.base_count, health.share), (60, 60, Some(1.0)), "{area}");
    }
    assert_eq!(findings.quality.sector_known_count, 140);
}

#[test]
fn a_small_sector_shows_its_base_only_and_an_occupation_states_no_sector() {
    let sectors = planted().measure().findings.sectors;
    let schools: Vec<_> = sectors.iter().filter(|r| r.sector == "P").collect();
    assert_eq!(schools.len(), 1);
    let school = schools[0];
    assert_eq!((school.skill.as_str(), school.base_count, school.mark), ("all", 20, Some(Mark::Suppressed)));
    assert_eq!((school.posting_count, school.share), (0, None));
    assert!(sectors.iter().all(|r| r.sector != "J"));
}

#[test]
fn with_priority_sectors_only_these_are_listed_in_the_language_of_the_report() {
    let mut world = planted();
    world.spec.priority_sectors = vec!["Q".into(), "T".into()];
    world.spec.language = Lang::Ca;
    let findings = world.measure().findings;
    assert!(findings.sectors.iter().all(|r| r.sector == "Q" && r.sector_label.starts_with("Activitats sanitàries")));
    assert_eq!((findings.sectors.len(), findings.quality.sector_known_count), (3, 140));
    assert_eq!(findings.meta.priority_sectors, ["Q", "T"]);
}

#[test]
fn sectors_change_no_other_figure_and_without_any_there_is_no_table() {
    let world = planted();
    let mut none = world.clone();
    none.postings.iter_mut().for_each(|p| p.sector = Some("Serveis \u{202e} 1e309 ".repeat(500)));
    let (with, without) = (world.measure(), none.measure());
    assert_eq!(cube(&with), cube(&without));
    assert_eq!(with.findings.gaps, without.findings.gaps);
    assert_eq!((without.findings.sectors.len(), without.findings.quality.sector_known_count), (0, 0));
    let mut shuffled = world.clone();
    shuffled.postings.reverse();
    assert_eq!(shuffled.measure().findings.sectors, with.findings.sectors);
}
