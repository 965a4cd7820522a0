//! Tables of a portal of open data that runs Socrata, such as Catalonia's.

use super::about::{optional, required};
use super::request::member;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Service};
use crate::acquire::AcquireError;
use sha2::{Digest, Sha256};

/// Portal asked unless the plan names another.
const CATALONIA: &str = "analisi.transparenciacatalunya.cat";
/// Rows a page; without a limit the service gives 1,000.
const ROWS: u64 = 50_000;

/// `https://{portal}/resource/{dataset}.csv?$order=:id&$limit=50000&$offset=0`; its columns are mapped in the plan.
pub struct Socrata;

impl Service for Socrata {
    fn about(&self) -> About {
        About {
            id: "socrata",
            holds: Holds::Statistics,
            publisher: "the owner of the portal, by Socrata",
            base: "https://{portal}",
            parameters: const {
                &[
                    optional(
                        "portal",
                        "host of the portal, Catalonia's unless given: \"analisi.transparenciacatalunya.cat\"",
                    ),
                    required("dataset", "id of a dataset, four and four characters, one or several: [\"8juy-ndgc\"]"),
                    optional("where", "which rows: \"any >= 2023\""),
                    optional("select", "which columns: \"any,comarca,valor\""),
                    optional("limit", "rows a page, 50000 unless given: 50000"),
                ]
            },
            pause_seconds: 1.0,
            terms: "those that the dataset states",
            credential: Some(("SOCRATA_APP_TOKEN", "X-App-Token")),
            vintage: "rowsUpdatedAt of the dataset's description, hash",
            records: (0, 20_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let mut requests = Vec::new();
        for dataset in ask.many("dataset") {
            let is_part = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphanumeric());
            if !dataset.split_once('-').is_some_and(|(one, other)| is_part(one) && is_part(other)) {
                return Err(AskError::new("dataset", format!("\"{dataset}\" is no id such as \"8juy-ndgc\"")));
            }
            let about = ask.url_of("portal", portal(ask), &["api", "views", dataset], &[])?;
            requests.push(Request::get(about, Expects::Json).listing().optional());
            requests.push(page(ask, dataset, 0, "")?);
        }
        Ok(requests)
    }

    fn vintage(&self, head: &str) -> Option<String> {
        member(head, "rowsUpdatedAt")
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        if answer.request.role == Role::Listing {
            return Ok(Vec::new());
        }
        let refused = |e: AskError| answer.refuse(e.to_string());
        let mut note = answer.request.note.split(' ');
        let (dataset, offset) = (note.next().unwrap_or_default(), note.next().and_then(|n| n.parse::<u64>().ok()));
        let before = note.next().unwrap_or_default();
        let text = answer.text();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let rows = reader.byte_records().take_while(Result::is_ok).count() as u64;
        if rows < limit(ask).map_err(refused)? {
            return Ok(Vec::new());
        }
        // Rows have no id of their own; a page that comes again comes as it was.
        let print: String = Sha256::digest(answer.body).iter().map(|byte| format!("{byte:02x}")).collect();
        if print == before {
            return Err(answer.refuse("is the page before it once more"));
        }
        page(ask, dataset, offset.unwrap_or_default() + rows, &print).map(|request| vec![request]).map_err(refused)
    }
}

fn portal<'s>(ask: &'s Ask<'_>) -> &'s str {
    ask.one("portal").unwrap_or(CATALONIA)
}

fn limit(ask: &Ask<'_>) -> Result<u64, AskError> {
    match ask.number("limit")?.unwrap_or(ROWS) {
        rows @ 1..=ROWS => Ok(rows),
        rows => Err(AskError::new("limit", format!("{rows} is not between 1 and {ROWS}"))),
    }
}

/// A page of a dataset; its note keeps dataset, offset and the fingerprint of the page before.
fn page(ask: &Ask<'_>, dataset: &str, offset: u64, before: &str) -> Result<Request, AskError> {
    let (rows, from, file) = (limit(ask)?.to_string(), offset.to_string(), format!("{dataset}.csv"));
    let given = |name: &str| ask.one(name).unwrap_or_default();
    let query = [
        ("$select", given("select")),
        ("$where", given("where")),
        // Without an order pages may overlap.
        ("$order", ":id"),
        ("$limit", rows.as_str()),
        ("$offset", from.as_str()),
    ];
    let url = ask.url_of("portal", portal(ask), &["resource", &file], &query)?;
    Ok(Request::get(url, Expects::Csv).noting(format!("{dataset} {from} {before}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    #[test]
    fn a_full_page_leads_to_the_next_a_short_one_ends_and_a_repeated_one_is_refused() {
        let given = [("dataset", Given::Text("8juy-ndgc".to_owned())), ("limit", Given::Number(2))];
        let given = BTreeMap::from(given.map(|(name, value)| (name.to_owned(), value)));
        let about = Socrata.about();
        let ask = Ask::new(&about, &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let next = |request: &Request, body: &str| {
            let headers = BTreeMap::new();
            let answer = Answer { request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
            Socrata.next(&ask, &answer)
        };
        let first = Socrata.first(&ask).unwrap();
        assert_eq!(first[0].url, "https://analisi.transparenciacatalunya.cat/api/views/8juy-ndgc");
        assert!(next(&first[0], "{}").unwrap().is_empty());
        let full = "\"any\",\"nom\"\n\"2024\",\"en dues\nlínies\"\n\"2025\",\"b\"\n";
        let second = next(&first[1], full).unwrap().remove(0);
        assert!(
            second.url.ends_with("/resource/8juy-ndgc.csv?%24order=%3Aid&%24limit=2&%24offset=2"),
            "{}",
            second.url
        );
        assert!(next(&second, full).is_err());
        assert!(next(&second, "\"any\",\"nom\"\n\"2026\",\"c\"\n").unwrap().is_empty());
    }
}
