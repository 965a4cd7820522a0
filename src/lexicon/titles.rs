//! Job titles as postings write them, cut into the parts that may name an occupation.

use crate::lexicon::query;
use crate::lexicon::tokens;
use crate::types::Lang;

/// Parts of a title that are looked at.
const PARTS: usize = 4;

/// Words of a title that say nothing about the occupation, folded: contract, hours, grade, advertising.
#[rustfmt::skip]
const NOISE: &[&str] = &[
    "apply", "autonomo", "band", "based", "beca", "bonus", "busca", "buscamos", "cerca", "con", "contract",
    "contracte", "contrato", "day", "days", "estable", "estables", "fixed", "freelance", "fresh", "ft", "full",
    "fulltime", "graduate", "graduates", "h", "hiring", "home", "hora", "hores", "hourly", "hours", "hybrid",
    "immediate", "immediato", "incorporacio", "incorporacion", "indefinido", "indefinit", "inmediata", "intern",
    "internship", "jornada", "jr", "junior", "km", "maternity", "month", "months", "native", "necesita", "necessita",
    "needed", "new", "night", "now", "oferta", "ofertes", "onsite", "opening", "openings", "ote", "parcial", "part",
    "parttime", "per", "perm", "permanent", "position", "practicas", "practiques", "precisa", "precisamos", "ref",
    "remote", "remoto", "required", "salary", "se", "seleccionamos", "semana", "senior", "shift", "speaker",
    "speaking", "sr", "start", "starter", "substitucio", "sustitucion", "temp", "temporal", "temporary", "term",
    "time", "trainee", "turno", "urge", "urgent", "urgente", "urgently", "vacancies", "vacancy", "vacante",
    "vacantes", "wanted", "week", "weekend", "weeks", "wfh", "year", "years", "zona",
];

/// What is written short in titles, folded; for a language, or for all.
#[rustfmt::skip]
const SHORT: &[(Lang, &str, &str)] = &[
    (Lang::En, "admin", "administrative"), (Lang::En, "acct", "accountant"), (Lang::En, "asst", "assistant"),
    (Lang::En, "assoc", "associate"), (Lang::En, "dev", "developer"), (Lang::En, "dir", "director"),
    (Lang::En, "eng", "engineer"), (Lang::En, "engr", "engineer"), (Lang::En, "exec", "executive"),
    (Lang::En, "hca", "healthcare assistant"), (Lang::En, "lpn", "practical nurse"), (Lang::En, "maint", "maintenance"),
    (Lang::En, "mfg", "manufacturing"), (Lang::En, "mgr", "manager"), (Lang::En, "mgmt", "management"),
    (Lang::En, "mktg", "marketing"), (Lang::En, "ops", "operations"), (Lang::En, "qs", "quantity surveyor"),
    (Lang::En, "rep", "representative"), (Lang::En, "rn", "registered nurse"), (Lang::En, "spec", "specialist"),
    (Lang::En, "supv", "supervisor"), (Lang::En, "swe", "software engineer"), (Lang::En, "tech", "technician"),
    (Lang::Es, "adm", "administrativo"), (Lang::Es, "admvo", "administrativo"), (Lang::Es, "aux", "auxiliar"),
    (Lang::Es, "ayte", "ayudante"), (Lang::Es, "dpto", "departamento"), (Lang::Es, "ing", "ingeniero"),
    (Lang::Es, "mant", "mantenimiento"), (Lang::Es, "ofic", "oficial"), (Lang::Es, "resp", "responsable"),
    (Lang::Es, "rrhh", "recursos humanos"), (Lang::Es, "tec", "tecnico"), (Lang::Es, "tco", "tecnico"),
    (Lang::Ca, "adm", "administratiu"), (Lang::Ca, "aux", "auxiliar"), (Lang::Ca, "tec", "tecnic"),
    (Lang::Ca, "resp", "responsable"), (Lang::Ca, "rrhh", "recursos humans"),
];

/// Folded words with single spaces.
pub(crate) fn words(text: &str) -> String {
    tokens::tokens(text).map(|t| tokens::form(t.raw)).collect::<Vec<_>>().join(" ")
}

/// A title without brackets, reference codes, pay, hours, contract words and what follows a dash or bar.
pub fn clean_title(title: &str, lang: Lang) -> String {
    title_parts(title, lang).into_iter().next().unwrap_or_default()
}

/// The parts of a title between dashes, bars and brackets that hold words after cleaning; asides in brackets come last.
pub fn title_parts(title: &str, lang: Lang) -> Vec<String> {
    let (open, asides) = without_asides(title);
    // Spanish national titles end in ", EN GENERAL", which says nothing.
    let open = GENERAL.iter().find_map(|ending| strip_ending(&open, ending)).unwrap_or(&open);
    let cut = |text: &str| -> Vec<String> {
        let parts = text
            .split(['|', '•', '·', '*', ';', ':', '\n', '–', '@'])
            .flat_map(|p| p.split(" - "))
            .flat_map(|p| p.split("- "));
        parts.map(|part| singular(&without_noise(part, lang), lang)).filter(|p| !p.is_empty()).collect()
    };
    let mut parts = cut(open);
    parts.extend(cut(&asides));
    parts.truncate(PARTS);
    parts
}

/// Endings without meaning.
const GENERAL: &[&str] = &["en general", "n.c.o.p."];

