//! Our own taxonomy layout: five CSV files that go by slugs, which become URIs here.
//!
//! It is written by people who can correct it, so anything wrong refuses it, naming file and row.

use crate::acquire::csv_file::CsvFile;
use crate::acquire::package::Package;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Limits};
use crate::types::{
    IscoCode, Label, LabelKind, Lang, Occupation, RelationKind, Reuse, Skill, SkillId, SkillKind, TaxonomyLayer,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Reads `skills.csv`, `skill_labels.csv`, `occupations.csv`, `occupation_labels.csv`, `occupation_skills.csv`,
/// `skill_definitions.csv` where there is one, and names the layer `version`. Concepts without a URI become `urn:skillgap:skill:<slug>` and `urn:skillgap:occupation:<slug>`.
///
/// # Errors
/// When a file is absent, a slug is unknown or named twice, or a value is none of its column's.
pub fn read(folder: &Path, version: &str, limits: &Limits) -> Result<TaxonomyLayer, AcquireError> {
    let mut package = Package::open(&[folder], limits)?;
    let mut layer = TaxonomyLayer { version: version.to_owned(), ..TaxonomyLayer::default() };
    let skills = skills(&mut package, limits, &mut layer.skills)?;
    labels(&mut package, limits, "skill_labels.csv", &skills, &mut |at, label| {
        if let Some(skill) = layer.skills.get_mut(at) {
            skill.labels.push(label);
        }
    })?;
    definitions(&mut package, limits, &skills, &mut layer)?;
    let occupations = occupations(&mut package, limits, &mut layer.occupations)?;
    labels(&mut package, limits, "occupation_labels.csv", &occupations, &mut |at, label| {
        if let Some(occupation) = layer.occupations.get_mut(at) {
            occupation.labels.push(label);
        }
    })?;
    each_row(&mut package, limits, "occupation_skills.csv", &["occupation", "skill", "relation"], &mut |row| {
        let occupation = layer.occupations.get(row.known(0, &occupations)?).map(|o| o.id.clone());
        let skill = layer.skills.get(row.known(1, &skills)?).map(|s| s.id.0.clone());
        let kind = row.one_of(2, &[("essential", RelationKind::Essential), ("optional", RelationKind::Optional)])?;
        layer.relations.extend(occupation.zip(skill).map(|(occupation, skill)| (occupation, skill, kind)));
        Ok(())
    })?;
    layer.skills.iter_mut().for_each(|skill| order(&mut skill.labels));
    layer.occupations.iter_mut().for_each(|occupation| order(&mut occupation.labels));
    Ok(layer)
}

/// Preferred labels go first; otherwise the order of the file stays.
fn order(labels: &mut [Label]) {
    labels.sort_by_key(|label| (label.lang, label.kind));
}

type Slugs = BTreeMap<String, usize>;

fn skills(package: &mut Package, limits: &Limits, skills: &mut Vec<Skill>) -> Result<Slugs, AcquireError> {
    let columns = ["id", "uri", "kind", "reuse", "broader", "green", "digital", "description"];
    let mut slugs = Slugs::new();
    let mut parents: Vec<Vec<String>> = Vec::new();
    each_row(package, limits, "skills.csv", &columns, &mut |row| {
        row.new_slug(&mut slugs)?;
        parents.push(row.text(4).split([' ', ';', '|']).filter(|s| !s.is_empty()).map(str::to_owned).collect());
        let flags =
            [("yes", true), ("no", false), ("true", true), ("false", false), ("1", true), ("0", false), ("", false)];
        skills.push(Skill {
            id: SkillId(row.uri("skill")),
            kind: row.one_of(2, &[("skill", SkillKind::Skill), ("knowledge", SkillKind::Knowledge)])?,
            reuse: row.one_of(3, &REUSE)?,
            labels: Vec::new(),
            description: Some(row.text(7).to_owned()).filter(|text| !text.is_empty()),
            broader: Vec::new(),
            green: row.one_of(5, &flags)?,
            digital: row.one_of(6, &flags)?,
        });
        Ok(())
    })?;
    for (child, parents) in parents.iter().enumerate() {
        for parent in parents {
            let uri = slugs.get(parent).and_then(|at| skills.get(*at)).map(|skill| skill.id.0.clone());
            let Some(uri) = uri.or_else(|| parent.contains(':').then(|| parent.clone())) else {
                return Err(AcquireError::bad_value("skills.csv", child as u64 + 1, "broader", parent, UNKNOWN));
            };
            if let Some(skill) = skills.get_mut(child) {
                skill.broader.push(uri);
            }
        }
    }
    Ok(slugs)
}

const UNKNOWN: &str = "is the id of no row; add it or correct it";

const REUSE: [(&str, Reuse); 4] = [
    ("transversal", Reuse::Transversal),
    ("cross-sector", Reuse::CrossSector),
    ("sector-specific", Reuse::SectorSpecific),
    ("occupation-specific", Reuse::OccupationSpecific),
];

fn occupations(
    package: &mut Package,
    limits: &Limits,
    occupations: &mut Vec<Occupation>,
) -> Result<Slugs, AcquireError> {
    let mut slugs = Slugs::new();
    each_row(package, limits, "occupations.csv", &["id", "uri", "isco", "sectors", "description"], &mut |row| {
        row.new_slug(&mut slugs)?;
        let isco = match row.text(2) {
            "" => None,
            code => Some(IscoCode::new(code).map_err(|_| row.bad(2, "is no ISCO-08 code of one to four digits"))?),
        };
        let description = Some(row.text(4).to_owned()).filter(|text| !text.is_empty());
        let sectors = row.sectors(3)?;
        // The slug is how the project's own catalogues name an occupation.
        let slug = Label { text: row.text(0).replace('-', " "), lang: Lang::En, kind: LabelKind::Hidden };
        occupations.push(Occupation { id: row.uri("occupation"), isco, labels: vec![slug], description, sectors });
        Ok(())
    })?;
    Ok(slugs)
}

fn labels(
    package: &mut Package,
    limits: &Limits,
    file: &'static str,
    slugs: &Slugs,
    add: &mut dyn FnMut(usize, Label),
) -> Result<(), AcquireError> {
    let kinds =
        [("preferred", LabelKind::Preferred), ("alternative", LabelKind::Alternative), ("hidden", LabelKind::Hidden)];
    each_row(package, limits, file, &["id", "lang", "kind", "label"], &mut |row| {
        let at = row.known(0, slugs)?;
        let lang = row.language(1)?;
        if row.text(3).is_empty() {
            return Err(row.bad(3, "must be given"));
        }
        add(at, Label { text: row.text(3).to_owned(), lang, kind: row.one_of(2, &kinds)? });
        Ok(())
    })
}

/// A row of one of our files.
struct Cells<'r> {
    file: &'static str,
    number: u64,
    columns: &'r [&'static str],
    texts: Vec<&'r str>,
}

