//! Career sites of employers at Teamtailor.

use super::about::required;
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict};

/// `https://{board}.teamtailor.com/jobs.rss`; RSS 2.0 with places beside it. Many sites have a domain of their own.
pub struct Teamtailor;

impl Service for Teamtailor {
    fn about(&self) -> About {
        About {
            id: "teamtailor",
            holds: Holds::Postings,
            publisher: "employers, by Teamtailor",
            base: "https://{board}.teamtailor.com",
            parameters: const {
                &[required(
                    "board",
                    "the first part of a site's host, one or several: [\"acme\"]; for a site with a domain of its own any \
                 name without spaces, with base_url = \"https://careers.example.org\"",
                )]
            },
            pause_seconds: 1.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "pubDate of each item, hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let request = |board: &String| {
            let url = ask.url_of("board", board, &["jobs.rss"], &[])?;
            Ok(Request::get(url, Expects::Xml).noting(board))
        };
        ask.many("board").iter().map(request).collect()
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        if verdict == Verdict::Data && !answer.text().contains("<item") {
            return Verdict::Nothing(format!("\"{}\" has no job open", answer.request.note));
        }
        verdict
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items(
            "channel.item",
            &[("id", "guid"), ("title", "title"), ("body", "description"), ("url", "link"), ("posted_on", "pubDate")],
        )
        .with_join("place", &["locations.location.city", "locations.location.country"])
        .with_const("employer", &request.note)
        .with_const("board", "teamtailor")
    }
}
