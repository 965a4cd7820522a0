//! What an edition is made from, written into its findings so that two of them can be compared wherever they lie.

use super::inputs::{LAYOUT, plan_part};
use super::{Plan, Run, Stage, name_of};
use crate::store::hash_bytes;
use crate::types::EditionInputs;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Longest word shown as it is.
const SHOWN_CHARS: usize = 40;
/// Digits of the hash in the place of longer ones.
const HASH_DIGITS: usize = 12;
/// Parts of the plan that no figure depends on, or that the frame of the findings says.
const ELSEWHERE: [&str; 4] = ["as_of", "language", "also_in", "synthetic"];
/// Keys of a source or programme that are told by its files, or change no figure.
const NO_SETTING: [&str; 5] = ["id", "kind", "path", "licence", "title"];

/// Program, kinds of sources and settings of a run whose stages before `report` are done.
pub(super) fn inputs(run: &Run<'_>) -> EditionInputs {
    let mut plan = settings(run.plan);
    let stages = [Stage::Clean, Stage::Extract, Stage::Link, Stage::Measure];
    for (name, hash) in stages.into_iter().filter_map(|s| run.manifest(s)).flat_map(|m| m.inputs) {
        let key = match name.split_once(' ') {
            Some(("model", model)) => format!("link.model {model}"),
            Some(("review", part)) => format!("review.{part}"),
            None if name == "vectors" => "taxonomy.vectors".to_owned(),
            _ => continue,
        };
        plan.insert(key, short(&hash));
    }
    EditionInputs {
        program: format!("{} layout {LAYOUT}", env!("CARGO_PKG_VERSION")),
        sources: run.plan.sources.iter().map(|s| (s.id.to_string(), name_of(&s.kind))).collect(),
        plan,
    }
}

/// Every setting that a figure may depend on, taken from what makes a stage run again: `measure.top_k`,
/// `source.boards.columns`, `programme.mc-1.target_occupations`.
fn settings(plan: &Plan) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    for stage in [Stage::Acquire, Stage::Clean, Stage::Extract, Stage::Link, Stage::Measure] {
        let Ok(Value::Object(part)) = serde_json::from_str(&plan_part(plan, stage)) else { continue };
        match stage {
            Stage::Extract | Stage::Link => table(stage.name(), &part, &mut settings),
            _ => part.iter().filter(|(name, _)| is_read(stage, name)).for_each(|p| tables(p, &mut settings)),
        }
    }
    settings
}

/// `clean` also depends on rules of the catalogue's checks, sources told by `acquire`, and titles.
fn is_read(stage: Stage, name: &str) -> bool {
    if stage == Stage::Clean { name == "clean" } else { !ELSEWHERE.contains(&name) }
}

fn tables((name, value): (&String, &Value), settings: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(keys) => table(name, keys, settings),
        Value::Array(items) if items.iter().all(|i| i.get("id").is_some()) => {
            for item in items.iter().filter_map(Value::as_object) {
                let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
                let mut keys = item.clone();
                keys.retain(|key, value| !NO_SETTING.contains(&key.as_str()) && !is_unset(value));
                if let Some(join) = keys.get_mut("join").and_then(Value::as_object_mut) {
                    join.remove("path");
                }
                table(&format!("{}.{id}", name.trim_end_matches('s')), &keys, settings);
            }
        }
        other => drop(settings.insert(name.clone(), shown(other))),
    }
}

fn is_unset(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

fn table(name: &str, keys: &Map<String, Value>, settings: &mut BTreeMap<String, String>) {
    let set = keys.iter().filter(|(_, value)| !is_unset(value));
    settings.extend(set.map(|(key, value)| (format!("{name}.{key}"), shown(value))));
}

/// A number, a word or a day as it is; anything else by its hash, so that no text or path of a plan is published by this.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        // A threshold of 32 bits reads 0.6 and not 0.6000000238418579.
        Value::Number(number) => match number.as_f64() {
            Some(wide) if number.is_f64() && is_narrow(wide) => (wide as f32).to_string(),
            _ => number.to_string(),
        },
        other => other.to_string(),
    };
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let is_plain = is_word && text.len() <= SHOWN_CHARS;
    if is_plain { text } else { short(&hash_bytes(text.as_bytes())) }
}

/// Whether a number has no more digits than 32 bits hold; reading may move its last bit.
fn is_narrow(wide: f64) -> bool {
    (f64::from(wide as f32) - wide).abs() <= wide.abs() * 1e-14
}

fn short(hash: &str) -> String {
    hash.chars().take(HASH_DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "name = 'x'\ntitle = 'X'\nas_of = '2026-06-30'\n\
        [[source]]\nid = 'boards'\nkind = 'postings'\npath = 'a.csv'\nretrieved_on = '2026-06-30'\n\
        [source.columns]\ntitle = 'puesto'\n\
        [[source]]\nid = 'esco'\nkind = 'taxonomy'\npath = 'b'\n\
        [[source]]\nid = 'offer'\nkind = 'credentials'\npath = 'c.csv'\n\
        [[programme]]\nid = 'mc-1'\ntitle = 'One'\ncredentials = ['C1']\n\
        [extract]\naccept = 0.7\n[measure]\ntop_k = 5\n";

    fn of(text: &str) -> BTreeMap<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.toml");
        crate::store::write_atomic(&path, text.as_bytes()).unwrap();
        settings(&Plan::read(&path).unwrap())
    }

    #[test]
    fn settings_are_named_as_the_plan_spells_them_and_lists_are_hashes() {
        let found = of(PLAN);
        for (key, value) in
            [("measure.top_k", "5"), ("extract.accept", "0.7"), ("source.boards.retrieved_on", "2026-06-30")]
        {
            assert_eq!(found.get(key).map(String::as_str), Some(value), "{key} in {found:?}");
        }
        let columns = &found["source.boards.columns"];
        assert!(columns.len() == HASH_DIGITS && !columns.contains("puesto"), "{columns}");
        assert!(found.contains_key("programme.mc-1.credentials"), "{found:?}");
    }

    #[test]
    fn names_of_files_titles_and_the_day_are_no_settings_and_every_other_change_shows() {
        let other = PLAN
            .replace("'a.csv'", "'z.csv'")
            .replace("'One'", "'Two'")
            .replace("as_of = '2026-06", "as_of = '2026-05");
        assert_eq!(of(PLAN), of(&other.replace("05-30'\n[[", "05-30'\nalso_in = ['es']\n[[")));
        for (from, to, key) in [
            ("puesto", "titulo", "source.boards.columns"),
            ("top_k = 5", "top_k = 6", "measure.top_k"),
            ("['C1']", "['C2']", "programme.mc-1.credentials"),
        ] {
            let (one, two) = (of(PLAN), of(&PLAN.replace(from, to)));
            let changed: Vec<&String> = one.keys().filter(|k| one.get(*k) != two.get(*k)).collect();
            assert_eq!(changed, [key]);
        }
    }
}
