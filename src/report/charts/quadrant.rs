//! Demand against coverage as four fields: a point per skill, named beside it where all names fit, else numbered with the
//! names below.

use super::Drawing;
use super::axis::{Axis, Numerals, drawable, ends};
use super::canvas::{About, Canvas, Size, Spot};
use super::labels::{Area, Placed, around};
use super::text::{BOLD, bold, fitted, width, wrapped};

const LABEL: f64 = 12.5;
/// Height of the box of a label on one line, and from line to line.
const BOX: f64 = 16.0;
const LINE: f64 = 14.0;
/// Width that a label beside its point has on one line; a longer one takes two.
const LABEL_ROOM: f64 = 200.0;
const NAME: f64 = 12.5;
const LEADING: f64 = 15.0;
/// Points at the ends of the axes stay off the frame.
const INSET: f64 = 10.0;
/// Skills that are named beside their points at most.
const MOST_NAMED: usize = 40;
/// Names at points are given more room than they are estimated to need: another font must not make them collide.
const SLACK: f64 = 1.08;
/// Between lines of the list of names.
const LIST: f64 = 19.0;

/// What the chart shows. Texts are not yet escaped.
#[derive(Debug, Clone, Default)]
pub struct Quadrant {
    /// What it says of itself.
    pub about: About,
    /// Unit of the axis along the line of reading: coverage.
    pub across: String,
    /// Unit of the upright axis: demand.
    pub up: String,
    /// How the axes write their numbers.
    pub numerals: Numerals,
    /// Where the fields meet: coverage, demand.
    pub split: (f64, f64),
    /// Demand on a square-root scale, which keeps many small shares apart; `up` has to say so.
    pub up_root: bool,
    /// Names of the fields in reading order: much asked and little covered, much asked and covered, little asked and little
    /// covered, little asked and covered.
    pub names: [String; 4],
    /// Most important first.
    pub points: Vec<Skill>,
}

/// One point; a skill without both values has no place.
#[derive(Debug, Clone, Default)]
pub struct Skill {
    /// Its name.
    pub label: String,
    /// Coverage.
    pub across: Option<f64>,
    /// Demand.
    pub up: Option<f64>,
    /// Interval of the coverage.
    pub across_interval: Option<(f64, f64)>,
    /// Interval of the demand.
    pub up_interval: Option<(f64, f64)>,
    /// Stands out.
    pub strong: bool,
}

/// The chart for wide pages and paper, and for phones.
pub fn draw(chart: &Quadrant) -> Drawing {
    Drawing { wide: one(chart, Size::Wide), narrow: one(chart, Size::Narrow) }
}

/// A value and its interval.
type Reading = (Option<f64>, Option<(f64, f64)>);

/// Where values stand.
struct Field {
    area: Area,
    across: Axis,
    up: Axis,
    root: bool,
}

impl Field {
    fn of(chart: &Quadrant, size: Size) -> Self {
        let values = |pick: fn(&Skill) -> Reading, split: f64, steps: f64| {
            let ends = chart.points.iter().flat_map(move |p| {
                let (value, interval) = pick(p);
                let (low, high) = ends(interval).unzip();
                [value, low, high].into_iter().flatten()
            });
            Axis::from_zero(ends.chain([split]), steps)
        };
        // A square-root scale has room for more ticks at its lower end; `scales` leaves out those that stand close above.
        let up = values(|p| (p.up, p.up_interval), chart.split.1, if chart.up_root { 16.0 } else { 7.0 });
        let across = values(|p| (p.across, p.across_interval), chart.split.0, size.pick(6.0, 5.0));
        let ticks = up.ticks().into_iter().map(|tick| width(&chart.numerals.tick(tick, up.step), 12.0));
        let left = ticks.fold(0.0, f64::max).min(110.0) + 12.0;
        let area = Area { left, top: 26.0, width: size.width() - left - 8.0, height: size.pick(430.0, 340.0) };
        // Shares under zero have no root.
        Self { area, across, up, root: chart.up_root && up.low >= 0.0 }
    }

