//! Editions by hand: what is planted in one of two is told, with its cause, and nothing else is.

use super::*;
use crate::types::{
    AreaCode, Cause, Demand, EditionInputs, GapStatus, Lang, Observation, ObservationQuality, Origin, OutcomeFinding,
    OutcomeId, Period, SnapshotId, SourceId, Verdict,
};

/// A gap of the portfolio; so many of so many postings ask.
fn gap(skill: &str, asking: u64, base: u64, coverage: f64, status: GapStatus) -> Gap {
    let share = asking as f64 / base as f64;
    let (low, high) = wilson(share, base as f64);
    let demand = Demand {
        skill: skill.into(),
        label: format!("name of {skill}"),
        area: "all".into(),
        period: "all".into(),
        occupation_group: "all".into(),
        posting_count: asking,
        base_count: base,
        employer_count: 9,
        source_count: 2,
        effective_n: base as f64,
        share: Some(share),
        share_low: Some(low),
        share_high: Some(high),
        mark: None,
        ..Demand::default()
    };
    Gap {
        programme: PORTFOLIO.into(),
        demand,
        group: String::new(),
        coverage,
        outcome: None,
        unmet_per_100: None,
        unmet_low: None,
        unmet_high: None,
        rank: Some(1),
        tied_to: None,
        top_probability: None,
        status,
        green: false,
        digital: false,
    }
}

fn withheld(skill: &str, base: u64) -> Gap {
    let mut gap = gap(skill, 0, base, 0.0, GapStatus::Watch);
    let Demand { share, share_low, share_high, mark, effective_n, .. } = &mut gap.demand;
    (*share, *share_low, *share_high, *mark, *effective_n) = (None, None, None, Some(Mark::Suppressed), 0.0);
    gap
}

/// An edition of 300 postings over one file each of postings, taxonomy, catalogue and official figures.
fn edition(gaps: Vec<Gap>) -> Findings {
    let mut findings = Findings { gaps, ..Findings::default() };
    let meta = &mut findings.meta;
    (meta.plan, meta.as_of, meta.version) = ("p".into(), "2026-06-30".into(), "0.1.0".into());
    (meta.taxonomy_version, meta.posting_count) = ("ESCO v1".into(), 300);
    let sources = [("boards", "postings"), ("esco", "taxonomy"), ("offer", "credentials"), ("office", "statistics")];
    for (source, kind) in sources {
        meta.snapshots.push((format!("{source}: {source}.csv"), format!("{source}-1-is-a-long-hash")));
        findings.inputs.sources.insert(source.into(), kind.into());
    }
    findings.inputs.program = "0.1.0 layout 1".into();
    findings.inputs.plan.insert("measure.top_k".into(), "10".into());
    findings
}

/// The same with other bytes of a source.
fn reread(findings: &Findings, source: &str) -> Findings {
    let mut other = findings.clone();
    for (name, hash) in &mut other.meta.snapshots {
        if name.starts_with(source) {
            *hash = "another-long-hash".into();
        }
    }
    other
}

fn change<'a>(diff: &'a EditionDiff, skill: &str) -> &'a SkillChange {
    diff.skills.iter().find(|c| c.skill == skill).unwrap()
}

fn five(counts: [u64; 5], base: u64) -> Vec<Gap> {
    let named = ["a", "b", "c", "d", "e"].into_iter().zip(counts);
    named.map(|(skill, asking)| gap(skill, asking, base, 0.0, GapStatus::Watch)).collect()
}

#[test]
fn an_edition_beside_itself_has_changed_in_nothing() {
    let one = edition(five([20, 30, 50, 60, 80], 300));
    let diff = edition_diff(&one, &one);
    assert!(diff.is_empty() && diff.inputs_known && diff.same_postings, "{diff:?}");
    assert!(edition_diff(&Findings::default(), &Findings::default()).is_empty());
}

