//! Official figures in JSON-stat: versions 1 and 2, a dataset, a collection or several by name, values as an array or
//! as an object of the cells that are filled.

use super::asked::asked_in;
use super::strict_json::strict;
use crate::acquire::cube::{Axis, Cube, Item, note};
use crate::acquire::dimensions::{Dimension, Role, plain};
use crate::acquire::error::excerpt;
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Above this, cells that an object of values leaves out are not counted as missing one by one.
const MOST_CELLS: u64 = 5_000_000;
/// Divisions within a province, by the codes and names of Idescat's dimensions: municipalities, their districts and
/// sections, counties, planning areas.
const FINER: [&str; 21] = [
    "mun",
    "municipi",
    "municipis",
    "municipio",
    "municipios",
    "municipality",
    "municipalities",
    "dis",
    "districte",
    "districtes",
    "distrito",
    "sec",
    "seccio censal",
    "seccion censal",
    "at",
    "ambit territorial",
    "ambito territorial",
    "com",
    "comarca",
    "comarques",
    "comarcas",
];

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
    let whole = strict(input, text)?;
    let mut before = 0;
    let found = datasets(&whole);
    if found.is_empty() {
        return Err(no_data(input, &whole));
    }
    if let Some((problem, advice)) = partial(&whole, found.len()) {
        return Err(AcquireError::content(&input.file, problem, advice));
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

/// Why what a document holds is a part of it, and what to do.
fn partial(whole: &Value, found: usize) -> Option<(String, &'static str)> {
    let is_empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    if let Some(error) = whole.get("error").filter(|error| !is_empty(error)) {
        let places = ["/0/label", "/label", "/0/message", "/message", ""];
        let said = places
            .into_iter()
            .find_map(|at| error.pointer(at)?.as_str())
            .map_or_else(|| error.to_string(), str::to_owned);
        let problem = format!("holds an error message of the service beside figures: '{}'", excerpt(&said));
        return Some((problem, "ask for fewer cells, or again later"));
    }
    let items = whole.pointer("/link/item").filter(|_| whole.get("value").is_none()).and_then(Value::as_array);
    let is_link = |item: &&Value| item.get("value").is_none() || item.get("dimension").is_none();
    let links = items.into_iter().flatten().filter(is_link).count();
    let problem = format!("is a collection of {found} datasets with figures and {links} links without");
    (links > 0).then_some((problem, "download the datasets it links to"))
}

fn no_data(input: &Input, whole: &Value) -> AcquireError {
    let text = |pointer: &str| whole.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let places = [
        "/label",
        "/error/0/label",
        "/error/label",
        "/error/message",
        "/error/0/message",
        "/warning/label",
        "/warning/message",
        "/error",
    ];
    let said = places.into_iter().find_map(text).unwrap_or_default();
    match whole.get("class").and_then(Value::as_str) {
        _ if whole.get("error").is_some() => {
            let problem = format!("is an error message of the service: '{said}'");
            AcquireError::content(&input.file, problem, "ask for fewer cells or correct the query")
        }
        _ if whole.get("warning").is_some() => {
            let problem = format!("holds no figures but a notice of the service: '{said}'");
            AcquireError::content(&input.file, problem, "ask again later, or for fewer cells")
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
    let (cube, finer) = cube(input, name, dataset, ask)?;
    let misfit = |problem: String| AcquireError::content(&input.file, problem, "download the table again");
    let status = Statuses::of(dataset.get("status"), cube.cells).map_err(misfit)?;
    let signs = signs(dataset);
    let mut cell = |record: u64, flat: u64, value: Option<&Value>| {
        let mut raw = cube.at(flat, input.origin(record));
        raw.value = value.map(spelt).unwrap_or_default();
        raw.status = status.at(flat).map(|found| signs.get(found.as_str()).map_or(found, |said| (*said).to_owned()));
        sink(match &finer {
            Some(dimension) if !is_whole(&raw) => too_fine(input, record, dimension, &raw),
            _ => Record::Kept(raw),
        });
    };
    let count = match dataset.get("value").unwrap_or(&Value::Null) {
        Value::Array(values) if values.len() as u64 == cube.cells => {
            for (flat, value) in (0..).zip(values) {
                cell(flat + 1, flat, Some(value));
            }
            cube.cells
        }
        Value::Array(values) => {
            return Err(misfit(format!("has {} values for {} cells of its dimensions", values.len(), cube.cells)));
        }
        Value::Object(values) => {
            let placed = placed("value", values.iter(), cube.cells).map_err(misfit)?;
            if cube.cells <= MOST_CELLS {
                (0..cube.cells).for_each(|flat| cell(flat + 1, flat, placed.get(&flat).copied()));
                cube.cells
            } else {
                for (record, (flat, value)) in (1..).zip(placed) {
                    cell(record, flat, Some(value));
                }
                values.len() as u64
            }
        }
        _ => return Err(misfit("has a `value` that is neither an array nor an object".to_owned())),
    };
    let absent = absent(&input.file, dataset);
    for (record, detail) in (count + 1..).zip(&absent) {
        sink(input.reject(record, RejectReason::MissingField, detail.clone()));
    }
    Ok(count + absent.len() as u64)
}

/// Items that Eurostat was asked for and did not send, in words: it may have no figure of them, or have lost them.
fn absent(address: &str, dataset: &Map<String, Value>) -> Vec<String> {
    if !address.contains("/statistics/1.0/data/") {
        return Vec::new();
    }
    let missing = |(id, item): &(String, String)| {
        let category = dataset.get("dimension").and_then(|all| all.get(id)?.get("category"));
        let found = category.and_then(|category| codes(id, category).ok());
        found.is_some_and(|found| !found.iter().any(|code| code.eq_ignore_ascii_case(item)))
    };
    let said =
        |(id, item): (String, String)| format!("'{item}' of '{id}' was asked for, and the answer has none of it");
    asked_in(address).into_iter().filter(missing).map(said).collect()
}

/// What signs such as `..` stand for, where the dataset says so; letters are flags that are known.
fn signs(dataset: &Map<String, Value>) -> BTreeMap<&str, &str> {
    let labels = dataset.get("extension").and_then(|extension| extension.pointer("/status/label")?.as_object());
    let said = labels.into_iter().flatten().filter_map(|(sign, label)| Some((sign.as_str(), label.as_str()?)));
    said.filter(|(sign, _)| !sign.contains(char::is_alphanumeric)).collect()
}

/// A value as text; null is missing.
fn spelt(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Entries by the number of their cell.
fn placed<'a>(
    what: &str,
    entries: impl Iterator<Item = (&'a String, &'a Value)>,
    cells: u64,
) -> Result<BTreeMap<u64, &'a Value>, String> {
    let mut found = BTreeMap::new();
    for (key, entry) in entries {
        let Some(flat) = key.trim().parse::<u64>().ok().filter(|flat| *flat < cells) else {
            return Err(format!("has a {what} at '{}', outside its {cells} cells", excerpt(key)));
        };
        if found.insert(flat, entry).is_some() {
            return Err(format!("has more than one {what} at its cell {flat}, the last at '{}'", excerpt(key)));
        }
    }
    Ok(found)
}

/// Statuses of cells: one for all, by position, or by key.
enum Statuses<'a> {
    All(String),
    Listed(&'a [Value]),
    Placed(BTreeMap<u64, &'a Value>),
}

impl<'a> Statuses<'a> {
    /// An old form of Eurostat has them within `value`, beside what they stand for.
    fn of(status: Option<&'a Value>, cells: u64) -> Result<Self, String> {
        match status {
            Some(Value::Array(list)) => match list.as_slice() {
                [] => Ok(Self::All(String::new())),
                [one] => sign(one).map(Self::All),
                list if list.len() as u64 == cells => {
                    list.iter().try_for_each(|status| sign(status).map(drop))?;
                    Ok(Self::Listed(list))
                }
                list => Err(format!("has {} statuses for {cells} cells of its dimensions", list.len())),
            },
            Some(Value::Object(object)) => match object.get("value") {
                Some(inner) => Self::of(Some(inner), cells),
                None => {
                    let entries = object.iter().filter(|(key, _)| key.as_str() != "category");
                    let placed = placed("status", entries, cells)?;
                    placed.values().try_for_each(|status| sign(status).map(drop))?;
                    Ok(Self::Placed(placed))
                }
            },
            Some(one) => sign(one).map(Self::All),
            None => Ok(Self::All(String::new())),
        }
    }

    fn at(&self, flat: u64) -> Option<String> {
        let found = match self {
            Self::All(all) => Some(all.clone()),
            Self::Listed(list) => {
                usize::try_from(flat).ok().and_then(|at| list.get(at)).and_then(|status| sign(status).ok())
            }
            Self::Placed(placed) => placed.get(&flat).and_then(|status| sign(status).ok()),
        };
        found.filter(|found| !found.is_empty())
    }
}

/// A status as text; several of one cell stand side by side.
fn sign(status: &Value) -> Result<String, String> {
    let text = match status {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => list.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|signs| signs.join(" ")),
        _ => None,
    };
    text.ok_or_else(|| format!("has a status '{}' that is no text", excerpt(&status.to_string())))
}

/// Whether a figure of a dimension of small places is about all of them: the country or its total.
fn is_whole(raw: &RawObservation) -> bool {
    let name = plain(raw.area_name.as_deref().unwrap_or_default());
    matches!(name.as_str(), "total" | "catalunya" | "cataluna" | "catalonia")
        || ["T", "_T", "TOTAL", "CAT"].iter().any(|code| raw.area.eq_ignore_ascii_case(code))
}

/// A place within a province has names and codes that provinces have, too: its figure must not pass for theirs.
fn too_fine(input: &Input, record: u64, dimension: &str, raw: &RawObservation) -> Record<RawObservation> {
    let name = raw.area_name.as_deref().unwrap_or_default();
    let detail = format!("column area: '{} {name}' of '{dimension}' is finer than a province", raw.area);
    input.reject(record, RejectReason::BadValue, detail)
}

/// The cells, and the name of their dimension of areas where those are finer than provinces.
fn cube(
    input: &Input,
    name: &str,
    dataset: &Map<String, Value>,
    ask: StatisticsAsk<'_>,
) -> Result<(Cube, Option<String>), AcquireError> {
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
    let text = |key: &str| dataset.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
    let mut axes = Vec::new();
    for (id, size) in ids.iter().zip(sizes) {
        let found = dimension.get(id).ok_or_else(|| misfit(format!("does not describe its dimension '{id}'")))?;
        let mut axis = axis(id, found, part("role")).map_err(misfit)?;
        if is_national(id, &axis, text("source").unwrap_or_default()) {
            let name = format!("{} (CNO-11)", axis.dimension.name);
            axis.dimension = Dimension { name, role: Role::Other };
        }
        if axis.items.len() as u64 != size {
            return Err(misfit(format!("has {} items in its dimension '{id}' of size {size}", axis.items.len())));
        }
        axes.push(axis);
    }
    let areas = ids.iter().zip(&axes).find(|(_, axis)| axis.dimension.role == Role::Area);
    let is_finer = |name: &str| FINER.contains(&plain(name).as_str());
    let finer = areas.filter(|(id, axis)| is_finer(id) || is_finer(&axis.dimension.name));
    let finer = finer.map(|(_, axis)| axis.dimension.name.clone());
    let mut cube = Cube::new(&input.file, axes)?;
    let title = text("label").or_else(|| text("title")).or(Some(name)).filter(|title| !title.is_empty());
    cube.indicator = ask.indicator.or(title).unwrap_or_default().to_owned();
    cube.unit = ask.unit.unwrap_or_default().to_owned();
    let notes = dataset.get("note").map(texts).unwrap_or_default();
    cube.note = note(text("source").map(str::to_owned).into_iter().chain(notes));
    Ok((cube, finer))
}

/// Whether occupations are of Spain's own classification, whose codes look like those of ISCO-08: Idescat does not say.
fn is_national(id: &str, axis: &Axis, source: &str) -> bool {
    let name = axis.dimension.name.as_str();
    let is_catalan = plain(name).split(' ').any(|word| matches!(word, "ocupacio" | "ocupacions"));
    let says_isco = [id, name].iter().any(|text| {
        let text = text.to_lowercase();
        text.contains("isco") || text.contains("ciuo")
    });
    let is_isco_code =
        |code: &str| code.strip_prefix("OC").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    axis.dimension.role == Role::Occupation
        && (is_catalan || source.contains("Idescat"))
        && !says_isco
        && !axis.items.iter().any(|item| is_isco_code(&item.code))
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn axis(id: &str, description: &Value, roles: Option<&Value>) -> Result<Axis, String> {
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
    let items = codes(id, category)?.into_iter().map(|code| Item {
        label: labels.and_then(|labels| labels.get(&code)).and_then(Value::as_str).unwrap_or_default().to_owned(),
        unit: units.and_then(|units| units.get(&code)).and_then(unit),
        code,
    });
    Ok(Axis { dimension, items: items.collect() })
}

/// Codes in order: an array, an object of positions, or, for a single item, its label alone.
fn codes(id: &str, category: &Value) -> Result<Vec<String>, String> {
    match category.get("index") {
        Some(Value::Array(list)) => Ok(list.iter().map(spelt).collect()),
        Some(Value::Object(positions)) => {
            let mut codes: Vec<Option<&String>> = vec![None; positions.len()];
            for (code, at) in positions {
                let Some(place) = position(at).and_then(|at| codes.get_mut(at)) else {
                    let found = excerpt(&spelt(at));
                    let most = positions.len() - 1;
                    return Err(format!("has '{code}' of its dimension '{id}' at '{found}'; 0 to {most} was expected"));
                };
                if let Some(other) = place.replace(code) {
                    return Err(format!("has '{other}' and '{code}' of its dimension '{id}' at one place"));
                }
            }
            Ok(codes.into_iter().flatten().cloned().collect())
        }
        _ => {
            let labels: Vec<&String> =
                category.get("label").and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
            if labels.len() > 1 {
                let problem =
                    format!("does not say in which order the {} items of its dimension '{id}' stand", labels.len());
                return Err(problem);
            }
            Ok(labels.into_iter().cloned().collect())
        }
    }
}

/// A whole number, also as a text or with a fraction of nothing.
fn position(at: &Value) -> Option<usize> {
    let text = spelt(at);
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits};
    use crate::types::{SnapshotId, SourceId};

    /// Figures that were read, and why other records were not.
    fn read_from(address: &str, text: &str) -> Result<(Vec<RawObservation>, Vec<String>), String> {
        let (source, snapshot) = (SourceId::new("s").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: address.to_owned(), limits: Limits::default(), before: 0 };
        let (columns, mut kept, mut rejects) = (Columns::default(), Vec::new(), Vec::new());
        read(&input, text, StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(raw) => kept.push(raw),
            Record::Rejected(reject) => rejects.push(reject.detail),
        })
        .map_err(|e| e.to_string())?;
        Ok((kept, rejects))
    }

    /// Two years of Spain; design/sources.md 5.1.
    fn table(more: &str) -> String {
        format!(
            r#"{{"version":"2.0","class":"dataset","label":"Employed","id":["geo","time"],"size":[1,2],
            "role":{{"time":["time"]}},"dimension":{{"geo":{{"category":{{"index":{{"ES":0}}}}}},
            "time":{{"category":{{"index":{{"2023":0,"2024":1}}}}}}}},"value":{{"0":1.5}}{more}}}"#
        )
    }

    #[test]
    fn statuses_are_as_many_as_cells_or_one_for_all() {
        let status = |text: &str| {
            let read = read_from("t.json", &table(&format!(r#","status":{text}"#)))?;
            Ok::<_, String>(read.0.into_iter().map(|raw| raw.status.unwrap_or_default()).collect::<Vec<_>>())
        };
        assert_eq!(status(r#"["b","p"]"#).unwrap(), ["b", "p"]);
        assert_eq!(status(r#"["p"]"#).unwrap(), ["p", "p"]);
        assert_eq!(status("[]").unwrap(), ["", ""]);
        assert!(status(r#"["b","p","e"]"#).unwrap_err().contains("3 statuses for 2 cells"));
        assert_eq!(status(r#"{"0":["p","b"],"1":null}"#).unwrap(), ["p b", ""]);
        for other in ["5", r#"{"0":3}"#, r#"["b",{"label":"p"}]"#, "[5]", "true"] {
            assert!(status(other).unwrap_err().contains("that is no text"), "{other}");
        }
    }

    #[test]
    fn figures_beside_an_error_or_links_without_figures_are_a_part_and_refused() {
        let error = table(r#","error":[{"status":"500","label":"partial result: timeout"}]"#);
        let said = read_from("t.json", &error).unwrap_err();
        assert!(said.contains("error message of the service beside figures: 'partial result: timeout'"), "{said}");
        assert_eq!(read_from("t.json", &table(r#","error":[]"#)).unwrap().0.len(), 2);
        let collection = |items: &str| format!(r#"{{"class":"collection","link":{{"item":[{}{items}]}}}}"#, table(""));
        assert_eq!(read_from("t.json", &collection("")).unwrap().0.len(), 2);
        let said = read_from("t.json", &collection(r#",{"class":"dataset","href":"https://a.example"}"#)).unwrap_err();
        assert!(said.contains("1 datasets with figures and 1 links without"), "{said}");
    }

    #[test]
    fn a_sign_is_given_with_what_the_dataset_says_it_stands_for_and_a_letter_is_not() {
        let labels = r#","status":{"0":"b","1":".."},
            "extension":{"status":{"label":{"..":"dada confidencial","b":"break in time series"}}}"#;
        let (kept, _) = read_from("t.json", &table(labels)).unwrap();
        assert_eq!((kept[0].status.as_deref(), kept[1].status.as_deref()), (Some("b"), Some("dada confidencial")));
    }

    #[test]
    fn an_item_that_eurostat_was_asked_for_and_did_not_send_is_counted_and_named() {
        let address = "ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/x?lang=en&geo=ES&geo=EL&time=2023";
        let (kept, rejects) = read_from(address, &table("")).unwrap();
        assert_eq!(kept.len(), 2);
        assert_eq!(rejects, ["'EL' of 'geo' was asked for, and the answer has none of it"]);
        assert!(read_from("table.json?geo=EL", &table("")).unwrap().1.is_empty());
    }

    #[test]
    fn values_or_figures_that_are_given_twice_are_refused() {
        for (more, key) in [(r#","value":{"0":1.0}"#, "value"), (r#","status":{"0":"b","0":"p"}"#, "0")] {
            let said = read_from("t.json", &table(more)).unwrap_err();
            assert!(said.contains(&format!("the key '{key}' stands twice")), "{said}");
        }
    }
}
