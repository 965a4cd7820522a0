//! sources.md §5.1: statistics API (V, EU2), SDMX 2.1 as CSV and TSV (V, EU1), inventory (V, EU1/EU6); §10 no. 12 and 13.
//! Labels of errors are R.

use super::{Asked, Case, Reply};
use serde_json::{Map, Value, json};

const BASE: &str = "/eurostat/api/dissemination";

/// A dataset: dimensions with the time last, then items, value (empty = none) and flag of each figure.
struct Dataset {
    code: &'static str,
    label: &'static str,
    updated: &'static str,
    dimensions: &'static [&'static str],
    rows: &'static [(&'static str, &'static str, &'static str)],
}

const DATASETS: &[Dataset] = &[
    Dataset {
        code: "lfsa_egai2d",
        label: "Employed persons by detailed occupation (ISCO-08 two digit level)",
        updated: "2026-04-17T11:00:00+0200",
        dimensions: &["freq", "isco08", "age", "sex", "unit", "geo", "time"],
        rows: &[
            ("A OC25 Y_GE15 T THS_PER ES 2022", "430.2", ""),
            ("A OC25 Y_GE15 T THS_PER ES 2023", "456.7", ""),
            ("A OC25 Y_GE15 T THS_PER ES 2024", "480.1", ""),
            ("A OC25 Y_GE15 T THS_PER EL 2023", "41.3", "b"),
            ("A OC25 Y_GE15 T THS_PER EL 2024", "43.9", ""),
            ("A OC25 Y_GE15 T THS_PER FR 2024", "812.4", ""),
            ("A OC35 Y_GE15 T THS_PER ES 2023", "390.5", ""),
            ("A OC35 Y_GE15 T THS_PER ES 2024", "401.2", ""),
            ("A OC35 Y_GE15 T THS_PER ES 2025", "412.8", "p"),
            ("A OC35 Y_GE15 T THS_PER EL 2024", "28.6", "u"),
            ("A OC35 Y_GE15 T THS_PER EL 2025", "", "c"),
        ],
    },
    Dataset {
        code: "jvs_q_isco_r21",
        label: "Job vacancy rate by NACE Rev. 2.1 activity and occupation - quarterly data",
        updated: "2026-06-16T11:00:00+0200",
        dimensions: &["freq", "s_adj", "nace_r21", "isco08", "geo", "time"],
        rows: &[
            ("Q NSA B-T OC2 ES 2025-Q4", "1.1", ""),
            ("Q NSA B-T OC2 EL 2025-Q4", "1.9", ""),
            ("Q NSA B-T OC2 ES 2026-Q1", "1.2", "p"),
            ("Q NSA B-T OC2 MT 2026-Q1", "3.0", ""),
        ],
    },
];

const INVENTORY: &str = "Code\tType\tSource dataset\tLast data change\tLast structural change\tData download url (tsv)\n\
    lfsa_egai2d\tDATASET\t\t2026-04-17T11:00:00+0200\t2026-04-17T11:00:00+0200\thttps://ec.europa.eu/…/lfsa_egai2d?format=TSV\n\
    jvs_q_isco_r21\tDATASET\t\t2026-06-16T11:00:00+0200\t2026-03-17T11:00:00+0100\thttps://ec.europa.eu/…/jvs_q_isco_r21?format=TSV\n";

pub fn cases() -> Vec<Case> {
    let case = |ask, source, questions, kept, shows| Case {
        service: "eurostat",
        kind: "statistics",
        base_path: BASE,
        ask,
        source,
        reply,
        questions,
        kept,
        rejected: 0,
        shows,
    };
    vec![
        // 2 occupations × 2 countries × 3 years, and 2 countries × 2 quarters; empty cells are missing figures.
        case(
            "dataset = ['lfsa_egai2d', 'jvs_q_isco_r21']\nfilter = ['geo=ES', 'geo=EL']\nsince = 2023\ninventory = true",
            "",
            3,
            16,
            &["480.1", "412.8", "2025-Q4", "OC35", "Greece", "Employed persons by detailed occupation"],
        ),
        // The rows from 2024 on, the confidential one without a figure among them.
        case(
            "dataset = 'lfsa_egai2d'\nform = 'sdmx_csv'\nkey = 'A.OC25+OC35..T.THS_PER.ES+EL'\nsince = 2024",
            "",
            1,
            6,
            &["480.1", "28.6", "LFSA_EGAI2D", "CONF_STATUS=C", "THS_PER"],
        ),
        // 4 rows of 2 years.
        case(
            "dataset = 'lfsa_egai2d'\nform = 'tsv'\nkey = 'A.OC25+OC35..T.THS_PER.ES+EL'\nsince = 2024",
            "",
            1,
            8,
            &["480.1", "412.8", "2025", "LFSA_EGAI2D", "OC35"],
        ),
    ]
}

