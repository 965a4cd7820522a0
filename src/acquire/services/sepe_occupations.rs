//! Spain's employment service (SEPE), occupation observatory: a form gives a list of months, whose links lead to a page
//! per occupation and month.

use super::about::{optional, required};
use super::{About, Answer, Ask, AskError, Expects, Holds, Request, Role, Service, Verdict};
use crate::acquire::AcquireError;
use crate::acquire::error::excerpt;
use crate::acquire::html_tables::Page;
use crate::acquire::periods::period_of;
use crate::lexicon::normal::fold;
use std::ops::RangeInclusive;
use url::Url;

const PATH: &str = "HomeSepe/que-es-observatorio/informacion-mt-por-ocupacion/main/04/content/resultados";
const FORM: &str = "application/x-www-form-urlencoded";
/// What stands in the address of a page of an occupation, before its year and month.
const MONTHLY: &str = "_mensuales_";
/// Tables that every page of an occupation has, each with words of its caption: marks of footnotes stand between them.
const TABLES: [(&str, [&str; 2]); 5] = [
    ("Parados según sexo y edad", ["parados", "sexo"]),
    ("Contratos según sexo y edad", ["contratos", "sexo"]),
    ("Distribución geográfica de parados", ["distribucion", "parados"]),
    ("Distribución geográfica de contratos", ["distribucion", "contratos"]),
    ("Movilidad geográfica de la contratación", ["movilidad", "contratacion"]),
];

/// The form at `https://www.sepe.es/HomeSepe/.../content/resultados`. Links are followed as they come: the service
/// spells them in its own way.
pub struct SepeOccupations;

/// What a question wants; its note.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    /// CNO-11, four digits.
    occupation: String,
    /// ISO 8601 month; empty = whatever there is.
    month: String,
    /// Page of the list.
    page: u64,
    /// Highest page that the pages before lead to; 0 = none is known.
    last: u64,
    /// First link of the page before.
    first: String,
}

impl Wanted {
    fn of(note: &str) -> Self {
        let mut parts = note.splitn(5, '|');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (occupation, month) = (part(), part());
        let mut number = || part().parse::<u64>().unwrap_or_default();
        let (page, last) = (number(), number());
        Self { occupation, month, page, last, first: part() }
    }

    fn note(&self) -> String {
        format!("{}|{}|{}|{}|{}", self.occupation, self.month, self.page, self.last, self.first)
    }

    fn words(&self) -> String {
        let month = if self.month.is_empty() { "any month" } else { &self.month };
        format!("CNO-{}, {month}", self.occupation)
    }
}

impl Service for SepeOccupations {
    fn about(&self) -> About {
        About {
            id: "sepe_occupations",
            holds: Holds::Statistics,
            publisher: "Servicio Público de Empleo Estatal (SEPE), Observatorio de las Ocupaciones",
            base: "https://www.sepe.es",
            parameters: const {
                &[
                    required("occupation", "CNO-11 groups of four digits: [\"2721\", \"5120\"]"),
                    optional("year", "one or several years: 2026; absent = every one published"),
                    optional("month", "one or several months of these years: 7, or [\"6\", \"7\"]; absent = every one"),
                    optional("path", "path of the form, where it has moved; it ends in /content/resultados"),
                ]
            },
            pause_seconds: 1.0,
            terms: "Elaborado por el Observatorio de las Ocupaciones del SEPE a partir de los datos del SISPE",
            credential: None,
            vintage: "months in the list, hash",
            records: (1, 1_000_000),
        }
    }

    fn first(&self, ask: &Ask<'_>) -> Result<Vec<Request>, AskError> {
        let mut requests = Vec::new();
        for occupation in ask.many("occupation") {
            if occupation.len() != 4 || !occupation.bytes().all(|b| b.is_ascii_digit()) {
                let problem = format!("\"{occupation}\" is no group of CNO-11: four digits, as in \"2721\"");
                return Err(AskError::new("occupation", problem));
            }
            for (year, number) in months(ask)? {
                let month = if year.is_empty() { String::new() } else { format!("{year}-{number:0>2}") };
                let content =
                    format!("list-mode=detail&ocupacion-id={occupation}&year-busc={year}&month-busc={number}");
                let wanted = Wanted { occupation: occupation.clone(), month, page: 1, last: 0, first: String::new() };
                requests.push(list(ask, &wanted, &[])?.posting(FORM, content));
            }
        }
        Ok(requests)
    }