impl Cells<'_> {
    fn text(&self, column: usize) -> &str {
        self.texts.get(column).copied().unwrap_or_default()
    }

    fn bad(&self, column: usize, problem: &'static str) -> AcquireError {
        let name = self.columns.get(column).copied().unwrap_or_default();
        AcquireError::bad_value(self.file, self.number, name, self.text(column), problem)
    }

    fn known(&self, column: usize, slugs: &Slugs) -> Result<usize, AcquireError> {
        slugs.get(self.text(column)).copied().ok_or_else(|| self.bad(column, UNKNOWN))
    }

    fn one_of<T: Copy>(&self, column: usize, values: &[(&str, T)]) -> Result<T, AcquireError> {
        let found = values.iter().find(|(name, _)| *name == self.text(column));
        found.map(|(_, value)| *value).ok_or_else(|| self.bad(column, "is none of the column's values"))
    }

    fn language(&self, column: usize) -> Result<Lang, AcquireError> {
        let known = Some(Lang::from_code(self.text(column))).filter(|lang| *lang != Lang::Und);
        known.ok_or_else(|| self.bad(column, "must be a language code (en, es, ca, ar)"))
    }

    /// NACE Rev. 2 sections, separated by spaces.
    fn sectors(&self, column: usize) -> Result<Vec<String>, AcquireError> {
        let sections: Vec<String> = self.text(column).split_whitespace().map(str::to_owned).collect();
        let is_section = |s: &String| s.len() == 1 && s.bytes().all(|b| (b'A'..=b'U').contains(&b));
        if sections.iter().all(is_section) {
            Ok(sections)
        } else {
            Err(self.bad(column, "must be NACE Rev. 2 sections (A to U), separated by blanks"))
        }
    }

    fn new_slug(&self, slugs: &mut Slugs) -> Result<(), AcquireError> {
        if self.text(0).is_empty() || slugs.contains_key(self.text(0)) {
            return Err(self.bad(0, "must be given, and once only"));
        }
        slugs.insert(self.text(0).to_owned(), slugs.len());
        Ok(())
    }

    fn uri(&self, kind: &str) -> String {
        match self.text(1) {
            "" => format!("urn:skillgap:{kind}:{}", self.text(0)),
            uri => uri.to_owned(),
        }
    }
}

/// `skill_definitions.csv`, where there is one: what a skill means in other languages than that of its description.
fn definitions(
    package: &mut Package,
    limits: &Limits,
    slugs: &Slugs,
    layer: &mut TaxonomyLayer,
) -> Result<(), AcquireError> {
    const FILE: &str = "skill_definitions.csv";
    if !package.files().iter().any(|name| name == FILE) {
        return Ok(());
    }
    let TaxonomyLayer { skills, definitions, .. } = layer;
    each_row(package, limits, FILE, &["id", "lang", "definition"], &mut |row| {
        let skill = skills.get(row.known(0, slugs)?);
        let lang = row.language(1)?;
        let own = definitions.entry(lang).or_default();
        if row.text(2).is_empty() || skill.is_some_and(|s| own.insert(s.id.0.clone(), row.text(2).to_owned()).is_some())
        {
            return Err(row.bad(2, "must be given, and once only for a skill and language"));
        }
        Ok(())
    })
}

fn each_row(
    package: &mut Package,
    limits: &Limits,
    file: &'static str,
    columns: &[&'static str],
    each: &mut dyn FnMut(Cells<'_>) -> Result<(), AcquireError>,
) -> Result<(), AcquireError> {
    let mut body = package.text(file)?;
    let mut csv = CsvFile::open(file, &mut body, limits)?;
    let found: Result<Vec<usize>, AcquireError> = columns.iter().map(|name| csv.require(name)).collect();
    let found = found?;
    while let Some((number, row)) = csv.next()? {
        match row {
            Row::Cells(record) => {
                let texts = found.iter().map(|at| cell(record, *at).unwrap_or_default().trim()).collect();
                each(Cells { file, number, columns, texts })?;
            }
            Row::Bad(_, detail) => {
                return Err(AcquireError::content(file, format!("row {number}: {detail}"), "correct the row"));
            }
        }
    }
    Ok(())
}
