//! Open Education API v5 (openonderwijsapi.nl): `/courses` with `pageNumber`, `pageSize` and `hasNextPage`, problems as
//! `application/problem+json` (R). Resources are laid out as in real answers of a university alliance, with texts as lists
//! of `{language, value}`, outcomes as lists of such lists, and empty strings for what is not known (V, real files).

use super::{Asked, Case, Reply};
use serde_json::{Value, json};

/// Names by language, one outcome, and study load in ECTS; the last course has no name.
type Course = (&'static [(&'static str, &'static str)], &'static str, u64);

const COURSES: [Course; 13] = [
    (
        &[("nl-NL", "Toegepaste cognitieve wetenschap"), ("en-GB", "Applied cognitive science")],
        "Interpret empirical findings in cognitive science",
        5,
    ),
    (&[("ca-ES", "Visualització de dades")], "Dissenyar quadres de comandament amb dades obertes", 3),
    (&[("es-ES", "Ciberseguridad para pymes")], "Elaborar un plan de respuesta ante incidentes", 4),
    (&[("en-GB", "Sustainable water management")], "Model the water balance of a catchment", 6),
    (&[("nl-NL", "Leiderschap in de zorg")], "Een team door een verandering leiden", 2),
    (
        &[("es-ES", "Programación en Python"), ("en-GB", "Programming in Python")],
        "Write tested programs that read and clean tables",
        6,
    ),
    (&[("ca-ES", "Economia circular")], "Avaluar el cicle de vida d'un producte", 3),
    (&[("en-GB", "Project management essentials")], "Plan the budget and the risks of a project", 2),
    (&[("es-ES", "Bioestadística aplicada")], "Interpretar ensayos clínicos con modelos de regresión", 5),
    (&[("ar", "أساسيات تحليل البيانات")], "تنظيف البيانات وعرضها في رسوم بيانية", 3),
    (&[("en-GB", "Machine learning in practice")], "Evaluate a classifier on data it has not seen", 5),
    (&[("ca-ES", "Comunicació intercultural")], "Conduir reunions en equips de diverses llengües", 2),
    (&[], "Say what this course is called", 1),
];

pub fn case() -> Case {
    Case {
        service: "ooapi",
        kind: "credentials",
        base_path: "/ooapi/v5",
        ask: "page_size = 10",
        source: "",
        reply,
        // Pages of 10 and 3.
        questions: 2,
        kept: 12,
        rejected: 1,
        shows: &[
            "Applied cognitive science",
            "Visualització de dades",
            "Elaborar un plan de respuesta ante incidentes",
            "Programming in Python",
            "أساسيات تحليل البيانات",
            "Comunicació intercultural",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    if asked.method != "GET" || asked.path != "/ooapi/v5/courses" {
        return problem(404, "Not Found", "There is no resource at this address");
    }
    let number = |name: &str, usual: usize| asked.query(name).map_or(Some(usual), |text| text.parse::<usize>().ok());
    let (Some(size @ (10 | 20 | 50 | 100 | 250)), Some(page @ 1..)) = (number("pageSize", 10), number("pageNumber", 1))
    else {
        return problem(400, "Bad request", "pageSize is one of 10, 20, 50, 100, 250 and pageNumber is at least 1");
    };
    let from = size * (page - 1);
    let courses = COURSES.iter().enumerate().skip(from).take(size);
    let items: Vec<Value> = courses.map(|(at, (names, outcome, ects))| course(at, names, outcome, *ects)).collect();
    let answer = json!({
        "pageSize": size, "pageNumber": page, "hasPreviousPage": page > 1, "hasNextPage": from + size < COURSES.len(),
        "totalPages": COURSES.len().div_ceil(size), "items": items,
    });
    Reply::json(answer.to_string())
}

fn course(at: usize, names: &[(&str, &str)], outcome: &str, ects: u64) -> Value {
    let id = format!("2b0e22fb-3c19-48a0-a48c-0000000000{at:02}");
    let text = |(language, value): &(&str, &str)| json!({"language": language, "value": value});
    let language = names.first().map_or("en-GB", |(language, _)| *language);
    let name: Vec<Value> = names.iter().map(text).collect();
    json!({
        "courseId": id, "primaryCode": {"codeType": "identifier", "code": format!("C{at:03}")}, "abbreviation": format!("C{at:03}"),
        "name": name, "description": [{"language": language, "value": ""}], "teachingLanguage": language.get(..2),
        "studyLoad": {"studyLoadUnit": "ects", "value": ects}, "level": if ects > 4 { "master" } else { "bachelor" },
        "learningOutcomes": [[{"language": language, "value": outcome}]], "modeOfDelivery": ["online"],
        "admissionRequirements": [], "assessment": [], "addresses": [], "duration": "", "ext": {},
        "fieldsOfStudy": "", "link": "", "organization": "6a1b1c0e-0000-4000-8000-000000000001",
        "consumers": [{"consumerKey": "eduxchange", "alliances": [{"name": "EWUU", "type": "broadening", "theme": ""}]}],
    })
}

fn problem(status: u16, title: &str, detail: &str) -> Reply {
    let body = json!({"status": status.to_string(), "title": title, "detail": detail});
    Reply::new(status, "application/problem+json", body.to_string())
}