    fn next(&self, ask: &Ask<'_>, answer: &Answer<'_>) -> Result<Vec<Request>, AcquireError> {
        let before = Wanted::of(&answer.request.note);
        let rows = match answer.request.role {
            Role::Listing => rows(&page(answer)?).map_err(|why| answer.refuse(why))?,
            Role::Records => Vec::new(),
        };
        let Some((_, first)) = rows.first().filter(|(_, first)| *first != before.first) else {
            return Ok(Vec::new());
        };
        let years = ask.many("year");
        let fits = |month: &str| match before.month.as_str() {
            "" => years.is_empty() || years.iter().any(|year| month.starts_with(year.as_str())),
            one => month == one,
        };
        let mut requests = Vec::new();
        for (month, link) in rows.iter().filter(|(month, _)| fits(month)) {
            let url = Url::parse(answer.url).and_then(|here| here.join(link));
            let url = url.map_err(|e| answer.refuse(format!("leads to '{link}', which is no address ({e})")))?;
            let wanted = Wanted { month: month.clone(), page: 0, last: 0, first: String::new(), ..before.clone() };
            requests.push(Request::get(url, Expects::Page).noting(wanted.note()));
        }
        if before.month.is_empty() {
            let (page, last, first) =
                (before.page + 1, before.last.max(last_page(&answer.text(), before.page)), first.clone());
            let number = page.to_string();
            let query =
                [("list-mode", "detail"), ("ocupacion-id", before.occupation.as_str()), ("page-pr", number.as_str())];
            let further = list(ask, &Wanted { page, last, first, ..before.clone() }, &query);
            requests.push(further.map_err(|e| answer.refuse(e.to_string()))?);
        } else if requests.is_empty() {
            let listed = rows.iter().map(|(month, _)| month.as_str()).collect::<Vec<_>>().join(", ");
            return Err(answer.refuse(format!("lists {listed} where {} was asked for", before.words())));
        }
        Ok(requests)
    }

    fn verdict(&self, answer: &Answer<'_>) -> Verdict {
        let verdict = Verdict::by_status(answer);
        if verdict != Verdict::Data {
            return verdict;
        }
        let wanted = Wanted::of(&answer.request.note);
        match page(answer) {
            Err(error) => Verdict::Refused(error.to_string()),
            Ok(_) if !answer.text().to_ascii_lowercase().contains("</html") => {
                Verdict::Refused("ends before </html>: it is half a page".to_owned())
            }
            Ok(page) if says_none(&page) => {
                let (url, wanted) = (answer.url, wanted.words());
                Verdict::Nothing(format!(
                    "{url}: nothing published of {wanted} (no document exists), which is not zero"
                ))
            }
            Ok(page) if answer.request.role == Role::Listing => listed(&page, &wanted),
            Ok(page) => shown(&page, &wanted),
        }
    }
}

fn list(ask: &Ask<'_>, wanted: &Wanted, query: &[(&str, &str)]) -> Result<Request, AskError> {
    let path = ask.one("path").unwrap_or(PATH).split('/').filter(|part| !part.is_empty());
    let url = ask.url(&path.collect::<Vec<_>>(), query)?;
    Ok(Request::get(url, Expects::Page).listing().noting(wanted.note()))
}

/// Year and month of each form, as the service spells them; one empty form stands for all there is.
fn months(ask: &Ask<'_>) -> Result<Vec<(String, String)>, AskError> {
    let years = numbers(ask, "year", 1990..=2100)?;
    let months = numbers(ask, "month", 1..=12)?;
    match (years.is_empty(), months.is_empty()) {
        (true, false) => Err(AskError::new("month", "a month needs its `year` beside it")),
        (_, true) => Ok(vec![(String::new(), String::new())]),
        _ => {
            let beside = |year: &String| months.iter().map(|month| (year.clone(), month.clone())).collect::<Vec<_>>();
            Ok(years.iter().flat_map(beside).collect())
        }
    }
}

/// Numbers without leading zeros.
fn numbers(ask: &Ask<'_>, key: &str, range: RangeInclusive<u16>) -> Result<Vec<String>, AskError> {
    let number = |text: &String| {
        let found = text.parse::<u16>().ok().filter(|number| range.contains(number));
        let problem = || format!("\"{text}\" is no {key} from {} to {}", range.start(), range.end());
        found.map(|number| number.to_string()).ok_or_else(|| AskError::new(key, problem()))
    };
    ask.many(key).iter().map(number).collect()
}

fn page(answer: &Answer<'_>) -> Result<Page, AcquireError> {
    Page::of(answer.url, &answer.text())
}

