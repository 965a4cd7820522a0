//! Open Education API v5 as JSON: courses, programmes, education specifications, and offerings with their course
//! inside. Texts are lists of `{language, value}`, outcomes lists of such lists.

use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many, short_code};
use serde_json::Value;

const IDS: [&str; 3] = ["courseId", "programId", "educationSpecificationId"];

/// Whether a JSON object is a resource of the API.
pub(in crate::acquire) fn is_ooapi(node: &Value) -> bool {
    IDS.iter().chain(&["offeringId"]).any(|key| node.get(*key).is_some_and(Value::is_string))
}

/// The micro-credential a resource describes.
///
/// # Errors
/// When it is an offering that does not say of which course, in words.
pub(in crate::acquire) fn read(node: &Value, voice: &Voice) -> Result<Draft, String> {
    if node.get("offeringId").is_none() {
        return Ok(resource(node, voice));
    }
    let of = ["course", "program"].iter().filter_map(|key| node.get(*key)).find(|of| of.is_object() && is_ooapi(of));
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
    draft.set("credential_id", IDS.iter().find_map(|key| node.get(*key)?.as_str()));
    if let Some((title, language)) = node.get("name").and_then(|name| voice.said(name)) {
        draft.set("title", Some(title));
        draft.set("language", language);
    }
    draft.set("description", text("description"));
    for outcome in node.get("learningOutcomes").map_or(&[][..], many) {
        draft.add("outcomes", voice.text(outcome));
    }
    if let Some(load) = node.get("studyLoad") {
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
