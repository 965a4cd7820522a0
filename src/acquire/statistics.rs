//! Files of official statistics: which publisher's layout a document has, by its content, and the figures it gives.

use super::connectors::statistics::{
    barcelona, eurostat_csv, eurostat_tsv, idescat_csv, ilostat, ine_csv, ine_json, json_stat, pc_axis, sdmx_csv,
    sdmx_ml, worldbank, worldbank_json, worldbank_long,
};
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
    let (mut layout, mut read, mut descriptions) = (None, 0, 0);
    each_document(path, &input.file, &input.limits, &mut |document| {
        if is_description(&document) {
            descriptions += 1;
            return Ok(());
        }
        let within = input.within(&document.name, read);
        let mut counted = |record: Record<_>| {
            read += 1;
            sink(record);
        };
        layout = Some(read_document(&within, document, ask, &mut counted)?);
        Ok(())
    })?;
    if layout.is_none() && descriptions > 0 {
        let problem = "describes countries or indicators and holds no figures";
        return Err(AcquireError::content(&input.file, problem, "name the file of the data that came with it"));
    }
    Ok(layout)
}

/// Recognises the layout of a file of statistics by the beginning of its first document.
///
/// # Errors
/// When it cannot be read or has no layout that is known.
pub fn sniff_statistics(path: &Path, input: &Input) -> Result<StatisticsLayout, AcquireError> {
    let mut found = None;
    each_document(path, &input.file, &input.limits, &mut |document| {
        if found.is_some() || is_description(&document) {
            return Ok(());
        }
        let within = input.within(&document.name, 0);
        found = if document.is_workbook() {
            Some(statistics_tables::recognise_workbook(&within, &mut document.seekable()?)?)
        } else {
            recognise(&document.head_text()?)
        };
        Ok(())
    })?;
    found.ok_or_else(|| AcquireError::content(&input.file, "holds no document", "look at where it was obtained"))
}

/// The World Bank's download has two more tables beside the data: about its countries and about its indicators.
fn is_description(document: &Document<'_>) -> bool {
    let head = String::from_utf8_lossy(document.head());
    let first = head.lines().next().unwrap_or_default();
    let has = |names: &[&str]| names.iter().all(|name| first.contains(name));
    has(&["Country Code", "IncomeGroup", "TableName"]) || has(&["INDICATOR_CODE", "SOURCE_NOTE"])
}

