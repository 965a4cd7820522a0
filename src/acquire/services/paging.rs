//! Numbers and ids as services write them: some as numbers, some as text.

use serde_json::Value;

/// The largest whole number up to which every one is its own as a fraction.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A whole number, also as text, or written with a fraction of nothing: `40.0`.
pub(super) fn number(value: &Value) -> Option<u64> {
    let fraction = || value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=EXACT).contains(number));
    let whole = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    whole.or_else(|| format!("{:.0}", fraction()?).parse().ok())
}

/// An id as text, also of a number; nothing where it is blank.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_ids_are_read_whether_they_are_numbers_or_text() {
        assert_eq!([json!(72), json!("72"), json!(" 72 ")].map(|value| number(&value)), [Some(72); 3]);
        assert_eq!([json!("many"), json!(-1), json!(null), json!([72])].map(|value| number(&value)), [None; 4]);
        assert_eq!([json!(72.0), json!(72.5), json!(-72.0)].map(|value| number(&value)), [Some(72), None, None]);
        assert_eq!(id(&json!(1001)).as_deref(), Some("1001"));
        assert_eq!(id(&json!(" 1001")).as_deref(), Some("1001"));
        assert_eq!([json!(" "), json!(null), json!({})].map(|value| id(&value)), [None, None, None]);
    }
}
