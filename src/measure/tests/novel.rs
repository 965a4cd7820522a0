//! Planted terms, counted by hand.

use super::world::World;
use crate::types::*;

/// A posting whose whole body is of duties.
fn post<'a>(world: &'a mut World, employer: Option<&str>, day: &str, body: &str) -> &'a mut Posting {
    let posting = world.post(employer, Some(day), &[]);
    posting.body = body.to_owned();
    let end = body.len() as u32;
    posting.sections = vec![Section { kind: SectionKind::Duties, start: 0, end, language: Lang::En }];
    posting
}

/// 40 postings of six employers, half of them in each of two quarters; 12 hold the planted phrase, 4 of them early.
fn planted(body: &str) -> World {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..40 {
        let early = i % 2 == 0;
        let holds = if early { i < 8 } else { i < 16 };
        let text = if holds { body } else { "You do things." };
        let employer = format!("E{}", if holds { i / 2 % 4 + if early { 0 } else { 2 } } else { i % 6 });
        let day = if early { "2025-01-15" } else { "2025-04-15" };
        post(&mut world, Some(&employer), day, text);
    }
    world
}

fn terms(world: &World) -> NovelTerms {
    world.measure().findings.novel
}

fn named<'a>(found: &'a NovelTerms, term: &str) -> Option<&'a NovelTerm> {
    found.terms.iter().find(|t| t.term == term)
}

#[test]
fn a_planted_phrase_has_the_counts_that_a_hand_gets() {
    let found = terms(&planted("You align the zeolite gyrostats. Nothing else."));
    let names: Vec<&str> = found.terms.iter().map(|t| t.term.as_str()).collect();
    assert_eq!(names, ["zeolite gyrostats"]);
    let term = &found.terms[0];
    assert_eq!((term.posting_count, term.base_count, term.rank, term.language), (12, 40, 1, Lang::En));
    // Early: one posting each of E0 to E3. Late: two postings each of E2 to E5.
    assert_eq!((term.employer_count, term.share), (6, 0.3));
    assert_eq!((term.first_count, term.first_base, term.last_count, term.last_base), (4, 20, 8, 20));
    assert!((term.growth.unwrap() - (8.5_f64 / 4.5).ln()).abs() < 1e-12);
    assert!(term.growth_low.unwrap() < 0.0 && term.growth_high.unwrap() > 0.0);
    // Squares by employer: 1 + 1 + 9 + 9 + 4 + 4 = 28; 12 / 28.
    assert!((term.spread - 12.0 / 28.0).abs() < 1e-12);
    assert!((term.c_value - 12.0).abs() < 1e-12 && term.nested_in == 0);
    assert!((term.score - 12.0 * (12.0_f64 / 28.0).sqrt()).abs() < 1e-12);
    let contexts: Vec<&str> = term.contexts.iter().map(|c| &c.sentence[c.start as usize..c.end as usize]).collect();
    assert_eq!(contexts, ["zeolite gyrostats"; 3]);
    assert!(term.contexts.iter().all(|c| c.sentence == "You align the zeolite gyrostats."));
    assert_eq!((found.dropped_below, found.few_employers_count), (0, 0));
}

#[test]
fn what_a_skill_an_occupation_a_place_a_mention_or_the_employers_name_explains_is_no_news() {
    let label = |text: &str| Label { text: text.into(), lang: Lang::En, kind: LabelKind::Preferred };
    for explained in ["zeolite gyrostats", "senior gyrostat riveter", "Vormark gyrostats", "Zybrix gyrostats"] {
        let mut world = planted(&format!("You align {explained} and your quokka telemetry."));
        world.taxonomy.skills[0].labels.push(label("calibrate a zeolite gyrostat"));
        world.taxonomy.occupations.push(Occupation {
            id: "o".into(),
            isco: None,
            labels: vec![label("gyrostat riveter")],
            description: None,
            sectors: vec![],
        });
        world.place_names.insert("vormark".into());
        world.postings.iter_mut().for_each(|p| p.employer = p.employer.take().map(|e| format!("{e} Zybrix Gyrostats")));
        let found = terms(&world);
        assert_eq!(
            found.terms.iter().map(|t| t.term.as_str()).collect::<Vec<_>>(),
            ["quokka telemetry"],
            "{explained}"
        );
    }
    let mut world = planted("You know zeolite gyrostats.");
    let ids: Vec<String> = world.postings.iter().map(|p| p.id.0.clone()).collect();
    for id in ids {
        world.mention(&id, "a", Verdict::Review);
        let mention = world.mentions.last_mut().unwrap();
        (mention.start, mention.end) = (9, 26);
    }
    assert!(terms(&world).terms.is_empty());
}

