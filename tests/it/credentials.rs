//! Credentials on their way through a whole run.

use crate::support::{csv_rows, expect, skillgap, small_world, tree};
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
