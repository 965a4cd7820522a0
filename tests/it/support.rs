//! Running the program as a user does, and small worlds to run it on.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program, not yet started.
pub fn skillgap() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skillgap"));
    command.current_dir(root());
    command
}

/// Runs to the end.
pub fn run(arguments: &[&str]) -> Output {
    skillgap().args(arguments).output().unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Fails with what the program said unless it ended with `expected`.
pub fn expect(output: &Output, expected: i32) {
    assert_eq!(code(output), expected, "stdout:\n{}\nstderr:\n{}", stdout(output), stderr(output));
}

/// Text of a gzip file.
pub fn gunzip(path: &Path) -> String {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// A folder with a plan over the first `count` demo postings, the starter taxonomy and the demo catalogue.
pub struct SmallWorld {
    pub folder: tempfile::TempDir,
    pub plan: PathBuf,
}

pub fn small_world(count: usize) -> SmallWorld {
    let folder = tempfile::tempdir().unwrap();
    let plan = small_world_in(folder.path(), count);
    SmallWorld { folder, plan }
}

pub fn small_world_in(folder: &Path, count: usize) -> PathBuf {
    let postings = gunzip(&root().join("data/samples/postings.jsonl.gz"));
    let lines: Vec<&str> = postings.lines().take(count).collect();
    std::fs::write(folder.join("postings.jsonl"), lines.join("\n")).unwrap();
    std::fs::copy(root().join("data/samples/credentials.csv"), folder.join("credentials.csv")).unwrap();
    let reference = folder.join("reference");
    std::fs::create_dir_all(&reference).unwrap();
    for name in ["skills", "skill_labels", "occupations", "occupation_labels", "occupation_skills"] {
        let file = format!("{name}.csv");
        std::fs::copy(root().join("data/reference").join(&file), reference.join(&file)).unwrap();
    }
    let plan = folder.join("plan.toml");
    let mut file = std::fs::File::create(&plan).unwrap();
    file.write_all(
        b"name = 'small'\ntitle = 'Small'\nas_of = '2026-07-01'\nsynthetic = true\n\
          [[source]]\nid = 'boards'\nkind = 'postings'\npath = 'postings.jsonl'\nretrieved_on = '2026-07-01'\n\
          [[source]]\nid = 'starter'\nkind = 'taxonomy'\npath = 'reference'\n\
          [[source]]\nid = 'catalogue'\nkind = 'credentials'\npath = 'credentials.csv'\n",
    )
    .unwrap();
    plan
}

/// Every file below `folder` with its bytes, but for the file that holds durations.
pub fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.ends_with("run.json") && !name.ends_with(".lock") {
                files.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// Fails naming the first file that differs.
pub fn expect_same_trees(one: &[(String, Vec<u8>)], other: &[(String, Vec<u8>)]) {
    let names = |t: &[(String, Vec<u8>)]| t.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    for ((name, a), (_, b)) in one.iter().zip(other) {
        assert!(a == b, "{name} differs");
    }
}

/// The whole demo, run once for all tests that read it.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<tempfile::TempDir> = OnceLock::new();
    DEMO.get_or_init(|| {
        let data = tempfile::tempdir().unwrap();
        let output = skillgap().args(["run", "pipelines/demo.toml", "--data-dir"]).arg(data.path()).output().unwrap();
        expect(&output, 0);
        data
    })
    .path()
}

/// Rows of a CSV file as maps.
pub fn csv_rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}
