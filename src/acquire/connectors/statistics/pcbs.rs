//! Tables of the Palestinian Central Bureau of Statistics, as workbooks (a sheet per year with months across, or years
//! across under blocks of regions), saved pages and CSV. Titles, merged headings, notes and Arabic months are read for what
//! they say; a row and a column together name area, period, sex and age of a figure.

use super::pcbs_labels::{Label, area_in, is_indicator_heading, is_note, label_of};
use crate::acquire::figures::{ascii_digits, figure, is_figure};
use crate::acquire::html_tables::Page;
use crate::acquire::isco_titles::code_of;
use crate::acquire::mapping::ColumnRule;
use crate::acquire::open::Document;
use crate::acquire::periods::{is_year, period_in};
use crate::acquire::text::Markup;
use crate::acquire::workbook::{Grid, Workbook, address};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{NumberStyle, RawObservation, RejectReason};
use std::collections::BTreeSet;

/// Reads figures of every table of a workbook, a page or a CSV.
///
/// # Errors
/// When it holds no table with figures, or a table whose period neither its headings nor the plan say.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut read = 0;
    let mut one = |title: &str, grid: &Grid| -> Result<(), AcquireError> {
        let Some(table) = Table::of(grid, title, ask) else { return Ok(()) };
        table.figures(input, &mut read, sink)
    };
    if document.is_workbook() {
        let mut book = Workbook::open(&input.file, document.seekable()?, &input.limits)?;
        for sheet in book.sheets().into_iter().filter(|sheet| !ask.ignore.contains(sheet)) {
            one("", &book.grid(&sheet)?)?;
        }
    } else if document.head_text()?.trim_start().starts_with('<') {
        let (text, _) = document.whole_text(Markup::Expected)?;
        let page = Page::of(&input.file, &text)?;
        for table in &page.tables {
            let title = if table.title.is_empty() { &page.title } else { &table.title };
            one(title, &table.grid)?;
        }
    } else {
        let (text, _) = document.whole_text(Markup::Refused)?;
        let delimiter = if text.matches(';').count() > text.matches(',').count() { b';' } else { b',' };
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
        let rows = reader.records().flatten().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect());
        one("", &Grid::of_rows("", rows))?;
    }
    if read == 0 {
        let problem = "has no table with figures under headings";
        return Err(AcquireError::content(&input.file, problem, "map its columns with layout = \"table\""));
    }
    Ok(())
}

/// A table with its headings understood.
struct Table<'a> {
    grid: &'a Grid,
    ask: StatisticsAsk<'a>,
    title: String,
    year: Option<String>,
    /// Last row of the headings.
    header: u32,
    columns: Vec<Column>,
    /// Whether row labels are indicators, not items of one.
    labels_are_indicators: bool,
}

/// A column of figures and what its headings say.
#[derive(Debug, Clone)]
struct Column {
    at: u32,
    labels: Vec<Label>,
}

/// What is known of a figure from its headings, its labels and the block it stands in.
#[derive(Debug, Clone, Default)]
struct Known {
    area: Option<String>,
    period: Option<String>,
    sex: Option<String>,
    age: Option<String>,
    change: bool,
    items: Vec<String>,
}

impl Known {
    fn learn(&mut self, label: &Label) {
        match label.clone() {
            Label::Area(area) => self.area = Some(area),
            Label::Period(period) => self.period = Some(period),
            Label::Sex(sex) => self.sex = Some(sex),
            Label::Age(age) => self.age = Some(age),
            Label::Change => self.change = true,
            Label::Other(text) if text.is_empty() || self.items.contains(&text) => {}
            Label::Other(text) => self.items.push(text),
        }
    }
}

