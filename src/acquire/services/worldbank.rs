//! Indicators of the World Bank.

use super::about::{optional, required};
use super::request::member;
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Service, Verdict, paging};
use crate::acquire::AcquireError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashSet};

/// Characters that an address may have.
const LONGEST_URL: usize = 1500;
/// Hexadecimal digits of a fingerprint: so many that two of twenty thousand figures are alike once in a million walks.
const FINGERPRINT: usize = 12;

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

    /// The next page; at the last one every figure that the service counts must have come, and a country of which none
    /// came is asked for on its own: what the service says then is counted and told.
    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let whole = answer.json()?;
        let mut trail = Trail::of(answer.request).ok_or_else(|| answer.refuse("answers a question without a note"))?;
        let of_another = rows(&whole).iter().find_map(|row| another(ask, &trail, row));
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
        let alone = |country: &str| Trail {
            indicator: trail.indicator.clone(),
            page: 1,
            country: Some(country.to_owned()),
            ..Trail::default()
        };
        let absent = trail.absent(ask).into_iter().map(|country| page(ask, &alone(country)).map(Request::optional));
        absent.collect::<Result<Vec<_>, _>>().map_err(|e| answer.refuse(e.to_string()))
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
    /// A country that is asked for on its own.
    country: Option<String>,
    /// The page that is asked for.
    page: u64,
    /// Figures that came on the pages before it.
    rows: u64,
    /// How many there are in all, and of which day, as the first page said.
    total: u64,
    updated: String,
    /// Fingerprints of the figures of the pages before it, one behind the other.
    seen: String,
    /// Codes of their countries in capitals; an empty one stands for groups that have none of three letters.
    countries: BTreeSet<String>,
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
        if self.page == 1 {
            (self.total, self.updated) = (total, updated.to_owned());
        } else if (self.total, self.updated.as_str()) != (total, updated) {
            let before = format!("{} figures of {}", self.total, self.updated);
            let problem = format!("counts {total} figures of {updated}, where the page before counted {before}");
            return Err(AcquireError::content(answer.url, problem, "ask again with --refresh"));
        }
        let rows = rows(whole);
        if rows.is_empty() {
            return Err(answer.refuse(format!("is empty, though it says it is page {at} of {pages}")));
        }
        if let Some(again) = self.repeated(rows) {
            return Err(answer.refuse(format!("holds a figure that it or a page before it held: {again}")));
        }
        self.rows = self.rows.saturating_add(rows.len() as u64);
        self.page = self.page.saturating_add(1);
        Ok(pages)
    }

    /// Takes note of the figures of a page, up to the first that came before.
    fn repeated(&mut self, rows: &[Value]) -> Option<String> {
        let before = self.seen.as_bytes().chunks(FINGERPRINT);
        let mut seen: HashSet<String> = before.map(|one| String::from_utf8_lossy(one).into_owned()).collect();
        for row in rows {
            let (code, id, date) = (text(row, "/countryiso3code"), text(row, "/country/id"), text(row, "/date"));
            self.countries.insert(code.to_uppercase());
            if !id.is_empty() {
                self.countries.insert(id.to_uppercase());
            }
            let country = if code.is_empty() { id } else { code };
            // What says neither where nor when it is of is left to the reader.
            if country.is_empty() || date.is_empty() {
                continue;
            }
            let print = fingerprint(&country, &date);
            self.seen.push_str(&print);
            if !seen.insert(print) {
                return Some(format!("{country}, {date}"));
            }
        }
        None
    }

    /// The countries that are asked for.
    fn asked<'a>(&'a self, ask: &'a Ask<'_>) -> Vec<&'a str> {
        match &self.country {
            Some(country) => vec![country.as_str()],
            None => ask.many("country").iter().flat_map(|list| list.split(';')).map(str::trim).collect(),
        }
    }

    /// Those of them that no figure is of; groups without codes leave that open.
    fn absent<'a>(&'a self, ask: &'a Ask<'_>) -> Vec<&'a str> {
        if self.country.is_some() || self.countries.contains("") {
            return Vec::new();
        }
        let is_there = |code: &str| code.eq_ignore_ascii_case("all") || self.countries.contains(&code.to_uppercase());
        self.asked(ask).into_iter().filter(|code| !is_there(code)).collect()
    }
}

/// A text or a number of a figure; empty where there is none.
fn text(row: &Value, at: &str) -> String {
    match row.pointer(at) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
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
    match (counted.max(before.total), before.country) {
        (0, Some(country)) => {
            let indicator = before.indicator;
            Verdict::Refused(format!("no figures of {country} and {indicator}, though others asked for have some"))
        }
        (0, None) => Verdict::Nothing("no figures of this country, indicator and date".to_owned()),
        (total, _) => Verdict::Busy(format!("page {} has no figures, though the service counts {total}", before.page)),
    }
}

