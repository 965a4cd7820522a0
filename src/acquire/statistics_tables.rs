//! Layouts of statistics that people lay out for people: workbooks, pages, open-data CSV. Which one a document has, by its
//! content, and who reads it.

use super::connectors::{
    barcelona, cedefop, cedefop_forecast, kiese, labour_ministry, pcbs, pcbs_labels, sepe_municipal, sepe_occupation,
    statistics_table,
};
use super::error::AcquireError;
use super::layout::{StatisticsAsk, StatisticsLayout};
use super::open::Document;
use super::table::with_rows;
use super::text::Markup;
use super::workbook::{Grid, Workbook};
use super::{Input, Sink};
use crate::types::RawObservation;
use std::io::Cursor;

/// Whether a layout is read here.
pub(super) fn knows(layout: StatisticsLayout) -> bool {
    use StatisticsLayout as L;
    matches!(
        layout,
        L::Table
            | L::Kiese
            | L::Cedefop
            | L::LabourMinistry
            | L::Pcbs
            | L::SepeMunicipal
            | L::SepeOccupation
            | L::Barcelona
    )
}

/// The layout of a text or page; absent when it is none of these.
///
/// # Errors
/// When the document is empty or binary.
pub(super) fn recognise(document: &Document<'_>) -> Result<Option<StatisticsLayout>, AcquireError> {
    if document.is_workbook() {
        return Ok(None);
    }
    let head = document.head_text()?;
    let start = head.trim_start();
    let first = start.lines().next().unwrap_or_default();
    let has = |names: &[&str]| names.iter().all(|name| head.contains(name));
    let layout = match () {
        () if start.starts_with('<') && has(&["se-obs--title"]) => StatisticsLayout::SepeOccupation,
        () if start.starts_with('<') && has(&["no existe ningún documento"]) => StatisticsLayout::SepeOccupation,
        () if start.starts_with('<') && has(&["<table"]) && pcbs_labels::is_signed(&head) => StatisticsLayout::Pcbs,
        () if start.starts_with('<') && is_page(start) => {
            let problem = "is an HTML page without tables of an office that is known";
            let advice = "look whether the address answered with a login or error page, or name the page's `layout`";
            return Err(AcquireError::content(&document.name, problem, advice));
        }
        () if start.starts_with('<') => return Ok(None),
        () if start.starts_with('[') && has(&["\"country_l2\""]) => StatisticsLayout::Cedefop,
        () if start.starts_with(['[', '{']) => return Ok(None),
        () if has(&["Código mes", "Codigo Municipio"]) => StatisticsLayout::SepeMunicipal,
        () if has(&["Neighborhood.Code", "Demand_occupation"]) => StatisticsLayout::Barcelona,
        () if cedefop::is_header(first) => StatisticsLayout::Cedefop,
        () if labour_ministry::is_header(&cells_of(first)) => StatisticsLayout::LabourMinistry,
        () if pcbs_labels::is_signed(&head) => StatisticsLayout::Pcbs,
        () => return Ok(None),
    };
    Ok(Some(layout))
}

fn is_page(start: &str) -> bool {
    let beginning: String = start.chars().take(400).collect::<String>().to_lowercase();
    beginning.starts_with("<!doctype html") || beginning.contains("<html")
}

fn cells_of(line: &str) -> Vec<String> {
    let delimiter = if line.matches(';').count() > line.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(line.as_bytes());
    let row = reader.records().flatten().next().unwrap_or_default();
    row.iter().map(|cell| cell.trim().to_owned()).collect()
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
    let (name, limits) = (document.name.clone(), input.limits.clone());
    let mut body = document.seekable()?;
    let layout = {
        let mut book = Workbook::open(&input.file, Box::new(&mut body), &limits)?;
        let mut found = None;
        for sheet in book.sheets() {
            found = found.or(layout_of(&book.grid(&sheet)?));
        }
        found
    };
    let Some(layout) = layout else {
        return Err(AcquireError::content(
            &input.file,
            "is a workbook without a layout of official statistics that is known",
            "name its `layout` in the plan, or map its columns with layout = \"table\"",
        ));
    };
    let mut bytes = Vec::new();
    body.rewind().and_then(|()| body.read_to_end(&mut bytes)).map_err(|e| AcquireError::io(&name, e))?;
    let again = Document::new(name, Box::new(Cursor::new(bytes)), &limits)?;
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
        StatisticsLayout::Cedefop if document.head().trim_ascii_start().starts_with(b"[") => {
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
        StatisticsLayout::Barcelona => barcelona::read(input, &mut document.text(Markup::Refused)?, ask, sink),
        _ => statistics_table::read(input, document, ask, statistics_table::Unmapped::Ignored, sink),
    }
}

#[cfg(test)]
mod tests;
