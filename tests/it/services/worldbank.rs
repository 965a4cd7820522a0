//! sources.md §5.3: `[meta, rows]` (V, W1/W2), `[meta,null]` and errors in a list of one or as XML (V partly, W1/P4; ids R);
//! §10 no. 16.

use super::{Asked, Case, Reply};
use serde_json::{Value, json};

/// Country, ISO code, year and value of `SL.UEM.TOTL.ZS`.
const UNEMPLOYMENT: &[(&str, &str, &str, Option<f64>)] = &[
    ("ES", "ESP", "2023", Some(12.179)),
    ("ES", "ESP", "2022", Some(12.917)),
    ("ES", "ESP", "2021", Some(14.781)),
    ("ES", "ESP", "1990", Some(16.24)),
    ("PS", "PSE", "2023", None),
    ("PS", "PSE", "2022", Some(24.418)),
    ("PS", "PSE", "2021", Some(26.391)),
];
/// The same of `SL.TLF.CACT.FE.ZS`.
const PARTICIPATION: &[(&str, &str, &str, Option<f64>)] =
    &[("ES", "ESP", "2022", Some(53.142)), ("PS", "PSE", "2022", Some(18.635)), ("PS", "PSE", "2021", Some(17.208))];

pub fn case() -> Case {
    Case {
        service: "worldbank",
        kind: "statistics",
        base_path: "/v2",
        ask: "country = ['PSE', 'ESP']\nindicator = ['SL.UEM.TOTL.ZS', 'SL.TLF.CACT.FE.ZS', 'SE.ADT.LITR.ZS']\n\
              date = '2021:2023'\nper_page = 4",
        source: "",
        reply,
        // 4 and 2 figures of the first indicator, 3 of the second, none of the third.
        questions: 4,
        kept: 9,
        rejected: 0,
        shows: &["24.418", "14.781", "18.635", "West Bank and Gaza", "% of total labor force", "SL.TLF.CACT.FE.ZS"],
    }
}

fn reply(asked: &Asked) -> Reply {
    let parts: Vec<&str> = asked.path.split('/').skip(1).collect();
    let ["v2", "en", "country", countries, "indicator", indicator] = parts.as_slice() else {
        return Reply::not_found();
    };
    if asked.query("format") != Some("json") {
        return Reply::new(200, "text/xml", "\u{feff}<wb:data xmlns:wb=\"http://www.worldbank.org\"/>");
    }
    let (label, rows) = match *indicator {
        "SL.UEM.TOTL.ZS" => ("Unemployment, total (% of total labor force) (modeled ILO estimate)", UNEMPLOYMENT),
        "SL.TLF.CACT.FE.ZS" => (
            "Labor force participation rate, female (% of female population ages 15+) (modeled ILO estimate)",
            PARTICIPATION,
        ),
        "SE.ADT.LITR.ZS" => ("Literacy rate, adult total (% of people ages 15 and above)", &[][..]),
        _ => return invalid(),
    };
    let countries: Vec<&str> = countries.split(';').collect();
    if countries.iter().any(|country| !["PSE", "ESP", "all"].contains(country)) {
        return invalid();
    }
    let (from, to) = asked.query("date").and_then(|date| date.split_once(':')).unwrap_or(("1960", "2100"));
    let wanted = |code: &str| countries.contains(&"all") || countries.contains(&code);
    let found: Vec<_> = rows.iter().filter(|(_, code, year, _)| wanted(code) && *year >= from && *year <= to).collect();
    if found.is_empty() {
        let meta = json!({"page": 0, "pages": 0, "per_page": 0, "total": 0, "sourceid": null, "lastupdated": null});
        return Reply::json(json!([meta, null]).to_string());
    }
    let number = |name: &str, otherwise: usize| asked.query(name).map_or(Some(otherwise), |text| text.parse().ok());
    let (Some(size @ 1..), Some(page @ 1..)) = (number("per_page", 50), number("page", 1)) else { return invalid() };
    let rows: Vec<Value> =
        found.iter().skip((page - 1) * size).take(size).map(|row| figure(indicator, label, row)).collect();
    let (total, pages) = (found.len(), found.len().div_ceil(size));
    let meta = json!({"page": page, "pages": pages, "per_page": size, "total": total, "sourceid": "2", "lastupdated": "2026-07-01"});
    Reply::new(200, "application/json;charset=utf-8", json!([meta, rows]).to_string())
}

fn figure(indicator: &str, label: &str, (id, code, year, value): &(&str, &str, &str, Option<f64>)) -> Value {
    let name = if *code == "PSE" { "West Bank and Gaza" } else { "Spain" };
    json!({
        "indicator": {"id": indicator, "value": label}, "country": {"id": id, "value": name}, "countryiso3code": code,
        "date": year, "value": value, "unit": "", "obs_status": "", "decimal": 1
    })
}

fn invalid() -> Reply {
    let message = json!({"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"});
    Reply::json(json!([{"message": [message]}]).to_string())
}
