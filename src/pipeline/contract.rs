//! What a plan may demand of a source's records beyond what its layout promises: how many, what is filled in, which codes.

use super::drift::DriftTable;
use crate::acquire::AcquireError;
use crate::types::Origin;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// `[source.contract]`: fields are those of raw records (`title`, `employer`; `area`, `period`, `value`; `ects`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContractTable {
    /// Fewest and most records of a complete set.
    pub records: Option<[u64; 2]>,
    /// `drift.fall` for this source.
    pub fall: Option<f64>,
    /// `drift.rise` for this source.
    pub rise: Option<f64>,
    /// Fields that no record may leave blank.
    pub filled: Vec<String>,
    /// Fields that must be numbers where they are filled in.
    pub numbers: Vec<String>,
    /// Codes that a field may have.
    pub codes: BTreeMap<String, Vec<String>>,
    /// Fields that together tell one record from every other.
    pub key: Vec<String>,
}

impl ContractTable {
    /// Bounds are in order, shares are shares.
    pub(super) fn check(&self, plan: &DriftTable) -> Result<(), String> {
        if let Some([least, most]) = self.records.filter(|[least, most]| least > most) {
            return Err(format!("contract.records = [{least}, {most}]: the fewest come first"));
        }
        self.drift(plan).check().map_err(|e| format!("contract: {e}"))
    }

    /// How much this source may change unasked.
    pub(super) fn drift(&self, plan: &DriftTable) -> DriftTable {
        DriftTable { fall: self.fall.unwrap_or(plan.fall), rise: self.rise.unwrap_or(plan.rise) }
    }

    fn looks_at_records(&self) -> bool {
        let lists = [&self.filled, &self.numbers, &self.key];
        lists.iter().any(|l| !l.is_empty()) || !self.codes.is_empty()
    }
}

/// Holds records against a contract as they are read.
pub(super) struct Contract<'a> {
    table: &'a ContractTable,
    looks: bool,
    keys: HashSet<String>,
    /// What was found first, and how many more there are.
    broken: Option<(String, u64)>,
}

impl<'a> Contract<'a> {
    pub(super) fn new(table: &'a ContractTable) -> Self {
        Self { table, looks: table.looks_at_records(), keys: HashSet::new(), broken: None }
    }

    /// Looks at a record of a file.
    pub(super) fn take<T: Serialize>(&mut self, file: &str, origin: &Origin, record: &T) {
        if !self.looks {
            return;
        }
        let Ok(value) = serde_json::to_value(record) else { return };
        if let Some(problem) = self.problem(&value) {
            let first = || (format!("{file}, record {}: {problem}", origin.record), 0);
            self.broken.get_or_insert_with(first).1 += 1;
        }
    }

    fn problem(&mut self, record: &Value) -> Option<String> {
        let table = self.table;
        for field in &table.filled {
            match text_of(record, field) {
                Err(problem) => return Some(problem),
                Ok(text) if text.is_empty() => {
                    return Some(format!("`{field}` is blank, and contract.filled names it"));
                }
                Ok(_) => {}
            }
        }
        for field in &table.numbers {
            match text_of(record, field) {
                Err(problem) => return Some(problem),
                Ok(text) if !text.is_empty() && !is_number(&text) => {
                    return Some(format!("`{field}` is '{}', and a number was expected", cut(&text)));
                }
                Ok(_) => {}
            }
        }
        for (field, codes) in &table.codes {
            match text_of(record, field) {
                Err(problem) => return Some(problem),
                Ok(text) if !codes.contains(&text) => {
                    return Some(format!(
                        "`{field}` is '{}', and one of {} was expected",
                        cut(&text),
                        codes.join(", ")
                    ));
                }
                Ok(_) => {}
            }
        }
        self.repeats(record)
    }

