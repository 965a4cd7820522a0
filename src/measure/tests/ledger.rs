use super::world::World;
use crate::measure::check_decisions;
use crate::types::*;

type Outcome = (&'static str, &'static str, f32, Verdict);

const HALF: Outcome = ("o-half", "half", 0.5, Verdict::Accepted);
const UNSEEN: Outcome = ("o-unseen", "unseen", 0.9, Verdict::Accepted);

/// A thousand postings, a half asking for `add`, a quarter for `half`, none for `unseen`.
fn world(programme: &str, outcomes: &[Outcome]) -> World {
    let mut world = World::with_skills(&[("add", &[]), ("half", &[]), ("unseen", &[])]);
    for i in 0..1000 {
        let skills = [("add", 2), ("half", 4)];
        let own: Vec<&str> = skills.iter().filter(|s| i % s.1 == 0).map(|s| s.0).collect();
        world.post(Some(&format!("E{i}")), None, &own);
    }
    world.teach(programme, &[], outcomes);
    world
}

/// The findings of a world as a later edition meets them.
fn published(world: &World, as_of: &str) -> LastEdition {
    let mut findings = world.measure().findings;
    findings.meta.as_of = as_of.into();
    serde_json::from_value(serde_json::to_value(&findings).unwrap()).unwrap()
}

fn first() -> LastEdition {
    published(&world("mc", &[HALF, UNSEEN]), "2026-01-01")
}

fn after(last: LastEdition, outcomes: &[Outcome], decisions: &[LedgerDecision]) -> World {
    World { last: Some(last), decisions: decisions.to_vec(), ..world("mc", outcomes) }
}

fn row<'a>(rows: &'a [LedgerRow], programme: &str, skill: &str) -> &'a LedgerRow {
    rows.iter().find(|r| r.programme == programme && r.skill == skill).unwrap_or_else(|| panic!("{programme} {skill}"))
}

fn decided(row: u64, skill: &str, fate: Fate, day: &str) -> LedgerDecision {
    LedgerDecision {
        row,
        programme: "mc".into(),
        skill: skill.into(),
        fate,
        reason: Some("no room".into()),
        decided_on: day.parse().unwrap(),
        decided_by: Some("the board".into()),
    }
}

#[test]
fn without_a_last_edition_there_is_no_ledger_and_an_unchanged_catalogue_leaves_all_open() {
    assert!(world("mc", &[HALF]).measure().findings.ledger.is_empty());
    let rows = after(first(), &[HALF, UNSEEN], &[]).measure().findings.ledger;
    let said: Vec<_> = rows.iter().map(|r| (r.programme.as_str(), r.skill.as_str(), r.recommendation)).collect();
    let each = [("add", GapStatus::Add), ("half", GapStatus::Strengthen), ("unseen", GapStatus::Review)];
    let expected: Vec<_> =
        ["mc", "portfolio"].into_iter().flat_map(|p| each.map(|(s, status)| (p, s, status))).collect();
    assert_eq!(said, expected);
    for r in &rows {
        assert_eq!(
            (r.fate, r.evidence, r.remark, r.editions),
            (Fate::Open, LedgerEvidence::NotSeenYet, None, 1),
            "{r:?}"
        );
        assert_eq!(r.label, format!("name of {}", r.skill));
        assert_eq!((r.first_recommended.as_str(), r.coverage_now), ("2026-01-01", Some(r.coverage_before)));
        assert_eq!(
            (r.unmet_now, r.unmet_now_low, r.unmet_now_high),
            (r.unmet_before, r.unmet_before_low, r.unmet_before_high)
        );
    }
    let add = row(&rows, "mc", "add");
    assert_eq!((add.unmet_now, add.posting_count, add.base_count, add.employer_count), (Some(50.0), 500, 1000, 500));
}

