//! Learns words and concepts together: each text is drawn towards its concept and away from others (sampled softmax
//! over cosines; hard ones among the concept's neighbours).

use super::corpus::{Corpus, Kind, Text};
use super::table::Table;
use crate::lexicon::vectors::normalise;
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// How it is learned.
#[derive(Debug, Clone)]
pub struct TrainSpec {
    /// Numbers of a vector.
    pub dim: usize,
    /// Buckets of letter runs.
    pub bucket_count: u32,
    /// Passes over the texts.
    pub epochs: f32,
    /// Texts worked on together.
    pub batch: usize,
    /// Concepts drawn at random as wrong answers.
    pub random_wrong: usize,
    /// Neighbours of each right answer taken as wrong ones.
    pub hard_wrong: usize,
    /// Greatest step.
    pub rate: f32,
    /// Factor of a cosine in the softmax.
    pub sharpness: f32,
    /// Start of the draws.
    pub seed: u64,
}

impl Default for TrainSpec {
    fn default() -> Self {
        Self {
            dim: 128,
            bucket_count: 28_672,
            epochs: 5.0,
            batch: 512,
            random_wrong: 800,
            hard_wrong: 3,
            rate: 2e-3,
            sharpness: 16.0,
            seed: 7,
        }
    }
}

/// Neighbours a hard wrong answer is drawn from.
const NEIGHBOURS: usize = 20;
/// Share of words left out of a name or phrase.
const DROPPED: f32 = 0.3;
/// Words in a row of a description.
const CROP: (usize, usize) = (4, 14);

/// Draws, always the same for a seed (SplitMix64; Steele et al. 2014).
#[derive(Debug, Clone)]
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (((self.next() >> 32) * n as u64) >> 32) as usize
    }

    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// Parameters while they are learned.
pub(crate) struct Learner<'c> {
    corpus: &'c Corpus,
    spec: TrainSpec,
    pub(crate) stems: Table,
    pub(crate) buckets: Table,
    /// Natural logarithm of a stem's loudness.
    pub(crate) loudness: Table,
    pub(crate) classes: Table,
    bias: Table,
    draws: Draws,
    steps_done: i32,
}

/// A text of a batch with what is needed to go back.
struct Encoded {
    class: u32,
    words: Vec<u32>,
    vectors: Vec<f32>,
    unit: Vec<f32>,
    norm: f32,
}

impl<'c> Learner<'c> {
    pub(crate) fn new(corpus: &'c Corpus, spec: &TrainSpec) -> Self {
        let mut draws = Draws::new(spec.seed);
        let scale = 1.0 / (spec.dim as f32).sqrt();
        let mut random = |rows: usize, scale: f32| -> Vec<f32> {
            (0..rows * spec.dim).map(|_| (draws.unit() * 2.0 - 1.0) * scale * 1.7).collect()
        };
        let stems = random(corpus.stems.len(), scale);
        let buckets = random(corpus.bucket_count as usize, scale);
        let total = corpus.texts.len() as f32;
        let loudness: Vec<f32> =
            corpus.stem_counts.iter().map(|n| (1.0 + total / (*n as f32 + 20.0)).ln().max(0.1).ln() * 0.5).collect();
        let mut learner = Self {
            stems: Table::new(spec.dim, stems),
            buckets: Table::new(spec.dim, buckets),
            loudness: Table::new(1, loudness),
            classes: Table::new(spec.dim, vec![0.0; corpus.class_count as usize * spec.dim]),
            bias: Table::new(1, vec![0.0; corpus.class_count as usize]),
            corpus,
            spec: spec.clone(),
            draws,
            steps_done: 0,
        };
        learner.start_classes();
        learner
    }

