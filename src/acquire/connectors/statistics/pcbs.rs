//! Tables of the Palestinian Central Bureau of Statistics, as workbooks (a sheet per year with months across, or years
//! across under blocks of regions), saved pages and CSV. Titles, merged headings, notes and Arabic months are read for what
//! they say; a row and a column together name area, period, sex and age of a figure.

use super::pcbs_labels::{
    Label, area_in, is_indicator_heading, is_note, is_occupation_heading, is_remark, label_of, occupation_code,
    unit_said,
};
use crate::acquire::csv_guard::{Guard, holds_sentinel, is_sentinel};
use crate::acquire::cube::note;
use crate::acquire::figures::{ascii_digits, figure, is_figure};
use crate::acquire::html_tables::Page;
use crate::acquire::mapping::ColumnRule;
use crate::acquire::open::Document;
use crate::acquire::periods::{is_year, period_in};
use crate::acquire::text::Markup;
use crate::acquire::workbook::{Grid, Workbook, address};
use crate::acquire::{AcquireError, Input, Record, Sink, StatisticsAsk};
use crate::types::{NumberStyle, RawObservation, RejectReason};
use std::collections::{BTreeMap, BTreeSet};

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
        if !text.to_lowercase().contains("</html>") {
            let problem = "ends before </html>: it was cut short";
            return Err(AcquireError::content(&input.file, problem, "obtain the whole page"));
        }
        let page = Page::of(&input.file, &text)?;
        for table in &page.tables {
            let title = if table.title.is_empty() { &page.title } else { &table.title };
            one(title, &table.grid)?;
        }
    } else {
        let (text, _) = document.whole_text(Markup::Refused)?;
        one("", &Grid::of_rows("", csv_rows(input, &text)?))?;
    }
    if read == 0 {
        let problem = "has no table with figures under headings";
        return Err(AcquireError::content(&input.file, problem, "map its columns with layout = \"table\""));
    }
    Ok(())
}

/// Rows of a CSV, lines of metadata among them. A quote that is left open would swallow the rest: it is refused.
fn csv_rows(input: &Input, text: &str) -> Result<Vec<Vec<String>>, AcquireError> {
    let delimiter = if text.matches(';').count() > text.matches(',').count() { b';' } else { b',' };
    let mut body = text.as_bytes();
    let guard = Guard::new(Vec::new(), &mut body, delimiter, input.limits.record_bytes);
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(guard);
    let (mut record, mut rows) = (csv::ByteRecord::new(), Vec::new());
    loop {
        let start = reader.position().clone();
        reader.get_mut().begin(start.byte());
        let advice = "correct the quotes of this line, or obtain the file again";
        let refuse =
            |line: u64, problem: &str| AcquireError::content(&input.file, format!("line {line}: {problem}"), advice);
        let more = reader.read_byte_record(&mut record).map_err(|e| refuse(start.line(), &e.to_string()))?;
        if !more || (record.len() == 1 && record.iter().all(is_sentinel)) {
            return Ok(rows);
        }
        let line = record.position().map_or(start.line(), csv::Position::line);
        if record.iter().next_back().is_some_and(holds_sentinel) {
            return Err(AcquireError::UnclosedQuote { file: input.file.clone(), line });
        }
        if reader.get_ref().quote_misplaced_before(reader.position().byte()) {
            return Err(refuse(line, "a quote closes inside a field; perhaps one before it was left open"));
        }
        rows.push(record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect());
    }
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
    /// Whether row labels are groups of occupations.
    labels_are_occupations: bool,
    /// Unit of all figures, where a line above says it.
    unit: Option<String>,
    notes: Notes,
}

/// Notes in and under a table: of all its figures, and by the number of stars of those that they explain.
#[derive(Debug, Default)]
struct Notes {
    all: Vec<String>,
    starred: BTreeMap<usize, String>,
}

impl Notes {
    fn of(grid: &Grid) -> Self {
        let mut notes = Self::default();
        for row in grid.row_numbers() {
            let Some((_, first)) = grid.cells(row).first().filter(|(_, text)| is_remark(text)) else {
                continue;
            };
            let text = grid.cells(row).iter().map(|(_, text)| text.trim()).collect::<BTreeSet<_>>();
            let text = if text.len() == 1 { first.trim().to_owned() } else { grid.names(row).join(" ") };
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match text.chars().take_while(|c| *c == '*').count() {
                0 => notes.all.push(text),
                stars => {
                    notes.starred.entry(stars).or_insert(text);
                }
            }
        }
        notes
    }

    /// What is said of a figure whose cell or headings bear these marks.
    fn on(&self, marks: &[&str]) -> Option<String> {
        let marked = marks.iter().map(|mark| format!("marked by its publisher: {mark}"));
        let stars = marks.iter().map(|mark| stars(mark)).collect::<BTreeSet<_>>();
        let explained = stars.iter().filter_map(|stars| self.starred.get(stars)).cloned();
        note(marked.chain(explained).chain(self.all.iter().cloned()))
    }
}

