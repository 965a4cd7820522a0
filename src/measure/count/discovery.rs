//! Many tests at once: how many of the changes called are chance.

use std::f64::consts::SQRT_2;

/// Two-sided p of an estimate over its standard error (normal); an estimate without error is told from 0 or is 0.
pub fn two_sided_p(estimate: f64, error: f64) -> f64 {
    match (estimate == 0.0, error > 0.0) {
        (true, _) => 1.0,
        (false, true) => libm::erfc(estimate.abs() / error / SQRT_2),
        (false, false) => 0.0,
    }
}

/// For each p the least false discovery rate at which it is called: `min over p_(j) >= p of p_(j) m / j` (Benjamini and
/// Hochberg 1995), which holds for tests that are independent or move together (Benjamini and Yekutieli 2001).
pub fn q_values(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    let value = |at: usize| p.get(at).copied().unwrap_or(1.0);
    order.sort_by(|a, b| value(*b).total_cmp(&value(*a)));
    let (count, mut least) = (p.len() as f64, 1f64);
    let mut q = vec![1.0; p.len()];
    for (behind, at) in order.into_iter().enumerate() {
        least = least.min(value(at) * count / (p.len() - behind) as f64);
        if let Some(q) = q.get_mut(at) {
            *q = least;
        }
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.false_discovery_control(p)` of scipy 1.17.1.
    const P: [f64; 10] = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.008, 0.99];
    const Q: [f64; 10] = [
        0.01,
        0.02666666666666667,
        0.07,
        0.07,
        0.07,
        0.08571428571428572,
        0.0925,
        0.22777777777777777,
        0.02666666666666667,
        0.99,
    ];

    #[test]
    fn q_values_are_those_of_scipy() {
        let found = q_values(&P);
        assert!(found.iter().zip(Q).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        assert!(q_values(&[]).is_empty());
        assert_eq!(q_values(&[0.3]), [0.3]);
    }

    /// `2 * scipy.stats.norm.sf(abs(z))`.
    #[test]
    fn p_is_that_of_the_normal_distribution() {
        for (z, p) in [
            (0.5, 0.6170750774519738),
            (1.0, 0.31731050786291415),
            (1.959963984540054, 0.05),
            (3.0, 0.0026997960632601866),
            (8.0, 1.244192114854348e-15),
        ] {
            let found = two_sided_p(-z * 0.25, 0.25);
            assert!((found - p).abs() <= 1e-12 * p, "{z}: {found}");
        }
        assert_eq!((two_sided_p(0.0, 0.0), two_sided_p(0.4, 0.0)), (1.0, 0.0));
    }
}
