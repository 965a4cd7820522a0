use super::world::{World, cube, row, varied};
use crate::measure::{Measured, PORTFOLIO};
use crate::types::*;

const ALL3: (&str, &str, &str) = ("all", "all", "all");

fn gap<'a>(measured: &'a Measured, programme: &str, skill: &str) -> &'a Gap {
    measured.findings.gaps.iter().find(|g| g.programme == programme && g.demand.skill == skill).unwrap()
}

#[test]
fn a_skill_counts_once_per_posting_and_only_when_accepted() {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    for i in 0..40 {
        let employer = format!("E{}", i % 8);
        let id = world.post(Some(&employer), None, if i < 10 { &["a"] } else { &[] }).id.0.clone();
        world.mention(&id, "b", Verdict::Review);
        if i < 10 {
            world.mention(&id, "a", Verdict::Accepted);
        }
    }
    world.mention("a posting that was not kept", "a", Verdict::Accepted);
    let measured = world.measure();
    let a = row(&measured, "a", ALL3).unwrap();
    assert_eq!((a.posting_count, a.base_count, a.employer_count, a.source_count), (10, 40, 8, 1));
    // Forty postings of eight employers tell it to thirty points.
    assert_eq!((a.share, a.label.as_str(), a.mark), (Some(0.25), "name of a", Some(Mark::LowReliability)));
    assert!(row(&measured, "b", ALL3).is_none());
    let quality = &measured.findings.quality;
    assert_eq!((quality.accepted_mention_count, quality.review_mention_count), (20, 40));
    assert_eq!((quality.languages[0].without_skill_count, quality.languages[0].skills_per_posting), (30, 0.25));
}

#[test]
fn areas_roll_up_and_undated_postings_count_in_no_period() {
    let mut world = World::with_skills(&[("a", &[])]);
    world.parents = [("ES511", "ES51"), ("ES51", "ES")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    for i in 0..120 {
        let day = (i % 4 != 0).then_some("2025-05-05");
        let posting = world.post(Some(&format!("E{}", i / 4 % 10)), day, &["a"]);
        posting.area = Some(AreaCode(if i < 80 { "ES511" } else { "ES51" }.into()));
        posting.isco = Some(IscoCode::new("2512").unwrap());
    }
    let measured = world.measure();
    let base = |area, period, group| row(&measured, "a", (area, period, group)).unwrap().base_count;
    assert_eq!(["all", "ES", "ES51", "ES511"].map(|area| base(area, "all", "all")), [120, 120, 120, 80]);
    assert_eq!(["all", "ES511"].map(|area| base(area, "2025-Q2", "2")), [90, 60]);
    assert_eq!(measured.findings.quality.undated_count, 30);
}

#[test]
fn the_interval_of_a_planted_clustered_share_is_the_one_worked_out_elsewhere() {
    // Employers of 10, 10, 20, 5, 15 postings of which 5, 1, 12, 0, 3 ask. scipy 1.17, statsmodels 0.15: deff 3.8118131868
    // and 2.460673 degrees of freedom (see intervals), with t = scipy.stats.t.ppf(.975, .)
    // n = 60 / deff * (t(59) / t(4)) ** 2 / (1 + ((t(2.460673) / t(4)) ** 2 - 1) * (1 - 1 / deff)) = 5.4020753,
    // proportion_confint(.35 * n, n, method='wilson').
    let mut world = World::with_skills(&[("a", &[])]);
    for (e, (n, x)) in [(10, 5), (10, 1), (20, 12), (5, 0), (15, 3)].into_iter().enumerate() {
        (0..n)
            .for_each(|i| drop(world.post(Some(&format!("E{e}")), None, if i < x { &["a"] } else { &[] }).url.take()));
    }
    let a = row(&world.measure(), "a", ALL3).unwrap();
    assert_eq!((a.posting_count, a.employer_count, a.mark), (21, 4, Some(Mark::LowReliability)));
    assert!((a.effective_n - 5.402_075).abs() < 2e-2, "{}", a.effective_n);
    assert!((a.share_low.unwrap() - 0.098_600).abs() < 3e-4 && (a.share_high.unwrap() - 0.726_075).abs() < 3e-4);
}

#[test]
fn a_share_of_many_employers_that_rests_on_fewer_effective_postings_than_a_cell_needs_is_marked() {
    // A hundred postings of twenty employers. Ten employers ask for `all` in each of theirs, so that twenty answers are all
    // there is; every employer asks for `some` in two of its five, so that the hundred postings count as drawn one by one.
    let mut world = World::with_skills(&[("all", &[]), ("some", &[])]);
    for i in 0..100 {
        let (employer, own) = (i / 5, i % 5);
        let asks = [("all", employer < 10), ("some", own < 2)];
        let asked: Vec<&str> = asks.iter().filter(|a| a.1).map(|a| a.0).collect();
        world.post(Some(&format!("E{employer}")), None, &asked);
    }
    world.spec.min_postings = 30;
    let measured = world.measure();
    let told = |skill| {
        let row = row(&measured, skill, ALL3).unwrap();
        (row.posting_count, row.employer_count, row.effective_n < 20.0, row.mark)
    };
    assert_eq!(told("all"), (50, 10, true, Some(Mark::LowReliability)));
    assert_eq!(told("some"), (40, 20, false, None));
}

#[test]
fn sources_are_the_boards_of_all_origins() {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[])]);
    for i in 0..30 {
        let posting = world.post(Some(&format!("E{}", i % 6)), None, if i == 0 { &["a", "b"] } else { &["b"] });
        posting.boards = if i == 0 { vec!["board-a".into(), "board-c".into()] } else { vec!["board-a".into()] };
        posting.board = if i == 7 { "board-b" } else { "board-a" }.into();
    }
    let measured = world.measure();
    assert_eq!(["a", "b"].map(|s| row(&measured, s, ALL3).unwrap().source_count), [2, 3]);
    assert_eq!(measured.findings.programmes[0].source_count, 3);
    let one_board = Caveat::OneBoard { share: 29.0 / 30.0, board: "board-a".into() };
    assert!(measured.findings.caveats.contains(&one_board), "{:?}", measured.findings.caveats);
}

