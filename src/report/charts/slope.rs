//! Two editions or periods: a line for each skill from its value in the one to its value in the other, with both figures.

use super::Drawing;
use super::axis::{Axis, drawable, ends};
use super::canvas::{About, Canvas, Size, Spot};
use super::labels::spread;
use super::text::{BOLD, bold, figure_lines, width, wrapped};

const LABEL: f64 = 13.5;
const FIGURE: f64 = 13.0;
const LEADING: f64 = 14.5;
/// From the ends of the lines to their figures.
const GAP: f64 = 12.0;
/// Between ends whose intervals would cover each other.
const LANE: f64 = 6.0;
/// Lanes at each end.
const MOST_LANES: usize = 5;

/// What the chart shows. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct Slope {
    /// What it says of itself.
    pub about: About,
    /// Name of the earlier edition.
    pub from: String,
    /// Name of the later one.
    pub to: String,
    /// Highest first.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its name.
    pub label: String,
    /// In the earlier edition.
    pub from: End,
    /// In the later one.
    pub to: End,
    /// Stands out: the change is more than chance.
    pub strong: bool,
}

/// One end of a line.
#[derive(Debug, Clone, Default)]
pub struct End {
    /// Value; none when the edition has none.
    pub value: Option<f64>,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// Figures written beside it.
    pub figures: String,
}

impl End {
    fn known(&self) -> Option<f64> {
        self.value.and_then(drawable)
    }

    /// What of the axis it takes.
    fn reach(&self) -> Option<(f64, f64)> {
        let value = self.known()?;
        Some(ends(self.interval).map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    }
}

/// The chart for wide pages and paper, and for phones.
pub fn draw(chart: &Slope) -> Drawing {
    Drawing { wide: one(chart, Size::Wide), narrow: one(chart, Size::Narrow) }
}

/// Texts beside an end.
struct Label {
    figures: Vec<String>,
    name: Vec<String>,
    /// Where it wants to stand.
    wanted: f64,
    /// Where its line ends.
    end: Spot,
    /// The later edition has no value.
    gone: bool,
}

/// Where things stand.
struct Layout {
    axis: Axis,
    /// Ends of the lines along the line of reading.
    sides: (f64, f64),
    /// Room for figures before names; none where they stand under them.
    column: Option<f64>,
    name_room: f64,
    top: f64,
    bottom: f64,
}

impl Layout {
    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.axis.share(value)
    }

    fn height(&self, label: &Label) -> f64 {
        let lines = match self.column {
            Some(_) => label.name.len().max(label.figures.len()),
            None => label.name.len() + label.figures.len(),
        };
        LEADING * lines.max(1) as f64 + 3.0
    }
}

/// From the lowest to the highest value: a slope is about change, and every end has its figure.
fn axis(chart: &Slope) -> Axis {
    let reaches = || chart.lines.iter().flat_map(|l| [l.from.reach(), l.to.reach()]).flatten();
    let (low, high) =
        reaches().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (low, high)| (a.min(low), b.max(high)));
    if low < high { Axis { low, high, step: high - low } } else { Axis::over(reaches().map(|r| r.0), 6.0) }
}

fn layout(chart: &Slope, size: Size, top: f64) -> Layout {
    let widest = |pick: fn(&Line) -> &End, most: f64| {
        let texts = chart.lines.iter().flat_map(|l| figure_lines(&pick(l).figures, most, FIGURE));
        texts.map(|text| width(&text, FIGURE)).fold(16.0, f64::max)
    };
    let to = widest(|l| &l.to, 400.0);
    let name_room = size.pick(168.0, 108.0);
    let column = (to <= size.pick(120.0, 46.0)).then_some(to + 8.0);
    let start = 4.0 + widest(|l| &l.from, size.pick(120.0, 84.0)) + GAP;
    let end = size.width() - name_room - column.unwrap_or_default() - GAP - 4.0;
    let lines = chart.lines.len() as f64;
    // Room for every label on two lines of a name.
    let height = size.pick(250.0f64, 290.0).max(lines * (LEADING * if column.is_some() { 1.4 } else { 2.4 } + 3.0));
    Layout { axis: axis(chart), sides: (start, end), column, name_room, top, bottom: top + height }
}