    /// A concept starts at the mean of its texts.
    fn start_classes(&mut self) {
        let dim = self.spec.dim;
        let encoded: Vec<(u32, Vec<f32>)> = self
            .corpus
            .texts
            .par_iter()
            .map(|t| (t.class, self.encode(t.class, self.corpus.words(t).to_vec()).unit))
            .collect();
        for (class, unit) in encoded {
            let row = &mut self.classes.values[class as usize * dim..(class as usize + 1) * dim];
            row.iter_mut().zip(unit).for_each(|(r, u)| *r += u);
        }
        self.classes.values.chunks_mut(dim).for_each(normalise);
    }

    fn encode(&self, class: u32, words: Vec<u32>) -> Encoded {
        let dim = self.spec.dim;
        let mut vectors = vec![0f32; words.len() * dim];
        let mut sum = vec![0f32; dim];
        for (word, vector) in words.iter().zip(vectors.chunks_mut(dim)) {
            let stem = self.corpus.form_stems[*word as usize] as usize;
            vector.copy_from_slice(self.stems.row(stem));
            let buckets = self.corpus.buckets(*word);
            let share = 1.0 / buckets.len().max(1) as f32;
            for bucket in buckets {
                vector.iter_mut().zip(self.buckets.row(*bucket as usize)).for_each(|(v, b)| *v += share * b);
            }
            let loud = self.loudness.values[stem].exp();
            sum.iter_mut().zip(vector.iter()).for_each(|(s, v)| *s += loud * v);
        }
        let norm = sum.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
        sum.iter_mut().for_each(|x| *x /= norm);
        Encoded { class, words, vectors, unit: sum, norm }
    }

    /// The words of a text as it is shown this time.
    fn vary(&mut self, text: &Text) -> Vec<u32> {
        let words = self.corpus.words(text);
        match text.kind {
            Kind::Description if words.len() > CROP.0 => {
                let size = (CROP.0 + self.draws.below(CROP.1 - CROP.0 + 1)).min(words.len());
                let from = self.draws.below(words.len() - size + 1);
                words[from..from + size].to_vec()
            }
            _ if words.len() > 1 => {
                let kept: Vec<u32> = words.iter().copied().filter(|_| self.draws.unit() >= DROPPED).collect();
                if kept.is_empty() { vec![words[self.draws.below(words.len())]] } else { kept }
            }
            _ => words.to_vec(),
        }
    }

    pub(crate) fn run(&mut self, mut said: impl FnMut(f32, f32)) {
        let batch = self.spec.batch.clamp(1, self.corpus.texts.len().max(1));
        let per_epoch = self.corpus.texts.len() / batch;
        let total = ((self.spec.epochs * per_epoch as f32) as usize).max(per_epoch.min(1));
        let mut order: Vec<u32> = (0..self.corpus.texts.len() as u32).collect();
        let mut neighbours = Vec::new();
        let (mut loss, mut losses) = (0.0, 0);
        for step in 0..total {
            let at = step % per_epoch.max(1);
            if at == 0 {
                for i in (1..order.len()).rev() {
                    let j = self.draws.below(i + 1);
                    order.swap(i, j);
                }
                if step > 0 {
                    neighbours = self.neighbours();
                }
            }
            let batch: Vec<Text> =
                order[at * batch..(at + 1) * batch].iter().map(|i| self.corpus.texts[*i as usize]).collect();
            let rate =
                self.spec.rate * (1.0 - step as f32 / total as f32).max(0.02) * ((step + 1) as f32 / 50.0).min(1.0);
            loss += self.step(&batch, &neighbours, rate);
            losses += 1;
            if losses == 100 || step + 1 == total {
                said((step + 1) as f32 / per_epoch as f32, loss / losses as f32);
                (loss, losses) = (0.0, 0);
            }
        }
    }

