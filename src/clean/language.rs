//! Language of a text: function words where they are plain, trigrams (whatlang) where they are not, and what the source
//! declares where the text is too short to say.

use crate::types::Lang;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use whatlang::{Detector, Lang as Seen};

/// Bytes read from the start of a text; more does not change the answer.
const READ_BYTES: usize = 600;
/// Letters below which a text cannot speak for itself.
const ENOUGH_LETTERS: usize = 20;

/// Ours, and the neighbours that would otherwise be mistaken for ours.
const CANDIDATES: &[Seen] = &[
    Seen::Eng,
    Seen::Spa,
    Seen::Cat,
    Seen::Ara,
    Seen::Fra,
    Seen::Deu,
    Seen::Ita,
    Seen::Por,
    Seen::Nld,
    Seen::Pes,
    Seen::Urd,
    Seen::Heb,
];

/// Words that tell their language from its neighbours; words shared by two of them are left out.
const FUNCTION_WORDS: &[(Lang, &str)] = &[
    (Lang::En, "the and of to with for you our will your are is this we have be that from by as who their must at it"),
    (
        Lang::Es,
        "y el los las con para su sus en más como años trabajo experiencia buscamos ofrecemos se lo nuestra nuestro desde \
         hasta mañana tardes también o e muy sobre según persona requiere ofrece puesto jornada seleccionamos precisa \
         contrato conocimientos imprescindible será incorporar equipo nivel zona sueldo mínimo salario empresas cliente \
         una del un por es necesita está tienes eres si buscando turnos limpieza valorará carnet empleo",
    ),
    (
        Lang::Ca,
        "i els les amb per als dels o més com anys feina experiència cerquem busquem oferim ens nostra nostre fins matí \
         també seva seu seus seves molt sobre segons requereix ofereix lloc treball jornada seleccionem contracte \
         coneixements imprescindible serà incorporar equip nivell una del un és necessita està tens ets si empresa \
         cercant buscant torns neteja valorarà carnet l d s n tasques persones nosaltres aquesta aquest hores serveis",
    ),
    (
        Lang::Und,
        "et des vous nous est dans pour avec une au aux sur und der die das mit für wir ist sie von zu den di il che della \
         sono nel gli per com em não uma os um da do dos het een van voor met yn yr mae gyda ac wedi ein eta da dira ditu",
    ),
];

/// Which of English, Spanish, Catalan and (as one) the other Latin-script languages a word speaks for.
static VOTES: LazyLock<FxHashMap<&'static str, [u8; 4]>> = LazyLock::new(|| {
    let mut votes: FxHashMap<&'static str, [u8; 4]> = FxHashMap::default();
    for (slot, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
        for word in words.split_whitespace() {
            if let Some(vote) = votes.entry(word).or_default().get_mut(slot) {
                *vote = 1;
            }
        }
    }
    votes
});

/// Language of `text`; `declared` decides only where the text does not.
pub fn detect(text: &str, declared: Option<Lang>) -> Lang {
    let head = head(text);
    let (latin, arabic) = count_letters(head);
    if latin + arabic < ENOUGH_LETTERS {
        return short(latin, arabic, declared);
    }
    if arabic > latin {
        return of_arabic_script(head);
    }
    let votes = count_votes(head);
    if let Some(plain) = plain_majority(votes) {
        return plain;
    }
    // Two words of the declared language and none of another leave nothing for trigrams to decide.
    let of_declared = |(slot, words): (usize, &(Lang, &str))| (Some(words.0) == declared).then(|| votes[slot]);
    let known = FUNCTION_WORDS.iter().enumerate().find_map(of_declared).unwrap_or_default();
    if known >= 2 && known == votes.iter().sum::<usize>() {
        return declared.unwrap_or(Lang::Und);
    }
    by_trigrams(head, votes, declared)
}

/// Language of a short text that stands in a context of language `around`: it departs from it only when long enough to
/// speak for itself, or written in another script.
pub fn detect_beside(text: &str, around: Lang) -> Lang {
    let (latin, arabic) = count_letters(head(text));
    if latin + arabic < 60 && around != Lang::Und && (arabic > latin) == (around == Lang::Ar) {
        return around;
    }
    let found = detect(text, Some(around).filter(|l| *l != Lang::Und));
    match (around, found) {
        // One sentence is too little for trigrams to part such neighbours: function words have to say so.
        (Lang::Es, Lang::Ca) | (Lang::Ca, Lang::Es) => of_sentence(text, around, around),
        _ => found,
    }
}

