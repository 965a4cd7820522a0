//! XML as the JSON that says the same: elements become keys, repeated ones lists, texts with a language become maps of
//! languages, `uri` and `idref` become ids. Namespace prefixes are dropped.

use super::error::AcquireError;
use super::multilingual::{is_language_map, short_code};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Deepest nesting read.
const DEEPEST: usize = 128;

/// Elements that hold images, signatures or layout, and nothing we read.
const SKIPPED: [&str; 6] =
    ["content", "proof", "displayParameters", "displayParameter", "verificationChecks", "Signature"];

/// HTML's names of the letters from U+00A0 to U+00FF, which feeds use though XML has no such names.
#[rustfmt::skip]
const LATIN: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not",
    "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1",
    "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml",
    "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH",
    "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc",
    "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute",
    "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];
/// The same of the signs that editors put for ASCII's.
const SIGNS: [(&str, char); 11] = [
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("hellip", '…'),
    ("euro", '€'),
    ("trade", '™'),
];

/// Name of the root element and its content.
///
/// # Errors
/// When it is no well-formed XML, or nested too deep.
pub(super) fn parse(file: &str, xml: &str) -> Result<(String, Value), AcquireError> {
    let mut reader = Reader::from_str(xml);
    // Feeds write `R & D`, and mean no entity.
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    loop {
        let at = reader.buffer_position();
        let damaged = |cause: &dyn std::fmt::Display| {
            let problem = format!("is no well-formed XML ({cause}, {at} bytes into it)");
            AcquireError::content(file, problem, "obtain it again")
        };
        match reader.read_event().map_err(|e| damaged(&e))? {
            Event::Start(start) if open.len() == DEEPEST => {
                let problem = format!("nests elements deeper than {DEEPEST} at <{}>", local(&start));
                return Err(AcquireError::content(file, problem, "look at what it is"));
            }
            Event::Start(start) if SKIPPED.contains(&local(&start).as_str()) => {
                reader.read_to_end(start.name()).map_err(|e| damaged(&e))?;
            }
            Event::Start(start) => open.push(Element::new(&start)),
            Event::Empty(start) => {
                let element = Element::new(&start);
                match open.last_mut() {
                    Some(parent) => parent.take(element),
                    None => return Ok((element.name.clone(), element.value())),
                }
            }
            Event::End(_) => {
                let Some(element) = open.pop() else { return Err(damaged(&"an element ends that never began")) };
                match open.last_mut() {
                    Some(parent) => parent.take(element),
                    None => return Ok((element.name.clone(), element.value())),
                }
            }
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(entity) => {
                let known = entity.resolve_char_ref().ok().flatten().map(String::from);
                let name = entity.xml10_content();
                let known = known.or_else(|| quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned));
                let known = known.or_else(|| letter(&name).map(String::from));
                // Entities a document defines itself stay as written: nothing we read needs them.
                add(&mut open, &known.unwrap_or_else(|| format!("&{name};")));
            }
            Event::Eof => return Err(damaged(&"it ends inside its root element")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// The letter or sign that HTML has under this name.
fn letter(name: &str) -> Option<char> {
    let latin = LATIN.iter().zip('\u{A0}'..).find(|(known, _)| **known == name).map(|(_, letter)| letter);
    latin.or_else(|| SIGNS.iter().find(|(known, _)| *known == name).map(|(_, sign)| *sign))
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

#[derive(Default)]
struct Element {
    name: String,
    prefixed: bool,
    language: Option<String>,
    id: Option<String>,
    members: Map<String, Value>,
    /// Names of members that came without a prefix.
    bare: BTreeSet<String>,
    text: String,
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Self {
        let prefixed = start.name().prefix().is_some();
        let mut element = Self { name: local(start), prefixed, ..Self::default() };
        for attribute in start.attributes().flatten() {
            let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else { continue };
            match attribute.key.local_name().as_ref() {
                "lang" | "language" => element.language = Some(short_code(&value)),
                "uri" | "idref" | "id" => element.id = Some(value.into_owned()),
                _ => {}
            }
        }
        element
    }

    fn take(&mut self, child: Element) {
        let (name, prefixed) = (child.name.clone(), child.prefixed);
        let value = child.value();
        if value.is_null() {
            return;
        }
        let was_bare = self.bare.contains(&name);
        match self.members.get_mut(&name) {
            None => {
                self.members.insert(name.clone(), value);
            }
            // `<media:title>` is another thing than the `<title>` beside it, which goes first.
            Some(_) if was_bare && prefixed => {}
            Some(known) if !was_bare && !prefixed => *known = value,
            Some(known) => merge(known, value),
        }
        if !prefixed {
            self.bare.insert(name);
        }
    }

    fn value(mut self) -> Value {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.members.is_empty() {
            return match (text.is_empty(), self.language, self.id) {
                (true, _, None) => Value::Null,
                (true, _, Some(id)) => one("id", id),
                (false, Some(language), _) => one(&language, text),
                (false, None, None) => Value::String(text),
                (false, None, Some(id)) => {
                    let mut map = Map::new();
                    map.insert("id".to_owned(), Value::String(id));
                    map.insert("#text".to_owned(), Value::String(text));
                    Value::Object(map)
                }
            };
        }
        if self.members.len() == 1
            && self.members.get("text").and_then(Value::as_object).is_some_and(is_language_map)
            && let Some(texts) = self.members.remove("text")
        {
            return texts;
        }
        if let Some(id) = self.id {
            self.members.entry("id").or_insert(Value::String(id));
        }
        Value::Object(self.members)
    }
}

fn one(key: &str, text: String) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), Value::String(text))]))
}

