//! Cosines of many vectors with one, in whole numbers, so that every processor finds the same; those that can take
//! many steps at once.

use pulp::Arch;

/// Steps of a vector's length: small enough that a sum of products fits 32 bits.
pub(crate) const STEPS: f32 = 2047.0;

/// Numbers of a vector of the vectors that come with the program, read without a loop.
const USUAL: usize = 128;

/// Length of a vector, never 0.
pub(crate) fn length(vector: &[f32]) -> f32 {
    vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6)
}

/// A vector of length 1 in steps.
pub(crate) fn steps(vector: &[f32]) -> impl Iterator<Item = i16> + '_ {
    let length = length(vector);
    vector.iter().map(move |x| (x * STEPS / length).round() as i16)
}

/// Works out cosines of vectors of so many numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kernel {
    arch: Arch,
    dim: usize,
}

impl Kernel {
    /// For vectors of `dim` numbers.
    pub(crate) fn new(dim: usize) -> Self {
        Self { arch: Arch::new(), dim: dim.max(1) }
    }

    /// Appends the cosine of each row, one after the other in `rows`, with a vector; all of length 1 in steps.
    pub(crate) fn cosines(&self, rows: &[i16], vector: &[i16], out: &mut Vec<f32>) {
        let from = out.len();
        out.resize(from + rows.len() / self.dim, 0.0);
        let Some(out) = out.get_mut(from..) else { return };
        let usual = <&[i16; USUAL]>::try_from(vector).ok().filter(|_| self.dim == USUAL);
        match usual {
            Some(vector) => self.arch.dispatch(|| usual_cosines(rows.as_chunks().0, vector, out)),
            None => {
                for (out, row) in out.iter_mut().zip(rows.chunks_exact(self.dim)) {
                    let sum: i32 = row.iter().zip(vector).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum();
                    *out = cosine(sum);
                }
            }
        }
    }
}

/// Inlined where it is dispatched, so that it is compiled for the processor at hand.
#[inline(always)]
fn usual_cosines(rows: &[[i16; USUAL]], vector: &[i16; USUAL], out: &mut [f32]) {
    for (out, row) in out.iter_mut().zip(rows) {
        let mut sum = 0;
        for at in 0..USUAL {
            sum += i32::from(row[at]) * i32::from(vector[at]);
        }
        *out = cosine(sum);
    }
}

/// Of a sum of products of steps.
#[inline(always)]
fn cosine(sum: i32) -> f32 {
    sum as f32 / (STEPS * STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_any_length_are_compared_alike() {
        for dim in [3, 64, USUAL] {
            let mut vector = vec![0.0; dim];
            (vector[0], vector[1]) = (3.0, 4.0);
            let mut other = vec![0.0; dim];
            other[1] = 2.0;
            let rows: Vec<i16> = steps(&vector).chain(steps(&other)).collect();
            let mut found = Vec::new();
            Kernel::new(dim).cosines(&rows, &steps(&other).collect::<Vec<_>>(), &mut found);
            assert_eq!(found.len(), 2);
            assert!((found[0] - 0.8).abs() < 1e-3 && (found[1] - 1.0).abs() < 1e-3, "{found:?}");
        }
    }
}
