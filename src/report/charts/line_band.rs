//! Change over time: lines with the band of their intervals, named at their ends. Up to four lines, told apart by dashes and
//! marks; more of them become small multiples.

use super::Drawing;
use super::axis::{Axis, Numerals};
use super::canvas::{About, Canvas, Size};
use super::course::{Plot, Point, last, numbers};
use super::labels::spread;
use super::small_multiples::{self, Panel, SmallMultiples};
use super::text::{BOLD, bold, figure_lines, fitted, width, wrapped};

/// Lines in one chart.
const MOST_SERIES: usize = 4;
/// Bands on top of each other that can still be told apart; more lines have whiskers.
const MOST_BANDS: usize = 2;
const LABEL: f64 = 13.5;
const FIGURE: f64 = 13.0;
const LEADING: f64 = 14.5;
/// Between the whiskers of two lines in a period.
const ASIDE: f64 = 3.5;
/// From the last period to the names.
const GAP: f64 = 14.0;
/// Names at the ends have nothing behind them to run into: they get more room than they are estimated to need.
const SLACK: f64 = 1.12;

/// What the chart shows. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct LineBand {
    /// What it says of itself.
    pub about: About,
    /// Unit of the values, over the axis.
    pub axis: String,
    /// How the axis writes its numbers.
    pub numerals: Numerals,
    /// Names of the periods, first to last.
    pub periods: Vec<String>,
    /// At most four are drawn as lines of one chart.
    pub series: Vec<Series>,
    /// Periods (as indices) that are not comparable with the one before.
    pub breaks: Vec<usize>,
}

/// One line.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Its name.
    pub label: String,
    /// Figures of its last value.
    pub figures: String,
    /// A point for each period.
    pub points: Vec<Point>,
}

/// The chart for wide pages and paper, and for phones.
pub fn draw(chart: &LineBand) -> Drawing {
    if chart.series.len() > MOST_SERIES {
        return small_multiples::draw(&panels(chart));
    }
    Drawing { wide: one(chart, Size::Wide), narrow: one(chart, Size::Narrow) }
}

/// The same with a panel for each line.
fn panels(chart: &LineBand) -> SmallMultiples {
    let panel = |series: &Series| Panel {
        label: series.label.clone(),
        figures: series.figures.clone(),
        points: series.points.clone(),
        breaks: chart.breaks.clone(),
    };
    SmallMultiples {
        about: chart.about.clone(),
        axis: chart.axis.clone(),
        numerals: chart.numerals.clone(),
        periods: chart.periods.clone(),
        panels: chart.series.iter().map(panel).collect(),
    }
}

/// Name and figures at the end of a line.
struct Label {
    name: Vec<String>,
    figures: Vec<String>,
    /// Where the line ends; none for a line without points.
    end: Option<(usize, f64)>,
}

impl Label {
    fn height(&self) -> f64 {
        LEADING * (self.name.len() + self.figures.len()) as f64 + 5.0
    }
}

fn one(chart: &LineBand, size: Size) -> String {
    let mut canvas = Canvas::new(size, chart.about.rtl);
    let axis = Axis::over(numbers(chart.series.iter().flat_map(|s| &s.points)), 5.0);
    let (labels, room) = labels(chart, size);
    let ticks: Vec<(f64, String)> =
        axis.ticks().into_iter().map(|tick| (tick, chart.numerals.tick(tick, axis.step))).collect();
    let left = ticks.iter().map(|(_, text)| width(text, 12.0)).fold(0.0, f64::max).min(110.0) + 12.0;
    let top = if chart.breaks.is_empty() { 28.0 } else { 44.0 };
    let needed: f64 = labels.iter().map(Label::height).sum();
    let plot = Plot {
        left,
        right: size.width() - room - GAP,
        top,
        bottom: top + size.pick(220.0, 230.0f64).max(needed),
        axis,
        periods: chart.periods.len().max(chart.series.iter().map(|s| s.points.len()).max().unwrap_or_default()),
        aside: 0.0,
    };
    canvas.words("key", (4.0, 14.0), &fitted(&chart.axis, size.width() - 8.0, 12.5));
    for (tick, text) in &ticks {
        let y = plot.y(*tick);
        canvas.line(if *tick == axis.low || *tick == 0.0 { "base" } else { "grid" }, (left, y), (plot.right, y));
        canvas.text("scale end", (left - 6.0, y + 4.0), text);
    }
    let under = plot.periods(&mut canvas, &chart.periods);
    plot.breaks(&mut canvas, &chart.breaks);
    courses(&mut canvas, chart, &plot);
    names(&mut canvas, &labels, &plot);
    canvas.finish(&chart.about, plot.bottom + under)
}

