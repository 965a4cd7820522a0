//! Courses of an institution by the Open Education API.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, paging};
use crate::acquire::AcquireError;
use serde_json::Value;

/// `{base_url}/courses?pageNumber=1&pageSize=100` of version 5; pages as long as `hasNextPage` or `totalPages` says so.
pub struct Ooapi;

impl Service for Ooapi {
    fn about(&self) -> About {
        About {
            id: "ooapi",
            holds: Holds::Credentials,
            publisher: "institutions, each by its own server",
            base: "",
            parameters: const {
                &[
                    required(
                        "base_url",
                        "the address of the institution's API, up to its version: \"https://example.org/ooapi/v5\"",
                    ),
                    optional("page_size", "courses of a page: 10, 20, 50, 100 (default) or 250"),
                ]
            },
            pause_seconds: 1.0,
            terms: "those of the institution",
            credential: None,
            vintage: "hash",
            records: (0, 100_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        Ok(vec![page(ask, 1, "")?])
    }

    /// The next page; a note is the number of a page and the first id of the one before.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let content = answer.json()?;
        // A catalogue that was saved whole is a bare list, and its only page.
        if content.is_array() {
            return Ok(Vec::new());
        }
        let items =
            content.get("items").and_then(Value::as_array).ok_or_else(|| answer.refuse("has no list `items`"))?;
        let (asked, before) = answer.request.note.split_once(' ').unwrap_or_default();
        let number: u64 = asked.parse().map_err(|_| answer.refuse("is no page that was asked for by its number"))?;
        let first = items.iter().find_map(|course| paging::id(course.get("courseId")?));
        if first.is_none() && !items.is_empty() {
            return Err(answer.refuse("has courses and none with a `courseId`"));
        }
        let total = content.get("totalPages").and_then(paging::number);
        let comes_again = first.as_deref() == Some(before);
        // A catalogue without a course may call itself one page.
        let is_missing = total.is_some_and(|total| number <= total && total > 1);
        if let Some(total) = total.filter(|_| is_missing && (items.is_empty() || comes_again)) {
            let why = "is empty or the page before once more";
            return Err(answer.refuse(format!("{why}, though it is page {number} and `totalPages` says {total}")));
        }
        let says = says(content.get("hasNextPage"));
        let more =
            says == Some(true) || total.is_some_and(|total| total > number) || (says.is_none() && total.is_none());
        let Some(first) = first.filter(|_| more && !comes_again) else { return Ok(Vec::new()) };
        Ok(vec![page(ask, number.saturating_add(1), &first).map_err(|e| answer.refuse(e.to_string()))?])
    }
}

/// A switch, also as text.
fn says(value: Option<&Value>) -> Option<bool> {
    let value = value?;
    value.as_bool().or_else(|| value.as_str()?.trim().to_ascii_lowercase().parse().ok())
}

fn page(ask: &Ask<'_>, number: u64, before: &str) -> Result<Request, AskError> {
    let (page, size) = (number.to_string(), ask.number("page_size")?.unwrap_or(100).to_string());
    let url = ask.url(&["courses"], &[("pageNumber", page.as_str()), ("pageSize", size.as_str())])?;
    Ok(Request::get(url, Expects::Json).noting(format!("{number} {before}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use crate::types::Date;
    use std::collections::BTreeMap;

    /// The first question, and where a body leads from a question.
    fn walk() -> (Request, impl Fn(&Request, &str) -> Result<Vec<Request>, String>) {
        let given = BTreeMap::from([("base_url".to_owned(), Given::Text("https://a.example/v5/".to_owned()))]);
        let today = Date::new(2026, 9, 1).unwrap();
        let first = Ooapi.first(&Ask::new(&Ooapi.about(), &given, today).unwrap()).unwrap().remove(0);
        let next = move |request: &Request, body: &str| {
            let (url, headers) = (request.url.as_str(), BTreeMap::new());
            let answer = Answer { request, url, status: 200, headers: &headers, body: body.as_bytes() };
            let ask = Ask::new(&Ooapi.about(), &given, today).unwrap();
            Ooapi.next(&ask, &answer).map_err(|e| e.to_string())
        };
        (first, next)
    }

    #[test]
    fn pages_end_when_none_follows_and_when_one_comes_again() {
        let (first, next) = walk();
        assert_eq!(first.url, "https://a.example/v5/courses?pageNumber=1&pageSize=100");
        let page = r#"{"hasNextPage":true,"items":[{"courseId":"a"}]}"#;
        let second = next(&first, page).unwrap().remove(0);
        assert_eq!(second.url, "https://a.example/v5/courses?pageNumber=2&pageSize=100");
        assert_eq!(next(&second, page), Ok(Vec::new()));
        assert_eq!(next(&second, r#"{"hasNextPage":true,"items":[]}"#), Ok(Vec::new()));
        assert_eq!(next(&second, r#"{"hasNextPage":false,"items":[{"courseId":"b"}]}"#), Ok(Vec::new()));
        assert_eq!(next(&second, r#"{"hasNextPage":true,"items":[{"courseId":"b"}]}"#).unwrap().len(), 1);
    }

    #[test]
    fn a_further_page_is_asked_for_however_the_server_says_that_there_is_one() {
        let (first, next) = walk();
        let items = r#""items":[{"courseId":1001}]"#;
        for says in [
            r#""hasNextPage":true"#,
            r#""hasNextPage":"true""#,
            r#""totalPages":4"#,
            r#""totalPages":"4","hasNextPage":null"#,
            r#""totalPages":4,"hasNextPage":false"#,
            r#""pageNumber":1"#,
        ] {
            let led = next(&first, &format!("{{{says},{items}}}")).unwrap();
            assert_eq!(led.iter().map(|r| r.note.as_str()).collect::<Vec<_>>(), ["2 1001"], "{says}");
        }
        assert_eq!(next(&first, &format!(r#"{{"totalPages":1,{items}}}"#)), Ok(Vec::new()));
    }

    #[test]
    fn a_page_that_is_empty_or_comes_again_before_the_last_is_refused_and_beyond_the_last_an_end() {
        let (first, next) = walk();
        let page = |items: &str| format!(r#"{{"hasNextPage":true,"totalPages":4,"items":{items}}}"#);
        let second = next(&first, &page(r#"[{"courseId":"a"}]"#)).unwrap().remove(0);
        for items in ["[]", r#"[{"courseId":"a"}]"#] {
            let refused = next(&second, &page(items)).unwrap_err();
            assert!(refused.contains("page 2 and `totalPages` says 4"), "{refused}");
        }
        assert!(next(&second, &page(r#"[{"name":"x"}]"#)).unwrap_err().contains("`courseId`"));
        let fifth = first.clone().noting("5 d");
        assert_eq!(next(&fifth, &page("[]")), Ok(Vec::new()));
        assert_eq!(next(&first, r#"{"totalPages":1,"items":[]}"#), Ok(Vec::new()));
    }
}
