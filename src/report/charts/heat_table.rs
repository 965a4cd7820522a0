//! A table whose cells are shaded by their number, which stands in each of them. Columns that do not fit beside each other
//! continue in a further block under the first.

use super::Drawing;
use super::axis::drawable;
use super::canvas::{About, Canvas, Size};
use super::text::{fitted, width, wrapped};

/// Shades from white to dark; the style sheet has a class for each.
const SHADES: f64 = 6.0;
const FIGURE: f64 = 12.5;
const HEAD: f64 = 12.0;
const LABEL: f64 = 13.5;
/// Between lines of a text.
const LEADING: f64 = 14.0;
/// Longest heading that runs upwards.
const UPWARD: f64 = 130.0;
/// Between two blocks of columns.
const BETWEEN: f64 = 22.0;

/// What the table shows. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct HeatTable {
    /// What it says of itself.
    pub about: About,
    /// Unit of the numbers, over the table.
    pub unit: String,
    /// Headings of the columns.
    pub columns: Vec<String>,
    /// From top to bottom.
    pub rows: Vec<HeatRow>,
}

/// One row.
#[derive(Debug, Clone, Default)]
pub struct HeatRow {
    /// Its name.
    pub label: String,
    /// In the order of the columns.
    pub cells: Vec<Cell>,
}

/// One number.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What shades the cell; none when there is no figure.
    pub value: Option<f64>,
    /// What is written in it: the figure, or the mark of a withheld one.
    pub figure: String,
}

/// The table for wide pages and paper, and for phones.
pub fn draw(chart: &HeatTable) -> Drawing {
    Drawing { wide: one(chart, Size::Wide), narrow: one(chart, Size::Narrow) }
}

/// Where the cells are.
struct Layout {
    /// Start of the first column.
    left: f64,
    /// Width of a cell.
    across: f64,
    /// Columns in a block.
    per_block: usize,
    /// Names stand over their rows.
    over: bool,
    names: Vec<Vec<String>>,
}

fn layout(chart: &HeatTable, size: Size, columns: usize) -> Layout {
    let figures = chart.rows.iter().flat_map(|r| &r.cells).map(|c| width(&c.figure, FIGURE));
    let least = (figures.fold(0.0, f64::max) + 10.0).clamp(30.0, 150.0);
    let left = size.pick(190.0, 8.0);
    let room = size.width() - left - 8.0;
    let blocks = (columns as f64 / (room / least).floor().max(1.0)).ceil().max(1.0) as usize;
    let per_block = columns.div_ceil(blocks).max(1);
    let name_room = size.pick(left - 20.0, size.width() - 16.0);
    let names = chart.rows.iter().map(|r| wrapped(&r.label, name_room, LABEL, 3)).collect();
    Layout { left, across: (room / per_block as f64).min(110.0), per_block, over: size == Size::Narrow, names }
}

fn one(chart: &HeatTable, size: Size) -> String {
    let mut canvas = Canvas::new(size, chart.about.rtl);
    let columns = chart.rows.iter().map(|r| r.cells.len()).chain([chart.columns.len()]).max().unwrap_or_default();
    let layout = layout(chart, size, columns);
    canvas.words("key", (size.pick(layout.left, 8.0), 14.0), &fitted(&chart.unit, size.pick(400.0, 324.0), 12.5));
    let mut top = 26.0;
    let every: Vec<usize> = (0..columns).collect();
    for block in every.chunks(layout.per_block) {
        let head = headings(&mut canvas, chart, &layout, block, top);
        top = cells(&mut canvas, chart, &layout, block, top + head) + BETWEEN;
    }
    canvas.finish(&chart.about, top - BETWEEN + 10.0)
}

/// Headings of a block, level where each fits on three lines, else upwards. Returns their height.
fn headings(canvas: &mut Canvas, chart: &HeatTable, layout: &Layout, block: &[usize], top: f64) -> f64 {
    let texts: Vec<&str> = block.iter().map(|c| chart.columns.get(*c).map_or("", String::as_str)).collect();
    let room = layout.across - 6.0;
    let fits = |text: &&str| {
        let words = text.split_whitespace().all(|word| width(word, HEAD) <= room);
        words && wrapped(text, room, HEAD, 3).iter().all(|line| !line.ends_with('…'))
    };
    let middle = |i: usize| layout.left + layout.across * (i as f64 + 0.5);
    if texts.iter().all(fits) {
        let lines: Vec<_> = texts.iter().map(|text| wrapped(text, room, HEAD, 3)).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1);
        for (i, lines) in lines.iter().enumerate() {
            let first = top + LEADING * (most - lines.len()) as f64 + 11.0;
            canvas.lines("heading middle", (middle(i), first), LEADING, lines);
        }
        return LEADING * most as f64 + 5.0;
    }
    let most = if room >= 30.0 { 2 } else { 1 };
    let lines: Vec<_> = texts.iter().map(|text| wrapped(text, UPWARD, HEAD, most)).collect();
    let longest = lines.iter().flatten().map(|line| width(line, HEAD)).fold(0.0, f64::max);
    for (i, lines) in lines.iter().enumerate() {
        for (l, line) in lines.iter().enumerate() {
            let beside = 13.0 * (l as f64 - lines.len().saturating_sub(1) as f64 / 2.0);
            canvas.upward("heading", (middle(i) + beside + 4.0, top + longest), line);
        }
    }
    longest + 8.0
}

