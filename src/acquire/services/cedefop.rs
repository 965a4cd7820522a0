//! Cedefop: files under `/files/`, and the charts' data of the skills forecast in a folder named after its vintage.

use super::about::optional;
use super::request::{FIGURE_CUT, is_figure_cut};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Service, Verdict};
use crate::acquire::AcquireError;

/// Key of the page's settings that holds the folder.
const SETTING: &str = "\"skillsForecastDataFolder\"";
/// What to do where the page gives no folder.
const NAME_IT: &str = "name the `folder` in the plan, as folder = \"skills-2026\"";

/// `https://www.cedefop.europa.eu/files/...`; its pages refuse programs at times, its files do not.
pub struct Cedefop;

impl Service for Cedefop {
    fn about(&self) -> About {
        About {
            id: "cedefop",
            holds: Holds::Statistics,
            publisher: "European Centre for the Development of Vocational Training (Cedefop)",
            base: "https://www.cedefop.europa.eu",
            parameters: const {
                &[
                    optional("file", "files under /files/: [\"cedefop-oja-imbalance-2026-05.csv\"]"),
                    optional("forecast", "data of the forecast: [\"country/skills2026-country-occupations.json.gz\"]"),
                    optional("folder", "folder of the forecast's data: \"skills-2026\"; absent = as its page says"),
                ]
            },
            pause_seconds: 1.0,
            terms: "CC BY 4.0; cite Cedefop, the dataset and its year",
            credential: None,
            vintage: "date or edition in the name of a file, name of the forecast's folder, hash",
            records: (1, 5_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let mut requests = Vec::new();
        for name in ask.many("file") {
            let place = parts(name.trim_start_matches('/').trim_start_matches("files/"));
            let url = ask.url(&[vec!["files"], place].concat(), &[])?;
            requests.push(Request::get(url, expected(name)).noting(name));
        }
        match ask.one("folder") {
            _ if ask.many("forecast").is_empty() => {}
            Some(folder) => requests.extend(forecast(ask, folder)?),
            None => {
                let page = ask.url(&["en", "tools", "skills-forecast"], &[])?;
                requests.push(Request::get(page, Expects::Page).listing());
            }
        }
        if requests.is_empty() {
            return Err(AskError::new("file", "there is nothing to ask for: name a `file`, a `forecast`, or both"));
        }
        Ok(requests)
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        if answer.request.role == Role::Records {
            return Ok(Vec::new());
        }
        let Some(folder) = data_folder(&answer.text()) else {
            return Err(answer.refuse(format!("does not say where the data of the forecast lie; {NAME_IT}")));
        };
        forecast(ask, &folder).map_err(|e| answer.refuse(e.to_string()))
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        match Verdict::by_status(answer) {
            Verdict::Refused(said) if answer.request.role == Role::Listing => {
                Verdict::Refused(format!("{said}; the pages refuse programs at times: {NAME_IT}"))
            }
            Verdict::Data if answer.request.expects == Expects::Csv && is_figure_cut(&answer.text()) => {
                Verdict::Busy(format!("{} {FIGURE_CUT}", answer.url))
            }
            verdict => verdict,
        }
    }
}

/// Data of the forecast. A folder is a path of the site; a bare name stands under `/files/`, as all downloads do.
fn forecast(ask: &Ask<'_>, folder: &str) -> Result<Vec<Request>, AskError> {
    let above = if folder.contains('/') { parts(folder) } else { vec!["files", folder] };
    let request = |path: &String| {
        let below = parts(path);
        // Scripts of the page name the data with the last part of the folder.
        let below = match below.split_first() {
            Some((first, rest)) if above.last() == Some(first) => rest,
            _ => below.as_slice(),
        };
        let url = ask.url(&[above.as_slice(), below].concat(), &[])?;
        Ok(Request::get(url, expected(path)).noting(path))
    };
    ask.many("forecast").iter().map(request).collect()
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// By the ending; what is called `.json.gz` comes as plain JSON.
fn expected(name: &str) -> Expects {
    match name.trim_end_matches(".gz").rsplit('.').next() {
        Some("csv") => Expects::Csv,
        Some("json") => Expects::Json,
        Some("xlsx") => Expects::Workbook,
        _ => Expects::Any,
    }
}

/// The folder in the settings of the page, a JSON text whose slashes are escaped.
fn data_folder(page: &str) -> Option<String> {
    let (_, rest) = page.split_once(SETTING)?;
    let value = rest.trim_start().strip_prefix(':')?;
    let folder = serde_json::Deserializer::from_str(value).into_iter::<String>().next()?.ok()?;
    Some(folder).filter(|folder| !folder.trim_matches('/').is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    #[test]
    fn the_folder_is_read_out_of_the_settings_with_its_slashes() {
        let page = r#"<script>{"path":"x","skillsForecastDataFolder" : "\/files\/skills-2027","theme":1}</script>"#;
        assert_eq!(data_folder(page).as_deref(), Some("/files/skills-2027"));
        assert_eq!(data_folder(r#"{"skillsForecastDataFolder":null}"#), None);
        assert_eq!(data_folder("<title>Request rejected</title>"), None);
    }

    #[test]
    fn a_table_cut_within_its_last_score_is_asked_for_again() {
        let request = Request::get("https://www.cedefop.europa.eu/files/oja.csv", Expects::Csv);
        let verdict = |body: &str| {
            let (headers, body) = (BTreeMap::new(), body.as_bytes());
            Cedefop.verdict(&Answer { request: &request, url: &request.url, status: 200, headers: &headers, body })
        };
        let whole = "isco_1,isco_4,occupation,score\n2,2512,Software developers,0.75";
        assert_eq!(verdict(&format!("{whole}\n")), Verdict::Data);
        assert!(matches!(verdict(&whole[..whole.len() - 1]), Verdict::Busy(said) if said.contains("cut short")));
        assert_eq!(verdict(&format!("{whole}\nSource: Cedefop,,,")), Verdict::Data);
    }

    #[test]
    fn a_folder_and_a_path_meet_once() {
        let given: BTreeMap<String, Given> =
            [("forecast".to_owned(), Given::Text("/skills-2026/country/a.json.gz".to_owned()))].into();
        let today = jiff::civil::date(2026, 9, 1);
        let ask = Ask::new(&Cedefop.about(), &given, today).unwrap();
        for folder in ["skills-2026", "/files/skills-2026/", "/files"] {
            let found = forecast(&ask, folder).unwrap();
            assert_eq!(found[0].url, "https://www.cedefop.europa.eu/files/skills-2026/country/a.json.gz", "{folder}");
        }
    }
}
