//! ESCO as its publisher packs it: CSV files per language and relation, v1.0 to v1.2, whole or in part.

use super::esco_api;
pub use super::esco_api::{Answered, LeftOut};
use crate::acquire::csv_file::CsvFile;
use crate::acquire::open::file_name;
use crate::acquire::package::Package;
use crate::acquire::rows::{Row, Rows, cell};
use crate::acquire::{AcquireError, Limits};
use crate::types::{
    IscoCode, Label, LabelKind, Lang, Occupation, RelationKind, Reuse, Skill, SkillId, SkillKind, TaxonomyLayer,
};
use csv::ByteRecord;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::path::Path;

/// Collections of skills: where `skills_XX.csv` is absent they are the only labels there are.
const COLLECTIONS: [&str; 7] = [
    "digitalSkillsCollection",
    "greenSkillsCollection",
    "languageSkillsCollection",
    "transversalSkillsCollection",
    "researchSkillsCollection",
    "digCompSkillsCollection",
    "ictSkillsCollection",
];

/// Reads folders and zips that together make one package, in any languages of ours; or answers of the web service.
///
/// # Errors
/// When they cannot be read, pass a limit, hold nothing of ESCO, or a file lacks its columns.
pub fn read(paths: &[&Path], limits: &Limits) -> Result<TaxonomyLayer, AcquireError> {
    let files: Vec<(String, &Path)> = paths.iter().map(|path| (file_name(path), *path)).collect();
    read_named(&files, limits).map(|read| read.layer)
}

/// The same of files with the names that messages call them by; what was left out is said.
///
/// # Errors
/// As those of [`read`].
pub fn read_named(files: &[(String, &Path)], limits: &Limits) -> Result<Answered, AcquireError> {
    if files.iter().any(|(_, path)| esco_api::is_answer(path, limits)) {
        return esco_api::read(files, limits);
    }
    let paths: Vec<&Path> = files.iter().map(|(_, path)| *path).collect();
    package(&paths, limits).map(|layer| Answered { layer, left_out: Vec::new() })
}

fn package(paths: &[&Path], limits: &Limits) -> Result<TaxonomyLayer, AcquireError> {
    let mut package = Package::open(paths, limits)?;
    let mut builder = Builder::default();
    let files = package.files();
    let of = |stem: &str| -> Vec<(String, Lang)> {
        files.iter().filter_map(|file| Some((file.clone(), language(file, stem)?))).collect()
    };
    let skills = of("skills");
    for (file, lang) in &skills {
        builder.skills(&mut package, limits, file, *lang, true)?;
    }
    for collection in COLLECTIONS {
        for (file, lang) in of(collection) {
            let name_them = !skills.iter().any(|(_, known)| *known == lang);
            builder.skills(&mut package, limits, &file, lang, name_them)?;
        }
    }
    for (file, lang) in of("occupations") {
        builder.occupations(&mut package, limits, &file, lang)?;
    }
    // Packages of several languages repeat the relations: one file of each is enough.
    if let Some((file, _)) = of("occupationSkillRelations").first() {
        builder.relations(&mut package, limits, file)?;
    }
    if let Some((file, _)) = of("broaderRelationsSkillPillar").first() {
        builder.broader(&mut package, limits, file)?;
    }
    if builder.is_empty() {
        let shown = package.names.first().cloned().unwrap_or_default();
        return Err(AcquireError::content(&shown, "holds no ESCO file", "give the folder or zip as published"));
    }
    let mut layer = builder.layer;
    layer.version = version(&package.names, &builder.languages);
    Ok(layer)
}

/// `skills_es.csv` is `skills` in Spanish; a relation file may name no language.
fn language(file: &str, stem: &str) -> Option<Lang> {
    let rest = file.strip_suffix(".csv")?.strip_prefix(stem)?;
    match rest.strip_prefix('_') {
        Some(code) => Some(Lang::from_code(code)).filter(|lang| *lang != Lang::Und || stem.contains("Relations")),
        None => (rest.is_empty() && stem.contains("Relations")).then_some(Lang::Und),
    }
}

/// `ESCO v1.1.1 (en)`, the version being whatever name of the package shows one.
pub(super) fn version(names: &[String], languages: &BTreeSet<Lang>) -> String {
    let is_version = |part: &&str| {
        let digits = part.strip_prefix(['v', 'V']).unwrap_or(part);
        digits.contains('.')
            && digits.split('.').all(|n| !n.is_empty() && n.len() < 4 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let found =
        names.iter().flat_map(|name| name.split([' ', '_', '-', '(', ')'])).map(|part| part.trim_end_matches(".zip"));
    let version = found.into_iter().find(|part| is_version(part)).map_or("", |v| v.trim_start_matches(['v', 'V']));
    let languages: Vec<&str> = languages.iter().map(|lang| lang.code()).collect();
    let name = if version.is_empty() { "ESCO".to_owned() } else { format!("ESCO v{version}") };
    if languages.is_empty() { name } else { format!("{name} ({})", languages.join(", ")) }
}

/// A row with the columns asked for, in the order asked.
struct Cells<'r> {
    record: &'r ByteRecord,
    columns: &'r [Option<usize>],
}

impl<'r> Cells<'r> {
    /// A cell; empty when its column is absent.
    fn text(&self, column: usize) -> &'r str {
        self.columns.get(column).copied().flatten().and_then(|at| cell(self.record, at)).unwrap_or_default()
    }
}

