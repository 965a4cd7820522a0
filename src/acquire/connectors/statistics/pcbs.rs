//! Tables of the Palestinian Central Bureau of Statistics, as workbooks (a sheet per year with months across, or years
//! across under blocks of regions), saved pages and CSV. Titles, merged headings, notes and Arabic months are read for what
//! they say; a row and a column together name area, period, sex and age of a figure.

use super::pcbs_headings::{Column, columns, first_data, heading_rows, heads_another, label_columns, stars};
use super::pcbs_labels::{
    Label, area_in, is_governorate, is_indicator_heading, is_note, is_occupation_heading, is_remark, label_of,
    occupation_code, stands_beside_areas, unit_said,
};
use crate::acquire::csv_guard::{Guard, holds_sentinel, is_sentinel};
use crate::acquire::cube::note;
use crate::acquire::error::excerpt;
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
/// When it holds no table with figures, a table whose period neither its headings nor the plan say, or a heading with a
/// year that is no known period.
pub(in crate::acquire) fn read(
    input: &Input,
    document: Document<'_>,
    ask: StatisticsAsk<'_>,
    sink: Sink<'_, RawObservation>,
) -> Result<(), AcquireError> {
    let mut read = 0;
    let mut one = |title: &str, grid: &Grid| -> Result<(), AcquireError> {
        let mut start = Some(Start { title: title.to_owned(), ..Start::default() });
        while let Some(from) = start.take() {
            if let Some(table) = Table::of(input, grid, &from, ask)? {
                start = table.figures(input, &mut read, sink)?;
            }
        }
        Ok(())
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

/// Where a table of a sheet starts, and what the table before it leaves to it.
#[derive(Debug, Default)]
struct Start {
    /// First row that may say something of it.
    row: u32,
    /// Its first row of headings; 0 = to be found.
    heading: u32,
    /// Of the page or of the table before.
    title: String,
    unit: Option<String>,
    opening: Known,
    block: Known,
}

impl Start {
    /// The title of a table and what holds for all of it, by the lines above its headings. A further table that is
    /// headed by an area, a period or a change alone is of what the one before it was.
    fn opening(&self, lines: &[&str]) -> (String, Known) {
        let mut own = lines.iter().copied().filter(|line| unit_said(line).is_none());
        if self.heading == 0 {
            let title = if self.title.is_empty() { own.next().unwrap_or_default() } else { self.title.as_str() };
            return (title.to_owned(), Known::default());
        }
        if lines.is_empty() {
            return (self.title.clone(), self.opening.clone());
        }
        let (mut title, mut opening) = (None, Known::default());
        for line in own {
            match label_of(line, None) {
                label @ (Label::Area(_) | Label::Period(_) | Label::Change) => opening.learn(&label),
                _ => title = title.or(Some(line)),
            }
        }
        (title.unwrap_or(&self.title).to_owned(), opening)
    }
}

/// A table with its headings understood.
struct Table<'a> {
    grid: &'a Grid,
    ask: StatisticsAsk<'a>,
    title: String,
    year: Option<String>,
    /// What holds for all of it.
    opening: Known,
    /// What holds for its first rows.
    block: Known,
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
    /// Understands the table that starts there; absent when it has no figures under headings.
    fn of(input: &Input, grid: &'a Grid, start: &Start, ask: StatisticsAsk<'a>) -> Result<Option<Self>, AcquireError> {
        let Some(data) = first_data(grid, start.heading) else { return Ok(None) };
        let above: Vec<u32> = grid.row_numbers().filter(|row| (start.row..data).contains(row)).collect();
        let headings = heading_rows(grid, &above);
        let (Some(header), Some(top)) = (headings.first().copied(), headings.last().copied()) else { return Ok(None) };
        let lines = above.iter().filter(|row| **row < top).filter_map(|row| grid.cells(*row).first());
        let lines: Vec<&str> = lines.map(|(_, text)| text.trim()).collect();
        let (title, opening) = start.opening(&lines);
        let sheet_year = Some(ascii_digits(grid.sheet.trim())).filter(|name| is_year(name));
        let year = opening.period.clone().or(sheet_year);
        let year = year.or_else(|| period_in(&title)).or_else(|| lines.iter().find_map(|line| period_in(line)));
        let labels = label_columns(grid, data);
        let own_year = year.as_deref().filter(|year| is_year(year));
        let place = format!("{}, table '{}'", input.file, if title.is_empty() { &grid.sheet } else { &title });
        let columns = columns(&place, grid, &headings, labels, own_year, ask.ignore)?;
        let corner = headings.iter().find_map(|row| grid.cell(*row, labels.saturating_sub(1))).unwrap_or_default();
        let labels_are_occupations = is_occupation_heading(corner);
        let is_named = !title.is_empty() || (labels_are_occupations && !grid.sheet.is_empty());
        let labels_are_indicators = ask.indicator.is_none() && (is_indicator_heading(corner) || !is_named);
        let block = if lines.is_empty() { start.block.clone() } else { opening.clone() };
        let left = || start.unit.clone().filter(|_| title == start.title);
        let unit = lines.iter().find_map(|line| unit_said(line)).or_else(left);
        Ok(Some(Self {
            grid,
            ask,
            title,
            year,
            opening,
            block,
            header,
            columns,
            labels_are_indicators,
            labels_are_occupations,
            unit,
            notes: Notes::of(grid),
        }))
    }

    /// Gives the figures; says where a further table starts, if one does.
    fn figures(
        &self,
        input: &Input,
        read: &mut u64,
        sink: Sink<'_, RawObservation>,
    ) -> Result<Option<Start>, AcquireError> {
        let among_areas = self.columns_of_governorates();
        let year = self.year.as_deref().filter(|year| is_year(year));
        let mut block = self.block.clone();
        // Rows of the last figures, of the last figures or notes, and of what opened the block.
        let (mut figured, mut ended, mut opened) = (self.header, self.header, self.header);
        for row in self.grid.row_numbers().filter(|row| *row > self.header) {
            let placed = self.labels(row);
            let labels: Vec<&str> = placed.iter().map(|(_, label)| *label).collect();
            let has_figures = self.has_figures(row);
            if !has_figures {
                opened = row;
            }
            if labels.first().is_some_and(|label| is_note(label)) {
                ended = row;
                continue;
            }
            if heads_another(self.grid, row, &self.columns, &labels) {
                // Headings that are repeated right under figures open no other block.
                let block = if figured + 1 == row { block } else { self.opening.clone() };
                let (title, unit, opening) = (self.title.clone(), self.unit.clone(), self.opening.clone());
                return Ok(Some(Start { row: ended + 1, heading: row, title, unit, opening, block }));
            }
            if !has_figures {
                self.open_block(row, &mut block);
                continue;
            }
            (figured, ended) = (row, row);
            let is_stranger =
                |(at, label): &&(u32, &str)| among_areas.contains(&(opened, *at)) && is_other(label, year);
            let stranger = placed.iter().find(is_stranger).map(|(_, label)| *label);
            for column in self.columns.iter().filter(|column| !column.is_ignored) {
                *read += 1;
                if let Some(label) = stranger {
                    sink(self.no_area(input, *read, &address(row, column.at), label));
                    continue;
                }
                // What stands nearest to the figures says most: "Jenin" in a row under "West Bank" in the heading.
                let mut known = block.clone();
                column.labels.iter().for_each(|label| known.learn(label));
                labels.iter().for_each(|label| known.learn(&label_of(label, year)));
                sink(self.figure(input, *read, (row, column), &labels, known)?);
            }
        }
        Ok(None)
    }

    /// The labels of a row, with their columns.
    fn labels(&self, row: u32) -> Vec<(u32, &'a str)> {
        let first = self.columns.first().map_or(0, |c| c.at);
        (0..first).filter_map(|column| Some((column, self.grid.spread(row, column)?))).collect()
    }

    fn has_figures(&self, row: u32) -> bool {
        self.columns.iter().any(|c| self.grid.cell(row, c.at).is_some_and(is_figure))
    }

    /// Columns of labels that name governorates, each with the row that opened its block.
    fn columns_of_governorates(&self) -> BTreeSet<(u32, u32)> {
        let (mut opened, mut found) = (self.header, BTreeSet::new());
        for row in self.grid.row_numbers().filter(|row| *row > self.header) {
            if self.has_figures(row) {
                let named = self.labels(row).into_iter().filter(|(_, label)| is_governorate(label));
                found.extend(named.map(|(column, _)| (opened, column)));
            } else {
                opened = row;
            }
        }
        found
    }

    /// A figure of a place that is not known: under the area of its block it would pass for a part of that.
    fn no_area(&self, input: &Input, number: u64, cell: &str, label: &str) -> Record<RawObservation> {
        let (label, table) = (excerpt(label), self.name());
        let detail = format!("cell {cell} of '{table}': '{label}' names no area that is known, as labels beside it do");
        input.reject(number, RejectReason::BadValue, detail)
    }

    /// A row without figures names the block under it: an area begins anew, anything else refines it.
    fn open_block(&self, row: u32, block: &mut Known) {
        let Some((_, text)) = self.grid.cells(row).first().filter(|(_, text)| !is_note(text)) else { return };
        match label_of(text, None) {
            label @ Label::Area(_) => {
                *block = self.opening.clone();
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

/// Whether a label among those of areas names none and no group that tables list with them.
fn is_other(label: &str, year: Option<&str>) -> bool {
    matches!(label_of(label, year), Label::Other(text) if !stands_beside_areas(&text))
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
