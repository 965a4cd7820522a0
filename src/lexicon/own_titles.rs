//! How employers title the jobs of an occupation, beside its names: `data/training/titles.csv`.

use crate::types::{Label, LabelKind, Lang};
use rustc_hash::FxHashMap;
use serde::Deserialize;

const TITLES: &str = include_str!("../../data/training/titles.csv");

#[derive(Deserialize)]
struct Row<'r> {
    occupation: &'r str,
    lang: &'r str,
    title: &'r str,
}

/// `esco:<uuid>` in full.
pub(crate) fn occupation_uri(short: &str) -> String {
    match short.strip_prefix("esco:") {
        Some(id) => format!("http://data.europa.eu/esco/occupation/{id}"),
        None => short.to_owned(),
    }
}

/// Titles by URI of the occupation, as hidden labels.
pub(crate) fn by_occupation() -> FxHashMap<String, Vec<Label>> {
    let mut titles: FxHashMap<String, Vec<Label>> = FxHashMap::default();
    let mut reader = csv::Reader::from_reader(TITLES.as_bytes());
    let mut record = csv::StringRecord::new();
    let header = reader.headers().cloned().ok();
    // A test reads every row, so a broken file never ships.
    while reader.read_record(&mut record).unwrap_or(false) {
        if let Ok(row) = record.deserialize::<Row<'_>>(header.as_ref()) {
            let lang = Lang::from_code(row.lang);
            let label = Label { text: row.title.to_owned(), lang, kind: LabelKind::Hidden };
            titles.entry(occupation_uri(row.occupation)).or_default().push(label);
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_title_is_read_in_a_language_we_have() {
        let titles = by_occupation();
        let count: usize = titles.values().map(Vec::len).sum();
        assert!(count > 10_000 && count == TITLES.lines().count() - 1, "{count}");
        assert!(titles.values().flatten().all(|title| title.lang != Lang::Und && !title.text.is_empty()));
    }
}
