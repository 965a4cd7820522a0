//! Open Education API v5 as JSON: courses, programmes, education specifications, and offerings with their course
//! inside. Texts are lists of `{language, value}`, outcomes lists of such lists.

use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many, short_code};
use serde_json::Value;

const IDS: [&str; 3] = ["courseId", "programId", "educationSpecificationId"];
/// Levels that are cycles of QF-EHEA, by their number.
const CYCLES: [&str; 4] = ["associate degree", "bachelor", "master", "doctoral"];

/// Whether a JSON object is a resource of the API, with its id or without.
pub(in crate::acquire) fn is_ooapi(node: &Value) -> bool {
    let named = IDS.iter().chain(&["offeringId"]).any(|key| node.get(*key).is_some());
    let loads = node.get("studyLoad").map_or(&[][..], many);
    named || loads.iter().any(|load| load.get("studyLoadUnit").is_some())
}

/// The id of a resource, which some servers give as a number.
fn id(node: &Value) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(spelt(text)).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    IDS.iter().find_map(|key| text(node.get(*key)?))
}

/// An id as it is compared: a UUID is the same in capitals and in small letters.
fn spelt(id: &str) -> String {
    let id = id.trim();
    let is_hex = id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    let is_uuid = is_hex && id.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if is_uuid { id.to_ascii_lowercase() } else { id.to_owned() }
}

/// The micro-credential a resource describes.
///
/// # Errors
/// When it has no id, or is an offering that does not say of which course, in words.
pub(in crate::acquire) fn read(node: &Value, voice: &Voice) -> Result<Draft, String> {
    if node.get("offeringId").is_none() {
        // Without one nothing tells it from the next, and its place in a list changes.
        let no_id = || format!("no courseId: a resource has {}", IDS.join(", "));
        return id(node).map(|_| resource(node, voice)).ok_or_else(no_id);
    }
    let of =
        ["course", "program"].iter().filter_map(|key| node.get(*key)).find(|of| of.is_object() && id(of).is_some());
    let Some(of) = of else {
        return Err("is an offering without its course; ask the service to expand `course`".to_owned());
    };
    let mut draft = resource(of, voice);
    draft.set("enrolments", count(node, "enrolledNumberStudents"));
    draft.set("places", count(node, "maxNumberStudents"));
    draft
        .set("requests", count(node, "pendingNumberStudents").zip(count(node, "enrolledNumberStudents")).and_then(sum));
    shared(node, voice, &mut draft);
    Ok(draft)
}

fn resource(node: &Value, voice: &Voice) -> Draft {
    let mut draft = Draft::default();
    let text = |key: &str| node.get(key).and_then(|value| voice.text(value));
    draft.set("credential_id", id(node));
    if let Some((title, language)) = node.get("name").and_then(|name| voice.said(name)) {
        draft.set("title", Some(title));
        draft.set("language", language);
    }
    draft.set("description", node.get("description").and_then(|value| voice.prose(value)));
    for outcome in node.get("learningOutcomes").map_or(&[][..], many) {
        // One language told several times in a list is several outcomes.
        let texts = voice.texts(outcome.get("outcome").unwrap_or(outcome));
        texts.into_iter().for_each(|text| draft.add("outcomes", Some(text)));
    }
    for load in node.get("studyLoad").map_or(&[][..], many) {
        let value = load.get("value").and_then(|v| voice.text(v));
        let unit = load.get("studyLoadUnit").and_then(Value::as_str).map(|unit| unit.trim().to_ascii_lowercase());
        match unit.as_deref() {
            Some("ects") => draft.set("ects", value),
            Some("sbu" | "hour" | "hours") => draft.set("workload_hours", value),
            _ => {}
        }
    }
    let level = text("level");
    let spoken = level.as_deref().map_or("", str::trim);
    let cycle = CYCLES.iter().position(|name| name.eq_ignore_ascii_case(spoken));
    draft.set("cycle", cycle.map(|cycle| cycle.to_string()));
    draft.set("nqf_level", level.filter(|_| cycle.is_none()));
    draft.set("eqf_level", text("levelOfQualification").map(|level| level.trim_end_matches('+').to_owned()));
    draft.set("prerequisites", text("admissionRequirements"));
    draft.set("further_information", text("link"));
    for list in ["organization", "organisation"] {
        draft.set("provider", node.get(list).filter(|o| o.is_object()).and_then(|o| voice.text(o)));
    }
    let parents = ["parent", "programs", "program"].iter().filter_map(|key| node.get(*key)).flat_map(many);
    let parent = parents.filter_map(|p| p.as_str().map(spelt).or_else(|| voice.text(p))).next();
    draft.set("stacks_into", parent);
    shared(node, voice, &mut draft);
    draft
}

