//! sources.md §6.5: `/resource/{4x4}.csv` with `$order`, `$limit` (1,000 unless given) and `$offset`, `/api/views/{4x4}`
//! (V, S11); §10.1 sample of the description. Errors and the order of rows without `$order` are R.

use super::{Asked, Case, Reply};

const COLUMNS: [&str; 5] = ["exercici", "programa", "territori", "despesa", "observacions"];
const ROWS: &[[&str; 5]] = &[
    ["2022", "Joves en pràctiques", "Catalunya", "61250000.00", ""],
    ["2023", "Joves en pràctiques", "Catalunya", "64800000.50", "Inclou els contractes, també els prorrogats"],
    ["2024", "Joves en pràctiques", "Catalunya", "66120345.75", ""],
    ["2023", "Formació ocupacional", "Barcelona", "18450900.00", "Dada \"provisional\""],
    ["2024", "Formació ocupacional", "Barcelona", "19020100.20", "Revisat\nel febrer"],
    ["2024", "Formació ocupacional", "Girona", "", "pendent"],
];

pub fn case() -> Case {
    Case {
        service: "socrata",
        kind: "statistics",
        base_path: "",
        ask: "dataset = '8juy-ndgc'\nwhere = 'exercici >= 2023'\nselect = 'exercici,programa,territori,despesa,observacions'\nlimit = 2",
        source: "layout = 'table'\nnumbers = 'point'\nunit = 'EUR'\n\
                 columns = { indicator = 'programa', area = 'territori', period = 'exercici', value = 'despesa', note = 'observacions' }",
        reply,
        // The description, pages of 2, 2 and 1 rows, and one without: a short page may be the server's limit.
        questions: 5,
        kept: 5,
        rejected: 0,
        shows: &["64800000.50", "19020100.20", "Formació ocupacional", "també els prorrogats", "Girona", "2024"],
    }
}

fn reply(asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/api/views/8juy-ndgc" => Reply::json(
            r#"{"id":"8juy-ndgc","name":"Despesa en programes d'ocupació","attribution":"Servei Públic d'Ocupació de Catalunya",
            "category":"Treball","createdAt":1500000000,"publicationDate":1600000000,"rowsUpdatedAt":1758000000,
            "columns":[{"id":1,"name":"Exercici","fieldName":"exercici","dataTypeName":"number"}]}"#,
        ),
        "/resource/8juy-ndgc.csv" => rows(asked),
        _ => failure(404, "dataset.missing", "Not found"),
    }
}

fn failure(status: u16, code: &str, message: &str) -> Reply {
    let body = serde_json::json!({"code": code, "error": true, "message": message});
    Reply::new(status, "application/json; charset=utf-8", body.to_string())
}

fn rows(asked: &Asked) -> Reply {
    let year = match asked.query("$where").map(|w| w.split_once(" >= ")) {
        None => "",
        Some(Some(("exercici", year))) => year,
        Some(_) => return failure(400, "query.soql.no-such-column", "No such column"),
    };
    let wanted: Vec<&str> = asked.query("$select").map_or(COLUMNS.to_vec(), |s| s.split(',').map(str::trim).collect());
    let at: Option<Vec<usize>> = wanted.iter().map(|name| COLUMNS.iter().position(|c| c == name)).collect();
    let number = |name: &str, otherwise: usize| asked.query(name).map_or(Some(otherwise), |text| text.parse().ok());
    let (Some(at), Some(limit), Some(offset)) = (at, number("$limit", 1000), number("$offset", 0)) else {
        return failure(400, "query.soql.no-such-column", "No such column or no number");
    };
    if limit > 50_000 {
        return failure(400, "query.execution.limit", "$limit is over 50000");
    }
    let mut found: Vec<&[&str; 5]> = ROWS.iter().filter(|row| row[0] >= year).collect();
    // Without an order a page may begin anywhere.
    if asked.query("$order") != Some(":id") && !found.is_empty() {
        let turn = offset % found.len();
        found.rotate_right(turn);
    }
    let quoted = |cells: Vec<&str>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        format!("{}\n", cells.join(","))
    };
    let mut text = quoted(wanted);
    for row in found.into_iter().skip(offset).take(limit) {
        text.push_str(&quoted(at.iter().map(|at| row[*at]).collect()));
    }
    Reply::new(200, "text/csv; charset=utf-8", text)
}
