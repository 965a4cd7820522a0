//! sources.md §2: files under `/files/`, `drupalSettings` with the folder of the forecast, `.json.gz` that is plain JSON
//! (V, C1 to C5); §10 row 17. Which folder the setting holds beyond its vintage's name, and names of data other than the
//! occupations', are guesses (R).

use super::{Asked, Case, Reply};
use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::{Map, Value};

const IMBALANCE: &str = "isco_1,isco_4,occupation,score\n\
    2,2221,Nursing professionals,0.91\n\
    2,2512,Software developers,0.83\n\
    5,5131,Waiters,0.22\n\
    7,7212,Welders and flame cutters,0.64\n";

const PAGE: &str = r#"<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Skills forecast | CEDEFOP</title></head>
<body><h1>Skills forecast</h1><div id="skills-forecast-app"></div>
<script type="application/json" data-drupal-selector="drupal-settings-json">{"path":{"baseUrl":"\/","currentLanguage":"en"},
"skillsForecastDataFolder":"\/files\/skills-2026","user":{"uid":0}}</script>
<script src="/files/js/js_x1.js"></script></body></html>"#;

const REFUSED: &str =
    "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.</body></html>";

pub fn cases() -> Vec<Case> {
    let case = Case {
        service: "cedefop",
        kind: "statistics",
        base_path: "",
        ask: "",
        source: "",
        reply: files,
        questions: 0,
        kept: 0,
        rejected: 0,
        shows: &[],
    };
    vec![
        Case {
            ask: "file = ['cedefop-oja-imbalance-2026-05.csv', 'esi_dataset_2024_formatted.xlsx', \
                  'stas_dataset_release_2026-08.xlsx']",
            source: "columns = { period = { const = '2026-05' } }",
            questions: 3,
            // 4 occupations; 3 countries by 5 columns; 2 rows by 2 years and 1 row by 2 years.
            kept: 25,
            shows: &["2512", "0.83", "2026-05", "EU27_2020", "Skills Activation", "4100.5", "19.1"],
            ..case
        },
        Case {
            ask: "file = '2026_cedefop_labour_skills_shortage_index_clssi_dataset.xlsx'",
            source: "columns = { period = { const = '2026' } }",
            questions: 1,
            // 3 occupation groups by 4 indices; the note under the table is no figure.
            kept: 12,
            shows: &["3.42", "LSI3", "IT"],
            ..case
        },
        Case {
            ask: "forecast = ['country/skills2026-country-occupations.json.gz', \
                  'country/skills2026-country-qualifications.json.gz']",
            reply: with_page,
            // The page, then the data it leads to.
            questions: 3,
            // Twice 3 rows by 21 years.
            kept: 126,
            shows: &["2035", "2015", "High"],
            ..case
        },
        Case {
            ask: "forecast = 'country/skills2026-country-occupations.json.gz'\nfolder = 'skills-2026'",
            questions: 1,
            kept: 63,
            shows: &["2035", "712"],
            ..case
        },
    ]
}

fn with_page(asked: &Asked) -> Reply {
    if asked.path == "/en/tools/skills-forecast" {
        Reply::new(200, "text/html; charset=UTF-8", PAGE)
    } else {
        files(asked)
    }
}

fn files(asked: &Asked) -> Reply {
    const SHEETS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if asked.method != "GET" {
        return Reply::new(405, "text/html", REFUSED);
    }
    match asked.path.as_str() {
        "/files/cedefop-oja-imbalance-2026-05.csv" => Reply::new(200, "text/csv", IMBALANCE),
        "/files/esi_dataset_2024_formatted.xlsx" => Reply::new(200, SHEETS, skills_index()),
        "/files/stas_dataset_release_2026-08.xlsx" => Reply::new(200, SHEETS, short_term()),
        "/files/2026_cedefop_labour_skills_shortage_index_clssi_dataset.xlsx" => Reply::new(200, SHEETS, shortage()),
        "/files/skills-2026/country/skills2026-country-occupations.json.gz" => Reply::json(forecast(
            "occupation",
            &[
                ("ES", "Science and engineering professionals", 512),
                ("ES", "Health professionals", 705),
                ("IT", "Teaching professionals", 1180),
            ],
        )),
        "/files/skills-2026/country/skills2026-country-qualifications.json.gz" => {
            Reply::json(forecast("qualification", &[("ES", "Low", 5900), ("ES", "High", 8200), ("ES", "Total", 18900)]))
        }
        path if path.starts_with("/files/") => Reply::new(404, "text/html", "<h1>Page not found</h1>"),
        // Pages stand behind a firewall that refuses programs.
        _ => Reply::new(403, "text/html", REFUSED),
    }
}

