//! Credentials on their way through a whole run.

use crate::support::{csv_rows, demo, expect, root, run, skillgap, small_world, stdout, tree};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// An issued credential in the shape of the European Digital Credentials; the person is nobody.
const ISSUED: &str = r#"{
  "@context": ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"],
  "id": "urn:credential:7f3a-unique", "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
  "issuer": {"id": "urn:o:1", "legalName": {"en": "University of Zed"}, "contactPoint": {"emailAddress": {"id": "mailto:zed@example.org"}}},
  "issuanceDate": "2026-03-04T10:00:00Z",
  "displayParameter": {"individualDisplay": {"displayDetail": {"image": {"content": "UEhPVE9QSE9UTw=="}}}},
  "credentialSubject": {"id": "urn:epass:person:zzyzx", "type": "Person", "fullName": {"en": "Quintiliana Zzyzx"},
    "givenName": {"en": "Quintiliana"}, "familyName": {"en": "Zzyzx"}, "dateOfBirth": "1999-10-01T22:00:00Z",
    "nationalID": {"notation": "X1234567-SECRET"}, "gender": {"prefLabel": {"en": "genderqueer-marker"}},
    "contactPoint": {"address": {"fullAddress": {"noteLiteral": {"en": "Carrer Amagat 16, 17242"}}},
      "phone": "+34 600 111 222", "emailAddress": {"id": "mailto:quintiliana@example.org"}},
    "hasClaim": {"id": "urn:epass:learningAchievement:1", "type": "LearningAchievement",
      "title": {"en": "Digital content for Quintiliana"}, "description": {"en": "Awarded to Quintiliana Zzyzx for her work"},
      "additionalNote": {"noteLiteral": {"en": "Zzyzx sat next to the window"}},
      "provenBy": {"type": "LearningAssessment", "grade": {"noteLiteral": {"en": "GRADE-EXCELLENT-19"}}, "title": {"en": "Exam"}},
      "specifiedBy": {"id": "urn:q:1", "type": "Qualification", "title": {"en": "Digital content creation"},
        "volumeOfLearning": "PT60H", "creditPoint": {"framework": {"id": "http://data.europa.eu/snb/education-credit/6fcec5c5af"}, "point": "2"},
        "learningOutcome": [{"title": {"en": "Write and publish web pages"}}, {"title": {"en": "Edit photographs for the web"},
          "relatedESCOSkill": {"id": "http://data.europa.eu/esco/skill/Blockchain", "prefLabel": {"en": "Blockchain"}}}]}}}
}"#;

#[test]
fn a_learner_of_an_issued_credential_reaches_no_artefact_and_what_is_taught_reaches_the_report() {
    let world = small_world(200);
    std::fs::write(world.folder.path().join("issued.jsonld"), ISSUED).unwrap();
    let mut plan = std::fs::OpenOptions::new().append(true).open(&world.plan).unwrap();
    plan.write_all(b"[[source]]\nid = 'issued'\nkind = 'credentials'\npath = 'issued.jsonld'\n").unwrap();
    let data = world.folder.path().join("data");
    expect(&skillgap().arg("run").arg(&world.plan).arg("--data-dir").arg(&data).output().unwrap(), 0);
    let private = [
        "Quintiliana",
        "quintiliana",
        "Zzyzx",
        "zzyzx",
        "1999-10",
        "X1234567",
        "genderqueer",
        "Carrer Amagat",
        "600 111",
        "zed@example",
        "GRADE-EXCELLENT",
        "7f3a-unique",
        "UEhPVE9",
    ];
    for (name, bytes) in tree(&data.join("build")) {
        // Parquet pages may be compressed; their rows are also in the JSON and CSV files beside them.
        let text = String::from_utf8_lossy(&bytes);
        for word in private {
            assert!(!text.contains(word), "{word} in {name}");
        }
    }
    let clean = std::fs::read_to_string(data.join("build/small/clean/credentials.json")).unwrap();
    assert!(clean.contains("Digital content creation") && clean.contains("Write and publish web pages"));
    let csv = std::fs::read_to_string(data.join("build/small/report/credential_checks.csv")).unwrap();
    let rows = csv_rows(&csv);
    let of = |field: &str, kind: &str| {
        rows.iter().find(|r| r["source"] == "issued" && r["field"] == field && r["kind"] == kind).unwrap()
    };
    assert_eq!(of("learner_identified", "mandatory")["key"], "learner_not_read");
    assert_eq!(of("issued_on", "mandatory")["value"], "2026-03-04");
    assert_eq!(of("country", "mandatory")["verdict"], "missing");
    assert_eq!(of("declared_skills", "esco")["key"], "skill_malformed");
    let findings = std::fs::read_to_string(data.join("build/small/report/findings.json")).unwrap();
    let findings: serde_json::Value = serde_json::from_str(&findings).unwrap();
    let counts = findings["catalogue_checks"].as_array().unwrap();
    let issued = counts.iter().find(|c| c["source"] == "issued").unwrap();
    assert_eq!((issued["mandatory_applicable"].as_u64(), issued["warning_count"].as_u64()), (Some(11), Some(1)));
}

