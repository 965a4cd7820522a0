//! Cedefop's tables as downloaded: foundation skills and imbalance (CSV), short-term anticipation, the shortage index and
//! the European skills index (workbooks). None says its unit; most do not say their period or area, which the plan gives
//! under [source.columns] as constants.

use super::statistics_table::{Unmapped, read_rows};
use crate::acquire::csv_file::CsvFile;
use crate::acquire::error::excerpt;
use crate::acquire::figures::{is_figure, is_sign};
use crate::acquire::isco_titles::code_of;
use crate::acquire::mapping::ColumnRule;
use crate::acquire::open::Document;
use crate::acquire::periods::is_year;
use crate::acquire::rows::Rows;
use crate::acquire::text::Markup;
use crate::acquire::workbook::{Grid, Workbook};
use crate::acquire::{AcquireError, Columns, DecimalSign, Input, Record, Sink, StatisticsAsk};
use crate::types::{Breakdown, NumberStyle, RawObservation, RejectReason};

/// Words that name the columns of the imbalance table, whose header is worded in several ways.
const ISCO_4: [&str; 4] = ["isco_4", "isco 4", "isco4", "isco-4"];
const SCORE: [&str; 2] = ["score", "imbalance"];
/// Names of a column of areas, which these tables do not have as they are published.
const AREAS: [&str; 6] = ["country", "countries", "country code", "country_code", "geo", "area"];
const CONSTANTS: &str =
    "add it under [source.columns], as in period = { const = \"2025\" } or area = { const = \"EU\" }";

/// Reads a table.
///
/// # Errors
/// When it is none of the tables known, or period or area must come from the plan and do not.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    if document.is_workbook() {
        return read_workbook(input, document, ask, sink);
    }
    let mut body = document.text(Markup::Refused)?;
    let mut rows = CsvFile::open(&input.file, &mut body, &input.limits)?;
    let is_imbalance = !is_foundation(rows.header());
    let (mut columns, indicator, numbers) = if is_imbalance {
        (imbalance(rows.header()), "Imbalance of occupations, online job advertisements", DecimalSign::Point)
    } else {
        (foundation(), "Foundation skills by occupation", DecimalSign::Comma)
    };
    columns.extend(ask.columns.iter().map(|(name, rule)| (name.clone(), rule.clone())));
    for field in ["area", "period", "value"] {
        if !columns.contains_key(field) {
            return Err(absent(input, field));
        }
    }
    one_area(input, rows.header(), &columns, ask.ignore)?;
    let own_numbers = ask.numbers;
    let ask = StatisticsAsk {
        columns: &columns,
        indicator: ask.indicator.or(Some(indicator)),
        numbers: ask.numbers.or(Some(numbers)),
        ..ask
    };
    let mut keep = |record: Record<RawObservation>| match record {
        Record::Kept(figure) if is_imbalance => sink(score(input, figure, own_numbers.is_none())),
        other => sink(other),
    };
    read_rows(input, &mut rows, ask, Unmapped::Ignored, &mut keep)
}

/// A score of 0 to 1. Where the plan does not say how it is spelt, its one sign can only be that of the fraction.
fn score(input: &Input, mut figure: RawObservation, is_open: bool) -> Record<RawObservation> {
    if is_open && figure.value.contains(',') && !figure.value.contains('.') {
        figure.numbers = NumberStyle::Comma;
    }
    let spelt = figure.value.trim();
    if figure.occupation.is_none() && spelt.is_empty() {
        let detail = "has neither an occupation nor a score: perhaps a note under the table".to_owned();
        return input.reject(figure.origin.record, RejectReason::MissingField, detail);
    }
    let plain = if figure.numbers == NumberStyle::Comma { spelt.replace(',', ".") } else { spelt.to_owned() };
    let is_score = plain.parse::<f64>().is_ok_and(|value| (0.0..=1.0).contains(&value));
    if !is_score && !spelt.is_empty() && !is_sign(spelt) {
        let detail = format!("column value: '{}' is no score of 0 to 1", excerpt(spelt));
        return input.reject(figure.origin.record, RejectReason::BadValue, detail);
    }
    Record::Kept(figure)
}

/// A table with a column of areas is not of the one area that the plan, or this reader, takes it for.
fn one_area(input: &Input, header: &[String], columns: &Columns, ignored: &[String]) -> Result<(), AcquireError> {
    let is_constant = matches!(columns.get("area"), Some(ColumnRule::Constant { .. }));
    let is_free = |name: &&String| AREAS.contains(&name.trim().to_lowercase().as_str()) && !ignored.contains(name);
    match header.iter().find(is_free).filter(|_| is_constant) {
        None => Ok(()),
        Some(column) => {
            let problem = format!("has a column '{}', so that its figures are not all of one area", excerpt(column));
            let advice = "map it under [source.columns], as in area = \"country\", or name it in `ignore`";
            Err(AcquireError::content(&input.file, problem, advice))
        }
    }
}

/// Cedefop's European Union is that of today; its short names stand for an older one elsewhere.
pub(super) fn area_of(spelt: &str) -> String {
    match spelt.trim() {
        "EU" | "EU27" | "EU-27" => "EU27_2020".to_owned(),
        other => other.to_owned(),
    }
}

