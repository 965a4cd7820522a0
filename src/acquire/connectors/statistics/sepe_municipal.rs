//! Spain's employment service (SEPE), open data by municipality: registered unemployment, contracts, job seekers. A banner
//! line, a header with stray spaces, `<5` for what is withheld. Municipalities are added up to provinces and autonomous
//! communities; a sum over withheld figures says how many there were and how far it can be off.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::error::excerpt;
use crate::acquire::periods::period_of;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::lexicon::normal::fold;
use crate::types::{RawObservation, RejectReason};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read};

/// What is counted, as the names of columns begin; of two that fit the longer stands first.
const SUBJECTS: [&str; 6] =
    ["paro registrado", "paro", "contratos", "dtes empleo", "demandantes de empleo", "demandantes empleo"];
const KINDS: [&str; 4] = ["", "iniciales indefinidos", "iniciales temporales", "convertidos en indefinidos"];
const SECTORS: [&str; 5] = ["agricultura", "industria", "construccion", "servicios", "sin empleo anterior"];
const SEXES: [&str; 4] = ["hombre", "hombres", "mujer", "mujeres"];
/// Columns that say when and where; every other one is a figure, wherever it stands.
const PLACES: [&str; 8] = [
    "codigo mes",
    "mes",
    "codigo de ca",
    "comunidad autonoma",
    "codigo provincia",
    "provincia",
    "codigo municipio",
    "municipio",
];
/// Of the municipalities of the fullest month, how many a month must hold: few are founded or merged in a year.
const WHOLE_MONTH_PERCENT: u64 = 98;

/// Why a row is not kept.
type Fault = (RejectReason, String);

/// Texts of a row, by the number of their column.
type Cells<'a, 'r> = &'a dyn Fn(usize) -> &'r str;

/// Where everything stands.
struct Table {
    month: usize,
    /// Its name, such as `Enero de 2026`.
    month_name: Option<usize>,
    /// Autonomous community and province.
    areas: [usize; 2],
    /// Their codes.
    codes: [Option<usize>; 2],
    municipality: usize,
    code: Option<usize>,
    measures: Vec<Measure>,
}

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
    /// Its area, as the first row spells it.
    name: String,
    count: u64,
    municipalities: u64,
    withheld: u64,
    /// What they were withheld below: 5 of `<5`.
    bounds: BTreeSet<u64>,
    /// Most that they can stand for.
    at_most: u64,
    missing: u64,
    rejected: u64,
    first: u64,
}

/// What is added up.
#[derive(Default)]
struct Tally {
    /// By period, area (`c9`, `p8`) and measure.
    sums: BTreeMap<(String, String, usize), Sum>,
    /// Periods with a figure that is not zero.
    counted: BTreeSet<String>,
    /// Period and municipality.
    kept: BTreeSet<(String, String)>,
    /// Municipalities of each period, rejected ones too.
    rows: BTreeMap<String, u64>,
    /// Rejected rows that do not say where they belong.
    unplaced: u64,
}

/// Reads figures of provinces and autonomous communities.
///
/// # Errors
/// When a column of the layout is absent or unknown, a month is not whole, or the file is no usable CSV.
pub(in crate::acquire) fn read(
    input: &Input,
    body: &mut dyn BufRead,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut body = Ending { body, last: b'\n' };
    let mut csv = CsvFile::open_at(&input.file, &mut body, &input.limits, Some("Código mes"))?;
    let table = Table::of(input, &csv, ask.ignore)?;
    let mut tally = Tally::default();
    let (width, mut is_short) = (csv.header().len(), false);
    while let Some((number, row)) = csv.next()? {
        let fault = if let Row::Bad(reason, detail) = row { Some((reason, detail)) } else { None };
        let cells = csv.cells();
        let text = |at: usize| tidy(cell(cells, at).unwrap_or_default());
        let is_note = is_note(cells.len(), &text);
        is_short = !is_note && cells.len() < width;
        if is_note {
            continue;
        }
        let taken = fault.map_or_else(|| tally.take(&table, number, &text), Err);
        if let Err((reason, detail)) = taken {
            tally.miss(&table, number, &text, reason);
            sink(input.reject(number, reason, detail));
        }
    }
    drop(csv);
    if is_short && !matches!(body.last, b'\n' | b'\r') {
        let problem = "ends within its last row: the file was cut short";
        return Err(AcquireError::content(&input.file, problem, "download it again"));
    }
    tally.check(input)?;
    let (unplaced, communities) = (tally.unplaced, tally.communities());
    for ((period, area, at), sum) in tally.sums {
        // Cantabria is a province and a community of one name: its municipalities count once.
        if area.starts_with('p') && communities.contains(&(period.clone(), plain(&sum.name))) {
            continue;
        }
        if let Some(measure) = table.measures.get(at) {
            sink(Record::Kept(figure(input, ask, period, measure, &sum, unplaced)));
        }
    }
    Ok(())
}

