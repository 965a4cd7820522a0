//! Which credentials together cover most, and in which order they can be taken.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Most credentials of a pathway.
pub const MOST_STEPS: usize = 6;

/// Points of coverage, per 100 requests, under which one more credential is not worth a step.
pub const LEAST_GAIN_PER_100: u64 = 1;

/// What a credential covers: (skill, millionths), by skill.
pub type Covered = Vec<(u32, u64)>;

/// What credentials together cover, in millionths by skill: of each skill what covers it best.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cover(BTreeMap<u32, u64>);

impl Cover {
    /// Of several credentials.
    pub fn of_all<'a>(all: impl Iterator<Item = &'a Covered>) -> Self {
        let mut cover = Self::default();
        all.for_each(|covered| cover.add(covered));
        cover
    }

    /// Millionths of a skill.
    pub fn of(&self, skill: u32) -> u64 {
        self.0.get(&skill).copied().unwrap_or_default()
    }

    /// One more credential.
    pub fn add(&mut self, covered: &Covered) {
        for (skill, millionths) in covered {
            let best = self.0.entry(*skill).or_default();
            *best = (*best).max(*millionths);
        }
    }

    /// Requests, in millionths, that a credential would cover beyond what is covered.
    fn gain(&self, covered: &Covered, asked: &BTreeMap<u32, u64>) -> u64 {
        let more = |(skill, millionths): &(u32, u64)| {
            asked.get(skill).map_or(0, |count| count * millionths.saturating_sub(self.of(*skill)))
        };
        covered.iter().map(more).sum()
    }
}

/// Whether so many millionths are worth a step, of `asked` requests in all.
fn is_worth_it(millionths: u64, asked: u64) -> bool {
    millionths > 0 && u128::from(millionths) * 100 >= u128::from(asked) * 1_000_000 * u128::from(LEAST_GAIN_PER_100)
}

/// The greedy choice (Chvatal 1979): each time the credential that covers most of the requests left, until one more
/// covers less than a point. `prefer` decides between equal gains. Coverage is monotone and submodular, so `k` picks
/// reach at least `1 - (1 - 1/k)^k > 63 %` of what the best `k` would (Nemhauser, Wolsey and Fisher 1978).
///
/// A pick that later picks made idle is dropped at the end, unless it counts towards another one (`is_wanted`).
pub fn choose(
    covers: &[Covered],
    asked: &BTreeMap<u32, u64>,
    prefer: impl Fn(usize, usize) -> Ordering,
    is_wanted: impl Fn(usize, &[usize]) -> bool,
) -> Vec<usize> {
    let total: u64 = asked.values().sum();
    let mut picked: Vec<usize> = Vec::new();
    let mut cover = Cover::default();
    while picked.len() < MOST_STEPS {
        let gains = covers.iter().map(|covered| cover.gain(covered, asked)).enumerate();
        let best = gains.max_by(|a, b| a.1.cmp(&b.1).then_with(|| prefer(b.0, a.0)));
        let Some((place, _)) = best.filter(|(_, gain)| is_worth_it(*gain, total)) else { break };
        if let Some(covered) = covers.get(place) {
            cover.add(covered);
        }
        picked.push(place);
    }
    let loss = |place: usize, picked: &[usize]| {
        let rest = Cover::of_all(picked.iter().filter(|p| **p != place).filter_map(|p| covers.get(*p)));
        covers.get(place).map_or(0, |covered| rest.gain(covered, asked))
    };
    // The least useful goes first: of two that stand in for each other only one may go.
    loop {
        let losses = picked.iter().filter(|p| !is_wanted(**p, &picked)).map(|p| (loss(*p, &picked), *p));
        let Some((_, idle)) = losses.filter(|(loss, _)| !is_worth_it(*loss, total)).min() else { break };
        picked.retain(|p| *p != idle);
    }
    picked
}