    fn x(&self, value: f64) -> f64 {
        self.area.left + INSET + (self.area.width - 2.0 * INSET) * self.across.share(value)
    }

    fn y(&self, value: f64) -> f64 {
        let share = self.up.share(value);
        let share = if self.root { share.sqrt() } else { share };
        self.area.top + self.area.height - INSET - (self.area.height - 2.0 * INSET) * share
    }

    fn right(&self) -> f64 {
        self.area.left + self.area.width
    }

    fn bottom(&self) -> f64 {
        self.area.top + self.area.height
    }

    /// The four fields in reading order.
    fn quarters(&self, split: Spot) -> [Area; 4] {
        let (x, y) = split;
        let area = |left: f64, top: f64, right: f64, bottom: f64| Area {
            left,
            top,
            width: right - left,
            height: bottom - top,
        };
        let (left, top, right, bottom) = (self.area.left, self.area.top, self.right(), self.bottom());
        [area(left, top, x, y), area(x, top, right, y), area(left, y, x, bottom), area(x, y, right, bottom)]
    }
}

/// A skill that has a place.
struct Mark<'a> {
    skill: &'a Skill,
    spot: Spot,
}

fn one(chart: &Quadrant, size: Size) -> String {
    let mut canvas = Canvas::new(size, chart.about.rtl);
    let field = Field::of(chart, size);
    let place = |skill: &'_ Skill| Some((field.x(drawable(skill.across?)?), field.y(drawable(skill.up?)?)));
    let marks: Vec<Mark> = chart.points.iter().filter_map(|skill| Some(Mark { skill, spot: place(skill)? })).collect();
    let split = (field.x(chart.split.0), field.y(chart.split.1));
    let quarters = field.quarters(split);
    if let Some(first) = quarters.first() {
        canvas.rect("tint", (first.left, first.top), first.width, first.height);
    }
    scales(&mut canvas, chart, &field);
    canvas.line("split", (split.0, field.area.top), (split.0, field.bottom()));
    canvas.line("split", (field.area.left, split.1), (field.right(), split.1));
    for mark in &marks {
        intervals(&mut canvas, mark, &field);
    }
    let mut taken = names(&mut canvas, chart, &quarters, &marks, split);
    // No name is struck through by the line across.
    taken.push(Area { left: field.area.left, top: split.1 - 1.0, width: field.area.width, height: 2.0 });
    let height = label(&mut canvas, &marks, &field, &taken);
    canvas.finish(&chart.about, height)
}

fn scales(canvas: &mut Canvas, chart: &Quadrant, field: &Field) {
    let bottom = field.bottom();
    canvas.rect("outline", (field.area.left, field.area.top), field.area.width, field.area.height);
    let mut lowest = f64::INFINITY;
    for tick in field.up.ticks() {
        let y = field.y(tick);
        // On a square-root scale the upper ticks stand close.
        if lowest - y < 14.0 {
            continue;
        }
        lowest = y;
        canvas.line("base", (field.area.left - 4.0, y), (field.area.left, y));
        canvas.text("scale end", (field.area.left - 7.0, y + 4.0), &chart.numerals.tick(tick, field.up.step));
    }
    let mut texts = Vec::new();
    for tick in field.across.ticks() {
        let x = field.x(tick);
        canvas.line("base", (x, bottom), (x, bottom + 4.0));
        texts.push((x, chart.numerals.tick(tick, field.across.step)));
    }
    canvas.ticks(&texts, bottom + 17.0);
    let room = canvas.width - 8.0;
    canvas.words("key", (4.0, 14.0), &fitted(&chart.up, room, 12.5));
    canvas.words("key end", (field.right(), bottom + 35.0), &fitted(&chart.across, room, 12.5));
}

fn intervals(canvas: &mut Canvas, mark: &Mark, field: &Field) {
    let (x, y) = mark.spot;
    if let Some((low, high)) = ends(mark.skill.up_interval) {
        canvas.line("reach", (x, field.y(low)), (x, field.y(high)));
    }
    if let Some((low, high)) = ends(mark.skill.across_interval) {
        canvas.line("reach", (field.x(low), y), (field.x(high), y));
    }
}

