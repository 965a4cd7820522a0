//! A source that is no longer what it was, the same records twice, and what killed runs leave behind.

use crate::support::{SmallWorld, csv_rows, expect, expect_same_trees, skillgap, small_world, stderr, tree};
use std::path::{Path, PathBuf};
use std::process::Output;

fn data(world: &SmallWorld) -> PathBuf {
    world.folder.path().join("data")
}

fn run(world: &SmallWorld, more: &[&str]) -> Output {
    skillgap().arg("run").arg(&world.plan).arg("--data-dir").arg(data(world)).args(more).output().unwrap()
}

/// Cuts or repeats the postings to so many lines; ids stay unique.
fn resize(world: &SmallWorld, count: usize) {
    let path = world.folder.path().join("postings.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let renamed = |at: usize| lines[at % lines.len()].replacen("syn-", &format!("syn-{}-", at / lines.len()), 1);
    std::fs::write(path, (0..count).map(renamed).collect::<Vec<_>>().join("\n")).unwrap();
}

fn results(world: &SmallWorld) -> Vec<(String, Vec<u8>)> {
    tree(&data(world).join("build")).into_iter().filter(|(name, _)| !name.contains(".draft")).collect()
}

fn page(world: &SmallWorld, name: &str) -> String {
    std::fs::read_to_string(data(world).join("build/small/report").join(name)).unwrap()
}

fn add_to_plan(world: &SmallWorld, at: &str, text: &str) {
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, plan.replacen(at, &format!("{text}{at}"), 1)).unwrap();
}

#[test]
fn a_source_that_fell_by_forty_percent_replaces_nothing_until_somebody_says_why() {
    let world = small_world(200);
    add_to_plan(&world, "[[source]]", "also_in = ['es', 'ca', 'ar']\n");
    expect(&run(&world, &[]), 0);
    let before = results(&world);
    resize(&world, 120);
    for more in [&[][..], &["--rebuild"]] {
        let refused = run(&world, more);
        expect(&refused, 3);
        let said = stderr(&refused);
        for words in
            ["source 'boards': 200 records", "120 now (-40 %)", "[drift] fall = 0.4", "--accept-drift \"REASON\""]
        {
            assert!(said.contains(words), "{words} in {said}");
        }
        expect_same_trees(&before, &results(&world));
    }
    expect(&run(&world, &["--accept-drift", "  "]), 2);
    expect(&run(&world, &["--accept-drift", "Board D closed <i>in May</i>"]), 0);
    for name in ["gap.html", "gap.es.html", "gap.ca.html", "gap.ar.html"] {
        let text = page(&world, name);
        assert!(text.contains("Board D closed &lt;i&gt;in May"), "{name}");
        assert!(text.contains("200") && text.contains("120"), "{name}");
    }
    let findings: serde_json::Value = serde_json::from_str(&page(&world, "findings.json")).unwrap();
    let accepted = &findings["accepted_drifts"][0];
    assert_eq!((accepted["before"].as_u64(), accepted["after"].as_u64()), (Some(200), Some(120)));
    let after = results(&world);
    expect(&run(&world, &[]), 0);
    expect_same_trees(&after, &results(&world));
    // What was accepted of these bytes stays said, however often they are read again.
    expect(&run(&world, &["--rebuild"]), 0);
    expect_same_trees(&after, &results(&world));
}

#[test]
fn a_rise_of_three_hundred_percent_waits_too_and_the_plan_may_say_otherwise() {
    let world = small_world(30);
    expect(&run(&world, &[]), 0);
    resize(&world, 120);
    let refused = run(&world, &[]);
    expect(&refused, 3);
    assert!(stderr(&refused).contains("30 records in the last complete run, 120 now (+300 %)"), "{}", stderr(&refused));
    add_to_plan(&world, "[[source]]", "drift = { rise = 9.0 }\n");
    expect(&run(&world, &[]), 0);
}

