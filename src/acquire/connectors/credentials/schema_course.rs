//! schema.org Course, the mark-up that course pages publish for search engines: as JSON-LD, or inside a page.

use crate::acquire::draft::Draft;
use crate::acquire::multilingual::{Voice, many, short_code, types, uri};
use scraper::{Html, Selector};
use serde_json::Value;

const KINDS: [&str; 3] = ["Course", "EducationalOccupationalProgram", "EducationalOccupationalCredential"];
/// How deep lists may lie in lists.
const DEEPEST: usize = 8;

/// Every course of a value: itself, in `@graph`, in a list of items, or the main thing of a page.
pub(in crate::acquire) fn courses(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    find(value, DEEPEST, &mut found);
    found
}

fn find<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    if let Value::Array(list) = value {
        return list.iter().for_each(|one| find(one, deeper, found));
    }
    if types(value).iter().any(|name| KINDS.contains(name)) {
        return found.push(value);
    }
    for key in ["@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "about"] {
        if let Some(inner) = value.get(key) {
            find(inner, deeper, found);
        }
    }
}

/// The JSON-LD blocks of a page; those that are no JSON are left out and counted.
pub(in crate::acquire) fn blocks(page: &str) -> (Vec<Value>, usize) {
    let Ok(scripts) = Selector::parse("script[type='application/ld+json']") else { return (Vec::new(), 0) };
    let html = Html::parse_document(page);
    let texts = html.select(&scripts).map(|script| script.text().collect::<String>());
    let mut damaged = 0;
    let parsed = texts.filter_map(|text| {
        let parsed = serde_json::from_str(text.trim()).ok();
        damaged += usize::from(parsed.is_none());
        parsed
    });
    (parsed.collect(), damaged)
}

/// The micro-credential a course is.
pub(in crate::acquire) fn read(course: &Value, voice: &Voice) -> Draft {
    let mut draft = Draft::default();
    let declared = course.get("inLanguage").and_then(|v| voice.text(v)).map(|code| short_code(&code));
    let voice = &voice.within(declared.as_deref());
    let text = |key: &str| course.get(key).and_then(|value| voice.text(value));
    let code = text("courseCode").or_else(|| course.get("@id").and_then(Value::as_str).map(str::to_owned));
    draft.set("credential_id", code.or_else(|| text("url")));
    draft.set("title", text("name"));
    draft.set("language", declared.clone());
    draft.set("description", text("description"));
    draft.set("further_information", text("url"));
    draft.set("prerequisites", text("coursePrerequisites").or_else(|| text("programPrerequisites")));
    draft.set("enrolments", text("totalHistoricalEnrollment"));
    for language in course.get("availableLanguage").map_or(&[][..], many) {
        draft.add("delivery_languages", voice.text(language).map(|code| short_code(&code)));
    }
    draft.add("delivery_languages", declared);
    provider(course, voice, &mut draft);
    workload(course, voice, &mut draft);
    taught(course, voice, &mut draft);
    for award in course.get("educationalCredentialAwarded").map_or(&[][..], many).iter().filter(|a| a.is_object()) {
        taught(award, voice, &mut draft);
        let recogniser = award.get("recognizedBy").and_then(|v| voice.text(v));
        draft.set("quality_assurance", recogniser);
    }
    draft
}

fn provider(course: &Value, voice: &Voice, draft: &mut Draft) {
    let bodies = ["provider", "publisher", "recognizedBy"].iter().filter_map(|key| course.get(*key)).flat_map(many);
    for body in bodies {
        draft.set("provider", voice.text(body).filter(|name| !name.starts_with("http")));
        let country = body.pointer("/address/addressCountry").and_then(|country| voice.text(country));
        draft.set("country", country);
    }
}

fn workload(course: &Value, voice: &Voice, draft: &mut Draft) {
    if let Some(credits) = course.get("numberOfCredits") {
        let unit = ["unitText", "unitCode", "additionalType"].iter().find_map(|key| credits.get(*key)?.as_str());
        let is_ects = unit.is_some_and(|unit| unit.to_uppercase().contains("ECTS"));
        if is_ects {
            draft.set("ects", credits.get("value").and_then(|v| voice.text(v)));
        } else if unit.is_none() {
            draft.set("ects", voice.text(credits).filter(|_| !credits.is_object()));
        }
    }
    draft.set("workload_hours", course.get("timeRequired").and_then(|v| voice.text(v)));
    for instance in course.get("hasCourseInstance").map_or(&[][..], many) {
        let text = |key: &str| instance.get(key).and_then(|value| voice.text(value));
        for mode in instance.get("courseMode").map_or(&[][..], many) {
            draft.add("participation", voice.text(mode));
        }
        draft.set("workload_hours", text("courseWorkload"));
        draft.set("places", text("maximumAttendeeCapacity"));
        for language in instance.get("inLanguage").map_or(&[][..], many) {
            draft.add("delivery_languages", voice.text(language).map(|code| short_code(&code)));
        }
    }
}

/// What is taught, and the frameworks it is aligned with.
fn taught(node: &Value, voice: &Voice, draft: &mut Draft) {
    for level in node.get("educationalLevel").map_or(&[][..], many) {
        let level = voice.text(level);
        let field =
            if level.as_deref().is_some_and(|l| l.to_uppercase().contains("EQF")) { "eqf_level" } else { "nqf_level" };
        draft.set(field, level);
    }
    let outcomes = ["teaches", "competencyRequired"].iter().filter_map(|key| node.get(*key)).flat_map(many);
    for outcome in outcomes {
        let text = outcome.get("description").or(Some(outcome)).and_then(|v| voice.text(v));
        draft.add("outcomes", text.filter(|text| !text.starts_with("http")));
        let address = uri(outcome).filter(|address| address.contains("/esco/"));
        if address.is_some() {
            draft.skill(address, outcome.get("name").and_then(|v| voice.text(v)));
        }
    }
    for alignment in node.get("educationalAlignment").map_or(&[][..], many) {
        let of = |key: &str| alignment.get(key).and_then(|v| voice.text(v));
        let (target, framework) = (of("targetUrl"), of("educationalFramework").unwrap_or_default());
        if target.as_deref().is_some_and(|url| url.contains("/esco/")) || framework.to_uppercase().contains("ESCO") {
            draft.skill(target.as_deref(), of("targetName"));
        }
    }
}
