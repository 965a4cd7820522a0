//! Draws of employers for a bootstrap: postings of one employer are alike, so employers are drawn and not postings.
//!
//! Each employer counts Poisson(1) times in a replication, independently of the others (Hanley and MacGibbon 2006; Chamandy
//! et al. 2012). A count follows from the seed, the employer's code and the replication alone, so that neither threads nor
//! blocks can show.

use crate::measure::count::intervals::percentile_interval;
use rayon::prelude::*;
use std::ops::{AddAssign, Mul};

/// Replications.
pub const REPLICATIONS: usize = 1000;

/// Replications held in memory at a time, for every employer; a multiple of four, since four come from one number.
const BLOCK: usize = 252;

/// One seed for all: a rerun repeats the draws, and scopes that share employers share their luck.
const SEED: u64 = 0x5EED;

/// 2^16 times the distribution function of Poisson(1) at 0, 1, 2, ...; rounded, the last cut off.
const CUMULATIVE: [u16; 8] = [24_109, 48_219, 60_273, 64_292, 65_296, 65_497, 65_531, 65_535];

/// SplitMix64's finaliser (Steele, Lea and Flood 2014): small, seeded, the same everywhere.
pub fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn poisson(uniform: u16) -> u8 {
    CUMULATIVE.iter().map(|limit| u8::from(uniform >= *limit)).sum()
}

/// Four counts from 64 random bits.
fn four(bits: u64) -> [u8; 4] {
    [0, 16, 32, 48].map(|shift| poisson((bits >> shift) as u16))
}

/// How often each employer counts, for one block of replications.
struct Block {
    times: Vec<u8>,
    width: usize,
}

impl Block {
    fn draw(employers: &[u32], first: usize, width: usize) -> Self {
        let mut times = vec![0; employers.len() * width];
        times.par_chunks_mut(width.max(1)).zip(employers).for_each(|(row, employer)| {
            let stream = mix(SEED ^ (u64::from(*employer) << 20));
            for (place, four_times) in row.chunks_mut(4).enumerate() {
                let bits = mix(stream.wrapping_add((first / 4 + place) as u64));
                four_times.iter_mut().zip(four(bits)).for_each(|(time, count)| *time = count);
            }
        });
        Self { times, width }
    }

    /// Adds up a sparse column, (place of the employer, count), in each replication.
    fn sum<T: Count>(&self, column: &[(u32, T)]) -> Vec<T> {
        let mut sums = vec![T::default(); self.width];
        for (place, count) in column {
            let start = *place as usize * self.width;
            let row = self.times.get(start..start + self.width).unwrap_or_default();
            sums.iter_mut().zip(row).for_each(|(sum, times)| *sum += *count * T::from(*times));
        }
        sums
    }
}

/// A whole number that is added up: 32 bits for counts, 64 for counts times millionths.
pub trait Count: Copy + Default + From<u8> + AddAssign + Mul<Output = Self> + Send + Sync {}

impl Count for u32 {}
impl Count for u64 {}

/// Each column added up in every replication; `employers` are codes by place, columns are (place, count).
pub fn replicate<T: Count>(employers: &[u32], columns: &[Vec<(u32, T)>]) -> Vec<Vec<T>> {
    let mut sums: Vec<Vec<T>> = columns.iter().map(|_| Vec::with_capacity(REPLICATIONS)).collect();
    for first in (0..REPLICATIONS).step_by(BLOCK) {
        let block = Block::draw(employers, first, BLOCK.min(REPLICATIONS - first));
        sums.par_iter_mut().zip(columns).for_each(|(sums, column)| sums.extend(block.sum(column)));
    }
    sums
}

/// Whether something of that probability is so in a replication; `key` names the thing.
pub fn happens(key: u64, replication: usize, probability: f64) -> bool {
    let bits = mix(mix(key).wrapping_add(replication as u64));
    ((bits >> 11) as f64) < probability * (1_u64 << 53) as f64
}

