//! One raw micro-credential to one typed one.

use super::numbers::parse_number;
use super::postings::is_null_word;
use super::repairs::Repair;
use super::text::{TextError, TextLimits, plain_line, plain_text};
use super::{contacts, hash16, language};
use crate::types::{
    Credential, CredentialId, Lang, LearningOutcome, NumberStyle, Origin, OutcomeId, RawCredential, Reject,
    RejectReason, SourceId,
};
use std::collections::{BTreeMap, BTreeSet};

/// A credential, and what had to be repaired in it.
#[derive(Debug, Clone, PartialEq)]
pub struct CleanedCredential {
    /// The typed credential.
    pub credential: Credential,
    /// Repairs, in the order they were made.
    pub repairs: Vec<Repair>,
}

/// Credentials of a run. A file with one row per outcome gives the same credential again: its rows become one.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// In the order they were first met.
    pub credentials: Vec<Credential>,
    by_id: BTreeMap<(SourceId, CredentialId), usize>,
    outcomes: BTreeSet<(usize, OutcomeId)>,
}

impl Catalogue {
    /// Adds a credential, or the outcomes of a further row of one that is known.
    ///
    /// # Errors
    /// A [`Reject`] when the id was used before with another title.
    pub fn add(&mut self, credential: Credential) -> Result<(), Reject> {
        let key = (credential.origin.source.clone(), credential.id.clone());
        let at = self.by_id.get(&key).copied().unwrap_or(self.credentials.len());
        let Some(known) = self.credentials.get_mut(at) else {
            self.by_id.insert(key, at);
            self.outcomes.extend(credential.outcomes.iter().map(|o| (at, o.id.clone())));
            self.credentials.push(credential);
            return Ok(());
        };
        if known.title != credential.title {
            let detail = format!(
                "credential_id '{}' was used before with the title '{}', here it is '{}'; give each credential its own id",
                credential.id.0, known.title, credential.title
            );
            return Err(Reject { origin: credential.origin, reason: RejectReason::ConflictingKey, detail });
        }
        let new = credential.outcomes.into_iter().filter(|o| self.outcomes.insert((at, o.id.clone())));
        known.outcomes.extend(new);
        Ok(())
    }
}

/// First 16 hex digits of SHA-256(credential, NUL, text in lower case with spaces collapsed).
pub fn outcome_id(credential: &CredentialId, text: &str) -> OutcomeId {
    OutcomeId(hash16(&[&credential.0, &normalised(text)]))
}

fn normalised(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cleans one credential; `declared` is the language of its source.
///
/// # Errors
/// A [`Reject`] when it has no title or a text is over a limit.
pub fn credential(
    raw: &RawCredential,
    origin: &Origin,
    declared: Option<Lang>,
    limits: &TextLimits,
) -> Result<CleanedCredential, Reject> {
    let mut reader = Reader { raw, origin, limits, repairs: Vec::new() };
    let id = CredentialId(if raw.id.trim().is_empty() { origin.record.to_string() } else { raw.id.trim().to_owned() });
    let Some(title) = reader.line("title")? else {
        return Err(
            reader.reject(RejectReason::MissingField, "column title is empty; a credential needs one".to_owned())
        );
    };
    let declared = reader.line("language")?.map(|l| Lang::from_code(&l)).filter(|l| *l != Lang::Und).or(declared);
    let statements = reader.statements()?;
    let whole = format!("{title}. {}", statements.join(" "));
    let language = language::detect(&whole, declared);
    let outcomes = statements
        .into_iter()
        .map(|text| LearningOutcome {
            id: outcome_id(&id, &text),
            credential: id.clone(),
            language: language::detect_beside(&text, language),
            text,
        })
        .collect();
    let credential = Credential {
        id,
        title,
        provider: reader.line("provider")?,
        competence_group: reader.line("competence_group")?,
        language,
        eqf_level: reader.level("eqf_level")?,
        nqf_level: reader.line("nqf_level")?,
        ects: reader.number("ects", NumberStyle::SmallEither, 400.0)?,
        workload_hours: reader.number("workload_hours", NumberStyle::Either, 12_000.0)?,
        places: reader.count("places")?,
        requests: reader.count("requests")?,
        enrolments: reader.count("enrolments")?,
        stacks_into: reader.line("stacks_into")?,
        assessment: reader.line("assessment")?,
        participation: reader.line("participation")?,
        quality_assurance: reader.line("quality_assurance")?,
        target_occupations: reader.list("target_occupations")?,
        outcomes,
        origin: origin.clone(),
    };
    Ok(CleanedCredential { credential, repairs: reader.repairs })
}

/// Reads the fields of one record and notes what it repaired.
struct Reader<'a> {
    raw: &'a RawCredential,
    origin: &'a Origin,
    limits: &'a TextLimits,
    repairs: Vec<Repair>,
}

