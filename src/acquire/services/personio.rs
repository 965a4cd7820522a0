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
        boards::listed_in_xml(answer, ("workzag-jobs", ""), "position")
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
        let body = body(&record);
        // The feed holds no addresses: a posting's page is /job/{id} on the same host.
        let page = boards::scalar(record.get("id")).map(|id| format!("/job/{id}"));
        let page = page.and_then(|path| Url::parse(&request.url).ok()?.join(&path).ok()).map(String::from);
        let first = boards::texts(record.get("office")).into_iter();
        let place = boards::places(first.chain(boards::texts(record.pointer("/additionalOffices/office"))));
        boards::put(&mut record, [("body", Some(body)), ("url", page), ("place", place)]);
        boards::plain(&mut record, &["name", "createdAt"]);
        boards::own(&mut record, request, "id", &["/subcompany"]);
        record
    }
}

/// The parts of a description with their headings, which alone are no text.
fn body(record: &Value) -> String {
    let lists = record.get("jobDescriptions").map_or(&[][..], many).iter();
    let parts = lists.flat_map(|list| list.get("jobDescription").map_or(&[][..], many));
    let text = |part: &Value, key: &str| boards::texts(part.get(key)).join(" ");
    let said: Vec<(String, String)> = parts.map(|part| (text(part, "name"), text(part, "value"))).collect();
    if said.iter().all(|(_, value)| value.is_empty()) {
        return String::new();
    }
    let parts = said.iter().map(|(name, value)| format!("<h3>{name}</h3>{value}"));
    parts.collect::<Vec<_>>().join("\n")
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
        // Headings alone are no text, and parts may stand in several lists.
        assert_eq!(body(json!({"jobDescription": [{"name": "Perfil", "value": " "}, {"name": "Tareas"}]})), "");
        let lists = json!([{"jobDescription": one}, {"jobDescription": {"name": "Tareas", "value": "t"}}]);
        assert_eq!(body(lists), "<h3>Perfil</h3><p>SQL</p>\n<h3>Tareas</h3>t");
    }

    #[test]
    fn several_offices_an_id_and_a_language_cost_neither_place_nor_text() {
        let position = "<position><id>7</id><name id='9'>Nurse</name><office id='3'>Barcelona</office>\
                        <office>Ramallah</office><jobDescriptions><jobDescription><name lang='en'>Tasks</name>\
                        <value lang='en'><![CDATA[<p>Plan</p>]]></value></jobDescription></jobDescriptions></position>";
        let (_, record) = crate::acquire::xml_value::parse("xml", position).unwrap();
        let request = Request::get("https://acme.jobs.personio.de/xml?language=en", Expects::Xml).noting("acme");
        let record = Personio.reshape(&request, record);
        assert_eq!((&record["name"], &record["place"]), (&json!("Nurse"), &json!("Barcelona; Ramallah")));
        assert_eq!(record["body"], "<h3>Tasks</h3><p>Plan</p>");
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
