//! Micro-credentials of the catalogue with the edits that the postings suggest, each as a draft outcome more.

use super::country::Countries;
use super::described::{
    Described, Outcome, Row, Skill, Texts, is_esco_skill, is_iri, line, positive, said, statement, urn,
};
use super::proposal::{draft, modified, provenance};
use super::speech::Speech;
use super::template;
use crate::report::ReportError;
use crate::report::messages::Messages;
use crate::report::phrase::{Phrase, Piece, plain, web_address};
use crate::types::{Credential, Findings, Lang, OutcomeEdit, OutcomeFinding, OutcomeId, Verdict};
use std::collections::BTreeMap;

const STATUS: &str = "revision proposed, not signed";
/// QF-EHEA cycles as the template spells them.
const CYCLES: [&str; 4] = ["short", "first", "second", "third"];

/// What revisions are made of, by what it belongs to.
struct Shelf<'a> {
    findings: &'a Findings,
    speech: &'a Speech<'a>,
    outcomes: BTreeMap<&'a OutcomeId, &'a OutcomeFinding>,
    countries: Countries,
}

/// Every micro-credential with an edit, in the order of the catalogue; of two with one id the first counts.
///
/// # Errors
/// When a catalogue of messages does not parse.
pub fn all(findings: &Findings, speech: &Speech<'_>) -> Result<Vec<Described>, ReportError> {
    let mut edits: BTreeMap<&str, Vec<&OutcomeEdit>> = BTreeMap::new();
    for edit in &findings.proposals.edits {
        edits.entry(edit.credential.as_str()).or_default().push(edit);
    }
    let shelf = Shelf {
        findings,
        speech,
        outcomes: findings.outcomes.iter().map(|o| (&o.outcome, o)).collect(),
        countries: Countries::built_in(),
    };
    let edited = findings.credentials.iter().filter_map(|c| Some((c, edits.remove(c.id.0.as_str())?)));
    edited.map(|(credential, edits)| described(&shelf, credential, &edits)).collect()
}

fn described(shelf: &Shelf<'_>, credential: &Credential, edits: &[&OutcomeEdit]) -> Result<Described, ReportError> {
    let (findings, speech) = (shelf.findings, shelf.speech);
    let messages = Messages::of(credential.language)?;
    let code = credential.language.code();
    let text = |field: &Option<String>| said(code, field.as_deref());
    let country = credential.country.as_deref().and_then(|area| shelf.countries.alpha3(area));
    let provider = text(&credential.provider);
    let mut found = Described {
        iri: urn(&["revision", &findings.meta.plan, &findings.meta.as_of, &credential.id.0]),
        status: STATUS,
        modified: modified(findings),
        title: [(code, line(&credential.title))].into(),
        description: text(&credential.description),
        notes: notes(findings, speech, credential, edits),
        category: text(&credential.competence_group),
        languages: languages(credential),
        ects: positive(credential.ects),
        hours: positive(credential.workload_hours),
        eqf: credential.eqf_level.filter(|level| (1..=8).contains(level)),
        nqf: text(&credential.nqf_level),
        mode: text(&credential.participation),
        entry: text(&credential.prerequisites),
        assessment: text(&credential.assessment),
        homepage: web_address(credential.further_information.as_deref()).filter(|page| is_iri(page)),
        provider: country.filter(|_| !provider.is_empty()).map(|country| (provider, country.to_owned())),
        outcomes: outcomes(shelf, &messages, credential, edits),
        row: Row::new(),
    };
    found.row = row(&found, speech, credential, edits);
    Ok(found)
}

/// Outcomes as they stand, each followed by the drafts that belong beside it.
fn outcomes(shelf: &Shelf<'_>, messages: &Messages, credential: &Credential, edits: &[&OutcomeEdit]) -> Vec<Outcome> {
    let speech = shelf.speech;
    let code = credential.language.code();
    let drafted = |edit: &&OutcomeEdit| {
        let words = draft(messages, &speech.name(&edit.skill, messages.language)).unwrap_or_default();
        let text = [(messages.language.code(), statement(&plain(&words)))].into();
        Outcome { statement: text, skills: vec![speech.skill(&edit.skill)] }
    };
    let mut all = Vec::new();
    for outcome in &credential.outcomes {
        let own = [(code, statement(&outcome.text))].into();
        all.push(Outcome { statement: own, skills: matched(shelf, &outcome.id) });
        all.extend(edits.iter().filter(|e| e.outcome.as_ref() == Some(&outcome.id)).map(drafted));
    }
    let known = |id: &OutcomeId| credential.outcomes.iter().any(|o| o.id == *id);
    all.extend(edits.iter().filter(|e| !e.outcome.as_ref().is_some_and(known)).map(drafted));
    all
}

/// Skills that the program matched to an outcome and accepted.
fn matched(shelf: &Shelf<'_>, outcome: &OutcomeId) -> Vec<Skill> {
    let links = shelf.outcomes.get(outcome).map_or(&[][..], |o| &o.links);
    links.iter().filter(|link| link.3 == Verdict::Accepted).map(|link| shelf.speech.skill(&link.0)).collect()
}

