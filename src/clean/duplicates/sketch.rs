//! A text as a set of word 3-grams, and a sketch of that set: one-permutation minwise hashing (Li, Owen and Zhang 2012)
//! with optimal densification (Shrivastava 2017), cut into bands for candidate search.

/// Minwise values per sketch.
pub(super) const BINS: usize = 120;
/// Bands of a sketch; two sets of similarity .8 share at least one with probability .998.
pub(super) const BANDS: usize = 20;
const ROWS: usize = BINS / BANDS;
/// Words below which a body cannot stand for a vacancy alone ("see the description attached").
const FEW_WORDS: usize = 25;

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Finaliser of SplitMix64 (Steele, Lea and Flood 2014).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Hash of a name by its folded words; 0 is kept for "unknown".
pub(super) fn hash_name(name: &str) -> u64 {
    let mut hash = SEED;
    for byte in super::super::fold::folded(name).bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash) | 1
}

/// Reads texts; its buffers are reused.
#[derive(Debug, Default)]
pub(super) struct Sketcher {
    words: Vec<u64>,
    set: Vec<u32>,
}

impl Sketcher {
    /// Reads a text's words; returns what identifies the word sequence, `None` without any word.
    pub(super) fn read(&mut self, title: &str, body: &str) -> Option<u128> {
        self.words.clear();
        push_words(body, &mut self.words);
        if self.words.len() < FEW_WORDS {
            push_words(title, &mut self.words);
        }
        if self.words.is_empty() {
            return None;
        }
        let (mut low, mut high) = (SEED, !SEED);
        for word in &self.words {
            low = (low.rotate_left(23) ^ word).wrapping_mul(SEED | 1);
            high = (high.rotate_left(31).wrapping_add(*word)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        }
        Some((u128::from(mix(high)) << 64) | u128::from(mix(low)))
    }

    /// Sorted set of the hashed word 3-grams of the text last read; a text of fewer words is one gram.
    pub(super) fn shingles(&mut self) -> &[u32] {
        self.set.clear();
        if (1..3).contains(&self.words.len()) {
            let gram = self.words.iter().fold(SEED, |hash, word| mix(hash ^ word));
            self.set.push((gram >> 32) as u32);
        }
        self.set.extend(self.words.windows(3).map(|gram| match gram {
            [a, b, c] => (mix(a.rotate_left(21) ^ b.rotate_left(42).wrapping_mul(3) ^ c.wrapping_mul(5)) >> 32) as u32,
            _ => 0,
        }));
        self.set.sort_unstable();
        self.set.dedup();
        &self.set
    }
}

/// Lower-cased runs of letters, digits and underscores, hashed.
fn push_words(text: &str, words: &mut Vec<u64>) {
    if text.is_ascii() {
        push_ascii_words(text.as_bytes(), words);
        return;
    }
    let mut hash = SEED;
    let mut open = false;
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            open = true;
            for lower in c.to_lowercase() {
                hash = step(hash, lower as u32);
            }
        } else if open {
            words.push(mix(hash));
            (hash, open) = (SEED, false);
        }
    }
    if open {
        words.push(mix(hash));
    }
}

fn push_ascii_words(bytes: &[u8], words: &mut Vec<u64>) {
    let mut hash = SEED;
    let mut open = false;
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || *byte == b'_' {
            open = true;
            hash = step(hash, u32::from(byte.to_ascii_lowercase()));
        } else if open {
            words.push(mix(hash));
            (hash, open) = (SEED, false);
        }
    }
    if open {
        words.push(mix(hash));
    }
}

fn step(hash: u64, c: u32) -> u64 {
    (hash ^ u64::from(c)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Band keys, and one byte per bin to estimate similarity before sets are read.
#[derive(Debug)]
pub(super) struct Sketch {
    pub(super) bands: [u32; BANDS],
    bytes: [u8; BINS],
}

impl Sketch {
    /// Sketch of a sorted set.
    pub(super) fn of(set: &[u32]) -> Self {
        const EMPTY: u64 = u64::MAX;
        let mut bins = [EMPTY; BINS];
        for gram in set {
            let hash = mix(u64::from(*gram) ^ SEED);
            let bin = (((hash >> 32) * BINS as u64) >> 32) as usize;
            if let Some(slot) = bins.get_mut(bin) {
                *slot = (*slot).min(hash & 0xffff_ffff);
            }
        }
        let filled = bins;
        for (index, slot) in bins.iter_mut().enumerate().filter(|(_, s)| **s == EMPTY) {
            // An empty bin borrows from one that both sets would ask in the same order.
            let asked = (0..4_000u64).map(|attempt| mix(index as u64 * 8_191 + attempt) as usize % BINS);
            *slot = asked.filter_map(|bin| filled.get(bin)).copied().find(|value| *value != EMPTY).unwrap_or(0);
        }
        let mut sketch = Self { bands: [0; BANDS], bytes: [0; BINS] };
        for (byte, bin) in sketch.bytes.iter_mut().zip(&bins) {
            *byte = (mix(*bin) >> 56) as u8;
        }
        for (number, (band, rows)) in sketch.bands.iter_mut().zip(bins.chunks_exact(ROWS)).enumerate() {
            let key = rows.iter().fold(mix(number as u64), |hash, row| mix(hash ^ row));
            *band = (key >> 32) as u32;
        }
        sketch
    }

    /// Whether the sets may reach `threshold`: four standard deviations of the estimate below it are let through.
    pub(super) fn may_reach(&self, other: &Sketch, threshold: f64) -> bool {
        let agreeing = self.bytes.iter().zip(&other.bytes).filter(|(a, b)| a == b).count();
        let deviation = (threshold * (1.0 - threshold) / BINS as f64).sqrt();
        agreeing as f64 / BINS as f64 >= threshold - 4.0 * deviation - 0.02
    }
}
