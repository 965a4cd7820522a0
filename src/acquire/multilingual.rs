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

    /// Every text of a value in the best language there is; `text` is the first of them.
    pub(super) fn texts(&self, value: &Value) -> Vec<String> {
        self.found(value, DEEPEST).into_iter().map(|(text, _)| text).collect()
    }

    /// The same with its paragraphs on lines of their own.
    pub(super) fn prose(&self, value: &Value) -> Option<String> {
        Some(self.texts(value).join("\n")).filter(|text| !text.is_empty())
    }

    /// The text of a value with the code of its language, where that is stated.
    pub(super) fn said(&self, value: &Value) -> Option<(String, Option<String>)> {
        self.found(value, DEEPEST).into_iter().next()
    }

    fn found(&self, value: &Value, depth: usize) -> Vec<(String, Option<String>)> {
        let Some(deeper) = depth.checked_sub(1) else { return Vec::new() };
        match value {
            Value::Null => Vec::new(),
            Value::String(text) => present(text).map(|text| (text.to_owned(), None)).into_iter().collect(),
            Value::Number(number) => vec![(number.to_string(), None)],
            Value::Bool(flag) => vec![(flag.to_string(), None)],
            Value::Array(list) => {
                let best = self.best(&list.iter().flat_map(tagged).collect::<Vec<_>>());
                if best.is_empty() { list.iter().flat_map(|one| self.found(one, deeper)).collect() } else { best }
            }
            Value::Object(map) => {
                let best = self.best(&tagged(value));
                if !best.is_empty() {
                    return best;
                }
                let keys = ["@value", "noteLiteral", "prefLabel", "targetName", "name", "title", "#text", "value"];
                let mut inner = keys.iter().filter_map(|key| map.get(*key)).map(|inner| self.found(inner, deeper));
                inner.find(|found| !found.is_empty()).unwrap_or_default()
            }
        }
    }

    /// The texts of the preferred language among these, and without any those of the first. Two regions of a language
    /// say the same, and only one of them is read.
    fn best(&self, texts: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let preferred = self.0.iter().find_map(|code| texts.iter().find(|(of, _)| short_code(of) == *code));
        let Some((chosen, _)) = preferred.or(texts.first()) else { return Vec::new() };
        let language = Some(short_code(chosen)).filter(|code| !code.is_empty() && !is_no_language(code));
        let of_chosen = texts.iter().filter(|(of, _)| of.eq_ignore_ascii_case(chosen));
        of_chosen.map(|(_, text)| ((*text).to_owned(), language.clone())).collect()
    }
}

/// The texts of a value that stand under a language, each with its code as spelt.
fn tagged(value: &Value) -> Vec<(&str, &str)> {
    match value {
        Value::Object(map) if is_language_map(map) => {
            let all = map.iter().flat_map(|(code, texts)| many(texts).iter().map(move |text| (code.as_str(), text)));
            all.filter_map(|(code, text)| Some((code, present(text.as_str()?)?))).collect()
        }
        _ => stated(value).into_iter().collect(),
    }
}

/// `{language, value}` or `{@language, @value}`.
fn stated(value: &Value) -> Option<(&str, &str)> {
    let language = value.get("language").or_else(|| value.get("@language"))?.as_str()?;
    let text = value.get("value").or_else(|| value.get("@value"))?.as_str()?;
    Some((language, present(text)?))
}

fn present(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}

/// The keyword of JSON-LD for a text in no language, and its usual alias.
fn is_no_language(code: &str) -> bool {
    matches!(code, "@none" | "none")
}

/// Whether an object is texts by language. `id` is never a language here.
pub(super) fn is_language_map(map: &Map<String, Value>) -> bool {
    let is_code = |code: &str| {
        let main = code.split(['-', '_']).next().unwrap_or_default();
        let is_short = matches!(main.len(), 2 | 3) && main.bytes().all(|b| b.is_ascii_alphabetic());
        is_no_language(code) || is_short && !code.eq_ignore_ascii_case("id")
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
        let mut stated = names.iter().filter_map(|name| node.get(*name)).map(|value| members(value, DEEPEST));
        let found = stated.find(|members| !members.is_empty()).unwrap_or_default();
        found.into_iter().map(|one| self.follow(one)).collect()
    }
}

/// The values of a property, also out of lists in lists and out of the `@list` and `@set` of JSON-LD.
fn members(value: &Value, depth: usize) -> Vec<&Value> {
    let Some(deeper) = depth.checked_sub(1) else { return Vec::new() };
    let listed = |map: &Map<String, Value>| map.len() == 1 && (map.contains_key("@list") || map.contains_key("@set"));
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().flat_map(|one| members(one, deeper)).collect(),
        Value::Object(map) if listed(map) => map.values().flat_map(|list| members(list, deeper)).collect(),
        one => vec![one],
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
    fn every_text_of_the_chosen_language_is_found_and_of_two_regions_one() {
        let voice = Voice::new(None);
        let two = [
            json!({"en": ["x", "y"], "de": ["z"]}),
            json!([{"en": "x"}, {"en": "y"}]),
            json!([{"@language": "en", "@value": "x"}, {"@language": "EN", "@value": "y"}]),
            json!([{"de": "z"}, {"language": "en-GB", "value": "x"}, {"language": "en-GB", "value": "y"}]),
            json!([[["x"], [{"language": "en", "value": "y"}]]]),
        ];
        for value in two {
            assert_eq!(voice.texts(&value), ["x", "y"], "{value}");
            assert_eq!((voice.text(&value).as_deref(), voice.prose(&value).as_deref()), (Some("x"), Some("x\ny")));
        }
        assert_eq!(voice.texts(&json!({"en-GB": "colour", "en-US": "color"})), ["colour"]);
        assert_eq!((voice.texts(&json!([null, " "])), voice.prose(&json!({"en": []}))), (Vec::new(), None));
    }

    #[test]
    fn codes_of_languages_may_be_in_capitals_and_a_text_may_be_in_none() {
        let said = |value: Value| Voice::new(None).said(&value);
        assert_eq!(said(json!({"DE": "drei", "EN": "three"})), Some(("three".to_owned(), Some("en".to_owned()))));
        for none in ["@none", "none"] {
            assert_eq!(said(json!({none: "three"})), Some(("three".to_owned(), None)));
            assert_eq!(said(json!({none: "3", "en": "three"})), Some(("three".to_owned(), Some("en".to_owned()))));
        }
        assert_eq!((said(json!({"ID": "urn:x:1"})), said(json!({"id": "urn:x:1"}))), (None, None));
    }

    #[test]
    fn the_values_of_a_property_are_found_however_they_are_listed() {
        let (a, b) = (json!({"title": "A"}), json!({"title": "B"}));
        for listed in [
            json!([a, b]),
            json!({"@list": [a, b]}),
            json!({"@set": [a, null, b]}),
            json!([[a], [b]]),
            json!([{"@list": [a]}, null, b]),
        ] {
            let node = json!({"none": {"@set": []}, "of": listed});
            assert_eq!(Graph::default().all(&node, &["none", "of"]), [&a, &b], "{node}");
        }
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
