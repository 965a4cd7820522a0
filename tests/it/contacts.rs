//! An independent search for people's addresses and numbers in everything that is published.

use crate::support::{expect, skillgap, small_world, tree};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::io::{Cursor, Read, Write};

/// What is planted in every field; each holds a mark that `marks_in` finds again.
const PLANTED: [&str; 6] = [
    "zzplanted.person@mailzz.org",
    "zzplanted (at) mailzz (dot) org",
    "+970 59 912 3456",
    "+34 612 345 678",
    "٠٥٩٩ ١٢٣ ٤٥٦",
    "tel:+34612345678",
];

/// Digits of the numbers above, however they are grouped.
const NUMBERS: [&str; 3] = ["970599123456", "34612345678", "0599123456"];

/// Marks of planted contacts in a text, read without regard to case, digits' script and separators.
fn marks_in(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found: Vec<String> =
        ["zzplanted", "mailzz"].into_iter().filter(|m| lower.contains(m)).map(str::to_owned).collect();
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{202f}'))
        .map(|c| match u32::from(c) {
            0x660..=0x669 => char::from(b'0' + (u32::from(c) - 0x660) as u8),
            0x6F0..=0x6F9 => char::from(b'0' + (u32::from(c) - 0x6F0) as u8),
            _ => c,
        })
        .collect();
    found.extend(NUMBERS.into_iter().filter(|n| plain.contains(n)).map(str::to_owned));
    found
}

/// All that a reader of the file could see: parts of a workbook unpacked, cells of a table decoded, and the bytes.
fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
    let mut texts = vec![String::from_utf8_lossy(bytes).into_owned()];
    if name.ends_with(".xlsx") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for at in 0..archive.len() {
            let mut part = String::new();
            archive.by_index(at).unwrap().read_to_string(&mut part).unwrap();
            texts.push(part);
        }
    }
    if name.ends_with(".parquet") {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let options = FormatOptions::default();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            for column in batch.columns() {
                let cells = ArrayFormatter::try_new(column.as_ref(), &options).unwrap();
                texts.push((0..batch.num_rows()).map(|row| format!("{}\n", cells.value(row))).collect());
            }
        }
    }
    texts
}

#[test]
fn the_search_itself_finds_what_is_planted() {
    for planted in PLANTED {
        assert!(!marks_in(&format!("Ask Jo: {planted}, please")).is_empty(), "{planted}");
    }
    assert!(marks_in("2026-06-30, 1.234,5 and 24.440 in ES51").is_empty());
}

#[test]
fn no_contact_planted_in_any_field_of_postings_or_credentials_reaches_a_published_file() {
    let world = small_world(300);
    let folder = world.folder.path();
    let text = std::fs::read_to_string(folder.join("postings.jsonl")).unwrap();
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut posting: serde_json::Value = serde_json::from_str(line).unwrap();
        for (shift, (_, value)) in posting.as_object_mut().unwrap().iter_mut().enumerate() {
            let planted = PLANTED[(at + shift) % PLANTED.len()];
            if let Some(said) = value.as_str().filter(|s| !s.starts_with("syn-")) {
                *value = match said.starts_with("http") {
                    true => format!("{said}?to={}", planted.replace(' ', "")).into(),
                    false => format!("{said} {planted}").into(),
                };
            }
        }
        posting["place"] = PLANTED[at % PLANTED.len()].into();
        posting["sector"] = PLANTED[(at + 1) % PLANTED.len()].into();
        posting["salary"] = PLANTED[(at + 2) % PLANTED.len()].into();
        lines.push(posting.to_string());
    }
    std::fs::write(folder.join("postings.jsonl"), lines.join("\n")).unwrap();
    plant_in_catalogue(&folder.join("credentials.csv"));
    let plan = std::fs::read_to_string(&world.plan).unwrap();
    std::fs::write(&world.plan, plan.replacen("[[source]]", "also_in = ['es', 'ca', 'ar']\n[[source]]", 1)).unwrap();
    let data = folder.join("data");
    let output = skillgap().arg("run").arg(&world.plan).arg("--data-dir").arg(&data).output().unwrap();
    expect(&output, 0);
    let mut leaks = Vec::new();
    let mut kinds = std::collections::BTreeSet::new();
    for (name, bytes) in tree(&data.join("build/small/report")) {
        kinds.insert(name.rsplit('.').next().unwrap_or_default().to_owned());
        for seen in texts(&name, &bytes) {
            leaks.extend(marks_in(&seen).into_iter().map(|mark| format!("{mark} in {name}")));
        }
    }
    for (name, bytes) in [("standard output", &output.stdout), ("standard error", &output.stderr)] {
        leaks.extend(marks_in(&String::from_utf8_lossy(bytes)).into_iter().map(|mark| format!("{mark} in {name}")));
    }
    leaks.sort();
    leaks.dedup();
    assert!(leaks.is_empty(), "{leaks:#?}");
    for kind in ["html", "xlsx", "csv", "json", "parquet"] {
        assert!(kinds.contains(kind), "{kind} was searched: {kinds:?}");
    }
}

/// A contact at the end of every field of free text of every row.
fn plant_in_catalogue(path: &std::path::Path) {
    let free = [
        "title",
        "provider",
        "assessment",
        "quality_assurance",
        "prerequisites",
        "description",
        "participation",
        "supervision",
        "stacks_into",
        "qualification",
        "further_information",
        "outcomes",
        "competence_group",
    ];
    let mut reader = csv::Reader::from_path(path).unwrap();
    let heads = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&heads).unwrap();
    for (at, row) in reader.records().map(Result::unwrap).enumerate() {
        let cells = heads.iter().zip(row.iter()).enumerate().map(|(shift, (head, cell))| match free.contains(&head) {
            true => format!("{cell} {}", PLANTED[(at + shift) % PLANTED.len()]),
            false => cell.to_owned(),
        });
        writer.write_record(cells.collect::<Vec<_>>()).unwrap();
    }
    std::fs::write(path, writer.into_inner().unwrap()).unwrap();
}