    fn repeats(&mut self, record: &Value) -> Option<String> {
        if self.table.key.is_empty() {
            return None;
        }
        let parts: Result<Vec<String>, String> = self.table.key.iter().map(|field| text_of(record, field)).collect();
        match parts {
            Err(problem) => Some(problem),
            Ok(parts) => {
                let key = parts.join("\u{1f}");
                let shown = cut(&parts.join(" / "));
                (!self.keys.insert(key))
                    .then(|| format!("the key {} '{shown}' came before", self.table.key.join(" + ")))
            }
        }
    }

    /// The source has ended with so many records.
    ///
    /// # Errors
    /// What breaks the contract: the first record, its value and what was expected.
    pub(super) fn finish(self, source: &str, kept: u64) -> Result<(), AcquireError> {
        let advice = "look at the source; when it is right, change [source.contract] in the plan";
        if let Some((first, count)) = self.broken {
            let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
            return Err(AcquireError::content(source, format!("breaks its contract: {first}{more}"), advice));
        }
        match self.table.records {
            Some([least, most]) if !(least..=most).contains(&kept) => {
                let problem = format!("breaks its contract: {kept} records, and {least} to {most} were expected");
                Err(AcquireError::content(source, problem, advice))
            }
            _ => Ok(()),
        }
    }
}

/// A field of a record as text; blank when it has none.
fn text_of(record: &Value, field: &str) -> Result<String, String> {
    // A micro-credential keeps its columns one level down.
    let pair = record.as_array().and_then(|pair| pair.last()).unwrap_or(record);
    let inner = pair.get("fields").and_then(Value::as_object);
    match pair.get(field).or_else(|| inner.and_then(|fields| fields.get(field))) {
        Some(Value::String(text)) => Ok(text.trim().to_owned()),
        Some(Value::Null) => Ok(String::new()),
        Some(other) => Ok(other.to_string()),
        None if inner.is_some() => Ok(String::new()),
        None => {
            let names: Vec<&str> =
                pair.as_object().map_or_else(Vec::new, |map| map.keys().map(String::as_str).collect());
            Err(format!("the contract names `{field}`, which is no field; its fields are {}", names.join(", ")))
        }
    }
}

fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_numeric()) && text.chars().all(|c| c.is_numeric() || " .,-+%eE\u{a0}\u{202f}".contains(c))
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{SnapshotId, SourceId};
    use serde_json::json;

    fn held(toml: &str, records: &[Value]) -> String {
        let table: ContractTable = toml::from_str(toml).unwrap();
        let mut contract = Contract::new(&table);
        for (record, number) in records.iter().zip(1..) {
            let source = SourceId::new("s").unwrap();
            let origin = Origin { source, snapshot: SnapshotId(String::new()), record: number };
            contract.take("f.csv", &origin, record);
        }
        contract.finish("s", records.len() as u64).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_break_names_record_value_and_what_was_expected() {
        let good = json!({"area": "PSE", "period": "2025", "value": "1.035,2", "sex": null});
        let whole = "records = [1, 3]\nfilled = ['area']\nnumbers = ['value']\nkey = ['area', 'period']\n[codes]\narea = ['PSE', 'ESP']\n";
        assert_eq!(held(whole, std::slice::from_ref(&good)), "");
        let with = |key: &str, value: &str| {
            let mut other = good.clone();
            other[key] = json!(value);
            other["period"] = json!("2024");
            held(whole, &[good.clone(), other])
        };
        let broken = with("area", "JOR");
        assert!(broken.contains("f.csv, record 2: `area` is 'JOR', and one of PSE, ESP was expected"), "{broken}");
        assert!(with("area", " ").contains("`area` is blank"));
        assert!(with("value", "n/a").contains("`value` is 'n/a', and a number was expected"));
        assert!(held(whole, &[good.clone(), good.clone()]).contains("the key area + period 'PSE / 2025' came before"));
        assert!(held(whole, &[]).contains("0 records, and 1 to 3 were expected"));
        assert!(held("filled = ['aera']", &[good]).contains("`aera`, which is no field; its fields are area"));
    }
}
