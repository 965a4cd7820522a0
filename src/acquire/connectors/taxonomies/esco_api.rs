//! ESCO as its web service answers: JSON with skills and occupations, in pages by URI, in lists, or one alone.

use super::esco::{add_label, add_new, describe, gendered_forms, reuse_level, version};
use crate::acquire::error::excerpt;
use crate::acquire::json_scan::too_deep;
use crate::acquire::multilingual::{many, uri};
use crate::acquire::open::{Document, file_name};
use crate::acquire::text::Markup;
use crate::acquire::{AcquireError, Limits};
use crate::types::{
    IscoCode, Label, LabelKind, Lang, Occupation, RelationKind, Reuse, Skill, SkillId, SkillKind, TaxonomyLayer,
};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use url::Url;

/// What an answer has near its beginning and no other JSON.
const MARKS: [&str; 2] = ["\"_embedded\"", "data.europa.eu/esco/"];

/// Ends of the schemes whose members are green or digital.
const GREEN: &str = "green";
const DIGITAL: &str = "6c930acd-c104-4ece-acf7-f44fd7333036";

const WHOLE: &str = "a taxonomy must be whole: ask again";

/// Whether a file is an answer of the service, by its content: a snapshot's name tells nothing.
pub(in crate::acquire) fn is_answer(path: &Path, limits: &Limits) -> bool {
    let head = |path: &Path| Document::of_path(path, &file_name(path), limits).ok()?.head_text().ok();
    let head = path.is_file().then(|| head(path)).flatten().unwrap_or_default();
    head.trim_start().starts_with('{') && MARKS.iter().any(|mark| head.contains(mark))
}

/// What was read of answers: a taxonomy, and the rows that are none of its concepts.
#[derive(Debug, Default)]
pub struct Answered {
    /// Skills and occupations.
    pub layer: TaxonomyLayer,
    /// What was left out, each URI once.
    pub left_out: Vec<LeftOut>,
}

/// A row that is no concept of the version: obsolete, or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which of the answers it is in, from 0.
    pub answer: usize,
    /// Its row there, from 1.
    pub row: u64,
    /// Why it was left out.
    pub detail: String,
}

/// Reads answers that together make a taxonomy, each with its name for messages; a concept may come again in another.
///
/// # Errors
/// When one cannot be read, passes a limit, is no such answer, or has a concept without id, name or known kind.
pub(in crate::acquire) fn read(answers: &[(String, &Path)], limits: &Limits) -> Result<Answered, AcquireError> {
    let mut builder = Builder::default();
    for (at, (name, path)) in answers.iter().enumerate() {
        let answer = parsed(name, path, limits)?;
        for (row, number) in concepts(name, &answer)?.into_iter().zip(1..) {
            if let Some((id, detail)) = builder.concept(name, &answer, row)?
                && builder.passed_over.insert(id.to_owned())
            {
                builder.left_out.push(LeftOut { answer: at, row: number, detail });
            }
        }
        builder.versions.extend(parameter(&answer, "selectedVersion").or_else(|| version_asked(name)));
    }
    builder.finish(answers.first().map_or("", |(name, _)| name.as_str()))
}

/// The version that was asked for, where an answer is named by its address.
fn version_asked(name: &str) -> Option<String> {
    let (_, query) = name.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "selectedVersion")
        .map(|(_, version)| version.into_owned())
}

fn parsed(name: &str, path: &Path, limits: &Limits) -> Result<Value, AcquireError> {
    let (text, _) = Document::of_path(path, name, limits)?.whole_text(Markup::Refused)?;
    if too_deep(text.as_bytes(), limits.json_depth) {
        let found = format!("nests deeper than {}", limits.json_depth);
        return Err(AcquireError::over(name, "json_depth", found, limits.json_depth.to_string()));
    }
    serde_json::from_str(&text).map_err(|e| AcquireError::content(name, format!("is not JSON: {e}"), WHOLE))
}

