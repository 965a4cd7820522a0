//! sources.md §6.1 and §10 row 9: a POST form gives a list of months, a link of it the page of an occupation and month;
//! `no existe ningún documento`, empty shell (V, S3 to S5). What a page of the list behind the last one says is not
//! documented: here it is the last one again.

use super::{Asked, Case, Reply};

const FORM: &str = "/HomeSepe/que-es-observatorio/informacion-mt-por-ocupacion/main/04/content/resultados";
const PAGES: &str =
    "/HomeSepe/que-es-observatorio/informacion-mt-por-ocupacion/informacion-mercado-trabajo-por-ocupacion~_mensuales_";
const NAME: &str = "_2721-Dise-adores-y-administradores-de-bases-de-datos~.html";
/// What is published of 2721, newest first: name of the month, year, number, jobseekers.
const MONTHS: [(&str, &str, &str, &str); 3] =
    [("Julio", "2026", "07", "2.478"), ("Junio", "2026", "06", "2.409"), ("Diciembre", "2025", "12", "2.391")];
const PER_PAGE: usize = 2;

const SHELL: &str = "<!DOCTYPE html><html lang='es'><head><title>Observatorio de las Ocupaciones</title></head><body><main></main></body></html>";
const NONE: &str = "<!DOCTYPE html><html lang='es'><head><title>Observatorio de las Ocupaciones</title></head><body><main>\
    <p>Para los criterios seleccionados no existe ningún documento.</p></main></body></html>";

const PAGE: &str = r#"<!DOCTYPE html><html lang="es"><head><title>Información mensual de mercado de trabajo por ocupación</title></head><body><main>
<h2 class="se-obs--title"><span>CNO-2721: Diseñadores y administradores de bases de datos</span> <span>{PERIOD}</span></h2>
<div class="se-databanner"><h4 class="se-databanner--title">Parados (1) en esta ocupación</h4> <span class="se-databanner--digit">{PARADOS}</span></div>
<div class="se-databanner"><h4 class="se-databanner--title">Contratos en esta ocupación</h4>
<span class="se-databanner--digit">116</span> contratos / <span class="se-databanner--digit">115</span> personas</div>
<table><caption>Parados según sexo y edad</caption>
<tr><th colspan="4">Por sexo</th></tr>
<tr><td>Hombre</td><td>1.945</td><td>2,86 %</td><td>15,91 %</td></tr>
<tr><td>Mujer</td><td>533</td><td>-1,30 %</td><td>4,72 %</td></tr>
<tr><th colspan="4">Por tramos de edad</th></tr>
<tr><td>&lt;18</td><td>0</td><td>0,00 %</td><td>-100,00 %</td></tr>
<tr><td>18-24</td><td>212</td><td>1,44 %</td><td>20,45 %</td></tr>
<tr><td>25-29</td><td>391</td><td>3,17 %</td><td>18,13 %</td></tr>
<tr><td>30-39</td><td>604</td><td>2,20 %</td><td>14,61 %</td></tr>
<tr><td>40-44</td><td>318</td><td>-0,31 %</td><td>9,66 %</td></tr>
<tr><td>&gt;44</td><td>953</td><td>1,92 %</td><td>11,33 %</td></tr></table>
<table><caption>Contratos según sexo y edad</caption>
<tr><td>Hombre</td><td>86</td><td>-12,24 %</td><td>3,61 %</td></tr>
<tr><td>Mujer</td><td>30</td><td>7,14 %</td><td>-9,09 %</td></tr></table>
<table><caption>Distribución geográfica de parados</caption>
<thead><tr><th>Provincia</th><th>Parados</th><th>Mensual</th><th>Anual</th></tr></thead>
<tbody><tr><td>Barcelona</td><td>401</td><td>1,78 %</td><td>12,96 %</td></tr>
<tr><td>Girona</td><td>12</td><td>-7,69 %</td><td>20,00 %</td></tr>
<tr><td>Lleida</td><td>9</td><td>0,00 %</td><td>28,57 %</td></tr>
<tr><td>Tarragona</td><td>21</td><td>5,00 %</td><td>-4,55 %</td></tr>
<tr><td>Madrid</td><td>1.003</td><td>2,24 %</td><td>17,31 %</td></tr></tbody></table>
<table><caption>Distribución geográfica de contratos</caption>
<thead><tr><th>Provincia</th><th>Contratos</th><th>Mensual</th><th>Anual</th></tr></thead>
<tbody><tr><td>Barcelona</td><td>22</td><td>-15,38 %</td><td>10,00 %</td></tr>
<tr><td>Madrid</td><td>61</td><td>-4,69 %</td><td>1,67 %</td></tr></tbody></table>
<table><caption>Movilidad geográfica de la contratación</caption>
<tr><td>Nº de contratos que permanecen en la provincia</td><td>84</td></tr>
<tr><td>Nº de contratos que se mueven</td><td>32</td></tr></table>
<script>function drawStuffMovilidad() { data.addRow(['Hombre', 62, 24]); data.addRow(['Mujer', 22, 8]); }</script>
<p>Elaborado por el Observatorio de las Ocupaciones del SEPE a partir de los datos del SISPE.</p></main></body></html>"#;

