//! Planted communities of skills, counted by hand.

use super::world::{World, varied};
use crate::measure::ProposalSpec;
use crate::store::{read_table, write_table};
use crate::types::tables::Table;
use crate::types::*;
use std::collections::BTreeSet;

/// The planted groups; `n` are skills that chance throws in.
const GROUPS: [&[&str]; 3] = [&["a1", "a2", "a3"], &["b1", "b2"], &["c1", "c2", "c3", "c4"]];

/// Numbers 0 to 1, apart from anything the estimators use (Knuth's generator).
fn dice(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    }
}

/// 600 postings of 60 employers: three in ten ask for most of one group, and any asks for noise as chance has it.
fn planted() -> World {
    let noise: Vec<String> = (0..20).map(|i| format!("n{i:02}")).collect();
    let all: Vec<(&str, &[&str])> = GROUPS
        .iter()
        .flat_map(|g| g.iter().copied())
        .chain(noise.iter().map(String::as_str))
        .map(|s| (s, &[] as &[&str]))
        .collect();
    let mut world = World::with_skills(&all);
    let mut draw = dice(11);
    for i in 0..600_usize {
        let mut skills: Vec<&str> = Vec::new();
        for (place, group) in GROUPS.iter().enumerate() {
            if draw() < 0.1 * (3 - place) as f64 {
                skills.extend(group.iter().filter(|_| draw() < 0.9));
            }
        }
        skills.extend(noise.iter().filter(|_| draw() < 0.08).map(String::as_str));
        world.post(Some(&format!("E{}", i % 60)), Some("2025-02-01"), &skills);
    }
    world
}

fn sets(found: &Proposals) -> BTreeSet<Vec<String>> {
    let set = |p: &Proposal| {
        let own = found.skills.iter().filter(|s| s.proposal == p.proposal).map(|s| s.skill.clone());
        own.collect::<BTreeSet<_>>().into_iter().collect()
    };
    found.proposals.iter().map(set).collect()
}

