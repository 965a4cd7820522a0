//! National levels and what they are on the European Qualifications Framework: `data/reference/national_levels.csv`.

use crate::clean::fold::folded;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../../data/reference/national_levels.csv");

/// Framework, level, EQF level.
static LEVELS: LazyLock<Vec<(String, u8, u8)>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
    let rows = reader.records().flatten();
    rows.filter_map(|row| Some((folded(row.get(0)?), row.get(1)?.parse().ok()?, row.get(2)?.parse().ok()?))).collect()
});

/// The EQF level of a national level as spelt (`MECES 2`, `Nivell 3 del MECU`); nothing when the framework is unknown
/// to the table or more than one number stands there.
pub(super) fn eqf_of(national: &str) -> Option<u8> {
    let words = folded(national);
    let numbers: Vec<u8> = words.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [level] = numbers.as_slice() else { return None };
    let named = |framework: &str| words.split(' ').any(|word| word == framework);
    LEVELS.iter().find(|(framework, of, _)| of == level && named(framework)).map(|(.., eqf)| *eqf)
}

/// The EQF level of a QF-EHEA cycle: short 5, first 6, second 7, third 8.
pub(super) fn eqf_of_cycle(cycle: u8) -> u8 {
    cycle.saturating_add(5)
}
