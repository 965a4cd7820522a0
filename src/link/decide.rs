//! The decision: the probability that a proposed skill is right, by a logistic regression on what the lanes found.

use crate::lexicon::labels::{LabelTable, UNKNOWN};
use crate::lexicon::lanes::LANES;
use crate::lexicon::ranker::Ranked;
use crate::lexicon::regression::Regression;
use crate::types::{LabelKind, LinkEvidence};

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/link_weights.toml");

/// Idf of the rarest stem in the taxonomy the weights were fitted on: smaller taxonomies are scaled to it.
const FITTED_IDF: f32 = 9.54;
/// Share of a label's idf from which it is found in full.
const IN_FULL: f32 = 0.999;
/// Likeness of label and words from which the label stands there as it is written, up to endings.
const VERBATIM: f32 = 0.9;

/// Least share that is told apart.
const LEAST_SHARE: f32 = 1e-4;
/// Distance from the best that is told apart at most.
const FARTHEST_BEHIND: f32 = 10.0;

/// Features in the order of their values; [`Features`] says what each is.
pub const FEATURES: [&str; 25] = [
    "covered",
    "full",
    "window",
    "found",
    "joined",
    "single",
    "preferred",
    "alternative",
    "named",
    "doubtful",
    "void",
    "describes",
    "inside",
    "sense",
    "clause",
    "phrase",
    "name",
    "whole",
    "soft",
    "share",
    "behind",
    "foreign",
    "occupations",
    "reuse",
    "demand",
];

/// What is known of one candidate; flags are 0 or 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Features {
    /// Share of the label's idf found, 0..=1.
    pub(crate) covered: f32,
    /// All of it is found.
    pub(crate) full: f32,
    /// Cosine of the label's letters and the best words.
    pub(crate) window: f32,
    /// `ln(1 + idf found)`.
    pub(crate) found: f32,
    /// Likeness to all labels together.
    pub(crate) joined: f32,
    /// A label of one word is found.
    pub(crate) single: f32,
    /// A preferred label of several words, no ordinary wording, stands there word for word.
    pub(crate) preferred: f32,
    /// The same of an alternative label.
    pub(crate) alternative: f32,
    /// A proper name stands there.
    pub(crate) named: f32,
    /// An ambiguous label without what would make it credible.
    pub(crate) doubtful: f32,
    /// The words cannot mean the skill: what they speak for is left out.
    pub(crate) void: f32,
    /// The words only describe the noun after them.
    pub(crate) describes: f32,
    /// The words lie inside those of a better link.
    pub(crate) inside: f32,
    /// Lane of the ranker.
    pub(crate) sense: f32,
    /// Lane of the ranker.
    pub(crate) clause: f32,
    /// Lane of the ranker.
    pub(crate) phrase: f32,
    /// Lane of the ranker.
    pub(crate) name: f32,
    /// Lane of the ranker.
    pub(crate) whole: f32,
    /// Lane of the ranker.
    pub(crate) soft: f32,
    /// Logarithm of the softmax share among the proposals.
    pub(crate) share: f32,
    /// Score behind the best proposal, at most 10.
    pub(crate) behind: f32,
    /// No label in the text's language.
    pub(crate) foreign: f32,
    /// Lane of the ranker.
    pub(crate) occupations: f32,
    /// Lane of the ranker.
    pub(crate) reuse: f32,
    /// Lane of the ranker.
    pub(crate) demand: f32,
}

