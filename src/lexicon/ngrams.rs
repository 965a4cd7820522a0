//! Inverted index of character 3-grams within words: the labels most like a text, misspellings included.
//!
//! Each word is padded with a space on both sides, so that its ends count. Weights are TF-IDF with `1 + ln tf` and
//! `1 + ln((1 + n) / (1 + df))`, likeness is the cosine. [`NGramIndex::top`] reads the rare grams first and stops as
//! soon as no unread label can reach the k-th best: by Cauchy-Schwarz a label seen in none of the read grams scores at
//! most the norm of the query's unread part.

use rustc_hash::FxHashMap;

/// Bits of a posting that hold the term frequency; the rest is the document or gram.
const TF_BITS: u32 = 4;
/// Largest term frequency told apart.
const TF_MAX: u32 = (1 << TF_BITS) - 1;
/// Postings read before the threshold is looked at for the first time.
const FIRST_LOOK: usize = 1_200;
/// Postings read at most; texts like no label at all stop here and lose nothing a reader would miss.
const READ_LIMIT: usize = 60_000;

/// Parts of a whole that posting weights count in.
const WEIGHT_SCALE: f32 = 65_535.0;
/// Steps of idf at which a text's share in common grams is kept.
const LEVELS: usize = 16;
/// Texts scored in full per text asked for.
const SCORED: usize = 16;
/// Share of the possible gain that a text makes of its common grams, on average.
const LIKELY_GAIN: f32 = 0.5;
/// Share of the squared norm that a text seen in no rare gram reaches of the unread part, hardly ever more. At 1 the
/// search is exact and half as fast; here 97 of the true top 100 are found.
const LIKELY_REACH: f32 = 0.35;

/// Index over the texts it was built from; they are known by their position.
#[derive(Debug, Default)]
pub struct NGramIndex {
    grams: FxHashMap<u64, u32>,
    idf: Vec<f32>,
    /// Inverse document frequency of a gram that no text has.
    idf_unseen: f32,
    posting_starts: Vec<u32>,
    postings: Vec<u32>,
    /// Normalised weight of the gram in the posting's text, in 65535ths.
    posting_weights: Vec<u16>,
    gram_starts: Vec<u32>,
    doc_grams: Vec<u32>,
    inverse_norm: Vec<f32>,
    /// Per level of idf: norm of each text's part in grams of at most that level, in 255ths rounded up.
    common: Vec<Vec<u8>>,
    tf_weight: [f32; TF_MAX as usize + 1],
}

/// Working memory of a search, reused between calls by one thread.
#[derive(Debug, Default)]
pub struct NGramScratch {
    partial: Vec<f32>,
    touched: Vec<u32>,
    query: Vec<f32>,
    grams: Vec<u32>,
    terms: Vec<Term>,
    likely: Vec<(u32, f32)>,
}

/// A gram of the query.
#[derive(Debug, Clone, Copy)]
struct Term {
    gram: u32,
    /// Share of the query's norm.
    weight: f32,
    /// Squared norm of the query from this term on.
    rest: f32,
}

/// What a search left unread when it stopped.
#[derive(Debug, Clone, Copy)]
struct Unread {
    /// Squared norm of the query's unread part.
    square: f32,
    /// Level of its rarest gram.
    level: usize,
}

/// Calls `each` with every padded 3-gram of the text's words, packed into one number.
fn each_gram(text: &str, mut each: impl FnMut(u64)) {
    const MASK: u64 = (1 << 63) - 1;
    for word in text.split_whitespace() {
        let mut window = u64::from(b' ');
        let mut seen = 1;
        for c in word.chars().chain(std::iter::once(' ')) {
            window = (window << 21 | u64::from(u32::from(c))) & MASK;
            seen += 1;
            if seen >= 3 {
                each(window);
            }
        }
    }
}