/// The concepts of an answer: a page's map by URI, a search's list, or the one that was asked for.
fn concepts<'v>(name: &str, answer: &'v Value) -> Result<Vec<&'v Value>, AcquireError> {
    let is_none = |key: &str| answer.get(key).and_then(Value::as_u64) == Some(0);
    match answer.get("_embedded") {
        Some(Value::Object(map)) => match map.get("results") {
            Some(list) => Ok(many(list).iter().collect()),
            None => Ok(map.values().collect()),
        },
        None if answer.get("uri").is_some() => Ok(vec![answer]),
        None if is_none("count") || is_none("total") => Ok(Vec::new()),
        _ => {
            let keys: Vec<&str> =
                answer.as_object().into_iter().flat_map(|map| map.keys().map(String::as_str)).collect();
            let problem = format!("has neither `_embedded` with concepts nor `uri`; it has {}", keys.join(", "));
            Err(AcquireError::content(name, problem, "give answers of /resource/skill and /resource/occupation"))
        }
    }
}

#[derive(Default)]
struct Builder {
    layer: TaxonomyLayer,
    skills: FxHashMap<String, usize>,
    occupations: FxHashMap<String, usize>,
    /// Both ends say the same relation: it counts once.
    relations: BTreeSet<(String, String, RelationKind)>,
    languages: BTreeSet<Lang>,
    versions: Vec<String>,
    left_out: Vec<LeftOut>,
    /// Their URIs: a page comes once in each language.
    passed_over: BTreeSet<String>,
}

/// What a row is.
enum Kind {
    Skill,
    Occupation,
    /// Skills or occupations have it above them.
    Group,
}

