//! Lanes from learned vectors: likeness of meaning rather than of letters, and across languages.
//!
//! `sense` cosine of text and concept; `clause` best cosine of a clause and the concept; `phrase` best cosine of 1 to 6
//! words in a row and the concept; `name` the same against one of the concept's labels; `whole` best cosine of the text
//! or a clause and a label; `soft` the share of a label's idf met by words of like meaning, times `ln(1 + that idf)`.
//! Labels are those of the text's language; a concept that has none there is compared by its labels of other languages.

use crate::lexicon::kernel::{Kernel, STEPS, length, steps};
use crate::lexicon::labels::{LabelTable, UNKNOWN};
use crate::lexicon::query::{self, Word};
use crate::lexicon::vectors::Vectors;
use crate::types::Lang;
use rustc_hash::FxHashMap;

/// Values of the learned lanes.
pub(crate) type LearnedValues = [f32; 6];

/// Words of a window at most.
const WINDOW_WORDS: usize = 6;
/// Clauses compared with every concept at most.
const CLAUSES: usize = 6;
/// Labels of a concept that are compared, own language and others.
const LABELS: (usize, usize) = (24, 16);
/// The same in a hurry.
const QUICK_LABELS: usize = 6;
/// Cosine from which two words begin to mean the same.
const LEAST_ALIKE: f32 = 0.45;

/// A label as vectors see it.
#[derive(Debug, Clone)]
struct Name {
    /// Position in the label table.
    label: u32,
    lang: Lang,
    /// Its words in `tokens`, with their idf.
    words: Vec<(u32, f32)>,
    /// Length of the sum of its words.
    norm: f32,
}

/// Vectors of every concept and label word of a table.
#[derive(Debug)]
pub(crate) struct LearnedIndex<'v> {
    vectors: &'v Vectors,
    dim: usize,
    kernel: Kernel,
    /// One after the other, each of length 1, in steps.
    concepts: Vec<i16>,
    /// Words of labels, each of length 1, in steps.
    tokens: Vec<i16>,
    /// How loud each is: the length of its vector.
    token_norms: Vec<f32>,
    /// Stem of each.
    token_stems: Vec<u32>,
    names: Vec<Name>,
    name_starts: Vec<u32>,
}

/// A text's words as vectors.
#[derive(Debug, Default)]
pub(crate) struct LearnedQuery {
    lang: Option<Lang>,
    /// Words that count: position in the text, stem, clause.
    words: Vec<(u32, u32, u32)>,
    /// Loud vectors, one after the other.
    loud: Vec<f32>,
    /// The same with length 1, in steps, and their lengths.
    units: Vec<i16>,
    norms: Vec<f32>,
    /// (first, one past last, 1 / length) over `words`.
    windows: Vec<(u32, u32, f32)>,
    /// The same of the text and its clauses.
    wholes: Vec<(u32, u32, f32)>,
    text: Vec<i16>,
    clauses: Vec<Vec<i16>>,
    quick: bool,
}

impl LearnedQuery {
    /// Leaves out the clauses and most labels, where thousands of short texts are read.
    pub(crate) fn hurry(&mut self) {
        self.clauses.clear();
        self.quick = true;
    }
}

/// Working memory.
#[derive(Debug, Default)]
pub(crate) struct LearnedScratch {
    words: FxHashMap<(Lang, String), Vec<f32>>,
    /// Where a token's cosines with the query's words begin, plus 1.
    slots: Vec<u32>,
    touched: Vec<u32>,
    products: Vec<f32>,
    sums: Vec<f32>,
    clause_best: Vec<f32>,
    text_cosines: Vec<f32>,
}

/// Words remembered by a thread at most.
const WORD_MEMORY: usize = 40_000;

/// What the learned lanes say of a concept.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LearnedHit {
    pub(crate) values: LearnedValues,
    /// Label nearest to some words, in the label table.
    pub(crate) label: Option<u32>,
    /// Those words, first and one past the last in the text.
    pub(crate) window: (u32, u32),
}

impl<'v> LearnedIndex<'v> {
    /// `uris` and `descriptions` by concept.
    pub(crate) fn new(
        vectors: &'v Vectors,
        table: &LabelTable,
        uris: &[&str],
        descriptions: &[Option<(&str, Lang)>],
    ) -> Self {
        let dim = vectors.dim();
        let mut index = Self {
            vectors,
            dim,
            kernel: Kernel::new(dim),
            concepts: vec![0; uris.len() * dim],
            tokens: Vec::new(),
            token_norms: Vec::new(),
            token_stems: Vec::new(),
            names: Vec::new(),
            name_starts: vec![0; uris.len() + 1],
        };
        index.read_names(table, uris.len());
        index.place_concepts(uris, descriptions);
        index
    }

