//! What a word is made of: its stem and the letters it is written with.

use crate::lexicon::{stem, tokens};
use crate::types::Lang;

/// Shortest and longest run of letters that has a vector of its own.
const RUNS: std::ops::RangeInclusive<usize> = 3..=5;

/// Calls `each` with the bucket of every run of 3 to 5 letters of a folded word, its ends marked; of `bucket_count`.
pub(crate) fn buckets(form: &str, bucket_count: u32, mut each: impl FnMut(u32)) {
    let mut marked = String::with_capacity(form.len() + 2);
    marked.push('<');
    marked.push_str(form);
    marked.push('>');
    let mut starts: Vec<usize> = marked.char_indices().map(|(at, _)| at).collect();
    starts.push(marked.len());
    for size in RUNS {
        for ends in starts.windows(size + 1) {
            if let [from, .., to] = ends
                && let Some(run) = marked.as_bytes().get(*from..*to)
            {
                each(bucket(run, bucket_count));
            }
        }
    }
}

/// FNV-1a (Fowler, Noll, Vo).
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The hash, folded to the number of buckets.
fn bucket(bytes: &[u8], bucket_count: u32) -> u32 {
    let hash = hash(bytes);
    ((hash ^ (hash >> 32)) % u64::from(bucket_count.max(1))) as u32
}

/// The stem a word's vector is kept under.
pub(crate) fn key(form: &str, lang: Lang) -> String {
    stem::stem(form, lang)
}

/// Folded words of a text.
pub(crate) fn forms(text: &str) -> impl Iterator<Item = String> + '_ {
    tokens::tokens(text).map(|t| tokens::form(t.raw)).filter(|form| !form.is_empty())
}