fn courses(canvas: &mut Canvas, chart: &LineBand, plot: &Plot) {
    let banded = chart.series.len() <= MOST_BANDS;
    let middle = chart.series.len().saturating_sub(1) as f64 / 2.0;
    let plots: Vec<Plot> = (0..chart.series.len())
        .map(|s| Plot { aside: if banded { 0.0 } else { ASIDE * (s as f64 - middle) }, ..*plot })
        .collect();
    for ((s, series), plot) in chart.series.iter().enumerate().zip(&plots) {
        if banded {
            plot.band(canvas, &format!("s{s}"), &series.points, &chart.breaks);
        } else {
            plot.whiskers(canvas, &format!("s{s}"), &series.points);
        }
    }
    for ((s, series), plot) in chart.series.iter().enumerate().zip(&plots) {
        plot.line(canvas, s, &series.points, &chart.breaks, true);
    }
}

/// What stands at the ends of the lines, and the room it needs.
fn labels(chart: &LineBand, size: Size) -> (Vec<Label>, f64) {
    let most = size.pick(150.0, 104.0);
    let label = |series: &Series| Label {
        name: wrapped(&series.label, most, LABEL * BOLD, 3),
        figures: figure_lines(&series.figures, most, FIGURE),
        end: last(&series.points),
    };
    let labels: Vec<Label> = chart.series.iter().map(label).collect();
    let widths = labels
        .iter()
        .flat_map(|l| l.name.iter().map(|t| bold(t, LABEL)).chain(l.figures.iter().map(|t| width(t, FIGURE))));
    let room = widths.fold(0.0, f64::max) * SLACK + 4.0;
    (labels, room)
}

/// Writes the names where their lines end, moved apart where they would meet, then with a thin line to the end.
fn names(canvas: &mut Canvas, labels: &[Label], plot: &Plot) {
    let end = |label: &Label| label.end.map(|(_, value)| plot.y(value));
    let wanted: Vec<(f64, f64)> = labels.iter().map(|l| (end(l).unwrap_or(plot.bottom), l.height())).collect();
    for ((s, label), middle) in labels.iter().enumerate().zip(spread(&wanted, plot.top - 10.0, plot.bottom + 10.0)) {
        let x = plot.right + GAP;
        if let Some((period, value)) = label.end {
            let from = (plot.x(period) + 7.0, plot.y(value));
            if (middle - from.1).abs() > 4.0 || x - from.0 > 20.0 {
                canvas.path("leader", &[vec![from, (plot.right + 2.0, from.1), (x - 3.0, middle)]], false);
            }
        } else {
            canvas.mark(s, &format!("mark s{s}"), (x - 8.0, middle));
        }
        let first = middle - (label.height() - 5.0) / 2.0 + 11.0;
        canvas.lines("label strong", (x, first), LEADING, &label.name);
        canvas.lines("figures", (x, first + LEADING * label.name.len() as f64), LEADING, &label.figures);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Series {
        let point = |v: &f64| Point { value: Some(*v), interval: Some((v - 1.0, v + 1.0)) };
        Series { label: "sql".into(), figures: String::new(), points: values.iter().map(point).collect() }
    }

    fn chart(series: Vec<Series>) -> LineBand {
        LineBand { periods: vec!["a".into(), "b".into(), "c".into()], series, ..LineBand::default() }
    }

    #[test]
    fn more_lines_than_can_be_told_apart_become_panels_and_none_is_lost() {
        let four = draw(&chart(vec![series(&[1.0, 2.0, 3.0]); 4])).wide;
        assert_eq!(four.matches("class=\"trace").count(), 4);
        assert!(four.contains("trace s0") && four.contains("trace s3"));
        let nine = draw(&chart(vec![series(&[1.0, 2.0, 3.0]); 9])).wide;
        assert_eq!(nine.matches("class=\"trace").count(), 9);
        assert!(!nine.contains("trace s1"));
    }

    #[test]
    fn a_name_at_the_end_of_a_line_has_more_room_than_it_is_estimated_to_need() {
        let named = Series { label: "open at the end".into(), ..series(&[1.0, 2.0, 3.0]) };
        let (labels, room) = labels(&chart(vec![named]), Size::Wide);
        let longest = labels.iter().flat_map(|l| &l.name).map(|line| bold(line, LABEL)).fold(0.0, f64::max);
        assert!(room >= 1.1 * longest, "{room} {longest}");
    }

    #[test]
    fn names_of_lines_that_end_together_stand_one_under_the_other() {
        let svg = draw(&chart(vec![series(&[1.0, 2.0, 3.0]); 4])).wide;
        let heights = |text: &str| -> Vec<f64> {
            let texts = text.split("<text class=\"label strong\"").skip(1);
            texts.map(|t| t.split("y=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()).collect()
        };
        let heights = heights(&svg);
        assert_eq!(heights.len(), 4);
        assert!(heights.windows(2).all(|pair| (pair[1] - pair[0]).abs() >= LABEL), "{heights:?}");
    }
}
