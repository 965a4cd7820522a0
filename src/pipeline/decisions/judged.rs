//! Judged mentions beside what this run counts: right or wrong among what is counted, found or overlooked among what is
//! asked for.

use super::Register;
use super::sample::counted;
use crate::measure::wilson;
use crate::pipeline::{Run, RunError, Stage};
use crate::store::read_table;
use crate::types::{Choice, DecisionKind, ErrorClass, JudgedMentions, Lang, PostingKey, Reviews};
use std::collections::{BTreeMap, BTreeSet};

/// A judged pair of posting and skill.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub skill: String,
    pub language: Lang,
    pub choice: Choice,
    /// Whether this run counts it.
    pub is_counted: bool,
    /// Whether its posting has left the boards since.
    pub is_gone: bool,
}

impl Judged {
    /// Whether it tells of precision: a pair that this run counts, or counted while it had the posting.
    fn tells_of_precision(&self) -> bool {
        self.choice != Choice::Missed && (self.is_counted || self.is_gone)
    }
}

/// Every judged pair of the register, once.
pub fn judged(run: &Run<'_>, register: &Register) -> Result<Vec<Judged>, RunError> {
    let rows = register.judged();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let asked: BTreeSet<&str> = rows.iter().map(|d| d.subject.as_str()).collect();
    let counted = counted(&run.artefact(Stage::Extract, "mentions.parquet"), &asked)?;
    let mut here: BTreeSet<String> = BTreeSet::new();
    for batch in read_table::<PostingKey>(&run.artefact(Stage::Clean, "postings.parquet"))? {
        here.extend(batch?.into_iter().map(|p| p.id.0).filter(|id| asked.contains(id.as_str())));
    }
    // In several sentences of a posting a pair is right as soon as one shows it.
    let mut pairs: BTreeMap<(&str, &str), (Choice, Lang)> = BTreeMap::new();
    for decision in &rows {
        debug_assert_eq!(decision.kind, DecisionKind::Mention);
        let said = (decision.decision, decision.language.unwrap_or(Lang::Und));
        let slot = pairs.entry((&decision.subject, &decision.target)).or_insert(said);
        *slot = (*slot).min(said);
    }
    let judged = pairs.into_iter().map(|((posting, skill), (choice, language))| Judged {
        skill: skill.to_owned(),
        language,
        choice,
        is_counted: counted.contains(&(posting.to_owned(), skill.to_owned())),
        is_gone: !here.contains(posting),
    });
    Ok(judged.collect())
}

/// Adds the judgements to those of the plan's own file. What a table overlooks tells of recall only in classes where it
/// has looked for what the program missed; sentences without any match are never read there, so recall comes out high
/// rather than low, and corrected shares low rather than high.
pub fn add(reviews: &mut Reviews, judged: &[Judged]) {
    let class = |reviews: &Reviews, j: &Judged| reviews.class(j.language, &j.skill);
    let missed = judged.iter().filter(|j| j.choice == Choice::Missed);
    let looked: BTreeSet<ErrorClass> = missed.map(|j| class(reviews, j)).collect();
    for one in judged {
        let class = class(reviews, one);
        let counts = reviews.counts.entry(class).or_default();
        let is_right = one.choice == Choice::Right;
        if one.tells_of_precision() {
            counts.counted += 1;
            counts.right += u64::from(is_right);
        }
        if looked.contains(&class) && (one.choice == Choice::Missed || (is_right && one.tells_of_precision())) {
            counts.asked += 1;
            counts.found += u64::from(is_right || one.is_counted);
        }
    }
}

/// Precision by language.
pub fn precision(judged: &[Judged]) -> Vec<JudgedMentions> {
    let mut by_language: BTreeMap<Lang, (u64, u64, u64)> = BTreeMap::new();
    for one in judged {
        let (counted, right, missed) = by_language.entry(one.language).or_default();
        *counted += u64::from(one.tells_of_precision());
        *right += u64::from(one.tells_of_precision() && one.choice == Choice::Right);
        *missed += u64::from(one.choice == Choice::Missed && !one.is_counted);
    }
    let of = |(language, (judged, right, missed)): (Lang, (u64, u64, u64))| {
        let precision = right as f64 / judged.max(1) as f64;
        let (precision_low, precision_high) = wilson(precision, judged.max(1) as f64);
        JudgedMentions { language, judged, right, precision, precision_low, precision_high, missed }
    };
    by_language.into_iter().map(of).filter(|j| j.judged > 0).collect()
}