pub fn cases() -> Vec<Case> {
    let case = Case {
        service: "sepe_occupations",
        kind: "statistics",
        base_path: "",
        ask: "",
        source: "",
        reply,
        questions: 0,
        kept: 0,
        rejected: 0,
        shows: &[],
    };
    // A page: 3 in the banners; 8 rows by 3; 2 rows by 3; 5 provinces by 3; 2 provinces by 3; 2 of mobility.
    vec![
        Case {
            // Nothing is published of 5120.
            ask: "occupation = ['2721', '5120']\nyear = 2026\nmonth = 7",
            // Two lists, one page.
            questions: 3,
            kept: 56,
            shows: &[
                "2478",
                "15.91",
                "2026-07",
                "CNO-2721: Diseñadores y administradores de bases de datos",
                ">44",
                "ES512",
            ],
            ..case
        },
        Case {
            ask: "occupation = '2721'\nyear = 2026",
            // Three pages of the list, of which the last repeats; two pages of 2026.
            questions: 5,
            kept: 112,
            shows: &["2478", "2409", "2026-06"],
            ..case
        },
    ]
}

fn reply(asked: &Asked) -> Reply {
    let page = |text: &str| Reply::new(200, "text/html;charset=UTF-8", text);
    if asked.path == FORM {
        return page(&list(asked));
    }
    let month = asked.path.strip_prefix(PAGES).and_then(|rest| rest.strip_suffix(NAME));
    let found = MONTHS.iter().find(|(_, year, number, _)| month == Some(format!("{year}_{number}").as_str()));
    match (asked.method.as_str(), found) {
        ("GET", Some((name, year, _, jobseekers))) => {
            page(&PAGE.replace("{PERIOD}", &format!("{name} {year}")).replace("{PARADOS}", jobseekers))
        }
        _ => Reply::new(404, "text/html;charset=UTF-8", "<html><body><h1>Página no encontrada</h1></body></html>"),
    }
}

/// The list: by POST its first page, filtered; by GET a further one, whose filter is the occupation alone.
fn list(asked: &Asked) -> String {
    let is_form = asked.header("content-type").is_some_and(|t| t.starts_with("application/x-www-form-urlencoded"));
    let field = |name: &str| asked.body.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    let (mode, occupation, page) = match asked.method.as_str() {
        "POST" if is_form => (field("list-mode"), field("ocupacion-id"), 1),
        "GET" => (asked.query("list-mode"), asked.query("ocupacion-id"), asked.query("page-pr").map_or(1, number)),
        _ => return SHELL.to_owned(),
    };
    let (Some("detail"), Some(occupation)) = (mode, occupation) else { return SHELL.to_owned() };
    let given = |name: &str| field(name).filter(|value| !value.is_empty());
    let fits = |month: &&(&str, &str, &str, &str)| {
        given("year-busc").is_none_or(|year| year == month.1)
            && given("month-busc").is_none_or(|number| number == month.2.trim_start_matches('0'))
    };
    let found: Vec<_> = MONTHS.iter().filter(|_| occupation == "2721").filter(fits).collect();
    let last = found.len().div_ceil(PER_PAGE);
    let Some(rows) = found.chunks(PER_PAGE).nth(page.min(last).saturating_sub(1)) else { return NONE.to_owned() };
    let row = |(name, year, number, _): &&(&str, &str, &str, &str)| {
        format!(
            "<tr><td>{name}</td><td>{year}</td><td><a href=\"{PAGES}{year}_{number}{NAME}\">Ver información</a></td></tr>\n"
        )
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<!DOCTYPE html><html lang=\"es\"><head><title>Observatorio de las Ocupaciones</title></head><body>\
         <nav><a href=\"/HomeSepe/\">Inicio</a></nav><main><table><thead><tr><th>Mes</th><th>Año</th><th>Información</th></tr></thead>\
         <tbody>\n{rows}</tbody></table></main></body></html>"
    )
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or(1)
}