/// A file that remembers how it ends.
struct Ending<'a> {
    body: &'a mut dyn BufRead,
    last: u8,
}

impl Read for Ending<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(into)?;
        self.last = into.get(..count).and_then(<[u8]>::last).copied().unwrap_or(self.last);
        Ok(count)
    }
}

impl BufRead for Ending<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.body.fill_buf()?;
        self.last = bytes.last().copied().unwrap_or(self.last);
        Ok(bytes)
    }

    fn consume(&mut self, count: usize) {
        self.body.consume(count);
    }
}

fn tidy(text: &str) -> &str {
    // Where two files were joined, the mark at the beginning of the second stands within.
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
}

/// Notes under the table stand alone in their row, whose figures begin with a number.
fn is_note(count: usize, text: Cells<'_, '_>) -> bool {
    let mut filled = (0..count).map(text).filter(|cell| !cell.is_empty());
    let first = filled.next();
    filled.next().is_none() && first.is_none_or(|cell| !cell.starts_with(|c: char| c.is_ascii_digit()))
}

/// Lower case without accents, single spaces.
fn plain(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `202601` as `2026-01`.
fn period(month: &str) -> Option<String> {
    let (year, number) = month.split_at_checked(4)?;
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_month = number.parse().is_ok_and(|number: u8| (1..=12).contains(&number));
    let fits = is_month && number.len() == 2 && is_number(year) && is_number(number);
    fits.then(|| format!("{year}-{number}"))
}

impl Table {
    fn of(input: &Input, csv: &CsvFile<'_>, ignored: &[String]) -> Result<Self, AcquireError> {
        let names: Vec<String> = csv.header().iter().map(|name| plain(name)).collect();
        let find = |name: &str| names.iter().position(|n| n == name);
        let need = |name: &str, spelt: &str| find(name).map_or_else(|| csv.require(spelt), Ok);
        let month = need("codigo mes", "Código mes")?;
        let areas = [need("comunidad autonoma", "Comunidad Autónoma")?, need("provincia", "Provincia")?];
        let municipality = need("municipio", "Municipio")?;
        let mut measures = Vec::new();
        for (at, (spelt, name)) in csv.header().iter().zip(&names).enumerate() {
            if name.is_empty() || PLACES.contains(&name.as_str()) || ignored.contains(spelt) {
                continue;
            }
            measures.push(measure(at, spelt).ok_or_else(|| unknown(input, spelt))?);
        }
        let codes = ["codigo de ca", "codigo provincia"].map(find);
        let (month_name, code) = (find("mes"), find("codigo municipio"));
        Ok(Self { month, month_name, areas, codes, municipality, code, measures })
    }

    /// Community and province of a row, each with what tells it from others: its code, because names are spelt in
    /// several ways, else its name.
    fn places<'r>(&self, text: Cells<'_, 'r>) -> [(String, &'r str); 2] {
        let key = |kind: char, code: Option<usize>, name: &str| {
            let code = code.map(text).unwrap_or_default().trim_start_matches('0');
            let is_code = !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit());
            format!("{kind}{}", if is_code { code.to_owned() } else { plain(name) })
        };
        let ([community, province], [of_community, of_province]) = (self.areas.map(text), self.codes);
        [(key('c', of_community, community), community), (key('p', of_province, province), province)]
    }

    /// The month that a row names in words.
    fn month_named(&self, text: Cells<'_, '_>) -> Option<String> {
        self.month_name.and_then(|at| period_of(text(at), None)).filter(|named| named.len() == 7)
    }

    /// What tells a municipality from the others; leading zeros of its code may be lost.
    fn key(&self, text: Cells<'_, '_>) -> String {
        let code = self.code.map(text).unwrap_or_default().trim_start_matches('0');
        let [_, province] = self.areas.map(text);
        if code.is_empty() { format!("{} ({province})", text(self.municipality)) } else { code.to_owned() }
    }
}

