//! One folded spelling per character, for look-ups in reference tables: lower case, no accents, one form per Arabic letter.

/// Folds one character; a character that stays itself is returned lower-cased. Marks that vanish give `None`.
pub(crate) fn fold_char(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    let folded = match c {
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' => 'a',
        'ç' | 'Ç' => 'c',
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'Ē' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'Ī' => 'i',
        'ñ' | 'Ñ' => 'n',
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'Ō' => 'o',
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'Ū' => 'u',
        'ý' | 'ÿ' | 'Ý' => 'y',
        'ḥ' | 'Ḥ' => 'h',
        'ṭ' | 'Ṭ' => 't',
        'ṣ' | 'Ṣ' => 's',
        // Arabic: hamza seats, alef maqsura, teh marbuta are spelt either way; tatweel and vowel marks carry no letter.
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' => 'ي',
        'ة' => 'ه',
        'ؤ' => 'و',
        'ئ' => 'ي',
        'ـ' | '\u{064b}'..='\u{0652}' | '\u{0670}' | '\u{0300}'..='\u{036f}' => return None,
        '٠'..='٩' => return arabic_digit(c),
        other => return other.to_lowercase().next(),
    };
    Some(folded)
}

fn arabic_digit(c: char) -> Option<char> {
    char::from_digit((c as u32).wrapping_sub(0x660), 10)
}

/// Folded words joined by single spaces; everything that is no letter or digit separates words.
pub(crate) fn fold_words(text: &str, out: &mut String) {
    out.clear();
    let mut gap = false;
    let mut rest = text;
    while !rest.is_empty() {
        // Runs of plain letters and digits are copied whole.
        let plain = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if let Some(run) = rest.get(..plain).filter(|run| !run.is_empty()) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            let from = out.len();
            out.push_str(run);
            if let Some(copied) = out.get_mut(from..) {
                copied.make_ascii_lowercase();
            }
        }
        let mut others = rest.get(plain..).unwrap_or_default().chars();
        let Some(c) = others.next() else { break };
        rest = others.as_str();
        if c.is_ascii() {
            gap = true;
            continue;
        }
        if !c.is_alphanumeric() {
            // A vanishing mark must not split its word.
            gap |= fold_char(c).is_some();
            continue;
        }
        let Some(folded) = fold_char(c) else { continue };
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(folded);
    }
}

/// Owned form of [`fold_words`].
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_words(text, &mut out);
    out
}

/// Characters that show nothing and change what is read: controls, bidi overrides and isolates, soft hyphens, BOMs.
/// ZWNJ, ZWJ and the directional marks stay, as Arabic needs them.
pub(super) fn is_invisible(c: char) -> bool {
    match c {
        '\n' => false,
        '\u{ad}'
        | '\u{200b}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_arabic_spelling_variants_fold_to_one_form() {
        assert_eq!(folded("  L'Hospitalet de  Llobregat "), "l hospitalet de llobregat");
        assert_eq!(folded("CÓRDOBA"), folded("Cordoba"));
        assert_eq!(folded("المؤهّلات"), folded("المؤهلات"));
        assert_eq!(folded("أسبانيا"), folded("اسبانيا"));
        assert_eq!(folded("Número ٤٢"), "numero 42");
    }
}
