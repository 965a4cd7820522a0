use super::world::{World, varied};
use crate::measure::Measured;
use crate::types::*;

fn close(a: f64, b: f64, by: f64) -> bool {
    (a - b).abs() <= by
}

fn occupation(id: &str) -> Occupation {
    let label = Label { text: format!("name of {id}"), lang: Lang::En, kind: LabelKind::Preferred };
    let isco = Some(IscoCode::new("2512").unwrap());
    Occupation { id: id.into(), isco, labels: vec![label], description: None, sectors: vec![] }
}

/// Sixty postings for `dev` by twelve employers: a is asked by 40, b by 30, c by 5, d by 20 = 95 requests. Ten for `cook`
/// ask for nothing. mc-1 teaches a; mc-2 teaches b and c; mc-3 teaches a, less surely. Nobody teaches d or e.
fn planted() -> World {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[]), ("e", &[])]);
    for i in 0..70_usize {
        let asks = [("a", i < 40), ("b", i % 2 == 0), ("c", i % 12 == 0), ("d", i % 3 == 0)];
        let skills: Vec<&str> = asks.iter().filter(|s| s.1 && i < 60).map(|s| s.0).collect();
        let posting = world.post(Some(&format!("E{}", i % 12)), None, &skills);
        posting.occupation = Some(if i < 60 { "dev" } else { "cook" }.to_owned());
    }
    let accepted = Verdict::Accepted;
    world.teach("mc-1", &["cook", "dev", "ghost"], &[("o1", "a", 1.0, accepted)]);
    world.teach("mc-2", &[], &[("o2", "b", 1.0, accepted), ("o3", "c", 1.0, accepted)]);
    world.teach("mc-3", &[], &[("o4", "a", 0.9, accepted), ("o5", "d", 0.9, Verdict::Review)]);
    world.taxonomy.occupations = vec![occupation("cook"), occupation("dev")];
    // a, d and e are essential for `dev`, b is optional.
    let relation = |skill, kind| Relation { occupation: 1, skill, kind };
    let essential = [0, 3, 4].map(|skill| relation(skill, RelationKind::Essential));
    world.taxonomy.relations = [&essential[..1], &[relation(1, RelationKind::Optional)], &essential[1..]].concat();
    world
}

/// (step, pick, credential) of an occupation.
fn way<'a>(measured: &'a Measured, occupation: &str) -> Vec<(u32, u32, Option<&'a str>)> {
    let steps = measured.findings.pathways.iter().filter(|s| s.occupation == occupation);
    steps.map(|s| (s.step, s.picked, s.credential.as_deref())).collect()
}

#[test]
fn two_credentials_cover_an_occupation_and_a_third_that_adds_nothing_is_left_out() {
    let measured = planted().measure();
    assert_eq!(way(&measured, "dev"), [(1, 1, Some("mc-1")), (2, 2, Some("mc-2"))]);
    let [first, second] = [1, 2].map(|n| measured.findings.pathways.iter().find(|s| s.step == n).unwrap());
    assert_eq!((first.coverage_before, second.coverage_before), (Some(0.0), first.coverage_after));
    // a: 40 of 95 requests; with b and c 75.
    assert!(close(first.coverage_after.unwrap(), 40.0 / 95.0, 1e-6));
    assert!(close(second.coverage_after.unwrap(), 75.0 / 95.0, 1e-6));
    assert_eq!((first.ects_total, second.ects_total), (Some(4.0), Some(8.0)));
    assert_eq!((first.base_count, first.employer_count, first.source_count, first.mark), (60, 12, 1, None));
    assert_eq!(
        (first.occupation_label.as_str(), first.isco.as_deref(), first.targeted),
        ("name of dev", Some("2512"), true)
    );
    assert_eq!((first.title.as_deref(), first.ects, second.title.as_deref()), (Some("MC-1"), Some(4.0), Some("MC-2")));
    assert!(close(first.gain.unwrap(), 40.0 / 95.0, 1e-6) && close(second.gain.unwrap(), 35.0 / 95.0, 1e-6));
    // Of a, d and e the first is covered.
    assert_eq!((second.essential_count, second.essential_covered), (3, 1));
    // numpy: 200,000 draws of the 12 employers, quantiles .025 and .975 of the ratio of sums; ours are 200 draws.
    let ends = [
        first.coverage_low,
        first.coverage_high,
        second.coverage_low,
        second.coverage_high,
        second.gain_low,
        second.gain_high,
    ];
    let expected = [0.320, 0.583, 0.662, 0.937, 0.192, 0.495];
    let is_near = ends.iter().zip(expected).all(|(ours, numpy)| close(ours.unwrap(), numpy, 0.05));
    assert!(is_near, "{ends:?}");
}

