//! Learning outcome -> skills: propose by the ranker and by names, decide by a probability fitted and calibrated on gold.

mod decide;
mod fuse;
mod guard;
mod model;
mod names;

use crate::lexicon::Lexicon;
use crate::lexicon::asking::Asking;
use crate::lexicon::ranker::{Depth, RankWeights, Ranked, Ranker};
use crate::lexicon::regression::{logistic, logit};
use crate::types::{Lang, LearningOutcome, Link, LinkEvidence, Linked, Relation, RelationKind, Score, Verdict};
use decide::Features;
pub use decide::{FEATURES, LinkWeights};
pub use fuse::{FusionExample, fit_fusion};
use guard::{Ceiling, Guard};
use model::Said;
pub use model::{Fusion, ModelCount, ModelLane, ModelSpec, standings};
use names::Names;
use serde::{Deserialize, Serialize};

/// Candidates that are decided upon.
const CANDIDATES: usize = 20;
/// Probability that a text asks for anything under which a link is left to a reviewer: chosen on folds of the tuning gold,
/// where it keeps out a third of the false alarms and one right link in a hundred.
pub(crate) const LEAST_ASKING: f32 = 0.7;
/// What the occupation of a posting adds to the log odds of its essential and optional skills. By judgement: no gold
/// sentence comes with its occupation yet.
const ESSENTIAL: f32 = 0.7;
const OPTIONAL: f32 = 0.35;

/// Plan table `[link]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkSpec {
    /// Probability from which a link counts in coverage.
    pub accept: f32,
    /// Probability from which a link is shown to a reviewer.
    pub review: f32,
    /// Links kept per outcome.
    pub top: usize,
    /// Other models whose rankings count beside our own lanes.
    #[serde(rename = "model", skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelSpec>,
}

impl Default for LinkSpec {
    fn default() -> Self {
        Self { accept: 0.4, review: 0.2, top: 5, models: Vec::new() }
    }
}

/// Links outcomes to the skills of a lexicon; shared by threads.
#[derive(Debug)]
pub struct Linker<'a> {
    lexicon: &'a Lexicon,
    ranker: Ranker<'a>,
    names: Names,
    guard: Guard,
    weights: LinkWeights,
    asking: &'static Asking,
    spec: LinkSpec,
    models: Vec<ModelLane>,
}

/// A scored candidate, before the verdict.
#[derive(Debug, Clone)]
struct Candidate {
    concept: usize,
    label: usize,
    span: Option<(u32, u32)>,
    score: f32,
    /// Probability that the text asks for anything.
    asks: f32,
    features: Features,
}

impl Candidate {
    /// Whether all that shows it is one word of a longer label, which describes the noun after it ("confidence interval").
    fn only_describes(&self, text: &str) -> bool {
        let words = self.span.and_then(|(from, to)| text.get(from as usize..to as usize)).unwrap_or_default();
        let in_part = self.features.covered > 0.0 && !self.features.is_full();
        in_part && self.features.describes > 0.0 && !words.contains(char::is_whitespace)
    }
}

/// What a model says of a text, with the model's name.
type NamedSaid<'m> = (&'m str, &'m Said);

impl<'a> Linker<'a> {
    /// Indexes the skills of the lexicon.
    pub fn new(lexicon: &'a Lexicon, spec: &LinkSpec) -> Self {
        let guard = Guard::new(&lexicon.skills);
        Self {
            ranker: Ranker::skills(&lexicon.skills, &lexicon.taxonomy, &lexicon.vectors),
            names: Names::new(&lexicon.skills, guard.english()),
            guard,
            weights: decide::compiled(),
            asking: Asking::compiled(),
            lexicon,
            spec: spec.clone(),
            models: Vec::new(),
        }
    }

    /// The same with other models as further lanes.
    pub fn with_models(self, models: Vec<ModelLane>) -> Self {
        Self { models, ..self }
    }

    /// With other weights of the ranking.
    pub fn ranked_by(self, weights: RankWeights) -> Self {
        Self { ranker: self.ranker.with_weights(weights), ..self }
    }

    /// The skills an outcome teaches, best first; none is forced.
    pub fn links(&self, outcome: &LearningOutcome) -> Linked {
        let links = self.links_with(&outcome.id.0, &outcome.text, outcome.language);
        let verdict = links.first().map_or(Verdict::Unmatched, |link| link.verdict);
        Linked { outcome: outcome.id.clone(), credential: outcome.credential.clone(), links, verdict }
    }

    /// Links of any text.
    pub fn links_of(&self, text: &str, lang: Lang) -> Vec<Link> {
        self.links_with(text, text, lang)
    }

    /// Links of a sentence about an occupation, whose essential and optional skills are likelier.
    pub fn links_for(&self, text: &str, lang: Lang, occupation: Option<&str>) -> Vec<Link> {
        let asks = self.asking.asks(text, lang);
        if asks < self.spec.review {
            return Vec::new();
        }
        let mut candidates = self.candidates(text, lang);
        if let Some(occupation) = occupation.and_then(|id| self.lexicon.taxonomy.occupation_index(id)) {
            for candidate in &mut candidates {
                candidate.score = raised(candidate.score, self.related(occupation, candidate.concept));
            }
            best_first(&mut candidates);
        }
        doubt(&mut candidates, asks);
        candidates.truncate(self.spec.top);
        candidates.iter().filter_map(|c| self.decide(c, text, &[])).collect()
    }