    fn read_names(&mut self, table: &LabelTable, concept_count: usize) {
        let mut slots: FxHashMap<(Lang, u32), u32> = FxHashMap::default();
        let mut by_concept: Vec<Vec<u32>> = vec![Vec::new(); concept_count];
        for (at, entry) in (0u32..).zip(&table.entries) {
            if let Some(list) = by_concept.get_mut(entry.concept as usize) {
                list.push(at);
            }
        }
        for (concept, labels) in by_concept.iter().enumerate() {
            for &label in labels {
                self.read_name(table, label, &mut slots);
            }
            self.name_starts[concept + 1] = self.names.len() as u32;
        }
    }

    fn read_name(&mut self, table: &LabelTable, label: u32, slots: &mut FxHashMap<(Lang, u32), u32>) {
        let Some(entry) = table.entries.get(label as usize) else { return };
        let (tokens, stems) = (table.tokens(label as usize), table.stems(label as usize));
        let all_stops = tokens.iter().all(|t| query::is_stop(table.vocabulary.tokens.text(*t), entry.lang));
        let mut words = Vec::with_capacity(tokens.len());
        let mut sum = vec![0.0; self.dim];
        for (&token, &stem) in tokens.iter().zip(stems) {
            let form = table.vocabulary.tokens.text(token);
            if !all_stops && query::is_stop(form, entry.lang) {
                continue;
            }
            let slot = *slots.entry((entry.lang, token)).or_insert_with(|| {
                let mut vector = vec![0.0; self.dim];
                self.vectors.add_word(form, entry.lang, &mut vector);
                self.token_norms.push(length(&vector));
                self.token_stems.push(stem);
                self.tokens.extend(steps(&vector));
                self.token_norms.len() as u32 - 1
            });
            self.add_token(slot, 1.0, &mut sum);
            words.push((slot, table.vocabulary.idf(stem)));
        }
        if !words.is_empty() {
            self.names.push(Name { label, lang: entry.lang, words, norm: length(&sum) });
        }
    }

    fn token(&self, slot: u32) -> &[i16] {
        self.tokens.get(slot as usize * self.dim..(slot as usize + 1) * self.dim).unwrap_or_default()
    }

    fn add_token(&self, slot: u32, factor: f32, sum: &mut [f32]) {
        let scale = factor * self.token_norms.get(slot as usize).copied().unwrap_or_default() / STEPS;
        sum.iter_mut().zip(self.token(slot)).for_each(|(s, v)| *s += scale * f32::from(*v));
    }

    /// The learned place of a concept; of one that was not learned the mean of its labels and half its description.
    fn place_concepts(&mut self, uris: &[&str], descriptions: &[Option<(&str, Lang)>]) {
        for (at, uri) in uris.iter().enumerate() {
            let mut place = vec![0.0; self.dim];
            if !self.vectors.add_concept(uri, &mut place) {
                let names = self.names.get(self.range(at)).unwrap_or_default();
                for name in names {
                    let share = 1.0 / (name.norm * names.len() as f32);
                    name.words.iter().for_each(|(slot, _)| self.add_token(*slot, share, &mut place));
                }
                if let Some((text, lang)) = descriptions.get(at).copied().flatten() {
                    let vector = self.vectors.text(text, lang);
                    place.iter_mut().zip(vector).for_each(|(p, v)| *p += 0.5 * v);
                }
            }
            if let Some(row) = self.concepts.get_mut(at * self.dim..(at + 1) * self.dim) {
                row.iter_mut().zip(steps(&place)).for_each(|(out, step)| *out = step);
            }
        }
    }

