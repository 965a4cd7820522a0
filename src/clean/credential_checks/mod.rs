//! Checks of a catalogue: the EU minimum information set field by field, fields that must fit each other, ceilings on
//! credits, how outcomes are written, overlap with vocational qualifications, and declared taxonomy concepts.

mod consistency;
mod declared;
mod levels;
mod minimum;
mod rows;
mod wording;

use super::contacts;
use crate::types::{
    CheckKind, CheckVerdict, Credential, CredentialCheck, CredentialCheckCount, CredentialId, SourceId, Taxonomy,
};
use consistency::Names;
use declared::Concepts;
use rows::Rows;
use std::collections::BTreeMap;

/// What a plan asks of its micro-credentials: the table `[credentials]`.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CheckRules {
    /// Fewest hours of work per ECTS (ECTS Users' Guide: 25).
    pub hours_per_ects_min: f64,
    /// Most hours of work per ECTS (ECTS Users' Guide: 30).
    pub hours_per_ects_max: f64,
    /// Credits that a micro-credential must stay below by law (Spain: 15, RD 822/2021, art. 37).
    pub ects_cap_legal: Option<f64>,
    /// Most credits by the provider's own rule.
    pub ects_cap_unit: Option<f64>,
    /// Fewest learning outcomes.
    pub min_outcomes: usize,
}

impl Default for CheckRules {
    fn default() -> Self {
        Self {
            hours_per_ects_min: 25.0,
            hours_per_ects_max: 30.0,
            ects_cap_legal: None,
            ects_cap_unit: None,
            min_outcomes: 2,
        }
    }
}

impl CheckRules {
    /// The first key whose value cannot be meant.
    ///
    /// # Errors
    /// Key, value and what is expected.
    pub fn validate(&self) -> Result<(), String> {
        let (low, high) = (self.hours_per_ects_min, self.hours_per_ects_max);
        if !(low > 0.0 && low <= high && high.is_finite()) {
            return Err(format!(
                "credentials.hours_per_ects_min = {low} and hours_per_ects_max = {high} must be above 0, the first not above the second"
            ));
        }
        let caps = [("ects_cap_legal", self.ects_cap_legal), ("ects_cap_unit", self.ects_cap_unit)];
        match caps.into_iter().find(|(_, cap)| cap.is_some_and(|cap| cap.is_nan() || cap <= 0.0)) {
            Some((key, cap)) => Err(format!("credentials.{key} = {} must be above 0", cap.unwrap_or_default())),
            None => Ok(()),
        }
    }
}

/// Checks every micro-credential; `programmes` are the names of larger credentials that the plan knows. Rows come in
/// the order of the catalogue.
pub fn checks(
    credentials: &[Credential],
    programmes: &[String],
    taxonomy: &Taxonomy,
    rules: &CheckRules,
) -> Vec<CredentialCheck> {
    let names = Names::of(credentials, programmes);
    let mut concepts = Concepts::new(taxonomy);
    let mut all = Vec::new();
    for credential in credentials {
        let mut rows = Rows::of(credential);
        minimum::check(credential, &mut rows);
        consistency::check(credential, &names, rules, &mut rows);
        wording::check(credential, rules.min_outcomes, &mut rows);
        declared::check(credential, &mut concepts, &mut rows);
        all.extend(rows.rows);
    }
    all.iter_mut().for_each(without_contacts);
    all
}

/// Checks are published, and quote fields that nothing else publishes.
fn without_contacts(check: &mut CredentialCheck) {
    let CredentialCheck { value, detail, message, .. } = check;
    for text in [value.as_mut(), detail.as_mut(), Some(message)].into_iter().flatten() {
        if let (clean, 1..) = contacts::redact(text) {
            *text = clean.into_owned();
        }
    }
}

/// The rows counted, one count per micro-credential and in their order.
pub fn counts(credentials: &[Credential], checks: &[CredentialCheck]) -> Vec<CredentialCheckCount> {
    let mut by_credential: BTreeMap<(&SourceId, &CredentialId), Vec<&CredentialCheck>> = BTreeMap::new();
    for check in checks {
        by_credential.entry((&check.source, &check.credential)).or_default().push(check);
    }
    let counted = credentials.iter().map(|credential| {
        let rows = by_credential.remove(&(&credential.origin.source, &credential.id)).unwrap_or_default();
        let count = |kind, verdict| rows.iter().filter(|r| r.kind == kind && r.verdict == verdict).count() as u32;
        let of = |verdict| rows.iter().filter(|r| r.verdict == verdict).count() as u32;
        let missing = rows.iter().filter(|r| r.kind == CheckKind::Mandatory && r.verdict == CheckVerdict::Missing);
        let present = count(CheckKind::Mandatory, CheckVerdict::Present);
        CredentialCheckCount {
            source: credential.origin.source.clone(),
            credential: credential.id.clone(),
            title: credential.title.clone(),
            mandatory_present: present,
            mandatory_applicable: present + count(CheckKind::Mandatory, CheckVerdict::Missing),
            missing: missing.map(|r| r.field.clone()).collect(),
            optional_present: count(CheckKind::Optional, CheckVerdict::Present),
            warning_count: of(CheckVerdict::Warning),
            hint_count: of(CheckVerdict::Hint),
        }
    });
    counted.collect()
}

#[cfg(test)]
mod tests;
