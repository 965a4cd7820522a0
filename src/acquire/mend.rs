//! JSON as pages carry it: strict first, then mended step by step, and given up where mending would be guessing.

use super::Limits;
use super::json_scan::too_deep;
use serde_json::Value;

/// How far the ladder was climbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rung {
    /// It is JSON.
    Strict,
    /// Raw control characters, wrong escapes or half surrogates inside strings were escaped.
    Escaped,
    /// CDATA marks, comments, trailing commas or entities were taken off as well.
    Unwrapped,
}

/// What wraps JSON in pages and is none, longest first.
const WRAPPERS: [&str; 8] =
    ["/*<![CDATA[*/", "//<![CDATA[", "// <![CDATA[", "/*]]>*/", "// ]]>", "//]]>", "<![CDATA[", "]]>"];

/// The value of a JSON text and the rung it took; nothing when it is none, or nested too deep.
pub(super) fn parse(text: &str, limits: &Limits) -> Option<(Value, Rung)> {
    if too_deep(text.as_bytes(), limits.json_depth) {
        return None;
    }
    let text = text.trim().trim_start_matches('\u{feff}');
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    if let Some(value) = read(text) {
        return Some((value, Rung::Strict));
    }
    let escaped = escape(text);
    if let Some(value) = read(escaped.trim()) {
        return Some((value, Rung::Escaped));
    }
    if let Some(value) = read(unwrap(&escaped).trim()) {
        return Some((value, Rung::Unwrapped));
    }
    if text.contains("&quot;") || text.contains("&#34;") {
        return read(unwrap(&escape(&without_entities(text))).trim()).map(|value| (value, Rung::Unwrapped));
    }
    None
}

/// The value of a JSON text in whose strings something stands that may not: half surrogates, wrong escapes, raw control
/// characters. Nothing else is mended.
pub(super) fn escaped(text: &str) -> Option<Value> {
    serde_json::from_str(escape(text).trim()).ok()
}

/// The text with what may not stand inside a string escaped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut inside = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '"' => {
                inside = !inside;
                out.push('"');
            }
            '\\' if inside => {
                let taken = push_escape(after, &mut out);
                rest = after.get(taken..).unwrap_or_default();
                continue;
            }
            '\n' if inside => out.push_str("\\n"),
            '\r' if inside => out.push_str("\\r"),
            '\t' if inside => out.push_str("\\t"),
            control if inside && control < ' ' => out.push(' '),
            other => out.push(other),
        }
        rest = after;
    }
    out
}

/// Writes an escape whose backslash was met, valid in any case; says how many bytes of `after` it took.
fn push_escape(after: &str, out: &mut String) -> usize {
    let Some(next) = after.chars().next() else { return 0 };
    match next {
        '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => {
            out.push('\\');
            out.push(next);
        }
        '\n' => out.push_str("\\n"),
        '\'' => out.push('\''),
        'u' => return push_code(after, out),
        _ => {
            out.push_str("\\\\");
            return 0;
        }
    }
    next.len_utf8()
}

