//! Official figures in SDMX-CSV, as Eurostat and the ILO give it: codes, codes and names side by side, or `code: name`
//! in one cell.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::dimensions::{Dimension, Role, settle};
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::sdmx::{dataset_code, is_attribute, put_attribute};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use csv::ByteRecord;
use std::io::BufRead;

/// Columns that say which dataset a row is of.
const ABOUT: [&str; 6] = ["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "DATAFLOW", "LAST UPDATE"];

/// One dimension or attribute: its column of codes, and that of names if there is one.
struct Column {
    id: String,
    code: usize,
    name: Option<usize>,
    dimension: Option<Dimension>,
}

struct Layout {
    columns: Vec<Column>,
    value: usize,
    dataset: Option<usize>,
    title: Option<usize>,
}

impl Layout {
    fn of(csv: &CsvFile<'_>) -> Result<Self, AcquireError> {
        let header = csv.header();
        let id_of = |at: usize| header.get(at).map_or("", |name| name.split(": ").next().unwrap_or(name).trim());
        let position = |id: &str| (0..header.len()).find(|at| id_of(*at).eq_ignore_ascii_case(id));
        let value = position("OBS_VALUE").map_or_else(|| csv.require("OBS_VALUE"), Ok)?;
        let time = position("TIME_PERIOD").map_or_else(|| csv.require("TIME_PERIOD"), Ok)?;
        // With names beside codes, the value stands two columns after the period instead of one.
        let paired = value == time + 2 && position("STRUCTURE").is_some();
        let first = (0..header.len()).find(|at| !ABOUT.contains(&id_of(*at))).unwrap_or_default();
        let mut columns = Vec::new();
        let step = if paired { 2 } else { 1 };
        for code in (first..header.len()).step_by(step).filter(|at| *at != value) {
            let id = id_of(code).to_owned();
            let label = match paired {
                true => header.get(code + 1).map_or("", String::as_str),
                false => header.get(code).and_then(|name| name.split_once(": ")).map_or("", |(_, label)| label),
            };
            let is_attribute = is_attribute(&id) || code > value;
            let dimension = (!is_attribute).then(|| Dimension::of(&id, label));
            columns.push(Column { id, code, name: paired.then_some(code + 1), dimension });
        }
        let mut dimensions: Vec<Dimension> = columns.iter().filter_map(|c| c.dimension.clone()).collect();
        settle(&mut dimensions);
        let mut settled = dimensions.into_iter();
        for column in columns.iter_mut().filter(|column| column.dimension.is_some()) {
            column.dimension = settled.next();
        }
        let dataset = position("STRUCTURE_ID").or_else(|| position("DATAFLOW"));
        Ok(Self { columns, value, dataset, title: position("STRUCTURE_NAME") })
    }
}

/// Reads observations.
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
    let layout = Layout::of(&csv)?;
    while let Some((number, row)) = csv.next()? {
        sink(match row {
            Row::Bad(reason, detail) => input.reject(number, reason, detail),
            Row::Cells(cells) => observation(input, number, &layout, cells, ask),
        });
    }
    Ok(())
}

fn observation(
    input: &Input,
    number: u64,
    layout: &Layout,
    cells: &ByteRecord,
    ask: StatisticsAsk<'_>,
) -> Record<RawObservation> {
    let text = |at: Option<usize>| at.and_then(|at| cell(cells, at)).unwrap_or_default().trim();
    let mut raw = RawObservation::at(input.origin(number));
    let title = Some(text(layout.title)).filter(|t| !t.is_empty());
    let dataset = title.unwrap_or_else(|| dataset_code(text(layout.dataset)));
    raw.indicator = ask.indicator.unwrap_or(dataset).to_owned();
    raw.value = text(Some(layout.value)).to_owned();
    for column in &layout.columns {
        let whole = text(Some(column.code));
        let (code, name) = match column.name {
            Some(name) => (whole, text(Some(name))),
            None => whole.split_once(": ").unwrap_or((whole, "")),
        };
        match &column.dimension {
            Some(dimension) => dimension.put(&mut raw, code, name),
            None => put_attribute(&mut raw, &column.id, code),
        }
    }
    if raw.unit.is_empty() {
        raw.unit = ask.unit.unwrap_or_default().to_owned();
    }
    let needs_area = layout.columns.iter().filter_map(|c| c.dimension.as_ref()).any(|d| d.role == Role::Area);
    if raw.period.is_empty() || (needs_area && raw.area.is_empty()) {
        return input.reject(number, RejectReason::MissingField, "the area or the period is empty".to_owned());
    }
    Record::Kept(raw)
}
