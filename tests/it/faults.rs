//! Crashes, full disks, second runs and damaged files.

use crate::support::{code, expect, expect_same_trees, run, skillgap, small_world, stderr, tree};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const POSTINGS: usize = 250;

fn arguments<'a>(plan: &'a Path, data: &'a Path) -> [&'a str; 4] {
    ["run", plan.to_str().unwrap(), "--data-dir", data.to_str().unwrap()]
}

#[test]
fn killed_at_any_moment_a_plain_rerun_gives_the_bytes_of_an_uninterrupted_run() {
    let world = small_world(POSTINGS);
    let whole = world.folder.path().join("whole");
    let started = Instant::now();
    expect(&run(&arguments(&world.plan, &whole)), 0);
    let duration = started.elapsed();
    let expected = tree(&whole);
    let killed = world.folder.path().join("killed");
    for step in 0..16_u32 {
        let mut child = skillgap()
            .args(arguments(&world.plan, &killed))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(duration.mul_f64(f64::from(step) / 15.0));
        child.kill().unwrap();
        child.wait().unwrap();
        if step % 4 == 0 {
            let _ = std::fs::remove_dir_all(killed.join("build"));
        }
    }
    expect(&run(&arguments(&world.plan, &killed)), 0);
    expect_same_trees(&expected, &tree(&killed));
}

#[test]
fn a_second_run_on_the_same_data_directory_is_told_who_holds_it_and_may_go_on_once_the_holder_is_killed() {
    let world = small_world(POSTINGS);
    let data = world.folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let lock = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(data.join(".lock")).unwrap();
    lock.lock().unwrap();
    std::fs::write(data.join(".lock"), "process 4711, skillgap run small").unwrap();
    let second = run(&arguments(&world.plan, &data));
    expect(&second, 4);
    assert!(stderr(&second).contains("process 4711"), "{}", stderr(&second));
    drop(lock);
    expect(&run(&arguments(&world.plan, &data)), 0);
}

#[test]
fn a_full_disk_ends_with_code_five_and_leaves_the_last_result_as_it_was() {
    let world = small_world(POSTINGS);
    let data = world.folder.path().join("data");
    expect(&run(&arguments(&world.plan, &data)), 0);
    let before = tree(&data);
    let script = format!(
        "trap '' XFSZ; ulimit -f 8; exec {} run {} --rebuild --data-dir {}",
        env!("CARGO_BIN_EXE_skillgap"),
        world.plan.display(),
        data.display()
    );
    let output = Command::new("bash").args(["-c", &script]).current_dir(crate::support::root()).output().unwrap();
    assert_eq!(code(&output), 5, "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
    let after: Vec<_> = tree(&data).into_iter().filter(|(name, _)| !name.contains(".draft")).collect();
    expect_same_trees(&before, &after);
    expect(&run(&arguments(&world.plan, &data)), 0);
    expect_same_trees(&before, &tree(&data));
}

#[test]
fn a_flipped_bit_is_named_by_verify_and_stops_a_run() {
    let world = small_world(POSTINGS);
    let data = world.folder.path().join("data");
    let data_dir = data.to_str().unwrap();
    expect(&run(&arguments(&world.plan, &data)), 0);
    expect(&run(&["verify", "--data-dir", data_dir]), 0);
    let victim = data.join("build/small/extract/mentions.parquet");
    let mut bytes = std::fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&victim, bytes).unwrap();
    let verify = run(&["verify", "--data-dir", data_dir]);
    expect(&verify, 1);
    assert!(String::from_utf8_lossy(&verify.stdout).contains("build/small/extract/mentions.parquet"));
    let again = run(&arguments(&world.plan, &data));
    expect(&again, 1);
    assert!(stderr(&again).contains("mentions.parquet") && stderr(&again).contains("--rebuild"), "{}", stderr(&again));
}

#[test]
fn an_interrupted_run_stops_within_two_seconds_and_can_be_taken_up_again() {
    let world = small_world(2_000);
    let data = world.folder.path().join("data");
    // A shell's background job ignores SIGINT and hands that on; a terminal does not.
    let mut child = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_skillgap")])
        .args(arguments(&world.plan, &data))
        .current_dir(crate::support::root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let asked = Instant::now();
    let status = child.wait().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(2));
    assert!(!status.success());
    expect(&run(&arguments(&world.plan, &data)), 0);
}