/// Writes the names of the fields where no point stands, at the outer edge if possible. Returns their boxes.
fn names(canvas: &mut Canvas, chart: &Quadrant, quarters: &[Area; 4], marks: &[Mark], split: Spot) -> Vec<Area> {
    let dots: Vec<Area> =
        marks.iter().map(|m| Area { left: m.spot.0 - 6.0, top: m.spot.1 - 6.0, width: 12.0, height: 12.0 }).collect();
    let mut boxes = Vec::new();
    for (i, (name, quarter)) in chart.names.iter().zip(quarters).enumerate() {
        let lines = wrapped(name, (quarter.width - 16.0).max(20.0), NAME * BOLD, 3);
        let wide = lines.iter().map(|l| bold(l, NAME)).fold(0.0, f64::max);
        let high = LEADING * lines.len() as f64 + 2.0;
        if name.is_empty() || wide + 10.0 > quarter.width || high + 8.0 > quarter.height {
            continue;
        }
        let (upper, outer) = (quarter.top < split.1 - 1.0, quarter.left < split.0 - 1.0);
        let lefts = [quarter.left + 6.0, quarter.left + quarter.width - wide - 6.0];
        let steps = ((quarter.height - high - 8.0) / 8.0).max(0.0) as usize;
        let at = |step: usize, end: bool| {
            let down = 5.0 + 8.0 * step as f64;
            let top = if upper { quarter.top + down } else { quarter.top + quarter.height - down - high };
            let [first, second] = lefts;
            Area { left: if end == outer { second } else { first }, top, width: wide, height: high }
        };
        let tried = (0..=steps).flat_map(|step| [at(step, false), at(step, true)]);
        let free = tried.into_iter().find(|area| !dots.iter().any(|dot| dot.meets(area)));
        let area = free.unwrap_or_else(|| at(0, false));
        // Widths are estimates: a name at an edge is anchored there.
        let at_end = area.left > quarter.left + quarter.width / 2.0 - wide / 2.0;
        let (side, x) = if at_end { (" end", area.left + wide) } else { ("", area.left) };
        let first = if i == 0 { " first" } else { "" };
        canvas.lines(&format!("field strong{first}{side}"), (x, area.top + 12.5), LEADING, &lines);
        boxes.push(area);
    }
    boxes
}

/// Points with their names or numbers. Returns the height of the drawing.
fn label(canvas: &mut Canvas, marks: &[Mark], field: &Field, taken: &[Area]) -> f64 {
    let spots: Vec<Spot> = marks.iter().map(|m| m.spot).collect();
    let room = Area {
        left: field.area.left + 2.0,
        top: field.area.top + 2.0,
        width: field.area.width - 4.0,
        height: field.area.height - 4.0,
    };
    let size = |lines: &Vec<String>| {
        let wide = lines.iter().map(|line| bold(line, LABEL) * SLACK).fold(0.0, f64::max);
        (wide, BOX + LINE * lines.len().saturating_sub(1) as f64)
    };
    let placed = |texts: &[Vec<String>]| {
        let sizes: Vec<(f64, f64)> = texts.iter().map(size).collect();
        around(&spots, &sizes, room, taken)
    };
    let bottom = field.bottom() + 44.0;
    let named: Vec<Vec<String>> = marks.iter().map(|m| wrapped(&m.skill.label, LABEL_ROOM, LABEL, 2)).collect();
    if canvas.size == Size::Wide && marks.len() <= MOST_NAMED {
        let places = placed(&named);
        if places.iter().all(Option::is_some) {
            points(canvas, marks, &named, &places);
            return bottom;
        }
    }
    let numbers: Vec<Vec<String>> = (1..=marks.len()).map(|n| vec![n.to_string()]).collect();
    points(canvas, marks, &numbers, &placed(&numbers));
    list(canvas, marks, bottom + 8.0)
}

