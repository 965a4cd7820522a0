//! European Learning Model 3 as JSON-LD: European Digital Credentials, presentations of them, and specifications in
//! a catalogue. Signed files are opened before they come here.

use super::learning_model::{Model, has};
use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many, types, uri};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How deep achievements may lie in achievements.
const DEEPEST: usize = 12;
/// Fields of a subject that name a person.
const NAMES: [&str; 7] =
    ["fullName", "givenName", "familyName", "givenNames", "familyNames", "nationalID", "nationalId"];
const SPECIFICATIONS: [&str; 4] =
    ["Qualification", "LearningAchievementSpecification", "LearningOpportunity", "LearningSpecification"];

/// Whether a JSON object is of the European Learning Model.
pub(in crate::acquire) fn is_elm(node: &Value) -> bool {
    let names = types(node);
    let context = node.get("@context").map(Value::to_string).unwrap_or_default();
    let is_ours = context.contains("data.europa.eu/snb") || context.contains("/elm/");
    names.iter().any(|t| matches!(*t, "EuropeanDigitalCredential" | "EuropeanDigitalPresentation"))
        || names.iter().any(|t| SPECIFICATIONS.contains(t))
        || is_ours
        || ["@graph", "credential"].iter().filter_map(|key| node.get(*key)).any(holds_elm)
        || (names.contains(&"VerifiablePresentation")
            && node.get("verifiableCredential").is_some_and(|all| many(all).iter().any(is_elm)))
}

/// Every micro-credential of a document.
pub(in crate::acquire) fn read(document: &Value, voice: &Voice) -> Vec<Draft> {
    let mut drafts = Vec::new();
    if let Some(held) = document.get("verifiableCredential").or_else(|| wrapped(document)) {
        for credential in many(held) {
            drafts.extend(read(opened(credential).as_ref().unwrap_or(credential), voice));
        }
        return drafts;
    }
    let mut model = Model::new(document, voice.within(primary_language(document)));
    if let Some(subjects) = document.get("credentialSubject") {
        for subject in many(subjects) {
            claims(&model, document, subject, &mut drafts);
        }
        return drafts;
    }
    let nodes = document.get("@graph").map_or_else(|| vec![document], |graph| many(graph).iter().collect());
    for node in nodes {
        model.voice = voice.within(primary_language(node).or(primary_language(document)));
        // Issued credentials in a graph refer to its other nodes.
        for subject in model.all(node, &["credentialSubject"]) {
            claims(&model, node, subject, &mut drafts);
        }
        if types(node).iter().any(|t| SPECIFICATIONS.contains(t)) {
            drafts.extend(catalogue_entry(&model, node));
        }
    }
    drafts
}

fn primary_language(node: &Value) -> Option<&str> {
    let stated = node.pointer("/displayParameter/primaryLanguage").or_else(|| node.get("primaryLanguage"));
    stated.and_then(uri)
}

/// The credential inside a signature, where it is signed.
fn opened(credential: &Value) -> Option<Value> {
    crate::acquire::signed::json_payload(credential)
}

/// The credential that a wallet or a service has put into an object of its own.
fn wrapped(document: &Value) -> Option<&Value> {
    document.get("credential").filter(|inner| document.get("credentialSubject").is_none() && holds_elm(inner))
}

fn holds_elm(one_or_many: &Value) -> bool {
    many(one_or_many).iter().any(|one| is_elm(opened(one).as_ref().unwrap_or(one)))
}

/// Achievements of an issued credential; of one that only attests activities, those.
fn claims<'v>(model: &Model<'v>, credential: &'v Value, subject: &'v Value, drafts: &mut Vec<Draft>) {
    let all = model.all(subject, &["hasClaim", "achieved"]);
    let achievements: Vec<&Value> = all.iter().copied().filter(|c| is_achievement(c)).collect();
    let chosen = if achievements.is_empty() { all } else { achievements };
    for claim in chosen {
        achievement(model, credential, subject, claim, (None, 0), drafts);
    }
}

fn is_achievement(claim: &Value) -> bool {
    let names = types(claim);
    names.is_empty() || names.contains(&"LearningAchievement")
}

