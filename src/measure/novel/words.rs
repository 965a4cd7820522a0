//! What a word can be in a term, without a tagger: closed classes from `data/reference/term_words.csv`, ordinary words,
//! verbs of duties, and the few endings that tell.

use crate::lexicon::ambiguity::Ambiguity;
use crate::lexicon::labels::{LabelTable, lang_index};
use crate::lexicon::{normal, tokens};
use crate::types::Lang;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

const TABLE: &str = include_str!("../../../data/reference/term_words.csv");
const VERBS: &str = include_str!("../../../data/reference/outcome_verbs.csv");

/// Spellings remembered per language before the memory starts afresh.
const MOST_KNOWN: usize = 100_000;

/// Ends a term and opens nothing.
pub const STOP: u16 = 1;
/// Ends a term; what follows is a noun (the, our).
pub const DETERMINER: u16 = 1 << 1;
/// Ends a term; what follows is a noun or a gerund (of, with).
pub const PREPOSITION: u16 = 1 << 2;
/// Joins nouns to one term (gestión *de* datos).
pub const INNER: u16 = 1 << 3;
/// Begins no term.
pub const NOT_FIRST: u16 = 1 << 4;
/// Ends no term.
pub const NOT_LAST: u16 = 1 << 5;
/// An ordinary word: a term of nothing else says nothing.
pub const COMMON: u16 = 1 << 6;
/// Names a task as well as a thing: begins a term only behind a determiner or preposition.
pub const VERB: u16 = 1 << 7;
/// Such a verb in -ing: begins a term only behind a determiner.
pub const GERUND: u16 = 1 << 8;
/// Carries the Arabic article.
pub const DEFINITE: u16 = 1 << 9;
/// Written together with an Arabic conjunction or preposition: a new term begins here.
pub const JOINED: u16 = 1 << 10;
/// Stands in a label of the taxonomy.
pub const KNOWN: u16 = 1 << 11;
/// Begins with a digit: 3D, 8a.
pub const NUMBERED: u16 = 1 << 13;
/// A noun although its ending says otherwise.
const NOUN: u16 = 1 << 12;
/// All that ends a term.
pub const BREAKS: u16 = STOP | DETERMINER | PREPOSITION;

/// What is known of a spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The same for singular and plural.
    pub key: u64,
    /// Any of the constants above.
    pub flags: u16,
}

/// Word classes of the four languages.
pub struct Words<'a> {
    labels: &'a LabelTable,
    classes: [FxHashMap<String, u16>; 4],
    ordinary: [Ambiguity; 4],
}

/// Spellings seen, per language.
#[derive(Debug, Default)]
pub struct Spellings([FxHashMap<Box<str>, Word>; 4]);

/// Flags of a kind of the table; none for a kind it does not know.
fn kind_flags(kind: &str) -> Option<u16> {
    Some(match kind {
        "stop" => STOP,
        "det" => DETERMINER,
        "prep" => PREPOSITION,
        "inner" => INNER,
        "edge" => NOT_FIRST | NOT_LAST,
        "not_first" => NOT_FIRST,
        "not_last" => NOT_LAST,
        "noun" => NOUN,
        _ => return None,
    })
}

impl<'a> Words<'a> {
    /// Reads the tables that come with the program.
    pub fn new(labels: &'a LabelTable) -> Self {
        let mut classes: [FxHashMap<String, u16>; 4] = Default::default();
        let mut add = |lang: &str, word: &str, flags: u16| {
            if let Some(class) = classes.get_mut(lang_index(Lang::from_code(lang))) {
                *class.entry(tokens::form(word)).or_default() |= flags;
            }
        };
        for line in TABLE.lines().skip(1) {
            let mut fields = line.splitn(3, ',');
            let (Some(lang), Some(flags), Some(words)) =
                (fields.next(), fields.next().and_then(kind_flags), fields.next())
            else {
                continue;
            };
            words.split_whitespace().for_each(|word| add(lang, word, flags));
        }
        for line in VERBS.lines().skip(1) {
            let mut fields = line.split(',');
            // Arabic lists verbal nouns, which head a term as other nouns do.
            if let (Some(lang), Some(verb)) = (fields.next().filter(|lang| *lang != "ar"), fields.next()) {
                add(lang, verb, VERB);
                english_gerund(verb).filter(|_| lang == "en").into_iter().for_each(|g| add(lang, &g, GERUND));
            }
        }
        Self { labels, classes, ordinary: Lang::ALL.map(Ambiguity::of) }
    }

