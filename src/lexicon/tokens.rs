//! Words of a text with their byte spans, as labels and postings are both cut.
//!
//! Hyphen, slash and apostrophe cut; `C++`, `C#`, `.NET` and `node.js` stay whole; `Enfermero/a` and `lector(es)` are
//! one word; a word's raw slice is kept so that each spelling is folded once and looked up ever after.

use crate::lexicon::normal;

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// White space, hyphen, slash, quotes: a label may run across.
    Open,
    /// A comma: only a label that holds a comma itself may run across.
    Comma,
    /// Sentence end, bracket, line end, bullet: no label runs across.
    Closed,
}

/// A word as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// The slice whose [`form`] is the token.
    pub raw: &'a str,
    /// First byte.
    pub start: usize,
    /// One past the last byte of `raw`.
    pub end: usize,
    /// What stands before it; `Closed` for the first.
    pub gap: Gap,
}

/// The words of a text, first to last.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, gap: Gap::Closed }
}

/// The form a raw token is looked up by: folded, without inner dots (`node.js` -> `nodejs`), Arabic without article.
pub fn form(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    form_into(raw, &mut out);
    out
}

/// Like [`form`], replacing what `out` holds.
pub fn form_into(raw: &str, out: &mut String) {
    out.clear();
    normal::fold_into(raw, out);
    if let Some(dot) = out.rfind('.')
        && dot > 0
    {
        out.remove(dot);
    }
    if !out.is_ascii() {
        let cut = out.len() - without_article(out).len();
        out.drain(..cut);
    }
}

/// An Arabic word without its article and what is written together with it (`wal-`, `bil-`, `lil-`), when at least
/// three letters are left.
fn without_article(word: &str) -> &str {
    const PREFIXES: [&str; 9] = ["وبال", "ولل", "وال", "فال", "بال", "كال", "لل", "ال", "وللا"];
    for prefix in PREFIXES {
        if let Some(rest) = word.strip_prefix(prefix)
            && rest.chars().nth(2).is_some()
        {
            return rest;
        }
    }
    word
}

/// The word behind a one-letter Arabic particle (and, so, with, for, like), when at least three letters are left.
pub fn without_particle(form: &str) -> Option<&str> {
    let rest = form.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك'])?;
    rest.chars().nth(2).map(|_| rest)
}

/// Iterator of [`tokens`].
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    gap: Gap,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Word,
    Comma,
    Closed,
    Dash,
    Dot,
    Wide,
}

/// Classes of the bytes; every byte of a character beyond ASCII is `Wide`.
const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Closed; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        table[i] = match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Class::Word,
            b' ' | b'\t' | b'"' | b'\'' | b'`' | b'/' | b'_' | b'&' | b'+' | b'#' | b'@' | b'\\' => Class::Space,
            b',' => Class::Comma,
            b'-' => Class::Dash,
            b'.' => Class::Dot,
            0x80..=0xFF => Class::Wide,
            _ => Class::Closed,
        };
        i += 1;
    }
    table
}

fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

impl<'a> Tokens<'a> {
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    /// The character at `at`, which is a boundary.
    fn wide(&self, at: usize) -> char {
        self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\n')
    }

    fn is_word_at(&self, at: usize) -> bool {
        match class(self.byte(at)) {
            Class::Word => true,
            Class::Wide => is_word_char(self.wide(at)),
            _ => false,
        }
    }

    /// Moves to the next word and notes what lies before it; false at the end.
    fn skip_gap(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        while let Some(&b) = bytes.get(self.at) {
            let gap = match class(b) {
                Class::Word => return true,
                Class::Space => Gap::Open,
                Class::Comma => Gap::Comma,
                Class::Closed => Gap::Closed,
                Class::Dash => self.dash_gap(1),
                Class::Dot if self.starts_dot_net() => return true,
                Class::Dot => Gap::Closed,
                Class::Wide => {
                    let c = self.wide(self.at);
                    if is_word_char(c) {
                        return true;
                    }
                    self.gap = self.gap.max(wide_gap(c).unwrap_or_else(|| self.dash_gap(c.len_utf8())));
                    self.at += c.len_utf8();
                    continue;
                }
            };
            self.gap = self.gap.max(gap);
            self.at += 1;
        }
        false
    }

    /// A dash joins two words unless a space stands beside it.
    fn dash_gap(&self, width: usize) -> Gap {
        let before = self.at.checked_sub(1).map_or(b' ', |i| self.byte(i));
        let after = self.byte(self.at + width);
        if matches!(before, b' ' | b'\n' | b'\t') || matches!(after, b' ' | b'\n' | b'\t') {
            Gap::Closed
        } else {
            Gap::Open
        }
    }

    /// `.NET`, alone or behind `ASP`.
    fn starts_dot_net(&self) -> bool {
        let next = self.text.as_bytes().get(self.at + 1..self.at + 4);
        next.is_some_and(|n| n.eq_ignore_ascii_case(b"net")) && !self.is_word_at(self.at + 4)
    }

    /// One past the last letter of the word that starts here.
    fn word_end(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        while let Some(&b) = bytes.get(end) {
            match class(b) {
                Class::Word => end += 1,
                Class::Wide => {
                    let c = self.wide(end);
                    let joins = normal::is_silent(c) && self.is_word_at(end + c.len_utf8());
                    if !joins && !is_word_char(c) {
                        break;
                    }
                    end += c.len_utf8();
                }
                _ => break,
            }
        }
        end
    }

