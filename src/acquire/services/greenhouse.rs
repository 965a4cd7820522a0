//! Boards of employers at Greenhouse.

use super::about::required;
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, boards};
use serde_json::Value;

/// `https://boards-api.greenhouse.io/v1/boards/{board}/jobs?content=true`; the content is HTML, escaped once more.
pub struct Greenhouse;

impl Service for Greenhouse {
    fn about(&self) -> About {
        About {
            id: "greenhouse",
            holds: Holds::Postings,
            publisher: "employers, by Greenhouse",
            base: "https://boards-api.greenhouse.io",
            parameters: const { &[required("board", "the name of a board in its address, one or several: [\"acme\"]")] },
            pause_seconds: 1.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "first_published or updated_at of each posting, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        boards::each_board(ask, |board| {
            let url = ask.url(&["v1", "boards", board, "jobs"], &[("content", "true")])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        })
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        boards::listed(answer, "jobs", Some("/meta/total"))
    }

    fn reading(&self, _request: &Request) -> Reading {
        Reading::items(
            "jobs",
            &[
                ("id", "id"),
                ("title", "title"),
                ("body", "content"),
                ("url", "absolute_url"),
                ("place", "location.name"),
                ("employer", "employer"),
                ("language", "language"),
            ],
        )
        .with_any("posted_on", &["first_published", "updated_at"])
        .with_const("board", "greenhouse")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        boards::plain(&mut record, &["title"]);
        boards::own(&mut record, request, "id", &["/company_name"]);
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_employer_is_the_one_a_posting_names_and_else_the_board() {
        let request = Request::get("https://x.org", Expects::Json).noting("acme");
        let employer = |record: Value| Greenhouse.reshape(&request, record)["employer"].clone();
        assert_eq!(employer(json!({"id": 1, "company_name": "Acme Robotics"})), "Acme Robotics");
        assert_eq!(employer(json!({"id": 1, "company_name": " "})), "acme");
    }

    #[test]
    fn a_posting_is_as_old_as_its_first_publication_where_that_is_told() {
        let Reading::Items { columns, .. } = Greenhouse.reading(&Request::get("https://x.org", Expects::Json)) else {
            panic!("items are read")
        };
        let any = vec!["first_published".to_owned(), "updated_at".to_owned()];
        assert_eq!(columns["posted_on"], crate::acquire::ColumnRule::Any { any });
    }
}
