//! ESCO, the European classification of skills and occupations, from its web service.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict, paging};
use crate::acquire::AcquireError;
use serde_json::Value;
use url::Url;

/// `https://ec.europa.eu/esco/api/resource/{skill,occupation}?isInScheme=...`: rows by URI, pages by number of records.
pub struct Esco;

/// Short names of the schemes that hold every skill and every occupation.
const SCHEMES: [(&str, &str); 2] = [
    ("skills", "http://data.europa.eu/esco/concept-scheme/member-skills"),
    ("occupations", "http://data.europa.eu/esco/concept-scheme/member-occupations"),
];

/// Schemes of the same concepts and the groups above them, asked where one of those has nothing.
const WIDER: [(&str, &str); 2] = [
    ("http://data.europa.eu/esco/concept-scheme/member-skills", "http://data.europa.eu/esco/concept-scheme/skills"),
    (
        "http://data.europa.eu/esco/concept-scheme/member-occupations",
        "http://data.europa.eu/esco/concept-scheme/occupations",
    ),
];

/// Languages of the service that are read here.
const LANGUAGES: [&str; 3] = ["en", "es", "ar"];

/// Most records of a page, whatever is asked.
const PAGE: u64 = 20;

/// Skills and occupations of v1.0, which is what the service gives where it does not heed the version.
const OLD_TOTALS: [u64; 2] = [13_485, 2_942];

impl Service for Esco {
    fn about(&self) -> About {
        About {
            id: "esco",
            holds: Holds::Taxonomy,
            publisher: "European Commission, ESCO",
            base: "https://ec.europa.eu/esco/api",
            parameters: const {
                &[
                    required("version", "the version of ESCO: \"v1.2.0\"; without it the service gives v1.0"),
                    optional(
                        "language",
                        "languages of labels, one or several of en, es, ar: [\"en\", \"es\"]; else en",
                    ),
                    optional("scheme", "\"skills\", \"occupations\" or addresses of concept schemes; else both"),
                    optional("limit", "records of a page, at most 20: 10"),
                ]
            },
            pause_seconds: 0.3,
            terms: "Commission Decision 2011/833/EU; say: \
                    This service uses the ESCO classification of the European Commission.",
            credential: None,
            vintage: "selectedVersion, total of each scheme, hash",
            records: (1, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let (version, languages) = (version(ask)?, languages(ask)?);
        let limit = ask.number("limit")?.unwrap_or(PAGE).clamp(1, PAGE).to_string();
        let mut requests = Vec::new();
        for scheme in schemes(ask)? {
            for &language in &languages {
                let query = [
                    ("isInScheme", scheme),
                    ("language", language),
                    ("limit", limit.as_str()),
                    ("selectedVersion", version),
                    ("offset", "0"),
                ];
                requests.push(Request::get(ask.url(&["resource", resource(scheme)], &query)?, Expects::Json));
            }
        }
        Ok(requests)
    }

    /// A page that is empty before all that are counted have come may be whole next time.
    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        let page = if verdict == Verdict::Data { answer.json().ok() } else { None };
        let Some((page, offset)) = page.zip(offset(&answer.request.url)) else { return verdict };
        match total(&page).filter(|total| *total > offset && concepts(&page).0 == 0) {
            Some(total) => Verdict::Busy(format!("gives no concept from number {offset} on, though it counts {total}")),
            None => verdict,
        }
    }

    /// The page after this one. A note is the total that the page before counted, and its first id.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let page = answer.json()?;
        let Some(total) = total(&page) else {
            return Err(answer.refuse("has no `total` of the scheme's concepts"));
        };
        let asked = ask.one("version").unwrap_or_default();
        if OLD_TOTALS.contains(&total) && !asked.starts_with("v1.0") {
            return Err(answer.refuse(format!("has {total} concepts, which is v1.0, where {asked} was asked for")));
        }
        let before = answer.request.note.split_once(' ');
        if let Some((counted, _)) = before.filter(|(counted, _)| *counted != total.to_string()) {
            let problem = format!("counts {total} concepts, where the page before counted {counted}");
            return Err(AcquireError::content(answer.url, problem, "ask again with --refresh"));
        }
        if total == 0 {
            let wider = wider(ask, answer.request).map(|url| Request::get(url, Expects::Json));
            let none = || answer.refuse("has no concept of the scheme in this version, and a taxonomy must be whole");
            return wider.map(|request| vec![request]).ok_or_else(none);
        }
        let (came, first) = concepts(&page);
        let first = first.filter(|id| before.is_none_or(|(_, known)| known != *id));
        let from = offset(&answer.request.url).ok_or_else(|| answer.refuse("was asked without an offset"))?;
        let Some(first) = first.filter(|_| came > 0) else {
            let why = "a page is empty, comes again or has no id, and a taxonomy must be whole";
            return Err(answer.refuse(format!("gives {from} of its {total} concepts: {why}")));
        };
        // By what came, not by what was asked: the service has its own limit.
        let next = from.saturating_add(came);
        if next >= total {
            return Ok(Vec::new());
        }
        let url = with(&answer.request.url, "offset", &next.to_string());
        let url = url.ok_or_else(|| answer.refuse("was asked at no address"))?;
        Ok(vec![Request::get(url, Expects::Json).noting(format!("{total} {first}"))])
    }
}