fn measured(world: &World) -> Proposals {
    world.measure().findings.proposals
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

#[test]
fn skills_planted_together_are_proposed_together_and_chance_makes_no_proposal() {
    let found = measured(&planted());
    let planted: BTreeSet<Vec<String>> = GROUPS.iter().map(|g| g.iter().map(|s| (*s).to_owned()).collect()).collect();
    assert_eq!(sets(&found), planted);
    for (rank, p) in (1..).zip(&found.proposals) {
        let skills: Vec<&ProposalSkill> = found.skills.iter().filter(|s| s.proposal == p.proposal).collect();
        assert_eq!((p.rank, p.skill_count as usize, p.ects), (rank, skills.len(), skills.len() as f64));
        assert!(p.tied_to >= p.rank && p.proposal.len() == 16 && p.association > 0.3, "{p:?}");
        // Nothing is taught: what is closed is what the skills ask for.
        let sum: f64 = skills.iter().map(|s| s.unmet_per_100).sum();
        assert!(close(p.unmet_per_100, sum) && p.unmet_low < sum && sum < p.unmet_high, "{p:?}");
        assert!(p.closed_low < p.closed_points && p.closed_points < p.closed_high, "{p:?}");
        assert!(p.together_low <= p.together_share && p.together_share <= p.together_high);
        assert!(p.share >= p.together_share && p.employer_count >= p.together_employers && p.mark.is_none(), "{p:?}");
        assert_eq!((p.overlap_credential.as_ref(), p.overlap_share, p.coverage_before), (None, 0.0, 0.0));
        let names: Vec<&str> = skills.iter().take(3).map(|s| s.label.as_str()).collect();
        assert_eq!(p.title, names.join(" + "));
    }
    let unmet: Vec<f64> = found.proposals.iter().map(|p| p.unmet_per_100).collect();
    assert!(unmet.is_sorted_by(|a, b| a >= b), "{unmet:?}");
}

#[test]
fn the_id_follows_the_skills_and_neither_demand_nor_the_order_of_rows() {
    let world = planted();
    let found = measured(&world);
    let mut shuffled = world.clone();
    shuffled.postings.sort_by_key(|p| std::cmp::Reverse(p.id.0.chars().rev().collect::<String>()));
    shuffled.mentions.reverse();
    let json = |p: &Proposals| serde_json::to_string(p).unwrap();
    assert_eq!(json(&measured(&shuffled)), json(&found));
    // `python3 -c "import hashlib; print(hashlib.sha256(b'b1\0b2').hexdigest()[:16])"`
    let two = found.proposals.iter().find(|p| p.skill_count == 2).unwrap();
    assert_eq!(two.proposal, "c77b1d0960bc72db");
}

#[test]
fn a_community_that_one_employer_alone_asks_for_is_not_proposed() {
    let mut world = planted();
    world.taxonomy = World::with_skills(&[("x1", &[]), ("x2", &[]), ("x3", &[])]).taxonomy;
    for _ in 0..80 {
        world.post(Some("Template"), None, &["x1", "x2", "x3"]);
    }
    // Each of them is asked for by many others, alone.
    for i in 0..90 {
        world.post(Some(&format!("E{}", i % 60)), None, &[["x1", "x2", "x3"][i % 3]]);
    }
    assert!(sets(&measured(&world)).iter().all(|s| s.iter().all(|skill| !skill.starts_with('x'))));
}

#[test]
fn a_proposal_stays_within_the_credits_of_the_plan() {
    let mut world = planted();
    world.spec.proposals.ects_cap = Some(4.5);
    world.spec.proposals.ects_per_skill = 1.5;
    let found = measured(&world);
    assert!(found.proposals.iter().all(|p| p.ects <= 4.5 && p.skill_count <= 3) && found.proposals.len() >= 3);
    assert!(sets(&found).contains(&vec!["a1".to_owned(), "a2".to_owned(), "a3".to_owned()]));
    // A law that says "below 4.5" leaves room for two of 1.5.
    world.spec.proposals.ects_cap = None;
    world.spec.proposals.ects_below = Some(4.5);
    let found = measured(&world);
    assert!(!found.proposals.is_empty() && found.proposals.iter().all(|p| p.skill_count == 2));
    world.spec.proposals.ects_below = Some(1.5);
    assert!(measured(&world).proposals.is_empty());
    world.spec.proposals = crate::measure::ProposalSpec { most: 1, ..Default::default() };
    let found = measured(&world);
    assert_eq!((found.proposals.len(), found.proposals[0].rank, found.proposals[0].tied_to), (1, 1, 1));
}

#[test]
fn a_proposal_takes_a_tenth_of_the_postings_of_its_most_asked_skill_to_ask_for_another_of_its_skills_too() {
    // Of 3,000 postings 600 ask for `wide`; all that ask for `rare` are among them, five times as many as chance would have.
    let proposed = |together: usize| {
        let mut world = World::with_skills(&[("rare", &[]), ("wide", &[])]);
        for i in 0..3_000 {
            let asked: &[&str] = match i {
                _ if i < together => &["rare", "wide"],
                0..600 => &["wide"],
                _ => &[],
            };
            world.post(Some(&format!("E{}", i % 60)), Some("2025-02-01"), asked);
        }
        sets(&measured(&world)).len()
    };
    assert_eq!([proposed(59), proposed(60)], [0, 1]);
}

#[test]
fn a_skill_and_its_broader_one_make_no_proposal_of_their_own() {
    let mut world = planted();
    assert!(sets(&measured(&world)).contains(&vec!["b1".to_owned(), "b2".to_owned()]));
    let b1 = world.taxonomy.skill_index("b1").unwrap();
    world.taxonomy.skills[b1].broader = vec!["b2".into()];
    assert!(sets(&measured(&world)).iter().all(|s| !s.contains(&"b1".to_owned())));
}

#[test]
fn a_skill_and_one_two_steps_above_it_make_no_proposal_of_their_own_whichever_is_named_first() {
    for (narrow, broad) in [("b1", "b2"), ("b2", "b1")] {
        let mut world = planted();
        // Nobody asks for the one between.
        world.taxonomy.skills.extend(World::with_skills(&[("between", &[broad])]).taxonomy.skills);
        world.taxonomy.skills.sort_by(|a, b| a.id.cmp(&b.id));
        let narrow = world.taxonomy.skill_index(narrow).unwrap();
        world.taxonomy.skills[narrow].broader = vec!["between".into()];
        assert!(sets(&measured(&world)).iter().all(|s| !s.contains(&"b1".to_owned())));
    }
}

#[test]
fn what_is_said_to_close_is_what_the_next_run_finds_closed() {
    let mut world = planted();
    // `a1` is half covered through a broader skill that nobody asks for; `wide` is above `a2`.
    world.taxonomy.skills.extend(World::with_skills(&[("above", &[]), ("wide", &[])]).taxonomy.skills);
    world.taxonomy.skills.sort_by(|a, b| a.id.cmp(&b.id));
    for (skill, broader) in [("a1", "above"), ("a2", "wide")] {
        let at = world.taxonomy.skill_index(skill).unwrap();
        world.taxonomy.skills[at].broader = vec![broader.into()];
    }
    for i in 0..60 {
        world.post(Some(&format!("E{i}")), None, &["wide"]);
    }
    world.teach("old", &[], &[("o1", "above", 0.8, Verdict::Accepted), ("o2", "n00", 0.9, Verdict::Accepted)]);
    let found = measured(&world);
    let first = found.proposals.iter().find(|p| p.title.contains("name of a2")).unwrap();
    assert_eq!((first.overlap_credential.as_deref(), first.overlap_title.as_deref()), (Some("old"), Some("OLD")));
    assert!(close(first.overlap_share, 1.0 / 3.0), "{first:?}");
    let own = found.skills.iter().find(|s| s.skill == "a1").unwrap();
    assert!(close(own.coverage, f64::from(0.8_f32) / 2.0), "{own:?}");
    let ids: Vec<&str> =
        found.skills.iter().filter(|s| s.proposal == first.proposal).map(|s| s.skill.as_str()).collect();
    let outcomes: Vec<(&str, &str, f32, Verdict)> = ids.iter().map(|s| (*s, *s, 1.0, Verdict::Accepted)).collect();
    let before = world.measure().findings.programmes[0].coverage.unwrap();
    world.teach("new", &[], &outcomes);
    let after = world.measure().findings.programmes[0].coverage.unwrap();
    assert!(close(first.coverage_before, before) && close(first.coverage_after, after), "{first:?} {before} {after}");
    assert!(close(first.closed_points, 100.0 * (after - before)));
    // `wide` gains beside the three of the proposal.
    assert!(!ids.contains(&"wide") && after - before > 0.0);
}

#[test]
fn occupations_and_level_are_those_of_postings_that_ask_for_two_of_the_skills() {
    let mut world = World::with_skills(&[("p", &[]), ("q", &[]), ("r", &[])]);
    world.taxonomy.occupations = vec![Occupation {
        id: "dev".into(),
        isco: None,
        labels: vec![Label { text: "developer".into(), lang: Lang::En, kind: LabelKind::Preferred }],
        description: None,
        sectors: vec![],
    }];
    for i in 0..200_usize {
        let skills: &[&str] = if i < 40 {
            &["p", "q"]
        } else if i < 60 {
            &["p"]
        } else {
            &["r"]
        };
        let posting = world.post(Some(&format!("E{}", i % 20)), None, skills);
        // Of the 40: 24 developers (major group 2), 12 clerks (4), 4 without occupation.
        let (occupation, isco) = match i {
            0..24 => (Some("dev"), Some("2512")),
            24..36 => (Some("clerk"), Some("4110")),
            _ => (None, None),
        };
        posting.occupation = occupation.map(str::to_owned);
        posting.isco = isco.map(|c| IscoCode::new(c).unwrap());
        posting.board = format!("board {}", i % 2);
        posting.boards = vec![posting.board.clone()];
    }
    let found = measured(&world);
    let [p] = found.proposals.as_slice() else { panic!("{:?}", found.proposals) };
    assert_eq!((p.posting_count, p.together_count, p.base_count), (60, 40, 200));
    assert_eq!((p.employer_count, p.together_employers, p.source_count, p.together_sources), (20, 20, 2, 2));
    assert_eq!((p.share, p.together_share), (0.3, 0.2));
    let named: Vec<(&str, u64, u64)> =
        found.occupations.iter().map(|o| (o.occupation_name.as_str(), o.posting_count, o.base_count)).collect();
    assert_eq!(named, [("developer", 24, 40), ("clerk", 12, 40)]);
    assert!(found.occupations.iter().all(|o| o.share_low < o.share && o.share < o.share_high));
    // 36 with a level, 12 of EQF 2 to 4 below 24 of 6 to 7: the middle half runs from the 9th to the 28th.
    assert_eq!((p.eqf_low, p.eqf_high, p.eqf_count), (Some(2), Some(7), 36));
    // Requests: p 60, q 40, r 140; p and q make 100 of 240.
    assert!(close(p.unmet_per_100, 50.0) && close(p.closed_points, 100.0 * 100.0 / 240.0), "{p:?}");
}

#[test]
fn a_credential_is_advised_to_take_up_what_is_asked_for_with_what_it_teaches() {
    let mut world = planted();
    world.teach("a", &[], &[("oa", "a1", 0.9, Verdict::Accepted), ("on", "n01", 0.9, Verdict::Accepted)]);
    world.teach("b", &[], &[("ob", "b1", 0.9, Verdict::Accepted)]);
    world.teach("none", &[], &[("oc", "c1", 0.9, Verdict::Review)]);
    let found = measured(&world).edits;
    let of =
        |id: &str| -> Vec<&str> { found.iter().filter(|e| e.credential == id).map(|e| e.skill.as_str()).collect() };
    assert_eq!(of("a").into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(["a2", "a3"]));
    assert_eq!((of("b"), of("none")), (vec!["b2"], vec![]));
    for e in &found {
        assert!(e.shared_count >= 10 && e.shared_employers >= 5 && e.coverage < 0.25, "{e:?}");
        assert!(e.closed_low <= e.closed_points && e.closed_points <= e.closed_high && e.closed_points > 0.0, "{e:?}");
        let nearest = if e.credential == "a" { ("oa", "a1") } else { ("ob", "b1") };
        assert_eq!((e.outcome.as_ref().unwrap().0.as_str(), e.linked_skill.as_deref().unwrap()), nearest);
    }
    let b2 = found.iter().find(|e| e.skill == "b2").unwrap().clone();
    let before = world.measure().findings.programmes[0].coverage.unwrap();
    world.teach("edited", &[], &[("ob2", "b2", 1.0, Verdict::Accepted)]);
    let after = world.measure().findings.programmes[0].coverage.unwrap();
    assert!(close(b2.closed_points, 100.0 * (after - before)), "{b2:?}");
}

#[test]
fn a_credential_that_teaches_nothing_of_a_proposal_does_not_overlap_with_it() {
    let mut world = planted();
    world.teach("else", &[], &[("o", "n05", 0.9, Verdict::Accepted)]);
    world.teach("half", &[], &[("b", "b1", 0.375, Verdict::Accepted)]);
    world.spec.proposals.ects_per_skill = 1.5;
    let found = measured(&world);
    assert_eq!(found.proposals.len(), 3);
    for p in &found.proposals {
        let expected = if p.skill_count == 2 { (Some("half"), 0.5) } else { (None, 0.0) };
        assert_eq!((p.overlap_credential.as_deref(), p.overlap_share), expected, "{p:?}");
        assert_eq!(p.ects, 1.5 * f64::from(p.skill_count));
        let own: Vec<f64> = found.skills.iter().filter(|s| s.proposal == p.proposal).map(|s| s.association).collect();
        assert!(close(p.association, own.iter().sum::<f64>() / own.len() as f64), "{own:?}");
    }
    // Five eighths of the demand for what is taught by three eighths.
    let b1 = found.skills.iter().find(|s| s.skill == "b1").unwrap();
    for (unmet, share) in [(b1.unmet_per_100, b1.share), (b1.unmet_low, b1.share_low), (b1.unmet_high, b1.share_high)] {
        assert!(close(unmet, 62.5 * share), "{b1:?}");
    }
}

#[test]
fn an_advised_skill_stands_beside_the_outcome_it_is_asked_for_with_most_strongly() {
    // Half of the postings that ask for `near` ask for `added` too, but all that ask for `added` ask for `near`; two in five
    // of them ask for `far`, which others ask for alone.
    let mut world = World::with_skills(&[("added", &[]), ("far", &[]), ("near", &[])]);
    for i in 0..400_usize {
        let skills: &[&str] = match i {
            0..40 => &["added", "far", "near"],
            40..100 => &["added", "near"],
            100..160 => &["near"],
            160..200 => &["far"],
            _ => &[],
        };
        world.post(Some(&format!("E{}", i % 20)), None, skills);
    }
    let accepted = Verdict::Accepted;
    for outcomes in [
        [("o-far", "far", 0.9, accepted), ("o-near", "near", 0.9, accepted)],
        [("o-near", "near", 0.9, accepted), ("o-far", "far", 0.9, accepted)],
    ] {
        let mut world = world.clone();
        world.teach("mc", &[], &outcomes);
        let found = measured(&world).edits;
        let [edit] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((edit.skill.as_str(), edit.linked_skill.as_deref()), ("added", Some("near")));
        assert_eq!(edit.outcome.as_ref().map(|o| o.0.as_str()), Some("o-near"));
    }
}

#[test]
fn a_table_of_proposals_that_cannot_be_meant_is_refused_and_ceilings_come_from_the_catalogue() {
    let usual = ProposalSpec::default();
    assert_eq!(usual.validate(), Ok(()));
    let said = |spec: ProposalSpec| spec.validate().unwrap_err();
    for cap in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(said(ProposalSpec { ects_cap: Some(cap), ..usual }).starts_with("proposals.ects_cap = "), "{cap}");
        assert!(said(ProposalSpec { ects_per_skill: cap, ..usual }).starts_with("proposals.ects_per_skill"), "{cap}");
    }
    assert!(said(ProposalSpec { least_skills: 1, ..usual }).starts_with("proposals.least_skills = 1 "));
    // Three skills of 1.5 ECTS need 4.5.
    let three = ProposalSpec { least_skills: 3, ects_per_skill: 1.5, ects_cap: Some(4.5), ..usual };
    assert_eq!(three.validate(), Ok(()));
    assert!(said(ProposalSpec { ects_cap: Some(4.4), ..three }).contains("has no room"));
    // A ceiling of the plan goes before that of the catalogue's rules, the legal one stands beside both.
    let under = usual.under(Some(4.0), Some(15.0));
    assert_eq!((under.ects_cap, under.ects_below), (Some(4.0), Some(15.0)));
    let own = ProposalSpec { ects_cap: Some(3.0), ..usual }.under(Some(4.0), None);
    assert_eq!((own.ects_cap, own.ects_below), (Some(3.0), None));
    // 4 is no more than 4, but is not below 4.
    assert!(
        said(ProposalSpec { ects_cap: Some(4.0), least_skills: 4, ..usual }.under(None, Some(4.0))).contains("room")
    );
}

