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
                    add(stem, forms);
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
    found.fold(None, |best, one| if best == Some(Serves::Observable) { best } else { Some(one) })
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
