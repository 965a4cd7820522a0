//! A survey of learners, from its file to the tables of the report.

use crate::support::{expect, run, small_world, stderr, stdout, tree};
use std::path::Path;

const SURVEY: &str = "encuestado;competencia;quiere aprender;peso\n\
    zq7-anna;análisis de datos;sí;1,5\n\
    zq7-anna;análisis de datos;sí;1,5\n\
    zq7-omar;data-analysis;لا;1\n\
    zq7-omar;esquí acuático sobre piedra;sí;1\n\
    zq7-lena;data analysis;perhaps;1\n\
    zq7-mark;data analysis;no;0\n";

fn with(command: &str, plan: &Path, data: &Path) -> std::process::Output {
    run(&[command, &plan.display().to_string(), "--data-dir", &data.display().to_string()])
}

#[test]
fn a_survey_reaches_the_tables_with_its_rejects_and_without_its_respondents_and_a_change_counts_again() {
    let world = small_world(60);
    let (folder, plan) = (world.folder.path(), world.plan.as_path());
    let data = folder.join("data");
    std::fs::create_dir(folder.join("surveys")).unwrap();
    let file = folder.join("surveys/answers.csv");
    std::fs::write(&file, SURVEY).unwrap();
    let text = std::fs::read_to_string(plan).unwrap();
    std::fs::write(plan, format!("{text}[learners]\nsurvey = 'surveys/answers.csv'\n")).unwrap();
    let output = with("run", plan, &data);
    expect(&output, 0);
    assert!(stderr(&output).contains("3 of 6 rows were not counted"), "{}", stderr(&output));
    let report = data.join("build/small/report");
    let rejects = std::fs::read_to_string(report.join("survey_rejects.csv")).unwrap();
    let rows: Vec<&str> = rejects.lines().skip(1).collect();
    let expected = [
        "answers.csv,4,skill,esquí acuático sobre piedra,unknown_skill",
        "answers.csv,5,wants_to_learn,perhaps,bad_answer",
        "answers.csv,6,weight,0,bad_weight",
    ];
    assert_eq!(rows, expected);
    let findings: serde_json::Value =
        serde_json::from_slice(&std::fs::read(report.join("findings.json")).unwrap()).unwrap();
    let steps = findings["quality"]["stages"].as_array().unwrap();
    let step = steps.iter().find(|s| s["step"] == "measure learner survey").unwrap();
    let counts = ["read", "kept", "duplicate", "rejected"].map(|key| step[key].as_u64().unwrap());
    assert_eq!(counts, [6, 2, 1, 3]);
    let interest = findings["learner_interest"].as_array().unwrap();
    assert_eq!(interest.iter().map(|i| i["answer_count"].as_u64().unwrap()).sum::<u64>(), 2);
    for (name, bytes) in tree(&data) {
        assert!(!bytes.windows(4).any(|w| w == b"zq7-"), "{name} holds a respondent");
    }

    assert_eq!(stdout(&with("plan", plan, &data)).matches("unchanged").count(), 6);
    std::fs::write(&file, SURVEY.replace("perhaps", "yes")).unwrap();
    let changed = stdout(&with("plan", plan, &data));
    assert!(changed.contains("learners answers.csv changed"), "{changed}");
    assert_eq!(changed.matches("unchanged").count(), 4, "{changed}");
}

#[test]
fn a_survey_that_cannot_be_believed_stops_the_run_in_words() {
    let world = small_world(5);
    let (folder, plan) = (world.folder.path(), world.plan.as_path());
    let text = std::fs::read_to_string(plan).unwrap();
    std::fs::write(plan, format!("{text}[learners]\nsurvey = 'answers.csv'\n")).unwrap();
    let output = with("run", plan, &folder.join("data"));
    expect(&output, 3);
    assert!(stderr(&output).contains("relative to the plan's file"), "{}", stderr(&output));
    std::fs::write(folder.join("answers.csv"), "skill,wants_to_learn\nteamwork,1\nteamwork,5\n").unwrap();
    let output = with("run", plan, &folder.join("data"));
    expect(&output, 3);
    let said = stderr(&output);
    assert!(said.contains("answers.csv, row 2") && said.contains("'5'"), "{said}");
    std::fs::write(folder.join("answers.csv"), "skill,opinion\nteamwork,1\n").unwrap();
    let check = run(&["check", &plan.display().to_string()]);
    expect(&check, 3);
    assert!(stdout(&check).contains("learners.survey: refused"), "{}", stdout(&check));
}
