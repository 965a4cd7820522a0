//! sources.md §1.1, `/resource/skill` and `/resource/occupation`: `offset` counts records, 20 at most, `_embedded` is a
//! map by URI (V, E5, E14); errors (V, E1); links as object when single (V, E7, E4); the old taxonomy without
//! `selectedVersion` (V, E2, E3). Recalled (R): 400 for `language=ca` and for an unknown version, 404 for an unknown
//! scheme, `self` of a page.

use super::{Asked, Case, Reply};
use serde_json::{Map, Value, json};

const LANGUAGES: [&str; 3] = ["en", "es", "ar"];
const VERSIONS: [&str; 6] = ["v1.0.9", "v1.1.0", "v1.1.1", "v1.1.2", "v1.2.0", "v1.2.1"];
const OCCUPATION: &str = "http://data.europa.eu/esco/occupation/";
const SKILL: &str = "http://data.europa.eu/esco/skill/";

const CONDUCTOR: &str = "0e216d47-fc12-43e9-8953-ad8ba11f4b96";
const DIRECTOR: &str = "13d8b1be-d711-4bbc-a45e-cad605162f41";
const SOLAR_TECHNICIAN: &str = "75b63949-1b93-4bf2-a777-ccf978dc3e8a";
const DATABASE_DEVELOPER: &str = "b11e1742-5e28-4270-b081-b0193d85ee7d";
const MUSICAL_STAFF: &str = "0005c151-5b5a-4a66-8aac-60e734beb1ab";
const SOLAR_ENERGY: &str = "05e5e14f-ffa6-4106-b311-c6335ccc2bd2";
const PHOTOVOLTAIC: &str = "18d3f89a-6ac5-4ca6-bf93-0baec4e13bcd";
const SQL: &str = "598de5b0-5b58-4ea7-8058-a4bc4d18c742";
const TEAMS: &str = "60c78287-22eb-4103-9c8c-28deaa460da0";

pub fn case() -> Case {
    Case {
        service: "esco",
        kind: "taxonomy",
        base_path: "/esco/api",
        ask: "version = 'v1.2.0'\nlanguage = ['en', 'es', 'ar']\nlimit = 4",
        source: "",
        reply,
        // In each of three languages two pages of skills (4 and 1) and one of occupations (4).
        questions: 9,
        kept: 9,
        rejected: 0,
        shows: &[
            "manage musical staff",
            "work in teams",
            "energy from the sun",
            "energía solar",
            "instalar sistemas de energía solar",
            "العمل ضمن فرق",
            "العمل الجماعي",
            "directora de orquesta",
            "técnica en energía solar",
            "مطورة قاعدة البيانات",
            "2652",
            "7411",
            "Trabajar con confianza dentro de un grupo.",
        ],
    }
}

