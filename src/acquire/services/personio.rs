//! Career sites of employers at Personio.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Reading, Request, Service, Verdict};
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
        let request = |board: &String| {
            let url = ask.url_of("board", board, &["xml"], &[("language", language)])?;
            Ok(Request::get(url, Expects::Xml).noting(board))
        };
        ask.many("board").iter().map(request).collect()
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        if verdict == Verdict::Data && !answer.text().contains("<position") {
            return Verdict::Nothing(format!("\"{}\" has no position open", answer.request.note));
        }
        verdict
    }

    fn reading(&self, request: &Request) -> Reading {
        Reading::items(
            "position",
            &[("id", "id"), ("title", "name"), ("body", "body"), ("place", "office"), ("url", "url")],
        )
        .with_const("employer", &request.note)
        .with_const("board", "personio")
    }

    fn reshape(&self, request: &Request, mut record: Value) -> Value {
        let parts: &[Value] = match record.get("jobDescriptions").and_then(|parts| parts.get("jobDescription")) {
            Some(Value::Array(parts)) => parts,
            Some(part) => std::slice::from_ref(part),
            None => &[],
        };
        let text = |part: &Value, key: &str| part.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = parts.iter().map(|part| format!("<h3>{}</h3>{}", text(part, "name"), text(part, "value")));
        let body = body.collect::<Vec<_>>().join("\n");
        // The feed holds no addresses: a posting's page is /job/{id} on the same host.
        let page = record.get("id").and_then(Value::as_str).map(|id| format!("/job/{id}"));
        let page = page.and_then(|path| Url::parse(&request.url).ok()?.join(&path).ok());
        if let Value::Object(map) = &mut record {
            map.insert("body".to_owned(), body.into());
            map.extend(page.map(|page| ("url".to_owned(), Value::String(page.into()))));
        }
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
}