fn read_document(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<StatisticsLayout, AcquireError> {
    use StatisticsLayout as Layout;
    let layout = match ask.layout {
        Some(layout) => layout,
        None if document.is_workbook() => return statistics_tables::read_workbook(input, document, ask, sink),
        None => match recognise(&document.head_text()?) {
            Some(layout) => layout,
            None => return Err(unknown(input, document)),
        },
    };
    if statistics_tables::knows(layout) {
        return statistics_tables::read(input, document, layout, ask, sink).map(|()| layout);
    }
    match layout {
        Layout::PcAxis => pc_axis::read(input, &mut document.bytes(), ask, sink),
        Layout::SdmxMl => sdmx_ml::read(input, &mut document.text(Markup::Expected)?, ask, sink),
        Layout::JsonStat => json_stat::read(input, &document.whole_text(Markup::Refused)?.0, ask, sink),
        Layout::IneJson => ine_json::read(input, &document.whole_text(Markup::Refused)?.0, ask, sink),
        Layout::WorldbankJson => worldbank_json::read(input, &document.whole_text(Markup::Refused)?.0, ask, sink),
        rows => read_rows(input, rows, document, ask, sink),
    }?;
    Ok(layout)
}

/// Layouts that are read row by row.
fn read_rows(
    input: &Input,
    layout: StatisticsLayout,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    use StatisticsLayout as Layout;
    let mut body = document.text(Markup::Refused)?;
    match layout {
        Layout::Ilostat => ilostat::read(input, &mut body, sink),
        Layout::Worldbank => worldbank::read(input, &mut body, sink),
        Layout::WorldbankLong => worldbank_long::read(input, &mut body, sink),
        Layout::IneCsv => ine_csv::read(input, &mut body, ask, sink),
        Layout::SdmxCsv => sdmx_csv::read(input, &mut body, ask, sink),
        Layout::EurostatTsv => eurostat_tsv::read(input, &mut body, ask, sink),
        Layout::EurostatCsv => eurostat_csv::read(input, &mut body, ask, sink),
        Layout::IdescatCsv => idescat_csv::read(input, &mut body, ask, sink),
        Layout::Barcelona => barcelona::read(input, &mut body, ask, sink),
        _ => Ok(()),
    }
}

/// By what a layout cannot do without: the names of its columns, or of its keys.
fn recognise(head: &str) -> Option<StatisticsLayout> {
    use StatisticsLayout as Layout;
    if let Some(layout) = statistics_tables::recognise(head) {
        return Some(layout);
    }
    let start = head.trim_start();
    match start.chars().next()? {
        '<' => recognise_xml(start),
        '{' | '[' => recognise_json(start),
        _ => {
            let has = |names: &[&str]| names.iter().all(|name| head.contains(name));
            let first = start.lines().next().unwrap_or_default().to_lowercase().replace('"', "");
            let names: Vec<&str> = first.split([',', ';', '\t']).map(str::trim).collect();
            let named = |wanted: &[&str]| wanted.iter().any(|name| names.contains(name));
            match () {
                () if has(&["STUB", "VALUES(", "="]) || start.starts_with("AXIS-VERSION") => Some(Layout::PcAxis),
                () if first.contains("time_period") && first.contains("obs_value") => Some(Layout::SdmxCsv),
                () if first.contains("ref_area") && first.contains("obs_value") => Some(Layout::Ilostat),
                () if first.contains("\\time") && first.contains('\t') => Some(Layout::EurostatTsv),
                () if has(&["Country Code", "Indicator Code"]) => Some(Layout::Worldbank),
                () if has(&["Country ISO3", "Indicator Code"]) => Some(Layout::WorldbankLong),
                () if named(&["demand_occupation", "demanda_ocupació"]) => Some(Layout::Barcelona),
                () if named(&["periodo"]) && named(&["total"]) => Some(Layout::IneCsv),
                () if named(&["time"]) && named(&["geo"]) && named(&["value"]) => Some(Layout::EurostatCsv),
                () if named(&["valor", "valors"]) && named(&["any", "trimestre", "mes"]) => Some(Layout::IdescatCsv),
                () => None,
            }
        }
    }
}

fn recognise_xml(start: &str) -> Option<StatisticsLayout> {
    let head: String = start.chars().take(4096).collect();
    head.contains("sdmx.org").then_some(StatisticsLayout::SdmxMl)
}

fn recognise_json(start: &str) -> Option<StatisticsLayout> {
    use StatisticsLayout as Layout;
    let head: String = start.chars().filter(|c| !c.is_whitespace()).collect();
    let has = |keys: &[&str]| keys.iter().all(|key| head.contains(&format!("\"{key}\":")));
    let is_class = ["dataset", "collection", "dimension", "error"].iter();
    let is_class = is_class.clone().any(|class| head.contains(&format!("\"class\":\"{class}\"")));
    match () {
        () if is_class || has(&["dimension", "size"]) || has(&["value", "dimension"]) => Some(Layout::JsonStat),
        () if has(&["COD", "Nombre"]) || has(&["Nombre", "Data"]) => Some(Layout::IneJson),
        () if has(&["countryiso3code"]) || head.starts_with("[{\"page\":") => Some(Layout::WorldbankJson),
        () if head.starts_with("[{\"message\":") => Some(Layout::WorldbankJson),
        () if has(&["indicator", "year", "value", "country"]) => Some(Layout::WorldbankJson),
        () if head.contains("\"csv\":\"CountryName,CountryISO3") => Some(Layout::WorldbankJson),
        // An error of Eurostat's service.
        () if head.starts_with("{\"error\":") => Some(Layout::JsonStat),
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

#[cfg(test)]
mod tests;
