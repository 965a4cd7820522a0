//! Running text as pieces, so that every text from outside stays marked as such until it is escaped and isolated.

use crate::types::Lang;
use serde::Serialize;

/// Longest text from outside that a page shows, in characters; the files carry the whole.
const LONGEST: usize = 600;

/// A run of text in one voice.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Piece {
    /// The text, not yet escaped.
    pub text: String,
    /// From outside: goes into `<bdi>`.
    pub outside: bool,
    /// Language, when it differs from the page's.
    pub lang: Option<&'static str>,
    /// Direction that goes with `lang`.
    pub dir: Option<&'static str>,
    /// Link target, already checked.
    pub href: Option<String>,
    /// Highlighted.
    pub mark: bool,
}

/// A sentence or cell.
pub type Phrase = Vec<Piece>;

impl Piece {
    /// Text of our own.
    pub fn own(text: impl std::fmt::Display) -> Self {
        Self { text: text.to_string(), ..Self::default() }
    }

    /// Text from outside, in the page's language.
    pub fn outside(text: &str) -> Self {
        Self { text: readable(text), outside: true, ..Self::default() }
    }

    /// Text from outside with its language.
    pub fn spoken(text: &str, language: Lang) -> Self {
        let known = language != Lang::Und;
        Self {
            lang: known.then(|| language.code()),
            dir: known.then(|| side_of(text, language)),
            ..Self::outside(text)
        }
    }

    /// The same, linked when there is a target.
    pub fn linked(mut self, href: Option<String>) -> Self {
        self.href = href;
        self
    }
}

/// Writing direction of a language.
pub fn direction(language: Lang) -> &'static str {
    if language == Lang::Ar { "rtl" } else { "ltr" }
}

/// Letters of Hebrew and Arabic with their presentation forms.
pub fn is_from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// The side that the first letter starts at; nothing without a letter.
pub fn first_side(text: &str) -> Option<&'static str> {
    let first = text.chars().find(|c| c.is_alphabetic())?;
    Some(if is_from_the_right(first) { "rtl" } else { "ltr" })
}

/// The side that a text starts at: what its letters say, since people write in another language than they chose. Arabic
/// with an Arabic letter stays Arabic when it opens with a name in Latin letters.
fn side_of(text: &str, language: Lang) -> &'static str {
    let declared = direction(language);
    if declared == "rtl" && text.chars().any(is_from_the_right) {
        return declared;
    }
    first_side(text).unwrap_or(declared)
}

/// What HTML can carry: control characters become U+FFFD (a NUL would vanish, a CR would change), very long texts are cut.
/// Direction marks and overrides stay, since `<bdi>` keeps them from leaking; but isolates are balanced, or an open one
/// would swallow the end of the `<bdi>` and turn the text after it.
pub fn readable(text: &str) -> String {
    readable_within(text, LONGEST)
}

/// The same, cut after so many characters.
pub fn readable_within(text: &str, longest: usize) -> String {
    let clean = |c: char| match c {
        '\t' | '\n' => c,
        '\r' => '\n',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    let mut open = 0usize;
    let mut out = String::new();
    for c in text.chars().take(longest).map(clean) {
        match c {
            '\u{2066}'..='\u{2068}' => open += 1,
            '\u{2069}' if open == 0 => {
                out.push('\u{fffd}');
                continue;
            }
            '\u{2069}' => open -= 1,
            _ => {}
        }
        out.push(c);
    }
    if text.chars().nth(longest).is_some() {
        out.push('…');
    }
    out.extend(std::iter::repeat_n('\u{2069}', open));
    out
}

/// The words alone.
pub fn plain(phrase: &[Piece]) -> String {
    phrase.iter().map(|p| p.text.as_str()).collect()
}

/// Phrases one after another with `between` in between.
pub fn joined(phrases: Vec<Phrase>, between: &str) -> Phrase {
    let mut out = Phrase::new();
    for (i, phrase) in phrases.into_iter().enumerate() {
        if i > 0 {
            out.push(Piece::own(between));
        }
        out.extend(phrase);
    }
    out
}

/// The address when it is plain http(s); everything else (`javascript:`, `data:`, white space, controls) is dropped.
pub fn web_address(url: Option<&str>) -> Option<String> {
    let url = url?.trim();
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let scheme_ok = lower.starts_with("http://") || lower.starts_with("https://");
    let text_ok = url.len() <= 2000 && !url.chars().any(|c| c.is_control() || c.is_whitespace());
    (scheme_ok && text_ok).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(web_address(Some("HTTPS://example.org/a?b=1")), Some("HTTPS://example.org/a?b=1".into()));
        for bad in [
            "javascript:alert(1)",
            " java\nscript:x",
            "data:text/html,x",
            "//host/x",
            "http",
            "",
            "https://a b",
            "ftp://x",
        ] {
            assert_eq!(web_address(Some(bad)), None, "{bad}");
        }
        assert_eq!(web_address(None), None);
    }

    #[test]
    fn the_direction_of_a_text_is_that_of_its_letters_whatever_language_was_chosen() {
        let side = |text: &str, language| Piece::spoken(text, language).dir;
        assert_eq!(side("نريد المزيد من التدريب", Lang::Ca), Some("rtl"));
        assert_eq!(side("més pràctiques", Lang::Ar), Some("ltr"));
        assert_eq!(side("Excel وجداول البيانات", Lang::Ar), Some("rtl"));
        assert_eq!(side(".", Lang::Ar), Some("rtl"), "a sign alone goes with its sentence");
        assert_eq!(side("7", Lang::Und), None);
    }

    #[test]
    fn text_that_html_cannot_carry_is_replaced_and_long_text_cut() {
        assert_eq!(readable("a\0b\u{1b}[31m\rc"), "a\u{fffd}b\u{fffd}[31m\nc");
        assert_eq!(readable("\u{202e}abc"), "\u{202e}abc");
        assert_eq!(readable("\u{2066}a\u{2067}b"), "\u{2066}a\u{2067}b\u{2069}\u{2069}");
        assert_eq!(readable("a\u{2069}b"), "a\u{fffd}b");
        assert_eq!(readable(&"é".repeat(700)).chars().count(), 601);
    }
}