/// 95 % interval of the replications that have a value.
pub fn interval(values: impl Iterator<Item = Option<f64>>) -> Option<(f64, f64)> {
    percentile_interval(values.flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_splitmix64() {
        // The first outputs of the published generator (java.util.SplittableRandom, xoshiro's splitmix64.c) seeded with 0.
        let published = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F, 0xF88B_B8A8_724C_81EC];
        assert_eq!([1, 2, 3, 4].map(mix), published);
    }

    #[test]
    fn blocks_do_not_show_and_no_two_replications_are_the_same() {
        let employers: Vec<u32> = (0..64).collect();
        let columns: Vec<Vec<(u32, u32)>> = (0..64).map(|g| vec![(g, 1)]).collect();
        let whole = Block::draw(&employers, 0, REPLICATIONS);
        let by_block = replicate(&employers, &columns);
        assert!(by_block.iter().zip(&columns).all(|(sums, column)| *sums == whole.sum(column)));
        let draws: std::collections::BTreeSet<Vec<u32>> =
            (0..REPLICATIONS).map(|r| by_block.iter().map(|sums| sums[r]).collect()).collect();
        assert_eq!(draws.len(), REPLICATIONS);
    }

    #[test]
    fn an_employer_counts_as_often_as_poisson_says() {
        let employers: Vec<u32> = (0..2_000).collect();
        let block = Block::draw(&employers, 0, BLOCK);
        let count = block.times.len() as f64;
        let share = |k: u8| block.times.iter().filter(|t| **t == k).count() as f64 / count;
        // scipy.stats.poisson(1).pmf([0, 1, 2, 3, 4])
        for (k, p) in [(0, 0.36787944), (1, 0.36787944), (2, 0.18393972), (3, 0.06131324), (4, 0.01532831)] {
            let error = (p * (1.0 - p) / count).sqrt();
            assert!((share(k) - p).abs() < 5.0 * error, "{k}: {} for {p}", share(k));
        }
        let rows: Vec<&[u8]> = block.times.chunks(BLOCK).collect();
        let product: f64 = rows.windows(2).map(|w| f64::from(w[0][7]) * f64::from(w[1][7])).sum::<f64>() / 1_999.0;
        assert!((product - 1.0).abs() < 0.15, "neighbours are not independent: {product}");
    }

    #[test]
    fn the_spread_of_a_replicated_sum_is_that_of_the_employers() {
        // Variance of a sum over Poisson(1) draws is the sum of squares.
        let employers: Vec<u32> = (10..310).collect();
        let column: Vec<(u32, u32)> = (0..300).map(|g| (g, 1 + g % 7)).collect();
        let expected: f64 = column.iter().map(|(_, x)| f64::from(x * x)).sum();
        let sums = replicate(&employers, std::slice::from_ref(&column)).remove(0);
        let mean = sums.iter().map(|s| f64::from(*s)).sum::<f64>() / sums.len() as f64;
        let spread = sums.iter().map(|s| (f64::from(*s) - mean).powi(2)).sum::<f64>() / (sums.len() - 1) as f64;
        assert_eq!(sums.len(), REPLICATIONS);
        assert!((spread / expected - 1.0).abs() < 0.15, "{spread} for {expected}");
        assert_eq!(replicate(&employers, &[column]).remove(0), sums);
    }

    #[test]
    fn a_count_follows_from_the_employer_alone_and_blocks_do_not_repeat_each_other() {
        let columns = [vec![(0, 3_u32)], vec![(1, 2)], vec![(2, 1)]];
        let together = replicate(&[7, 900, 41], &columns);
        assert_eq!(together[1], replicate(&[900], &[vec![(0, 2_u32)]]).remove(0));
        assert_eq!(together[2], replicate(&[41], &[vec![(0, 1_u32)]]).remove(0));
        assert!(together.iter().zip([3, 2, 1]).all(|(sums, count)| sums.iter().all(|s| s % count == 0)));
        let wide = replicate(&[900], &[vec![(0, 2_000_000_u64)]]).remove(0);
        assert!(wide.iter().zip(&together[1]).all(|(wide, sum)| *wide == u64::from(*sum) * 1_000_000));
        let blocks: Vec<&[u32]> = together[1].chunks(BLOCK).collect();
        assert!(blocks.windows(2).all(|w| w[0] != w[1]) && blocks.len() == 4);
        assert_ne!(together[0].iter().map(|s| s / 3).collect::<Vec<_>>(), together[2]);
    }

    #[test]
    fn an_interval_is_that_of_the_replications_that_have_a_value() {
        let values = (0..=1_000).map(|i| (i % 2 == 0).then_some(f64::from(i)));
        // numpy: percentile(arange(0, 1001, 2), [2.5, 97.5])
        assert_eq!(interval(values), Some((25.0, 975.0)));
        assert_eq!(interval([None, None].into_iter()), None);
    }

    #[test]
    fn something_happens_as_often_as_its_probability_and_never_or_always_at_the_ends() {
        let often = (0..20_000).filter(|r| happens(99, *r, 0.3)).count() as f64 / 20_000.0;
        assert!((often - 0.3).abs() < 0.015, "{often}");
        assert!((0..1_000).all(|r| !happens(5, r, 0.0) && happens(5, r, 1.0)));
    }
}
