//! The learners' side and thin data, with figures counted by hand.

use super::world::{World, origin};
use crate::types::*;

fn figure(indicator: &str, area: &str, period: &str, value: Option<f64>) -> Observation {
    Observation {
        indicator: indicator.into(),
        area: AreaCode(area.into()),
        period: Period::parse(period).unwrap(),
        occupation: None,
        sector: None,
        sex: None,
        age: None,
        breakdown: vec![],
        value,
        unit: "%".into(),
        quality: ObservationQuality::Normal,
        flags: None,
        note: None,
        origin: origin(1),
    }
}

/// Seventy postings of PS and ES51 by nine employers, a third of them asking for `a`; `b` is taught and never asked for.
fn world() -> World {
    let mut world = World::with_skills(&[("a", &[]), ("b", &[]), ("c", &[])]);
    for i in 0..70_usize {
        let skills: &[&str] = if i % 3 == 0 { &["a"] } else { &[] };
        let area = if i % 2 == 0 { "PS" } else { "ES51" };
        world.post(Some(&format!("E{}", i % 9)), Some("2025-01-31"), skills).area = Some(AreaCode(area.into()));
    }
    world.parents = [("ES51", "ES"), ("ES511", "ES51"), ("ES61", "ES")].map(|(a, b)| (a.into(), b.into())).into();
    world
}

#[test]
fn nothing_given_gives_empty_tables() {
    let findings = world().measure().findings;
    assert!(findings.learner_indicators.is_empty() && findings.learner_interest.is_empty());
    assert!(findings.survey_rejects.is_empty() && findings.expectations.is_empty());
    let empty = World::default().measure().findings;
    assert!(empty.learner_indicators.is_empty() && empty.learner_interest.is_empty() && empty.expectations.is_empty());
}

#[test]
fn each_series_shows_its_latest_figure_and_the_one_five_years_before_and_none_is_averaged() {
    let mut world = world();
    let neet = |period: &str, value, sex: Option<&str>, age: Option<&str>, quality| Observation {
        sex: sex.map(str::to_owned),
        age: age.map(str::to_owned),
        quality,
        ..figure("EIP_NEET_SEX_RT", "PS", period, value)
    };
    use ObservationQuality::{BreakInSeries, Missing, Normal, Suppressed};
    world.observations = vec![
        neet("2024", Some(30.0), Some("Male"), Some("15-24"), Normal),
        neet("2019", Some(24.0), Some("Male"), Some("15-24"), Normal),
        neet("2022", Some(26.0), Some("Male"), Some("15-24"), BreakInSeries),
        neet("2024", Some(40.0), Some("Female"), Some("15-24"), Normal),
        neet("2024", Some(20.0), Some("Female"), Some("15-29"), Normal),
        neet("2023", Some(19.0), Some("Female"), Some("15-29"), Normal),
        // Withheld is the latest that was published; missing is not.
        neet("2025", None, None, None, Missing),
        neet("2024", None, None, None, Suppressed),
        neet("2019", Some(33.0), None, None, Normal),
        figure("Unemployment rate", "PS", "2024", Some(24.0)),
    ];
    world.observations.reverse();
    let rows = world.measure().findings.learner_indicators;
    let said = |r: &LearnerIndicator| {
        let who = (r.sex.clone().unwrap_or_default(), r.age.clone().unwrap_or_default());
        (who, r.period.clone(), r.value, r.mark, r.earlier_value, r.break_between)
    };
    let who = |sex: &str, age: &str| (sex.to_owned(), age.to_owned());
    let expected = [
        (who("", ""), "2024".to_owned(), None, Some(Mark::Suppressed), Some(33.0), Some(false)),
        (who("Female", "15-24"), "2024".to_owned(), Some(40.0), None, None, None),
        (who("Female", "15-29"), "2024".to_owned(), Some(20.0), None, None, None),
        (who("Male", "15-24"), "2024".to_owned(), Some(30.0), None, Some(24.0), Some(true)),
    ];
    assert_eq!(rows.iter().map(said).collect::<Vec<_>>(), expected);
    assert!(rows.iter().all(|r| r.topic == "neet" && r.area == "PS" && r.source == "a" && r.unit == "%"));
}

