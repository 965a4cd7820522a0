//! Spain's employment service (SEPE), open data by municipality: registered unemployment, contracts, job seekers. A banner
//! line, a header with stray spaces, `<5` for what is withheld. Municipalities are added up to provinces and autonomous
//! communities; a sum over withheld figures says how many there were and how far it can be off.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::error::excerpt;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::lexicon::normal::fold;
use crate::types::{RawObservation, RejectReason};
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// Most persons that `<5` can stand for.
const WITHHELD_AT_MOST: u64 = 4;
const SECTORS: [&str; 5] = ["agricultura", "industria", "construccion", "servicios", "sin empleo anterior"];

/// A column of figures and what its name says.
struct Measure {
    at: usize,
    name: String,
    indicator: String,
    sector: Option<String>,
    sex: Option<String>,
    age: Option<String>,
}

#[derive(Default)]
struct Sum {
    persons: u64,
    municipalities: u64,
    withheld: u64,
    missing: u64,
    first: u64,
}

/// By period, area and column.
type Sums = BTreeMap<(String, String, usize), Sum>;

/// Reads figures of provinces and autonomous communities.
///
/// # Errors
/// When a column of the layout is absent or the file is no usable CSV.
pub(in crate::acquire) fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut csv = CsvFile::open_at(&input.file, body, &input.limits, Some("Código mes"))?;
    let names: Vec<String> = csv.header().iter().map(|name| plain(name)).collect();
    let find = |name: &str| names.iter().position(|n| n == name);
    let need = |name: &str, spelt: &str| find(name).map_or_else(|| csv.require(spelt), Ok);
    let month = need("codigo mes", "Código mes")?;
    let areas = [need("comunidad autonoma", "Comunidad Autónoma")?, need("provincia", "Provincia")?];
    let municipality = need("municipio", "Municipio")?;
    let measures: Vec<Measure> = csv.header().iter().enumerate().skip(municipality + 1).map(measure).collect();
    let mut sums = Sums::new();
    while let Some((number, row)) = csv.next()? {
        let cells = match row {
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
            Row::Cells(cells) => cells,
        };
        let text = |at: usize| cell(cells, at).unwrap_or_default().trim();
        // Notes under the table stand alone in their row.
        if (0..cells.len()).filter(|at| !text(*at).is_empty()).count() <= 1 {
            continue;
        }
        if let Err(detail) = add(&mut sums, number, text(month), &areas.map(text), &measures, &text) {
            sink(input.reject(number, RejectReason::BadValue, detail));
        }
    }
    for ((period, area, at), sum) in sums {
        if let Some(measure) = measures.get(at) {
            sink(Record::Kept(figure(input, ask, period, area, measure, &sum)));
        }
    }
    Ok(())
}

/// Adds a municipality to its province and community, or says why it cannot be.
fn add<'r>(
    sums: &mut Sums,
    number: u64,
    month: &str,
    areas: &[&str],
    measures: &[Measure],
    text: &dyn Fn(usize) -> &'r str,
) -> Result<(), String> {
    let period = match month.split_at_checked(4) {
        Some((year, month)) if month.len() == 2 && year.len() == 4 => format!("{year}-{month}"),
        _ => return Err(format!("column Código mes: '{}' is no month as in 202601", excerpt(month))),
    };
    if let Some(empty) = areas.iter().position(|area| area.is_empty()) {
        return Err(format!("column {}: is empty", ["Comunidad Autónoma", "Provincia"].get(empty).unwrap_or(&"")));
    }
    let mut figures = Vec::new();
    for measure in measures {
        let figure = count(text(measure.at)).ok_or_else(|| {
            format!("column {}: '{}' is no count and no '<5'", measure.name, excerpt(text(measure.at)))
        })?;
        figures.push(figure);
    }
    // Cantabria is a province and a community of one name: its municipalities count once.
    for area in areas.iter().collect::<BTreeSet<_>>() {
        for (at, figure) in figures.iter().enumerate() {
            let sum = sums.entry((period.clone(), (*area).to_owned(), at)).or_default();
            sum.first = if sum.municipalities == 0 { number } else { sum.first };
            sum.municipalities += 1;
            match figure {
                Count::Persons(persons) => sum.persons += persons,
                Count::Withheld => sum.withheld += 1,
                Count::Missing => sum.missing += 1,
            }
        }
    }
    Ok(())
}

