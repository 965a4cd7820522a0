//! Postings as JSON objects with keys of any names.

use crate::acquire::desk::Desk;
use crate::acquire::mapping::{Absent, POSTING, columns_of, is_blank, join, missing};
use crate::acquire::{AcquireError, ColumnRule, Columns, Input, json};
use crate::types::RejectReason;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// Reads postings from an array, from an object that holds one, or from JSON lines. A column of the plan is a key or a
/// dotted path (`province.value`).
///
/// # Errors
/// When the file is no JSON, or a mapped column is in none of its records.
pub(in crate::acquire) fn read(input: &Input, body: &mut dyn BufRead, desk: &mut Desk<'_>) -> Result<(), AcquireError> {
    let mut paths = Paths::new(desk.columns)?;
    let mut number = 0;
    json::for_each(input, body, &mut |item| {
        number += 1;
        match item {
            Err((reason, detail)) => desk.reject(input, number, reason, detail),
            Ok(value) if value.is_object() => desk.record(input, number, &mut |field| paths.value(field, &value)),
            Ok(value) => {
                let detail =
                    format!("expected an object, found {}", crate::acquire::error::excerpt(&value.to_string()));
                desk.reject(input, number, RejectReason::Malformed, detail);
            }
        }
    })?;
    if number > 0 { desk.absent(paths.absent(&input.file)) } else { Ok(()) }
}

/// The plan's rules as paths into a JSON record.
pub(in crate::acquire) struct Paths<'c> {
    rules: BTreeMap<&'static str, &'c ColumnRule>,
    /// Columns met in no record so far, with their field.
    unseen: BTreeSet<(&'c str, &'static str)>,
    keys: Vec<String>,
}

impl<'c> Paths<'c> {
    pub(in crate::acquire) fn new(columns: &'c Columns) -> Result<Self, AcquireError> {
        let rules = POSTING.rules(columns)?;
        let columns = rules.iter().flat_map(|(field, rule)| columns_of(rule).iter().map(|c| (c.as_str(), *field)));
        let unseen = columns.collect();
        Ok(Self { rules, unseen, keys: Vec::new() })
    }

    /// A field by the plan's rule, else by our own names.
    pub(in crate::acquire) fn value(&mut self, field: &str, record: &Value) -> Option<String> {
        self.mapped(field, record).unwrap_or_else(|| {
            let names = POSTING.fields.iter().find(|names| names.first() == Some(&field))?;
            names.iter().find_map(|name| record.get(name).and_then(|v| text_for(field, v))).filter(|t| !is_blank(t))
        })
    }

    /// A field by the plan's rule; `None` when it has none.
    pub(super) fn mapped(&mut self, field: &str, record: &Value) -> Option<Option<String>> {
        let rule = *self.rules.get(field)?;
        if let ColumnRule::Constant { r#const } = rule {
            return Some(Some(r#const.clone()).filter(|t| !is_blank(t)));
        }
        let mut cells = Vec::new();
        for path in columns_of(rule) {
            if let Some(found) = at_path(record, path) {
                self.unseen.retain(|(column, of)| *column != path.as_str() || *of != field);
                cells.extend(text_for(field, &found).filter(|t| !is_blank(t)));
            } else if self.keys.is_empty() {
                self.keys = record.as_object().map_or_else(Vec::new, |map| map.keys().cloned().collect());
            }
        }
        if let ColumnRule::Any { .. } = rule {
            return Some(cells.into_iter().next());
        }
        Some(join(field, cells.iter().map(String::as_str)))
    }

    /// Mapped columns that no record has; of alternatives one is enough.
    pub(in crate::acquire) fn absent(&self, file: &str) -> Vec<Absent> {
        let lacking = self.unseen.iter().filter(|(column, field)| match self.rules.get(field) {
            Some(ColumnRule::Any { any }) => {
                any.first().is_some_and(|first| first == column)
                    && any.iter().all(|c| self.unseen.contains(&(c.as_str(), *field)))
            }
            _ => true,
        });
        let absent = lacking.map(|(column, field)| Absent {
            field,
            column: (*column).to_owned(),
            error: missing(&self.keys, field, column, file),
        });
        absent.collect()
    }
}

/// The value at a key or a dotted path; of a list on the way, the values of all that have one.
fn at_path<'v>(record: &'v Value, path: &str) -> Option<Cow<'v, Value>> {
    if let Some(value) = record.get(path) {
        return Some(Cow::Borrowed(value));
    }
    let (key, rest) = path.split_once('.')?;
    match record.get(key)? {
        Value::Array(list) => {
            let found: Vec<Value> = list.iter().filter_map(|item| at_path(item, rest)).map(Cow::into_owned).collect();
            (!found.is_empty()).then_some(Cow::Owned(Value::Array(found)))
        }
        value => at_path(value, rest),
    }
}

/// Scalars as text, lists of scalars joined by commas; objects and null are no text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(list) => Some(list.iter().filter_map(text_of).collect::<Vec<_>>().join(", ")),
        Value::Null | Value::Object(_) => None,
    }
}

/// The same; for a field of running text, lists and objects are lines.
fn text_for(field: &str, value: &Value) -> Option<String> {
    if field != "body" || !matches!(value, Value::Array(_) | Value::Object(_)) {
        return text_of(value);
    }
    let mut lines = Vec::new();
    lines_of(value, "", &mut lines);
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn lines_of(value: &Value, mark: &str, lines: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| lines_of(item, "- ", lines)),
        Value::Object(map) => map.iter().for_each(|(key, inner)| match text_of(inner) {
            Some(text) if !inner.is_array() => lines.push(format!("{mark}{key}: {text}")),
            _ => {
                if !matches!(inner, Value::Null) {
                    lines.push(format!("{key}:"));
                }
                lines_of(inner, "- ", lines);
            }
        }),
        other => lines.extend(text_of(other).map(|text| format!("{mark}{text}"))),
    }
}