    /// What a spelling can be in a language.
    pub fn word(&self, raw: &str, lang: Lang, seen: &mut Spellings) -> Word {
        let Some(cache) = seen.0.get_mut(lang_index(lang)) else { return self.classify(raw, lang) };
        if let Some(word) = cache.get(raw) {
            return *word;
        }
        if cache.len() >= MOST_KNOWN {
            cache.clear();
        }
        let word = self.classify(raw, lang);
        cache.insert(raw.into(), word);
        word
    }

    /// Whether a folded word only joins others in a term.
    pub fn is_joining(&self, form: &str, lang: Lang) -> bool {
        self.class(form, lang) & INNER != 0
    }

    fn class(&self, form: &str, lang: Lang) -> u16 {
        self.classes.get(lang_index(lang)).and_then(|c| c.get(form)).copied().unwrap_or_default()
    }

    fn is_common(&self, form: &str, lang: Lang) -> bool {
        self.ordinary.get(lang_index(lang)).is_some_and(|o| o.is_common(form))
    }

    fn is_known(&self, form: &str, lang: Lang) -> bool {
        let vocabulary = &self.labels.vocabulary;
        vocabulary.tokens.get(form).is_some() || vocabulary.stem_of_word(form, lang).is_some()
    }

    fn classify(&self, raw: &str, lang: Lang) -> Word {
        let form = tokens::form(raw);
        let (form, joined) = if lang == Lang::Ar { self.arabic(raw, form) } else { (form, 0) };
        let mut flags = self.class(&form, lang) | joined;
        if form.starts_with(|c: char| c.is_ascii_digit()) {
            let rest = form.trim_start_matches(|c: char| c.is_ascii_digit());
            // Numbers, hours and ordinals: 12, 8am, 14h, 1a, 2nd.
            let bare = ["", "a", "o", "h", "hs", "am", "pm", "st", "nd", "rd", "th", "er", "r", "n", "t"];
            flags |= if bare.contains(&rest) { STOP } else { NUMBERED };
        } else if !form.chars().any(char::is_alphabetic) {
            flags |= STOP;
        }
        if self.is_common(&form, lang) {
            flags |= COMMON;
        }
        if self.is_known(&form, lang) {
            flags |= KNOWN;
        }
        if flags & (BREAKS | INNER | NOUN) == 0 {
            flags |= ending(&form, lang);
        }
        Word { key: key(&form, lang), flags }
    }

    /// The word behind what Arabic writes together with it, and what that says.
    fn arabic(&self, raw: &str, form: String) -> (String, u16) {
        let folded = normal::fold(raw);
        if folded.starts_with("ال") {
            return (form, DEFINITE);
        }
        if ["وال", "فال", "بال", "كال", "لل", "وبال", "ولل"].iter().any(|p| folded.starts_with(p)) && folded != form
        {
            return (form, DEFINITE | JOINED);
        }
        let told = |word: &str| {
            self.class(word, Lang::Ar) != 0 || self.is_common(word, Lang::Ar) || self.is_known(word, Lang::Ar)
        };
        // Words that begin with waw themselves are few and listed; the other particles need a known word behind.
        let own = self.class(&form, Lang::Ar) != 0 || self.is_common(&form, Lang::Ar);
        match tokens::without_particle(&form) {
            Some(rest) if !own && is_particle(&form, told(&form), told(rest)) => (rest.to_owned(), JOINED),
            _ => (form, 0),
        }
    }
}

