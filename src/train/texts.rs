//! The texts of our own that a model learns from beside a taxonomy: `data/training`, compiled in.

use crate::types::Lang;
use serde::Deserialize;

/// A phrase as postings or course guides word a skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The skill.
    pub skill: String,
    /// How it is said.
    pub text: String,
    /// In which language.
    pub lang: Lang,
}

/// Everything that is compiled in.
#[derive(Debug, Clone, Default)]
pub struct OwnTexts {
    /// Ways of saying a skill.
    pub phrases: Vec<Phrase>,
    /// Skill and how often employers ask for it, 1 seldom to 3 very often.
    pub demand: Vec<(String, u8)>,
    /// Words of one meaning, with their language.
    pub glossary: Vec<Vec<(Lang, String)>>,
    /// Sentences that ask for nothing.
    pub idle: Vec<Sentence>,
    /// Sentences that ask for a skill.
    pub asking: Vec<Sentence>,
    /// Two sentences with the same word, of which the second asks for it.
    pub pairs: Vec<Pair>,
}

/// The same word not asked for, and asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// In which language.
    pub lang: Lang,
    /// A sentence that asks for nothing.
    pub idle: String,
    /// One that asks for the word.
    pub asking: String,
}

/// A sentence of a posting or a course guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// In which language.
    pub lang: Lang,
    /// What it is about: "benefit", "duty".
    pub kind: String,
    /// The words.
    pub text: String,
}

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("data/training/{file}: {source}")]
pub struct TextsError {
    file: &'static str,
    source: csv::Error,
}

const PHRASES: [(Lang, &str, &str); 4] = [
    (Lang::En, "phrases_en.csv", include_str!("../../data/training/phrases_en.csv")),
    (Lang::Es, "phrases_es.csv", include_str!("../../data/training/phrases_es.csv")),
    (Lang::Ca, "phrases_ca.csv", include_str!("../../data/training/phrases_ca.csv")),
    (Lang::Ar, "phrases_ar.csv", include_str!("../../data/training/phrases_ar.csv")),
];
const DEMAND: &str = include_str!("../../data/training/demand.csv");
const GLOSSARY: &str = include_str!("../../data/training/glossary.csv");
const IDLE: &str = include_str!("../../data/training/idle.csv");
const ASKING: &str = include_str!("../../data/training/asking.csv");
const PAIRS: &str = include_str!("../../data/training/pairs.csv");

#[derive(Deserialize)]
struct PhraseRow {
    skill: String,
    phrase: String,
}

#[derive(Deserialize)]
struct DemandRow {
    skill: String,
    demand: u8,
}

#[derive(Deserialize)]
struct GlossaryRow {
    en: String,
    es: String,
    ca: String,
    ar: String,
}

#[derive(Deserialize)]
struct PairRow {
    lang: String,
    idle: String,
    asking: String,
}

#[derive(Deserialize)]
struct SentenceRow {
    lang: String,
    kind: String,
    sentence: String,
}

/// `esco:<uuid>` in full.
fn uri(short: &str) -> String {
    short.strip_prefix("esco:").map_or_else(|| short.to_owned(), |id| format!("http://data.europa.eu/esco/skill/{id}"))
}

fn rows<T: for<'d> Deserialize<'d>>(file: &'static str, text: &str) -> Result<Vec<T>, TextsError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|source| TextsError { file, source })
}

fn sentences(file: &'static str, text: &str) -> Result<Vec<Sentence>, TextsError> {
    let sentence = |row: SentenceRow| Sentence { lang: Lang::from_code(&row.lang), kind: row.kind, text: row.sentence };
    Ok(rows::<SentenceRow>(file, text)?.into_iter().map(sentence).collect())
}

impl OwnTexts {
    /// Reads what is compiled in.
    ///
    /// # Errors
    /// When a file is not the CSV expected; a test reads them all.
    pub fn compiled() -> Result<Self, TextsError> {
        let mut texts = Self::default();
        for (lang, file, text) in PHRASES {
            let phrases = rows::<PhraseRow>(file, text)?.into_iter();
            texts.phrases.extend(phrases.map(|row| Phrase { skill: uri(&row.skill), text: row.phrase, lang }));
        }
        let demand = rows::<DemandRow>("demand.csv", DEMAND)?.into_iter();
        texts.demand = demand.map(|row| (uri(&row.skill), row.demand)).collect();
        for row in rows::<GlossaryRow>("glossary.csv", GLOSSARY)? {
            let cells = [(Lang::En, row.en), (Lang::Es, row.es), (Lang::Ca, row.ca), (Lang::Ar, row.ar)];
            let words = cells.iter().flat_map(|(lang, cell)| {
                cell.split('|').map(str::trim).filter(|w| !w.is_empty()).map(|w| (*lang, w.to_owned()))
            });
            texts.glossary.push(words.collect());
        }
        texts.idle = sentences("idle.csv", IDLE)?;
        texts.asking = sentences("asking.csv", ASKING)?;
        let pair = |row: PairRow| Pair { lang: Lang::from_code(&row.lang), idle: row.idle, asking: row.asking };
        texts.pairs = rows::<PairRow>("pairs.csv", PAIRS)?.into_iter().map(pair).collect();
        Ok(texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_whole_and_nothing_is_said_twice() {
        let texts = OwnTexts::compiled().unwrap();
        for (lang, file, text) in PHRASES {
            let count = texts.phrases.iter().filter(|p| p.lang == lang).count();
            assert!(count > 1_000 && count == text.lines().count() - 1, "{file}: {count}");
        }
        let mut seen = std::collections::BTreeSet::new();
        texts.phrases.iter().for_each(|p| assert!(seen.insert((p.lang, &p.skill, &p.text)), "{}: {}", p.skill, p.text));
        assert!(texts.demand.iter().all(|(_, demand)| (1..=3).contains(demand)));
        assert!(texts.glossary.iter().all(|words| words.len() > 1));
        assert!(texts.idle.len() > 5_000 && texts.asking.len() > 4_000);
        assert!(texts.pairs.len() > 1_500 && texts.pairs.iter().all(|pair| pair.lang != Lang::Und));
        assert!(texts.idle.iter().chain(&texts.asking).all(|sentence| sentence.lang != Lang::Und));
    }
}
