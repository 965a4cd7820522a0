//! Figures as cells spell them. A decimal sign is never guessed: a value that could be read in two ways asks the plan.

use super::layout::DecimalSign;
use crate::types::NumberStyle;

/// A figure's text in ASCII digits and how its separators are to be read; absent when only the plan can say.
pub(super) fn figure(text: &str, is_number: bool, sign: Option<DecimalSign>) -> Option<(String, NumberStyle)> {
    let text = ascii_digits(text.trim());
    if is_number {
        return Some((text, NumberStyle::Point));
    }
    let style = match sign {
        Some(DecimalSign::Point) => NumberStyle::Point,
        Some(DecimalSign::Comma) => NumberStyle::Comma,
        None => evident(&text)?,
    };
    Some((text, style))
}

/// Arabic and Persian digits as ASCII; their decimal sign, which is nothing else, as the point of an English number.
pub(super) fn ascii_digits(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{0660}'..='\u{0669}' => plain.push(ascii_digit(c, 0x0660)),
            '\u{06F0}'..='\u{06F9}' => plain.push(ascii_digit(c, 0x06F0)),
            '\u{066B}' => plain.push('.'),
            '\u{066C}' | '\u{200E}' | '\u{200F}' => {}
            '\u{066A}' => plain.push('%'),
            _ => plain.push(c),
        }
    }
    plain
}

fn ascii_digit(c: char, zero: u32) -> char {
    char::from_digit(u32::from(c).saturating_sub(zero), 10).unwrap_or(c)
}

/// Whether a cell holds a figure or a sign for one that was not published.
pub(super) fn is_figure(text: &str) -> bool {
    let text = ascii_digits(text.trim());
    if is_sign(&text) {
        return true;
    }
    let bare = text
        .trim_start_matches(['(', '<', '-', '+', '−'])
        .trim_end_matches([')', '%', '*', ' ', 'r', 'p', 'e', 'u', 'b']);
    bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}'))
}

/// Signs for suppressed or missing figures.
pub(super) fn is_sign(text: &str) -> bool {
    matches!(
        text.trim(),
        "-" | "–" | "—" | ".." | "..." | "…" | "." | ":" | "*" | "**" | "#" | "x" | "(-)" | "n/a" | "N/A"
    )
}

/// The style where the digits leave one reading: two kinds of sign, one that repeats, or a group that is not of three.
fn evident(text: &str) -> Option<NumberStyle> {
    if is_sign(text) || text.starts_with('<') {
        return Some(NumberStyle::Point);
    }
    let last = text.rfind(['.', ',']);
    let Some(last) = last.filter(|_| text.contains(|c: char| c.is_ascii_digit())) else {
        return Some(NumberStyle::Point);
    };
    let sign = text.get(last..).and_then(|rest| rest.chars().next()).unwrap_or_default();
    let (decimal, thousands) = match sign {
        ',' => (NumberStyle::Comma, NumberStyle::Point),
        _ => (NumberStyle::Point, NumberStyle::Comma),
    };
    let other = if sign == ',' { '.' } else { ',' };
    let before = text.get(..last).unwrap_or_default().trim_start_matches(['-', '+', '(']);
    let after = text.get(last + 1..).unwrap_or_default().chars().take_while(char::is_ascii_digit).count();
    match () {
        () if text.contains(other) => Some(decimal),
        () if text.matches(sign).count() > 1 => Some(thousands),
        () if after != 3 || before == "0" || before.len() > 3 || before.is_empty() => Some(decimal),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_sign_that_the_digits_do_not_tell_is_asked_of_the_plan() {
        let style = |text: &str| figure(text, false, None).map(|(_, style)| style);
        for (text, expected) in [
            ("24440", Some(NumberStyle::Point)),
            ("24.440", None),
            ("1,234", None),
            ("-1.234", None),
            ("0,123", Some(NumberStyle::Comma)),
            ("8,21", Some(NumberStyle::Comma)),
            ("1.234,5", Some(NumberStyle::Comma)),
            ("1,234.5", Some(NumberStyle::Point)),
            ("1.234.567", Some(NumberStyle::Comma)),
            ("24.4", Some(NumberStyle::Point)),
            ("..", Some(NumberStyle::Point)),
            ("<5", Some(NumberStyle::Point)),
        ] {
            assert_eq!(style(text), expected, "{text}");
        }
        assert_eq!(figure("24.440", false, Some(DecimalSign::Comma)).map(|f| f.1), Some(NumberStyle::Comma));
        assert_eq!(figure("24.125", true, Some(DecimalSign::Comma)).map(|f| f.1), Some(NumberStyle::Point));
        assert_eq!(figure("١٢٫٥", false, None), Some(("12.5".to_owned(), NumberStyle::Point)));
    }
}
