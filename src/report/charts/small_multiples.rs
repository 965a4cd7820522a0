//! Many courses side by side, a small panel for each, all on the same scale.

use super::Drawing;
use super::axis::{Axis, Numerals};
use super::canvas::{About, Canvas, Size};
use super::course::{Plot, Point, numbers};
use super::text::{BOLD, fitted, width, wrapped};

const LABEL: f64 = 13.5;
const FIGURE: f64 = 13.0;
const LEADING: f64 = 14.5;
const TICK: f64 = 12.0;
/// Between two panels beside each other.
const BETWEEN: f64 = 18.0;

/// What the chart shows. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct SmallMultiples {
    /// What it says of itself.
    pub about: About,
    /// Unit of the values, over the panels.
    pub axis: String,
    /// How the axes write their numbers.
    pub numerals: Numerals,
    /// Names of the periods, first to last.
    pub periods: Vec<String>,
    /// In reading order.
    pub panels: Vec<Panel>,
}

/// One panel.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// Its name.
    pub label: String,
    /// Figures of its last value.
    pub figures: String,
    /// A point for each period.
    pub points: Vec<Point>,
    /// Periods (as indices) that are not comparable with the one before.
    pub breaks: Vec<usize>,
}

/// The chart for wide pages and paper, and for phones.
pub fn draw(chart: &SmallMultiples) -> Drawing {
    Drawing { wide: one(chart, Size::Wide), narrow: one(chart, Size::Narrow) }
}

/// Sizes that all panels share.
struct Grid {
    axis: Axis,
    periods: usize,
    columns: usize,
    left: f64,
    across: f64,
    /// Height of names and figures over the plots.
    head: f64,
    plot: f64,
    down: f64,
    /// Lines of the longest name.
    lines: usize,
    names: Vec<Vec<String>>,
}

fn grid(chart: &SmallMultiples, size: Size) -> Grid {
    let axis = Axis::over(numbers(chart.panels.iter().flat_map(|p| &p.points)), 3.0);
    let ticks = axis.ticks().into_iter().map(|tick| width(&chart.numerals.tick(tick, axis.step), TICK));
    let left = ticks.fold(0.0, f64::max).min(110.0) + 12.0;
    let columns = match (chart.panels.len(), size) {
        (0 | 1, _) => 1,
        (2 | 4, _) | (_, Size::Narrow) => 2,
        _ => 3,
    };
    let across = (size.width() - left - 4.0 - BETWEEN * (columns - 1) as f64) / columns as f64;
    let names: Vec<_> = chart.panels.iter().map(|p| wrapped(&p.label, across, LABEL * BOLD, 2)).collect();
    let lines = names.iter().map(Vec::len).max().unwrap_or(1);
    let marked = chart.panels.iter().any(|p| !p.breaks.is_empty());
    let head = LEADING * (lines + 1) as f64 + if marked { 20.0 } else { 8.0 };
    let plot = if columns == 1 { 160.0 } else { size.pick(84.0, 76.0) };
    let most = chart.panels.iter().map(|p| p.points.len()).max().unwrap_or_default();
    let periods = most.max(chart.periods.len());
    Grid { axis, periods, columns, left, across, head, plot, down: head + plot + 54.0, lines, names }
}

fn one(chart: &SmallMultiples, size: Size) -> String {
    let mut canvas = Canvas::new(size, chart.about.rtl);
    let grid = grid(chart, size);
    canvas.words("key", (4.0, 14.0), &fitted(&chart.axis, size.width() - 8.0, 12.5));
    for (i, panel) in chart.panels.iter().enumerate() {
        let (row, column) = (i / grid.columns, i % grid.columns);
        let left = grid.left + (grid.across + BETWEEN) * column as f64;
        let top = 28.0 + grid.down * row as f64;
        let name = grid.names.get(i).map_or(&[][..], Vec::as_slice);
        // Shorter names than the longest stand next to their plots.
        let first = top + 11.0 + LEADING * grid.lines.saturating_sub(name.len()) as f64;
        canvas.lines("label strong", (left, first), LEADING, name);
        let figures = fitted(&panel.figures, grid.across, FIGURE);
        canvas.text("figures", (left, first + LEADING * name.len() as f64), &figures);
        let plot = Plot {
            left,
            right: left + grid.across,
            top: top + grid.head,
            bottom: top + grid.head + grid.plot,
            axis: grid.axis,
            periods: grid.periods,
            aside: 0.0,
        };
        scale(&mut canvas, chart, &plot, column == 0);
        plot.breaks(&mut canvas, &panel.breaks);
        plot.band(&mut canvas, "s0", &panel.points, &panel.breaks);
        plot.line(&mut canvas, 0, &panel.points, &panel.breaks, false);
    }
    canvas.finish(&chart.about, 28.0 + grid.down * chart.panels.len().div_ceil(grid.columns) as f64)
}

/// Lines of the scale, its numbers in the first column alone; first and last period under every panel.
fn scale(canvas: &mut Canvas, chart: &SmallMultiples, plot: &Plot, numbered: bool) {
    for tick in plot.axis.ticks() {
        let y = plot.y(tick);
        let class = if tick == plot.axis.low || tick == 0.0 { "base" } else { "grid" };
        canvas.line(class, (plot.left, y), (plot.right, y));
        if numbered {
            canvas.text("scale end", (plot.left - 6.0, y + 4.0), &chart.numerals.tick(tick, plot.axis.step));
        }
    }
    let room = (plot.right - plot.left) / 2.0 - 6.0;
    let under = plot.bottom + 15.0;
    if let [first, .., last] = chart.periods.as_slice() {
        canvas.lines("scale", (plot.left, under), 13.0, &wrapped(first, room, TICK, 3));
        canvas.lines("scale end", (plot.right, under), 13.0, &wrapped(last, room, TICK, 3));
    } else if let [only] = chart.periods.as_slice() {
        canvas.lines("tick", (f64::midpoint(plot.left, plot.right), under), 13.0, &wrapped(only, room, TICK, 3));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_stands_at_the_same_height_in_every_panel() {
        let point = |value: f64| Point { value: Some(value), interval: None };
        let panel = |values: [f64; 2]| Panel { points: values.map(point).to_vec(), ..Panel::default() };
        let panels = vec![panel([1.0, 4.0]), panel([60.0, 4.0]), panel([0.0, 4.0])];
        let svg = draw(&SmallMultiples { panels, ..SmallMultiples::default() }).wide;
        let heights: Vec<&str> =
            svg.split("<circle").skip(1).map(|c| c.split("cy=\"").nth(1).unwrap().split('"').next().unwrap()).collect();
        assert!(heights.len() == 3 && heights.iter().all(|h| *h == heights[0]), "{heights:?}");
        // 0..60 over 84 px: 4 stands 5.6 px over the lower edge, which is at 28 + 29 + 8 + 84 = 149.
        assert_eq!(heights[0], "143.4");
    }
}