/// Wide rows with a column per year from 2015 to 2035; seven thousand more a year.
fn forecast(kind: &str, rows: &[(&str, &str, u64)]) -> String {
    let row = |(country, item, first): &(&str, &str, u64)| {
        let mut row = Map::new();
        row.insert("country_l2".to_owned(), (*country).into());
        row.insert(kind.to_owned(), (*item).into());
        row.extend((2015..=2035).map(|year: u64| (year.to_string(), Value::from(first + 7 * (year - 2015)))));
        Value::Object(row)
    };
    Value::Array(rows.iter().map(row).collect()).to_string()
}

/// Sheets Notes, Scores and RawData of the index of 2024.
fn skills_index() -> Vec<u8> {
    let mut book = Workbook::new();
    let notes = book.add_worksheet().set_name("Notes").unwrap();
    put(notes, 0, &["European Skills Index 2024"]);
    put(notes, 1, &["Pillars: Skills Development, Skills Activation, Skills Matching"]);
    let scores = book.add_worksheet().set_name("Scores").unwrap();
    let header = "Country Code,Release Year,Index,Index Rank,Skills Development,Skills Activation,Skills Matching";
    put(scores, 0, &header.split(',').collect::<Vec<_>>());
    put(scores, 1, &["ES", "2024", "37.2", "28", "45.1", "52.6", "21.9"]);
    put(scores, 2, &["IT", "2024", "33.4", "30", "38.7", "29.3", "32.8"]);
    put(scores, 3, &["CZ", "2024", "70.5", "1", "58.9", "67.4", "81.2"]);
    let raw = book.add_worksheet().set_name("RawData").unwrap();
    put(raw, 0, &["Country Code", "Indicator", "Value"]);
    put(raw, 1, &["ES", "Pre-primary pupil-to-teacher ratio", "13.1"]);
    book.save_to_buffer().unwrap()
}

/// Sheets Readme, ameco_1d and ameco_1d_%; five lines of keys and values, the header on row 6.
fn short_term() -> Vec<u8> {
    let mut book = Workbook::new();
    put(book.add_worksheet().set_name("Readme").unwrap(), 0, &["Short-term anticipation of skills trends (STAS)"]);
    let rows: [(&str, &[[&str; 6]]); 2] = [
        (
            "ameco_1d",
            &[
                ["baseline", "ES", "Professionals", "2", "4100.5", "4210.3"],
                ["baseline", "ES", "All occupations", "TOT", "21480.3", "21602.7"],
            ],
        ),
        ("ameco_1d_%", &[["baseline", "ES", "Professionals", "2", "19.1", "19.5"]]),
    ];
    for (name, rows) in rows {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, (key, value)) in (0..).zip([
            ("Dataset", "STAS"),
            ("Release", "August edition"),
            ("Publisher", "Cedefop"),
            ("Model", "AMECO based"),
            ("DOI", "10.2906/467749508762302"),
        ]) {
            put(sheet, row, &[key, value]);
        }
        put(sheet, 5, &["scenario", "country", "occupation name", "code", "2025", "2026"]);
        for (row, cells) in (6..).zip(rows) {
            put(sheet, row, cells);
        }
    }
    book.save_to_buffer().unwrap()
}

/// A sheet per country; occupation groups by their titles, without codes; indices from 1 to 4.
fn shortage() -> Vec<u8> {
    let mut book = Workbook::new();
    let header = [
        "Occupation group (ISCO 2-digit)",
        "Main occupations in the group",
        "Labour shortage index",
        "LSI1",
        "LSI2",
        "LSI3",
    ];
    let spain = book.add_worksheet().set_name("Spain").unwrap();
    put(spain, 0, &header);
    put(spain, 1, &["Health professionals", "Nurses; doctors", "3.42", "4", "3", "3.25"]);
    put(spain, 2, &["Drivers and mobile plant operators", "Lorry drivers", "2.9", "3", "2.7", "3"]);
    put(spain, 4, &["Indices run from 1 (low) to 4 (high)."]);
    let italy = book.add_worksheet().set_name("Italy").unwrap();
    put(italy, 0, &header);
    put(italy, 1, &["Cleaners and helpers", "Office cleaners", "1.75", "2", "1.5", "1.75"]);
    book.save_to_buffer().unwrap()
}

/// Cells of a row; what reads as a number is one.
fn put(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in (0..).zip(cells) {
        match text.parse::<f64>() {
            Ok(number) => sheet.write_number(row, column, number).unwrap(),
            Err(_) => sheet.write_string(row, column, *text).unwrap(),
        };
    }
}
