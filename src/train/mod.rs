//! Learns vectors of words and concepts from a taxonomy, from texts of our own and from postings: `skillgap train`.
//!
//! Every name, description and phrase of a concept is drawn towards the concept's vector and away from others, in all
//! languages at once, so that words which name the same concepts come to lie together. Occupations, glossary rows and
//! kinds of sentences that ask for nothing are learned beside the skills as concepts of their own.

mod asking;
mod contexts;
mod corpus;
mod decision;
mod descent;
mod learn;
mod logistic;
mod lost;
mod ranking;
mod standard;
mod table;
mod texts;
mod titles;

use crate::lexicon::vectors::{IDLE, MOST_BYTES, Rows, Vectors, normalise};
use crate::lexicon::{Lexicon, own_titles};
use crate::types::{Label, Lang, Taxonomy};
pub use contexts::{Context, ContextFinder};
use corpus::{Corpus, Kind};
pub use decision::{DecisionFit, World, fit_decision};
use learn::Learner;
pub use learn::TrainSpec;
pub use logistic::{CutScore, Cuts};
pub use ranking::{FOLDS, GoldText, RankingFit};
pub use texts::{OwnTexts, Phrase, Sentence, TextsError};
pub use titles::{TitleFit, fit_titles};

/// Texts a stem must stand in to be kept.
const LEAST_TEXTS: u32 = 8;
/// How often each kind of text is shown in a pass.
const PHRASE_TIMES: usize = 3;
const DESCRIPTION_TIMES: usize = 2;
const TITLE_TIMES: usize = 2;

/// What is learned from.
#[derive(Debug, Clone, Copy)]
pub struct TrainInput<'t> {
    /// Concepts with names and descriptions.
    pub taxonomy: &'t Taxonomy,
    /// Texts of our own.
    pub texts: &'t OwnTexts,
    /// From postings; may be empty.
    pub contexts: &'t [Context],
    /// Postings that name each skill; may be empty.
    pub posting_counts: &'t [u32],
}

/// Learns vectors; the same input and spec give the same bytes on the same kind of processor. `said` hears of passes
/// done and of the mean loss.
pub fn train(input: &TrainInput<'_>, spec: &TrainSpec, said: impl FnMut(f32, f32)) -> Vectors {
    let (corpus, names) = corpus_of(input, spec);
    let mut learner = Learner::new(&corpus, spec);
    learner.run(said);
    let mut vectors = rounded(&learner, &corpus, spec.dim, &names);
    vectors.demand = vec![0; vectors.concepts.len()];
    vectors.posting_counts = vec![0; vectors.concepts.len()];
    for (uri, demand) in &input.texts.demand {
        if let Some(row) = vectors.concepts.get(uri.as_str()) {
            vectors.demand[*row as usize] = *demand;
        }
    }
    for (skill, count) in input.taxonomy.skills.iter().zip(input.posting_counts) {
        if let Some(row) = vectors.concepts.get(skill.id.0.as_str()) {
            vectors.posting_counts[*row as usize] = *count;
        }
    }
    vectors
}

/// All texts with the URI of each class; classes without one are not kept.
fn corpus_of(input: &TrainInput<'_>, spec: &TrainSpec) -> (Corpus, Vec<Option<String>>) {
    let mut corpus = Corpus::new(spec.bucket_count);
    let mut names = Vec::new();
    let taxonomy = input.taxonomy;
    let titles = own_titles::titles_of(&taxonomy.occupations);
    for skill in &taxonomy.skills {
        add_concept(&mut corpus, names.len() as u32, &skill.labels, skill.description.as_deref(), DESCRIPTION_TIMES);
        names.push(Some(skill.id.0.clone()));
    }
    for (occupation, titles) in taxonomy.occupations.iter().zip(&titles) {
        let class = names.len() as u32;
        add_concept(&mut corpus, class, &occupation.labels, occupation.description.as_deref(), 1);
        for title in titles {
            (0..TITLE_TIMES).for_each(|_| corpus.add(class, &title.text, title.lang, Kind::Name));
        }
        names.push(Some(occupation.id.clone()));
    }
    for phrase in &input.texts.phrases {
        if let Some(skill) = taxonomy.skill_index(&phrase.skill) {
            (0..PHRASE_TIMES).for_each(|_| corpus.add(skill as u32, &phrase.text, phrase.lang, Kind::Phrase));
        }
    }
    for context in input.contexts {
        corpus.add(context.skill as u32, &context.text, context.lang, Kind::Phrase);
    }
    for Sentence { lang, kind, text } in &input.texts.idle {
        let name = Some(format!("{IDLE}{kind}"));
        let class = names.iter().rposition(|n| *n == name).unwrap_or(names.len());
        if class == names.len() {
            names.push(name);
        }
        (0..PHRASE_TIMES).for_each(|_| corpus.add(class as u32, text, *lang, Kind::Description));
    }
    for words in &input.texts.glossary {
        for (lang, word) in words {
            (0..PHRASE_TIMES).for_each(|_| corpus.add(names.len() as u32, word, *lang, Kind::Phrase));
        }
        names.push(None);
    }
    (corpus, names)
}

fn add_concept(corpus: &mut Corpus, class: u32, labels: &[Label], description: Option<&str>, times: usize) {
    labels.iter().for_each(|label| corpus.add(class, &label.text, label.lang, Kind::Name));
    if let Some(text) = description {
        let lang = language(text, labels);
        (0..times).for_each(|_| corpus.add(class, text, lang, Kind::Description));
    }
}

