use super::*;
use crate::types::{
    CheckKey, DeclaredSkill, Label, LabelKind, Lang, LearningOutcome, Origin, OutcomeId, Reuse, Skill, SkillId,
    SkillKind, SnapshotId,
};

const KNOWN: &str = "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a";

fn credential(id: &str) -> Credential {
    let origin = Origin { source: SourceId::new("cat").unwrap(), snapshot: SnapshotId("0".into()), record: 1 };
    Credential::new(CredentialId(id.into()), format!("Title of {id}"), Lang::En, origin)
}

fn with_outcomes(texts: &[&str], language: Lang) -> Credential {
    let mut made = credential("A");
    made.outcomes = texts
        .iter()
        .map(|text| LearningOutcome {
            id: OutcomeId((*text).into()),
            credential: made.id.clone(),
            text: (*text).into(),
            language,
        })
        .collect();
    made
}

fn taxonomy() -> Taxonomy {
    let label = |text: &str| Label { text: text.into(), lang: Lang::En, kind: LabelKind::Preferred };
    let skill = Skill {
        id: SkillId(KNOWN.into()),
        kind: SkillKind::Skill,
        reuse: Reuse::CrossSector,
        labels: vec![label("develop digital content")],
        description: None,
        broader: vec![],
        green: false,
        digital: true,
    };
    Taxonomy { version: "t".into(), skills: vec![skill], ..Taxonomy::default() }
}

fn found(credential: &Credential, rules: &CheckRules) -> Vec<CredentialCheck> {
    checks(std::slice::from_ref(credential), &["A larger diploma".to_owned()], &taxonomy(), rules)
}

/// Key, value and detail of what is warned of or hinted at.
fn said(credential: &Credential, rules: &CheckRules) -> Vec<(CheckKey, String, String)> {
    let rows = found(credential, rules).into_iter();
    let rows = rows.filter(|r| matches!(r.verdict, CheckVerdict::Warning | CheckVerdict::Hint));
    rows.map(|r| (r.key, r.value.unwrap_or_default(), r.detail.unwrap_or_default())).collect()
}

#[test]
fn a_catalogue_entry_has_nine_mandatory_elements_and_an_issued_credential_eleven() {
    let mut entry = credential("A");
    entry.country = Some("ES".into());
    entry.workload_hours = Some(50.0);
    let count = |credential: &Credential| {
        let rows = found(credential, &CheckRules::default());
        counts(std::slice::from_ref(credential), &rows).remove(0)
    };
    let counted = count(&entry);
    assert_eq!((counted.mandatory_present, counted.mandatory_applicable), (3, 9));
    assert_eq!(counted.missing, ["provider", "outcomes", "level", "assessment", "participation", "quality_assurance"]);
    entry.learner_identified = Some(true);
    entry.issued_on = Some("2026-01-12".parse().unwrap());
    let counted = count(&entry);
    assert_eq!((counted.mandatory_present, counted.mandatory_applicable), (5, 11));
    let rows = found(&entry, &CheckRules::default());
    let sets = rows.iter().filter(|r| matches!(r.kind, CheckKind::Mandatory | CheckKind::Optional)).count();
    assert_eq!(sets, 16, "Annex I has eleven mandatory and five optional elements");
}

#[test]
fn credits_hours_and_ceilings_are_held_against_the_plan() {
    let mut made = credential("A");
    (made.ects, made.workload_hours) = (Some(15.0), Some(240.0));
    let rules = CheckRules { ects_cap_legal: Some(15.0), ects_cap_unit: Some(15.0), ..CheckRules::default() };
    let expected = [
        (CheckKey::HoursPerEcts, "16".to_owned(), "25 to 30".to_owned()),
        (CheckKey::EctsCapLegal, "15".to_owned(), "15".to_owned()),
    ];
    assert_eq!(said(&made, &rules), expected, "fewer than 15 by law; at most 15 by the provider's rule");
    (made.ects, made.workload_hours) = (Some(6.0), Some(180.0));
    assert_eq!(said(&made, &rules), []);
    (made.ects, made.workload_hours) = (Some(6.5), None);
    let rules = CheckRules { ects_cap_unit: Some(6.0), ..CheckRules::default() };
    assert_eq!(said(&made, &rules), [(CheckKey::EctsCapUnit, "6.5".to_owned(), "6".to_owned())]);
}

