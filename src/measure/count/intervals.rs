//! How sure a share is when postings of one employer are alike.

/// Quantile .975 of the standard normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// What a cell's postings add up to, by employer. An unknown employer is a cluster of one posting.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Clusters {
    /// Postings, `sum n_g`.
    pub base: u64,
    /// Employers, known and unknown.
    pub count: u64,
    /// `sum n_g^2`.
    pub squares: u64,
    /// `sum n_g^4`.
    pub fourths: f64,
}

impl Clusters {
    /// Adds an employer but for its postings, which the base may hold already.
    pub fn add_employer(&mut self, size: u64) {
        self.count += 1;
        self.squares += size * size;
        self.fourths += (size as f64).powi(4);
    }

    /// Of employers with so many postings each.
    pub fn of(sizes: impl IntoIterator<Item = u64>) -> Self {
        let mut clusters = Self::default();
        for size in sizes {
            clusters.base += size;
            clusters.add_employer(size);
        }
        clusters
    }
}

/// What the postings that ask for a skill add up to, by employer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Asking {
    /// Postings that ask, `sum x_g`.
    pub count: u64,
    /// `sum x_g^2`.
    pub squares: u64,
    /// `sum x_g n_g`.
    pub products: u64,
    /// `sum x^4`, `sum x^3 n`, `sum x^2 n^2`, `sum x n^3`.
    pub fourths: [f64; 4],
}

impl Asking {
    /// Of employers as (postings that ask, postings).
    pub fn of(employers: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let mut asking = Self::default();
        employers.into_iter().for_each(|(own, size)| asking.add(own, size));
        asking
    }

    /// Adds an employer of `size` postings, `asking` of which ask.
    pub fn add(&mut self, asking: u64, size: u64) {
        self.count += asking;
        self.squares += asking * asking;
        self.products += asking * size;
        let (x, n) = (asking as f64, size as f64);
        let own = [x.powi(4), x.powi(3) * n, x * x * n * n, x * n.powi(3)];
        self.fourths.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
    }
}

/// A share with its 95 % interval and the postings that rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Share, 0..=1; 0 of no postings.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Effective postings.
    pub effective_n: f64,
}

/// Share of a cell's postings that ask; where the skill shows no design effect, `typical` or the worst stands in.
pub fn estimate(asking: Asking, cell: Clusters, typical: Option<f64>) -> Estimate {
    let deff = design_effect(asking, cell).or(typical).unwrap_or_else(|| worst_design_effect(cell));
    let effective_n = effective_n(cell, deff, freedom(asking, cell));
    let share = if cell.base == 0 { 0.0 } else { asking.count as f64 / cell.base as f64 };
    let (low, high) = wilson(share, effective_n);
    Estimate { share, low, high, effective_n }
}

/// Design effect of a share: variance of the ratio estimator over employers (Taylor linearisation, with `G / (G - 1)`)
/// against that of a simple binomial share; at least 1. Absent when all, none, or a single employer cannot show it.
pub fn design_effect(asking: Asking, cell: Clusters) -> Option<f64> {
    if cell.count < 2 || asking.count == 0 || asking.count >= cell.base {
        return None;
    }
    let (base, groups) = (cell.base as f64, cell.count as f64);
    let share = asking.count as f64 / base;
    let clustered = groups / (groups - 1.0) * squares(asking, cell) / (base * base);
    Some((clustered / (share * (1.0 - share) / base)).max(1.0))
}

/// `sum_g z_g^2` of the residuals `z_g = x_g - p n_g`.
fn squares(asking: Asking, cell: Clusters) -> f64 {
    let share = asking.count as f64 / cell.base as f64;
    asking.squares as f64 - 2.0 * share * asking.products as f64 + share * share * cell.squares as f64
}

/// Degrees of freedom of a variance over employers, `(sum z^2)^2 / sum z^4` (after Satterthwaite 1946): far fewer than the
/// employers where a few large ones make it. Where the skill shows no variance, that of the employers' sizes.
pub fn freedom(asking: Asking, cell: Clusters) -> f64 {
    let share = asking.count as f64 / cell.base.max(1) as f64;
    let [x4, x3n, x2n2, xn3] = asking.fourths;
    let fourths =
        x4 - 4.0 * share * x3n + 6.0 * share.powi(2) * x2n2 - 4.0 * share.powi(3) * xn3 + share.powi(4) * cell.fourths;
    let shown = asking.count > 0 && asking.count < cell.base;
    satterthwaite(if shown { Some((squares(asking, cell), fourths)) } else { None }, cell)
}

/// As [`freedom`], from sums of squares and fourth powers.
pub fn satterthwaite(sums: Option<(f64, f64)>, cell: Clusters) -> f64 {
    let (squares, fourths) =
        sums.filter(|(two, four)| *two > 1e-9 && *four > 1e-12).unwrap_or((cell.squares as f64, cell.fourths));
    let most = (cell.count as f64 - 1.0).max(1.0);
    if fourths > 0.0 { (squares * squares / fourths).clamp(1.0, most) } else { most }
}

/// Design effect if all postings of an employer were the same (Kish, full intra-cluster correlation): the cautious one.
pub fn worst_design_effect(cell: Clusters) -> f64 {
    if cell.base == 0 { 1.0 } else { (cell.squares as f64 / cell.base as f64).max(1.0) }
}

