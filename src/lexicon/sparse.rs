//! TF-IDF rows: features with weights, by concept.

/// Sparse rows: features with weights, by concept.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    starts: Vec<u32>,
    items: Vec<(u32, f32)>,
}

impl Rows {
    pub(crate) fn row(&self, at: usize) -> &[(u32, f32)] {
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => self.items.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// TF-IDF rows of unit length from folded counts.
    pub(crate) fn weigh(counts: &[Vec<(u32, f32)>], idf: &[f32]) -> Self {
        let mut rows = Self { starts: vec![0], items: Vec::new() };
        for row in counts {
            let from = rows.items.len();
            rows.items.extend(row.iter().map(|&(id, tf)| (id, (1.0 + tf.ln()) * idf[id as usize])));
            let norm = rows.items[from..].iter().map(|x| x.1 * x.1).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            rows.items[from..].iter_mut().for_each(|x| x.1 /= norm);
            rows.starts.push(rows.items.len() as u32);
        }
        rows
    }
}

/// Sorted ids folded into (id, count).
pub(crate) fn counted(mut ids: Vec<u32>) -> Vec<(u32, f32)> {
    ids.sort_unstable();
    #[allow(clippy::cast_precision_loss)]
    ids.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len() as f32))).collect()
}

#[allow(clippy::cast_precision_loss)]
pub(crate) fn inverse_frequencies(rows: &[Vec<(u32, f32)>], feature_count: usize) -> Vec<f32> {
    let mut df = vec![0u32; feature_count];
    rows.iter().flatten().for_each(|&(id, _)| df[id as usize] += 1);
    df.iter().map(|&n| (1.0 + rows.len() as f32 / n.max(1) as f32).ln()).collect()
}
