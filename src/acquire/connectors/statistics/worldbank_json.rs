//! Official figures of the World Bank as JSON: the service's `[meta, rows]`, rows kept in an object, or its table of the
//! Humanitarian Data Exchange inside one.

use super::worldbank_long;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use serde_json::Value;

/// Reads observations, also those that are missing (`null`).
///
/// # Errors
/// When it is an error message of the service, one of several pages without the others, or none of these.
pub fn read(
    input: &Input,
    text: &str,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let whole: Value = serde_json::from_str(text).map_err(|e| AcquireError::damaged(&input.file, &e))?;
    if let Some(message) = whole.pointer("/0/message").or_else(|| whole.get("message")) {
        let said = message.pointer("/0/value").or(Some(message)).map(Value::to_string).unwrap_or_default();
        let problem = format!("is an error message of the World Bank: {said}");
        return Err(AcquireError::content(&input.file, problem, "correct the country or the indicator and ask again"));
    }
    if let Some(table) = whole.pointer("/data/csv").and_then(Value::as_str) {
        return worldbank_long::read(input, &mut table.as_bytes(), sink);
    }
    let pages = whole.pointer("/0/pages").and_then(Value::as_u64).unwrap_or(1);
    let rows = whole.get(1).or_else(|| whole.get("data")).and_then(Value::as_array);
    let Some(rows) = rows.filter(|rows| !rows.is_empty()) else {
        let problem = "holds no figures: its list of rows is empty";
        return Err(AcquireError::content(&input.file, problem, "ask for another country, indicator or years"));
    };
    if pages > 1 && !ask.paged {
        let problem = format!("is one page of {pages}");
        return Err(AcquireError::content(&input.file, problem, "ask again with a larger per_page"));
    }
    for (record, row) in (1..).zip(rows) {
        sink(figure(input, record, row));
    }
    Ok(())
}

fn figure(input: &Input, record: u64, row: &Value) -> Record<RawObservation> {
    // A thing is an object with id and value, or its id alone beside a name.
    let text = |pointers: &[&str]| {
        let found = pointers.iter().filter_map(|pointer| row.pointer(pointer)).find(|value| !value.is_null());
        match found {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    };
    let mut raw = RawObservation::at(input.origin(record));
    raw.indicator = text(&["/indicator/id", "/indicator"]);
    let label = text(&["/indicator/value", "/indicator_name"]);
    let code = text(&["/countryiso3code", "/country/id", "/country"]);
    raw.area = if code.is_empty() { text(&["/country/id"]) } else { code };
    raw.area_name = Some(text(&["/country/value"])).filter(|name| !name.is_empty());
    raw.period = text(&["/date", "/year"]);
    raw.value = text(&["/value"]);
    let unit = text(&["/unit"]);
    raw.unit = if unit.is_empty() { super::last_bracket(&label).to_owned() } else { unit };
    raw.status = Some(text(&["/obs_status"])).filter(|status| !status.is_empty());
    raw.note = Some(label).filter(|label| !label.is_empty());
    if raw.indicator.is_empty() || raw.area.is_empty() || raw.period.is_empty() {
        let detail = "the indicator, the country or the date is empty".to_owned();
        return input.reject(record, RejectReason::MissingField, detail);
    }
    Record::Kept(raw)
}
