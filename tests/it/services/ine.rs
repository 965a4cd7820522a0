//! sources.md §6.3: DATOS_TABLA in its two shapes (V, S8; detail of `MetaData` R), csv_bdsc (V, S9), px (V name, S9; its
//! keywords are those of PC-Axis); §10 no. 10 and 11.

use super::{Asked, Case, Reply};
use serde_json::{Value, json};

/// Code, name, variables with their items, and the figures, newest first: year, quarter, value, kind.
type Series = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static [Figure]);
type Figure = (i64, i64, Option<f64>, &'static str);

const EMPLOYED: &[Series] = &[
    (
        "EPA819420",
        "Ocupados. Ambos sexos. 27 Profesionales de las tecnologías de la información. Valor absoluto. Total Nacional. ",
        &[
            ("Total Nacional", "Total Nacional"),
            ("Sexo", "Ambos sexos"),
            ("Ocupación CNO-11", "27 Profesionales de las tecnologías de la información"),
            ("Tipo de dato", "Valor absoluto"),
        ],
        &[(2026, 1, Some(512.3), "Avance"), (2025, 4, Some(508.9), "Definitivo"), (2025, 3, Some(501.0), "Definitivo")],
    ),
    (
        "EPA819421",
        "Ocupados. Mujeres. 38 Técnicos de las tecnologías de la información. Valor absoluto. Total Nacional. ",
        &[
            ("Total Nacional", "Total Nacional"),
            ("Sexo", "Mujeres"),
            ("Ocupación CNO-11", "38 Técnicos de las tecnologías de la información y las comunicaciones"),
            ("Tipo de dato", "Valor absoluto"),
        ],
        &[(2026, 1, Some(61.25), "Avance"), (2025, 4, None, "Definitivo"), (2025, 3, Some(58.7), "Definitivo")],
    ),
];
const UNEMPLOYMENT: &[Series] = &[(
    "EPA452434",
    "Tasa de paro. Cataluña. Ambos sexos. Total. ",
    &[("Comunidades y Ciudades Autónomas", "Cataluña"), ("Sexo", "Ambos sexos"), ("Edad", "Total")],
    &[(2026, 1, Some(8.43), "Definitivo"), (2025, 4, Some(8.18), "Definitivo")],
)];

const CSV: &str = "\u{feff}Sexo;Comunidades y Ciudades Autónomas;Edad;Periodo;Total\r\n\
    Ambos sexos;Total Nacional;Total;2025T4;22.463,9\r\n\
    Ambos sexos;Total Nacional;Total;2024T3;21.823\r\n\
    Mujeres;09 Cataluña;De 16 a 24 años;2025T4;14,57\r\n\
    Mujeres;18 Ceuta;De 16 a 24 años;2025T4;..\r\n\
    Hombres;09 Cataluña;De 16 a 24 años;2025T4;\r\n";

const PX: &str = "AXIS-VERSION=\"2006\";\r\nCREATION-DATE=\"20260428\";\r\nCHARSET=\"ANSI\";\r\nCODEPAGE=\"iso-8859-15\";\r\n\
    TITLE=\"Ocupados por sexo y comunidad autónoma\";\r\nCONTENTS=\"Ocupados\";\r\nUNITS=\"Miles Personas\";\r\nDECIMALS=1;\r\n\
    STUB=\"Comunidades y Ciudades Autónomas\",\"Sexo\";\r\nHEADING=\"Periodo\";\r\n\
    VALUES(\"Comunidades y Ciudades Autónomas\")=\"Andalucía\",\"Cataluña\";\r\nVALUES(\"Sexo\")=\"Hombres\",\"Mujeres\";\r\n\
    VALUES(\"Periodo\")=\"2026T1\",\"2025T4\";\r\nSOURCE=\"Instituto Nacional de Estadística\";\r\n\
    DATA=\r\n1890.1 1902.7\r\n1571.9 \"..\"\r\n1934.4 1927.3\r\n1755.6 1740.2;\r\n";

pub fn cases() -> Vec<Case> {
    let case = |ask, source, questions, kept, shows| Case {
        service: "ine",
        kind: "statistics",
        base_path: "",
        ask,
        source,
        reply,
        questions,
        kept,
        rejected: 0,
        shows,
    };
    vec![
        // The last 2 of 2 series and of 1 series.
        case(
            "table = ['65134', '4247']\nlast = 2",
            "area = 'ES'",
            2,
            6,
            &["512.3", "61.25", "2026T1", "2025T4", "Avance", "Miles Personas", "Cataluña", "8.43"],
        ),
        case(
            "table = 65134\nform = 'csv'",
            "indicator = 'Ocupados'\nunit = 'miles'",
            1,
            5,
            &["22.463,9", "14,57", "09 Cataluña", "De 16 a 24 años", "2024T3"],
        ),
        // 2 communities × 2 sexes × 2 quarters.
        case("table = 4247\nform = 'px'", "", 1, 8, &["1740.2", "Andalucía", "Ocupados", "2026T1", "Mujeres"]),
    ]
}

fn reply(asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/wstempus/js/ES/DATOS_TABLA/65134" => tempus(EMPLOYED, "Personas", "Miles", asked),
        "/wstempus/js/ES/DATOS_TABLA/4247" => tempus(UNEMPLOYMENT, "Tasas", " ", asked),
        "/jaxiT3/files/t/es/csv_bdsc/65134.csv" => {
            // With `nocab` the title above the table is left out.
            let title =
                if asked.query("nocab") == Some("1") { "" } else { "Ocupados por sexo, comunidad y edad\r\n\r\n" };
            Reply::new(200, "text/csv;charset=UTF-8", format!("{title}{CSV}"))
        }
        "/jaxiT3/files/t/es/px/4247.px" => {
            let bytes: Vec<u8> = PX.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
            Reply::new(200, "application/octet-stream", bytes)
        }
        path if path.starts_with("/wstempus/") => Reply::json(r#"{"status":"No existe la tabla"}"#),
        _ => Reply::new(404, "text/html", "<html><body>Página no encontrada</body></html>"),
    }
}

fn tempus(series: &[Series], unit: &str, scale: &str, asked: &Asked) -> Reply {
    let last = asked.query("nult").and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let kind = asked.query("tip").unwrap_or_default();
    let (friendly, described) = (kind.contains('A'), kind.contains('M'));
    let body: Vec<Value> = series
        .iter()
        .map(|(code, name, variables, figures)| {
            let data: Vec<Value> = figures.iter().take(last).map(|figure| point(figure, friendly)).collect();
            let mut one = match friendly {
                true => json!({"COD": code, "Nombre": name, "T3_Unidad": unit, "T3_Escala": scale}),
                false => json!({"COD": code, "Nombre": name, "FK_Unidad": 3, "FK_Escala": 1}),
            };
            if described {
                let item = |(at, (variable, item)): (usize, &(&str, &str))| {
                    json!({"Id": 300 + at, "T3_Variable": variable, "Nombre": item, "Codigo": ""})
                };
                one["MetaData"] = variables.iter().enumerate().map(item).collect();
            }
            one["Data"] = json!(data);
            one
        })
        .collect();
    Reply::new(200, "application/json;charset=UTF-8", json!(body).to_string())
}

/// The first day of the quarter, midnight in Madrid, which is the day before in UTC.
fn point((year, quarter, value, kind): &Figure, friendly: bool) -> Value {
    let month = quarter * 3 - 2;
    let offset = if (4..=10).contains(&month) { "+02:00" } else { "+01:00" };
    if friendly {
        let date = format!("{year}-{month:02}-01T00:00:00.000{offset}");
        return json!({"Fecha": date, "T3_TipoDato": kind, "T3_Periodo": format!("T{quarter}"), "Anyo": year, "Valor": value});
    }
    json!({"Fecha": 1_767_222_000_000_i64, "FK_TipoDato": 1, "FK_Periodo": 18 + quarter, "Anyo": year, "Valor": value, "Secreto": false})
}
