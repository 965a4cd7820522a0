//! Finds the least of a smooth convex function of a few numbers, some of which may not fall under 0: accelerated
//! projected gradient (Beck and Teboulle 2009) whose steps adapt, restarted where it overshoots (O'Donoghue and Candès
//! 2015). The same input gives the same numbers.

/// Steps at most.
const STEPS: usize = 2_000;
/// Steepest slope that is left, on numbers of the size of 1.
const LEVEL: f64 = 2e-5;
/// Share of a value that may be rounding.
const ROUNDING: f64 = 1e-7;
/// Factors of the assumed curvature: after a step too long, and after each that was not.
const STEEPER: f64 = 2.0;
const FLATTER: f64 = 0.95;
/// Curvature no sensible function has: there is no way down.
const STEEPEST: f64 = 1e12;

/// Value and gradient at a point.
pub(super) type Slope = (f64, Vec<f64>);

/// The point from `start` on where `slope` is least; numbers that `is_bounded` stay at 0 or above.
pub(super) fn least(start: Vec<f64>, is_bounded: impl Fn(usize) -> bool, slope: impl Fn(&[f64]) -> Slope) -> Vec<f64> {
    let (mut at, mut ahead, mut momentum, mut curvature) = (start.clone(), start, 1f64, 1f64);
    let mut height = f64::INFINITY;
    for _ in 0..STEPS {
        let here = slope(&ahead);
        let (next, reached) = loop {
            let step = stepped(&ahead, &here.1, curvature, &is_bounded);
            let reached = slope(&step).0;
            if reached <= promised(&ahead, &here, &step, curvature) || curvature > STEEPEST {
                break (step, reached);
            }
            curvature *= STEEPER;
        };
        if reached > height + ROUNDING * height.abs() {
            // Overshot: again from the last point, without momentum.
            (ahead, momentum, height) = (at.clone(), 1.0, f64::INFINITY);
            continue;
        }
        let steepest =
            next.iter().zip(&ahead).map(|(next, ahead)| curvature * (next - ahead).abs()).fold(0.0, f64::max);
        let later = f64::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt());
        let carry = (momentum - 1.0) / later;
        ahead = next.iter().zip(&at).map(|(next, at)| next + carry * (next - at)).collect();
        (at, momentum, height) = (next, later, reached);
        if steepest < LEVEL {
            break;
        }
        curvature *= FLATTER;
    }
    at
}

/// A step down from a point.
fn stepped(from: &[f64], gradient: &[f64], curvature: f64, is_bounded: impl Fn(usize) -> bool) -> Vec<f64> {
    let moved = from.iter().zip(gradient).map(|(x, g)| x - g / curvature);
    moved.enumerate().map(|(k, x)| if is_bounded(k) { x.max(0.0) } else { x }).collect()
}

/// The most a step reaches if the function curves no more than assumed.
fn promised(from: &[f64], (value, gradient): &Slope, to: &[f64], curvature: f64) -> f64 {
    let parts = from.iter().zip(gradient).zip(to).map(|((from, g), to)| {
        let by = to - from;
        by * g + curvature / 2.0 * by * by
    });
    value + parts.sum::<f64>() + ROUNDING * value.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sum c_k (x_k - m_k)^2 / 2`, whose curvatures differ a thousandfold.
    fn bowl(at: &[f64]) -> Slope {
        let (curves, mids) = ([1.0, 30.0, 1_000.0], [2.0, -3.0, 0.5]);
        let off: Vec<f64> = at.iter().zip(mids).map(|(x, m)| x - m).collect();
        let height = off.iter().zip(curves).map(|(x, c)| c * x * x / 2.0).sum();
        (height, off.iter().zip(curves).map(|(x, c)| c * x).collect())
    }

    #[test]
    fn the_bottom_of_a_narrow_valley_is_found() {
        let found = least(vec![0.0; 3], |_| false, bowl);
        assert!(found.iter().zip([2.0, -3.0, 0.5]).all(|(x, y)| (x - y).abs() < 1e-4), "{found:?}");
    }

    #[test]
    fn a_number_that_may_not_be_negative_stays_at_nought() {
        let found = least(vec![0.0; 3], |k| k == 1, bowl);
        assert!((found[0] - 2.0).abs() < 1e-4 && found[1].abs() < 1e-12 && (found[2] - 0.5).abs() < 1e-4, "{found:?}");
    }
}
