//! Job title -> occupation and ISCO-08 code: clean the title, look for it as a label, else rank and decide.

use crate::lexicon::labels::LabelTable;
use crate::lexicon::query;
use crate::lexicon::ranker::{Depth, RankWeights, Ranked, Ranker};
use crate::lexicon::tokens;
use crate::types::{IscoCode, LabelKind, Lang, Taxonomy};
use rustc_hash::FxHashMap;

/// Score from which a code is given.
const LEAST_SCORE: f32 = 0.5;
/// Parts of a title that are looked at.
const PARTS: usize = 4;
/// Occupations that share a word of a label at most, for the word alone to tell one of them.
const COMMON_WORD: u32 = 12;
/// What the first part of a title is ahead of the others.
const FIRST_PART: f32 = 0.5;
/// What an exact label is ahead.
const EXACT: f32 = 20.0;
/// Letters in common (Damerau-Levenshtein) from which a title is a label, misspelt.
const MISSPELT_ALIKE: f64 = 0.8;
/// What is left of a likelihood when another head noun is in its place.
const OTHER_HEAD: f32 = 0.75;
/// Words of a title that are looked at.
const TITLE_WORDS: usize = 24;
/// Ranked occupations that are decided upon.
const CANDIDATES: usize = 8;

/// Words of a title that say nothing about the occupation, folded: contract, hours, grade, advertising.
const NOISE: &[&str] = &[
    "apply",
    "autonomo",
    "band",
    "based",
    "beca",
    "bonus",
    "busca",
    "buscamos",
    "cerca",
    "con",
    "contract",
    "contracte",
    "contrato",
    "day",
    "days",
    "estables",
    "fixed",
    "freelance",
    "full",
    "fulltime",
    "h",
    "hiring",
    "home",
    "hora",
    "hores",
    "hourly",
    "hours",
    "hybrid",
    "immediate",
    "immediato",
    "incorporacion",
    "indefinido",
    "indefinit",
    "inmediata",
    "jornada",
    "jr",
    "junior",
    "km",
    "maternity",
    "month",
    "months",
    "necesita",
    "necessita",
    "needed",
    "new",
    "night",
    "now",
    "oferta",
    "oferta de trabajo",
    "parcial",
    "part",
    "parttime",
    "per",
    "perm",
    "permanent",
    "practicas",
    "precisa",
    "remote",
    "remoto",
    "required",
    "salary",
    "se",
    "semana",
    "senior",
    "shift",
    "sr",
    "start",
    "starter",
    "sustitucion",
    "substitucio",
    "temp",
    "temporal",
    "temporary",
    "term",
    "time",
    "turno",
    "urge",
    "urgent",
    "urgente",
    "urgently",
    "vacante",
    "vacancy",
    "wanted",
    "week",
    "weekend",
    "weeks",
    "year",
    "years",
    "zona",
];

/// An occupation given to a title.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// Index into `Taxonomy::occupations`.
    pub occupation: usize,
    /// Its ISCO-08 code.
    pub isco: Option<IscoCode>,
    /// How sure, 0..=1.
    pub score: f32,
    /// Label that fitted.
    pub label: String,
}

/// Codes titles; shared by threads. Repeated titles are the caller's to remember.
#[derive(Debug)]
pub struct OccupationCoder<'a> {
    taxonomy: &'a Taxonomy,
    table: &'a LabelTable,
    ranker: Ranker<'a>,
    exact: FxHashMap<(Lang, String), (u32, u32)>,
}

impl<'a> OccupationCoder<'a> {
    /// Indexes the occupations; `table` is [`LabelTable::of_occupations`] of the same taxonomy.
    pub fn new(taxonomy: &'a Taxonomy, table: &'a LabelTable) -> Self {
        let mut exact: FxHashMap<(Lang, String), (u32, u32)> = FxHashMap::default();
        for (at, entry) in (0u32..).zip(&table.entries) {
            for form in [words(table.text(at as usize)), without_feminine(table.text(at as usize))] {
                // The preferred label of one occupation goes before another name of a second.
                let best = exact.entry((entry.lang, form)).or_insert((entry.concept, at));
                let kind = |label: u32| table.entries.get(label as usize).map(|e| (e.kind, e.concept));
                if kind(at) < kind(best.1) {
                    *best = (entry.concept, at);
                }
            }
        }
        Self { taxonomy, table, ranker: Ranker::occupations(table, taxonomy), exact }
    }

    /// The weights it ranks by.
    pub fn weights(&self) -> RankWeights {
        self.ranker.weights()
    }

    /// The same index under other weights.
    pub fn with_weights(self, weights: RankWeights) -> Self {
        Self { ranker: self.ranker.with_weights(weights), ..self }
    }

    /// The occupation of a title; none when nothing is likely. `hint` is the occupation as the source names it: used
    /// first where it is a label.
    pub fn code(&self, title: &str, lang: Lang, hint: Option<&str>) -> Option<Coded> {
        if let Some(hinted) = hint.and_then(|hint| self.exact_label(hint, lang, 0.9)) {
            return Some(hinted);
        }
        let parts = title_parts(title);
        if let Some(exact) = parts.iter().find_map(|part| self.exact_label(part, lang, 0.97)) {
            return Some(exact);
        }
        let mut best: Option<Coded> = None;
        for coded in parts.iter().take(3).filter_map(|part| self.likely(part, lang)) {
            if best.as_ref().is_none_or(|b| coded.score > b.score) {
                best = Some(coded);
            }
        }
        best
    }

