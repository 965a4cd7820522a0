//! Two shares told apart: an interval for their difference, and the p that goes with it.

use crate::measure::count::discovery::two_sided_p;
use crate::measure::count::intervals::{Estimate, wilson_at};

/// Largest normal quantile looked at; beyond it no p is left to a double.
const FARTHEST: f64 = 40.0;
/// Halvings of the search for a quantile: 40 / 2^60 is under any p's precision.
const HALVINGS: u32 = 60;

/// `p2 - p1` with its 95 % interval by square-and-add of the two intervals (Newcombe 1998, method 10):
/// `d - sqrt((p2 - l2)^2 + (u1 - p1)^2)` to `d + sqrt((u2 - p2)^2 + (p1 - l1)^2)`. It takes the shares as independent.
pub fn difference(before: &Estimate, after: &Estimate) -> (f64, f64, f64) {
    let d = after.share - before.share;
    let down = (after.share - after.low).hypot(before.high - before.share);
    let up = (after.high - after.share).hypot(before.share - before.low);
    (d, d - down, d + up)
}

/// Two-sided p of "no difference": the level at which the interval of [`difference`] just touches 0, so that p and interval
/// never disagree. Both Wilson intervals widen together; their quantile is found by bisection. Scaling the half widths at
/// 95 % instead would be too bold for small p of rare skills.
pub fn p_value(before: &Estimate, after: &Estimate) -> f64 {
    let (upper, lower) = if after.share > before.share { (after, before) } else { (before, after) };
    let distance = upper.share - lower.share;
    if distance <= 0.0 {
        return 1.0;
    }
    let reaches = |z: f64| (upper.share - ends(upper, z).0).hypot(ends(lower, z).1 - lower.share) >= distance;
    let (mut short, mut far) = (0.0, FARTHEST);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(short, far);
        if reaches(middle) {
            far = middle;
        } else {
            short = middle;
        }
    }
    two_sided_p(far, 1.0)
}

/// Wilson's interval at the normal quantile `z`.
fn ends(of: &Estimate, z: f64) -> (f64, f64) {
    wilson_at(of.share, of.effective_n, z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::count::intervals::{Z, wilson};

    fn estimate(asking: u32, n: u32) -> Estimate {
        let share = f64::from(asking) / f64::from(n);
        let (low, high) = wilson(share, f64::from(n));
        Estimate { share, low, high, effective_n: f64::from(n) }
    }

    /// Counts before and after; ends and p of statsmodels 0.15.0:
    /// `confint_proportions_2indep(x2, n2, x1, n1, compare='diff', method='newcomb')`, and the `alpha` at which the end
    /// nearer to 0 is 0, by `scipy.optimize.brentq`. The first row is the first of Newcombe's table II (.0524, .3339).
    const REFERENCE: [([u32; 4], [f64; 3]); 8] = [
        ([48, 80, 56, 70], [0.05243147240236498, 0.33387265403690614, 0.008133140358606829]),
        ([3, 10, 9, 10], [0.1705227239345029, 0.809017973535488, 0.004963401417510244]),
        ([0, 29, 5, 56], [-0.038137147903536936, 0.19256001385511165, 0.11755573067257465]),
        ([98, 1043, 157, 1120], [0.019113809174440215, 0.07321899598734692, 0.0009091863604902441]),
        ([0, 280, 0, 300], [-0.013533818620629415, 0.01264297122454604, 1.0]),
        ([59, 60, 60, 60], [-0.04504920828462422, 0.08855129727590072, 0.36423305288125746]),
        ([5, 1000, 20, 1000], [0.005332326402074171, 0.026066612610402665, 0.0038598997706199255]),
        ([12, 380, 0, 400], [-0.05437864707910406, -0.015126486923900444, 0.0012294205391044106]),
    ];

    #[test]
    fn intervals_and_p_are_those_of_statsmodels() {
        for ([x1, n1, x2, n2], [low, high, p]) in REFERENCE {
            let (before, after) = (estimate(x1, n1), estimate(x2, n2));
            let (d, found_low, found_high) = difference(&before, &after);
            assert!((d - (f64::from(x2) / f64::from(n2) - f64::from(x1) / f64::from(n1))).abs() < 1e-15);
            assert!((found_low - low).abs() < 1e-12, "{x1}/{n1} {x2}/{n2}: {found_low} {low}");
            assert!((found_high - high).abs() < 1e-12, "{x1}/{n1} {x2}/{n2}: {found_high} {high}");
            let found = p_value(&before, &after);
            assert!((found - p).abs() < 1e-7 * p, "{x1}/{n1} {x2}/{n2}: {found} {p}");
            assert_eq!(found.to_bits(), p_value(&after, &before).to_bits(), "p has no direction");
        }
    }

    #[test]
    fn the_intervals_that_widen_are_those_that_are_published() {
        for (asking, n) in [(0, 12), (1, 400), (7, 9), (9, 9)] {
            let one = estimate(asking, n);
            let (low, high) = ends(&one, Z);
            assert!((low - one.low).abs() < 1e-12 && (high - one.high).abs() < 1e-12, "{asking} of {n}");
        }
    }

    #[test]
    fn a_share_of_nothing_is_told_from_no_other_and_a_huge_difference_from_every_chance() {
        let none = Estimate { share: 0.0, low: 0.0, high: 1.0, effective_n: 0.0 };
        assert!(p_value(&none, &estimate(900, 1000)) > 0.999_999);
        assert!(p_value(&estimate(0, 1_000_000), &estimate(1_000_000, 1_000_000)) < 1e-300);
    }
}
