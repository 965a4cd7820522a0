//! Official figures in the World Bank's CSV layout: lines of metadata, a header, one row per country and indicator, one
//! column per year.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink};
use crate::types::{RawObservation, RejectReason};
use std::io::BufRead;

/// Reads observations: one per row and year, also where the figure is missing (an empty `value`). The area is the
/// three-letter country code.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(input: &Input, body: &mut dyn BufRead, sink: Sink<'_, RawObservation>) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open_at(&input.file, body, &input.limits, Some("Country Name"))?;
    let area = csv.require("Country Code")?;
    let name = csv.require("Indicator Name")?;
    let code = csv.require("Indicator Code")?;
    let is_year = |h: &str| h.len() == 4 && h.bytes().all(|b| b.is_ascii_digit());
    let header = csv.header().iter().enumerate();
    let years: Vec<(usize, String)> = header.filter(|(_, h)| is_year(h)).map(|(at, h)| (at, h.clone())).collect();
    if years.is_empty() {
        return Err(AcquireError::content(
            &input.file,
            "has no column of a year",
            "use the CSV download of an indicator",
        ));
    }
    while let Some((number, row)) = csv.next()? {
        let cells = match row {
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
            Row::Cells(cells) => cells,
        };
        let text = |at: usize| cell(cells, at).unwrap_or_default().trim().to_owned();
        if text(area).is_empty() || text(code).is_empty() {
            let detail = "`Country Code` or `Indicator Code` is empty".to_owned();
            sink(input.reject(number, RejectReason::MissingField, detail));
            continue;
        }
        let label = text(name);
        let unit = super::last_bracket(&label);
        for (at, year) in &years {
            sink(Record::Kept(RawObservation {
                indicator: text(code),
                area: text(area),
                period: year.clone(),
                value: text(*at),
                unit: unit.to_owned(),
                note: Some(label.clone()),
                ..RawObservation::at(input.origin(number))
            }));
        }
    }
    Ok(())
}