    /// Ranked occupations for a title: of its parts the one that fits an occupation best decides, the first by half a
    /// point more; an exact label goes first.
    pub fn rank(&self, title: &str, lang: Lang, top: usize) -> Vec<Ranked> {
        let mut best: FxHashMap<usize, Ranked> = FxHashMap::default();
        for (at, part) in title_parts(title).iter().enumerate() {
            let exact = self.exact_label(part, lang, 1.0).map(|coded| coded.occupation);
            for mut ranked in self.ranker.rank_at(part, Some(lang), top, Depth::Full) {
                ranked.score += if at == 0 { FIRST_PART } else { 0.0 };
                ranked.score += if exact == Some(ranked.concept) { EXACT } else { 0.0 };
                let known = best.entry(ranked.concept).or_insert_with(|| ranked.clone());
                if ranked.score > known.score {
                    *known = ranked;
                }
            }
        }
        let mut all: Vec<Ranked> = best.into_values().collect();
        all.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        all.truncate(top);
        all
    }

    fn exact_label(&self, text: &str, lang: Lang, score: f32) -> Option<Coded> {
        let form = words(text);
        if form.is_empty() {
            return None;
        }
        let langs = std::iter::once(lang).chain(Lang::ALL);
        let &(concept, label) = langs.into_iter().find_map(|l| self.exact.get(&(l, form.clone())))?;
        if !self.says_enough(label) {
            return None;
        }
        self.coded(concept as usize, label as usize, score)
    }

    /// Whether a label alone tells the occupation: "supervisor" and "clerk" are other names of one occupation but name
    /// many.
    fn says_enough(&self, label: u32) -> bool {
        let at = label as usize;
        let preferred = self.table.entries.get(at).is_some_and(|e| e.kind == LabelKind::Preferred);
        match self.table.stems(at) {
            [stem] => preferred || self.table.vocabulary.concept_count(*stem) <= COMMON_WORD,
            _ => true,
        }
    }

    fn likely(&self, title: &str, lang: Lang) -> Option<Coded> {
        let ranked = self.ranker.rank_at(title, Some(lang), CANDIDATES, Depth::Quick);
        let best = ranked.first()?;
        let score = self.likelihood(best, title, lang);
        (score >= LEAST_SCORE).then(|| self.coded(best.concept, best.label, score))?
    }

    /// Harmonic mean of how much of the label the title has and how much of the title the label explains, by idf, scaled
    /// by the likeness of their letters.
    fn likelihood(&self, ranked: &Ranked, title: &str, lang: Lang) -> f32 {
        let Some(index) = self.ranker.index(Some(lang)) else { return 0.0 };
        let read = query::read(title, lang, &self.table.vocabulary, TITLE_WORDS);
        let total: f32 = read.iter().filter(|w| !w.stop).map(|w| index.idf(w.stem)).sum();
        let explained = (ranked.found_idf / total.max(1.0)).min(1.0);
        if matches!(self.table.stems(ranked.label), [_]) && !self.says_enough(ranked.label as u32) {
            return 0.0;
        }
        let both = 2.0 * ranked.covered * explained / (ranked.covered + explained).max(f32::MIN_POSITIVE);
        let letters = ranked.lanes[1].min(1.0);
        let alike = strsim::normalized_damerau_levenshtein(&words(title), &words(self.table.text(ranked.label)));
        if alike >= MISSPELT_ALIKE {
            return 0.95 * alike as f32;
        }
        let stems: Vec<u32> = read.iter().map(|w| w.stem).collect();
        let head = if self.head_is_among(ranked.label, &stems) { 1.0 } else { OTHER_HEAD };
        head * (0.6 * both.max(0.7 * ranked.covered) + 0.4 * letters).min(0.95)
    }

    /// Whether the head noun of a label is in the title: the last word in English ("sales manager"), the first elsewhere
    /// ("director de ventas"). The head says what one is, the rest only where.
    fn head_is_among(&self, label: usize, stems: &[u32]) -> bool {
        let english = self.table.entries.get(label).is_some_and(|entry| entry.lang == Lang::En);
        let own = self.table.stems(label);
        let head = if english { own.last() } else { own.first() };
        head.is_some_and(|head| stems.contains(head))
    }

    fn coded(&self, occupation: usize, label: usize, score: f32) -> Option<Coded> {
        let isco = self.taxonomy.occupations.get(occupation)?.isco.clone();
        Some(Coded { occupation, isco, score, label: self.table.text(label).to_owned() })
    }
}

/// Folded words with single spaces.
fn words(text: &str) -> String {
    tokens::tokens(text).map(|t| tokens::form(t.raw)).collect::<Vec<_>>().join(" ")
}