impl Builder {
    /// Takes a row; gives its URI and why it was left out, where it was.
    fn concept<'v>(
        &mut self,
        name: &str,
        answer: &Value,
        row: &'v Value,
    ) -> Result<Option<(&'v str, String)>, AcquireError> {
        let id = text(row, "uri");
        if id.is_empty() {
            return Err(without(name, row, "`uri`"));
        }
        if text(row, "status") == "obsolete" {
            return Ok(Some((id, format!("{id} is obsolete: this version no longer holds it"))));
        }
        match kind(row, id) {
            Some(Kind::Skill) => self.skill(name, answer, row, id).map(|()| None),
            Some(Kind::Occupation) => self.occupation(name, answer, row, id).map(|()| None),
            Some(Kind::Group) => Ok(Some((id, format!("{id} is a group, not a skill or an occupation")))),
            None => Err(without(name, row, "a `className`, `classId` or `uri` of a skill, an occupation or a group")),
        }
    }

    fn skill(&mut self, name: &str, answer: &Value, row: &Value, id: &str) -> Result<(), AcquireError> {
        let preferred = preferred(name, answer, row)?;
        let skills = &mut self.layer.skills;
        let at = *self.skills.entry(id.to_owned()).or_insert_with(|| {
            skills.push(new_skill(id, row));
            skills.len() - 1
        });
        let Some(skill) = skills.get_mut(at) else { return Ok(()) };
        let is_in = |scheme: &str| links(row, "isInScheme").iter().any(|link| tail(link) == scheme);
        skill.green |= is_in(GREEN);
        skill.digital |= is_in(DIGITAL);
        self.languages.extend(add_names(&mut skill.labels, row, &preferred));
        describe_in_best(&mut skill.description, row);
        for link in ["broaderHierarchyConcept", "broaderSkill"].iter().flat_map(|key| links(row, key)) {
            add_new(&mut skill.broader, uri(link).unwrap_or_default());
        }
        // The English one is the skill's description already.
        for (lang, said) in by_language(row, "description").into_iter().filter(|(lang, _)| *lang != Lang::En) {
            if let Some(said) = texts(said).next() {
                let known = self.layer.definitions.entry(lang).or_default();
                known.entry(id.to_owned()).or_insert_with(|| said.trim().to_owned());
            }
        }
        let kinds = [
            ("isEssentialForOccupation", RelationKind::Essential),
            ("isOptionalForOccupation", RelationKind::Optional),
        ];
        for (key, kind) in kinds {
            let occupations = links(row, key).iter().filter_map(uri);
            self.relations.extend(occupations.map(|occupation| (occupation.to_owned(), id.to_owned(), kind)));
        }
        Ok(())
    }

    fn occupation(&mut self, name: &str, answer: &Value, row: &Value, id: &str) -> Result<(), AcquireError> {
        let preferred = preferred(name, answer, row)?;
        let occupations = &mut self.layer.occupations;
        let at = *self.occupations.entry(id.to_owned()).or_insert_with(|| {
            let (labels, description, sectors) = (Vec::new(), None, Vec::new());
            occupations.push(Occupation { id: id.to_owned(), isco: isco(row), labels, description, sectors });
            occupations.len() - 1
        });
        let Some(occupation) = occupations.get_mut(at) else { return Ok(()) };
        self.languages.extend(add_names(&mut occupation.labels, row, &preferred));
        for (lang, said) in &preferred {
            for form in gendered_forms(said) {
                add_label(&mut occupation.labels, form, *lang, LabelKind::Alternative);
            }
        }
        describe_in_best(&mut occupation.description, row);
        let kinds = [("hasEssentialSkill", RelationKind::Essential), ("hasOptionalSkill", RelationKind::Optional)];
        for (key, kind) in kinds {
            let skills = links(row, key).iter().filter_map(uri);
            self.relations.extend(skills.map(|skill| (id.to_owned(), skill.to_owned(), kind)));
        }
        Ok(())
    }

    fn finish(self, name: &str) -> Result<Answered, AcquireError> {
        let mut layer = self.layer;
        if layer.skills.is_empty() && layer.occupations.is_empty() {
            let problem = "holds no skill and no occupation, nor do the answers beside it";
            return Err(AcquireError::content(name, problem, "look at the scheme that was asked for"));
        }
        if self.languages.is_empty() {
            let problem = "names nothing in a language that is read here, nor do the answers beside it";
            return Err(AcquireError::content(name, problem, "ask for en, es or ar"));
        }
        layer.version = version(&self.versions, &self.languages);
        layer.relations = self.relations.into_iter().collect();
        Ok(Answered { layer, left_out: self.left_out })
    }
}

/// What a row is by its class, else by the class's id, else by its URI. Groups of skills have URIs of skills and a code.
fn kind(row: &Value, id: &str) -> Option<Kind> {
    let class_id = text(row, "classId").rsplit(['#', '/']).next().unwrap_or_default();
    let by_uri = [
        ("/skill/", if text(row, "code").is_empty() { Kind::Skill } else { Kind::Group }),
        ("/occupation/", Kind::Occupation),
        ("/isco/", Kind::Group),
        ("/isced-f/", Kind::Group),
        ("/concept-scheme/", Kind::Group),
    ];
    let by_uri = by_uri.into_iter().find(|(part, _)| id.contains(part)).map(|(_, kind)| kind);
    kind_of_class(text(row, "className")).or_else(|| kind_of_class(class_id)).or(by_uri)
}

/// Packages call a skill `KnowledgeSkillCompetence`.
fn kind_of_class(class: &str) -> Option<Kind> {
    match class {
        "Skill" | "KnowledgeSkillCompetence" => Some(Kind::Skill),
        "Occupation" => Some(Kind::Occupation),
        "SkillGroup" | "ISCOGroup" | "ConceptScheme" => Some(Kind::Group),
        _ => None,
    }
}

