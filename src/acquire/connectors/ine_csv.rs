//! Official figures in the CSV layout of the Spanish statistics office (INE): classification columns, `Periodo`, `Total`.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{NumberStyle, RawObservation, RejectReason};
use std::io::BufRead;

/// Columns that name the area, whichever the table has.
const AREAS: [&str; 3] = ["Comunidades y Ciudades Autónomas", "Provincias", "Total Nacional"];

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
    let need = |value: Option<&str>, key| {
        let problem = format!("does not say its {key}");
        value
            .map(str::to_owned)
            .ok_or_else(|| AcquireError::content(&input.file, problem, "name `indicator` and `unit` in the plan"))
    };
    let (indicator, unit) = (need(ask.indicator, "indicator")?, need(ask.unit, "unit")?);
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    let find = |name: &str| csv.header().iter().position(|h| h == name);
    let (sex, age) = (find("Sexo"), find("Edad"));
    let area = match AREAS.iter().find_map(|name| find(name)) {
        Some(at) => at,
        None => csv.require(AREAS[0])?,
    };
    let period = csv.require("Periodo")?;
    let total = csv.require("Total")?;
    while let Some((number, row)) = csv.next()? {
        let cells = match row {
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
            Row::Cells(cells) => cells,
        };
        let text = |at: usize| cell(cells, at).unwrap_or_default().trim().to_owned();
        let item = |at: Option<usize>| at.map(text).filter(|t| !t.is_empty());
        if text(area).is_empty() || text(period).is_empty() {
            sink(input.reject(number, RejectReason::MissingField, "area or `Periodo` is empty".to_owned()));
            continue;
        }
        sink(Record::Kept(RawObservation {
            indicator: indicator.to_owned(),
            area: text(area),
            period: text(period),
            occupation: None,
            sector: None,
            sex: item(sex),
            age: item(age),
            value: text(total),
            numbers: NumberStyle::Comma,
            unit: unit.to_owned(),
            status: None,
            note: None,
            origin: input.origin(number),
        }));
    }
    Ok(())
}
