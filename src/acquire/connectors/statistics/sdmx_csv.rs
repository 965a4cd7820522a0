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

/// Roles that no attribute plays: a column of one is a dimension wherever it stands.
const SURE: [Role; 6] = [Role::Area, Role::Time, Role::Sex, Role::Age, Role::Occupation, Role::Sector];

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
        let is_about = |at: usize| ABOUT.iter().any(|about| about.eq_ignore_ascii_case(id_of(at)));
        let first = (0..header.len()).find(|at| !is_about(*at)).unwrap_or_default();
        let mut columns = Vec::new();
        let step = if paired { 2 } else { 1 };
        for code in (first..header.len()).step_by(step).filter(|at| *at != value && !is_about(*at)) {
            let id = id_of(code).to_owned();
            let label = match paired {
                true => header.get(code + 1).map_or("", String::as_str),
                false => header.get(code).and_then(|name| name.split_once(": ")).map_or("", |(_, label)| label),
            };
            let dimension = (!is_attribute(&id)).then(|| Dimension::of(&id, label));
            columns.push(Column { id, code, name: paired.then_some(code + 1), dimension });
        }
        let mut dimensions: Vec<Dimension> = columns.iter().filter_map(|c| c.dimension.clone()).collect();
        settle(&mut dimensions);
        let mut settled = dimensions.into_iter();
        for column in columns.iter_mut().filter(|column| column.dimension.is_some()) {
            column.dimension = settled.next();
        }
        // What stands behind the value is about it, unless dimensions stand there: then their order says nothing.
        let is_sure = |column: &Column| column.dimension.as_ref().is_some_and(|d| SURE.contains(&d.role));
        if !columns.iter().any(|column| column.code > value && is_sure(column)) {
            columns.iter_mut().filter(|column| column.code > value).for_each(|column| column.dimension = None);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits};
    use crate::types::{SnapshotId, SourceId};

    fn read_text(text: &str) -> Vec<RawObservation> {
        let (source, snapshot) = (SourceId::new("estat").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "table.csv".to_owned(), limits: Limits::default(), before: 0 };
        let (columns, mut kept) = (Columns::default(), Vec::new());
        read(&input, &mut text.as_bytes(), StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(raw) => kept.push(raw),
            Record::Rejected(reject) => panic!("{reject:?}"),
        })
        .unwrap();
        kept
    }

    /// Head and row of one figure; the columns are those of design/sources.md 5.1.
    fn figure(columns: &[(&str, &str)]) -> RawObservation {
        let line = |part: fn(&(&str, &str)) -> String| columns.iter().map(part).collect::<Vec<_>>().join(",");
        let rows = read_text(&format!("{}\n{}\n", line(|c| c.0.to_owned()), line(|c| c.1.to_owned())));
        rows.into_iter().next().unwrap()
    }

    const FLOW: (&str, &str) = ("DATAFLOW", "ESTAT:LFSA_EGAI2D(1.0)");
    const UPDATE: (&str, &str) = ("LAST UPDATE", "17/04/26 11:00:00");
    const FREQUENCY: (&str, &str) = ("freq", "A");
    const UNIT: (&str, &str) = ("unit", "THS_PER");
    const OCCUPATION: (&str, &str) = ("isco08", "OC25");
    const SEX: (&str, &str) = ("sex", "F");
    const AGE: (&str, &str) = ("age", "Y15-64");
    const AREA: (&str, &str) = ("geo", "ES");
    const TIME: (&str, &str) = ("TIME_PERIOD", "2024");
    const VALUE: (&str, &str) = ("OBS_VALUE", "12.5");
    const FLAG: (&str, &str) = ("OBS_FLAG", "b");

    #[test]
    fn a_dimension_is_one_wherever_it_stands() {
        let usual = figure(&[FLOW, UPDATE, FREQUENCY, UNIT, OCCUPATION, SEX, AGE, AREA, TIME, VALUE, FLAG]);
        assert_eq!((usual.occupation.as_deref(), usual.sex.as_deref()), (Some("OC25"), Some("F")));
        assert_eq!((usual.age.as_deref(), usual.note.as_deref()), (Some("Y15-64"), None));
        for order in [
            [FLOW, UPDATE, AREA, TIME, VALUE, FREQUENCY, UNIT, OCCUPATION, SEX, AGE, FLAG],
            [AREA, VALUE, TIME, FREQUENCY, FLAG, UNIT, OCCUPATION, SEX, AGE, FLOW, UPDATE],
        ] {
            assert_eq!(figure(&order), usual);
        }
    }

    #[test]
    fn a_column_of_no_known_name_is_a_note_behind_the_value_and_a_breakdown_among_dimensions() {
        let (worktime, comment) = (("worktime", "FT"), ("OBS_COMMENT", "see note"));
        let usual = figure(&[FLOW, UPDATE, FREQUENCY, worktime, AREA, TIME, VALUE, FLAG, comment]);
        assert_eq!((usual.breakdown.len(), usual.note.as_deref()), (1, Some("OBS_COMMENT: see note")));
        let mixed = figure(&[FLOW, UPDATE, AREA, TIME, VALUE, worktime, SEX, FLAG]);
        assert_eq!((mixed.breakdown.len(), mixed.sex.as_deref(), mixed.note), (1, Some("F"), None));
    }

    #[test]
    fn the_columns_about_the_dataset_are_known_in_any_case() {
        let flow = ("dataflow", FLOW.1);
        let lower = figure(&[flow, ("last update", UPDATE.1), AREA, ("time_period", "2024"), ("obs_value", "12.5")]);
        assert!(lower.breakdown.is_empty(), "{:?}", lower.breakdown);
        assert_eq!(lower.indicator, "LFSA_EGAI2D");
    }
}
