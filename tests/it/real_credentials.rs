//! Every file of courses and credentials at hand, through `clean`. Counts were made with Python's own readers.

use crate::real::shared;
use crate::support::{expect, skillgap, stderr};
use serde_json::Value;
use std::collections::BTreeMap;

#[test]
fn every_file_of_courses_is_read_to_its_last_record_or_refused_in_words() {
    if shared().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output =
        skillgap().args(["clean", "tests/real/credentials.toml", "--data-dir"]).arg(folder.path()).output().unwrap();
    expect(&output, 3);
    let clean = folder.path().join("build/credentials/clean");
    let read =
        |name: &str| -> Vec<Value> { serde_json::from_slice(&std::fs::read(clean.join(name)).unwrap()).unwrap() };
    let mut found: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    let mut with_outcomes: BTreeMap<String, u64> = BTreeMap::new();
    for credential in read("credentials.json") {
        let count = |field: &str| credential[field].as_array().unwrap().len() as u64;
        let row = found.entry(credential["origin"]["source"].as_str().unwrap().to_owned()).or_default();
        row[0] += 1;
        row[1] += count("outcomes");
        let source = credential["origin"]["source"].as_str().unwrap().to_owned();
        *with_outcomes.entry(source).or_default() += u64::from(count("outcomes") > 0);
        row[2] += u64::from(credential["ects"].is_number());
        row[3] += count("declared_skills");
    }
    for count in read("credential_check_counts.json") {
        let row = found.get_mut(count["source"].as_str().unwrap()).unwrap();
        row[4] += count["warning_count"].as_u64().unwrap();
    }
    // Micro-credentials, outcomes, with ECTS, declared skills, warnings.
    let expected = [
        ("annex1-unsigned", [1, 2, 1, 4, 0]),
        ("annex1-signed", [1, 2, 1, 4, 0]),
        ("participation", [1, 0, 0, 0, 0]),
        ("minimal", [1, 0, 0, 0, 0]),
        ("loq-qualifications", [2, 4, 0, 8, 8]),
        ("loq-specifications", [2, 4, 0, 8, 8]),
        ("eccoe-shared", [1, 4, 1, 2, 0]),
        ("eccoe-course", [1, 4, 1, 2, 0]),
        ("lopp", [1, 1, 0, 0, 0]),
        // 45 h over 5 ECTS, EQF 6 beside MECU 7, four URIs that are none of ESCO's.
        ("mynextid", [1, 2, 1, 4, 6]),
        ("mynextid-signed", [1, 2, 1, 4, 6]),
        ("badge", [1, 2, 1, 2, 0]),
        // 120 ECTS each, over both ceilings of the plan.
        ("ooapi-programs", [10, 0, 10, 0, 20]),
        ("ooapi-specifications", [10, 0, 0, 0, 0]),
        ("fp-guide", [1, 7, 0, 0, 0]),
        ("seu", [56, 0, 0, 0, 0]),
        ("edx", [720, 0, 0, 0, 0]),
    ];
    for (source, row) in expected {
        assert_eq!(found.get(source), Some(&row), "{source}");
    }
    let of = |source: &str, at: usize| found.get(source).map(|row| row[at]);
    // A master of 120 ECTS and two of its courses, 12 hours per ECTS throughout.
    assert_eq!(
        (of("diploma-supplement", 0), of("diploma-supplement", 2), of("diploma-supplement", 4)),
        (Some(3), Some(3), Some(5))
    );
    assert_eq!((of("ooapi-courses", 0), of("ooapi-courses", 2)), (Some(10), Some(10)));
    assert_eq!((of("coursera", 0), of("coursera", 3)), (Some(5_411), Some(63_709)));
    assert_eq!((of("skillab", 0), of("skillab", 2)), (Some(2_133), Some(1_196)));
    // Of 704 cells that are not "NULL" four say "null" or "None".
    assert_eq!((with_outcomes.get("coursera"), with_outcomes.get("skillab")), (Some(&3_005), Some(&700)));
    assert_eq!(with_outcomes.get("ooapi-courses"), Some(&10));
    let said = stderr(&output);
    for words in ["LOQ-constraints.ttl: is RDF in Turtle", "without its payload", "7 columns but most rows have 6"] {
        assert!(said.contains(words), "{words} not in: {said}");
    }
    assert!(!found.contains_key("ooapi-offering") && !found.contains_key("mynextid-form"));
}
