//! Whether an answer is what was asked for, by its content: a status of 200 says nothing.

use crate::acquire::decode::decoded;
use crate::acquire::services::Expects;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{BufRead, BufReader, Read};

/// Holds an answer against what it must look like; `unbounded` when only the end of the connection ended it.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn check(expects: Expects, unbounded: bool, body: &mut dyn Read) -> Result<(), String> {
    let mut body = BufReader::new(body);
    let head = body.fill_buf().map_err(|e| format!("cannot be read back: {e}"))?;
    if head.is_empty() {
        return Err("is empty".to_owned());
    }
    let start = beginning(head);
    let is_markup = start.starts_with('<');
    match expects {
        Expects::Any => Ok(()),
        Expects::Json if is_markup => Err(instead("JSON", &start)),
        Expects::Json => whole_json(&mut body),
        Expects::Csv if is_markup => Err(instead("delimited text", &start)),
        Expects::Csv => whole_lines(&mut body, unbounded),
        Expects::Xml if !is_markup || is_page(&start) => Err(instead("XML", &start)),
        Expects::Xml => whole_xml(&mut body),
        Expects::Page if !start.contains('<') => Err(instead("a page", &start)),
        Expects::Page => whole_page(&mut body, unbounded),
        Expects::Workbook => whole_workbook(&mut body, &start),
    }
}

/// The first characters, in lower case, without a mark or white space.
fn beginning(head: &[u8]) -> String {
    let text = decoded(head.get(..head.len().min(1024)).unwrap_or_default()).to_lowercase();
    text.trim_start_matches('\u{feff}').trim_start().to_owned()
}

/// Whether markup begins as a page does: what stands inside a feed, as text of a posting, says nothing.
fn is_page(start: &str) -> bool {
    let mut rest = start;
    loop {
        rest = rest.trim_start();
        let aside = [("<?", "?>"), ("<!--", "-->")].into_iter().find_map(|(opens, ends)| {
            let inside = rest.strip_prefix(opens)?;
            Some(inside.split_once(ends).map_or("", |(_, after)| after))
        });
        match aside {
            Some(after) => rest = after,
            None => break,
        }
    }
    let is_element = |name: &str| {
        let after = rest.strip_prefix('<').and_then(|tag| tag.strip_prefix(name));
        after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || "-_.:".contains(c)))
    };
    rest.starts_with("<!doctype html") || ["html", "head", "body"].into_iter().any(is_element)
}

fn instead(expected: &str, start: &str) -> String {
    let what = if start.contains("<html") || start.starts_with("<!doctype html") { "a page" } else { "something else" };
    let shown: String = start.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
    format!("is {what} where {expected} was expected (it begins '{shown}'); it may be a login or error page")
}

fn whole_json(body: &mut dyn BufRead) -> Result<(), String> {
    let bytes = whole(body)?;
    let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_str(&decoded(&bytes));
    parsed.map(drop).map_err(|e| match e.classify() {
        serde_json::error::Category::Eof => "ends inside its JSON: it was cut short".to_owned(),
        _ => format!("is not JSON: {e}"),
    })
}

fn whole(body: &mut dyn BufRead) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes).map_err(|e| format!("cannot be read back: {e}"))?;
    Ok(bytes)
}

/// The last bytes, of at most `most`.
fn tail(body: &mut dyn BufRead, most: usize) -> Result<Vec<u8>, String> {
    let mut last: Vec<u8> = Vec::new();
    loop {
        let piece = body.fill_buf().map_err(|e| format!("is cut short or damaged ({e})"))?;
        if piece.is_empty() {
            return Ok(last);
        }
        last.extend_from_slice(piece.get(piece.len().saturating_sub(most)..).unwrap_or_default());
        let over = last.len().saturating_sub(most);
        last.drain(..over);
        let length = piece.len();
        body.consume(length);
    }
}

/// Text that nothing but the end of the connection ended is whole when its last line is.
fn whole_lines(body: &mut dyn BufRead, unbounded: bool) -> Result<(), String> {
    let last = tail(body, 4096)?;
    if unbounded && !matches!(last.last(), Some(b'\n' | b'\r')) {
        return Err("ends in the middle of a line on a connection that was closed: it may be cut short".to_owned());
    }
    Ok(())
}

fn whole_page(body: &mut dyn BufRead, unbounded: bool) -> Result<(), String> {
    let last = String::from_utf8_lossy(&tail(body, 4096)?).to_lowercase();
    if unbounded && !last.contains("</html>") {
        return Err("ends before </html> on a connection that was closed: it may be cut short".to_owned());
    }
    Ok(())
}