#[test]
fn what_is_missing_after_the_last_step_has_its_share_interval_and_standing_in_the_taxonomy() {
    let measured = planted().measure();
    let missing: Vec<&PathwayMissing> = measured.findings.pathway_missing.iter().collect();
    assert_eq!(
        missing.iter().map(|m| (m.occupation.as_str(), m.rank, m.skill.as_str())).collect::<Vec<_>>(),
        [("dev", 1, "d")]
    );
    let d = missing[0];
    assert_eq!((d.posting_count, d.base_count, d.employer_count, d.source_count), (20, 60, 4, 1));
    assert!(d.essential && d.coverage == 0.0);
    // Fewer than five employers ask for it.
    assert_eq!(d.mark, Some(Mark::LowReliability));
    // 5 of 5 postings at four employers, none at eight: deff 5.4545, 8 degrees of freedom, n_eff 8.41996 (scipy.stats.t),
    // Wilson .11657 to .65453.
    assert!(
        close(d.share, 1.0 / 3.0, 1e-12) && close(d.share_low, 0.116_57, 1e-3) && close(d.share_high, 0.654_53, 1e-3),
        "{d:?}"
    );
    assert!(close(d.unmet_per_100, 100.0 / 3.0, 1e-9) && close(d.unmet_high, 65.453, 0.1));
}

#[test]
fn withheld_and_unseen_targets_show_their_base_and_nothing_else() {
    let measured = planted().measure();
    for (id, base) in [("cook", 10), ("ghost", 0)] {
        let rows: Vec<&PathwayStep> = measured.findings.pathways.iter().filter(|s| s.occupation == id).collect();
        let [row] = rows[..] else { panic!("{rows:?}") };
        assert_eq!((row.step, row.base_count, row.mark), (0, base, Some(Mark::Suppressed)));
        assert_eq!((row.employer_count, row.source_count, row.coverage_after, &row.credential), (0, 0, None, &None));
    }
    assert!(measured.findings.pathway_missing.iter().all(|m| m.occupation == "dev"));
}

#[test]
fn lower_levels_come_first_and_what_counts_towards_another_before_it() {
    let mut world = planted();
    (world.credentials[0].eqf_level, world.credentials[1].eqf_level) = (Some(7), Some(5));
    let measured = world.measure();
    assert_eq!(way(&measured, "dev"), [(1, 2, Some("mc-2")), (2, 1, Some("mc-1"))]);
    let first = measured.findings.pathways.iter().find(|s| s.step == 1).unwrap();
    assert!(close(first.coverage_after.unwrap(), 35.0 / 95.0, 1e-6), "{first:?}");
    assert_eq!((first.eqf_level, &first.prerequisites, &first.stacks_into), (Some(5), &None, &None));
    // By title, in other letters; mc-3 stands between and is no step itself.
    world.credentials[0].stacks_into = Some("mc-3".into());
    world.credentials[2].stacks_into = Some("Mc-2".into());
    let measured = world.measure();
    assert_eq!(way(&measured, "dev"), [(1, 1, Some("mc-1")), (2, 2, Some("mc-2"))]);
    let first = measured.findings.pathways.iter().find(|s| s.step == 1).unwrap();
    assert_eq!(first.stacks_into.as_deref(), Some("mc-3"));
    (world.credentials[0].stacks_into, world.credentials[1].prerequisites) = (None, Some("MC-1".into()));
    let measured = world.measure();
    assert_eq!(way(&measured, "dev"), [(1, 1, Some("mc-1")), (2, 2, Some("mc-2"))]);
    let second = measured.findings.pathways.iter().find(|s| s.step == 2).unwrap();
    assert_eq!((second.prerequisites.as_deref(), &second.stacks_into), (Some("MC-1"), &None));
}

#[test]
fn of_equal_gains_fewer_credits_then_known_ones_then_the_id_decide() {
    let chosen = |ects: [Option<f64>; 2]| {
        let mut world = planted();
        world.teach("mc-0", &[], &[("o9", "a", 1.0, Verdict::Accepted)]);
        (world.credentials[0].ects, world.credentials[3].ects) = (ects[0], ects[1]);
        way(&world.measure(), "dev")[0].2.unwrap().to_owned()
    };
    assert_eq!(chosen([Some(2.0), Some(4.0)]), "mc-1");
    assert_eq!(chosen([Some(4.0), Some(2.0)]), "mc-0");
    assert_eq!(chosen([Some(4.0), None]), "mc-1");
    assert_eq!(chosen([None, None]), "mc-0");
}

