//! Decided terms: further names of skills, skills of the local register, and terms that are not asked about again.

use super::{Register, part_hash, term_key};
use crate::clean::hash16;
use crate::types::{
    Choice, Decision, DecisionKind, Label, LabelKind, Lang, Reuse, Skill, SkillId, SkillKind, TaxonomyLayer,
};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// Start of the ids of skills that a workshop named and the taxonomy has not.
const LOCAL: &str = "urn:skillgap:local:";
/// Name of the layer in the version of the taxonomy.
const VERSION: &str = "local register";

/// Terms that nobody contradicts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Terms {
    /// (skill, language, term, whether the term is the skill's own name), sorted.
    names: Vec<(String, Lang, String, bool)>,
    /// Terms that are no skill, by language and words.
    pub rejected: Vec<(Lang, String)>,
}

impl Terms {
    pub(super) fn of(register: &Register) -> Self {
        let mut terms = Self::default();
        for topic in register.agreed(DecisionKind::Term) {
            let Some((_, decision)) = topic.rows.first() else { continue };
            let language = decision.language.unwrap_or_default();
            match decision.decision {
                Choice::Reject => terms.rejected.push((language, term_key(&decision.text))),
                Choice::Novel => terms.names.push((skill_of(decision), language, decision.text.clone(), true)),
                _ => terms.names.push((skill_of(decision), language, decision.text.clone(), false)),
            }
        }
        terms.names.sort();
        terms.rejected.sort();
        terms
    }

    /// Terms of the plan's register; none without one.
    pub fn of_plan(plan: &crate::pipeline::Plan) -> Result<Self, super::RunError> {
        Ok(Register::of(plan)?.map(|register| Self::of(&register)).unwrap_or_default())
    }

    /// The names as one more layer of the taxonomy; none when there are none.
    pub fn layer(&self) -> Option<TaxonomyLayer> {
        let mut skills: BTreeMap<&str, Skill> = BTreeMap::new();
        for (id, lang, text, is_own) in &self.names {
            let kind = if *is_own { LabelKind::Preferred } else { LabelKind::Alternative };
            let label = Label { text: text.clone(), lang: *lang, kind };
            skills.entry(id).or_insert_with(|| named(id)).labels.push(label);
        }
        // A name for a local skill that nobody called novel has nothing to be a name of.
        let is_whole =
            |s: &Skill| !s.id.0.starts_with(LOCAL) || s.labels.iter().any(|l| l.kind == LabelKind::Preferred);
        let skills: Vec<Skill> = skills.into_values().filter(is_whole).collect();
        let version = VERSION.to_owned();
        (!skills.is_empty()).then(|| TaxonomyLayer { version, skills, ..TaxonomyLayer::default() })
    }

    pub(super) fn hash(&self) -> Option<String> {
        part_hash(&self.names, self.names.is_empty())
    }
}

/// What is known of a skill that was named at a table: nothing but its names.
pub(super) fn named(id: &str) -> Skill {
    Skill {
        id: SkillId(id.to_owned()),
        kind: SkillKind::Skill,
        reuse: Reuse::CrossSector,
        labels: Vec::new(),
        description: None,
        broader: Vec::new(),
        green: false,
        digital: false,
    }
}

/// The skill that a term names: the one it is an alias of, or its own.
pub(super) fn skill_of(decision: &Decision) -> String {
    if decision.decision == Choice::Novel {
        local_id(&decision.text, decision.language)
    } else {
        decision.target.clone()
    }
}

/// Id of a skill of the local register: the term in plain letters where that says all of it, so that one term in two
/// languages is one skill; else with digits that tell it from its like ("C", "C++").
pub(super) fn local_id(term: &str, language: Option<Lang>) -> String {
    let key = term_key(term);
    let folded: String = term.to_lowercase().nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
    let mut slug = String::new();
    let mut is_whole = true;
    for c in folded.chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            ' ' | '-' | '_' if slug.is_empty() || slug.ends_with('-') => {}
            ' ' | '-' | '_' => slug.push('-'),
            _ => is_whole = false,
        }
    }
    let slug = slug.trim_matches('-');
    if is_whole && !slug.is_empty() {
        return format!("{LOCAL}{slug}");
    }
    let language = language.map_or("und", Lang::code);
    let digits: String = hash16(&[language, &key, &folded]).chars().take(8).collect();
    let slug = if slug.is_empty() { language } else { slug };
    format!("{LOCAL}{slug}-{digits}")
}