/// Descriptions do not say their language: Arabic shows, else English goes before the first label's.
fn language(text: &str, labels: &[Label]) -> Lang {
    let arabic = text.chars().any(|c| ('\u{0600}'..='\u{06FF}').contains(&c));
    let english = labels.iter().any(|label| label.lang == Lang::En);
    match labels.first() {
        _ if arabic => Lang::Ar,
        Some(label) if !english => label.lang,
        _ => Lang::En,
    }
}

/// The learned vectors, rounded: stems seen often enough, and classes that have a URI.
fn rounded(learner: &Learner<'_>, corpus: &Corpus, dim: usize, names: &[Option<String>]) -> Vectors {
    let mut kept: Vec<usize> = (0..corpus.stems.len())
        .filter(|s| corpus.stem_counts[*s] >= LEAST_TEXTS && corpus.stems[*s].len() <= MOST_BYTES)
        .collect();
    kept.sort_by(|a, b| corpus.stems[*a].cmp(&corpus.stems[*b]));
    let stem_values: Vec<f32> = kept.iter().flat_map(|s| learner.stems.row(*s).iter().copied()).collect();
    let mut named: Vec<(&str, usize)> =
        names.iter().enumerate().filter_map(|(class, name)| Some((name.as_deref()?, class))).collect();
    named.retain(|(uri, class)| *class < corpus.class_count as usize && uri.len() <= MOST_BYTES);
    named.sort_unstable();
    let mut concept_values: Vec<f32> =
        named.iter().flat_map(|(_, class)| learner.classes.row(*class).iter().copied()).collect();
    concept_values.chunks_mut(dim.max(1)).for_each(normalise);
    Vectors {
        dim,
        stems: (0u32..).zip(&kept).map(|(at, s)| (corpus.stems[*s].as_str().into(), at)).collect(),
        stem_rows: Rows::round(dim, &stem_values),
        loudness: kept.iter().map(|s| learner.loudness.values[*s].exp()).collect(),
        bucket_rows: Rows::round(dim, &learner.buckets.values),
        concepts: (0u32..).zip(&named).map(|(at, (uri, _))| ((*uri).into(), at)).collect(),
        concept_rows: Rows::round(dim, &concept_values),
        ..Vectors::default()
    }
}

/// Fits the ranking weights on gold.
pub fn fit_ranking(lexicon: &Lexicon, texts: &[GoldText]) -> RankingFit {
    let mut cases = ranking::cases(lexicon, texts);
    cases.extend(lost::lost_cases(lexicon));
    ranking::fit(&cases)
}

/// The text of `rank_weights.toml`; what was not fitted stays as this version has it.
pub fn rank_weights_file(ranking: &RankingFit, titles: Option<&TitleFit>) -> String {
    let file = ranking::into_file(ranking);
    let file = titles.map_or_else(|| file.clone(), |fit| titles::into_file(fit, file.clone()));
    toml::to_string(&file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{LabelKind, Reuse, Skill, SkillId, SkillKind};
    use learn::Draws;

    /// Skills named by two made-up words in English and two others in Spanish, each name given often enough to be kept.
    fn trade(count: usize) -> (Taxonomy, Vec<[String; 2]>) {
        let mut draws = Draws::new(1);
        let mut word = || (0..7).map(|_| char::from(b'a' + draws.below(26) as u8)).collect::<String>();
        let names: Vec<[String; 2]> = (0..count).map(|_| [0, 1].map(|_| format!("{} {}", word(), word()))).collect();
        let label = |text: &String, lang| Label { text: text.clone(), lang, kind: LabelKind::Alternative };
        let skill = |(at, [english, spanish]): (usize, &[String; 2])| Skill {
            id: SkillId(format!("{at:03}")),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: (0..LEAST_TEXTS).flat_map(|_| [label(english, Lang::En), label(spanish, Lang::Es)]).collect(),
            description: None,
            broader: Vec::new(),
            green: false,
            digital: false,
        };
        let skills = names.iter().enumerate().map(skill).collect();
        (Taxonomy { skills, ..Taxonomy::default() }, names)
    }

    fn learned(taxonomy: &Taxonomy, seed: u64) -> Vectors {
        let texts = OwnTexts::default();
        let input = TrainInput { taxonomy, texts: &texts, contexts: &[], posting_counts: &[] };
        let spec = TrainSpec {
            dim: 16,
            bucket_count: 512,
            epochs: 30.0,
            batch: 32,
            random_wrong: 40,
            rate: 2e-2,
            seed,
            ..TrainSpec::default()
        };
        train(&input, &spec, |_, _| {})
    }

    #[test]
    fn names_of_one_concept_in_two_languages_come_to_lie_together() {
        let (taxonomy, names) = trade(40);
        let vectors = learned(&taxonomy, 7);
        let spanish: Vec<Vec<f32>> = names.iter().map(|[_, es]| vectors.text(es, Lang::Es)).collect();
        for (at, [english, _]) in names.iter().enumerate() {
            let query = vectors.text(english, Lang::En);
            let cosine = |other: &Vec<f32>| query.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
            let nearest = (0..names.len()).max_by(|a, b| cosine(&spanish[*a]).total_cmp(&cosine(&spanish[*b])));
            assert_eq!(nearest, Some(at), "{english}");
        }
    }

    #[test]
    fn a_seed_gives_the_same_bytes_and_a_taxonomy_of_nothing_gives_a_file_that_is_read() {
        let (taxonomy, _) = trade(5);
        let bytes = learned(&taxonomy, 7).to_bytes();
        assert!(bytes == learned(&taxonomy, 7).to_bytes() && bytes != learned(&taxonomy, 8).to_bytes());
        let nothing = learned(&Taxonomy::default(), 7).to_bytes();
        assert_eq!(Vectors::from_bytes(&nothing).unwrap().concept_count(), 0);
    }
}
