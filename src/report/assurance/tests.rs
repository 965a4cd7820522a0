use super::*;
use crate::report::fixture;
use crate::types::{AssuranceBasis as Basis, DeclaredSkill, Lang, Origin, OutcomeId, SnapshotId};

const SQL: &str = "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742";

fn credential(id: &str) -> Credential {
    let origin = Origin { source: SourceId::new("cat").unwrap(), snapshot: SnapshotId("0".into()), record: 1 };
    Credential::new(CredentialId(id.into()), format!("Title of {id}"), Lang::En, origin)
}

fn outcome(id: &str, credential: &str, links: &[(&str, Verdict, Option<f64>)]) -> OutcomeFinding {
    OutcomeFinding {
        outcome: OutcomeId(id.into()),
        credential: credential.into(),
        text: "t".into(),
        language: Lang::En,
        verdict: links.first().map_or(Verdict::Unmatched, |l| l.1),
        links: links.iter().map(|l| (l.0.into(), format!("name of {}", l.0), 0.9, l.1, l.2)).collect(),
    }
}

fn check(id: &str, present: u32, missing: &[&str]) -> CredentialCheckCount {
    CredentialCheckCount {
        source: SourceId::new("cat").unwrap(),
        credential: CredentialId(id.into()),
        title: String::new(),
        mandatory_present: present,
        mandatory_applicable: present + missing.len() as u32,
        missing: missing.iter().map(|m| (*m).to_owned()).collect(),
        optional_present: 0,
        warning_count: 0,
        hint_count: 0,
    }
}

fn step(credential: &str, occupation: &str, number: u32) -> PathwayStep {
    serde_json::from_value(serde_json::json!({
        "occupation": occupation, "occupation_label": format!("name of {occupation}"), "isco": null, "targeted": true,
        "step": number, "picked": number, "credential": credential, "title": "t", "ects": null, "ects_total": null,
        "eqf_level": null, "prerequisites": null, "stacks_into": null, "coverage_before": 0.1, "coverage_after": 0.2,
        "coverage_low": null, "coverage_high": null, "gain": 0.1, "gain_low": null, "gain_high": null,
        "essential_count": 1, "essential_covered": 1, "base_count": 50, "employer_count": 20, "source_count": 2,
        "mark": null,
    }))
    .unwrap()
}

fn stack(name: &str, larger: Option<&str>, part: &str) -> Stack {
    serde_json::from_value(serde_json::json!({
        "stack": name, "stack_credential": larger, "stack_ects": null, "stack_eqf_level": null, "credentials": [part],
        "ects": null, "eqf_low": null, "eqf_high": null, "skill_count": 0, "skills": [], "coverage": null,
        "coverage_low": null, "coverage_high": null, "base_count": 600, "employer_count": 90, "source_count": 3,
        "mark": null,
    }))
    .unwrap()
}

/// Of `full` everything is known that the data can hold, of `half` a part, of `bare` only its title.
fn catalogue() -> Findings {
    let mut f = Findings::default();
    f.meta.posting_count = 600;
    let full = Credential {
        ects: Some(4.0),
        eqf_level: Some(6),
        assessment: Some("Portfolio".into()),
        supervision: Some("Identity verified".into()),
        quality_assurance: Some("Internal system".into()),
        participation: Some("Online".into()),
        requests: Some(40),
        places: Some(20),
        stacks_into: Some("Diploma".into()),
        declared_skills: vec![DeclaredSkill { uri: Some(SQL.into()), label: None }],
        ..credential("full")
    };
    let half = Credential {
        ects: Some(2.0),
        assessment: Some("Test".into()),
        stacks_into: Some("Elsewhere".into()),
        enrolments: Some(9),
        ..credential("half")
    };
    f.credentials = vec![full, half, credential("bare")];
    let (yes, no) = (Verdict::Accepted, Verdict::Review);
    f.outcomes = vec![
        outcome("f1", "full", &[("a", yes, Some(0.05)), ("b", yes, Some(0.125))]),
        outcome("f2", "full", &[("c", yes, Some(0.01)), ("d", no, Some(0.9))]),
        outcome("h1", "half", &[("a", yes, Some(0.05))]),
        outcome("h2", "half", &[("e", yes, None)]),
        outcome("h3", "half", &[("d", no, Some(0.9))]),
        outcome("z1", "nobody", &[("a", yes, Some(0.05))]),
    ];
    f.catalogue_checks =
        vec![check("full", 9, &[]), check("half", 7, &["country", "level"]), check("bare", 0, &["title"])];
    f.stacks = vec![stack("Diploma", Some("diploma"), "full")];
    let mut hidden = step("half", "hidden", 1);
    hidden.mark = Some(Mark::Suppressed);
    f.pathways = vec![step("full", "analyst", 1), step("full", "clerk", 2), step("other", "clerk", 1), hidden];
    f
}

