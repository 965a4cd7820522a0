//! Layouts of statistics that people lay out for people: workbooks, pages, open-data CSV. Which one a document has, by its
//! content, and who reads it.

use super::connectors::statistics::{
    cedefop, cedefop_forecast, kiese, labour_ministry, pcbs, pcbs_labels, sepe_municipal, sepe_occupation,
    statistics_table,
};
use super::error::AcquireError;
use super::layout::{StatisticsAsk, StatisticsLayout};
use super::open::Document;
use super::table::with_rows;
use super::text::Markup;
use super::workbook::{Grid, ReadSeek, Workbook};
use super::{Input, Sink};
use crate::types::RawObservation;
use std::io::Cursor;

/// Whether a layout is read here.
pub(super) fn knows(layout: StatisticsLayout) -> bool {
    use StatisticsLayout as L;
    matches!(
        layout,
        L::Table | L::Kiese | L::Cedefop | L::LabourMinistry | L::Pcbs | L::SepeMunicipal | L::SepeOccupation
    )
}

/// The layout of a text or page, given its beginning; absent when it is none of these.
pub(super) fn recognise(head: &str) -> Option<StatisticsLayout> {
    use StatisticsLayout as Layout;
    let start = head.trim_start();
    let first = start.lines().next().unwrap_or_default();
    let has = |names: &[&str]| names.iter().all(|name| head.contains(name));
    match start.chars().next()? {
        '<' if has(&["se-obs--title"]) || has(&["no existe ningún documento"]) => Some(Layout::SepeOccupation),
        '<' if has(&["<table"]) && pcbs_labels::is_signed(head) => Some(Layout::Pcbs),
        '[' if has(&["\"country_l2\""]) => Some(Layout::Cedefop),
        '<' | '[' | '{' => None,
        _ if has(&["Código mes", "Codigo Municipio"]) => Some(Layout::SepeMunicipal),
        _ if cedefop::is_header(first) => Some(Layout::Cedefop),
        _ if labour_ministry::is_header(&cells_of(first)) => Some(Layout::LabourMinistry),
        _ if pcbs_labels::is_signed(head) => Some(Layout::Pcbs),
        _ => None,
    }
}

fn cells_of(line: &str) -> Vec<String> {
    let delimiter = if line.matches(';').count() > line.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(line.as_bytes());
    let row = reader.records().flatten().next().unwrap_or_default();
    row.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// The layout of a workbook that the plan does not name.
///
/// # Errors
/// When no sheet has a layout that is known.
pub(super) fn recognise_workbook(input: &Input, body: &mut dyn ReadSeek) -> Result<StatisticsLayout, AcquireError> {
    let mut book = Workbook::open(&input.file, Box::new(body), &input.limits)?;
    for sheet in book.sheets() {
        if let Some(layout) = layout_of(&book.grid(&sheet)?) {
            return Ok(layout);
        }
    }
    Err(AcquireError::content(
        &input.file,
        "is a workbook without a layout of official statistics that is known",
        "name its `layout` in the plan, or map its columns with layout = \"table\"",
    ))
}

/// Reads a workbook whose layout the plan does not name.
///
/// # Errors
/// When no sheet has a layout that is known, or the sheet cannot be believed.
pub(super) fn read_workbook(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<StatisticsLayout, AcquireError> {
    let name = document.name.clone();
    let mut body = document.seekable()?;
    let layout = recognise_workbook(input, &mut body)?;
    let mut bytes = Vec::new();
    body.rewind().and_then(|()| body.read_to_end(&mut bytes)).map_err(|e| AcquireError::io(&name, e))?;
    let again = Document::new(name, Box::new(Cursor::new(bytes)), &input.limits)?.kept_in_memory(&input.limits)?;
    read(input, again, layout, ask, sink).map(|()| layout)
}

fn layout_of(grid: &Grid) -> Option<StatisticsLayout> {
    let texts = || grid.row_numbers().flat_map(|row| grid.cells(row)).map(|(_, text)| text.as_str());
    match () {
        () if grid.header_row(&labour_ministry::is_header).is_some() => Some(StatisticsLayout::LabourMinistry),
        () if cedefop::is_sheet(grid) => Some(StatisticsLayout::Cedefop),
        () if texts().any(pcbs_labels::is_signed) => Some(StatisticsLayout::Pcbs),
        () => None,
    }
}

/// Reads a document of a layout that [`knows`] knows.
///
/// # Errors
/// When the document cannot be believed.
pub(super) fn read(
    input: &Input,
    document: Document<'_>,
    layout: StatisticsLayout,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    match layout {
        StatisticsLayout::Kiese => kiese::read(input, document, ask, sink),
        StatisticsLayout::Cedefop if document.head_text().is_ok_and(|head| head.trim_start().starts_with('[')) => {
            cedefop_forecast::read(input, document, ask, sink)
        }
        StatisticsLayout::Cedefop => cedefop::read(input, document, ask, sink),
        StatisticsLayout::LabourMinistry => {
            let header = &|names: &[String]| labour_ministry::is_header(names);
            let mut read = |rows: &mut dyn super::rows::Rows| labour_ministry::read(input, rows, ask, sink);
            with_rows(document, &input.limits, header, &mut read).map(|_| ())
        }
        StatisticsLayout::Pcbs => pcbs::read(input, document, ask, sink),
        StatisticsLayout::SepeOccupation => sepe_occupation::read(input, document, ask, sink),
        StatisticsLayout::SepeMunicipal => sepe_municipal::read(input, &mut document.text(Markup::Refused)?, ask, sink),
        _ => statistics_table::read(input, document, ask, statistics_table::Unmapped::Ignored, sink),
    }
}

#[cfg(test)]
mod tests;
