//! What stands around the figures: limits of the data, and names in each language of the report.

use super::world::World;
use crate::measure::MeasureSpec;
use crate::measure::count::window::{Row, Window};
use crate::measure::frame::caveats::caveats;
use crate::types::*;

fn window(rows: usize, periods: usize) -> Window {
    let row = Row {
        area: None,
        period: None,
        group: 0,
        employer: 0,
        occupation: None,
        board: 0,
        language: Lang::En,
        sector: None,
    };
    Window { rows: vec![row; rows], periods: vec![String::new(); periods], ..Window::default() }
}

fn language(language: Lang, posting_count: u64, skills_per_posting: f64) -> LanguageCount {
    LanguageCount { language, posting_count, without_skill_count: 0, skills_per_posting }
}

/// What is said beside what always is, of a hundred postings on two boards.
fn said(change: impl Fn(&mut QualityBox)) -> Vec<Caveat> {
    let board = |board: &str, posting_count| SourceCount { board: board.into(), posting_count };
    let mut quality = QualityBox { sources: vec![board("one", 60), board("two", 40)], ..QualityBox::default() };
    change(&mut quality);
    beside(caveats(&window(100, 8), &quality, false, &MeasureSpec::default()))
}

fn beside(all: Vec<Caveat>) -> Vec<Caveat> {
    let always = [Caveat::CalibratedOnOwn, Caveat::Unweighted, Caveat::SamplingOnly];
    assert!(all.ends_with(&always), "{all:?}");
    all[..all.len() - always.len()].to_vec()
}

#[test]
fn a_gap_in_the_data_is_named_from_one_posting_in_twenty_and_a_board_above_three_fifths() {
    assert_eq!(said(|_| {}), []);
    assert_eq!(said(|q| q.sources[0].posting_count = 61), [Caveat::OneBoard { share: 0.61, board: "one".into() }]);
    let unknown = |posting_count| {
        let place = |area: &str, posting_count| AreaShare { area: area.into(), posting_count };
        vec![place("ES", 90), place("unknown", posting_count)]
    };
    let without_skill = |count| vec![LanguageCount { without_skill_count: count, ..language(Lang::En, 100, 2.0) }];
    let share = 0.05;
    assert_eq!(said(|q| q.employer_unknown_count = 5), [Caveat::EmployerUnknown { share }]);
    assert_eq!(said(|q| q.undated_count = 5), [Caveat::Undated { share }]);
    assert_eq!(said(|q| q.languages = without_skill(5)), [Caveat::WithoutSkill { share }]);
    assert_eq!(said(|q| q.areas = unknown(5)), [Caveat::AreaUnknown { share }]);
    assert_eq!(said(|q| q.occupation_groups = unknown(5)), [Caveat::OccupationUnknown { share }]);
    let fewer = said(|q| {
        (q.employer_unknown_count, q.undated_count, q.languages) = (4, 4, without_skill(4));
        (q.areas, q.occupation_groups) = (unknown(4), unknown(4));
    });
    assert_eq!(fewer, []);
}

#[test]
fn languages_are_uneven_where_one_has_half_as_many_skills_more_in_enough_postings() {
    let of = |most: f64, least_postings: u64, least: Lang| {
        said(|q| q.languages = vec![language(Lang::En, 30, most), language(least, least_postings, 2.0)])
    };
    assert_eq!([of(3.0, 30, Lang::Es), of(3.1, 29, Lang::Es), of(3.1, 30, Lang::Und)], [vec![], vec![], vec![]]);
    let uneven = Caveat::UnevenLanguages { most: 3.1, most_language: Lang::En, least: 2.0, least_language: Lang::Es };
    assert_eq!(of(3.1, 30, Lang::Es), [uneven]);
}

#[test]
fn a_short_window_few_postings_and_made_up_ones_are_named() {
    let short = |period, periods, rows| {
        let spec = MeasureSpec { period, min_postings: 30, ..MeasureSpec::default() };
        beside(caveats(&window(rows, periods), &QualityBox::default(), false, &spec))
    };
    for (period, two_years) in [(PeriodKind::Year, 2), (PeriodKind::Quarter, 8), (PeriodKind::Month, 24)] {
        assert_eq!(short(period, two_years, 30), []);
        assert_eq!(short(period, two_years - 1, 30), [Caveat::ShortWindow]);
    }
    assert_eq!(short(PeriodKind::Year, 2, 29), [Caveat::Withheld]);
    assert_eq!(short(PeriodKind::Year, 0, 0), [Caveat::Withheld]);
    let made_up = caveats(&window(100, 8), &QualityBox::default(), true, &MeasureSpec::default());
    assert_eq!(beside(made_up), [Caveat::Synthetic]);
}

/// A board's postings in each quarter of a year.
fn leaps(counts: [u64; 4]) -> Vec<Caveat> {
    leaps_of(&[("one", counts)], 30)
}

/// The same of several boards, where a cell needs so many postings.
fn leaps_of(boards: &[(&str, [u64; 4])], min_postings: u64) -> Vec<Caveat> {
    let mut quiet = window(0, 0);
    quiet.periods = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"].map(str::to_owned).to_vec();
    quiet.boards = boards.iter().map(|(board, _)| (*board).to_owned()).collect();
    for (board, (_, counts)) in (0..).zip(boards) {
        for (period, count) in (0..).zip(*counts) {
            for _ in 0..count {
                let row = u32::try_from(quiet.rows.len()).unwrap();
                quiet.rows.push(Row { period: Some(period), ..window(1, 0).rows[0] });
                quiet.seen_on.push((row, board));
            }
        }
    }
    let spec = MeasureSpec { period: PeriodKind::Year, min_postings, ..MeasureSpec::default() };
    beside(caveats(&quiet, &QualityBox::default(), false, &spec))
}

