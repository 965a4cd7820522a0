//! Fields that must fit each other, ceilings on credits, and overlap with vocational qualifications.

use super::CheckRules;
use super::levels::{eqf_of, eqf_of_cycle};
use super::minimum::shown;
use super::rows::{Rows, figure};
use crate::clean::fold::folded;
use crate::types::{CheckKey, CheckKind, CheckVerdict, Credential, Lang, SourceId};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Codes of the Spanish (IFC153_3, UC0493_3, MF0493_3) and Catalan (IC_3-153_3, UC_2-0493-11_3) catalogues of
/// professional qualifications.
static CODES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:[A-Z]{3}_?\d{3}_[1-5]|[A-Z]{2}_\d-\d{3}_[1-5]|(?:UC|MF)_?\d{4}_[1-5]|UC_\d-\d{4}-\d{2}_[1-5])\b")
        .ok()
});

/// Fewest entries of a source that say what is usual in it.
const USUAL_FROM: usize = 5;
/// Share of a source's entries from which a field counts as usual in it.
const USUAL_SHARE: f64 = 0.8;

/// What a credential is held against: the rest of the catalogue.
pub(super) struct Names {
    /// Ids and titles that a credential may stack into.
    larger: BTreeSet<String>,
    /// Shapes of the ids: a name of this shape is meant as an id.
    shapes: BTreeSet<String>,
    /// Entries that state a national level, and all, by source.
    national: BTreeMap<SourceId, (usize, usize)>,
}

impl Names {
    pub(super) fn of(credentials: &[Credential], programmes: &[String]) -> Self {
        let own = credentials.iter().flat_map(|c| [folded(&c.id.0), folded(&c.title)]);
        let mut national: BTreeMap<SourceId, (usize, usize)> = BTreeMap::new();
        for credential in credentials {
            let (stated, all) = national.entry(credential.origin.source.clone()).or_default();
            *stated += usize::from(credential.nqf_level.is_some());
            *all += 1;
        }
        let shapes = credentials.iter().filter_map(|c| shape(&c.id.0)).collect();
        Self { shapes, larger: own.chain(programmes.iter().map(|name| folded(name))).collect(), national }
    }

    /// How many of the source state a national level, where that is usual there.
    fn usual_national(&self, source: &SourceId) -> Option<(usize, usize)> {
        let (stated, all) = *self.national.get(source)?;
        (all >= USUAL_FROM && stated as f64 >= USUAL_SHARE * all as f64).then_some((stated, all))
    }
}

pub(super) fn check(credential: &Credential, names: &Names, rules: &CheckRules, rows: &mut Rows) {
    credits(credential, rules, rows);
    levels(credential, rows);
    national(credential, names, rows);
    counts(credential, rows);
    stacking(credential, names, rows);
    language(credential, rows);
    overlap(credential, rows);
}

fn credits(credential: &Credential, rules: &CheckRules, rows: &mut Rows) {
    let kind = CheckKind::Consistency;
    for (field, amount) in [("ects", credential.ects), ("workload_hours", credential.workload_hours)] {
        if amount == Some(0.0) {
            rows.warn(field, kind, CheckKey::NothingToLearn, "0".to_owned(), None);
        }
    }
    let Some(ects) = credential.ects.filter(|ects| *ects > 0.0) else { return };
    if let Some(hours) = credential.workload_hours.filter(|hours| *hours > 0.0) {
        let (low, high) = (rules.hours_per_ects_min, rules.hours_per_ects_max);
        if !(low..=high).contains(&(hours / ects)) {
            let range = format!("{} to {}", figure(low), figure(high));
            rows.warn("workload_hours", kind, CheckKey::HoursPerEcts, figure(hours / ects), Some(range));
        }
    }
    if let Some(cap) = rules.ects_cap_legal.filter(|cap| ects >= *cap) {
        rows.warn("ects", CheckKind::Cap, CheckKey::EctsCapLegal, figure(ects), Some(figure(cap)));
    }
    if let Some(cap) = rules.ects_cap_unit.filter(|cap| ects > *cap) {
        rows.warn("ects", CheckKind::Cap, CheckKey::EctsCapUnit, figure(ects), Some(figure(cap)));
    }
}

