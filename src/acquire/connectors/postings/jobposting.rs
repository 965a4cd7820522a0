//! Postings as schema.org JobPosting, the mark-up that job boards publish for search engines.
//!
//! Any property may be one value or a list, a text or an object: the readers here take what they find.

use super::postings_json::{Paths, text_of};
use crate::acquire::desk::Desk;
use crate::acquire::mapping::is_blank;
use crate::acquire::mend::without_entities;
use crate::acquire::multilingual::Graph;
use crate::acquire::{AcquireError, Input, json};
use crate::types::RejectReason;
use serde_json::Value;
use std::io::BufRead;

/// Reads JobPosting objects: alone, in an array, in `@graph`, under a key `posting`, or one a line. The plan's columns
/// go before the vocabulary's own.
///
/// # Errors
/// When the file is no JSON, or a mapped column is in none of its records.
pub(in crate::acquire) fn read(input: &Input, body: &mut dyn BufRead, desk: &mut Desk<'_>) -> Result<(), AcquireError> {
    let mut paths = Paths::new(desk.columns)?;
    let mut number = 0;
    json::for_each(input, body, &mut |item| match item {
        Err((reason, detail)) => {
            number += 1;
            desk.reject(input, number, reason, detail);
        }
        Ok(value) => {
            let graph = value.get("@graph").map(Graph::of);
            for posting in postings_in(&value) {
                number += 1;
                match (posting, &graph) {
                    (Err(other), _) => desk.reject(input, number, RejectReason::Malformed, other),
                    (Ok(found), None) => desk.record(input, number, &mut |field| field_of(field, found, &mut paths)),
                    (Ok(found), Some(graph)) => {
                        let found = resolved(found, graph);
                        desk.record(input, number, &mut |field| field_of(field, &found, &mut paths));
                    }
                }
            }
        }
    })?;
    if number > 0 { desk.absent(paths.absent(&input.file)) } else { Ok(()) }
}

/// A field by the plan's columns, else by the vocabulary's properties.
pub(super) fn field_of(field: &str, posting: &Value, paths: &mut Paths<'_>) -> Option<String> {
    let value = paths.mapped(field, posting).unwrap_or_else(|| property(posting, field));
    value.filter(|text| !is_blank(text))
}

/// Every JobPosting within a document, however deep it is wrapped: lists, `@graph`, `mainEntity`, lists of items.
pub(super) fn all_postings<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(list) => list.iter().for_each(|inner| all_postings(inner, found)),
        Value::Object(_) if is_job_posting(value) => found.push(value),
        Value::Object(map) => {
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "about", "posting"] {
                if let Some(inner) = map.get(key) {
                    all_postings(inner, found);
                }
            }
        }
        _ => {}
    }
}

/// The JobPosting objects a record holds, or what it is instead.
fn postings_in(value: &Value) -> Vec<Result<&Value, String>> {
    if let Some(wrapped) = value.get("posting").filter(|inner| inner.is_object()) {
        return postings_in(wrapped);
    }
    let nodes = value.get("@graph").and_then(Value::as_array);
    let found: Vec<_> = match nodes {
        Some(nodes) => nodes.iter().filter(|node| is_job_posting(node)).map(Ok).collect(),
        None if is_job_posting(value) || (value.get("@type").is_none() && value.get("title").is_some()) => {
            vec![Ok(value)]
        }
        None => Vec::new(),
    };
    if found.is_empty() {
        let kind = value.get("@type").and_then(text_of).unwrap_or_else(|| "untyped".to_owned());
        return vec![Err(format!("expected a JobPosting, found '{}'", crate::acquire::error::excerpt(&kind)))];
    }
    found
}

fn is_job_posting(node: &Value) -> bool {
    let local = |name: &str| name.rsplit(['/', ':', '#']).next().is_some_and(|n| n.eq_ignore_ascii_case("JobPosting"));
    many(node.get("@type")).iter().any(|v| v.as_str().is_some_and(local))
}

/// Properties whose values may be told elsewhere in the same document.
const REFERRING: [&str; 11] = [
    "hiringOrganization",
    "jobLocation",
    "applicantLocationRequirements",
    "occupationalCategory",
    "baseSalary",
    "identifier",
    "skills",
    "qualifications",
    "experienceRequirements",
    "educationRequirements",
    "responsibilities",
];

/// A posting with the nodes it refers to in the places of its references.
pub(super) fn resolved<'v>(posting: &'v Value, graph: &Graph<'v>) -> Value {
    graph.filled(posting, &REFERRING)
}