    /// Takes in what belongs to the word although it is no letter: `++`, `#`, `.js`.
    fn with_signs(&self, start: usize, end: usize) -> usize {
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        let boundary = |n: usize| !self.is_word_at(end + n);
        match rest {
            [b'+', b'+', ..] if boundary(2) => end + 2,
            [b'#', ..] if end - start == 1 && boundary(1) => end + 1,
            [b'.', b'j' | b'J', b's' | b'S', ..] if boundary(3) => end + 3,
            _ => end,
        }
    }

    /// Where to go on after a word: behind `'s`, `/a`, `(es)`, `@`.
    fn skip_endings(&self, start: usize, end: usize) -> usize {
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        match rest {
            [b'\'', b's' | b'S', ..] if !self.is_word_at(end + 2) => end + 2,
            [0xE2, 0x80, 0x99, b's' | b'S', ..] if !self.is_word_at(end + 4) => end + 4,
            [b'@', ..] if !self.is_word_at(end + 1) => end + 1,
            [b'/' | b'(', ..] if end - start >= 3 => self.skip_gender(end),
            _ => end,
        }
    }

    /// Behind a gender or plural ending in slash or brackets; `end` when there is none.
    fn skip_gender(&self, end: usize) -> usize {
        let bracket = self.byte(end) == b'(';
        let from = if self.byte(end + 1) == b'-' { end + 2 } else { end + 1 };
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let length = rest.iter().take(4).take_while(|b| b.is_ascii_alphabetic()).count();
        let ending = rest.get(..length).unwrap_or_default();
        let known: [&[u8]; 8] = [b"a", b"o", b"as", b"os", b"es", b"ra", b"s", b"na"];
        let closed = if bracket { rest.get(length) == Some(&b')') } else { !self.is_word_at(from + length) };
        // A one-letter "s" behind a slash is a word of its own kind, not a plural.
        let is_ending = known.iter().any(|k| ending.eq_ignore_ascii_case(k)) && (bracket || ending != b"s");
        if is_ending && closed { from + length + usize::from(bracket) } else { end }
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
}

/// Gap of a character beyond ASCII; none for a dash, whose neighbours decide.
fn wide_gap(c: char) -> Option<Gap> {
    Some(match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => return None,
        '\u{060C}' => Gap::Comma,
        '\u{00A0}' | '\u{2018}'..='\u{201F}' | '«' | '»' | '®' | '™' | 'º' | 'ª' | '´' => Gap::Open,
        _ if normal::is_silent(c) && c != '·' => Gap::Open,
        _ if c.is_whitespace() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') => Gap::Open,
        _ => Gap::Closed,
    })
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if !self.skip_gap() {
            return None;
        }
        let start = self.at;
        let end = if self.byte(start) == b'.' { start + 4 } else { self.with_signs(start, self.word_end()) };
        let gap = self.gap;
        self.gap = Gap::Open;
        self.at = self.skip_endings(start, end).max(start + 1);
        let raw = self.text.get(start..end).unwrap_or_default();
        Some(Token { raw, start, end, gap })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        tokens(text).map(|t| form(t.raw)).collect()
    }

    #[test]
    fn names_of_technologies_stay_whole() {
        assert_eq!(
            forms("C++, C# and ASP.NET; .NET or Node.js (CI/CD)"),
            ["c++", "c#", "and", "asp", ".net", ".net", "or", "nodejs", "ci", "cd"]
        );
        assert_eq!(forms("5+ years, e-mail."), ["5", "years", "e", "mail"]);
    }

    #[test]
    fn endings_and_clitics_do_not_break_words() {
        assert_eq!(forms("Enfermero/a, director(es) y alumn@s"), ["enfermero", "director", "y", "alumn", "s"]);
        assert_eq!(
            forms("L’anàlisi d'imatges; driver's licence"),
            ["l", "analisi", "d", "imatges", "driver", "licence"]
        );
        assert_eq!(forms("intel·ligència and/or I/O"), ["intelligencia", "and", "or", "i", "o"]);
        assert_eq!(forms("والتسويق للعملاء بالعربية"), ["تسويق", "عملاء", "عربيه"]);
    }

    #[test]
    fn spans_are_bytes_of_the_original_text() {
        let text = "Té gestió, d'equips.\n- Excel";
        for t in tokens(text) {
            assert_eq!(&text[t.start..t.end], t.raw);
        }
        let gaps: Vec<Gap> = tokens(text).map(|t| t.gap).collect();
        assert_eq!(gaps, [Gap::Closed, Gap::Open, Gap::Comma, Gap::Open, Gap::Closed]);
    }

    #[test]
    fn any_text_is_cut_without_loss_of_boundaries() {
        for text in [
            "",
            ".",
            "'s",
            "a'",
            "é/",
            "(a",
            "x(a",
            "abc(",
            "abc/-",
            "\u{301}a\u{301}",
            "·l·",
            ".net.net",
            "a++b",
            "…—",
            "٣٤",
        ] {
            for t in tokens(text) {
                assert!(t.end > t.start && text.get(t.start..t.end).is_some());
            }
        }
    }
}