fn points(canvas: &mut Canvas, marks: &[Mark], texts: &[Vec<String>], places: &[Option<Placed>]) {
    for (mark, place) in marks.iter().zip(places) {
        if let Some(Placed { area, led: true }) = place {
            canvas.line("leader", mark.spot, area.door(mark.spot));
        }
    }
    for ((mark, lines), place) in marks.iter().zip(texts).zip(places) {
        canvas.circle(if mark.skill.strong { "point strong" } else { "point" }, mark.spot, 4.2);
        if let Some(Placed { area, .. }) = place {
            let (x, side) = area.anchor(mark.spot);
            let strong = if mark.skill.strong { "name strong" } else { "name" };
            canvas.lines(&format!("{strong}{side}"), (x, area.top + 12.0), LINE, lines);
        }
    }
}

/// Numbers with their names under the field, down one column and then the next. Returns where it ends.
fn list(canvas: &mut Canvas, marks: &[Mark], top: f64) -> f64 {
    let columns = canvas.size.pick(2, 1);
    let rows = marks.len().div_ceil(columns).max(1);
    let across = (canvas.width - 12.0) / columns as f64;
    for (i, mark) in marks.iter().enumerate() {
        let left = 6.0 + across * (i / rows) as f64;
        let y = top + LIST * (i % rows) as f64 + 12.0;
        let class = if mark.skill.strong { "name strong" } else { "name" };
        canvas.text("name strong end", (left + 24.0, y), &(i + 1).to_string());
        canvas.text(class, (left + 32.0, y), &fitted(&mark.skill.label, across - 40.0, LABEL * BOLD));
    }
    top + LIST * rows as f64 + 4.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: &[(f64, f64)]) -> Quadrant {
        let skill = |(i, &(across, up)): (usize, &(f64, f64))| Skill {
            label: format!("skill number {i}"),
            across: Some(across),
            up: Some(up),
            ..Skill::default()
        };
        Quadrant {
            split: (50.0, 5.0),
            points: points.iter().enumerate().map(skill).collect(),
            names: ["add", "keep", "watch", "review"].map(String::from),
            ..Quadrant::default()
        }
    }

    #[test]
    fn points_stand_at_coverage_and_demand() {
        // Ticks 0..10 (12 px wide at most two digits): left = 13.92 + 12; 546.08 wide for 0..100, 410 high for 0..10.
        let svg = draw(&chart(&[(0.0, 10.0), (100.0, 0.0)])).wide;
        assert!(svg.contains("<circle class=\"point\" cx=\"35.9\" cy=\"36.0\""), "{svg}");
        assert!(svg.contains("<circle class=\"point\" cx=\"582.0\" cy=\"446.0\""), "{svg}");
        let mut root = chart(&[(0.0, 10.0), (0.0, 2.5)]);
        root.up_root = true;
        // The root of a quarter is a half: 446 - 205.
        assert!(draw(&root).wide.contains("cy=\"241.0\""));
    }

    #[test]
    fn a_long_name_takes_two_lines_and_loses_no_word() {
        let mut long = chart(&[(0.0, 10.0), (60.0, 3.0)]);
        long.points[0].label = "optimització per a motors de cerca".into();
        let svg = draw(&long).wide;
        assert!(!svg.contains('…'), "{svg}");
        let lines: Vec<&str> = svg.lines().filter(|l| l.contains("optimitz") || l.contains("cerca")).collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
    }

    #[test]
    fn names_are_written_beside_few_points_and_listed_for_many() {
        let few = draw(&chart(&[(0.0, 10.0), (60.0, 3.0)]));
        assert!(few.wide.contains(">skill number 1<") && !few.wide.contains(">1<"));
        // Two numbers at points, two in the list with their names.
        assert!(few.narrow.contains(">skill number 1<") && few.narrow.matches("<text class=\"name").count() == 6);
        let crowd: Vec<(f64, f64)> = (0..60).map(|i| (f64::from(i % 7), f64::from(i) / 6.0)).collect();
        let crowd = draw(&chart(&crowd)).wide;
        assert!((0..60).all(|i| crowd.contains(&format!(">skill number {i}<"))));
        assert_eq!(crowd.matches("<circle").count(), 60);
    }
}