fn unknown(input: &Input, name: &str) -> AcquireError {
    let problem = format!(
        "has a column '{}' that is not known; names are as in 'total Paro Registrado', 'Paro hombre edad < 25', 'Contratos Industria'",
        excerpt(name)
    );
    AcquireError::content(&input.file, problem, "correct its name, or name it in `ignore` of the plan")
}

impl Tally {
    /// Adds a municipality to its province and community, or says why it cannot be.
    fn take(&mut self, table: &Table, number: u64, text: Cells<'_, '_>) -> Result<(), Fault> {
        let bad = |detail: String| (RejectReason::BadValue, detail);
        let month = text(table.month);
        let Some(period) = period(month) else {
            return Err(bad(format!("column Código mes: '{}' is no month as in 202601", excerpt(month))));
        };
        if let Some(named) = table.month_named(text).filter(|named| *named != period) {
            return Err(bad(format!("column mes: it names {named}, column Código mes {}", excerpt(month))));
        }
        let areas = table.areas.map(text);
        if let Some(empty) = areas.iter().position(|area| area.is_empty()) {
            let name = ["Comunidad Autónoma", "Provincia"].get(empty).copied().unwrap_or_default();
            return Err(bad(format!("column {name}: is empty")));
        }
        let mut figures = Vec::new();
        for Measure { at, name, .. } in &table.measures {
            let spelt = text(*at);
            let told = || bad(format!("column {name}: '{}' is no count and no '<5'", excerpt(spelt)));
            figures.push(count(spelt).ok_or_else(told)?);
        }
        let key = table.key(text);
        if !self.kept.insert((period.clone(), key.clone())) {
            let detail = format!("municipality {} stands twice in {month}; its first row counts", excerpt(&key));
            return Err((RejectReason::ConflictingKey, detail));
        }
        *self.rows.entry(period.clone()).or_default() += 1;
        if figures.iter().any(|figure| !matches!(figure, Count::Known(0))) {
            self.counted.insert(period.clone());
        }
        for area in table.places(text) {
            for (at, figure) in figures.iter().enumerate() {
                self.sum(&period, &area, at, number).add(figure);
            }
        }
        Ok(())
    }

    /// A row that is not kept makes the sums it belongs to uncertain; all of them where it does not say which.
    fn miss(&mut self, table: &Table, number: u64, text: Cells<'_, '_>, reason: RejectReason) {
        let areas = table.areas.map(text);
        let is_name =
            |area: &&str| area.chars().any(char::is_alphabetic) && !area.contains(|c: char| c.is_ascii_digit());
        match period(text(table.month)).or_else(|| table.month_named(text)) {
            Some(period) if areas.iter().all(is_name) => {
                let is_further = reason != RejectReason::ConflictingKey;
                *self.rows.entry(period.clone()).or_default() += u64::from(is_further);
                for area in table.places(text) {
                    for at in 0..table.measures.len() {
                        self.sum(&period, &area, at, number).rejected += 1;
                    }
                }
            }
            // A header that is repeated has no number where the month is.
            _ if [table.month, 0].iter().any(|at| text(*at).contains(|c: char| c.is_ascii_digit())) => {
                self.unplaced += 1;
            }
            _ => {}
        }
    }

    fn sum(&mut self, period: &str, (area, name): &(String, &str), at: usize, number: u64) -> &mut Sum {
        let sum = self.sums.entry((period.to_owned(), area.clone(), at)).or_default();
        sum.first = if sum.first == 0 { number } else { sum.first };
        // Of a row that was rejected the name may be damaged, too.
        if sum.municipalities == 0 {
            (*name).clone_into(&mut sum.name);
        }
        sum
    }

