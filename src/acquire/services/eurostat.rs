//! Statistics of the European Union at Eurostat.

use super::about::{optional, required};
use super::request::member;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Service, Verdict};

/// Longest answer that may be a message.
const MOST_MESSAGE: usize = 64 * 1024;
const TOO_LARGE: &str =
    "too large to be sent at once: ask for fewer items with `filter` or `key`, or for later periods with `since`";

/// `.../statistics/1.0/data/{dataset}?format=JSON&geo=ES` as JSON-stat, or `.../sdmx/2.1/data/{dataset}/{key}` as
/// SDMX-CSV or TSV.
pub struct Eurostat;

impl Service for Eurostat {
    fn about(&self) -> About {
        About {
            id: "eurostat",
            holds: Holds::Statistics,
            publisher: "Eurostat",
            base: "https://ec.europa.eu/eurostat/api/dissemination",
            parameters: const {
                &[
                    required("dataset", "code of a dataset, one or several: [\"lfsa_egai2d\"]"),
                    optional(
                        "filter",
                        "items of its dimensions, at most 50 of one: [\"geo=ES\", \"geo=ES51\", \"sex=T\"]",
                    ),
                    optional("since", "first period: 2018"),
                    optional("form", "\"json\", \"sdmx_csv\" or \"tsv\"; \"json\" unless given"),
                    optional("key", "what to take as sdmx_csv or tsv, empty = all: \"A.OC25+OC35..T..ES\""),
                    optional("inventory", "true: fetch the list of all datasets with their last changes too (4.5 MB)"),
                ]
            },
            pause_seconds: 1.0,
            terms: "reuse with \"Source: Eurostat (code), date of access\", changes disclosed; figures of other countries \
                    than EU, EFTA and candidates not commercially",
            credential: None,
            vintage: "updated (JSON), LAST UPDATE (SDMX-CSV), last data change (inventory), hash",
            records: (1, 20_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let mut requests = match ask.one("form").unwrap_or("json") {
            "json" => ask.many("dataset").iter().map(|dataset| json_stat(ask, dataset)).collect::<Result<Vec<_>, _>>(),
            "sdmx_csv" => sdmx(ask, "SDMX-CSV"),
            "tsv" => sdmx(ask, "TSV"),
            other => Err(AskError::new("form", format!("\"{other}\" is none of \"json\", \"sdmx_csv\", \"tsv\""))),
        }?;
        if ask.one("inventory") == Some("true") {
            let url = ask.url(&["files", "inventory"], &[("type", "data")])?;
            requests.insert(0, Request::get(url, Expects::Csv).listing().optional());
        }
        Ok(requests)
    }

    fn vintage(&self, head: &str) -> Option<String> {
        member(head, "updated")
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let first = answer.body.iter().find(|b| !b.is_ascii_whitespace() && !b"\xEF\xBB\xBF".contains(b));
        match first {
            Some(b'<') if answer.status < 300 && answer.text().contains("Footer") => {
                Verdict::Busy("the extraction is large and being prepared".to_owned())
            }
            Some(b'<') if answer.status < 300 => Verdict::Refused("a message in XML instead of figures".to_owned()),
            Some(b'{') if answer.body.len() <= MOST_MESSAGE => message(answer),
            _ if answer.status == 413 => Verdict::Refused(format!("status 413: {TOO_LARGE}")),
            _ if is_cut(answer) => Verdict::Busy("its table ends within a line: it was cut short".to_owned()),
            _ => Verdict::in_words(answer),
        }
    }
}

/// What a short answer in JSON says instead of figures: that they are being prepared, or an error.
fn message(answer: &Answer<'_>) -> Verdict {
    let whole = answer.json().unwrap_or_default();
    let at = |places: &[&str]| places.iter().find_map(|at| whole.pointer(at)?.as_str()).map(str::to_owned);
    if whole.get("warning").is_some() {
        let said = at(&["/warning/label", "/warning/0/label", "/warning/message"]).unwrap_or_default();
        return Verdict::Busy(format!("the extraction is large and being prepared ({said})"));
    }
    let said = at(&["/error/0/label", "/error/0/message", "/error/label", "/error/message", "/error"]);
    match said {
        _ if answer.status == 413 => {
            let said = said.map(|said| format!(" ({said})")).unwrap_or_default();
            Verdict::Refused(format!("status 413: {TOO_LARGE}{said}"))
        }
        Some(said) => Verdict::Refused(format!("status {}: {said}", answer.status)),
        None if whole.get("error").is_some() => {
            Verdict::Refused(format!("status {}: an error without words", answer.status))
        }
        None => Verdict::in_words(answer),
    }
}

/// Whether a table of figures lacks the end of its last line.
fn is_cut(answer: &Answer<'_>) -> bool {
    let request = answer.request;
    let is_table = request.expects == Expects::Csv && request.role == Role::Records && answer.status < 300;
    is_table && !answer.body.is_empty() && !matches!(answer.body.last(), Some(b'\n' | b'\r'))
}

fn json_stat(ask: &Ask<'_>, dataset: &str) -> Result<Request, AskError> {
    let mut query = vec![("format", "JSON"), ("lang", "en")];
    query.extend(ask.pairs()?);
    query.push(("sinceTimePeriod", ask.one("since").unwrap_or_default()));
    Ok(Request::get(ask.url(&["statistics", "1.0", "data", dataset], &query)?, Expects::Json))
}

fn sdmx(ask: &Ask<'_>, format: &str) -> Result<Vec<Request>, AskError> {
    if ask.one("filter").is_some() {
        let problem = "goes with form = \"json\"; here `key` names the items by the place of their dimension";
        return Err(AskError::new("filter", problem));
    }
    let query = [("format", format), ("compressed", "false"), ("startPeriod", ask.one("since").unwrap_or_default())];
    let request = |(dataset, key): (&str, &str)| {
        Ok(Request::get(ask.url(&["sdmx", "2.1", "data", dataset, key], &query)?, Expects::Csv))
    };
    ask.keyed("dataset")?.into_iter().map(request).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    fn addresses(given: &[(&str, Given)]) -> Result<Vec<String>, AskError> {
        let given: BTreeMap<String, Given> = given.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        let about = Eurostat.about();
        let ask = Ask::new(&about, &given, jiff::civil::date(2026, 9, 1))?;
        Ok(Eurostat.first(&ask)?.into_iter().map(|request| request.url).collect())
    }

    fn many(texts: &[&str]) -> Given {
        Given::Many(texts.iter().map(|text| Given::Text((*text).to_owned())).collect())
    }

    #[test]
    fn a_dimension_is_repeated_and_a_key_stands_in_the_path() {
        let base = "https://ec.europa.eu/eurostat/api/dissemination";
        let dataset = ("dataset", many(&["lfsa_egai2d"]));
        let json =
            addresses(&[dataset.clone(), ("filter", many(&["geo=ES", "geo=ES51"])), ("since", Given::Number(2018))]);
        let query = "format=JSON&lang=en&geo=ES&geo=ES51&sinceTimePeriod=2018";
        assert_eq!(json.unwrap(), [format!("{base}/statistics/1.0/data/lfsa_egai2d?{query}")]);
        let form = ("form", Given::Text("tsv".to_owned()));
        let tsv = addresses(&[dataset.clone(), form.clone(), ("key", many(&["A.OC25+OC35..ES"]))]).unwrap();
        assert_eq!(tsv, [format!("{base}/sdmx/2.1/data/lfsa_egai2d/A.OC25+OC35..ES?format=TSV&compressed=false")]);
        assert_eq!(addresses(&[dataset.clone(), form]).unwrap_err().key, "key");
        assert_eq!(addresses(&[dataset, ("filter", many(&["ES"]))]).unwrap_err().key, "filter");
    }

    #[test]
    fn a_footer_puts_off_and_an_error_is_quoted() {
        let request = Request::get("https://example.org", Expects::Any);
        let verdict = |status, body: &str| {
            let headers = BTreeMap::new();
            let answer =
                Answer { request: &request, url: &request.url, status, headers: &headers, body: body.as_bytes() };
            Eurostat.verdict(&answer)
        };
        assert!(matches!(verdict(200, "\u{feff}<m:Data><f:Footer/></m:Data>"), Verdict::Busy(_)));
        assert!(matches!(verdict(200, "<html>"), Verdict::Refused(_)));
        assert_eq!(verdict(200, "freq,geo\\TIME_PERIOD\t2024"), Verdict::Data);
        let error = r#"{"error":[{"status":416,"id":140,"label":"too many categories"}]}"#;
        assert_eq!(verdict(416, error), Verdict::Refused("status 416: too many categories".to_owned()));
        let odd = r#"{"error":{"code":42,"message":"no such view"}}"#;
        assert_eq!(verdict(200, odd), Verdict::Refused("status 200: no such view".to_owned()));
        let later = r#"{"warning":{"status":413,"label":"ASYNCHRONOUS_RESPONSE"}}"#;
        for status in [200, 413] {
            let Verdict::Busy(said) = verdict(status, later) else { panic!("{status}") };
            assert!(said.contains("being prepared (ASYNCHRONOUS_RESPONSE)"), "{said}");
        }
        let Verdict::Refused(said) = verdict(413, "") else { panic!("413") };
        assert!(said.contains("too large") && said.contains("`filter`"), "{said}");
    }

    #[test]
    fn a_table_without_the_end_of_its_last_line_was_cut() {
        let request = Request::get("https://example.org", Expects::Csv);
        let verdict = |body: &str| {
            let headers = BTreeMap::new();
            let answer =
                Answer { request: &request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
            Eurostat.verdict(&answer)
        };
        assert_eq!(verdict("freq,geo\\TIME_PERIOD\t2024 \nA,ES\t1.5 \n"), Verdict::Data);
        assert!(matches!(verdict("freq,geo\\TIME_PERIOD\t2024 \nA,ES\t1."), Verdict::Busy(_)));
    }
}