/// Months and links of a list, or what is wrong with a row that leads to a page; its rows hold the name of a month, a
/// year, and a link.
fn rows(page: &Page) -> Result<Vec<(String, String)>, String> {
    let named = |cells: &[String]| {
        let (name, year) = (cells.first()?, cells.get(1)?);
        period_of(&format!("{name} {year}"), None).filter(|period| is_month(period))
    };
    let mut found = Vec::new();
    for (cells, link) in page.linked_rows() {
        match named(&cells).or_else(|| month_in(&link)) {
            Some(month) => found.push((month, link)),
            None if link.contains(MONTHLY) => {
                let (row, link) = (excerpt(&cells.join(" ")), excerpt(&link));
                return Err(format!("lists '{row}' with the link '{link}', neither of which names a month"));
            }
            None => {}
        }
    }
    Ok(found)
}

/// The month in the address of a page: `..._mensuales_2026_07_2721-...`. A year may span several rows of a list, and a
/// month may be spelt in a way of its own.
fn month_in(link: &str) -> Option<String> {
    let (_, rest) = link.split_once(MONTHLY)?;
    let mut parts = rest.split('_');
    let (year, month) = (parts.next()?, parts.next()?);
    period_of(&format!("{year}-{month}"), None).filter(|period| is_month(period))
}

/// Whether a period is a month, `2026-07`; years and quarters are none.
fn is_month(period: &str) -> bool {
    period.len() == 7 && !period.contains('Q')
}

/// The highest page of the list that a page of it leads to. From a further page an arrow may lead one page too far.
fn last_page(text: &str, page: u64) -> u64 {
    let number = |rest: &str| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse::<u64>().ok().filter(|other| page <= 1 || *other > page + 1)
    };
    text.split("page-pr=").skip(1).filter_map(number).max().unwrap_or_default()
}

/// Whether a page says that nothing was published; where it has data, the sentence stands hidden in it.
fn says_none(page: &Page) -> bool {
    let is_empty = page.texts("caption").is_empty() && rows(page).is_ok_and(|rows| rows.is_empty());
    is_empty && fold(&page.texts("body").concat()).contains("no existe ningun documento")
}

/// The first table that a page lacks.
fn missing_table(page: &Page) -> Option<&'static str> {
    let captions: Vec<String> = page.texts("caption").iter().map(|caption| fold(caption)).collect();
    let is_there = |words: &[&str]| captions.iter().any(|caption| words.iter().all(|word| caption.contains(*word)));
    TABLES.iter().find(|(_, words)| !is_there(words)).map(|(name, _)| *name)
}

/// A further page that no page before leads to may be empty; the first one says so in words.
fn listed(page: &Page, wanted: &Wanted) -> Verdict {
    let rows = match rows(page) {
        Ok(rows) => rows,
        Err(why) => return Verdict::Refused(why),
    };
    match (rows.is_empty(), wanted.page) {
        (false, _) => Verdict::Data,
        (true, page @ 2..) if page <= wanted.last => Verdict::Refused(format!(
            "is page {page} of {} of a list, without a list of months: an empty shell",
            wanted.last
        )),
        (true, page @ 2..) => Verdict::Nothing(format!("CNO-{}: the list ends before page {page}", wanted.occupation)),
        _ => Verdict::Refused("is a page without a list of months: an empty shell".to_owned()),
    }
}

