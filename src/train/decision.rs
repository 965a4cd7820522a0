//! Fits what is accepted: the decision on proposed links, and the weighing of matches in postings.

use super::asking::AskingTexts;
use super::logistic::{self, Cuts, Example};
use super::ranking::GoldText;
use super::texts::OwnTexts;
use crate::extract::{self, ExtractSpec, Extractor, MentionWeights};
use crate::lexicon::Lexicon;
use crate::lexicon::asking::IdleWeights;
use crate::lexicon::ranker::RankWeights;
use crate::link::{self, LinkSpec, LinkWeights, Linker};
use crate::types::Posting;
use rayon::prelude::*;

/// A taxonomy with texts whose right skills are given by position in it.
pub type World<'w> = (&'w Lexicon, &'w [GoldText]);

/// Fitted weights, and what cuts give on held-out folds.
#[derive(Debug, Clone, Default)]
pub struct DecisionFit {
    /// For `link_weights.toml`.
    pub links: LinkWeights,
    /// Cuts of links.
    pub link_cuts: Cuts,
    /// For `mention_weights.toml`.
    pub mentions: MentionWeights,
    /// Cuts of mentions.
    pub mention_cuts: Cuts,
    /// For `idle_weights.tsv`.
    pub idle: IdleWeights,
}

/// Fits on gold over one or more taxonomies, candidates in the order of `ranking`; what the idle regression says of a text
/// comes from one fitted without it.
pub fn fit_decision(
    worlds: &[World<'_>],
    ranking: RankWeights,
    own: &OwnTexts,
    as_posting: impl Fn(&GoldText) -> Posting + Sync,
) -> DecisionFit {
    let texts: Vec<GoldText> = worlds.iter().flat_map(|(_, texts)| texts.iter().cloned()).collect();
    let asking = AskingTexts::new(&texts, own);
    let (idle, asks) = asking.fitted();
    let links = examples(worlds, &asks, |w, t| links(w, t, ranking));
    let mentions = examples(worlds, &asks, |w, t| mentions(w, t, &as_posting));
    let fit_links = logistic::fit(&logistic::of_asking(&links.iter().collect::<Vec<_>>(), &texts));
    let fit_mentions = logistic::fit(&logistic::of_asking(&mentions.iter().collect::<Vec<_>>(), &texts));
    DecisionFit {
        links: fit_links,
        link_cuts: logistic::cuts(&links, &texts, link::LEAST_ASKING),
        mentions: fit_mentions,
        mention_cuts: logistic::cuts(&mentions, &texts, 0.0),
        idle,
    }
}

/// Per text: skill and features of everything proposed.
type Proposed<const N: usize> = Vec<Vec<(usize, [f32; N])>>;

fn links(lexicon: &Lexicon, texts: &[GoldText], ranking: RankWeights) -> Proposed<{ link::FEATURES.len() }> {
    let linker = Linker::new(lexicon, &LinkSpec::default()).ranked_by(ranking);
    texts.par_iter().map(|text| linker.examples(&text.text, text.lang)).collect()
}

fn mentions(
    lexicon: &Lexicon,
    texts: &[GoldText],
    as_posting: &(impl Fn(&GoldText) -> Posting + Sync),
) -> Proposed<{ extract::FEATURES.len() }> {
    let extractor = Extractor::new(lexicon, &ExtractSpec::default());
    texts.par_iter().map(|text| extractor.examples(&as_posting(text))).collect()
}

fn examples<const N: usize>(
    worlds: &[World<'_>],
    asks: &[f32],
    propose: impl Fn(&Lexicon, &[GoldText]) -> Proposed<N>,
) -> Vec<Example<N>> {
    let mut examples = Vec::new();
    let mut first = 0;
    for (lexicon, texts) in worlds {
        for (at, (proposed, text)) in propose(lexicon, texts).into_iter().zip(*texts).enumerate() {
            examples.extend(proposed.into_iter().map(|(skill, row)| Example {
                row,
                skill,
                is_right: text.right.contains(&skill),
                text: first + at,
                asks: asks.get(first + at).copied().unwrap_or(1.0),
            }));
        }
        first += texts.len();
    }
    examples
}