fn supplied(credential: &str, indicator: Criterion, value: f64, period: &str, n: Option<u64>) -> SuppliedFigure {
    let (unit, source, link) = ("%".to_owned(), Some("Survey".to_owned()), Some("https://x.org/q".to_owned()));
    SuppliedFigure { credential: credential.into(), indicator, value, unit, period: period.into(), n, source, link }
}

fn row<'a>(rows: &'a [AssuranceRow], credential: &str, criterion: Criterion) -> &'a AssuranceRow {
    rows.iter().find(|r| r.credential == credential && r.criterion == criterion).unwrap()
}

/// (state of `full`, of `half`, of `bare`)
fn states(rows: &[AssuranceRow], criterion: Criterion) -> [State; 3] {
    ["full", "half", "bare"].map(|credential| row(rows, credential, criterion).extent)
}

#[test]
fn a_catalogue_with_known_answers_gets_them_and_silence_is_never_more_than_silence() {
    use State::{NotInTheData as Silent, NotShown, Partly, Shown};
    let rows = assurance(&catalogue(), &[]);
    assert_eq!(rows.len(), 3 * 17);
    for (criterion, expected) in [
        (Criterion::RelevantDemand, [Shown, Partly, Silent]),
        (Criterion::RelevantIndustry, [Silent, Silent, Silent]),
        (Criterion::Assessed, [Partly, Partly, Silent]),
        (Criterion::Accredited, [Partly, Silent, Silent]),
        (Criterion::Standardised, [Shown, Partly, Silent]),
        (Criterion::Flexible, [Partly, Silent, Silent]),
        (Criterion::Stackable, [Shown, Partly, Silent]),
        (Criterion::SkillGapAnalysis, [Shown, Shown, Silent]),
        (Criterion::LearnerInput, [Partly, Partly, Silent]),
        (Criterion::LearnerContext, [Silent, Silent, Silent]),
        (Criterion::Feedback, [Silent, Silent, Silent]),
        (Criterion::Pathways, [Shown, NotShown, NotShown]),
        (Criterion::Kpis, [Partly, Partly, Silent]),
        (Criterion::Satisfaction, [Silent, Silent, Silent]),
        (Criterion::Completion, [Silent, Silent, Silent]),
        (Criterion::Employment, [Silent, Silent, Silent]),
        (Criterion::MinimumInformation, [Shown, Partly, NotShown]),
    ] {
        assert_eq!(states(&rows, criterion), expected, "{criterion:?}");
    }
    let demand = row(&rows, "full", Criterion::RelevantDemand);
    assert_eq!((demand.count, demand.of_count, demand.value, demand.n), (Some(2), Some(2), Some(12.5), Some(600)));
    assert_eq!((demand.skill.as_deref(), demand.detail.as_deref()), (Some("b"), Some("name of b")));
    let half = row(&rows, "half", Criterion::RelevantDemand);
    assert_eq!((half.count, half.of_count), (Some(1), Some(3)), "a withheld share and a match in doubt show nothing");
    assert_eq!(row(&rows, "half", Criterion::MinimumInformation).detail.as_deref(), Some("country level"));
    assert_eq!(row(&rows, "half", Criterion::Standardised).detail.as_deref(), Some("level declared_skills"));
    let ways = row(&rows, "full", Criterion::Pathways);
    assert_eq!((ways.count, ways.of_count, ways.detail.as_deref()), (Some(2), Some(2), Some("name of analyst")));
    let asked = row(&rows, "full", Criterion::LearnerInput);
    assert_eq!((asked.basis, asked.count, asked.of_count), (Basis::Requests, Some(40), Some(20)));
}

