//! Where sentences and list items begin and end. Needs nothing but the text, in the pipeline's layout (one block per
//! line, `- ` before list items).

/// Abbreviations that end in a stop and no sentence, lower-cased, without the stop. Only those that hardly ever end one.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "eg", "ie", "mr", "mrs", "ms", "dr", "prof", "no", "nr", "vs", "approx", "incl", "st", "ext", "inc",
    "núm", "num", "nº", "sr", "sra", "srta", "dra", "avda", "av", "ctra", "pl", "tel", "telf", "tlf", "ej", "p.ej",
    "ud", "uds", "art", "pág", "aprox", "máx", "mín", "min", "max", "ref", "exp", "dpto", "dept", "incl", "p.ex", "ex",
    "depto", "aux", "mant", "admin", "lic", "ing", "km", "hrs", "a.m", "p.m", "ee", "uu", "ss", "rr", "hh", "c", "s.l",
    "u.s", "u.k",
];

/// Byte ranges of the sentences of `text`, in order, trimmed of white space. List marks belong to their item.
pub fn sentences(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        while from < text.len() {
            let end = sentence_end(text, from);
            let piece = text.get(from..end).unwrap_or_default();
            let start = from + (piece.len() - piece.trim_start().len());
            let stop = from + piece.trim_end().len();
            from = end;
            if start < stop {
                return Some((start, stop));
            }
        }
        None
    })
}

/// One past the last byte of the sentence that starts at `from`; always greater than `from`.
fn sentence_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let bytes = rest.as_bytes();
    let mut from_byte = 0;
    while let Some(found) = bytes.get(from_byte..).and_then(|tail| tail.iter().position(|b| may_stop(*b))) {
        let at = from_byte + found;
        let Some(c) = rest.get(at..).and_then(|tail| tail.chars().next()) else { break };
        from_byte = at + c.len_utf8();
        match c {
            '\n' => return from + at + 1,
            '؟' | '۔' | '…' | '!' | '?' | '.' => {
                let after = at + c.len_utf8();
                if ends_here(rest, at, after, c) {
                    return from + closing_marks(bytes, rest, after);
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Whether a byte may begin one of the stops of [`sentence_end`].
fn may_stop(byte: u8) -> bool {
    matches!(byte, b'\n' | b'!' | b'?' | b'.' | 0xd8 | 0xdb | 0xe2)
}

/// Quotes and brackets after the stop belong to the sentence, and so do further stops.
fn closing_marks(bytes: &[u8], rest: &str, after: usize) -> usize {
    let mut end = after;
    while let Some(next) = rest.get(end..).and_then(|r| r.chars().next()) {
        let plain = bytes.get(end).is_some_and(|b| matches!(b, b'"' | b')' | b'\'' | b'.' | b'!' | b'?' | b']'));
        if !plain && !matches!(next, '”' | '’' | '»' | '؟' | '…') {
            break;
        }
        end += next.len_utf8();
    }
    end
}

fn ends_here(rest: &str, at: usize, after: usize, stop: char) -> bool {
    // A few closing marks only: a run of a million stops must not be read again from each of them.
    let marks = |c: &char| matches!(c, '"' | ')' | '”' | '’' | '»' | '\'' | ']' | '.' | '!' | '?');
    let tail = rest.get(after..).unwrap_or_default();
    let skipped: usize = tail.chars().take(8).take_while(marks).map(char::len_utf8).sum();
    let tail = tail.get(skipped..).unwrap_or_default();
    let mut ahead = tail.chars();
    let next = ahead.next();
    match stop {
        '.' => {}
        // `L?ESCOLA`, `and...`: marks inside a word or before a lower-case word end nothing.
        '…' => {
            return next.is_none_or(|c| c == '\n')
                || tail.trim_start().chars().next().is_some_and(|c| !c.is_lowercase());
        }
        _ => return next.is_none_or(char::is_whitespace),
    }
    match next {
        None | Some('\n') => return true,
        Some(c) if !c.is_whitespace() => return false,
        Some(_) => {}
    }
    // A lower-case word goes on; a digit may follow `núm.`, which the list of abbreviations knows.
    let Some(following) = tail.trim_start().chars().next() else { return true };
    if following.is_lowercase() && following.is_ascii_alphabetic() {
        return false;
    }
    !is_abbreviation(rest.get(..at).unwrap_or_default())
}

/// Whether the word before the stop is an abbreviation, an initial, or the number of a list item.
fn is_abbreviation(before: &str) -> bool {
    let word =
        before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '/' | ',' | '"')).next().unwrap_or_default();
    if word.chars().count() == 1 && word.chars().all(char::is_uppercase) {
        return true;
    }
    let is_number = !word.is_empty() && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let starts_line = before.len() == word.len() || before[..before.len() - word.len()].ends_with(['\n', '-']);
    if is_number && starts_line {
        return true;
    }
    if word.len() > 8 || word.is_empty() {
        return false;
    }
    let lower = word.to_lowercase();
    ABBREVIATIONS.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).map(|(a, b)| &text[a..b]).collect()
    }

    #[test]
    fn stops_end_sentences_but_abbreviations_and_decimals_do_not() {
        let text = "Uses tools, e.g. Excel. Pays 24.440 € or 2.5 points. Ask Dr. Grau (núm. 4). Done!";
        assert_eq!(
            split(text),
            ["Uses tools, e.g. Excel.", "Pays 24.440 € or 2.5 points.", "Ask Dr. Grau (núm. 4).", "Done!"]
        );
        assert_eq!(
            split("Works with ASP.NET and Node.js. Knows C. Smith."),
            ["Works with ASP.NET and Node.js.", "Knows C. Smith."]
        );
    }

    #[test]
    fn lines_and_bullets_end_sentences() {
        assert_eq!(
            split("You will:\n- plan\n- build. Then rest\n1. First item"),
            ["You will:", "- plan", "- build.", "Then rest", "1. First item"]
        );
    }

    #[test]
    fn arabic_and_spanish_marks_end_sentences() {
        assert_eq!(
            split("هل تبحث عن عمل؟ نحن نوظف. انضم إلينا۔ الآن"),
            ["هل تبحث عن عمل؟", "نحن نوظف.", "انضم إلينا۔", "الآن"]
        );
        assert_eq!(split("¿TE APASIONA? ¡ÚNETE! VEN."), ["¿TE APASIONA?", "¡ÚNETE!", "VEN."]);
    }

    #[test]
    fn long_runs_of_stops_are_read_once() {
        let text = ".".repeat(300_000) + "a";
        assert_eq!(sentences(&text).map(|(a, b)| b - a).sum::<usize>(), text.len());
    }

    proptest! {
        #[test]
        fn sentences_never_overlap_and_leave_out_only_white_space(text in "(\\PC|[.?!\n ]|e\\.g\\. |[A-Z]\\. ){0,80}") {
            let mut last = 0;
            for (start, end) in sentences(&text) {
                prop_assert!(start >= last && end > start);
                prop_assert!(text[last..start].trim().is_empty());
                last = end;
            }
            prop_assert!(text[last..].trim().is_empty());
        }
    }
}