#[test]
fn areas_of_postings_and_those_around_and_inside_them_are_shown_and_others_are_not() {
    let mut world = world();
    let areas = ["PS", "ES51", "ES", "ES511", "ES61", "AL"];
    world.observations = areas.map(|a| figure("trng_lfse_01", a, "2024", Some(9.0))).into();
    let shown = |world: &World| {
        let rows = world.measure().findings.learner_indicators;
        rows.into_iter().map(|r| r.area).collect::<Vec<_>>()
    };
    assert_eq!(shown(&world), ["ES", "ES51", "ES511", "PS"]);
    world.postings.iter_mut().for_each(|p| p.area = None);
    assert_eq!(shown(&world), ["AL", "ES", "ES51", "ES511", "ES61", "PS"]);
    // Two figures for one period: none is chosen.
    world.observations = vec![
        figure("trng_lfse_01", "PS", "2024", Some(9.0)),
        figure("trng_lfse_01", "PS", "2024", Some(10.0)),
        figure("trng_lfse_01", "PS", "2024", Some(9.0)),
    ];
    assert_eq!(shown(&world), ["PS", "PS"]);
}

fn answers(skill: &str, said: &[(bool, f64)]) -> Vec<LearnerAnswer> {
    said.iter()
        .map(|(wants, weight)| LearnerAnswer { skill: SkillId(skill.into()), wants: *wants, weight: *weight })
        .collect()
}

fn asked(answers: Vec<LearnerAnswer>) -> Option<LearnerSurvey> {
    let reject = SurveyReject {
        file: "s.csv".into(),
        row: 7,
        column: "skill".into(),
        value: "zzz".into(),
        reason: SurveyFault::UnknownSkill,
    };
    let read = answers.len() as u64 + 1;
    Some(LearnerSurvey { answers, read, duplicates: 0, rejects: vec![reject] })
}

#[test]
fn demand_stands_beside_requests_and_wishes_and_neither_touches_the_other() {
    let mut world = world();
    world.teach("mc-1", &[], &[("o1", "a", 0.9, Verdict::Accepted), ("o2", "b", 0.9, Verdict::Accepted)]);
    world.teach("mc-2", &[], &[("o3", "a", 0.9, Verdict::Accepted), ("o4", "a", 0.8, Verdict::Accepted)]);
    world.teach("mc-3", &[], &[("o5", "c", 0.9, Verdict::Review)]);
    (world.credentials[0].requests, world.credentials[0].places, world.credentials[0].enrolments) =
        (Some(30), Some(20), Some(18));
    world.credentials[1].requests = Some(5);
    let bare = world.measure().findings;
    // 4 weigh 2, three of them yes; 8 weigh 1, three of them yes.
    let said = [[(true, 2.0); 3].as_slice(), &[(false, 2.0)], &[(true, 1.0); 3], &[(false, 1.0); 5]].concat();
    let mut all = answers("a", &said);
    all.extend(answers("c", &[[(true, 1.0); 20].as_slice(), &[(false, 1.0); 4]].concat()));
    all.extend(answers("b", &[(true, 1.0); 9]));
    all.reverse();
    world.survey = asked(all);
    let findings = world.measure().findings;
    assert_eq!(findings.gaps, bare.gaps, "what learners want changes no gap");
    assert_eq!(findings.survey_rejects.len(), 1);
    // What the survey alone brings in has a name too.
    assert!(["a", "b", "c"].iter().all(|skill| findings.editions[0].skills.contains_key(*skill)));
    let skills: Vec<&str> = findings.learner_interest.iter().map(|i| i.skill.as_str()).collect();
    assert_eq!(skills, ["a", "b", "c"]);
    let [a, b, c] = [0, 1, 2].map(|i| findings.learner_interest[i].clone());

    // 24 of 70 postings; both credentials count once, and only the first states places.
    assert_eq!((a.posting_count, a.base_count, a.credential_count), (24, 70, 2));
    assert_eq!((a.requests, a.places, a.enrolments), (Some(35), Some(20), Some(18)));
    assert_eq!((a.ratio_credential_count, a.requests_per_place, a.request_level), (1, Some(1.5), Level::High));
    // statsmodels 0.15.0: proportion_confint(0.5625 * 10.6667, 10.6667, method="wilson"), n = (sum w)^2 / sum w^2.
    assert_eq!((a.answer_count, a.wants_count, a.wants_share), (12, Some(6), Some(0.5625)));
    assert!((a.wants_effective_n.unwrap() - 10.666_666_667).abs() < 1e-8);
    assert!((a.wants_low.unwrap() - 0.290_149_543_276).abs() < 1e-9);
    assert!((a.wants_high.unwrap() - 0.801_752_979_520).abs() < 1e-9);
    assert_eq!((a.survey_level, a.wants_mark, a.demand_level), (Level::Unclear, None, Level::High));

    // The requests of a credential count for each skill it teaches.
    assert_eq!((b.requests, b.credential_count, b.demand_level), (Some(30), 1, Level::Low));
    assert_eq!((b.answer_count, b.wants_count, b.wants_share), (9, None, None));
    assert_eq!((b.wants_mark, b.survey_level), (Some(Mark::Suppressed), Level::Unknown));

    // A link for review teaches nothing; the survey alone brings the skill in. 20 of 24: low end .641.
    assert_eq!((c.credential_count, c.requests, c.request_level), (0, None, Level::Unknown));
    assert!((c.wants_low.unwrap() - 0.641_469_293_504).abs() < 1e-9);
    assert_eq!((c.survey_level, c.share, c.label.as_str()), (Level::High, Some(0.0), "name of c"));
}

