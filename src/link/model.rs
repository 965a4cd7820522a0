//! A door for other models: ranked lists from outside as one more lane, fused late on the logit scale.

use super::decide::Features;
use crate::types::{RankedFile, RankedList, SourceId, StageCount, Taxonomy};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Skills of a model's list that are decided upon beside the linker's own.
pub(super) const CANDIDATES: usize = 20;
/// Deviation below which all scores of a list are the same.
const NO_SPREAD: f64 = 1e-9;

/// One `[[link.model]]` of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// What its evidence is called.
    pub name: SourceId,
    /// File of ranked skills, JSON lines or Parquet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranked: Option<PathBuf>,
    /// Folder of a sentence-transformers model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Fitted by `skillgap train model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f32>,
    /// Fitted by `skillgap train model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<f32>,
    /// Fitted by `skillgap train model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<f32>,
    /// Fitted by `skillgap train model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unproposed: Option<f32>,
}

impl ModelSpec {
    /// File or folder, as the plan names it.
    pub fn path(&self) -> Option<&Path> {
        self.ranked.as_deref().or(self.folder.as_deref())
    }

    /// How the model's standing counts; nothing until it was fitted.
    pub fn fusion(&self) -> Option<Fusion> {
        Some(Fusion { weight: self.weight?, bias: self.bias?, own: self.own?, unproposed: self.unproposed? })
    }

    /// What is wrong with models of a plan, if something is.
    ///
    /// # Errors
    /// With key, value and what is expected.
    pub fn check(models: &[Self]) -> Result<(), String> {
        let mut seen = std::collections::BTreeSet::new();
        for model in models {
            let name = &model.name;
            let own = Features::default().evidence(1.0);
            if own.iter().any(|e| e.lane == name.as_str()) {
                return Err(format!("link.model '{name}' has the name of a lane of our own; give it another"));
            }
            if !seen.insert(name) {
                return Err(format!("two link.model have name = \"{name}\"; names are unique in a plan"));
            }
            if model.ranked.is_some() == model.folder.is_some() {
                return Err(format!("link.model '{name}' needs one of ranked = \"FILE\" and folder = \"FOLDER\""));
            }
            let numbers = [model.weight, model.bias, model.own, model.unproposed];
            if numbers.iter().any(Option::is_some) && !numbers.iter().all(Option::is_some) {
                return Err(format!(
                    "link.model '{name}' needs weight, bias, own and unproposed, or none of them; skillgap train model fits them"
                ));
            }
            if numbers.into_iter().flatten().any(|x| !x.is_finite()) {
                return Err(format!("link.model '{name}': weights are finite numbers; skillgap train model fits them"));
            }
        }
        Ok(())
    }
}

/// How much a model counts. Of a skill that the linker proposed too: `logit p' = own x logit p + bias + weight x standing`;
/// of one that only the model proposes: `logit p' = unproposed + weight x standing`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fusion {
    /// Log odds per unit of standing.
    pub weight: f32,
    /// Log odds added where both propose.
    pub bias: f32,
    /// How much the linker's log odds still count: the model knows part of what they say.
    pub own: f32,
    /// Log odds of a skill that only the model proposes, at a standing of 0.
    pub unproposed: f32,
}

impl Fusion {
    /// Log odds of a candidate of the linker, or of one that is none.
    pub(super) fn log_odds(self, own: Option<f32>, standing: f32) -> f32 {
        own.map_or(self.unproposed, |own| self.own * own + self.bias) + self.weight * standing
    }
}

/// What a model says of one text.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// Concepts it has, best first, with their standing.
    skills: Vec<(usize, f32)>,
    /// Standing of what it does not list.
    least: f32,
    /// Standing of the best it lists.
    most: f32,
    /// How it counts.
    pub(super) fusion: Option<Fusion>,
}

impl Said {
    fn of(list: &RankedList, taxonomy: &Taxonomy, fusion: Option<Fusion>) -> Self {
        let scores: Vec<f64> = list.skills.iter().map(|s| s.score).collect();
        let standings = standings(&scores);
        let place = |(skill, standing): (&crate::types::RankedSkill, &f32)| {
            Some((taxonomy.skill_index(&skill.uri)?, *standing))
        };
        let skills = list.skills.iter().zip(&standings).filter_map(place).collect();
        let end = |standing: Option<&f32>| standing.copied().unwrap_or_default();
        Self { skills, least: end(standings.last()), most: end(standings.first()), fusion }
    }