#[test]
fn a_new_outcome_that_covers_the_skill_is_adoption_and_an_old_one_matched_better_is_not() {
    let new = ("o-new", "add", 0.8, Verdict::Accepted);
    let rows = after(first(), &[HALF, UNSEEN, new], &[]).measure().findings.ledger;
    let add = row(&rows, "mc", "add");
    assert_eq!((add.fate, add.evidence, add.outcome_is_new), (Fate::Adopted, LedgerEvidence::Seen, true));
    assert_eq!(add.outcome_now, Some(OutcomeId("o-new".into())));
    assert!((add.coverage_now.unwrap() - 0.8).abs() < 1e-6 && (add.unmet_now.unwrap() - 10.0).abs() < 1e-4);
    let better = ("o-half", "half", 0.9, Verdict::Accepted);
    let rows = after(first(), &[better, UNSEEN], &[]).measure().findings.ledger;
    let half = row(&rows, "mc", "half");
    assert_eq!((half.fate, half.remark), (Fate::Open, Some(LedgerRemark::CoveredByAnEarlierOutcome)));
}

#[test]
fn a_quarter_more_through_a_new_outcome_is_adoption_and_less_is_not() {
    for (score, fate) in [(0.25, Fate::Adopted), (0.24, Fate::Open)] {
        let new = ("o-new", "add", score, Verdict::Accepted);
        let rows = after(first(), &[HALF, UNSEEN, new], &[]).measure().findings.ledger;
        assert_eq!(row(&rows, "mc", "add").fate, fate, "{score}");
    }
    // A reworded outcome that covers no more than the old one answers nothing.
    let reworded = ("o-half-2", "half", 0.5, Verdict::Accepted);
    let rows = after(first(), &[reworded, UNSEEN], &[]).measure().findings.ledger;
    assert_eq!((row(&rows, "mc", "half").fate, row(&rows, "mc", "half").outcome_is_new), (Fate::Open, true));
}

#[test]
fn a_review_is_answered_when_the_outcome_that_taught_the_skill_is_gone() {
    let rows = after(first(), &[HALF], &[]).measure().findings.ledger;
    let unseen = row(&rows, "mc", "unseen");
    assert_eq!((unseen.fate, unseen.evidence, unseen.coverage_now), (Fate::Adopted, LedgerEvidence::Seen, Some(0.0)));
    let reworded = ("o-unseen-2", "unseen", 0.9, Verdict::Accepted);
    let rows = after(first(), &[HALF, reworded], &[]).measure().findings.ledger;
    assert_eq!(row(&rows, "mc", "unseen").fate, Fate::Open);
    // Half of a skill still counts as taught.
    let weaker = ("o-unseen-2", "unseen", 0.5, Verdict::Accepted);
    let rows = after(first(), &[HALF, weaker], &[]).measure().findings.ledger;
    assert_eq!(row(&rows, "mc", "unseen").fate, Fate::Open);
}

#[test]
fn what_came_after_a_recommendation_stays_new_in_later_editions_and_what_was_there_stays_old() {
    let new = |score| ("o-new", "add", score, Verdict::Accepted);
    let second = published(&after(first(), &[HALF, UNSEEN, new(0.24)], &[]), "2026-07-01");
    let better = ("o-half", "half", 0.9, Verdict::Accepted);
    let rows = after(second, &[better, UNSEEN, new(0.6)], &[]).measure().findings.ledger;
    let add = row(&rows, "mc", "add");
    assert_eq!((add.fate, add.evidence, add.outcome_is_new), (Fate::Adopted, LedgerEvidence::Seen, true));
    let half = row(&rows, "mc", "half");
    assert_eq!((half.fate, half.outcome_is_new), (Fate::Open, false));
    assert_eq!(half.remark, Some(LedgerRemark::CoveredByAnEarlierOutcome));
}

