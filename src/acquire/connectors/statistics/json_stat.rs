//! Official figures in JSON-stat: versions 1 and 2, a dataset, a collection or several by name, values as an array or
//! as an object of the cells that are filled.

use crate::acquire::cube::{Axis, Cube, Item, note};
use crate::acquire::dimensions::{Dimension, Role};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::RawObservation;
use serde_json::{Map, Value};

/// Above this, cells that an object of values leaves out are not counted as missing one by one.
const MOST_CELLS: u64 = 5_000_000;

/// Reads the figures of every dataset, also those that are missing.
///
/// # Errors
/// When it is no JSON-stat, an error message or metadata only, or values and dimensions do not fit each other.
pub fn read(
    input: &Input,
    text: &str,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let whole: Value = serde_json::from_str(text).map_err(|e| AcquireError::damaged(&input.file, &e))?;
    let mut before = 0;
    let found = datasets(&whole);
    if found.is_empty() {
        return Err(no_data(input, &whole));
    }
    for (name, dataset) in found {
        let at = Input { before: input.before + before, ..input.clone() };
        before += dataset_of(&at, name, dataset, ask, sink)?;
    }
    Ok(())
}

/// The datasets of a document with the names they have in it.
fn datasets(whole: &Value) -> Vec<(&str, &Map<String, Value>)> {
    let Some(object) = whole.as_object() else { return Vec::new() };
    if object.contains_key("value") && object.contains_key("dimension") {
        return vec![("", object)];
    }
    let items = whole.pointer("/link/item").and_then(Value::as_array).into_iter().flatten().map(|item| ("", item));
    let named = object.iter().map(|(name, value)| (name.as_str(), value));
    let candidates = items.chain(named).filter_map(|(name, value)| Some((name, value.as_object()?)));
    candidates.filter(|(_, d)| d.contains_key("value") && d.contains_key("dimension")).collect()
}

fn no_data(input: &Input, whole: &Value) -> AcquireError {
    let text = |pointer: &str| whole.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let said = text("/label").or_else(|| text("/error/0/label")).or_else(|| text("/error/label")).unwrap_or_default();
    match whole.get("class").and_then(Value::as_str) {
        _ if whole.get("error").is_some() => {
            let problem = format!("is an error message of the service: '{said}'");
            AcquireError::content(&input.file, problem, "ask for fewer cells or correct the query")
        }
        Some("error") => {
            let problem = format!("is an error message of the service: '{said}'");
            AcquireError::content(&input.file, problem, "ask for fewer cells or correct the query")
        }
        Some("collection") => {
            let problem = "is a JSON-stat collection of links, without figures";
            AcquireError::content(&input.file, problem, "download the datasets it links to")
        }
        _ => {
            let problem = "holds no JSON-stat dataset with `value` and `dimension`";
            AcquireError::content(&input.file, problem, "download the data, not the description of the table")
        }
    }
}