fn total(page: &Value) -> Option<u64> {
    page.get("total").and_then(paging::number)
}

/// How many concepts a page holds, as a map by id or as a list, and the id of the first.
fn concepts(page: &Value) -> (u64, Option<&str>) {
    let Some(Value::Object(held)) = page.get("_embedded") else { return (0, None) };
    match held.get("results") {
        Some(Value::Array(list)) => {
            (list.len() as u64, list.first().and_then(|row| row.get("uri")?.as_str()).filter(|id| !id.is_empty()))
        }
        _ => (held.len() as u64, held.keys().next().map(String::as_str)),
    }
}

/// The first page of the wider scheme, where the plan names no scheme and the one it stands for has nothing.
fn wider(ask: &Ask<'_>, request: &Request) -> Option<String> {
    let asked = parameter(&request.url, "isInScheme").filter(|_| ask.many("scheme").is_empty())?;
    let (_, wider) = WIDER.iter().find(|(scheme, _)| *scheme == asked)?;
    with(&request.url, "isInScheme", wider)
}

/// The version as the service writes it.
fn version<'q>(ask: &'q Ask<'_>) -> Result<&'q str, AskError> {
    let version = ask.one("version").unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match version.strip_prefix('v') {
        Some(numbers) if numbers.contains('.') && numbers.split('.').all(is_number) => Ok(version),
        _ => Err(AskError::new("version", format!("\"{version}\" is no version of ESCO: write it as \"v1.2.0\""))),
    }
}

fn languages<'q>(ask: &'q Ask<'_>) -> Result<Vec<&'q str>, AskError> {
    let given: Vec<&str> = ask.many("language").iter().map(String::as_str).collect();
    if given.contains(&"ca") {
        let problem = "ESCO has no Catalan: leave \"ca\" out, and give the starter taxonomy as the next source; \
                       it adds Catalan names to ESCO's concepts";
        return Err(AskError::new("language", problem));
    }
    if let Some(other) = given.iter().find(|code| !LANGUAGES.contains(code)) {
        let problem = format!("\"{other}\" is not read here: write {}", LANGUAGES.join(", "));
        return Err(AskError::new("language", problem));
    }
    Ok(if given.is_empty() { vec!["en"] } else { given })
}

fn schemes<'q>(ask: &'q Ask<'_>) -> Result<Vec<&'q str>, AskError> {
    let given = ask.many("scheme");
    if given.is_empty() {
        return Ok(SCHEMES.iter().map(|(_, uri)| *uri).collect());
    }
    let uri = |given: &'q String| match SCHEMES.iter().find(|(name, _)| name == given) {
        Some((_, uri)) => Ok(*uri),
        None if given.starts_with("http://data.europa.eu/esco/concept-scheme/") => Ok(given.as_str()),
        None => {
            let wanted = "write skills, occupations or http://data.europa.eu/esco/concept-scheme/...";
            Err(AskError::new("scheme", format!("\"{given}\" is no concept scheme of ESCO: {wanted}")))
        }
    };
    given.iter().map(uri).collect()
}

/// What the members of a scheme are; that of researchers' occupations has an id that does not say so.
fn resource(scheme: &str) -> &'static str {
    let name = scheme.rsplit('/').next().unwrap_or_default();
    if name.contains("occupation") || name.starts_with("8ae4b9f3-") { "occupation" } else { "skill" }
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The number of the first record that was asked for.
fn offset(url: &str) -> Option<u64> {
    parameter(url, "offset")?.parse().ok()
}