fn levels(credential: &Credential, rows: &mut Rows) {
    let Some(eqf) = credential.eqf_level else { return };
    let kind = CheckKind::Consistency;
    if let Some(national) = &credential.nqf_level
        && let Some(meant) = eqf_of(national).filter(|meant| *meant != eqf)
    {
        let value = format!("EQF {eqf}");
        rows.warn(
            "nqf_level",
            kind,
            CheckKey::LevelsDiffer,
            value,
            Some(format!("{} = EQF {meant}", shown(national.clone()))),
        );
    }
    if let Some(cycle) = credential.cycle.filter(|cycle| eqf_of_cycle(*cycle) != eqf) {
        let detail = format!("QF-EHEA {cycle} = EQF {}", eqf_of_cycle(cycle));
        rows.warn("cycle", kind, CheckKey::CycleDiffers, format!("EQF {eqf}"), Some(detail));
    }
}

/// A field that nearly all fill was forgotten where it is empty.
fn national(credential: &Credential, names: &Names, rows: &mut Rows) {
    if credential.nqf_level.is_none()
        && let Some((stated, all)) = names.usual_national(&credential.origin.source)
    {
        let value = format!("{stated} of {all}");
        rows.hint("nqf_level", CheckKind::Consistency, CheckKey::NationalLevelAbsent, value, None);
    }
}

fn counts(credential: &Credential, rows: &mut Rows) {
    let Some(enrolments) = credential.enrolments else { return };
    let limits =
        [(credential.places, CheckKey::EnrolmentsOverPlaces), (credential.requests, CheckKey::EnrolmentsOverRequests)];
    for (limit, key) in limits {
        if let Some(limit) = limit.filter(|limit| enrolments > *limit) {
            rows.warn("enrolments", CheckKind::Consistency, key, enrolments.to_string(), Some(limit.to_string()));
        }
    }
}

fn stacking(credential: &Credential, names: &Names, rows: &mut Rows) {
    let Some(larger) = &credential.stacks_into else { return };
    let name = folded(larger);
    if name == folded(&credential.id.0) || name == folded(&credential.title) {
        rows.warn("stacks_into", CheckKind::Consistency, CheckKey::StackItself, shown(larger.clone()), None);
    } else if !names.larger.contains(&name) {
        // A larger award may well be outside the catalogue; one of our own ids that is not there is a mistake.
        let is_id = shape(larger).is_some_and(|shape| names.shapes.contains(&shape));
        let verdict = if is_id { CheckVerdict::Warning } else { CheckVerdict::Hint };
        let said = (CheckKind::Consistency, verdict, CheckKey::StackUnknown);
        rows.say("stacks_into", said, Some(shown(larger.clone())), None);
    }
}

/// `MC-077` as `aa-999`; nothing without letters, a digit, or with a space.
fn shape(id: &str) -> Option<String> {
    let id = id.trim();
    let said = id.chars().any(char::is_alphabetic) && id.chars().any(|c| c.is_ascii_digit());
    let kind = |c: char| match c {
        c if c.is_ascii_digit() => '9',
        c if c.is_alphabetic() => 'a',
        other => other,
    };
    (said && !id.contains(char::is_whitespace)).then(|| id.chars().map(kind).collect())
}

fn language(credential: &Credential, rows: &mut Rows) {
    let Some(declared) = credential.declared_language else { return };
    let mut others: BTreeMap<Lang, usize> = BTreeMap::new();
    for outcome in credential.outcomes.iter().filter(|o| o.language != declared && o.language != Lang::Und) {
        *others.entry(outcome.language).or_default() += 1;
    }
    let count: usize = others.values().sum();
    if count > 0 {
        let codes: Vec<&str> = others.keys().map(|lang| lang.code()).collect();
        let value = format!("{count} of {}", credential.outcomes.len());
        let detail = Some(format!("{} ({})", codes.join(", "), declared.code()));
        rows.hint("outcomes", CheckKind::Consistency, CheckKey::OutcomeLanguage, value, detail);
    }
}

/// Qualifications that are declared, or whose codes stand in the texts.
fn overlap(credential: &Credential, rows: &mut Rows) {
    let mut named: BTreeSet<String> = credential.qualifications.iter().cloned().collect();
    let texts = [Some(&credential.title), credential.description.as_ref(), credential.prerequisites.as_ref()];
    if let Some(codes) = CODES.as_ref() {
        named.extend(texts.into_iter().flatten().flat_map(|text| codes.find_iter(text)).map(|m| m.as_str().to_owned()));
    }
    if !named.is_empty() {
        let list = named.into_iter().collect::<Vec<_>>().join(", ");
        rows.warn("qualifications", CheckKind::Overlap, CheckKey::QualificationNamed, shown(list), None);
    }
}
