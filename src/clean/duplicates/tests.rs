use super::*;
use crate::types::{DuplicateKind, Origin, PostingShare, SnapshotId, SourceId};
use proptest::prelude::*;

/// A posting to be added; everything is known unless a test says otherwise.
#[derive(Debug, Clone)]
struct Sample {
    id: PostingId,
    source_order: u32,
    record: u64,
    board: String,
    body: String,
    employer: Option<String>,
    area: Option<AreaCode>,
    posted_on: Option<Date>,
}

fn sample(id: &str, record: u64, body: &str) -> Sample {
    Sample {
        id: PostingId(id.to_owned()),
        source_order: 0,
        record,
        board: "board".to_owned(),
        body: body.to_owned(),
        employer: Some("Acme".to_owned()),
        area: Some(AreaCode("ES511".to_owned())),
        posted_on: Some("2025-05-01".parse().unwrap()),
    }
}

fn run(samples: &[Sample]) -> DuplicateOutcome {
    let mut all = Deduplicator::new(THRESHOLD, Spill::create().unwrap());
    for s in samples {
        let view = PostingView {
            id: &s.id,
            source_order: s.source_order,
            record: s.record,
            board: &s.board,
            title: "Title",
            body: &s.body,
            employer: s.employer.as_deref(),
            area: s.area.as_ref(),
            posted_on: s.posted_on,
        };
        all.add(view).unwrap();
    }
    all.finish().unwrap()
}

/// `count` different words, shifted so that texts of different seeds share none.
fn words(seed: usize, count: usize) -> String {
    (0..count).map(|i| format!("w{}", seed * 10_000 + i)).collect::<Vec<_>>().join(" ")
}

fn kinds(outcome: &DuplicateOutcome) -> Vec<(&str, &str, DuplicateKind)> {
    outcome.duplicates.iter().map(|d| (d.kept.0.as_str(), d.duplicate.0.as_str(), d.kind)).collect()
}

#[test]
fn the_same_text_is_exact_elsewhere_and_a_repost_on_its_board_another_day() {
    let text = words(1, 60);
    let first = sample("a", 1, &text);
    let elsewhere = Sample { board: "other".to_owned(), ..sample("b", 2, &text.to_uppercase().replace(' ', ", ")) };
    let again = Sample { posted_on: Some("2025-06-01".parse().unwrap()), ..sample("c", 3, &text) };
    let outcome = run(&[again, elsewhere, first]);
    assert_eq!(kinds(&outcome), [("a", "b", DuplicateKind::Exact), ("a", "c", DuplicateKind::Repost)]);
    assert_eq!(outcome.winner, [2, 2, 2]);
}

#[test]
fn a_text_with_a_few_changed_words_is_near_and_one_with_many_is_another() {
    // 98 grams of 100 words; one changed word in the middle changes 3 of them: 95 / 101 = .9406.
    let text = words(1, 100);
    let near = text.replace("w10050 ", "changed ");
    let far = words(1, 50) + " " + &words(2, 50);
    let outcome = run(&[sample("a", 1, &text), sample("b", 2, &near), sample("c", 3, &far)]);
    assert_eq!(kinds(&outcome), [("a", "b", DuplicateKind::Near)]);
    assert!((outcome.duplicates[0].similarity - 95.0 / 101.0).abs() < 1e-6);
}

#[test]
fn another_known_employer_or_area_makes_two_vacancies_and_an_unknown_one_does_not() {
    let text = words(1, 60);
    let other_employer = Sample { employer: Some("Umbrella".to_owned()), ..sample("b", 2, &text) };
    let other_area = Sample { area: Some(AreaCode("ES512".to_owned())), ..sample("c", 3, &text) };
    let wider_area = Sample { area: Some(AreaCode("ES51".to_owned())), ..sample("d", 4, &text) };
    let unknown = Sample { employer: None, area: None, ..sample("e", 5, &text) };
    let same_as_b = Sample { employer: Some("UMBRELLA".to_owned()), ..sample("f", 6, &text) };
    let outcome = run(&[sample("a", 1, &text), other_employer, other_area, wider_area, unknown, same_as_b]);
    let expected = [
        ("a", "b", DuplicateKind::Partial),
        ("a", "c", DuplicateKind::Partial),
        ("a", "d", DuplicateKind::Exact),
        ("a", "e", DuplicateKind::Exact),
        ("b", "f", DuplicateKind::Exact),
    ];
    assert_eq!(kinds(&outcome), expected);
    assert_eq!(outcome.winner, [0, 1, 2, 0, 0, 1]);
}

#[test]
fn the_same_key_merges_with_like_text_and_conflicts_with_another() {
    let text = words(1, 100);
    let outcome = run(&[
        sample("a", 1, &text),
        sample("a", 2, &text.replace("w10050 ", "changed ")),
        sample("a", 3, &words(2, 100)),
    ]);
    assert_eq!(kinds(&outcome), [("a", "a", DuplicateKind::SameKey)]);
    assert_eq!((outcome.winner, outcome.conflicts), (vec![0, 0, 2], vec![2]));
}