impl Reader<'_> {
    fn field(&self, name: &str) -> &str {
        self.raw.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    fn reject(&self, reason: RejectReason, detail: String) -> Reject {
        Reject { origin: self.origin.clone(), reason, detail }
    }

    fn over_limit(&self, name: &str, error: TextError) -> Reject {
        self.reject(RejectReason::OverLimit, format!("column {name}: {error}"))
    }

    fn line(&mut self, name: &str) -> Result<Option<String>, Reject> {
        let line = plain_line(self.field(name), self.limits).map_err(|e| self.over_limit(name, e))?;
        let line = self.public(&line);
        Ok((!is_null_word(&line)).then_some(line))
    }

    fn public(&mut self, text: &str) -> String {
        let (clean, count) = contacts::redact(text);
        self.repairs.extend(std::iter::repeat_n(Repair::ContactRemoved, count));
        clean.into_owned()
    }

    /// The parts of a field between separators, each as plain lines: markup in one part must not swallow the others.
    fn parts(&self, name: &str, separators: &[char]) -> Result<String, Reject> {
        let spelt = self.field(name).replace("\\n", "\n");
        let parts = spelt.split(separators).map(|part| plain_text(part, self.limits));
        let parts: Vec<String> = parts.collect::<Result<_, _>>().map_err(|e| self.over_limit(name, e))?;
        Ok(parts.join("\n"))
    }

    fn list(&mut self, name: &str) -> Result<Vec<String>, Reject> {
        let text = self.parts(name, &['|', ';'])?;
        let items = text.lines().map(|l| l.trim_start_matches("- ").trim().to_owned());
        Ok(items.filter(|item| !is_null_word(item)).collect())
    }

    /// Outcomes one by one, in file order, without repeats and without lines that only introduce the others.
    fn statements(&mut self) -> Result<Vec<String>, Reject> {
        let text = self.parts("outcomes", &['|'])?;
        let text = self.public(&text);
        let lines: Vec<&str> = text.lines().map(|l| without_number(l.trim_start_matches("- ").trim())).collect();
        let mut seen = std::collections::BTreeSet::new();
        let mut kept = Vec::new();
        for line in &lines {
            let introduces = line.ends_with(':') && lines.len() > 1;
            if introduces || is_null_word(line) {
                continue;
            }
            if seen.insert(normalised(line)) {
                kept.push((*line).to_owned());
            } else {
                self.repairs.push(Repair::OutcomeRepeated);
            }
        }
        Ok(kept)
    }

    /// A number from 0 to `most`; null and noted when unreadable or outside.
    fn number(&mut self, name: &str, style: NumberStyle, most: f64) -> Result<Option<f64>, Reject> {
        let Some(text) = self.line(name)? else { return Ok(None) };
        let number = parse_number(&text, style);
        let kept = number.filter(|n| (0.0..=most).contains(n));
        match (number, kept) {
            (None, _) => self.repairs.push(Repair::NumberUnreadable),
            (Some(_), None) => self.repairs.push(Repair::NumberOutOfRange),
            _ => {}
        }
        Ok(kept)
    }

    fn count(&mut self, name: &str) -> Result<Option<u32>, Reject> {
        let number = self.number(name, NumberStyle::Either, f64::from(u32::MAX))?;
        if number.is_some_and(|n| n.fract() != 0.0) {
            self.repairs.push(Repair::NumberUnreadable);
            return Ok(None);
        }
        Ok(number.map(|n| n as u32))
    }

    /// `6`, `EQF 6`, `Level 6`: an EQF level.
    fn level(&mut self, name: &str) -> Result<Option<u8>, Reject> {
        let Some(text) = self.line(name)? else { return Ok(None) };
        let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty()).collect();
        let level = match digits.as_slice() {
            [one] => one.parse::<u8>().ok(),
            [one, "0"] if text.contains('.') => one.parse::<u8>().ok(),
            _ => None,
        };
        match level {
            Some(level @ 1..=8) => return Ok(Some(level)),
            Some(_) => self.repairs.push(Repair::NumberOutOfRange),
            None => self.repairs.push(Repair::NumberUnreadable),
        }
        Ok(None)
    }
}

