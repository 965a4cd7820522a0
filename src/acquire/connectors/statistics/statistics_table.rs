//! Official figures in any table, its columns mapped in the plan: a row a figure, or a column a period.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::error::{did_you_mean, excerpt};
use crate::acquire::figures::{figure, is_figure};
use crate::acquire::layout::PeriodColumns;
use crate::acquire::mapping::{Bound, ColumnRule, STATISTIC, columns_of, missing};
use crate::acquire::open::Document;
use crate::acquire::periods::period_of;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::text::Markup;
use crate::acquire::workbook::{Grid, Workbook};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{RawObservation, RejectReason};

/// What becomes of columns and sheets that the plan does not map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::acquire) enum Unmapped {
    /// They are left out.
    Ignored,
    /// The file is refused if they hold figures, unless `ignore` names them.
    Refused,
}

/// Reads figures from every sheet, or the text, that has the header the plan asks for.
///
/// # Errors
/// When no header fits, a mapped column is absent, a decimal sign is open, or unmapped figures are refused.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    unmapped: Unmapped,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let wanted = wanted(&ask);
    if !document.is_workbook() {
        let head = head_grid(&document.head_text()?, &wanted);
        let first_cell = match locate(&head, &wanted) {
            Located::Changed(row) => return Err(changed(&input.file, &head, row, &wanted)),
            Located::Header(row) => head.names(row).into_iter().next().filter(|name| row > 0 && !name.is_empty()),
            Located::Absent => None,
        };
        let mut body = document.text(Markup::Refused)?;
        let mut rows = CsvFile::open_at(&input.file, &mut body, &input.limits, first_cell.as_deref())?;
        return read_rows(input, &mut rows, ask, unmapped, sink);
    }
    let mut book = Workbook::open(&input.file, document.seekable()?, &input.limits)?;
    let (mut read, mut first) = (0, None);
    for sheet in book.sheets().into_iter().filter(|sheet| !ask.ignore.contains(sheet)) {
        let grid = book.grid(&sheet)?;
        let place = format!("{}, sheet '{sheet}'", input.file);
        match locate(&grid, &wanted) {
            Located::Header(row) => {
                let within = input.within(&place, read);
                let ask = StatisticsAsk { indicator: ask.indicator.or(Some(&sheet)), ..ask };
                let mut counted = |record: Record<_>| {
                    read += 1;
                    sink(record);
                };
                read_rows(&within, &mut grid.under(&place, row)?, ask, unmapped, &mut counted)?;
            }
            Located::Changed(row) => return Err(changed(&place, &grid, row, &wanted)),
            Located::Absent if unmapped == Unmapped::Refused && holds_figures(&grid) => {
                let problem = "holds figures and none of the columns the plan maps";
                return Err(AcquireError::content(&place, problem, "map its columns, or name the sheet in `ignore`"));
            }
            Located::Absent => {
                first = first.or_else(|| grid.row_numbers().next().map(|row| excerpt(&grid.names(row).join("', '"))));
            }
        }
    }
    if read > 0 {
        return Ok(());
    }
    let problem =
        format!("has no sheet with figures under the header mapped; its first row is '{}'", first.unwrap_or_default());
    Err(AcquireError::content(&input.file, problem, "map its columns in the plan under [source.columns]"))
}

/// Names of the columns that make a row the header.
fn wanted(ask: &StatisticsAsk<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for rule in ask.columns.values() {
        // Of alternatives a file has one: they cannot tell its header.
        if !matches!(rule, ColumnRule::Any { .. }) {
            names.extend(columns_of(rule).iter().map(|name| name.trim().to_owned()));
        }
    }
    if let Some(PeriodColumns::Named(periods)) = ask.periods {
        names.extend(periods.iter().cloned());
    }
    if names.is_empty() {
        names.extend(["area", "value"].map(str::to_owned));
    }
    names
}

enum Located {
    /// The row that has every name.
    Header(u32),
    /// A row that has most names, but not all.
    Changed(u32),
    Absent,
}

fn locate(grid: &Grid, wanted: &[String]) -> Located {
    let known = |names: &[String]| wanted.iter().filter(|name| names.contains(name)).count();
    if let Some(row) = grid.header_row(&|names| known(names) == wanted.len()) {
        return Located::Header(row);
    }
    match grid.header_row(&|names| known(names) * 2 >= wanted.len() && known(names) > 0) {
        Some(row) if wanted.len() > 1 => Located::Changed(row),
        _ => Located::Absent,
    }
}