fn reply(asked: &Asked) -> Reply {
    let Some(path) = asked.path.strip_prefix(BASE) else { return Reply::not_found() };
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["files", "inventory"] if asked.query("type") == Some("data") => {
            Reply::new(200, "text/tab-separated-values;charset=UTF-8", INVENTORY)
        }
        ["statistics", "1.0", "data", code] => match dataset(code) {
            Some(found) => json_stat(found, asked),
            None => error(404, 100, "ERR_NOT_FOUND_4: dataset not found"),
        },
        ["sdmx", "2.1", "data", code, key] => match dataset(code) {
            Some(found) => sdmx(found, key, asked),
            None => fault(404, "Dataset not found"),
        },
        _ => Reply::not_found(),
    }
}

fn dataset(code: &str) -> Option<&'static Dataset> {
    DATASETS.iter().find(|d| d.code.eq_ignore_ascii_case(code))
}

fn error(status: u16, id: u16, label: &str) -> Reply {
    let body = json!({"error": [{"status": status, "id": id, "label": label}]});
    Reply::new(status, "application/json", body.to_string())
}

fn fault(status: u16, said: &str) -> Reply {
    let body = format!("<?xml version=\"1.0\"?><S:Fault xmlns:S=\"s\"><faultstring>{said}</faultstring></S:Fault>");
    Reply::new(status, "application/xml", body)
}

/// Items, value and flag.
type Row = (Vec<&'static str>, &'static str, &'static str);

fn rows(dataset: &Dataset, wanted: impl Fn(&[&str]) -> bool) -> Vec<Row> {
    let rows = dataset.rows.iter().map(|(items, value, flag)| (items.split(' ').collect::<Vec<_>>(), *value, *flag));
    rows.filter(|(items, ..)| wanted(items)).collect()
}

/// The items of a dimension among rows, in their order.
fn items_of(rows: &[Row], at: usize) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (items, ..) in rows {
        if !found.contains(&items[at]) {
            found.push(items[at]);
        }
    }
    found
}

fn json_stat(dataset: &Dataset, asked: &Asked) -> Reply {
    if asked.query("format") != Some("JSON") || asked.query("lang").is_some_and(|l| !["en", "fr", "de"].contains(&l)) {
        return error(400, 150, "unknown format or language");
    }
    let own = ["format", "lang", "sinceTimePeriod", "untilTimePeriod", "lastTimePeriod"];
    for (name, _) in asked.query.iter().filter(|(name, _)| !own.contains(&name.as_str())) {
        if !dataset.dimensions.contains(&name.as_str()) {
            return error(400, 150, &format!("{name} is no dimension of {}", dataset.code));
        }
        if asked.query.iter().filter(|(other, _)| other == name).count() > 50 {
            return error(416, 140, "more than 50 categories of a dimension were asked for");
        }
    }
    let since = asked.query("sinceTimePeriod").unwrap_or_default();
    let found = rows(dataset, |items| {
        let fits = dataset.dimensions.iter().zip(items).all(|(dimension, item)| {
            let mut asked = asked.query.iter().filter(|(name, _)| name == dimension).peekable();
            asked.peek().is_none() || asked.any(|(_, value)| value == item)
        });
        fits && items.last().is_some_and(|period| *period >= since)
    });
    let axes: Vec<Vec<&str>> = (0..dataset.dimensions.len()).map(|at| items_of(&found, at)).collect();
    let (mut value, mut status, mut dimension) = (Map::new(), Map::new(), Map::new());
    for (items, figure, flag) in &found {
        let place = |at: usize| axes[at].iter().position(|item| *item == items[at]).unwrap();
        let flat = (0..axes.len()).fold(0, |flat, at| flat * axes[at].len() + place(at)).to_string();
        if let Ok(figure) = figure.parse::<f64>() {
            value.insert(flat.clone(), json!(figure));
        }
        if !flag.is_empty() {
            status.insert(flat, json!(flag));
        }
    }
    for (id, axis) in dataset.dimensions.iter().zip(&axes) {
        let index: Map<String, Value> = axis.iter().enumerate().map(|(at, c)| ((*c).to_owned(), json!(at))).collect();
        let label: Map<String, Value> = axis.iter().map(|c| ((*c).to_owned(), json!(label(c)))).collect();
        let described = json!({"label": heading(id), "category": {"index": index, "label": label}});
        dimension.insert((*id).to_owned(), described);
    }
    let size: Vec<usize> = axes.iter().map(Vec::len).collect();
    let body = json!({
        "version": "2.0", "class": "dataset", "label": dataset.label, "source": "ESTAT", "updated": dataset.updated,
        "value": value, "status": status, "id": dataset.dimensions, "size": size, "dimension": dimension,
        "extension": {"lang": "EN", "id": dataset.code.to_uppercase(), "agencyId": "ESTAT", "version": "1.0"}
    });
    Reply::json(body.to_string())
}