#[test]
fn supplied_figures_are_shown_with_their_n_the_latest_first_and_never_of_fewer_than_five_people() {
    let figures = [
        supplied("full", Criterion::Satisfaction, 80.0, "2024-2025", Some(31)),
        supplied("full", Criterion::Satisfaction, 90.0, "2025", Some(27)),
        supplied("full", Criterion::Completion, 70.0, "2025", None),
        supplied("full", Criterion::Employment, 100.0, "2025", Some(4)),
        supplied("full", Criterion::Other, 3.0, "2025", None),
        supplied("half", Criterion::Satisfaction, 100.0, "2025", Some(2)),
    ];
    let rows = assurance(&catalogue(), &figures);
    let latest = row(&rows, "full", Criterion::Satisfaction);
    assert_eq!((latest.extent, latest.value, latest.n), (State::Shown, Some(90.0), Some(27)));
    assert_eq!((latest.source.as_deref(), latest.link.as_deref()), (Some("Survey"), Some("https://x.org/q")));
    assert_eq!(row(&rows, "full", Criterion::Completion).extent, State::Partly);
    let few = row(&rows, "full", Criterion::Employment);
    assert_eq!((few.extent, few.basis, few.value, few.n), (State::NotShown, Basis::TooFew, None, None));
    assert_eq!(row(&rows, "full", Criterion::Other).value, Some(3.0));
    let kpis = row(&rows, "full", Criterion::Kpis);
    assert_eq!((kpis.extent, kpis.count, kpis.of_count), (State::Partly, Some(2), Some(3)));
    assert_eq!(row(&rows, "full", Criterion::Feedback).extent, State::Shown);
    assert_eq!(row(&rows, "half", Criterion::Feedback).extent, State::NotInTheData, "two people are no feedback");
    assert!(rows.iter().all(|r| r.credential != "half" || r.value != Some(100.0)));
}

#[test]
fn decisions_of_a_workshop_show_that_companies_and_learners_were_heard() {
    let heard = Consulted { companies: 3, learners: 0, last_decided_on: "2026-05-02".into() };
    let learners = Consulted { companies: 0, learners: 2, last_decided_on: "2026-05-03".into() };
    let consulted = BTreeMap::from([("full".to_owned(), heard), ("bare".to_owned(), learners)]);
    let rows = super::rows(&catalogue(), &[], &consulted);
    let industry = row(&rows, "full", Criterion::RelevantIndustry);
    assert_eq!(
        (industry.extent, industry.count, industry.period.as_deref()),
        (State::Shown, Some(3), Some("2026-05-02"))
    );
    assert_eq!(row(&rows, "bare", Criterion::RelevantIndustry).extent, State::NotInTheData);
    assert_eq!(row(&rows, "bare", Criterion::LearnerInput).basis, Basis::LearnersDecided);
}

