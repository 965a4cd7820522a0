//! Which official indicators are about learners, and which count the employed: `data/reference/learner_indicators.csv`.

use crate::lexicon::normal::fold;
use crate::types::Observation;
use rustc_hash::FxHashMap;

const TABLE: &str = include_str!("../../../data/reference/learner_indicators.csv");

/// Topic of the indicators that count employed persons; it serves expectations and is no topic of learners.
pub const EMPLOYMENT: &str = "employment";

/// One way to recognise a topic.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    topic: String,
    pattern: Pattern,
}

#[derive(Debug, Clone, PartialEq)]
enum Pattern {
    /// Stands in the name with no letter or digit before it, and none after it unless it is open.
    Code { text: String, is_open: bool },
    /// All of the first and none of the second are among the words of the name.
    Words { wanted: Vec<Word>, barred: Vec<Word> },
}

/// A folded word; `*` before or after it stands for any letters.
#[derive(Debug, Clone, PartialEq)]
struct Word {
    text: String,
    any_before: bool,
    any_after: bool,
}

/// The rules in the order of the table; the first that fits gives the topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognition {
    rules: Vec<Rule>,
    topics: Vec<String>,
}

/// Topic of each indicator of the observations, by its name.
pub struct Topics<'a>(FxHashMap<&'a str, Option<usize>>);

impl Recognition {
    /// The committed table.
    pub fn built_in() -> Self {
        let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
        let rules: Vec<Rule> = reader.records().filter_map(|row| rule(&row.ok()?)).collect();
        let mut topics: Vec<String> = Vec::new();
        for rule in &rules {
            if !topics.contains(&rule.topic) {
                topics.push(rule.topic.clone());
            }
        }
        Self { rules, topics }
    }

    /// Place of an indicator's topic among the topics.
    fn topic_of(&self, indicator: &str) -> Option<usize> {
        let name = fold(indicator);
        let words: Vec<&str> = words(&name).collect();
        let rule = self.rules.iter().find(|rule| rule.pattern.fits(&name, &words))?;
        self.topics.iter().position(|topic| *topic == rule.topic)
    }

    /// Looks at each indicator once.
    pub fn topics<'a>(&self, observations: &'a [Observation]) -> Topics<'a> {
        let mut topics = FxHashMap::default();
        for observation in observations {
            let name = observation.indicator.as_str();
            topics.entry(name).or_insert_with(|| self.topic_of(name));
        }
        Topics(topics)
    }

    /// Name of a topic.
    pub fn name(&self, topic: usize) -> &str {
        self.topics.get(topic).map_or("", String::as_str)
    }
}

impl Topics<'_> {
    /// Place of an indicator's topic; absent when it is about something else.
    pub fn of(&self, indicator: &str) -> Option<usize> {
        self.0.get(indicator).copied().flatten()
    }
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

fn rule(row: &csv::StringRecord) -> Option<Rule> {
    let (topic, pattern) = (row.get(0)?.to_owned(), row.get(2)?.trim());
    let pattern = match row.get(1)? {
        "code" => Pattern::Code { text: fold(pattern.trim_end_matches('*')), is_open: pattern.ends_with('*') },
        "words" => {
            let (barred, wanted): (Vec<&str>, Vec<&str>) = pattern.split_whitespace().partition(|w| w.starts_with('-'));
            Pattern::Words {
                wanted: wanted.into_iter().map(word).collect(),
                barred: barred.into_iter().map(|w| word(w.trim_start_matches('-'))).collect(),
            }
        }
        _ => return None,
    };
    Some(Rule { topic, pattern })
}

fn word(spelt: &str) -> Word {
    let text = fold(spelt.trim_matches('*'));
    Word { text, any_before: spelt.starts_with('*'), any_after: spelt.ends_with('*') }
}

impl Pattern {
    fn fits(&self, name: &str, words: &[&str]) -> bool {
        match self {
            Pattern::Code { text, is_open } => {
                let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                name.match_indices(text.as_str()).any(|(at, found)| {
                    let (before, after) = (name.get(..at), name.get(at + found.len()..));
                    let before = before.and_then(|b| b.chars().next_back());
                    let after = after.and_then(|a| a.chars().next());
                    apart(before) && (*is_open || apart(after))
                })
            }
            Pattern::Words { wanted, barred } => {
                let has = |word: &Word| words.iter().any(|w| word.fits(w));
                !wanted.is_empty() && wanted.iter().all(has) && !barred.iter().any(has)
            }
        }
    }
}

