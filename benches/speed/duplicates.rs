//! Near-duplicates, beside and against an exact join that shares no code with ours: word-3-gram sets, Jaccard >= .8,
//! candidates by prefix filtering (Bayardo, Ma and Srikant 2007), every candidate verified.

use crate::World;
use crate::common::{Figure, thousands};
use crate::rounds::alternate;
use anyhow::{Result, ensure};
use skillgap::clean::duplicates::{Deduplicator, PostingView, THRESHOLD};
use skillgap::store::Spill;
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

const ROUNDS: usize = 3;
/// Postings of one text of which all pairs are listed.
const MOST_OF_ONE_TEXT: usize = 10_000;

type Pairs = BTreeSet<(usize, usize)>;

/// Word 3-grams of a text as hashes, sorted; a text of fewer words is one gram, a text without words none.
fn grams(text: &str) -> Vec<u64> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let hashed = |gram: &[&str]| {
        let mut hasher = DefaultHasher::new();
        gram.hash(&mut hasher);
        hasher.finish()
    };
    let mut set: Vec<u64> = match words.len() {
        0 => Vec::new(),
        1 | 2 => vec![hashed(&words)],
        _ => words.windows(3).map(hashed).collect(),
    };
    set.sort_unstable();
    set.dedup();
    set
}

/// Replaces grams by their rank from rare to common, so that the first of a set are its rarest.
fn rare_first(sets: &mut [Vec<u64>]) {
    let mut counts: HashMap<u64, u64> = HashMap::new();
    sets.iter().flatten().for_each(|gram| *counts.entry(*gram).or_default() += 1);
    let mut order: Vec<(u64, u64)> = counts.into_iter().map(|(gram, count)| (count, gram)).collect();
    order.sort_unstable();
    let ranks: HashMap<u64, u64> = (0..).zip(order).map(|(rank, (_, gram))| (gram, rank)).collect();
    for set in sets {
        set.iter_mut().for_each(|gram| *gram = ranks.get(gram).copied().unwrap_or_default());
        set.sort_unstable();
    }
}

fn shared_count(a: &[u64], b: &[u64]) -> usize {
    let (mut left, mut right, mut count) = (a.iter().peekable(), b.iter().peekable(), 0);
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                count += 1;
                left.next();
                right.next();
            }
        }
    }
    count
}

/// All pairs with Jaccard >= 4/5, in whole numbers: 5 x shared >= 4 x (a + b - shared).
fn exact_pairs(texts: &[&str]) -> Pairs {
    let mut sets: Vec<Vec<u64>> = texts.iter().map(|text| grams(text)).collect();
    rare_first(&mut sets);
    let mut by_size: Vec<usize> = (0..sets.len()).filter(|at| sets.get(*at).is_some_and(|s| !s.is_empty())).collect();
    by_size.sort_by_key(|at| sets.get(*at).map(Vec::len));
    let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut pairs = Pairs::new();
    for at in by_size {
        let Some(set) = sets.get(at) else { continue };
        let least = (4 * set.len()).div_ceil(5);
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for gram in set.iter().take(set.len() - least + 1) {
            let known = index.entry(*gram).or_default();
            seen.extend(known.iter().copied());
            known.push(at);
        }
        for other in seen {
            let Some(smaller) = sets.get(other).filter(|s| s.len() >= least) else { continue };
            let shared = shared_count(set, smaller);
            if 5 * shared >= 4 * (set.len() + smaller.len() - shared) {
                pairs.insert((at.min(other), at.max(other)));
            }
        }
    }
    pairs
}

fn our_pairs(world: &World) -> Result<Pairs> {
    let mut all = Deduplicator::new(THRESHOLD, Spill::create()?);
    for posting in &world.postings {
        // Without titles: the exact join compares bodies.
        all.add(PostingView { title: "", ..PostingView::of(posting, 0) })?;
    }
    let outcome = all.finish()?;
    Ok(outcome.posting_pairs(MOST_OF_ONE_TEXT).into_iter().map(|(a, b, _)| (a, b)).collect())
}

/// Speed, recall and precision.
pub fn measure(world: &World) -> Result<Vec<Figure>> {
    let texts: Vec<&str> = world.postings.iter().map(|p| p.body.as_str()).collect();
    let (mut ours, mut exact) = (Pairs::new(), Pairs::new());
    let turns = alternate(
        ROUNDS,
        &mut || {
            ours = our_pairs(world)?;
            Ok(ours.len())
        },
        &mut || {
            exact = exact_pairs(&texts);
            Ok(exact.len())
        },
    )?;
    let both = ours.intersection(&exact).count() as f64;
    let (recall, precision) = (both / exact.len() as f64, both / ours.len() as f64);
    ensure!(both > 0.0, "our pairs and the exact ones have nothing in common");
    let count = world.postings.len() as f64;
    let note = format!("{} true pairs", thousands(exact.len() as u64));
    let share = |item: &str, value: f64| Figure {
        item: item.to_owned(),
        value,
        unit: "of pairs".to_owned(),
        beside: None,
        ratio: None,
        target: "at least .98".to_owned(),
        note: note.clone(),
    };
    Ok(vec![
        Figure {
            item: "near-duplicates".to_owned(),
            value: count / turns.ours,
            unit: "postings per CPU second".to_owned(),
            beside: Some(("exact prefix-filtered join".to_owned(), count / turns.theirs)),
            ratio: Some(turns.speedup),
            target: "at least 10,000".to_owned(),
            note: note.clone(),
        },
        share("near-duplicates, recall", recall),
        share("near-duplicates, precision", precision),
    ])
}