/// What courses and offerings both say.
fn shared(node: &Value, voice: &Voice, draft: &mut Draft) {
    for (key, field) in [("assessment", "assessment"), ("modeOfDelivery", "participation")] {
        let value = node.get(key);
        let plain = value.filter(|v| many(v).iter().all(Value::is_string));
        match plain {
            Some(list) => many(list).iter().for_each(|one| draft.add(field, one.as_str())),
            None => draft.set(field, value.and_then(|v| voice.text(v))),
        }
    }
    for language in node.get("teachingLanguage").map_or(&[][..], many) {
        draft.add("delivery_languages", language.as_str().map(short_code));
    }
    for address in node.get("addresses").map_or(&[][..], many) {
        draft.set("country", address.get("countryCode").and_then(Value::as_str));
    }
}

fn count(node: &Value, key: &str) -> Option<String> {
    node.get(key).and_then(Value::as_u64).map(|count| count.to_string())
}

fn sum((pending, enrolled): (String, String)) -> Option<String> {
    let pending: u64 = pending.parse().ok()?;
    Some(pending.saturating_add(enrolled.parse().ok()?).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_one(node: &Value) -> Result<Draft, String> {
        assert!(is_ooapi(node), "{node}");
        read(node, &Voice::new(None))
    }

    #[test]
    fn an_id_may_be_text_or_a_number_and_without_one_a_course_is_no_record() {
        let course = |id: Value| json!({"courseId": id, "name": [{"language": "en-GB", "value": "Data"}]});
        for id in [json!("1001"), json!(1001)] {
            assert_eq!(read_one(&course(id)).unwrap().get("credential_id"), Some("1001"));
        }
        let bare = json!({"name": [{"language": "en-GB", "value": "Data"}], "studyLoad": {"studyLoadUnit": "ects"}});
        for node in [course(json!(null)), course(json!(" ")), bare] {
            assert!(read_one(&node).unwrap_err().starts_with("no courseId"), "{node}");
        }
        assert!(!is_ooapi(&json!({"name": "Data", "id": "1"})));
    }

    #[test]
    fn the_study_load_is_read_whether_it_is_one_or_a_list_of_one() {
        let load = json!({"studyLoadUnit": "ects", "value": 5});
        for load in [load.clone(), json!([load]), json!({"studyLoadUnit": "ECTS", "value": 5})] {
            let draft = read_one(&json!({"courseId": "a", "studyLoad": load})).unwrap();
            assert_eq!(draft.get("ects"), Some("5"));
        }
    }

    #[test]
    fn a_level_is_a_cycle_in_any_letters_and_else_stays_as_it_is() {
        let level = |level: &str| {
            let draft = read_one(&json!({"courseId": "a", "level": level})).unwrap();
            ["cycle", "nqf_level"].map(|field| draft.get(field).map(str::to_owned))
        };
        for spelt in ["bachelor", "Bachelor", "BACHELOR "] {
            assert_eq!(level(spelt), [Some("1".to_owned()), None], "{spelt}");
        }
        assert_eq!(level("Secondary"), [None, Some("Secondary".to_owned())]);
    }

    #[test]
    fn a_uuid_is_one_id_in_capitals_and_in_small_letters_and_another_id_stays_as_it_is() {
        let id = |id: &str| read_one(&json!({"courseId": id})).unwrap().get("credential_id").map(str::to_owned);
        let uuid = "2b0e22fb-3c19-48a0-a48c-00000000000f";
        assert_eq!(id(&uuid.to_uppercase()).as_deref(), Some(uuid));
        for other in ["MC-2026-A", "ABCDEF"] {
            assert_eq!(id(other).as_deref(), Some(other));
        }
    }

    #[test]
    fn every_outcome_is_read_however_the_lists_are_laid() {
        let said = |language: &str, value: &str| json!({"language": language, "value": value});
        let (a, b) = (said("en-GB", "Analyse data"), said("en-GB", "Write reports"));
        for outcomes in [
            json!([[a], [b]]),
            json!([[a, b]]),
            json!([[a, said("nl-NL", "Data analyseren"), b]]),
            json!([[[a], [b]]]),
            json!([{"outcome": [a]}, {"outcome": [b]}]),
        ] {
            let draft = read_one(&json!({"courseId": "a", "learningOutcomes": outcomes})).unwrap();
            assert_eq!(draft.get("outcomes"), Some("Analyse data|Write reports"), "{outcomes}");
        }
    }
}