    /// Links of a text that models know by an id.
    pub fn links_with(&self, id: &str, text: &str, lang: Lang) -> Vec<Link> {
        let said = self.said(id, text);
        let mut candidates = self.candidates(text, lang);
        self.fuse(&mut candidates, &said, lang);
        doubt(&mut candidates, self.asking.asks(text, lang));
        let more = self.for_review(&candidates, &said, lang);
        candidates.truncate(self.spec.top);
        let mut links: Vec<Link> = candidates.iter().filter_map(|c| self.decide(c, text, &said)).collect();
        let room = self.spec.top.saturating_sub(links.len());
        links.extend(more.iter().take(room).filter_map(|c| self.link(c, Verdict::Review, text, &said)));
        links
    }

    /// Every skill proposed for a text with the features it is decided by, for fitting.
    pub fn examples(&self, text: &str, lang: Lang) -> Vec<(usize, [f32; FEATURES.len()])> {
        self.candidates(text, lang).iter().map(|c| (c.concept, c.features.values())).collect()
    }

    /// Everything proposed for a text with its probability, should the text ask for anything; best first, one per skill.
    fn candidates(&self, text: &str, lang: Lang) -> Vec<Candidate> {
        let mut candidates = self.propose(text, lang);
        candidates.iter_mut().for_each(|c| c.score = self.weights.probability(&c.features.values()));
        best_first(&mut candidates);
        mark_inside(&mut candidates);
        candidates.iter_mut().for_each(|c| c.score = self.weights.probability(&c.features.values()));
        best_first(&mut candidates);
        candidates
    }

    /// What a posting's occupation adds to the log odds of a skill.
    fn related(&self, occupation: usize, skill: usize) -> f32 {
        let key = |r: &Relation| (r.occupation as usize, r.skill as usize);
        let relations = &self.lexicon.taxonomy.relations;
        let found = relations.binary_search_by(|r| key(r).cmp(&(occupation, skill)));
        match found.ok().and_then(|at| relations.get(at)).map(|r| r.kind) {
            Some(RelationKind::Essential) => ESSENTIAL,
            Some(RelationKind::Optional) => OPTIONAL,
            None => 0.0,
        }
    }

    fn propose(&self, text: &str, lang: Lang) -> Vec<Candidate> {
        let ranked = self.ranker.rank_at(text, Some(lang), CANDIDATES, Depth::Quick);
        let best = ranked.first().map_or(0.0, |r| r.score);
        let total: f32 = ranked.iter().map(|r| (r.score - best).exp()).sum();
        let share = |r: &Ranked| (r.score - best).exp() / total;
        let mut candidates: Vec<Candidate> =
            ranked.iter().map(|r| self.candidate(r, share(r), best - r.score, text, lang)).collect();
        for (concept, label, span) in self.names.found_in(text) {
            let (concept, label) = (concept as usize, label as usize);
            match candidates.iter_mut().find(|c| c.concept == concept) {
                Some(known) => {
                    known.features.named = 1.0;
                    (known.label, known.span) = (label, Some(span));
                }
                None => {
                    let features = Features::of_name();
                    candidates.push(Candidate { concept, label, span: Some(span), score: 0.0, asks: 1.0, features });
                }
            }
        }
        candidates
    }

    fn candidate(&self, ranked: &Ranked, share: f32, behind: f32, text: &str, lang: Lang) -> Candidate {
        let mut features = Features::of(ranked, &self.lexicon.skills, share, behind);
        if features.is_full() {
            let belief = self.guard.full_label(&self.lexicon.skills, ranked.label, text, ranked.span);
            let kind = self.lexicon.skills.entries.get(ranked.label).map(|entry| entry.kind);
            match belief.ceiling {
                Ceiling::Dropped => features.void(),
                Ceiling::Review => features.doubtful = 1.0,
                Ceiling::Accepted if belief.plain && features.is_verbatim() && !features.is_single() => {
                    kind.into_iter().for_each(|kind| features.whole(kind));
                }
                Ceiling::Accepted => {}
            }
        }
        if (features.is_single() || !features.is_full()) && self.guard.describes_next(text, ranked.span, lang) {
            features.describes = 1.0;
        }
        Candidate { concept: ranked.concept, label: ranked.label, span: ranked.span, score: 0.0, asks: 1.0, features }
    }

