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
        Ok(vec![page(ask, 1, "1 ")?])
    }

    /// The next page; a note is the number of a page and what the pages before it said.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let content = answer.json()?;
        let unasked = || answer.refuse("is no page that was asked for by its number");
        let before = Before::of(&answer.request.note).ok_or_else(unasked)?;
        let number = before.number;
        // A catalogue that was saved whole is a bare list, and its only page.
        if content.is_array() && number == 1 {
            return Ok(Vec::new());
        }
        let items =
            content.get("items").and_then(Value::as_array).ok_or_else(|| answer.refuse("has no list `items`"))?;
        let first = items.iter().find_map(|course| paging::id(course.get("courseId")?));
        if first.is_none() && !items.is_empty() {
            return Err(answer.refuse("has courses and none with a `courseId`"));
        }
        // What any page promised stands: an error may call itself the last one.
        let total = content.get("totalPages").and_then(paging::number).max(before.total);
        let comes_again = first.as_deref().is_some_and(|first| first.eq_ignore_ascii_case(before.first));
        // A catalogue without a course may call itself one page.
        let is_missing = total.is_some_and(|total| number <= total && total > 1);
        if let Some(total) = total.filter(|_| is_missing && (items.is_empty() || comes_again)) {
            let why = "is empty or the page before once more";
            return Err(answer.refuse(format!("{why}, though it is page {number} and `totalPages` says {total}")));
        }
        let echo = content.get("pageNumber").and_then(paging::number);
        let expected = before.echo.map(|echo| echo.saturating_add(1));
        // A server may count from 0, and still each page is one more than the one before.
        if let (Some(echo), Some(expected)) = (echo, expected)
            && echo != expected
            && first.is_some()
            && !comes_again
        {
            let why = format!("says `pageNumber` {echo}, where {expected} follows on the page before");
            return Err(answer.refuse(format!("{why}: it is another page than page {number}, which was asked for")));
        }
        let says = says(content.get("hasNextPage"));
        let more =
            says == Some(true) || total.is_some_and(|total| total > number) || (says.is_none() && total.is_none());
        let Some(first) = first.filter(|_| more && !comes_again) else { return Ok(Vec::new()) };
        let next = Before { number: number.saturating_add(1), total, echo: echo.or(expected), first: &first };
        Ok(vec![page(ask, next.number, &next.note()).map_err(|e| answer.refuse(e.to_string()))?])
    }
}

/// A page to be asked for, and what the pages before it said.
struct Before<'n> {
    number: u64,
    /// The most pages that any of them promised.
    total: Option<u64>,
    /// The number that the last of them gave itself.
    echo: Option<u64>,
    /// The first id of the last of them.
    first: &'n str,
}

impl<'n> Before<'n> {
    fn of(note: &'n str) -> Option<Self> {
        let (numbers, first) = note.split_once(' ')?;
        let mut numbers = numbers.split('/').map(|number| number.parse::<u64>().ok());
        let mut next = || numbers.next().flatten();
        Some(Self { number: next()?, total: next(), echo: next(), first })
    }

    /// `number/total/echo first`, empty where nothing was said.
    fn note(&self) -> String {
        let said = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        format!("{}/{}/{} {}", self.number, said(self.total), said(self.echo), self.first)
    }
}

/// A switch, also as text.
fn says(value: Option<&Value>) -> Option<bool> {
    let value = value?;
    value.as_bool().or_else(|| value.as_str()?.trim().to_ascii_lowercase().parse().ok())
}

fn page(ask: &Ask<'_>, number: u64, note: &str) -> Result<Request, AskError> {
    let (page, size) = (number.to_string(), ask.number("page_size")?.unwrap_or(100).to_string());
    let url = ask.url(&["courses"], &[("pageNumber", page.as_str()), ("pageSize", size.as_str())])?;
    Ok(Request::get(url, Expects::Json).noting(note))
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
        for (says, note) in [
            (r#""hasNextPage":true"#, "2// 1001"),
            (r#""hasNextPage":"true""#, "2// 1001"),
            (r#""totalPages":4"#, "2/4/ 1001"),
            (r#""totalPages":"4","hasNextPage":null"#, "2/4/ 1001"),
            (r#""totalPages":4,"hasNextPage":false"#, "2/4/ 1001"),
            (r#""pageNumber":1"#, "2//1 1001"),
        ] {
            let led = next(&first, &format!("{{{says},{items}}}")).unwrap();
            assert_eq!(led.iter().map(|r| r.note.as_str()).collect::<Vec<_>>(), [note], "{says}");
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
        let fifth = first.clone().noting("5/4/4 d");
        assert_eq!(next(&fifth, &page("[]")), Ok(Vec::new()));
        assert_eq!(next(&first, r#"{"totalPages":1,"items":[]}"#), Ok(Vec::new()));
    }

    #[test]
    fn what_earlier_pages_promised_stands_when_a_later_one_says_nothing_of_it_or_less() {
        let (first, next) = walk();
        let page = |number: u64, id: &str| {
            format!(r#"{{"pageNumber":{number},"hasNextPage":true,"totalPages":4,"items":[{{"courseId":"{id}"}}]}}"#)
        };
        let second = next(&first, &page(1, "a")).unwrap().remove(0);
        let third = next(&second, &page(2, "b")).unwrap().remove(0);
        for (request, empty) in [
            (&second, r#"{"items":[]}"#),
            (&second, r#"{"login":"required","items":[]}"#),
            (&third, r#"{"pageNumber":3,"hasNextPage":false,"items":[]}"#),
        ] {
            let refused = next(request, empty).unwrap_err();
            assert!(refused.contains("`totalPages` says 4"), "{refused}");
        }
        assert!(next(&second, "[]").unwrap_err().contains("no list `items`"));
        let fewer = r#"{"totalPages":2,"hasNextPage":false,"items":[{"courseId":"b"}]}"#;
        assert_eq!(next(&second, fewer).unwrap(), std::slice::from_ref(&third));
        let last = third.clone().noting("4/4/3 c");
        assert_eq!(next(&last, r#"{"pageNumber":4,"items":[{"courseId":"d"}],"hasNextPage":false}"#), Ok(Vec::new()));
    }

    #[test]
    fn a_page_that_gives_itself_another_number_than_follows_is_refused() {
        let (first, next) = walk();
        let page = |says: &str, id: &str| format!(r#"{{{says}"totalPages":4,"items":[{{"courseId":"{id}"}}]}}"#);
        // Counted from 1 or from 0, and by a server that does not always say.
        for numbers in [[r#""pageNumber":1,"#, r#""pageNumber":2,"#], [r#""pageNumber":"0","#, ""]] {
            let second = next(&first, &page(numbers[0], "a")).unwrap().remove(0);
            let refused = next(&second, &page(numbers[0], "shuffled")).unwrap_err();
            assert!(refused.contains("`pageNumber`") && refused.contains("page 2"), "{refused}");
            let third = next(&second, &page(numbers[1], "b")).unwrap().remove(0);
            assert!(next(&third, &page(numbers[0], "reversed")).unwrap_err().contains("page 3"));
        }
        // Beyond the last page a server may show the last one again.
        let fifth = first.clone().noting("5//4 d");
        assert_eq!(next(&fifth, r#"{"pageNumber":4,"items":[{"courseId":"d"}]}"#), Ok(Vec::new()));
    }
}
