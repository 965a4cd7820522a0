//! Snowball stems over folded words, with what Snowball leaves apart brought together.

use crate::types::Lang;
use frostem::{Algorithm, Stemmer};
use std::borrow::Cow;

/// Appends the stem of a folded token to `out`. Words without a stemmer (`Und`), with digits or signs, or of at most
/// three letters are their own stems.
pub fn stem_into(token: &str, lang: Lang, out: &mut String) {
    if token.len() <= 3 || token.bytes().any(|b| b.is_ascii_digit() || b == b'+' || b == b'#' || b == b'.') {
        out.push_str(token);
        return;
    }
    // Letters decide: an English name inside Arabic is not cut by Arabic rules, nor the other way round.
    let arabic = !token.is_ascii() && token.chars().any(|c| ('\u{0600}'..='\u{06FF}').contains(&c));
    match (lang, arabic) {
        (Lang::Ar, true) => out.push_str(&Stemmer::new(Algorithm::Arabic).stem(token)),
        (Lang::En, false) => english(token, out),
        (Lang::Es, false) => romance(token, Algorithm::Spanish, out),
        (Lang::Ca, false) => romance(token, Algorithm::Catalan, out),
        _ => out.push_str(token),
    }
}

/// The stem of a folded token.
pub fn stem(token: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(token.len());
    stem_into(token, lang, &mut out);
    out
}

/// Whether two folded words are inflections of one word (plural, gender, verb form), not merely derived from one root:
/// `skill`/`skills`, `plan`/`planning`, but not `physics`/`physical`.
pub fn is_inflection(a: &str, b: &str, lang: Lang) -> bool {
    if lang == Lang::Ar {
        return true;
    }
    let english = matches!(lang, Lang::En | Lang::Und);
    let (a, b) = if english { (american(a), american(b)) } else { (Cow::Borrowed(a), Cow::Borrowed(b)) };
    let shared = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let (Some(root), Some(mut x), Some(mut y)) = (a.get(..shared), a.get(shared..), b.get(shared..)) else {
        return false;
    };
    if english {
        x = without_doubled(root, x);
        y = without_doubled(root, y);
    }
    const ENGLISH: [&str; 11] = ["", "s", "es", "e", "ed", "d", "ing", "y", "ies", "ied", "is"];
    const ROMANCE: [&str; 22] = [
        "", "s", "es", "a", "o", "as", "os", "e", "r", "ar", "er", "ir", "ando", "iendo", "ado", "ada", "ados", "adas",
        "ns", "c", "ques", "ions",
    ];
    let endings: &[&str] = if english { &ENGLISH } else { &ROMANCE };
    shared >= 3 && endings.contains(&x) && endings.contains(&y)
}

/// plan/planning: the doubled letter belongs to the ending.
fn without_doubled<'a>(root: &str, ending: &'a str) -> &'a str {
    match (ending.get(..1), ending.get(1..)) {
        (Some(first), Some(rest @ ("ing" | "ed"))) if root.ends_with(first) => rest,
        _ => ending,
    }
}

/// Whether two folded words are singular and plural of one noun.
pub fn is_plural(a: &str, b: &str, lang: Lang) -> bool {
    const ENGLISH: [(&str, &str); 3] = [("s", ""), ("es", ""), ("ies", "y")];
    const ROMANCE: [(&str, &str); 6] = [("s", ""), ("es", ""), ("ns", ""), ("ces", "z"), ("ques", "c"), ("es", "a")];
    const ARABIC: [(&str, &str); 5] = [("ات", ""), ("ات", "ه"), ("ون", ""), ("ين", ""), ("يه", "ي")];
    let endings: &[(&str, &str)] = match lang {
        Lang::En | Lang::Und => &ENGLISH,
        Lang::Es | Lang::Ca => &ROMANCE,
        Lang::Ar => &ARABIC,
    };
    let pair = |singular: &str, plural: &str| {
        // "electronic" is an adjective, "electronics" no plural of it.
        let adjective = matches!(lang, Lang::En | Lang::Und) && singular.ends_with("ic");
        !adjective
            && endings.iter().any(|(p, s)| {
                let root = plural.strip_suffix(p);
                root.is_some_and(|r| r.len() >= 2 && singular.strip_suffix(s) == Some(r))
            })
    };
    a == b || pair(a, b) || pair(b, a)
}

/// British and American spellings and the pairs that Snowball English keeps apart.
fn english(token: &str, out: &mut String) {
    let word = american(token);
    let stem = Stemmer::new(Algorithm::English).stem(&word).into_owned();
    out.push_str(match stem.as_str() {
        "analysi" | "analyz" | "analyst" => "analys",
        "hypothes" | "hypothesi" => "hypothesi",
        "programm" => "program",
        "diagnosi" | "diagnost" => "diagnos",
        "synthes" | "synthesi" => "synthesi",
        "maintain" => "mainten",
        other => other,
    });
}