impl<'a> Table<'a> {
    /// Understands a grid; absent when it has no figures under headings.
    fn of(grid: &'a Grid, title: &str, ask: StatisticsAsk<'a>) -> Option<Self> {
        let sheet_year = Some(ascii_digits(grid.sheet.trim())).filter(|name| is_year(name));
        let data = first_data(grid)?;
        let above: Vec<u32> = grid.row_numbers().filter(|row| *row < data).collect();
        // Headings are the rows right above the figures that say more than one thing.
        let spread = |row: &u32| grid.cells(*row).iter().map(|(_, text)| text).collect::<BTreeSet<_>>().len() > 1;
        // Names of blocks may stand between them and the figures.
        let upwards = above.iter().rev().copied();
        let headings: Vec<u32> = upwards.skip_while(|row| !spread(row)).take_while(spread).take(3).collect();
        let header = *headings.first()?;
        let top = headings.last().copied().unwrap_or(header);
        let titles = above.iter().filter(|row| **row < top);
        let mut title = title.to_owned();
        for row in titles.clone() {
            if title.is_empty() {
                title = grid.cells(*row).first().map(|(_, text)| text.trim().to_owned()).unwrap_or_default();
            }
        }
        let year = sheet_year
            .or_else(|| period_in(&title))
            .or_else(|| titles.filter_map(|row| grid.cells(*row).first()).find_map(|(_, text)| period_in(text)));
        let labels = label_columns(grid, data);
        let columns = columns(grid, &headings, labels, year.as_deref().filter(|year| is_year(year)));
        let corner = headings.iter().find_map(|row| grid.cell(*row, labels.saturating_sub(1))).unwrap_or_default();
        let labels_are_indicators = ask.indicator.is_none() && (is_indicator_heading(corner) || title.is_empty());
        Some(Self { grid, ask, title, year, header, columns, labels_are_indicators })
    }

    fn figures(&self, input: &Input, read: &mut u64, sink: Sink<'_, RawObservation>) -> Result<(), AcquireError> {
        let first = self.columns.first().map_or(0, |c| c.at);
        let mut block = Known::default();
        for row in self.grid.row_numbers().filter(|row| *row > self.header) {
            let labels: Vec<&str> = (0..first).filter_map(|column| self.grid.spread(row, column)).collect();
            if labels.first().is_some_and(|label| is_note(label)) {
                continue;
            }
            if !self.columns.iter().any(|c| self.grid.cell(row, c.at).is_some_and(is_figure)) {
                self.open_block(row, &mut block);
                continue;
            }
            let year = self.year.as_deref().filter(|year| is_year(year));
            for column in &self.columns {
                // What stands nearest to the figures says most: "Jenin" in a row under "West Bank" in the heading.
                let mut known = block.clone();
                column.labels.iter().for_each(|label| known.learn(label));
                labels.iter().for_each(|label| known.learn(&label_of(label, year)));
                *read += 1;
                sink(self.figure(input, *read, row, column.at, &labels, known)?);
            }
        }
        Ok(())
    }

    /// A row without figures names the block under it: an area begins anew, anything else refines it.
    fn open_block(&self, row: u32, block: &mut Known) {
        let Some((_, text)) = self.grid.cells(row).first().filter(|(_, text)| !is_note(text)) else { return };
        match label_of(text, None) {
            label @ Label::Area(_) => {
                *block = Known::default();
                block.learn(&label);
            }
            label @ Label::Other(_) => {
                block.items.clear();
                block.learn(&label);
            }
            label => block.learn(&label),
        }
    }

