//! Spain's employment service (SEPE), open data by municipality: a file per subject and year.

use super::about::required;
use super::{About, Ask, AskError, Expects, Holds, Request, Service};

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
}