#[test]
fn requests_are_high_above_the_places_and_a_wish_is_low_where_its_interval_is_below_a_half() {
    let mut world = world();
    world.teach("mc-1", &[], &[("o1", "a", 0.9, Verdict::Accepted)]);
    let offered = |world: &mut World, requests, places| {
        (world.credentials[0].requests, world.credentials[0].places) = (requests, places);
        let row = world.measure().findings.learner_interest.remove(0);
        (row.request_level, row.requests_per_place)
    };
    assert_eq!(offered(&mut world, Some(21), Some(20)), (Level::High, Some(1.05)));
    assert_eq!(offered(&mut world, Some(20), Some(20)), (Level::Low, Some(1.0)));
    assert_eq!(offered(&mut world, Some(5), Some(20)), (Level::Low, Some(0.25)));
    assert_eq!(offered(&mut world, Some(5), Some(0)), (Level::Unknown, None));
    assert_eq!(offered(&mut world, Some(5), None), (Level::Unknown, None));
    // 4 of 20: the upper end is .416 by statsmodels; 8 of 20: .613.
    let wish = |world: &mut World, yes: usize| {
        world.survey = asked(answers("a", &[vec![(true, 1.0); yes], vec![(false, 1.0); 20 - yes]].concat()));
        world.measure().findings.learner_interest[0].survey_level
    };
    assert_eq!([4, 8, 16].map(|yes| wish(&mut world, yes)), [Level::Low, Level::Unclear, Level::High]);
}

#[test]
fn a_break_counts_after_the_earlier_figure_up_to_the_latest_and_items_of_other_dimensions_are_named() {
    let item = |dimension: &str, item: &str| Breakdown { dimension: dimension.into(), item: item.into() };
    let with = |breaks: &[&str]| {
        let mut world = world();
        world.observations = ["2018", "2019", "2020", "2024"]
            .map(|period| Observation {
                quality: if breaks.contains(&period) {
                    ObservationQuality::BreakInSeries
                } else {
                    ObservationQuality::Normal
                },
                breakdown: vec![item("Working time", "Full-time"), item("Citizenship", "Foreign")],
                ..figure("EIP_NEET_SEX_RT", "PS", period, Some(20.0))
            })
            .into();
        // A circle of areas ends.
        world.parents.extend([("X", "Y"), ("Y", "X")].map(|(a, b)| (a.to_owned(), b.to_owned())));
        world.observations.push(figure("EIP_NEET_SEX_RT", "X", "2024", Some(1.0)));
        let rows = world.measure().findings.learner_indicators;
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(row.breakdown.as_deref(), Some("Working time: Full-time; Citizenship: Foreign"));
        row.break_between
    };
    assert_eq!(with(&["2018", "2019"]), Some(false));
    assert_eq!([with(&["2020"]), with(&["2024"])], [Some(true); 2]);
}

#[test]
fn neither_the_order_of_answers_nor_the_scale_of_weights_changes_a_figure() {
    let mut world = world();
    let said: Vec<(bool, f64)> = (1..40).map(|i| (i % 3 == 0, f64::from(i) / 7.0)).collect();
    world.survey = asked(answers("a", &said));
    let once = world.measure().findings.learner_interest;
    world.survey.as_mut().unwrap().answers.reverse();
    assert_eq!(world.measure().findings.learner_interest, once);
    let scaled: Vec<(bool, f64)> = said.iter().map(|(wants, w)| (*wants, w * 2f64.powi(900))).collect();
    world.survey = asked(answers("a", &scaled));
    assert_eq!(world.measure().findings.learner_interest, once);
}

