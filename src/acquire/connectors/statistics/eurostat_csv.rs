//! Official figures in the CSV of Eurostat's data browser as it was until 2021: columns `TIME`, `GEO`, ..., `Value`.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::labelled::Labelled;
use crate::acquire::rows::Rows;
use crate::acquire::{AcquireError, Input, Sink, StatisticsAsk};
use crate::types::{NumberStyle, RawObservation};
use std::io::BufRead;

/// Reads observations. The file does not say what it counts: `indicator` comes from the plan.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let indicator = super::need(input, ask.indicator, "indicator")?;
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    csv.require("TIME")?;
    let flags = &["Flag and Footnotes", "Flags"];
    let unit = ask.unit.unwrap_or_default();
    let table = Labelled { value: &["Value"], flags, numbers: NumberStyle::Point, indicator, unit };
    table.read(input, &mut csv, sink)
}