#[test]
fn a_board_that_leaps_more_than_threefold_between_neighbouring_periods_is_named_with_both_counts() {
    let leap = |first: &str, first_count, next: &str, next_count| Caveat::UnevenBoard {
        board: "one".into(),
        first: first.into(),
        first_count,
        next: next.into(),
        next_count,
    };
    assert_eq!(leaps([100, 301, 290, 280]), [leap("2025-Q1", 100, "2025-Q2", 301)]);
    assert_eq!(leaps([100, 300, 290, 280]), []);
    // It falls, and the largest leap is the one that is told.
    assert_eq!(leaps([40, 130, 900, 200]), [leap("2025-Q2", 130, "2025-Q3", 900)]);
    assert_eq!(leaps([900, 900, 100, 100]), [leap("2025-Q2", 900, "2025-Q3", 100)]);
    // Fewer postings than a cell needs leap by chance; a beginning and an end are breaks; a gap is a leap.
    assert_eq!(leaps([2, 29, 28, 27]), []);
    assert_eq!(leaps([0, 200, 200, 0]), []);
    assert_eq!(leaps([200, 0, 200, 200]), [leap("2025-Q2", 0, "2025-Q3", 200)]);
}

#[test]
fn of_four_boards_that_leap_the_three_with_most_postings_in_a_period_are_named_the_largest_first() {
    let boards = [
        ("least", [10, 40, 40, 40]),
        ("falls", [200, 20, 20, 20]),
        ("rises", [5, 100, 100, 100]),
        ("largest", [300, 90, 90, 90]),
        ("even", [500, 500, 500, 500]),
    ];
    let named = |boards: &[(&str, [u64; 4])]| -> Vec<(String, u64, u64)> {
        let told = leaps_of(boards, 30).into_iter().map(|caveat| match caveat {
            Caveat::UnevenBoard { board, first_count, next_count, .. } => (board, first_count, next_count),
            other => panic!("{other:?}"),
        });
        told.collect()
    };
    let largest = [("largest", 300, 90), ("falls", 200, 20), ("rises", 5, 100)];
    assert_eq!(named(&boards), largest.map(|(board, first, next)| (board.to_owned(), first, next)));
}

#[test]
fn a_leap_is_told_from_as_many_postings_in_the_larger_period_as_a_cell_needs() {
    let told = |count: u64, min_postings| leaps_of(&[("one", [2, count, count, count])], min_postings).len();
    assert_eq!([told(29, 30), told(30, 30), told(99, 100), told(100, 100)], [0, 1, 0, 1]);
}

#[test]
fn each_edition_has_the_names_of_its_language_and_says_where_it_has_to_borrow() {
    let label = |text: &str| Label { text: text.into(), lang: Lang::Es, kind: LabelKind::Preferred };
    let mut world = World::with_skills(&[("a", &["wide"]), ("b", &[]), ("wide", &[])]);
    for i in 0..40 {
        world.post(Some(&format!("E{i}")), None, &["a", "b"]);
    }
    world.taxonomy.skills[0].labels.push(label("nombre de a"));
    world.taxonomy.skills[0].description = Some("What a is.".into());
    world.taxonomy.skills[2].description = Some("Never shown.".into());
    let spanish = [("a", "Lo que es a."), ("wide", "Nunca se muestra.")];
    let spanish = spanish.map(|(id, text)| (id.to_owned(), text.to_owned()));
    world.taxonomy.definitions.insert(Lang::Es, spanish.into());
    world.teach("mc", &["dev"], &[("o", "a", 0.9, Verdict::Accepted)]);
    let english = Label { lang: Lang::En, ..label("developer") };
    let labels = vec![english, label("desarrollador")];
    world.taxonomy.occupations =
        vec![Occupation { id: "dev".into(), isco: None, labels, description: None, sectors: vec![] }];
    world.spec.also_in = vec![Lang::Es];
    let findings = world.measure().findings;
    let [own, other] = findings.editions.as_slice() else { panic!("{:?}", findings.editions) };
    assert_eq!((own.language, other.language), (Lang::En, Lang::Es));
    let name = |text: &str, language| EditionName { text: text.into(), language };
    assert_eq!((&own.skills["a"], &own.skills["b"]), (&name("name of a", None), &name("name of b", None)));
    assert_eq!(other.skills["a"], name("nombre de a", None));
    assert_eq!(other.skills["b"], name("name of b", Some(Lang::En)));
    assert_eq!(other.groups, [("a".to_owned(), name("name of wide", Some(Lang::En)))].into());
    assert_eq!(own.occupations, [("developer".to_owned(), name("developer", None))].into());
    assert_eq!(other.occupations, [("developer".to_owned(), name("desarrollador", None))].into());
    // Of skills that sentences are shown of alone.
    assert_eq!(findings.definitions, [("a".to_owned(), "What a is.".to_owned())].into());
    assert_eq!(other.definitions, [("a".to_owned(), "Lo que es a.".to_owned())].into());
    assert!(own.definitions.is_empty());
}
