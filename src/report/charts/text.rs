//! Texts of a chart: escaped, isolated, and cut or wrapped to the room there is. Widths are estimates on the wide side,
//! since a page is drawn with whatever font its reader has.

use crate::report::phrase::{readable, readable_within};

/// Longest title or description that goes into a drawing, in characters.
const LONGEST_ACCOUNT: usize = 6000;
/// Starts an isolate whose direction is that of its first letter; SVG has no `<bdi>`.
const FIRST_STRONG: char = '\u{2068}';
/// Starts an isolate from right to left.
const FROM_RIGHT: char = '\u{2067}';
/// Bold letters are wider by this.
pub const BOLD: f64 = 1.07;
/// Ends either.
const POP: char = '\u{2069}';

/// A label for an SVG element: readable, escaped.
pub fn escaped(text: &str) -> String {
    markup(&readable(text))
}

/// A title or description, which may be longer than a label.
pub fn account(text: &str) -> String {
    markup(&readable_within(text, LONGEST_ACCOUNT))
}

fn markup(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            // Not characters of XML.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A name or figure that keeps its own direction, escaped.
pub fn isolated(text: &str, rtl: bool) -> String {
    let safe = escaped(text);
    if rtl || text.chars().any(|c| c >= '\u{590}') { format!("{FIRST_STRONG}{safe}{POP}") } else { safe }
}

/// Words of the page's own language, escaped; from right to left whatever they start with.
pub fn own(text: &str, rtl: bool) -> String {
    if rtl { format!("{FROM_RIGHT}{}{POP}", escaped(text)) } else { isolated(text, rtl) }
}

/// Estimated width of a text at a font size.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// The same in bold.
pub fn bold(text: &str, size: f64) -> f64 {
    width(text, size * BOLD)
}

/// Width of a character in parts of the font size, after the wider of the common sans fonts.
fn em(c: char) -> f64 {
    match c {
        '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{200b}'..='\u{200f}' => 0.0,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | 'i' | 'l' | 'j' | 'I' => 0.3,
        '(' | ')' | '[' | ']' | 'f' | 't' | 'r' | '-' | '/' => 0.38,
        'm' | 'w' | 'M' | 'W' | '…' | '—' | '%' | '@' => 0.92,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffd}' => 1.1,
        'A'..='Z' | '&' | '+' | '−' | '<' | '>' | '=' => 0.68,
        '\u{600}'..='\u{6ff}' => 0.5,
        '\u{1100}'.. if !('\u{1e00}'..='\u{2fff}').contains(&c) => 1.1,
        _ => 0.58,
    }
}