fn languages(credential: &Credential) -> Vec<String> {
    let known = |l: &&Lang| **l != Lang::Und;
    let own = Some(&credential.language).filter(known).map(|l| vec![l.code().to_owned()]);
    Some(credential.delivery_languages.clone()).filter(|all| !all.is_empty()).or(own).unwrap_or_default()
}

fn notes(findings: &Findings, speech: &Speech<'_>, credential: &Credential, edits: &[&OutcomeEdit]) -> Vec<Texts> {
    let mut notes = vec![provenance(findings, speech, "elm.revision")];
    for edit in edits {
        notes.push(speech.each(|m| Some(edited(m, speech, edit))));
    }
    let declared: Vec<String> =
        credential.declared_skills.iter().filter_map(|s| s.label.clone().or(s.uri.clone())).collect();
    let fields = [
        ("provider", credential.provider.clone()),
        ("stacks_into", credential.stacks_into.clone()),
        ("quality_assurance", credential.quality_assurance.clone()),
        ("supervision", credential.supervision.clone()),
        ("qualifications", Some(credential.qualifications.join(", "))),
        ("declared_skills", Some(declared.join(", "))),
    ];
    for (field, value) in fields {
        let Some(value) = value.map(|v| line(&v)).filter(|v| !v.is_empty()) else { continue };
        notes.push(speech.each(|m| {
            let values = [("field", m.word("check_field", field)), ("value", vec![Piece::own(&value)])];
            Some(m.phrase("elm.stated", &values))
        }));
    }
    notes
}

fn edited(m: &Messages, speech: &Speech<'_>, edit: &OutcomeEdit) -> Phrase {
    let figure = |text: String| vec![Piece::own(text)];
    let values = [
        ("skill", figure(speech.name(&edit.skill, m.language))),
        ("postings", figure(m.count(edit.posting_count))),
        ("base", figure(m.count(edit.base_count))),
        ("shared", figure(m.count(edit.shared_count))),
        ("employers", figure(m.count(edit.shared_employers))),
    ];
    m.phrase("elm.edit", &values)
}

/// The catalogue's own row with the drafts in it.
fn row(found: &Described, speech: &Speech<'_>, credential: &Credential, edits: &[&OutcomeEdit]) -> Row {
    let c = credential;
    let text = |field: &Option<String>| field.as_deref().map(line).unwrap_or_default();
    let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
    let count = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let language = c.declared_language.filter(|l| *l != Lang::Und).unwrap_or(c.language);
    let all = |list: &[String]| template::list(list.iter().map(|item| template::item(item)));
    let statements = found.outcomes.iter().filter_map(|o| o.statement.values().next().cloned());
    let cells = [
        ("credential_id", c.id.0.clone()),
        ("title", line(&c.title)),
        ("provider", text(&c.provider)),
        ("competence_group", text(&c.competence_group)),
        ("language", if language == Lang::Und { String::new() } else { language.code().to_owned() }),
        ("delivery_languages", all(&c.delivery_languages)),
        ("description", text(&c.description)),
        ("country", text(&c.country)),
        ("eqf_level", c.eqf_level.map(|level| level.to_string()).unwrap_or_default()),
        ("nqf_level", text(&c.nqf_level)),
        ("cycle", c.cycle.and_then(|n| CYCLES.get(usize::from(n))).map(|s| (*s).to_owned()).unwrap_or_default()),
        ("ects", number(c.ects)),
        ("workload_hours", number(c.workload_hours)),
        ("places", count(c.places)),
        ("requests", count(c.requests)),
        ("enrolments", count(c.enrolments)),
        ("stacks_into", text(&c.stacks_into)),
        ("assessment", text(&c.assessment)),
        ("participation", text(&c.participation)),
        ("quality_assurance", text(&c.quality_assurance)),
        ("prerequisites", text(&c.prerequisites)),
        ("supervision", text(&c.supervision)),
        ("further_information", text(&c.further_information)),
        ("qualifications", all(&c.qualifications)),
        ("declared_skills", declared(speech, c, edits)),
        ("target_occupations", all(&c.target_occupations)),
        ("outcomes", template::list(statements)),
    ];
    cells.into_iter().filter(|(_, cell)| !cell.is_empty()).collect()
}

/// What the provider declares, and the skills of the edits.
fn declared(speech: &Speech<'_>, credential: &Credential, edits: &[&OutcomeEdit]) -> String {
    let own = credential.declared_skills.iter();
    let mut all: Vec<String> =
        own.map(|s| template::skill(s.uri.as_deref().unwrap_or_default(), s.label.as_deref())).collect();
    let known = |id: &str| credential.declared_skills.iter().any(|s| s.uri.as_deref() == Some(id));
    let added = edits.iter().filter(|e| is_esco_skill(&e.skill) && !known(&e.skill));
    all.extend(added.map(|e| template::skill(&e.skill, Some(&speech.name(&e.skill, credential.language)))));
    template::list(all.into_iter())
}
