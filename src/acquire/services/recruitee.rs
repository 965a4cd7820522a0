//! Career sites of employers at Recruitee.

use super::about::required;
use super::{About, Ask, AskError, Expects, Holds, Reading, Request, Service};

/// `https://{board}.recruitee.com/api/offers/`; requirements stand beside the description.
pub struct Recruitee;

impl Service for Recruitee {
    fn about(&self) -> About {
        About {
            id: "recruitee",
            holds: Holds::Postings,
            publisher: "employers, by Recruitee",
            base: "https://{board}.recruitee.com",
            parameters: const { &[required("board", "the first part of a site's host, one or several: [\"acme\"]")] },
            pause_seconds: 1.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "published_at of each offer, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let request = |board: &String| {
            // The last segment is empty for the slash that the address ends in.
            let url = ask.url_of("board", board, &["api", "offers", ""], &[])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        };
        ask.many("board").iter().map(request).collect()
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items(
            "offers",
            &[("id", "id"), ("title", "title"), ("url", "careers_url"), ("posted_on", "published_at")],
        )
        .with_join("body", &["description", "requirements"])
        .with_any("place", &["location", "city"])
        .with_const("employer", &request.note)
        .with_const("board", "recruitee")
    }
}
