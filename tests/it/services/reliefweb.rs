//! sources.md §7.1 and §10.1, ReliefWeb v2: 403 without an approved appname, POST form, presets, `offset` and
//! `totalCount`, string id outside and number inside, empty fields left out (V, J1-J5). Texts of errors, codes of the
//! taxonomies and what a question without filter gets are recalled (R).

use super::{Asked, Case, Reply};
use serde_json::{Map, Value, json};

/// Newest first. Of these the last three are asked for by nobody: before the day, in another country, expired.
const JOBS: &str = r###"[
 {"id":4180009,"title":"Monitoring & Evaluation Officer","status":"published",
  "body":"**Responsibilities**\n\n- Develop M&E plans and logical frameworks\n- Analyse survey data in SPSS or R\n\n**Requirements**\n\n- Three years of experience\n- Fluent Arabic and English",
  "body-html":"<p><strong>Responsibilities</strong></p><ul><li>Develop M&amp;E plans and logical frameworks</li></ul>",
  "how_to_apply":"Send CV to jobs@example.org","url":"https://reliefweb.int/node/4180009",
  "url_alias":"https://reliefweb.int/job/4180009/monitoring-evaluation-officer",
  "date":{"created":"2026-09-04T08:15:00+00:00","changed":"2026-09-04T09:00:00+00:00","closing":"2026-09-20T00:00:00+00:00"},
  "country":[{"id":180,"name":"occupied Palestinian territory","shortname":"oPt","iso3":"pse","location":{"lat":31.9,"lon":35.2}}],
  "city":[{"name":"Ramallah"}],
  "source":[{"id":1,"name":"Example Relief","shortname":"ER","homepage":"https://relief.example","type":[{"id":274,"name":"Non-governmental Organization"}]}],
  "type":[{"id":263,"name":"Job"}],"experience":[{"id":259,"name":"3-4 years"}],
  "career_categories":[{"id":6868,"name":"Monitoring and Evaluation"}],"theme":[{"id":4591,"name":"Education"}],
  "language":[{"id":267,"name":"English","code":"en"}]},
 {"id":4180008,"title":"منسق/ة مياه وصرف صحي","status":"published",
  "body":"**المهام**\n\n- الإشراف على إعادة تأهيل شبكات المياه\n- إعداد التقارير الشهرية للجهة المانحة\n\n**المؤهلات**\n\n- بكالوريوس في الهندسة المدنية أو البيئية",
  "how_to_apply":"يرجى إرسال السيرة الذاتية","url":"https://reliefweb.int/node/4180008",
  "url_alias":"https://reliefweb.int/job/4180008/mnsq-myah-wsrf-shy",
  "date":{"created":"2026-09-02T06:00:00+00:00","changed":"2026-09-02T06:00:00+00:00","closing":"2026-09-16T00:00:00+00:00"},
  "country":[{"id":180,"name":"occupied Palestinian territory","shortname":"oPt","iso3":"pse","location":{"lat":31.9,"lon":35.2}}],
  "city":[{"name":"Gaza"}],"source":[{"id":2,"name":"جمعية المثال للتنمية","shortname":"جمعية المثال"}],
  "type":[{"id":263,"name":"Job"}],"theme":[{"id":4604,"name":"Water Sanitation Hygiene"}],
  "language":[{"id":6748,"name":"Arabic","code":"ar"}]},
 {"id":4180007,"title":"Remote consultant","status":"published","url":"https://reliefweb.int/node/4180007",
  "url_alias":"https://reliefweb.int/job/4180007/remote-consultant","date":{"created":"2026-08-28T10:30:00+00:00"},
  "country":[{"id":180,"name":"occupied Palestinian territory","iso3":"pse"}],"source":[{"id":1,"name":"Example Relief"}]},
 {"id":4180006,"title":"Information Management Officer","status":"published",
  "body":"You will maintain dashboards in Power BI and train partners in KoboToolbox.","url":"https://reliefweb.int/node/4180006",
  "url_alias":"https://reliefweb.int/job/4180006/information-management-officer",
  "date":{"created":"2026-08-20T12:00:00+00:00","changed":"2026-08-21T07:45:00+00:00","closing":"2026-09-05T00:00:00+00:00"},
  "country":[{"id":180,"name":"occupied Palestinian territory","iso3":"pse"},{"id":122,"name":"Jordan","iso3":"jor"}],
  "source":[{"id":3,"name":"Example Agency","shortname":"EA"},{"id":1,"name":"Example Relief","shortname":"ER"}],
  "type":[{"id":264,"name":"Consultancy"}],"experience":[{"id":260,"name":"5-9 years"}],
  "theme":[{"id":4590,"name":"Coordination"},{"id":4592,"name":"Food and Nutrition"}],
  "language":[{"id":267,"name":"English","code":"en"}]},
 {"id":4180005,"title":"Psychosocial Support Facilitator","status":"published",
  "body":"- Facilitate sessions with children and caregivers\n- Keep case records confidential","url":"https://reliefweb.int/node/4180005",
  "url_alias":"https://reliefweb.int/job/4180005/psychosocial-support-facilitator",
  "date":{"created":"2026-08-03T09:00:00+00:00","closing":"2026-09-30T00:00:00+00:00"},
  "country":[{"id":180,"name":"occupied Palestinian territory","iso3":"pse"}],"city":[{"name":"Hebron"}],
  "source":[{"id":4,"name":"Example Children's Fund"}],"type":[{"id":265,"name":"Internship"}],
  "language":[{"id":267,"name":"English","code":"en"}]},
 {"id":4180004,"title":"Chargé·e de logistique","status":"published","body":"Vous gérez les stocks et la flotte.",
  "url_alias":"https://reliefweb.int/job/4180004/charge-logistique","date":{"created":"2026-08-02T09:00:00+00:00"},
  "country":[{"id":122,"name":"Jordan","iso3":"jor"}],"source":[{"id":3,"name":"Example Agency"}]},
 {"id":4180003,"title":"Driver","status":"expired","body":"Drives.","date":{"created":"2026-08-01T09:00:00+00:00"},
  "country":[{"id":180,"name":"occupied Palestinian territory","iso3":"pse"}],"source":[{"id":3,"name":"Example Agency"}]},
 {"id":4170001,"title":"Nurse","status":"published","body":"Cares for patients.","date":{"created":"2026-05-05T09:00:00+00:00"},
  "country":[{"id":180,"name":"occupied Palestinian territory","iso3":"pse"}],"source":[{"id":3,"name":"Example Agency"}]}
]"###;