/// The same question with another value of a parameter, which goes last.
fn with(url: &str, name: &str, value: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let others = pairs.iter().filter(|(key, _)| key != name);
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::super::Given;
    use super::*;
    use crate::types::Date;
    use std::collections::BTreeMap;

    fn given(language: &[&str]) -> BTreeMap<String, Given> {
        let language = language.iter().map(|code| Given::Text((*code).to_owned())).collect();
        let version = Given::Text("v1.2.0".to_owned());
        BTreeMap::from([("version".to_owned(), version), ("language".to_owned(), Given::Many(language))])
    }

    fn ask(given: &BTreeMap<String, Given>) -> Ask<'_> {
        Ask::new(&Esco.about(), given, Date::constant(2026, 9, 1)).unwrap()
    }

    fn question(note: &str, offset: u64) -> Request {
        let url = format!("https://ec.europa.eu/esco/api/resource/skill?limit=20&offset={offset}&language=es");
        Request::get(url, Expects::Json).noting(note)
    }

    fn on<T>(request: &Request, body: &str, then: impl Fn(&Answer<'_>) -> T) -> T {
        let (url, headers) = (request.url.as_str(), BTreeMap::new());
        then(&Answer { request, url, status: 200, headers: &headers, body: body.as_bytes() })
    }

    /// Where a page leads: the addresses asked next.
    fn leads(note: &str, offset: u64, body: &str) -> Result<Vec<Request>, AcquireError> {
        on(&question(note, offset), body, |answer| Esco.next(&ask(&given(&["es"])), answer))
    }

    #[test]
    fn every_scheme_is_asked_in_every_language_from_its_first_record() {
        let given = given(&["en", "ar"]);
        let urls: Vec<String> = Esco.first(&ask(&given)).unwrap().into_iter().map(|request| request.url).collect();
        assert_eq!(urls.len(), 4);
        assert_eq!(
            urls[3],
            "https://ec.europa.eu/esco/api/resource/occupation?isInScheme=http%3A%2F%2Fdata.europa.eu%2Fesco%2F\
             concept-scheme%2Fmember-occupations&language=ar&limit=20&selectedVersion=v1.2.0&offset=0"
        );
    }

    #[test]
    fn pages_follow_by_the_records_that_came_until_the_total() {
        let map = r#"{"total": 7, "count": 2, "_embedded": {"b": {}, "a": {}}}"#;
        let list = r#"{"total": "7", "_embedded": {"results": [{"uri": "b"}, {"uri": "a"}]}}"#;
        for page in [map, list] {
            let next = leads("7 z", 3, page).unwrap();
            let [request] = next.as_slice() else { panic!("one page") };
            assert_eq!(request.url, "https://ec.europa.eu/esco/api/resource/skill?limit=20&language=es&offset=5");
            assert_eq!(request.note, "7 b");
            assert!(leads("7 z", 5, page).unwrap().is_empty());
        }
    }

    #[test]
    fn a_walk_that_ends_before_its_total_is_refused_and_an_empty_page_is_asked_again() {
        let page = r#"{"total": 47, "count": 2, "_embedded": {"b": {}, "a": {}}}"#;
        let empty = r#"{"total": 47, "count": 0, "_embedded": {}}"#;
        for (note, offset, body) in
            [("47 b", 20, page), ("47 z", 20, empty), ("", 0, empty), ("", 0, r#"{"total": 47}"#)]
        {
            let refused = leads(note, offset, body).unwrap_err().to_string();
            assert!(refused.contains(&format!("gives {offset} of its 47 concepts")), "{refused}");
        }
        let fewer = leads("48 z", 20, page).unwrap_err().to_string();
        assert!(fewer.contains("counts 47 concepts, where the page before counted 48"), "{fewer}");
        let verdict = |offset: u64, body: &str| on(&question("", offset), body, |answer| Esco.verdict(answer));
        assert!(matches!(verdict(20, empty), Verdict::Busy(_)));
        assert!(matches!(verdict(0, r#"{"total": 47}"#), Verdict::Busy(_)));
        assert_eq!((verdict(20, page), verdict(0, r#"{"total": 0}"#)), (Verdict::Data, Verdict::Data));
    }

    #[test]
    fn a_scheme_without_concepts_leads_to_the_wider_one_and_then_to_a_refusal() {
        let none = r#"{"total": 0, "count": 0, "_embedded": {}}"#;
        let given = given(&["es"]);
        let first = Esco.first(&ask(&given)).unwrap();
        let led = |request: &Request| on(request, none, |answer| Esco.next(&ask(&given), answer));
        let wider: Vec<Request> = first.iter().flat_map(|request| led(request).unwrap()).collect();
        let schemes: Vec<String> = wider.iter().filter_map(|request| parameter(&request.url, "isInScheme")).collect();
        let scheme = |name: &str| format!("http://data.europa.eu/esco/concept-scheme/{name}");
        assert_eq!(schemes, [scheme("skills"), scheme("occupations")]);
        assert!(wider[1].url.contains("/resource/occupation?") && wider[1].url.contains("selectedVersion=v1.2.0"));
        for request in &wider {
            assert!(led(request).unwrap_err().to_string().contains("a taxonomy must be whole"));
        }
    }

    #[test]
    fn the_size_of_another_version_and_a_page_without_total_are_refused() {
        let old = leads("", 0, r#"{"total": 13485, "_embedded": {"a": {}}}"#).unwrap_err().to_string();
        assert!(old.contains("13485 concepts, which is v1.0, where v1.2.0 was asked for"), "{old}");
        assert!(leads("", 0, r#"{"_embedded": {}}"#).unwrap_err().to_string().contains("no `total`"));
    }

    #[test]
    fn catalan_other_languages_loose_versions_and_unknown_schemes_are_refused_with_advice() {
        let refused = |name: &str, value: &str| {
            let mut given = given(&["en"]);
            given.insert(name.to_owned(), Given::Text(value.to_owned()));
            Esco.first(&ask(&given)).unwrap_err().to_string()
        };
        assert!(refused("language", "ca").contains("starter taxonomy"));
        assert!(refused("language", "de").contains("write en, es, ar"));
        assert!(refused("version", "1.2.0").contains("write it as \"v1.2.0\""));
        assert!(refused("version", "v1.x").contains("no version of ESCO"));
        assert!(refused("scheme", "skill").contains("`ask.scheme`"));
    }
}