impl Word {
    fn fits(&self, word: &str) -> bool {
        match (self.any_before, self.any_after) {
            (false, false) => word == self.text,
            (false, true) => word.starts_with(self.text.as_str()),
            (true, false) => word.ends_with(self.text.as_str()),
            (true, true) => word.contains(self.text.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(indicator: &str) -> Option<String> {
        let recognition = Recognition::built_in();
        recognition.topic_of(indicator).map(|t| recognition.name(t).to_owned())
    }

    #[test]
    fn every_row_of_the_table_is_a_rule_with_a_pattern() {
        let recognition = Recognition::built_in();
        assert_eq!(recognition.rules.len(), TABLE.lines().filter(|l| !l.is_empty()).count() - 1);
        for rule in &recognition.rules {
            let filled = match &rule.pattern {
                Pattern::Code { text, .. } => text.len() >= 7,
                Pattern::Words { wanted, barred } => {
                    !wanted.is_empty() && wanted.iter().chain(barred).all(|w| w.text.chars().count() >= 2)
                }
            };
            assert!(filled, "{rule:?}");
        }
        assert_eq!(recognition.topics.last().map(String::as_str), Some(EMPLOYMENT));
    }

    #[test]
    fn indicators_about_learners_are_recognised_by_code_and_by_words_of_four_languages() {
        for (indicator, expected) in [
            ("trng_lfse_01", "adult_learning"),
            ("Participation rate in education and training (last 4 weeks) by sex and age", "adult_learning"),
            ("SDG indicator 4.3.1 - Participation rate of youth and adults in formal education (%)", "adult_learning"),
            ("Participation in training/lifelong learning (age group 25-64) by sex (%)", "adult_learning"),
            ("Participación de la población adulta en formación", "adult_learning"),
            ("معدل مشاركة البالغين في التعليم والتدريب", "adult_learning"),
            ("EIP_NEET_SEX_RT", "neet"),
            ("DF_EIP_NEET_SEX_AGE_RT_A", "neet"),
            ("Share of youth not in employment, education or training (NEET) by sex (%)", "neet"),
            ("SL.UEM.NEET.ZS", "neet"),
            ("Jóvenes que ni estudian ni trabajan", "neet"),
            ("Joves que ni estudien ni treballen", "neet"),
            ("نسبة الشباب خارج العمل والتعليم والتدريب", "neet"),
            ("isoc_sk_dskl_i21: I_DSK2_BAB", "digital_skills"),
            ("Competències digitals de la població", "digital_skills"),
            ("المهارات الرقمية للأفراد", "digital_skills"),
            ("lfsa_eoqgan", "qualification_mismatch"),
            ("Population by educational attainment level, sex and age (%)", "educational_attainment"),
            ("edat_lfse_14", "early_leaving"),
            ("SE.ADT.LITR.ZS", "literacy"),
            ("Literacy rate, adult total (% of people ages 15 and above)", "literacy"),
            ("Employment by sex and occupation (thousands)", "employment"),
            ("EMP_TEMP_SEX_OCU_NB_A", "employment"),
            ("Ocupados por ocupación", "employment"),
            ("المشتغلون حسب المهنة", "employment"),
        ] {
            assert_eq!(topic(indicator).as_deref(), Some(expected), "{indicator}");
        }
    }

    #[test]
    fn figures_of_the_labour_market_are_not_taken_for_needs_of_learners() {
        for indicator in [
            "Unemployment rate by educational attainment",
            "Employment rates by sex, age and educational attainment level (%)",
            "Informal employment rate by sex (%)",
            "Labour force participation rate by education and training",
            "isoc_sk_oja1",
            "Share of postings that ask for digital skills in online advertisements",
            "xtrng_lfse_01",
            "edat_lfse_200",
            "SL.UEM.TOTL.ZS",
            "Tasa de paro por nivel de formación alcanzado de la población",
            "معدل البطالة حسب مستوى التعليم للسكان",
            "",
        ] {
            assert_eq!(topic(indicator), None, "{indicator}");
        }
    }
}
