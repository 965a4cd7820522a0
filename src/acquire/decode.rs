//! The bytes of an answer as text, whatever they say of their encoding: a mark, else strict UTF-8, else what is
//! declared, else a code page by the bytes themselves.

use super::text::{mostly_utf8, single_byte_page, wide_without_mark};
use encoding_rs::{Encoding, UTF_8};
use std::borrow::Cow;

/// How far into a document its declaration is looked for.
const HEAD_BYTES: usize = 4096;
/// How much is looked at to tell code pages apart.
const SAMPLE_BYTES: usize = 64 << 10;

/// The text of bytes that are read as a whole; a mark is taken off.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    encoding_of(bytes).decode(bytes).0
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if let Some(encoding) = marked.or_else(|| wide_without_mark(bytes).map(|(encoding, _)| encoding)) {
        return encoding;
    }
    if is_utf8(bytes) { UTF_8 } else { declared(bytes).unwrap_or_else(|| code_page(bytes)) }
}

/// Strict UTF-8, or UTF-8 that was damaged in a few places: they cost a character each, and not the whole text.
pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() || mostly_utf8(bytes)
}

/// What a document declares, by its head, where that is not UTF-8; the cut may fall inside a character.
pub(super) fn declared_beside_utf8(head: &[u8]) -> Option<&'static Encoding> {
    let fault = std::str::from_utf8(head).err()?;
    if fault.error_len().is_none() || is_utf8(head) { None } else { declared(head) }
}

/// The code page that markup declares for itself, in its XML declaration or a `charset`.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let head = head.trim_start();
    // JSON declares nothing, whatever its texts say.
    if head.starts_with(['{', '[']) {
        return None;
    }
    let declaration = head.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next());
    let in_xml = declaration.and_then(|text| text.split_once("encoding"));
    let in_xml = in_xml.map(|(_, rest)| rest.trim_start().trim_start_matches('=').trim_start());
    let name = in_xml.or_else(|| head.split_once("charset=").map(|(_, rest)| rest))?;
    let is_name = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name: String = name.trim_start_matches(['"', '\'']).chars().take_while(is_name).collect();
    let encoding = Encoding::for_label(name.as_bytes())?;
    // What is not UTF-8 though it says so is looked at, and UTF-16 could not have been read so far.
    (!matches!(encoding.name(), "UTF-8" | "UTF-16LE" | "UTF-16BE")).then_some(encoding)
}

/// A code page, told by what follows the first letter that is not ASCII.
fn code_page(bytes: &[u8]) -> &'static Encoding {
    let from = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
    let rest = bytes.get(from..).unwrap_or_default();
    single_byte_page(rest.get(..rest.len().min(SAMPLE_BYTES)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARABIC: &str = "<?xml version='1.0' encoding='windows-1256'?><rss><title>المسمى الوظيفي,الوصف مهندس \
        برمجيات,خبرة في تطوير التطبيقات وإدارة قواعد البيانات</title></rss>";

    #[test]
    fn a_mark_goes_first_then_strict_utf8_then_what_is_declared_then_the_bytes() {
        // design/sources.md, section 0.2, rule 1.
        let lie = "<html><meta charset=\"iso-8859-1\"><p>Cañón</p>";
        assert_eq!(decoded(lie.as_bytes()), lie);
        assert_eq!(decoded(b"\xEF\xBB\xBF{}"), "{}");
        let wide: Vec<u8> = "\u{feff}{\"a\":\"ñ\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&wide), "{\"a\":\"ñ\"}");
        assert_eq!(decoded(wide.get(2..).unwrap()), "{\"a\":\"ñ\"}");
        assert!(decoded(b"<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><a>\xA4</a>").contains('€'));
        assert_eq!(decoded(b"{\"a\": \"Espa\xF1a\"}"), "{\"a\": \"España\"}");
    }

    #[test]
    fn arabic_in_its_old_code_page_is_read_declared_or_not() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(ARABIC);
        assert_eq!(decoded(&bytes), ARABIC);
        let bare = ARABIC.split_once("?>").unwrap().1;
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(bare);
        assert_eq!(decoded(&bytes), bare);
    }

    #[test]
    fn a_damaged_byte_in_utf8_costs_a_character_and_not_the_text() {
        assert_eq!(decoded(b"<p>ca\xC3\xB1\xC3\xB3n \xFF</p>"), "<p>cañón \u{fffd}</p>");
    }
}