fn new_skill(id: &str, row: &Value) -> Skill {
    let is_knowledge = |link: &Value| tail(link) == "knowledge" || text(link, "title") == "knowledge";
    let kind =
        if links(row, "hasSkillType").iter().any(is_knowledge) { SkillKind::Knowledge } else { SkillKind::Skill };
    let (labels, broader) = (Vec::new(), Vec::new());
    let (description, green, digital) = (None, false, false);
    Skill { id: SkillId(id.to_owned()), kind, reuse: reuse(row), labels, description, broader, green, digital }
}

/// The service says `sector specific skills and competences` where the package has `sector-specific`.
fn reuse(row: &Value) -> Reuse {
    let links = links(row, "hasReuseLevel").iter();
    let mut said = links.flat_map(|link| [text(link, "code"), tail(link), text(link, "title")]);
    let levels = ["transversal", "occupation-specific", "sector-specific", "cross-sector"];
    let level = |said: &str| {
        let said = said.to_lowercase().replace(' ', "-");
        levels.into_iter().find(|level| said.starts_with(level))
    };
    reuse_level(said.find_map(level).unwrap_or_default())
}

/// The first four digits of the code; where there is none, the unit group above.
fn isco(row: &Value) -> Option<IscoCode> {
    let of_code = text(row, "code").get(..4);
    let groups = links(row, "broaderIscoGroup").iter().flat_map(|link| [text(link, "code"), tail(link)]);
    let mut codes = of_code.into_iter().chain(groups.map(|code| code.trim_start_matches('C')));
    codes.find_map(|code| IscoCode::new(code).ok())
}

/// Preferred names; the title stands in where an answer leaves them out. Where it says that there are none, the title is
/// in the language the concept was first written in.
fn preferred(name: &str, answer: &Value, row: &Value) -> Result<Vec<(Lang, String)>, AcquireError> {
    let stated = row.get("preferredLabel");
    let is_blank = |value: &Value| value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
    if stated.is_some_and(|value| !is_blank(value)) {
        let said = by_language(row, "preferredLabel").into_iter();
        return Ok(said.flat_map(|(lang, said)| texts(said).map(move |text| (lang, text.to_owned()))).collect());
    }
    let first_written = || row.get("referenceLanguage").and_then(|codes| texts(codes).next()).map(str::to_owned);
    let asked = || parameter(row, "language").or_else(|| parameter(answer, "language"));
    let language = if stated.is_some() { first_written().or_else(asked) } else { asked().or_else(first_written) };
    match (text(row, "title"), language) {
        ("", _) => Err(without(name, row, "`preferredLabel` or `title`")),
        (_, None) => Err(without(name, row, "`preferredLabel` or a language for its `title`")),
        (title, Some(code)) => {
            let lang = Some(Lang::from_code(&code)).filter(|lang| *lang != Lang::Und);
            Ok(lang.map(|lang| (lang, title.to_owned())).into_iter().collect())
        }
    }
}

/// Adds the names of a concept; gives the languages they are in.
fn add_names(labels: &mut Vec<Label>, row: &Value, preferred: &[(Lang, String)]) -> Vec<Lang> {
    let mut languages = Vec::new();
    for (lang, said) in preferred {
        add_label(labels, said, *lang, LabelKind::Preferred);
        // Of two spellings of English the second is an alternative; a name that is there stays as it is.
        add_label(labels, said, *lang, LabelKind::Alternative);
        languages.push(*lang);
    }
    for (lang, said) in ["alternativeLabel", "alternativeTerms"].iter().flat_map(|key| by_language(row, key)) {
        for alternative in texts(said) {
            add_label(labels, alternative, lang, LabelKind::Alternative);
            languages.push(lang);
        }
    }
    languages
}

/// Plain English comes last, so that it is what stays.
fn describe_in_best(description: &mut Option<String>, row: &Value) {
    for (lang, said) in by_language(row, "description").into_iter().rev() {
        texts(said).take(1).for_each(|said| describe(description, said, lang));
    }
}

