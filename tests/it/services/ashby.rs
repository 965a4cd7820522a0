//! sources.md §7.2, row Ashby: `{apiVersion,jobs:[...]}`; many names are answered with 404 (V, J6, J10). The text of the
//! 404 and what stands inside `compensation` are recalled (R).

use super::{Asked, Case, Reply};
use serde_json::Value;

const BOARD: &str = r#"{"apiVersion":"1","jobs":[
 {"id":"145ff46b-1441-4773-bcd3-c8c90baa598a","title":"Machine Learning Engineer","department":"Engineering","team":"Search",
  "location":"Madrid, Spain","secondaryLocations":[{"location":"Barcelona, Spain"}],"employmentType":"FullTime","workplaceType":"Hybrid",
  "isRemote":false,"isListed":true,"publishedAt":"2026-09-02T16:21:55.393+00:00",
  "jobUrl":"https://jobs.ashbyhq.com/acme/145ff46b-1441-4773-bcd3-c8c90baa598a","applyUrl":"https://jobs.ashbyhq.com/acme/145ff46b-1441-4773-bcd3-c8c90baa598a/application",
  "descriptionHtml":"<h2>About the role</h2><p>You train ranking models with PyTorch &amp; serve them.</p><ul><li>Experience with Kubernetes</li></ul>",
  "descriptionPlain":"About the role\n\nYou train ranking models with PyTorch & serve them.\n\n- Experience with Kubernetes",
  "compensation":{"compensationTierSummary":"€55K – €70K"}},
 {"id":"2f0e6c1d-9d0a-4d3b-8a68-6f5d3c0b7e21","title":"Responsable de contabilidad","department":"Finanzas","team":"Contabilidad",
  "location":"Sevilla, España","secondaryLocations":[],"employmentType":"FullTime","workplaceType":"OnSite","isRemote":false,"isListed":true,
  "publishedAt":"2026-09-07T08:00:00.000+00:00","jobUrl":"https://jobs.ashbyhq.com/acme/2f0e6c1d-9d0a-4d3b-8a68-6f5d3c0b7e21",
  "applyUrl":"https://jobs.ashbyhq.com/acme/2f0e6c1d-9d0a-4d3b-8a68-6f5d3c0b7e21/application",
  "descriptionHtml":"<p>Llevarás el cierre mensual y la presentación de impuestos.</p><ul><li>Conocimientos de SAP</li></ul>",
  "descriptionPlain":"Llevarás el cierre mensual y la presentación de impuestos.\n\n- Conocimientos de SAP","compensation":{"compensationTierSummary":null}},
 {"id":"7c7b1a90-52f6-4e0f-9f35-1c8d8c1f9b32","title":"Office Manager","department":"People","team":"People","location":"Remote",
  "secondaryLocations":[],"employmentType":"PartTime","workplaceType":"Remote","isRemote":true,"isListed":false,
  "publishedAt":"2026-08-20T10:10:10.000+00:00","jobUrl":"https://jobs.ashbyhq.com/acme/7c7b1a90-52f6-4e0f-9f35-1c8d8c1f9b32",
  "applyUrl":"https://jobs.ashbyhq.com/acme/7c7b1a90-52f6-4e0f-9f35-1c8d8c1f9b32/application",
  "descriptionHtml":"<p>You keep two offices running and organise travel.</p>","descriptionPlain":"You keep two offices running and organise travel.",
  "compensation":{"compensationTierSummary":null}}
]}"#;

pub fn case() -> Case {
    Case {
        service: "ashby",
        kind: "postings",
        base_path: "",
        ask: "board = ['acme']",
        source: "",
        reply,
        questions: 1,
        // The one that the board does not show is counted, and is no posting.
        kept: 2,
        rejected: 1,
        shows: &[
            "Machine Learning Engineer",
            "Madrid, Spain; Barcelona, Spain",
            "€55K – €70K",
            "Llevarás el cierre mensual",
            "2026-09-07",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    if (asked.method.as_str(), asked.path.as_str()) != ("GET", "/posting-api/job-board/acme") {
        return Reply::new(404, "text/plain", "Not Found");
    }
    if asked.query("includeCompensation") == Some("true") {
        return Reply::json(BOARD);
    }
    let mut board: Value = serde_json::from_str(BOARD).unwrap();
    for job in board["jobs"].as_array_mut().unwrap() {
        job.as_object_mut().unwrap().remove("compensation");
    }
    Reply::json(board.to_string())
}