    /// Standing of a concept.
    pub(super) fn standing(&self, concept: usize) -> f32 {
        self.skills.iter().find(|(listed, _)| *listed == concept).map_or(self.least, |(_, standing)| *standing)
    }

    /// Standing between the least and the best of the list, as a reader is shown it.
    pub(super) fn share(&self, concept: usize) -> f32 {
        let range = self.most - self.least;
        if range > 0.0 { ((self.standing(concept) - self.least) / range).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Its best concepts.
    pub(super) fn best(&self) -> impl Iterator<Item = usize> + '_ {
        self.skills.iter().take(CANDIDATES).map(|(concept, _)| *concept)
    }
}

/// Scores of a list, best first, as standard deviations from its mean.
pub fn standings(scores: &[f64]) -> Vec<f32> {
    let n = scores.len().max(1) as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let deviation = (scores.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / n).sqrt();
    let standing = |s: &f64| if deviation > NO_SPREAD { ((s - mean) / deviation) as f32 } else { 0.0 };
    scores.iter().map(standing).collect()
}

/// A model with all it says.
#[derive(Debug, Clone)]
pub struct ModelLane {
    pub(super) name: String,
    by_id: FxHashMap<String, Said>,
}

/// What became of the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelCount {
    /// Skills in lists.
    pub read: u64,
    /// Of these, skills of the taxonomy for texts that are asked for.
    pub kept: u64,
    /// Named again in a list.
    pub repeated: u64,
    /// URIs that the taxonomy does not have, with the first by alphabet.
    pub unknown_uris: (u64, Option<String>),
    /// Lists for ids that nothing asks for, with the first by alphabet.
    pub idle_lists: (u64, Option<String>),
    /// Texts asked for that have no list, of how many.
    pub silent: (u64, u64),
}

impl ModelCount {
    /// As the books of a run have it.
    pub fn stage_count(&self, name: &str) -> StageCount {
        let rejected = self.read - self.kept - self.repeated;
        StageCount {
            step: format!("model {name}"),
            read: self.read,
            kept: self.kept,
            duplicate: self.repeated,
            rejected,
        }
    }

    /// What a user should know, one sentence each.
    pub fn warnings(&self, name: &str) -> Vec<String> {
        let mut said = Vec::new();
        if let (count @ 1.., Some(first)) = &self.unknown_uris {
            said.push(format!("model '{name}': {count} skills are not in the taxonomy, the first is {first}"));
        }
        if let (count @ 1.., Some(first)) = &self.idle_lists {
            let first: String = first.chars().take(80).collect();
            said.push(format!(
                "model '{name}': {count} lists have an id that is neither id nor text of a learning outcome, the first is '{first}'"
            ));
        }
        if let (silent @ 1.., all) = self.silent {
            said.push(format!(
                "model '{name}': says nothing of {silent} of {all} learning outcomes, which keep their scores"
            ));
        }
        said
    }
}

