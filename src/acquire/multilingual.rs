//! Values that may be one or many, in one language or several, inline or by reference: what JSON-LD, OOAPI and
//! schema.org have in common.

use crate::types::Lang;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Nesting that is followed inside a value.
const DEEPEST: usize = 8;

/// Which of several languages to read, first choice first.
#[derive(Debug, Clone)]
pub(super) struct Voice(Vec<String>);

impl Voice {
    /// The language the plan declares, then English, Spanish, Catalan, Arabic, then whatever comes first.
    pub(super) fn new(declared: Option<Lang>) -> Self {
        let fixed = Lang::ALL.iter().map(|lang| lang.code().to_owned());
        Self(declared.map(|lang| lang.code().to_owned()).into_iter().chain(fixed).collect())
    }

    /// The same with the document's own language before the fixed order; what the plan declares stays first.
    pub(super) fn within(&self, document: Option<&str>) -> Self {
        let at = self.0.len().saturating_sub(Lang::ALL.len());
        let mut codes = self.0.clone();
        codes.splice(at..at, document.map(short_code));
        Self(codes)
    }

    /// The text of a value, in the best language there is.
    pub(super) fn text(&self, value: &Value) -> Option<String> {
        self.said(value).map(|(text, _)| text)
    }

    /// The text of a value with the code of its language, where that is stated.
    pub(super) fn said(&self, value: &Value) -> Option<(String, Option<String>)> {
        self.said_within(value, DEEPEST)
    }

    fn said_within(&self, value: &Value, depth: usize) -> Option<(String, Option<String>)> {
        let deeper = depth.checked_sub(1)?;
        match value {
            Value::String(text) => present(text).map(|text| (text, None)),
            Value::Number(number) => Some((number.to_string(), None)),
            Value::Bool(flag) => Some((flag.to_string(), None)),
            Value::Array(list) => {
                let stated = list.iter().filter_map(stated).collect::<Vec<_>>();
                self.best(stated).or_else(|| list.iter().find_map(|one| self.said_within(one, deeper)))
            }
            Value::Object(map) if is_language_map(map) => {
                let texts = map.iter().filter_map(|(code, v)| Some((short_code(code), first_string(v)?)));
                self.best(texts.collect())
            }
            Value::Object(map) => stated(value).map(|(code, text)| (text, Some(code))).or_else(|| {
                let keys = ["@value", "noteLiteral", "prefLabel", "targetName", "name", "title", "#text", "value"];
                keys.iter().filter_map(|key| map.get(*key)).find_map(|inner| self.said_within(inner, deeper))
            }),
            Value::Null => None,
        }
    }

    fn best(&self, texts: Vec<(String, String)>) -> Option<(String, Option<String>)> {
        let preferred = self.0.iter().find_map(|code| texts.iter().find(|(of, _)| of == code));
        preferred.or(texts.first()).map(|(code, text)| (text.clone(), Some(code.clone())))
    }
}

/// `{language, value}` or `{@language, @value}`.
fn stated(value: &Value) -> Option<(String, String)> {
    let get = |keys: [&str; 2]| keys.iter().find_map(|key| value.get(*key)).and_then(Value::as_str);
    Some((short_code(get(["language", "@language"])?), present(get(["value", "@value"])?)?))
}

fn first_string(value: &Value) -> Option<String> {
    many(value).iter().find_map(|v| v.as_str()).and_then(present)
}