fn changed(place: &str, grid: &Grid, row: u32, wanted: &[String]) -> AcquireError {
    let names = grid.names(row);
    let absent = wanted.iter().find(|name| !names.contains(name)).map_or("", String::as_str);
    let free = names.iter().filter(|name| !wanted.contains(name)).map(String::as_str);
    AcquireError::Header {
        place: format!("{place}, row {}", row + 1),
        expected: absent.to_owned(),
        hint: did_you_mean(absent, free),
        found: excerpt(&names.join("', '")),
    }
}

/// The beginning of a delimited text under the delimiter that shows most of the names.
fn head_grid(head: &str, wanted: &[String]) -> Grid {
    let grids = [b',', b';', b'\t', b'|'].map(|delimiter| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(head.as_bytes());
        let rows = reader.records().take(40).flatten();
        Grid::of_rows("", rows.map(|row| row.iter().map(str::to_owned).collect()))
    });
    let fit = |grid: &Grid| {
        let shown = |row: u32| {
            let names = grid.names(row);
            wanted.iter().filter(|name| names.contains(name)).count()
        };
        grid.row_numbers().map(shown).max().unwrap_or_default()
    };
    grids.into_iter().max_by_key(fit).unwrap_or_default()
}

/// A note or a cover has a few numbers at most.
fn holds_figures(grid: &Grid) -> bool {
    let numbers =
        grid.row_numbers().flat_map(|row| grid.cells(row).iter().filter(move |(c, _)| grid.is_number(row, *c)));
    numbers.take(6).count() > 5
}

struct Reader<'a> {
    bound: Bound,
    /// Columns that are periods; none = a row is a figure.
    periods: Vec<(usize, String)>,
    ask: StatisticsAsk<'a>,
    header: Vec<String>,
}

/// Reads figures from rows under a header.
///
/// # Errors
/// When a mapped column is absent, a decimal sign is open, or unmapped figures are refused.
pub(in crate::acquire) fn read_rows(
    input: &Input,
    rows: &mut dyn Rows,
    ask: StatisticsAsk<'_>,
    unmapped: Unmapped,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let reader = Reader::new(input, rows.header(), ask)?;
    let mut strays = Strays::new(&reader, unmapped);
    while let Some((number, row)) = rows.next()? {
        let cells: Vec<String> = match row {
            Row::Cells(cells) => {
                (0..cells.len()).map(|at| cell(cells, at).unwrap_or_default().trim().to_owned()).collect()
            }
            Row::Bad(reason, detail) => {
                sink(input.reject(number, reason, detail));
                continue;
            }
        };
        let filled = || cells.iter().filter(|text| !text.is_empty());
        // HDX puts a row of tags under the header: `#country+name`.
        if filled().all(|text| text.starts_with('#')) {
            continue;
        }
        strays.look(number, &cells);
        reader.figures(input, number, &cells, &|at| rows.is_number(at), sink)?;
    }
    strays.check(&input.file)
}

impl<'a> Reader<'a> {
    fn new(input: &Input, header: &[String], ask: StatisticsAsk<'a>) -> Result<Self, AcquireError> {
        let bound = STATISTIC.bind(ask.columns, header, &input.file)?;
        let has = |field: &str| bound.fields().any(|f| f == field);
        let periods = period_columns(header, ask.periods);
        if let Some(PeriodColumns::Pattern(pattern)) = ask.periods
            && periods.is_empty()
        {
            return Err(missing(header, "periods", pattern, &input.file));
        }
        for field in ["period", "value"] {
            if periods.is_empty() && !has(field) {
                return Err(missing(header, field, field, &input.file));
            }
        }
        if ask.indicator.is_none() && !has("indicator") {
            let problem = "does not say what it counts";
            return Err(AcquireError::content(&input.file, problem, "name `indicator` in the plan, or map its column"));
        }
        Ok(Self { bound, periods, ask, header: header.to_vec() })
    }

