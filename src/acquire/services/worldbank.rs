//! Indicators of the World Bank.

use super::about::{optional, required};
use super::request::member;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict, paging};
use crate::acquire::AcquireError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Characters that an address may have.
const LONGEST_URL: usize = 1500;

/// `https://api.worldbank.org/v2/en/country/PSE;ESP/indicator/{indicator}?format=json&per_page=1000&page=1`
pub struct Worldbank;

impl Service for Worldbank {
    fn about(&self) -> About {
        About {
            id: "worldbank",
            holds: Holds::Statistics,
            publisher: "World Bank",
            base: "https://api.worldbank.org/v2",
            parameters: const {
                &[
                    required("country", "code of three letters, one or several: [\"PSE\", \"ESP\"]"),
                    required("indicator", "code of an indicator, one or several: [\"SL.UEM.TOTL.ZS\"]"),
                    optional("date", "years: \"1990:2025\""),
                    optional("per_page", "figures a page, 1000 unless given: 1000"),
                ]
            },
            pause_seconds: 1.0,
            terms: "CC BY 4.0",
            credential: None,
            vintage: "lastupdated, hash",
            records: (1, 1_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let trail = |indicator: &String| Trail { indicator: indicator.clone(), page: 1, ..Trail::default() };
        ask.many("indicator").iter().map(|indicator| page(ask, &trail(indicator))).collect()
    }

    /// The next page; at the last one every figure that the service counts must have come.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let whole = answer.json()?;
        let mut trail = Trail::of(answer.request).ok_or_else(|| answer.refuse("answers a question without a note"))?;
        let of_another = rows(&whole).iter().find_map(|row| another(ask, &trail.indicator, row));
        if let Some(found) = of_another {
            return Err(answer.refuse(found));
        }
        let pages = trail.take(answer, &whole)?;
        if trail.page <= pages {
            return page(ask, &trail).map(|request| vec![request]).map_err(|e| answer.refuse(e.to_string()));
        }
        if trail.rows != trail.total {
            let problem = format!("is the last page, and {} of {} figures came in all", trail.rows, trail.total);
            return Err(answer.refuse(problem));
        }
        Ok(Vec::new())
    }

    fn vintage(&self, head: &str) -> Option<String> {
        member(head, "lastupdated")
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let Ok(whole) = answer.json() else { return no_json(answer) };
        let message = |key: &str| whole.pointer(&format!("/0/message/0/{key}")).and_then(Value::as_str);
        match message("value").or_else(|| message("key")) {
            Some(said) => Verdict::Refused(said.to_owned()),
            None if answer.status >= 300 => Verdict::by_status(answer),
            None if whole.pointer("/0/page").is_none() => Verdict::Refused("no page of figures".to_owned()),
            None if rows(&whole).is_empty() => empty(answer.request, &whole),
            None => Verdict::Data,
        }
    }
}

/// What a walk over the pages of an indicator knows; it travels from one question to the next.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Trail {
    indicator: String,
    /// The page that is asked for.
    page: u64,
    /// Figures that came on the pages before it.
    rows: u64,
    /// How many there are in all, and of which day, as the first page said.
    total: u64,
    updated: String,
    /// Fingerprints of the first figure of every page before it.
    firsts: Vec<String>,
}

impl Trail {
    fn of(request: &Request) -> Option<Self> {
        serde_json::from_str(&request.note).ok()
    }

    /// Adds a page, and turns to the next; gives the number of pages.
    fn take(&mut self, answer: &Answer<'_>, whole: &Value) -> Result<u64, AcquireError> {
        let count = |key: &str| {
            let found = whole.pointer(&format!("/0/{key}")).and_then(paging::number);
            found.ok_or_else(|| answer.refuse(format!("has no number `{key}` at its head")))
        };
        let (at, pages, total) = (count("page")?, count("pages")?, count("total")?);
        let updated = whole.pointer("/0/lastupdated").and_then(Value::as_str).unwrap_or_default();
        if at != self.page {
            return Err(answer.refuse(format!("says it is page {at}, where page {} was asked for", self.page)));
        }
        if self.firsts.is_empty() {
            (self.total, self.updated) = (total, updated.to_owned());
        } else if (self.total, self.updated.as_str()) != (total, updated) {
            let before = format!("{} figures of {}", self.total, self.updated);
            let problem = format!("counts {total} figures of {updated}, where the page before counted {before}");
            return Err(AcquireError::content(answer.url, problem, "ask again with --refresh"));
        }
        let rows = rows(whole);
        let first = rows.first().map(fingerprint).unwrap_or_default();
        if first.is_empty() || self.firsts.contains(&first) {
            let problem = format!("is empty or begins as a page before it, though it says it is page {at} of {pages}");
            return Err(answer.refuse(problem));
        }
        self.firsts.push(first);
        self.rows = self.rows.saturating_add(rows.len() as u64);
        self.page = self.page.saturating_add(1);
        Ok(pages)
    }
}

