//! How much each lane says: fitted weights, kept as a file with the command that made it.

use crate::lexicon::lanes::{FOREIGN, LANES, LaneValues, PRIORS};
use crate::lexicon::regression::RegressionTable;
use crate::types::{IscoCode, Lang};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The fitted weights of this version.
const WEIGHTS: &str = include_str!("../../data/reference/rank_weights.toml");

/// `ln(1 + linked occupations)`, reuse level 0..=3, `ln(1 + postings that name it)`, demand tier 0..=3.
pub type Priors = [f32; LANES.len() - PRIORS];

/// Lane that holds the score of an occupation's minor group.
pub(crate) const GROUP: usize = LANES.len() - 1;

/// The minor group of an ISCO-08 code.
pub(crate) fn minor_group(isco: &IscoCode) -> &str {
    isco.as_str().get(..3).unwrap_or(isco.as_str())
}

/// Weight of each lane, in the order of [`LANES`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankWeights {
    /// For English texts.
    pub english: LaneValues,
    /// For other texts and concepts that have a label in their language.
    pub own: LaneValues,
    /// For those that have none and are met by meaning only.
    pub foreign: LaneValues,
}

/// `rank_weights.toml`: lanes that are not named weigh nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct WeightFile {
    pub(crate) version: u32,
    pub(crate) skill_english: BTreeMap<String, f32>,
    pub(crate) skill: BTreeMap<String, f32>,
    pub(crate) skill_foreign: BTreeMap<String, f32>,
    pub(crate) occupation: BTreeMap<String, f32>,
    pub(crate) occupation_list: BTreeMap<String, f32>,
    pub(crate) occupation_decision: RegressionTable,
    /// Score of every occupation of a minor group of ISCO-08, for English titles.
    pub(crate) occupation_groups: BTreeMap<String, f32>,
}

fn row(table: &BTreeMap<String, f32>) -> LaneValues {
    LANES.map(|lane| table.get(lane).copied().unwrap_or_default())
}

impl WeightFile {
    /// The file compiled in; a test reads it, so a broken one never ships.
    pub(crate) fn compiled() -> Self {
        toml::from_str(WEIGHTS).unwrap_or_default()
    }
}

impl RankWeights {
    /// For sentence or outcome -> skill.
    pub fn skill() -> Self {
        let file = WeightFile::compiled();
        Self::of_skills([&file.skill_english, &file.skill, &file.skill_foreign])
    }

    /// By lane: for English texts, for others and concepts with a label in their language, and for those without.
    pub(crate) fn of_skills([english, own, foreign]: [&BTreeMap<String, f32>; 3]) -> Self {
        Self { english: row(english), own: row(own), foreign: row(foreign) }
    }

    /// For title -> occupation of a taxonomy.
    pub fn occupation() -> Self {
        Self::of_occupations(&WeightFile::compiled().occupation)
    }

    /// For title -> entry of a list of names whose concepts are not known.
    pub fn occupation_list() -> Self {
        let own = row(&WeightFile::compiled().occupation_list);
        Self { english: own, own, foreign: own }
    }

    /// By lane; what the groups of `[occupation_groups]` score counts as it is for English titles and not for others.
    pub(crate) fn of_occupations(weights: &BTreeMap<String, f32>) -> Self {
        let own = row(weights);
        let mut english = own;
        english[GROUP] = 1.0;
        Self { english, own, foreign: own }
    }

    /// With one lane's weight at 0.
    pub fn without(mut self, lane: usize) -> Self {
        for row in [&mut self.english, &mut self.own, &mut self.foreign] {
            row.iter_mut().skip(lane).take(1).for_each(|weight| *weight = 0.0);
        }
        self
    }

    /// With all other weights at 0; a lane that has none gets 1, so that it can be told what it would do.
    pub fn alone(self, lane: usize) -> Self {
        let alone = |row: LaneValues| {
            let mut alone = [0.0; LANES.len()];
            for (weight, own) in alone.iter_mut().zip(row).skip(lane).take(1) {
                *weight = if own == 0.0 { 1.0 } else { own };
            }
            alone
        };
        Self { english: alone(self.english), own: alone(self.own), foreign: alone(self.foreign) }
    }

    /// The lane that speaks loudest for a concept with these values.
    pub fn loudest(&self, values: &LaneValues, lang: Lang) -> &'static str {
        let parts = LANES.iter().zip(self.row(values, lang).iter().zip(values).map(|(weight, value)| weight * value));
        parts.max_by(|a, b| a.1.total_cmp(&b.1)).map_or("", |(lane, _)| lane)
    }

    /// The weights that count for a concept with these values.
    fn row(&self, values: &LaneValues, lang: Lang) -> &LaneValues {
        match lang {
            Lang::En | Lang::Und => &self.english,
            _ if values[FOREIGN] > 0.0 => &self.foreign,
            _ => &self.own,
        }
    }

    pub(crate) fn score(&self, values: &LaneValues, lang: Lang) -> f32 {
        self.row(values, lang).iter().zip(values).map(|(weight, value)| weight * value).sum()
    }

    /// What the static lanes give a concept before any text is read.
    pub(crate) fn prior(&self, priors: &Priors) -> f32 {
        self.own[PRIORS..].iter().zip(priors).map(|(weight, value)| weight * value).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_weights_name_only_lanes_that_exist() {
        let file: WeightFile = toml::from_str(WEIGHTS).unwrap();
        let named = file.skill.keys().chain(file.skill_english.keys()).chain(file.skill_foreign.keys());
        let named = named.chain(file.occupation.keys()).chain(file.occupation_list.keys());
        named.for_each(|lane| assert!(LANES.contains(&lane.as_str()), "{lane}"));
        assert!(RankWeights::skill().own.iter().any(|w| *w > 0.0));
    }

    #[test]
    fn a_lane_left_out_or_alone_has_the_weights_that_says() {
        let mut own = LANES.map(|_| 2.0);
        own[1] = 0.0;
        let weights = RankWeights { english: own, own, foreign: own };
        let sum = |weights: RankWeights| weights.own.iter().sum::<f32>();
        assert_eq!(sum(weights.without(0)), sum(weights) - 2.0);
        assert_eq!((sum(weights.alone(0)), sum(weights.alone(1)), weights.alone(1).own[1]), (2.0, 1.0, 1.0));
        let mut values = LANES.map(|_| 0.5);
        values[FOREIGN] = 0.0;
        values[1] = 9.0;
        values[3] = 0.75;
        assert_eq!(weights.loudest(&values, Lang::Es), LANES[3]);
    }
}
