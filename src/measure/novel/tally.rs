//! How many postings hold each phrase, in bounded memory, and the C-value that follows.

use super::phrases::{Candidate, MOST_WORDS};
use rustc_hash::FxHashMap;

/// Phrases kept at a time; about 80 MB.
pub const MOST_PHRASES: usize = 1_700_000;

/// A phrase so far.
#[derive(Debug, Clone, Copy)]
struct Entry {
    count: u32,
    /// Postings that may have been dropped before it was kept.
    missed: u32,
    left: u64,
    right: u64,
    length: u8,
    language: u8,
}

/// Counts postings by phrase. When full it drops the rarest phrases and remembers how frequent a dropped one can have
/// been (lossy counting, Manku and Motwani 2002): every phrase in more postings than [`Tally::dropped_below`] is kept.
#[derive(Debug)]
pub struct Tally {
    entries: FxHashMap<u64, Entry>,
    most: usize,
    floor: u32,
}

/// A phrase with its C-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Valued {
    /// The phrase.
    pub phrase: u64,
    /// Position in `Lang::ALL`.
    pub language: u8,
    /// Words.
    pub length: u8,
    /// Postings.
    pub count: u64,
    /// Longer candidates that hold it.
    pub nested_in: u64,
    /// Postings of the most frequent of them.
    pub largest: u64,
    /// C-value.
    pub c_value: f64,
}

/// What the longer candidates around a phrase add up to.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    /// Postings, each longer one without those it shares with still longer ones.
    nested: u64,
    /// How many.
    longer: u64,
    /// Postings of the most frequent one.
    largest: u64,
}

impl Tally {
    /// Keeps at most so many phrases at a time.
    pub fn new(most: usize) -> Self {
        Self { entries: FxHashMap::default(), most: most.max(1), floor: 0 }
    }

    /// Counts one posting's phrase.
    pub fn add(&mut self, candidate: &Candidate) {
        if let Some(entry) = self.entries.get_mut(&candidate.phrase) {
            entry.count += 1;
            return;
        }
        if self.entries.len() >= self.most {
            self.make_room();
        }
        let &Candidate { left, right, length, language, .. } = candidate;
        self.entries.insert(candidate.phrase, Entry { count: 1, missed: self.floor, left, right, length, language });
    }

    /// Drops the rarest phrases, at least a quarter of all.
    fn make_room(&mut self) {
        let mut sizes: Vec<u32> = self.entries.values().map(|e| e.count + e.missed).collect();
        let quarter = sizes.len() / 4;
        let (_, level, _) = sizes.select_nth_unstable(quarter);
        let level = (*level).max(self.floor);
        self.entries.retain(|_, e| e.count + e.missed > level);
        self.floor = level;
    }

    /// Postings that a dropped phrase can have stood in at most; 0 when none was dropped.
    pub fn dropped_below(&self) -> u64 {
        u64::from(self.floor)
    }

    /// C-value of every phrase in at least `least` postings, by falling value within a language.
    ///
    /// Frantzi, Ananiadou and Mima (2000): longer terms first; a term takes what it occurs outside still longer ones to
    /// every term nested in it. Frequencies are postings, so that no list of one advertisement weighs more than once. A
    /// term of one word, which the paper's logarithm leaves at zero, is weighted by log2 1.5.
    pub fn c_values(self, least: u64) -> Vec<Valued> {
        let frequent = |e: &Entry| u64::from(e.count + e.missed) >= least;
        let mut terms: Vec<(u64, Entry)> = self.entries.into_iter().filter(|(_, e)| frequent(e)).collect();
        terms.sort_unstable_by_key(|(phrase, e)| (std::cmp::Reverse(e.length), *phrase));
        let at: FxHashMap<u64, usize> = terms.iter().enumerate().map(|(i, (phrase, _))| (*phrase, i)).collect();
        let parents: Vec<[u64; 2]> = terms.iter().map(|(_, e)| [e.left, e.right]).collect();
        let mut within: Vec<Within> = vec![Within::default(); terms.len()];
        let mut valued = Vec::with_capacity(terms.len());
        for (i, (phrase, entry)) in terms.iter().enumerate() {
            let Within { nested, longer, largest } = within.get(i).copied().unwrap_or_default();
            let count = u64::from(entry.count);
            for part in nested_in(i, &parents, &at) {
                if let Some(sum) = within.get_mut(part) {
                    sum.nested += count.saturating_sub(nested);
                    sum.longer += 1;
                    sum.largest = sum.largest.max(count);
                }
            }
            let c_value = c_value(entry.length, count, nested, longer);
            let &Entry { language, length, .. } = entry;
            valued.push(Valued { phrase: *phrase, language, length, count, nested_in: longer, largest, c_value });
        }
        valued.sort_by(|a, b| {
            a.language.cmp(&b.language).then(b.c_value.total_cmp(&a.c_value)).then(a.phrase.cmp(&b.phrase))
        });
        valued
    }
}

