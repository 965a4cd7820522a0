//! Named checks over data: each looks at everything and reports all it finds, so that one run tells the whole story.
//!
//! Pure: what is checked is handed in. Layers in our own layout are held to all rules, because their authors can correct
//! them; a package as published is held only to what others are joined to it by.

use crate::types::{Credential, Date, Label, LabelKind, Lang, TaxonomyLayer};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Problems told in full; the others are counted.
const EXAMPLES: usize = 5;
/// Where ESCO's concepts live.
const ESCO: &str = "http://data.europa.eu/esco/";

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// Its name, for `--skip`.
    pub name: &'static str,
    /// What it holds when it passes.
    pub claim: &'static str,
    /// How many things break it.
    pub problem_count: usize,
    /// The first of them.
    pub examples: Vec<String>,
    /// What to do about them.
    pub next_step: &'static str,
}

impl Check {
    fn new(name: &'static str, claim: &'static str, next_step: &'static str, problems: Vec<String>) -> Self {
        let problem_count = problems.len();
        Self { name, claim, problem_count, examples: problems.into_iter().take(EXAMPLES).collect(), next_step }
    }

    /// Whether nothing breaks it.
    pub fn passed(&self) -> bool {
        self.problem_count == 0
    }
}

/// A taxonomy layer, and whether it is ours to correct.
#[derive(Debug, Clone, Copy)]
pub struct LayerView<'a> {
    /// Name for messages.
    pub name: &'a str,
    /// In our own layout.
    pub own: bool,
    /// What it holds.
    pub layer: &'a TaxonomyLayer,
}

/// What a plan says that can be wrong without being unreadable.
#[derive(Debug, Clone, Default)]
pub struct PlanView<'a> {
    /// Day the report speaks for.
    pub as_of: Option<Date>,
    /// Postings with a day and those of them whose day is after `as_of`, by source.
    pub late_postings: Vec<(&'a str, u64, u64)>,
    /// Areas by source.
    pub areas: Vec<(&'a str, &'a str)>,
    /// Codes that are known.
    pub known_areas: BTreeSet<&'a str>,
    /// Credential ids that programmes name, by programme.
    pub programme_credentials: Vec<(&'a str, &'a str)>,
    /// Key, value, and the least and most that make sense.
    pub thresholds: Vec<(&'static str, f64, f64, f64)>,
}

/// Every check over taxonomy layers.
pub fn taxonomy(layers: &[LayerView<'_>]) -> Vec<Check> {
    vec![
        labels_unique(layers),
        labels_preferred(layers),
        uris_well_formed(layers),
        uris_known(layers),
        no_orphans(layers),
    ]
}

/// Every check over a catalogue.
pub fn catalogue(credentials: &[Credential]) -> Vec<Check> {
    let outcomes = credentials.iter().filter(|c| c.outcomes.is_empty());
    let outcomes = outcomes.map(|c| format!("'{}' ({}) has no learning outcome", c.title, c.id.0)).collect();
    let unknown = credentials.iter().filter(|c| c.language == Lang::Und);
    let languages = unknown.map(|c| format!("'{}' ({}) is in no language we read", c.title, c.id.0)).collect();
    let mut seen: BTreeMap<&str, &Credential> = BTreeMap::new();
    let mut twice = Vec::new();
    for credential in credentials {
        if let Some(first) = seen.insert(&credential.id.0, credential) {
            let (source, other) = (&first.origin.source, &credential.origin.source);
            twice.push(format!(
                "id '{}' is in '{source}' ('{}') and in '{other}' ('{}')",
                credential.id.0, first.title, credential.title
            ));
        }
    }
    vec![
        Check::new(
            "credentials-have-outcomes",
            "every micro-credential states learning outcomes",
            "map the column of outcomes, or add them to the catalogue: without them nothing is compared",
            outcomes,
        ),
        Check::new(
            "credential-ids-unique",
            "an id stands for one micro-credential in all sources",
            "give each micro-credential its own id",
            twice,
        ),
        Check::new(
            "credential-language-known",
            "every micro-credential is in English, Spanish, Catalan or Arabic",
            "state `language` for the source or in a column",
            languages,
        ),
    ]
}

/// Every check over a plan's own values.
pub fn plan(view: &PlanView<'_>) -> Vec<Check> {
    let as_of = view.as_of.map(|d| d.to_string()).unwrap_or_default();
    // A board has a few days that are simply wrong; a hundredth of them says that `as_of` is.
    let late = view.late_postings.iter().filter(|(_, with_day, late)| *late * 100 > *with_day);
    let late = late.map(|(source, with_day, late)| {
        format!("source '{source}': {late} of {with_day} postings are of days after as_of = {as_of}")
    });
    let areas = view.areas.iter().filter(|(_, area)| !view.known_areas.contains(area));
    let areas = areas.map(|(source, area)| format!("source '{source}': no area has the code \"{area}\"")).collect();
    let out = view.thresholds.iter().filter(|(_, value, least, most)| !(*least..=*most).contains(value));
    let out = out.map(|(key, value, least, most)| format!("{key} = {value} is outside {least} to {most}")).collect();
    vec![
        Check::new(
            "as-of-after-postings",
            "the report's day is not before the last posting",
            "set `as_of` to the last day or later: postings after it lose their date",
            late.collect(),
        ),
        Check::new(
            "areas-known",
            "every `area` is a code of data/reference/areas.csv",
            "use a code of that table, or leave `area` out",
            areas,
        ),
        Check::new(
            "thresholds-sensible",
            "thresholds publish neither nothing nor noise",
            "go back to the default unless you can say why not",
            out,
        ),
    ]
}

/// Every check over programmes.
pub fn programmes(view: &PlanView<'_>, credentials: &[Credential]) -> Check {
    let known: BTreeSet<&str> = credentials.iter().map(|c| c.id.0.as_str()).collect();
    let unknown = view.programme_credentials.iter().filter(|(_, id)| !known.contains(id));
    let problems = unknown
        .map(|(programme, id)| {
            let near = known.iter().map(|k| (strsim::jaro_winkler(k, id), *k)).max_by(|a, b| a.0.total_cmp(&b.0));
            let hint =
                near.filter(|(s, _)| *s >= 0.8).map(|(_, k)| format!("; did you mean '{k}'?")).unwrap_or_default();
            format!("programme '{programme}' names the credential '{id}', which no source has{hint}")
        })
        .collect();
    Check::new(
        "programme-credentials-known",
        "programmes are made of credentials that are there",
        "correct the id in the plan's [[programme]]",
        problems,
    )
}

/// A concept's URI and its names.
type Concept<'a> = (&'a str, &'a [Label]);

fn skills<'a>(view: &LayerView<'a>) -> Vec<Concept<'a>> {
    view.layer.skills.iter().map(|s| (s.id.0.as_str(), s.labels.as_slice())).collect()
}