/// Words with single spaces between them, on one line.
fn one_line(text: &str) -> String {
    // Far more than any room, far less than what would take time to measure.
    let head: String = text.chars().take(1000).collect();
    head.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, or as much of it as the room holds with an ellipsis.
pub fn fitted(text: &str, room: f64, size: f64) -> String {
    let text = one_line(text);
    if width(&text, size) <= room {
        return text;
    }
    format!("{}…", head_of(&text, room - width("…", size), size).trim_end())
}

/// As many characters as the room holds.
fn head_of(text: &str, room: f64, size: f64) -> &str {
    let mut used = 0.0;
    let end = text.char_indices().find(|(_, c)| {
        used += em(*c) * size;
        used > room
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The text on at most `most` lines; a word longer than a line is cut after a hyphen, else anywhere but inside a number; the
/// last line ends in an ellipsis when there is more.
pub fn wrapped(text: &str, room: f64, size: f64, most: usize) -> Vec<String> {
    let mut rest = one_line(text);
    // An override or isolate would end with its line.
    if rest.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        return vec![fitted(&rest, room, size)];
    }
    let mut lines = Vec::new();
    while lines.len() + 1 < most && width(&rest, size) > room {
        let head = head_of(&rest, room, size);
        let whole = match rest.get(head.len()..) {
            Some(tail) if tail.starts_with(' ') => head.len(),
            tail => head.rfind(' ').unwrap_or_else(|| cut(head, tail.unwrap_or_default())),
        };
        if whole == 0 {
            break;
        }
        let tail = rest.split_off(whole);
        lines.push(rest);
        rest = tail.trim_start().to_owned();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(fitted(&rest, room, size));
    }
    lines
}

/// Where a word is cut of which so much fits on a line: no number is read in two halves.
fn cut(head: &str, tail: &str) -> usize {
    if let Some((part, _)) = head.rsplit_once('-').filter(|(part, _)| !part.is_empty()) {
        return part.len() + 1;
    }
    let is_digit = |c: char| c.is_ascii_digit();
    let goes_on = tail.starts_with(|c: char| is_digit(c) || c == '-');
    if goes_on { head.trim_end_matches(is_digit).len() } else { head.len() }
}

/// A figure on one line, or before and from its bracket on two.
pub fn figure_lines(text: &str, room: f64, size: f64) -> Vec<String> {
    let text = one_line(text);
    match text.split_once(" (") {
        Some((figure, interval)) if width(&text, size) > room => {
            vec![fitted(figure, room, size), fitted(&format!("({interval}"), room, size)]
        }
        _ if text.is_empty() => Vec::new(),
        _ => vec![fitted(&text, room, size)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stay_whole_and_what_is_left_out_is_said() {
        // 13 px: nine letters of .58, `l` of .3, `-` of .38 at most 13 * (9 * .58 + ...) = about 75 px.
        assert_eq!(wrapped("computer-aided design", 110.0, 13.0, 2), ["computer-aided", "design"]);
        assert_eq!(wrapped("a b", 110.0, 13.0, 2), ["a b"]);
        assert_eq!(wrapped("", 110.0, 13.0, 2), [""]);
        let cut = wrapped("one two three four five six seven eight", 60.0, 13.0, 2);
        assert!(cut.len() == 2 && cut[1].ends_with('…'), "{cut:?}");
    }

    #[test]
    fn a_period_breaks_at_its_hyphen_and_never_inside_a_number() {
        // A digit is .58 of 12 px: three and a half of `2020-07` fit into 25 px, five and a half into 42 px.
        assert_eq!(wrapped("2020-07", 42.0, 12.0, 2), ["2020-", "07"]);
        assert_eq!(wrapped("2020-07", 25.0, 12.0, 2).len(), 1);
        assert_eq!(wrapped("2020-07", 30.0, 12.0, 2).len(), 1);
        assert_eq!(wrapped("T3 2020", 40.0, 12.0, 2), ["T3", "2020"]);
        assert_eq!(wrapped("Unterwasserroboter", 45.0, 12.0, 3).len(), 3);
    }

    #[test]
    fn marks_that_xml_forbids_do_not_get_through() {
        assert_eq!(escaped("a\0\u{fffe}<&>'\""), "a\u{fffd}\u{fffd}&lt;&amp;&gt;&#x27;&quot;");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_room(text in "\\PC{0,300}", room in 20.0..300.0f64, most in 1usize..4) {
            let lines = wrapped(&text, room, 13.0, most);
            prop_assert!(!lines.is_empty() && lines.len() <= most);
            // A room that does not even hold one character and an ellipsis is given the ellipsis.
            prop_assert!(lines.iter().all(|l| width(l, 13.0) <= room.max(26.0)), "{lines:?}");
        }

        #[test]
        fn isolates_are_closed_in_every_text(text in "[a\u{202e}\u{2066}-\u{2069}<]{0,40}", rtl: bool) {
            for safe in [isolated(&text, rtl), own(&text, rtl), account(&text)] {
                let mut open = 0i32;
                for c in safe.chars() {
                    match c {
                        '\u{2066}'..='\u{2068}' => open += 1,
                        '\u{2069}' => open -= 1,
                        _ => {}
                    }
                    prop_assert!(open >= 0);
                }
                prop_assert_eq!(open, 0);
                prop_assert!(!safe.contains('<'));
            }
        }
    }
}
