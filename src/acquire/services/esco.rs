//! ESCO, the European classification of skills and occupations, from its web service.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};
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

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        let is_empty = || answer.json().is_ok_and(|page| page.get("total").and_then(Value::as_u64) == Some(0));
        if verdict == Verdict::Data && is_empty() {
            return Verdict::Nothing("the scheme has no concept in this version".to_owned());
        }
        verdict
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let page = answer.json()?;
        let Some(total) = page.get("total").and_then(Value::as_u64) else {
            return Err(answer.refuse("has no `total` of the scheme's concepts"));
        };
        let asked = ask.one("version").unwrap_or_default();
        if OLD_TOTALS.contains(&total) && !asked.starts_with("v1.0") {
            return Err(answer.refuse(format!("has {total} concepts, which is v1.0, where {asked} was asked for")));
        }
        let rows = page.get("_embedded").and_then(Value::as_object);
        // The note is the first id of the page before: a page that comes again leads nowhere.
        let Some(first) = rows.and_then(|rows| rows.keys().next()).filter(|id| **id != answer.request.note) else {
            return Ok(Vec::new());
        };
        // By what came, not by what was asked: the service has its own limit.
        let came = rows.map_or(0, serde_json::Map::len) as u64;
        let moved = moved(&answer.request.url, came);
        let (url, offset) = moved.ok_or_else(|| answer.refuse("was asked without an offset"))?;
        if offset >= total { Ok(Vec::new()) } else { Ok(vec![Request::get(url, Expects::Json).noting(first)]) }
    }
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

/// The same question for records further on, and the number of the first.
fn moved(url: &str, by: u64) -> Option<(String, u64)> {
    let mut url = Url::parse(url).ok()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let (_, offset) = pairs.iter().find(|(name, _)| name == "offset")?;
    let offset = offset.parse::<u64>().ok()?.checked_add(by)?;
    let others = pairs.iter().filter(|(name, _)| name != "offset");
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("offset", &offset.to_string());
    Some((url.into(), offset))
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

    /// Where a page leads: the addresses asked next.
    fn leads(note: &str, offset: u64, body: &str) -> Result<Vec<Request>, AcquireError> {
        let url = format!("https://ec.europa.eu/esco/api/resource/skill?limit=20&offset={offset}&language=es");
        let request = Request::get(url, Expects::Json).noting(note);
        let (headers, body) = (BTreeMap::new(), body.as_bytes());
        let answer = Answer { request: &request, url: &request.url, status: 200, headers: &headers, body };
        Esco.next(&ask(&given(&["es"])), &answer)
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
    fn pages_follow_by_the_records_that_came_until_the_total_an_empty_page_or_one_that_comes_again() {
        let page = r#"{"total": 7, "count": 2, "_embedded": {"b": {}, "a": {}}}"#;
        let next = leads("z", 3, page).unwrap();
        let [request] = next.as_slice() else { panic!("one page") };
        assert_eq!(request.url, "https://ec.europa.eu/esco/api/resource/skill?limit=20&language=es&offset=5");
        assert_eq!(request.note, "b");
        assert!(leads("z", 5, page).unwrap().is_empty());
        assert!(leads("b", 3, page).unwrap().is_empty());
        assert!(leads("z", 3, r#"{"total": 7, "count": 0, "_embedded": {}}"#).unwrap().is_empty());
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
