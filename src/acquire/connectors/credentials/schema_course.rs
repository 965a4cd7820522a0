//! schema.org Course, the mark-up that course pages publish for search engines: as JSON-LD, or inside a page.

use crate::acquire::Limits;
use crate::acquire::connectors::postings::{key_of_text, page::linked_data};
use crate::acquire::draft::Draft;
use crate::acquire::mend::parse;
use crate::acquire::multilingual::{Graph, Voice, many, short_code, types, uri};
use serde_json::Value;

const KINDS: [&str; 3] = ["Course", "EducationalOccupationalProgram", "EducationalOccupationalCredential"];
/// How deep lists may lie in lists.
const DEEPEST: usize = 8;

/// Properties whose values may be told elsewhere in the same document.
const REFERRING: [&str; 7] = [
    "provider",
    "publisher",
    "recognizedBy",
    "hasCourseInstance",
    "teaches",
    "educationalAlignment",
    "educationalCredentialAwarded",
];

/// Every course of a value: itself, in `@graph`, in a list of items, or the main thing of a page; each with the nodes
/// that it refers to.
pub(in crate::acquire) fn courses(value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    find(value, DEEPEST, &mut found);
    if found.is_empty() {
        return Vec::new();
    }
    let graph = Graph::of(value);
    found.into_iter().map(|course| graph.filled(course, &REFERRING)).collect()
}

fn find<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    if let Value::Array(list) = value {
        return list.iter().for_each(|one| find(one, deeper, found));
    }
    if types(value).iter().any(|name| KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(name))) {
        return found.push(value);
    }
    for key in ["@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "about"] {
        if let Some(inner) = value.get(key) {
            find(inner, deeper, found);
        }
    }
}

/// The JSON-LD blocks of a page, mended where that needs no guessing; the others are left out and counted.
pub(in crate::acquire) fn blocks(page: &str, limits: &Limits) -> (Vec<Value>, usize) {
    let texts = linked_data(page);
    let parsed: Vec<Value> = texts.iter().filter_map(|text| Some(parse(text, limits)?.0)).collect();
    let damaged = texts.len() - parsed.len();
    (parsed, damaged)
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
    if draft.get("credential_id").is_none() {
        // Its place on a page or a site is no key: it is another one's tomorrow.
        let said = ["title", "provider", "description"].map(|field| draft.get(field).unwrap_or_default().to_owned());
        draft.set("credential_id", Some(key_of_text(&said)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn titles(page: &str) -> (Vec<String>, usize) {
        let (blocks, damaged) = blocks(page, &Limits::default());
        let courses = blocks.iter().flat_map(courses);
        let voice = Voice::new(None);
        (courses.filter_map(|course| read(&course, &voice).get("title").map(str::to_owned)).collect(), damaged)
    }

    #[test]
    fn linked_data_is_mended_up_the_ladder_and_what_is_beyond_repair_counted() {
        let script = |json: &str| format!("<script type='application/LD+json; charset=utf-8'>{json}</script>");
        let course = "\"@type\": \"course\", \"name\": \"Welding\"";
        let mended = [
            format!("//<![CDATA[\n{{{course}}}\n//]]>"),
            format!("{{{course}, \"description\": \"two\nlines\"}}"),
            format!("<!-- {{{course},}} -->"),
        ];
        for json in mended {
            assert_eq!(titles(&script(&json)), (vec!["Welding".to_owned()], 0), "{json}");
        }
        assert_eq!(titles(&script("{\"name\": \"a \"b\" c\"}")), (Vec::new(), 1));
    }

    #[test]
    fn a_provider_is_the_node_it_refers_to_and_else_nothing() {
        let document = |id: &str| {
            json!({"@graph": [{"@type": "Course", "name": "Welding", "provider": {"@id": id}},
                {"@type": "Organization", "@id": "#org", "name": "Taller"}]})
        };
        let provider = |document: &Value| {
            let course = courses(document).remove(0);
            read(&course, &Voice::new(None)).get("provider").map(str::to_owned)
        };
        assert_eq!(provider(&document("#org")).as_deref(), Some("Taller"));
        assert_eq!(provider(&document("#nobody")), None);
    }

    #[test]
    fn courses_without_any_id_are_known_by_what_they_say() {
        let key = |name: &str| {
            let course = json!({"@type": "Course", "name": name, "provider": "Taller"});
            read(&course, &Voice::new(None)).get("credential_id").map(str::to_owned)
        };
        assert_eq!(key("Welding"), key("Welding"));
        assert!(key("Welding").is_some() && key("Welding") != key("Solar panels"));
    }
}
