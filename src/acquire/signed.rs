//! Signed credentials: the payload of a JSON Web Signature, compact or as JSON. Signatures are not verified.

use serde_json::Value;

/// Whether a text is a compact signature, or at least begins as one: base64url of `{"`.
pub(super) fn is_compact(text: &str) -> bool {
    let text = text.trim();
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'=');
    text.starts_with("eyJ") && text.bytes().all(is_sign)
}

/// The payload of a compact signature; of a token also what it wraps under `vc`.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn compact_payload(text: &str) -> Result<Value, String> {
    let mut parts = text.trim().split('.');
    let (Some(_), Some(payload)) = (parts.next(), parts.next()) else {
        return Err("is the header of a signed credential (JWT) without its payload".to_owned());
    };
    let value = decoded(payload).ok_or("is a signed credential (JWT) whose payload is no JSON")?;
    Ok(match value.get("vc") {
        Some(inner) if inner.is_object() => inner.clone(),
        _ => value,
    })
}

/// The payload of a signature in JSON form, which travels as a string; absent when the value is none.
pub(super) fn json_payload(value: &Value) -> Option<Value> {
    let payload = value.get("payload")?;
    if value.get("signatures").is_none() && value.get("signature").is_none() {
        return None;
    }
    match payload {
        Value::String(text) if text.trim_start().starts_with('{') => serde_json::from_str(text).ok(),
        Value::String(text) => decoded(text),
        other => Some(other.clone()),
    }
}

fn decoded(text: &str) -> Option<Value> {
    serde_json::from_slice(&base64url(text)?).ok()
}

/// Base64 in either alphabet, with or without padding (RFC 4648).
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for sign in text.trim_end_matches('=').bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_decodes_the_vectors_of_rfc_4648() {
        let vectors =
            [("", ""), ("Zg==", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar")];
        for (coded, plain) in vectors {
            assert_eq!(base64url(coded).unwrap(), plain.as_bytes());
        }
        assert_eq!(base64url("-_8").unwrap(), [0xFB, 0xFF]);
        assert_eq!(base64url("a b"), None);
    }

    #[test]
    fn a_token_cut_after_its_header_is_told_from_one_that_is_damaged() {
        // {"alg":"none"} . {"vc":{"name":"x"}}
        let whole = "eyJhbGciOiJub25lIn0.eyJ2YyI6eyJuYW1lIjoieCJ9fQ.";
        assert!(is_compact(whole));
        assert_eq!(compact_payload(whole).unwrap()["name"], "x");
        assert!(compact_payload("eyJhbGciOiJub25lIn0").unwrap_err().contains("without its payload"));
        assert!(compact_payload("eyJhbGciOiJub25lIn0.%%.").unwrap_err().contains("no JSON"));
    }
}
