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
    expect(&output, 0);
    let clean = folder.path().join("build/credentials/clean");
    let read =
        |name: &str| -> Vec<Value> { serde_json::from_slice(&std::fs::read(clean.join(name)).unwrap()).unwrap() };
    let mut found: BTreeMap<String, [u64; 5]> = BTreeMap::new();
    for credential in read("credentials.json") {
        let count = |field: &str| credential[field].as_array().unwrap().len() as u64;
        let row = found.entry(credential["origin"]["source"].as_str().unwrap().to_owned()).or_default();
        row[0] += 1;
        row[1] += count("outcomes");
        row[2] += u64::from(credential["ects"].is_number());
        row[3] += count("declared_skills");
    }
    for count in read("credential_check_counts.json") {
        let row = found.get_mut(count["source"].as_str().unwrap()).unwrap();
        row[4] += count["warning_count"].as_u64().unwrap();
    }
    // Micro-credentials, outcomes, with ECTS, declared skills, warnings.
    let expected = BTreeMap::from([("annex1-unsigned", [1, 2, 1, 4, 0])]);
    for (source, row) in &found {
        println!("{source}: {row:?}");
    }
    for (source, row) in expected {
        assert_eq!(found.get(source), Some(&row), "{source}");
    }
    let refused = stderr(&output);
    println!("{refused}");
}
