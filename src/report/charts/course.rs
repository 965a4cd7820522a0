//! Courses over time: points with intervals on a shared scale, interrupted where a value is missing and at breaks in
//! series.

use super::axis::{Axis, drawable, ends};
use super::canvas::{Canvas, Spot};
use super::text::{width, wrapped};

/// A value in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    /// The value; none when there is none or it is withheld.
    pub value: Option<f64>,
    /// Ends of its interval.
    pub interval: Option<(f64, f64)>,
}

impl Point {
    fn known(&self) -> Option<f64> {
        self.value.and_then(drawable)
    }
}

/// Every number of these points that an axis has to hold.
pub fn numbers<'a>(points: impl Iterator<Item = &'a Point>) -> impl Iterator<Item = f64> {
    points.flat_map(|point| {
        let known = point.known();
        let (low, high) = known.and(ends(point.interval)).unzip();
        [known, low, high].into_iter().flatten()
    })
}

/// Index and value of the last point that has one.
pub fn last(points: &[Point]) -> Option<(usize, f64)> {
    points.iter().enumerate().rev().find_map(|(i, point)| Some((i, point.known()?)))
}

/// A spot of a course, with the heights of its interval.
type Step = (Spot, Option<(f64, f64)>);

/// Where periods and values stand.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    /// Edge that reading starts at.
    pub left: f64,
    /// The other edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Scale of the values.
    pub axis: Axis,
    /// Number of periods.
    pub periods: usize,
    /// Moves a course aside, so that several with whiskers stand beside each other.
    pub aside: f64,
}

/// First and last period stay off the edges.
const INSET: f64 = 8.0;
/// Font size under the plot.
const TICK: f64 = 12.0;

impl Plot {
    /// Place of a period.
    pub fn x(&self, period: usize) -> f64 {
        match self.periods.saturating_sub(1) {
            0 => f64::midpoint(self.left, self.right),
            steps => self.left + INSET + self.step() * period.min(steps) as f64,
        }
    }

    fn step(&self) -> f64 {
        (self.right - self.left - 2.0 * INSET) / self.periods.saturating_sub(1).max(1) as f64
    }

    /// Place of a value.
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * self.axis.share(value)
    }

    /// Spots of a course, a list for each stretch without a gap or break.
    fn stretches(&self, points: &[Point], breaks: &[usize]) -> Vec<Vec<Step>> {
        let mut out = vec![Vec::new()];
        for (i, point) in points.iter().take(self.periods).enumerate() {
            if breaks.contains(&i) || point.known().is_none() {
                out.push(Vec::new());
            }
            if let (Some(value), Some(stretch)) = (point.known(), out.last_mut()) {
                let interval = ends(point.interval).map(|(low, high)| (self.y(low), self.y(high)));
                stretch.push(((self.x(i) + self.aside, self.y(value)), interval));
            }
        }
        out.retain(|stretch| !stretch.is_empty());
        out
    }

    /// Intervals as a band; as a whisker where a point stands alone.
    pub fn band(&self, canvas: &mut Canvas, class: &str, points: &[Point], breaks: &[usize]) {
        for stretch in self.stretches(points, breaks) {
            for part in stretch.split(|(_, interval)| interval.is_none()) {
                let side = |high: bool| {
                    part.iter().filter_map(move |((x, _), i)| i.map(|(a, b)| (*x, if high { b } else { a })))
                };
                let (low, high): (Vec<Spot>, Vec<Spot>) = (side(false).collect(), side(true).collect());
                match (low.as_slice(), high.as_slice()) {
                    ([low], [high]) => canvas.whisker_up(&format!("whisker {class}"), low.0, low.1, high.1, 4.0),
                    _ => {
                        let around = low.iter().copied().chain(high.iter().rev().copied()).collect();
                        canvas.path(&format!("band {class}"), &[around], true);
                        canvas.path(&format!("edge {class}"), &[low, high], false);
                    }
                }
            }
        }
    }

    /// Intervals as whiskers.
    pub fn whiskers(&self, canvas: &mut Canvas, class: &str, points: &[Point]) {
        for ((x, _), interval) in self.stretches(points, &[]).into_iter().flatten() {
            if let Some((low, high)) = interval {
                canvas.whisker_up(&format!("whisker {class}"), x, low, high, 2.0);
            }
        }
    }

    /// The line, with a mark at every point (or only where one stands alone and at the last).
    pub fn line(&self, canvas: &mut Canvas, shape: usize, points: &[Point], breaks: &[usize], every: bool) {
        let stretches = self.stretches(points, breaks);
        let spots: Vec<Vec<Spot>> = stretches.iter().map(|s| s.iter().map(|(spot, _)| *spot).collect()).collect();
        canvas.path(&format!("trace s{shape}"), &spots, false);
        let last = spots.last().and_then(|stretch| stretch.last()).copied();
        for stretch in &spots {
            for spot in stretch.iter().filter(|spot| every || stretch.len() == 1 || Some(**spot) == last) {
                canvas.mark(shape, &format!("mark s{shape}"), *spot);
            }
        }
    }

    /// Breaks in series: dashed lines before the periods that begin anew, with the mark of official tables.
    pub fn breaks(&self, canvas: &mut Canvas, breaks: &[usize]) {
        for period in breaks.iter().filter(|period| **period > 0 && **period < self.periods) {
            let x = self.x(*period) - self.step() / 2.0;
            canvas.line("break", (x, self.top - 4.0), (x, self.bottom));
            canvas.text("tick", (x, self.top - 8.0), "[b]");
        }
    }

    /// Periods under the plot, counted back from the last one, as many as fit. Returns the height they take.
    pub fn periods(&self, canvas: &mut Canvas, periods: &[String]) -> f64 {
        let longest = periods.iter().map(|p| width(p, TICK)).fold(0.0, f64::max);
        // On two lines only where that lets more of them stand.
        let room = if longest <= self.step() - 8.0 { longest } else { two_lines(periods, longest) } + 1.0;
        let every = ((room + 8.0) / self.step().max(0.1)).ceil().clamp(1.0, 1e6) as usize;
        let (mut most, mut free) = (1, f64::INFINITY);
        let counted = periods.iter().enumerate().take(self.periods).rev();
        for (i, period) in counted.filter(|(i, _)| (self.periods - 1 - i).is_multiple_of(every)) {
            let lines = wrapped(period, room, TICK, 2);
            // A label at the end must not leave the sheet, nor then cover the one before.
            let half = lines.iter().map(|l| width(l, TICK)).fold(0.0, f64::max) / 2.0;
            let x = self.x(i).clamp(half + 2.0, (canvas.width - half - 2.0).max(half + 2.0));
            if x + half + 4.0 > free {
                continue;
            }
            (most, free) = (most.max(lines.len()), x - half);
            canvas.line("base", (self.x(i), self.bottom), (self.x(i), self.bottom + 4.0));
            canvas.lines("tick", (x, self.bottom + 17.0), 13.0, &lines);
        }
        17.0 + 13.0 * most as f64
    }
}

