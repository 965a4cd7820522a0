//! Tables of a portal of open data that runs Socrata, such as Catalonia's.

use super::about::{optional, required};
use super::request::{FIGURE_CUT, is_figure_cut, member};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Service, Verdict};
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
            requests.push(page(ask, &At { dataset: dataset.clone(), ..At::default() })?);
        }
        Ok(requests)
    }

    fn vintage(&self, head: &str) -> Option<String> {
        member(head, "rowsUpdatedAt")
    }

    /// Only a page without a row is the end: servers have limits of their own, and a short page may be a cut one.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let Some(at) = At::of(answer.request) else { return Ok(Vec::new()) };
        let Table { head, rows, .. } = table(answer);
        if rows == 0 && at.offset == 0 {
            return Ok(Vec::new());
        }
        if at.offset > 0 && head != at.head {
            return Err(answer.refuse("has other columns than the page before it"));
        }
        // Rows have no id of their own; a page that comes again comes as it was.
        let print = hex(answer.body);
        if rows == 0 || print == at.print {
            return Err(answer.refuse("is empty, or the page before it once more"));
        }
        let next = At { dataset: at.dataset, offset: at.offset.saturating_add(rows), print, head };
        page(ask, &next).map(|request| vec![request]).map_err(|e| answer.refuse(e.to_string()))
    }

    /// A header alone, the same as before, is the end of the rows and no table to be read.
    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        let Some(at) = At::of(answer.request).filter(|_| verdict == Verdict::Data) else { return verdict };
        if is_figure_cut(&answer.text()) {
            return Verdict::Busy(format!("{} {FIGURE_CUT}", at.dataset));
        }
        match Some(at).filter(|at| at.offset > 0) {
            Some(at) if table(answer) == (Table { head: at.head.clone(), ..Table::default() }) => {
                Verdict::Nothing(format!("{} has {} rows and no further one", at.dataset, at.offset))
            }
            _ => verdict,
        }
    }
}

/// Where a walk over the rows of a dataset stands; it travels from one question to the next.
#[derive(Debug, Default)]
struct At {
    dataset: String,
    offset: u64,
    /// Fingerprints of the page before, and of its header.
    print: String,
    head: String,
}

impl At {
    /// Of a page of rows; the description of a dataset is none.
    fn of(request: &Request) -> Option<Self> {
        if request.role == Role::Listing {
            return None;
        }
        let mut note = request.note.split(' ').map(str::to_owned);
        let (dataset, offset) = (note.next()?, note.next()?.parse().ok()?);
        Some(At { dataset, offset, print: note.next().unwrap_or_default(), head: note.next().unwrap_or_default() })
    }
}

/// What a page of rows holds, up to where it may be cut.
#[derive(Debug, Default, PartialEq)]
struct Table {
    /// Fingerprint of its header.
    head: String,
    /// Rows as wide as the header.
    rows: u64,
    /// Lines that are none, such as the words of an error: no offset counts them.
    others: u64,
}