fn heading(id: &str) -> &'static str {
    match id {
        "freq" => "Time frequency",
        "isco08" => "International Standard Classification of Occupations 2008 (ISCO-08)",
        "nace_r21" => "Statistical classification of economic activities (NACE Rev. 2.1)",
        "s_adj" => "Seasonal adjustment",
        "age" => "Age class",
        "sex" => "Sex",
        "unit" => "Unit of measure",
        "geo" => "Geopolitical entity (reporting)",
        _ => "Time",
    }
}

fn label(code: &str) -> &str {
    match code {
        "A" => "Annual",
        "Q" => "Quarterly",
        "OC2" => "Professionals",
        "OC25" => "Information and communications technology professionals",
        "OC35" => "Information and communications technicians",
        "Y_GE15" => "15 years or over",
        "T" => "Total",
        "THS_PER" => "Thousand persons",
        "NSA" => "Unadjusted data (i.e. neither seasonally adjusted nor calendar adjusted data)",
        "B-T" => "Industry, construction and services",
        "ES" => "Spain",
        "EL" => "Greece",
        "FR" => "France",
        "MT" => "Malta",
        period => period,
    }
}

fn sdmx(dataset: &Dataset, key: &str, asked: &Asked) -> Reply {
    let wanted: Vec<Vec<&str>> = key.split('.').map(|items| items.split(['+', ' ']).collect()).collect();
    if wanted.len() + 1 != dataset.dimensions.len() {
        return fault(400, "The key has another number of dimensions than the dataset");
    }
    if asked.query("compressed") == Some("true") {
        return fault(406, "this imitation does not compress");
    }
    let since = asked.query("startPeriod").unwrap_or_default();
    let found = rows(dataset, |items| {
        let fits = wanted.iter().zip(items).all(|(wanted, item)| wanted == &[""] || wanted.contains(item));
        fits && items.last().is_some_and(|period| *period >= since)
    });
    match asked.query("format") {
        Some("SDMX-CSV") => Reply::new(200, "text/csv;charset=UTF-8", sdmx_csv(dataset, &found)),
        Some("TSV") => Reply::new(200, "text/tab-separated-values;charset=UTF-8", tsv(dataset, &found)),
        _ => Reply::new(200, "application/xml", "<m:GenericData xmlns:m=\"http://www.sdmx.org/m\"/>"),
    }
}

fn sdmx_csv(dataset: &Dataset, rows: &[Row]) -> String {
    let dimensions = dataset.dimensions[..dataset.dimensions.len() - 1].join(",");
    let mut text = format!("DATAFLOW,LAST UPDATE,{dimensions},TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\r\n");
    for (items, value, flag) in rows {
        let (flag, confidential) = if *flag == "c" { ("", "C") } else { (*flag, "") };
        let (flow, items) = (format!("ESTAT:{}(1.0)", dataset.code.to_uppercase()), items.join(","));
        text.push_str(&format!("{flow},17/04/26 11:00:00,{items},{value},{flag},{confidential}\r\n"));
    }
    text
}

/// Periods and figures with a blank behind, missing ones as `:`.
fn tsv(dataset: &Dataset, rows: &[Row]) -> String {
    let last = dataset.dimensions.len() - 1;
    let mut periods = items_of(rows, last);
    periods.sort_unstable();
    let mut text = format!("{}\\TIME_PERIOD", dataset.dimensions[..last].join(","));
    periods.iter().for_each(|period| text.push_str(&format!("\t{period} ")));
    let mut keys: Vec<&[&str]> = Vec::new();
    for (items, ..) in rows {
        if !keys.contains(&&items[..last]) {
            keys.push(&items[..last]);
        }
    }
    for key in keys {
        text.push_str(&format!("\n{}", key.join(",")));
        for period in &periods {
            let found = rows.iter().find(|(items, ..)| &items[..last] == key && items[last] == *period);
            let (value, flag) = found.map_or(("", ""), |(_, value, flag)| (*value, *flag));
            let value = if value.is_empty() { ":" } else { value };
            text.push_str(&format!("\t{value} {flag}"));
        }
    }
    text.push('\n');
    text
}