/// The least room in which all of these texts are whole on two lines.
fn two_lines(texts: &[String], longest: f64) -> f64 {
    let whole = |room: f64| texts.iter().all(|text| !wrapped(text, room, TICK, 2).iter().any(|l| l.ends_with('…')));
    let rooms = (5..=20).map(|share| longest * f64::from(share) / 20.0);
    rooms.into_iter().find(|room| whole(*room)).unwrap_or(longest).clamp(24.0, 150.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::canvas::Size;

    const PLOT: Plot = Plot {
        left: 92.0,
        right: 308.0,
        top: 0.0,
        bottom: 100.0,
        axis: Axis { low: 0.0, high: 10.0, step: 5.0 },
        periods: 5,
        aside: 0.0,
    };

    fn points(values: [Option<f64>; 5]) -> Vec<Point> {
        values.into_iter().map(|value| Point { value, interval: value.map(|v| (v - 1.0, v + 1.0)) }).collect()
    }

    #[test]
    fn a_course_is_interrupted_where_a_value_is_missing_and_at_a_break() {
        // 200 px for four steps from x = 100; 10 px for one of the value.
        let full = points([Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0)]);
        let spots = |points: &[Point], breaks: &[usize]| -> Vec<Vec<Spot>> {
            PLOT.stretches(points, breaks).into_iter().map(|s| s.into_iter().map(|(spot, _)| spot).collect()).collect()
        };
        assert_eq!(
            spots(&full, &[3]),
            [vec![(100.0, 90.0), (150.0, 80.0), (200.0, 70.0)], vec![(250.0, 60.0), (300.0, 50.0)],]
        );
        let gap = points([Some(1.0), None, Some(f64::NAN), Some(4.0), Some(5.0)]);
        assert_eq!(spots(&gap, &[]), [vec![(100.0, 90.0)], vec![(250.0, 60.0), (300.0, 50.0)]]);
        assert!(spots(&points([None; 5]), &[0, 2]).is_empty());
    }

    #[test]
    fn a_break_is_a_dashed_line_between_its_periods_with_the_mark_of_official_tables() {
        let mut canvas = Canvas::new(Size::Narrow, false);
        PLOT.breaks(&mut canvas, &[3, 0, 9]);
        let svg = canvas.finish(&crate::report::charts::About::default(), 9.0);
        assert_eq!(svg.matches("<line class=\"break\" x1=\"225.0\"").count(), 1, "{svg}");
        assert_eq!(svg.matches(">[b]<").count(), 1);
    }
}