/// The figures of a page.
fn rows(whole: &Value) -> &[Value] {
    whole.get(1).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// No figure: the service has none, or it has lost some on the way.
fn empty(request: &Request, whole: &Value) -> Verdict {
    let counted = whole.pointer("/0/total").and_then(paging::number).unwrap_or_default();
    let before = Trail::of(request).unwrap_or_default();
    match counted.max(before.total) {
        0 => Verdict::Nothing("no figures of this country, indicator and date".to_owned()),
        total => Verdict::Busy(format!("page {} has no figures, though the service counts {total}", before.page)),
    }
}

/// Eight hexadecimal digits that tell a figure from the others of its indicator.
fn fingerprint(row: &Value) -> String {
    Sha256::digest(row.to_string()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// What a figure is of, where that is not what was asked for. Some groups of countries have no code of three letters.
fn another(ask: &Ask<'_>, indicator: &str, row: &Value) -> Option<String> {
    let text = |at: &str| row.pointer(at).and_then(Value::as_str).unwrap_or_default().trim();
    let of = text("/indicator/id");
    if !of.is_empty() && !of.eq_ignore_ascii_case(indicator.trim()) {
        return Some(format!("holds figures of {of}, where {indicator} was asked for"));
    }
    let (code, id) = (text("/countryiso3code"), text("/country/id"));
    let is = |asked: &str| [code, id, "all"].iter().any(|known| known.eq_ignore_ascii_case(asked.trim()));
    let asked = ask.many("country");
    let is_asked = asked.iter().flat_map(|list| list.split(';')).any(is);
    (!code.is_empty() && !is_asked)
        .then(|| format!("holds figures of {code}, where {} was asked for", asked.join(", ")))
}

/// A page of an indicator.
fn page(ask: &Ask<'_>, trail: &Trail) -> Result<Request, AskError> {
    let (at, countries) = (trail.page.to_string(), ask.many("country").join(";"));
    let per_page = ask.number("per_page")?.unwrap_or(1000).to_string();
    let date = ask.one("date").unwrap_or_default();
    let query = [("format", "json"), ("per_page", per_page.as_str()), ("page", at.as_str()), ("date", date)];
    let url = ask.url(&["en", "country", &countries, "indicator", &trail.indicator], &query)?;
    if url.len() > LONGEST_URL {
        return Err(AskError::new(
            "country",
            format!("makes an address of over {LONGEST_URL} characters: ask for fewer"),
        ));
    }
    let note = serde_json::to_string(trail).unwrap_or_default();
    Ok(Request::get(url, Expects::Json).noting(note))
}

/// The beginning of a long answer, `service unavailable` in plain words, or an error in XML though JSON was asked for.
fn no_json(answer: &Answer<'_>) -> Verdict {
    let text = answer.text();
    match text.trim() {
        beginning if beginning.starts_with("[{\"page\"") => Verdict::Data,
        words if words.to_lowercase().contains("service unavailable") => {
            Verdict::Busy("service unavailable".to_owned())
        }
        _ if answer.status >= 300 => Verdict::by_status(answer),
        words => Verdict::Refused(format!("no JSON but: {}", crate::acquire::error::excerpt(words))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use serde_json::json;
    use std::collections::BTreeMap;

    const INDICATOR: &str = "SL.UEM.TOTL.ZS";

    fn given(countries: &[&str]) -> BTreeMap<String, Given> {
        let text = |value: &str| Given::Text(value.to_owned());
        let countries = Given::Many(countries.iter().map(|code| text(code)).collect());
        let given = [("country", countries), ("indicator", text(INDICATOR)), ("per_page", Given::Number(2))];
        BTreeMap::from(given.map(|(name, value)| (name.to_owned(), value)))
    }

    fn row(year: u32) -> Value {
        json!({"indicator": {"id": INDICATOR}, "country": {"id": "PS"}, "countryiso3code": "PSE", "date": year.to_string()})
    }

    fn body(page: &Value, pages: &Value, total: &Value, rows: &[Value]) -> Value {
        let meta = json!({"page": page, "pages": pages, "per_page": 2, "total": total, "lastupdated": "2026-07-01"});
        json!([meta, rows])
    }

    fn answered<T>(request: &Request, body: &str, then: impl Fn(&Answer<'_>) -> T) -> T {
        let headers = BTreeMap::new();
        then(&Answer { request, url: &request.url, status: 200, headers: &headers, body: body.as_bytes() })
    }

    fn first(given: &BTreeMap<String, Given>) -> Request {
        let ask = Ask::new(&Worldbank.about(), given, jiff::civil::date(2026, 9, 1)).unwrap();
        Worldbank.first(&ask).unwrap().remove(0)
    }

    fn next(given: &BTreeMap<String, Given>, request: &Request, body: &Value) -> Result<Vec<Request>, String> {
        let ask = Ask::new(&Worldbank.about(), given, jiff::civil::date(2026, 9, 1)).unwrap();
        answered(request, &body.to_string(), |answer| Worldbank.next(&ask, answer)).map_err(|e| e.to_string())
    }

    fn verdict(request: &Request, body: &str) -> Verdict {
        answered(request, body, |answer| Worldbank.verdict(answer))
    }

    #[test]
    fn pages_follow_to_the_last_whether_their_counts_are_numbers_or_text() {
        let given = given(&["PSE"]);
        let first = first(&given);
        for (pages, total) in [(json!(2), json!(3)), (json!("2"), json!("3"))] {
            let second = next(&given, &first, &body(&json!(1), &pages, &total, &[row(2025), row(2024)])).unwrap();
            let [second] = second.as_slice() else { panic!("one page") };
            let path = "country/PSE/indicator/SL.UEM.TOTL.ZS?format=json&per_page=2&page=2";
            assert_eq!(second.url, format!("https://api.worldbank.org/v2/en/{path}"));
            assert_eq!(next(&given, second, &body(&json!(2), &pages, &total, &[row(2023)])), Ok(Vec::new()));
        }
    }

    #[test]
    fn pages_that_are_not_those_asked_for_come_again_or_do_not_add_up_are_refused() {
        let given = given(&["PSE"]);
        let first = first(&given);
        let number = |n: u64| json!(n);
        let page_one = body(&number(1), &number(2), &number(3), &[row(2025), row(2024)]);
        let second = next(&given, &first, &page_one).unwrap().remove(0);
        for (page, words) in [
            (page_one.clone(), "says it is page 1, where page 2 was asked for"),
            (body(&number(2), &number(2), &number(3), &[row(2025)]), "begins as a page before it"),
            (body(&number(2), &number(2), &number(3), &[row(2023), row(2022)]), "4 of 3 figures came"),
            (body(&number(2), &number(2), &number(4), &[row(2023)]), "where the page before counted 3 figures"),
            (body(&number(2), &json!("two"), &number(3), &[row(2023)]), "no number `pages`"),
            (body(&json!(null), &number(2), &number(3), &[row(2023)]), "no number `page`"),
        ] {
            let refused = next(&given, &second, &page).unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
        let cut = next(&given, &first, &body(&number(1), &number(1), &number(72), &[row(2025)])).unwrap_err();
        assert!(cut.contains("1 of 72 figures came in all"), "{cut}");
    }

    #[test]
    fn figures_of_another_country_or_indicator_are_refused_and_groups_and_all_are_not() {
        let one = |row: Value| body(&json!(1), &json!(1), &json!(1), &[row]);
        let asked = |countries: &[&str], row: Value| {
            let given = given(countries);
            next(&given, &first(&given), &one(row))
        };
        for countries in [&["PSE"][..], &["PS"], &["ESP;pse"], &["all"], &["ESP", "PSE"]] {
            assert_eq!(asked(countries, row(2025)), Ok(Vec::new()), "{countries:?}");
        }
        assert!(asked(&["ESP"], row(2025)).unwrap_err().contains("figures of PSE, where ESP was asked for"));
        let mut high_income = row(2025);
        high_income["country"]["id"] = json!("XD");
        high_income["countryiso3code"] = json!("");
        assert_eq!(asked(&["HIC"], high_income), Ok(Vec::new()));
        let mut other = row(2025);
        other["indicator"]["id"] = json!("SL.UEM.NEET.ZS");
        assert!(asked(&["PSE"], other).unwrap_err().contains("figures of SL.UEM.NEET.ZS"));
    }

    #[test]
    fn a_page_without_figures_is_the_end_only_where_none_are_counted() {
        let given = given(&["PSE"]);
        let first = first(&given);
        for none in [r#"[{"page":0,"pages":0,"total":0},null]"#, r#"[{"page":1,"pages":1},[]]"#] {
            assert!(matches!(verdict(&first, none), Verdict::Nothing(_)), "{none}");
        }
        let counted = r#"[{"page":1,"pages":4,"total":"72"}"#;
        for rest in [",[]]", ",null]", "]"] {
            let Verdict::Busy(words) = verdict(&first, &format!("{counted}{rest}")) else { panic!("{rest}") };
            assert!(words.contains("the service counts 72"), "{words}");
        }
        // In the middle of a walk a page that counts nothing is no end either.
        let page_one = body(&json!(1), &json!(2), &json!(3), &[row(2025), row(2024)]);
        let second = next(&given, &first, &page_one).unwrap().remove(0);
        assert!(matches!(verdict(&second, r#"[{"page":0,"pages":0,"total":0},null]"#), Verdict::Busy(_)));
    }

    #[test]
    fn errors_are_told_from_figures_and_from_a_busy_service() {
        let first = first(&given(&["PSE"]));
        let error = r#"[{"message":[{"id":"120","key":"Invalid value","value":"not valid"}]}]"#;
        assert_eq!(verdict(&first, error), Verdict::Refused("not valid".to_owned()));
        assert!(matches!(verdict(&first, "<wb:error/>"), Verdict::Refused(_)));
        assert!(matches!(verdict(&first, "Service unavailable"), Verdict::Busy(_)));
        assert!(matches!(verdict(&first, "{}"), Verdict::Refused(_)));
        let page = body(&json!(1), &json!(1), &json!(1), &[row(2025)]).to_string();
        let cut = &page[..40];
        assert!(cut.starts_with("[{\"page\""), "{cut}");
        assert_eq!((verdict(&first, &page), verdict(&first, cut)), (Verdict::Data, Verdict::Data));
    }
}