    /// Period and plain name of every community.
    fn communities(&self) -> BTreeSet<(String, String)> {
        let communities = self.sums.iter().filter(|((_, area, _), _)| area.starts_with('c'));
        communities.map(|((period, _, _), sum)| (period.clone(), plain(&sum.name))).collect()
    }

    /// A file that is cut at the end of a line, or was written before a month was counted, shows in its months alone.
    fn check(&self, input: &Input) -> Result<(), AcquireError> {
        self.check_length(input)?;
        let spelt = |period: &str| period.replace('-', "");
        let zeros = self.kept.iter().find(|(period, _)| !self.counted.contains(period));
        let problem = match (zeros, self.gap()) {
            (Some((period, _)), _) => format!("{} holds nothing but zeros: it was not yet counted", spelt(period)),
            (None, Some((before, after))) => {
                format!("holds {} and {} and no month between them", spelt(before), spelt(after))
            }
            (None, None) => return Ok(()),
        };
        Err(AcquireError::content(&input.file, problem, "download it again, or later"))
    }

    /// Two months that follow each other in the file and not in the calendar.
    fn gap(&self) -> Option<(&str, &str)> {
        let months: Vec<&str> = self.rows.keys().map(String::as_str).collect();
        let number = |period: &str| {
            let (year, month) = period.split_once('-')?;
            Some(year.parse::<u32>().ok()? * 12 + month.parse::<u32>().ok()?)
        };
        months.windows(2).find_map(|pair| match pair {
            [one, other] if number(one)? + 1 != number(other)? => Some((*one, *other)),
            _ => None,
        })
    }

    /// Whether every month holds about as many municipalities as the fullest.
    fn check_length(&self, input: &Input) -> Result<(), AcquireError> {
        let Some((fullest, most)) = self.rows.iter().max_by_key(|(_, rows)| **rows) else { return Ok(()) };
        let is_short = |rows: u64| (rows + self.unplaced) * 100 < *most * WHOLE_MONTH_PERCENT;
        let Some((month, rows)) = self.rows.iter().find(|(_, rows)| is_short(**rows)) else { return Ok(()) };
        let spelt = |period: &str| period.replace('-', "");
        let problem = format!(
            "{} holds {rows} of {most} municipalities, as many as {} has: the file was cut short",
            spelt(month),
            spelt(fullest)
        );
        Err(AcquireError::content(&input.file, problem, "download it again"))
    }
}

impl Sum {
    fn add(&mut self, figure: &Count) {
        self.municipalities += 1;
        match figure {
            Count::Known(count) => self.count += count,
            Count::Below(bound) => {
                self.withheld += 1;
                self.at_most += bound.saturating_sub(1);
                self.bounds.insert(*bound);
            }
            Count::Missing => self.missing += 1,
        }
    }
}

enum Count {
    Known(u64),
    /// Withheld: 5 of `<5`.
    Below(u64),
    Missing,
}

/// `1204`, `1.204`, `<5`, or nothing.
fn count(text: &str) -> Option<Count> {
    if matches!(text, "" | "." | ".." | "-") {
        return Some(Count::Missing);
    }
    if let Some(bound) = text.strip_prefix('<') {
        return bound.trim().parse::<u64>().ok().filter(|bound| *bound > 0).map(Count::Below);
    }
    let mut groups = text.split('.');
    let leads = |group: &str| (1..=3).contains(&group.len()) && !group.starts_with('0');
    let first_fits = groups.next().is_some_and(|group| !text.contains('.') || leads(group));
    let rest_fit = groups.all(|group| group.len() == 3);
    (first_fits && rest_fit).then(|| text.replace('.', "").parse().ok()).flatten().map(Count::Known)
}

