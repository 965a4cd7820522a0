//! What a user types, and what comes back.

use crate::support::{expect, run, skillgap, small_world, stderr, stdout};
use std::io::Write;
use std::process::Stdio;

#[test]
fn help_names_every_command_and_every_exit_code() {
    let help = run(&["--help"]);
    expect(&help, 0);
    let text = stdout(&help);
    let commands =
        ["run", "plan", "acquire", "clean", "extract", "link", "measure", "report", "rank", "evaluate", "train"];
    for word in commands.iter().chain(&["explain", "diff", "verify", "70 bug", "130 interrupted"]) {
        assert!(text.contains(word), "{word} is missing in:\n{text}");
    }
}

#[test]
fn a_plan_that_is_not_there_is_a_usage_error_that_names_it() {
    let output = run(&["run", "pipelines/nowhere.toml"]);
    expect(&output, 2);
    assert!(stderr(&output).contains("pipelines/nowhere.toml"), "{}", stderr(&output));
}

#[test]
fn a_second_run_reuses_every_stage_and_a_changed_table_reruns_only_what_depends_on_it() {
    let world = small_world(120);
    let data = world.folder.path().join("data");
    let plan = world.plan.to_str().unwrap();
    let arguments = [plan, "--data-dir", data.to_str().unwrap()];
    let with = |command: &str| skillgap().arg(command).args(arguments).output().unwrap();
    let fresh = with("plan");
    expect(&fresh, 0);
    assert!(stdout(&fresh).contains("acquire  would run: no result yet"), "{}", stdout(&fresh));
    expect(&with("run"), 0);
    let unchanged = stdout(&with("plan"));
    assert_eq!(unchanged.matches("unchanged").count(), 6, "{unchanged}");
    let mut file = std::fs::OpenOptions::new().append(true).open(&world.plan).unwrap();
    file.write_all(b"[measure]\nmin_postings = 10\n").unwrap();
    let changed = stdout(&with("plan"));
    assert_eq!(changed.matches("unchanged").count(), 4, "{changed}");
    assert!(changed.contains("measure  would run: plan changed"), "{changed}");
}

#[test]
fn stages_work_as_filters_on_plain_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let text = "Requirements:\\n- Project management\\n- Excel\\nAbout us\\nWe are a leading cybersecurity company.";
    let rows = format!(
        "{{\"id\":\"a\",\"title\":\"Assistant\",\"text\":\"{text}\",\"lang\":\"en\"}}\n\
         {{\"id\":\"b\",\"title\":\"Assistant\",\"text\":\"{text}\",\"lang\":\"en\"}}\n"
    );
    std::fs::write(path("in.jsonl"), rows).unwrap();
    let (input, kept, pairs) = (path("in.jsonl"), path("kept.jsonl"), path("pairs.tsv"));
    expect(&run(&["clean", "--input", &input, "--output", &kept, "--duplicates", &pairs]), 0);
    assert_eq!(std::fs::read_to_string(&kept).unwrap().lines().count(), 1);
    assert_eq!(std::fs::read_to_string(&pairs).unwrap(), "kept\tduplicate\tkind\tsimilarity\na\tb\texact\t1.0000\n");
    let mentions = path("mentions.jsonl");
    expect(&run(&["extract", "--input", &input, "--output", &mentions]), 0);
    let found = std::fs::read_to_string(&mentions).unwrap();
    assert!(found.contains("\"surface\":\"Project management\""), "{found}");
    assert!(!found.contains("cybersecurity"), "boilerplate yields no skill: {found}");
    std::fs::write(path("o.jsonl"), "{\"id\":\"o1\",\"text\":\"Plan and manage projects on time\",\"lang\":\"en\"}\n")
        .unwrap();
    let (outcomes, links) = (path("o.jsonl"), path("links.jsonl"));
    expect(&run(&["link", "--input", &outcomes, "--output", &links]), 0);
    assert!(std::fs::read_to_string(&links).unwrap().contains("\"outcome\":\"o1\""));
    let ranked = path("ranked.jsonl");
    expect(&run(&["rank", "--input", &outcomes, "--output", &ranked, "--top", "5"]), 0);
    let answer: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&ranked).unwrap()).unwrap();
    assert_eq!(answer["id"], "o1");
    assert_eq!(answer["ranked"].as_array().unwrap().len(), 5);
}

#[test]
fn a_closed_pipe_is_silence() {
    let mut child = skillgap().arg("--help").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
}

#[test]
fn a_file_that_is_no_posting_file_is_refused_with_its_name_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("page.csv");
    std::fs::write(&input, "<!DOCTYPE html><html><body>Please log in</body></html>").unwrap();
    let output = folder.path().join("out.jsonl");
    let result = skillgap().args(["extract", "--input"]).arg(&input).arg("--output").arg(&output).output().unwrap();
    expect(&result, 3);
    assert!(stderr(&result).contains("page.csv") && stderr(&result).contains("HTML"), "{}", stderr(&result));
    assert!(!output.exists());
}
