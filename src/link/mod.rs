//! Learning outcome -> skills: propose by the ranker and by names, decide by a fitted score (not yet a calibrated probability).

mod decide;
#[cfg(test)]
mod fit;
mod guard;
mod names;

use crate::lexicon::Lexicon;
use crate::lexicon::ranker::{Depth, Ranked, Ranker};
use crate::types::{LabelKind, Lang, LearningOutcome, Link, LinkEvidence, Linked, Score, Verdict};
use decide::{Features, LinkWeights};
use guard::{Ceiling, Guard};
use names::Names;
use serde::{Deserialize, Serialize};

/// Candidates that are decided upon.
const CANDIDATES: usize = 20;
/// Score of a proper name that stands in the text letter for letter.
const NAME_SCORE: f32 = 0.86;
/// Least score of a preferred label of several words that stands in the text word for word.
const WHOLE_PREFERRED_SCORE: f32 = 0.8;
/// The same for another name.
const WHOLE_ALTERNATIVE_SCORE: f32 = 0.6;
/// Share of a label's idf that must be found before it can be accepted.
const MOST_OF_LABEL: f32 = 0.75;
/// What is left of the score when the words only describe the noun after them.
const DESCRIBING: f32 = 0.5;
/// What is left of the score of a link that only repeats part of a better link's words.
const INSIDE_BETTER: f32 = 0.6;

/// Plan table `[link]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkSpec {
    /// Score from which a link counts in coverage.
    pub accept: f32,
    /// Score from which a link is shown to a reviewer.
    pub review: f32,
    /// Whether an alternative label of several words counts as taught where an outcome holds it word for word: right for
    /// a curated taxonomy such as the starter; of ESCO's, four in thirteen were right on the validation sentences.
    pub believe_alternatives: bool,
    /// Links kept per outcome.
    pub top: usize,
}

impl Default for LinkSpec {
    fn default() -> Self {
        Self { accept: 0.45, review: 0.2, believe_alternatives: false, top: 5 }
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
    spec: LinkSpec,
}

/// A scored candidate, before the verdict.
#[derive(Debug)]
struct Candidate {
    concept: usize,
    label: usize,
    span: Option<(u32, u32)>,
    score: f32,
    evidence: Vec<LinkEvidence>,
}

impl<'a> Linker<'a> {
    /// Indexes the skills of the lexicon.
    pub fn new(lexicon: &'a Lexicon, spec: &LinkSpec) -> Self {
        let guard = Guard::new(&lexicon.skills);
        Self {
            ranker: Ranker::skills(&lexicon.skills, &lexicon.taxonomy, &lexicon.vectors),
            names: Names::new(&lexicon.skills, guard.english()),
            guard,
            weights: LinkWeights::compiled(),
            lexicon,
            spec: spec.clone(),
        }
    }

    /// The skills an outcome teaches, best first; none is forced.
    pub fn links(&self, outcome: &LearningOutcome) -> Linked {
        let links = self.links_of(&outcome.text, outcome.language);
        let verdict = links.first().map_or(Verdict::Unmatched, |link| link.verdict);
        Linked { outcome: outcome.id.clone(), credential: outcome.credential.clone(), links, verdict }
    }

    /// Links of any text.
    pub fn links_of(&self, text: &str, lang: Lang) -> Vec<Link> {
        let mut candidates = self.propose(text, lang);
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        let mut seen = std::collections::BTreeSet::new();
        candidates.retain(|c| seen.insert(c.concept));
        lower_repeats(&mut candidates);
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        candidates.truncate(self.spec.top);
        candidates.into_iter().filter_map(|c| self.decide(c, text)).collect()
    }

