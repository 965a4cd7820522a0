//! The same findings for readers of another language: figures stay, names and sentences change.

use super::index::ascii_slug;
use crate::types::{Criterion, Edition, EditionName, Findings, Lang, Proposals, WorkshopDecision};
use std::collections::BTreeMap;

/// Stem of the gap report, which links all others.
pub const GAP: &str = "gap";

/// The findings of every edition but the plan's own, each in its language.
pub fn others(findings: &Findings) -> impl Iterator<Item = Findings> {
    findings.editions.iter().skip(1).map(|edition| localised(findings, edition))
}

/// `gap.html` for the plan's language, `gap.es.html` for another.
pub fn file_name(findings: &Findings, language: Lang, extension: &str) -> String {
    document_file(findings, GAP, language, extension)
}

/// The same for any document: `trend.html`, `trend.es.html`.
pub fn document_file(findings: &Findings, stem: &str, language: Lang, extension: &str) -> String {
    let primary = findings.editions.first().is_none_or(|e| e.language == language);
    if primary { format!("{stem}.{extension}") } else { format!("{stem}.{}.{extension}", language.code()) }
}

/// `briefs/mc-001`: a safe name out of the programme's id, with its place in the catalogue where two ids would share it.
pub fn brief_stem(findings: &Findings, programme: &str) -> String {
    let all = || findings.programmes.iter().map(|p| p.programme.as_str());
    let slug = ascii_slug(programme);
    let is_shared = all().filter(|p| ascii_slug(p) == slug).count() > 1;
    let position = all().position(|p| p == programme).unwrap_or_default();
    if slug.is_empty() || is_shared { format!("briefs/programme-{position}") } else { format!("briefs/{slug}") }
}

/// Languages of all editions, the plan's first; none when there is only one.
pub fn languages(findings: &Findings) -> Vec<Lang> {
    let all: Vec<Lang> = findings.editions.iter().map(|e| e.language).collect();
    if all.len() > 1 { all } else { Vec::new() }
}

/// Names on the page that are in another language than the page, with theirs.
pub fn foreign(findings: &Findings) -> BTreeMap<&str, Lang> {
    let edition = findings.editions.iter().find(|e| e.language == findings.meta.language);
    let names = || {
        let tables = edition.into_iter().flat_map(|e| [&e.skills, &e.groups, &e.occupations]);
        tables.flat_map(BTreeMap::values).chain(edition.map(|e| &e.title))
    };
    let mut foreign: BTreeMap<&str, Lang> = names().filter_map(|n| Some((n.text.as_str(), n.language?))).collect();
    // A word that two languages share is the page's own.
    for own in names().filter(|n| n.language.is_none()) {
        foreign.remove(own.text.as_str());
    }
    foreign
}

fn localised(findings: &Findings, edition: &Edition) -> Findings {
    let mut own = findings.clone();
    own.meta.language = edition.language;
    own.meta.title.clone_from(&edition.title.text);
    for gap in &mut own.gaps {
        rename(&mut gap.demand.label, edition.skills.get(&gap.demand.skill));
        rename(&mut gap.group, edition.groups.get(&gap.demand.skill));
    }
    own.demand.iter_mut().for_each(|d| rename(&mut d.label, edition.skills.get(&d.skill)));
    own.pay.iter_mut().for_each(|p| rename(&mut p.label, edition.skills.get(&p.skill)));
    for row in &mut own.sectors {
        rename(&mut row.label, edition.skills.get(&row.skill));
        if let Some(name) = edition.sectors.get(&row.sector) {
            row.sector_label.clone_from(name);
        }
    }
    own.trends.iter_mut().for_each(|t| rename(&mut t.label, edition.skills.get(&t.skill)));
    own.learner_interest.iter_mut().for_each(|i| rename(&mut i.label, edition.skills.get(&i.skill)));
    for expected in &mut own.expectations {
        let name = expected.skill.as_ref().and_then(|skill| edition.skills.get(skill));
        expected.label.iter_mut().for_each(|label| rename(label, name));
    }
    localise_proposals(&mut own.proposals, edition);
    own.occupations.iter_mut().for_each(|o| rename_by_name(&mut o.label, edition));
    for new in &mut own.new_skills {
        rename_by_name(&mut new.occupation_label, edition);
        rename(&mut new.label, edition.skills.get(&new.skill));
    }
    own.provisions.iter_mut().for_each(|p| rename(&mut p.label, edition.skills.get(&p.skill)));
    own.trend_variants.iter_mut().for_each(|v| rename(&mut v.label, edition.skills.get(&v.skill)));
    own.gap_variants.iter_mut().for_each(|v| rename(&mut v.label, edition.skills.get(&v.skill)));
    own.specialisations.iter_mut().for_each(|s| rename(&mut s.label, edition.skills.get(&s.skill)));
    let links = own.outcomes.iter_mut().flat_map(|o| &mut o.links);
    links.for_each(|link| rename(&mut link.1, edition.skills.get(&link.0)));
    let targets = own.programmes.iter_mut().flat_map(|p| &mut p.target_occupations);
    targets.for_each(|occupation| rename_by_name(occupation, edition));
    own.pathways.iter_mut().for_each(|p| rename_by_name(&mut p.occupation_label, edition));
    for missing in &mut own.pathway_missing {
        rename_by_name(&mut missing.occupation_label, edition);
        rename(&mut missing.label, edition.skills.get(&missing.skill));
    }
    let named = own.stacks.iter_mut().flat_map(|s| &mut s.skills);
    named.for_each(|(id, name)| rename(name, edition.skills.get(id.as_str())));
    for row in &mut own.assurance {
        let name = row.skill.as_ref().and_then(|skill| edition.skills.get(skill));
        match row.criterion {
            Criterion::Pathways => row.detail.iter_mut().for_each(|detail| rename_by_name(detail, edition)),
            _ => row.detail.iter_mut().for_each(|detail| rename(detail, name)),
        }
    }
    own.ledger.iter_mut().for_each(|row| rename(&mut row.label, edition.skills.get(&row.skill)));
    own.workshop.decisions.iter_mut().for_each(|decision| localise_decision(decision, edition));
    own
}