fn table(answer: &Answer<'_>) -> Table {
    let text = answer.text();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let (head, width) = reader.byte_headers().map(|head| (hex(head.as_slice()), head.len())).unwrap_or_default();
    let mut table = Table { head, ..Table::default() };
    for row in reader.byte_records().map_while(Result::ok) {
        let count = if row.len() == width { &mut table.rows } else { &mut table.others };
        *count += 1;
    }
    table
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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

/// A page of a dataset.
fn page(ask: &Ask<'_>, at: &At) -> Result<Request, AskError> {
    let (rows, from, file) = (limit(ask)?.to_string(), at.offset.to_string(), format!("{}.csv", at.dataset));
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
    Ok(Request::get(url, Expects::Csv).noting(format!("{} {from} {} {}", at.dataset, at.print, at.head)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    #[test]
    fn every_page_with_rows_leads_to_the_next_and_only_a_header_alone_ends() {
        let given = [("dataset", Given::Text("8juy-ndgc".to_owned())), ("limit", Given::Number(2))];
        let given = BTreeMap::from(given.map(|(name, value)| (name.to_owned(), value)));
        let about = Socrata.about();
        let ask = Ask::new(&about, &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let headers = BTreeMap::new();
        let answer = |request: &Request, body: &str| {
            let answer = Answer { request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
            (Socrata.verdict(&answer), Socrata.next(&ask, &answer).map_err(|e| e.to_string()))
        };
        let first = Socrata.first(&ask).unwrap();
        assert_eq!(first[0].url, "https://analisi.transparenciacatalunya.cat/api/views/8juy-ndgc");
        assert_eq!(answer(&first[0], "{}"), (Verdict::Data, Ok(Vec::new())));
        let full = "\"any\",\"nom\"\n\"2024\",\"en dues\nlínies\"\n\"2025\",\"b\"\n";
        let second = answer(&first[1], full).1.unwrap().remove(0);
        let offset = |at: u64| format!("/resource/8juy-ndgc.csv?%24order=%3Aid&%24limit=2&%24offset={at}");
        assert!(second.url.ends_with(&offset(2)), "{}", second.url);
        assert!(answer(&second, full).1.unwrap_err().contains("the page before it once more"));
        // A short page may come of a limit of the server's own, or be cut.
        let third = answer(&second, "\"any\",\"nom\"\n\"2026\",\"c\"\n").1.unwrap().remove(0);
        assert!(third.url.ends_with(&offset(3)), "{}", third.url);
        let (verdict, _) = answer(&third, "\"any\",\"nom\"\n");
        assert_eq!(verdict, Verdict::Nothing("8juy-ndgc has 3 rows and no further one".to_owned()));
    }

    #[test]
    fn a_page_cut_within_its_last_figure_is_asked_for_again() {
        let request = Request::get("https://example.org", Expects::Csv).noting("8juy-ndgc 0  ");
        let verdict = |body: &str| {
            let (headers, body) = (BTreeMap::new(), body.as_bytes());
            Socrata.verdict(&Answer { request: &request, url: &request.url, status: 200, headers: &headers, body })
        };
        assert_eq!(verdict("any,valor\n2024,104.5\n"), Verdict::Data);
        for cut in ["any,valor\n2024,10", "\"any\",\"valor\"\n\"2024\",\"104.5", "any,valor\n2024,"] {
            assert!(matches!(verdict(cut), Verdict::Busy(said) if said.contains("cut short")), "{cut}");
        }
    }

    /// Of a walk over one dataset.
    fn asking<T>(of: impl FnOnce(&Ask<'_>) -> T) -> T {
        let given = BTreeMap::from([("dataset".to_owned(), Given::Text("8juy-ndgc".to_owned()))]);
        let about = Socrata.about();
        of(&Ask::new(&about, &given, jiff::civil::date(2026, 9, 1)).unwrap())
    }

    /// What an answer to a question means and leads to.
    fn answer(request: &Request, body: &str) -> (Verdict, Result<Vec<Request>, String>) {
        let headers = BTreeMap::new();
        let answer = Answer { request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() };
        (Socrata.verdict(&answer), asking(|ask| Socrata.next(ask, &answer).map_err(|e| e.to_string())))
    }

    #[test]
    fn the_words_of_an_error_under_the_rows_of_a_page_are_no_row_and_no_end() {
        let first = asking(|ask| Socrata.first(ask).unwrap().remove(1));
        let rows = "any,nom\n2024,a\n2025,b\nInternal server error\n";
        let second = answer(&first, rows).1.unwrap().remove(0);
        assert!(second.url.ends_with("%24offset=2"), "{}", second.url);
        let (verdict, next) = answer(&second, "any,nom\nInternal server error\n");
        assert!(verdict == Verdict::Data && next.unwrap_err().contains("is empty"));
    }

    #[test]
    fn what_only_looks_like_an_end_is_refused_and_a_first_page_without_rows_is_left_to_its_reader() {
        let first = asking(|ask| Socrata.first(ask).unwrap().remove(1));
        assert_eq!(answer(&first, "any,nom\n"), (Verdict::Data, Ok(Vec::new())));
        let second = answer(&first, "any,nom\n2024,a\n").1.unwrap().remove(0);
        let (verdict, next) = answer(&second, "try again later");
        assert!(verdict == Verdict::Data && next.unwrap_err().contains("other columns"));
    }
}