/// Whether a workbook's sheet, by name and texts of its top, is one of Cedefop's.
pub(in crate::acquire) fn is_sheet(grid: &Grid) -> bool {
    grid.header_row(&|names| kind_of(&grid.sheet, names).is_some()).is_some() || ranks_row(grid).is_some()
}

/// Whether a text's first line is the header of one of Cedefop's tables.
pub(in crate::acquire) fn is_header(line: &str) -> bool {
    let line = line.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    let is_table = line.contains([',', ';', '\t']);
    line.starts_with("occupations;isco code;skill;value") || (is_table && has(&ISCO_4) && has(&SCORE))
}

fn absent(input: &Input, field: &str) -> AcquireError {
    AcquireError::content(&input.file, format!("does not say its {field}"), CONSTANTS)
}

fn is_foundation(header: &[String]) -> bool {
    ["Occupations", "ISCO code", "Skill", "Value"].iter().all(|name| header.iter().any(|h| h == name))
}

fn columns(rules: &[(&str, &str)]) -> Columns {
    rules.iter().map(|(field, column)| ((*field).to_owned(), ColumnRule::Column((*column).to_owned()))).collect()
}

fn foundation() -> Columns {
    columns(&[("occupation", "ISCO code"), ("sector", "Skill"), ("value", "Value")])
}

/// Wordings of the header differ: columns are found by what they must hold.
fn imbalance(header: &[String]) -> Columns {
    let find = |words: &[&str]| header.iter().find(|h| words.iter().any(|w| h.to_lowercase().contains(w)));
    let mut rules = Columns::new();
    let found = [("occupation", find(&ISCO_4)), ("value", find(&SCORE))];
    for (field, column) in found.into_iter().filter_map(|(field, column)| column.map(|c| (field, c))) {
        rules.insert(field.to_owned(), ColumnRule::Column(column.clone()));
    }
    rules.insert("area".to_owned(), ColumnRule::Constant { r#const: "EU27_2020".to_owned() });
    rules
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    ShortTerm,
    Shortage,
    SkillsIndex,
}

fn kind_of(sheet: &str, names: &[String]) -> Option<Kind> {
    let lower: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
    let begins = |start: &str| lower.iter().any(|n| n.starts_with(start));
    match () {
        () if begins("scenario") && begins("country") && names.iter().any(|n| is_year(n)) => Some(Kind::ShortTerm),
        () if begins("occupation group") && begins("labour shortage ind") => Some(Kind::Shortage),
        () if sheet == "Scores" && begins("country code") && begins("release year") => Some(Kind::SkillsIndex),
        () => None,
    }
}

fn read_workbook(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut book = Workbook::open(&input.file, document.seekable()?, &input.limits)?;
    let mut read = 0;
    for sheet in book.sheets().into_iter().filter(|sheet| !ask.ignore.contains(sheet)) {
        let grid = book.grid(&sheet)?;
        let mut keep = |figure: RawObservation| {
            read += 1;
            sink(Record::Kept(RawObservation { origin: input.origin(read), ..figure }));
        };
        if let Some(row) = ranks_row(&grid) {
            ranks(input, &grid, row, ask, &mut keep);
        } else if let Some(row) = grid.header_row(&|names| kind_of(&sheet, names).is_some()) {
            let names = grid.names(row);
            let table = Sheet { input, grid: &grid, header: row, names, ask };
            match kind_of(&sheet, &table.names) {
                Some(Kind::ShortTerm) => table.short_term(&mut keep),
                Some(Kind::Shortage) => table.shortage(&mut keep)?,
                _ => table.skills_index(&mut keep),
            }
        }
    }
    if read == 0 {
        let problem = "has no sheet of a Cedefop table that is known";
        return Err(AcquireError::content(&input.file, problem, "map its columns with layout = \"table\""));
    }
    Ok(())
}

struct Sheet<'a> {
    input: &'a Input,
    grid: &'a Grid,
    header: u32,
    names: Vec<String>,
    ask: StatisticsAsk<'a>,
}

impl Sheet<'_> {
    fn column(&self, start: &str) -> Option<u32> {
        let at = self.names.iter().position(|n| n.to_lowercase().starts_with(start))?;
        u32::try_from(at).ok()
    }

    fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.grid.row_numbers().filter(|row| *row > self.header)
    }

    fn text(&self, row: u32, column: Option<u32>) -> String {
        column.and_then(|column| self.grid.cell(row, column)).unwrap_or_default().to_owned()
    }

    /// Names of the columns that are figures, with their places.
    fn named(&self, wanted: impl Fn(&str) -> bool) -> Vec<(u32, &str)> {
        let names = (0_u32..).zip(self.names.iter().map(String::as_str));
        names.filter(|(_, name)| !name.is_empty() && wanted(name)).collect()
    }

    fn figure(&self, row: u32, column: u32) -> RawObservation {
        RawObservation {
            value: self.text(row, Some(column)),
            numbers: NumberStyle::Point,
            unit: self.ask.unit.unwrap_or_default().to_owned(),
            ..RawObservation::at(self.input.origin(u64::from(row) + 1))
        }
    }

    /// Scenario, country, occupation and its code, at times indicator and unit, then a column per year.
    fn short_term(&self, keep: &mut dyn FnMut(RawObservation)) {
        let code = self.column("code").or_else(|| self.column("occupation code")).or_else(|| self.column("isco"));
        let unit = if self.grid.sheet.contains('%') { "%" } else { self.ask.unit.unwrap_or_default() };
        let said = |row, column: &str| Some(self.text(row, self.column(column))).filter(|text| !text.is_empty());
        for row in self.rows().filter(|row| !self.text(*row, self.column("country")).is_empty()) {
            for (column, year) in self.named(is_year) {
                let occupation = Some(self.text(row, code)).filter(|code| code != "TOT" && !code.is_empty());
                let indicator = self.ask.indicator.map(str::to_owned).or_else(|| said(row, "indicator"));
                let scenario = said(row, "scenario").map(|item| part("scenario", item));
                keep(RawObservation {
                    indicator: indicator.unwrap_or_else(|| "Short-term anticipation of employment".to_owned()),
                    area: area_of(&self.text(row, self.column("country"))),
                    period: year.to_owned(),
                    occupation,
                    breakdown: scenario.into_iter().collect(),
                    unit: said(row, "unit").unwrap_or_else(|| unit.to_owned()),
                    ..self.figure(row, column)
                });
            }
        }
    }

    /// A sheet per country; occupation groups by title alone; a column per index.
    fn shortage(&self, keep: &mut dyn FnMut(RawObservation)) -> Result<(), AcquireError> {
        let Some(ColumnRule::Constant { r#const: period }) = self.ask.columns.get("period") else {
            return Err(absent(self.input, "period"));
        };
        let group = self.column("occupation group");
        let measures = self.named(|name| {
            let name = name.to_lowercase();
            name.starts_with("labour shortage ind") || name.starts_with("lsi")
        });
        for row in self.rows() {
            let title = self.text(row, group);
            // Notes under the table have no figure beside them.
            if title.is_empty() || !measures.iter().any(|(at, _)| is_figure(&self.text(row, Some(*at)))) {
                continue;
            }
            let occupation = code_of(&title).map_or(title.clone(), |code| format!("{code} {title}"));
            for (column, name) in &measures {
                keep(RawObservation {
                    indicator: format!("{}{name}", self.ask.indicator.map(|i| format!("{i}: ")).unwrap_or_default()),
                    area: area_of(&self.grid.sheet),
                    period: period.clone(),
                    occupation: Some(occupation.clone()),
                    ..self.figure(row, *column)
                });
            }
        }
        Ok(())
    }

    /// Country and release, then a column per index, pillar and rank.
    fn skills_index(&self, keep: &mut dyn FnMut(RawObservation)) {
        let (code, release) = (self.column("country code"), self.column("release year"));
        let measures = self.named(|name| !name.to_lowercase().starts_with("country"));
        for row in self.rows().filter(|row| !self.text(*row, code).is_empty()) {
            for (column, name) in measures.iter().filter(|(column, _)| Some(*column) != release) {
                keep(RawObservation {
                    indicator: format!("European skills index: {name}"),
                    area: area_of(&self.text(row, code)),
                    period: self.text(row, release),
                    ..self.figure(row, *column)
                });
            }
        }
    }
}

