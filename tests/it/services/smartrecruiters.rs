//! sources.md §7.2, row SmartRecruiters, and §10 no. 22: lists without texts, one detail per posting, an empty list with
//! status 200 for an unknown name (V, J6, J10); `totalFound` and the text of the 404 are recalled (R).

use super::{Asked, Case, Reply};
use serde_json::{Value, json};

/// Id, title, place and what its detail says; the last one was withdrawn after it had been listed.
static POSTINGS: [(&str, &str, &str, &str); 5] = [
    (
        "743999700000001",
        "Ingeniero/a de calidad",
        "Zaragoza, Aragón, Spain",
        r#"{"companyDescription":{"title":"Descripción de la empresa","text":"<p>Acme fabrica componentes desde 1961.</p>"},
            "jobDescription":{"title":"Descripción del empleo","text":"<p>Serás responsable del control estadístico de procesos.</p>"},
            "qualifications":{"title":"Requisitos","text":"<ul><li>Grado en ingeniería industrial</li><li>Conocimiento de ISO 9001</li></ul>"},
            "additionalInformation":{"title":"Información adicional","text":"<p>Contrato indefinido.</p>"}}"#,
    ),
    (
        "743999700000002",
        "Warehouse Team Leader",
        "Tarragona, Catalonia, Spain",
        r#"{"companyDescription":{"title":"Company Description","text":"<p>Acme has made components since 1961.</p>"},
            "jobDescription":{"title":"Job Description","text":"<p>You lead a shift of twelve people &amp; plan deliveries.</p>"},
            "qualifications":{"title":"Qualifications","text":"<ul><li>Forklift licence</li></ul>"}}"#,
    ),
    (
        "743999700000003",
        "Administratiu/va de compres",
        "Lleida, Catalonia, Spain",
        r#"{"companyDescription":{"title":"Descripció de l'empresa","text":"<p>Acme fabrica components des del 1961.</p>"},
            "jobDescription":{"title":"Descripció de la feina","text":"<p>Gestionaràs les comandes i el contacte amb els proveïdors.</p>"},
            "qualifications":{"title":"Requisits","text":"<p>Domini del full de càlcul i nivell C1 de català.</p>"},
            "additionalInformation":{"title":"Informació addicional","text":""}}"#,
    ),
    (
        "743999700000004",
        "مسؤول/ة مشتريات",
        "Nablus, Palestine",
        r#"{"jobDescription":{"title":"الوصف الوظيفي","text":"<p>إدارة طلبات الشراء والتفاوض مع الموردين.</p>"},
            "qualifications":{"title":"المؤهلات","text":"<ul><li>شهادة البكالوريوس في إدارة الأعمال</li></ul>"}}"#,
    ),
    ("743999700000005", "Production Planner", "Zaragoza, Aragón, Spain", ""),
];

pub fn case() -> Case {
    Case {
        service: "smartrecruiters",
        kind: "postings",
        base_path: "",
        ask: "board = ['Acme']\nlimit = 2",
        source: "",
        reply,
        // Lists of 2, 2 and 1, and five details.
        questions: 8,
        kept: 4,
        rejected: 1,
        shows: &[
            "Ingeniero/a de calidad",
            "Conocimiento de ISO 9001",
            "Forklift licence",
            "Lleida, Catalonia, Spain",
            "شهادة البكالوريوس في إدارة الأعمال",
            "2026-09-03",
            "https://jobs.smartrecruiters.com/Acme/743999700000001",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    let missing = || Reply::new(404, "application/json", r#"{"message":"Posting not found","errors":[]}"#);
    let Some(path) = asked.path.strip_prefix("/v1/companies/").filter(|_| asked.method == "GET") else {
        return Reply::not_found();
    };
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [company, "postings"] => list(asked, company),
        ["Acme", "postings", id] => detail(asked, id).unwrap_or_else(missing),
        _ => missing(),
    }
}

fn list(asked: &Asked, company: &str) -> Reply {
    let number = |name: &str, otherwise: usize| asked.query(name).map_or(otherwise, |n| n.parse().unwrap());
    let (offset, limit) = (number("offset", 0), number("limit", 10));
    let open: Vec<_> = POSTINGS.iter().filter(|_| company == "Acme").collect();
    let page: Vec<Value> =
        open.iter().skip(offset).take(limit).map(|(id, name, place, _)| head(asked, id, name, place)).collect();
    Reply::json(json!({"offset": offset, "limit": limit, "totalFound": open.len(), "content": page}).to_string())
}

fn detail(asked: &Asked, id: &str) -> Option<Reply> {
    let (id, name, place, sections) = POSTINGS.iter().find(|posting| posting.0 == id && !posting.3.is_empty())?;
    let mut posting = head(asked, id, name, place);
    let sections: Value = serde_json::from_str(sections).unwrap();
    posting["jobAd"] = json!({"sections": sections});
    Some(Reply::json(posting.to_string()))
}

fn head(asked: &Asked, id: &str, name: &str, place: &str) -> Value {
    let city = place.split(',').next().unwrap();
    let country = if place.ends_with("Spain") { "es" } else { "ps" };
    let day = id.chars().last().unwrap();
    json!({"id": id, "name": name, "ref": format!("{}/v1/companies/Acme/postings/{id}", asked.base),
        "location": {"city": city, "region": null, "country": country, "remote": false, "fullLocation": place},
        "releasedDate": format!("2026-09-0{day}T07:30:00.000Z"), "department": {"label": "Operations"},
        "function": {"id": "manufacturing", "label": "Manufacturing"},
        "typeOfEmployment": {"id": "permanent", "label": "Full-time"}})
}