/// `u` and four digits; half a surrogate pair becomes the replacement character.
fn push_code(after: &str, out: &mut String) -> usize {
    let unit = |from: usize| {
        let digits = after.get(from..from + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(1) else {
        out.push_str("\\\\u");
        return 1;
    };
    let second = after.get(5..7).filter(|mark| *mark == "\\u").and_then(|_| unit(7));
    match (first, second) {
        (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) => {
            out.push_str(&format!("\\u{first:04x}\\u{second:04x}"));
            11
        }
        (0xD800..=0xDFFF, _) => {
            out.push('\u{fffd}');
            5
        }
        _ => {
            out.push_str(&format!("\\u{first:04x}"));
            5
        }
    }
}

/// The text without wrappers, comments and trailing commas; strings stay as they are.
fn unwrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let (mut inside, mut escaped) = (false, false);
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        if inside {
            inside = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            out.push(c);
        } else if let Some(length) = wrapper(rest) {
            taken = length;
        } else {
            inside = c == '"';
            if matches!(c, '}' | ']') {
                let kept = out.trim_end();
                let kept = kept.strip_suffix(',').unwrap_or(kept).len();
                out.truncate(kept);
            }
            out.push(c);
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    let whole = out.trim_end();
    let whole = whole.trim_end_matches([';', ',']).len();
    out.truncate(whole);
    out
}

/// Length of what stands at the start of `rest` outside any string and is no JSON.
fn wrapper(rest: &str) -> Option<usize> {
    if let Some(found) = WRAPPERS.iter().find(|w| rest.starts_with(**w)) {
        return Some(found.len());
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    ["<!--", "-->"].iter().find(|mark| rest.starts_with(**mark)).map(|mark| mark.len())
}

/// One pass of decoding the entities that stand for JSON's and markup's own signs.
pub(super) fn without_entities(text: &str) -> String {
    let pairs = [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">")];
    let mut text = text.to_owned();
    for (entity, sign) in pairs {
        text = text.replace(entity, sign);
    }
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> Option<(String, Rung)> {
        let (value, rung) = parse(text, &Limits::default())?;
        Some((value.get("title")?.as_str()?.to_owned(), rung))
    }

    #[test]
    fn each_fault_is_mended_on_its_own_rung_and_no_string_is_changed_by_it() {
        let cases = [
            (r#"{"title": "a // b, ] /* c */ <!-- d"}"#, "a // b, ] /* c */ <!-- d", Rung::Strict),
            ("{\"title\": \"two\nlines\tand a tab\"}", "two\nlines\tand a tab", Rung::Escaped),
            (r#"{"title": "it\'s 5\% of C:\dir"}"#, "it's 5\\% of C:\\dir", Rung::Escaped),
            (r#"{"title": "half \ud83d here, whole \ud83d\ude00"}"#, "half \u{fffd} here, whole 😀", Rung::Escaped),
            (r#"{"title": "x", "tags": ["a", "b",],}"#, "x", Rung::Unwrapped),
            ("//<![CDATA[\n{\"title\": \"x\"}\n//]]>", "x", Rung::Unwrapped),
            ("<![CDATA[{\"a\": [[1]], \"title\": \"x]]>y\"}]]>", "x]]>y", Rung::Unwrapped),
            ("<!-- \n{\"title\": \"x\"}\n -->", "x", Rung::Unwrapped),
            ("/* note */ {\"title\": \"x\" // why\n};", "x", Rung::Unwrapped),
            ("{&quot;title&quot;: &quot;R&amp;D&quot;}", "R&D", Rung::Unwrapped),
            ("<!--{\"title\": \"raw\nline\",}-->", "raw\nline", Rung::Unwrapped),
        ];
        for (text, expected, rung) in cases {
            assert_eq!(title(text), Some((expected.to_owned(), rung)), "{text}");
        }
    }

    #[test]
    fn a_document_is_mended_inside_its_strings_and_nowhere_else() {
        let half = escaped(r#"{"jobs": [{"title": "half \ud83d"}, {"title": "whole"}]}"#).unwrap();
        assert_eq!(half.pointer("/jobs/0/title").and_then(Value::as_str), Some("half \u{fffd}"));
        assert!(escaped(r#"{"jobs": [1,]}"#).is_none() && escaped(r#"{"jobs": [1"#).is_none());
    }

    #[test]
    fn what_cannot_be_mended_without_guessing_is_given_up() {
        for text in [r#"{"title": "a "quoted" word"}"#, "{\"title\": \"open", "", "title: x", "{'title': 'x'}"] {
            assert!(title(text).is_none(), "{text}");
        }
        assert!(title(&format!("{{\"a\": {}{}, \"title\": \"x\"}}", "[".repeat(200), "]".repeat(200))).is_none());
    }
}
