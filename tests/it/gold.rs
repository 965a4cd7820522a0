//! Gold: what `skillgap evaluate` says of it, and the committed scores that must not fall.

use crate::real::shared;
use crate::support::{expect, root, skillgap, stderr, stdout};
use skillgap::evaluate::{CommittedScores, Report};
use std::path::Path;

/// Folder of our own gold; its scores lie beside.
const GOLD: &str = "data/gold";
/// Sets: for choosing weights and thresholds, and never looked at.
const SETS: [&str; 2] = ["tune", "held_out"];
/// Scores that are kept.
const SCORES: &str = "data/gold/scores.toml";

/// Arguments that evaluate our gold against a taxonomy; none while there is no gold.
fn arguments(taxonomies: &[String]) -> Option<Vec<String>> {
    let sets: Vec<String> = SETS.iter().map(|set| format!("{GOLD}/{set}")).collect();
    let sets: Vec<String> = sets.into_iter().filter(|set| root().join(set).is_dir()).collect();
    if sets.is_empty() {
        eprintln!("skipped: {GOLD} holds no gold");
        return None;
    }
    let option = |name: &'static str, values: Vec<String>| values.into_iter().flat_map(move |v| [name.to_owned(), v]);
    let mut arguments = vec!["evaluate".to_owned()];
    arguments.extend(option("--gold", sets));
    arguments.extend(option("--taxonomy", taxonomies.to_vec()));
    Some(arguments)
}