/// Postings an interval rests on: `n / deff`, cut further where few employers make `deff` unsure, see [`certainty`].
pub fn effective_n(cell: Clusters, deff: f64, freedom: f64) -> f64 {
    if cell.base == 0 {
        return 0.0;
    }
    let base = cell.base as f64;
    (base / deff.max(1.0) * certainty(cell, deff, freedom)).min(base)
}

/// What is left of an effective n when its variance is estimated from few employers: `(t(n - 1) / t(G - 1))^2` (Korn and
/// Graubard 1998), and where a few of the G employers carry it, `(t(G - 1) / t(freedom))^2` for the part `1 - 1 / deff` of
/// the variance that comes from employers at all; a binomial share needs no estimate of its variance.
pub fn certainty(cell: Clusters, deff: f64, freedom: f64) -> f64 {
    let employers = t975(cell.count.saturating_sub(1) as f64);
    let few = t975(cell.base.saturating_sub(1) as f64) / employers;
    let carried = (t975(freedom) / employers).powi(2).max(1.0) - 1.0;
    (few * few).min(1.0) / (1.0 + carried * (1.0 - 1.0 / deff.max(1.0)))
}

/// Quantile .975 of Student's t with so many degrees of freedom, whole or not (Hill 1970, algorithm 396); exact at 1 and 2.
fn t975(freedom: f64) -> f64 {
    const TAILS: f64 = 0.05;
    let n = freedom.max(1.0);
    if n <= 2.0 {
        // Between the two exact values as the quantile's logarithm runs, which is nearly straight in 1 / n.
        let (one, two) = (12.706_204_736_174_7_f64, 4.302_652_729_749_46_f64);
        return (two.ln() + (1.0 / n - 0.5) / 0.5 * (one.ln() - two.ln())).exp();
    }
    let a = 1.0 / (n - 0.5);
    let b = 48.0 / (a * a);
    let mut c = ((20_700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
    let d = ((94.5 / (b + c) - 3.0) / b + 1.0) * (a * std::f64::consts::FRAC_PI_2).sqrt() * n;
    let mut y = (d * TAILS).powf(2.0 / n);
    if y > 0.05 + a {
        let x = -Z;
        y = x * x;
        if n < 5.0 {
            c += 0.3 * (n - 4.5) * (x + 0.6);
        }
        c += (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b;
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
        y = (a * y * y).exp_m1();
    } else {
        y = ((1.0 / (((n + 6.0) / (n * y) - 0.089 * d - 0.822) * (n + 2.0) * 3.0) + 0.5 / (n + 4.0)) * y - 1.0)
            * (n + 1.0)
            / (n + 2.0)
            + 1.0 / y;
    }
    (n * y).sqrt()
}

/// 95 % interval of a share (Wilson 1927) on `n` effective postings; `0..=1` when there are none.
pub fn wilson(share: f64, n: f64) -> (f64, f64) {
    wilson_at(share, n, Z)
}

/// As [`wilson`], at another quantile of the standard normal distribution.
pub fn wilson_at(share: f64, n: f64, z: f64) -> (f64, f64) {
    if n.is_nan() || n <= 0.0 {
        return (0.0, 1.0);
    }
    let z2 = z * z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // The ends are exact where rounding would leave 1e-17 or lose the share itself.
    let low = if share <= 0.0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if share >= 1.0 { 1.0 } else { (centre + half).clamp(share, 1.0) };
    (low, high)
}

/// Most of the variance of a ratio that a covariance may take away.
const MOST_IN_COMMON: f64 = 0.75;

/// The interval of a ranked figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether it carries no mark of its own.
    pub is_firm: bool,
}

/// For each rank the last rank whose interval reaches up to this one's, by rank, absent when withheld. A marked figure
/// ties no firm one: its wide interval would reach up to everything and say nothing of the others' order.
pub fn last_tied(ends: impl Iterator<Item = Option<Ends>>) -> Vec<Option<u32>> {
    let ends: Vec<Option<Ends>> = ends.collect();
    let (all, firm) = (reach(&ends, |_| true), reach(&ends, |e| e.is_firm));
    let last = |e: Ends| (if e.is_firm { &firm } else { &all }).partition_point(|high| *high >= e.low) as u32;
    ends.into_iter().map(|e| e.map(last)).collect()
}

/// Largest upper end from each rank to the last; it falls, so the last rank that reaches is found by bisection.
fn reach(ends: &[Option<Ends>], counts: impl Fn(Ends) -> bool) -> Vec<f64> {
    let high = |e: &Option<Ends>| e.filter(|e| counts(*e)).map_or(f64::NEG_INFINITY, |e| e.high);
    let mut reach: Vec<f64> = ends.iter().map(high).collect();
    let mut largest = f64::NEG_INFINITY;
    for high in reach.iter_mut().rev() {
        largest = largest.max(*high);
        *high = largest;
    }
    reach
}

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

/// A quantile by linear interpolation between order statistics; absent when there are none.
pub fn percentile(values: &mut [f64], quantile: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let place = quantile * (values.len().checked_sub(1)? as f64);
    let (below, above) = (values.get(place.floor() as usize)?, values.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// Percentile interval of replications, .025 and .975.
pub fn percentile_interval(mut replications: Vec<f64>) -> Option<(f64, f64)> {
    Some((percentile(&mut replications, 0.025)?, percentile(&mut replications, 0.975)?))
}

#[cfg(test)]
mod tests;