fn figure(
    input: &Input,
    ask: StatisticsAsk<'_>,
    period: String,
    measure: &Measure,
    sum: &Sum,
    unplaced: u64,
) -> RawObservation {
    let known = sum.municipalities.saturating_sub(sum.withheld + sum.missing);
    let (value, status) = match known {
        0 if sum.withheld > 0 => (format!("<{}", sum.bounds.last().copied().unwrap_or_default()), Some("suppressed")),
        0 => (String::new(), Some("missing")),
        _ if sum.withheld + sum.missing + sum.rejected + unplaced > 0 => {
            (sum.count.to_string(), Some("low reliability"))
        }
        _ => (sum.count.to_string(), None),
    };
    let own_unit = if measure.indicator.to_lowercase().contains("contrato") { "contracts" } else { "persons" };
    RawObservation {
        indicator: ask.indicator.map_or(measure.indicator.clone(), |i| format!("{i}: {}", measure.indicator)),
        area: sum.name.clone(),
        period,
        sector: measure.sector.clone(),
        sex: measure.sex.clone(),
        age: measure.age.clone(),
        value,
        unit: ask.unit.unwrap_or(own_unit).to_owned(),
        status: status.map(str::to_owned),
        note: Some(note(sum, unplaced)),
        ..RawObservation::at(input.origin(sum.first))
    }
}

/// How many municipalities a sum stands for, and what is not in it.
fn note(sum: &Sum, unplaced: u64) -> String {
    let mut note = format!("sum of {} municipalities", sum.municipalities);
    if sum.withheld > 0 {
        let signs: Vec<String> = sum.bounds.iter().map(|bound| format!("<{bound}")).collect();
        let (withheld, signs, more) = (sum.withheld, signs.join(" or "), sum.at_most);
        note.push_str(&format!("; {withheld} withheld as {signs} and counted as 0: at most {more} more"));
    }
    if sum.missing > 0 {
        note.push_str(&format!("; {} missing", sum.missing));
    }
    if sum.rejected > 0 {
        note.push_str(&format!("; rows rejected: {}", sum.rejected));
    }
    if unplaced > 0 {
        note.push_str(&format!("; rows of the file rejected that name no month and place: {unplaced}"));
    }
    note
}

