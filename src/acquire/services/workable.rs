//! Boards of employers at Workable.

use super::about::required;
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, boards};
use serde_json::Value;

/// `https://apply.workable.com/api/v1/widget/accounts/{board}?details=true`; without `details` there are no texts.
pub struct Workable;

impl Service for Workable {
    fn about(&self) -> About {
        About {
            id: "workable",
            holds: Holds::Postings,
            publisher: "employers, by Workable",
            base: "https://apply.workable.com",
            parameters: const { &[required("board", "the name of an account in its address, one or several: [\"acme\"]")] },
            // It answers 429 sooner than other boards.
            pause_seconds: 5.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "published_on of each posting, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        boards::each_board(ask, |board| {
            let url = ask.url(&["api", "v1", "widget", "accounts", board], &[("details", "true")])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        })
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        boards::listed(answer, "jobs", None)
    }

    fn reading(&self, _request: &Request) -> Reading {
        let columns =
            [("id", "id"), ("title", "title"), ("body", "description"), ("url", "url"), ("employer", "employer")];
        Reading::items("jobs", &columns)
            .with_join("place", &["city", "state", "country"])
            .with_any("posted_on", &["published_on", "created_at"])
            .with_const("board", "workable")
    }

    fn employer(&self, whole: &Value) -> Option<String> {
        boards::scalar(whole.get("name"))
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        boards::plain(&mut record, &["title"]);
        boards::own(&mut record, request, "shortcode", &["/employer"]);
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_employer_is_the_account_s_name_and_its_address_only_where_it_has_none() {
        assert_eq!(Workable.employer(&json!({"name": "Acme Relief", "jobs": []})).as_deref(), Some("Acme Relief"));
        assert_eq!(Workable.employer(&json!({"name": null, "jobs": []})), None);
        let request = Request::get("https://x.org", Expects::Json).noting("acme-relief");
        let employer = |record: Value| Workable.reshape(&request, record)["employer"].clone();
        assert_eq!(employer(json!({"shortcode": "4B1F", "employer": "Acme Relief"})), "Acme Relief");
        assert_eq!(employer(json!({"shortcode": "4B1F"})), "acme-relief");
    }
}