fn one(chart: &Slope, size: Size) -> String {
    let mut canvas = Canvas::new(size, chart.about.rtl);
    let sides = layout(chart, size, 0.0).sides;
    let heading = |words: &str, room: f64| wrapped(words, room, LABEL * BOLD, 3);
    let headings = [
        heading(&chart.from, f64::midpoint(sides.0, sides.1) - 12.0),
        heading(&chart.to, size.width() - sides.1 - 4.0),
    ];
    let lines = headings.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let layout = layout(chart, size, 14.0 + LEADING * lines + 10.0);
    let foot = [marks(&mut canvas, chart, &layout), layout.bottom + 6.0].into_iter().fold(0.0, f64::max);
    // The earlier heading may reach over its axis, where nothing stands in its way.
    let [from, to] = headings;
    let start = from.iter().map(|line| bold(line, LABEL)).fold(0.0, f64::max) + 2.0;
    canvas.lines("heading strong end", (layout.sides.0.max(start), 14.0), LEADING, &from);
    canvas.lines("heading strong", (layout.sides.1, 14.0), LEADING, &to);
    canvas.finish(&chart.about, foot + 8.0)
}

/// Axes, lines and what stands beside them. Returns where the lowest label ends.
fn marks(canvas: &mut Canvas, chart: &Slope, layout: &Layout) -> f64 {
    for x in [layout.sides.0, layout.sides.1] {
        canvas.line("base", (x, layout.top - 6.0), (x, layout.bottom + 6.0));
    }
    let lanes_of = |pick: fn(&Line) -> &End| {
        let of = |line: &Line| pick(line).reach().map(|(low, high)| (layout.y(high), layout.y(low)));
        lanes(&chart.lines.iter().map(of).collect::<Vec<_>>())
    };
    let spots: Vec<(Option<Spot>, Option<Spot>)> = chart
        .lines
        .iter()
        .zip(lanes_of(|l| &l.from).into_iter().zip(lanes_of(|l| &l.to)))
        .map(|(line, (a, b))| {
            let spot = |end: &End, x: f64| end.known().map(|value| (x, layout.y(value)));
            (spot(&line.from, layout.sides.0 + LANE * a as f64), spot(&line.to, layout.sides.1 - LANE * b as f64))
        })
        .collect();
    let (early, late) = labels(chart, layout, &spots);
    beside(canvas, &early, layout, false);
    let foot = beside(canvas, &late, layout, true);
    // What stands out is drawn last.
    for strong in [false, true] {
        for (line, spots) in chart.lines.iter().zip(&spots).filter(|(line, _)| line.strong == strong) {
            course(canvas, line, *spots, layout);
        }
    }
    foot
}

fn course(canvas: &mut Canvas, line: &Line, (from, to): (Option<Spot>, Option<Spot>), layout: &Layout) {
    let strong = if line.strong { " strong" } else { "" };
    for (end, spot) in [(&line.from, from), (&line.to, to)] {
        if let (Some(spot), Some((low, high))) = (spot, ends(end.interval)) {
            canvas.whisker_up(&format!("reach{strong}"), spot.0, layout.y(low), layout.y(high), 2.0);
        }
    }
    if let (Some(from), Some(to)) = (from, to) {
        canvas.line(&format!("slope{strong}"), from, to);
    }
    for spot in [from, to].into_iter().flatten() {
        canvas.circle(&format!("end-mark{strong}"), spot, 4.0);
    }
}

/// Figures before the earlier ends; figures and names after the later ones, where a skill that is gone has its name too.
fn labels(chart: &Slope, layout: &Layout, spots: &[(Option<Spot>, Option<Spot>)]) -> (Vec<Label>, Vec<Label>) {
    let (mut early, mut late) = (Vec::new(), Vec::new());
    let before = layout.sides.0 - GAP - 2.0;
    let figures_room = layout.column.map_or(layout.name_room, |column| column - 4.0);
    for (line, (from, to)) in chart.lines.iter().zip(spots) {
        if let Some(from) = *from {
            let figures = figure_lines(&line.from.figures, before, FIGURE);
            early.push(Label { figures, name: Vec::new(), wanted: from.1, end: from, gone: false });
        }
        if let Some(end) = to.or(*from) {
            let figures = figure_lines(&line.to.figures, figures_room, FIGURE);
            let name = wrapped(&line.label, layout.name_room, LABEL, 3);
            late.push(Label { figures, name, wanted: end.1, end, gone: to.is_none() });
        }
    }
    (early, late)
}

