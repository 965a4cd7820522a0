//! The one chart of page 1 as inline SVG: per skill, demand and the covered part of it on one axis. Told apart by shape
//! (filled disc, hollow square), so it also reads in greyscale.

use crate::report::phrase::readable;

/// What the chart shows. Texts are not yet escaped; shares are per 100 postings.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// Finding, in one sentence.
    pub title: String,
    /// What a reader who does not see it should know.
    pub description: String,
    /// Unit of the axis.
    pub axis: String,
    /// Word over the hollow squares.
    pub covered_word: String,
    /// Word over the filled discs.
    pub demand_word: String,
    /// Mirrored: Arabic readers meet the name first, then zero, then growth to the left, as in printed Arabic tables.
    pub rtl: bool,
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

/// Sizes of one drawing, in px.
#[derive(Debug, Clone, Copy)]
struct Frame {
    name: &'static str,
    width: f64,
    left: f64,
    right: f64,
    line: f64,
    top: f64,
    label_above: bool,
    longest_label: usize,
    rtl: bool,
}

impl Frame {
    /// Where something `x` from the edge that reading starts at stands.
    fn x(self, x: f64) -> f64 {
        if self.rtl { self.width - x } else { x }
    }

    /// The frame for a reading direction, with room for figures of so many characters beside the lines.
    fn mirrored(self, rtl: bool, longest_figures: usize) -> Self {
        let needed = FIGURES_GAP + FIGURE_WIDTH * longest_figures as f64;
        let right = if self.label_above { self.right } else { self.right.max(needed) };
        Self { rtl, right, ..self }
    }
}

const WIDE: Frame = Frame {
    name: "wide",
    width: 600.0,
    left: 200.0,
    right: 92.0,
    line: 25.0,
    top: 34.0,
    label_above: false,
    longest_label: 24,
    rtl: false,
};
const NARROW: Frame = Frame {
    name: "narrow",
    width: 340.0,
    left: 8.0,
    right: 8.0,
    line: 46.0,
    top: 52.0,
    label_above: true,
    longest_label: 30,
    rtl: false,
};
const BOTTOM: f64 = 40.0;
/// From the end of the axis to the figures.
const FIGURES_GAP: f64 = 14.0;
/// Width of a character of theirs, on the wide side.
const FIGURE_WIDTH: f64 = 7.2;

/// The chart twice: for wide pages and paper, and for phones; the style sheet shows one of them.
pub fn dumbbell(chart: &Chart) -> String {
    let longest = chart.rows.iter().map(|row| row.figures.chars().count()).max().unwrap_or_default();
    let frame = |frame: Frame| frame.mirrored(chart.rtl, longest);
    format!("{}\n{}", draw(chart, frame(WIDE)), draw(chart, frame(NARROW)))
}

fn draw(chart: &Chart, frame: Frame) -> String {
    let height = frame.top + frame.line * chart.rows.len() as f64 + BOTTOM;
    let top = chart.rows.iter().map(|r| r.interval.1.max(r.demand)).fold(1.0, f64::max);
    let (end, step) = axis_end(top);
    let mut out = format!(
        "<svg class=\"chart chart-{name}{side}\" role=\"img\" aria-labelledby=\"chart-{name}-title\" \
         aria-describedby=\"chart-{name}-desc\" viewBox=\"0 0 {width} {height}\">\n\
         <title id=\"chart-{name}-title\">{title}</title>\n<desc id=\"chart-{name}-desc\">{desc}</desc>\n",
        name = frame.name,
        side = if frame.rtl { " rtl" } else { "" },
        width = frame.width,
        title = escaped(&chart.title),
        desc = escaped(&chart.description),
    );
    out.push_str(&grid(chart, frame, height, end, step));
    for (i, row) in chart.rows.iter().enumerate() {
        out.push_str(&line(row, frame, frame.top + frame.line * (i as f64 + 0.5), end));
    }
    out.push_str(&key(chart, frame, end));
    out.push_str("</svg>");
    out
}

fn grid(chart: &Chart, frame: Frame, height: f64, end: f64, step: f64) -> String {
    let foot = height - BOTTOM;
    let mut out = String::new();
    let mut tick = 0.0;
    while tick <= end + 1e-9 {
        let x = place(tick, frame, end);
        out.push_str(&format!(
            "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{foot:.1}\"/>\
             <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\">{tick}</text>\n",
            frame.top,
            foot + 15.0
        ));
        tick += step;
    }
    let middle = (place(0.0, frame, end) + place(end, frame, end)) / 2.0;
    out.push_str(&format!(
        "<text class=\"tick\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text>\n",
        foot + 32.0,
        escaped(&chart.axis)
    ));
    out
}