impl ModelLane {
    /// Takes the lists of texts that are asked for, each known by its id and its words.
    pub fn new<'t>(
        name: &str,
        fusion: Option<Fusion>,
        file: &RankedFile,
        taxonomy: &Taxonomy,
        asked: impl Iterator<Item = (&'t str, &'t str)> + Clone,
    ) -> (Self, ModelCount) {
        let keys: std::collections::BTreeSet<&str> = asked.clone().flat_map(|(id, text)| [id, text]).collect();
        let mut by_id = FxHashMap::default();
        let mut count = ModelCount { repeated: file.repeat_count, read: file.repeat_count, ..ModelCount::default() };
        let mut unknown = std::collections::BTreeSet::new();
        for list in &file.lists {
            count.read += list.skills.len() as u64;
            let strange = list.skills.iter().map(|s| s.uri.as_str()).filter(|uri| taxonomy.skill_index(uri).is_none());
            unknown.extend(strange);
            if keys.contains(list.id.as_str()) {
                let said = Said::of(list, taxonomy, fusion);
                count.kept += said.skills.len() as u64;
                by_id.insert(list.id.clone(), said);
            } else {
                count.idle_lists.0 += 1;
                count.idle_lists.1.get_or_insert_with(|| list.id.clone());
            }
        }
        count.unknown_uris = (unknown.len() as u64, unknown.first().map(|uri| (*uri).to_owned()));
        let lane = Self { name: name.to_owned(), by_id };
        let silent = asked.clone().filter(|(id, text)| lane.said(id, text).is_none()).count();
        count.silent = (silent as u64, asked.count() as u64);
        (lane, count)
    }

    /// What it says of a text, by its id, else by its words.
    pub(super) fn said(&self, id: &str, text: &str) -> Option<&Said> {
        self.by_id.get(id).or_else(|| self.by_id.get(text))
    }

    /// Counts each text by what `fusion` makes of its key, id or words: for scores held out.
    pub(super) fn fuse_by(&mut self, fusion: impl Fn(&str) -> Option<Fusion>) {
        self.by_id.iter_mut().for_each(|(key, said)| said.fusion = fusion(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::regression::{logistic, logit};
    use crate::types::{RankedSkill, Reuse, Skill, SkillId, SkillKind};

    fn taxonomy() -> Taxonomy {
        let skill = |id: &str| Skill {
            id: SkillId(id.to_owned()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: Vec::new(),
            description: None,
            broader: Vec::new(),
            green: false,
            digital: false,
        };
        Taxonomy { skills: ["a", "b", "c"].map(skill).to_vec(), ..Taxonomy::default() }
    }

    fn list(id: &str, skills: &[(&str, f64)]) -> RankedList {
        let skill = |(uri, score): &(&str, f64)| RankedSkill { uri: (*uri).to_owned(), score: *score };
        RankedList { id: id.to_owned(), skills: skills.iter().map(skill).collect() }
    }

    #[test]
    fn a_standing_is_counted_in_deviations_and_what_is_not_listed_has_the_least() {
        let said = Said::of(&list("t", &[("c", 4.0), ("x", 2.0), ("a", 0.0)]), &taxonomy(), None);
        let shown = |concept: usize| format!("{:.4} {:.1}", said.standing(concept), said.share(concept));
        // Mean 2, deviation sqrt(8 / 3); b is not listed.
        assert_eq!([0, 1, 2].map(shown), ["-1.2247 0.0", "-1.2247 0.0", "1.2247 1.0"]);
        assert_eq!(said.best().collect::<Vec<_>>(), [2, 0]);
        // Shifted and stretched scores stand alike.
        let again = Said::of(&list("t", &[("c", -1.0), ("x", -1.5), ("a", -2.0)]), &taxonomy(), None);
        assert!((again.standing(2) - said.standing(2)).abs() < 1e-6);
        for skills in [&[][..], &[("a", 0.7)], &[("a", 0.7), ("b", 0.7)]] {
            let flat = Said::of(&list("t", skills), &taxonomy(), None);
            assert_eq!((flat.standing(0), flat.share(0), flat.standing(1)), (0.0, 0.0, 0.0));
        }
    }

    #[test]
    fn log_odds_are_added() {
        // logit .2 = -1.38629; .5 x -1.38629 - .5 + .8 x 1.5 = .00685; logistic(.00685) = .501713.
        let fusion = Fusion { weight: 0.8, bias: -0.5, own: 0.5, unproposed: -3.0 };
        assert!((logistic(fusion.log_odds(Some(logit(0.2)), 1.5)) - 0.501_713).abs() < 1e-5);
        // -3 + .8 x 1.5 = -1.8; logistic(-1.8) = .141851.
        assert!((logistic(fusion.log_odds(None, 1.5)) - 0.141_851).abs() < 1e-5);
        assert!([0.0, 1.0].map(logit).iter().all(|z| z.is_finite()));
    }

    #[test]
    fn every_row_is_accounted_for() {
        let lists = vec![
            list("i1", &[("a", 2.0), ("u", 1.0)]),
            list("nobody", &[("b", 1.0), ("v", 0.5)]),
            list("words two", &[("c", 1.0)]),
        ];
        let file = RankedFile { lists, repeat_count: 2 };
        let asked = [("i1", "words one"), ("i2", "words two"), ("i3", "words three")];
        let (lane, count) = ModelLane::new("m", None, &file, &taxonomy(), asked.into_iter());
        let books = count.stage_count("m");
        assert_eq!((books.read, books.kept, books.duplicate, books.rejected), (7, 2, 2, 3));
        assert_eq!((count.unknown_uris.0, count.idle_lists.0, count.silent), (2, 1, (1, 3)));
        assert_eq!(lane.said("i2", "words two").map(|said| said.best().collect()), Some(vec![2]));
        assert!(lane.said("i3", "words three").is_none());
    }
}