#[test]
fn levels_counts_stacking_and_overlap_that_do_not_fit_are_named() {
    let mut made = credential("A");
    made.eqf_level = Some(6);
    made.nqf_level = Some("MECES 3 (màster)".into());
    made.cycle = Some(1);
    (made.places, made.requests, made.enrolments) = (Some(30), Some(25), Some(28));
    made.stacks_into = Some("An unknown diploma".into());
    made.description = Some("Prepares for UC0493_3 and for the unit IC_3-153_3.".into());
    let keys: Vec<CheckKey> = said(&made, &CheckRules::default()).into_iter().map(|(key, ..)| key).collect();
    let expected = [
        CheckKey::LevelsDiffer,
        CheckKey::EnrolmentsOverRequests,
        CheckKey::StackUnknown,
        CheckKey::QualificationNamed,
    ];
    assert_eq!(keys, expected);
    let overlap = said(&made, &CheckRules::default()).pop().unwrap().1;
    assert_eq!(overlap, "IC_3-153_3, UC0493_3");
    made.nqf_level = Some("Nivell 2 MECES".into());
    made.stacks_into = Some("a larger DIPLOMA".into());
    made.description = None;
    made.requests = Some(28);
    assert_eq!(said(&made, &CheckRules::default()), []);
}

#[test]
fn a_topic_and_a_verb_nobody_can_observe_are_hints_in_four_languages() {
    let statements = [
        (Lang::En, "Applies statistical methods to survey data"),
        (Lang::Es, "Reconoce y utiliza las herramientas de análisis"),
        (Lang::Ca, "Reconeix les característiques dels llenguatges de marques"),
        (Lang::Ar, "أن يحلل الطالب البيانات الإحصائية"),
    ];
    let topics = [
        (Lang::En, "Communication, collaboration and creativity"),
        (Lang::Es, "Legislación laboral y seguridad social"),
        (Lang::Ca, "Estructures de dades i algorismes"),
        (Lang::Ar, "أساسيات الأمن السيبراني"),
    ];
    for ((language, statement), (_, topic)) in statements.into_iter().zip(topics) {
        let made = with_outcomes(&[statement, topic], language);
        let expected = [(CheckKey::OutcomesAreTopics, "1 of 2".to_owned(), topic.to_owned())];
        assert_eq!(said(&made, &CheckRules::default()), expected);
    }
    let vague = with_outcomes(&["Understand networks", "Understand networks and configure a router"], Lang::En);
    let expected = [(CheckKey::OutcomesAreVague, "1 of 2".to_owned(), "Understand networks".to_owned())];
    assert_eq!(said(&vague, &CheckRules::default()), expected);
}

#[test]
fn an_action_that_no_table_holds_is_known_by_its_form_and_short_words_are_no_verbs() {
    let actions = [
        (Lang::Es, "Amortiguar ruidos"),
        (Lang::Ca, "Reescriure una nota"),
        (Lang::Ar, "إرشاد المزارعين"),
        (Lang::Ar, "التفاوض مع الموردين"),
    ];
    for (language, action) in actions {
        assert_eq!(said(&with_outcomes(&[action, action], language), &CheckRules::default()), [], "{action}");
    }
    let topics = [
        (Lang::Es, "Taller de cerámica"),
        (Lang::Es, "Tema 5: marketing de destinos"),
        (Lang::Ca, "Lloguer de cotxes"),
        (Lang::Ar, "أخلاق المهنة"),
    ];
    for (language, topic) in topics {
        let rows = said(&with_outcomes(&[topic, topic], language), &CheckRules::default());
        assert_eq!(rows[0].0, CheckKey::OutcomesAreTopics, "{topic}");
    }
}

#[test]
fn an_id_of_the_catalogues_own_shape_that_is_not_there_is_a_warning_and_a_diploma_elsewhere_a_hint() {
    let mut made = credential("MC-001");
    let verdict = |larger: &str, made: &mut Credential| {
        made.stacks_into = Some(larger.into());
        let rows = found(made, &CheckRules::default());
        rows.into_iter().find(|row| row.key == CheckKey::StackUnknown).map(|row| row.verdict)
    };
    assert_eq!(verdict("MC-077", &mut made), Some(CheckVerdict::Warning));
    assert_eq!(verdict("Master in Data", &mut made), Some(CheckVerdict::Hint));
}