enum Count {
    Persons(u64),
    Withheld,
    Missing,
}

/// `1204`, `1.204`, `<5`, or nothing.
fn count(text: &str) -> Option<Count> {
    match text {
        "" | "." | ".." | "-" => return Some(Count::Missing),
        _ if text.starts_with('<') => return Some(Count::Withheld),
        _ => {}
    }
    let mut groups = text.split('.');
    let first_fits = groups.next().is_some_and(|group| !text.contains('.') || (1..=3).contains(&group.len()));
    let rest_fit = groups.all(|group| group.len() == 3);
    (first_fits && rest_fit).then(|| text.replace('.', "").parse().ok()).flatten().map(Count::Persons)
}

fn figure(
    input: &Input,
    ask: StatisticsAsk<'_>,
    period: String,
    area: String,
    measure: &Measure,
    sum: &Sum,
) -> RawObservation {
    let known = sum.municipalities - sum.withheld - sum.missing;
    let mut note = format!("sum of {} municipalities", sum.municipalities);
    if sum.withheld > 0 {
        let more = sum.withheld * WITHHELD_AT_MOST;
        note.push_str(&format!("; {} withheld as <5 and counted as 0: at most {more} more", sum.withheld));
    }
    if sum.missing > 0 {
        note.push_str(&format!("; {} missing", sum.missing));
    }
    let (value, status) = match known {
        0 if sum.withheld > 0 => ("<5".to_owned(), Some("suppressed")),
        0 => (String::new(), Some("missing")),
        _ if sum.withheld + sum.missing > 0 => (sum.persons.to_string(), Some("low reliability")),
        _ => (sum.persons.to_string(), None),
    };
    RawObservation {
        indicator: ask.indicator.map_or(measure.indicator.clone(), |i| format!("{i}: {}", measure.indicator)),
        area,
        period,
        sector: measure.sector.clone(),
        sex: measure.sex.clone(),
        age: measure.age.clone(),
        value,
        unit: ask.unit.unwrap_or("persons").to_owned(),
        status: status.map(str::to_owned),
        note: Some(note),
        ..RawObservation::at(input.origin(sum.first))
    }
}

/// `Paro hombre edad 25 -45 `: registered unemployment of men of 25 to 45; `Contratos  Industria`: contracts in industry.
fn measure((at, name): (usize, &String)) -> Measure {
    let folded = plain(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let word = |wanted: &[&str]| words.iter().position(|w| wanted.contains(w));
    let sex = word(&["hombre", "hombres", "mujer", "mujeres"]);
    let age = word(&["edad"]);
    let sector = SECTORS.iter().find(|sector| folded.ends_with(**sector));
    let end = sector.map_or(words.len(), |sector| words.len() - sector.split(' ').count());
    let end = [sex, age].into_iter().flatten().fold(end, usize::min);
    let begin = usize::from(words.first() == Some(&"total"));
    let indicator = match words.get(begin..end).unwrap_or_default().join(" ").as_str() {
        "paro" | "paro registrado" => "Paro registrado".to_owned(),
        "contratos" => "Contratos registrados".to_owned(),
        other => other.to_owned(),
    };
    let text = |at: Option<usize>| at.and_then(|at| words.get(at)).map(|w| (*w).to_owned());
    Measure {
        at,
        name: name.split_whitespace().collect::<Vec<_>>().join(" "),
        indicator,
        sector: sector.map(|s| (*s).to_owned()),
        sex: text(sex),
        age: age.map(|at| words.get(at + 1..).unwrap_or_default().concat()),
    }
}

/// Lower case without accents, single spaces.
fn plain(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}
