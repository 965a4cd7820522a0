//! sources.md §7.2, row Greenhouse: `{jobs:[...],meta{total}}`, `content` is HTML escaped once more (V, J7).

use super::{Asked, Case, Reply};

const BOARD: &str = r#"{"jobs":[
 {"id":4012345,"internal_job_id":3001,"title":"Data Engineer","updated_at":"2026-09-03T11:20:31-04:00","requisition_id":"R-17",
  "location":{"name":"Barcelona, Spain"},"absolute_url":"https://boards.greenhouse.io/acme/jobs/4012345","language":"en",
  "metadata":[],"content":"&lt;p&gt;You will build &lt;strong&gt;data pipelines&lt;/strong&gt; in Python &amp;amp; SQL.&lt;/p&gt;",
  "departments":[{"id":1,"name":"Data"}],"offices":[{"id":2,"name":"Barcelona"}]},
 {"id":4012346,"internal_job_id":3002,"title":"Técnico/a de sistemas","updated_at":"2026-09-04T09:00:00+02:00",
  "location":{"name":"Girona"},"absolute_url":"https://boards.greenhouse.io/acme/jobs/4012346","language":"es",
  "metadata":null,"content":"&lt;ul&gt;&lt;li&gt;Administración de servidores Linux&lt;/li&gt;&lt;/ul&gt;","departments":[],"offices":[]}
 ],"meta":{"total":2}}"#;

pub fn case() -> Case {
    Case {
        service: "greenhouse",
        kind: "postings",
        base_path: "",
        ask: "board = ['acme']",
        source: "",
        reply,
        questions: 1,
        kept: 2,
        rejected: 0,
        shows: &["Data Engineer", "Técnico/a de sistemas", "Barcelona, Spain", "acme/4012345"],
    }
}

fn reply(asked: &Asked) -> Reply {
    match (asked.method.as_str(), asked.path.as_str(), asked.query("content")) {
        ("GET", "/v1/boards/acme/jobs", Some("true")) => Reply::json(BOARD),
        // Without content=true the service leaves the descriptions out.
        ("GET", "/v1/boards/acme/jobs", _) => Reply::json(r#"{"jobs":[],"meta":{"total":0}}"#),
        _ => Reply::new(404, "application/json", r#"{"status":404,"error":"Job board not found"}"#),
    }
}