/// Values by language, those of ours; `en` first, then `en-us`, which is English too.
fn by_language<'v>(row: &'v Value, key: &str) -> Vec<(Lang, &'v Value)> {
    let mut found: Vec<(&String, &Value)> = row.get(key).and_then(Value::as_object).into_iter().flatten().collect();
    found.sort_by_key(|(code, _)| (Lang::from_code(code) != Lang::En, code.len()));
    let found = found.into_iter().map(|(code, said)| (Lang::from_code(code), said));
    found.filter(|(lang, _)| *lang != Lang::Und).collect()
}

/// One text or many, plain, as `{literal}` or as `{label}`.
fn texts<'v>(value: &'v Value) -> impl Iterator<Item = &'v str> {
    let inner = |one: &'v Value| ["literal", "label"].iter().find_map(|key| one.get(*key)?.as_str());
    many(value).iter().filter_map(move |one| one.as_str().or_else(|| inner(one))).filter(|text| !text.trim().is_empty())
}

/// Links of a concept: in `_links`, or in lists of a search as plain URIs; one or many.
fn links<'v>(row: &'v Value, name: &str) -> &'v [Value] {
    let found = row.get("_links").and_then(|links| links.get(name)).or_else(|| row.get(name));
    found.map_or(&[], many)
}

/// A parameter of the address that an answer or a concept gives for itself.
fn parameter(value: &Value, name: &str) -> Option<String> {
    let address = links(value, "self").iter().find_map(|link| Url::parse(text(link, "href")).ok())?;
    address.query_pairs().find(|(key, _)| key == name).map(|(_, said)| said.into_owned())
}

/// The last part of a link's URI.
fn tail(link: &Value) -> &str {
    uri(link).and_then(|uri| uri.rsplit('/').next()).unwrap_or_default()
}

fn text<'v>(row: &'v Value, key: &str) -> &'v str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn without(name: &str, row: &Value, what: &str) -> AcquireError {
    let shown = match text(row, "uri") {
        "" => excerpt(&row.to_string()),
        id => id.to_owned(),
    };
    AcquireError::content(name, format!("has a concept without {what}: {shown}"), WHOLE)
}

#[cfg(test)]
mod tests {
    use super::super::esco;
    use super::*;
    use LabelKind::{Alternative, Preferred};
    use serde_json::json;
    use std::path::PathBuf;
    use tempfile::TempDir;

    const CYBER: &str = "http://data.europa.eu/esco/skill/8088750d-8388-4170-a76f-48354c469c44";
    const TEAMS: &str = "http://data.europa.eu/esco/skill/60c78287-22eb-4103-9c8c-28deaa460da0";
    const WEB: &str = "http://data.europa.eu/esco/occupation/c40a2919-48a9-40ea-b506-1f34f693496d";
    const CONDUCTOR: &str = "http://data.europa.eu/esco/occupation/0e216d47-fc12-43e9-8953-ad8ba11f4b96";

    /// Reads answers under names such as snapshots have, as files of a source are read.
    fn layer(answers: &[Value]) -> Result<TaxonomyLayer, AcquireError> {
        let folder = TempDir::new().unwrap();
        let write = |(number, answer): (usize, &Value)| {
            let path = folder.path().join(format!("{number:064x}"));
            std::fs::write(&path, answer.to_string()).unwrap();
            path
        };
        let paths: Vec<PathBuf> = answers.iter().enumerate().map(write).collect();
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        esco::read(&paths, &Limits::default())
    }

    /// The same under names that are addresses, as answers of a service are read.
    fn answered(answers: &[(&str, Value)]) -> Result<Answered, AcquireError> {
        let folder = TempDir::new().unwrap();
        let write = |(number, (name, answer)): (usize, &(&str, Value))| {
            let path = folder.path().join(number.to_string());
            std::fs::write(&path, answer.to_string()).unwrap();
            ((*name).to_owned(), path)
        };
        let files: Vec<(String, PathBuf)> = answers.iter().enumerate().map(write).collect();
        let named: Vec<(String, &Path)> = files.iter().map(|(name, path)| (name.clone(), path.as_path())).collect();
        read(&named, &Limits::default())
    }

