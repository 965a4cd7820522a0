//! Career sites of employers at Teamtailor.

use super::about::required;
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, boards};
use crate::acquire::multilingual::many;
use serde_json::Value;

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
        boards::each_board(ask, |board| {
            let url = ask.url_of("board", board, &["jobs.rss"], &[])?;
            Ok(Request::get(url, Expects::Xml).noting(board))
        })
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        boards::listed_in_xml(answer, ("rss", "/channel"), "item")
    }

    fn reading(&self, _request: &Request) -> Reading {
        let columns = [
            ("id", "id"),
            ("title", "title"),
            ("body", "description"),
            ("url", "link"),
            ("place", "place"),
            ("posted_on", "pubDate"),
            ("employer", "employer"),
        ];
        Reading::items("channel.item", &columns).with_const("board", "teamtailor")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        let lists = record.get("locations").map_or(&[][..], many).iter();
        let locations = lists.flat_map(|list| list.get("location").map_or(&[][..], many));
        let named = |at: &Value| boards::place(at, &["city", "country"]).or_else(|| boards::scalar(Some(at)));
        let place = boards::places(locations.filter_map(named));
        boards::put(&mut record, [("place", place)]);
        // A feed may say the language of any of them.
        boards::plain(&mut record, &["title", "description", "link", "pubDate"]);
        boards::own(&mut record, request, "guid", &[]);
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_location_keeps_its_own_country() {
        let request = Request::get("https://x.org", Expects::Xml).noting("acme");
        let place = |locations: Value| {
            Teamtailor.reshape(&request, json!({"locations": {"location": locations}}))["place"].clone()
        };
        let one = json!({"name": "HQ", "city": "Barcelona", "country": "Spain"});
        assert_eq!(place(one.clone()), "Barcelona, Spain");
        let two = json!([one, {"city": "Nablus", "country": "Palestine"}]);
        assert_eq!(place(two), "Barcelona, Spain; Nablus, Palestine");
        assert_eq!(place(json!([{"city": "Nablus"}, {"name": "Remote"}])), "Nablus; Remote");
    }

    #[test]
    fn a_language_beside_a_title_or_a_city_costs_neither() {
        let item = "<item><title xml:lang='es'>Enfermera</title><description>d</description><locations><location>\
                    <city xml:lang='es'>Gerona</city><country>Spain</country></location></locations></item>";
        let (_, item) = crate::acquire::xml_value::parse("jobs.rss", item).unwrap();
        let item = Teamtailor.reshape(&Request::get("https://x.org", Expects::Xml).noting("acme"), item);
        assert_eq!((&item["title"], &item["place"]), (&json!("Enfermera"), &json!("Gerona, Spain")));
    }
}
