//! sources.md §7.2, row Lever: a top-level array, paged by `skip` and `limit`; requirements in `lists[]`, `createdAt` in
//! milliseconds (V, J6, J9). What an unknown site and a question without `mode=json` get is recalled (R).

use super::{Asked, Case, Reply};
use serde_json::Value;

const BOARD: &str = r#"[
 {"id":"5ac21346-8e0c-4494-8e7a-3eb92ff77902","text":"Backend Engineer","country":"ES","workplaceType":"hybrid",
  "categories":{"location":"Barcelona","commitment":"Full-time","team":"Platform","department":"Engineering","allLocations":["Barcelona","Madrid"]},
  "description":"<div>We build the booking engine behind 4,000 hotels.</div>","descriptionPlain":"We build the booking engine behind 4,000 hotels.\n",
  "descriptionBody":"<div>We build the booking engine behind 4,000 hotels.</div>","descriptionBodyPlain":"We build the booking engine behind 4,000 hotels.\n",
  "lists":[{"text":"What you'll do","content":"<li>Design REST services in Rust &amp; PostgreSQL</li><li>Review the code of others</li>"},
           {"text":"What you bring","content":"<li>Three years with distributed systems</li>"}],
  "additional":"<div>We offer flexible hours.</div>","additionalPlain":"We offer flexible hours.\n",
  "hostedUrl":"https://jobs.lever.co/acme/5ac21346-8e0c-4494-8e7a-3eb92ff77902","applyUrl":"https://jobs.lever.co/acme/5ac21346-8e0c-4494-8e7a-3eb92ff77902/apply",
  "salaryRange":{"currency":"EUR","interval":"per-year-salary","min":48000,"max":62000},"createdAt":1788250500000},
 {"id":"0b8b8f6e-1f7c-4a5b-a1c4-7b0b6a3f0d11","text":"Analista de datos","country":"ES","workplaceType":"on-site",
  "categories":{"location":"Valencia","commitment":"Jornada completa","team":"Datos","allLocations":["Valencia"]},
  "description":"<p>Buscamos a una persona que convierta datos de reservas en decisiones.</p>","descriptionPlain":"Buscamos a una persona que convierta datos de reservas en decisiones.\n",
  "lists":[{"text":"Requisitos","content":"<li>Dominio de SQL y Power BI</li><li>Nivel avanzado de inglés</li>"}],
  "additional":"","additionalPlain":"","hostedUrl":"https://jobs.lever.co/acme/0b8b8f6e-1f7c-4a5b-a1c4-7b0b6a3f0d11",
  "applyUrl":"https://jobs.lever.co/acme/0b8b8f6e-1f7c-4a5b-a1c4-7b0b6a3f0d11/apply","createdAt":1788336900000},
 {"id":"9d1f4a52-36c0-4a0e-8e0c-2c8f1d7e4b22","text":"Tècnic/a de suport informàtic","country":"ES","workplaceType":"on-site",
  "categories":{"location":"Girona","commitment":"Jornada completa","team":"Sistemes"},
  "description":"<p>Donaràs suport a les persones usuàries de tres centres.</p>","descriptionPlain":"Donaràs suport a les persones usuàries de tres centres.\n",
  "lists":[{"text":"Què demanem","content":"<li>Cicle formatiu de grau superior en informàtica</li><li>Català i castellà parlats i escrits</li>"}],
  "additional":"<p>Contracte indefinit.</p>","additionalPlain":"Contracte indefinit.\n","hostedUrl":"https://jobs.lever.co/acme/9d1f4a52-36c0-4a0e-8e0c-2c8f1d7e4b22",
  "applyUrl":"https://jobs.lever.co/acme/9d1f4a52-36c0-4a0e-8e0c-2c8f1d7e4b22/apply","createdAt":1788423300000},
 {"id":"c7e0d5b4-6a3e-4f0c-9c55-5f4f2f1f7a33","text":"Customer Success Manager","country":null,"workplaceType":"remote",
  "categories":{"location":"Remote, Europe","commitment":"Full-time","team":"Customers"},
  "description":"<div>You look after our partners in Southern Europe.</div>","descriptionPlain":"You look after our partners in Southern Europe.\n",
  "lists":[],"additional":"<div>Fluent Spanish and English are a must.</div>","additionalPlain":"Fluent Spanish and English are a must.\n",
  "hostedUrl":"https://jobs.lever.co/acme/c7e0d5b4-6a3e-4f0c-9c55-5f4f2f1f7a33","applyUrl":"https://jobs.lever.co/acme/c7e0d5b4-6a3e-4f0c-9c55-5f4f2f1f7a33/apply",
  "createdAt":1788509700000},
 {"id":"e2a94f18-77b1-4d0e-b7d6-0d9b4c6f8c44","text":"مهندس/ة برمجيات","country":"PS","workplaceType":"hybrid",
  "categories":{"location":"Ramallah","commitment":"Full-time","team":"Platform"},
  "description":"<p>نبحث عن مهندس أو مهندسة برمجيات للانضمام إلى فريقنا في رام الله.</p>","descriptionPlain":"نبحث عن مهندس أو مهندسة برمجيات للانضمام إلى فريقنا في رام الله.\n",
  "lists":[{"text":"المتطلبات","content":"<li>خبرة سنتين على الأقل في تطوير تطبيقات الويب</li><li>إجادة اللغة الإنجليزية</li>"}],
  "additional":"","additionalPlain":"","hostedUrl":"https://jobs.lever.co/acme/e2a94f18-77b1-4d0e-b7d6-0d9b4c6f8c44",
  "applyUrl":"https://jobs.lever.co/acme/e2a94f18-77b1-4d0e-b7d6-0d9b4c6f8c44/apply","createdAt":1788596100000}
]"#;

pub fn case() -> Case {
    Case {
        service: "lever",
        kind: "postings",
        base_path: "",
        ask: "board = ['acme']\nlimit = 2",
        source: "",
        reply,
        // Pages of 2, 2 and 1, and the empty one that ends them: no total is told.
        questions: 4,
        kept: 5,
        rejected: 0,
        shows: &[
            "Backend Engineer",
            "Three years with distributed systems",
            "Dominio de SQL y Power BI",
            "Català i castellà parlats i escrits",
            "المتطلبات",
            "2026-09-01",
            "62000",
            "acme/5ac21346-8e0c-4494-8e7a-3eb92ff77902",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    if (asked.method.as_str(), asked.path.as_str()) != ("GET", "/v0/postings/acme") {
        return Reply::new(404, "application/json", r#"{"ok":false,"error":"Document not found"}"#);
    }
    if asked.query("mode") != Some("json") {
        return Reply::new(200, "text/html; charset=utf-8", "<!doctype html><html><body>acme jobs</body></html>");
    }
    let number = |name: &str, otherwise: usize| asked.query(name).map_or(otherwise, |n| n.parse().unwrap());
    let board: Vec<Value> = serde_json::from_str(BOARD).unwrap();
    let page: Vec<Value> = board.into_iter().skip(number("skip", 0)).take(number("limit", 100)).collect();
    Reply::json(Value::from(page).to_string())
}