#[test]
fn a_country_that_vanished_from_official_figures_waits_and_a_header_alone_is_refused() {
    let world = small_world(60);
    let figures = |countries: &[&str]| {
        let mut text = "freq,sex,geo\\TIME_PERIOD".to_owned();
        (2001..2026).for_each(|year| text.push_str(&format!("\t{year} ")));
        for country in countries {
            text.push_str(&format!("\nA,T,{country}"));
            (2001..2026).for_each(|year| text.push_str(&format!("\t{year}.5 ")));
        }
        std::fs::write(world.folder.path().join("office.tsv"), text + "\n").unwrap();
    };
    figures(&["ES", "PT", "FR"]);
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    let source = "[[source]]\nid = 'office'\nkind = 'statistics'\npath = 'office.tsv'\nindicator = 'Employed'\n";
    std::fs::write(&world.plan, plan.clone() + source).unwrap();
    expect(&run(&world, &[]), 0);
    figures(&["ES", "FR"]);
    let refused = run(&world, &[]);
    expect(&refused, 3);
    assert!(
        stderr(&refused).contains("source 'office'") && stderr(&refused).contains("none of PT"),
        "{}",
        stderr(&refused)
    );
    expect(&run(&world, &["--accept-drift", "The office left it out"]), 0);
    std::fs::write(world.folder.path().join("postings.jsonl"), "id,title,description\n").unwrap();
    let empty = run(&world, &[]);
    expect(&empty, 3);
    assert!(stderr(&empty).contains("source 'boards'") && stderr(&empty).contains("no record"), "{}", stderr(&empty));
}

#[test]
fn a_source_that_was_refused_is_compared_with_its_last_good_state() {
    let world = small_world(60);
    let office = world.folder.path().join("office.tsv");
    let figures = |areas: usize| {
        let rows: String = (0..areas).map(|n| format!("A,T,ES,x{n}\t{n}.5 \n")).collect();
        std::fs::write(&office, format!("freq,sex,geo,part\\TIME_PERIOD\t2025 \n{rows}")).unwrap();
    };
    figures(100);
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    let source = "[[source]]\nid = 'office'\nkind = 'statistics'\npath = 'office.tsv'\nindicator = 'Employed'\n";
    std::fs::write(&world.plan, plan + source).unwrap();
    expect(&run(&world, &[]), 0);
    std::fs::write(&office, "<!DOCTYPE html><html><body>Please log in</body></html>").unwrap();
    expect(&run(&world, &[]), 3);
    figures(50);
    let refused = run(&world, &[]);
    expect(&refused, 3);
    assert!(stderr(&refused).contains("100 records in the last complete run, 50 now"), "{}", stderr(&refused));
}

fn kept_postings(data: &Path) -> Vec<String> {
    let table = data.join("build/small/clean/postings.parquet");
    let rows = skillgap::store::read_table::<skillgap::types::Posting>(&table).unwrap().flat_map(Result::unwrap);
    rows.map(|p| p.id.0).collect()
}

#[test]
fn a_second_run_and_the_same_records_once_more_add_no_row() {
    let world = small_world(200);
    expect(&run(&world, &[]), 0);
    let (first, kept) = (results(&world), kept_postings(&data(&world)));
    expect(&run(&world, &["--rebuild"]), 0);
    expect_same_trees(&first, &results(&world));
    let path = world.folder.path().join("postings.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}\n{text}")).unwrap();
    let twice = run(&world, &[]);
    expect(&twice, 0);
    assert_eq!(kept, kept_postings(&data(&world)));
    assert!(stderr(&twice).contains("acquire boards: read 400"), "{}", stderr(&twice));
    let csv = page(&world, "coverage.csv");
    assert!(!csv_rows(&csv).is_empty());
}

#[test]
fn half_written_files_of_killed_runs_are_gone_after_the_next_one() {
    let world = small_world(60);
    let snapshots = data(&world).join("snapshots/9b");
    let build = data(&world).join("build/small");
    for folder in [&snapshots, &build] {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(".partial-Xy12Zz"), "half").unwrap();
    }
    expect(&run(&world, &[]), 0);
    std::fs::write(snapshots.join(".partial-Xy12Zz"), "half, and the next run reuses every stage").unwrap();
    expect(&run(&world, &[]), 0);
    let left: Vec<_> = tree(&data(&world)).into_iter().filter(|(name, _)| name.contains(".partial-")).collect();
    assert!(left.is_empty(), "{left:?}");
}