/// p of each by statsmodels and scipy as in `shares`: 1.5e-7, .038, .89, .69, .077; q is
/// `scipy.stats.false_discovery_control` of them.
#[test]
fn a_change_is_called_only_when_it_passes_among_all_skills_compared() {
    let before = edition(five([20, 30, 50, 60, 80], 300));
    let mut after = reread(&edition(five([70, 50, 52, 60, 66], 320)), "boards");
    after.meta.posting_count = 320;
    let diff = edition_diff(&before, &after);
    assert_eq!(diff.compared_count, 5);
    for (skill, q) in [
        ("a", 7.327860845624373e-7),
        ("b", 0.09424146667516728),
        ("c", 0.8887795182677108),
        ("d", 0.8672595797368137),
        ("e", 0.1276342793464788),
    ] {
        let found = change(&diff, skill).q.unwrap();
        assert!((found - q).abs() < 1e-6 * q, "{skill}: {found} {q}");
    }
    // `b` by itself is clear of 0 and is still not called.
    let b = change(&diff, "b");
    assert!(
        b.difference_low.unwrap() > 0.0 && b.call == ChangeCall::NotToldApart && b.share_causes.is_empty(),
        "{b:?}"
    );
    let a = &diff.skills[0];
    assert_eq!((a.skill.as_str(), a.call, &a.share_causes), ("a", ChangeCall::Changed, &vec![Cause::Data]));
    // statsmodels: confint_proportions_2indep(70, 320, 20, 300, method='newcomb').
    assert!((a.difference_low.unwrap() - 0.09815677386005425).abs() < 1e-12, "{a:?}");
    assert!((a.difference_high.unwrap() - 0.20578906356320617).abs() < 1e-12, "{a:?}");
    let names: Vec<_> = diff.frame.iter().map(|c| (c.name.as_str(), c.cause)).collect();
    assert_eq!(names, [("boards: boards.csv", Some(Cause::Data)), ("postings", None)]);
    assert_eq!(diff.frame[0].after.as_deref(), Some("another-long"));
}

#[test]
fn a_share_withheld_on_either_side_is_never_compared() {
    let open = edition(vec![gap("s", 150, 300, 0.0, GapStatus::Add)]);
    let closed = edition(vec![withheld("s", 12)]);
    for (before, after) in [(&open, &closed), (&closed, &open), (&closed, &edition(vec![withheld("s", 14)]))] {
        let diff = edition_diff(before, &reread(after, "boards"));
        let s = change(&diff, "s");
        assert_eq!((s.call, s.difference, s.difference_low, s.q), (ChangeCall::Withheld, None, None, None));
        assert!(s.share_causes.is_empty() && diff.compared_count == 0, "{s:?}");
    }
    // A skill that a withheld edition does not list is no zero.
    let other = edition(vec![withheld("t", 12)]);
    let diff = edition_diff(&open, &reread(&other, "boards"));
    let s = change(&diff, "s");
    assert_eq!(s.call, ChangeCall::Withheld);
    assert_eq!((s.after.posting_count, s.after.base_count, s.after.mark), (0, 12, Some(Mark::Suppressed)));
    // It comes after all that have a difference.
    let both = vec![gap("s", 150, 300, 0.0, GapStatus::Add), gap("t", 30, 300, 0.0, GapStatus::Add)];
    let other = vec![withheld("s", 12), gap("t", 31, 300, 0.0, GapStatus::Add)];
    let diff = edition_diff(&edition(both), &reread(&edition(other), "boards"));
    assert_eq!(diff.skills.iter().map(|c| c.skill.as_str()).collect::<Vec<_>>(), ["t", "s"]);
}

#[test]
fn a_skill_that_an_open_edition_does_not_list_is_asked_for_by_none_of_its_postings() {
    let before = edition(vec![gap("s", 60, 300, 0.0, GapStatus::Add)]);
    let after = vec![gap("s", 60, 320, 0.0, GapStatus::Add), gap("t", 24, 320, 0.0, GapStatus::Add)];
    let mut after = reread(&edition(after), "boards");
    after.meta.posting_count = 320;
    let diff = edition_diff(&before, &after);
    let t = change(&diff, "t");
    assert_eq!((t.before.posting_count, t.before.base_count, t.before.status), (0, 300, None));
    // 0 of 300, then 24 of 320: p = 9.715512341640358e-06 as in `shares`; two skills compared.
    assert!((t.q.unwrap() - 2.0 * 9.715512341640358e-06).abs() < 1e-11, "{t:?}");
    assert_eq!((t.call, t.status_changed()), (ChangeCall::Changed, true));
    assert_eq!(t.status_causes, [Cause::Data]);
}