/// What is said of a concept in English, Spanish and Arabic.
struct Said {
    id: &'static str,
    names: [&'static str; 3],
    others: [&'static [&'static str]; 3],
    about: [&'static str; 3],
}

const SKILLS: [Said; 5] = [
    Said {
        id: MUSICAL_STAFF,
        names: ["manage musical staff", "gestionar tareas en relación con los músicos", "إدارة الطاقم الموسيقي"],
        others: [&["coordinate duties of musical staff", "manage musical staff"], &[], &[]],
        about: [
            "Assign and manage staff tasks in areas such as scoring, arranging and copying music.",
            "Asignar y gestionar las tareas del personal en áreas como la partitura, el arreglo y la copia de música.",
            "توزيع مهام الموظفين وإدارتها في مجالات مثل التلحين والتوزيع الموسيقي ونسخ النوتات.",
        ],
    },
    Said {
        id: SOLAR_ENERGY,
        names: ["solar energy", "energía solar", "الطاقة الشمسية"],
        others: [&["energy from the sun", "solar power"], &["energía del sol"], &[]],
        about: [
            "The energy which originates from light and heat from the sun.",
            "La energía que se origina a partir de la luz y el calor del sol.",
            "الطاقة التي تنشأ من الضوء والحرارة من الشمس.",
        ],
    },
    Said {
        id: PHOTOVOLTAIC,
        names: ["install photovoltaic systems", "instalar sistemas fotovoltaicos", "تركيب الأنظمة الفولتضوئية"],
        others: [&["install solar systems"], &["instalar sistemas de energía solar"], &["تركيب الألواح الشمسية"]],
        about: [
            "Install systems which generate electrical energy through the photovoltaic effect.",
            "Instalar sistemas que generen energía eléctrica mediante el efecto fotovoltaico.",
            "",
        ],
    },
    Said {
        id: SQL,
        names: ["SQL", "SQL", "SQL"],
        others: [&["SEQUEL", "Informix 4GL/SQL"], &["SEQUEL"], &[]],
        about: [
            "The computer language SQL is a query language for retrieval of information from a database.",
            "El lenguaje informático SQL es un lenguaje de consulta para extraer información de una base de datos.",
            "لغة استعلام لاسترجاع المعلومات من قاعدة البيانات.",
        ],
    },
    Said {
        id: TEAMS,
        names: ["work in teams", "trabajar en equipos", "العمل ضمن فرق"],
        others: [&["work in groups"], &["trabajar en grupo"], &["العمل الجماعي"]],
        about: [
            "Work confidently within a group with each doing their part.",
            "Trabajar con confianza dentro de un grupo.",
            "العمل بثقة ضمن مجموعة يؤدي فيها كل فرد دوره.",
        ],
    },
];

const OCCUPATIONS: [Said; 4] = [
    Said {
        id: CONDUCTOR,
        names: ["musical conductor", "director de orquesta/directora de orquesta", "قائد موسيقي"],
        others: [&["choir leader", "band leader"], &["director de banda de música"], &[]],
        about: [
            "Musical conductors lead ensembles of musicians.",
            "Los directores de orquesta dirigen conjuntos de músicos.",
            "يتولى قائد موسيقي قيادة مجموعات من الموسيقيين.",
        ],
    },
    Said {
        id: DIRECTOR,
        names: ["music director", "director musical/directora musical", "مخرج موسيقي / مخرجة موسيقية"],
        others: [&["orchestra conductor"], &[], &[]],
        about: ["Music directors lead musical groups such as orchestras and bands.", "", ""],
    },
    Said {
        id: SOLAR_TECHNICIAN,
        names: ["solar energy technician", "técnico en energía solar/técnica en energía solar", "فني الطاقة الشمسية"],
        others: [&["solar energy installation technician"], &["montador de placas solares"], &[]],
        about: [
            "Solar energy technicians install and maintain systems that collect solar energy.",
            "Los técnicos en energía solar instalan y mantienen sistemas que captan energía solar.",
            "يقوم فنيو الطاقة الشمسية بتركيب الأنظمة التي تجمع الطاقة الشمسية وصيانتها.",
        ],
    },
    Said {
        id: DATABASE_DEVELOPER,
        names: [
            "database developer",
            "desarrollador de bases de datos/desarrolladora de bases de datos",
            "مطور قاعدة البيانات / مطورة قاعدة البيانات",
        ],
        others: [&["database programmer"], &["programadora de bases de datos"], &[]],
        about: ["Database developers program, implement and coordinate changes to computer databases.", "", ""],
    },
];

fn link(uri: String, title: &str) -> Value {
    json!({"href": format!("https://ec.europa.eu/esco/api/resource?uri={uri}"), "uri": uri, "title": title})
}

fn to_occupation(id: &str, title: &str) -> Value {
    link(format!("{OCCUPATION}{id}"), title)
}

fn to_skill(id: &str, title: &str, kind: &str) -> Value {
    let mut link = link(format!("{SKILL}{id}"), title);
    link["skillType"] = json!(format!("http://data.europa.eu/esco/skill-type/{kind}"));
    link
}

fn to_group(id: &str, title: &str) -> Value {
    link(format!("{SKILL}{id}"), title)
}

fn isco(code: &str, title: &str) -> Value {
    let mut link = link(format!("http://data.europa.eu/esco/isco/C{code}"), title);
    link["code"] = json!(code);
    link
}

fn kind(kind: &str) -> Value {
    link(format!("http://data.europa.eu/esco/skill-type/{kind}"), kind)
}

fn reuse(code: &str, title: &str) -> Value {
    let mut link = link(format!("http://data.europa.eu/esco/skill-reuse-level/{code}"), title);
    link["code"] = json!(code);
    link
}

fn scheme(name: &str) -> Value {
    link(format!("http://data.europa.eu/esco/concept-scheme/{name}"), name)
}

/// Links of a concept: a list, or an object when there is one.
fn links(id: &str) -> Value {
    match id {
        MUSICAL_STAFF => json!({
            "hasSkillType": [kind("skill")],
            "hasReuseLevel": [reuse("sector-specific", "sector specific skills and competences")],
            "broaderHierarchyConcept": [to_group("aab9f44d-fe0e-46d8-a470-11ce82a64846", "supervising people")],
            "isEssentialForOccupation": [to_occupation(CONDUCTOR, "musical conductor"),
                to_occupation(DIRECTOR, "music director")],
            "isInScheme": [scheme("skills"), scheme("member-skills")],
        }),
        SOLAR_ENERGY => json!({
            "hasSkillType": kind("knowledge"),
            "hasReuseLevel": reuse("cross-sector", "cross-sector skills and competences"),
            "isEssentialForOccupation": to_occupation(SOLAR_TECHNICIAN, "solar energy technician"),
            "isInScheme": [scheme("member-skills"), scheme("green")],
        }),
        PHOTOVOLTAIC => json!({
            "hasSkillType": [kind("skill")],
            "hasReuseLevel": [reuse("occupation-specific", "occupation specific skills and competences")],
            "isEssentialForOccupation": [to_occupation(SOLAR_TECHNICIAN, "solar energy technician")],
            "isInScheme": [scheme("member-skills"), scheme("green")],
        }),
        SQL => json!({
            "hasSkillType": [kind("knowledge")],
            "hasReuseLevel": [reuse("sector-specific", "sector specific skills and competences")],
            "isOptionalForOccupation": to_occupation(DATABASE_DEVELOPER, "database developer"),
            "isInScheme": [scheme("member-skills"), scheme("6c930acd-c104-4ece-acf7-f44fd7333036")],
        }),
        TEAMS => json!({
            "hasSkillType": kind("skill"),
            "hasReuseLevel": reuse("transversal", "transversal skills and competences"),
            "isInScheme": scheme("member-skills"),
        }),
        // A narrower occupation has no group of ISCO.
        CONDUCTOR => json!({
            "broaderOccupation": to_occupation(DIRECTOR, "music director"),
            "hasEssentialSkill": to_skill(MUSICAL_STAFF, "manage musical staff", "skill"),
        }),
        DIRECTOR => json!({
            "broaderIscoGroup": [isco("2652", "Musicians, singers and composers")],
            "narrowerOccupation": to_occupation(CONDUCTOR, "musical conductor"),
            "hasEssentialSkill": [to_skill(MUSICAL_STAFF, "manage musical staff", "skill")],
        }),
        SOLAR_TECHNICIAN => json!({
            "hasEssentialSkill": [to_skill(SOLAR_ENERGY, "solar energy", "knowledge"),
                to_skill(PHOTOVOLTAIC, "install photovoltaic systems", "skill")],
            "hasOptionalSkill": to_skill(TEAMS, "work in teams", "skill"),
        }),
        _ => json!({
            "broaderIscoGroup": isco("2521", "Database designers and administrators"),
            "hasOptionalSkill": [to_skill(SQL, "SQL", "knowledge")],
        }),
    }
}

/// Names in every language; other names and the description in the one that was asked for.
fn row(said: &Said, is_skill: bool, language: usize) -> (String, Value) {
    let uri = format!("{}{}", if is_skill { SKILL } else { OCCUPATION }, said.id);
    let class = if is_skill { "Skill" } else { "Occupation" };
    let code = LANGUAGES[language];
    let mut names: Map<String, Value> =
        LANGUAGES.iter().zip(said.names).map(|(code, name)| ((*code).to_owned(), json!(name))).collect();
    // English sometimes has another key.
    if said.id == TEAMS
        && let Some(english) = names.remove("en")
    {
        names.insert("en-us".to_owned(), english);
    }
    let mut row = json!({
        "className": class, "classId": format!("http://data.europa.eu/esco/model#{class}"), "uri": uri,
        "title": said.names[language], "referenceLanguage": ["en"], "preferredLabel": names,
        "status": "released", "_links": links(said.id),
    });
    if !said.others[language].is_empty() {
        row["alternativeLabel"] = json!({code: said.others[language]});
    }
    if !said.about[language].is_empty() {
        row["description"] = json!({code: {"literal": said.about[language], "mimetype": "plain/text"}});
    }
    match said.id {
        CONDUCTOR => {
            row["code"] = json!("2652.3.1");
            row["alternativeTerms"] = json!({"es": [{"roles": ["female"], "label": "directora de coro"}]});
        }
        DIRECTOR => row["code"] = json!("2652.2"),
        SOLAR_TECHNICIAN => row["code"] = json!("7411.1.4"),
        DATABASE_DEVELOPER => row["code"] = json!("2521.3"),
        _ => {}
    }
    (uri, row)
}

fn error(status: u16, logref: &str, message: &str) -> Reply {
    let body = json!({"logref": logref, "status": status, "message": message, "_links": null}).to_string();
    Reply::new(status, "application/json;charset=UTF-8", body)
}

fn reply(asked: &Asked) -> Reply {
    let bad = |message: &str| error(400, "BadInputException", message);
    if asked.method != "GET" {
        return bad("Illegal/Unknown method");
    }
    let is_skill = match asked.path.as_str() {
        "/esco/api/resource/skill" => true,
        "/esco/api/resource/occupation" => false,
        _ => return error(404, "NotFoundException", "no such resource"),
    };
    let Some(language) = LANGUAGES.iter().position(|code| *code == asked.query("language").unwrap_or("en")) else {
        return bad("Illegal/Unknown language parameter value");
    };
    let version = asked.query("selectedVersion");
    if version.is_some_and(|version| !VERSIONS.contains(&version)) {
        return bad("Illegal/Unknown selectedVersion parameter value");
    }
    let number = |name: &str, default: usize| asked.query(name).map_or(Ok(default), str::parse::<usize>);
    let (Ok(limit), Ok(offset)) = (number("limit", 20), number("offset", 0)) else {
        return bad("Illegal/Unknown limit or offset parameter value");
    };
    let members = if is_skill { "member-skills" } else { "member-occupations" };
    match asked.query("isInScheme").map(|uri| uri.strip_prefix("http://data.europa.eu/esco/concept-scheme/")) {
        Some(Some(scheme)) if scheme == members => {}
        Some(_) => return error(404, "NotFoundException", "no such concept scheme"),
        None => return bad("one of uri, uris and isInScheme is needed"),
    }
    let said: &[Said] = if is_skill { &SKILLS } else { &OCCUPATIONS };
    let rows: Map<String, Value> =
        said.iter().skip(offset).take(limit.min(20)).map(|said| row(said, is_skill, language)).collect();
    // Without a version the service answers from the old taxonomy, which is smaller, and says nothing of it.
    let total = match (version, is_skill) {
        (None | Some("v1.0.9"), true) => 13_485,
        (None | Some("v1.0.9"), false) => 2_942,
        _ => said.len(),
    };
    let query: Vec<String> = asked.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = format!("{}{}?{}", asked.base, asked.path, query.join("&"));
    let body = json!({"total": total, "count": rows.len(), "offset": offset, "_embedded": rows,
        "_links": {"self": {"href": address}}});
    let media_type = if is_skill { "application/json;charset=UTF-8" } else { "application/hal+json;charset=UTF-8" };
    Reply::new(200, media_type, body.to_string())
}