#[test]
fn a_step_that_later_ones_make_idle_is_dropped_unless_it_counts_towards_one_of_them() {
    let mut world = planted();
    // First by 42 of 95 requests, then mc-2 and mc-1 cover all that it does.
    world.teach("mc-x", &[], &[("ox", "a", 0.6, Verdict::Accepted), ("oy", "b", 0.6, Verdict::Accepted)]);
    let taken = |world: &World| {
        let measured = world.measure();
        let mut taken: Vec<String> = way(&measured, "dev").iter().map(|s| s.2.unwrap().to_owned()).collect();
        taken.sort_unstable();
        taken
    };
    assert_eq!(taken(&world), ["mc-1", "mc-2"]);
    world.credentials[3].stacks_into = Some("mc-1".into());
    assert_eq!(taken(&world), ["mc-1", "mc-2", "mc-x"]);
    world.credentials[3].stacks_into = Some("mc-3".into());
    assert_eq!(taken(&world), ["mc-1", "mc-2"]);
}

#[test]
fn an_interval_leaves_out_the_draws_in_which_nobody_asks() {
    // Of two employers neither is drawn in one draw of seven.
    let mut world = planted();
    world.spec.min_employers = 2;
    world.postings.iter_mut().enumerate().for_each(|(i, p)| p.employer = Some(format!("E{}", i % 2)));
    let findings = world.measure().findings;
    let first = findings.pathways.iter().find(|s| s.occupation == "dev" && s.step == 1).unwrap();
    let (low, high) = (first.coverage_low.unwrap(), first.coverage_high.unwrap());
    // Twenty postings of either ask for a, of 65 requests of E0 and 30 of E1.
    assert!(close(low, 20.0 / 65.0, 1e-6) && close(high, 20.0 / 30.0, 1e-6), "{low} {high}");
}

#[test]
fn stacks_add_up_what_their_parts_cover_and_cost() {
    let mut world = planted();
    for (place, stack) in [(0, "Diploma X"), (2, "diploma  x"), (1, "mc-1")] {
        world.credentials[place].stacks_into = Some(stack.into());
    }
    (world.credentials[0].eqf_level, world.credentials[1].ects) = (Some(6), None);
    let stacks = world.measure().findings.stacks;
    let [diploma, first] = &stacks[..] else { panic!("{stacks:?}") };
    assert_eq!((diploma.stack.as_str(), &diploma.stack_credential, diploma.ects), ("Diploma X", &None, Some(8.0)));
    assert_eq!(diploma.credentials, ["mc-1", "mc-3"]);
    assert_eq!((diploma.eqf_low, diploma.eqf_high, diploma.base_count), (Some(6), Some(6), 70));
    assert_eq!(diploma.skills, [("a".to_owned(), "name of a".to_owned())]);
    let (coverage, low, high) =
        (diploma.coverage.unwrap(), diploma.coverage_low.unwrap(), diploma.coverage_high.unwrap());
    assert!(close(coverage, 40.0 / 95.0, 1e-6) && low < coverage && coverage < high);
    assert_eq!((first.stack_credential.as_deref(), first.stack_ects, first.ects), (Some("mc-1"), Some(4.0), None));
    assert_eq!((first.skill_count, first.credentials.as_slice()), (2, &["mc-2".to_owned()][..]));
    assert_eq!(first.skills.iter().map(|s| s.0.as_str()).collect::<Vec<_>>(), ["b", "c"]);
}

#[test]
fn poor_worlds_have_ways_without_figures_and_no_panic() {
    assert!(World::default().measure().findings.pathways.is_empty());
    let mut world = planted();
    world.mentions.clear();
    let silent = world.measure();
    let row = silent.findings.pathways.iter().find(|s| s.occupation == "dev").unwrap();
    assert_eq!((row.step, row.coverage_after, row.mark), (0, None, None));
    let mut world = planted();
    world.links.clear();
    let untaught = world.measure();
    let row = untaught.findings.pathways.iter().find(|s| s.occupation == "dev").unwrap();
    let ends = (row.coverage_low, row.coverage_high);
    assert_eq!((row.step, row.coverage_after, ends), (0, Some(0.0), (Some(0.0), Some(0.0))));
    assert_eq!(untaught.findings.pathway_missing.len(), 4);
    let mut world = planted();
    world.postings.iter_mut().for_each(|p| p.employer = Some("Only".into()));
    world.credentials[0].stacks_into = Some("x".into());
    let single = world.measure().findings;
    assert!(
        single.pathway_missing.is_empty() && single.pathways.iter().all(|s| s.coverage_after.is_none() && s.step == 0)
    );
    assert_eq!(
        (single.stacks[0].coverage, single.stacks[0].skill_count, single.stacks[0].mark),
        (None, 0, Some(Mark::Suppressed))
    );
}

