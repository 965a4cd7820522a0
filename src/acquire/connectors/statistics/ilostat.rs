//! Official figures in ILOSTAT's CSV layouts: labels (`ref_area.label`, ...), codes (`ref_area`, ...), or both.

use super::asked::asked_in;
use crate::acquire::csv_file::CsvFile;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink};
use crate::types::{Breakdown, NumberStyle, RawObservation, RejectReason};
use std::collections::BTreeSet;
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
    classifications: Vec<usize>,
    status: Option<usize>,
    notes: Vec<usize>,
    /// Columns of no known name: what they say may be what a figure is about.
    others: Vec<(String, usize)>,
}

/// Columns with a field of their own.
const KNOWN: [&str; 6] = ["ref_area", "indicator", "sex", "time", "obs_value", "obs_status"];

impl Layout {
    fn of(csv: &CsvFile<'_>) -> Result<Self, AcquireError> {
        let find = |name: &str| csv.column(&format!("{name}.label")).or_else(|| csv.column(name));
        let mut names: Vec<&str> = Vec::new();
        for name in csv.header().iter().map(|name| name.strip_suffix(".label").unwrap_or(name)) {
            if !name.is_empty() && !KNOWN.contains(&name) && !names.contains(&name) {
                names.push(name);
            }
        }
        let is_note = |name: &str| name == "source" || name.starts_with("note_");
        let is_classification = |name: &str| name.starts_with("classif");
        let those = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
            names.iter().copied().filter(|name| is(name)).filter_map(find).collect()
        };
        let others = names.iter().copied().filter(|name| !is_note(name) && !is_classification(name));
        let others = others.filter_map(|name| Some((name.to_owned(), find(name)?))).collect();
        let need = |name: &str| find(name).map_or_else(|| csv.require(&format!("{name}.label")), Ok);
        Ok(Self {
            area: csv.column("ref_area").map_or_else(|| need("ref_area"), Ok)?,
            area_name: csv.column("ref_area").and_then(|_| csv.column("ref_area.label")),
            indicator: need("indicator")?,
            time: csv.require("time")?,
            value: csv.require("obs_value")?,
            sex: find("sex"),
            classifications: those(&is_classification),
            status: find("obs_status"),
            notes: those(&is_note),
            others,
        })
    }
}

/// Reads observations. A classification item is told apart by its prefix: occupation (ISCO-08), age, economic activity;
/// any other is a break-down, and so is a column of another name. An item that says total is absent.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub fn read(input: &Input, body: &mut dyn BufRead, sink: Sink<'_, RawObservation>) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open(&input.file, body, &input.limits)?;
    let layout = Layout::of(&csv)?;
    let mut absent = if csv.column("ref_area").is_some() { areas_asked(&input.file) } else { BTreeSet::new() };
    let (mut last, mut kept) = (0, false);
    while let Some((number, row)) = csv.next()? {
        last = number;
        let record = match row {
            Row::Bad(reason, detail) => input.reject(number, reason, detail),
            Row::Cells(cells) => observation(input, number, &layout, &|at| cell(cells, at).unwrap_or_default().trim()),
        };
        if let Record::Kept(figure) = &record {
            kept = true;
            if !absent.is_empty() {
                absent.remove(&figure.area.to_uppercase());
            }
        }
        sink(record);
    }
    for (number, area) in (last + 1..).zip(absent.iter().filter(|_| kept)) {
        let detail = format!("{area} was asked for, and the answer has none of it");
        sink(input.reject(number, RejectReason::MissingField, detail));
    }
    Ok(())
}

/// Areas that the service was asked for: one that is not in its answer may have no figures, or they were lost.
fn areas_asked(address: &str) -> BTreeSet<String> {
    let asked = if address.contains("/data/indicator/") { asked_in(address) } else { Vec::new() };
    let areas = asked.iter().filter(|(name, _)| name == "ref_area").flat_map(|(_, areas)| areas.split([' ', '+']));
    areas.filter(|area| !area.is_empty()).map(str::to_uppercase).collect()
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
    for found in layout.classifications.iter().filter_map(|at| item(Some(*at))) {
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
    let others = layout.others.iter().filter_map(|(name, at)| Some((name.clone(), item(Some(*at))?)));
    breakdown.extend(others.map(|(dimension, item)| Breakdown { dimension, item }));
    let notes: Vec<String> = layout.notes.iter().filter_map(|at| text(Some(*at))).collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::Limits;
    use crate::types::{SnapshotId, SourceId};

    /// Figures that were read, and why other records were not.
    fn read_from(address: &str, text: &str) -> (Vec<RawObservation>, Vec<String>) {
        let (source, snapshot) = (SourceId::new("ilo").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: address.to_owned(), limits: Limits::default(), before: 0 };
        let (mut kept, mut rejects) = (Vec::new(), Vec::new());
        read(&input, &mut text.as_bytes(), &mut |record| match record {
            Record::Kept(raw) => kept.push(raw),
            Record::Rejected(reject) => rejects.push(reject.detail),
        })
        .unwrap();
        (kept, rejects)
    }

    #[test]
    fn no_column_is_lost_that_says_what_a_figure_is_about() {
        // design/sources.md 5.2, with a third classification and a column of a new name.
        let head =
            "ref_area,source,indicator,sex,classif1,classif2,classif3,contract,time,obs_value,obs_status,note_source";
        let rows = "\n\
            PSE,BA:1,EMP_NB_A,SEX_T,OCU_ISCO08_2,,EDU_AGGREGATE_ADV,PERM,2021,12.5,,R1:3513\n\
            PSE,BA:1,EMP_NB_A,SEX_T,OCU_ISCO08_2,,EDU_AGGREGATE_TOTAL,,2021,20.5,,R1:3513\n";
        let (kept, rejects) = read_from("figures.csv", &format!("{head}{rows}"));
        assert!(rejects.is_empty(), "{rejects:?}");
        let further = |row: &RawObservation| -> Vec<(String, String)> {
            row.breakdown.iter().map(|b| (b.dimension.clone(), b.item.clone())).collect()
        };
        let pair = |dimension: &str, item: &str| (dimension.to_owned(), item.to_owned());
        assert_eq!(further(&kept[0]), [pair("EDU", "EDU_AGGREGATE_ADV"), pair("contract", "PERM")]);
        assert!(further(&kept[1]).is_empty());
        assert_eq!(kept[0].occupation.as_deref(), Some("OCU_ISCO08_2"));
        assert_eq!(kept[0].note.as_deref(), Some("BA:1 | R1:3513"));
    }

    #[test]
    fn an_area_that_was_asked_for_and_did_not_come_is_counted_and_named() {
        let text = "ref_area,indicator,time,obs_value\nPSE,UNE_RT_A,2022,24.4\n";
        let address = "rplumber.ilo.org/data/indicator/?id=UNE_RT_A&ref_area=PSE+ESP&lang=en&type=code&format=.csv";
        let (kept, rejects) = read_from(address, text);
        assert_eq!((kept.len(), rejects), (1, vec!["ESP was asked for, and the answer has none of it".to_owned()]));
        assert!(read_from("figures.csv?ref_area=ESP", text).1.is_empty());
        // A head alone stays without records.
        assert!(read_from(address, "ref_area,indicator,time,obs_value\n").1.is_empty());
    }
}