/// Language of a sentence of a posting in `main` that follows one in `current`.
///
/// It leaves the main language only with another script, or with four different function words of another language and
/// at most one of the main one; it comes back with more words of the main one, or where a long sentence has none of the
/// other; in between it goes on as it was.
pub(super) fn of_sentence(sentence: &str, main: Lang, current: Lang) -> Lang {
    let (latin, arabic) = count_letters(sentence);
    if arabic > latin {
        let plain = arabic >= ENOUGH_LETTERS && of_arabic_script(sentence) == Lang::Ar;
        return if plain { Lang::Ar } else { current };
    }
    // Latin letters beside Arabic are names of tools as often as sentences.
    let current = if current == Lang::Ar && latin > 8 { main } else { current };
    if latin < ENOUGH_LETTERS {
        return current;
    }
    let votes = distinct_votes(sentence);
    let of = |lang: Lang| {
        let slot = FUNCTION_WORDS.iter().position(|(of, _)| *of == lang && lang != Lang::Und);
        slot.and_then(|slot| votes.get(slot)).copied().unwrap_or_default()
    };
    let other = [Lang::En, Lang::Es, Lang::Ca].into_iter().filter(|l| *l != main).max_by_key(|l| of(*l));
    match other {
        Some(other) if of(other) >= 4 && of(main) <= 1 && votes.iter().all(|v| *v <= of(other)) => other,
        _ if current != main && (of(main) > of(current) || latin >= 60 && of(current) == 0) => main,
        _ => current,
    }
}

/// Different function words seen, single letters apart: initials ("U.S.") are no words.
fn distinct_votes(text: &str) -> [usize; 4] {
    let (mut counts, mut seen) = ([0; 4], Vec::new());
    let mut word = String::with_capacity(16);
    for part in text.split(|c: char| !c.is_alphabetic()).filter(|p| (2..=16).contains(&p.len())) {
        word.clear();
        word.extend(part.chars().flat_map(char::to_lowercase));
        if let Some((known, vote)) = VOTES.get_key_value(word.as_str())
            && !seen.contains(known)
        {
            seen.push(*known);
            for (count, v) in counts.iter_mut().zip(vote) {
                *count += usize::from(*v);
            }
        }
    }
    counts
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(READ_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

fn count_letters(text: &str) -> (usize, usize) {
    let (mut latin, mut arabic) = (0, 0);
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
            '\u{620}'..='\u{6ff}' => arabic += 1,
            _ => {}
        }
    }
    (latin, arabic)
}

fn short(latin: usize, arabic: usize, declared: Option<Lang>) -> Lang {
    match declared {
        _ if arabic > latin => Lang::Ar,
        // Latin letters cannot be the Arabic that the source declares.
        Some(Lang::Ar) if latin > arabic => Lang::Und,
        Some(lang) => lang,
        None => Lang::Und,
    }
}

/// Persian and Urdu have letters that Arabic has not.
fn of_arabic_script(text: &str) -> Lang {
    let letters = text.chars().filter(|c| matches!(c, '\u{620}'..='\u{6ff}')).count();
    let foreign = text.chars().filter(|c| matches!(c, 'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ٹ' | 'ڈ' | 'ے')).count();
    if foreign * 33 > letters { Lang::Und } else { Lang::Ar }
}

/// Function words seen, in the order of `FUNCTION_WORDS`.
fn count_votes(text: &str) -> [usize; 4] {
    let mut counts = [0; 4];
    // In mixed case a lone "I" is a pronoun, a grade or "I+D", and no Catalan "and".
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let shouting = 2 * capitals > text.chars().filter(|c| c.is_alphabetic()).count();
    let mut word = String::with_capacity(16);
    for part in text.split(|c: char| !c.is_alphabetic()).filter(|p| !p.is_empty() && p.len() <= 16) {
        word.clear();
        word.extend(part.chars().flat_map(char::to_lowercase));
        if part == "I" && !shouting {
            continue;
        }
        if let Some(vote) = VOTES.get(word.as_str()) {
            for (count, v) in counts.iter_mut().zip(vote) {
                *count += usize::from(*v);
            }
        }
    }
    counts
}

