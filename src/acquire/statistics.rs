//! Files of official statistics: which publisher's layout a document has, by its content, and the figures it gives.

use super::connectors::{ilostat, ine_csv, worldbank};
use super::container::each_document;
use super::error::AcquireError;
use super::layout::{StatisticsAsk, StatisticsLayout};
use super::open::Document;
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

/// Recognises the layout of a file of statistics by the beginning of its first document.
///
/// # Errors
/// When it cannot be read or has no layout that is known.
pub fn sniff_statistics(path: &Path, input: &Input) -> Result<StatisticsLayout, AcquireError> {
    let mut found = None;
    each_document(path, &input.file, &input.limits, &mut |document| {
        if found.is_none() {
            found = Some(recognise(&input.within(&document.name, 0), &document)?);
        }
        Ok(())
    })?;
    found.ok_or_else(|| AcquireError::content(&input.file, "holds no document", "look at where it was obtained"))
}

fn read_document(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<StatisticsLayout, AcquireError> {
    let layout = match ask.layout {
        Some(layout) => layout,
        None => recognise(input, &document)?,
    };
    let mut body = document.text(Markup::Refused)?;
    match layout {
        StatisticsLayout::Ilostat => ilostat::read(input, &mut body, sink)?,
        StatisticsLayout::Worldbank => worldbank::read(input, &mut body, sink)?,
        StatisticsLayout::IneCsv => ine_csv::read(input, &mut body, ask, sink)?,
    }
    Ok(layout)
}

/// By the names of the columns a layout cannot do without.
fn recognise(input: &Input, document: &Document<'_>) -> Result<StatisticsLayout, AcquireError> {
    let head = String::from_utf8_lossy(document.head());
    let has = |names: &[&str]| names.iter().all(|name| head.contains(name));
    match () {
        () if has(&["ref_area", "obs_value"]) => Ok(StatisticsLayout::Ilostat),
        () if has(&["Country Code", "Indicator Code"]) => Ok(StatisticsLayout::Worldbank),
        () if has(&["Periodo", "Total", ";"]) => Ok(StatisticsLayout::IneCsv),
        () => Err(AcquireError::content(
            &input.file,
            "has no layout of official statistics that is known",
            "name its `layout` in the plan, or map its columns with layout = \"table\"",
        )),
    }
}