/// Whether the first letter of an Arabic word is a particle: the conjunction waw before four letters or more, or before
/// a word that is known without it, even where a label holds both; another particle before a known word only.
fn is_particle(form: &str, is_told: bool, rest_is_told: bool) -> bool {
    let is_waw = form.starts_with('و');
    (is_waw && form.chars().count() >= 5) || (rest_is_told && (is_waw || !is_told))
}

/// `manage` -> `managing`, `plan` -> `planning`.
fn english_gerund(verb: &str) -> Option<String> {
    let bare = verb.strip_suffix('e').filter(|b| !b.ends_with(['e', 'o', 'y'])).unwrap_or(verb);
    let mut last = verb.chars().rev();
    let (end, vowel, start) = (last.next()?, last.next()?, last.next()?);
    let is_vowel = |c: char| "aeiou".contains(c);
    let doubles = verb.len() <= 4 && !is_vowel(end) && !"wxy".contains(end) && is_vowel(vowel) && !is_vowel(start);
    Some(if doubles { format!("{verb}{end}ing") } else { format!("{bare}ing") })
}

/// What the ending of a word outside the table says.
fn ending(form: &str, lang: Lang) -> u16 {
    let ends = |endings: &[&str], least: usize| form.len() >= least && endings.iter().any(|e| form.ends_with(e));
    match lang {
        Lang::En | Lang::Und => {
            // Adverbs, and the pronouns that end a clause: prides itself.
            if ends(&["ly", "self", "selves"], 5) {
                STOP
            } else if ends(&["ed", "ful", "ous", "able", "ible", "less", "ical", "ative"], 5) {
                NOT_LAST
            } else {
                0
            }
        }
        Lang::Es => {
            if ends(&["ar", "er", "ir", "arse", "erse", "irse", "mente", "ando", "iendo", "yendo", "amos", "emos"], 5) {
                STOP
            } else if ends(&["ado", "ada", "ados", "adas", "ido", "idos"], 5) {
                NOT_FIRST
            } else {
                0
            }
        }
        Lang::Ca => {
            if ends(&["ar", "er", "ir", "re", "ament", "em", "im"], 5) {
                STOP
            } else if ends(&["at", "ada", "ats", "ades", "ida", "its", "ides"], 6) {
                NOT_FIRST
            } else {
                0
            }
        }
        // A noun with a possessive ("its filing") and a verb of the third person say a sentence.
        Lang::Ar if ends(&["ها", "هما"], 10) || (form.starts_with('ي') && form.len() >= 8) => STOP,
        Lang::Ar => 0,
    }
}

/// Number of a word in which singular and plural meet; other inflections stay apart ("engineer", "engineering").
fn key(form: &str, lang: Lang) -> u64 {
    let plain = form.is_ascii() && form.len() > 3 && form.bytes().all(|b| b.is_ascii_lowercase());
    let root = match lang {
        _ if !plain => form,
        Lang::En | Lang::Und => english_singular(form),
        Lang::Es => form.strip_suffix('s').unwrap_or(form).trim_end_matches('e'),
        Lang::Ca => {
            let bare = form.strip_suffix('s').unwrap_or(form);
            bare.strip_suffix("ion").map_or(bare.trim_end_matches(['e', 'a']), |r| &form[..r.len() + 2])
        }
        Lang::Ar => form,
    };
    let mut hasher = FxHasher::default();
    hasher.write(root.as_bytes());
    hasher.write_usize(lang_index(lang));
    hasher.finish()
}

