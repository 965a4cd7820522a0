//! The house is kept by a machine: which part of the program may name which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Allowed edges, from -> to. `types` is everybody's; a part may always name itself.
const ALLOWED: [(&str, &[&str]); 15] = [
    ("main", &["cli"]),
    (
        "cli",
        &[
            "acquire", "checks", "clean", "embed", "evaluate", "extract", "lexicon", "link", "pipeline", "report",
            "store", "train",
        ],
    ),
    ("train", &["extract", "lexicon", "link"]),
    ("pipeline", &["acquire", "clean", "embed", "extract", "lexicon", "link", "measure", "report", "store"]),
    ("evaluate", &["measure"]),
    ("checks", &[]),
    ("acquire", &["lexicon"]),
    ("clean", &["lexicon", "store"]),
    ("extract", &["lexicon"]),
    ("link", &["lexicon"]),
    ("measure", &["lexicon", "store"]),
    ("report", &[]),
    ("embed", &["store"]),
    ("store", &[]),
    ("lexicon", &[]),
];

fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let relative = path.strip_prefix(&root).unwrap();
                let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
                found.push((first.trim_end_matches(".rs").to_owned(), path));
            }
        }
    }
    found.sort();
    found
}

/// Files compiled for tests only, whole.
fn is_test_only(path: &Path) -> bool {
    let names = ["tests.rs", "fixture.rs", "fit.rs"];
    names.iter().any(|n| path.ends_with(n)) || path.components().any(|c| c.as_os_str() == "tests")
}

fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap()
}

#[test]
fn no_part_of_the_program_names_one_it_may_not() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ALLOWED.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    let mut wrong = Vec::new();
    for (part, path) in sources() {
        // What fits the committed weights reads real files through the whole program.
        if part == "lib" || is_test_only(&path) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (line, content) in without_tests(&text).lines().enumerate() {
            for (at, _) in content.match_indices("crate::").filter(|_| !content.trim_start().starts_with("//")) {
                let named: String =
                    content[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let known = allowed.contains_key(named.as_str());
                let may = named == "types"
                    || named == part
                    || allowed.get(part.as_str()).is_some_and(|a| a.contains(named.as_str()));
                if known && !may {
                    wrong.push(format!("{}:{} names {named}", path.display(), line + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_five_hundred_lines_without_its_tests() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, path)| !is_test_only(path))
        .map(|(_, path)| (without_tests(&std::fs::read_to_string(&path).unwrap()).lines().count(), path))
        .filter(|(lines, _)| *lines > 500)
        .map(|(lines, path)| format!("{}: {lines}", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