/// What data/samples/SYNTHETIC.md, section "The catalogue", says is wrong on purpose: (micro-credential, key, field).
const PLANTED: [(&str, &str, &str); 17] = [
    ("MC-008", "national_level_absent", "nqf_level"),
    ("MC-011", "element_missing", "quality_assurance"),
    ("MC-015", "skill_malformed", "declared_skills"),
    ("MC-016", "element_missing", "country"),
    ("MC-017", "element_missing", "outcomes"),
    ("MC-019", "enrolments_over_places", "enrolments"),
    ("MC-022", "element_missing", "assessment"),
    ("MC-023", "outcomes_are_topics", "outcomes"),
    ("MC-024", "ects_cap_legal", "ects"),
    ("MC-024", "ects_cap_unit", "ects"),
    ("MC-028", "ects_cap_unit", "ects"),
    ("MC-029", "levels_differ", "nqf_level"),
    ("MC-030", "hours_per_ects", "workload_hours"),
    ("MC-033", "stack_unknown", "stacks_into"),
    ("MC-035", "element_missing", "participation"),
    ("MC-037", "element_missing", "quality_assurance"),
    // The five statements of MC-023 are all topics; its row says so.
    ("MC-023", "outcomes_are_topics", "5 of 5"),
];

#[test]
fn the_defects_planted_in_the_demo_catalogue_are_found_and_no_others() {
    let csv = std::fs::read_to_string(demo().join("build/demo/report/credential_checks.csv")).unwrap();
    let rows = csv_rows(&csv);
    // Declared qualifications are flagged as the catalogue spells them; larger awards outside the catalogue and concepts
    // outside the starter taxonomy are hints about the catalogue's surroundings, not defects of it.
    let surroundings = |r: &BTreeMap<String, String>| {
        r["kind"] == "overlap" || r["verdict"] == "hint" && (r["kind"] == "esco" || r["key"] == "stack_unknown")
    };
    let bad = |r: &&BTreeMap<String, String>| match r["verdict"].as_str() {
        "missing" => r["kind"] == "mandatory",
        "warning" | "hint" => !surroundings(r),
        _ => false,
    };
    let found: BTreeSet<(&str, &str, &str)> =
        rows.iter().filter(bad).map(|r| (r["credential"].as_str(), r["key"].as_str(), r["field"].as_str())).collect();
    let (fields, values): (Vec<_>, Vec<_>) = PLANTED.into_iter().partition(|p| !p.2.contains(' '));
    assert_eq!(found, fields.into_iter().collect());
    for (credential, key, value) in values {
        let row = rows.iter().find(|r| r["credential"] == credential && r["key"] == key).unwrap();
        assert_eq!(row["value"], value, "{credential}");
    }
    let overlaps = rows.iter().filter(|r| r["kind"] == "overlap").count();
    let declared = csv_rows(&std::fs::read_to_string(root().join("data/samples/credentials.csv")).unwrap());
    assert_eq!(overlaps, declared.iter().filter(|r| !r["qualification"].is_empty()).count());
}

#[test]
fn check_tells_of_the_catalogue_by_kind_and_its_json_has_every_row() {
    let told = run(&["check", "pipelines/demo.toml", "--rows", "60"]);
    let text = stdout(&told);
    assert!(text.contains("34 of 40 have every mandatory element that applies"), "{text}");
    assert!(
        text.contains(
            "  missing quality_assurance: 2 micro-credentials (MC-011, MC-037); next: fill `quality_assurance`"
        )
    );
    assert!(text.contains("  caps: 3 warnings, 0 hints; next: reduce the credits"), "{text}");
    assert!(text.contains("    MC-024: 16 ECTS; a micro-credential must have fewer than 15 by law"));
    let told = run(&["check", "pipelines/demo.toml", "--rows", "60", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&told)).unwrap();
    let rows = json["catalogue"].as_array().unwrap();
    let of = |id: &str| rows.iter().filter(|r| r["credential"] == id && r["kind"] != "esco").count();
    // Sixteen elements of the minimum information set, two caps and one hint about the larger award.
    assert_eq!(of("MC-024"), 19);
}

#[test]
fn every_step_of_the_demo_has_a_name_in_each_language() {
    let findings = std::fs::read_to_string(demo().join("build/demo/report/findings.json")).unwrap();
    let findings: serde_json::Value = serde_json::from_str(&findings).unwrap();
    for step in findings["quality"]["stages"].as_array().unwrap() {
        let (stage, what) = step["step"].as_str().unwrap().split_once(' ').unwrap();
        for language in ["en", "es", "ca", "ar"] {
            let file = root().join(format!("data/reference/messages/{language}/gap.toml"));
            let texts: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
            let known = |key: &str| texts["steps"].get(key).is_some();
            assert!(known(stage) && (stage == "acquire" || known(&what.replace(' ', "_"))), "{language}: {step}");
        }
    }
}