#[test]
fn what_learners_answered_comes_before_what_they_requested() {
    let mut findings = catalogue();
    let interest = |skill: &str, answers: u64, share: serde_json::Value| -> LearnerInterest {
        serde_json::from_value(serde_json::json!({
            "skill": skill, "label": format!("name of {skill}"), "posting_count": 1, "base_count": 600,
            "employer_count": 1, "source_count": 1, "share": 0.1, "share_low": 0.1, "share_high": 0.1, "mark": null,
            "demand_level": "high", "credential_count": 1, "requests": null, "enrolments": null, "places": null,
            "ratio_credential_count": 0, "requests_per_place": null, "request_level": "unknown",
            "answer_count": answers, "wants_count": null, "wants_effective_n": null, "wants_share": share,
            "wants_low": null, "wants_high": null, "wants_mark": null, "survey_level": "unknown",
        }))
        .unwrap()
    };
    findings.learner_interest =
        vec![interest("a", 20, 0.5.into()), interest("b", 9, serde_json::Value::Null), interest("d", 50, 0.9.into())];
    let rows = assurance(&findings, &[]);
    let input = row(&rows, "full", Criterion::LearnerInput);
    assert_eq!((input.extent, input.value, input.n), (State::Shown, Some(50.0), Some(20)), "withheld or not taught");
}

#[test]
fn an_edition_without_a_catalogue_has_no_rows_and_hostile_figures_break_nothing() {
    assert_eq!(assurance(&Findings::default(), &[]), []);
    let mut findings = catalogue();
    for (at, credential) in findings.credentials.iter_mut().enumerate() {
        let text = fixture::HOSTILE[at];
        credential.ects = Some(f64::NAN);
        (credential.assessment, credential.stacks_into) = (Some(text.repeat(50)), Some("é".repeat(300)));
    }
    findings.outcomes[0].links[0].4 = Some(f64::NAN);
    findings.outcomes[1].links[0].4 = Some(f64::INFINITY);
    let figure = supplied("full", Criterion::Satisfaction, f64::MAX, "9999", Some(u64::MAX));
    let rows = assurance(&findings, &[figure]);
    assert!(rows.iter().filter_map(|r| r.detail.as_deref()).all(|d| d.chars().count() <= QUOTED + 1));
}

/// Rows for the tests of whole reports.
pub fn sample() -> Vec<AssuranceRow> {
    let mut findings = catalogue();
    findings.outcomes[0].links[1].0 = fixture_skill();
    let figures = [
        supplied("full", Criterion::Satisfaction, 90.5, "2025", Some(27)),
        SuppliedFigure { unit: "of 5".into(), ..supplied("half", Criterion::Satisfaction, 4.5, "2025", None) },
        SuppliedFigure { unit: "share".into(), ..supplied("full", Criterion::Completion, 0.5, "2025", Some(30)) },
        supplied("full", Criterion::Employment, 90.0, "2025", Some(3)),
        supplied("full", Criterion::Other, 3.0, "2025", None),
    ];
    let heard = Consulted { companies: 3, learners: 2, last_decided_on: "2026-05-02".into() };
    super::rows(&findings, &figures, &BTreeMap::from([("half".to_owned(), heard)]))
}

/// A skill that the realistic findings hold sentences of.
fn fixture_skill() -> String {
    "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d".to_owned()
}

#[test]
fn every_basis_that_is_told_has_a_sentence_in_every_language() {
    use crate::report::messages::Messages;
    let rows = sample();
    for language in Lang::ALL {
        let m = Messages::of(language).unwrap();
        let has_figure = |r: &&AssuranceRow| r.count.or(r.of_count).is_some() || r.value.is_some();
        for row in rows.iter().filter(|r| r.extent != State::NotInTheData).filter(has_figure) {
            let key = serde_json::to_value(row.basis).unwrap();
            assert!(m.find(&format!("assurance_basis.{}", key.as_str().unwrap())).is_some(), "{language:?} {key}");
        }
        for (framework, criterion) in Criterion::ALL {
            for (prefix, value) in
                [("framework", serde_json::to_value(framework)), ("criterion", serde_json::to_value(criterion))]
            {
                let key = format!("values.{prefix}_{}", value.unwrap().as_str().unwrap());
                assert!(m.find(&key).is_some(), "{language:?} {key}");
            }
        }
    }
}
