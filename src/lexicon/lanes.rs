//! What speaks for a concept beside a text: lexical lanes over its labels and description.
//!
//! `cover` share of the idf of a label's stems that the text has, times `ln(1 + that idf)`; `char` cosine of character
//! 3-grams of text and label; `joined` TF-IDF cosine against all labels of the concept, stems and stem pairs;
//! `description` the same against preferred label and description, stems only; `window` best cosine of 3-grams between
//! a label and 1 to 5 words of the text, times `n^.25`. The cheap lane (`cover`, by inverted index) proposes, the rest
//! are worked out for the proposed only. A label counts twice: as it is, and without its "(...)".

use crate::lexicon::labels::{LabelTable, UNKNOWN};
use crate::lexicon::ngrams::{NGramIndex, NGramScratch, keep_best};
use crate::lexicon::query::{self, Word};
use crate::lexicon::sparse::{Rows, counted, inverse_frequencies};
use crate::types::Lang;
use rustc_hash::{FxHashMap, FxHashSet};

/// Lanes in the order of a value row.
pub const LANES: [&str; 16] = [
    "cover",
    "char",
    "joined",
    "description",
    "window",
    "sense",
    "clause",
    "phrase",
    "name",
    "whole",
    "soft",
    "foreign",
    "occupations",
    "reuse",
    "postings",
    "demand",
];
/// Values of one concept, by lane.
pub type LaneValues = [f32; LANES.len()];
pub(crate) const COVER: usize = 0;
pub(crate) const CHAR: usize = 1;
pub(crate) const JOINED: usize = 2;
pub(crate) const DESCRIPTION: usize = 3;
pub(crate) const WINDOW: usize = 4;
pub(crate) const LEARNED: usize = 5;
pub(crate) const FOREIGN: usize = 11;
pub(crate) const PRIORS: usize = 12;

/// Words of a window at most.
const WINDOW_WORDS: usize = 5;
/// Words of a text that are looked at.
const WORD_LIMIT: usize = 160;
/// In a quick look, labels of which less than this share of idf is found are no candidates.
const QUICK_LEAST_FOUND: f32 = 0.34;
/// Candidates of a quick look at most.
const QUICK_LIMIT: usize = 60;
/// Steps per unit of the table of logarithms.
const LOG_STEPS: f32 = 64.0;
/// Words of a description that are looked at.
const DESCRIPTION_WORDS: usize = 120;
/// Labels of a concept that the costly lanes look at, best covered first; in a quick look and otherwise.
const LABELS_PER_CONCEPT: (usize, usize) = (2, 4);

/// All labels of one language, indexed for every lane.
#[derive(Debug)]
pub(crate) struct LaneIndex<'a> {
    table: &'a LabelTable,
    lang: Lang,
    stem_idf: Vec<f32>,
    /// (concept, position in the table); those of one concept stand together.
    labels: Vec<(u32, u32)>,
    label_idf: Vec<f32>,
    label_starts: Vec<u32>,
    stem_starts: Vec<u32>,
    stem_labels: Vec<u32>,
    pairs: FxHashMap<(u32, u32), u32>,
    joined: Rows,
    joined_idf: Vec<f32>,
    description: Rows,
    description_idf: Vec<f32>,
    ngrams: NGramIndex,
    /// `ln(1 + x)` in steps, as it is asked for every label a text touches.
    logs: Vec<f32>,
}

/// Working memory, reused between texts by one thread.
#[derive(Debug, Default)]
pub(crate) struct LaneScratch {
    label_sum: Vec<f32>,
    touched: Vec<u32>,
    best: Vec<(f32, u32)>,
    concepts: Vec<u32>,
    joined: Vec<f32>,
    description: Vec<f32>,
    heads: Vec<u32>,
    entries: Vec<(u32, f32, u32)>,
    grams: Vec<u32>,
    dots: Vec<f32>,
    ngrams: NGramScratch,
}

/// A text cut into words, with what the lanes need of it.
#[derive(Debug, Default)]
pub(crate) struct LaneQuery {
    /// Words in order.
    pub(crate) words: Vec<Word>,
    stems: Vec<u32>,
    word_norms: Vec<f32>,
    norm: f32,
    joined: Vec<(u32, f32)>,
    description: Vec<(u32, f32)>,
}