    fn propose(&self, text: &str, lang: Lang) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        // Labels of another language are read as names only: common words of two languages look alike by chance.
        if lang == Lang::Und || self.ranker.has(lang) {
            let ranked = self.ranker.rank_at(text, Some(lang), CANDIDATES, Depth::Quick);
            candidates.extend(ranked.iter().filter_map(|r| self.candidate(r, text, lang)));
        }
        for (concept, label, span) in self.names.found_in(text) {
            let evidence = vec![LinkEvidence { lane: "name".to_owned(), value: 1.0 }];
            let (concept, label) = (concept as usize, label as usize);
            candidates.push(Candidate { concept, label, span: Some(span), score: NAME_SCORE, evidence });
        }
        candidates
    }

    fn candidate(&self, ranked: &Ranked, text: &str, lang: Lang) -> Option<Candidate> {
        let features = Features::of(ranked, &self.lexicon.skills);
        let mut score = self.weights.probability(&features);
        let whole = features.is_verbatim() && !features.is_single();
        if score < self.spec.review * INSIDE_BETTER && !whole {
            return None;
        }
        let ceiling = if features.is_full() {
            let trust = self.guard.full_label(&self.lexicon.skills, ranked.label, text, ranked.span);
            if whole && trust.plain {
                score = score.max(self.whole_label_score(ranked.label));
            }
            trust.ceiling
        } else if ranked.covered < MOST_OF_LABEL {
            Ceiling::Review
        } else {
            Ceiling::Accepted
        };
        if (features.is_single() || !features.is_full()) && self.guard.describes_next(text, ranked.span, lang) {
            score *= DESCRIBING;
        }
        match ceiling {
            Ceiling::Dropped => return None,
            // Just below, so that a reviewer sees how near it came.
            Ceiling::Review => score = score.min(self.spec.accept - 0.01),
            Ceiling::Accepted => {}
        }
        (score >= self.spec.review * INSIDE_BETTER).then(|| Candidate {
            concept: ranked.concept,
            label: ranked.label,
            span: ranked.span,
            score,
            evidence: features.evidence(),
        })
    }

    /// What a label of several words earns by standing in the text word for word.
    fn whole_label_score(&self, label: usize) -> f32 {
        match self.lexicon.skills.entries.get(label).map(|entry| entry.kind) {
            Some(LabelKind::Preferred) => WHOLE_PREFERRED_SCORE,
            Some(LabelKind::Alternative) if self.spec.believe_alternatives => WHOLE_ALTERNATIVE_SCORE,
            _ => 0.0,
        }
    }

    fn decide(&self, candidate: Candidate, text: &str) -> Option<Link> {
        let verdict = match candidate.score {
            s if s >= self.spec.accept => Verdict::Accepted,
            s if s >= self.spec.review => Verdict::Review,
            _ => return None,
        };
        let surface = candidate.span.and_then(|(from, to)| text.get(from as usize..to as usize));
        Some(Link {
            skill: self.lexicon.taxonomy.skills.get(candidate.concept)?.id.clone(),
            label: self.lexicon.skills.text(candidate.label).to_owned(),
            surface: surface.map(str::to_owned),
            score: Score::new(candidate.score),
            verdict,
            evidence: candidate.evidence,
        })
    }
}

/// A candidate whose words lie inside the words of a better one says the same thing less well.
fn lower_repeats(candidates: &mut [Candidate]) {
    for at in 1..candidates.len() {
        let (better, rest) = candidates.split_at_mut(at);
        let Some(this) = rest.first_mut() else { continue };
        let Some((from, to)) = this.span else { continue };
        let inside = better.iter().any(|b| b.span.is_some_and(|(f, t)| f <= from && to <= t));
        if inside {
            this.score *= INSIDE_BETTER;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{CredentialId, Label, OutcomeId, Reuse, Skill, SkillId, SkillKind, Taxonomy};

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
    fn names_are_found_in_any_language_and_ordinary_words_of_another_are_not() {
        assert_eq!(accepted("Neteja dades amb Python i documenta els passos", Lang::Ca), ["python"]);
        assert!(accepted("Analitzar data de project management", Lang::Ar).is_empty());
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
