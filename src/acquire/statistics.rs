//! Files of official statistics: which publisher's layout a document has, by its content, and the figures it gives.

use super::connectors::{ilostat, ine_csv, worldbank};
use super::container::each_document;
use super::error::AcquireError;
use super::layout::{StatisticsAsk, StatisticsLayout};
use super::open::Document;
use super::statistics_tables;
use super::text::Markup;
use super::{Input, Record, Sink};
use crate::types::RawObservation;
use std::path::Path;

/// Reads a file of statistics; says which layout it had.
///
/// # Errors
/// When the file as a whole cannot be believed; what the sink was given before that is not to be used.
pub fn read_statistics(
    path: &Path,
    input: &Input,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<Option<StatisticsLayout>, AcquireError> {
    let mut layout = None;
    let mut read = 0;
    each_document(path, &input.file, &input.limits, &mut |document| {
        let within = input.within(&document.name, read);
        let mut counted = |record: Record<_>| {
            read += 1;
            sink(record);
        };
        layout = Some(read_document(&within, document, ask, &mut counted)?);
        Ok(())
    })?;
    Ok(layout)
}

fn read_document(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<StatisticsLayout, AcquireError> {
    let layout = match ask.layout {
        Some(layout) => layout,
        None if document.is_workbook() => return statistics_tables::read_workbook(input, document, ask, sink),
        None => {
            let head = document.head_text()?;
            match statistics_tables::recognise(&head).or_else(|| recognise(&head)) {
                Some(layout) => layout,
                None => return Err(unknown(input, document)),
            }
        }
    };
    if statistics_tables::knows(layout) {
        return statistics_tables::read(input, document, layout, ask, sink).map(|()| layout);
    }
    let mut body = document.text(Markup::Refused)?;
    match layout {
        StatisticsLayout::Ilostat => ilostat::read(input, &mut body, sink)?,
        StatisticsLayout::Worldbank => worldbank::read(input, &mut body, sink)?,
        StatisticsLayout::IneCsv => ine_csv::read(input, &mut body, ask, sink)?,
        _ => {}
    }
    Ok(layout)
}

/// By the names of the columns a layout cannot do without.
fn recognise(head: &str) -> Option<StatisticsLayout> {
    let has = |names: &[&str]| names.iter().all(|name| head.contains(name));
    match () {
        () if has(&["ref_area", "obs_value"]) => Some(StatisticsLayout::Ilostat),
        () if has(&["Country Code", "Indicator Code"]) => Some(StatisticsLayout::Worldbank),
        () if has(&["Periodo", "Total", ";"]) => Some(StatisticsLayout::IneCsv),
        () => None,
    }
}

/// Why a file of no known layout is refused: as a page of HTML, or as what it is.
fn unknown(input: &Input, document: Document<'_>) -> AcquireError {
    let refused = document.text(Markup::Refused).err();
    refused.unwrap_or_else(|| {
        AcquireError::content(
            &input.file,
            "has no layout of official statistics that is known",
            "name its `layout` in the plan, or map its columns with layout = \"table\"",
        )
    })
}
