//! sources.md §6.4: `/taules/v2/{stat}/{node}/{table}/{geo}/data`, JSON-stat 2.0 in three languages, 416 with the class
//! `error` over 20,000 cells (V, S10). Names of dimensions and text of errors are R.

use super::{Asked, Case, Reply};
use serde_json::{Value, json};

const QUARTERS: &[&str] = &["2025T2", "2025T3", "2025T4", "2026T1"];
/// Women, then men, of each quarter.
const UNEMPLOYED: &[[f64; 2]] = &[[158.3, 149.9], [161.2, 150.4], [160.7, 152.6], [157.4, 151.8]];
/// Women of two districts in each quarter.
const AFFILIATED: &[[Option<u32>; 2]] =
    &[[Some(40110), Some(38520)], [Some(41003), Some(38811)], [Some(40856), None], [Some(41210), Some(38977)]];

pub fn case() -> Case {
    Case {
        service: "idescat",
        kind: "statistics",
        base_path: "/taules/v2",
        ask: "table = ['epa/15304/21151/cat', 'afi/15905/21200/com']\nlanguage = 'es'\nlast = 2\nfilter = ['SEX=F']",
        source: "",
        reply,
        questions: 2,
        // Women of 2 quarters; 2 counties of 2 quarters are finer than a province.
        kept: 2,
        rejected: 4,
        shows: &["160.7", "157.4", "2026T1", "miles", "Parados por sexo"],
    }
}

fn reply(asked: &Asked) -> Reply {
    let language = asked.query("lang").unwrap_or("ca");
    if !["ca", "es", "en"].contains(&language) {
        return error(400, "01", "Invalid parameter: lang");
    }
    let last = asked.query("_LAST_").and_then(|n| n.parse().ok()).unwrap_or(QUARTERS.len());
    let quarters = &QUARTERS[QUARTERS.len().saturating_sub(last)..];
    match asked.path.as_str() {
        "/taules/v2/epa/15304/21151/cat/data" => unemployed(asked, language, quarters),
        "/taules/v2/afi/15905/21200/com/data" => affiliated(asked, language, quarters),
        "/taules/v2/censph/522/22000/sec/data" => error(416, "05", "Request exceeds the limit of 20,000 cells"),
        "/taules/v2/epa/15304/21151/cat" => {
            Reply::json(r#"{"version":"2.0","class":"dataset","label":"Aturats per sexe"}"#)
        }
        _ => error(404, "02", "Table not found"),
    }
}

fn error(status: u16, id: &str, label: &str) -> Reply {
    let body = json!({"version": "2.0", "class": "error", "status": status.to_string(), "id": id, "label": label});
    Reply::new(status, "application/json", body.to_string())
}

fn said(language: &str, [ca, es, en]: [&'static str; 3]) -> &'static str {
    match language {
        "es" => es,
        "en" => en,
        _ => ca,
    }
}

fn time(language: &str, quarters: &[&str]) -> Value {
    let labels: serde_json::Map<String, Value> = quarters.iter().map(|q| ((*q).to_owned(), json!(q))).collect();
    let name = said(language, ["trimestre", "trimestre", "quarter"]);
    json!({"label": name, "category": {"index": quarters, "label": labels}})
}

fn unemployed(asked: &Asked, language: &str, quarters: &[&str]) -> Reply {
    let sexes: Vec<&str> =
        ["F", "M"].into_iter().filter(|s| asked.query("SEX").is_none_or(|wanted| wanted == *s)).collect();
    let rows = &UNEMPLOYED[UNEMPLOYED.len() - quarters.len()..];
    let values: Vec<f64> =
        rows.iter().flat_map(|row| sexes.iter().map(move |sex| row[usize::from(*sex == "M")])).collect();
    let women = said(language, ["dones", "mujeres", "women"]);
    let men = said(language, ["homes", "hombres", "men"]);
    let labels: serde_json::Map<String, Value> =
        sexes.iter().map(|sex| ((*sex).to_owned(), json!(if *sex == "F" { women } else { men }))).collect();
    let unit = said(language, ["milers", "miles", "thousands"]);
    let body = json!({
        "version": "2.0", "class": "dataset",
        "label": said(language, ["Aturats per sexe", "Parados por sexo", "Unemployed by sex"]),
        "source": "Idescat", "updated": "2026-04-28T09:00:00Z",
        "id": ["QUARTER", "GEO", "SEX", "CONCEPT"], "size": [quarters.len(), 1, sexes.len(), 1],
        "role": {"time": ["QUARTER"], "geo": ["GEO"], "metric": ["CONCEPT"]},
        "dimension": {
            "QUARTER": time(language, quarters),
            "GEO": {"label": said(language, ["territori", "territorio", "territory"]),
                "category": {"index": ["CAT"], "label": {"CAT": said(language, ["Catalunya", "Cataluña", "Catalonia"])}}},
            "SEX": {"label": said(language, ["sexe", "sexo", "sex"]), "category": {"index": sexes, "label": labels}},
            "CONCEPT": {"label": said(language, ["concepte", "concepto", "concept"]), "category": {"index": ["UNEMP"],
                "label": {"UNEMP": said(language, ["aturats", "parados", "unemployed"])},
                "unit": {"UNEMP": {"decimals": 1, "symbol": unit}}}}
        },
        "value": values
    });
    Reply::json(body.to_string())
}

fn affiliated(asked: &Asked, language: &str, quarters: &[&str]) -> Reply {
    // The table has both sexes together and women.
    if asked.query("SEX") != Some("F") {
        return error(416, "05", "Request exceeds the limit of 20,000 cells");
    }
    let rows = &AFFILIATED[AFFILIATED.len() - quarters.len()..];
    let values: Vec<Option<u32>> = rows.iter().flatten().copied().collect();
    let status: Vec<Option<&str>> = values.iter().map(|value| value.is_none().then_some("m")).collect();
    let body = json!({
        "version": "2.0", "class": "dataset",
        "label": said(language, [
            "Afiliacions a la Seguretat Social", "Afiliaciones a la Seguridad Social", "Social Security affiliations",
        ]),
        "source": "Idescat", "updated": "2026-05-12T09:00:00Z",
        "id": ["QUARTER", "COM", "SEX"], "size": [quarters.len(), 2, 1],
        "role": {"time": ["QUARTER"], "geo": ["COM"]},
        "dimension": {
            "QUARTER": time(language, quarters),
            "COM": {"label": said(language, ["comarca", "comarca", "county"]),
                "category": {"index": ["02", "06"], "label": {"02": "Alt Empordà", "06": "Anoia"}}},
            "SEX": {"label": said(language, ["sexe", "sexo", "sex"]),
                "category": {"index": ["F"], "label": {"F": said(language, ["dones", "mujeres", "women"])}}}
        },
        "value": values, "status": status
    });
    Reply::json(body.to_string())
}
