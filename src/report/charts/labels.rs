//! Labels that do not cover each other: boxes pushed apart along one line, or placed around points of a field.

use super::canvas::Spot;

/// A box on the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Edge that reading starts at.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Area {
    /// Whether two boxes share any place.
    pub fn meets(&self, other: &Area) -> bool {
        self.left < other.left + other.width
            && other.left < self.left + self.width
            && self.top < other.top + other.height
            && other.top < self.top + self.height
    }

    /// Whether it lies in another.
    pub fn within(&self, outer: &Area) -> bool {
        self.left >= outer.left
            && self.top >= outer.top
            && self.left + self.width <= outer.left + outer.width
            && self.top + self.height <= outer.top + outer.height
    }

    fn holds(&self, spot: Spot) -> bool {
        spot.0 >= self.left
            && spot.0 <= self.left + self.width
            && spot.1 >= self.top
            && spot.1 <= self.top + self.height
    }

    fn nearest(&self, to: Spot) -> Spot {
        (to.0.clamp(self.left, self.left + self.width), to.1.clamp(self.top, self.top + self.height))
    }

    /// Where its text is anchored, so that it touches the side that looks at a point however wide it comes out, and the
    /// class that says so.
    pub fn anchor(&self, point: Spot) -> (f64, &'static str) {
        if self.left >= point.0 {
            (self.left, "")
        } else if self.left + self.width <= point.0 {
            (self.left + self.width, " end")
        } else {
            (self.left + self.width / 2.0, " middle")
        }
    }

    /// Where a line from a point reaches its text.
    pub fn door(&self, point: Spot) -> Spot {
        (self.anchor(point).0, self.nearest(point).1)
    }
}

/// Middles of boxes (wanted middle, height) between `low` and `high`, in their order, as near to where they are wanted as
/// they can be without meeting. Boxes that need more than the room go on past `high`.
pub fn spread(wanted: &[(f64, f64)], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let at = |i: usize| wanted.get(i).copied().unwrap_or_default();
    order.sort_by(|a, b| at(*a).0.total_cmp(&at(*b).0));
    // Boxes that meet become a block, which stands where its members want it on average.
    let mut blocks: Vec<Block> = Vec::new();
    for i in order {
        let (middle, height) = at(i);
        let mut block = Block { members: vec![i], height, top: (middle - height / 2.0).min(high - height).max(low) };
        while let Some(before) = blocks.pop_if(|before| before.top + before.height > block.top) {
            block = before.joined(block, low, high);
        }
        blocks.push(block);
    }
    let mut middles = vec![low; wanted.len()];
    for block in blocks {
        let mut top = block.top;
        for i in block.members {
            let height = at(i).1;
            if let Some(middle) = middles.get_mut(i) {
                *middle = top + height / 2.0;
            }
            top += height;
        }
    }
    middles
}

/// Boxes without a gap between them.
struct Block {
    members: Vec<usize>,
    height: f64,
    top: f64,
}

impl Block {
    fn joined(self, below: Block, low: f64, high: f64) -> Block {
        let (m, n) = (self.members.len() as f64, below.members.len() as f64);
        let height = self.height + below.height;
        // Tops that both wanted for the joint block, by their members.
        let wanted = (self.top * m + (below.top - self.height) * n) / (m + n);
        let members = self.members.into_iter().chain(below.members).collect();
        Block { members, height, top: wanted.min(high - height).max(low) }
    }
}

/// A label beside its point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Box of the text.
    pub area: Area,
    /// So far from its point that a line has to lead to it.
    pub led: bool,
}

/// Distances from a point to its label: beside it, then further and with a line to it.
const DISTANCES: [f64; 5] = [8.0, 16.0, 28.0, 42.0, 60.0];
/// Eighths of half a turn in the order they are tried: beside the point first.
const TURNS: [f64; 16] = [0.0, 8.0, 1.0, -1.0, 7.0, -7.0, 2.0, -2.0, 6.0, -6.0, 3.0, -3.0, 5.0, -5.0, 4.0, -4.0];
/// From a point to a label that is moved up or down beside it, as the points of a crowded column need.
const BESIDE: [f64; 3] = [18.0, 28.0, 44.0];
/// Steps of that move, and how many of them.
const MOVE: f64 = 8.0;
const MOVES: i32 = 20;
/// Closer than this a line would touch a point.
const TOUCH: f64 = 5.0;
/// Closer than this a label would seem to name a point that is not its own.
const FOREIGN: f64 = 7.5;