    fn page(rows: &[Value]) -> Value {
        let embedded: serde_json::Map<String, Value> =
            rows.iter().map(|row| (row["uri"].as_str().unwrap_or_default().to_owned(), row.clone())).collect();
        let href = "https://ec.europa.eu/esco/api/resource/skill?isInScheme=x&language=es&selectedVersion=v1.2.0";
        json!({"total": rows.len(), "count": rows.len(), "offset": 0, "_links": {"self": {"href": href}},
            "_embedded": embedded})
    }

    fn cyber() -> Value {
        json!({
            "className": "Skill", "uri": CYBER, "title": "cyber security", "status": "released",
            "preferredLabel": {"es": "ciberseguridad", "en-us": "cybersecurity", "en": "cyber security",
                "ar": "أمن الفضاء الإلكتروني", "de": "Cybersicherheit"},
            "alternativeLabel": {"es": ["seguridad informática", "ciberseguridad"], "ar": "الأمن السيبراني"},
            "description": {"es": {"literal": "Los métodos que protegen los sistemas de TIC."},
                "en": {"literal": "The methods that protect ICT systems.", "mimetype": "plain/text"},
                "en-us": {"literal": "Methods that protect ICT systems.", "mimetype": "plain/text"}},
            "_links": {
                "hasSkillType": {"uri": "http://data.europa.eu/esco/skill-type/knowledge", "title": "conocimiento"},
                "hasReuseLevel": [{"uri": "http://example.org/1", "title": "sector specific skills and competences"}],
                "broaderHierarchyConcept": {"uri": "http://data.europa.eu/esco/isced-f/0612", "code": "0612"},
                "isInScheme": [{"uri": format!("http://data.europa.eu/esco/concept-scheme/{DIGITAL}")}],
                "isEssentialForOccupation": {"uri": WEB, "title": "web developer"},
            }
        })
    }

    fn web() -> Value {
        json!({
            "className": "Occupation", "uri": WEB, "code": "2513.5", "status": "released",
            "preferredLabel": {"es": "desarrollador web/desarrolladora web", "ar": "مطور ويب / مطورة ويب"},
            "alternativeTerms": {"es": [{"roles": ["male"], "label": "programador web"}]},
            "_links": {"hasEssentialSkill": [{"uri": CYBER, "skillType": "knowledge"}],
                "hasOptionalSkill": {"uri": TEAMS},
                "broaderIscoGroup": {"uri": "http://data.europa.eu/esco/isco/C2513"}}
        })
    }

    fn names(labels: &[Label]) -> Vec<(&str, Lang, LabelKind)> {
        labels.iter().map(|l| (l.text.as_str(), l.lang, l.kind)).collect()
    }

    #[test]
    fn a_skill_is_read_in_our_languages_whether_links_and_labels_are_one_or_many() {
        let layer = layer(&[page(&[cyber()]), page(&[cyber(), web()])]).unwrap();
        assert_eq!(layer.version, "ESCO v1.2.0 (en, es, ar)");
        let [skill] = layer.skills.as_slice() else { panic!("one skill") };
        assert_eq!(
            names(&skill.labels),
            [
                ("cyber security", Lang::En, Preferred),
                ("cybersecurity", Lang::En, Alternative),
                ("ciberseguridad", Lang::Es, Preferred),
                ("أمن الفضاء الإلكتروني", Lang::Ar, Preferred),
                ("seguridad informática", Lang::Es, Alternative),
                ("الأمن السيبراني", Lang::Ar, Alternative),
            ]
        );
        assert_eq!((skill.kind, skill.reuse), (SkillKind::Knowledge, Reuse::SectorSpecific));
        assert_eq!((skill.green, skill.digital), (false, true));
        assert_eq!(skill.broader, ["http://data.europa.eu/esco/isced-f/0612"]);
        assert_eq!(skill.description.as_deref(), Some("The methods that protect ICT systems."));
        assert_eq!(layer.definitions[&Lang::Es][CYBER], "Los métodos que protegen los sistemas de TIC.");
    }

