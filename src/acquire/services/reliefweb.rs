//! Postings of humanitarian organisations at ReliefWeb.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict};
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
        let total = page.get("totalCount").and_then(Value::as_u64);
        let total = total.ok_or_else(|| answer.refuse("has no number `totalCount`"))?;
        let first = jobs.first().and_then(|job| job.get("id")?.as_str()).unwrap_or_default();
        let Some((media_type, content)) = &answer.request.post else { return Ok(Vec::new()) };
        let unread = |e: serde_json::Error| answer.refuse(format!("answers a question that is no JSON: {e}"));
        let mut asked: Value = serde_json::from_str(content).map_err(unread)?;
        let Some(offset) = asked.get_mut("offset") else { return Ok(Vec::new()) };
        let next = offset.as_u64().unwrap_or_default() + jobs.len() as u64;
        if first.is_empty() || first == answer.request.note || next >= total {
            return Ok(Vec::new());
        }
        *offset = next.into();
        let request = Request::get(answer.request.url.as_str(), Expects::Json);
        Ok(vec![request.posting(media_type, asked.to_string()).noting(first)])
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        match Verdict::by_status(answer) {
            Verdict::Refused(problem) if answer.status == 403 => {
                let advice = "ask for an appname at https://apidoc.reliefweb.int/parameters#appname";
                Verdict::Refused(format!("{problem}; {advice}"))
            }
            other => other,
        }
    }

    fn reading(&self, _request: &Request) -> Reading {
        Reading::items(
            "data",
            &[
                ("id", "id"),
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
        .with_join("place", &["fields.city.name", "fields.country.name"])
        .with_const("board", "reliefweb")
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

    #[test]
    fn pages_end_with_the_total_an_empty_page_and_a_page_that_comes_again() {
        let (given, headers) = (given(2), BTreeMap::new());
        let ask = Ask::new(&Reliefweb.about(), &given, Date::new(2026, 9, 1).unwrap()).unwrap();
        let first = Reliefweb.first(&ask).unwrap().remove(0);
        let next = |request: &Request, body: &str| {
            let url = request.url.as_str();
            let answer = Answer { request, url, status: 200, headers: &headers, body: body.as_bytes() };
            Reliefweb.next(&ask, &answer).unwrap()
        };
        let page = r#"{"totalCount":5,"data":[{"id":"9"},{"id":"8"}]}"#;
        let second = next(&first, page).remove(0);
        assert!(second.post.as_ref().unwrap().1.contains(r#""offset":2"#) && second.key() != first.key());
        assert_eq!(next(&second, page), Vec::new());
        assert_eq!(next(&second, r#"{"totalCount":5,"data":[]}"#), Vec::new());
        assert_eq!(next(&second, r#"{"totalCount":4,"data":[{"id":"7"},{"id":"6"}]}"#), Vec::new());
        assert_eq!(next(&second, r#"{"totalCount":5,"data":[{"id":"7"},{"id":"6"}]}"#).len(), 1);
    }

    #[test]
    fn a_limit_the_service_would_refuse_is_refused_before() {
        let given = given(1001);
        let ask = Ask::new(&Reliefweb.about(), &given, Date::new(2026, 9, 1).unwrap()).unwrap();
        assert_eq!(Reliefweb.first(&ask).unwrap_err().key, "limit");
    }
}
