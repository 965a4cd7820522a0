//! Open Education API v5 as JSON: courses, programmes, education specifications, and offerings with their course
//! inside. Texts are lists of `{language, value}`, outcomes lists of such lists.

use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many, short_code};
use serde_json::Value;

const IDS: [&str; 3] = ["courseId", "programId", "educationSpecificationId"];

/// Whether a JSON object is a resource of the API, with its id or without.
pub(in crate::acquire) fn is_ooapi(node: &Value) -> bool {
    let named = IDS.iter().chain(&["offeringId"]).any(|key| node.get(*key).is_some());
    let loads = node.get("studyLoad").map_or(&[][..], many);
    named || loads.iter().any(|load| load.get("studyLoadUnit").is_some())
}

/// The id of a resource, which some servers give as a number.
fn id(node: &Value) -> Option<String> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    IDS.iter().find_map(|key| text(node.get(*key)?))
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
    draft.set("description", text("description"));
    for outcome in node.get("learningOutcomes").map_or(&[][..], many) {
        draft.add("outcomes", voice.text(outcome));
    }
    for load in node.get("studyLoad").map_or(&[][..], many) {
        let value = load.get("value").and_then(|v| voice.text(v));
        match load.get("studyLoadUnit").and_then(Value::as_str) {
            Some("ects") => draft.set("ects", value),
            Some("sbu" | "hour" | "hours") => draft.set("workload_hours", value),
            _ => {}
        }
    }
    let level = text("level");
    let cycle =
        ["associate degree", "bachelor", "master", "doctoral"].iter().position(|l| level.as_deref() == Some(*l));
    draft.set("cycle", cycle.map(|cycle| cycle.to_string()));
    draft.set("nqf_level", level.filter(|_| cycle.is_none()));
    draft.set("eqf_level", text("levelOfQualification").map(|level| level.trim_end_matches('+').to_owned()));
    draft.set("prerequisites", text("admissionRequirements"));
    draft.set("further_information", text("link"));
    for list in ["organization", "organisation"] {
        draft.set("provider", node.get(list).filter(|o| o.is_object()).and_then(|o| voice.text(o)));
    }
    let parents = ["parent", "programs", "program"].iter().filter_map(|key| node.get(*key)).flat_map(many);
    let parent = parents.filter_map(|p| p.as_str().map(str::to_owned).or_else(|| voice.text(p))).next();
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
        for load in [load.clone(), json!([load])] {
            let draft = read_one(&json!({"courseId": "a", "studyLoad": load})).unwrap();
            assert_eq!(draft.get("ects"), Some("5"));
        }
    }
}
