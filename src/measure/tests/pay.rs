//! Planted pay, counted by hand.

use super::world::World;
use crate::types::*;

fn find<'a>(rows: &'a [PostedPay], area: &str, group: &str, skill: &str, per: PayPeriod) -> Option<&'a PostedPay> {
    let at = |p: &&PostedPay| (p.area.as_str(), p.occupation_group.as_str(), p.skill.as_str()) == (area, group, skill);
    rows.iter().filter(at).find(|p| p.pay_period == per)
}

/// 60 postings of 12 employers with £20,000, £20,100, ... £25,900 a year, 20 of four employers by the hour, 20 that say
/// nothing to count.
fn planted() -> World {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    world.parents = [("ES511".to_owned(), "ES51".to_owned())].into();
    for i in 0..60 {
        let posting = world.post(Some(&format!("E{}", i % 12)), None, &["a"]);
        posting.salary = Some(format!("£{} to £{} a year", 19_500 + 100 * i, 20_500 + 100 * i));
        posting.area = Some(AreaCode("ES511".into()));
        posting.isco = Some(IscoCode::new("2512").unwrap());
    }
    for i in 0..20 {
        world.post(Some(&format!("H{}", i % 4)), None, &["b"]).salary = Some("£10 per hour".into());
        world.post(Some(&format!("N{i}")), None, &[]).salary = Some("Negotiable".into());
    }
    world
}

#[test]
fn planted_pay_has_the_median_quartiles_and_counts_that_a_hand_gets() {
    let findings = planted().measure().findings;
    let whole = find(&findings.pay, "all", "all", "all", PayPeriod::Year).unwrap();
    // Middles 20,000 to 25,900 by 100: the median is (22,900 + 23,000) / 2, a quarter of the way is 14.75 steps.
    let amounts = [whole.median, whole.quartile_1, whole.quartile_3];
    assert_eq!(amounts, [Some(22_950.0), Some(21_475.0), Some(24_425.0)]);
    assert_eq!((whole.posting_count, whole.base_count, whole.employer_count, whole.source_count), (60, 100, 12, 1));
    assert_eq!((whole.share, whole.currency.as_str(), whole.mark), (Some(0.6), "GBP", None));
    assert!(whole.share_low.unwrap() < 0.6 && whole.share_high.unwrap() > 0.6);
    assert!(whole.median_low.unwrap() < 22_950.0 && whole.median_high.unwrap() > 22_950.0);
    // Sixty postings of which no employer has more of one half than another, on twelve employers: 60 (t(59) / t(11))^2.
    assert!((whole.effective_n - 49.591_7).abs() < 1e-3, "{}", whole.effective_n);
    for (area, group, skill) in
        [("ES511", "all", "all"), ("ES51", "2", "all"), ("all", "2", "all"), ("ES511", "all", "a")]
    {
        let row = find(&findings.pay, area, group, skill, PayPeriod::Year).unwrap();
        assert_eq!((row.median, row.posting_count, row.base_count), (Some(22_950.0), 60, 60), "{area} {group} {skill}");
        assert_eq!(row.label, if skill == "a" { "name of a" } else { "" });
    }
    let quality = &findings.quality;
    assert_eq!((quality.pay_filled_count, quality.pay_read_count), (100, 80));
    assert_eq!(quality.pay_unread, [("no_amount".to_owned(), 20)].into());
}

#[test]
fn pay_of_too_few_postings_or_employers_shows_its_base_only_and_a_skill_with_too_few_has_no_row() {
    let findings = planted().measure().findings;
    for (group, base) in [("all", 100), ("unknown", 40)] {
        let hourly = find(&findings.pay, "all", group, "all", PayPeriod::Hour).unwrap();
        assert_eq!((hourly.mark, hourly.base_count), (Some(Mark::Suppressed), base));
        let counts = (hourly.posting_count, hourly.employer_count, hourly.source_count, hourly.effective_n);
        assert_eq!((counts, hourly.share, hourly.share_low), ((0, 0, 0, 0.0), None, None));
        assert_eq!([hourly.median, hourly.median_high, hourly.quartile_1], [None; 3]);
    }
    assert!(findings.pay.iter().all(|p| p.skill != "b"));
    let mut world = planted();
    world.postings.iter_mut().for_each(|p| p.employer = Some("Only".into()));
    let one = world.measure().findings.pay;
    assert!(!one.is_empty() && one.iter().all(|p| p.mark == Some(Mark::Suppressed) && p.median.is_none()));
}

#[test]
fn pay_of_a_skill_is_shown_from_as_many_postings_as_the_plan_says_and_marked_where_most_employers_are_unknown() {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..30 {
        world.post(Some(&format!("E{}", i % 18)), None, &["a"]).salary = Some("£20,000 a year".into());
    }
    let row = |world: &World| find(&world.measure().findings.pay, "all", "all", "a", PayPeriod::Year).cloned();
    let shown = row(&world).unwrap();
    assert_eq!((shown.posting_count, shown.employer_count, shown.mark), (30, 18, None));
    world.spec.min_postings = 31;
    assert_eq!(row(&world), None);
}

#[test]
fn unknown_employers_mark_the_median_and_no_pay_at_all_is_no_table() {
    let mut world = planted();
    world.postings.iter_mut().for_each(|p| p.employer = None);
    let pay = world.measure().findings.pay;
    let whole = find(&pay, "all", "all", "all", PayPeriod::Year).unwrap();
    assert_eq!((whole.mark, whole.employer_count, whole.median), (Some(Mark::LowReliability), 0, Some(22_950.0)));
    for text in [None, Some("DOE"), Some("   "), Some("1e309"), Some("-5 € al mes")] {
        world.postings.iter_mut().for_each(|p| p.salary = text.map(str::to_owned));
        let findings = world.measure().findings;
        let filled = if text.is_some_and(|t| !t.trim().is_empty()) { 100 } else { 0 };
        assert!(findings.pay.is_empty(), "{text:?}");
        assert_eq!((findings.quality.pay_filled_count, findings.quality.pay_read_count), (filled, 0), "{text:?}");
    }
    assert!(World::default().measure().findings.pay.is_empty());
}

#[test]
fn currencies_and_periods_of_pay_are_never_mixed() {
    let mut world = World::with_skills(&[]);
    let texts = ["£24,000 a year", "24.000 € anuales", "2.000 € al mes", "4000 شيكل شهريا"];
    for i in 0..160 {
        world.post(Some(&format!("E{}", i % 10)), None, &[]).salary = Some(texts[i / 40].into());
    }
    let pay = world.measure().findings.pay;
    let rows: Vec<_> = pay.iter().filter(|p| p.occupation_group == "all").collect();
    let found: Vec<_> = rows.iter().map(|p| (p.currency.as_str(), p.pay_period, p.median.unwrap())).collect();
    let expected = [
        ("EUR", PayPeriod::Month, 2_000.0),
        ("EUR", PayPeriod::Year, 24_000.0),
        ("GBP", PayPeriod::Year, 24_000.0),
        ("ILS", PayPeriod::Month, 4_000.0),
    ];
    assert_eq!(found, expected);
    assert!(rows.iter().all(|p| (p.posting_count, p.base_count, p.share) == (40, 160, Some(0.25))));
    let mut shuffled = world.clone();
    shuffled.postings.reverse();
    assert_eq!(shuffled.measure().findings.pay, pay);
}