/// The American spelling of a British word, where a rule is safe.
fn american(token: &str) -> Cow<'_, str> {
    const NOT_ISE: [&str; 12] = [
        "exercis",
        "enterpris",
        "advis",
        "supervis",
        "revis",
        "compris",
        "compromis",
        "improvis",
        "promis",
        "expertis",
        "franchis",
        "merchandis",
    ];
    let anal = ["anal", "catal", "paral"].iter().any(|root| token.starts_with(root));
    if anal && let Some(at) = token.rfind("yse").or_else(|| token.rfind("ysing")) {
        return Cow::Owned(format!("{}yz{}", &token[..at], &token[at + 2..]));
    }
    for (british, american) in [
        ("isation", "ization"),
        ("isations", "izations"),
        ("ise", "ize"),
        ("ised", "ized"),
        ("ises", "izes"),
        ("ising", "izing"),
        ("iser", "izer"),
        ("isers", "izers"),
    ] {
        let Some(root) = token.strip_suffix(british) else { continue };
        let long_enough = root.len() >= 4;
        let real = NOT_ISE.iter().any(|n| n.strip_suffix("is").is_some_and(|n| root.ends_with(n)));
        let safe = british.starts_with("isation") || (!real && !root.ends_with(['a', 'o', 'u', 'w', 'c', 'e']));
        if long_enough && safe {
            return Cow::Owned(format!("{root}{american}"));
        }
    }
    for (british, american) in [
        ("colour", "color"),
        ("behaviour", "behavior"),
        ("labour", "labor"),
        ("centre", "center"),
        ("programme", "program"),
        ("catalogue", "catalog"),
        ("modelling", "modeling"),
        ("labelling", "labeling"),
        ("counselling", "counseling"),
        ("fulfil", "fulfill"),
        ("licence", "license"),
        ("defence", "defense"),
        ("favour", "favor"),
        ("tyre", "tire"),
        ("paediatric", "pediatric"),
        ("anaesthe", "anesthe"),
        ("haemat", "hemat"),
        ("orthopaed", "orthoped"),
        ("aluminium", "aluminum"),
    ] {
        if token.starts_with(british) && !(british == "fulfil" && token.starts_with("fulfill")) {
            return Cow::Owned(format!("{american}{}", &token[british.len()..]));
        }
    }
    Cow::Borrowed(token)
}

/// Snowball's Spanish and Catalan rules want the accents that folding took: the regular endings get them back.
fn romance(token: &str, algorithm: Algorithm, out: &mut String) {
    let accented: Cow<'_, str> = match algorithm {
        Algorithm::Spanish => match token.strip_suffix("ion") {
            Some(root) => Cow::Owned(format!("{root}ión")),
            None => match token.strip_suffix("logia").or_else(|| token.strip_suffix("logias")) {
                Some(root) => Cow::Owned(format!("{root}logía")),
                None => Cow::Borrowed(token),
            },
        },
        _ => match token.strip_suffix("io") {
            Some(root) if root.ends_with(['c', 's', 't', 'x', 'g', 'n']) => Cow::Owned(format!("{root}ió")),
            _ => Cow::Borrowed(token),
        },
    };
    let stem = Stemmer::new(algorithm).stem(&accented).into_owned();
    crate::lexicon::normal::fold_into(&stem, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(lang: Lang, words: &[&str]) {
        let stems: Vec<String> = words.iter().map(|w| stem(&crate::lexicon::normal::fold(w), lang)).collect();
        assert!(stems.windows(2).all(|w| w[0] == w[1]), "{words:?} -> {stems:?}");
    }

    #[test]
    fn forms_of_one_word_meet() {
        meet(Lang::En, &["analyse", "analysis", "analyze", "analysing", "analyses"]);
        meet(Lang::En, &["manage", "management", "managing"]);
        meet(Lang::En, &["process", "processes", "processing"]);
        meet(Lang::En, &["organise", "organize", "organising"]);
        meet(Lang::En, &["behaviour", "behaviors"]);
        meet(Lang::Es, &["administración", "administracion", "administraciones"]);
        meet(Lang::Es, &["gestión", "gestion", "gestiones"]);
        meet(Lang::Es, &["tecnología", "tecnologia", "tecnologías"]);
        meet(Lang::Ca, &["gestió", "gestio", "gestions"]);
        meet(Lang::Ca, &["comunicació", "comunicacions"]);
    }

    #[test]
    fn inflections_are_told_from_derivations() {
        for (a, b) in [
            ("skills", "skill"),
            ("planning", "plan"),
            ("managing", "manages"),
            ("bodies", "body"),
            ("organise", "organized"),
        ] {
            assert!(is_inflection(a, b, Lang::En), "{a} {b}");
        }
        for (a, b) in [
            ("physics", "physical"),
            ("management", "manage"),
            ("periodisation", "period"),
            ("accounting", "accountability"),
            ("improvisation", "improve"),
        ] {
            assert!(!is_inflection(a, b, Lang::En), "{a} {b}");
        }
        assert!(is_inflection("proyectos", "proyecto", Lang::Es) && is_inflection("equips", "equip", Lang::Ca));
        assert!(!is_inflection("comercialización", "comercial", Lang::Es));
    }

    #[test]
    fn plurals_are_told_from_other_words() {
        assert!(is_plural("skill", "skills", Lang::En) && is_plural("bodies", "body", Lang::En));
        assert!(!is_plural("electronic", "electronics", Lang::En) && !is_plural("survey", "surveying", Lang::En));
        assert!(is_plural("base", "bases", Lang::Es) && is_plural("llengua", "llengues", Lang::Ca));
        assert!(!is_plural("electronico", "electronica", Lang::Es));
        assert!(is_plural("مهاره", "مهارات", Lang::Ar) && !is_plural("رقميه", "رقمنه", Lang::Ar));
    }

    #[test]
    fn words_of_different_meaning_stay_apart() {
        assert_ne!(stem("supervise", Lang::En), stem("superb", Lang::En));
        assert_eq!(stem("exercise", Lang::En), stem("exercises", Lang::En));
        assert_eq!(stem("html5", Lang::En), "html5");
        assert_eq!(stem("c++", Lang::Es), "c++");
    }
}