/// Calls `each` for every row; columns whose name begins with `?` may be absent. A row that is no row refuses the file.
fn each_row(
    package: &mut Package,
    limits: &Limits,
    file: &str,
    columns: &[&str],
    each: &mut dyn FnMut(Cells<'_>),
) -> Result<(), AcquireError> {
    let mut body = package.text(file)?;
    let mut csv = CsvFile::open(file, &mut body, limits)?;
    let find = |name: &&str| match name.strip_prefix('?') {
        Some(optional) => Ok(csv.column(optional)),
        None => csv.require(name).map(Some),
    };
    let found: Result<Vec<Option<usize>>, AcquireError> = columns.iter().map(find).collect();
    let found = found?;
    while let Some((number, row)) = csv.next()? {
        match row {
            Row::Cells(record) => each(Cells { record, columns: &found }),
            Row::Bad(_, detail) => {
                let problem = format!("row {number}: {detail}");
                return Err(AcquireError::content(file, problem, "a taxonomy must be whole: obtain it again"));
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Builder {
    layer: TaxonomyLayer,
    skills: FxHashMap<String, usize>,
    occupations: FxHashMap<String, usize>,
    languages: BTreeSet<Lang>,
}

impl Builder {
    fn is_empty(&self) -> bool {
        self.layer.skills.is_empty() && self.layer.occupations.is_empty() && self.layer.relations.is_empty()
    }

    /// `skills_XX.csv` or a collection; without `name_them` only the marks are taken.
    fn skills(
        &mut self,
        package: &mut Package,
        limits: &Limits,
        file: &str,
        lang: Lang,
        name_them: bool,
    ) -> Result<(), AcquireError> {
        let (green, digital) = (file.starts_with("green"), file.starts_with("digitalSkills"));
        let collection = file.contains("Collection");
        if !name_them && !green && !digital {
            return Ok(());
        }
        let columns = [
            "conceptUri",
            "preferredLabel",
            "?skillType",
            "?reuseLevel",
            "?altLabels",
            "?hiddenLabels",
            "?status",
            "?description",
            "?broaderConceptUri",
        ];
        each_row(package, limits, file, &columns, &mut |row| {
            let uri = row.text(0);
            if uri.is_empty() || row.text(6) == "obsolete" || !uri.contains("/skill/") {
                return;
            }
            let skill = self.skill(uri, row.text(2), row.text(3));
            skill.green |= green;
            skill.digital |= digital;
            if !name_them {
                return;
            }
            add_labels(&mut skill.labels, [row.text(1), row.text(4), row.text(5)], lang, collection);
            describe(&mut skill.description, row.text(7), lang);
            for broader in row.text(8).split(" | ").map(str::trim).filter(|b| !b.is_empty()) {
                add_new(&mut skill.broader, broader);
            }
            self.define(uri, row.text(7), lang);
            self.languages.insert(lang);
        })
    }

    fn define(&mut self, uri: &str, text: &str, lang: Lang) {
        let text = text.trim();
        // The English one is the skill's description already.
        if !text.is_empty() && lang != Lang::En {
            self.layer.definitions.entry(lang).or_default().entry(uri.to_owned()).or_insert_with(|| text.to_owned());
        }
    }

    fn skill(&mut self, uri: &str, kind: &str, reuse: &str) -> &mut Skill {
        let skills = &mut self.layer.skills;
        let at = match self.skills.get(uri) {
            Some(at) => *at,
            None => {
                skills.push(Skill {
                    id: SkillId(uri.to_owned()),
                    kind: if kind == "knowledge" { SkillKind::Knowledge } else { SkillKind::Skill },
                    reuse: reuse_level(reuse),
                    labels: Vec::new(),
                    description: None,
                    broader: Vec::new(),
                    green: false,
                    digital: false,
                });
                self.skills.insert(uri.to_owned(), skills.len() - 1);
                skills.len() - 1
            }
        };
        &mut skills[at]
    }

    fn occupations(
        &mut self,
        package: &mut Package,
        limits: &Limits,
        file: &str,
        lang: Lang,
    ) -> Result<(), AcquireError> {
        let columns = [
            "conceptUri",
            "preferredLabel",
            "?altLabels",
            "?hiddenLabels",
            "?status",
            "?description",
            "iscoGroup",
            "?naceCode",
        ];
        each_row(package, limits, file, &columns, &mut |row| {
            let uri = row.text(0);
            if uri.is_empty() || row.text(4) == "obsolete" {
                return;
            }
            let occupations = &mut self.layer.occupations;
            let at = *self.occupations.entry(uri.to_owned()).or_insert_with(|| {
                let isco = IscoCode::new(row.text(6).trim()).ok();
                let codes = row.text(7).split(['|', '\n']).map(|uri| uri.rsplit('/').next().unwrap_or_default().trim());
                let sectors = codes.filter(|code| !code.is_empty()).map(str::to_owned).collect();
                occupations.push(Occupation {
                    id: uri.to_owned(),
                    isco,
                    labels: Vec::new(),
                    description: None,
                    sectors,
                });
                occupations.len() - 1
            });
            let Some(occupation) = occupations.get_mut(at) else { return };
            add_labels(&mut occupation.labels, [row.text(1), row.text(2), row.text(3)], lang, false);
            for form in gendered_forms(row.text(1)) {
                add_label(&mut occupation.labels, form, lang, LabelKind::Alternative);
            }
            describe(&mut occupation.description, row.text(5), lang);
            self.languages.insert(lang);
        })
    }

    fn relations(&mut self, package: &mut Package, limits: &Limits, file: &str) -> Result<(), AcquireError> {
        let relations = &mut self.layer.relations;
        each_row(package, limits, file, &["occupationUri", "relationType", "skillUri"], &mut |row| {
            let kind = match row.text(1) {
                "essential" => RelationKind::Essential,
                "optional" => RelationKind::Optional,
                _ => return,
            };
            relations.push((row.text(0).to_owned(), row.text(2).to_owned(), kind));
        })
    }

    /// The hierarchy of skills. A package of relations alone gives skills without labels, for a later merge by id.
    fn broader(&mut self, package: &mut Package, limits: &Limits, file: &str) -> Result<(), AcquireError> {
        let relations_only = self.layer.skills.is_empty();
        self.layer.skills.iter_mut().for_each(|skill| skill.broader.clear());
        each_row(package, limits, file, &["conceptUri", "broaderUri", "conceptType"], &mut |row| {
            if relations_only && row.text(2) == "KnowledgeSkillCompetence" {
                self.skill(row.text(0), "", "");
            }
            let known = self.skills.get(row.text(0)).copied();
            if let Some(skill) = known.and_then(|at| self.layer.skills.get_mut(at)) {
                add_new(&mut skill.broader, row.text(1));
            }
        })
    }
}

pub(super) fn reuse_level(text: &str) -> Reuse {
    match text {
        "transversal" => Reuse::Transversal,
        "occupation-specific" => Reuse::OccupationSpecific,
        "sector-specific" => Reuse::SectorSpecific,
        _ => Reuse::CrossSector,
    }
}

/// Preferred, alternative and hidden labels; lists are separated by line breaks, in collections by ` | `.
fn add_labels(labels: &mut Vec<Label>, [preferred, alternative, hidden]: [&str; 3], lang: Lang, collection: bool) {
    add_label(labels, preferred, lang, LabelKind::Preferred);
    for (list, kind) in [(alternative, LabelKind::Alternative), (hidden, LabelKind::Hidden)] {
        for line in list.lines() {
            if collection {
                line.split(" | ").for_each(|text| add_label(labels, text, lang, kind));
            } else {
                add_label(labels, line, lang, kind);
            }
        }
    }
}

pub(super) fn add_label(labels: &mut Vec<Label>, text: &str, lang: Lang, kind: LabelKind) {
    let text = text.trim();
    if labels.iter().any(|known| known.lang == lang && (known.text == text || kind_taken(known, kind))) {
        return;
    }
    labels.extend(label(text, lang, kind));
}

/// A language has one preferred label: the first.
fn kind_taken(known: &Label, kind: LabelKind) -> bool {
    kind == LabelKind::Preferred && known.kind == LabelKind::Preferred
}

fn label(text: &str, lang: Lang, kind: LabelKind) -> Option<Label> {
    let text = text.trim();
    (!text.is_empty()).then(|| Label { text: text.to_owned(), lang, kind })
}

/// English descriptions go before those of other languages; else the first stays.
pub(super) fn describe(description: &mut Option<String>, text: &str, lang: Lang) {
    let text = text.trim();
    if !text.is_empty() && (description.is_none() || lang == Lang::En) {
        *description = Some(text.to_owned());
    }
}

pub(super) fn add_new(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && list.iter().all(|known| known != text) {
        list.push(text.to_owned());
    }
}

/// `enfermero/enfermera` -> both forms. Halves must be as long as each other and begin alike, unless spaces set the
/// slash apart, so that `técnico en CAD/CAM` stays whole.
pub(super) fn gendered_forms(label: &str) -> Vec<&str> {
    if label.contains(" / ") {
        return label.split(" / ").map(str::trim).collect();
    }
    let halves: Vec<&str> = label.split('/').map(str::trim).filter(|half| !half.is_empty()).collect();
    let [first, others @ ..] = halves.as_slice() else { return Vec::new() };
    let start = |text: &str| text.chars().take(2).collect::<String>().to_lowercase();
    let words = |text: &str| text.split_whitespace().count();
    let alike = others.iter().all(|other| words(other) == words(first) && start(other) == start(first));
    if others.is_empty() || !alike { Vec::new() } else { halves }
}