#[test]
fn few_asking_postings_are_not_tested_and_make_no_family_larger() {
    let gaps = |asking| vec![gap("s", asking, 300, 0.0, GapStatus::Watch), gap("rare", 1, 300, 0.0, GapStatus::Watch)];
    let diff = edition_diff(&edition(gaps(20)), &reread(&edition(gaps(70)), "boards"));
    assert_eq!(diff.compared_count, 1);
    let all_rare = edition_diff(
        &edition(vec![gap("rare", 1, 300, 0.0, GapStatus::Watch)]),
        &reread(&edition(vec![gap("rare", 8, 300, 0.0, GapStatus::Watch)]), "boards"),
    );
    assert_eq!((change(&all_rare, "rare").call, all_rare.compared_count), (ChangeCall::TooFew, 0));
    // Ten of both together are enough.
    let compared = |first: u64, second: u64| {
        let of = |asking| edition(vec![gap("s", asking, 256, 0.0, GapStatus::Watch)]);
        edition_diff(&of(first), &reread(&of(second), "boards")).compared_count
    };
    assert_eq!([compared(4, 6), compared(4, 5)], [1, 0]);
}

#[test]
fn the_same_postings_counted_by_another_taxonomy_are_recounted_without_sampling_error() {
    let before = edition(five([20, 30, 50, 60, 80], 300));
    let mut after = reread(&edition(five([20, 31, 50, 60, 80], 300)), "esco");
    after.meta.taxonomy_version = "ESCO v2".into();
    let diff = edition_diff(&before, &after);
    assert!(diff.same_postings);
    let [b] = diff.skills.as_slice() else { panic!("{:?}", diff.skills) };
    assert_eq!((b.skill.as_str(), b.call, b.q, b.difference_low), ("b", ChangeCall::Recounted, None, None));
    assert_eq!(b.share_causes, [Cause::Taxonomy]);
}

#[test]
fn a_cause_is_named_only_for_figures_that_are_made_of_it() {
    let one = edition(vec![gap("s", 30, 300, 0.0, GapStatus::Watch)]);
    let taught = edition(vec![gap("s", 30, 300, 0.9, GapStatus::Covered)]);
    // Postings and official figures teach nothing.
    let by_source: [(&[&str], &[Cause], &[Cause]); 5] = [
        (&["boards"], &[], &[Cause::Data]),
        (&["office"], &[], &[]),
        (&["offer"], &[Cause::Catalogue], &[Cause::Catalogue]),
        (&["offer", "boards", "office"], &[Cause::Catalogue], &[Cause::Data, Cause::Catalogue]),
        (&["esco"], &[Cause::Taxonomy], &[Cause::Taxonomy]),
    ];
    for (sources, coverage, status) in by_source {
        let after = sources.iter().fold(taught.clone(), |findings, source| reread(&findings, source));
        let diff = edition_diff(&one, &after);
        let s = change(&diff, "s");
        assert!(s.coverage_changed() && s.status_changed());
        assert_eq!((s.coverage_causes.as_slice(), s.status_causes.as_slice()), (coverage, status), "{sources:?}");
    }
    let by_key: [(&str, &[Cause], &[Cause]); 9] = [
        ("review.matches", &[Cause::Plan], &[Cause::Plan]),
        ("measure.thin_postings", &[], &[]),
        ("review.mentions", &[], &[]),
        ("measure.top_k", &[], &[Cause::Plan]),
        ("trends.emerging_ratio", &[], &[]),
        ("novel.top", &[], &[]),
        ("link.accept", &[Cause::Plan], &[Cause::Plan]),
        ("extract.accept", &[], &[Cause::Plan]),
        ("a.key.to.come", &[Cause::Plan], &[Cause::Plan]),
    ];
    for (key, coverage, status) in by_key {
        let mut after = taught.clone();
        after.inputs.plan.insert(key.into(), "other".into());
        let diff = edition_diff(&one, &after);
        let s = change(&diff, "s");
        assert_eq!((s.coverage_causes.as_slice(), s.status_causes.as_slice()), (coverage, status), "{key}");
    }
    let mut later = taught.clone();
    later.inputs.program = "0.2.0 layout 1".into();
    later.meta.as_of = "2026-09-30".into();
    let diff = edition_diff(&one, &later);
    assert_eq!(change(&diff, "s").coverage_causes, [Cause::Program]);
    assert_eq!(change(&diff, "s").status_causes, [Cause::AsOf, Cause::Program]);
}