#[test]
fn a_national_level_that_nearly_all_of_a_source_state_is_missed_where_it_is_empty() {
    let mut all: Vec<Credential> = ["A", "B", "C", "D", "E"].map(credential).into();
    all.iter_mut().skip(1).for_each(|c| c.nqf_level = Some("MECES 2".into()));
    let missed = |all: &[Credential]| {
        let rows = checks(all, &[], &taxonomy(), &CheckRules::default()).into_iter();
        let rows = rows.filter(|row| row.key == CheckKey::NationalLevelAbsent);
        rows.map(|row| (row.credential.0, row.value.unwrap_or_default())).collect::<Vec<_>>()
    };
    assert_eq!(missed(&all), [("A".to_owned(), "4 of 5".to_owned())]);
    all[1].nqf_level = None;
    assert_eq!(missed(&all), []);
}

#[test]
fn a_concept_that_a_small_taxonomy_lacks_is_a_hint_and_an_invented_uri_a_warning() {
    let mut made = credential("A");
    let uris = ["3f1d5c1e-0b54-4b7a-9a55-1c2f9d0e7a68", "00000000-1111-4222-8333-444444444444"];
    made.declared_skills = uris
        .map(|id| DeclaredSkill { uri: Some(format!("http://data.europa.eu/esco/skill/{id}")), label: None })
        .into();
    let rows = found(&made, &CheckRules::default());
    let rows: Vec<_> = rows.iter().filter(|r| r.kind == CheckKind::Esco).map(|r| (r.key, r.verdict)).collect();
    assert_eq!(rows[0], (CheckKey::SkillUnknown, CheckVerdict::Hint));
    assert_eq!(rows[1], (CheckKey::SkillMalformed, CheckVerdict::Warning));
}

#[test]
fn declared_concepts_that_the_taxonomy_does_not_know_are_named_with_what_is_near() {
    let mut made = credential("A");
    let skill = |uri: Option<&str>, label: Option<&str>| DeclaredSkill {
        uri: uri.map(str::to_owned),
        label: label.map(str::to_owned),
    };
    let unknown = "http://data.europa.eu/esco/skill/3f1d5c1e-0b54-4b7a-9a55-1c2f9d0e7a68";
    made.declared_skills = vec![
        skill(Some(&format!("{}/", KNOWN.replace("http:", "https:"))), None),
        skill(Some(unknown), Some("developing digital contents")),
        skill(Some("urn:epass:relatedESCOSkill:gUtv5m47"), Some("Blockchain")),
    ];
    let rows = said(&made, &CheckRules::default());
    let keys: Vec<CheckKey> = rows.iter().map(|(key, ..)| *key).collect();
    assert_eq!(keys, [CheckKey::SkillUnknown, CheckKey::SkillMalformed, CheckKey::SkillsKnown]);
    assert_eq!(rows[0].2, format!("develop digital content ({KNOWN})"));
    assert_eq!(rows[1].2, "-");
    assert_eq!(rows[2].1, "1 of 3");
}

#[test]
fn every_message_has_a_sentence_and_a_value_cannot_forge_another() {
    let mut made = with_outcomes(&["Understand {detail} {value}"], Lang::Ca);
    made.declared_language = Some(Lang::En);
    (made.eqf_level, made.cycle, made.nqf_level) = (Some(5), Some(2), Some("MECU 6".into()));
    (made.ects, made.workload_hours, made.enrolments, made.places) = (Some(0.0), Some(0.0), Some(3), Some(2));
    made.stacks_into = Some("A".into());
    made.declared_skills = vec![DeclaredSkill { uri: Some("urn:x".into()), label: None }];
    let rows = found(&made, &CheckRules::default());
    assert!(rows.iter().all(|row| !row.message.is_empty() && !row.message.contains('?')), "{rows:#?}");
    let vague = rows.iter().find(|row| row.key == CheckKey::OutcomesAreTopics).unwrap();
    assert!(vague.message.contains("'Understand {detail} {value}'"), "{}", vague.message);
}
