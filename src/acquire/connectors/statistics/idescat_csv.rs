//! Official figures of Catalonia's statistics office (Idescat) as CSV: columns in words, the figure in `Valor`.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::labelled::Labelled;
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
    let indicator = super::need(input, ask.indicator, "indicator")?;
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    // Where fields are parted by semicolons the comma is free to be the decimal sign, and is.
    let numbers = if csv.delimiter() == b';' { NumberStyle::Comma } else { NumberStyle::Point };
    let table = Labelled {
        value: &["Valor", "Value", "Valors"],
        flags: &["Estat", "Estado", "Status"],
        numbers,
        indicator,
        unit: ask.unit.unwrap_or_default(),
    };
    table.read(input, &mut csv, sink)
}