fn flag(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

impl Features {
    /// What the ranker found, as features.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn of(ranked: &Ranked, table: &LabelTable, share: f32, behind: f32) -> Self {
        let lane =
            |name: &str| LANES.iter().zip(ranked.lanes).find(|(l, _)| **l == name).map_or(0.0, |(_, value)| value);
        let full = ranked.covered > IN_FULL;
        let words = ranked.span_words.max(1) as f32;
        Self {
            covered: ranked.covered,
            full: flag(full),
            window: (lane("window") / words.powf(0.25)).min(1.0),
            found: (1.0 + ranked.found_idf * FITTED_IDF / table.vocabulary.idf(UNKNOWN)).ln(),
            joined: lane("joined"),
            single: flag(full && table.stems(ranked.label).len() <= 1),
            sense: lane("sense"),
            clause: lane("clause"),
            phrase: lane("phrase"),
            name: lane("name"),
            whole: lane("whole"),
            soft: lane("soft"),
            share: share.max(LEAST_SHARE).ln(),
            behind: behind.min(FARTHEST_BEHIND),
            foreign: lane("foreign"),
            occupations: lane("occupations"),
            reuse: lane("reuse"),
            demand: lane("demand"),
            ..Self::default()
        }
    }

    /// A proper name that the ranker did not propose.
    pub(crate) fn of_name() -> Self {
        Self { named: 1.0, share: LEAST_SHARE.ln(), behind: FARTHEST_BEHIND, ..Self::default() }
    }

    /// A skill that nothing of ours proposed.
    pub(crate) fn of_nothing() -> Self {
        Self { named: 0.0, ..Self::of_name() }
    }

    /// In the order of [`FEATURES`].
    pub(crate) fn values(&self) -> [f32; FEATURES.len()] {
        [
            self.covered,
            self.full,
            self.window,
            self.found,
            self.joined,
            self.single,
            self.preferred,
            self.alternative,
            self.named,
            self.doubtful,
            self.void,
            self.describes,
            self.inside,
            self.sense,
            self.clause,
            self.phrase,
            self.name,
            self.whole,
            self.soft,
            self.share,
            self.behind,
            self.foreign,
            self.occupations,
            self.reuse,
            self.demand,
        ]
    }

    /// Every stem of the label is in the text.
    pub(crate) fn is_full(&self) -> bool {
        self.full > 0.0
    }

    /// The label stands in the text as it is written, up to endings.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.is_full() && self.window > VERBATIM
    }

    /// The label is one word.
    pub(crate) fn is_single(&self) -> bool {
        self.single > 0.0
    }

    /// A label of several words stands in the text word for word.
    pub(crate) fn whole(&mut self, kind: LabelKind) {
        match kind {
            LabelKind::Preferred => self.preferred = 1.0,
            LabelKind::Alternative => self.alternative = 1.0,
            LabelKind::Hidden => {}
        }
    }

    /// The label's words cannot mean the skill: only what speaks for its meaning is left.
    pub(crate) fn void(&mut self) {
        *self = Self { covered: 0.0, full: 0.0, window: 0.0, found: 0.0, joined: 0.0, single: 0.0, void: 1.0, ..*self };
    }

    /// What a reader is shown: lanes between 0 and 1; `asks` is the probability that the text asks for anything.
    pub(crate) fn evidence(&self, asks: f32) -> Vec<LinkEvidence> {
        let shown = [
            ("asks", asks),
            ("name", self.named),
            ("cover", self.covered),
            ("window", self.window),
            ("joined", self.joined),
            ("sense", self.sense),
            ("phrase", self.phrase),
            ("label", self.name),
        ];
        let lane = |(lane, value): (&str, f32)| LinkEvidence { lane: lane.to_owned(), value: value.clamp(0.0, 1.0) };
        shown.map(lane).to_vec()
    }
}

/// Weights of the decision, by [`FEATURES`].
pub type LinkWeights = Regression<{ FEATURES.len() }>;

/// The weights compiled in; a test reads the file, so a broken one never ships.
pub(crate) fn compiled() -> LinkWeights {
    LinkWeights::from_toml(WEIGHTS, &FEATURES).unwrap_or(LinkWeights::NOTHING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::regression::RegressionTable;

    #[test]
    fn the_compiled_weights_name_every_feature() {
        let file: RegressionTable = toml::from_str(WEIGHTS).unwrap();
        assert!(file.names().all(|name| FEATURES.contains(&name)));
    }
}
