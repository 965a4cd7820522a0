//! Candidate pairs from shared bands, verified on the full sets.

use super::sketch::BANDS;
use super::{Text, TextPair};
use crate::store::{Spill, StoreError};

/// Texts in one bucket that are all compared with each other; larger buckets are templates filled many times over.
const SMALL_BUCKET: usize = 40;
/// In a larger bucket each text meets the first ones and its neighbours: enough to join it to its group.
const FIRST: usize = 8;
const NEIGHBOURS: usize = 12;

/// All verified pairs, by text number. `by_rank` lists the text numbers in the total order of their first posting, so
/// that what is skipped in large buckets does not depend on the order of adding.
pub(super) fn verified(
    texts: &[Text],
    by_rank: &[u32],
    spill: &mut Spill,
    threshold: f64,
) -> Result<Vec<TextPair>, StoreError> {
    let candidates = candidates(texts, by_rank, threshold);
    let mut found = Vec::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let mut loaded = None;
    for pair in candidates {
        let (first, second) = ((pair >> 32) as u32, pair as u32);
        let (Some(a), Some(b)) = (text_at(texts, by_rank, first), text_at(texts, by_rank, second)) else { continue };
        if loaded != Some(first) {
            spill.read(a.1.set, &mut left)?;
            loaded = Some(first);
        }
        spill.read(b.1.set, &mut right)?;
        let similarity = jaccard(&left, &right);
        if similarity >= threshold {
            found.push(TextPair { first: a.0, second: b.0, similarity: similarity as f32 });
        }
    }
    Ok(found)
}

fn text_at<'a>(texts: &'a [Text], by_rank: &[u32], rank: u32) -> Option<(u32, &'a Text)> {
    let number = *by_rank.get(rank as usize)?;
    Some((number, texts.get(number as usize)?))
}

/// Pairs of ranks (smaller first) packed in a number, sorted, without repeats.
fn candidates(texts: &[Text], by_rank: &[u32], threshold: f64) -> Vec<u64> {
    let mut pairs: Vec<u64> = Vec::new();
    let mut settled = 0;
    let mut bucketed: Vec<(u32, u32)> = Vec::with_capacity(by_rank.len());
    for band in 0..BANDS {
        bucketed.clear();
        for (rank, number) in by_rank.iter().enumerate() {
            let text = texts.get(*number as usize);
            let key = text.filter(|t| t.set.length > 0).and_then(|t| t.sketch.bands.get(band));
            bucketed.extend(key.map(|k| (*k, rank as u32)));
        }
        bucketed.sort_unstable();
        for bucket in bucketed.chunk_by(|a, b| a.0 == b.0).filter(|b| b.len() > 1) {
            pair_up(bucket, |a, b| {
                if plausible(texts, by_rank, a, b, threshold) {
                    pairs.push((u64::from(a) << 32) | u64::from(b));
                }
            });
        }
        // Similar texts meet in most bands: keep one of each before the list doubles.
        if pairs.len() > 2 * settled + 1_000_000 {
            pairs.sort_unstable();
            pairs.dedup();
            settled = pairs.len();
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn pair_up(bucket: &[(u32, u32)], mut meet: impl FnMut(u32, u32)) {
    for (at, (_, later)) in bucket.iter().enumerate() {
        let near_from = if bucket.len() <= SMALL_BUCKET { 0 } else { at.saturating_sub(NEIGHBOURS) };
        let firsts = bucket.iter().take(FIRST.min(near_from));
        for (_, earlier) in firsts.chain(bucket.get(near_from..at).unwrap_or_default()) {
            meet(*earlier, *later);
        }
    }
}

/// Sets whose sizes or sketches are too unlike never meet on disk.
fn plausible(texts: &[Text], by_rank: &[u32], a: u32, b: u32, threshold: f64) -> bool {
    let (Some((_, a)), Some((_, b))) = (text_at(texts, by_rank, a), text_at(texts, by_rank, b)) else { return false };
    let (small, large) = (a.set.length.min(b.set.length), a.set.length.max(b.set.length));
    f64::from(small) >= threshold * f64::from(large) && a.sketch.may_reach(&b.sketch, threshold)
}

/// |A and B| / |A or B| of two sorted sets; 0 when both are empty.
pub(super) fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        shared += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    let union = a.len() + b.len() - shared;
    if union == 0 { 0.0 } else { shared as f64 / union as f64 }
}
