//! Names and sentences of each language the report is also written in.

use crate::lexicon::sectors;
use crate::measure::count::window::Window;
use crate::measure::{MeasureInputs, MeasureSpec};
use crate::types::{Edition, EditionName, Evidence, Label, Lang, Skill, Taxonomy};
use std::collections::{BTreeMap, BTreeSet};

/// One edition per language of the plan, the plan's own first. `asked` are skills by id; those of links come on top, as do
/// the target occupations of programmes on top of the `shown` ones.
pub fn editions<'a>(
    inputs: &MeasureInputs<'a>,
    spec: &MeasureSpec,
    (asked, shown): (&[String], impl Iterator<Item = &'a str>),
    evidence: &[Evidence],
    window: &Window,
) -> Vec<Edition> {
    let explained: BTreeSet<&str> = evidence.iter().map(|e| e.skill.as_str()).collect();
    let linked = inputs.links.iter().flat_map(|l| &l.links).map(|l| l.skill.0.as_str());
    let skills: BTreeSet<&str> = asked.iter().map(String::as_str).chain(linked).collect();
    let targets = inputs.programmes.iter().flat_map(|p| &p.target_occupations).map(String::as_str);
    let named: BTreeSet<&str> = targets.chain(shown).collect();
    let languages = std::iter::once(spec.language).chain(spec.also_in.iter().copied());
    let edition = |language: Lang| Edition {
        language,
        title: EditionName::default(),
        skills: names(inputs, &skills, language, |s| s.label(language)),
        groups: names(inputs, &skills, language, |s| {
            s.broader.iter().find_map(|id| skill(inputs, id)?.label(language))
        }),
        definitions: translated(inputs.taxonomy, &explained, language),
        occupations: occupations(inputs, &named, spec.language, language),
        sectors: window
            .sectors
            .iter()
            .filter_map(|s| Some((s.clone(), sectors::name(s, language)?.to_owned())))
            .collect(),
    };
    languages.map(edition).collect()
}

/// Plain definitions of the skills that sentences are shown of.
pub fn definitions(taxonomy: &Taxonomy, evidence: &[Evidence]) -> BTreeMap<String, String> {
    let shown: BTreeSet<&str> = evidence.iter().map(|e| e.skill.as_str()).collect();
    let defined = |id: &&str| taxonomy.skills.get(taxonomy.skill_index(id)?)?.description.clone();
    shown.iter().filter_map(|id| Some(((*id).to_owned(), defined(id)?))).collect()
}

/// The same in another language, where the taxonomy has it.
fn translated(taxonomy: &Taxonomy, skills: &BTreeSet<&str>, language: Lang) -> BTreeMap<String, String> {
    let all = taxonomy.definitions.get(&language).into_iter().flatten();
    all.filter(|(id, _)| skills.contains(id.as_str())).map(|(id, text)| (id.clone(), text.clone())).collect()
}

fn skill<'a>(inputs: &MeasureInputs<'a>, id: &str) -> Option<&'a Skill> {
    inputs.taxonomy.skill_index(id).and_then(|i| inputs.taxonomy.skills.get(i))
}

fn named(label: &Label, language: Lang) -> EditionName {
    EditionName { text: label.text.clone(), language: Some(label.lang).filter(|l| *l != language) }
}

fn names<'a>(
    inputs: &MeasureInputs<'a>,
    skills: &BTreeSet<&str>,
    language: Lang,
    label: impl Fn(&'a Skill) -> Option<&'a Label>,
) -> BTreeMap<String, EditionName> {
    let name = |id: &&str| Some(((*id).to_owned(), named(label(skill(inputs, id)?)?, language)));
    skills.iter().filter_map(name).collect()
}

/// Occupations by their name in the plan's language.
fn occupations(
    inputs: &MeasureInputs,
    ids: &BTreeSet<&str>,
    plan: Lang,
    language: Lang,
) -> BTreeMap<String, EditionName> {
    let known = ids.iter().filter_map(|id| inputs.taxonomy.occupations.get(inputs.taxonomy.occupation_index(id)?));
    known.filter_map(|o| Some((o.name(plan).to_owned(), named(o.label(language)?, language)))).collect()
}