/// `1. Plan`, `2) Test`: the item without its number.
fn without_number(line: &str) -> &str {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = line.get(digits..).unwrap_or(line);
    let numbered = (1..=2).contains(&digits) && rest.starts_with([')', '.']) && rest.get(1..2) == Some(" ");
    if numbered { rest.get(2..).unwrap_or_default().trim() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SnapshotId;

    fn clean(fields: &[(&str, &str)]) -> Result<CleanedCredential, Reject> {
        let raw = RawCredential {
            id: "MC-1".to_owned(),
            fields: fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        };
        let origin = Origin { source: SourceId::new("cat").unwrap(), snapshot: SnapshotId("0".to_owned()), record: 3 };
        credential(&raw, &origin, None, &TextLimits::default())
    }

    #[test]
    fn a_file_with_one_row_per_outcome_gives_one_credential_and_a_reused_id_is_refused_by_name() {
        let mut catalogue = Catalogue::default();
        let row = |title: &str, outcome: &str| clean(&[("title", title), ("outcomes", outcome)]).unwrap().credential;
        catalogue.add(row("Data", "Clean tabular data")).unwrap();
        catalogue.add(row("Data", "Draw honest charts")).unwrap();
        catalogue.add(row("Data", "Draw  HONEST charts")).unwrap();
        assert_eq!(catalogue.credentials.len(), 1);
        assert_eq!(catalogue.credentials[0].outcomes.len(), 2);
        let reject = catalogue.add(row("Welding", "Weld pipes")).unwrap_err();
        assert!(reject.detail.contains("MC-1") && reject.detail.contains("Welding"), "{}", reject.detail);
    }

    #[test]
    fn outcomes_are_split_numbered_once_and_keep_their_ids() {
        let outcomes = "On completion you can:|1. Analyse data with SQL|<ul><li>Analyse  Data with SQL</li></ul>|• Write reports\\n• Write to a@b.org";
        let cleaned = clean(&[("title", "Data"), ("outcomes", outcomes)]).unwrap();
        let texts: Vec<&str> = cleaned.credential.outcomes.iter().map(|o| o.text.as_str()).collect();
        assert_eq!(texts, ["Analyse data with SQL", "Write reports", "Write to [contact removed]"]);
        assert_eq!(cleaned.repairs, [Repair::ContactRemoved, Repair::OutcomeRepeated]);
        // printf 'MC-1\0analyse data with sql' | sha256sum
        assert_eq!(cleaned.credential.outcomes[0].id.0, "24208b0689f78001");
    }

    #[test]
    fn numbers_are_read_or_flagged_and_never_zero_by_default() {
        let cleaned = clean(&[
            ("title", "Dades"),
            ("ects", "4,5 ECTS"),
            ("workload_hours", "1.500 h"),
            ("places", "thirty"),
            ("requests", "1.204"),
            ("enrolments", "0"),
            ("eqf_level", "Nivell MEC 9"),
        ])
        .unwrap();
        let c = &cleaned.credential;
        assert_eq!((c.ects, c.workload_hours, c.places), (Some(4.5), Some(1_500.0), None));
        assert_eq!((c.requests, c.enrolments, c.eqf_level), (Some(1_204), Some(0), None));
        assert_eq!(cleaned.repairs, [Repair::NumberOutOfRange, Repair::NumberUnreadable]);
    }

    #[test]
    fn each_outcome_has_its_own_language() {
        let outcomes = "Apply the methods of statistics to the data of an organisation and explain the results to others|Aplicar els mètodes de l'estadística a les dades d'una organització i explicar els resultats amb claredat";
        let cleaned = clean(&[("title", "Statistics"), ("outcomes", outcomes)]).unwrap();
        let languages: Vec<Lang> = cleaned.credential.outcomes.iter().map(|o| o.language).collect();
        assert_eq!(languages, [Lang::En, Lang::Ca]);
    }

    #[test]
    fn a_credential_without_a_title_is_rejected() {
        assert_eq!(clean(&[("outcomes", "x")]).unwrap_err().reason, RejectReason::MissingField);
    }
}
