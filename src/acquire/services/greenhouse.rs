//! Boards of employers at Greenhouse.

use super::about::required;
use super::{About, Ask, AskError, Expects, Holds, Reading, Request, Service};

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
            vintage: "updated_at of each posting, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let request = |board: &String| {
            let url = ask.url(&["v1", "boards", board, "jobs"], &[("content", "true")])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        };
        ask.many("board").iter().map(request).collect()
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items(
            "jobs",
            &[
                ("id", "id"),
                ("title", "title"),
                ("body", "content"),
                ("url", "absolute_url"),
                ("place", "location.name"),
                ("posted_on", "updated_at"),
                ("language", "language"),
            ],
        )
        .with_const("employer", &request.note)
        .with_const("board", "greenhouse")
    }
}
