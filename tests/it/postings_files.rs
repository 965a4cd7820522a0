//! Postings as a unit has them on its disk: a folder of whatever, and two files that belong together.

use crate::support::{expect, run, small_world, stderr};

/// Runs the small world with its postings replaced by what `source` says; what the program said.
fn said_of(files: &[(&str, &str)], source: &str, code: i32) -> String {
    let world = small_world(0);
    for (name, text) in files {
        let path = world.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, plan.replace("path = 'postings.jsonl'", source)).unwrap();
    let data = world.folder.path().join("data");
    let output = run(&["run", world.plan.to_str().unwrap(), "--data-dir", data.to_str().unwrap()]);
    expect(&output, code);
    stderr(&output)
}

const PAGE: &str = "<html><head><script type=\"application/ld+json\">{\"@type\": \"JobPosting\", \"title\": \"Cook\",
    \"description\": \"You cook soups for our guests\", \"datePosted\": \"2026-05-01\",}</script></head><body></body></html>";

#[test]
fn a_folder_is_read_one_level_deep_its_droppings_skipped_and_its_notes_counted() {
    let files = [
        ("saved/page.html", PAGE),
        ("saved/.DS_Store", "junk"),
        ("saved/README.md", "about"),
        (
            "saved/2025/offers.csv",
            "title,body\nNurse,You care for patients on the ward\nClerk,You keep the files of the office\n",
        ),
        ("saved/2026/offers.csv", "title,body\nDriver,You drive the bus of the school\n"),
    ];
    let said = said_of(&files, "path = 'saved'", 0);
    assert!(said.contains("acquire boards: read 5 = kept 4 + duplicate 0 + rejected 1"), "{said}");
    assert!(said.contains("clean postings: read 4 = kept 4"), "{said}");
}

#[test]
fn a_plan_joins_records_to_their_texts_and_counts_the_lonely() {
    let files = [
        ("records.csv", "id,title\n1,Nurse\n2,Cook\n"),
        (
            "texts.jsonl",
            "{\"job\": 1, \"text\": \"You care for patients on the ward\"}\n{\"job\": 3, \"text\": \"lost\"}\n",
        ),
    ];
    let source =
        "path = 'records.csv'\njoin = { path = 'texts.jsonl', on = { id = 'job' }, columns = { body = 'text' } }";
    let said = said_of(&files, source, 0);
    assert!(said.contains("acquire boards: read 3 = kept 1 + duplicate 0 + rejected 2"), "{said}");
}

#[test]
fn a_source_without_one_posting_is_refused_with_the_first_reason() {
    let said = said_of(&[("pages/a.html", "<html><body>404</body></html>")], "path = 'pages'", 3);
    assert!(said.contains("none of its 1 records is a posting") && said.contains("hardly any text"), "{said}");
}