#[test]
fn coverage_goes_one_step_up_in_full_one_step_down_by_half_and_to_no_sibling() {
    let mut world = World::with_skills(&[("child", &["mid"]), ("mid", &["top"]), ("sibling", &["mid"]), ("top", &[])]);
    for i in 0..60 {
        world.post(Some(&format!("E{}", i % 12)), None, &["child", "mid", "sibling", "top"]);
    }
    world.teach("narrow", &[], &[("o1", "child", 0.8, Verdict::Accepted), ("o2", "sibling", 0.9, Verdict::Review)]);
    world.teach("wide", &[], &[("o3", "mid", 0.5, Verdict::Accepted)]);
    let measured = world.measure();
    let coverage = |programme: &str, skill: &str| {
        let row = measured.coverage.iter().find(|c| c.programme == programme && c.skill == skill);
        row.map(|c| ((c.coverage * 1000.0).round() as u32, c.grade, c.outcome.0.as_str()))
    };
    assert_eq!(["child", "mid"].map(|s| coverage("narrow", s)), [Some((800, 1.0, "o1")); 2]);
    assert_eq!(["top", "sibling"].map(|s| coverage("narrow", s)), [None; 2]);
    assert_eq!(coverage("wide", "child"), Some((250, 0.5, "o3")));
    assert_eq!(coverage("wide", "top"), Some((500, 1.0, "o3")));
    let taught = ["child", "mid", "sibling", "top"].map(|s| coverage(PORTFOLIO, s).unwrap().0);
    assert_eq!(taught, [800, 800, 250, 500]);
    // All four skills in every posting: (.8 + .8 + .25 + .5) / 4, the same whichever employers are drawn. What varies is
    // which match is true: neither (.1) covers nothing, `o1` alone (.4) two skills of four, `o3` alone (.1) three
    // quarters, both (.4) seven eighths.
    let whole = &measured.findings.programmes[0];
    let figures = [whole.coverage, whole.coverage_low, whole.coverage_high].map(|c| (c.unwrap() * 1e4).round());
    assert_eq!((figures, whole.outcome_count, whole.outcome_linked_count), ([5875.0, 0.0, 8750.0], 3, 2));
    assert_eq!(whole.ects, Some(8.0));
}

