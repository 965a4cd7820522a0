//! Gaps ranked again with other choices, by hand counts.

use super::world::World;
use crate::types::{GapVariant, Variant, Verdict};

/// 100 postings, 60 on board a and 40 on board b, of ten employers. x: 50 of board a. y: 10 of board a, 30 of board b.
/// z: 20 of board a. An outcome teaches x with a match just accepted (.42); the match to y is just below (.37); the one to z
/// was held back for another reason than its score.
fn world(top_k: u32) -> World {
    let mut world = World::with_skills(&[("x", &[]), ("y", &[]), ("z", &[])]);
    for i in 0..100_usize {
        let (board, at) = if i < 60 { ("board-a", i) } else { ("board-b", i - 60) };
        let asked = [
            ("x", board == "board-a" && at < 50),
            ("y", if board == "board-a" { at < 10 } else { at < 30 }),
            ("z", board == "board-a" && at >= 40),
        ];
        let skills: Vec<&str> = asked.into_iter().filter(|(_, asks)| *asks).map(|(skill, _)| skill).collect();
        let posting = world.post(Some(&format!("Employer {}", i % 10)), Some("2025-05-05"), &skills);
        (posting.board, posting.boards) = (board.into(), vec![board.into()]);
    }
    let outcomes = [
        ("o-x", "x", 0.42, Verdict::Accepted),
        ("o-y", "y", 0.37, Verdict::Review),
        ("o-z", "z", 0.9, Verdict::Review),
    ];
    world.teach("course", &[], &outcomes);
    world.spec.top_k = top_k;
    world
}

fn told(world: &World, skill: &str) -> Vec<(Variant, Option<u32>, f64, bool)> {
    let rows = world.measure().findings.gap_variants;
    let own = rows.into_iter().filter(|v| v.skill == skill);
    let figures = |v: GapVariant| (v.variant, v.rank, (v.unmet_per_100.unwrap() * 10.0).round() / 10.0, v.holds);
    own.map(figures).collect()
}

#[test]
fn a_match_at_the_edge_decides_which_gap_is_the_largest() {
    let world = world(1);
    // As published y leads: 40 untaught, x 50 x (1 - .42) = 29, z 20.
    let expected_y = [
        // Its match counts: 40 x (1 - .37) = 25.2, so x leads.
        (Variant::LowerThreshold, Some(2), 25.2, false),
        // That of x does not: 50, so x leads too.
        (Variant::HigherThreshold, Some(2), 40.0, false),
        // 30 of 40.
        (Variant::WithoutLargestSource, Some(1), 75.0, true),
    ];
    assert_eq!(told(&world, "y"), expected_y);
    let expected_x = [
        (Variant::LowerThreshold, Some(1), 29.0, false),
        (Variant::HigherThreshold, Some(1), 50.0, false),
        (Variant::WithoutLargestSource, Some(2), 0.0, true),
    ];
    assert_eq!(told(&world, "x"), expected_x);
    assert!(told(&world, "z").is_empty(), "never among the largest");
}

#[test]
fn what_was_held_back_for_another_reason_than_its_score_stays_so() {
    let figures: Vec<f64> = told(&world(3), "z").into_iter().map(|row| row.2).collect();
    assert_eq!(figures, [20.0, 20.0, 0.0]);
}

#[test]
fn without_a_second_board_nothing_is_left_out() {
    let mut world = world(3);
    world.postings.iter_mut().for_each(|p| (p.board, p.boards) = ("board-a".into(), vec!["board-a".into()]));
    let rows = world.measure().findings.gap_variants;
    assert!(!rows.is_empty() && rows.iter().all(|v| v.variant != Variant::WithoutLargestSource));
}

#[test]
fn neither_the_names_of_boards_nor_the_postings_of_a_programme_decide() {
    let published = told(&world(1), "y");
    let mut world = world(1);
    // The largest board comes last by name, and the programme has no posting of its own.
    for posting in world.postings.iter_mut().filter(|p| p.board == "board-a") {
        (posting.board, posting.boards) = ("board-z".into(), vec!["board-z".into()]);
    }
    world.programmes[0].target_occupations = vec!["nobody".into()];
    assert_eq!(told(&world, "y"), published);
}