/// `Paro hombre edad 25 -45 `: registered unemployment of men of 25 to 45; `Contratos  Industria`: contracts in industry.
/// Nothing where a part of the name is not understood: the figure would pass for another one.
fn measure(at: usize, name: &str) -> Option<Measure> {
    let folded = plain(name);
    let named = folded.strip_prefix("total ").unwrap_or(&folded);
    let begins = |subject: &&'static str| {
        let rest = named.strip_prefix(*subject)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| (*subject, rest.trim_start()))
    };
    let (subject, rest) = SUBJECTS.iter().find_map(begins)?;
    let sector = SECTORS.iter().find(|sector| **sector == rest);
    let words: Vec<&str> = rest.split(' ').filter(|word| sector.is_none() && !word.is_empty()).collect();
    let end = words.iter().position(|word| SEXES.contains(word) || *word == "edad").unwrap_or(words.len());
    let (kind, further) = words.split_at_checked(end)?;
    let kind = kind.join(" ");
    if !KINDS.contains(&kind.as_str()) {
        return None;
    }
    let (sex, further) = match further.split_first() {
        Some((sex, further)) if SEXES.contains(sex) => (Some((*sex).to_owned()), further),
        _ => (None, further),
    };
    let age = match further.split_first() {
        None => None,
        Some((word, age)) if *word == "edad" && age.concat().contains(|c: char| c.is_ascii_digit()) => {
            Some(age.concat())
        }
        Some(_) => return None,
    };
    let indicator = match format!("{subject} {kind}").trim() {
        "paro" | "paro registrado" => "Paro registrado".to_owned(),
        "contratos" => "Contratos registrados".to_owned(),
        other => other.to_owned(),
    };
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Measure { at, name, indicator, sector: sector.map(|s| (*s).to_owned()), sex, age })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Columns, Limits};
    use crate::types::{SnapshotId, SourceId};

    const HEAD: &str = "Código mes ;mes;Código de CA;Comunidad Autónoma;Codigo Provincia;Provincia;Codigo Municipio; Municipio;\
        total Paro Registrado";

    /// Figures, and why rows were rejected.
    type Outcome = Result<(Vec<RawObservation>, Vec<String>), String>;

    fn figures(text: &str) -> Outcome {
        let (source, snapshot) = (SourceId::new("sepe").unwrap(), SnapshotId("0".repeat(64)));
        let input = Input { source, snapshot, file: "paro.csv".to_owned(), limits: Limits::default(), before: 0 };
        let columns = Columns::default();
        let (mut kept, mut rejects) = (Vec::new(), Vec::new());
        let result = read(&input, &mut text.as_bytes(), StatisticsAsk::unaided(&columns), &mut |record| match record {
            Record::Kept(figure) => kept.push(figure),
            Record::Rejected(reject) => rejects.push(reject.detail),
        });
        result.map(|()| (kept, rejects)).map_err(|e| e.to_string())
    }

    /// A file of registered unemployment in Catalonia: month, province, code, figure of each row.
    fn file(rows: &[(&str, &str, &str, &str)]) -> String {
        let row = |(month, province, code, figure): &(&str, &str, &str, &str)| {
            let name = match month.get(4..) {
                Some("01") => "Enero",
                Some("02") => "Febrero",
                _ => "Marzo",
            };
            let number = match *province {
                "Girona" => 17,
                "Lleida" => 25,
                _ => 8,
            };
            format!("{month};{name} de 2026;9;Cataluña;{number};{province};{code};M{code};{figure}\r\n")
        };
        format!("PARO;;;;;;;;\r\n{HEAD}\r\n{}", rows.iter().map(row).collect::<String>())
    }

    fn of<'a>(kept: &'a [RawObservation], area: &str) -> (&'a str, Option<&'a str>, &'a str) {
        let found = kept.iter().find(|figure| figure.area == area).unwrap();
        (found.value.as_str(), found.status.as_deref(), found.note.as_deref().unwrap_or_default())
    }

    #[test]
    fn a_file_cut_at_the_end_of_a_line_is_refused_by_the_month_that_is_short() {
        let codes: Vec<String> = (1..=13).map(|n| format!("80{n:02}")).collect();
        let mut rows: Vec<_> = codes.iter().map(|code| ("202601", "Barcelona", code.as_str(), "10")).collect();
        rows.extend(codes.iter().map(|code| ("202602", "Barcelona", code.as_str(), "10")));
        assert_eq!(figures(&file(&rows)).unwrap().0.len(), 4);
        let refused = figures(&file(&rows[..20])).unwrap_err();
        assert!(refused.contains("202602 holds 7 of 13 municipalities"), "{refused}");
        // A row that is rejected is there all the same.
        rows[20].3 = "many";
        assert_eq!(figures(&file(&rows)).unwrap().1.len(), 1);
    }

    #[test]
    fn a_row_that_is_rejected_makes_the_sums_of_its_province_uncertain_and_no_others() {
        let rows = [
            ("202601", "Barcelona", "8001", "10"),
            ("202601", "Barcelona", "8019", "many"),
            ("202601", "Girona", "17079", "5"),
            ("202601", "Lleida", "25120", "?"),
        ];
        let (kept, rejects) = figures(&file(&rows)).unwrap();
        assert_eq!(rejects.len(), 2);
        assert_eq!(
            of(&kept, "Barcelona"),
            ("10", Some("low reliability"), "sum of 1 municipalities; rows rejected: 1")
        );
        assert_eq!(of(&kept, "Girona"), ("5", None, "sum of 1 municipalities"));
        assert_eq!(of(&kept, "Lleida"), ("", Some("missing"), "sum of 0 municipalities; rows rejected: 1"));
        assert_eq!(of(&kept, "Cataluña"), ("15", Some("low reliability"), "sum of 2 municipalities; rows rejected: 2"));
        let ragged = file(&rows[..1]) + "202601;Enero de 2026;9;Cataluña;17;Girona;17079;Girona;5;6\r\n";
        let (kept, _) = figures(&ragged).unwrap();
        assert_eq!((of(&kept, "Barcelona").1, of(&kept, "Cataluña").1), (None, Some("low reliability")));
        let nowhere = file(&rows[..1]) + "202601\r\n";
        let (kept, rejects) = figures(&nowhere).unwrap();
        assert_eq!((rejects.len(), of(&kept, "Barcelona").1), (1, Some("low reliability")));
    }

    #[test]
    fn one_area_in_two_spellings_is_one_and_a_province_that_is_a_community_counts_once() {
        let rows = [("202601", "Barcelona", "8019", "10"), ("202601", "BARCELONA", "8187", "30")];
        let (kept, _) = figures(&file(&rows)).unwrap();
        assert_eq!((kept.len(), of(&kept, "Barcelona").0, of(&kept, "Cataluña").0), (2, "40", "40"));
        let codes =
            file(&rows).replace("30\r\n", "30\r\n202601;Enero de 2026;09;Catalunya;017;Girona;17079;Girona;5\r\n");
        let (kept, _) = figures(&codes).unwrap();
        assert_eq!((kept.len(), of(&kept, "Cataluña").0, of(&kept, "Girona").0), (3, "45", "5"));
        let cantabria = file(&[]) + "202601;Enero de 2026;6;Cantabria;39;CANTABRIA;39075;Santander;7\r\n";
        let (kept, _) = figures(&cantabria).unwrap();
        assert_eq!((kept.len(), of(&kept, "Cantabria").0), (1, "7"));
        let nameless = "mes;Código mes ;Municipio;Provincia;Comunidad Autónoma;total Paro Registrado\r\n\
            Enero de 2026;202601;Barcelona;Barcelona;Cataluña;10\r\nEnero de 2026;202601;Abrera;BARCELONA ;Cataluña;3\r\n";
        let (kept, _) = figures(nameless).unwrap();
        assert_eq!((kept.len(), of(&kept, "Barcelona").0), (2, "13"));
    }

    #[test]
    fn a_month_that_is_absent_between_others_or_holds_only_zeros_is_refused() {
        let rows =
            [("202601", "Barcelona", "1", "10"), ("202602", "Barcelona", "1", "0"), ("202603", "Barcelona", "1", "9")];
        let refused = figures(&file(&[rows[0], rows[2]])).unwrap_err();
        assert!(refused.contains("holds 202601 and 202603 and no month between them"), "{refused}");
        let refused = figures(&file(&rows)).unwrap_err();
        assert!(refused.contains("202602 holds nothing but zeros"), "{refused}");
        let withheld = [rows[0], ("202602", "Barcelona", "1", "<5"), rows[2]];
        assert_eq!(figures(&file(&withheld)).unwrap().0.len(), 6);
    }

    #[test]
    fn a_file_that_ends_within_a_row_is_refused_also_in_its_first_month() {
        let whole = file(&[("202601", "Barcelona", "8019", "10"), ("202601", "Barcelona", "8001", "5")]);
        for cut in ["202601", "202601;Enero de 20", "202601;Enero de 2026;9;Cataluña;8"] {
            let refused = figures(&format!("{whole}{cut}")).unwrap_err();
            assert!(refused.contains("ends within its last row"), "{cut}: {refused}");
            assert_eq!(figures(&format!("{whole}{cut}\r\n")).unwrap().1.len(), 1);
        }
        assert!(figures(&format!("{whole}Fuente: SEPE")).unwrap().1.is_empty());
    }

    #[test]
    fn a_row_whose_month_in_words_is_another_than_in_figures_is_rejected() {
        let rows = [("202601", "Barcelona", "1", "10"), ("202601", "Barcelona", "2", "10")];
        let text = file(&rows).replacen("Enero de 2026", "Febrero de 2026", 1);
        let (kept, rejects) = figures(&text).unwrap();
        assert_eq!(rejects, ["column mes: it names 2026-02, column Código mes 202601"]);
        assert_eq!(of(&kept, "Barcelona").1, Some("low reliability"));
    }

    #[test]
    fn a_mark_of_byte_order_where_two_files_were_joined_is_no_part_of_a_row() {
        let text = file(&[("202601", "Barcelona", "1", "10")])
            + "\u{feff}202601;Enero de 2026;9;Cataluña;8;Barcelona;2;M2;5\r\n";
        let (kept, rejects) = figures(&text).unwrap();
        assert_eq!((of(&kept, "Barcelona").0, rejects.len()), ("15", 0));
    }

    #[test]
    fn a_municipality_counts_once_a_month() {
        let rows = [("202601", "Barcelona", "08019", "10"), ("202601", "Barcelona", "8019", "30")];
        let (kept, rejects) = figures(&file(&rows)).unwrap();
        assert_eq!(of(&kept, "Barcelona").0, "10");
        assert_eq!(rejects, ["municipality 8019 stands twice in 202601; its first row counts"]);
    }

    #[test]
    fn a_group_before_thousands_never_begins_with_zero() {
        let (kept, rejects) =
            figures(&file(&[("202601", "Barcelona", "1", "1.204"), ("202601", "Barcelona", "2", "0.457")])).unwrap();
        assert_eq!((of(&kept, "Barcelona").0, rejects.len()), ("1204", 1));
    }

    #[test]
    fn what_is_withheld_stands_for_less_than_its_sign_says() {
        let rows = [
            ("202601", "Barcelona", "1", "10"),
            ("202601", "Barcelona", "2", "<10"),
            ("202601", "Barcelona", "3", "< 5"),
            ("202601", "Girona", "4", "<10"),
        ];
        let (kept, _) = figures(&file(&rows)).unwrap();
        let told = "sum of 3 municipalities; 2 withheld as <5 or <10 and counted as 0: at most 13 more";
        assert_eq!(of(&kept, "Barcelona"), ("10", Some("low reliability"), told));
        assert_eq!(of(&kept, "Girona").0, "<10");
        assert_eq!(figures(&file(&[("202601", "Girona", "4", "<x")])).unwrap().1.len(), 1);
    }

    #[test]
    fn contracts_are_counted_in_contracts_and_the_unemployed_in_persons() {
        let paro = file(&[("202601", "Barcelona", "1", "10")]);
        let contracts = paro.replace("total Paro Registrado", "Contratos iniciales temporales mujeres");
        assert_eq!(figures(&paro).unwrap().0[0].unit, "persons");
        assert_eq!(figures(&contracts).unwrap().0[0].unit, "contracts");
    }

    #[test]
    fn a_column_whose_name_is_not_understood_is_refused_by_name() {
        let paro = file(&[("202601", "Barcelona", "1", "10")]);
        for name in ["Total", "Paro hombre menores 25", "Paro Pesca", "Contratos fijos hombres", "Parolímpicos"] {
            let refused = figures(&paro.replace("total Paro Registrado", name)).unwrap_err();
            assert!(refused.contains(&format!("column '{name}'")) && refused.contains("`ignore`"), "{refused}");
        }
        for name in ["Total Contratos", "Paro mujer edad >=45", "Paro Sin empleo Anterior", "Contratos  Servicios"] {
            assert!(figures(&paro.replace("total Paro Registrado", name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn columns_are_found_by_their_names_wherever_they_stand() {
        let moved = "PARO;;;;;\r\nmes;total Paro Registrado;Código mes ;Municipio;Provincia;Comunidad Autónoma\r\n\
            Enero de 2026;48210;202601;Barcelona;Barcelona;Cataluña\r\n";
        for text in [moved.to_owned(), moved.replace("\r\n", "\r"), moved.replace("\r\n", "\n")] {
            let (kept, rejects) = figures(&text).unwrap();
            assert_eq!((rejects.len(), kept[0].period.as_str()), (0, "2026-01"));
            assert_eq!(of(&kept, "Barcelona").0, "48210");
        }
    }

    #[test]
    fn a_comma_where_the_header_has_a_semicolon_is_refused_as_another_delimiter() {
        let text = file(&[("202601", "Barcelona", "1", "10"), ("202601", "Barcelona", "2", "10")]);
        let (head, rows) = text.split_at(text.find("202601").unwrap());
        let refused = figures(&format!("{head}{}", rows.replace(';', ","))).unwrap_err();
        assert!(refused.contains("the header or the delimiter"), "{refused}");
    }
}