#[test]
fn a_phrase_of_one_employer_is_counted_and_not_proposed_unless_nobody_names_employers() {
    let mut world = planted("You align the zeolite gyrostats.");
    world.postings.iter_mut().for_each(|p| p.employer = Some("E".into()));
    let found = terms(&world);
    assert_eq!((found.terms.len(), found.few_employers_count), (0, 1));
    world.postings.iter_mut().for_each(|p| p.employer = None);
    let found = terms(&world);
    let term = named(&found, "zeolite gyrostats").unwrap();
    assert_eq!((term.employer_count, term.spread), (0, 1.0));
}

#[test]
fn a_part_that_hardly_occurs_outside_a_longer_term_is_left_to_it() {
    let mut world = planted("You align the zeolite gyrostat bearings.");
    let found = terms(&world);
    assert!(named(&found, "zeolite gyrostat").is_none() && found.nested_count >= 2, "{found:?}");
    for i in 0..60 {
        let text = if i < 12 { "You align the zeolite gyrostat." } else { "You do things." };
        post(&mut world, Some(&format!("E{}", i % 6)), "2025-01-15", text);
    }
    let found = terms(&world);
    let (long, short) =
        (named(&found, "zeolite gyrostat bearings").unwrap(), named(&found, "zeolite gyrostat").unwrap());
    // log2 3 x 12; log2 2 x (24 - 12 / 1).
    assert!((long.c_value - 12.0 * 3.0_f64.log2()).abs() < 1e-9 && (short.c_value - 12.0).abs() < 1e-9);
    assert_eq!((short.posting_count, short.nested_in), (24, 1));
}

#[test]
fn standing_text_of_a_board_is_no_term() {
    let mut world = planted("You align the zeolite gyrostats.");
    for i in 0..60 {
        let board = post(&mut world, Some(&format!("E{}", i % 6)), "2025-01-15", "Klaxon newsletter forever.");
        (board.board, board.boards) = ("board-b".into(), vec!["board-b".into()]);
    }
    let found = terms(&world);
    assert_eq!(found.terms.iter().map(|t| t.term.as_str()).collect::<Vec<_>>(), ["zeolite gyrostats"]);
}

#[test]
fn terms_do_not_depend_on_the_number_of_threads() {
    let world = planted("You align the zeolite gyrostats and quokka telemetry buses.");
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| terms(&world))
    };
    let (one, many) = (with(1), with(4));
    assert_eq!(one, many);
    assert!(one.terms.len() >= 2);
}

#[test]
fn a_name_that_is_a_city_is_no_news() {
    let mut world = planted("You calibrate gyrostats in Krumburg.");
    let has = |world: &World| named(&terms(world), "Krumburg").is_some();
    assert!(has(&world), "{:?}", terms(&world).terms.iter().map(|t| &t.term).collect::<Vec<_>>());
    world.city_names.insert("krumburg".into());
    assert!(!has(&world));
    let mut world = planted("You calibrate krumburg gyrostats.");
    world.city_names.insert("krumburg gyrostats".into());
    assert!(named(&terms(&world), "krumburg gyrostats").is_some(), "small letters are no name");
    // In a text of capitals nobody can tell a name by them.
    let mut world = planted("You calibrate gyrostats in KRUMBURG ZALOMEE VORTIQUE.");
    assert!(named(&terms(&world), "krumburg zalomee vortique").is_some());
    world.city_names.insert("krumburg zalomee vortique".into());
    assert!(named(&terms(&world), "krumburg zalomee vortique").is_none());
}

#[test]
fn a_term_is_named_from_as_many_employers_as_the_plan_says_and_what_is_left_out_is_counted() {
    let mut world = planted("You align the zeolite gyrostats.");
    world.spec.novel.min_employers = 6;
    let found = terms(&world);
    assert_eq!((found.terms.len(), found.few_employers_count, found.min_employers), (1, 0, 6));
    world.spec.novel.min_employers = 7;
    let found = terms(&world);
    assert_eq!((found.terms.len(), found.few_employers_count, found.min_employers), (0, 1, 7));
    world.spec.novel.min_postings = 12;
    assert_eq!((terms(&world).few_employers_count, terms(&world).min_postings), (1, 12));
    world.spec.novel.min_postings = 13;
    assert_eq!((terms(&world).few_employers_count, terms(&world).min_postings), (0, 13));
    let mut world = planted("You align the zeolite gyrostats.");
    world.taxonomy.skills[0].labels.push(Label {
        text: "zeolite gyrostat".into(),
        lang: Lang::En,
        kind: LabelKind::Preferred,
    });
    let found = terms(&world);
    assert_eq!((found.terms.len(), found.explained_count), (0, 1));
}

