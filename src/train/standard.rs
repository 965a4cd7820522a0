//! Means and deviations of columns, so that weights on different scales can be fitted alike.

/// Of `N` columns.
#[derive(Debug, Clone)]
pub(super) struct Standard<const N: usize> {
    pub(super) means: [f32; N],
    pub(super) deviations: [f32; N],
}

impl<const N: usize> Standard<N> {
    /// Of all rows; a column that never varies has a tiny deviation.
    pub(super) fn of<'r>(rows: impl Iterator<Item = &'r [f32; N]> + Clone) -> Self {
        let count = rows.clone().count().max(1) as f64;
        let mut means = [0f64; N];
        rows.clone().for_each(|row| (0..N).for_each(|k| means[k] += f64::from(row[k]) / count));
        let mut variances = [0f64; N];
        rows.for_each(|row| (0..N).for_each(|k| variances[k] += (f64::from(row[k]) - means[k]).powi(2) / count));
        Self { means: means.map(|x| x as f32), deviations: variances.map(|x| (x.sqrt() as f32).max(1e-6)) }
    }

    /// Weights on raw columns from weights on standardised ones.
    pub(super) fn raw(&self, weights: &[f32; N]) -> [f32; N] {
        std::array::from_fn(|k| weights[k] / self.deviations[k])
    }
}