    fn range(&self, concept: usize) -> std::ops::Range<usize> {
        match (self.name_starts.get(concept), self.name_starts.get(concept + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }

    /// Words of a text as vectors.
    pub(crate) fn query(&self, words: &[Word], lang: Lang, scratch: &mut LearnedScratch) -> LearnedQuery {
        let mut q = LearnedQuery { lang: Some(lang), ..LearnedQuery::default() };
        let mut text = vec![0.0; self.dim];
        if scratch.words.len() > WORD_MEMORY {
            scratch.words.clear();
        }
        for (at, word) in words.iter().enumerate().filter(|(_, w)| !w.stop) {
            let vector = scratch.words.entry((lang, word.form.clone())).or_insert_with(|| {
                let mut vector = vec![0.0; self.dim];
                self.vectors.add_word(&word.form, lang, &mut vector);
                vector
            });
            q.norms.push(length(vector));
            q.units.extend(steps(vector));
            q.words.push((at as u32, word.stem, word.clause));
            text.iter_mut().zip(vector.iter()).for_each(|(t, v)| *t += v);
            q.loud.extend_from_slice(vector);
        }
        q.text = steps(&text).collect();
        q.wholes.push((0, q.words.len() as u32, 1.0 / length(&text)));
        self.cut(&mut q);
        q
    }

    /// Windows within clauses, and the clauses themselves where there are several.
    fn cut(&self, q: &mut LearnedQuery) {
        for from in 0..q.words.len() {
            let mut sum = vec![0.0; self.dim];
            for to in from..q.words.len().min(from + WINDOW_WORDS) {
                // Stop words do not part a window, another clause does.
                if q.words[to].2 != q.words[from].2 {
                    break;
                }
                sum.iter_mut().zip(&q.loud[to * self.dim..(to + 1) * self.dim]).for_each(|(s, v)| *s += v);
                q.windows.push((from as u32, to as u32 + 1, 1.0 / length(&sum)));
            }
        }
        let mut from = 0;
        for run in q.words.chunk_by(|a, b| a.2 == b.2) {
            let mut sum = vec![0.0; self.dim];
            for at in from..from + run.len() {
                sum.iter_mut().zip(&q.loud[at * self.dim..(at + 1) * self.dim]).for_each(|(s, v)| *s += v);
            }
            q.wholes.push((from as u32, (from + run.len()) as u32, 1.0 / length(&sum)));
            from += run.len();
            q.clauses.push(steps(&sum).collect());
        }
        q.clauses.truncate(CLAUSES);
        q.wholes.truncate(CLAUSES + 1);
    }

    /// The `limit` concepts nearest to the text or one of its clauses.
    pub(crate) fn propose(&self, q: &LearnedQuery, limit: usize, scratch: &mut LearnedScratch) -> Vec<u32> {
        let count = self.concepts.len() / self.dim.max(1);
        scratch.text_cosines.clear();
        scratch.clause_best.clear();
        if q.words.is_empty() {
            scratch.text_cosines.resize(count, 0.0);
            scratch.clause_best.resize(count, 0.0);
            return Vec::new();
        }
        self.kernel.cosines(&self.concepts, &q.text, &mut scratch.text_cosines);
        if let [first, rest @ ..] = q.clauses.as_slice()
            && !rest.is_empty()
        {
            self.kernel.cosines(&self.concepts, first, &mut scratch.clause_best);
            for clause in rest {
                scratch.products.clear();
                self.kernel.cosines(&self.concepts, clause, &mut scratch.products);
                let best = scratch.clause_best.iter_mut().zip(&scratch.products);
                best.for_each(|(best, cosine)| *best = best.max(*cosine));
            }
            scratch.products.clear();
        } else {
            scratch.clause_best.extend_from_slice(&scratch.text_cosines);
        }
        let mut out = best(&scratch.text_cosines, limit);
        if q.clauses.len() > 1 {
            out.extend(best(&scratch.clause_best, limit));
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The `limit` concepts of the greatest `sense` times cosine plus prior; after [`LearnedIndex::propose`].
    pub(crate) fn propose_likely(
        limit: usize,
        sense: f32,
        prior: &dyn Fn(u32) -> f32,
        scratch: &LearnedScratch,
    ) -> Vec<u32> {
        let scored: Vec<f32> = scratch.text_cosines.iter().zip(0u32..).map(|(x, c)| sense * x + prior(c)).collect();
        best(&scored, limit)
    }

    /// The lanes of a concept; after [`LearnedIndex::propose`] with the same scratch.
    pub(crate) fn value(&self, concept: u32, q: &LearnedQuery, scratch: &mut LearnedScratch) -> LearnedHit {
        let mut hit = LearnedHit::default();
        let at = concept as usize;
        let Some(place) = self.concepts.get(at * self.dim..(at + 1) * self.dim) else { return hit };
        hit.values[0] = scratch.text_cosines.get(at).copied().unwrap_or_default();
        hit.values[1] = scratch.clause_best.get(at).copied().unwrap_or_default();
        let n = q.words.len();
        scratch.sums.clear();
        scratch.sums.push(0.0);
        self.kernel.cosines(&q.units, place, &mut scratch.sums);
        let mut total = 0.0;
        for (sum, norm) in scratch.sums.iter_mut().skip(1).zip(&q.norms) {
            total += norm * *sum;
            *sum = total;
        }
        hit.values[2] = best_window(&q.windows, &scratch.sums).0;
        let names = self.names.get(self.range(at)).unwrap_or_default();
        let own = names.iter().any(|name| Some(name.lang) == q.lang);
        let most = if own { LABELS.0 } else { LABELS.1 };
        let most = if q.quick { QUICK_LABELS } else { most };
        for name in names.iter().filter(|name| !own || Some(name.lang) == q.lang).take(most) {
            self.compare(name, n, q, scratch, &mut hit);
        }
        hit
    }

    /// `name` and `soft` of one label.
    fn compare(&self, name: &Name, n: usize, q: &LearnedQuery, scratch: &mut LearnedScratch, hit: &mut LearnedHit) {
        scratch.sums.clear();
        scratch.sums.resize(n + 1, 0.0);
        let (mut met, mut all) = (0.0, 0.0);
        for &(token, idf) in &name.words {
            let from = self.cosines(token, q, scratch);
            let cosines = &scratch.products[from..from + n];
            let norm = self.token_norms[token as usize];
            let mut alike = 0f32;
            for (at, &cosine) in cosines.iter().enumerate() {
                scratch.sums[at + 1] += norm * q.norms[at] * cosine;
                let same = q.words[at].1 != UNKNOWN && q.words[at].1 == self.token_stems[token as usize];
                alike = alike.max(if same { 1.0 } else { (cosine - LEAST_ALIKE) / (1.0 - LEAST_ALIKE) });
            }
            met += idf * alike.clamp(0.0, 1.0);
            all += idf;
        }
        (1..=n).for_each(|at| scratch.sums[at] += scratch.sums[at - 1]);
        let (value, window) = best_window(&q.windows, &scratch.sums);
        let value = value / name.norm;
        if value > hit.values[3] {
            hit.values[3] = value;
            hit.label = Some(name.label);
            let place = |at: u32| q.words.get(at as usize).map_or(0, |w| w.0);
            hit.window = (place(window.0), place(window.1.saturating_sub(1)) + 1);
        }
        hit.values[4] = hit.values[4].max(best_window(&q.wholes, &scratch.sums).0 / name.norm);
        hit.values[5] = hit.values[5].max(met / all.max(1e-6) * (1.0 + met).ln());
    }

    /// Cosines of a label word with each word of the query, worked out once per query.
    fn cosines(&self, token: u32, q: &LearnedQuery, scratch: &mut LearnedScratch) -> usize {
        scratch.slots.resize(self.token_norms.len().max(scratch.slots.len()), 0);
        let slot = scratch.slots[token as usize];
        if slot > 0 {
            return slot as usize - 1;
        }
        let from = scratch.products.len();
        let vector = self.token(token);
        self.kernel.cosines(&q.units, vector, &mut scratch.products);
        scratch.slots[token as usize] = from as u32 + 1;
        scratch.touched.push(token);
        from
    }

    /// Forgets a query.
    pub(crate) fn close(scratch: &mut LearnedScratch) {
        scratch.touched.drain(..).for_each(|token| scratch.slots[token as usize] = 0);
        scratch.products.clear();
    }
}

/// The best mean product of a window, given running sums of products.
fn best_window(windows: &[(u32, u32, f32)], sums: &[f32]) -> (f32, (u32, u32)) {
    let mut best = (0.0, (0, 0));
    for &(from, to, scale) in windows {
        let value = (sums[to as usize] - sums[from as usize]) * scale;
        if value > best.0 {
            best = (value, (from, to));
        }
    }
    best
}

/// Positions of the greatest values; of equal ones the first.
fn best(values: &[f32], limit: usize) -> Vec<u32> {
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    let most = limit.max(1) * 4;
    let mut kept: Vec<(f32, u32)> = Vec::with_capacity(most);
    let mut least = f32::NEG_INFINITY;
    for (at, &value) in (0u32..).zip(values) {
        if value <= least {
            continue;
        }
        kept.push((value, at));
        if kept.len() == most {
            let (_, last, _) = kept.select_nth_unstable_by(limit.saturating_sub(1), order);
            least = last.0;
            kept.truncate(limit);
        }
    }
    if limit < kept.len() {
        kept.select_nth_unstable_by(limit, order);
        kept.truncate(limit);
    }
    kept.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_values_are_those_a_full_sort_puts_first() {
        let values: Vec<f32> = (0..997u32).map(|x| ((x * 7919 % 251) as f32).sin()).collect();
        for limit in [1, 2, 10, 100, 996, 997, 2_000] {
            let mut all: Vec<u32> = (0..997).collect();
            all.sort_by(|a, b| values[*b as usize].total_cmp(&values[*a as usize]).then(a.cmp(b)));
            all.truncate(limit);
            all.sort_unstable();
            let mut found = best(&values, limit);
            found.sort_unstable();
            assert_eq!(found, all, "{limit}");
        }
        assert!(best(&values, 0).is_empty() && best(&[], 3).is_empty());
    }
}
