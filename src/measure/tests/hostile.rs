use super::world::{World, cube, row, varied};
use crate::measure::{Measured, PORTFOLIO};
use crate::types::*;

const ALL3: (&str, &str, &str) = ("all", "all", "all");

/// What must hold of any result.
fn check(measured: &Measured) {
    let findings = &measured.findings;
    let gaps = findings.gaps.iter().map(|g| &g.demand);
    for d in cube(measured).iter().chain(&findings.demand).chain(gaps) {
        if d.mark == Some(Mark::Suppressed) {
            let counts = (d.posting_count, d.employer_count, d.source_count, d.effective_n);
            assert_eq!((counts, d.share, d.share_low, d.share_high), ((0, 0, 0, 0.0), None, None, None), "{d:?}");
        } else {
            let (share, low, high) = (d.share.unwrap(), d.share_low.unwrap(), d.share_high.unwrap());
            assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{d:?}");
            assert!(d.base_count >= 30 && d.effective_n <= d.base_count as f64 && d.effective_n > 0.0, "{d:?}");
        }
    }
    for g in &findings.gaps {
        assert_eq!(g.rank.is_some(), g.demand.share.is_some(), "{g:?}");
        assert_eq!(g.unmet_per_100.is_some(), g.rank.is_some());
        assert!(g.tied_to >= g.rank && (0.0..=1.0).contains(&g.coverage), "{g:?}");
    }
    for p in &findings.programmes {
        assert_eq!(p.coverage.is_some(), p.coverage_low.is_some() && p.coverage_high.is_some(), "{p:?}");
        assert!(p.mark != Some(Mark::Suppressed) || (p.coverage.is_none() && p.add.is_empty() && p.review.is_empty()));
    }
    assert_eq!(findings.programmes[0].programme, PORTFOLIO);
    serde_json::to_string(findings).unwrap();
}

fn plain(count: usize, change: impl Fn(usize, &mut Posting), skills: &[&str]) -> World {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    for i in 0..count {
        change(i, world.post(Some(&format!("E{}", i % 9)), Some("2025-01-31"), skills));
    }
    world.teach("mc", &["dev"], &[("o", "b", 0.9, Verdict::Accepted)]);
    world
}

#[test]
fn a_world_of_thick_and_thin_cells_leaks_nothing_that_is_withheld() {
    let measured = varied().measure();
    check(&measured);
    let rows = cube(&measured);
    let withheld = rows.iter().filter(|d| d.mark == Some(Mark::Suppressed)).count();
    assert!(withheld > 50 && rows.len() - withheld > 100, "{withheld} of {}", rows.len());
    assert_eq!(rows.len(), measured.demand.row_count());
}

#[test]
fn no_postings_at_all_is_a_result_without_figures() {
    let measured = plain(0, |_, _| {}, &[]).measure();
    check(&measured);
    assert!(cube(&measured).is_empty());
    assert_eq!(measured.findings.programmes[0].mark, Some(Mark::Suppressed));
    assert_eq!(World::default().measure().findings.programmes.len(), 1);
}

#[test]
fn twenty_nine_postings_or_four_employers_are_withheld_and_thirty_of_five_are_not() {
    for (count, employers, published) in [(29, 29, false), (30, 4, false), (30, 5, true)] {
        let measured = plain(count, |i, p| p.employer = Some(format!("E{}", i % employers)), &["a"]).measure();
        check(&measured);
        let a = row(&measured, "a", ALL3);
        assert_eq!(a.is_some_and(|d| d.share == Some(1.0)), published, "{count} {employers}");
        assert_eq!(row(&measured, "all", ALL3).is_some_and(|d| d.base_count == count as u64), !published);
        let gap = measured.findings.gaps.iter().find(|g| g.demand.skill == "a").unwrap();
        assert_eq!(gap.rank.is_some(), published);
    }
}

#[test]
fn unknown_employers_turn_the_employer_rule_off_and_mark_the_cell() {
    let measured = plain(60, |_, p| p.employer = None, &["a"]).measure();
    check(&measured);
    let a = row(&measured, "a", ALL3).unwrap();
    assert_eq!((a.mark, a.employer_count), (Some(Mark::LowReliability), 0));
    // Exactly half unknown: the rule still holds, and two known employers are too few.
    let half = plain(60, |i, p| p.employer = (i % 2 == 0).then(|| format!("E{}", i % 4)), &["a"]).measure();
    assert!(row(&half, "a", ALL3).is_none());
    check(&half);
}

#[test]
fn one_employer_who_posts_everything_is_withheld() {
    let measured = plain(500, |_, p| p.employer = Some("Only".into()), &["a"]).measure();
    check(&measured);
    assert!(cube(&measured).iter().all(|d| d.mark == Some(Mark::Suppressed)));
}

#[test]
fn all_asking_and_none_asking_and_no_dates_are_ordinary() {
    let all = plain(90, |_, p| p.posted_on = None, &["a"]).measure();
    check(&all);
    assert!(all.findings.trends.is_empty() && all.findings.meta.period_first.is_none());
    assert_eq!(row(&all, "a", ALL3).unwrap().share_high, Some(1.0));
    let none = plain(90, |_, _| {}, &[]).measure();
    check(&none);
    assert_eq!(none.findings.programmes[0].coverage, None);
    assert_eq!(none.findings.gaps[0].demand.share, Some(0.0));
}

#[test]
fn odd_codes_spans_and_circles_harm_nothing() {
    let mut world = varied();
    world.parents.insert("ES".into(), "ES511".into());
    world.taxonomy.skills[4].broader = vec!["a".into(), "nowhere".into()];
    world.postings[0].employer = Some("   ".into());
    let id = world.postings[1].id.0.clone();
    for (start, end) in [(0, 0), (40, 3), (5, 9_000), (u32::MAX, u32::MAX)] {
        world.mention(&id, "not in the taxonomy", Verdict::Accepted);
        let mention = world.mentions.last_mut().unwrap();
        (mention.start, mention.end) = (start, end);
    }
    world.programmes[0].target_occupations = vec!["no posting has it".into()];
    world.programmes[1].credentials = vec![CredentialId("missing".into())];
    world.credentials[0].ects = None;
    let measured = world.measure();
    check(&measured);
    assert_eq!(row(&measured, "not in the taxonomy", ALL3).unwrap().label, "not in the taxonomy");
    assert_eq!(measured.findings.programmes[0].ects, None);
}
