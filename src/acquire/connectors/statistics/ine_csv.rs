//! Official figures in the CSV layout of the Spanish statistics office (INE): classification columns, `Periodo`, `Total`.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::labelled::Labelled;
use crate::acquire::rows::Rows;
use crate::acquire::{AcquireError, Input, Sink, StatisticsAsk};
use crate::types::{NumberStyle, RawObservation};
use std::io::BufRead;

/// Reads observations. The file does not say what it counts: `indicator` and `unit` come from the plan.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let (indicator, unit) = (super::need(input, ask.indicator, "indicator")?, super::need(input, ask.unit, "unit")?);
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    csv.require("Periodo")?;
    // "24.440" is 24,440: INE writes thousands with a point and decimals with a comma.
    let table = Labelled { value: &["Total"], flags: &[], numbers: NumberStyle::Comma, indicator, unit };
    table.read(input, &mut csv, sink)
}
