//! European Learning Model 3 as JSON-LD: one document, a learning achievement specification for each micro-credential.
//! Its context stands in it, so that nothing is fetched to read it.

use super::described::{Described, Outcome, Skill, Texts, is_esco_skill, is_iri};
use crate::report::ReportError;
use serde_json::{Map, Value, json};

const CONTEXT: &str = include_str!("context.json");
const VOCABULARIES: &str = "http://data.europa.eu/snb";
const AUTHORITIES: &str = "http://publications.europa.eu/resource/authority";
/// ECTS among the credit systems.
const ECTS: &str = "education-credit/6fcec5c5af";
/// Name that every scheme of these vocabularies has.
const SCHEME: &str = "25831c2";
/// Forms of participation by the word that a catalogue states.
const MODES: [(&str, &str); 4] =
    [("online", "920fbb3cbe"), ("blended", "e92d221e4d"), ("presential", "9191af2ed9"), ("work-based", "729f3bed4b")];
/// Languages of the authority by ISO 639-1.
const LANGUAGES: [(&str, &str); 9] = [
    ("en", "ENG"),
    ("es", "SPA"),
    ("ca", "CAT"),
    ("ar", "ARA"),
    ("de", "DEU"),
    ("fr", "FRA"),
    ("it", "ITA"),
    ("nl", "NLD"),
    ("pt", "POR"),
];

/// The document.
///
/// # Errors
/// When the context compiled in is no JSON.
pub fn bytes(all: &[&Described]) -> Result<Vec<u8>, ReportError> {
    let fail = |e: serde_json::Error| ReportError::Row { table: "credentials.jsonld", detail: e.to_string() };
    let context: Value = serde_json::from_str(CONTEXT).map_err(fail)?;
    let graph: Vec<Value> = all.iter().map(|credential| specification(credential)).collect();
    let mut out = serde_json::to_vec_pretty(&json!({ "@context": context, "@graph": graph })).map_err(fail)?;
    out.push(b'\n');
    Ok(out)
}

fn specification(d: &Described) -> Value {
    let outcomes = (1..).zip(&d.outcomes).map(|(n, o)| outcome(&d.iri, n, o)).collect();
    let levels = d.eqf.map(|level| in_list(&format!("eqf/{level}"), "eqf"));
    let national = (!d.nqf.is_empty()).then(|| json!({"type": "Concept", "prefLabel": d.nqf}));
    let languages = LANGUAGES.iter().filter(|(code, _)| d.languages.iter().any(|l| l == code));
    let pairs = [
        ("id", Some(json!(d.iri))),
        ("type", Some(json!("LearningAchievementSpecification"))),
        ("status", Some(json!(d.status))),
        ("modified", d.modified.as_ref().map(|day| json!(day))),
        ("title", texts(&d.title)),
        ("description", texts(&d.description)),
        ("additionalNote", list(d.notes.iter().map(note).collect())),
        ("category", texts(&d.category)),
        ("language", list(languages.map(|(_, name)| authority("language", name)).collect())),
        ("creditPoint", d.ects.map(credits)),
        ("volumeOfLearning", d.hours.map(|hours| json!(duration(hours)))),
        ("educationLevel", list(levels.into_iter().chain(national).collect())),
        ("mode", (!d.mode.is_empty()).then(|| mode(&d.mode))),
        ("entryRequirement", (!d.entry.is_empty()).then(|| note(&d.entry))),
        ("provenBy", texts(&d.assessment).map(|t| json!({"type": "LearningAssessmentSpecification", "title": t}))),
        ("homepage", d.homepage.as_ref().map(|page| json!({"type": "WebResource", "contentURL": page}))),
        ("awardingOpportunity", d.provider.as_ref().map(|(name, country)| awarding(&d.iri, name, country))),
        ("learningOutcome", list(outcomes)),
    ];
    let said = pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(said.collect())
}

fn outcome(within: &str, number: usize, outcome: &Outcome) -> Value {
    let mut node = Map::new();
    node.insert("id".to_owned(), json!(format!("{within}:outcome:{number}")));
    node.insert("type".to_owned(), json!("LearningOutcome"));
    node.insert("title".to_owned(), json!(outcome.statement));
    let (esco, other): (Vec<&Skill>, Vec<&Skill>) = outcome.skills.iter().partition(|s| is_esco_skill(&s.id));
    let esco = list(esco.into_iter().map(|s| skill(s, "http://data.europa.eu/esco/concept-scheme/skills")).collect());
    let other = list(other.into_iter().map(|s| skill(s, "urn:skillgap:taxonomy")).collect());
    node.extend(
        [("relatedESCOSkill", esco), ("relatedSkill", other)]
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?))),
    );
    Value::Object(node)
}

fn skill(skill: &Skill, scheme: &str) -> Value {
    let id = Some(skill.id.as_str()).filter(|id| is_iri(id));
    let mut node = concept(id, scheme);
    if let (Some(map), Some(names)) = (node.as_object_mut(), texts(&skill.names)) {
        map.insert("prefLabel".to_owned(), names);
    }
    node
}

fn concept(id: Option<&str>, scheme: &str) -> Value {
    let scheme = json!({"id": scheme, "type": "ConceptScheme"});
    match id {
        Some(id) => json!({"id": id, "type": "Concept", "inScheme": scheme}),
        None => json!({"type": "Concept", "inScheme": scheme}),
    }
}

/// A concept of a vocabulary for learning: `eqf/6` of `eqf`.
fn in_list(id: &str, list: &str) -> Value {
    concept(Some(&format!("{VOCABULARIES}/{id}")), &format!("{VOCABULARIES}/{list}/{SCHEME}"))
}

/// A concept of an authority table: `ENG` of `language`.
fn authority(table: &str, name: &str) -> Value {
    concept(Some(&format!("{AUTHORITIES}/{table}/{name}")), &format!("{AUTHORITIES}/{table}"))
}

fn credits(ects: f64) -> Value {
    json!({"type": "CreditPoint", "framework": in_list(ECTS, "education-credit"), "point": ects.to_string()})
}

/// ISO 8601 in whole minutes.
fn duration(hours: f64) -> String {
    let minutes = (hours * 60.0).round().clamp(1.0, 1e9) as u64;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

/// A form that the vocabulary knows by its name, any other in the catalogue's words.
fn mode(said: &Texts) -> Value {
    let is_said = |word: &str| said.values().any(|text| text.eq_ignore_ascii_case(word));
    match MODES.iter().find(|(word, _)| is_said(word)) {
        Some((_, id)) => in_list(&format!("learning-assessment/{id}"), "learning-assessment"),
        None => json!({"type": "Concept", "prefLabel": said}),
    }
}

/// Who would award it. Nobody has.
fn awarding(iri: &str, name: &Texts, country: &str) -> Value {
    let address = json!({"type": "Address", "countryCode": authority("country", country)});
    json!({
        "type": "AwardingOpportunity",
        "awardingBody": {
            "type": "Organisation",
            "legalName": name,
            "location": {"type": "Location", "address": address},
        },
        "learningAchievementSpecification": iri,
    })
}

fn note(said: &Texts) -> Value {
    json!({"type": "Note", "noteLiteral": said})
}

fn texts(said: &Texts) -> Option<Value> {
    (!said.is_empty()).then(|| json!(said))
}

/// One value as itself, several as a list, none as nothing.
fn list(mut values: Vec<Value>) -> Option<Value> {
    if values.len() > 1 { Some(Value::Array(values)) } else { values.pop() }
}
