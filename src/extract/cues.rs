//! Words that deny a skill: "no experience in ... needed", "sin experiencia en ...".

use crate::extract::words::Word;
use crate::lexicon::tokens::{self, Gap};
use crate::types::Lang;

/// How many words back a denial reaches.
const REACH: usize = 6;

fn negators(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Es => &["no", "sin", "ninguna"],
        Lang::Ca => &["no", "sense", "cap"],
        Lang::Ar => &["بدون", "دون", "لا"],
        Lang::En | Lang::Und => &["no", "not", "without"],
    }
}

fn needs(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Es => &["experiencia", "conocimientos", "conocimiento", "necesario", "requiere", "imprescindible"],
        Lang::Ca => &["experiencia", "coneixements", "coneixement", "necessari", "requereix", "imprescindible"],
        Lang::Ar => &["خبره", "يشترط", "يتطلب", "معرفه"],
        Lang::En | Lang::Und => &["experience", "knowledge", "need", "require", "required", "necessary"],
    }
}

/// Whether a denial of need stands before the match in the same clause: a negator, then within two words a word of
/// need, with nothing but other words between.
pub(super) fn is_denied(text: &str, words: &[Word], first: usize, lang: Lang) -> bool {
    let from = first.saturating_sub(REACH);
    let mut need_seen = None;
    for at in (from..first).rev() {
        if words.get(at + 1).is_none_or(|w| w.gap == Gap::Closed) {
            return false;
        }
        let Some(word) = words.get(at) else { return false };
        let raw = text.get(word.start as usize..word.end as usize).unwrap_or_default();
        if raw.len() > 28 {
            continue;
        }
        if is_one_of(raw, needs(lang)) {
            need_seen = Some(at);
        } else if is_one_of(raw, negators(lang)) {
            return need_seen.is_some_and(|n| n - at <= 3);
        }
    }
    false
}

/// Compares without allocating for ASCII words.
fn is_one_of(raw: &str, words: &[&str]) -> bool {
    if raw.is_ascii() {
        return words.iter().any(|w| w.eq_ignore_ascii_case(raw));
    }
    let form = tokens::form(raw);
    words.iter().any(|w| *w == form)
}