#[test]
fn the_largest_occupations_get_a_way_without_being_a_target_and_the_catalogue_may_come_in_any_order() {
    let world = varied();
    let measured = world.measure();
    let dev = measured.findings.pathways.iter().find(|s| s.occupation == "dev").unwrap();
    let cook = measured.findings.pathways.iter().find(|s| s.occupation == "cook").unwrap();
    assert!(dev.targeted && !cook.targeted && cook.base_count == 133);
    let mut turned = world.clone();
    turned.credentials.reverse();
    let ways = |w: &World| {
        let findings = w.measure().findings;
        serde_json::to_string(&(findings.pathways, findings.pathway_missing, findings.stacks)).unwrap()
    };
    assert_eq!(ways(&world), ways(&turned));
}

#[test]
fn what_is_taught_in_part_is_missing_for_the_rest_and_targets_go_by_their_names() {
    let mut world = planted();
    world.teach("mc-4", &["dev", "ghost"], &[("o9", "d", 0.25, Verdict::Accepted)]);
    let findings = world.measure().findings;
    let d = findings.pathway_missing.iter().find(|m| m.occupation == "dev" && m.skill == "d").unwrap();
    assert_eq!(d.coverage, 0.25);
    for (unmet, share) in [(d.unmet_per_100, d.share), (d.unmet_low, d.share_low), (d.unmet_high, d.share_high)] {
        assert!(close(unmet, 75.0 * share, 1e-9), "{d:?}");
    }
    let named = findings.programmes.iter().find(|p| p.programme == "mc-4").unwrap();
    // One that the taxonomy does not know goes by its id.
    assert_eq!(named.target_occupations, ["name of dev", "ghost"]);
}

#[test]
fn an_occupation_that_no_programme_targets_has_a_way_where_enough_employers_look_for_it() {
    let mut world = planted();
    world.programmes.iter_mut().for_each(|p| p.target_occupations.clear());
    for (occupation, employers) in [("few", 4), ("many", 5)] {
        for i in 0..30 {
            world.post(Some(&format!("{occupation} {}", i % employers)), None, &["a"]).occupation =
                Some(occupation.to_owned());
        }
    }
    let findings = world.measure().findings;
    let told: std::collections::BTreeSet<&str> = findings.pathways.iter().map(|s| s.occupation.as_str()).collect();
    assert_eq!(told.into_iter().collect::<Vec<_>>(), ["dev", "many"]);
}

#[test]
fn boards_employers_and_intervals_of_a_way_are_those_of_its_own_postings() {
    let mut world = planted();
    for (i, posting) in world.postings.iter_mut().enumerate() {
        // d is asked for on one board alone, by all twenty employers.
        posting.board = if i % 3 == 0 { "one" } else { "two" }.into();
        posting.boards = vec![posting.board.clone()];
        posting.employer = Some(format!("E{}", i % 20));
    }
    // All ask for e, which shows no design effect of its own.
    let ids: Vec<String> = world.postings.iter().take(60).map(|p| p.id.0.clone()).collect();
    ids.iter().for_each(|id| world.mention(id, "e", Verdict::Accepted));
    world.programmes[1].target_occupations = vec!["dev".into()];
    let findings = world.measure().findings;
    let first = findings.pathways.iter().find(|s| s.occupation == "dev").unwrap();
    assert_eq!((first.source_count, first.employer_count, first.mark), (2, 20, None));
    let missing = |skill: &str| findings.pathway_missing.iter().find(|m| m.occupation == "dev" && m.skill == skill);
    let (d, e) = (missing("d").unwrap(), missing("e").unwrap());
    assert_eq!((d.source_count, d.employer_count, e.source_count, e.mark), (1, 20, 2, None));
    // A programme with that target has the same postings.
    let gap = findings.gaps.iter().find(|g| g.programme == "mc-2" && g.demand.skill == "e").unwrap();
    assert_eq!((Some(e.share_low), Some(e.share)), (gap.demand.share_low, gap.demand.share));
}
