//! JSON in which every key of an object stands once: of two values under one key nobody can say which figure holds.

use crate::acquire::mend::escape;
use crate::acquire::{AcquireError, Input};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::{Entry, Map};
use serde_json::{Number, Value};
use std::fmt;

/// The document of a text; half a character in one of its strings does not cost the others.
///
/// # Errors
/// When it is no JSON, or a key stands twice in one of its objects.
pub(super) fn strict(input: &Input, text: &str) -> Result<Value, AcquireError> {
    let whole = document(text).or_else(|e| document(escape(text).trim()).map_err(|_| e));
    whole.map_err(|e| AcquireError::damaged(&input.file, &e))
}

fn document(text: &str) -> Result<Value, serde_json::Error> {
    let mut document = serde_json::Deserializer::from_str(text);
    Strict.deserialize(&mut document).and_then(|whole| document.end().map(|()| whole))
}

/// Builds a value as `serde_json` does, and refuses a key that comes again.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Strict)?;
            match object.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(before) => {
                    return Err(A::Error::custom(format_args!("the key '{}' stands twice", before.key())));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::Limits;
    use crate::types::{SnapshotId, SourceId};

    fn read(text: &str) -> Result<Value, String> {
        let (source, snapshot) = (SourceId::new("s").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "table.json".to_owned(), limits: Limits::default(), before: 0 };
        strict(&input, text).map_err(|e| e.to_string())
    }

    #[test]
    fn a_key_that_stands_twice_in_an_object_is_refused_by_its_name() {
        for (text, key) in [
            (r#"{"value":{"0":10.0},"id":["geo"],"value":{"0":1.0}}"#, "value"),
            (r#"{"value":{"0":99999.0,"1":2,"0":10.0}}"#, "0"),
            (r#"[{"Data":[{"Anyo":2025,"Valor":100.5,"Valor":5.0}]}]"#, "Valor"),
            (r#"[{"page":1},[{"date":"2023","date":"1950"}]]"#, "date"),
            // The same key, once written with an escape.
            (r#"{"date":1,"d\u0061te":1}"#, "date"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains("table.json") && said.contains(&format!("'{key}' stands twice")), "{said}");
        }
    }

    #[test]
    fn half_a_character_costs_itself_only_and_hides_no_key_that_stands_twice() {
        assert_eq!(read(r#"{"a":"half \ud800","b":1}"#).unwrap(), serde_json::json!({"a": "half \u{fffd}", "b": 1}));
        assert!(read(r#"{"a":"half \ud800","b":1,"b":2}"#).is_err());
    }

    #[test]
    fn every_other_document_is_what_it_is_elsewhere() {
        let text =
            r#" {"a":[null,true,-0,1e3,0.1,18446744073709551615,"ñ\u00f1"],"b":{"a":{}},"c":[{"a":1},{"a":2}]} "#;
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&read(r#"{"b":1,"a":2}"#).unwrap()), ["b", "a"]);
        let deep = "[".repeat(200);
        for broken in ["{\"a\":1", "{\"a\":1} x", "{\"a\":1e400}", deep.as_str()] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}
