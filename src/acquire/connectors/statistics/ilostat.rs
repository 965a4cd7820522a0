//! Official figures in ILOSTAT's CSV layouts: labels (`ref_area.label`, ...), codes (`ref_area`, ...), or both.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink};
use crate::types::{Breakdown, NumberStyle, RawObservation, RejectReason};
use std::io::BufRead;

/// Positions of the columns; those that are not in every table are optional.
struct Layout {
    area: usize,
    /// Name beside the code, in files with both.
    area_name: Option<usize>,
    indicator: usize,
    time: usize,
    value: usize,
    sex: Option<usize>,
    classifications: [Option<usize>; 2],
    status: Option<usize>,
    notes: [Option<usize>; 4],
}

impl Layout {
    fn of(csv: &CsvFile<'_>) -> Result<Self, AcquireError> {
        let find = |name: &str| csv.column(&format!("{name}.label")).or_else(|| csv.column(name));
        let need = |name: &str| find(name).map_or_else(|| csv.require(&format!("{name}.label")), Ok);
        Ok(Self {
            area: csv.column("ref_area").map_or_else(|| need("ref_area"), Ok)?,
            area_name: csv.column("ref_area").and_then(|_| csv.column("ref_area.label")),
            indicator: need("indicator")?,
            time: csv.require("time")?,
            value: csv.require("obs_value")?,
            sex: find("sex"),
            classifications: [find("classif1"), find("classif2")],
            status: find("obs_status"),
            notes: ["source", "note_classif", "note_indicator", "note_source"].map(find),
        })
    }
}

/// Reads observations. A classification item is told apart by its prefix: occupation (ISCO-08), age, economic activity;
/// any other is a break-down. An item that says total is absent.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(input: &Input, body: &mut dyn BufRead, sink: Sink<'_, RawObservation>) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    let layout = Layout::of(&csv)?;
    while let Some((number, row)) = csv.next()? {
        sink(match row {
            Row::Bad(reason, detail) => input.reject(number, reason, detail),
            Row::Cells(cells) => observation(input, number, &layout, &|at| cell(cells, at).unwrap_or_default().trim()),
        });
    }
    Ok(())
}

fn observation<'r>(
    input: &Input,
    number: u64,
    layout: &Layout,
    cell: &dyn Fn(usize) -> &'r str,
) -> Record<RawObservation> {
    for (at, name) in [(layout.area, "ref_area"), (layout.indicator, "indicator"), (layout.time, "time")] {
        if cell(at).is_empty() {
            return input.reject(number, RejectReason::MissingField, format!("`{name}` is empty"));
        }
    }
    let text = |at: Option<usize>| at.map(cell).filter(|text| !text.is_empty()).map(str::to_owned);
    let item = |at: Option<usize>| at.map(cell).filter(|text| !text.is_empty() && !is_total(text)).map(str::to_owned);
    let (mut occupation, mut age, mut sector, mut breakdown) = (None, None, None, Vec::new());
    for found in layout.classifications.into_iter().filter_map(item) {
        let lower = found.to_lowercase();
        let slot = match () {
            () if is_isco_08(&lower) => &mut occupation,
            () if lower.starts_with("age_") || lower.starts_with("age ") => &mut age,
            () if lower.starts_with("eco_") || lower.starts_with("economic activity") => &mut sector,
            () => {
                breakdown.push(further(&found));
                continue;
            }
        };
        match slot {
            Some(_) => breakdown.push(further(&found)),
            None => *slot = Some(found),
        }
    }
    let notes: Vec<String> = layout.notes.into_iter().filter_map(text).collect();
    let indicator = cell(layout.indicator);
    Record::Kept(RawObservation {
        indicator: indicator.to_owned(),
        area: cell(layout.area).to_owned(),
        area_name: text(layout.area_name),
        breakdown,
        period: cell(layout.time).to_owned(),
        occupation,
        sector,
        sex: item(layout.sex),
        age,
        value: cell(layout.value).to_owned(),
        numbers: NumberStyle::Point,
        unit: unit(indicator),
        status: text(layout.status),
        note: (!notes.is_empty()).then(|| notes.join(" | ")),
        origin: input.origin(number),
    })
}

fn is_isco_08(item: &str) -> bool {
    (item.starts_with("ocu_") || item.starts_with("occupation"))
        && !item.contains("isco88")
        && !item.contains("isco-88")
}

/// `Institutional sector: Public`, `INS_SECTOR_PUB`: the item with its classification.
fn further(item: &str) -> Breakdown {
    let parted = item.split_once(": ").or_else(|| item.split_once('_').map(|(kind, _)| (kind, item)));
    let (dimension, item) = parted.unwrap_or(("classification", item));
    Breakdown { dimension: dimension.to_owned(), item: item.to_owned() }
}

/// `Sex: Total`, `SEX_T`, `OCU_ISCO08_TOTAL`.
fn is_total(item: &str) -> bool {
    let last = item.rsplit([':', '_']).next().unwrap_or_default().trim();
    last.eq_ignore_ascii_case("total") || last == "T"
}

/// The last bracket of an indicator's label, or what the end of its code stands for: `_NB` thousands, `_RT` per cent.
fn unit(indicator: &str) -> String {
    if let Some((_, bracket)) = indicator.strip_suffix(')').and_then(|label| label.rsplit_once('(')) {
        return bracket.to_owned();
    }
    let series = ["_A", "_Q", "_M"].iter().find_map(|end| indicator.strip_suffix(end)).unwrap_or(indicator);
    match series.rsplit('_').next() {
        Some("NB") => "thousands".to_owned(),
        Some("RT") => "%".to_owned(),
        _ => String::new(),
    }
}
