//! Statistics of the International Labour Organization, by its SDMX service.

use super::about::{optional, required};
use super::answered::unasked_in_sdmx;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};
use crate::acquire::AcquireError;

/// Areas that one question may name.
const MOST_AREAS: usize = 30;

/// `https://sdmx.ilo.org/rest/data/ILO,{dataflow},1.0/{key}?startPeriod=2015`; the form is asked for by header.
pub struct IlostatSdmx;

impl Service for IlostatSdmx {
    fn about(&self) -> About {
        About {
            id: "ilostat_sdmx",
            holds: Holds::Statistics,
            publisher: "International Labour Organization",
            base: "https://sdmx.ilo.org/rest",
            parameters: const {
                &[
                    required("dataflow", "id of a dataflow, one or several: [\"DF_EMP_TEMP_SEX_OCU_NB\"]"),
                    required(
                        "key",
                        "what to take, empty = all; one for all dataflows or one each: [\"PSE+JOR.A..SEX_T.\"]",
                    ),
                    optional("from", "first period: 2015"),
                ]
            },
            pause_seconds: 1.0,
            terms: "CC BY 4.0 (since 2023-05-03)",
            credential: None,
            vintage: "hash",
            records: (1, 5_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let query = [("startPeriod", ask.one("from").unwrap_or_default())];
        let request = |(dataflow, key): (&str, &str)| {
            if key.split('.').any(|items| items.split('+').count() > MOST_AREAS) {
                return Err(AskError::new("key", format!("more than {MOST_AREAS} areas: ask for fewer at a time")));
            }
            let url = ask.url(&["data", &format!("ILO,{dataflow},1.0"), key], &query)?;
            let request = Request::get(url, Expects::Csv).accepting("application/vnd.sdmx.data+csv;version=1.0.0");
            Ok(request.noting(format!("{dataflow}/{key}")))
        };
        ask.keyed("dataflow")?.into_iter().map(request).collect()
    }

    /// Leads nowhere: figures of another dataflow or outside the key are no answer.
    fn next(&self, _ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        unasked_in_sdmx(answer, "REF_AREA").map_or(Ok(Vec::new()), |problem| Err(answer.refuse(problem)))
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        match answer.status {
            404 => Verdict::Nothing("no figures under this key".to_owned()),
            _ => Verdict::by_status(answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    #[test]
    fn figures_of_another_dataflow_or_area_than_asked_for_are_refused() {
        let text = |text: &str| Given::Text(text.to_owned());
        let given = [("dataflow", text("DF_EMP_TEMP_SEX_OCU_NB")), ("key", text("PSE+JOR.A..SEX_T."))];
        let given: BTreeMap<String, Given> = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let ask = Ask::new(&IlostatSdmx.about(), &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let (request, headers) = (IlostatSdmx.first(&ask).unwrap().remove(0), BTreeMap::new());
        // design/sources.md 5.2: ILO,DF_EMP_TEMP_SEX_OCU_NB,1.0/PSE.A..SEX_T.
        for (flow, area, words) in [
            ("DF_EMP_TEMP_SEX_OCU_NB", "PSE", ""),
            ("DF_EMP_TEMP_SEX_OCU_NB", "ESP", "holds 'ESP' as `REF_AREA`, where PSE, JOR was asked for"),
            ("DF_UNE_DEAP_SEX_AGE_RT", "PSE", "where DF_EMP_TEMP_SEX_OCU_NB was asked for"),
        ] {
            let head = "DATAFLOW,REF_AREA,FREQ,MEASURE,SEX,OCU,TIME_PERIOD,OBS_VALUE";
            let body = format!("{head}\nILO:{flow}(1.0),{area},A,EMP_TEMP_NB,SEX_T,OCU_ISCO08_2,2022,1.5\n");
            let answer =
                Answer { request: &request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
            let said = IlostatSdmx.next(&ask, &answer).map_err(|e| e.to_string()).err().unwrap_or_default();
            assert!(said.contains(words) && said.is_empty() == words.is_empty(), "{said}");
        }
    }
}