    #[test]
    fn an_occupation_has_its_forms_its_isco_code_and_each_relation_once() {
        let conductor = json!({
            "uri": CONDUCTOR, "code": "2652.3.1", "preferredLabel": {"en": "musical conductor"},
            "_links": {"broaderOccupation": {"uri": "http://data.europa.eu/esco/occupation/x"}}
        });
        let uncoded = json!({"uri": "http://data.europa.eu/esco/occupation/y", "preferredLabel": {"en": "welder"},
            "_links": {"broaderIscoGroup": [{"uri": "http://data.europa.eu/esco/isco/C7212"}]}});
        let layer = layer(&[page(&[cyber()]), page(&[web(), conductor, uncoded])]).unwrap();
        let isco: Vec<&str> = layer.occupations.iter().map(|o| o.isco.as_ref().unwrap().as_str()).collect();
        assert_eq!(isco, ["2513", "2652", "7212"]);
        let [web, ..] = layer.occupations.as_slice() else { panic!("three occupations") };
        let texts: Vec<&str> = web.labels.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "desarrollador web/desarrolladora web",
                "مطور ويب / مطورة ويب",
                "programador web",
                "desarrollador web",
                "desarrolladora web",
                "مطور ويب",
                "مطورة ويب",
            ]
        );
        let of = |skill: &str, kind| (WEB.to_owned(), skill.to_owned(), kind);
        assert_eq!(layer.relations, [of(TEAMS, RelationKind::Optional), of(CYBER, RelationKind::Essential)]);
    }

    #[test]
    fn a_search_and_a_single_concept_are_read_too_but_groups_and_what_is_obsolete_are_not() {
        let row = json!({"className": "Skill", "uri": TEAMS, "preferredLabel": {"es": "trabajar en equipos"},
            "hasSkillType": ["http://data.europa.eu/esco/skill-type/skill"],
            "hasReuseLevel": ["http://data.europa.eu/esco/skill-reuse-level/transversal"]});
        let group = json!({"uri": "http://data.europa.eu/esco/skill/S1.2.3", "code": "S1.2.3", "title": "liaising"});
        let mut old = cyber();
        old["status"] = json!("obsolete");
        let search = json!({"total": 1, "_embedded": {"results": [row]}});
        let nothing = json!({"total": 1, "count": 0, "offset": 20, "_embedded": {}});
        let layer = layer(&[search, page(&[group, old]), web(), nothing]).unwrap();
        let [skill] = layer.skills.as_slice() else { panic!("one skill") };
        assert_eq!((skill.id.0.as_str(), skill.kind, skill.reuse), (TEAMS, SkillKind::Skill, Reuse::Transversal));
        assert_eq!((layer.occupations.len(), layer.version.as_str()), (1, "ESCO v1.2.0 (es, ar)"));
    }

    #[test]
    fn a_title_stands_in_for_labels_only_where_its_language_is_known() {
        let mut row = json!({"uri": TEAMS, "title": "trabajar en equipos"});
        let known = layer(&[page(std::slice::from_ref(&row))]).unwrap();
        assert_eq!(names(&known.skills[0].labels), [("trabajar en equipos", Lang::Es, Preferred)]);
        let message = layer(&[json!({"_embedded": {TEAMS: row}})]).unwrap_err().to_string();
        assert!(message.contains(TEAMS) && message.contains("a language for its `title`"), "{message}");
        row["title"] = json!("");
        assert!(layer(&[page(&[row])]).unwrap_err().to_string().contains("without `preferredLabel` or `title`"));
    }

    #[test]
    fn labels_that_are_said_to_be_none_give_way_to_the_title_in_the_language_it_was_written_in() {
        for none in [json!(null), json!({})] {
            let row =
                json!({"uri": TEAMS, "title": "work in teams", "referenceLanguage": ["en"], "preferredLabel": none});
            let layer = layer(&[page(&[row])]).unwrap();
            assert_eq!(names(&layer.skills[0].labels), [("work in teams", Lang::En, Preferred)]);
        }
    }

    #[test]
    fn what_a_row_is_follows_from_its_class_its_class_id_or_its_uri_and_what_is_left_out_is_counted() {
        let named = |mut row: Value| {
            row["preferredLabel"] = json!({"en": "name"});
            row
        };
        let id = |end: &str| format!("http://data.europa.eu/esco/skill/{end}");
        let skills = [
            named(json!({"className": "KnowledgeSkillCompetence", "uri": id("a")})),
            named(json!({"className": "Thing", "classId": "http://data.europa.eu/esco/model#Skill", "uri": id("b")})),
            named(json!({"className": "Thing", "uri": id("c")})),
        ];
        let group = named(json!({"className": "SkillGroup", "uri": id("S1.2"), "code": "S1.2"}));
        let old = named(json!({"className": "Skill", "uri": id("d"), "status": "obsolete"}));
        let mut rows = skills.to_vec();
        rows.extend([group, old]);
        // The page comes again in another language: what it leaves out is counted once.
        let both = answered(&[("a", page(&rows)), ("b", page(&rows))]).unwrap();
        assert_eq!(both.layer.skills.len(), 3);
        let left_out: Vec<(usize, u64, bool)> =
            both.left_out.iter().map(|l| (l.answer, l.row, l.detail.contains("obsolete"))).collect();
        assert_eq!(left_out, [(0, 4, false), (0, 5, true)]);
        let unknown = json!({"className": "Thing", "uri": "http://example.org/x", "title": "x"});
        let refused = answered(&[("a", page(&[unknown]))]).unwrap_err().to_string();
        assert!(refused.contains("http://example.org/x") && refused.contains("`className`"), "{refused}");
    }

    #[test]
    fn the_version_is_that_of_the_question_where_the_answer_does_not_say_it() {
        let mut silent = page(&[cyber()]);
        silent["_links"] = json!({});
        let address = "ec.europa.eu/esco/api/resource/skill?isInScheme=x&language=es&selectedVersion=v1.2.0&offset=0";
        assert_eq!(answered(&[(address, silent.clone())]).unwrap().layer.version, "ESCO v1.2.0 (en, es, ar)");
        assert_eq!(answered(&[("page.json", silent)]).unwrap().layer.version, "ESCO (en, es, ar)");
    }

    #[test]
    fn what_is_no_answer_is_refused_by_file_and_by_what_is_missing() {
        let refused = |answers: &[Value]| layer(answers).unwrap_err().to_string();
        let second = format!("{:064x}: ", 1);
        let other = refused(&[page(&[cyber()]), json!({"logref": "BadInputException", "status": 400})]);
        assert!(other.starts_with(&second) && other.contains("it has logref, status"), "{other}");
        let message = refused(&[page(&[cyber()]), page(&[json!({"title": "x"})])]);
        assert!(message.starts_with(&second) && message.contains("a concept without `uri`"), "{message}");
        assert!(refused(&[page(&[cyber()]), json!("cut")]).contains("has neither `_embedded`"));
        assert!(refused(&[json!({"total": 0, "_embedded": {}})]).contains("no skill and no occupation"));
        let german = json!({"uri": TEAMS, "preferredLabel": {"de": "im Team arbeiten"}});
        assert!(refused(&[page(&[german])]).contains("ask for en, es or ar"));
    }
}
