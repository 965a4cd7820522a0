//! A micro-credential being read, before it is known whether it can be kept.

use super::limits::Limits;
use super::mapping::CREDENTIAL;
use super::text::DAMAGE;
use super::{Input, Record};
use crate::types::{Origin, RawCredential, RejectReason};
use std::collections::BTreeMap;

/// Fields by our names, as spelt; several values of one field stand on lines of their own, outcomes
/// between bars.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Draft {
    fields: BTreeMap<String, String>,
}

impl Draft {
    /// Gives a field its value, unless it has one or the value is blank.
    pub(super) fn set(&mut self, field: &str, value: Option<impl Into<String>>) {
        debug_assert!(CREDENTIAL.fields.iter().any(|names| names.first() == Some(&field)), "{field}");
        let Some(value) = value.map(Into::into).filter(|text| !text.trim().is_empty()) else { return };
        self.fields.entry(field.to_owned()).or_insert(value);
    }

    /// Adds a value to a field that holds several; the same value counts once. Outcomes are parted by bars: on lines of
    /// their own, those in small letters would be taken for one that was wrapped.
    pub(super) fn add(&mut self, field: &str, value: Option<impl Into<String>>) {
        let Some(value) = value.map(Into::into).filter(|text| !text.trim().is_empty()) else { return };
        let between = if field == "outcomes" { '|' } else { '\n' };
        let value = if between == '|' { value.replace('|', "/") } else { value };
        match self.fields.get_mut(field) {
            None => self.set(field, Some(value)),
            Some(known) if known.split(between).any(|one| one == value) => {}
            Some(known) => {
                known.push(between);
                known.push_str(&value);
            }
        }
    }

    /// Adds a concept its provider names: `URI label`, either of which may be absent.
    pub(super) fn skill(&mut self, uri: Option<&str>, label: Option<String>) {
        let label = label.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let parts: Vec<&str> = [uri, label.as_deref()].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        self.add("declared_skills", Some(parts.join(" ")));
    }

    /// A field as it stands.
    pub(super) fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }

    /// Puts a constant of the plan over whatever was read.
    pub(super) fn fix(&mut self, field: &str, value: &str) {
        self.fields.insert(field.to_owned(), value.to_owned());
    }

    /// The record it gives: kept under its id, or else its number.
    pub(super) fn finish(mut self, input: &Input, number: u64) -> Record<(Origin, RawCredential)> {
        if let Some((reason, detail)) = fault(&self.fields, &input.limits) {
            return input.reject(number, reason, detail);
        }
        let id = self.fields.remove("credential_id").unwrap_or_else(|| number.to_string());
        if !self.fields.contains_key("title") {
            return input.reject(number, RejectReason::MissingField, "`title` is empty".to_owned());
        }
        Record::Kept((input.origin(number), RawCredential { id, fields: self.fields }))
    }
}

fn fault(fields: &BTreeMap<String, String>, limits: &Limits) -> Option<(RejectReason, String)> {
    fields.iter().find_map(|(name, text)| {
        if text.len() as u64 > limits.field_bytes {
            let detail = format!("`{name}` is over {} bytes (`limits.field_bytes`)", limits.field_bytes);
            return Some((RejectReason::OverLimit, detail));
        }
        text.contains(DAMAGE).then(|| {
            let detail = format!("`{name}` holds bytes that are not UTF-8, in a file that otherwise is");
            (RejectReason::BadEncoding, detail)
        })
    })
}
