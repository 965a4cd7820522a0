//! The one chart of page 1: per skill, demand and the covered part of it on one axis. Told apart by shape (filled disc,
//! hollow square), so it also reads in greyscale.

use super::Drawing;
use super::axis::{Axis, Numerals, drawable, ends};
use super::canvas::{About, Canvas};
use super::frame::{BOTTOM, Frame, NARROW, WIDE};
use super::text::{fitted, width};

/// Steps of the axis at most.
const MOST_STEPS: f64 = 6.0;

/// What the chart shows. Texts are not yet escaped; shares are per 100 postings.
#[derive(Debug, Clone, Default)]
pub struct Dumbbell {
    /// What it says of itself.
    pub about: About,
    /// Unit of the axis.
    pub axis: String,
    /// How the axis writes its numbers.
    pub numerals: Numerals,
    /// Word over the hollow squares.
    pub covered_word: String,
    /// Word over the filled discs.
    pub demand_word: String,
    /// Skills, most asked first.
    pub rows: Vec<Row>,
}

/// One skill.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its name.
    pub label: String,
    /// Demand.
    pub demand: f64,
    /// Ends of its interval.
    pub interval: (f64, f64),
    /// Covered part of the demand.
    pub covered: f64,
    /// Figures written at the end of the line.
    pub figures: String,
    /// Among the skills to add.
    pub to_add: bool,
}

/// The chart for wide pages and paper, and for phones.
pub fn draw(chart: &Dumbbell) -> Drawing {
    let drawn = |frame: Frame| {
        let frame = frame.for_figures(chart.about.rtl, chart.rows.iter().map(|r| r.figures.as_str()));
        one(chart, frame.for_names(chart.rows.iter().map(|r| r.label.as_str())))
    };
    Drawing { wide: drawn(WIDE), narrow: drawn(NARROW) }
}

fn one(chart: &Dumbbell, frame: Frame) -> String {
    let mut canvas = Canvas::new(frame.size, frame.rtl);
    let top = chart.rows.iter().flat_map(|r| [r.interval.1, r.demand]).filter_map(drawable).fold(1.0, f64::max);
    let axis = Axis { low: 0.0, ..Axis::from_zero([top], MOST_STEPS) };
    frame.grid(&mut canvas, axis, &chart.numerals, &chart.axis, chart.rows.len());
    for (i, row) in chart.rows.iter().enumerate() {
        line(&mut canvas, row, frame, axis, i);
    }
    key(&mut canvas, chart, frame);
    canvas.finish(&chart.about, frame.foot(chart.rows.len()) + BOTTOM)
}

fn line(canvas: &mut Canvas, row: &Row, frame: Frame, axis: Axis, i: usize) {
    frame.texts(canvas, i, &frame.short(&row.label, row.to_add, &row.figures), row.to_add, &row.figures);
    let y = frame.marks(i);
    let x = |v: f64| drawable(v).map(|v| frame.place(axis.share(v)));
    let (covered, demand) = (x(row.covered), x(row.demand));
    if let (Some(covered), Some(demand)) = (covered, demand) {
        canvas.line("untaught", (covered, y), (demand, y));
    }
    if let Some((low, high)) = ends(Some(row.interval)) {
        canvas.whisker_across(frame.place(axis.share(low)), frame.place(axis.share(high)), y, 4.5);
    }
    if let Some(demand) = demand {
        canvas.circle("demand", (demand, y), 5.5);
    }
    if let Some(covered) = covered {
        canvas.rect("covered", (covered - 4.0, y - 4.0), 8.0, 8.0);
    }
}

/// Both words over the axis, each with its mark, so that no colour has to be looked up; one under the other on a phone. Where
/// names took room of the axis, the words begin before it.
fn key(canvas: &mut Canvas, chart: &Dumbbell, frame: Frame) {
    let word = |word: &str, room: f64| fitted(word, room, 12.5);
    let covered = word(&chart.covered_word, 170.0);
    let both = 51.0 + width(&covered, 12.5) + width(&chart.demand_word, 12.5);
    let axis = frame.place(0.0);
    let left = if frame.label_above { axis } else { axis.min((canvas.width - both).max(8.0)) };
    let beside = left + 34.0 + width(&covered, 12.5);
    let (second, lower) = if frame.label_above { (left, 21.0) } else { (beside, 0.0) };
    canvas.rect("covered", (left - 4.0, 8.0), 8.0, 8.0);
    canvas.words("key", (left + 11.0, 16.5), &covered);
    canvas.circle("demand", (second, 12.0 + lower), 5.5);
    canvas.words("key", (second + 11.0, 16.5 + lower), &word(&chart.demand_word, canvas.width - second - 15.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(label: &str) -> Dumbbell {
        let row = Row {
            label: label.into(),
            demand: 20.0,
            interval: (15.0, 28.0),
            covered: 5.0,
            figures: "20 (15–28)".into(),
            to_add: false,
        };
        Dumbbell { rows: vec![row], ..Dumbbell::default() }
    }

    #[test]
    fn the_key_is_whole_beside_long_names() {
        let mut long = chart("provide professional care in nursing");
        long.covered_word = "covered by the offer".into();
        long.demand_word = "asked for, with 95% interval".into();
        let svg = draw(&long).wide;
        assert!(svg.contains(">asked for, with 95% interval</text>"), "{svg}");
    }

    #[test]
    fn marks_stand_where_the_figures_say() {
        // Axis 0..30 over 600 - 200 - 92 - 16 = 292 px from x = 208: 20 -> 402.7, 5 -> 256.7 (its square starts 4 earlier).
        let svg = one(&chart("sql"), WIDE);
        assert!(svg.contains("cx=\"402.7\""), "{svg}");
        assert!(svg.contains("class=\"covered\" x=\"252.7\""), "{svg}");
        assert!(svg.contains("M354.0 46.5H480.5"), "{svg}");
    }

    #[test]
    fn a_long_name_takes_room_of_the_axis_before_it_is_cut() {
        // Some 33 characters of at most .62 em at 14.4 px are under 262 px; the usual 186 px would cut them.
        let name = "communicate with stakeholders now";
        let svg = draw(&chart(name)).wide;
        assert!(svg.contains(&format!(">{name}</text>")), "{svg}");
    }

    #[test]
    fn from_right_to_left_zero_is_at_the_right_and_larger_shares_further_left() {
        // 30 px more for the figures leave 292 - 30 = 262 px for 0..30, from x = 600 - 208 = 392 leftwards.
        let svg = one(&chart("sql"), WIDE.mirrored(true, 15));
        assert!(svg.contains("cx=\"217.3\""), "{svg}");
        assert!(svg.contains("class=\"covered\" x=\"344.3\""), "{svg}");
        assert!(svg.contains("<text class=\"label end\" x=\"414.0\""), "{svg}");
    }

    #[test]
    fn names_cannot_leave_their_text_element() {
        let svg = draw(&chart("</text><script>x</script>\" onload=\"y")).wide;
        assert!(!svg.contains("<script"), "{svg}");
        assert!(!svg.contains("\" onload"), "{svg}");
    }

    #[test]
    fn an_empty_chart_and_shares_off_the_axis_still_draw() {
        assert!(draw(&Dumbbell::default()).wide.contains("</svg>"));
        let mut wild = chart("x");
        wild.rows[0].demand = f64::NAN;
        wild.rows[0].interval = (-5.0, 400.0);
        let svg = draw(&wild).wide;
        assert!(svg.contains("</svg>") && !svg.contains("NaN"), "{svg}");
    }
}
