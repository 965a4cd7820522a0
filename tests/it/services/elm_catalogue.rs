//! sources.md §8.2, European Learning Model 3: credentials in JSON-LD, signed ones as JWS with their payload as a string,
//! claims and links as one object or several, images as base64, the Greek iota in `eIDASΙdentifier` (V, M1, M5). That
//! specifications are published as one graph is recalled (R).

use super::{Asked, Case, Reply};
use serde_json::json;

/// Two claims, of which one is an activity; the document's own language is Catalan.
const CREDENTIAL: &str = r#"{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],
 "id":"urn:credential:0a6b1f2e","type":["VerifiableCredential","EuropeanDigitalCredential"],
 "credentialSchema":{"id":"http://data.europa.eu/snb/model/ap/edc-generic-full","type":"ShaclValidator2017"},
 "credentialProfiles":{"id":"http://data.europa.eu/snb/credential/e34929035b","type":"Concept"},
 "issuer":{"id":"urn:org:1","type":"Organisation","legalName":{"ca":"Universitat d'Exemple","en":"Example University"},
  "eIDASΙdentifier":{"id":"urn:legal:1","type":"LegalIdentifier","notation":"ESX0000000A"},
  "location":{"type":"Location","address":{"type":"Address","countryCode":{"id":"http://publications.europa.eu/resource/authority/country/ESP"}}}},
 "issuanceDate":"2026-06-30T00:00:00+02:00","validFrom":"2026-06-30T00:00:00+02:00",
 "displayParameter":{"type":"DisplayParameter","primaryLanguage":{"id":"http://publications.europa.eu/resource/authority/language/CAT","type":"Concept"},
  "individualDisplay":[{"type":"IndividualDisplay","displayDetail":[{"image":{"type":"MediaObject","content":"{image}"}}]}]},
 "credentialSubject":{"id":"urn:person:1","type":"Person","hasClaim":[
  {"id":"urn:claim:1","type":"LearningAchievement","title":{"ca":"Visualització de dades per a la gestió pública"},
   "awardedBy":{"type":"AwardingProcess","awardingBody":{"id":"urn:org:1"}},
   "provenBy":{"type":"LearningAssessment","title":{"ca":"Projecte final"},"specifiedBy":{"type":"LearningAssessmentSpecification","title":{"ca":"Projecte final"},
    "mode":{"id":"http://data.europa.eu/snb/learning-assessment/920fbb3cbe"}}},
   "specifiedBy":{"type":"Qualification","title":{"ca":"Visualització de dades per a la gestió pública","en":"Data visualisation for public management"},
    "eqfLevel":{"id":"http://data.europa.eu/snb/eqf/6","prefLabel":{"en":"Level 6"}},
    "creditPoint":{"framework":{"id":"http://data.europa.eu/snb/education-credit/6fcec5c5af"},"point":"2"},"volumeOfLearning":"PT50H",
    "learningOutcome":[{"type":"LearningOutcome","title":{"ca":"Dissenyar quadres de comandament","en":"Designing dashboards"},
     "relatedESCOSkill":{"id":"http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a","prefLabel":{"en":"develop digital content"}}},
     {"type":"LearningOutcome","title":{"ca":"Triar el gràfic que respon una pregunta"}}]}},
  {"id":"urn:claim:2","type":"LearningActivity","title":{"ca":"Taller presencial"},"workload":"PT10H"}]}}"#;

/// One claim and one outcome, neither in a list.
const SIGNED: &str = r#"{"@context":["https://www.w3.org/2018/credentials/v1","http://data.europa.eu/snb/model/context/edc-ap"],
 "id":"urn:credential:77c1","type":["VerifiableCredential","EuropeanDigitalCredential"],
 "issuer":{"type":"Organisation","legalName":{"es":"Instituto Ejemplo de Formación"}},"issuanceDate":"2026-05-15T10:00:00Z",
 "credentialSubject":{"id":"urn:person:2","type":"Person","hasClaim":{"type":"LearningAchievement","title":{"es":"Ciberseguridad básica"},
  "specifiedBy":{"type":"Qualification","title":{"es":"Ciberseguridad básica para pymes"},"volumeOfLearning":"PT25H",
   "learningOutcome":{"type":"LearningOutcome","title":{"es":"Configurar copias de seguridad y doble factor"},
    "relatedESCOSkill":[{"id":"http://data.europa.eu/esco/skill/0005c151-5b5a-4a66-8aac-60e734beb1ab"}]}}}}}"#;

/// Specifications that refer to outcomes and to an organisation of the same graph.
const CATALOGUE: &str = r#"{"@context":"http://data.europa.eu/snb/model/context/edc-ap","@graph":[
 {"id":"urn:org:9","type":"Organisation","legalName":{"en":"Example Polytechnic","ar":"كلية المثال التقنية"}},
 {"id":"urn:lo:1","type":"LearningOutcome","title":{"en":"Install and test photovoltaic systems"}},
 {"id":"urn:lo:2","type":"LearningOutcome","title":{"ar":"تطبيق قواعد السلامة في المواقع"}},
 {"id":"urn:las:1","type":"Qualification","title":{"en":"Solar installer"},"eqfLevel":{"id":"http://data.europa.eu/snb/eqf/4"},
  "learningOutcome":[{"id":"urn:lo:1"},{"id":"urn:lo:2"}],"awardingOpportunity":{"type":"AwardingOpportunity","awardingBody":{"id":"urn:org:9"}},
  "dcType":{"id":"http://data.europa.eu/snb/learning-opportunity/74a4a268e8"}},
 {"id":"urn:las:2","type":"LearningAchievementSpecification","title":{"ar":"السلامة المهنية"},"volumeOfLearning":"PT12H",
  "learningOutcome":"urn:lo:2","learningSetting":{"id":"http://data.europa.eu/snb/learning-setting/e207a81fc7"}}]}"#;

pub fn case() -> Case {
    Case {
        service: "elm_catalogue",
        kind: "credentials",
        base_path: "",
        ask: "url = ['edc/visualitzacio.jsonld', 'edc/signed.jsonld', '/catalogue.jsonld']",
        source: "",
        reply,
        questions: 3,
        kept: 4,
        rejected: 0,
        shows: &[
            "Visualització de dades per a la gestió pública",
            "Dissenyar quadres de comandament",
            "http://data.europa.eu/esco/skill/5fd5c985-eaaa-47aa-8314-62359c54505a",
            "Ciberseguridad básica para pymes",
            "Configurar copias de seguridad y doble factor",
            "Install and test photovoltaic systems",
            "السلامة المهنية",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    let document = |body: String| Reply::new(200, "application/ld+json", body);
    match (asked.method.as_str(), asked.path.as_str()) {
        // Real files hold some hundred kilobytes of images.
        ("GET", "/edc/visualitzacio.jsonld") => document(CREDENTIAL.replace("{image}", &"iVBORw0KGgo".repeat(20_000))),
        ("GET", "/edc/signed.jsonld") => {
            let signatures = json!([{"protected": "eyJhbGciOiJSUzI1NiJ9", "signature": "c2lnbmF0dXJl"}]);
            document(json!({"payload": SIGNED, "signatures": signatures}).to_string())
        }
        ("GET", "/catalogue.jsonld") => document(CATALOGUE.to_owned()),
        _ => Reply::not_found(),
    }
}
