//! Rows of one credential, with their sentences.

use crate::types::{CheckKey, CheckKind, CheckVerdict, Credential, CredentialCheck, CredentialId, SourceId};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const ENGLISH: &str = include_str!("../../../data/reference/messages/en/checks.toml");

/// English sentences by key.
static SENTENCES: LazyLock<BTreeMap<CheckKey, String>> =
    LazyLock::new(|| toml::from_str::<Catalogue>(ENGLISH).map(|catalogue| catalogue.check).unwrap_or_default());

/// What we need of the file; the report reads the rest.
#[derive(serde::Deserialize)]
struct Catalogue {
    check: BTreeMap<CheckKey, String>,
}

/// What is said of one credential.
pub(super) struct Rows {
    source: SourceId,
    credential: CredentialId,
    pub(super) rows: Vec<CredentialCheck>,
}

impl Rows {
    pub(super) fn of(credential: &Credential) -> Self {
        let (source, credential) = (credential.origin.source.clone(), credential.id.clone());
        Self { source, credential, rows: Vec::new() }
    }

    /// Says something of a field, with up to two values.
    pub(super) fn say(
        &mut self,
        field: &str,
        (kind, verdict, key): (CheckKind, CheckVerdict, CheckKey),
        value: Option<String>,
        detail: Option<String>,
    ) {
        let message = sentence(key, field, value.as_deref(), detail.as_deref());
        self.rows.push(CredentialCheck {
            source: self.source.clone(),
            credential: self.credential.clone(),
            field: field.to_owned(),
            kind,
            verdict,
            key,
            value,
            detail,
            message,
        });
    }

    /// Something that does not fit.
    pub(super) fn warn(&mut self, field: &str, kind: CheckKind, key: CheckKey, value: String, detail: Option<String>) {
        self.say(field, (kind, CheckVerdict::Warning, key), Some(value), detail);
    }

    /// Something worth a thought.
    pub(super) fn hint(&mut self, field: &str, kind: CheckKind, key: CheckKey, value: String, detail: Option<String>) {
        self.say(field, (kind, CheckVerdict::Hint, key), Some(value), detail);
    }
}

/// The values go in one pass: a value that holds `{detail}` is not read as a place for the other.
fn sentence(key: CheckKey, field: &str, value: Option<&str>, detail: Option<&str>) -> String {
    let Some(mut rest) = SENTENCES.get(&key).map(String::as_str) else { return String::new() };
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, following)) = after.split_once('}') else { break };
        out.push_str(match name {
            "field" => field,
            "value" => value.unwrap_or("?"),
            "detail" => detail.unwrap_or("?"),
            other => other,
        });
        rest = following;
    }
    out.push_str(rest);
    out
}

/// A number as people write it: no more decimals than it has, two at most.
pub(super) fn figure(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    rounded.to_string()
}