/// `"director técnico/directora técnica"` -> its first form.
fn without_feminine(label: &str) -> String {
    words(label.split('/').next().unwrap_or(label))
}

/// A title without brackets, reference codes, pay, hours, contract words and what follows a dash or bar.
pub fn clean_title(title: &str) -> String {
    title_parts(title).into_iter().next().unwrap_or_default()
}

/// The parts of a title between dashes, bars and brackets that hold words after cleaning; asides in brackets come last.
fn title_parts(title: &str) -> Vec<String> {
    let (open, asides) = without_asides(title);
    // Spanish national titles end in ", EN GENERAL", which says nothing.
    let open = GENERAL.iter().find_map(|ending| strip_ending(&open, ending)).unwrap_or(&open);
    let cut = |text: &str| -> Vec<String> {
        let parts = text
            .split(['|', '•', '·', '*', ';', ':', '\n', '–', '@'])
            .flat_map(|p| p.split(" - "))
            .flat_map(|p| p.split("- "));
        parts.map(without_noise).filter(|p| !p.is_empty()).collect()
    };
    let mut parts = cut(open);
    parts.extend(cut(&asides));
    parts.truncate(PARTS);
    parts
}

/// Endings without meaning.
const GENERAL: &[&str] = &["en general", "n.c.o.p."];

fn strip_ending<'t>(text: &'t str, ending: &str) -> Option<&'t str> {
    let text = text.trim_end();
    let at = text.len().checked_sub(ending.len())?;
    text.get(at..)?
        .eq_ignore_ascii_case(ending)
        .then(|| text.get(..at).unwrap_or_default().trim_end_matches([',', ' ']))
}

/// The text outside brackets, and what stands in them.
fn without_asides(title: &str) -> (String, String) {
    let (mut out, mut asides) = (String::with_capacity(title.len()), String::new());
    let mut depth = 0usize;
    let mut aside = false;
    for (at, c) in title.char_indices() {
        match c {
            // "director(a)" is one word: only a bracket after a space is an aside.
            '(' | '[' | '{' => {
                aside = aside || title.get(..at).is_none_or(|t| t.is_empty() || t.ends_with(' '));
                depth += 1;
                asides.push('|');
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 && aside => asides.push(c),
            _ => {
                aside = false;
                out.push(c);
            }
        }
    }
    (out, asides)
}

fn without_noise(part: &str) -> String {
    let keep = |word: &&str| {
        let folded = words(word);
        let digits = word.chars().any(|c| c.is_ascii_digit());
        let gender =
            matches!(word.to_lowercase().as_str(), "m/f" | "f/m" | "h/m" | "m/h" | "m/f/d" | "m/w/d" | "w/m/d" | "h/d");
        let money = word.starts_with(['£', '$', '€', '#', '@']);
        !digits && !gender && !money && !folded.is_empty() && !NOISE.contains(&folded.as_str())
    };
    part.split_whitespace().filter(keep).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Label, LabelKind, Occupation};

    fn taxonomy() -> Taxonomy {
        let occupation = |id: &str, isco: &str, labels: &[(&str, Lang)]| Occupation {
            id: id.to_owned(),
            isco: IscoCode::new(isco).ok(),
            labels: labels
                .iter()
                .map(|(text, lang)| Label { text: (*text).to_owned(), lang: *lang, kind: LabelKind::Preferred })
                .collect(),
            description: None,
            sectors: Vec::new(),
        };
        Taxonomy {
            occupations: vec![
                occupation("a", "2221", &[("staff nurse", Lang::En), ("enfermero/enfermera", Lang::Es)]),
                occupation("b", "2512", &[("software developer", Lang::En), ("desarrollador de software", Lang::Es)]),
                occupation("c", "5120", &[("cook", Lang::En), ("cocinero/cocinera", Lang::Es)]),
            ],
            ..Taxonomy::default()
        }
    }

    #[test]
    fn titles_lose_what_is_not_the_occupation() {
        assert_eq!(clean_title("STAFF NURSE (Band 5) - Leeds"), "STAFF NURSE");
        assert_eq!(clean_title("REF1234 - Senior Software Developer (m/f/d) £45,000"), "Software Developer");
        assert_eq!(clean_title("URGENTE: Enfermero/a jornada parcial"), "Enfermero/a");
        assert_eq!(clean_title("(H/M)"), "");
    }

    #[test]
    fn a_title_gets_the_occupation_it_names_in_any_gender_and_none_when_nothing_fits() {
        let taxonomy = taxonomy();
        let table = LabelTable::of_occupations(&taxonomy);
        let coder = OccupationCoder::new(&taxonomy, &table);
        let code = |title: &str, lang: Lang| coder.code(title, lang, None).map(|c| c.occupation);
        assert_eq!(code("Staff Nurse (Band 5)", Lang::En), Some(0));
        assert_eq!(code("ENFERMERO/A", Lang::Es), Some(0));
        assert_eq!(code("Softwar develper", Lang::En), Some(1));
        assert_eq!(code("Zookeeper", Lang::En), None);
        assert_eq!(coder.code("Zookeeper", Lang::En, Some("cook")).map(|c| c.occupation), Some(2));
    }
}
