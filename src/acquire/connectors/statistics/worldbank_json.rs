//! Official figures of the World Bank as JSON: the service's `[meta, rows]`, rows kept in an object, or its table of the
//! Humanitarian Data Exchange inside one.

use super::strict_json::strict;
use super::worldbank_long;
use crate::acquire::error::excerpt;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

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
    let whole = strict(input, text)?;
    if let Some(message) = whole.pointer("/0/message").or_else(|| whole.get("message")) {
        let said = message.pointer("/0/value").or(Some(message)).map(Value::to_string).unwrap_or_default();
        let problem = format!("is an error message of the World Bank: {said}");
        return Err(AcquireError::content(&input.file, problem, "correct the country or the indicator and ask again"));
    }
    if let Some(table) = whole.pointer("/data/csv").and_then(Value::as_str) {
        return worldbank_long::read(input, &mut table.as_bytes(), sink);
    }
    let pages = pages(input, &whole)?;
    let rows = whole.get(1).or_else(|| whole.get("data")).and_then(Value::as_array);
    let Some(rows) = rows.filter(|rows| !rows.is_empty()) else {
        let problem = "holds no figures: its list of rows is empty";
        return Err(AcquireError::content(&input.file, problem, "ask for another country, indicator or years"));
    };
    if pages > 1 && !ask.paged {
        let problem = format!("is one page of {pages}");
        return Err(AcquireError::content(&input.file, problem, "ask again with a larger per_page"));
    }
    let ids = ids(rows);
    for (record, row) in (1..).zip(rows) {
        sink(match two_countries(&ids, row) {
            Some(detail) => input.reject(record, RejectReason::ConflictingKey, detail),
            None => figure(input, record, row),
        });
    }
    Ok(())
}

/// Codes of three letters and of two that rows give one country; each is empty where the row has none.
fn country(row: &Value) -> (&str, &str) {
    let text = |at: &str| row.pointer(at).and_then(Value::as_str).unwrap_or_default().trim();
    (text("/countryiso3code"), text("/country/id"))
}

/// The codes of two letters that stand beside each code of three letters.
fn ids(rows: &[Value]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (code, id) in rows.iter().map(country).filter(|(code, id)| !code.is_empty() && !id.is_empty()) {
        ids.entry(code).or_default().insert(id);
    }
    ids
}

/// Which countries a row names, where its code goes with more than one: neither is surely the figure's own.
fn two_countries(ids: &BTreeMap<&str, BTreeSet<&str>>, row: &Value) -> Option<String> {
    let (code, _) = country(row);
    let found = ids.get(code).filter(|found| found.len() > 1)?;
    let found = found.iter().copied().collect::<Vec<_>>().join(" and ");
    Some(format!("names two countries: `countryiso3code` {} goes with `country.id` {}", excerpt(code), excerpt(&found)))
}

/// How many pages there are, as a number or as text; a file that does not say is whole.
fn pages(input: &Input, whole: &Value) -> Result<u64, AcquireError> {
    let Some(said) = whole.pointer("/0/pages") else { return Ok(1) };
    let pages = said.as_u64().or_else(|| said.as_str()?.trim().parse().ok());
    pages.ok_or_else(|| {
        let problem = format!("says `pages` is {}, which is no number of pages", excerpt(&said.to_string()));
        AcquireError::content(&input.file, problem, "look at what the service answers today")
    })
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
    if let Some(value @ (Value::Bool(_) | Value::Array(_) | Value::Object(_))) = row.get("value") {
        let detail = format!("`value` is {}, and a number or null was expected", excerpt(&value.to_string()));
        return input.reject(record, RejectReason::BadValue, detail);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits};
    use crate::types::{SnapshotId, SourceId};

    /// Values that were read, and why others were not.
    fn read_text(text: &str) -> Result<(Vec<String>, Vec<String>), String> {
        let (source, snapshot) = (SourceId::new("s").unwrap(), SnapshotId("0".to_owned()));
        let input = Input { source, snapshot, file: "wb.json".to_owned(), limits: Limits::default(), before: 0 };
        let (columns, mut values, mut rejects) = (Columns::default(), Vec::new(), Vec::new());
        read(&input, text, StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(raw) => values.push(raw.value),
            Record::Rejected(reject) => rejects.push(reject.detail),
        })
        .map_err(|e| e.to_string())?;
        Ok((values, rejects))
    }

    /// design/sources.md 5.3.
    fn answer(pages: &str, value: &str) -> String {
        format!(
            r#"[{{"page":1,"pages":{pages},"per_page":1000,"total":1}},[{{"indicator":{{"id":"SL.UEM.TOTL.ZS"}},
            "country":{{"id":"PS"}},"countryiso3code":"PSE","date":"2023","value":{value}}}]]"#
        )
    }

    #[test]
    fn a_value_that_is_neither_number_nor_null_is_a_reject_and_no_missing_figure() {
        assert_eq!(read_text(&answer("1", "24.4")).unwrap().0, ["24.4"]);
        assert_eq!(read_text(&answer("1", "null")).unwrap().0, [""]);
        for odd in ["true", "[1]", "{}"] {
            let (values, rejects) = read_text(&answer("1", odd)).unwrap();
            assert!(values.is_empty() && rejects[0].contains(&format!("`value` is {odd}")), "{rejects:?}");
        }
    }

    #[test]
    fn rows_whose_two_codes_name_two_countries_are_rejects() {
        // design/sources.md 5.3: PSE goes with PS.
        let row = |code: &str, id: &str, value: u32| {
            format!(
                r#"{{"indicator":{{"id":"X"}},"country":{{"id":"{id}"}},"countryiso3code":"{code}","date":"20{value}","value":{value}}}"#
            )
        };
        let rows = [row("PSE", "IL", 10), row("PSE", "PS", 11), row("ESP", "ES", 12), row("", "XD", 13)].join(",");
        let (values, rejects) = read_text(&format!(r#"[{{"page":1,"pages":1,"total":4}},[{rows}]]"#)).unwrap();
        assert_eq!(values, ["12", "13"]);
        let words = "names two countries: `countryiso3code` PSE goes with `country.id` IL and PS";
        assert_eq!(rejects, [words, words]);
    }

    #[test]
    fn a_date_that_a_row_gives_twice_is_refused() {
        let twice = answer("1", "24.4").replace(r#""date":"2023""#, r#""date":"2023","date":"1950""#);
        assert!(read_text(&twice).unwrap_err().contains("the key 'date' stands twice"));
    }

    #[test]
    fn one_page_of_several_is_refused_also_where_their_number_is_text_or_none() {
        assert!(read_text(&answer("\"1\"", "24.4")).is_ok());
        assert!(read_text(&answer("\"4\"", "24.4")).unwrap_err().contains("one page of 4"));
        assert!(read_text(&answer("null", "24.4")).unwrap_err().contains("`pages` is null"));
    }
}
