//! Courses of an institution by the Open Education API.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service};
use crate::acquire::AcquireError;
use serde_json::Value;

/// `{base_url}/courses?pageNumber=1&pageSize=100` of version 5; pages as long as `hasNextPage` says so.
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
        let first = items.first().and_then(|course| course.get("courseId")?.as_str()).unwrap_or_default();
        let (number, before) = answer.request.note.split_once(' ').unwrap_or_default();
        let more = content.get("hasNextPage").and_then(Value::as_bool).unwrap_or_default();
        if !more || first.is_empty() || first == before {
            return Ok(Vec::new());
        }
        let number: u64 = number.parse().map_err(|_| answer.refuse("is no page that was asked for by its number"))?;
        Ok(vec![page(ask, number + 1, first).map_err(|e| answer.refuse(e.to_string()))?])
    }
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

    #[test]
    fn pages_end_when_none_follows_and_when_one_comes_again() {
        let given = BTreeMap::from([("base_url".to_owned(), Given::Text("https://a.example/v5/".to_owned()))]);
        let ask = Ask::new(&Ooapi.about(), &given, Date::new(2026, 9, 1).unwrap()).unwrap();
        let headers = BTreeMap::new();
        let next = |request: &Request, body: &str| {
            let url = request.url.as_str();
            let answer = Answer { request, url, status: 200, headers: &headers, body: body.as_bytes() };
            Ooapi.next(&ask, &answer).unwrap()
        };
        let first = Ooapi.first(&ask).unwrap().remove(0);
        assert_eq!(first.url, "https://a.example/v5/courses?pageNumber=1&pageSize=100");
        let page = r#"{"hasNextPage":true,"items":[{"courseId":"a"}]}"#;
        let second = next(&first, page).remove(0);
        assert_eq!(second.url, "https://a.example/v5/courses?pageNumber=2&pageSize=100");
        assert_eq!(next(&second, page), Vec::new());
        assert_eq!(next(&second, r#"{"hasNextPage":true,"items":[]}"#), Vec::new());
        assert_eq!(next(&second, r#"{"hasNextPage":false,"items":[{"courseId":"b"}]}"#), Vec::new());
        assert_eq!(next(&second, r#"{"hasNextPage":true,"items":[{"courseId":"b"}]}"#).len(), 1);
    }
}
