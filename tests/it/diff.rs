//! Two editions beside each other: what was planted between them is reported with its cause, and nothing else is.

use crate::support::{SmallWorld, csv_rows, expect, run, skillgap, small_world, stderr, stdout};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;

/// Nobody asks for it and nothing teaches it in the small world.
const SCAFFOLDING: &str = "http://data.europa.eu/esco/skill/91991706-cd8e-4795-9784-715fc0250c8d";

fn run_into(world: &SmallWorld, data: &str) -> PathBuf {
    let data = world.folder.path().join(data);
    expect(&skillgap().arg("run").arg(&world.plan).arg("--data-dir").arg(&data).output().unwrap(), 0);
    data
}

/// Keeps a report as somebody would who archives it.
fn archive(world: &SmallWorld, data: &Path, name: &str) -> PathBuf {
    let folder = world.folder.path().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["findings.json", "manifest.json", "gaps.csv"] {
        std::fs::copy(data.join("build/small/report").join(file), folder.join(file)).unwrap();
    }
    folder
}

fn diff(before: &Path, after: &Path, more: &[&str]) -> Output {
    skillgap().arg("diff").arg(before).arg(after).args(more).output().unwrap()
}

fn told(before: &Path, after: &Path) -> Value {
    let output = diff(before, after, &["--json"]);
    expect(&output, 0);
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap()
}

/// Inputs that changed, as (cause, name).
fn inputs(diff: &Value) -> Vec<(&str, &str)> {
    let with_cause = list(diff, "frame").iter().filter_map(|c| Some((c["cause"].as_str()?, c["name"].as_str()?)));
    with_cause.collect()
}

/// Skills whose share is called different.
fn called(diff: &Value) -> Vec<&str> {
    let called = |s: &&Value| ["changed", "recounted"].contains(&s["call"].as_str().unwrap());
    list(diff, "skills").iter().filter(called).filter_map(|s| s["skill"].as_str()).collect()
}

/// All causes named for a figure of skills.
fn causes(diff: &Value, figure: &str) -> BTreeSet<String> {
    let causes = list(diff, "skills").iter().flat_map(|s| list(s, figure));
    causes.map(|c| c.as_str().unwrap().to_owned()).collect()
}

/// In every fourth posting.
fn ask_for_scaffolding(world: &SmallWorld) {
    let path = world.folder.path().join("postings.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let changed = text.lines().enumerate().map(|(at, line)| {
        let mut posting: Value = serde_json::from_str(line).unwrap();
        if at % 4 == 0 {
            let wanted = "<p><strong>Requirements</strong></p><ul><li>Scaffolding assembly</li></ul>";
            posting["description"] = format!("{}{wanted}", posting["description"].as_str().unwrap()).into();
        }
        posting.to_string()
    });
    std::fs::write(&path, changed.collect::<Vec<_>>().join("\n")).unwrap();
}