fn whole_xml(body: &mut dyn BufRead) -> Result<(), String> {
    let bytes = whole(body)?;
    let text = decoded(&bytes);
    let mut reader = Reader::from_str(&text);
    // Feeds write `R & D`, and mean no entity.
    reader.config_mut().allow_dangling_amp = true;
    let (mut depth, mut seen) = (0_u64, false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => (depth, seen) = (depth + 1, true),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Empty(_)) => seen = true,
            Ok(Event::Eof) if seen && depth == 0 => return Ok(()),
            Ok(Event::Eof) => return Err("ends inside its XML: it was cut short".to_owned()),
            Ok(_) => {}
            Err(e) => return Err(format!("is no well-formed XML: {e}")),
        }
    }
}

/// A ZIP container has its directory at its end; old workbooks (OLE) are left to their reader.
fn whole_workbook(body: &mut dyn BufRead, start: &str) -> Result<(), String> {
    let head = body.fill_buf().map_err(|e| e.to_string())?;
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Ok(());
    }
    if !head.starts_with(b"PK") {
        return Err(instead("a workbook", start));
    }
    let last = tail(body, 66_000)?;
    if last.windows(4).any(|four| four == b"PK\x05\x06") {
        Ok(())
    } else {
        Err("ends before the directory of its ZIP container: it was cut short".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(expects: Expects, unbounded: bool, body: &[u8]) -> String {
        check(expects, unbounded, &mut std::io::Cursor::new(body)).err().unwrap_or_default()
    }

    #[test]
    fn a_login_page_an_empty_body_and_a_cut_answer_are_no_answers() {
        let page = b"<!DOCTYPE html><html><body>Log in</body></html>";
        for expects in [Expects::Json, Expects::Csv, Expects::Xml, Expects::Workbook] {
            assert!(says(expects, false, page).contains("login"), "{expects:?}");
            assert!(says(expects, false, b"").contains("empty"));
        }
        assert!(says(Expects::Json, false, b"{\"a\":[1,2").contains("cut short"));
        assert!(says(Expects::Xml, false, b"<a><b>1</b>").contains("cut short"));
        assert!(says(Expects::Csv, true, b"a,b\n1,").contains("cut short"));
        assert!(says(Expects::Page, true, b"<html><body>x").contains("cut short"));
        assert!(says(Expects::Workbook, false, b"PK\x03\x04....").contains("cut short"));
    }

    #[test]
    fn json_and_feeds_pass_in_any_encoding_and_with_a_bare_ampersand() {
        let feed = "<?xml version='1.0' encoding='windows-1256'?><rss><title>وظائف في غزة & خان يونس</title></rss>";
        let wide: Vec<u8> = format!("\u{feff}{feed}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (arabic, _, _) = encoding_rs::WINDOWS_1256.encode(feed);
        let bare = feed.replace(" encoding='windows-1256'", "");
        let (undeclared, _, _) = encoding_rs::WINDOWS_1256.encode(&bare);
        for body in [feed.as_bytes(), wide.as_slice(), &arabic[..], &undeclared[..]] {
            assert_eq!(says(Expects::Xml, false, body), "");
        }
        assert!(says(Expects::Xml, false, wide.get(..120).unwrap()).contains("cut short"));
        assert_eq!(says(Expects::Json, false, b"{\"a\": \"Espa\xF1a\"}"), "");
        let wide: Vec<u8> = "\u{feff}[\"ñ\"]".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(says(Expects::Json, false, &wide), "");
    }

    #[test]
    fn a_feed_that_speaks_of_pages_is_a_feed_and_a_page_is_one_behind_comments_too() {
        for inside in ["<![CDATA[<header>x</header><body>]]>", "<![CDATA[<!DOCTYPE html><html>]]>", "<body>x</body>"] {
            let feed = format!("<?xml version='1.0'?>\n<!-- <html> -->\n<jobs><job>{inside}</job></jobs>");
            assert_eq!(says(Expects::Xml, false, feed.as_bytes()), "", "{inside}");
        }
        assert_eq!(says(Expects::Xml, false, b"<header><a/></header>"), "");
        for page in [
            "\u{feff}<!-- of a cache --> <!DOCTYPE HTML><html></html>",
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'></html>",
            "<head></head>",
            "<body class='login'></body>",
        ] {
            assert!(says(Expects::Xml, false, page.as_bytes()).contains("login"), "{page}");
        }
    }

    #[test]
    fn whole_answers_pass_with_marks() {
        assert_eq!(says(Expects::Json, false, b"\xEF\xBB\xBF [1] \n"), "");
        assert_eq!(says(Expects::Csv, true, b"a,b\n1,2\n") + &says(Expects::Csv, false, b"a,b\n1,2"), "");
        assert_eq!(says(Expects::Xml, false, b"<?xml version='1.0'?><a><b/></a>\n"), "");
        assert_eq!(says(Expects::Page, true, b"<html>x</HTML>"), "");
    }
}
