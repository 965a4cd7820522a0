//! How sure a share is when postings of one employer are alike.

/// Quantile .975 of the standard normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// What a cell's postings add up to, by employer. An unknown employer is a cluster of one posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clusters {
    /// Postings, `sum n_g`.
    pub base: u64,
    /// Employers, known and unknown.
    pub count: u64,
    /// `sum n_g^2`.
    pub squares: u64,
}

/// What the postings that ask for a skill add up to, by employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asking {
    /// Postings that ask, `sum x_g`.
    pub count: u64,
    /// `sum x_g^2`.
    pub squares: u64,
    /// `sum x_g n_g`.
    pub products: u64,
}

/// Design effect of a share: variance of the ratio estimator over employers (Taylor linearisation, with `G / (G - 1)`)
/// against that of a simple binomial share; at least 1. Absent when all, none, or a single employer cannot show it.
pub fn design_effect(asking: Asking, cell: Clusters) -> Option<f64> {
    if cell.count < 2 || asking.count == 0 || asking.count >= cell.base {
        return None;
    }
    let (base, groups) = (cell.base as f64, cell.count as f64);
    let share = asking.count as f64 / base;
    let spread = asking.squares as f64 - 2.0 * share * asking.products as f64 + share * share * cell.squares as f64;
    let clustered = groups / (groups - 1.0) * spread / (base * base);
    Some((clustered / (share * (1.0 - share) / base)).max(1.0))
}

/// Design effect if all postings of an employer were the same (Kish, full intra-cluster correlation): the cautious one.
pub fn worst_design_effect(cell: Clusters) -> f64 {
    if cell.base == 0 { 1.0 } else { (cell.squares as f64 / cell.base as f64).max(1.0) }
}

/// Postings an interval rests on: `n / deff`, cut further when there are few employers to estimate `deff` from
/// (Korn and Graubard 1998: times the square of `t(n - 1) / t(G - 1)`).
pub fn effective_n(cell: Clusters, deff: f64) -> f64 {
    if cell.base == 0 {
        return 0.0;
    }
    let base = cell.base as f64;
    (base / deff.max(1.0) * few_clusters(cell)).min(base)
}

/// What few employers leave of an effective n: `(t(n - 1) / t(G - 1))^2`, at most 1.
pub fn few_clusters(cell: Clusters) -> f64 {
    let few = t975(cell.base.saturating_sub(1)) / t975(cell.count.saturating_sub(1));
    (few * few).min(1.0)
}

/// Quantile .975 of Student's t (Cornish-Fisher expansion; exact values where that is coarse).
fn t975(freedom: u64) -> f64 {
    const FEW: [f64; 5] = [12.706_204_736, 12.706_204_736, 4.302_652_730, 3.182_446_305, 2.776_445_105];
    if let Some(exact) = usize::try_from(freedom).ok().and_then(|i| FEW.get(i)) {
        return *exact;
    }
    let (z, v) = (Z, freedom as f64);
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / v + second / v.powi(2) + third / v.powi(3)
}

/// 95 % interval of a share (Wilson 1927) on `n` effective postings; `0..=1` when there are none.
pub fn wilson(share: f64, n: f64) -> (f64, f64) {
    if n.is_nan() || n <= 0.0 {
        return (0.0, 1.0);
    }
    let z2 = Z * Z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // The ends are exact where rounding would leave 1e-17 or lose the share itself.
    let low = if share <= 0.0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if share >= 1.0 { 1.0 } else { (centre + half).clamp(share, 1.0) };
    (low, high)
}

/// Most of the variance of a ratio that a covariance may take away.
const MOST_IN_COMMON: f64 = 0.75;

/// Two shares that are compared, each as (postings asking, postings, effective postings).
pub type Part = (u64, u64, f64);

/// `ln(p1 / p0)` with its 95 % interval: 0.5 is added to every count (Walter 1975), the variance is
/// `1/x1 - 1/n1 + 1/x0 - 1/n0` on effective counts, less `2 cov / (p1 p0)` for what the parts have in common.
pub fn log_ratio(later: Part, earlier: Part, covariance: f64) -> (f64, f64, f64) {
    let share = |(asking, base, _): Part| (asking as f64 + 0.5) / (base as f64 + 0.5);
    let variance = |(asking, base, n): Part| {
        let asking_n = if base == 0 { 0.0 } else { asking as f64 / base as f64 * n };
        1.0 / (asking_n + 0.5) - 1.0 / (n + 0.5)
    };
    let growth = (share(later) / share(earlier)).ln();
    let (own, other) = (variance(later), variance(earlier));
    // Two parts that move together exactly would leave no error at all; few clusters cannot show that.
    let common = (2.0 * covariance / (share(later) * share(earlier))).min(MOST_IN_COMMON * (own + other));
    let half = Z * (own + other - common).max(0.0).sqrt();
    (growth, growth - half, growth + half)
}

/// Percentile interval of replications: .025 and .975 by linear interpolation; absent when there are none.
pub fn percentile_interval(mut replications: Vec<f64>) -> Option<(f64, f64)> {
    replications.sort_by(f64::total_cmp);
    let at = |q: f64| {
        let place = q * (replications.len().checked_sub(1)? as f64);
        let (below, above) = (replications.get(place.floor() as usize)?, replications.get(place.ceil() as usize)?);
        Some(below + (above - below) * place.fract())
    };
    Some((at(0.025)?, at(0.975)?))
}

#[cfg(test)]
mod tests;
