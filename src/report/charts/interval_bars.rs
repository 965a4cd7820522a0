//! Bars with their intervals, one per skill, area or source, in the order given: shares from zero, or changes to both
//! sides of it. A figure of low reliability is a hollow bar, a withheld one has no bar but its mark.

use super::Drawing;
use super::axis::{Axis, Numerals, drawable, ends};
use super::canvas::{About, Canvas};
use super::frame::{BOTTOM, Frame, NARROW, WIDE};

/// Steps of the axis at most.
const MOST_STEPS: f64 = 6.0;
/// Height of a bar.
const THICK: f64 = 13.0;

/// What the chart shows. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct IntervalBars {
    /// What it says of itself.
    pub about: About,
    /// Unit of the axis.
    pub axis: String,
    /// How the axis writes its numbers.
    pub numerals: Numerals,
    /// Where the axis ends at the latest, of values that cannot be smaller.
    pub least: Option<f64>,
    /// From top to bottom.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// Its length; none when withheld.
    pub value: Option<f64>,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Figures written at the end of the line, or the mark of a withheld figure.
    pub figures: String,
    /// Stands out.
    pub strong: bool,
    /// Of low reliability: drawn hollow.
    pub unsure: bool,
}

/// The chart for wide pages and paper, and for phones.
pub fn draw(chart: &IntervalBars) -> Drawing {
    let drawn = |frame: Frame| {
        let frame = frame.for_figures(chart.about.rtl, chart.bars.iter().map(|b| b.figures.as_str()));
        let frame = frame.with_top(8.0);
        one(chart, frame.with_room_for(chart.bars.iter().map(|b| (b.label.as_str(), b.figures.as_str()))))
    };
    Drawing { wide: drawn(WIDE), narrow: drawn(NARROW) }
}

fn one(chart: &IntervalBars, frame: Frame) -> String {
    let mut canvas = Canvas::new(frame.size, frame.rtl);
    let values = chart.bars.iter().flat_map(|b| {
        let (low, high) = ends(b.interval).unzip();
        [b.value, low, high].into_iter().flatten()
    });
    let axis = Axis::from_zero(values, MOST_STEPS).not_below(chart.least);
    frame.grid(&mut canvas, axis, &chart.numerals, &chart.axis, chart.bars.len());
    let zero = frame.place(axis.share(0.0));
    frame.upright(&mut canvas, "base", zero, chart.bars.len());
    for (i, row) in chart.bars.iter().enumerate() {
        bar(&mut canvas, row, frame, axis, i);
    }
    canvas.finish(&chart.about, frame.foot(chart.bars.len()) + BOTTOM)
}

fn bar(canvas: &mut Canvas, row: &Bar, frame: Frame, axis: Axis, i: usize) {
    frame.texts(canvas, i, &frame.long(&row.label, row.strong, &row.figures), row.strong, &row.figures);
    let y = frame.marks(i);
    let x = |v: f64| frame.place(axis.share(v));
    if let Some(value) = row.value.and_then(drawable) {
        let class = match (row.unsure, row.strong) {
            (true, _) => "bar unsure",
            (false, true) => "bar strong",
            (false, false) => "bar",
        };
        let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
        canvas.rect(class, (from, y - THICK / 2.0), to - from, THICK);
    }
    if let Some((low, high)) = ends(row.interval) {
        canvas.whisker_across(x(low), x(high), y, 4.5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Length = (Option<f64>, Option<(f64, f64)>);

    fn chart(bars: &[Length]) -> IntervalBars {
        let bar =
            |&(value, interval)| Bar { label: "a".into(), value, interval, figures: "1".into(), ..Bar::default() };
        IntervalBars { bars: bars.iter().map(bar).collect(), ..IntervalBars::default() }
    }

    #[test]
    fn a_fall_goes_to_the_other_side_of_zero() {
        // -40..80 in steps of 20 over 292 px from x = 208: zero 305.3, -30 -> 232.3, 60 -> 451.3, 80 -> 500.
        let svg = draw(&chart(&[(Some(60.0), Some((40.0, 80.0))), (Some(-30.0), None)])).wide;
        assert!(svg.contains("class=\"bar\" x=\"305.3\" y=\"14.0\" width=\"146.0\""), "{svg}");
        assert!(svg.contains("class=\"bar\" x=\"232.3\" y=\"39.0\" width=\"73.0\""), "{svg}");
        assert!(svg.contains("M402.7 20.5H500.0"), "{svg}");
    }

    #[test]
    fn the_axis_of_changes_ends_where_nothing_is_left() {
        let mut growth = chart(&[(Some(800.0), Some((500.0, 1100.0))), (Some(-60.0), Some((-80.0, -20.0)))]);
        let ticks = |svg: &str| -> Vec<String> {
            let texts = svg.split("<text class=\"tick\"").skip(1).filter_map(|t| t.split(['>', '<']).nth(1));
            // A minus sign stands in an isolate.
            texts.map(|t| t.trim_matches(['\u{2068}', '\u{2069}']).to_owned()).collect()
        };
        assert_eq!(ticks(&draw(&growth).wide).first().map(String::as_str), Some("−200"));
        growth.least = Some(-100.0);
        // -100..1200 over 292 px from x = 208: zero 230.5, -60 -> 217.0.
        let svg = draw(&growth).wide;
        assert_eq!(ticks(&svg), ["0", "200", "400", "600", "800", "1,000", "1,200"]);
        assert!(svg.contains("class=\"bar\" x=\"217.0\" y=\"39.0\" width=\"13.5\""), "{svg}");
    }

    #[test]
    fn a_withheld_figure_has_its_name_and_mark_but_no_bar() {
        let svg = draw(&chart(&[(None, None)])).wide;
        assert!(!svg.contains("class=\"bar") && svg.contains(">a</text>") && svg.contains(">1</text>"), "{svg}");
    }
}