#[test]
fn where_all_is_taught_or_withheld_or_nobody_asks_nothing_is_proposed() {
    let mut taught = planted();
    let outcomes: Vec<(String, String)> =
        taught.taxonomy.skills.iter().map(|s| (format!("o-{}", s.id.0), s.id.0.clone())).collect();
    let outcomes: Vec<(&str, &str, f32, Verdict)> =
        outcomes.iter().map(|(o, s)| (o.as_str(), s.as_str(), 0.9, Verdict::Accepted)).collect();
    taught.teach("all", &[], &outcomes);
    let mut one_employer = planted();
    one_employer.postings.iter_mut().for_each(|p| p.employer = Some("E".into()));
    let mut few = planted();
    few.spec.min_postings = 601;
    let mut none = planted();
    none.mentions.clear();
    for world in [taught, one_employer, few, none, World::default()] {
        assert_eq!(measured(&world), Proposals::default());
    }
}

#[test]
fn unknown_employers_count_one_each_and_every_proposal_says_so() {
    let mut world = planted();
    world.postings.iter_mut().for_each(|p| p.employer = None);
    let found = measured(&world);
    assert_eq!(found.proposals.len(), 3);
    assert!(found.proposals.iter().all(|p| p.mark == Some(Mark::LowReliability) && p.together_employers == 0));
}