fn strip_ending<'t>(text: &'t str, ending: &str) -> Option<&'t str> {
    let text = text.trim_end();
    let at = text.len().checked_sub(ending.len())?;
    text.get(at..)?
        .eq_ignore_ascii_case(ending)
        .then(|| text.get(..at).unwrap_or_default().trim_end_matches([',', ' ']))
}

/// The text outside brackets, and what stands in them.
fn without_asides(title: &str) -> (String, String) {
    let (mut out, mut asides) = (String::with_capacity(title.len()), String::new());
    let mut depth = 0usize;
    let mut aside = false;
    for (at, c) in title.char_indices() {
        match c {
            // "director(a)" is one word: only a bracket after a space is an aside.
            '(' | '[' | '{' => {
                aside = aside || title.get(..at).is_none_or(|t| t.is_empty() || t.ends_with(' '));
                depth += 1;
                asides.push('|');
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 && aside => asides.push(c),
            _ => {
                aside = false;
                out.push(c);
            }
        }
    }
    (out, asides)
}

fn without_noise(part: &str, lang: Lang) -> String {
    let keep = |word: &&str| {
        let folded = words(word);
        let digits = word.chars().any(|c| c.is_ascii_digit());
        let gender =
            matches!(word.to_lowercase().as_str(), "m/f" | "f/m" | "h/m" | "m/h" | "m/f/d" | "m/w/d" | "w/m/d" | "h/d");
        let money = word.starts_with(['£', '$', '€', '#', '@']);
        !digits && !gender && !money && !folded.is_empty() && !NOISE.contains(&folded.as_str())
    };
    part.split_whitespace().filter(keep).map(|word| full(word, lang)).collect::<Vec<_>>().join(" ")
}

/// A word without the ending of the other gender ("enfermero/a"), and in full where it is written short.
fn full(word: &str, lang: Lang) -> &str {
    if matches!(lang, Lang::Es | Lang::Ca) {
        let cut = GENDERED.iter().find_map(|ending| strip_ending(word, ending)).filter(|left| left.len() > 3);
        if let Some(left) = cut {
            return left;
        }
    }
    let folded = words(word);
    let found = SHORT.iter().find(|(of, short, _)| *of == lang && *short == folded);
    found.map_or(word, |(_, _, whole)| whole)
}

/// Second endings of a word that stands for both genders.
const GENDERED: &[&str] = &["/a", "/o", "/as", "/os", "/es", "/ra", "/na", "(a)", "(as)", "/-a", "-a", "·a"];

/// Endings of a first word that is a plural of people rather than an English word ("sales").
const PLURALS_ES: &[&str] = &["os", "as", "ores", "tes", "ares", "iales", "nales", "bles", "jefes"];
const PLURALS_CA: &[&str] = &["ors", "ers", "res", "nts", "tes", "ics", "aris"];

/// National titles are plural ("CONDUCTORES DE CAMIÓN"), labels are not: the words before the first function word in the
/// singular, where the first is a plural.
fn singular(part: &str, lang: Lang) -> String {
    let endings = match lang {
        Lang::Es => PLURALS_ES,
        Lang::Ca => PLURALS_CA,
        _ => return part.to_owned(),
    };
    let first = part.split_whitespace().next().unwrap_or_default().to_lowercase();
    let mut head = first.len() > 4 && endings.iter().any(|ending| first.ends_with(ending));
    let words_of = part.split_whitespace().map(|word| {
        head = head && !query::is_stop(&words(word), lang);
        if head { one(&word.to_lowercase(), lang) } else { word.to_owned() }
    });
    words_of.collect::<Vec<_>>().join(" ")
}

fn one(word: &str, lang: Lang) -> String {
    let Some(stem) = word.strip_suffix('s').filter(|stem| stem.len() > 3 && !stem.ends_with('s')) else {
        return word.to_owned();
    };
    let Some(root) = stem.strip_suffix('e') else { return stem.to_owned() };
    let mut last = root.chars().rev();
    match (lang, last.next(), last.next()) {
        (Lang::Es, Some('l' | 'r' | 'n' | 'd'), Some('a' | 'e' | 'i' | 'o' | 'u')) => root.to_owned(),
        (Lang::Es, Some('c'), _) => format!("{}z", root.trim_end_matches('c')),
        // Catalan feminine: "infermeres", "cambreres".
        (Lang::Ca, ..) => format!("{root}a"),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_what_is_not_the_occupation() {
        let clean = |title: &str| clean_title(title, Lang::En);
        assert_eq!(clean("STAFF NURSE (Band 5) - Leeds"), "STAFF NURSE");
        assert_eq!(clean("REF1234 - Senior Software Developer (m/f/d) £45,000"), "Software Developer");
        assert_eq!(clean("Sr Ops Mgr"), "operations manager");
        assert_eq!(clean("(H/M)"), "");
    }

    #[test]
    fn spanish_and_catalan_titles_are_read_in_one_number_and_gender() {
        assert_eq!(clean_title("URGENTE: Enfermero/a jornada parcial", Lang::Es), "Enfermero");
        assert_eq!(clean_title("CONDUCTORES DE CAMIÓN, EN GENERAL", Lang::Es), "conductor DE CAMIÓN");
        assert_eq!(
            clean_title("EMPLEADAS ADMINISTRATIVAS DE SERVICIOS", Lang::Es),
            "empleada administrativa DE SERVICIOS"
        );
        assert_eq!(clean_title("Técnico de sistemas", Lang::Es), "Técnico de sistemas");
        assert_eq!(clean_title("Cambreres de pisos", Lang::Ca), "cambrera de pisos");
    }
}
