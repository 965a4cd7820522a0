//! How strongly skills are asked for together, every employer counting once.

use crate::measure::count::discovery::two_sided_p;
use crate::measure::count::frames::{pack, unpack};
use crate::measure::count::mentions::Asked;
use crate::measure::count::window::Window;

/// Fewest postings that ask for both.
pub const LEAST_SHARED: u64 = 10;

/// The employers of a window; each weighs 1, shared out evenly over its postings.
pub struct Crowd<'a> {
    window: &'a Window,
    /// Postings by employer code; 0 = a code nobody has.
    sizes: Vec<u32>,
    /// Employers, an unknown one being one of its own.
    pub count: u64,
}

/// Postings that ask for two things at once, by employer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Together {
    /// Postings.
    pub postings: u64,
    /// Known employers.
    pub employers: u64,
    /// Employers, known and unknown.
    pub clusters: u64,
    /// Sum over employers of the share of its postings that ask for both.
    sum: f64,
    /// Sum of the squares of these shares.
    squares: f64,
}

/// Association of two things.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// Normalised pointwise mutual information above chance, 0..=1.
    pub strength: f64,
    /// Two-sided p of as much by chance.
    pub p: f64,
}

impl Together {
    fn add(&mut self, asking: u32, size: u32, is_known: bool) {
        let share = f64::from(asking) / f64::from(size.max(1));
        self.postings += u64::from(asking);
        self.employers += u64::from(is_known);
        self.clusters += 1;
        self.sum += share;
        self.squares += share * share;
    }
}

impl<'a> Crowd<'a> {
    /// Counts postings by employer.
    pub fn new(window: &'a Window) -> Self {
        let mut sizes = vec![0; window.employer_count as usize + window.rows.len()];
        for row in &window.rows {
            if let Some(size) = sizes.get_mut(row.employer as usize) {
                *size += 1;
            }
        }
        let count = sizes.iter().filter(|s| **s > 0).count() as u64;
        Self { window, sizes, count }
    }

    fn size(&self, employer: u32) -> u32 {
        self.sizes.get(employer as usize).copied().unwrap_or_default()
    }

    fn employer_of(&self, row: u32) -> u32 {
        self.window.rows.get(row as usize).map_or(u32::MAX, |r| r.employer)
    }

    /// Mean over employers of the share of its postings that are among `rows`, 0..=1.
    pub fn mean_share(&self, rows: impl Iterator<Item = u32>) -> f64 {
        let weights = rows.map(|row| 1.0 / f64::from(self.size(self.employer_of(row)).max(1)));
        weights.sum::<f64>() / (self.count as f64).max(1.0)
    }

    /// Adds up rows that ask for both of two things; `tally` is empty before and after.
    pub fn together(&self, rows: impl Iterator<Item = u32>, tally: &mut Tally) -> Together {
        let mut sum = Together::default();
        for row in rows {
            tally.add(self.employer_of(row) as usize);
        }
        tally.drain(|employer, asking| {
            let employer = employer as u32;
            sum.add(asking, self.size(employer), self.window.is_known(employer));
        });
        sum
    }

    /// An empty tally by employer.
    pub fn tally(&self) -> Tally {
        Tally::new(self.sizes.len())
    }

    /// Co-occurrence of every pair of `skills`, in the order of [`place_of`].
    pub fn pairs(&self, skills: &[u32], asked: &Asked) -> Vec<Together> {
        let mut sums = vec![Together::default(); pair_count(skills.len())];
        let mut tally = Tally::new(sums.len());
        let mut order: Vec<u64> = (0..).zip(&self.window.rows).map(|(row, r)| pack(r.employer, row)).collect();
        order.sort_unstable();
        let asking = by_row(skills, asked);
        let mut rest = order.as_slice();
        while let Some(employer) = rest.first().map(|key| unpack(*key).0) {
            let (own, others) = rest.split_at(rest.partition_point(|key| unpack(*key).0 == employer));
            rest = others;
            for row in own.iter().map(|key| unpack(*key).1) {
                let start = asking.partition_point(|key| unpack(*key).0 < row);
                let places = asking.get(start..).unwrap_or_default();
                let places = places.iter().map(|key| unpack(*key)).take_while(|(r, _)| *r == row).map(|(_, p)| p);
                let places: Vec<usize> = places.map(|p| p as usize).collect();
                for (at, one) in places.iter().enumerate() {
                    for other in places.iter().skip(at + 1) {
                        tally.add(place_of(*one, *other, skills.len()));
                    }
                }
            }
            let (size, is_known) = (self.size(employer), self.window.is_known(employer));
            tally.drain(|pair, asking| {
                if let Some(sum) = sums.get_mut(pair) {
                    sum.add(asking, size, is_known);
                }
            });
        }
        sums
    }

