//! Our ranking and a model's blended into one: `score + weight x standing`, the weight held out in folds.

use super::answers::{RANKS, language};
use crate::cli::ranking::Ranking;
use crate::evaluate::{Query, RankedConcept};
use crate::link::standings;
use crate::types::{RankedFile, RankedList};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Weights tried, 0 to 4.
const TRIED: usize = 81;
/// Distance of two weights tried.
const STEP: f64 = 0.05;

/// A concept that either ranking has.
struct Blended<'a> {
    uri: &'a str,
    /// Our score; the least of ours for what we do not rank.
    score: f64,
    /// The model's standing; the least of its list for what it does not rank.
    standing: f64,
    is_right: bool,
}

/// Our ranking and a model's, text by text.
pub struct Rankings<'a> {
    ours: Vec<Vec<&'a str>>,
    theirs: Vec<Vec<&'a str>>,
    both: Vec<Vec<Blended<'a>>>,
}

impl<'a> Rankings<'a> {
    /// Ranks every text, and looks up its list by id, else by its words.
    pub fn of(ranking: &'a Ranking, texts: &[&Query], file: &'a RankedFile) -> Self {
        let lists: BTreeMap<&str, &RankedList> = file.lists.iter().map(|list| (list.id.as_str(), list)).collect();
        let engine = ranking.engine();
        let one = |query: &&Query| {
            let ours: Vec<(&'a str, f64)> = engine
                .rank(&query.text, language(query), RANKS)
                .iter()
                .map(|ranked| (ranking.uri(ranked.concept), f64::from(ranked.score)))
                .collect();
            let list = lists.get(query.id.as_str()).or_else(|| lists.get(query.text.as_str()));
            let skills = list.map_or(&[][..], |list| list.skills.as_slice());
            let scores: Vec<f64> = skills.iter().map(|skill| skill.score).collect();
            let theirs: Vec<(&'a str, f64)> =
                skills.iter().zip(standings(&scores)).map(|(skill, z)| (skill.uri.as_str(), f64::from(z))).collect();
            let known: Vec<(&'a str, f64)> = theirs.iter().filter(|(uri, _)| ranking.knows(uri)).copied().collect();
            let uris = |ranked: &[(&'a str, f64)]| ranked.iter().map(|(uri, _)| *uri).collect::<Vec<&'a str>>();
            (uris(&ours), uris(&theirs), blended(&ours, &known, &query.gold))
        };
        let all: Vec<_> = texts.par_iter().map(one).collect();
        let (mut ours, mut theirs, mut both) = (Vec::new(), Vec::new(), Vec::new());
        for (a, b, c) in all {
            ours.push(a);
            theirs.push(b);
            both.push(c);
        }
        Self { ours, theirs, both }
    }

    /// Each text's order by our lanes, by the model, and by both; weights of the last are those of the other folds.
    pub fn in_order(self, folds: usize) -> [Vec<Vec<RankedConcept<'a>>>; 3] {
        let weights: Vec<f64> = (0..folds).map(|fold| self.weight(|at| at % folds != fold)).collect();
        let together = self.both.iter().enumerate().map(|(at, text)| {
            let weight = weights.get(at % folds.max(1)).copied().unwrap_or_default();
            let mut order: Vec<(f64, &'a str)> = text.iter().map(|b| (b.score + weight * b.standing, b.uri)).collect();
            order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
            order.into_iter().map(|(_, uri)| uri).collect()
        });
        let together: Vec<Vec<&'a str>> = together.collect();
        [(self.ours, "link"), (self.theirs, "model"), (together, "fused")].map(|(lists, lane)| {
            lists.into_iter().map(|list| list.into_iter().map(|uri| RankedConcept { uri, lane }).collect()).collect()
        })
    }

    /// Of the weights tried the one under which right concepts are likeliest: scores of the ranking are log odds of a
    /// softmax over its candidates.
    fn weight(&self, has: impl Fn(usize) -> bool) -> f64 {
        let texts: Vec<&Vec<Blended<'a>>> =
            self.both.iter().enumerate().filter(|(at, _)| has(*at)).map(|x| x.1).collect();
        let likelihood = |weight: f64| -> f64 { texts.iter().map(|text| log_likelihood(text, weight)).sum() };
        let tried = (0..TRIED).map(|step| step as f64 * STEP).map(|weight| (likelihood(weight), weight));
        tried.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1))).map_or(0.0, |(_, weight)| weight)
    }
}

fn blended<'a>(ours: &[(&'a str, f64)], theirs: &[(&'a str, f64)], gold: &[String]) -> Vec<Blended<'a>> {
    let least = |ranked: &[(&str, f64)]| ranked.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let (least_score, least_standing) = (least(ours), least(theirs));
    let or_zero = |value: f64| if value.is_finite() { value } else { 0.0 };
    let mut all: BTreeMap<&'a str, (f64, f64)> = BTreeMap::new();
    for (uri, score) in ours {
        all.insert(uri, (*score, or_zero(least_standing)));
    }
    for (uri, standing) in theirs {
        all.entry(uri).or_insert((or_zero(least_score), 0.0)).1 = *standing;
    }
    let one = |(uri, (score, standing)): (&'a str, (f64, f64))| {
        let is_right = gold.iter().any(|right| right == uri);
        Blended { uri, score, standing, is_right }
    };
    all.into_iter().map(one).collect()
}

/// Mean over the right concepts of the logarithm of their softmax share; 0 without one.
fn log_likelihood(text: &[Blended<'_>], weight: f64) -> f64 {
    let value = |b: &Blended<'_>| b.score + weight * b.standing;
    let best = text.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
    let total = text.iter().map(|b| (value(b) - best).exp()).sum::<f64>().ln() + best;
    let right: Vec<f64> = text.iter().filter(|b| b.is_right).map(|b| value(b) - total).collect();
    if right.is_empty() { 0.0 } else { right.iter().sum::<f64>() / right.len() as f64 }
}