/// One achievement, then the achievements it is made of. `within` is the title of the one it is part of, and how deep.
fn achievement<'v>(
    model: &Model<'v>,
    credential: &'v Value,
    subject: &'v Value,
    claim: &'v Value,
    within: (Option<&str>, usize),
    drafts: &mut Vec<Draft>,
) {
    let mut draft = Draft::default();
    for spec in model.all(claim, &["specifiedBy"]) {
        model.specification(spec, &mut draft);
    }
    draft.set("title", model.text(claim, &["title", "prefLabel"]));
    draft.set("workload_hours", model.text(claim, &["workload"]));
    for assessment in model.all(claim, &["provenBy", "wasDerivedFrom"]) {
        model.assessment(assessment, &mut draft);
    }
    model.award(claim, &mut draft);
    for issuer in model.all(credential, &["issuer"]) {
        model.organisation(issuer, &mut draft);
    }
    draft.set("issued_on", model.text(credential, &["issuanceDate", "issued", "validFrom"]));
    draft.set("learner_identified", Some(if has(subject, &NAMES) { "yes" } else { "no" }));
    draft.set("stacks_into", within.0.map(str::to_owned));
    draft.set("credential_id", Some(identity(&draft)));
    let title = draft.get("title").map(str::to_owned);
    drafts.push(draft);
    if within.1 < DEEPEST {
        let parts = model.all(claim, &["hasPart"]).into_iter();
        let parts: Vec<&Value> = parts
            .flat_map(|part| match model.all(part, &["learningAchievement"]) {
                inner if inner.is_empty() => vec![part],
                inner => inner,
            })
            .filter(|part| is_achievement(part) && has(part, &["specifiedBy", "title"]))
            .collect();
        for part in parts {
            achievement(model, credential, subject, part, (title.as_deref(), within.1 + 1), drafts);
        }
    }
}

/// The same achievement of two learners is one micro-credential: what it is called and who awards it tell, and the
/// number of a person's certificate is left alone.
fn identity(draft: &Draft) -> String {
    let part = |field| draft.get(field).unwrap_or_default().to_lowercase();
    let digest = Sha256::digest(format!("{}\0{}", part("provider"), part("title")));
    let hex: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("edc-{hex}")
}

