//! The one normal form that labels, postings and outcomes meet in.
//!
//! It is the same for every language on purpose: an English product name inside a Catalan sentence must meet its
//! label, and people write Spanish and Catalan without accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, compatibility forms resolved, accents and Arabic vowel signs removed, Arabic letter variants and
/// digits unified. White space and punctuation stay as they are.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Like [`fold`], appending to `out`, so that hot paths reuse one buffer.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.bytes().map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    for c in text.nfkd() {
        fold_char(c, out);
    }
}

/// Folds one character of a decomposed text.
fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    if is_silent(c) {
        return;
    }
    match c {
        'ß' | 'ẞ' => out.push_str("ss"),
        'æ' | 'Æ' => out.push_str("ae"),
        'œ' | 'Œ' => out.push_str("oe"),
        'ø' | 'Ø' => out.push('o'),
        'ł' | 'Ł' => out.push('l'),
        'đ' | 'Đ' => out.push('d'),
        'ı' => out.push('i'),
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{00B4}' => out.push('\''),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
        // Alef wasla; alef maqsura and Farsi yeh; ta marbuta; Farsi kaf.
        '\u{0671}' => out.push('\u{0627}'),
        '\u{0649}' | '\u{06CC}' => out.push('\u{064A}'),
        '\u{0629}' => out.push('\u{0647}'),
        '\u{06A9}' => out.push('\u{0643}'),
        '\u{0660}'..='\u{0669}' => push_digit(c, 0x0660, out),
        '\u{06F0}'..='\u{06F9}' => push_digit(c, 0x06F0, out),
        _ => out.extend(c.to_lowercase().filter(|l| !is_combining_mark(*l))),
    }
}

/// Characters without a sound of their own: marks, tatweel, the Catalan middle dot, joiners and direction signs.
pub(crate) fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{0640}' | '\u{00B7}' | '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
        || is_combining_mark(c)
}

fn push_digit(c: char, zero: u32, out: &mut String) {
    if let Some(digit) = char::from_digit(u32::from(c) - zero, 10) {
        out.push(digit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_written_with_and_without_accents_meet() {
        assert_eq!(fold("Gestión de CAMIÓN, añadir"), "gestion de camion, anadir");
        assert_eq!(fold("Intel·ligència artificial"), "intelligencia artificial");
        assert_eq!(fold("ﬁnance Straße Ⅳ"), "finance strasse iv");
        // Decomposed input is the same word.
        assert_eq!(fold("cafe\u{301}"), fold("café"));
    }

    #[test]
    fn arabic_spellings_of_one_word_meet() {
        assert_eq!(fold("إدارة"), fold("ادارة"));
        assert_eq!(fold("أعمال"), fold("اعمال"));
        assert_eq!(fold("مستشفى"), fold("مستشفي"));
        assert_eq!(fold("مُحَاسَبَة"), fold("محاسبه"));
        assert_eq!(fold("تســويق"), fold("تسويق"));
        assert_eq!(fold("٢٠٢٦"), "2026");
    }
}
