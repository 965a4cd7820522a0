//! Cedefop's skills forecast: an array of rows with a column per year, served under the name `.json.gz` as plain JSON.

use crate::acquire::isco_titles::code_of;
use crate::acquire::open::Document;
use crate::acquire::periods::is_year;
use crate::acquire::text::Markup;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use serde_json::{Map, Value};

/// Reads figures: one per row and year. Rows of a panel that stacks parts and their total stay as they are; the total is
/// told by its item.
///
/// # Errors
/// When the document is no JSON array of such rows.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let (text, _) = document.whole_text(Markup::Refused)?;
    let rows: Vec<Value> = serde_json::from_str(&text).map_err(|e| {
        let advice = "obtain it again; an array of objects with `country_l2` and years was expected";
        AcquireError::content(&input.file, format!("is no JSON array ({e})"), advice)
    })?;
    let indicator = ask.indicator.unwrap_or("Skills forecast, employment");
    for (number, row) in (1..).zip(&rows) {
        let Some(row) = row.as_object().filter(|row| row.contains_key("country_l2")) else {
            sink(input.reject(number, RejectReason::MissingField, format!("[{}] has no `country_l2`", number - 1)));
            continue;
        };
        let base = RawObservation {
            indicator: indicator.to_owned(),
            area: text_of(row, "country_l2").unwrap_or_default(),
            occupation: text_of(row, "occupation").map(|title| {
                let code = code_of(&title);
                code.map_or(title.clone(), |code| format!("{code} {title}"))
            }),
            sector: text_of(row, "sector").or_else(|| text_of(row, "qualification")),
            sex: text_of(row, "gender"),
            age: text_of(row, "age"),
            unit: ask.unit.unwrap_or("thousand persons").to_owned(),
            ..RawObservation::at(input.origin(number))
        };
        for (year, value) in row.iter().filter(|(name, _)| is_year(name)) {
            let value = match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            sink(Record::Kept(RawObservation { period: year.clone(), value, ..base.clone() }));
        }
    }
    Ok(())
}

fn text_of(row: &Map<String, Value>, name: &str) -> Option<String> {
    row.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
