//! Boards of employers at Ashby.

use super::about::required;
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, boards};
use crate::acquire::multilingual::many;
use serde_json::Value;

/// `https://api.ashbyhq.com/posting-api/job-board/{board}?includeCompensation=true`. Postings that the board does not show
/// (`isListed` = false) stand in the same list.
pub struct Ashby;

/// Where a posting says what it pays, the fuller text first.
const SALARIES: [&str; 2] =
    ["compensation.compensationTierSummary", "compensation.scrapeableCompensationSalarySummary"];

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
        boards::each_board(ask, |board| {
            let url = ask.url(&["posting-api", "job-board", board], &[("includeCompensation", "true")])?;
            Ok(Request::get(url, Expects::Json).noting(board))
        })
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        boards::listed(answer, "jobs", None)
    }

    fn reading(&self, _request: &Request) -> Reading {
        let columns = [
            ("id", "id"),
            ("title", "title"),
            ("url", "jobUrl"),
            ("place", "place"),
            ("posted_on", "publishedAt"),
            ("employer", "employer"),
        ];
        Reading::items("jobs", &columns)
            .with_any("body", &["descriptionHtml", "descriptionPlain"])
            .with_any("salary", &SALARIES)
            .with_const("board", "ashby")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        let further = record.get("secondaryLocations").map_or(&[][..], many).iter();
        let further = further.filter_map(|at| boards::scalar(at.get("location")).or_else(|| boards::scalar(Some(at))));
        let place = boards::places(boards::texts(record.get("location")).into_iter().chain(further));
        boards::put(&mut record, [("place", place)]);
        boards::plain(&mut record, &["title"]);
        boards::own(&mut record, request, "id", &[]);
        record
    }

    /// What only a direct link leads to is offered to nobody in particular, or twice.
    fn leaves_out(&self, record: &Value) -> Option<String> {
        let is_hidden = record.get("isListed") == Some(&Value::Bool(false));
        is_hidden.then(|| "the board does not show it: `isListed` is false".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn further_places_stand_behind_the_first() {
        let request = Request::get("https://x.org", Expects::Json).noting("acme");
        let place = |record: Value| Ashby.reshape(&request, record)["place"].clone();
        let further = json!([{"location": "Barcelona, Spain"}, {"location": "Madrid, Spain"}]);
        let both = place(json!({"location": "Madrid, Spain", "secondaryLocations": further}));
        assert_eq!(both, "Madrid, Spain; Barcelona, Spain");
        assert_eq!(place(json!({"location": "Remote", "secondaryLocations": []})), "Remote");
        assert_eq!(place(json!({"location": null, "secondaryLocations": "Nablus"})), "Nablus");
        assert_eq!(place(json!({"location": {"name": "Vic"}, "secondaryLocations": []})), "Vic");
    }

    #[test]
    fn what_the_board_does_not_show_is_left_out_in_words() {
        let told = Ashby.leaves_out(&json!({"id": "1", "isListed": false}));
        assert!(told.is_some_and(|words| words.contains("`isListed` is false")));
        for record in [json!({"isListed": true}), json!({"isListed": null}), json!({"id": "1"})] {
            assert_eq!(Ashby.leaves_out(&record), None, "{record}");
        }
    }

    #[test]
    fn the_compensation_that_is_asked_for_is_the_salary() {
        let Reading::Items { columns, .. } = Ashby.reading(&Request::get("https://x.org", Expects::Json)) else {
            panic!("items are read")
        };
        let any = SALARIES.map(str::to_owned).to_vec();
        assert_eq!(columns["salary"], crate::acquire::ColumnRule::Any { any });
        assert!(SALARIES.contains(&"compensation.compensationTierSummary"));
    }
}
