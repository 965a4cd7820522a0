//! What is written of micro-credentials, read back and validated; and figures that a user supplies for their quality.

use crate::support::{code, demo, expect, root, run, small_world, stderr, stdout};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn with(command: &str, plan: &Path, data: &Path) -> std::process::Output {
    run(&[command, &plan.display().to_string(), "--data-dir", &data.display().to_string()])
}

fn report(data: &Path, plan: &str) -> PathBuf {
    data.join("build").join(plan).join("report")
}

/// Outcomes of the catalogue that a plan over one file reads: (title, statement).
fn outcomes(file: &Path) -> BTreeSet<(String, String)> {
    let world = small_world(60);
    let name = file.file_name().unwrap().to_str().unwrap();
    std::fs::copy(file, world.folder.path().join(name)).unwrap();
    let text = std::fs::read_to_string(&world.plan).unwrap().replace("credentials.csv", name);
    std::fs::write(&world.plan, text).unwrap();
    let data = world.folder.path().join("data");
    expect(&with("run", &world.plan, &data), 0);
    let credentials = std::fs::read(data.join("build/small/clean/credentials.json")).unwrap();
    let credentials: serde_json::Value = serde_json::from_slice(&credentials).unwrap();
    let of = |c: &serde_json::Value| {
        let title = c["title"].as_str().unwrap().to_owned();
        let statements = c["outcomes"].as_array().unwrap().clone();
        statements.into_iter().map(move |o| (title.clone(), o["text"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
    };
    credentials.as_array().unwrap().iter().flat_map(of).collect()
}

#[test]
fn the_demo_s_proposals_and_revisions_are_a_catalogue_that_the_program_reads_in_every_form_alike() {
    let report = report(demo(), "demo");
    let [graph, proposed, revised] = ["credentials.jsonld", "proposed_credentials.csv", "revised_credentials.csv"]
        .map(|n| outcomes(&report.join(n)));
    assert!(proposed.len() > 10 && revised.len() > 50, "{} {}", proposed.len(), revised.len());
    let tables: BTreeSet<_> = proposed.union(&revised).cloned().collect();
    assert_eq!(graph, tables);
}

#[test]
fn the_published_constraints_find_nothing_wrong_with_the_demo_s_credentials() {
    let Some(python) = std::env::var_os("ELM_PYTHON") else {
        return eprintln!("skipped: ELM_PYTHON names no Python with pyshacl and rdflib");
    };
    let beside = root().join("../shared/data/courses/elm_official/LOQ-constraints.ttl");
    let shapes = std::env::var_os("ELM_SHAPES").map_or(beside, PathBuf::from);
    if !shapes.exists() {
        return eprintln!("skipped: no constraints at {}; name them by ELM_SHAPES", shapes.display());
    }
    let script = root().join("tests/elm/validate.py");
    let output = Command::new(&python).arg(&script).arg(report(demo(), "demo")).arg(&shapes).output().unwrap();
    expect(&output, 0);
    assert!(stdout(&output).contains(" 0 violations"), "{}", stdout(&output));
    let sample = shapes.with_file_name("Sample-MC-Annex1-unsigned.jsonld");
    let context = root().join("tests/elm/context.json");
    let validate = |with_context: bool| {
        let mut command = Command::new(&python);
        command.arg(&script).arg(&sample).arg(&shapes);
        if with_context {
            command.arg("--context").arg(&context);
        }
        command.output().unwrap()
    };
    if sample.exists() {
        expect(&validate(true), 0);
        let fetched = validate(false);
        expect(&fetched, 2);
        assert!(stderr(&fetched).contains("give --context"), "{}", stderr(&fetched));
    }
}

#[test]
fn supplied_figures_reach_the_report_and_a_corrected_one_runs_the_report_alone() {
    let world = small_world(60);
    let (folder, plan) = (world.folder.path(), world.plan.as_path());
    let data = folder.join("data");
    let file = folder.join("quality.csv");
    let figures = "credential,indicator,value,unit,period,n,source,link\n\
        MC-001,satisfaction,4.3,of 5,2025,27,Survey by ana@example.org,https://example.org/q\n";
    std::fs::write(&file, figures).unwrap();
    let text = std::fs::read_to_string(plan).unwrap();
    std::fs::write(plan, format!("{text}[assurance]\noutcomes = 'quality.csv'\n")).unwrap();
    let checked = with("check", plan, &data);
    assert!(stdout(&checked).contains("assurance.outcomes: quality.csv, 1 figures"), "{}", stdout(&checked));
    expect(&with("run", plan, &data), 0);
    let rows = std::fs::read_to_string(report(&data, "small").join("assurance.csv")).unwrap();
    let row = rows.lines().find(|l| l.starts_with("MC-001,") && l.contains(",satisfaction,")).unwrap();
    assert!(row.contains(",shown,supplied,,,4.3,of 5,2025,27,,,") && !row.contains("ana@"), "{row}");
    assert_eq!(rows.lines().count(), 1 + 40 * 17);

    std::fs::write(&file, figures.replace("4.3", "4.1")).unwrap();
    let changed = stdout(&with("plan", plan, &data));
    assert!(changed.contains("assurance quality.csv changed"), "{changed}");
    assert_eq!(changed.matches("unchanged").count(), 5, "{changed}");

    std::fs::write(&file, figures.replace("MC-001", "MC-OO1")).unwrap();
    let output = with("run", plan, &data);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let said = "assurance.outcomes: quality.csv: row 2: credential 'MC-OO1' is no id of the catalogue";
    assert!(stderr(&output).contains(said), "{}", stderr(&output));
    std::fs::write(&file, figures.replace("satisfaction", "joy")).unwrap();
    expect(&with("check", plan, &data), 3);
}