    /// Association of two things with mean shares `one` and `other`; absent when they are together no more often than
    /// chance has it.
    ///
    /// `ln(p_ab / (p_a p_b)) / -ln p_ab` (Bouma 2009). Its p is that of `ln(p_ab / (p_a p_b))` over `SE(p_ab) / p_ab`, over
    /// employers: a template of one employer is one observation, and cannot be told from chance.
    pub fn tie(&self, together: &Together, one: f64, other: f64) -> Option<Tie> {
        let count = self.count as f64;
        if self.count < 2 || together.clusters < 2 {
            return None;
        }
        let (both, chance) = (together.sum / count, one * other);
        if both <= chance || chance <= 0.0 {
            return None;
        }
        let variance = (together.squares / count - both * both).max(0.0) / (count - 1.0);
        // Where every posting asks for both, nothing is known of the one without the other.
        let strength = if both >= 1.0 { 0.0 } else { (both / chance).ln() / -both.ln() };
        Some(Tie { strength: strength.clamp(0.0, 1.0), p: two_sided_p((both / chance).ln(), variance.sqrt() / both) })
    }
}

/// (row, place in `skills`), packed and sorted.
fn by_row(skills: &[u32], asked: &Asked) -> Vec<u64> {
    let rows_of = |skill: &u32| asked.pairs_of(*skill).iter().map(|pair| unpack(*pair).1);
    let mut asking: Vec<u64> =
        (0..).zip(skills).flat_map(|(place, skill)| rows_of(skill).map(move |row| pack(row, place))).collect();
    asking.sort_unstable();
    asking
}

/// Pairs of `count` things.
pub fn pair_count(count: usize) -> usize {
    count * count.saturating_sub(1) / 2
}

/// Place of the pair of `one` and `other`, `one < other < count`, in the upper triangle row by row.
pub fn place_of(one: usize, other: usize, count: usize) -> usize {
    pair_count(count) - pair_count(count - one) + other - one - 1
}

/// Counts by code that are cheap to empty.
pub struct Tally {
    counts: Vec<u32>,
    touched: Vec<usize>,
}

impl Tally {
    fn new(length: usize) -> Self {
        Self { counts: vec![0; length], touched: Vec::new() }
    }

    fn add(&mut self, code: usize) {
        if let Some(count) = self.counts.get_mut(code) {
            if *count == 0 {
                self.touched.push(code);
            }
            *count += 1;
        }
    }

    /// Gives each code with its count, in the order they were met.
    fn drain(&mut self, mut visit: impl FnMut(usize, u32)) {
        for code in self.touched.drain(..) {
            if let Some(count) = self.counts.get_mut(code) {
                visit(code, std::mem::take(count));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_lie_in_the_upper_triangle_row_by_row() {
        let places: Vec<usize> =
            (0..4).flat_map(|one| (one + 1..4).map(move |other| place_of(one, other, 4))).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 5]);
        assert_eq!((pair_count(0), pair_count(1), pair_count(4)), (0, 0, 6));
    }

    #[test]
    fn a_tie_is_the_mutual_information_above_chance_with_an_error_over_employers() {
        let window = Window::default();
        let crowd = |count| Crowd { window: &window, sizes: Vec::new(), count };
        let mut together = Together::default();
        [(2, 4), (1, 4), (4, 4), (3, 4)].into_iter().for_each(|(asking, size)| together.add(asking, size, true));
        assert_eq!((together.postings, together.employers, together.clusters), (10, 4, 4));
        // numpy and scipy: p_ab = 2.5 / 20, p_a p_b = .06, variance (1.875 / 20 - p_ab^2) / 19.
        let tie = crowd(20).tie(&together, 0.3, 0.2).unwrap();
        assert!((tie.strength - 0.352_964_563_018).abs() < 1e-9 && (tie.p - 0.152_496_338_381).abs() < 1e-9, "{tie:?}");
        // No more often than chance has it, or a chance of nothing.
        assert_eq!([(0.5, 0.25), (0.5, 0.3), (0.0, 0.3)].map(|(a, b)| crowd(20).tie(&together, a, b)), [None; 3]);
        // One employer is one observation, and of one employer nothing is told.
        assert_eq!(crowd(1).tie(&together, 0.3, 0.2), None);
        assert_eq!(crowd(20).tie(&Together { clusters: 1, ..together }, 0.3, 0.2), None);
        assert!(crowd(20).tie(&Together { clusters: 2, ..together }, 0.3, 0.2).is_some());
        let two = Together { clusters: 2, sum: 1.5, squares: 1.25, ..together };
        assert!(crowd(2).tie(&two, 0.5, 0.5).is_some());
        // All postings ask for both.
        let all = Together { clusters: 20, sum: 20.0, squares: 20.0, ..together };
        assert_eq!(crowd(20).tie(&all, 0.9, 0.9).map(|t| (t.strength, t.p)), Some((0.0, 0.0)));
    }

    #[test]
    fn a_tally_gives_each_code_once_with_its_count_and_is_empty_afterwards() {
        let mut tally = Tally::new(5);
        [3, 1, 3, 4, 3].into_iter().for_each(|code| tally.add(code));
        let drained = |tally: &mut Tally| {
            let mut seen = Vec::new();
            tally.drain(|code, count| seen.push((code, count)));
            seen
        };
        assert_eq!(drained(&mut tally), [(3, 3), (1, 1), (4, 1)]);
        tally.add(1);
        assert_eq!(drained(&mut tally), [(1, 1)]);
    }
}