fn occupations<'a>(view: &LayerView<'a>) -> Vec<Concept<'a>> {
    view.layer.occupations.iter().map(|o| (o.id.as_str(), o.labels.as_slice())).collect()
}

fn own<'a>(layers: &'a [LayerView<'a>]) -> impl Iterator<Item = &'a LayerView<'a>> {
    layers.iter().filter(|l| l.own)
}

fn labels_unique(layers: &[LayerView<'_>]) -> Check {
    let mut problems = Vec::new();
    for view in own(layers) {
        for (kind, concepts) in [("skills", skills(view)), ("occupations", occupations(view))] {
            let mut owners: BTreeMap<(Lang, String), BTreeSet<&str>> = BTreeMap::new();
            for (uri, labels) in concepts {
                for label in labels {
                    let text = label.text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
                    owners.entry((label.lang, text)).or_default().insert(uri);
                }
            }
            for ((lang, text), uris) in owners.into_iter().filter(|(_, uris)| uris.len() > 1) {
                let uris = uris.into_iter().collect::<Vec<_>>().join(" and ");
                problems.push(format!("{}: two {kind} are called '{text}' in {}: {uris}", view.name, lang.code()));
            }
        }
    }
    Check::new(
        "labels-unique",
        "no two skills, and no two occupations, share a label in a language",
        "keep the label where postings mean it, and lengthen or remove the other",
        problems,
    )
}

fn labels_preferred(layers: &[LayerView<'_>]) -> Check {
    let mut problems = Vec::new();
    for view in own(layers) {
        for (uri, labels) in skills(view).into_iter().chain(occupations(view)) {
            if labels.is_empty() {
                problems.push(format!("{}: {uri} has no label", view.name));
            }
            let claimed: BTreeSet<Lang> =
                labels.iter().filter(|l| l.kind != LabelKind::Hidden).map(|l| l.lang).collect();
            for lang in claimed {
                let count = labels.iter().filter(|l| l.lang == lang && l.kind == LabelKind::Preferred).count();
                if count != 1 {
                    problems.push(format!("{}: {uri} has {count} preferred labels in {}", view.name, lang.code()));
                }
            }
        }
    }
    Check::new(
        "labels-preferred",
        "every concept has exactly one preferred label in each language it is named in",
        "mark one label of the language as preferred",
        problems,
    )
}

fn uris_well_formed(layers: &[LayerView<'_>]) -> Check {
    let mut problems = Vec::new();
    for view in own(layers) {
        let of = |kind: &'static str, concepts: Vec<Concept<'_>>| -> Vec<String> {
            let bad = concepts.into_iter().map(|(uri, _)| uri).filter(|uri| !well_formed(uri, kind));
            bad.map(|uri| {
                format!("{}: '{uri}' is no URI of an ESCO {kind} and no urn:skillgap:{kind}:<slug>", view.name)
            })
            .collect()
        };
        problems.extend(of("skill", skills(view)));
        problems.extend(of("occupation", occupations(view)));
    }
    Check::new(
        "uris-well-formed",
        "every concept goes by an ESCO URI or by a urn of ours",
        "copy the URI from ESCO, or leave it empty for a concept of our own",
        problems,
    )
}

/// `http://data.europa.eu/esco/skill/<UUID>`, or `urn:skillgap:skill:<slug>`.
fn well_formed(uri: &str, kind: &str) -> bool {
    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if let Some(rest) = uri.strip_prefix(&format!("urn:skillgap:{kind}:")) {
        return !rest.is_empty() && rest.chars().all(slug);
    }
    let Some(id) = uri.strip_prefix(&format!("{ESCO}{kind}/")) else { return false };
    let widths: Vec<usize> = id.split('-').map(str::len).collect();
    widths == [8, 4, 4, 4, 12] && id.chars().all(|c| c == '-' || (c.is_ascii_hexdigit() && !c.is_ascii_uppercase()))
}

fn uris_known(layers: &[LayerView<'_>]) -> Check {
    let published: Vec<&LayerView<'_>> = layers.iter().filter(|l| !l.own).collect();
    let of = |list: fn(&LayerView<'_>) -> Vec<String>| -> BTreeSet<String> {
        published.iter().flat_map(|l| list(l)).collect()
    };
    let known_skills = of(|l| l.layer.skills.iter().map(|s| s.id.0.clone()).collect());
    let known_occupations = of(|l| l.layer.occupations.iter().map(|o| o.id.clone()).collect());
    let mut problems = Vec::new();
    for view in own(layers) {
        for (kind, known, concepts) in
            [("skill", &known_skills, skills(view)), ("occupation", &known_occupations, occupations(view))]
        {
            // A package without this kind of concept cannot say what is unknown.
            let claims =
                concepts.into_iter().map(|(uri, _)| uri).filter(|uri| uri.starts_with(ESCO) && !known.is_empty());
            let unknown = claims.filter(|uri| !known.contains(*uri));
            problems.extend(unknown.map(|uri| format!("{}: the ESCO given has no {kind} {uri}", view.name)));
        }
    }
    Check::new(
        "uris-known",
        "every ESCO URI of our own layers is in the ESCO package of the plan",
        "correct the URI, or remove the concept if another version of ESCO has dropped it",
        problems,
    )
}

fn no_orphans(layers: &[LayerView<'_>]) -> Check {
    let known_skills: BTreeSet<&str> = layers.iter().flat_map(|l| &l.layer.skills).map(|s| s.id.0.as_str()).collect();
    let known_occupations: BTreeSet<&str> =
        layers.iter().flat_map(|l| &l.layer.occupations).map(|o| o.id.as_str()).collect();
    let mut problems = Vec::new();
    for view in own(layers) {
        for skill in &view.layer.skills {
            // ESCO's own groups are above its skills and no skills themselves.
            let orphans = skill.broader.iter().filter(|b| !known_skills.contains(b.as_str()) && !is_esco_group(b));
            problems.extend(orphans.map(|b| format!("{}: {} is below {b}, which is nowhere", view.name, skill.id.0)));
            if skill.broader.contains(&skill.id.0) {
                problems.push(format!("{}: {} is below itself", view.name, skill.id.0));
            }
        }
        for (occupation, skill, _) in &view.layer.relations {
            for (end, is_known) in [
                (occupation, known_occupations.contains(occupation.as_str())),
                (skill, known_skills.contains(skill.as_str())),
            ] {
                if !is_known {
                    problems.push(format!("{}: a relation names {end}, which is nowhere", view.name));
                }
            }
        }
    }
    Check::new(
        "no-orphans",
        "wider skills and the ends of relations are all there",
        "add the concept, or correct the id that names it",
        problems,
    )
}

fn is_esco_group(uri: &str) -> bool {
    let tail = uri.strip_prefix(ESCO).unwrap_or_default();
    tail.starts_with("isced-f/")
        || tail.strip_prefix("skill/").is_some_and(|id| id.starts_with(|c: char| c.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Occupation, RelationKind, Reuse, Skill, SkillId, SkillKind};

    fn label(text: &str, lang: Lang, kind: LabelKind) -> Label {
        Label { text: text.to_owned(), lang, kind }
    }

    fn skill(id: &str, labels: Vec<Label>) -> Skill {
        Skill {
            id: SkillId(id.to_owned()),
            kind: SkillKind::Skill,
            reuse: Reuse::CrossSector,
            labels,
            description: None,
            broader: vec![],
            green: false,
            digital: false,
        }
    }

    fn failed(checks: &[Check]) -> Vec<&str> {
        checks.iter().filter(|c| !c.passed()).map(|c| c.name).collect()
    }

    const A: &str = "http://data.europa.eu/esco/skill/880c54f9-866e-4f37-b5fa-25ef8a7d49b6";

    fn sound() -> TaxonomyLayer {
        let mut first = skill(A, vec![label("accounting", Lang::En, LabelKind::Preferred)]);
        first.broader = vec!["http://data.europa.eu/esco/skill/S4.2".to_owned()];
        let second = skill("urn:skillgap:skill:olives", vec![label("olives", Lang::En, LabelKind::Preferred)]);
        let clerk = Occupation {
            id: "urn:skillgap:occupation:clerk".to_owned(),
            isco: None,
            labels: vec![label("accounting", Lang::En, LabelKind::Preferred)],
            sectors: Vec::new(),
            description: None,
        };
        let relations = vec![(clerk.id.clone(), A.to_owned(), RelationKind::Essential)];
        TaxonomyLayer {
            version: "own".to_owned(),
            skills: vec![first, second],
            occupations: vec![clerk],
            relations,
            definitions: crate::types::Definitions::new(),
        }
    }

    fn check(layer: &TaxonomyLayer) -> Vec<Check> {
        taxonomy(&[LayerView { name: "own", own: true, layer }])
    }

    #[test]
    fn a_sound_layer_passes_and_a_skill_may_be_called_as_an_occupation_is() {
        assert_eq!(failed(&check(&sound())), Vec::<&str>::new());
    }

    #[test]
    fn each_defect_is_found_by_the_check_of_its_name() {
        let broken = |change: &dyn Fn(&mut TaxonomyLayer)| {
            let mut layer = sound();
            change(&mut layer);
            failed(&check(&layer)).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let twice =
            |l: &mut TaxonomyLayer| l.skills[1].labels.push(label("Accounting ", Lang::En, LabelKind::Alternative));
        assert_eq!(broken(&twice), ["labels-unique"]);
        let unnamed =
            |l: &mut TaxonomyLayer| l.skills[1].labels.push(label("olivera", Lang::Ca, LabelKind::Alternative));
        assert_eq!(broken(&unnamed), ["labels-preferred"]);
        let address =
            |l: &mut TaxonomyLayer| l.skills[1].id = SkillId("http://data.europa.eu/esco/skill/42".to_owned());
        assert_eq!(broken(&address), ["uris-well-formed"]);
        assert_eq!(broken(&|l| l.skills[1].broader.push("urn:skillgap:skill:trees".to_owned())), ["no-orphans"]);
        assert_eq!(broken(&|l| l.relations[0].1 = "urn:skillgap:skill:trees".to_owned()), ["no-orphans"]);
    }

    #[test]
    fn a_uri_that_the_esco_of_the_plan_does_not_have_is_reported_only_where_there_is_one() {
        let own = sound();
        let esco = TaxonomyLayer {
            skills: vec![skill("http://data.europa.eu/esco/skill/0", vec![])],
            ..TaxonomyLayer::default()
        };
        let layers =
            [LayerView { name: "esco", own: false, layer: &esco }, LayerView { name: "own", own: true, layer: &own }];
        let checks = taxonomy(&layers);
        assert_eq!(failed(&checks), ["uris-known"]);
        assert!(checks.iter().any(|c| c.examples.iter().any(|e| e.contains(A))));
    }

    #[test]
    fn a_report_day_before_the_last_posting_and_an_area_without_a_code_fail_by_name() {
        let view = PlanView {
            as_of: Some("2024-01-01".parse().unwrap()),
            late_postings: vec![("boards", 100, 2), ("other", 100, 1)],
            areas: vec![("boards", "XX"), ("other", "ES")],
            known_areas: BTreeSet::from(["ES"]),
            ..PlanView::default()
        };
        assert_eq!(failed(&plan(&view)), ["as-of-after-postings", "areas-known"]);
    }
}
