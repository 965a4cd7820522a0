//! Micro-credentials as JSON objects with keys of any names.

use crate::acquire::draft::Draft;
use crate::acquire::mapping::{CREDENTIAL, columns_of, join, missing, same_name};
use crate::acquire::multilingual::{Voice, many};
use crate::acquire::{AcquireError, ColumnRule, Columns};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The plan's rules as keys or dotted paths (`provider.name`) into a record.
pub(in crate::acquire) struct Keys<'c> {
    rules: BTreeMap<&'static str, &'c ColumnRule>,
    unseen: BTreeSet<&'c str>,
    present: Vec<String>,
}

impl<'c> Keys<'c> {
    /// # Errors
    /// When the plan maps a field there is not.
    pub(in crate::acquire) fn new(columns: &'c Columns) -> Result<Self, AcquireError> {
        let rules = CREDENTIAL.rules(columns)?;
        let unseen = rules.values().flat_map(|rule| columns_of(rule)).map(String::as_str).collect();
        Ok(Self { rules, unseen, present: Vec::new() })
    }

    /// Whether the plan maps a key: then its rules go before what a format says.
    pub(in crate::acquire) fn maps(&self) -> bool {
        self.rules.values().any(|rule| !columns_of(rule).is_empty())
    }

    /// The micro-credential of a record, by the plan's rules and else by our own names of fields.
    pub(in crate::acquire) fn read(&mut self, record: &Value, voice: &Voice) -> Draft {
        let mut draft = Draft::default();
        for names in CREDENTIAL.fields {
            let Some(field) = names.first().copied() else { continue };
            let value = match self.rules.get(field) {
                Some(rule) => {
                    let cells: Vec<String> =
                        columns_of(rule).iter().flat_map(|path| self.at(record, path, voice)).collect();
                    join(field, cells.iter().map(String::as_str))
                }
                None => {
                    own(record, names).and_then(|value| join(field, texts(value, voice).iter().map(String::as_str)))
                }
            };
            draft.set(field, value);
        }
        draft
    }

    fn at(&mut self, record: &Value, path: &'c str, voice: &Voice) -> Vec<String> {
        let found = record.get(path).or_else(|| path.split('.').try_fold(record, |value, key| value.get(key)));
        if let Some(value) = found {
            self.unseen.remove(path);
            return texts(value, voice);
        }
        if self.present.is_empty() {
            self.present = record.as_object().map_or_else(Vec::new, |map| map.keys().cloned().collect());
        }
        Vec::new()
    }

    /// The plan's constants, over whatever was read.
    pub(in crate::acquire) fn constants(&self, draft: &mut Draft) {
        for (field, rule) in &self.rules {
            if let ColumnRule::Constant { r#const } = rule {
                draft.fix(field, r#const);
            }
        }
    }

    /// # Errors
    /// When the plan maps a key that no record has.
    pub(in crate::acquire) fn check(&self, file: &str) -> Result<(), AcquireError> {
        let Some(column) = self.unseen.iter().next() else { return Ok(()) };
        let field = self.rules.iter().find(|(_, rule)| columns_of(rule).iter().any(|path| path == column));
        Err(missing(&self.present, field.map_or("", |(name, _)| name), column, file))
    }
}

fn own<'v>(record: &'v Value, names: &[&str]) -> Option<&'v Value> {
    let members = record.as_object()?;
    names.iter().find_map(|name| members.iter().find(|(key, _)| same_name(key, name)).map(|(_, value)| value))
}

/// The texts of a value: of a list, each.
fn texts(value: &Value, voice: &Voice) -> Vec<String> {
    many(value).iter().filter_map(|one| voice.text(one)).collect()
}
