//! Names of skills that have lost them, asked for beside names that were kept: what weighs concepts that are met by
//! meaning only against those that have names in the language of the text.

use super::ranking::{Case, GoldText, cases};
use crate::lexicon::Lexicon;
use crate::types::{LabelKind, Lang, Skill};
use std::sync::Arc;

/// One skill in so many loses its names in a language.
const ONE_IN: usize = 5;
/// Languages whose names are taken away, each of skills of its own: those that taxonomies name skills in, English apart.
const LANGUAGES: [(Lang, usize); 2] = [(Lang::Es, 3), (Lang::Ar, 4)];
/// Skills that keep all names.
const KEPT: usize = 0;
/// Names of a set at most.
const MOST: usize = 400;
/// What a set weighs beside one of gold.
const WEIGHT: f32 = 0.1;

/// The cases of names, lost and kept.
pub(super) fn lost_cases(lexicon: &Lexicon) -> Vec<Case> {
    let mut taxonomy = lexicon.taxonomy.clone();
    let mut names = Vec::new();
    for (lang, lost) in LANGUAGES {
        names.extend(some(&names_in(&taxonomy.skills, lang, lost), lang, "lost"));
        names.extend(some(&names_in(&taxonomy.skills, lang, KEPT), lang, "kept"));
    }
    for (at, skill) in taxonomy.skills.iter_mut().enumerate() {
        let lost = LANGUAGES.iter().find(|(_, rest)| at % ONE_IN == *rest).map(|x| x.0);
        if skill.labels.iter().any(|label| Some(label.lang) != lost) {
            skill.labels.retain(|label| Some(label.lang) != lost);
        }
    }
    let without = Lexicon::with_vectors(taxonomy, Arc::clone(&lexicon.vectors));
    cases(&without, &names).into_iter().map(|case| Case { weight: WEIGHT, ..case }).collect()
}

/// Preferred names in a language of skills that have others too, by position.
fn names_in(skills: &[Skill], lang: Lang, rest: usize) -> Vec<(usize, &str)> {
    let named = |skill: &Skill| skill.labels.iter().any(|label| label.lang != lang);
    let own = skills.iter().enumerate().filter(|(at, skill)| at % ONE_IN == rest && named(skill));
    own.filter_map(|(at, skill)| {
        let name = skill.labels.iter().find(|l| l.lang == lang && l.kind == LabelKind::Preferred)?;
        Some((at, name.text.as_str()))
    })
    .collect()
}

/// [`MOST`] of them, spread over all.
fn some(names: &[(usize, &str)], lang: Lang, what: &str) -> Vec<GoldText> {
    let step = (names.len() / MOST).max(1);
    let text = |(at, text): &(usize, &str)| GoldText {
        text: (*text).to_owned(),
        lang,
        right: vec![*at],
        unknown: false,
        set: format!("names {what} {}", lang.code()),
    };
    names.iter().step_by(step).take(MOST).map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::lanes::{FOREIGN, LANES};
    use crate::types::{Label, Reuse, SkillId, SkillKind, Taxonomy};

    fn lexicon() -> Lexicon {
        let names = [
            ("analyse data", "analizar datos"),
            ("weld metal", "soldar metal"),
            ("teach children", "enseñar a niños"),
            ("drive lorries", "conducir camiones"),
            ("bake bread", "hornear pan"),
            ("clean windows", "limpiar ventanas"),
        ];
        let label = |text: &str, lang| Label { text: text.to_owned(), lang, kind: LabelKind::Preferred };
        let skill = |(english, spanish): &(&str, &str)| Skill {
            id: SkillId((*english).to_owned()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels: vec![label(english, Lang::En), label(spanish, Lang::Es)],
            description: None,
            broader: Vec::new(),
            green: false,
            digital: false,
        };
        Lexicon::new(Taxonomy { skills: names.iter().map(skill).collect(), ..Taxonomy::default() })
    }

    #[test]
    fn a_lost_name_is_asked_for_where_its_skill_has_none_and_a_kept_one_where_it_has() {
        let cases = lost_cases(&lexicon());
        let sets: Vec<&str> = cases.iter().map(|case| case.set.as_str()).collect();
        assert_eq!(sets, ["names lost es", "names kept es", "names kept es"]);
        let is_foreign = |case: &Case| {
            let right = case.rows.iter().find(|(_, right)| *right).map(|(row, _)| row[LANES.len() + FOREIGN]);
            right.map(|foreign| foreign > 0.0)
        };
        assert_eq!(cases.iter().map(is_foreign).collect::<Vec<_>>(), [Some(true), Some(false), Some(false)]);
    }
}
