//! Late fusion of other models, and the fit of how much one counts.

use super::model::{Fusion, Said};
use super::{Candidate, Features, Linker, NamedSaid, best_first};
use crate::lexicon::regression::{logistic, logit};
use crate::types::Lang;

/// L2 towards a model that says nothing, so that a fit exists where right and wrong are told apart in full.
const SHRINKAGE: f64 = 1e-3;
/// Newton steps; a handful reach the optimum.
const STEPS: usize = 50;
/// Longest Newton step of a weight.
const LONGEST_STEP: f64 = 2.0;
/// Weights of a fusion: weight, bias, own, unproposed.
const WEIGHTS: usize = 4;
/// Their values where a model says nothing.
const START: [f64; WEIGHTS] = [0.0, 0.0, 1.0, 0.0];

/// A candidate of a text before fusion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FusionExample {
    /// Position of the skill in the taxonomy.
    pub concept: usize,
    /// The linker's log odds; nothing where only the model proposes the skill.
    pub own: Option<f32>,
    /// The model's standing.
    pub standing: f32,
}

impl Linker<'_> {
    /// What the models say of a text.
    pub(super) fn said<'m>(&'m self, id: &str, text: &str) -> Vec<NamedSaid<'m>> {
        self.models.iter().filter_map(|m| Some((m.name.as_str(), m.said(id, text)?))).collect()
    }

    /// Adds the skills that only models propose and what models say of all. Where several models were fitted, each
    /// moves the log odds as if it were alone; a skill that none of ours proposed has the mean of what they say.
    pub(super) fn fuse(&self, candidates: &mut Vec<Candidate>, said: &[NamedSaid<'_>], lang: Lang) {
        let fitted: Vec<(&Said, Fusion)> = said.iter().filter_map(|(_, said)| Some((*said, said.fusion?))).collect();
        if fitted.is_empty() {
            return;
        }
        let own_count = candidates.len();
        self.add_proposals(candidates, fitted.iter().map(|(said, _)| *said), lang);
        for (at, candidate) in candidates.iter_mut().enumerate() {
            let own = (at < own_count).then(|| logit(candidate.score));
            let fused = |(said, fusion): &(&Said, Fusion)| fusion.log_odds(own, said.standing(candidate.concept));
            let log_odds = match own {
                Some(own) => own + fitted.iter().map(|one| fused(one) - own).sum::<f32>(),
                None => fitted.iter().map(fused).sum::<f32>() / fitted.len() as f32,
            };
            candidate.score = logistic(log_odds);
        }
        best_first(candidates);
    }

    fn add_proposals<'s>(&self, candidates: &mut Vec<Candidate>, said: impl Iterator<Item = &'s Said>, lang: Lang) {
        for concept in said.flat_map(Said::best) {
            if candidates.iter().all(|c| c.concept != concept) {
                candidates.extend(self.unproposed(concept, lang));
            }
        }
    }

    /// A skill that nothing of ours found in the text.
    fn unproposed(&self, concept: usize, lang: Lang) -> Option<Candidate> {
        let features = Features::of_nothing();
        let score = self.weights.probability(&features.values());
        Some(Candidate { concept, label: self.guard.name_of(concept, lang)?, span: None, score, asks: 1.0, features })
    }

    /// The best skill of each model that was not fitted, where the links do not have it: nobody knows what such a
    /// model's word is worth, so a reviewer is asked.
    pub(super) fn for_review(&self, candidates: &[Candidate], said: &[NamedSaid<'_>], lang: Lang) -> Vec<Candidate> {
        let linked = |c: &&Candidate| c.score >= self.spec.review;
        let mut linked: Vec<usize> = candidates.iter().take(self.spec.top).filter(linked).map(|c| c.concept).collect();
        let mut more = Vec::new();
        for best in said.iter().filter(|(_, said)| said.fusion.is_none()).filter_map(|(_, said)| said.best().next()) {
            if linked.contains(&best) {
                continue;
            }
            linked.push(best);
            more.extend(match candidates.iter().find(|c| c.concept == best) {
                Some(known) => Some(known.clone()),
                None => self.unproposed(best, lang),
            });
        }
        more
    }

    /// Everything that would be decided upon with the first model, before it counts; nothing where it is silent.
    pub fn fusion_examples(&self, id: &str, text: &str, lang: Lang) -> Vec<FusionExample> {
        let said = self.said(id, text);
        let Some((_, first)) = said.first() else { return Vec::new() };
        let mut candidates = self.candidates(text, lang);
        let own_count = candidates.len();
        self.add_proposals(&mut candidates, [*first].into_iter(), lang);
        let example = |(at, c): (usize, &Candidate)| FusionExample {
            concept: c.concept,
            own: (at < own_count).then(|| logit(c.score)),
            standing: first.standing(c.concept),
        };
        candidates.iter().enumerate().map(example).collect()
    }

    /// Counts models of each text by what `fusion` makes of its id or words: for scores held out.
    pub fn fuse_by(&mut self, fusion: impl Fn(&str) -> Option<Fusion>) {
        self.models.iter_mut().for_each(|model| model.fuse_by(&fusion));
    }
}

