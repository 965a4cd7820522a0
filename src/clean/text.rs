//! A source's text, HTML or plain, to NFC plain text: one sentence group per line, list items as `- ` lines.

use super::fold::is_invisible;
use super::{bullets, html, literals, markdown};
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Largest texts and depths that are read; every limit is named in its error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextLimits {
    /// Nested HTML elements (plan key `clean.limits.html_depth`).
    pub html_depth: usize,
    /// Bytes of one text before cleaning (plan key `clean.limits.text_bytes`).
    pub text_bytes: usize,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self { html_depth: 512, text_bytes: 1 << 20 }
    }
}

/// A text over a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Elements nested too deep.
    #[error(
        "HTML nested {depth} deep is over the limit clean.limits.html_depth = {limit}; raise it in the plan if the text is sound"
    )]
    TooDeep {
        /// Depth found.
        depth: usize,
        /// Depth allowed.
        limit: usize,
    },
    /// Too many bytes.
    #[error(
        "text of {bytes} bytes is over the limit clean.limits.text_bytes = {limit}; raise it in the plan if the text is sound"
    )]
    TooLong {
        /// Length found.
        bytes: usize,
        /// Length allowed.
        limit: usize,
    },
}

/// Cleans a body of text.
///
/// # Errors
/// When `raw` is over a limit.
pub fn plain_text(raw: &str, limits: &TextLimits) -> Result<String, TextError> {
    too_long(raw, limits)?;
    let mut text = Cow::Borrowed(raw);
    if let Some(unfolded) = unfolded(&text) {
        text = Cow::Owned(unfolded);
    }
    if let Some(listed) = literals::as_lines(&text, "- ") {
        text = Cow::Owned(listed);
    }
    if let Some(plain) = markdown::as_lines(&text) {
        text = Cow::Owned(plain);
    }
    let lines = markup_to_lines(&text, limits)?;
    Ok(composed(bullets::tidy(&lines)))
}

/// Cleans a title, a name or a place: the same, on one line.
///
/// # Errors
/// When `raw` is over a limit.
pub fn plain_line(raw: &str, limits: &TextLimits) -> Result<String, TextError> {
    too_long(raw, limits)?;
    let listed = literals::as_lines(raw, "").map(|lines| lines.trim().replace('\n', ", "));
    let lines = markup_to_lines(listed.as_deref().unwrap_or(raw), limits)?;
    let mut out = String::with_capacity(lines.len());
    for word in lines.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !is_invisible(*c)));
    }
    bullets::repair_apostrophes(&mut out);
    Ok(composed(out.trim().to_owned()))
}

fn too_long(raw: &str, limits: &TextLimits) -> Result<(), TextError> {
    if raw.len() > limits.text_bytes {
        return Err(TextError::TooLong { bytes: raw.len(), limit: limits.text_bytes });
    }
    Ok(())
}

/// Line breaks that an export spelt out as a backslash and an `n`, in a text that has no other; a path such as
/// `C:\new` names a drive.
fn unfolded(text: &str) -> Option<String> {
    let before = |at: usize, back: usize| at.checked_sub(back).and_then(|i| text.as_bytes().get(i));
    let is_drive = |at: usize| {
        before(at, 1).is_some_and(u8::is_ascii_alphabetic) && !before(at, 2).is_some_and(u8::is_ascii_alphanumeric)
    };
    if text.contains('\n') || !text.contains("\\n") || text.match_indices(":\\").any(|(at, _)| is_drive(at)) {
        return None;
    }
    let starts_line = |rest: &str| rest.chars().next().is_none_or(|c| !c.is_ascii_lowercase());
    let breaks =
        text.match_indices("\\n").filter(|(at, _)| starts_line(text.get(at + 2..).unwrap_or_default())).count();
    (breaks > 0).then(|| text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", " "))
}

fn markup_to_lines<'a>(raw: &'a str, limits: &TextLimits) -> Result<Cow<'a, str>, TextError> {
    if !raw.contains(['<', '&']) {
        return Ok(Cow::Borrowed(raw));
    }
    let limit = limits.html_depth;
    html::to_text(raw, limit).map(Cow::Owned).map_err(|e| TextError::TooDeep { depth: e.depth, limit })
}

/// NFC comes last: characters that vanished may have stood between a letter and its accent.
fn composed(text: String) -> String {
    if text.is_ascii() || is_nfc(&text) { text } else { text.nfc().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(raw: &str) -> String {
        plain_text(raw, &TextLimits::default()).unwrap()
    }

    #[test]
    fn double_escaped_html_becomes_lines_with_bullets() {
        let raw = "&lt;p&gt;&lt;strong&gt;You will&lt;/strong&gt;&lt;/p&gt;\n&lt;ul&gt;&lt;li&gt;lead R&amp;amp;D&lt;/li&gt;&lt;li&gt;caf&amp;eacute; &#39;x&#39;&lt;/li&gt;&lt;/ul&gt;";
        assert_eq!(clean(raw), "You will\n- lead R&D\n- café 'x'");
    }

    #[test]
    fn bidi_overrides_and_controls_vanish_while_zwnj_and_rlm_stay() {
        assert_eq!(clean("a\u{202e}b\u{0}c\u{2066}d\u{ad}e می\u{200c}خواهم\u{200f}"), "abcde می\u{200c}خواهم\u{200f}");
        assert_eq!(
            plain_line("<B>NUEVA</B> AGENTE\n COMERCIAL\u{7}", &TextLimits::default()).unwrap(),
            "NUEVA AGENTE COMERCIAL"
        );
    }

    #[test]
    fn line_breaks_that_an_export_spelt_out_are_breaks() {
        assert_eq!(clean("Plan:\\n- one\\n- two"), "Plan:\n- one\n- two");
        assert_eq!(clean("saved in C:\\new\\Name"), "saved in C:\\new\\Name");
    }

    #[test]
    fn a_printed_list_is_items_in_a_body_and_commas_in_a_line() {
        assert_eq!(
            clean("['إعداد التقارير']\n['مراقبة النفقات', 'حفظ الوثائق']"),
            "إعداد التقارير\n- مراقبة النفقات\n- حفظ الوثائق"
        );
        assert_eq!(plain_line("['Salary', '5000.0']", &TextLimits::default()).unwrap(), "Salary, 5000.0");
        assert_eq!(plain_line("CAP D?EQUIP", &TextLimits::default()).unwrap(), "CAP D'EQUIP");
    }

    #[test]
    fn decomposed_accents_are_composed() {
        assert_eq!(clean("cafe\u{301}"), "café");
    }

    #[test]
    fn limits_are_named() {
        let limits = TextLimits { html_depth: 4, text_bytes: 100 };
        let deep = plain_text(&"<div>".repeat(6), &limits).unwrap_err().to_string();
        assert!(deep.contains("html_depth = 4"), "{deep}");
        let long = plain_text(&"a".repeat(101), &limits).unwrap_err().to_string();
        assert!(long.contains("text_bytes = 100"), "{long}");
    }

    proptest! {
        #[test]
        fn any_input_gives_nfc_text_without_blank_lines_and_cleaning_never_panics(raw in "(\\PC|[<>&;/\n\t ]|<p>|&lt;|- |• ){0,60}") {
            let text = clean(&raw);
            prop_assert!(is_nfc(&text));
            prop_assert!(!text.contains("\n\n") && !text.starts_with('\n') && !text.ends_with('\n'));
        }
    }
}
