//! Official figures of the World Bank as the Humanitarian Data Exchange gives them: a row per country, year and
//! indicator, and a row of tags (`#date+year`) under the header.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink};
use crate::types::{RawObservation, RejectReason};
use std::io::BufRead;

/// Reads observations; the row of tags is none.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(input: &Input, body: &mut dyn BufRead, sink: Sink<'_, RawObservation>) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    let names = ["Country ISO3", "Country Name", "Year", "Indicator Code", "Indicator Name", "Value"];
    let mut at = [0; 6];
    for (place, name) in at.iter_mut().zip(names) {
        *place = csv.require(name)?;
    }
    while let Some((number, row)) = csv.next()? {
        let cells = match row {
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
            Row::Cells(cells) => cells,
        };
        let [area, area_name, period, indicator, label, value] =
            at.map(|at| cell(cells, at).unwrap_or_default().trim().to_owned());
        if area.starts_with('#') || period.starts_with('#') {
            continue;
        }
        if area.is_empty() || period.is_empty() || indicator.is_empty() {
            let detail = "`Country ISO3`, `Year` or `Indicator Code` is empty".to_owned();
            sink(input.reject(number, RejectReason::MissingField, detail));
            continue;
        }
        let unit = super::last_bracket(&label).to_owned();
        let (area_name, note) = (Some(area_name).filter(|n| !n.is_empty()), Some(label).filter(|l| !l.is_empty()));
        let known = RawObservation::at(input.origin(number));
        sink(Record::Kept(RawObservation { indicator, area, area_name, period, value, unit, note, ..known }));
    }
    Ok(())
}