#[test]
fn gaps_are_ranked_named_and_tied_as_the_plan_says() {
    let mut world = World::with_skills(&[("add", &[]), ("half", &[]), ("rare", &[]), ("taught", &[]), ("unseen", &[])]);
    for i in 0..1000 {
        let skills = [("add", 2), ("half", 4), ("taught", 3), ("rare", 500)];
        let own: Vec<&str> = skills.iter().filter(|s| i % s.1 == 0).map(|s| s.0).collect();
        world.post(Some(&format!("E{i}")), None, &own);
    }
    let accepted = Verdict::Accepted;
    let outcomes = [("o1", "half", 0.5, accepted), ("o2", "taught", 1.0, accepted), ("o3", "unseen", 0.9, accepted)];
    world.teach("mc", &[], &outcomes);
    let measured = world.measure();
    let add = gap(&measured, PORTFOLIO, "add");
    assert_eq!((add.rank, add.tied_to, add.status, add.unmet_per_100), (Some(1), Some(1), GapStatus::Add, Some(50.0)));
    let half = gap(&measured, PORTFOLIO, "half");
    assert_eq!((half.rank, half.status, half.unmet_per_100), (Some(2), GapStatus::Strengthen, Some(12.5)));
    assert_eq!(gap(&measured, PORTFOLIO, "taught").status, GapStatus::Covered);
    assert_eq!(gap(&measured, PORTFOLIO, "rare").status, GapStatus::Watch);
    let unseen = gap(&measured, PORTFOLIO, "unseen");
    assert_eq!((unseen.status, unseen.demand.posting_count, unseen.demand.share), (GapStatus::Review, 0, Some(0.0)));
    let whole = &measured.findings.programmes[0];
    assert_eq!(
        (&whole.add[..], &whole.strengthen[..], &whole.review[..]),
        (&["add".to_owned()][..], &["half".to_owned()][..], &["unseen".to_owned()][..])
    );
    // Asked 500 + 250 + 334 + 2 times: (.5 * 250 + 334) / 1086.
    assert!((whole.coverage.unwrap() - 459.0 / 1086.0).abs() < 1e-6);
    let (low, high) = (whole.coverage_low.unwrap(), whole.coverage_high.unwrap());
    // The match of one half is true or not: 334 or 584 of 1086, give or take 1.645 standard errors of .0125 and .0115.
    assert!((low - 0.287).abs() < 0.01 && (high - 0.557).abs() < 0.01, "{low} {high}");
    assert_eq!((add.top_probability, unseen.top_probability), (Some(1.0), Some(0.0)));
}

#[test]
fn a_programme_is_judged_by_the_postings_of_its_target_occupations() {
    let measured = varied().measure();
    let findings = &measured.findings;
    let bases: Vec<_> = findings.programmes.iter().map(|p| (p.programme.as_str(), p.base_count)).collect();
    assert_eq!(bases, [(PORTFOLIO, 400), ("mc-1", 133), ("mc-2", 400)]);
    // Postings 1, 4, 7, ... of the occupation: b is asked by multiples of 3, none of them.
    assert!(
        findings.gaps.iter().all(|g| g.programme != "mc-1" || g.demand.skill != "b" || g.demand.posting_count == 0)
    );
    assert_eq!(gap(&measured, "mc-2", "b").demand.posting_count, 134);
}

#[test]
fn growth_is_measured_on_boards_present_in_both_halves() {
    let mut world = World::with_skills(&[("flat", &[]), ("grown", &[])]);
    for i in 0..800 {
        let later = i >= 400;
        let mut skills = vec![];
        skills.extend((i % 4 == 0).then_some("flat"));
        skills.extend((i % 10 == 0 || (later && i % 10 < 4)).then_some("grown"));
        world.post(Some(&format!("E{i}")), Some(if later { "2025-08-01" } else { "2025-02-01" }), &skills);
    }
    // A board that comes late and asks for nothing else must not look like growth of `flat`.
    for i in 0..300 {
        world.post(Some(&format!("N{i}")), Some("2025-08-02"), &["flat"]).board = "new".into();
    }
    let measured = world.measure();
    let trend = |skill: &str| measured.findings.trends.iter().find(|t| t.skill == skill && t.area == "all").unwrap();
    let flat = trend("flat");
    assert_eq!((flat.first_count, flat.first_base, flat.last_count, flat.last_base), (100, 400, 100, 400));
    assert_eq!((flat.call, flat.first.as_str(), flat.last.as_str()), (TrendCall::NoClearChange, "2025-Q1", "2025-Q3"));
    assert_eq!(flat.series, [("2025-Q1".to_owned(), 100, 400), ("2025-Q3".to_owned(), 100, 400)]);
    let grown = trend("grown");
    assert_eq!((grown.call, grown.first_count, grown.last_count), (TrendCall::Growing, 40, 160));
    assert!((grown.growth.unwrap() - (160.5_f64 / 40.5).ln()).abs() < 1e-12);
    assert_eq!(measured.findings.trends[0].skill, "grown");
}

