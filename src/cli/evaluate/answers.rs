//! What each part of the program says of gold texts.

use super::gazetteer::Gazetteer;
use crate::clean::sections::sections;
use crate::cli::args::Baseline;
use crate::cli::ranking::{Engine, Ranking};
use crate::evaluate::{Answer, Headline, Hit, Query, RankedConcept, headline};
use crate::extract::{ExtractSpec, Extractor};
use crate::lexicon::ranker::Ranker;
use crate::link::{LinkSpec, Linker};
use crate::types::{Lang, Posting, PostingId, Section, SkillId, SourceId, Taxonomy, Verdict};
use rayon::prelude::*;

/// Ranks kept for scoring.
pub(super) const RANKS: usize = 100;

/// What is asked beside the ranking.
pub struct Wanted<'w> {
    /// Links and mentions.
    pub decisions: bool,
    /// Baselines.
    pub baselines: &'w [Baseline],
    /// Every lane left out and alone.
    pub ablation: bool,
}

/// An answer per text.
pub fn answers<'a>(ranking: &'a Ranking, texts: &[&Query], wanted: &Wanted<'_>) -> Vec<Answer<'a>> {
    let engine = ranking.engine();
    let weights = engine.weights();
    let mut answers: Vec<Answer<'a>> = texts
        .par_iter()
        .map(|query| {
            let ranked = engine.rank(&query.text, language(query), RANKS).into_iter();
            let concept = |r: crate::lexicon::ranker::Ranked| RankedConcept {
                uri: ranking.uri(r.concept),
                lane: weights.loudest(&r.lanes, language(query)),
            };
            Answer { ranked: ranked.map(concept).collect(), ..Answer::default() }
        })
        .collect();
    if wanted.ablation {
        ablate(ranking, engine, texts, &mut answers);
    }
    if wanted.decisions {
        decide(ranking, texts, &mut answers);
    }
    for baseline in wanted.baselines {
        look_up(&ranking.lexicon.taxonomy, *baseline, texts, &mut answers);
    }
    answers
}

pub(super) fn language(query: &Query) -> Lang {
    Lang::from_code(query.language())
}

/// Ranks again without each lane and with it alone.
fn ablate(ranking: &Ranking, mut engine: Engine<'_>, texts: &[&Query], answers: &mut [Answer<'_>]) {
    let weights = engine.weights();
    for lane in 0..Ranker::lanes().len() {
        let mut headlines: Vec<Vec<Headline>> = Vec::new();
        for changed in [weights.without(lane), weights.alone(lane)] {
            engine = engine.with_weights(changed);
            headlines.push(texts.par_iter().map(|query| headline_of(ranking, &engine, query)).collect());
        }
        let [without, alone] = headlines.as_slice() else { continue };
        for ((answer, without), alone) in answers.iter_mut().zip(without).zip(alone) {
            answer.ablated.push([*without, *alone]);
        }
    }
}

fn headline_of(ranking: &Ranking, engine: &Engine<'_>, query: &Query) -> Headline {
    if !query.is_ranked() {
        return Headline::default();
    }
    let ranked = engine.rank(&query.text, language(query), RANKS);
    headline(&query.gold, ranked.iter().map(|r| ranking.uri(r.concept)))
}

/// Links and mentions, as the stages of those names decide by default.
fn decide<'a>(ranking: &'a Ranking, texts: &[&Query], answers: &mut [Answer<'a>]) {
    let lexicon = &ranking.lexicon;
    let linker = Linker::new(lexicon, &LinkSpec::default());
    let extractor = Extractor::new(lexicon, &ExtractSpec::default());
    let hit = |skill: &SkillId, score: crate::types::Score, verdict: Verdict, span| {
        let uri = lexicon.taxonomy.skill_index(&skill.0).and_then(|at| lexicon.taxonomy.skills.get(at))?;
        Some(Hit { uri: &uri.id.0, score: f64::from(score.get()), accepted: verdict == Verdict::Accepted, span })
    };
    answers.par_iter_mut().zip(texts).for_each(|(answer, query)| {
        let links = linker.links_of(&query.text, language(query));
        answer.links = Some(links.iter().filter_map(|l| hit(&l.skill, l.score, l.verdict, None)).collect());
        let mentions = extractor.mentions(&body_of(&query.text, language(query)));
        let span = |m: &crate::types::Mention| Some((m.start as usize, m.end as usize));
        answer.mentions = Some(mentions.iter().filter_map(|m| hit(&m.skill, m.score, m.verdict, span(m))).collect());
    });
}

/// Skills a baseline accepts, each text read in its own language.
fn look_up<'a>(taxonomy: &'a Taxonomy, baseline: Baseline, texts: &[&Query], answers: &mut [Answer<'a>]) {
    for lang in Lang::ALL.into_iter().chain([Lang::Und]) {
        if !texts.iter().any(|query| language(query) == lang) {
            continue;
        }
        let gazetteer = Gazetteer::new(taxonomy, lang, baseline);
        for (query, answer) in texts.iter().zip(&mut *answers).filter(|(query, _)| language(query) == lang) {
            answer.baselines.insert(baseline.name(), gazetteer.skills(&query.text));
        }
    }
}

/// The text as the body of a posting without a title.
pub fn body_of(text: &str, language: Lang) -> Posting {
    let parts = sections(text).into_iter().map(|section| Section { language, ..section });
    // The id is a constant of ours and valid; the fallback cannot be reached.
    let source = SourceId::new("gold").unwrap_or_else(|_| unreachable!("'gold' is a valid source id"));
    Posting { sections: parts.collect(), ..Posting::of_words(PostingId(String::new()), source, "", text, language) }
}