/// A concept with its lanes and the label that covers best.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LaneHit {
    pub(crate) concept: u32,
    pub(crate) label: u32,
    /// Idf of the best label's stems found, and of all its stems.
    pub(crate) found_idf: f32,
    pub(crate) label_idf: f32,
    /// Words of the best window, first and one past the last.
    pub(crate) window: (u32, u32),
    pub(crate) values: LaneValues,
}

impl<'a> LaneIndex<'a> {
    /// Indexes the labels of `lang`; `descriptions` by concept, empty where there is none in that language.
    pub(crate) fn new(table: &'a LabelTable, lang: Lang, descriptions: &[&str]) -> Self {
        let concept_count = descriptions.len();
        let labels: Vec<(u32, u32)> = (0u32..)
            .zip(&table.entries)
            .filter(|(_, entry)| entry.lang == lang && (entry.concept as usize) < concept_count)
            .map(|(at, entry)| (entry.concept, at))
            .collect();
        let stem_count = table.vocabulary.stems.len();
        let (joined_counts, pairs) = joined_counts(table, &labels, concept_count);
        let description_counts = description_counts(table, &labels, lang, descriptions);
        let joined_idf = inverse_frequencies(&joined_counts, stem_count + pairs.len());
        let description_idf = inverse_frequencies(&description_counts, stem_count);
        let texts: Vec<String> = labels.iter().map(|&(_, at)| normal_text(table, at as usize)).collect();
        let mut index = Self {
            table,
            lang,
            stem_idf: joined_idf.get(..stem_count).unwrap_or_default().to_vec(),
            labels,
            label_idf: Vec::new(),
            label_starts: Vec::new(),
            stem_starts: Vec::new(),
            stem_labels: Vec::new(),
            pairs,
            joined: Rows::weigh(&joined_counts, &joined_idf),
            joined_idf,
            description: Rows::weigh(&description_counts, &description_idf),
            description_idf,
            ngrams: NGramIndex::new(texts.iter().map(String::as_str)),
            logs: (0..128 * LOG_STEPS as u16).map(|x| (1.0 + (f32::from(x) + 0.5) / LOG_STEPS).ln()).collect(),
        };
        index.invert(concept_count);
        index
    }