/// A decision may be about several skills, or about an occupation.
fn localise_decision(decision: &mut WorkshopDecision, edition: &Edition) {
    rename_by_name(&mut decision.subject_label, edition);
    rename(&mut decision.subject_label, edition.skills.get(&decision.subject));
    let names: Option<Vec<&str>> =
        decision.target.split(' ').map(|id| edition.skills.get(id).map(|name| name.text.as_str())).collect();
    if let Some(names) = names {
        decision.target_label = names.join(", ");
    }
}

/// Titles are made of skills' names, so they are made anew.
fn localise_proposals(own: &mut Proposals, edition: &Edition) {
    own.skills.iter_mut().for_each(|s| rename(&mut s.label, edition.skills.get(&s.skill)));
    own.edits.iter_mut().for_each(|e| rename(&mut e.label, edition.skills.get(&e.skill)));
    for occupation in &mut own.occupations {
        let name = edition.occupations.get(&occupation.occupation_name);
        rename(&mut occupation.occupation_name, name);
    }
    for proposal in &mut own.proposals {
        let skills = own.skills.iter().filter(|s| s.proposal == proposal.proposal);
        proposal.title = Proposals::title(skills.map(|s| s.label.as_str()));
    }
}

fn rename_by_name(occupation: &mut String, edition: &Edition) {
    let name = edition.occupations.get(occupation.as_str());
    rename(occupation, name);
}

fn rename(label: &mut String, name: Option<&EditionName>) {
    if let Some(name) = name {
        label.clone_from(&name.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn an_edition_changes_names_and_no_figure() {
        let findings = fixture::realistic();
        let arabic = others(&findings).find(|f| f.meta.language == Lang::Ar).unwrap();
        let sql = |f: &Findings| {
            f.gaps.iter().find(|g| g.demand.label == "teamwork" || g.demand.label == "العمل الجماعي").cloned()
        };
        let (there, here) = (sql(&arabic).unwrap(), sql(&findings).unwrap());
        assert_ne!(there.demand.label, here.demand.label);
        assert_eq!(
            (there.demand.skill, there.unmet_per_100, there.rank),
            (here.demand.skill, here.unmet_per_100, here.rank)
        );
        let [html, book] = ["html", "xlsx"].map(|e| file_name(&findings, Lang::Ar, e));
        assert_eq!((html.as_str(), book.as_str()), ("gap.ar.html", "gap.ar.xlsx"));
        assert_eq!(file_name(&findings, Lang::En, "html"), "gap.html");
    }

    #[test]
    fn a_name_is_foreign_unless_another_skill_bears_it_in_the_language_of_the_page() {
        let mut findings = fixture::realistic();
        let edition = &mut findings.editions[0];
        let foreign_name = |text: &str| EditionName { text: text.into(), language: Some(Lang::Es) };
        edition.skills.insert("urn:a".into(), foreign_name("contabilidad"));
        edition.skills.insert("urn:b".into(), foreign_name("SQL"));
        edition.skills.insert("urn:c".into(), EditionName { text: "SQL".into(), language: None });
        assert_eq!(foreign(&findings).get("contabilidad"), Some(&Lang::Es));
        assert_eq!(foreign(&findings).get("SQL"), None);
    }
}