/// Digits that tell a figure from the others of its indicator.
fn fingerprint(country: &str, date: &str) -> String {
    let digest = Sha256::digest(format!("{country}|{date}"));
    digest.iter().take(FINGERPRINT / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// What a figure is of, where that is not what was asked for. Some groups of countries have no code of three letters.
fn another(ask: &Ask<'_>, trail: &Trail, row: &Value) -> Option<String> {
    let (of, indicator) = (text(row, "/indicator/id"), &trail.indicator);
    if !of.is_empty() && !of.eq_ignore_ascii_case(indicator.trim()) {
        return Some(format!("holds figures of {of}, where {indicator} was asked for"));
    }
    let (code, id) = (text(row, "/countryiso3code"), text(row, "/country/id"));
    let asked = trail.asked(ask);
    let is = |asked: &&str| [code.as_str(), id.as_str(), "all"].iter().any(|known| known.eq_ignore_ascii_case(asked));
    if !code.is_empty() && !asked.iter().any(is) {
        return Some(format!("holds figures of {code}, where {} was asked for", asked.join(", ")));
    }
    let (date, years) = (text(row, "/date"), ask.one("date")?);
    let year = |text: &str| text.trim().get(..4)?.parse::<u32>().ok();
    let (from, to) = years.split_once(':').unwrap_or((years, years));
    let is_outside = year(&date)? < year(from)? || year(&date)? > year(to)?;
    is_outside.then(|| format!("holds figures of {date}, where {years} was asked for"))
}

/// A page of an indicator.
fn page(ask: &Ask<'_>, trail: &Trail) -> Result<Request, AskError> {
    let countries = trail.country.clone().unwrap_or_else(|| ask.many("country").join(";"));
    let at = trail.page.to_string();
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
            (body(&number(2), &number(2), &number(3), &[row(2024)]), "a page before it held: PSE, 2024"),
            (body(&number(2), &number(2), &number(3), &[row(2023), row(2023)]), "a page before it held: PSE, 2023"),
            (body(&number(2), &number(2), &number(3), &[]), "is empty, though it says it is page 2 of 2"),
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
        for countries in [&["PSE"][..], &["PS"], &["pse"], &["all"]] {
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
    fn figures_of_other_years_than_asked_for_are_refused() {
        let asked = |date: &str, year: u32| {
            let mut given = given(&["PSE"]);
            given.insert("date".to_owned(), Given::Text(date.to_owned()));
            next(&given, &first(&given), &body(&json!(1), &json!(1), &json!(1), &[row(year)]))
        };
        assert_eq!((asked("2000:2023", 2000), asked("2000:2023", 2023)), (Ok(Vec::new()), Ok(Vec::new())));
        assert_eq!((asked("2023", 2023), asked("2012Q1:2013Q4", 2013)), (Ok(Vec::new()), Ok(Vec::new())));
        for (date, year) in [("2000:2023", 1963), ("2000:2023", 2024), ("2023", 2022)] {
            let said = asked(date, year).unwrap_err();
            assert!(said.contains(&format!("figures of {year}, where {date} was asked for")), "{said}");
        }
    }

    #[test]
    fn a_country_of_which_no_figure_came_is_asked_for_on_its_own_and_named_if_there_is_none() {
        let one = body(&json!(1), &json!(1), &json!(1), &[row(2025)]);
        for countries in [&["PSE", "ESP"][..], &["PSE;ESP"]] {
            let given = given(countries);
            let more = next(&given, &first(&given), &one).unwrap();
            let [alone] = more.as_slice() else { panic!("{more:?}") };
            assert!(alone.optional && alone.url.contains("/country/ESP/indicator/"), "{}", alone.url);
            let none = r#"[{"page":0,"pages":0,"total":0},null]"#;
            let Verdict::Refused(words) = verdict(alone, none) else { panic!("{none}") };
            assert!(words.contains("no figures of ESP and SL.UEM.TOTL.ZS"), "{words}");
            // Palestine's figures once more are no answer for Spain.
            assert!(next(&given, alone, &one).unwrap_err().contains("figures of PSE, where ESP was asked for"));
            let mut spain = row(2025);
            (spain["countryiso3code"], spain["country"]["id"]) = (json!("ESP"), json!("ES"));
            assert_eq!(next(&given, alone, &body(&json!(1), &json!(1), &json!(1), &[spain])), Ok(Vec::new()));
        }
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
