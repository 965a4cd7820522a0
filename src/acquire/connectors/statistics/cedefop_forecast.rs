//! Cedefop's skills forecast: an array of rows with a column per year, served under the name `.json.gz` as plain JSON.

use super::cedefop::{area_of, part};
use crate::acquire::error::excerpt;
use crate::acquire::isco_titles::code_of;
use crate::acquire::open::Document;
use crate::acquire::periods::is_year;
use crate::acquire::text::Markup;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Reads figures: one per row and year. A panel may stack parts and their total under one item: the largest is the total,
/// and the others are rejected.
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
    let mut largest: HashMap<String, f64> = HashMap::new();
    for row in rows.iter().filter_map(figures_of) {
        for (year, value) in &row.years {
            if let Ok(number) = value.parse::<f64>() {
                let most = largest.entry(row.key(year)).or_insert(number);
                *most = most.max(number);
            }
        }
    }
    for (number, row) in (1..).zip(&rows) {
        let Some(row) = figures_of(row) else {
            sink(input.reject(number, RejectReason::MissingField, format!("[{}] has no `country_l2`", number - 1)));
            continue;
        };
        for (year, value) in &row.years {
            let total = largest.get(&row.key(year));
            sink(match total.filter(|total| value.parse::<f64>().map_or(true, |own| own < **total)) {
                Some(total) => {
                    let value = excerpt(value);
                    let detail = format!("[{}] {year}: '{value}' stands beside {total} of the same items", number - 1);
                    input.reject(number, RejectReason::ConflictingKey, detail)
                }
                None => Record::Kept(row.figure(input, number, (*year, value.as_str()), ask)),
            });
        }
    }
    Ok(())
}

/// A row taken apart.
struct Figures<'a> {
    row: &'a Map<String, Value>,
    /// Years with their values as spelt.
    years: Vec<(&'a str, String)>,
}

fn figures_of(row: &Value) -> Option<Figures<'_>> {
    let row = row.as_object().filter(|row| row.contains_key("country_l2"))?;
    let spelt = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let years = row.iter().filter(|(name, _)| is_year(name)).map(|(name, value)| (name.as_str(), spelt(value)));
    Some(Figures { row, years: years.collect() })
}

impl Figures<'_> {
    /// Everything a figure of this row and a year is about.
    fn key(&self, year: &str) -> String {
        let names = ["country_l2", "indicator", "occupation", "sector", "qualification", "gender", "age", "unit"];
        let items = names.map(|name| text_of(self.row, name).unwrap_or_default());
        format!("{}\u{1f}{year}", items.join("\u{1f}"))
    }

    fn figure(
        &self,
        input: &Input,
        number: u64,
        (year, value): (&str, &str),
        ask: StatisticsAsk<'_>,
    ) -> RawObservation {
        let text = |name: &str| text_of(self.row, name);
        let said = |plan: Option<&str>, name: &str, otherwise: &str| {
            plan.map(str::to_owned).or_else(|| text(name)).unwrap_or_else(|| otherwise.to_owned())
        };
        RawObservation {
            indicator: said(ask.indicator, "indicator", "Skills forecast, employment"),
            area: area_of(&text("country_l2").unwrap_or_default()),
            period: year.to_owned(),
            occupation: text("occupation").map(|title| {
                let code = code_of(&title);
                code.map_or(title.clone(), |code| format!("{code} {title}"))
            }),
            sector: text("sector"),
            breakdown: text("qualification").map(|item| part("qualification", item)).into_iter().collect(),
            sex: text("gender"),
            age: text("age"),
            value: value.to_owned(),
            unit: said(ask.unit, "unit", "thousand persons"),
            ..RawObservation::at(input.origin(number))
        }
    }
}

fn text_of(row: &Map<String, Value>, name: &str) -> Option<String> {
    row.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