#[test]
fn demand_planted_in_the_postings_is_told_and_its_cause_is_the_data() {
    let world = small_world(300);
    let first = archive(&world, &run_into(&world, "data"), "spring");
    ask_for_scaffolding(&world);
    let second = run_into(&world, "other-data");
    let found = told(&first, &second);
    assert_eq!(called(&found), [SCAFFOLDING]);
    assert_eq!(inputs(&found), [("data", "boards: postings.jsonl")]);
    let planted = &found["skills"][0];
    assert_eq!((planted["before"]["posting_count"].as_u64(), planted["call"].as_str()), (Some(0), Some("changed")));
    let ends = ["share", "share_low", "share_high"].map(|end| planted["after"][end].as_f64().unwrap());
    assert!(ends[1] < ends[0] && ends[0] < ends[2] && planted["difference_low"].as_f64() > Some(0.0), "{planted}");
    for figure in ["share_causes", "status_causes"] {
        assert_eq!(causes(&found, figure), BTreeSet::from(["data".to_owned()]), "{figure}");
    }
    assert!(causes(&found, "coverage_causes").is_empty());
    // The same run by the folder of its plan, its findings, its plan file and its plan's name.
    let data = second.to_str().unwrap();
    for (run, more) in [
        (second.join("build/small"), &["--json"][..]),
        (second.join("build/small/report/findings.json"), &["--format", "json"][..]),
        (world.plan.clone(), &["--json", "--data-dir", data][..]),
        (PathBuf::from("small"), &["--json", "--data-dir", data][..]),
    ] {
        let output = diff(&first, &run, more);
        expect(&output, 0);
        assert_eq!(serde_json::from_str::<Value>(&stdout(&output)).unwrap(), found, "{}", run.display());
    }
    let csv = diff(&first, &second, &["--format", "csv"]);
    let rows = csv_rows(&stdout(&csv));
    let changed: Vec<_> = rows.iter().filter(|r| r["call"] == "changed").collect();
    assert_eq!(changed.len(), 1);
    assert_eq!((changed[0]["id"].as_str(), changed[0]["causes"].as_str()), (SCAFFOLDING, "data"));
    let text = stdout(&diff(&first, &second, &[]));
    for words in
        ["demand that changed", "scaffolding assembly", "1 changed (Benjamini-Hochberg", "boards: postings.jsonl"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    // What went up comes down the other way round.
    assert_eq!(called(&told(&second, &first)), [SCAFFOLDING]);
}

#[test]
fn a_setting_and_an_edited_outcome_are_told_by_what_they_touch_and_withheld_shares_are_not_compared() {
    let world = small_world(300);
    let add_to_plan = |text: &str| {
        let plan = std::fs::read_to_string(&world.plan).unwrap();
        std::fs::write(&world.plan, plan + text).unwrap();
    };
    let first = archive(&world, &run_into(&world, "data"), "first");
    add_to_plan("[measure]\ntop_k = 3\n");
    let data = run_into(&world, "data");
    let by_setting = told(&first, &data);
    assert_eq!(inputs(&by_setting), [("plan", "measure.top_k")]);
    assert!(called(&by_setting).is_empty() && by_setting["same_postings"] == true);
    assert_eq!(causes(&by_setting, "status_causes"), BTreeSet::from(["plan".to_owned()]));
    assert!(list(&by_setting, "skills").iter().all(|s| s["before"]["share"] == s["after"]["share"]));

    let second = archive(&world, &data, "second");
    let path = world.folder.path().join("credentials.csv");
    let (old, new) = (
        "Configure firewalls, segmentation and remote access in a small corporate network",
        "Erect scaffolding: scaffolding assembly on a building site",
    );
    let catalogue = std::fs::read_to_string(&path).unwrap();
    assert!(catalogue.contains(old));
    std::fs::write(&path, catalogue.replace(old, new)).unwrap();
    let by_outcome = told(&second, &run_into(&world, "data"));
    assert_eq!(inputs(&by_outcome), [("catalogue", "catalogue: credentials.csv"), ("catalogue", "learning outcomes")]);
    let edited = &by_outcome["outcomes"][0];
    assert_eq!((&edited["removed"][0], &edited["added"][0]), (&Value::from(old), &Value::from(new)));
    assert!(called(&by_outcome).is_empty());
    assert_eq!(causes(&by_outcome, "coverage_causes"), BTreeSet::from(["catalogue".to_owned()]));
    let taught = list(&by_outcome, "skills").iter().find(|s| s["skill"] == SCAFFOLDING).unwrap();
    assert!(taught["before"]["coverage"] == 0.0 && taught["after"]["coverage"].as_f64() > Some(0.5), "{taught}");
    let programmes: BTreeSet<_> =
        list(&by_outcome, "programmes").iter().map(|p| p["programme"].as_str().unwrap()).collect();
    assert!(programmes.is_subset(&BTreeSet::from(["portfolio", "MC-003"])), "{programmes:?}");

    let third = archive(&world, &data, "third");
    add_to_plan("min_postings = 5000\n");
    let closed = told(&third, &run_into(&world, "data"));
    assert!(!list(&closed, "skills").is_empty());
    for skill in list(&closed, "skills") {
        assert_eq!((&skill["call"], &skill["difference"]), (&Value::from("withheld"), &Value::Null), "{skill}");
    }
}

#[test]
fn a_run_beside_itself_has_not_changed_and_what_is_no_run_is_refused_in_words() {
    let world = small_world(60);
    let data = run_into(&world, "data");
    let same = diff(&data, &data.join("build/small/report"), &[]);
    expect(&same, 0);
    assert!(stdout(&same).contains("nothing changed") && stderr(&same).is_empty(), "{}", stderr(&same));
    let at = |name: &str| world.folder.path().join(name);
    std::fs::write(at("page.json"), "<html>").unwrap();
    std::fs::write(at("other.json"), "{\"a\": 1}").unwrap();
    std::fs::write(at("older.json"), "{\"meta\": {\"version\": \"0.0.1\"}}").unwrap();
    std::fs::create_dir(at("empty")).unwrap();
    for (name, words) in [
        ("nowhere", "nowhere"),
        ("page.json", "is no findings.json"),
        ("other.json", "meta.version"),
        ("older.json", "written by skillgap 0.0.1"),
        ("empty", "holds no findings.json"),
        ("data/build/small/measure", "report folder"),
    ] {
        let refused = diff(&data, &at(name), &[]);
        expect(&refused, 2);
        assert!(stderr(&refused).contains(words), "{name}: {}", stderr(&refused));
    }
    let unrun = run(&["diff", "pipelines/demo.toml", "small", "--data-dir", data.to_str().unwrap()]);
    expect(&unrun, 2);
    assert!(stderr(&unrun).contains("plan 'demo' has no report"), "{}", stderr(&unrun));
    // Fields of a later version are no obstacle, and a copy edited by hand is said.
    let copy = archive(&world, &data, "copy");
    let text = std::fs::read_to_string(copy.join("findings.json")).unwrap();
    std::fs::write(copy.join("findings.json"), text.replacen('{', "{\"from_the_future\": [1],", 1)).unwrap();
    let edited = diff(&data, &copy, &[]);
    expect(&edited, 0);
    assert!(stdout(&edited).contains("nothing changed"), "{}", stdout(&edited));
    assert!(stderr(&edited).contains("changed after its run"), "{}", stderr(&edited));
}
