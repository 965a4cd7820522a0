//! One raw micro-credential to one typed one.

use super::credential_fields::{Reader, language_code, normalised};
use super::repairs::Repair;
use super::text::TextLimits;
use super::{hash16, language};
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
    let mut reader = Reader::new(raw, origin, limits);
    let id = CredentialId(if raw.id.trim().is_empty() { origin.record.to_string() } else { raw.id.trim().to_owned() });
    let Some(title) = reader.line("title")? else {
        return Err(
            reader.reject(RejectReason::MissingField, "column title is empty; a credential needs one".to_owned())
        );
    };
    let own = reader.line("language")?.map(|l| Lang::from_code(&language_code(&l)));
    let declared = own.filter(|l| *l != Lang::Und).or(declared);
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
        provider: reader.line("provider")?,
        competence_group: reader.line("competence_group")?,
        declared_language: declared,
        delivery_languages: reader.list("delivery_languages")?.iter().map(|l| language_code(l)).collect(),
        description: reader.line("description")?,
        country: reader.country()?,
        eqf_level: reader.level("eqf_level")?,
        nqf_level: reader.line("nqf_level")?,
        cycle: reader.cycle()?,
        ects: reader.number("ects", NumberStyle::SmallEither, 400.0)?,
        workload_hours: reader.hours()?,
        places: reader.count("places")?,
        requests: reader.count("requests")?,
        enrolments: reader.count("enrolments")?,
        stacks_into: reader.line("stacks_into")?,
        assessment: reader.several("assessment")?,
        participation: reader.several("participation")?,
        quality_assurance: reader.several("quality_assurance")?,
        prerequisites: reader.line("prerequisites")?,
        supervision: reader.several("supervision")?,
        further_information: reader.page()?,
        issued_on: reader.day("issued_on")?,
        learner_identified: reader.line("learner_identified")?.map(|answer| answer == "yes"),
        qualifications: reader.list("qualifications")?,
        declared_skills: reader.skills()?,
        target_occupations: reader.list("target_occupations")?,
        outcomes,
        ..Credential::new(id, title, language, origin.clone())
    };
    Ok(CleanedCredential { credential, repairs: reader.repairs })
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
    fn lists_durations_codes_and_escapes_of_exports_are_read_and_doubtful_ones_left_out() {
        let ects = |spelt: &str| clean(&[("title", "X"), ("ects", spelt)]).unwrap();
        for (spelt, number) in [("[\"7,5\"]", Some(7.5)), ("[\"6,0 ECTS\"]", Some(6.0)), ("[]", None), ("NULL", None)] {
            let cleaned = ects(spelt);
            assert_eq!((cleaned.credential.ects, cleaned.repairs.len()), (number, 0), "{spelt}");
        }
        for doubtful in ["[\"10\", \"5\"]", "[\"6,0\", \"15\"]", "[\"2 (10)\"]"] {
            let cleaned = ects(doubtful);
            assert_eq!(
                (cleaned.credential.ects, cleaned.repairs),
                (None, vec![Repair::NumberUnreadable]),
                "{doubtful}"
            );
        }
        let hours =
            |spelt: &str| clean(&[("title", "X"), ("workload_hours", spelt)]).unwrap().credential.workload_hours;
        assert_eq!(
            (hours("PT60H"), hours("PT1H30M"), hours("P2M"), hours("P7Y8M2DT1H")),
            (Some(60.0), Some(1.5), None, None)
        );
        let outcomes = "RA1 Reconeix xarxes\\n\\tRA 2: Les configura|LO3. Test them|RADAR systems are explained|NULL|\
             LO2 description|Able to: 1. plan it; 2. repair it (3) end|Section 1. of 2. parts";
        let cleaned = clean(&[("title", "X"), ("outcomes", outcomes)]).unwrap();
        let texts: Vec<&str> = cleaned.credential.outcomes.iter().map(|o| o.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Reconeix xarxes",
                "Les configura",
                "Test them",
                "RADAR systems are explained",
                "LO2 description",
                "plan it",
                "repair it",
                "end",
                "Section 1. of 2. parts",
            ]
        );
    }

    #[test]
    fn declared_skills_and_places_are_read_in_the_forms_catalogues_use() {
        let skills = "http://data.europa.eu/esco/skill/1 weld pipes|urn:x:2;Blockchain\nNULL";
        let cleaned =
            clean(&[("title", "X"), ("declared_skills", skills), ("country", "ESP"), ("cycle", "Máster")]).unwrap();
        let read: Vec<(Option<&str>, Option<&str>)> =
            cleaned.credential.declared_skills.iter().map(|s| (s.uri.as_deref(), s.label.as_deref())).collect();
        let expected = [
            (Some("http://data.europa.eu/esco/skill/1"), Some("weld pipes")),
            (Some("urn:x:2"), None),
            (None, Some("Blockchain")),
        ];
        assert_eq!(read, expected);
        assert_eq!((cleaned.credential.country.as_deref(), cleaned.credential.cycle), (Some("ES"), Some(2)));
        let labels = clean(&[("title", "X"), ("declared_skills", "SQL, Data Analysis")]).unwrap();
        assert_eq!(labels.credential.declared_skills.len(), 2);
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