/// Sorts and folds equal ids into `id << TF_BITS | tf`.
fn fold(ids: &mut [u32], mut each: impl FnMut(u32, u32)) {
    ids.sort_unstable();
    for run in ids.chunk_by(|a, b| a == b) {
        let tf = u32::try_from(run.len()).unwrap_or(TF_MAX).min(TF_MAX);
        if let Some(&id) = run.first() {
            each(id, tf);
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn smooth_idf(doc_count: usize, df: usize) -> f32 {
    1.0 + ((1 + doc_count) as f32 / (1 + df) as f32).ln()
}

impl NGramIndex {
    /// Builds the index. Texts should be in normal form (lower case); at most 2^28 of them.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        #[allow(clippy::cast_precision_loss)]
        for (tf, weight) in index.tf_weight.iter_mut().enumerate().skip(1) {
            *weight = 1.0 + (tf as f32).ln();
        }
        let mut df: Vec<u32> = Vec::new();
        let mut ids: Vec<u32> = Vec::new();
        index.gram_starts.push(0);
        for text in texts {
            ids.clear();
            each_gram(text, |gram| {
                let next = df.len() as u32;
                let id = *index.grams.entry(gram).or_insert(next);
                if id == next {
                    df.push(0);
                }
                ids.push(id);
            });
            fold(&mut ids, |id, tf| {
                df[id as usize] += 1;
                index.doc_grams.push(id << TF_BITS | tf);
            });
            index.gram_starts.push(index.doc_grams.len() as u32);
        }
        index.weigh(&df);
        index.invert(&df);
        index
    }

    fn weigh(&mut self, df: &[u32]) {
        let doc_count = self.len();
        self.idf = df.iter().map(|&n| smooth_idf(doc_count, n as usize)).collect();
        self.idf_unseen = smooth_idf(doc_count, 0);
        self.common = vec![Vec::new(); LEVELS];
        for doc in 0..doc_count {
            let mut squares = [0f32; LEVELS];
            let mut total = 0.0;
            for (gram, weight) in self.grams_of(doc) {
                squares[self.level(gram)] += weight * weight;
                total += weight * weight;
            }
            self.inverse_norm.push(if total > 0.0 { 1.0 / total.sqrt() } else { 0.0 });
            let mut sum = 0.0;
            for (level, square) in self.common.iter_mut().zip(squares) {
                sum += square;
                level.push((255.0 * (sum / total.max(f32::MIN_POSITIVE)).sqrt()).ceil() as u8);
            }
        }
    }

    /// Level of a gram's idf; commoner grams have lower levels.
    fn level(&self, gram: u32) -> usize {
        let share = (self.idf[gram as usize] - 1.0) / (self.idf_unseen - 1.0).max(f32::MIN_POSITIVE);
        ((share * LEVELS as f32) as usize).min(LEVELS - 1)
    }

    /// Counting sort of the documents' grams into postings by gram.
    fn invert(&mut self, df: &[u32]) {
        self.posting_starts = Vec::with_capacity(df.len() + 1);
        let mut at = 0;
        for n in df {
            self.posting_starts.push(at);
            at += n;
        }
        self.posting_starts.push(at);
        let mut next = self.posting_starts.clone();
        self.postings = vec![0; self.doc_grams.len()];
        self.posting_weights = vec![0; self.doc_grams.len()];
        for doc in 0..self.len() {
            for &packed in &self.doc_grams[self.gram_starts[doc] as usize..self.gram_starts[doc + 1] as usize] {
                let gram = (packed >> TF_BITS) as usize;
                let weight = self.idf[gram] * self.tf_weight[(packed & TF_MAX) as usize] * self.inverse_norm[doc];
                let slot = &mut next[gram];
                self.postings[*slot as usize] = doc as u32;
                self.posting_weights[*slot as usize] = (weight * WEIGHT_SCALE).round() as u16;
                *slot += 1;
            }
        }
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.gram_starts.len().saturating_sub(1)
    }

    /// No text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Grams of a text with their TF-IDF weights, not normalised.
    pub fn grams_of(&self, doc: usize) -> impl Iterator<Item = (u32, f32)> {
        let range = match (self.gram_starts.get(doc), self.gram_starts.get(doc + 1)) {
            (Some(&from), Some(&to)) => from as usize..to as usize,
            _ => 0..0,
        };
        self.doc_grams[range].iter().map(|&packed| {
            let gram = packed >> TF_BITS;
            (gram, self.idf[gram as usize] * self.tf_weight[(packed & TF_MAX) as usize])
        })
    }

    /// One over the norm of a text's vector; 0 for an empty text.
    pub fn inverse_norm(&self, doc: usize) -> f32 {
        self.inverse_norm.get(doc).copied().unwrap_or_default()
    }

    /// Number of different grams; ids run below it.
    pub fn gram_count(&self) -> usize {
        self.idf.len()
    }

    /// Grams of any text: (id, TF-IDF weight) of the known ones, and the squared norm with the unknown ones.
    pub fn vector(&self, text: &str, ids: &mut Vec<u32>, mut each: impl FnMut(u32, f32)) -> f32 {
        ids.clear();
        let mut square = 0.0;
        each_gram(text, |gram| match self.grams.get(&gram) {
            Some(&id) => ids.push(id),
            None => square += self.idf_unseen * self.idf_unseen,
        });
        fold(ids, |id, tf| {
            let weight = self.idf[id as usize] * self.tf_weight[tf as usize];
            square += weight * weight;
            each(id, weight);
        });
        square
    }

    /// The `k` texts most like `text` with their cosine, best first; ties by position.
    pub fn top(&self, text: &str, k: usize, scratch: &mut NGramScratch) -> Vec<(u32, f32)> {
        if k == 0 || self.is_empty() {
            return Vec::new();
        }
        self.prepare(text, scratch);
        let floor = self.read_postings(k, scratch);
        let found = self.finish(k, floor, scratch);
        for term in &scratch.terms {
            scratch.query[term.gram as usize] = 0.0;
        }
        found
    }

    /// Query terms, rarest first, with the norm of what follows each.
    fn prepare(&self, text: &str, scratch: &mut NGramScratch) {
        scratch.partial.resize(self.len().max(scratch.partial.len()), 0.0);
        scratch.query.resize(self.gram_count().max(scratch.query.len()), 0.0);
        scratch.terms.clear();
        let terms = &mut scratch.terms;
        let square = self.vector(text, &mut scratch.grams, |gram, weight| terms.push(Term { gram, weight, rest: 0.0 }));
        let scale = if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 };
        terms.sort_unstable_by_key(|term| (self.df(term.gram), term.gram));
        let mut rest = 0.0;
        for term in terms.iter_mut().rev() {
            term.weight *= scale;
            rest += term.weight * term.weight;
            term.rest = rest;
            scratch.query[term.gram as usize] = term.weight * self.idf[term.gram as usize];
        }
    }

    fn df(&self, gram: u32) -> u32 {
        self.posting_starts[gram as usize + 1] - self.posting_starts[gram as usize]
    }

    /// Adds up postings until no unread text can reach the k-th best.
    fn read_postings(&self, k: usize, scratch: &mut NGramScratch) -> Unread {
        let mut read = 0;
        let mut floor = None;
        for at in 0..scratch.terms.len() {
            let term = scratch.terms[at];
            if read > FIRST_LOOK && floor.is_none() && term.rest < 0.5 {
                floor = Some(self.lower_bound(k, scratch));
            }
            let reachable = floor.is_none_or(|f| term.rest * LIKELY_REACH > f * f);
            if !reachable || read > READ_LIMIT {
                return Unread { square: term.rest, level: self.level(term.gram) };
            }
            read += self.read_term(term, scratch);
        }
        Unread { square: 0.0, level: 0 }
    }

    fn read_term(&self, term: Term, scratch: &mut NGramScratch) -> usize {
        let gram = term.gram as usize;
        let range = self.posting_starts[gram] as usize..self.posting_starts[gram + 1] as usize;
        let step = term.weight / WEIGHT_SCALE;
        let NGramScratch { partial, touched, .. } = scratch;
        for (&doc, &weight) in self.postings[range.clone()].iter().zip(&self.posting_weights[range.clone()]) {
            let sum = &mut partial[doc as usize];
            if *sum == 0.0 {
                touched.push(doc);
            }
            *sum += step * f32::from(weight);
        }
        range.len()
    }

    /// A score that the k-th best text reaches for certain: the k-th of the fully scored front-runners.
    fn lower_bound(&self, k: usize, scratch: &mut NGramScratch) -> f32 {
        let mut front = std::mem::take(&mut scratch.likely);
        front.clear();
        let (mut bar, full) = (0.0, 3 * k);
        for &doc in &scratch.touched {
            let partial = scratch.partial[doc as usize];
            if partial > bar {
                front.push((doc, partial));
                if front.len() >= 4 * full {
                    keep_best(&mut front, full);
                    bar = front.iter().map(|x| x.1).fold(f32::MAX, f32::min);
                }
            }
        }
        keep_best(&mut front, full);
        for (doc, score) in &mut front {
            *score = self.cosine(*doc, &scratch.query);
        }
        keep_best(&mut front, k);
        let floor = if front.len() < k { 0.0 } else { front.iter().map(|x| x.1).fold(f32::MAX, f32::min) };
        scratch.likely = front;
        floor
    }

    /// Scores in full the texts likeliest to be best, and clears the sums. A text with part `c` of its norm in grams as
    /// common as the unread ones gains at most `gain x c`, and about half of it where it gains at all.
    fn finish(&self, k: usize, unread: Unread, scratch: &mut NGramScratch) -> Vec<(u32, f32)> {
        let gain = unread.square.max(0.0).sqrt() / 255.0 * LIKELY_GAIN;
        let (mut bar, full) = (0.0, SCORED * k);
        let common = &self.common[unread.level];
        let mut found: Vec<(u32, f32)> = Vec::with_capacity(2 * full);
        for doc in scratch.touched.drain(..) {
            let partial = std::mem::take(&mut scratch.partial[doc as usize]);
            let likely = partial + gain * f32::from(common[doc as usize]);
            if likely > bar {
                found.push((doc, likely));
                if found.len() >= 2 * full {
                    keep_best(&mut found, full);
                    bar = found.iter().map(|x| x.1).fold(f32::MAX, f32::min);
                }
            }
        }
        keep_best(&mut found, full);
        for (doc, score) in &mut found {
            *score = self.cosine(*doc, &scratch.query);
        }
        keep_best(&mut found, k);
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }

    fn cosine(&self, doc: u32, query: &[f32]) -> f32 {
        let doc = doc as usize;
        let range = self.gram_starts[doc] as usize..self.gram_starts[doc + 1] as usize;
        let product = |packed: &u32| query[(packed >> TF_BITS) as usize] * self.weigh_tf(*packed);
        self.doc_grams[range].iter().map(product).sum::<f32>() * self.inverse_norm[doc]
    }

    /// `1 + ln tf` of a packed gram; its idf is in the query already.
    fn weigh_tf(&self, packed: u32) -> f32 {
        self.tf_weight[(packed & TF_MAX) as usize]
    }
}

/// Keeps the `k` best, in no order.
pub(crate) fn keep_best(scored: &mut Vec<(u32, f32)>, k: usize) {
    if scored.len() > k && k > 0 {
        scored.select_nth_unstable_by(k - 1, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scored.truncate(k);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_label_finds_the_label_first() {
        let index = NGramIndex::new(["project management", "manage projects", "databases", "data base security"]);
        let mut scratch = NGramScratch::default();
        assert_eq!(index.top("projcet managment", 1, &mut scratch)[0].0, 0);
        assert_eq!(index.top("databses", 2, &mut scratch)[0].0, 2);
        assert!(index.top("zzzz", 3, &mut scratch).is_empty());
    }

    #[test]
    fn cosines_agree_with_values_worked_out_by_hand() {
        // "ab" has grams " ab", "ab "; "abc" has " ab", "abc", "bc ". n = 2, df(" ab") = 2, others 1.
        // idf(2) = 1 + ln(3/3) = 1, idf(1) = 1 + ln(3/2) = 1.405465.
        // |ab| = sqrt(1 + 1.975332) = 1.724915; |abc| = sqrt(1 + 2 x 1.975332) = 2.224936; cos = 1 / (product) = .260565
        let index = NGramIndex::new(["ab", "abc"]);
        let found = index.top("ab", 2, &mut NGramScratch::default());
        assert_eq!(found[0].0, 0);
        assert!((found[0].1 - 1.0).abs() < 1e-5);
        assert!((found[1].1 - 0.260_565).abs() < 1e-5, "{}", found[1].1);
    }

    #[test]
    fn words_of_any_script_and_empty_texts_are_taken() {
        let index = NGramIndex::new(["إدارة المشاريع", "", "gestió de projectes"]);
        let mut scratch = NGramScratch::default();
        assert_eq!(index.top("ادارة المشاريع", 1, &mut scratch)[0].0, 0);
        assert!(index.top("", 5, &mut scratch).is_empty());
        assert!(NGramIndex::new([]).top("x", 5, &mut scratch).is_empty());
    }
}