#[test]
fn a_file_of_wishes_alone_shows_no_share_and_one_heavy_answer_is_marked() {
    let mut world = world();
    world.survey = asked(answers("a", &[(true, 1.0); 50]));
    let only_yes = world.measure().findings.learner_interest.remove(0);
    assert_eq!((only_yes.answer_count, only_yes.wants_share), (50, None));
    assert_eq!((only_yes.wants_mark, only_yes.survey_level), (Some(Mark::NotAvailable), Level::Unknown));
    // One of twenty answers weighs a thousand times the others: 1.04 effective answers.
    let heavy = [[(true, 1000.0)].as_slice(), &[(false, 1.0); 19]].concat();
    world.survey = asked(answers("a", &heavy));
    let heavy = world.measure().findings.learner_interest.remove(0);
    assert!(heavy.wants_effective_n.unwrap() < 1.1 && heavy.survey_level == Level::Unclear);
    assert_eq!(heavy.wants_mark, Some(Mark::LowReliability));
}

#[test]
fn demand_is_high_or_low_only_where_the_intervals_tell() {
    let mut world = World::with_skills(&[]);
    // Of 300 postings by ten employers: x in all but 10, y in about half, z in two fifths, w in four, v in none.
    for i in 0..300_usize {
        let mut skills = vec![];
        for (skill, asks) in [("x", i >= 10), ("y", i % 2 == 0), ("z", i % 5 < 2), ("w", i < 4)] {
            if asks {
                skills.push(skill);
            }
        }
        world.post(Some(&format!("E{}", i / 3 % 10)), Some("2025-01-31"), &skills);
    }
    for skill in ["x", "y", "z", "w", "v"] {
        world.teach(&format!("mc-{skill}"), &[], &[(&format!("o-{skill}"), skill, 0.9, Verdict::Accepted)]);
    }
    let levels = |world: &World| -> Vec<(String, Level)> {
        world.measure().findings.learner_interest.into_iter().map(|i| (i.skill, i.demand_level)).collect()
    };
    world.spec.top_k = 2;
    let [x, y, z, w, v] = ["x", "y", "z", "w", "v"].map(str::to_owned);
    let expected = [(x, Level::High), (y, Level::Unclear), (z, Level::Unclear), (w, Level::Low), (v, Level::Low)];
    assert_eq!(levels(&world), expected);
    world.spec.min_postings = 1000;
    assert!(levels(&world).iter().all(|(_, level)| *level == Level::Unknown));
}

/// Occupations by ISCO code with their essential skills, by letter.
fn occupations(world: &mut World, list: &[(&str, &[&str])]) {
    for (at, (isco, skills)) in (0..).zip(list) {
        world.taxonomy.occupations.push(Occupation {
            id: format!("occupation-{at:02}"),
            isco: Some(IscoCode::new(isco).unwrap()),
            labels: vec![],
            description: None,
            sectors: vec![],
        });
        for skill in *skills {
            let skill = world.taxonomy.skill_index(skill).unwrap() as u32;
            world.taxonomy.relations.push(Relation { occupation: at, skill, kind: RelationKind::Essential });
        }
    }
}

fn employed(area: &str, isco: &str, value: f64) -> Observation {
    let occupation = Some(IscoCode::new(isco).unwrap());
    let figure = figure("Employment by sex and occupation (thousands)", area, "2024", Some(value));
    Observation { occupation, unit: "thousands".into(), ..figure }
}