#[test]
fn the_same_bytes_under_another_name_are_no_change_and_added_files_are() {
    let one = edition(Vec::new());
    let mut renamed = one.clone();
    renamed.meta.snapshots[0].0 = "boards: june.csv".into();
    assert!(edition_diff(&one, &renamed).is_empty());
    let mut added = one.clone();
    added.meta.snapshots.push(("boards: more.csv".into(), "00112233445566778899".into()));
    let diff = edition_diff(&one, &added);
    let [change] = diff.frame.as_slice() else { panic!("{:?}", diff.frame) };
    assert_eq!(
        (change.name.as_str(), &change.before, change.after.as_deref()),
        ("boards: more.csv", &None, Some("001122334455"))
    );
    // A new source comes with settings of its own: its files tell it.
    let mut source = one.clone();
    source.meta.snapshots.push(("new: n.csv".into(), "00112233445566778899".into()));
    source.inputs.sources.insert("new".into(), "postings".into());
    source.inputs.plan.insert("source.new.columns".into(), "abc".into());
    assert_eq!(edition_diff(&one, &source).frame.len(), 1);
    source.inputs.plan.insert("source.boards.retrieved_on".into(), "2026-07-01".into());
    assert!(edition_diff(&one, &source).frame.iter().all(|c| c.cause == Some(Cause::Data)));
}

#[test]
fn an_edited_outcome_is_one_gone_and_one_new_and_speaks_of_the_catalogue() {
    let outcome = |id: &str, text: &str| OutcomeFinding {
        outcome: OutcomeId(id.into()),
        credential: "C1".into(),
        text: text.into(),
        language: Lang::En,
        verdict: Verdict::Accepted,
        links: Vec::new(),
    };
    let (mut one, mut two) = (edition(Vec::new()), edition(Vec::new()));
    one.outcomes = vec![outcome("1", "Weld steel"), outcome("2", "Read plans")];
    two.outcomes = vec![outcome("2", "Read plans"), outcome("3", "Weld steel safely")];
    let diff = edition_diff(&one, &two);
    let [edited] = diff.outcomes.as_slice() else { panic!("{:?}", diff.outcomes) };
    assert_eq!(edited.removed, ["Weld steel"]);
    assert_eq!(edited.added, ["Weld steel safely"]);
    let [frame] = diff.frame.as_slice() else { panic!("{:?}", diff.frame) };
    assert_eq!((frame.after.as_deref(), frame.cause), (Some("2 (1 new, 1 gone)"), Some(Cause::Catalogue)));
}

#[test]
fn findings_that_do_not_say_their_inputs_are_compared_by_what_they_show() {
    let bare = |mut findings: Findings| {
        findings.inputs = EditionInputs::default();
        findings
    };
    let one = bare(edition(vec![gap("s", 30, 300, 0.0, GapStatus::Watch)]));
    let mut two = bare(reread(&edition(vec![gap("s", 90, 300, 0.0, GapStatus::Watch)]), "boards"));
    two.meta.min_postings = 10;
    let diff = edition_diff(&one, &two);
    assert!(!diff.inputs_known && !diff.same_postings);
    // As many postings are the same ones only where both say what they were made of.
    let three = bare(edition(vec![gap("s", 90, 300, 0.0, GapStatus::Watch)]));
    assert!(!edition_diff(&one, &three).same_postings);
    let told = edition(vec![gap("s", 90, 300, 0.0, GapStatus::Watch)]);
    assert!(!edition_diff(&one, &told).inputs_known && !edition_diff(&told, &one).inputs_known);
    // Nothing says that this file holds postings, and nothing is guessed.
    assert_eq!(change(&diff, "s").share_causes, [Cause::Plan, Cause::UnknownSource]);
}

#[test]
fn a_trend_is_told_when_its_call_is_another_and_lists_that_it_joins_without_a_call_are_not() {
    let trend = |skill: &str, call| Trend {
        skill: skill.into(),
        label: skill.into(),
        area: "all".into(),
        first: "2025".into(),
        last: "2026".into(),
        first_count: 10,
        first_base: 100,
        last_count: 20,
        last_base: 100,
        growth: Some(0.7),
        low: Some(0.1),
        high: Some(1.3),
        q: Some(0.01),
        last_employers: 6,
        last_sources: 2,
        series: Vec::new(),
        call,
    };
    let (mut one, mut two) = (edition(Vec::new()), reread(&edition(Vec::new()), "boards"));
    one.trends = vec![
        trend("same", TrendCall::Growing),
        trend("up", TrendCall::NoClearChange),
        trend("gone", TrendCall::Declining),
        trend("left", TrendCall::NoClearChange),
    ];
    two.trends =
        vec![trend("same", TrendCall::Growing), trend("up", TrendCall::Emerging), trend("joined", TrendCall::TooFew)];
    let diff = edition_diff(&one, &two);
    let told: Vec<_> = diff.trends.iter().map(|t| (t.skill.as_str(), t.after.as_ref().map(|a| a.call))).collect();
    assert_eq!(told, [("gone", None), ("up", Some(TrendCall::Emerging))]);
    assert_eq!(diff.trends[0].causes, [Cause::Data]);
}

