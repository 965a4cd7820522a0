//! How often employers look for each occupation: counts of `data/reference/occupation_counts.csv`.

use serde::Deserialize;
use std::collections::BTreeMap;

const COUNTS: &str = include_str!("../../data/reference/occupation_counts.csv");
/// What a Spanish posting counts beside an English title: its occupation is one of few that an office gives.
const POSTING: f32 = 0.1;

#[derive(Deserialize)]
struct Row {
    uri: String,
    titles: f32,
    postings: f32,
}

/// Count of each occupation by URI; what is not named counts 0.
pub(crate) fn counts() -> BTreeMap<String, f32> {
    let mut reader = csv::Reader::from_reader(COUNTS.as_bytes());
    // A test reads every row, so a broken file never ships.
    reader.deserialize::<Row>().flatten().map(|row| (row.uri, row.titles + POSTING * row.postings)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_counts_is_read() {
        let rows = COUNTS.lines().count() - 1;
        assert!(rows > 900);
        assert_eq!(counts().len(), rows);
    }
}