    fn figures(
        &self,
        input: &Input,
        number: u64,
        cells: &[String],
        is_number: &dyn Fn(usize) -> bool,
        sink: Sink<'_, RawObservation>,
    ) -> Result<(), AcquireError> {
        let text = |at: usize| cells.get(at).map(String::as_str);
        let of = |field: &str| self.bound.value(field, &text);
        let Some(area) = of("area") else {
            sink(input.reject(number, RejectReason::MissingField, "`area` is empty".to_owned()));
            return Ok(());
        };
        let base = RawObservation {
            indicator: of("indicator").or(self.ask.indicator.map(str::to_owned)).unwrap_or_default(),
            area,
            occupation: of("occupation"),
            sector: of("sector"),
            sex: of("sex"),
            age: of("age"),
            unit: of("unit").or(self.ask.unit.map(str::to_owned)).unwrap_or_default(),
            status: of("status"),
            note: of("note"),
            ..RawObservation::at(input.origin(number))
        };
        if self.periods.is_empty() {
            let Some(period) = of("period") else {
                sink(input.reject(number, RejectReason::MissingField, "`period` is empty".to_owned()));
                return Ok(());
            };
            let at = self.bound.position_of("value");
            let value = of("value").unwrap_or_default();
            return self.keep(input, number, (at, &value, &period), &base, is_number, sink);
        }
        for (at, period) in &self.periods {
            let value = text(*at).unwrap_or_default();
            self.keep(input, number, (Some(*at), value, period), &base, is_number, sink)?;
        }
        Ok(())
    }

    /// `found`: the column, its text and the period.
    fn keep(
        &self,
        input: &Input,
        number: u64,
        (at, value, period): (Option<usize>, &str, &str),
        base: &RawObservation,
        is_number: &dyn Fn(usize) -> bool,
        sink: Sink<'_, RawObservation>,
    ) -> Result<(), AcquireError> {
        let typed = at.is_some_and(is_number);
        let Some((value, numbers)) = figure(value, typed, self.ask.numbers) else {
            let column = at.and_then(|at| self.header.get(at)).map_or("value", String::as_str);
            return Err(open_sign(&input.file, number, column, value));
        };
        let period = period_of(period, None).unwrap_or_else(|| period.to_owned());
        sink(Record::Kept(RawObservation { period, value, numbers, ..base.clone() }));
        Ok(())
    }
}

/// A value with two readings.
pub(in crate::acquire) fn open_sign(file: &str, row: u64, column: &str, value: &str) -> AcquireError {
    let problem =
        format!("row {row}, column '{column}': '{}' may have a decimal sign or one of thousands", excerpt(value));
    AcquireError::content(file, problem, "say numbers = \"comma\" or numbers = \"point\" for the source in the plan")
}

fn period_columns(header: &[String], periods: Option<&PeriodColumns>) -> Vec<(usize, String)> {
    let is_period = |name: &str| match periods {
        None => false,
        Some(PeriodColumns::Named(names)) => names.iter().any(|n| n == name),
        Some(PeriodColumns::Pattern(pattern)) => fits(pattern.as_bytes(), name.as_bytes()),
    };
    header.iter().enumerate().filter(|(_, name)| is_period(name)).map(|(at, name)| (at, name.clone())).collect()
}

/// Whether a name fits a pattern with `?` and `*`.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(sign) if *sign == b'?' || name.get(n) == Some(sign) => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                n = from + 1;
            }
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|sign| *sign == b'*')
}

/// Unmapped columns and how many of their cells are figures.
struct Strays(Vec<Stray>);

struct Stray {
    at: usize,
    name: String,
    cells: u64,
    figures: u64,
    first: Option<(u64, String)>,
}

impl Strays {
    fn new(reader: &Reader<'_>, unmapped: Unmapped) -> Self {
        if unmapped == Unmapped::Ignored {
            return Self(Vec::new());
        }
        let taken =
            |at: usize| reader.bound.positions().any(|p| p == at) || reader.periods.iter().any(|(p, _)| *p == at);
        let names = reader.header.iter().enumerate();
        let free = names.filter(|(at, name)| !taken(*at) && !reader.ask.ignore.contains(name));
        Self(free.map(|(at, name)| Stray { at, name: name.clone(), cells: 0, figures: 0, first: None }).collect())
    }

    fn look(&mut self, number: u64, cells: &[String]) {
        for stray in &mut self.0 {
            let Some(text) = cells.get(stray.at).filter(|text| !text.is_empty()) else { continue };
            stray.cells += 1;
            if is_figure(text) {
                stray.figures += 1;
                stray.first.get_or_insert_with(|| (number, text.clone()));
            }
        }
    }

    fn check(&self, file: &str) -> Result<(), AcquireError> {
        let Some(stray) = self.0.iter().find(|s| s.figures * 2 > s.cells) else { return Ok(()) };
        let (row, value) = stray.first.clone().unwrap_or_default();
        let problem = format!(
            "column '{}' looks like figures (row {row}: '{}'; {} of {} cells) and the plan maps it to nothing",
            stray.name,
            excerpt(&value),
            stray.figures,
            stray.cells
        );
        Err(AcquireError::content(file, problem, "map it under [source.columns] or `periods`, or name it in `ignore`"))
    }
}