/// What is worse than committed, in words; `BLESS=1` commits what is measured instead.
fn complaint(arguments: &[String], committed: &Path) -> Option<String> {
    let write = |path: &Path| {
        let output = skillgap().args(arguments).arg("--write-scores").arg(path).output().unwrap();
        expect(&output, 0);
    };
    if std::env::var_os("BLESS").is_some() {
        write(committed);
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let measured = folder.path().join("scores.toml");
    write(&measured);
    let read = |path: &Path| CommittedScores::parse(&std::fs::read_to_string(path).unwrap_or_default()).unwrap();
    let drops: Vec<String> = read(committed).drops(&read(&measured)).iter().map(ToString::to_string).collect();
    let shown: Vec<String> =
        arguments.iter().map(|a| if a.contains(' ') { format!("'{a}'") } else { a.clone() }).collect();
    (!drops.is_empty()).then(|| {
        format!(
            "{}\nAfter an intended change rewrite the file:\n  skillgap {} --write-scores {}\nor, for every taxonomy:\n  \
             BLESS=1 cargo test --test it committed_gold",
            drops.join("\n"),
            shown.join(" "),
            committed.display()
        )
    })
}

#[test]
fn committed_gold_scores_do_not_fall() {
    // One after the other, since both write the same file when blessed.
    let mut complaints = Vec::new();
    if let Some(arguments) = arguments(&[]) {
        complaints.extend(complaint(&arguments, &root().join(SCORES)));
    }
    if root().join(GOLD).is_dir()
        && let Some(shared) = shared()
    {
        let esco = shared.join("esco");
        let mut english: Vec<String> = std::fs::read_dir(esco.join("v1.1.0_en"))
            .unwrap()
            .map(|entry| entry.unwrap().path().display().to_string())
            .filter(|path| path.ends_with(".zip"))
            .collect();
        english.sort();
        let layer = |name: &str| esco.join(name).display().to_string();
        let layers = [english.join(","), layer("v1.0_es"), layer("v1.2.1_ar"), "data/reference".to_owned()];
        if let Some(arguments) = arguments(&layers) {
            complaints.extend(complaint(&arguments, &root().join(SCORES)));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

/// Three files over the starter taxonomy.
fn small_gold(folder: &Path) {
    let line = |id: &str, lang: &str, text: &str, rest: &str| {
        format!("{{\"id\":\"{id}\",\"lang\":\"{lang}\",\"text\":\"{text}\",{rest}}}\n")
    };
    let testing = "urn:skillgap:skill:ab-testing";
    let spans = format!("\"gold\":[\"{testing}\"],\"spans\":[{{\"start\":13,\"end\":26,\"uri\":\"{testing}\"}}]");
    let sentences = [
        line("s1", "en", "You will run split testing on our pages", &spans),
        line("s2", "es", "Se valorará saber de pruebas A/B", &format!("\"gold\":[\"{testing}\",\"urn:nobody\"]")),
        line("s3", "en", "Our office is near the station", "\"gold\":[\"urn:nobody\"]"),
    ];
    std::fs::write(folder.join("sentences.jsonl"), sentences.concat()).unwrap();
    let negatives = [
        line("n1", "en", "We split testing costs and run A/B testing for fun", "\"gold\":[]"),
        line("n2", "en", "Thirty days of holiday", "\"gold\":[]"),
    ];
    std::fs::write(folder.join("negatives_en.jsonl"), negatives.concat()).unwrap();
    let outcome = line("o1", "en", "Design and read an A/B testing study", &format!("\"gold\":[\"{testing}\"]"));
    std::fs::write(folder.join("outcomes_en.jsonl"), outcome).unwrap();
}

#[test]
fn a_folder_of_gold_is_scored_by_language_and_kind_with_spans_and_false_alarms() {
    let folder = tempfile::tempdir().unwrap();
    let gold = folder.path().join("mine");
    std::fs::create_dir(&gold).unwrap();
    small_gold(&gold);
    let evaluate = |more: &[&str]| {
        let output = skillgap()
            .args(["evaluate", "--ablation", "--baseline", "gazetteer", "--top-errors", "3", "--gold"])
            .arg(&gold)
            .args(more)
            .output()
            .unwrap();
        expect(&output, 0);
        stdout(&output)
    };
    let report: Report = serde_json::from_str(&evaluate(&["--json"])).unwrap();
    let set = &report.sets[0];
    assert_eq!((set.name.as_str(), set.all.n, report.pooled.n), ("mine", 3, 3));
    assert_eq!((set.all.dropped_query_count, set.all.unknown_answer_count, set.all.negative_count), (1, 2, 2));
    assert_eq!(set.all.ranking["rp@1"].value, 100.0);
    assert_eq!(set.languages.keys().collect::<Vec<_>>(), ["en", "es"]);
    assert_eq!(set.kinds.keys().collect::<Vec<_>>(), ["negative", "outcome", "sentence"]);
    // "split testing" stands at bytes 13 to 26 of the first sentence, and only there is a span marked.
    let spans = set.all.spans.unwrap();
    assert_eq!((spans.exact.right_count, spans.exact.gold_count, spans.text_count), (1, 1, 1));
    assert_eq!((set.all.false_alarms["extract"].alarm_count, set.all.false_alarms["extract"].negative_count), (1, 2));
    assert_eq!(set.all.baselines["gazetteer"].right_count, 3);
    assert!(set.all.ablation.iter().any(|lane| lane.lane == "cover"));
    assert!(set.examples.wrong.iter().any(|wrong| wrong.id == "n1"), "{:?}", set.examples.wrong);
    let tables = evaluate(&[]);
    for heading in ["ranking", "accepted sets", "spans", "negatives", "calibration", "ablation", "accepted and wrong"] {
        assert!(tables.contains(heading), "{heading} is missing in:\n{tables}");
    }
}

#[test]
fn a_fallen_score_is_named_with_the_command_that_rewrites_the_file() {
    let folder = tempfile::tempdir().unwrap();
    small_gold(folder.path());
    let gold = folder.path().to_str().unwrap().to_owned();
    let committed = folder.path().join("scores.toml");
    let arguments = ["evaluate".to_owned(), "--gold".to_owned(), gold];
    if std::env::var_os("BLESS").is_some() {
        return;
    }
    let never = complaint(&arguments, &committed).unwrap();
    assert!(never.contains("en / rp@5: committed none, now 100"), "{never}");
    let output = skillgap().args(&arguments).arg("--write-scores").arg(&committed).output().unwrap();
    expect(&output, 0);
    assert_eq!(complaint(&arguments, &committed), None);
    let text = std::fs::read_to_string(&committed).unwrap();
    std::fs::write(&committed, text.replace("\"texts\" = 6.0", "\"texts\" = 7.0")).unwrap();
    let changed = complaint(&arguments, &committed).unwrap();
    assert!(changed.contains("all / texts: committed 7, now 6") && changed.contains("--write-scores"), "{changed}");
}

#[test]
fn gold_that_cannot_be_used_is_named_with_its_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let evaluate = |path: &Path| {
        let output = skillgap().args(["evaluate", "--gold"]).arg(path).output().unwrap();
        expect(&output, 2);
        stderr(&output)
    };
    assert!(evaluate(folder.path()).contains("holds no .jsonl file"));
    let file = folder.path().join("bad.jsonl");
    std::fs::write(
        &file,
        "{\"id\":\"a\",\"text\":\"x\",\"gold\":[],\"spans\":[{\"start\":0,\"end\":2,\"uri\":\"u\"}]}",
    )
    .unwrap();
    let said = evaluate(&file);
    assert!(said.contains("bad.jsonl") && said.contains("line 1") && said.contains("0..2"), "{said}");
}