/// Our field out of the vocabulary's properties.
fn property(posting: &Value, field: &str) -> Option<String> {
    let get = |key: &str| posting.get(key);
    match field {
        "title" => first_text(get("title")).or_else(|| first_text(get("name"))),
        "body" => body(posting),
        "employer" => first_text(get("hiringOrganization")),
        "place" => place(get("jobLocation")).or_else(|| first_text(get("applicantLocationRequirements"))),
        "posted_on" => first_text(get("datePosted")),
        "closes_on" => first_text(get("validThrough")),
        "id" => identifier(get("identifier")).or_else(|| address(Some(posting))),
        "url" => first_text(get("url")).or_else(|| address(get("url"))),
        "occupation" => first_text(get("occupationalCategory")).or_else(|| address(get("occupationalCategory"))),
        "sector" => first_text(get("industry")),
        "salary" => get("baseSalary").and_then(salary),
        "language" => first_text(get("inLanguage")),
        _ => None,
    }
}

/// A property as a list, whether it is one value, many or absent.
fn many(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// The first value as text; of an object, its name, code or value.
fn first_text(value: Option<&Value>) -> Option<String> {
    many(value).iter().find_map(|v| match v {
        Value::Object(_) => ["name", "alternateName", "value", "codeValue", "@value"]
            .iter()
            .find_map(|key| v.get(key).and_then(text_of)),
        other => text_of(other),
    })
}

/// The address an object has for itself. One within its document, `#org`, says nothing outside.
fn address(value: Option<&Value>) -> Option<String> {
    let mut ids = many(value).iter().filter_map(|v| v.get("@id").and_then(Value::as_str));
    ids.find(|id| id.contains("://")).map(str::to_owned)
}

/// The value of an identifier: its name is that of the numbering or the employer, and the same in every posting.
fn identifier(value: Option<&Value>) -> Option<String> {
    let stated = |v: &Value| v.get("value").and_then(text_of).or_else(|| text_of(v)).filter(|text| !is_blank(text));
    many(value).iter().find_map(stated)
}

/// What a posting says of the work beside its description, in the order skills are looked for.
const PARTS: [&str; 5] =
    ["skills", "qualifications", "experienceRequirements", "educationRequirements", "responsibilities"];

/// All that a posting says of the work. The description comes last: its headings would rule whatever followed.
fn body(posting: &Value) -> Option<String> {
    let mut described = Vec::new();
    texts(posting.get("description").unwrap_or(&Value::Null), &mut described);
    let described = Some(described.join("\n")).filter(|text| !is_blank(text));
    let mut known = described.as_deref().map(words_of).unwrap_or_default();
    let (mut found, mut parts) = (Vec::new(), Vec::new());
    PARTS.iter().filter_map(|key| posting.get(*key)).for_each(|value| texts(value, &mut found));
    for part in found {
        let words = words_of(&part);
        let is_address = part.starts_with("http") && !part.contains(' ');
        if is_blank(&part) || is_address || words.trim().is_empty() || known.contains(&words) {
            continue;
        }
        known.push_str(&words);
        parts.push(part);
    }
    if parts.is_empty() {
        return described;
    }
    parts.extend(described);
    Some(joined(&parts))
}

/// Every text of a property: of lists all, of terms and credentials the name, the description and the category.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| texts(one, found)),
        Value::Object(map) => {
            let keys =
                ["name", "description", "credentialCategory", "educationalLevel", "competencyRequired", "@value"];
            keys.iter().filter_map(|key| map.get(*key)).for_each(|inner| texts(inner, found));
            let months = map.get("monthsOfExperience").and_then(text_of);
            found.extend(months.map(|months| format!("monthsOfExperience: {months}")));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The words of a text, each between blanks, without its mark-up; C++ and C# are words.
fn words_of(text: &str) -> String {
    let text = if is_escaped(text) { without_entities(text) } else { text.to_owned() };
    let (mut words, mut inside, mut chars) = (String::from(" "), false, text.chars().peekable());
    while let Some(c) = chars.next() {
        let opens = c == '<' && chars.peek().is_some_and(|next| next.is_ascii_alphabetic() || *next == '/');
        inside = (inside || opens) && c != '>';
        if !inside && (c.is_alphanumeric() || matches!(c, '+' | '#')) {
            words.extend(c.to_lowercase());
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Parts as one text. Lines are enough where all are plain; beside mark-up they would run together.
fn joined(parts: &[String]) -> String {
    if !parts.iter().any(|part| is_markup(part) || is_escaped(part)) {
        return parts.join("\n");
    }
    let marked = parts.iter().map(|part| match part {
        escaped if is_escaped(escaped) => format!("<div>{}</div>", without_entities(escaped)),
        marked if is_markup(marked) => format!("<div>{marked}</div>"),
        plain => format!("<p>{}</p>", plain.replace('<', "&lt;").replace('\n', "<br>")),
    });
    marked.collect::<Vec<_>>().join("\n")
}

fn is_markup(text: &str) -> bool {
    let opens = |at: usize| {
        text.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
    };
    text.match_indices('<').any(|(at, _)| opens(at))
}

/// Mark-up with its signs written as entities, as most sites have it.
fn is_escaped(text: &str) -> bool {
    !is_markup(text) && text.contains("&lt;")
}

/// Addresses, most specific part first; several places are separated by `; `.
fn place(value: Option<&Value>) -> Option<String> {
    let one = |location: &Value| -> Option<String> {
        let address = location.get("address").unwrap_or(location);
        let address = many(Some(address)).first()?;
        let parts = ["addressLocality", "postalCode", "addressRegion", "addressCountry"];
        let found: Vec<String> = parts.iter().filter_map(|part| first_text(address.get(part))).collect();
        let found: Vec<&str> = found.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        if found.is_empty() {
            first_text(Some(address)).or_else(|| first_text(Some(location)))
        } else {
            Some(found.join(", "))
        }
    };
    let places: Vec<String> = many(value).iter().filter_map(one).collect();
    (!places.is_empty()).then(|| places.join("; "))
}

/// The salary as spelt: the text itself where there is one, else `low-high currency unit`.
fn salary(value: &Value) -> Option<String> {
    let base = many(Some(value)).first()?;
    if !base.is_object() {
        return text_of(base);
    }
    let amount = base.get("value").unwrap_or(base);
    let of = |key: &str| amount.get(key).or_else(|| base.get(key)).and_then(text_of);
    let stated = if amount.is_object() { amount.get("value").and_then(text_of) } else { text_of(amount) };
    if let Some(text) = &stated
        && text.chars().any(char::is_alphabetic)
    {
        return stated;
    }
    let figure = stated.or_else(|| match (of("minValue"), of("maxValue")) {
        (Some(low), Some(high)) if low != high => Some(format!("{low}-{high}")),
        (low, high) => low.or(high),
    })?;
    let parts = [Some(figure), of("currency"), of("unitText")];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(field: &str, posting: &Value) -> Option<String> {
        property(posting, field).filter(|text| !is_blank(text))
    }

    #[test]
    fn the_body_is_all_that_a_posting_says_of_the_work_and_nothing_twice() {
        // design/sources.md, section 7.8: skills, qualifications, experience, education, responsibilities, description.
        let posting = json!({"description": "You write Python.", "responsibilities": ["Run the kiln", "You write Python"],
            "skills": ["Python", "R", {"@type": "DefinedTerm", "name": "SQL", "description": "queries"}],
            "educationRequirements": {"@type": "EducationalOccupationalCredential", "credentialCategory": "bachelor degree"},
            "experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 24}});
        let lines = "R\nSQL\nqueries\nmonthsOfExperience: 24\nbachelor degree\nRun the kiln\nYou write Python.";
        assert_eq!(of("body", &posting).as_deref(), Some(lines));
        assert_eq!(of("body", &json!({"skills": "SQL, dbt"})).as_deref(), Some("SQL, dbt"));
        assert_eq!(of("body", &json!({"skills": [], "title": "x"})), None);
        // A description alone stays as it is spelt.
        assert_eq!(of("body", &json!({"description": "&lt;p&gt;Care"})).as_deref(), Some("&lt;p&gt;Care"));
    }

    #[test]
    fn plain_parts_beside_mark_up_stay_lines_of_their_own() {
        let body = |description: &str| of("body", &json!({"skills": ["a < b", "C++"], "description": description}));
        let expected = "<p>a &lt; b</p>\n<p>C++</p>\n<div><p>C and care</p></div>";
        assert_eq!(body("<p>C and care</p>").as_deref(), Some(expected));
        assert_eq!(body("&lt;p&gt;C and care&lt;/p&gt;").as_deref(), Some(expected));
    }

    #[test]
    fn a_reference_is_the_node_it_leads_to_and_else_says_nothing() {
        let document = json!({"@graph": [
            {"@type": "JobPosting", "title": "Cook", "hiringOrganization": {"@id": "#org"}, "@id": "#job"},
            {"@type": "Organization", "@id": "#org", "name": "Trust"}]});
        let posting = document.pointer("/@graph/0").unwrap();
        assert_eq!(of("employer", posting), None);
        let whole = resolved(posting, &Graph::of(&document));
        assert_eq!(of("employer", &whole).as_deref(), Some("Trust"));
        assert_eq!(of("id", &whole), None);
    }

    #[test]
    fn an_identifier_without_a_value_is_none_and_types_are_known_in_any_case() {
        let unnumbered = json!({"identifier": {"@type": "PropertyValue", "name": "Acme", "value": null}});
        assert_eq!(of("id", &unnumbered), None);
        assert_eq!(of("id", &json!({"identifier": 7})).as_deref(), Some("7"));
        assert!(
            is_job_posting(&json!({"@type": "jobposting"})) && is_job_posting(&json!({"@type": ["schema:JobPosting"]}))
        );
    }
}