/// 200 skills of which each posting asks for one in ten as chance has it, and `grown`, which doubles; two boards.
fn many(seed: u64, grown: bool) -> World {
    let names: Vec<String> = (0..200).map(|s| format!("s{s:03}")).collect();
    let skills: Vec<(&str, &[&str])> =
        names.iter().map(|n| (n.as_str(), &[] as &[&str])).chain([("z", &[] as _)]).collect();
    let mut world = World::with_skills(&skills);
    // Knuth's generator, apart from anything the estimators use.
    let mut state = seed;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    for i in 0..600 {
        let later = i >= 300;
        let mut asked: Vec<&str> = names.iter().filter(|_| draw() < 0.1).map(String::as_str).collect();
        asked.extend((grown && draw() < if later { 0.4 } else { 0.2 }).then_some("z"));
        let day = if later { "2025-08-01" } else { "2025-02-01" };
        world.post(Some(&format!("E{}", i % 150)), Some(day), &asked).board = format!("board {}", i % 2);
    }
    world
}

#[test]
fn among_many_skills_that_do_not_change_hardly_any_is_called_and_one_that_doubles_is_emerging() {
    let (mut alone, mut called) = (0, 0);
    for seed in 0..5 {
        let trends = many(seed, false).measure().findings.trends;
        let of_all = trends.iter().filter(|t| t.area == "all");
        alone += of_all.clone().filter(|t| t.low.unwrap() > 0.0 || t.high.unwrap() < 0.0).count();
        called += of_all.filter(|t| t.call != TrendCall::NoClearChange).count();
    }
    // Each by itself at 5 %: about 50 of 1,000 are clear of 0 though nothing changed.
    assert!(alone >= 20, "{alone}");
    assert!(called <= 2, "{called}");
    let found = many(7, true).measure().findings.trends;
    let z = found.iter().find(|t| t.skill == "z" && t.area == "all").unwrap();
    assert_eq!(z.call, TrendCall::Emerging, "{z:?}");
    assert!(z.q.unwrap() < 0.05 && z.last_employers > 50 && z.last_sources == 2);
}

#[test]
fn growth_on_one_board_or_by_a_little_is_growing_and_not_emerging() {
    let mut world = many(7, true);
    world.postings.iter_mut().for_each(|p| p.board = "one".into());
    let call = |world: &World| world.measure().findings.trends.iter().find(|t| t.skill == "z").unwrap().call;
    assert_eq!(call(&world), TrendCall::Growing);
    let mut world = many(7, true);
    world.spec.trends.emerging_ratio = 4.0;
    assert_eq!(call(&world), TrendCall::Growing);
}

#[test]
fn evidence_comes_from_different_employers_with_offsets_that_hold() {
    let mut world = World::with_skills(&[("a", &[])]);
    world.spec.evidence_per_skill = 5;
    for i in 0..60 {
        let employer = if i < 40 { "Big".to_owned() } else { format!("E{}", i % 8) };
        world.post(Some(&employer), None, &["a"]).language = [Lang::En, Lang::Es][i % 2];
    }
    let evidence = world.measure().findings.evidence;
    assert_eq!(evidence.len(), 5);
    let employer = |e: &Evidence| world.postings.iter().find(|p| p.id == e.posting).unwrap().employer.clone();
    let employers: std::collections::BTreeSet<_> = evidence.iter().map(employer).collect();
    assert_eq!(employers.len(), 5);
    for e in &evidence {
        assert_eq!(e.sentence, "You know things well!");
        assert_eq!(&e.sentence[e.start as usize..e.end as usize], "things");
    }
}

#[test]
fn the_order_of_input_rows_does_not_matter() {
    let world = varied();
    let mut shuffled = world.clone();
    shuffled.postings.sort_by_key(|p| std::cmp::Reverse(p.id.0.chars().rev().collect::<String>()));
    shuffled.mentions.reverse();
    shuffled.links.reverse();
    let (one, other) = (world.measure(), shuffled.measure());
    let bytes = |m: &Measured| serde_json::to_string(&(cube(m), &m.coverage, &m.findings)).unwrap();
    assert_eq!(bytes(&one), bytes(&other));
    assert!(one.findings.trends.iter().any(|t| t.growth.is_some()));
}