#[test]
fn short_bodies_need_the_same_title_and_empty_postings_are_alike_in_nothing() {
    let mut all = Deduplicator::new(THRESHOLD, Spill::create().unwrap());
    for (number, (title, body)) in
        [("Nurse", "See attached"), ("Porter", "See attached"), ("Nurse", "see attached."), ("", ""), ("", "...")]
            .iter()
            .enumerate()
    {
        let s = sample(&number.to_string(), number as u64, body);
        let view = PostingView {
            id: &s.id,
            source_order: 0,
            record: s.record,
            board: "b",
            title,
            body,
            employer: None,
            area: None,
            posted_on: None,
        };
        all.add(view).unwrap();
    }
    assert_eq!(all.finish().unwrap().winner, [0, 1, 0, 3, 4]);
}

#[test]
fn one_text_used_thousands_of_times_stays_linear() {
    let text = words(1, 60);
    let samples: Vec<Sample> = (0..20_000)
        .map(|n| Sample { employer: Some(format!("e{}", n % 7_000)), ..sample(&format!("{n:05}"), n, &text) })
        .collect();
    let templates: Vec<Sample> = (0..5_000)
        .map(|n| sample(&format!("t{n:05}"), n, &format!("{} ref{n} {}", words(2, 60), words(3, 60))))
        .collect();
    assert_eq!(run(&samples).merged_count(), 13_000);
    assert_eq!(run(&templates).merged_count(), 4_999);
}

#[test]
fn merging_keeps_all_boards_and_origins_and_learns_what_the_winner_lacks() {
    let raw = super::super::postings::tests::raw("Nurse", "Care for patients");
    let ctx = super::super::CleanContext {
        as_of: "2025-11-01".parse().unwrap(),
        sources: Default::default(),
        areas: super::super::Areas::built_in(),
        limits: Default::default(),
    };
    let mut winner = super::super::posting(&raw, &ctx).unwrap().posting;
    let mut other = winner.clone();
    other.boards = vec!["alpha".to_owned()];
    other.origins =
        vec![Origin { source: SourceId::new("alpha").unwrap(), snapshot: SnapshotId("1".to_owned()), record: 9 }];
    other.employer = Some("Acme".to_owned());
    merge(&mut winner, &share(&other));
    merge(&mut winner, &share(&other));
    assert_eq!(winner.boards, ["alpha", "board"]);
    let origins: Vec<&str> = winner.origins.iter().map(|o| o.source.as_str()).collect();
    assert_eq!(origins, ["board", "alpha"]);
    assert_eq!(winner.employer.as_deref(), Some("Acme"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn the_outcome_does_not_depend_on_the_order_of_adding(
        parts in proptest::collection::vec((0usize..4, 0usize..3, 0usize..3, 0usize..3, 0u8..3), 1..25), turn in 0usize..25,
    ) {
        let samples: Vec<Sample> = parts.iter().enumerate().map(|(n, (text, change, employer, area, day))| Sample {
            body: words(*text, 80).replace(&format!("w{} ", text * 10_000 + 40 + change), if *change == 0 { "same " } else { "x " }),
            employer: [None, Some("Acme"), Some("Umbrella")][*employer].map(str::to_owned),
            area: [None, Some("ES51"), Some("ES512")][*area].map(|a| AreaCode(a.to_owned())),
            posted_on: [None, Some("2025-05-01"), Some("2025-05-02")][*day as usize].map(|d| d.parse().unwrap()),
            ..sample(&format!("{n:02}"), n as u64, "")
        }).collect();
        let mut turned = samples.clone();
        turned.rotate_left(turn % samples.len());
        turned.reverse();
        let (one, two) = (run(&samples), run(&turned));
        prop_assert_eq!(&one.duplicates, &two.duplicates);
        let name = |all: &[Sample], o: &DuplicateOutcome| {
            let mut names: Vec<(String, String)> = o.winner.iter().enumerate().map(|(n, w)| (all[n].id.0.clone(), all[*w].id.0.clone())).collect();
            names.sort();
            names
        };
        prop_assert_eq!(name(&samples, &one), name(&turned, &two));
    }
}

fn share(posting: &Posting) -> PostingShare {
    PostingShare {
        url: posting.url.clone(),
        employer: posting.employer.clone(),
        area: posting.area.clone(),
        sector: posting.sector.clone(),
        salary: posting.salary.clone(),
        occupation: posting.occupation.clone(),
        isco: posting.isco.clone(),
        occupation_score: posting.occupation_score,
        boards: posting.boards.clone(),
        origins: posting.origins.clone(),
    }
}