/// A specification or an opportunity in a catalogue; nothing of a node that says neither its title nor what is taught.
pub(super) fn catalogue_entry<'v>(model: &Model<'v>, node: &'v Value) -> Option<Draft> {
    let mut draft = Draft::default();
    draft.set("credential_id", uri(node).map(str::to_owned));
    model.specification(node, &mut draft);
    for spec in model.all(node, &["learningAchievementSpecification", "specifiedBy"]) {
        let inner = model.all(spec, &["learningSpecification"]);
        for spec in if inner.is_empty() { vec![spec] } else { inner } {
            model.specification(spec, &mut draft);
            model.award(spec, &mut draft);
        }
    }
    model.award(node, &mut draft);
    for body in model.all(node, &["providedBy", "publisher"]) {
        model.organisation(body, &mut draft);
    }
    for whole in model.all(node, &["isPartOf"]) {
        draft.set("stacks_into", model.text(whole, &["title"]).or_else(|| uri(whole).map(str::to_owned)));
    }
    // What is taught under no title is a record, for its reject to be counted.
    ["title", "outcomes"].iter().any(|field| draft.get(field).is_some()).then_some(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn titles(document: &Value) -> Vec<String> {
        assert!(is_elm(document), "{document}");
        let drafts = read(document, &Voice::new(None));
        drafts.iter().filter_map(|draft| draft.get("title").map(str::to_owned)).collect()
    }

    /// design/sources.md 8.2.
    fn credential() -> Value {
        json!({
            "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
            "displayParameter": {"primaryLanguage": {"id": "http://publications.europa.eu/resource/authority/language/CAT"}},
            "credentialSubject": {"type": "Person", "hasClaim": {"type": "LearningAchievement",
                "specifiedBy": {"id": "urn:q:1", "type": "Qualification", "title": {"ca": "Dades", "en": "Data"}}}}
        })
    }

    #[test]
    fn a_credential_is_read_inside_a_graph_and_inside_a_wrapper_signed_or_not() {
        let graph = json!({"@context": {"title": "http://purl.org/dc/terms/title"}, "@graph": [
            {"id": "urn:o:1", "type": "Organisation"}, credential()]});
        assert_eq!(titles(&graph), ["Dades"]);
        assert_eq!(titles(&json!({"credential": credential(), "uuid": "1"})), ["Dades"]);
        let signed = json!({"payload": credential().to_string(), "signatures": [{"signature": "x"}]});
        assert_eq!(titles(&json!({"credential": signed})), ["Dades"]);
    }

    /// What a specification with these properties gives.
    fn specified(properties: &Value) -> Draft {
        let mut spec = json!({"id": "urn:q:1", "type": "Qualification", "title": {"en": "Data"}});
        spec.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
        read(&json!({"@graph": [spec]}), &Voice::new(None)).remove(0)
    }

    #[test]
    fn a_specification_that_says_what_is_taught_and_not_its_title_is_given_to_be_counted() {
        let outcome = json!({"type": "LearningOutcome", "title": {"en": "Analyse data"}});
        let spec = |title: Value| json!({"type": "Qualification", "title": title, "learningOutcome": outcome});
        let graph = json!({"@graph": [spec(json!({"en": "Micro 1"})), spec(json!(null)), spec(json!({"EN": "Micro 3"})),
            spec(json!({"@none": "Micro 4"})), {"type": "Qualification"}, outcome]});
        assert_eq!(titles(&graph), ["Micro 1", "Micro 3", "Micro 4"]);
        assert_eq!(read(&graph, &Voice::new(None)).len(), 4);
    }

    #[test]
    fn every_outcome_is_read_however_it_is_listed_and_however_its_language_is_spelt() {
        let [a, b] = ["Analyse data", "Write reports"].map(|title| json!({"title": {"en": title}}));
        for outcomes in [
            json!([a, b]),
            json!({"@list": [a, b]}),
            json!({"@set": [a, b]}),
            json!([[a], [b]]),
            json!(["Analyse data", "Write reports", "urn:lo:1", "https://example.org/lo", "_:b", "#lo", "lo-1"]),
            json!([{"en": "Analyse data"}, {"@value": "Write reports", "@language": "en"}]),
            json!([{"title": {"EN": "Analyse data", "ES": "Analizar datos"}}, {"title": {"@none": "Write reports"}}]),
            json!([{"title": {"none": "Analyse data"}}, {"title": {"en-GB": "Write reports"}}]),
            json!([{"title": {"en": ["Analyse data", "Write reports"]}}]),
            json!([{"title": [{"en": "Analyse data"}, {"en": "Write reports"}]}]),
        ] {
            let draft = specified(&json!({"learningOutcome": outcomes}));
            assert_eq!(draft.get("outcomes"), Some("Analyse data|Write reports"), "{outcomes}");
        }
        let alone = specified(&json!({"learningOutcome": "Analyse data with R"}));
        assert_eq!(alone.get("outcomes"), Some("Analyse data with R"));
        let lost = json!({"learningOutcome": "urn:lo:1", "learningOutcomeSummary": {"en": "Analyse data"}});
        assert_eq!(specified(&lost).get("outcomes"), Some("Analyse data"));
    }

    #[test]
    fn every_paragraph_of_a_description_is_read() {
        for description in [json!({"en": ["First.", "Second."]}), json!([{"en": "First."}, {"en": "Second."}])] {
            let draft = specified(&json!({"description": description}));
            assert_eq!(draft.get("description"), Some("First.\nSecond."), "{description}");
        }
    }

    /// The addresses of design/sources.md 8.2.
    #[test]
    fn levels_credits_and_modes_are_known_with_a_slash_behind_their_address_and_without() {
        for slash in ["", "/"] {
            let concept = |path: &str| json!({"id": format!("http://data.europa.eu/snb/{path}{slash}")});
            let credit = json!({"framework": concept("education-credit/6fcec5c5af"), "point": "2"});
            let mode = concept("learning-assessment/920fbb3cbe");
            let draft = specified(&json!({"eqfLevel": concept("eqf/6"), "mode": mode, "creditPoint": credit}));
            let read = ["eqf_level", "ects", "participation"].map(|field| draft.get(field));
            assert_eq!(read, [Some("6"), Some("2"), Some("Online")]);
        }
    }

    #[test]
    fn a_credential_of_a_graph_refers_to_its_other_nodes() {
        let graph = json!({"@graph": [
            {"id": "urn:c:1", "type": "EuropeanDigitalCredential", "credentialSubject": "urn:p:1"},
            {"id": "urn:p:1", "type": "Person", "hasClaim": {"id": "urn:a:1"}},
            {"id": "urn:a:1", "type": "LearningAchievement", "title": {"en": "Data"}}]});
        assert_eq!(titles(&graph), ["Data"]);
        assert!(!is_elm(&json!({"credential": {"title": "Data"}})));
    }
}
