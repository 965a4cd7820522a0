//! sources.md §7.2, row Recruitee: `{offers:[...]}` at `/api/offers/` of a host per employer, texts in HTML (V, J6, J10);
//! how `published_at` is spelt and what other addresses get are recalled (R).

use super::{Asked, Case, Reply};

const OFFERS: &str = r#"{"offers":[
 {"id":1520011,"title":"Desarrollador/a web","city":"Bilbao","country":"Spain","location":"Bilbao, País Vasco, Spain","remote":false,
  "careers_url":"https://acme.recruitee.com/o/desarrolladora-web","description":"<p>Mantendrás la tienda en línea de Acme.</p>",
  "requirements":"<ul><li>Experiencia con TypeScript y Vue</li><li>Inglés B2</li></ul>","published_at":"2026-09-02 09:12:11 UTC"},
 {"id":1520012,"title":"Mestre/a d'obres","city":"Reus","country":"Spain","location":"Reus, Catalunya, Spain","remote":false,
  "careers_url":"https://acme.recruitee.com/o/mestrea-dobres","description":"<p>Coordinaràs els equips i la seguretat a l'obra.</p>",
  "requirements":"","published_at":"2026-09-04 15:40:00 UTC"},
 {"id":1520013,"title":"Logistics Coordinator","city":"Gaza","country":"Palestine","location":"Gaza, Palestine","remote":false,
  "careers_url":"https://acme.recruitee.com/o/logistics-coordinator","description":"<div>You arrange transport &amp; customs clearance.</div>",
  "requirements":"<ul><li>Arabic and English, spoken and written</li></ul>","published_at":"2026-09-08 06:00:00 UTC"}
]}"#;

pub fn case() -> Case {
    Case {
        service: "recruitee",
        kind: "postings",
        base_path: "/{board}",
        ask: "board = ['acme']",
        source: "",
        reply,
        questions: 1,
        kept: 3,
        rejected: 0,
        shows: &[
            "Desarrollador/a web",
            "Experiencia con TypeScript y Vue",
            "Coordinaràs els equips",
            "Gaza, Palestine",
            "2026-09-08",
            "acme/1520011",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/acme/api/offers/") => Reply::json(OFFERS),
        _ => Reply::new(404, "application/json", r#"{"error":"Not found"}"#),
    }
}
