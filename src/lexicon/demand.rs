//! How often employers advertise each occupation, by judgement: `data/training/occupation_demand.csv`.

use serde::Deserialize;
use std::collections::BTreeMap;

const DEMAND: &str = include_str!("../../data/training/occupation_demand.csv");
/// Postings of ten thousand that a level of demand, 0 to 5, stands for, roughly.
const POSTINGS: [f32; 6] = [0.0, 2.0, 8.0, 25.0, 70.0, 200.0];

#[derive(Deserialize)]
struct Row {
    occupation: String,
    demand: usize,
}

/// Postings of ten thousand by URI; what is not named counts 0.
pub(crate) fn counts() -> BTreeMap<String, f32> {
    let mut reader = csv::Reader::from_reader(DEMAND.as_bytes());
    let uri = |short: &str| match short.strip_prefix("esco:") {
        Some(id) => format!("http://data.europa.eu/esco/occupation/{id}"),
        None => short.to_owned(),
    };
    // A test reads every row, so a broken file never ships.
    let rows = reader.deserialize::<Row>().flatten();
    rows.filter_map(|row| Some((uri(&row.occupation), *POSTINGS.get(row.demand)?))).collect()
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