/// A language with at least five function words and twice as many as any other, or with three and none of another.
fn plain_majority(votes: [usize; 4]) -> Option<Lang> {
    let (slot, most) = votes.iter().copied().enumerate().max_by_key(|(slot, n)| (*n, usize::MAX - slot))?;
    let second = votes.iter().enumerate().filter(|(s, _)| *s != slot).map(|(_, n)| *n).max()?;
    let lang = FUNCTION_WORDS.get(slot)?.0;
    let plain = (most >= 5 && most >= 2 * second) || (most >= 3 && second == 0);
    (plain && lang != Lang::Und).then_some(lang)
}

fn by_trigrams(text: &str, votes: [usize; 4], declared: Option<Lang>) -> Lang {
    let Some(info) = Detector::with_allowlist(CANDIDATES.to_vec()).detect(text) else {
        return declared.unwrap_or(Lang::Und);
    };
    let [english, spanish, catalan, other] = votes;
    match info.lang() {
        Seen::Eng => Lang::En,
        Seen::Ara => Lang::Ar,
        // Trigrams confuse the two in short texts; their function words do not.
        Seen::Spa | Seen::Cat if spanish > catalan => Lang::Es,
        Seen::Spa | Seen::Cat if catalan > spanish.max(other) => Lang::Ca,
        // Catalan trigrams without one Catalan word are those of some other language.
        Seen::Spa | Seen::Cat if english > spanish => Lang::En,
        Seen::Spa => Lang::Es,
        Seen::Cat if other > catalan => Lang::Und,
        Seen::Cat if catalan == 0 => declared.unwrap_or(Lang::Und),
        Seen::Cat => Lang::Ca,
        // A neighbour language is believed when its function words, or the certainty of the trigrams, agree.
        _ if info.is_reliable() && other >= english.max(spanish).max(catalan) => Lang::Und,
        _ if spanish.max(catalan).max(english) < 2 => declared.filter(|_| !info.is_reliable()).unwrap_or(Lang::Und),
        _ if english >= spanish.max(catalan) => Lang::En,
        _ if catalan > spanish => Lang::Ca,
        _ => Lang::Es,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_languages_are_told_apart_and_others_are_undetermined() {
        let cases = [
            ("We are looking for a nurse who will work with our team in the ward", Lang::En),
            ("Buscamos una persona con experiencia en limpieza de oficinas y atención al cliente", Lang::Es),
            ("Cerquem una persona amb experiència en neteja d'oficines i atenció al client", Lang::Ca),
            ("ES NECESSITA CAMBRER/A PER A RESTAURANT AMB EXPERIÈNCIA I CATALÀ", Lang::Ca),
            ("SE NECESITA CAMARERO/A PARA RESTAURANTE EN BARCELONA CON EXPERIENCIA", Lang::Es),
            ("مطلوب محاسب للعمل في شركة تجارية بدوام كامل", Lang::Ar),
            ("Nous recherchons une personne avec de l'expérience dans la vente pour notre équipe", Lang::Und),
            ("Wir suchen eine Person mit Erfahrung im Verkauf für unser Team und die Kunden", Lang::Und),
            ("Mae'r swydd yn gyfle i weithio gyda thîm ac mae ein tîm yn gwella gwasanaethau iechyd", Lang::Und),
            ("Software Engineer I for the team in Hyderabad, making software better", Lang::En),
            ("ما به دنبال یک برنامه‌نویس با تجربه برای کار در شرکت هستیم", Lang::Und),
        ];
        for (text, lang) in cases {
            assert_eq!(detect(text, None), lang, "{text}");
        }
    }

    #[test]
    fn a_text_too_short_to_say_takes_what_its_source_declares() {
        assert_eq!(detect("Java", Some(Lang::Es)), Lang::Es);
        assert_eq!(detect("Java", None), Lang::Und);
        assert_eq!(detect("محاسب", Some(Lang::En)), Lang::Ar);
        assert_eq!(detect("Java Developer", Some(Lang::Ar)), Lang::Und);
    }

    #[test]
    fn a_text_speaks_louder_than_a_declaration() {
        assert_eq!(
            detect("Develop and enhance the software of our clients and write clean code", Some(Lang::Ar)),
            Lang::En
        );
    }
}
