//! The ten labels most like a text, beside and against exact cosine over every label that shares a 3-gram, written
//! apart from ours.

use crate::World;
use crate::common::{Figure, thousands};
use crate::rounds::{Numbers, alternate};
use anyhow::{Result, ensure};
use skillgap::lexicon::ngrams::{NGramIndex, NGramScratch};
use skillgap::lexicon::normal::fold;
use std::collections::HashMap;

const ROUNDS: usize = 3;
const TOP: usize = 10;
const QUERIES: usize = 4_000;
/// Queries that the exact search answers too.
const CHECKED: usize = 200;

/// Character 3-grams within words padded by a space, with their counts: `char_wb` of scikit-learn.
fn grams(text: &str) -> HashMap<String, f64> {
    let mut counts = HashMap::new();
    for word in text.split_whitespace() {
        let padded: Vec<char> = format!(" {word} ").chars().collect();
        for gram in padded.windows(3) {
            *counts.entry(gram.iter().collect()).or_insert(0.0) += 1.0;
        }
    }
    counts
}

/// TF-IDF with `1 + ln tf` and `1 + ln((1 + n) / (1 + df))`, every vector of length 1.
struct Exact {
    postings: HashMap<String, Vec<(usize, f64)>>,
    label_count: usize,
}

impl Exact {
    fn new(labels: &[String]) -> Self {
        let counted: Vec<HashMap<String, f64>> = labels.iter().map(|label| grams(label)).collect();
        let mut df: HashMap<&String, f64> = HashMap::new();
        counted.iter().flat_map(HashMap::keys).for_each(|gram| *df.entry(gram).or_default() += 1.0);
        let n = labels.len() as f64;
        let mut postings: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        for (at, grams) in counted.iter().enumerate() {
            let weight = |gram: &String, tf: f64| {
                (1.0 + tf.ln()) * (1.0 + ((1.0 + n) / (1.0 + df.get(gram).copied().unwrap_or_default())).ln())
            };
            let norm = grams.iter().map(|(gram, tf)| weight(gram, *tf).powi(2)).sum::<f64>().sqrt();
            for (gram, tf) in grams {
                postings.entry(gram.clone()).or_default().push((at, weight(gram, *tf) / norm));
            }
        }
        Self { postings, label_count: labels.len() }
    }

    /// Cosine with every label.
    fn scores(&self, query: &str) -> Vec<f64> {
        let n = self.label_count as f64;
        let mut scores = vec![0.0; self.label_count];
        let mut square = 0.0;
        for (gram, tf) in grams(query) {
            let labels = self.postings.get(&gram).map(Vec::as_slice).unwrap_or_default();
            let weight = (1.0 + tf.ln()) * (1.0 + ((1.0 + n) / (1.0 + labels.len() as f64)).ln());
            square += weight * weight;
            for (label, share) in labels {
                if let Some(score) = scores.get_mut(*label) {
                    *score += weight * share;
                }
            }
        }
        let norm = f64::max(square, f64::MIN_POSITIVE).sqrt();
        scores.iter_mut().for_each(|score| *score /= norm);
        scores
    }

    /// The k-th best score, or the least above zero where fewer labels share anything.
    fn floor(scores: &[f64]) -> f64 {
        let mut best: Vec<f64> = scores.iter().copied().filter(|s| *s > 0.0).collect();
        best.sort_unstable_by(|a, b| b.total_cmp(a));
        best.truncate(TOP);
        best.last().copied().unwrap_or_default()
    }
}

/// Labels with one typing error, and phrases of two to six words from postings, in turn.
fn queries(world: &World, labels: &[String]) -> Vec<String> {
    let mut numbers = Numbers::new();
    let mut queries = Vec::with_capacity(QUERIES);
    while queries.len() < QUERIES {
        queries.push(misspelt(labels.get(numbers.below(labels.len())).map_or("", String::as_str), &mut numbers));
        let Some(posting) = world.postings.get(numbers.below(world.postings.len())) else { break };
        let body = fold(&posting.body);
        let words: Vec<&str> = body.split_whitespace().collect();
        let (from, length) = (numbers.below(words.len().saturating_sub(6)), 2 + numbers.below(5));
        let phrase = words.iter().skip(from).take(length).copied().collect::<Vec<_>>().join(" ");
        queries.extend((!phrase.is_empty()).then_some(phrase));
    }
    queries
}

/// Two letters swapped, one left out or one put in, not at the first place.
fn misspelt(label: &str, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = label.chars().collect();
    if letters.len() > 3 {
        let at = 1 + numbers.below(letters.len() - 2);
        match numbers.below(3) {
            0 => letters.swap(at, at + 1),
            1 => drop(letters.remove(at)),
            _ => letters.insert(at, 'e'),
        }
    }
    letters.into_iter().collect()
}

/// Speed, and how much of the true top ten is found.
pub fn measure(world: &World) -> Result<Vec<Figure>> {
    let mut labels: Vec<String> = world.labels().map(fold).collect();
    labels.sort();
    labels.dedup();
    let index = NGramIndex::new(labels.iter().map(String::as_str));
    let exact = Exact::new(&labels);
    let queries = queries(world, &labels);
    // An odd step, so that labels and phrases are both checked.
    let checked: Vec<&String> = queries.iter().step_by((queries.len() / CHECKED).max(1) | 1).take(CHECKED).collect();
    let mut scratch = NGramScratch::default();
    let turns = alternate(
        ROUNDS,
        &mut || Ok(queries.iter().map(|query| index.top(query, TOP, &mut scratch).len()).sum()),
        &mut || Ok(checked.iter().map(|q| usize::from(Exact::floor(&exact.scores(q)) > 0.0)).sum()),
    )?;
    let mut overlap = 0.0;
    for query in &checked {
        let scores = exact.scores(query);
        // A tie with the last rank is as good.
        let floor = Exact::floor(&scores) - 1e-5;
        let true_count = scores.iter().filter(|s| **s > 0.0).count().clamp(1, TOP);
        let found = index.top(query, TOP, &mut scratch);
        let right = found.iter().filter(|(at, _)| scores.get(*at as usize).is_some_and(|s| *s >= floor && *s > 0.0));
        overlap += right.count() as f64 / true_count as f64;
    }
    overlap /= checked.len() as f64;
    ensure!(overlap > 0.5, "only {overlap:.2} of the true top ten were found: another measure than the documented one");
    let (rate, exact_rate) = (queries.len() as f64 / turns.ours, checked.len() as f64 / turns.theirs);
    let note = format!("{} queries over {} labels", thousands(queries.len() as u64), thousands(labels.len() as u64));
    Ok(vec![
        Figure {
            item: "fuzzy top ten".to_owned(),
            value: rate,
            unit: "queries per CPU second".to_owned(),
            beside: Some(("exact cosine over all labels".to_owned(), exact_rate)),
            ratio: Some(rate / exact_rate),
            target: "at least 8,000".to_owned(),
            note: note.clone(),
        },
        Figure {
            item: "fuzzy top ten, found of the true".to_owned(),
            value: overlap,
            unit: "of ten".to_owned(),
            beside: None,
            ratio: None,
            target: String::new(),
            note: format!("{CHECKED} queries answered exactly"),
        },
    ])
}