/// An item of a dimension that has no column of its own.
pub(super) fn part(dimension: &str, item: String) -> Breakdown {
    Breakdown { dimension: dimension.to_owned(), item }
}

/// The row of "Score" and "Rank" in the older skills index, under merged names and above the years of the data.
fn ranks_row(grid: &Grid) -> Option<u32> {
    let is_kind = |name: &String| matches!(name.to_lowercase().as_str(), "score" | "rank");
    let row = grid.header_row(&|names| names.iter().filter(|n| is_kind(n)).count() >= 2)?;
    (row > 0 && grid.cells(row + 1).iter().any(|(_, text)| is_year(text))).then_some(row)
}

fn ranks(input: &Input, grid: &Grid, kinds: u32, ask: StatisticsAsk<'_>, keep: &mut dyn FnMut(RawObservation)) {
    for row in grid.row_numbers().filter(|row| *row > kinds + 1) {
        let Some(area) = grid.cells(row).first().map(|(_, text)| area_of(text)) else { continue };
        for (column, kind) in grid.cells(kinds) {
            let (Some(block), Some(year)) = (grid.spread(kinds - 1, *column), grid.spread(kinds + 1, *column)) else {
                continue;
            };
            keep(RawObservation {
                indicator: format!("European skills index: {block}, {}", kind.trim().to_lowercase()),
                area: area.clone(),
                period: year.to_owned(),
                value: grid.cell(row, *column).unwrap_or_default().to_owned(),
                unit: ask.unit.unwrap_or_default().to_owned(),
                ..RawObservation::at(input.origin(u64::from(row) + 1))
            });
        }
    }
}