/// Labels at one side, apart from each other. Returns where the lowest ends.
fn beside(canvas: &mut Canvas, labels: &[Label], layout: &Layout, later: bool) -> f64 {
    let wanted: Vec<(f64, f64)> = labels.iter().map(|l| (l.wanted, layout.height(l))).collect();
    let middles = spread(&wanted, layout.top - 8.0, layout.bottom + 8.0);
    let (x, away, side) = if later { (layout.sides.1, 1.0, "") } else { (layout.sides.0, -1.0, " end") };
    let at = x + GAP * away;
    let mut foot = layout.top;
    for ((label, middle), (y, height)) in labels.iter().zip(middles).zip(wanted) {
        foot = foot.max(middle + height / 2.0);
        let leads = vec![label.end, (x, y), (x + (GAP - 3.0) * away, middle)];
        canvas.path(if label.gone { "leader gone" } else { "leader" }, &[leads], false);
        let first = |lines: usize| middle + 4.5 - LEADING * lines.saturating_sub(1) as f64 / 2.0;
        match layout.column {
            Some(column) if later => {
                canvas.lines("figures", (at, middle + 4.5), LEADING, &label.figures);
                canvas.lines("label", (at + column, first(label.name.len())), LEADING, &label.name);
            }
            _ => {
                let top = first(label.name.len() + label.figures.len());
                canvas.lines(&format!("label{side}"), (at, top), LEADING, &label.name);
                let under = top + LEADING * label.name.len() as f64;
                canvas.lines(&format!("figures{side}"), (at, under), LEADING, &label.figures);
            }
        }
    }
    foot
}

/// A lane for each stretch, so that stretches that meet stand beside each other as far as there are lanes.
fn lanes(stretches: &[Option<(f64, f64)>]) -> Vec<usize> {
    let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); MOST_LANES];
    let mut out = Vec::new();
    for (i, stretch) in stretches.iter().enumerate() {
        let Some((high, low)) = *stretch else {
            out.push(0);
            continue;
        };
        let free = taken.iter().position(|lane| lane.iter().all(|(h, l)| low + 6.0 < *h || high > l + 6.0));
        let lane = free.unwrap_or(i % MOST_LANES);
        if let Some(lane) = taken.get_mut(lane) {
            lane.push((high, low));
        }
        out.push(lane);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(value: f64) -> End {
        End { value: Some(value), interval: None, figures: format!("{value}") }
    }

    #[test]
    fn ends_stand_at_their_values_and_a_skill_that_is_gone_keeps_its_name() {
        let line = |label: &str, from: End, to: End| Line { label: label.into(), from, to, strong: false };
        let lines = vec![line("stays", end(10.0), end(5.0)), line("gone", end(2.0), End::default())];
        let svg = draw(&Slope { lines, ..Slope::default() }).wide;
        // One line of headings: 2..10 over 250 px from y = 38.5 + 250 upwards: 10 at 38.5, 5 at 194.75, 2 at 288.5.
        assert!(svg.contains("y1=\"38.5\"") && svg.contains("y2=\"194.8\"") && svg.contains("cy=\"288.5\""), "{svg}");
        assert!(svg.contains(">stays<") && svg.contains(">gone<") && svg.contains("leader gone"), "{svg}");
        assert_eq!(svg.matches("class=\"slope").count(), 1);
    }

    #[test]
    fn intervals_that_meet_stand_beside_each_other() {
        let of = |pairs: &[(f64, f64)]| lanes(&pairs.iter().map(|p| Some(*p)).collect::<Vec<_>>());
        assert_eq!(of(&[(10.0, 40.0), (30.0, 60.0), (50.0, 90.0)]), [0, 1, 0]);
    }
}
