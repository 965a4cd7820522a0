//! Career sites of employers at Personio.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict, boards};
use crate::acquire::multilingual::many;
use serde_json::Value;
use url::Url;

/// `https://{board}.jobs.personio.de/xml?language=en`; a description comes in parts, each with its heading.
pub struct Personio;

impl Service for Personio {
    fn about(&self) -> About {
        About {
            id: "personio",
            holds: Holds::Postings,
            publisher: "employers, by Personio",
            base: "https://{board}.jobs.personio.de",
            parameters: const {
                &[
                    required(
                        "board",
                        "the first part of a site's host, one or several: [\"acme\"]; for sites that end in .com, \
                     base_url = \"https://{board}.jobs.personio.com\"",
                    ),
                    optional("language", "the language of the texts, English unless said otherwise: \"es\""),
                ]
            },
            pause_seconds: 1.0,
            terms: "public boards, made to be shown elsewhere; one board is one employer",
            credential: None,
            vintage: "hash",
            records: (0, 50_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let language = ask.one("language").unwrap_or("en");
        boards::each_board(ask, |board| {
            let url = ask.url_of("board", board, &["xml"], &[("language", language)])?;
            Ok(Request::get(url, Expects::Xml).noting(board))
        })
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        boards::listed_in_xml(answer, ("workzag-jobs", "<workzag-jobs"), "<position")
    }

    fn reading(&self, _request: &Request) -> Reading {
        let columns = [
            ("id", "id"),
            ("title", "name"),
            ("body", "body"),
            ("url", "url"),
            ("place", "place"),
            ("posted_on", "createdAt"),
            ("employer", "employer"),
        ];
        Reading::items("position", &columns).with_const("board", "personio")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        let parts = record.pointer("/jobDescriptions/jobDescription").map_or(&[][..], many);
        let text = |part: &Value, key: &str| part.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = parts.iter().map(|part| format!("<h3>{}</h3>{}", text(part, "name"), text(part, "value")));
        let body = body.collect::<Vec<_>>().join("\n");
        // The feed holds no addresses: a posting's page is /job/{id} on the same host.
        let page = boards::scalar(record.get("id")).map(|id| format!("/job/{id}"));
        let page = page.and_then(|path| Url::parse(&request.url).ok()?.join(&path).ok()).map(String::from);
        let first = boards::scalar(record.get("office")).into_iter();
        let place = boards::places(first.chain(boards::texts(record.pointer("/additionalOffices/office"))));
        boards::put(&mut record, [("body", Some(body)), ("url", page), ("place", place)]);
        boards::own(&mut record, request, "id", &["/subcompany"]);
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_part_several_and_none_make_a_body() {
        let body = |parts: Value| {
            Personio.reshape(
                &Request::get("https://acme.jobs.personio.de/xml", Expects::Xml),
                json!({"id": "7", "jobDescriptions": parts}),
            )["body"]
                .clone()
        };
        let one = json!({"name": "Perfil", "value": "<p>SQL</p>"});
        assert_eq!(body(json!({"jobDescription": one})), "<h3>Perfil</h3><p>SQL</p>");
        let several = json!({"jobDescription": [one, {"name": "Tareas", "value": "t"}]});
        assert_eq!(body(several), "<h3>Perfil</h3><p>SQL</p>\n<h3>Tareas</h3>t");
        assert_eq!(body(Value::Null), "");
    }

    #[test]
    fn further_offices_stand_behind_the_first_and_the_company_that_hires_is_the_employer() {
        let request = Request::get("https://acme.jobs.personio.de/xml?language=en", Expects::Xml).noting("acme");
        let shaped = |record: Value| Personio.reshape(&request, record);
        let offices = json!({"office": ["Madrid", "Girona"]});
        let one = shaped(json!({"id": "7", "office": "Girona", "additionalOffices": offices, "subcompany": "Acme SL"}));
        assert_eq!((&one["place"], &one["employer"]), (&json!("Girona; Madrid"), &json!("Acme SL")));
        assert_eq!((&one["id"], &one["url"]), (&json!("acme/7"), &json!("https://acme.jobs.personio.de/job/7")));
        let one = shaped(json!({"id": "8", "additionalOffices": {"office": "Nablus"}}));
        assert_eq!((&one["place"], &one["employer"]), (&json!("Nablus"), &json!("acme")));
    }
}