#[test]
fn a_recommendation_that_goes_on_has_the_last_ones_words_and_an_unlisted_skill_the_figures_of_its_share() {
    let mut second = published(&after(first(), &[HALF, UNSEEN], &[]), "2026-07-01");
    let gap = second.gaps.iter_mut().find(|g| g.programme == "mc" && g.demand.skill == "add").unwrap();
    gap.status = GapStatus::Strengthen;
    let gone = second.gaps.iter_mut().find(|g| g.programme == "mc" && g.demand.skill == "half").unwrap();
    (gone.demand.skill, gone.demand.label) = ("urn:gone".into(), "later name".into());
    let old = second.ledger.iter_mut().find(|r| r.programme == "mc" && r.skill == "half").unwrap();
    (old.skill, old.label) = ("urn:gone".into(), "earlier name".into());
    let mut world = after(second, &[HALF, UNSEEN], &[]);
    world.spec.gap_rows = 0;
    let findings = world.measure().findings;
    assert!(findings.gaps.iter().all(|g| g.programme != "mc" || g.demand.skill != "add"));
    let add = row(&findings.ledger, "mc", "add");
    assert_eq!((add.recommendation, add.first_recommended.as_str()), (GapStatus::Strengthen, "2026-01-01"));
    let gone = row(&findings.ledger, "mc", "urn:gone");
    assert_eq!((gone.label.as_str(), gone.remark), ("later name", Some(LedgerRemark::SkillNoLongerInTaxonomy)));
    // The programme has the same postings as the portfolio, which lists all.
    let whole = row(&findings.ledger, "portfolio", "add");
    let figures = |r: &LedgerRow| [r.unmet_now, r.unmet_now_low, r.unmet_now_high];
    assert_eq!((figures(add), add.unmet_now), (figures(whole), Some(50.0)));
}

#[test]
fn decisions_stand_whatever_the_catalogue_shows_and_the_evidence_stands_beside() {
    let decisions = [decided(2, "add", Fate::Adopted, "2026-02-01"), decided(3, "half", Fate::Declined, "2026-02-02")];
    let edition = after(first(), &[HALF, UNSEEN], &decisions);
    let rows = edition.measure().findings.ledger;
    let add = row(&rows, "mc", "add");
    assert_eq!((add.fate, add.evidence), (Fate::Adopted, LedgerEvidence::NotSeenYet));
    let half = row(&rows, "mc", "half");
    assert_eq!(
        (half.fate, half.reason.as_deref(), half.decided_on.as_deref()),
        (Fate::Declined, Some("no room"), Some("2026-02-02"))
    );
    assert_eq!(half.decided_by.as_deref(), Some("the board"));
    assert_eq!(row(&rows, "portfolio", "half").fate, Fate::Open);
    // The next edition, without the file: named again, and decided already.
    let rows = after(published(&edition, "2026-07-01"), &[HALF, UNSEEN], &[]).measure().findings.ledger;
    let half = row(&rows, "mc", "half");
    assert_eq!((half.fate, half.reason.as_deref(), half.editions), (Fate::Declined, Some("no room"), 2));
    assert_eq!((half.first_recommended.as_str(), row(&rows, "mc", "add").fate), ("2026-01-01", Fate::Adopted));
}

#[test]
fn what_is_open_goes_on_with_its_first_day_though_it_is_not_named_again() {
    let mut second = published(&after(first(), &[HALF, UNSEEN], &[]), "2026-07-01");
    second.gaps.retain(|g| g.demand.skill != "add");
    let rows = after(second, &[HALF, UNSEEN], &[]).measure().findings.ledger;
    for skill in ["add", "half"] {
        let r = row(&rows, "mc", skill);
        assert_eq!((r.fate, r.editions, r.first_recommended.as_str()), (Fate::Open, 2, "2026-01-01"), "{r:?}");
    }
}

#[test]
fn a_closed_row_leaves_the_ledger_unless_the_decisions_still_name_it() {
    let new = ("o-new", "add", 0.8, Verdict::Accepted);
    let record = decided(2, "add", Fate::Adopted, "2026-02-01");
    let edition = after(first(), &[HALF, UNSEEN, new], std::slice::from_ref(&record));
    let second = published(&edition, "2026-07-01");
    assert!(second.gaps.iter().all(|g| g.demand.skill != "add" || g.status == GapStatus::Covered));
    let rows = after(second.clone(), &[HALF, UNSEEN, new], &[]).measure().findings.ledger;
    assert!(rows.iter().all(|r| r.skill != "add"));
    check_decisions(&second, std::slice::from_ref(&record)).unwrap();
    let rows = after(second.clone(), &[HALF, UNSEEN, new], std::slice::from_ref(&record)).measure().findings.ledger;
    let add = row(&rows, "mc", "add");
    assert_eq!((add.fate, add.editions, add.decided_on.as_deref()), (Fate::Adopted, 1, Some("2026-02-01")));
    // Recommended anew after it was answered: the old record is no error and no answer.
    let mut again = second;
    let gap = again.gaps.iter_mut().find(|g| g.programme == "mc" && g.demand.skill == "add").unwrap();
    gap.status = GapStatus::Strengthen;
    check_decisions(&again, std::slice::from_ref(&record)).unwrap();
    let other_day = decided(2, "add", Fate::Adopted, "2026-02-03");
    assert!(check_decisions(&again, &[other_day]).unwrap_err().contains("before the recommendation of 2026-07-01"));
    let rows = after(again, &[HALF, UNSEEN, new], &[record]).measure().findings.ledger;
    let add = row(&rows, "mc", "add");
    assert_eq!((add.fate, add.first_recommended.as_str(), add.decided_on.as_deref()), (Fate::Open, "2026-07-01", None));
}