/// Stars behind a text: `2019**` is provisional or revised, as a note says.
fn stars(text: &str) -> usize {
    let text = text.trim();
    if text.starts_with('*') { 0 } else { text.chars().rev().take_while(|c| *c == '*').count() }
}

/// A column of figures and what its headings say.
#[derive(Debug, Clone)]
struct Column {
    at: u32,
    labels: Vec<Label>,
    /// Its headings that are marked with stars.
    marks: Vec<String>,
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
        let unit = titles.clone().find_map(|row| grid.cells(*row).first().and_then(|(_, text)| unit_said(text)));
        for row in titles.clone() {
            let is_unit = grid.cells(*row).first().is_some_and(|(_, text)| unit_said(text).is_some());
            if title.is_empty() && !is_unit {
                title = grid.cells(*row).first().map(|(_, text)| text.trim().to_owned()).unwrap_or_default();
            }
        }
        let year = sheet_year
            .or_else(|| period_in(&title))
            .or_else(|| titles.filter_map(|row| grid.cells(*row).first()).find_map(|(_, text)| period_in(text)));
        let labels = label_columns(grid, data);
        let columns = columns(grid, &headings, labels, year.as_deref().filter(|year| is_year(year)));
        let corner = headings.iter().find_map(|row| grid.cell(*row, labels.saturating_sub(1))).unwrap_or_default();
        let labels_are_occupations = is_occupation_heading(corner);
        let is_named = !title.is_empty() || (labels_are_occupations && !grid.sheet.is_empty());
        let labels_are_indicators = ask.indicator.is_none() && (is_indicator_heading(corner) || !is_named);
        Some(Self {
            grid,
            ask,
            title,
            year,
            header,
            columns,
            labels_are_indicators,
            labels_are_occupations,
            unit,
            notes: Notes::of(grid),
        })
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
                sink(self.figure(input, *read, (row, column), &labels, known)?);
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
        (row, heading): (u32, &Column),
        labels: &[&str],
        known: Known,
    ) -> Result<Record<RawObservation>, AcquireError> {
        let column = heading.at;
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
        let unit = self.ask.unit.map_or_else(|| self.unit_of(&indicator, plain), str::to_owned);
        let (occupation, items) = occupation_among(items, labels, self.labels_are_occupations);
        let marks = heading.marks.iter().map(String::as_str).chain(labels.iter().copied().filter(|l| stars(l) > 0));
        let marks: Vec<&str> = marks.chain(marked.then_some(spelt)).collect();
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
            note: self.notes.on(&marks),
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

    /// What the names say, else what a line above the table says.
    fn unit_of(&self, indicator: &str, value: &str) -> String {
        let named = unit_of(indicator, &self.title, value);
        if named.is_empty() { self.unit.clone().unwrap_or_default() } else { named }
    }

    fn name(&self) -> &str {
        if self.title.is_empty() { &self.grid.sheet } else { &self.title }
    }
}

/// The occupation among items, with its code where the group is one of ISCO-08, and the items left. Under a heading that
/// says so, the label of the row is one whatever its name.
fn occupation_among(mut items: Vec<String>, labels: &[&str], headed: bool) -> (Option<String>, Vec<String>) {
    let count = items.len();
    items.retain(|item| !is_occupation_heading(item));
    let headed = headed || items.len() < count;
    let is_label = |item: &String| labels.iter().any(|label| label.trim_end_matches('*').trim() == item);
    let own = || items.iter().rposition(is_label).filter(|_| headed);
    let Some(at) = items.iter().position(|item| occupation_code(item).is_some()).or_else(own) else {
        return (None, items);
    };
    let item = items.remove(at);
    let coded = occupation_code(&item).map(|code| format!("{code} {item}"));
    (Some(coded.unwrap_or(item)), items)
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
        let (mut heads, mut marks) = (Vec::new(), Vec::new());
        for row in headings.iter().rev() {
            let own = grid.spread(*row, at);
            let reached =
                || grid.cells(*row).iter().rev().find(|(c, _)| *c >= labels && *c < at).map(|(_, t)| t.as_str());
            let text = if row == lowest { own } else { own.or_else(reached) };
            heads.extend(text.map(|text| label_of(text, year)));
            marks.extend(text.filter(|text| stars(text) > 0).map(|text| text.trim().to_owned()));
        }
        if !heads.is_empty() {
            columns.push(Column { at, labels: heads, marks });
        }
    }
    tell_changes_apart(grid, *lowest, &mut columns);
    columns
}

/// Of several changes (against the quarter before, against the year before) each keeps its heading.
fn tell_changes_apart(grid: &Grid, lowest: u32, columns: &mut [Column]) {
    let is_change = |column: &Column| column.labels.contains(&Label::Change);
    if columns.iter().filter(|column| is_change(column)).count() < 2 {
        return;
    }
    for column in columns.iter_mut().filter(|column| is_change(column)) {
        let text = grid.spread(lowest, column.at).unwrap_or_default().trim();
        column.labels.push(Label::Other(text.to_owned()));
    }
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