fn english_singular(form: &str) -> &str {
    if form.ends_with("ss") || form.ends_with("us") || form.ends_with("is") {
        return form;
    }
    match form.strip_suffix("ies") {
        // Both ends of "policy"/"policies" are cut.
        Some(root) => root,
        None => match form.strip_suffix('s') {
            Some(root) if ["che", "she", "sse", "xe"].iter().any(|e| root.ends_with(e)) => &root[..root.len() - 1],
            Some(root) => root,
            None => form.strip_suffix('y').filter(|root| !root.ends_with(['a', 'e', 'o', 'u'])).unwrap_or(form),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read_and_no_word_is_written_twice_in_one_list() {
        for line in TABLE.lines().skip(1) {
            let fields: Vec<&str> = line.splitn(3, ',').collect();
            assert!(fields.len() == 3 && kind_flags(fields[1]).is_some(), "{line:.40}");
            assert!(Lang::from_code(fields[0]) != Lang::Und, "{line:.40}");
        }
    }

    #[test]
    fn singular_and_plural_meet_and_other_forms_stay_apart() {
        let meet = |a: &str, b: &str, lang| key(a, lang) == key(b, lang);
        for (a, b, lang) in [
            ("policy", "policies", Lang::En),
            ("pipeline", "pipelines", Lang::En),
            ("pathway", "pathways", Lang::En),
            ("batch", "batches", Lang::En),
            ("sector", "sectores", Lang::Es),
            ("cliente", "clientes", Lang::Es),
            ("gestio", "gestions", Lang::Ca),
            ("dada", "dades", Lang::Ca),
        ] {
            assert!(meet(a, b, lang), "{a} {b}");
        }
        assert!(!meet("engineer", "engineering", Lang::En) && !meet("analysis", "analyst", Lang::En));
    }

    #[test]
    fn arabic_particles_open_a_new_term_and_the_article_is_noted() {
        let table = LabelTable::default();
        let words = Words::new(&table);
        let word = |raw| words.word(raw, Lang::Ar, &mut Spellings::default());
        assert_eq!(word("المشاريع").flags & (DEFINITE | JOINED), DEFINITE);
        assert_eq!(word("والمشاريع").flags & (DEFINITE | JOINED), DEFINITE | JOINED);
        assert_eq!(word("المشاريع").key, word("والمشاريع").key);
        assert_eq!(word("مشاريع").key, word("للمشاريع").key);
        assert_eq!(word("تنظيم").key, word("وتنظيم").key);
        assert_eq!(word("وثائق").flags & JOINED, 0);
    }

    #[test]
    fn waw_before_a_known_word_of_three_letters_is_and_even_where_a_label_holds_them_as_one() {
        assert!(is_particle("ووضع", true, true) && is_particle("وفحص", false, true));
        assert!(!is_particle("وقرن", true, false) && !is_particle("لبنك", true, true));
        let table = LabelTable::default();
        let word = |raw| Words::new(&table).word(raw, Lang::Ar, &mut Spellings::default());
        assert_eq!((word("ووضع").flags & JOINED, word("ووضع").key), (JOINED, word("وضع").key));
        assert_eq!(["لكل", "دون", "ودون"].map(|w| word(w).flags & STOP), [STOP; 3]);
    }

    #[test]
    fn a_known_word_behind_an_arabic_particle_is_met_without_it_and_any_other_word_is_left_whole() {
        let table = LabelTable::default();
        let word = |raw| Words::new(&table).word(raw, Lang::Ar, &mut Spellings::default());
        // A word of the table behind "with", an unknown one behind it, one of the table that begins like it.
        let joined = word("بمستمر");
        assert_eq!((joined.flags & JOINED, joined.key), (JOINED, word("مستمر").key));
        assert_eq!(word("بقرنيط").flags & JOINED, 0);
        assert_ne!(word("بقرنيط").key, word("قرنيط").key);
        assert_eq!(word("براحة").flags & JOINED, 0);
        // Waw before four letters is "and", before three it may be the word's own; listed nouns keep theirs.
        assert_eq!((word("وقرنيط").flags & JOINED, word("وقرنيط").key), (JOINED, word("قرنيط").key));
        assert_eq!(["وقرن", "وكالة", "ورديات"].map(|w| word(w).flags & JOINED), [0; 3]);
        // What looks like particle and article is none when no word is left.
        assert_eq!(word("بالغ").flags & (DEFINITE | JOINED), 0);
    }

    #[test]
    fn the_ending_of_a_word_says_whether_it_can_stand_in_a_term_and_short_words_say_nothing() {
        let cases = [
            (Lang::En, &["quickly", "early", "itself", "themselves"][..], STOP),
            (Lang::En, &["trained", "helpful", "wireless", "clinical", "creative"], NOT_LAST),
            (Lang::En, &["data", "only", "bed", "welding", "self", "bookshelf", "shelves"], 0),
            (Lang::Es, &["gestionar", "rapidamente", "trabajando", "dirigirse"], STOP),
            (Lang::Es, &["cualificado", "unidos", "entradas"], NOT_FIRST),
            (Lang::Es, &["datos", "mar", "dado"], 0),
            (Lang::Ca, &["gestionar", "rapidament", "treballem"], STOP),
            (Lang::Ca, &["qualificat", "assistida", "entrades"], NOT_FIRST),
            (Lang::Ca, &["gestio", "mar", "dades"], 0),
            (Lang::Ar, &["يعمل", "ملفاتها"], STOP),
            (Lang::Ar, &["يد", "لها", "تنظيم"], 0),
        ];
        for (lang, words, flags) in cases {
            for word in words {
                assert_eq!(ending(word, lang), flags, "{word}");
            }
        }
    }

    #[test]
    fn a_number_ends_a_term_and_a_word_that_begins_with_one_does_not() {
        let table = LabelTable::default();
        let flags = |raw| Words::new(&table).word(raw, Lang::En, &mut Spellings::default()).flags & (STOP | NUMBERED);
        assert_eq!(["12", "8am", "2nd", "14h", "+"].map(flags), [STOP; 5]);
        assert_eq!(["3D", "4G"].map(flags), [NUMBERED; 2]);
        assert_eq!(flags("gyrostat"), 0);
    }

    #[test]
    fn gerunds_are_spelt_as_english_spells_them() {
        for (verb, gerund) in [
            ("manage", "managing"),
            ("plan", "planning"),
            ("see", "seeing"),
            ("dye", "dyeing"),
            ("fix", "fixing"),
            ("draw", "drawing"),
            ("read", "reading"),
            ("help", "helping"),
            ("audit", "auditing"),
            ("run", "running"),
        ] {
            assert_eq!(english_gerund(verb).as_deref(), Some(gerund));
        }
    }

    #[test]
    fn plurals_in_es_and_words_that_only_look_like_plurals_are_told_apart() {
        let meet = |a: &str, b: &str| key(a, Lang::En) == key(b, Lang::En);
        for (a, b) in [("process", "processes"), ("dish", "dishes"), ("city", "cities"), ("delay", "delays")] {
            assert!(meet(a, b), "{a} {b}");
        }
        for (a, b) in [("class", "clas"), ("status", "statu"), ("analysis", "analysi"), ("delay", "dela")] {
            assert!(!meet(a, b), "{a} {b}");
        }
        // Words of three letters and words with anything but small letters are their own.
        assert!(key("gas", Lang::En) != key("ga", Lang::En) && key("c3ps", Lang::En) != key("c3p", Lang::En));
        assert_ne!(key("data", Lang::En), key("data", Lang::Ca));
    }

    #[test]
    fn ordinary_words_are_known_and_a_listed_noun_is_one_whatever_its_ending() {
        let table = LabelTable::default();
        let flags = |raw, lang| Words::new(&table).word(raw, lang, &mut Spellings::default()).flags;
        assert!(["achieve", "bank"].iter().all(|w| flags(w, Lang::En) & COMMON != 0));
        assert_eq!(flags("gyrostat", Lang::En) & COMMON, 0);
        for (noun, lang) in [("assembly", Lang::En), ("hogar", Lang::Es), ("taller", Lang::Ca)] {
            assert_eq!(flags(noun, lang) & STOP, 0, "{noun}");
        }
        assert_eq!(flags("gestionar", Lang::Es) & STOP, STOP);
        // Words that only join others join them.
        assert!(Words::new(&table).is_joining("de", Lang::Es) && !Words::new(&table).is_joining("hogar", Lang::Es));
    }
}
