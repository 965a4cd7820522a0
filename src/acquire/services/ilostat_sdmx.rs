//! Statistics of the International Labour Organization, by its SDMX service.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict};

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
            Ok(Request::get(url, Expects::Csv).accepting("application/vnd.sdmx.data+csv;version=1.0.0"))
        };
        ask.keyed("dataflow")?.into_iter().map(request).collect()
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        match answer.status {
            404 => Verdict::Nothing("no figures under this key".to_owned()),
            _ => Verdict::by_status(answer),
        }
    }
}
