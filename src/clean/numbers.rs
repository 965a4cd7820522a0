//! Numbers as sources write them.

use crate::types::NumberStyle;

/// Reads a number, perhaps with a unit after it (`6 ECTS`) or a sign before it; `None` for anything else.
pub fn parse_number(text: &str, style: NumberStyle) -> Option<f64> {
    let text = text.trim().replace('−', "-");
    let is_number = |c: char| {
        c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | 'e' | 'E')
    };
    let number_end = text.find(|c| !is_number(c)).unwrap_or(text.len());
    let (number, unit) = text.split_at(number_end);
    let number = number.trim().trim_end_matches(['e', 'E', ' ']);
    // "12 abc" has a unit; "12x34" or "6-8" is no number.
    let digits_after = unit.chars().any(|c| c.is_ascii_digit());
    if digits_after || number.is_empty() || !number.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let compact: String = number.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    to_point(&compact, style)?.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// The same digits with a point for decimals and nothing for thousands.
fn to_point(number: &str, style: NumberStyle) -> Option<String> {
    let decimal = match style {
        NumberStyle::Point => '.',
        NumberStyle::Comma => ',',
        NumberStyle::Either | NumberStyle::SmallEither => decimal_sign(number, style),
    };
    let thousands = if decimal == '.' { ',' } else { '.' };
    let (whole, fraction) = number.rsplit_once(decimal).map_or((number, None), |(w, f)| (w, Some(f)));
    if whole.contains(decimal) || fraction.is_some_and(|f| f.contains(thousands)) {
        return None;
    }
    let mut groups = whole.split(thousands);
    // "0.457" has no thousands: under a decimal comma it is no number, not 457.
    let leads = |g: &str| (1..=3).contains(&g.len()) && !g.starts_with('0');
    let first = groups.next().unwrap_or_default().trim_start_matches(['-', '+']);
    let first_ok = !whole.contains(thousands) || leads(first);
    if !first_ok || groups.any(|g| g.len() != 3) {
        return None;
    }
    let whole = whole.replace(thousands, "");
    Some(fraction.map_or(whole.clone(), |f| format!("{whole}.{f}")))
}

fn decimal_sign(number: &str, style: NumberStyle) -> char {
    let last = number.rfind(['.', ',']);
    let Some((at, sign)) = last.and_then(|at| number.get(at..)?.chars().next().map(|c| (at, c))) else { return '.' };
    let other = if sign == '.' { ',' } else { '.' };
    let alone = number.matches(sign).count() == 1 && !number.contains(other);
    let three_follow = number.len() - at == 4;
    let is_below_one = number.trim_start_matches(['-', '+']).starts_with(['0', sign]);
    let may_be = alone && three_follow && !is_below_one && style == NumberStyle::Either;
    let is_thousands = number.matches(sign).count() > 1 || may_be;
    if is_thousands { other } else { sign }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_reads_its_own_numbers_and_refuses_the_rest() {
        let cases = [
            ("24.577,1", NumberStyle::Comma, Some(24_577.1)),
            ("24.440", NumberStyle::Comma, Some(24_440.0)),
            ("24.440", NumberStyle::Point, Some(24.44)),
            ("1,234.5", NumberStyle::Point, Some(1_234.5)),
            ("-5", NumberStyle::Point, Some(-5.0)),
            ("1 234", NumberStyle::Point, Some(1_234.0)),
            ("6,5 ECTS", NumberStyle::SmallEither, Some(6.5)),
            ("1.500", NumberStyle::SmallEither, Some(1.5)),
            ("1.500 h", NumberStyle::Either, Some(1_500.0)),
            ("0.457", NumberStyle::Either, Some(0.457)),
            ("0.457", NumberStyle::Comma, None),
            ("-0.457", NumberStyle::Comma, None),
            (".457", NumberStyle::Comma, None),
            ("0,457", NumberStyle::Comma, Some(0.457)),
            ("0,457", NumberStyle::Point, None),
            ("-21.684,7", NumberStyle::Comma, Some(-21_684.7)),
            ("1.234.567", NumberStyle::Either, Some(1_234_567.0)),
            ("1e3", NumberStyle::Point, Some(1_000.0)),
            ("6-8", NumberStyle::Either, None),
            ("12,34,5", NumberStyle::Point, None),
            ("six", NumberStyle::Either, None),
            ("", NumberStyle::Either, None),
        ];
        for (text, style, expected) in cases {
            assert_eq!(parse_number(text, style), expected, "{text} {style:?}");
        }
    }
}
