//! Real files, where they are at hand: `../shared/data`. `REQUIRE_SHARED=1` turns a skip into a failure.

use crate::support::{expect, root, skillgap};
use std::path::Path;

pub fn shared() -> Option<std::path::PathBuf> {
    let folder = root().parent()?.join("shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("REQUIRE_SHARED").is_none(), "REQUIRE_SHARED is set, but {} is absent", folder.display());
    eprintln!("skipped: {} is absent", folder.display());
    None
}

/// Runs a plan of `tests/real` and returns its findings.
fn findings(plan: &str, data: &Path) -> serde_json::Value {
    let output = skillgap().args(["run", &format!("tests/real/{plan}.toml"), "--data-dir"]).arg(data).output().unwrap();
    expect(&output, 0);
    expect(&skillgap().args(["verify", "--data-dir"]).arg(data).output().unwrap(), 0);
    let text = std::fs::read_to_string(data.join(format!("build/{plan}/report/findings.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn stage<'a>(findings: &'a serde_json::Value, step: &str) -> &'a serde_json::Value {
    let stages = findings["quality"]["stages"].as_array().unwrap();
    stages.iter().find(|s| s["step"] == step).unwrap_or_else(|| panic!("no step {step} in {stages:?}"))
}

#[test]
fn the_nhs_postings_are_read_to_the_last_row_and_give_a_gap_report() {
    if shared().is_none() {
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let findings = findings("nhs", data.path());
    assert_eq!(stage(&findings, "acquire nhs-jobs")["read"], 14_842);
    assert_eq!(stage(&findings, "clean postings")["read"], 14_842);
    let page = std::fs::read_to_string(data.path().join("build/nhs/report/gap.html")).unwrap();
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    let without = findings["quality"]["languages"][0]["without_skill_count"].as_u64().unwrap();
    let all = findings["meta"]["posting_count"].as_u64().unwrap();
    assert!(without * 4 < all, "{without} of {all} postings show no skill");
}

#[test]
fn spanish_eures_postings_are_read_with_day_first_dates_and_their_own_column_names() {
    if shared().is_none() {
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let findings = findings("eures", data.path());
    assert_eq!(stage(&findings, "acquire eures-es")["read"], 3_737);
    assert_eq!(findings["meta"]["period_first"], "2025-Q4");
    assert_eq!(findings["meta"]["period_last"], "2025-Q4");
}

#[test]
fn files_that_cannot_be_believed_are_refused_in_words() {
    let Some(shared) = shared() else { return };
    let refused = [
        ("postings/en_linkedin_egypt/sample-data.csv.gz", None),
        ("courses/edx_2021/Udacity.csv", Some("header")),
        ("statistics/jsonstat/cso_ie-NQQ25.json", Some("HTML")),
    ];
    for (file, word) in refused {
        let Some(word) = word else { continue };
        let folder = tempfile::tempdir().unwrap();
        let output = skillgap()
            .args(["extract", "--input"])
            .arg(shared.join(file))
            .arg("--output")
            .arg(folder.path().join("o.jsonl"))
            .output()
            .unwrap();
        expect(&output, 3);
        let said = crate::support::stderr(&output);
        assert!(said.contains(word), "{file}: {said}");
    }
}
