//! Spain's employment service (SEPE), open data by municipality: a file per subject and year.

use super::about::required;
use super::request::{FIGURE_CUT, is_figure_cut};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};
use crate::acquire::error::excerpt;
use crate::lexicon::normal::fold;

/// Subjects of files, each with words of which a column of its figures has one.
const SUBJECTS: [(&str, &[&str]); 3] =
    [("Paro", &["paro"]), ("Contratos", &["contratos"]), ("Dtes_empleo", &["dtes", "demandantes"])];
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
            if !SUBJECTS.iter().any(|(name, _)| name == subject) {
                let problem = format!("\"{subject}\" is none of {}", SUBJECTS.map(|(name, _)| name).join(", "));
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
        let verdict = Verdict::by_status(answer);
        if verdict != Verdict::Data {
            return verdict;
        }
        let (subject, year) = answer.request.note.split_once(' ').unwrap_or_default();
        let text = answer.text();
        if let Some(column) = other_subject(&text, subject) {
            return Verdict::Refused(format!(
                "{} has figures of '{}' where those of {subject} were asked for",
                answer.url,
                excerpt(&column)
            ));
        }
        if let Some(month) = other_month(&text, year) {
            return Verdict::Refused(format!("{} holds rows of {month} where {year} was asked for", answer.url));
        }
        if is_figure_cut(&text) || is_row_cut(&text) {
            return Verdict::Busy(format!("{} {FIGURE_CUT}", answer.url));
        }
        Verdict::Data
    }
}

fn cells(line: &str) -> Vec<&str> {
    let delimiter = if line.contains(';') { ';' } else { ',' };
    line.split(delimiter).map(|cell| cell.trim().trim_matches('"').trim()).collect()
}

fn is_month_column(cell: &str) -> bool {
    fold(cell) == "codigo mes"
}

/// The last column of a header that names no figure of the subject. Without a header there is nothing to compare.
fn other_subject(text: &str, subject: &str) -> Option<String> {
    let words = SUBJECTS.iter().find(|(name, _)| *name == subject).map(|(_, words)| *words)?;
    let mut lines = text.split(['\n', '\r']).map(cells);
    let header = lines.find(|cells| cells.iter().any(|cell| is_month_column(cell)))?;
    let is_own = |cell: &&str| fold(cell).split(|c: char| !c.is_alphanumeric()).any(|part| words.contains(&part));
    let last = header.iter().rfind(|cell| !cell.is_empty())?;
    if header.iter().any(is_own) { None } else { Some((*last).to_owned()) }
}

/// Whether a file ends within a row before its last cell; a note under the table may be as short as it likes.
fn is_row_cut(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']).map(cells);
    let Some(header) = lines.find(|cells| cells.iter().any(|cell| is_month_column(cell))) else { return false };
    let is_row = |cells: &Vec<&str>| cells.first().is_some_and(|cell| cell.starts_with(|c: char| c.is_ascii_digit()));
    lines.next_back().filter(is_row).is_some_and(|last| last.len() < header.len())
}

/// A month of another year, where most rows are of another year.
fn other_month(text: &str, year: &str) -> Option<String> {
    let (mut column, mut own, mut others, mut first) = (None, 0_u64, 0_u64, None);
    for line in text.split(['\n', '\r']) {
        let cells = cells(line);
        let Some(at) = column else {
            column = cells.iter().position(|cell| is_month_column(cell));
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

    /// Verdict on a file in answer to a question with this note.
    fn verdict_on(note: &str, text: &str) -> Verdict {
        let request = Request::get("https://sede.sepe.gob.es/paro.csv", Expects::Csv).noting(note);
        let (headers, body) = (BTreeMap::new(), text.as_bytes());
        let answer = Answer { request: &request, url: &request.url, status: 200, headers: &headers, body };
        SepeMunicipal.verdict(&answer)
    }

    #[test]
    fn a_file_of_another_subject_than_asked_is_refused_by_a_column_of_it() {
        let file =
            |column: &str| format!("X;;;\r\nCódigo mes ;mes;Provincia;{column}\r\n202601;Enero de 2026;Girona;72\r\n");
        let paro = file("total Paro Registrado");
        let contracts = file("Total Contratos;Contratos  Servicios");
        assert_eq!(verdict_on("Paro 2026", &paro), Verdict::Data);
        assert_eq!(verdict_on("Contratos 2026", &contracts), Verdict::Data);
        assert_eq!(verdict_on("Dtes_empleo 2026", &file("total Dtes Empleo")), Verdict::Data);
        for (asked, sent, column) in [
            ("Paro 2026", &contracts, "Contratos  Servicios"),
            ("Contratos 2026", &paro, "total Paro Registrado"),
            ("Dtes_empleo 2026", &paro, "total Paro Registrado"),
        ] {
            let Verdict::Refused(why) = verdict_on(asked, sent) else { panic!("{asked}") };
            assert!(why.contains(&format!("has figures of '{column}'")), "{why}");
        }
    }

    #[test]
    fn a_file_cut_within_its_last_figure_is_asked_for_again() {
        let whole = "PARO;;\r\nCódigo mes ;Provincia;total Paro Registrado\r\n202601;Girona;50";
        assert_eq!(verdict_on("Paro 2026", &format!("{whole}\r\n")), Verdict::Data);
        assert!(matches!(verdict_on("Paro 2026", whole), Verdict::Busy(said) if said.contains("cut short")));
        assert_eq!(verdict_on("Paro 2026", &format!("{whole}\r\nFuente: SEPE;;")), Verdict::Data);
        let in_words = format!("{whole}\r\n202601;Llei");
        assert!(matches!(verdict_on("Paro 2026", &in_words), Verdict::Busy(said) if said.contains("cut short")));
        assert_eq!(verdict_on("Paro 2026", &format!("{whole}\r\nFuente")), Verdict::Data);
    }

    #[test]
    fn a_file_of_another_year_than_asked_is_refused_by_a_month_of_it() {
        let verdict = |head: &str, rows: &[&str]| {
            let body = format!("PARO POR MUNICIPIOS;;;\r\n{head}\r\n{}\r\n", rows.join("\r\n"));
            verdict_on("Paro 2026", &body)
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