/// Every candidate inside a candidate, once.
fn nested_in(term: usize, parents: &[[u64; 2]], at: &FxHashMap<u64, usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![term];
    for _ in 0..MOST_WORDS {
        let shorter =
            open.iter().filter_map(|t| parents.get(*t)).flatten().filter_map(|phrase| at.get(phrase).copied());
        let mut shorter: Vec<usize> = shorter.collect();
        shorter.sort_unstable();
        shorter.dedup();
        found.extend(&shorter);
        open = shorter;
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn c_value(length: u8, count: u64, nested: u64, longer: u64) -> f64 {
    let weight = f64::from(length).max(1.5).log2();
    let inside = if longer == 0 { 0.0 } else { nested as f64 / longer as f64 };
    weight * (count as f64 - inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Candidates of a phrase of numbered words: itself and all its parts.
    fn parts(words: &[u64]) -> Vec<Candidate> {
        let number = |w: &[u64]| w.iter().fold(1, |h: u64, x| h.wrapping_mul(1_000_003).wrapping_add(*x));
        let mut all = Vec::new();
        for length in 1..=words.len() {
            for part in words.windows(length) {
                let (left, right) =
                    if length == 1 { (0, 0) } else { (number(&part[..length - 1]), number(&part[1..])) };
                all.push(Candidate {
                    phrase: number(part),
                    left,
                    right,
                    length: length as u8,
                    language: 0,
                    start: 0,
                    end: 1,
                    writing: crate::measure::novel::phrases::Writing::Plain,
                });
            }
        }
        all
    }

    #[test]
    fn c_values_are_those_of_the_example_in_the_paper() {
        // Frantzi, Ananiadou and Mima 2000, section 2.3: frequencies 5, 11, 7, 5, 3 and 984 of terms around "basal cell
        // carcinoma" (1 2 3); the candidates there are these six.
        let (adenoid, cystic, ulcerated, recurrent, circumscribed) = (10, 11, 12, 13, 14);
        let basal = [1, 2, 3];
        let long = |first: &[u64]| [first, &basal].concat();
        let named = [
            (long(&[adenoid, cystic]), 5),
            (long(&[cystic]), 11 - 5),
            (long(&[ulcerated]), 7),
            (long(&[recurrent]), 5),
            (long(&[circumscribed]), 3),
            (basal.to_vec(), 984 - 11 - 7 - 5 - 3),
        ];
        let mut tally = Tally::new(1_000);
        let wanted: Vec<u64> = named.iter().filter_map(|(words, _)| parts(words).last().map(|c| c.phrase)).collect();
        for (words, count) in &named {
            for _ in 0..*count {
                parts(words).iter().filter(|c| wanted.contains(&c.phrase)).for_each(|c| tally.add(c));
            }
        }
        let values = tally.c_values(3);
        let value = |i: usize| values.iter().find(|v| v.phrase == wanted[i]).unwrap().c_value;
        for (i, published) in [11.6096, 12.0, 14.0, 10.0, 6.0, 1551.36].into_iter().enumerate() {
            assert!((value(i) - published).abs() < 0.005, "{i}: {} {published}", value(i));
        }
    }

    #[test]
    fn a_full_tally_says_how_frequent_a_dropped_phrase_can_have_been_and_loses_no_more_frequent_one() {
        let mut tally = Tally::new(100);
        let word = |n: u64| parts(&[n])[0];
        for round in 0..40 {
            tally.add(&word(1));
            (0..50).for_each(|i| tally.add(&word(1_000 + round * 50 + i)));
        }
        let floor = tally.dropped_below();
        assert!(tally.entries.len() <= 100 && (1..40).contains(&floor), "{floor}");
        assert_eq!(tally.c_values(floor + 1).iter().find(|v| v.phrase == word(1).phrase).unwrap().count, 40);
        let mut roomy = Tally::new(10_000);
        (0..50).for_each(|i| roomy.add(&word(i)));
        assert_eq!(roomy.dropped_below(), 0);
    }

    #[test]
    fn a_full_tally_drops_the_rarest_quarter_and_what_is_as_rare() {
        let mut tally = Tally::new(8);
        for (word, count) in (0..).zip([1, 1, 2, 2, 3, 3, 4, 4]) {
            (0..count).for_each(|_| tally.add(&parts(&[word])[0]));
        }
        assert_eq!(tally.dropped_below(), 0);
        tally.add(&parts(&[99])[0]);
        // The third smallest of eight is 2: four go, and the new one comes.
        assert_eq!((tally.dropped_below(), tally.entries.len()), (2, 5));
    }
}