    fn figure(
        &self,
        input: &Input,
        number: u64,
        row: u32,
        column: u32,
        labels: &[&str],
        known: Known,
    ) -> Result<Record<RawObservation>, AcquireError> {
        let constant = |field: &str| match self.ask.columns.get(field) {
            Some(ColumnRule::Constant { r#const }) => Some(r#const.clone()),
            _ => None,
        };
        let Some(period) = known.period.clone().or_else(|| constant("period")).or_else(|| self.year.clone()) else {
            let place = format!("{}, table '{}', cell {}", input.file, self.name(), address(row, column));
            let problem = "has no period in its headings or title";
            return Err(AcquireError::content(
                &place,
                problem,
                "say period = { const = \"2024\" } under [source.columns]",
            ));
        };
        let spelt = self.grid.cell(row, column).unwrap_or_default();
        let marked = spelt.len() > 1 && spelt.ends_with('*') && !spelt.starts_with('*');
        let plain = if marked { spelt.trim_end_matches('*') } else { spelt };
        if !plain.is_empty() && !is_figure(plain) {
            let detail = format!("cell {} of '{}': '{spelt}' is no figure", address(row, column), self.name());
            return Ok(input.reject(number, RejectReason::BadValue, detail));
        }
        let typed = self.grid.is_number(row, column);
        let signs = self.ask.numbers.unwrap_or(crate::acquire::DecimalSign::Point);
        let (value, numbers) = figure(plain, typed, Some(signs)).unwrap_or((plain.to_owned(), NumberStyle::Point));
        let (indicator, items) = self.names(labels, known.items);
        let unit = self.ask.unit.map_or_else(|| unit_of(&indicator, &self.title, plain), str::to_owned);
        let occupation = items.iter().find_map(|item| code_of(item).map(|code| format!("{code} {item}")));
        let items: Vec<String> = items.into_iter().filter(|item| code_of(item).is_none()).collect();
        Ok(Record::Kept(RawObservation {
            indicator: if known.change { format!("{indicator}, change") } else { indicator },
            area: known.area.or_else(|| constant("area")).unwrap_or_else(|| area_in(&self.title).to_owned()),
            period,
            occupation,
            sector: (!items.is_empty()).then(|| items.join("; ")),
            sex: known.sex,
            age: known.age,
            value,
            numbers,
            unit: if known.change { "%".to_owned() } else { unit },
            note: marked.then(|| format!("marked by its publisher: {spelt}")),
            ..RawObservation::at(input.origin(number))
        }))
    }

    /// The indicator and the items left: labels are one or the other.
    fn names(&self, labels: &[&str], mut items: Vec<String>) -> (String, Vec<String>) {
        if let Some(indicator) = self.ask.indicator {
            return (indicator.to_owned(), items);
        }
        let own = labels
            .iter()
            .rev()
            .find_map(|label| items.iter().position(|item| item == label.trim_end_matches('*').trim()));
        match own.filter(|_| self.labels_are_indicators) {
            Some(at) => (items.remove(at), items),
            None => (self.name().to_owned(), items),
        }
    }

    fn name(&self) -> &str {
        if self.title.is_empty() { &self.grid.sheet } else { &self.title }
    }
}

/// The first row with a label and figures beside it. Years alone are headings, the first time.
fn first_data(grid: &Grid) -> Option<u32> {
    let is_head = |text: &str| matches!(label_of(text, None), Label::Period(_));
    let mut headed = false;
    grid.row_numbers().find(|row| {
        let Some(((_, label), rest)) = grid.cells(*row).split_first() else { return false };
        let figures: Vec<&str> = rest.iter().map(|(_, text)| text.as_str()).filter(|text| is_figure(text)).collect();
        if figures.is_empty() || is_note(label) {
            return false;
        }
        let years_alone = !headed && figures.iter().all(|text| is_head(text));
        headed |= years_alone;
        !years_alone && (!is_figure(label) || is_head(label))
    })
}

/// How many columns hold labels: those before the first that is a figure in the first row of data.
fn label_columns(grid: &Grid, data: u32) -> u32 {
    let cells = grid.cells(data);
    let figure = cells.iter().enumerate().find(|(at, (_, text))| *at > 0 && is_figure(text));
    figure.map_or(1, |(_, (column, _))| *column)
}

/// Columns of figures with their headings; a heading that spans reaches right until the next one.
fn columns(grid: &Grid, headings: &[u32], labels: u32, year: Option<&str>) -> Vec<Column> {
    let Some(lowest) = headings.first() else { return Vec::new() };
    let width = headings.iter().filter_map(|row| grid.cells(*row).last()).map(|(c, _)| *c).max().unwrap_or_default();
    let mut columns = Vec::new();
    for at in labels..=width {
        let mut heads = Vec::new();
        for row in headings.iter().rev() {
            let own = grid.spread(*row, at);
            let reached =
                || grid.cells(*row).iter().rev().find(|(c, _)| *c >= labels && *c < at).map(|(_, t)| t.as_str());
            let text = if row == lowest { own } else { own.or_else(reached) };
            heads.extend(text.map(|text| label_of(text, year)));
        }
        if !heads.is_empty() {
            columns.push(Column { at, labels: heads });
        }
    }
    columns
}

/// A unit in a bracket behind the name, or a name that only a share has. معدل alone is no share: it is an average, too.
fn unit_of(indicator: &str, title: &str, value: &str) -> String {
    const UNITS: [&str; 16] = [
        "%",
        "percent",
        "per cent",
        "thousand",
        "number",
        "nis",
        "ils",
        "usd",
        "hour",
        "day",
        "نسبة",
        "ألف",
        "بالألف",
        "شيكل",
        "دولار",
        "ساعة",
    ];
    const SHARES: [&str; 6] =
        ["percent", "نسبة", "unemployment rate", "participation rate", "معدل البطالة", "معدل المشاركة"];
    if value.ends_with('%') {
        return "%".to_owned();
    }
    for name in [indicator, title] {
        let lower = name.trim().to_lowercase();
        let bracket = lower.strip_suffix(')').and_then(|name| name.rsplit_once('(')).map(|(_, unit)| unit.trim());
        if let Some(unit) = bracket.filter(|unit| UNITS.iter().any(|known| unit.contains(known))) {
            return unit.to_owned();
        }
        if SHARES.iter().any(|word| lower.contains(word)) {
            return "%".to_owned();
        }
    }
    String::new()
}
