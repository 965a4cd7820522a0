//! Calibration: whether a score of 0.7 is right seven times in ten, over everything that is returned.

use super::estimate::{Estimate, percent, share, sums};
use serde::{Deserialize, Serialize};

/// Bins of equal width.
const BINS: usize = 10;
/// Columns of a text: per bin count, sum of scores, right; then the sum of squared errors.
const COLUMNS: usize = 3 * BINS + 1;

/// One bin of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Lower end of the scores, percent.
    pub from: f64,
    /// Links with such a score.
    pub n: u64,
    /// Mean of their scores, percent.
    pub mean_score: f64,
    /// Share of them that is right, percent.
    pub right_share: f64,
}

/// How far scores are from probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Links with a score.
    pub n: u64,
    /// Expected calibration error (Naeini et al. 2015): mean over links of |mean score - share right| of their bin, x 100.
    /// Resampling adds noise to every bin, so its interval leans upwards.
    pub expected_error: Estimate,
    /// Brier score (1950): mean squared difference of score and right (1) or wrong (0), x 100.
    pub brier: Estimate,
    /// The bins that hold links.
    pub bins: Vec<Bin>,
}

/// A score between 0 and 1 and whether its link is right.
pub(super) type Scored = (f64, bool);

/// Calibration of the links of each text; none without links.
pub(super) fn calibration(texts: &[Vec<Scored>]) -> Option<Calibration> {
    let rows: Vec<[f64; COLUMNS]> = texts.iter().map(|links| row(links)).collect();
    let mut total = [0.0; COLUMNS];
    rows.iter().for_each(|row| total.iter_mut().zip(row).for_each(|(sum, x)| *sum += x));
    let n = texts.iter().map(Vec::len).sum::<usize>() as u64;
    if n == 0 {
        return None;
    }
    let [expected_error, brier] = sums(&rows, errors);
    let bins =
        bins(&total).enumerate().filter(|(_, [count, ..])| *count > 0.0).map(|(at, [count, scores, right])| Bin {
            from: percent(share(at as u64, BINS as u64)),
            n: count as u64,
            mean_score: percent(scores / count),
            right_share: percent(right / count),
        });
    Some(Calibration { n, expected_error, brier, bins: bins.collect() })
}

fn row(links: &[Scored]) -> [f64; COLUMNS] {
    let mut row = [0.0; COLUMNS];
    for (score, right) in links {
        let right = f64::from(u8::from(*right));
        let bin = ((score * BINS as f64) as usize).min(BINS - 1);
        row[3 * bin] += 1.0;
        row[3 * bin + 1] += score;
        row[3 * bin + 2] += right;
        row[COLUMNS - 1] += (score - right).powi(2);
    }
    row
}

/// Count, sum of scores and right of every bin.
fn bins(sums: &[f64; COLUMNS]) -> impl Iterator<Item = [f64; 3]> {
    sums.as_chunks::<3>().0.iter().copied()
}

/// Expected calibration error and Brier score of summed columns.
fn errors(sums: [f64; COLUMNS]) -> [f64; 2] {
    let n = bins(&sums).map(|[count, ..]| count).sum::<f64>().max(1.0);
    // n_b / n * |scores_b / n_b - right_b / n_b|
    let gap: f64 = bins(&sums).map(|[_, scores, right]| (scores - right).abs()).sum();
    [gap / n, sums[COLUMNS - 1] / n]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibration_is_what_a_hand_count_says() {
        // Bin 0.9: scores .95, .95, 1.0, one wrong; bin 0.2: .25 wrong, .21 right.
        let texts = [vec![(0.95, true), (0.95, false)], vec![(1.0, true), (0.25, false)], vec![(0.21, true)], vec![]];
        let found = calibration(&texts).unwrap();
        // |2.9 - 2| + |0.46 - 1| = 1.44, over 5 links.
        assert_eq!((found.n, found.expected_error.value), (5, 28.8));
        // .0025 + .9025 + 0 + .0625 + .6241 = 1.5916, over 5 links.
        assert_eq!(found.brier.value, 31.83);
        let shown: Vec<_> = found.bins.iter().map(|b| (b.from, b.n, b.mean_score, b.right_share)).collect();
        assert_eq!(shown, [(20.0, 2, 23.0, 50.0), (90.0, 3, 96.67, 66.67)]);
        assert!(calibration(&[vec![]]).is_none());
    }
}