/// Whether a page shows the occupation and the month that its link promised.
fn shown(page: &Page, wanted: &Wanted) -> Verdict {
    let spans = page.texts(".se-obs--title span");
    let occupation = spans.iter().find_map(|text| text.strip_prefix("CNO-"));
    let month = spans.iter().find_map(|text| period_of(text, None));
    match (occupation, month) {
        _ if page.texts("caption").is_empty() => {
            Verdict::Refused("is a page without tables: an empty shell".to_owned())
        }
        (Some(occupation), Some(month)) if occupation.starts_with(&wanted.occupation) && month == wanted.month => {
            missing_table(page).map_or(Verdict::Data, |table| {
                Verdict::Refused(format!("lacks the table '{table}', which every page has: it is half a page"))
            })
        }
        (Some(occupation), Some(month)) => {
            Verdict::Refused(format!("shows CNO-{occupation}, {month} where {} was asked for", wanted.words()))
        }
        _ => {
            Verdict::Refused("is a page without the heading of an occupation and its month: an empty shell".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::services::Given;
    use std::collections::BTreeMap;

    const LIST: &str = "<table><tr><th>Mes<th>Año<th>Documento</tr>\
        <tr><td>Julio<td>2026<td><a href='/d_2026_07_2721-Dise-adores~.html'>Ver</a></tr>\
        <tr><td>Diciembre<td>2025<td><a href='/d_2025_12_2721-Dise-adores~.html'>Ver</a></tr></table></html>";

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, Given> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), Given::Text((*value).to_owned()))).collect()
    }

    /// Verdict on an answer to a question with this note, and the notes it leads to.
    fn walk(plan: &[(&str, &str)], note: &str, role: Role, body: &str) -> (Verdict, Result<Vec<String>, String>) {
        let given = given(plan);
        let ask = Ask::new(&SepeOccupations.about(), &given, jiff::civil::date(2026, 9, 1)).unwrap();
        let mut request = Request::get("https://www.sepe.es/list", Expects::Page).noting(note);
        request.role = role;
        let headers = BTreeMap::new();
        let body = body.as_bytes();
        let answer = Answer { request: &request, url: &request.url, status: 200, headers: &headers, body };
        let next = SepeOccupations.next(&ask, &answer).map_err(|e| e.to_string());
        (SepeOccupations.verdict(&answer), next.map(|found| found.into_iter().map(|r| r.note).collect()))
    }

    #[test]
    fn a_list_is_walked_until_it_repeats_or_ends() {
        let plan = [("occupation", "2721"), ("year", "2026")];
        let (verdict, next) = walk(&plan, "2721||1|0|", Role::Listing, LIST);
        assert_eq!(verdict, Verdict::Data);
        assert_eq!(next.unwrap(), ["2721|2026-07|0|0|", "2721||2|0|/d_2026_07_2721-Dise-adores~.html"]);
        let (_, next) = walk(&plan, "2721||2|0|/d_2026_07_2721-Dise-adores~.html", Role::Listing, LIST);
        assert!(next.unwrap().is_empty());
        let (verdict, next) = walk(&plan, "2721||3|2|/x", Role::Listing, "<table></table></html>");
        assert!(matches!(verdict, Verdict::Nothing(_)) && next.unwrap().is_empty());
    }

    #[test]
    fn a_page_of_the_list_that_one_before_leads_to_is_never_empty() {
        let plan = [("occupation", "2721")];
        let link = |page: u64| format!("<a href='?ocupacion-id=2721&amp;page-pr={page}'>{page}</a>");
        let first = format!("{LIST}{}{}", link(2), link(3));
        let notes = walk(&plan, "2721||1|0|", Role::Listing, &first).1.unwrap();
        let further = "2721||2|3|/d_2026_07_2721-Dise-adores~.html";
        assert_eq!(notes.last().map(String::as_str), Some(further));
        let last = format!("{LIST}{}{}", link(3), link(4)).replace("/d_2026_07", "/e_2026_07");
        let notes = walk(&plan, "2721||3|3|/x", Role::Listing, &last).1.unwrap();
        assert!(notes.last().is_some_and(|note| note.starts_with("2721||4|3|")), "{notes:?}");
        for shell in ["<div id='app'></div></html>", "<form action='/login'>Acceda con su usuario</form></html>"] {
            let (verdict, _) = walk(&plan, further, Role::Listing, shell);
            assert!(matches!(verdict, Verdict::Refused(why) if why.contains("page 2 of 3 of a list")), "{shell}");
            let (verdict, _) = walk(&plan, "2721||4|3|/x", Role::Listing, shell);
            assert!(matches!(verdict, Verdict::Nothing(_)), "{shell}");
        }
    }

    #[test]
    fn a_month_that_a_row_does_not_tell_is_taken_from_its_link_and_a_row_without_one_is_refused() {
        let plan = [("occupation", "2721")];
        let row = |cells: &str, month: &str| {
            format!("<tr>{cells}<td><a href='/x~_mensuales_{month}_2721-Dise-adores~.html'>Ver</a></tr>")
        };
        let list = |rows: &[String]| format!("<table>{}</table></html>", rows.concat());
        let rows = [
            row("<td>Julio<td rowspan=3>2026", "2026_07"),
            row("<td>Junio", "2026_06"),
            row("<td>05 - Mayo", "2026_05"),
            row("<td>Setiembre<td>2025", "2025_09"),
        ];
        let notes = walk(&plan, "2721||1|0|", Role::Listing, &list(&rows)).1.unwrap();
        let months: Vec<&str> = notes.iter().filter_map(|note| note.split('|').nth(1)).collect();
        assert_eq!(months, ["2026-07", "2026-06", "2026-05", "2025-09", ""]);
        let (verdict, _) = walk(&plan, "2721||1|0|", Role::Listing, &list(&[row("<td>Junio", "junio")]));
        assert!(matches!(verdict, Verdict::Refused(why) if why.contains("neither of which names a month")));
    }

    #[test]
    fn shells_other_months_and_other_occupations_are_refused_by_name() {
        let plan = [("occupation", "2721"), ("year", "2026"), ("month", "07")];
        let refusal = |note: &str, role, body: &str| match walk(&plan, note, role, body).0 {
            Verdict::Refused(why) => why,
            other => panic!("{other:?}"),
        };
        let shell = "<html><body><div id='app'></div></body></html>";
        assert!(refusal("2721|2026-07|1|0|", Role::Listing, shell).contains("empty shell"));
        assert!(refusal("2721|2026-07|0|0|", Role::Records, shell).contains("empty shell"));
        let other = "<h2 class='se-obs--title'><span>CNO-2722: Otros</span> <span>Junio 2026</span></h2>\
            <table><caption>Parados</caption></table></html>";
        let why = refusal("2721|2026-07|0|0|", Role::Records, other);
        assert_eq!(why, "shows CNO-2722: Otros, 2026-06 where CNO-2721, 2026-07 was asked for");
        let none = "<p>No existe ning&uacute;n documento</p></html>";
        let Verdict::Nothing(told) = walk(&plan, "2721|2026-07|1|0|", Role::Listing, none).0 else { panic!("{none}") };
        assert!(told.contains("https://www.sepe.es/list: nothing published of CNO-2721, 2026-07"), "{told}");
        let june = LIST.replace("Julio", "Junio");
        let error = walk(&plan, "2721|2026-07|1|0|", Role::Listing, &june).1.unwrap_err();
        assert!(error.contains("lists 2026-06, 2025-12 where CNO-2721, 2026-07"), "{error}");
    }

    /// A page of CNO-2721 in July 2026 with these captions.
    fn page_with(captions: &[&str]) -> String {
        let tables: String = captions.iter().map(|c| format!("<table><caption>{c}</caption></table>")).collect();
        let head = "<h2 class='se-obs--title'><span>CNO-2721: Otros</span> <span>Julio 2026</span></h2>";
        format!("<html><body>{head}{tables}</body></html>")
    }

    #[test]
    fn half_a_page_is_refused_by_the_table_it_lacks() {
        let plan = [("occupation", "2721"), ("year", "2026"), ("month", "07")];
        let verdict = |body: &str| walk(&plan, "2721|2026-07|0|0|", Role::Records, body).0;
        let captions = [
            "Parados (1) según sexo y edad",
            "Contratos según sexo y edad",
            "Distribución geográfica de parados",
            "Distribución geográfica de contratos",
            "Movilidad geográfica de la contratación",
        ];
        let whole = page_with(&captions);
        assert_eq!(verdict(&whole), Verdict::Data);
        for at in 0..captions.len() {
            let mut fewer = captions.to_vec();
            let lacking = fewer.remove(at).replace(" (1)", "");
            let Verdict::Refused(why) = verdict(&page_with(&fewer)) else { panic!("{lacking}") };
            assert!(why.contains(&format!("lacks the table '{lacking}'")), "{why}");
        }
        let cut = whole.replace("</html>", "");
        assert!(matches!(verdict(&cut), Verdict::Refused(why) if why.contains("before </html>")));
    }

    #[test]
    fn a_page_with_data_is_data_whatever_sentence_stands_hidden_in_it() {
        let plan = [("occupation", "2721"), ("year", "2026"), ("month", "07")];
        let none = "<p hidden>No existe ningún documento</p>";
        assert_eq!(walk(&plan, "2721|2026-07|1|0|", Role::Listing, &format!("{none}{LIST}")).0, Verdict::Data);
        let half = format!("{none}{}", page_with(&["Parados según sexo y edad"]));
        assert!(matches!(walk(&plan, "2721|2026-07|0|0|", Role::Records, &half).0, Verdict::Refused(_)));
    }

    #[test]
    fn a_month_is_asked_without_its_leading_zero_and_never_without_a_year() {
        let about = SepeOccupations.about();
        let today = jiff::civil::date(2026, 9, 1);
        let plan = given(&[("occupation", "2721"), ("year", "2026"), ("month", "07")]);
        let asked = SepeOccupations.first(&Ask::new(&about, &plan, today).unwrap()).unwrap();
        let content = asked[0].post.clone().unwrap().1;
        assert_eq!(content, "list-mode=detail&ocupacion-id=2721&year-busc=2026&month-busc=7");
        assert_eq!(asked[0].note, "2721|2026-07|1|0|");
        for wrong in [[("occupation", "272"), ("year", "2026")], [("occupation", "2721"), ("month", "7")]] {
            let plan = given(&wrong);
            assert!(SepeOccupations.first(&Ask::new(&about, &plan, today).unwrap()).is_err());
        }
    }
}