#[test]
fn all_postings_alike_say_nothing_of_what_belongs_together() {
    let mut world = World::with_skills(&[("p", &[]), ("q", &[])]);
    for i in 0..100 {
        world.post(Some(&format!("E{}", i % 20)), None, &["p", "q"]);
    }
    assert!(measured(&world).proposals.is_empty());
    let varied = measured(&varied());
    assert!(varied.proposals.iter().all(|p| p.skill_count >= 2));
}

fn there_and_back<T: Table + PartialEq + std::fmt::Debug>(rows: &[T]) {
    assert!(!rows.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    write_table(&path, rows).unwrap();
    let back: Vec<T> = read_table(&path).unwrap().flat_map(Result::unwrap).collect();
    assert_eq!(back, rows);
}

#[test]
fn all_four_tables_come_back_from_parquet_as_they_went_in_and_from_json() {
    let mut world = planted();
    world.postings.iter_mut().for_each(|p| p.occupation = Some("dev".into()));
    world.teach("a", &[], &[("oa", "a1", 0.9, Verdict::Accepted)]);
    let found = measured(&world);
    there_and_back(&found.proposals);
    there_and_back(&found.skills);
    there_and_back(&found.occupations);
    there_and_back(&found.edits);
    // A reader of JSON may lose the last digit of a number, so names are compared.
    let json: Proposals = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert_eq!((sets(&json), json.edits.len()), (sets(&found), found.edits.len()));
}

/// Postings of 400 employers; `both` of them ask for p and q, two more for each alone.
fn pair(both: usize, employers: usize) -> World {
    let mut world = World::with_skills(&[("p", &[]), ("q", &[])]);
    for i in 0..400_usize {
        let skills: &[&str] = match i {
            _ if i < both => &["p", "q"],
            _ if i < both + 2 => &["p"],
            _ if i < both + 4 => &["q"],
            _ => &[],
        };
        let employer = if i < both { i % employers } else { i };
        world.post(Some(&format!("E{employer}")), None, skills);
    }
    world
}

#[test]
fn skills_are_proposed_together_from_ten_postings_of_as_many_employers_as_a_cell_needs() {
    let proposed = |both, employers| sets(&measured(&pair(both, employers))).len();
    assert_eq!([proposed(9, 9), proposed(10, 10)], [0, 1]);
    assert_eq!([proposed(24, 4), proposed(24, 8)], [0, 1]);
}

#[test]
fn half_of_a_skill_taught_leaves_it_out_of_proposals_and_a_quarter_out_of_advice() {
    let mut world = planted();
    world.teach("a", &[], &[("o1", "a1", 0.5, Verdict::Accepted)]);
    world.teach("other", &[], &[("o2", "a2", 0.25, Verdict::Accepted)]);
    let found = measured(&world);
    assert!(found.skills.iter().all(|s| s.skill != "a1") && found.skills.iter().any(|s| s.skill == "b1"));
    let advised: Vec<&str> = found.edits.iter().filter(|e| e.credential == "a").map(|e| e.skill.as_str()).collect();
    assert_eq!(advised, ["a3"]);
}

#[test]
fn a_legal_ceiling_alone_leaves_room_up_to_itself() {
    let mut world = planted();
    world.spec.proposals = ProposalSpec { ects_per_skill: 2.0, ..ProposalSpec::default() }.under(None, Some(15.0));
    // Four skills of 2 ECTS are below 15, and more than the 6 of a plan without any ceiling.
    assert!(sets(&measured(&world)).contains(&GROUPS[2].iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()));
    world.spec.proposals.ects_below = None;
    assert!(measured(&world).proposals.iter().all(|p| p.skill_count <= 3));
}