#[test]
fn a_programme_that_is_new_gone_or_of_other_figures_is_told_and_one_that_stays_is_not() {
    let programme = |id: &str, coverage: f64| ProgrammeFinding {
        programme: id.into(),
        title: format!("title of {id}"),
        ects: None,
        outcome_count: 3,
        outcome_linked_count: 2,
        base_count: 300,
        employer_count: 9,
        source_count: 2,
        coverage: Some(coverage),
        coverage_low: Some(0.1),
        coverage_high: Some(0.9),
        target_occupations: Vec::new(),
        add: Vec::new(),
        strengthen: Vec::new(),
        review: Vec::new(),
        mark: None,
    };
    let (mut one, mut two) = (edition(Vec::new()), reread(&edition(Vec::new()), "offer"));
    one.programmes = vec![programme("stays", 0.4), programme("grows", 0.4), programme("goes", 0.4)];
    two.programmes = vec![programme("stays", 0.4), programme("grows", 0.5), programme("comes", 0.4)];
    let diff = edition_diff(&one, &two);
    let coverage = |f: &Option<ProgrammeFigures>| f.as_ref().and_then(|f| f.coverage);
    let told: Vec<_> =
        diff.programmes.iter().map(|p| (p.title.as_str(), coverage(&p.before), coverage(&p.after))).collect();
    let expected = [
        ("title of grows", Some(0.4), Some(0.5)),
        ("title of comes", None, Some(0.4)),
        ("title of goes", Some(0.4), None),
    ];
    assert_eq!(told, expected);
    assert!(diff.programmes.iter().all(|p| p.causes == [Cause::Catalogue]));
}

#[test]
fn official_figures_are_counted_as_new_and_gone_and_where_they_were_read_is_no_part_of_them() {
    let figure = |value: f64, record: u64| Observation {
        indicator: "Employment".into(),
        area: AreaCode("ES".into()),
        period: Period::parse("2025").unwrap(),
        occupation: None,
        sector: None,
        sex: None,
        age: None,
        breakdown: vec![],
        value: Some(value),
        unit: "thousand persons".into(),
        quality: ObservationQuality::Normal,
        flags: None,
        note: None,
        origin: Origin { source: SourceId::new("office").unwrap(), snapshot: SnapshotId("00".into()), record },
    };
    let with = |values: &[f64]| Findings {
        official: values.iter().zip(1..).map(|(value, record)| figure(*value, record)).collect(),
        ..edition(Vec::new())
    };
    let told = |before: &[f64], after: &[f64]| {
        let diff = edition_diff(&with(before), &with(after));
        diff.frame.into_iter().find(|c| c.name == "official figures").map(|c| (c.before, c.after, c.cause))
    };
    // One is revised, one of two alike is gone, one is new.
    let change = told(&[1.0, 2.0, 2.0, 3.0], &[3.0, 2.0, 1.5, 4.0]).unwrap();
    assert_eq!(change, (Some("4".into()), Some("4 (2 new, 2 gone)".into()), Some(Cause::OfficialFigures)));
    assert_eq!(told(&[1.0, 2.0], &[1.0, 2.0, 3.0]).unwrap().1.as_deref(), Some("3 (1 new, 0 gone)"));
    assert_eq!(told(&[1.0, 2.0, 3.0], &[3.0]).unwrap().1.as_deref(), Some("1 (0 new, 2 gone)"));
    assert_eq!(told(&[1.0, 2.0], &[2.0, 1.0]), None);
}

#[test]
fn hostile_figures_are_compared_without_a_panic() {
    let mut odd = gap("s", 0, 1, 0.5, GapStatus::Watch);
    odd.demand.effective_n = -1.0;
    (odd.demand.base_count, odd.demand.share) = (0, Some(2.0));
    let mut half = gap("s", 30, 300, f64::NAN, GapStatus::Watch);
    half.demand.share_low = None;
    let (one, two) = (edition(vec![odd.clone(), odd]), edition(vec![half]));
    for (before, after) in [(&one, &two), (&two, &one), (&one, &edition(Vec::new()))] {
        let diff = edition_diff(before, &reread(after, "boards"));
        assert!(diff.skills.iter().all(|s| s.q.is_none_or(|q| (0.0..=1.0).contains(&q))), "{diff:?}");
    }
}
