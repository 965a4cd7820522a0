//! Boards of employers at Ashby.

use super::about::required;
use super::{About, Ask, AskError, Expects, Holds, Reading, Request, Service};

/// `https://api.ashbyhq.com/posting-api/job-board/{board}?includeCompensation=true`. Postings that are open but not
/// listed (`isListed` = false) are demand like the others, and are kept.
pub struct Ashby;

impl Service for Ashby {
    fn about(&self) -> About {
        About {
            id: "ashby",
            holds: Holds::Postings,
            publisher: "employers, by Ashby",
            base: "https://api.ashbyhq.com",
            parameters: const { &[required("board", "the name of a board in its address, one or several: [\"acme\"]")] },
            pause_seconds: 1.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "publishedAt of each posting, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let request = |board: &String| {
            let url = ask.url(&["posting-api", "job-board", board], &[("includeCompensation", "true")])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        };
        ask.many("board").iter().map(request).collect()
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items(
            "jobs",
            &[("id", "id"), ("title", "title"), ("url", "jobUrl"), ("place", "location"), ("posted_on", "publishedAt")],
        )
        .with_any("body", &["descriptionHtml", "descriptionPlain"])
        .with_const("employer", &request.note)
        .with_const("board", "ashby")
    }
}