    fn step(&mut self, batch: &[Text], neighbours: &[u32], rate: f32) -> f32 {
        let dim = self.spec.dim;
        let varied: Vec<(u32, Vec<u32>)> = batch.iter().map(|t| (t.class, self.vary(t))).collect();
        let classes = self.sampled(batch, neighbours);
        let position: FxHashMap<u32, usize> = classes.iter().enumerate().map(|(at, c)| (*c, at)).collect();
        let texts: Vec<Encoded> =
            varied.into_par_iter().with_min_len(32).map(|(class, words)| self.encode(class, words)).collect();
        let units: Vec<f32> = texts.iter().flat_map(|t| t.unit.iter().copied()).collect();
        let mut norms = Vec::with_capacity(classes.len());
        let mut rows: Vec<f32> = Vec::with_capacity(classes.len() * dim);
        for class in &classes {
            let row = self.classes.row(*class as usize);
            let norm = row.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
            norms.push(norm);
            rows.extend(row.iter().map(|x| x / norm));
        }
        let (n, m) = (texts.len(), classes.len());
        let sharp = self.spec.sharpness;
        // Cosines, then the softmax's excess in their place; chunks of texts, each worked on by one thread.
        let mut excess = vec![0f32; n * m];
        let bias: Vec<f32> = classes.iter().map(|c| self.bias.values[*c as usize]).collect();
        let losses: Vec<f32> = excess
            .par_chunks_mut(CHUNK * m)
            .zip(units.par_chunks(CHUNK * dim))
            .zip(texts.par_chunks(CHUNK))
            .map(|((excess, units), texts)| {
                multiply(texts.len(), dim, m, (units, dim, 1), (&rows, 1, dim), excess);
                texts
                    .iter()
                    .zip(excess.chunks_mut(m))
                    .map(|(text, row)| soft(row, &bias, sharp, position.get(&text.class).copied()))
                    .sum()
            })
            .collect();
        let scale = sharp / n as f32;
        // Gradient towards the texts.
        let mut towards = vec![0f32; n * dim];
        towards.par_chunks_mut(CHUNK * dim).zip(excess.par_chunks(CHUNK * m)).for_each(|(out, excess)| {
            multiply(excess.len() / m, m, dim, (excess, m, 1), (&rows, dim, 1), out);
        });
        // Gradient towards the concepts.
        let mut class_gradient = vec![0f32; m * dim];
        class_gradient.par_chunks_mut(CHUNK * dim).enumerate().for_each(|(chunk, out)| {
            let count = out.len() / dim;
            multiply(count, n, dim, (&excess[chunk * CHUNK..], 1, m), (&units, dim, 1), out);
        });
        for (at, class) in classes.iter().enumerate() {
            let unit = &rows[at * dim..(at + 1) * dim];
            let gradient = &mut class_gradient[at * dim..(at + 1) * dim];
            off_radius(gradient, unit, scale / norms[at]);
            self.classes.push(*class as usize, 1.0, gradient);
            let bias: f32 = (0..n).map(|i| excess[i * m + at]).sum::<f32>() / n as f32;
            self.bias.push(*class as usize, bias, &[1.0]);
        }
        for (text, gradient) in texts.iter().zip(towards.chunks_mut(dim)) {
            off_radius(gradient, &text.unit, scale / text.norm);
            self.back(text, gradient);
        }
        self.steps_done += 1;
        self.stems.step(rate, self.steps_done);
        self.buckets.step(rate, self.steps_done);
        self.loudness.step(rate, self.steps_done);
        self.classes.step(rate, self.steps_done);
        self.bias.step(rate, self.steps_done);
        losses.iter().sum::<f32>() / n as f32
    }

    fn back(&mut self, text: &Encoded, gradient: &[f32]) {
        let dim = self.spec.dim;
        for (word, vector) in text.words.iter().zip(text.vectors.chunks(dim)) {
            let stem = self.corpus.form_stems[*word as usize] as usize;
            let loud = self.loudness.values[stem].exp();
            let slope: f32 = vector.iter().zip(gradient).map(|(v, g)| v * g).sum();
            self.loudness.push(stem, loud * slope, &[1.0]);
            self.stems.push(stem, loud, gradient);
            let buckets = self.corpus.buckets(*word);
            let share = loud / buckets.len().max(1) as f32;
            for bucket in buckets {
                self.buckets.push(*bucket as usize, share, gradient);
            }
        }
    }