fn present(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Whether an object is texts by language. `id` is never a language here.
pub(super) fn is_language_map(map: &Map<String, Value>) -> bool {
    let is_code = |code: &str| {
        let main = code.split(['-', '_']).next().unwrap_or_default();
        matches!(main.len(), 2 | 3) && code != "id" && main.bytes().all(|b| b.is_ascii_lowercase())
    };
    let is_text = |value: &Value| many(value).iter().all(Value::is_string);
    !map.is_empty() && map.iter().all(|(code, value)| is_code(code) && is_text(value))
}

/// ISO 639-1 of our languages and their neighbours, from any usual code or URI; of others the code as it is.
pub(super) fn short_code(code: &str) -> String {
    let last = code.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let main = last.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match main.as_str() {
        "eng" => "en".to_owned(),
        "spa" => "es".to_owned(),
        "cat" => "ca".to_owned(),
        "ara" => "ar".to_owned(),
        "deu" | "ger" => "de".to_owned(),
        "fra" | "fre" => "fr".to_owned(),
        "ita" => "it".to_owned(),
        "nld" | "dut" => "nl".to_owned(),
        "por" => "pt".to_owned(),
        _ => main,
    }
}

/// A property as a list, whether it is one value or many.
pub(super) fn many(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// The types a node states, without their namespaces.
pub(super) fn types(node: &Value) -> Vec<&str> {
    let stated = ["type", "@type"].iter().filter_map(|key| node.get(*key)).flat_map(many);
    stated.filter_map(Value::as_str).map(|name| name.rsplit(['/', '#', ':']).next().unwrap_or(name)).collect()
}

/// The URI a value is or has.
pub(super) fn uri(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| ["id", "@id", "uri", "url"].iter().find_map(|key| value.get(*key)?.as_str()))
}

/// Nodes of a document by their ids, so that references can be followed.
#[derive(Debug, Default)]
pub(super) struct Graph<'v>(BTreeMap<&'v str, &'v Value>);

impl<'v> Graph<'v> {
    /// Finds every node with an id and something to say.
    pub(super) fn of(document: &'v Value) -> Self {
        let mut graph = Self::default();
        let mut open = vec![document];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(list) => open.extend(list),
                Value::Object(map) => {
                    if let Some(id) = uri(value)
                        && !is_reference(map)
                    {
                        graph.0.entry(id).or_insert(value);
                    }
                    open.extend(map.values());
                }
                _ => {}
            }
        }
        graph
    }

    /// The node a value refers to, or the value itself.
    pub(super) fn follow(&self, value: &'v Value) -> &'v Value {
        let is_reference = value.as_object().is_none_or(is_reference);
        let id = if is_reference { uri(value) } else { None };
        id.and_then(|id| self.0.get(id).copied()).unwrap_or(value)
    }

    /// A copy of a node with the nodes that some of its properties refer to in the places of the references.
    pub(super) fn filled(&self, node: &'v Value, names: &[&str]) -> Value {
        let follow = |value: &'v Value| if value.is_object() { self.follow(value).clone() } else { value.clone() };
        let mut whole = node.clone();
        for name in names {
            if let (Some(stated), Some(slot)) = (node.get(*name), whole.get_mut(*name)) {
                *slot = match stated {
                    Value::Array(list) => Value::Array(list.iter().map(follow).collect()),
                    one => follow(one),
                };
            }
        }
        whole
    }

    /// Every value of the first property of these names that is there, references followed.
    pub(super) fn all(&self, node: &'v Value, names: &[&str]) -> Vec<&'v Value> {
        let found = names.iter().filter_map(|name| node.get(*name)).find(|v| !many(v).is_empty());
        found.map_or_else(Vec::new, |v| many(v).iter().map(|one| self.follow(one)).collect())
    }
}

fn is_reference(map: &Map<String, Value>) -> bool {
    map.keys().all(|key| matches!(key.as_str(), "id" | "@id" | "type" | "@type"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_plan_s_language_comes_first_then_the_document_s_then_a_fixed_order() {
        let map = json!({"de": "drei", "ca": "tres-ca", "es": "tres-es"});
        assert_eq!(Voice::new(Some(Lang::Ca)).text(&map).as_deref(), Some("tres-ca"));
        assert_eq!(Voice::new(None).within(Some("DEU")).text(&map).as_deref(), Some("drei"));
        assert_eq!(Voice::new(Some(Lang::Es)).within(Some("de")).text(&map).as_deref(), Some("tres-es"));
        assert_eq!(Voice::new(None).text(&map).as_deref(), Some("tres-es"));
        assert_eq!(Voice::new(None).text(&json!({"de": "drei", "nl": "drie"})).as_deref(), Some("drei"));
    }

    #[test]
    fn one_text_is_found_however_it_is_wrapped() {
        let voice = Voice::new(None);
        let wrapped = [
            json!("x"),
            json!(["", "x"]),
            json!({"en": ["x"]}),
            json!({"@value": "x", "@language": "en"}),
            json!([{"language": "nl-NL", "value": "y"}, {"language": "en-GB", "value": "x"}]),
            json!({"type": "Note", "noteLiteral": {"en": "x"}}),
        ];
        for value in wrapped {
            assert_eq!(voice.text(&value).as_deref(), Some("x"), "{value}");
        }
        assert_eq!(voice.text(&json!({"id": "http://example.org/1"})), None);
    }

    #[test]
    fn a_reference_is_followed_to_the_node_that_says_more() {
        let document = json!([{"spec": {"id": "a"}}, {"spec": "a"}, {"id": "a", "title": "T"}]);
        let graph = Graph::of(&document);
        for at in 0..2 {
            let found = graph.all(&document[at], &["missing", "spec"]);
            assert_eq!(found[0]["title"], "T");
        }
    }
}
