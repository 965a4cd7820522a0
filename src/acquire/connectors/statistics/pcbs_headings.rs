//! Headings of a Palestinian table: where they end, what they say of each column of figures, and which row under the
//! figures heads another table.

use super::pcbs_labels::{Label, is_note, label_of};
use crate::acquire::AcquireError;
use crate::acquire::error::excerpt;
use crate::acquire::figures::{ascii_digits, is_figure};
use crate::acquire::periods::{is_year, period_of};
use crate::acquire::workbook::{Grid, address};
use std::collections::BTreeSet;

/// A column of figures and what its headings say.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) at: u32,
    pub(super) labels: Vec<Label>,
    /// Its headings that are marked with stars.
    pub(super) marks: Vec<String>,
    /// The plan leaves it out.
    pub(super) is_ignored: bool,
}

/// A heading over a column: its row, its text and what it names.
type Head<'g> = (u32, &'g str, Label);

/// Stars behind a text: `2019**` is provisional or revised, as a note says.
pub(super) fn stars(text: &str) -> usize {
    let text = text.trim();
    if text.starts_with('*') { 0 } else { text.chars().rev().take_while(|c| *c == '*').count() }
}

/// The first row from `from` on with a label and figures beside it. Years alone are headings, the first time.
pub(super) fn first_data(grid: &Grid, from: u32) -> Option<u32> {
    let is_head = |text: &str| matches!(label_of(text, None), Label::Period(_));
    let mut headed = false;
    grid.row_numbers().filter(|row| *row >= from).find(|row| {
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

/// Of the rows above the figures those right above them that say more than one thing, from the lowest up. Names of
/// blocks may stand between them and the figures.
pub(super) fn heading_rows(grid: &Grid, above: &[u32]) -> Vec<u32> {
    let spread = |row: &u32| is_spread(grid, *row);
    above.iter().rev().copied().skip_while(|row| !spread(row)).take_while(spread).take(3).collect()
}

fn is_spread(grid: &Grid, row: u32) -> bool {
    grid.cells(row).iter().map(|(_, text)| text).collect::<BTreeSet<_>>().len() > 1
}

/// How many columns hold labels: those before the first that is a figure in the first row of data.
pub(super) fn label_columns(grid: &Grid, data: u32) -> u32 {
    let cells = grid.cells(data);
    let figure = cells.iter().enumerate().find(|(at, (_, text))| *at > 0 && is_figure(text));
    figure.map_or(1, |(_, (column, _))| *column)
}

/// Columns of figures with their headings; a heading that spans reaches right until the next one.
///
/// # Errors
/// When a heading names a period that is not known: its figures would pass for those of the whole table.
pub(super) fn columns(
    place: &str,
    grid: &Grid,
    headings: &[u32],
    labels: u32,
    year: Option<&str>,
    ignored: &[String],
) -> Result<Vec<Column>, AcquireError> {
    let Some(lowest) = headings.first() else { return Ok(Vec::new()) };
    let width = headings.iter().filter_map(|row| grid.cells(*row).last()).map(|(c, _)| *c).max().unwrap_or_default();
    let mut columns = Vec::new();
    for at in labels..=width {
        let mut heads: Vec<Head<'_>> = Vec::new();
        for row in headings.iter().rev() {
            let own = grid.spread(*row, at);
            let reached =
                || grid.cells(*row).iter().rev().find(|(c, _)| *c >= labels && *c < at).map(|(_, t)| t.as_str());
            let text = if row == lowest { own } else { own.or_else(reached) };
            heads.extend(text.map(|text| (*row, text.trim(), label_of(text, year))));
        }
        if heads.is_empty() {
            continue;
        }
        let unknown = unknown_period(&heads);
        let is_ignored = unknown.is_some_and(|(_, text)| ignored.iter().any(|name| name.trim() == text));
        if let Some((row, text)) = unknown.filter(|_| !is_ignored) {
            let problem = format!(
                "cell {}: the heading '{}' names a period that is not known, such as '2025', 'Q1 2025' or 'Jan. 2025'",
                address(row, at),
                excerpt(text)
            );
            return Err(AcquireError::content(place, problem, "correct it, or name it or its sheet in `ignore`"));
        }
        let marks = heads.iter().filter(|(_, text, _)| stars(text) > 0).map(|(_, text, _)| (*text).to_owned());
        let marks = marks.collect();
        columns.push(Column { at, labels: heads.into_iter().map(|(.., label)| label).collect(), marks, is_ignored });
    }
    tell_changes_apart(grid, *lowest, &mut columns);
    Ok(columns)
}

/// A heading with a year in a form nobody knows, over a column that no other heading dates.
fn unknown_period<'g>(heads: &[Head<'g>]) -> Option<(u32, &'g str)> {
    if heads.iter().any(|(.., label)| matches!(label, Label::Period(_))) {
        return None;
    }
    let found = heads.iter().find(|(_, text, label)| matches!(label, Label::Other(_)) && holds_year(text));
    found.map(|(row, text, _)| (*row, *text))
}

/// `2025` anywhere before a bracket, which may hold the year of a base, or a short year: `Q1-25`.
fn holds_year(text: &str) -> bool {
    let plain = ascii_digits(text.split(['(', '[']).next().unwrap_or_default().trim());
    let is_short = plain.rsplit_once(['-', '–', '/', '\'']).is_some_and(|(before, end)| {
        let is_number = end.len() == 2 && end.bytes().all(|b| b.is_ascii_digit());
        is_number && before.contains(char::is_alphabetic) && period_of(&format!("{before} 20{end}"), None).is_some()
    });
    is_short || plain.split(|c: char| !c.is_ascii_digit()).any(is_year)
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

/// Whether a row under the headings of these columns heads another table: it has several names and no figure, or
/// periods where figures would be.
pub(super) fn heads_another(grid: &Grid, row: u32, columns: &[Column], labels: &[&str]) -> bool {
    let first = columns.first().map_or(0, |column| column.at);
    let beside = grid.cells(row).iter().filter(|(at, _)| *at >= first).map(|(_, text)| text.trim());
    let (figures, names): (Vec<&str>, Vec<&str>) = beside.partition(|text| is_figure(text));
    if !is_spread(grid, row) {
        return false;
    }
    let is_head = names.iter().any(|name| matches!(label_of(name, None), Label::Period(_) | Label::Change));
    if figures.is_empty() {
        return is_head || names.iter().collect::<BTreeSet<_>>().len() > 1;
    }
    let Some(mut periods) = figures.iter().map(|text| period(&label_of(text, None))).collect::<Option<Vec<_>>>() else {
        return false;
    };
    periods.dedup();
    let is_named = labels.iter().all(|label| matches!(label_of(label, None), Label::Other(_)));
    is_named && (is_head || run_on(&periods) || repeats(grid, row, columns, &periods))
}

fn period(label: &Label) -> Option<String> {
    match label {
        Label::Period(period) => Some(period.clone()),
        _ => None,
    }
}

/// Years at equal steps, next to each other where there are two: figures seldom are.
fn run_on(periods: &[String]) -> bool {
    let years: Vec<i32> = periods.iter().filter_map(|period| period.parse().ok()).collect();
    let steps: BTreeSet<i32> = years.iter().zip(years.iter().skip(1)).map(|(year, next)| next - year).collect();
    let is_even = years.len() == periods.len() && steps.len() == 1;
    is_even && (years.len() > 2 || steps.iter().all(|step| step.abs() == 1))
}

/// Whether the periods are those of the headings once more; one alone may be a figure where figures stand above it.
fn repeats(grid: &Grid, row: u32, columns: &[Column], periods: &[String]) -> bool {
    let mut own: Vec<String> = columns.iter().filter_map(|column| column.labels.iter().find_map(period)).collect();
    own.dedup();
    let is_figured = |above: u32| columns.iter().any(|column| grid.cell(above, column.at).is_some_and(is_figure));
    own == periods && (periods.len() > 1 || row.checked_sub(1).is_none_or(|above| !is_figured(above)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&[&str]]) -> Grid {
        Grid::of_rows("S", rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn a_heading_with_a_year_that_is_no_known_period_is_refused_by_its_cell_unless_the_plan_ignores_it() {
        for heading in ["النصف الأول 2025", "ر4 2025", "Q1-25", "First half 2025"] {
            let grid = grid(&[&["Indicator", "2024", heading], &["Rate", "1", "2"]]);
            let read = |ignored: &[String]| columns("t.xlsx", &grid, &[0], 1, Some("2025"), ignored);
            let error = read(&[]).unwrap_err().to_string();
            assert!(error.contains("cell C1") && error.contains(heading) && error.contains("`ignore`"), "{error}");
            let left: Vec<bool> = read(&[heading.to_owned()]).unwrap().iter().map(|c| c.is_ignored).collect();
            assert_eq!(left, [false, true]);
        }
        for heading in ["Males", "Q1", "Youth 15-24", "Due to Covid-19", "Index (2018=100)", "Change 2024-2025"] {
            let grid = grid(&[&["Indicator", "2024", heading], &["Rate", "1", "2"]]);
            assert!(columns("t.xlsx", &grid, &[0], 1, Some("2025"), &[]).is_ok(), "{heading}");
        }
    }

    #[test]
    fn periods_and_names_where_figures_would_be_head_another_table_and_figures_never_do() {
        let of = |row: &[&str]| {
            let grid = grid(&[&["Region", "2023", "2024"], &["West Bank", "1", "2"], row]);
            let columns = columns("t.xlsx", &grid, &[0], 1, None, &[]).unwrap();
            heads_another(&grid, 2, &columns, &row[..1])
        };
        for row in [
            ["Region / Sex", "2023", "2024"],
            ["Region", "2025", "2026"],
            ["Region", "Q1 2024", "2024"],
            ["Region", "Males", "Females"],
        ] {
            assert!(of(&row), "{row:?}");
        }
        for row in [
            ["Females", "2023", "2024"],
            ["Construction", "1950", "2010"],
            ["Construction", "2020", ".."],
            ["Construction", "20.2", "2024"],
            ["Gaza Strip", "", ""],
            ["Gaza Strip", "Gaza Strip", "Gaza Strip"],
            ["Services", "..", "-"],
        ] {
            assert!(!of(&row), "{row:?}");
        }
    }
}