/// Rows of a block. Returns where they end.
fn cells(canvas: &mut Canvas, chart: &HeatTable, layout: &Layout, block: &[usize], top: f64) -> f64 {
    let values = || chart.rows.iter().flat_map(|r| &r.cells).filter_map(|c| c.value).filter_map(drawable);
    let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let mut y = top;
    for (row, name) in chart.rows.iter().zip(&layout.names) {
        let beyond = LEADING * name.len().saturating_sub(1) as f64;
        let mut down = 27.0;
        if layout.over {
            canvas.lines("label", (layout.left, y + 16.0), LEADING, name);
            y += 22.0 + beyond;
        } else {
            down = (beyond + 20.0).max(down);
            canvas.lines("label end", (layout.left - 12.0, y + (down - beyond) / 2.0 + 4.5), LEADING, name);
        }
        for (i, column) in block.iter().enumerate() {
            let Some(cell) = row.cells.get(*column) else { continue };
            let x = layout.left + layout.across * i as f64;
            let shade = cell.value.and_then(drawable).map(|v| shade(v, low, high));
            let class = shade.map_or_else(|| "cell empty".to_owned(), |s| format!("cell h{s}"));
            canvas.rect(&class, (x + 1.0, y + 1.0), layout.across - 2.0, down - 2.0);
            let ink = if shade >= Some(4) { "figure middle light" } else { "figure middle" };
            let figure = fitted(&cell.figure, layout.across - 4.0, FIGURE);
            canvas.text(ink, (x + layout.across / 2.0, y + down / 2.0 + 4.5), &figure);
        }
        y += down;
    }
    y
}

/// Which of the shades 0..=5; white is for zero (the lowest, when there are values below zero) alone.
fn shade(value: f64, low: f64, high: f64) -> usize {
    let share = if high > low { (value - low) / (high - low) } else { 0.0 };
    ((share * (SHADES - 1.0)).ceil().clamp(0.0, SHADES - 1.0)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: usize, figure: &str) -> HeatTable {
        let cell = |value: f64| Cell { value: Some(value), figure: figure.into() };
        HeatTable {
            columns: (0..columns).map(|c| format!("column {c}")).collect(),
            rows: vec![HeatRow { label: "row".into(), cells: (0..columns).map(|c| cell(c as f64)).collect() }],
            ..HeatTable::default()
        }
    }

    #[test]
    fn shades_go_up_with_the_number_and_nothing_is_white_but_zero() {
        assert_eq!([0.0, 0.1, 20.0, 20.1, 99.0, 100.0].map(|v| shade(v, 0.0, 100.0)), [0, 1, 1, 2, 5, 5]);
        assert_eq!([-50.0, 0.0, 50.0].map(|v| shade(v, -50.0, 50.0)), [0, 3, 5]);
        assert_eq!(shade(0.0, 0.0, 0.0), 0);
    }

    #[test]
    fn a_phone_gets_every_cell_of_a_wide_table_in_blocks() {
        // A figure of 58 px needs 68 px: four to a block of 324 px and five to one of 402, so 13 columns make 4 and 3 blocks.
        let chart = table(13, &"0".repeat(8));
        let drawing = draw(&chart);
        for svg in [&drawing.wide, &drawing.narrow] {
            assert_eq!(svg.matches("<rect class=\"cell").count(), 13, "{svg}");
            assert!((0..13).all(|c| svg.contains(&format!("column {c}<")) || svg.contains(&format!(">{c}<"))), "{svg}");
        }
        assert_eq!(drawing.narrow.matches(">row<").count(), 4);
        assert_eq!(drawing.wide.matches(">row<").count(), 3);
    }

    #[test]
    fn a_withheld_figure_is_told_from_zero_by_its_mark_and_its_frame() {
        let mut chart = table(2, "0");
        chart.rows[0].cells[1] = Cell { value: None, figure: "[c]".into() };
        let svg = draw(&chart).wide;
        assert!(svg.contains("class=\"cell h0\"") && svg.contains("class=\"cell empty\"") && svg.contains(">[c]<"));
    }
}