    /// Labels by stem and labels by concept.
    fn invert(&mut self, concept_count: usize) {
        let mut counts = vec![0u32; self.stem_idf.len() + 1];
        let mut starts = vec![0u32; concept_count + 1];
        let stops = stop_stems(self.table, self.lang);
        let stems: Vec<Vec<u32>> =
            self.labels.iter().map(|&(_, at)| telling(self.table.stems(at as usize), &stops)).collect();
        for (&(concept, _), stems) in self.labels.iter().zip(&stems) {
            starts[concept as usize + 1] += 1;
            self.label_idf.push(stems.iter().map(|&s| self.stem_idf[s as usize]).sum());
            stems.iter().for_each(|&s| counts[s as usize + 1] += 1);
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        for at in 1..counts.len() {
            counts[at] += counts[at - 1];
        }
        self.label_starts = starts;
        self.stem_starts.clone_from(&counts);
        self.stem_labels = vec![0; counts.last().copied().unwrap_or_default() as usize];
        for (at, stems) in (0u32..).zip(&stems) {
            for &stem in stems {
                let slot = &mut counts[stem as usize];
                self.stem_labels[*slot as usize] = at;
                *slot += 1;
            }
        }
    }

    /// Cuts a text into words and features.
    pub(crate) fn query(&self, text: &str) -> LaneQuery {
        self.query_of(query::read(text, self.lang, &self.table.vocabulary, WORD_LIMIT))
    }

    /// The query of words already read.
    pub(crate) fn query_of(&self, words: Vec<Word>) -> LaneQuery {
        let mut stems: Vec<u32> = words.iter().map(|w| w.stem).filter(|s| *s != UNKNOWN).collect();
        let described = counted(stems.clone());
        let mut features = stems.clone();
        features.extend(words.windows(2).filter_map(|w| self.pairs.get(&(w[0].stem, w[1].stem))));
        stems.sort_unstable();
        stems.dedup();
        let weigh = |counts: Vec<(u32, f32)>, idf: &[f32]| {
            let mut row: Vec<(u32, f32)> = counts
                .into_iter()
                .map(|(id, tf)| (id, (1.0 + tf.ln()) * idf.get(id as usize).unwrap_or(&0.0)))
                .collect();
            let norm = row.iter().map(|x| x.1 * x.1).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            row.iter_mut().for_each(|x| x.1 /= norm);
            row
        };
        LaneQuery {
            joined: weigh(counted(features), &self.joined_idf),
            description: weigh(described, &self.description_idf),
            stems,
            words,
            ..LaneQuery::default()
        }
    }

    /// Proposes up to `limit` concepts by cover and `prior` and some by 3-grams of the whole text (`alike` labels), and
    /// values every lane for them (priors left at 0).
    pub(crate) fn hits(
        &self,
        query: &mut LaneQuery,
        (limit, alike): (usize, usize),
        more: &[u32],
        prior: &dyn Fn(u32) -> f32,
        scratch: &mut LaneScratch,
    ) -> Vec<LaneHit> {
        let least = if limit > QUICK_LIMIT { 0.0 } else { QUICK_LEAST_FOUND };
        self.cover(query, least, scratch);
        let mut proposed: Vec<(u32, f32)> =
            scratch.concepts.iter().map(|&c| (c, scratch.best[c as usize].0 + prior(c))).collect();
        keep_best(&mut proposed, limit);
        let whole = |c: u32| {
            let label = scratch.best.get(c as usize).map_or(0, |b| b.1 as usize);
            scratch.label_sum[label] > 0.999 * self.label_idf[label]
        };
        // Where a label is there in full nobody misspelt it, and a quick look need not go on.
        if alike > 0 && (limit > QUICK_LIMIT || !proposed.iter().any(|&(c, _)| whole(c))) {
            proposed.extend(self.alike(query, alike, scratch));
        }
        proposed.extend(more.iter().map(|&c| (c, 0.0)));
        proposed.sort_unstable_by_key(|x| x.0);
        proposed.dedup_by_key(|x| x.0);
        self.open(query, scratch);
        let labels = if limit > QUICK_LIMIT { LABELS_PER_CONCEPT.1 } else { LABELS_PER_CONCEPT.0 };
        let hits = proposed.iter().map(|&(concept, _)| self.value(concept, labels, query, scratch)).collect();
        self.close(query, scratch);
        hits
    }

    /// Concepts of the labels most like the whole text by 3-grams; the label stands in as best where no stem met.
    fn alike(&self, query: &LaneQuery, count: usize, scratch: &mut LaneScratch) -> Vec<(u32, f32)> {
        if count == 0 {
            return Vec::new();
        }
        let text = query.words.iter().map(|w| w.form.as_str()).collect::<Vec<_>>().join(" ");
        let found = self.ngrams.top(&text, count, &mut scratch.ngrams);
        let mut concepts = Vec::with_capacity(found.len());
        for (label, _) in found {
            let (concept, _) = self.labels[label as usize];
            let best = &mut scratch.best[concept as usize];
            if best.0 == 0.0 {
                *best = (f32::MIN_POSITIVE, label);
                scratch.concepts.push(concept);
            }
            concepts.push((concept, 0.0));
        }
        concepts
    }

    /// Sums the found idf per label and keeps the best-covered label per concept, of labels found to at least `least`.
    fn cover(&self, query: &LaneQuery, least: f32, scratch: &mut LaneScratch) {
        scratch.label_sum.resize(self.labels.len().max(scratch.label_sum.len()), 0.0);
        scratch.best.resize(self.label_starts.len().max(scratch.best.len()), (0.0, 0));
        for &stem in &query.stems {
            let idf = self.stem_idf[stem as usize];
            let list = self.stem_starts[stem as usize] as usize..self.stem_starts[stem as usize + 1] as usize;
            for &label in &self.stem_labels[list] {
                let sum = &mut scratch.label_sum[label as usize];
                if *sum == 0.0 {
                    scratch.touched.push(label);
                }
                *sum += idf;
            }
        }
        for &label in &scratch.touched {
            if scratch.label_sum[label as usize] < least * self.label_idf[label as usize] {
                continue;
            }
            let value = self.cover_of(label, scratch);
            let (concept, _) = self.labels[label as usize];
            let best = &mut scratch.best[concept as usize];
            if best.0 == 0.0 {
                scratch.concepts.push(concept);
            }
            if value > best.0 || (value >= best.0 && label < best.1) {
                *best = (value, label);
            }
        }
    }

    fn cover_of(&self, label: u32, scratch: &LaneScratch) -> f32 {
        let sum = scratch.label_sum[label as usize];
        let step = ((sum * LOG_STEPS) as usize).min(self.logs.len() - 1);
        sum * self.logs[step] / self.label_idf[label as usize].max(f32::MIN_POSITIVE)
    }

    /// Spreads the query over dense arrays.
    fn open(&self, query: &mut LaneQuery, scratch: &mut LaneScratch) {
        scratch.joined.resize(self.joined_idf.len().max(scratch.joined.len()), 0.0);
        scratch.description.resize(self.description_idf.len().max(scratch.description.len()), 0.0);
        scratch.heads.resize(self.ngrams.gram_count().max(scratch.heads.len()), 0);
        query.joined.iter().for_each(|&(id, weight)| scratch.joined[id as usize] = weight);
        query.description.iter().for_each(|&(id, weight)| scratch.description[id as usize] = weight);
        scratch.entries.clear();
        scratch.entries.push((0, 0.0, 0));
        query.word_norms.clear();
        for (at, word) in query.words.iter().enumerate() {
            let (heads, entries) = (&mut scratch.heads, &mut scratch.entries);
            let square = self.ngrams.vector(&word.form, &mut scratch.grams, |gram, weight| {
                let head = &mut heads[gram as usize];
                entries.push((at as u32, weight, *head));
                *head = entries.len() as u32 - 1;
            });
            query.word_norms.push(square);
        }
        query.norm = query.word_norms.iter().sum::<f32>().sqrt();
        scratch.dots.clear();
        scratch.dots.resize(query.words.len(), 0.0);
    }

    fn close(&self, query: &LaneQuery, scratch: &mut LaneScratch) {
        query.joined.iter().for_each(|&(id, _)| scratch.joined[id as usize] = 0.0);
        query.description.iter().for_each(|&(id, _)| scratch.description[id as usize] = 0.0);
        for word in &query.words {
            let heads = &mut scratch.heads;
            self.ngrams.vector(&word.form, &mut scratch.grams, |gram, _| heads[gram as usize] = 0);
        }
        scratch.touched.drain(..).for_each(|label| scratch.label_sum[label as usize] = 0.0);
        scratch.concepts.drain(..).for_each(|concept| scratch.best[concept as usize] = (0.0, 0));
    }

    fn value(&self, concept: u32, most: usize, query: &LaneQuery, scratch: &mut LaneScratch) -> LaneHit {
        let (cover, best) = scratch.best[concept as usize];
        let labels = self.label_starts[concept as usize]..self.label_starts[concept as usize + 1];
        let mut hit = LaneHit { concept, ..LaneHit::default() };
        let dot = |row: &[(u32, f32)], dense: &[f32]| row.iter().map(|&(id, w)| w * dense[id as usize]).sum::<f32>();
        hit.values[DESCRIPTION] = dot(self.description.row(concept as usize), &scratch.description);
        if labels.is_empty() {
            hit.values[FOREIGN] = 1.0;
            return hit;
        }
        // Proposed for its meaning alone: its first label stands in.
        let best = if cover > 0.0 { best } else { labels.start };
        hit.label = self.labels[best as usize].1;
        hit.found_idf = scratch.label_sum[best as usize];
        hit.label_idf = self.label_idf[best as usize];
        hit.values[COVER] = cover;
        hit.values[JOINED] = dot(self.joined.row(concept as usize), &scratch.joined);
        let mut covered: Vec<(u32, f32)> =
            labels.filter(|&l| scratch.label_sum[l as usize] > 0.0).map(|l| (l, self.cover_of(l, scratch))).collect();
        keep_best(&mut covered, most);
        if covered.is_empty() {
            covered.push((best, 0.0));
        }
        for (label, _) in covered {
            self.character_lanes(label, query, scratch, &mut hit);
        }
        hit
    }

    /// `char` and `window` of one label; 3-grams lie within words, so a window's product is the sum over its words.
    fn character_lanes(&self, label: u32, query: &LaneQuery, scratch: &mut LaneScratch, hit: &mut LaneHit) {
        let scale = self.ngrams.inverse_norm(label as usize);
        for (gram, weight) in self.ngrams.grams_of(label as usize) {
            let mut at = scratch.heads[gram as usize];
            while let Some(&(word, query_weight, next)) = scratch.entries.get(at as usize).filter(|_| at > 0) {
                scratch.dots[word as usize] += weight * query_weight;
                at = next;
            }
        }
        let total: f32 = scratch.dots.iter().sum();
        let cosine = total * scale / query.norm.max(f32::MIN_POSITIVE);
        hit.values[CHAR] = hit.values[CHAR].max(cosine);
        for from in 0..query.words.len() {
            if query.words[from].stop || scratch.dots[from] == 0.0 {
                continue;
            }
            let (mut dot, mut square) = (0.0, 0.0);
            for to in from..query.words.len().min(from + WINDOW_WORDS) {
                dot += scratch.dots[to];
                square += query.word_norms[to];
                if query.words[to].stop || (to > from && query.words[to].clause != query.words[from].clause) {
                    continue;
                }
                let value = dot * scale / square.sqrt().max(f32::MIN_POSITIVE) * SPAN_BONUS[to - from];
                if value > hit.values[WINDOW] {
                    hit.values[WINDOW] = value;
                    hit.window = (from as u32, to as u32 + 1);
                }
            }
        }
        scratch.dots.fill(0.0);
    }
}

/// `n^.25` for windows of 1 to 5 words.
const SPAN_BONUS: [f32; WINDOW_WORDS] = [1.0, 1.189_207, 1.316_074, std::f32::consts::SQRT_2, 1.495_349];

/// Stems of the function words of a language.
fn stop_stems(table: &LabelTable, lang: Lang) -> FxHashSet<u32> {
    query::stops(lang).iter().filter_map(|word| table.vocabulary.stem_of_word(word, lang)).collect()
}

/// Different stems without the function words; all of them where nothing else is left ("IT").
fn telling(stems: &[u32], stops: &FxHashSet<u32>) -> Vec<u32> {
    let mut all: Vec<u32> = stems.iter().copied().filter(|s| *s != UNKNOWN).collect();
    all.sort_unstable();
    all.dedup();
    let some: Vec<u32> = all.iter().copied().filter(|s| !stops.contains(s)).collect();
    if some.is_empty() { all } else { some }
}

/// The label's folded words with single spaces.
fn normal_text(table: &LabelTable, label: usize) -> String {
    table.tokens(label).iter().map(|t| table.vocabulary.tokens.text(*t)).collect::<Vec<_>>().join(" ")
}

type Counts = Vec<Vec<(u32, f32)>>;
type PairIds = FxHashMap<(u32, u32), u32>;

/// Stems and stem pairs of all labels of a concept; pair ids follow the stems'.
fn joined_counts(table: &LabelTable, labels: &[(u32, u32)], concept_count: usize) -> (Counts, PairIds) {
    let stem_count = table.vocabulary.stems.len();
    let mut pairs: PairIds = FxHashMap::default();
    let mut features = vec![Vec::new(); concept_count];
    for &(concept, at) in labels {
        let stems = table.stems(at as usize);
        let row = &mut features[concept as usize];
        row.extend(stems.iter().filter(|s| **s != UNKNOWN));
        for pair in stems.windows(2).filter(|p| !p.contains(&UNKNOWN)) {
            let next = (stem_count + pairs.len()) as u32;
            row.push(*pairs.entry((pair[0], pair[1])).or_insert(next));
        }
    }
    (features.into_iter().map(counted).collect(), pairs)
}

/// Stems of the preferred label (the first of the language) and the description.
fn description_counts(table: &LabelTable, labels: &[(u32, u32)], lang: Lang, descriptions: &[&str]) -> Counts {
    let mut stems: Vec<Vec<u32>> = descriptions
        .iter()
        .map(|text| query::read(text, lang, &table.vocabulary, DESCRIPTION_WORDS).iter().map(|w| w.stem).collect())
        .collect();
    for run in labels.chunk_by(|a, b| a.0 == b.0) {
        if let Some(&(concept, at)) = run.first() {
            stems[concept as usize].extend(table.stems(at as usize));
        }
    }
    stems.into_iter().map(|row| counted(row.into_iter().filter(|s| *s != UNKNOWN).collect())).collect()
}
