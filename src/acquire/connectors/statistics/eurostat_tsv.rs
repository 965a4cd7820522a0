//! Official figures in Eurostat's TSV: the dimensions in the first cell, parted by commas, then a column per period.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::dimensions::{Dimension, settle};
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use std::io::BufRead;

/// Reads one observation per row and period, also where the figure is missing (`:`). The table does not say what it
/// counts: `indicator` comes from the plan, or is the code of the dataset where it was asked of the service.
///
/// # Errors
/// When the first cell of the header is not `dimension,...\period` or the plan names no indicator.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let asked = dataset_asked(&input.file);
    let indicator = super::need(input, ask.indicator.or(asked.as_deref()), "indicator")?;
    let mut csv = CsvFile::open_delimited(&input.file, body, &input.limits, b'\t')?;
    let first = csv.header().first().cloned().unwrap_or_default();
    let Some((dimensions, _)) = first.split_once('\\') else {
        let problem = "does not begin with `dimension,dimension\\TIME_PERIOD`";
        return Err(AcquireError::content(&input.file, problem, "download the table as TSV again, or as SDMX-CSV"));
    };
    let mut dimensions: Vec<Dimension> = dimensions.split(',').map(|id| Dimension::of(id.trim(), "")).collect();
    settle(&mut dimensions);
    let periods: Vec<String> = csv.header().iter().skip(1).cloned().collect();
    let mut record = 0;
    while let Some((_, row)) = csv.next()? {
        let cells = match row {
            Row::Bad(reason, detail) => {
                record += 1;
                sink(input.reject(record, reason, detail));
                continue;
            }
            Row::Cells(cells) => cells,
        };
        let items: Vec<&str> = cell(cells, 0).unwrap_or_default().split(',').collect();
        if items.len() != dimensions.len() {
            record += 1;
            let detail = format!("'{}' does not have {} items", items.join(","), dimensions.len());
            sink(input.reject(record, RejectReason::Malformed, detail));
            continue;
        }
        for (at, period) in periods.iter().enumerate() {
            record += 1;
            let mut raw = RawObservation::at(input.origin(record));
            raw.indicator = indicator.to_owned();
            raw.unit = ask.unit.unwrap_or_default().to_owned();
            dimensions.iter().zip(&items).for_each(|(dimension, item)| dimension.put(&mut raw, item, ""));
            raw.period.clone_from(period);
            let (value, flags) = split_flags(cell(cells, at + 1).unwrap_or_default());
            raw.value = value.to_owned();
            raw.status = Some(flags.to_owned()).filter(|flags| !flags.is_empty());
            sink(Record::Kept(raw));
        }
    }
    Ok(())
}

/// `LFSA_EGAI2D` of `.../sdmx/2.1/data/lfsa_egai2d/A.OC25..ES?format=TSV`, in capitals as SDMX-CSV gives it.
fn dataset_asked(address: &str) -> Option<String> {
    let (_, path) = address.split_once("/sdmx/")?;
    let (_, rest) = path.split_once("/data/")?;
    let code = rest.split(['/', '?']).next()?;
    (!code.is_empty()).then(|| code.to_uppercase())
}

/// `2939.04 p` and `:c` into the figure and its flags.
fn split_flags(cell: &str) -> (&str, &str) {
    let cell = cell.trim();
    let figure = cell.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (figure.trim_end(), cell.get(figure.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dataset_that_was_asked_for_says_what_is_counted() {
        let address = "ec.europa.eu/eurostat/api/dissemination/sdmx/2.1/data/lfsa_egai2d/A.OC25..ES?format=TSV";
        assert_eq!(dataset_asked(address).as_deref(), Some("LFSA_EGAI2D"));
        assert_eq!(dataset_asked("office.tsv"), None);
    }
}
