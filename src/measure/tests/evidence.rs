//! Which sentence shows a skill.

use super::world::World;
use crate::types::*;

/// Thirty postings by thirty employers that all ask for `a`.
fn asking() -> World {
    let mut world = World::with_skills(&[("a", &[])]);
    world.spec.evidence_per_skill = 3;
    for i in 0..30 {
        world.post(Some(&format!("E{i}")), None, &["a"]);
    }
    world
}

/// The text of every mention that is shown.
fn shown(world: &World) -> Vec<String> {
    let evidence = world.measure().findings.evidence;
    assert_eq!(evidence.len(), 3);
    evidence.iter().map(|e| e.sentence[e.start as usize..e.end as usize].to_owned()).collect()
}

/// Gives every posting one more mention of `a`.
fn mention(world: &mut World, change: impl Fn(&mut Mention)) {
    for i in 0..world.postings.len() {
        let id = world.postings[i].id.0.clone();
        world.mention(&id, "a", Verdict::Accepted);
        world.mentions.last_mut().into_iter().for_each(&change);
    }
}

#[test]
fn the_surest_mention_is_shown_then_one_of_the_body_then_the_earliest() {
    let mut world = asking();
    // "We look for you. You know things well! Apply.": `things` at .9.
    mention(&mut world, |m| (m.start, m.end, m.score) = (3, 7, Score::new(0.5)));
    mention(&mut world, |m| (m.start, m.end) = (33, 37));
    mention(&mut world, |m| (m.field, m.start, m.end) = (Field::Title, 0, 3));
    assert_eq!(shown(&world), ["things"; 3]);
    mention(&mut world, |m| (m.start, m.end) = (21, 25));
    assert_eq!(shown(&world), ["know"; 3]);
    mention(&mut world, |m| (m.field, m.start, m.end, m.score) = (Field::Title, 0, 3, Score::new(0.95)));
    assert_eq!(shown(&world), ["Job"; 3]);
    world.mentions.reverse();
    assert_eq!(shown(&world), ["Job"; 3]);
}

#[test]
fn evidence_says_how_its_mention_was_found() {
    for lane in [Lane::Exact, Lane::Stem, Lane::Fuzzy, Lane::Ranked] {
        let mut world = asking();
        world.mentions.iter_mut().for_each(|m| (m.lane, m.label) = (lane, "label of it".into()));
        let evidence = world.measure().findings.evidence;
        assert_eq!(evidence.len(), 3);
        assert!(evidence.iter().all(|e| (e.lane, e.label.as_str(), e.score) == (lane, "label of it", 0.9)));
    }
}

#[test]
fn evidence_is_of_other_languages_and_boards_where_employers_do_not_decide() {
    let mut world = asking();
    for (i, posting) in world.postings.iter_mut().enumerate() {
        posting.employer = Some("E".into());
        posting.language = if i < 29 { Lang::En } else { Lang::Ca };
        posting.board = if i == 3 { "other" } else { "board-a" }.into();
        posting.boards = vec![posting.board.clone()];
    }
    let evidence = world.measure().findings.evidence;
    let languages: Vec<Lang> = evidence.iter().map(|e| e.language).collect();
    assert_eq!(languages.iter().filter(|l| **l == Lang::Ca).count(), 1, "{languages:?}");
    assert_eq!(evidence.iter().filter(|e| e.board == "other").count(), 1, "{evidence:?}");
}

#[test]
fn sentences_are_shown_of_skills_in_a_list_of_taught_ones_and_of_the_first_by_rank() {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[])]);
    for i in 0..60 {
        let asked = [("a", 60), ("b", 50), ("c", 40), ("d", 30)];
        let own: Vec<&str> = asked.iter().filter(|s| i < s.1).map(|s| s.0).collect();
        world.post(Some(&format!("E{i}")), None, &own);
    }
    world.teach("mc", &[], &[("o", "d", 0.9, Verdict::Accepted)]);
    world.spec.top_k = 1;
    let skills = |world: &World| {
        let evidence = world.measure().findings.evidence;
        evidence.into_iter().map(|e| e.skill).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    // a is to be added, d is taught; b has rank 2 and c rank 3.
    for (limit, expected) in [(0, &["a", "d"][..]), (1, &["a", "d"]), (2, &["a", "b", "d"]), (3, &["a", "b", "c", "d"])]
    {
        world.spec.evidence_skills = limit;
        assert_eq!(skills(&world), expected, "{limit}");
    }
    // Without figures there are no ranks, and all may be shown.
    world.spec.min_postings = 61;
    world.spec.evidence_skills = 0;
    assert_eq!(skills(&world), ["a", "b", "c", "d"]);
}
