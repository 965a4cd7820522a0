//! Spain's employment service (SEPE), open data by municipality: a file per subject and year.

use super::about::required;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};
use crate::lexicon::normal::fold;

const SUBJECTS: [&str; 3] = ["Paro", "Contratos", "Dtes_empleo"];
const FOLDER: [&str; 6] = ["es", "portaltrabaja", "resources", "sede", "datos_abiertos", "datos"];

/// `.../datos/Paro_por_municipios_2026_csv.csv`; the file of the running year is written anew every month.
pub struct SepeMunicipal;

impl Service for SepeMunicipal {
    fn about(&self) -> About {
        About {
            id: "sepe_municipal",
            holds: Holds::Statistics,
            publisher: "Servicio Público de Empleo Estatal (SEPE)",
            base: "https://sede.sepe.gob.es",
            parameters: const {
                &[
                    required("file", "one or several of \"Paro\", \"Contratos\", \"Dtes_empleo\""),
                    required("year", "one or several years: 2026, or [\"2025\", \"2026\"]"),
                ]
            },
            pause_seconds: 1.0,
            terms: "reuse with source and date cited",
            credential: None,
            vintage: "hash: the file of the running year is written anew",
            records: (1, 500_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let mut requests = Vec::new();
        for subject in ask.many("file") {
            if !SUBJECTS.contains(&subject.as_str()) {
                let problem = format!("\"{subject}\" is none of {}", SUBJECTS.join(", "));
                return Err(AskError::new("file", problem));
            }
            for year in ask.many("year") {
                if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(AskError::new("year", format!("\"{year}\" is no year of four digits")));
                }
                let name = format!("{subject}_por_municipios_{year}_csv.csv");
                let url = ask.url(&[FOLDER.as_slice(), &[name.as_str()]].concat(), &[])?;
                requests.push(Request::get(url, Expects::Csv).noting(format!("{subject} {year}")));
            }
        }
        Ok(requests)
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let year = answer.request.note.rsplit(' ').next().unwrap_or_default();
        match Verdict::by_status(answer) {
            Verdict::Data => other_month(&answer.text(), year).map_or(Verdict::Data, |month| {
                Verdict::Refused(format!("{} holds rows of {month} where {year} was asked for", answer.url))
            }),
            other => other,
        }
    }
}

/// A month of another year, where most rows are of another year.
fn other_month(text: &str, year: &str) -> Option<String> {
    let (mut column, mut own, mut others, mut first) = (None, 0_u64, 0_u64, None);
    for line in text.split(['\n', '\r']) {
        let delimiter = if line.contains(';') { ';' } else { ',' };
        let cells: Vec<&str> = line.split(delimiter).map(|cell| cell.trim().trim_matches('"').trim()).collect();
        let Some(at) = column else {
            column = cells.iter().position(|cell| fold(cell) == "codigo mes");
            continue;
        };
        let is_month = |cell: &&&str| cell.len() == 6 && cell.bytes().all(|b| b.is_ascii_digit());
        match cells.get(at).filter(is_month) {
            Some(month) if month.starts_with(year) => own += 1,
            Some(month) => {
                others += 1;
                first.get_or_insert_with(|| (*month).to_owned());
            }
            None => {}
        }
    }
    first.filter(|_| others > own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_file_of_another_year_than_asked_is_refused_by_a_month_of_it() {
        let verdict = |head: &str, rows: &[&str]| {
            let request = Request::get("https://sede.sepe.gob.es/paro.csv", Expects::Csv).noting("Paro 2026");
            let body = format!("PARO POR MUNICIPIOS;;;\r\n{head}\r\n{}\r\n", rows.join("\r\n"));
            let (headers, body) = (BTreeMap::new(), body.as_bytes());
            let answer = Answer { request: &request, url: &request.url, status: 200, headers: &headers, body };
            SepeMunicipal.verdict(&answer)
        };
        let head = "Código mes ;mes;Provincia;total Paro Registrado";
        let old = ["202512;Diciembre de 2025;Girona;5", "202512;Diciembre de 2025;Lleida;7"];
        let Verdict::Refused(why) = verdict(head, &old) else { panic!("kept") };
        assert!(why.contains("holds rows of 202512 where 2026 was asked for"), "{why}");
        let moved = "mes;Código mes ;Provincia;total Paro Registrado";
        assert!(matches!(verdict(moved, &["Diciembre de 2025;202512;Girona;5"]), Verdict::Refused(_)));
        assert_eq!(verdict(head, &["202601;Enero de 2026;Girona;5", "Fuente: SEPE;;;"]), Verdict::Data);
    }
}
