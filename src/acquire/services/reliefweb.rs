//! Postings of humanitarian organisations at ReliefWeb.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, paging};
use crate::acquire::AcquireError;
use crate::types::Date;
use serde_json::{Value, json};

/// `POST https://api.reliefweb.int/v2/jobs?appname={appname}`; pages by offset up to `totalCount`. What is empty is
/// left out of its answers.
pub struct Reliefweb;

/// Pages hold between one and so many postings.
const MOST: u64 = 1000;
const PRESETS: [&str; 3] = ["minimal", "latest", "analysis"];
/// What is asked of a posting; how to apply is left out, as nobody is asked a skill there.
const FIELDS: [&str; 13] = [
    "id",
    "title",
    "body",
    "url_alias",
    "status",
    "city",
    "country.name",
    "source.name",
    "theme.name",
    "language.code",
    "date.created",
    "date.changed",
    "date.closing",
];

impl Service for Reliefweb {
    fn about(&self) -> About {
        About {
            id: "reliefweb",
            holds: Holds::Postings,
            publisher: "ReliefWeb (UN OCHA)",
            base: "https://api.reliefweb.int",
            parameters: const {
                &[
                    required(
                        "appname",
                        "the name ReliefWeb approved for you (apidoc.reliefweb.int): \"example-org-skills\"",
                    ),
                    optional("country", "ISO 3166 code of three letters, one or several, by default \"PSE\""),
                    optional("since", "first day of publication: \"2026-01-01\""),
                    optional(
                        "preset",
                        "\"latest\" (default), \"minimal\", or \"analysis\" for expired postings as well",
                    ),
                    optional("limit", "postings of a page, 1 to 1000, by default 200"),
                ]
            },
            pause_seconds: 1.0,
            terms: "1,000 questions a day; name and link ReliefWeb and the source; texts stay the advertiser's",
            credential: None,
            vintage: "date.changed of each posting, totalCount, hash",
            records: (0, 200_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let url = ask.url(&["v2", "jobs"], &[("appname", ask.one("appname").unwrap_or_default())])?;
        let limit = ask.number("limit")?.unwrap_or(200);
        if !(1..=MOST).contains(&limit) {
            return Err(AskError::new("limit", format!("{limit} is not between 1 and {MOST}")));
        }
        let preset = ask.one("preset").unwrap_or("latest");
        if !PRESETS.contains(&preset) {
            return Err(AskError::new("preset", format!("\"{preset}\" is none of {}", PRESETS.join(", "))));
        }
        let since = ask.one("since").map(day).transpose()?;
        let usual = ["PSE".to_owned()];
        let countries = if ask.many("country").is_empty() { usual.as_slice() } else { ask.many("country") };
        let request = |country: &String| {
            let mut conditions = vec![json!({"field": "country.iso3", "value": country})];
            let from = |day: Date| json!({"field": "date.created", "value": {"from": format!("{day}T00:00:00+00:00")}});
            conditions.extend(since.map(from));
            let content = json!({
                "limit": limit, "offset": 0, "preset": preset, "profile": "list",
                "filter": {"operator": "AND", "conditions": conditions},
                "fields": {"include": FIELDS},
                "sort": ["date.created:desc"],
            });
            Request::get(url.as_str(), Expects::Json).posting("application/json", content.to_string())
        };
        Ok(countries.iter().map(request).collect())
    }

    /// The same question further on; its note is the first id of the page before.
    fn next(&self, _ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let page = answer.json()?;
        let jobs = page.get("data").and_then(Value::as_array).ok_or_else(|| answer.refuse("has no list `data`"))?;
        let total = total(&page).ok_or_else(|| answer.refuse("has no number `totalCount`"))?;
        let first = jobs.first().and_then(id).unwrap_or_default();
        let Some((media_type, content)) = &answer.request.post else { return Ok(Vec::new()) };
        let unread = |e: serde_json::Error| answer.refuse(format!("answers a question that is no JSON: {e}"));
        let mut asked: Value = serde_json::from_str(content).map_err(unread)?;
        let Some(offset) = asked.get_mut("offset") else { return Ok(Vec::new()) };
        let before = offset.as_u64().unwrap_or_default();
        let next = before.saturating_add(jobs.len() as u64);
        let comes_again = !first.is_empty() && first == answer.request.note;
        if next >= total && !comes_again {
            return Ok(Vec::new());
        }
        if first.is_empty() || comes_again {
            let why = "a page is empty, comes again or has no id";
            return Err(answer.refuse(format!("gives {before} of its {total} postings: {why}")));
        }
        *offset = next.into();
        let request = Request::get(answer.request.url.as_str(), Expects::Json);
        Ok(vec![request.posting(media_type, asked.to_string()).noting(first)])
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let advice = "ask for an appname at https://apidoc.reliefweb.int/parameters#appname";
        match Verdict::by_status(answer) {
            Verdict::Refused(problem) if answer.status == 403 => Verdict::Refused(format!("{problem}; {advice}")),
            Verdict::Data => match answer.json().ok() {
                Some(page) if page.get("error").is_some_and(|e| !e.is_null()) => said(&page, advice),
                Some(page) => unless_empty(answer, &page),
                None => Verdict::Data,
            },
            other => other,
        }
    }

    fn reading(&self, _request: &Request) -> Reading {
        Reading::items(
            "data",
            &[
                ("title", "fields.title"),
                ("body", "fields.body"),
                ("url", "fields.url_alias"),
                ("employer", "fields.source.name"),
                ("sector", "fields.theme.name"),
                ("language", "fields.language.code"),
                ("posted_on", "fields.date.created"),
                ("closes_on", "fields.date.closing"),
            ],
        )
        .with_any("id", &["id", "fields.id"])
        .with_join("place", &["fields.city.name", "fields.country.name"])
        .with_const("board", "reliefweb")
    }
}

fn total(page: &Value) -> Option<u64> {
    page.get("totalCount").and_then(paging::number)
}

/// The outer id is text and the inner one a number; either tells a posting.
fn id(job: &Value) -> Option<String> {
    job.get("id").and_then(paging::id).or_else(|| paging::id(job.pointer("/fields/id")?))
}

/// An error that came with a status of success, in the service's words.
fn said(page: &Value, advice: &str) -> Verdict {
    let text = |at: &str| page.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let words = [text("/error/type"), text("/error/message"), text("/error")];
    let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
    let status = page.get("status").and_then(paging::number).unwrap_or_default();
    let problem = format!("says status {status} in an answer of success: {}", words.join(": "));
    match status {
        403 => Verdict::Refused(format!("{problem}; {advice}")),
        429 | 500..=599 => Verdict::Busy(problem),
        _ => Verdict::Refused(problem),
    }
}

/// A page without postings before all that are counted have come may be whole next time.
fn unless_empty(answer: &Answer<'_>, page: &Value) -> Verdict {
    let is_empty = page.get("data").and_then(Value::as_array).is_some_and(Vec::is_empty);
    let question = answer.request.post.as_ref().and_then(|(_, content)| serde_json::from_str::<Value>(content).ok());
    let offset = question.and_then(|question| question.get("offset")?.as_u64()).unwrap_or_default();
    match total(page).filter(|total| is_empty && *total > offset) {
        Some(total) => Verdict::Busy(format!("gives no posting from number {offset} on, though it counts {total}")),
        None => Verdict::Data,
    }
}

fn day(text: &str) -> Result<Date, AskError> {
    text.parse().map_err(|_| AskError::new("since", format!("\"{text}\" is no day such as 2026-01-01")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    fn given(limit: i64) -> BTreeMap<String, Given> {
        let text = |text: &str| Given::Text(text.to_owned());
        BTreeMap::from([
            ("appname".to_owned(), text("a")),
            ("since".to_owned(), text("2026-08-01")),
            ("limit".to_owned(), Given::Number(limit)),
        ])
    }

    fn answered<T>(request: &Request, body: &str, then: impl Fn(&Answer<'_>) -> T) -> T {
        let (url, headers) = (request.url.as_str(), BTreeMap::new());
        then(&Answer { request, url, status: 200, headers: &headers, body: body.as_bytes() })
    }

    /// The first question of a plan with this limit, and where a body leads from a question.
    fn walk(limit: i64) -> (Request, impl Fn(&Request, &str) -> Result<Vec<Request>, String>) {
        let given = given(limit);
        let today = Date::new(2026, 9, 1).unwrap();
        let first = Reliefweb.first(&Ask::new(&Reliefweb.about(), &given, today).unwrap()).unwrap().remove(0);
        let next = move |request: &Request, body: &str| {
            let ask = Ask::new(&Reliefweb.about(), &given, today).unwrap();
            answered(request, body, |answer| Reliefweb.next(&ask, answer).map_err(|e| e.to_string()))
        };
        (first, next)
    }

    #[test]
    fn pages_end_with_the_total_and_an_empty_or_repeated_page_before_it_is_refused() {
        let (first, next) = walk(2);
        let page = r#"{"totalCount":5,"data":[{"id":"9"},{"id":"8"}]}"#;
        let second = next(&first, page).unwrap().remove(0);
        assert!(second.post.as_ref().unwrap().1.contains(r#""offset":2"#) && second.key() != first.key());
        for bad in [page, r#"{"totalCount":5,"data":[]}"#, r#"{"totalCount":5,"data":[{"title":"no id"}]}"#] {
            let refused = next(&second, bad).unwrap_err();
            assert!(refused.contains("gives 2 of its 5 postings"), "{refused}");
        }
        assert!(next(&first, r#"{"totalCount":37,"data":[]}"#).unwrap_err().contains("gives 0 of its 37 postings"));
        // The page before once more is no end, though it would make up the number.
        assert!(next(&second, r#"{"totalCount":4,"data":[{"id":"9"},{"id":"8"}]}"#).is_err());
        assert_eq!(next(&second, r#"{"totalCount":4,"data":[{"id":"7"},{"id":"6"}]}"#), Ok(Vec::new()));
        assert_eq!(next(&second, r#"{"totalCount":5,"data":[{"id":"7"},{"id":"6"}]}"#).unwrap().len(), 1);
        assert_eq!(next(&first, r#"{"totalCount":0,"data":[]}"#), Ok(Vec::new()));
    }

    #[test]
    fn an_id_counts_whether_it_is_text_a_number_or_inside_the_fields() {
        let (first, next) = walk(1);
        for job in [r#"{"id":"4180000"}"#, r#"{"id":4180000}"#, r#"{"fields":{"id":4180000}}"#] {
            let led = next(&first, &format!(r#"{{"totalCount":"37","data":[{job}]}}"#)).unwrap();
            assert_eq!(led.iter().map(|r| r.note.as_str()).collect::<Vec<_>>(), ["4180000"], "{job}");
        }
    }

    #[test]
    fn errors_in_an_answer_of_success_are_told_in_the_services_words_and_an_empty_page_is_asked_again() {
        let (first, _) = walk(2);
        let verdict = |body: &str| answered(&first, body, |answer| Reliefweb.verdict(answer));
        let denied = r#"{"status":403,"error":{"type":"AccessDeniedHttpException","message":"no approved appname"}}"#;
        let Verdict::Refused(words) = verdict(denied) else { panic!("refused") };
        assert!(
            words.contains("AccessDeniedHttpException: no approved appname") && words.contains("ask for an appname")
        );
        assert!(matches!(verdict(&denied.replace("403", "503")), Verdict::Busy(_)));
        let Verdict::Busy(words) = verdict(r#"{"totalCount":37,"data":[]}"#) else { panic!("busy") };
        assert!(words.contains("it counts 37"), "{words}");
        for fine in [r#"{"totalCount":0,"data":[]}"#, r#"{"totalCount":1,"data":[{"id":"1"}]}"#] {
            assert_eq!(verdict(fine), Verdict::Data);
        }
    }

    #[test]
    fn a_limit_the_service_would_refuse_is_refused_before() {
        let given = given(1001);
        let ask = Ask::new(&Reliefweb.about(), &given, Date::new(2026, 9, 1).unwrap()).unwrap();
        assert_eq!(Reliefweb.first(&ask).unwrap_err().key, "limit");
    }
}
