//! Barcelona's open data on registered unemployment: a row per month, neighbourhood and sex. Neighbourhoods are added up
//! to the city, the smallest area that other figures share.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::periods::period_of;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use std::collections::BTreeMap;
use std::io::BufRead;

/// Reads figures of the city, one per month, kind and sex; unit and a note say what was added up.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub(in crate::acquire) fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    let columns = ["Year", "Month", "Gender", "Demand_occupation", "Number"];
    let mut at = Vec::new();
    for name in columns {
        at.push(csv.require(name)?);
    }
    // By period, kind and sex: persons, neighbourhoods, first row.
    let mut sums: BTreeMap<(String, String, String), (u64, u64, u64)> = BTreeMap::new();
    while let Some((number, row)) = csv.next()? {
        let cells = match row {
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
            Row::Cells(cells) => cells,
        };
        let text = |field: usize| at.get(field).and_then(|at| cell(cells, *at)).unwrap_or_default().trim();
        let spelt = format!("{} {}", text(1), text(0));
        let Some(period) = period_of(&spelt, None) else {
            sink(input.reject(number, RejectReason::BadValue, format!("column Month: '{spelt}' is no month")));
            continue;
        };
        let Ok(persons) = text(4).parse::<u64>() else {
            let detail = format!("column Number: '{}' is no count of persons", text(4));
            sink(input.reject(number, RejectReason::BadValue, detail));
            continue;
        };
        let sum = sums.entry((period, text(3).to_owned(), text(2).to_owned())).or_insert((0, 0, number));
        sum.0 += persons;
        sum.1 += 1;
    }
    for ((period, kind, sex), (persons, parts, first)) in sums {
        sink(Record::Kept(RawObservation {
            indicator: ask.indicator.map_or(kind.clone(), |indicator| format!("{indicator}: {kind}")),
            area: "Barcelona (city)".to_owned(),
            period,
            sex: Some(sex),
            value: persons.to_string(),
            unit: ask.unit.unwrap_or("persons").to_owned(),
            note: Some(format!("sum of {parts} neighbourhoods")),
            ..RawObservation::at(input.origin(first))
        }));
    }
    Ok(())
}
