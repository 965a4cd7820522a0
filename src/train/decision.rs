//! Fits what is accepted: the decision on proposed links, and the weighing of matches in postings.

use super::asking::Asking;
use super::logistic::{self, Cuts, Example};
use super::ranking::GoldText;
use super::texts::OwnTexts;
use crate::extract::{self, ExtractSpec, Extractor, MentionWeights};
use crate::lexicon::Lexicon;
use crate::lexicon::asking::IdleWeights;
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
    /// For `idle_weights.toml`.
    pub idle: IdleWeights,
}

/// Fits on gold over one or more taxonomies; what the idle regression says of a text comes from one fitted without it.
pub fn fit_decision(
    worlds: &[World<'_>],
    own: &OwnTexts,
    as_posting: impl Fn(&GoldText) -> Posting + Sync,
) -> DecisionFit {
    let Some((first, _)) = worlds.first() else { return DecisionFit::default() };
    let texts: Vec<GoldText> = worlds.iter().flat_map(|(_, texts)| texts.iter().cloned()).collect();
    let asking = Asking::new(first, &texts, own);
    let idle = asking.held_out();
    let links = with_idle(examples(worlds, links), &link::FEATURES, &idle);
    let mentions = with_idle(examples(worlds, |w, t| mentions(w, t, &as_posting)), &extract::FEATURES, &idle);
    let (link_fit, mention_fit) = (fit(&links), fit(&mentions));
    DecisionFit {
        links: LinkWeights { bias: link_fit.bias, weights: link_fit.weights },
        link_cuts: logistic::cuts(&links, &texts),
        mentions: MentionWeights { bias: mention_fit.bias, weights: mention_fit.weights },
        mention_cuts: logistic::cuts(&mentions, &texts),
        idle: asking.weights(),
    }
}

fn fit<const N: usize>(examples: &[Example<N>]) -> logistic::Fitted<N> {
    logistic::fit(&examples.iter().collect::<Vec<_>>())
}

/// Per text: skill and features of everything proposed.
type Proposed<const N: usize> = Vec<Vec<(usize, [f32; N])>>;

fn links(lexicon: &Lexicon, texts: &[GoldText]) -> Proposed<{ link::FEATURES.len() }> {
    let linker = Linker::new(lexicon, &LinkSpec::default());
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
            }));
        }
        first += texts.len();
    }
    examples
}

fn with_idle<const N: usize>(mut examples: Vec<Example<N>>, names: &[&str; N], idle: &[f32]) -> Vec<Example<N>> {
    if let Some(at) = names.iter().position(|name| *name == "idle") {
        for example in &mut examples {
            example.row[at] = idle.get(example.text).copied().unwrap_or_default();
        }
    }
    examples
}