/// The picks in an order of taking: what leads to another one stands before it, then the lower EQF level, then the
/// larger gain. An unknown level is taken for the lowest that is open. A circle of statements is cut where that is least.
pub fn order(
    picked: &[usize],
    level: impl Fn(usize) -> Option<u8>,
    leads_to: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let mut open: Vec<usize> = picked.to_vec();
    let mut ordered = Vec::new();
    while !open.is_empty() {
        let is_free = |place: &usize| !open.iter().any(|other| other != place && leads_to(*other, *place));
        let mut free: Vec<usize> = open.iter().copied().filter(is_free).collect();
        if free.is_empty() {
            free.clone_from(&open);
        }
        let lowest = free.iter().filter_map(|place| level(*place)).min().unwrap_or_default();
        // The first of equal levels was picked first.
        let Some(next) = free.iter().copied().min_by_key(|place| level(*place).unwrap_or(lowest)) else { break };
        ordered.push(next);
        open.retain(|place| *place != next);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(counts: &[(u32, u64)]) -> BTreeMap<u32, u64> {
        counts.iter().copied().collect()
    }

    fn by_place(a: usize, b: usize) -> Ordering {
        a.cmp(&b)
    }

    #[test]
    fn each_pick_covers_most_of_what_is_left_as_worked_out_by_hand() {
        // Requests 50, 30, 15 and 5. Credential 0 covers .8 of 50 and .5 of 30 = 55; 1 all of 30 and 15 = 45; 2 all of 50
        // = 50. After 0: credential 1 adds .5 x 30 + 15 = 30, credential 2 adds .2 x 50 = 10. Then 2 still adds 10.
        let asked = asked(&[(1, 50), (2, 30), (3, 15), (4, 5)]);
        let covers = [vec![(1, 800_000), (2, 500_000)], vec![(2, 1_000_000), (3, 1_000_000)], vec![(1, 1_000_000)]];
        // With 1 and 2 in, 0 adds nothing: it was the best first pick and is idle at the end.
        assert_eq!(choose(&covers, &asked, by_place, |_, _| false), [1, 2]);
        assert_eq!(choose(&covers, &asked, by_place, |place, _| place == 0), [0, 1, 2]);
    }

    #[test]
    fn a_point_is_worth_a_step_and_less_is_not_and_equal_gains_go_to_the_preferred() {
        let asked = asked(&[(1, 98), (2, 1), (3, 1)]);
        let covers = [vec![(1, 1_000_000)], vec![(1, 1_000_000)], vec![(2, 1_000_000)], vec![(3, 999_999)]];
        assert_eq!(choose(&covers, &asked, by_place, |_, _| false), [0, 2]);
        assert_eq!(choose(&covers, &asked, |a, b| b.cmp(&a), |_, _| false), [1, 2]);
        assert_eq!(choose(&covers, &BTreeMap::new(), by_place, |_, _| false), Vec::<usize>::new());
    }

    #[test]
    fn a_pathway_ends_after_six_steps_however_much_is_left() {
        let asked: BTreeMap<u32, u64> = (0..10).map(|skill| (skill, 10)).collect();
        let covers: Vec<Covered> = (0..10).map(|skill| vec![(skill, 1_000_000)]).collect();
        assert_eq!(choose(&covers, &asked, by_place, |_, _| false), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_leads_to_another_stands_before_it_then_the_lower_level_and_circles_end() {
        let levels = [Some(6), Some(5), None, Some(7)];
        let level = |place: usize| levels[place];
        assert_eq!(order(&[0, 1, 2, 3], level, |_, _| false), [1, 0, 2, 3]);
        assert_eq!(order(&[0, 1, 2, 3], level, |a, b| (a, b) == (3, 1)), [0, 2, 3, 1]);
        assert_eq!(order(&[2, 0], |_| None, |_, _| false), [2, 0]);
        assert_eq!(order(&[0, 1], level, |a, b| a != b), [1, 0]);
    }
}