/// A further element of a name: another language of the same text, or one more of a list.
fn merge(known: &mut Value, value: Value) {
    if let (Value::Object(texts), Value::Object(further)) = (&mut *known, &value)
        && is_language_map(texts)
        && is_language_map(further)
        && further.keys().all(|code| !texts.contains_key(code))
    {
        texts.extend(further.clone());
        return;
    }
    match known {
        Value::Array(list) => list.push(value),
        other => *other = Value::Array(vec![other.take(), value]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_ways_of_stating_a_language_give_one_map_and_references_give_ids() {
        let xml = "<?xml version='1.0'?><a:r xmlns:a='x'><title><text lang='en'>A &amp; B</text>\
                   <text lang='es'>A y\n   B&#33;</text></title><name language='en'>n</name><name language='nl'>m</name>\
                   <o idref='#1'/><o idref='#2'/><level uri='http://e/6'/><content>aGk=</content><empty/></a:r>";
        let (root, value) = parse("f.xml", xml).unwrap();
        assert_eq!(root, "r");
        let expected = json!({
            "title": {"en": "A & B", "es": "A y B!"}, "name": {"en": "n", "nl": "m"},
            "o": [{"id": "#1"}, {"id": "#2"}], "level": {"id": "http://e/6"}
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn names_of_letters_are_resolved_and_a_bare_ampersand_is_one() {
        let item = "<item><title>A&nbsp;B &copy; caf&eacute; &ndash; R & D; &unknown;</title><a>x & y</a></item>";
        let (_, value) = parse("f.xml", item).unwrap();
        assert_eq!(value, json!({"title": "A B © café – R & D; &unknown;", "a": "x & y"}));
        assert_eq!((letter("nbsp"), letter("yuml"), letter("amp")), (Some('\u{A0}'), Some('ÿ'), None));
    }

    #[test]
    fn a_prefix_makes_another_thing_of_a_name_and_a_child_says_more_than_an_attribute() {
        let item = "<item id='77'><m:title>other</m:title><title>own</title><d:title>third</d:title><id>8</id></item>";
        assert_eq!(parse("f.xml", item).unwrap().1, json!({"title": "own", "id": "8"}));
        let both = "<x:r><x:t>a</x:t><x:t>b</x:t></x:r>";
        assert_eq!(parse("f.xml", both).unwrap().1, json!({"t": ["a", "b"]}));
    }

    #[test]
    fn entities_of_its_own_are_not_expanded_and_depth_is_bounded() {
        let bomb = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><r><t>x&b;y</t></r>";
        assert_eq!(parse("f.xml", bomb).unwrap().1, json!({"t": "x&b;y"}));
        let deep = "<d>".repeat(100_000);
        assert!(parse("f.xml", &deep).unwrap_err().to_string().contains("deeper than 128"));
        assert!(parse("f.xml", "<r><t>").unwrap_err().to_string().contains("f.xml"));
    }
}