fn dataset_of(
    input: &Input,
    name: &str,
    dataset: &Map<String, Value>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<u64, AcquireError> {
    let cube = cube(input, name, dataset, ask)?;
    let (values, status) = (dataset.get("value").unwrap_or(&Value::Null), dataset.get("status"));
    let mut cell = |record: u64, flat: u64, value: Option<&Value>| {
        let mut raw = cube.at(flat, input.origin(record));
        raw.value = value.map(spelt).unwrap_or_default();
        raw.status = status.and_then(|status| status_at(status, flat));
        sink(Record::Kept(raw));
    };
    let misfit = |problem: String| AcquireError::content(&input.file, problem, "download the table again");
    match values {
        Value::Array(values) if values.len() as u64 == cube.cells => {
            for (flat, value) in (0..).zip(values) {
                cell(flat + 1, flat, Some(value));
            }
            Ok(cube.cells)
        }
        Value::Array(values) => {
            Err(misfit(format!("has {} values for {} cells of its dimensions", values.len(), cube.cells)))
        }
        Value::Object(values) => {
            let outside = values.keys().find(|key| key.parse().map_or(true, |flat: u64| flat >= cube.cells));
            if let Some(key) = outside {
                return Err(misfit(format!("has a value at '{key}', outside its {} cells", cube.cells)));
            }
            if cube.cells <= MOST_CELLS {
                (0..cube.cells).for_each(|flat| cell(flat + 1, flat, values.get(&flat.to_string())));
                return Ok(cube.cells);
            }
            for (record, (key, value)) in (1..).zip(values) {
                cell(record, key.parse().unwrap_or_default(), Some(value));
            }
            Ok(values.len() as u64)
        }
        _ => Err(misfit("has a `value` that is neither an array nor an object".to_owned())),
    }
}

/// A value as text; null is missing.
fn spelt(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The status of a cell: one for all, by position, by key, or (an old Eurostat form) within `value`.
fn status_at(status: &Value, flat: u64) -> Option<String> {
    let found = match status {
        Value::String(all) => Some(all.as_str()),
        Value::Array(list) if list.len() == 1 => list.first().and_then(Value::as_str),
        Value::Array(list) => list.get(usize::try_from(flat).ok()?).and_then(Value::as_str),
        Value::Object(object) => match object.get("value") {
            Some(inner) => return status_at(inner, flat),
            None => object.get(&flat.to_string()).and_then(Value::as_str),
        },
        _ => None,
    };
    found.map(str::to_owned).filter(|found| !found.is_empty())
}

fn cube(input: &Input, name: &str, dataset: &Map<String, Value>, ask: StatisticsAsk<'_>) -> Result<Cube, AcquireError> {
    let misfit = |problem: String| AcquireError::content(&input.file, problem, "download the table again");
    let dimension = dataset.get("dimension").unwrap_or(&Value::Null);
    // Version 1 keeps `id`, `size` and `role` among the dimensions.
    let part = |key: &str| dataset.get(key).or_else(|| dimension.get(key));
    let ids: Vec<&str> = part("id").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let sizes: Vec<u64> =
        part("size").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64).collect();
    if ids.is_empty() || ids.len() != sizes.len() {
        return Err(misfit(format!("names {} dimensions but {} sizes", ids.len(), sizes.len())));
    }
    let mut axes = Vec::new();
    for (id, size) in ids.iter().zip(sizes) {
        let found = dimension.get(id).ok_or_else(|| misfit(format!("does not describe its dimension '{id}'")))?;
        let axis = axis(id, found, part("role"));
        if axis.items.len() as u64 != size {
            return Err(misfit(format!("has {} items in its dimension '{id}' of size {size}", axis.items.len())));
        }
        axes.push(axis);
    }
    let mut cube = Cube::new(&input.file, axes)?;
    let text = |key: &str| dataset.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
    let title = text("label").or_else(|| text("title")).or(Some(name)).filter(|title| !title.is_empty());
    cube.indicator = ask.indicator.or(title).unwrap_or_default().to_owned();
    cube.unit = ask.unit.unwrap_or_default().to_owned();
    let notes = dataset.get("note").map(texts).unwrap_or_default();
    cube.note = note(text("source").map(str::to_owned).into_iter().chain(notes));
    Ok(cube)
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn axis(id: &str, description: &Value, roles: Option<&Value>) -> Axis {
    let label = description.get("label").and_then(Value::as_str).unwrap_or_default();
    let mut dimension = Dimension::of(id, label);
    let plays = |role: &str| {
        let listed = roles.and_then(|roles| roles.get(role));
        listed.map(texts).unwrap_or_default().iter().position(|other| other == id)
    };
    // What the file says about its dimensions beats their names.
    for (role, said) in [("geo", Role::Area), ("time", Role::Time), ("metric", Role::Indicator)] {
        match plays(role) {
            // Of several places the first listed is where the figure belongs.
            Some(at) if at > 0 && said == Role::Area => dimension.role = Role::Other,
            Some(_) => dimension.role = said,
            None => {}
        }
    }
    let category = description.get("category").unwrap_or(&Value::Null);
    let labels = category.get("label").and_then(Value::as_object);
    let units = category.get("unit").and_then(Value::as_object);
    let items = codes(category).into_iter().map(|code| Item {
        label: labels.and_then(|labels| labels.get(&code)).and_then(Value::as_str).unwrap_or_default().to_owned(),
        unit: units.and_then(|units| units.get(&code)).and_then(unit),
        code,
    });
    Axis { dimension, items: items.collect() }
}

/// Codes in order: an array, an object of positions, or, for a single item, its label alone.
fn codes(category: &Value) -> Vec<String> {
    match category.get("index") {
        Some(Value::Array(list)) => list.iter().map(spelt).collect(),
        Some(Value::Object(positions)) => {
            let mut placed: Vec<(u64, &String)> =
                positions.iter().map(|(code, at)| (at.as_u64().unwrap_or(u64::MAX), code)).collect();
            placed.sort();
            placed.into_iter().map(|(_, code)| code.clone()).collect()
        }
        _ => {
            let labels = category.get("label").and_then(Value::as_object);
            labels.into_iter().flat_map(|labels| labels.keys().cloned()).collect()
        }
    }
}

/// A unit's label, symbol or kind, with the power of ten it counts in.
fn unit(unit: &Value) -> Option<String> {
    let text = |key: &str| unit.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
    let name = text("symbol").or_else(|| text("label")).or_else(|| text("base")).or_else(|| text("unit"))?;
    match unit.get("multiplier").and_then(Value::as_i64) {
        Some(power) if power != 0 => Some(format!("{name} ×10^{power}")),
        _ => Some(name.to_owned()),
    }
}