#[test]
fn a_term_that_grows_comes_before_one_that_is_as_frequent_and_does_not() {
    let mut world = World::with_skills(&[("a", &[])]);
    for i in 0..240 {
        let (later, at) = (i >= 120, i % 120);
        let (grows, stays) = (at < if later { 32 } else { 4 }, at < 18);
        let text = match (grows, stays) {
            (true, true) => "You align the zeolite gyrostats and the quokka telemetry.",
            (true, false) => "You align the zeolite gyrostats.",
            (false, true) => "You align the quokka telemetry.",
            _ => "You do things.",
        };
        post(&mut world, Some(&format!("E{}", i / 2)), if later { "2025-04-15" } else { "2025-01-15" }, text);
    }
    let found = terms(&world);
    let names: Vec<&str> = found.terms.iter().map(|t| t.term.as_str()).collect();
    assert_eq!(names, ["zeolite gyrostats", "quokka telemetry"]);
    let [grown, flat] = [&found.terms[0], &found.terms[1]];
    assert_eq!((grown.posting_count, flat.posting_count), (36, 36));
    // C-value by the square root of the spread, and up to once more for the lower end of growth.
    let low = grown.growth_low.unwrap();
    assert!(low > 0.1 && grown.spread < 1.0 && flat.growth_low.unwrap() < 0.0);
    let score = |t: &NovelTerm, rising: f64| t.c_value * t.spread.sqrt() * (1.0 + rising);
    assert!((grown.score - score(grown, low.min(1.0))).abs() < 1e-9 && (flat.score - score(flat, 0.0)).abs() < 1e-9);
}

#[test]
fn a_phrase_of_benefits_is_explained_and_one_that_words_of_different_labels_make_is_not() {
    let idle = terms(&planted("We offer 25 days of holiday, zeolite gyrostats and private health insurance."));
    assert!(named(&idle, "zeolite gyrostats").is_none() && idle.explained_count >= 1, "{idle:?}");
    let label = |text: &str, lang| Label { text: text.into(), lang, kind: LabelKind::Preferred };
    let mut world = planted("You align the zeolite gyrostats.");
    world.taxonomy.skills[0].labels.extend([label("zeolite bearings", Lang::En), label("gyrostats of lead", Lang::En)]);
    assert!(named(&terms(&world), "zeolite gyrostats").is_some());
    world.taxonomy.skills[0].labels.push(label("gyrostats with zeolite", Lang::En));
    assert!(named(&terms(&world), "zeolite gyrostats").is_none());
}

#[test]
fn english_labels_explain_terms_of_other_languages_and_other_languages_none_of_english() {
    let found = |written: Lang, labelled: Lang| {
        let body = if written == Lang::En { "You align the zeolite gyrostats." } else { "Alinear zeolite gyrostats." };
        let mut world = planted(body);
        world.postings.iter_mut().flat_map(|p| &mut p.sections).for_each(|s| s.language = written);
        let text = "zeolite gyrostats".to_owned();
        world.taxonomy.skills[0].labels.push(Label { text, lang: labelled, kind: LabelKind::Preferred });
        named(&terms(&world), "zeolite gyrostats").is_some()
    };
    assert_eq!([found(Lang::En, Lang::En), found(Lang::Es, Lang::Es)], [false; 2]);
    assert_eq!([found(Lang::Es, Lang::En), found(Lang::Ca, Lang::En)], [false; 2]);
    assert_eq!([found(Lang::En, Lang::Es), found(Lang::Es, Lang::Ca)], [true; 2]);
}

#[test]
fn a_term_that_the_review_rejected_is_explained_in_its_language_alone() {
    for (rejected, kept) in [
        ((Lang::En, "zeolite gyrostats"), false),
        ((Lang::Es, "zeolite gyrostats"), true),
        ((Lang::En, "quokka gyrostats"), true),
    ] {
        let mut world = planted("You align the zeolite gyrostats.");
        world.spec.novel.rejected = vec![(rejected.0, rejected.1.to_owned())];
        assert_eq!(named(&terms(&world), "zeolite gyrostats").is_some(), kept, "{rejected:?}");
    }
}

#[test]
fn a_mention_speaks_for_its_own_posting_wherever_it_stands_there() {
    let mut world = planted("You know zeolite gyrostats.");
    let far = "Whatever the weather is like outside of our halls you know zeolite gyrostats.";
    for (i, posting) in world.postings.iter_mut().enumerate().filter(|(_, p)| p.body.contains("zeolite")) {
        if i % 4 < 2 {
            posting.body = far.into();
            posting.sections[0].end = far.len() as u32;
        }
    }
    let places: Vec<(String, Option<usize>)> =
        world.postings.iter().map(|p| (p.id.0.clone(), p.body.find("zeolite"))).collect();
    for (id, start) in places {
        let Some(start) = start else { continue };
        world.mention(&id, "a", Verdict::Review);
        let mention = world.mentions.last_mut().unwrap();
        (mention.start, mention.end) = (start as u32, start as u32 + 17);
    }
    assert!(named(&terms(&world), "zeolite gyrostats").is_none());
    world.mentions.clear();
    assert!(named(&terms(&world), "zeolite gyrostats").is_some());
}