pub fn case() -> Case {
    Case {
        service: "reliefweb",
        kind: "postings",
        base_path: "",
        ask: "appname = 'example-org-skills'\nsince = '2026-08-01'\nlimit = 2",
        source: "",
        reply,
        // Pages of 2, 2 and 1.
        questions: 3,
        kept: 4,
        // The remote consultant has no body.
        rejected: 1,
        shows: &[
            "4180009",
            "Monitoring & Evaluation Officer",
            "Analyse survey data in SPSS or R",
            "منسق/ة مياه وصرف صحي",
            "جمعية المثال للتنمية",
            "Gaza, occupied Palestinian territory",
            "Example Agency, Example Relief",
            "https://reliefweb.int/job/4180006/information-management-officer",
            "2026-08-03T09:00:00+00:00",
        ],
    }
}

fn reply(asked: &Asked) -> Reply {
    if asked.path != "/v2/jobs" {
        return error(404, "NotFoundHttpException", "No route found.");
    }
    if asked.query("appname") != Some("example-org-skills") {
        let message =
            "You are not using an approved appname. Please see https://apidoc.reliefweb.int/parameters#appname";
        return error(403, "AccessDeniedHttpException", message);
    }
    // The GET form is only imitated without parameters.
    let content = if asked.method == "POST" { asked.body.as_str() } else { "{}" };
    let Ok(question) = serde_json::from_str::<Value>(content) else {
        return error(400, "BadRequestHttpException", "Invalid JSON payload.");
    };
    let number = |name: &str, usual: u64| question.get(name).map_or(Some(usual), Value::as_u64);
    let (Some(limit @ 1..=1000), Some(offset)) = (number("limit", 10), number("offset", 0)) else {
        let message = "Invalid \"limit\" specified: it must be an integer between 1 and 1000.";
        return error(400, "BadRequestHttpException", message);
    };
    let preset = question.get("preset").and_then(Value::as_str).unwrap_or("minimal");
    if !["minimal", "latest", "analysis"].contains(&preset) {
        return error(400, "BadRequestHttpException", "Invalid \"preset\" specified.");
    }
    let jobs: Vec<Value> = serde_json::from_str(JOBS).unwrap();
    let found: Vec<Value> = jobs
        .into_iter()
        .filter(|job| preset == "analysis" || job["status"] == "published")
        .filter(|job| question.get("filter").is_none_or(|filter| fits(job, filter)))
        .collect();
    let page: Vec<Value> =
        found.iter().skip(offset as usize).take(limit as usize).map(|job| item(asked, &question, job)).collect();
    envelope(asked, page, found.len() as u64, offset, limit)
}

