//! What a check of the catalogue says, in the reader's language.

use super::messages::Messages;
use super::phrase::{Phrase, Piece};
use crate::types::{CheckKey, CredentialCheck};
use serde::Serialize;

/// The key of a closed list as text.
pub fn key_text<T: Serialize>(key: &T) -> String {
    let value = serde_json::to_value(key).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// The sentence of a check, with its figures as the reader writes them.
pub fn sentence(m: &Messages, check: &CredentialCheck) -> Phrase {
    let values =
        [("field", m.word("check_field", &check.field)), ("value", value(m, check)), ("detail", detail(m, check))];
    m.phrase(&format!("check.{}", key_text(&check.key)), &values)
}

fn value(m: &Messages, check: &CredentialCheck) -> Phrase {
    let text = check.value.as_deref().unwrap_or_default();
    match check.key {
        CheckKey::OutcomesAreTopics
        | CheckKey::OutcomesAreVague
        | CheckKey::OutcomeLanguage
        | CheckKey::SkillsKnown
        | CheckKey::NationalLevelAbsent => of(m, text),
        // A name says more than its address.
        CheckKey::SkillUnknown => vec![Piece::outside(without_address(text))],
        CheckKey::LevelsDiffer | CheckKey::CycleDiffers => level(m, text),
        _ => figure(m, text),
    }
}

fn detail(m: &Messages, check: &CredentialCheck) -> Phrase {
    let text = check.detail.as_deref().unwrap_or_default();
    match (check.key, text) {
        (CheckKey::HoursPerEcts, _) => range(m, text),
        (CheckKey::OutcomeLanguage, _) => languages(m, text),
        (CheckKey::SkillsKnown, "URI") => m.own("catalogue.by_uri"),
        (CheckKey::SkillsKnown, "label") => m.own("catalogue.by_label"),
        (CheckKey::SkillUnknown | CheckKey::SkillMalformed, "-") => m.own("catalogue.nothing_near"),
        (CheckKey::SkillUnknown, _) => vec![Piece::outside(without_address(text))],
        (CheckKey::LevelsDiffer | CheckKey::CycleDiffers, _) => level(m, text),
        _ => figure(m, text),
    }
}

/// A number with the reader's decimal sign; any other text is from outside.
fn figure(m: &Messages, text: &str) -> Phrase {
    let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && decimals <= 2 => vec![m.figure(m.decimal(number, decimals))],
        _ => vec![Piece::outside(text)],
    }
}

/// `name (http://…)` without its bracket; an address alone stays.
fn without_address(text: &str) -> &str {
    text.rsplit_once(" (http").filter(|(_, address)| address.ends_with(')')).map_or(text, |(name, _)| name)
}

/// `EQF 6` with the framework as the reader calls it.
fn level(m: &Messages, text: &str) -> Phrase {
    vec![Piece::outside(&text.replace("EQF ", &format!("{} ", m.text("catalogue.eqf"))))]
}

/// `2 of 5`
fn of(m: &Messages, text: &str) -> Phrase {
    let Some((count, all)) = text.split_once(" of ") else { return figure(m, text) };
    m.phrase("catalogue.of", &[("count", figure(m, count)), ("all", figure(m, all))])
}

/// `25 to 30`
fn range(m: &Messages, text: &str) -> Phrase {
    let Some((low, high)) = text.split_once(" to ") else { return figure(m, text) };
    m.phrase("number.range", &[("low", figure(m, low)), ("high", figure(m, high))])
}

/// `es, ca (en)`: those found and the one declared.
fn languages(m: &Messages, text: &str) -> Phrase {
    let Some((found, declared)) = text.strip_suffix(')').and_then(|t| t.split_once(" (")) else {
        return figure(m, text);
    };
    let found = m.list(found.split(", ").map(|code| m.word("languages", code)).collect());
    m.phrase("catalogue.languages", &[("found", found), ("declared", m.word("languages", declared))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::phrase::plain;
    use crate::types::{CheckKind, CheckVerdict, CredentialId, Lang, SourceId};

    fn said(language: Lang, key: CheckKey, field: &str, value: &str, detail: &str) -> String {
        let check = CredentialCheck {
            source: SourceId::new("cat").unwrap(),
            credential: CredentialId("A".into()),
            field: field.into(),
            kind: CheckKind::Consistency,
            verdict: CheckVerdict::Warning,
            key,
            value: Some(value.into()),
            detail: Some(detail.into()),
            message: String::new(),
        };
        plain(&sentence(&Messages::of(language).unwrap(), &check))
    }

    #[test]
    fn a_check_speaks_the_readers_language_down_to_its_figures() {
        let hours = |language| said(language, CheckKey::HoursPerEcts, "workload_hours", "12.5", "25 to 30");
        assert_eq!(hours(Lang::En), "12.5 hours per ECTS lie outside 25–30");
        assert_eq!(hours(Lang::Ca), "12,5 hores per ECTS, fora de l'interval de 25–30");
        assert_eq!(
            said(Lang::Es, CheckKey::OutcomeLanguage, "outcomes", "2 of 5", "en, ar (es)"),
            "2 de 5 resultados de aprendizaje están en un idioma distinto del declarado: inglés, árabe; declarado: español"
        );
        assert_eq!(said(Lang::Ar, CheckKey::ElementMissing, "country", "", ""), "غير مذكور: بلد الجهة أو منطقتها");
    }

    #[test]
    fn a_level_has_one_name_in_a_language_and_a_named_skill_no_address() {
        let levels = |language| said(language, CheckKey::LevelsDiffer, "nqf_level", "EQF 6", "MECES 3 = EQF 7");
        assert_eq!(levels(Lang::Ca), "hi consta MEC 6, però MECES 3 = MEC 7");
        assert_eq!(levels(Lang::En), "EQF 6 is stated, but MECES 3 = EQF 7");
        let unknown = |value: &str| said(Lang::Ca, CheckKey::SkillUnknown, "declared_skills", value, "-");
        let uri = "http://data.europa.eu/esco/skill/2de4572a-4724-4f76-afc2-72a568a264ac";
        let named = unknown(&format!("parlar idiomes ({uri})"));
        assert_eq!(named, "no és a la taxonomia: parlar idiomes; la més pròxima: cap");
        assert_eq!(unknown(uri), format!("no és a la taxonomia: {uri}; la més pròxima: cap"));
    }

    #[test]
    fn a_value_from_outside_is_neither_translated_nor_read_as_a_place() {
        let text = said(Lang::Es, CheckKey::StackUnknown, "stacks_into", "2 of {detail}", "x");
        assert_eq!(text, "se acumula en «2 of {detail}», que no está en este catálogo");
    }
}