    fn decide(&self, candidate: &Candidate, text: &str, said: &[NamedSaid<'_>]) -> Option<Link> {
        match candidate.score {
            s if s >= self.spec.accept && candidate.asks >= LEAST_ASKING && !candidate.only_describes(text) => {
                self.link(candidate, Verdict::Accepted, text, said)
            }
            s if s >= self.spec.review => self.link(candidate, Verdict::Review, text, said),
            _ => None,
        }
    }

    fn link(&self, candidate: &Candidate, verdict: Verdict, text: &str, said: &[NamedSaid<'_>]) -> Option<Link> {
        let mut evidence = candidate.features.evidence(candidate.asks);
        evidence.extend(
            said.iter()
                .map(|(name, said)| LinkEvidence { lane: (*name).to_owned(), value: said.share(candidate.concept) }),
        );
        let surface = candidate.span.and_then(|(from, to)| text.get(from as usize..to as usize));
        Some(Link {
            skill: self.lexicon.taxonomy.skills.get(candidate.concept)?.id.clone(),
            label: self.lexicon.skills.text(candidate.label).to_owned(),
            surface: surface.map(str::to_owned),
            score: Score::new(candidate.score),
            verdict,
            evidence,
        })
    }
}

/// What is right if the text asks for anything is right as often as it does.
fn doubt(candidates: &mut [Candidate], asks: f32) {
    for candidate in candidates {
        candidate.asks = asks;
        candidate.score *= asks;
    }
}

/// A probability with something added to its log odds.
fn raised(probability: f32, by: f32) -> f32 {
    if by == 0.0 { probability } else { logistic(logit(probability) + by) }
}

fn best_first(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
}

/// A candidate whose words lie inside the words of a better one says the same thing less well.
fn mark_inside(candidates: &mut [Candidate]) {
    for at in 1..candidates.len() {
        let (better, rest) = candidates.split_at_mut(at);
        let Some(this) = rest.first_mut() else { continue };
        let Some((from, to)) = this.span else { continue };
        let inside = better.iter().any(|b| b.span.is_some_and(|(f, t)| f <= from && to <= t));
        this.features.inside = if inside { 1.0 } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{CredentialId, Label, LabelKind, OutcomeId, Reuse, Skill, SkillId, SkillKind, Taxonomy};

    fn lexicon() -> Lexicon {
        let names: [(&str, &[(&str, Lang)]); 8] = [
            ("communication", &[("teach communication", Lang::En)]),
            ("confidence", &[("show confidence", Lang::En)]),
            ("data", &[("analyse data", Lang::En), ("analizar datos", Lang::Es)]),
            ("dental", &[("use equine dental equipment", Lang::En), ("usar equipo dental", Lang::Es)]),
            ("projects", &[("project management", Lang::En), ("gestión de proyectos", Lang::Es)]),
            ("python", &[("Python (computer programming)", Lang::En)]),
            ("team", &[("teamwork", Lang::En), ("trabajo en equipo", Lang::Es)]),
            ("welding", &[("weld metal parts", Lang::En), ("soldar piezas de metal", Lang::Es)]),
        ];
        let skill = |(id, labels): &(&str, &[(&str, Lang)])| Skill {
            id: SkillId((*id).to_owned()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: labels
                .iter()
                .map(|(text, lang)| Label { text: (*text).to_owned(), lang: *lang, kind: LabelKind::Preferred })
                .collect(),
            description: None,
            broader: Vec::new(),
            green: false,
            digital: false,
        };
        Lexicon::new(Taxonomy { skills: names.iter().map(skill).collect(), ..Taxonomy::default() })
    }

    fn accepted(text: &str, lang: Lang) -> Vec<String> {
        let lexicon = lexicon();
        let linker = Linker::new(&lexicon, &LinkSpec::default());
        let links = linker.links_of(text, lang).into_iter();
        links.filter(|l| l.verdict == Verdict::Accepted).map(|l| l.skill.0).collect()
    }

    #[test]
    fn a_preferred_label_of_several_words_is_accepted_with_the_words_that_show_it() {
        let lexicon = lexicon();
        let linker = Linker::new(&lexicon, &LinkSpec::default());
        let text = "Explain what project management is good for";
        let link = &linker.links_of(text, Lang::En)[0];
        assert_eq!((link.skill.0.as_str(), link.verdict), ("projects", Verdict::Accepted));
        assert_eq!(link.surface.as_deref(), Some("project management"));
    }

    #[test]
    fn one_word_of_a_longer_label_is_not_enough() {
        assert!(accepted("Discuss communication in the workplace", Lang::En).is_empty());
        assert!(accepted("Calculate a 95% confidence interval", Lang::En).is_empty());
        assert_eq!(accepted("Valorar el trabajo en equipo", Lang::Es), ["team"]);
    }

    #[test]
    fn names_are_found_in_any_language() {
        assert_eq!(accepted("Neteja dades amb Python i documenta els passos", Lang::Ca), ["python"]);
    }

    #[test]
    fn an_outcome_unlike_every_label_is_unmatched() {
        let lexicon = lexicon();
        let linker = Linker::new(&lexicon, &LinkSpec::default());
        for text in ["Sing an aria", "", "???", "\u{301}\u{200f}"] {
            let outcome = LearningOutcome {
                id: OutcomeId("o".to_owned()),
                credential: CredentialId("c".to_owned()),
                text: text.to_owned(),
                language: Lang::En,
            };
            let linked = linker.links(&outcome);
            assert_eq!((linked.verdict, linked.links.len()), (Verdict::Unmatched, 0), "{text}");
        }
    }
}