/// Where lines to labels may run; the strictest rule is tried first.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Lines {
    Apart,
    OffLabels,
    Anywhere,
}

/// What is already on the field.
struct Taken<'a> {
    points: &'a [Spot],
    boxes: Vec<Area>,
    leaders: Vec<Spot>,
}

impl Taken<'_> {
    fn clear(&self, own: usize, area: &Area) -> bool {
        let near = |(i, point): (usize, &Spot)| {
            let (x, y) = area.nearest(*point);
            (x - point.0).hypot(y - point.1) < if i == own { TOUCH } else { FOREIGN }
        };
        !self.boxes.iter().any(|other| other.meets(area))
            && !self.points.iter().enumerate().any(near)
            && !self.leaders.iter().any(|spot| area.holds(*spot))
    }

    /// Whether the line from a point to its label crosses no label and, if it has to be `apart`, no point and no other
    /// line either.
    fn free(&self, own: usize, point: Spot, area: &Area, apart: bool) -> bool {
        let far = |a: &Spot, b: &Spot, least: f64| (a.0 - b.0).hypot(a.1 - b.1) >= least;
        leader(point, area).iter().all(|spot| {
            let alone = || {
                self.points.iter().enumerate().all(|(i, other)| i == own || far(other, spot, TOUCH - 0.5))
                    && self.leaders.iter().all(|other| far(other, spot, 2.5))
            };
            !self.boxes.iter().any(|other| other.holds(*spot)) && (!apart || alone())
        })
    }

    fn take(&mut self, point: Spot, placed: Placed) {
        self.boxes.push(placed.area);
        if placed.led {
            self.leaders.extend(leader(point, &placed.area));
        }
    }
}

/// Places labels (width, height) around their points, clear of each other, of all points, of `taken` and of the lines
/// that lead to labels; such lines cross each other only where there is no other way. `None` at a label for which there is
/// no room.
pub fn around(points: &[Spot], sizes: &[(f64, f64)], field: Area, taken: &[Area]) -> Vec<Option<Placed>> {
    let mut taken = Taken { points, boxes: taken.to_vec(), leaders: Vec::new() };
    let mut placed: Vec<Option<Placed>> = vec![None; points.len()];
    // From above to below, so that the labels of a crowded column stand in its order.
    let mut order: Vec<usize> = (0..points.len()).collect();
    let height = |i: &usize| points.get(*i).map_or(0.0, |p| p.1);
    order.sort_by(|a, b| height(a).total_cmp(&height(b)));
    for rule in [Lines::Apart, Lines::OffLabels, Lines::Anywhere] {
        for &i in &order {
            let (Some(point), Some(size), Some(place @ None)) = (points.get(i), sizes.get(i), placed.get_mut(i)) else {
                continue;
            };
            let fits = |c: &Placed| {
                c.area.within(&field)
                    && taken.clear(i, &c.area)
                    && (!c.led || rule == Lines::Anywhere || taken.free(i, *point, &c.area, rule == Lines::Apart))
            };
            *place = candidates(*point, *size).find(fits);
            if rule == Lines::Anywhere && place.is_none() {
                *place = anywhere(field, *size).find(fits);
            }
            if let Some(found) = *place {
                taken.take(*point, found);
            }
        }
    }
    placed
}

/// Boxes for a label all over the field, for one that finds no room near its point.
fn anywhere(field: Area, (width, height): (f64, f64)) -> impl Iterator<Item = Placed> {
    let steps = |room: f64| 0..=(room / MOVE).clamp(0.0, 200.0) as usize;
    steps(field.height).flat_map(move |down| {
        steps(field.width).map(move |across| {
            let (left, top) = (field.left + MOVE * across as f64, field.top + MOVE * down as f64);
            Placed { area: Area { left, top, width, height }, led: true }
        })
    })
}

