//! The text of a PC-Axis file: `KEYWORD("name")="text","text";`, where neighbouring strings are one text.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::collections::BTreeMap;

/// Keywords with their values, by the name in brackets (empty for the file as a whole). Translations are left out.
#[derive(Debug, Default)]
pub(super) struct Keywords(BTreeMap<(String, String), Vec<String>>);

impl Keywords {
    /// Values of a keyword of the whole file.
    pub(super) fn list(&self, key: &str) -> Option<&Vec<String>> {
        self.of(key, "")
    }

    /// Values of a keyword about one variable or value.
    pub(super) fn of(&self, key: &str, name: &str) -> Option<&Vec<String>> {
        self.0.get(&(key.to_owned(), name.to_owned()))
    }

    /// The only text of a keyword of the whole file.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.list(key)?.first().map(String::as_str).filter(|text| !text.trim().is_empty())
    }

    /// Whether the keyword is there about anything.
    pub(super) fn has_any(&self, key: &str) -> bool {
        self.0.keys().any(|(found, _)| found == key)
    }
}

/// The text of a file: by its byte-order mark, as UTF-8 if it is that, else by the code page it names. A file that
/// says one thing and is another is common.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default()).into_owned();
    let named = head.split_once("CODEPAGE=\"").and_then(|(_, rest)| rest.split('"').next());
    let encoding = named.and_then(|name| Encoding::for_label(name.trim().as_bytes())).filter(|e| *e != UTF_8);
    encoding.unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0.into_owned()
}

/// Keywords, and the cells under `DATA`.
///
/// # Errors
/// In words, when a keyword does not end or there is no `DATA`.
pub(super) fn parse(text: &str) -> Result<(Keywords, impl Iterator<Item = &str>), String> {
    let mut keywords = Keywords::default();
    let mut rest = text.trim_start();
    loop {
        let (head, after) = split_outside(rest, '=').ok_or("has no DATA")?;
        let (key, name) = key_of(head);
        if key == "DATA" {
            return Ok((keywords, cells(after)));
        }
        let (value, after) = split_outside(after, ';').ok_or_else(|| format!("does not end its keyword {key}"))?;
        if !key.ends_with(']') {
            keywords.0.entry((key, name)).or_insert_with(|| values(value));
        }
        rest = after.trim_start();
    }
}

/// Splits at the first `sign` that stands in no string.
fn split_outside(text: &str, sign: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c == sign && !quoted => return Some((text.get(..at)?, text.get(at + c.len_utf8()..)?)),
            _ => {}
        }
    }
    None
}

/// `VALUES("Sexo")`, `CELLNOTE("Total","x")`: the keyword, and the first name in its brackets.
fn key_of(head: &str) -> (String, String) {
    let (key, names) = head.split_once('(').unwrap_or((head, ""));
    let names = values(names.trim().trim_end_matches(')'));
    (key.trim().to_uppercase(), names.into_iter().next().unwrap_or_default())
}

/// Strings parted by commas; strings beside each other without one are parts of a text. Bare words are values too.
fn values(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((value, after)) = split_outside(rest, ',') {
        found.push(joined(value));
        rest = after;
    }
    found.push(joined(rest));
    found.retain(|value| !value.is_empty() || text.contains('"'));
    found
}

fn joined(value: &str) -> String {
    if !value.contains('"') {
        return value.trim().to_owned();
    }
    // Inside quotes are the odd parts; a text may run over a line end inside its quotes too.
    let parts = value.split('"').skip(1).step_by(2);
    parts.map(|part| part.replace(['\r', '\n'], "")).collect()
}

/// Cells: parted by white space, commas or semicolons, signs in quotes.
fn cells(data: &str) -> impl Iterator<Item = &str> {
    let end = split_outside(data, ';').map_or(data, |(data, _)| data);
    end.split(|c: char| c.is_whitespace() || c == ',').map(|cell| cell.trim_matches('"')).filter(|c| !c.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLIT: &str = "NOTE=\"uno d\"\r\n\"os, tres; \"\r\n\"cuatro\";\r\nVALUES(\"Se\"\r\n\"xo\")=\"Am\"\r\n\"bos\",\r\n\"Hom\"\r\n\"bres\";\r\n\
        NOTE[en]=\"one\";\r\nTIMEVAL(\"Año\")=TLIST(A1),\"2020\";\r\nDATA=1.5 \"..\"\r\n -2;";

    #[test]
    fn texts_split_over_lines_equal_unsplit_ones() {
        let unsplit = "NOTE=\"uno dos, tres; cuatro\";VALUES(\"Sexo\")=\"Ambos\",\"Hombres\";NOTE[en]=\"one\";\
            TIMEVAL(\"Año\")=TLIST(A1),\"2020\";DATA=1.5 \"..\" -2;";
        let (split, split_cells) = parse(SPLIT).unwrap();
        let (whole, whole_cells) = parse(unsplit).unwrap();
        assert_eq!(split.0, whole.0);
        assert_eq!(split.text("NOTE"), Some("uno dos, tres; cuatro"));
        assert_eq!(split.of("VALUES", "Sexo").unwrap(), &["Ambos", "Hombres"]);
        assert_eq!(split_cells.collect::<Vec<_>>(), ["1.5", "..", "-2"]);
        assert_eq!(whole_cells.count(), 3);
    }

    #[test]
    fn the_code_page_decides_only_where_the_bytes_are_not_utf_8() {
        let latin: Vec<u8> = b"CODEPAGE=\"iso-8859-15\";TITLE=\"\xA4 a\xF1o\";".to_vec();
        assert!(decode(&latin).contains("€ año"));
        let utf8 = "CODEPAGE=\"iso-8859-15\";TITLE=\"año\";";
        assert_eq!(decode(utf8.as_bytes()), utf8);
        let arabic = b"CODEPAGE=\"windows-1256\";TITLE=\"\xC7\xE1\";".to_vec();
        assert!(decode(&arabic).contains("ال"));
        assert!(parse("STUB=\"a\";").is_err());
        assert!(parse("NOTE=\"never ends").is_err());
    }
}
