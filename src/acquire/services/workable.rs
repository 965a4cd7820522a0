//! Boards of employers at Workable.

use super::about::required;
use super::{About, Ask, AskError, Expects, Holds, Reading, Request, Service};

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
        let request = |board: &String| {
            let url = ask.url(&["api", "v1", "widget", "accounts", board], &[("details", "true")])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        };
        ask.many("board").iter().map(request).collect()
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items("jobs", &[("id", "shortcode"), ("title", "title"), ("body", "description"), ("url", "url")])
            .with_join("place", &["city", "state", "country"])
            .with_any("posted_on", &["published_on", "created_at"])
            .with_const("employer", &request.note)
            .with_const("board", "workable")
    }
}