#[test]
fn beside_few_postings_stand_the_essential_skills_of_the_largest_occupations() {
    let mut world = world();
    occupations(
        &mut world,
        &[
            ("5131", &["a", "b"]),
            ("5132", &["a"]),
            ("5120", &["c"]),
            ("7112", &["b"]),
            ("7115", &["c"]),
            ("7126", &["a"]),
        ],
    );
    let optional = Relation { occupation: 1, skill: 2, kind: RelationKind::Optional };
    world.taxonomy.relations.push(optional);
    world.observations = vec![
        employed("PS", "51", 80.0),
        employed("PS", "71", 90.0),
        employed("PS", "61", 10.0),
        // Left out: a coarser level, one sex, an earlier year, a rate, another area.
        employed("PS", "5", 400.0),
        Observation { sex: Some("Male".into()), ..employed("PS", "93", 500.0) },
        Observation { period: Period::parse("2020").unwrap(), ..employed("PS", "91", 500.0) },
        Observation { unit: "%".into(), ..employed("PS", "94", 50.0) },
        employed("AL", "51", 70.0),
    ];
    let findings = world.measure().findings;
    let said = |e: &Expectation| {
        (e.occupation.clone(), e.employed, e.skill.clone(), e.share_of_occupations, e.occupation_count, e.reason)
    };
    let row = |isco: &str, employed, skill: Option<&str>, share, count, reason| {
        (isco.to_owned(), employed, skill.map(str::to_owned), share, count, reason)
    };
    // Of the three occupations in 71 no two share a skill; a is essential for two of the three in 51; none is in 61.
    let expected = [
        row("71", 90.0, None, None, 3, Some(NoExpectation::TooVaried)),
        row("51", 80.0, Some("a"), Some(2.0 / 3.0), 3, None),
        row("61", 10.0, None, None, 0, Some(NoExpectation::NoOccupation)),
    ];
    assert_eq!(findings.expectations.iter().map(said).collect::<Vec<_>>(), expected);
    // 35 postings of PS, rows 0, 2, 4, ...; those divisible by 6 ask for a: 0, 6, ..., 66.
    let a = &findings.expectations[1];
    assert_eq!((a.area.as_str(), a.base_count, a.posting_count), ("PS", 35, Some(12)));
    // Employers 0, 3 and 6 of nine.
    assert_eq!((a.employer_count, a.source_count, a.share), (Some(3), Some(1), Some(12.0 / 35.0)));
    assert_eq!(a.label.as_deref(), Some("name of a"));
    assert!(a.share_low.unwrap() < 12.0 / 35.0 && a.share_high.unwrap() > 12.0 / 35.0);
    assert_eq!(serde_json::to_value(a.basis).unwrap(), "taxonomy_expectation");
    assert_eq!(
        findings.demand,
        {
            world.observations.clear();
            world.measure().findings.demand
        },
        "nothing is pooled"
    );
}

#[test]
fn a_thick_area_shows_no_expectation_and_a_withheld_one_shows_its_base_alone() {
    let mut world = world();
    occupations(&mut world, &[("5131", &["a"])]);
    world.observations = vec![employed("PS", "51", 80.0), employed("ES51", "51", 300.0)];
    let areas =
        |world: &World| -> Vec<String> { world.measure().findings.expectations.into_iter().map(|e| e.area).collect() };
    assert_eq!(areas(&world), ["ES51", "PS"]);
    world.spec.thin_postings = 35;
    assert!(areas(&world).is_empty(), "35 postings are not fewer than 35");
    world.spec.min_postings = 36;
    let withheld = world.measure().findings.expectations;
    assert_eq!(withheld.len(), 2);
    for e in withheld {
        assert_eq!((e.base_count, e.mark, e.posting_count, e.share), (35, Some(Mark::Suppressed), None, None));
        assert_eq!((e.employer_count, e.source_count, e.skill.as_deref()), (None, None, Some("a")));
    }
}

#[test]
fn of_several_age_groups_the_one_that_holds_the_others_counts() {
    let mut world = world();
    occupations(&mut world, &[("5131", &["a"])]);
    let aged = |age: &str, value| Observation { age: Some(age.into()), ..employed("PS", "51", value) };
    world.observations = vec![aged("15-24", 20.0), aged("15+", 80.0), aged("25+", 60.0)];
    let rows = world.measure().findings.expectations;
    assert_eq!(rows.iter().map(|e| e.employed).collect::<Vec<_>>(), [80.0]);
}

#[test]
fn of_two_figures_for_one_group_the_first_of_the_file_stands_and_nobody_employed_is_no_group() {
    let mut world = world();
    occupations(&mut world, &[("5131", &["a"])]);
    let at = |record: u64, value| Observation { origin: origin(record), ..employed("PS", "51", value) };
    world.observations = vec![at(2, 90.0), at(1, 80.0), at(3, 70.0), employed("PS", "52", 0.0)];
    for _ in 0..2 {
        let rows = world.measure().findings.expectations;
        let said: Vec<_> = rows.iter().map(|e| (e.occupation.as_str(), e.employed)).collect();
        assert_eq!(said, [("51", 80.0)]);
        world.observations.reverse();
    }
}
