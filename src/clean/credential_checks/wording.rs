//! How learning outcomes are written: a statement has a verb, and one that can be observed.

use super::minimum::shown;
use super::rows::Rows;
use crate::clean::fold::folded;
use crate::types::{CheckKey, CheckKind, Credential, Lang, LearningOutcome};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const VERBS: &str = include_str!("../../../data/reference/outcome_verbs.csv");

/// How a word serves an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Serves {
    /// A verb of what can be observed, or a phrase that leads to one.
    Observable,
    /// A verb of what happens inside a head: understand, know.
    Vague,
}

/// Forms of the verbs of the table, by language.
static FORMS: LazyLock<FxHashMap<(Lang, String), Serves>> = LazyLock::new(|| {
    let mut forms = FxHashMap::default();
    let mut reader = csv::Reader::from_reader(VERBS.as_bytes());
    for row in reader.records().flatten() {
        let field = |at: usize| row.get(at).unwrap_or_default();
        let (lang, verb) = (Lang::from_code(field(0)), folded(field(1)));
        let serves = if field(2) == "vague" { Serves::Vague } else { Serves::Observable };
        for form in inflected(&verb, lang) {
            forms.entry((lang, form)).or_insert(serves);
        }
    }
    forms
});

/// The forms a verb takes in outcomes: third person, gerund, first person plural, future.
fn inflected(verb: &str, lang: Lang) -> Vec<String> {
    let mut forms = vec![verb.to_owned()];
    let mut add = |stem: &str, endings: &[&str]| forms.extend(endings.iter().map(|ending| format!("{stem}{ending}")));
    match lang {
        Lang::En => {
            add(verb, &["s", "es", "ing", "ed"]);
            if let Some(stem) = verb.strip_suffix('e') {
                add(stem, &["ing", "ed"]);
            }
            if let Some(stem) = verb.strip_suffix('y') {
                add(stem, &["ies", "ied"]);
            }
            if let Some(last) = verb.chars().last() {
                add(&format!("{verb}{last}"), &["ing", "ed"]);
            }
        }
        Lang::Es | Lang::Ca => {
            for (ending, forms) in [
                ("ar", &["a", "an", "e", "en", "amos", "em", "ara", "aran", "ando", "ant", "arlo", "ado", "at"][..]),
                ("er", &["e", "en", "emos", "era", "eran", "iendo", "ent"][..]),
                ("re", &["", "en", "em", "ra", "ran", "ent"][..]),
                ("ir", &["e", "en", "imos", "ira", "iran", "iendo", "eix", "eixen", "im", "int"][..]),
            ] {
                if let Some(stem) = verb.strip_suffix(ending) {
                    // One letter and an ending is a preposition as soon as a verb: `dar` gives `de`.
                    if stem.chars().count() >= 2 {
                        add(stem, forms);
                    }
                    add(verb, &["se", "lo", "la", "los", "las", "ne", "hi"]);
                }
            }
        }
        Lang::Ar => {
            // The person before a present tense; `and`, `to` and `by` before any word.
            for person in ["ي", "ت", "ن", "ا"] {
                add(&format!("{person}{verb}"), &["", "ون", "وا"]);
            }
            for before in ["و", "ل", "ب", "ال"] {
                add(&format!("{before}{verb}"), &[""]);
            }
        }
        Lang::Und => {}
    }
    forms
}

/// The best that any word of a text serves for; nothing when it has no verb of the table.
fn serves(text: &str, lang: Lang) -> Option<Serves> {
    let folded = folded(text);
    let found = folded.split(' ').filter_map(|word| FORMS.get(&(lang, word.to_owned())).copied());
    let best = found.fold(None, |best, one| if best == Some(Serves::Observable) { best } else { Some(one) });
    best.or_else(|| opens_with_action(text, &folded, lang).then_some(Serves::Observable))
}

/// Words that end like an infinitive and are none, folded.
const NO_INFINITIVES: [&str; 40] = [
    "alquiler",
    "altar",
    "auxiliar",
    "azucar",
    "bar",
    "benestar",
    "bienestar",
    "caracter",
    "carrer",
    "circular",
    "collar",
    "dolar",
    "ejemplar",
    "elixir",
    "escolar",
    "familiar",
    "hogar",
    "lider",
    "llar",
    "lloguer",
    "lugar",
    "mar",
    "master",
    "militar",
    "modular",
    "molar",
    "mujer",
    "nuclear",
    "particular",
    "placer",
    "poder",
    "popular",
    "preliminar",
    "primer",
    "regular",
    "seminar",
    "similar",
    "singular",
    "taller",
    "tercer",
];

/// An infinitive or, in Arabic, a verbal noun as the first word: catalogues open outcomes with one, and no table holds
/// them all.
fn opens_with_action(text: &str, folded: &str, lang: Lang) -> bool {
    let Some(first) = folded.split(' ').next() else { return false };
    let ends = |endings: &[&str]| endings.iter().any(|e| first.ends_with(e) && first.len() >= e.len() + 2);
    match lang {
        Lang::Es => ends(&["ar", "er", "ir", "arse", "erse", "irse"]) && !NO_INFINITIVES.contains(&first),
        Lang::Ca => {
            ends(&["ar", "er", "ir", "iure", "ndre", "ldre", "rdre", "atre", "rse"]) && !NO_INFINITIVES.contains(&first)
        }
        Lang::Ar => {
            let spelt = text.trim_start();
            // Folded, `if'al` is also the pattern of many plurals; its hamza below is not.
            let has_hamza_below = spelt.strip_prefix("ال").unwrap_or(spelt).starts_with('إ');
            is_verbal_noun(first.strip_prefix("ال").unwrap_or(first), has_hamza_below)
        }
        Lang::En | Lang::Und => false,
    }
}

/// Verbal nouns of the derived forms by their pattern: taf'il, tafa''ul, if'al, ifti'al and infi'al, istif'al.
fn is_verbal_noun(word: &str, has_hamza_below: bool) -> bool {
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        ['ت', _, _, 'ي', last] => !matches!(last, 'ه' | 'ا'),
        ['ت', _, 'ا', _, last] => !matches!(last, 'ه' | 'ا' | 'ي'),
        ['ا', _, _, 'ا', _] => has_hamza_below,
        ['ا', _, 'ت', _, 'ا', _] | ['ا', 'ن', _, _, 'ا', _] | ['ا', 'س', 'ت', _, _, 'ا', _] => true,
        _ => false,
    }
}

pub(super) fn check(credential: &Credential, fewest: usize, rows: &mut Rows) {
    let outcomes = &credential.outcomes;
    if (1..fewest).contains(&outcomes.len()) {
        rows.hint(
            "outcomes",
            CheckKind::Wording,
            CheckKey::FewOutcomes,
            outcomes.len().to_string(),
            Some(fewest.to_string()),
        );
    }
    // Languages without a table of verbs are not judged.
    let judged = outcomes.iter().filter(|o| o.language != Lang::Und);
    let judged: Vec<(&LearningOutcome, Option<Serves>)> = judged.map(|o| (o, serves(&o.text, o.language))).collect();
    for (looked_for, key) in [(None, CheckKey::OutcomesAreTopics), (Some(Serves::Vague), CheckKey::OutcomesAreVague)] {
        let mut like = judged.iter().filter(|(_, serves)| *serves == looked_for).map(|(outcome, _)| outcome);
        if let Some(first) = like.next() {
            let value = format!("{} of {}", like.count() + 1, outcomes.len());
            rows.hint("outcomes", CheckKind::Wording, key, value, Some(shown(first.text.clone())));
        }
    }
}
