//! Statistics of the European Union at Eurostat.

use super::about::{optional, required};
use super::answered::{said, unasked_in_sdmx, unasked_in_tsv};
use super::request::{is_cut, member};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Service, Verdict};
use crate::acquire::AcquireError;
use serde_json::Value;

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

    /// Leads nowhere: an answer that is not of what was asked for is no answer, however whole it is.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let request = answer.request;
        let found = match request.expects {
            _ if request.role == Role::Listing => None,
            Expects::Json => unasked_in_json(ask, answer)?,
            _ if ask.one("form") == Some("tsv") => unasked_in_tsv(answer, "freq"),
            _ => unasked_in_sdmx(answer, "freq"),
        };
        found.map_or(Ok(Vec::new()), |problem| Err(answer.refuse(problem)))
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
            _ if is_table(answer) && is_cut(&answer.text()) => {
                Verdict::Busy("its table ends within a line: it was cut short".to_owned())
            }
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

/// Whether an answer is a table of figures.
fn is_table(answer: &Answer<'_>) -> bool {
    let request = answer.request;
    request.expects == Expects::Csv && request.role == Role::Records && answer.status < 300
}

/// What an answer in JSON-stat is of, where that is not what was asked for. Items without figures may be left out of it.
fn unasked_in_json(ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Option<String>, AcquireError> {
    let (whole, dataset) = (answer.json()?, answer.request.note.as_str());
    let id = whole.pointer("/extension/id").and_then(Value::as_str).unwrap_or(dataset);
    if !id.eq_ignore_ascii_case(dataset) {
        return Ok(Some(said("dataset", id, &[dataset])));
    }
    let pairs = ask.pairs().map_err(|e| answer.refuse(e.to_string()))?;
    let year = |period: &str| period.get(..4)?.parse::<u32>().ok();
    let since = ask.one("since").unwrap_or_default();
    let is_before = |code: &str| year(code).zip(year(since)).is_some_and(|(own, first)| own < first);
    let dimensions = whole.get("dimension").and_then(Value::as_object);
    Ok(dimensions.into_iter().flatten().find_map(|(name, description)| {
        let asked: Vec<&str> = pairs.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| *v).collect();
        let codes = codes(description);
        let is_odd = |code: &&str| !asked.is_empty() && !asked.iter().any(|item| item.eq_ignore_ascii_case(code));
        let odd = codes.iter().copied().find(is_odd).map(|code| said(name, code, &asked));
        let early = || codes.iter().copied().find(|code| name.eq_ignore_ascii_case("time") && is_before(code));
        odd.or_else(|| Some(format!("holds '{}', where periods since {since} were asked for", early()?)))
    }))
}

/// The items of a dimension, in any order.
fn codes(description: &Value) -> Vec<&str> {
    let of = |key: &str| match description.pointer(key) {
        Some(Value::Object(codes)) => Some(codes.keys().map(String::as_str).collect()),
        Some(Value::Array(codes)) => Some(codes.iter().filter_map(Value::as_str).collect()),
        _ => None,
    };
    of("/category/index").or_else(|| of("/category/label")).unwrap_or_default()
}

fn json_stat(ask: &Ask<'_>, dataset: &str) -> Result<Request, AskError> {
    let mut query = vec![("format", "JSON"), ("lang", "en")];
    query.extend(ask.pairs()?);
    query.push(("sinceTimePeriod", ask.one("since").unwrap_or_default()));
    Ok(Request::get(ask.url(&["statistics", "1.0", "data", dataset], &query)?, Expects::Json).noting(dataset))
}

fn sdmx(ask: &Ask<'_>, format: &str) -> Result<Vec<Request>, AskError> {
    if ask.one("filter").is_some() {
        let problem = "goes with form = \"json\"; here `key` names the items by the place of their dimension";
        return Err(AskError::new("filter", problem));
    }
    let query = [("format", format), ("compressed", "false"), ("startPeriod", ask.one("since").unwrap_or_default())];
    let request = |(dataset, key): (&str, &str)| {
        let url = ask.url(&["sdmx", "2.1", "data", dataset, key], &query)?;
        Ok(Request::get(url, Expects::Csv).noting(format!("{dataset}/{key}")))
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

    /// What is said to an answer in JSON where Spain and Greece, both sexes together, since 2020 were asked for.
    fn refused(body: &str) -> String {
        let filter = many(&["geo=ES", "geo=EL", "sex=T"]);
        let given = [("dataset", many(&["lfsa_egai2d"])), ("filter", filter), ("since", Given::Number(2020))];
        let given: BTreeMap<String, Given> = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let ask = Ask::new(&Eurostat.about(), &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let (request, headers) = (Eurostat.first(&ask).unwrap().remove(0), BTreeMap::new());
        let answer =
            Answer { request: &request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
        Eurostat.next(&ask, &answer).map_err(|e| e.to_string()).err().unwrap_or_default()
    }

    #[test]
    fn an_answer_to_another_question_is_refused_and_one_without_empty_items_is_not() {
        // design/sources.md 5.1
        let body = |id: &str, geo: &str, sex: &str, time: &str| {
            format!(
                r#"{{"extension":{{"id":"{id}"}},"dimension":{{"geo":{{"category":{{"index":{{{geo}}}}}}},
                "sex":{{"category":{{"index":["{sex}"]}}}},"time":{{"category":{{"index":{{"{time}":0}}}}}}}}}}"#
            )
        };
        let (own, both) = ("LFSA_EGAI2D", r#""ES":0,"EL":1"#);
        for (body, words) in [
            (body(own, both, "T", "2020"), ""),
            (body(own, r#""ES":0"#, "T", "2021-Q1"), ""),
            (body("UNE_RT_A", both, "T", "2020"), "holds 'UNE_RT_A' as `dataset`, where lfsa_egai2d was asked for"),
            (body(own, r#""FR":0,"EL":1"#, "T", "2020"), "holds 'FR' as `geo`, where ES, EL was asked for"),
            (body(own, both, "F", "2020"), "holds 'F' as `sex`, where T was asked for"),
            (body(own, both, "T", "2003"), "holds '2003', where periods since 2020 were asked for"),
        ] {
            let said = refused(&body);
            assert!(said.contains(words) && said.is_empty() == words.is_empty(), "{said}");
        }
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