/// Weights by logistic regression (Newton's method; always the same result).
pub fn fit_fusion<'e>(examples: impl Iterator<Item = &'e (FusionExample, bool)> + Clone) -> Fusion {
    let n = examples.clone().count().max(1) as f64;
    let mut weights = START;
    for _ in 0..STEPS {
        let mut gradient: [f64; WEIGHTS] = std::array::from_fn(|k| SHRINKAGE * (weights[k] - START[k]));
        let mut hessian = [[0.0; WEIGHTS]; WEIGHTS];
        (0..WEIGHTS).for_each(|k| hessian[k][k] = SHRINKAGE);
        for (example, is_right) in examples.clone() {
            let x = row(example);
            let z: f64 = weights.iter().zip(x).map(|(w, x)| w * x).sum();
            let p = 1.0 / (1.0 + (-z).exp());
            let (excess, spread) = ((p - f64::from(u8::from(*is_right))) / n, p * (1.0 - p) / n);
            for k in 0..WEIGHTS {
                gradient[k] += excess * x[k];
                (0..WEIGHTS).for_each(|l| hessian[k][l] += spread * x[k] * x[l]);
            }
        }
        let step = solved(hessian, gradient);
        (0..WEIGHTS).for_each(|k| weights[k] -= step[k].clamp(-LONGEST_STEP, LONGEST_STEP));
    }
    let [weight, bias, own, unproposed] = weights.map(|w| w as f32);
    Fusion { weight, bias, own, unproposed }
}

/// What each weight is multiplied by.
fn row(example: &FusionExample) -> [f64; WEIGHTS] {
    let standing = f64::from(example.standing);
    example.own.map_or([standing, 0.0, 0.0, 1.0], |own| [standing, 1.0, f64::from(own), 0.0])
}

/// Solves `matrix x = right` for a positive definite matrix, by elimination.
fn solved(mut matrix: [[f64; WEIGHTS]; WEIGHTS], mut right: [f64; WEIGHTS]) -> [f64; WEIGHTS] {
    for k in 0..WEIGHTS {
        for below in k + 1..WEIGHTS {
            let factor = matrix[below][k] / matrix[k][k];
            (k..WEIGHTS).for_each(|l| matrix[below][l] -= factor * matrix[k][l]);
            right[below] -= factor * right[k];
        }
    }
    for k in (0..WEIGHTS).rev() {
        let known: f64 = (k + 1..WEIGHTS).map(|l| matrix[k][l] * right[l]).sum();
        right[k] = (right[k] - known) / matrix[k][k];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_and_bias_are_those_of_a_reference_optimiser() {
        // (log odds, standing, right); minimum of the penalised log loss by scipy.optimize.minimize.
        let rows = [
            (Some(-2.0), 2.0, true),
            (Some(-1.0), 1.5, true),
            (Some(0.5), 0.5, false),
            (Some(-3.0), -0.5, false),
            (Some(1.0), -0.5, true),
            (Some(-0.5), 1.0, false),
            (Some(2.0), -1.0, false),
            (Some(-2.5), -1.0, false),
            (None, 2.5, true),
            (None, 0.5, false),
            (None, 1.0, false),
        ];
        let example = |(own, standing, right)| (FusionExample { concept: 0, own, standing }, right);
        let examples: Vec<(FusionExample, bool)> = rows.map(example).to_vec();
        let fusion = fit_fusion(examples.iter());
        let found = [fusion.weight, fusion.bias, fusion.own, fusion.unproposed];
        for (found, wanted) in found.into_iter().zip([1.8649, -1.1543, 0.6027, -3.3936]) {
            assert!((found - wanted).abs() < 1e-3, "{fusion:?}");
        }
    }

    #[test]
    fn a_fit_without_anything_to_learn_from_is_finite() {
        let all_right = [(FusionExample { concept: 0, own: Some(0.0), standing: 1.0 }, true); 3];
        for fusion in [fit_fusion(all_right.iter()), fit_fusion([].iter())] {
            assert!(fusion.weight.is_finite() && fusion.bias.is_finite(), "{fusion:?}");
        }
    }
}