fn line(row: &Row, frame: Frame, middle: f64, end: f64) -> String {
    let y = if frame.label_above { middle + 11.0 } else { middle };
    let x = |v: f64| place(v, frame, end);
    let (covered, demand) = (x(row.covered), x(row.demand));
    let (low, high) = (x(row.interval.0), x(row.interval.1));
    let weight = if row.to_add { "label strong" } else { "label" };
    let name = isolated(&shortened(&row.label, frame.longest_label), frame);
    let figures = isolated(&row.figures, frame);
    let texts = if frame.label_above {
        format!(
            "<text class=\"{weight}\" x=\"{left:.1}\" y=\"{at:.1}\">{name}</text>\
             <text class=\"figures end\" x=\"{right:.1}\" y=\"{at:.1}\">{figures}</text>",
            left = frame.x(frame.left),
            right = frame.x(frame.width - frame.right),
            at = middle - 7.0,
        )
    } else {
        format!(
            "<text class=\"{weight} end\" x=\"{label:.1}\" y=\"{at:.1}\">{name}</text>\
             <text class=\"figures\" x=\"{right:.1}\" y=\"{at:.1}\">{figures}</text>",
            label = frame.x(frame.left - 14.0),
            right = frame.x(frame.width - frame.right + 12.0),
            at = y + 4.5,
        )
    };
    format!(
        "<g>{texts}<line class=\"untaught\" x1=\"{covered:.1}\" y1=\"{y:.1}\" x2=\"{demand:.1}\" y2=\"{y:.1}\"/>\
         <path class=\"whisker\" d=\"M{low:.1} {y:.1}H{high:.1}M{low:.1} {a:.1}V{b:.1}M{high:.1} {a:.1}V{b:.1}\"/>\
         <circle class=\"demand\" cx=\"{demand:.1}\" cy=\"{y:.1}\" r=\"5.5\"/>\
         <rect class=\"covered\" x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\"/></g>\n",
        covered - 4.0,
        y - 4.0,
        a = y - 4.5,
        b = y + 4.5,
    )
}

/// Both words over the axis, each with its mark, so that no colour has to be looked up; one under the other on a phone.
fn key(chart: &Chart, frame: Frame, end: f64) -> String {
    let left = from_start(0.0, frame, end);
    let beside = left + 40.0 + 6.6 * chart.covered_word.chars().count() as f64;
    let (second, lower) = if frame.label_above { (left, 21.0) } else { (beside, 0.0) };
    format!(
        "<g><rect class=\"covered\" x=\"{:.1}\" y=\"8\" width=\"8\" height=\"8\"/>\
         <text class=\"key\" x=\"{:.1}\" y=\"16.5\">{}</text>\
         <circle class=\"demand\" cx=\"{circle:.1}\" cy=\"{:.1}\" r=\"5.5\"/>\
         <text class=\"key\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>\n",
        frame.x(left) - 4.0,
        frame.x(left + 11.0),
        escaped(&chart.covered_word),
        12.0 + lower,
        frame.x(second + 11.0),
        16.5 + lower,
        escaped(&chart.demand_word),
        circle = frame.x(second),
    )
}

fn place(value: f64, frame: Frame, end: f64) -> f64 {
    frame.x(from_start(value, frame, end))
}

/// Distance of a value from the edge that reading starts at.
fn from_start(value: f64, frame: Frame, end: f64) -> f64 {
    let room = frame.width - frame.left - frame.right;
    let inset = 8.0;
    frame.left + inset + (room - 2.0 * inset) * (value / end).clamp(0.0, 1.0)
}

/// Round end of the axis at or above `top`, and the step of its ticks.
fn axis_end(top: f64) -> (f64, f64) {
    let steps = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0];
    let step = steps.into_iter().find(|s| top / s <= 6.0).unwrap_or(25.0);
    ((top / step).ceil() * step, step)
}

fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let cut: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// From right to left, a Latin name or a figure must keep its own direction; SVG has no `<bdi>`.
fn isolated(text: &str, frame: Frame) -> String {
    let text = escaped(text);
    if frame.rtl { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// Text for an SVG element: readable, escaped, and with overrides closed by isolates since SVG has no `<bdi>`.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in readable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(label: &str) -> Chart {
        let row = Row {
            label: label.into(),
            demand: 20.0,
            interval: (15.0, 28.0),
            covered: 5.0,
            figures: "20 (15–28)".into(),
            to_add: false,
        };
        Chart { rows: vec![row], ..Chart::default() }
    }

    #[test]
    fn marks_stand_where_the_figures_say() {
        // Axis 0..30 over 600 - 200 - 92 - 16 = 292 px from x = 208: 20 -> 402.7, 5 -> 256.7 (its square starts 4 earlier).
        let svg = draw(&chart("sql"), WIDE);
        assert!(svg.contains("cx=\"402.7\""), "{svg}");
        assert!(svg.contains("class=\"covered\" x=\"252.7\""), "{svg}");
        assert!(svg.contains("M354.0 46.5H480.5"), "{svg}");
    }

    #[test]
    fn from_right_to_left_zero_is_at_the_right_and_larger_shares_further_left() {
        // 30 px more for the figures leave 292 - 30 = 262 px for 0..30, from x = 600 - 208 = 392 leftwards.
        let svg = draw(&chart("sql"), WIDE.mirrored(true, 15));
        assert!(svg.contains("cx=\"217.3\""), "{svg}");
        assert!(svg.contains("class=\"covered\" x=\"344.3\""), "{svg}");
        assert!(svg.contains("<text class=\"label end\" x=\"414.0\""), "{svg}");
    }

    #[test]
    fn names_cannot_leave_their_text_element() {
        let svg = dumbbell(&chart("</text><script>x</script>\" onload=\"y"));
        assert!(!svg.contains("<script"), "{svg}");
        assert!(!svg.contains("\" onload"), "{svg}");
    }

    #[test]
    fn an_empty_chart_and_shares_off_the_axis_still_draw() {
        assert!(dumbbell(&Chart::default()).contains("</svg>"));
        let mut wild = chart("x");
        wild.rows[0].demand = f64::NAN;
        wild.rows[0].interval = (-5.0, 400.0);
        assert!(dumbbell(&wild).contains("</svg>"));
    }
}