#[test]
fn a_programme_or_skill_that_is_gone_stays_open_and_says_so() {
    let gone = World { last: Some(first()), ..world("other", &[HALF, UNSEEN]) };
    let add = gone.measure().findings.ledger.into_iter().find(|r| r.programme == "mc" && r.skill == "add").unwrap();
    assert_eq!((add.fate, add.remark), (Fate::Open, Some(LedgerRemark::ProgrammeNoLongerOffered)));
    assert_eq!((add.coverage_now, add.unmet_now, add.base_count, add.mark), (None, None, 0, None));
    let mut last = first();
    last.gaps[0].demand.skill = "urn:gone".into();
    let rows = after(last, &[HALF, UNSEEN], &[]).measure().findings.ledger;
    assert_eq!(row(&rows, "portfolio", "urn:gone").remark, Some(LedgerRemark::SkillNoLongerInTaxonomy));
}

#[test]
fn a_withheld_edition_keeps_the_rows_and_shows_no_figure() {
    let mut few = after(first(), &[HALF, UNSEEN], &[]);
    few.postings.truncate(10);
    let rows = few.measure().findings.ledger;
    let add = row(&rows, "mc", "add");
    assert_eq!((add.unmet_now, add.posting_count, add.base_count, add.mark), (None, 0, 10, Some(Mark::Suppressed)));
    assert_eq!((add.fate, add.unmet_before), (Fate::Open, Some(50.0)));
}

#[test]
fn decisions_about_nothing_twice_or_too_old_are_named_by_row_and_value() {
    let last = first();
    let said = |decisions: &[LedgerDecision]| check_decisions(&last, decisions).unwrap_err();
    let adopted = decided(2, "add", Fate::Adopted, "2026-02-01");
    let unknown = said(&[decided(4, "python", Fate::Adopted, "2026-02-01")]);
    assert!(
        unknown.contains("row 4") && unknown.contains("'python'") && unknown.contains("recommended add"),
        "{unknown}"
    );
    let elsewhere = said(&[LedgerDecision { programme: "xx".into(), ..adopted.clone() }]);
    assert!(elsewhere.contains("'xx'") && elsewhere.contains("mc, portfolio"), "{elsewhere}");
    let twice = said(&[adopted.clone(), decided(7, "add", Fate::Declined, "2026-02-03")]);
    assert!(
        twice.contains("rows 2 and 7") && twice.contains("adopted on 2026-02-01 and declined on 2026-02-03"),
        "{twice}"
    );
    let old = said(&[decided(5, "add", Fate::Declined, "2025-12-31")]);
    assert!(
        old.contains("row 5") && old.contains("2025-12-31") && old.contains("before the recommendation of 2026-01-01"),
        "{old}"
    );
    // The same row once more, by id or name, the first day itself, and a name in other letters are no errors.
    check_decisions(&last, &[adopted.clone(), LedgerDecision { row: 9, ..adopted.clone() }]).unwrap();
    check_decisions(&last, &[adopted.clone(), LedgerDecision { row: 9, skill: "name of add".into(), ..adopted }])
        .unwrap();
    check_decisions(&last, &[decided(2, "Name of ADD", Fate::Declined, "2026-01-01")]).unwrap();
    check_decisions(&last, &[]).unwrap();
    let bare = LastEdition { gaps: vec![], ..last.clone() };
    assert!(
        check_decisions(&bare, &[decided(2, "add", Fate::Adopted, "2026-02-01")])
            .unwrap_err()
            .contains("nothing at all")
    );
}