/// Boxes for a label, the best first.
fn candidates(point: Spot, (width, height): (f64, f64)) -> impl Iterator<Item = Placed> {
    let ring = move |(ring, distance): (usize, f64)| {
        TURNS.into_iter().map(move |turn| {
            let angle = turn * std::f64::consts::FRAC_PI_8;
            let anchor = (point.0 + distance * angle.cos(), point.1 - distance * angle.sin());
            // The box touches its anchor with the side that looks at the point.
            let left = anchor.0 - width * (1.0 - angle.cos().clamp(-0.4, 0.4) / 0.4) / 2.0;
            let top = anchor.1 - height * (1.0 + angle.sin()) / 2.0;
            Placed { area: Area { left, top, width, height }, led: ring > 0 }
        })
    };
    let moved = move |step: i32| {
        let top = point.1 - height / 2.0 + MOVE * f64::from(step);
        BESIDE
            .into_iter()
            .flat_map(move |beside| [point.0 + beside, point.0 - beside - width])
            .map(move |left| Placed { area: Area { left, top, width, height }, led: true })
    };
    let rings = DISTANCES.into_iter().enumerate().flat_map(ring);
    rings.chain((1..=MOVES).flat_map(|step| [step, -step]).flat_map(moved))
}

/// Places along the line from a point to its label.
fn leader(point: Spot, area: &Area) -> Vec<Spot> {
    let end = area.door(point);
    let length = (end.0 - point.0).hypot(end.1 - point.1);
    let steps = (length / 3.0).ceil().clamp(1.0, 200.0) as usize;
    let share = |i: usize| i as f64 / steps as f64;
    // Near its own point it is as good as that point, which may touch another.
    let away = (0..steps).map(share).filter(|s| s * length > 6.0);
    away.map(|s| (point.0 + (end.0 - point.0) * s, point.1 + (end.1 - point.1) * s)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_that_would_meet_share_the_shift() {
        // Two boxes of 10 wanted at 50 and 52 stand 10 apart around 51.
        assert_eq!(spread(&[(52.0, 10.0), (50.0, 10.0), (90.0, 10.0)], 0.0, 100.0), [56.0, 46.0, 90.0]);
        assert_eq!(spread(&[(-5.0, 10.0), (200.0, 10.0)], 0.0, 100.0), [5.0, 95.0]);
    }

    proptest! {
        #[test]
        fn spread_labels_never_meet(wanted in prop::collection::vec((-50.0..400.0f64, 5.0..40.0f64), 0..12)) {
            let room = wanted.iter().map(|w| w.1).sum::<f64>().max(200.0);
            let middles = spread(&wanted, 0.0, room);
            let mut boxes: Vec<_> = middles.iter().zip(&wanted).map(|(m, w)| (m - w.1 / 2.0, m + w.1 / 2.0)).collect();
            boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
            prop_assert!(boxes.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 1e-6), "{boxes:?}");
            prop_assert!(boxes.iter().all(|b| b.0 >= -1e-6 && b.1 <= room + 1e-6), "{boxes:?}");
        }

        #[test]
        fn labels_around_points_never_meet_each_other_or_a_point(
            points in prop::collection::vec((0.0..500.0f64, 0.0..300.0f64), 0..40)
        ) {
            let field = Area { left: 0.0, top: 0.0, width: 500.0, height: 300.0 };
            let sizes: Vec<_> = (0..points.len()).map(|i| (20.0 + 7.0 * (i % 9) as f64, 14.0)).collect();
            let placed: Vec<Area> =
                around(&points, &sizes, field, &[]).into_iter().flatten().map(|p| p.area).collect();
            for (i, a) in placed.iter().enumerate() {
                prop_assert!(a.within(&field));
                prop_assert!(placed.iter().skip(i + 1).all(|b| !a.meets(b)));
                prop_assert!(!points.iter().any(|p| a.holds(*p)));
            }
            // Forty labels take a tenth of the field.
            prop_assert!(placed.len() == points.len());
        }
    }
}
