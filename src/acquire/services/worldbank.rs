//! Indicators of the World Bank.

use super::about::{optional, required};
use super::request::member;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};
use crate::acquire::AcquireError;
use serde_json::Value;

/// Characters that an address may have.
const LONGEST_URL: usize = 1500;

/// `https://api.worldbank.org/v2/en/country/PSE;ESP/indicator/{indicator}?format=json&per_page=1000&page=1`
pub struct Worldbank;

impl Service for Worldbank {
    fn about(&self) -> About {
        About {
            id: "worldbank",
            holds: Holds::Statistics,
            publisher: "World Bank",
            base: "https://api.worldbank.org/v2",
            parameters: const {
                &[
                    required("country", "code of three letters, one or several: [\"PSE\", \"ESP\"]"),
                    required("indicator", "code of an indicator, one or several: [\"SL.UEM.TOTL.ZS\"]"),
                    optional("date", "years: \"1990:2025\""),
                    optional("per_page", "figures a page, 1000 unless given: 1000"),
                ]
            },
            pause_seconds: 1.0,
            terms: "CC BY 4.0",
            credential: None,
            vintage: "lastupdated, hash",
            records: (1, 1_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        ask.many("indicator").iter().map(|indicator| page(ask, indicator, 1, "")).collect()
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let whole = answer.json()?;
        let number = |key: &str| whole.pointer(&format!("/0/{key}")).and_then(Value::as_u64).unwrap_or(1);
        let (at, pages) = (number("page"), number("pages"));
        let first = whole.pointer("/1/0").map(Value::to_string).unwrap_or_default();
        let (indicator, before) = answer.request.note.split_once('\n').unwrap_or((answer.request.note.as_str(), ""));
        if first.is_empty() || at >= pages {
            return Ok(Vec::new());
        }
        if first == before {
            return Err(answer.refuse(format!("begins as the page before it, though it says it is page {at}")));
        }
        page(ask, indicator, at + 1, &first).map(|request| vec![request]).map_err(|e| answer.refuse(e.to_string()))
    }

    fn vintage(&self, head: &str) -> Option<String> {
        member(head, "lastupdated")
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let Ok(whole) = answer.json() else { return no_json(answer) };
        let message = |key: &str| whole.pointer(&format!("/0/message/0/{key}")).and_then(Value::as_str);
        let rows = whole.get(1).unwrap_or(&Value::Null);
        match message("value").or_else(|| message("key")) {
            Some(said) => Verdict::Refused(said.to_owned()),
            None if answer.status >= 300 => Verdict::by_status(answer),
            None if whole.pointer("/0/page").is_none() => Verdict::Refused("no page of figures".to_owned()),
            None if rows.is_null() || rows.as_array().is_some_and(Vec::is_empty) => {
                Verdict::Nothing("no figures of this country, indicator and date".to_owned())
            }
            None => Verdict::Data,
        }
    }
}

/// A page of an indicator; its note keeps the indicator, and how the page before began.
fn page(ask: &Ask<'_>, indicator: &str, at: u64, before: &str) -> Result<Request, AskError> {
    let (at, countries) = (at.to_string(), ask.many("country").join(";"));
    let per_page = ask.number("per_page")?.unwrap_or(1000).to_string();
    let date = ask.one("date").unwrap_or_default();
    let query = [("format", "json"), ("per_page", per_page.as_str()), ("page", at.as_str()), ("date", date)];
    let url = ask.url(&["en", "country", &countries, "indicator", indicator], &query)?;
    if url.len() > LONGEST_URL {
        return Err(AskError::new(
            "country",
            format!("makes an address of over {LONGEST_URL} characters: ask for fewer"),
        ));
    }
    Ok(Request::get(url, Expects::Json).noting(format!("{indicator}\n{before}")))
}

/// The beginning of a long answer, `service unavailable` in plain words, or an error in XML though JSON was asked for.
fn no_json(answer: &Answer<'_>) -> Verdict {
    let text = answer.text();
    match text.trim() {
        beginning if beginning.starts_with("[{\"page\"") => Verdict::Data,
        words if words.to_lowercase().contains("service unavailable") => {
            Verdict::Busy("service unavailable".to_owned())
        }
        _ if answer.status >= 300 => Verdict::by_status(answer),
        words => Verdict::Refused(format!("no JSON but: {}", crate::acquire::error::excerpt(words))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    const PAGE: &str = r#"[{"page":1,"pages":2,"per_page":1,"total":2},[{"date":"2025","value":1}]]"#;

    fn answered<T>(note: &str, body: &str, then: impl Fn(&Answer<'_>) -> T) -> T {
        let (request, headers) = (Request::get("https://example.org", Expects::Any).noting(note), BTreeMap::new());
        let (url, body) = (request.url.as_str(), body.as_bytes());
        then(&Answer { request: &request, url, status: 200, headers: &headers, body })
    }

    #[test]
    fn pages_follow_to_the_last_and_a_repeated_one_is_refused() {
        let text = |value: &str| Given::Text(value.to_owned());
        let given = [("country", text("PSE")), ("indicator", text("SL.UEM.TOTL.ZS")), ("per_page", Given::Number(1))];
        let given = BTreeMap::from(given.map(|(name, value)| (name.to_owned(), value)));
        let about = Worldbank.about();
        let ask = Ask::new(&about, &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let next = |note: &str, body: &str| answered(note, body, |answer| Worldbank.next(&ask, answer));
        let second = next("SL.UEM.TOTL.ZS\n", PAGE).unwrap().remove(0);
        let path = "country/PSE/indicator/SL.UEM.TOTL.ZS?format=json&per_page=1&page=2";
        assert_eq!(second.url, format!("https://api.worldbank.org/v2/en/{path}"));
        assert!(next(&second.note, PAGE).is_err());
        assert!(next(&second.note, &PAGE.replace("\"page\":1", "\"page\":2")).unwrap().is_empty());
        assert!(next("X\n", r#"[{"page":1,"pages":9},[]]"#).unwrap().is_empty());
    }

    #[test]
    fn errors_are_told_from_no_figures_and_from_a_busy_service() {
        let verdict = |body: &str| answered("X\n", body, |answer| Worldbank.verdict(answer));
        let error = r#"[{"message":[{"id":"120","key":"Invalid value","value":"not valid"}]}]"#;
        assert_eq!(verdict(error), Verdict::Refused("not valid".to_owned()));
        assert!(matches!(verdict("<wb:error/>"), Verdict::Refused(_)));
        assert!(matches!(verdict(r#"[{"page":0,"pages":0,"total":0},null]"#), Verdict::Nothing(_)));
        assert!(matches!(verdict("Service unavailable"), Verdict::Busy(_)));
        assert!(matches!(verdict("{}"), Verdict::Refused(_)));
        assert_eq!((verdict(PAGE), verdict(&PAGE[..60])), (Verdict::Data, Verdict::Data));
    }
}
