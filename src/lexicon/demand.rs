//! How often employers advertise each occupation, by judgement: `data/training/occupation_demand.csv`.

use crate::lexicon::own_titles::occupation_uri;
use serde::Deserialize;
use std::collections::BTreeMap;

const DEMAND: &str = include_str!("../../data/training/occupation_demand.csv");

#[derive(Deserialize)]
struct Row {
    occupation: String,
    adverts_per_100000: f32,
}

/// Adverts of a hundred thousand by URI; what is not named counts 0.
pub(crate) fn counts() -> BTreeMap<String, f32> {
    let mut reader = csv::Reader::from_reader(DEMAND.as_bytes());
    // A test reads every row, so a broken file never ships.
    let rows = reader.deserialize::<Row>().flatten();
    rows.map(|row| (occupation_uri(&row.occupation), row.adverts_per_100000)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_demand_is_read() {
        let rows = DEMAND.lines().count() - 1;
        assert!(rows > 900);
        assert_eq!(counts().len(), rows);
    }
}
