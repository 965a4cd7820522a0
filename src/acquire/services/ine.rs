//! Statistics of Spain at its statistics office (INE).

use super::about::{optional, required};
use super::request::{FIGURE_CUT, is_figure_cut};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};

/// `https://servicios.ine.es/wstempus/js/ES/DATOS_TABLA/{table}?tip=AM` as JSON, or
/// `https://www.ine.es/jaxiT3/files/t/es/csv_bdsc/{table}.csv?nocab=1` as a file.
pub struct Ine;

impl Service for Ine {
    fn about(&self) -> About {
        About {
            id: "ine",
            holds: Holds::Statistics,
            publisher: "Instituto Nacional de Estadística",
            // The figures as JSON are at `servicios`, the files at `www`.
            base: "https://{host}.ine.es",
            parameters: const {
                &[
                    required("table", "number of a table, one or several: [\"65134\", \"4247\"]"),
                    optional("form", "\"json\", \"csv\" or \"px\"; \"json\" unless given"),
                    optional("last", "number of last periods, as JSON only: 8"),
                ]
            },
            pause_seconds: 1.0,
            terms: "reuse with \"Fuente: INE, www.ine.es\"",
            credential: None,
            vintage: "hash; dates of release in the calendar of INE",
            records: (1, 5_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let last = ask.number("last")?.map(|count| count.to_string());
        let form = ask.one("form").unwrap_or("json");
        if last.is_some() && form != "json" {
            return Err(AskError::new("last", "goes with form = \"json\": a file holds every period"));
        }
        let request = |table: &String| match form {
            "json" => {
                let query = [("tip", "AM"), ("nult", last.as_deref().unwrap_or_default())];
                let url = ask.url_of("host", "servicios", &["wstempus", "js", "ES", "DATOS_TABLA", table], &query)?;
                Ok(Request::get(url, Expects::Json))
            }
            "csv" => file(ask, "csv_bdsc", &format!("{table}.csv"), &[("nocab", "1")], Expects::Csv),
            "px" => file(ask, "px", &format!("{table}.px"), &[], Expects::Any),
            other => Err(AskError::new("form", format!("\"{other}\" is none of \"json\", \"csv\", \"px\""))),
        };
        ask.many("table").iter().map(request).collect()
    }

    /// A table that ends within a figure was cut. Figures as JSON are a list of series; an object with a status says in
    /// words why there is none.
    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        match answer.request.expects {
            Expects::Json if verdict == Verdict::Data => {}
            Expects::Csv if verdict == Verdict::Data && is_figure_cut(&answer.text()) => {
                return Verdict::Busy(format!("its table {FIGURE_CUT}"));
            }
            _ => return verdict,
        }
        let whole = answer.json().unwrap_or_default();
        let words = ["message", "mensaje", "status"].iter().find_map(|key| whole.get(*key)?.as_str());
        match words.filter(|_| whole.get("Data").is_none()) {
            Some(words) => Verdict::Refused(format!("says \"{words}\" instead of figures")),
            None => verdict,
        }
    }
}

fn file(ask: &Ask<'_>, form: &str, name: &str, query: &[(&str, &str)], expects: Expects) -> Result<Request, AskError> {
    let path = ["jaxiT3", "files", "t", "es", form, name];
    Ok(Request::get(ask.url_of("host", "www", &path, query)?, expects))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;

    #[test]
    fn a_table_that_does_not_exist_is_refused_in_the_services_words() {
        let verdict = |body: &str, expects| {
            let request = Request::get("https://servicios.ine.es/x", expects);
            let (url, headers) = (request.url.as_str(), std::collections::BTreeMap::new());
            let answer = Answer { request: &request, url, status: 200, headers: &headers, body: body.as_bytes() };
            Ine.verdict(&answer)
        };
        for body in [r#"{"status":"error","message":"No existe la tabla"}"#, r#"{"status":"No existe la tabla"}"#] {
            let Verdict::Refused(words) = verdict(body, Expects::Json) else { panic!("{body}") };
            assert!(words.contains("No existe la tabla"), "{words}");
            assert_eq!(verdict(body, Expects::Any), Verdict::Data);
        }
        assert_eq!(verdict(r#"[{"COD":"EPA819420","Data":[]}]"#, Expects::Json), Verdict::Data);
    }

    #[test]
    fn a_table_that_ends_within_a_figure_was_cut_and_is_asked_for_again() {
        let verdict = |body: &str| {
            let request = Request::get("https://www.ine.es/x.csv", Expects::Csv);
            let (url, headers) = (request.url.as_str(), std::collections::BTreeMap::new());
            let answer = Answer { request: &request, url, status: 200, headers: &headers, body: body.as_bytes() };
            Ine.verdict(&answer)
        };
        // design/sources.md 6.3
        let whole = "Sexo;Edad;Periodo;Total\r\nAmbos sexos;Total;2021T3;14,57\r\nMujeres;Total;2024T2;21.684,7\r\n";
        assert_eq!(verdict(whole), Verdict::Data);
        assert!(matches!(verdict(whole.trim_end_matches(",7\r\n")), Verdict::Busy(_)));
    }

    #[test]
    fn json_and_files_have_their_own_hosts() {
        let about = Ine.about();
        let address = |given: &[(&str, Given)]| {
            let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            let ask = Ask::new(&about, &given, jiff::civil::date(2026, 9, 1)).unwrap();
            Ine.first(&ask).map(|requests| requests[0].url.clone()).map_err(|e| e.key)
        };
        let (table, last) = (("table", Given::Number(65134)), ("last", Given::Number(4)));
        let form = |form: &str| ("form", Given::Text(form.to_owned()));
        let json = "https://servicios.ine.es/wstempus/js/ES/DATOS_TABLA/65134?tip=AM&nult=4";
        assert_eq!(address(&[table.clone(), last.clone()]).unwrap(), json);
        let csv = "https://www.ine.es/jaxiT3/files/t/es/csv_bdsc/65134.csv?nocab=1";
        assert_eq!(address(&[table.clone(), form("csv")]).unwrap(), csv);
        let px = "https://www.ine.es/jaxiT3/files/t/es/px/65134.px";
        assert_eq!(address(&[table.clone(), form("px")]).unwrap(), px);
        assert_eq!(address(&[table, form("px"), last]).unwrap_err(), "last");
    }
}
