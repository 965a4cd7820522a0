//! Values with intervals: percentile bootstrap over texts (Efron 1979), Wilson (1927) for plain shares.

use crate::measure::wilson;
use serde::{Deserialize, Serialize};

/// Bootstrap resamples behind every interval.
const RESAMPLES: usize = 1_000;
/// Start of the deterministic generator.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// A value with its 95 % interval, percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Percent with two decimals.
pub(super) fn percent(value: f64) -> f64 {
    (10_000.0 * value).round() / 100.0
}

/// `part / whole`; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `part` of `whole` with Wilson's interval; nothing known of nothing.
pub(super) fn share_estimate(part: u64, whole: u64) -> Estimate {
    let value = share(part, whole);
    let (low, high) = wilson(value, whole as f64);
    Estimate { value: percent(value), low: percent(low), high: percent(high) }
}

/// Mean of every column.
pub(super) fn means<const N: usize>(rows: &[[f64; N]]) -> [Estimate; N] {
    let n = rows.len().max(1) as f64;
    sums(rows, |sum| sum.map(|s| s / n))
}

/// What `of` makes of the columns' sums, for all rows and for resamples of them.
pub(super) fn sums<const N: usize, const M: usize>(
    rows: &[[f64; N]],
    of: impl Fn([f64; N]) -> [f64; M],
) -> [Estimate; M] {
    let add = |mut sum: [f64; N], row: &[f64; N]| {
        sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
        sum
    };
    let values = of(rows.iter().fold([0.0; N], add));
    let mut draws: [Vec<f64>; M] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    resample(rows.len(), |sample| {
        let drawn = of(sample.iter().filter_map(|at| rows.get(*at)).fold([0.0; N], add));
        draws.iter_mut().zip(drawn).for_each(|(list, value)| list.push(value));
    });
    let mut estimates = [Estimate::default(); M];
    for ((estimate, value), list) in estimates.iter_mut().zip(values).zip(draws) {
        *estimate = with_interval(value, list);
    }
    estimates
}

/// Calls `each` with resamples of `0..n` with replacement, always the same ones for the same n (xorshift64).
fn resample(n: usize, mut each: impl FnMut(&[usize])) {
    if n == 0 {
        return;
    }
    let mut state = SEED;
    let mut sample = vec![0; n];
    for _ in 0..RESAMPLES {
        for slot in &mut sample {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // The high bits scaled to 0..n; the bias is below n / 2^32.
            *slot = usize::try_from(((state >> 32) * n as u64) >> 32).unwrap_or_default();
        }
        each(&sample);
    }
}

fn with_interval(value: f64, mut draws: Vec<f64>) -> Estimate {
    draws.sort_unstable_by(f64::total_cmp);
    let percentile = |p: usize| draws.get(draws.len() * p / 1000).copied().unwrap_or(value);
    Estimate { value: percent(value), low: percent(percentile(25)), high: percent(percentile(975)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_lies_inside_its_interval_and_a_constant_has_none() {
        let rows: Vec<[f64; 2]> = (0..100).map(|i| [f64::from(i % 2), 0.25]).collect();
        let [half, constant] = means(&rows);
        assert_eq!((half.value, constant), (50.0, Estimate { value: 25.0, low: 25.0, high: 25.0 }));
        // The normal approximation is 50 +- 9.8.
        assert!((half.low - 40.2).abs() < 2.0 && (half.high - 59.8).abs() < 2.0, "{half:?}");
    }
}