    /// Classes of a batch: the right ones, some of their neighbours, and some at random; sorted.
    fn sampled(&mut self, batch: &[Text], neighbours: &[u32]) -> Vec<u32> {
        let mut classes: Vec<u32> = batch.iter().map(|t| t.class).collect();
        for _ in 0..self.spec.random_wrong {
            classes.push(self.draws.below(self.corpus.class_count as usize) as u32);
        }
        if !neighbours.is_empty() {
            for text in batch {
                for _ in 0..self.spec.hard_wrong {
                    let pick = self.draws.below(NEIGHBOURS);
                    classes.push(neighbours[text.class as usize * NEIGHBOURS + pick]);
                }
            }
        }
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The nearest concepts of each.
    fn neighbours(&self) -> Vec<u32> {
        let dim = self.spec.dim;
        let mut units = self.classes.values.clone();
        units.par_chunks_mut(dim).for_each(normalise);
        let count = self.corpus.class_count as usize;
        let found: Vec<Vec<u32>> = units
            .par_chunks(CHUNK * dim)
            .enumerate()
            .map(|(chunk, own)| {
                let n = own.len() / dim;
                let mut cosines = vec![0f32; n * count];
                multiply(n, dim, count, (own, dim, 1), (&units, 1, dim), &mut cosines);
                let mut found = Vec::with_capacity(n * NEIGHBOURS);
                for (at, row) in cosines.chunks_mut(count).enumerate() {
                    row[chunk * CHUNK + at] = f32::MIN;
                    let mut ids: Vec<u32> = (0..count as u32).collect();
                    let k = NEIGHBOURS.min(count - 1);
                    ids.select_nth_unstable_by(k, |a, b| row[*b as usize].total_cmp(&row[*a as usize]).then(a.cmp(b)));
                    ids.truncate(NEIGHBOURS);
                    ids.resize(NEIGHBOURS, 0);
                    found.extend(ids);
                }
                found
            })
            .collect();
        found.concat()
    }
}

/// Texts or concepts that one thread works on at a time; results do not depend on the number of threads.
const CHUNK: usize = 64;

/// Turns cosines into the softmax's excess over the right answer; returns the loss.
fn soft(row: &mut [f32], bias: &[f32], sharp: f32, right: Option<usize>) -> f32 {
    let mut most = f32::MIN;
    for (x, b) in row.iter_mut().zip(bias) {
        *x = sharp * *x + b;
        most = most.max(*x);
    }
    let at_right = right.map_or(0.0, |r| row[r]);
    let mut total = 0.0;
    for x in row.iter_mut() {
        *x = (*x - most).exp();
        total += *x;
    }
    row.iter_mut().for_each(|x| *x /= total);
    if let Some(r) = right {
        row[r] -= 1.0;
    }
    most + total.ln() - at_right
}

/// Takes the part along `unit` out of a gradient and scales it: what moves a vector whose length does not count.
fn off_radius(gradient: &mut [f32], unit: &[f32], scale: f32) {
    let along: f32 = gradient.iter().zip(unit).map(|(g, u)| g * u).sum();
    gradient.iter_mut().zip(unit).for_each(|(g, u)| *g = (*g - along * u) * scale);
}

/// A matrix in a slice: where it lies, and its steps between rows and between columns.
type Strided<'a> = (&'a [f32], usize, usize);

/// `out = a x b` for `n x k` and `k x m`.
fn multiply(n: usize, k: usize, m: usize, a: Strided<'_>, b: Strided<'_>, out: &mut [f32]) {
    let a = ArrayView2::from_shape((n, k).strides((a.1, a.2)), a.0);
    let b = ArrayView2::from_shape((k, m).strides((b.1, b.2)), b.0);
    if let (Ok(a), Ok(b), Ok(mut out)) = (a, b, ArrayViewMut2::from_shape((n, m), out)) {
        general_mat_mul(1.0, &a, &b, 0.0, &mut out);
    }
}
