//! The taxonomy: skills, occupations and what joins them.

use crate::types::{IscoCode, Lang};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// ESCO URI, or `urn:skillgap:skill:<slug>` for a skill of our own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct SkillId(pub String);

/// Standing of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// The one name used in reports.
    Preferred,
    /// Another name.
    Alternative,
    /// For search only.
    Hidden,
}

/// A name of a concept in a language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Label {
    /// The name.
    pub text: String,
    /// Its language.
    pub lang: Lang,
    /// Its standing.
    pub kind: LabelKind,
}

/// ESCO skill type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SkillKind {
    /// skill/competence
    Skill,
    /// knowledge
    Knowledge,
}

/// ESCO reuse level, from narrow to wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    /// occupation-specific
    OccupationSpecific,
    /// sector-specific
    SectorSpecific,
    /// cross-sector
    CrossSector,
    /// transversal
    Transversal,
}

/// A skill or piece of knowledge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Skill {
    /// Stable id.
    pub id: SkillId,
    /// Skill or knowledge.
    pub kind: SkillKind,
    /// How widely it is used.
    pub reuse: Reuse,
    /// Names, preferred first within a language.
    pub labels: Vec<Label>,
    /// One-paragraph description, any language.
    pub description: Option<String>,
    /// Directly broader concepts, skills or groups.
    pub broader: Vec<String>,
    /// Carries the green label.
    pub green: bool,
    /// Carries the digital label.
    pub digital: bool,
}

/// An occupation with its ISCO-08 unit group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Occupation {
    /// ESCO URI, or `urn:skillgap:occupation:<slug>`.
    pub id: String,
    /// ISCO-08 code, usually four digits.
    pub isco: Option<IscoCode>,
    /// Names, preferred first within a language.
    pub labels: Vec<Label>,
    /// One-paragraph description.
    pub description: Option<String>,
    /// NACE sections (starter, Rev. 2) or codes (ESCO, Rev. 2.1) it is mostly found in, the main one first.
    #[serde(default)]
    pub sectors: Vec<String>,
}

/// How much an occupation leans on a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// Usually needed.
    Essential,
    /// Sometimes needed.
    Optional,
}

/// An occupation-skill relation, by position in the taxonomy's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Relation {
    /// Index into `Taxonomy::occupations`.
    pub occupation: u32,
    /// Index into `Taxonomy::skills`.
    pub skill: u32,
    /// Essential or optional.
    pub kind: RelationKind,
}

/// A taxonomy with its layers merged; `skills` and `occupations` are sorted by id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Taxonomy {
    /// Name and version for reports, e.g. `ESCO v1.1.1 + skillgap starter 0.1`.
    pub version: String,
    /// Skills, sorted by id.
    pub skills: Vec<Skill>,
    /// Occupations, sorted by id.
    pub occupations: Vec<Occupation>,
    /// Relations, sorted.
    pub relations: Vec<Relation>,
    /// What skills mean, said for readers.
    #[serde(default)]
    pub definitions: Definitions,
}

/// One-sentence definitions by language and skill id.
pub type Definitions = BTreeMap<Lang, BTreeMap<String, String>>;

/// One package or file of taxonomy data, before layers are merged. Relations go by id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TaxonomyLayer {
    /// Name and version, e.g. `ESCO v1.1.1 (en)`.
    pub version: String,
    /// Skills in file order; the same id may come again with labels in another language.
    pub skills: Vec<Skill>,
    /// Occupations in file order.
    pub occupations: Vec<Occupation>,
    /// (occupation id, skill id, kind)
    pub relations: Vec<(String, String, RelationKind)>,
    /// Definitions beside the description that a skill carries.
    #[serde(default)]
    pub definitions: Definitions,
}

/// The best name for a reader: preferred in `lang`, else preferred in English, else the first.
fn best_label(labels: &[Label], lang: Lang) -> Option<&Label> {
    let preferred = |l: Lang| labels.iter().find(|x| x.lang == l && x.kind == LabelKind::Preferred);
    preferred(lang).or_else(|| preferred(Lang::En)).or_else(|| labels.first())
}

impl Skill {
    /// The best label for a reader of `lang`, which may be in another language.
    pub fn label(&self, lang: Lang) -> Option<&Label> {
        best_label(&self.labels, lang)
    }

    /// The best name for a reader of `lang`; the id when it has none.
    pub fn name(&self, lang: Lang) -> &str {
        self.label(lang).map_or(&self.id.0, |l| &l.text)
    }
}

impl Occupation {
    /// The best label for a reader of `lang`, which may be in another language.
    pub fn label(&self, lang: Lang) -> Option<&Label> {
        best_label(&self.labels, lang)
    }

    /// The best name for a reader of `lang`; the id when it has none.
    pub fn name(&self, lang: Lang) -> &str {
        self.label(lang).map_or(&self.id, |l| &l.text)
    }
}

impl Taxonomy {
    /// Position of a skill.
    pub fn skill_index(&self, id: &str) -> Option<usize> {
        self.skills.binary_search_by(|s| s.id.0.as_str().cmp(id)).ok()
    }

    /// Position of an occupation.
    pub fn occupation_index(&self, id: &str) -> Option<usize> {
        self.occupations.binary_search_by(|o| o.id.as_str().cmp(id)).ok()
    }
}
