//! Postings as JSON objects with keys of any names.

use super::assemble;
use crate::acquire::mapping::{POSTING, join, missing};
use crate::acquire::{AcquireError, ColumnRule, Columns, Input, Sink, json};
use crate::types::{RawPosting, RejectReason};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// Reads postings from an array, from an object that holds one, or from JSON lines. A column of the plan is a key or a
/// dotted path (`province.value`).
///
/// # Errors
/// When the file is no JSON, or a mapped column is in none of its records.
pub fn read(
    input: &Input,
    body: &mut dyn BufRead,
    columns: &Columns,
    sink: Sink<'_, RawPosting>,
) -> Result<(), AcquireError> {
    let mut paths = Paths::new(columns)?;
    let mut number = 0;
    json::for_each(input, body, &mut |item| {
        number += 1;
        sink(match item {
            Err((reason, detail)) => input.reject(number, reason, detail),
            Ok(value) if value.is_object() => assemble(input, number, &mut |field| paths.value(field, &value)),
            Ok(value) => {
                let detail =
                    format!("expected an object, found {}", crate::acquire::error::excerpt(&value.to_string()));
                input.reject(number, RejectReason::Malformed, detail)
            }
        });
    })?;
    if number > 0 { paths.check(&input.file) } else { Ok(()) }
}

/// The plan's rules as paths into a JSON record.
pub(super) struct Paths<'c> {
    rules: BTreeMap<&'static str, &'c ColumnRule>,
    unseen: BTreeSet<&'c str>,
    keys: Vec<String>,
}

impl<'c> Paths<'c> {
    pub(super) fn new(columns: &'c Columns) -> Result<Self, AcquireError> {
        let rules = POSTING.rules(columns)?;
        let unseen = rules.values().flat_map(|rule| paths_of(rule)).map(String::as_str).collect();
        Ok(Self { rules, unseen, keys: Vec::new() })
    }

    /// A field by the plan's rule, else by our own names.
    pub(super) fn value(&mut self, field: &str, record: &Value) -> Option<String> {
        self.mapped(field, record).unwrap_or_else(|| {
            let names = POSTING.fields.iter().find(|names| names.first() == Some(&field))?;
            names.iter().find_map(|name| record.get(name).and_then(text_of)).filter(|t| !t.trim().is_empty())
        })
    }

    /// A field by the plan's rule; `None` when it has none.
    pub(super) fn mapped(&mut self, field: &str, record: &Value) -> Option<Option<String>> {
        let rule = *self.rules.get(field)?;
        if let ColumnRule::Constant { r#const } = rule {
            return Some(Some(r#const.clone()).filter(|t| !t.trim().is_empty()));
        }
        let mut cells = Vec::new();
        for path in paths_of(rule) {
            if let Some(found) = at_path(record, path) {
                self.unseen.remove(path.as_str());
                cells.extend(text_of(found));
            } else if self.keys.is_empty() {
                self.keys = record.as_object().map_or_else(Vec::new, |map| map.keys().cloned().collect());
            }
        }
        Some(join(field, cells.iter().map(String::as_str)))
    }

    /// Refuses a plan that maps a column no record has.
    pub(super) fn check(&self, file: &str) -> Result<(), AcquireError> {
        let Some(column) = self.unseen.iter().next() else { return Ok(()) };
        let field = self.rules.iter().find(|(_, rule)| paths_of(rule).iter().any(|p| p == column));
        Err(missing(&self.keys, field.map_or("", |(name, _)| name), column, file))
    }
}

fn paths_of(rule: &ColumnRule) -> &[String] {
    match rule {
        ColumnRule::Column(path) => std::slice::from_ref(path),
        ColumnRule::Join(paths) => paths,
        ColumnRule::Constant { .. } => &[],
    }
}

fn at_path<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    record.get(path).or_else(|| path.split('.').try_fold(record, |value, key| value.get(key)))
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