fn envelope(asked: &Asked, page: Vec<Value>, total: u64, offset: u64, limit: u64) -> Reply {
    let own = format!("{}/v2/jobs?appname=example-org-skills", asked.base);
    let at = |offset: u64| json!({"href": format!("{own}&limit={limit}&offset={offset}")});
    let mut links = Map::from_iter([("self".to_owned(), at(offset))]);
    if offset + limit < total {
        links.insert("next".to_owned(), at(offset + limit));
    }
    if offset > 0 {
        links.insert("prev".to_owned(), at(offset.saturating_sub(limit)));
    }
    let count = page.len();
    let answer = json!({"time":12,"href":own,"links":links,"took":5,"totalCount":total,"count":count,"data":page});
    Reply::json(answer.to_string())
}

fn item(asked: &Asked, question: &Value, job: &Value) -> Value {
    let id = job["id"].as_u64().unwrap().to_string();
    let include: Vec<&str> = match question.pointer("/fields/include").and_then(Value::as_array) {
        Some(names) => names.iter().filter_map(Value::as_str).collect(),
        None => vec!["title"],
    };
    let href = format!("{}/v2/jobs/{id}", asked.base);
    json!({"id":id,"score":1,"href":href,"fields":chosen(job, &include)})
}

/// Only the fields asked for; of `source.name` only the names of sources.
fn chosen<'a>(value: &Value, include: &[&'a str]) -> Value {
    match value {
        Value::Array(list) => list.iter().map(|one| chosen(one, include)).collect(),
        Value::Object(map) => {
            let mut kept = Map::new();
            for (key, inner) in map {
                let below = |name: &&'a str| name.strip_prefix(key.as_str())?.strip_prefix('.');
                let names: Vec<&str> = include.iter().filter_map(below).collect();
                if include.contains(&key.as_str()) {
                    kept.insert(key.clone(), inner.clone());
                } else if !names.is_empty() {
                    kept.insert(key.clone(), chosen(inner, &names));
                }
            }
            Value::Object(kept)
        }
        other => other.clone(),
    }
}

/// Conditions with a value, several values, or a range from a moment; all must hold, whatever the case of letters.
fn fits(job: &Value, filter: &Value) -> bool {
    let conditions = filter.get("conditions").and_then(Value::as_array).unwrap();
    conditions.iter().all(|condition| {
        let found = at_path(job, condition["field"].as_str().unwrap());
        let wanted = &condition["value"];
        if let Some(from) = wanted.get("from").and_then(Value::as_str) {
            return found.iter().any(|text| text.as_str() >= from);
        }
        let is = |wanted: &Value| found.iter().any(|text| text.eq_ignore_ascii_case(wanted.as_str().unwrap()));
        match wanted {
            Value::Array(list) => list.iter().all(is),
            one => is(one),
        }
    })
}

fn at_path(value: &Value, path: &str) -> Vec<String> {
    match (value, path.split_once('.')) {
        (Value::Array(list), _) => list.iter().flat_map(|one| at_path(one, path)).collect(),
        (Value::Object(map), Some((key, rest))) => map.get(key).map_or_else(Vec::new, |inner| at_path(inner, rest)),
        (Value::Object(map), None) => map.get(path).map_or_else(Vec::new, |inner| at_path(inner, "")),
        (Value::String(text), _) => vec![text.clone()],
        (other, _) => vec![other.to_string()],
    }
}

fn error(status: u16, kind: &str, message: &str) -> Reply {
    let body = json!({"status":status,"time":1,"error":{"type":kind,"message":message}});
    Reply::new(status, "application/json", body.to_string())
}
