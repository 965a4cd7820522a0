//! Registered unemployment of the city of Barcelona by neighbourhood, as its open data give it, in Catalan or English.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::dimensions::plain;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{Breakdown, RawObservation, RejectReason};
use std::io::BufRead;

/// The city itself, not the province of its name.
const CITY: &str = "Barcelona (city)";
const COLUMNS: [[&str; 2]; 7] = [
    ["Year", "Any"],
    ["Month", "Mes"],
    ["District.Name", "Nom_Districte"],
    ["Neighborhood.Name", "Nom_Barri"],
    ["Gender", "Sexe"],
    ["Demand_occupation", "Demanda_ocupació"],
    ["Number", "Nombre"],
];
const MONTHS: [[&str; 3]; 12] = [
    ["january", "gener", "enero"],
    ["february", "febrer", "febrero"],
    ["march", "marc", "marzo"],
    ["april", "abril", "abril"],
    ["may", "maig", "mayo"],
    ["june", "juny", "junio"],
    ["july", "juliol", "julio"],
    ["august", "agost", "agosto"],
    ["september", "setembre", "septiembre"],
    ["october", "octubre", "octubre"],
    ["november", "novembre", "noviembre"],
    ["december", "desembre", "diciembre"],
];

/// Reads observations; the district and the neighbourhood are its break-downs.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    let mut at = [0; 7];
    for (place, names) in at.iter_mut().zip(COLUMNS) {
        *place = csv.column(names[1]).map_or_else(|| csv.require(names[0]), Ok)?;
    }
    while let Some((number, row)) = csv.next()? {
        let cells = match row {
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
            Row::Cells(cells) => cells,
        };
        let [year, month, district, neighbourhood, sex, counted, value] =
            at.map(|at| cell(cells, at).unwrap_or_default().trim().to_owned());
        let Some(month) = month_of(&month) else {
            sink(input.reject(number, RejectReason::BadValue, format!("column Month: '{month}' is no month")));
            continue;
        };
        let mut raw = RawObservation::at(input.origin(number));
        raw.indicator = ask.indicator.map_or_else(|| counted.clone(), |indicator| format!("{indicator}: {counted}"));
        CITY.clone_into(&mut raw.area);
        raw.period = format!("{year}-{month:02}");
        raw.sex = Some(sex).filter(|sex| !sex.is_empty());
        raw.value = value;
        raw.unit = ask.unit.unwrap_or("persons").to_owned();
        let places = [("district", district), ("neighbourhood", neighbourhood)];
        let named = places.into_iter().filter(|(_, item)| !item.is_empty());
        raw.breakdown.extend(named.map(|(dimension, item)| Breakdown { dimension: dimension.to_owned(), item }));
        sink(Record::Kept(raw));
    }
    Ok(())
}

fn month_of(text: &str) -> Option<usize> {
    let name = plain(text);
    let named = MONTHS.iter().position(|names| names.contains(&name.as_str())).map(|at| at + 1);
    named.or_else(|| name.parse().ok().filter(|month| (1..=12).contains(month)))
}
