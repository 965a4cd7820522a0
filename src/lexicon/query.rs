//! A text read against the vocabulary of a label table: words with stems, stop words and clauses.

use crate::lexicon::labels::{UNKNOWN, Vocabulary};
use crate::lexicon::tokens::{self, Gap};
use crate::types::Lang;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded form.
    pub form: String,
    /// Number of its stem in the vocabulary; `UNKNOWN` when no label has it.
    pub stem: u32,
    /// A function word: no window starts or ends with it.
    pub stop: bool,
    /// Clause it stands in, counted from 0: commas, sentence ends, bullets, brackets and "and" part clauses.
    pub clause: u32,
    /// First byte in the text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// Function words by language, folded, sorted.
const STOP_EN: &[&str] = &[
    "a", "about", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "both", "but",
    "by", "can", "could", "do", "does", "e", "each", "etc", "for", "from", "g", "had", "has", "have", "he", "her",
    "his", "how", "i", "if", "in", "into", "is", "it", "its", "like", "may", "more", "most", "must", "my", "no", "not",
    "of", "on", "or", "other", "our", "out", "over", "per", "s", "she", "should", "so", "some", "such", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to", "up", "various",
    "very", "via", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why",
    "will", "with", "within", "would", "you", "your",
];
const STOP_ES: &[&str] = &[
    "a", "al", "ante", "aquel", "como", "con", "cual", "cuando", "de", "del", "desde", "donde", "durante", "e", "el",
    "ella", "en", "entre", "es", "esta", "estas", "este", "estos", "etc", "ha", "hacia", "han", "hasta", "la", "las",
    "le", "les", "lo", "los", "mas", "me", "mediante", "mi", "muy", "no", "nos", "nuestra", "nuestro", "o", "otra",
    "otras", "otro", "otros", "para", "pero", "por", "que", "se", "segun", "ser", "si", "sin", "sobre", "son", "su",
    "sus", "tu", "u", "un", "una", "unas", "uno", "unos", "y", "ya",
];
const STOP_CA: &[&str] = &[
    "a",
    "al",
    "als",
    "amb",
    "aquest",
    "aquesta",
    "aquests",
    "com",
    "d",
    "de",
    "del",
    "dels",
    "des",
    "durant",
    "e",
    "el",
    "els",
    "en",
    "entre",
    "es",
    "esta",
    "etc",
    "ha",
    "han",
    "hi",
    "i",
    "l",
    "la",
    "les",
    "li",
    "lo",
    "m",
    "mes",
    "mitjancant",
    "molt",
    "n",
    "no",
    "o",
    "on",
    "pel",
    "pels",
    "per",
    "pero",
    "que",
    "quan",
    "s",
    "se",
    "segons",
    "sense",
    "ser",
    "seva",
    "seves",
    "seu",
    "seus",
    "si",
    "sobre",
    "son",
    "t",
    "tot",
    "un",
    "una",
    "unes",
    "uns",
];
const STOP_AR: &[&str] = &[
    "ان", "او", "اي", "ب", "بعد", "بين", "ثم", "حتي", "حول", "خلال", "ذلك", "ذات", "علي", "عن", "عند", "غير", "في",
    "قبل", "قد", "كل", "كما", "لا", "لم", "ما", "مثل", "مع", "من", "هذا", "هذه", "هو", "هي", "و", "الي", "التي", "الذي",
];
/// Words that join the items of an enumeration.
const JOINS: &[&str] = &["and", "or", "y", "e", "o", "u", "i", "و", "او", "including", "&"];

/// Function words of `lang`, folded (`Und` is read as English).
pub fn stops(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::En | Lang::Und => STOP_EN,
        Lang::Es => STOP_ES,
        Lang::Ca => STOP_CA,
        Lang::Ar => STOP_AR,
    }
}

/// Whether a folded word is a function word of `lang`.
pub fn is_stop(form: &str, lang: Lang) -> bool {
    stops(lang).contains(&form)
}

/// The first `limit` words of a text.
pub fn read(text: &str, lang: Lang, vocabulary: &Vocabulary, limit: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut form = String::new();
    let mut clause = 0;
    for token in tokens::tokens(text).take(limit) {
        tokens::form_into(token.raw, &mut form);
        let stop = is_stop(&form, lang);
        let join = stop && JOINS.contains(&form.as_str());
        if !words.is_empty() && (token.gap != Gap::Open || join) {
            clause += 1;
        }
        words.push(Word {
            stem: vocabulary.stem_of_word(&form, lang).unwrap_or(UNKNOWN),
            stop,
            clause,
            start: u32::try_from(token.start).unwrap_or(u32::MAX),
            end: u32::try_from(token.end).unwrap_or(u32::MAX),
            form: form.clone(),
        });
    }
    words
}
