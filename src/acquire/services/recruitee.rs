//! Career sites of employers at Recruitee.

use super::about::required;
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, boards};
use serde_json::Value;

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
        boards::each_board(ask, |board| {
            // The last segment is empty for the slash that the address ends in.
            let url = ask.url_of("board", board, &["api", "offers", ""], &[])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        })
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        boards::listed(answer, "offers", None)
    }

    fn reading(&self, _request: &Request) -> Reading {
        let columns = [
            ("id", "id"),
            ("title", "title"),
            ("url", "careers_url"),
            ("place", "place"),
            ("posted_on", "published_at"),
            ("employer", "employer"),
        ];
        Reading::items("offers", &columns)
            .with_join("body", &["description", "requirements"])
            .with_const("board", "recruitee")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        let place = boards::places(boards::texts(record.get("location")));
        let place = place.or_else(|| boards::place(&record, &["city", "region", "country"]));
        boards::put(&mut record, [("place", place)]);
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
    fn a_place_without_its_line_is_made_of_its_parts() {
        let request = Request::get("https://x.org", Expects::Json).noting("acme");
        let place = |record: Value| Recruitee.reshape(&request, record)["place"].clone();
        let whole = json!({"location": "Reus, Catalunya, Spain", "city": "Reus", "country": "Spain"});
        assert_eq!(place(whole), "Reus, Catalunya, Spain");
        assert_eq!(place(json!({"location": null, "city": "Girona", "country": "Spain"})), "Girona, Spain");
        assert_eq!(place(json!({"location": "", "city": "", "country": "Palestine"})), "Palestine");
        assert_eq!(place(json!({"location": null})), Value::Null);
        // One or many.
        assert_eq!(place(json!({"location": ["Girona", "Nablus"], "city": "Girona"})), "Girona; Nablus");
    }
}
